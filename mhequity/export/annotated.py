"""A person's own workbook back, with the cells that need attention coloured and commented so that they are corrected where they stand."""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass

import pyarrow.compute as pc
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles import Alignment, Color, Font, PatternFill
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from mhequity.export.cells import HEADING_FILL, set_widths, write
from mhequity.export.tables import sheet_name
from mhequity.reading.files import Reading
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding
from mhequity.reading.grids import Grid

LIST_SHEET = "What was found"
MOST_CELLS = 500_000
"""Above that the work takes longer than anyone waits: about 15 seconds for so many."""
MOST_MARKED = 20_000
"""Cells that are coloured, and rows of the list, at most. Those with the worst problems come first."""
COLOURS = {BLOCKED: "FFC7CE", FIXED: "FFE699", NOTE: "CFE2F3"}
"""Light red, amber and blue, on which black text has a contrast of more than 13 to 1."""
WORDS = {BLOCKED: "Left out", FIXED: "Put right", NOTE: "Good to know"}
_MEANING = {
    BLOCKED: "The row or the value was not taken. Please correct it.",
    FIXED: "It was taken, read as the note says. Please check that this is what you meant.",
    NOTE: "It was taken as it stands.",
}
_AUTHOR = "mhequity"
_MOST_BYTES = 500_000_000
_MOST_NOTE = 2000
_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_MOST_DIGITS = 15
_FORMULA_RESULT = re.compile(rb"<c\b([^>]*)>\s*<f\b[^>]*?(?:/>|>[^<]*</f>)\s*<v\b[^>]*>([^<]+)</v>")
_FORMULA_EMPTY = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f\b[^>]*?(?:/>|>[^<]*</f>))<v ?(?:/>|></v>)</c>')


@dataclass(frozen=True)
class Mark:
    """Something to say about a cell."""

    sheet: str
    cell: str
    """As in the spreadsheet: ``B7``. Empty for the whole sheet: the note then stands at A1, which is not coloured."""
    severity: str
    """``blocked``, ``fixed`` or ``note``, as in :mod:`mhequity.reading.findings`."""
    note: str
    """One or more plain sentences."""


def marks_of(reading: Reading) -> list[Mark]:
    """What to say in a person's own workbook: every finding at its cell, and each row that was left out at the cell that is why.

    A finding speaks of the first cell where a thing was seen; the rows behind it are marked one by one. Rows about one person are
    marked without what they hold. Sheets of files in a zip file are named after the file too.
    """
    marks = [Mark(each.sheet, each.cell, each.severity, _note(each)) for each in reading.findings]
    said = {(mark.sheet, mark.cell) for mark in marks if mark.severity == BLOCKED}
    for one in reading.applied:
        first = one.plan.columns[0].column if one.plan.columns else "A"
        for left in one.left_out:
            letters, severity = left.at or left.column or first, NOTE if left.apart else BLOCKED
            for row in left.rows[:MOST_MARKED].tolist():
                cell = f"{letters}{row + one.grid.top}"
                if (one.grid.name, cell) not in said:
                    marks.append(Mark(one.grid.name, cell, severity, left.reason))
    return marks


def _note(finding: Finding) -> str:
    seen = f"“{finding.seen}”. " if finding.seen and finding.cell == "" else ""
    return f"{seen}{finding.done} {finding.advice}".strip()


