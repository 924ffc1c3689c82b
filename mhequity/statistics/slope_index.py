"""Slope and relative index of inequality across ordered groups, as OHID gives them; WHO HEAT's forms are in ``slope_index_heat``.

The forms differ, and by more than rounding: on WHO's sample of five wealth groups HEAT's logit form gives a slope of 31.6 points, the
straight line 26.9. So every result names its form, and the form is shown with the figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from mhequity.statistics.groups import Floats, Groups, column, gather

Form = Literal["ohid_linear", "ohid_log", "ohid_logit", "heat_linear", "heat_logit"]
ValueType = Literal["normal", "rate", "proportion"]

FEWEST = 3
"""Fewest groups that a line is drawn through."""
DRAWS = 100_000
"""Draws of the simulated interval, as many as OHID's."""
SEED = 20_240_401
"""Start of the random numbers: the same figures always give the same interval."""


@dataclass(frozen=True)
class SlopeIndex:
    """Slope (SII) and relative (RII) index of inequality with their intervals; missing (nan) where they cannot be worked out.

    ``sii`` is the value at the most advantaged end of the line less that at the most disadvantaged end, in the indicator's unit
    times the multiplier; ``rii`` the one over the other; ``intercept`` the value at the most disadvantaged end, in
    the indicator's unit; ``n`` the number of groups. 0 and 1 mean no inequality.
    """

    form: Form
    sii: float = np.nan
    sii_lower: float = np.nan
    sii_upper: float = np.nan
    rii: float = np.nan
    rii_lower: float = np.nan
    rii_upper: float = np.nan
    intercept: float = np.nan
    n: int = 0


def _scales(value_type: ValueType) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    """The scale on which such values are taken to vary normally, and the way back; missing outside the values it is made for."""

    def log(values: Floats) -> Floats:
        return np.log(np.where(values > 0, values, np.nan))

    def logit(values: Floats) -> Floats:
        return special.logit(np.where((values > 0) & (values < 1), values, np.nan))

    if value_type == "rate":
        return log, np.exp
    if value_type == "proportion":
        return logit, special.expit
    if value_type == "normal":
        return np.array, np.array
    raise ValueError(f"There is no value type {value_type!r}: it is normal, rate or proportion.")


def standard_error_from_limits(lower: ArrayLike, upper: ArrayLike, value_type: ValueType = "normal", confidence: float = 0.95) -> Floats:
    """Standard error behind an interval, on the scale on which such values vary normally.

    Parameters
    ----------
    lower, upper
        Ends of the interval, in the value's unit.
    value_type
        ``normal``: (upper - lower) / 2z. ``rate``: the same of the logs. ``proportion`` (0 to 1): the same of the logits.
    confidence
        Of the interval.

    Returns
    -------
    ndarray
        Missing where an end is, or cannot be an end of such an interval (a rate of 0, a proportion of 1).
    """
    there, _ = _scales(value_type)
    low, high = (np.asarray(end, dtype=float) for end in (lower, upper))
    width = there(np.where(np.isfinite(high), high, np.nan)) - there(np.where(np.isfinite(low), low, np.nan))
    return width / (2 * stats.norm.ppf((1 + confidence) / 2))


def ends_of_line(groups: Groups, values: Floats) -> tuple[Floats, Floats]:
    """Where the line of least squares weighted by population starts (rank 0) and ends (rank 1); one line for each row of values."""
    distance = groups.ranks - 0.5  # The weighted mean of the ranks is one half, always.
    slope = values @ (groups.shares * distance) / (groups.shares @ distance**2)
    middle = values @ groups.shares
    return middle - slope / 2, middle + slope / 2


def _quotients(start: Floats, end: Floats) -> Floats:
    """End over start; without bound where the start is not above 0, 0 where the end is below."""
    return np.where(start > 0, np.maximum(end, 0.0) / np.where(start > 0, start, 1.0), np.inf)


def _simulated(groups: Groups, value_type: ValueType, transform: bool, confidence: float) -> tuple[float, float, float, float]:
    """Ends of the intervals of SII and RII: percentiles over draws of every group's value, normal on the scale of its type."""
    there, back = _scales(value_type)
    middle = there(groups.values)
    if not np.isfinite(middle).all() or not np.isfinite(groups.standard_errors).all():
        return np.nan, np.nan, np.nan, np.nan
    drawn = middle + np.random.default_rng(SEED).standard_normal((DRAWS, groups.n)) * groups.standard_errors
    start, end = ends_of_line(groups, drawn if transform else back(drawn))
    if transform:
        start, end = back(start), back(end)
    tails = [(1 - confidence) / 2, (1 + confidence) / 2]
    # A percentile that is one of the draws: between two draws without bound there is no middle.
    ends = [np.quantile(draws, tails, method="inverted_cdf") for draws in (end - start, _quotients(start, end))]
    low, high, relative_low, relative_high = (float(end) if np.isfinite(end) else np.nan for end in np.concatenate(ends))
    return low, high, relative_low, relative_high


