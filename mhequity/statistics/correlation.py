"""Rank correlation between two measures of the same areas, with how sure it is and which area it hangs on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

FEWEST = 4
"""Fewest pairs that a rank correlation is given for; its interval needs as many."""


@dataclass(frozen=True)
class Correlation:
    """Spearman's rho with its 95 % interval, and the number of pairs behind it. Missing (nan) below four pairs."""

    rho: float
    lower: float
    upper: float
    n: int


def spearman(x: ArrayLike, y: ArrayLike, confidence: float = 0.95) -> Correlation:
    """Spearman's rank correlation of the pairs in which neither value is missing.

    The interval is Fisher's z with Bonett and Wright's standard error, sqrt((1 + rho^2 / 2) / (n - 3)). No p-value is given:
    boroughs are not a sample, and with 15 of them it would mislead.

    References
    ----------
    Bonett DG, Wright TA. Sample size requirements for estimating Pearson, Kendall and Spearman correlations.
    Psychometrika 2000;65:23-8.
    """
    a, b = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    both = np.isfinite(a) & np.isfinite(b)
    n = int(both.sum())
    if n < FEWEST or np.ptp(a[both]) == 0 or np.ptp(b[both]) == 0:
        return Correlation(np.nan, np.nan, np.nan, n)
    rho = float(np.corrcoef(stats.rankdata(a[both]), stats.rankdata(b[both]))[0, 1])
    if abs(rho) > 1 - 1e-12:
        return Correlation(round(rho), round(rho), round(rho), n)
    margin = stats.norm.ppf((1 + confidence) / 2) * np.sqrt((1 + rho**2 / 2) / (n - 3))
    middle = np.arctanh(rho)
    return Correlation(rho, float(np.tanh(middle - margin)), float(np.tanh(middle + margin)), n)


def leave_one_out(x: ArrayLike, y: ArrayLike) -> np.ndarray:
    """Spearman's rho with each pair left out in turn, in the pairs' order; missing where the pair itself is."""
    a, b = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    kept = np.isfinite(a) & np.isfinite(b)
    out = np.full(len(a), np.nan)
    for i in np.flatnonzero(kept):
        out[i] = spearman(np.delete(a, i), np.delete(b, i)).rho
    return out
