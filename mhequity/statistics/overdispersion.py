"""Funnel limits widened where units differ by more than chance and a few outliers explain.

Values are put on a scale where their spread hardly hangs on their size, their distances from the target are measured in standard
errors (z), the extremes are reined in, and what spread is left gives ``phi`` (multiplicative: mean square of z) and ``tau2``
(additive: variance between units, by the method of moments of DerSimonian and Laird). The forms are those of FunnelPlotR 0.6.0:

============== ======================================== ================= =========================== ===================
kind           value                                    scale             standard error              extremes
============== ======================================== ================= =========================== ===================
``ratio_log``  observed / expected (the SHMI's form)    logarithm         1 / sqrt(expected)          outer tenths dropped
``ratio_root`` observed / expected (the CQC's form)     square root       1 / (2 sqrt(expected))      drawn in (winsorised)
``proportion`` those with / all                         arcsine of root   1 / (2 sqrt(all))           drawn in (winsorised)
``rate``       events / another count, or people        logarithm         of a ratio of two counts    drawn in (winsorised)
============== ======================================== ================= =========================== ===================

References
----------
Spiegelhalter DJ, Sherlaw-Johnson C, Bardsley M, Blunt I, Wood C, Grigg O. Statistical methods for healthcare regulation. J R Stat Soc
A 2012;175:1-47. Spiegelhalter DJ. Funnel plots for comparing institutional performance. Stat Med 2005;24:1185-202. FunnelPlotR 0.6.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from mhequity.statistics import intervals
from mhequity.statistics.funnel import CONFIDENCES, Limits
from mhequity.statistics.rates import FloatArray, aligned

Kind = Literal["ratio_log", "ratio_root", "proportion", "rate"]
KINDS: tuple[Kind, ...] = ("ratio_log", "ratio_root", "proportion", "rate")

FEWEST_UNITS = 10
"""Fewest units that widened limits are offered for: below, the spread between units is a guess."""


@dataclass(frozen=True)
class Overdispersion:
    """How much more units differ than chance explains.

    Attributes
    ----------
    target
        The centre of the funnel: 1 for ratios, else all numerators over all denominators.
    z
        Each unit's distance from the target in standard errors, before extremes are reined in; nan for a unit that cannot be placed.
        No event at all is ``-inf`` on the logarithm of ``ratio_log``.
    phi
        Mean square of the reined-in z; about 1 where chance explains the differences.
    tau2
        Variance between units on the kind's scale; 0 where chance explains the differences.
    units
        Units that could be placed.
    refused
        Why limits widened by these figures must not be shown, as a sentence; empty where they may be.
    """

    target: float
    z: FloatArray
    phi: float
    tau2: float
    units: int
    refused: str


def overdispersion(numerator: ArrayLike, denominator: ArrayLike, kind: Kind, trim_by: float = 0.1) -> Overdispersion:
    """Measure over-dispersion among units; look at ``refused`` before using it.

    Figures come for any number of units from two, so that they can be checked; under ten, ``refused`` says that they are too few.

    Parameters
    ----------
    numerator
        Observed events of each unit, or those of it who have something.
    denominator
        Expected events, the whole group, or people; above 0. For ``ratio_log`` the SHMI rounds expected events to two decimals first.
    kind
        One of :data:`KINDS`. ``ratio_root`` copes with units without events; ``ratio_log`` only as long as they are among the lowest
        tenth, which it drops.
    trim_by
        Share of units at each end that count as extremes.

    Raises
    ------
    ValueError
        Where the shapes differ, the kind is not known or ``trim_by`` is not from 0 to below a half.
    """
    x, n = (column.ravel() for column in aligned(numerator=numerator, denominator=denominator))
    if kind not in KINDS:
        raise ValueError(f"The kind must be one of {', '.join(KINDS)}; it is {kind}.")
    if not 0 <= trim_by < 0.5:
        raise ValueError(f"The share to trim must be from 0 to below 0.5; it is {trim_by}.")
    known = np.isfinite(x) & np.isfinite(n) & (x >= 0) & (n > 0)
    if kind == "proportion":
        known &= x <= n
    x, n = np.where(known, x, np.nan), np.where(known, n, np.nan)
    units = int(known.sum())
    target = _target(x[known], n[known], kind)
    error = _standard_error(x, n, kind)
    with np.errstate(divide="ignore"):
        z = (_placed(x, n, kind) - _middle(target, kind)) / error
    held = known & ~np.isnan(z)
    kept, within = _reined_in(z[held], kind, trim_by)
    phi, tau2 = _spread(within, error[held][kept])
    return Overdispersion(target, z, phi, tau2, units, _why_refused(units, float(x[known].sum()), phi))


def limits(
    denominator: ArrayLike,
    kind: Kind,
    target: float = 1,
    tau2: float | None = None,
    phi: float = 1,
    *,
    as_funnelplotr: bool = False,
) -> Limits:
    """Funnel limits for units of given size, as they are or widened for over-dispersion.

    On the kind's scale: target -+ z * sqrt(standard error squared * phi + tau2), turned back. Give one of ``tau2`` and ``phi``; the
    additive form widens large units' limits too, which is why it is usual.

    Parameters
    ----------
    denominator
        As in :func:`overdispersion`.
    kind, target, tau2
        Of :func:`overdispersion`. Without ``tau2`` (None) nothing is added, and a ratio's limits are a Poisson interval around the
        expected events as if they were observed; OHID's limits, the app's own without over-dispersion, are in
        :mod:`mhequity.statistics.funnel` and differ from these at small counts.
    phi
        Multiplies the standard error squared where it is above 1.
    as_funnelplotr
        Give what FunnelPlotR 0.6.0 gives in two places where this function departs from it. It leaves the limits of ``ratio_root`` on
        the scale of square roots, though the ratio drawn with them is not (its issue 33), so they are too narrow and can fall below 0.
        And it gives a rate's limits the standard error of a proportion, 1 / (2 sqrt(denominator)), which takes no account of how
        many events the target lets expect; here it is that of z, at the target: sqrt(1 / (target * denominator) + 1 / denominator).

    Returns
    -------
    Limits
        In the unit of numerator over denominator. Proportions stay from 0 to 1 and nothing falls below 0.
    """
    (n,) = aligned(denominator=denominator)
    n = np.where(np.isfinite(n) & (n > 0), n, np.nan)
    if kind not in KINDS:
        raise ValueError(f"The kind must be one of {', '.join(KINDS)}; it is {kind}.")
    if tau2 is None and phi <= 1 and kind in ("ratio_log", "ratio_root"):
        return _poisson_limits(n, target)
    spread = np.sqrt(_error_at_target(n, kind, target, as_funnelplotr) ** 2 * max(phi, 1) + (tau2 or 0))
    middle = _middle(target, kind)
    ends = [middle + side * _z(confidence) * spread for confidence in CONFIDENCES for side in (-1, 1)]
    if kind == "ratio_root" and as_funnelplotr:
        return Limits(*ends)
    return Limits(*(_back(end, kind) for end in ends))


def _target(x: FloatArray, n: FloatArray, kind: Kind) -> float:
    if kind in ("ratio_log", "ratio_root"):
        return 1.0
    return float(x.sum() / n.sum()) if len(n) else np.nan


def _middle(target: float, kind: Kind) -> float:
    """The target on the kind's scale; nan where it has no place there."""
    fits = 0 <= target <= 1 if kind == "proportion" else target > 0
    return float(_forward(np.array(target, dtype=float), kind)) if fits else np.nan


