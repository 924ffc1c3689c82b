"""The catalogue: which tables the app knows, their columns, types and units, and which of them are required.

Templates, reading, checks and help text all come from here. A table in memory is a *tidy frame*: the kind's columns in
order (``area`` as a GSS code, ``period`` as a label of :mod:`mhequity.periods`, numbers as floats, text as strings with
``""`` for none), then two more:

``suppressed``
    names of the columns whose value the publisher suppressed in this row, separated by spaces; such a value is NaN here.
    NaN without that mark is missing. Zero is zero.
``source``
    key of the source that the row came from (:class:`mhequity.workspace.Source`).

What was just read from a file holds its texts as categories (:func:`from_arrow`); :func:`conform` makes strings of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mhequity.coded import spread

NUMBERS = ("number", "count", "money", "share")
"""Kinds of column that hold a number."""

SUPPRESSED, SOURCE = "suppressed", "source"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``kind`` is ``area`` (a place), ``period``, ``text``, ``choice`` (one of ``allowed``), ``number``, ``count`` (never
    negative), ``money`` (GBP) or ``share`` (0 to 1). ``key`` columns together say which fact a row states.
    """

    name: str
    kind: str
    help: str
    example: str | float
    required: bool = False
    key: bool = False
    unit: str = ""
    allowed: tuple[str, ...] = ()

    @property
    def is_number(self) -> bool:
        return self.kind in NUMBERS


@dataclass(frozen=True)
class TableKind:
    """One kind of table that the app knows."""

    name: str
    title: str
    one_row: str
    """What one row states, to complete the sentence "One row is ..."."""
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.required]

    @property
    def key(self) -> list[str]:
        return [column.name for column in self.columns if column.key]

    @property
    def numbers(self) -> list[str]:
        return [column.name for column in self.columns if column.is_number]


def _area(required: bool = True) -> Column:
    return Column("area", "area", "Borough or ICB: its name in any usual spelling, or its GSS or NHS code.", "Brent", required, True)


def _period() -> Column:
    return Column("period", "period", "Financial year (2024/25), quarter (2024/25 Q1), month (Apr 2024) or date.", "2024/25", True, True)


def _service(required: bool = True) -> Column:
    return Column("service", "text", "Name of the service, the same in every table.", "Community mental health team", required, True)


_PROVIDER = Column("provider", "text", "Organisation that provides the service.", "Example NHS Trust", key=True)
_TEAM = Column("team", "text", "Team within the service.", "North team", key=True)
_GROUPS = (
    Column("age_band", "text", "Age group that the row is about; empty for all ages.", "", key=True),
    Column("sex", "choice", "Sex that the row is about; empty for everyone.", "", key=True, allowed=("female", "male", "other", "not known")),
    Column("ethnic_group", "text", "Ethnic group that the row is about; empty for everyone.", "", key=True),
    Column("deprivation_quintile", "choice", "Fifth of areas by deprivation, 1 = most deprived; empty for all.", "",
           key=True, allowed=("1", "2", "3", "4", "5")),
)  # fmt: skip
GROUPS = tuple(column.name for column in _GROUPS)
"""Columns that make a row speak of one group of people only."""

