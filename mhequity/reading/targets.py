"""Targets beside the figures that they are for: columns headed ``Target``, and rows marked ``Target`` under those marked ``Actual``.

A target is no fact of its measure. It belongs to the table of targets only where a strategy, an ambition and a baseline stand beside
it; elsewhere it is kept apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mhequity import periods
from mhequity.reading import wording
from mhequity.reading.applied import Applied, LeftOut
from mhequity.reading.bodies import drop, held_texts
from mhequity.reading.figuring import INDICATOR, sentence
from mhequity.reading.grids import Strip
from mhequity.reading.labelling import row_labels
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import ACTUALS, UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile
from mhequity.reading.surroundings import Context

TARGET = "a target, not a figure of the measure"
"""Why a column of targets is not used."""
_WHICH = (
    r"(?:(?:annual|monthly|quarterly|yearly|full year|year end|eoy|in year|local|national|ytd|kpi|contract|contractual|performance)\s+)*"
)
_TARGET = re.compile(rf"{_WHICH}(?:target|trajectory|threshold|standard|goal)s?(?: (?:value|level|figure|percent))?", re.IGNORECASE)
_PLANNED = re.compile(rf"{_WHICH}(?:plan|planned|profile|budget|forecast)", re.IGNORECASE)
_ACTUAL = re.compile(rf"{_WHICH}(?:actual|outturn|achieved|achievement|performance|result|delivered|delivery)s?", re.IGNORECASE)
_BESIDE = re.compile(
    r"(?:variance|var|difference|gap|rag|rating|status|trend|direction|comment|previous year|last year|prior year|% of target|over/under)s?(?: .*)?",
    re.IGNORECASE,
)
_MOST_WORDS = 6
_ANY_YEAR = periods.financial_year(2024)
"""Quarters and months are told by their names alone, whatever the year."""


def rows_of_targets(columns: Sequence[Profile]) -> Profile | None:
    """The column that says of each row whether its figures are targets or actual ones; None where there is none."""
    return next((each for each in columns if _tells_apart(each)), None)


def _tells_apart(each: Profile) -> bool:
    if each.numbers or not 2 <= each.distinct <= _MOST_WORDS:
        return False
    actual = [text for text in each.sample if is_actual(text)]
    planned = [text for text in each.sample if _TARGET.fullmatch(text.strip()) or _PLANNED.fullmatch(text.strip())]
    others = [text for text in each.sample if _BESIDE.fullmatch(text.strip())]
    return len(actual) == 1 and bool(planned) and len(actual) + len(planned) + len(others) >= each.distinct


def is_actual(text: str) -> bool:
    """True for the word that marks figures as what happened: ``Actual``, ``Outturn``."""
    return bool(_ACTUAL.fullmatch(text.strip()))


def with_actuals(columns: Sequence[Profile], sections: Sequence[str]) -> dict[int, Candidate]:
    """What the columns of labels say, as :func:`row_labels` tells it; the one that marks targets is no label of a fact."""
    marks = rows_of_targets(columns)
    if marks is None:
        return row_labels(columns, sections)
    others = [each for each in columns if each is not marks]
    return row_labels(others, sections) | {marks.at: Candidate(ACTUALS, 1.0, {}, "says which rows are targets")}


def without_targets(
    plans: Sequence[ColumnPlan], columns: Sequence[Profile], chosen: Mapping[int, Candidate], context: Context
) -> list[ColumnPlan]:
    """Columns of targets beside the figures that they are for are not used; those headed ``Actual`` are the measure's own."""
    measured = any(found.meaning == "measure" for found in chosen.values())
    money = context.heading.unit == "GBP" or any(each.unit == "GBP" for each in plans)
    asked = [_text(each) for each in columns]
    free = [at for at, each in enumerate(plans) if each.meaning in (INDICATOR, "activity.count") and columns[at].at not in chosen]
    targets = [at for at in free if _TARGET.fullmatch(asked[at]) or (measured and _PLANNED.fullmatch(asked[at]))]
    own = [at for at in free if at not in targets and "comparator" not in plans[at].labels and (not asked[at] or is_actual(asked[at]))]
    if money or not targets or not own:
        return list(plans)
    settled = list(plans)
    for at in targets:
        settled[at] = replace(plans[at], meaning=UNUSED, labels={}, unit="", scale=1.0, confidence=0.0, why=TARGET)
    for at in own:
        said = plans[at].labels.get("measure", "")
        if asked[at] and said == sentence(asked[at]):
            named = {} if measured or not context.title else {"measure": sentence(context.title)}
            settled[at] = replace(plans[at], labels={key: value for key, value in plans[at].labels.items() if key != "measure"} | named)
    return settled


def _text(each: Profile) -> str:
    """What a heading says beside its period, place and unit; of a place that is not known, what stands under it."""
    parts = [part for part in each.heading.text.replace("_", " ").split(wording.BETWEEN) if not periods.in_year(part, _ANY_YEAR)]
    last = parts[-1] if parts else ""
    return " ".join((last if _TARGET.fullmatch(last) or is_actual(last) else " ".join(parts)).split())


def keep_actuals(applied: Applied, strips: dict[str, Strip], section: Strip | None) -> Strip | None:
    """Take out rows marked as targets, plans and the like; the headings inside the table, without those rows."""
    for each in (each for each in applied.plan.columns if each.meaning == ACTUALS):
        texts, codes = held_texts(strips[each.column])
        keep = np.array([not text or is_actual(text) for text in texts], dtype=bool)[codes]
        for at, text in enumerate(texts):
            if text and not is_actual(text) and (rows := applied.rows[codes == at]).size:
                applied.left_out.append(LeftOut(f"{text}: not a figure of the measure, kept apart.", rows, at=each.column, apart=True))
                applied.not_actual[text] = len(rows)
        if not keep.all():
            drop(applied, strips, keep)
            section = section.take(np.flatnonzero(keep)) if section is not None else None
    return section
