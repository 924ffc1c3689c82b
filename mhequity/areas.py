"""London's boroughs and NHS systems (ICBs): codes, names, and what people write for them.

``data/areas/aliases.csv`` holds spellings that only knowledge tells, normalised; ``data/areas/elsewhere.csv`` names places
outside London by their government (ONS) and NHS (ODS) codes as published, so that they are told apart from misspelt boroughs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from mhequity.paths import DATA

LONDON = "London"
SYSTEMS = ("NWL", "NCL", "NEL", "SEL", "SWL")
NOT_KNOWN = "Not known"
"""The comparator that stands for rows without a known place: ``Unknown``, ``Other``, ``Out of area``."""

# Whole-of-something rows. They are shown beside areas for comparison and never added to them. The NHS's code for the
# part of London that two systems share from April 2026 is here because no single system of ours is meant by it.
_COMPARATORS = {
    spelling: name
    for name, spellings in {
        "London": "london|greater london|london region|london boroughs|all london|all london boroughs|london all boroughs|london ccgs|"
        "london icbs|e12000007|e40000003|y56",
        "Inner London": "inner london|e13000001",
        "Outer London": "outer london|e13000002",
        "Rest of London": "rest of london|other london boroughs|remainder of london",
        "West and North London": "west and north london|e54000071",
        "England": "england|national|nat|all england|eng|e92000001",
        "Rest of England": "rest of england",
        "England and Wales": "england and wales|e and w|k04000001",
        "Great Britain": "great britain|gb|k03000001",
        "United Kingdom": "united kingdom|uk|k02000001",
        "Total": "total|totals|grand total|sub total|subtotal|grand totals|sub totals|overall|overall total|sum|sum total|all|all boroughs|"
        "all areas|total all areas|total all boroughs|all places|combined|total of above",
        "Average": "average|mean|overall average|overall mean|avg|borough average|average of boroughs|mean of boroughs",
        "Median": "median|overall median|borough median",
        "Statistical neighbours": "statistical neighbours|statistical neighbour|stat neighbours|nearest neighbours|cipfa neighbours|"
        "cipfa nearest neighbours|peer group|peers|similar areas|comparator group",
        NOT_KNOWN: "unknown|not known|not stated|not recorded|not specified|unallocated|unassigned|unspecified|invalid|"
        "other|others|other area|other areas|other boroughs|other borough|out of area|out of borough|out of london|outside london|"
        "non london|out of area total|no fixed abode|no borough|borough unknown|blank|unmapped|area unknown|unknown borough",
    }.items()
    for spelling in spellings.split("|")
}
_TOTAL = "total|totals|sum|overall|all|combined|grand total|sub total|subtotal"
_AVERAGE = "average|mean|avg|median"
_PROVIDER = re.compile(
    r"\b(trust|hospital|hospitals|foundation|ltd|limited|plc|cic|llp|charity|clinic|surgery|ft|university|college|"
    r"(?:medical|health) centre|gp practice|mind in|cnwl|slam|elft|nelft|oxleas|swlstg|tavistock|maudsley|st georges|central and north west london)\b"
)
# Words that people put around a borough's name. Longest first, so that "royal borough of" goes before "borough".
_WRAPPERS = re.compile(
    r"\b(london borough of|royal borough of|london borough|royal borough|city and county of|borough of|local authority|"
    r"integrated care board|integrated care system|clinical commissioning group|sub icb location|sub icb|"
    r"council|corporation|borough|nhs|icb|ics|ccg|pct|lbc|lb|rb|la)\b"
)
# The same for authorities elsewhere, which may be counties, cities and districts too.
_ELSEWHERE_WRAPPERS = re.compile(r"\b(county|city|district|metropolitan|unitary|authority|region|royal|council|mbc|mdc|bc|dc|cc)\b")
_GSS = re.compile(r"[ewsnk]\d{8}")
_COUNTRIES = {"w": "Wales", "s": "Scotland", "n": "Northern Ireland"}
# Kinds of code whose members in London are all known here, so that any other is outside. Small areas, wards and
# constituencies (E00, E01, E02, E05, E14 ...) are not: those codes do not say where they lie.
_WHOLLY_KNOWN = ("e06", "e07", "e08", "e10", "e11", "e12", "e38", "e40", "e47", "e54")
_LONGEST = 120
"""Longer texts are sentences, not names."""


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

    At most one of these is so: ``area`` is set (``how`` says by what); ``comparator`` is set (a total, a wider place, or
    no known place); ``elsewhere`` is set (a place outside London); ``provider`` is true; or ``proposals`` holds areas that
    a person may confirm. Nothing is guessed.
    """

    seen: str
    area: Area | None = None
    how: str = ""
    """``code``, ``name``, ``spelling`` or ``alias``; empty without an area."""
    comparator: str = ""
    proposals: tuple[Area, ...] = ()
    provider: bool = False
    """The text names an organisation, not the place it is called after."""
    elsewhere: str = ""
    """Name of a place outside London, or its code where its name is not known here."""


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
    return _trimmed(word for word in _WRAPPERS.sub(" ", normalised).split() if word not in _codes())


def _trimmed(words: Iterable[str]) -> str:
    kept = list(words)
    while kept and kept[0] in ("the", "of", "and"):
        kept.pop(0)
    while kept and kept[-1] in ("the", "of", "and"):
        kept.pop()
    return " ".join(kept)


