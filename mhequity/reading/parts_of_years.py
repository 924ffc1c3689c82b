"""Months and quarters that stand as plain numbers in a column beside their year: 4 under ``Month`` beside 2024."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mhequity import periods
from mhequity.periods import Period

_QUARTER = re.compile(r"(?:fin(?:ancial)? |fiscal )?(?:quarter|qtr)(?: (?:no|number))?", re.IGNORECASE)
_MONTH = re.compile(r"(?:fin(?:ancial)? |fiscal |reporting )?(?:month|mth|period)(?: (?:no|num|number))?", re.IGNORECASE)


def are_parts(heading: str, texts: Sequence[str]) -> bool:
    """True where a column's texts are the numbers of quarters or months, and its heading says so."""
    most = _most(heading)
    return bool(texts) and most > 0 and all(text.isdecimal() and 1 <= int(text) <= most for text in texts)


def named(text: str, heading: str, year: Period) -> str:
    """A number as :func:`mhequity.periods.in_year` knows it: ``Q1``, ``M1`` of a financial year, ``Apr`` of a calendar year."""
    if not are_parts(heading, [text]):
        return text
    if _most(heading) == 4:
        return f"Q{int(text)}"
    return periods.month(2000, int(text)).label[:3] if year.kind == "calendar year" else f"M{int(text)}"


def _most(heading: str) -> int:
    plain = " ".join(re.sub(r"[^a-z]+", " ", heading.casefold()).split())
    return 4 if _QUARTER.fullmatch(plain) else 12 if _MONTH.fullmatch(plain) else 0
