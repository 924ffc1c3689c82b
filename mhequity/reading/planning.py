"""A plan for each table of a sheet: what its columns mean, told from headings, contents and what stands around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mhequity.reading import layouts, numbers, sheet_names
from mhequity.reading.applied import PRIVATE
from mhequity.reading.census import shares_beside_counts
from mhequity.reading.contact_records import contact_plans, without_absences
from mhequity.reading.core_offers import TABLE, core_offer
from mhequity.reading.decimal_commas import as_written
from mhequity.reading.figuring import counts_care, figure_plan, holds_figures, possible, with_columns
from mhequity.reading.grids import Grid
from mhequity.reading.labelling import label_plan
from mhequity.reading.layouts import Block
from mhequity.reading.matching import Candidate
from mhequity.reading.parts import without_part_columns
from mhequity.reading.pivots import Levels, levels_of
from mhequity.reading.plans import FIGURES, GROUP, LABELS, SMALL, UNUSED, ColumnPlan, TablePlan
from mhequity.reading.profiles import Profile, profiles
from mhequity.reading.row_measures import named_by_rows
from mhequity.reading.settling import across_places, settle
from mhequity.reading.surroundings import (
    Context,
    context_labels,
    context_of,
    fill_down,
    meaning_of_sections,
    section_texts,
    year_of_months,
)
from mhequity.reading.targets import with_actuals, without_targets
from mhequity.reading.template_headings import exact_plans
from mhequity.reading.word_tables import done_in_percent, of_strategy, with_word_columns
from mhequity.tables import CATALOGUE, TableKind, kind

NOT_STATED = "Not stated"
NOTED = numbers.FORMS.index(numbers.NOTED)

MOST_TABLES = 400
"""Tables of one sheet that are read; a sheet of more is a report to be cut up, and would keep everyone waiting."""


ABOVE = -1
"""Where headings inside the table stand among the columns of labels."""


def plan_sheet(grid: Grid, file: str, sheets: Sequence[str] = ()) -> tuple[list[TablePlan], list[str]]:
    """A plan for each table of a sheet, and the sheet's texts that belong to none; ``sheets`` are the names of all the file's."""
    blocks, loose = layouts.find(grid)
    blocks = blocks[:MOST_TABLES]
    when = sheet_names.period_of(grid.name, sheets) if sheets else ""
    planned = [(block, plan_block(grid, block, file, blocks[0].above if block is not blocks[0] else (), when)) for block in blocks]
    # Headings without rows are worth a word only where they are the template's.
    return [plan for block, plan in planned if plan.exact or block.first <= block.last], loose


def plan_block(grid: Grid, block: Block, file: str, shared: Sequence[str] = (), when: str = "") -> TablePlan:
    """The plan for one table. What cannot be told is left unused, never guessed."""
    columns = as_written(profiles(grid, block), grid.separator)
    found = _plan_of(grid, block, columns, context_of(block, grid, file, shared, when), file)
    commas = {each.column for each in columns if each.strip.decimal_comma}
    return replace(
        found,
        columns=tuple(
            replace(each, decimal_comma=True) if each.column in commas and each.meaning in (*FIGURES, UNUSED) else each
            for each in found.columns
        ),
    )


def _plan_of(grid: Grid, block: Block, columns: Sequence[Profile], context: Context, file: str) -> TablePlan:
    exact = exact_plans(grid, columns)
    if exact:
        return replace(
            _table(grid, block, *exact),
            exact=True,
            fill_down=fill_down(grid, block, columns, exact[1], exact[0].required),
        )
    sections = section_texts(block, columns)
    levels = levels_of(columns)
    chosen = _chosen(columns, sections) if levels is None else _of_levels(columns[0], levels)
    year = year_of_months(columns, chosen, context)
    offer = core_offer(columns, chosen, f"{context.title} {grid.name} {file}")
    if offer is not None:
        return _of_offer(_table(grid, block, kind(TABLE), offer), context, sections, fill_down(grid, block, columns, offer))
    contacts = contact_plans(columns, chosen) if levels is None else None
    if contacts is not None:
        return _of_contacts(_table(grid, block, kind(PRIVATE), contacts), context)
    context = with_columns(_of_figures(context, columns, chosen), columns, chosen)
    counted = counts_care(columns, chosen)
    plans = [
        figure_plan(each, context, chosen, counted) if each.at not in chosen and holds_figures(each) else label_plan(each, chosen)
        for each in columns
    ]
    plans = without_targets(without_part_columns(plans, columns), columns, chosen, context)
    plans = settle(across_places(shares_beside_counts(plans, columns, context), columns, context), columns, context)
    plans = done_in_percent(plans, columns)
    table = _kind(plans)
    plans = [replace(each, meaning=_within(each.meaning, table)) for each in plans]
    labels = context_labels(context, plans) | year
    labels |= of_strategy(context, plans, labels)
    found = _table(grid, block, table, plans)
    found = replace(found, labels=labels, sections=meaning_of_sections(sections, found), fill_down=fill_down(grid, block, columns, plans))
    if levels is not None:
        return replace(found, sections=levels.parents, outline=True, fill_down=())
    return named_by_rows(_qualified(found, columns), columns, context)


def _chosen(columns: Sequence[Profile], sections: Sequence[str]) -> dict[int, Candidate]:
    """What the columns of labels say of each row."""
    return with_word_columns(columns, without_absences(columns, with_actuals(columns, sections)))


def _of_levels(first: Profile, levels: Levels) -> dict[int, Candidate]:
    return {first.at: Candidate(levels.children), ABOVE: Candidate(levels.parents)}


def _of_offer(plan: TablePlan, context: Context, sections: Sequence[str], down: tuple[str, ...]) -> TablePlan:
    """A table of the core offer with what stands around and inside it; it knows no periods."""
    labels = {name: value for name, value in context_labels(context, plan.columns).items() if name in kind(TABLE).names}
    return replace(plan, labels=labels, sections=meaning_of_sections(sections, plan), fill_down=down)


def _of_contacts(plan: TablePlan, context: Context) -> TablePlan:
    """A table of contacts with what its titles say; each row says its own day."""
    labels = {name: value for name, value in context_labels(context, plan.columns).items() if name in kind(PRIVATE).names}
    return replace(plan, labels=labels)


def _of_figures(context: Context, columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> Context:
    """The surroundings without a figure that nothing in the table can hold, and without a unit of shares that stand behind counts."""
    if context.figure and context.figure.meaning not in possible(chosen):
        context = replace(context, figure=None)
    noted = [each for each in columns if each.at not in chosen and each.strip.numbers.form.max(initial=0) == NOTED]
    if noted and context.heading.unit == "share":
        context = replace(context, heading=replace(context.heading, unit="", scale=1.0))
    return context


def _table(grid: Grid, block: Block, table: TableKind, plans: Sequence[ColumnPlan]) -> TablePlan:
    return TablePlan(
        table.name, grid.name, tuple(grid.top + row for row in block.header), grid.top + block.first, grid.top + block.last, tuple(plans),
        grid.file, " · ".join(block.above), block.below,
    )  # fmt: skip


def _kind(plans: Sequence[ColumnPlan]) -> TableKind:
    """The table of the catalogue that most figures belong to; of words alone, the one whose required columns are there."""
    counts: dict[str, int] = {}
    for each in plans:
        if each.meaning in FIGURES:
            name = each.meaning.split(".")[0]
            counts[name] = counts.get(name, 0) + 1
    held = {each.meaning.split(".")[-1] for each in plans} - {UNUSED}
    whole = [
        table
        for table in CATALOGUE
        if not counts.get(table.name) and set(table.required) <= held and table.name not in ("population", "indicators")
    ]
    if whole and (not counts or set(counts) == {"indicators"}):
        return max(whole, key=lambda table: len(set(table.names) & held))
    if counts:
        return kind(max(counts, key=lambda name: (counts[name], name != "indicators")))
    words = [
        table
        for table in CATALOGUE
        if not table.numbers or table.name in ("core_offer", "actions", "targets", "ambitions", "places", "sites")
    ]
    best = max(words, key=lambda table: len(set(table.required) & held) / len(table.required))
    return best if set(best.required) & held - {"area"} else kind("indicators")


def _within(meaning: str, table: TableKind) -> str:
    """``date`` for ``period`` where the table's own column is called so, and the other way round; ratings and attendance only where they belong."""
    if meaning in ("stated_rating", "attended") and meaning not in table.names:
        return UNUSED
    if meaning in ("period", "date") and meaning not in table.names:
        other = "date" if meaning == "period" else "period"
        return other if other in table.names else UNUSED
    return meaning


