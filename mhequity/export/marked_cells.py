"""Cells of a workbook marked: coloured so that the text stays easy to read, and commented below what a comment already says."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from copy import copy

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Color, PatternFill
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.worksheet import Worksheet

from mhequity.export.marks import COLOURS, LIST_SHEET, WORDS, Mark, rank

_AUTHOR = "mhequity"
_MOST_NOTE = 2000
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384


def place(sheets: Mapping[str, Worksheet], mark: Mark) -> Cell | None:
    """The cell that a mark stands at; None where the workbook has no such cell."""
    sheet = sheets.get(mark.sheet) or (next(iter(sheets.values())) if not mark.sheet and mark.cell and len(sheets) == 1 else None)
    if sheet is None or (mark.cell and not _CELL.fullmatch(mark.cell)):
        return None
    row, column = coordinate_to_tuple(mark.cell) if mark.cell else (1, 1)
    if row > _MOST_ROWS or column > _MOST_COLUMNS:
        return None
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        whole = next(each for each in sheet.merged_cells.ranges if cell.coordinate in each)
        cell = sheet.cell(whole.min_row, whole.min_col)
    return cell


def mark_cells(marks: Sequence[Mark], placed: Sequence[Cell | None]) -> None:
    """Colour and comment each cell that a mark stands at; several marks on one cell are joined, and the worst gives the colour."""
    by_cell: dict[tuple[str, str], list[Mark]] = {}
    cells: dict[tuple[str, str], Cell] = {}
    for mark, cell in zip(marks, placed, strict=True):
        if cell is not None:
            key = (cell.parent.title, cell.coordinate)
            by_cell.setdefault(key, []).append(mark)
            cells[key] = cell
    for key, together in by_cell.items():
        worst = min((mark for mark in together if mark.cell), key=rank, default=None)
        if worst:
            _colour(cells[key], COLOURS[worst.severity])
        _comment(cells[key], list(dict.fromkeys(f"{WORDS[mark.severity]}: {_clean(mark.note)}" for mark in sorted(together, key=rank))))


def _colour(cell: Cell, colour: str) -> None:
    """Fill the cell; text that would be hard to read on the new colour becomes black."""
    cell.fill = PatternFill("solid", start_color=colour)
    if _too_light(cell.font.color, colour):
        font = copy(cell.font)
        font.color = Color("FF000000")
        cell.font = font


def _too_light(text: Color | None, fill: str) -> bool:
    if text is None:
        return False
    if text.type == "theme":  # 0 and 2 are the theme's light colours
        return text.theme not in (1, 3) or abs(text.tint) > 0.3
    shown = COLOR_INDEX[text.indexed] if text.type == "indexed" and text.indexed < len(COLOR_INDEX) else text.rgb
    return isinstance(shown, str) and text.type != "auto" and contrast(shown[-6:], fill) < 4.5


def contrast(one: str, other: str) -> float:
    """Contrast of two colours written as six hexadecimal digits, 1 to 21 [WCAG 2.2, relative luminance]."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _clean(text: str) -> str:
    return ILLEGAL_CHARACTERS_RE.sub("", text).encode("utf-8", "replace").decode("utf-8")


def _comment(cell: Cell, notes: Sequence[str]) -> None:
    """Say it on the cell, below what a comment already says there."""
    text = "\n".join(notes)
    if len(text) > _MOST_NOTE:
        text = f"{text[:_MOST_NOTE]} ... (more in the sheet {LIST_SHEET})"
    author = _AUTHOR
    if cell.comment:
        text, author = f"{cell.comment.text}\n\n{text}", cell.comment.author
    lines = sum(max(1, math.ceil(len(line) / 44)) for line in text.split("\n"))
    cell.comment = Comment(text, author, height=min(600, 24 + 18 * lines), width=320)
