"""Indicators as they may be shown where each figure stands for itself, as in a series through time or a list of boroughs.

A figure is left out where the counts behind it are small, and where it would tell one that is hidden: beside the other quarters of its year,
the other boroughs of its system, or the same year on another page. What is left out is so on every page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mhequity import areas, disclosure, periods, tables
from mhequity.analysis import counts, totals
from mhequity.disclosure import Policy, Sum
from mhequity.workspace import Workspace

_COUNTED = frozenset((
    *counts.UNITS, "count", "counts", "number", "persons", "patients", "clients", "children", "adults", "service users", "cases", "users",
    "appointments", "admissions", "attendances", "discharges", "episodes", "visits", "deaths",
))  # fmt: skip
"""Units of values that count people or contacts."""
_NO_COUNT = re.compile(
    r"\b(?:scores?|ranks?|ranking|index|indices|deciles?|quintiles?|percentiles?|rates?|ratio|share|per|percent|percentage|mean|median|average|days?|"
    r"weeks?|months?|hours?|minutes?|years?|wte|fte|cost|spend|spending|price|level|stage|rating)\b|[%£]", re.I,
)  # fmt: skip
"""What a measure without a unit is called where its whole numbers count nobody."""


def one_by_one(workspace: Workspace, rows: pd.DataFrame) -> pd.DataFrame:
    """Those of some indicators that may be shown, counts rounded.

    Parameters
    ----------
    rows
        Rows of the workspace's table of indicators, about everyone, under the index that they have there.

    Returns
    -------
    DataFrame
        The rows less those that must not be shown. Published figures stay as they are.
    """
    parts = [workspace.once(_of_measure, measure) for measure in rows.measure.unique()]
    if not parts:
        return rows
    shown = pd.concat(parts)
    return shown.loc[rows.index[rows.index.isin(shown.index)]]


def by_area(workspace: Workspace, rows: pd.DataFrame) -> pd.DataFrame:
    """Values of areas that have one row each: :func:`mhequity.analysis.totals.by_area`, with those that must not be shown as suppressed."""
    found = totals.by_area(one_by_one(workspace, rows), "value").reindex(rows.area.unique())
    return found.assign(state=found.state.fillna(totals.SUPPRESSED)).rename_axis("area")


def counted(rows: pd.DataFrame) -> pd.Series:
    """True where a value is a count of people or contacts: by its unit, or where there is none, since all values of the measure are whole
    and its name speaks of nothing else."""
    unit = rows.unit.str.strip().str.casefold()
    # A share or rate has its counts beside it.
    bare = rows[["numerator", "denominator"]].isna().all(axis=1) & (unit == "") & ~rows.measure.str.contains(_NO_COUNT)
    whole = (rows["value"].isna() | ((rows["value"] >= 0) & (rows["value"] % 1 == 0))).groupby(rows.measure).transform("all")
    return unit.isin(_COUNTED) | (bare & whole)


def _of_measure(workspace: Workspace, measure: str) -> pd.DataFrame:
    """Every row of a measure about everyone that may be shown."""
    rows = tables.everyone(workspace.table("indicators"))
    rows = rows[rows.measure == measure]
    own = ~workspace.is_published(rows[tables.SOURCE])
    if not own.any() or not workspace.policy.hidden_to:
        return rows
    is_count = own & counted(rows)
    numerator = rows.numerator.where(rows.numerator.notna(), _implied(rows))
    hidden = _kept_back_elsewhere(workspace, rows, measure)
    for column, figures in (
        ("value", rows["value"].where(is_count)), ("numerator", numerator), ("denominator", rows.denominator),
        ("rest", counts.rest(numerator, rows.denominator)),
    ):  # fmt: skip
        hidden |= _hidden(rows, figures, ~own, tables.is_suppressed(rows, column), workspace.policy)
    rounded = pd.Series(disclosure.rounded(rows["value"], workspace.policy), index=rows.index)
    return rows.assign(value=rows["value"].mask(is_count, rounded))[~(hidden & own)]


def _implied(rows: pd.DataFrame) -> pd.Series:
    """The count above the line that a share or rate and its denominator come to."""
    unit = rows.unit.str.strip().str.casefold()
    per = pd.to_numeric(unit.str.extract(r"per ([\d,]+)", expand=False).str.replace(",", ""), errors="coerce")
    per = per.mask(unit == "share", 1.0).mask(unit.isin(["%", "percent", "percentage"]), 100.0)
    return (rows["value"] * rows.denominator / per).round()


def _kept_back_elsewhere(workspace: Workspace, rows: pd.DataFrame, measure: str) -> pd.Series:
    """True for what a year is made up of that pages on a whole year hide."""
    year = rows.period.map({label: periods.containing_year(label) for label in rows.period.unique()})
    columns = [*(["numerator"] if rows.numerator.notna().any() else []), *(["value"] if rows.unit.isin(counts.UNITS).any() else [])]
    found: set[tuple[str, str, str]] = set()
    for each in year[year != ""].unique():
        for column in columns:
            cells = workspace.once(counts.cells, "indicators", measure, each, column)
            held = cells[cells.kept_back & (cells.by == counts.EVERYONE)]
            found |= {(area, service, each) for area, service in zip(held.area, held.service, strict=True)}
    return pd.Series([key in found for key in zip(rows.area, rows.service, year, strict=True)], index=rows.index, dtype=bool)


def _hidden(rows: pd.DataFrame, figures: pd.Series, public: pd.Series, withheld: pd.Series, policy: Policy) -> np.ndarray:
    """Which counts are hidden, where each year's sum and each system's figure are known from elsewhere."""
    at = _places(rows)
    sums: list[Sum] = []
    years: list[float] = []
    for kinds in at.years.values():
        for parts in (kinds.get("quarter", []), kinds.get("month", [])):
            if parts:
                whole = kinds.get("year", [])
                sums.append(Sum(len(rows) + len(years), np.array(parts)))
                years.append(figures.iloc[whole[0]] if len(whole) == 1 else figures.iloc[parts].sum(skipna=False))
    sums += [Sum(whole[0], np.array(parts)) for whole, parts in (*at.quarters.values(), *at.systems.values()) if len(whole) == 1 and parts]
    known = np.append(
        public.to_numpy() | rows.area.isin([area.code for area in areas.systems()]).to_numpy(), np.ones(len(years), dtype=bool)
    )
    small = np.append(withheld.to_numpy(), np.zeros(len(years), dtype=bool))
    return disclosure.hidden(np.append(figures.to_numpy(dtype=float), years), sums, policy, known, small)[: len(rows)]


@dataclass(frozen=True, eq=False)
class _Places:
    """Positions of rows that belong together, by what they have in common."""

    years: dict[tuple[str, ...], dict[str, list[int]]] = field(default_factory=dict)
    """Of a year of an area and service: kind of period to rows."""
    quarters: dict[tuple[str, ...], tuple[list[int], list[int]]] = field(default_factory=dict)
    """The rows of a quarter, or of several months, and those of the parts that make it up."""
    systems: dict[tuple[str, ...], tuple[list[int], list[int]]] = field(default_factory=dict)
    """The system's own rows, and those of its boroughs."""


