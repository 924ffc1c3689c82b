"""How far apart groups are: between two of them, from the best, from the mean, from a reference, and what closing it would gain.

Each function takes groups (:func:`mhequity.statistics.groups.gather`) and choices, and returns an estimate. The formulas are those of the
World Health Organization's Health Equity Assessment Toolkit (HEAT).

References
----------
Schlotheuber A, Hosseinpoor AR. Summary measures of health inequality: a review of existing measures and their application.
Int J Environ Res Public Health 2022;19:3697.
"""

from __future__ import annotations

import numpy as np

from mhequity.statistics.groups import MISSING, Choices, Estimate, Groups, around


def compared_pair(groups: Groups, choices: Choices) -> tuple[int, int]:
    """The positions of the two groups that a difference or a ratio compares: the first minus, or over, the second.

    Ordered groups: most advantaged and most disadvantaged, the other way round where lower is better. Without an order: the
    best and the worst, or the reference and the worst where one is marked.

    Notes
    -----
    For an indicator of which lower is better the documentation of WHO's healthequal 1.0.1 takes the *lowest* value and the
    reference. That compares the reference with the best group, and shows no inequality at all when the reference is the best.
    Here the reference is compared with the worst group whichever way is better.
    """
    if groups.ordered:
        return (groups.n - 1, 0) if choices.higher_is_better else (0, groups.n - 1)
    worst = groups.place_of("worst", choices.higher_is_better)
    return (groups.place_of("best", choices.higher_is_better) if groups.reference is None else groups.reference), worst


def difference(groups: Groups, choices: Choices) -> Estimate:
    """Difference D = y1 - y2 between two groups (:func:`compared_pair`), in the indicator's unit.

    Without an order it is best minus worst, so it is negative where lower is better, as in HEAT. Its standard error is
    sqrt(se1^2 + se2^2). Where best and worst are picked from the data, the interval does not know that they were picked, and
    excludes 0 too easily.
    """
    first, second = compared_pair(groups, choices)
    if first == second:
        return Estimate(0.0, 0.0, 0.0)
    error = np.hypot(groups.standard_errors[first], groups.standard_errors[second])
    return around(groups.values[first] - groups.values[second], error, choices)


def ratio(groups: Groups, choices: Choices) -> Estimate:
    """Ratio R = y1 / y2 of two groups (:func:`compared_pair`), with an interval on the log scale.

    The standard error of log R is sqrt((se1 / y1)^2 + (se2 / y2)^2). Missing where either value is negative or the second is 0.
    """
    first, second = compared_pair(groups, choices)
    y, errors = groups.values, groups.standard_errors
    if y[second] <= 0 or y[first] < 0:
        return MISSING
    if first == second:
        return Estimate(1.0, 1.0, 1.0)
    value = float(y[first] / y[second])
    if value == 0:
        return Estimate(0.0)
    spread = np.exp(choices.z * np.hypot(errors[first] / y[first], errors[second] / y[second]))
    return Estimate(value, float(value / spread), float(value * spread))


def to_be_gained(groups: Groups, choices: Choices) -> tuple[int, float]:
    """The group that all would be as good as, and how far it is from the mean: 0 where the mean is already as good.

    That group is the most advantaged of ordered groups, the best of others.
    """
    target = groups.n - 1 if groups.ordered else groups.place_of("best", choices.higher_is_better)
    gain = float(groups.values[target]) - groups.mean
    return target, (max(gain, 0.0) if choices.higher_is_better else min(gain, 0.0))


def attributable_fraction_error(groups: Groups, target: int, scale: float) -> float:
    """Standard error of the attributable fraction, from 0 to 1, as though the people were a sample of two groups.

    With a of a + b people elsewhere, and c of c + d people of the target group, holding the indicator, and n people in all,
    the variance is c n (a d (n - c) + b c^2) / ((a + c)^3 (c + d)^3) [Walter SD. Biometrics
    1976;32:829-49; HEAT's figures come out by it]. Missing where a value
    lies outside 0 to ``scale``, or nobody holds the indicator.
    """
    if (groups.values < 0).any() or (groups.values > scale).any():
        return np.nan
    people = groups.populations
    holding = groups.values / scale * people
    n, c = people.sum(), holding[target]
    a, d = holding.sum() - c, people[target] - c
    b = n - people[target] - a
    if not a + c > 0:
        return np.nan
    return float(np.sqrt(c * n * (a * d * (n - c) + b * c**2) / ((a + c) ** 3 * (c + d) ** 3)))


def population_attributable_risk(groups: Groups, choices: Choices) -> Estimate:
    """Population attributable risk PAR = y_target - mean: what all would gain, in the indicator's unit.

    Positive where higher is better, negative where lower is; 0 where the target group (:func:`to_be_gained`) does no better
    than the mean. The interval is the mean times that of the attributable fraction, around the figure shown, 0 included, as in HEAT.
    It treats the people as a sample and does not use the standard errors of the groups.
    """
    target, gain = to_be_gained(groups, choices)
    return around(gain, groups.mean * attributable_fraction_error(groups, target, choices.scale), choices)


def population_attributable_fraction(groups: Groups, choices: Choices) -> Estimate:
    """Population attributable fraction PAF = 100 x PAR / mean, in per cent of the mean.

    WHO's healthequal 1.0.1 adds a standard error on the scale 0 to 1 to this percentage; here both are percentages.
    Missing where the mean is not above 0.
    """
    target, gain = to_be_gained(groups, choices)
    if not groups.mean > 0:
        return MISSING
    return around(100 * gain / groups.mean, 100 * attributable_fraction_error(groups, target, choices.scale), choices)


def _average_distance(groups: Groups, point: float, weighted: bool) -> float:
    distances = np.abs(groups.values - point)
    return float(groups.shares @ distances) if weighted else float(distances.mean())


def mean_difference_from_best(groups: Groups, choices: Choices, weighted: bool) -> Estimate:
    """Mean absolute difference of the groups, the best one included, from the best one; in the indicator's unit.

    No interval: chance alone keeps this measure above 0, so an interval by simulation, as HEAT's, excludes 0 even for
    groups that differ by nothing else. The same holds for the other mean differences and the indices of disparity.
    """
    best = float(groups.values[groups.place_of("best", choices.higher_is_better)])
    return Estimate(_average_distance(groups, best, weighted))


def mean_difference_from_mean(groups: Groups, weighted: bool) -> Estimate:
    """Mean absolute difference of the groups from the mean of all people; in the indicator's unit."""
    return Estimate(_average_distance(groups, groups.mean, weighted))


def mean_difference_from_reference(groups: Groups, weighted: bool) -> Estimate:
    """Mean absolute difference of the groups, the reference included, from the reference; missing where none is marked."""
    if groups.reference is None:
        return MISSING
    return Estimate(_average_distance(groups, float(groups.values[groups.reference]), weighted))


def index_of_disparity(groups: Groups, weighted: bool) -> Estimate:
    """Index of disparity = 100 x mean absolute difference from the mean / mean, in per cent.

    Missing where the mean is not above 0.
    """
    if not groups.mean > 0:
        return MISSING
    return Estimate(100 * _average_distance(groups, groups.mean, weighted) / groups.mean)
