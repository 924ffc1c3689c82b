"""A file that someone uploads, as a book of sheets' cells: nothing of it is understood yet."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from mhequity.reading.findings import BLOCKED, Finding, file_name
from mhequity.reading.grids import Grid, Refused
from mhequity.reading.opening import open_file
from mhequity.reading.plans import TablePlan

_log = logging.getLogger(__name__)
LIMIT_MB = 200
MOST_COLUMNS = 4_000
"""Columns of one sheet that are read, so that no sheet keeps anyone waiting for more than half a minute."""


@dataclass(frozen=True, eq=False)
class Book:
    """An opened file: its sheets' cells, and how it was opened."""

    file: str
    grids: tuple[Grid, ...] = ()
    findings: tuple[Finding, ...] = ()
    ignored: tuple[str, ...] = ()
    """Sheets that were not read."""

    def grid(self, plan: TablePlan) -> Grid | None:
        """The sheet that a table stands on."""
        return next((grid for grid in self.grids if grid.name == plan.sheet and grid.file == plan.file), None)


def open_book(
    source: bytes | str | Path | BinaryIO, name: str | None = None, limit_mb: float = LIMIT_MB, sheets: Sequence[str] | None = None
) -> Book:
    """The cells of a file; one blocked finding and no sheets where it cannot be opened. For the parameters see :func:`files.read`."""
    file = name or _own_name(source)
    try:
        opened = open_file(_bytes_of(source, limit_mb), file, sheets)
        grids = tuple(_narrowed(grid) for grid in opened.grids)
        told = [_too_wide(grid, file) for grid in opened.grids if grid.width > MOST_COLUMNS]
        return Book(file, grids, (*opened.findings, *told), tuple(opened.ignored))
    except Refused as refused:
        return Book(file, findings=(nothing_read(file, refused.seen, refused.advice),))
    except Exception:
        _log.exception("Opening %s failed", file)
        return Book(file, findings=(failed(file),))


def nothing_read(file: str, seen: str, advice: str) -> Finding:
    """That nothing of a file was read, and why."""
    return Finding(BLOCKED, file, seen=seen, done="Nothing was read.", advice=advice, kind="file")


def failed(file: str) -> Finding:
    """That a file could not be read for a reason that no sentence is written for."""
    advice = "Save it as a new .xlsx file and upload that; if it happens again, copy the cells into the template."
    return nothing_read(file, "The file could not be read.", advice)


def _narrowed(grid: Grid) -> Grid:
    return replace(grid, strips=grid.strips[:MOST_COLUMNS]) if grid.width > MOST_COLUMNS else grid


def _too_wide(grid: Grid, file: str) -> Finding:
    seen, cell = f"{grid.width:,} columns", grid.address(0, MOST_COLUMNS)
    done = f"Only the first {MOST_COLUMNS:,} columns were read: from this cell on nothing was."
    advice = "Put months, areas or measures in rows, or split the sheet."
    return Finding(BLOCKED, file_name(file, grid.file), grid.name, cell, seen, done, advice, "sheets")


def _own_name(source: object) -> str:
    if isinstance(source, bytes):
        return "file"
    return Path(str(source if isinstance(source, (str, Path)) else getattr(source, "name", "") or "file")).name


def _bytes_of(source: bytes | str | Path | BinaryIO, limit_mb: float) -> bytes:
    """The file's bytes, reading no more than the limit and one byte."""
    limit = int(limit_mb * 1_000_000)
    if isinstance(source, (str, Path)):
        with open(source, "rb") as file:
            data = file.read(limit + 1)
    else:
        data = source if isinstance(source, bytes) else source.read(limit + 1)
    if len(data) > limit:
        raise Refused(f"The file is larger than {limit_mb:g} MB.", "Delete what is not needed, or split it, and upload again.")
    return data
