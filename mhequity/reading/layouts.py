"""Where the tables of a sheet stand: several stacked or side by side, under titles, above notes, around blank rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mhequity import areas
from mhequity.reading.grids import NUMBER, TEXT, Grid
from mhequity.reading.heading_rows import heading_rows, holds_a_figure, is_about_area, own_headings
from mhequity.reading.regions import Region, Sheet, has_numbers, is_text, lines, narrowed, regions

_TALL, _HEAD, _TAIL = 20_000, 2_000, 500
"""Rows from which a sheet is long, and how many of its beginning and its end are looked at then."""
_NOTE_WORDS = (
    "source", "note", "notes", "footnote", "*", "†", "c =", "data source", "caveat", "produced", "extracted", "last updated", "contact",
)  # fmt: skip
"""What notes below a table begin with."""


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


def find(grid: Grid) -> tuple[list[Block], list[str]]:
    """The tables of a sheet in reading order, and the texts of a sheet that belong to none."""
    if not grid.height or not grid.width:
        return [], []
    if grid.height > _TALL and (found := _of_tall(grid)) is not None:
        return [found], []
    sheet = Sheet(grid)
    blocks: list[Block] = []
    waiting: list[str] = []
    headings: list[Region] = []
    for region in regions(sheet):
        previous = next((block for block in reversed(blocks) if block.left <= region.left and region.right <= block.right), None)
        if is_text(sheet, region):
            waiting += lines(sheet, region)
            continue
        header, first = heading_rows(sheet, region)
        if not header and headings and _heads(sheet, (whole := _around(headings)), region):
            under = _under(sheet, blocks[-len(headings)], whole, replace(region, top=first))
            blocks[-len(headings) :] = [under]
            headings = []
            continue
        if not header and previous is not None:
            blocks[blocks.index(previous)] = replace(previous, last=_end(sheet, region))
            waiting = _after(waiting, sheet, region)
            continue
        block, rest = _block(sheet, region, header, first, waiting)
        beside = bool(headings) and region.top <= headings[-1].bottom
        headings = [*(headings if beside else []), region] if region.height <= 3 and not _holds_figures(sheet, region) else []
        waiting = []
        blocks.append(block)
        while rest is not None:
            header, first = heading_rows(sheet, rest)
            block, rest = _block(sheet, rest, header, first, [])
            blocks.append(block)
    blocks = [block for block in blocks if block.first <= block.last or block.header]
    if blocks and waiting:
        blocks[-1] = replace(blocks[-1], below=(*blocks[-1].below, *waiting))
        waiting = []
    return _share_titles(blocks), waiting


def _heads(sheet: Sheet, headings: Region, region: Region) -> bool:
    """True where a blank row parts headings from their figures; columns of names before the first heading may have none."""
    names = range(region.left, headings.left)
    words = (sheet.looks[region.cells][:, : len(names)] == TEXT).sum(axis=0)
    return region.right <= headings.right and len(names) <= 2 and bool((2 * words > region.height).all())


def _holds_figures(sheet: Sheet, region: Region) -> bool:
    """True where any number is more than a year."""
    return has_numbers(sheet, region) and any(holds_a_figure(sheet, row, region) for row in region.rows)


def _around(parts: Sequence[Region]) -> Region:
    """The rectangle that holds regions beside each other, as blank columns part headings too."""
    return Region(min(r.top for r in parts), max(r.bottom for r in parts), min(r.left for r in parts), max(r.right for r in parts))


def _under(sheet: Sheet, block: Block, headings: Region, region: Region) -> Block:
    """Headings, and the rows that a blank row parts from them, as one table; a line in the first column alone is a title."""
    top = headings.top
    while top < headings.bottom and sheet.filled[top, headings.across].sum() == 1 and sheet.filled[top, headings.left]:
        if (top, headings.left) in sheet.spans and sheet.spans[top, headings.left] < headings.right:
            break
        top += 1
    above = lines(sheet, replace(headings, bottom=top - 1)) if top > headings.top else []
    titles = tuple(dict.fromkeys((*block.above, *above)))
    header, left, right = tuple(range(top, headings.bottom + 1)), min(headings.left, region.left), max(headings.right, region.right)
    return replace(block, header=header, first=region.top, last=region.bottom, left=left, right=right, above=titles)


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
        or any(merge > (_HEAD, 0, 0, 0) for merge in grid.merged)
    ):
        return None
    block = blocks[0]
    across = range(block.left, block.right + 1)
    figures = [at for at in across if 2 * short.strips[at].number_of(NUMBER) > len(ends)]
    if sum(grid.strips[at].number_of(TEXT) > short.strips[at].number_of(TEXT) for at in figures) > 1:
        return None
    return replace(block, last=block.last + grid.height - len(ends))


def _after(waiting: list[str], sheet: Sheet, region: Region) -> list[str]:
    """What still waits once texts turned out to be headings inside a table; notes at the region's end are kept."""
    return [text for text in waiting if _is_note(text)] + _tail(sheet, region)


