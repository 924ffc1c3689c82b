"""The cells of a sheet, before anyone asks what they mean: every cell as text, each column's distinct texts once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mhequity.coded import spread
from mhequity.reading import numbers

BLANK, NUMBER, MARK, TEXT = range(4)
"""What a cell looks like before it is known what it should hold: nothing, a number, a mark such as ``*`` or ``..``, other text."""
_FEW_ROWS = 20
_LOOKS = {numbers.NUMBER: NUMBER, numbers.MISSING: MARK, numbers.SUPPRESSED: MARK, numbers.UNREADABLE: TEXT}


class Refused(Exception):
    """The whole file cannot be read: what was seen, and what to do. It never leaves this package."""

    def __init__(self, seen: str, advice: str) -> None:
        super().__init__(seen)
        self.seen = seen
        self.advice = advice


@dataclass(frozen=True, eq=False)
class Strip:
    """One column of cells: ``values[codes[i]]`` is the text in row ``i``, empty where the cell is blank.

    Whatever the file, a cell's text is the same: whole numbers without ``.0``, days as ``2024-04-01``, moments as
    ``2024-04-01 13:05:00``, ``TRUE`` and ``FALSE``, errors as Excel names them (``#REF!``), no spaces around.
    """

    values: pa.StringArray
    """Distinct texts, in order of first appearance (large or small strings; never null)."""
    codes: np.ndarray
    """Which of them each row holds: int32, one a row."""
    decimal_comma: bool = False
    """True where its numbers are written in the continental way: ``1.234,5``."""
    indents: np.ndarray | None = None
    """Spaces that stood before each row's text; None where none did."""

    @cached_property
    def texts(self) -> list[str]:
        """``values`` as Python strings. For columns with many distinct texts this is the costly form."""
        return [str(text) for text in self.values.to_pylist()]

    @cached_property
    def blank(self) -> np.ndarray:
        """True for each row without text."""
        return np.zeros(len(self.codes), dtype=bool) if self.full else spread(self.kinds == BLANK, self.codes)

    @cached_property
    def full(self) -> bool:
        """True where no row is without text."""
        return not (self.kinds[self.held] == BLANK).any()

    @cached_property
    def numbers(self) -> numbers.Numbers:
        """Each distinct text read as a number."""
        return numbers.parse_all(self.values, self.decimal_comma)

    @cached_property
    def held(self) -> np.ndarray:
        """True for each distinct text that any row holds."""
        return self.counts > 0

    @cached_property
    def counts(self) -> np.ndarray:
        """How many rows hold each distinct text. For long columns :attr:`held` is much cheaper."""
        return np.bincount(self.codes, minlength=len(self.values))

    @cached_property
    def kinds(self) -> np.ndarray:
        """What each distinct text looks like: int8, one of BLANK, NUMBER, MARK, TEXT."""
        of_state = np.array([_LOOKS[state] for state in numbers.STATES], dtype=np.int8)
        kinds = of_state[self.numbers.state]
        # 12,5 is a figure, even where it is not decided yet how it is to be read.
        kinds[self.numbers.form == numbers.FORMS.index(numbers.COMMA)] = NUMBER
        kinds[pc.equal(self.values, "").to_numpy(zero_copy_only=False)] = BLANK
        return np.asarray(kinds)

    @cached_property
    def looks(self) -> np.ndarray:
        """What each row's cell looks like: int8, one of BLANK, NUMBER, MARK, TEXT."""
        return spread(self.kinds, self.codes)

    def number_of(self, look: int) -> int:
        """How many rows hold cells of one look."""
        alike = self.kinds[self.held] == look
        if not alike.any() or alike.all():
            return len(self.codes) if alike.any() else 0
        return int(self.counts[self.kinds == look].sum())

    def with_decimal_comma(self) -> Strip:
        """The same cells, with numbers written in the continental way."""
        return replace(self, decimal_comma=True)

    def __getitem__(self, row: int) -> str:
        return str(self.values[int(self.codes[row])].as_py())

    def take(self, rows: np.ndarray) -> Strip:
        """These rows only, in ascending order; the distinct texts stay, also those that no row holds any more."""
        # Most tables are one run of rows, for which nothing needs copying.
        if len(rows) > 0 and rows[-1] - rows[0] + 1 == len(rows):
            return self._run(int(rows[0]), int(rows[-1]) + 1)
        return self._with(self.codes[rows])

    def _run(self, start: int, stop: int) -> Strip:
        if start == 0 and stop == len(self.codes):
            return self
        # A table's rows are looked at from several sides: what was found out of them is not found out again.
        where, taken = self.__dict__.get("_last_run", ((0, 0), self))
        if where == (start, stop):
            return taken
        taken = self._with(self.codes[start:stop])
        dropped = np.concatenate([self.codes[:start], self.codes[stop:]])
        if len(dropped) < _FEW_ROWS:
            held = self.held.copy()
            held[dropped] = [bool((taken.codes == code).any()) for code in dropped]
            taken.__dict__["held"] = held
        if "counts" in self.__dict__:
            taken.__dict__["counts"] = self.counts - np.bincount(dropped, minlength=len(self.values))
        self.__dict__["_last_run"] = ((start, stop), taken)
        return taken

    def _with(self, codes: np.ndarray) -> Strip:
        """Other rows of the same distinct texts."""
        taken = Strip(self.values, codes, self.decimal_comma)
        # What the distinct texts look like is found out once, for the whole column.
        taken.__dict__.update(numbers=self.numbers, kinds=self.kinds)
        if "texts" in self.__dict__:
            taken.__dict__["texts"] = self.texts
        return taken


def strip_of(texts: Sequence[str] | pa.Array | pa.ChunkedArray) -> Strip:
    """A strip from each row's text. Nulls are blank; spaces around are dropped."""
    array = texts if isinstance(texts, (pa.Array, pa.ChunkedArray)) else pa.array(texts, pa.string())
    encoded = array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(array, null_encoding="encode")
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    values, codes = pc.fill_null(encoded.dictionary, ""), encoded.indices
    if codes.null_count:
        values = pa.concat_arrays([values, pa.array([""], values.type)])
        codes = pc.fill_null(codes, len(values) - 1)
    tidy = pc.utf8_trim_whitespace(values)
    again = pc.dictionary_encode(tidy)
    numbers = codes.to_numpy(zero_copy_only=False)
    indents = _indents(values, tidy)
    indents = None if indents is None else indents[numbers]
    if len(again.dictionary) < len(values):
        numbers = again.indices.to_numpy()[numbers]
    strip = Strip(again.dictionary, numbers.astype(np.int32, copy=False), indents=indents)
    strip.__dict__["held"] = np.ones(len(strip.values), dtype=bool)
    return strip


def _indents(values: pa.StringArray, tidy: pa.StringArray) -> np.ndarray | None:
    """How many spaces stand before each text; they show which rows are parts of the one above."""
    if pc.all(pc.equal(pc.binary_length(values), pc.binary_length(tidy))).as_py():
        return None
    spaces = pc.subtract(pc.utf8_length(values), pc.utf8_length(pc.utf8_ltrim_whitespace(values)))
    return np.asarray(spaces.to_numpy(zero_copy_only=False), dtype=np.int32)


@dataclass(frozen=True)
class Unseen:
    """Rows and columns (from 1, as in the spreadsheet) that are hidden on a visible sheet."""

    rows: tuple[int, ...] = ()
    columns: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Grid:
    """One sheet's cells. The first row and column held here are the sheet's ``top`` and ``left``, both counted from 1."""

    name: str
    """The sheet's name, or a text file's name without its ending."""
    strips: tuple[Strip, ...]
    height: int
    top: int = 1
    left: int = 1
    file: str = ""
    """The file, where it is one of several in a zip file."""
    hidden: bool = False
    merged: tuple[tuple[int, int, int, int], ...] = ()
    """First row, first column, last row, last column of merged cells, as in the spreadsheet (from 1, both ends in)."""
    uncalculated: tuple[tuple[int, int], ...] = ()
    """Row and column (from 1) of formulas that no program has worked out yet, so that there is no value to read."""
    unseen: Unseen = field(default_factory=Unseen)
    percents: Mapping[int, int] = field(default_factory=dict)
    """How many cells of a column (from 1) the spreadsheet shows as a percentage, so that 0.748 is 74.8%."""
    separator: str = ""
    """What stands between the columns of a text file; empty for a workbook."""

    @property
    def width(self) -> int:
        return len(self.strips)

    @cached_property
    def filled(self) -> np.ndarray:
        """True for each cell with text: an array of rows by columns."""
        if not self.strips:
            return np.zeros((self.height, 0), dtype=bool)
        return np.column_stack([~strip.blank for strip in self.strips])

    def text(self, row: int, column: int) -> str:
        """The text at a position counted from 0 within the grid; empty outside it."""
        inside = 0 <= row < self.height and 0 <= column < self.width
        return self.strips[column][row] if inside else ""

    def row(self, row: int) -> list[str]:
        """The texts of one row, counted from 0 within the grid."""
        return [strip[row] for strip in self.strips]

    def address(self, row: int, column: int) -> str:
        """Where a position within the grid stands in the spreadsheet: ``B7``."""
        return address(self.top + row, self.left + column)

    def named(self, name: str) -> Grid:
        return replace(self, name=name)


def grid_of(rows: Iterable[Sequence[str]], name: str = "Sheet1", top: int = 1, left: int = 1) -> Grid:
    """A grid from rows of texts, which may differ in length."""
    listed = [list(row) for row in rows]
    width = max((len(row) for row in listed), default=0)
    columns = [strip_of([row[at] if at < len(row) else "" for row in listed]) for at in range(width)]
    return Grid(name, tuple(columns), len(listed), top, left)


def letters(column: int) -> str:
    """1 to A, 27 to AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_number(name: str) -> int:
    """A to 1, AA to 27."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """``address(7, 2) == 'B7'``."""
    return f"{letters(column)}{row}"