def _qualified(plan: TablePlan, columns: Sequence[Profile]) -> TablePlan:
    """Rows that would state the same fact are told apart by a column of words that is not used yet, if one does."""
    labels = [profile for profile, each in zip(columns, plan.columns, strict=True) if each.meaning in (*LABELS, GROUP, SMALL)]
    spare = [at for at, (profile, each) in enumerate(zip(columns, plan.columns, strict=True))
             if not each.meaning and 2 <= profile.distinct <= 2000 and profile.numbers < 0.5 and not profile.boroughs]  # fmt: skip
    target = next((name for name in ("measure", "service") if name in kind(plan.kind).names and kind(plan.kind).column(name).key), UNUSED)
    across = "area" in plan.labels or any("area" in each.labels for each in plan.columns)
    if not spare or not target or not (labels or across) or not any(each.meaning in FIGURES for each in plan.columns):
        return plan
    repeated = _repeats([each.strip.codes for each in labels] or [np.zeros(len(columns[0].strip.codes), dtype=np.int32)])
    chosen: list[int] = []
    while repeated and spare:
        after = {at: _repeats([each.strip.codes for each in (*labels, *(columns[i] for i in chosen), columns[at])]) for at in spare}
        best = min(after, key=lambda at: (after[at], at))
        if after[best] >= repeated:
            break
        repeated = after[best]
        chosen.append(best)
        spare.remove(best)
    why = "tells rows apart that would state the same fact"
    changed = [replace(each, meaning=target, confidence=0.7, why=why) if at in chosen else each for at, each in enumerate(plan.columns)]
    return replace(plan, columns=tuple(changed))


def _repeats(codes: Sequence[np.ndarray]) -> int:
    """How many rows hold the same codes as an earlier one."""
    sampled = np.column_stack([each[:50_000] for each in codes])
    return len(sampled) - len(np.unique(sampled, axis=0))
