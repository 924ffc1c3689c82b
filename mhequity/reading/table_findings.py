"""What is said about a whole table: what it lacks, what its titles say of every row, and what nothing says."""

from __future__ import annotations

from collections.abc import Iterator

from mhequity import areas
from mhequity.reading.applied import NOT_STATED, Applied, required_but_absent
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding, count_rows
from mhequity.reading.grids import address
from mhequity.reading.teller import Teller
from mhequity.tables import kind

_SAY_OTHERWISE = "Change it here if that is wrong."


def is_unusable(applied: Applied) -> bool:
    """True where every table of the catalogue that it could be lacks something that it cannot do without."""
    return len(required_but_absent(applied)) == len({slot.table.name for slot in applied.slots})


def absent(teller: Teller) -> list[Finding]:
    """What a table cannot do without, and nothing in the sheet says."""
    found: list[Finding] = []
    columns = teller.plan.columns
    cell, seen = teller.heading_cell(columns[0]) if columns else "", ", ".join(each.heading for each in columns if each.heading)[:300]
    for name, names in required_but_absent(teller.applied).items():
        if names == ["area"]:
            done = "No column names a borough or NHS system, and no title does. The table was left out."
            advice = "Say which column holds the areas, or which area the whole table is about."
        else:
            done = f"This is closest to the table {kind(name).title}, but it lacks: {', '.join(names)}. The table was left out."
            advice = "Say which column holds each of these, or add them (the template has them) and upload again."
        finding = teller.finding("tables", BLOCKED, cell, seen, done, advice)
        found += [finding] if finding not in found else []
    return found


def uncalculated(teller: Teller) -> list[Finding]:
    """One finding for all formulas of the table that were never worked out; their rows are left out."""
    applied, plan = teller.applied, teller.plan
    inside = [(r, c) for r, c in applied.grid.uncalculated if plan.first_row <= r <= plan.last_row]
    if not inside:
        return []
    rows = sum(len(each.rows) for each in applied.left_out if each.reason.startswith("A formula"))
    seen = f"{len(inside):,} formulas without a stored value"
    done = f"{count_rows(rows)} left out." if rows else "None of them is in a column that is used."
    return [teller.finding("formulas", BLOCKED, address(*min(inside)), seen, done, "Open it in Excel, save, upload again.")]


def surroundings(teller: Teller) -> list[Finding]:
    """What was taken from titles and headings inside the table, and what nothing says."""
    return [*_set_aside(teller), *_said_of_every_row(teller), *_said_inside(teller), *_not_stated(teller)]


def _set_aside(teller: Teller) -> Iterator[Finding]:
    """The template's example, and rows about other things than places."""
    applied = teller.applied
    if len(applied.examples):
        cell = f"{teller.plan.columns[0].column}{int(applied.examples[0]) + applied.grid.top}"
        done, advice = "The template's made-up example was left out.", "Nothing: type your own rows under the headings."
        yield teller.finding("example", NOTE, cell, count_rows(len(applied.examples)), done, advice)
    if applied.aside:
        names = ", ".join(applied.aside)[:200]
        done = f"Rows about organisations or other breakdowns, not places: {count_rows(sum(applied.aside.values()))} left out."
        yield teller.finding("organisations", NOTE, "", names, done)


def _said_of_every_row(teller: Teller) -> Iterator[Finding]:
    plan = teller.plan
    source = (plan.title or plan.sheet)[:100]
    for name, value in plan.labels.items():
        told = areas.name_of(value) if name == "area" else value
        done = f"The {name.replace('_', ' ')} of every row is {told}: the title or name says so."
        if name in teller.applied.labels:
            done = f"Months and quarters without a year were read as those of {told}: the title or name says so."
        yield teller.finding("every row", NOTE, "", source, done, _SAY_OTHERWISE)


def _said_inside(teller: Teller) -> Iterator[Finding]:
    """Headings that stand among the rows, and names that are written once for several."""
    plan, sections = teller.plan, teller.applied.sections
    if sections and plan.sections:
        done = f"Headings inside the table were read as the {plan.sections} of the rows under them."
        yield teller.finding("every row", NOTE, "", ", ".join(sections)[:200], done, "Change what they mean here if that is wrong.")
    for letters in plan.fill_down:
        column = plan.column(letters)
        done = "Blank cells under a name were read as that name."
        yield teller.finding("every row", FIXED, teller.heading_cell(column), column.heading, done)


def _not_stated(teller: Teller) -> Iterator[Finding]:
    given = {*teller.applied.labels, *teller.plan.labels}
    for name, default in NOT_STATED.items():
        if any(name in slot.table.required and name not in {*given, *slot.labels} and not slot.comparator for slot in teller.applied.slots):
            done = f"Nothing says which {name} the figures are of: kept as “{default}”."
            yield teller.finding("not stated", NOTE, "", f"No {name}", done, f"Say here which {name} the table is about.")
