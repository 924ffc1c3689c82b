"""Long files of many breakdowns: which rows are an area's own figure, which are of its groups, and which state it again."""

from __future__ import annotations

import pytest

from mhequity import tables
from mhequity.reading import Reading, cells, group_columns, read
from mhequity.reading.delimited import separator_of
from mhequity.reading.levels import OTHER, group_of, kinds_of, say_kinds

NWL, BRENT, EALING = "E54000027", "E09000005", "E09000009"
NWL_NAMES = "W2U3Z,NHS NORTH WEST LONDON ICB - W2U3Z"


def csv(*lines: str, name: str = "long.csv") -> Reading:
    return read("\n".join(lines).encode(), name)


def rows(found: Reading, *columns: str, table: str = "indicators") -> list[list[object]]:
    return found.tables[table][list(columns)].values.tolist()


def told(found: Reading, kind: str) -> list[str]:
    return [f"{each.seen}: {each.done}" for each in found.findings if each.kind == kind]


# Levels

FOUR = (
    "REPORTING_PERIOD_START,REPORTING_PERIOD_END,STATUS,BREAKDOWN,PRIMARY_LEVEL,PRIMARY_LEVEL_DESCRIPTION,SECONDARY_LEVEL,"
    "SECONDARY_LEVEL_DESCRIPTION,TERTIARY_LEVEL,TERTIARY_LEVEL_DESCRIPTION,QUARTERNARY_LEVEL,QUARTERNARY_LEVEL_DESCRIPTION,METRIC,METRIC_VALUE"
)


def four(breakdown: str, levels: str, value: str) -> str:
    return f"01/04/2024,30/04/2024,Final,{breakdown},{NWL_NAMES},{levels},MHS76,{value}"


def test_the_kinds_of_groups_of_a_level_are_told_in_their_order() -> None:
    assert kinds_of("Sub ICB - GP Practice or Residence; Gender; Age Group (Lower Level)") == ("Gender", "Age Group")
    assert [group_of("England; Gender; Ethnicity; Intervention Type", at) for at in range(4)] == ["sex", "ethnic_group", OTHER, OTHER]


def test_each_of_several_groups_stands_in_its_own_column() -> None:
    found = csv(
        FOUR,
        four("Sub ICB; Gender; Ethnicity", "1,Male,White,White,NONE,NONE", "274"),
        four("Sub ICB; Gender; Ethnicity", "2,Female,Black or Black British,Black or Black British,NONE,NONE", "158"),
        four("Sub ICB; Gender; Ethnicity; Intervention Type", "2,Female,White,White,10,Seclusion", "35"),
        four("Sub ICB; Intervention Type", "10,Seclusion,NONE,NONE,NONE,NONE", "70"),
        four("Sub ICB", "NONE,NONE,NONE,NONE,NONE,NONE", "990"),
    )
    assert rows(found, "area", "measure", "sex", "ethnic_group", "value") == [
        [NWL, "MHS76", "male", "White", 274],
        [NWL, "MHS76", "female", "Black or Black British", 158],
        [NWL, "MHS76, Seclusion", "female", "White", 35],
        [NWL, "MHS76, Seclusion", "", "", 70],
        [NWL, "MHS76", "", "", 990],
    ]


def test_a_column_of_kinds_is_told_from_kinds_of_places_and_from_groups() -> None:
    assert say_kinds(["Total", "Age Group", "Gender", "Religion"])
    assert not say_kinds(["England", "Gender", "Age Group"])
    assert not say_kinds(["England; Gender", "England; Age"])
    assert not say_kinds(["Male", "Female", "18 to 25"])
    assert not say_kinds(["Provider", "Gender", "Age Group"])


KINDS = "Borough,Period,VariableType,VariableA,VariableB,Measure,Value"


def test_a_total_over_groups_is_the_figure_of_everyone_under_the_same_measure() -> None:
    found = csv(
        KINDS,
        "Brent,2024/25,Total,Total,null,Referrals,100",
        "Brent,2024/25,Gender,Male,null,Referrals,45",
        "Brent,2024/25,Gender,Female,null,Referrals,55",
        "Brent,2024/25,Age Group,18 to 25,null,Referrals,30",
        "Brent,2024/25,Age Group,All,null,Median wait,7",
    )
    assert rows(found, "area", "measure", "age_band", "sex", "value") == [
        [BRENT, "Referrals", "", "", 100],
        [BRENT, "Referrals", "", "male", 45],
        [BRENT, "Referrals", "", "female", 55],
        [BRENT, "Referrals", "18-25", "", 30],
        [BRENT, "Median wait", "", "", 7],
    ]
    assert not found.comparators


