"""Which rows of a region are its headings: words or years over columns of figures, or over words such as ``Yes`` and ``Partial``."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

import numpy as np

from mhequity import areas, periods
from mhequity.reading import matching
from mhequity.reading.grids import BLANK, MARK, NUMBER, TEXT
from mhequity.reading.regions import PIVOTED, Region, Sheet
from mhequity.reading.wording import simple
from mhequity.tables import CATALOGUE

_MOST_HEADER_ROWS = 5
_SURE = 0.95
_PLACES = re.compile(r"borough|local.?authorit|district|council|geograph|\bl[ta]la\b|^lad?\d\d(?:cd|nm)$", re.IGNORECASE)


def heading_rows(sheet: Sheet, region: Region) -> tuple[tuple[int, ...], int]:
    """The rows of headings of a region, and the first row under them."""
    own = own_headings(sheet, region)
    if own is not None:
        return (own,), own + 1
    body = _first_figures(sheet, region)
    answers = np.flatnonzero(sheet.answering[region.top : region.bottom + 1])
    if len(answers) and (body is None or region.top + int(answers[0]) <= body):
        return _over_answers(sheet, region, region.top + int(answers[0]))
    if body is None:
        return _over_words(sheet, region)
    part = sheet.looks[body : region.bottom + 1, region.across]
    numbers, marks, filled = (part == NUMBER).sum(axis=0), (part == MARK).sum(axis=0), (part != BLANK).sum(axis=0)
    figures = region.left + np.flatnonzero(((numbers + marks) * 10 >= filled * 3) & (numbers + marks > 0))
    return _above(sheet, region, body, figures)


def _above(sheet: Sheet, region: Region, body: int, columns: np.ndarray) -> tuple[tuple[int, ...], int]:
    """The rows of headings over columns whose first figure, or first answer, stands in the row ``body``, and the row under them."""
    named = [
        row
        for row in range(region.top, body)
        if (_names_columns(sheet, row, columns) and not is_about_area(sheet, row, region)) or heads_places(sheet, row, region)
    ]
    if not named:
        return (), body if _is_row_of_words(sheet, region, body) else region.top
    header = [named[-1]]
    while len(header) < _MOST_HEADER_ROWS:
        above = header[0] - 1
        # 1, 2, 3 over the columns names nothing, but headings may stand above it.
        above -= above > region.top and _numbers_columns(sheet, above, region)
        if above not in named or _is_pair(sheet, above, header[0], region):
            break
        header.insert(0, above)
    # Rows between the headings and the first figure, whose figures are words, are part of the table too.
    return tuple(header), named[-1] + 1


def _over_answers(sheet: Sheet, region: Region, body: int) -> tuple[tuple[int, ...], int]:
    """A table whose figures are words such as ``Yes`` and ``Partial``: its headings are the rows of words over them."""
    wide = region.top + int(np.argmax(sheet.filled[region.cells].sum(axis=1) > 1))
    # A row with one known word among others is a row of the table too, where headings stand above it.
    while body - 1 > wide and sheet.answers[body - 1].any():
        body -= 1
    held = sheet.answers[body : region.bottom + 1, region.across]
    numbers = sheet.looks[body : region.bottom + 1, region.across] == NUMBER
    columns = region.left + np.flatnonzero(held.any(axis=0) | numbers.any(axis=0))
    return _above(sheet, region, body, columns)


def _over_words(sheet: Sheet, region: Region) -> tuple[tuple[int, ...], int]:
    """A table of words alone: its headings are the first row that is as wide as the table."""
    counts = sheet.filled[region.cells].sum(axis=1)
    row = region.top + int(np.flatnonzero(counts * 2 > counts.max())[0])
    return (row,), row + 1


@lru_cache
def _own_names() -> frozenset[str]:
    """The catalogue's column names, as :func:`wording.simple` writes them."""
    return frozenset(simple(name) for kind in CATALOGUE for name in kind.names)


