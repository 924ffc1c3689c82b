"""The sentence that answers each page's question, computed from what is in view."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mhequity import areas
from mhequity.analysis import investment, unmet_need
from mhequity.analysis.progress import NO_TARGET, TargetView
from mhequity.markdown import plain
from mhequity.scope import Scope, in_words
from mhequity.statistics import correlation
from mhequity.workspace import Workspace


def _names(codes: pd.Series, most: int = 3) -> str:
    listed = [areas.name_of(code) for code in codes]
    rest = len(listed) - most
    return in_words(listed) if rest <= 0 else f"{', '.join(listed[:most])} and {rest} more"


def equal_access(frame: pd.DataFrame, scope: Scope) -> str:
    """Which boroughs in view give less care than their need calls for, beyond chance."""
    seen = frame[frame.in_scope & frame.ratio.notna()].sort_values("ratio")
    if seen.empty:
        return f"No care is reported for {scope.place} in {scope.year}, so unmet need cannot be told."
    if len(seen) == 1:
        return _one_borough(seen.iloc[0], scope)
    lower = seen[seen.verdict == unmet_need.LOWER]
    if lower.empty:
        return f"In {scope.year} none of the {len(seen)} boroughs in view that report gave less care than its need would call for, beyond chance."
    lowest = lower.iloc[0]
    return (
        f"In **{len(lower)} of {len(seen)}** boroughs in view people got less care than their borough's need would call for, "
        f"**{lower.unmet.sum():,.0f}** fewer in {scope.year}. Furthest behind: **{_names(lower.area)}** "
        f"({areas.name_of(lowest.area)}: {lowest.ratio:.2f} for each 1 expected)."
    )


def _one_borough(row: pd.Series, scope: Scope) -> str:
    gave = f"**{areas.name_of(row.area)}** gave **{row.ratio:.2f}** of the care its need would call for if {scope.system_name}'s care followed need"
    if row.verdict == unmet_need.SIMILAR:
        return f"{gave}: in line with need in {scope.year}, as far as chance allows to tell."
    return f"{gave}: **{abs(row.unmet):,.0f}** {'fewer' if row.unmet > 0 else 'more'} in {scope.year}."


def treatment_gap(frame: pd.DataFrame, scope: Scope, condition: str) -> str:
    """How many people in view have the condition and were not seen."""
    seen = frame[frame.in_scope & frame.gap.notna()]
    if seen.empty:
        return f"No people seen are reported for {scope.place} in {scope.year}, so the treatment gap cannot be told."
    gap, estimated = seen.gap.sum(), seen.estimated.sum()
    low, high = seen.gap_lower.sum(), seen.gap_upper.sum()
    if gap < 0:
        return f"More people are seen ({seen.seen.sum():,.0f}) than are estimated to have {plain(condition)} ({estimated:,.0f}): the prevalence or the age band does not fit what is counted."
    widest = seen.loc[seen.gap_share.idxmax()]
    place = f"in {scope.place}" if len(seen) == 1 else f"in the {len(seen)} boroughs in view that report"
    most = "" if len(seen) == 1 else f" The gap is widest in **{areas.name_of(widest.area)}** ({widest.gap_share:.0%})."
    return (
        f"An estimated **{gap:,.0f}** people {place} have {plain(condition)} and are not known to be seen for it, **{gap / estimated:.0%}** "
        f"of those estimated to have it (plausible range {low:,.0f} to {high:,.0f}).{most}"
    )


def money_and_care(frame: pd.DataFrame, scope: Scope, per: str) -> str:
    """Whether care follows money among the boroughs in view, and whether money follows need."""
    both = investment.complete(frame)
    if both.empty:
        return f"Money and care are not both loaded for {scope.place} in {scope.year}."
    low, high = both.loc[both.spend_per_head.idxmin()], both.loc[both.spend_per_head.idxmax()]
    if len(both) == 1:
        return f"{areas.name_of(low.area)} spent **£{low.spend_per_head:,.0f}** per {per} in {scope.year}. One borough shows no link."
    spread = (
        f"Spend ran from **£{low.spend_per_head:,.0f}** per {per} in {areas.name_of(low.area)} to **£{high.spend_per_head:,.0f}** "
        f"in {areas.name_of(high.area)} in {scope.year}"
    )
    found = investment.link(frame)
    if np.isnan(found.rho):
        reason = "are too few to say" if found.n < correlation.FEWEST else "are too much alike to say"
        return f"{spread}. {found.n} boroughs {reason} whether care follows money."
    doubt = "; no link at all cannot be ruled out" if found.lower < 0 < found.upper else ""
    return (
        f"{spread}, and it is **{strength(found.rho)}** to the measure of care (Spearman's rho **{found.rho:.2f}**, n = {found.n}{doubt})."
    )


def strength(rho: float) -> str:
    """A rank correlation in words: under 0.2 not linked, 0.4 weakly, 0.6 moderately, else strongly."""
    size = abs(rho)
    word = "not linked" if size < 0.2 else "only weakly linked" if size < 0.4 else "moderately linked" if size < 0.6 else "strongly linked"
    return word if rho >= 0 or size < 0.2 else f"{word} the other way round"


def progress(frame: pd.DataFrame, views: list[TargetView]) -> str:
    """How many ambitions the data can judge, and what it says of each measure."""
    if frame.empty:
        return "No strategy is loaded."
    judged = int((frame.computed_status != NO_TARGET).sum())
    said = "; ".join(f"**{plain(view.measure[0].lower() + view.measure[1:])}**: {view.status}{_newest(view)}" for view in views)
    conflicts = int(frame.conflict.sum())
    clash = f" In **{conflicts}** the owner's rating and the data disagree." if conflicts else ""
    told = f" The data says of {said}." if said else ""
    verb = "has" if judged == 1 else "have"
    return f"**{judged} of {len(frame)}** ambitions {verb} a measure with a target to judge by.{told}{clash} The other {len(frame) - judged} rest on their owners' word."


def _newest(view: TargetView) -> str:
    return f" (newest figure {view.series.period.iloc[-1]})" if len(view.series) else ""


def loaded(workspace: Workspace, waiting: int = 0) -> str:
    """What is in view: the example, or the person's own files over it; ``waiting`` is how many files are not added yet."""
    rows, files = sum(upload.rows for upload in workspace.uploads), len(workspace.uploads)
    one, them = ("file waits", "it") if waiting == 1 else ("files wait", "them")
    more = f" **{waiting}** {one} below for you to look at and add; until then no page shows {them}." if waiting else ""
    if rows:
        own, lie = ("row", "lies") if rows == 1 else ("rows", "lie")
        return f"**{rows:,}** {own} of yours from **{files}** file{'' if files == 1 else 's'} {lie} over the example, in this browser only.{more}"
    if waiting:
        return f"You are looking at the example.{more}"
    if files:
        return "You are looking at the example: nothing could be loaded from what you brought. What was found is listed below."
    return "You are looking at the example. Bring your own spreadsheet, and every page shows your figures, in this browser only."
