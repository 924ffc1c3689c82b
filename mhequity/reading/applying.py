"""A plan applied to a sheet: tidy rows, totals kept apart, what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from mhequity import tables
from mhequity.coded import spread
from mhequity.reading import cells, wording
from mhequity.reading.applied import (
    HIDDEN,
    MOST_FACTS,
    NOT_STATED,
    ROW,
    UNREADABLE,
    Applied,
    Figures,
    Labelled,
    LeftOut,
    Slot,
    lacking,
    total_over,
)
from mhequity.reading.bodies import body_rows, filled_down, inside, keep_places, names_total, section_strip, suppress, without_example
from mhequity.reading.cells import COMPARATOR, ELSEWHERE, OK, TOTAL
from mhequity.reading.figure_columns import slots_of, why_blocked
from mhequity.reading.grids import Grid, Strip, address, column_number
from mhequity.reading.label_columns import labels_of
from mhequity.reading.own_names import homeless_labels, joined
from mhequity.reading.parts import keep_parts_apart
from mhequity.reading.pivots import parent_strip
from mhequity.reading.plans import FIGURES, LABELS, ColumnPlan, TablePlan
from mhequity.reading.sex_codes import settle_zero
from mhequity.reading.subtotals import keep_sums_apart
from mhequity.reading.targets import keep_actuals
from mhequity.reading.unit_columns import keep_as_shares
from mhequity.reading.word_tables import keep_without_area
from mhequity.tables import Column, kind


def apply(grid: Grid, plan: TablePlan) -> Applied:
    """Take the facts out of a sheet as a plan says."""
    table = kind(plan.kind)
    plan = inside(plan, grid)
    applied = Applied(plan, grid, body_rows(grid, plan))
    strips = {each.column: _strip(grid, each).take(applied.rows) for each in plan.columns}
    if plan.exact:
        without_example(applied, strips, table)
    keep_places(applied, strips)
    section = parent_strip(applied, strips) if plan.outline else None
    section = section_strip(applied, strips) if section is None else section
    for letters in plan.fill_down:
        if letters in strips:
            strips[letters] = filled_down(strips[letters], _totals(plan, strips, letters))
    section = keep_actuals(applied, strips, section)
    suppress(plan, strips)
    applied.labels.update(labels_of(applied, strips, table, section))
    applied.slots += slots_of(plan, strips, table)
    settle_zero(applied)
    keep_parts_apart(applied)
    keep_without_area(applied)
    keep_as_shares(applied)
    keep_sums_apart(applied)
    _judge_rows(applied)
    _build(applied)
    return applied


def _strip(grid: Grid, each: ColumnPlan) -> Strip:
    strip = grid.strips[column_number(each.column) - grid.left]
    return strip.with_decimal_comma() if each.decimal_comma else strip


def _totals(plan: TablePlan, strips: Mapping[str, Strip], letters: str) -> np.ndarray:
    """Rows that another column of labels calls a total."""
    others = [strips[each.column] for each in plan.columns if each.meaning in LABELS and each.meaning and each.column != letters]
    return np.logical_or.reduce([names_total(strip) for strip in others]) if others else np.zeros(len(strips[letters].codes), dtype=bool)


def _judge_rows(applied: Applied) -> None:
    """Which rows can be used, which are totals kept apart, and why the others are left out."""
    count = len(applied.rows)
    bad, apart = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    used = {each.column: each for each in applied.plan.columns if each.meaning}
    for row, column in applied.grid.uncalculated:
        letters = address(1, column)[:-1]
        at = np.flatnonzero(applied.row_numbers == row)
        if len(at) and letters in used:
            alone = used[letters].meaning in FIGURES and len(applied.slots) > 1
            applied.left_out.append(
                LeftOut("A formula in this row has no stored value.", applied.rows[at], letters if alone else "", letters)
            )
            bad[at] |= not alone
    for name, labelled in applied.labels.items():
        if labelled.has(COMPARATOR, TOTAL) and (totals := labelled.where(COMPARATOR, TOTAL) & ~bad).any():
            _note_rows(applied, labelled, totals, name)
            apart |= totals
    outside = np.zeros(count, dtype=bool)
    for name, labelled in applied.labels.items():
        for state in (ELSEWHERE, cells.BLOCKED):
            if not labelled.has(state):
                continue
            where = labelled.where(state)
            outside |= where & (state == ELSEWHERE)
            found = where & ~apart & (~bad if state == ELSEWHERE else True)
            if found.any():
                _note_rows(applied, labelled, found, name)
                bad |= found
    applied.good, applied.apart, applied.meant = ~bad & ~apart, apart & ~bad, ~apart & ~outside


def _note_rows(applied: Applied, labelled: Labelled, which: np.ndarray, name: str) -> None:
    """Write down why rows are left out: one entry for each distinct text."""
    held = np.flatnonzero(which)
    codes = labelled.codes[held]
    order = np.argsort(codes, kind="stable")
    edges = np.flatnonzero(np.diff(codes[order])) + 1
    for part in np.split(held[order], edges):
        meaning = labelled.meanings[int(labelled.codes[part[0]])]
        reason = f"{name}: {meaning.done} {meaning.advice}".strip()
        apart = meaning.state in (COMPARATOR, TOTAL, ELSEWHERE)
        applied.left_out.append(LeftOut(reason, applied.rows[part], at=labelled.letters, apart=apart))


def _build(applied: Applied) -> None:
    """The tidy rows of every slot, and their totals."""
    alone = len(applied.slots) == 1
    for slot in applied.slots[: max(1, MOST_FACTS // max(1, len(applied.rows)))]:
        use, refused = _usable(applied, slot, alone)
        for figures in slot.figures if refused.any() else ():
            _note_cells(applied, figures, refused & applied.meant & figures.where(UNREADABLE), alone)
        for words in slot.words if refused.any() else ():
            _note_words(applied, words)
        rows = np.flatnonzero(applied.good & use)
        lacks = lacking(applied, slot)
        if slot.unknown_area or lacks:
            for column in slot.columns:
                shown = rows[~_blank(column)[rows]]
                reason = f"area: {slot.unknown_area} is not known. Confirm or choose the area of this column."
                reason = reason if slot.unknown_area else f"Nothing says the {', '.join(lacks)} of this column."
                applied.left_out.append(LeftOut(reason, applied.rows[shown], _letters(column), _letters(column)))
            continue
        if slot.comparator:
            applied.totals.append((slot, _tidy(applied, slot, rows)))
            for column in slot.columns:
                reason = f"{slot.comparator}: a total or a wider place, kept apart."
                shown = rows[~_blank(column)[rows]]
                applied.left_out.append(LeftOut(reason, applied.rows[shown], _letters(column), _letters(column), apart=True))
            continue
        applied.facts.append((slot, _tidy(applied, slot, rows)))
        if applied.apart.any():
            applied.totals.append((slot, _tidy(applied, slot, np.flatnonzero(applied.apart & use))))


def _blank(held: Figures | Labelled) -> np.ndarray:
    """True for each row whose cell is blank."""
    if isinstance(held, Figures):
        return held.strip.blank
    return np.array([not text for text in held.texts], dtype=bool)[held.codes]


def _letters(held: Figures | Labelled) -> str:
    return held.plan.column if isinstance(held, Figures) else held.letters


def _usable(applied: Applied, slot: Slot, alone: bool) -> tuple[np.ndarray, np.ndarray]:
    """Rows whose figures can be used, and rows where one cannot be read."""
    refused = np.zeros(len(applied.rows), dtype=bool)
    empty = np.ones(len(applied.rows), dtype=bool)
    for figures in slot.figures:
        refused |= figures.where(UNREADABLE)
        empty &= figures.strip.blank
    for words in slot.words:
        refused |= words.where(cells.BLOCKED)
        empty &= False
    # A blank cell among several columns of figures states nothing; in the only one it is a missing figure.
    return ~refused & (~empty if not alone and slot.figures else True), refused


def _note_words(applied: Applied, words: Labelled) -> None:
    """Write down the words of a column of answers that are not known."""
    for code, meaning in enumerate(words.meanings):
        rows = np.flatnonzero((words.codes == code) & applied.meant)
        if len(rows) and meaning.state == cells.BLOCKED:
            reason = f"{words.column.name}: {meaning.done} {meaning.advice}"
            applied.left_out.append(LeftOut(reason, applied.rows[rows], words.letters, words.letters))


def _note_cells(applied: Applied, figures: Figures, which: np.ndarray, alone: bool) -> None:
    for code in np.unique(figures.strip.codes[which]):
        rows = np.flatnonzero(which & (figures.strip.codes == code))
        done, advice = why_blocked(str(figures.strip.values[int(code)].as_py()), figures.column, figures.plan.decimal_comma)
        reason = f"{figures.column.name}: {done} {advice}"
        applied.left_out.append(LeftOut(reason, applied.rows[rows], "" if alone else figures.plan.column, figures.plan.column))


def _tidy(applied: Applied, slot: Slot, rows: np.ndarray) -> pa.Table:
    """Tidy rows of one slot, and where each stands in the body; in rows of totals the area is the total's name."""
    out: dict[str, pa.Array] = {}
    for column in slot.table.columns:
        if column.is_number:
            figures = next((each for each in slot.figures if each.column.name == column.name), None)
            out[column.name] = pa.array(_of(figures.values, rows) if figures is not None else np.full(len(rows), np.nan))
        else:
            out[column.name] = _texts(applied, slot, column, rows)
    out[tables.SUPPRESSED] = _marks(slot, rows)
    out[tables.SOURCE] = _constant("", len(rows))
    out[ROW] = pa.array(rows)
    return pa.table(out)


