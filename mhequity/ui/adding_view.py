"""Adding a file to the workspace: what it does to the tables that are there, and what becomes of facts stated twice."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mhequity import areas, tables
from mhequity.changes import SHOWN, Changes
from mhequity.ui import figures, session
from mhequity.ui.figures import Shown
from mhequity.ui.reading_words import count, listed, meaning
from mhequity.ui.session import Loaded
from mhequity.workspace import KEEP_BOTH, KEEP_OLD, REPLACE, USE_NEW, names_its_file

_MODES = {
    USE_NEW: "Use the new figures: a row that states the same fact takes the old one's place",
    KEEP_OLD: "Keep the old figures: only new facts are added",
    REPLACE: "Replace the whole table: only this file's rows stay",
    KEEP_BOTH: "Keep both: the new ones under a name that shows their file",
}
_NO_OVERLAP = {USE_NEW: "Add to what is there", REPLACE: _MODES[REPLACE]}


def adding(entry: Loaded) -> None:
    """What the file's tables do to those that are there, what becomes of facts stated twice, and the button."""
    found = session.effects_of(entry)
    overlap = any(each.overlap for each in found.values())
    others = any(each.others for each in found.values())
    with st.container(border=True, key=f"adding {entry.file_id}"):
        st.markdown("**Added to the workspace**" if entry.added else "**Add to the workspace**")
        modes = _MODES if overlap else _NO_OVERLAP
        if overlap or others:
            key = f"mode {entry.file_id}"
            st.session_state[key] = entry.mode if entry.mode in modes else USE_NEW
            st.radio(
                "Figures that are there already",
                list(modes),
                key=key,
                format_func=modes.__getitem__,
                on_change=_set_mode,
                args=(entry.file_id,),
            )
        _diff(entry, found)
        if entry.mode == KEEP_BOTH and overlap:
            _keeping_both(found)
        if entry.added:
            st.success(f"Added: {count(entry.upload.rows, 'row')} of this file count on every page. What you change here changes them too.",
                       icon=":material/check_circle:")  # fmt: skip
        else:
            st.button(f"Add to workspace: {count(entry.upload.rows, 'row')}", key=f"add {entry.file_id}", type="primary", icon=":material/add:",
                      on_click=session.add, args=(entry.file_id,))  # fmt: skip


def _set_mode(file_id: str) -> None:
    session.set_mode(file_id, st.session_state[f"mode {file_id}"])


def _diff(entry: Loaded, found: dict[str, Changes]) -> None:
    for name, each in found.items():
        said = [f"{each.new:,} new"]
        said += [f"{each.changed:,} {_changed(entry.mode)}"] if each.changed else []
        said += [f"{each.same:,} the same"] if each.same else []
        said += [f"**{each.others:,} that are there now would go**"] if each.others and entry.mode == REPLACE else []
        gained = [areas.name_of(code) for code in each.areas]
        said += [f"areas gained: {listed(gained)}"] if gained else []
        said += [f"periods gained: {listed(each.periods)}"] if each.periods else []
        st.markdown(f"- {tables.kind(name).title}: {count(len(entry.reading.tables[name]), 'row')} ({'; '.join(said)})")
        if len(each.figures):
            with st.expander(
                f"{tables.kind(name).title}: {'the first ' if len(each.figures) == SHOWN else ''}{count(len(each.figures), 'difference')}"
            ):
                st.table(figures.readable(*_old_and_new(name, each)), border="horizontal")


def _changed(mode: str) -> str:
    return {KEEP_OLD: "different, the old ones stay", KEEP_BOTH: "different, both stay"}.get(mode, "changed")


def _old_and_new(table: str, each: Changes) -> tuple[pd.DataFrame, dict[str, Shown]]:
    frame = each.figures
    about = [name for name in frame if name not in ("column", "old", "new") and (frame[name] != "").any()]
    rows = {name: frame[name].map(areas.name_of) if name == "area" else frame[name] for name in about}
    shown = {name: Shown(name.replace("_", " ").capitalize()) for name in about}
    out = pd.DataFrame(
        {**rows, "column": frame["column"].map(lambda name: meaning(f"{table}.{name}")), "old": frame["old"], "new": frame["new"]}
    )
    return out, {**shown, "column": Shown("Figure"), "old": Shown("There now"), "new": Shown("In this file")}


def _keeping_both(found: dict[str, Changes]) -> None:
    names = {name: names_its_file(name) for name, each in found.items() if each.overlap}
    if "service" in names.values():
        st.warning("Totals over all services then hold both the old and the new figures: choose one service at the side to compare them.")
    if "" in names.values():
        titles = ", ".join(tables.kind(name).title for name, column in names.items() if not column)
        st.warning(f"{titles}: there is no name to tell two figures apart by, so the new ones are used.")