def annotated(data: bytes, marks: Sequence[Mark], grids: Sequence[Grid] = ()) -> bytes:
    """The workbook with marked cells coloured and commented, and a last sheet that lists what was found.

    An ``.xlsx`` or ``.xlsm`` file is opened as it is: values, formulas and their last results, formats, widths, merged cells, comments,
    tables, filters, validation and macros stay; macros are not run. Any other file is built anew from ``grids``.

    What is lost on the way, because the library that opens the workbook does not keep it: shapes and text boxes, form controls, slicers,
    sparklines, parts of charts, the newer rules of conditional formatting, the threads and the size of comments (their text stays).
    Pictures stay where the imaging library is installed. Conditional formatting still colours over a mark.

    Parameters
    ----------
    data
        The file as it was uploaded.
    marks
        What to say. Several on one cell are joined; the worst gives the colour. Cells of a sheet that the workbook does not have are only
        listed; inside merged cells the first is marked.
    grids
        The file's sheets as text, for a file that cannot be opened as a workbook.

    Returns
    -------
    bytes
        An ``.xlsx`` file, or an ``.xlsm`` file where that came in.

    Raises
    ------
    ValueError
        With a sentence for the person: more than 500,000 cells, or nothing that could be opened.
    """
    book, results, sheets = _opened(data) or _rebuilt(grids)
    chosen = sorted(marks, key=_rank)[:MOST_MARKED] if len(marks) > MOST_MARKED else list(marks)
    placed = [_place(sheets, mark) for mark in chosen]
    _mark_cells(chosen, placed)
    _list_sheet(book, chosen, placed, len(marks))
    out = io.BytesIO()
    book.save(out)
    held = {sheet.path.lstrip("/"): results[sheet.title] for sheet in book.worksheets if results.get(sheet.title)}
    return _with_results(out.getvalue(), held) if held else out.getvalue()


def _rank(mark: Mark) -> int:
    return [BLOCKED, FIXED, NOTE].index(mark.severity)


_Results = dict[str, dict[bytes, tuple[bytes, bytes]]]
"""By sheet and cell: the type and the last result of a formula, as the file holds them."""


# The workbook to mark


