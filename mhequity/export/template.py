"""The workbook that people fill in: a sheet a table, made from the catalogue, and read back without loss."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from mhequity import areas
from mhequity.export.cells import REQUIRED_FILL, heading_row, set_widths, write
from mhequity.reading.opening import EXAMPLE_NOTE, TEMPLATE_SHEETS
from mhequity.tables import CATALOGUE, SUPPRESSED, Column, TableKind, kind

_README, _LISTS = TEMPLATE_SHEETS
_LAST_ROW = 5000
"""Drop-down lists reach down to this row."""

_EXAMPLE_FONT = Font(italic=True, color="767676")
_NOTE_FONT = Font(italic=True, color="3D3D3D")
_FORMATS = {"WTE": "0.0", "people": "#,##0", "GBP": "£#,##0"}

_HOW_TO = (
    "One sheet a table, one row a fact. Fill in the sheets you have data for and leave or delete the others.",
    "Headings with a dark background are required; the others may stay empty or be deleted. Columns may stand in any order.",
    "The grey row in each sheet is a made-up example: type over it or delete it. It is never read as data.",
    "Area: a borough or ICB by its name in any usual spelling, or by its GSS or NHS code. Leave out rows of totals.",
    "Period: a financial year (2024/25), a quarter (2024/25 Q1), a month (Apr 2024) or a day (14 Jan 2025).",
    "Suppressed figures: write * or <5 or [c]. They stay suppressed in everything that is shown.",
    "Missing figures: leave the cell empty, or write - or .. or N/A. Missing is never counted as 0. Write 0 only for none.",
    "No names of people, NHS numbers, addresses or dates of birth in any sheet.",
)


def template(tables: Sequence[str] | None = None, filled: Mapping[str, pd.DataFrame] | None = None) -> bytes:
    """A workbook to fill in, or with ``filled``, one that holds tables already.

    Parameters
    ----------
    tables
        Names of the tables to have a sheet for; all of the catalogue's without it.
    filled
        Tidy frames by table, written in place of the example row: area names for codes, ``*`` for suppressed, empty cells
        for missing. Reading the workbook gives the same frames, but for ``source``.
    """
    filled = filled or {}
    names = [each.name for each in CATALOGUE] if tables is None else [*tables, *(name for name in filled if name not in tables)]
    kinds = [kind(name) for name in names]
    book = Workbook()
    _write_readme(book.active, kinds)
    lists = _write_lists(book.create_sheet(_LISTS), kinds)
    for each in kinds:
        sheet = book.create_sheet(each.title)
        _write_headings(sheet, each)
        _add_lists(sheet, each, lists)
        if each.name in filled:
            _write_rows(sheet, each, filled[each.name])
        else:
            _write_example(sheet, each)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_readme(sheet: Worksheet, kinds: Sequence[TableKind]) -> None:
    sheet.title = _README
    write(sheet, 1, 1, "Template for your own data").font = Font(bold=True, size=14)
    for at, line in enumerate(_HOW_TO, start=2):
        write(sheet, at, 1, line)
    row = len(_HOW_TO) + 3
    heading_row(sheet, ["Table", "Column", "What it holds", "Unit", "Required", "Allowed values", "Example"], row)
    sheet.freeze_panes = None
    for each in kinds:
        row += 1
        write(sheet, row, 1, each.title).font = Font(bold=True)
        write(sheet, row, 2, f"One row is {each.one_row}.")
        for column in each.columns:
            row += 1
            required = "required" if column.required else "optional"
            described = ["", column.name, column.help, column.unit, required, ", ".join(column.allowed), column.example]
            for at, value in enumerate(described, start=1):
                cell = write(sheet, row, at, value)
                cell.alignment = Alignment(wrap_text=at in (3, 6), vertical="top")
    set_widths(sheet, [18, 22, 70, 10, 10, 40, 36])


def _write_lists(sheet: Worksheet, kinds: Sequence[TableKind]) -> dict[tuple[str, ...], str]:
    """Values of the drop-down lists on a sheet that no one sees, and where each list stands."""
    sheet.sheet_state = "veryHidden"
    names = tuple(area.name for area in (*areas.boroughs(), *areas.systems()))
    wanted = dict.fromkeys([names, *(column.allowed for each in kinds for column in each.columns if column.allowed)])
    places = {}
    for at, values in enumerate(wanted, start=1):
        for row, value in enumerate(values, start=1):
            write(sheet, row, at, value)
        letter = get_column_letter(at)
        places[values] = f"{_LISTS}!${letter}$1:${letter}${len(values)}"
    places[()] = places[names]
    return places


def _write_headings(sheet: Worksheet, each: TableKind) -> None:
    heading_row(sheet, each.names)
    for at, column in enumerate(each.columns, start=1):
        cell = sheet.cell(1, at)
        if column.required:
            cell.fill = REQUIRED_FILL
            cell.font = Font(bold=True, color="FFFFFF")
        cell.comment = Comment(_comment(column), "Template", height=120, width=280)
        # Kept as text, periods and age bands such as 10-14 are not turned into dates when someone types them.
        sheet.column_dimensions[get_column_letter(at)].number_format = _number_format(column)
    set_widths(sheet, [max(14.0, len(column.name) + 4, min(34, len(str(column.example)) + 2)) for column in each.columns])


def _comment(column: Column) -> str:
    parts = ["Required." if column.required else "Optional.", column.help]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.allowed:
        parts.append(f"Allowed: {', '.join(column.allowed)}.")
    return " ".join(parts)


def _number_format(column: Column) -> str:
    if not column.is_number:
        return "@"
    return "0.0%" if column.kind == "share" else _FORMATS.get(column.unit, "General")


def _add_lists(sheet: Worksheet, each: TableKind, lists: Mapping[tuple[str, ...], str]) -> None:
    for at, column in enumerate(each.columns, start=1):
        if column.kind not in ("area", "choice"):
            continue
        choices = DataValidation(type="list", formula1=lists[column.allowed], allow_blank=True)
        # Other spellings and codes of an area are understood too, so that list only warns.
        choices.errorStyle = "warning" if column.kind == "area" else "stop"
        choices.error = "Not in the list." if column.kind == "area" else f"Choose one of: {', '.join(column.allowed)}"[:255]
        letter = get_column_letter(at)
        choices.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(choices)


def _write_example(sheet: Worksheet, each: TableKind) -> None:
    for at, column in enumerate(each.columns, start=1):
        value = float(column.example) if column.is_number else str(column.example)
        cell = write(sheet, 2, at, value)
        cell.number_format = _number_format(column)
        cell.font = _EXAMPLE_FONT
    write(sheet, 2, len(each.columns) + 2, EXAMPLE_NOTE).font = _NOTE_FONT


def _write_rows(sheet: Worksheet, each: TableKind, frame: pd.DataFrame) -> None:
    formats = [_number_format(column) for column in each.columns]
    for row, values in enumerate(_rows(each, frame), start=2):
        for at, value in enumerate(values, start=1):
            cell = write(sheet, row, at, value)
            if cell.data_type == "n" and formats[at - 1] != "General":
                cell.number_format = formats[at - 1]


def _rows(each: TableKind, frame: pd.DataFrame) -> Iterator[list[Any]]:
    """Rows as written: area names, ``*`` where suppressed."""
    for row in frame[[*each.names, SUPPRESSED]].itertuples(index=False, name=None):
        marks = row[-1].split()
        yield [_shown(column, value, column.name in marks) for column, value in zip(each.columns, row, strict=False)]


def _shown(column: Column, value: Any, suppressed: bool) -> Any:
    if suppressed:
        return "*"
    return areas.name_of(value) if column.kind == "area" else value
