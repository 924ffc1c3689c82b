"""What was understood of a file, in words and as JSON: the same for the page and the command line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from mhequity import areas, periods
from mhequity.reading.applied import Applied, Slot
from mhequity.reading.cells import BLOCKED, COMPARATOR, ELSEWHERE, OK
from mhequity.reading.files import Reading
from mhequity.reading.plans import FIGURES, OUTSIDE
from mhequity.tables import kind

_MOST_NAMES = 1000


@dataclass(frozen=True)
class Understanding:
    """What one table of a sheet was taken for. Rows count from 1 as in the spreadsheet."""

    kind: str
    sheet: str
    header_rows: tuple[int, ...]
    first_row: int
    last_row: int
    rows: int
    """Facts that were read."""
    columns: dict[str, str]
    """Column of the catalogue to the heading that it was read from; several headings are joined with `` | ``."""
    measures: tuple[str, ...]
    area_column: str
    """Heading of the column that names the areas; empty where headings or the title do."""
    areas_matched: int
    """How many different areas were matched."""
    areas_proposed: dict[str, str]
    """Spelling to the name of the closest area, for a person to confirm."""
    areas_unmatched: tuple[str, ...]
    comparators: tuple[str, ...]
    periods: tuple[str, ...]


def understandings(reading: Reading) -> list[Understanding]:
    """One for each table of a sheet and each table of the catalogue that it gave, in reading order."""
    return [_one(applied, name) for applied in reading.applied for name in dict.fromkeys(slot.table.name for slot in applied.slots)]


def as_json(reading: Reading) -> dict[str, Any]:
    """The understanding of a file as plain values, ready for JSON."""
    tables = [
        {key: list(value) if isinstance(value, tuple) else value for key, value in asdict(each).items()} for each in understandings(reading)
    ]
    told = ("severity", "kind", "sheet", "cell", "seen", "done", "advice")
    findings = [{key: getattr(each, key) for key in told} for each in reading.findings]
    return {"file": reading.file, "tables": tables, "findings": findings, "sheets_ignored": list(reading.sheets_ignored)}


def _one(applied: Applied, name: str) -> Understanding:
    plan, slots = applied.plan, [slot for slot in applied.slots if slot.table.name == name]
    facts = [rows for slot, rows in applied.facts if slot.table.name == name]
    shown = facts if any(map(len, facts)) else [rows for slot, rows in applied.totals if slot.table.name == name]
    matched, proposed, unmatched = _areas(applied, slots)
    area_column = next((each.heading for each in plan.columns if each.meaning == "area"), "")
    return Understanding(
        name, f"{plan.file}/{plan.sheet}" if plan.file else plan.sheet, plan.header_rows, plan.first_row, plan.last_row, sum(map(len, facts)),
        _columns(applied, slots), tuple(_distinct(shown, "measure") or _said(slots) or _figures(slots)), area_column, matched, proposed, tuple(unmatched),
        tuple(_comparators(applied, slots)), tuple(periods.sort(_distinct(shown, "date" if name == "contacts" else "period"))),
    )  # fmt: skip


def _distinct(tables: Sequence[pa.Table], column: str) -> list[str]:
    found: dict[str, None] = {}
    for rows in tables:
        if column in rows.column_names:
            found |= dict.fromkeys(rows[column].unique().to_pylist())
    return [str(value) for value in found if value]


def _said(slots: Sequence[Slot]) -> list[str]:
    return list(dict.fromkeys(slot.labels["measure"] for slot in slots if "measure" in slot.labels))


def _figures(slots: Sequence[Slot]) -> list[str]:
    return list(dict.fromkeys(figures.column.name for slot in slots for figures in slot.figures))


def _columns(applied: Applied, slots: Sequence[Slot]) -> dict[str, str]:
    table = kind(slots[0].table.name)
    found: dict[str, list[str]] = {}
    for each in applied.plan.columns:
        if each.meaning and each.meaning not in FIGURES and each.meaning in table.names:
            found.setdefault(each.meaning, []).append(each.heading)
    for slot in slots:
        headings = [(each.column.name, each.plan.heading) for each in slot.figures]
        for column, heading in [*headings, *((each.column.name, each.heading) for each in slot.words)]:
            found.setdefault(column, []).append(heading)
            for name in slot.labels:
                if name in table.names and name not in ("measure", "better"):
                    found.setdefault(name, []).append(heading)
    return {name: " | ".join(dict.fromkeys(headings)) for name, headings in found.items()}


def _areas(applied: Applied, slots: Sequence[Slot]) -> tuple[int, dict[str, str], list[str]]:
    matched = {slot.labels["area"] for slot in slots if "area" in slot.labels and not slot.comparator and not slot.unknown_area}
    proposed: dict[str, str] = {}
    unmatched = [each.heading for each in applied.plan.columns if each.why == OUTSIDE]
    for spelling in dict.fromkeys(slot.unknown_area for slot in slots if slot.unknown_area):
        close = areas.match(spelling).proposals
        proposed |= {spelling: close[0].name} if close else {}
        unmatched += [] if close else [spelling]
    labelled = applied.labels.get("area")
    if labelled is None:
        given = applied.plan.labels.get("area")
        return len(matched | ({given} if given else set())), proposed, unmatched
    for text, meaning in zip(labelled.texts, labelled.meanings, strict=True):
        if meaning.state == OK:
            matched.add(meaning.value)
        elif meaning.proposals:
            proposed[text] = meaning.proposals[0].name
        elif meaning.state in (BLOCKED, ELSEWHERE) and text:
            unmatched.append(text)
    return len(matched), proposed, unmatched[:_MOST_NAMES]


def _comparators(applied: Applied, slots: Sequence[Slot]) -> list[str]:
    labelled = applied.labels.get("area")
    named = [meaning.value for meaning in labelled.meanings if meaning.state == COMPARATOR] if labelled is not None else []
    return list(dict.fromkeys([*named, *(slot.comparator for slot in slots if slot.comparator)]))


def in_words(reading: Reading) -> str:
    """The understanding of a file as a person reads it on a terminal."""
    lines = [reading.file]
    for each in understandings(reading):
        place = f"sheet {each.sheet}, rows {each.first_row} to {each.last_row}"
        headings = f", headings in row {' and '.join(map(str, each.header_rows))}" if each.header_rows else ", no headings"
        lines += ["", f"{kind(each.kind).title}: {each.rows:,} fact{'' if each.rows == 1 else 's'} ({place}{headings})"]
        lines += [f"  {name}: {_shortened(heading)}" for name, heading in each.columns.items()]
        lines += _listed("measures", each.measures) + _listed("periods", each.periods)
        lines.append(f"  areas: {each.areas_matched} matched")
        lines += [f"    {seen}: did you mean {name}?" for seen, name in each.areas_proposed.items()]
        lines += _listed("not matched", each.areas_unmatched) + _listed("kept apart", each.comparators)
    for severity, title in (("blocked", "Left out"), ("fixed", "Put right"), ("note", "To know")):
        found = [finding for finding in reading.findings if finding.severity == severity]
        if found:
            lines += ["", f"{title}: {len(found)}"]
        for finding in found:
            where = " ".join(filter(None, (finding.sheet, finding.cell)))
            seen = f"“{finding.seen}” " if finding.seen else ""
            lines.append(f"  {where + ': ' if where else ''}{seen}{finding.done} {finding.advice}".rstrip())
    if reading.sheets_ignored:
        lines += ["", f"Sheets not read: {', '.join(reading.sheets_ignored)}"]
    return "\n".join(lines)


def _shortened(headings: str, most: int = 4) -> str:
    named = headings.split(" | ")
    return headings if len(named) <= most else f"{' | '.join(named[:most])} and {len(named) - most:,} more"


def _listed(title: str, names: Sequence[str], most: int = 12) -> list[str]:
    if not names:
        return []
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return [f"  {title}: {'; '.join(names[:most])}{more}"]


def something_read(reading: Reading) -> bool:
    """True where any fact, or any total kept apart, was read."""
    return bool(reading.tables or reading.comparators)


def tidy_with_names(frame: pd.DataFrame) -> pd.DataFrame:
    """A tidy frame with ``area_name`` after ``area``; without ``source``, which means nothing outside a workspace."""
    shown = frame.drop(columns="source")
    if "area" not in shown:
        return shown
    names = {code: areas.name_of(code) for code in shown["area"].unique()}
    shown.insert(shown.columns.get_loc("area") + 1, "area_name", shown["area"].map(names).astype("str"))
    return shown.replace({"area_name": {np.nan: ""}})
