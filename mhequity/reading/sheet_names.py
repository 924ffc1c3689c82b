"""What the names of a file's sheets say: the period of their figures, and what tells sheets with the same columns apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from mhequity import periods
from mhequity.reading import wording
from mhequity.reading.findings import NOTE, Finding, file_name
from mhequity.reading.grids import Grid, column_number
from mhequity.reading.plans import FIGURES, UNUSED, ColumnPlan, TablePlan
from mhequity.reading.titles import INDICATOR, never_plain
from mhequity.tables import kind

_PAIR = re.compile(r"(\d\d)(\d\d)")
_REMARK = re.compile(r"\s*[(\[][^)\]]*[)\]]\s*$|[\s_-]+(?:draft|final|v\d+|data)$", re.IGNORECASE)
_PLAIN = re.compile(r"(?:sheet|table|data|tab|copy of .*)?\s*\d*", re.IGNORECASE)
_LEADS = re.compile(r"^\s*(?:table|title|sheet|indicator|measure|annex)\s*\d*\w?\s*[:.]\s*", re.IGNORECASE)
_SERVICE = re.compile(
    r"\b(?:teams?|services?|pathways?|wards?|clinics?|cmhts?|camhs|cyp(?:mh)?|crisis|hbt|htt|crht|home treatment|liaison|perinatal|eip|early intervention"
    r"|talking therapies|iapt|nhstt|memory|older (?:adults?|people)|adults?|inpatients?|acute|rehab\w*|forensic|eating disorders?|autism|adhd|psycholog\w+"
    r"|community|primary care|arms|amhps?|spa|single point of access|core|hub|recovery|assertive outreach|learning disabilit\w+)\b",
    re.IGNORECASE,
)
_ACTUAL = re.compile(r"actuals?|outturn", re.IGNORECASE)
_WHOSE = ("period", "area", "provider", "service", "team", "measure")
"""Labels that tell the facts of two sheets apart."""


def _bare(name: str) -> str:
    return _REMARK.sub("", name.strip()).strip()


def period_of(name: str, beside: Sequence[str] = ()) -> str:
    """The period that a sheet's whole name is; empty where it is none.

    Four digits are a financial year beside other sheets so named: ``2122`` and ``2223``, but not the years ``2021`` and ``2022``.

    Examples
    --------
    >>> period_of("2022_23"), period_of("Apr-24"), period_of("2223", ["2122", "2223", "Notes"]), period_of("2223", ["2223", "2215"])
    ('2022/23', 'Apr 2024', '2022/23', '')
    """
    bare = _bare(name)
    if _PAIR.fullmatch(bare):
        named = [_bare(each) for each in (*beside, name) if _PAIR.fullmatch(_bare(each))]
        if all(map(_follows, named)) and not all(each.startswith("20") for each in named):
            return periods.financial_year(2000 + int(bare[:2])).label
        return bare if "1990" <= bare <= "2040" else ""
    found = periods.parse(bare) if re.search(r"\d", bare) and not bare.isdecimal() else None
    return found.label if found and found.start else ""


def _follows(pair: str) -> bool:
    return int(pair[2:]) == int(pair[:2]) + 1 and int(pair[:2]) < 40


def is_part_of_year(name: str) -> bool:
    """True for ``Q1``, ``M4`` and ``June``, which a title's year completes."""
    return periods.in_year(_bare(name), periods.financial_year(2024)) is not None


def within(name: str, label: str) -> str:
    """The month or quarter of a title's year that a sheet's name is: ``M1`` in ``2024/25`` is ``Apr 2024``; empty where it is none."""
    year = periods.parse(label)
    if year is None or year.kind not in ("year", "calendar year") or year.start is None or year.end is None:
        return ""
    part = periods.in_year(_bare(name), year) or periods.parse(period_of(name))
    if part is None or part.start is None or part.end is None or part.days >= year.days:
        return ""
    return part.label if year.start <= part.start and part.end <= year.end else ""


def told_apart(
    tables: Sequence[TablePlan], grid_of: Callable[[TablePlan], Grid | None], file: str
) -> tuple[list[TablePlan], list[Finding]]:
    """Tables of several sheets that have the same columns and rows, with what the sheets' names or titles say of each.

    Without it the second sheet would state the first one's facts again. A name that is a service's is the service of its rows;
    any other stands before the measures.
    """
    found, told = list(tables), []
    for group in _clashing(tables, grid_of):
        names = _names([tables[at] for at in group])
        if names is None:
            continue
        as_service = all(_takes_service(tables[at]) for at in group) and 2 * sum(bool(_SERVICE.search(name)) for name in names) >= len(
            names
        )
        for at, name in zip(group, names, strict=True):
            found[at] = _with_service(tables[at], name) if as_service else _before_measures(tables[at], name)
            if found[at] != tables[at] and not as_service:
                done = (
                    "Other sheets have the same columns: this was put before the measures of this one, so that each keeps its own figures."
                )
                told.append(Finding(NOTE, file_name(file, found[at].file), found[at].sheet, "", name, done, kind="every row"))
    return found, told


