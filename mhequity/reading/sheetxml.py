"""The XML of a worksheet, cut into whole rows that are safe to hand to a spreadsheet library, each piece by itself.

The library lays a sheet out as a rectangle from its first cell to its last, so that two cells far apart would take all
memory; and it says nothing of errors, nor of formulas that were never worked out. All that is found here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from xml.parsers import expat
from xml.sax.saxutils import escape

import pyarrow as pa
import pyarrow.compute as pc

from mhequity.reading.archives import damaged, too_large, unsafe
from mhequity.reading.grids import column_number, letters
from mhequity.reading.stored import MAX_COLUMNS, MAX_ROWS, check_extent

MAX_DENSE = 2_000_000
"""Cells that one piece may take when laid out."""
HEAD, ROWS, TAIL = "head", "rows", "tail"
SHARED = "\x01"
"""Stands before the number of a shared text, in place of the text: a private character that no file uses."""

_QUOTE = {'"': "&quot;"}
_SHARED_UTF8 = SHARED.encode()
_MAX_TAIL = 30_000_000
_MAX_REWRITTEN = 100_000_000
_BUFFER = 1_000_000
_GAP = 10_000

_DATA = re.compile(rb"<sheetData\s{0,9}(/?)>")
_ROW = re.compile(rb'<row r="(\d{1,7})"')
_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"[^<>]{0,400}?(/?)>')
_ANY_CELL = re.compile(rb"<c[\s/>]")

_MORE = rb"[^<>]{0,400}"
_IS_ERROR = re.compile(rb'(<c r="' + _MORE + rb'?) t="e"')
_IS_SHARED = re.compile(rb' t="s"(' + _MORE + rb">\s{0,9}<v>)")
_FORMULA = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(' + _MORE + rb")(?<!/)>\s{0,9}<f\b" + _MORE + rb"(?:(?<=/)>|(?<!/)>[^<]{0,9000}</f>)\s{0,9}"
    rb"(?:<v\s{0,4}/>|<v>\s{0,9}</v>)?\s{0,9}</c>"
)  # fmt: skip
_UNKNOWN = r"<\w+:|<!|<c [^<>]*\bt='"
"""Prefixes, comments and the like, and a type in other quotation marks."""
_UNWORKED = r"(?:</f>|<f(?:\s[^<>]*)?/>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)"
_SPECIAL = 't="e"|</?f[ >/]'
"""Errors and formulas."""


class UnusualError(Exception):
    """The XML is written in a way that the fast reading does not know; :func:`rewritten` puts that right."""


@dataclass(frozen=True)
class Rows:
    """Some whole rows of a sheet, ready for the library, and the formulas in them without a value (row and column, from 1)."""

    xml: bytes
    first: int
    last: int
    uncalculated: tuple[tuple[int, int], ...] = ()


def cut(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, str]]:
    """What stands before the rows, then whole rows piece by piece, at last what follows them: :data:`HEAD`, ``ROWS``, ``TAIL``."""
    held = b""
    for chunk in chunks:
        held += chunk
        if found := _DATA.search(held):
            break
        if len(held) > _MAX_TAIL:
            raise UnusualError
    else:
        raise UnusualError
    yield held[: found.start()], HEAD
    held, within = held[found.end() :], not found[1]
    tail = b"" if within else held
    while within:
        at = held.find(b"</sheetData>")
        if at >= 0:
            yield held[:at], ROWS
            tail, within = held[at:], False
            break
        at = held.rfind(b"</row>") + len(b"</row>")
        if at >= len(b"</row>"):
            yield held[:at], ROWS
            held = held[at:]
        chunk = next(chunks, b"")
        if not chunk:
            raise damaged()
        if len(held) > _MAX_TAIL:
            raise UnusualError
        held += chunk
    for chunk in chunks:
        if len(tail) < _MAX_TAIL:
            tail += chunk
    yield tail, TAIL


def prepared(xml: bytes, name: str, shared: bool = True) -> Iterator[Rows]:
    """Whole rows as cut out, made ready: none of them lays out to more than :data:`MAX_DENSE` cells.

    ``name`` is the sheet's, to say which is too large; ``shared`` says if the workbook has shared texts.
    """
    found = _ROW.search(xml)
    if found is None:
        if _ANY_CELL.search(xml) or b":row" in xml or b"<row" in xml:
            raise UnusualError
        return
    last = _ROW.match(xml, xml.rfind(b'<row r="'))
    first, end = int(found[1]), int(last[1]) if last else 0
    # No cell may stand above the first row: the pieces would then overlap.
    if not 0 < first <= end <= MAX_ROWS + 1:
        raise UnusualError
    span = end - first + 1
    # Far fewer rows than their numbers say: somewhere there is a wide gap.
    columns = 0 if span > _GAP and span > 9 * xml.count(b"<row ") else min(MAX_COLUMNS, MAX_DENSE // span)
    seen = pa.array([xml], pa.large_binary())
    # One search tells whether there is anything to look for at all: mostly there is not.
    if columns and not _holds(seen, f"{_odd(first, end, columns)}|{_SPECIAL}"):
        yield Rows(_with_references(xml) if shared else xml, first, end)
    elif columns and not _holds(seen, _odd(first, end, columns)):
        yield _ready(seen, xml, first, end)
    else:
        yield from _divided(xml, name)


def _divided(xml: bytes, name: str) -> Iterator[Rows]:
    """The same for rows with wide gaps or many columns: measured exactly, and cut where they would grow too large."""
    cells = _CELL.findall(xml)
    starts = [(int(found[1]), found.start()) for found in _ROW.finditer(xml)]
    if len(cells) != len(_ANY_CELL.findall(xml)) or any(one > other for one, other in pairwise([row for row, _ in starts])):
        raise UnusualError
    # Formatting alone often reaches the last row or column; only filled cells count.
    columns = max((column_number(each.decode()) for each in {column for column, _, empty in cells if not empty}), default=1)
    rows = max((int(row) for _, row, empty in cells if not empty), default=1)
    if columns > MAX_COLUMNS or rows > MAX_ROWS:
        raise damaged()
    check_extent(name, rows, columns)
    at, first = 0, starts[0][0]
    for (row, _), (following, place) in pairwise([*starts, (0, len(xml))]):
        if not following or following - row > _GAP or (following - first + 1) * columns > MAX_DENSE:
            some = xml[at:place]
            seen = pa.array([some], pa.large_binary())
            if _holds(seen, _odd(first, row, MAX_COLUMNS)):
                raise UnusualError
            yield _ready(seen, some, first, row)
            at, first = place, following


def _ready(seen: pa.Array, xml: bytes, first: int, last: int) -> Rows:
    uncalculated: tuple[tuple[int, int], ...] = ()
    if b"<f" in xml and _holds(seen, _UNWORKED):
        cells = _FORMULA.findall(xml)
        uncalculated = tuple((int(row), column_number(column.decode())) for column, row, more in cells if b't="str"' not in more)
    if b't="e"' in xml:
        # As text, an error is handed over as it stands.
        xml = _IS_ERROR.sub(rb'\1 t="str"', xml)
    return Rows(_with_references(xml), first, last, uncalculated)


def _with_references(xml: bytes) -> bytes:
    """Shared texts as texts that hold their number, so that the texts themselves are stored only once."""
    xml = xml.replace(b't="s"><v>', b't="str"><v>' + _SHARED_UTF8)
    return _IS_SHARED.sub(rb' t="str"\1' + _SHARED_UTF8, xml) if b' t="s"' in xml else xml


def _holds(xml: pa.Array, pattern: str) -> bool:
    # Arrow's search takes time in proportion to the text, whatever is in it, and lets other threads work.
    return bool(pc.match_substring_regex(xml, pattern)[0].as_py())


def _odd(first: int, last: int, columns: int) -> str:
    """Matches any cell that does not say first where it stands, in capitals, or that stands outside these bounds."""
    outside = f"(?:{_above(str(last))}|{_below(str(first))})(?:[^0-9]|$)"
    place = f'[^A-Z]|{_beyond(letters(columns))}[0-9]|[A-Z]+(?:[^0-9A-Z]|0|{outside})|[A-Z]+[0-9]+[^0-9"]'
    return rf'<c(?:[/>\t\r\n]| (?:[^r]|r[^=]|r=[^"]|r="(?:{place})))|{_UNKNOWN}'


def _above(number: str) -> str:
    """Matches the digits of any larger number."""
    forms = [rf"[0-9]{{{len(number) + 1},}}"]
    for at, digit in enumerate(number):
        if digit < "9":
            forms.append(f"{number[:at]}[{chr(ord(digit) + 1)}-9][0-9]{{{len(number) - at - 1}}}")
    return "|".join(forms)


def _below(number: str) -> str:
    """Matches the digits of any smaller number."""
    forms = [rf"[0-9]{{1,{len(number) - 1}}}"] if len(number) > 1 else []
    for at, digit in enumerate(number):
        if digit > "0":
            forms.append(f"{number[:at]}[0-{chr(ord(digit) - 1)}][0-9]{{{len(number) - at - 1}}}")
    return "|".join(forms)


def _beyond(name: str) -> str:
    """Matches the letters of any later column."""
    forms = [rf"[A-Z]{{{len(name) + 1},}}"]
    for at, letter in enumerate(name):
        if letter < "Z":
            forms.append(f"{name[:at]}[{chr(ord(letter) + 1)}-Z][A-Z]{{{len(name) - at - 1}}}")
    return f"(?:{'|'.join(forms)})"


def rewritten(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same XML in the one form that the fast reading knows: no prefixes, every row and cell with its place first."""
    writer, total = _Writer(), 0
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = writer.start, writer.end
    parser.CharacterDataHandler = writer.text
    parser.StartDoctypeDeclHandler = writer.doctype
    try:
        for chunk in chunks:
            total += len(chunk)
            if total > _MAX_REWRITTEN:
                raise too_large(total)
            parser.Parse(chunk, False)
            if len(writer.pieces) > _BUFFER // 10:
                yield writer.taken()
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise damaged() from None
    yield writer.taken()


