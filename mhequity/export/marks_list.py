"""The last sheet of a marked workbook: every mark in a row, with a link to its cell."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from mhequity.export.cells import HEADING_FILL, set_widths, write
from mhequity.export.marks import COLOURS, LIST_SHEET, MEANINGS, WORDS, Mark
from mhequity.export.tables import sheet_name

_LINK = Font(color="0563C1", underline="single")
_WRAPPED, _TOP = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")


def add_list(book: Workbook, marks: Sequence[Mark], placed: Sequence[Cell | None], wanted: int) -> None:
    """Add the sheet; ``wanted`` is how many marks there were before the gravest were chosen."""
    sheet = book.create_sheet(sheet_name(LIST_SHEET, {name.casefold() for name in book.sheetnames}))
    write(sheet, 1, 1, LIST_SHEET).font = Font(bold=True, size=14)
    for row, severity in enumerate(COLOURS, start=2):
        write(sheet, row, 1, WORDS[severity]).fill = PatternFill("solid", start_color=COLOURS[severity])
        write(sheet, row, 2, MEANINGS[severity])
    write(sheet, 5, 1, _how_many(marks, placed, wanted))
    for at, heading in enumerate(("Sheet", "Cell", "What happened", "Note"), start=1):
        cell = write(sheet, 7, at, heading)
        cell.font, cell.fill = Font(bold=True), HEADING_FILL
    for row, (mark, cell) in enumerate(zip(marks, placed, strict=True), start=8):
        _list_row(sheet, row, mark, cell)
    sheet.freeze_panes = "A8"
    set_widths(sheet, [24, 12, 18, 100])


def _how_many(marks: Sequence[Mark], placed: Sequence[Cell | None], wanted: int) -> str:
    if wanted > len(marks):
        return f"The {len(marks):,} gravest of {wanted:,} findings are listed and marked; the others are not."
    if not marks:
        return "Nothing to mention."
    missing = sum(1 for cell in placed if cell is None)
    return "Each links to its cell." + (f" {missing:,} could not be placed in a sheet and are only listed." if missing else "")


def _list_row(sheet: Worksheet, row: int, mark: Mark, cell: Cell | None) -> None:
    write(sheet, row, 1, mark.sheet).alignment = _TOP
    where = write(sheet, row, 2, mark.cell or ("whole sheet" if mark.sheet else "whole file"))
    where.alignment = _TOP
    if cell is not None:
        title = cell.parent.title.replace("'", "''")
        where.hyperlink = Hyperlink(ref=where.coordinate, location=f"'{title}'!{cell.coordinate}")
        where.font = _LINK
    word = write(sheet, row, 3, WORDS[mark.severity])
    word.fill, word.alignment = PatternFill("solid", start_color=COLOURS[mark.severity]), _TOP
    write(sheet, row, 4, mark.note).alignment = _WRAPPED
