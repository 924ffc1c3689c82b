"""What titles and names of sheets say of figures: what they are, of when, and which of several sheets' figures they are."""

from collections.abc import Mapping

import pytest

from mhequity.reading import BLOCKED, Reading, read
from mhequity.reading.plans import FIGURES
from mhequity.reading.sheet_names import period_of, within
from mhequity.reading.titles import figure_of
from tests.reading.zoo import BRENT, HARROW, book

Rows = list[list[object]]


def under(*titles: str, name: str = "figures.csv") -> Reading:
    lines = [*titles, "Borough,Apr 2025,May 2025", "Brent,35,40", "Harrow,36,41"]
    return read("\n".join(lines).encode(), name)


def read_book(sheets: Mapping[str, Rows]) -> Reading:
    return read(book(*sheets.items()), "book.xlsx")


def facts(found: Reading, table: str, *names: str) -> list[list[object]]:
    return found.tables[table][list(names)].to_numpy().tolist()


def measures(found: Reading) -> list[str]:
    return list(dict.fromkeys(found.tables["indicators"]["measure"]))


def nothing_lost(found: Reading) -> bool:
    return not [each for each in found.findings if each.severity == BLOCKED]


# What the figures are


@pytest.mark.parametrize(
    "title",
    [
        "Contacts",
        "Contacts by borough, 2024/25",
        "Report: Contacts by borough and team",
        "Table 1: contacts 2024/25",
        "Crisis team contacts 2024/25",
        "Number of contacts",
        "Contacts - actual",
        "Example ICB: contacts",
        "Contacts in Brent",
    ],
)
def test_a_title_that_is_a_figures_name_says_what_is_counted(title: str) -> None:
    found = figure_of([[title]])
    assert found is not None
    assert (found.meaning, found.labels) == ("activity.count", {"measure": "Contacts"})


@pytest.mark.parametrize(
    "title",
    [
        "Delayed discharges by borough",
        "Cancelled contacts",
        "DNA contacts",
        "Assessments not completed",
        "Contacts – variance from plan",
        "Contacts – plan",
        "Contacts per WTE",
        "Average contacts per patient",
        "DNA rate by borough",
        "Cost per contact",
        "Admissions of under 18s to adult wards",
        "Waiting list additions",
        "Average length of stay (days)",
    ],
)
def test_a_title_that_says_more_is_the_name_of_an_indicator(title: str) -> None:
    found = under(title)
    assert list(found.tables) == ["indicators"]
    assert measures(found) == [title]
    assert sorted(found.tables["indicators"]["value"]) == [35, 36, 40, 41]


def test_a_rate_keeps_its_unit() -> None:
    found = read_book({"d": [["Contacts per 1,000 population"], ["Borough", "Apr-25"], ["Brent", 155.2], ["Harrow", 99.1]]})
    assert facts(found, "indicators", "measure", "unit")[0] == ["Contacts per 1,000 population", "per 1,000"]


def test_money_named_by_a_title_is_in_pounds_and_no_count() -> None:
    found = under("Out of area placements – cost (£000)")
    assert sorted(found.tables["indicators"]["value"]) == [35_000, 36_000, 40_000, 41_000]
    assert set(found.tables["indicators"]["unit"]) == {"GBP"}


def test_a_title_that_begins_with_a_percentage_says_the_unit() -> None:
    found = read_book({"d": [["% of referrals accepted"], ["Borough", "Apr-25"], ["Brent", 0.55], ["Harrow", 0.62]]})
    assert facts(found, "indicators", "measure", "unit", "value") == [
        ["% of referrals accepted", "share", 0.55], ["% of referrals accepted", "share", 0.62],
    ]  # fmt: skip


def test_a_share_within_weeks_is_no_number_of_people() -> None:
    found = read(b"Waiting times: % of routine cases within 4 weeks\nBorough,Apr 2025\nBrent,0.738\nHarrow,0.5\n", "waits.csv")
    assert facts(found, "indicators", "measure", "unit", "value")[0] == [
        "Waiting times: % of routine cases within 4 weeks", "share", 0.738,
    ]  # fmt: skip


def test_a_plan_above_the_actual_figures_drops_neither() -> None:
    block = [["Borough", "Apr-25"], ["Brent", 35], ["Harrow", 36]]
    found = read_book({"d": [["Contacts – plan"], *block, [], ["Contacts – actual"], ["Borough", "Apr-25"], ["Brent", 30], ["Harrow", 31]]})
    assert facts(found, "indicators", "measure", "value") == [["Contacts – plan", 35], ["Contacts – plan", 36]]
    assert facts(found, "activity", "measure", "count") == [["Contacts", 30], ["Contacts", 31]]


