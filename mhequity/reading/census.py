"""Counts with their shares beside them, and the columns that Nomis and the ONS name by dataset: ``C2021_AGE_6_NAME``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mhequity.reading.matching import Candidate
from mhequity.reading.plans import FIGURES, ColumnPlan
from mhequity.reading.profiles import Profile
from mhequity.reading.surroundings import Context
from mhequity.tables import GROUPS

PERSONS = "population.persons"
_DIMENSION = re.compile(r"c(?:\d{4})?_\w+_name", re.IGNORECASE)
_RESIDENTS = re.compile(r"(?:total: ?)?all usual residents", re.IGNORECASE)
_COUNTED = ("count", "people")


def shares_beside_counts(plans: Sequence[ColumnPlan], columns: Sequence[Profile], context: Context) -> list[ColumnPlan]:
    """``%`` beside ``number`` under one heading: the same thing as a share, under a name of its own, never a second count."""
    settled = list(plans)
    for at, (each, profile) in enumerate(zip(plans, columns, strict=True)):
        if each.meaning not in FIGURES or profile.heading.text or profile.heading.unit != "share":
            continue
        count = next((plan for plan, other in zip(plans, columns, strict=True) if _is_count_of(plan, other, profile)), None)
        if count is not None:
            measure = f"{count.labels.get('measure') or _named(context)} (%)"
            labels = {**profile.heading.labels, "measure": measure[:1].upper() + measure[1:]}
            settled[at] = replace(each, meaning="indicators.value", labels=labels, unit="share", why="the share beside a count")
    return settled


def _is_count_of(plan: ColumnPlan, other: Profile, share: Profile) -> bool:
    heading = other.heading
    return plan.meaning in FIGURES and not heading.text and heading.unit in _COUNTED and heading.labels == share.heading.labels


def _named(context: Context) -> str:
    return context.heading.text or context.title or "People"


def of_residents(context: Context, columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> Context:
    """The surroundings, with what a census table counts: residents, where its rows are groups of them; never where they are not."""
    groups = [each for each in columns if each.at in chosen and chosen[each.at].meaning in GROUPS]
    across = any("area" in each.heading.labels for each in columns)
    if (
        across
        and context.figure is not None
        and context.figure.meaning == PERSONS
        and columns[0].at not in chosen
        and columns[0].distinct > 1
    ):
        return replace(context, figure=None)
    if context.figure is None and any(each.share(_RESIDENTS.fullmatch) for each in groups):
        return replace(context, figure=Candidate(PERSONS, 0.9, {}, "rows are groups of all usual residents"))
    return context


def counts_residents(columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> bool:
    """True for a Nomis file of residents by age, sex or ethnic group: one observation a row, and nothing else tells rows apart."""
    named = [each for each in columns if _DIMENSION.fullmatch(each.title) and each.distinct]
    meanings = {found.meaning for found in chosen.values()}
    mine = [each for each in named if each.at in chosen and chosen[each.at].meaning in GROUPS]
    return bool(mine) and "measure" not in meanings and all(each in mine or each.distinct == 1 for each in named)
