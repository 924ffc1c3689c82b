"""What stands round every figure: the answer in a sentence, unit, base, period and source, the table behind it, downloads."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from mhequity import tables
from mhequity.charts import vega
from mhequity.export.tables import to_csv, to_excel
from mhequity.export.template import template
from mhequity.ui import words
from mhequity.workspace import Source


@dataclass(frozen=True)
class Shown:
    """A column of a table behind a picture: its heading (with unit) and how its values are written."""

    heading: str
    write: Callable[[Any], str] = str
    state: str = ""
    """Name of the column that says why a value is missing."""


def legend(title: str, keys: Iterable[tuple[str, str]]) -> None:
    """A heading and what its colours stand for (pairs of colour and label), as text that wraps on a phone."""
    swatches = "".join(f'<span><i style="background:{colour}"></i>{html.escape(label)}</span>' for colour, label in keys)
    st.html(f'<div class="legend"><b>{html.escape(title)}</b><br>{swatches}</div>')


def is_dark() -> bool:
    """True where the visitor's page is dark."""
    return st.context.theme.type == "dark"


def answer(sentence: str) -> None:
    """The one sentence that answers the page's question."""
    with st.container(key="answer"):
        st.markdown(sentence)


def caption(unit: str, base: str, period: str, sources: Iterable[Source]) -> None:
    """Unit, base, period and source of a figure, and a badge where any of it is made up."""
    listed = list(sources)
    names = "; ".join(words.plain(f"{source.title} ({source.publisher})" if source.publisher else source.title) for source in listed)
    if any(source.made_up for source in listed):
        st.badge("Made-up figures", icon=":material/science:", color="orange")
    st.caption(
        f"**Unit:** {words.plain(unit)}. **Base:** {words.plain(base)}. **Period:** {words.plain(period)}. **Source:** {names or 'none'}."
    )


def how(method: str, sources: Iterable[Source], notes: Sequence[str] = ()) -> None:
    """How a figure was worked out, and each source with its licence and what to mind."""
    with st.expander("How this was worked out, and what to mind", icon=":material/info:"):
        st.markdown(method)
        for note in notes:
            st.markdown(f"- {note}")
        st.markdown("**Sources**")
        for source in sources:
            details = ", ".join(words.plain(part) for part in (source.publisher, source.period, source.licence) if part)
            mind = f" *Mind:* {words.plain(source.caveat)}" if source.caveat else ""
            st.markdown(f"- {words.plain(source.title)} ({details}).{mind}")


def behind(
    frame: pd.DataFrame,
    columns: Mapping[str, Shown],
    name: str,
    sources: Iterable[Source],
    pictures: Mapping[str, Callable[[], vega.Spec]] | None = None,
    note: str = "",
) -> None:
    """The table behind a picture, and downloads of both.

    Parameters
    ----------
    frame
        One row a thing shown.
    columns
        Column of ``frame`` to how it is shown, in order.
    name
        What downloaded files are called, without ending.
    pictures
        What each picture is called on its buttons to what makes its filled form when PNG or SVG is asked for.
    note
        What is shown of where and when; stands in the downloads and above the picture.
    """
    listed = list(sources)
    table = st.expander("The table behind this", icon=":material/table:", on_change="rerun", key=f"table {name}")
    if table.open:
        with table:
            st.table(readable(frame, columns), border="horizontal")
    with st.container(horizontal=True, key=f"downloads {name}", gap="small"):
        keep = partial(_for_download, frame, columns)
        lines = [note, *(_line(source) for source in listed)]
        excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        _download("Table (CSV)", lambda: to_csv(keep()), f"{name}.csv", "text/csv")
        _download("Table (Excel)", lambda: to_excel({"Figures": keep()}, lines), f"{name}.xlsx", excel)
        for label, chart in (pictures or {}).items():
            for kind, media in (("png", "image/png"), ("svg", "image/svg+xml")):
                draw = partial(_draw, chart, note, kind, _credit(listed))
                _download(f"{label} ({kind.upper()})", draw, f"{name} {label.lower()}.{kind}", media)


def _draw(chart: Callable[[], vega.Spec], note: str, kind: str, credit: str) -> bytes:
    return vega.picture(chart(), note, kind, credit)


def _credit(sources: Sequence[Source]) -> str:
    """Sources in a line for a picture; made-up figures say so first."""
    invented = "MADE-UP FIGURES. " if any(source.made_up for source in sources) else ""
    return f"{invented}Source: {'; '.join(f'{source.title} ({source.publisher})' for source in sources)}."


def _download(label: str, make: Callable[[], bytes], file: str, kind: str) -> None:
    st.download_button(label, make, file, kind, on_click="ignore", type="tertiary", icon=":material/download:", key=f"download {file}")


def _line(source: Source) -> str:
    made_up = "MADE UP. " if source.made_up else ""
    return " ".join(part for part in (f"{made_up}{source.title}.", source.publisher, source.period, source.licence, source.caveat) if part)


def readable(frame: pd.DataFrame, columns: Mapping[str, Shown]) -> pd.DataFrame:
    """The frame as text under readable headings; a missing value says why: suppressed, missing or no data."""
    out = {}
    for column, shown in columns.items():
        write = words.plain if shown.write is str else shown.write
        written = frame[column].map(write, na_action=None).astype("str")
        if shown.state:
            written = written.where(frame[column].notna(), frame[shown.state].replace("", words.NO_VALUE))
        out[words.plain(shown.heading)] = written
    return pd.DataFrame(out).set_index(words.plain(next(iter(columns.values())).heading))


def _for_download(frame: pd.DataFrame, columns: Mapping[str, Shown]) -> pd.DataFrame:
    """The frame's own numbers under the same headings; why a value is missing in a column beside it."""
    out = pd.DataFrame({shown.heading: frame[column] for column, shown in columns.items()})
    for state in dict.fromkeys(shown.state for shown in columns.values() if shown.state):
        label = {"state": "why missing", "outcome_state": "why care is missing"}.get(state, state)
        out[label] = frame[state]
    return out


def nothing(sentence: str, table: str) -> None:
    """What is said where there is nothing to show: which table would fill the view, where to bring it, a template for it."""
    st.info(f"{sentence} To fill this view, upload the table **{tables.kind(table).title}**.", icon=":material/upload_file:")
    with st.container(horizontal=True):
        st.page_link("pages/your_data.py", label="Go to Your data", icon=":material/upload_file:")
        _download(f"Template for {tables.kind(table).title} (Excel)", lambda: template([table]), f"mhequity template {table}.xlsx",
                  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")  # fmt: skip
