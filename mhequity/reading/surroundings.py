"""What stands around and inside a table besides columns: titles, section headings, names written once a group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mhequity import areas, periods
from mhequity.periods import MONTH
from mhequity.reading import sheet_names, titles, wording
from mhequity.reading.bodies import names_total
from mhequity.reading.cells import TOTALS
from mhequity.reading.grids import BLANK, TEXT, Grid, Strip
from mhequity.reading.layouts import Block
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import ACTUALS, FIGURES, LABELS, UNUSED, ColumnPlan, TablePlan
from mhequity.reading.profiles import Profile, names_period
from mhequity.reading.recognising import together
from mhequity.reading.wording import Heading
from mhequity.tables import kind

_STANDARD = re.compile(
    r"\b(?:19|20)\d\d (?:\w+ ){0,2}standard population\b|\bstandard population\b[\s,(]*(?:of )?(?:19|20)\d\d\b\)?"
    r"|\b(?:19|20)\d\d esp\b|\besp[\s,(]*(?:19|20)\d\d\b\)?",
    re.IGNORECASE,
)
"""The population by which rates are standardised: its year is no period of theirs."""
_MONTH_TWICE = re.compile(rf"\b(?:m|month|period|p) ?(1[0-2]|0?[1-9])(?: \({MONTH}\))?(?=[\s,-]+\d)", re.IGNORECASE)
"""``Month 7 (October) 2024/25``: the month's number, and its name once more."""
_ANY_YEAR = periods.financial_year(2024)


@dataclass(frozen=True)
class Context:
    """What stands around a table: its titles, the sheet's name, the file's."""

    heading: Heading
    figure: Candidate | None
    """What a title says the figures are, as in "Spend by borough"."""
    title: str
    """What stands above the table, or else the sheet's name, or else the file's."""
    none_known: bool = False
    """True where no heading of a figure is one that the app knows."""
    of_residents: bool = False
    """True where each row is a census count of residents."""
    of_practices: bool = False
    """True where rows are about practices, of which an area has many."""
    named_by_file: bool = False
    """True where nothing but the file's name is there for a title."""
    year: str = ""
    """The period that titles say, of which the sheet's name may say a part."""


def context_of(block: Block, grid: Grid, file: str, shared: Sequence[str] = (), when: str = "") -> Context:
    """What the titles, the sheet's name, the titles of the sheet's first table and the file's name say, the nearest first.

    ``when`` is the period that the sheet's name says beside the other sheets' names, where it says none alone.
    """
    name = re.sub(r"\.\w{1,5}$", "", grid.file or file).replace("_", " ")
    sheet = (
        ""
        if re.fullmatch(r"(?:sheet|table|data)\s*\d*", grid.name.strip(), re.IGNORECASE)
        or grid.name in (file, name)
        or grid.name.replace("_", " ") == name
        else grid.name
    )
    when = when or sheet_names.period_of(sheet)
    notes = [text for text in block.below if re.search(r"£|GBP|000|per cent|%", text)]
    above = [part for text in block.above for part in re.split(r"(?<=[.;])\s+", text)]
    # Of a sheet whose tables each have a title of their own, the first one's says nothing of the others' figures.
    wider = list(shared)[: max(0, len(shared) - len(block.above))]
    figure = titles.figure_of([[_STANDARD.sub(" ", text) for text in tier] for tier in (above, [sheet], wider, [name])])
    tiers = [[_plain(text) for text in tier] for tier in (above, [when or sheet], list(shared), [name]) if any(tier)]
    named = "" if areas.match(sheet).area or when or sheet_names.is_part_of_year(sheet) else sheet
    headings = [wording.context(tier) for tier in tiers]
    if notes:
        # A footnote is no title: it says in which unit figures are, not when or of whom.
        headings.insert(bool(any(above)), replace(wording.context(notes), text="", labels={}))
    heading = _nearest(headings)
    if heading.unit == "WTE" and any(re.search(r"\bper (?:wte|fte|whole)", text, re.IGNORECASE) for tier in tiers for text in tier):
        heading = replace(heading, unit="")
    year = heading.labels.get("period", "")
    if finer := sheet_names.within(when or sheet, year):
        heading = replace(heading, labels={**heading.labels, "period": finer})
    return Context(heading, figure, " · ".join(block.above) or named or name, named_by_file=not (block.above or named), year=year)


