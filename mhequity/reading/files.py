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

from mhequity.reading import personal_columns, planning, recipes, sheet_names, sums
from mhequity.reading.applied import Applied
from mhequity.reading.applying import apply
from mhequity.reading.assembling import assemble, rejected_rows
from mhequity.reading.books import LIMIT_MB, Book, failed, nothing_read, open_book
from mhequity.reading.findings import BLOCKED, NOTE, Finding, count_rows, file_name, first_few
from mhequity.reading.grids import Grid, Unseen, letters
from mhequity.reading.opening import only_formulas
from mhequity.reading.plans import Plan, TablePlan
from mhequity.reading.table_findings import is_unusable
from mhequity.reading.teller import Teller
from mhequity.reading.telling import findings_of
from mhequity.tables import kind

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Reading:
    """What a file was understood to hold."""

    file: str
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    """Tidy frames (:mod:`mhequity.tables`) by table, texts as categories; those with rows only. Never ``contacts``."""
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


def understand(book: Book, known: Sequence[Plan] = (), without_personal: bool = False) -> Reading:
    """An opened file's plan, applied; where it holds details of people, only the columns that do are named."""
    try:
        plan, told = propose(book, known)
        found = personal_columns.found_in(book, plan)
        if found and not without_personal:
            told, named = personal_columns.stopped(found, book.file), tuple(each.name for each in found)
            return Reading(book.file, findings=tuple(told), sheets_ignored=book.ignored, book=replace(book, grids=()), personal=named)
        if found:
            book = personal_columns.without(book, found)
            plan, told = propose(book, known)
            told = [*personal_columns.set_aside(found, book.file), *told]
        return carry_out(book, plan, told)
    except Exception:
        _log.exception("Reading %s failed", book.file)
        return Reading(book.file, findings=(failed(book.file),), sheets_ignored=book.ignored)


def propose(book: Book, known: Sequence[Plan] = ()) -> tuple[Plan, list[Finding]]:
    """The plan for a file: by the recipes where a layout is known, by what the sheets hold where it is not."""
    found: list[TablePlan] = []
    told: list[Finding] = []
    names = [grid.name for grid in book.grids]
    for grid in book.grids:
        planned, loose = planning.plan_sheet(grid, book.file, names)
        file = file_name(book.file, grid.file)
        told += _unseen(grid, file)
        told += _about_sheet(grid, file, len(planned), loose)
        for each in planned:
            recognised, finding = recipes.recognise(each, grid, known)
            found.append(recognised)
            told += [replace(finding, file=file)] if finding else []
    found, apart = sheet_names.told_apart(found, book.grid, book.file)
    told += apart
    return Plan(tuple(found), recipes.name_of(known, found)), told


def _about_sheet(grid: Grid, file: str, count: int, loose: Sequence[str]) -> list[Finding]:
    """What is said of a sheet without tables, or with too many."""
    if not count and grid.uncalculated:
        return [only_formulas(grid, file)]
    if not count and loose:
        return [Finding(NOTE, file, grid.name, "", " · ".join(loose)[:300], "No table was found here: words only.", kind="tables")]
    if not count:
        return [Finding(NOTE, file, grid.name, "", "An empty sheet", "Nothing to read.", kind="sheets")]
    if count < planning.MOST_TABLES:
        return []
    seen, done = f"More than {planning.MOST_TABLES:,} tables on one sheet", f"Only the first {planning.MOST_TABLES:,} were read."
    return [Finding(BLOCKED, file, grid.name, "", seen, done, "Put them under one row of headings, or split the sheet.", "sheets")]


def _unseen(grid: Grid, file: str) -> list[Finding]:
    """That rows or columns are hidden in the sheet, where they hold anything: their figures count like the others."""
    if grid.unseen == Unseen():
        return []
    filled = grid.filled
    rows = [row for row in grid.unseen.rows if 0 <= row - grid.top < grid.height and filled[row - grid.top].any()]
    columns = [at for at in grid.unseen.columns if 0 <= at - grid.left < grid.width and filled[:, at - grid.left].any()]
    named = [f"{len(rows):,} hidden row{'s' if len(rows) > 1 else ''} ({first_few(map(str, rows))})"] if rows else []
    named += [f"{len(columns):,} hidden column{'s' if len(columns) > 1 else ''} ({first_few(map(letters, columns))})"] if columns else []
    if not named:
        return []
    cell = f"A{rows[0]}" if rows else f"{letters(columns[0])}{grid.top}"
    advice = "Show them in the spreadsheet to check, or delete them and upload again."
    return [Finding(NOTE, file, grid.name, cell, " and ".join(named), "Read like the others.", advice, "hidden")]