def test_a_group_that_is_not_said_is_no_figure_of_everyone() -> None:
    found = csv(
        KINDS,
        "Brent,2024/25,Total,Total,null,Referrals,100",
        "Brent,2024/25,Age Group,18 to 25,null,Referrals,30",
        "Brent,2024/25,Gender,Male,null,Referrals,45",
        "Brent,2024/25,Gender,null,null,Referrals,5",
        "Brent,2024/25,Religion,null,null,Referrals,20",
    )
    assert rows(found, "measure", "sex", "value")[3:] == [["Referrals", "not known", 5], ["Referrals, Religion: not stated", "", 20]]


QUARTERLY = (
    "REPORTING_PERIOD_START,REPORTING_PERIOD_END,ICB,ICBName,SubICB,SubICBName,Provider,ProviderName,GroupType,VariableType,VariableA,"
    "VariableB,MEASURE_ID,MEASURE_NAME,MEASURE_VALUE_SUPPRESSED"
)
QUARTER, PLACE = "2025-10-01,2025-12-31", "QRV,NHS NORTH WEST LONDON INTEGRATED CARE BOARD"


def test_a_file_of_quarters_has_one_measure_in_every_breakdown() -> None:
    found = csv(
        QUARTERLY,
        f"{QUARTER},All_ICB,null,All_SubICB,null,All_Provider,null,England,Total,Total,null,M186,Percentage_Recovery,50",
        f"{QUARTER},{PLACE},All_SubICB,null,All_Provider,null,ICB,Total,Total,null,M186,Percentage_Recovery,48",
        f"{QUARTER},{PLACE},{NWL_NAMES},All_Provider,null,SubICB,Total,Total,null,M186,Percentage_Recovery,48",
        f"{QUARTER},{PLACE},All_SubICB,null,All_Provider,null,ICB,Gender,Male,null,M186,Percentage_Recovery,47",
        f"{QUARTER},{PLACE},All_SubICB,null,All_Provider,null,ICB,Ethnic Group,White,British,M186,Percentage_Recovery,49",
        f"{QUARTER},{PLACE},All_SubICB,null,All_Provider,null,ICB,Indices of Deprivation Decile,01 Most deprived,null,M186,Percentage_Recovery,40",
    )
    assert rows(found, "area", "provider", "measure", "sex", "ethnic_group", "deprivation_quintile", "value") == [
        [NWL, "", "Percentage recovery (M186)", "", "", "", 0.48],
        [NWL, "", "Percentage recovery (M186)", "male", "", "", 0.47],
        [NWL, "", "Percentage recovery (M186)", "", "White, British", "", 0.49],
        [NWL, "", "Percentage recovery (M186), Indices of Deprivation Decile: 01 Most deprived", "", "", "", 0.4],
    ]
    assert found.comparators["indicators"][["area", "measure", "value"]].values.tolist() == [["England", "Percentage recovery (M186)", 0.5]]


# Providers

MONTHLY = "REPORTING_PERIOD_START,REPORTING_PERIOD_END,GROUP_TYPE,ORG_CODE1,ORG_NAME1,ORG_CODE2,ORG_NAME2,MEASURE_ID,MEASURE_NAME,MEASURE_VALUE_SUPPRESSED"
MONTH = "2025-06-01,2025-06-30"


def test_a_row_of_all_providers_is_its_areas_own_figure_and_single_providers_are_parts_of_it() -> None:
    found = csv(
        MONTHLY,
        f"{MONTH},England,all,all SubICBs,all,all Providers,M186,Percentage_Recovery,50",
        f"{MONTH},SubICB,{NWL_NAMES},all,all Providers,M186,Percentage_Recovery,48",
        f"{MONTH},SubICB-Provider,{NWL_NAMES},RV3,CENTRAL AND NORTH WEST LONDON NHS FOUNDATION TRUST,M186,Percentage_Recovery,47",
    )
    assert rows(found, "area", "provider", "value") == [[NWL, "", 0.48]]
    assert found.comparators["indicators"][["area", "value"]].values.tolist() == [["England", 0.5]]
    assert told(found, "organisations") == [
        "CENTRAL AND NORTH WEST LONDON NHS FOUNDATION TRUST: A single provider's part of its area, whose own row for all providers was kept: no "
        "figure of the area. 1 row left out.",
        "all Providers: Read as the area's own figure, of all providers together. 1 row in all.",
    ]


@pytest.mark.parametrize("text", ["all Providers", "All_Provider", "ALL", "Total"])
def test_all_providers_are_no_provider(text: str) -> None:
    found = csv("Borough,Provider,Period,Measure,Value", f"Brent,{text},2024/25,Recovery,48", "Brent,CNWL,2024/25,Recovery,47")
    assert rows(found, "area", "provider", "value") == [[BRENT, "", 48]]


def test_counts_of_single_providers_stay_beside_their_total() -> None:
    found = csv(
        "Borough,Provider,Period,Contacts", "Brent,All providers,2024/25,100", "Brent,CNWL,2024/25,60", "Brent,WLT,2024/25,40",
        "Ealing,All providers,2024/25,70",
    )  # fmt: skip
    assert rows(found, "area", "provider", "count", table="activity") == [[BRENT, "CNWL", 60], [BRENT, "WLT", 40], [EALING, "", 70]]
    assert found.comparators["activity"]["count"].tolist() == [100]