CATALOGUE: tuple[TableKind, ...] = (
    TableKind("population", "Population", "the people of an area, or of a group in it", (
        _area(), _period(),
        Column("base", "choice", "Who is counted: residents of the area, or patients registered with its GP practices. Empty means residents.",
               "resident", key=True, allowed=("resident", "registered")),
        Column("persons", "count", "Number of people.", 339816, True, unit="people"),
        *_GROUPS,
    )),
    TableKind("indicators", "Indicators", "one measure of an area or a service: need, outcome, access, experience or context", (
        _area(), _service(False), _PROVIDER, _TEAM, _period(),
        Column("measure", "text", "Name of the measure, with its publisher's number if it has one.", "People followed up within 7 days", True, True),
        Column("value", "number", "The figure. A share is written from 0 to 1 or with a % sign.", 0.8),
        Column("numerator", "count", "Count above the line, where the measure is a share or rate.", 80),
        Column("denominator", "count", "Count below the line.", 100),
        Column("unit", "text", "Unit of the value: share, people, days, score ...", "share"),
        Column("better", "choice", "Which way is better.", "higher", allowed=("higher", "lower", "neither")),
        Column("role", "choice", "What the measure is used as.", "outcome", allowed=("need", "outcome", "access", "experience", "context")),
        *_GROUPS,
    )),
    TableKind("investment", "Investment", "money for a service in an area", (
        _area(), _service(), _PROVIDER, _period(),
        Column("amount_gbp", "money", "Money in pounds, not thousands.", 1250000, True, unit="GBP"),
        Column("funding", "choice", "Recurrent or one-off money.", "recurrent", key=True, allowed=("recurrent", "non-recurrent")),
    )),
    TableKind("activity", "Activity", "what a service did", (
        _area(), _service(), _PROVIDER, _TEAM, _period(),
        Column("measure", "text", "What is counted: people seen, contacts, referrals ...", "People seen", True, True),
        Column("count", "count", "How many. Write * or <5 for a suppressed count.", 1840, True),
        *_GROUPS,
    )),
    TableKind("workforce", "Workforce", "the staff of a service", (
        _area(), _service(), _PROVIDER, _TEAM,
        Column("staff_group", "text", "Profession or staff group.", "Nursing", key=True),
        _period(),
        Column("established_wte", "count", "Funded posts, whole-time equivalent.", 24.5, True, unit="WTE"),
        Column("in_post_wte", "count", "Staff in post, whole-time equivalent.", 21.2, True, unit="WTE"),
    )),
    TableKind("waits", "Waits", "waiting for a service", (
        _area(), _service(), _PROVIDER, _TEAM, _period(),
        Column("seen", "count", "People seen in the period.", 210, True, unit="people"),
        Column("within_target", "count", "Of those, seen within the target.", 130, unit="people"),
        Column("median_days", "count", "Middle wait in days.", 33, unit="days"),
        Column("p90_days", "count", "Wait in days that nine in ten did not exceed.", 71, unit="days"),
        Column("waiting", "count", "People waiting at the period's end.", 95, unit="people"),
        Column("target_days", "count", "Standard that is aimed at, in days.", 28, unit="days"),
        Column("definition", "choice", "What stops the clock.", "local median", key=True,
               allowed=("second contact within 28 days", "full clock stop within 28 days", "local median")),
        *_GROUPS,
    )),
    TableKind("core_offer", "Core offer", "an element of the core offer in an area", (
        _area(), _service(),
        Column("element", "text", "Element of the core offer.", "Crisis house within reach", True, True),
        Column("status", "choice", "How far it is in place.", "partial", True, allowed=("full", "partial", "none", "unknown")),
        Column("gap_wte", "number", "Staff needed to close the gap, whole-time equivalent.", 3.5, unit="WTE"),
        Column("gap_gbp", "money", "Yearly cost of closing the gap.", 210000, unit="GBP"),
        Column("months_to_implement", "count", "Months needed.", 12, unit="months"),
    )),
    TableKind("ambitions", "Ambitions", "an ambition of a strategy", (
        Column("strategy", "text", "Name of the strategy.", "Adult mental health strategy", True, True),
        Column("theme", "text", "Theme that the ambition belongs to.", "Care in the right place", True),
        Column("ambition", "text", "What is aimed at.", "No one stays in hospital longer than needed", True, True),
        Column("plan", "text", "What was planned.", "Review discharge pathways"),
        Column("status", "text", "What the owner reports.", "Review under way"),
        Column("next_steps", "text", "What comes next.", "Agree new pathway"),
        Column("owner", "text", "Who is responsible.", "Director of mental health"),
        Column("due", "period", "When it is due.", "2028/29"),
        Column("stated_rating", "choice", "The owner's own rating.", "amber", allowed=("green", "amber", "red", "not rated")),
    )),
    TableKind("targets", "Targets", "a measure that would show an ambition met", (
        Column("strategy", "text", "Name of the strategy.", "Adult mental health strategy", True, True),
        Column("ambition", "text", "The ambition, spelled as in the ambitions table.", "No one stays in hospital longer than needed", True, True),
        Column("measure", "text", "The measure, spelled as in the indicators table.", "Inappropriate out-of-area bed days", True, True),
        _area(False),
        Column("baseline_period", "period", "Period that progress is counted from.", "2024/25", True),
        Column("baseline", "number", "Value in that period.", 450, True),
        Column("target_period", "period", "Period by which the target is due.", "2028/29", True),
        Column("target", "number", "Value to reach.", 0, True),
        Column("better", "choice", "Which way is better.", "lower", True, allowed=("higher", "lower")),
    )),
    TableKind("actions", "Actions", "an agreed action", (
        Column("strategy", "text", "Strategy that it serves.", "Adult mental health strategy", key=True),
        Column("action", "text", "What was agreed.", "Publish waiting times by team", True, True),
        _area(False),
        Column("owner", "text", "Who does it.", "Head of performance"),
        Column("start", "period", "When it starts.", "1 Apr 2025"),
        Column("due", "period", "When it is due.", "30 Sep 2025"),
        Column("done_percent", "count", "How much is done, 0 to 100.", 40, unit="%"),
        Column("status", "choice", "Where it stands.", "in progress", allowed=("not started", "in progress", "done", "stopped")),
    )),
    TableKind("places", "Places", "an area that belongs to a place you name, such as a neighbourhood team's patch", (
        Column("place", "text", "Name of the place.", "North patch", True, True),
        _area(),
    )),
    TableKind("sites", "Sites", "a service site", (
        Column("site", "text", "Name of the site.", "Example community hub", True, True),
        Column("kind", "text", "What kind of site it is.", "Community hub", True),
        _area(False),
        Column("latitude", "number", "Latitude in degrees (WGS84), about 51.5 in London.", 51.55, True, unit="degrees"),
        Column("longitude", "number", "Longitude in degrees (WGS84), about -0.1 in London.", -0.27, True, unit="degrees"),
    )),
    TableKind("contacts", "Contacts", "ONE contact with a person, without names or numbers of people", (
        Column("date", "period", "Day of the contact.", "14 Jan 2025", True, True),
        _area(), _service(), _PROVIDER, _TEAM,
        Column("attended", "choice", "Whether the person came.", "yes", allowed=("yes", "no")),
        Column("minutes", "count", "Length in minutes.", 50, unit="minutes"),
        Column("wait_days", "count", "Days since referral.", 31, unit="days"),
        Column("cost_gbp", "money", "Cost of the contact.", 120, unit="GBP"),
        *_GROUPS,
        Column("outcome_first", "number", "Score at the first contact.", 18),
        Column("outcome_last", "number", "Score at the last contact.", 11),
        Column("segment", "text", "Segment of the caseload.", "Intensive", key=True),
    )),
)  # fmt: skip


