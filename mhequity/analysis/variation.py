"""How much a measure differs between boroughs, and how much of that is more than chance.

The yardstick is the whole system's figure: all its boroughs that report, put together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mhequity import tables
from mhequity.analysis import counts, need, single_figures, totals
from mhequity.scope import Scope
from mhequity.statistics import funnel, overdispersion, rates
from mhequity.workspace import Workspace

SHARE, RATE, VALUE = "share", "rate", "value"
"""Those of a group who have something; a count for each so many people; a figure that comes without the counts behind it."""
LOWER, SIMILAR, HIGHER = "lower", "similar", "higher"
BETTER, WORSE = "better", "worse"
OVER_BASE, NO_BASE = "count above its base", "base is 0"
"""States of a borough whose count and base are both given, and make no share or rate."""
FEWEST_UNITS = 5
"""Fewest boroughs that a funnel is drawn for: fewer show no shape, and each of them weighs too much in the system's figure."""
FEWEST_AREAS = 2
_NOUNS = ("people", "children", "adults", "patients", "contacts", "referrals", "appointments", "admissions", "visits")
_PER = (1.0, 100.0, 1_000.0, 10_000.0, 100_000.0)
_LOW, _HIGH = (
    {0.95: (funnel.LOW_95, funnel.LOW_998), 0.998: (funnel.LOW_998,)},
    {0.95: (funnel.HIGH_95, funnel.HIGH_998), 0.998: (funnel.HIGH_998,)},
)


@dataclass(frozen=True)
class Measure:
    """Something that boroughs can be compared by.

    ``kind`` is :data:`SHARE`, :data:`RATE` or :data:`VALUE`. A rate is a count for each ``per`` of its denominators, which come with it
    (``has_base``) or are people of the borough. ``better`` is higher, lower or neither.
    """

    name: str
    table: str
    kind: str
    unit: str
    better: str = "neither"
    per: float = 1.0
    has_base: bool = True
    column: str = "numerator"
    """The column of the table that holds the count."""

    @property
    def higher_is_better(self) -> bool:
        return self.better != "lower"

    @property
    def counted(self) -> str:
        """What is counted, as it stands after a number: ``people seen``; in quotation marks where its name begins with no noun."""
        name = self.name.removesuffix(", share")
        nouns = name.split(" ")[0].lower() in _NOUNS or self.unit.removesuffix(" per 1,000") in counts.UNITS
        return name[:1].lower() + name[1:] if nouns else f"counted under “{name}”"


def measures(workspace: Workspace, scope: Scope) -> list[Measure]:
    """What two or more boroughs of the system report for the scope's year and service: shares, rates and counts, then other figures.

    Measures of need stand last, and only where they count people: what need there is is no difference between services. Sums of money
    are left out: they have a page of their own.
    """
    found = []
    for table in ("indicators", "activity"):
        rows = tables.everyone(workspace.table(table))
        rows = rows[rows.area.isin(scope.system_codes)]
        own = scope.of_service(rows)
        if table == "indicators" and len(own) < len(rows):
            own = pd.concat([own, rows[rows.service == ""]])
        rows = totals.of_year(own, scope.year)
        for name, given in rows.groupby("measure", sort=False):
            if given.area.nunique() >= FEWEST_AREAS and (measure := _as_given(str(name), table, given)):
                is_need = table == "indicators" and str(given["role"].iloc[0]) in ("need", "context")
                found.append((is_need, (SHARE, RATE, VALUE).index(measure.kind), measure))
    return [measure for *_, measure in sorted(found, key=lambda each: each[:2])]


def _as_given(name: str, table: str, rows: pd.DataFrame) -> Measure | None:
    """The measure that these rows give; None for one that says nothing of services."""
    if table == "activity":
        return Measure(name, table, RATE, "per 1,000", per=1000, has_base=False, column="count")
    unit, better, role = (str(rows[column].iloc[0]) for column in ("unit", "better", "role"))
    better = better or "neither"
    if unit in counts.UNITS:
        return Measure(name, table, RATE, f"{unit} per 1,000", better, per=1000, has_base=False, column="value")
    per = _per(rows)
    fits = (rows.numerator <= rows.denominator)[rows.numerator.notna() & rows.denominator.notna()]
    # What is called a share stays one: a borough that counts more than its base is told so, and does not change what the others say.
    if per and per <= 100 and (fits.all() or unit == "share"):
        return Measure(name, table, SHARE, "share", better)
    if per > 1 or (per and " per " in f" {unit} "):
        return Measure(name, table, RATE, unit, better, per)
    if role == "need" or unit == "GBP":
        return None
    return Measure(name, table, VALUE, unit, better) if rows.area[~rows.area.duplicated(keep=False)].size >= FEWEST_AREAS else None


