"""What several sums together tell of the cells that they hide: the least and the most that each can be, by linear programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NEARLY = 1e-6


@dataclass(frozen=True, eq=False)
class Sum:
    """A total and its parts, as positions of cells."""

    total: int
    parts: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class _Equations:
    """What is known of the cells that are not: ``left`` (sparse, a row a sum) times them is ``right``, each at least ``least``."""

    cells: NDArray[np.int64]
    left: Any
    right: NDArray[np.float64]
    least: NDArray[np.float64]


def told(
    hidden: NDArray[np.bool_], values: NDArray[np.float64], sums: Sequence[Sum], doubtful: Sequence[int], small: int
) -> list[list[int]]:
    """Those of the doubtful hidden cells that all sums together tell: least and most differ by less than 1, or the most is small.

    Parameters
    ----------
    hidden, values
        For each cell whether it is hidden (it is then known to be 1 or more), and its count, missing where it is not given.
    doubtful
        Positions of hidden cells.
    small
        The largest count that is small.

    Returns
    -------
    list of list of int
        The cells that are told, those together that hang together: what is hidden among some changes nothing for others.

    Notes
    -----
    A cell that can be more than ``small`` in one table that fits all sums, and 1 more than it is, is not told. One program looks for a table
    in which as many doubtful cells as possible are that large; those that no such table holds are looked at one by one.
    """
    found = []
    for known, cells in _apart(_equations(hidden, values, sums), np.array(doubtful, dtype=np.int64)) if len(doubtful) else ():
        if cells := _told(known, cells, small):
            found.append(cells)
    return found


def _told(known: _Equations, doubtful: Sequence[int], small: int) -> list[int]:
    at = {int(cell): place for place, cell in enumerate(known.cells)}
    left = list(doubtful)
    while left:
        large = _large_together(known, [at[cell] for cell in left], small)
        if large is None:
            # Parts that do not add up to their total leave nothing to work out.
            return []
        rest = [cell for cell, enough in zip(left, large, strict=True) if not enough]
        if len(rest) == len(left):
            break
        left = rest
    return [cell for cell in left if _is_told(known, at[cell], small)]


def _equations(hidden: NDArray[np.bool_], values: NDArray[np.float64], sums: Sequence[Sum]) -> _Equations:
    from scipy.sparse import csr_array

    free = hidden | np.isnan(values)
    sizes = np.array([len(each.parts) + 1 for each in sums])
    cells = np.concatenate([np.append(each.parts, each.total) for each in sums])
    signs = np.ones(len(cells))
    signs[np.cumsum(sizes) - 1] = -1
    rows = np.repeat(np.arange(len(sums)), sizes)
    unknown = free[cells]
    given = np.where(unknown, 0.0, np.nan_to_num(values[cells])) * signs
    # What is known to be wrong tells nothing: parts that are all given, and are not their total.
    wrong = np.abs(np.bincount(rows, np.nan_to_num(values[cells]) * signs)) > 0.5
    wrong &= np.bincount(rows, np.isnan(values[cells])) == 0
    right = -np.bincount(rows, given)
    kept = unknown & ~wrong[rows]
    used, rows = np.unique(rows[kept], return_inverse=True)
    places, columns = np.unique(cells[kept], return_inverse=True)
    left = csr_array((signs[kept], (rows, columns)), shape=(len(used), len(places)))
    return _Equations(places, left, right[used], np.where(hidden[places], 1.0, 0.0))


def _apart(known: _Equations, doubtful: NDArray[np.int64]) -> Iterator[tuple[_Equations, list[int]]]:
    """The equations in lots that share no cell, with the doubtful cells of each. Lots of one equation tell no more than it does alone."""
    from scipy.sparse.csgraph import connected_components

    if not len(known.cells):
        return
    cells = doubtful[np.isin(doubtful, known.cells)]
    lots = connected_components(known.left.T @ known.left, directed=False)[1]
    places = np.searchsorted(known.cells, cells)
    first = known.left.indices[known.left.indptr[:-1]]
    for lot in np.unique(lots[places]):
        columns, rows = np.flatnonzero(lots == lot), np.flatnonzero(lots[first] == lot)
        if len(rows) > 1:
            part = _Equations(known.cells[columns], known.left[rows][:, columns], known.right[rows], known.least[columns])
            yield part, cells[lots[places] == lot].tolist()


def _large_together(known: _Equations, wanted: Sequence[int], small: int) -> NDArray[np.bool_] | None:
    """Which of the wanted cells are more than small in a table that fits, chosen to make many of them so; None where none fits."""
    from scipy.optimize import linprog
    from scipy.sparse import hstack

    # A wanted cell is its first part, up to small + 1 and worth having, and what it is beyond.
    number, size = len(wanted), len(known.cells)
    left = hstack([known.left, known.left[:, wanted]], format="csr")
    worth = np.append(np.zeros(size), -np.ones(number))
    bounds = [*((least, None) for least in known.least), *((0, small) for _ in wanted)]
    found = linprog(worth, A_eq=left, b_eq=known.right, bounds=bounds, method="highs")
    if found.status != 0:
        return None
    return np.asarray(found.x[list(wanted)] + found.x[size:] > small + 1 - _NEARLY)


def _is_told(known: _Equations, place: int, small: int) -> bool:
    from scipy.optimize import linprog

    towards = np.zeros(len(known.cells))
    towards[place] = 1
    bounds = [(least, None) for least in known.least]
    least, most = (linprog(sign * towards, A_eq=known.left, b_eq=known.right, bounds=bounds, method="highs") for sign in (1, -1))
    return bool(least.status == 0 and most.status == 0 and (-most.fun - least.fun < 1 - _NEARLY or -most.fun <= small + _NEARLY))
