"""Findings about one table of a sheet: each is made here, with the file, the sheet and the table's own cells filled in."""

from __future__ import annotations

from mhequity.reading.applied import PRIVATE, Applied
from mhequity.reading.findings import Finding, Kind, file_name
from mhequity.reading.grids import Strip, column_number
from mhequity.reading.plans import ColumnPlan

SHOWN = 20
"""Distinct problems of one column that are told one by one; the rest are counted, and every row is in ``rejected``."""


class Teller:
    """Makes the findings about one table of a sheet."""

    def __init__(self, applied: Applied, file: str) -> None:
        self.applied = applied
        self.plan = applied.plan
        self.file = file_name(file, applied.grid.file)
        self.private = self.plan.kind == PRIVATE
        """True where each row is about one person, so that no cell is repeated."""

    def finding(self, kind: Kind, severity: str, cell: str, seen: str, done: str, advice: str = "") -> Finding:
        """A finding about a cell of the table; about the whole table where ``cell`` is empty."""
        return Finding(severity, self.file, self.applied.grid.name, cell, seen, done, advice, kind)

    def heading_cell(self, column: ColumnPlan) -> str:
        """Where a column's heading stands; without headings, its first cell."""
        return f"{column.column}{self.plan.header_rows[-1] if self.plan.header_rows else self.plan.first_row}"

    def strip(self, column: ColumnPlan) -> Strip:
        """A column's cells in the rows that hold anything."""
        return self.applied.grid.strips[column_number(column.column) - self.applied.grid.left].take(self.applied.rows)
