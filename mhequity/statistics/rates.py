"""Crude rates and proportions with their intervals, as OHID's Fingertips gives them.

Both functions work element by element on arrays. What cannot be known (a missing, negative or zero denominator, a negative count)
is missing (nan) in every part of the answer; it never raises.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mhequity.statistics import intervals

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Proportion:
    """A share with the ends of its confidence interval, all times the same multiplier."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class Rate:
    """A crude rate and its interval; ``method`` says which one: ``exact``, ``byars``, or nothing where the rate is missing."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    method: NDArray[np.str_]


def crude_rate(numerator: ArrayLike, denominator: ArrayLike, multiplier: float = 100_000, confidence: float = 0.95) -> Rate:
    """Events over a base of people (or of person-years), times a multiplier.

    The interval takes the numerator for a Poisson count: exact below 10 events, Byar's from 10 on. The denominator has no error.

    Parameters
    ----------
    numerator
        Events, 0 or more.
    denominator
        People or person-years, above 0. The numerator may exceed it: a person can have more than one event.
    multiplier
        1,000 for a rate per 1,000, say.
    confidence
        0.95 or 0.998, say.

    Returns
    -------
    Rate
        value, lower, upper per ``multiplier``; method.

    Raises
    ------
    ValueError
        Where the shapes of numerator and denominator do not go together.

    References
    ----------
    Office for Health Improvement and Disparities. Technical guide: confidence intervals; and PHEindicatormethods 2.1.0, phe_rate.

    Examples
    --------
    >>> rate = crude_rate([9, 65], [3000, 20_000], multiplier=1000)
    >>> rate.value.tolist(), rate.method.tolist()
    ([3.0, 3.25], ['exact', 'byars'])
    """
    count, base = aligned(numerator=numerator, denominator=denominator)
    known = np.isfinite(count) & np.isfinite(base) & (count >= 0) & (base > 0)
    count, base = np.where(known, count, np.nan), np.where(known, base, np.nan)
    lower, upper = intervals.poisson(count, confidence)
    method = np.where(known, np.where(count < intervals.SMALL_COUNT, "exact", "byars"), "")
    return Rate(count / base * multiplier, lower / base * multiplier, upper / base * multiplier, method)


def proportion(numerator: ArrayLike, denominator: ArrayLike, multiplier: float = 100, confidence: float = 0.95) -> Proportion:
    """Share of a group that has something, times a multiplier, with Wilson's score interval.

    Parameters
    ----------
    numerator
        Those of the group who have it, from 0 to the denominator. More than the denominator is no proportion: the answer is missing.
    denominator
        The whole group, above 0.
    multiplier
        100 for per cent, 1 for a share from 0 to 1.
    confidence
        0.95 or 0.998, say.

    Returns
    -------
    Proportion
        value, lower, upper from 0 to ``multiplier``.

    Raises
    ------
    ValueError
        Where the shapes of numerator and denominator do not go together.

    References
    ----------
    Wilson EB. J Am Stat Assoc 1927;22:209-12; PHEindicatormethods 2.1.0, phe_proportion.

    Examples
    --------
    >>> share = proportion(65, 100)
    >>> float(share.value), round(float(share.lower), 1), round(float(share.upper), 1)
    (65.0, 55.3, 73.6)
    """
    count, base = aligned(numerator=numerator, denominator=denominator)
    known = np.isfinite(count) & np.isfinite(base) & (count >= 0) & (count <= base) & (base > 0)
    count, base = np.where(known, count, np.nan), np.where(known, base, np.nan)
    lower, upper = intervals.wilson(count, base, confidence)
    return Proportion(count / base * multiplier, lower * multiplier, upper * multiplier)


def aligned(**columns: ArrayLike) -> list[FloatArray]:
    """The columns as arrays of floats of one shape (a single number goes with any), or a ValueError that names them."""
    arrays = {name: np.asarray(values, dtype=float) for name, values in columns.items()}
    try:
        return [np.array(values) for values in np.broadcast_arrays(*arrays.values())]
    except ValueError:
        shapes = ", ".join(f"{name} {values.shape}" for name, values in arrays.items())
        raise ValueError(f"The columns must be of one shape, or single numbers; they are {shapes}.") from None
