"""Controls that change how a table is read: areas to confirm, what a column means, what holds for the whole table.

Each shows what the plan says at the moment, so that taking a change back shows too, and changes the plan in a callback: the run
that follows draws everything by the new plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from mhequity import areas, tables
from mhequity.reading.decimal_commas import SEMICOLON
from mhequity.reading.plans import FIGURES, UNUSED, ColumnPlan, TablePlan
from mhequity.ui import plan_fields, reading_words, session, words
from mhequity.ui.session import Loaded

LEAVE_OUT, CHOOSE = "Leave out", "Choose"
_SHOWN_AT_ONCE = 8
_TEXTS = ("measure", "period", "service", "provider", "team", "staff_group", "age_band", "ethnic_group")


# Areas -------------------------------------------------------------------------------------------------------------------


def areas_to_confirm(entry: Loaded, at: int, proposed: Mapping[str, str], unknown: list[str]) -> None:
    """A line for each spelling that no area is known by: the closest area, another, or left out. Nothing counts until confirmed."""
    table = entry.plan.tables[at]
    spellings = [*proposed, *(each for each in unknown if each not in proposed)]
    for spelling in spellings[:_SHOWN_AT_ONCE]:
        close = proposed.get(spelling, "")
        first = [*([close] if close else [CHOOSE]), LEAVE_OUT]
        key = f"area {entry.file_id} {at} {spelling}"
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        asked = f"“{words.plain(spelling)}” is close to {close}" if close else f"“{words.plain(spelling)}” is not known"
        left.selectbox(asked, [*first, *(name for name in plan_fields.AREAS if name != close)], key=key)
        right.button("Confirm", key=f"confirm {key}", on_click=_confirm, args=(entry.file_id, at, [spelling]), icon=":material/check:")
    if len(spellings) > 1:
        shown = spellings[:_SHOWN_AT_ONCE]
        st.button(
            f"Confirm these {len(shown)} as shown",
            key=f"confirm all {entry.file_id} {at}",
            on_click=_confirm,
            args=(entry.file_id, at, shown),
        )
    if len(spellings) > _SHOWN_AT_ONCE:
        st.caption(f"{len(spellings) - _SHOWN_AT_ONCE:,} more follow once these are settled.")
    for spelling, code in table.areas.items():
        left, right = st.columns([3, 2], vertical_alignment="center")
        left.markdown(f"“{words.plain(spelling)}”: {'**' + areas.name_of(code) + '**' if code else 'left out'}, as you chose.")
        right.button("Change", key=f"unconfirm {entry.file_id} {at} {spelling}", on_click=_unconfirm, args=(entry.file_id, at, spelling))


def _confirm(file_id: str, at: int, spellings: list[str]) -> None:
    table = session.entry(file_id).plan.tables[at]
    chosen = {each: str(st.session_state.get(f"area {file_id} {at} {each}", CHOOSE)) for each in spellings}
    given = {each: "" if name == LEAVE_OUT else plan_fields.CODES[name] for each, name in chosen.items() if name != CHOOSE}
    # A heading that is left out takes its column with it.
    gone = {each for each, code in given.items() if not code}
    columns = tuple(replace(each, meaning=UNUSED) if each.labels.get("area") in gone else each for each in table.columns)
    session.put_table(file_id, at, replace(table, areas={**table.areas, **given}, columns=columns))


def _unconfirm(file_id: str, at: int, spelling: str) -> None:
    held = session.entry(file_id).plan.tables[at].areas
    session.change_table(file_id, at, areas={name: code for name, code in held.items() if name != spelling})


# Columns -----------------------------------------------------------------------------------------------------------------


def chosen_column(entry: Loaded, at: int) -> str:
    """Letters of the column that is being changed: the one chosen, or the first that the app is not sure of."""
    columns = entry.plan.tables[at].columns
    held = st.session_state.get(f"column {entry.file_id} {at}")
    if any(each.column == held for each in columns):
        return str(held)
    unsure = [each for each in columns if each.heading and (each.meaning == UNUSED or each.confidence < 0.9)]
    return (unsure or list(columns))[0].column if columns else ""


def column_controls(entry: Loaded, at: int) -> None:
    """Choose a column, then say what it means."""
    table, letters = entry.plan.tables[at], chosen_column(entry, at)
    if not letters:
        return
    by_letters = {each.column: each for each in table.columns}
    st.selectbox(
        "Column", list(by_letters), key=plan_fields.controlled(f"column {entry.file_id} {at}", letters),
        format_func=lambda each: f"{each}: {by_letters[each].heading or 'no heading'} → {reading_words.about(by_letters[each])}",
    )  # fmt: skip
    column = by_letters[letters]
    if column.why and column.confidence < 1:
        st.caption(f"Taken so because: {words.plain(column.why)} ({column.confidence:.0%} sure).")
    place = (entry.file_id, at, letters)
    left, right = st.columns(2)
    with left:
        key = plan_fields.controlled(plan_fields.key_of("meaning", place), column.meaning)
        st.selectbox("It means", reading_words.MEANINGS, key=key, format_func=reading_words.meaning, on_change=_set_meaning, args=place)
    with right:
        if column.meaning in FIGURES:
            _unit(table, column, place)
            _decimal_comma(entry, table, column, place)
        elif column.meaning in ("period", "date"):
            _day_first(column, place)
        elif column.meaning:
            key = plan_fields.controlled(plan_fields.key_of("fill", place), letters in table.fill_down)
            st.checkbox("A blank cell stands for the cell above", key=key, on_change=_set_fill_down, args=place)
    if column.meaning in FIGURES:
        _labels_of(table, column, place)


def _unit(table: TablePlan, column: ColumnPlan, place: tuple[str, int, str]) -> None:
    known = {each.words: each for each in reading_words.units(column)}
    held = next(each.words for each in known.values() if (each.unit, each.scale) == (column.unit, column.scale))
    st.selectbox(
        "Its figures are in",
        list(known),
        key=plan_fields.controlled(plan_fields.key_of("unit", place), held),
        on_change=_set_unit,
        args=place,
    )
    others = [
        each.column for each in table.columns if each.meaning == column.meaning and (each.unit, each.scale) != (column.unit, column.scale)
    ]
    if others:
        st.button(
            f"The same for {', '.join(others[:4])}{' and others' if len(others) > 4 else ''}", key=plan_fields.key_of("unit of all", place),
            on_click=_unit_of_all, args=place, icon=":material/content_copy:", type="tertiary",
        )  # fmt: skip


def _day_first(column: ColumnPlan, place: tuple[str, int, str]) -> None:
    key = plan_fields.controlled(plan_fields.key_of("days", place), column.day_first)
    st.radio(
        "03/04/2024 is", [True, False], key=key, horizontal=True, on_change=_set_day_first, args=place,
        format_func=lambda first: "3 April (UK)" if first else "4 March (US)",
    )  # fmt: skip


def _decimal_comma(entry: Loaded, table: TablePlan, column: ColumnPlan, place: tuple[str, int, str]) -> None:
    """How the column's figures are written, where that could be another way."""
    grid = entry.reading.book.grid(table)
    if grid is None or not (column.decimal_comma or grid.separator == SEMICOLON):
        return
    key = plan_fields.controlled(plan_fields.key_of("comma", place), column.decimal_comma)
    st.radio(
        "1,500 is", [False, True], key=key, horizontal=True, on_change=_set_decimal_comma, args=place,
        format_func=lambda comma: "1.5 (decimal comma)" if comma else "1500 (UK)",
    )  # fmt: skip


