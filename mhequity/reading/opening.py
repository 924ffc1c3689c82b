"""A file's bytes to the cells of its sheets. What kind of file it is, its content says; its name only helps to explain."""

from __future__ import annotations

import posixpath
import time
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from mhequity.reading.archives import archive_of, check_sizes, password_needed, refusing_what_is_broken, too_large
from mhequity.reading.binarybooks import OLD_OFFICE, is_workbook, read_xls, read_xlsb
from mhequity.reading.delimited import read_delimited
from mhequity.reading.findings import BLOCKED, NOTE, Finding
from mhequity.reading.grids import Grid, Refused, address
from mhequity.reading.opendocument import read_opendocument
from mhequity.reading.workbooks import CHART, HIDDEN, Unread, read_workbook

TEMPLATE_SHEETS = ("README", "Lists")
"""Sheets of the template that hold no table."""

EXAMPLE_NOTE = "← Made-up example: type over it or delete it."
"""What the template writes beside an example row; it is not part of the table."""

_MAX_MEMBERS = 200
_MAX_MEMBER = 250_000_000
_SECONDS = 20
"""After so long no further file of a zip file is begun."""

_SHEET_FILES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv", ".txt", ".zip")
_BOOK_FILES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_LIKE_SHEETS = "Save your table as .xlsx or .csv and upload that."
_OTHER_FILES = {
    b"%PDF": "This is a PDF file.",
    b"\x89PNG": "This is a picture (PNG).",
    b"\xff\xd8\xff": "This is a picture (JPEG).",
    b"GIF8": "This is a picture (GIF).",
    b"{\\rtf": "This is a text document (RTF).",
    b"<!doctype html": "This is a web page.",
    b"<html": "This is a web page.",
    b"<table": "This is a web page.",
    b"<head": "This is a web page.",
    b"<meta": "This is a web page.",
    b"mime-version:": "This is a web page.",
    b"<?xml": "This is an XML file.",
    b"<workbook": "This is an XML file.",
    b"7z\xbc\xaf": "This is a compressed file (7z).",
    b"rar!": "This is a compressed file (RAR).",
    b"\x1f\x8b": "This is a compressed file (gzip).",
    b"par1": "This is a Parquet file.",
    b"sqlite format": "This is a database file.",
}


@dataclass(frozen=True)
class Opened:
    """The cells of a file, before anyone asks what they mean."""

    grids: list[Grid]
    """Visible sheets in order, and hidden ones that were asked for."""
    findings: list[Finding] = field(default_factory=list)
    """How it was read, and what was not."""
    ignored: list[str] = field(default_factory=list)
    """Sheets that were not read; within a zip file ``member/sheet``."""


def open_file(data: bytes, name: str, sheets: Sequence[str] | None = None) -> Opened:
    """Open a workbook, a text file, or a zip file of several of them.

    Parameters
    ----------
    data
        The file. It may be .xlsx, .xlsm (macros are never run), .xls, .xlsb, .ods, delimited text, or a zip file of these.
    name
        What to call it in findings.
    sheets
        Read only these sheets, hidden ones too. In a zip file ``member/sheet`` names the one of a certain file.

    Returns
    -------
    Opened
        With at least one sheet's cells, or with findings that say why there are none.

    Raises
    ------
    Refused
        Where the file as a whole cannot be read.
    """
    _refuse_empty(data)
    if not _is_collection(data):
        opened = _open_one(data, name, sheets)
        missing = [each for each in sheets or () if each not in (grid.name for grid in opened.grids) and each not in opened.ignored]
    else:
        opened = _open_collection(data, name, sheets)
        there = {each for grid in opened.grids for each in (grid.name, f"{grid.file}/{grid.name}", grid.file)} | set(opened.ignored)
        missing = [each for each in sheets or () if each not in there]
    return replace(opened, findings=opened.findings + [_not_there(name, each) for each in missing])


def _not_there(file: str, sheet: str) -> Finding:
    advice = "Check how its name is spelled."
    return Finding(BLOCKED, file, sheet, "", "There is no sheet of this name.", "It was not read.", advice, "sheets")


