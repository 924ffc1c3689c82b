"""Binary workbooks (.xls, .xlsb) to grids. A library reads the cells; the records are looked through first, for how far
cells reach, how much their shared texts add up to, and where errors stand, which the library does not tell."""

from __future__ import annotations

import io
import posixpath
import struct
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from mhequity.reading.archives import archive_of, check_sizes, damaged, part, password_needed, refusing_what_is_broken, tree
from mhequity.reading.grids import Grid, Refused
from mhequity.reading.stored import Budget, blocks_of, check_extent, grid_from, parts_of
from mhequity.reading.workbooks import CHART, HIDDEN, Unread

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAX_DENSE = 10_500_000
"""Cells of all sheets, laid out: the library holds the whole workbook at once."""
_MAX_TEXT = 300_000_000
_MAX_PART = 200_000_000
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A", 43: "#GETTING_DATA"}
_END_OF_CHAIN = 0xFFFFFFFA

_XLS_CELLS = {0x0006, 0x0203, 0x0204, 0x0205, 0x0206, 0x0406, 0x027E, 0x00FD, 0x00D6, 0x00BD}
_START, _NAMED_SHEET, _FORMULAS, _BOOL_OR_ERROR, _MANY, _SHARED = 0x0809, 0x0085, (0x0006, 0x0206, 0x0406), 0x0205, 0x00BD, 0x00FD
_TEXTS, _CONTINUED, _LOCKED = 0x00FC, 0x003C, 0x002F


@dataclass
class _Extent:
    """How far the cells of one sheet reach (from 1), which shared texts they refer to, and its errors by place."""

    rows: int = 0
    columns: int = 0
    shared: array[int] = field(default_factory=lambda: array("I"))
    errors: dict[tuple[int, int], str] = field(default_factory=dict)

    def reach(self, row: int, column: int) -> None:
        self.rows, self.columns = max(self.rows, row + 1), max(self.columns, column + 1)

    def fails(self, row: int, column: int, code: int) -> None:
        self.errors[row + 1, column + 1] = _ERRORS.get(code, "#ERROR!")


def is_workbook(data: bytes) -> bool:
    """True where an old Office file holds a workbook (and not, say, a letter)."""
    return any(name.encode("utf-16-le") + b"\0\0" in data for name in ("Workbook", "Book", "WORKBOOK", "BOOK"))


def read_xls(data: bytes, wanted: Callable[[str, bool], bool]) -> list[Grid | Unread]:
    """The sheets of an .xls file, in order; ``Refused`` where the file cannot or should not be opened."""
    with refusing_what_is_broken():
        extents, lengths = _look_through_xls(_workbook_stream(data))
        # The library lays out all sheets as it opens the file.
        if sum(each.rows * each.columns for each in extents) > _MAX_DENSE:
            largest = max(extents, key=lambda each: each.rows * each.columns)
            raise _too_far(f"reaches down to row {largest.rows:,} and across {largest.columns:,} columns")
        if sum(_text_of(each, lengths) for each in extents) > _MAX_TEXT:
            raise _too_far("holds more text than can be read")
        return _read(data, wanted, extents, [])


def read_xlsb(data: bytes, wanted: Callable[[str, bool], bool]) -> list[Grid | Unread]:
    """The sheets of an .xlsb file, in order; ``Refused`` where the file cannot or should not be opened."""
    with refusing_what_is_broken():
        with archive_of(data) as archive:
            check_sizes(archive.infolist())
            names = {name.casefold(): name for name in archive.namelist()}
            texts = names.get("xl/sharedstrings.bin")
            lengths = [_unsigned(body, 1) for kind, body in _records(part(archive, texts, _MAX_PART)) if kind == 19] if texts else []
            links = {each.get("Id", ""): each.get("Target", "") for each in tree(part(archive, names["xl/_rels/workbook.bin.rels"]))}
            targets = [links.get(link, "") for link in _sheet_links(part(archive, names["xl/workbook.bin"]))]
            paths = [names.get(posixpath.normpath(posixpath.join("/xl", target))[1:].casefold()) for target in targets]
            extents = [_look_through_xlsb(part(archive, path, _MAX_PART)) if path else _Extent() for path in paths]
        return _read(data, wanted, extents, lengths)


