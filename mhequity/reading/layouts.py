"""Where the tables of a sheet stand: several stacked or side by side, under titles, above notes, around blank rows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

import numpy as np

from mhequity import areas, periods
from mhequity.reading import statuses
from mhequity.reading.grids import BLANK, MARK, NUMBER, TEXT, Grid, Strip
from mhequity.reading.wording import simple
from mhequity.tables import CATALOGUE

_MOST_HEADER_ROWS = 5
_TALL, _HEAD, _TAIL = 20_000, 2_000, 500
_FILTERED = ("(all)", "(multiple items)")
"""What a pivot table writes beside a field that it is filtered by."""
_PIVOTED = ("column labels", "values")
"""What a pivot table writes above its columns, which names none of them."""
_MOST_WORDS = 60
"""Distinct texts of a column that may hold answers such as ``Yes`` and ``Partial``: more are no words for one question."""
_CONTEXT_ROWS = 12
_CONTEXT_WORDS = (
    "date",
    "period",
    "gender",
    "sex",
    "source",
    "measure",
    "measures",
    "unit",
    "units",
    "year",
    "financial year",
    "month",
    "quarter",
    "geography",
    "variable",
    "age",
)
_NOTE_WORDS = (
    "source",
    "note",
    "notes",
    "footnote",
    "*",
    "†",
    "c =",
    "data source",
    "caveat",
    "produced",
    "extracted",
    "last updated",
    "contact",
)


@lru_cache
def _own_names() -> frozenset[str]:
    """The catalogue's column names, as :func:`wording.simple` writes them."""
    return frozenset(simple(name) for kind in CATALOGUE for name in kind.names)


@dataclass(frozen=True)
class Block:
    """One table of a sheet. Positions count from 0 within the grid, both ends included."""

    header: tuple[int, ...]
    """Rows of headings; none where the table begins without."""
    first: int
    last: int
    left: int
    right: int
    above: tuple[str, ...] = ()
    """Titles, in order."""
    below: tuple[str, ...] = field(default=())
    """Notes and sources."""


@dataclass(frozen=True)
class _Region:
    top: int
    bottom: int
    left: int
    right: int

    @property
    def height(self) -> int:
        return self.bottom - self.top + 1

    @property
    def width(self) -> int:
        return self.right - self.left + 1

    def within(self, block: Block) -> bool:
        return block.left <= self.left and self.right <= block.right


def find(grid: Grid) -> tuple[list[Block], list[str]]:
    """The tables of a sheet in reading order, and the texts of a sheet that belong to none."""
    if not grid.height or not grid.width:
        return [], []
    if grid.height > _TALL and (found := _of_tall(grid)) is not None:
        return [found], []
    sheet = _Sheet(grid)
    blocks: list[Block] = []
    waiting: list[str] = []
    headings: _Region | None = None
    for region in sheet.regions():
        previous = next((block for block in reversed(blocks) if region.within(block)), None)
        if sheet.is_text(region):
            waiting += sheet.lines(region)
            continue
        header, first = sheet.split(region)
        if not header and headings and region.left >= headings.left and region.right <= headings.right:
            # Headings that a blank row parts from their figures.
            blocks[-1] = replace(blocks[-1], header=tuple(range(headings.top, headings.bottom + 1)), first=first, last=region.bottom)
            headings = None
            continue
        if not header and previous is not None:
            blocks[blocks.index(previous)] = replace(previous, last=sheet.end(region))
            waiting = _after(waiting, sheet, region)
            continue
        block, rest = sheet.block(region, header, first, waiting)
        headings = region if region.height <= 3 and not sheet.has_numbers(region) else None
        waiting = []
        blocks.append(block)
        while rest is not None:
            header, first = sheet.split(rest)
            block, rest = sheet.block(rest, header, first, [])
            blocks.append(block)
    blocks = [block for block in blocks if block.first <= block.last or block.header]
    if blocks and waiting:
        blocks[-1] = replace(blocks[-1], below=(*blocks[-1].below, *waiting))
        waiting = []
    return _share_titles(blocks), waiting


