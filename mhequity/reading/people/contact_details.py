"""How to reach a person: postcodes, email addresses and phone numbers."""

from __future__ import annotations

import re

import numpy as np

from mhequity.reading.people.columns import Column, is_figure

_POSTCODE = r"(?i)(?:^|[^0-9a-z])(?:[a-z]{1,2}[0-9][0-9a-z]?) ?[0-9][abd-hjlnp-uw-z]{2}(?:$|[^0-9a-z])"
_EMAIL = re.compile(r"(?<![\w.%+'-])([\w.%+'-]{1,64})@([\w-]+(?:\.[\w-]+)+)")
_SHARED_MAILBOX = re.compile(
    r"info|enquir|admin|contact|reception|referral|team|service|office|support|help|press|data|stat|analy|feedback|comms|hub"
    r"|spa\b|duty|crisis|camhs|iapt|talking|mail|digital|publi",
    re.IGNORECASE,
)  # fmt: skip
_INSTITUTION = re.compile(r"(?:nhs\.net|nhs\.uk|gov\.uk|ac\.uk|org|org\.uk)$", re.IGNORECASE)
_GAP = "[ -]?"
_PHONE = (
    r"(?:^|[^0-9][.,]|[^0-9A-Za-z.,£_-])(?:(?:\+|00)44[ -]?(?:\(0\)[ -]?)?\(?|\(?0)(?:"
    + "|".join((
        rf"7[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}", rf"7[0-9]{{3}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}", rf"7[0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}",
        rf"2[03489]\)?{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}", rf"20[378]\)?{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}",
        rf"1[0-9]{{3}}\)?{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}", rf"1(?:1[0-9]|[0-9]1)\)?{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}",
    ))
    + r")(?:$|[^0-9A-Za-z%])"
)  # fmt: skip
_PHONE_HEADING = re.compile(r"\b(?:tele?phones?|tel|phones?|mobiles?|landline|contact (?:no|number))\b")
_SHORTEST_PHONE = 10
_AFTER_NOUGHT = np.isin(np.arange(256), np.frombuffer(b"0127", np.uint8))
_IN_PHONE = np.isin(np.arange(256), np.frombuffer(b"0123456789 -()", np.uint8))


def postcodes(column: Column) -> np.ndarray | None:
    return column.like(_POSTCODE) & column.used if column.letters else None


def emails(column: Column) -> np.ndarray | None:
    """Distinct texts with an address that is not an institution's shared mailbox."""
    signs = np.flatnonzero(column.bytes[0] == 64)
    if not len(signs):
        return None
    at = np.unique(column.within(signs, 1)[1])
    return (
        column.marked([place for place, text in zip(at.tolist(), column.texts(at), strict=True) if _personal_address(text)]) & column.used
    )


def _personal_address(text: str) -> bool:
    return any(not (_SHARED_MAILBOX.search(who) and _INSTITUTION.search(where)) for who, where in _EMAIL.findall(text))


def phones(column: Column) -> np.ndarray | None:
    """Distinct texts with a mobile or landline number of the UK. Numbers that anyone may ring (03, 08) are not people's."""
    if not len(column.lengths) or column.lengths.max() < _SHORTEST_PHONE:
        return None
    texts = _phone_like(column)
    if not len(texts):
        return None
    hits = column.like(_PHONE, among=column.marked(texts)) & column.used
    figures = not _PHONE_HEADING.search(column.heading) and hits.sum() * 2 < column.used.sum() and column.share(is_figure) >= 0.5
    return hits & ~column.like(r"^[0-9]+$", among=hits) if figures else hits


def _phone_like(column: Column) -> np.ndarray:
    """Texts where a 0 or 44 begins ten characters of a phone number: a quick look before the exact one."""
    raw = column.bytes[0]
    size = len(raw) - _SHORTEST_PHONE + 1
    starts = np.flatnonzero((raw[:size] & np.uint8(0xFB) == 48) & column.number_starts[:size])  # 0 or 4
    first, second = raw[starts], raw[starts + 1]
    starts = starts[np.where(first == 48, _AFTER_NOUGHT[second], second == 52)]
    for step in (5, 8, 2, 3, 4, 6, 7, 9):  # days and times fail at the fifth or eighth
        starts = starts[_IN_PHONE[raw[starts + step]]]
    starts = starts[(raw[starts + 1] != 48) | (raw[starts + 2] == 52)]  # 00 only in 0044
    return column.within(starts, _SHORTEST_PHONE)[1]
