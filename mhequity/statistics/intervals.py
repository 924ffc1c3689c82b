"""Confidence intervals for counts and proportions, as OHID's Fingertips gives them.

All functions work element by element on arrays and return ``(lower, upper)``. Where an input is missing, so are both ends.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Ends = tuple[NDArray[np.float64], NDArray[np.float64]]

SMALL_COUNT = 10
"""Below this many events the exact interval is used rather than Byar's."""


def _z(confidence: float) -> float:
    return float(stats.norm.ppf((1 + confidence) / 2))


def wilson(successes: ArrayLike, trials: ArrayLike, confidence: float = 0.95) -> Ends:
    """Wilson's score interval of a proportion.

    Parameters
    ----------
    successes, trials
        Counts; ``0 <= successes <= trials``. ``trials`` of 0 gives missing ends.
    confidence
        0.95 or 0.998, say.

    Returns
    -------
    lower, upper
        Proportions from 0 to 1.

    References
    ----------
    Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc 1927;22:209-12.

    Examples
    --------
    >>> lower, upper = wilson(65, 100)
    >>> round(float(lower), 4), round(float(upper), 4)
    (0.5525, 0.7364)
    """
    x, n = np.asarray(successes, dtype=float), np.asarray(trials, dtype=float)
    z = _z(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = np.where(n > 0, x / n, np.nan)
        middle = 2 * n * p + z**2
        spread = z * np.sqrt(z**2 + 4 * n * p * (1 - p))
        lower, upper = (middle - spread) / (2 * (n + z**2)), (middle + spread) / (2 * (n + z**2))
    # At 0 and at all, rounding leaves a hair's breadth; the ends are exact there.
    return np.where(x == 0, np.where(n > 0, 0.0, np.nan), lower), np.where((x == n) & (n > 0), 1.0, upper)


def byars(count: ArrayLike, confidence: float = 0.95) -> Ends:
    """Byar's approximation to the exact Poisson interval of a count; good from about 10 events.

    Returns
    -------
    lower, upper
        In events. A count of 0 has a lower end of 0; so has a count so small that the formula gives less (1 event at 99.8 %).

    References
    ----------
    Breslow NE, Day NE. Statistical methods in cancer research, volume II. IARC 1987, p 69.

    Examples
    --------
    >>> lower, upper = byars(65)
    >>> round(float(lower), 3), round(float(upper), 3)
    (50.163, 82.849)
    """
    x = np.asarray(count, dtype=float)
    z = _z(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = 1 - 1 / (9 * x) - z / (3 * np.sqrt(x))
        lower = np.where(x > 0, x * np.maximum(root, 0) ** 3, np.where(x == 0, 0.0, np.nan))
        upper = (x + 1) * (1 - 1 / (9 * (x + 1)) + z / (3 * np.sqrt(x + 1))) ** 3
    return lower, upper


def exact_poisson(count: ArrayLike, confidence: float = 0.95) -> Ends:
    """Exact interval of a Poisson count, through the chi-square distribution.

    Returns
    -------
    lower, upper
        In events. A count of 0 has a lower end of 0.

    References
    ----------
    Garwood F. Fiducial limits for the Poisson distribution. Biometrika 1936;28:437-42.
    """
    x = np.asarray(count, dtype=float)
    tail = (1 - confidence) / 2
    lower = np.where(x == 0, 0.0, stats.chi2.ppf(tail, 2 * x) / 2)
    return lower, stats.chi2.ppf(1 - tail, 2 * (x + 1)) / 2


def poisson(count: ArrayLike, confidence: float = 0.95) -> Ends:
    """Interval of a count as Fingertips gives it: Byar's from 10 events on, exact below."""
    x = np.asarray(count, dtype=float)
    small, large = exact_poisson(x, confidence), byars(x, confidence)
    return np.where(x < SMALL_COUNT, small[0], large[0]), np.where(x < SMALL_COUNT, small[1], large[1])
