"""Ranks of units on several measures: who stands where, how far that hangs on the measure, and how weights move it.

A frame of measures has one row per unit (its index names the unit) and one column per measure, higher meaning more of it. Missing
values are allowed and never filled.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from mhequity.statistics.correlation import spearman

STATED = "stated weights"
"""Name of the weighting that the user gave, among those tried."""

TIE_DECIMALS = 12
"""Scores are rounded to so many places, so that no rounding error parts units that are level."""


def _numbers(measures: pd.DataFrame) -> pd.DataFrame:
    """The measures as floats, infinite ones missing; two columns or two units of one name raise ValueError."""
    if not measures.columns.is_unique:
        raise ValueError("every measure has a name of its own; two columns share one")
    if not measures.index.is_unique:
        raise ValueError("every unit has a row of its own; two rows share a name")
    found = measures.astype(float)
    return found.where(np.isfinite(found))


def ranks(measures: pd.DataFrame) -> pd.DataFrame:
    """Rank of each unit on each measure, 1 the highest.

    Units that are level share the best of their places and the next places stay empty (1, 2, 2, 4: standard competition ranking,
    "joint second" as official league tables print it). A missing value has no rank, and takes no place: a measure that misses
    units ranks the others among themselves.

    Parameters
    ----------
    measures
        Units x measures.

    Returns
    -------
    DataFrame
        Of the same shape; ranks as floats, so that a missing one can be nan.
    """
    return _numbers(measures).rank(ascending=False, method="min")


def movers(ranks: pd.DataFrame, k: float) -> pd.DataFrame:
    """Units whose rank differs by more than ``k`` places between some two measures.

    Parameters
    ----------
    ranks
        Units x measures (:func:`ranks`). Where measures miss different units their ranks count among different fields; leave out
        units with a missing value first if that matters.
    k
        Places, 0 or more; a negative one raises ValueError.

    Returns
    -------
    DataFrame
        One row per such unit, the one that moves furthest first (level ones in the order of ``ranks``): unit, highest_on and
        lowest_on (the measures with its best and worst rank, the first of level ones), highest and lowest (those ranks), places
        (their difference).
    """
    if k < 0:
        raise ValueError(f"a number of places is 0 or more, not {k}")
    some = ranks[ranks.notna().any(axis=1)]
    best, worst = some.min(axis=1), some.max(axis=1)
    found = pd.DataFrame(
        {
            "unit": some.index,
            "highest_on": some.idxmin(axis=1).to_numpy() if len(some) else [],
            "lowest_on": some.idxmax(axis=1).to_numpy() if len(some) else [],
            "highest": best.to_numpy(),
            "lowest": worst.to_numpy(),
            "places": (worst - best).to_numpy(),
        }
    )
    return found[found["places"] > k].sort_values("places", ascending=False, kind="stable", ignore_index=True)


def pairwise_spearman(measures: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Spearman's rho of every two measures over the units that have both, with its interval.

    Returns
    -------
    DataFrame
        One row per pair, in the order of the columns: measure_a, measure_b, rho, lower, upper, n. The three are missing below four
        units or where a measure is the same everywhere (:func:`mhequity.statistics.correlation.spearman`, which names the formula).
    """
    values = _numbers(measures)
    rows = []
    for a, b in combinations(values.columns, 2):
        found = spearman(values[a], values[b], confidence)
        rows.append((a, b, found.rho, found.lower, found.upper, found.n))
    return pd.DataFrame(rows, columns=["measure_a", "measure_b", "rho", "lower", "upper", "n"])


def z_scores(measures: pd.DataFrame) -> pd.DataFrame:
    """Each measure as standard deviations from its mean over the units that have it.

    The standard deviation divides by n, not n - 1: the units are all there are (every borough, say), not a sample of more. A
    measure that is the same everywhere, or known of one unit only, has no spread to measure by: its scores are missing.
    """
    values = _numbers(measures)
    alike = values.max() == values.min()
    return (values - values.mean()) / values.std(ddof=0).mask(alike)


