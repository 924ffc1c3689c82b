"""Figures of small areas on a visitor's own map: rates with intervals against all areas together, and where high ones lie together.

Counts are of people or contacts, so the same disclosure control holds as everywhere: the areas and their total are one table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from mhequity import disclosure
from mhequity.analysis import totals
from mhequity.disclosure import Policy, Sum
from mhequity.statistics import rates
from mhequity.statistics.hot_spots import COLD, HOT, hot_spots
from mhequity.statistics.spatial import Neighbours

RATE, COUNT, VALUE = "rate", "count", "value"
"""How a figure is meant: a count out of a base, a count by itself, or a score, rate or share as it stands."""
LOWER, SIMILAR, HIGHER = "lower", "similar", "higher"
"""An area's rate compared with that of all areas together; lower and higher only where the interval leaves that out."""
NO_BASE, NEGATIVE, REPEATED = "no base figure", "below zero", "several rows"
"""States of an area, beside those of :mod:`mhequity.analysis.totals`."""
CLASSES = 5


@dataclass(frozen=True, eq=False)
class SmallAreas:
    """The areas of a map with their figures, as they may be shown."""

    frame: pd.DataFrame
    """One row an area, in the map's order: ``code``, ``name``, ``count`` and ``base`` (rounded; missing where hidden or not given),
    ``value`` with ``lower`` and ``upper``, ``verdict``, ``state`` (why there is no value), ``z``, ``p_adjusted`` and ``spot`` of the hot
    spots."""
    how: str
    whole: float
    """Rate of all areas together that have both count and base; missing where there is none, or it would tell a small count."""
    whole_count: float
    """Their count, rounded."""
    whole_base: float
    refused: str
    """Why hot spots were not looked for; empty where they were."""
    warnings: tuple[str, ...]
    hidden: int
    """Areas whose figure disclosure control hides."""
    ends: tuple[float, ...] = field(default=())
    """Upper ends of all classes but the last, of about as many areas each."""


def small_areas(frame: pd.DataFrame, neighbours: Neighbours, policy: Policy, how: str, per: float = 1000) -> SmallAreas:
    """Figures for each area of a map.

    Parameters
    ----------
    frame
        One row an area of the map: ``code``, ``name``, ``matched`` (the table has a row of it), ``figure`` with ``figure_state`` (empty, or
        why it is missing; missing itself where the table has several rows of the area), and for a rate ``base`` with ``base_state``.
    neighbours
        For each row the positions of the areas that border it.
    policy
        Which counts are hidden. A figure that is no count (``VALUE``) is not touched.
    how
        ``RATE``: figure / base x ``per``, with Byar's interval from 10 events and the exact Poisson interval below
        (:func:`mhequity.statistics.rates.crude_rate`). ``COUNT``: the count, rounded. ``VALUE``: the figure.
    per
        1,000 for a rate for every 1,000.

    Returns
    -------
    SmallAreas
        An area whose count or base is hidden has no rate, and is not part of the hot spots.
    """
    state = _states(frame, how)
    figure = frame["figure"].where(state == totals.OK)
    if how == VALUE:
        given = pd.DataFrame(
            {"count": np.nan, "base": np.nan, "value": figure, "lower": np.nan, "upper": np.nan, "verdict": "", "state": state}
        )
        return _with_spots(frame, given, (np.nan, np.nan, np.nan), 0, neighbours, how)
    base = frame["base"].where(state == totals.OK) if how == RATE else None
    counted, whole, hides = _counted(figure, frame["figure"].where(frame["figure_state"] == totals.OK), base, state, policy, per)
    return _with_spots(frame, counted, whole, hides, neighbours, how)


def _states(frame: pd.DataFrame, how: str) -> pd.Series:
    """Why an area has no value; empty where it has."""
    said = frame["figure_state"].where(frame["figure_state"].notna(), REPEATED).where(frame["matched"], totals.NO_DATA)
    if how == VALUE:
        return said
    said = said.mask((said == totals.OK) & (frame["figure"] < 0), NEGATIVE)
    if how == COUNT:
        return said
    lacks = frame["base"].isna() | (frame["base"] <= 0)
    hidden = frame["base_state"] == totals.SUPPRESSED
    return said.mask((said == totals.OK) & lacks, NO_BASE).mask((said == totals.OK) & hidden, totals.SUPPRESSED)


