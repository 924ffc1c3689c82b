"""How measures of need rank the boroughs: who moves between them, how far they agree, and what a stated weighting makes of them.

A measure is taken so that more means more need: one of which a higher value is better is turned. Nothing is filled in. A borough
without a figure on a measure has no rank on it, and two measures are compared over the boroughs that have both.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from mhequity import periods, tables
from mhequity.analysis import counts, need, single_figures, totals
from mhequity.statistics import ranks
from mhequity.workspace import Workspace

FEWEST, MOST = 2, 8
"""How many measures can be compared at once."""
OWN_WEIGHTS = "the weights you chose"
_MOVE = ("unit", "highest_on", "lowest_on", "highest", "lowest", "places", "n")
_DEFAULTS = 6
_NOT_OF_NEED = (*counts.UNITS, "GBP", "days")
"""Units that tell how large a borough is, or what it is given: they rank no one by need."""
# Which measures speak of mental health rather than of hardship at large, by the words of their names.
_OF_MENTAL_HEALTH = re.compile(
    r"mental|depress|psycho|anxi|suicid|self.?harm|schizo|bipolar|wellbeing|well-being|distress|lonel", re.IGNORECASE
)


@dataclass(frozen=True)
class Measure:
    """A measure that can rank boroughs by need."""

    name: str
    unit: str
    period: str
    role: str
    turned: bool
    """True where a higher value means less need: the lowest value ranks first."""
    own: bool
    """True for a measure that the visitor brought."""

    @property
    def is_index(self) -> bool:
        """True for a weighted population, which is compared per head."""
        return self.unit == need.WEIGHTED_PEOPLE


def offered(workspace: Workspace) -> list[Measure]:
    """The measures that can be compared: those of need first, then outcomes and context of which a high value is bad.

    Counts, money and days are left out: they tell of a borough's size, or of what it is given.
    """
    rows = _of_areas(workspace)
    rows = rows[rows.role.eq("need") | (rows.role.isin(["outcome", "context"]) & rows.better.eq("lower"))]
    found = []
    given = rows["value"].notna() | rows.numerator.notna()
    for name, group in rows[given & ~rows.unit.isin(_NOT_OF_NEED)].groupby("measure", sort=False):
        better = next((stated for stated in group.better if stated), "neither")
        own = not workspace.is_published(group[tables.SOURCE]).any()
        found.append(
            Measure(str(name), str(group.unit.iloc[0]), need.best_covered(group), str(group.role.iloc[0]), better == "higher", own)
        )
    return sorted(found, key=lambda measure: (measure.role != "need", not _OF_MENTAL_HEALTH.search(measure.name)))


def left_out(workspace: Workspace) -> list[str]:
    """Measures that are given as need and are counts, money or days."""
    rows = _of_areas(workspace)
    return sorted(rows.measure[rows.role.eq("need") & rows.unit.isin(_NOT_OF_NEED)].unique())


def defaults(workspace: Workspace) -> tuple[Measure, ...]:
    """What the page opens with: the visitor's own measures of need, then those that speak of mental health, in the order offered."""
    of_need = [measure for measure in workspace.once(offered) if measure.role == "need"]
    first = sorted(of_need, key=lambda measure: (not measure.own, not _OF_MENTAL_HEALTH.search(measure.name)))
    speak = [measure for measure in first if measure.own or _OF_MENTAL_HEALTH.search(measure.name)]
    chosen = first[: max(FEWEST, min(len(speak), _DEFAULTS))]
    return tuple(measure for measure in of_need if measure in chosen)


def _of_areas(workspace: Workspace) -> pd.DataFrame:
    """Indicators of boroughs as a whole: everyone, and no one service, provider or team."""
    rows = tables.everyone(workspace.table("indicators"))
    return rows[rows.area.str.startswith("E09") & rows[["service", "provider", "team"]].eq("").all(axis=1)]


