"""The cells of a sheet, before anyone asks what they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from mhequity import periods


class Refused(Exception):
    """The whole file cannot be read: what was seen, and what to do. It never leaves this package."""

    def __init__(self, seen: str, advice: str) -> None:
        super().__init__(seen)
        self.seen = seen
        self.advice = advice


class ErrorCell(str):
    """An error that Excel stored in a cell, such as ``#REF!``: not the same as that text typed by a person."""

    __slots__ = ()


@dataclass(frozen=True)
class Grid:
    """One sheet's cells. ``rows[0][0]`` is the cell at (``top``, ``left``), both counted from 1 as a spreadsheet does."""

    name: str
    rows: list[list[object]]
    top: int = 1
    left: int = 1
    uncalculated: tuple[tuple[int, int], ...] = ()
    """Row and column of formulas that no program has worked out yet, so that there is no value to read."""
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)


def letters(column: int) -> str:
    """1 to A, 27 to AA."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def column_number(name: str) -> int:
    """A to 1, AA to 27."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def address(row: int, column: int) -> str:
    """``address(7, 2) == 'B7'``."""
    return f"{letters(column)}{row}"


def as_text(cell: object) -> str:
    """What a person sees in the cell: whole numbers without ``.0``, days as 1 Apr 2024."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        clock = cell.strftime(" %H:%M") if (cell.hour or cell.minute) else ""
        return periods.day(cell.date()).label + clock
    if isinstance(cell, date):
        return periods.day(cell).label
    return str(cell).strip()


def is_blank(cell: object) -> bool:
    """True for no cell, an empty one, and one that holds spaces only."""
    return cell is None or (isinstance(cell, str) and not cell.strip())
