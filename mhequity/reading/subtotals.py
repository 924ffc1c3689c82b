"""Rows that add up other rows of their table though no word says so: a quarter beside its months, a service above its parts.

A quarter is its months' total wherever all of them are there. Of services and the like only the figures can tell, so that many of
them must agree before equality is taken for more than chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from math import floor, log10

import numpy as np

from mhequity import periods
from mhequity.periods import Period
from mhequity.reading.applied import KNOWN, Applied, Figures, Labelled
from mhequity.reading.cells import COMPARATOR, OK, TOTAL, Understood
from mhequity.reading.grids import column_number
from mhequity.reading.sums import adds_up

NESTED = ("service", "team", "provider", "staff_group")
"""Labels of which one may be made up of others. A measure beside its parts is a fact of its own."""
ADVICE = "Switch off “A row that adds up others is a total” here if that is wrong."
_MOST_ROWS, _MOST_PARTS, _MOST_CHECKED = 20_000, 60, 1000
_ENOUGH = 2.0
"""Chance must be a hundred times less likely to give as many equal sums: evidence is counted in powers of ten."""


def keep_sums_apart(applied: Applied) -> None:
    """Mark rows that add up others as totals, and note which rows each of them adds up."""
    figures = [each for slot in applied.slots if not slot.comparator for each in slot.figures if adds_up(each)]
    if not applied.plan.sums_are_totals or not figures or not len(applied.rows):
        return
    for name in ("period", "date"):
        if name in applied.labels:
            _periods(applied, name)
    for name in NESTED:
        if name in applied.labels and len(applied.labels[name].texts) >= 3 and len(applied.rows) <= _MOST_ROWS:
            _nested(applied, name, figures)


def _as_totals(labelled: Labelled, rows: np.ndarray, value: str, done: str) -> Labelled:
    """These rows, and no others of the same text, as totals."""
    codes = labelled.codes.copy()
    text = labelled.texts[int(codes[rows[0]])]
    codes[rows] = len(labelled.texts)
    total = Understood(TOTAL, value, done, ADVICE, kind="totals")
    return replace(labelled, texts=[*labelled.texts, text], meanings=[*labelled.meanings, total], codes=codes)


def _groups(applied: Applied, name: str) -> np.ndarray:
    """A whole number for each row, the same where all labels but one mean the same."""
    keys, most = np.zeros(len(applied.rows), dtype=np.int64), 1
    for other, labelled in applied.labels.items():
        if other == name:
            continue
        places = {value: at for at, value in enumerate(dict.fromkeys(meaning.value for meaning in labelled.meanings))}
        if most > np.iinfo(np.int64).max // max(1, len(places)):
            keys, most = np.unique(keys, return_inverse=True)[1].astype(np.int64), len(keys)
        own = np.array([places[meaning.value] for meaning in labelled.meanings], dtype=np.int64)[labelled.codes]
        keys, most = keys * len(places) + own, most * max(1, len(places))
    return keys


# --- periods ---------------------------------------------------------------------------------------------------------


def _periods(applied: Applied, name: str) -> None:
    labelled = applied.labels[name]
    held = {meaning.value: periods.parse(meaning.value) for meaning in labelled.meanings if meaning.state == OK}
    known = [period for period in held.values() if period is not None and period.start and period.end]
    ways = [(whole, parts) for whole in known if whole.kind in ("quarter", "year") for parts in _ways_to_make(whole, known)]
    if not ways:
        return
    groups, rows_of = _groups(applied, name), _rows_of_each(labelled)
    for whole, parts in ways:
        labelled = _one_period(applied, labelled, whole, parts, groups, rows_of)
    applied.labels[name] = labelled


def _rows_of_each(labelled: Labelled) -> dict[str, np.ndarray]:
    """Each meaning that can be used, to its rows."""
    order = np.argsort(labelled.codes, kind="stable")
    ends = np.cumsum(np.bincount(labelled.codes, minlength=len(labelled.meanings)))
    found: dict[str, list[np.ndarray]] = {}
    for meaning, rows in zip(labelled.meanings, np.split(order, ends[:-1]), strict=True):
        if meaning.state == OK:
            found.setdefault(meaning.value, []).append(rows)
    return {value: np.concatenate(rows) for value, rows in found.items()}


def _ways_to_make(whole: Period, known: Sequence[Period]) -> list[list[Period]]:
    """Months, and quarters, that make up a longer period without a gap."""
    found = []
    for kind in ("month", "quarter"):
        inside = {each.label: each for each in known if each.kind == kind != whole.kind and _within(each, whole)}
        if inside and sum(each.days for each in inside.values()) == whole.days:
            found.append(list(inside.values()))
    return found


def _within(part: Period, whole: Period) -> bool:
    return bool(whole.start and part.start and part.end and whole.end) and whole.start <= part.start and part.end <= whole.end  # type: ignore[operator]


def _one_period(
    applied: Applied, labelled: Labelled, whole: Period, parts: Sequence[Period], groups: np.ndarray, rows_of: dict[str, np.ndarray]
) -> Labelled:
    """The rows of a period beside which all of its parts stand, with the same other labels, as totals."""
    complete = reduce(np.intersect1d, [np.unique(groups[rows_of[each.label]]) for each in parts])
    rows = rows_of[whole.label]
    rows = np.sort(rows[np.isin(groups[rows], complete)])
    if not len(rows):
        return labelled
    inside = np.concatenate([rows_of[each.label] for each in parts])
    inside = inside[np.argsort(groups[inside], kind="stable")]
    first, last = (np.searchsorted(groups[inside], groups[rows], side) for side in ("left", "right"))
    for row, start, end in list(zip(rows.tolist(), first.tolist(), last.tolist(), strict=True))[:_MOST_CHECKED]:
        applied.adds.setdefault(row, inside[start:end])
    done = f"{whole.label} is the total of the {parts[0].kind}s beside it, not a fact to add up. Kept apart."
    return _as_totals(labelled, rows, f"{whole.label} total", done)


# --- services and the like -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Sum:
    """A row whose figures are the sum of the rows that follow it (or, read upwards, of those before it)."""

    row: int
    parts: tuple[int, ...]
    columns: int
    evidence: float
    """How unlikely the equality is by chance, in powers of ten."""


def _nested(applied: Applied, name: str, figures: Sequence[Figures]) -> None:
    labelled = applied.labels[name]
    values = np.column_stack([np.where(each.where(KNOWN), each.values, np.nan) for each in figures])
    totals = np.logical_or.reduce([each.where(COMPARATOR, TOTAL) for each in applied.labels.values()])
    rows = np.flatnonzero(~totals & labelled.where(OK) & ~np.isnan(values).all(axis=1))
    groups = _groups(applied, name)[rows]
    order = rows[np.argsort(groups, kind="stable")]
    runs = np.split(order, np.flatnonzero(np.diff(np.sort(groups))) + 1)
    depths = _depths(applied, labelled)
    under = _accepted([each for run in runs for each in _sums_in(values, run)], labelled, len(rows), depths)
    over = _accepted([each for run in runs for each in _sums_in(values, run[::-1])], labelled, len(rows), depths)
    found, where = max(((under, "under"), (over, "above")), key=lambda option: sum(1 + each.evidence for each in option[0]))
    parts = {part for each in found for part in each.parts}
    for text in dict.fromkeys(labelled.texts[int(labelled.codes[each.row])] for each in found):
        mine = [each for each in found if labelled.texts[int(labelled.codes[each.row])] == text]
        applied.adds.update({each.row: np.array(each.parts) for each in mine})
        held = np.array([each.row for each in mine])
        if len(mine) > 1:
            # The same service elsewhere is its parts' total too, even where a figure is hidden or wrong.
            same = np.flatnonzero((labelled.codes == labelled.codes[held[0]]) & ~totals)
            others = [int(row) for row in same if row not in set(held.tolist()) and row not in parts]
            applied.adds.update(_parts_elsewhere(labelled, mine, others, _groups(applied, name)))
            held = np.array(sorted([*held.tolist(), *others]))
        done = f"Its figures are the sums of the rows {where} it: a total over {name.replace('_', ' ')}, not a fact to add up. Kept apart."
        labelled = _as_totals(labelled, np.sort(held), text, done)
    applied.labels[name] = labelled


def _depths(applied: Applied, labelled: Labelled) -> np.ndarray:
    """How far each row's text is indented."""
    indents = applied.grid.strips[column_number(labelled.letters) - applied.grid.left].indents
    return np.zeros(len(applied.rows), dtype=np.int32) if indents is None else indents[applied.rows]


