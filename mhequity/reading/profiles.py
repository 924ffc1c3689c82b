"""What the columns of a table hold, looked at before anything is decided: how much is numbers, areas, periods, words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np

from mhequity import areas, periods
from mhequity.reading import period_forms, wording
from mhequity.reading.cells import TOTALS
from mhequity.reading.grids import BLANK, MARK, NUMBER, Grid, Strip, letters
from mhequity.reading.layouts import Block
from mhequity.reading.wording import Heading

_SAMPLE = 300
_SMALL_AREA = re.compile(r"E0[12]\d{6}", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\s*\[(?:note|notes|r|p|b|e)?\s*\d*(?:,\s*(?:note )?\d+)*\]\s*$|[¹²³⁰⁴-⁹]+\s*$", re.IGNORECASE)
_CODE = re.compile(r"[EWSN]\d{8}", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Profile:
    """One column under its headings."""

    at: int
    """Position within the grid, from 0."""
    column: str
    """Its letters in the sheet."""
    parts: tuple[str, ...]
    """Its headings, top to bottom."""
    strip: Strip
    """The rows under the headings."""
    percents: int = 0
    """How many cells of the column the spreadsheet shows as a percentage."""
    stands_for: str = ""
    """What a number that heads the column means, where those beside it show it: ``Age 5`` for 5, ``Jan 2024`` for 202401."""

    @cached_property
    def heading(self) -> Heading:
        parts = [_FOOTNOTE.sub("", part) for part in self.parts]
        return wording.understand([*parts[:-1], self.stands_for] if self.stands_for else parts)

    @property
    def title(self) -> str:
        """The headings as they stand."""
        return " / ".join(self.parts)

    @cached_property
    def filled(self) -> int:
        """How many rows hold anything."""
        return len(self.strip.codes) - self.strip.number_of(BLANK)

    @cached_property
    def numbers(self) -> float:
        """Share of the filled cells that are numbers or marks; 0 where there is no number at all."""
        found = self.strip.number_of(NUMBER)
        return (found + self.strip.number_of(MARK)) / self.filled if found else 0.0

    @cached_property
    def all_marks(self) -> bool:
        """True where every figure is suppressed or missing."""
        return self.filled > 0 and self.strip.number_of(MARK) == self.filled

    @cached_property
    def sample(self) -> list[str]:
        """Distinct texts, at most a few hundred, the first ones."""
        held = np.flatnonzero(self.strip.held)
        texts = (str(self.strip.values[int(i)].as_py()) for i in held[: _SAMPLE + 1])
        return [text for text in texts if text][:_SAMPLE]

    @cached_property
    def distinct(self) -> int:
        """Number of distinct texts, blanks not counted."""
        return int(np.count_nonzero(self.strip.held & (self.strip.kinds != BLANK)))

    def share(self, holds: Callable[[str], object]) -> float:
        """Share of the distinct texts of which something holds."""
        return sum(bool(holds(text)) for text in self.sample) / len(self.sample) if self.sample else 0.0

    @cached_property
    def areas(self) -> float:
        """Share of the distinct texts that name a place or a total."""
        return self.share(names_place)

    @cached_property
    def boroughs(self) -> int:
        """How many distinct texts name a borough or ICB of London."""
        return sum(areas.match(text).area is not None for text in self.sample)

    @cached_property
    def names_boroughs(self) -> bool:
        """True where any text names a borough, and not only NHS systems."""
        found = (areas.match(text).area for text in self.sample)
        return any(area is not None and area.level == "borough" for area in found)

    @cached_property
    def small_areas(self) -> float:
        """Share of the distinct texts that are codes of small areas."""
        return self.share(_SMALL_AREA.fullmatch)

    @cached_property
    def are_codes(self) -> bool:
        """True where places are given by code."""
        return self.share(_CODE.fullmatch) > 0.5

    @cached_property
    def periods(self) -> float:
        """Share of the distinct texts that name a period; totals do not count."""
        texts = [text for text in self.sample if not TOTALS.search(text)]
        return sum(map(names_period, texts)) / len(texts) if texts else 0.0


def names_place(text: str) -> bool:
    """True for areas, totals, places elsewhere, small areas, and spellings close to an area's."""
    if _SMALL_AREA.fullmatch(text):
        return True
    found = areas.match(text)
    return bool(found.area or found.comparator or found.elsewhere or found.proposals)


