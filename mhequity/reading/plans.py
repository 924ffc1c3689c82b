"""What a file is understood to hold, before anything is taken from it: a value to print, change, save and apply.

A plan saved as JSON is a recipe: a file of the same layout is read by it (:mod:`mhequity.reading.recipes`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from mhequity import periods
from mhequity.tables import CATALOGUE

VERSION = 1
LABELS = tuple(dict.fromkeys(column.name for kind in CATALOGUE for column in kind.columns if not column.is_number))
"""Columns that say what a figure is about (area, service, period, age_band ...): the same name means the same in every table."""
FIGURES = tuple(f"{kind.name}.{column.name}" for kind in CATALOGUE for column in kind.columns if column.is_number)
"""Columns that hold figures, each with its table: ``investment.amount_gbp``."""
LEVEL, GROUP = "level", "group"
"""Columns that say what kind of thing a row is about, and which group of people within it (:mod:`mhequity.reading.levels`)."""
REMARK = "remark"
"""A column that says why a figure is not there: where it speaks of suppression, the figure is suppressed, not missing."""
SMALL = "small area"
"""A column of places smaller than a borough: rows about one of them are no facts of their borough (:mod:`mhequity.reading.small_places`)."""
ACTUALS = "target or actual"
"""A column that says of each row whether its figures are targets or what happened (:mod:`mhequity.reading.targets`)."""
SPECIAL = (LEVEL, GROUP, REMARK, SMALL, ACTUALS)
MEANINGS = (*LABELS, *FIGURES, *SPECIAL)
UNUSED = ""
OUTSIDE = "a place outside London"
"""Why a column headed by another place is not used."""


@dataclass(frozen=True)
class ColumnPlan:
    """What one column of a sheet is taken to mean."""

    column: str
    """Its letters in the sheet: ``C``."""
    heading: str
    """As it stands; headings over several rows are joined with `` / ``."""
    meaning: str = UNUSED
    """One of :data:`MEANINGS`, or empty for a column that is not used."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What the heading itself says of each figure under it: ``period``, ``measure``, ``service``, ``sex``, ``area`` (a code, or
    a spelling that no one confirmed yet) ..."""
    unit: str = ""
    """As the heading says: ``GBP``, ``share``, ``days``, ``per 1,000`` ..."""
    scale: float = 1.0
    """Figures are multiplied by this: 1,000 under a heading ``£000s``, 0.01 under ``%`` with figures such as 12.5."""
    day_first: bool = True
    """How 03/04/2024 is read in a column of dates."""
    confidence: float = 1.0
    """How sure the match of the heading is, 0 to 1; 1 when a person chose it."""
    why: str = ""
    """Why it is taken so, in words, where that is not plain from the heading."""
    decimal_comma: bool = False
    """True where its figures are written in the continental way: 1.234,5 is 1234.5, and 1,500 is one and a half."""

    @property
    def answers(self) -> bool:
        """True for one of several columns that say how far something is in place, each of the area or element in its heading."""
        return self.meaning == "status" and bool(self.labels)


@dataclass(frozen=True)
class TablePlan:
    """One table of a sheet: where it stands and what its columns mean. Rows count from 1 as in the spreadsheet."""

    kind: str
    """The table of the catalogue that its rows belong to; figures of another table carry that table's name in their meaning."""
    sheet: str
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    columns: tuple[ColumnPlan, ...]
    file: str = ""
    """The file within a zip file."""
    title: str = ""
    """What stands above the table."""
    notes: tuple[str, ...] = ()
    """What stands below or beside it: sources, caveats."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """What holds for every row: ``period`` from the title, ``area`` (a code) from the sheet's name ..."""
    areas: Mapping[str, str] = field(default_factory=dict)
    """Spellings that a person gave an area's code, or an empty text to leave them out."""
    fill_down: tuple[str, ...] = ()
    """Letters of columns whose blank cells stand for the cell above."""
    sections: str = UNUSED
    """What the headings inside the table name: one of :data:`LABELS`."""
    outline: bool = False
    """True: headings inside the table state the total of the rows under them, as a pivot table's do."""
    systems_are_totals: bool = False
    """True: a row named after a whole NHS system is the total of its boroughs, kept apart like London's."""
    sums_are_totals: bool = True
    """True: a row whose figures are the sums of the rows beside it, or a quarter beside its months, is a total, kept apart."""
    repeats_add_up: bool = False
    """True: rows that state the same fact are parts of it, such as the lines of a ledger, and are added up."""
    exact: bool = False
    """True where the headings are the template's own."""
    layout: str = ""
    """Name of the recipe or known layout that it was recognised by."""
    used: bool = True

    def column(self, letters: str) -> ColumnPlan:
        return next(column for column in self.columns if column.column == letters)

    @property
    def key(self) -> str:
        """Tells the tables of one file apart: ``Sheet1!A3``."""
        first = self.columns[0].column if self.columns else "A"
        return f"{self.file + '/' if self.file else ''}{self.sheet}!{first}{self.header_rows[0] if self.header_rows else self.first_row}"


