"""A table of small areas as it came: a column of codes, columns of figures, and what sets several rows of one area apart.

Small areas are none of the catalogue's: a person says which columns are meant, and what is proposed comes from what the columns hold.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mhequity import periods
from mhequity.reading import layouts, numbers, personal, wording
from mhequity.reading.decimal_commas import as_written
from mhequity.reading.files import open_book
from mhequity.reading.findings import Finding
from mhequity.reading.grids import BLANK, Grid, Refused
from mhequity.reading.profiles import Profile, profiles

_log = logging.getLogger(__name__)
LIMIT_MB = 20
SUPPRESSED, MISSING, UNREADABLE = "suppressed", "missing", "not a number"
"""Why a cell holds no figure."""

_GSS = re.compile(r"[EWSNK]\d{8}", re.IGNORECASE)
_BASE = re.compile(r"\b(?:pop(?:ulation)?s?|residents?|list ?sizes?|denominators?|base|registered|mid-?\d{4})\b", re.IGNORECASE)
_NO_COUNT = re.compile(
    r"\b(?:scores?|ranks?|deciles?|quintiles?|rates?|ratios?|index|indices|percent(?:age)?s?|share|proportion|mean|median|average)\b|%",
    re.IGNORECASE,
)
_STATE = np.array(["" if state == numbers.NUMBER else {numbers.SUPPRESSED: SUPPRESSED, numbers.MISSING: MISSING}.get(state, UNREADABLE)
                   for state in numbers.STATES], dtype=object)  # fmt: skip
_MOST_CHOICES = 60
"""Distinct texts that a column may have to choose one of them."""


@dataclass(frozen=True, eq=False)
class AreaTable:
    """One table of a file. Its columns go by ``names``, which differ from each other."""

    file: str
    sheet: str
    columns: Mapping[str, Profile]
    titles: tuple[str, ...] = ()
    """What stands above it."""
    findings: tuple[Finding, ...] = field(default=())

    @property
    def rows(self) -> int:
        return max((len(each.strip.codes) for each in self.columns.values()), default=0)

    def texts(self, name: str) -> pd.Series:
        """A column as it is written, one text a row; empty where a cell is blank."""
        strip = self.columns[name].strip
        return pd.Series(np.array(strip.texts, dtype=object)[strip.codes], dtype="str")

    def figures(self, name: str) -> pd.DataFrame:
        """A column as numbers: ``value``, missing where there is none, and ``state``, which then says why. Percentages are per 100."""
        strip = self.columns[name].strip
        read = strip.numbers
        # Rounded because 0.07 x 100 is 7.000000000000001.
        value = (read.value * 100).round(10) if self.is_percent(name) else read.value
        value, state = value[strip.codes], _STATE[read.state[strip.codes]]
        return pd.DataFrame({"value": value, "state": pd.Series(state, dtype="str")})

    def is_percent(self, name: str) -> bool:
        """True where figures are written with a per cent sign."""
        read = self.columns[name].strip.numbers
        return bool((read.form == numbers.FORMS.index(numbers.PERCENT)).any())


def read_area_tables(data: bytes, name: str) -> tuple[AreaTable, ...]:
    """The tables of a workbook, a text file or a zip file of them, those with the most codes of areas first.

    Parameters
    ----------
    data
        The file, at most 20 MB.
    name
        What to call it.

    Raises
    ------
    Refused
        Where nothing can be read, where there is no table, or where the file holds details of people: then nothing of it is kept.
        Nothing else is raised, whatever the file holds.
    """
    book = open_book(data, name, LIMIT_MB)
    if not book.grids:
        told = book.findings[0] if book.findings else Finding("", name, seen="The file holds no table.")
        raise Refused(told.seen, told.advice)
    try:
        found = [table for grid in book.grids for table in _tables(grid, name, book.findings)]
        stopped = [f"{each} ({what})" for table in found for each, what in _personal(table)]
    except Exception:
        _log.exception("Reading %s failed", name)
        raise Refused("The file could not be read.", "Save it as a new .xlsx or .csv file and upload that.") from None
    if stopped:
        listed = ", ".join(stopped[:5]) + (f" and {len(stopped) - 5} more" if len(stopped) > 5 else "")
        raise Refused(f"The file was stopped and nothing of it was kept, because it holds details of people: {listed}.",
                      "Delete these columns, and upload it again.")  # fmt: skip
    if not found:
        raise Refused("No table was found in the file.", "It needs a row of headings, a column of area codes and a column of figures.")
    return tuple(sorted(found, key=lambda table: -_codes(table)))


def _tables(grid: Grid, file: str, findings: Sequence[Finding]) -> list[AreaTable]:
    """The tables of a sheet that have at least one column of figures beside another column."""
    out = []
    for block in layouts.find(grid)[0]:
        held = as_written(profiles(grid, block), grid.separator)
        columns = {name: each for name, each in zip(_names(held), held, strict=True) if each.filled}
        if len(columns) > 1 and any(each.numbers for each in columns.values()):
            out.append(AreaTable(file, f"{grid.file}/{grid.name}" if grid.file else grid.name, columns, block.above, tuple(findings)))
    return out


def _names(columns: Sequence[Profile]) -> list[str]:
    """Each column's heading, with its letters where it has none or another has the same."""
    titles = [" ".join(each.title.split())[:100] for each in columns]
    return [
        title if title and titles.count(title) == 1 else f"{title} (column {each.column})".strip()
        for title, each in zip(titles, columns, strict=True)
    ]


