"""Contacts, one row each, to counts and waits by month. The records themselves go no further than this module."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mhequity import periods
from mhequity.tables import conform

_BY = ["area", "service", "provider", "team", "period"]
_MEASURES = {"yes": "Contacts attended", "no": "Contacts not attended", "": "Contacts, attendance not stated"}
USED = ("date", "area", "service", "provider", "team", "attended", "wait_days")


def month_of(label: str) -> str:
    """The month in which a day or week starts; longer periods stay as they are."""
    period = periods.parse(label)
    if period is None or period.start is None or period.kind not in ("day", "week"):
        return label
    return periods.month(period.start.year, period.start.month).label


def aggregate(contacts: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Contacts as counts, and waits where there are any.

    Parameters
    ----------
    contacts
        Tidy frame of the table ``contacts``.

    Returns
    -------
    dict of DataFrame
        ``activity``: contacts attended and not attended, by area, service, provider, team and month. ``waits``, where
        ``wait_days`` holds numbers: contacts that took place (``seen``), the middle wait and the wait that nine in ten did
        not exceed, in days. A contact stands for a person seen there, so someone who came twice counts twice.
    """
    if contacts.empty:
        return {}
    dated = contacts.assign(period=contacts["date"].map({label: month_of(label) for label in contacts["date"].unique()}))
    counts = dated.assign(measure=dated["attended"].map(_MEASURES)).groupby([*_BY, "measure"], sort=False).size()
    tables = {"activity": conform(counts.rename("count").reset_index(), "activity")}
    waited = dated[dated["wait_days"].notna() & (dated["attended"] != "no")]
    if not waited.empty:
        tables["waits"] = conform(_waits(waited), "waits")
    return tables


def _waits(waited: pd.DataFrame) -> pd.DataFrame:
    days = waited.groupby(_BY, sort=False)["wait_days"]
    frame = pd.DataFrame({"seen": days.size(), "median_days": days.median(), "p90_days": days.agg(_nine_in_ten)})
    return frame.reset_index().assign(definition="local median")


def _nine_in_ten(days: pd.Series) -> float:
    return float(np.quantile(days.to_numpy(), 0.9, method="inverted_cdf"))
