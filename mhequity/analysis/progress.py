"""Whether a strategy is getting where it said it would: what its owner says, beside what the data says."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mhequity import disclosure, periods, tables
from mhequity.analysis import single_figures
from mhequity.statistics import trend
from mhequity.workspace import Workspace

ON, IMPROVING, WORSENING, CANNOT_TELL, NO_TARGET = (
    "on trajectory",
    "off trajectory, improving",
    "off trajectory, not improving",
    "cannot tell",
    "no measure yet",
)
STATUSES = (ON, IMPROVING, WORSENING, CANNOT_TELL, NO_TARGET)
_WORSE = (ON, CANNOT_TELL, IMPROVING, WORSENING)
# What cannot be told of one target takes back the good news of another, never the bad.
RECENT = 8
"""Points that decide whether a series is improving: two years of quarters."""


@dataclass(frozen=True)
class TargetView:
    """A target, its series and what the two say together.

    ``series`` has ``period``, ``time`` (decimal year of the period's end) and ``value``. ``path`` has ``time``, ``value``: the straight
    line from baseline to target. ``projection`` has ``time``, ``value``, ``lower``, ``upper`` (95 % prediction interval), empty
    when no line can be drawn.
    """

    ambition: str
    measure: str
    unit: str
    area: str
    better: str
    baseline: float
    baseline_period: str
    target: float
    target_period: str
    status: str
    why: str
    series: pd.DataFrame
    path: pd.DataFrame
    projection: pd.DataFrame
    sources: tuple[str, ...]


def decimal_year(label: str) -> float:
    """End of a period as a decimal year: the end of 2024/25 is 2025.25."""
    period = periods.parse(label)
    if period is None or period.end is None:
        return float("nan")
    first = pd.Timestamp(period.end.year, 1, 1)
    return period.end.year + ((pd.Timestamp(period.end) - first).days + 1) / (366 if first.is_leap_year else 365)


def series(workspace: Workspace, measure: str, area: str) -> pd.DataFrame:
    """A measure of one area through time, earliest first: ``period``, ``time``, ``value``, ``unit``, ``source``.

    Rows about one group of people only, figures whose period is not stated, and those that disclosure control hides, are left out.
    """
    rows = tables.everyone(workspace.table("indicators"))
    rows = single_figures.one_by_one(workspace, rows[(rows.measure == measure) & (rows.area == area) & rows["value"].notna()])
    rows = rows.assign(time=[decimal_year(label) for label in rows.period])
    return rows.dropna(subset="time").sort_values("time")[["period", "time", "value", "unit", "source"]].reset_index(drop=True)


def trajectory(baseline_time: float, baseline: float, target_time: float, target: float) -> pd.DataFrame:
    """Straight line from baseline to target, a point a year: ``time``, ``value``; the two ends alone where they give no line."""
    if not baseline_time < target_time:
        return pd.DataFrame({"time": [baseline_time, target_time], "value": [baseline, target]})
    time = np.append(np.arange(baseline_time, target_time, 1.0), target_time)
    return pd.DataFrame({"time": time, "value": np.interp(time, [baseline_time, target_time], [baseline, target])})


def computed_status(found: pd.DataFrame, path: pd.DataFrame, target: float, better: str) -> tuple[str, str]:
    """What the data says of a target, and why.

    Parameters
    ----------
    found
        ``time``, ``value``, earliest first.
    path
        ``time``, ``value`` of the trajectory.
    better
        ``higher`` or ``lower``.

    Returns
    -------
    status, why
        One of :data:`STATUSES` and a sentence. A point counts as on trajectory when it is as good as the line at its time, or the
        target is already met. Improving means that the slope over the last eight points (two years of quarters) points the right
        way beyond chance (95 %).
    """
    if path.isna().any(axis=None) or path.time.iloc[0] >= path.time.iloc[-1]:
        return CANNOT_TELL, "The target has no baseline, no figure to reach or no stretch of time to reach it in."
    after = found[found.time > path.time.iloc[0]]
    if len(after) < 2:
        return CANNOT_TELL, "Fewer than two figures since the baseline."
    sign = 1 if better == "higher" else -1
    last = after.iloc[-1]
    expected = float(np.interp(last.time, path.time, path["value"]))
    if sign * (last["value"] - target) >= 0:
        return ON, f"The target is met in the newest figure ({last.period})."
    if sign * (last["value"] - expected) >= 0:
        return ON, f"The newest figure ({last.period}) is as good as the straight line to the target, or better."
    line = trend.fit(found.time.tail(RECENT), found["value"].tail(RECENT))
    if line is None:
        return CANNOT_TELL, "Off the straight line to the target, with too few figures to see a direction."
    towards = line.slope_lower > 0 if sign > 0 else line.slope_upper < 0
    if towards:
        return (
            IMPROVING,
            f"The newest figure ({last.period}) is short of the straight line to the target; the last {line.n} figures improve.",
        )
    return (
        WORSENING,
        f"The newest figure ({last.period}) is short of the straight line to the target; the last {line.n} do not improve beyond chance.",
    )


def project(found: pd.DataFrame, until: float, unit: str) -> pd.DataFrame:
    """Where the last eight figures lead if nothing changes: ``time``, ``value``, ``lower``, ``upper``; empty with too few.

    Counts end at 0 and shares at 0 and 1.
    """
    recent = found.tail(RECENT)
    line = trend.fit(recent.time, recent["value"])
    if line is None:
        return pd.DataFrame(columns=["time", "value", "lower", "upper"], dtype=float)
    if np.isnan(until):
        until = float(found.time.iloc[-1])
    time = np.append(np.arange(found.time.iloc[-1], until, 0.5), until)
    value, lower, upper = line.at(time)
    ceiling = 1.0 if unit == "share" else np.inf
    limit = [np.clip(end, 0.0, ceiling) for end in (value, lower, upper)]
    return pd.DataFrame({"time": time, "value": limit[0], "lower": limit[1], "upper": limit[2]})


def target_views(workspace: Workspace) -> list[TargetView]:
    """Every target of the workspace with its series, trajectory, projection and computed status."""
    return [_view(workspace, target) for target in workspace.table("targets").to_dict("records")]


def _view(workspace: Workspace, target: dict) -> TargetView:
    found = series(workspace, target["measure"], target["area"])
    start, end = decimal_year(target["baseline_period"]), decimal_year(target["target_period"])
    baseline = _baseline(workspace, target, found)
    path = trajectory(start, baseline, end, target["target"])
    status, why = computed_status(found, path, target["target"], target["better"])
    if pd.isna(baseline) and pd.notna(target["baseline"]):
        why = "The baseline rests on a small count, which is hidden."
    unit = str(found.unit.iloc[0]) if len(found) else ""
    return TargetView(
        ambition=target["ambition"],
        measure=target["measure"],
        unit=unit,
        area=target["area"],
        better=target["better"],
        baseline=baseline,
        baseline_period=target["baseline_period"],
        target=target["target"],
        target_period=target["target_period"],
        status=status,
        why=why,
        series=found,
        path=path,
        projection=project(found, end, unit) if len(found) else project(found.assign(time=0.0), end, unit),
        sources=tuple(dict.fromkeys([*found.source, target["source"]])),
    )


def _baseline(workspace: Workspace, target: dict, found: pd.DataFrame) -> float:
    """A target's baseline as it may be shown: missing where its series hides that figure, rounded where it counts people."""
    stated = float(target["baseline"])
    rows = tables.everyone(workspace.table("indicators"))
    rows = rows[(rows.measure == target["measure"]) & ~workspace.is_published(rows[tables.SOURCE])]
    if rows.empty or not workspace.policy.hidden_to:
        return stated
    here = rows[(rows.area == target["area"]) & (rows.period == target["baseline_period"])]
    counted = bool(single_figures.counted(rows).all())
    if (len(here) and target["baseline_period"] not in set(found.period)) or (counted and disclosure.is_small(stated, workspace.policy)):
        return float("nan")
    return float(disclosure.rounded(stated, workspace.policy)) if counted else stated


def ambitions(workspace: Workspace) -> pd.DataFrame:
    """The ambitions with ``computed_status`` (the worst of their targets') and ``conflict`` beside what their owner says.

    A conflict is a stated green with a computed "off trajectory", or a stated red with "on trajectory".
    """
    frame = workspace.table("ambitions")
    worst = {}
    for view in sorted(workspace.once(target_views), key=lambda view: _WORSE.index(view.status)):
        worst[view.ambition] = view.status
    status = frame.ambition.map(worst).fillna(NO_TARGET)
    off = status.isin([IMPROVING, WORSENING])
    conflict = ((frame.stated_rating == "green") & off) | ((frame.stated_rating == "red") & (status == ON))
    return frame.assign(computed_status=status, conflict=conflict)
