"""Periods as the NHS writes them: read, ordered, printed.

A period is known by its label, which is what tables hold: ``2024/25``, ``2024/25 Q1``, ``Apr 2024``, ``2024-W05``,
``1 Apr 2024``, ``12 months to Dec 2019``, ``mid-2019``, ``2021``, or ``not stated``. Dates are read day first.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

NOT_STATED = "not stated"

_YEARS = range(1901, 2100)
_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_name) if name} | {"sept": 9}
_MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
_FY = r"(?:fy\s*)?((?:20|19)?\d\d)\s*(?:/|-|–|to)\s*((?:20|19)?\d\d)"


@dataclass(frozen=True)
class Period:
    """A stretch of time, both ends included, or a moment (start and end alike)."""

    label: str
    kind: str
    """``year`` (financial), ``quarter``, ``month``, ``week``, ``day``, ``rolling``, ``mid-year``, ``calendar year`` or
    ``not stated``."""
    start: date | None
    end: date | None

    @property
    def days(self) -> int:
        """Length in days; 0 where the period is not stated."""
        return (self.end - self.start).days + 1 if self.start and self.end else 0


def financial_year(start_year: int) -> Period:
    """April of ``start_year`` to the next March: ``financial_year(2024).label == '2024/25'``."""
    label = f"{start_year}/{(start_year + 1) % 100:02d}"
    return Period(label, "year", date(start_year, 4, 1), date(start_year + 1, 3, 31))


def quarter(start_year: int, number: int) -> Period:
    """Quarter 1 to 4 of the financial year that starts in ``start_year``."""
    first = date(start_year + (number == 4), (4, 7, 10, 1)[number - 1], 1)
    return Period(f"{financial_year(start_year).label} Q{number}", "quarter", first, _month_end(first.year, first.month + 2))


def month(year: int, number: int) -> Period:
    """One calendar month: ``Apr 2024``."""
    return Period(f"{calendar.month_abbr[number]} {year}", "month", date(year, number, 1), _month_end(year, number))


def day(when: date) -> Period:
    """One day: ``1 Apr 2024``."""
    return Period(f"{when.day} {calendar.month_abbr[when.month]} {when.year}", "day", when, when)


def rolling_year(year: int, number: int) -> Period:
    """The 12 months to the end of a month; to the end of March that is the financial year."""
    if number == 3:
        return financial_year(year - 1)
    end = _month_end(year, number)
    start = date(year - 1, number + 1, 1) if number < 12 else date(year, 1, 1)
    return Period(f"12 months to {calendar.month_abbr[number]} {year}", "rolling", start, end)


def of_date(when: date) -> Period:
    """The period that a spreadsheet's date cell stands for: the month where it is a first of the month, else the day."""
    return month(when.year, when.month) if when.day == 1 else day(when)


def _month_end(year: int, number: int) -> date:
    return date(year, number, calendar.monthrange(year, number)[1])


def _year(text: str) -> int:
    """Two digits from 70 on are the 1900s, below that the 2000s. ``ValueError`` for a year that no data are from."""
    number = int(text)
    if len(text) == 4 and number not in _YEARS:
        raise ValueError(text)
    return number if len(text) == 4 else number + (1900 if number >= 70 else 2000)


def _start_year(first: str, second: str) -> int | None:
    """The first year of a pair such as 24 and 25, or None unless the second follows the first."""
    start = _year(first)
    return start if int(second[-2:]) == (start + 1) % 100 and len(second) <= 4 else None


def _consecutive(found: re.Match[str]) -> Period | None:
    start = _start_year(found[1], found[2])
    return financial_year(start) if start is not None else None


def _quarter_of_pair(number: str, first: str, second: str) -> Period | None:
    start = _start_year(first, second)
    return quarter(start, int(number)) if start is not None else None


def _dated(year: str, number: str | int, day_of_month: str) -> Period | None:
    try:
        return day(date(_year(year), int(number), int(day_of_month)))
    except ValueError:
        return None


def _iso_week(year: str, week: str) -> Period | None:
    try:
        monday = date.fromisocalendar(_year(year), int(week), 1)
    except ValueError:
        return None
    return Period(f"{year}-W{int(week):02d}", "week", monday, monday + timedelta(days=6))


def _numbered_month(year: str, number: str) -> Period | None:
    return month(int(year), int(number)) if 1 <= int(number) <= 12 else None