def _parts_elsewhere(labelled: Labelled, known: Sequence[_Sum], rows: Sequence[int], groups: np.ndarray) -> dict[int, np.ndarray]:
    """What a service adds up in the groups where its figures do not show it: the parts that it has in the others."""
    codes = np.unique(labelled.codes[[part for each in known for part in each.parts]])
    inside = np.isin(labelled.codes, codes)
    return {row: np.flatnonzero(inside & (groups == groups[row])) for row in rows[:_MOST_CHECKED]}


def _sums_in(values: np.ndarray, run: np.ndarray) -> list[_Sum]:
    """Rows of a run that are the sum of the rows behind them; the parts of a sum may be sums themselves."""
    rows = values[run].tolist()
    negative = bool((values[run] < 0).any())
    behind: dict[int, int] = {}
    found: dict[int, _Sum] = {}
    for at in range(len(run) - 3, -1, -1):
        for ends in (behind, {}) if behind else ({},):
            parts = _adding(rows, at, ends, negative)
            if parts:
                after = ends.get(parts[-1], parts[-1] + 1)
                if not ends:
                    found = {other: each for other, each in found.items() if not at < other < after}
                found[at] = _measured(values, int(run[at]), tuple(int(run[part]) for part in parts))
                behind[at] = after
                break
    return list(found.values())


