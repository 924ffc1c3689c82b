"""The rows under the headings that are meant as facts: without examples, headings said again, and rows of other things."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mhequity import areas
from mhequity.coded import spread
from mhequity.reading import cells, levels
from mhequity.reading.applied import Applied, LeftOut
from mhequity.reading.grids import BLANK, TEXT, Grid, Strip, column_number, strip_of
from mhequity.reading.plans import FIGURES, LEVEL, REMARK, TablePlan
from mhequity.reading.profiles import repeats_headings
from mhequity.tables import TableKind


def inside(plan: TablePlan, grid: Grid) -> TablePlan:
    """The plan without columns that the sheet does not have."""
    columns = tuple(each for each in plan.columns if 0 <= column_number(each.column) - grid.left < grid.width)
    return plan if len(columns) == len(plan.columns) else replace(plan, columns=columns)


def body_rows(grid: Grid, plan: TablePlan) -> np.ndarray:
    """The rows under the headings that hold anything in the plan's columns, without the headings said again."""
    first, last = max(0, plan.first_row - grid.top), min(grid.height - 1, plan.last_row - grid.top)
    rows = np.arange(first, last + 1)
    used = [column_number(each.column) - grid.left for each in plan.columns]
    blank = _all_blank([grid.strips[at] for at in used], grid.height)[first : last + 1]
    # A formula never worked out leaves its row looking blank, but the row is there.
    for row, column in grid.uncalculated:
        if first <= row - grid.top <= last and column - grid.left in used:
            blank[row - grid.top - first] = False
    header = [row - grid.top for row in plan.header_rows]
    idle = blank | repeats_headings(grid, header, used, range(first, last + 1))
    return rows[~idle] if idle.any() else rows


def _all_blank(strips: Sequence[Strip], count: int) -> np.ndarray:
    """True for each of so many rows that has no text in any of these columns."""
    if any(strip.full for strip in strips):
        return np.zeros(count, dtype=bool)
    return np.logical_and.reduce([strip.blank for strip in strips]) if strips else np.ones(count, dtype=bool)


def without_example(applied: Applied, strips: dict[str, Strip], table: TableKind) -> None:
    """Leave out rows that are the template's made-up example, cell for cell."""
    same = np.ones(len(applied.rows), dtype=bool)
    for each in applied.plan.columns:
        name = each.meaning.split(".")[-1]
        if name not in table.names:
            continue
        strip, example = strips[each.column], table.column(name).example
        if table.column(name).is_number:
            held = strip.numbers.value == example
        else:
            held = pc.equal(strip.values, str(example)).to_numpy(zero_copy_only=False)
        same &= held[strip.codes]
    applied.examples = applied.rows[same]
    if same.any():
        drop(applied, strips, ~same)


def keep_places(applied: Applied, strips: dict[str, Strip]) -> None:
    """Take out rows about organisations, where a column says what each row is about."""
    for each in applied.plan.columns:
        if each.meaning != LEVEL:
            continue
        strip = strips[each.column]
        texts, codes = held_texts(strip)
        if levels.say_kinds(texts):
            # Another column names the places; this one says which kind of group of their people a row is about.
            continue
        places = np.array([levels.is_place(text) for text in texts], dtype=bool)
        keep = places[codes] if len(texts) else np.ones(0, dtype=bool)
        for text in (text for text, place in zip(texts, places, strict=True) if not place):
            rows = applied.rows[codes == texts.index(text)]
            applied.left_out.append(LeftOut(f"{each.heading}: {text} is no kind of place.", rows, at=each.column, apart=True))
            applied.aside[text] = len(rows)
        if not keep.all():
            drop(applied, strips, keep)


def suppress(plan: TablePlan, strips: dict[str, Strip]) -> None:
    """Blank figures are suppressed where a remark beside them says so."""
    for each in (each for each in plan.columns if each.meaning == REMARK):
        spoken = pc.match_substring_regex(strips[each.column].values, r"(?i)suppress|disclos").to_numpy(zero_copy_only=False)
        where = spoken[strips[each.column].codes]
        for figures in (other for other in plan.columns if other.meaning in FIGURES and where.any()):
            strip = strips[figures.column]
            marked = pa.concat_arrays([strip.values, pa.array(["*"], strip.values.type)])
            strips[figures.column] = Strip(
                marked, np.where(where & strip.blank, np.int32(len(strip.values)), strip.codes), strip.decimal_comma
            )


