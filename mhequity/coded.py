"""Columns kept as codes: each distinct value once, and for each row which of them it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

Item = TypeVar("Item")
Result = TypeVar("Result")

_ROWS_AT_ONCE = _MANY_ROWS = 50_000
_COLUMNS_AT_ONCE = 4


def side_by_side(work: Callable[[Item], Result], columns: Sequence[Item], rows: int) -> list[Result]:
    """What the work makes of each column, in order; several at once where they are long, as codes need no lock of Python's."""
    if rows < _MANY_ROWS:
        return [work(column) for column in columns]
    with ThreadPoolExecutor(_COLUMNS_AT_ONCE) as pool:
        return list(pool.map(work, columns))


def spread(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """``values[codes]``, not to be written to.

    Arrow takes a fifth of the time of NumPy, which first makes a copy of the codes as wider numbers.
    """
    flat = values.view(np.int8) if values.dtype == bool else values
    taken = pc.take(pa.array(flat), pa.array(codes), boundscheck=False)
    return np.asarray(taken.to_numpy().view(values.dtype))


def first_rows(codes: np.ndarray, number: int) -> np.ndarray:
    """The first row that holds each of so many codes; -1 for those that none holds."""
    first = np.full(number, -1, dtype=np.int64)
    # From the end, so that the first row of a code is written last; some at a time, which takes less memory.
    for start in reversed(range(0, len(codes), _ROWS_AT_ONCE)):
        part = codes[start : start + _ROWS_AT_ONCE][::-1]
        first[part] = np.arange(start + len(part) - 1, start - 1, -1)
    return first
