"""Rates standardised for age (or for any other bands): directly, with repeat events where people can recur, and indirectly.

Bands lie along the last axis: one area is a list of bands; several areas are rows of them. The answer has one figure per area.
A standard population is a column like any other; the European one of 2013 is in ``data/facts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mhequity.statistics import intervals
from mhequity.statistics.rates import FloatArray, aligned

FEWEST_EVENTS = 10
"""Fewest events that a directly standardised rate is given for."""


@dataclass(frozen=True)
class DirectlyStandardised:
    """A directly standardised rate with its interval and the events behind it; ``withheld`` where these are fewer than ten.

    A withheld rate is nan, as a missing one is; but a missing one is not ``withheld``.
    """

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    events: FloatArray
    withheld: NDArray[np.bool_]


@dataclass(frozen=True)
class IndirectlyStandardised:
    """An indirectly standardised ratio or rate with its interval; the events observed, and those expected at the reference's rates."""

    value: FloatArray
    lower: FloatArray
    upper: FloatArray
    observed: FloatArray
    expected: FloatArray


def directly_standardised_rate(
    count: ArrayLike,
    population: ArrayLike,
    standard_population: ArrayLike,
    multiplier: float = 100_000,
    confidence: float = 0.95,
    *,
    blank_is_zero: bool = False,
) -> DirectlyStandardised:
    """The rate that an area would have, were its people of the standard population's ages.

    ``sum(w * count / population) / sum(w)``, where w is the standard population. The interval is Dobson's: Byar's interval of the
    total count, scaled by the standard error of the rate over that of the count.

    Parameters
    ----------
    count
        Events in each band. At most one per person, or else see :func:`directly_standardised_rate_of_repeat_events`.
    population
        People in each band of the area. Nobody in a band that the standard gives weight leaves its rate unknown, so the answer is missing.
    standard_population
        People in each band of the standard, in any unit.
    multiplier
        100,000 for a rate per 100,000, say.
    confidence
        0.95 or 0.998, say.
    blank_is_zero
        Take a missing count for no events, as PHEindicatormethods does. By default a missing count makes the rate missing, because
        a suppressed cell is not an empty one.

    Returns
    -------
    DirectlyStandardised
        value, lower, upper per ``multiplier``; events; withheld (below 10 events).

    Raises
    ------
    ValueError
        Where the columns have not the same bands.

    References
    ----------
    Dobson AJ, Kuulasmaa K, Eberle E, Scherer J. Confidence intervals for weighted sums of Poisson parameters. Stat Med
    1991;10:457-62. PHEindicatormethods 2.1.0, calculate_dsr.
    """
    return _direct([count], population, standard_population, multiplier, confidence, blank_is_zero)


def directly_standardised_rate_of_repeat_events(
    persons_with: Sequence[ArrayLike],
    population: ArrayLike,
    standard_population: ArrayLike,
    multiplier: float = 100_000,
    confidence: float = 0.95,
    *,
    blank_is_zero: bool = False,
) -> DirectlyStandardised:
    """A directly standardised rate of events that can happen to the same person more than once (admissions, say).

    Events of one person are not independent, so the interval is wider than if every event were another person's. Persons with one
    event, with two and so on are each a Poisson count; the variance is the sum of theirs, those with f events times f squared.

    Parameters
    ----------
    persons_with
        Persons in each band with one event, then with two, and so on.
    population, standard_population, multiplier, confidence, blank_is_zero
        As in :func:`directly_standardised_rate`.

    Returns
    -------
    DirectlyStandardised
        value, lower, upper per ``multiplier``; events (not persons); withheld (below 10 events).

    Raises
    ------
    ValueError
        Where the columns have not the same bands, or no column of persons is given.

    References
    ----------
    Stukel TA, Glynn RJ, Fisher ES, Sharp SM, Lu-Yao G, Wennberg JE. Standardized rates of recurrent outcomes. Stat Med
    1994;13:1781-91. Technical guidance of the Association of Public Health Observatories, as in PHEindicatormethods 2.1.0.
    """
    if not len(persons_with):
        raise ValueError("Give at least one column of persons: those with one event.")
    return _direct(persons_with, population, standard_population, multiplier, confidence, blank_is_zero)