def section_strip(applied: Applied, strips: Mapping[str, Strip]) -> Strip | None:
    """Headings inside the table: their rows are taken out, and the text counts for the rows under them."""
    plan = applied.plan
    if len(plan.columns) < 2:
        return None
    first = strips[plan.columns[0].column]
    alone = _all_blank([strips[each.column] for each in plan.columns[1:]], len(applied.rows))
    if not alone.any():
        return None
    alone = alone & (first.looks == TEXT)
    for row, column in applied.grid.uncalculated:
        alone &= ~((applied.row_numbers == row) & (column != 0))
    if not alone.any():
        return None
    if not plan.sections:
        place = plan.columns[0].meaning == "area"
        lines = np.array([alone[i] and not (place and _names_area(first[i])) for i in range(len(alone))]) if place else alone
        if lines.any() and any(each.meaning in FIGURES for each in plan.columns):
            applied.left_out.append(LeftOut("A line of words without figures.", applied.rows[lines], at=plan.columns[0].column, apart=True))
            drop(applied, strips, ~lines)
        return None
    totals = np.array([bool(cells.TOTALS.search(text)) for text in first.texts])[first.codes]
    heading = alone & ~totals
    applied.sections += list(dict.fromkeys(first[int(i)] for i in np.flatnonzero(heading)))
    last = np.maximum.accumulate(np.where(heading, np.arange(len(heading)), -1))
    values = [*first.texts, ""]
    codes = np.where(last >= 0, first.codes[np.maximum(last, 0)], len(values) - 1)
    drop(applied, strips, ~heading)
    return strip_of(pa.array(values).take(pa.array(codes[~heading]))) if len(values) else None


def _names_area(text: str) -> bool:
    found = areas.match(text)
    return bool(found.area or found.comparator or found.proposals or found.elsewhere)


def drop(applied: Applied, strips: Mapping[str, Strip], keep: np.ndarray) -> None:
    """Take these rows, and no others, of the body and of its columns."""
    applied.rows = applied.rows[keep]
    for letters in list(strips):
        strips[letters] = strips[letters].take(np.flatnonzero(keep))  # type: ignore[index]


def names_total(strip: Strip) -> np.ndarray:
    """True for each row whose text is a total or a wider place."""
    held = np.flatnonzero(strip.held)
    texts = strip.values.take(pa.array(held)).to_pylist()
    totals = np.zeros(len(strip.values), dtype=bool)
    totals[held] = [bool(text and (cells.TOTALS.search(text) or areas.match(text).comparator)) for text in texts]
    return spread(totals, strip.codes) if totals.any() else np.zeros(len(strip.codes), dtype=bool)


def filled_down(strip: Strip, totals: np.ndarray) -> Strip:
    """The strip with blank cells as the cell above, but for rows of totals: they speak of no single group."""
    blank = strip.looks == BLANK
    last = np.maximum.accumulate(np.where(~blank, np.arange(len(blank)), 0))
    return Strip(strip.values, np.where(totals & blank, strip.codes, strip.codes[last]).astype(np.int32))


def held_texts(strip: Strip) -> tuple[list[str], np.ndarray]:
    """The distinct texts that any row holds, and each row's position among them."""
    held = np.flatnonzero(strip.held)
    if len(held) == len(strip.values):
        return strip.texts, strip.codes
    if held.size and held[-1] - held[0] + 1 == len(held):
        # Mostly only the heading, the first of all, is not held.
        return strip.values.slice(int(held[0]), len(held)).to_pylist(), strip.codes - np.int32(held[0])
    again = np.zeros(len(strip.values), dtype=np.int32)
    again[held] = np.arange(len(held), dtype=np.int32)
    return [str(text) for text in strip.values.take(pa.array(held)).to_pylist()], again[strip.codes]
