"""A person's own workbook back, with the cells that need attention coloured and commented so that they are corrected where they stand."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence

import pyarrow.compute as pc
from openpyxl import Workbook
from openpyxl.reader.excel import ExcelReader
from openpyxl.worksheet.worksheet import Worksheet

from mhequity.export.cells import set_widths, write
from mhequity.export.formula_results import Results, results_of, with_results
from mhequity.export.marked_cells import mark_cells, place
from mhequity.export.marks import MOST_MARKED, Mark, rank
from mhequity.export.marks_list import add_list
from mhequity.export.tables import sheet_name
from mhequity.reading.grids import Grid

MOST_CELLS = 500_000
"""Above that the work takes longer than anyone waits: about 15 seconds for so many."""
_MOST_BYTES = 500_000_000
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_MOST_DIGITS = 15


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
    chosen = sorted(marks, key=rank)[:MOST_MARKED] if len(marks) > MOST_MARKED else list(marks)
    placed = [place(sheets, mark) for mark in chosen]
    mark_cells(chosen, placed)
    add_list(book, chosen, placed, len(marks))
    out = io.BytesIO()
    book.save(out)
    held = {sheet.path.lstrip("/"): results[sheet.title] for sheet in book.worksheets if results.get(sheet.title)}
    return with_results(out.getvalue(), held) if held else out.getvalue()


def _opened(data: bytes) -> tuple[Workbook, dict[str, Results], dict[str, Worksheet]] | None:
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
            results = {name: results_of(archive.read(paths[name])) for name in sheets if name in paths}
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


def _rebuilt(grids: Sequence[Grid]) -> tuple[Workbook, dict[str, Results], dict[str, Worksheet]]:
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
