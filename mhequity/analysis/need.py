"""How much need each borough has, by each way of measuring it.

A need measure can *weight* a population when it tells how many times the need of one borough is another's: a published
need-weighted population, or a share such as the people on a GP register. Scores around zero or ranks cannot, and only rank.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mhequity import periods, tables
from mhequity.analysis import residents, single_figures
from mhequity.workspace import Workspace

HEADS = "Residents, everyone alike"
"""The need measure that gives every resident the same need."""
WEIGHTED_PEOPLE = "weighted people"


@dataclass(frozen=True)
class NeedMeasure:
    """A way of measuring need.

    ``base`` is whom its weighted population counts: ``registered`` patients or ``resident`` people.
    """

    name: str
    unit: str
    period: str
    base: str
    can_weight: bool
    reference: str
    """What a need index of 1 stands for."""


def need_index(weighted: pd.Series, persons: pd.Series, reference: float = 1.0) -> pd.Series:
    """Need per head over the reference's need per head.

    Parameters
    ----------
    weighted, persons
        Need-weighted population and the population it weights, on the same base (residents or registered patients).
    reference
        Weighted population per head of the reference: 1 for England in NHS England's figures, which sum to England's people.

    Returns
    -------
    Series
        1 = the reference's need; 1.31 = 31 % more.

    Notes
    -----
    (WP_i / POP_i) / (WP_ref / POP_ref), NHS England, ICB place-based allocation tool.
    """
    return weighted / persons / reference


def measures(workspace: Workspace) -> list[NeedMeasure]:
    """The need measures at hand, those that can weight a population first."""
    rows = tables.everyone(workspace.table("indicators"))
    rows = rows[(rows.role == "need") & (rows.service == "") & rows.area.str.startswith("E09")]
    found = []
    for name, group in rows.groupby("measure", sort=False):
        period = best_covered(group)
        unit = str(group.unit.iloc[0])
        weighted = unit == WEIGHTED_PEOPLE
        can = weighted or bool(group.numerator.notna().any())
        reference = "England" if weighted else "London"
        found.append(NeedMeasure(str(name), unit, period, "registered" if weighted else "resident", can, reference))
    everyone = NeedMeasure(HEADS, "people", "", "resident", True, "London")
    return [*sorted(found, key=lambda measure: not measure.can_weight), everyone]


def best_covered(rows: pd.DataFrame) -> str:
    """The period with figures of the most areas, the latest of equals: one newer figure does not push the others out."""
    counts = rows.groupby("period")["area"].nunique()
    return str(max(counts.index, key=lambda label: (counts[label], periods.order(label))))


def weighted_population(workspace: Workspace, measure: NeedMeasure) -> pd.DataFrame:
    """Need-weighted population of each borough.

    Parameters
    ----------
    measure
        One that ``can_weight``.

    Returns
    -------
    DataFrame
        ``area``, ``persons`` (people of the measure's base), ``weighted`` (weighted people), ``need_index``, ``source``
        (keys, separated by spaces). A published weighted population is taken as it is. A share weights residents by
        (n_i / d_i) / (sum n / sum d), so that London's weighted people are about its residents.
    """
    if measure.name == HEADS:
        people = population(workspace, "resident")
        return people.assign(weighted=people.persons, need_index=1.0)[["area", "persons", "weighted", "need_index", "source"]]
    rows = tables.everyone(workspace.table("indicators"))
    rows = rows[(rows.measure == measure.name) & (rows.period == measure.period) & rows.area.str.startswith("E09")]
    rows = single_figures.one_by_one(workspace, rows)
    both = rows.merge(population(workspace, measure.base, measure.period), on="area", suffixes=("", "_people"))
    if measure.unit == WEIGHTED_PEOPLE:
        weighted = both["value"]
        index = need_index(weighted, both.persons)
    else:
        given = both[both.numerator.notna() & both.denominator.notna()]
        index = need_index(both.numerator, both.denominator, given.numerator.sum() / given.denominator.sum())
        weighted = both.persons * index
    sources = both.source.where(both.source == both.source_people, both.source + " " + both.source_people)
    return pd.DataFrame({"area": both.area, "persons": both.persons, "weighted": weighted, "need_index": index, "source": sources})


def population(workspace: Workspace, base: str, period: str = "", age_band: str = "") -> pd.DataFrame:
    """People of each borough: ``area``, ``persons``, ``period``, ``source``.

    For each borough the figure of that base and age band whose period's middle is closest to the middle of ``period`` (the latest,
    where ``period`` is empty or not stated): mid-2019 for 2019/20. Figures for groups of areas or of other ages are never added
    up to stand in.
    """
    rows = workspace.once(residents.population)
    other = [group for group in tables.GROUPS if group != "age_band"]
    mask = (rows.base.replace("", "resident") == base) & (rows.age_band == age_band) & (rows[other] == "").all(axis=1)
    rows = rows[mask & rows.persons.notna() & rows.area.str.startswith("E09")]
    closest = rows[rows.period == rows.area.map(nearest_periods(rows, period))].drop_duplicates("area")
    return closest[["area", "persons", "period", "source"]].sort_values("area", ignore_index=True)


def nearest_periods(rows: pd.DataFrame, period: str = "") -> pd.Series:
    """For each area of ``rows`` (``area``, ``period``) the period whose middle is closest to the middle of ``period``; the latest,
    where that is empty or not stated."""
    middles = {label: _middle(label) for label in rows.period.unique()}
    wanted = _middle(period)
    if wanted == _NO_TIME:
        wanted = max(middles.values(), default=_NO_TIME)
    distance = rows.period.map({label: abs(middle - wanted) for label, middle in middles.items()})
    closest = rows.assign(distance=distance).sort_values("distance", kind="stable").drop_duplicates("area")
    return closest.set_index("area")["period"]


_NO_TIME = -1e9


def _middle(label: str) -> float:
    period = periods.parse(label)
    if period is None or period.start is None or period.end is None:
        return _NO_TIME
    return (period.start.toordinal() + period.end.toordinal()) / 2
