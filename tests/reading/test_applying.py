"""A plan applied to a sheet: states of cells, scales, what is left out and why, totals kept apart, groups of people."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import pytest

from mhequity import tables
from mhequity.reading import read
from mhequity.reading.applying import Applied, apply
from mhequity.reading.plans import ColumnPlan, TablePlan
from tests.reading.sheets import sheet

BRENT, CAMDEN, EALING, NWL = "E09000005", "E09000007", "E09000009", "E54000027"
AREA, SERVICE, PERIOD = ColumnPlan("A", "Borough", "area"), ColumnPlan("A", "Service", "service"), ColumnPlan("A", "Period", "period")


def figure(column: str, meaning: str = "population.persons", **more: object) -> ColumnPlan:
    return ColumnPlan(column, "Figure", meaning, **more)  # type: ignore[arg-type]


def applied(text: str, columns: Sequence[ColumnPlan], kind: str = "population", **plan: object) -> Applied:
    """A plan for a table with one row of headings, applied; every row is of 2024 unless said otherwise."""
    grid = sheet(text)
    plan.setdefault("labels", {"period": "2024"})
    return apply(grid, TablePlan(kind, "Sheet1", (1,), 2, grid.height, tuple(columns), **plan))  # type: ignore[arg-type]


def facts(held: Applied) -> pd.DataFrame:
    """The facts of a table with one kind of figure."""
    ((_, found),) = held.facts
    return tables.from_arrow(found)


def rows(frame: pd.DataFrame, *names: str) -> list[tuple]:
    return [tuple(row) for row in frame[list(names)].itertuples(index=False)]


def left_out(held: Applied) -> list[tuple[str, list[int]]]:
    """Why, and the rows' numbers in the sheet."""
    return [(each.reason.split(".")[0], (each.rows + held.grid.top).tolist()) for each in held.left_out]


# States


@pytest.mark.parametrize("mark", ["*", "<5", "c", "[c]", "≤ 7"])
def test_a_suppressed_figure_is_never_a_number(mark: str) -> None:
    (fact,) = rows(facts(applied(f"Borough | Persons\nBrent | {mark}", [AREA, figure("B")])), "persons", "suppressed")
    assert math.isnan(fact[0])
    assert fact[1] == "persons"


@pytest.mark.parametrize("mark", ["", "-", "..", ":", "n/a", "x", "[z]", "#N/A"])
def test_a_missing_figure_is_neither_zero_nor_suppressed(mark: str) -> None:
    (fact,) = rows(facts(applied(f"Borough | Persons\nBrent | {mark}", [AREA, figure("B")])), "persons", "suppressed")
    assert math.isnan(fact[0])
    assert fact[1] == ""


def test_zero_stays_zero() -> None:
    assert rows(facts(applied("Borough | Persons\nBrent | 0", [AREA, figure("B")])), "persons", "suppressed") == [(0.0, "")]


def test_suppression_names_the_column_that_is_suppressed() -> None:
    columns = [AREA, figure("B", "workforce.established_wte"), figure("C", "workforce.in_post_wte")]
    held = applied("Borough | Posts | Staff\nBrent | 3 | *\nEaling | * | *", columns, "workforce")
    assert facts(held)["suppressed"].tolist() == ["in_post_wte", "established_wte in_post_wte"]


@pytest.mark.parametrize(("remark", "marked"), [("Value suppressed", "value"), ("Data not disclosed", "value"), ("Late return", "")])
def test_a_blank_figure_is_suppressed_where_the_remark_beside_it_says_so(remark: str, marked: str) -> None:
    columns = [AREA, figure("B", "indicators.value", labels={"measure": "Wellbeing"}), ColumnPlan("C", "Note", "remark")]
    held = applied(f"Borough | Value | Note\nBrent | | {remark}\nEaling | 5 |", columns, "indicators")
    assert facts(held)["suppressed"].tolist() == [marked, ""]


def test_a_figure_that_is_there_stays_whatever_the_remark_says() -> None:
    columns = [AREA, figure("B", "indicators.value", labels={"measure": "Wellbeing"}), ColumnPlan("C", "Note", "remark")]
    held = applied("Borough | Value | Note\nBrent | 5 | Others suppressed", columns, "indicators")
    assert rows(facts(held), "value", "suppressed") == [(5.0, "")]


# Scales


