"""Totals that a sheet states are checked against what they claim to add up, and only then."""

from __future__ import annotations

import pytest

from mhequity import areas
from mhequity.reading.applying import apply
from mhequity.reading.plans import ColumnPlan, TablePlan
from mhequity.reading.sums import check
from tests.reading.sheets import sheet

AREA, SERVICE = ColumnPlan("A", "Borough", "area"), ColumnPlan("A", "Service", "service")
BOROUGHS = [area.name for area in areas.boroughs()]


def told(text: str, *columns: ColumnPlan, **plan: str) -> list[tuple[str, str, str]]:
    """Cell, what stands there, and what is said of it, for each total that does not add up."""
    grid = sheet(text)
    held = apply(grid, TablePlan("investment", "Sheet1", (1,), 2, grid.height, columns, labels={"period": "2024/25"}, **plan))  # type: ignore[arg-type]
    return [(found.cell, found.seen, found.done) for found in check(held, "spend.csv")]


def spend(text: str, scale: float = 1.0, meaning: str = "investment.amount_gbp", unit: str = "GBP") -> list[tuple[str, str, str]]:
    return told(
        "Borough | Spend\n" + text, AREA, ColumnPlan("B", "Spend", meaning, {"measure": "Spend"} if "value" in meaning else {}, unit, scale)
    )


def said(cell: str, seen: str, total: str, parts: str) -> list[tuple[str, str, str]]:
    return [(cell, seen, f"The total says {total}; the rows that it adds up make {parts}.")]


def test_a_total_that_adds_up_is_not_spoken_of() -> None:
    assert spend("Brent | 1\nEaling | 2\nTotal | 3") == []


def test_a_total_that_does_not_add_up_is() -> None:
    assert spend("Brent | 1\nEaling | 2\nTotal | 4") == said("B4", "4", "4", "3")


def test_totals_of_parts_add_up_the_rows_since_the_last_total() -> None:
    assert spend("Brent | 1\nEaling | 2\nTotal | 3\nCamden | 4\nTotal | 4") == []


def test_a_grand_total_adds_up_every_row_above() -> None:
    assert spend("Brent | 1\nEaling | 2\nTotal | 3\nCamden | 4\nTotal | 4\nGrand total | 7") == []


def test_a_total_above_its_rows_adds_them_up_too() -> None:
    assert spend("Total | 3\nBrent | 1\nEaling | 2") == []
    assert spend("Total | 9\nBrent | 1\nEaling | 2") == said("B2", "9", "9", "3")


def test_rounded_thousands_may_miss_their_total_by_half_a_unit_each() -> None:
    """Two figures and the total, each up to 500 pounds off: 1,500 pounds at most."""
    assert spend("Brent | 1\nEaling | 2\nTotal | 4", scale=1000.0) == []
    assert spend("Brent | 1\nEaling | 2\nTotal | 5", scale=1000.0) == said("B4", "5", "5,000", "3,000")


def test_figures_with_pence_may_miss_their_total_by_a_penny_each() -> None:
    assert spend("Brent | 1.25\nEaling | 2.25\nTotal | 3.51") == []
    assert spend("Brent | 1.25\nEaling | 2.25\nTotal | 3.60") == said("B4", "3.60", "3.6", "3.5")


@pytest.mark.parametrize("unknown", ["*", "..", ""])
def test_a_total_over_a_part_that_is_not_known_is_not_judged(unknown: str) -> None:
    assert spend(f"Brent | 5\nEaling | {unknown}\nTotal | 9") == []


@pytest.mark.parametrize("unknown", ["*", ".."])
def test_a_total_below_the_parts_that_are_known_is_wrong_all_the_same(unknown: str) -> None:
    assert spend(f"Brent | 5\nEaling | {unknown}\nTotal | 4") == [("B4", "4", "The total says 4; the rows that it adds up already make 5.")]


@pytest.mark.parametrize("total", ["*", "..", ""])
def test_a_total_that_is_not_stated_is_not_judged(total: str) -> None:
    assert spend(f"Brent | 5\nEaling | 1\nTotal | {total}") == []


def test_england_and_other_wider_places_are_no_sums() -> None:
    assert spend("Brent | 1\nEngland | 50\nInner London | 9") == []


def test_london_is_the_sum_of_its_boroughs_only_where_all_33_are_there() -> None:
    rows = [f"{name} | 1" for name in BOROUGHS]
    assert spend("\n".join([*rows, "London | 33"])) == []
    assert spend("\n".join([*rows, "London | 40"])) == said("B35", "40", "40", "33")
    assert spend("\n".join([*rows[:-1], "London | 40"])) == []


