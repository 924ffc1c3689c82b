"""Delimited text (CSV and its relatives) to a grid: separator and line ends found from the content.

Regular text is read by Arrow, with rows that are shorter or longer than the others (titles, notes) put back in their place;
text that it refuses is read row by row. Both give the same grid.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from mhequity.coded import side_by_side
from mhequity.reading.grids import Grid, Refused, Strip, strip_of
from mhequity.reading.stored import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, Block, encode, grid_from
from mhequity.reading.text_encodings import as_utf8, refuse_binary

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars (|)"}
_SAMPLE_ROWS, _SAMPLE = 60, 200_000
_BLOCK = 8_000_000
_WIDE = 256
"""From so many columns on the text is taken as one block: each block's columns cost more than their cells."""
_MAX_ODD_ROWS = 20_000
_CELLS_AT_ONCE = 400_000
_ENCODED = pa.dictionary(pa.int32(), pa.string())
_BETWEEN_SEMICOLONS = re.compile(r"[^;\r\n]+")
_FIGURE = re.compile(r"\W*\d[\d., ]*[^\d,]{0,12}")
"""One figure and no more: ``12,5``, ``1.234,5 %``. Never ``2024-05-01,2024-05-31`` or ``0 to 13,0 to 13``."""
_MARKED = "^'([=+\\-@\t\r\n])"


@dataclass(frozen=True)
class _Text:
    """The text as UTF-8, without a byte order mark or Excel's hint line."""

    data: bytes
    encoding: str
    separator: str
    skipped: int

    @cached_property
    def start(self) -> str:
        """Enough of it to see its shape."""
        size = _SAMPLE if self.data.count(b"\n", 0, _SAMPLE) > 3 else 10 * _SAMPLE
        return self.data[:size].decode("utf-8", errors="ignore")


def read_delimited(data: bytes, name: str) -> tuple[Grid, str]:
    """The grid, and a sentence on how it was read where that is not UTF-8 with commas (else empty)."""
    utf8, encoding = as_utf8(data)
    text = _without_hint(utf8, encoding)
    grid = _regular(text, name)
    if grid is None:
        grid = _row_by_row(text, name)
    _check_end(grid, text)
    return replace(grid, separator=text.separator), _how_read(text)


def _without_hint(utf8: bytes, encoding: str) -> _Text:
    """Excel's own first line ``sep=;`` says the separator; it counts as a line of the file."""
    found = re.match(rb'"?sep=([,;\t|])"?(\r\n|\r|\n|$)', utf8[:20], re.IGNORECASE)
    if found:
        return _Text(utf8[found.end() :], encoding, found[1].decode(), 1)
    text = _Text(utf8, encoding, ",", 0)
    return replace(text, separator=separator_of(text.start))


def _sample(text: str, separator: str) -> list[list[str]]:
    """The first rows that hold anything, as far as they can be read."""
    rows: list[list[str]] = []
    # A quote that never closes makes one separator's sample unreadable; the others may still do.
    try:
        for row in islice(csv.reader(io.StringIO(text, newline=""), delimiter=separator), 4 * _SAMPLE_ROWS):
            if any(row):
                rows.append(row)
    except csv.Error:
        pass
    # The text may end within a row.
    return rows[:-1] if len(rows) > 1 and len(text) > _SAMPLE // 2 else rows


def _usual_width(rows: list[list[str]]) -> tuple[int, int]:
    """How many rows have the width that most rows wider than one cell have, and that width."""
    widths = Counter(len(row) for row in rows if len(row) > 1)
    return max(((count, width) for width, count in widths.items()), default=(0, 0))


def separator_of(text: str) -> str:
    """The separator that splits the first lines into the most rows of one width."""
    found = {separator: _usual_width(_sample(text, separator)) for separator in _SEPARATORS}
    best = max(found, key=lambda separator: found[separator])
    if best == "," and found[";"] > (1, 0) and found[";"] > _usual_width(_sample(_without_decimals(text), ",")):
        # 12,5;3,75: what looked like a separator is the sign before the decimals.
        return ";"
    return best


def _without_decimals(text: str) -> str:
    """The text without the commas of figures that stand alone between semicolons."""
    return _BETWEEN_SEMICOLONS.sub(lambda found: found[0].replace(",", "") if _FIGURE.fullmatch(found[0]) else found[0], text)


def _regular(text: _Text, name: str) -> Grid | None:
    """The text read by Arrow; None where that cannot be done."""
    width = _usual_width(_sample(text.start, text.separator))[1]
    if not 1 < width <= MAX_COLUMNS:
        return None
    odd: list[tuple[int, str]] = []

    def note(row: pacsv.InvalidRow) -> str:
        odd.append((row.number or 0, row.text))
        return "skip" if len(odd) <= _MAX_ODD_ROWS else "error"

    try:
        table = _read_table(text, width, note, threads=True)
        if odd:
            # Only one thread knows where the rows stood.
            odd.clear()
            table = _read_table(text, width, note, threads=False)
        rows = {number - 1: next(csv.reader(io.StringIO(held, newline=""), delimiter=text.separator)) for number, held in odd}
    except (pa.ArrowInvalid, csv.Error):
        return None
    if any("\0" in cell for cells in rows.values() for cell in cells):
        refuse_binary(text.data)
    height, across = table.num_rows + len(rows), max([width, *map(len, rows.values())])
    _check(height, across)
    columns: list[pa.ChunkedArray | None] = [*table.columns, *[None] * (across - width)]
    del table

    def strip_at(at: int) -> Strip | None:
        apart = {row: cells[at] for row, cells in rows.items() if at < len(cells)}
        column = _with_rows(columns[at], height, apart, rows)
        # What is done with is let go of: all columns twice would take too much memory.
        columns[at] = None
        if pc.any(pc.match_substring(column.dictionary, "\0")).as_py():
            refuse_binary(text.data)
        # So long a cell is a quotation mark left open, which the reading row by row can place.
        return None if _longest(column.dictionary) > csv.field_size_limit() else strip_of(_plain(column))

    strips = side_by_side(strip_at, range(across), height)
    known = [strip for strip in strips if strip is not None]
    if len(known) < across:
        return None
    # Arrow keeps the memory that its reading took, which is more than what is kept of the text.
    pa.default_memory_pool().release_unused()
    return Grid(name, tuple(known), height, top=1 + text.skipped)


