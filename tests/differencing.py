"""What someone can work out who adds up and subtracts all that is shown. Nothing here asserts."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

from mhequity.disclosure import Sum


def ranges(counts: np.ndarray, hidden: np.ndarray, sums: list[Sum], cell: int) -> tuple[float, float]:
    """The least and most that a hidden cell can be to someone who knows all that is shown, and that hidden cells are 1 or more."""
    free = list(np.flatnonzero(hidden))
    left, right = np.zeros((len(sums), len(free))), np.zeros(len(sums))
    for row, each in enumerate(sums):
        for at, sign in [(each.total, -1), *((int(part), 1) for part in each.parts)]:
            if hidden[at]:
                left[row, free.index(at)] += sign
            else:
                right[row] -= sign * counts[at]
    aim = np.zeros(len(free))
    aim[free.index(cell)] = 1
    ends = [linprog(sign * aim, A_eq=left, b_eq=right, bounds=[(1, None)] * len(free)) for sign in (1, -1)]
    return ends[0].fun, np.inf if ends[1].status == 3 else -ends[1].fun
