"""What is said about columns of labels: texts that were not taken as they are written, each once with its first cell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mhequity.coded import first_rows, spread
from mhequity.reading.applied import Labelled
from mhequity.reading.cells import BLOCKED as REFUSED
from mhequity.reading.cells import COMPARATOR, ELSEWHERE, MISSING, OK, TOTAL
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding, count_rows, first_few, shown
from mhequity.reading.teller import SHOWN, Teller
from mhequity.tables import GROUPS

_MANY_PERIODS = 4
_ACTIONS = {BLOCKED: "left out", NOTE: "left out", FIXED: "in all"}


def about_labels(teller: Teller, labelled: Labelled) -> list[Finding]:
    """Totals kept apart, places outside London, texts that cannot be used, and texts that were read as something else."""
    whole = np.ones(len(teller.applied.rows), dtype=bool)
    found = _grouped(teller, labelled, whole, (COMPARATOR, TOTAL), NOTE)
    rest = ~teller.applied.apart
    if labelled.column.kind == "area":
        # A total names no place of its own, but a place that it does name is worth a word.
        rest = rest | spread(np.array([bool(text) for text in labelled.texts], dtype=bool), labelled.codes)
    found += _elsewhere(teller, labelled)
    found += _grouped(teller, labelled, rest, (REFUSED,), BLOCKED)
    found += _grouped(teller, labelled, rest, (MISSING,), NOTE, "kept without it")
    # Every day of a record-level table would be "read as" a day; the rows are counted by month anyway.
    if teller.private and labelled.column.kind == "period":
        return found
    return found + _grouped(teller, labelled, rest, (OK,), FIXED)


def _elsewhere(teller: Teller, labelled: Labelled) -> list[Finding]:
    reasons = dict.fromkeys(meaning.done for meaning in labelled.meanings if meaning.state == ELSEWHERE)
    return [finding for reason in reasons for finding in _outside(teller, labelled, reason)]


def _outside(teller: Teller, labelled: Labelled, reason: str) -> list[Finding]:
    """One finding for all rows that were left out for the same reason, with the first names."""
    of_text = np.array([meaning.state == ELSEWHERE and meaning.done == reason for meaning in labelled.meanings], dtype=bool)
    rows = np.flatnonzero(of_text[labelled.codes])
    if not len(rows):
        return []
    names = dict.fromkeys(labelled.texts[int(code)] for code in labelled.codes[rows[:20_000]])
    done = f"{reason} {count_rows(len(rows))} left out."
    about = labelled.meanings[int(labelled.codes[rows[0]])].kind
    return [teller.finding(about, NOTE, teller.applied.cell(int(rows[0]), labelled.letters), first_few(names)[:300], done)]


def _grouped(
    teller: Teller, labelled: Labelled, among: np.ndarray, states: Sequence[str], severity: str, action: str = ""
) -> list[Finding]:
    """One finding for each distinct text, with the first place and the number of rows; beyond ``SHOWN``, one for the rest."""
    told = [i for i, meaning in enumerate(labelled.meanings) if meaning.state in states and meaning.done]
    if not told or not among.any():
        return []
    action = action or _ACTIONS[severity]
    rows = None if among.all() else np.flatnonzero(among)
    codes = labelled.codes if rows is None else labelled.codes[rows]
    counts = np.bincount(codes, minlength=len(labelled.meanings))
    first = first_rows(codes, len(labelled.meanings))
    first = first if rows is None else np.where(first < 0, first, rows[first])
    told = sorted((i for i in told if counts[i]), key=lambda i: first[i])
    if severity == FIXED and _alike(labelled, told):
        return [_tidied(teller, labelled, told, first, counts)]
    found = []
    for i in told[:SHOWN]:
        meaning, cell = labelled.meanings[i], teller.applied.cell(int(first[i]), labelled.letters)
        hidden = teller.private and severity != FIXED
        seen = "Not shown: each row is about one person." if hidden else shown(labelled.texts[i])
        done = f"{meaning.done} {count_rows(int(counts[i]))} {action}."
        found.append(teller.finding(meaning.kind, severity, cell, seen, done, meaning.advice))
    if rest := told[SHOWN:]:
        total = count_rows(int(counts[rest].sum()))
        seen = f"{len(rest):,} more such cells in {labelled.column.name}"
        advice = "Download the rows left out to see each." if severity == BLOCKED else ""
        done = f"{total} read in the same way." if severity == FIXED else f"{total} {action}."
        cell, about = teller.applied.cell(int(first[rest[0]]), labelled.letters), labelled.meanings[rest[0]].kind
        found.append(teller.finding(about, severity, cell, seen, done, advice))
    return found


def _alike(labelled: Labelled, told: Sequence[int]) -> bool:
    """True where nobody gains from reading of each text by itself: groups of people, and many periods, none of them in doubt."""
    if labelled.column.name in GROUPS:
        return len(told) > 1
    return labelled.column.kind == "period" and len(told) > _MANY_PERIODS and not any(labelled.meanings[i].advice for i in told)


def _tidied(teller: Teller, labelled: Labelled, told: Sequence[int], first: np.ndarray, counts: np.ndarray) -> Finding:
    """One finding for all the ways in which groups of people, or periods, were written."""
    pairs = [(shown(labelled.texts[i]), labelled.meanings[i].value or "everyone") for i in told[:4]]
    examples = ", ".join(f"{seen} as {value}" for seen, value in pairs) + (" and so on" if len(told) > 4 else "")
    what = "Groups of people" if labelled.column.name in GROUPS else "Periods"
    done = f"{what} were read in one form: {examples}. {count_rows(int(counts[told].sum()))} in all."
    seen = f"{len(told):,} ways of writing {labelled.column.name.replace('_', ' ')}"
    return teller.finding("spellings", FIXED, teller.applied.cell(int(first[told[0]]), labelled.letters), seen, done)