@pytest.mark.parametrize(
    ("meaning", "cell", "scale", "value"),
    [
        pytest.param("investment.amount_gbp", "1.5", 1000, 1500.0, id="thousands"),
        pytest.param("investment.amount_gbp", "£2m", 1000, 2_000_000.0, id="a cell that says its own unit"),
        pytest.param("investment.amount_gbp", "(3)", 1000, -3000.0, id="brackets are below zero"),
        pytest.param("indicators.value", "12.5", 0.01, 0.125, id="a percentage"),
        pytest.param("indicators.value", "37.8", 0.01, 0.378, id="a percentage without float noise"),
        pytest.param("indicators.value", "12.5%", 0.01, 0.125, id="a percent sign counts once"),
        pytest.param("population.persons", "1,234", 1, 1234.0, id="commas"),
    ],
)
def test_figures_are_in_the_catalogues_unit(meaning: str, cell: str, scale: float, value: float) -> None:
    table, name = meaning.split(".")
    held = applied(f"Borough | Figure\nBrent | {cell}", [AREA, figure("B", meaning, scale=float(scale))], table)
    assert facts(held)[name].tolist() == [value]


# Left out


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("soon", "persons: This is not a number"),
        ("-5", "persons: persons cannot be below zero"),
        ("12%", "persons: persons is not a share"),
        ("2024-04-01", "persons: This is not a number"),
        ("#REF!", "persons: This is not a number"),
    ],
)
def test_a_row_whose_figure_cannot_be_read_is_left_out_and_the_others_stay(cell: str, why: str) -> None:
    held = applied(f"Borough | Persons\nBrent | {cell}\nEaling | 2", [AREA, figure("B")])
    assert rows(facts(held), "area", "persons") == [(EALING, 2.0)]
    assert left_out(held) == [(why, [2])]


@pytest.mark.parametrize(
    ("area", "why", "apart"),
    [
        ("Brnt", "area: No London borough or ICB is known by this", False),
        ("", "area: area is empty", False),
        ("Camden and Islington NHS Foundation Trust", "area: This names an organisation, not an area", False),
        ("Leeds", "area: Outside London", True),
        ("London", "area: London is a total or a wider place, not an area to add up", True),
    ],
)
def test_a_row_of_no_area_of_london_is_left_out(area: str, why: str, apart: bool) -> None:
    held = applied(f"Borough | Persons\n{area} | 1\nEaling | 2", [AREA, figure("B")])
    assert rows(facts(held), "area") == [(EALING,)]
    assert left_out(held) == [(why, [2])]
    assert held.left_out[0].apart is apart


def test_one_cell_that_cannot_be_read_leaves_the_rows_other_figures() -> None:
    columns = [AREA, figure("B"), figure("C", "activity.count", labels={"measure": "Contacts"})]
    held = applied("Borough | Persons | Contacts\nBrent | soon | 3", columns)
    assert [len(found) for _, found in held.facts] == [0, 1]
    assert [(each.column, each.at) for each in held.left_out] == [("B", "B")]


def test_a_blank_among_several_figures_states_nothing() -> None:
    columns = [AREA, figure("B"), figure("C", "activity.count", labels={"measure": "Contacts"})]
    held = applied("Borough | Persons | Contacts\nBrent | | 3\nEaling | .. | 4", columns)
    assert [found["area"].to_pylist() for _, found in held.facts] == [[EALING], [BRENT, EALING]]


def test_a_spelling_is_the_area_that_a_person_chose_or_left_out() -> None:
    held = applied("Borough | Persons\nBrnt | 1\nEalin | 2", [AREA, figure("B")], areas={"Brnt": BRENT, "Ealin": ""})
    assert rows(facts(held), "area") == [(BRENT,)]
    assert left_out(held) == [("area: Left out, as you chose", [3])]


def test_a_formula_without_a_value_leaves_out_its_row() -> None:
    grid = sheet("Borough | Persons\nBrent |\nEaling | 2")
    plan = TablePlan("population", "Sheet1", (1,), 2, 3, (AREA, figure("B")), labels={"period": "2024"})
    held = apply(type(grid)(grid.name, grid.strips, grid.height, uncalculated=((2, 2),)), plan)
    assert rows(facts(held), "area") == [(EALING,)]
    assert left_out(held) == [("A formula in this row has no stored value", [2])]


def test_rows_and_columns_beyond_the_sheet_are_passed_over() -> None:
    held = applied("Borough | Persons\nBrent | 1", [AREA, figure("B"), figure("Z", "activity.count")])
    assert rows(facts(held), "area", "persons") == [(BRENT, 1.0)]


# Totals


def test_rows_of_totals_are_kept_apart_under_their_own_name() -> None:
    held = applied("Borough | Persons\nBrent | 1\nEngland | 5\nTotal | 1", [AREA, figure("B")])
    ((_, totals),) = held.totals
    assert rows(tables.from_arrow(totals), "area", "persons") == [("England", 5.0), ("Total", 1.0)]
    assert rows(facts(held), "area") == [(BRENT,)]


