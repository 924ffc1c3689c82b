"""The columns of a book that hold details of people: which they are, what is said of them, and the book without them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mhequity.reading import personal
from mhequity.reading.books import Book
from mhequity.reading.findings import BLOCKED, NOTE, Finding, file_name
from mhequity.reading.grids import column_number, strip_of
from mhequity.reading.personal import Personal
from mhequity.reading.plans import ColumnPlan, Plan, TablePlan


@dataclass(frozen=True)
class PersonalColumn:
    """A column of a table that holds details of people."""

    table: TablePlan
    found: Personal

    @property
    def column(self) -> ColumnPlan:
        return self.table.columns[self.found.at]

    @property
    def name(self) -> str:
        """How it is named to a person: ``Surname (column B of Contacts): names of people``."""
        return f"{self.column.heading or 'without a heading'} (column {self.column.column} of {self.table.sheet}): {self.found.what}"

    def finding(self, severity: str, file: str, row: int, seen: str, done: str, advice: str = "") -> Finding:
        """A finding about it, at its cell in a row."""
        cell = f"{self.column.column}{row}"
        return Finding(severity, file_name(file, self.table.file), self.table.sheet, cell, seen, done, advice, "personal")


def found_in(book: Book, plan: Plan) -> list[PersonalColumn]:
    """Columns that hold details of people, in the order of the tables."""
    found = []
    for table in plan.tables:
        grid = book.grid(table)
        if grid is None:
            continue
        rows = np.arange(max(0, table.first_row - grid.top), min(grid.height, table.last_row - grid.top + 1))
        strips = [grid.strips[column_number(each.column) - grid.left].take(rows) for each in table.columns]
        seen = personal.scan([each.heading for each in table.columns], strips, table.kind)
        found += [PersonalColumn(table, each) for each in seen]
    return found


def stopped(found: Sequence[PersonalColumn], file: str) -> list[Finding]:
    """That the file was stopped: once for each column, without what it holds."""
    done, advice = "The file was stopped: nothing of it was kept.", "Delete the column and upload again, or go on without it here."
    told = []
    for each in found:
        what = each.found.what
        seen = f"{what[:1].upper()}{what[1:]} in column {each.column.column} ({each.column.heading or 'no heading'}): {each.found.count:,}"
        told.append(each.finding(BLOCKED, file, each.table.first_row + each.found.first_row, seen, done, advice))
    return told


def set_aside(found: Sequence[PersonalColumn], file: str) -> list[Finding]:
    """That the rest of the file was read: once for each column that was not."""
    told = []
    for each in found:
        row = each.table.header_rows[-1] if each.table.header_rows else each.table.first_row
        done = f"The column holds {each.found.what}: it was not read and not kept."
        told.append(each.finding(NOTE, file, row, each.column.heading, done))
    return told


def without(book: Book, found: Sequence[PersonalColumn]) -> Book:
    """The book with those columns blank."""
    grids = []
    for grid in book.grids:
        strips = list(grid.strips)
        for each in found:
            if each.table.sheet == grid.name and each.table.file == grid.file:
                strips[column_number(each.column.column) - grid.left] = strip_of([""] * grid.height)
        grids.append(replace(grid, strips=tuple(strips)))
    return replace(book, grids=tuple(grids))
