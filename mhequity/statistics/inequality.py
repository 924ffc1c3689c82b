"""Measures of inequality between groups of people: what each is called, what it needs, how to read it, and its figure.

These are the 21 measures of WHO's Health Equity Assessment Toolkit (HEAT). No one of them is *the* inequality: an absolute and a
relative measure of the same groups can move in opposite directions, so show one of each.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from mhequity.statistics import concentration, group_gaps, group_spread, slope_index_heat
from mhequity.statistics.groups import MISSING, Choices, Estimate, Groups, gather
from mhequity.statistics.slope_index import SlopeIndex, slope_index

SAME, SQUARED, PERCENT, NONE = "the indicator's unit", "the indicator's unit squared", "%", "no unit"
FORMS = ("ohid_linear", "heat_linear", "heat_logit")


@dataclass(frozen=True)
class Measure:
    """A measure of inequality, in the words that a page shows, and the function that works it out.

    ``even`` is its figure where all groups are equal. ``needs`` names what it cannot do without, of population, order and
    reference. The first of ``options`` is the one taken when none is chosen.
    """

    key: str
    name: str
    abbreviation: str
    kind: Literal["absolute", "relative"]
    unit: str
    even: float
    weighted: bool
    needs: tuple[Literal["population", "order", "reference"], ...]
    reading: str
    work_out: Callable[[Groups, Choices], Estimate]
    options: tuple[str, ...] = ("",)

    @property
    def needs_order(self) -> bool:
        """Whether it is for ordered groups only, such as quintiles of deprivation."""
        return "order" in self.needs


@dataclass(frozen=True)
class Inequality:
    """A measure's figure with its interval, the option taken, and the number of groups behind it; missing (nan) where it has none."""

    measure: Measure
    option: str
    value: float
    lower: float
    upper: float
    n: int


def _slope(groups: Groups, choices: Choices) -> SlopeIndex:
    if choices.option == "heat_linear":
        return slope_index_heat.heat_linear(groups.values, groups.populations, confidence=choices.confidence)
    if choices.option == "heat_logit":
        return slope_index_heat.heat_logit(groups.values, groups.populations, scale=choices.scale, confidence=choices.confidence)
    return slope_index(groups.values, groups.populations, standard_errors=groups.standard_errors, confidence=choices.confidence)


def _sii(groups: Groups, choices: Choices) -> Estimate:
    found = _slope(groups, choices)
    return Estimate(found.sii, found.sii_lower, found.sii_upper)


def _rii(groups: Groups, choices: Choices) -> Estimate:
    found = _slope(groups, choices)
    return Estimate(found.rii, found.rii_lower, found.rii_upper)


