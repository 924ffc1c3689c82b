"""Layouts that are known: recipes that a person saved, and those of well-known publications that come with the app."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from mhequity.paths import DATA
from mhequity.reading import wording
from mhequity.reading.decimal_commas import could_be
from mhequity.reading.findings import NOTE, Finding
from mhequity.reading.grids import Grid, column_number
from mhequity.reading.plans import ColumnPlan, Plan, TablePlan, from_json

ENOUGH = 0.6
"""Share of a recipe's headings that a table must have to be of its layout."""


@lru_cache
def well_known() -> tuple[Plan, ...]:
    """Recipes of national publications, from ``data/layouts``."""
    return tuple(from_json(path.read_bytes()) for path in sorted((DATA / "layouts").glob("*.json")))


def recognise(plan: TablePlan, grid: Grid, known: Sequence[Plan]) -> tuple[TablePlan, Finding | None]:
    """The plan by the recipe whose headings are the table's, and what was recognised; else the plan as it is."""
    if plan.exact and not known:
        return plan, None
    options = [
        (*_likeness(plan, table), -at, recipe, table) for at, recipe in enumerate((*known, *well_known())) for table in recipe.tables
    ]
    best = max(options, key=lambda each: (each[0], each[4].sheet == plan.sheet, each[1], each[2]), default=None)
    if best is None or best[0] < ENOUGH:
        return plan, None
    *_, recipe, table = best
    columns = tuple(_by_recipe(each, table, grid) for each in plan.columns)
    news = [each.heading for each in plan.columns if each.heading and _find(each, table) is None]
    count = len(plan.columns) - len(news)
    name = recipe.name or "a saved recipe"
    done = (
        f"Recognised: {name}, {count} column{'s' if count != 1 else ''}"
        + (f"; {len(news)} new column{'s' if len(news) != 1 else ''}" if news else "")
        + "."
    )
    advice = "Check what the new columns mean." if news else ""
    said = {each.meaning for each in columns}
    labels = {
        key: value
        for key, value in {**table.labels, **plan.labels}.items()
        if (key not in said and (key in table.labels or key == "period"))
        or (key == "period" and key in table.labels and key in plan.labels)
    }
    found = replace(
        plan, kind=table.kind, columns=columns, labels=labels, areas={**plan.areas, **table.areas}, fill_down=tuple(
            new.column for new in columns if (old := _find(new, table)) is not None and old.column in table.fill_down
        ), sections=table.sections, outline=table.outline, layout=name, used=table.used, systems_are_totals=table.systems_are_totals,
        sums_are_totals=table.sums_are_totals, repeats_add_up=table.repeats_add_up, exact=table.exact,
    )  # fmt: skip
    cell = f"{plan.columns[0].column}{plan.header_rows[0]}" if plan.columns and plan.header_rows else ""
    return found, Finding(NOTE, "", grid.name, cell, ", ".join(news)[:300], done, advice, "layout")


def name_of(known: Sequence[Plan], tables: Sequence[TablePlan]) -> str:
    """The name of the recipe that the tables were recognised by."""
    used = {table.layout for table in tables if table.layout}
    return next((recipe.name for recipe in (*known, *well_known()) if recipe.name in used), "")


@lru_cache(maxsize=5_000)
def _key(heading: str) -> str:
    """A heading without its period: next month's column is of the same layout."""
    found = wording.understand(heading.split(" / "))
    if "period" not in found.labels:
        return wording.simple(heading)
    return wording.simple(found.text) or "any period"


def _likeness(plan: TablePlan, recipe: TablePlan) -> tuple[float, int]:
    """Shared headings as a share of the recipe's, and how many they are: of two recipes that fit, the one that says more wins."""
    mine, theirs = (
        {_key(each.heading) for each in plan.columns if each.heading},
        {_key(each.heading) for each in recipe.columns if each.heading},
    )
    shared = len(mine & theirs)
    return (shared / len(theirs) if theirs and shared > 1 else 0.0), shared


def _find(column: ColumnPlan, table: TablePlan) -> ColumnPlan | None:
    same = next((each for each in table.columns if wording.simple(each.heading) == wording.simple(column.heading)), None)
    return same or next((each for each in table.columns if each.heading and _key(each.heading) == _key(column.heading)), None)


def _by_recipe(column: ColumnPlan, table: TablePlan, grid: Grid) -> ColumnPlan:
    """A column with the meaning that the recipe gives it, keeping the period that its own heading states."""
    old = _find(column, table)
    if old is None:
        return column
    labels = {**old.labels, **({"period": column.labels["period"]} if "period" in column.labels else {})}
    # A workbook's own numbers have no commas: only texts can be written in the way that the recipe says.
    comma = column.decimal_comma or (old.decimal_comma and could_be(grid.strips[column_number(column.column) - grid.left], grid.separator))
    return replace(
        old,
        column=column.column,
        heading=column.heading,
        labels=labels,
        day_first=old.day_first and column.day_first,
        decimal_comma=comma,
    )