def _longest(values: pa.StringArray) -> int:
    return int(pc.max(pc.binary_length(values)).as_py() or 0)


def _read_table(text: _Text, width: int, note: Callable[[pacsv.InvalidRow], str], threads: bool) -> pa.Table:
    names = [str(at) for at in range(width)]
    size = _BLOCK if width < _WIDE else min(len(text.data) + 1, 2**31 - 1)
    quoted = b'"' in text.data
    return pacsv.read_csv(
        pa.BufferReader(text.data),
        read_options=pacsv.ReadOptions(column_names=names, block_size=size, use_threads=threads),
        parse_options=pacsv.ParseOptions(
            delimiter=text.separator, ignore_empty_lines=False, newlines_in_values=quoted, invalid_row_handler=note
        ),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(names, _ENCODED), strings_can_be_null=False, quoted_strings_can_be_null=False, check_utf8=False
        ),
    )


def _with_rows(column: pa.ChunkedArray | None, height: int, cells: dict[int, str], apart: Collection[int]) -> pa.DictionaryArray:
    """A column with the cells of rows that are not as wide as the others (``apart``) back in their place."""
    held = pa.array([], pa.string()).dictionary_encode() if column is None else column.unify_dictionaries().combine_chunks()
    if not apart:
        return held
    values = pa.concat_arrays([held.dictionary, pa.array(["", *cells.values()], pa.string())])
    codes = np.full(height, len(held.dictionary), dtype=np.int32)
    if column is not None:
        codes[np.delete(np.arange(height), list(apart))] = held.indices.to_numpy()
    codes[list(cells)] = np.arange(len(cells)) + len(held.dictionary) + 1
    order = pc.dictionary_encode(pa.array(codes))
    return pa.DictionaryArray.from_arrays(order.indices, values.take(order.dictionary))


def _plain(column: pa.DictionaryArray) -> pa.DictionaryArray:
    """Without the apostrophe that exports put before text that a spreadsheet would take for a formula."""
    if not pc.any(pc.starts_with(column.dictionary, "'")).as_py():
        return column
    return pa.DictionaryArray.from_arrays(column.indices, pc.replace_substring_regex(column.dictionary, _MARKED, r"\1"))


def _check(rows: int, columns: int) -> None:
    advice = "Split it into smaller files and upload each."
    if rows > MAX_ROWS or columns > MAX_COLUMNS:
        raise Refused(f"The file has more than {MAX_ROWS:,} rows or {MAX_COLUMNS:,} columns.", advice)
    if rows * columns > MAX_CELLS:
        raise Refused(f"The file has {rows:,} rows and {columns:,} columns: too large to read.", advice)


def _lines(text: _Text) -> Iterator[str]:
    for line in io.TextIOWrapper(io.BytesIO(text.data), encoding="utf-8", newline=""):
        # A line of nothing but separators would fill the memory before its cells could be counted.
        if line.count(text.separator) > MAX_COLUMNS * (1 if '"' not in line else 20):
            _check(0, MAX_COLUMNS + 1)
        yield line


def _row_by_row(text: _Text, name: str) -> Grid:
    refuse_binary(text.data)
    blocks: list[Block] = []
    some: list[list[str]] = []
    read = held = width = 0
    try:
        for row in csv.reader(_lines(text), delimiter=text.separator):
            some.append(row)
            held, width = held + len(row), max(width, len(row))
            if held > _CELLS_AT_ONCE or len(some) > _CELLS_AT_ONCE:
                blocks.append(_block(some, 1 + text.skipped + read))
                read, held, some = read + len(some), 0, []
                _check(read, width)
    except csv.Error:
        raise _left_open(text.skipped + read + len(some) + 1) from None
    if some:
        blocks.append(_block(some, 1 + text.skipped + read))
    _check(read + len(some), width)
    return grid_from(blocks, name)


def _block(rows: list[list[str]], top: int) -> Block:
    width = max(map(len, rows))
    columns = zip(*(row + [""] * (width - len(row)) for row in rows), strict=True)
    return Block(top, 1, len(rows), [_plain(encode(column)) for column in columns])


def _check_end(grid: Grid, text: _Text) -> None:
    """A last cell of several lines that no quotation mark closes has swallowed the rows below its own."""
    last = next((cell for cell in reversed(grid.row(grid.height - 1)) if cell), "") if grid.height else ""
    end = text.data[-1000:].rstrip()
    if "\n" in last and not end.endswith(b'"') and end.endswith(last[-20:].replace('"', '""').encode()):
        raise _left_open(grid.top + grid.height - 1)


def _left_open(row: int) -> Refused:
    return Refused(
        f"Row {row:,} of the text file cannot be read: a quotation mark may be left open.",
        "Open it in Excel, check that row, save as .xlsx and upload again.",
    )


def _how_read(text: _Text) -> str:
    parts = []
    if text.encoding:
        parts.append(f"as {text.encoding} text")
    if text.separator != ",":
        parts.append(f"with {_SEPARATORS[text.separator]} between the columns")
    if b"\r" in text.data and b"\n" not in text.data:
        parts.append("with old Mac line ends")
    return f"Read {', '.join(parts)}." if parts else ""