def _places(rows: pd.DataFrame) -> _Places:
    out = _Places()
    parsed = {label: periods.parse(label) for label in rows.period.unique()}
    known = areas.by_code()
    series_of: dict[tuple[str, ...], list[tuple[int, periods.Period]]] = {}
    for number, row in enumerate(rows[["area", "service", "provider", "team", "period"]].itertuples(index=False)):
        period = parsed[row.period]
        if row.area in known:
            system = (known[row.area].system, row.service, row.provider, row.team, row.period)
            out.systems.setdefault(system, ([], []))[known[row.area].level == "borough"].append(number)
        if period is not None and period.kind in ("months", "month", "quarter"):
            series_of.setdefault((row.area, row.service, row.provider, row.team), []).append((number, period))
        if period is None or period.kind not in ("year", "quarter", "month"):
            continue
        year = (row.area, row.service, periods.containing_year(row.period))
        out.years.setdefault(year, {}).setdefault(period.kind, []).append(number)
        if period.kind != "year":
            series = (row.area, row.service, row.provider, row.team, _quarter_of(period))
            out.quarters.setdefault(series, ([], []))[period.kind == "month"].append(number)
    for key, held in series_of.items():
        for number, period in held:
            if period.kind == "months":
                out.quarters[*key, period.label] = ([number], _parts_of(period, held))
    return out


def _parts_of(whole: periods.Period, held: Sequence[tuple[int, periods.Period]]) -> list[int]:
    """Rows of the months, or else of the quarters, that make up a stretch of months; none where any of it is missing."""
    for kind in ("month", "quarter"):
        inside = [
            (number, each.days)
            for number, each in held
            if each.kind == kind
            and each.start
            and each.end
            and whole.start
            and whole.end
            and whole.start <= each.start
            and each.end <= whole.end
        ]
        if sum(days for _, days in inside) == whole.days:
            return [number for number, _ in inside]
    return []


def _quarter_of(period: periods.Period) -> str:
    """The quarter that a month is in; a quarter itself."""
    assert period.start is not None
    first = period.start
    return periods.quarter(first.year - (first.month < 4), (first.month - 4) % 12 // 3 + 1).label