def _rows(name: str) -> list[dict[str, str]]:
    with open(DATA / "areas" / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@lru_cache
def _codes() -> frozenset[str]:
    """Codes that people put beside a name, lower case: GSS, ODS and sub-ICB codes."""
    codes = {code.casefold() for area in all_areas() for code in (area.code, area.ods_code) if code}
    return frozenset(codes | {row["spelling"] for row in _rows("aliases.csv") if row["why"].endswith("code")})


@lru_cache
def _spellings() -> dict[str, tuple[Area, str]]:
    """Every known spelling, normalised, to its area and how it is known."""
    known = {row["spelling"]: (by_code()[row["code"]], "code" if row["why"].endswith("code") else "alias") for row in _rows("aliases.csv")}
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


@lru_cache
def _places_elsewhere() -> dict[str, str]:
    """Normalised names and codes of places outside London to their names."""
    known: dict[str, str] = {}
    for row in _rows("elsewhere.csv"):
        for key in (row["code"].casefold(), _elsewhere_key(normalise(row["name"]))):
            if key and key not in _spellings():
                known.setdefault(key, row["name"])
    return known


def _elsewhere_key(normalised: str) -> str:
    """The name without wrappers and without codes put beside it."""
    bare = _ELSEWHERE_WRAPPERS.sub(" ", _WRAPPERS.sub(" ", normalised))
    return _trimmed(word for word in bare.split() if not (re.search(r"[a-z]", word) and re.search(r"\d", word)))


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
        An area where the spelling is known; a comparator for totals, wider places and no known place; the name of a
        place outside London; otherwise proposals, closest first, for a person to confirm. An organisation whose name
        holds a borough's is no area. Codes of small areas (LSOA, MSOA) and wards give none of these.

    Examples
    --------
    >>> match("LB Hammersmith & Fulham").area.name
    'Hammersmith and Fulham'
    >>> match("London").comparator
    'London'
    >>> match("Brentwood Borough Council").elsewhere
    'Brentwood'
    >>> [area.name for area in match("Hammersmth").proposals]
    ['Hammersmith and Fulham']
    """
    seen = text.strip()
    key = normalise(seen[: _LONGEST + 1])
    if not key or len(seen) > _LONGEST:
        return Match(seen)
    if key in _COMPARATORS:
        return Match(seen, comparator=_COMPARATORS[key])
    if _GSS.fullmatch(key):
        return _match_code(seen, key)
    if _PROVIDER.search(key):
        return Match(seen, provider=True)
    bare = _bare(key)
    for candidate in (key, bare):
        if candidate in _spellings():
            area, how = _spellings()[candidate]
            exact = how in ("name", "code") and seen in (area.name, area.code, area.ods_code)
            return Match(seen, area, how if exact or how == "alias" else "spelling")
    comparator = _COMPARATORS.get(bare) or _total(seen, key)
    if comparator:
        return Match(seen, comparator=comparator)
    elsewhere = _places_elsewhere().get(key) or _places_elsewhere().get(_elsewhere_key(key))
    return Match(seen, elsewhere=elsewhere) if elsewhere else Match(seen, proposals=_propose(bare))


def _match_code(seen: str, code: str) -> Match:
    """What a government code stands for; nothing for codes that do not say which place they lie in."""
    if code in _spellings():
        area, how = _spellings()[code]
        return Match(seen, area, how if seen == area.code else "spelling")
    if code[0] in _COUNTRIES:
        return Match(seen, elsewhere=_places_elsewhere().get(code, _COUNTRIES[code[0]]))
    if code.startswith(_WHOLLY_KNOWN):
        return Match(seen, elsewhere=_places_elsewhere().get(code, code.upper()))
    return Match(seen)


def _total(seen: str, key: str) -> str:
    """The name of the total or average that a text such as ``NWL total`` or ``Total NW London`` stands for, or nothing."""
    for words, suffix in ((_TOTAL, "total"), (_AVERAGE, "average")):
        found = re.fullmatch(rf"(?:{words})(?: of| for)? (.+)|(.+?) (?:{words})", key)
        place = _bare(found[1] or found[2]) if found else ""
        if place in _COMPARATORS:
            return _COMPARATORS[place]
        if place in _spellings():
            area = _spellings()[place][0]
            return area.name if area.level == "icb" and suffix == "total" else f"{area.name} {suffix}"
    return seen if re.search(r"\b(total|average|mean)$", key) else ""


@lru_cache
def _nearby() -> dict[str, Area | None]:
    """Names that a misspelling may stand for, with their area; None for places elsewhere, which compete for it."""
    near: dict[str, Area | None] = dict.fromkeys((name for name in _places_elsewhere() if len(name) > 4), None)
    for name, (area, how) in _spellings().items():
        if how != "code" and len(name) > 4:
            near[name] = area
    for area in boroughs():
        # Half of a double name is proposed, never taken: people may mean a part of the borough.
        near |= {part: area for part in re.split(" and | upon ", normalise(area.name)) if part not in ("thames", "city of london")}
    return near


@lru_cache
def _nearby_names() -> tuple[str, ...]:
    return tuple(_nearby())


def _propose(bare: str) -> tuple[Area, ...]:
    """Up to three areas that the text may name: those whose names it holds, or else those it is a slip of the pen from."""
    if len(bare) < 4:
        return ()
    padded = f" {bare} "
    held = [area for name, area in _nearby().items() if area and name in padded and f" {name} " in padded]
    if held:
        distinct = {area.code: area for area in held}
        return tuple(distinct.values()) if len(distinct) <= 3 else ()
    slips = _slips(bare)
    close = process.extract(bare, _nearby_names(), scorer=OSA.distance, score_cutoff=slips, limit=8)
    best = min((distance for _, distance, _ in close), default=0)
    nearest = [_nearby()[name] for name, distance, _ in close if distance == best]
    distinct = {area.code: area for area in nearest if area}
    return tuple(distinct.values())[:3] if all(nearest) else ()


def _slips(name: str) -> int:
    """How many letters may be wrong, missing, added or swapped before a name is another name."""
    return 1 if len(name) < 8 else 2 if len(name) < 13 else 3