def kind(name: str) -> TableKind:
    """The kind of that name. ``KeyError`` for a name that is not in the catalogue."""
    for table in CATALOGUE:
        if table.name == name:
            return table
    raise KeyError(name)


def names() -> list[str]:
    """Names of all tables, in the catalogue's order."""
    return [table.name for table in CATALOGUE]


def conform(frame: pd.DataFrame, table: str) -> pd.DataFrame:
    """A tidy frame: all of the kind's columns in order and of their type, then ``suppressed`` and ``source``.

    Missing columns are added empty; columns that the kind does not have are dropped.
    """
    wanted = kind(table)
    out = {}
    for column in wanted.columns:
        values = frame[column.name] if column.name in frame else None
        if column.is_number:
            out[column.name] = pd.Series(float("nan"), frame.index) if values is None else values.astype("float64")
        else:
            out[column.name] = _text(values, frame.index)
    for extra in (SUPPRESSED, SOURCE):
        out[extra] = _text(frame[extra] if extra in frame else None, frame.index)
    return pd.DataFrame(out, index=frame.index)


def _text(values: pd.Series | None, index: pd.Index) -> pd.Series:
    if values is None:
        return pd.Series("", index=index, dtype="str")
    if isinstance(values.array, pd.Categorical):
        # Arrow takes a tenth of the time of pandas.
        codes = pa.array(values.array.codes, mask=values.array.codes < 0)
        texts = pa.array(values.array.categories.astype("str"), pa.large_string()).take(codes).fill_null("")
        return pd.Series(pd.array(texts, dtype="str"), index=index)
    return values.astype("str").fillna("")


