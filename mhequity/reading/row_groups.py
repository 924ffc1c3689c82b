"""Groups of people that a column names in each row, filed under age, sex and so on as the level beside it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from mhequity.reading import cells, group_columns, levels
from mhequity.reading.applied import Labelled
from mhequity.reading.bodies import held_texts
from mhequity.reading.cells import MISSING, Understood
from mhequity.reading.grids import Strip
from mhequity.reading.plans import GROUP, LEVEL, ColumnPlan, TablePlan
from mhequity.tables import Column

_FIFTHS = "deprivation_quintile"
_NOT_KNOWN = {"sex": "not known", _FIFTHS: ""}


def groups_of(plan: TablePlan, strips: Mapping[str, Strip], column_of: Callable[[str], Column]) -> Iterator[Labelled]:
    """What each column of groups says, one entry for each column of the catalogue that its texts are filed under.

    Of a level such as ``England; Gender; Ethnicity`` the first column of groups holds the first kind, the second the second. A column
    of kinds alone (``Age Group``, ``Gender``) holds for all of them.
    """
    beside = [each for each in plan.columns if each.meaning == LEVEL]
    alone = next((each for each in beside if levels.say_kinds(held_texts(strips[each.column])[0])), None)
    level = alone or next(iter(beside), None)
    for at, group in enumerate([each for each in plan.columns if each.meaning == GROUP]):
        yield from _of_column(group, level, at, alone is not None, strips, column_of)


def _of_column(
    group: ColumnPlan, level: ColumnPlan | None, at: int, alone: bool, strips: Mapping[str, Strip], column_of: Callable[[str], Column]
) -> Iterator[Labelled]:
    texts, codes = held_texts(strips[group.column])
    kinds, kind_codes = held_texts(strips[level.column]) if level is not None else ([""], np.zeros(len(codes), dtype=np.int32))
    keys, rows = np.unique(codes.astype(np.int64) * len(kinds) + kind_codes, return_inverse=True)
    held = [(texts[int(key) // len(kinds)], kinds[int(key) % len(kinds)]) for key in keys]
    if alone:
        filed = [_of_kind(text, kind, at) for text, kind in held]
    else:
        filed = [_of_level(text, kind, group.heading, at) for text, kind in held]
        if not any(levels.group_of(kind, at) == _FIFTHS for kind in kinds) and group_columns.are_tenths(texts):
            filed = [(levels.OTHER if about == _FIFTHS else about, text) for about, text in filed]
    for name in dict.fromkeys(about for about, text in filed if text):
        column = column_of("measure" if name == levels.OTHER else name)
        mine = [cells.understand(text, column) if about == name and text else Understood(MISSING) for about, text in filed]
        yield Labelled([text for text, _ in held], mine, rows.astype(np.int32), column, group.column)


def _of_level(text: str, level: str, heading: str, at: int) -> tuple[str, str]:
    """What a text is filed under, and as what: nothing where it means everyone."""
    if group_columns.is_everyone(text):
        return levels.OTHER, ""
    about = group_columns.about(text, level, heading, at)
    return about, group_columns.told(text, level, at) if about == levels.OTHER else text


def _of_kind(text: str, kind: str, at: int) -> tuple[str, str]:
    """The same where a column names the kind alone; a group that is not said is no figure of everyone."""
    about = levels.kind_of(kind)
    if levels.is_everyone(kind):
        return levels.OTHER, "" if group_columns.is_everyone(text) else text
    if levels.is_blank(text):
        unsaid = _NOT_KNOWN.get(about, "Not stated") if about != levels.OTHER else f"{kind}: not stated"
        return (about, unsaid) if at == 0 and unsaid else (levels.OTHER, "" if at else f"{kind}: not stated")
    if group_columns.is_everyone(text):
        return levels.OTHER, ""
    return about, text if about != levels.OTHER or at else f"{kind}: {text}"