def _of_tall(grid: Grid) -> Block | None:
    """The only table of a long sheet, found from its ends: a sheet of a million rows is looked at once, not cell by cell.

    None where the rows between the ends may hold anything but more of the same: blank rows, or words among the figures.
    """
    middle = slice(_HEAD, grid.height - _TAIL)
    if not any(not strip.blank[middle].any() for strip in grid.strips):
        return None
    ends = np.concatenate([np.arange(_HEAD), np.arange(grid.height - _TAIL, grid.height)])
    short = replace(grid, strips=tuple(strip.take(ends) for strip in grid.strips), height=len(ends), merged=())
    blocks, loose = find(short)
    if (
        len(blocks) != 1
        or loose
        or blocks[0].first >= _HEAD
        or blocks[0].last < _HEAD
        or any((row, 0, 0, 0) < merge for merge in grid.merged for row in [_HEAD])
    ):
        return None
    block = blocks[0]
    across = range(block.left, block.right + 1)
    figures = [at for at in across if 2 * short.strips[at].number_of(NUMBER) > len(ends)]
    if sum(grid.strips[at].number_of(TEXT) > short.strips[at].number_of(TEXT) for at in figures) > 1:
        return None
    return replace(block, last=block.last + grid.height - len(ends))


def _are_answers(strip: Strip) -> np.ndarray:
    """True for each row whose word says how far something is in place."""
    if len(strip.values) > _MOST_WORDS:
        return np.zeros(len(strip.codes), dtype=bool)
    return np.array([statuses.says_something(text) for text in strip.texts], dtype=bool)[strip.codes]


def _after(waiting: list[str], sheet: _Sheet, region: _Region) -> list[str]:
    """What still waits once texts turned out to be headings inside a table; notes at the region's end are kept."""
    return [text for text in waiting if _is_note(text)] + sheet.tail(region)


def _is_note(text: str) -> bool:
    return text.casefold().startswith(_NOTE_WORDS)


def _share_titles(blocks: list[Block]) -> list[Block]:
    """Tables side by side share the titles that stand above the leftmost."""
    shared: list[Block] = []
    for block in blocks:
        beside = next((each for each in shared if each.right < block.left and each.first <= block.last and block.first <= each.last), None)
        shared.append(replace(block, above=beside.above) if beside is not None and not block.above else block)
    return shared


