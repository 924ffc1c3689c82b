"""Rows whose code or name says "all": which of them are an area's own figure, or a wider place's, and which are a total.

A row for all providers is its area's own figure, of which the rows of single providers are parts.

A median or a percentage cannot be put together from its parts again, so that the row for all of them is the fact. Counts of other
tables are added up from their parts, so that there the row is their total, unless no part stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from mhequity import areas
from mhequity.reading import levels
from mhequity.reading.applied import Labelled
from mhequity.reading.bodies import held_texts
from mhequity.reading.cells import COMPARATOR, ELSEWHERE, OK, TOTAL, Understood
from mhequity.reading.grids import Strip
from mhequity.reading.plans import LEVEL, TablePlan
from mhequity.tables import TableKind

PROVIDER = "provider"
TOTAL_OF_ALL = ("Total", "Sum")
"""What a place is called that is all of the rows' places: it names none."""
_OWN = "Read as the area's own figure, of all providers together."
_PART = "A single provider's part of its area, whose own row for all providers was kept: no figure of the area."


def with_own_figures(found: Mapping[str, Labelled], table: TableKind) -> dict[str, Labelled]:
    """The labels with rows for all providers as figures of their area, where they are no totals of the rows beside them."""
    labelled = found.get(PROVIDER)
    if labelled is None or not labelled.has(TOTAL):
        return dict(found)
    groups = _groups(found)
    whole, single = labelled.where(TOTAL), labelled.where(OK) & np.array([bool(each.value) for each in labelled.meanings])[labelled.codes]
    beside = np.isin(groups, groups[single])
    if table.name == "indicators":
        own, parts = whole, single & np.isin(groups, groups[whole])
    else:
        own, parts = whole & ~beside, np.zeros(len(whole), dtype=bool)
    changed = _as(labelled, own, Understood(OK, "", _OWN, kind="organisations"))
    return {**found, PROVIDER: _as(changed, parts, Understood(ELSEWHERE, "", _PART, kind="organisations"))}


def named_by_level(places: Labelled, plan: TablePlan, strips: Mapping[str, Strip]) -> Labelled:
    """The places with those that say no more than "all" named as the level beside them says: ``England``."""
    level = next((each for each in plan.columns if each.meaning == LEVEL), None)
    nameless = np.array([each.state == COMPARATOR and each.value in TOTAL_OF_ALL for each in places.meanings], dtype=bool)
    if level is None or not nameless.any():
        return places
    texts, codes = held_texts(strips[level.column])
    nameless = nameless[places.codes]
    for at, text in enumerate(texts):
        wider = areas.match(levels.place_of(text)).comparator
        if wider and wider not in TOTAL_OF_ALL:
            done = f"{wider} is a wider place, not an area to add up. Kept apart."
            places = _as(places, nameless & (codes == at), Understood(COMPARATOR, wider, done, kind="totals"))
    return places


def _groups(found: Mapping[str, Labelled]) -> np.ndarray:
    """A whole number for each row, the same where all labels but the provider mean the same."""
    keys = np.zeros(len(found[PROVIDER].codes), dtype=np.int64)
    for name, labelled in found.items():
        if name == PROVIDER:
            continue
        places = {value: at for at, value in enumerate(dict.fromkeys((each.state, each.value) for each in labelled.meanings))}
        own = np.array([places[each.state, each.value] for each in labelled.meanings], dtype=np.int64)[labelled.codes]
        keys = np.unique(keys * len(places) + own, return_inverse=True)[1].astype(np.int64)
    return keys


def _as(labelled: Labelled, rows: np.ndarray, meaning: Understood) -> Labelled:
    """These rows, and no others of the same texts, with another meaning."""
    if not rows.any():
        return labelled
    held, places = np.unique(labelled.codes[rows], return_inverse=True)
    codes = labelled.codes.copy()
    codes[rows] = len(labelled.texts) + places
    # A meaning that no row has any more is not told of.
    kept, codes = np.unique(codes, return_inverse=True)
    texts = [*labelled.texts, *(labelled.texts[int(code)] for code in held)]
    meanings = [*labelled.meanings, *[meaning] * len(held)]
    return replace(labelled, texts=[texts[at] for at in kept], meanings=[meanings[at] for at in kept], codes=codes.astype(np.int32))
