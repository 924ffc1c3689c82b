"""Unmet need by group of people: age band, sex, ethnic group, fifth of areas by deprivation.

Groups are compared only where care and residents are given under the same label. Labels are never merged or split to make them fit:
what does not match is named instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mhequity import tables
from mhequity.analysis import age_bands, counts, need, totals, unmet_need
from mhequity.analysis.residents import population
from mhequity.scope import Scope
from mhequity.statistics import rates
from mhequity.workspace import Workspace

AGE = "age_band"


@dataclass(frozen=True, eq=False)
class Grouped:
    """Care and residents of each group in each borough of a system.

    ``cells``: ``area``, ``group``, ``total`` and ``shown`` (care counted), ``state`` (:mod:`mhequity.analysis.totals`), ``persons``.
    """

    cells: pd.DataFrame
    care_only: tuple[str, ...]
    """Groups that care is given for, and residents are not."""
    people_only: tuple[str, ...]
    """Groups that residents are given for, and care is not. Where all care is compared, ages that are in it already are no such group."""
    periods: tuple[str, ...]
    """What the residents were counted at."""
    age_band: str
    """Age of the residents; empty for all ages, or where the groups are ages themselves."""
    sources: tuple[str, ...]
    """Keys."""

    @property
    def comparable(self) -> int:
        """How many groups have both care and residents somewhere."""
        return int(self.cells.group[self.cells.persons.notna()].nunique())


def groupings(workspace: Workspace, scope: Scope, care: str) -> list[str]:
    """Columns of groups that the care is given by for any borough of the system, those that residents are given by too first."""
    found = counts.groupings(workspace, scope.whole, "activity", care)
    return sorted(found, key=lambda by: workspace.once(grouped, scope.whole, care, by, "").comparable < 2)


def measures_with_groups(workspace: Workspace, scope: Scope) -> list[str]:
    """Measures of care that any borough of the system gives by group in the scope's year and services."""
    rows = workspace.table("activity")
    rows = scope.of_service(rows[rows.area.isin(scope.system_codes) & (rows[list(tables.GROUPS)] != "").any(axis=1)])
    return list(totals.of_year(rows, scope.year).measure.unique())


def grouped(workspace: Workspace, scope: Scope, care: str, by: str, age_band: str = "") -> Grouped:
    """Care of each group beside residents of the same group, for the boroughs of the scope's system.

    Parameters
    ----------
    by
        One of :data:`mhequity.tables.GROUPS`.
    age_band
        Residents of that age are taken where they are given by group; else those of all ages.
    """
    given = counts.by_group(workspace, scope.whole, "activity", care, by)
    people = pd.DataFrame(columns=["area", "group", "persons", "period", "source"])
    age = age_band if by != AGE else ""
    for band in dict.fromkeys((age, "")):
        people, age = residents(workspace, scope, by, band), band
        if len(people):
            break
    matched = people.assign(key=people.group.map(same_label)).drop_duplicates(["area", "key"])
    cells = given.assign(key=given.group.map(same_label)).merge(matched[["area", "key", "persons"]], on=["area", "key"], how="left")
    keys_of_care, keys_of_people = set(cells.key), set(matched.key)
    # A label has one spelling on the page, the one that comes first.
    spelling = cells.drop_duplicates("key").set_index("key")["group"]
    cells = cells.assign(group=cells.key.map(spelling))
    care_only = in_order(spelling[key] for key in keys_of_care - keys_of_people)
    used, others = (matched[matched.key.isin(keys_of_care) == compared] for compared in (True, False))
    if not care_only:
        others = others[~others.group.isin({group for group in others.group for other in set(used.group) if _share_ages(group, other)})]
    known = used if len(used) else others
    return Grouped(
        cells[["area", "group", "total", "shown", "state", "persons"]], care_only, in_order(others.group), tuple(dict.fromkeys(known.period)),
        age, tuple(dict.fromkeys(" ".join([*given.source, *known.source]).split())),
    )  # fmt: skip


def _share_ages(one: str, other: str) -> bool:
    """True where both are age bands and some age is in both."""
    first, second = age_bands.ends(one), age_bands.ends(other)
    return first is not None and second is not None and first[0] <= second[1] and second[0] <= first[1]


def residents(workspace: Workspace, scope: Scope, by: str, age_band: str = "") -> pd.DataFrame:
    """Residents of each group: ``area``, ``group``, ``persons``, ``period``, ``source``.

    For each borough of the system its figures of the period whose middle is closest to that of the scope's year. Rows that speak of
    any other group are left out, and none are added up.
    """
    rows = workspace.once(population)
    others = {name: "" for name in tables.GROUPS if name != by} | ({AGE: age_band} if by != AGE else {})
    mask = (rows.base.replace("", "resident") == "resident") & (rows[by] != "") & rows.persons.notna() & rows.area.isin(scope.system_codes)
    for name, wanted in others.items():
        mask &= rows[name] == wanted
    rows = rows[mask]
    nearest = need.nearest_periods(rows, scope.year)
    rows = rows[rows.period == rows.area.map(nearest)]
    return rows.rename(columns={by: "group"})[["area", "group", "persons", "period", "source"]].reset_index(drop=True)


