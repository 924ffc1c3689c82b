"""A file that someone uploads: opened, understood as a plan, and the plan applied."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from mhequity.reading import personal, planning, recipes, sums
from mhequity.reading.applied import Applied, required_but_absent
from mhequity.reading.applying import apply
from mhequity.reading.assembling import assemble, rejected_rows
from mhequity.reading.findings import BLOCKED, NOTE, Finding
from mhequity.reading.grids import Grid, Refused, Strip, address, column_number, strip_of
from mhequity.reading.opening import open_file
from mhequity.reading.personal import Personal
from mhequity.reading.plans import Plan, TablePlan
from mhequity.reading.telling import Teller, count_rows
from mhequity.tables import kind

_log = logging.getLogger(__name__)
LIMIT_MB = 200
MOST_COLUMNS = 4_000
"""Columns of one sheet that are read, so that no sheet keeps anyone waiting for more than half a minute."""


@dataclass(frozen=True, eq=False)
class Book:
    """An opened file: its sheets' cells, and how it was opened. Nothing of it is understood yet."""

    file: str
    grids: tuple[Grid, ...] = ()
    findings: tuple[Finding, ...] = ()
    ignored: tuple[str, ...] = ()
    """Sheets that were not read."""

    def grid(self, plan: TablePlan) -> Grid | None:
        """The sheet that a table stands on."""
        return next((grid for grid in self.grids if grid.name == plan.sheet and grid.file == plan.file), None)


@dataclass(frozen=True, eq=False)
class Reading:
    """What a file was understood to hold."""

    file: str
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Tidy frames (:mod:`mhequity.tables`) by table, those with rows only. Never ``contacts``."""
    findings: tuple[Finding, ...] = ()
    plan: Plan = field(default_factory=Plan)
    comparators: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Rows of totals and wider places, in the tables' shape; ``area`` holds their name."""
    applied: tuple[Applied, ...] = field(default=(), repr=False)
    """What each table of the plan gave."""
    sheets_ignored: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()
    """Columns that hold details of people, because of which nothing was read."""
    told: tuple[Finding, ...] = ()
    """What proposing the plan said: it stays true when the plan is changed and carried out again."""
    book: Book = field(default_factory=lambda: Book(""), repr=False)
    """The cells that the plan was applied to: without columns of details of people."""

    @property
    def rows(self) -> dict[str, int]:
        """Number of rows by table."""
        return {name: len(frame) for name, frame in self.tables.items()}

    @cached_property
    def rejected(self) -> pd.DataFrame:
        """What was left out: ``file``, ``sheet``, ``row``, ``reason``, then the original cells as text."""
        return rejected_rows(self.applied, self.file)


def read(
    source: bytes | str | Path | BinaryIO,
    name: str | None = None,
    limit_mb: float = LIMIT_MB,
    *,
    sheets: Sequence[str] | None = None,
    recipes: Sequence[Plan] = (),
    without_personal: bool = False,
) -> Reading:
    """Read a workbook, a text file or a zip of them, whatever its layout.

    Parameters
    ----------
    source
        The file's bytes, its path, or a file opened in binary mode.
    name
        What to call the file in findings; without it, the path's or the file object's own name.
    limit_mb
        Larger files are refused.
    sheets
        Read only these sheets, hidden ones too.
    recipes
        Plans saved before: a table of the same layout is read by them.
    without_personal
        Go on without columns that hold details of people. Otherwise such a file is not read at all.

    Returns
    -------
    Reading
        Tidy frames by table, the plan, all findings, and what was left out. It never raises for what a file holds: a file
        that cannot be read at all gives one finding and no tables.
    """
    book = open_book(source, name, limit_mb, sheets)
    return understand(book, recipes, without_personal)


def open_book(
    source: bytes | str | Path | BinaryIO, name: str | None = None, limit_mb: float = LIMIT_MB, sheets: Sequence[str] | None = None
) -> Book:
    """The cells of a file; one blocked finding and no sheets where it cannot be opened."""
    file = name or _own_name(source)
    try:
        opened = open_file(_bytes_of(source, limit_mb), file, sheets)
        grids = tuple(_narrowed(grid) for grid in opened.grids)
        told = [_too_wide(grid, file) for grid in opened.grids if grid.width > MOST_COLUMNS]
        return Book(file, grids, (*opened.findings, *told), tuple(opened.ignored))
    except Refused as refused:
        return Book(file, findings=(Finding(BLOCKED, file, seen=refused.seen, done="Nothing was read.", advice=refused.advice),))
    except Exception:
        _log.exception("Opening %s failed", file)
        return Book(file, findings=(_failed(file),))