MEASURES = (
    Measure(
        "difference", "Difference", "D", "absolute", SAME, 0, False, (),
        "How far apart two groups are: the most and the least advantaged, or, without an order, the best or the reference and the worst. "
        "0 is no difference.",
        group_gaps.difference,
    ),
    Measure(
        "ratio", "Ratio", "R", "relative", NONE, 1, False, (),
        "How many times one group's figure is the other's: the most and the least advantaged, or, without an order, the best or the "
        "reference and the worst. 1 is no difference; 2 is twice as high, 0.5 half as high.",
        group_gaps.ratio,
    ),
    Measure(
        "slope_index", "Slope index of inequality", "SII", "absolute", SAME, 0, True, ("population", "order"),
        "How much higher the figure is at the most advantaged end of the population than at the most disadvantaged end, by a line "
        "through all groups. 0 is no slope; below 0 the disadvantaged have more.",
        _sii, FORMS,
    ),
    Measure(
        "relative_index", "Relative index of inequality", "RII", "relative", NONE, 1, True, ("population", "order"),
        "How many times as high the figure is at the most advantaged end of the population as at the most disadvantaged end, by a line "
        "through all groups. 1 is no slope; below 1 the disadvantaged have more.",
        _rii, FORMS,
    ),
    Measure(
        "absolute_concentration_index", "Absolute concentration index", "ACI", "absolute", SAME, 0, True, ("population", "order"),
        "Whether the indicator gathers among the advantaged (above 0) or the disadvantaged (below 0). 0 is an even spread.",
        concentration.absolute_concentration_index,
    ),
    Measure(
        "relative_concentration_index", "Relative concentration index", "RCI", "relative", NONE, 0, True, ("population", "order"),
        "Whether the indicator gathers among the advantaged (up to 1) or the disadvantaged (down to -1), whatever its level. "
        "0 is an even spread.",
        concentration.relative_concentration_index, ("", "wagstaff", "erreygers"),
    ),
    Measure(
        "between_group_variance", "Between-group variance", "BGV", "absolute", SQUARED, 0, True, ("population",),
        "The average squared distance of people's groups from the average. 0 is no difference; groups far out count for most.",
        group_spread.between_group_variance,
    ),
    Measure(
        "between_group_standard_deviation", "Between-group standard deviation", "BGSD", "absolute", SAME, 0, True, ("population",),
        "How far a person's group typically lies from the average. 0 is no difference.",
        group_spread.between_group_standard_deviation,
    ),
    Measure(
        "coefficient_of_variation", "Coefficient of variation", "COV", "relative", PERCENT, 0, True, ("population",),
        "How far a person's group typically lies from the average, as a percentage of the average. 0 % is no difference.",
        group_spread.coefficient_of_variation,
    ),
    Measure(
        "mean_difference_from_best", "Mean difference from the best group", "MDBU", "absolute", SAME, 0, False, (),
        "How far groups are from the best group on average, every group counting the same. 0 is no difference.",
        lambda groups, choices: group_gaps.mean_difference_from_best(groups, choices, weighted=False),
    ),
    Measure(
        "mean_difference_from_best_weighted", "Mean difference from the best group, by population", "MDBW", "absolute", SAME, 0, True,
        ("population",),
        "How far people's groups are from the best group on average, every person counting the same. 0 is no difference.",
        lambda groups, choices: group_gaps.mean_difference_from_best(groups, choices, weighted=True),
    ),
    Measure(
        "mean_difference_from_mean", "Mean difference from the average", "MDMU", "absolute", SAME, 0, False, ("population",),
        "How far groups are from the average of all people, every group counting the same. 0 is no difference.",
        lambda groups, _: group_gaps.mean_difference_from_mean(groups, weighted=False),
    ),
    Measure(
        "mean_difference_from_mean_weighted", "Mean difference from the average, by population", "MDMW", "absolute", SAME, 0, True,
        ("population",),
        "How far people's groups are from the average of all people, every person counting the same. 0 is no difference.",
        lambda groups, _: group_gaps.mean_difference_from_mean(groups, weighted=True),
    ),
    Measure(
        "mean_difference_from_reference", "Mean difference from the reference group", "MDRU", "absolute", SAME, 0, False, ("reference",),
        "How far groups are from the reference group on average, either way, every group counting the same. 0 is no difference.",
        lambda groups, _: group_gaps.mean_difference_from_reference(groups, weighted=False),
    ),
    Measure(
        "mean_difference_from_reference_weighted", "Mean difference from the reference group, by population", "MDRW", "absolute", SAME, 0,
        True, ("population", "reference"),
        "How far people's groups are from the reference group on average, either way, every person counting the same. 0 is no difference.",
        lambda groups, _: group_gaps.mean_difference_from_reference(groups, weighted=True),
    ),
    Measure(
        "index_of_disparity", "Index of disparity", "IDISU", "relative", PERCENT, 0, False, ("population",),
        "How far groups are from the average, as a percentage of the average, every group counting the same. 0 % is no difference.",
        lambda groups, _: group_gaps.index_of_disparity(groups, weighted=False),
    ),
    Measure(
        "index_of_disparity_weighted", "Index of disparity, by population", "IDISW", "relative", PERCENT, 0, True, ("population",),
        "How far people's groups are from the average, as a percentage of the average, every person counting the same. "
        "0 % is no difference.",
        lambda groups, _: group_gaps.index_of_disparity(groups, weighted=True),
    ),
    Measure(
        "theil_index", "Theil index", "TI", "relative", NONE, 0, True, ("population",),
        "How unevenly the indicator falls on people, times 1,000; groups well above the average count for most. 0 is an even spread.",
        group_spread.theil_index,
    ),
    Measure(
        "mean_log_deviation", "Mean log deviation", "MLD", "relative", NONE, 0, True, ("population",),
        "How unevenly the indicator falls on people, times 1,000; groups well below the average count for most. 0 is an even spread.",
        group_spread.mean_log_deviation,
    ),
    Measure(
        "population_attributable_risk", "Population attributable risk", "PAR", "absolute", SAME, 0, True, ("population",),
        "How much the average would change if every group did as well as the most advantaged, or, without an order, the best. "
        "0 is no room to improve.",
        group_gaps.population_attributable_risk,
    ),
    Measure(
        "population_attributable_fraction", "Population attributable fraction", "PAF", "relative", PERCENT, 0, True, ("population",),
        "By how many per cent the average would change if every group did as well as the most advantaged, or, without an order, the "
        "best. 0 % is no room to improve.",
        group_gaps.population_attributable_fraction,
    ),
)  # fmt: skip
"""Every measure, in the order in which WHO's handbook presents them."""


