"""Notes that speak of one person."""

from __future__ import annotations

import re

import numpy as np

from mhequity.reading.people.columns import SAMPLE, TEXT_TABLES, Column

_SHORTEST_NOTE = 15
_NOTE_HEADING = re.compile(r"\b(?:notes?|comments?|free ?text|narratives?|remarks?|observations?|case|summary|details)\b")
_METHOD_HEADING = re.compile(
    r"\b(?:sources?|definitions?|methods?|methodology|publishers?|licen[cs]e|url|link|measures?|indicators?|rationale|metadata)\b"
)
_ONE_PERSON = r"(?:patient|client|service user|young person|resident|su|yp|pt)"
_TOLD = (
    r"(?:reports?|reported|states?|stated|says?|said|den(?:y|ies|ied)|disclosed|express(?:es|ed)|feels?|felt|appear(?:s|ed)"
    r"|presented|presents|rang|phoned|telephoned|dna(?:'?d)?|lives|declined|remains|struggles|wants|wishes|unable|requested"
    r"|complain(?:s|ed)|cried|slept|sounded|seemed)"
)
_DONE = (
    r"(?:is|was|has|had|attended|attends|seen|did|does|called|referred|admitted|discharged|engaged|engages|cancelled|agreed|continues|not)"
)
_GATE = (
    rf"(?i)\b(?:he|she|his|hers?|him|pt|mr|mrs|ms|miss|y/?o|yrs? old|years?[ -]old|{_ONE_PERSON} (?:{_TOLD}|{_DONE})"
    rf"|[a-z]\.?[a-z]\.? (?:{_TOLD}|attended|was (?:seen|admitted|discharged|referred|reviewed)))\b"
)
_PRONOUN = re.compile(r"(?<!or )(?<!/)(?<!\))\b(?:he|she)\b(?!\s*/|\s+or\b)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<!or )(?<!/)\b(?:his|her|him|himself|herself)\b(?!\s*/|\s+or\b|\s+majesty)", re.IGNORECASE)
_PT = re.compile(rf"\bpt\.?\s+(?:{_TOLD}|{_DONE})\b", re.IGNORECASE)
_SUBJECT = re.compile(
    rf"(?:\b(?P<before>[a-z]+)\s+)?(?:\b(?P<article>the|an?|this|our)\s+)?\b{_ONE_PERSON}\s+(?:(?P<told>{_TOLD})|{_DONE})\b", re.IGNORECASE
)
_GENERAL_TEXT = "each every any a an one no when where if that once until after before which whether unless while in of per number because"
_GENERAL = frozenset(_GENERAL_TEXT.split())
_CALLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+[A-Z]")
_AGED = re.compile(
    r"\b\d{1,2}[\s-]?(?:y/?o|yrs?[\s-]old|years?[\s-]old)\s+(?:\w+\s+)?(?:male|female|man|woman|boy|girl|lady|gentleman"
    r"|patient|pt|client)\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    rf"(?:^|[.;,:]\s*|\b(?:and|with|saw|seen)\s+)(?P<who>[A-Z]\.?[A-Z]\.?)\s+(?:{_TOLD}|attended|was (?:seen|admitted"
    rf"|discharged|referred|reviewed))\b"
)
_OFFICES_TEXT = "GP MH PC UK EU LA HR IT NW NE SE SW LB HM PM QI CQ AE ED OT SW DH NE WL EL NL SL PH VC PT"
_OFFICES = frozenset(_OFFICES_TEXT.split())
_CLINICAL = re.compile(
    r"low mood|suicid|self[- ]?harm|overdose|medicat|paranoi|tearful|agitat|anxious|halluc|voices|complian|risk to (?:self"
    r"|others)|side[- ]effect|mental state|alcohol|cannabis|safeguard"
    r"|section \d|sertraline|olanzapine|clozapine|lithium|distress|sleep|appetite|self[- ]neglect|mother|father|\bmum\b"
    r"|\bdad\b|husband|wife|partner|sister|brother|flat|benefits",
    re.IGNORECASE,
)  # fmt: skip
_ENOUGH = 2


def find(column: Column, kind: str) -> np.ndarray | None:
    """Distinct texts that speak of one person."""
    if not column.letters or column.lengths.max() < _SHORTEST_NOTE or _METHOD_HEADING.search(column.heading):
        return None
    long = column.used & (column.lengths >= _SHORTEST_NOTE)
    if not long.any() or not _has_prose(column):
        return None
    at = np.flatnonzero(column.like(_GATE, among=long))
    enough = _ENOUGH
    if kind in TEXT_TABLES:
        enough += 1  # "she will report in May" speaks of whoever is responsible
    elif kind == "contacts" and _NOTE_HEADING.search(column.heading):
        enough -= 1  # every row is about one person
    hits = column.marked([])
    for start in range(0, len(at), SAMPLE):
        part = at[start : start + SAMPLE]
        hits[part] = [_of_one_person(text) >= enough for text in column.texts(part)]
        if hits.sum() >= SAMPLE:
            hits[at[start + SAMPLE :]] = True  # so many that the rest is taken to be like them, unread
            break
    return hits


def _has_prose(column: Column) -> bool:
    """False for codes, days and short labels: no text of the column has two spaces."""
    spaces = np.flatnonzero(column.bytes[0] == 32)
    if len(spaces) > len(column.lengths):
        return True
    texts = column.within(spaces, 1)[1]
    return bool((texts[1:] == texts[:-1]).any())


def _of_one_person(text: str) -> int:
    """How much a text speaks of one person: 2 for a sign that general prose hardly ever has, 1 for a weaker one."""
    strong = sum(2 for pattern in (_PRONOUN, _PT, _CALLED, _AGED) if pattern.search(text))
    strong += 2 * any(found["who"].replace(".", "") not in _OFFICES for found in _INITIALS.finditer(text))
    subjects = [found for found in _SUBJECT.finditer(text) if not _general(found)]
    told = 2 * any(found["told"] for found in subjects)
    weak = int(bool(subjects) and not told) + int(_POSSESSIVE.search(text) is not None)
    signs = strong + told + weak
    return signs + int(signs > 0 and _CLINICAL.search(text) is not None)


def _general(found: re.Match[str]) -> bool:
    """True for any patient rather than this one: ``each patient is``, ``when the patient attended``."""
    return (found["before"] or "").casefold() in _GENERAL or (found["article"] or "").casefold() in ("a", "an")