def _narrowed(grid: Grid) -> Grid:
    return replace(grid, strips=grid.strips[:MOST_COLUMNS]) if grid.width > MOST_COLUMNS else grid


def _too_wide(grid: Grid, file: str) -> Finding:
    name = f"{file}/{grid.file}" if grid.file else file
    cell = grid.address(0, MOST_COLUMNS)
    done = f"Only the first {MOST_COLUMNS:,} columns were read: from this cell on nothing was."
    return Finding(
        BLOCKED, name, grid.name, cell, f"{grid.width:,} columns", done, "Put months, areas or measures in rows, or split the sheet."
    )


def _failed(file: str) -> Finding:
    advice = "Save it as a new .xlsx file and upload that; if it happens again, copy the cells into the template."
    return Finding(BLOCKED, file, seen="The file could not be read.", done="Nothing was read.", advice=advice)


def understand(book: Book, known: Sequence[Plan] = (), without_personal: bool = False) -> Reading:
    """An opened file's plan, applied; where it holds details of people, only the columns that do are named."""
    try:
        plan, told = propose(book, known)
        found = _personal(book, plan)
        if found and not without_personal:
            return Reading(book.file, findings=tuple(_stopped(book, found)), sheets_ignored=book.ignored, book=replace(book, grids=()),
                           personal=tuple(_personal_name(table, each) for table, each in found))  # fmt: skip
        if found:
            book = _without(book, found)
            plan, told = propose(book, known)
            told = [*_went_on(book, found), *told]
        return carry_out(book, plan, told)
    except Exception:
        _log.exception("Reading %s failed", book.file)
        return Reading(book.file, findings=(_failed(book.file),), sheets_ignored=book.ignored)


def propose(book: Book, known: Sequence[Plan] = ()) -> tuple[Plan, list[Finding]]:
    """The plan for a file: by the recipes where a layout is known, by what the sheets hold where it is not."""
    found: list[TablePlan] = []
    told: list[Finding] = []
    for grid in book.grids:
        planned, loose = planning.plan_sheet(grid, book.file)
        file = f"{book.file}/{grid.file}" if grid.file else book.file
        if not planned and not grid.uncalculated:
            seen = " · ".join(loose)[:300] if loose else "An empty sheet"
            done = "No table was found here: words only." if loose else "Nothing to read."
            told.append(Finding(NOTE, file, grid.name, "", seen, done))
        elif not planned:
            told.append(_only_formulas(grid, file))
        if len(planned) >= planning.MOST_TABLES:
            seen, done = f"More than {planning.MOST_TABLES:,} tables on one sheet", f"Only the first {planning.MOST_TABLES:,} were read."
            told.append(Finding(BLOCKED, file, grid.name, "", seen, done, "Put them under one row of headings, or split the sheet."))
        for each in planned:
            recognised, finding = recipes.recognise(each, grid, known)
            found.append(recognised)
            told += [replace(finding, file=file)] if finding else []
    return Plan(tuple(found), recipes.name_of(known, found)), told


def _only_formulas(grid: Grid, file: str) -> Finding:
    seen = f"{len(grid.uncalculated):,} formulas without a stored value"
    cell = address(*min(grid.uncalculated))
    return Finding(BLOCKED, file, grid.name, cell, seen, "The sheet was left out.", "Open it in Excel, save, upload again.")


def carry_out(book: Book, plan: Plan, told: Sequence[Finding] = ()) -> Reading:
    """A plan applied to an opened file. The plan may have been changed by a person, or come from a recipe."""
    applied: list[Applied] = []
    findings = [*book.findings, *told]
    for table in plan.tables:
        grid = book.grid(table)
        if grid is None or not table.used:
            continue
        file = f"{book.file}/{table.file}" if table.file else book.file
        if not _is_table(table) and any(table.first_row <= row <= table.last_row for row, _ in grid.uncalculated):
            findings.append(_only_formulas(grid, file))
            continue
        if not _is_table(table):
            seen = ", ".join(each.heading for each in table.columns if each.heading)[:300]
            advice = "Nothing, if it is not meant to be read; else say what its columns mean."
            cell = f"{table.columns[0].column}{table.header_rows[0] if table.header_rows else table.first_row}" if table.columns else ""
            done = "These headings fit no table that the app knows. The sheet was left out."
            findings.append(Finding(NOTE, file, table.sheet, cell, seen, done, advice))
            continue
        one = apply(grid, table)
        applied.append(one)
    usable = [one for one in applied if not _lacks(one)]
    tables, comparators, repeats = assemble(usable, book.file)
    for one in applied:
        findings += [*_summary(one, book.file), *Teller(one, book.file).all(), *(sums.check(one, book.file) if one in usable else [])]
    findings += repeats
    idle = any(one.plan.exact and not len(one.rows) for one in applied)
    if not tables and not comparators and not idle and not any(finding.severity == BLOCKED for finding in findings):
        advice = "Say what its columns mean, or put your rows under the headings of the template, and upload that."
        seen = "No table that the app knows"
        if usable:
            seen, advice = "No figure of a London borough or NHS system", "The notes say what was found instead, and why it was left out."
        findings.insert(0, Finding(BLOCKED, book.file, seen=seen, done="Nothing was read.", advice=advice))
    return Reading(book.file, tables, tuple(findings), plan, comparators, tuple(usable), book.ignored, told=tuple(told), book=book)


