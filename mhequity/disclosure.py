"""Disclosure control: counts of people so small that someone could be recognised are hidden, the others rounded.

A count is hidden after summing, never before. Hiding it is not enough where it can be worked out from what is shown: a borough's
total less all its services but one is that service. So where a hidden part of a shown total could be told, the next smallest part is
hidden too, and where there is none, the total. Whatever boroughs, services or groups a visitor chooses, every figure comes from the same
cells, so that no choice of them undoes what is hidden.

References
----------
Office for National Statistics and Government Statistical Service, guidance on protecting confidentiality in tables: primary and
secondary cell suppression. NHS England, Hospital Episode Statistics analysis guide: 1 to 7 hidden, others to the nearest 5.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Policy:
    """Which counts are hidden and how the others are rounded.

    ``hidden_to`` is the largest count that is hidden (0 hides none), ``nearest`` what others are rounded to (1 does not round).
    Nought is nobody's count and is shown.
    """

    name: str
    hidden_to: int
    nearest: int

    @property
    def sentence(self) -> str:
        """The policy in words, as it stands on every page."""
        if not self.hidden_to:
            return "Counts are shown as they are: none is hidden or rounded."
        return f"Counts from 1 to {self.hidden_to} are hidden, others rounded to the nearest {self.nearest}."


UNDER_FIVE = Policy("Under 5 hidden", 4, 5)
UNDER_EIGHT = Policy("1 to 7 hidden", 7, 5)
AS_PUBLISHED = Policy("Nothing hidden", 0, 1)
POLICIES = (UNDER_FIVE, UNDER_EIGHT, AS_PUBLISHED)


@dataclass(frozen=True, eq=False)
class Sum:
    """A total and its parts, as positions of cells."""

    total: int
    parts: NDArray[np.int64]


def is_small(counts: ArrayLike, policy: Policy) -> Mask:
    """True for each count that the policy hides: above 0 and up to ``hidden_to``. A missing count is not small."""
    values = np.asarray(counts, dtype=float)
    with np.errstate(invalid="ignore"):
        return np.asarray((values > 0) & (values <= policy.hidden_to))


def rounded(counts: ArrayLike, policy: Policy) -> NDArray[np.float64]:
    """Counts to the policy's nearest, halves up; missing stays missing.

    Examples
    --------
    >>> rounded([0, 5, 7, 8, 1237], UNDER_FIVE)
    array([   0.,    5.,    5.,   10., 1235.])
    """
    values = np.asarray(counts, dtype=float)
    return values if policy.nearest <= 1 else np.floor(values / policy.nearest + 0.5) * policy.nearest


def hidden(counts: ArrayLike, sums: Sequence[Sum], policy: Policy, published: ArrayLike | None = None) -> Mask:
    """Which cells of a table must not be shown.

    Parameters
    ----------
    counts
        People in each cell, totals among them; missing where it is not given.
    sums
        Which cells are totals of which others. A cell may be in several: a borough's age band is part of all ages and of all
        services.
    policy
        What is small.
    published
        True for cells that are public already: they are never hidden, and count as known to everyone.

    Returns
    -------
    array of bool
        True for the small ones, and for those by which a small one could be told: exactly, or as no more than ``hidden_to``, by
        someone who knows every cell that is shown, without rounding.
    """
    values = np.asarray(counts, dtype=float)
    public = np.zeros(len(values), dtype=bool) if published is None else np.asarray(published, dtype=bool)
    small = is_small(values, policy) & ~public
    out = small.copy()
    if not small.any():
        return out
    for together in _linked(len(values), sums, small):
        _settle(out, values, together, public, policy)
        # One sum at a time is the whole truth only where no two of them share hidden cells.
        while len(together) > 1 and (found := _told_jointly(out, small, values, together, policy)):
            smallest = _next(out, values, [each for each in together if _holds(each, found)], public)
            if smallest is None:
                break
            out[smallest] = True
            _settle(out, values, together, public, policy)
    return out


def _linked(size: int, sums: Sequence[Sum], small: Mask) -> list[list[Sum]]:
    """Sums that share cells, directly or through others, put together; those without a small cell left out."""
    head = list(range(size))

    def find(cell: int) -> int:
        while head[cell] != cell:
            head[cell] = head[head[cell]]
            cell = head[cell]
        return cell

    for each in sums:
        for part in each.parts:
            head[find(int(part))] = find(each.total)
    groups: dict[int, list[Sum]] = {}
    for each in sums:
        groups.setdefault(find(each.total), []).append(each)
    touched = {find(int(cell)) for cell in np.flatnonzero(small)}
    return [group for first, group in groups.items() if first in touched]


def _settle(out: Mask, values: NDArray[np.float64], sums: Iterable[Sum], public: Mask, policy: Policy) -> None:
    """Hide more until no sum by itself tells what it hides."""
    waiting = list(sums)
    while waiting:
        again = []
        for each in waiting:
            while not _is_safe(out, values, each, policy):
                smallest = _next(out, values, [each], public)
                if smallest is None:
                    break
                out[smallest] = True
                again = list(sums)
        waiting = again


def _is_safe(out: Mask, values: NDArray[np.float64], each: Sum, policy: Policy) -> bool:
    """True where the total less the parts that are shown leaves each hidden part free to be more than small."""
    hidden_parts = out[each.parts]
    if not hidden_parts.any() and not out[each.total]:
        return True
    unknown = hidden_parts | np.isnan(values[each.parts])
    number = int(unknown.sum())
    if out[each.total] or np.isnan(values[each.total]):
        return number > 0
    # Every hidden part is at least 1, so that any of them may be all that is left but for 1 in each of the others.
    left = values[each.total] - values[each.parts[~unknown]].sum()
    return number > 1 and left - (number - 1) > policy.hidden_to


def _next(out: Mask, values: NDArray[np.float64], sums: Sequence[Sum], public: Mask) -> int | None:
    """The smallest part that is still shown, then the smallest total; None where nothing is left to hide."""
    for cells in (np.unique(np.concatenate([each.parts for each in sums])), np.unique([each.total for each in sums])):
        free = cells[~out[cells] & ~public[cells] & (values[cells] > 0)]
        if len(free):
            return int(free[np.argmin(values[free])])
    return None


def _holds(each: Sum, cells: Sequence[int]) -> bool:
    return each.total in cells or bool(np.isin(each.parts, cells).any())


def _told_jointly(out: Mask, small: Mask, values: NDArray[np.float64], sums: Sequence[Sum], policy: Policy) -> list[int]:
    """Small cells that all sums together tell: the least and most that each can be differ by less than 1, or it cannot be more
    than small."""
    from scipy.optimize import linprog

    members = np.unique(np.concatenate([np.append(each.parts, each.total) for each in sums]))
    free = members[out[members] | np.isnan(values[members])]
    place = {int(cell): at for at, cell in enumerate(free)}
    left, right = np.zeros((len(sums), len(free))), np.zeros(len(sums))
    for row, each in enumerate(sums):
        for cell, sign in [*((int(part), 1.0) for part in each.parts), (each.total, -1.0)]:
            if cell in place:
                left[row, place[cell]] += sign
            else:
                right[row] -= sign * values[cell]
    bounds = [(1 if out[cell] else 0, None) for cell in free]
    found = []
    for cell in (int(each) for each in free if small[each]):
        towards = np.zeros(len(free))
        towards[place[cell]] = 1
        least, most = (linprog(sign * towards, A_eq=left, b_eq=right, bounds=bounds) for sign in (1, -1))
        # Parts that do not add up to their total leave nothing to work out; a most without end is safe.
        if least.status == 0 and most.status == 0 and (-most.fun - least.fun < 1 or -most.fun <= policy.hidden_to):
            found.append(cell)
    return found