def test_a_system_is_the_sum_of_its_boroughs_only_where_all_of_them_are_there() -> None:
    plan, rows = {"systems_are_totals": True}, [f"{area.name} | 1" for area in areas.boroughs("NCL")]
    columns = (AREA, ColumnPlan("B", "Spend", "investment.amount_gbp"))
    text = "\n".join(["Borough | Spend", *rows, "Brent | 7", "NHS North Central London ICB | 9"])
    assert told(text, *columns, **plan) == said("B8", "9", "9", "5")  # type: ignore[arg-type]
    assert told(text.replace("Camden | 1\n", ""), *columns, **plan) == []  # type: ignore[arg-type]


def test_a_total_of_one_service_adds_up_the_rows_of_that_service() -> None:
    columns = (AREA, ColumnPlan("B", "Service", "service"), ColumnPlan("C", "Spend", "investment.amount_gbp"))
    text = "Borough | Service | Spend\nBrent | CMHT | 1\nBrent | Crisis | 5\nEaling | CMHT | 2\nEaling | Crisis | 6"
    assert told(f"{text}\nTotal | CMHT | 3\nTotal | Crisis | 11", *columns) == []
    assert told(f"{text}\nTotal | CMHT | 3\nTotal | Crisis | 12", *columns) == said("C7", "12", "12", "11")


def test_indicators_are_sums_only_where_they_count_people_money_or_staff() -> None:
    assert spend("Brent | 1\nEaling | 2\nTotal | 9", meaning="indicators.value", unit="share") == []
    assert spend("Brent | 1\nEaling | 2\nTotal | 9", meaning="indicators.value", unit="people") == said("B4", "9", "9", "3")


ACROSS = (
    SERVICE,
    ColumnPlan("B", "Brent", "investment.amount_gbp", {"area": "E09000005"}),
    ColumnPlan("C", "Ealing", "investment.amount_gbp", {"area": "E09000009"}),
    ColumnPlan("D", "Total", "investment.amount_gbp", {"comparator": "Total"}),
)


def test_a_column_of_totals_is_checked_row_by_row() -> None:
    assert told("Service | Brent | Ealing | Total\nCMHT | 1 | 2 | 3\nCrisis | 4 | 5 | 10", *ACROSS) == [
        ("D3", "10", "The total says 10; the columns that it adds up make 9.")
    ]


def test_rows_that_do_not_add_up_are_counted() -> None:
    assert told("Service | Brent | Ealing | Total\nCMHT | 1 | 2 | 4\nCrisis | 4 | 5 | 10", *ACROSS) == [
        ("D2", "4", "The total says 4; the columns that it adds up make 3. 2 rows do not add up.")
    ]


def test_a_column_of_totals_adds_up_the_columns_of_its_own_year() -> None:
    columns = [ColumnPlan(letter, "", "investment.amount_gbp", {"period": year, **label}) for letter, year, label in (
        ("B", "2023/24", {"area": "E09000005"}), ("C", "2023/24", {"area": "E09000009"}), ("D", "2023/24", {"comparator": "Total"}),
        ("E", "2024/25", {"area": "E09000005"}), ("F", "2024/25", {"area": "E09000009"}), ("G", "2024/25", {"comparator": "Total"}),
    )]  # fmt: skip
    assert told("Service | a | b | c | d | e | f\nCMHT | 1 | 2 | 3 | 10 | 20 | 30", SERVICE, *columns) == []
    assert told("Service | a | b | c | d | e | f\nCMHT | 1 | 2 | 3 | 10 | 20 | 33", SERVICE, *columns) == [
        ("G2", "33", "The total says 33; the columns that it adds up make 30.")
    ]


def test_a_row_with_a_suppressed_part_is_not_judged() -> None:
    assert told("Service | Brent | Ealing | Total\nCMHT | 1 | * | 9", *ACROSS) == []


def test_a_finding_says_that_totals_are_never_used_as_figures() -> None:
    grid = sheet("Borough | Spend\nBrent | 1\nEaling | 2\nTotal | 4")
    columns = (AREA, ColumnPlan("B", "Spend", "investment.amount_gbp"))
    (found,) = check(apply(grid, TablePlan("investment", "Sheet1", (1,), 2, 4, columns, labels={"period": "2024/25"})), "spend.csv")
    assert (found.severity, found.file, found.sheet) == ("note", "spend.csv", "Sheet1")
    assert found.advice == "Check the total and the figures that it adds up. Totals are never used as figures."