def compared(workspace: Workspace, codes: tuple[str, ...], chosen: tuple[Measure, ...]) -> pd.DataFrame:
    """Every chosen measure of every borough of a system, with its rank there.

    Parameters
    ----------
    codes
        The boroughs that are ranked against each other.
    chosen
        The measures, in the order in which they are shown.

    Returns
    -------
    DataFrame
        One row a measure and borough: ``measure``, ``area``, ``value`` (a need index where the measure is a weighted population),
        ``more_need`` (the value, its sign turned where less of it is more need), ``state`` (why a value is missing), ``rank``
        (1 = most need; level boroughs share the best place), ``n`` (boroughs ranked on the measure), ``source`` (keys,
        separated by spaces).
    """
    parts = [
        _figures(workspace, measure).reindex(codes).rename_axis("area").reset_index().assign(measure=measure.name) for measure in chosen
    ]
    frame = pd.concat(parts, ignore_index=True)
    sign = frame.measure.map({measure.name: -1.0 if measure.turned else 1.0 for measure in chosen})
    frame = frame.assign(
        more_need=frame["value"] * sign,
        state=frame.state.fillna(totals.NO_DATA).astype("str"),
        source=frame.source.fillna("").astype("str"),
    )
    by_measure = frame.groupby("measure", sort=False)["more_need"]
    return frame.assign(rank=by_measure.rank(ascending=False, method="min"), n=by_measure.transform("count"))


def _figures(workspace: Workspace, measure: Measure) -> pd.DataFrame:
    """``value``, ``state`` and ``source`` by area, as they may be shown."""
    rows = _of_areas(workspace)
    rows = rows[(rows.measure == measure.name) & (rows.period == measure.period)]
    hidden = _small(workspace, rows, measure)
    rows = rows.set_index("area")
    suppressed = tables.is_suppressed(rows, "value") | rows.index.isin(hidden)
    value, source = rows["value"], rows[tables.SOURCE]
    if measure.is_index:
        people = need.population(workspace, "registered", measure.period).set_index("area").reindex(rows.index)
        value = need.need_index(value, people.persons)
        source = source.where(people.source.isna() | (people.source == source), source + " " + people.source.fillna(""))
    elif measure.unit == "share":
        value = (rows.numerator / rows.denominator).where(rows.numerator.notna() & (rows.denominator > 0), value)
    value = value.mask(suppressed)
    state = pd.Series(totals.OK, index=rows.index, dtype="str").mask(value.isna(), totals.MISSING).mask(suppressed, totals.SUPPRESSED)
    return pd.DataFrame({"value": value, "state": state, "source": source})


def _small(workspace: Workspace, rows: pd.DataFrame, measure: Measure) -> set[str]:
    """Areas whose value rests on so few people that it must be hidden, by itself or among the counts that other views show."""
    out = set(rows.area) - set(single_figures.one_by_one(workspace, rows).area)
    period = periods.parse(measure.period)
    if period is None or period.kind != "year" or rows.numerator.isna().all():
        return out
    for column in ("numerator", "denominator"):
        cells = workspace.once(counts.cells, "indicators", measure.name, measure.period, column)
        out |= set(cells.area[(cells.service == "") & (cells.by == counts.EVERYONE) & (cells.state == totals.SUPPRESSED)])
    return out


def side_by_side(frame: pd.DataFrame, column: str = "more_need") -> pd.DataFrame:
    """A column of :func:`compared` as boroughs (rows) by measures (columns), both in their order."""
    wide = frame.pivot(index="area", columns="measure", values=column)
    return wide.reindex(index=frame.area.unique(), columns=frame.measure.unique())


