"""Totals that a sheet states, checked against what they claim to be the sum of."""

from __future__ import annotations

import re

import numpy as np

from mhequity import areas, periods
from mhequity.reading.applied import HIDDEN, UNKNOWN, Applied, Figures
from mhequity.reading.cells import COMPARATOR, TOTAL, TOTALS
from mhequity.reading.findings import NOTE, Finding, file_name

_MOST_TOTALS = 300
_ADDS_UP = {"population.persons", "investment.amount_gbp", "activity.count", "workforce.established_wte", "workforce.in_post_wte", "waits.seen",
            "waits.within_target", "waits.waiting"}  # fmt: skip
_CLAIMS_ALL = {"Total", "Sum"}


def check(applied: Applied, file: str) -> list[Finding]:
    """A finding for each stated total that its parts do not add up to."""
    return [*_rows(applied, file), *_columns(applied, file)]


def adds_up(figures: Figures) -> bool:
    """True for figures of which a total is the sum: counts, money, staff; never rates and medians."""
    plan = figures.plan
    return plan.meaning in _ADDS_UP or (plan.meaning == "indicators.value" and plan.unit in ("people", "GBP", "WTE"))


def _finding(applied: Applied, file: str, cell: str, seen: str, done: str) -> Finding:
    advice = "Check the total and the figures that it adds up. Totals are never used as figures."
    return Finding(NOTE, file_name(file, applied.grid.file), applied.grid.name, cell, seen, done, advice, "sums")


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _slack(figures: Figures, count: int) -> float:
    """Rounded figures may miss their total by half a unit each; counts by nothing but float noise."""
    if figures.plan.scale > 1:
        return 0.51 * figures.plan.scale * (count + 1)
    whole = np.nanmax(np.abs(figures.value - np.round(figures.value)), initial=0.0) < 1e-9
    return 1e-6 if whole else 0.011 * (count + 1)


def _rows(applied: Applied, file: str) -> list[Finding]:
    totals = np.flatnonzero(applied.apart & ~applied.parts)[:_MOST_TOTALS]
    slots = [slot for slot in applied.slots if not slot.comparator and any(adds_up(each) for each in slot.figures)]
    if not len(totals) or not slots:
        return []
    found = []
    previous = -1
    for row in totals:
        for slot in slots:
            for figures in slot.figures:
                told = _row_mismatch(applied, figures, int(row), previous) if adds_up(figures) else ""
                if told:
                    cell = applied.cell(int(row), figures.plan.column)
                    found.append(_finding(applied, file, cell, figures.strip[int(row)], told))
        previous = int(row)
    return found


def _row_mismatch(applied: Applied, figures: Figures, row: int, previous: int) -> str:
    stated = float(figures.values[row])
    if np.isnan(stated):
        return ""
    if row in applied.adds:
        options = [np.isin(np.arange(len(applied.rows)), applied.adds[row])]
    else:
        # A total also counts the rows that are left out here: of a place to confirm, outside London, or of no known place.
        bases = (~applied.apart, applied.good, ~applied.apart | _of_no_place(applied))
        options = [each for base in bases for each in _spans(_parts(applied, row, base), row, previous)]
    if not options:
        return ""
    sums = [_sum(figures, each) for each in options]
    if any(whole and abs(total - stated) <= _slack(figures, int(each.sum())) for (total, whole), each in zip(sums, options, strict=True)):
        return ""
    # Rows with a missing figure may make up the total: there is no telling.
    if any(not whole and total <= stated + 1e-6 for total, whole in sums):
        return ""
    known = [total for total, whole in sums if whole]
    if known:
        return f"The total says {_number(stated)}; the rows that it adds up make {_number(known[0])}."
    least = min((total for total, _ in sums), default=0.0)
    return f"The total says {_number(stated)}; the rows that it adds up already make {_number(least)}." if least > stated + 1e-6 else ""


def _of_no_place(applied: Applied) -> np.ndarray:
    """True for each row of people whose place nobody knows, which is no total itself."""
    found = np.zeros(len(applied.rows), dtype=bool)
    if "area" in applied.labels:
        labelled = applied.labels["area"]
        found = np.array([meaning.value == areas.NOT_KNOWN for meaning in labelled.meanings], dtype=bool)[labelled.codes]
    for labelled in applied.labels.values():
        found &= ~labelled.where(TOTAL)
    return found


