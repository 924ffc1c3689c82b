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

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mhequity import joint_sums
from mhequity.joint_sums import Sum

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


def hidden(
    counts: ArrayLike, sums: Sequence[Sum], policy: Policy, published: ArrayLike | None = None, withheld: ArrayLike | None = None
) -> Mask:
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
    withheld
        True for cells whose count is not given because it is small.

    Returns
    -------
    array of bool
        True for the small ones, and for those by which a small one could be told: exactly, or as no more than ``hidden_to``, by
        someone who knows every cell that is shown, without rounding.
    """
    values = np.asarray(counts, dtype=float)
    public, kept_back = (
        np.zeros(len(values), dtype=bool) if given is None else np.asarray(given, dtype=bool) for given in (published, withheld)
    )
    small = (is_small(values, policy) | (kept_back & bool(policy.hidden_to))) & ~public
    out = small.copy()
    if not small.any():
        return out
    for together in _linked(len(values), sums, small):
        _hide_more(_Table(values, together, public, policy), out, small)
    return out


@dataclass(frozen=True, eq=False)
class _Table:
    """Sums that share cells."""

    values: NDArray[np.float64]
    sums: Sequence[Sum]
    public: Mask
    policy: Policy

    @cached_property
    def of_cell(self) -> dict[int, list[Sum]]:
        """The sums that a cell is in."""
        found: dict[int, list[Sum]] = {}
        for each in self.sums:
            for cell in (each.total, *each.parts.tolist()):
                found.setdefault(int(cell), []).append(each)
        return found


def _linked(size: int, sums: Sequence[Sum], small: Mask) -> list[list[Sum]]:
    """Sums that share cells, directly or through others, put together; those without a small cell left out."""
    head = list(range(size))

    def find(cell: int) -> int:
        while head[cell] != cell:
            head[cell] = head[head[cell]]
            cell = head[cell]
        return cell

    for each in sums:
        for part in each.parts.tolist():
            head[find(part)] = find(each.total)
    groups: dict[int, list[Sum]] = {}
    for each in sums:
        groups.setdefault(find(each.total), []).append(each)
    touched = {find(cell) for cell in np.flatnonzero(small).tolist()}
    return [group for first, group in groups.items() if first in touched]


def _hide_more(table: _Table, out: Mask, small: Mask) -> None:
    """Hide more until neither one sum nor all of them together tell a small cell."""
    _settle(table, out, table.sums)
    # One sum at a time is the whole truth only where no two of them share hidden cells.
    lots = _told(table, out, [cell for cell in table.of_cell if small[cell]]) if len(table.sums) > 1 else []
    # What is public may tell a cell whatever else is hidden.
    told = [cell for lot in lots for cell in lot]
    hopeless = {cell for lot in _told(table, out | (~table.public & (table.values > 0)), told) for cell in lot}
    while lots := [kept for lot in lots if (kept := [cell for cell in lot if cell not in hopeless])]:
        touched: set[int] = set()
        for cell in (cell for lot in lots for cell in lot):
            if touched.isdisjoint(id(each) for each in table.of_cell[cell]):
                hopeless |= _hide_next(table, out, cell, touched)
        # To hide more tells less: a cell that could not be told need not be looked at again.
        lots = _told(table, out, [cell for lot in lots for cell in lot])


def _hide_next(table: _Table, out: Mask, cell: int, touched: set[int]) -> set[int]:
    """Hide what is next around a cell, and note which sums that touches; the cell itself where nothing is left to hide."""
    smallest = _next_around(table, out, [cell])
    if smallest is None:
        return {cell}
    out[smallest] = True
    touched |= {id(each) for each in (*table.of_cell[smallest], *table.of_cell[cell])}
    _settle(table, out, table.of_cell[smallest])
    return set()


def _told(table: _Table, out: Mask, doubtful: Sequence[int]) -> list[list[int]]:
    return joint_sums.told(out, table.values, table.sums, doubtful, table.policy.hidden_to)


def _next_around(table: _Table, out: Mask, cells: Sequence[int]) -> int | None:
    """The next cell to hide in the sums of these cells; where there is none, in those that share hidden cells with them, and so on."""
    seen: dict[int, Sum] = {}
    while fresh := {id(each): each for cell in cells for each in table.of_cell[cell] if id(each) not in seen}:
        seen |= fresh
        smallest = _next(table, out, list(seen.values()))
        if smallest is not None:
            return smallest
        cells = [cell for each in fresh.values() for cell in (each.total, *each.parts.tolist()) if out[cell]]
    return None


def _settle(table: _Table, out: Mask, sums: Sequence[Sum]) -> None:
    """Hide more until no sum by itself tells what it hides."""
    waiting = list(reversed(sums))
    while waiting:
        each = waiting.pop()
        while not _is_safe(table, out, each):
            smallest = _next(table, out, [each])
            if smallest is None:
                break
            out[smallest] = True
            waiting += table.of_cell[smallest]


def _is_safe(table: _Table, out: Mask, each: Sum) -> bool:
    """True where the total less the parts that are shown leaves each hidden part free to be more than small."""
    values, hidden_parts = table.values, out[each.parts]
    if not hidden_parts.any() and not out[each.total]:
        return True
    unknown = hidden_parts | np.isnan(values[each.parts])
    number = int(unknown.sum())
    if out[each.total] or np.isnan(values[each.total]):
        return number > 0
    # Every hidden part is at least 1, so that any of them may be all that is left but for 1 in each of the others.
    left = values[each.total] - values[each.parts[~unknown]].sum()
    return number > 1 and left - (number - 1) > table.policy.hidden_to


def _next(table: _Table, out: Mask, sums: Sequence[Sum]) -> int | None:
    """The smallest part that is still shown, then the smallest total; None where nothing is left to hide."""
    for cells in (np.concatenate([each.parts for each in sums]), np.array([each.total for each in sums])):
        free = cells[~out[cells] & ~table.public[cells] & (table.values[cells] > 0)]
        if len(free):
            return int(free[np.lexsort((free, table.values[free]))[0]])
    return None
