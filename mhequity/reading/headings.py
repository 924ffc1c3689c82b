"""Which table of the catalogue a sheet holds, and in which columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from mhequity.tables import CATALOGUE, TableKind

TEMPLATE_SHEETS = ("README", "Lists")
"""Sheets of the template that hold no table."""

EXAMPLE_NOTE = "← Made-up example: type over it or delete it."
"""What the template writes beside an example row; it is not part of the table."""


def simple(heading: str) -> str:
    """A heading without case, spaces, punctuation and units in brackets: ``Median days (days)`` to ``mediandays``."""
    return _letters(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading)) or _letters(heading)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold().replace("£", "gbp"))


@dataclass(frozen=True)
class Headings:
    """Where a kind's columns stand among a sheet's headings; positions count from 0."""

    kind: TableKind
    columns: dict[str, int] = field(default_factory=dict)
    repeated: tuple[int, ...] = ()
    """Headings that say again what an earlier one said."""
    extra: tuple[int, ...] = ()
    """Headings that the kind does not have."""

    @property
    def missing(self) -> list[str]:
        return [name for name in self.kind.required if name not in self.columns]


def locate(headings: Sequence[str], kind: TableKind) -> Headings:
    """Match a sheet's headings to the kind's columns, in any order."""
    known = {_letters(name): name for name in kind.names}
    columns: dict[str, int] = {}
    repeated, extra = [], []
    for position, heading in enumerate(headings):
        if not heading:
            continue
        # Brackets may hold a unit to ignore, "persons (number)", or the end of the name, "amount (£)".
        name = known.get(simple(heading)) or known.get(_letters(heading))
        if name is None:
            extra.append(position)
        elif name in columns:
            repeated.append(position)
        else:
            columns[name] = position
    return Headings(kind, columns, tuple(repeated), tuple(extra))


def recognise(sheet: str, headings: Sequence[str]) -> Headings | None:
    """The table that a sheet holds.

    By its name, if that is a table's; else by its headings: a kind whose required columns are all there, and the one
    that most headings belong to; else by a table's name within the sheet's, if half its required columns are there.
    None where nothing fits.
    """
    found = [locate(headings, kind) for kind in CATALOGUE]
    for each in found:
        if simple(sheet) in (each.kind.name.replace("_", ""), simple(each.kind.title)):
            return each
    filled = sum(map(bool, headings))
    whole = [each for each in found if not each.missing and 2 * len(each.columns) >= filled]
    if whole:
        return max(whole, key=lambda each: (len(each.columns), -len(each.kind.columns)))
    words = f" {re.sub(r'[^a-z]+', ' ', sheet.casefold())} "
    for each in found:
        if f" {each.kind.name.replace('_', ' ')} " in words and 2 * len(each.missing) <= len(each.kind.required):
            return each
    return None


def closest(headings: Sequence[str]) -> Headings | None:
    """The kind that lacks the fewest required columns, if at least half of them are there: to say what is missing."""
    found = [locate(headings, kind) for kind in CATALOGUE]
    near = [each for each in found if 2 * len(each.missing) <= len(each.kind.required)]
    return min(near, key=lambda each: (len(each.missing), -len(each.columns)), default=None)