def _plain(text: str) -> str:
    """A title whose month is written once, and whose year of four digits after it is a year: ``Period 7 2425``."""
    text = _STANDARD.sub(" ", text)
    found = _MONTH_TWICE.search(text)
    if found is None or (found[2] and periods.in_year(found[2], _ANY_YEAR) != periods.in_year(f"M{found[1]}", _ANY_YEAR)):
        return text
    after = text[found.end() :]
    pair = re.match(r"([\s,-]+)(\d\d)(\d\d)\b(?![/-])", after)
    if pair and int(pair[3]) == int(pair[2]) + 1:
        after = f" {pair[2]}/{pair[3]}{after[pair.end() :]}"
    return f"{text[: found.start()]}Month {int(found[1])}{after}"


def _nearest(headings: Sequence[Heading]) -> Heading:
    """What several say, where the first that says something of a label or a unit counts."""
    labels: dict[str, str] = {}
    for heading in headings:
        labels = {**heading.labels, **labels}
    unit = next((heading for heading in headings if heading.unit or heading.scale != 1), Heading(""))
    return Heading(headings[0].text if headings else "", unit.unit, unit.scale, labels)


def context_labels(context: Context, plans: Sequence[ColumnPlan]) -> dict[str, str]:
    """What the surroundings say of every row, where no column does."""
    said = {each.meaning for each in plans} | {name for each in plans for name in each.labels}
    within = not {"period", "date"} & {each.meaning for each in plans} and _all_within(context.heading.labels.get("period", ""), plans)
    labels = {
        key: value for key, value in context.heading.labels.items() if key in LABELS and (key not in said or (key == "period" and within))
    }
    if "date" in said:
        labels.pop("period", None)
    return labels


def _all_within(period: str, plans: Sequence[ColumnPlan]) -> bool:
    """True where the periods of the columns that have one lie within the title's, so that the others are of the title's."""
    if all("period" in each.labels for each in plans if each.meaning in FIGURES and "comparator" not in each.labels):
        return False
    whole = periods.parse(period)
    parts = [periods.parse(each.labels["period"]) for each in plans if "period" in each.labels]
    return whole is not None and all(part is not None and together((part, whole)) == part for part in parts)


def year_of_months(columns: Sequence[Profile], chosen: dict[int, Candidate], context: Context) -> dict[str, str]:
    """The year of the title, where a column holds months or quarters without one; that column is then chosen as the period."""
    year = periods.parse(context.year or context.heading.labels.get("period", ""))
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
    return {each.at for each, plan in zip(columns, plans, strict=True) if plan.meaning in (*LABELS, ACTUALS) and plan.meaning != UNUSED}


def _alike(blank: np.ndarray, others: Sequence[Strip]) -> bool:
    """True where the rows below each name are the same in some other column, group by group."""
    starts = np.flatnonzero(~blank)
    size = len(blank) // max(1, len(starts))
    if size < 2 or len(starts) < 2 or len(starts) * size != len(blank) or (starts != np.arange(len(starts)) * size).any():
        return False
    return any(
        (strip.codes.reshape(-1, size) == strip.codes[:size]).all() and len(np.unique(strip.codes[:size])) == size for strip in others
    )


def _stands_alone(strip: Strip) -> np.ndarray:
    """True for each row that states a total between groups, such as ``Brent Total``: no rows without a name follow it."""
    followed = np.append(strip.looks[1:] == BLANK, False) if len(strip.codes) else np.zeros(0, dtype=bool)
    return names_total(strip) & ~followed


def _written_once(each: Profile, others: Sequence[Profile]) -> bool:
    """True where a name stands at the head of a group and every row of the group has a different label in another column."""
    if not each.strip.number_of(BLANK):
        return False
    # A total speaks of no single service: a blank beside it stands for nothing above.
    kept = np.flatnonzero(~np.logical_or.reduce([_stands_alone(each.strip), *(names_total(other.strip) for other in others)]))
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