def _adding(rows: Sequence[Sequence[float]], at: int, behind: Mapping[int, int], negative: bool) -> list[int]:
    """The rows behind a row that it is the sum of, in every column that all of them fill; none where there are none."""
    target = rows[at]
    live = [column for column, figure in enumerate(target) if figure == figure]
    total, parts, filled, part = [0.0] * len(target), list[int](), 0, at + 1
    while part < len(rows) and len(parts) < _MOST_PARTS:
        row = rows[part]
        live = [column for column in live if row[column] == row[column]]
        if not any(target[column] for column in live):
            break
        for column in live:
            total[column] += row[column]
        parts.append(part)
        filled += any(row[column] for column in live)
        part = behind.get(part, part + 1)
        if not negative and any(total[column] > target[column] + 1e-6 for column in live):
            break
        if filled >= 2 and all(abs(total[column] - target[column]) <= 1e-9 * max(1.0, abs(target[column])) for column in live):
            return parts
    return []


def _measured(values: np.ndarray, row: int, parts: tuple[int, ...]) -> _Sum:
    """How much an equal sum says: much for large figures in several columns, little for small or round ones."""
    held = values[[row, *parts]]
    held = np.unique(held[:, ~np.isnan(held).any(axis=0)], axis=1)
    held = held[:, held[0] != 0]
    evidence = sum(max(0.0, log10(abs(column[0]) / _step(column))) for column in held.T) - log10(len(parts))
    return _Sum(row, parts, held.shape[1], evidence)


def _step(figures: np.ndarray) -> float:
    """The power of ten that all figures are whole multiples of."""
    for power in range(floor(log10(np.abs(figures[figures != 0]).min())), -5, -1):
        steps = figures / 10.0**power
        if (np.abs(steps - np.round(steps)) < 1e-6).all():
            return 10.0**power
    return 1e-4


def _accepted(found: Sequence[_Sum], labelled: Labelled, count: int, depths: np.ndarray) -> list[_Sum]:
    """The sums that are no chance: indented parts, the same service in several groups, several of one, or one with much to show."""
    of_text: dict[int, list[_Sum]] = {}
    indented = [each for each in found if depths[each.row] < depths[list(each.parts)].min()]
    for each in found:
        of_text.setdefault(int(labelled.codes[each.row]), []).append(each)
    kept: list[_Sum] = []
    alone: list[_Sum] = []
    for code, sums in of_text.items():
        there = int((labelled.codes == code).sum())
        if len(sums) > 1 and 2 * len(sums) >= there and sum(each.evidence for each in sums) >= _ENOUGH + log10(len(labelled.texts)):
            kept += sums
        elif there == 1:
            alone += sums
    strong = [each for each in alone if each.evidence > log10(count)]
    spare = sum(each.evidence - log10(count) for each in strong)
    if spare >= _ENOUGH and (len(strong) > 1 or (len(strong[0].parts) >= 3 and strong[0].columns >= 2)):
        kept += strong
    known = {each.row for each in kept}
    return [*kept, *(each for each in indented if each.row not in known)]
