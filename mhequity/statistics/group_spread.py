"""How widely groups are spread around the mean of all people, and how unevenly a total falls on them.

Each function takes groups (:func:`mhequity.statistics.groups.gather`) and choices, and returns an estimate.

References
----------
Schlotheuber A, Hosseinpoor AR. Int J Environ Res Public Health 2022;19:3697 (the measures).
Ahn J, Harper S, Yu M, Feuer EJ, Liu B, Luta G. Variance estimation and confidence intervals for 11 commonly used health disparity
measures. JCO Clin Cancer Inform 2018;2:1-19 (their variances).
"""

from __future__ import annotations

import numpy as np

from mhequity.statistics.groups import MISSING, Choices, Estimate, Groups, around


def between_group_variance(groups: Groups, choices: Choices) -> Estimate:
    """Between-group variance BGV = sum of p (y - mean)^2, in the indicator's unit squared; p are the shares of people.

    BGV is a quadratic form y'Ay with A = diag(p) - pp', so its variance is 4 y'A S A y + 2 trace(A S A S), with S the squared
    standard errors. The interval is normal, and its lower end may lie below 0: then chance alone would do.
    """
    p, y = groups.shares, groups.values
    form = np.diag(p) - np.outer(p, p)
    noisy = form * groups.standard_errors**2
    variance = 4 * y @ noisy @ form @ y + 2 * np.trace(noisy @ noisy)
    # Equal groups known exactly leave a hair's breadth on either side of 0.
    value = float(p @ (y - groups.mean) ** 2)
    return around(value, float(np.sqrt(np.maximum(variance, 0.0))), choices)


def between_group_standard_deviation(groups: Groups, choices: Choices) -> Estimate:
    """Between-group standard deviation = square root of the between-group variance, in the indicator's unit.

    Its ends are the square roots of the variance's ends, 0 for one below 0.
    """
    variance = between_group_variance(groups, choices)
    return Estimate(*(float(np.sqrt(np.maximum(part, 0.0))) for part in (variance.value, variance.lower, variance.upper)))


def coefficient_of_variation(groups: Groups, choices: Choices) -> Estimate:
    """Coefficient of variation = 100 x between-group standard deviation / mean, in per cent.

    The interval takes the mean as known. Missing where the mean is not above 0.
    """
    if not groups.mean > 0:
        return MISSING
    deviation = between_group_standard_deviation(groups, choices)
    return Estimate(*(100 * part / groups.mean for part in (deviation.value, deviation.lower, deviation.upper)))


def theil_index(groups: Groups, choices: Choices) -> Estimate:
    """Theil index TI = 1000 x sum of p r log r, where r = y / mean; no unit.

    The slope of TI in y is 1000 p / mean x (log r - TI / 1000), and the standard error follows from it to the first order, so the interval
    is too narrow close to 0. WHO's healthequal 1.0.1 multiplies the figure by 1,000 but not its standard error; here both are.
    A value of 0 counts as r log r = 0, and leaves no interval. Missing with a negative value or a mean of 0.
    """
    p, y = groups.shares, groups.values
    if (y < 0).any() or not groups.mean > 0:
        return MISSING
    r = y / groups.mean
    logs = np.log(np.where(r > 0, r, 1.0))
    value = float(p @ (r * logs))
    slope = np.where(r > 0, p / groups.mean * (logs - value), np.nan)
    return around(1000 * value, 1000 * float(np.sqrt(((slope * groups.standard_errors) ** 2).sum())), choices)


def mean_log_deviation(groups: Groups, choices: Choices) -> Estimate:
    """Mean log deviation MLD = 1000 x sum of p (-log r), where r = y / mean; no unit.

    The slope of MLD in y is 1000 p / mean x (1 - 1 / r); the rest as for the Theil index. Missing where a value is 0 or negative.
    """
    p, y = groups.shares, groups.values
    if (y <= 0).any() or not groups.mean > 0:
        return MISSING
    r = y / groups.mean
    slope = p / groups.mean * (1 - 1 / r)
    return around(-1000 * float(p @ np.log(r)), 1000 * float(np.sqrt(((slope * groups.standard_errors) ** 2).sum())), choices)
