"""Whether money follows need, and whether care follows money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mhequity import tables
from mhequity.analysis import counts, need, single_figures, totals
from mhequity.analysis.fair_shares import distance_from_target, fair_share
from mhequity.scope import Scope
from mhequity.statistics import correlation, intervals
from mhequity.workspace import Workspace

RESIDENT, WEIGHTED = "resident", "need-weighted person"
PER = (RESIDENT, WEIGHTED)
"""What money is divided by."""
FEWEST_AREAS = 3


@dataclass(frozen=True)
class Outcome:
    """What money is set against: an activity count (per 1,000 of the heads that money is divided by) or an indicator."""

    name: str
    unit: str
    table: str
    better: str = "neither"

    @property
    def is_share(self) -> bool:
        return self.unit == "share"


def outcomes(workspace: Workspace, scope: Scope) -> list[Outcome]:
    """What can be set against money in this scope and year, shares and other outcomes first."""
    indicators = tables.everyone(workspace.table("indicators"))
    indicators = indicators[indicators.role.isin(["outcome", "access", "experience"]) & indicators.area.isin(scope.system_codes)]
    indicators = totals.of_year(_of_service(indicators, scope), scope.year)
    activity = tables.everyone(workspace.table("activity"))
    activity = totals.of_year(scope.of_service(activity[activity.area.isin(scope.system_codes)]), scope.year)
    found = []
    for measure, rows in indicators.groupby("measure", sort=False):
        unit = str(rows.unit.iloc[0])
        adds_up = unit in counts.UNITS or _is_share_of_counts(rows)
        usable = rows if adds_up else _alone(rows)
        if usable.area.nunique() >= FEWEST_AREAS:
            shown = f"{unit} per 1,000" if unit in counts.UNITS else unit
            found.append(Outcome(str(measure), shown, "indicators", str(rows.better.iloc[0])))
    found.sort(key=lambda outcome: not outcome.is_share)
    for measure, rows in activity.groupby("measure", sort=False):
        if rows.area.nunique() >= FEWEST_AREAS:
            found.append(Outcome(str(measure), "per 1,000", "activity"))
    return found


def _of_service(indicators: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """Indicators of the service in view, and those that are of no one service."""
    narrowed = scope.of_service(indicators)
    return narrowed if len(narrowed) == len(indicators) else pd.concat([narrowed, indicators[indicators.service == ""]])


def spend(workspace: Workspace, scope: Scope, per: str, measure: need.NeedMeasure) -> pd.DataFrame:
    """Money by borough of the system in the scope's year and services.

    Returns
    -------
    DataFrame
        ``area``, ``spend`` (GBP), ``state``, ``heads`` (residents, or need-weighted people), ``spend_per_head`` = spend / heads,
        ``weighted``, ``need_index``, ``fair_share`` = WP_i / total WP x the system's spend (over the boroughs that report),
        ``distance`` = (spend - fair share) / fair share, positive over; ``source``.
    """
    rows = workspace.table("investment")
    rows = totals.of_year(scope.of_service(rows[rows.area.isin(scope.system_codes)]), scope.year)
    money = totals.by_area(rows, "amount_gbp").rename(columns={"total": "spend"})
    weighted = scope.every_borough(workspace.once(need.weighted_population, measure)[["area", "weighted", "need_index", "source"]])
    residents = scope.every_borough(workspace.once(need.population, "resident", scope.year)[["area", "persons", "period", "source"]])
    frame = weighted.merge(residents, on="area", suffixes=("", "_people")).merge(money, left_on="area", right_index=True, how="left")
    frame["state"] = frame["state"].fillna(totals.NO_DATA)
    heads = frame.weighted if per == WEIGHTED else frame.persons
    reports = frame.spend.notna() & frame.weighted.notna()
    fair = fair_share(frame.weighted.where(reports), float(frame.spend[reports].sum()))
    return frame.assign(
        heads=heads,
        spend_per_head=frame.spend / heads,
        fair_share=fair,
        distance=distance_from_target(frame.spend, fair),
        source=frame.source + " " + frame.source_people + " " + " ".join(rows.source.unique()),
    )


def care(workspace: Workspace, scope: Scope, outcome: Outcome, heads: pd.DataFrame) -> pd.DataFrame:
    """The outcome by borough, with its interval.

    Parameters
    ----------
    heads
        ``area``, ``heads``: what an activity count is divided by.

    Returns
    -------
    DataFrame
        Index ``area``; ``outcome`` (share 0 to 1, count per 1,000 heads, or the indicator's own unit), ``outcome_lower``,
        ``outcome_upper`` (Wilson for shares with counts; Byar's or exact Poisson for counts; missing for others),
        ``outcome_state``, ``outcome_source``.
    """
    of_activity = outcome.table == "activity"
    if of_activity or outcome.unit.endswith(" per 1,000"):
        count = counts.by_borough(workspace, scope, outcome.table, outcome.name, "count" if of_activity else "value")
        return _per_1000(count, heads).assign(outcome_source=_joined(count.source))
    rows = tables.everyone(workspace.table(outcome.table))
    rows = rows[(rows.measure == outcome.name) & rows.area.isin(scope.system_codes)]
    rows = totals.of_year(_of_service(rows, scope), scope.year)
    if _is_share_of_counts(rows):
        above, below = (counts.by_borough(workspace, scope, outcome.table, outcome.name, name) for name in ("numerator", "denominator"))
        return _share(above, below).assign(outcome_source=_joined(above.source))
    total = single_figures.by_area(workspace, _alone(rows))
    frame = pd.DataFrame({"outcome": total.total, "outcome_state": total.state}).assign(outcome_lower=np.nan, outcome_upper=np.nan)
    return frame.assign(outcome_source=_joined(rows.source))


def _joined(keys: pd.Series) -> str:
    return " ".join(dict.fromkeys(" ".join(keys).split()))


def _per_1000(count: pd.DataFrame, heads: pd.DataFrame) -> pd.DataFrame:
    """A count by area per 1,000 heads, with the count's interval."""
    people = heads.set_index("area")["heads"].reindex(count.index)
    low, high = intervals.poisson(count.total)
    return pd.DataFrame(
        {
            "outcome": count.total / people * 1000,
            "outcome_lower": low / people * 1000,
            "outcome_upper": high / people * 1000,
            "outcome_state": count.state,
        }
    )


def _share(above: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    """A share by area from its counts, pooled over services; withheld with its numerator or its denominator."""
    low, high = intervals.wilson(above.total, below.total)
    frame = pd.DataFrame({"outcome": above.total / below.total, "outcome_lower": low, "outcome_upper": high}, index=above.index)
    return frame.assign(outcome_state=above.state.where(above.state != totals.OK, below.state))


def _is_share_of_counts(rows: pd.DataFrame) -> bool:
    """True where counts are given and the values are their quotient, as those of a rate per 1,000 or a mean are not."""
    quotient = rows.numerator / rows.denominator
    known = quotient.notna()
    return bool(known.any() and ((rows["value"] - quotient)[known & rows["value"].notna()].abs() <= 0.01).all())


def _alone(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of areas that have one only: values that cannot be added or averaged without their counts."""
    return rows[~rows.area.duplicated(keep=False)]


def spend_and_care(workspace: Workspace, scope: Scope, per: str, measure: need.NeedMeasure, outcome: Outcome) -> pd.DataFrame:
    """Money and care side by side, one row a borough of the system: columns of :func:`spend` and :func:`care`, and ``in_scope``."""
    money = workspace.once(spend, scope.whole, per, measure)
    frame = money.merge(care(workspace, scope, outcome, money), left_on="area", right_index=True, how="left")
    frame["outcome_state"] = frame["outcome_state"].fillna(totals.NO_DATA)
    frame["source"] = frame.source + " " + frame.outcome_source.fillna("")
    return scope.mark(frame)


def complete(frame: pd.DataFrame) -> pd.DataFrame:
    """The boroughs in scope that have both figures: what the scatter shows."""
    return frame[frame.in_scope & frame.spend_per_head.notna() & frame.outcome.notna()]


def link(frame: pd.DataFrame) -> correlation.Correlation:
    """Spearman's rank correlation between money per head and the outcome, over the boroughs in scope."""
    both = complete(frame)
    return correlation.spearman(both.spend_per_head, both.outcome)


def leave_each_out(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with ``rho_without``: the rank correlation of the boroughs in scope with that one left out."""
    both = complete(frame)
    without = pd.Series(correlation.leave_one_out(both.spend_per_head, both.outcome), index=both.index)
    return frame.assign(rho_without=without.reindex(frame.index))


def mover(frame: pd.DataFrame) -> pd.Series | None:
    """The borough whose absence changes the rank correlation most, or None where none can be told.

    Takes what :func:`leave_each_out` gives; a row of it comes back.
    """
    change = (frame.rho_without - link(frame).rho).abs()
    return None if change.dropna().empty else frame.loc[change.idxmax()]


def reference(frame: pd.DataFrame) -> tuple[float, float]:
    """The system's money per head, and the middle (median) outcome, of the boroughs that have both figures."""
    both = frame[frame.spend_per_head.notna() & frame.outcome.notna()]
    per_head = both.spend.sum() / both.heads.sum() if len(both) else np.nan
    return float(per_head), float(both.outcome.median()) if len(both) else np.nan
