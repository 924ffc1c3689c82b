"""What one contact, or one person seen, costs a system on average, to tell unmet need in money."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mhequity import tables
from mhequity.analysis import counts, totals
from mhequity.scope import Scope, in_words
from mhequity.workspace import Workspace


@dataclass(frozen=True)
class UnitCost:
    """A system's money over its care, of the same services and year, over the boroughs that report both."""

    gbp: float
    """Pounds for each one counted; missing where it cannot be told, and then ``why`` says why."""
    spend: float = np.nan
    care: float = np.nan
    """Care counted, as it may be shown."""
    areas: tuple[str, ...] = ()
    """Boroughs that report both."""
    why: str = ""
    sources: tuple[str, ...] = ()
    """Keys of where the money comes from."""

    @property
    def known(self) -> bool:
        return bool(np.isfinite(self.gbp))


def unit_cost(workspace: Workspace, scope: Scope, care: str) -> UnitCost:
    """Spend / care counted, over the boroughs of the system that report both for the same services in the same year.

    Parameters
    ----------
    care
        A measure of the activity table.

    Notes
    -----
    An average: total spend of the services that report the care / care counted there. Money of services that do not report the
    care is left out; a borough that reports care of a service without its money is left out. What one more would cost can differ.
    """
    rows = totals.of_year(_of_measure(workspace, scope, care), scope.year)
    reported = _pairs(rows)
    money = workspace.table("investment")
    money = totals.of_year(scope.of_service(money[money.area.isin(scope.system_codes)]), scope.year)
    if reported.empty or money.empty:
        return UnitCost(np.nan, why=f"no money is loaded for {scope.year}" if money.empty else "this care is given for no one service")
    if workspace.mixes([*rows.source.unique(), *money.source.unique()]):
        return UnitCost(np.nan, why="one of money and care is made up and the other is yours")
    both = reported.merge(_pairs(money).assign(paid=True), on=["area", "service"], how="left")
    covered = both.groupby("area")["paid"].apply(lambda paid: paid.notna().all())
    spent = totals.by_area(money.merge(reported, on=["area", "service"]), "amount_gbp")
    given = counts.by_borough(workspace, scope, "activity", care)
    usable = [
        area for area in covered[covered].index if area in given.index and pd.notna(given.total[area]) and pd.notna(spent.total.get(area))
    ]
    if not usable:
        return UnitCost(np.nan, why=_why(reported, money))
    total, spend = float(given.total[usable].sum()), float(spent.total[usable].sum())
    if total <= 0 or spend <= 0:
        return UnitCost(np.nan, why="no care or no money is counted")
    sources = tuple(money[money.area.isin(usable)].source.unique())
    return UnitCost(spend / total, spend, float(given.shown[usable].sum()), tuple(usable), "", sources)


def _of_measure(workspace: Workspace, scope: Scope, care: str) -> pd.DataFrame:
    rows = tables.everyone(workspace.table("activity"))
    return scope.of_service(rows[(rows.measure == care) & rows.area.isin(scope.system_codes)])


def _pairs(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["area", "service"]].drop_duplicates()


def _why(reported: pd.DataFrame, money: pd.DataFrame) -> str:
    """Why no borough has both: services that differ, or counts that are missing."""
    without = sorted(set(reported.service) - set(money.service))
    if not without:
        return "no borough reports both money and this care for the same services"
    paid = sorted(set(money.service))
    return f"money is loaded for {_listed(paid)}, and this care is of {_listed(without)}"


def _listed(services: list[str], most: int = 3) -> str:
    named = [service or "no one service" for service in services]
    return in_words(named if len(named) <= most else [*named[:most], f"{len(named) - most} more"])
