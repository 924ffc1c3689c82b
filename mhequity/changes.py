"""What an upload would change in a workspace, before it is added."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mhequity import periods, tables
from mhequity.workspace import Upload, Workspace

SHOWN = 20
"""Changed figures that are listed one by one."""


@dataclass(frozen=True, eq=False)
class Changes:
    """What a table of an upload states, beside what is there. Made-up rows do not count as there."""

    new: int
    """Rows that state a fact which is not there."""
    changed: int
    """Rows that state a fact which is there otherwise."""
    same: int
    """Rows that state what is there."""
    others: int
    """Rows that are there and that the upload says nothing of: they would go if it took the whole table's place."""
    figures: pd.DataFrame
    """The first :data:`SHOWN` changed figures: the key's columns, then ``column``, ``old`` and ``new`` as text."""
    areas: tuple[str, ...]
    """Codes of areas that are not there yet."""
    periods: tuple[str, ...]

    @property
    def overlap(self) -> int:
        return self.changed + self.same


def effects(workspace: Workspace, upload: Upload) -> dict[str, Changes]:
    """What each table of an upload states, beside what a workspace without it holds."""
    return {name: compare(workspace.real(workspace.table(name)), frame, name) for name, frame in upload.tables.items()}


def compare(old: pd.DataFrame, new: pd.DataFrame, table: str) -> Changes:
    """Which rows of ``new`` state new facts, and which state facts of ``old`` otherwise or the same."""
    new = tables.conform(new, table)
    numbers = tables.fact_numbers(pd.concat([old, new], ignore_index=True), table)
    known, mine = pd.Index(numbers[: len(old)]), numbers[len(old) :]
    known = known[~known.duplicated()]
    there = np.flatnonzero(~pd.Index(numbers[: len(old)]).duplicated())
    at = known.get_indexer(mine)
    taken = np.flatnonzero(at >= 0)
    before, after = old.iloc[there[at[taken]]].reset_index(drop=True), new.iloc[taken].reset_index(drop=True)
    other = {column: _differs(before[column], after[column]) for column in _stated(table)}
    changed = np.logical_or.reduce(list(other.values())) if other and len(taken) else np.zeros(len(taken), dtype=bool)
    return Changes(
        len(new) - len(taken), int(changed.sum()), int((~changed).sum()), len(known) - len(np.unique(at[taken])),
        _listed(before, after, other, table), _gained(old, new, "area"), tuple(periods.sort(_gained(old, new, "period"))),
    )  # fmt: skip


def _stated(table: str) -> list[str]:
    """Columns that say something of a fact, beside the key that says which one it is."""
    return [*(name for name in tables.kind(table).names if name not in tables.kind(table).key), tables.SUPPRESSED]


def _differs(before: pd.Series, after: pd.Series) -> np.ndarray:
    return ~((before == after) | (before.isna() & after.isna())).to_numpy(dtype=bool)


def _listed(before: pd.DataFrame, after: pd.DataFrame, other: Mapping[str, np.ndarray], table: str) -> pd.DataFrame:
    key = tables.kind(table).key
    rows = [
        (*after.loc[at, key], column, _as_text(before, column, at), _as_text(after, column, at))
        for column, differs in other.items() if column != tables.SUPPRESSED
        for at in np.flatnonzero(differs | (other[tables.SUPPRESSED] & before[column].isna().to_numpy()))[:SHOWN]
    ]  # fmt: skip
    said = [row for row in rows if row[-1] != row[-2]]
    return pd.DataFrame(said[:SHOWN], columns=[*key, "column", "old", "new"])


def _as_text(frame: pd.DataFrame, column: str, at: int) -> str:
    value = frame.at[at, column]
    if not pd.isna(value):
        return f"{value:,.12g}" if isinstance(value, float) else str(value)
    return "suppressed" if column in str(frame.at[at, tables.SUPPRESSED]).split() else "missing"


def _gained(old: pd.DataFrame, new: pd.DataFrame, column: str) -> tuple[str, ...]:
    if column not in new:
        return ()
    there = set(old[column].unique())
    return tuple(value for value in new[column].unique() if value and value not in there)
