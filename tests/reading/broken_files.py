"""Workbooks and zip files as bytes, and the files that are broken, locked or something else, with what is said of each."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence

from hypothesis import strategies as st
from openpyxl import Workbook

SHEET = "xl/worksheets/sheet1.xml"


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: Sequence[object], sheet: str = "Sheet") -> bytes:
    book = Workbook()
    book.active.title = sheet
    for row in rows:
        book.active.append(row)
    return saved(book)


def zipped(parts: Mapping[str, bytes | str], packed: bool = True) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_part(data: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The zip file with one file in it changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    return zipped(parts)


# Damage ------------------------------------------------------------------------------------------------------------------

changed_bytes = st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=6)
changed_pieces = st.lists(
    st.tuples(st.integers(0, 10**6), st.sampled_from([b"<", b">", b'"', b"9", b"A", b"", b"<c>", b"</row>", b"<!--"])),
    min_size=1,
    max_size=4,
)


def with_changed_bytes(data: bytes, changes: Iterable[tuple[int, int]]) -> bytes:
    changed = bytearray(data)
    for at, value in changes:
        changed[at % len(data)] = value
    return bytes(changed)


def with_changed_cells(data: bytes, changes: Iterable[tuple[int, bytes]]) -> bytes:
    """The workbook with pieces of its first sheet's XML replaced."""

    def changed(xml: bytes) -> bytes:
        for at, piece in changes:
            at %= len(xml)
            xml = xml[:at] + piece + xml[at + 1 :]
        return xml

    return with_part(data, SHEET, changed)


# What is said of it ------------------------------------------------------------------------------------------------------

GOOD = workbook(["a", "b"], [1, "x"])
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
LOCKED = OLD_OFFICE + "EncryptionInfo".encode("utf-16-le") + bytes(64) + "EncryptedPackage".encode("utf-16-le") + bytes(512)
_DAMAGED = "The workbook is damaged or only part of it arrived."
REFUSED = [
    ("empty.xlsx", b"", "The file is empty."),
    ("blank.csv", b" \r\n\r\n", "The file is empty."),
    ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(100), "This is a picture (PNG)."),
    ("paper.xlsx", b"%PDF-1.7\n...", "This is a PDF file."),
    ("page.xls", b"<html><table></table></html>", "This is a web page."),
    ("page.xls", b"\xef\xbb\xbf\r\n<TABLE border=1><tr><td>1</td></tr></TABLE>", "This is a web page."),
    ("page.xls", b"\xff\xfe" + "<html>".encode("utf-16-le"), "This is a web page."),
    ("page.xls", b'<?xml version="1.0"?><html xmlns="x"></html>', "This is a web page."),
    ("old.xls", b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "This is an XML file."),
    ("letter.docx", zipped({"[Content_Types].xml": b"<a/>", "word/document.xml": b"<a/>"}), "This is a Word document."),
    ("letter.xlsx", zipped({"word/document.xml": b"<a/>"}), "This is a Word document."),
    ("slides.pptx", zipped({"ppt/presentation.xml": b"<a/>"}), "This is a PowerPoint file."),
    ("list.numbers", zipped({"Index/Document.iwa": b"a"}), "This spreadsheet is in a format that cannot be read here."),
    ("old.doc", OLD_OFFICE + bytes(2000), "This is in an old Office format (.xls or .doc)."),
    ("locked.xlsx", LOCKED, "The workbook is protected with a password."),
    ("half.xlsx", GOOD[: len(GOOD) // 2], _DAMAGED),
    ("half.zip", zipped({"a.csv": "area,period,persons\nBrent,2024/25,7\n"})[:100], _DAMAGED),
    ("start.xlsx", b"PK\x03\x04", _DAMAGED),
    ("hollow.xlsx", zipped({"xl/workbook.xml": b"<broken"}), _DAMAGED),
    ("hollow.ods", zipped({"content.xml": b"<broken"}), _DAMAGED),
    ("hollow.xlsb", zipped({"xl/workbook.bin": b"a"}), _DAMAGED),
    (
        "entities.xlsx",
        with_part(GOOD, SHEET, lambda xml: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml),
        "The workbook holds definitions that no spreadsheet program writes.",
    ),
    ("nothing.zip", zipped({"folder/": b""}), "This is a zip file without a workbook or a text file in it."),
]
"""Name, bytes and the one sentence for each file that cannot be read at all."""