def normalised(weights: Mapping[str, float], measures: pd.DataFrame) -> pd.Series:
    """Weights by measure, in the order of the columns, adding up to 1; a measure that is not named weighs 0.

    All weights 0 stay so. A negative or missing weight, or one for a measure that is not there, raises ValueError.
    """
    unknown = [name for name in weights if name not in measures.columns]
    if unknown:
        raise ValueError(f"weights name measures that are not there: {', '.join(map(str, unknown))}")
    if not all(np.isfinite(weight) and weight >= 0 for weight in weights.values()):
        raise ValueError("a weight is 0 or more; for a measure of which less is more, turn its sign")
    shares = pd.Series([float(weights.get(name, 0)) for name in measures.columns], index=measures.columns, dtype=float)
    return shares / shares.sum() if shares.sum() > 0 else shares


def weighted(measures: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series:
    """Weighted mean of each unit's z-scores.

    Parameters
    ----------
    measures
        Units x measures, higher meaning more of what the score is about.
    weights
        By measure, 0 or more, in any scale; used as shares of their sum (:func:`normalised`).

    Returns
    -------
    Series
        Score by unit, named ``score``, in standard deviations, 0 the mean. Missing for a unit that lacks any measure with a weight
        above 0: a score over part of the measures would not compare with the others. Missing for all if all weights are 0.
    """
    shares = normalised(weights, measures)
    used = shares.index[shares > 0]
    if not len(used):
        return pd.Series(np.nan, index=measures.index, name="score", dtype=float)
    parts = z_scores(measures[used]) * shares[used]
    return parts.sum(axis=1, skipna=False).round(TIE_DECIMALS).rename("score")


def weightings(weights: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """The stated weights and those that test them: each weighted measure alone, and all but each in turn.

    Measures with weight 0 take no part. With one measure only the stated weighting is left, as the others would be the same or
    empty.
    """
    used = {name: weight for name, weight in weights.items() if weight > 0}
    if len(used) < 2:
        return {STATED: dict(weights)}
    alone = {f"{name} alone": {name: 1.0} for name in used}
    without = {f"without {name}": {other: used[other] for other in used if other != name} for name in used}
    return {STATED: dict(weights)} | alone | without


def ranks_by_weighting(measures: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Rank of each unit under each of :func:`weightings`, 1 the highest score.

    Returns
    -------
    DataFrame
        Units x weightings. A unit that lacks a measure with weight above 0 has no rank under any of them, so that all columns rank
        the same units; nor has any unit where a measure cannot be scored (:func:`z_scores`).
    """
    complete = weighted(measures, weights).notna()
    scores = {name: weighted(measures, tried).where(complete) for name, tried in weightings(weights).items()}
    return ranks(pd.DataFrame(scores, index=measures.index))


def rank_range(measures: pd.DataFrame, weights: Mapping[str, float] | None = None) -> pd.DataFrame:
    """How far each unit's rank hangs on the weights: its range over each measure alone and all but each in turn.

    Parameters
    ----------
    measures
        Units x measures.
    weights
        By measure; None weighs all alike.

    Returns
    -------
    DataFrame
        One row per unit in the order given: unit, rank (under the stated weights), highest, lowest (best and worst rank under any of
        :func:`weightings`), highest_under, lowest_under (the first weighting that gives it; empty where there is none). Ranks are
        missing for a unit that lacks a measure with weight above 0.
    """
    stated = dict.fromkeys(measures.columns, 1.0) if weights is None else weights
    tried = ranks_by_weighting(measures, stated)
    ranked = tried.notna().all(axis=1)
    highest_under, lowest_under = (pd.Series("", index=tried.index, dtype="str") for _ in range(2))
    if ranked.any():
        highest_under = highest_under.mask(ranked, tried[ranked].idxmin(axis=1))
        lowest_under = lowest_under.mask(ranked, tried[ranked].idxmax(axis=1))
    return pd.DataFrame(
        {
            "unit": tried.index,
            "rank": tried[STATED].to_numpy(),
            "highest": tried.min(axis=1).to_numpy(),
            "lowest": tried.max(axis=1).to_numpy(),
            "highest_under": highest_under.to_numpy(),
            "lowest_under": lowest_under.to_numpy(),
        }
    )
