"""What one cell of a known column means. Called once for each distinct cell, however many rows hold it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from mhequity import areas, periods
from mhequity.reading import numbers
from mhequity.reading.grids import ErrorCell, as_text, is_blank
from mhequity.tables import Column

OK, MISSING, SUPPRESSED, COMPARATOR, BLOCKED = "ok", "missing", "suppressed", "comparator", "blocked"

_SMALL_AREA = re.compile(r"E0[12]\d{6}")


@dataclass(frozen=True)
class Understood:
    """The meaning of a cell.

    ``state`` is ``ok``, ``missing``, ``suppressed``, ``comparator`` (a total or a wider place: the row is kept apart)
    or ``blocked`` (the row cannot be used). ``done`` is set where an ``ok`` cell was read as something other than written,
    or says why a row is left out; ``advice`` says what to do about it.
    """

    state: str
    value: float | str = ""
    done: str = ""
    advice: str = ""
    form: str = ""
    """For numbers: how it was written."""


def understand(cell: object, column: Column) -> Understood:
    """The meaning of a cell in a column of the catalogue."""
    if column.is_number:
        return _number(cell, column)
    if isinstance(cell, ErrorCell):
        if not numbers.is_missing_mark(cell):
            return Understood(BLOCKED, done=f"{cell} is an error of Excel's.", advice="Put the formula right, save and upload again.")
        cell = None
    if is_blank(cell) or (column.kind != "text" and _is_mark(cell, column)):
        return _no_text(column)
    return {"area": _area, "period": _period, "choice": _choice, "text": _text}[column.kind](cell, column)


def _is_mark(cell: object, column: Column) -> bool:
    return isinstance(cell, str) and numbers.is_missing_mark(cell) and cell.strip() not in column.allowed


def _no_text(column: Column) -> Understood:
    if column.required:
        return Understood(BLOCKED, done=f"{column.name} is empty.", advice=f"Fill it in: {column.help}")
    return Understood(MISSING)


def _number(cell: object, column: Column) -> Understood:
    number = numbers.parse(cell)
    if number.state == numbers.MISSING:
        return Understood(MISSING, numbers.NAN)
    if number.state == numbers.SUPPRESSED:
        return Understood(SUPPRESSED, numbers.NAN)
    if number.state == numbers.UNREADABLE:
        return Understood(BLOCKED, done="This is not a number.", advice=_advice_for_number(cell))
    value = number.value
    if number.form == numbers.PERCENT and column.unit == "%":
        # The column is already in percent, so that the sign only repeats the unit. Text again, to keep 12.5 exact.
        value = numbers.parse(str(cell).replace("%", "")).value
    elif number.form == numbers.PERCENT and column.kind not in ("number", "share"):
        return Understood(BLOCKED, done=f"{column.name} is not a share.", advice="Write the figure itself, without %.")
    if column.kind in ("count", "share") and value < 0:
        return Understood(BLOCKED, done=f"{column.name} cannot be below zero.", advice="Correct the figure, or empty the cell.")
    if column.kind == "share" and value > 1:
        return Understood(BLOCKED, done=f"{column.name} is a share, from 0 to 1.", advice="Write 12.5% as 0.125, or with its % sign.")
    return Understood(OK, value, form=number.form)


def _advice_for_number(cell: object) -> str:
    if isinstance(cell, date):
        return "A date stands where a number belongs. Format the cell as a number, type it again and upload."
    if isinstance(cell, ErrorCell) or (isinstance(cell, str) and cell.strip().startswith("#")):
        return "Put the formula that gives this error right, save and upload again."
    return "Write digits only, such as 1234.5. Leave the cell empty for missing; write * for suppressed."


def _area(cell: object, _: Column) -> Understood:
    text = as_text(cell)
    if _SMALL_AREA.fullmatch(text.upper()):
        return Understood(OK, text.upper())
    found = areas.match(text)
    if found.area:
        fixed = f"Read as {found.area.name}." if found.how in ("spelling", "alias") else ""
        return Understood(OK, found.area.code, done=fixed)
    if found.comparator:
        return Understood(COMPARATOR, done=f"{found.comparator} is a total or a wider place, not an area to add up. Left out.")
    if found.provider:
        done = "This names an organisation, not an area."
        return Understood(BLOCKED, done=done, advice="Write the borough or ICB here, and the organisation under provider.")
    names = " or ".join(area.name for area in found.proposals)
    meant = f"Did you mean {names}? " if names else ""
    return Understood(
        BLOCKED, done="No London borough or ICB is known by this.", advice=f"{meant}Write its name or code, and upload again."
    )


def _period(cell: object, _: Column) -> Understood:
    found = periods.parse(cell) if isinstance(cell, (str, float, int, date)) and not isinstance(cell, bool) else None
    if found is None:
        advice = "Write a financial year (2024/25), a quarter (2024/25 Q1), a month (Apr 2024) or a day (14 Jan 2025)."
        return Understood(BLOCKED, done="This cannot be read as one period.", advice=advice)
    written = isinstance(cell, date) or as_text(cell) != found.label
    return Understood(OK, found.label, done=f"Read as {found.label}." if written else "")


def _simple(text: str) -> str:
    return re.sub(r"[\s_-]+", "", text.casefold())


def _choice(cell: object, column: Column) -> Understood:
    text = as_text(cell)
    if isinstance(cell, bool) and column.allowed == ("yes", "no"):
        text = "yes" if cell else "no"
    for allowed in column.allowed:
        if _simple(text) == _simple(allowed):
            return Understood(OK, allowed)
    done = f"{column.name} does not know this value."
    return Understood(BLOCKED, done=done, advice=f"Write one of: {', '.join(column.allowed)}.")


def _text(cell: object, column: Column) -> Understood:
    # Excel turns an age band such as 10-14 into a date. What was typed is lost, so a fact filed under it would be wrong.
    if isinstance(cell, date) and column.key:
        advice = "Excel may have changed what was typed, such as 10-14. Format the cell as text, type it again and upload."
        return Understood(BLOCKED, done=f"A date stands where {column.name} belongs.", advice=advice)
    return Understood(OK, as_text(cell))
