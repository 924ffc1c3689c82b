"""Periods as the NHS writes them: read, ordered, printed.

A period is known by its label, which is what tables hold: ``2024/25``, ``2024/25 Q1``, ``Apr 2024``, ``2024-W05``,
``1 Apr 2024``, ``12 months to Dec 2019``, ``mid-2019``, ``2021``, or ``not stated``. Dates are read day first.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

NOT_STATED = "not stated"

_YEARS = range(1901, 2100)
_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_name) if name} | {"sept": 9}
MONTH = "(" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + ")"
"""Pattern of a month's name, in lower case: one group."""
_FY = r"(?:fy\s*|financial year\s*)?((?:20|19)?\d\d)\s*(?:/|-|–|_|to)\s*((?:20|19)?\d\d)"
_QUARTER = r"(?:q|qtr|quarter)\s*([1-4])"
_NUMBERED = r"(?:m|month|period|p)\s*(1[0-2]|0?[1-9])"
_GAP = r"[\s,_:-]*"
_CLOCK = r"(?:[ t]\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?)?"
_DAY_MONTH_YEAR = re.compile(rf"\s*(\d{{1,2}})[/.-](\d{{1,2}})[/.-](?:\d{{4}}|\d\d){_CLOCK}\s*", re.I)


@dataclass(frozen=True)
class Period:
    """A stretch of time, both ends included, or a moment (start and end alike)."""

    label: str
    kind: str
    """``year`` (financial), ``quarter``, ``month``, ``week``, ``day``, ``rolling``, ``mid-year``, ``calendar year``, ``years`` (several), ``months``
    (several, no quarter) or ``not stated``."""
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


def calendar_year(year: int) -> Period:
    """January to December: ``2021``."""
    return Period(str(year), "calendar year", date(year, 1, 1), date(year, 12, 31))


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


