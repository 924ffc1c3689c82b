"""The map and the table of small areas that a visitor brings: dropped, read, taken away again. They live in this session only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import streamlit as st

from mhequity.export.tables import to_csv
from mhequity.reading import BLOCKED, FIXED, Finding
from mhequity.reading.area_tables import LIMIT_MB as TABLE_MB
from mhequity.reading.area_tables import AreaTable, read_area_tables
from mhequity.reading.boundaries import Boundaries, read_boundaries
from mhequity.reading.geojson import LIMIT_MB as MAP_MB
from mhequity.reading.geojson import read_features
from mhequity.reading.grids import Refused
from mhequity.ui import session, words

MAP, TABLE = "map", "table"
_HELD, _ROUND = "_small_areas", "_small_areas_round"
_MOST_LISTED = 20_000_000
"""Bytes of a map up to which its properties are listed, to choose another one for the codes."""
_ICONS = {BLOCKED: ":material/block:", FIXED: ":material/build:"}


@dataclass(frozen=True, eq=False)
class Held:
    """What a visitor has brought."""

    map: Boundaries | None = None
    map_id: str = ""
    properties: tuple[str, ...] = ()
    """Properties of the map's features, one of which holds the codes."""
    tables: tuple[AreaTable, ...] = ()
    table_id: str = ""
    table_file: str = ""
    refused: tuple[tuple[str, str], ...] = ()
    """Which side's last file could not be used, and why, as a sentence."""
    before: Held | None = None
    """What was there before the last removal."""


def held() -> Held:
    found = st.session_state.get(_HELD)
    return found if isinstance(found, Held) else Held()


def _put(**new: Any) -> None:
    st.session_state[_HELD] = replace(held(), **new)


def _refuse(side: str, sentence: str) -> None:
    others = tuple(each for each in held().refused if each[0] != side)
    _put(refused=(*others, (side, sentence)) if sentence else others)


def remove(side: str) -> None:
    """Take a map or a table away; it can be brought back until something else is removed."""
    old, gone = held(), {MAP: {"map": None, "map_id": "", "properties": ()}, TABLE: {"tables": (), "table_id": "", "table_file": ""}}
    there = old.map is not None if side == MAP else bool(old.tables)
    st.session_state[_HELD] = replace(old, **gone[side], before=replace(old, before=None) if there else old.before)  # type: ignore[arg-type]
    _refuse(side, "")
    st.session_state[f"{_ROUND} {side}"] = _round(side) + 1


def undo() -> None:
    """Bring back what was removed last."""
    if (before := held().before) is not None:
        st.session_state[_HELD] = before


# Dropping and reading --------------------------------------------------------------------------------------------------------


def drop_here() -> None:
    """The two places to drop files; new ones are read at once. What is held is said below each."""
    left, right = st.columns(2, gap="medium")
    with left:
        _uploader(MAP, "1. The map: GeoJSON, or a zip file with one in it", MAP_MB, _read_map,
                  "Boundaries of LSOAs, MSOAs, wards or any other areas that have a code. It stays in this browser session on this server.")  # fmt: skip
        _about_map()
    with right:
        _uploader(TABLE, "2. The table: Excel or CSV, with a column of codes", TABLE_MB, _read_table,
                  "One row an area: its code, and one or more figures. Titles above the headings and marks such as * or <5 are understood. "
                  "It stays in this browser session on this server. Do not bring details of people.")  # fmt: skip
        _about_table()
    if held().before is not None:
        st.button("Bring back what was removed", on_click=undo, type="tertiary", icon=":material/undo:", key="small undo")


def _round(side: str) -> int:
    """Changes when a box must forget the file that hangs in it."""
    return int(st.session_state.get(f"{_ROUND} {side}", 0))


def _key(side: str) -> str:
    return f"small {side} {_round(side)}"


def _uploader(side: str, label: str, limit: int, read: Callable[[Any], None], about: str) -> None:
    key = _key(side)
    file = st.file_uploader(label, key=key, max_upload_size=limit, help=f"Up to {limit} MB. {about}", on_change=_emptied, args=(side, key))
    if file is not None and session.is_new(file.file_id):
        session.mark_seen(file.file_id)
        with st.spinner(f"Reading {words.plain(file.name)} ({file.size / 1e6:,.1f} MB)"):
            read(file)
    for where, sentence in held().refused:
        if where == side:
            st.error(sentence, icon=":material/block:")


def _emptied(side: str, key: str) -> None:
    """The cross beside a file in the box takes it away."""
    if st.session_state.get(key) is None:
        remove(side)