def _counted(
    count: pd.Series, every: pd.Series, base: pd.Series | None, state: pd.Series, policy: Policy, per: float
) -> tuple[pd.DataFrame, tuple[float, float, float], int]:
    """Counts (and rates) as they may be shown; rate, count and base of all areas together; and how many areas are hidden.

    ``every`` holds the counts of areas without a base too: they are shown where they are not small, and are in no total.
    """
    hide, hide_total = _hidden(count, policy)
    hide = hide | disclosure.is_small(every, policy)
    out_total = hide_total
    if base is not None:
        # Those of the base who are not counted are people too: 97 of 100 would tell the other 3.
        for part in (base, (base - count).where(base >= count)):
            small, hide_part = _hidden(part, policy)
            hide, out_total = hide | small, out_total or hide_part
    shown = disclosure.rounded(every.mask(hide), policy)
    known = count.mask(hide)
    total = np.nan if out_total else float(count.sum())
    state = state.mask(hide & every.notna().to_numpy() & state.isin([totals.OK, NO_BASE]), totals.SUPPRESSED)
    if base is None:
        frame = pd.DataFrame(
            {"count": shown, "base": np.nan, "value": shown, "lower": np.nan, "upper": np.nan, "verdict": "", "state": state}
        )
        return frame, (np.nan, _rounded(total, policy), np.nan), int((state == totals.SUPPRESSED).sum())
    people = np.nan if out_total else float(base.sum())
    rate, whole = rates.crude_rate(known, base, per), float(rates.crude_rate(total, people, per).value)
    verdict = np.select([np.isnan(rate.value) | np.isnan(whole), rate.lower > whole, rate.upper < whole], ["", HIGHER, LOWER], SIMILAR)
    frame = pd.DataFrame(
        {"count": shown, "base": disclosure.rounded(base.mask(hide), policy), "value": rate.value, "lower": rate.lower, "upper": rate.upper,
         "verdict": verdict, "state": state}, index=count.index,
    )  # fmt: skip
    return frame, (whole, _rounded(total, policy), _rounded(people, policy)), int((state == totals.SUPPRESSED).sum())


def _hidden(counts: pd.Series, policy: Policy) -> tuple[np.ndarray, bool]:
    """Which areas' counts are hidden, and whether that of all of them is: areas without a count are no part of the total."""
    given = np.flatnonzero(counts.notna())
    cells = np.append(counts.to_numpy(dtype=float)[given], counts.sum())
    found = disclosure.hidden(cells, [Sum(len(given), np.arange(len(given)))] if len(given) else [], policy)
    out = np.zeros(len(counts), dtype=bool)
    out[given] = found[:-1]
    return out, bool(found[-1])


def _rounded(number: float, policy: Policy) -> float:
    return float(disclosure.rounded(number, policy))


def _with_spots(
    frame: pd.DataFrame, given: pd.DataFrame, whole: tuple[float, float, float], hides: int, neighbours: Neighbours, how: str
) -> SmallAreas:
    found = hot_spots(given["value"], neighbours, values_are_counts=how == COUNT)
    spots = found.areas[["z", "p_adjusted"]].set_axis(frame.index)
    named = found.areas["label"].to_numpy()
    out = pd.concat([frame[["code", "name"]], given.set_axis(frame.index), spots], axis=1).assign(spot="" if found.refused else named)
    return SmallAreas(out, how, *whole, found.refused, found.warnings, hides, class_ends(given["value"]))


def class_ends(values: pd.Series, classes: int = CLASSES) -> tuple[float, ...]:
    """Where the classes of a map end, so that each holds about as many areas; fewer classes where many areas have the same figure.

    Ends are quantiles, written with as few digits as keep them apart, and never more than five.

    Examples
    --------
    >>> class_ends(pd.Series(range(100)))
    (20.0, 40.0, 60.0, 80.0)
    """
    known = values.dropna().to_numpy(dtype=float)
    if not len(known):
        return ()
    cuts = np.unique(np.quantile(known, np.arange(1, classes) / classes))
    cuts = cuts[(cuts > known.min()) & (cuts <= known.max())]
    for digits in (2, 3, 4, 5):
        ends = sorted({float(f"{cut:.{digits}g}") for cut in cuts})
        if len(ends) == len(cuts):
            break
    return tuple(end for end in ends if known.min() < end <= known.max())


def clusters(frame: pd.DataFrame, shapes: Sequence[Any], neighbours: Neighbours) -> pd.DataFrame:
    """Hot spots that border each other as one place, and cold ones likewise.

    Parameters
    ----------
    frame
        With ``spot`` and ``name``; rows in the order of the shapes and of the neighbours.
    shapes
        The areas' outlines.

    Returns
    -------
    DataFrame
        One row a place, the largest first: ``name`` (``hot spot`` or ``cold spot``), ``hot``, ``areas`` (how many), ``first`` (name of the
        area with the furthest z), ``geometry``.
    """
    spot, z = frame["spot"].to_numpy(), frame["z"].abs().to_numpy()
    seen: set[int] = set()
    rows = []
    for start in np.flatnonzero(np.isin(spot, (HOT, COLD))):
        if start in seen:
            continue
        members, waiting = {int(start)}, [int(start)]
        while waiting:
            found = {other for other in neighbours[waiting.pop()] if spot[other] == spot[start]} - members
            members |= found
            waiting += found
        seen |= members
        at = sorted(members)
        rows.append(
            (
                spot[start],
                spot[start] == HOT,
                len(at),
                frame["name"].iloc[max(at, key=lambda each: z[each])],
                shapely.union_all([shapes[each] for each in at]),
            )
        )
    return pd.DataFrame(rows, columns=["name", "hot", "areas", "first", "geometry"]).sort_values(
        "areas", ascending=False, kind="stable", ignore_index=True
    )
