"""What each area's money would be if money followed need."""

from __future__ import annotations

import pandas as pd


def fair_share(weighted: pd.Series, budget: float) -> pd.Series:
    """Money shared out by need-weighted population: WP_i / total WP x budget, in the budget's unit."""
    return weighted / weighted.sum() * budget


def distance_from_target(actual: pd.Series, target: pd.Series) -> pd.Series:
    """(actual - target) / target: positive means over the fair share, negative under it [NHS England's convention]."""
    return (actual - target) / target
