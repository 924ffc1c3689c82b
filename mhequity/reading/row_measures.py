"""Names of measures where each row has its own: what only stands in for a name is not added to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from mhequity.reading.figuring import INDICATOR, sentence
from mhequity.reading.labelling import SURE, best_match
from mhequity.reading.plans import FIGURES, ColumnPlan, TablePlan
from mhequity.reading.profiles import Profile
from mhequity.reading.surroundings import Context


def named_by_rows(plan: TablePlan, columns: Sequence[Profile], context: Context) -> TablePlan:
    """The plan without the file's name, or a heading such as ``Measure value``, after the measure that a column gives each row.

    Headings stay where they tell columns of the same rows apart.
    """
    if not any(each.meaning == "measure" for each in plan.columns):
        return plan
    spare = {each.column for each, profile in zip(plan.columns, columns, strict=True) if _stands_in(each, profile, context)}
    bare = [_without(each) if each.column in spare else each for each in plan.columns]
    slots = [_slot(each) for each in bare if each.meaning in FIGURES]
    changed = tuple(new if new is old or slots.count(_slot(new)) == 1 else old for old, new in zip(plan.columns, bare, strict=True))
    return replace(plan, columns=changed)


def _stands_in(each: ColumnPlan, profile: Profile, context: Context) -> bool:
    measure = each.labels.get("measure", "")
    if not measure or each.meaning != INDICATOR:
        return False
    if context.named_by_file and measure == sentence(context.title):
        return True
    known = best_match(profile, [INDICATOR])
    return (
        measure == sentence(profile.heading.text)
        and known.confidence >= SURE
        and "measure" not in known.labels
        and known.why.endswith("value")
    )


def _without(each: ColumnPlan) -> ColumnPlan:
    return replace(each, labels={name: value for name, value in each.labels.items() if name != "measure"})


def _slot(each: ColumnPlan) -> tuple[object, ...]:
    return (each.meaning, *sorted(each.labels.items()))