def _opened(data: bytes) -> tuple[Workbook, _Results, dict[str, Worksheet]] | None:
    """The workbook that the bytes hold, its formulas' last results, and its sheets by name; None if they hold none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if "[Content_Types].xml" not in archive.namelist():
                return None
            _refuse_large(archive)
            macros = b"macroEnabled" in archive.read("[Content_Types].xml")
            reader = ExcelReader(io.BytesIO(data), keep_vba=macros, rich_text=True)
            reader.read()
            paths = {sheet.name: rel.target for sheet, rel in reader.parser.find_sheets()}
            sheets = {sheet.title: sheet for sheet in reader.wb.worksheets}
            results = {name: _results(archive.read(paths[name])) for name in sheets if name in paths}
    except _TooLarge as refused:
        raise ValueError(str(refused)) from None
    except Exception:  # broken files fail in as many ways as there are parts in them
        return None
    return reader.wb, results, sheets


class _TooLarge(Exception):
    """The sentence for the person."""


def _too_large() -> str:
    return f"The file has more than {MOST_CELLS:,} cells, too many to mark. Work from the list of what was found, or split the file."


def _refuse_large(archive: zipfile.ZipFile) -> None:
    """Look at the size before the costly opening. A member never unpacks to more than it declares."""
    if sum(member.file_size for member in archive.infolist()) > _MOST_BYTES:
        raise _TooLarge(_too_large())
    count = 0
    for name in archive.namelist():
        if not re.search(r"worksheets/[^/]+\.xml$", name):
            continue
        with archive.open(name) as part:
            tail = b""
            while chunk := part.read(1 << 20):
                chunk = tail + chunk
                count += chunk.count(b"<c ") + chunk.count(b":c ")
                tail = chunk[-2:]
        if count > MOST_CELLS:
            raise _TooLarge(_too_large())


def _results(sheet: bytes) -> dict[bytes, tuple[bytes, bytes]]:
    """Last results of a sheet's formulas by cell. The library writes formulas without them, and until someone opens the workbook in a
    spreadsheet program, a reader would find those cells empty."""
    if b"<f" not in sheet:
        return {}
    found = {}
    for attributes, value in _FORMULA_RESULT.findall(sheet):
        cell, kind = re.search(rb'\br="([A-Z]+[0-9]+)"', attributes), re.search(rb'\bt="(\w+)"', attributes)
        if cell:
            found[cell[1]] = (kind[1] if kind else b"", value)
    return found


def _with_results(data: bytes, results: Mapping[str, Mapping[bytes, tuple[bytes, bytes]]]) -> bytes:
    """The saved workbook with the formulas' last results put back."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as saved, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in saved.infolist():
            content, known = saved.read(member), results.get(member.filename)
            target.writestr(member, _filled(content, known) if known else content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _filled(sheet: bytes, results: Mapping[bytes, tuple[bytes, bytes]]) -> bytes:
    def fill(found: re.Match[bytes]) -> bytes:
        kind, value = results.get(found[1], (b"", b""))
        if not value:
            return found[0]
        attributes = re.sub(rb'\s*\bt="\w+"', b"", found[2]) + (b' t="' + kind + b'"' if kind else b"")
        return b'<c r="' + found[1] + b'"' + attributes + b">" + found[3] + b"<v>" + value + b"</v></c>"

    return _FORMULA_EMPTY.sub(fill, sheet)


def _rebuilt(grids: Sequence[Grid]) -> tuple[Workbook, _Results, dict[str, Worksheet]]:
    """A new workbook with the grids' cells where they stood."""
    if not grids:
        raise ValueError("The file could not be opened as a workbook, so its cells cannot be marked. Work from the list of what was found.")
    if sum(grid.height * grid.width for grid in grids) > MOST_CELLS:
        raise ValueError(_too_large())
    book, used = Workbook(), set[str]()
    book.remove(book.active)
    sheets: dict[str, Worksheet] = {}
    for grid in grids:
        sheet = book.create_sheet(sheet_name(grid.name, used))
        sheet.sheet_state = "hidden" if grid.hidden else "visible"
        sheets.setdefault(grid.name, sheet)
        for column, strip in enumerate(grid.strips, start=grid.left):
            values = [_value(text) for text in strip.texts]
            for row, code in enumerate(strip.codes.tolist(), start=grid.top):
                if values[code] != "":
                    write(sheet, row, column, values[code])
        set_widths(sheet, [10.0] * (grid.left - 1) + [_width(grid, at) for at in range(grid.width)])
    return book, {}, sheets


def _value(text: str) -> str | int | float:
    """A number where the workbook gives back the same text, and otherwise the text: ``007`` and ``1.50`` stay what they are."""
    if not _NUMBER.fullmatch(text) or len(text.lstrip("-0.").replace(".", "")) > _MOST_DIGITS:
        return text
    number = float(text) if "." in text else int(text)
    return number if str(number) == text and not text.endswith(".0") else text


def _width(grid: Grid, column: int) -> float:
    longest = pc.max(pc.utf8_length(grid.strips[column].values.slice(0, 200))).as_py() or 0
    return float(min(60, max(10, longest + 2)))


# Marks on cells


def _place(sheets: Mapping[str, Worksheet], mark: Mark) -> Cell | None:
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


def _mark_cells(marks: Sequence[Mark], placed: Sequence[Cell | None]) -> None:
    by_cell: dict[tuple[str, str], list[Mark]] = {}
    cells: dict[tuple[str, str], Cell] = {}
    for mark, cell in zip(marks, placed, strict=True):
        if cell is not None:
            key = (cell.parent.title, cell.coordinate)
            by_cell.setdefault(key, []).append(mark)
            cells[key] = cell
    for key, together in by_cell.items():
        worst = min((mark for mark in together if mark.cell), key=_rank, default=None)
        if worst:
            _colour(cells[key], COLOURS[worst.severity])
        _comment(cells[key], list(dict.fromkeys(f"{WORDS[mark.severity]}: {_clean(mark.note)}" for mark in sorted(together, key=_rank))))


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


# The list


def _list_sheet(book: Workbook, marks: Sequence[Mark], placed: Sequence[Cell | None], wanted: int) -> None:
    sheet = book.create_sheet(sheet_name(LIST_SHEET, {name.casefold() for name in book.sheetnames}))
    write(sheet, 1, 1, LIST_SHEET).font = Font(bold=True, size=14)
    for row, severity in enumerate(COLOURS, start=2):
        write(sheet, row, 1, WORDS[severity]).fill = PatternFill("solid", start_color=COLOURS[severity])
        write(sheet, row, 2, _MEANING[severity])
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


_LINK = Font(color="0563C1", underline="single")
_WRAPPED, _TOP = Alignment(wrap_text=True, vertical="top"), Alignment(vertical="top")


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
