"""What a spreadsheet library hands over (numbers, days, texts ...) as the texts of a grid, block of rows by block of rows."""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from time import monotonic
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineSheet

from mhequity.reading.grids import Grid, Refused, Strip, address, strip_of

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_CELLS = 40_000_000
MAX_TEXT = 200_000_000
"""Bytes of distinct texts in one sheet."""

_AT_ONCE = 500_000
"""Cells that are held as Python values at one time."""
_SECONDS = 15
"""After so long no further sheet is begun."""
_WIDE, _WIDE_AT_ONCE = 256, 2_000_000
"""The same for sheets of more columns than these."""


@dataclass(frozen=True)
class Block:
    """Some rows of a sheet: the row and column (from 1) of its first cell, and its columns' texts."""

    top: int
    left: int
    height: int
    columns: list[pa.DictionaryArray]


def number_text(value: float) -> str:
    """The shortest text that means the same number, without ``.0``.

    >>> number_text(12.0), number_text(99.99), number_text(1e-12)
    ('12', '99.99', '1e-12')
    """
    return repr(value + 0.0).removesuffix(".0") if value else "0"


def _text(value: object) -> str:
    """One value as text; whole days have no time of day, moments are to the nearest second."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        # Excel keeps moments as fractions of a day, which fall a hair before the second that was meant.
        near = value.replace(microsecond=0) + timedelta(seconds=value.microsecond >= 500_000)
        return near.strftime("%Y-%m-%d" if near.time() == time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    return _duration(value) if isinstance(value, timedelta) else str(value)


def _duration(value: timedelta) -> str:
    seconds = round(abs(value.total_seconds()))
    sign = "-" if value < timedelta() else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _number_texts(numbers: pa.Array) -> pa.Array:
    """As :func:`number_text`, for many."""
    texts = pc.cast(numbers, pa.string())
    # Arrow turns to powers of ten early: codes and sums of more than ten digits are to be read as they were typed.
    odd = pc.or_(pc.match_substring(texts, "e"), pc.equal(numbers, 0.0))
    if not pc.any(odd).as_py():
        return texts
    return pc.replace_with_mask(texts, odd, pa.array([number_text(each) for each in numbers.filter(odd).to_pylist()], pa.string()))


@contextmanager
def collecting_no_garbage() -> Iterator[None]:
    """Rows are many small lists but no circles, so that Python's search for circles only costs time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def encode(cells: Sequence[object]) -> pa.DictionaryArray:
    """A column's values as texts, each distinct one once."""
    kinds = set(map(type, cells))
    if kinds == {float}:
        found = pc.dictionary_encode(pa.array(cells, pa.float64()))
        return pa.DictionaryArray.from_arrays(found.indices, _number_texts(found.dictionary))
    if bool in kinds:
        # To Python TRUE equals 1, to a reader it does not.
        cells = [_text(cell) if isinstance(cell, bool) else cell for cell in cells]
    # One pass over the cells gives each distinct one its number, in order of first appearance.
    codes: defaultdict[object, int] = defaultdict()
    codes.default_factory = codes.__len__
    numbers = np.fromiter(map(codes.__getitem__, cells), np.int32, len(cells))
    return pa.DictionaryArray.from_arrays(pa.array(numbers), pa.array([_text(cell) for cell in codes], pa.string()))


@dataclass(frozen=True)
class Part:
    """Some rows of a sheet as Python values, with the row and column (from 1) of the first cell."""

    top: int
    left: int
    rows: list[list[Any]]

    @property
    def right(self) -> int:
        """The first column behind it."""
        return self.left + len(self.rows[0])