def moves(frame: pd.DataFrame) -> pd.DataFrame:
    """Between which two measures each borough moves furthest.

    Parameters
    ----------
    frame
        As :func:`compared` gives it.

    Returns
    -------
    DataFrame
        One row a borough: ``area``, ``highest_on`` and ``lowest_on`` (the two measures), ``highest`` and ``lowest`` (its ranks on
        them), ``places`` (their difference), ``n`` (the boroughs that have both, among which both ranks are taken). Names are
        empty for a borough that stands in the same place throughout; all is missing for one with fewer than two measures.
    """
    wide = side_by_side(frame)
    # A measure on which all are level ranks every borough 1st: no one moves to or from it.
    wide = wide.drop(columns=[name for name in same_everywhere(frame) if wide[name].notna().sum() > 1])
    pairs = [pd.DataFrame(columns=list(_MOVE), dtype="object")] if wide.shape[1] < FEWEST else []
    for first, second in combinations(wide.columns, 2):
        both = wide[[first, second]].dropna()
        pairs.append(ranks.movers(ranks.ranks(both), 0).assign(n=len(both)))
    furthest = pd.concat(pairs).sort_values("places", ascending=False, kind="stable").drop_duplicates("unit").set_index("unit")
    out = furthest.reindex(wide.index)
    still = out.places.isna() & (wide.notna().sum(axis=1) >= 2)
    out["places"] = out.places.mask(still, 0.0)
    return out.assign(highest_on=out.highest_on.fillna(""), lowest_on=out.lowest_on.fillna("")).rename_axis("area").reset_index()


def moves_in(workspace: Workspace, codes: tuple[str, ...], chosen: tuple[Measure, ...]) -> pd.DataFrame:
    """:func:`moves` of the boroughs of a system between its chosen measures."""
    return moves(workspace.once(compared, codes, chosen))


def agreement(frame: pd.DataFrame) -> pd.DataFrame:
    """Spearman's rho of every two measures with its 95 % interval: ``measure_a``, ``measure_b``, ``rho``, ``lower``, ``upper``, ``n``.

    The interval is Fisher's z with Bonett and Wright's standard error (:mod:`mhequity.statistics.correlation`).
    """
    return ranks.pairwise_spearman(side_by_side(frame))


def agreement_in(workspace: Workspace, codes: tuple[str, ...], chosen: tuple[Measure, ...]) -> pd.DataFrame:
    """:func:`agreement` over the boroughs of a system of its chosen measures."""
    return agreement(workspace.once(compared, codes, chosen))


def same_everywhere(frame: pd.DataFrame) -> list[str]:
    """Measures on which all boroughs are level, or one alone has a figure: they have no spread, and cannot be weighed."""
    wide = side_by_side(frame)
    return [str(name) for name in wide.columns if wide[name].nunique() < 2]


def weighted(frame: pd.DataFrame, weights: Sequence[float]) -> pd.DataFrame:
    """Where a weighting of the measures ranks each borough, and how far that hangs on the weights.

    Parameters
    ----------
    frame
        As :func:`compared` gives it.
    weights
        One for each measure, in their order, 0 or more, in any scale. Those that are the same everywhere weigh nothing.

    Returns
    -------
    DataFrame
        One row a borough: ``area``, ``score`` (weighted mean of its z-scores), ``rank``, ``highest`` and ``lowest`` (best and worst
        rank over the weights chosen, each measure alone and all but each in turn), ``highest_under`` and ``lowest_under``
        (which of those), ``state`` (why there is no rank).
    """
    wide = side_by_side(frame)
    flat = same_everywhere(frame)
    stated = {str(name): 0.0 if name in flat else float(weight) for name, weight in zip(wide.columns, weights, strict=True)}
    found = ranks.rank_range(wide, stated).rename(columns={"unit": "area"})
    states = side_by_side(frame, "state")[[name for name, weight in stated.items() if weight > 0]]
    why = states.replace("", None).bfill(axis=1).iloc[:, 0].fillna("") if states.shape[1] else pd.Series("no weight", index=wide.index)
    under = {name: found[name].replace(ranks.STATED, OWN_WEIGHTS) for name in ("highest_under", "lowest_under")}
    return found.assign(**under, score=ranks.weighted(wide, stated).to_numpy(), state=why.astype("str").to_numpy())


def weighted_in(workspace: Workspace, codes: tuple[str, ...], chosen: tuple[Measure, ...], weights: tuple[float, ...]) -> pd.DataFrame:
    """:func:`weighted` for the boroughs of a system."""
    return weighted(workspace.once(compared, codes, chosen), weights)
