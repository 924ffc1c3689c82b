"""What several sums together tell of the cells that they hide: the least and the most that each can be, by linear programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_NEARLY = 1e-6
_UNBOUNDED = 3


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
    A cell is not told where one table that fits all sums has more than ``small`` in it, and another at least 1 less. The true table is one such;
    each program that is solved gives another, which speaks of many cells. The first look for tables in which as many doubtful cells as
    possible are large, the last for the most and the least of each one that is left.
    """
    found = []
    for known, cells in _apart(_equations(hidden, values, sums), np.array(doubtful, dtype=np.int64)) if len(doubtful) else ():
        if cells := _told(known, cells, values, small):
            found.append(cells)
    return found


def _told(known: _Equations, doubtful: Sequence[int], values: NDArray[np.float64], small: int) -> list[int]:
    wanted = np.searchsorted(known.cells, doubtful)
    least = most = values[known.cells]
    wrong = False

    def look(towards: NDArray[np.float64], at_most: float | None = None) -> None:
        nonlocal least, most, wrong
        table = _a_table(known, wanted, towards, at_most)
        # Parts that do not add up to their total leave nothing to work out.
        wrong = table is None
        if table is not None:
            least, most = np.fmin(least, table), np.fmax(most, table)

    def free(place: NDArray[np.int64]) -> NDArray[np.bool_]:
        return (most[place] > small + _NEARLY) & (most[place] - least[place] > 1 - _NEARLY)

    number = len(wanted) + 1
    while 0 < len(wanted) < number and not wrong:
        number = len(wanted)
        look(np.zeros(len(known.cells)), small)
        wanted = wanted[~free(wanted)]
    for place in wanted.tolist():
        for sign in (-1.0, 1.0):
            if not wrong and not free(np.array([place]))[0]:
                towards = np.zeros(len(known.cells))
                towards[place] = sign
                look(towards)
    return [] if wrong else known.cells[wanted[~free(wanted)]].tolist()


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


def _a_table(
    known: _Equations, wanted: NDArray[np.int64], towards: NDArray[np.float64], at_most: float | None
) -> NDArray[np.float64] | None:
    """A table that fits and makes ``towards`` times its cells least; with ``at_most``, one that makes many of the wanted cells that much more
    than they must be. None where none is found."""
    from scipy.optimize import linprog
    from scipy.sparse import hstack

    left = known.left
    bounds: list[tuple[float, float | None]] = [(least, None) for least in known.least]
    if at_most is not None:
        # A wanted cell is its first part, and a part of up to so many that is worth having.
        left = hstack([left, left[:, wanted]], format="csr")
        towards = np.append(towards, -np.ones(len(wanted)))
        bounds += [(0, at_most)] * len(wanted)
    found = linprog(towards, A_eq=left, b_eq=known.right, bounds=bounds, method="highs")
    if found.status == _UNBOUNDED:
        return np.where(towards < 0, np.inf, np.nan)
    if found.status != 0:
        return None
    table = np.array(found.x[: len(known.cells)])
    if at_most is not None:
        table[wanted] += found.x[len(known.cells) :]
    return table