def test_a_row_that_names_england_beside_a_code_for_all_is_no_total_of_the_rows_shown() -> None:
    found = csv(
        "ICB code,ICB name,Population,Year", "All,England,57690323,2023", "QRV,NHS North West London Integrated Care Board,1597421,2023"
    )
    assert found.comparators["population"]["area"].tolist() == ["England"]
    assert not told(found, "sums")


# Groups as they are written


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        ("sex", "UNKNOWN", "not known"),
        ("sex", "Not stated", "not known"),
        ("deprivation_quintile", "01 Most deprived", "1"),
        ("deprivation_quintile", "02 More deprived", "2"),
        ("deprivation_quintile", "05 Least deprived", "5"),
        ("deprivation_quintile", "1 - most deprived", "1"),
        ("deprivation_quintile", "Quintile 1 (most deprived)", "1"),
        ("age_band", "14 to 15", "14-15"),
        ("age_band", "18 to 24", "18-24"),
    ],
)
def test_groups_are_known_under_their_own_heading(column: str, text: str, value: str) -> None:
    found = cells.understand(text, tables.kind("indicators").column(column))
    assert (found.state, found.value) == (cells.OK, value)


@pytest.mark.parametrize("text", ["05 More deprived", "10 Least deprived", "06 Less deprived"])
def test_tenths_of_deprivation_are_no_fifths(text: str) -> None:
    assert cells.understand(text, tables.kind("indicators").column("deprivation_quintile")).state == cells.BLOCKED


def test_the_first_of_ten_is_not_the_first_of_five() -> None:
    assert group_columns.are_tenths(["01 Most deprived", "10 Least deprived"])
    assert not group_columns.are_tenths(["01 Most deprived", "05 Least deprived"])
    assert group_columns.of_tenths("01 Most deprived").state == cells.BLOCKED


LONG = "BREAKDOWN,PRIMARY_LEVEL,PRIMARY_LEVEL_DESCRIPTION,SECONDARY_LEVEL,SECONDARY_LEVEL_DESCRIPTION,MEASURE_ID,MEASURE_NAME,MEASURE_VALUE"
HEADS = f"REPORTING_PERIOD_START,REPORTING_PERIOD_END,STATUS,{LONG}"


def long(breakdown: str, text: str, value: str) -> str:
    return f"2024-05-01,2024-05-31,Final,{breakdown},{NWL_NAMES},{text},{text},MHS108,People accessing services,{value}"


def test_quintiles_are_filed_as_such_and_deciles_stay_in_the_measures_name() -> None:
    found = csv(
        HEADS, long("Sub ICB; IMD Quintiles", "01 Most deprived", "5"), long("Sub ICB; IMD Deciles", "01 Most deprived", "2"),
        long("Sub ICB; IMD Deciles", "UNKNOWN", "1"), long("Sub ICB; Gender", "UNKNOWN", "3"),
    )  # fmt: skip
    assert rows(found, "measure", "deprivation_quintile", "sex", "value") == [
        ["People accessing services (MHS108)", "1", "", 5],
        ["People accessing services (MHS108), IMD Deciles: 01 Most deprived", "", "", 2],
        ["People accessing services (MHS108), IMD Deciles: UNKNOWN", "", "", 1],
        ["People accessing services (MHS108)", "", "not known", 3],
    ]


# Separators


def test_a_semicolon_within_the_text_is_none_between_columns() -> None:
    text = "\n".join([HEADS, *(long("Sub ICB; Age Group", age, "5") for age in ("0 to 13", "14 to 17", "18 to 24"))])
    assert separator_of(text) == ","


def test_a_comma_in_a_figure_is_none_between_columns() -> None:
    assert separator_of("Borough;Rate;Share\nBrent;12,5;3,75 %\nEaling;1.234,5;4,5 %") == ";"


# Facts stated again

AGAIN = ("Borough,Year,Contacts", "Brent,2024/25,10", "Ealing,2024/25,20", "Brent,2024/25,10", "Ealing,2024/25,20")


def test_facts_stated_again_with_the_same_figure_are_told_once() -> None:
    found = csv(*AGAIN)
    assert told(found, "repeats") == ["2 rows state a fact again with the same figure: The first of each was kept."]
    assert found.rejected["reason"].tolist() == ["States the same fact as row 2.", "States the same fact as row 3."]


def test_a_fact_stated_again_with_another_figure_is_told_by_itself() -> None:
    found = csv(*AGAIN, "Brent,2024/25,11")
    assert [each.done for each in found.findings if each.kind == "repeats"] == [
        "The first of each was kept.",
        "States the same fact as row 2: 11 here, 10 there. The first was kept.",
    ]
