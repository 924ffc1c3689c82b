"""What stands around and inside a table besides columns: titles, section headings, names written once a group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mhequity import areas, periods
from mhequity.reading import matching, wording
from mhequity.reading.bodies import names_total
from mhequity.reading.cells import TOTALS
from mhequity.reading.grids import BLANK, TEXT, Grid, Strip
from mhequity.reading.layouts import Block
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import FIGURES, LABELS, UNUSED, ColumnPlan, TablePlan
from mhequity.reading.profiles import Profile, names_period
from mhequity.reading.wording import Heading
from mhequity.tables import CATALOGUE, kind

_OTHER_ACTIVITY = re.compile(r"\b(?:economic|physical|criminal) (?:in)?activity\b", re.IGNORECASE)
"""Activity of people, not of services."""


@dataclass(frozen=True)
class Context:
    """What stands around a table: its titles, the sheet's name, the file's."""

    heading: Heading
    figure: Candidate | None
    """What a title says the figures are, as in "Spend by borough"."""
    title: str
    none_known: bool = False
    """True where no heading of a figure is one that the app knows."""
    of_residents: bool = False
    """True where each row is a census count of residents."""
    of_practices: bool = False
    """True where rows are about practices or wards, of which an area has many."""


def context_of(block: Block, grid: Grid, file: str, shared: Sequence[str] = ()) -> Context:
    """What the titles, the sheet's name, the titles of the sheet's first table and the file's name say, the nearest first."""
    name = re.sub(r"\.\w{1,5}$", "", grid.file or file).replace("_", " ")
    sheet = "" if re.fullmatch(r"(?:sheet|table|data)\s*\d*", grid.name.strip(), re.IGNORECASE) or grid.name in (file, name) else grid.name
    notes = [text for text in block.below if re.search(r"£|GBP|000|per cent|%", text)]
    above = [part for text in block.above for part in re.split(r"(?<=[.;])\s+", text)]
    tiers = [tier for tier in (above, notes, [sheet], list(shared), [name]) if any(tier)]
    figure = next((found for tier in tiers for text in tier if text and (found := _mentioned(text))), None)
    named = "" if areas.match(sheet).area or periods.parse(sheet) else sheet
    return Context(_nearest([wording.context(tier) for tier in tiers]), figure, " · ".join(block.above) or named or name)


def _nearest(headings: Sequence[Heading]) -> Heading:
    """What several say, where the first that says something of a label or a unit counts."""
    labels: dict[str, str] = {}
    for heading in headings:
        labels = {**heading.labels, **labels}
    unit = next((heading for heading in headings if heading.unit or heading.scale != 1), Heading(""))
    return Heading(headings[0].text if headings else "", unit.unit, unit.scale, labels)