def _refuse_empty(data: bytes) -> None:
    blank = b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"
    if not data[:1000].strip(blank) and not data.strip(blank):
        raise Refused("The file is empty.", "Check that it was saved, and upload it again.")


def _refuse_other_files(data: bytes) -> None:
    start = data[:400]
    if start.startswith((b"\xff\xfe<", b"\xfe\xff\0<")):
        start = start[2:].replace(b"\0", b"")
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, what in _OTHER_FILES.items():
        if start.startswith(mark.lower()):
            if b"<?xml" in mark and b"<html" in data[:1000].lower():
                what = "This is a web page."
            raise Refused(what, "Unpack it and upload the files in it." if "compressed" in what else _LIKE_SHEETS)


def _names_in(data: bytes) -> set[str]:
    with refusing_what_is_broken(), archive_of(data) as archive:
        return set(archive.namelist())


def _kind(names: set[str]) -> str:
    """What a zip file is: ``xlsx``, ``xlsb``, ``ods``, or ``zip`` for one that just packs other files."""
    for folder, what, advice in (
        ("word/", "This is a Word document.", "Copy its table into Excel, save as .xlsx and upload that."),
        ("ppt/", "This is a PowerPoint file.", "Copy its table into Excel, save as .xlsx and upload that."),
        ("Index/", "This spreadsheet is in a format that cannot be read here.", "Save it as .xlsx and upload that."),
    ):
        if any(name.startswith(folder) for name in names) and not any(name.casefold().endswith(_SHEET_FILES) for name in names):
            raise Refused(what, advice)
    if "xl/workbook.bin" in names:
        return "xlsb"
    if "content.xml" in names:
        return "ods"
    return "xlsx" if any(name.replace("\\", "/").casefold().endswith("workbook.xml") for name in names) else "zip"


def _is_collection(data: bytes) -> bool:
    return data.startswith(b"PK") and _kind(_names_in(data)) == "zip"