def between(start: date, end: date) -> Period | None:
    """The period from one day to another, both in: a financial year, quarter, month, calendar year, 12 months, some months, week or day.

    None for any other stretch, such as ten days.
    """
    if start == end:
        return day(start)
    if (end - start).days == 6 and start.weekday() == 0:
        return _iso_week(*map(str, start.isocalendar()[:2]))
    if start.day != 1 or end != _month_end(end.year, end.month):
        return None
    months = 12 * (end.year - start.year) + end.month - start.month + 1
    if months == 1:
        return month(start.year, start.month)
    if months == 3 and start.month in (1, 4, 7, 10):
        return quarter(start.year - (start.month == 1), (4, 1, 2, 3)[start.month // 3])
    if months == 12:
        return calendar_year(start.year) if start.month == 1 else rolling_year(end.year, end.month)
    if 1 < months < 12:
        return Period(f"{month(start.year, start.month).label} to {month(end.year, end.month).label}", "months", start, end)
    return None


def in_year(part: str, year: Period) -> Period | None:
    """The quarter or month that ``Q1``, ``Apr`` or ``M1`` stands for within a financial year.

    None where ``part`` is neither, or ``year`` is no financial year. A month by name is also found in a calendar year.
    """
    tidy = " ".join(part.casefold().split())
    first = year.start.year if year.start else 0
    named = _MONTHS.get(tidy)
    if year.kind == "calendar year" and named:
        return month(first, named)
    if year.kind != "year":
        return None
    if named:
        return month(first + (named < 4), named)
    if found := re.fullmatch(_QUARTER, tidy):
        return quarter(first, int(found[1]))
    found = re.fullmatch(_NUMBERED, tidy)
    return _month_of_year(first, found[1]) if found else None


def of_serial(number: float) -> date | None:
    """The day that a spreadsheet's serial number stands for, or None outside 1954 to 2064, where a number is more likely a figure."""
    return date(1899, 12, 30) + timedelta(days=int(number)) if 20_000 <= number <= 60_000 else None


def decide_day_first(texts: Iterable[str]) -> tuple[bool, bool]:
    """Whether a column's dates such as 03/04/2024 have the day first, and whether that cannot be told from them.

    Returns
    -------
    tuple of bool, bool
        Day first? Ambiguous? Dates are taken day first, the British way, unless one of them can only have the month first and
        none can only have the day first. A column is ambiguous when its dates contradict each other, or when none decides
        and it would make a difference. Texts that are no such dates are passed over.
    """
    day_only = month_only = either = False
    for text in texts:
        found = _DAY_MONTH_YEAR.fullmatch(text)
        first, second = (int(found[1]), int(found[2])) if found else (0, 0)
        day_only |= first > 12
        month_only |= second > 12
        either |= first != second
    if month_only != day_only:
        return day_only, False
    return True, either


def _month_of_year(start_year: int, number: str) -> Period:
    """Month 1 of a financial year is April."""
    named = (int(number) + 2) % 12 + 1
    return month(start_year + (named < 4), named)


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


def _years(first: int | None, last: int | None, financial: bool) -> Period | None:
    """Several years taken together, as publishers pool small numbers: ``2020 to 2022``, ``2018/19 to 2020/21``."""
    if first is None or last is None or not 2 <= last - first <= 10:
        return None
    one, two = (financial_year(first), financial_year(last)) if financial else (calendar_year(first), calendar_year(last))
    return Period(f"{one.label} to {two.label}", "years", one.start, two.end)


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


def _to_month(found: re.Match[str]) -> Period | None:
    """A financial year up to one of its months: ``2024-25 (to M9)``."""
    start = _start_year(found[1], found[2])
    last = _month_of_year(start, found[3]).end if start is not None else None
    return between(date(start, 4, 1), last) if start is not None and last else None


def _numbered_of_pair(number: str, first: str, second: str) -> Period | None:
    start = _start_year(first, second)
    return _month_of_year(start, number) if start is not None else None


def _week_at(found: re.Match[str], weekday: int) -> Period | None:
    """The ISO week that begins on a Monday or ends on a Sunday; None for weeks that run otherwise."""
    when = parse(found[1])
    if when is None or when.kind != "day" or when.start is None or when.start.weekday() != weekday:
        return None
    year, week, _ = when.start.isocalendar()
    return _iso_week(str(year), str(week))


def _stretch(found: re.Match[str]) -> Period | None:
    """From one day or month to another: ``Apr 2024 to Mar 2025``, ``July to September 2024``, ``1/4/2024 - 31/3/2025``."""
    last = parse(found[2])
    if last is None or last.kind not in ("day", "month") or last.start is None or last.end is None:
        return None
    named = _MONTHS.get(found[1])
    first = month(last.start.year - (named > last.start.month), named) if named else parse(found[1])
    if first is None or first.kind != last.kind or first.start is None or first.start > last.end:
        return None
    return between(first.start, last.end)


# Each pattern reads the whole text, in lower case with single spaces. The first that fits and makes sense wins.
_PATTERNS = [
    (rf"{_FY}", _consecutive),
    (r"fy\s*(\d\d)(\d\d)", _consecutive),
    (r"(?:fy|fye)\s*(\d\d)", lambda m: financial_year(2000 + int(m[1]) - 1)),
    (r"(?:fy|fye)\s*(20\d\d)", lambda m: financial_year(int(m[1]) - 1)),
    (rf"{_QUARTER}{_GAP}(?:of )?{_FY}", lambda m: _quarter_of_pair(m[1], m[2], m[3])),
    (rf"{_FY}{_GAP}{_QUARTER}", lambda m: _quarter_of_pair(m[3], m[1], m[2])),
    (rf"{_FY}\s*\(?(?:ytd )?(?:up )?to (?:m|month|p|period)\s?(1[0-2]|0?[1-9])\)?", _to_month),
    (rf"{_NUMBERED}{_GAP}(?:of )?{_FY}", lambda m: _numbered_of_pair(m[1], m[2], m[3])),
    (rf"{_FY}{_GAP}{_NUMBERED}", lambda m: _numbered_of_pair(m[3], m[1], m[2])),
    (rf"(?:rolling )?(?:(?:12 months|twelve months|year) (?:to|ending|ended)|y/e|ye) (?:the )?(?:end of |31(?:st)? )?{MONTH}[\s,-]*(\d{{4}}|\d\d)",
     lambda m: rolling_year(_year(m[2]), _MONTHS[m[1]])),
    (r"mid(?:[\s-]*year)?[\s-]*((?:19|20)\d\d)",
     lambda m: Period(f"mid-{m[1]}", "mid-year", date(int(m[1]), 6, 30), date(int(m[1]), 6, 30))),
    (r"(?:calendar year |year )?((?:19|20)\d\d)", lambda m: calendar_year(int(m[1]))),
    (r"(\d{4})-?w(\d{1,2})", lambda m: _iso_week(m[1], m[2])),
    (r"(?:week|w/e|we)[\s-]*(?:ending|ended|to)?[\s:-]*(\d.*)", lambda m: _week_at(m, 6)),
    (r"(?:week|w/c|wc)[\s-]*(?:commencing|beginning|starting|from)?[\s:-]*(\d.*)", lambda m: _week_at(m, 0)),
    (rf"{MONTH}[\s,/_.'’-]*(\d{{4}}|\d\d)", lambda m: month(_year(m[2]), _MONTHS[m[1]])),
    (rf"(\d{{4}})[\s_-]*{MONTH}", lambda m: month(_year(m[1]), _MONTHS[m[2]])),
    (r"((?:19|20)\d\d)[-/](\d{1,2})", lambda m: _numbered_month(m[1], m[2])),
    (r"(\d{1,2})[-/]((?:19|20)\d\d)", lambda m: _numbered_month(m[2], m[1])),
    (rf"((?:19|20)\d\d)[-/](\d{{1,2}})[-/](\d{{1,2}}){_CLOCK}z?", lambda m: _dated(m[1], m[2], m[3])),
    (rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]*{MONTH}[\s,-]*(\d{{4}}|\d\d){_CLOCK}", lambda m: _dated(m[3], _MONTHS[m[2]], m[1])),
    (rf"{_FY}\s*(?:-|–| to )\s*{_FY}", lambda m: _years(_start_year(m[1], m[2]), _start_year(m[3], m[4]), financial=True)),
    (r"((?:19|20)\d\d)\s*(?:-|–| to )\s*((?:19|20)?\d\d)", lambda m: _years(int(m[1]), _year(m[2]), financial=False)),
    (r"(?:from )?(.+?)\s*(?: to | until |–|—|\s-|-\s)\s*(.+)", _stretch),
    (rf"{MONTH}-({MONTH}[\s'’-]*(?:\d{{4}}|\d\d))", _stretch),
    (NOT_STATED, lambda _: Period(NOT_STATED, "not stated", None, None)),
]  # fmt: skip
_COMPILED = [(re.compile(pattern), make) for pattern, make in _PATTERNS]
_SLASHED = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d\d){_CLOCK}")
_LONGEST = 60
"""Longer texts are sentences, not periods."""


@lru_cache(maxsize=20_000)
def _parse_text(text: str, day_first: bool) -> Period | None:
    tidy = " ".join(text[: 2 * _LONGEST].casefold().split())
    if not tidy or len(tidy) > _LONGEST:
        return None
    if found := _SLASHED.fullmatch(tidy):
        when, number = (found[1], found[2]) if day_first else (found[2], found[1])
        return _dated(found[3], number, when)
    for pattern, make in _COMPILED:
        found = pattern.fullmatch(tidy)
        try:
            period = make(found) if found else None
        except ValueError:  # a year that no one means, such as January 0000
            continue
        if period:
            return period
    return None


def parse(value: object, day_first: bool = True) -> Period | None:
    """Read a period from what a cell holds.

    Parameters
    ----------
    value
        Text, a date, or a whole number such as 2021.
    day_first
        Whether 03/04/2024 is 3 April, the British way, or March the fourth.

    Returns
    -------
    Period or None
        None where it is no period, or could be two (``2024 Q1`` may mean the calendar's or the NHS's first quarter).

    Examples
    --------
    >>> parse("FY25").label, parse("Q1 24/25").label, parse("01/04/2024").label
    ('2024/25', '2024/25 Q1', '1 Apr 2024')
    >>> parse("July to September 2024").label
    '2024/25 Q2'
    """
    if isinstance(value, date):  # a datetime is one too
        return of_date(date(value.year, value.month, value.day)) if value.year in _YEARS else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _parse_text(str(value), day_first)


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
