"""Excel workbooks (.xlsx, .xlsm) to grids: unpacked little by little, the rows read in pieces by several threads at once."""

from __future__ import annotations

import io
import os
import posixpath
import zipfile
from collections import Counter, deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.compute as pc
from python_calamine import CalamineSheet, CalamineWorkbook

from mhequity.reading.archives import archive_of, check_sizes, chunks, damaged, part, refusing_what_is_broken, too_large, tree
from mhequity.reading.grids import Grid, Refused, Unseen
from mhequity.reading.sheet_looks import cells_in_style, hidden_columns_in, hidden_rows_in, merged_in, percent_styles
from mhequity.reading.sheetxml import HEAD, ROWS, SHARED, TAIL, Rows, UnusualError, cut, prepared, rewritten
from mhequity.reading.stored import MAX_TEXT, Block, Budget, Part, blocks_of, check_extent, collecting_no_garbage, grid_from, parts_of

_R = TypeVar("_R")

HIDDEN, CHART = "hidden", "chart"

_PIECE = 2_000_000
_THREADS = min(3, os.cpu_count() or 1)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_LINK = '<Relationships xmlns="{}"><Relationship Id="r1" Type="{}/{}" Target="{}"/></Relationships>'
_SHEET_START = f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode()
_SHEET_END = b"</sheetData></worksheet>"


@dataclass(frozen=True)
class Unread:
    """A sheet that was not read: because it is hidden, a chart, or refused."""

    name: str
    why: str = ""
    refused: Refused | None = None


@dataclass(frozen=True)
class _Sheet:
    name: str
    path: str
    hidden: bool


@dataclass(frozen=True)
class _Book:
    """What the sheets of a workbook share: formats of dates and the like, how days are counted, and texts."""

    styles: bytes
    days_from_1904: bool
    texts: pa.ChunkedArray
    percent: frozenset[int] = frozenset()
    """Numbers of the styles that show a number as a percentage."""


def read_workbook(data: bytes, wanted: Callable[[str, bool], bool]) -> list[Grid | Unread]:
    """The worksheets of an .xlsx or .xlsm file, in order; ``Refused`` where the file cannot or should not be opened.

    Parameters
    ----------
    data
        The file.
    wanted
        Says of a sheet's name, and whether it is hidden, if it is to be read.
    """
    with refusing_what_is_broken(), collecting_no_garbage(), archive_of(data) as archive:
        check_sizes(archive.infolist())
        names = {name.replace("\\", "/").casefold(): name for name in archive.namelist()}
        main = next(path for path in names if path.endswith("workbook.xml"))
        book = tree(part(archive, names[main]))
        links = _links(archive, names, main)
        sheets = list(_sheets(book, links))
        asked = {sheet.name for sheet in sheets if sheet.path in names and wanted(sheet.name, sheet.hidden)}
        shared = _book(archive, names, book, links) if asked else None
        found: list[Grid | Unread] = []
        budget = Budget()
        for sheet in sheets:
            if shared is None or sheet.name not in asked:
                found.append(Unread(sheet.name, CHART if sheet.path not in names else HIDDEN if sheet.hidden else ""))
                continue
            try:
                budget.check()
                grid = _read_sheet(archive, names[sheet.path], sheet, shared)
                budget.spend(grid)
                found.append(grid)
            except Refused as refused:
                found.append(Unread(sheet.name, refused=refused))
        return found


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def _links(archive: zipfile.ZipFile, names: dict[str, str], main: str) -> dict[str, tuple[str, str]]:
    """What the workbook's relations point to: identifier to kind and path, and kind to kind and path."""
    folder, leaf = posixpath.split(main)
    links = {}
    for element in tree(part(archive, names[posixpath.join(folder, "_rels", f"{leaf}.rels")])):
        kind = element.get("Type", "").rpartition("/")[2]
        path = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "").replace("\\", "/")))[1:].casefold()
        links[element.get("Id", "")] = links[f"/{kind}"] = (kind, path)
    return links


