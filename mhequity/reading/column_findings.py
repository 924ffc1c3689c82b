"""What is said about whole columns: those that are not used, and how the figures and dates of the others were read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from mhequity import periods
from mhequity.reading import decimal_commas
from mhequity.reading.companions import CODES
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding
from mhequity.reading.form_findings import about_forms
from mhequity.reading.plans import FIGURES, OUTSIDE, ColumnPlan
from mhequity.reading.set_aside_findings import TOLD
from mhequity.reading.teller import Teller
from mhequity.tables import kind

_SURE = 0.9
_OTHER_UNIT = "Change the unit here if that is wrong."


def about_columns(teller: Teller) -> list[Finding]:
    """Columns not used, columns without a heading, units and ways of writing that were decided for a whole column."""
    columns = teller.plan.columns
    used = [finding for each in columns if each.meaning for finding in _about_used(teller, each)]
    return [*_not_used(teller, [each for each in columns if not each.meaning]), *used, *about_forms(teller)]


def _not_used(teller: Teller, spare: Sequence[ColumnPlan]) -> Iterator[Finding]:
    used = {each.heading.casefold() for each in teller.plan.columns if each.meaning}
    for each in spare:
        if each.heading and each.heading.casefold() in used:
            done, advice = "The heading is there twice; the first column was used.", "Delete or rename one of the two columns."
            yield teller.finding("unused columns", BLOCKED, teller.heading_cell(each), each.heading, done, advice)
    outside = [each for each in spare if each.why == OUTSIDE]
    if outside:
        done = f"Places outside London: {len(outside):,} column{'s' if len(outside) > 1 else ''} left out."
        yield teller.finding("outside London", NOTE, teller.heading_cell(outside[0]), _headings(outside), done)
    codes = [each for each in spare if each.why == CODES]
    if codes:
        done = "Codes, types or sort orders of what the columns beside them name, not figures: not used."
        seen = _headings(codes) or "Numbers without a heading"
        yield teller.finding(
            "unused columns", NOTE, teller.heading_cell(codes[0]), seen, done, "Say what one means if it does count something."
        )
    spare = [each for each in spare if each.why != CODES]
    rest = [each for each in spare if each.heading and each.heading.casefold() not in used and each.why not in (OUTSIDE, *TOLD)]
    if rest:
        done = f"The table {kind(teller.plan.kind).title} has no such columns: not used."
        advice = "Nothing, unless one of them is a heading spelled in another way: then say what it means."
        yield teller.finding("unused columns", NOTE, teller.heading_cell(rest[0]), _headings(rest), done, advice)
    for each in spare:
        if not each.heading and len(filled := np.flatnonzero(~teller.strip(each).blank)):
            cell = teller.applied.cell(int(filled[0]), each.column)
            yield teller.finding("unused columns", NOTE, cell, "", "Values without a heading: not used.", "Give the column a heading.")


def _headings(columns: Sequence[ColumnPlan]) -> str:
    return ", ".join(each.heading for each in columns)[:300]


def _about_used(teller: Teller, column: ColumnPlan) -> list[Finding]:
    found = list(_about_unit(teller, column)) if column.meaning in FIGURES else []
    if column.meaning in FIGURES:
        found += _about_decimal_comma(teller, column)
    if column.meaning in ("period", "date"):
        found += _about_day_first(teller, column)
    if 0 < column.confidence < _SURE and not teller.plan.exact and column.meaning != "indicators.value":
        why = f", {column.why}" if column.why else ""
        done = f"Taken for {column.meaning.replace('.', ': ')} ({column.confidence:.0%} sure{why})."
        advice = "Change what the column means here if that is wrong."
        found.append(teller.finding("likeness", NOTE, teller.heading_cell(column), column.heading, done, advice))
    return found


def _about_unit(teller: Teller, column: ColumnPlan) -> Iterator[Finding]:
    cell, heading = teller.heading_cell(column), column.heading
    if column.scale not in (1.0, 0.01):
        unit = {"GBP": "pounds", "%": "percent"}.get(column.unit, "units")
        done = f"Figures under this heading were multiplied by {column.scale:,.10g}, to be in {unit}."
        yield teller.finding("units", FIXED, cell, heading, done, _OTHER_UNIT)
    if column.scale == 0.01:
        done = "Percentages, read as shares: 12.5 under this heading is 12.5%."
        yield teller.finding("units", FIXED, cell, heading, done, _OTHER_UNIT)
    if column.unit == "share" and column.scale == 1 and column.why.startswith("no figure"):
        yield teller.finding("units", NOTE, cell, heading, f"Read as shares: {column.why}.", _OTHER_UNIT)


def _about_decimal_comma(teller: Teller, column: ColumnPlan) -> list[Finding]:
    """That a column's figures have a decimal comma, or, in a file that speaks for it, that they were taken not to have one."""
    if not column.decimal_comma and teller.applied.grid.separator != decimal_commas.SEMICOLON:
        return []
    strip, cell = teller.strip(column), teller.heading_cell(column)
    example = decimal_commas.example_of(strip.with_decimal_comma() if column.decimal_comma else strip)
    if example is None:
        return []
    seen = column.heading if teller.private else example.text
    advice = "Change how its figures are written here if that is wrong."
    if column.decimal_comma:
        done = f"Figures in this column were read with a decimal comma: this is {example.continental:,.10g}."
        return [teller.finding("decimal commas", FIXED, cell, seen, done, advice)]
    done = f"Figures in this column were read as in the UK: this is {example.british:,.10g}. With a decimal comma it is {example.continental:,.10g}."
    return [teller.finding("decimal commas", NOTE, cell, seen, done, advice)]


def _about_day_first(teller: Teller, column: ColumnPlan) -> list[Finding]:
    texts = [text for text in teller.strip(column).texts[:500] if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text)]
    if not texts:
        return []
    _, ambiguous = periods.decide_day_first(texts)
    if column.day_first and not ambiguous:
        return []
    order = "day first, as in the UK" if column.day_first else "month first, as in the US"
    why = "" if ambiguous else " because no other order fits all of them"
    done = f"Dates in this column were read {order}{why}."
    return [
        teller.finding(
            "dates", NOTE, teller.heading_cell(column), texts[0], done, "Change the order of day and month here if that is wrong."
        )
    ]
