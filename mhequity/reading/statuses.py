"""The words that people use for how far an element of the core offer is in place, as the catalogue's own four.

What they write is data: ``data/headings/statuses.csv`` has a row for each ``phrase`` with the ``status`` that it means and, where
it could mean something else as well, the ``doubt`` to tell a person. A word that is not there is never guessed.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from mhequity.paths import DATA

_FOOTNOTE = re.compile(r"(?<=[\w✓✔✗✘])\s*(?:\[(?:note|notes)?\s*\d*\]|[¹²³⁰-⁹*†‡])+$", re.IGNORECASE)
_REMARK = re.compile(r"(?<=\S)\s*\(([^()\d]*)\)$")
_TURNS = frozenset(
    [
        "not",
        "no",
        "yet",
        "from",
        "until",
        "till",
        "by",
        "plan",
        "due",
        "soon",
        "later",
        "except",
        "only",
        "but",
        "if",
        "when",
        "was",
        "will",
    ]
)
"""Words by which a remark may turn what stands before it into its opposite."""
_ABSENT = ("-", "–", "—", "?", "~")


@dataclass(frozen=True)
class Status:
    """What one word means."""

    status: str
    """``full``, ``partial``, ``none`` or ``unknown``."""
    doubt: str = ""
    """What else it may mean, in words; empty where it is plain."""


@lru_cache
def _known() -> dict[str, Status]:
    with open(DATA / "headings" / "statuses.csv", encoding="utf-8", newline="") as file:
        return {row["phrase"]: Status(row["status"], row["doubt"]) for row in csv.DictReader(file)}


@lru_cache(maxsize=5_000)
def status_of(text: str) -> Status | None:
    """The status that a cell's word means; None for a word that is not known.

    >>> status_of("Not in place").status, status_of("Y").status, status_of("some day")
    ('none', 'full', None)
    >>> status_of("P (pilot)").status
    'partial'
    """
    # An emoji may carry a sign that asks for colour, which says nothing.
    plain = " ".join(_FOOTNOTE.sub("", text.replace("\ufe0f", "")).replace("_", " ").casefold().split()).strip(".")
    known = _known().get(plain) or _known().get(re.sub(r"(?<=\w)-(?=\w)", " ", plain))
    return known or _before_a_remark(plain)


def _before_a_remark(text: str) -> Status | None:
    """The status before a remark in brackets that names no status itself: ``P (pilot)``, never ``No (planned)``."""
    remark = _REMARK.search(text)
    found = _known().get(text[: remark.start()]) if remark else None
    if remark is None or found is None or any(word in _known() or word in _TURNS for word in (remark[1], *remark[1].split())):
        return None
    return Status(found.status, found.doubt or "the remark in brackets was not used")


def says_something(text: str) -> bool:
    """True for a known word that is more than a dash or a question mark, which stand for many things in other tables."""
    return text.strip() not in _ABSENT and status_of(text) is not None
