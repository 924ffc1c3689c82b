"""Areas sorted into groups of about the same number by a value: quintiles, deciles."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats


@dataclass(frozen=True)
class QuantileGroups:
    """The group of each area, 1 first; nan where the value is missing, and everywhere if ``refused`` says why there are no groups."""

    group: NDArray[np.float64]
    refused: str


def quantile_groups(values: ArrayLike, groups: int, *, highest_first: bool = False) -> QuantileGroups:
    """Sort areas into ``groups`` groups of as nearly the same number as can be.

    The area of rank r among the n that have a value is in group ``floor((r - 1) * groups / n) + 1``. Areas of the same value share
    the rank of the first of them, so they are never parted, and a group may be larger than another or stay empty.

    Parameters
    ----------
    values
        One value an area. The groups are those of the areas given: "the top quarter in England" needs all of England's areas.
    groups
        5 for quintiles, say.
    highest_first
        Whether group 1 holds the highest values rather than the lowest.

    Returns
    -------
    QuantileGroups
        group: 1 to ``groups`` in the order of the values; nan where the value is missing. Fewer areas with a value than groups are
        not sorted: every group is nan, and ``refused`` is a sentence that says so.

    Raises
    ------
    ValueError
        Where ``groups`` is not a whole number from 1.

    References
    ----------
    PHEindicatormethods 2.1.0, phe_quantile.

    Examples
    --------
    >>> quantile_groups([5, 1, 3, 3, 9], 2).group.tolist()
    [2.0, 1.0, 1.0, 1.0, 2.0]
    """
    if groups < 1 or groups != int(groups):
        raise ValueError(f"The number of groups must be a whole number from 1; it is {groups}.")
    value = np.asarray(values, dtype=float)
    known = np.isfinite(value)
    n = int(known.sum())
    group = np.full(value.shape, np.nan)
    if n < groups:
        held = f"{n} {'area has' if n == 1 else 'areas have'} a value"
        return QuantileGroups(group, f"{held}: too few for {int(groups)} groups.")
    rank = stats.rankdata(-value[known] if highest_first else value[known], method="min").astype(np.int64)
    # Whole numbers throughout: a fraction such as 3 * (1 / 3) would fall on the wrong side of a border.
    group[known] = (rank - 1) * int(groups) // n + 1
    return QuantileGroups(group, "")