def names_period(text: str) -> bool:
    """True for a period; a number is one only where it is a year of our time, or a year and month such as 202404."""
    if len(text) == 6 and text.isdecimal():
        return period_forms.alone(text) is not None
    return bool(periods.parse(text) or periods.parse(text, day_first=False)) and (
        not text.isdecimal() or (len(text) == 4 and "1990" <= text <= "2040")
    )


def profiles(grid: Grid, block: Block) -> list[Profile]:
    """The columns of a table that hold anything."""
    again = repeats_headings(grid, block.header, range(block.left, block.right + 1), range(block.first, block.last + 1))
    rows = np.arange(block.first, block.last + 1)
    rows = rows[~again] if again.any() else rows
    parts = heading_parts(grid, block)
    found = [
        Profile(at, letters(grid.left + at), parts[at - block.left], grid.strips[at].take(rows), grid.percents.get(grid.left + at, 0))
        for at in range(block.left, block.right + 1)
    ]
    return _headed_by_numbers([each for each in found if each.filled or each.parts])


def _headed_by_numbers(columns: Sequence[Profile]) -> list[Profile]:
    """The columns, those headed by a run of ages (0, 1, 2 ...), of months (202401 ...) or of years (202324 ...) told what they stand for."""
    numbered = {at: each.parts[-1] for at, each in enumerate(columns) if each.parts and each.parts[-1].isdecimal()}
    meant = _ages(list(numbered.values())) or _of_six_digits(list(numbered.values()))
    stands = dict(zip(numbered, meant, strict=True)) if meant else {}
    return [replace(each, stands_for=stands[at]) if at in stands else each for at, each in enumerate(columns)]


def _ages(texts: Sequence[str]) -> list[str]:
    """Single years of age; empty where the numbers are no run of them."""
    steps = {int(b) - int(a) for a, b in pairwise(texts)}
    return [f"Age {text}" for text in texts] if len(texts) > 2 and steps == {1} and int(texts[-1]) < 121 else []


def _of_six_digits(texts: Sequence[str]) -> list[str]:
    """Months as 202401, or financial years as 202324; empty where any is neither."""
    if len(texts) < 2 or not all(re.fullmatch(r"(?:19|20)\d{4}", text) for text in texts):
        return []
    pairs = [(int(text[:4]), int(text[4:])) for text in texts]
    if all(part == (year + 1) % 100 for year, part in pairs):
        return [f"{year}/{part:02d}" for year, part in pairs]
    return [periods.month(year, part).label for year, part in pairs] if all(1 <= part <= 12 for _, part in pairs) else []


def repeats_headings(grid: Grid, header: Sequence[int], columns: Iterable[int], rows: range) -> np.ndarray:
    """True for each row that says a row of headings again, as pages of a long table do."""
    columns = list(columns)
    again = np.zeros(len(rows), dtype=bool)
    for row in header:
        held = [grid.strips[at] for at in columns if 0 <= row < grid.height and not grid.strips[at].blank[row]]
        said = np.full(len(rows), bool(held))
        for strip in held:
            said &= strip.codes[rows.start : rows.stop] == strip.codes[row]
            # Most headings stand in their column once, which is told from the first of them.
            if not said.any():
                break
        again |= said
    return again


def heading_parts(grid: Grid, block: Block) -> list[tuple[str, ...]]:
    """Each column's headings, top to bottom: a heading over several columns counts for each of them."""
    rows = [_spread(grid, row, block, last=row == block.header[-1]) for row in block.header]
    return [_distinct([row[at] for row in rows]) for at in range(block.right - block.left + 1)]


def _distinct(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(text.split()) for text in texts if text))


def _spread(grid: Grid, row: int, block: Block, last: bool) -> list[str]:
    texts = [grid.text(row, column) for column in range(block.left, block.right + 1)]
    merged = {(r - grid.top, c - grid.left): c2 - grid.left for r, c, _, c2 in grid.merged if r - grid.top == row}
    for (_, column), end in merged.items():
        for at in range(max(column, block.left), min(end, block.right) + 1):
            texts[at - block.left] = grid.text(row, column)
    if last or merged:
        return texts
    # Without merged cells, a heading of headings counts until the next one, and not for the columns before it.
    shown, lowest = "", [grid.text(block.header[-1], column) for column in range(block.left, block.right + 1)]
    for at, text in enumerate(texts):
        if text:
            shown = text if lowest[at] else ""
        elif lowest[at]:
            texts[at] = shown
    return texts
