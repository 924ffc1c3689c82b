"""Delimited text (CSV and its relatives) to a grid: encoding, separator and line ends found from the content."""

from __future__ import annotations

import codecs
import csv
import io
import re
from itertools import islice

from mhequity.reading.grids import Grid, Refused

MAX_ROWS = 1_000_000
MAX_COLUMNS = 16_384

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}
_SAMPLE_ROWS = 60
_MARKED = re.compile(r"'[=+\-@\t\r\n]")


def decode(data: bytes) -> tuple[str, str]:
    """Text and, where it is not plain UTF-8, the name of the encoding that fitted."""
    if data.startswith(codecs.BOM_UTF8):
        return data[3:].decode("utf-8", errors="replace"), ""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _checked(data.decode("utf-16", errors="replace")), "UTF-16"
    _checked(data[:100_000].decode("latin-1"))
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace"), "Windows-1252"


def _checked(text: str) -> str:
    if "\0" in text:
        raise Refused("This is not a spreadsheet or a CSV file.", "Save your table as .xlsx or .csv and upload that.")
    return text


def separator_of(text: str) -> str:
    """The separator that splits the first lines into the most rows as wide as their first."""

    def score(separator: str) -> tuple[int, int]:
        rows = [row for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), _SAMPLE_ROWS) if any(row)]
        width = len(rows[0]) if rows else 0
        return (sum(len(row) == width for row in rows), width) if width > 1 else (0, 0)

    # A quote that never closes makes one separator's sample unreadable; the others may still do.
    scores = {}
    for separator in _SEPARATORS:
        try:
            scores[separator] = score(separator)
        except csv.Error:
            scores[separator] = (0, 0)
    return max(_SEPARATORS, key=lambda separator: scores[separator])


def _plain(cell: str) -> str:
    """Without the apostrophe that exports put before text that a spreadsheet would take for a formula."""
    return cell[1:] if _MARKED.match(cell) else cell


def read_delimited(data: bytes, name: str) -> tuple[Grid, str]:
    """The grid, and a sentence on how it was read where that is not UTF-8 with commas (else empty)."""
    text, encoding = decode(data)
    hint, skipped = "", 0
    # Excel's own hint line; it counts as a line of the file.
    if text[:4].casefold() == "sep=" and len(text) > 4 and text[4] in _SEPARATORS:
        hint, skipped = text[4], 1
        text = text[5:].removeprefix("\r").removeprefix("\n")
    separator = hint or separator_of(text[:200_000])
    marked = _MARKED.search(text) is not None
    rows: list[list[object]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            rows.append([_plain(cell) for cell in row] if marked else list(row))
            if len(rows) > MAX_ROWS or len(row) > MAX_COLUMNS:
                raise Refused("The file has more than 1,000,000 rows or 16,384 columns.", "Split it into smaller files and upload each.")
    except csv.Error:
        raise Refused(
            f"Row {len(rows) + 1 + skipped} of the text file cannot be read: a quotation mark may be left open.",
            "Open it in Excel, check that row, save as .xlsx and upload again.",
        ) from None
    return Grid(name, rows, top=1 + skipped), _how_read(encoding, separator, text)


def _how_read(encoding: str, separator: str, text: str) -> str:
    parts = []
    if encoding:
        parts.append(f"as {encoding} text")
    if separator != ",":
        parts.append(f"with {_SEPARATORS[separator]} between the columns")
    if "\r" in text and "\n" not in text:
        parts.append("with old Mac line ends")
    return f"Read {', '.join(parts)}." if parts else ""