def _too_far(what: str) -> Refused:
    return Refused(f"A sheet of the workbook {what}: too large to read.", "Save it as .xlsx, or split it, and upload again.")


def _text_of(extent: _Extent, lengths: list[int]) -> int:
    return sum(lengths[at] for at in extent.shared if at < len(lengths))


def _read(data: bytes, wanted: Callable[[str, bool], bool], extents: list[_Extent], lengths: list[int]) -> list[Grid | Unread]:
    found: list[Grid | Unread] = []
    budget = Budget()
    with CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for at, sheet in enumerate(book.sheets_metadata):
            hidden = sheet.visible != SheetVisibleEnum.Visible
            extent = extents[at] if at < len(extents) else _Extent()
            if sheet.typ != SheetTypeEnum.WorkSheet or not wanted(sheet.name, hidden):
                found.append(Unread(sheet.name, CHART if sheet.typ != SheetTypeEnum.WorkSheet else HIDDEN if hidden else ""))
                continue
            try:
                budget.check()
                check_extent(sheet.name, extent.rows, extent.columns)
                if extent.rows * extent.columns > _MAX_DENSE or _text_of(extent, lengths) > _MAX_TEXT:
                    raise _too_far("holds more cells or text than can be read")
                cells = book.get_sheet_by_name(sheet.name)
                grid = grid_from(list(blocks_of(parts_of(cells, extent.errors))), sheet.name)
                merged = tuple((r1 + 1, c1 + 1, r2 + 1, c2 + 1) for (r1, c1), (r2, c2) in cells.merged_cell_ranges or [])
                budget.spend(grid)
                found.append(replace(grid, hidden=hidden, merged=merged))
            except Refused as refused:
                found.append(Unread(sheet.name, refused=refused))
    return found


def _unsigned(body: bytes, at: int) -> int:
    return int.from_bytes(body[at : at + 4], "little")


