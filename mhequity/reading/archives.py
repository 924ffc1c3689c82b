"""Zip files, and the workbooks that are zip files, unpacked with bounds: nothing here trusts a size that a file states."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree

from python_calamine import CalamineError, PasswordError

from mhequity.reading.grids import Refused

MAX_UNPACKED = 600_000_000
MAX_MEMBERS = 20_000
MAX_PART = 60_000_000
"""Parts that are held whole: styles, the list of sheets."""

_SUSPECT_UNPACKED, _SUSPECT_RATIO = 100_000_000, 200
_DEFINITIONS = [text.encode(coding) for text in ("<!DOCTYPE", "<!ENTITY") for coding in ("utf-8", "utf-16-le", "utf-16-be")]
_NEW_WORKBOOK = "Copy the cells you need into a new workbook, save it and upload that."
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, ValueError, IndexError, RuntimeError, NotImplementedError,
    ElementTree.ParseError, CalamineError,
)  # fmt: skip
"""What half a file, or one that only looks like a workbook, makes the libraries raise."""


def damaged() -> Refused:
    """The refusal for a workbook that is not whole."""
    return Refused("The workbook is damaged or only part of it arrived.", "Open it in Excel, save it again as .xlsx and upload that.")


def password_needed() -> Refused:
    """The refusal for a file that is locked."""
    return Refused(
        "The workbook is protected with a password.",
        "Open it in Excel, choose File, Info, Protect Workbook, Encrypt with Password, empty the box, save, and upload again.",
    )


def too_large(unpacked: int) -> Refused:
    """The refusal for a workbook that would grow without bounds."""
    return Refused(f"Unpacked, the workbook would take {unpacked / 1e6:,.0f} MB: far more than a table needs.", _NEW_WORKBOOK)


def unsafe() -> Refused:
    """The refusal for XML that defines its own entities."""
    return Refused("The workbook holds definitions that no spreadsheet program writes.", _NEW_WORKBOOK)


@contextmanager
def refusing_what_is_broken() -> Iterator[None]:
    """Whatever a library raises over a broken file leaves this block as a refusal."""
    try:
        yield
    except _BROKEN as error:
        locked = isinstance(error, PasswordError) or "encrypted" in str(error) or "assword" in str(error)
        raise (password_needed() if locked else damaged()) from None
    except BaseException as error:
        # A panic inside a library that is not written in Python arrives as a BaseException of this name.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged() from None


def archive_of(data: bytes) -> zipfile.ZipFile:
    """The zip file that these bytes are, unless it lists more members than any workbook has."""
    if data.count(b"PK\x01\x02") > MAX_MEMBERS:
        raise Refused(f"The file holds more than {MAX_MEMBERS:,} parts: far more than a table needs.", _NEW_WORKBOOK)
    return zipfile.ZipFile(io.BytesIO(data))


def check_sizes(members: list[zipfile.ZipInfo]) -> None:
    """Refuse what says itself that it unpacks to absurd sizes. Unpacking never goes beyond the stated size."""
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > MAX_UNPACKED or (unpacked > _SUSPECT_UNPACKED and unpacked / packed > _SUSPECT_RATIO):
        raise too_large(unpacked)


def part(archive: zipfile.ZipFile, name: str, limit: int = MAX_PART) -> bytes:
    """One part, whole."""
    info = archive.getinfo(name)
    if info.file_size > limit:
        raise too_large(info.file_size)
    return checked(archive.read(info))


def chunks(archive: zipfile.ZipFile, name: str, size: int) -> Iterator[bytes]:
    """One part, unpacked little by little. Definitions are looked for where they may stand: at the start."""
    with archive.open(name) as member:
        first = True
        while chunk := member.read(size):
            yield checked(chunk) if first else chunk
            first = False


def checked(xml: bytes) -> bytes:
    """The same bytes, unless they define entities."""
    if any(mark in xml for mark in _DEFINITIONS):
        raise unsafe()
    return xml


def tree(xml: bytes) -> ElementTree.Element:
    """The elements of a part that is held whole."""
    return ElementTree.fromstring(xml)
