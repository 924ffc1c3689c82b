"""Tables of words: actions with their dates, sites with their kinds, trackers of the strategy that their title names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mhequity.reading.applied import Applied
from mhequity.reading.cells import COMPARATOR, MISSING
from mhequity.reading.labelling import SURE, best_match
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile
from mhequity.reading.surroundings import Context

_DATED = ("action", "ambition")
_KIND = re.compile(
    r"(?:site |building |location |facility |premises )?(?:type|kind|category|use|function)(?: of (?:site|building|premises))?",
    re.IGNORECASE,
)
_NAMES_STRATEGY = re.compile(r"\b(?:strategy|strategic plan|programme|transformation plan|delivery plan)\b", re.IGNORECASE)
_CUT = re.compile(
    r"\s+[-–—|·]\s+|\s*[:;]\s+|\s+(?=(?:action plan|action log|progress|tracker|update|dashboard|monitoring|report)\b)", re.IGNORECASE
)


def with_word_columns(columns: Sequence[Profile], chosen: dict[int, Candidate]) -> dict[int, Candidate]:
    """What the columns of labels say, with the dates of actions and the kinds of sites, whose headings mean more elsewhere."""
    meanings = {found.meaning for found in chosen.values()}
    if meanings & set(_DATED) and "measure" not in meanings:
        chosen = _dated(columns, chosen)
    places = {best_match(each, ["sites.latitude", "sites.longitude"]).meaning for each in columns if each.numbers > 0.5}
    if "site" in meanings and "kind" not in meanings and len(places - {UNUSED}) == 2:
        kinds = [each for each in columns if each.filled and each.numbers < 0.5 and _KIND.fullmatch(each.title.replace("_", " ").strip())]
        chosen = chosen | {each.at: Candidate("kind", 1.0, {}, "says what kind of site it is") for each in kinds[:1]}
    return chosen


def _dated(columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> dict[int, Candidate]:
    """The columns that say when an action starts and is due, whatever else they hold: ``TBC`` is no date, and no other column's."""
    dated = {at: found for at, found in chosen.items() if found.meaning not in ("period", "date")}
    for name in ("start", "due"):
        free = [each for each in columns if each.filled and (each.at not in dated or dated[each.at].meaning == name)]
        likely = [each for each in free if best_match(each, [name]).confidence >= SURE]
        if likely:
            dated[likely[0].at] = best_match(likely[0], [name])
    return dated


def of_strategy(context: Context, plans: Sequence[ColumnPlan], labels: Mapping[str, str]) -> dict[str, str]:
    """The strategy that a tracker's title names, where no column does; nothing for other tables."""
    held = {each.meaning for each in plans}
    if "ambition" not in held or "strategy" in held or "strategy" in labels:
        return {}
    parts = [part.strip() for part in _CUT.split(context.title) if part]
    named = next((part for part in parts if _NAMES_STRATEGY.search(part)), "")
    return {"strategy": named} if named else {}


def done_in_percent(plans: Sequence[ColumnPlan], columns: Sequence[Profile]) -> list[ColumnPlan]:
    """How much of an action is done, written as a share from 0 to 1, in percent."""
    settled = []
    for each, profile in zip(plans, columns, strict=True):
        if each.meaning == "actions.done_percent":
            found = profile.strip.numbers
            held = found.value[profile.strip.held & (found.form == 0) & ~np.isnan(found.value)]
            share = bool(len(held)) and float(held.max()) <= 1 and bool((held % 1 != 0).any())
            each = replace(each, unit="%", scale=100.0 if share else 1.0)
        settled.append(each)
    return settled


def keep_without_area(applied: Applied) -> None:
    """An action for all boroughs is an action all the same: it is kept, without an area."""
    labelled = applied.labels.get("area")
    if applied.plan.kind != "actions" or labelled is None or not labelled.has(COMPARATOR):
        return
    meanings = [
        replace(each, state=MISSING, value="", done=f"{text} is more than one area. The action is kept without an area.")
        if each.state == COMPARATOR
        else each
        for text, each in zip(labelled.texts, labelled.meanings, strict=True)
    ]
    applied.labels["area"] = replace(labelled, meanings=meanings)
