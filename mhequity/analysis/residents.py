"""Residents and patients as they may be shown: small groups of a person's own figures are hidden, and what would tell them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mhequity import disclosure, tables
from mhequity.analysis.age_bands import put_together
from mhequity.disclosure import Sum
from mhequity.workspace import Workspace

_AGE = "age_band"


def population(workspace: Workspace) -> pd.DataFrame:
    """The table of population, without the persons of groups so few that they must not be shown; those are marked as suppressed.

    Each area, period and base is a table of its own, in which groups make up everyone, and bands of age make up wider ones. Others
    are left as they are, for rates; where they stand as counts they are rounded (:func:`rounded`).
    """
    rows = workspace.table("population")
    own = ~workspace.is_published(rows[tables.SOURCE])
    withheld = own & tables.is_suppressed(rows, "persons")
    if not ((disclosure.is_small(rows.persons, workspace.policy) & own) | withheld).any():
        return rows
    hidden = disclosure.hidden(rows.persons, _sums(rows), workspace.policy, ~own, withheld)
    marks = rows[tables.SUPPRESSED].mask(hidden & ~tables.is_suppressed(rows, "persons"), "persons")
    return rows.assign(persons=rows.persons.mask(hidden), **{tables.SUPPRESSED: marks})


def _sums(rows: pd.DataFrame) -> list[Sum]:
    """For each kind of group, the row without it and the rows with it that say the same otherwise."""
    base = rows.base.replace("", "resident")
    facts = list(zip(rows.area, rows.period, base, *(rows[name] for name in tables.GROUPS), strict=True))
    at = {fact: number for number, fact in enumerate(facts)}
    parts: dict[tuple[str, ...], dict[str, int]] = {}
    for fact, number in at.items():
        for place, name in enumerate(tables.GROUPS, start=3):
            if fact[place]:
                parts.setdefault((name, *fact[:place], "", *fact[place + 1 :]), {})[fact[place]] = number
    out = []
    for (name, *whole), members in parts.items():
        for band, listed in put_together(tuple(members)) if name == _AGE else (("", tuple(members)),):
            total = members[band] if band else at.get(tuple(whole))
            if total is not None:
                out.append(Sum(total, np.array([members[each] for each in listed])))
    return out


def rounded(workspace: Workspace, persons: pd.Series, sources: pd.Series) -> pd.Series:
    """Persons as they stand as a count on screen: published ones as they are, others rounded."""
    public = workspace.is_published(sources)
    return persons.where(public, pd.Series(disclosure.rounded(persons, workspace.policy), index=persons.index))
