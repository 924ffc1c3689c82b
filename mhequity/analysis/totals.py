"""Sums that keep missing, suppressed and zero apart."""

from __future__ import annotations

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


_SERIES = ("area", "service", "provider", "team", "measure", "funding", "staff_group")


def of_year(rows: pd.DataFrame, year: str) -> pd.DataFrame:
    """The rows that make up a financial year, without counting any day twice.

    For each area and measure (or service): the row for the year itself where there is one; else its four quarters; else
    its twelve months. Parts of a year are left out rather than passed off as one.
    """
    series = [name for name in (*_SERIES, *tables.GROUPS) if name in rows]
    labels = rows.period.unique()
    inside = [label for label in labels if periods.containing_year(label) == year]
    kinds = {label: period.kind for label in inside if (period := periods.parse(label))}
    whole = rows[rows.period.isin([label for label in inside if kinds.get(label) == "year"])]
    done = _keys(whole, series)
    parts = [whole]
    for kind, number in (("quarter", 4), ("month", 12)):
        candidates = rows[rows.period.isin([label for label in inside if kinds.get(label) == kind])]
        if candidates.empty:
            continue
        key = _keys(candidates, series)
        complete = candidates.groupby(series)["period"].transform("nunique") == number
        parts.append(candidates[complete & ~key.isin(set(done))])
        done = pd.concat([done, key[complete]])
    return pd.concat(parts) if len(parts) > 1 else whole


def _keys(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    return pd.Series(list(rows[columns].itertuples(index=False, name=None)), index=rows.index, dtype=object)
