"""What a title says the figures are: the known name of a figure, where the title says nothing else of it.

``Contacts by borough, 2024/25`` are contacts. ``Contacts - plan``, ``Cancelled contacts`` and ``Contacts per 1,000 population`` are
other figures, of which the title is the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from mhequity import areas
from mhequity.periods import MONTH
from mhequity.reading import matching
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import FIGURES
from mhequity.reading.recognising import take_unit
from mhequity.tables import CATALOGUE

INDICATOR = "indicators.value"
OTHER_FIGURE = "the title is the name of a figure of its own"
_COUNTS_CARE = "activity.count"
_OF_ONE_ROW = frozenset({"contacts", "sites"})
"""Tables of single contacts and places, whose figures no title names."""
_OTHER_ACTIVITY = re.compile(r"\b(?:economic|physical|criminal) (?:in)?activity\b", re.IGNORECASE)
"""Activity of people, not of services."""
_GOES_ON = re.compile(
    r"(?:by|in|for|to|per|of|and|or|from|at|with|on|as|are|is|were|was|during|between|across|within|activity|activities|data|number|numbers|count|counts|"
    r"figures|totals?|volumes?|report|reports|summary|statistics|rates?|trends?|analysis|table|dashboard|returns?|extract|month|monthly|quarter|quarterly|"
    r"year|yearly|annual|type|types|source|sources|reason|reasons)\b",
    re.IGNORECASE,
)
"""Words that may follow the name of what is counted without making it part of another name."""
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*|£|%")
_LEADS = re.compile(
    r"^\s*(?:title|report|indicator|measure)\s*:|\b(?:table|figure|tab|annex|section|page)\s+\d+\w?\b|\bn\s*\(%\)|\bnumbers? and (?:%|per ?cent\w*)"
    r"|(?<=investment )standard\b|\((?:excl|incl)\w*\b[^)]*\)",
    re.IGNORECASE,
)
_BY = re.compile(r"\b(?:by|per (?=borough|icb|area|service|team))\b[^,:;()|–—]*?(?=\s[-–—]\s|[,:;()|–—]|$)", re.IGNORECASE)
"""How figures are broken down, which says nothing of what they are."""
_ORGANISATION = re.compile(r"[\w&'’ ]+ (?:icb|ics|council|trust|integrated care (?:board|system))", re.IGNORECASE)
_SAYS_NO_MORE = re.compile(
    r"(?:of|for|in|to|from|at|as|on|the|a|all|and|with|within|across|each|total|totals|number|numbers|count|counts|sum|no|overall"
    # What kind of paper it is.
    r"|activity|data|figures?|report|reports|summary|statistics|dashboard|return|returns|extract|tracker|monitoring|overview|analysis|snapshot|table"
    r"|performance|monthly|quarterly|annual|yearly|weekly|trends?|published|provisional|final|revised|draft|actuals?|outturn|estimates?|core|main|pack"
    # When.
    rf"|(?:\d+-)?{MONTH}(?:-{MONTH})?(?:[-’']?\d+)?|\d[\d/.,-]*(?:st|nd|rd|th)?|\d\d-\d\d|fye?\d*|[qm]\d+|quarter|month|period|year|years|financial|mid|mid-\d+|end|ending|ended|date|ytd"
    # Where.
    r"|london|england|greater|north|south|east|west|central|nhs|icb|icbs|ics|boroughs?|borough-level|local|authority|authorities|area|areas|place|places|trust"
    r"|council|region|regions|regional|based|level|residents?|foundation"
    # Of whom.
    r"|mental|health|mh|community|services?|teams?|team-level|pathways?|wards?|inpatients?|cmhts?|camhs|cyp|cypmh|children|childrens|young|people|persons"
    r"|adults?|older|working|age|ages|aged|single|male|female|men|women|crisis|perinatal|liaison|psychiatric|psychiatry|psychology|psychological|talking"
    r"|therapies|iapt|eip|early|intervention|psychosis|rehab|rehabilitation|recovery|home|treatment|memory|clinic|primary|secondary|care|learning"
    r"|disability|disabilities|autism|adhd|acute|forensic|ethnicity|ethnic|group|groups|gender|sex|deprivation|provider|providers"
    r"|£|gbp|£?k|£?m|000s?|\d+k|pounds|thousands?|millions?)",
    re.IGNORECASE,
)
"""Words beside the name of a figure that say of whom, where and when it is, or what paper it stands in, and do not make it another figure."""
_NEVER_PLAIN = re.compile(
    r"%|\b(?:rates?|ratios?|percent\w*|per ?cent|proportions?|shares?|averages?|means?|medians?|costs? per|length of stay|los|index|plan|planned"
    r"|variances?|forecasts?|targets?|trajector(?:y|ies)|cancelled|declined|delayed|rejected|change|growth)\b|\bper\s",
    re.IGNORECASE,
)
"""Words of a title that make its figures no plain counts, whatever a wider title says."""


_NO_SPEND = re.compile(r"\bper\b|average|mean\b|unit cost|variance|change|growth|saving|price", re.IGNORECASE)


_SHARE = re.compile(r"(?:^|[:;·–—-]\s?)(?:the )?(?:%|per ?cent(?:age)?|proportion|share) of\b", re.IGNORECASE)


def unit_of(title: str, unit: str) -> str:
    """The unit of figures that a title is the name of: pounds where it says so, a share where it is ``% of`` something."""
    return "GBP" if unit == "GBP" else "share" if _SHARE.search(title) else ""


def never_plain(name: str) -> bool:
    """True for names such as ``Plan`` and ``Variance``: what stands under them is no plain count."""
    return bool(_NEVER_PLAIN.search(name))


def no_spend(title: str) -> bool:
    """True for titles of money that is not what was spent: ``Cost per contact``."""
    return bool(_NO_SPEND.search(title))


def figure_of(tiers: Sequence[Sequence[str]]) -> Candidate | None:
    """What titles say the figures are, the nearest first; an indicator where a title names a figure that is none of the catalogue's.

    Examples
    --------
    >>> figure_of([["Contacts by borough, 2024/25"]]).meaning, figure_of([["Contacts - variance from plan"]]).meaning
    ('activity.count', 'indicators.value')
    """
    return next((found for tier in tiers for text in tier if text and (found := _figure(text))), None)


def _figure(text: str) -> Candidate | None:
    text = _OTHER_ACTIVITY.sub(" ", text)
    found = _mentioned(text)
    if found is None or found.meaning == INDICATOR:
        return found or (Candidate(INDICATOR, 0.6, {}, OTHER_FIGURE) if len(text) < 120 and _NEVER_PLAIN.search(text) else None)
    if found.meaning.split(".")[0] in _OF_ONE_ROW:
        return Candidate(INDICATOR, 0.6, {}, OTHER_FIGURE) if take_unit(text)[1] == "GBP" else None
    return found if _says_no_more(text, found) else Candidate(INDICATOR, 0.6, {}, OTHER_FIGURE)


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the runs of some words begin and end, the longest first."""
    return ((at, at + size) for size in range(min(5, len(words)), 0, -1) for at in range(len(words) - size + 1))


