"""What the columns of a table mean is told from headings, contents and what stands around; what cannot be told is left unused."""

from __future__ import annotations

import pytest

from mhequity.reading.planning import plan_sheet
from mhequity.reading.plans import ColumnPlan, TablePlan
from tests.reading.sheets import sheet

BRENT, EALING = "E09000005", "E09000009"


def planned(text: str, name: str = "Sheet1", file: str = "data.xlsx") -> TablePlan:
    """The plan of a sheet's only table."""
    (plan,), _ = plan_sheet(sheet(text, name), file)
    return plan


def meanings(text: str, name: str = "Sheet1") -> list[str]:
    return [column.meaning for column in planned(text, name).columns]


def figures(text: str, name: str = "Sheet1") -> list[ColumnPlan]:
    return [column for column in planned(text, name).columns if "." in column.meaning]


# Which column means what


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        pytest.param("Borough | Spend\nBrent | 100\nEaling | 200", ["area", "investment.amount_gbp"], id="spend"),
        pytest.param("Borough | Population\nBrent | 100\nEaling | 200", ["area", "population.persons"], id="population"),
        pytest.param("Borough | Contacts\nBrent | 100\nEaling | 200", ["area", "activity.count"], id="contacts"),
        pytest.param("Borough | Happiness\nBrent | 1\nEaling | 2", ["area", "indicators.value"], id="a measure of no table"),
        pytest.param("Borough | Phone\nBrent | 20\nEaling | 21", ["area", ""], id="a number that is no figure"),
        pytest.param("Where | Spend\nBrent | 100\nEaling | 200", ["area", "investment.amount_gbp"], id="areas under an unknown heading"),
        pytest.param("Area code | Area name | Persons\nE09000005 | Brent | 1\nE09000009 | Ealing | 2", ["area", "area", "population.persons"],
                     id="a code and a name"),
        pytest.param("Borough | Service | Colour | Spend\nBrent | CMHT | red | 1\nEaling | CMHT | blue | 2",
                     ["area", "service", "", "investment.amount_gbp"], id="words of no table"),
        pytest.param("Financial year | Month | Borough | Contacts\n2024/25 | Apr | Brent | 1\n2024/25 | May | Brent | 1",
                     ["period", "period", "area", "activity.count"], id="a year and a month of it"),
        pytest.param("Start date | End date | Borough | Contacts\n01/04/2024 | 30/04/2024 | Brent | 1\n01/05/2024 | 31/05/2024 | Brent | 1",
                     ["period", "period", "area", "activity.count"], id="a start and an end"),
        pytest.param("Area type | Area | Period | Happiness\nEngland | England | 2024 | 5\nBorough | Brent | 2024 | 4",
                     ["level", "area", "period", "indicators.value"], id="what each row is about"),
    ],
)  # fmt: skip
def test_columns_are_told_by_headings_and_contents(text: str, meant: list[str]) -> None:
    assert meanings(text) == meant


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Borough | Spend | Happiness\nBrent | 1 | 2", "investment"),
        ("Borough | Happiness | Rank\nBrent | 1 | 2", "indicators"),
        ("Borough | Service | Element | Status\nBrent | CMHT | Crisis house | full", "core_offer"),
        ("Action | Owner | Due\nPublish waits | Head of performance | 2025/26", "actions"),
    ],
)
def test_the_table_is_the_one_that_most_figures_belong_to(text: str, kind: str) -> None:
    assert planned(text).kind == kind


def test_a_day_above_12_in_second_place_makes_the_column_month_first() -> None:
    plan = planned("Borough | Date | Contacts\nBrent | 02/13/2024 | 1\nEaling | 02/03/2024 | 2")
    assert [column.day_first for column in plan.columns] == [True, False, True]


def test_the_same_fact_stated_twice_stays_an_indicator_of_its_own_name() -> None:
    spend, budget = figures("Borough | Spend | Budget\nBrent | 1 | 2\nEaling | 1 | 2")
    assert (spend.meaning, budget.meaning, budget.labels) == ("investment.amount_gbp", "indicators.value", {"measure": "Budget"})


def test_rows_and_letters_count_as_in_the_spreadsheet() -> None:
    (plan,), _ = plan_sheet(sheet("Title |\n|\nBorough | Spend\nBrent | 1\nEaling | 2", top=4, left=2), "data.xlsx")
    assert (plan.header_rows, plan.first_row, plan.last_row, [column.column for column in plan.columns]) == ((6,), 7, 8, ["B", "C"])


# The template's own headings


def test_the_templates_headings_are_taken_as_they_are() -> None:
    plan = planned("area | service | period | amount_gbp\nBrent | CMHT | 2024/25 | 100")
    assert (plan.kind, plan.exact) == ("investment", True)
    assert [column.meaning for column in plan.columns] == ["area", "service", "period", "investment.amount_gbp"]


