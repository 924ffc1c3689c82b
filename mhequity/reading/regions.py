"""Rectangles of a sheet that blank rows and columns part from each other, and which of them are words alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from mhequity import areas
from mhequity.reading import statuses
from mhequity.reading.grids import BLANK, NUMBER, TEXT, Grid, Strip

_FILTERED = ("(all)", "(multiple items)")
"""What a pivot table writes beside a field that it is filtered by."""
PIVOTED = ("column labels", "values")
"""What a pivot table writes above its columns, which names none of them."""
_MOST_WORDS = 60
"""Distinct texts of a column that may hold answers such as ``Yes`` and ``Partial``: more are no words for one question."""
_CONTEXT_ROWS = 12
_CONTEXT_WORDS = (
    "date", "period", "gender", "sex", "source", "measure", "measures", "unit", "units", "year", "financial year", "month", "quarter",
    "geography", "variable", "age",
)  # fmt: skip
"""What stands beside such words above a table says what it is about."""


@dataclass(frozen=True)
class Region:
    """A rectangle of cells. Rows and columns count from 0 within the grid, both ends included."""

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

    @property
    def rows(self) -> range:
        return range(self.top, self.bottom + 1)

    @property
    def columns(self) -> range:
        return range(self.left, self.right + 1)

    @property
    def across(self) -> slice:
        """Its columns of a row of an array."""
        return slice(self.left, self.right + 1)

    @property
    def cells(self) -> tuple[slice, slice]:
        """Its part of an array of the whole grid."""
        return slice(self.top, self.bottom + 1), self.across


class Sheet:
    """A grid with what each of its cells looks like. Rows and columns count from 0."""

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


def _are_answers(strip: Strip) -> np.ndarray:
    """True for each row whose word says how far something is in place."""
    if len(strip.values) > _MOST_WORDS:
        return np.zeros(len(strip.codes), dtype=bool)
    return np.array([statuses.says_something(text) for text in strip.texts], dtype=bool)[strip.codes]


# Regions -----------------------------------------------------------------------------------------------------------------


def regions(sheet: Sheet) -> list[Region]:
    """Rectangles of cells that blank rows and columns part from each other, joined again where they are one table."""
    whole = _trimmed(sheet, Region(0, sheet.grid.height - 1, 0, sheet.grid.width - 1))
    return list(_cut(sheet, whole)) if whole else []


def _trimmed(sheet: Sheet, region: Region) -> Region | None:
    part = sheet.filled[region.cells]
    rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
    if not len(rows):
        return None
    return Region(region.top + int(rows[0]), region.top + int(rows[-1]), region.left + int(columns[0]), region.left + int(columns[-1]))


def _cut(sheet: Sheet, region: Region) -> Iterator[Region]:
    rows = _parts(sheet, region, axis=1)
    if len(rows) > 1:
        for part in rows:
            yield from _cut(sheet, part)
        return
    columns = _joined(sheet, _parts(sheet, region, axis=0))
    if len(columns) == 1:
        yield columns[0]
        return
    for part in columns:
        trimmed = _trimmed(sheet, part)
        if trimmed:
            yield from _cut(sheet, trimmed)


def _parts(sheet: Sheet, region: Region, axis: int) -> list[Region]:
    """The region cut at each blank row (axis 1) or column (axis 0)."""
    used = sheet.filled[region.cells].any(axis=axis)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], used.astype(np.int8), [0]])))
    runs = zip(edges[::2].tolist(), (edges[1::2] - 1).tolist(), strict=True)
    if axis == 1:
        return [narrowed(sheet, Region(region.top + a, region.top + b, region.left, region.right)) for a, b in runs]
    return [Region(region.top, region.bottom, region.left + a, region.left + b) for a, b in runs]


def narrowed(sheet: Sheet, region: Region) -> Region:
    """The region without blank rows and columns at its sides; it must hold anything."""
    trimmed = _trimmed(sheet, region)
    assert trimmed is not None
    return trimmed


def _joined(sheet: Sheet, parts: list[Region]) -> list[Region]:
    """Parts beside each other: a part whose first column holds no words belongs to the table on its left."""
    joined = [parts[0]]
    for part in parts[1:]:
        if _names_rows(sheet, part) or is_text(sheet, part):
            joined.append(part)
        else:
            joined[-1] = replace(joined[-1], right=part.right)
    return joined


def _names_rows(sheet: Sheet, part: Region) -> bool:
    """True where the first column says what the rows are: words in most rows under the heading."""
    trimmed = _trimmed(sheet, part)
    if trimmed is None or trimmed.height < 2:
        return False
    column = sheet.looks[trimmed.top + 1 : trimmed.bottom + 1, trimmed.left]
    return bool((column == TEXT).sum() * 2 > (column != BLANK).sum() and trimmed.width > 1)


# Words -------------------------------------------------------------------------------------------------------------------


def is_text(sheet: Sheet, region: Region) -> bool:
    """True for titles, notes and lists such as ``date: 2020``: no table."""
    counts = sheet.filled[region.cells].sum(axis=1)
    if counts.max() <= 1:
        return (region.width == 1 and _is_prose(sheet, region)) or region.width > 1 or region.height == 1
    return region.width == 2 and region.height <= _CONTEXT_ROWS and _is_context(sheet, region)


def _is_prose(sheet: Sheet, region: Region) -> bool:
    column = sheet.looks[region.top : region.bottom + 1, region.left]
    return bool((column != NUMBER).sum() * 2 > len(column))


def _is_context(sheet: Sheet, region: Region) -> bool:
    names = [sheet.grid.text(row, region.left) for row in region.rows]
    if any(areas.match(name).area for name in names if name):
        return False
    held = [sheet.grid.text(row, region.right).casefold() for row in region.rows]
    known = [
        name.endswith(":") or name.casefold().strip(": ") in _CONTEXT_WORDS or text in _FILTERED
        for name, text in zip(names, held, strict=True)
    ]
    more_below = region.bottom + 1 < sheet.grid.height and bool(sheet.filled[region.bottom + 1 :].any())
    return any(known) and more_below and region.height <= 2 * sum(known)


def lines(sheet: Sheet, region: Region) -> list[str]:
    """The texts of each row, joined with a colon: ``date: 2020``."""
    rows = []
    for row in region.rows:
        cells = [sheet.grid.text(row, column) for column in region.columns]
        rows.append(": ".join(cell.rstrip(":") for cell in cells if cell and cell.casefold() not in PIVOTED))
    return [row for row in rows if row]


def has_numbers(sheet: Sheet, region: Region) -> bool:
    return bool((sheet.looks[region.cells] == NUMBER).any())
