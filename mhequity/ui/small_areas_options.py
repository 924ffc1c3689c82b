"""Which columns of a visitor's table are meant, and how: the controls above a map of small areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from mhequity.analysis.small_areas import COUNT, RATE, VALUE
from mhequity.reading import area_tables
from mhequity.reading.area_tables import AreaTable
from mhequity.ui import words
from mhequity.ui.small_areas_files import Held

_HOW = {
    RATE: "A count out of a base",
    COUNT: "A count by itself",
    VALUE: "A score, rate or share",
}
_MULTIPLIERS = ("100", "1,000", "10,000", "100,000")
_MOST_NARROWED = 4


@dataclass(frozen=True)
class Chosen:
    """How a table is read."""

    at: int
    """Which of the file's tables."""
    code: str
    figure: str
    how: str
    base: str
    per: int
    narrowed: tuple[tuple[str, str], ...]
    """Columns of which only the rows with one text count."""
    period: str

    @property
    def unit(self) -> str:
        """What a figure is."""
        return f"{self.figure} for every {self.per:,} of {self.base}" if self.how == RATE else self.figure


def options(held: Held) -> Chosen | None:
    """Draw the controls; None where the table has no column of figures."""
    at = _table(held)
    table, key = held.tables[at], f"{held.table_id} {at}"
    known = [] if held.map is None else held.map.polygons["code"].tolist()
    first, second, third, fourth, fifth = st.columns([3, 3, 4, 3, 2], vertical_alignment="bottom")
    with first:
        code = _choice("Codes in the table", list(table.columns), area_tables.code_column(table, known), f"small code {key} {held.map_id}")
    figures = [name for name in area_tables.figure_columns(table) if name != code]
    if not figures:
        st.warning("No column of figures was found beside the codes. Choose another column of codes, or bring another table.")
        return None
    with second:
        figure = _choice("Figure", figures, _first_figure(table, figures), f"small figure {key}")
    bases = [name for name in figures if name != figure]
    proposed = area_tables.base_column(table, figure) if area_tables.looks_counted(table, figure) else ""
    with third:
        how = _how(table, figure, bases, proposed, f"small how {key} {figure}")
    base, per = "", "1,000"
    if how == RATE:
        with fourth:
            base = _choice("Out of", bases, proposed or bases[0], f"small base {key} {figure}")
        with fifth:
            per = _choice("For every", _MULTIPLIERS, per, f"small per {key}")
    if how == VALUE and area_tables.looks_counted(table, figure):
        st.caption(
            ":material/warning: These figures may be counts. As a score or share they are shown as they stand, small ones too: choose a count if they count people."
        )
    narrowed = _narrowed(table, code, key)
    period = area_tables.period_of(table, figure) or next((text for name, text in narrowed if table.columns[name].periods > 0.9), "")
    return Chosen(at, code, figure, how, base, int(per.replace(",", "")), narrowed, period)


def _table(held: Held) -> int:
    """Which of a file's tables; asked only where there are several."""
    if len(held.tables) == 1:
        return 0
    names = [f"{at + 1}. {each.sheet}: {each.rows:,} rows" for at, each in enumerate(held.tables)]
    return names.index(_choice("Table of the file", names, names[0], f"small table {held.table_id}"))


def _choice(
    label: str, found: Sequence[str], proposed: str, key: str, words_for: dict[str, str] | None = None, help: str | None = None
) -> str:
    """A select box that keeps its choice when the page is left."""
    write = (lambda text: words_for[text]) if words_for else str
    return str(st.selectbox(label, found, list(found).index(proposed), format_func=write, key=key, persist_state="session", help=help))


def _first_figure(table: AreaTable, figures: Sequence[str]) -> str:
    """The first figure that is no base of another one."""
    bases = {area_tables.base_column(table, name) for name in figures}
    return next((name for name in figures if name not in bases), figures[0])


def _how(table: AreaTable, figure: str, bases: Sequence[str], proposed: str, key: str) -> str:
    likely = RATE if proposed else COUNT if area_tables.looks_counted(table, figure) else VALUE
    kinds = {how: said for how, said in _HOW.items() if bases or how != RATE}
    return _choice(
        "The figure is", list(kinds), likely, key, kinds,
        "Counts of people or contacts are rounded, and small ones hidden, as on every page. A score, a rate or a share is shown as it stands: "
        "choose that only for what counts nobody. A count by itself is high where many people live: bring a base to compare fairly.",
    )  # fmt: skip


def _narrowed(table: AreaTable, code: str, key: str) -> tuple[tuple[str, str], ...]:
    """Choices that leave each area one row, where it has several: of a period, of a measure."""
    chosen: dict[str, str] = {}
    column, texts = area_tables.narrowing(table, code, chosen)
    if not column:
        return ()
    st.caption("The table has several rows for an area. Choose which one counts.")
    with st.container(horizontal=True):
        while column and len(chosen) < _MOST_NARROWED:
            chosen[column] = _choice(words.plain(column), texts, texts[0], f"small rows {key} {column}")
            column, texts = area_tables.narrowing(table, code, chosen)
    return tuple(chosen.items())
