"""A table of a known layout is read as the layout says: one that a person saved, or that of a well-known publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mhequity.reading.applying import apply
from mhequity.reading.findings import NOTE, Finding
from mhequity.reading.planning import plan_sheet
from mhequity.reading.plans import ColumnPlan, Plan, TablePlan
from mhequity.reading.recipes import name_of, recognise, well_known
from tests.reading.sheets import sheet

BRENT, EALING, NWL, NCL = "E09000005", "E09000009", "E54000027", "E54000028"

OUTLAY = Plan(
    (
        TablePlan(
            "investment", "Spend", (1,), 2, 3,
            (
                ColumnPlan("A", "Where", "area"),
                ColumnPlan("B", "Pot", "service"),
                ColumnPlan("C", "Apr 2024 outlay", "investment.amount_gbp", {"period": "Apr 2024"}, "GBP", 1000.0),
                ColumnPlan("D", "Comment", ""),
            ),
            areas={"Wembley": BRENT}, fill_down=("A",),
        ),
    ),
    "Monthly outlay",
)  # fmt: skip
"""A layout that only a recipe makes sense of."""


def recognised(text: str, known: Sequence[Plan] = (), name: str = "Sheet1") -> tuple[TablePlan, Finding | None]:
    grid = sheet(text, name)
    return recognise(plan_sheet(grid, "data.csv")[0][0], grid, known)


def facts(text: str, known: Sequence[Plan] = (), name: str = "Sheet1") -> list[dict[str, object]]:
    """What a recognised table states, without columns that are empty throughout."""
    applied = apply(sheet(text, name), recognised(text, known, name)[0])
    rows = [row for _, found in applied.facts for row in found.drop_columns("row").to_pylist()]
    return [{key: value for key, value in row.items() if value not in ("", None) and value == value} for row in rows]


NEXT_MONTH = "Where | Pot | May 2025 outlay | Comment\nWembley | CMHT | 5 | late\nEaling | CMHT | 6 |"


def test_the_same_layout_next_month_is_read_by_the_recipe() -> None:
    assert facts(NEXT_MONTH, [OUTLAY]) == [
        {"area": BRENT, "service": "CMHT", "period": "May 2025", "amount_gbp": 5000.0},
        {"area": EALING, "service": "CMHT", "period": "May 2025", "amount_gbp": 6000.0},
    ]


def test_what_was_recognised_is_said() -> None:
    plan, finding = recognised(NEXT_MONTH, [OUTLAY])
    assert plan.layout == "Monthly outlay"
    assert finding == Finding(NOTE, "", "Sheet1", "A1", "", "Recognised: Monthly outlay, 4 columns.", "", "layout")


def test_a_recipe_without_a_name_is_called_a_saved_one() -> None:
    _, finding = recognised(NEXT_MONTH, [replace(OUTLAY, name="")])
    assert finding is not None
    assert finding.done == "Recognised: a saved recipe, 4 columns."


MOVED = "Comment | Extra | Where | More | Pot | May 2025 outlay\n late | 1 | Wembley | 3 | CMHT | 5"


def test_columns_may_move() -> None:
    plan, _ = recognised(MOVED, [OUTLAY])
    assert [(column.column, column.meaning) for column in plan.columns] == [
        ("A", ""), ("B", "indicators.value"), ("C", "area"), ("D", "indicators.value"), ("E", "service"), ("F", "investment.amount_gbp"),
    ]  # fmt: skip
    assert plan.fill_down == ("C",)


def test_new_columns_are_named_so_that_a_person_looks_at_them() -> None:
    _, finding = recognised(MOVED, [OUTLAY])
    assert finding is not None
    assert (finding.seen, finding.done, finding.advice) == (
        "Extra, More", "Recognised: Monthly outlay, 4 columns; 2 new columns.", "Check what the new columns mean.",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "known"),
    [
        pytest.param("Where | Pot | Apr 2024 outlay | Comment", True, id="the same"),
        pytest.param("WHERE | pot | apr 2024 Outlay | comment", True, id="other capitals"),
        pytest.param("Where | Pot | May 2025 outlay | Height", True, id="three of four"),
        pytest.param("Where | Pot | Height | Weight", False, id="two of four"),
        pytest.param("Borough | Team | Height | Weight", False, id="none"),
    ],
)
def test_a_layout_is_known_by_more_than_half_of_its_headings(headings: str, known: bool) -> None:
    _, finding = recognised(f"{headings}\nBrent | CMHT | 5 | 6", [OUTLAY])
    assert (finding is not None) is known


def test_one_heading_alone_makes_no_layout() -> None:
    recipe = Plan((TablePlan("population", "", (), 0, 0, (ColumnPlan("A", "Where", "area"),)),))
    assert recognised("Where | Height\nBrent | 5", [recipe])[1] is None


def test_a_table_that_is_not_recognised_keeps_its_plan() -> None:
    text = "Borough | Spend\nBrent | 1\nEaling | 2"
    assert recognised(text, [OUTLAY])[0] == plan_sheet(sheet(text), "data.csv")[0][0]


def test_the_recipe_that_fits_best_is_used() -> None:
    other = Plan((replace(OUTLAY.tables[0], columns=(*OUTLAY.tables[0].columns, ColumnPlan("E", "Height", ""))),), "Another")
    assert recognised(NEXT_MONTH, [other, OUTLAY])[0].layout == "Monthly outlay"


def test_the_templates_own_tables_need_no_recipe() -> None:
    assert recognised("area | service | period | amount_gbp\nBrent | CMHT | 2024/25 | 100")[1] is None


def test_a_title_gives_a_recognised_table_its_period() -> None:
    recipe = Plan(
        (replace(OUTLAY.tables[0], columns=(*OUTLAY.tables[0].columns[:2], ColumnPlan("C", "Outlay", "investment.amount_gbp"))),), "x"
    )
    assert facts("Where | Pot | Outlay\nBrent | CMHT | 5", [recipe], "2023/24")[0]["period"] == "2023/24"


def test_a_file_takes_the_name_of_the_recipe_that_its_table_was_recognised_by() -> None:
    assert name_of([OUTLAY], [recognised(NEXT_MONTH, [OUTLAY])[0]]) == "Monthly outlay"
    assert name_of([OUTLAY], [recognised("Borough | Spend\nBrent | 1")[0]]) == ""


# Well-known publications

_CARE = (
    "REPORTING_PERIOD_START | REPORTING_PERIOD_END | GROUP_TYPE | ORG_CODE1 | ORG_NAME1 | ORG_CODE2 | ORG_NAME2 | MEASURE_ID | MEASURE_NAME"
)

MHSDS = """
REPORTING_PERIOD_START | REPORTING_PERIOD_END | STATUS | BREAKDOWN | PRIMARY_LEVEL | PRIMARY_LEVEL_DESCRIPTION | SECONDARY_LEVEL | SECONDARY_LEVEL_DESCRIPTION | MEASURE_ID | MEASURE_NAME | MEASURE_VALUE
01/04/2024 | 30/04/2024 | Performance | Sub ICB; Age | W2U3Z | NHS NORTH WEST LONDON ICB - W2U3Z | 18-24 | 18 to 24 | MHS01 | People in contact | 1200
01/04/2024 | 30/04/2024 | Performance | LAD/UA | E09000005 | Brent | NONE | NONE | MHS01 | People in contact | *
01/04/2024 | 30/04/2024 | Performance | Provider | RV3 | A TRUST | NONE | NONE | MHS01 | People in contact | 10
"""
FINGERTIPS = """
Indicator ID | Indicator Name | Parent Code | Parent Name | Area Code | Area Name | Area Type | Sex | Age | Category Type | Category | Time period | Value | Lower CI 95.0 limit | Upper CI 95.0 limit | Lower CI 99.8 limit | Upper CI 99.8 limit | Count | Denominator | Value note | Recent Trend | Time period Sortable
90275 | Depression prevalence | E12000007 | London | E09000005 | Brent | Districts & UAs | Persons | 18+ yrs | | | 2022/23 | 9.5 | 9.4 | 9.6 | 9.3 | 9.7 | 950 | 10000 | | Increasing | 20220000
90275 | Depression prevalence | E12000007 | London | E09000009 | Ealing | Districts & UAs | Persons | 18+ yrs | | | 2022/23 | | | | | | | | Value suppressed | | 20220000
"""
DEPRIVATION = """
lad19cd | lad19nm | index_domain | average_rank | rank_average_rank | average_score | rank_average_score | proportion_bottom_decile | rank_proportion_bottom_decile | year
E09000005 | Brent | Health | 15000.5 | | | | 0.05 | | 2019
"""
PLACEMENTS = """
Question | Breakdown1 | Breakdown1Code | Breakdown2 | Breakdown2Code | value
Placements active | CCG | W2U3Z | Bed type | Acute | 5
Placements active | CCG | W2U3Z | None | None | 7
"""
PRACTICES = """
Practice code | Practice name | Sub ICB location code | Sub ICB location name | List size | Register | Prevalence (%)
E84001 | High Road Surgery | W2U3Z | NHS North West London ICB - W2U3Z | 5000 | 50 | 1.0
E84002 | Low Road Surgery | W2U3Z | NHS North West London ICB - W2U3Z | 4000 | 60 | 1.5
"""
THERAPIES = f"""
{_CARE} | MEASURE_VALUE_SUPPRESSED
01/04/2024 | 30/04/2024 | SubICB | W2U3Z | NHS North West London ICB - W2U3Z | | | M001 | Count_ReferralsReceived | 1500
01/04/2024 | 30/04/2024 | SubICB | 93C | NHS North Central London ICB - 93C | | | M001 | Count_ReferralsReceived | *
"""
THERAPIES_PLAIN = f"""
{_CARE} | MEASURE_VALUE
01/04/2024 | 30/04/2024 | SubICB | W2U3Z | NHS North West London ICB - W2U3Z | | | M001 | Count_ReferralsReceived | 1500
"""


@pytest.mark.parametrize(
    ("text", "sheet_name", "layout", "stated"),
    [
        pytest.param(MHSDS, "data", "Mental Health Services Data Set, monthly CSV (NHS England)", [
            {"area": NWL, "period": "Apr 2024", "measure": "People in contact (MHS01)", "value": 1200.0, "age_band": "18-24"},
            {"area": BRENT, "period": "Apr 2024", "measure": "People in contact (MHS01)", "suppressed": "value"},
        ], id="MHSDS"),
        pytest.param(FINGERTIPS, "data", "Fingertips, indicator CSV (OHID)", [
            {"area": BRENT, "period": "2022/23", "measure": "Depression prevalence (90275)", "value": 9.5, "numerator": 950.0, "denominator": 10000.0,
             "age_band": "18+"},
            {"area": EALING, "period": "2022/23", "measure": "Depression prevalence (90275)", "age_band": "18+", "suppressed": "value numerator denominator"},
        ], id="Fingertips"),
        pytest.param(DEPRIVATION, "data", "Indices of Deprivation, long by district", [
            {"area": BRENT, "period": "2019", "measure": "Health, average rank", "value": 15000.5, "unit": "rank",
             "better": "neither"},
            {"area": BRENT, "period": "2019", "measure": "Health, proportion in the most deprived decile", "value": 0.05, "unit": "share"},
        ], id="deprivation"),
        pytest.param(PLACEMENTS, "Apr 2024", "Out-of-area placements, open data CSV (NHS Digital)", [
            {"area": NWL, "period": "Apr 2024", "measure": "Placements active, Acute", "value": 5.0},
            {"area": NWL, "period": "Apr 2024", "measure": "Placements active", "value": 7.0},
        ], id="placements"),
        pytest.param(PRACTICES, "Mental health 2023/24", "Quality and Outcomes Framework, prevalence by practice (NHS England)", [
            {"area": NWL, "provider": "High Road Surgery", "period": "2023/24", "measure": "Prevalence", "value": 0.01, "numerator": 50.0,
             "denominator": 5000.0, "unit": "share"},
            {"area": NWL, "provider": "Low Road Surgery", "period": "2023/24", "measure": "Prevalence", "value": 0.015, "numerator": 60.0,
             "denominator": 4000.0, "unit": "share"},
        ], id="practices"),
        pytest.param(THERAPIES, "data", "NHS Talking Therapies, monthly CSV (NHS England)", [
            {"area": NWL, "period": "Apr 2024", "measure": "Count referrals received (M001)", "value": 1500.0},
            {"area": NCL, "period": "Apr 2024", "measure": "Count referrals received (M001)", "suppressed": "value"},
        ], id="talking therapies"),
        pytest.param(THERAPIES_PLAIN, "data", "NHS Talking Therapies, CSV with unsuppressed heading (NHS England)", [
            {"area": NWL, "period": "Apr 2024", "measure": "Count referrals received (M001)", "value": 1500.0},
        ], id="talking therapies, plain"),
    ],
)  # fmt: skip
def test_a_well_known_publication_is_recognised_and_read(text: str, sheet_name: str, layout: str, stated: list[dict]) -> None:
    assert recognised(text, name=sheet_name)[0].layout == layout
    assert facts(text, name=sheet_name) == stated


def test_every_well_known_layout_has_a_name_of_its_own() -> None:
    names = [plan.name for plan in well_known()]
    assert all(names)
    assert len(names) == len(set(names))
