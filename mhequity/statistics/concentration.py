"""How far an indicator is concentrated among the disadvantaged or the advantaged, over all groups in their order.

References
----------
Kakwani N, Wagstaff A, van Doorslaer E. Socioeconomic inequalities in health. J Econometrics 1997;77:87-103 (the index and its regression).
Wagstaff A. The bounds of the concentration index when the variable of interest is binary. Health Econ 2005;14:429-32.
Erreygers G. Correcting the concentration index. J Health Econ 2009;28:504-15.
"""

from __future__ import annotations

import numpy as np

from mhequity.statistics.groups import MISSING, Choices, Estimate, Groups, around


def _times(estimate: Estimate, factor: float) -> Estimate:
    return Estimate(estimate.value * factor, estimate.lower * factor, estimate.upper * factor)


def absolute_concentration_index(groups: Groups, choices: Choices) -> Estimate:
    """Absolute concentration index ACI = sum of p (2 rank - 1) y, in the indicator's unit; below 0 where the disadvantaged have more.

    p are the shares of people; the rank runs from 0 (most disadvantaged) to 1. The same figure is the slope of a regression of
    2 v y on the rank weighted by p, v being the variance of the rank; its standard error is that slope's, with n - 2 degrees of
    freedom and the normal deviate, as in HEAT. It rests on how far the groups lie off the line, not on their own standard
    errors; there is none for two groups.
    """
    p, y = groups.shares, groups.values
    distance = groups.ranks - 0.5
    value = float(2 * (p * distance) @ y)
    if groups.n < 3:
        return Estimate(value)
    v = p @ distance**2
    residual = 2 * v * (y - groups.mean) - value * distance
    return around(value, float(np.sqrt(p @ residual**2 / (groups.n - 2) / v)), choices)


def relative_concentration_index(groups: Groups, choices: Choices) -> Estimate:
    """Relative concentration index RCI = ACI / mean, from -1 to 1; no unit.

    For an indicator that cannot pass 0 and ``choices.scale``, the option ``wagstaff`` gives ACI x scale / ((scale - mean) mean) and
    ``erreygers`` 4 ACI / scale, both from -1 to 1 whatever the mean. Missing under either where a value lies outside 0 to
    ``scale``, and except under ``erreygers`` where the mean is not above 0. The interval takes the mean as known, as in HEAT.
    """
    absolute, mean, scale = absolute_concentration_index(groups, choices), groups.mean, choices.scale
    if choices.option and ((groups.values < 0).any() or (groups.values > scale).any()):
        return MISSING
    if choices.option == "erreygers":
        return _times(absolute, 4 / scale)
    if not mean > 0:
        return MISSING
    if not choices.option:
        return _times(absolute, 1 / mean)
    return _times(absolute, scale / ((scale - mean) * mean)) if mean < scale else MISSING
