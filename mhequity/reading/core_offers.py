"""The core offer as people lay it out: elements down and boroughs across, boroughs down and elements across, or one a row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mhequity import areas
from mhequity.reading import statuses
from mhequity.reading.labelling import SURE, closest
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import FIGURES, OUTSIDE, UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile

TABLE = "core_offer"
_OFFER = re.compile(r"\bcore (?:community )?(?:offer|standard|service)s?\b|\boffer\b|\bgap analysis\b|\bservice elements?\b", re.IGNORECASE)
_GAPS = tuple(figure for figure in FIGURES if figure.startswith(f"{TABLE}."))
_ABOUT = frozenset(["area", "service", "element", "status", "measure", "provider", "team", "theme", ""])
_WHY = "cells that say how far something is in place"
_AS_THE_COLUMN = 0.6
"""Share of the cells of a column that must be known words for the column to be one of answers."""


def answers(each: Profile) -> bool:
    """True for a column of words such as ``Yes`` and ``Partial``: most of its cells, and not dashes alone."""
    if not each.filled or each.numbers > 0.5 or each.distinct > 40:
        return False
    held = [code for code in np.flatnonzero(each.strip.held) if statuses.status_of(each.strip.texts[code])]
    if not any(statuses.says_something(each.strip.texts[code]) for code in held):
        return False
    return bool(each.strip.counts[held].sum() >= _AS_THE_COLUMN * each.filled)


def core_offer(columns: Sequence[Profile], chosen: Mapping[int, Candidate], title: str) -> list[ColumnPlan] | None:
    """The columns' meanings where the table states which elements of an offer each area has; None for any other table.

    ``chosen`` is what the columns of labels were taken for, ``title`` what stands around the table.
    """
    held = [each for each in columns if answers(each)]
    if not held:
        return None
    meanings = {found.meaning for found in chosen.values()}
    across = [each for each in held if _area_of(each)]
    if _figures_beside(columns, across):
        return None
    if "area" not in meanings and 2 * len(across) >= len(held):
        return _elements_down(columns, chosen, held)
    if "element" in meanings and "status" not in meanings and len(held) == 1 and "date" not in meanings:
        return _one_a_row(columns, chosen, held[0])
    numbers = [each for each in columns if each.at not in chosen and each.numbers > 0.5]
    free = [each for each in held if chosen.get(each.at, Candidate(UNUSED, 0.0)).meaning in ("", "status", "element", "measure", "service")]
    enough = len(free) >= (2 if _OFFER.search(title) else 3) and len(free) == len(held)
    if "area" in meanings and enough and not numbers and meanings <= _ABOUT:
        return _areas_down(columns, chosen, free)
    return None


def _figures_beside(columns: Sequence[Profile], across: Sequence[Profile]) -> bool:
    """True where figures of a borough that are no gap stand beside its answers, as under Target, Actual and RAG."""
    return any(each.numbers > 0.5 and not _gap(each) and _answered(each, across) for each in columns)


def _answered(each: Profile, held: Sequence[Profile]) -> bool:
    """True where one of the columns of answers is headed by the same place as a column."""
    place = _area_of(each)
    return bool(place) and any(_area_of(other) == place for other in held)


def _area_of(each: Profile) -> str:
    """The code of the area that a column is headed by, a spelling to confirm, or nothing: a borough before the system over it."""
    found = [areas.match(part) for part in each.parts]
    named = [match.area for match in found if match.area]
    borough = next((area.code for area in named if area.level == "borough"), "")
    spelled = next((match.seen for match in found if match.proposals), "")
    return borough or spelled or next((area.code for area in named), "")


def _plan(each: Profile, meaning: str, labels: Mapping[str, str] | None = None, why: str = "", confidence: float = 1.0) -> ColumnPlan:
    return ColumnPlan(each.column, each.title, meaning, labels or {}, confidence=confidence if meaning else 0.0, why=why)


def _elements_down(columns: Sequence[Profile], chosen: Mapping[int, Candidate], held: Sequence[Profile]) -> list[ColumnPlan] | None:
    first = min(each.at for each in held)
    rows = _row_names([each for each in columns if each.at < first and each not in held], chosen)
    if "element" not in rows.values():
        return None
    plans = []
    for each in columns:
        if each.at in rows:
            plans.append(_plan(each, rows[each.at]))
        elif each in held or (each.numbers <= 0.5 and _area_of(each) and not _answered(each, held)):
            plans.append(_answer_of_area(each))
        else:
            gap = _gap(each) if _area_of(each) else UNUSED
            plans.append(_plan(each, gap, {"area": _area_of(each)} if gap else {}))
    return plans


def _answer_of_area(each: Profile) -> ColumnPlan:
    found = [areas.match(part) for part in each.parts]
    if place := _area_of(each):
        return _plan(each, "status", {"area": place}, _WHY)
    if any(match.elsewhere for match in found):
        return replace(_plan(each, UNUSED), why=OUTSIDE)
    wider = next((match.comparator for match in found if match.comparator), "")
    return _plan(each, "status", {"comparator": wider}, _WHY) if wider else _plan(each, UNUSED)


def _gap(each: Profile) -> str:
    """The figure of the core offer that a column of an area holds beside the area's answers."""
    found = closest((each.heading.text, each.parts[-1] if each.parts else ""), each.heading.unit, _GAPS)
    return found.meaning if found.confidence >= SURE and each.numbers > 0.5 else UNUSED


def _row_names(before: Sequence[Profile], chosen: Mapping[int, Candidate]) -> dict[int, str]:
    """Position of the columns that name the service and the element of each row."""
    words = [each for each in before if each.filled and each.numbers < 0.5]
    said = {each.at: chosen[each.at].meaning for each in words if each.at in chosen}
    named = [each for each in words if said.get(each.at) == "element"]
    own = [each for each in words if each.distinct >= 0.8 * each.filled and 2 * each.filled > len(each.strip.codes)]
    unsaid = [each for each in own if said.get(each.at) != "service"]
    element = next(iter(named or unsaid or own or words[-1:]), None)
    if element is None:
        return {}
    others = [each for each in words if each is not element]
    service = next((each for each in others if said.get(each.at) == "service"), None)
    service = service or next((each for each in others if each.at < element.at and each.distinct < 0.8 * element.filled), None)
    return {element.at: "element", **({service.at: "service"} if service else {})}


def _areas_down(columns: Sequence[Profile], chosen: Mapping[int, Candidate], held: Sequence[Profile]) -> list[ColumnPlan]:
    kept = {each.at: chosen[each.at].meaning for each in columns if each.at in chosen and each not in held}
    plans = []
    for each in columns:
        if each in held and each.parts:
            over = {} if "service" in kept.values() or len(each.parts) < 2 else {"service": ", ".join(each.parts[:-1])}
            plans.append(_plan(each, "status", {**over, "element": each.parts[-1]}, _WHY))
        else:
            meaning = kept.get(each.at, UNUSED)
            plans.append(_plan(each, meaning if meaning in ("area", "service") else UNUSED))
    return plans


def _one_a_row(columns: Sequence[Profile], chosen: Mapping[int, Candidate], held: Profile) -> list[ColumnPlan]:
    plans = []
    for each in columns:
        meaning = "status" if each is held else chosen.get(each.at, Candidate(UNUSED, 0.0)).meaning or _gap(each)
        plans.append(_plan(each, meaning, why=_WHY if each is held else "", confidence=0.85 if each is held else 1.0))
    return plans
