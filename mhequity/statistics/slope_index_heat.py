"""Slope and relative index of inequality across ordered groups by the two forms of WHO's Health Equity Assessment Toolkit (HEAT)."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import ArrayLike
from scipy import special, stats

from mhequity.statistics.groups import Floats, Groups, gather
from mhequity.statistics.slope_index import FEWEST, Form, SlopeIndex, end_over_start, ends_of_line


def _whole_people(values: ArrayLike, populations: ArrayLike, order: ArrayLike | None) -> Groups | None:
    """Groups in their order with their populations rounded up to whole people, as HEAT has them; None with fewer than three."""
    people = np.ceil(np.asarray(populations, dtype=float))
    groups = gather(values, people, None, np.arange(np.size(values)) if order is None else order)
    return groups if groups is not None and groups.n >= FEWEST else None


def _robust(form: Form, ends: tuple[float, float], slopes: Floats, covariance: Floats, groups: Groups, confidence: float) -> SlopeIndex:
    """SII and RII from the ends of a fitted curve, their slopes in its two coefficients (a row each) and its covariance (HC0)."""
    start, end = ends
    # HC1 is HC0 for few groups; the two models of statsmodels do not agree on its factor, so it is taken here.
    covariance = covariance * groups.n / (groups.n - 2)
    z = float(stats.norm.ppf((1 + confidence) / 2))
    by = slopes[1] - slopes[0]
    margin = z * float(np.sqrt(max(by @ covariance @ by, 0.0)))
    relative = end_over_start(start, end)
    spread = np.nan
    if start > 0 and end > 0:
        by = slopes[1] / end - slopes[0] / start
        spread = float(np.exp(z * np.sqrt(max(by @ covariance @ by, 0.0))))
    sii = end - start
    return SlopeIndex(form, sii, sii - margin, sii + margin, relative, relative / spread, relative * spread, start, groups.n)


def heat_linear(values: ArrayLike, populations: ArrayLike, *, order: ArrayLike | None = None, confidence: float = 0.95) -> SlopeIndex:
    """Slope and relative index by WHO HEAT's linear form.

    The line is that of :func:`mhequity.statistics.slope_index.slope_index`; the interval comes from how far the groups
    lie off it. Populations are rounded up to whole people. The covariance is robust (HC1: times n / (n - 2)) and the deviate
    normal; RII's interval is on the log scale. Standard errors of the groups play no part. Fewer than three groups: missing.

    References
    ----------
    World Health Organization. healthequal 1.0.1, functions ``sii`` and ``rii`` with ``linear = TRUE`` (the figures are theirs).
    """
    groups = _whole_people(values, populations, order)
    if groups is None:
        return SlopeIndex("heat_linear")
    from statsmodels.regression.linear_model import WLS

    design = np.column_stack([np.ones(groups.n), groups.ranks])
    fitted = WLS(groups.values, design, weights=groups.shares).fit(cov_type="HC0")
    start, end = ends_of_line(groups, groups.values)
    return _robust("heat_linear", (float(start), float(end)), np.array([[1.0, 0.0], [1.0, 1.0]]), fitted.cov_params(), groups, confidence)


def heat_logit(
    values: ArrayLike, populations: ArrayLike, *, order: ArrayLike | None = None, scale: float = 100.0, confidence: float = 0.95
) -> SlopeIndex:
    """Slope and relative index by WHO HEAT's default, a logit curve.

    A generalised linear model (binomial, logit) of the proportion on the rank. HEAT rounds populations up, turns each value into
    a whole number of people, and weights those counts by population once more, so a group weighs by its population squared;
    and rounding alone can give equal groups of few people a slope. This is done here too, for the same figures: for a first look the
    linear form is the safer one. The covariance is robust (HC1), the deviate normal; RII's interval is on the log scale.

    Parameters
    ----------
    values
        From 0 to ``scale``; any outside leaves the index missing.
    populations, order, confidence
        As in :func:`mhequity.statistics.slope_index.slope_index`.
    scale
        1 for a proportion, 100 for a percentage, 1,000 for a rate per 1,000 people.

    Returns
    -------
    SlopeIndex
        Missing with fewer than three groups, or where the groups fall apart into those with nobody and those with everybody.

    References
    ----------
    World Health Organization. healthequal 1.0.1, functions ``sii`` and ``rii`` (the figures are theirs).
    """
    groups = _whole_people(values, populations, order)
    if groups is None or (groups.values < 0).any() or (groups.values > scale).any():
        return SlopeIndex("heat_logit")
    share = np.round(groups.values / scale * groups.populations) / groups.populations
    if np.ptp(share) == 0:
        level = float(scale * share[0])
        relative = 1.0 if level > 0 else np.nan
        return SlopeIndex("heat_logit", 0.0, 0.0, 0.0, relative, relative, relative, level, groups.n)
    if np.isin(share, (0.0, 1.0)).all():
        return SlopeIndex("heat_logit", n=groups.n)
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM

    design = np.column_stack([np.ones(groups.n), groups.ranks])
    # Weights of a size around 1: the same curve, and the fit knows when it has arrived.
    weights = (groups.populations / groups.populations.mean()) ** 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = GLM(share, design, family=Binomial(), var_weights=weights).fit(cov_type="HC0")
    if not fitted.converged:
        return SlopeIndex("heat_logit", n=groups.n)
    start, end = special.expit(np.array([[1.0, 0.0], [1.0, 1.0]]) @ fitted.params)
    slopes = scale * np.array([[start * (1 - start), 0.0], [end * (1 - end), end * (1 - end)]])
    return _robust("heat_logit", (float(scale * start), float(scale * end)), slopes, fitted.cov_params(), groups, confidence)