def _mentioned(text: str) -> Candidate | None:
    """The figure that a title names among other words: the longest run of its words that is a known heading."""
    text = _OTHER_ACTIVITY.sub(" ", text)
    words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*|£|%", text)[:30]
    for size in range(min(5, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            found = [c for c in matching.candidates(" ".join(words[at : at + size])) if c.meaning in FIGURES and c.confidence >= 0.99]
            if found:
                return found[0]
    named = [table for table in CATALOGUE if {table.name, table.title.casefold()} & {word.casefold() for word in words}]
    alone = [f"{table.name}.{table.numbers[0]}" for table in named if len(table.numbers) == 1]
    return Candidate(alone[0], 0.9, {}, "named by the title") if alone else None


def context_labels(context: Context, plans: Sequence[ColumnPlan]) -> dict[str, str]:
    """What the surroundings say of every row, where no column does."""
    said = {each.meaning for each in plans} | {name for each in plans for name in each.labels}
    labels = {key: value for key, value in context.heading.labels.items() if key in LABELS and key not in said}
    if "date" in said:
        labels.pop("period", None)
    return labels


def year_of_months(columns: Sequence[Profile], chosen: dict[int, Candidate], context: Context) -> dict[str, str]:
    """The year of the title, where a column holds months or quarters without one; that column is then chosen as the period."""
    year = periods.parse(context.heading.labels.get("period", ""))
    if year is None or year.kind not in ("year", "calendar year") or {found.meaning for found in chosen.values()} & {"period", "date"}:
        return {}

    def is_part(text: str) -> bool:
        return periods.in_year(text, year) is not None

    held = [each for each in columns if each.at not in chosen and each.share(is_part) > 0.6 and sum(map(is_part, each.sample)) > 1]
    if len(held) != 1:
        return {}
    chosen[held[0].at] = Candidate("period", 1.0, {}, "holds parts of the year that the title names")
    return {"period": year.label}


def section_texts(block: Block, columns: Sequence[Profile]) -> list[str]:
    """The texts that stand alone in a row of the table: headings of the rows under them."""
    if len(columns) < 2 or block.last - block.first > 200_000:
        return []
    first = columns[0].strip
    others = sum((each.strip.looks != BLANK).astype(np.int16) for each in columns[1:])
    alone = np.flatnonzero((first.looks == TEXT) & (others == 0))
    return [first[int(row)] for row in alone[:200]]


def meaning_of_sections(sections: Sequence[str], plan: TablePlan) -> str:
    """What headings inside a table name. Places only where no column does, so that a row without figures stays a row."""
    if not sections:
        return UNUSED
    known = {each.meaning for each in plan.columns} | {name for each in plan.columns for name in each.labels}
    named = [text for text in sections if not TOTALS.search(text)] or list(sections)

    def most(holds: object) -> bool:
        return sum(bool(holds(text)) for text in named) * 2 > len(named)  # type: ignore[operator]

    if most(lambda text: areas.match(text).area):
        return UNUSED if "area" in known else "area"
    if most(names_period) and "period" not in known:
        return "period"
    for name in ("service", "team", "provider", "measure"):
        if name in kind(plan.kind).names and name not in known:
            return name
    return UNUSED


_NEVER_BLANK = ("area", "service", "period", "measure", "strategy", "theme")
"""Labels that people write once for a group of rows. A blank age or team means all of them, and a blank date is a missing one."""


def fill_down(
    grid: Grid, block: Block, columns: Sequence[Profile], plans: Sequence[ColumnPlan], never_blank: Sequence[str] = _NEVER_BLANK
) -> tuple[str, ...]:
    """Columns whose blank cells stand for the one above: merged cells, or names written once a group."""
    found = []
    positions = _label_positions(columns, plans)
    for each, plan in zip(columns, plans, strict=True):
        if plan.meaning not in LABELS or plan.meaning == UNUSED:
            continue
        inside = [
            r2 - r for r, c, r2, _ in grid.merged if c - grid.left == each.at and r2 > r and block.first <= r - grid.top <= block.last
        ]
        others = [other for other in columns if other is not each and other.at in positions]
        # A blank code beside a name, or a blank name beside a code, is no sign of a group.
        alone = sum(other.meaning == plan.meaning for other in plans) == 1
        if inside or (alone and plan.meaning in never_blank and _written_once(each, others)):
            found.append(plan.column)
    return tuple(found)


def _label_positions(columns: Sequence[Profile], plans: Sequence[ColumnPlan]) -> set[int]:
    return {each.at for each, plan in zip(columns, plans, strict=True) if plan.meaning in LABELS and plan.meaning != UNUSED}


def _alike(blank: np.ndarray, others: Sequence[Strip]) -> bool:
    """True where the rows below each name are the same in some other column, group by group."""
    starts = np.flatnonzero(~blank)
    size = len(blank) // max(1, len(starts))
    if size < 2 or len(starts) < 2 or len(starts) * size != len(blank) or (starts != np.arange(len(starts)) * size).any():
        return False
    return any(
        (strip.codes.reshape(-1, size) == strip.codes[:size]).all() and len(np.unique(strip.codes[:size])) == size for strip in others
    )


def _written_once(each: Profile, others: Sequence[Profile]) -> bool:
    """True where a name stands at the head of a group and every row of the group has a different label in another column."""
    if not each.strip.number_of(BLANK):
        return False
    # A total speaks of no single service: a blank beside it stands for nothing above.
    kept = np.flatnonzero(
        ~np.logical_or.reduce([names_total(other.strip) for other in others]) if others else np.ones(len(each.strip.codes), bool)
    )
    strips = [other.strip.take(kept) for other in others]
    blank = each.strip.take(kept).looks == BLANK
    # A date is written once a group only where most rows are without, or every group has the same rows: one that is missing is not
    # the one above.
    least = 2.0 if each.periods > 0.6 and not _alike(blank, strips) else 0.5
    if not len(blank) or not blank.any() or blank[0] or len(blank) > 200_000 or blank.sum() < least * (~blank).sum() or each.filled < 2:
        return False
    rows = [strip.looks != BLANK for strip in strips]
    whole = [strip.codes for strip, filled in zip(strips, rows, strict=True) if filled[blank].all()]
    if not whole:
        return False
    pairs = np.column_stack([np.cumsum(~blank), *whole])
    return len(np.unique(pairs, axis=0)) == len(pairs)
