"""The words that people use where the catalogue allows a few values: whether someone attended, how far an action has come.

What they write is data: ``data/headings/choices.csv`` has a row for each ``phrase`` of a ``column`` with the ``value`` that it
means and, where it could mean something else as well, the ``doubt`` to tell a person. A word that is not there is never guessed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from mhequity.paths import DATA
from mhequity.tables import Column


@dataclass(frozen=True)
class Choice:
    """What one word means."""

    value: str
    """One of the values that the column allows."""
    doubt: str = ""
    """What else it may mean, in words; empty where it is plain."""


def choice_of(text: str, column: Column) -> Choice | None:
    """The value of a column that a word means; None for a word that is not known, or means what this column does not allow."""
    found = said(text, column.name)
    return found if found and found.value in column.allowed else None


@lru_cache(maxsize=5_000)
def said(text: str, name: str) -> Choice | None:
    """What a word means in a column of this name.

    >>> said("Cancelled by Trust", "attended").value, said("On-track", "status").value, said("some day", "attended")
    ('no', 'in progress', None)
    """
    return _known().get((name, _plain(text)))


def _plain(text: str) -> str:
    """Lower case words alone: without punctuation, and without a code before them as in ``5 - Attended``."""
    words = re.sub(r"[^\w.'/]+|_", " ", text.casefold()).strip(" .")
    return re.sub(r"^\d{1,2} (?=\D)", "", words)


@lru_cache
def _known() -> dict[tuple[str, str], Choice]:
    with open(DATA / "headings" / "choices.csv", encoding="utf-8", newline="") as file:
        return {(row["column"], _plain(row["phrase"])): Choice(row["value"], row["doubt"]) for row in csv.DictReader(file)}
