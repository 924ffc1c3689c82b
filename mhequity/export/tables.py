"""Tables as files to download: CSV and Excel, safe to open in a spreadsheet."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook

from mhequity.export.cells import FORMULA_STARTS, heading_row, set_widths, write


def to_csv(frame: pd.DataFrame) -> bytes:
    """A CSV in UTF-8 with a byte-order mark, which Excel needs to read £ and é.

    Text that begins like a formula (``= + - @``, tab, line end) gets an apostrophe before it; numbers stay numbers. The
    index is not written.

    Examples
    --------
    >>> to_csv(pd.DataFrame({"note": ["=1+1"], "change": [-2]})).decode("utf-8-sig")
    "note,change\\n'=1+1,-2\\n"
    """
    safe = pd.DataFrame({at: _safe_column(frame.iloc[:, at]) for at in range(frame.shape[1])}, index=frame.index)
    header = [str(_safe(str(name))) for name in frame.columns]
    text = safe.to_csv(index=False, header=header, lineterminator="\n") if header else ""
    return str(text).encode("utf-8-sig", errors="replace")


def _safe_column(column: pd.Series) -> pd.Series:
    return column if pd.api.types.is_numeric_dtype(column.dtype) else column.astype("object").map(_safe)


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def to_excel(sheets: Mapping[str, pd.DataFrame], notes: Sequence[str] = ()) -> bytes:
    """A workbook with one sheet a frame and, where there are notes, a last sheet ``Notes`` with one a line.

    Sheet names are shortened to what Excel allows. Missing values are empty cells; text never runs as a formula.
    """
    book = Workbook()
    book.remove(book.active)
    used: set[str] = set()
    for title, frame in sheets.items():
        sheet = book.create_sheet(sheet_name(title, used))
        heading_row(sheet, [str(name) for name in frame.columns])
        for at, row in enumerate(_plain_rows(frame), start=2):
            for column, value in enumerate(row, start=1):
                write(sheet, at, column, value)
        set_widths(sheet, [_width(frame.iloc[:, at], str(name)) for at, name in enumerate(frame.columns)])
    if notes or not sheets:
        sheet = book.create_sheet(sheet_name("Notes", used))
        for at, note in enumerate(notes, start=1):
            write(sheet, at, 1, note)
        set_widths(sheet, [100])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet_name(title: str, used: set[str]) -> str:
    """A name that Excel accepts and that is not in ``used`` yet; it is added there."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip().strip("'")[:31] or "Sheet"
    name, number = clean, 2
    while name.casefold() in used:
        name = f"{clean[:27]} ({number})"
        number += 1
    used.add(name.casefold())
    return name


def _plain_rows(frame: pd.DataFrame) -> list[list[Any]]:
    """Rows of Python values that a workbook can hold; None for missing."""
    return [[_plain(value) for value in row] for row in frame.itertuples(index=False, name=None)]


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime().replace(tzinfo=None)
    if hasattr(value, "item"):
        value = value.item()
    return value if isinstance(value, (str, int, float, bool)) or hasattr(value, "isoformat") else str(value)


def _width(column: pd.Series, heading: str) -> float:
    longest = column.head(200).astype("str").str.len().max() if len(column) else 0
    return float(min(60, max(10, len(heading) + 2, (0 if pd.isna(longest) else longest) + 2)))
