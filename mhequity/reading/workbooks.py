"""Excel workbooks to grids. What a spreadsheet library would not tell us (formulas never worked out, error cells, how
large a sheet would grow in memory) is read from the sheet's XML first."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from mhequity.reading.delimited import MAX_COLUMNS, MAX_ROWS
from mhequity.reading.grids import ErrorCell, Grid, Refused, address, column_number

MAX_CELLS = 40_000_000
MAX_UNPACKED = 1_000_000_000
_DEFINITIONS = [text.encode(coding) for text in ("<!DOCTYPE", "<!ENTITY") for coding in ("utf-8", "utf-16-le", "utf-16-be")]
_SUSPECT_UNPACKED, _SUSPECT_RATIO = 100_000_000, 200

_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_REL_ID = re.compile(r"\{http://(?:schemas\.openxmlformats\.org|purl\.oclc\.org/ooxml)/officeDocument/(?:2006/)?relationships\}id")
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, RuntimeError, ElementTree.ParseError, CalamineError,
)  # fmt: skip
"""What half a file, or one that only looks like a workbook, makes the libraries raise."""

# Every repeat is bounded by the tag or by a length, so that no crafted file makes the search slow.
_TAG, _END = rb"<(?:\w{1,20}:)?", rb"</(?:\w{1,20}:)?"
_MORE = rb"[^<>]{0,400}"
_NAMED = rb"\br\s{0,4}=\s{0,4}[\"']"
_ROW = re.compile(_TAG + rb"row\b" + _MORE + rb"?" + _NAMED + rb"(\d{1,9})[\"']")
_WIDE = re.compile(_NAMED + rb"([A-Z]{2,4})\d+[\"']")
_CELL = re.compile(_TAG + rb"c(?=[\s>/])")
_PLACED = re.compile(_TAG + rb"c\b" + _MORE + rb"?" + _NAMED + rb"[A-Z]{1,4}\d")
_FILLED = re.compile(_TAG + rb"c\b" + _MORE + rb"?" + _NAMED + rb"([A-Z]{1,4})(\d{1,9})[\"']" + _MORE + rb"(?<!/)>")
_WORKED = _TAG + rb"f\b" + _MORE + rb"(?:(?<=/)>|(?<!/)>[^<]{0,9000}" + _END + rb"f>)\s{0,9}"
_NO_VALUE = rb"(?:" + _TAG + rb"v\s{0,4}/>|" + _TAG + rb"v>\s{0,9}" + _END + rb"v>)?\s{0,9}"
_FORMULA = re.compile(_TAG + rb"c\b(" + _MORE + rb")(?<!/)>\s{0,9}" + _WORKED + _NO_VALUE + _END + rb"c>")
_ERROR = re.compile(
    _TAG + rb"c\b(" + _MORE + rb"\bt=[\"']e[\"']" + _MORE + rb")>\s{0,9}(?:" + _WORKED + rb")?" + _TAG + rb"v>(#[^<]{1,20})</"
)
_IS_ERROR = re.compile(rb"\bt=[\"']e[\"']")
_IS_TEXT = re.compile(rb"\bt=[\"']str[\"']")
_REFERENCE = re.compile(_NAMED + rb"([A-Z]{1,3})(\d{1,9})[\"']")


@dataclass(frozen=True)
class Workbook:
    """The visible sheets' grids and the names of hidden sheets."""

    grids: list[Grid]
    hidden: list[str]


def read_workbook(data: bytes) -> Workbook:
    """All visible worksheets of an .xlsx or .xlsm file; ``Refused`` where the file cannot or should not be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive)
            paths = _sheet_paths(archive)
            return _read_sheets(data, archive, paths)
    except _BROKEN as error:
        locked = isinstance(error, PasswordError) or "encrypted" in str(error)
        raise (password_needed() if locked else _damaged()) from None
    except BaseException as error:
        # A panic inside the library, which is not written in Python, arrives as a BaseException of this name.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged() from None


def _damaged() -> Refused:
    return Refused("The workbook is damaged or only part of it arrived.", "Open it in Excel, save it again as .xlsx and upload that.")


def password_needed() -> Refused:
    """The refusal for a file that is locked."""
    return Refused(
        "The workbook is protected with a password.",
        "Open it in Excel, choose File, Info, Protect Workbook, Encrypt with Password, empty the box, save, and upload again.",
    )


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse other kinds of zip file, parts that unpack to absurd sizes, and XML that defines its own entities."""
    members = archive.infolist()
    names = {member.filename for member in members}
    _check_kind(names)
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > MAX_UNPACKED or (unpacked > _SUSPECT_UNPACKED and unpacked / packed > _SUSPECT_RATIO):
        raise Refused(
            f"Unpacked, the workbook would take {unpacked / 1e6:,.0f} MB: far more than a table needs.",
            "Copy the cells you need into a new workbook, save it and upload that.",
        )
    for member in members:
        # Every part is unpacked once, because that is what shows a size that was not stated truly.
        xml = archive.read(member)
        if member.filename.endswith((".xml", ".rels", ".vml")) and any(mark in xml for mark in _DEFINITIONS):
            raise Refused(
                "The workbook holds definitions that no spreadsheet program writes.",
                "Copy the cells you need into a new workbook, save it and upload that.",
            )


