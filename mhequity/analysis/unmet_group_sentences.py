"""Sentences on unmet need by group of people."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mhequity.analysis import unmet_need
from mhequity.markdown import plain
from mhequity.scope import Scope, in_words

NAMES = {"sex": "Sex", "ethnic_group": "Ethnic group", "age_band": "Age band", "deprivation_quintile": "Deprivation"}
"""What each column of groups is called."""
FIFTHS = {"1": "1, most deprived fifth", "5": "5, least deprived fifth"}


def group_name(by: str, group: str) -> str:
    """A group as it stands beside its bar: ``Female``; ``1, most deprived fifth``."""
    if by == "deprivation_quintile":
        return FIFTHS.get(group, group)
    return group[:1].upper() + group[1:] if by == "sex" else group


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
    named = in_words(f"**{plain(group_name(by, row.group))}** ({row.rate:,.1f})" for row in lower.itertuples())
    return (
        f"In {scope.place} in {scope.year} these groups got less care per 1,000 of their residents than {system}, beyond chance: {named}."
    )


def gaps(frame: pd.DataFrame, scope: Scope, by: str) -> str:
    """Which group has the widest and which the narrowest treatment gap.

    Takes what :func:`mhequity.analysis.unmet_by_group.gap_by_group` gives.
    """
    known = frame[frame.gap_share.notna()].sort_values("gap_share")
    if known.empty:
        return f"No group's treatment gap can be told for {scope.place} in {scope.year}."
    least, most = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        return f"In {scope.place} **{most.gap_share:.0%}** of those estimated to have the condition were not seen in {_name(by, most)}."
    clear = (
        "their plausible ranges do not meet"
        if least.share_upper < most.share_lower
        else "their plausible ranges meet, so that the order is not certain"
    )
    return (
        f"In {scope.place} the treatment gap is widest for **{_name(by, most)}** ({most.gap_share:.0%} not seen) and narrowest for "
        f"**{_name(by, least)}** ({least.gap_share:.0%}); {clear}."
    )


def _name(by: str, row: pd.Series) -> str:
    return plain(group_name(by, row.group))


def not_compared(care_only: Mapping[str, float], people_only: tuple[str, ...], by: str) -> str:
    """Groups that are left out since care and residents are not given under the same label; empty where there are none.

    Parameters
    ----------
    care_only
        Group to the care counted.
    """
    parts = []
    if care_only:
        parts.append(
            "care is given for " + in_words(f"{plain(group_name(by, group))} ({count:,.0f})" for group, count in care_only.items())
        )
    if people_only:
        parts.append("residents for " + in_words(plain(group_name(by, group)) for group in people_only))
    return f"Not compared, since care and residents do not have the same label: {'; '.join(parts)}." if parts else ""
