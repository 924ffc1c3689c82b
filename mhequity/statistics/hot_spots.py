"""Hot and cold spots on a map: areas whose neighbourhood is higher or lower than chance would make it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from mhequity.statistics import spatial

FEWEST = 30
"""Fewest areas with a figure among which hot spots are looked for."""
MOST_MISSING = 0.2
"""Share of areas without a figure above which hot spots are not looked for: too many neighbourhoods would have holes."""
VERY_SKEWED = 2.0
"""Skewness (that of an exponential distribution) above which the normal distribution is a poor guide to Gi* of few neighbours."""
HOT, COLD, CHANCE, NOT_TESTED = "hot spot", "cold spot", "not beyond chance", "not tested"
"""Labels. An area without a figure, or without a neighbour that has one, is not tested."""


@dataclass(frozen=True, eq=False)
class HotSpots:
    """Hot and cold spots: one row an area, or the reason why there are none."""

    areas: pd.DataFrame
    """``z`` of Gi*, ``p`` (two-sided), ``p_adjusted`` (for false discovery), ``significant``, ``label``; rows as the values came."""
    refused: str
    """Why nothing was tested, as a sentence; empty where it was."""
    warnings: tuple[str, ...]
    n: int
    """Areas tested."""


def hot_spots(
    values: ArrayLike, neighbours: spatial.Neighbours, *, values_are_counts: bool = False, false_discovery_rate: float = 0.05
) -> HotSpots:
    """Where high values lie together (hot spots) and where low ones do (cold spots), beyond chance.

    Parameters
    ----------
    values
        One figure an area: a rate, a share, a difference. Missing where there is none.
    neighbours
        For each area the positions of its neighbours, as :func:`~mhequity.statistics.spatial.queen_neighbours` gives them.
    values_are_counts
        Say True for numbers of people or events, which are high where many people live: a warning is then given.
    false_discovery_rate
        Share of false ones allowed among those called hot or cold.

    Returns
    -------
    HotSpots
        ``refused`` says why nothing was tested: fewer than 30 areas with a figure, more than a fifth without one, values that
        are all equal, or no two areas that touch. Otherwise each area has the z of Gi* and its two-sided p from the normal
        distribution, which is rough where a few areas have figures far from all others: a warning says so.

    Raises
    ------
    ValueError
        Where values and neighbours differ in number, or a neighbour is none of the areas.
    """
    y, links, kept = spatial.with_figures(values, neighbours)
    refused = _why_not(y, links, len(neighbours))
    z = np.full(len(neighbours), np.nan) if refused else spatial.getis_ord(values, neighbours)
    p = 2 * stats.norm.sf(np.abs(z))
    adjusted = spatial.false_discovery_adjusted(p)
    significant = adjusted <= false_discovery_rate
    label = np.select([np.isnan(z), significant & (z > 0), significant], [NOT_TESTED, HOT, COLD], CHANCE)
    areas = pd.DataFrame({"z": z, "p": p, "p_adjusted": adjusted, "significant": significant, "label": label})
    warnings = () if refused else _warnings(y, links, len(neighbours) - len(kept), values_are_counts)
    return HotSpots(areas, refused, warnings, int(np.isfinite(z).sum()))


def _why_not(y: spatial.Floats, links: spatial.Neighbours, areas: int) -> str:
    """Why hot spots are not looked for; empty where they are."""
    if len(y) < FEWEST:
        return f"Hot spots need at least {FEWEST} areas with a figure; there {'is' if len(y) == 1 else 'are'} {len(y)}."
    if areas - len(y) > MOST_MISSING * areas:
        return f"{areas - len(y)} of {areas} areas have no figure. Hot spots are looked for where at most a fifth have none."
    if not spatial.vary(y):
        return f"All {len(y)} areas have the same figure, so that none stands out."
    return "" if any(links) else "No area borders another, so that there are no neighbourhoods to compare."


def _warnings(y: spatial.Floats, links: spatial.Neighbours, missing: int, counts: bool) -> tuple[str, ...]:
    """What to know about hot spots that were looked for: one sentence each."""
    told, islands = [], sum(not each for each in links)
    if missing:
        told.append(f"{_areas(missing)} no figure: left out, and the neighbours were judged without.")
    if islands:
        told.append(f"{_areas(islands)} no neighbour with a figure: not tested.")
    if counts:
        told.append("The figures are counts, which are high where many people live: hot spots may show no more than that. Use a rate.")
    if abs(stats.skew(spatial.scaled(y))) > VERY_SKEWED:
        told.append("A few areas have figures far from all others, so that p is rough and too many areas may be called hot or cold.")
    return tuple(told)


def _areas(number: int) -> str:
    return "1 area has" if number == 1 else f"{number:,} areas have"
