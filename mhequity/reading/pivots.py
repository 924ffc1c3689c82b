"""Two levels of names in one column, as a pivot table's compact form writes them: each parent's row states the sum of its rows.

``Brent 10, Crisis 4, CMHT 6, Harrow 30, ...`` or ``Crisis 14, Brent 4, Harrow 10, ...``: a parent is the label of the rows under
it, and its own figures are a stated total.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from mhequity import areas
from mhequity.reading import wording
from mhequity.reading.applied import Applied
from mhequity.reading.cells import TOTALS
from mhequity.reading.grids import MARK, Strip
from mhequity.reading.labelling import row_labels
from mhequity.reading.plans import FIGURES
from mhequity.reading.profiles import Profile
from mhequity.tables import GROUPS

_MOST_ROWS = 5_000
_PIVOT = re.compile(r"row labels", re.IGNORECASE)
_PLACE, _OTHER, _UNSURE, _TOTAL, _NOTHING = range(5)


@dataclass(frozen=True)
class Levels:
    """What the two levels of names in the first column are: one of them places."""

    parents: str
    """The label that the parents name, such as ``area``."""
    children: str


def levels_of(columns: Sequence[Profile]) -> Levels | None:
    """The levels of a table whose first column holds two, and whose other columns are all figures; None for any other."""
    if len(columns) < 2 or columns[0].filled > _MOST_ROWS or any(each.filled and each.numbers < 0.5 for each in columns[1:]):
        return None
    first = columns[0]
    parents = parents_of(first.strip, [each.strip for each in columns[1:]], bool(_PIVOT.search(first.title)))
    if parents is None:
        return None
    kinds = _kinds(first.strip)
    above, below = np.flatnonzero(parents), np.flatnonzero(~parents & (kinds < _TOTAL))
    if kinds[above[0]] == _PLACE:
        return Levels("area", _named(replace(first, strip=first.strip.take(below))))
    return Levels(_named(replace(first, strip=first.strip.take(above))), "area")


def _named(each: Profile) -> str:
    """What names that are no places say: a period, an age or sex, else the service."""
    found = next(iter(row_labels([each]).values()), None)
    if found is not None and found.meaning not in ("area", "level"):
        return found.meaning
    said = [wording.understand([text]).labels for text in each.sample]
    return next((name for name in GROUPS if 2 * sum(name in labels for labels in said) > len(said)), "service")


def parents_of(names: Strip, figures: Sequence[Strip], pivot: bool) -> np.ndarray | None:
    """True for each row that is the parent of those under it; None where rows do not stand in two levels.

    The first row tells which kind of name, places or others, the parents are. Each must have rows under it that add up to it,
    but for a pivot table, whose figures may be averages.
    """
    kinds = _kinds(names)
    rows = kinds < _TOTAL
    if not (kinds == _PLACE).any() or not (kinds == _OTHER).any() or not figures:
        return None
    values = np.column_stack([strip.numbers.value[strip.codes] for strip in figures])
    marked = np.column_stack([strip.looks == MARK for strip in figures])
    if np.isnan(values[rows & (kinds != _NOTHING)]).all(axis=1).any():
        return None
    parents = kinds == kinds[np.flatnonzero(kinds < _UNSURE)[0]]
    for row in np.flatnonzero(kinds == _UNSURE):
        parents[row] = _adds_up(int(row), _under(int(row), parents, kinds), values, marked)
    families = [(int(row), _under(int(row), parents, kinds)) for row in np.flatnonzero(parents)]
    if not all(len(under) for _, under in families) or sum(len(under) for _, under in families) < 2 or not parents[np.flatnonzero(rows)[0]]:
        return None
    return parents if pivot or all(_adds_up(row, under, values, marked) for row, under in families) else None


def _kinds(names: Strip) -> np.ndarray:
    """What each row's name is."""
    return np.array([_kind(text) for text in names.texts], dtype=np.int8)[names.codes]


def _kind(text: str) -> int:
    if not text:
        return _NOTHING
    if text.casefold() == "(blank)":
        return _UNSURE
    found = areas.match(text)
    if TOTALS.search(text) or found.comparator:
        return _TOTAL
    if found.area or found.elsewhere:
        return _PLACE
    return _UNSURE if found.proposals else _OTHER


def _under(row: int, parents: np.ndarray, kinds: np.ndarray) -> np.ndarray:
    """The rows under a parent, down to the next parent or total."""
    stops = np.flatnonzero((parents | (kinds == _TOTAL)) & (np.arange(len(kinds)) > row))
    under = np.arange(row + 1, int(stops[0]) if len(stops) else len(kinds))
    return under[kinds[under] != _NOTHING]


def _adds_up(row: int, under: np.ndarray, values: np.ndarray, marked: np.ndarray) -> bool:
    """Whether the rows make their parent in every column without suppressed or missing figures."""
    known = ~np.isnan(values[row]) & ~marked[under].any(axis=0)
    sums = np.nansum(values[under], axis=0)
    near = np.abs(sums - values[row]) <= 1e-6 + 0.011 * len(under) * (values[row] % 1 != 0)
    return bool(len(under) and known.any() and near[known].all())


def parent_strip(applied: Applied, strips: dict[str, Strip]) -> Strip | None:
    """Each row's parent. A parent's own row stays as a total of its children; None where the rows are not in two levels."""
    plan = applied.plan
    letters, heading = plan.columns[0].column, plan.columns[0].heading
    names = strips[letters]
    figures = [strips[each.column] for each in plan.columns if each.meaning in FIGURES]
    parents = parents_of(names, figures, bool(_PIVOT.search(heading)))
    if parents is None:
        return None
    own = parents | (_kinds(names) >= _TOTAL)
    last = np.maximum.accumulate(np.where(own, np.arange(len(own)), 0))
    applied.sections += list(dict.fromkeys(names[int(row)] for row in np.flatnonzero(parents)))
    values = pa.concat_arrays([names.values, pa.array(["Total"], names.values.type)])
    strips[letters] = Strip(values, np.where(parents, np.int32(len(names.values)), names.codes).astype(np.int32))
    return Strip(names.values, names.codes[last].astype(np.int32))
