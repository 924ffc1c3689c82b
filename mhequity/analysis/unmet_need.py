"""Where need goes unmet: equal access for equal need, and the treatment gap.

The two questions differ. The first asks whether care is shared out as need is, and says nothing of whether there is enough.
The second asks how many people with a condition are not reached at all.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import pandas as pd

from mhequity import tables
from mhequity.analysis import counts, need, totals
from mhequity.analysis.age_bands import nearest_first
from mhequity.analysis.prevalence import SURVEY_2023
from mhequity.scope import Scope
from mhequity.statistics import intervals
from mhequity.workspace import Workspace

Share: TypeAlias = float | pd.Series
LOWER, SIMILAR, HIGHER = "lower", "similar", "higher"
"""Care compared with need."""
NO_CARE = "none counted anywhere"
"""State of an area in a system whose care adds up to 0: nothing is expected of anyone."""
NO_PEOPLE = "no population figure"
"""State of an area whose care is given, without residents of the age that is counted."""


def care_measures(workspace: Workspace, scope: Scope) -> list[str]:
    """What can be counted as care: measures of the activity table that any borough reports for the year and services in view
    (any year, where the scope has none)."""
    rows = scope.of_service(tables.everyone(workspace.table("activity")))
    rows = rows[rows.area.isin(scope.system_codes)]
    return list((totals.of_year(rows, scope.year) if scope.year else rows).measure.unique())


def equal_access(observed: pd.DataFrame, weighted: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Compare care given with care expected if it followed need (indirect standardisation).

    Parameters
    ----------
    observed
        Index ``area``; ``total`` (people or contacts), ``state`` (:mod:`mhequity.analysis.totals`).
    weighted
        ``area``, ``persons``, ``weighted``, ``need_index``.
    confidence
        Of the interval of the ratio.

    Returns
    -------
    DataFrame
        One row per area of ``weighted``: ``area``, ``persons``, ``weighted``, ``need_index``, ``observed``, ``state``,
        ``expected`` = total observed x WP_i / total WP (over the areas that report), ``unmet`` = expected - observed (its sign
        kept), ``ratio`` = observed / expected with ``lower`` and ``upper`` (Byar's from 10 events, exact Poisson below),
        ``unmet_per_1000`` weighted people, and ``verdict``, which is only "lower" or "higher" where the interval excludes 1.
    """
    frame = weighted.merge(observed.rename(columns={"total": "observed"}), left_on="area", right_index=True, how="left")
    frame["state"] = frame["state"].fillna(totals.NO_DATA)
    reports = frame.observed.notna() & frame.weighted.notna()
    none = bool(reports.any()) and frame.observed[reports].sum() == 0
    expected = frame.observed[reports].sum() * frame.weighted / frame.weighted[reports].sum()
    expected = expected.where(expected > 0)
    low, high = intervals.poisson(frame.observed, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        frame = frame.assign(
            expected=expected.where(reports),
            unmet=(expected - frame.observed),
            ratio=frame.observed / expected,
            lower=low / expected,
            upper=high / expected,
        )
    frame["unmet_per_1000"] = frame.unmet / frame.weighted * 1000
    verdict = pd.Series(SIMILAR, index=frame.index).mask(frame.upper < 1, LOWER).mask(frame.lower > 1, HIGHER)
    frame["state"] = frame.state.mask(frame.ratio.isna() & (frame.state == totals.OK), NO_CARE if none else totals.NO_NEED)
    return frame.assign(verdict=verdict.where(frame.ratio.notna(), ""))


def equal_access_in(workspace: Workspace, scope: Scope, measure: need.NeedMeasure, care: str, confidence: float = 0.95) -> pd.DataFrame:
    """:func:`equal_access` for the boroughs of the scope's system, with ``in_scope`` and ``source``.

    The whole system is the yardstick, also when only some of its boroughs are in view. Counts that disclosure control hides are
    part of nothing; ``observed`` is rounded, ``expected`` and ``unmet`` come from rounded counts, ``ratio`` and its interval from true ones.
    """
    given = counts.by_borough(workspace, scope, "activity", care)
    weighted = workspace.once(need.weighted_population, measure)
    frame = equal_access(given[["total", "state"]], scope.every_borough(weighted), confidence)
    shown = frame.area.map(given.shown)
    # Shared out from the rounded total: where one borough alone reports, what is expected of it would be its true count.
    expected = frame.expected * shown[frame.ratio.notna()].sum() / frame.observed[frame.ratio.notna()].sum()
    frame = frame.assign(
        observed=shown, expected=expected, unmet=expected - shown, unmet_per_1000=(expected - shown) / frame.weighted * 1000
    )
    return scope.mark(frame.assign(source=_sources(frame, given)))


def _sources(frame: pd.DataFrame, given: pd.DataFrame) -> pd.Series:
    """Keys of the sources of need and of care."""
    return frame.source + " " + " ".join(dict.fromkeys(" ".join(given.source).split()))


def treatment_gap(
    people: pd.DataFrame, seen: pd.DataFrame, prevalence: Share, low: Share, high: Share, confidence: float = 0.95
) -> pd.DataFrame:
    """People estimated to have a condition who were not seen for it.

    Parameters
    ----------
    people
        ``area``, ``persons``: the population of the age that the prevalence speaks of.
    seen
        Index ``area``; ``total`` people seen, ``state``.
    prevalence, low, high
        Share of people with the condition, 0 to 1, and the ends of its plausible range; one for all, or one for each row of ``people``.

    Returns
    -------
    DataFrame
        ``area``, ``persons``, ``seen``, ``state``, ``estimated`` = persons x prevalence, ``gap`` = estimated - seen with
        ``gap_lower`` (low prevalence, upper end of the count's interval) and ``gap_upper`` (the reverse), ``gap_share`` of the
        estimate with ``share_lower`` and ``share_upper``. A negative gap means more people seen than estimated.
    """
    frame = people.merge(seen.rename(columns={"total": "seen"}), left_on="area", right_index=True, how="left")
    frame["state"] = frame["state"].fillna(totals.NO_DATA)
    frame["state"] = frame.state.mask(frame.persons.isna() & (frame.state == totals.OK), NO_PEOPLE)
    fewest, most = intervals.poisson(frame.seen, confidence)
    estimated = frame.persons * prevalence
    frame = frame.assign(
        estimated=estimated, gap=estimated - frame.seen, gap_lower=frame.persons * low - most, gap_upper=frame.persons * high - fewest
    )
    return frame.assign(
        gap_share=frame.gap / estimated,
        share_lower=1 - most / (frame.persons * low),
        share_upper=1 - fewest / (frame.persons * high),
    )


def treatment_gap_in(
    workspace: Workspace, scope: Scope, care: str, age_band: str, prevalence: float, low: float, high: float
) -> pd.DataFrame:
    """:func:`treatment_gap` for the boroughs of the scope's system, with ``in_scope`` and ``source``. Residents are the base.

    ``seen`` is rounded as disclosure control says, and ``gap`` comes from it; shares come from the count itself.
    """
    given = counts.by_borough(workspace, scope, "activity", care)
    people = workspace.once(need.population, "resident", scope.year, age_band)
    frame = treatment_gap(scope.every_borough(people), given[["total", "state"]], prevalence, low, high)
    rounding = frame.area.map(given.shown) - frame.seen
    moved = {name: frame[name] - rounding for name in ("gap", "gap_lower", "gap_upper")}
    return scope.mark(frame.assign(seen=frame.seen + rounding, **moved, source=_sources(frame, given)))


def age_bands(workspace: Workspace, scope: Scope) -> list[str]:
    """Age bands that residents of the scope's system are given for; empty text is all ages.

    Bands that the most boroughs have come before those that some lack, and in each the nearest to the survey's first. Made-up bands
    are there to compare groups by, and are not offered.
    """
    rows = workspace.real(workspace.table("population"))
    rows = rows[(rows.base.replace("", "resident") == "resident") & rows.area.isin(scope.system_codes) & rows.persons.notna()]
    others = [group for group in tables.GROUPS if group != "age_band"]
    covered = rows[(rows[others] == "").all(axis=1)].groupby("age_band")["area"].nunique()
    near = nearest_first((str(band) for band in covered.index), SURVEY_2023.age_band)
    return sorted(near, key=lambda band: covered[band] < covered.max())