def _sentence(name: str, refused: Refused) -> str:
    return f"**{words.plain(name)}** could not be used. {words.plain(refused.seen)} {words.plain(refused.advice)}".strip()


def _read_map(file: Any, column: str = "") -> None:
    data = file.getvalue()
    try:
        found = read_boundaries(data, file.name, column)
    except Refused as refused:
        _refuse(MAP, _sentence(file.name, refused))
        return
    listed = held().properties if column else _properties(data, file.name)
    _put(map=found, map_id=f"{file.file_id} {column}", properties=listed, before=None)
    _refuse(MAP, "")


def _properties(data: bytes, name: str) -> tuple[str, ...]:
    if len(data) > _MOST_LISTED:
        return ()
    return tuple(dict.fromkeys(str(key) for each in read_features(data, name).properties[:200] for key in each))


def _read_table(file: Any) -> None:
    try:
        found = read_area_tables(file.getvalue(), file.name)
    except Refused as refused:
        _refuse(TABLE, _sentence(file.name, refused))
        return
    _put(tables=found, table_id=file.file_id, table_file=file.name, before=None)
    _refuse(TABLE, "")


# What is held ----------------------------------------------------------------------------------------------------------------


def _about_map() -> None:
    found = held().map
    if found is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        kind = "areas" if found.kind == "other" else f"areas ({found.kind})"
        st.markdown(f":material/map: **{words.plain(found.file)}**: {len(found.polygons):,} {words.plain(kind)}")
        st.button("Remove the map", on_click=remove, args=(MAP,), type="tertiary", icon=":material/delete:", key="small remove map")
    told, key = found.findings[1:], f"small property {held().map_id}"
    still_there = st.session_state.get(_key(MAP)) is not None and found.code_column in held().properties and len(held().properties) > 1
    if not told and not still_there:
        return
    with st.expander(f"How the map was read{f': {len(told)} to know' if told else ''}", icon=":material/info:"):
        if told:
            lines(told)
        if still_there:
            st.selectbox(
                "Its codes are in",
                held().properties,
                held().properties.index(found.code_column),
                key=key,
                on_change=_other_property,
                args=(key,),
            )


def _other_property(key: str) -> None:
    file = st.session_state.get(_key(MAP))
    if file is not None:
        _read_map(file, st.session_state[key])


def _about_table() -> None:
    found = held()
    if not found.tables:
        return
    rows = found.tables[0].rows
    with st.container(horizontal=True, vertical_alignment="center"):
        more = f" and {len(found.tables) - 1} more tables" if len(found.tables) > 1 else ""
        st.markdown(f":material/table: **{words.plain(found.table_file)}**: {rows:,} row{'' if rows == 1 else 's'}{more}")
        st.button("Remove the table", on_click=remove, args=(TABLE,), type="tertiary", icon=":material/delete:", key="small remove table")
    if told := [each for each in found.tables[0].findings if each.seen or each.done]:
        with st.expander(f"How the table was read: {len(told)} to know", icon=":material/info:"):
            lines(told)


def lines(findings: Any) -> None:
    """Findings as a list: what was seen, what was done, what to do."""
    st.markdown("\n".join(f"- {_ICONS.get(each.severity, ':material/info:')} {_line(each)}" for each in findings))


def _line(finding: Finding) -> str:
    seen = f"{finding.seen.rstrip('.')}." if finding.seen else ""
    return words.plain(" ".join(part for part in (seen, finding.done, finding.advice) if part))


def what_to_bring() -> None:
    """The empty state: which files, and where such maps are published."""
    found = held()
    if found.map is None:
        st.info(
            "Bring the map of your areas and a table of theirs, and see each area's rate, how sure it is, and where high rates lie together. "
            "Boundaries of LSOAs, MSOAs and wards are published by the Office for National Statistics on its Open Geography portal: search there for "
            "the kind of area and the census year (2011 or 2021) of your table's codes, take a generalised version (BGC or BSC), and download it as GeoJSON.",
            icon=":material/map:",
        )  # fmt: skip
        template = pd.DataFrame({"code": ["E01000471"], "people seen": [25], "population": [1650]})
        label = "Template for the table (CSV)"
    else:
        polygons = found.map.polygons
        st.info("Now bring the table: a column with the map's codes and at least one column of figures.", icon=":material/table:")
        template = pd.DataFrame({"code": polygons["code"], "name": polygons["name"], "people seen": "", "population": ""})
        label = f"Template with the codes of these {len(polygons):,} areas (CSV)"
    st.download_button(label, lambda: to_csv(template), "small areas template.csv", "text/csv", on_click="ignore", type="tertiary",
                       icon=":material/download:", key="small template")  # fmt: skip