def _per(rows: pd.DataFrame) -> float:
    """What numerator over denominator is multiplied by to give the value: 1, 100, 1,000 ...; 0 where they are no such figures."""
    quotient = (rows.numerator / rows.denominator).where(rows.denominator > 0)
    known = quotient.notna() & rows["value"].notna()
    if not known.any():
        # Counts without a value beside them: their quotient is the value.
        return 1.0 if quotient.notna().any() else 0.0
    value, quotient = rows["value"][known], quotient[known]
    fits = (per for per in _PER if ((value - quotient * per).abs() <= 0.01 * per).all())
    return next(fits, 0.0)


def by_borough(workspace: Workspace, scope: Scope, measure: Measure, heads: need.NeedMeasure | None = None) -> pd.DataFrame:
    """The measure for each borough of the scope's system.

    Parameters
    ----------
    heads
        For a rate that is no share of its own denominators: the need measure whose weighted people it is divided by; None for
        residents (the estimate nearest the middle of the year).

    Returns
    -------
    DataFrame
        ``area``; ``count`` (exact, missing where it may not be shown) and ``shown`` (rounded); ``base`` and ``base_shown``: the people,
        or others, that the count is of; ``value`` = count / base x per, or the figure itself; ``state``, why there is none; ``source``.
    """
    if measure.kind == VALUE:
        return _values(workspace, scope, measure)
    above = counts.by_borough(workspace, scope, measure.table, measure.name, measure.column)
    if measure.has_base:
        below = counts.by_borough(workspace, scope, measure.table, measure.name, "denominator")
    else:
        people = need.population(workspace, "resident", scope.year) if heads is None else need.weighted_population(workspace, heads)
        people = people.assign(total=people.persons if heads is None else people.weighted).set_index("area")
        below = people.assign(shown=people.total, state=totals.OK)[["total", "shown", "state", "source"]]
    return scope.every_borough(_put_together(above, below, measure).reset_index()).pipe(_stated)


