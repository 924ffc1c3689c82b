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


def equal_access(frame: pd.DataFrame, scope: Scope, care: str = "") -> str:
    """In which boroughs in view people get less care than need calls for, beyond chance; ``care`` is what was counted."""
    reports = frame[frame.ratio.notna()]
    seen = reports[reports.in_scope].sort_values("ratio")
    counted = f" (“{plain(care)}”)" if care else ""
    if seen.empty:
        nobody = "state" in frame and (frame.in_scope & (frame.state == unmet_need.NO_CARE)).any()
        none = "The count of care is 0" if nobody else "No care is reported"
        return f"{none}{counted} for {scope.place} in {scope.year}, so unmet need cannot be told."
    if len(reports) == 1:
        return f"{areas.name_of(seen.area.iloc[0])} alone reports care{counted} in {scope.system_name} in {scope.year}, so there is nothing to compare it with."
    if len(seen) == 1:
        return _one_borough(seen.iloc[0], scope, counted)
    lower = seen[seen.verdict == unmet_need.LOWER]
    if lower.empty:
        return (
            f"In {scope.year} people in none of the {len(seen)} boroughs in view that report got less care{counted} than their borough's need would "
            "call for, beyond chance."
        )
    lowest = lower.iloc[0]
    return (
        f"In **{len(lower)} of {len(seen)}** boroughs in view people got less care{counted} than their borough's need would call for, "
        f"beyond chance: **{lower.unmet.sum():,.0f}** fewer in {scope.year}. Furthest behind: **{_names(lower.area)}** "
        f"({areas.name_of(lowest.area)}: {lowest.ratio:.2f} for each 1 expected{_interval(lowest)})."
    )


def _interval(row: pd.Series) -> str:
    """The 95% interval of a ratio, where it comes with one; three digits where two would round its end to 1."""
    if "lower" not in row or pd.isna(row.lower) or pd.isna(row.upper):
        return ""
    return f", 95% interval {ratio(row.lower)} to {ratio(row.upper)}"


def ratio(value: float) -> str:
    """Two digits; three for what is not 1 and would be written as 1: ``0.49``, ``0.997``."""
    return f"{value:.3f}" if value != 1 and f"{value:.2f}" == "1.00" else f"{value:.2f}"


def _one_borough(row: pd.Series, scope: Scope, counted: str) -> str:
    got = (
        f"People in **{areas.name_of(row.area)}** got **{ratio(row.ratio)}** of the care{counted} that need there would call for if "
        f"{scope.system_name}'s care followed need{_interval(row)}"
    )
    if row.verdict == unmet_need.SIMILAR:
        return f"{got}: in line with need in {scope.year}, as far as chance allows to tell."
    return f"{got}: **{abs(row.unmet):,.0f}** {'fewer' if row.unmet > 0 else 'more'} in {scope.year}."


def roughly(people: float) -> str:
    """An estimate to three figures: ``835,000``."""
    return f"{float(f'{people:.3g}'):,.0f}"


def _most_of(share: float) -> str:
    """A share in whole per cent; never all where some are left."""
    return "more than 99%" if 0.995 <= share < 1 else f"{share:.0%}"


def treatment_gap(frame: pd.DataFrame, scope: Scope, condition: str, care: str = "") -> str:
    """How many people in view have the condition and were not seen; ``care`` is what was counted as seen."""
    seen = frame[frame.in_scope & frame.gap.notna()]
    if seen.empty:
        return f"No people seen are reported for {scope.place} in {scope.year}, so the treatment gap cannot be told."
    gap, estimated = seen.gap.sum(), seen.estimated.sum()
    low, high = seen.gap_lower.sum(), seen.gap_upper.sum()
    if gap < 0:
        return f"More are counted as seen ({seen.seen.sum():,.0f}) than are estimated to have {plain(condition)} ({estimated:,.0f}): the prevalence or the age band does not fit what is counted."
    widest = seen.loc[seen.gap_share.idxmax()]
    place = f"in {scope.place}" if len(seen) == 1 else f"in the {len(seen)} boroughs in view that report"
    low_end, high_end = (_most_of(widest[end]) if end in widest else "" for end in ("share_lower", "share_upper"))
    ends = f", plausible range {low_end} to {high_end}" if low_end != high_end else ""
    most = "" if len(seen) == 1 else f" The gap is widest in **{areas.name_of(widest.area)}** ({_most_of(widest.gap_share)}{ends})."
    counted = f" Counted as seen in {scope.year}: “{plain(care)}”." if care else ""
    return (
        f"An estimated **{roughly(gap)}** people {place} have {plain(condition)} and are not known to be seen for it, **{_most_of(gap / estimated)}** "
        f"of those estimated to have it (plausible range {roughly(low)} to {roughly(high)}).{most}{counted}"
    )


def money_and_care(frame: pd.DataFrame, scope: Scope, per: str, care: str) -> str:
    """Whether care, by the measure of that name, follows money among the boroughs in view."""
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
        f"{spread}, and it is **{strength(found.rho)}** to the measure of care, *{plain(care)}* "
        f"(Spearman's rho **{found.rho:.2f}**, n = {found.n}{doubt})."
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
