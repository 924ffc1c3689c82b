"""What stands out: a handful of computed findings, each with the page that shows it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mhequity import areas
from mhequity.analysis import investment, need, need_measures, progress, unmet_need
from mhequity.analysis.need_measure_sentences import ordinal
from mhequity.analysis.sentences import ratio, strength
from mhequity.markdown import plain
from mhequity.scope import Scope
from mhequity.statistics import correlation
from mhequity.workspace import Workspace


@dataclass(frozen=True)
class Insight:
    """One finding: a figure to read from the back row, the sentence that explains it, where to see it, and what it rests on."""

    figure: str
    heading: str
    sentence: str
    page: str
    """Key of the page, as in :data:`mhequity.ui.pages.FILES`."""
    basis: str
    """Unit, base and period in a phrase."""
    sources: tuple[str, ...] = ()


def insights(workspace: Workspace, scope: Scope) -> list[Insight]:
    """The five findings for the scope, in the order of need, care, money, their link, and strategy."""
    measure = next(measure for measure in workspace.once(need.measures) if measure.can_weight)
    return [_need(workspace, scope), _unmet(workspace, scope, measure), _money(workspace, scope, measure), _link(workspace, scope, measure),
            _strategy(workspace)]  # fmt: skip


def _need(workspace: Workspace, scope: Scope) -> Insight:
    """The borough whose rank moves most between the need measures that the page on them opens with."""
    heading, page = "Do measures of need agree?", "need_measures"
    chosen = workspace.once(need_measures.defaults)
    moves = workspace.once(need_measures.moves_in, scope.system_codes, chosen) if len(chosen) >= need_measures.FEWEST else None
    seen = None if moves is None else moves[moves.area.isin(scope.codes) & moves.places.notna()]
    if seen is None or seen.empty:
        return Insight("–", heading, f"Fewer than two measures of need are loaded for {scope.place}.", page, "")
    furthest = seen.loc[seen.places.idxmax()]
    basis = f"rank of need per head among {len(scope.system_codes)} boroughs of {scope.system_name}, 1st = most need"
    if furthest.places == 0:
        sources = workspace.once(_sources, *(measure.name for measure in chosen))
        return Insight("No change", heading, "Every borough in view stands in the same place by all measures.", page, basis, sources)
    return Insight(
        f"{ordinal(furthest.highest)} or {ordinal(furthest.lowest)}",
        heading,
        f"**{areas.name_of(furthest.area)}** has the {_ranked(furthest.highest, furthest.n)} need of {furthest.n:.0f} boroughs by one measure "
        f"({plain(furthest.highest_on)}) and the {_ranked(furthest.lowest, furthest.n)} by another ({plain(furthest.lowest_on)}). No single score may "
        "decide.",
        page,
        basis,
        workspace.once(_sources, furthest.highest_on, furthest.lowest_on),
    )


def _sources(workspace: Workspace, *names: str) -> tuple[str, ...]:
    rows = workspace.table("indicators")
    return tuple(rows.source[rows.measure.isin(names)].unique())


def _ranked(rank: float, of: float) -> str:
    return "highest" if rank == 1 else "lowest" if rank == of else f"{ordinal(rank)} highest"


def _unmet(workspace: Workspace, scope: Scope, measure: need.NeedMeasure) -> Insight:
    heading, page = "Does care match need?", "unmet_need"
    care = workspace.once(unmet_need.care_measures, scope.whole)
    frame = scope.mark(workspace.once(unmet_need.equal_access_in, scope.whole, measure, care[0])) if care else pd.DataFrame()
    known = frame[frame.in_scope & frame.ratio.notna()] if care else frame
    if known.empty:
        return Insight("–", heading, f"No care is reported for {scope.place} in {scope.year or 'any year'}.", page, "")
    if frame.ratio.notna().sum() == 1:
        alone = f"{areas.name_of(known.area.iloc[0])} alone reports care in {scope.system_name}: there is nothing to compare it with."
        return Insight("–", heading, alone, page, "")
    lower = known[known.verdict == unmet_need.LOWER].sort_values("ratio")
    basis = f"“{plain(care[0])}”, given for each 1 expected from need, {scope.year}"
    sources = tuple(dict.fromkeys(" ".join(known.source).split()))
    if len(known) > 1 and lower.empty:
        none = "In no borough in view did people get less of this care than need calls for, beyond chance."
        return Insight(f"0 of {len(known)}", heading, none, page, basis, sources)
    worst = known.iloc[0] if lower.empty else lower.iloc[0]
    behind = f" {len(lower)} of {len(known)} boroughs in view fall short beyond chance."
    if len(known) == 1:
        behind = {unmet_need.LOWER: " It falls short beyond chance.", unmet_need.HIGHER: " It is ahead beyond chance."}.get(
            worst.verdict, " It is in line with need, as far as chance allows to tell."
        )
    return Insight(
        f"{worst.ratio:.0%} of expected",
        heading,
        f"People in **{areas.name_of(worst.area)}** got {ratio(worst.ratio)} of this care for each 1 expected from need there (95% interval "
        f"{ratio(worst.lower)} to {ratio(worst.upper)}).{behind}",
        page,
        basis,
        sources,
    )


def _money(workspace: Workspace, scope: Scope, measure: need.NeedMeasure) -> Insight:
    heading, page = "Does money match need?", "investment"
    frame = workspace.once(investment.spend, scope.whole, investment.WEIGHTED, measure)
    known = frame[frame.area.isin(scope.codes) & frame.spend_per_head.notna()]
    if len(known) < 2:
        none = f"Spend is not loaded for two or more boroughs of {scope.place} in {scope.year or 'any year'}."
        if len(scope.boroughs) == 1:
            had = f"{scope.place} had £{known.spend_per_head.iloc[0]:,.0f} for each need-weighted person in {scope.year}. " if len(known) else (
                f"Spend is not loaded for {scope.place} in {scope.year or 'any year'}. "
            )  # fmt: skip
            none = f"{had}To compare, choose two boroughs or more."
        return Insight("–", heading, none, page, "")
    low, high = known.loc[known.spend_per_head.idxmin()], known.loc[known.spend_per_head.idxmax()]
    times = (
        f"{high.spend_per_head / low.spend_per_head:.1f}×"
        if low.spend_per_head > 0
        else f"£{low.spend_per_head:,.0f} to £{high.spend_per_head:,.0f}"
    )
    return Insight(
        times,
        heading,
        f"**{areas.name_of(high.area)}** had £{high.spend_per_head:,.0f} for each need-weighted person, **{areas.name_of(low.area)}** "
        f"£{low.spend_per_head:,.0f}: the most and the least of the {len(known)} boroughs in view with money loaded.",
        page,
        f"pounds per need-weighted person, a borough's people counted by their need ({plain(measure.name)}), {scope.year}",
        tuple(dict.fromkeys(" ".join(known.source).split())),
    )


def _link(workspace: Workspace, scope: Scope, measure: need.NeedMeasure) -> Insight:
    heading, page = "Does care follow money?", "investment"
    outcomes = workspace.once(investment.outcomes, scope.whole)
    if not outcomes:
        return Insight(
            "–", heading, f"No measure of care is loaded for three or more boroughs of {scope.system_name} in this year.", page, ""
        )
    frame = scope.mark(workspace.once(investment.spend_and_care, scope.whole, investment.RESIDENT, measure, outcomes[0]))
    found = investment.link(frame)
    if pd.isna(found.rho):
        who = "borough in view has" if found.n == 1 else "boroughs in view have"
        reason = "few" if found.n < correlation.FEWEST else "much alike"
        few = f"{found.n or 'No'} {who} both money and care: too {reason} for a link."
        return Insight("–", heading, few, page, "")
    both = investment.complete(frame)
    return Insight(
        "No clear link" if found.lower < 0 < found.upper else strength(found.rho).capitalize(),
        heading,
        f"Spend per resident against this measure of care: {plain(outcomes[0].name.lower())}. Rank correlation **{found.rho:.2f}**, 95% interval {found.lower:.2f} to {found.upper:.2f}, n = {found.n}.".replace(
            "-0.", "−0."
        ),
        page,
        f"Spearman's rank correlation (1 = in step, 0 = no link), {scope.year}",
        tuple(dict.fromkeys(" ".join(both.source).split())),
    )


def _strategy(workspace: Workspace) -> Insight:
    heading, page = "Is the strategy on course?", "progress"
    views = workspace.once(progress.target_views)
    if not views:
        return Insight("–", heading, "No strategy with targets is loaded.", page, "")
    on = sum(view.status == progress.ON for view in views)
    worst = max(views, key=lambda view: progress.STATUSES.index(view.status) if view.status in progress.STATUSES[:3] else -1)
    newest = worst.series.iloc[-1] if len(worst.series) else None
    value = "no figure" if newest is None else f"{newest['value']:.0%}" if worst.unit == "share" else f"{newest['value']:,.0f} {worst.unit}"
    when = "" if newest is None else f" in {newest.period}"
    return Insight(
        f"{on} of {len(views)}",
        heading,
        f"{on} of {len(views)} measures with targets {'is' if on == 1 else 'are'} on trajectory. {plain(worst.measure)}, {areas.name_of(worst.area)}: "
        f"**{worst.status}** ({value}{when}).",
        page,
        "targets whose newest figure is as good as the straight line to the target",
        tuple(dict.fromkeys(key for view in views for key in view.sources)),
    )


def summary(found: list[Insight], scope: Scope) -> str:
    """One sentence over the findings."""
    told = sum(insight.figure != "–" for insight in found)
    if told == len(found):
        return f"{scope.place}: need, care, money and progress, each in one figure. Follow a card to the view behind it."
    return f"{scope.place}: {told} of {len(found)} figures can be given from what is loaded. Each card says what is missing."
