"""What was understood of a file, in the words of the page: meanings of columns, units, kinds of finding, one sentence a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten

import pandas as pd

from mhequity import areas, periods, tables
from mhequity.markdown import plain
from mhequity.reading import BLOCKED, ColumnPlan, Finding, Reading, TablePlan
from mhequity.reading.findings import Kind
from mhequity.reading.plans import ACTUALS, FIGURES, GROUP, LABELS, LEVEL, REMARK, SMALL, UNUSED
from mhequity.scope import in_words

_MOST_NAMES, _LONGEST = 6, 100
_FIRST = ("area", "period", "service", "provider", "team", "measure")
_WORDS = {
    UNUSED: "Not used", "area": "Borough or NHS system", "period": "Period", "service": "Service", "provider": "Provider", "team": "Team",
    "measure": "Name of the measure", "unit": "Unit of the figures", "better": "Which way is better", "role": "Role of the measure",
    "base": "Residents or registered patients", "funding": "Recurrent or one-off", "age_band": "Age group", "definition": "What stops the clock",
    LEVEL: "What kind of place the row is about", GROUP: "Group of people", REMARK: "Remark on why a figure is missing",
    SMALL: "A place smaller than a borough", ACTUALS: "Whether the row is a target or what happened",
    "population.persons": "Population: people", "indicators.value": "Any other measure", "indicators.numerator": "A measure's count above the line",
    "indicators.denominator": "A measure's count below the line", "investment.amount_gbp": "Money spent (£)", "activity.count": "Care given: a count",
    "workforce.established_wte": "Staff: funded posts (WTE)", "workforce.in_post_wte": "Staff: in post (WTE)", "waits.seen": "Waits: people seen",
    "waits.median_days": "Waits: middle wait in days", "waits.p90_days": "Waits: days that nine in ten did not exceed",
    "waits.waiting": "Waits: people waiting", "waits.within_target": "Waits: seen within the target", "waits.target_days": "Waits: target in days",
}  # fmt: skip
MEANINGS = (
    UNUSED, *_FIRST, *FIGURES, *(name for name in LABELS if name not in _FIRST), LEVEL, GROUP, REMARK, SMALL, ACTUALS,
)  # fmt: skip
"""What a column can mean, in the order that they are offered."""


def meaning(name: str) -> str:
    """A meaning of a column in words."""
    if name in _WORDS:
        return _WORDS[name]
    table, _, column = name.rpartition(".")
    words = column.replace("_gbp", " (£)").replace("_wte", " (WTE)").replace("_", " ")
    return f"{tables.kind(table).title}: {words}" if table else words[:1].upper() + words[1:]


def about(column: ColumnPlan) -> str:
    """What a column means, with what its heading says of its figures: ``Money spent (£) · 2024/25 · × 1,000``."""
    said = [
        f"{value} (kept apart)" if key == "comparator" else areas.name_of(value)
        for key, value in column.labels.items()
        if value and key != "better"
    ]
    times = f"× {column.scale:,.10g}" if column.scale != 1 else column.unit if column.unit not in ("", "GBP") else ""
    return " · ".join([meaning(column.meaning), *(said if column.meaning else []), *([times] if times and column.meaning else [])])


# Units -------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unit:
    """A way in which the figures of a column may be written."""

    words: str
    unit: str
    scale: float


_POUNDS = (Unit("Pounds", "GBP", 1.0), Unit("Thousands of pounds", "GBP", 1e3), Unit("Millions of pounds", "GBP", 1e6))
_SHARES = (Unit("Percent, written 12.5", "share", 0.01), Unit("Share, written 0.125", "share", 1.0))


def units(column: ColumnPlan) -> list[Unit]:
    """The units to choose from for a column of figures, the present one among them."""
    money = column.meaning.endswith("_gbp")
    own = "" if column.unit in ("GBP", "share") else column.unit
    as_it_stands = Unit(f"As it stands ({own})" if own else "As it stands", own, 1.0)
    counts = (Unit("Thousands", own, 1e3), Unit("Millions", own, 1e6))
    found = list(_POUNDS) if money else [as_it_stands, *counts]
    if column.meaning in ("indicators.value", "targets.target", "targets.baseline"):
        found = [as_it_stands, *_SHARES, *counts, *_POUNDS]
    if money and column.unit != "GBP":
        found = [Unit(each.words, column.unit, each.scale) for each in found]
    if not any((each.unit, each.scale) == (column.unit, column.scale) for each in found):
        found.append(Unit(f"{column.unit or 'Figures'} × {column.scale:,.10g}", column.unit, column.scale))
    return found


# One sentence a file -----------------------------------------------------------------------------------------------------


def count(number: int, thing: str) -> str:
    """``1 row``, ``1,200 rows``."""
    many = f"{thing}s"
    return f"{number:,} {thing if number == 1 else many}"


def listed(names: Sequence[str]) -> str:
    """The first few names, safe in Markdown, and how many more there are."""
    more = f" and {len(names) - _MOST_NAMES:,} more" if len(names) > _MOST_NAMES else ""
    return plain(", ".join(names[:_MOST_NAMES])) + more


def attention(findings: Sequence[Finding]) -> list[Finding]:
    """What was left out and no person chose to leave out, and totals that their parts do not make."""
    return [each for each in dict.fromkeys(findings) if (each.severity == BLOCKED and each.kind != "areas chosen") or each.kind == "sums"]


def understood(reading: Reading) -> str:
    """What a file was understood to hold, in a sentence or two of Markdown."""
    name = f"**{plain(reading.file)}**"
    if not reading.tables:
        return f"{name}: Nothing could be loaded from it. {_why_nothing(reading)}"
    found = sum(any(len(rows) for _, rows in one.facts) for one in reading.applied)
    frames = list(reading.tables.values())
    when = _span([period for frame in frames if "period" in frame for period in frame["period"].unique()])
    parts = [f"**{count(found, 'table')}**, **{_figures(frames)}**{_places(frames)}", *([plain(when)] if when else [])]
    needs = len(attention(reading.findings))
    return f"{name}: {', '.join(parts)}. " + (
        f"**{count(needs, 'thing')}** {'needs' if needs == 1 else 'need'} your attention." if needs else "Nothing needs your attention."
    )


def _why_nothing(reading: Reading) -> str:
    if reading.personal:
        return "It holds details of people."
    if reading.comparators:
        return "Only totals and wider places were found in it."
    outside = [each for each in reading.findings if each.kind == "outside London"]
    if outside:
        return f"Its places are outside London: {plain(outside[0].seen)}."
    told = attention(reading.findings)
    return plain(f"{_short(told[0].seen)}. {told[0].done} {told[0].advice}".lstrip(". ")) if told else ""


def _short(text: str) -> str:
    return shorten(text.rstrip(". "), _LONGEST, placeholder=" …")


def _figures(frames: Sequence[pd.DataFrame]) -> str:
    number = sum(int(frame.select_dtypes("number").notna().to_numpy().sum()) for frame in frames)
    return count(number, "figure") if number else count(sum(map(len, frames)), "row")


def _places(frames: Sequence[pd.DataFrame]) -> str:
    codes = {code for frame in frames if "area" in frame for code in frame["area"].unique() if code}
    levels = [area.level if (area := areas.by_code().get(code)) else "other area" for code in codes]
    said = [
        count(levels.count(level), word)
        for level, word in (("borough", "borough"), ("icb", "NHS system"), ("other area", "other area"))
        if level in levels
    ]
    return f" of {in_words(said)}" if said else ""


def _span(labels: Sequence[str]) -> str:
    """``2024/25``; ``2023/24 and 2024/25``; ``Apr 2024 to Mar 2025``."""
    ordered = periods.sort({label for label in labels if label and label != periods.NOT_STATED})
    return in_words(ordered) if len(ordered) < 4 else f"{ordered[0]} to {ordered[-1]}"


# Kinds of finding --------------------------------------------------------------------------------------------------------

KIND_TITLES: dict[Kind, str] = {
    "areas chosen": "Places that you chose", "areas": "Places not known", "outside London": "Places outside London",
    "organisations": "Organisations, which are no places", "repeats": "Facts stated twice", "periods": "Periods that cannot be read",
    "figures": "Figures that cannot be read", "formulas": "Formulas", "empty": "Cells that must be filled", "labels": "Values not known",
    "tables": "Tables not understood", "personal": "Details of people", "layout": "Layouts recognised", "units": "Units",
    "read": "What was read", "totals": "Totals", "sums": "Totals that do not add up", "suppressed": "Suppressed figures",
    "missing": "Missing figures", "likeness": "Columns matched by likeness", "every row": "The whole table", "not stated": "Not stated",
    "example": "Made-up examples", "unused columns": "Columns not used", "dates": "Dates", "decimal commas": "Decimal commas",
    "sheets": "Sheets not read", "hidden": "Hidden sheets, rows and columns", "file": "The file", "spellings": "Spellings put right",
    "statuses": "Words read as a status", "boundaries": "Boundaries", "other": "Other",
}  # fmt: skip
"""What each kind of finding is headed by."""


def kinds_of(findings: Sequence[Finding]) -> dict[str, list[Finding]]:
    """Findings by kind, the most frequent kind first."""
    found: dict[str, list[Finding]] = {}
    for each in dict.fromkeys(findings):
        found.setdefault(KIND_TITLES[each.kind], []).append(each)
    return dict(sorted(found.items(), key=lambda item: -len(item[1])))


def line(finding: Finding) -> str:
    """A finding as a line of a list: where, what was seen, what was done about it."""
    where = " ".join(filter(None, (finding.sheet, finding.cell))) or "the whole file"
    seen = f"“{plain(_short(finding.seen))}”: " if finding.seen else ""
    return f"- **{plain(where)}** · {seen}{plain(f'{finding.done} {finding.advice}'.strip())}"


def place_of(table: TablePlan) -> str:
    """Where a table stands: ``sheet Spend, rows 5 to 9``."""
    within = f"{table.file}, " if table.file else ""
    return f"{within}sheet {table.sheet}, rows {table.first_row} to {table.last_row}"
