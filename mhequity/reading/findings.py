"""What reading a file found out about it: one plain sentence a problem, with the place and the remedy."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Literal, get_args

import pandas as pd

from mhequity import periods

BLOCKED, FIXED, NOTE = "blocked", "fixed", "note"
"""Severities: the row or file was left out; something was put right; something to know."""

Kind = Literal[
    "read",  # what a table was read as, and how much of it
    "file",  # what kind of file it is, or why it cannot be opened
    "layout",  # a layout that is known, or was saved before
    "tables",  # a table that is not understood, or lacks something
    "sheets",  # sheets that were not read, or not whole
    "hidden",  # a hidden sheet that was not read
    "formulas",  # formulas without a result, and their errors
    "personal",  # details of people
    "unused columns",
    "likeness",  # columns whose meaning was guessed
    "every row",  # what a title or a heading says of many rows
    "not stated",  # what nothing says of any row
    "areas",  # places that are not known
    "outside London",
    "organisations",  # rows about organisations, which are no places
    "areas chosen",  # spellings of places that a person settled
    "periods",  # periods that cannot be read
    "dates",  # whether the day or the month comes first
    "labels",  # other labels that cannot be read
    "empty",  # cells that must be filled
    "spellings",  # labels and figures that were read as something other than written
    "statuses",  # words that were read as a status
    "figures",  # figures that cannot be read
    "units",
    "decimal commas",
    "suppressed",
    "missing",  # figures that are not there
    "totals",  # totals and wider places, which are kept apart
    "sums",  # totals that their parts do not make
    "repeats",  # facts that are stated twice
    "example",  # the template's own rows
    "boundaries",  # outlines of areas, and how they fit a table
    "other",
]
"""What a finding is about."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Finding:
    """One thing that a person should know about what was read."""

    severity: str
    """``blocked``, ``fixed`` or ``note``."""
    file: str
    sheet: str = ""
    """Empty where it concerns the whole file."""
    cell: str = ""
    """The first place where it was seen, as in a spreadsheet: ``B7``."""
    seen: str = ""
    done: str = ""
    advice: str = ""
    kind: Kind = "other"
    """One of ``KINDS``."""


def findings_frame(findings: Iterable[Finding]) -> pd.DataFrame:
    """One row a finding, with the columns of :class:`Finding`; an empty frame has them too."""
    columns = [each.name for each in fields(Finding)]
    return pd.DataFrame([asdict(finding) for finding in findings], columns=columns, dtype="str")


# Words that many findings use --------------------------------------------------------------------------------------------


def count_rows(number: int) -> str:
    """``1 row``, ``1,200 rows``."""
    return f"{number:,} row{'' if number == 1 else 's'}"


def shown(text: str) -> str:
    """A cell's text as a person would write it: days as 1 Apr 2024, never longer than a line."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return periods.day(date.fromisoformat(text)).label
        except ValueError:
            return text
    return text[:100]


def file_name(file: str, member: str) -> str:
    """What findings call a file, and one within a zip file: ``upload.zip/spend.csv``."""
    return f"{file}/{member}" if member else file


def first_few(names: Iterable[str], most: int = 5) -> str:
    """The first names and how many more there are: ``Brent, Ealing and 3 more``."""
    listed = list(names)
    more = f" and {len(listed) - most:,} more" if len(listed) > most else ""
    return ", ".join(listed[:most]) + more
