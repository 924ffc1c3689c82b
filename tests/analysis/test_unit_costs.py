"""Unmet need in money: the system's money over its care, of the same services."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from mhequity import tables
from mhequity.analysis import unit_costs
from mhequity.scope import Scope
from mhequity.workspace import Workspace, published

BRENT, EALING, HARROW = "E09000005", "E09000009", "E09000015"
YEAR, CONTACTS = "2024/25", "Contacts"
NWL = Scope("NWL", year=YEAR)


def workspace(care: list[tuple[str, str, float | None]], money: list[tuple[str, str, float | None]]) -> Workspace:
    """Rows of area, service and contacts; of area, service and pounds."""
    activity = pd.DataFrame(care, columns=["area", "service", "count"]).assign(period=YEAR, measure=CONTACTS, source="own")
    spend = pd.DataFrame(money, columns=["area", "service", "amount_gbp"]).assign(period=YEAR, source="books")
    return Workspace({"activity": tables.conform(activity, "activity"), "investment": tables.conform(spend, "investment")}, {}, "literal")


def test_money_over_care_of_the_boroughs_that_report_both() -> None:
    # Harrow has no money and Ealing's 2,000 contacts cost 700,000: (300,000 + 700,000) / (1,000 + 2,000) = 333.33.
    held = workspace([(BRENT, "A", 1000), (EALING, "A", 2000), (HARROW, "A", 9000)], [(BRENT, "A", 300_000), (EALING, "A", 700_000)])
    found = unit_costs.unit_cost(held, NWL, CONTACTS)
    assert found.gbp == pytest.approx(1_000_000 / 3000)
    assert (found.spend, found.care, found.areas, found.sources) == (1_000_000, 3000, (BRENT, EALING), ("books",))


def test_money_of_services_without_this_care_is_left_out() -> None:
    held = workspace([(BRENT, "A", 1000)], [(BRENT, "A", 300_000), (BRENT, "B", 5_000_000)])
    assert unit_costs.unit_cost(held, NWL, CONTACTS).gbp == 300


def test_a_borough_with_care_of_a_service_that_has_no_money_is_left_out() -> None:
    held = workspace([(BRENT, "A", 1000), (BRENT, "B", 500), (EALING, "A", 100)], [(BRENT, "A", 300_000), (EALING, "A", 20_000)])
    found = unit_costs.unit_cost(held, NWL, CONTACTS)
    assert (found.gbp, found.areas) == (200, (EALING,))


def test_one_service_in_view_has_a_cost_of_its_own() -> None:
    held = workspace([(BRENT, "A", 1000), (BRENT, "B", 500)], [(BRENT, "A", 300_000), (BRENT, "B", 500_000)])
    assert unit_costs.unit_cost(held, Scope("NWL", year=YEAR, service="B"), CONTACTS).gbp == 1000
    assert unit_costs.unit_cost(held, NWL, CONTACTS).gbp == pytest.approx(800_000 / 1500)


def test_suppressed_care_or_missing_money_takes_a_borough_out() -> None:
    held = workspace(
        [(BRENT, "A", 3), (EALING, "A", 100), (HARROW, "A", 100)], [(BRENT, "A", 9), (EALING, "A", 50_000), (HARROW, "A", None)]
    )
    assert unit_costs.unit_cost(held, NWL, CONTACTS).areas == (EALING,)


@pytest.mark.parametrize(
    ("care", "money", "why"),
    [
        ([(BRENT, "A", 10)], [], "no money is loaded for 2024/25"),
        ([(BRENT, "A", 10)], [(BRENT, "B", 10)], "money is loaded for B, and this care is of A"),
        ([(BRENT, "A", 10)], [(EALING, "A", 10)], "no borough reports both money and this care for the same services"),
        ([(BRENT, "A", 0)], [(BRENT, "A", 10)], "no care or no money is counted"),
    ],
)
def test_where_it_cannot_be_told_it_says_why(care: list, money: list, why: str) -> None:
    found = unit_costs.unit_cost(workspace(care, money), NWL, CONTACTS)
    assert math.isnan(found.gbp)
    assert not found.known
    assert found.why == why


def test_all_mental_health_spend_is_never_set_against_one_kind_of_check() -> None:
    found = unit_costs.unit_cost(published(), Scope("NWL", year="2019/20"), "People who had all six health checks")
    assert not found.known
    assert "All mental-health services" in found.why