def _labels_of(table: TablePlan, column: ColumnPlan, place: tuple[str, int, str]) -> None:
    """What holds for every figure of the column and no other column says."""
    wanted = tables.kind(column.meaning.split(".")[0]).names
    said = {each.meaning for each in table.columns}
    names = [name for name in _TEXTS if name in wanted and (name == "measure" or name not in said or column.labels.get(name))]
    names = [name for name in names if name in ("measure", "period", "service") or column.labels.get(name)]
    for name, box in zip(names, st.columns(max(1, len(names))), strict=False):
        with box:
            plan_fields.text_field(f"{reading_words.meaning(name) if name != 'measure' else 'Measure'} of its figures", plan_fields.key_of(name, place),
                  column.labels.get(name, ""), _set_label, (*place, name))  # fmt: skip
    if "area" not in said and "area" in wanted and not table.labels.get("area"):
        plan_fields.area_field(
            "Area of its figures", plan_fields.key_of("area of", place), column.labels.get("area", ""), _set_label_area, place
        )
    key = plan_fields.controlled(plan_fields.key_of("total", place), "comparator" in column.labels)
    st.checkbox("It is a total over other columns: keep it apart", key=key, on_change=_set_total, args=place)


def _set_meaning(file_id: str, at: int, letters: str) -> None:
    meaning = st.session_state[plan_fields.key_of("meaning", (file_id, at, letters))]
    column = session.entry(file_id).plan.tables[at].column(letters)
    if meaning in FIGURES and column.meaning in FIGURES:
        session.change_column(file_id, at, letters, meaning=meaning)
    else:
        session.change_column(file_id, at, letters, meaning=meaning, labels={}, unit="", scale=1.0)