def _sum(figures: Figures, rows: np.ndarray) -> tuple[float, bool]:
    """The sum of rows' figures, and whether every one of them is known."""
    unknown = (figures.where(HIDDEN) | figures.where(UNKNOWN)) & rows
    return float(np.nansum(figures.values[rows])), not unknown.any()


def _spans(parts: np.ndarray | None, row: int, previous: int) -> list[np.ndarray]:
    """The rows that a total may add up: those since the total before it, all above it, or all of the table."""
    if parts is None:
        return []
    between, above = parts.copy(), parts.copy()
    between[: previous + 1] = False
    between[row:] = False
    above[row:] = False
    return [each for each in (between, above, parts) if each.any()]


def _parts(applied: Applied, row: int, base: np.ndarray) -> np.ndarray | None:
    """The rows that a total's other labels agree with; None where it does not claim to be their sum."""
    parts = base.copy()
    for labelled in applied.labels.values():
        meaning = labelled.meanings[int(labelled.codes[row])]
        if meaning.state == COMPARATOR:
            covered = _covered(meaning.value)
            if covered is None:
                return None
            if covered:
                held = {m.value: i for i, m in enumerate(labelled.meanings) if m.value in covered}
                if set(held) != covered:
                    return None
                inside = np.array([m.value in covered for m in labelled.meanings])
                parts &= inside[labelled.codes]
        elif meaning.state != TOTAL and meaning.value:
            same = np.array([m.value == meaning.value for m in labelled.meanings])
            parts &= same[labelled.codes]
    return parts


def _covered(name: str) -> set[str] | None:
    """The boroughs that a comparator adds up, empty for whatever stands above it; None where it is no sum."""
    if name in _CLAIMS_ALL:
        return set()
    if name == areas.LONDON:
        return {area.code for area in areas.boroughs()}
    system = next((area.system for area in areas.systems() if area.name == name), "")
    return {area.code for area in areas.boroughs(system)} if system else None


def _columns(applied: Applied, file: str) -> list[Finding]:
    """Columns of totals, row by row, against the columns that they add up."""
    found = []
    columns = [each.column for each in applied.plan.columns]
    for slot in applied.slots:
        for figures in slot.figures if _is_total(slot.comparator) else ():
            if not adds_up(figures):
                continue
            parts = [
                other for each in applied.slots if each.table is slot.table and not each.comparator
                and all(each.labels.get(key) == value for key, value in slot.labels.items() if key != "comparator" and key in each.labels)
                for other in each.figures if other.plan.meaning == figures.plan.meaning
            ]  # fmt: skip
            parts = _inside(parts, slot.comparator)
            if len(parts) > 1:
                found += _column_mismatch(applied, file, figures, parts, columns)
    return found


def _inside(parts: list[Figures], total: str) -> list[Figures]:
    """Of a quarter's or year's total, the columns of periods inside it, the finest where there are several kinds."""
    whole = periods.parse(re.sub(r" total$", "", total))
    if whole is None or whole.start is None or whole.end is None:
        kinds = {each.plan.labels.get("period", ""): periods.parse(each.plan.labels.get("period", "")) for each in parts}
        return parts if len({found.kind for found in kinds.values() if found}) < 2 else []
    held = [(each, periods.parse(each.plan.labels.get("period", ""))) for each in parts]
    return [
        each for each, period in held if period and period.start and period.end and whole.start <= period.start and period.end <= whole.end
    ]


def _is_total(name: str) -> bool:
    return bool(TOTALS.search(re.sub(r" \([A-Z]+\)$", "", name)))


def _column_mismatch(applied: Applied, file: str, figures: Figures, parts: list[Figures], columns: list[str]) -> list[Finding]:
    before = [each for each in parts if columns.index(each.plan.column) < columns.index(figures.plan.column)]
    wrong = applied.good & ~np.isnan(figures.values)
    for group in filter(None, (parts, before)):
        values = np.column_stack([each.values for each in group])
        unknown = np.isnan(values).any(axis=1)
        off = np.abs(np.nansum(values, axis=1) - figures.values) > _slack(figures, len(group))
        wrong &= off & ~unknown
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return []
    row = int(rows[0])
    total = float(np.nansum([each.values[row] for each in before or parts]))
    more = f" {len(rows):,} rows do not add up." if len(rows) > 1 else ""
    told = f"The total says {_number(float(figures.values[row]))}; the columns that it adds up make {_number(total)}.{more}"
    return [_finding(applied, file, applied.cell(row, figures.plan.column), figures.strip[row], told)]
