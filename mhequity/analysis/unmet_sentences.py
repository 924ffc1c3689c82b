"""Sentences of the page on unmet need: where its pockets are, and what it comes to in money."""

from __future__ import annotations

import pandas as pd

from mhequity import areas
from mhequity.analysis import care_kinds, need, pockets, sentences, unmet_need
from mhequity.analysis.unit_costs import UnitCost
from mhequity.scope import ALL_SERVICES, Scope, in_words

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
_NAMED = 6
"""Pockets that are named one by one."""


def pockets_of(frame: pd.DataFrame, scope: Scope, measure: need.NeedMeasure) -> str:
    """Which boroughs in view are pockets of unmet need; where there are none or it cannot be told, that and why.

    Takes what :func:`mhequity.analysis.pockets.pockets` gives, with ``in_scope``.
    """
    seen = frame[frame.in_scope]
    known = seen[seen.pocket != pockets.CANNOT_TELL]
    found = known[known.pocket == pockets.YES]
    if measure.name == need.HEADS:
        return "Pockets of unmet need cannot be said with this measure: it gives every resident the same need. Choose another."
    if known.empty:
        return f"Whether there are pockets of unmet need cannot be said: {_reasons(seen)}."
    if len(seen) == 1:
        return _one_borough(seen.iloc[0], frame, measure, scope)
    rest = _rest(seen)
    if len(found):
        many = "Pocket" if len(found) == 1 else "Pockets"
        number = _NUMBERS[len(found)] if len(found) < len(_NUMBERS) else str(len(found))
        return (
            f"**{number} {many.lower()} of unmet need: {_names(found.area)}.** There, need is above {measure.reference}'s, care is below what need "
            f"calls for beyond chance{_care_of(found)}, and spend per need-weighted person is below {_those_paid(frame, scope)}.{rest}"
        )
    told = f"the {len(known)} boroughs where it can be told" if rest else f"the {len(known)} boroughs in view"
    if frame.spend_per_weighted.isna().all():
        return (
            f"**No pocket of unmet need** among {told}: in none of them do need above {measure.reference}'s and care below need beyond chance come "
            f"together, whatever is spent.{rest}"
        )
    return (
        f"**No pocket of unmet need** among {told}: in none of them do need above {measure.reference}'s, care below need beyond chance and "
        f"spend per need-weighted person below {_those_paid(frame, scope)} come together.{rest}"
    )


def _care_of(found: pd.DataFrame) -> str:
    """How far short care falls in the pockets: beyond chance can still be little."""
    low, high = sentences.ratio(found.ratio.min()), sentences.ratio(found.ratio.max())
    return f" ({low if low == high else f'{low} to {high}'} for each 1 expected)"


def _one_borough(row: pd.Series, frame: pd.DataFrame, measure: need.NeedMeasure, scope: Scope) -> str:
    """What holds and what does not of the one borough in view."""
    name = areas.name_of(row.area)
    if row.pocket == pockets.YES:
        return (
            f"**{name} is a pocket of unmet need**: need is above {measure.reference}'s, care is below what need calls for beyond chance, and "
            f"spend per need-weighted person is below {_those_paid(frame, scope)}."
        )
    fails = {
        "high_need": f"its need is not above {measure.reference}'s",
        "low_care": "its care is not below what need calls for beyond chance",
        "low_money": f"its spend per need-weighted person is not below {_those_paid(frame, scope)}",
    }
    return f"{name} is no pocket of unmet need: {in_words(said for column, said in fails.items() if row[column] == 0)}."


def _those_paid(frame: pd.DataFrame, scope: Scope) -> str:
    """Whose spend is the yardstick: the system's, or that of its boroughs that report money."""
    paid = int(frame.spend_per_weighted.notna().sum())
    if paid == len(frame):
        return f"{scope.system_name}'s"
    return f"that of {scope.system_name}'s {paid} {'borough' if paid == 1 else 'boroughs'} with money loaded"


def _rest(seen: pd.DataFrame) -> str:
    unknown = seen[seen.pocket == pockets.CANNOT_TELL]
    if unknown.empty:
        return ""
    them = areas.name_of(unknown.area.iloc[0]) if len(unknown) == 1 else f"{len(unknown)} boroughs"
    return f" For {them} it cannot be said ({_reasons(unknown)})."


def _reasons(unknown: pd.DataFrame) -> str:
    """What is missing, the most frequent first."""
    return "; ".join(unknown.pocket_why.value_counts().index)


def _names(codes: pd.Series) -> str:
    listed = [areas.name_of(code) for code in codes]
    rest = len(listed) - _NAMED
    return in_words(listed if rest <= 0 else [*listed[:_NAMED], f"{rest} more"])


def in_money(frame: pd.DataFrame, scope: Scope, cost: UnitCost, care: str) -> str:
    """What care that falls short of need beyond chance in the boroughs in view comes to at the system's unit cost; empty where it
    cannot be told or nothing falls short."""
    behind = frame[frame.in_scope & (frame.verdict == unmet_need.LOWER)]
    if not cost.known or behind.empty:
        return ""
    return f"At {scope.system_name}'s average of {each(cost, care)} that shortfall is **about {pounds(behind.unmet.sum() * cost.gbp)}**."


def gap_in_money(frame: pd.DataFrame, scope: Scope, cost: UnitCost, care: str) -> str:
    """What it would come to to see everyone who is not seen, where one person seen has a cost; empty where it cannot be told."""
    seen = frame[frame.in_scope & frame.gap.notna()]
    if not cost.known or not care_kinds.counts_people(care) or seen.gap.sum() <= 0:
        return ""
    mixed = ", all services together," if scope.service == ALL_SERVICES else ""
    return f"To see them all at {scope.system_name}'s average of {each(cost, care)}{mixed} would come to **about {pounds(seen.gap.sum() * cost.gbp)}**."


def each(cost: UnitCost, care: str) -> str:
    """``£310 a contact``."""
    thing = care_kinds.one(care)
    return f"£{cost.gbp:,.0f} {'for each ' + thing if thing == 'one counted' else thing}"


def pounds(value: float) -> str:
    """Money as an estimate may be told, to two figures: ``£1.2m``, ``£310,000``."""
    size = abs(value)
    if size >= 1e9:
        return f"£{size / 1e9:.1f}bn"
    if size >= 1e6:
        return f"£{size / 1e6:.1f}m" if size < 1e7 else f"£{size / 1e6:,.0f}m"
    return f"£{round(size, -3):,.0f}" if size >= 1e4 else f"£{round(size, -2):,.0f}"
