"""Counts of people and contacts by borough, service and group, as they may be shown.

Whatever a visitor chooses, its counts are cells of one table, which is protected as a whole: so two choices never differ by a count that
is hidden.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mhequity import areas, disclosure, tables
from mhequity.analysis import totals
from mhequity.analysis.age_bands import put_together
from mhequity.scope import ALL_SERVICES, Scope
from mhequity.workspace import Workspace

EVERYONE = ""
"""Value of ``by`` and ``group`` for rows about all people."""
UNITS = ("people", "contacts", "bed days", "placements", "referrals")
"""Units of indicators that are counts: they add up over a year's quarters, and are shown per 1,000 heads."""
_KEYS = ["area", "service", "by", "group"]
_SHARE, _REST = ("numerator", "denominator"), "rest"
_AGE = "age_band"


def cells(workspace: Workspace, table: str, measure: str, year: str, column: str = "count") -> pd.DataFrame:
    """Every count of a measure in a year that any view may show.

    Parameters
    ----------
    table, measure
        A table with a ``measure`` column, and one of its measures.
    year
        Financial year; quarters and months are added up where they make it whole.
    column
        The number column to add up. Where it is one of a share's two, a cell is hidden in both or in neither, and also where those who are
        below the line and not above it (the people who were not seen in time, say) are so few.

    Returns
    -------
    DataFrame
        One row for each London borough, service (``All services`` for their sum) and group (``by`` names the grouping column, empty
        for everyone): ``total``, missing unless it may be shown and every part of it is given; ``shown``, the same rounded;
        ``state`` as in :mod:`mhequity.analysis.totals`; ``source`` (keys, separated by spaces, of the borough's rows); ``kept_back``, True
        where a total that is given is hidden.
    """
    rows = _rows(workspace, table, measure, year)
    frame = _summed(rows, column)
    hidden = workspace.once(_hidden_of_share, table, measure, year) if column in _SHARE else _hidden(workspace, frame)
    total = frame.total.mask(hidden)
    shown = pd.Series(disclosure.rounded(total, workspace.policy), index=frame.index).where(~frame.public, total)
    sources = rows.groupby("area", sort=False)[tables.SOURCE].agg(lambda keys: " ".join(keys.unique()))
    out = frame.assign(
        total=total, shown=shown, state=frame.state.mask(hidden, totals.SUPPRESSED), source=frame.area.map(sources).astype("str"),
        kept_back=hidden & frame.total.notna(),
    )  # fmt: skip
    return out[~out.area.isin(_systems())].drop(columns="known").reset_index(drop=True)


def _rows(workspace: Workspace, table: str, measure: str, year: str) -> pd.DataFrame:
    """The rows of a measure that make up a year, with ``by``, ``group`` and ``public``: of boroughs, and of systems, whose figures tell a
    borough's where those of all others are shown."""
    rows = workspace.table(table)
    rows = rows[(rows.measure == measure) & rows.area.isin([area.code for area in areas.all_areas()])]
    rows = _grouped(totals.of_year(rows, year))
    rows = rows.assign(public=workspace.is_published(rows[tables.SOURCE]))
    # No view shows a system's groups.
    return rows[rows.public | (rows.by == EVERYONE) | ~rows.area.isin(_systems())]


def _hidden_of_share(workspace: Workspace, table: str, measure: str, year: str) -> np.ndarray:
    """Which cells of a share are hidden: where those above the line, those below it, or those below and not above, must be."""
    rows = _rows(workspace, table, measure, year)
    rows = rows.assign(**{_REST: rest(rows.numerator, rows.denominator)})
    return np.logical_or.reduce([_hidden(workspace, _summed(rows, column)) for column in (*_SHARE, _REST)])