def _workbook_stream(data: bytes) -> bytes:
    """The workbook within an old Office file, which is laid out in sectors like a small disk."""
    size, small = 1 << data[30], 1 << data[32]
    if not 512 <= size <= 4096 or small != 64:
        raise damaged()

    def chain(at: int, table: Sequence[int]) -> Iterator[int]:
        for _ in range(len(table) + 1):
            if at >= len(table):
                return
            yield at
            at = table[at]

    def sectors(numbers: Iterable[int]) -> bytes:
        return b"".join(data[size * (number + 1) : size * (number + 2)] for number in numbers)

    def numbers_in(held: bytes) -> Sequence[int]:
        return struct.unpack(f"<{len(held) // 4}I", held[: len(held) // 4 * 4])

    listed = list(numbers_in(data[76:512]))
    following, left = _unsigned(data, 68), len(data) // size
    while following < _END_OF_CHAIN and left > 0:
        more = numbers_in(sectors([following]))
        listed, following, left = listed + list(more[:-1]), more[-1], left - 1
    table = numbers_in(sectors(number for number in listed if number < len(data) // size))
    folder = sectors(chain(_unsigned(data, 48), table))
    entries = [folder[at : at + 128] for at in range(0, len(folder) - 127, 128)]
    names = {
        entry[: max(0, int.from_bytes(entry[64:66], "little") - 2)].decode("utf-16-le", "replace").casefold(): entry for entry in entries
    }
    entry = names.get("workbook") or names.get("book")
    if entry is None or len(entry) < 128:
        raise damaged()
    start, length = _unsigned(entry, 116), _unsigned(entry, 120)
    if length >= _unsigned(data, 56):
        return sectors(chain(start, table))[:length]
    within = sectors(chain(_unsigned(entries[0], 116), table))
    minor = numbers_in(sectors(chain(_unsigned(data, 60), table)))
    return b"".join(within[small * number : small * (number + 1)] for number in chain(start, minor))[:length]


def _look_through_xls(stream: bytes) -> tuple[list[_Extent], list[int]]:
    """The extents of the sheets in the order in which the workbook names them, and the lengths of its shared texts."""
    found: dict[int, _Extent] = {}
    places: list[int] = []
    texts: list[bytes] = []
    here, at, before = _Extent(), 0, 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = at + 4
        if kind in _XLS_CELLS and size >= 6:
            _note_xls(here, kind, stream[body : body + size])
        elif kind == _START:
            here = found.setdefault(at, _Extent())
        elif kind == _NAMED_SHEET:
            places.append(_unsigned(stream, body))
        elif kind == _LOCKED:
            raise password_needed()
        elif kind == _TEXTS or (kind == _CONTINUED and before == _TEXTS):
            texts.append(stream[body : body + size])
        before = before if kind == _CONTINUED else kind
        at = body + size
    return [found.get(place, _Extent()) for place in places], list(_lengths(texts))


def _note_xls(here: _Extent, kind: int, body: bytes) -> None:
    row, column = struct.unpack_from("<HH", body)
    here.reach(row, int.from_bytes(body[-2:], "little") if kind == _MANY else column)
    if kind == _SHARED:
        here.shared.append(_unsigned(body, 6))
    elif kind == _BOOL_OR_ERROR and len(body) >= 8 and body[7]:
        here.fails(row, column, body[6])
    elif kind in _FORMULAS and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        here.fails(row, column, body[8])


def _lengths(parts: list[bytes]) -> Iterator[int]:
    """The lengths of shared texts, which may run on from one record into the next."""
    part_at, at = 0, 8

    def take(size: int) -> bytes:
        nonlocal part_at, at
        while part_at < len(parts) and at >= len(parts[part_at]):
            part_at, at = part_at + 1, 0
        held = parts[part_at][at : at + size] if part_at < len(parts) else b""
        at += size
        return held

    def skip(size: int, width: int) -> None:
        nonlocal part_at, at
        while size > 0 and part_at < len(parts):
            here = min(size, len(parts[part_at]) - at)
            at, size = at + here, size - here
            if size > 0:
                part_at, at = part_at + 1, 0
                if width and part_at < len(parts) and parts[part_at]:
                    # Characters that run on say again whether each takes one byte or two.
                    now = 1 + (parts[part_at][0] & 1)
                    size, width, at = size // width * now, now, 1

    while len(head := take(3)) == 3:
        count, flags = struct.unpack("<HB", head)
        runs = int.from_bytes(take(2), "little") if flags & 8 else 0
        more = _unsigned(take(4), 0) if flags & 4 else 0
        yield count
        skip(count * (1 + (flags & 1)), 1 + (flags & 1))
        skip(runs * 4 + more, 0)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Kind and content of each record of an .xlsb part; both kind and size take as many bytes as they need."""
    at, end = 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80 and at < end:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while at < end and shift < 28:
            byte = data[at]
            at += 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        yield kind, data[at : at + size]
        at += size


def _sheet_links(book: bytes) -> list[str]:
    """The relations of the sheets in the order in which the workbook names them."""
    return [body[12 : 12 + 2 * _unsigned(body, 8)].decode("utf-16-le", "replace") for kind, body in _records(book) if kind == 156]


def _look_through_xlsb(sheet: bytes) -> _Extent:
    found, row = _Extent(), 0
    for kind, body in _records(sheet):
        if kind == 0:
            row = _unsigned(body, 0)
        elif 2 <= kind <= 11:
            column = _unsigned(body, 0)
            found.reach(row, column)
            if kind == 7:
                found.shared.append(_unsigned(body, 8))
            elif kind in (3, 11) and len(body) > 8:
                found.fails(row, column, body[8])
    return found
