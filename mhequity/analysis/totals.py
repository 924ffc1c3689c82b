"""Sums that keep missing, suppressed and zero apart."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mhequity import periods, tables

OK, SUPPRESSED, MISSING, NO_DATA, NO_NEED = "", "suppressed", "missing", "no data", "no need figure"
"""State of a figure: given; withheld by its publisher; left blank in the data; no row for it at all; given, without a figure of need
to set it against."""


def by_area(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    """Sum a column by area without inventing anything.

    Parameters
    ----------
    rows
        A tidy frame.
    column
        The number column to add up.

    Returns
    -------
    DataFrame
        Index ``area``; ``total`` (missing unless every part is given) and ``state``: empty for a total that stands,
        ``suppressed`` where any part is, else ``missing`` where any part is.
    """
    return summed(rows, column, ["area"])


def summed(rows: pd.DataFrame, column: str, keys: list[str]) -> pd.DataFrame:
    """:func:`by_area` for any columns ``keys``, which become the index."""
    hidden, blank = tables.is_suppressed(rows, column), rows[column].isna()
    parts = rows[keys].assign(total=rows[column], hidden=hidden, blank=blank & ~hidden)
    whole = parts.groupby(keys, sort=False).agg(total=("total", "sum"), hidden=("hidden", "any"), blank=("blank", "any"))
    state = pd.Series(OK, index=whole.index, dtype="str").mask(whole.blank, MISSING).mask(whole.hidden, SUPPRESSED)
    return pd.DataFrame({"total": whole.total.where(state == OK), "state": state})


_SERIES = ("area", "service", "measure", "funding", "staff_group", *tables.GROUPS)
_PARTS = ("provider", "team")


def of_year(rows: pd.DataFrame, year: str) -> pd.DataFrame:
    """The rows that make up a financial year, without counting any day twice.

    For each area and measure (or service), and each group: the row for the year itself where there is one; else its four quarters; else
    its twelve months. Parts of a year are left out rather than passed off as one, and so are parts that name a team or provider
    beside a year that names none, or the other way round: they state the same care.
    """
    kinds = {
        label: period.kind for label in rows.period.unique() if periods.containing_year(label) == year and (period := periods.parse(label))
    }
    rows = rows[rows.period.isin(list(kinds))]
    kind = rows.period.map(kinds)
    key, coarse = (_numbers(rows, [name for name in names if name in rows]) for names in ((*_SERIES, *_PARTS), _SERIES))
    blank = np.logical_and.reduce([(rows[name] == "").to_numpy() for name in _PARTS if name in rows] or [np.ones(len(rows), dtype=bool)])
    taken = (kind == "year").to_numpy(copy=True)
    for part, number in (("quarter", 4), ("month", 12)):
        mine = (kind == part).to_numpy(copy=True)
        if not mine.any():
            continue
        said = np.isin(key, key[taken]) | np.isin(coarse, coarse[taken & blank]) | (blank & np.isin(coarse, coarse[taken]))
        complete = rows.period[mine].groupby(key[mine]).transform("nunique") == number
        mine[mine] = complete.to_numpy()
        taken = taken | (mine & ~said)
    return rows[taken]


def _numbers(rows: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """A whole number for each row, the same for rows that are alike in these columns."""
    return rows.groupby(columns, sort=False).ngroup().to_numpy()