def _known(words: Sequence[str]) -> Candidate | None:
    found = [c for c in matching.candidates(" ".join(words)) if c.meaning in FIGURES and c.confidence >= 0.99]
    return found[0] if found else None


def _mentioned(text: str) -> Candidate | None:
    """The figure that a title names among other words: the longest run of its words that is a known heading."""
    held = list(_WORD.finditer(text))[:30]
    words = [each[0] for each in held]
    for at, end in _runs(words):
        found = _known(words[at:end])
        if found and not _part_of_name(found, words[at:end], text[held[end - 1].end() :]):
            return found
    named = [table for table in CATALOGUE if {table.name, table.title.casefold()} & {word.casefold() for word in words}]
    alone = [f"{table.name}.{table.numbers[0]}" for table in named if len(table.numbers) == 1]
    return Candidate(alone[0], 0.9, {}, "named by the title") if alone else None


def _part_of_name(found: Candidate, words: Sequence[str], after: str) -> bool:
    """True for the singular of what is counted before another word: ``Referral`` in ``Pupil Referral Units`` counts no referrals."""
    if found.meaning != _COUNTS_CARE or len(words) > 1 or words[0].casefold().endswith("s"):
        return False
    follows = re.match(r"[\s_]+([^\W\d_].*)", after)
    return follows is not None and not _GOES_ON.match(follows[1])


def _says_no_more(text: str, found: Candidate) -> bool:
    """True where a title without its period, place, unit and groups is what the figure is called."""
    _, unit, _ = take_unit(text)
    if (unit == "GBP") > found.meaning.endswith("_gbp"):
        return False
    bare = _LEADS.sub(" ", _BY.sub(" ", text).replace("_", " "))
    parts = [part for part in re.split(r"\s[-–—]\s|[:;|·,()–—]", bare) if not _ORGANISATION.fullmatch(part.strip())]
    return all(_is_no_more(_without_places(part), found) for part in parts)


def _without_places(text: str) -> str:
    if areas.match(text.strip()).provider:
        return ""
    words = f" {areas.normalise(text)} "
    for area in areas.all_areas():
        for name in (areas.normalise(area.name), area.system.casefold() if area.level == "icb" else ""):
            if name and f" {name} " in words:
                text = re.sub(re.escape(name).replace(r"\ ", r"\W+"), " ", text, flags=re.IGNORECASE)
    return text


def _is_no_more(part: str, found: Candidate) -> bool:
    """True for words that are the figure's name, or say only when, where and of whom it is."""
    words = [each[0] for each in _WORD.finditer(part)]

    def is_same(other: Candidate | None) -> bool:
        return other is not None and (other.meaning, {**found.labels, **other.labels}) == (found.meaning, found.labels)

    def adds_nothing(word: str) -> bool:
        return bool(_SAYS_NO_MORE.fullmatch(word)) or any(is_same(c) and c.confidence >= 0.8 for c in matching.candidates(word))

    for at, end in _runs(words):
        known = _known(words[at:end])
        if is_same(known) and all(map(adds_nothing, (*words[:at], *words[end:]))):
            return True
    names = {found.meaning.split(".")[0]}
    return all(adds_nothing(word) or word.casefold() in names for word in words)
