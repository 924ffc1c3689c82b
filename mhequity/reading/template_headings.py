"""A table under the template's own headings: nothing about it needs to be guessed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mhequity.reading import wording
from mhequity.reading.grids import Grid
from mhequity.reading.plans import ColumnPlan
from mhequity.reading.profiles import Profile
from mhequity.tables import CATALOGUE, TableKind


def exact_plans(grid: Grid, columns: Sequence[Profile]) -> tuple[TableKind, list[ColumnPlan]] | None:
    """The kind whose own column names the headings are, as in the template: by the sheet's name, or with all that it requires."""
    titles = [each.parts[0] if len(each.parts) == 1 else "" for each in columns]
    found = [(each, locate(titles, each)) for each in CATALOGUE]
    filled = sum(map(bool, titles))
    for table, names in found:
        if (
            wording.simple(grid.name) in (table.name.replace("_", ""), wording.simple(table.title))
            and 2 * len(names) >= filled
            and _says_enough(table, names)
        ):
            return table, _plans(columns, table, names)
    figures = {at for at, each in enumerate(columns) if each.numbers >= 0.5 and each.title}
    whole = [
        (table, names)
        for table, names in found
        # Other figures beside the table's own ask for more than its headings can say.
        if figures <= set(names)
        and not _names_places(columns, table, names)
        and set(table.required) <= set(names.values())
        and 2 * len(names) >= filled
        and _says_enough(table, names)
    ]
    if not whole:
        return None
    table, names = max(whole, key=lambda each: (len(each[1]), -len(each[0].columns)))
    return table, _plans(columns, table, names)


def _names_places(columns: Sequence[Profile], table: TableKind, names: Mapping[int, str]) -> bool:
    """True where the places of a table of words stand under a heading that is not the template's: that asks for more, too."""
    if set(table.required) & set(table.numbers) or "area" not in table.names or "area" in names.values():
        return False
    return any(each.boroughs for at, each in enumerate(columns) if at not in names)


def _says_enough(table: TableKind, names: Mapping[int, str]) -> bool:
    """True where a figure of the table is among the headings, or the table is one of words."""
    held = set(names.values())
    return bool(held & set(table.numbers)) or (
        not set(table.required) & set(table.numbers) and set(table.required) <= held and table.name != "indicators"
    )


def locate(titles: Sequence[str], table: TableKind) -> dict[int, str]:
    """Position of each heading that is a column's own name to that name; a name counts once."""
    known = {wording.simple(name): name for name in table.names}
    found: dict[int, str] = {}
    for at, title in enumerate(titles):
        name = known.get(wording.simple(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", title))) or known.get(wording.simple(title))
        if name and name not in found.values():
            found[at] = name
    return found


def _plans(columns: Sequence[Profile], table: TableKind, names: Mapping[int, str]) -> list[ColumnPlan]:
    plans = []
    for at, each in enumerate(columns):
        name = names.get(at, "")
        meaning = f"{table.name}.{name}" if name and table.column(name).is_number else name
        plans.append(ColumnPlan(each.column, each.title, meaning))
    return plans