@dataclass(frozen=True)
class Plan:
    """How a whole file is read."""

    tables: tuple[TablePlan, ...] = ()
    name: str = ""
    """What a person calls the layout, such as ``Monthly spend v3``."""
    version: int = VERSION


def to_json(plan: Plan) -> str:
    """The plan as JSON text; keys that hold their default are left out, so that the text can be read and changed."""
    return json.dumps({"mhequity_recipe": plan.version, "name": plan.name, "tables": [_lean(table) for table in plan.tables]},
                      ensure_ascii=False, indent=2)  # fmt: skip


_TABLE_DEFAULTS = asdict(TablePlan("", "", (), 0, 0, ()))
_COLUMN_DEFAULTS = asdict(ColumnPlan("", ""))


def _lean(table: TablePlan) -> dict[str, Any]:
    whole = asdict(table)
    columns = [
        {k: v for k, v in column.items() if k in ("column", "heading", "meaning") or v != _COLUMN_DEFAULTS[k]}
        for column in whole["columns"]
    ]
    always = ("kind", "sheet", "header_rows", "first_row", "last_row")
    return {k: v for k, v in whole.items() if k != "columns" and (k in always or v != _TABLE_DEFAULTS[k])} | {"columns": columns}


_DAMAGED = "The recipe is damaged or not a recipe of this app."


def from_json(text: str | bytes) -> Plan:
    """The plan that a recipe's text holds. ``ValueError``, with a sentence for the person, where it is none."""
    try:
        held = json.loads(text)
    except (ValueError, RecursionError):
        raise ValueError(_DAMAGED) from None
    if not isinstance(held, dict) or held.get("mhequity_recipe") != VERSION:
        raise ValueError("This is not a recipe of this app.")
    try:
        return Plan(tuple(_table(each) for each in held["tables"]), str(held.get("name", "")))
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        raise ValueError(_DAMAGED) from None


def _table(held: dict[str, Any]) -> TablePlan:
    columns = tuple(_column(each) for each in held["columns"])
    known = {k: _checked(k, v, _TABLE_DEFAULTS[k]) for k, v in held.items() if k in _TABLE_DEFAULTS and k != "columns"}
    if known.get("kind", "") not in (kind.name for kind in CATALOGUE):
        raise ValueError(f"The recipe names a table that the app does not know: {str(known.get('kind'))[:60]}.")
    if known.get("sections", UNUSED) not in (UNUSED, *LABELS):
        raise ValueError(f"The recipe gives headings inside a table a meaning that the app does not know: {known['sections'][:60]}.")
    _check_labels(known.get("labels", {}))
    return TablePlan(**known, columns=columns)


def _column(held: dict[str, Any]) -> ColumnPlan:
    column = ColumnPlan(**{k: _checked(k, v, _COLUMN_DEFAULTS[k]) for k, v in held.items() if k in _COLUMN_DEFAULTS})
    if column.meaning not in (UNUSED, *MEANINGS):
        raise ValueError(f"The recipe gives column {column.column[:10]} a meaning that the app does not know: {column.meaning[:60]}.")
    if not 0 < abs(column.scale) < 1e12:
        raise ValueError(f"The recipe multiplies column {column.column[:10]} by {column.scale:g}, which makes no sense.")
    _check_labels(column.labels)
    return column


def _check_labels(labels: Mapping[str, str]) -> None:
    """``ValueError`` for a label that no table has, and for a value that it cannot hold."""
    for name, value in labels.items():
        if name == "comparator":
            continue
        column = next((kind.column(name) for kind in CATALOGUE if name in kind.names), None)
        if column is None or column.is_number:
            raise ValueError(f"The recipe names a label that the app does not know: {name[:60]}.")
        if (column.kind == "period" and periods.parse(value) is None) or (column.allowed and value and value not in column.allowed):
            raise ValueError(f"The recipe says {name} is {value[:60]}, which cannot be.")


def _checked(name: str, value: Any, default: Any) -> Any:
    """A value of the type that the field holds; ``TypeError`` for any other."""
    if isinstance(default, tuple):
        wanted = int if name == "header_rows" else str
        if not isinstance(value, list) or not all(type(each) is wanted for each in value):
            raise TypeError(name)
        return tuple(value)
    if isinstance(default, dict):
        if not isinstance(value, dict) or not all(isinstance(each, str) for pair in value.items() for each in pair):
            raise TypeError(name)
        return value
    if isinstance(default, bool) or not isinstance(default, float):
        if type(value) is not type(default):
            raise TypeError(name)
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(name)
    return float(value)
