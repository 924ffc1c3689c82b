"""Age bands as people write them: where they begin and end, and which is nearest to the one that a survey asked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

_BETWEEN = re.compile(r"(?:aged? )?(\d{1,3}) ?(?:to|-|–|and) ?(\d{1,3})(?: years?)?(?: old)?", re.I)
_OVER = re.compile(r"(?:aged? )?(\d{1,3}) ?(?:\+|plus|and over|or over|and above|years? and over)", re.I)
_UNDER = re.compile(r"(?:aged? )?(?:under|below) ?(\d{1,3})", re.I)
_OLDEST = 100
"""Where an open end is taken to be when bands are compared."""


def ends(band: str) -> tuple[float, float] | None:
    """First and last year of age of a band; None for text that is none. Empty text is all ages.

    Examples
    --------
    >>> ends("16 to 64"), ends("65+"), ends("under 18"), ends(""), ends("adults")
    ((16.0, 64.0), (65.0, inf), (0.0, 17.0), (0.0, inf), None)
    """
    text = " ".join(band.split())
    if not text:
        return 0.0, math.inf
    if found := _BETWEEN.fullmatch(text):
        low, high = float(found[1]), float(found[2])
        return (low, high) if low <= high else None
    if found := _OVER.fullmatch(text):
        return float(found[1]), math.inf
    if found := _UNDER.fullmatch(text):
        return 0.0, float(found[1]) - 1
    return None


def distance(band: str, wanted: str) -> float:
    """How many years of age are in one band and not in the other, counted at both ends; infinite where either is no band."""
    one, other = ends(band), ends(wanted)
    if one is None or other is None:
        return math.inf
    return sum(abs(min(a, _OLDEST) - min(b, _OLDEST)) for a, b in zip(one, other, strict=True))


def holds(band: str, other: str) -> bool:
    """True where every age of the other band is in this one."""
    outer, inner = ends(band), ends(other)
    return outer is not None and inner is not None and outer[0] <= inner[0] and inner[1] <= outer[1]


def nearest_first(bands: Iterable[str], wanted: str) -> list[str]:
    """Bands in order of how near they are to the wanted one; text that is no band stands last."""
    return sorted(bands, key=lambda band: (distance(band, wanted), band))


def in_words(band: str) -> str:
    """``aged 16 to 64``, ``of all ages``."""
    return f"aged {band}" if band else "of all ages"
