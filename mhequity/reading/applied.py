"""What applying a plan to a table of a sheet gives: its labels, its figures, its facts, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from mhequity import areas, periods
from mhequity.coded import spread
from mhequity.reading.cells import OK, Understood
from mhequity.reading.grids import Grid, Strip
from mhequity.reading.plans import ColumnPlan, TablePlan
from mhequity.tables import Column, TableKind

PRIVATE = "contacts"
"""The table whose rows are about one person each: what its cells hold is not repeated in findings."""
NOT_STATED = {"service": "Not stated", "period": periods.NOT_STATED, "theme": "Not stated"}
"""What stands for a label that a table requires and the sheet does not give."""
_WIDER = ("London", "Inner London", "Outer London", "England", "England and Wales", "United Kingdom")
MOST_FACTS = 6_000_000
ROW = "row"
"""The column of tidy rows that holds their positions in the body (:attr:`Applied.rows`)."""
UNREADABLE, KNOWN, UNKNOWN, HIDDEN = range(4)


@dataclass(frozen=True, eq=False)
class Labelled:
    """A column of labels: each distinct text's meaning, and which of them each row holds."""

    texts: list[str]
    meanings: list[Understood]
    codes: np.ndarray
    column: Column
    letters: str
    heading: str = ""
    """The column's own heading, where it is one of several that say the same of different areas or elements."""

    def where(self, *states: str) -> np.ndarray:
        """True for each row in one of the states."""
        of_text = np.array([meaning.state in states for meaning in self.meanings], dtype=bool)
        return spread(of_text, self.codes) if of_text.any() else np.zeros(len(self.codes), dtype=bool)

    def has(self, *states: str) -> bool:
        """True where any text is in one of the states."""
        return any(meaning.state in states for meaning in self.meanings)

    def values(self, rows: np.ndarray, keep: Sequence[str] = (OK,), ending: str = "") -> pa.DictionaryArray:
        """The meaning's value in each of these rows, with an ending; the ending alone for states other than those to keep."""
        held = [meaning.value if meaning.state in keep else "" for meaning in self.meanings]
        texts = [f"{value}{ending}" if value else ending.removeprefix(", ") for value in held]
        codes = self.codes if len(rows) == len(self.codes) else self.codes[rows]
        return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(texts, pa.string()), safe=False)


@dataclass(frozen=True, eq=False)
class Figures:
    """A column of figures: value and state of each distinct text, and which of them each row holds."""

    plan: ColumnPlan
    column: Column
    strip: Strip
    value: np.ndarray
    state: np.ndarray

    @property
    def values(self) -> np.ndarray:
        return spread(self.value, self.strip.codes)

    def has(self, state: int) -> bool:
        """True where any text is in that state."""
        return bool((self.state == state).any())

    def where(self, state: int) -> np.ndarray:
        """True for each row in that state."""
        return spread(self.state == state, self.strip.codes) if self.has(state) else np.zeros(len(self.strip.codes), dtype=bool)


@dataclass(frozen=True)
class Slot:
    """Columns that state facts of one table with the same labels: together they are one row of it a row."""

    table: TableKind
    labels: Mapping[str, str]
    figures: tuple[Figures, ...]
    words: tuple[Labelled, ...] = ()
    """Columns whose words are the fact, such as how far an element of the core offer is in place."""

    @property
    def columns(self) -> tuple[Figures | Labelled, ...]:
        """Its columns of figures, then those of words."""
        return (*self.figures, *self.words)

    @property
    def column(self) -> str:
        """Letters of its first column; empty where it has none of its own."""
        return next((each.plan.column for each in self.figures), next((each.letters for each in self.words), ""))

    @property
    def heading(self) -> str:
        """Heading of its first column."""
        return next((each.plan.heading for each in self.figures), next((each.heading for each in self.words), ""))

    @property
    def unknown_area(self) -> str:
        """The heading's spelling of a place, where it is not known which is meant."""
        place = self.labels.get("area", "")
        return place if place and place not in areas.by_code() else ""

    @property
    def comparator(self) -> str:
        """The total or wider place that the columns are about; empty for the others."""
        return self.labels.get("comparator", "")


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Rows, or single cells of them, that were not used: the rows are positions in the body."""

    reason: str
    rows: np.ndarray
    column: str = ""
    """Letters of the one column that was left out; empty where the whole row was."""
    at: str = ""
    """Letters of the column that holds the reason."""
    apart: bool = False
    """True for totals and wider places, which are kept apart: nothing is wrong with them."""


@dataclass(eq=False)
class Applied:
    """What one table of a sheet gave."""

    plan: TablePlan
    grid: Grid
    rows: np.ndarray
    """Positions within the grid of the rows under the headings that hold anything."""
    labels: dict[str, Labelled] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    facts: list[tuple[Slot, pa.Table]] = field(default_factory=list)
    """Tidy rows, texts as dictionaries, with :data:`ROW`."""
    totals: list[tuple[Slot, pa.Table]] = field(default_factory=list)
    """The same for rows and columns of totals and wider places."""
    left_out: list[LeftOut] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    good: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """True for each row whose labels can be used."""
    meant: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """True for each row that is meant as a fact of an area in London, usable or not."""
    apart: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """True for each row that is a total or a wider place."""
    examples: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Rows that are the template's own made-up example."""
    adds: dict[int, np.ndarray] = field(default_factory=dict)
    """Of a total that its figures or its period gave away: the rows of the body that it adds up."""
    parts: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """True for each row that is a part of the row before it, kept apart though it adds up nothing."""
    not_actual: dict[str, int] = field(default_factory=dict)
    """Words that mark rows of targets and the like, and how many rows were left out for each."""
    aside: dict[str, int] = field(default_factory=dict)
    """Levels that are no kind of place, and how many rows were left out for each."""

    def cell(self, row: int, letters: str) -> str:
        """Where a row of the body and a column stand in the sheet."""
        return f"{letters}{self.grid.top + int(self.rows[row])}"

    @property
    def row_numbers(self) -> np.ndarray:
        return self.rows + self.grid.top


def total_over(applied: Applied, slot: Slot) -> str:
    """The label that a column of totals adds up over: the one that its neighbours' headings name."""
    if "area" not in applied.labels and "area" not in applied.plan.labels and areas.match(slot.comparator).comparator in _WIDER:
        return "area"
    others = [each for each in applied.slots if each.table is slot.table and not each.comparator]
    for name in ("area", "period", "service", "team", "measure", "sex", "age_band"):
        if name not in slot.labels and any(name in each.labels for each in others):
            return name
    return "service" if "service" in slot.table.names else "measure"


def required_but_absent(applied: Applied) -> dict[str, list[str]]:
    """For each table of which no column of figures can be used: the labels that it requires and that nothing gives."""
    absent: dict[str, list[list[str]]] = {}
    for slot in applied.slots:
        absent.setdefault(slot.table.name, []).append(lacking(applied, slot))
    return {name: min(lacks, key=len) for name, lacks in absent.items() if all(lacks)}


def lacking(applied: Applied, slot: Slot) -> list[str]:
    """The labels that a table requires and that nothing gives for some figures, but for those with a stated default."""
    given = {*applied.labels, *applied.plan.labels, *slot.labels, *NOT_STATED, *(each.column.name for each in slot.words)}
    if slot.comparator and total_over(applied, slot) == "area":
        given.add("area")
    if slot.figures:
        given.add("measure")
    return [column.name for column in slot.table.columns if column.required and not column.is_number and column.name not in given]
