"""What applying a plan showed, as findings: one plain sentence a problem, with its cell."""

from __future__ import annotations

from mhequity.reading.answer_findings import about_answers
from mhequity.reading.applied import Applied, Slot, lacking
from mhequity.reading.cells import understand
from mhequity.reading.column_findings import about_columns
from mhequity.reading.figure_findings import about_figures
from mhequity.reading.findings import BLOCKED, NOTE, Finding, count_rows
from mhequity.reading.label_findings import about_labels
from mhequity.reading.plans import FIGURES
from mhequity.reading.set_aside_findings import about_set_aside
from mhequity.reading.table_findings import absent, is_unusable, surroundings, uncalculated
from mhequity.reading.teller import Teller
from mhequity.tables import kind


def findings_of(applied: Applied, file: str) -> list[Finding]:
    """Every finding about one table, in the order that a person would ask: what it is, what is wrong, what was changed."""
    teller = Teller(applied, file)
    if (lacks := absent(teller)) and is_unusable(applied):
        return lacks
    if not len(applied.rows) and not len(applied.examples) and not applied.left_out:
        seen, advice = "Headings without rows under them.", "Add rows and upload again."
        return [teller.finding("tables", NOTE, "", seen, "Nothing to read.", advice)]
    if applied.grid.uncalculated and not any(len(rows) for _, rows in applied.facts):
        return uncalculated(teller)
    if not len(applied.rows):
        return [each for each in (*uncalculated(teller), *surroundings(teller)) if each.kind != "not stated"]
    found = [*uncalculated(teller), *about_columns(teller), *about_set_aside(teller), *surroundings(teller)]
    for labelled in applied.labels.values():
        found += about_labels(teller, labelled)
    found += about_answers(teller)
    found += _crowded_out(teller)
    for slot in applied.slots:
        found += _about_slot(teller, slot)
    return found


def _crowded_out(teller: Teller) -> list[Finding]:
    """Columns of figures that state what another column states already: only one of them can be the fact."""
    used = {each.plan.column for slot in teller.applied.slots for each in slot.figures}
    spare = [each for each in teller.plan.columns if each.meaning in FIGURES and each.column not in used]
    kept = [each for each in spare if teller.plan.areas.get(each.labels.get("area", ""), "kept")]
    done = "Another column states the same: this one was left out."
    advice = "Say here what tells the two apart: a measure, a period, a service."
    return [teller.finding("repeats", BLOCKED, teller.heading_cell(each), each.heading, done, advice) for each in kept]


def _about_slot(teller: Teller, slot: Slot) -> list[Finding]:
    """What is wrong with figures whose headings do not say enough, and else with the figures themselves."""
    lacks = lacking(teller.applied, slot)
    if slot.unknown_area:
        return [_unknown_area(teller, slot)]
    if lacks and slot.column:
        done = f"Nothing says the {', '.join(lacks)} of the figures in this column: left out."
        cell = teller.heading_cell(teller.plan.column(slot.column))
        return [teller.finding("tables", BLOCKED, cell, slot.heading, done, "Say it here.")]
    return [] if lacks else [found for figures in slot.figures for found in about_figures(teller, figures, bool(slot.comparator))]


def _unknown_area(teller: Teller, slot: Slot) -> Finding:
    """A column that is headed by a place that is not known."""
    column = teller.plan.column(slot.column)
    meaning = understand(slot.unknown_area, kind("population").column("area"))
    rows = int((~teller.strip(column).blank).sum())
    done = f"{meaning.done} Its column is left out: {count_rows(rows)}."
    return teller.finding(meaning.kind, BLOCKED, teller.heading_cell(column), slot.unknown_area, done, meaning.advice)