def end_over_start(start: float, end: float) -> float:
    """RII; missing where the line starts at or below 0 or ends below it."""
    return end / start if start > 0 and end >= 0 else np.nan


def _times(found: SlopeIndex, multiplier: float) -> SlopeIndex:
    """The index in another unit; a negative multiplier looks from the other end of the groups."""
    low, high = sorted((found.sii_lower * multiplier, found.sii_upper * multiplier))
    rii, rii_low, rii_high = found.rii, found.rii_lower, found.rii_upper
    if multiplier < 0:
        rii, rii_low, rii_high = (end_over_start(part, 1.0) for part in (found.rii, found.rii_upper, found.rii_lower))
    return SlopeIndex(found.form, found.sii * multiplier, low, high, rii, rii_low, rii_high, found.intercept, found.n)


def _fitted(form: Form, groups: Groups, value_type: ValueType, transform: bool, confidence: float) -> SlopeIndex:
    there, back = _scales(value_type)
    ends = ends_of_line(groups, there(groups.values) if transform else groups.values)
    start, end = (float(back(part)) if transform else float(part) for part in ends)
    if not np.isfinite(start + end):
        return SlopeIndex(form, n=groups.n)
    low, high, relative_low, relative_high = _simulated(groups, value_type, transform, confidence)
    relative = end_over_start(start, end)
    if np.isnan(relative):
        relative_low = relative_high = np.nan
    return SlopeIndex(form, end - start, low, high, relative, relative_low, relative_high, start, groups.n)


def slope_index(
    values: ArrayLike,
    populations: ArrayLike,
    *,
    order: ArrayLike | None = None,
    standard_errors: ArrayLike | None = None,
    lower: ArrayLike | None = None,
    upper: ArrayLike | None = None,
    value_type: ValueType = "normal",
    transform: bool = False,
    multiplier: float = 1.0,
    confidence: float = 0.95,
) -> SlopeIndex:
    """Slope and relative index of inequality as OHID gives them: a line weighted by population through the groups' values.

    Each group stands at the rank of its middle person, from 0 (most disadvantaged) to 1; SII is the line's end less its
    start, RII its end over its start. Splitting a group in two can change both, as the line then has one more place to pass.

    Parameters
    ----------
    values
        The indicator in each group; a proportion from 0 to 1. A group whose value or population is missing is left out, and so is one
        without people.
    populations
        People in each group.
    order
        Numbers that put the groups in order, the most disadvantaged first. Not given: they stand in that order.
    standard_errors
        Of the values, on the scale on which they are drawn: of the log for a rate, of the logit for a proportion.
    lower, upper
        95 % interval of the values, from which the standard errors are worked out where they are not given.
    value_type
        How values vary by chance: ``normal``, ``rate`` (the log does), ``proportion`` (the logit does).
    transform
        Draw the line through the logs or logits, and bring its ends back.
    multiplier
        Times SII: 100 turns a proportion into points of a percentage. A negative one turns the sign of SII round, and RII upside down.
    confidence
        Of the interval, which is simulated by draws of every group's value from a fixed start. None without standard errors.

    Returns
    -------
    SlopeIndex
        Missing with fewer than three groups. RII is missing where the line starts at or below 0, or ends below it, and an end of
        its interval where the draws reach that far.

    Raises
    ------
    ValueError
        Where columns differ in length, or the multiplier is 0.

    References
    ----------
    Office for Health Improvement and Disparities. PHEindicatormethods 2.1.0 (the figures are those of its ``phe_sii``).
    Low A, Low A. Measuring the gap: quantifying and comparing local health inequalities. J Public Health 2004;26:388-95.
    """
    form: Form = "ohid_linear" if not transform or value_type == "normal" else "ohid_log" if value_type == "rate" else "ohid_logit"
    if multiplier == 0:
        raise ValueError("The multiplier is 0, which leaves nothing to show.")
    if standard_errors is None and lower is not None and upper is not None:
        length = np.size(values)
        limits = column(lower, length, "lower"), column(upper, length, "upper")
        standard_errors = standard_error_from_limits(*limits, value_type)
    groups = gather(values, populations, standard_errors, np.arange(np.size(values)) if order is None else order)
    if groups is None or groups.n < FEWEST:
        return SlopeIndex(form, n=0 if groups is None else groups.n)
    # What overflows comes out as no number, and is missing.
    with np.errstate(all="ignore"):
        return _times(_fitted(form, groups, value_type, transform, confidence), multiplier)