def test_a_system_is_an_area_unless_its_rows_are_totals() -> None:
    text = "Area | Persons\nBrent | 1\nNHS North West London ICB | 5"
    assert facts(applied(text, [AREA, figure("B")]))["area"].tolist() == [BRENT, NWL]
    assert facts(applied(text, [AREA, figure("B")], systems_are_totals=True))["area"].tolist() == [BRENT]


def test_a_column_of_totals_is_kept_apart() -> None:
    columns = [SERVICE, figure("B", "investment.amount_gbp", labels={"area": BRENT}),
               figure("C", "investment.amount_gbp", labels={"comparator": "London"})]  # fmt: skip
    held = applied("Service | Brent | London\nCMHT | 1 | 9", columns, "investment")
    assert rows(facts(held), "area", "service", "amount_gbp") == [(BRENT, "CMHT", 1.0)]
    assert rows(tables.from_arrow(held.totals[0][1]), "area", "service", "amount_gbp") == [("London", "CMHT", 9.0)]


# Labels


def test_a_code_and_a_name_that_disagree_leave_out_the_row() -> None:
    columns = [ColumnPlan("A", "Code", "area"), ColumnPlan("B", "Name", "area"), figure("C")]
    held = applied("Code | Name | Persons\nE09000005 | Brent | 1\nE09000009 | Brent | 2\nE09000007 | | 3\nE09000007 | London | 4", columns)
    assert rows(facts(held), "area", "persons") == [(BRENT, 1.0), (CAMDEN, 3.0)]
    assert left_out(held) == [
        ("area: E09000009 and Brent name different areas", [3]),
        ("area: E09000007 and London name different areas", [5]),
    ]


@pytest.mark.parametrize(
    ("first", "second", "label"),
    [("01/04/2024", "30/04/2024", "Apr 2024"), ("01/04/2024", "31/03/2025", "2024/25"), ("2024/25", "Q2", "2024/25 Q2"), ("2024/25", "Jan", "Jan 2025")],
)  # fmt: skip
def test_two_columns_say_one_period_together(first: str, second: str, label: str) -> None:
    columns = [ColumnPlan("A", "From", "period"), ColumnPlan("B", "To", "period"), ColumnPlan("C", "Borough", "area"), figure("D")]
    assert facts(applied(f"From | To | Borough | Persons\n{first} | {second} | Brent | 1", columns, labels={}))["period"].tolist() == [
        label
    ]


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [("CMHT", "Bed", "CMHT, Bed"), ("CMHT", "CMHT", "CMHT"), ("MH01", "Crisis house", "Crisis house (MH01)")],
)
def test_two_columns_name_one_service_together(first: str, second: str, name: str) -> None:
    columns = [AREA, ColumnPlan("B", "", "service"), ColumnPlan("C", "", "service"), figure("D", "investment.amount_gbp")]
    held = applied(f"Borough | Service | Setting | Spend\nBrent | {first} | {second} | 1", columns, "investment")
    assert facts(held)["service"].tolist() == [name]


@pytest.mark.parametrize(("day_first", "label"), [(True, "3 Feb 2024"), (False, "2 Mar 2024")])
def test_days_are_read_in_the_order_that_the_plan_says(day_first: bool, label: str) -> None:
    columns = [ColumnPlan("A", "Day", "period", day_first=day_first), ColumnPlan("B", "Borough", "area"), figure("C")]
    assert facts(applied("Day | Borough | Persons\n03/02/2024 | Brent | 1", columns))["period"].tolist() == [label]


def test_a_columns_own_label_counts_before_the_tables() -> None:
    columns = [AREA, figure("B", labels={"period": "2023"})]
    assert facts(applied("Borough | Persons\nBrent | 1", columns))["period"].tolist() == ["2023"]


def test_blank_cells_stand_for_the_name_above_where_the_plan_says_so() -> None:
    text, columns = (
        "Borough | Service | Spend\nBrent | CMHT | 1\n| Crisis | 2",
        [AREA, ColumnPlan("B", "", "service"), figure("C", "investment.amount_gbp")],
    )
    assert facts(applied(text, columns, "investment", fill_down=("A",)))["area"].tolist() == [BRENT, BRENT]
    assert facts(applied(text, columns, "investment"))["area"].tolist() == [BRENT]


def test_headings_inside_the_table_hold_for_the_rows_under_them() -> None:
    columns = [AREA, figure("B", "investment.amount_gbp")]
    held = applied("Borough | Spend\nAdult |\nBrent | 1\nOlder |\nBrent | 4", columns, "investment", sections="service")
    assert rows(facts(held), "area", "service", "amount_gbp") == [(BRENT, "Adult", 1.0), (BRENT, "Older", 4.0)]


