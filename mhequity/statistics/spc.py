"""XmR charts (individual values and moving ranges) as NHS England's Making Data Count draws them.

``limits`` and the rules beside this module (``spc_rules``, ``spc_icons``) follow the published formulas to the letter; ``chart``
puts them together and holds back what a series is too short or too still to say.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from mhequity.statistics.spc_icons import Icon, assurance_icon, variation_icon
from mhequity.statistics.spc_rules import HAIR, Better, judge

LIMIT_FACTOR = 2.66
"""Mean moving ranges from the mean to a limit: 3 / 1.128, as the mean range of two points is 1.128 standard deviations."""

SCREEN_FACTOR = 3.267
"""Moving ranges of this many times their mean or more are screened out, where screening is asked for."""

FEWEST_FOR_LIMITS = 12
"""Fewest points that limits are drawn from; below it there are none."""

FEWEST_FOR_ICONS = 15
"""Fewest points of the latest phase that an icon is given for; below it limits are trial limits."""

FIRM, TRIAL, TOO_FEW, TOO_STILL = "limits", "trial limits", "too few points", "too little variation"
LINES = ["lower_limit", "upper_limit", "lower_close", "upper_close"]


@dataclass(frozen=True)
class Chart:
    """An XmR chart: one row per point, one row per phase, and the two icons.

    Attributes
    ----------
    points
        One row per point in the order given: value, phase (from 1), moving_range, mean, lower_limit, upper_limit, lower_close,
        upper_close, side, outside, close, rule, direction, point_type (common cause, improvement, concern, neutral high, neutral
        low, missing, not judged).
    phases
        One row per phase: phase, first, last (positions from 0), n (points that are there), mean, mean_moving_range, status.
    status
        That of the last phase: limits; trial limits (12 to 14 points: they still move with every point); too few points (under
        12); too little variation (the limits fall together on the mean, so that any change at all would be a breach). In the
        last two no limits are given, no rule is applied and points are not judged.
    variation, assurance
        Icons, of kind none with the reason in words where there is none.
    """

    points: pd.DataFrame
    phases: pd.DataFrame
    status: str
    variation: Icon
    assurance: Icon


def phase_numbers(n: int, rebase_at: Sequence[int] = ()) -> NDArray[np.int64]:
    """Phase of each of ``n`` points, from 1; a new one starts at each position (from 0) of ``rebase_at``.

    A position outside the series raises ValueError; one named twice counts once, and one at 0 starts the first phase.
    """
    starts = sorted({int(at) for at in rebase_at} - {0})
    if starts and not 0 < starts[0] <= starts[-1] < n:
        raise ValueError(f"a rebase is at a position from 0 to {n - 1}, not at {[at for at in starts if not 0 < at < n]}")
    return 1 + np.searchsorted(starts, np.arange(n), side="right").astype(np.int64)


def moving_ranges(values: ArrayLike) -> NDArray[np.float64]:
    """Distance of each point from the one before; missing at the first and where either of the two is missing."""
    v = np.asarray(values, dtype=float)
    return np.abs(np.diff(v, prepend=np.nan)) if len(v) else v


def mean_moving_range(values: ArrayLike, screen: bool = False) -> float:
    """Mean of the moving ranges; missing where no two neighbours are there.

    With ``screen``, ranges of 3.267 times their mean or more are left out once and the mean taken again. Ranges that are all 0
    are kept: none of them is an outlier. (NHSRplotthedots drops them all, as 0 is not less than 3.267 x 0, and is left without
    limits.)
    """
    ranges = moving_ranges(values)
    ranges = ranges[np.isfinite(ranges)]
    if screen and ranges.any():
        ranges = ranges[ranges < SCREEN_FACTOR * ranges.mean()]
    return float(ranges.mean()) if len(ranges) else np.nan


def _baseline(values: NDArray[np.float64], fix_after: int | None) -> NDArray[np.float64]:
    """The stretch that limits come from: all, or up to the n-th point that is there, gaps between included."""
    if fix_after is None:
        return values
    there = np.flatnonzero(np.isfinite(values))
    return values if len(there) <= fix_after else values[: there[fix_after]]


def _mean(values: NDArray[np.float64]) -> float:
    there = values[np.isfinite(values)]
    return float(there.mean()) if len(there) else np.nan


def limits(values: ArrayLike, rebase_at: Sequence[int] = (), fix_after: int | None = None, screen: bool = False) -> pd.DataFrame:
    """Mean and process limits of each phase of a series, by formula alone, however short or still the series.

    Parameters
    ----------
    values
        The measure in time order. Missing (nan or infinite) values are gaps: they keep their row, and a moving range is taken
        only between neighbours that are both there.
    rebase_at
        Positions (from 0) at which a new phase starts. No moving range spans the boundary.
    fix_after
        Limits come from the first so many points (that are there) of each phase and hold for the rest; at least 1. None: all.
    screen
        Leave out unusually large moving ranges (:func:`mean_moving_range`). Off by default, as in the NHS spreadsheet;
        NHSRplotthedots has it on.

    Returns
    -------
    DataFrame
        One row per point: value, phase, moving_range, mean, mean_moving_range, lower_limit and upper_limit (mean -+ 2.66 x mean
        moving range), lower_close and upper_close (two thirds of the way there). In the measure's unit; a lower limit may be
        negative.

    References
    ----------
    Wheeler DJ. Understanding variation. SPC Press 1993. NHS England, Making Data Count.

    Examples
    --------
    >>> limits([1, 2, 3])[["mean", "lower_limit", "upper_limit"]].round(2).iloc[0].tolist()
    [2.0, -0.66, 4.66]
    """
    v = np.array(values, dtype=float)
    if v.ndim != 1:
        raise ValueError(f"a series is a list of numbers, not a table of {v.ndim} dimensions")
    if fix_after is not None and fix_after < 1:
        raise ValueError(f"limits are fixed after 1 point or more, not after {fix_after}")
    v[~np.isfinite(v)] = np.nan
    phase = phase_numbers(len(v), rebase_at)
    ranges, mean, mean_range = (np.full(len(v), np.nan) for _ in range(3))
    for number in np.unique(phase):
        rows = phase == number
        base = _baseline(v[rows], fix_after)
        ranges[rows], mean[rows], mean_range[rows] = moving_ranges(v[rows]), _mean(base), mean_moving_range(base, screen)
    width = LIMIT_FACTOR * mean_range
    ends = {
        "lower_limit": mean - width,
        "upper_limit": mean + width,
        "lower_close": mean - width * 2 / 3,
        "upper_close": mean + width * 2 / 3,
    }
    return pd.DataFrame({"value": v, "phase": phase, "moving_range": ranges, "mean": mean, "mean_moving_range": mean_range, **ends})


def chart(
    values: ArrayLike,
    better: Better = "neither",
    target: float | None = None,
    rebase_at: Sequence[int] = (),
    fix_after: int | None = None,
    screen: bool = False,
) -> Chart:
    """An XmR chart of a series, with what it is too short or too still to say held back.

    Parameters
    ----------
    values, rebase_at, fix_after, screen
        As in :func:`limits`. Runs go on over a gap and start afresh at a rebase.
    better
        Which values are better: higher, lower, neither.
    target
        In the measure's unit; None or nan where there is none.

    Returns
    -------
    Chart
        Points are counted phase by phase: a rebase that leaves fewer than 12 after it has no limits there, fewer than 15 no icon.
        For limits only those points of the baseline count that have a neighbour, as the others have no moving range.
    """
    judged = judge(limits(values, rebase_at, fix_after, screen), better)
    phases = _phases(judged, fix_after)
    status = str(phases["status"].iloc[-1]) if len(phases) else TOO_FEW
    points = _held_back(judged, phases)
    if status == FIRM:
        lower, upper = (float(points[line].iloc[-1]) for line in ("lower_limit", "upper_limit"))
        variation, assured = variation_icon(points), assurance_icon(lower, upper, target, better)
    else:
        variation = assured = Icon("none", "", _why_no_icon(status, int(phases["n"].iloc[-1]) if len(phases) else 0))
    return Chart(points.drop(columns="mean_moving_range"), phases, status, variation, assured)


def _phases(judged: pd.DataFrame, fix_after: int | None) -> pd.DataFrame:
    rows = []
    for number in judged["phase"].unique():
        part = judged[judged["phase"] == number]
        value = part["value"].to_numpy(dtype=float)
        n, start = int(np.isfinite(value).sum()), part.iloc[0]
        status = _status(_baseline(value, fix_after), n, float(start["mean_moving_range"]))
        rows.append((int(number), int(part.index[0]), int(part.index[-1]), n, start["mean"], start["mean_moving_range"], status))
    return pd.DataFrame(rows, columns=["phase", "first", "last", "n", "mean", "mean_moving_range", "status"])


def _status(baseline: NDArray[np.float64], n: int, mean_range: float) -> str:
    has_range = np.isfinite(moving_ranges(baseline))
    # A point has a neighbour if there is a range to it from the point before or from it to the point after.
    beside_another = int((has_range | np.append(has_range[1:], False)).sum())
    if beside_another < FEWEST_FOR_LIMITS:
        return TOO_FEW
    if not mean_range > HAIR * np.nanmax(np.abs(baseline)):
        return TOO_STILL
    return FIRM if n >= FEWEST_FOR_ICONS else TRIAL


def _held_back(judged: pd.DataFrame, phases: pd.DataFrame) -> pd.DataFrame:
    """The points without limits, rules and judgement in the phases that cannot bear them."""
    unfit = judged["phase"].isin(phases.loc[phases["status"].isin([TOO_FEW, TOO_STILL]), "phase"])
    points = judged.copy()
    points.loc[unfit, LINES] = np.nan
    points.loc[unfit, ["outside", "close"]] = False
    points.loc[unfit, "rule"] = ""
    points.loc[unfit, "direction"] = 0
    points.loc[unfit & (points["point_type"] != "missing"), "point_type"] = "not judged"
    return points


def _why_no_icon(status: str, n: int) -> str:
    if status == TOO_STILL:
        return "Too little variation: the limits would fall together on the mean, so nothing can be told from them."
    points = f"{n} point{'' if n == 1 else 's'}"
    if status == TRIAL:
        return f"Trial limits: {points} of the {FEWEST_FOR_ICONS} that an icon needs."
    if n >= FEWEST_FOR_LIMITS:
        return f"Too few neighbouring points for limits: {FEWEST_FOR_LIMITS} are needed in the stretch that they come from."
    return f"Too few points for limits: {points} of the {FEWEST_FOR_LIMITS} needed."