def _sheets(book: ElementTree.Element, links: dict[str, tuple[str, str]]) -> Iterator[_Sheet]:
    for element in book.iter():
        if _local(element.tag) == "sheet":
            link = next((value for key, value in element.attrib.items() if key.endswith("}id")), "")
            kind, path = links.get(link, ("", ""))
            hidden = element.get("state", "visible") != "visible"
            yield _Sheet(element.get("name", ""), path if kind == "worksheet" else "", hidden)


def _book(archive: zipfile.ZipFile, names: dict[str, str], book: ElementTree.Element, links: dict[str, tuple[str, str]]) -> _Book:
    settings = next((each for each in book.iter() if _local(each.tag) == "workbookPr"), None)
    old = settings is not None and settings.get("date1904", "").casefold() in ("1", "true", "on")
    styles, texts = (names.get(links.get(kind, ("", ""))[1], "") for kind in ("/styles", "/sharedStrings"))
    plain = _Book(part(archive, styles) if styles else b"", old, pa.chunked_array([], pa.large_string()))
    return replace(plain, texts=_shared_texts(archive, texts, plain) if texts else plain.texts, percent=percent_styles(plain.styles))


def _shared_texts(archive: zipfile.ZipFile, path: str, book: _Book) -> pa.ChunkedArray:
    """The texts that cells refer to by number. They are read as if each were a cell, so that all texts are read alike."""
    if archive.getinfo(path).file_size > MAX_TEXT:
        raise too_large(archive.getinfo(path).file_size)
    try:
        return _texts(chunks(archive, path, _PIECE), book)
    except UnusualError:
        return _texts(rewritten(chunks(archive, path, _PIECE)), book)


def _texts(xml: Iterator[bytes], book: _Book) -> pa.ChunkedArray:
    found = list(_in_threads(lambda piece: _text_column(piece, book), _whole_texts(xml)))
    return pa.chunked_array(found, pa.large_string())


def _whole_texts(xml: Iterator[bytes]) -> Iterator[bytes]:
    held, started = b"", False
    for chunk in xml:
        held += chunk
        at = held.find(b"<si") if not started else 0
        end = held.rfind(b"</si>") + len(b"</si>")
        if at < 0 or end < len(b"</si>"):
            continue
        started = True
        yield held[at:end]
        held = held[end:]
    if b"<si" in held.replace(b"<si/>", b"") or b":si>" in held:
        raise UnusualError
    if b"<si/>" in held:
        yield held[held.index(b"<si/>") : held.rindex(b"<si/>") + len(b"<si/>")]


def _text_column(piece: bytes, book: _Book) -> pa.Array:
    count = piece.count(b"</si>") + piece.count(b"<si/>")
    if piece.count(b"<si") != count or b"<!" in piece:
        raise UnusualError
    rows = piece.replace(b"<si/>", b"<row/>").replace(b"<si>", b'<row><c t="inlineStr"><is>').replace(b"</si>", b"</is></c></row>")
    texts = [""] * count
    for block in blocks_of(parts_of(_cells(rows, book))):
        texts[block.top - 1 : block.top - 1 + block.height] = block.columns[0].to_pylist()
    return pa.array(texts, pa.large_string())


def _in_threads(work: Callable[[bytes], _R], pieces: Iterator[bytes]) -> Iterator[_R]:
    """Results in order, with no more than a few pieces in memory at a time. Another thread unpacks the next piece."""
    with ThreadPoolExecutor(_THREADS + 1) as pool:
        waiting: deque[Future[_R]] = deque()
        try:
            ahead = pool.submit(next, pieces, None)
            while (piece := ahead.result()) is not None:
                ahead = pool.submit(next, pieces, None)
                waiting.append(pool.submit(work, piece))
                if len(waiting) > _THREADS + 1:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _read_sheet(archive: zipfile.ZipFile, path: str, sheet: _Sheet, book: _Book) -> Grid:
    try:
        return _read_rows(chunks(archive, path, _PIECE), sheet, book)
    except UnusualError:
        pass
    try:
        return _read_rows(rewritten(chunks(archive, path, _PIECE)), sheet, book)
    except UnusualError:
        raise damaged() from None


