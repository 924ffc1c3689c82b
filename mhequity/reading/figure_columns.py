"""Columns of figures, each distinct text read once, grouped by the facts that they state."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pyarrow.compute as pc

from mhequity.reading import cells, numbers
from mhequity.reading.applied import HIDDEN, KNOWN, UNKNOWN, UNREADABLE, Figures, Labelled, Slot
from mhequity.reading.bodies import held_texts
from mhequity.reading.cells import OK, Understood
from mhequity.reading.grids import Strip
from mhequity.reading.plans import FIGURES, ColumnPlan, TablePlan
from mhequity.tables import Column, TableKind, kind

_EXPLICIT = r"(?i)\d\s?(?:k|m|bn|thousand|million|billion)\)?$"


def slots_of(plan: TablePlan, strips: Mapping[str, Strip], table: TableKind) -> list[Slot]:
    """Columns of figures, and of words that are the fact, by the facts that they state."""
    grouped: dict[tuple[str, tuple[tuple[str, str], ...]], list[ColumnPlan]] = {}
    for each in plan.columns:
        # A place that a person chose to leave out is no column of figures any more.
        if (each.meaning in FIGURES or each.answers) and plan.areas.get(each.labels.get("area", ""), "kept"):
            key = (table.name if each.answers else each.meaning.split(".")[0], tuple(sorted(_confirmed(each.labels, plan.areas).items())))
            held = grouped.setdefault(key, [])
            if each.meaning not in [other.meaning for other in held]:
                held.append(each)
    if not any(name == table.name for name, _ in grouped) and not set(table.required) & set(table.numbers):
        grouped[table.name, ()] = []
    return [
        Slot(
            kind(name),
            dict(labels),
            tuple(_figures(strips[each.column], each, kind(name)) for each in held if not each.answers),
            tuple(_words(strips[each.column], each, kind(name)) for each in held if each.answers),
        )
        for (name, labels), held in grouped.items()
    ]


def _words(strip: Strip, plan: ColumnPlan, table: TableKind) -> Labelled:
    """Each distinct text of a column of answers. A cell left blank says that nobody knows; it is said with the others."""
    column = table.column(plan.meaning)
    texts, codes = held_texts(strip)
    advice = f"Write one of: {', '.join(column.allowed)}."
    strange = Understood(cells.BLOCKED, done="This is no status that the app knows.", advice=advice, kind="labels")
    meanings = [cells.understand(text, column) if text else Understood(OK, "unknown") for text in texts]
    meanings = [each if each.state == OK else strange for each in meanings]
    return Labelled(texts, meanings, codes, column, plan.column, plan.heading)


def _confirmed(labels: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """A heading's labels with the area that a person gave its spelling."""
    place = labels.get("area", "")
    return {**labels, "area": known.get(place, place)} if place else dict(labels)


def _figures(strip: Strip, plan: ColumnPlan, table: TableKind) -> Figures:
    """Each distinct text of a column of figures in the catalogue's unit."""
    column, found = table.column(plan.meaning.split(".")[1]), strip.numbers
    value, percent = found.value.copy(), found.form == numbers.FORMS.index(numbers.PERCENT)
    if plan.scale != 1:
        written = found.form == numbers.FORMS.index(numbers.WRITTEN)
        explicit = pc.match_substring_regex(strip.values, _EXPLICIT).to_numpy(zero_copy_only=False) if written.any() else written
        scaled = value * plan.scale
        # 37.8 x 0.01 in floats is 0.37799999999999995: twelve places are more than any sheet states.
        value = np.where(percent | explicit, value, np.round(scaled, 12) if plan.scale < 1 else scaled)
    if column.unit == "%":
        value = np.where(percent, np.round(value * 100, 12), value)
    state = np.select(
        [found.state == numbers.STATES.index(numbers.NUMBER), found.state == numbers.STATES.index(numbers.MISSING),
         found.state == numbers.STATES.index(numbers.SUPPRESSED)],
        [KNOWN, UNKNOWN, HIDDEN], UNREADABLE,
    )  # fmt: skip
    known = state == KNOWN
    if column.unit != "%" and column.kind not in ("number", "share"):
        state[percent & known] = UNREADABLE
    if column.kind in ("count", "share"):
        state[known & (value < 0)] = UNREADABLE
    if column.kind == "share":
        state[known & (value > 1)] = UNREADABLE
    return Figures(plan, column, strip, np.where(state == KNOWN, value, np.nan), state.astype(np.int8))


def why_blocked(text: str, column: Column, decimal_comma: bool = False) -> tuple[str, str]:
    """Why a text is no figure of a column, and what to do."""
    number = numbers.parse(numbers.swapped(text) if decimal_comma else text)
    if number.state != numbers.NUMBER:
        return "This is not a number.", _advice_for_number(text)
    if number.form == numbers.PERCENT and column.kind not in ("number", "share"):
        return f"{column.name} is not a share.", "Write the figure itself, without %."
    if number.value < 0:
        return f"{column.name} cannot be below zero.", "Correct the figure, or empty the cell."
    return f"{column.name} is a share, from 0 to 1.", "Write 12.5% as 0.125, or with its % sign."


def _advice_for_number(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d.*", text):
        return "A date stands where a number belongs. Format the cell as a number, type it again and upload."
    if text.startswith("#"):
        return "Put the formula that gives this error right, save and upload again."
    return "Write digits only, such as 1234.5. Leave the cell empty for missing; write * for suppressed."
