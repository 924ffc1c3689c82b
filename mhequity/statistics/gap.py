"""What a gap comes to in people: how many more would be reached if every unit did as well as a stated value, and who holds the gap.

A unit is a borough, a team, a group of people: anything with a value and the number of people that it is a value of.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

HAIR = 1e-9
"""Rounding of a running share that is not taken for a difference."""


def people_if_all_did_as_well(
    value: ArrayLike, base: ArrayLike, best: ArrayLike, *, per: float = 1.0, higher_is_better: bool = True
) -> Floats:
    """People more (or fewer) in each unit if every unit reached a stated value: base x shortfall / per.

    Parameters
    ----------
    value
        The measure in each unit, in people per ``per``: a proportion with ``per`` 1, a percentage with 100, a rate per 1,000 with 1,000.
    base
        People that the value is a rate of.
    best
        The value that all would reach: one for all units, or one for each.
    per
        See ``value``.
    higher_is_better
        True: how many more people would be seen, say. False: how many fewer would wait too long.

    Returns
    -------
    ndarray
        0 or more for each unit; 0 where it already does as well or better, so nobody's gain is set against another's shortfall.
        Missing where an input is, or the base is negative.

    Raises
    ------
    ValueError
        Where the columns differ in length, or ``per`` is not above 0.

    Examples
    --------
    >>> people_if_all_did_as_well([40, 55], [200, 100], 50, per=100).tolist()
    [20.0, 0.0]
    """
    values, people, target = (np.asarray(part, dtype=float) for part in (value, base, best))
    if values.shape != people.shape or target.shape not in ((), values.shape):
        raise ValueError("The values, their bases and the reference differ in length: one number for each unit is needed.")
    if not per > 0:
        raise ValueError(f"People per {per} is not a rate: it must be above 0.")
    finite = np.isfinite(values) & np.isfinite(people) & np.isfinite(target) & (people >= 0)
    short = np.where(finite, target, 0.0) - np.where(finite, values, 0.0)
    short = np.maximum(short if higher_is_better else -short, 0.0)
    return np.where(finite, np.where(finite, people, 0.0) * short / per, np.nan)


def share_of_gap(value: ArrayLike, base: ArrayLike, reference: ArrayLike, *, higher_is_better: bool = True) -> Floats:
    """Each unit's share of the people by whom all units together fall short of a reference value.

    Parameters
    ----------
    value, base, reference, higher_is_better
        As in :func:`people_if_all_did_as_well`, with ``reference`` for ``best``. A share is the same whatever the rate is per.

    Returns
    -------
    ndarray
        From 0 to 1, together 1. Missing where the unit's own input is; missing throughout where no unit falls short.
    """
    short = people_if_all_did_as_well(value, base, reference, higher_is_better=higher_is_better)
    total = np.nansum(short)
    return short / total if total > 0 else np.full(short.shape, np.nan)


def units_holding_half(
    value: ArrayLike, base: ArrayLike, reference: ArrayLike, *, higher_is_better: bool = True, share: float = 0.5
) -> list[int]:
    """The fewest units that together hold half of the shortfall, largest first.

    Parameters
    ----------
    value, base, reference, higher_is_better
        As in :func:`share_of_gap`.
    share
        The part of the shortfall to be held, above 0 and at most 1.

    Returns
    -------
    list of int
        Positions of the units. Of units with equal shares the first comes first. Empty where no unit falls short.

    Raises
    ------
    ValueError
        Where ``share`` is not above 0 and at most 1, or the columns differ in length.

    Examples
    --------
    >>> units_holding_half([10, 30, 20], [100, 100, 100], 40)
    [0]
    """
    if not 0 < share <= 1:
        raise ValueError(f"The share to be held is {share}: it must be above 0 and at most 1.")
    held = np.nan_to_num(np.atleast_1d(share_of_gap(value, base, reference, higher_is_better=higher_is_better)))
    if not held.any():
        return []
    largest = np.argsort(-held, kind="stable")
    enough = int(np.argmax(np.cumsum(held[largest]) >= share - HAIR))
    return [int(unit) for unit in largest[: enough + 1]]