def _is_note(text: str) -> bool:
    return text.casefold().startswith(_NOTE_WORDS)


def _share_titles(blocks: list[Block]) -> list[Block]:
    """Tables side by side share the titles that stand above the leftmost."""
    shared: list[Block] = []
    for block in blocks:
        beside = next((each for each in shared if each.right < block.left and each.first <= block.last and block.first <= each.last), None)
        shared.append(replace(block, above=beside.above) if beside is not None and not block.above else block)
    return shared


def _block(sheet: Sheet, region: Region, header: tuple[int, ...], first: int, titles: list[str]) -> tuple[Block, Region | None]:
    """The table of a region, and what is left of it below where another table begins without a blank row between."""
    start = header[0] if header else first
    above = lines(sheet, Region(region.top, start - 1, region.left, region.right)) if start > region.top else []
    cut = _next_headings(sheet, region, header, first)
    bottom = region.bottom if cut is None else cut - 1
    own = header and own_headings(sheet, region) == header[0]
    last = bottom if own else _end(sheet, replace(region, bottom=bottom))
    below = lines(sheet, Region(last + 1, bottom, region.left, region.right)) if last < bottom else []
    rest = None if cut is None else narrowed(sheet, replace(region, top=cut))
    return Block(header, first, max(last, first - 1), region.left, region.right, (*titles, *above), tuple(below)), rest


def _next_headings(sheet: Sheet, region: Region, header: tuple[int, ...], first: int) -> int | None:
    """The row where other headings begin: words over at least two columns of figures that are not the same headings again."""
    if not header or own_headings(sheet, region) == header[0]:
        return None
    part = sheet.looks[first : region.bottom + 1, region.across]
    numbers = (part == NUMBER).sum(axis=0)
    figures = np.flatnonzero((numbers > 0) & (numbers * 2 >= (part == TEXT).sum(axis=0)))
    if len(figures) < 2:
        return None
    wordy = (part[:, figures] == TEXT).sum(axis=1)
    for offset in np.flatnonzero((wordy >= 2) & (wordy * 5 >= 3 * len(figures))):
        row = first + int(offset)
        if holds_a_figure(sheet, row, region) or is_about_area(sheet, row, region):
            continue
        if row >= region.bottom or _same(sheet, row, header, region) or not (part[offset + 1 :, figures] == NUMBER).any():
            continue
        while row - 1 > first and sheet.filled[row - 1, region.across].sum() <= 1:
            row -= 1
        return row
    return None


def _same(sheet: Sheet, row: int, header: tuple[int, ...], region: Region) -> bool:
    texts = [sheet.grid.text(row, column) for column in region.columns]
    return any(texts == [sheet.grid.text(each, column) for column in region.columns] for each in header)


def _end(sheet: Sheet, region: Region) -> int:
    """The last row of figures or names: notes below them are no part of the table."""
    row = region.bottom
    while row > region.top:
        at = np.flatnonzero(sheet.filled[row, region.across]) + region.left
        wordless = not (sheet.looks[row, at] == TEXT).all()
        if wordless or (len(at) > 1 and at[0] == region.left) or sheet.answering[row]:
            break
        if len(at) == 1 and at[0] == region.left and region.width > 1 and not _is_note(text := sheet.grid.text(row, int(at[0]))):
            known = areas.match(text)
            if known.area or known.comparator or known.proposals:
                break
        if region.width == 1:
            break
        row -= 1
    return row


def _tail(sheet: Sheet, region: Region) -> list[str]:
    """Notes at the end of a region."""
    last = _end(sheet, region)
    return lines(sheet, Region(last + 1, region.bottom, region.left, region.right)) if last < region.bottom else []
