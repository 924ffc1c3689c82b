"""What applying a plan showed, as findings: one plain sentence a problem, with its cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from mhequity import areas, periods
from mhequity.reading import cells, decimal_commas, numbers
from mhequity.reading.answers import about_answers
from mhequity.reading.applied import (
    HIDDEN,
    NOT_STATED,
    PRIVATE,
    UNKNOWN,
    UNREADABLE,
    Applied,
    Figures,
    Labelled,
    Slot,
    lacking,
    required_but_absent,
)
from mhequity.reading.cells import COMPARATOR, ELSEWHERE, OK, TOTAL
from mhequity.reading.figure_columns import why_blocked
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding
from mhequity.reading.grids import Strip, address, column_number
from mhequity.reading.plans import FIGURES, OUTSIDE, ColumnPlan
from mhequity.tables import GROUPS, kind

SHOWN = 20
"""Distinct problems of one column that are told one by one; the rest are counted, and every row is in ``rejected``."""
_SURE = 0.9


def count_rows(number: int) -> str:
    """``1 row``, ``1,200 rows``."""
    return f"{number:,} row{'' if number == 1 else 's'}"


def shown(text: str) -> str:
    """A cell's text as a person would write it: days as 1 Apr 2024, never longer than a line."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        try:
            return periods.day(date.fromisoformat(text)).label
        except ValueError:
            return text
    return text[:100]