class _Writer:
    """Elements as they come, written out again."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.row = self.column = 0

    def taken(self) -> bytes:
        text = "".join(self.pieces)
        self.pieces = []
        return text.encode("utf-8", errors="replace")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items() if not key.startswith("xmlns")}
        if name == "row":
            self.row, self.column = int(plain.get("r") or self.row + 1), 0
            plain = {"r": str(self.row)} | {key: value for key, value in plain.items() if key == "hidden"}
        elif name == "c":
            self._place(plain.pop("r", ""))
            plain = {"r": f"{letters(self.column)}{self.row}", **plain}
        if name == "t" and plain.get("space") == "preserve":
            plain = {"xml:space": "preserve"}
        written = "".join(f' {key}="{escape(value, _QUOTE)}"' for key, value in plain.items())
        self.pieces.append(f"<{name}{written}>")

    def _place(self, reference: str) -> None:
        self.column += 1
        if reference:
            found = re.fullmatch(r"([A-Za-z]{1,3})(\d{1,7})", reference)
            if not found or int(found[2]) != self.row:
                raise damaged()
            self.column = column_number(found[1].upper())

    def end(self, name: str) -> None:
        self.pieces.append(f"</{name.rpartition(':')[2]}>")

    def text(self, data: str) -> None:
        self.pieces.append(escape(data))

    def doctype(self, *_: object) -> None:
        raise unsafe()