def _read_rows(xml: Iterator[bytes], sheet: _Sheet, book: _Book) -> Grid:
    around: dict[str, bytes] = {}
    hidden: list[int] = []
    percents: Counter[int] = Counter()
    uncalculated: list[tuple[int, int]] = []

    def pieces() -> Iterator[bytes]:
        for piece, where in cut(xml):
            if where == ROWS:
                hidden.extend(hidden_rows_in(piece))
                percents.update(cells_in_style(piece, book.percent))
                yield piece
            else:
                around[where] = piece

    # Threads do what needs no Python; the texts are made here, because threads would only wait for each other.
    read = chain.from_iterable(_in_threads(lambda piece: _read_piece(piece, sheet.name, book), pieces()))
    blocks = [_named(block, book.texts) for block in blocks_of(_parts(read, sheet.name, book, uncalculated))]
    grid = grid_from(blocks, sheet.name)
    merged, columns = merged_in(around.get(TAIL, b"")), hidden_columns_in(around.get(HEAD, b""))
    unseen = Unseen(tuple(hidden), columns)
    return replace(grid, hidden=sheet.hidden, merged=merged, uncalculated=tuple(uncalculated), unseen=unseen, percents=percents)


def _parts(
    read: Iterator[tuple[Rows, CalamineSheet | None]], name: str, book: _Book, uncalculated: list[tuple[int, int]]
) -> Iterator[Part]:
    """The cells of all pieces; formulas without a value are added to ``uncalculated``."""
    end = right = 0
    for rows, cells in read:
        if rows.first <= end:
            raise UnusualError
        end = rows.last
        uncalculated += rows.uncalculated
        for each in parts_of(cells if cells is not None else _cells(rows.xml, book)):
            right = max(right, each.right)
            check_extent(name, each.top + len(each.rows) - 1, right - 1)
            yield each


def _read_piece(xml: bytes, name: str, book: _Book) -> list[tuple[Rows, CalamineSheet | None]]:
    found = list(prepared(xml, name, len(book.texts) > 0))
    # Rows that had to be divided would be large together: they are laid out one by one.
    return [(rows, _cells(rows.xml, book) if len(found) == 1 else None) for rows in found]


def _cells(rows: bytes, book: _Book) -> CalamineSheet:
    """Rows of a sheet read as a workbook of their own, which holds nothing else."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        first = f'<sheets><sheet name="1" sheetId="1" r:id="r1" xmlns:r="{_OFFICE}"/></sheets>'
        archive.writestr("_rels/.rels", _LINK.format(_PACKAGE, _OFFICE, "officeDocument", "xl/workbook.xml"))
        archive.writestr("xl/_rels/workbook.xml.rels", _LINK.format(_PACKAGE, _OFFICE, "worksheet", "worksheets/sheet1.xml"))
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{_MAIN}"><workbookPr date1904="{book.days_from_1904:d}"/>{first}</workbook>')
        if book.styles:
            archive.writestr("xl/styles.xml", book.styles)
        archive.writestr("xl/worksheets/sheet1.xml", _SHEET_START + rows + _SHEET_END)
    packed.seek(0)
    with refusing_what_is_broken(), CalamineWorkbook.from_filelike(packed) as library:
        return library.get_sheet_by_index(0)


def _named(block: Block, texts: pa.ChunkedArray) -> Block:
    """The block with shared texts in place of their numbers."""
    return Block(block.top, block.left, block.height, [_with_texts(column, texts) for column in block.columns])


def _with_texts(column: pa.DictionaryArray, texts: pa.ChunkedArray) -> pa.DictionaryArray:
    values = column.dictionary
    refers = pc.match_substring_regex(values, f"^{SHARED}[0-9]{{1,9}}$")
    if not pc.any(refers).as_py():
        return column
    at = pc.cast(pc.utf8_slice_codeunits(values.filter(refers), 1), pa.int64())
    if pc.max(at).as_py() >= len(texts):
        raise damaged()
    return pa.DictionaryArray.from_arrays(
        column.indices, pc.replace_with_mask(values, refers, texts.take(at).cast(pa.string()).combine_chunks())
    )
