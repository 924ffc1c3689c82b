"""One sheet in the template's shape to a tidy frame: good rows in, the others kept apart with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mhequity.reading import cells, numbers
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding
from mhequity.reading.grids import Grid, address, as_text, is_blank
from mhequity.reading.headings import EXAMPLE_NOTE, Headings
from mhequity.tables import SUPPRESSED, Column, TableKind, conform

SHOWN = 20
"""Distinct problems of one column that are told one by one; the rest are counted, and every row is in ``rejected``."""

PRIVATE = "contacts"
"""The table whose rows are about one person each: what its cells hold is not repeated in findings."""


@dataclass(frozen=True)
class Body:
    """A recognised sheet's headings and the rows under them that are not blank."""

    file: str
    grid: Grid
    headings: Headings
    titles: list[str]
    heading_row: int
    rows: dict[int, list[object]]
    """Row number, as in the spreadsheet, to its cells; all as wide as the widest."""

    @property
    def kind(self) -> TableKind:
        return self.headings.kind

    def cell(self, row: int, position: int) -> str:
        return address(row, self.grid.left + position)

    def finding(self, severity: str, cell: str, seen: str, done: str, advice: str = "") -> Finding:
        return Finding(severity, self.file, self.grid.name, cell, seen, done, advice)


@dataclass(frozen=True)
class SheetReading:
    """What one sheet held. The frame's index and the reasons' keys are row numbers of the sheet."""

    body: Body
    frame: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)
    reasons: dict[int, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Parsed:
    """A column's distinct cells, what each means, and which of them each row holds."""

    column: Column
    position: int
    distinct: list[object]
    meanings: list[cells.Understood]
    codes: np.ndarray

    def where(self, state: str) -> np.ndarray:
        """True for each row whose cell is in that state."""
        return np.array([meaning.state == state for meaning in self.meanings], dtype=bool)[self.codes]


def count_rows(number: int) -> str:
    """``1 row``, ``1,200 rows``."""
    return f"{number:,} row{'' if number == 1 else 's'}"


def _parse(body: Body, name: str) -> _Parsed:
    column, position = body.kind.column(name), body.headings.columns[name]
    seen: dict[tuple[type, object], int] = {}
    # The type is part of the key because 1, 1.0 and TRUE are equal to Python but not to a reader.
    codes = [seen.setdefault((type(row[position]), row[position]), len(seen)) for row in body.rows.values()]
    distinct = [cell for _, cell in seen]
    return _Parsed(column, position, distinct, [cells.understand(cell, column) for cell in distinct], np.array(codes, dtype=np.intp))


def read_sheet(body: Body) -> SheetReading:
    """The tidy frame of a recognised sheet whose required columns are all there, and what was found on the way."""
    reasons: dict[int, list[str]] = {}
    findings = _uncalculated(body, reasons)
    body = _without(body, reasons)
    headings = _about_headings(body)
    body, examples = _without_examples(body)
    comparators = []
    if "area" in body.headings.columns:
        comparators = _set_apart_comparators(body, reasons)
        body = _without(body, reasons)
    parsed = [_parse(body, name) for name in body.kind.names if name in body.headings.columns]
    bad = _collect_reasons(body, parsed, reasons)
    frame = _frame(body, parsed)[~bad]
    if findings and frame.empty:
        return SheetReading(body, frame, findings, reasons)
    findings += headings + examples + comparators
    for column in parsed:
        findings += _column_findings(body, column)
        if column.column.is_number:
            findings += _number_notes(body, column, ~bad)
    if not body.rows and not reasons and not examples:
        findings.append(body.finding(NOTE, "", "Headings without rows under them.", "Nothing to read.", "Add rows and upload again."))
    return SheetReading(body, frame, findings, reasons)


def _without(body: Body, reasons: dict[int, list[str]]) -> Body:
    left = {row: values for row, values in body.rows.items() if row not in reasons}
    return Body(body.file, body.grid, body.headings, body.titles, body.heading_row, left)


def _uncalculated(body: Body, reasons: dict[int, list[str]]) -> list[Finding]:
    """One finding for all formulas of the sheet that were never worked out; their rows are left out."""
    if not body.grid.uncalculated:
        return []
    used = {body.grid.left + position for position in body.headings.columns.values()}
    for row, column in body.grid.uncalculated:
        if row in body.rows and column in used:
            reasons[row] = ["A formula in this row has no stored value."]
    seen = f"{len(body.grid.uncalculated):,} formulas without a stored value"
    done = f"{count_rows(len(reasons))} left out." if reasons else "None of them is in a column that is used."
    return [body.finding(BLOCKED, address(*min(body.grid.uncalculated)), seen, done, "Open it in Excel, save, upload again.")]


def _about_headings(body: Body) -> list[Finding]:
    """Headings that say something twice, columns that the table does not have, and values under no heading."""
    found = [
        body.finding(BLOCKED, body.cell(body.heading_row, at), body.titles[at], "The heading is there twice; the first column was used.",
                     "Delete or rename one of the two columns.")
        for at in body.headings.repeated
    ]  # fmt: skip
    if body.headings.extra:
        names = ", ".join(body.titles[at] for at in body.headings.extra)
        cell = body.cell(body.heading_row, body.headings.extra[0])
        done = f"The table {body.kind.title} has no such columns: not used."
        found.append(body.finding(NOTE, cell, names[:300], done, "Nothing, unless one of them is a heading spelled in another way."))
    width = max(map(len, body.rows.values()), default=0)
    for at in range(width):
        if at >= len(body.titles) or not body.titles[at]:
            row = next((row for row, values in body.rows.items() if at < len(values) and not is_blank(values[at])), None)
            if row is not None:
                found.append(
                    body.finding(NOTE, body.cell(row, at), "", "Values without a heading: not used.", "Give the column a heading.")
                )
    return found


def _without_examples(body: Body) -> tuple[Body, list[Finding]]:
    """Leave out rows that are the template's made-up example, cell for cell."""
    wanted = [(body.headings.columns[column.name], column) for column in body.kind.columns if column.name in body.headings.columns]
    found = [row for row, values in body.rows.items() if all(_is_example(values[at], column) for at, column in wanted)]
    if not found:
        return body, []
    done = "The template's made-up example was left out."
    note = body.finding(NOTE, body.cell(found[0], 0), count_rows(len(found)), done, "Nothing: type your own rows under the headings.")
    return _without(body, {row: [] for row in found}), [note]


def _is_example(cell: object, column: Column) -> bool:
    if column.is_number:
        return numbers.parse(cell).value == column.example
    return as_text(cell) == column.example


def _set_apart_comparators(body: Body, reasons: dict[int, list[str]]) -> list[Finding]:
    """Rows of totals and wider places: before other columns are looked at, since such rows are often half empty."""
    areas = _parse(body, "area")
    apart = areas.where(cells.COMPARATOR)
    for row, code in zip(np.array(list(body.rows))[apart], areas.codes[apart], strict=True):
        reasons[int(row)] = [f"area: {areas.meanings[code].done}"]
    return _grouped(body, areas, cells.COMPARATOR, NOTE) if apart.any() else []


def _collect_reasons(body: Body, parsed: Sequence[_Parsed], reasons: dict[int, list[str]]) -> np.ndarray:
    """Write down why rows cannot be used; True for each row that cannot."""
    bad = np.zeros(len(body.rows), dtype=bool)
    row_numbers = np.array(list(body.rows), dtype=np.int64)
    for column in parsed:
        blocked = column.where(cells.BLOCKED)
        for row, code in zip(row_numbers[blocked], column.codes[blocked], strict=True):
            meaning = column.meanings[code]
            reasons.setdefault(int(row), []).append(f"{column.column.name}: {meaning.done} {meaning.advice}")
        bad |= blocked
    return bad


def _frame(body: Body, parsed: Sequence[_Parsed]) -> pd.DataFrame:
    """A tidy frame of all rows, the row numbers as index. Blocked cells hold whatever is at hand: drop those rows."""
    index = pd.Index(list(body.rows), dtype="int64")
    values: dict[str, pd.Series] = {}
    marks = pd.Series("", index=index, dtype="str")
    for column in parsed:
        name = column.column.name
        if column.column.is_number:
            known = np.array([meaning.value if meaning.state == cells.OK else numbers.NAN for meaning in column.meanings], dtype="float64")
            marks = marks.mask(column.where(cells.SUPPRESSED), marks + f" {name}")
        else:
            known = np.array([str(meaning.value) for meaning in column.meanings], dtype=object)
        values[name] = pd.Series(known[column.codes], index=index, dtype="float64" if column.column.is_number else "str")
    return conform(pd.DataFrame({**values, SUPPRESSED: marks.str.strip()}, index=index), body.kind.name)


def _column_findings(body: Body, parsed: _Parsed) -> list[Finding]:
    found = _grouped(body, parsed, cells.BLOCKED, BLOCKED)
    # Every day of a record-level table would be "read as" a day; the rows are counted by month anyway.
    return found if body.kind.name == PRIVATE and parsed.column.kind == "period" else found + _grouped(body, parsed, cells.OK, FIXED)


def _grouped(body: Body, parsed: _Parsed, state: str, severity: str) -> list[Finding]:
    """One finding for each distinct cell, with the first place and the number of rows; beyond ``SHOWN``, one for the rest."""
    told = [i for i, meaning in enumerate(parsed.meanings) if meaning.state == state and meaning.done]
    if not told:
        return []
    counts = np.bincount(parsed.codes, minlength=len(parsed.meanings))
    codes, first = np.unique(parsed.codes, return_index=True)
    row_numbers = list(body.rows)
    first_row = {int(code): row_numbers[int(at)] for code, at in zip(codes, first, strict=True)}
    told.sort(key=lambda i: first_row[i])
    action = "left out" if severity == BLOCKED else "in all"
    hide = body.kind.name == PRIVATE and severity == BLOCKED
    found = []
    for i in told[:SHOWN]:
        meaning, cell = parsed.meanings[i], body.cell(first_row[i], parsed.position)
        seen = "Not shown: each row is about one person." if hide else as_text(parsed.distinct[i])[:100]
        found.append(body.finding(severity, cell, seen, f"{meaning.done} {count_rows(int(counts[i]))} {action}.", meaning.advice))
    if len(told) > SHOWN:
        rest = told[SHOWN:]
        total = count_rows(int(counts[rest].sum()))
        seen = f"{len(rest):,} more such cells in {parsed.column.name}"
        advice = "Download the rows left out to see each." if severity == BLOCKED else ""
        done = f"{total} left out." if severity == BLOCKED else f"{total} read in the same way."
        found.append(body.finding(severity, body.cell(first_row[rest[0]], parsed.position), seen, done, advice))
    return found


def _number_notes(body: Body, parsed: _Parsed, kept: np.ndarray) -> list[Finding]:
    """How numbers were written, and how many are suppressed or missing, in the rows that were kept."""
    name, found = parsed.column.name, []
    forms = np.array([meaning.form for meaning in parsed.meanings], dtype=object)[parsed.codes]
    row_numbers = np.array(list(body.rows))
    for form, what in ((numbers.PERCENT, "with a % sign"), (numbers.WRITTEN, "with £, brackets, k or m")):
        where = np.flatnonzero((forms == form) & kept)
        if len(where):
            i = parsed.codes[where[0]]
            done = f"Read as {as_text(parsed.meanings[i].value)}. {count_rows(len(where))} of {name} written {what}."
            cell = body.cell(int(row_numbers[where[0]]), parsed.position)
            found.append(body.finding(FIXED, cell, as_text(parsed.distinct[i]), done))
    states = [(cells.SUPPRESSED, "suppressed: kept as suppressed, never as a number.")]
    if parsed.column.required:
        states.append((cells.MISSING, "without a figure: kept as missing, never as 0."))
    for state, what in states:
        where = np.flatnonzero(parsed.where(state) & kept)
        if len(where):
            cell = body.cell(int(row_numbers[where[0]]), parsed.position)
            seen = as_text(parsed.distinct[parsed.codes[where[0]]])
            found.append(body.finding(NOTE, cell, seen, f"{count_rows(len(where))} of {name} {what}"))
    return found


def body_of(grid: Grid, at: int, titles: list[str], headings: Headings, file: str) -> Body:
    """The rows under the headings in row ``at`` of the grid (counted from 0), without blank ones."""
    width = max([len(titles), *map(len, grid.rows[at + 1 :])])
    rows = {}
    for number, row in enumerate(grid.rows[at + 1 :], start=grid.top + at + 1):
        cells_ = [None if cell == EXAMPLE_NOTE else cell for cell in row] if EXAMPLE_NOTE in row else row
        if any(not is_blank(cell) for cell in cells_):
            rows[number] = cells_ if len(cells_) == width else cells_ + [None] * (width - len(cells_))
    # A formula never worked out leaves its row looking blank, but the row is there.
    for number, _ in grid.uncalculated:
        if number > grid.top + at and number not in rows:
            rows[number] = [None] * width
    return Body(file, grid, headings, titles, grid.top + at, dict(sorted(rows.items())))
