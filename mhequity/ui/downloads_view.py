"""What can be taken away of a file: its tidy tables, what was found, the rows left out, the workbook with marks, the recipe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import PurePath

import numpy as np
import pandas as pd
import streamlit as st

from mhequity import reading, tables
from mhequity.export.annotated import MOST_CELLS, annotated
from mhequity.export.marks import marks_of
from mhequity.export.tables import to_csv, to_excel
from mhequity.reading.plans import to_json
from mhequity.reading.understanding import tidy_with_names
from mhequity.ui import session
from mhequity.ui.reading_words import count
from mhequity.ui.session import Loaded

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_MOST_IN_EXCEL = 100_000


def downloads(entry: Loaded) -> None:
    """The tidy tables, the findings, the rows left out, the workbook with its cells marked, and the recipe."""
    read, name = entry.reading, entry.file
    with st.container(horizontal=True, gap="small", key=f"downloads {entry.file_id}"):
        for table, frame in read.tables.items():
            _download(
                entry,
                f"{tables.kind(table).title}, tidy (CSV)",
                partial(_tidy, frame),
                f"{table} {name}.csv",
                "text/csv",
            )
        if 0 < entry.upload.rows <= _MOST_IN_EXCEL:
            _download(entry, "Tidy tables (Excel)", lambda: _tidy_book(entry), f"tidy {PurePath(name).stem}.xlsx", _EXCEL)
        if read.findings:
            _download(
                entry, "All findings (CSV)", lambda: to_csv(reading.findings_frame(read.findings)), f"findings {name}.csv", "text/csv"
            )
        if left_out := _rows_left_out(read):
            _download(
                entry,
                f"{count(left_out, 'row')} left out or kept apart (CSV)",
                lambda: to_csv(read.rejected),
                f"left out of {name}.csv",
                "text/csv",
            )
        if read.findings and read.book.grids:
            marked = f"marked {PurePath(name).stem}.{'xlsm' if name.casefold().endswith('.xlsm') and entry.data else 'xlsx'}"
            _download(entry, "Your workbook, problem cells marked", lambda: _marked(entry), marked, _EXCEL)
    if read.findings and (note := _about_marking(entry)):
        st.caption(note)
    if read.plan.tables:
        _recipe(entry)


def _download(entry: Loaded, label: str, make: Callable[[], bytes], file: str, kind: str) -> None:
    st.download_button(
        label, make, file, kind, on_click="ignore", type="tertiary", icon=":material/download:", key=f"{label} {entry.file_id}"
    )


def _tidy_book(entry: Loaded) -> bytes:
    sheets = {tables.kind(name).title: tidy_with_names(frame) for name, frame in entry.reading.tables.items()}
    return to_excel(sheets, [f"Read from {entry.file} at {entry.at:%H:%M on %d %B %Y}."])


def _rows_left_out(read: reading.Reading) -> int:
    """How many rows the list of rows left out has, without making it."""
    return sum(len(np.unique(np.concatenate([each.rows for each in one.left_out]))) for one in read.applied if one.left_out)


def _marked(entry: Loaded) -> bytes:
    marks = marks_of(entry.reading)
    try:
        return annotated(entry.data or b"", marks, entry.reading.book.grids)
    except ValueError as refused:
        return to_excel({"What was found": reading.findings_frame(entry.reading.findings)}, [str(refused)])


def _about_marking(entry: Loaded) -> str:
    if sum(grid.height * grid.width for grid in entry.reading.book.grids) > MOST_CELLS:
        return f"With more than {MOST_CELLS:,} cells the workbook cannot be marked: in its place you get the list of findings."
    if entry.without_personal:
        return "The marked workbook is made from the cells that were kept: without the columns that hold details of people, and without formats."
    if entry.data is None:
        return f"Files above {session.MOST_KEPT // 1_000_000} MB are not kept, only their cells are: the marked workbook is made from those, without formats."
    return ""


def _recipe(entry: Loaded) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        key = f"recipe name {entry.file_id}"
        st.session_state[key] = entry.name
        st.text_input("Name of this layout", key=key, on_change=_set_name, args=(entry.file_id, key), max_chars=100, width=320,
                      help="How this file is read can be kept as a recipe: a file of the same layout is then read the same way.")  # fmt: skip
        _download(
            entry,
            "Recipe (JSON)",
            lambda: to_json(replace(entry.plan, name=entry.name)).encode(),
            f"{entry.name} recipe.json",
            "application/json",
        )


def _set_name(file_id: str, key: str) -> None:
    session.set_name(file_id, st.session_state[key])


def _tidy(frame: pd.DataFrame) -> bytes:
    return to_csv(tidy_with_names(frame))