# Each pattern reads the whole text, in lower case with single spaces. The first that fits and makes sense wins.
_PATTERNS = [
    (rf"{_FY}", _consecutive),
    (r"fy\s*(\d\d)", lambda m: financial_year(2000 + int(m[1]) - 1)),
    (r"fy\s*(20\d\d)", lambda m: financial_year(int(m[1]) - 1)),
    (rf"(?:q|qtr|quarter)\s*([1-4])[\s,]*(?:of )?{_FY}", lambda m: _quarter_of_pair(m[1], m[2], m[3])),
    (rf"{_FY}[\s,-]*(?:q|qtr|quarter)\s*([1-4])", lambda m: _quarter_of_pair(m[3], m[1], m[2])),
    (rf"(?:rolling )?(?:12 months|twelve months|year) (?:to|ending) (?:end of )?{_MONTH}[\s-]*(\d{{4}}|\d\d)",
     lambda m: rolling_year(_year(m[2]), _MONTHS[m[1]])),
    (r"mid[\s-]*((?:19|20)\d\d)", lambda m: Period(f"mid-{m[1]}", "mid-year", date(int(m[1]), 6, 30), date(int(m[1]), 6, 30))),
    (r"((?:19|20)\d\d)", lambda m: Period(m[1], "calendar year", date(int(m[1]), 1, 1), date(int(m[1]), 12, 31))),
    (r"(\d{4})-?w(\d{1,2})", lambda m: _iso_week(m[1], m[2])),
    (rf"{_MONTH}[\s,/-]*(\d{{4}}|\d\d)", lambda m: month(_year(m[2]), _MONTHS[m[1]])),
    (rf"(\d{{4}})[\s-]*{_MONTH}", lambda m: month(_year(m[1]), _MONTHS[m[2]])),
    (r"((?:19|20)\d\d)[-/](\d{1,2})", lambda m: _numbered_month(m[1], m[2])),
    (r"(\d{1,2})[-/]((?:19|20)\d\d)", lambda m: _numbered_month(m[2], m[1])),
    (r"((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})(?:[ t]00:00(?::00)?)?", lambda m: _dated(m[1], m[2], m[3])),
    (r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d\d)", lambda m: _dated(m[3], m[2], m[1])),
    (rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]{_MONTH}[\s-](\d{{4}}|\d\d)", lambda m: _dated(m[3], _MONTHS[m[2]], m[1])),
    (NOT_STATED, lambda _: Period(NOT_STATED, "not stated", None, None)),
]  # fmt: skip
_COMPILED = [(re.compile(pattern), make) for pattern, make in _PATTERNS]


@lru_cache(maxsize=20_000)
def _parse_text(text: str) -> Period | None:
    tidy = " ".join(text.casefold().split())
    for pattern, make in _COMPILED:
        found = pattern.fullmatch(tidy)
        try:
            period = make(found) if found else None
        except ValueError:  # a year that no one means, such as January 0000
            continue
        if period:
            return period
    return None


def parse(value: object) -> Period | None:
    """Read a period from what a cell holds.

    Parameters
    ----------
    value
        Text, a date, or a whole number such as 2021.

    Returns
    -------
    Period or None
        None where it is no period, or could be two (``2024 Q1`` may mean the calendar's or the NHS's first quarter).

    Examples
    --------
    >>> parse("FY25").label, parse("Q1 24/25").label, parse("01/04/2024").label
    ('2024/25', '2024/25 Q1', '1 Apr 2024')
    """
    if isinstance(value, date):  # a datetime is one too
        return of_date(date(value.year, value.month, value.day)) if value.year in _YEARS else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _parse_text(str(value))


def order(label: str) -> tuple[date, date, str]:
    """Sort key: earliest end first, then the longer period; a period that is not stated comes before all."""
    period = parse(label)
    if period is None or period.start is None or period.end is None:
        return (date.min, date.min, label)
    return (period.end, period.start, label)


def sort(labels: object) -> list[str]:
    """Distinct labels, earliest first."""
    return sorted(set(labels), key=order)  # type: ignore[call-overload]


def containing_year(label: str) -> str:
    """The financial year that a period ends in: ``mid-2019`` and ``2019/20 Q1`` give ``2019/20``; empty where not stated."""
    period = parse(label)
    if period is None or period.end is None:
        return ""
    return financial_year(period.end.year - (period.end.month < 4)).label