def _open_one(data: bytes, file: str, sheets: Sequence[str] | None) -> Opened:
    """Any file that is not a zip file of others."""
    _refuse_other_files(data)
    if data.startswith(OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise password_needed()
        if not is_workbook(data):
            raise Refused("This is in an old Office format (.xls or .doc).", "Open it in Excel, save it as .xlsx and upload that.")
        return _open_book(read_xls, data, file, sheets)
    if data.startswith(b"PK"):
        reader = {"xlsx": read_workbook, "xlsb": read_xlsb, "ods": read_opendocument}[_kind(_names_in(data))]
        return _open_book(reader, data, file, sheets)
    stem = PurePosixPath(file).stem
    if sheets is not None and stem not in sheets and file not in sheets:
        return Opened([], ignored=[stem])
    grid, how = read_delimited(data, stem)
    told = [Finding(NOTE, file, done=how, kind="file")] if how else []
    if PurePosixPath(file).suffix.casefold() in _BOOK_FILES:
        told.append(Finding(NOTE, file, seen="Plain text named like an Excel workbook", done="Read as CSV.", kind="file"))
    return Opened([grid], told)


def _open_book(
    reader: Callable[[bytes, Callable[[str, bool], bool]], list[Grid | Unread]], data: bytes, file: str, sheets: Sequence[str] | None
) -> Opened:
    def wanted(sheet: str, hidden: bool) -> bool:
        return sheet in sheets if sheets is not None else not hidden and sheet not in TEMPLATE_SHEETS

    opened = Opened([])
    refused: list[Refused] = []
    for each in reader(data, wanted):
        if isinstance(each, Grid) and (found := _why_not(each, file)) is None:
            opened.grids.append(each)
            continue
        opened.ignored.append(each.name)
        if isinstance(each, Grid):
            opened.findings.extend([found] if found else [])
        elif each.refused:
            refused.append(each.refused)
            why, advice = each.refused.seen, each.refused.advice
            opened.findings.append(Finding(BLOCKED, file, each.name, "", why, "The sheet was left out.", advice, "sheets"))
        elif each.why in (HIDDEN, CHART) and each.name not in TEMPLATE_SHEETS and (sheets is None or each.name in sheets):
            opened.findings.append(_unread(each, file))
    if refused and not opened.grids:
        raise refused[0]
    return opened


def _unread(sheet: Unread, file: str) -> Finding:
    if sheet.why == CHART:
        return Finding(NOTE, file, sheet.name, "", "A sheet without cells, such as a chart", "It was not read.", kind="sheets")
    advice = "If it holds data, unhide the sheet in Excel, save and upload again."
    return Finding(NOTE, file, sheet.name, "", "A hidden sheet", "It was not read.", advice, "hidden")


def _why_not(grid: Grid, file: str) -> Finding | None:
    """Why a sheet holds nothing to read; None where it does."""
    if not all(strip.blank.all() for strip in grid.strips):
        return None
    if grid.uncalculated:
        return only_formulas(grid, file)
    return Finding(NOTE, file, grid.name, "", "An empty sheet", "Nothing to read.", kind="sheets")


def only_formulas(grid: Grid, file: str) -> Finding:
    """Of a sheet without figures: that its formulas were never worked out."""
    seen = f"{len(grid.uncalculated):,} formulas without a stored value"
    cell, advice = address(*min(grid.uncalculated)), "Open it in Excel, save, upload again."
    return Finding(BLOCKED, file, grid.name, cell, seen, "The sheet was left out.", advice, "formulas")


def _open_collection(data: bytes, file: str, sheets: Sequence[str] | None) -> Opened:
    """A zip file of several files: each of them by itself, so that a bad one does not keep the others from being read."""
    with refusing_what_is_broken(), archive_of(data) as archive:
        members = [each for each in archive.infolist() if not _is_clutter(each.filename)]
        check_sizes(members)
        if not members:
            raise Refused("This is a zip file without a workbook or a text file in it.", "Put your files in it, or upload them one by one.")
        whole, refused, until = Opened([]), [], time.monotonic() + _SECONDS
        for at, member in enumerate(members):
            try:
                if at >= _MAX_MEMBERS or time.monotonic() > until:
                    raise Refused("The zip file holds more than can be read at once.", "Upload this file by itself.")
                opened = _open_member(archive, member, sheets)
            except Refused as error:
                refused.append(error)
                severity = BLOCKED if member.filename.casefold().endswith(_SHEET_FILES) else NOTE
                done = "This file of the zip file was left out."
                told = Finding(severity, f"{file}/{member.filename}", "", "", error.seen, done, error.advice, "file")
                opened = Opened([], [told], [member.filename])
            else:
                opened = _as_member(opened, file, member.filename)
            whole.grids.extend(opened.grids)
            whole.findings.extend(opened.findings)
            whole.ignored.extend(opened.ignored)
        if refused and not whole.grids and len(members) == 1:
            raise refused[0]
        return whole


def _is_clutter(name: str) -> bool:
    """Folders, and what computers put into zip files for themselves."""
    parts = name.replace("\\", "/").split("/")
    return not parts[-1] or parts[-1].startswith(".") or parts[-1].casefold() in ("thumbs.db", "desktop.ini") or "__MACOSX" in parts


def _open_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, sheets: Sequence[str] | None) -> Opened:
    if member.flag_bits & 1:
        raise Refused("The file is protected with a password.", "Unpack the zip file, and upload the file by itself.")
    if member.file_size > _MAX_MEMBER:
        raise too_large(member.file_size)
    with refusing_what_is_broken():
        data = archive.read(member)
    _refuse_empty(data)
    if _is_collection(data):
        raise Refused("This is a zip file within a zip file.", "Unpack it and upload the files in it.")
    name = member.filename
    own = None if sheets is None or name in sheets else [each.removeprefix(f"{name}/") for each in sheets]
    return _open_one(data, posixpath.basename(name), own)


def _as_member(opened: Opened, file: str, name: str) -> Opened:
    return Opened(
        [replace(grid, file=name) for grid in opened.grids],
        [replace(finding, file=f"{file}/{name}") for finding in opened.findings],
        [f"{name}/{sheet}" for sheet in opened.ignored],
    )