@pytest.mark.parametrize("headings", ["Area | Service | Period | Amount GBP", "AREA | service | period | amount_gbp (GBP)"])
def test_case_and_units_make_no_difference_to_the_templates_headings(headings: str) -> None:
    assert planned(f"{headings}\nBrent | CMHT | 2024/25 | 100").exact


def test_headings_without_the_templates_required_ones_are_not_the_templates() -> None:
    assert not planned("area | service | amount_gbp\nBrent | CMHT | 100").exact


def test_the_templates_empty_sheet_is_planned_and_other_headings_without_rows_are_not() -> None:
    assert planned("area | service | period | amount_gbp").kind == "investment"
    assert plan_sheet(sheet("Borough | Spend"), "data.xlsx")[0] == []


# Headings inside the table, blanks under a name, rows that need telling apart


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Borough | Spend 2024/25\nAdult services |\nBrent | 1\nEaling | 2\nOlder people |\nBrent | 1\nEaling | 2", "service"),
        ("Borough | Spend\n2023/24 |\nBrent | 1\nEaling | 2\n2024/25 |\nBrent | 1\nEaling | 2", "period"),
        ("Service | Spend\nBrent |\nCMHT | 1\nCrisis | 2\nTalking | 3\nEaling |\nCMHT | 1\nCrisis | 2\nTalking | 3", "area"),
        ("Borough | Spend\nBrent | 1\nEaling | 2", ""),
    ],
)
def test_headings_inside_a_table_name_what_no_column_does(text: str, named: str) -> None:
    assert planned(text).sections == named


def test_blank_cells_under_a_name_stand_for_it_where_each_row_has_another_service() -> None:
    text = "Borough | Service | Spend\nBrent | CMHT | 1\n| Crisis | 2\n| Talking | 3\nEaling | CMHT | 1\n| Crisis | 2\n| Talking | 3"
    assert planned(text).fill_down == ("A",)


def test_blank_cells_between_rows_of_the_same_service_stand_for_nothing() -> None:
    text = "Borough | Service | Spend\nBrent | CMHT | 1\n| CMHT | 2\n| CMHT | 3\nEaling | CMHT | 1\n| CMHT | 2\n| CMHT | 3"
    assert planned(text).fill_down == ()


def test_blank_cells_of_merged_ones_stand_for_the_name_above() -> None:
    grid = sheet("Borough | Service | Spend\nBrent | CMHT | 1\n| Crisis | 2\nEaling | CMHT | 3", merged=((2, 1, 3, 1),))
    assert plan_sheet(grid, "data.xlsx")[0][0].fill_down == ("A",)


def test_rows_that_would_state_the_same_fact_are_told_apart_by_a_column_of_words() -> None:
    text = "Borough | Service | Care setting | Spend\nBrent | CMHT | Bed | 1\nBrent | CMHT | Home | 2\nEaling | CMHT | Bed | 1\nEaling | CMHT | Home | 2"
    assert meanings(text) == ["area", "service", "service", "investment.amount_gbp"]


# Areas, periods and measures across


def test_areas_across_are_labels_of_their_columns_and_london_is_kept_apart() -> None:
    found = figures("Service | Brent | Ealing | London\nCMHT | 1 | 2 | 3\nCrisis | 1 | 2 | 3", "Spend 2024/25")
    assert [column.meaning for column in found] == ["investment.amount_gbp"] * 3
    assert [column.labels for column in found] == [{"area": BRENT}, {"area": EALING}, {"comparator": "London"}]


def test_a_spelling_across_is_kept_for_a_person_to_confirm() -> None:
    found = figures("Service | Brent | Ealing | Hillingdn\nCMHT | 1 | 2 | 3\nCrisis | 1 | 2 | 3", "Spend 2024/25")
    assert [column.labels["area"] for column in found] == [BRENT, EALING, "Hillingdn"]


def test_periods_across_are_labels_of_what_the_sheets_name_says() -> None:
    found = figures("Borough | 2022/23 | 2023/24\nBrent | 1 | 2\nEaling | 1 | 2", "Population")
    assert [(column.meaning, column.labels) for column in found] == [
        ("population.persons", {"period": "2022/23"}),
        ("population.persons", {"period": "2023/24"}),
    ]


def test_measures_across_are_indicators_of_their_own_names() -> None:
    found = figures("Borough | Happiness | Loneliness 2024\nBrent | 1 | 2\nEaling | 3 | 4")
    assert [column.labels for column in found] == [{"measure": "Happiness"}, {"period": "2024", "measure": "Loneliness"}]


