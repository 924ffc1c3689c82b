"""London's boroughs and NHS systems (ICBs): codes, names, and what people write for them."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from mhequity.paths import DATA

LONDON = "London"
SYSTEMS = ("NWL", "NCL", "NEL", "SEL", "SWL")

_GSS = re.compile(r"^[EWSN]\d{8}$")

# Whole-of-something rows. They are shown beside areas for comparison and never added to them.
_COMPARATORS = {
    "london": "London",
    "greater london": "London",
    "london total": "London",
    "london region": "London",
    "e12000007": "London",
    "e13000001": "Inner London",
    "e13000002": "Outer London",
    "inner london": "Inner London",
    "outer london": "Outer London",
    "england": "England",
    "england total": "England",
    "e92000001": "England",
    "england and wales": "England and Wales",
    "united kingdom": "United Kingdom",
    "uk": "United Kingdom",
    "national": "England",
    "total": "Total",
    "grand total": "Total",
    "sub total": "Total",
    "subtotal": "Total",
    "all": "Total",
    "all boroughs": "Total",
    "all areas": "Total",
    "average": "Average",
    "mean": "Average",
    "london average": "London",
    "england average": "England",
}
_PROVIDER = re.compile(r"\b(trust|hospital|hospitals|foundation|ltd|limited|plc|cic|charity|clinic)\b")
# Words that people put around a borough's name. Longest first, so that "royal borough of" goes before "borough".
_WRAPPERS = re.compile(
    r"\b(london borough of|royal borough of|london borough|royal borough|city and county of|borough of|"
    r"integrated care board|integrated care system|clinical commissioning group|"
    r"council|corporation|borough|nhs|icb|ics|ccg|lb)\b"
)


@dataclass(frozen=True)
class Area:
    """A place with a government statistics (GSS) code."""

    code: str
    name: str
    level: str
    """``borough`` or ``icb``."""
    system: str
    """Short name of the NHS system it is in, such as ``NWL``."""
    short_name: str
    """A name that fits on a map or an axis."""
    ods_code: str = ""
    """NHS organisation code: the ICB's, or the former commissioning group's."""


@dataclass(frozen=True)
class Match:
    """What a spelling was understood to mean.

    Exactly one of these is so: ``area`` is set (``how`` says by what), ``comparator`` is set (a total or a
    wider place), or neither is, and ``proposals`` holds areas that a person may confirm. Nothing is guessed.
    """

    seen: str
    area: Area | None = None
    how: str = ""
    """``code``, ``name``, ``spelling`` or ``alias``; empty without an area."""
    comparator: str = ""
    proposals: tuple[Area, ...] = ()
    provider: bool = False
    """The text names an organisation, not the place it is called after."""


@lru_cache
def all_areas() -> tuple[Area, ...]:
    """The five ICBs, then the 33 boroughs in code order."""
    with open(DATA / "areas" / "areas.csv", encoding="utf-8", newline="") as file:
        return tuple(Area(**row) for row in csv.DictReader(file))


@lru_cache
def by_code() -> dict[str, Area]:
    """GSS code to area."""
    return {area.code: area for area in all_areas()}


@lru_cache
def boroughs(system: str = LONDON) -> tuple[Area, ...]:
    """Boroughs of one system (``NWL`` ...) or of all London, by name."""
    found = (a for a in all_areas() if a.level == "borough" and system in (LONDON, a.system))
    return tuple(sorted(found, key=lambda area: area.name))


def systems() -> tuple[Area, ...]:
    """The five ICBs."""
    return tuple(area for area in all_areas() if area.level == "icb")


def system_name(system: str) -> str:
    """``NWL`` to ``North West London``; ``London`` stays."""
    return next((area.name for area in systems() if area.system == system), system)


def name_of(code: str) -> str:
    """The area's name, or the code itself for a code that is not one of London's."""
    area = by_code().get(code)
    return area.name if area else code


def normalise(text: str) -> str:
    """Lower case, ``&`` as ``and``, and only letters, digits and single spaces."""
    spaced = re.sub(r"[^a-z0-9]+", " ", text.casefold().replace("&", " and ").replace("'", ""))
    return " ".join(spaced.split())


def _bare(normalised: str) -> str:
    """The name without the words that people put around it, and without ``and`` or ``of`` at its ends."""
    words = [word for word in _WRAPPERS.sub(" ", normalised).split() if word not in _codes()]
    while words and words[0] in ("the", "of", "and"):
        words.pop(0)
    while words and words[-1] in ("the", "of", "and"):
        words.pop()
    return " ".join(words)


@lru_cache
def _codes() -> frozenset[str]:
    """Codes that people put beside a name, lower case: GSS, ODS and sub-ICB codes."""
    codes = {code.casefold() for area in all_areas() for code in (area.code, area.ods_code) if code}
    return frozenset(codes | {"w2u3z", "93c", "a3a8r", "72q", "36l"})


@lru_cache
def _spellings() -> dict[str, tuple[Area, str]]:
    """Every known spelling, normalised, to its area and how it is known."""
    known: dict[str, tuple[Area, str]] = {}
    with open(DATA / "areas" / "aliases.csv", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            known[row["spelling"]] = (by_code()[row["code"]], "alias")
    for area in all_areas():
        if area.ods_code:
            known[area.ods_code.casefold()] = (area, "code")
        known[area.code.casefold()] = (area, "code")
        known[normalise(area.name)] = (area, "name")
    # "City of Westminster" is Westminster, but "City of London" is a name of its own and "London" is the whole region.
    known["city of westminster"] = known["westminster city of"] = known["westminster city"] = (
        known["westminster"][0],
        "spelling",
    )
    known["london city of"] = (known["city of london"][0], "spelling")
    return known


@lru_cache(maxsize=20_000)
def match(text: str) -> Match:
    """Which area a piece of text means.

    Parameters
    ----------
    text
        A name in any spelling, a GSS code, or an NHS (ODS) code.

    Returns
    -------
    Match
        An area where the spelling is known; a comparator for totals and wider places; otherwise proposals,
        closest first, for a person to confirm. An organisation whose name holds a borough's is no area.

    Examples
    --------
    >>> match("LB Hammersmith & Fulham").area.name
    'Hammersmith and Fulham'
    >>> match("London").comparator
    'London'
    >>> [area.name for area in match("Hammersmth").proposals]
    ['Hammersmith and Fulham']
    """
    seen = text.strip()
    key = normalise(seen)
    if not key:
        return Match(seen)
    if key in _COMPARATORS:
        return Match(seen, comparator=_COMPARATORS[key])
    if _PROVIDER.search(key):
        return Match(seen, provider=True)
    known = _spellings()
    bare = _bare(key)
    for candidate in (key, bare):
        if candidate in known:
            area, how = known[candidate]
            exact = how in ("name", "code") and seen in (area.name, area.code, area.ods_code)
            return Match(seen, area, how if exact or how == "alias" else "spelling")
    if bare in _COMPARATORS:
        return Match(seen, comparator=_COMPARATORS[bare])
    if re.search(r"\b(total|average|mean)$", key):
        return Match(seen, comparator=seen)
    return Match(seen, proposals=() if _GSS.match(seen.upper()) else _propose(bare))


def _propose(bare: str) -> tuple[Area, ...]:
    """Up to three areas whose names are close to the text, closest first."""
    if len(bare) < 3:
        return ()
    names = {normalise(area.name): area for area in all_areas()}
    close = process.extract(bare, list(names), scorer=fuzz.WRatio, score_cutoff=78, limit=3)
    return tuple(names[name] for name, _, _ in close)
