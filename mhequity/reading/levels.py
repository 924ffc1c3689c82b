"""Columns that say what kind of thing each row is about: an area, an organisation, or a group of people within either.

Published files stack many breakdowns in one table: ``ICB``, ``Provider``, ``England; Age band``. Only rows about places are
facts of a place: a council that provides a service is not its borough.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from mhequity.tables import GROUPS

_PLACE = re.compile(
    r"^(?:all |total |current |former )?(?:sub[ -]?icb|icb|ics|integrated care|ccg|clinical commissioning|commissioner|commissioning|comm region|lad|la\b|las\b|uta|ltla|utla|"
    r"local auth|unitary|count(?:y|ies)|district|borough|council|cassr|region|national|england|london|stp|country|area|geograph|place|ward|msoa|lsoa|cis or la)"
)  # fmt: skip
_GROUPS = {
    "age_band": re.compile(r"\bage\b|age ?(?:band|group)|\bages\b"),
    "sex": re.compile(r"gender|\bsex\b"),
    "ethnic_group": re.compile(r"ethnic"),
    "deprivation_quintile": re.compile(r"quintile"),
}
_BLANK = {"", "none", "null", "na", "n/a", "not applicable", "-"}
_NONE = {*_BLANK, "all", "total"}
_SAYS_NOTHING = re.compile(r"\s*[\[(].*?[\])]")
_ORGANISATION = re.compile(r"\b(?:provider|trust|practice|gp|organisation|team|hospital|site)s?\b", re.IGNORECASE)
OTHER = "other"


@lru_cache(maxsize=5_000)
def is_place(text: str) -> bool:
    """True where a level names a kind of place, alone or before a group of people: ``ICB``, ``England; Age``."""
    return not text.strip() or bool(_PLACE.match(" ".join(re.split(r"[_\s]+", text.strip().casefold()))))


@lru_cache(maxsize=5_000)
def kinds_of(text: str) -> tuple[str, ...]:
    """The kinds of groups that a level names after the kind of place, in order: ``England; Gender; Ethnicity (Higher)``.

    >>> kinds_of("England; Gender; Ethnicity (Higher)"), kinds_of("ICB")
    (('Gender', 'Ethnicity'), ())
    """
    parts = re.split(r"\s*[;|]\s*", text.strip())
    parts = parts if len(parts) > 1 else re.split(r"\s*:\s*|\s+-\s+", text.strip(), maxsplit=1)
    return tuple(_SAYS_NOTHING.sub("", part).strip() for part in parts[1:])


def place_of(text: str) -> str:
    """The kind of place that a level begins with: ``England`` of ``England; Gender``."""
    return re.split(r"\s*[;:|]\s*|\s+-\s+", text.strip(), maxsplit=1)[0]


@lru_cache(maxsize=5_000)
def group_of(text: str, at: int = 0) -> str:
    """The column that a part of a level is about: ``England; Age band`` gives ``age_band``; ``other`` for one unknown.

    ``at`` counts the parts behind the kind of place from 0.
    """
    kinds = kinds_of(text)
    return kind_of(kinds[at]) if at < len(kinds) else OTHER


@lru_cache(maxsize=5_000)
def kind_of(text: str) -> str:
    """The column that a kind of groups is about: ``Gender`` gives ``sex``; ``other`` for one unknown."""
    return next((name for name in GROUPS if _GROUPS[name].search(text.casefold())), OTHER)


def say_kinds(texts: Sequence[str]) -> bool:
    """True for a column of kinds of groups: ``Total``, ``Age Group``, ``Gender``, ``Religion``; never of places or organisations."""
    known = {kind_of(text) for text in texts if not kinds_of(text)} - {OTHER}
    return len(known) > 1 and not any(_ORGANISATION.search(text) or (text.strip() and is_place(text)) for text in texts)


def is_everyone(text: str) -> bool:
    """True where a group's cell means that the row is about all people."""
    return text.strip().casefold() in _NONE


def is_blank(text: str) -> bool:
    """True where a cell says nothing, or only that it says nothing: ``NONE``, ``null``."""
    return text.strip().casefold() in _BLANK