class _Sheet:
    """A grid with what each cell looks like, for the questions below. Rows and columns count from 0."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.looks = np.column_stack([strip.looks for strip in grid.strips])
        self.filled = self.looks != BLANK
        merged = [(r - grid.top, c - grid.left, r2 - grid.top, c2 - grid.left) for r, c, r2, c2 in grid.merged]
        self.spans = {(r, c): c2 for r, c, _, c2 in merged if c2 > c}
        self.answers = np.column_stack([_are_answers(strip) for strip in grid.strips])
        self.answering = self._rows_of_answers()

    def _rows_of_answers(self) -> np.ndarray:
        """True for each row that begins with a name and goes on with words such as ``Yes`` and ``Partial``; none where only one does."""
        count = self.answers.sum(axis=1)
        words = (self.looks == TEXT).sum(axis=1)
        named = (self.looks == TEXT) & ~self.answers
        first = np.where(named.any(axis=1), named.argmax(axis=1), self.grid.width)
        before = first < np.where(count > 0, self.answers.argmax(axis=1), 0)
        rows = before & ((count >= 2) | ((count == 1) & (words <= 2))) & (2 * count + 2 >= words)
        return rows if rows.sum() > 1 else np.zeros(len(rows), dtype=bool)

    # Regions ---------------------------------------------------------------------------------------------------------

    def regions(self) -> list[_Region]:
        """Rectangles of cells that blank rows and columns part from each other, joined again where they are one table."""
        whole = self._trimmed(_Region(0, self.grid.height - 1, 0, self.grid.width - 1))
        return list(self._cut(whole)) if whole else []

    def _trimmed(self, region: _Region) -> _Region | None:
        part = self.filled[region.top : region.bottom + 1, region.left : region.right + 1]
        rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
        if not len(rows):
            return None
        return _Region(region.top + int(rows[0]), region.top + int(rows[-1]), region.left + int(columns[0]), region.left + int(columns[-1]))

    def _cut(self, region: _Region) -> Iterator[_Region]:
        rows = self._parts(region, axis=1)
        if len(rows) > 1:
            for part in rows:
                yield from self._cut(part)
            return
        columns = self._joined(self._parts(region, axis=0))
        if len(columns) == 1:
            yield columns[0]
            return
        for part in columns:
            trimmed = self._trimmed(part)
            if trimmed:
                yield from self._cut(trimmed)

    def _parts(self, region: _Region, axis: int) -> list[_Region]:
        """The region cut at each blank row (axis 1) or column (axis 0)."""
        used = self.filled[region.top : region.bottom + 1, region.left : region.right + 1].any(axis=axis)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], used.astype(np.int8), [0]])))
        runs = zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)
        if axis == 1:
            return [self._narrow(_Region(region.top + a, region.top + b, region.left, region.right)) for a, b in runs]
        return [_Region(region.top, region.bottom, region.left + a, region.left + b) for a, b in runs]

    def _narrow(self, region: _Region) -> _Region:
        trimmed = self._trimmed(region)
        assert trimmed is not None
        return trimmed

    def _joined(self, parts: list[_Region]) -> list[_Region]:
        """Parts beside each other: a part whose first column holds no words belongs to the table on its left."""
        joined = [parts[0]]
        for part in parts[1:]:
            if self._names_rows(part) or self.is_text(part):
                joined.append(part)
            else:
                joined[-1] = replace(joined[-1], right=part.right)
        return joined

    def _names_rows(self, part: _Region) -> bool:
        """True where the first column says what the rows are: words in most rows under the heading."""
        trimmed = self._trimmed(part)
        if trimmed is None or trimmed.height < 2:
            return False
        column = self.looks[trimmed.top + 1 : trimmed.bottom + 1, trimmed.left]
        return bool((column == TEXT).sum() * 2 > (column != BLANK).sum() and trimmed.width > 1)

    # Texts -----------------------------------------------------------------------------------------------------------

    def is_text(self, region: _Region) -> bool:
        """True for titles, notes and lists such as ``date: 2020``: no table."""
        counts = self.filled[region.top : region.bottom + 1, region.left : region.right + 1].sum(axis=1)
        if counts.max() <= 1:
            return (region.width == 1 and self._is_prose(region)) or region.width > 1 or region.height == 1
        return region.width == 2 and region.height <= _CONTEXT_ROWS and self._is_context(region)

    def _is_prose(self, region: _Region) -> bool:
        column = self.looks[region.top : region.bottom + 1, region.left]
        return bool((column != NUMBER).sum() * 2 > len(column))

    def _is_context(self, region: _Region) -> bool:
        names = [self.grid.text(row, region.left) for row in range(region.top, region.bottom + 1)]
        if any(areas.match(name).area for name in names if name):
            return False
        held = [self.grid.text(row, region.right).casefold() for row in range(region.top, region.bottom + 1)]
        known = [
            name.endswith(":") or name.casefold().strip(": ") in _CONTEXT_WORDS or text in _FILTERED
            for name, text in zip(names, held, strict=True)
        ]
        more_below = region.bottom + 1 < self.grid.height and bool(self.filled[region.bottom + 1 :].any())
        return any(known) and more_below and region.height <= 2 * sum(known)

    def lines(self, region: _Region) -> list[str]:
        """The texts of each row, joined with a colon: ``date: 2020``."""
        rows = []
        for row in range(region.top, region.bottom + 1):
            cells = [self.grid.text(row, column) for column in range(region.left, region.right + 1)]
            rows.append(": ".join(cell.rstrip(":") for cell in cells if cell and cell.casefold() not in _PIVOTED))
        return [row for row in rows if row]

    def has_numbers(self, region: _Region) -> bool:
        return bool((self.looks[region.top : region.bottom + 1, region.left : region.right + 1] == NUMBER).any())

    # Headings --------------------------------------------------------------------------------------------------------

    def split(self, region: _Region) -> tuple[tuple[int, ...], int]:
        """The rows of headings of a region, and the first row under them."""
        own = self._own_headings(region)
        if own is not None:
            return (own,), own + 1
        body = self._first_figures(region)
        answers = np.flatnonzero(self.answering[region.top : region.bottom + 1])
        if len(answers) and (body is None or region.top + int(answers[0]) <= body):
            return self._split_answers(region, region.top + int(answers[0]))
        if body is None:
            return self._split_words(region)
        part = self.looks[body : region.bottom + 1, region.left : region.right + 1]
        numbers, marks, filled = (part == NUMBER).sum(axis=0), (part == MARK).sum(axis=0), (part != BLANK).sum(axis=0)
        figures = region.left + np.flatnonzero(((numbers + marks) * 10 >= filled * 3) & (numbers + marks > 0))
        named = [row for row in range(region.top, body) if self._names_columns(row, figures) and not self._is_about_area(row, region)]
        if not named:
            return (), body if self._is_row_of_words(region, body) else region.top
        last = named[-1]
        # Rows below the headings whose figures are words are part of the table too.
        header = [last]
        while (above := header[0] - 1) in named and len(header) < _MOST_HEADER_ROWS and not self._is_pair(above, header[0], region):
            header.insert(0, above)
        return tuple(header), last + 1

    def _own_headings(self, region: _Region) -> int | None:
        """The first row that is wider than a title, where it holds the catalogue's own column names, as the template does."""
        counts = self.filled[region.top : region.top + 12, region.left : region.right + 1].sum(axis=1)
        wide = np.flatnonzero(counts > 1)
        if not len(wide) or region.top + int(wide[0]) > region.bottom:
            return None
        row = region.top + int(wide[0])
        if not self.filled[row, region.left]:
            return None
        texts = [text for column in range(region.left, region.right + 1) if (text := self.grid.text(row, column))]
        known = [text for text in texts if simple(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text)) in _own_names()]
        return row if len(known) * 4 >= len(texts) * 3 and not self._goes_on(row + 1, region) else None

    def _goes_on(self, row: int, region: _Region) -> bool:
        """True for a second row of headings: nothing in the first column, and no figures."""
        if row > region.bottom or self.filled[row, region.left] or self.filled[row, region.left : region.right + 1].sum() < 2:
            return False
        # Words under no heading of the first row are headings under a merged one.
        below, above = (self.filled[each, region.left : region.right + 1] for each in (row, row - 1))
        return bool((below & ~above).any()) and not self._holds_a_figure(row, region)

    def _is_row_of_words(self, region: _Region, body: int) -> bool:
        return body > region.top and self.filled[region.top : body, region.left : region.right + 1].sum(axis=1).max() <= 1

    def _first_figures(self, region: _Region) -> int | None:
        """The first row that holds a figure; a row of years above figures is a heading."""
        numbers = self.looks[region.top : region.bottom + 1, region.left : region.right + 1] == NUMBER
        for offset in np.flatnonzero(numbers.any(axis=1)):
            row = region.top + int(offset)
            at = region.left + np.flatnonzero(numbers[offset])
            if not self._is_heading_of_years(row, at, region) and not self._is_stated(row, region):
                return row
        return None

    def _is_heading_of_years(self, row: int, columns: np.ndarray, region: _Region) -> bool:
        texts = [self.grid.text(row, int(column)) for column in columns]
        if row == region.bottom or not all(len(text) == 4 and "1990" <= text <= "2040" for text in texts):
            return False
        below = [self.grid.text(row + 1, int(column)) for column in columns]
        if len(texts) > 1:
            steps = {int(b) - int(a) for a, b in pairwise(texts)}
            return ((len(steps) == 1 and steps <= {1, 0, -1}) or len(set(texts)) < len(texts)) and texts != below
        label = (self.looks[row, region.left : region.right + 1] == TEXT).sum()
        same = self.looks[row + 1 : region.bottom + 1, columns[0]]
        return bool(
            label >= 1 and row <= region.top + 3 and (same == NUMBER).any() and not ("1990" <= below[0] <= "2040" and len(below[0]) == 4)
        )

    def _is_stated(self, row: int, region: _Region) -> bool:
        """``date  2020`` above a wider table."""
        count = int(self.filled[row, region.left : region.right + 1].sum())
        if count > 2 or row + 2 > region.bottom or region.width < 4:
            return False
        name = self.grid.text(row, region.left)
        wider = self.filled[row + 1 : row + 4, region.left : region.right + 1].sum(axis=1).max()
        return bool(name and not areas.match(name).area and not areas.match(name).comparator and wider >= 4)

    def _names_columns(self, row: int, figures: np.ndarray) -> bool:
        """True where a row has words, or years, over columns of figures; the names of a pivot table's own fields are none."""
        if any(self.grid.text(row, int(column)).casefold() in _PIVOTED for column in figures):
            return False
        if (self.looks[row, figures] == TEXT).any():
            return True
        return any(periods.parse(self.grid.text(row, int(column))) for column in figures if self.looks[row, column] == NUMBER)

    def _is_about_area(self, row: int, region: _Region) -> bool:
        """True for a row that begins with an area and names no other: a fact whose figure is not readable, never a heading."""
        texts = [text for column in range(region.left, region.right + 1) if (text := self.grid.text(row, column))]
        return bool(texts) and areas.match(texts[0]).area is not None and not any(areas.match(text).area for text in texts[1:])

    def _is_pair(self, row: int, below: int, region: _Region) -> bool:
        """``Period: | 2024/25`` above the headings: a name and what it is, not two headings."""
        at = np.flatnonzero(self.filled[row, region.left : region.right + 1]) + region.left
        wide = int(self.filled[below, region.left : region.right + 1].sum())
        if len(at) == 1:
            end = self.spans.get((row, region.left), 0)
            alone = not end and wide >= 3 and bool(self.filled[below, region.left])
            return bool(at[0] == region.left and (alone or end >= region.right))
        merged = any((row, int(column)) in self.spans for column in at)
        return len(at) == 2 and at[0] == region.left and wide >= 3 and not merged and bool(self.filled[below, region.left])

    def _split_answers(self, region: _Region, body: int) -> tuple[tuple[int, ...], int]:
        """A table whose figures are words such as ``Yes`` and ``Partial``: its headings are the rows of words over them."""
        wide = region.top + int(np.argmax(self.filled[region.top : region.bottom + 1, region.left : region.right + 1].sum(axis=1) > 1))
        # A row with one known word among others is a row of the table too, where headings stand above it.
        while body - 1 > wide and self.answers[body - 1].any():
            body -= 1
        held = self.answers[body : region.bottom + 1, region.left : region.right + 1]
        numbers = self.looks[body : region.bottom + 1, region.left : region.right + 1] == NUMBER
        columns = region.left + np.flatnonzero(held.any(axis=0) | numbers.any(axis=0))
        named = [row for row in range(region.top, body) if self._names_columns(row, columns) and not self._is_about_area(row, region)]
        if not named:
            return (), body if self._is_row_of_words(region, body) else region.top
        header = [named[-1]]
        while (above := header[0] - 1) in named and len(header) < _MOST_HEADER_ROWS and not self._is_pair(above, header[0], region):
            header.insert(0, above)
        return tuple(header), named[-1] + 1

    def _split_words(self, region: _Region) -> tuple[tuple[int, ...], int]:
        """A table of words alone: its headings are the first row that is as wide as the table."""
        counts = self.filled[region.top : region.bottom + 1, region.left : region.right + 1].sum(axis=1)
        row = region.top + int(np.flatnonzero(counts * 2 > counts.max())[0])
        return (row,), row + 1

    # Blocks ----------------------------------------------------------------------------------------------------------

    def block(self, region: _Region, header: tuple[int, ...], first: int, titles: list[str]) -> tuple[Block, _Region | None]:
        """The table of a region, and what is left of it below where another table begins without a blank row between."""
        start = header[0] if header else first
        above = self.lines(_Region(region.top, start - 1, region.left, region.right)) if start > region.top else []
        cut = self._next_headings(region, header, first)
        bottom = region.bottom if cut is None else cut - 1
        own = header and self._own_headings(region) == header[0]
        last = bottom if own else self.end(replace(region, bottom=bottom))
        below = self.lines(_Region(last + 1, bottom, region.left, region.right)) if last < bottom else []
        rest = None if cut is None else self._narrow(replace(region, top=cut))
        return Block(header, first, max(last, first - 1), region.left, region.right, (*titles, *above), tuple(below)), rest

    def _next_headings(self, region: _Region, header: tuple[int, ...], first: int) -> int | None:
        """The row where other headings begin: words over at least two columns of figures that are not the same headings again."""
        if not header or self._own_headings(region) == header[0]:
            return None
        part = self.looks[first : region.bottom + 1, region.left : region.right + 1]
        numbers = (part == NUMBER).sum(axis=0)
        figures = np.flatnonzero((numbers > 0) & (numbers * 2 >= (part == TEXT).sum(axis=0)))
        if len(figures) < 2:
            return None
        wordy = (part[:, figures] == TEXT).sum(axis=1)
        for offset in np.flatnonzero((wordy >= 2) & (wordy * 5 >= 3 * len(figures))):
            row = first + int(offset)
            if self._holds_a_figure(row, region) or self._is_about_area(row, region):
                continue
            if row >= region.bottom or self._same(row, header, region) or not (part[offset + 1 :, figures] == NUMBER).any():
                continue
            while row - 1 > first and self.filled[row - 1, region.left : region.right + 1].sum() <= 1:
                row -= 1
            return row
        return None

    def _holds_a_figure(self, row: int, region: _Region) -> bool:
        at = np.flatnonzero(self.looks[row, region.left : region.right + 1] == NUMBER) + region.left
        return any(not periods.parse(self.grid.text(row, int(column))) for column in at)

    def _same(self, row: int, header: tuple[int, ...], region: _Region) -> bool:
        texts = [self.grid.text(row, column) for column in range(region.left, region.right + 1)]
        return any(texts == [self.grid.text(each, column) for column in range(region.left, region.right + 1)] for each in header)

    def end(self, region: _Region) -> int:
        """The last row of figures or names: notes below them are no part of the table."""
        row = region.bottom
        while row > region.top:
            at = np.flatnonzero(self.filled[row, region.left : region.right + 1]) + region.left
            wordless = not (self.looks[row, at] == TEXT).all()
            if wordless or (len(at) > 1 and at[0] == region.left) or self.answering[row]:
                break
            if len(at) == 1 and at[0] == region.left and region.width > 1 and not _is_note(text := self.grid.text(row, int(at[0]))):
                known = areas.match(text)
                if known.area or known.comparator or known.proposals:
                    break
            if region.width == 1:
                break
            row -= 1
        return row

    def tail(self, region: _Region) -> list[str]:
        """Notes at the end of a region."""
        last = self.end(region)
        return self.lines(_Region(last + 1, region.bottom, region.left, region.right)) if last < region.bottom else []
