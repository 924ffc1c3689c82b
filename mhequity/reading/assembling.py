"""The sheets of one file together: facts stated twice, contacts counted, rows left out listed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from mhequity import tables
from mhequity.reading import contacts
from mhequity.reading.findings import BLOCKED, NOTE, Finding, nothing_rejected
from mhequity.reading.grids import address, as_text
from mhequity.reading.sheets import PRIVATE, SHOWN, SheetReading, count_rows

_OWN = ("file", "sheet", "row", "reason")


def assemble(sheets: Sequence[SheetReading]) -> tuple[dict[str, pd.DataFrame], list[Finding]]:
    """Tables by name, of rows that are not repeats of another, and what was found. Reasons are added to the sheets'."""
    found: dict[str, pd.DataFrame] = {}
    findings: list[Finding] = []
    for name in tables.names():
        parts = [sheet for sheet in sheets if sheet.body.kind.name == name and not sheet.frame.empty]
        if parts and name != PRIVATE:
            found[name], repeats = _one_table(name, parts)
            findings += repeats
    for sheet in sheets:
        if sheet.body.kind.name == PRIVATE and not sheet.frame.empty:
            findings += _add_contacts(found, sheet)
    return {name: found[name] for name in tables.names() if name in found}, findings


def _keys(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """The columns that say which fact a row states. An empty base means residents (the catalogue's words)."""
    keys = frame[tables.kind(name).key]
    return keys.assign(base=keys["base"].replace("", "resident")) if "base" in keys else keys


def _one_table(name: str, parts: Sequence[SheetReading]) -> tuple[pd.DataFrame, list[Finding]]:
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    keys = _keys(frame, name)
    repeated = keys.duplicated()
    if not repeated.any():
        return frame, []
    places = [(part, int(row)) for part in parts for row in part.frame.index]
    first = pd.Series(frame.index, frame.index).groupby([keys[column] for column in keys], sort=False).transform("first")
    findings: list[Finding] = []
    again = list(frame.index[repeated])
    for at in again:
        (part, row), (earlier, earlier_row) = places[at], places[int(first[at])]
        where = f"row {earlier_row}" + (f" of sheet {earlier.body.grid.name}" if earlier is not part else "")
        reason = f"States the same fact as {where}."
        part.reasons.setdefault(row, []).append(reason)
        if len(findings) < SHOWN:
            seen = ", ".join(filter(None, map(str, keys.loc[at])))[:150]
            cell = address(row, part.body.grid.left)
            findings.append(part.body.finding(BLOCKED, cell, seen, f"{reason} The first was kept.", "Delete one of the two rows."))
    if len(again) > SHOWN:
        rest = f"{count_rows(len(again) - SHOWN)} more state a fact that is there already"
        findings.append(part.body.finding(BLOCKED, "", rest, "Left out.", "Download the rows left out to see each."))
    return frame[~repeated].reset_index(drop=True), findings


def _add_contacts(found: dict[str, pd.DataFrame], sheet: SheetReading) -> list[Finding]:
    """Count a sheet of contacts into activity and waits; what a table states already is not added to it."""
    findings = []
    for name, counted in contacts.aggregate(sheet.frame).items():
        both = pd.concat([found[name], counted], ignore_index=True) if name in found else counted
        repeated = _keys(both, name).duplicated()
        found[name] = both[~repeated].reset_index(drop=True)
        if repeated.any():
            seen = f"{count_rows(int(repeated.sum()))} of {name} counted from contacts"
            done = "The file states these facts in another sheet too; that sheet was kept."
            findings.append(sheet.body.finding(BLOCKED, "", seen, done, "Upload one of the two only."))
    unused = [column for column in sheet.body.headings.columns if column not in contacts.USED]
    done = "Counted by area, service, provider, team and month. The single contacts were not kept."
    advice = f"Columns not used in the counts: {', '.join(unused)}." if unused else ""
    return [sheet.body.finding(NOTE, "", f"{count_rows(len(sheet.frame))} of contacts", done, advice), *findings]


def rejected_rows(sheets: Sequence[SheetReading]) -> pd.DataFrame:
    """Rows left out of all sheets, with their cells as text; of contacts, the row's number and the reason only."""
    parts = [_rejected(sheet) for sheet in sheets if sheet.reasons]
    if not parts:
        return nothing_rejected()
    return pd.concat(parts, ignore_index=True).fillna("").astype({"row": "int64"})


def _rejected(sheet: SheetReading) -> pd.DataFrame:
    body = sheet.body
    rows = sorted(sheet.reasons)
    own: dict[str, list[object]] = {
        "file": [body.file] * len(rows),
        "sheet": [body.grid.name] * len(rows),
        "row": list(rows),
        "reason": [" ".join(part.strip() for part in sheet.reasons[row]) for row in rows],
    }
    frame = pd.DataFrame(own).astype({"file": "str", "sheet": "str", "reason": "str"})
    if body.kind.name == PRIVATE:
        return frame
    original = [body.grid.rows[row - body.grid.top] if row - body.grid.top < len(body.grid.rows) else [] for row in rows]
    for at, title in enumerate(_distinct_titles(body.titles)):
        frame[title] = pd.Series([as_text(cells[at]) if at < len(cells) else "" for cells in original], dtype="str")
    return frame


def _distinct_titles(titles: Sequence[str]) -> list[str]:
    """Headings as they are; one that is blank, repeated or the name of a column of ours is told apart by its place."""
    out: list[str] = []
    for at, title in enumerate(titles, start=1):
        out.append(title if title and title not in out and title not in _OWN else f"{title} (column {at})".strip())
    return out
