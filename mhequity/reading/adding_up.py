"""Rows that are parts of one fact, such as the lines of a ledger, added up to it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from mhequity import tables
from mhequity.reading.applied import ROW, Slot
from mhequity.reading.sums import adds_up


def can_add_up(slot: Slot) -> bool:
    """True where all figures of a row are counts, money or staff, of which parts make a whole; never for rates and medians."""
    return bool(slot.figures) and not slot.words and all(map(adds_up, slot.figures))


def added_up(rows: pa.Table, table: str) -> pa.Table:
    """Tidy rows (:attr:`Applied.facts`) with those that state the same fact as one, in the place of the first.

    A sum with a suppressed part is suppressed, one with a missing part is missing.
    """
    frame = tables.from_arrow(rows.drop_columns(ROW))
    facts, _ = pd.factorize(tables.fact_numbers(frame, table))
    number = int(facts.max(initial=-1)) + 1
    if number == len(frame):
        return rows
    out = rows.take(pa.array(np.flatnonzero(~pd.Series(facts).duplicated().to_numpy())))
    marks = np.full(number, "", dtype=object)
    for name in tables.kind(table).numbers:
        out = _with(out, name, pa.array(np.bincount(facts, frame[name].to_numpy(), number)))
        hidden = np.bincount(facts, tables.is_suppressed(frame, name), number) > 0
        marks[hidden] = [f"{mark} {name}".strip() for mark in marks[hidden]]
    held = pa.array(marks.tolist(), pa.string()).dictionary_encode()
    return _with(out, tables.SUPPRESSED, held.cast(rows.schema.field(tables.SUPPRESSED).type))


def _with(rows: pa.Table, name: str, values: pa.Array) -> pa.Table:
    return rows.set_column(rows.column_names.index(name), name, values)
