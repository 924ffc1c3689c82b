"""Pockets of unmet need: where need is high, care falls short of it beyond chance, and money falls short too."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mhequity.analysis import investment, need, totals, unmet_need
from mhequity.scope import Scope
from mhequity.workspace import Workspace

YES, NO, CANNOT_TELL = "yes", "no", "cannot tell"
NOT_MIXED = "made up, while the care is yours, or the other way round"


def pockets(frame: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """Tell for each area whether it is a pocket of unmet need.

    Parameters
    ----------
    frame
        What :func:`mhequity.analysis.unmet_need.equal_access_in` gives: ``area``, ``need_index``, ``verdict``, ``state``.
    money
        ``area``, ``spend`` (GBP), ``weighted`` (need-weighted people), ``spend_state``: as in :mod:`mhequity.analysis.totals`.

    Returns
    -------
    DataFrame
        ``frame`` with ``spend_per_weighted`` (GBP per need-weighted person) and its ``spend_state``; ``high_need`` (need index above
        1), ``low_care`` (the interval of given / expected lies below 1), ``low_money`` (spend per need-weighted person below that of
        all areas that report), each 1, 0 or missing; ``pocket``: "yes" where all three hold, "no" where any does not, else "cannot
        tell"; and ``pocket_why``: what is missing for those.

    Notes
    -----
    One condition that is known not to hold settles it, whatever else is missing.
    """
    paid = money.set_index("area")
    per_head = frame.area.map(paid.spend / paid.weighted)
    system = system_spend(money)
    conditions = {
        "high_need": _known(frame.need_index > 1, frame.need_index),
        "low_care": _known(frame.verdict == unmet_need.LOWER, frame.ratio),
        "low_money": _known(per_head < system, per_head),
    }
    told = pd.DataFrame(conditions, index=frame.index)
    pocket = pd.Series(CANNOT_TELL, index=frame.index).mask((told == 1).all(axis=1), YES).mask((told == 0).any(axis=1), NO)
    state = frame.area.map(paid.spend_state).fillna(totals.NO_DATA).mask(per_head.notna(), totals.OK)
    out = frame.assign(spend_per_weighted=per_head, spend_state=state, **told, pocket=pocket)
    return out.assign(pocket_why=[_why(row) if row.pocket == CANNOT_TELL else "" for row in out.itertuples()])


def in_system(workspace: Workspace, scope: Scope, measure: need.NeedMeasure, frame: pd.DataFrame) -> pd.DataFrame:
    """:func:`pockets` with the money of the services and year in view."""
    money = workspace.once(investment.spend, scope.whole, investment.WEIGHTED, measure)
    reports = money.spend.notna()
    if workspace.mixes(" ".join([*money.source[reports], *frame.source[frame.ratio.notna()]]).split()):
        money = money.assign(spend=np.nan, state=NOT_MIXED)
    found = pockets(frame, money.rename(columns={"state": "spend_state"}))
    return found.assign(spend_source=" ".join(dict.fromkeys(" ".join(money.source[money.spend.notna()]).split())))


def system_spend(money: pd.DataFrame) -> float:
    """GBP per need-weighted person over the areas that report money: ``spend``, ``weighted``."""
    reports = money.spend.notna() & money.weighted.notna()
    return float(money.spend[reports].sum() / money.weighted[reports].sum()) if reports.any() else np.nan


def _known(holds: pd.Series, value: pd.Series) -> pd.Series:
    """1 where a condition holds, 0 where it does not, missing where its figure is."""
    return holds.astype(float).where(value.notna())


def _why(row: object) -> str:
    """The first figure that is missing, in words."""
    if pd.isna(row.high_need):  # type: ignore[attr-defined]
        return "no need figure"
    if pd.isna(row.low_care):  # type: ignore[attr-defined]
        return f"care: {row.state}"  # type: ignore[attr-defined]
    state = row.spend_state  # type: ignore[attr-defined]
    return "money not loaded" if state == totals.NO_DATA else f"money {state}"
