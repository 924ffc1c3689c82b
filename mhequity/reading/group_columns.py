"""Columns that name groups of people of several kinds, one below the other: ``Total``, ``Male``, ``18-64``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mhequity.reading import cells, levels, wording
from mhequity.reading.cells import Understood
from mhequity.reading.profiles import Profile
from mhequity.tables import GROUPS

_MOST = 100
_SAYS_A_KIND = re.compile(r"[;:|]|\s-\s")
_TENTH = re.compile(r"\b(?:0?[6-9]|10)\b.*\bdepriv|\bdecile", re.IGNORECASE)
_SAYS_LITTLE = re.compile(
    r"\W*\d|(?:most|more|less|least) deprived|(?:unknown|not (?:stated|known|recorded|specified)|missing|other|yes|no)\W*$", re.I
)
"""What names no group by itself: a number, ``Unknown``, ``Most deprived``."""


def names_groups(each: Profile) -> bool:
    """True for a column of words whose rows are about all people, or about groups of them by sex, age or origin."""
    if each.numbers >= 0.5 or not 2 <= each.distinct <= _MOST:
        return False
    told = [group_in(text, each.title) for text in each.sample]
    known, all_people = [name for name in told if name], [text for text in each.sample if is_everyone(text)]
    several = bool(all_people) or len(set(known)) > 1
    return several and bool(known) and len(known) + len(all_people) > 0.6 * len(each.sample)


def group_in(text: str, heading: str) -> str:
    """Which column of groups a text belongs to, such as ``sex`` for ``Male``; empty where it is none that is known."""
    labels = {} if is_everyone(text) else wording.understand([heading, text]).labels
    return next((name for name in GROUPS if name in labels), "")


def is_everyone(text: str) -> bool:
    """True where a text means all people."""
    return levels.is_everyone(text) or text.strip().casefold() in cells.ALL_PEOPLE


def are_tenths(texts: Iterable[str]) -> bool:
    """True for groups of deprivation of which there are ten: the first of them is no fifth, though its name is the same."""
    return any(_TENTH.search(text) for text in texts)


def of_tenths(text: str) -> Understood:
    """What a text means in a column of ten groups of deprivation: nothing that a table of fifths could hold."""
    if not text or is_everyone(text):
        return Understood(cells.OK, "", done="Read as everyone." if text else "")
    advice = "Say here that the column is part of the measure, or upload the figures by quintile."
    done = "The column holds tenths of deprivation (deciles), which are no fifths."
    return Understood(cells.BLOCKED, done=done, advice=advice, kind="labels")


def about(text: str, level: str, heading: str, at: int = 0) -> str:
    """The column of groups that a text is filed under: as the level beside it says, and else as the text itself does.

    ``at`` says which of the level's kinds of groups the column is about, counted from 0.
    """
    said = levels.group_of(level, at)
    if said != levels.OTHER or (_SAYS_A_KIND.search(level) and at < len(levels.kinds_of(level))):
        return said
    return group_in(text, heading) or levels.OTHER


def told(text: str, level: str, at: int = 0) -> str:
    """A group of no known kind as it is told behind a measure, with its kind where it says too little alone.

    >>> told("01 Most deprived", "ICB; IMD Deciles"), told("Seclusion", "ICB; Intervention Type")
    ('IMD Deciles: 01 Most deprived', 'Seclusion')
    """
    kinds = levels.kinds_of(level)
    return f"{kinds[at]}: {text}" if at < len(kinds) and _SAYS_LITTLE.match(text) else text
