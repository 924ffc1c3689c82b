"""Age bands as people write them: where they begin and end, and which is nearest to the one that a survey asked."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

_BETWEEN = re.compile(r"(?:aged? )?(\d{1,3}) ?(?:to|-|–|and) ?(\d{1,3})(?: years?)?(?: old)?", re.I)
_OVER = re.compile(r"(?:aged? )?(\d{1,3}) ?(?:\+|plus|and over|or over|and above|years? and over)", re.I)
_UNDER = re.compile(r"(?:aged? )?(?:under|below) ?(\d{1,3})", re.I)
_MOST_WAYS = 50
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


@lru_cache
def put_together(bands: tuple[str, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Which bands are others put together: a band, or empty text for all ages, and the bands that make it up without gap or overlap.

    All ages are from the youngest to the oldest that is given, so that bands of a service for adults make up everyone it sees; texts that are
    no band (``not known``) are part of all ages. Where bands make up nothing, all of them are taken to be parts of all ages.

    Examples
    --------
    >>> put_together(("16 to 64", "65+", "65 to 84", "85+"))
    (('65+', ('65 to 84', '85+')), ('', ('16 to 64', '65+')), ('', ('16 to 64', '65 to 84', '85+')))
    """
    known = {band: found for band in bands if band and (found := ends(band))}
    others = tuple(band for band in bands if band not in known)
    out = []
    for whole, (first, last) in known.items():
        inside = {band: found for band, found in known.items() if found != (first, last) and first <= found[0] and found[1] <= last}
        out += [(whole, parts) for parts in _ways(inside, first, last)]
    if known:
        first, last = min(found[0] for found in known.values()), max(found[1] for found in known.values())
        out += [("", (*parts, *others)) for parts in _ways(known, first, last)]
    return tuple(out) if any(whole == "" for whole, _ in out) else (*out, ("", bands))


def _ways(bands: Mapping[str, tuple[float, float]], first: float, last: float) -> list[tuple[str, ...]]:
    """The ways in which bands follow each other from the first to the last year of age; no more than a person could mean."""

    def onward(age: float) -> Iterator[tuple[str, ...]]:
        for band, (begins, stops) in bands.items():
            if begins != age:
                continue
            if stops == last:
                yield (band,)
            else:
                yield from ((band, *rest) for rest in onward(stops + 1))

    return [way for _, way in zip(range(_MOST_WAYS), onward(first), strict=False)]
