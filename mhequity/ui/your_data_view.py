"""Uploading, what was understood of each file, what is loaded, and templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from mhequity import reading, tables
from mhequity.export.tables import to_csv
from mhequity.export.template import template
from mhequity.ui import figures, session, words
from mhequity.ui.figures import Shown
from mhequity.ui.session import Loaded
from mhequity.workspace import Source, Workspace, changes, example

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ADD, _REPLACE = "Add to what is there", "Replace the table"
_SEVERITIES = {
    reading.BLOCKED: ("Left out", ":material/block:"),
    reading.FIXED: ("Put right", ":material/build:"),
    reading.NOTE: ("To know", ":material/info:"),
}
_SHOWN_AT_MOST = 200


def upload() -> None:
    """The place to drop files; new ones are read at once and stay when the page is left."""
    files = st.file_uploader(
        "Drop Excel (.xlsx) or CSV files here, several at once if you like",
        accept_multiple_files=True, key="uploader", max_upload_size=50,
        help="Up to 50 MB each. Files stay in this browser session on this server: no one else sees them, and nothing is sent elsewhere. "
        "Do not bring names, NHS numbers or other details of people.",
    )  # fmt: skip
    new = [file for file in files if session.is_new(file.file_id)]
    if not new:
        return
    with st.status(f"Reading {len(new)} file{'s' if len(new) > 1 else ''}", expanded=True) as status:
        for file in new:
            st.write(words.plain(file.name))
            session.add(file.name, file.getvalue(), file.file_id)
            session.mark_seen(file.file_id)
        status.update(label="Read", state="complete")
    # The scope bar was drawn before these files were there: draw it again with their years and services.
    st.rerun()


def files() -> None:
    """Each file with what it gave, what was found, and what it does to the tables that were there."""
    entries = session.loaded()
    if not entries:
        st.info("Nothing of yours is loaded yet: every page shows the example. Fill in a template below, or drop a file above.",
                icon=":material/upload_file:")  # fmt: skip
        return
    st.subheader("Your files", anchor=False)
    for entry in reversed(entries):
        with st.container(border=True):
            _file(entry)
    st.button("Go back to the example: forget all of my files", icon=":material/undo:", on_click=session.reset, key="reset")


def _file(entry: Loaded) -> None:
    upload, read = entry.upload, entry.reading
    left, right = st.columns([6, 3], vertical_alignment="center")
    with left:
        st.markdown(f"**{words.plain(upload.file)}** · read at {upload.at:%H:%M on %d %B} · {_count(upload.rows, 'row')}")
        for name, frame in upload.tables.items():
            st.markdown(f"- {tables.kind(name).title}: {_count(len(frame), 'row')}{_effect(name, frame)}")
        if not upload.tables:
            st.markdown("Nothing could be loaded from it.")
    with right:
        if upload.tables:
            mode = st.selectbox(
                "These tables", [_ADD, _REPLACE], index=int(upload.replaces), key=f"mode {entry.file_id}",
                help="Adding keeps what is loaded; a row that states the same fact takes the old one's place. Made-up rows always give way.",
            )  # fmt: skip
            if (mode == _REPLACE) != upload.replaces:
                session.set_replaces(entry.file_id, mode == _REPLACE)
                st.rerun()
        st.button(
            "Remove this file", key=f"remove {entry.file_id}", icon=":material/delete:", on_click=session.remove, args=(entry.file_id,)
        )
    _findings(entry)
    if len(read.rejected):
        st.download_button(
            f"Download the {_count(len(read.rejected), 'row')} left out (CSV)", lambda: to_csv(read.rejected), f"left out of {upload.file}.csv",
            "text/csv", on_click="ignore", type="tertiary", icon=":material/download:", key=f"rejected {entry.file_id}",
        )  # fmt: skip


def _effect(name: str, frame: pd.DataFrame) -> str:
    """How many rows are new beside the example in view, and how many take a row's place."""
    base = example(st.session_state.get("figures") or "").table(name)
    if base.empty:
        return ""
    found = changes(base, frame, name)
    return f" ({found['new']:,} new, {found['updated']:,} in place of rows of the example)"


def _findings(entry: Loaded) -> None:
    """Findings by kind, with counts; the ones that left something out are open."""
    found = entry.reading.findings
    if not found:
        st.success("No problems found.", icon=":material/check_circle:")
        return
    columns = {
        "sheet": Shown("Sheet"), "cell": Shown("Cell"), "seen": Shown("What was seen"),
        "done": Shown("What was done"), "advice": Shown("What you can do"),
    }  # fmt: skip
    for severity, (label, icon) in _SEVERITIES.items():
        some = [finding for finding in found if finding.severity == severity]
        if not some:
            continue
        with st.expander(f"{label}: {len(some)}", icon=icon, expanded=severity == reading.BLOCKED):
            frame = reading.findings_frame(some)
            st.table(figures.readable(frame.head(_SHOWN_AT_MOST), columns), border="horizontal")
            if len(some) > _SHOWN_AT_MOST:
                st.caption(f"The first {_SHOWN_AT_MOST} of {len(some):,}; the download has all.")
    frame = reading.findings_frame(found)
    st.download_button("Download all findings (CSV)", lambda: to_csv(frame), f"findings {entry.upload.file}.csv", "text/csv",
                       on_click="ignore", type="tertiary", icon=":material/download:", key=f"findings {entry.file_id}")  # fmt: skip


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
            lambda: template(wanted, {name: workspace.table(name) for name in wanted if len(workspace.table(name)) and name != "contacts"}),
            "mhequity filled template.xlsx", _EXCEL, on_click="ignore", icon=":material/download:", key="filled_template",
        )  # fmt: skip
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


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
