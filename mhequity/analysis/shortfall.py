"""What a difference comes to in people: how many more if all did as well as one of them, and where half of that sits."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mhequity.analysis import variation
from mhequity.analysis.variation import Measure
from mhequity.statistics import gap

FEWEST_EVENTS = 10
"""Fewest events on either side that a figure is taken as an example on: fewer are luck."""


@dataclass(frozen=True)
class Shortfall:
    """How many more (or, where lower is better, fewer) there would be if all did as well as ``example``."""

    example: str
    """Name of the borough or group that all would do as well as."""
    value: float
    count: float
    holders: tuple[str, ...]
    """The fewest that together hold half of it, the largest first; empty where nobody falls short."""
    behind: int
    """How many fall short."""
    beyond_chance: bool
    """Whether the example itself does better than all together by more than chance."""


def examples(frame: pd.DataFrame, measure: Measure) -> list[str]:
    """Names that others could do as well as, the first choice first.

    First come those better (for a measure without judgement, higher) than all together beyond chance, then the others with ten events
    or more; among either the best figure first. One with fewer events is luck, and no example.

    Parameters
    ----------
    frame
        What :func:`mhequity.analysis.variation.compare` gives, with ``name``.
    """
    known = frame[frame["value"].notna() & (frame["count"] >= FEWEST_EVENTS)]
    if measure.kind == variation.SHARE:
        known = known[known.base - known["count"] >= FEWEST_EVENTS]
    ahead = known.side == (variation.HIGHER if measure.higher_is_better else variation.LOWER)
    by_value = known.assign(ahead=ahead).sort_values(["ahead", "value"], ascending=[False, not measure.higher_is_better], kind="stable")
    return by_value["name"].tolist()


def shortfall(frame: pd.DataFrame, measure: Measure, example: str, within: pd.Series | None = None) -> Shortfall | None:
    """The people by whom boroughs or groups fall short of one of them.

    Parameters
    ----------
    frame
        ``name``, ``value``, ``base``, ``side``.
    example
        A ``name`` of the frame.
    within
        True for the rows whose people are counted; all where not given.

    Returns
    -------
    Shortfall or None
        None where the example has no figure. What exceeds the example in one place is not set against what lacks in another.
    """
    best = frame[(frame["name"] == example) & frame["value"].notna()]
    if best.empty:
        return None
    row = best.iloc[0]
    rows = frame if within is None else frame[within]
    missing = gap.people_if_all_did_as_well(
        rows["value"], rows.base, row["value"], per=measure.per, higher_is_better=measure.higher_is_better
    )
    half = gap.units_holding_half(rows["value"], rows.base, row["value"], higher_is_better=measure.higher_is_better)
    ahead = row.side == (variation.HIGHER if measure.higher_is_better else variation.LOWER)
    people = pd.Series(missing).fillna(0)
    return Shortfall(
        example, float(row["value"]), float(people.sum()), tuple(rows["name"].iloc[half]), int((people > 0).sum()), bool(ahead)
    )
