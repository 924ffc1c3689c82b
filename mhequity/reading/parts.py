"""Rows and columns that are parts of the one before them: ``of which crisis``, ``o/w video``, ``incl. agency``.

What they hold is counted in the row or column before them already, so that neither they nor a check of totals may count it again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mhequity.reading.applied import Applied
from mhequity.reading.cells import OK, TOTAL, Understood
from mhequity.reading.plans import FIGURES, UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile

PART = "a part of the column before it"
"""Why a column of figures that are a part of another column's is not used."""
_IS_PART = re.compile(r"(?:of (?:which|whom|these|those)|o/w|thereof|including|incl\.?|inc\.)[\s:,–-]+\S", re.IGNORECASE)
_MADE_OF_PARTS = ("service", "team", "provider", "staff_group", "measure", "element", "age_band", "ethnic_group")
_DONE = "A part of a row before it, which counts it already: not a fact to add up. Kept apart."


def is_part(text: str) -> bool:
    """True for what is a part of the row or column before it.

    >>> is_part("  of which ARRS"), is_part("o/w video"), is_part("Community, including crisis")
    (True, True, False)
    """
    return bool(_IS_PART.match(text.strip(" -–•")))


def without_part_columns(plans: Sequence[ColumnPlan], columns: Sequence[Profile]) -> list[ColumnPlan]:
    """Columns of figures that are parts of one before them are not used."""
    settled: list[ColumnPlan] = []
    before = False
    for each, profile in zip(plans, columns, strict=True):
        figure = each.meaning in FIGURES
        part = figure and before and bool(profile.parts) and is_part(profile.parts[-1])
        settled.append(replace(each, meaning=UNUSED, labels={}, unit="", scale=1.0, confidence=0.0, why=PART) if part else each)
        before = before or figure
    return settled


def keep_parts_apart(applied: Applied) -> None:
    """Mark rows that are parts of the row before them as kept apart, like totals, but of nothing."""
    parts = np.zeros(len(applied.rows), dtype=bool)
    for name in _MADE_OF_PARTS:
        labelled = applied.labels.get(name)
        if labelled is None:
            continue
        found = [meaning.state == OK and is_part(text) for text, meaning in zip(labelled.texts, labelled.meanings, strict=True)]
        if any(found):
            meanings = [
                Understood(TOTAL, meaning.value, _DONE, kind="totals") if part else meaning
                for meaning, part in zip(labelled.meanings, found, strict=True)
            ]
            applied.labels[name] = replace(labelled, meanings=meanings)
            parts |= np.array(found, dtype=bool)[labelled.codes]
    applied.parts = parts
