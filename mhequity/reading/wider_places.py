"""Columns of wider places beside the narrower one that most rows are about: ``country_name`` and ``region_name`` beside ``la_name``.

A row about England or London leaves the narrower columns empty. It is about the narrowest place that it names.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mhequity.coded import spread
from mhequity.reading import numbers
from mhequity.reading.applied import Labelled
from mhequity.reading.cells import BLOCKED
from mhequity.reading.grids import Strip
from mhequity.reading.profiles import Profile

WIDER = "names the wider place of rows without a narrower one"
"""Why such a column is taken for the area."""
_COUNTRY = re.compile(r"\b(?:country|nation)\b", re.IGNORECASE)
_WIDER = re.compile(r"\b(?:country|nation|region)\b", re.IGNORECASE)


def wider_columns(columns: Sequence[Profile], place: Profile, level: Profile | None) -> list[Profile]:
    """The columns of regions and countries, where a level says that rows are about these and their narrower place is empty.

    Parameters
    ----------
    columns
        With the rows about places alone, as ``place`` has them.
    """
    empty = _empty(place.strip)
    if level is None or level.distinct < 2 or not empty.any():
        return []
    found = [
        each
        for each in columns
        if each.at != place.at and is_wider(each.title) and each.areas > 0.8 and (empty & ~_empty(each.strip)).any()
    ]
    named = [each for each in found if not each.are_codes]
    return sorted(named or found, key=lambda each: each.at)


def is_wider(heading: str) -> bool:
    """True for the heading of a column of regions or countries."""
    return bool(_WIDER.search(heading.replace("_", " ")))


def is_country(heading: str) -> bool:
    """True for the heading of a column of countries, the widest of all."""
    return bool(_COUNTRY.search(heading.replace("_", " ")))


def _empty(strip: Strip) -> np.ndarray:
    """True for each row whose cell is blank or says that nothing belongs there."""
    return spread(np.array([not text or numbers.is_missing_mark(text) for text in strip.texts], dtype=bool), strip.codes)


def narrowest(narrow: Labelled, wide: Labelled) -> Labelled:
    """The place of each row: the narrower one, or the wider one where no narrower is named."""
    keys, codes = np.unique(narrow.codes.astype(np.int64) * len(wide.texts) + wide.codes, return_inverse=True)
    pairs = [divmod(int(key), len(wide.texts)) for key in keys]
    chosen = [(wide, b) if _says_nothing(narrow, a) and not _says_nothing(wide, b) else (narrow, a) for a, b in pairs]
    texts, meanings = [held.texts[at] for held, at in chosen], [held.meanings[at] for held, at in chosen]
    return replace(narrow, texts=texts, meanings=meanings, codes=codes.astype(np.int32))


def _says_nothing(held: Labelled, at: int) -> bool:
    return held.meanings[at].state == BLOCKED and held.meanings[at].kind == "empty"
