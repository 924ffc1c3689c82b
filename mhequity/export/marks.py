"""What to say in a person's own workbook, and in which words and colours."""

from __future__ import annotations

from dataclasses import dataclass

from mhequity.reading.files import Reading
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding

LIST_SHEET = "What was found"
MOST_MARKED = 20_000
"""Cells that are coloured, and rows of the list, at most. Those with the worst problems come first."""
COLOURS = {BLOCKED: "FFC7CE", FIXED: "FFE699", NOTE: "CFE2F3"}
"""Light red, amber and blue, on which black text has a contrast of more than 13 to 1."""
WORDS = {BLOCKED: "Left out", FIXED: "Put right", NOTE: "Good to know"}
MEANINGS = {
    BLOCKED: "The row or the value was not taken. Please correct it.",
    FIXED: "It was taken, read as the note says. Please check that this is what you meant.",
    NOTE: "It was taken as it stands.",
}


@dataclass(frozen=True)
class Mark:
    """Something to say about a cell."""

    sheet: str
    cell: str
    """As in the spreadsheet: ``B7``. Empty for the whole sheet: the note then stands at A1, which is not coloured."""
    severity: str
    """``blocked``, ``fixed`` or ``note``, as in :mod:`mhequity.reading.findings`."""
    note: str
    """One or more plain sentences."""


def marks_of(reading: Reading) -> list[Mark]:
    """What to say in a person's own workbook: every finding at its cell, and each row that was left out at the cell that is why.

    A finding speaks of the first cell where a thing was seen; the rows behind it are marked one by one. Rows about one person are
    marked without what they hold. Sheets of files in a zip file are named after the file too.
    """
    marks = [Mark(each.sheet, each.cell, each.severity, _note(each)) for each in reading.findings]
    said = {(mark.sheet, mark.cell) for mark in marks if mark.severity == BLOCKED}
    for one in reading.applied:
        first = one.plan.columns[0].column if one.plan.columns else "A"
        for left in one.left_out:
            letters, severity = left.at or left.column or first, NOTE if left.apart else BLOCKED
            for row in left.rows[:MOST_MARKED].tolist():
                cell = f"{letters}{row + one.grid.top}"
                if (one.grid.name, cell) not in said:
                    marks.append(Mark(one.grid.name, cell, severity, left.reason))
    return marks


def _note(finding: Finding) -> str:
    seen = f"“{finding.seen}”. " if finding.seen and finding.cell == "" else ""
    return f"{seen}{finding.done} {finding.advice}".strip()


def rank(mark: Mark) -> int:
    """0 for the gravest."""
    return [BLOCKED, FIXED, NOTE].index(mark.severity)