def own_headings(sheet: Sheet, region: Region) -> int | None:
    """The first row that is wider than a title, where it holds the catalogue's own column names, as the template does."""
    counts = sheet.filled[region.top : region.top + 12, region.across].sum(axis=1)
    wide = np.flatnonzero(counts > 1)
    if not len(wide) or region.top + int(wide[0]) > region.bottom:
        return None
    row = region.top + int(wide[0])
    if not sheet.filled[row, region.left]:
        return None
    texts = [text for column in region.columns if (text := sheet.grid.text(row, column))]
    known = [text for text in texts if simple(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", text)) in _own_names()]
    return row if len(known) * 4 >= len(texts) * 3 and not _goes_on(sheet, row + 1, region) else None


def _goes_on(sheet: Sheet, row: int, region: Region) -> bool:
    """True for a second row of headings: nothing in the first column, and no figures."""
    if row > region.bottom or sheet.filled[row, region.left] or sheet.filled[row, region.across].sum() < 2:
        return False
    # Words under no heading of the first row are headings under a merged one.
    below, above = (sheet.filled[each, region.across] for each in (row, row - 1))
    return bool((below & ~above).any()) and not holds_a_figure(sheet, row, region)


def _is_row_of_words(sheet: Sheet, region: Region, body: int) -> bool:
    return body > region.top and sheet.filled[region.top : body, region.across].sum(axis=1).max() <= 1


def _first_figures(sheet: Sheet, region: Region) -> int | None:
    """The first row that holds a figure; a row of years above figures is a heading."""
    numbers = sheet.looks[region.cells] == NUMBER
    for offset in np.flatnonzero(numbers.any(axis=1)):
        row = region.top + int(offset)
        at = region.left + np.flatnonzero(numbers[offset])
        heads = _is_heading_of_years(sheet, row, at, region) or heads_places(sheet, row, region) or _numbers_columns(sheet, row, region)
        if not heads and not _is_stated(sheet, row, region):
            return row
    return None


def _is_heading_of_years(sheet: Sheet, row: int, columns: np.ndarray, region: Region) -> bool:
    texts = [sheet.grid.text(row, int(column)) for column in columns]
    if row == region.bottom or not all(map(_is_year, texts)):
        return False
    below = [sheet.grid.text(row + 1, int(column)) for column in columns]
    if len(texts) > 1:
        steps = {int(b) - int(a) for a, b in pairwise(texts)}
        return ((len(steps) == 1 and steps <= {1, 0, -1}) or len(set(texts)) < len(texts)) and texts != below
    label = (sheet.looks[row, region.across] == TEXT).sum()
    same = sheet.looks[row + 1 : region.bottom + 1, columns[0]]
    return bool(label >= 1 and row <= region.top + 3 and (same == NUMBER).any() and not _is_year(below[0]))


def heads_places(sheet: Sheet, row: int, region: Region) -> bool:
    """True for a row that names a column of places in words people use for it, such as ``Borough``, whatever it has over the others."""
    if row >= region.bottom or sheet.filled[row, region.across].sum() < 3:
        return False
    texts = {column: text for column in region.columns if (text := sheet.grid.text(row, column))}
    words = {column: text for column, text in texts.items() if sheet.looks[row, column] == TEXT}
    if any(areas.match(text).area for text in words.values()):
        return False
    if not any(map(_names_places, words.values())):
        return False
    below = range(row + 1, min(row + 60, region.bottom) + 1)
    return any(areas.match(sheet.grid.text(each, column)).area for column in words for each in below)


@lru_cache(maxsize=2_000)
def _names_places(text: str) -> bool:
    known = any(found.meaning == "area" and found.confidence >= _SURE for found in matching.candidates(text))
    return known or _PLACES.search(text) is not None


def _numbers_columns(sheet: Sheet, row: int, region: Region) -> bool:
    """True for a row of small numbers over headings of words: it counts the columns."""
    if row >= region.bottom:
        return False
    at = np.flatnonzero(sheet.filled[row, region.across]) + region.left
    texts = [sheet.grid.text(row, int(column)) for column in at]
    if len(at) < 2 or not all(text.isdecimal() and int(text) <= region.width for text in texts):
        return False
    return bool((sheet.looks[row + 1, at] == TEXT).all())


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdecimal() and "1990" <= text <= "2040"


def _is_stated(sheet: Sheet, row: int, region: Region) -> bool:
    """``date  2020`` above a wider table."""
    count = int(sheet.filled[row, region.across].sum())
    if count > 2 or row + 2 > region.bottom or region.width < 4:
        return False
    name = sheet.grid.text(row, region.left)
    wider = sheet.filled[row + 1 : row + 4, region.across].sum(axis=1).max()
    return bool(name and not areas.match(name).area and not areas.match(name).comparator and wider >= 4)


def _names_columns(sheet: Sheet, row: int, figures: np.ndarray) -> bool:
    """True where a row has words, or years, over columns of figures; the names of a pivot table's own fields are none."""
    if any(sheet.grid.text(row, int(column)).casefold() in PIVOTED for column in figures):
        return False
    if (sheet.looks[row, figures] == TEXT).any():
        return True
    return any(periods.parse(sheet.grid.text(row, int(column))) for column in figures if sheet.looks[row, column] == NUMBER)


def is_about_area(sheet: Sheet, row: int, region: Region) -> bool:
    """True for a row that begins with an area and names no other: a fact whose figure is not readable, never a heading."""
    texts = [text for column in region.columns if (text := sheet.grid.text(row, column))]
    own = areas.match(texts[0]).area if texts else None
    return own is not None and all(areas.match(text).area in (None, own) for text in texts[1:])


def _is_pair(sheet: Sheet, row: int, below: int, region: Region) -> bool:
    """``Period: | 2024/25`` above the headings: a name and what it is, not two headings."""
    at = np.flatnonzero(sheet.filled[row, region.across]) + region.left
    wide = int(sheet.filled[below, region.across].sum())
    if len(at) == 1:
        end = sheet.spans.get((row, region.left), 0)
        alone = not end and wide >= 3 and bool(sheet.filled[below, region.left])
        return bool(at[0] == region.left and (alone or end >= region.right))
    merged = any((row, int(column)) in sheet.spans for column in at)
    return len(at) == 2 and at[0] == region.left and wide >= 3 and not merged and bool(sheet.filled[below, region.left])


def holds_a_figure(sheet: Sheet, row: int, region: Region) -> bool:
    at = np.flatnonzero(sheet.looks[row, region.across] == NUMBER) + region.left
    return any(not periods.parse(sheet.grid.text(row, int(column))) for column in at)