def same_label(label: str) -> object:
    """What two labels of the same group share: for ages where they begin and end, else the text without case and odd spaces.

    Examples
    --------
    >>> same_label("16-64") == same_label("16 to 64"), same_label("16 to 64") == same_label("18 to 64")
    (True, False)
    """
    ends = age_bands.ends(label)
    return ends if ends and label.strip() and not label.strip().isdigit() else " ".join(label.casefold().split())


def in_order(groups: object) -> tuple[str, ...]:
    """Groups in the order that people expect: ages from the youngest, others by name."""
    listed = list(dict.fromkeys(str(group) for group in groups))  # type: ignore[attr-defined]
    return tuple(sorted(listed, key=lambda group: (age_bands.ends(group) or (np.inf, np.inf), group)))


def rate_by_group(found: Grouped, scope: Scope, confidence: float = 0.95) -> pd.DataFrame:
    """Care per 1,000 residents of each group, over the boroughs in scope, against the system's rate.

    Returns
    -------
    DataFrame
        One row a group that can be compared: columns of :func:`_in_view`, ``rate`` per 1,000 residents of the group with ``lower``
        and ``upper`` (Byar's from 10 events, exact Poisson below), ``system`` = care / residents x 1,000 over all groups that can be
        compared and all boroughs of the system that report them, and ``verdict``: lower or higher than the system's rate only where
        the interval excludes it.
    """
    whole = _both(found)
    system = whole.total.sum() / whole.persons.sum() * 1000 if whole.persons.sum() else np.nan
    frame = _in_view(found, scope)
    rate = rates.crude_rate(frame.total, frame.persons, 1000, confidence)
    verdict = np.where(rate.upper < system, unmet_need.LOWER, np.where(rate.lower > system, unmet_need.HIGHER, unmet_need.SIMILAR))
    known = np.isfinite(rate.value)
    return frame.assign(rate=rate.value, lower=rate.lower, upper=rate.upper, system=system, verdict=np.where(known, verdict, ""))


def gap_by_group(found: Grouped, scope: Scope, prevalence: tuple[float, float, float], own: dict[str, float]) -> pd.DataFrame:
    """The treatment gap of each group, over the boroughs in scope.

    Parameters
    ----------
    prevalence
        Central, low and high, 0 to 1, of every group that has none of its own.
    own
        Group to its prevalence, 0 to 1. Its range is as wide in proportion as that of ``prevalence``.

    Returns
    -------
    DataFrame
        Columns of :func:`_in_view`, ``prevalence``, and those of :func:`mhequity.analysis.unmet_need.treatment_gap`. ``seen`` is as it
        may be shown, and ``gap`` comes from it.
    """
    frame = _in_view(found, scope)
    central, low, high = prevalence
    mine = frame.group.map(own).astype(float).fillna(central)
    people = frame.rename(columns={"group": "area", "state": "why"})
    seen = people.set_index("area")[["total", "why"]].rename(columns={"why": "state"})
    out = unmet_need.treatment_gap(people.drop(columns=["total", "why"]), seen, mine, mine * low / central, mine * high / central)
    rounding = out.shown - out.seen
    moved = {name: out[name] - rounding for name in ("gap", "gap_lower", "gap_upper")}
    return out.rename(columns={"area": "group"}).assign(prevalence=mine, seen=out.shown, **moved)


def left_out(found: Grouped, scope: Scope) -> dict[str, float]:
    """Groups that care is given for, and residents are not, with the care counted in the boroughs in scope as it may be shown."""
    cells = found.cells[found.cells.area.isin(scope.codes)]
    return {group: float(cells.shown[cells.group == group].sum()) for group in found.care_only}


def _in_view(found: Grouped, scope: Scope) -> pd.DataFrame:
    """One row a group that can be compared: ``group``, ``total`` and ``shown`` (care) and ``persons`` over the boroughs in scope that
    give both, ``boroughs`` (how many), ``of`` (how many have the group), ``state`` (why there is no figure)."""
    named = found.cells[~found.cells.group.isin(found.care_only)]
    cells = named[named.area.isin(scope.codes)]
    both = _both_of(cells)
    sums = both.groupby("group")[["total", "shown", "persons"]].sum(min_count=1)
    number, has = (each.groupby("group").area.nunique() for each in (both, cells))
    why = cells.assign(state=cells.state.mask(cells.persons.isna() & (cells.state == totals.OK), unmet_need.NO_PEOPLE))
    missing = why[why.state != totals.OK].groupby("group")["state"].agg(lambda states: states.mode().iloc[0]).to_dict()
    groups = in_order(named.group)
    frame = sums.reindex(list(groups)).rename_axis("group").reset_index()
    return frame.assign(
        boroughs=[int(number.get(group, 0)) for group in groups],
        of=[int(has.get(group, 0)) for group in groups],
        state=[totals.OK if group in number else missing.get(group, totals.NO_DATA) for group in groups],
    )


def _both(found: Grouped) -> pd.DataFrame:
    return _both_of(found.cells)


def _both_of(cells: pd.DataFrame) -> pd.DataFrame:
    return cells[cells.total.notna() & cells.persons.notna()]
