"""A pivot table in its compact form: parents name the rows under them, and their own figures are totals, never facts."""

from __future__ import annotations

import pytest

from mhequity.reading import Reading, read
from mhequity.reading.plans import from_json, to_json
from tests.reading.zoo import book

BRENT, HARROW = "E09000005", "E09000015"


def of(text: str, name: str = "Pivot") -> Reading:
    rows = [[_cell(cell.strip()) for cell in line.split("|")] for line in text.strip("\n").split("\n")]
    return read(book((name, rows)), "pivot.xlsx")


def _cell(text: str) -> object:
    return int(text) if text.isdigit() else text or None


def facts(found: Reading, *columns: str) -> list[tuple[object, ...]]:
    return sorted(found.tables["activity"][list(columns)].itertuples(index=False, name=None))


_BOROUGHS = """
Sum of Contacts | Column Labels
Row Labels | Apr-24 | May-24 | Grand Total
Brent | 10 | 20 | 30
Crisis | 4 | 8 | 12
CMHT | 6 | 12 | 18
Harrow | 30 | 40 | 70
Crisis | 10 | 10 | 20
(blank) | 20 | 30 | 50
(blank) | 5 | | 5
CMHT | 5 | | 5
Grand Total | 45 | 60 | 105
"""


def test_services_under_boroughs_with_months_across() -> None:
    assert facts(of(_BOROUGHS), "area", "service", "period", "measure", "count") == [
        (BRENT, "CMHT", "Apr 2024", "Contacts", 6), (BRENT, "CMHT", "May 2024", "Contacts", 12),
        (BRENT, "Crisis", "Apr 2024", "Contacts", 4), (BRENT, "Crisis", "May 2024", "Contacts", 8),
        (HARROW, "Crisis", "Apr 2024", "Contacts", 10), (HARROW, "Crisis", "May 2024", "Contacts", 10),
        (HARROW, "Not stated", "Apr 2024", "Contacts", 20), (HARROW, "Not stated", "May 2024", "Contacts", 30),
    ]  # fmt: skip


def test_parents_and_the_grand_total_are_kept_as_stated_totals() -> None:
    kept = of(_BOROUGHS).comparators["activity"]
    months = kept[(kept["period"] == "Apr 2024")][["area", "service", "count"]].to_numpy().tolist()
    assert months == [
        [BRENT, "Total", 10], [HARROW, "Total", 30], ["Not known", "Total", 5], ["Not known", "CMHT", 5], ["Total", "Grand Total", 45],
    ]  # fmt: skip


def test_totals_that_add_up_are_no_cause_for_alarm() -> None:
    assert [each.done for each in of(_BOROUGHS).findings if "adds up" in each.done] == []


def test_a_parent_that_its_rows_do_not_make_is_told() -> None:
    found = of(_BOROUGHS.replace("Brent | 10 |", "Brent | 11 |"))
    assert [(each.cell, each.done) for each in found.findings if "adds up" in each.done] == [
        ("B3", "The total says 11; the rows that it adds up make 10.")
    ]


def test_boroughs_under_services_with_a_filter_above() -> None:
    found = of("""
Financial year | 2024/25

Row Labels | Sum of Contacts | Sum of Referrals
Crisis | 14 | 3
Brent | 4 | 1
Harrow | 10 | 2
CMHT | 26 | 5
Brent | 6 | 1
Harrow | 20 | 4
Grand Total | 40 | 8
""")
    assert facts(found, "area", "service", "period", "measure", "count") == [
        (BRENT, "CMHT", "2024/25", "Contacts", 6), (BRENT, "CMHT", "2024/25", "Referrals", 1),
        (BRENT, "Crisis", "2024/25", "Contacts", 4), (BRENT, "Crisis", "2024/25", "Referrals", 1),
        (HARROW, "CMHT", "2024/25", "Contacts", 20), (HARROW, "CMHT", "2024/25", "Referrals", 4),
        (HARROW, "Crisis", "2024/25", "Contacts", 10), (HARROW, "Crisis", "2024/25", "Referrals", 2),
    ]  # fmt: skip
    assert found.comparators["activity"]["count"].tolist() == [14, 26, 40, 3, 5, 8]


def test_several_values_under_each_month_and_their_totals_at_the_end() -> None:
    found = of("""
 | Column Labels
 | Apr-24 | | May-24 | | Total Sum of Contacts | Total Sum of Referrals
Row Labels | Sum of Contacts | Sum of Referrals | Sum of Contacts | Sum of Referrals | |
Brent | 10 | 1 | 20 | 2 | 30 | 3
Crisis | 4 | 1 | 8 | 1 | 12 | 2
CMHT | 6 | | 12 | 1 | 18 | 1
Grand Total | 10 | 1 | 20 | 2 | 30 | 3
""")
    assert facts(found, "service", "period", "measure", "count") == [
        ("CMHT", "Apr 2024", "Contacts", 6), ("CMHT", "May 2024", "Contacts", 12), ("CMHT", "May 2024", "Referrals", 1),
        ("Crisis", "Apr 2024", "Contacts", 4), ("Crisis", "Apr 2024", "Referrals", 1), ("Crisis", "May 2024", "Contacts", 8),
        ("Crisis", "May 2024", "Referrals", 1),
    ]  # fmt: skip


def test_teams_named_after_their_borough_are_not_the_borough() -> None:
    found = of(
        "Contacts by borough and team 2024/25\nBorough / team | Contacts\nBrent | 30\nBrent CMHT | 10\nKilburn Crisis | 20\nHarrow | 5\nHarrow CMHT | 5"
    )
    assert facts(found, "area", "team", "count") == [(BRENT, "Brent CMHT", 10), (BRENT, "Kilburn Crisis", 20), (HARROW, "Harrow CMHT", 5)]


def test_a_pivot_of_averages_needs_not_add_up() -> None:
    found = of("Row Labels | Average of Contacts\nBrent | 5\nCrisis | 4\nCMHT | 6\nHarrow | 15\nCrisis | 10\nCMHT | 20", "Pivot 2024-25")
    assert found.plan.tables[0].outline
    assert len(found.comparators[next(iter(found.comparators))]) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        pytest.param("Row Labels | Sum of Contacts\nBrent | 30\nWatford | 10\n(blank) | 20\nGrand Total | 60", 1, id="one level"),
        pytest.param("Borough | Contacts\nBrent | 30\nSomewhere | 10\nHarrow | 20\nElsewhere | 5", 2, id="names that are no places"),
    ],
)
def test_rows_of_one_level_stay_rows(text: str, count: int) -> None:
    found = of(text, "Contacts 2024-25")
    assert not found.plan.tables[0].outline
    assert len(found.tables["activity"]) == count


def test_a_plan_with_two_levels_is_saved_and_read_again() -> None:
    plan = of(_BOROUGHS).plan
    assert from_json(to_json(plan)) == plan
