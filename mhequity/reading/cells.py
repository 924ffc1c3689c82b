"""What one text of a column of labels means: which area, which period, which choice. Called once for each distinct text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from mhequity import areas, periods
from mhequity.reading import choices, numbers, period_forms, statuses, wording
from mhequity.reading.findings import Kind, shown
from mhequity.reading.period_forms import PeriodForms
from mhequity.reading.recognising import NOT_KNOWN
from mhequity.tables import GROUPS, Column

OK, MISSING, BLOCKED, COMPARATOR, TOTAL, ELSEWHERE = "ok", "missing", "blocked", "comparator", "total", "elsewhere"
STATES = (OK, MISSING, BLOCKED, COMPARATOR, TOTAL, ELSEWHERE)

TOTALS = re.compile(
    r"^(?:grand |sub[ -]?|overall |column |row )?totals?$|\b(?:sub-?)?total$|^(?:ytd|year to date|sum|overall|full year|all)$|"
    r"^(?:total|all)[ _](?:all )?(?:services|teams|providers?|boroughs|areas|measures|staff|places|london|organisations|groups)$", re.IGNORECASE,
)  # fmt: skip
_TOTAL_OF = re.compile(r"^(?:grand |sub[ -]?)?total\b", re.IGNORECASE)
_ADDED_UP = ("service", "provider", "team", "staff_group")
_SMALL_AREA = re.compile(r"E0[12]\d{6}")
_NHS_CODE = re.compile(r"\d\d[A-Z]|Q[A-Z0-9]{2}|Y\d\d|[A-Z]\d[A-Z]\d[A-Z]")
_PRACTICE = re.compile(r"[A-HJ-NPUVWY]\d{5}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d:\d\d)?")
ERRORS = {"#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#DIV/0!", "#N/A", "#SPILL!", "#CALC!", "#GETTING_DATA", "#FIELD!", "#BLOCKED!"}
ALL_PEOPLE = {"all", "all ages", "persons", "people", "both", "both sexes", "all people", "everyone", "total", "all persons", "all groups"}
"""What people write for all groups of people together."""
_ALL_OF = re.compile(
    r"(?:total|all)(?: ?[:-] ?| )(?:all )?(?:usual residents|residents|people|persons|ethnic groups|categories(?:: [\w ]+)?)", re.IGNORECASE
)
_SEX = {"m": "male", "f": "female", "1": "male", "2": "female", "3": "other", "4": "other",
        "0": "not known", "9": "not known", "x": "not known", "z": "not known", "u": "not known"}  # fmt: skip
"""Letters for sex, and the numbers of the NHS data dictionary and the ONS: 9 is not specified there, 3 and 4 are genders of other names."""
_FIFTH = re.compile(r"(?:quintile |q)?0?(?P<n>[1-5])\s*[-–:(]*\s*(?:(?P<way>most|more|less|least) deprived)?\)?", re.IGNORECASE)
_WAYS = {"1": ("", "most"), "2": ("", "more"), "3": ("",), "4": ("", "less"), "5": ("", "least")}
"""What fits beside a fifth's number: ``05 More deprived`` is one of ten, and never a fifth."""
_EVERYONE_OF_SEX = {"p", "t"}
_CENSUS_CODE = re.compile(r"\d categories", re.IGNORECASE)
_PERCENT = re.compile(r"(?:proportion\s*[-–(]?\s*)?(?:%|pct|per ?cents?|percentages?)(?:\s*\(%\))?\)?", re.IGNORECASE)


@dataclass(frozen=True)
class Understood:
    """The meaning of a text.

    ``state`` is ``ok``, ``missing``, ``comparator`` (a total or a wider place: the row is kept apart), ``total`` (a total over
    something else than places), ``elsewhere`` (a place outside London) or ``blocked`` (the row cannot be used). ``done`` is
    set where an ``ok`` text was read as something other than written, or says why a row is left out; ``advice`` says what
    to do about it.
    """

    state: str
    value: str = ""
    done: str = ""
    advice: str = ""
    proposals: tuple[areas.Area, ...] = ()
    kind: Kind = "spellings"
    """What a finding about it is about."""


