"""Controls for what holds for a whole table: what its rows are, which rows, which period, service and area."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from mhequity import areas, tables
from mhequity.reading.adding_up import can_add_up
from mhequity.reading.grids import Grid, column_number
from mhequity.reading.layouts import Block
from mhequity.reading.planning import plan_block
from mhequity.reading.plans import LABELS, UNUSED, TablePlan
from mhequity.reading.understanding import Understanding
from mhequity.ui import plan_fields, reading_words, session
from mhequity.ui.session import Loaded

_SECTIONS = (UNUSED, "area", "service", "team", "provider", "period", "measure", "staff_group", "theme")


def table_controls(entry: Loaded, at: int, understood: list[Understanding], lines: bool) -> None:
    """What holds for the whole table. ``lines`` is true where lines of words without figures stand inside it."""
    table, place = entry.plan.tables[at], (entry.file_id, at, "")
    said = {each.meaning for each in table.columns}
    left, right = st.columns(2)
    with left:
        key = plan_fields.controlled(plan_fields.key_of("kind", place), table.kind)
        st.selectbox("Its rows are", tables.names(), key=key, format_func=lambda name: tables.kind(name).title, on_change=_set_table,
                     args=(*place, "kind", key), help="Figures of another table keep what you said of their column.")  # fmt: skip
    with right:
        if "area" not in said:
            plan_fields.area_field(
                "All of it is about", plan_fields.key_of("whole area", place), table.labels.get("area", ""), _set_whole_area, place
            )
    names = [name for name in ("period", "service", "provider") if name not in said or name in table.labels]
    for name, box in zip(names, st.columns(max(1, len(names))), strict=False):
        with box:
            key = plan_fields.key_of(f"whole {name}", place)
            plan_fields.text_field(f"{name.capitalize()} of every row", key, table.labels.get(name, ""), _set_whole_label, (*place, name))
    _rows_of(entry, table, place)
    if table.sections or lines:
        key = plan_fields.controlled(plan_fields.key_of("sections", place), table.sections)
        st.selectbox("Lines of words inside the table name the", _options(table.sections), key=key, on_change=_set_table, args=(*place, "sections", key),
                     format_func=lambda name: reading_words.meaning(name) if name else "Nothing: pass them over")  # fmt: skip
    if (
        table.systems_are_totals
        or any(area.name in each.comparators for each in understood for area in areas.systems())
        or _has_systems(entry)
    ):
        key = plan_fields.controlled(plan_fields.key_of("systems", place), table.systems_are_totals)
        st.checkbox(
            "A row named after a whole NHS system is the total of its boroughs",
            key=key,
            on_change=_set_table,
            args=(*place, "systems_are_totals", key),
        )
    if not table.sums_are_totals or _adds_up(entry, table):
        key = plan_fields.controlled(plan_fields.key_of("sums", place), table.sums_are_totals)
        st.checkbox("A row that adds up others is a total", key=key, on_change=_set_table, args=(*place, "sums_are_totals", key))
    if table.repeats_add_up or _repeats(entry, table):
        key = plan_fields.controlled(plan_fields.key_of("repeats", place), table.repeats_add_up)
        st.checkbox(
            "Rows that state the same fact are parts of it: add them up",
            key=key,
            on_change=_set_table,
            args=(*place, "repeats_add_up", key),
            help="For the lines of a ledger, or one row for each cost centre. Otherwise the first row of each fact is kept.",
        )


def _repeats(entry: Loaded, table: TablePlan) -> bool:
    """True where rows of the table state a fact again and could be added up."""
    sheets = {each.sheet for each in entry.reading.findings if each.kind == "repeats"}
    own = [one for one in entry.reading.applied if one.plan.key == table.key]
    return table.sheet in sheets and any(can_add_up(slot) for one in own for slot in one.slots)


def _adds_up(entry: Loaded, table: TablePlan) -> bool:
    """True where rows of the table were found to add up others."""
    return any(one.plan.key == table.key and one.adds for one in entry.reading.applied)


def _has_systems(entry: Loaded) -> bool:
    codes = {area.code for area in areas.systems()}
    return any("area" in frame and not codes.isdisjoint(frame["area"].unique()) for frame in entry.reading.tables.values())


def _options(held: str) -> list[str]:
    return [*_SECTIONS, *([held] if held and held not in _SECTIONS and held in LABELS else [])]


def _rows_of(entry: Loaded, table: TablePlan, place: tuple[str, int, str]) -> None:
    grid = entry.reading.book.grid(table)
    if grid is None:
        return
    bottom = grid.top + grid.height - 1
    first, last = (table.header_rows[0], table.header_rows[-1]) if table.header_rows else (0, 0)
    boxes = st.columns(3)
    for box, label, name, value, lowest in zip(
        boxes,
        ("Headings from row", "Headings to row", "Last row of the table"),
        ("from", "to", "last"),
        (first, last, table.last_row),
        (0, 0, 1),
        strict=True,
    ):
        with box:
            key = plan_fields.controlled(plan_fields.key_of(name, place), value)
            st.number_input(label, lowest, max(bottom, value), key=key, step=1, on_change=_set_rows, args=place,
                            help="0 for a table without headings." if lowest == 0 else None)  # fmt: skip
    if refused := session.said(plan_fields.key_of("rows", place)):
        st.caption(f":red[{refused}]")


def _set_rows(file_id: str, at: int, _: str) -> None:
    """Other heading rows make other headings, so the columns are understood anew; another last row changes nothing else."""
    entry, place = session.entry(file_id), (file_id, at, "")
    table = entry.plan.tables[at]
    first, to, last = (int(st.session_state[plan_fields.key_of(name, place)]) for name in ("from", "to", "last"))
    old = (table.header_rows[0], table.header_rows[-1]) if table.header_rows else (0, 0)
    grid = entry.reading.book.grid(table)
    if (first, to) == old or grid is None:
        if last < table.first_row:
            session.say(plan_fields.key_of("rows", place), f"The table's rows begin at {table.first_row}.")
            return
        session.change_table(file_id, at, last_row=last)
        return
    if first == 0 or to == 0:
        first = to = 0
    elif to < first or to > first + 9:
        # The other end follows the one that was moved.
        first, to = (first, first) if first != old[0] else (to, to)
    body = to + 1 if to else min((*table.header_rows, table.first_row))
    if last < body:
        session.say(plan_fields.key_of("rows", place), "The headings stand above the table's last row.")
        return
    session.put_table(file_id, at, _with_headings(grid, table, first, to, body, last, entry.file))


def _with_headings(grid: Grid, table: TablePlan, first: int, to: int, body: int, last: int, file: str) -> TablePlan:
    """The table as the app understands it under other headings; what a person said of areas and of every row is kept."""
    header = tuple(row - grid.top for row in range(first, to + 1)) if to else ()
    edges = [column_number(each.column) - grid.left for each in table.columns]
    above = tuple(part for part in table.title.split(" · ") if part)
    block = Block(header, body - grid.top, last - grid.top, min(edges), max(edges), above, table.notes)
    found = plan_block(grid, block, file)
    return replace(found, areas=table.areas, labels={**found.labels, **table.labels}, used=table.used)


def _set_table(file_id: str, at: int, _: str, name: str, key: str) -> None:
    session.change_table(file_id, at, **{name: st.session_state[key]})


def _set_whole_label(file_id: str, at: int, _: str, name: str) -> None:
    value = plan_fields.as_label(plan_fields.key_of(f"whole {name}", (file_id, at, "")), name)
    if value is not None:
        session.change_table(file_id, at, labels=plan_fields.with_label(session.entry(file_id).plan.tables[at].labels, name, value))


def _set_whole_area(file_id: str, at: int, _: str) -> None:
    code = plan_fields.CODES.get(str(st.session_state[plan_fields.key_of("whole area", (file_id, at, ""))]), "")
    session.change_table(file_id, at, labels=plan_fields.with_label(session.entry(file_id).plan.tables[at].labels, "area", code))