def test_beside_a_column_of_measures_a_figure_has_no_name_of_its_own() -> None:
    plan = planned("Borough | Measure | Value\nBrent | Happiness | 1\nBrent | Loneliness | 2", "2024")
    assert [(column.meaning, dict(column.labels)) for column in plan.columns] == [("area", {}), ("measure", {}), ("indicators.value", {})]


def test_measures_that_count_care_make_their_figures_activity() -> None:
    (found,) = figures("Borough | Measure | 2024/25\nBrent | Contacts | 1\nBrent | Referrals | 2")
    assert (found.meaning, found.labels) == ("activity.count", {"period": "2024/25"})


def test_of_headings_over_two_rows_the_other_one_names_the_service() -> None:
    found = figures(
        "| CMHT || Crisis |\nBorough | Spend | Contacts | Spend | Contacts\nBrent | 1 | 2 | 3 | 4\nEaling | 1 | 2 | 3 | 4", "2024/25"
    )
    assert [(column.meaning, column.labels["service"]) for column in found] == [
        ("investment.amount_gbp", "CMHT"), ("activity.count", "CMHT"), ("investment.amount_gbp", "Crisis"), ("activity.count", "Crisis"),
    ]  # fmt: skip


# Units, shares


@pytest.mark.parametrize(
    ("heading", "cells", "unit", "scale"),
    [
        pytest.param("Employment rate (%)", ("12.5", "14.5"), "share", 0.01, id="percentages"),
        pytest.param("Employment rate (%)", ("0.125", "0.145"), "share", 1.0, id="shares under a percent sign"),
        pytest.param("Employment rate", ("12.5%", "14.5%"), "share", 1.0, id="cells with a percent sign"),
        pytest.param("Employment rate (%)", ("*", ".."), "share", 0.01, id="no figure to tell by"),
        pytest.param("Happiness", ("0.5", "0.7"), "", 1.0, id="no unit stated"),
        pytest.param("Spend (£000s)", ("12", "13"), "GBP", 1000.0, id="thousands"),
        pytest.param("Spend £m", ("1.2", "1.3"), "GBP", 1_000_000.0, id="millions"),
    ],
)
def test_units_and_scales_are_told_once_for_a_whole_column(heading: str, cells: tuple[str, str], unit: str, scale: float) -> None:
    (found,) = figures(f"Borough | {heading}\nBrent | {cells[0]}\nEaling | {cells[1]}")
    assert (found.unit, found.scale) == (unit, scale)


@pytest.mark.parametrize("heading", ["Rank", "IMD rank", "Rank of average score", "Spend rank", "Population ranking"])
def test_a_rank_is_no_score_and_does_not_say_which_way_is_better(heading: str) -> None:
    (found,) = figures(f"Borough | {heading}\nBrent | 1\nEaling | 2")
    assert (found.meaning, found.unit) == ("indicators.value", "rank")
    assert found.labels == {"better": "neither", "measure": heading}


# What stands around a table


@pytest.mark.parametrize(
    ("text", "name", "file", "labels"),
    [
        pytest.param("Spend in 2023/24\n\nBorough | Spend\nBrent | 1\nEaling | 2", "Sheet1", "x.csv", {"period": "2023/24"}, id="title"),
        pytest.param("Borough | Spend\nBrent | 1\nEaling | 2", "Spend 2023-24", "x.csv", {"period": "2023/24"}, id="the sheet's name"),
        pytest.param("Borough | Spend\nBrent | 1\nEaling | 2", "Sheet1", "spend_2023-24.xlsx", {"period": "2023/24"}, id="the file's name"),
        pytest.param("2022/23\n\nBorough | Spend\nBrent | 1\nEaling | 2", "2023/24", "x.csv", {"period": "2022/23"}, id="the nearest first"),
        pytest.param("Spend 2022/23 and 2023/24\n\nBorough | Spend\nBrent | 1\nEaling | 2", "Sheet1", "x.csv", {}, id="two years say none"),
        pytest.param("Brent, 2023/24\n\nService | Spend\nCMHT | 1\nCrisis | 2", "Sheet1", "x.csv", {"area": BRENT, "period": "2023/24"},
                     id="a borough"),
        pytest.param("2022/23\n\nBorough | Spend 2023/24\nBrent | 1\nEaling | 2", "Sheet1", "x.csv", {}, id="the headings know better"),
    ],
)  # fmt: skip
def test_titles_and_names_say_what_no_column_does(text: str, name: str, file: str, labels: dict[str, str]) -> None:
    assert planned(text, name, file).labels == labels


def test_thousands_in_the_title_hold_for_the_money_under_it_only() -> None:
    found = figures("Spend by borough (£000s)\n\nBorough | Spend | Contacts\nBrent | 1 | 2\nEaling | 3 | 4")
    assert [column.scale for column in found] == [1000.0, 1.0]