@dataclass(frozen=True)
class Options:
    """What a plan says about how labels are read."""

    day_first: bool = True
    months: bool = False
    """True where every day of the column is the first of a month, so that months are meant."""
    weeks: str = ""
    """``w/c`` or ``w/e`` where the days of the column begin or end a week."""
    forms: PeriodForms = period_forms.ALONE
    """What texts that could be two periods stand for, as their sisters in the column tell."""
    areas: Mapping[str, str] | None = None
    """Spellings that a person confirmed."""
    systems_are_totals: bool = False
    exact: bool = False
    """True for columns of the template, where a total is an area's own name only."""


def understand(text: str, column: Column, options: Options = Options()) -> Understood:
    """The meaning of a text in a column of labels."""
    if text.startswith("#") and text in ERRORS:
        if not numbers.is_missing_mark(text):
            return Understood(
                BLOCKED, done=f"{text} is an error of Excel's.", advice="Put the formula right, save and upload again.", kind="formulas"
            )
        text = ""
    if text.casefold() == "(blank)" and column.kind != "area":
        # A pivot table's word for rows without one.
        if column.name == "service":
            return Understood(OK, "Not stated", done="Read as Not stated.")
        text = ""
    if (
        not text
        or (text in ("NULL", "null") and not options.exact)
        or (column.kind != "text" and numbers.is_missing_mark(text) and not _is_status(text, column) and text not in column.allowed)
    ):
        if column.required:
            return Understood(BLOCKED, done=f"{column.name} is empty.", advice=f"Fill it in: {column.help}", kind="empty")
        return Understood(MISSING)
    return {"area": _area, "period": _period, "choice": _choice, "text": _text}[column.kind](text, column, options)


_FOOTNOTE = re.compile(r"\s*(?:\[(?:note|notes|r|p)?\s*\d*\]|\(\d{1,2}\)|[¹²³⁰-⁹*†‡])+$", re.IGNORECASE)


def _area(text: str, _: Column, options: Options) -> Understood:
    if options.areas is not None and text in options.areas:
        code = options.areas[text]
        known = areas.by_code().get(code)
        if known is None:
            return Understood(ELSEWHERE, done="Left out, as you chose.", kind="areas chosen")
        return Understood(OK, code, f"Read as {known.name}, as you chose.", kind="areas chosen")
    text = _FOOTNOTE.sub("", text) or text
    if _SMALL_AREA.fullmatch(text.upper()):
        return Understood(OK, text.upper())
    found = areas.match(text)
    if found.area and options.systems_are_totals and found.area.level == "icb":
        done = f"{found.area.name} is the whole system, not an area to add up. Kept apart."
        return Understood(COMPARATOR, found.area.name, done, kind="totals")
    if found.area:
        fixed = f"Read as {found.area.name}." if found.how in ("spelling", "alias") else ""
        return Understood(OK, found.area.code, done=fixed)
    if found.comparator:
        done = f"{found.comparator} is a total or a wider place, not an area to add up. Kept apart."
        return Understood(COMPARATOR, found.comparator, done, kind="totals")
    if _PRACTICE.fullmatch(text):
        done = "A GP practice or network, whose patients live in several boroughs: no figure of an area."
        return Understood(ELSEWHERE, done=done, kind="organisations")
    if not found.proposals and _NHS_CODE.fullmatch(text):
        return Understood(ELSEWHERE, done="This code is of no area in London.", kind="outside London")
    if found.elsewhere:
        return Understood(ELSEWHERE, done="Outside London.", kind="outside London")
    if found.provider:
        return Understood(BLOCKED, done="This names an organisation, not an area.",
                          advice="Write the borough or ICB here, and the organisation under provider.", kind="organisations")  # fmt: skip
    names = " or ".join(area.name for area in found.proposals)
    meant = f"Did you mean {names}? " if names else ""
    advice = f"{meant}Confirm or choose the area here, or write its name or code and upload again."
    return Understood(BLOCKED, done="No London borough or ICB is known by this.", advice=advice, proposals=found.proposals, kind="areas")