def measure_of(key: str) -> Measure:
    """The measure of that key, or of that abbreviation.

    Raises
    ------
    ValueError
        Where there is none.
    """
    for one in MEASURES:
        if key in (one.key, one.abbreviation):
            return one
    raise ValueError(f"There is no measure of inequality {key!r}; there are {', '.join(one.key for one in MEASURES)}.")


def inequality(
    key: str,
    values: ArrayLike,
    populations: ArrayLike | None = None,
    standard_errors: ArrayLike | None = None,
    *,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
    higher_is_better: bool = True,
    option: str | None = None,
    scale: float = 100.0,
    confidence: float = 0.95,
) -> Inequality:
    """One measure of inequality between groups.

    Parameters
    ----------
    key
        A key or an abbreviation of :data:`MEASURES`.
    values
        The indicator in each group.
    populations
        People in each group.
    standard_errors
        Of the values, in their unit. Without them most measures have no interval; the concentration indices, HEAT's two forms of the
        slope, PAR and PAF do not use them.
    order
        Numbers that put the groups in order, the most disadvantaged first. Not given: the groups have no order.
    reference
        1 for the group that others are compared with, 0 elsewhere. Ordered groups are compared by their ends instead, except by the
        mean difference from the reference.
    higher_is_better
        True for coverage or recovery, say; False for waits or deaths.
    option
        One of the measure's options; the first of them where none is chosen.
    scale
        What the indicator would be if it held for everybody: 100 for a percentage. For PAR, PAF, the bounded concentration indices and
        HEAT's logit form.
    confidence
        0.95 or 0.998, say.

    Returns
    -------
    Inequality
        Missing with fewer than two groups that count (three for a slope), or without the population or reference that it needs.
        Groups whose value is missing are left out, and so are those without people.

    Raises
    ------
    ValueError
        Where there is no such measure or option, where it needs an order and none is given, or where the columns differ in length.
    """
    found = measure_of(key)
    if found.needs_order and order is None:
        raise ValueError(f"{found.name} is for ordered groups: say in which order they stand.")
    taken = found.options[0] if option is None else option
    if taken not in found.options:
        raise ValueError(f"{found.name} has no option {option!r}; it has {', '.join(filter(None, found.options)) or 'none'}.")
    groups = gather(values, populations, standard_errors, order, reference)
    if groups is None:
        estimate, n = MISSING, int(np.isfinite(np.asarray(values, dtype=float)).sum())
    else:
        # What overflows or divides by nothing comes out as no number, and is missing.
        with np.errstate(all="ignore"):
            estimate, n = found.work_out(groups, Choices(higher_is_better, scale, taken, confidence)), groups.n
    value, lower, upper = (part if np.isfinite(part) else np.nan for part in (estimate.value, estimate.lower, estimate.upper))
    return Inequality(found, taken, value, lower, upper, n)
