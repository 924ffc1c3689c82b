"""Dropping files and recipes, the files that were dropped, what is loaded, and templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import PurePath

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from mhequity import tables
from mhequity.analysis import sentences
from mhequity.disclosure import POLICIES
from mhequity.export.template import template
from mhequity.reading import Plan, from_json, open_book, to_json
from mhequity.reading.books import LIMIT_MB
from mhequity.ui import figures, reading_view, reading_words, session, words
from mhequity.ui.figures import Shown
from mhequity.workspace import Source, Workspace

_CHOOSE_POLICY = "choose_policy"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def upload(workspace: Workspace) -> None:
    """The page's answer, and below it the place to drop files; new ones are read at once and wait for review."""
    top = st.container()
    files = st.file_uploader(
        "Drop spreadsheets here, several at once if you like: Excel, CSV, OpenDocument, a zip file of them, or a saved recipe",
        accept_multiple_files=True, key=session.UPLOADER, max_upload_size=LIMIT_MB,
        help=f"Up to {LIMIT_MB} MB each. Any layout: you see what was understood, and correct it, before anything counts. Files stay in this "
        "browser session on this server: no one else sees them, and nothing is sent elsewhere. Do not bring details of people.",
    )  # fmt: skip
    new = [file for file in files if session.is_new(file.file_id)]
    if new:
        _read(new)
    with top:
        waiting = sum(not each.added and bool(each.reading.tables) for each in session.loaded())
        figures.answer(sentences.loaded(workspace, waiting))


def _read(new: Sequence[UploadedFile]) -> None:
    """Read files that were just dropped, recipes first, and say how far it is."""
    held = [(file, file.getvalue()) for file in new]
    held.sort(key=lambda each: not _may_be_recipe(each[0].name, each[1]))
    place = st.empty()
    with place.status(f"Reading {reading_words.count(len(new), 'file')}", expanded=True) as status:
        bar = st.progress(0.0)
        for at, (file, data) in enumerate(held):
            session.mark_seen(file.file_id)
            name = f"{words.plain(file.name)} ({len(data) / 1e6:,.1f} MB)"
            if _may_be_recipe(file.name, data):
                _recipe(file.name, data)
                continue
            bar.progress((at + 0.1) / len(held), f"Opening {name}")
            book = open_book(data, file.name, LIMIT_MB)
            bar.progress((at + 0.5) / len(held), f"Understanding {name} and adding up")
            session.keep(book, data, file.file_id)
        status.update(label="Read", state="complete")
    place.empty()


def _may_be_recipe(name: str, data: bytes) -> bool:
    return name.casefold().endswith(".json") or data[:200].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def _recipe(name: str, data: bytes) -> None:
    """Keep a recipe that was dropped, and read what waits for review by it."""
    try:
        recipe = from_json(data.removeprefix(b"\xef\xbb\xbf"))
    except ValueError as refused:
        session.say("recipes", f"{name}: {refused}")
        return
    session.remember(recipe if recipe.name else replace(recipe, name=PurePath(name).stem))
    session.read_again_by_recipes()


def files() -> None:
    """Recipes, then each file with what was understood of it, the newest first."""
    if refused := session.said("recipes"):
        st.warning(words.plain(refused), icon=":material/bookmark_remove:")
    _recipes()
    entries = session.loaded()
    if not entries:
        st.info("Nothing of yours is loaded yet: every page shows the example. Drop a file above, or fill in a template below.",
                icon=":material/upload_file:")  # fmt: skip
        return
    for entry in reversed(entries):
        with st.container(border=True):
            reading_view.file(entry)
    st.button("Go back to the example: forget all of my files", icon=":material/undo:", on_click=session.reset, key="reset")


def _recipes() -> None:
    held = session.recipes()
    if not held:
        return
    with st.expander(f"Recipes of this session: {len(held)}", icon=":material/bookmark:"):
        st.markdown(
            "A file of one of these layouts is read the same way by itself. They are gone when this session ends: download those you want to keep."
        )
        for recipe in held:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{words.plain(recipe.name)}** · {reading_words.count(len(recipe.tables), 'table')}")
                st.download_button("Download", partial(_as_bytes, recipe), f"{recipe.name} recipe.json", "application/json",
                                   on_click="ignore", type="tertiary", icon=":material/download:", key=f"recipe {recipe.name}")  # fmt: skip
                st.button("Forget it", key=f"forget {recipe.name}", type="tertiary", on_click=session.forget, args=(recipe.name,))