def from_arrow(rows: pa.Table) -> pd.DataFrame:
    """A frame in which each column of texts (dictionaries) is a category, its texts in alphabetical order; numbers are as they are.

    A million labels as texts take fifty times the memory of the same as categories, and as long to fill as a CSV to read.
    """
    return pd.DataFrame({name: _as_pandas(column) for name, column in zip(rows.column_names, rows.columns, strict=True)}, copy=False)


def _as_pandas(column: pa.ChunkedArray) -> pd.Categorical | np.ndarray:
    if not pa.types.is_dictionary(column.type):
        return column.to_numpy()
    held = column.unify_dictionaries().combine_chunks() if column.num_chunks > 1 else column.chunk(0)
    texts = held.dictionary.to_pylist()
    ordered = sorted(set(texts))
    places = {text: at for at, text in enumerate(ordered)}
    places_of = np.array([places[text] for text in texts], dtype=np.min_scalar_type(-max(1, len(ordered))))
    codes = spread(places_of, held.indices.to_numpy()) if len(ordered) > 1 else np.zeros(len(held), dtype=np.int8)
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(pd.Index(ordered, dtype="str")), validate=False)


@lru_cache
def empty(table: str) -> pd.DataFrame:
    """A tidy frame of that kind without rows."""
    return conform(pd.DataFrame(), table)


def is_suppressed(frame: pd.DataFrame, column: str) -> pd.Series:
    """True where the publisher suppressed that column's value."""
    marks = frame[SUPPRESSED]
    marked = {mark for mark in marks.unique() if column in mark.split()}
    return marks.isin(marked)


def fact_numbers(frame: pd.DataFrame, table: str) -> np.ndarray:
    """A whole number for each row, the same for rows that state the same fact (same key columns).

    Numbers of two frames cannot be compared: put the frames together first.
    """
    columns = [_encoded(frame[column], column) for column in kind(table).key]
    most, wide = 1, math.prod(number for _, number in columns) > np.iinfo(np.int32).max
    numbers = np.zeros(len(frame), dtype=np.int64 if wide else np.int32)
    for codes, number in columns:
        if number < 2:
            continue
        if most > np.iinfo(np.int64).max // number - 1:
            numbers = np.unique(numbers, return_inverse=True)[1].astype(np.int64)
            most = len(numbers)
        np.multiply(numbers, number, out=numbers)
        np.add(numbers, codes, out=numbers)
        most *= number
    return numbers


def _encoded(texts: pd.Series, column: str) -> tuple[np.ndarray, int]:
    """Which of its distinct texts each row holds, and how many there are."""
    if isinstance(texts.array, pd.Categorical):
        held, codes = texts.array.categories.to_list(), texts.array.codes
    else:
        encoded = pc.dictionary_encode(pa.array(texts))
        encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
        held, codes = encoded.dictionary.to_pylist(), encoded.indices.to_numpy()
    if column == "base":  # an empty base means residents
        codes = np.array([held.index("resident") if not text and "resident" in held else at for at, text in enumerate(held)])[codes]
    return codes, len(held)


def everyone(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows about all people: those whose group columns are empty."""
    mask = pd.Series(True, index=frame.index)
    for group in GROUPS:
        if group in frame:
            mask &= frame[group] == ""
    return frame[mask]


def read_tidy(path: object, table: str) -> pd.DataFrame:
    """Read a CSV that holds a tidy frame, as the project ships them."""
    columns = kind(table)
    text: Iterable[str] = [c.name for c in columns.columns if not c.is_number] + [SUPPRESSED, SOURCE]
    frame = pd.read_csv(path, keep_default_na=False, na_values={name: [""] for name in columns.numbers}, dtype=dict.fromkeys(text, "str"))
    return conform(frame, table)
