"""One file of a visitor's: what was understood of it, changed in place; what was found; adding it; taking it away again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import streamlit as st

from mhequity import areas, periods, reading, tables
from mhequity.reading.applying import Applied
from mhequity.reading.plans import TablePlan
from mhequity.reading.understanding import Understanding, understandings
from mhequity.ui import adding_view, downloads_view, plan_controls, reading_words, session, sheet_preview, table_controls, words
from mhequity.ui.reading_words import count, listed
from mhequity.ui.session import Loaded

_SEVERITIES = {
    reading.BLOCKED: ("Left out", ":material/block:"),
    reading.FIXED: ("Put right", ":material/build:"),
    reading.NOTE: ("To know", ":material/info:"),
}
_MOST_LINES, _MOST_TABLES_OPEN = 50, 2
_A_COLUMN, _WHOLE = "A column", "The whole table"


def file(entry: Loaded) -> None:
    """Everything about one file."""
    with st.container(key=f"understood {entry.file_id}"):
        st.markdown(reading_words.understood(entry.reading))
    for each in entry.told:
        if each.kind == "layout":
            new = f" New: {words.plain(each.seen)}." if each.seen else ""
            st.markdown(f":material/bookmark_added: {words.plain(each.done)}{new}")
    if entry.reading.personal:
        _stopped(entry)
        return
    _buttons(entry)
    for at in range(len(entry.plan.tables)):
        _table(entry, at)
    _hidden_sheets(entry)
    _findings(entry)
    if entry.reading.tables:
        adding_view.adding(entry)
    downloads_view.downloads(entry)


def _stopped(entry: Loaded) -> None:
    """A file with details of people: which columns, and the two ways on."""
    st.error("The file was stopped and nothing of it was kept, because it holds details of people. Columns: "
             + "; ".join(map(words.plain, entry.reading.personal)) + ".", icon=":material/block:")  # fmt: skip
    with st.container(horizontal=True):
        if session.dropped(entry.file_id) is not None:
            st.button("Go on without these columns", key=f"without {entry.file_id}", on_click=session.go_on_without, args=(entry.file_id,),
                      icon=":material/visibility_off:", type="primary")  # fmt: skip
        _quiet_button("Remove this file", f"remove {entry.file_id}", ":material/delete:", session.remove, entry.file_id)
    if session.dropped(entry.file_id) is None:
        st.caption("To go on without these columns, drop the file again: it was not kept.")
    else:
        st.caption("The file itself lies in the box above until you take it out there or leave this page.")


def _buttons(entry: Loaded) -> None:
    file_id = entry.file_id
    with st.container(horizontal=True, gap="medium"):
        if entry.past:
            _quiet_button("Undo the last change", f"undo {file_id}", ":material/undo:", session.undo, file_id)
        if entry.plan != entry.first:
            _quiet_button(
                "Start again from the app's own reading", f"again {file_id}", ":material/restart_alt:", session.start_again, file_id
            )
        _quiet_button("Remove this file", f"remove {file_id}", ":material/delete:", session.remove, file_id)


def _quiet_button(label: str, key: str, icon: str, then: Callable[[str], None], file_id: str) -> None:
    st.button(label, key=key, icon=icon, on_click=then, args=(file_id,), type="tertiary")


def _hidden_sheets(entry: Loaded) -> None:
    if told := session.said(entry.file_id):
        st.warning(words.plain(told))
    if not entry.hidden:
        return
    names = list(entry.hidden)
    if entry.data is None and session.dropped(entry.file_id) is None:
        st.caption(f"Hidden sheets, not read: {words.plain(', '.join(names))}. To read them, unhide them and drop the file again.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Hidden sheets were not read. Read them too?", names, key=f"hidden {entry.file_id}", placeholder="Choose sheets"
        )
        st.button(
            "Read them", key=f"read hidden {entry.file_id}", on_click=session.read_hidden, args=(entry.file_id, chosen), disabled=not chosen
        )


# Tables ------------------------------------------------------------------------------------------------------------------


def _applied(entry: Loaded, table: TablePlan) -> Applied | None:
    return next((each for each in entry.reading.applied if each.plan.key == table.key), None)


def _table(entry: Loaded, at: int) -> None:
    """One table of a sheet, drawn only where it is opened: a workbook may hold a hundred."""
    table = entry.plan.tables[at]
    applied = _applied(entry, table)
    understood = understandings(replace(entry.reading, applied=(applied,))) if applied else []
    title = " and ".join(dict.fromkeys(tables.kind(each.kind).title for each in understood)) or (
        "Not used" if not table.used else "Not understood yet"
    )
    unsettled = sum(map(len, _unsettled(understood, table)))
    rows = sum(each.rows for each in understood)
    label = f"**{title}** · {words.plain(reading_words.place_of(table))}" + (f" · {count(rows, 'row')} read" if rows else "")
    label += f" · {count(unsettled, 'area')} to settle" if unsettled else ""
    box = st.expander(label, key=f"table {entry.file_id} {at}", on_change="rerun", expanded=at < _MOST_TABLES_OPEN, icon=":material/table:")
    if not box.open:
        return
    with box:
        _one_table(entry, at, table, applied, understood)


def _one_table(entry: Loaded, at: int, table: TablePlan, applied: Applied | None, understood: list[Understanding]) -> None:
    grid = entry.reading.book.grid(table)
    correcting = f"correct {entry.file_id} {at}"
    what = st.session_state.get(correcting)
    if table.used and applied is None:
        _why_not(entry, table)
    if grid is not None:
        chosen = plan_controls.chosen_column(entry, at) if what == _A_COLUMN else ""
        st.html(sheet_preview.sheet(grid, table, entry.reading.findings, chosen))
    if understood:
        _said_of(understood)
        plan_controls.areas_to_confirm(entry, at, *_unsettled(understood, table))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control("Change how it is read", [_A_COLUMN, _WHOLE], key=correcting)
        key = f"used {entry.file_id} {at}"
        st.session_state[key] = table.used
        st.checkbox("Use this table", key=key, on_change=_set_used, args=(entry.file_id, at, key))
    if what == _A_COLUMN:
        with st.container(border=True):
            plan_controls.column_controls(entry, at)
    elif what == _WHOLE:
        with st.container(border=True):
            lines = applied is not None and (
                bool(applied.sections) or any(each.reason.startswith("A line of words") for each in applied.left_out)
            )
            table_controls.table_controls(entry, at, understood, lines)


def _set_used(file_id: str, at: int, key: str) -> None:
    session.change_table(file_id, at, used=st.session_state[key])


def _why_not(entry: Loaded, table: TablePlan) -> None:
    """Why nothing was read from a table that should be used."""
    place = re.compile(r"[A-Z]+(\d+)")
    rows = {*table.header_rows, table.first_row}
    about = [each for each in entry.reading.findings if each.sheet == table.sheet and each.kind in ("tables", "formulas")]
    told = next((each for each in about if (cell := place.fullmatch(each.cell)) and int(cell[1]) in rows), None)
    if told:
        st.warning(words.plain(f"{told.done} {told.advice}"), icon=":material/help:")


def _unsettled(understood: list[Understanding], table: TablePlan) -> tuple[dict[str, str], list[str]]:
    """Spellings with the closest area, and those that no area is close to; places outside London need no one."""
    proposed = {seen: name for each in understood for seen, name in each.areas_proposed.items() if seen not in table.areas}
    unknown = [
        each for each in dict.fromkeys(name for one in understood for name in one.areas_unmatched)
        if each not in table.areas and not areas.match(each).elsewhere
    ]  # fmt: skip
    return proposed, unknown


def _said_of(understood: list[Understanding]) -> None:
    """Areas, periods and measures in a few lines."""
    whole = understood[0]
    outside = [each for each in whole.areas_unmatched if areas.match(each).elsewhere]
    parts = [f"**Areas**: {whole.areas_matched:,} matched"]
    parts += [f"{len(whole.areas_proposed):,} to confirm"] if whole.areas_proposed else []
    unknown = len(whole.areas_unmatched) - len(outside)
    parts += [f"{unknown:,} unknown"] if unknown else []
    parts += [f"{len(outside):,} outside London"] if outside else []
    lines = [", ".join(parts)]
    lines += (
        [f"**Kept apart**: {listed(list(dict.fromkeys(name for each in understood for name in each.comparators)))}"]
        if whole.comparators
        else []
    )
    when = list(dict.fromkeys(label for each in understood for label in each.periods))
    lines += [f"**Periods**: {listed(periods.sort(when))}"] if when else []
    what = list(dict.fromkeys(name for each in understood for name in each.measures if name not in tables.kind(each.kind).numbers))
    lines += [f"**Measures**: {listed(what)}"] if what else []
    st.markdown(" · ".join(lines))


# Findings ----------------------------------------------------------------------------------------------------------------


def _findings(entry: Loaded) -> None:
    """Findings by severity and kind, with counts; the ones that left something out are open."""
    found = entry.reading.findings
    if not found:
        st.success("No problems found.", icon=":material/check_circle:")
        return
    for severity, (label, icon) in _SEVERITIES.items():
        kinds = reading_words.kinds_of([each for each in found if each.severity == severity])
        if not kinds:
            continue
        total = sum(map(len, kinds.values()))
        key = f"found {severity} {entry.file_id}"
        box = st.expander(f"{label}: {total:,}", icon=icon, expanded=severity == reading.BLOCKED, key=key, on_change="rerun")
        if box.open:
            with box:
                _lines(kinds, total)


def _lines(kinds: Mapping[str, Sequence[reading.Finding]], total: int) -> None:
    """A line for each finding under its kind; the first ones where there are many."""
    left = _MOST_LINES
    for kind, some in kinds.items():
        st.markdown(f"**{kind}: {len(some):,}**\n" + "\n".join(map(reading_words.line, some[:left])))
        left = max(0, left - len(some))
    if total > _MOST_LINES:
        st.caption(f"The first {_MOST_LINES} of {total:,}; the download has all.")
