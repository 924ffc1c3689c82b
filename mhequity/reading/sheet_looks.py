"""What a workbook's XML says of how its cells are shown: merged, hidden, as a percentage."""

from __future__ import annotations

import re
from collections import Counter
from xml.etree import ElementTree

from mhequity.reading.archives import tree
from mhequity.reading.grids import column_number
from mhequity.reading.stored import MAX_COLUMNS

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_HIDDEN_ROW = re.compile(rb'<row r="(\d{1,7})"[^<>]{0,400}? hidden="(?:1|true)"')
_HIDDEN_COLUMN = re.compile(rb'<(?:\w{1,20}:)?col\s([^<>]{0,300}?\bhidden="(?:1|true)"[^<>]{0,300})>')
_MERGE = re.compile(rb'<(?:\w{1,20}:)?mergeCell\s[^<>]{0,99}?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


def hidden_rows_in(rows: bytes) -> list[int]:
    """Numbers of the rows that the spreadsheet does not show."""
    return [int(row) for row in _HIDDEN_ROW.findall(rows)] if b' hidden="' in rows else []


def hidden_columns_in(head: bytes) -> tuple[int, ...]:
    """Numbers of the columns that the spreadsheet does not show."""
    spans = [(int(first), min(int(last), MAX_COLUMNS)) for first, last in map(_ends, _HIDDEN_COLUMN.findall(head))]
    return tuple(dict.fromkeys(column for first, last in spans for column in range(first, last + 1)))


def _ends(attributes: bytes) -> tuple[bytes, bytes]:
    found = [re.search(name + rb'="(\d{1,5})"', attributes) for name in (rb"\bmin", rb"\bmax")]
    return tuple(each[1] if each else b"0" for each in found)  # type: ignore[return-value]


def cells_in_style(rows: bytes, styles: frozenset[int]) -> Counter[int]:
    """How many cells of each column (from 1) are formatted in one of the styles."""
    if not styles:
        return Counter()
    named = b"|".join(str(style).encode() for style in sorted(styles))
    found = Counter(re.findall(rb'<c r="([A-Z]{1,3})\d{1,7}" s="(?:' + named + rb')"', rows))
    return Counter({column_number(column.decode()): count for column, count in found.items()})


def merged_in(tail: bytes) -> tuple[tuple[int, int, int, int], ...]:
    """Merged cells as :class:`~mhequity.reading.grids.Grid` holds them."""
    found = _MERGE.findall(tail) if b"mergeCell" in tail else []
    return tuple((int(r1), column_number(c1.decode()), int(r2), column_number(c2.decode())) for c1, r1, c2, r2 in found)


def percent_styles(styles: bytes) -> frozenset[int]:
    """The styles whose number format has a percent sign: Excel's own 9 and 10, and those that the workbook defines."""
    try:
        whole = tree(styles) if styles else ElementTree.Element("none")
    except ElementTree.ParseError:
        return frozenset()
    own = {each.get("numFmtId"): each.get("formatCode", "") for each in whole.iter(f"{{{_MAIN}}}numFmt")}
    formats = {"9", "10", *(number for number, code in own.items() if "%" in re.sub(r'"[^"]*"|\\.', "", code))}
    cells = whole.find(f"{{{_MAIN}}}cellXfs")
    return frozenset(at for at, each in enumerate(cells if cells is not None else ()) if each.get("numFmtId") in formats)