def _period(text: str, column: Column, options: Options) -> Understood:
    found = periods.parse(text, options.day_first)
    told = period_forms.read(text, options.forms)
    found = told or found
    if found is None and text.isdecimal() and (when := periods.of_serial(float(text))):
        found = periods.day(when)
    if found is not None and found.kind == "day" and options.weeks and found.start:
        found = periods.parse(f"{options.weeks} {found.start.isoformat()}") or found
    if found is not None and found.kind == "day" and options.months and found.start:
        found = periods.month(found.start.year, found.start.month)
    if found is None and TOTALS.search(text) and not options.exact:
        return Understood(TOTAL, text, "This is a total over the periods, not a fact to add up. Kept apart.", kind="totals")
    if found is None:
        advice = "Write a financial year (2024/25), a quarter (2024/25 Q1), a month (Apr 2024) or a day (14 Jan 2025)."
        return _or_empty(Understood(BLOCKED, done="This cannot be read as one period.", advice=advice, kind="periods"), column)
    doubt = period_forms.otherwise(text) if told and options.forms.in_doubt else ""
    advice = f"It may as well be {doubt}, and nothing beside it tells. If that is meant, write it so." if doubt else ""
    return Understood(OK, found.label, done=f"Read as {found.label}." if found.label not in (text, shown(text)) else "", advice=advice)


def combined_period(first: str, second: str, day_first: bool) -> Understood:
    """The period that a start and an end, or a year and a part of it, make together."""
    one, two = periods.parse(first, day_first), periods.parse(second, day_first)
    found = None
    if one and two and one.kind == two.kind == "day" and one.start and two.start and one.start <= two.start:
        found = periods.between(one.start, two.start)
    elif (one and (part := periods.in_year(second, one))) or (two and one is None and (part := periods.in_year(first, two))):
        found = part
    elif one and two and one.start and two.end and one.start <= two.end:
        found = periods.between(one.start, two.end)
    seen = f"{first} and {second}"
    if found is None:
        advice = "Write a year, a quarter, a month or a day in one column."
        return Understood(BLOCKED, done=f"{seen} make no one period.", advice=advice, kind="periods")
    return Understood(OK, found.label, done=f"Read as {found.label}.")


def is_part_of(text: str, year: str) -> bool:
    """True for a quarter or month without its year: ``Q1``, ``Apr``, ``M1``."""
    whole = periods.parse(year)
    return whole is not None and periods.parse(text) is None and periods.in_year(text, whole) is not None


def is_day(text: str, day_first: bool) -> bool:
    """True for a day, also as the number that a spreadsheet stores for it."""
    found = periods.parse(text, day_first)
    return found.kind == "day" if found else text.isdecimal() and periods.of_serial(float(text)) is not None


def is_first_of_month(text: str, day_first: bool) -> bool:
    """True for a day that is the first of its month, as spreadsheets store months."""
    found = periods.parse(text, day_first)
    when = found.start if found and found.kind == "day" else periods.of_serial(float(text)) if text.isdecimal() else None
    return when is not None and when.day == 1


def _choice(text: str, column: Column, _: Options) -> Understood:
    wanted = _simple(text)
    for allowed in column.allowed:
        if wanted == _simple(allowed):
            return Understood(OK, allowed)
    if column.allowed == ("yes", "no") and wanted in ("true", "y", "1", "false", "n", "0"):
        return Understood(OK, "yes" if wanted in ("true", "y", "1") else "no")
    if _is_status(text, column) and (found := statuses.status_of(text)):
        doubt = f" Check it: {found.doubt}." if found.doubt else ""
        return Understood(OK, found.status, f"Read as {found.status}.{doubt}")
    if column.name in GROUPS:
        if text.casefold() in ALL_PEOPLE or (column.name == "sex" and wanted in _EVERYONE_OF_SEX):
            return Understood(OK, "", done="Read as everyone.")
        value = wording.understand([text]).labels.get(column.name) or _group_known(text, column)
        if value in column.allowed:
            return Understood(OK, value, done=f"Read as {value}.")
    if column.name == "better":
        for word in ("higher", "lower", "neither"):
            if wanted in (word[0], word, {"higher": "high", "lower": "low", "neither": "none"}[word], f"{word}isbetter"):
                return Understood(OK, word, done=f"Read as {word}.")
    if known := choices.choice_of(text, column):
        return Understood(OK, known.value, f"Read as {known.value}{f': {known.doubt}' if known.doubt else ''}.", kind="statuses")
    done = f"{column.name} does not know this value."
    return _or_empty(Understood(BLOCKED, done=done, advice=f"Write one of: {', '.join(column.allowed)}.", kind="labels"), column)


