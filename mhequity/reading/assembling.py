"""The tables of one file together: facts stated twice, contacts counted, what was left out listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from mhequity import areas, tables
from mhequity.reading import contacts
from mhequity.reading.adding_up import added_up, can_add_up
from mhequity.reading.applied import PRIVATE, ROW, Applied, LeftOut, Slot
from mhequity.reading.findings import BLOCKED, NOTE, Finding, count_rows, file_name
from mhequity.reading.grids import column_number
from mhequity.reading.plans import FIGURES
from mhequity.reading.teller import SHOWN, Teller

_OWN = ("file", "sheet", "row", "reason")


@dataclass(frozen=True, eq=False)
class _Part:
    applied: Applied
    slot: Slot
    rows: pa.Table

    @property
    def column(self) -> str:
        return self.slot.column if len(self.applied.slots) > 1 else ""


def assemble(sheets: Sequence[Applied], file: str) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame], list[Finding]]:
    """Tables by name, of rows that are not repeats of another; their totals kept apart; and what was found."""
    found: dict[str, pd.DataFrame] = {}
    findings: list[Finding] = []
    for name in tables.names():
        parts = [_Part(sheet, slot, rows) for sheet in sheets for slot, rows in sheet.facts if slot.table.name == name and len(rows)]
        if parts and name != PRIVATE:
            found[name], repeats = _one_table(name, parts, file)
            findings += repeats
    for sheet in sheets:
        for slot, rows in sheet.facts:
            if slot.table.name == PRIVATE and len(rows):
                findings += _add_contacts(found, sheet, tables.from_arrow(rows.drop_columns(ROW)), file)
    return {name: found[name] for name in tables.names() if name in found}, _totals(sheets), findings


def _totals(sheets: Sequence[Applied]) -> dict[str, pd.DataFrame]:
    kept: dict[str, list[pa.Table]] = {}
    for sheet in sheets:
        for slot, rows in sheet.totals:
            if len(rows) and slot.table.name != PRIVATE:
                kept.setdefault(slot.table.name, []).append(rows)
    return {name: tables.from_arrow(pa.concat_tables(each).drop_columns(ROW)) for name, each in kept.items()}


def _one_table(name: str, parts: Sequence[_Part], file: str) -> tuple[pd.DataFrame, list[Finding]]:
    parts, summed = _with_sums(parts, file)
    rows = pa.concat_tables([part.rows for part in parts])
    frame = tables.from_arrow(rows.drop_columns(ROW))
    numbers = tables.fact_numbers(frame, name)
    repeated = _duplicated(numbers)
    if not repeated.any():
        return frame, summed
    row_numbers = np.concatenate([part.applied.row_numbers[part.rows[ROW].to_numpy()] for part in parts])
    findings = [*summed, *_repeats(name, parts, frame, numbers, repeated, row_numbers, file)]
    return frame[~repeated].reset_index(drop=True), findings


def _with_sums(parts: Sequence[_Part], file: str) -> tuple[list[_Part], list[Finding]]:
    """The parts, those whose rows are to be added up with one row a fact, and what is said of it."""
    out, findings = [], []
    for part in parts:
        one = part.applied
        rows = added_up(part.rows, part.slot.table.name) if one.plan.repeats_add_up and can_add_up(part.slot) else part.rows
        out.append(replace(part, rows=rows))
        if len(rows) < len(part.rows):
            done = f"Added up to {len(rows):,} fact{'s' if len(rows) != 1 else ''}: rows that state the same fact are parts of it."
            seen, advice = count_rows(len(part.rows)), "Say so here if they are not: then the first row of each is kept."
            findings.append(
                Teller(one, file).finding("repeats", NOTE, part.column and f"{part.column}{one.plan.first_row}", seen, done, advice)
            )
    return out, findings


def _duplicated(numbers: np.ndarray) -> np.ndarray:
    """True for each number that stood before."""
    if len(numbers) and numbers.max() < 50 * len(numbers) + 1000:
        met = np.zeros(int(numbers.max()) + 1, dtype=bool)
        met[numbers] = True
        if np.count_nonzero(met) == len(numbers):
            return np.zeros(len(numbers), dtype=bool)
    return np.asarray(pd.Series(numbers).duplicated().to_numpy())


def _repeats(
    name: str, parts: Sequence[_Part], frame: pd.DataFrame, numbers: np.ndarray, repeated: np.ndarray, row_numbers: np.ndarray, file: str
) -> list[Finding]:
    """Say which rows state a fact again, and list them among those left out."""
    starts = np.cumsum([0, *(len(part.rows) for part in parts)])
    _, first, codes = np.unique(numbers, return_index=True, return_inverse=True)
    again = np.flatnonzero(repeated)
    earlier = first[codes[again]]
    own, before = np.searchsorted(starts, again, side="right") - 1, np.searchsorted(starts, earlier, side="right") - 1
    idle = _same_figures(frame, name, again, earlier) & ~_unused_differ(parts, own, before, row_numbers[again], row_numbers[earlier])
    if idle.sum() == 1:
        idle[:] = False
    findings: list[Finding] = []
    if idle.any():
        findings.append(_said_again(parts[int(own[idle][0])], int(row_numbers[again[idle][0]]), int(idle.sum()), file))
    told = np.flatnonzero(~idle)
    for at, other, mine, theirs in zip(again[told][:SHOWN], earlier[told], own[told], before[told], strict=False):
        part, teller = parts[mine], Teller(parts[mine].applied, file)
        elsewhere = parts[theirs].applied.grid.name
        where = f"row {row_numbers[other]}" + (f" of sheet {elsewhere}" if elsewhere != part.applied.grid.name else "")
        seen = ", ".join(filter(None, (areas.name_of(str(label)) for label in frame.loc[at, tables.kind(name).key])))[:150]
        cell = f"{part.column or part.applied.plan.columns[0].column}{row_numbers[at]}"
        here, there = _figures_of(frame, name, int(at)), _figures_of(frame, name, int(other))
        same = here == there
        apart = _unused_that_differ(part, int(row_numbers[at]), int(row_numbers[other])) if mine == theirs else ""
        done = f"States the same fact as {where}{', with the same figure' if same else f': {here} here, {there} there'}.{apart} The first was kept."
        parts_of_one = (
            " If they are parts of one figure, such as lines of a ledger, have them added up here." if can_add_up(part.slot) else ""
        )
        advice = "Nothing." if same and not apart else f"Delete one of the two rows, or say what tells them apart.{parts_of_one}"
        findings.append(teller.finding("repeats", NOTE if same else BLOCKED, cell, seen, done, advice))
    for mine in np.unique(own):
        part = parts[int(mine)]
        mask = own == mine
        _list_repeats(
            part, row_numbers[again[mask]], row_numbers[earlier[mask]], [parts[int(each)].applied.grid.name for each in before[mask]]
        )
    if len(told) > SHOWN:
        rest, teller = (
            f"{count_rows(len(told) - SHOWN)} more state a fact that is there already",
            Teller(parts[int(own[told[-1]])].applied, file),
        )
        findings.append(teller.finding("repeats", BLOCKED, "", rest, "Left out.", "Download the rows left out to see each."))
    return findings


def _same_figures(frame: pd.DataFrame, name: str, rows: np.ndarray, earlier: np.ndarray) -> np.ndarray:
    """True for each row whose figures, and what of them is suppressed, are those of its earlier row."""
    same = frame[tables.SUPPRESSED].to_numpy(dtype=object)[rows] == frame[tables.SUPPRESSED].to_numpy(dtype=object)[earlier]
    for column in tables.kind(name).numbers:
        values = frame[column].to_numpy(dtype=float, na_value=np.nan)
        one, other = values[rows], values[earlier]
        same &= (one == other) | (np.isnan(one) & np.isnan(other))
    return np.asarray(same, dtype=bool)


def _unused_differ(parts: Sequence[_Part], own: np.ndarray, before: np.ndarray, rows: np.ndarray, earlier: np.ndarray) -> np.ndarray:
    """True for each row that a column without a meaning tells from its earlier row of the same sheet."""
    differ = np.zeros(len(rows), dtype=bool)
    for mine in np.unique(own[own == before]):
        grid, both = parts[int(mine)].applied.grid, (own == mine) & (before == mine)
        for each in parts[int(mine)].applied.plan.columns:
            if not each.meaning and not each.answers:
                codes = grid.strips[column_number(each.column) - grid.left].codes
                differ[both] |= codes[rows[both] - grid.top] != codes[earlier[both] - grid.top]
    return differ


def _said_again(part: _Part, row: int, count: int, file: str) -> Finding:
    """One sentence for all the rows that say again what is known."""
    cell = f"{part.column or part.applied.plan.columns[0].column}{row}"
    seen = f"{count_rows(count)} state a fact again with the same figure"
    return Teller(part.applied, file).finding("repeats", NOTE, cell, seen, "The first of each was kept.")


def _unused_that_differ(part: _Part, row: int, other: int) -> str:
    """A sentence that names the columns without a meaning in which two rows of the sheet differ; empty where none does."""
    grid = part.applied.grid
    names = [
        each.heading or each.column
        for each in part.applied.plan.columns
        if not each.meaning and not each.answers
        for at in [column_number(each.column) - grid.left]
        if grid.text(row - grid.top, at) != grid.text(other - grid.top, at)
    ]
    return f" The rows differ in {', '.join(names[:4])}{' and more' if len(names) > 4 else ''}, not used." if names else ""


def _figures_of(frame: pd.DataFrame, name: str, row: int) -> str:
    """The figures of a row as a person reads them; a star for what is suppressed."""
    hidden = str(frame.at[row, tables.SUPPRESSED]).split()
    values = [(column, frame.at[row, column]) for column in tables.kind(name).numbers]
    return (
        ", ".join("*" if column in hidden else f"{value:,.10g}" for column, value in values if column in hidden or pd.notna(value))
        or "no figure"
    )


def _list_repeats(part: _Part, rows: np.ndarray, earlier: np.ndarray, sheets: Sequence[str]) -> None:
    top = part.applied.grid.top
    if len(rows) > 20_000:
        part.applied.left_out.append(LeftOut("States a fact that an earlier row states.", rows - top, part.column))
        return
    for row, other, sheet in zip(rows, earlier, sheets, strict=True):
        where = f"row {other}" + (f" of sheet {sheet}" if sheet != part.applied.grid.name else "")
        part.applied.left_out.append(LeftOut(f"States the same fact as {where}.", np.array([row - top]), part.column))


def _add_contacts(found: dict[str, pd.DataFrame], sheet: Applied, frame: pd.DataFrame, file: str) -> list[Finding]:
    """Count a sheet of contacts into activity and waits; what a table states already is not added to it."""
    findings, teller = [], Teller(sheet, file)
    for name, counted in contacts.aggregate(frame).items():
        both = pd.concat([found[name], counted], ignore_index=True) if name in found else counted
        repeated = pd.Series(tables.fact_numbers(both, name)).duplicated().to_numpy()
        found[name] = both[~repeated].reset_index(drop=True)
        if repeated.any():
            seen = f"{count_rows(int(repeated.sum()))} of {name} counted from contacts"
            done = "The file states these facts in another sheet too; that sheet was kept."
            findings.append(teller.finding("repeats", BLOCKED, "", seen, done, "Upload one of the two only."))
    held = {each.meaning.split(".")[-1] for each in sheet.plan.columns if each.meaning}
    unused = [column for column in tables.kind(PRIVATE).names if column in held and column not in contacts.USED]
    done = "Counted by area, service, provider, team and month. The single contacts were not kept."
    advice = f"Columns not used in the counts: {', '.join(unused)}." if unused else ""
    return [teller.finding("read", NOTE, "", f"{count_rows(len(frame))} of contacts", done, advice), *findings]


def nothing_rejected() -> pd.DataFrame:
    """The rejected frame without rows."""
    return pd.DataFrame({"file": [], "sheet": [], "row": [], "reason": []}).astype(
        {"file": "str", "sheet": "str", "row": "int64", "reason": "str"}
    )


def rejected_rows(sheets: Sequence[Applied], file: str) -> pd.DataFrame:
    """Rows left out of all sheets, with their cells as text; of contacts, the row's number and the reason only.

    Of a row that was used in part, only its labels and the cells that were left out are filled.
    """
    parts = [_rejected(sheet, file) for sheet in sheets if any(len(each.rows) for each in sheet.left_out)]
    if not parts:
        return nothing_rejected()
    return pd.concat(parts, ignore_index=True).fillna("").astype({"row": "int64"})


def _rejected(sheet: Applied, file: str) -> pd.DataFrame:
    reasons: dict[int, dict[str, None]] = {}
    cells: dict[int, set[str]] = {}
    for left in sheet.left_out:
        for row in left.rows.tolist():
            reasons.setdefault(row, {})[left.reason] = None
            cells.setdefault(row, set()).add(left.column)
    rows = sorted(reasons)
    frame = pd.DataFrame({
        "file": [file_name(file, sheet.grid.file)] * len(rows),
        "sheet": [sheet.grid.name] * len(rows),
        "row": [row + sheet.grid.top for row in rows],
        "reason": [" ".join(reasons[row]) for row in rows],
    }).astype({"file": "str", "sheet": "str", "reason": "str"})  # fmt: skip
    if sheet.plan.kind == PRIVATE:
        return frame
    columns = sheet.plan.columns
    for each, title in zip(columns, _distinct_titles([each.heading for each in columns]), strict=True):
        strip = sheet.grid.strips[column_number(each.column) - sheet.grid.left]
        whole = each.meaning not in FIGURES and not each.answers
        frame[title] = pd.Series(
            [strip[row] if whole or "" in cells[row] or each.column in cells[row] else "" for row in rows], dtype="str"
        )
    return frame


def _distinct_titles(titles: Sequence[str]) -> list[str]:
    """Headings as they are; one that is blank, repeated or the name of a column of ours is told apart by its place."""
    out: list[str] = []
    for at, title in enumerate(titles, start=1):
        out.append(title if title and title not in out and title not in _OWN else f"{title} (column {at})".strip())
    return out
