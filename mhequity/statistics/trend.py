"""A straight line through a series, and how far to trust where it leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

FEWEST = 6
"""Fewest points that a line is drawn through."""


@dataclass(frozen=True)
class Line:
    """Least-squares line ``value = intercept + slope * time``; what is needed to say where it leads, and how surely."""

    slope: float
    intercept: float
    slope_lower: float
    slope_upper: float
    residual_sd: float
    mean_time: float
    spread_time: float
    n: int

    def at(self, time: ArrayLike, confidence: float = 0.95) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Value on the line at ``time`` and the prediction interval of one new point there: value, lower, upper."""
        t = np.asarray(time, dtype=float)
        value = self.intercept + self.slope * t
        width = np.sqrt(1 + 1 / self.n + (t - self.mean_time) ** 2 / self.spread_time)
        margin = stats.t.ppf((1 + confidence) / 2, self.n - 2) * self.residual_sd * width
        return value, value - margin, value + margin


def fit(time: ArrayLike, value: ArrayLike, confidence: float = 0.95) -> Line | None:
    """Fit a line by least squares; None below six points or where all are at one time.

    Parameters
    ----------
    time
        Years as decimals, say. Missing pairs are left out.
    value
        The measure at each time.

    References
    ----------
    Any textbook of regression; the prediction interval is Student's t with n - 2 degrees of freedom.
    """
    t, v = np.asarray(time, dtype=float), np.asarray(value, dtype=float)
    both = np.isfinite(t) & np.isfinite(v)
    t, v, n = t[both], v[both], int(both.sum())
    if n < FEWEST or np.ptp(t) == 0:
        return None
    found = stats.linregress(t, v)
    spread = float(((t - t.mean()) ** 2).sum())
    residual = float(np.sqrt(((v - found.intercept - found.slope * t) ** 2).sum() / (n - 2)))
    margin = float(stats.t.ppf((1 + confidence) / 2, n - 2)) * residual / spread**0.5
    return Line(found.slope, found.intercept, found.slope - margin, found.slope + margin, residual, float(t.mean()), spread, n)