def _set_unit(file_id: str, at: int, letters: str) -> None:
    column = session.entry(file_id).plan.tables[at].column(letters)
    chosen = next(
        each for each in reading_words.units(column) if each.words == st.session_state[plan_fields.key_of("unit", (file_id, at, letters))]
    )
    session.change_column(file_id, at, letters, unit=chosen.unit, scale=chosen.scale)


def _unit_of_all(file_id: str, at: int, letters: str) -> None:
    """Give the other columns of the same meaning the unit of this one."""
    table = session.entry(file_id).plan.tables[at]
    chosen = table.column(letters)
    columns = tuple(
        replace(each, unit=chosen.unit, scale=chosen.scale) if each.meaning == chosen.meaning else each for each in table.columns
    )
    session.put_table(file_id, at, replace(table, columns=columns))


def _set_day_first(file_id: str, at: int, letters: str) -> None:
    session.change_column(file_id, at, letters, day_first=st.session_state[plan_fields.key_of("days", (file_id, at, letters))])


def _set_decimal_comma(file_id: str, at: int, letters: str) -> None:
    session.change_column(file_id, at, letters, decimal_comma=st.session_state[plan_fields.key_of("comma", (file_id, at, letters))])


def _set_fill_down(file_id: str, at: int, letters: str) -> None:
    filled = [each for each in session.entry(file_id).plan.tables[at].fill_down if each != letters]
    wanted = st.session_state[plan_fields.key_of("fill", (file_id, at, letters))]
    session.change_table(file_id, at, fill_down=(*filled, letters) if wanted else tuple(filled))


def _set_label(file_id: str, at: int, letters: str, name: str) -> None:
    key = plan_fields.key_of(name, (file_id, at, letters))
    value = plan_fields.as_label(key, name)
    if value is not None:
        held = session.entry(file_id).plan.tables[at].column(letters).labels
        session.change_column(file_id, at, letters, labels=plan_fields.with_label(held, name, value))


def _set_label_area(file_id: str, at: int, letters: str) -> None:
    code = plan_fields.CODES.get(str(st.session_state[plan_fields.key_of("area of", (file_id, at, letters))]), "")
    held = session.entry(file_id).plan.tables[at].column(letters).labels
    session.change_column(file_id, at, letters, labels=plan_fields.with_label(held, "area", code))


def _set_total(file_id: str, at: int, letters: str) -> None:
    column = session.entry(file_id).plan.tables[at].column(letters)
    total = column.heading or "Total" if st.session_state[plan_fields.key_of("total", (file_id, at, letters))] else ""
    session.change_column(file_id, at, letters, labels=plan_fields.with_label(column.labels, "comparator", total))