def _clashing(tables: Sequence[TablePlan], grid_of: Callable[[TablePlan], Grid | None]) -> list[list[int]]:
    """Positions of tables that would state each other's facts, group by group; each group stands on several sheets."""
    groups: list[list[int]] = []
    for at, table in enumerate(tables):
        if table.exact or grid_of(table) is None:
            continue
        own = next((group for group in groups if _clash(tables[group[0]], table, grid_of)), None)
        if own is None:
            groups.append([at])
        else:
            own.append(at)
    return [group for group in groups if len({tables[at].sheet for at in group}) > 1]


def _clash(one: TablePlan, other: TablePlan, grid_of: Callable[[TablePlan], Grid | None]) -> bool:
    """True where two tables have figures of the same names about mostly the same rows, and not the same figures."""
    first, second = grid_of(one), grid_of(other)
    whole = [tuple(table.labels.get(name, "") for name in _WHOSE) for table in (one, other)]
    if one.sheet == other.sheet or (one.file, one.kind) != (other.file, other.kind) or whole[0] != whole[1] or not first or not second:
        return False
    mine, theirs = _figures(one), _figures(other)
    shared = [slot for slot in mine if slot in theirs]
    if not shared:
        return False
    here, there = set(_rows(one, first, _labels(one))), set(_rows(other, second, _labels(other)))
    if 2 * len(here & there) < min(len(here), len(there)):
        return False
    return _rows(one, first, [mine[slot] for slot in shared]) != _rows(other, second, [theirs[slot] for slot in shared])


def _figures(table: TablePlan) -> dict[tuple[object, ...], str]:
    """What each column of figures states, to the column's letters."""
    return {
        (each.meaning, *(each.labels.get(name, "") for name in _WHOSE)): each.column for each in table.columns if each.meaning in FIGURES
    }


def _labels(table: TablePlan) -> list[str]:
    return [each.column for each in table.columns if each.meaning not in (*FIGURES, UNUSED)]


def _rows(table: TablePlan, grid: Grid, letters: Sequence[str]) -> list[tuple[str, ...]]:
    """The texts of some columns, row by row."""
    columns = [column_number(each) - grid.left for each in letters]
    last = min(table.last_row, table.first_row + 2_000)
    return [tuple(grid.text(row - grid.top, at) for at in columns) for row in range(table.first_row, last + 1)]


def _names(tables: Sequence[TablePlan]) -> list[str] | None:
    """What each table is called: the line of its title that the others do not have, or else its sheet's name.

    None where names say groups of people, places or periods, which tell facts apart by themselves, or where two say nothing.
    """
    lines = [[line for line in table.title.split(" · ") if line] for table in tables]
    own = [[line for line in each if sum(line in other for other in lines) == 1] for each in lines]
    titled = [_title(each[0]) if len(each) == 1 else "" for each in own]
    names = (
        titled if all(titled) and len(set(titled)) == len(titled) else [_title(table.sheet.replace("_", " ").strip()) for table in tables]
    )
    sheets = ["" if _PLAIN.fullmatch(table.sheet) else name for table, name in zip(tables, names, strict=True)]
    names = names if names is titled else sheets
    unnamed = sum(not name for name in names)
    return names if unnamed <= (names is sheets and any(_PLAIN.fullmatch(table.sheet) for table in tables)) else None


def _title(line: str) -> str:
    """A title or a sheet's name without what it says of periods, places and groups; empty where it says nothing else."""
    bare = _LEADS.sub("", line)
    found = wording.context([bare])
    return found.text or ("" if found.labels else bare)


def _takes_service(table: TablePlan) -> bool:
    said = {each.meaning for each in table.columns} | {name for each in table.columns for name in each.labels} | set(table.labels)
    return "service" in kind(table.kind).names and not {"service", "team"} & said


def _with_service(table: TablePlan, name: str) -> TablePlan:
    return replace(table, labels={**table.labels, "service": name}) if name else table


def _before_measures(table: TablePlan, name: str) -> TablePlan:
    """The table with a name before its measures; under ``Plan`` or ``Variance`` its figures are no counts, under ``Actual`` nothing else."""
    if not name or _ACTUAL.fullmatch(name) or any(each.meaning == "measure" for each in table.columns):
        return table
    columns = tuple(_named(each, name) for each in table.columns)
    counts = any(each.meaning in FIGURES and each.meaning.split(".")[0] == table.kind for each in columns)
    return replace(table, columns=columns, kind=table.kind if counts else "indicators")


def _named(each: ColumnPlan, name: str) -> ColumnPlan:
    if each.meaning not in FIGURES:
        return each
    measure = _measure(each) or (each.heading if never_plain(name) else "")
    unit = each.unit or ("GBP" if each.meaning.endswith("_gbp") else "")
    labels = {**each.labels, "measure": f"{name}: {_lower(measure)}"} if measure else each.labels
    if never_plain(name) and not each.meaning.startswith("indicators."):
        return replace(each, meaning=INDICATOR, labels=labels, unit=unit)
    return replace(each, labels=labels)


def _measure(each: ColumnPlan) -> str:
    """What a column of figures measures; of the parts of an indicator, what both stand under."""
    named = each.labels.get("measure", "")
    return (named or (each.labels.get("service", "") if each.meaning.startswith("indicators.") else "")) if each.meaning in FIGURES else ""


def _lower(measure: str) -> str:
    return measure[:1].lower() + measure[1:] if measure[1:2].islower() else measure