def _put_together(above: pd.DataFrame, below: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    """Count over base, index as ``above``; both withheld where either is."""
    below = below.reindex(above.index)
    below = below.assign(state=below.state.fillna(totals.MISSING), source=below.source.fillna(""))
    state = above.state.where(above.state != totals.OK, below.state)
    if measure.kind == SHARE:
        state = state.mask((state == totals.OK) & above.total.gt(below.total), OVER_BASE)
    state = state.mask((state == totals.OK) & ~below.total.gt(0), NO_BASE)
    good = state == totals.OK
    return pd.DataFrame(
        {
            "count": above.total.where(good), "shown": above.shown.where(good), "base": below.total.where(good),
            "base_shown": below.shown.where(good), "value": (above.total / below.total * measure.per).where(good), "state": state,
            "source": above.source + " " + below.source,
        }
    )  # fmt: skip


def _values(workspace: Workspace, scope: Scope, measure: Measure) -> pd.DataFrame:
    """Figures without counts; those of areas with several (of providers, say) can be neither added nor averaged, and are left out."""
    rows = tables.everyone(workspace.table(measure.table))
    rows = rows[(rows.measure == measure.name) & rows.area.isin(scope.system_codes)]
    own = scope.of_service(rows)
    rows = totals.of_year(own if len(own) else rows[rows.service == ""], scope.year)
    rows = rows[~rows.area.duplicated(keep=False)]
    found = single_figures.by_area(workspace, rows).rename(columns={"total": "value"})
    empty = dict.fromkeys(("count", "shown", "base", "base_shown"), np.nan)
    return _stated(scope.every_borough(found.assign(**empty, source=rows.set_index("area")[tables.SOURCE]).reset_index()))


def _stated(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(state=frame.state.fillna(totals.NO_DATA))


def whole(frame: pd.DataFrame, measure: Measure) -> float:
    """The figure of all rows together, sum of counts / sum of bases x per; missing for figures without counts."""
    base = float(frame.base.sum())
    return float(frame["count"].sum()) / base * measure.per if base > 0 else np.nan


def compare(
    frame: pd.DataFrame, measure: Measure, confidence: float = 0.95, spread: overdispersion.Overdispersion | None = None
) -> pd.DataFrame:
    """Hold each row against the figure of all rows together.

    Parameters
    ----------
    frame
        ``count``, ``base``, ``value``, one row a borough or a group.
    confidence
        0.95 or 0.998: of the interval, and of the limit that a verdict goes by.
    spread
        From :func:`spread_of`: verdicts then go by limits widened for over-dispersion.

    Returns
    -------
    DataFrame
        The frame with ``lower``, ``upper`` (Wilson's interval for a share; Byar's from 10 events and exact Poisson below for a rate),
        ``flag`` (:data:`mhequity.statistics.funnel.FLAGS`), ``side`` (lower, similar, higher; empty where it cannot be told) and
        ``verdict``: better, similar, worse where the measure knows which way is better, else the side.
    """
    if measure.kind == VALUE:
        return frame.assign(lower=np.nan, upper=np.nan, flag=funnel.NOT_APPLICABLE, side="", verdict="")
    count, base, middle = frame["count"], frame.base, whole(frame, measure) / measure.per
    if measure.kind == SHARE:
        share = rates.proportion(count, base, measure.per, confidence)
        lower, upper, flags = share.lower, share.upper, funnel.proportion_flags(count, base, middle)
    else:
        rate = rates.crude_rate(count, base, measure.per, confidence)
        lower, upper, flags = rate.lower, rate.upper, funnel.ratio_flags(count, base * middle)
    if spread is not None:
        flags = funnel.value_flags(count / base, overdispersion.limits(base, _kind(measure), spread.target, spread.tau2))
    flag = pd.Series(flags, index=frame.index, dtype="str")
    side = pd.Series(SIMILAR, index=frame.index).mask(flag.isin(_LOW[confidence]), LOWER).mask(flag.isin(_HIGH[confidence]), HIGHER)
    side = side.mask(flag == funnel.NOT_APPLICABLE, "")
    return frame.assign(lower=lower, upper=upper, flag=flag, side=side, verdict=side.replace(words_for(measure)))


def words_for(measure: Measure) -> dict[str, str]:
    """What lower and higher are called: worse and better, or the other way round, or just so."""
    if measure.better == "higher":
        return {LOWER: WORSE, HIGHER: BETTER}
    return {LOWER: BETTER, HIGHER: WORSE} if measure.better == "lower" else {}


def why_no_funnel(frame: pd.DataFrame, measure: Measure) -> str:
    """Why no funnel can be drawn, as a sentence; empty where one can."""
    if measure.kind == VALUE:
        return (
            "No funnel: this measure comes without the counts above and below the line (numerator and denominator), so what chance alone "
            "would do cannot be told. For the same reason boroughs are not ranked by it."
        )
    known = int(frame["value"].notna().sum())
    if known >= FEWEST_UNITS:
        return ""
    there = {0: "none has", 1: "1 has"}.get(known, f"{known} have")
    return f"No funnel: it takes at least {FEWEST_UNITS} boroughs with figures, and {there} them here."


def spread_of(frame: pd.DataFrame, measure: Measure) -> overdispersion.Overdispersion:
    """How much more boroughs differ than chance explains; ``refused`` says why limits cannot be widened by it."""
    return overdispersion.overdispersion(frame["count"], frame.base, _kind(measure))


def _kind(measure: Measure) -> overdispersion.Kind:
    return "proportion" if measure.kind == SHARE else "rate"


def limits(frame: pd.DataFrame, measure: Measure, spread: overdispersion.Overdispersion | None = None, points: int = 32) -> pd.DataFrame:
    """The funnel's limits over the range of the frame's bases.

    Returns
    -------
    DataFrame
        ``base`` from below the smallest to above the largest, closer together where few people make limits steep; ``lower_95``, ``upper_95``,
        ``lower_998``, ``upper_998`` in the unit of the measure's value.
    """
    bases = frame.base[frame.base > 0]
    at = np.geomspace(bases.min() * 0.92, bases.max() * 1.06, points)
    middle = whole(frame, measure)
    if spread is not None:
        found, times = overdispersion.limits(at, _kind(measure), spread.target, spread.tau2), measure.per
    elif measure.kind == SHARE:
        found, times = funnel.proportion_limits(at, middle / measure.per, measure.per), 1.0
    else:
        found, times = funnel.rate_limits(at, middle, measure.per), 1.0
    ends = {name: getattr(found, name) * times for name in ("lower_95", "upper_95", "lower_998", "upper_998")}
    return pd.DataFrame({"base": at, **ends})