def _of(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """The values of these rows."""
    return values if len(rows) == len(values) else values[rows]


def _texts(applied: Applied, slot: Slot, column: Column, rows: np.ndarray) -> pa.DictionaryArray:
    """What a label says in these rows: the column's own heading first, then the row's cell, then what holds for the table."""
    name = column.name
    own = slot.labels.get(name, "")
    if slot.comparator and name == total_over(applied, slot):
        return _constant(slot.comparator, len(rows))
    labelled = applied.labels.get(name)
    if name == "measure" and (homeless := homeless_labels(applied, slot)):
        return joined(_measure(applied, slot, column, labelled, own, rows), [each.values(rows) for each in homeless])
    if labelled is not None and own and name == "measure":
        return labelled.values(rows, ending=f", {own}")
    if own:
        return _constant(own, len(rows))
    labelled = next((words for words in slot.words if words.column.name == name), labelled)
    if labelled is not None:
        return labelled.values(rows, keep=(OK, COMPARATOR, TOTAL))
    return _constant(_default(applied, slot, column), len(rows))


def _measure(applied: Applied, slot: Slot, column: Column, labelled: Labelled | None, own: str, rows: np.ndarray) -> pa.DictionaryArray:
    """A measure before what its table has no column for is written behind it."""
    if labelled is not None:
        return labelled.values(rows, ending=f", {own}" if own else "")
    return _constant(own or _default(applied, slot, column), len(rows))


def _default(applied: Applied, slot: Slot, column: Column) -> str:
    held = applied.plan.labels.get(column.name, "")
    if held:
        return held
    if not slot.figures:
        return NOT_STATED.get(column.name, "") if column.required else ""
    if column.name == "unit" and slot.table.name == "indicators":
        return next((each.plan.unit for each in slot.figures if each.plan.unit), "")
    if column.name == "measure" and column.required:
        named = next((each for each in slot.figures if each.column.name in ("value", "count")), slot.figures[0]).plan.heading
        return wording.understand(named.split(" / ")).text or named or applied.plan.title or applied.plan.sheet
    return NOT_STATED.get(column.name, "") if column.required else ""


def _marks(slot: Slot, rows: np.ndarray) -> pa.DictionaryArray:
    """Names of the columns that are suppressed in each row."""
    code = np.zeros(len(rows), dtype=np.min_scalar_type(-(1 << len(slot.table.numbers))))
    for bit, figures in enumerate(slot.figures):
        if (hidden := figures.state == HIDDEN).any():
            code |= _of(spread(hidden.astype(code.dtype) << bit, figures.strip.codes), rows)
    names = [each.column.name for each in slot.figures]
    texts = [" ".join(name for bit, name in enumerate(names) if value >> bit & 1) for value in range(1 << len(names))]
    return pa.DictionaryArray.from_arrays(pa.array(code), pa.array(texts, pa.string()), safe=False)


def _constant(text: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, dtype=np.int32)), pa.array([text], pa.string()), safe=False)
