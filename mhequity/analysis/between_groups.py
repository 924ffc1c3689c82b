"""How much a measure differs between groups of people: by deprivation, ethnic group, age and sex."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mhequity import areas, disclosure, periods, tables
from mhequity.analysis import counts, residents, totals
from mhequity.analysis.variation import SHARE, VALUE, Measure
from mhequity.scope import Scope
from mhequity.statistics import inequality, slope_index, slope_index_heat
from mhequity.statistics.groups import FEWEST
from mhequity.workspace import Workspace

BY = {"deprivation_quintile": "Deprivation", "ethnic_group": "Ethnic group", "age_band": "Age", "sex": "Sex"}
"""Grouping columns, the ones with a slope first, and what they are called."""
ORDERED = ("deprivation_quintile",)
"""Groupings that run from disadvantage to advantage, so that a slope through them has a meaning. Age has an order, but neither end is
the disadvantaged one."""
IN_ORDER = (*ORDERED, "age_band")
"""Groupings that are shown in their order; the others from the best figure down."""
OHID, HEAT = "OHID, straight line", "WHO HEAT, logit curve"
FORMS = (OHID, HEAT)
_QUINTILES = {"1": "Fifth 1 (most deprived)", "5": "Fifth 5 (least deprived)"}


@dataclass(frozen=True, eq=False)
class Groups:
    """A measure by group.

    ``rows`` has a row a group: ``name``, ``place`` (its order), ``count``, ``shown``, ``base``, ``base_shown``, ``value``, ``state``. The groups
    are those of ``boroughs`` (codes) put together; ``left_out`` are boroughs in view that do not give every one of them.
    """

    rows: pd.DataFrame
    boroughs: tuple[str, ...]
    left_out: tuple[str, ...]
    source: str = ""


def groupings(workspace: Workspace, scope: Scope, measure: Measure) -> list[str]:
    """Grouping columns that the measure is given by in the scope's year and service, with something to divide by."""
    if measure.kind == VALUE:
        return []
    found = counts.groupings(workspace, scope, measure.table, measure.name, measure.column)
    if not measure.has_base:
        found = [by for by in found if _shared(workspace, scope, measure, by) >= FEWEST]
    return [by for by in BY if by in found]


def _shared(workspace: Workspace, scope: Scope, measure: Measure, by: str) -> int:
    """How many groups the measure and the population have in common."""
    counted = counts.by_group(workspace, scope, measure.table, measure.name, by, measure.column)
    return len(set(counted.group) & set(people(workspace, by).group))


def why_no_groups(workspace: Workspace, scope: Scope, measure: Measure) -> tuple[str, str]:
    """Why groups cannot be compared, as a sentence, and the table to upload."""
    if measure.kind == VALUE:
        return (
            "This measure comes without counts, so groups of people cannot be compared beyond chance: bring it with numerator and denominator.",
            "indicators",
        )
    if not measure.has_base and counts.groupings(workspace, scope, measure.table, measure.name, measure.column):
        return (
            "This count is given by group, but the people of each group that it would be divided by are not: bring rows of population with the "
            "same groups (sex, age_band, ethnic_group or deprivation_quintile).",
            "population",
        )
    return (
        "This measure is given for everyone together only: bring the same rows by group, with sex, age_band, ethnic_group or "
        "deprivation_quintile filled in.",
        measure.table,
    )


def people(workspace: Workspace, by: str) -> pd.DataFrame:
    """Residents of each borough by group, of the period that covers most boroughs: ``area``, ``group``, ``total``, ``state``, ``source``,
    ``period``. Figures that cross two groupings are left out."""
    rows = workspace.once(residents.population)
    others = [name for name in tables.GROUPS if name != by]
    rows = rows[(rows[by] != "") & (rows[others] == "").all(axis=1) & (rows.base != "registered")]
    rows = rows[rows.area.isin([area.code for area in areas.boroughs()])].rename(columns={by: "group", "persons": "total"})
    covered = rows.groupby("period")["area"].nunique()
    label = max(covered.index, key=lambda each: (covered[each], periods.order(each)), default="")
    rows = rows[rows.period == label]
    state = pd.Series(totals.OK, rows.index, dtype="str").mask(rows.total.isna(), totals.MISSING)
    state = state.mask(tables.is_suppressed(rows, "persons"), totals.SUPPRESSED)
    return rows.assign(state=state)[["area", "group", "total", "state", "source", "period"]]


def period_of_people(workspace: Workspace, by: str) -> str:
    """The period of :func:`people`."""
    return next(iter(people(workspace, by).period), "")