def test_a_tables_own_title_counts_before_that_of_the_first_table() -> None:
    first = [["Occupied bed days"], ["Borough", "Apr-25"], ["Brent", 427], ["Harrow", 423]]
    found = read_book({"d": [*first, [], ["Average length of stay (days)"], ["Borough", "Apr-25"], ["Brent", 43], ["Harrow", 21]]})
    assert facts(found, "activity", "measure", "count") == [["Bed days", 427], ["Bed days", 423]]
    assert facts(found, "indicators", "measure", "value") == [["Average length of stay (days)", 43], ["Average length of stay (days)", 21]]


def test_columns_under_an_average_keep_its_name() -> None:
    found = read(b"Average contacts per patient 2024/25\nBorough,CMHT,Crisis\nBrent,5.5,3.2\nHarrow,5.1,3.3\n", "averages.csv")
    assert measures(found) == ["Average contacts per patient: CMHT", "Average contacts per patient: Crisis"]


# When


def test_a_sheet_named_after_a_month_of_the_titles_year_is_of_that_month() -> None:
    rows: Rows = [["Dashboard 2024/25"], ["Borough", "Contacts"]]
    found = read_book({"Apr-24": [*rows, ["Brent", 1], ["Harrow", 2]], "M2": [*rows, ["Brent", 3], ["Harrow", 4]]})
    assert facts(found, "activity", "area", "period", "count") == [
        [BRENT, "Apr 2024", 1], [HARROW, "Apr 2024", 2], [BRENT, "May 2024", 3], [HARROW, "May 2024", 4],
    ]  # fmt: skip
    assert nothing_lost(found)


def test_a_sheet_named_after_a_quarter_is_of_that_quarter() -> None:
    rows: Rows = [["Dashboard 2024/25"], ["Borough", "Contacts"]]
    found = read_book({"Q1": [*rows, ["Brent", 1], ["Harrow", 2]], "Q2": [*rows, ["Brent", 3], ["Harrow", 4]]})
    assert list(dict.fromkeys(found.tables["activity"]["period"])) == ["2024/25 Q1", "2024/25 Q2"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["2223", "2324"], ["2022/23", "2023/24"]),
        (["2021", "2122 (draft)"], ["2020/21", "2021/22"]),
        (["FY2223", "FY2324"], ["2022/23", "2023/24"]),
        (["2022_23", "2023_24"], ["2022/23", "2023/24"]),
        (["2021", "2022"], ["2021", "2022"]),
    ],
)
def test_sheets_named_after_years_are_of_those_years(names: list[str], expected: list[str]) -> None:
    rows: Rows = [["Spend £k"], ["Borough", "CMHT", "Crisis"]]
    found = read_book({name: [*rows, ["Brent", at, 2], ["Harrow", 3, 4]] for at, name in enumerate(names, start=10)})
    assert list(dict.fromkeys(found.tables["investment"]["period"])) == expected
    assert nothing_lost(found)


def test_four_digits_are_a_year_only_where_all_sheets_so_named_are() -> None:
    assert period_of("2223", ["2223", "2324", "Notes"]) == "2022/23"
    assert period_of("2223", ["2223", "1150"]) == ""
    assert period_of("4510") == ""


def test_a_sheets_month_outside_the_titles_year_is_not_of_it() -> None:
    assert within("Apr-24", "2024/25") == "Apr 2024"
    assert within("Apr-23", "2024/25") == ""
    assert within("Q1", "Apr 2024") == ""


@pytest.mark.parametrize(
    "title", ["Spend Month 7 (October) 2024/25 £k", "Spend M7 (Oct) 2024/25 £k", "Spend Period 7 2425 £k", "Spend Month 7 2024/25 £k"]
)
def test_a_month_by_its_number_and_its_name_is_that_month(title: str) -> None:
    found = read(f"{title}\nBorough,Actual\nBrent,226\nHarrow,339\n".encode(), "spend.csv")
    assert set(found.tables["investment"]["period"]) == {"Oct 2024"}


def test_a_period_above_the_table_is_that_of_columns_without_one() -> None:
    lines = [
        "Access to services",
        "Period: 1 April 2023 to 31 March 2024",
        "Borough,Plan 2023/24,Score",
        "Brent,10431,18.5",
        "Harrow,16025,27.5",
    ]
    found = read("\n".join(lines).encode(), "access.csv")
    assert {tuple(each) for each in facts(found, "indicators", "measure", "period")} == {("Plan", "2023/24"), ("Score", "2023/24")}


# Which of several sheets


def test_sheets_named_after_teams_keep_their_own_figures() -> None:
    rows: Rows = [["Contacts 2024/25"], ["Borough", "Contacts"]]
    found = read_book({"CMHT": [*rows, ["Brent", 496], ["Harrow", 619]], "Crisis": [*rows, ["Brent", 390], ["Harrow", 326]]})
    assert facts(found, "activity", "service", "area", "count") == [
        ["CMHT", BRENT, 496], ["CMHT", HARROW, 619], ["Crisis", BRENT, 390], ["Crisis", HARROW, 326],
    ]  # fmt: skip
    assert nothing_lost(found)