class Teller:
    """Findings about one table of a sheet."""

    def __init__(self, applied: Applied, file: str) -> None:
        self.applied = applied
        self.plan = applied.plan
        self.file = f"{file}/{applied.grid.file}" if applied.grid.file else file
        self.private = self.plan.kind == PRIVATE

    def finding(self, severity: str, cell: str, seen: str, done: str, advice: str = "") -> Finding:
        return Finding(severity, self.file, self.applied.grid.name, cell, seen, done, advice)

    def all(self) -> list[Finding]:
        """Every finding, in the order that a person would ask: what it is, what is wrong, what was changed."""
        absent = self.absent()
        if absent and len(required_but_absent(self.applied)) == len({slot.table.name for slot in self.applied.slots}):
            return absent
        if not len(self.applied.rows) and not len(self.applied.examples) and not self.applied.left_out:
            return [self.finding(NOTE, "", "Headings without rows under them.", "Nothing to read.", "Add rows and upload again.")]
        if self.applied.grid.uncalculated and not any(len(frame) for _, frame in self.applied.facts):
            return self.uncalculated()
        if not len(self.applied.rows):
            return [each for each in (*self.uncalculated(), *self.surroundings()) if not each.seen.startswith("No ")]
        found = [*self.uncalculated(), *self.about_columns(), *self.surroundings()]
        for labelled in self.applied.labels.values():
            found += self.about_labels(labelled)
        found += [self.finding(*each) for each in about_answers(self.applied)]
        for slot in self.applied.slots:
            lacks = lacking(self.applied, slot)
            if slot.unknown_area:
                found.append(self.unknown_area(slot))
            elif lacks and slot.column:
                done = f"Nothing says the {', '.join(lacks)} of the figures in this column: left out."
                found.append(self.finding(BLOCKED, self.heading_cell(self.plan.column(slot.column)), slot.heading, done, "Say it here."))
            for figures in slot.figures if not slot.unknown_area and not lacks else ():
                found += self.about_figures(figures, bool(slot.comparator))
        return found

    def unknown_area(self, slot: Slot) -> Finding:
        """A column that is headed by a place that is not known."""
        meaning = cells.understand(slot.unknown_area, kind("population").column("area"))
        strip = self.strip(self.plan.column(slot.column))
        rows = int((~strip.blank).sum())
        done = f"{meaning.done} Its column is left out: {count_rows(rows)}."
        return self.finding(BLOCKED, self.heading_cell(self.plan.column(slot.column)), slot.unknown_area, done, meaning.advice)

    def absent(self) -> list[Finding]:
        """What a table cannot do without, and nothing in the sheet says."""
        found: list[Finding] = []
        for name, names in required_but_absent(self.applied).items():
            title, seen = kind(name).title, ", ".join(each.heading for each in self.plan.columns if each.heading)[:300]
            cell = self.heading_cell(self.plan.columns[0]) if self.plan.columns else ""
            if names == ["area"]:
                done = "No column names a borough or NHS system, and no title does. The table was left out."
                advice = "Say which column holds the areas, or which area the whole table is about."
            else:
                done = f"This is closest to the table {title}, but it lacks: {', '.join(names)}. The table was left out."
                advice = "Say which column holds each of these, or add them (the template has them) and upload again."
            finding = self.finding(BLOCKED, cell, seen, done, advice)
            found += [finding] if finding not in found else []
        return found

    def heading_cell(self, column: ColumnPlan) -> str:
        return f"{column.column}{self.plan.header_rows[-1] if self.plan.header_rows else self.plan.first_row}"

    def uncalculated(self) -> list[Finding]:
        """One finding for all formulas of the table that were never worked out; their rows are left out."""
        inside = [(r, c) for r, c in self.applied.grid.uncalculated if self.plan.first_row <= r <= self.plan.last_row]
        if not inside:
            return []
        rows = sum(len(each.rows) for each in self.applied.left_out if each.reason.startswith("A formula"))
        seen = f"{len(inside):,} formulas without a stored value"
        done = f"{count_rows(rows)} left out." if rows else "None of them is in a column that is used."
        return [self.finding(BLOCKED, address(*min(inside)), seen, done, "Open it in Excel, save, upload again.")]

    # Columns -------------------------------------------------------------------------------------------------------------

    def about_columns(self) -> list[Finding]:
        """Columns not used, columns without a heading, units and ways of writing that were decided for a whole column."""
        found: list[Finding] = []
        used = {each.heading.casefold() for each in self.plan.columns if each.meaning}
        spare = [each for each in self.plan.columns if not each.meaning]
        for each in spare:
            if each.heading and each.heading.casefold() in used:
                found.append(self.finding(BLOCKED, self.heading_cell(each), each.heading, "The heading is there twice; the first column was used.",
                                          "Delete or rename one of the two columns."))  # fmt: skip
        outside = [each for each in spare if each.why == OUTSIDE]
        if outside:
            seen = ", ".join(each.heading for each in outside)[:300]
            done = f"Places outside London: {len(outside):,} column{'s' if len(outside) > 1 else ''} left out."
            found.append(self.finding(NOTE, self.heading_cell(outside[0]), seen, done))
        rest = [each for each in spare if each.heading and each.heading.casefold() not in used and each.why != OUTSIDE]
        if rest:
            names = ", ".join(each.heading for each in rest)[:300]
            done = f"The table {kind(self.plan.kind).title} has no such columns: not used."
            advice = "Nothing, unless one of them is a heading spelled in another way: then say what it means."
            found.append(self.finding(NOTE, self.heading_cell(rest[0]), names, done, advice))
        for each in spare:
            if not each.heading:
                filled = np.flatnonzero(~self.strip(each).blank)
                if len(filled):
                    cell = self.applied.cell(int(filled[0]), each.column)
                    found.append(self.finding(NOTE, cell, "", "Values without a heading: not used.", "Give the column a heading."))
        return found + [finding for each in self.plan.columns if each.meaning for finding in self.about_decisions(each)]

    def strip(self, each: ColumnPlan) -> Strip:
        return self.applied.grid.strips[column_number(each.column) - self.applied.grid.left].take(self.applied.rows)

    def about_decisions(self, each: ColumnPlan) -> list[Finding]:
        found, cell = [], self.heading_cell(each)
        if each.meaning in FIGURES and each.scale not in (1.0, 0.01):
            done = (
                f"Figures under this heading were multiplied by {each.scale:,.10g}, to be in {'pounds' if each.unit == 'GBP' else 'units'}."
            )
            found.append(self.finding(FIXED, cell, each.heading, done, "Change the unit here if that is wrong."))
        if each.meaning in FIGURES and each.scale == 0.01:
            done = "Percentages, read as shares: 12.5 under this heading is 12.5%."
            found.append(self.finding(FIXED, cell, each.heading, done, "Change the unit here if that is wrong."))
        if each.meaning in FIGURES and each.unit == "share" and each.scale == 1 and each.why.startswith("no figure"):
            found.append(self.finding(NOTE, cell, each.heading, f"Read as shares: {each.why}.", "Change the unit here if that is wrong."))
        if each.meaning in FIGURES:
            found += self.about_decimal_comma(each, cell)
        if each.meaning in ("period", "date"):
            found += self.about_day_first(each, cell)
        if each.meaning and each.confidence < _SURE and each.confidence > 0 and not self.plan.exact and each.meaning != "indicators.value":
            done = f"Taken for {each.meaning.replace('.', ': ')} ({each.confidence:.0%} sure{', ' + each.why if each.why else ''})."
            found.append(self.finding(NOTE, cell, each.heading, done, "Change what the column means here if that is wrong."))
        return found

    def about_decimal_comma(self, each: ColumnPlan, cell: str) -> list[Finding]:
        """That a column's figures have a decimal comma, or, in a file that speaks for it, that they were taken not to have one."""
        if not each.decimal_comma and self.applied.grid.separator != decimal_commas.SEMICOLON:
            return []
        strip = self.strip(each)
        example = decimal_commas.example_of(strip.with_decimal_comma() if each.decimal_comma else strip)
        if example is None:
            return []
        seen = each.heading if self.private else example.text
        advice = "Change how its figures are written here if that is wrong."
        if each.decimal_comma:
            done = f"Figures in this column were read with a decimal comma: this is {example.continental:,.10g}."
            return [self.finding(FIXED, cell, seen, done, advice)]
        done = f"Figures in this column were read as in the UK: this is {example.british:,.10g}. With a decimal comma it is {example.continental:,.10g}."
        return [self.finding(NOTE, cell, seen, done, advice)]

    def about_day_first(self, each: ColumnPlan, cell: str) -> list[Finding]:
        texts = [text for text in self.strip(each).texts[:500] if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text)]
        if not texts:
            return []
        _, ambiguous = periods.decide_day_first(texts)
        order = "day first, as in the UK" if each.day_first else "month first, as in the US"
        if each.day_first and not ambiguous:
            return []
        why = "" if ambiguous else " because no other order fits all of them"
        advice = "Change the order of day and month here if that is wrong."
        return [self.finding(NOTE, cell, texts[0], f"Dates in this column were read {order}{why}.", advice)]

    def surroundings(self) -> list[Finding]:
        """What was taken from titles and headings inside the table, and what nothing says."""
        found, plan = [], self.plan
        if len(self.applied.examples):
            cell = f"{plan.columns[0].column}{int(self.applied.examples[0]) + self.applied.grid.top}"
            done = "The template's made-up example was left out."
            advice = "Nothing: type your own rows under the headings."
            found.append(self.finding(NOTE, cell, count_rows(len(self.applied.examples)), done, advice))
        if self.applied.aside:
            names = ", ".join(self.applied.aside)[:200]
            done = f"Rows about organisations or other breakdowns, not places: {count_rows(sum(self.applied.aside.values()))} left out."
            found.append(self.finding(NOTE, "", names, done))

        for name, value in plan.labels.items():
            told = areas.name_of(value) if name == "area" else value
            if name in self.applied.labels:
                done = f"Months and quarters without a year were read as those of {told}: the title or name says so."
                found.append(self.finding(NOTE, "", (plan.title or plan.sheet)[:100], done, "Change it here if that is wrong."))
                continue
            source = plan.title or plan.sheet
            found.append(self.finding(NOTE, "", source[:100], f"The {name.replace('_', ' ')} of every row is {told}: the title or name says so.",
                                      "Change it here if that is wrong."))  # fmt: skip
        if self.applied.sections and plan.sections:
            seen = ", ".join(self.applied.sections)[:200]
            found.append(self.finding(NOTE, "", seen, f"Headings inside the table were read as the {plan.sections} of the rows under them.",
                                      "Change what they mean here if that is wrong."))  # fmt: skip
        for letters in plan.fill_down:
            column = plan.column(letters)
            found.append(
                self.finding(FIXED, self.heading_cell(column), column.heading, "Blank cells under a name were read as that name.", "")
            )
        given = {*self.applied.labels, *plan.labels}
        for name, default in NOT_STATED.items():
            silent = [
                slot
                for slot in self.applied.slots
                if name in slot.table.required and name not in given and name not in slot.labels and not slot.comparator
            ]
            if silent:
                found.append(self.finding(NOTE, "", f"No {name}", f"Nothing says which {name} the figures are of: kept as “{default}”.",
                                          f"Say here which {name} the table is about."))  # fmt: skip
        return found

    # Labels --------------------------------------------------------------------------------------------------------------

    def about_labels(self, labelled: Labelled) -> list[Finding]:
        whole = np.ones(len(self.applied.rows), dtype=bool)
        found = self.grouped(labelled, whole, (COMPARATOR, TOTAL), NOTE)
        rest = whole if labelled.column.kind == "area" else ~self.applied.apart
        found += self.elsewhere(labelled)
        found += self.grouped(labelled, rest, (cells.BLOCKED,), BLOCKED)
        # Every day of a record-level table would be "read as" a day; the rows are counted by month anyway.
        if self.private and labelled.column.kind == "period":
            return found
        return found + self.grouped(labelled, rest, (OK,), FIXED)

    def elsewhere(self, labelled: Labelled) -> list[Finding]:
        reasons = dict.fromkeys(meaning.done for meaning in labelled.meanings if meaning.state == ELSEWHERE)
        return [finding for reason in reasons for finding in self.outside(labelled, reason)]

    def outside(self, labelled: Labelled, reason: str) -> list[Finding]:
        """One finding for all rows that were left out for the same reason, with the first names."""
        of_text = np.array([meaning.state == ELSEWHERE and meaning.done == reason for meaning in labelled.meanings], dtype=bool)
        rows = np.flatnonzero(of_text[labelled.codes])
        if not len(rows):
            return []
        names = list(dict.fromkeys(labelled.texts[int(code)] for code in labelled.codes[rows[:20_000]]))
        seen = ", ".join(names[:5]) + (f" and {len(names) - 5:,} more" if len(names) > 5 else "")
        done = f"{reason} {count_rows(len(rows))} left out."
        return [self.finding(NOTE, self.applied.cell(int(rows[0]), labelled.letters), seen[:300], done)]

    def grouped(self, labelled: Labelled, among: np.ndarray, states: Sequence[str], severity: str) -> list[Finding]:
        """One finding for each distinct text, with the first place and the number of rows; beyond ``SHOWN``, one for the rest."""
        told = [i for i, meaning in enumerate(labelled.meanings) if meaning.state in states and meaning.done]
        if not told:
            return []
        codes = labelled.codes[among]
        counts = np.bincount(codes, minlength=len(labelled.meanings))
        rows = np.flatnonzero(among)
        first = {i: int(rows[int(np.argmax(codes == i))]) for i in told if counts[i]} if len(told) <= 5 * SHOWN else _firsts(codes, rows)
        told = sorted((i for i in told if counts[i]), key=lambda i: first[i])
        if severity == FIXED and labelled.column.name in GROUPS and len(told) > 1:
            return [self.tidied(labelled, told, first, counts)]
        action = {BLOCKED: "left out", NOTE: "left out", FIXED: "in all"}[severity]
        hide = self.private and severity == BLOCKED
        found = []
        for i in told[:SHOWN]:
            meaning, cell = labelled.meanings[i], self.applied.cell(first[i], labelled.letters)
            seen = "Not shown: each row is about one person." if hide else shown(labelled.texts[i])
            found.append(self.finding(severity, cell, seen, f"{meaning.done} {count_rows(int(counts[i]))} {action}.", meaning.advice))
        if len(told) > SHOWN:
            rest = told[SHOWN:]
            total = count_rows(int(counts[rest].sum()))
            seen = f"{len(rest):,} more such cells in {labelled.column.name}"
            advice = "Download the rows left out to see each." if severity == BLOCKED else ""
            done = f"{total} read in the same way." if severity == FIXED else f"{total} left out."
            found.append(self.finding(severity, self.applied.cell(first[rest[0]], labelled.letters), seen, done, advice))
        return found

    def tidied(self, labelled: Labelled, told: Sequence[int], first: Mapping[int, int], counts: np.ndarray) -> Finding:
        """One finding for all the ways in which a group of people was written."""
        pairs = [(shown(labelled.texts[i]), labelled.meanings[i].value or "everyone") for i in told[:4]]
        examples = ", ".join(f"{seen} as {value}" for seen, value in pairs) + (" and so on" if len(told) > 4 else "")
        done = f"Groups of people were read in one form: {examples}. {count_rows(int(counts[told].sum()))} in all."
        seen = f"{len(told):,} ways of writing {labelled.column.name.replace('_', ' ')}"
        return self.finding(FIXED, self.applied.cell(first[told[0]], labelled.letters), seen, done)

    # Figures -------------------------------------------------------------------------------------------------------------

    def about_figures(self, figures: Figures, total: bool) -> list[Finding]:
        """What cannot be read, how numbers were written, and how many are suppressed or missing, in the rows that are used."""
        good, name = self.applied.good, figures.column.name
        found = self.unreadable(figures, self.applied.meant)
        if total:
            return found
        forms = figures.strip.numbers.form[figures.strip.codes]
        for form, what in ((numbers.PERCENT, "with a % sign"), (numbers.WRITTEN, "with £, brackets, k or m")):
            where = np.flatnonzero((forms == numbers.FORMS.index(form)) & good & ~figures.where(UNREADABLE))
            if len(where):
                value = float(figures.values[where[0]])
                done = f"Read as {value:,.15g}. {count_rows(len(where))} of {name} written {what}."
                found.append(self.finding(FIXED, self.applied.cell(int(where[0]), figures.plan.column), figures.strip[int(where[0])], done))
        several = len(self.applied.slots) > 1
        states = [(HIDDEN, "suppressed: kept as suppressed, never as a number.")]
        if figures.column.required:
            states.append((UNKNOWN, "without a figure: kept as missing, never as 0."))
        for state, what in states:
            where = np.flatnonzero(figures.where(state) & good & ~(figures.strip.blank & several))
            if len(where):
                cell = self.applied.cell(int(where[0]), figures.plan.column)
                found.append(self.finding(NOTE, cell, self.written(figures, int(where[0])), f"{count_rows(len(where))} of {name} {what}"))
        return found

    def written(self, figures: Figures, row: int) -> str:
        """What stands in the cell itself: a figure may be suppressed by a remark beside it."""
        at = column_number(figures.plan.column) - self.applied.grid.left
        return self.applied.grid.text(int(self.applied.rows[row]), at)

    def unreadable(self, figures: Figures, good: np.ndarray) -> list[Finding]:
        where = np.flatnonzero(figures.where(UNREADABLE) & good)
        if not len(where):
            return []
        codes = figures.strip.codes[where]
        order, first = np.unique(codes, return_index=True)
        found = []
        told = sorted(zip(first.tolist(), order.tolist(), strict=True))
        for at, code in told[:SHOWN]:
            text = str(figures.strip.values[code].as_py())
            done, advice = why_blocked(text, figures.column, figures.plan.decimal_comma)
            seen = "Not shown: each row is about one person." if self.private else shown(text)
            done = f"{done} {count_rows(int((codes == code).sum()))} left out."
            found.append(self.finding(BLOCKED, self.applied.cell(int(where[at]), figures.plan.column), seen, done, advice))
        if len(told) > SHOWN:
            rest = np.isin(codes, [code for _, code in told[SHOWN:]])
            cell = self.applied.cell(int(where[told[SHOWN][0]]), figures.plan.column)
            seen = f"{len(told) - SHOWN:,} more such cells in {figures.column.name}"
            found.append(
                self.finding(BLOCKED, cell, seen, f"{count_rows(int(rest.sum()))} left out.", "Download the rows left out to see each.")
            )
        return found


def _firsts(codes: np.ndarray, rows: np.ndarray) -> dict[int, int]:
    unique, first = np.unique(codes, return_index=True)
    return {int(code): int(rows[int(at)]) for code, at in zip(unique, first, strict=True)}


def findings_of(applied: Applied, file: str) -> list[Finding]:
    """Everything that a person should know about how one table was read."""
    return Teller(applied, file).all()