def _group_known(text: str, column: Column) -> str:
    """The group that a text means under this heading only: ``Unknown`` or ``2`` of a sex, ``02 More deprived`` of a fifth."""
    if column.name == "sex":
        return "not known" if text.casefold().strip(" .") in NOT_KNOWN else _SEX.get(_simple(text), "")
    fifth = _FIFTH.fullmatch(text)
    return fifth["n"] if fifth and (fifth["way"] or "").casefold() in _WAYS[fifth["n"]] else ""


def _or_empty(refused: Understood, column: Column) -> Understood:
    """A text that cannot be read leaves empty what a row can do without: the rest of the row stays."""
    if column.required or column.key:
        return refused
    return replace(refused, state=MISSING, done=f"{refused.done} Left empty under {column.name.replace('_', ' ')}.")


def is_sex_code(text: str, heading: str) -> bool:
    """True for a letter or number that stands for a sex, or for everyone: ``M``, ``2``, ``P``.

    Under ``Sex (2 categories) Code`` no number does: the census gives 1 to females.
    """
    return _simple(text) in _EVERYONE_OF_SEX | set(_SEX) and not (text.isdecimal() and _CENSUS_CODE.search(heading))


def is_percent(text: str) -> bool:
    """True for a unit that says percent: ``%``, ``Per cent``, ``Percentage``."""
    return bool(_PERCENT.fullmatch(text))


def _is_status(text: str, column: Column) -> bool:
    return column.name == "status" and "full" in column.allowed and statuses.status_of(text) is not None


def _simple(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text.casefold())


def _text(text: str, column: Column, options: Options) -> Understood:
    # Excel turns an age band such as 10-14 into a date. What was typed is lost, so a fact filed under it would be wrong.
    if column.key and _DAY.fullmatch(text):
        shown = periods.day(date.fromisoformat(text[:10])).label if _is_date(text[:10]) else text
        advice = "Excel may have changed what was typed, such as 10-14. Format the cell as text, type it again and upload."
        return Understood(BLOCKED, done=f"A date ({shown}) stands where {column.name} belongs.", advice=advice, kind="labels")
    if column.name in GROUPS:
        if text.casefold() in ALL_PEOPLE or _ALL_OF.fullmatch(text):
            return Understood(OK, "", done="Read as everyone.")
        text = re.sub(r"^(\d+)_(\d+)$", r"\1-\2", text) if column.name == "age_band" else text
        # Two years together (16 to 17) are ages where the column says so.
        around = ["Age", text] if column.name == "age_band" else [text]
        if not options.exact and (band := wording.understand(around).labels.get(column.name, text)) != text:
            return Understood(OK, band, done=f"Read as {band}.")
    elif column.key and not options.exact and (TOTALS.search(text) or (column.name in _ADDED_UP and _TOTAL_OF.search(text))):
        return Understood(TOTAL, text, f"This is a total over {column.name}, not a fact to add up. Kept apart.", kind="totals")
    if column.name == "unit" and is_percent(text):
        return Understood(OK, "share", done="Read as share.")
    return Understood(OK, _tidy_name(text) if column.name == "measure" and not options.exact else text)


def _tidy_name(text: str) -> str:
    """``Count_ReferralsReceived`` as words; a name that has spaces stays as it is."""
    # ReQoL and mHoNOS are names; ReferralsReceived is two words.
    if " " in text or not ("_" in text or re.fullmatch(r"(?:[A-Z][a-z]{2,}){2,}", text)):
        return text
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text.replace("_", " ")).split()
    return " ".join([words[0], *(word if word.isupper() else word.lower() for word in words[1:])]) if words else text


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