def carry_out(book: Book, plan: Plan, told: Sequence[Finding] = ()) -> Reading:
    """A plan applied to an opened file. The plan may have been changed by a person, or come from a recipe."""
    applied: list[Applied] = []
    findings = [*book.findings, *told]
    for table in plan.tables:
        grid = book.grid(table)
        if grid is None or not table.used:
            continue
        if _is_table(table):
            applied.append(apply(grid, table))
        else:
            findings.append(_no_table(table, grid, file_name(book.file, table.file)))
    usable = [one for one in applied if not is_unusable(one)]
    tables, comparators, repeats = assemble(usable, book.file)
    for one in applied:
        findings += [*_summary(one, book.file), *findings_of(one, book.file), *(sums.check(one, book.file) if one in usable else [])]
    findings += repeats
    idle = any(one.plan.exact and not len(one.rows) for one in applied)
    if not tables and not comparators and not idle and not any(finding.severity == BLOCKED for finding in findings):
        findings.insert(0, _nothing_known(book.file, bool(usable)))
    return Reading(book.file, tables, tuple(findings), plan, comparators, tuple(usable), book.ignored, told=tuple(told), book=book)


def _no_table(table: TablePlan, grid: Grid, file: str) -> Finding:
    """Why a table that should be used was not."""
    if any(table.first_row <= row <= table.last_row for row, _ in grid.uncalculated):
        return only_formulas(grid, file)
    seen = ", ".join(each.heading for each in table.columns if each.heading)[:300]
    cell = f"{table.columns[0].column}{table.header_rows[0] if table.header_rows else table.first_row}" if table.columns else ""
    done = "These headings fit no table that the app knows. The sheet was left out."
    advice = "Nothing, if it is not meant to be read; else say what its columns mean."
    return Finding(NOTE, file, table.sheet, cell, seen, done, advice, "tables")


def _nothing_known(file: str, is_elsewhere: bool) -> Finding:
    """That nothing was read, where no other finding says why."""
    if is_elsewhere:
        advice = "The notes say what was found instead, and why it was left out."
        return nothing_read(file, "No figure of a London borough or NHS system", advice)
    advice = "Say what its columns mean, or put your rows under the headings of the template, and upload that."
    return nothing_read(file, "No table that the app knows", advice)


def _is_table(table: TablePlan) -> bool:
    """True where some column means something that its kind of table is about."""
    meanings = {each.meaning for each in table.columns if each.meaning}
    meanings |= {name for each in table.columns if each.answers for name in each.labels}
    if any("." in meaning for meaning in meanings):
        return True
    required = {name for name in kind(table.kind).required if name != "area"}
    return bool(required & meanings) and (table.exact or 2 * len(required & meanings) >= len(required))


def _summary(one: Applied, file: str) -> list[Finding]:
    """As which tables it was read, and how many rows of each; nothing where nothing was."""
    used = any(len(rows) for _, rows in one.facts)
    if is_unusable(one) or (not len(one.rows) and not one.left_out) or (one.grid.uncalculated and not used):
        return []
    counts: dict[str, int] = {}
    for slot, facts in one.facts:
        counts[slot.table.title] = counts.get(slot.table.title, 0) + len(facts)
    rows = np.unique(np.concatenate([each.rows for each in one.left_out])) if one.left_out else np.zeros(0, dtype=np.int64)
    left = f", {count_rows(len(rows))} left out in whole or in part" if len(rows) else ""
    teller, title = Teller(one, file), one.plan.title[:100]
    return [
        teller.finding("read", NOTE, "", title, f"Read as the table {name}: {count_rows(count)}{left}.") for name, count in counts.items()
    ]
