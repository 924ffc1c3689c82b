"""A file that someone uploads to tables of the catalogue, and findings about it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import BinaryIO

from mhequity.reading.assembling import assemble, rejected_rows
from mhequity.reading.delimited import read_delimited
from mhequity.reading.findings import BLOCKED, NOTE, Finding, Reading
from mhequity.reading.grids import Grid, Refused, address, as_text, is_blank
from mhequity.reading.headings import TEMPLATE_SHEETS, Headings, closest, recognise
from mhequity.reading.sheets import SheetReading, body_of, count_rows, read_sheet
from mhequity.reading.workbooks import password_needed, read_workbook

_log = logging.getLogger(__name__)

_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LIKE_SHEETS = "Save your table as .xlsx or .csv and upload that."
_OTHER_FILES = {
    b"%PDF": "This is a PDF file.",
    b"\x89PNG": "This is a picture (PNG).",
    b"\xff\xd8\xff": "This is a picture (JPEG).",
    b"GIF8": "This is a picture (GIF).",
    b"{\\rtf": "This is a text document (RTF).",
    b"<!doctype html": "This is a web page.",
    b"<html": "This is a web page.",
    b"<?xml": "This is an XML file.",
}


def read(source: bytes | str | Path | BinaryIO, name: str | None = None, limit_mb: float = 50) -> Reading:
    """Read an uploaded workbook or CSV in the template's shape.

    Parameters
    ----------
    source
        The file's bytes, its path, or a file opened in binary mode.
    name
        What to call the file in findings; without it, the path's or the file object's own name.
    limit_mb
        Larger files are refused.

    Returns
    -------
    Reading
        Tidy frames by table, all findings, and the rows that were left out. It never raises for what a file holds: a file
        that cannot be read at all gives one finding and no tables.
    """
    file = name or _own_name(source)
    try:
        return _read(_bytes_of(source, limit_mb), file)
    except Refused as refused:
        return Reading(file, findings=(Finding(BLOCKED, file, seen=refused.seen, done="Nothing was read.", advice=refused.advice),))
    except Exception:
        _log.exception("Reading %s failed", file)
        advice = "Save it as a new .xlsx file and upload that; if it happens again, copy the cells into the template."
        return Reading(
            file, findings=(Finding(BLOCKED, file, seen="The file could not be read.", done="Nothing was read.", advice=advice),)
        )


def _own_name(source: object) -> str:
    if isinstance(source, bytes):
        return "file"
    return Path(str(source if isinstance(source, (str, Path)) else getattr(source, "name", "") or "file")).name


def _bytes_of(source: bytes | str | Path | BinaryIO, limit_mb: float) -> bytes:
    """The file's bytes, reading no more than the limit and one byte."""
    limit = int(limit_mb * 1_000_000)
    if isinstance(source, (str, Path)):
        with open(source, "rb") as file:
            data = file.read(limit + 1)
    else:
        data = source if isinstance(source, bytes) else source.read(limit + 1)
    if len(data) > limit:
        raise Refused(f"The file is larger than {limit_mb:g} MB.", "Delete what is not needed, or split it, and upload again.")
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused("The file is empty.", "Check that it was saved, and upload it again.")
    return data


def _read(data: bytes, file: str) -> Reading:
    grids, findings = _open(data, file)
    sheets: list[SheetReading] = []
    for grid in grids:
        sheet, told = _read_grid(grid, file)
        findings += told
        if sheet:
            sheets.append(sheet)
    if not sheets and not any(finding.severity == BLOCKED for finding in findings):
        advice = "Put your rows under the headings of the template, and upload that."
        findings.insert(0, Finding(BLOCKED, file, seen="No table that the app knows", done="Nothing was read.", advice=advice))
    tables, told = assemble(sheets)
    for sheet in sheets:
        findings += [*_summary(sheet), *sheet.findings]
    return Reading(file, tables, tuple(findings + told), rejected_rows(sheets))


def _open(data: bytes, file: str) -> tuple[list[Grid], list[Finding]]:
    """Grids of a file, told by its content; its name only matters to say that it does not fit."""
    _refuse_other_files(data)
    if data.startswith(b"PK"):
        book = read_workbook(data)
        advice = "If it holds data, unhide the sheet in Excel, save and upload again."
        hidden = [sheet for sheet in book.hidden if sheet not in TEMPLATE_SHEETS]
        told = [Finding(NOTE, file, sheet, "", "A hidden sheet", "It was not read.", advice) for sheet in hidden]
        return [grid for grid in book.grids if grid.name not in TEMPLATE_SHEETS], told
    grid, how = read_delimited(data, Path(file).stem)
    told = [Finding(NOTE, file, done=how)] if how else []
    if Path(file).suffix.casefold() in (".xlsx", ".xlsm", ".xls"):
        told.append(Finding(NOTE, file, seen="Plain text named like an Excel workbook", done="Read as CSV."))
    return [grid], told


def _refuse_other_files(data: bytes) -> None:
    if data.startswith(_OLD_OFFICE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise password_needed()
        raise Refused("This is in an old Office format (.xls or .doc).", "Open it in Excel, save it as .xlsx and upload that.")
    start = data[:200].lstrip().lower()
    for mark, what in _OTHER_FILES.items():
        if start.startswith(mark.lower()):
            raise Refused(what, _LIKE_SHEETS)


def _read_grid(grid: Grid, file: str) -> tuple[SheetReading | None, list[Finding]]:
    """The sheet's table, or why it has none."""
    at = next((i for i, row in enumerate(grid.rows) if any(not is_blank(cell) for cell in row)), None)
    if at is None and not grid.uncalculated:
        return None, [Finding(NOTE, file, grid.name, "", "An empty sheet", "Nothing to read.")]
    titles = [as_text(cell) for cell in grid.rows[at]] if at is not None else []
    headings = recognise(grid.name, titles)
    if headings and not headings.missing:
        return read_sheet(body_of(grid, at or 0, titles, headings, file)), []
    if grid.uncalculated:
        seen = f"{len(grid.uncalculated):,} formulas without a stored value"
        cell = address(*min(grid.uncalculated))
        return None, [Finding(BLOCKED, file, grid.name, cell, seen, "The sheet was left out.", "Open it in Excel, save, upload again.")]
    return None, [_not_read(grid, at or 0, titles, headings, file)]


def _not_read(grid: Grid, at: int, titles: list[str], headings: Headings | None, file: str) -> Finding:
    """Why a sheet is no table: the required columns it lacks, all of them."""
    near = headings or closest(titles)
    seen = ", ".join(filter(None, titles))[:300]
    cell = address(grid.top + at, grid.left)
    if near is None:
        advice = "Nothing, if it is not meant to be read; else use the headings of one of the template's tables."
        return Finding(NOTE, file, grid.name, cell, seen, "These headings fit no table that the app knows. The sheet was left out.", advice)
    lacking = ", ".join(near.missing)
    known = "This is the table" if headings else "The closest table is"
    done = f"{known} {near.kind.title}, but it lacks: {lacking}. The sheet was left out."
    return Finding(BLOCKED, file, grid.name, cell, seen, done, "Add these columns (the template has them) and upload again.")


def _summary(sheet: SheetReading) -> list[Finding]:
    left = f", {count_rows(len(sheet.reasons))} left out" if sheet.reasons else ""
    used = sum(row not in sheet.reasons for row in sheet.frame.index)
    if not used and not left:
        return []
    if not used and sheet.body.grid.uncalculated:
        return []
    title = sheet.body.kind.title
    return [sheet.body.finding(NOTE, "", "", f"Read as the table {title}: {count_rows(used)}{left}.")]