def _check_kind(names: set[str]) -> None:
    if any(name.startswith("word/") for name in names):
        raise Refused("This is a Word document.", "Copy its table into Excel, save as .xlsx and upload that.")
    if any(name.startswith("ppt/") for name in names):
        raise Refused("This is a PowerPoint file.", "Copy its table into Excel, save as .xlsx and upload that.")
    if "xl/workbook.bin" in names or "content.xml" in names or any(name.startswith("Index/") for name in names):
        raise Refused("This spreadsheet is in a format that cannot be read here.", "Save it as .xlsx and upload that.")
    if not any(name.endswith("workbook.xml") for name in names):
        raise Refused("This is a zip file, not a workbook.", "Unpack it and upload the .xlsx or .csv files in it.")


def _sheet_paths(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name to the archive's member that holds its cells."""
    names = archive.namelist()
    book = next(name for name in names if name.endswith("workbook.xml"))
    folder, leaf = posixpath.split(book)
    targets = {}
    for relation in ElementTree.fromstring(archive.read(f"{folder}/_rels/{leaf}.rels")).iter(f"{_REL}Relationship"):
        targets[relation.get("Id", "")] = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", "")))[1:]
    paths = {}
    for element in ElementTree.fromstring(archive.read(book)).iter():
        if element.tag.endswith("}sheet"):
            key = next((value for name, value in element.attrib.items() if _REL_ID.fullmatch(name)), "")
            paths[element.get("name", "")] = targets.get(key, "")
    return paths


def _read_sheets(data: bytes, archive: zipfile.ZipFile, paths: dict[str, str]) -> Workbook:
    # The sizes of all sheets are checked before the library opens any: it lays a sheet out in full, empty cells included.
    held = {name: path for name, path in paths.items() if path in archive.namelist()}
    for name, path in held.items():
        _check_size(name, archive.read(path))
    grids, hidden = [], []
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for sheet in book.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            if sheet.visible != SheetVisibleEnum.Visible:
                hidden.append(sheet.name)
                continue
            xml = archive.read(held[sheet.name]) if sheet.name in held else b""
            grids.append(_grid(book.get_sheet_by_name(sheet.name), xml))
    return Workbook(grids, hidden)


def _check_size(name: str, xml: bytes) -> None:
    """Refuse a sheet whose filled cells reach so far that laying it out would take all memory."""
    rows = max([xml.count(b"<row"), *map(int, _ROW.findall(xml))])
    columns = max((column_number(found.decode()) for found in set(_WIDE.findall(xml))), default=26)
    large = rows * columns > 5_000_000 or rows > MAX_ROWS
    if large and len(_PLACED.findall(xml)) == len(_CELL.findall(xml)):
        # Formatting alone often reaches the last row or column; only filled cells count, if all say where they stand.
        filled = [(int(row), found) for found, row in _FILLED.findall(xml)]
        rows = max((row for row, _ in filled), default=0)
        columns = max((column_number(found.decode()) for found in {found for _, found in filled}), default=0)
    if rows > MAX_ROWS or columns > MAX_COLUMNS or rows * columns > MAX_CELLS:
        raise Refused(
            f"Sheet {name} reaches down to row {rows:,} and across {columns:,} columns: too large to read.",
            f"Delete stray cells far from the table (look near {address(rows, columns)}), or split the sheet, and upload again.",
        )


def _grid(sheet: CalamineSheet, xml: bytes) -> Grid:
    start = sheet.start or (0, 0)
    rows: list[list[object]] = [list(row) for row in sheet.to_python()] if sheet.start else []
    top, left = start[0] + 1, start[1] + 1
    errors = _error_cells(xml)
    for (row, column), text in errors.items():
        if 0 <= row - top < len(rows) and 0 <= column - left < len(rows[row - top]):
            rows[row - top][column - left] = ErrorCell(text)
    return Grid(sheet.name, rows, top, left, _uncalculated(xml), errors)


def _position(attributes: bytes) -> tuple[int, int] | None:
    found = _REFERENCE.search(attributes)
    return (int(found[2]), column_number(found[1].decode())) if found else None


def _uncalculated(xml: bytes) -> tuple[tuple[int, int], ...]:
    """Formula cells without a stored value. A formula whose stored value is empty text is calculated."""
    if not re.search(rb"<(?:\w+:)?f\b", xml):
        return ()
    places = (_position(found) for found in _FORMULA.findall(xml) if not _IS_TEXT.search(found))
    return tuple(place for place in places if place)


def _error_cells(xml: bytes) -> dict[tuple[int, int], str]:
    if not _IS_ERROR.search(xml):
        return {}
    found = ((_position(attributes), text.decode()) for attributes, text in _ERROR.findall(xml))
    return {place: text for place, text in found if place}
