"""What is said about columns of figures: cells that are no numbers, ways of writing them, and how many are hidden or missing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow.compute as pc

from mhequity.coded import spread
from mhequity.reading import numbers
from mhequity.reading.applied import HIDDEN, UNKNOWN, UNREADABLE, Figures
from mhequity.reading.figure_columns import why_blocked
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding, Kind, count_rows, shown
from mhequity.reading.grids import column_number
from mhequity.reading.teller import SHOWN, Teller

_FORMS = ((numbers.PERCENT, "with a % sign"), (numbers.WRITTEN, "with £, brackets, k or m"))
_BEHIND = ((numbers.SHARE_BEHIND, "its share in brackets"), (numbers.NOTE_BEHIND, "a footnote's mark"))
_CHECK_STARS = "Check that no star behind a figure hides it: * alone was read as suppressed in this column."


def about_figures(teller: Teller, figures: Figures, total: bool) -> list[Finding]:
    """What cannot be read, how numbers were written, and how many are suppressed or missing, in the rows that are used."""
    found = _unreadable(teller, figures)
    return found if total else [
        *found, *_written_otherwise(teller, figures), *_written_behind(teller, figures), *_without_a_number(teller, figures)
    ]  # fmt: skip


def _written_otherwise(teller: Teller, figures: Figures) -> Iterator[Finding]:
    for form, what in _FORMS:
        of_text = figures.strip.numbers.form == numbers.FORMS.index(form)
        if not of_text.any():
            continue
        where = np.flatnonzero(spread(of_text, figures.strip.codes) & teller.applied.good & ~figures.where(UNREADABLE))
        if len(where):
            first = int(where[0])
            done = f"Read as {float(figures.values[first]):,.15g}. {count_rows(len(where))} of {figures.column.name} written {what}."
            yield teller.finding("spellings", FIXED, teller.applied.cell(first, figures.plan.column), figures.strip[first], done)


def _written_behind(teller: Teller, figures: Figures) -> Iterator[Finding]:
    """Shares and footnotes' marks behind figures, which were not used."""
    if not (figures.strip.numbers.form >= numbers.FORMS.index(numbers.PERCENT)).any() and not figures.has(HIDDEN):
        return
    for pattern, what in _BEHIND:
        of_text = pc.match_substring_regex(figures.strip.values, f"(?i){pattern}").to_numpy(zero_copy_only=False)
        where = np.flatnonzero(spread(of_text, figures.strip.codes) & teller.applied.good & ~figures.where(UNREADABLE))
        if not len(where):
            continue
        first = int(where[0])
        seen, star = figures.strip[first], any("*" in figures.strip[int(row)][1:] for row in where[:1000])
        read = "suppressed" if np.isnan(figures.values[first]) else f"{float(figures.values[first]):,.15g}"
        done = f"Read as {read}. {count_rows(len(where))} of {figures.column.name} with {what} behind the figure, which was not used."
        alone = star and figures.has(HIDDEN) and "*" in figures.strip.texts
        advice = _CHECK_STARS if alone else ""
        yield teller.finding("spellings", FIXED, teller.applied.cell(first, figures.plan.column), seen, done, advice)


def _without_a_number(teller: Teller, figures: Figures) -> Iterator[Finding]:
    several = len(teller.applied.slots) > 1
    states: list[tuple[int, Kind, str]] = [(HIDDEN, "suppressed", "suppressed: kept as suppressed, never as a number.")]
    if figures.column.required:
        states.append((UNKNOWN, "missing", "without a figure: kept as missing, never as 0."))
    for state, about, what in states:
        if not figures.has(state):
            continue
        where = np.flatnonzero(figures.where(state) & teller.applied.good & ~(figures.strip.blank & several))
        if len(where):
            cell, seen = teller.applied.cell(int(where[0]), figures.plan.column), _in_the_cell(teller, figures, int(where[0]))
            yield teller.finding(about, NOTE, cell, seen, f"{count_rows(len(where))} of {figures.column.name} {what}")


def _in_the_cell(teller: Teller, figures: Figures, row: int) -> str:
    """What stands in the cell itself: a figure may be suppressed by a remark beside it."""
    applied = teller.applied
    return applied.grid.text(int(applied.rows[row]), column_number(figures.plan.column) - applied.grid.left)


def _unreadable(teller: Teller, figures: Figures) -> list[Finding]:
    """Each distinct text that is no figure, with its first cell; beyond ``SHOWN``, one finding for the rest."""
    where = np.flatnonzero(figures.where(UNREADABLE) & teller.applied.meant) if figures.has(UNREADABLE) else np.zeros(0, dtype=np.int64)
    if not len(where):
        return []
    codes = figures.strip.codes[where]
    order, first = np.unique(codes, return_index=True)
    found = []
    told = sorted(zip(first.tolist(), order.tolist(), strict=True))
    for at, code in told[:SHOWN]:
        text = str(figures.strip.values[code].as_py())
        why, advice = why_blocked(text, figures.column, figures.plan.decimal_comma)
        seen = "Not shown: each row is about one person." if teller.private else shown(text)
        done = f"{why} {count_rows(int((codes == code).sum()))} left out."
        found.append(teller.finding("figures", BLOCKED, teller.applied.cell(int(where[at]), figures.plan.column), seen, done, advice))
    if rest := told[SHOWN:]:
        left = int(np.isin(codes, [code for _, code in rest]).sum())
        cell, seen = (
            teller.applied.cell(int(where[rest[0][0]]), figures.plan.column),
            f"{len(rest):,} more such cells in {figures.column.name}",
        )
        advice = "Download the rows left out to see each."
        found.append(teller.finding("figures", BLOCKED, cell, seen, f"{count_rows(left)} left out.", advice))
    return found