LEVELS = [ColumnPlan("A", "Area type", "level"), ColumnPlan("B", "Area", "area"), ColumnPlan("C", "Group", "group"),
          figure("D", "indicators.value", labels={"measure": "Wellbeing"})]  # fmt: skip


@pytest.mark.parametrize(
    ("level", "group", "filed"),
    [
        ("ICB; Age band", "18 to 24", ("18-24", "", "")),
        ("ICB; Sex", "Female", ("", "female", "")),
        ("ICB; Ethnicity", "Asian", ("", "", "Asian")),
        ("ICB; Age band", "All", ("", "", "")),
        ("ICB", "NONE", ("", "", "")),
    ],
)
def test_a_group_is_filed_as_the_level_beside_it_says(level: str, group: str, filed: tuple[str, str, str]) -> None:
    held = applied(f"Area type | Area | Group | Value\n{level} | Brent | {group} | 5", LEVELS, "indicators")
    assert rows(facts(held), "age_band", "sex", "ethnic_group") == [filed]


def test_rows_about_organisations_are_left_out_and_counted() -> None:
    held = applied("Area type | Area | Group | Value\nICB | Brent | All | 5\nProvider | Brent | All | 8", LEVELS, "indicators")
    assert facts(held)["value"].tolist() == [5.0]
    assert held.aside == {"Provider": 1}


def test_the_templates_made_up_example_is_no_fact() -> None:
    columns = [ColumnPlan("A", "place", "place"), ColumnPlan("B", "area", "area")]
    held = applied("place | area\nNorth patch | Brent\nSouth patch | Ealing", columns, "places", exact=True, labels={})
    assert rows(facts(held), "place", "area") == [("South patch", EALING)]


def test_a_column_of_years_and_months_is_read_as_months_throughout() -> None:
    rows = "Brent,2000-12,5\nBrent,2001-01,6\nBrent,2001-02,7\n"
    found = read(f"Borough,Month,Contacts\n{rows}".encode(), "a.csv").tables["activity"]
    assert found.period.tolist() == ["Dec 2000", "Jan 2001", "Feb 2001"]


def test_financial_years_with_a_hyphen_stay_years() -> None:
    rows = "Brent,2009-10,5\nBrent,2010-11,6\nBrent,2011-12,7\n"
    found = read(f"Borough,Year,Contacts\n{rows}".encode(), "a.csv").tables["activity"]
    assert found.period.tolist() == ["2009/10", "2010/11", "2011/12"]


def test_figures_of_four_characters_are_no_years() -> None:
    found = read(b"Area,Period,Perinatal,Liaison psychiatry\nHarrow,FY22,2.30,2.32\nBrent,FY22,3.03,4.01\n", "Spend.csv").tables[
        "investment"
    ]
    assert found.amount_gbp.tolist() == [2.3, 3.03, 2.32, 4.01]


def test_a_period_written_once_for_the_same_rows_of_each_group_counts_for_all_of_them() -> None:
    rows = "2021/22,Referrals,5,6\n,Contacts,7,8\n2022/23,Referrals,9,10\n,Contacts,11,12\n"
    found = read(f"Period,Measure,Brent,Ealing\n{rows}".encode(), "a.csv").tables["activity"]
    assert sorted(zip(found.period, found.measure, found["count"], strict=True))[:4] == [
        ("2021/22", "Contacts", 7), ("2021/22", "Contacts", 8), ("2021/22", "Referrals", 5), ("2021/22", "Referrals", 6)
    ]  # fmt: skip


def test_one_percentage_beside_a_blank_makes_a_column_of_shares() -> None:
    rows = "Brent,26.2%\nEaling,-\nHarrow,\n"
    found = read(f"Borough,People in settled accommodation 2015/16\n{rows}".encode(), "a.csv").tables["indicators"]
    assert (found["value"][0], found.unit[0]) == (pytest.approx(0.262), "share")


def test_codes_of_areas_under_headings_of_services_are_no_service() -> None:
    block = "E09000005,Brent,2021/22,1.5,2.5\nE09000009,Ealing,2021/22,3.5,4.5\n,Total,2021/22,5.0,7.0\n"
    text = f"Area code,Area name,Period,established_wte,in_post_wte\nPerinatal\n{block}Crisis line\n{block}"
    found = read(text.encode(), "a.csv").tables["workforce"]
    assert sorted(set(found.service)) == ["Crisis line", "Perinatal"]