def parts_of(sheet: CalamineSheet, errors: Mapping[tuple[int, int], str] | None = None) -> Iterator[Part]:
    """The rows of a sheet from the library, some at a time, because its values take far more memory than their texts.

    ``errors`` says what stands in cells that hold an error, by row and column from 1: the library leaves them blank.
    """
    if sheet.start is None:
        return
    top, left = sheet.start[0] + 1, sheet.start[1] + 1
    small = sheet.height * sheet.width <= _AT_ONCE
    rows = iter(sheet.to_python()) if small else islice(sheet.iter_rows(), top - 1, None)
    while some := list(islice(rows, max(1, _AT_ONCE // max(1, sheet.width)))):
        for (row, column), text in (errors or {}).items():
            if 0 <= row - top < len(some) and 0 <= column - left < sheet.width:
                some[row - top][column - left] = text
        yield Part(top, left, some)
        top += len(some)


def blocks_of(parts: Iterable[Part]) -> Iterator[Block]:
    """The texts of parts that follow each other. A column costs more than its cells, so wide parts are joined first."""
    held: list[Part] = []
    for part in parts:
        gap = bool(held) and part.top != held[-1].top + len(held[-1].rows)
        if held and (gap or sum(len(each.rows) for each in held) * _width(held) > _WIDE_AT_ONCE):
            yield _block(held)
            held = []
        held.append(part)
        if part.right - part.left <= _WIDE:
            yield _block(held)
            held = []
    if held:
        yield _block(held)


def _width(parts: Sequence[Part]) -> int:
    return max(part.right for part in parts) - min(part.left for part in parts)


def _block(parts: Sequence[Part]) -> Block:
    left, right = min(part.left for part in parts), max(part.right for part in parts)
    rows = parts[0].rows
    if len(parts) > 1:
        rows = [[""] * (part.left - left) + row + [""] * (right - part.right) for part in parts for row in part.rows]
    blank = _blank(len(rows))
    return Block(parts[0].top, left, len(rows), [blank if _is_blank(column) else encode(column) for column in zip(*rows, strict=True)])


def _is_blank(cells: Sequence[object]) -> bool:
    # Zero and FALSE are nothing to Python, but not to a reader.
    return not any(cells) and set(map(type, cells)) == {str}


def check_extent(name: str, rows: int, columns: int) -> None:
    """Refuse a sheet that would take all memory."""
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise Refused(
            f"Sheet {name} reaches down to row {rows:,} and across {columns:,} columns: too large to read.",
            f"Delete stray cells far from the table (look near {address(rows, columns)}), or split the sheet, and upload again.",
        )


@dataclass
class Budget:
    """What all sheets of one file may still take together."""

    cells: int = 2 * MAX_CELLS
    until: float = field(default_factory=lambda: monotonic() + _SECONDS)

    def check(self) -> None:
        """``Refused`` where no further sheet is to be begun."""
        if self.cells < 0 or monotonic() > self.until:
            raise Refused("The file holds more than can be read at once.", "Name the sheets to read, or split the file.")

    def spend(self, grid: Grid) -> None:
        self.cells -= grid.height * grid.width


def grid_from(blocks: Sequence[Block], name: str) -> Grid:
    """The grid that blocks, in the order of their rows, make up."""
    if not blocks:
        return Grid(name, (), 0)
    top, left = blocks[0].top, min(block.left for block in blocks)
    end = max(block.top + block.height for block in blocks)
    right = max(block.left + len(block.columns) for block in blocks)
    check_extent(name, end - 1, right - 1)
    if sum(column.dictionary.nbytes for block in blocks for column in block.columns) > MAX_TEXT:
        raise Refused(f"Sheet {name} holds more text than can be read.", "Split it into smaller files and upload each.")
    blank = strip_of(_blank(end - top))
    strips = (_strip(blocks, column, top, end) for column in range(left, right))
    return Grid(name, tuple(blank if strip is None else strip for strip in strips), end - top, top, left)


def _strip(blocks: Sequence[Block], column: int, top: int, end: int) -> Strip | None:
    """A column of all blocks; None where it is blank."""
    chunks, filled = [], False
    for block in blocks:
        if block.top > top:
            chunks.append(_blank(block.top - top))
        at = column - block.left
        chunks.append(block.columns[at] if 0 <= at < len(block.columns) else _blank(block.height))
        filled = filled or len(chunks[-1].dictionary) != 1 or chunks[-1].dictionary[0].as_py() != ""
        top = block.top + block.height
    if not filled:
        return None
    if top < end:
        chunks.append(_blank(end - top))
    return strip_of(chunks[0] if len(chunks) == 1 else pa.chunked_array(chunks).unify_dictionaries().combine_chunks())


def _blank(height: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(height, dtype=np.int32)), pa.array([""], pa.string()))