def indirectly_standardised_ratio(
    count: ArrayLike,
    population: ArrayLike,
    reference_count: ArrayLike,
    reference_population: ArrayLike,
    reference_value: float = 100,
    confidence: float = 0.95,
    *,
    blank_is_zero: bool = False,
) -> IndirectlyStandardised:
    """Events observed over those expected if each band had the reference's rate, on a scale where the reference has 100 (or 1).

    Parameters
    ----------
    count, population
        Events and people in each band of the area.
    reference_count, reference_population
        Events and people in each band of the reference. Nobody in a band of the reference where the area has people leaves the
        expected events unknown, so the answer is missing.
    reference_value
        100 for per cent, 1 for a plain ratio.
    confidence
        0.95 or 0.998, say.
    blank_is_zero
        Take a missing count for no events. By default it makes the ratio missing.

    Returns
    -------
    IndirectlyStandardised
        value, lower, upper on the scale of ``reference_value``; observed and expected events. The interval is exact below 10 observed
        events and Byar's from 10 on; the reference's rates are taken for certain.

    Raises
    ------
    ValueError
        Where the columns have not the same bands.

    References
    ----------
    Breslow NE, Day NE. Statistical methods in cancer research, volume II. IARC 1987. PHEindicatormethods 2.1.0, calculate_ISRatio.
    """
    events, people, of_reference, reference = _bands(
        count=count, population=population, reference_count=reference_count, reference_population=reference_population
    )
    if blank_is_zero:
        events, of_reference = _zero_for_blank(events), _zero_for_blank(of_reference)
    for column in (events, people, of_reference, reference):
        column[~np.isfinite(column) | (column < 0)] = np.nan
    observed = _total(events)
    # Where the area has nobody, nothing is expected, whatever the reference.
    expected = _total(np.where(people == 0, 0.0, people * _ratio(of_reference, reference)))
    lower, upper = intervals.poisson(observed, confidence)
    scale = _ratio(np.full_like(expected, reference_value), expected)
    return IndirectlyStandardised(observed * scale, lower * scale, upper * scale, observed, expected)


def indirectly_standardised_rate(
    count: ArrayLike,
    population: ArrayLike,
    reference_count: ArrayLike,
    reference_population: ArrayLike,
    multiplier: float = 100_000,
    confidence: float = 0.95,
    *,
    blank_is_zero: bool = False,
) -> IndirectlyStandardised:
    """The indirectly standardised ratio times the reference's crude rate, per ``multiplier``.

    Parameters, interval and errors are those of :func:`indirectly_standardised_ratio`; the reference's crude rate is its events
    over its people, all bands together.

    References
    ----------
    PHEindicatormethods 2.1.0, calculate_ISRate.
    """
    found = indirectly_standardised_ratio(
        count, population, reference_count, reference_population, 1, confidence, blank_is_zero=blank_is_zero
    )
    of_reference, reference = _bands(reference_count=reference_count, reference_population=reference_population)
    if blank_is_zero:
        of_reference = _zero_for_blank(of_reference)
    crude = _ratio(_total(of_reference), _total(reference)) * multiplier
    return IndirectlyStandardised(found.value * crude, found.lower * crude, found.upper * crude, found.observed, found.expected)


def _direct(
    persons_with: Sequence[ArrayLike],
    population: ArrayLike,
    standard_population: ArrayLike,
    multiplier: float,
    confidence: float,
    blank_is_zero: bool,
) -> DirectlyStandardised:
    named = {f"persons with {f} event(s)": column for f, column in enumerate(persons_with, start=1)}
    *persons, people, standard = _bands(**named, population=population, standard_population=standard_population)
    if blank_is_zero:
        persons = [_zero_for_blank(column) for column in persons]
    for column in (*persons, people, standard):
        column[~np.isfinite(column) | (column < 0)] = np.nan
    # A band of no weight in the standard adds nothing, even where nobody is in it.
    weight = np.where(standard == 0, 0.0, standard * _ratio(np.ones_like(people), people))
    whole = _total(standard)
    frequency = range(1, len(persons) + 1)
    events = sum((f * _total(column) for f, column in zip(frequency, persons, strict=True)), start=np.zeros_like(whole))
    value = sum((f * _total(weight * column) for f, column in zip(frequency, persons, strict=True)), start=np.zeros_like(whole))
    variance = sum((f**2 * _total(weight**2 * column) for f, column in zip(frequency, persons, strict=True)), start=np.zeros_like(whole))
    value, error = _ratio(value, whole), _ratio(np.sqrt(variance), whole)
    withheld = events < FEWEST_EVENTS
    lower, upper = (value + _ratio(error, np.sqrt(events)) * (end - events) for end in intervals.byars(events, confidence))
    value, lower, upper = (np.where(withheld, np.nan, column * multiplier) for column in (value, lower, upper))
    return DirectlyStandardised(value, lower, upper, events, withheld)


def _bands(**columns: ArrayLike) -> list[FloatArray]:
    """Columns of one shape, bands along the last axis; a single number is no column of bands."""
    arrays = {name: np.atleast_1d(np.asarray(values, dtype=float)) for name, values in columns.items()}
    if len({values.shape[-1] for values in arrays.values()}) > 1:
        held = ", ".join(f"{name} {values.shape[-1]}" for name, values in arrays.items())
        raise ValueError(f"Every column must have the same bands; they have {held}.")
    return aligned(**arrays)


def _zero_for_blank(column: FloatArray) -> FloatArray:
    return np.where(np.isnan(column), 0.0, column)


def _total(column: FloatArray) -> FloatArray:
    """Sum over the bands; missing where a band is, and where there is no band."""
    return np.asarray(column.sum(axis=-1) if column.shape[-1] else np.full(column.shape[:-1], np.nan))


def _ratio(over: FloatArray, under: FloatArray) -> FloatArray:
    """``over / under``, missing where ``under`` is not above 0."""
    return np.divide(over, under, out=np.full(np.broadcast_shapes(over.shape, under.shape), np.nan), where=under > 0)