def _personal(table: AreaTable) -> list[tuple[str, str]]:
    names = list(table.columns)
    return [(names[each.at], each.what) for each in personal.scan(names, [each.strip for each in table.columns.values()])]


def _codes(table: AreaTable) -> int:
    """How many areas' codes the column with the most of them has."""
    return max(round(_share(each) * each.distinct) for each in table.columns.values())


def _share(column: Profile) -> float:
    return column.share(_GSS.fullmatch)


# What is proposed ------------------------------------------------------------------------------------------------------------


def code_column(table: AreaTable, known: Collection[str] = ()) -> str:
    """The column that most likely holds the areas' codes.

    Parameters
    ----------
    known
        The codes of a map: the column that has the most of them is the one. Without any of them, the column that looks like
        government (GSS) codes, of two such the one with more distinct codes; without such, the first column that is no figure.
    """
    wanted = {code.casefold() for code in known}
    on_map = {name: sum(text.casefold() in wanted for text in set(each.strip.texts)) for name, each in table.columns.items()}
    best = max(on_map, key=lambda name: on_map[name])
    if on_map[best]:
        return best
    official = [name for name, each in table.columns.items() if _share(each) >= 0.5]
    if official:
        return max(official, key=lambda name: table.columns[name].distinct)
    return next((name for name, each in table.columns.items() if each.numbers < 0.5), next(iter(table.columns)))


def figure_columns(table: AreaTable) -> list[str]:
    """The columns that hold figures, in the table's order; those that look like years are none."""
    return [name for name, each in table.columns.items() if each.numbers > 0.5 and each.periods < 0.9]


def base_column(table: AreaTable, figure: str) -> str:
    """The column that most likely holds the people whom a count is out of; empty where none does.

    One that is headed like a population, and no smaller than the count in nearly every row.
    """
    count = table.figures(figure)["value"]
    for name in figure_columns(table):
        if name == figure or not _BASE.search(name.replace("_", " ")):
            continue
        base = table.figures(name)["value"]
        both = count.notna() & base.notna()
        if both.any() and (base[both] >= count[both]).mean() > 0.95:
            return name
    return ""


def looks_counted(table: AreaTable, name: str) -> bool:
    """True where a column's figures may be counts: whole numbers from 0 up, under a heading that speaks of no score or rate."""
    value = table.figures(name)["value"].dropna()
    heading = table.columns[name].heading
    said = (
        bool(_NO_COUNT.search(name.replace("_", " ")))
        or heading.unit in ("share", "score", "rank", "GBP")
        or heading.unit.startswith("per ")
    )
    return not said and not table.is_percent(name) and bool(len(value)) and bool(((value >= 0) & (value == np.floor(value))).all())


def period_of(table: AreaTable, figure: str) -> str:
    """When a column's figures are of, as its heading or the table's titles say; empty where they do not."""
    own = table.columns[figure].heading.labels.get("period", "")
    return own or next((label for title in table.titles if (label := wording.understand([title]).labels.get("period", ""))), "")


def narrowing(table: AreaTable, code: str, chosen: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """What else to choose so that each area has one row, where some have several.

    Parameters
    ----------
    code
        The column of codes.
    chosen
        Columns that were narrowed to one text already.

    Returns
    -------
    column, choices
        The column that parts the most rows of the same area, and its texts: periods with the latest first, others as they come.
        Empty where every area has one row, or no column parts them.
    """
    rows = kept_rows(table, chosen)
    codes = table.texts(code)[rows].str.casefold()
    left = int(codes.duplicated().sum())
    best, choices = "", tuple[str, ...]()
    figures = set(figure_columns(table))
    for name, column in table.columns.items():
        if name == code or name in chosen or name in figures or not 1 < column.distinct <= _MOST_CHOICES or column.strip.number_of(BLANK):
            continue
        texts = table.texts(name)[rows]
        repeats = int(pd.DataFrame({"code": codes, "text": texts}).duplicated().sum())
        if repeats < left:
            found = tuple(texts.unique())
            best, left, choices = name, repeats, tuple(reversed(periods.sort(found))) if column.periods > 0.9 else found
    return best, choices


def kept_rows(table: AreaTable, chosen: Mapping[str, str]) -> pd.Series:
    """True for each row that holds the chosen text in every column that was narrowed."""
    rows = pd.Series(True, index=range(table.rows))
    for name, text in chosen.items():
        rows &= table.texts(name) == text
    return rows