def disease(name: str, *figures: int) -> Rows:
    return [["Framework, 2023-24"], [f"Table: {name}"], [], ["Borough", "Register"], ["Brent", figures[0]], ["Harrow", figures[1]]]


def test_sheets_of_the_same_columns_are_told_apart_by_their_titles() -> None:
    found = read_book({"MH": disease("Mental health", 20, 21), "DEP": disease("Depression (18+)", 30, 31)})
    assert facts(found, "indicators", "measure", "value") == [
        ["Mental health: register", 20], ["Mental health: register", 21], ["Depression: register", 30], ["Depression: register", 31],
    ]  # fmt: skip
    assert [each.seen for each in found.findings if "before the measures" in each.done] == ["Mental health", "Depression"]
    assert nothing_lost(found)


def test_a_sheet_of_plans_is_no_activity() -> None:
    rows: Rows = [["Dashboard 2024/25"], ["Borough", "Contacts"]]
    found = read_book({"Plan": [*rows, ["Brent", 50], ["Harrow", 60]], "Actual": [*rows, ["Brent", 39], ["Harrow", 32]]})
    assert facts(found, "activity", "measure", "count") == [["Contacts", 39], ["Contacts", 32]]
    assert facts(found, "indicators", "measure", "value") == [["Plan: contacts", 50], ["Plan: contacts", 60]]
    assert nothing_lost(found)


def test_a_copy_of_a_sheet_is_no_other_measure() -> None:
    found = read_book({"MH": disease("Mental health", 20, 21), "Copy": disease("Depression", 20, 21)})
    assert measures(found) == ["Register"]


def test_sheets_about_other_places_stay_as_they_are() -> None:
    north: Rows = [["Borough", "Register"], ["Barnet", 1], ["Enfield", 2]]
    west: Rows = [["Borough", "Register"], ["Brent", 3], ["Harrow", 4]]
    assert measures(read_book({"North": north, "West": west})) == ["Register"]


def test_sheets_of_men_and_women_are_told_apart_by_sex_alone() -> None:
    rows: Rows = [["Borough", "Register"]]
    found = read_book({"Male": [*rows, ["Brent", 1], ["Harrow", 2]], "Female": [*rows, ["Brent", 3], ["Harrow", 4]]})
    assert facts(found, "indicators", "measure", "sex", "value") == [
        ["Register", "male", 1], ["Register", "male", 2], ["Register", "female", 3], ["Register", "female", 4],
    ]  # fmt: skip


# A column's own unit


@pytest.mark.parametrize("heading", ["%", "% of total", "Var %"])
def test_a_percentage_under_a_title_of_money_is_no_money(heading: str) -> None:
    found = read(f"MH spend 2024/25 (£000s)\nBorough,CMHT,Crisis,{heading}\nBrent,100,110,0.1\nHarrow,120,130,0.2\n".encode(), "spend.csv")
    assert sorted(found.tables["investment"]["amount_gbp"]) == [100_000, 110_000, 120_000, 130_000]
    assert facts(found, "indicators", "unit", "value") == [["share", 0.1], ["share", 0.2]]


def test_a_percentage_beside_months_of_money_is_named_by_itself() -> None:
    found = read("MH spend (£000s)\nBorough,Apr-25,%\nBrent,100,10.5\nHarrow,120,11.5\n".encode(), "spend.csv")
    assert facts(found, "indicators", "measure", "value") == [["MH spend: %", 0.105], ["MH spend: %", 0.115]]


def test_money_per_head_is_not_multiplied_by_the_titles_thousands() -> None:
    found = read("MH spend 2024/25 (£000s)\nBorough,CMHT,£ per head\nBrent,100,11.5\nHarrow,120,12.5\n".encode(), "spend.csv")
    assert facts(found, "indicators", "unit", "value") == [["GBP per head", 11.5], ["GBP per head", 12.5]]


def test_every_figure_that_a_title_names_is_one_of_the_catalogue() -> None:
    found = [figure_of([[title]]) for title in ("Spend by borough", "Contacts", "Waits", "Economic activity", "Population mid-2023 by age")]
    assert [each.meaning if each else "" for each in found] == ["investment.amount_gbp", "activity.count", "", "", "population.persons"]
    assert all(each is None or each.meaning in FIGURES for each in found)


def test_a_quarter_whose_year_nobody_says_is_no_service() -> None:
    found = read(b'"Contacts"\n\nBorough,Q1,Q2\nBrent,5,6\nEaling,7,8\n', "a.csv").tables["activity"]
    assert set(zip(found["measure"], found["service"], found["period"], strict=True)) == {
        ("Contacts, Q1", "Not stated", "not stated"), ("Contacts, Q2", "Not stated", "not stated"),
    }  # fmt: skip
