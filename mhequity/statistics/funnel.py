"""Funnel limits and which areas lie outside them, by the method of OHID's Fingertips.

Limits are those of 95 % and 99.8 %. A flag says on which side of which limit a value lies; it makes no judgement. All functions work
element by element; what cannot be known has limits of nan and the flag ``not_applicable``.

Limits of rates and ratios are exact Poisson limits. Their flags compare the interval of the observed count (exact below 10 events,
Byar's from 10) with the events expected, as OHID does; of 10 events, a value within 0.2 % of a 95 % limit or 1.5 % of a 99.8 % limit may
so be flagged otherwise than drawn, and of more events only one still nearer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from mhequity.statistics import intervals
from mhequity.statistics.rates import FloatArray, aligned
from mhequity.statistics.standardised import FEWEST_EVENTS

FLAGS = ("none", "low_95", "low_998", "high_95", "high_998", "not_applicable")
"""Every word that a flag can be. A value outside the limit of 99.8 % is outside that of 95 % too, and says the former."""
NONE, LOW_95, LOW_998, HIGH_95, HIGH_998, NOT_APPLICABLE = FLAGS

CONFIDENCES = (0.95, 0.998)


@dataclass(frozen=True)
class Limits:
    """Lower and upper funnel limits at each place asked for, in the unit of the value that they bound."""

    lower_95: FloatArray
    upper_95: FloatArray
    lower_998: FloatArray
    upper_998: FloatArray


@dataclass(frozen=True)
class LimitPoints:
    """Where each count of events lies on each limit: how large the unit then is (``size``), and the value that it then has."""

    size: Limits
    value: Limits


def proportion_limits(denominator: ArrayLike, average: ArrayLike, multiplier: float = 100) -> Limits:
    """Limits of a proportion for groups of given size: the proportions whose Wilson interval just reaches the average.

    ``average -+ z * sqrt(average * (1 - average) / denominator)``, kept from 0 to 1.

    Parameters
    ----------
    denominator
        People in the group, above 0.
    average
        The proportion of all groups together, from 0 to 1.
    multiplier
        100 for limits in per cent.

    References
    ----------
    PHEindicatormethods 2.1.0, calculate_funnel_limits. Spiegelhalter DJ. Funnel plots for comparing institutional performance.
    Stat Med 2005;24:1185-202.
    """
    n, p = aligned(denominator=denominator, average=average)
    known = (n > 0) & (p >= 0) & (p <= 1) & np.isfinite(n)
    n, p = np.where(known, n, np.nan), np.where(known, p, np.nan)
    ends = [np.clip(p + side * _z(confidence) * np.sqrt(p * (1 - p) / n), 0, 1) for confidence in CONFIDENCES for side in (-1, 1)]
    return Limits(*(end * multiplier for end in ends))


def ratio_limits(expected: ArrayLike, multiplier: float = 100) -> Limits:
    """Limits of observed over expected events, at given expected events.

    The inverse of :func:`ratio_limit_points`: the count, not only a whole one, whose exact Poisson interval just reaches the
    expected events. Where so few are expected that even none would not be low, the lower limit is 0.

    Parameters
    ----------
    expected
        Expected events, above 0.
    multiplier
        100 for limits in per cent of the expected, 1 for a plain ratio.
    """
    (e,) = aligned(expected=expected)
    e = np.where(np.isfinite(e) & (e > 0), e, np.nan)
    ends = []
    for confidence in CONFIDENCES:
        tail = (1 - confidence) / 2
        # P(X <= x) of a Poisson count is one minus the gamma distribution of shape x + 1 at e; here it is solved for the shape.
        ends += [np.maximum(special.gdtrib(1, 1 - tail, e) - 1, 0) / e, special.gdtrib(1, tail, e) / e]
    return Limits(*(end * multiplier for end in ends))


def rate_limits(denominator: ArrayLike, average: float, multiplier: float = 100_000) -> Limits:
    """Limits of a rate at given denominators.

    Parameters
    ----------
    denominator
        People, or person-years where the rate is over several years.
    average
        The rate of all areas together, per ``multiplier``.
    multiplier
        100,000 for rates per 100,000, say.
    """
    (n,) = aligned(denominator=denominator)
    n = np.where(np.isfinite(n), n, np.nan)
    at = ratio_limits(n * average / multiplier, 1)
    return Limits(at.lower_95 * average, at.upper_95 * average, at.lower_998 * average, at.upper_998 * average)


def ratio_limit_points(observed: ArrayLike, multiplier: float = 100) -> LimitPoints:
    """For counts of observed events, the expected events at which each lies on a limit, and its ratio there.

    The points of OHID's funnel curve. The lower limit is where the count's exact upper end is the expected events, and the other
    way round.

    Parameters
    ----------
    observed
        Events, above 0: none lies on no curve.
    multiplier
        100 for ratios in per cent, 1 for plain ones.

    Returns
    -------
    LimitPoints
        size: expected events; value: ratio times ``multiplier``.

    Notes
    -----
    PHEindicatormethods finds the ends by halving an interval and stops early: its upper 99.8 % limit for 1 event is 5e-5 off the
    chi-square value that stands here.
    """
    (x,) = aligned(observed=observed)
    x = np.where(np.isfinite(x) & (x > 0), x, np.nan)
    (low_95, high_95), (low_998, high_998) = (intervals.exact_poisson(x, confidence) for confidence in CONFIDENCES)
    expected = Limits(high_95, low_95, high_998, low_998)
    return LimitPoints(expected, Limits(*(x / end * multiplier for end in (high_95, low_95, high_998, low_998))))


def rate_limit_points(events: ArrayLike, average: float, multiplier: float = 100_000, years: float = 1) -> LimitPoints:
    """For counts of events, the population at which each lies on a limit around the average rate, and its rate there.

    Parameters
    ----------
    events
        Events over all the years, above 0.
    average
        The rate of all areas together, per ``multiplier`` and year.
    multiplier
        100,000 for rates per 100,000, say.
    years
        How many years the events are of.

    Returns
    -------
    LimitPoints
        size: population per year; value: rate per ``multiplier`` and year.
    """
    points = ratio_limit_points(events, 1)
    rate = average / multiplier if average > 0 and multiplier > 0 and years > 0 else np.nan
    size = Limits(*(end / rate / years for end in _ends(points.size)))
    return LimitPoints(size, Limits(*(end * rate * multiplier for end in _ends(points.value))))


def proportion_flags(numerator: ArrayLike, denominator: ArrayLike, average: ArrayLike) -> NDArray[np.str_]:
    """On which side of which funnel limit each proportion lies; ``average`` from 0 to 1."""
    x, n, p = aligned(numerator=numerator, denominator=denominator, average=average)
    known = np.isfinite(n) & (x >= 0) & (x <= n) & (n > 0)
    share = np.divide(x, n, out=np.full(x.shape, np.nan), where=known)
    return value_flags(share, proportion_limits(n, p, 1))


def ratio_flags(observed: ArrayLike, expected: ArrayLike) -> NDArray[np.str_]:
    """On which side of which funnel limit each ratio of observed to expected events lies."""
    x, e = aligned(observed=observed, expected=expected)
    known = np.isfinite(x) & np.isfinite(e) & (x >= 0) & (e > 0)
    x, e = np.where(known, x, np.nan), np.where(known, e, np.nan)
    (low_95, high_95), (low_998, high_998) = (intervals.poisson(x, confidence) for confidence in CONFIDENCES)
    # The value is low where all of its interval lies below the expected: the limits are the interval turned round.
    return value_flags(e, Limits(low_95, high_95, low_998, high_998), turned_round=True)


def rate_flags(
    count: ArrayLike,
    rate: ArrayLike,
    average: ArrayLike,
    multiplier: float = 100_000,
    *,
    population: ArrayLike = np.nan,
    standardised: bool = False,
) -> NDArray[np.str_]:
    """On which side of which funnel limit each rate lies.

    The denominator is the one that count and rate imply: for a directly standardised rate, that of as many events and the same
    rate. A directly standardised rate of fewer than 10 events is ``not_applicable``.

    Parameters
    ----------
    count
        Events.
    rate, average
        The area's rate and that of all areas together, per ``multiplier``.
    population
        People (or person-years); needed where the count is 0, because a rate of 0 tells nothing of them.
    standardised
        Whether the rates are directly standardised.
    """
    x, r, mean, people = aligned(count=count, rate=rate, average=average, population=population)
    x, r, mean, people = (np.where(np.isfinite(column), column, np.nan) for column in (x, r, mean, people))
    implied = np.divide(x * multiplier, r, out=np.full(x.shape, np.nan), where=r > 0)
    base = np.where(x == 0, people, implied)
    if standardised:
        x = np.where(x < FEWEST_EVENTS, np.nan, x)
    return ratio_flags(x, base * mean / multiplier)


def value_flags(value: ArrayLike, limits: Limits, *, turned_round: bool = False) -> NDArray[np.str_]:
    """On which side of which limit each value lies; a value on a limit is within it.

    Parameters
    ----------
    value
        In the limits' unit. Missing gives ``not_applicable``, as missing limits do.
    limits
        Of these functions, or widened for over-dispersion.
    turned_round
        Swap low and high: for the reference held against each value's own interval.
    """
    v, low, high, lowest, highest = aligned(
        value=value, lower_95=limits.lower_95, upper_95=limits.upper_95, lower_998=limits.lower_998, upper_998=limits.upper_998
    )
    known = np.isfinite(v) & np.isfinite(low) & np.isfinite(high) & np.isfinite(lowest) & np.isfinite(highest)
    below, above = ((HIGH_998, HIGH_95), (LOW_998, LOW_95)) if turned_round else ((LOW_998, LOW_95), (HIGH_998, HIGH_95))
    return np.select(
        [~known, v < lowest, v > highest, v < low, v > high], [NOT_APPLICABLE, below[0], above[0], below[1], above[1]], default=NONE
    )


def _ends(limits: Limits) -> tuple[FloatArray, ...]:
    return limits.lower_95, limits.upper_95, limits.lower_998, limits.upper_998


def _z(confidence: float) -> float:
    return float(stats.norm.ppf((1 + confidence) / 2))
