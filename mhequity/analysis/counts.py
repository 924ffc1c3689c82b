"""Counts of people and contacts by borough, service and group, as they may be shown.

Whatever a visitor chooses, its counts are cells of one table, which is protected as a whole: so two choices never differ by a count that
is hidden.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mhequity import areas, disclosure, periods, tables
from mhequity.analysis import totals
from mhequity.scope import ALL_SERVICES, Scope
from mhequity.workspace import Workspace

EVERYONE = ""
"""Value of ``by`` and ``group`` for rows about all people."""
UNITS = ("people", "contacts", "bed days", "placements", "referrals")
"""Units of indicators that are counts: they add up over a year's quarters, and are shown per 1,000 heads."""
_KEYS = ["area", "service", "by", "group"]


def cells(workspace: Workspace, table: str, measure: str, year: str, column: str = "count") -> pd.DataFrame:
    """Every count of a measure in a year that any view may show.

    Parameters
    ----------
    table, measure
        A table with a ``measure`` column, and one of its measures.
    year
        Financial year; quarters and months are added up where they make it whole.
    column
        The number column to add up.

    Returns
    -------
    DataFrame
        One row for each London borough, service (``All services`` for their sum) and group (``by`` names the grouping column, empty
        for everyone): ``total``, missing unless it may be shown and every part of it is given; ``shown``, the same rounded;
        ``state`` as in :mod:`mhequity.analysis.totals`; ``source`` (keys, separated by spaces, of the borough's rows).
    """
    rows = workspace.table(table)
    rows = rows[(rows.measure == measure) & rows.area.isin([area.code for area in areas.boroughs()])]
    rows = _grouped(totals.of_year(rows, year))
    rows = rows.assign(public=workspace.is_published(rows[tables.SOURCE]))
    each = _summed(rows, column)
    whole = _summed(rows.assign(service=ALL_SERVICES), column)
    frame = pd.concat([each, whole], ignore_index=True)
    hidden = disclosure.hidden(frame.total, _sums(frame), workspace.policy, frame.public)
    total = frame.total.mask(hidden)
    shown = pd.Series(disclosure.rounded(total, workspace.policy), index=frame.index).where(~frame.public, total)
    sources = rows.groupby("area", sort=False)[tables.SOURCE].agg(lambda keys: " ".join(keys.unique()))
    return frame.assign(
        total=total, shown=shown, state=frame.state.mask(hidden, totals.SUPPRESSED), source=frame.area.map(sources).astype("str")
    )


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


def one_by_one(workspace: Workspace, indicators: pd.DataFrame) -> pd.DataFrame:
    """Rows of indicators as they may be shown where each stands for itself, as in a series through time.

    Small counts of a person's own, and shares whose numerator is one, are left out, and so is the next smallest quarter or month where
    the year would tell the hidden one. Counts are rounded.
    """
    indicators = indicators.reset_index(drop=True)
    own = ~workspace.is_published(indicators[tables.SOURCE])
    counted = own & indicators.unit.isin(UNITS)
    small = own & disclosure.is_small(indicators.numerator, workspace.policy)
    value = indicators["value"].mask(counted, pd.Series(disclosure.rounded(indicators["value"], workspace.policy), index=indicators.index))
    hidden = pd.Series(False, index=indicators.index)
    hidden[counted] = _hidden_in_years(indicators[counted], workspace.policy)
    return indicators.assign(value=value)[~(small | hidden)]


def _hidden_in_years(rows: pd.DataFrame, policy: disclosure.Policy) -> np.ndarray:
    """Which counts are hidden, where each year's sum is known from another page."""
    year = rows.period.map({label: periods.containing_year(label) for label in rows.period.unique()})
    at = pd.Series(np.arange(len(rows)), index=rows.index)
    parts = [held.to_numpy() for _, held in at[year != ""].groupby([rows.area, rows.measure, rows.service, year], sort=False)]
    years = [rows["value"].to_numpy()[held].sum() for held in parts]
    sums = [disclosure.Sum(len(rows) + number, held) for number, held in enumerate(parts)]
    known = np.arange(len(rows) + len(years)) >= len(rows)
    return disclosure.hidden([*rows["value"], *years], sums, policy, known)[: len(rows)]


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
    frame = totals.summed(rows, column, _KEYS).reset_index()
    public = rows.groupby(_KEYS, sort=False)["public"].all()
    return frame.assign(public=public.to_numpy(dtype=bool))


def _sums(frame: pd.DataFrame) -> list[disclosure.Sum]:
    """Which cells are totals of which: all services of each, everyone of the groups."""
    at = pd.Series(np.arange(len(frame)), index=frame.index)
    out = []
    for key, whole in ((["area", "by", "group"], frame.service == ALL_SERVICES), (["area", "service"], frame.by == EVERYONE)):
        totals_at = {
            _tuple(label): int(cell)
            for label, cell in at[whole].groupby([frame.loc[whole, name] for name in key], sort=False).first().items()
        }
        parts = frame[~whole]
        kinds = [*key, "by"] if "by" not in key else key
        for label, members in parts.groupby(kinds, sort=False).groups.items():
            total = totals_at.get(_tuple(label)[: len(key)])
            if total is not None:
                out.append(disclosure.Sum(total, at.loc[members].to_numpy(dtype=np.int64)))
    return out


def _tuple(label: object) -> tuple[object, ...]:
    return label if isinstance(label, tuple) else (label,)