def _is_table(table: TablePlan) -> bool:
    """True where some column means something that its kind of table is about."""
    meanings = {each.meaning for each in table.columns if each.meaning}
    meanings |= {name for each in table.columns if each.answers for name in each.labels}
    if any("." in meaning for meaning in meanings):
        return True
    required = {name for name in kind(table.kind).required if name != "area"}
    return bool(required & meanings) and (table.exact or 2 * len(required & meanings) >= len(required))


def _lacks(one: Applied) -> bool:
    return len(required_but_absent(one)) == len({slot.table.name for slot in one.slots})


def _summary(one: Applied, file: str) -> list[Finding]:
    used = any(len(frame) for _, frame in one.facts)
    if _lacks(one) or (not len(one.rows) and not one.left_out) or (one.grid.uncalculated and not used):
        return []
    found = []
    counts: dict[str, int] = {}
    for slot, frame in one.facts:
        counts[slot.table.title] = counts.get(slot.table.title, 0) + len(frame)
    rows = np.unique(np.concatenate([each.rows for each in one.left_out])) if one.left_out else np.zeros(0, dtype=np.int64)
    left = f", {count_rows(len(rows))} left out in whole or in part" if len(rows) else ""
    for title, count in counts.items():
        found.append(Teller(one, file).finding(NOTE, "", one.plan.title[:100], f"Read as the table {title}: {count_rows(count)}{left}."))
    return found


# Details of people -------------------------------------------------------------------------------------------------------


def _personal(book: Book, plan: Plan) -> list[tuple[TablePlan, Personal]]:
    """Columns that hold details of people, with their table."""
    found = []
    for table in plan.tables:
        grid = book.grid(table)
        if grid is None:
            continue
        rows = np.arange(max(0, table.first_row - grid.top), min(grid.height, table.last_row - grid.top + 1))
        strips: list[Strip] = [grid.strips[column_number(each.column) - grid.left].take(rows) for each in table.columns]
        found += [(table, each) for each in personal.scan([each.heading for each in table.columns], strips, table.kind)]
    return found


def _personal_name(table: TablePlan, found: Personal) -> str:
    column = table.columns[found.at]
    return f"{column.heading or 'without a heading'} (column {column.column} of {table.sheet}): {found.what}"


def _stopped(book: Book, found: Sequence[tuple[TablePlan, Personal]]) -> list[Finding]:
    told = []
    for table, each in found:
        file = f"{book.file}/{table.file}" if table.file else book.file
        column = table.columns[each.at]
        cell = f"{column.column}{table.first_row + each.first_row}"
        seen = f"{each.what[:1].upper()}{each.what[1:]} in column {column.column} ({column.heading or 'no heading'}): {each.count:,}"
        advice = "Delete the column and upload again, or go on without it here."
        told.append(Finding(BLOCKED, file, table.sheet, cell, seen, "The file was stopped: nothing of it was kept.", advice))
    return told


def _without(book: Book, found: Sequence[tuple[TablePlan, Personal]]) -> Book:
    """The book with those columns blank."""
    grids = []
    for grid in book.grids:
        strips = list(grid.strips)
        for table, each in found:
            if table.sheet == grid.name and table.file == grid.file:
                strips[column_number(table.columns[each.at].column) - grid.left] = strip_of([""] * grid.height)
        grids.append(replace(grid, strips=tuple(strips)))
    return replace(book, grids=tuple(grids))


def _went_on(book: Book, found: Sequence[tuple[TablePlan, Personal]]) -> list[Finding]:
    told = []
    for table, each in found:
        file = f"{book.file}/{table.file}" if table.file else book.file
        column = table.columns[each.at]
        cell = f"{column.column}{table.header_rows[-1] if table.header_rows else table.first_row}"
        told.append(Finding(NOTE, file, table.sheet, cell, column.heading, f"The column holds {each.what}: it was not read and not kept."))
    return told


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