def rest(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Those who are below the line and not above it; missing where more are above than below, as contacts of people are."""
    return (denominator - numerator).where(denominator >= numerator)


def _hidden(workspace: Workspace, frame: pd.DataFrame) -> np.ndarray:
    withheld = frame.total.isna() & (frame.state == totals.SUPPRESSED) & (frame.service != ALL_SERVICES)
    return disclosure.hidden(frame.total, _sums(frame), workspace.policy, frame.known, withheld)


def by_borough(workspace: Workspace, scope: Scope, table: str, measure: str, column: str = "count") -> pd.DataFrame:
    """Counts of everyone in the scope's year and service, for the boroughs of its system: ``cells`` by ``area``."""
    frame = of_service(workspace.once(cells, table, measure, scope.year, column), scope)
    return frame[frame.by == EVERYONE].set_index("area")[["total", "shown", "state", "source"]]


def by_group(workspace: Workspace, scope: Scope, table: str, measure: str, by: str, column: str = "count") -> pd.DataFrame:
    """Counts of each group in the scope's year and service: ``area``, ``group``, ``total``, ``shown``, ``state``, ``source``."""
    frame = of_service(workspace.once(cells, table, measure, scope.year, column), scope)
    return frame[frame.by == by][["area", "group", "total", "shown", "state", "source"]].reset_index(drop=True)


def of_service(frame: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """The cells of the service in view, in the boroughs of the scope's system; of no one service where a measure is of none."""
    frame = frame[frame.area.isin(scope.system_codes)]
    own = frame[frame.service == scope.service]
    return own if len(own) else frame[frame.service == ""]


def groupings(workspace: Workspace, scope: Scope, table: str, measure: str, column: str = "count") -> list[str]:
    """Grouping columns (age band, sex, ethnic group, deprivation) that the measure is given by, in the scope's year and service."""
    frame = of_service(workspace.once(cells, table, measure, scope.year, column), scope)
    return [by for by in tables.GROUPS if (frame.by == by).any()]


def _grouped(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows about everyone or one group, with ``by`` and ``group``. Those that cross two groups are left out: no view shows them."""
    groups = [name for name in tables.GROUPS if name in rows]
    given = rows[groups].ne("")
    rows = rows[given.sum(axis=1) <= 1]
    by = pd.Series(EVERYONE, index=rows.index, dtype="str")
    group = by.copy()
    for name in groups:
        mine = rows[name] != ""
        by, group = by.mask(mine, name), group.mask(mine, rows[name])
    return rows.assign(by=by, group=group)


def _summed(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Cells of each service, then of all services together: ``total``, ``state``, ``public``, and ``known`` where everyone may know it."""
    parts = []
    for each in (rows, rows.assign(service=ALL_SERVICES)):
        frame = totals.summed(each, column, _KEYS).reset_index()
        parts.append(frame.assign(public=each.groupby(_KEYS, sort=False)["public"].all().to_numpy(dtype=bool)))
    frame = pd.concat(parts, ignore_index=True)
    return frame.assign(known=frame.public | frame.area.isin(_systems()))


def _systems() -> list[str]:
    return [area.code for area in areas.systems()]


def _sums(frame: pd.DataFrame) -> list[disclosure.Sum]:
    """Which cells are totals of which: all services of each, everyone of the groups, a system of its boroughs."""
    keys = list(zip(frame.area, frame.service, frame.by, frame.group, strict=True))
    at = {key: number for number, key in enumerate(keys)}
    system = {area.code: area.system for area in areas.all_areas()}
    whole = {area.system: area.code for area in areas.systems()}
    parts: dict[tuple[str, ...], dict[str, int]] = {}
    for number, (area, service, by, group) in enumerate(keys):
        if service != ALL_SERVICES:
            parts.setdefault(("service", area, ALL_SERVICES, by, group), {})[service] = number
        if by != EVERYONE:
            parts.setdefault((by, area, service, EVERYONE, EVERYONE), {})[group] = number
        if area not in whole.values():
            parts.setdefault(("area", whole[system[area]], service, by, group), {})[area] = number
    out = []
    for (kind, area, service, by, group), members in parts.items():
        bands = put_together(tuple(members)) if kind == _AGE else ((EVERYONE, tuple(members)),)
        for name, listed in bands:
            total = members[name] if name else at.get((area, service, by, group))
            if total is not None:
                out.append(disclosure.Sum(total, np.array([members[each] for each in listed])))
    return out
