"""Record-level tables of contacts, one row a contact: told by what stands in them, whatever their columns are called.

Rows about one person each must never be taken for figures of an area, so a table that looks like contacts becomes one even where
nothing says who attended.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mhequity.reading import choices, wording
from mhequity.reading.cells import is_day
from mhequity.reading.labelling import SURE, best_match, label_plan
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile

TABLE = "contacts"
WHY = "each row is about one contact with a person"
ABSENCES = "says who did not come"
"""Why a column of ``Yes`` and ``No`` headed ``DNA`` is not used."""
_FIGURES = ("contacts.minutes", "contacts.wait_days", "contacts.cost_gbp")
_KEPT = ("area", "service", "provider", "team", "sex", "ethnic_group", "age_band", "segment")
_ATTENDANCE = re.compile(
    r"\b(?:attend\w*|dna|did not attend|no show|arriv\w*|(?:appointment|appt|contact|visit) (?:outcome|status)|outcome)\b", re.IGNORECASE
)
_CONTACT = re.compile(r"\b(?:contacts?|appointments?|appts?|attend\w*|visits?|sessions?|seen|encounters?|activity)\b", re.IGNORECASE)
_PERSON = re.compile(
    r"\b(?:client|patient|person|service user|contact|appointment|referral|spell|record|nhs|rio|systmone|pseudo\w*)s?\b.*\b(?:id|no|num|number|ref|identifier|key)\b|\bpseudo\w*",
    re.IGNORECASE,
)
_AGE = re.compile(r"(?:patient |client )?age(?: (?:at|on|in|when|years)\b.*)?", re.IGNORECASE)
_SPOKEN = re.compile(r"attend|dna|seen|arriv|show|uta|cancel|brought", re.IGNORECASE)
_PLAIN = re.compile(r"attend|\bdna\b|no show|\buta\b|not brought", re.IGNORECASE)
"""Words of attendance that say nothing else, under whatever heading; a meeting may be cancelled too."""
_YES_NO = frozenset({"yes", "no", "y", "n", "true", "false", "1", "0", "1.0", "0.0"})
_NOT_THERE = re.compile(r"\b(?:dna|did not attend|no show|not attended|cancel\w*)\b", re.IGNORECASE)
_THERE = re.compile(r"\b(?:attended|attendance)\b(?<!not attended)", re.IGNORECASE)
_KNOWN = 0.5
"""Share of the distinct texts of a column that must be known words for it to say who attended."""


def contact_plans(columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> list[ColumnPlan] | None:
    """The columns' meanings where each row is one contact with a person; None for any other table."""
    day = _day_column(columns, chosen)
    if day is None or any(found.meaning == "measure" for found in chosen.values()) or any(_counts(each) for each in columns):
        return None
    attended = next((each for each in columns if each is not day and says_who_attended(each)), None)
    flagged = any(says_who_did_not(each) for each in columns)
    if attended is None and not flagged and not (_CONTACT.search(_words(day.title)) and any(map(_about_one, columns))):
        return None
    kept = {at: found for at, found in chosen.items() if found.meaning in _KEPT}
    kept[day.at] = replace(chosen.get(day.at, Candidate("date")), meaning="date", confidence=1.0)
    if attended is not None:
        kept[attended.at] = Candidate("attended", 1.0, {}, "says who attended")
    return _plans(columns, kept)


def says_who_attended(each: Profile) -> bool:
    """True for a column of words such as ``Attended`` and ``DNA``; of ``Yes`` and ``No`` where its heading asks so."""
    named = best_match(each, ["attended"]).confidence >= SURE or bool(_ATTENDANCE.search(_words(each.title)))
    known = each.share(lambda text: choices.said(text, "attended"))
    spoken = any(choices.said(text, "attended") and _SPOKEN.search(text) for text in each.sample)
    if spoken and known >= _KNOWN:
        return named or (known > 0.8 and any(_PLAIN.search(text) for text in each.sample))
    return best_match(each, ["attended"]).confidence >= SURE and _is_yes_or_no(each) and not says_who_did_not(each)


def says_who_did_not(each: Profile) -> bool:
    """True for a column of ``Yes`` and ``No`` whose heading asks who did not come: ``DNA flag``."""
    title = _words(each.title)
    return bool(_NOT_THERE.search(title)) and not _THERE.search(title) and _is_yes_or_no(each)


def _is_yes_or_no(each: Profile) -> bool:
    return each.filled > 0 and each.share(lambda text: text.casefold() in _YES_NO) > 0.8


def without_absences(columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> dict[int, Candidate]:
    """What the columns of labels say, but for one whose yes means that nobody came: taken for attendance it would say the opposite."""
    absent = {each.at for each in columns if each.at in chosen and chosen[each.at].meaning == "attended" and says_who_did_not(each)}
    return {at: Candidate(UNUSED, 0.0, {}, ABSENCES) if at in absent else found for at, found in chosen.items()}


def _day_column(columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> Profile | None:
    """The column of the days of the contacts: the one whose heading speaks of them, else the one taken for the period."""
    days = [each for each in columns if each.filled and each.share(_is_day) > 0.8 and not _counts(each)]
    named = [each for each in days if _CONTACT.search(_words(each.title))]
    period = [each for each in days if chosen.get(each.at, Candidate(UNUSED)).meaning in ("period", "date")]
    return next(iter([*named, *period]), None)


def _is_day(text: str) -> bool:
    return not text.isdecimal() and is_day(re.sub(r"[ T]\d\d?:\d\d(?::\d\d)?(?:\.\d+)?$", "", text), True)


def _counts(each: Profile) -> bool:
    """True for a column that counts several contacts or people in each row."""
    if each.numbers <= 0.5 or _about_one(each):
        return False
    best = best_match(each, ["activity.count", "population.persons", "waits.seen", "waits.waiting"])
    return best.confidence >= SURE or _words(each.title).casefold() in (
        "count",
        "number",
        "n",
        "total",
        "value",
        "contacts",
        "appointments",
    )


def _about_one(each: Profile) -> bool:
    """True for a column that holds what only one person or one meeting has: a number of their own, an age, minutes."""
    title = _words(each.title)
    if not each.filled:
        return False
    if _PERSON.search(title) or (each.numbers > 0.5 and _AGE.fullmatch(title)):
        return True
    return each.numbers > 0.5 and best_match(each, ["contacts.minutes"]).confidence >= SURE and each.heading.unit in ("minutes", "")


def _words(title: str) -> str:
    return " ".join(re.sub(r"[_/()]", " ", title).replace(wording.BETWEEN, " ").split())


def _plans(columns: Sequence[Profile], kept: Mapping[int, Candidate]) -> list[ColumnPlan]:
    plans, taken = [], set[str]()
    for each in columns:
        if each.at in kept:
            plans.append(replace(label_plan(each, kept), why=kept[each.at].why or WHY))
            continue
        found = best_match(each, _FIGURES) if each.numbers > 0.5 else Candidate(UNUSED, 0.0)
        fits = found.confidence >= SURE and found.meaning not in taken and each.heading.scale == 1
        taken |= {found.meaning} if fits else set()
        why = ABSENCES if says_who_did_not(each) else ""
        plans.append(
            ColumnPlan(each.column, each.title, found.meaning if fits else UNUSED, unit=each.heading.unit if fits else "", why=why)
        )
    return plans