def _placed(x: FloatArray, n: FloatArray, kind: Kind) -> FloatArray:
    """Each unit's value on the kind's scale. Half an event is added to both counts of a rate, so that none can be placed too."""
    return _forward((x + 0.5) / (n + 0.5), kind) if kind == "rate" else _forward(x / n, kind)


def _forward(value: FloatArray, kind: Kind) -> FloatArray:
    if kind == "ratio_root":
        return np.sqrt(value)
    return np.arcsin(np.sqrt(value)) if kind == "proportion" else np.log(value)


def _back(value: FloatArray, kind: Kind) -> FloatArray:
    if kind == "ratio_root":
        return np.maximum(value, 0) ** 2
    return np.sin(np.clip(value, 0, np.pi / 2)) ** 2 if kind == "proportion" else np.exp(value)


def _standard_error(x: FloatArray, n: FloatArray, kind: Kind) -> FloatArray:
    if kind == "ratio_log":
        return 1 / np.sqrt(n)
    if kind == "rate":
        return np.sqrt(x / (x + 0.5) ** 2 + n / (n + 0.5) ** 2)
    return 1 / (2 * np.sqrt(n))


def _error_at_target(n: FloatArray, kind: Kind, target: float, as_funnelplotr: bool) -> FloatArray:
    if kind != "rate":
        return _standard_error(n, n, kind)
    if as_funnelplotr:
        return 1 / (2 * np.sqrt(n))
    return np.sqrt(1 / (target * n) + 1 / n) if target > 0 else np.full(n.shape, np.nan)


def _reined_in(z: FloatArray, kind: Kind, trim_by: float) -> tuple[np.ndarray, FloatArray]:
    """Which units are kept, and their z with extremes drawn in. ``ratio_log`` drops extremes by rank; the others keep all."""
    if not len(z):
        return np.zeros(0, dtype=bool), z
    if kind == "ratio_log":
        # A hair's breadth is allowed for: 9 / 10 and 1 - 0.1 must be the same place.
        place = stats.rankdata(z) / (len(z) + 1) + 1e-12
        kept = (place >= trim_by) & (place < 1 - trim_by)
        return kept, z[kept]
    low, high = np.quantile(z, [trim_by, 1 - trim_by])
    return np.ones(len(z), dtype=bool), np.clip(z, low, high)


def _spread(z: FloatArray, error: FloatArray) -> tuple[float, float]:
    """phi and tau2 of the units that are kept; nan for fewer than two, or where one lies infinitely far off."""
    n = len(z)
    if n < 2 or not np.isfinite(z).all():
        return np.nan, np.nan
    phi = float((z**2).mean())
    weight = 1 / error**2
    return phi, max(0.0, n * phi - (n - 1)) / float(weight.sum() - (weight**2).sum() / weight.sum())


def _why_refused(units: int, events: float, phi: float) -> str:
    if units < FEWEST_UNITS:
        there = "there is 1" if units == 1 else f"there are {units}"
        return f"Limits can be widened for over-dispersion only with {FEWEST_UNITS} units or more; {there}."
    if events == 0:
        return "No unit has an event, so there is no spread between them to measure."
    if np.isnan(phi):
        return "Too many units have no event for their spread to be measured on a logarithm; measure it on square roots instead."
    return ""


def _poisson_limits(n: FloatArray, target: float) -> Limits:
    centre = target if target > 0 else np.nan
    ends = [end / n * centre for confidence in CONFIDENCES for end in intervals.exact_poisson(n, confidence)]
    return Limits(*ends)


def _z(confidence: float) -> float:
    return float(stats.norm.ppf((1 + confidence) / 2))
