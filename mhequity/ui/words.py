"""Figures and names as people read them."""

from __future__ import annotations

import pandas as pd

from mhequity.markdown import plain

__all__ = ["NO_VALUE", "WHOLE_YEARS", "interval", "money", "number", "plain", "share", "signed"]

NO_VALUE = "no data"
WHOLE_YEARS = "Quarters and months count once all four, or all twelve, of the year are there."


def number(value: float, digits: int = 0) -> str:
    """``1234.5`` to ``1,235``; a real minus sign; "no data" where missing."""
    return NO_VALUE if pd.isna(value) else f"{value:,.{digits}f}".replace("-", "−")


def share(value: float, digits: int = 0) -> str:
    """``0.471`` to ``47%``."""
    return NO_VALUE if pd.isna(value) else f"{value * 100:.{digits}f}%".replace("-", "−")


def money(value: float) -> str:
    """``1234567`` to ``£1.2 million``; below a million in whole pounds."""
    if pd.isna(value):
        return NO_VALUE
    sign = "−" if value < 0 else ""
    size = abs(value)
    if size >= 1e9:
        return f"{sign}£{size / 1e9:.2f} billion"
    return f"{sign}£{size / 1e6:.1f} million" if size >= 1e6 else f"{sign}£{size:,.0f}"


def signed(value: float) -> str:
    """A share with its sign: ``+12%``, ``−8%``."""
    return NO_VALUE if pd.isna(value) else f"{value * 100:+.0f}%".replace("-", "−")


def interval(lower: float, upper: float, digits: int = 2) -> str:
    """``0.46 to 0.52``; empty where there is none."""
    return "" if pd.isna(lower) or pd.isna(upper) else f"{number(lower, digits)} to {number(upper, digits)}"
