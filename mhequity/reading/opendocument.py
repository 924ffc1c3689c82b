"""OpenDocument spreadsheets (.ods) to grids. Rows and cells are stored once with a number of repeats, so that a small
file can stand for billions of cells: they are counted before they are laid out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from xml.parsers import expat

from mhequity.reading.archives import archive_of, check_sizes, chunks, damaged, part, password_needed, refusing_what_is_broken, unsafe
from mhequity.reading.grids import Grid, Refused
from mhequity.reading.stored import MAX_CELLS, Block, Part, blocks_of, check_extent, grid_from
from mhequity.reading.workbooks import HIDDEN, Unread

_AT_ONCE = 1_000_000
_CHUNK = 4_000_000
_NUMBERS = ("float", "percentage", "currency")
_DURATION = re.compile(r"(-?)P(?:(\d{1,6})D)?T?(?:(\d{1,7})H)?(?:(\d{1,7})M)?(?:(\d{1,7})(?:[.,]\d{1,9})?S)?")
_OUTSIDE = ("annotation", "shapes", "note", "ruby-text")
"""Elements within a cell whose text is not the cell's."""


def read_opendocument(data: bytes, wanted: Callable[[str, bool], bool]) -> list[Grid | Unread]:
    """The sheets of an .ods file, in order; ``Refused`` where the file cannot or should not be opened.

    ``wanted`` says of a sheet's name, and whether it is hidden, if it is to be read.
    """
    with refusing_what_is_broken(), archive_of(data) as archive:
        check_sizes(archive.infolist())
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in part(archive, "META-INF/manifest.xml"):
            raise password_needed()
        reader, parser = _Reader(wanted), expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
        parser.CharacterDataHandler = reader.characters
        parser.StartDoctypeDeclHandler = _refuse_definitions
        try:
            for chunk in chunks(archive, "content.xml", _CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError:
            raise damaged() from None
        return reader.found


def _refuse_definitions(*_: object) -> None:
    raise unsafe()


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _value(kind: str, held: dict[str, str], shown: str) -> object:
    """What a cell stores, in the form that :func:`~mhequity.reading.stored.encode` takes."""
    if kind in _NUMBERS and held.get("value"):
        return float(held["value"])
    if kind == "boolean":
        return held.get("boolean-value") == "true"
    if kind == "date" and held.get("date-value"):
        moment = datetime.fromisoformat(held["date-value"])
        return moment.replace(tzinfo=None)
    if kind == "time" and (found := _DURATION.fullmatch(held.get("time-value", ""))):
        days, hours, minutes, seconds = (int(each or 0) for each in found.groups()[1:])
        length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return -length if found[1] else length
    return shown or held.get("string-value", "")


class _Reader:
    """Takes the elements of a document as they come. Positions count from 1."""

    def __init__(self, wanted: Callable[[str, bool], bool]) -> None:
        self.wanted = wanted
        self.found: list[Grid | Unread] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.reading = False
        self.left_to_lay_out = MAX_CELLS // 2
        self.outside = 0
        self.paragraphs: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = _local(name)
        held = {_local(key): value for key, value in attributes.items()}
        if name == "style":
            self.style = held.get("name", "")
        elif name == "table-properties" and held.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif name == "table" and not self.reading:
            self._start_table(held)
        elif self.reading:
            self._start_inside(name, held, attributes)

    def _start_table(self, held: dict[str, str]) -> None:
        self.name, self.hidden = held.get("name", ""), held.get("style-name", "") in self.hidden_styles
        self.reading = self.wanted(self.name, self.hidden)
        if not self.reading:
            self.found.append(Unread(self.name, HIDDEN if self.hidden else ""))
        self.row = self.first = 1
        self.width = 0
        self.blocks: list[Block] = []
        self.rows: list[list[object]] = []
        self.merged: list[tuple[int, int, int, int]] = []
        self.uncalculated: list[tuple[int, int]] = []
        self.refused: Refused | None = None

    def _start_inside(self, name: str, held: dict[str, str], attributes: dict[str, str]) -> None:
        if name in _OUTSIDE:
            self.outside += 1
        elif self.outside:
            return
        elif name == "table-row":
            self.cells: list[object] = []
            self.column, self.repeated = 1, int(held.get("number-rows-repeated", 1))
        elif name in ("table-cell", "covered-table-cell"):
            error = any(key.startswith("calcext:") and value == "error" for key, value in attributes.items())
            self.kind = "error" if error else held.get("value-type", "")
            self.held, self.paragraphs = held, []
        elif self.paragraphs is not None:
            if name == "p":
                self.paragraphs.append("")
            elif name in ("s", "tab", "line-break") and self.paragraphs:
                self.paragraphs[-1] += {"s": " " * min(int(held.get("c", 1)), 1000), "tab": "\t", "line-break": "\n"}[name]

    def characters(self, text: str) -> None:
        if self.reading and self.paragraphs and not self.outside:
            self.paragraphs[-1] += re.sub(r"[ \t\r\n]+", " ", text)

    def end(self, name: str) -> None:
        name = _local(name)
        if not self.reading:
            return
        if name in _OUTSIDE:
            self.outside -= 1
        elif self.outside:
            return
        elif name in ("table-cell", "covered-table-cell"):
            self._end_cell()
        elif name == "table-row":
            self._end_row()
        elif name == "table":
            self._end_table()

    def _end_cell(self) -> None:
        repeated = int(self.held.get("number-columns-repeated", 1))
        value = _value(self.kind, self.held, "\n".join(self.paragraphs or []))
        self.paragraphs = None
        if value == "" and "formula" in self.held and not self.kind:
            self.uncalculated.append((self.row, self.column))
        down, across = int(self.held.get("number-rows-spanned", 1)), int(self.held.get("number-columns-spanned", 1))
        if down > 1 or across > 1:
            self.merged.append((self.row, self.column, self.row + down - 1, self.column + across - 1))
        if value != "" and not self._too_large(self.row, self.column + repeated - 1):
            self.cells += [""] * (self.column - 1 - len(self.cells)) + [value] * repeated
        self.column += repeated

    def _end_row(self) -> None:
        last = self.row + self.repeated - 1
        if self.cells and not self.refused and not self._too_large(last, len(self.cells)):
            self.left_to_lay_out -= self.repeated * len(self.cells)
            self.width = max(self.width, len(self.cells))
            for at in range(self.repeated):
                self._lay(self.row + at)
        self.row = last + 1

    def _lay(self, row: int) -> None:
        if self.rows and (row != self.first + len(self.rows) or len(self.rows) * max(self.width, 1) > _AT_ONCE):
            self._flush()
        if not self.rows:
            self.first = row
        self.rows.append(self.cells)

    def _too_large(self, row: int, column: int) -> bool:
        try:
            check_extent(self.name, row, max(column, self.width))
            if self.repeated * column > self.left_to_lay_out:
                raise Refused(f"Sheet {self.name} holds too many cells to read.", "Split it into smaller files and upload each.")
        except Refused as refused:
            self.refused = refused
        return self.refused is not None

    def _flush(self) -> None:
        if self.rows:
            width = max(map(len, self.rows))
            self.blocks += blocks_of([Part(self.first, 1, [row + [""] * (width - len(row)) for row in self.rows])])
        self.rows = []

    def _end_table(self) -> None:
        self.reading = False
        if self.refused:
            self.found.append(Unread(self.name, refused=self.refused))
            return
        self._flush()
        grid = grid_from(self.blocks, self.name)
        merged, uncalculated = tuple(self.merged), tuple(self.uncalculated)
        self.found.append(Grid(self.name, grid.strips, grid.height, grid.top, grid.left, "", self.hidden, merged, uncalculated))