def by_group(workspace: Workspace, scope: Scope, measure: Measure, by: str) -> Groups:
    """The measure for each group, of the boroughs in scope put together.

    Only boroughs that give every group count, so that groups are compared over the same places; a group that fewer than half of the
    boroughs give is left out first, and stands in ``rows`` with the reason. Counts that disclosure control hides are part of nothing.
    """
    above = counts.by_group(workspace, scope, measure.table, measure.name, by, measure.column)
    below = counts.by_group(workspace, scope, measure.table, measure.name, by, "denominator") if measure.has_base else people(workspace, by)
    both = above.merge(below.drop(columns="period", errors="ignore"), on=["area", "group"], how="left", suffixes=("", "_below"))
    both = both[both.area.isin(scope.codes)]
    state = both.state.where(both.state != totals.OK, both.state_below.fillna(totals.MISSING))
    both = both.assign(state=state, given=(state == totals.OK) & (both.total_below > 0))
    kept, boroughs = _complete(both)
    used = both[both.group.isin(kept) & both.area.isin(boroughs)]
    known = used.groupby("group")[["total", "total_below"]].sum()
    rows = pd.DataFrame({"group": both.group.unique()}).merge(known, left_on="group", right_index=True, how="left")
    why = (
        both[~both.given]
        .groupby("group", sort=False)["state"]
        .agg(lambda states: totals.SUPPRESSED if (states == totals.SUPPRESSED).any() else totals.MISSING)
    )
    rows = rows.assign(
        name=[called(by, group) for group in rows.group], place=[place(group) for group in rows.group], count=rows.total, base=rows.total_below,
        shown=_shown(workspace, used.source, rows.total), base_shown=_shown(workspace, used.source_below, rows.total_below), value=rows.total / rows.total_below * measure.per,
        state=rows.group.map(why).where(rows.total.isna(), "").fillna(totals.MISSING),
    )  # fmt: skip
    left_out = tuple(code for code in scope.codes if code in set(both.area) - set(boroughs))
    sources = " ".join(dict.fromkeys(" ".join([*both.source, *both.source_below.dropna()]).split()))
    columns = ["name", "place", "count", "shown", "base", "base_shown", "value", "state"]
    return Groups(rows.sort_values(["place", "name"], ignore_index=True)[columns], tuple(boroughs), left_out, sources)


def _shown(workspace: Workspace, sources: pd.Series, total: pd.Series) -> pd.Series:
    """Sums as they may stand on screen: rounded after summing, but for those of published counts alone."""
    public = workspace.is_published(pd.Series(" ".join(sources.dropna()).split(), dtype="str")).all()
    return total if public else pd.Series(disclosure.rounded(total, workspace.policy), index=total.index)


def _complete(both: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Groups that at least half of the boroughs give, and the boroughs that give all of those."""
    given = both[both.given]
    number = both.area.nunique()
    by_group = given.groupby("group", sort=False)["area"].nunique()
    kept = [str(group) for group in by_group[by_group * 2 >= number].index]
    in_each = given[given.group.isin(kept)].groupby("area", sort=False)["group"].nunique()
    return kept, [str(area) for area in in_each[in_each == len(kept)].index]


def called(by: str, group: str) -> str:
    """A group as it stands on a chart: ``Fifth 1 (most deprived)``, ``Female``, ``16 to 25``."""
    if by == "deprivation_quintile":
        return _QUINTILES.get(group, f"Fifth {group}")
    return group[:1].upper() + group[1:]


def place(group: str) -> float:
    """Where a group stands in order, by the first number in its name; those without one stand last."""
    number = re.search(r"\d+", group)
    return float(number.group()) - 0.5 * group.lower().startswith("under") if number else np.inf


def measures_of_inequality(rows: pd.DataFrame, measure: Measure, by: str, form: str = OHID, confidence: float = 0.95) -> pd.DataFrame:
    """How unequal the groups are, in a few figures: an absolute and a relative one at least.

    Parameters
    ----------
    rows
        ``value``, ``base``, ``lower``, ``upper`` (interval at ``confidence``), in order; what :func:`mhequity.analysis.variation.compare` gives.
    form
        One of :data:`FORMS`: how the line through ordered groups is drawn.

    Returns
    -------
    DataFrame
        ``key`` and ``name`` of the measure of inequality, ``value``, ``lower``, ``upper``, ``unit``. For deprivation the slope and relative index of inequality, and
        difference and ratio between least and most deprived; for groups without such an order those between best and worst, and the
        index of disparity (which has no interval: chance alone keeps it above 0). Figures of a share are in shares, not points.
    """
    rows = rows[rows["value"].notna()]
    ordered = by in ORDERED
    errors = slope_index.standard_error_from_limits(rows.lower, rows.upper, confidence=confidence)
    found = [_slope(rows, measure, form, confidence)] if ordered else []
    for key in ("difference", "ratio", *(() if ordered else ("index_of_disparity_weighted",))):
        one = inequality.inequality(
            key, rows["value"], rows.base, errors, order=rows.place if ordered else None, higher_is_better=measure.higher_is_better,
            scale=measure.per, confidence=confidence,
        )  # fmt: skip
        found.append(pd.DataFrame([_row(one.measure, one.value, one.lower, one.upper)]))
    return pd.concat(found, ignore_index=True)


def _slope(rows: pd.DataFrame, measure: Measure, form: str, confidence: float) -> pd.DataFrame:
    if form == HEAT:
        line = slope_index_heat.heat_logit(rows["value"], rows.base, order=rows.place, scale=measure.per, confidence=confidence)
    else:
        kind: slope_index.ValueType = "proportion" if measure.kind == SHARE else "rate"
        there = slope_index.standard_error_from_limits(rows.lower, rows.upper, kind, confidence)
        line = slope_index.slope_index(
            rows["value"], rows.base, order=rows.place, standard_errors=there, value_type=kind, confidence=confidence
        )
    slope, relative = (inequality.measure_of(key) for key in ("slope_index", "relative_index"))
    return pd.DataFrame([_row(slope, line.sii, line.sii_lower, line.sii_upper), _row(relative, line.rii, line.rii_lower, line.rii_upper)])


def _row(one: inequality.Measure, value: float, lower: float, upper: float) -> dict[str, object]:
    return {"key": one.key, "name": one.name, "value": value, "lower": lower, "upper": upper, "unit": one.unit}
