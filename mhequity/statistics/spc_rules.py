"""The four rules that tell special cause from common cause on an XmR chart, and the words for what they find.

The rules are those of NHS England's Making Data Count, in the order in which a point that meets several is named: outside a
process limit; a trend of seven; two of three near a limit; seven on one side of the mean.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Better = Literal["higher", "lower", "neither"]
Flags = NDArray[np.int64]

RUN = 7
"""Points in a run, rising, falling or on one side of the mean, that chance alone seldom gives."""

OUTSIDE, TREND, TWO_OF_THREE, ONE_SIDE = "outside limits", "trend of seven", "two of three near a limit", "seven on one side"

HAIR = 1e-12
"""Share of the largest value below which two figures differ by rounding only."""


def sign_of(better: Better) -> int:
    """1 where higher values are better, -1 where lower ones are, 0 where neither is; another word raises ValueError."""
    signs = {"higher": 1, "lower": -1, "neither": 0}
    if better not in signs:
        raise ValueError(f"better is 'higher', 'lower' or 'neither', not {better!r}")
    return signs[better]


def _windows(values: NDArray[np.float64], width: int) -> NDArray[np.float64]:
    return np.lib.stride_tricks.sliding_window_view(values, width)


def seven_one_side(side: ArrayLike) -> Flags:
    """1 at each point that ends seven in a row on one side of the mean, else 0.

    Parameters
    ----------
    side
        1 above the mean, -1 below, 0 exactly on it. A point on the mean is on neither side and ends a run; so seven points
        exactly on the mean are no signal. (nhspy-plotthedots flags those seven; NHSRplotthedots does not, and a series that
        never leaves its mean has not shifted from it.)
    """
    s = np.asarray(side, dtype=float)
    flags = np.zeros(len(s), dtype=int)
    if len(s) >= RUN:
        last = _windows(s, RUN)
        flags[RUN - 1 :] = (last == 1).all(axis=1) | (last == -1).all(axis=1)
    return flags


def seven_trend(values: ArrayLike) -> Flags:
    """1 at each point that ends seven rising in a row, -1 at each that ends seven falling, else 0. Equal neighbours end a trend."""
    v = np.asarray(values, dtype=float)
    flags = np.zeros(len(v), dtype=int)
    if len(v) >= RUN:
        steps = _windows(np.sign(np.diff(v)), RUN - 1)
        flags[RUN - 1 :] = (steps == 1).all(axis=1).astype(int) - (steps == -1).all(axis=1)
    return flags


def part_of_seven(ends: ArrayLike) -> Flags:
    """All seven points of each run, from flags at the points that end one.

    A point of two runs (the peak between a rise and a fall) takes the flag of the later one.
    """
    flags = np.asarray(ends, dtype=int)
    part = np.zeros(len(flags), dtype=int)
    for ahead in range(min(RUN, len(flags))):
        ended = flags[ahead:]
        part[: len(ended)] = np.where(ended != 0, ended, part[: len(ended)])
    return part


def two_in_three_window(close: ArrayLike, side: ArrayLike) -> Flags:
    """1 at each point of three in a row that lie on one side of the mean and of which two or more are close to a limit.

    Parameters
    ----------
    close
        1 where a point is close to a limit and not outside it, else 0.
    side
        1 above the mean, -1 below, 0 on it; as long as ``close``, else ValueError.
    """
    c, s = np.asarray(close, dtype=float), np.asarray(side, dtype=float)
    if c.shape != s.shape:
        raise ValueError(f"close and side are of one length: {len(c)} and {len(s)} points came")
    flags = np.zeros(len(c), dtype=int)
    if len(c) >= 3:
        met = (_windows(c, 3).sum(axis=1) >= 2) & (np.abs(_windows(s, 3).sum(axis=1)) == 3)
        for ahead in range(3):
            flags[ahead : ahead + len(met)] |= met
    return flags


def two_in_three(close: ArrayLike, side: ArrayLike) -> Flags:
    """1 at the points of :func:`two_in_three_window` that are themselves close to a limit; the third of the three is not flagged."""
    return two_in_three_window(close, side) * (np.asarray(close, dtype=float) == 1)


def special_causes(values: ArrayLike, side: ArrayLike, outside: ArrayLike, close: ArrayLike) -> tuple[NDArray[np.str_], Flags]:
    """Which rule each point of one phase meets, the first in precedence, and in which direction.

    Parameters
    ----------
    values, side, outside, close
        The points of one phase in order, none missing: the value, its side of the mean (1, 0, -1), whether it is outside the
        limits, whether it is close to one.

    Returns
    -------
    rule, direction
        ``rule`` is "" for common cause. ``direction`` is 1 for high or rising, -1 for low or falling, 0 for common cause. A
        trend speaks of where it goes, not of the side that a point is on. (NHSRplotthedots reads a trend's direction from a
        point's neighbours, and so calls the last point of a rise falling when a second run starts level with it; here it is
        always the direction of the run that the point is part of.)
    """
    s, trend = np.asarray(side, dtype=int), part_of_seven(seven_trend(values))
    met = [
        np.asarray(outside, dtype=bool),
        trend != 0,
        two_in_three(close, s) == 1,
        part_of_seven(seven_one_side(s)) == 1,
    ]
    rule = np.select(met, [OUTSIDE, TREND, TWO_OF_THREE, ONE_SIDE], default="")
    return rule, np.where(rule == "", 0, np.where(rule == TREND, trend, s))


def point_types(rule: ArrayLike, direction: ArrayLike, better: Better) -> NDArray[np.str_]:
    """Each point in words: common cause, improvement, concern; where neither is better: neutral high, neutral low."""
    found, way = np.asarray(rule, dtype=str) != "", np.asarray(direction, dtype=int)
    good = sign_of(better)
    if good == 0:
        return np.select([found & (way > 0), found & (way < 0)], ["neutral high", "neutral low"], default="common cause")
    return np.select([found & (way * good > 0), found & (way * good < 0)], ["improvement", "concern"], default="common cause")


def judge(limits: pd.DataFrame, better: Better) -> pd.DataFrame:
    """Where each point lies, which rule it meets and what that means, phase by phase; runs start afresh at a rebase.

    Parameters
    ----------
    limits
        One row per point in time order: value, phase, mean, lower_limit, upper_limit, lower_close, upper_close
        (:func:`mhequity.statistics.spc.limits`). A row without a value is a gap that runs go on over.
    better
        Which values are better: higher, lower, neither.

    Returns
    -------
    DataFrame
        ``limits`` with side (1 above the mean, -1 below, 0 on it or missing), outside and close (true or false; close is beyond
        two thirds of the way to a limit and not outside it), rule, direction (both as :func:`special_causes`) and point_type
        (as :func:`point_types`, or missing). Differences of a rounding error are none.
    """
    sign_of(better)
    value = limits["value"].to_numpy(dtype=float)
    there = np.isfinite(value)
    hair = HAIR * (np.abs(value[there]).max() if there.any() else 0.0)
    away = value - limits["mean"].to_numpy(dtype=float)
    side = np.where(np.abs(away) > hair, np.sign(np.nan_to_num(away)), 0).astype(int)
    outside = _beyond(limits, "limit", hair)
    close = _beyond(limits, "close", hair) & ~outside
    rule, direction = np.full(len(value), "", dtype="<U32"), np.zeros(len(value), dtype=int)
    for phase in limits["phase"].unique():
        rows = np.flatnonzero(there & (limits["phase"] == phase).to_numpy())
        rule[rows], direction[rows] = special_causes(value[rows], side[rows], outside[rows], close[rows])
    return limits.assign(
        side=side,
        outside=outside,
        close=close,
        rule=rule,
        direction=direction,
        point_type=np.where(there, point_types(rule, direction, better), "missing"),
    )


def _beyond(limits: pd.DataFrame, line: str, hair: float) -> NDArray[np.bool_]:
    """Points above the upper line of that name or below the lower one; none where the value or the line is missing."""
    value = limits["value"].to_numpy(dtype=float)
    upper, lower = (limits[f"{end}_{line}"].to_numpy(dtype=float) for end in ("upper", "lower"))
    return (value > upper + hair) | (value < lower - hair)
