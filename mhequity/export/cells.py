"""Writing cells so that a spreadsheet shows what we hold: no text runs as a formula, no number loses a digit."""

from __future__ import annotations

import math
import re
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""How text begins that a spreadsheet may run as a formula."""

HEADING_FILL = PatternFill("solid", start_color="D9E2EC")
REQUIRED_FILL = PatternFill("solid", start_color="12436D")
_BOLD = Font(bold=True)
_MAX_TEXT = 32_767
# Excel stores characters that XML cannot hold as _x000D_, so text that looks like that must be marked as plain.
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write(sheet: Worksheet, row: int, column: int, value: Any) -> Cell:
    """Write a value: text as text whatever it begins with, numbers in full precision, nothing for NaN."""
    cell: Cell = sheet.cell(row, column)
    if isinstance(value, str):
        _write_text(cell, value)
    elif isinstance(value, float):
        _write_float(cell, value)
    elif value is not None:
        cell.value = value
    return cell


def _write_text(cell: Cell, text: str) -> None:
    clean = ILLEGAL_CHARACTERS_RE.sub("", text).encode("utf-8", "replace").decode("utf-8")
    if not clean:
        return
    cell.value = _ESCAPE_LIKE.sub("_x005F_", clean).replace("\r", "_x000D_")[:_MAX_TEXT]
    cell.data_type = "s"
    if clean.startswith(FORMULA_STARTS):
        # Excel's own mark for "text, whatever it looks like": it stays text when someone edits the cell.
        cell.quotePrefix = True


def _write_float(cell: Cell, number: float) -> None:
    if math.isnan(number):
        return
    if math.isinf(number):
        _write_text(cell, "∞" if number > 0 else "-∞")
        return
    # The library prints 16 digits, one short of what some floats need; the shortest exact form is written instead.
    cell.value = repr(float(number))
    cell.data_type = "n"


def heading_row(sheet: Worksheet, headings: list[str], row: int = 1) -> None:
    """Bold, filled headings that stay in view."""
    for at, heading in enumerate(headings, start=1):
        cell = write(sheet, row, at, heading)
        cell.font = _BOLD
        cell.fill = HEADING_FILL
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = f"A{row + 1}"


def set_widths(sheet: Worksheet, widths: list[float]) -> None:
    """Column widths in characters."""
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
