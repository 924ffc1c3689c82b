"""Columns that belong to another one: the code, the type or the sort order of what it names. None of them is a figure."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from mhequity import areas
from mhequity.paths import DATA
from mhequity.reading import matching
from mhequity.reading.grids import Strip
from mhequity.reading.plans import FIGURES, LABELS
from mhequity.reading.profiles import Profile

CODES = "the code, type or order of the column beside it"
"""Why such a column is not used."""
_SURE = 0.8
_FIRST_ROWS = 20_000
_NAME = re.compile(r"(.+?) (?:names?|nm|description|desc|label)")
_BESIDE = re.compile(r"(.+?) (?:code|cd|id|key|typecode|type code|sortorder|sort order|sort|order)")
_TYPE = re.compile(r"(.+?) type")


def companions(columns: Sequence[Profile]) -> frozenset[int]:
    """Positions of the columns that are the code, type or order of what another column names: ``AGE`` beside ``AGE_NAME``."""
    titles = {each.at: _plain(each.title) for each in columns}
    named: dict[str, Profile] = {}
    for each in columns:
        if each.filled and each.numbers < 0.5 and (found := _NAME.fullmatch(titles[each.at])):
            named.setdefault(found[1], each)
    for each in columns:
        # "Ward" in words beside "Ward code".
        if each.filled and each.numbers < 0.5 and titles[each.at]:
            named.setdefault(titles[each.at], each)
    return frozenset(each.at for each in columns if _belongs(each, titles[each.at], named))


def education_numbers(columns: Sequence[Profile], place: Profile) -> frozenset[int]:
    """Positions of columns that hold the number that the Department for Education gives each borough: 202 beside Camden."""
    return frozenset(each.at for each in columns if each.numbers > 0.5 and _numbers_boroughs(each, place))


def _plain(title: str) -> str:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", title)
    return " ".join(re.sub(r"[\W_]+", " ", spaced).casefold().split())


def _belongs(each: Profile, title: str, named: dict[str, Profile]) -> bool:
    if not title:
        return False
    other = named.get(title)
    if other is not None and other is not each:
        # Words under the catalogue's own name are what it asks for.
        return (each.numbers < 0.5 and title.replace(" ", "_") not in LABELS) or (
            each.numbers >= 0.5 and not _is_figure(each) and _one_each(each, other)
        )
    beside = _BESIDE.fullmatch(title) or (_TYPE.fullmatch(title) if each.numbers > 0.5 else None)
    return beside is not None and named.get(beside[1], each) is not each


def _is_figure(each: Profile) -> bool:
    return any(
        found.meaning in FIGURES and found.confidence >= _SURE for found in matching.candidates(each.heading.text, each.heading.unit)
    )


def pairs_of(one: Strip, other: Strip) -> np.ndarray:
    """Which texts of two columns stand beside each other in the first rows: codes of both, a row a pair."""
    keys = np.unique(one.codes[:_FIRST_ROWS].astype(np.int64) * len(other.values) + other.codes[:_FIRST_ROWS])
    return np.column_stack(np.divmod(keys, max(1, len(other.values))))


def _one_each(each: Profile, other: Profile) -> bool:
    """True where every name stands beside one number only, or every number beside one name and again and again."""
    pairs = pairs_of(each.strip, other.strip)
    numbers, names = len(np.unique(pairs[:, 0])), len(np.unique(pairs[:, 1]))
    return len(pairs) == names or (len(pairs) == numbers and 2 * numbers <= len(each.strip.codes[:_FIRST_ROWS]))


def _numbers_boroughs(each: Profile, place: Profile) -> bool:
    pairs = pairs_of(each.strip, place.strip)[:400]
    known = [(str(each.strip.values[int(a)].as_py()), areas.match(str(place.strip.values[int(b)].as_py())).area) for a, b in pairs]
    boroughs = [(number.removesuffix(".0"), area.code) for number, area in known if area is not None and area.level == "borough"]
    return bool(boroughs) and all(_education().get(number) == code for number, code in boroughs)


@lru_cache
def _education() -> dict[str, str]:
    """The Department for Education's number of each borough, to the borough's code."""
    with open(DATA / "areas" / "education_numbers.csv", encoding="utf-8", newline="") as file:
        return {row["number"]: row["code"] for row in csv.DictReader(file)}
