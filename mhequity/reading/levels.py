"""Columns that say what kind of thing each row is about: an area, an organisation, or a group of people within either.

Published files stack many breakdowns in one table: ``ICB``, ``Provider``, ``England; Age band``. Only rows about places are
facts of a place: a council that provides a service is not its borough.
"""

from __future__ import annotations

import re
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
_NONE = {"", "none", "all", "total", "na", "n/a", "not applicable", "-"}
OTHER = "other"


@lru_cache(maxsize=5_000)
def is_place(text: str) -> bool:
    """True where a level names a kind of place, alone or before a group of people: ``ICB``, ``England; Age``."""
    return not text.strip() or bool(_PLACE.match(" ".join(re.split(r"[_\s]+", text.strip().casefold()))))


@lru_cache(maxsize=5_000)
def group_of(text: str) -> str:
    """The column that a level's second part is about: ``England; Age band`` gives ``age_band``; ``other`` for one unknown."""
    parts = re.split(r"\s*[;:|]\s*|\s+-\s+", text.strip().casefold(), maxsplit=1)
    if len(parts) < 2:
        return OTHER
    return next((name for name in GROUPS if _GROUPS[name].search(parts[1])), OTHER)


def is_everyone(text: str) -> bool:
    """True where a group's cell means that the row is about all people."""
    return text.strip().casefold() in _NONE
