"""The pieces that headings and titles are made of: units, groups of people, places, periods.

Each function looks at one text and takes only what it is sure of; :mod:`mhequity.reading.wording` puts the pieces together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from mhequity import areas, periods
from mhequity.periods import MONTH, Period

# --- units -----------------------------------------------------------------------------------------------------------

_POUND = r"(?:£|\bgbp\b|\bpounds\b)"
_THOUSAND = r"(?:['’`]?(?:1,)?0{3}['’]?s?|k|thousands?)(?!\w)"
_MILLION = r"(?:m|mn|mil|mill|millions?)(?!\w)"
_MONEY = [
    (re.compile(pattern, re.I), scale)
    for pattern, scale in (
        (rf"{_POUND}[\s,]*(?:in\s+)?(?:{_THOUSAND}|\(\s*{_THOUSAND}\s*\))|\bthousands? of {_POUND}|(?<!\w){_THOUSAND} {_POUND}", 1e3),
        (rf"{_POUND}[\s,]*(?:in\s+)?(?:{_MILLION}|\(\s*{_MILLION}\s*\))|\bmillions? of {_POUND}", 1e6),
        (rf"{_POUND}[\s,]*(?:in\s+)?(?:bn|billions?)(?!\w)", 1e9),
        (rf"{_POUND}(?!\s*\d)(?: sterling)?|\bpounds? sterling\b", 1.0),
    )
]
_SCALES = [
    (re.compile(r"[(\[]\s*(?:in )?(?:['’]?0{3}['’]?s?|thousands?|k)\s*[)\]]|(?:,?\s*\bin thousands|(?:^|\s)['’]?0{3}['’]?s)$", re.I), 1e3),
    (re.compile(r"[(\[]\s*(?:in )?(?:millions?|mn?)\s*[)\]]|,?\s*\bin millions$", re.I), 1e6),
]
UNIT_WORDS = {
    "share": r"%|per ?cent(?:age)?|pct|proportion",
    "WTE": r"wte|wtes|fte|ftes|whole[- ]time equivalents?|full[- ]time equivalents?",
    "people": r"people|headcount",
    "count": r"n|no\.?|number|count|#",
    "score": r"score",
    "days": r"days?", "weeks": r"weeks?|wks?", "months": r"months?", "years": r"years?|yrs?", "hours": r"hours?|hrs?", "minutes": r"minutes?|mins?",
}  # fmt: skip
# A unit apart from the name: alone, in brackets, or at the end after a comma, a dash or "in".
_APART = {unit: re.compile(rf"^(?:{word})$|[(\[]\s*(?:in |as )?(?:a )?(?:{word})\s*[)\]]|(?:,|\s[-–]|\sin|\sas)\s+(?:a )?(?:{word})$", re.I)
          for unit, word in UNIT_WORDS.items()}  # fmt: skip
# Words of the name that say its unit; they stay.
_WITHIN = {
    "rank": re.compile(r"\brank(?:s|ing)?\b", re.I),
    "share": re.compile(r"(?<!\d)(?<!\d\s)%|\b(?:percent|per cent|percentage|proportion|pct)\b", re.I),
    "WTE": re.compile(r"\b(?:wtes?|ftes?)\b", re.I),
    "people": re.compile(r"^(?:total )?(?:number|no\.?|count) of (?:people|persons|patients|residents|clients|service users)\b", re.I),
    "days": re.compile(r"\b(?:wait|waits|waiting time|stay|median|percentile|target) days$", re.I),
    "weeks": re.compile(r"\b(?:wait|waits|waiting time|stay|median|percentile|target) weeks$", re.I),
    "score": re.compile(r"\bscores?$", re.I),
}
_PER = re.compile(
    r"(?:\bper\s+|/\s?)(1,?000,?000|100,?000|10,?000|1,?000|100|million|hundred thousand|thousand|hundred|100k|10k|1k)(?![\d,]*\d)\b(\s*[)\]]?$)?",
    re.I,
)
_BASES = {"million": "1,000,000", "hundred thousand": "100,000", "thousand": "1,000", "hundred": "100", "100k": "100,000",
          "10k": "10,000", "1k": "1,000"}  # fmt: skip


def take_unit(text: str) -> tuple[str, str, float]:
    """The text without its unit, the unit and the scale. Units that are words of the name stay in the text."""
    for pattern, scale in _MONEY:
        if found := pattern.search(text):
            # "£ per head" is one name: the sign stays where the name goes on with "per".
            kept = text if re.match(r"[\s)]*per\b", text[found.end() :], re.I) else pattern.sub(" ", text)
            return clean(kept), "GBP", scale
    if found := _PER.search(text):
        base = _BASES.get(found[1].casefold()) or f"{int(found[1].replace(',', '')):,}"
        return clean(text[: found.start()].rstrip(" ([") if found[2] is not None else text), f"per {base}", 1.0
    scale = 1.0
    for pattern, factor in _SCALES:
        if pattern.search(text):
            text, scale = clean(pattern.sub(" ", text)), factor
    if re.search(r"[^\d\s]\s*%$", text):
        return clean(text[:-1]), "share", scale
    for unit, pattern in _APART.items():
        if pattern.search(text):
            return clean(pattern.sub(" ", text)), unit, scale
    return text, next((unit for unit, pattern in _WITHIN.items() if pattern.search(text)), ""), scale


def tidy(text: str) -> str:
    return " ".join(text.replace("_", " ").split())


def clean(text: str) -> str:
    """Without empty brackets and separators left at the ends."""
    text = re.sub(r"[(\[]\s*[,;:]?\s*[)\]]", " ", text)
    text = re.sub(r"\s+([,;:)\]])", r"\1", " ".join(text.split()))
    text = re.sub(r"([(\[])\s+", r"\1", text)
    text = re.sub(r"([,;:])[,;:\s]+", r"\1 ", text).replace(", (", " (")
    return text.strip(" ,;:-–|/")


# --- groups of people ------------------------------------------------------------------------------------------------

EVERYONE = re.compile(r"(?:all )?(?:persons|people)|all(?: ages?| adults and children| sexes| genders| groups)?|everyone|both sexes", re.I)
_SEXES = {"male": "male", "males": "male", "men": "male", "female": "female", "females": "female", "women": "female"}
NOT_KNOWN = {"unknown", "not known", "not stated", "not recorded", "not specified", "missing", "refused", "undisclosed"}
"""What people write where nobody knows, or asked, which group someone belongs to."""
_AGE_START = r"(?:(?P<said>age[ds]?|age ?(?:group|band|range))\s*:?\s*)?"
_AGE_END = r"(?P<years>\s*(?:-\s*)?(?:years?|yrs?)(?:[ -](?:old|olds|of age))?)?"
_AGES: list[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]] = [
    (re.compile(rf"{_AGE_START}(?P<n>\d{{1,3}})\s*(?:-|–|to)\s*(?P<m>\d{{1,3}}){_AGE_END}", re.I), lambda m: f"{int(m['n'])}-{int(m['m'])}"),
    (re.compile(rf"{_AGE_START}(?P<n>\d{{1,3}})(?P<years>\s*(?:years?|yrs?))?\s*(?:\+|plus|(?:and|&|or) (?:over|above|older|more))"
                r"(?:\s*(?:years?|yrs?))?", re.I), lambda m: f"{int(m['n'])}+"),
    (re.compile(rf"{_AGE_START}(?P<n>\d{{1,3}})(?P<years>\s*(?:years?|yrs?))?\s*(?:and|&|or) (?:under|below|younger|less)", re.I),
     lambda m: f"0-{int(m['n'])}" if int(m["n"]) else "0"),
    (re.compile(rf"{_AGE_START}(?:under|below|<|less than)\s*(?P<n>\d{{1,3}})s?{_AGE_END}", re.I),
     lambda m: "0" if int(m["n"]) == 1 else f"under {int(m['n'])}"),
    (re.compile(rf"{_AGE_START}(?:over|>)\s*(?P<n>\d{{1,3}})s?{_AGE_END}", re.I), lambda m: f"over {int(m['n'])}"),
    (re.compile(rf"{_AGE_START}(?P<n>\d{{1,3}}){_AGE_END}", re.I), lambda m: f"{int(m['n'])}"),
]  # fmt: skip
QUINTILE = re.compile(
    r"(?:(?:imd|deprivation)\s*)?(?:(?P<said>quintile|q)\s*)?(?:0?(?P<n>[1-5]))?\s*[-–:(]*\s*(?:(?P<end>most|least) deprived)?\s*(?P<fifth>quintile|20 ?%|fifth)?\)?",
    re.I,
)
_ETHNIC = re.compile(
    r"(?:white|black|asian|mixed|arab|chinese|indian|pakistani|bangladeshi|irish|gypsy|roma|caribbean|african|other ethnic|any other|other asian|"
    r"other black|other mixed|other white)"
    r"(?:[\s,/&:()-]+(?:and|or|british|english|welsh|scottish|northern|irish|asian|african|caribbean|black|white|other|ethnic|ethnicity|group|groups|"
    r"multiple|background|mixed|traveller|bangladeshi|pakistani|indian|chinese|roma|gypsy))*\)?",
    re.I,
)
# Ranges of these are no ages: "0-4" under "Weeks waited".
_OTHER_RANGES = re.compile(r"\b(?:wait\w*|weeks?|days?|months?|minutes?|hours?|scores?|bands?|length|deciles?|£)\b", re.I)


def _age(text: str, said: bool, other: bool = False) -> str:
    """The age band that the whole text is, or nothing. ``said``: the heading speaks of ages; ``other``: of other ranges."""
    for pattern, label in _AGES:
        if not (found := pattern.fullmatch(text)):
            continue
        given, ages = found.groupdict(), said or bool(found["said"] or found["years"])
        low, high = int(given["n"]), int(given.get("m") or 999)
        if low > 120 or high <= low:
            return ""
        # 24-25 may be a year, 5+ a number of visits, <5 a hidden count and 7 anything: only beside "age" or "years" are they ages.
        vague = high == low + 1 or (high < 999 and high > 120) or (high == 999 and (low < 10 or pattern is _AGES[-1][0]))
        return label(found) if ages or not (vague or other) else ""
    return ""


def _quintile(text: str) -> str:
    """The deprivation quintile that the whole text is, 1 for the most deprived; nothing where its numbers run the other way."""
    found = QUINTILE.fullmatch(text)
    if not found or not (found["end"] or (found["said"] or "q").casefold() != "q") or not (found["n"] or (found["end"] and found["fifth"])):
        return ""
    end = {"most": "1", "least": "5"}.get((found["end"] or "").casefold(), "")
    return "" if end and found["n"] and found["n"] != end else found["n"] or end


def group(text: str, around: str) -> dict[str, str]:
    """The groups of people that the whole text names. ``around`` is the rest of the heading."""
    plain = text.casefold()
    of_age, of_sex = bool(re.search(r"\bage[ds]?\b", around, re.I)), bool(re.search(r"\b(?:sex|gender)\b", around, re.I))
    other = bool(_OTHER_RANGES.search(around)) and not of_age
    if plain in _SEXES:
        return {"sex": _SEXES[plain]}
    if of_sex and (plain in ("m", "f", "other") or plain in NOT_KNOWN):
        return {"sex": {"m": "male", "f": "female"}.get(plain, "not known" if plain in NOT_KNOWN else plain)}
    if age := _age(text, of_age, other):
        return {"age_band": age}
    of_quintile = re.search(r"\b(?:imd|deprivation) (?:quintile|fifth)\b|^quintile$", around, re.I) and re.fullmatch("[1-5]", text)
    if quintile := text if of_quintile else _quintile(text):
        return {"deprivation_quintile": quintile}
    if _ETHNIC.fullmatch(text):
        return {"ethnic_group": text}
    words = plain.split(maxsplit=1)
    if len(words) == 2:
        # "Female 65+" and "65+ female" are two groups.
        first, rest = text.split(maxsplit=1)
        last = text.rsplit(maxsplit=1)
        for sex, age in ((first, rest), (last[1], last[0])):
            if sex.casefold().strip(",") in _SEXES and (band := _age(age.strip(" ,"), of_age, other)):
                return {"sex": _SEXES[sex.casefold().strip(",")], "age_band": band}
    return {}


# --- areas -----------------------------------------------------------------------------------------------------------


def place(text: str) -> dict[str, str]:
    """The area or comparator that the whole text names. ``Mean``, ``Unknown`` and totals of other things are none."""
    found = areas.match(text)
    if found.area:
        return {"area": found.area.code}
    wider = found.comparator in ("Total", "Statistical neighbours") or re.fullmatch(
        r"(?:West and North |\w+ (?:\w+ )?|Rest of )?London|(?:Rest of )?England(?: and Wales)?|Great Britain|United Kingdom",
        found.comparator,
    )
    return {"comparator": found.comparator} if wider else {}


# --- periods ---------------------------------------------------------------------------------------------------------

_FY = r"(?:fy\s?)?(?:19|20)?\d\d\s?[/–-]\s?(?:19|20)?\d\d"
_DATE = rf"(?:\d{{1,2}}[/.]\d{{1,2}}[/.]\d{{2,4}}|\d{{4}}-\d\d-\d\d(?:[ t]\d\d:\d\d(?::\d\d)?)?|\d{{1,2}}(?:st|nd|rd|th)?[\s-]{MONTH}[\s,-]+(?:\d{{4}}|\d\d))"
_MONTH_YEAR = rf"{MONTH}[\s,.'’-]*(?:(?:19|20)\d\d|\d\d)"
_PERIOD = re.compile(
    r"(?<![\w/.£-])(?:" + "|".join((
        rf"(?:q|qtr|quarter|m|month|p)\s?(?:1[0-2]|0?[1-9])(?!\d)[\s,-]*(?:of )?{_FY}", rf"{_FY}[\s,:-]*(?:q|qtr|quarter|m|month|p)\s?\d{{1,2}}",
        rf"(?:rolling )?(?:12 months|twelve months|year|y/e|ye) (?:to |ending |ended )?(?:the )?(?:end of |31(?:st)? )?{_MONTH_YEAR}",
        rf"(?:week|w/e|w/c)\s?(?:ending|commencing)?:?\s?{_DATE}", rf"{_DATE}\s?(?:to|-|–|until)\s?{_DATE}", _DATE,
        rf"(?:{_MONTH_YEAR}|{MONTH})\s?(?:to|-|–|until)\s?{_MONTH_YEAR}", _MONTH_YEAR, r"mid[\s-]?(?:year )?(?:19|20)\d\d",
        r"(?:19|20)\d\d to (?:19|20)?\d\d", rf"{_FY}\s?\(?(?:up )?to (?:m|month|p|period)\s?(?:1[0-2]|0?[1-9])\)?", _FY,
        r"fye?\s?(?:20)?\d\d", r"(?:19|20)\d\d",
    )) + r")(?![\w/%]|-\d|\.\d|[,]\d{3})", re.I)  # fmt: skip
PART_OF_YEAR = re.compile(rf"(?:q|qtr|quarter)\s?[1-4]|{MONTH}|(?:m|month|p|period)\s?(?:1[0-2]|0?[1-9])", re.I)
PART_AT_END = re.compile(rf"^(?:(?:q|qtr|quarter)\s?[1-4]|{MONTH})(?=\s)|(?<=\s)(?:(?:q|qtr|quarter)\s?[1-4]|{MONTH})$", re.I)
# A year after or before these says something else than when the figures are from.
_NOT_BEFORE = re.compile(
    r"\b(?:since|before|after|from|by|until|to|than|vs|versus|with|born|started in|began in|ages?|aged|and|or)\s*$", re.I
)
_NOT_AFTER = re.compile(r"\s*(?:prices|boundar|baseline|target|definition|standard|weights|year[ -]olds?|to\b|and\b)", re.I)
_COMPARES = re.compile(r"\b(?:changed?|growth|grew|difference|increased?|decreased?|compared)\b", re.I)
"""What lies between two years where these are said is no figure of all the years."""
_LEADING_IN = re.compile(r"\s*\b(?:in|during|for|as at|at|of)$", re.I)
_QUALIFIERS = re.compile(
    r"(?:census|provisional|actuals?|final|revised|estimates?|forecast|plan(?:ned)?|budget|outturn|ytd|data|survey|only|mye)?", re.I
)


def take_period(text: str, anywhere: bool = False) -> tuple[str, Period | None, str]:
    """The text without its period, the period, and how it was written. None where it names several, or none for sure."""
    hits = [(hit, period) for hit in _PERIOD.finditer(text) if (period := _sure_period(text, hit, anywhere))]
    if len({period.label for _, period in hits}) != 1:
        return text, None, ""
    (hit, period), rest = hits[0], text
    for each, _ in reversed(hits):
        rest = _LEADING_IN.sub("", rest[: each.start()].rstrip()) + " " + rest[each.end() :]
    return clean(rest), period, hit[0]


def _sure_period(text: str, hit: re.Match[str], anywhere: bool) -> Period | None:
    period = periods.parse(hit[0])
    before, after = text[: hit.start()], text[hit.end() :]
    if period is None or _NOT_BEFORE.search(before) or _NOT_AFTER.match(after):
        return None
    if period.kind == "years" and _COMPARES.search(text):
        return None
    # 16-17 may be an age band as well; from 19 on nobody's bands are two years wide.
    if re.fullmatch(r"[01]\d\s?[–-]\s?\d\d", hit[0]) and int(hit[0][:2]) < 19:
        return None
    opened, closed = max(before.rfind("("), before.rfind("[")), after.find(")") if ")" in after else after.find("]")
    if opened > max(before.rfind(")"), before.rfind("]")) and closed >= 0:
        inside = f"{_LEADING_IN.sub('', before[opened + 1 :].rstrip())} {after[:closed]}"
        return period if _QUALIFIERS.fullmatch(inside.strip(" ,:")) or anywhere else None
    if period.kind == "calendar year":
        at_an_end = not before.strip(" ,:-–") or not after.strip(" ,:-–)")
        return period if 1990 <= int(period.label) <= 2040 and (at_an_end or anywhere) else None
    return period


def together(found: Iterable[Period]) -> Period | None:
    """The period that lies within all the others; None where two of them contradict each other."""
    dated = [(each, each.start, each.end) for each in found if each.start and each.end]
    for one, start, end in dated:
        if all(first <= start and end <= last for _, first, last in dated):
            return one
    return None
