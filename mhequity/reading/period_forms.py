"""Texts that could be two periods: ``2010-12`` is December 2010 or three years, ``201011`` November 2010 or a financial year.

One such text alone cannot tell. Its sisters can: the other texts of the column, or the other headings of the row. They decide once
for all of them, and what was decided is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from mhequity import periods
from mhequity.periods import Period
from mhequity.reading.grids import Strip
from mhequity.reading.plans import FIGURES, ColumnPlan

MONTHS, YEARS = "months", "years"
_RANGE = re.compile(r"((?:19|20)\d\d)[-/](\d\d)")
_JOINED = re.compile(r"((?:19|20)\d\d)(\d\d)")
_IN_HEADING = re.compile(r"(?<![\w/.-])(?:19|20)\d\d[-/]?\d\d(?![\w/%-]|\.\d)")
_OF_MONTHS = re.compile(r"\bmonth", re.IGNORECASE)
_OF_YEARS = re.compile(r"\byears?\b|\bacademic\b|\bfinancial\b|\bfiscal\b|\bschool\b|\bfy\b", re.IGNORECASE)
_SAYS_KIND = re.compile(r"\b(?:time|period) ?(?:identifier|type|kind)\b", re.IGNORECASE)
_MOST_YEARS = 10


@dataclass(frozen=True)
class PeriodForms:
    """What texts of either form stand for in one column, or in one row of headings."""

    ranges: str = ""
    """``2010-12``: ``months``, ``years``, or empty for what each reads as alone."""
    joined: str = ""
    """``201011``: ``months``, ``years``, or empty where it is no period."""
    in_doubt: bool = False
    """True where a text was taken for a month that may as well be years, with no sister to tell."""


ALONE = PeriodForms()
"""Each text as it reads alone."""


def decide(texts: Iterable[str], said: str = "") -> PeriodForms:
    """What the texts of one column together tell; ``said`` is its heading, and what stands beside it.

    Examples
    --------
    >>> decide(["2009-11", "2010-12", "2011-13"])
    PeriodForms(ranges='years', joined='', in_doubt=False)
    >>> decide(["2023-11", "2023-12", "2024-01"]).ranges, decide(["202223", "202324"]).joined
    ('months', 'years')
    """
    held = list(dict.fromkeys(texts))
    said = said.replace("_", " ")
    ranges, doubt = _of_ranges(held, said)
    joined, unsure = _of_joined([pair for text in held if _JOINED.fullmatch(text) and (pair := _pair(text))], said)
    return PeriodForms(ranges, joined, doubt or unsure)


def _gap(pair: tuple[int, int]) -> int:
    """Years from the first to the second, whose century is not written."""
    return (pair[1] - pair[0]) % 100


def _is_month(pair: tuple[int, int]) -> bool:
    return 1 <= pair[1] <= 12


def _of_ranges(texts: list[str], said: str) -> tuple[str, bool]:
    pairs = [pair for text in texts if _RANGE.fullmatch(text) and (pair := _pair(text))]
    # A financial year has a gap of one, whatever its sisters are.
    apart = [pair for pair in pairs if _gap(pair) != 1]
    months = any(map(_is_month, apart))
    if not months or _OF_MONTHS.search(said) or any(not 2 <= _gap(pair) <= _MOST_YEARS for pair in apart):
        return (MONTHS if months else ""), False
    pooled = any((found := periods.parse(text)) and found.kind == "years" for text in texts)
    # The same gap again and again would be months that are thirteen months apart.
    rolling = len(pairs) == len(apart) > 1 and len({_gap(pair) for pair in apart}) == 1
    return (YEARS, False) if pooled or rolling else (MONTHS, len(pairs) == 1)


def _of_joined(pairs: list[tuple[int, int]], said: str) -> tuple[str, bool]:
    months, years = all(map(_is_month, pairs)), all(_gap(pair) == 1 for pair in pairs)
    if not pairs or not (months or years):
        return "", False
    if not (months and years):
        return (MONTHS if months else YEARS), False
    told = MONTHS if _OF_MONTHS.search(said) else YEARS if _OF_YEARS.search(said) or len(pairs) > 1 else ""
    return told or MONTHS, not told


def read(text: str, forms: PeriodForms) -> Period | None:
    """The period that a text of either form stands for; None for a text of another form, or one that reads well alone."""
    form, pair = form_of(text, forms), _pair(text)
    if not form or pair is None:
        return None
    year, second = pair
    if form == MONTHS:
        return periods.month(year, second) if _is_month((year, second)) else None
    gap = _gap((year, second))
    return periods.financial_year(year) if gap == 1 else periods.parse(f"{year} to {year + gap}")


def form_of(text: str, forms: PeriodForms) -> str:
    """``months`` or ``years`` as decided for a text of either form; empty for any other."""
    return forms.ranges if _RANGE.fullmatch(text) else forms.joined if _JOINED.fullmatch(text) else ""


def may_be_month(text: str) -> bool:
    """True for a text of either form that could be a month by itself: ``2010-12``, but not the plain financial year ``2010-11``."""
    pair = _pair(text)
    return pair is not None and _is_month(pair) and not (_RANGE.fullmatch(text) and _gap(pair) == 1)


def _pair(text: str) -> tuple[int, int] | None:
    """The year and the two digits after it."""
    found = _RANGE.fullmatch(text) or _JOINED.fullmatch(text)
    return (int(found[1]), int(found[2])) if found else None


def otherwise(text: str) -> str:
    """What a text in doubt would stand for as years: ``2010 to 2012``, ``2010/11``."""
    found = read(text, PeriodForms(YEARS, YEARS))
    return found.label if found else ""


def alone(text: str) -> Period | None:
    """What six digits stand for with nothing beside them: 202404 is Apr 2024, 202324 the financial year."""
    return read(text, decide([text])) if _JOINED.fullmatch(text) else None


def around(period: ColumnPlan, columns: Sequence[ColumnPlan], strip_of: Callable[[ColumnPlan], Strip]) -> str:
    """A period's heading, and what a column beside it says that periods are: ``Academic year`` under ``time_identifier``."""
    kinds = [each for each in columns if _SAYS_KIND.search(each.heading.replace("_", " "))]
    return " ".join([period.heading, *(text for each in kinds for text in _first_texts(strip_of(each)))])


def _first_texts(strip: Strip) -> list[str]:
    return [str(strip.values[int(code)].as_py()) for code in np.flatnonzero(strip.held)[:20]]


def of_headings(plans: Sequence[ColumnPlan]) -> dict[int, str]:
    """Position of each column of figures whose period its heading writes in one of the forms, to the text there."""
    found = {}
    for at, each in enumerate(plans):
        held = set(_IN_HEADING.findall(each.heading))
        if each.meaning not in FIGURES or "period" not in each.labels or len(held) != 1:
            continue
        text = held.pop()
        may_be = [read(text, PeriodForms(form, form)) for form in (MONTHS, YEARS)]
        if each.labels["period"] in [period.label for period in may_be if period]:
            found[at] = text
    return found