def _as_bytes(recipe: Plan) -> bytes:
    return to_json(recipe).encode()


def loaded_tables(workspace: Workspace) -> None:
    """Every table with rows: how many, of which years, from where."""
    st.subheader("What is loaded now", anchor=False)
    rows = []
    for name in tables.names():
        frame = workspace.table(name)
        if frame.empty:
            continue
        sources = workspace.sources_of(frame)
        origins = dict.fromkeys(f"MADE UP: {source.title}" if source.made_up else _origin(source) for source in sources)
        rows.append({"table": tables.kind(name).title, "rows": len(frame), "one": tables.kind(name).one_row, "from": "; ".join(origins)})
    shown = {"table": Shown("Table"), "rows": Shown("Rows", words.number), "one": Shown("One row is"), "from": Shown("From")}
    st.table(figures.readable(_frame(rows), shown), border="horizontal")


def _origin(source: Source) -> str:
    """A publisher, or the person's own file: titles and caveats stand on the pages beside each figure."""
    return f"your file {source.title}" if source.uploaded_at else source.publisher


def _frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame(rows)


def small_counts() -> None:
    """Which counts of people are hidden, on every page."""
    st.subheader("Small counts", anchor=False)
    names = [policy.name for policy in POLICIES]
    held = session.disclosure_policy()
    st.radio(
        "Counts of people and contacts in your files", names, index=names.index(held.name), key=_CHOOSE_POLICY, horizontal=True,
        captions=[policy.sentence for policy in POLICIES], on_change=_set_policy,
        help="A small count can point to a person. It is hidden after adding up, and so is the next smallest where it could be worked out from "
        "a total, in maps, charts, tables and downloads alike. Shares are withheld with their counts. Published figures stay as published. "
        "What you see of a file before you add it is your own file as it is.",
    )  # fmt: skip
    if not held.hidden_to:
        st.warning("Small counts are shown. Choose this only for figures that are public already.", icon=":material/visibility:")


def _set_policy() -> None:
    session.set_policy(st.session_state[_CHOOSE_POLICY])


def templates(workspace: Workspace) -> None:
    """Templates to fill in, empty or holding what is loaded, and what each table and column means."""
    st.subheader("Templates", anchor=False)
    st.markdown("One workbook with a sheet for each table you choose: headings with notes, lists to pick areas from, and an example row.")
    titles = {table.name: table.title for table in tables.CATALOGUE}
    chosen = st.pills(
        "Tables in the template", list(titles), format_func=lambda name: titles[name], selection_mode="multi", key="template_tables"
    )
    wanted = [name for name in titles if name in chosen] or list(titles)
    with st.container(horizontal=True):
        st.download_button(
            "Empty template (Excel)" if not chosen else f"Empty template: {', '.join(titles[name] for name in wanted)}", lambda: template(wanted),
            "mhequity template.xlsx", _EXCEL, on_click="ignore", icon=":material/download:", key="template", type="primary",
        )  # fmt: skip
        st.download_button(
            "The same, filled with what is loaded",
            lambda: template(wanted, {name: frame for name in wanted if len(frame := workspace.to_give_away(name)) and name != "contacts"}),
            "mhequity filled template.xlsx", _EXCEL, on_click="ignore", icon=":material/download:", key="filled_template",
        )  # fmt: skip
    if workspace.uploads and workspace.policy.hidden_to:
        st.caption("While small counts are hidden, the filled template leaves out your own counts of people: you have them in your files.")
    with st.expander("What each table and column means", icon=":material/menu_book:", on_change="rerun", key="columns_help") as guide:
        pass
    if guide.open:
        with guide:
            _guide()


def _guide() -> None:
    for table in tables.CATALOGUE:
        st.markdown(f"**{table.title}**: one row is {table.one_row}.")
        rows = [
            {"name": column.name, "needed": "required" if column.required else "optional", "unit": column.unit or "–",
             "allowed": ", ".join(column.allowed) or "–", "help": column.help}
            for column in table.columns
        ]  # fmt: skip
        shown = {
            "name": Shown("Column"),
            "needed": Shown("Needed"),
            "unit": Shown("Unit"),
            "allowed": Shown("Allowed"),
            "help": Shown("Meaning"),
        }
        st.table(figures.readable(_frame(rows), shown), border="horizontal")
