"""Sentences on unmet need by group of people."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mhequity.analysis import age_bands, unmet_need
from mhequity.markdown import plain
from mhequity.scope import Scope, in_words

NAMES = {"sex": "Sex", "ethnic_group": "Ethnic group", "age_band": "Age band", "deprivation_quintile": "Deprivation"}
"""What each column of groups is called."""
FIFTHS = {"1": " (most deprived)", "5": " (least deprived)"}

ALIKE = "Residents count alike here, whatever their need: a group that needs more may go without at any rate."


def group_name(by: str, group: str) -> str:
    """A group as it stands beside its bar: ``Female``; ``Fifth 1 (most deprived)``; ``Under 16``."""
    if by == "deprivation_quintile":
        return f"Fifth {group}{FIFTHS.get(group, '')}"
    return group[:1].upper() + group[1:]


def _in_text(by: str, group: str) -> str:
    """A group as it stands in a sentence: ages as ``people aged 16 to 25``, fifths as ``fifth 2``."""
    if by == "age_band":
        return plain(f"people {age_bands.in_words(group)}" if age_bands.ends(group) else group)
    name = group_name(by, group)
    return plain(name[:1].lower() + name[1:] if by == "deprivation_quintile" else name)


def _label(by: str, group: str) -> str:
    """A group by the label that it has in the data, where that is what is spoken of."""
    return plain(group if by == "age_band" else group_name(by, group))


def rates(frame: pd.DataFrame, scope: Scope, by: str) -> str:
    """Which groups got less care for their number than the system's residents, beyond chance.

    Takes what :func:`mhequity.analysis.unmet_by_group.rate_by_group` gives.
    """
    known = frame[frame.rate.notna()].sort_values("rate")
    if known.empty:
        return f"No group's care can be told for {scope.place} in {scope.year}."
    system = (
        f"{scope.system_name}'s {known.system.iloc[0]:,.1f}" if scope.boroughs else f"all of them together ({known.system.iloc[0]:,.1f})"
    )
    lower = known[known.verdict == unmet_need.LOWER]
    if lower.empty:
        return (
            f"In {scope.place} in {scope.year} no group of the {len(known)} compared got less care per 1,000 of its residents than {system}, "
            "beyond chance."
        )
    named = in_words(f"**{_in_text(by, row.group)}** ({row.rate:,.1f})" for row in lower.itertuples())
    who, whose = ("this group", "its") if len(lower) == 1 else ("these groups", "their")
    return f"In {scope.place} in {scope.year} {who} got less care per 1,000 of {whose} residents than {system}, beyond chance: {named}."


def gaps(frame: pd.DataFrame, scope: Scope, by: str) -> str:
    """Which group has the widest and which the narrowest treatment gap.

    Takes what :func:`mhequity.analysis.unmet_by_group.gap_by_group` gives.
    """
    known = frame[frame.gap_share.notna()].sort_values("gap_share")
    if known.empty:
        return f"No group's treatment gap can be told for {scope.place} in {scope.year}."
    least, most = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        return f"In {scope.place} the treatment gap is known for **{_name(by, most)}** alone ({_not_seen(most)})."
    clear = (
        "their plausible ranges do not meet"
        if least.share_upper < most.share_lower
        else "their plausible ranges meet, so that the order is not certain"
    )
    return (
        f"In {scope.place} the treatment gap is widest for **{_name(by, most)}** ({_not_seen(most)}) and narrowest for "
        f"**{_name(by, least)}** ({_not_seen(least)}); {clear}."
    )


def _name(by: str, row: pd.Series) -> str:
    return _in_text(by, row.group)


def _not_seen(row: pd.Series) -> str:
    """``67% not seen``; where the estimate is below the people seen, that."""
    return f"{row.gap_share:.0%} not seen" if row.gap_share >= 0 else "more people seen than estimated to have the condition"


def not_compared(care_only: Mapping[str, float], people_only: tuple[str, ...], by: str) -> str:
    """Groups that are left out since care and residents are not given under the same label; empty where there are none.

    Parameters
    ----------
    care_only
        Group to the care counted.
    """
    care = in_words(f"{_label(by, group)} ({count:,.0f})" for group, count in care_only.items())
    people = in_words(_label(by, group) for group in people_only)
    if care and people:
        return f"Not compared, since care and residents do not have the same label: care is given for {care}; residents for {people}."
    if care:
        return f"Not compared: {care}. Care is given for them, residents are not."
    return f"Not compared: {people}. Residents are given for them, care is not." if people else ""
