"""Personal data in a table that someone uploads: seen from headings and contents, so that it is stopped before anything is kept.

What can be told from contents, and what cannot:

- NHS numbers carry a check digit that one in eleven other ten-digit numbers also passes. So a column counts as holding them where clearly
  more pass than chance gives, where at least half pass and nothing says that it holds sums or populations, or where heading or text says
  "NHS number". One NHS number among many ten-digit numbers of another kind cannot be told from them.
- Names are told by the heading, or by their shape together with common forenames. One person's name among names of services is not found.
- Notes are found where they speak of one person ("she reports", "pt attended", "Mr K"), not where they say little ("letter sent").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mhequity.reading.grids import Strip
from mhequity.reading.people import births, contact_details, names, nhs_numbers, notes
from mhequity.reading.people.columns import Column, plain

NHS_NUMBERS, BIRTH_DATES, NAMES = "NHS numbers", "dates of birth", "names of people"
POSTCODES, EMAILS, PHONES, NOTES = "full postcodes beside names", "email addresses", "phone numbers", "notes about people"


@dataclass(frozen=True)
class Personal:
    """Personal data seen in one column."""

    at: int
    """Position of the column."""
    what: str
    """In words, such as ``NHS numbers`` or ``names of people``."""
    count: int
    """Number of cells that look so."""
    first_row: int
    """Row of the first of them, counted from 0."""


def scan(headings: Sequence[str], strips: Sequence[Strip], kind: str = "") -> list[Personal]:
    """Personal data in a table's body.

    Parameters
    ----------
    headings
        One a column; may be empty.
    strips
        The columns' body rows, without headings, titles and notes.
    kind
        The catalogue's table that the rows are taken for, or empty. ``contacts`` is record level. Phone numbers are expected of
        ``sites``; tables of prose (``ambitions``, ``actions`` ...) may speak of the people who are responsible.

    Returns
    -------
    list of Personal
        By column; empty where nothing was seen. One column can hold several kinds.

    Examples
    --------
    >>> from mhequity.reading.grids import strip_of
    >>> scan(["ref"], [strip_of(["943 476 5919", "401-023-2137"])])
    [Personal(at=0, what='NHS numbers', count=2, first_row=0)]
    """
    columns = [
        Column(at, plain(heading), strip) for at, (heading, strip) in enumerate(zip(headings, strips, strict=True)) if len(strip.codes)
    ]
    days = {column.at: births.days_of(column) for column in columns}
    latest = max((int(dates[column.used].max()) for column in columns if (dates := days[column.at]) is not None), default=births.NO_DAY)
    found: list[Personal | None] = []
    for column in columns:
        found += [
            _seen(column, NHS_NUMBERS, nhs_numbers.find(column)),
            _seen(column, BIRTH_DATES, births.find(column, days[column.at], latest, kind)),
            _seen(column, NAMES, names.find(column, kind)),
            _seen(column, EMAILS, contact_details.emails(column)),
            _seen(column, PHONES, contact_details.phones(column) if kind != "sites" else None),
            _seen(column, NOTES, notes.find(column, kind)),
        ]
    if any(each and each.what == NAMES for each in found):
        found += [_seen(column, POSTCODES, contact_details.postcodes(column)) for column in columns]
    return sorted((each for each in found if each), key=lambda each: each.at)


def _seen(column: Column, what: str, hits: np.ndarray | None) -> Personal | None:
    """What the rows hold of the distinct texts that were hit."""
    if hits is None or not hits.any():
        return None
    rows = hits[column.strip.codes]
    count = int(rows.sum())
    return Personal(column.at, what, count, int(rows.argmax())) if count else None
