"""Whole files as public bodies publish them: codes beside names, levels side by side, small places, totals of groups."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mhequity import read
from mhequity.reading import Reading, carry_out, layouts
from mhequity.reading.companions import companions
from mhequity.reading.profiles import Profile
from mhequity.reading.surroundings import context_of
from tests.reading.sheets import sheet

BRENT, CAMDEN, HACKNEY, WESTMINSTER = "E09000005", "E09000007", "E09000012", "E09000033"


def csv(*lines: str, name: str = "published.csv") -> Reading:
    return read("\n".join(lines).encode(), name)


def rows(found: Reading, table: str, *names: str) -> list[list[object]]:
    return found.tables[table][list(names)].to_numpy().tolist()


def told(found: Reading, kind: str) -> list[str]:
    return [each.done for each in found.findings if each.kind == kind]


# Codes beside names


def test_codes_beside_names_are_no_figures() -> None:
    found = csv(
        "DATE,DATE_NAME,DATE_CODE,GEOGRAPHY,GEOGRAPHY_NAME,GEOGRAPHY_CODE,GENDER,GENDER_NAME,AGE,AGE_NAME,MEASURE_NAME,OBS_VALUE,RECORD_OFFSET,URN",
        "2025-02,February 2025,2025-02,1811939530,Brent,E09000005,0,Total,0,All categories: Age 16+,Claimant count,4000,0,1",
        "2025-02,February 2025,2025-02,1811939530,Brent,E09000005,1,Male,0,All categories: Age 16+,Claimant count,2300,1,2",
        "2025-02,February 2025,2025-02,1811939532,Camden,E09000007,0,Total,0,All categories: Age 16+,Claimant count,3000,2,3",
        "2025-02,February 2025,2025-02,1811939532,Camden,E09000007,1,Male,0,All categories: Age 16+,Claimant count,1700,3,4",
    )
    assert rows(found, "indicators", "area", "period", "measure", "sex", "age_band", "value") == [
        [BRENT, "Feb 2025", "Claimant count", "", "16+", 4000], [BRENT, "Feb 2025", "Claimant count", "male", "16+", 2300],
        [CAMDEN, "Feb 2025", "Claimant count", "", "16+", 3000], [CAMDEN, "Feb 2025", "Claimant count", "male", "16+", 1700],
    ]  # fmt: skip
    assert found.comparators == {}


def test_columns_that_are_codes_of_others_are_told_in_one_sentence() -> None:
    found = csv(
        "GEOGRAPHY,GEOGRAPHY_NAME,GENDER,GENDER_NAME,OBS_VALUE",
        "1811939530,Brent,1,Male,23",
        "1811939530,Brent,2,Female,17",
        "1811939532,Camden,1,Male,24",
    )
    (finding,) = [each for each in found.findings if "sort orders" in each.done]
    assert (finding.seen, finding.cell) == ("GEOGRAPHY, GENDER", "A1")


def test_a_value_and_a_percentage_of_one_measure_are_two_measures() -> None:
    found = csv(
        "DATE_NAME,GEOGRAPHY_NAME,GEOGRAPHY_CODE,MEASURE_NAME,MEASURES,MEASURES_NAME,OBS_VALUE",
        "2021,Brent,E09000005,Bad health,20100,Value,14000",
        "2021,Brent,E09000005,Bad health,20301,Percent,4.1",
        "2021,Camden,E09000007,Bad health,20100,Value,10000",
        "2021,Camden,E09000007,Bad health,20301,Percent,4.8",
    )
    assert rows(found, "indicators", "area", "measure", "value") == [
        [BRENT, "Bad health, Value", 14000], [BRENT, "Bad health, Percent", 0.041],
        [CAMDEN, "Bad health, Value", 10000], [CAMDEN, "Bad health, Percent", 0.048],
    ]  # fmt: skip


def test_a_remark_on_the_observation_says_that_it_is_suppressed() -> None:
    found = csv(
        "DATE_NAME,GEOGRAPHY_NAME,MEASURE_NAME,OBS_VALUE,OBS_STATUS,OBS_STATUS_NAME",
        "2021,Brent,Claimants,40,A,Normal value",
        "2021,Camden,Claimants,,C,These figures are suppressed.",
    )
    assert found.tables["indicators"]["suppressed"].tolist() == ["", "value"]


def columns_of(text: str) -> list[Profile]:
    grid = sheet(text)
    titles = [grid.text(0, at) for at in range(grid.width)]
    return [Profile(at, "ABCDEFGH"[at], (title,), grid.strips[at].take(range(1, grid.height))) for at, title in enumerate(titles)]


@pytest.mark.parametrize(
    ("text", "belong"),
    [
        pytest.param("AGE | AGE_NAME\n0 | All\n1 | 16-24\n0 | All", {0}, id="a number beside its name"),
        pytest.param("Ward code | Ward\nE05013653 | Belsize\nE05013654 | Bloomsbury", {0}, id="a code beside words"),
        pytest.param("Age sort order | Age\n1 | 16-24\n2 | 25-34", {0}, id="a sort order"),
        pytest.param("Team type | Team name\nCMHT | North\nEIP | South", set(), id="a kind in words is a label of its own"),
        pytest.param(
            "Activity | Activity name\n120 | Contacts\n130 | Contacts\n40 | Referrals", set(), id="a figure beside what it counts"
        ),
        pytest.param("Borough | Contacts\nBrent | 1\nCamden | 2", set(), id="nothing of the kind"),
    ],
)
def test_a_column_belongs_to_the_one_that_names_what_it_codes(text: str, belong: set[int]) -> None:
    assert companions(columns_of(text)) == belong


# Numbers of local authorities


@pytest.mark.parametrize("heading", ["", "LA", "LA number", "Reference"])
def test_the_education_departments_number_of_a_borough_is_no_figure(heading: str) -> None:
    found = csv(f"Code,{heading},Name,Average score", "E09000007,202,Camden,11.5", "E09000012,204,Hackney,16.0", "E09000005,304,Brent,15.5")
    assert rows(found, "indicators", "area", "measure", "value") == [
        [CAMDEN, "Average score", 11.5], [HACKNEY, "Average score", 16.0], [BRENT, "Average score", 15.5],
    ]  # fmt: skip


def test_figures_near_those_numbers_stay_figures() -> None:
    found = csv("Borough,Bus stops", "Camden,202", "Hackney,205", "Brent,304")
    assert found.tables["indicators"]["value"].tolist() == [202, 205, 304]


# Levels side by side


def test_rows_of_the_nation_and_the_region_take_their_place_from_their_own_columns() -> None:
    found = csv(
        "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,old_la_code,new_la_code,la_name,sen_support",
        "202223,Academic year,National,E92000001,England,,,,,,9000",
        "202223,Academic year,Regional,E92000001,England,E12000007,London,,,,900",
        "202223,Academic year,Local authority,E92000001,England,E12000007,London,304,E09000005,Brent,100",
        "202324,Academic year,Local authority,E92000001,England,E12000007,London,304,E09000005,Brent,101",
    )
    assert rows(found, "indicators", "area", "period", "measure", "value") == [
        [BRENT, "2022/23", "Sen support", 100], [BRENT, "2023/24", "Sen support", 101],
    ]  # fmt: skip
    kept = found.comparators["indicators"]
    assert kept[["area", "value"]].to_numpy().tolist() == [["England", 9000], ["London", 900]]
    assert not [each for each in found.findings if each.severity == "blocked"]


def test_a_region_without_rows_of_its_own_is_no_place_of_any_row() -> None:
    found = csv("Region,Borough,Spend", "London,Brent,100", "London,Camden,200")
    assert rows(found, "investment", "area", "amount_gbp") == [[BRENT, 100], [CAMDEN, 200]]


# Places smaller than a borough

_WARDS = ("Borough,Ward,Population", "Camden,Belsize,13000", "Camden,Bloomsbury,16000", "Brent,Alperton,14000", "Brent,Barnhill,12000")


@pytest.mark.parametrize("heading", ["Ward", "Ward name", "Neighbourhood", "MSOA", "LSOA name"])
def test_rows_about_places_smaller_than_a_borough_are_no_facts_of_it(heading: str) -> None:
    found = csv(_WARDS[0].replace("Ward", heading), *_WARDS[1:])
    assert found.tables == {}
    assert told(found, "repeats") == [
        f"Each row is about a place smaller than a borough, as the column {heading} says. The app compares boroughs and systems; small areas have "
        "their own place on the page Unmet need. If the rows are parts of their borough's figure, say here that they are added up. 4 rows left out."
    ]
    assert len(found.rejected) == 4


def test_rows_without_a_ward_are_facts_of_the_borough() -> None:
    found = csv(*_WARDS, "Camden,Total,29000", "Brent,,26000")
    assert rows(found, "population", "area", "persons") == [[CAMDEN, 29000], [BRENT, 26000]]


def test_wards_are_added_up_where_a_person_says_so_and_their_total_is_not() -> None:
    found = csv(*_WARDS, "Camden,Total,29000")
    assert found.book is not None
    plan = replace(found.plan, tables=tuple(replace(each, repeats_add_up=True) for each in found.plan.tables))
    again = carry_out(found.book, plan)
    assert rows(again, "population", "area", "persons") == [[CAMDEN, 29000], [BRENT, 26000]]
    assert again.comparators["population"]["persons"].tolist() == [29000]


def test_rates_of_wards_are_not_offered_to_be_added_up() -> None:
    found = csv("Borough,Ward,Prevalence (%)", "Camden,Belsize,8.1", "Camden,Bloomsbury,9.2")
    assert found.tables == {}
    assert not told(found, "repeats")
    assert [each for each in told(found, "organisations") if "added up" in each] == []


def test_wards_of_a_borough_that_the_title_names() -> None:
    found = csv("Camden JSNA 2023/24 by ward,", "Ward,Registered patients", "Belsize,13000", "Bloomsbury,16000", "Camden total,29000")
    assert rows(found, "population", "area", "period", "persons") == [[CAMDEN, "2023/24", 29000]]


def test_practices_of_which_a_borough_has_several_are_no_facts_of_it() -> None:
    found = csv("Practice,Borough,Registered patients", "The Surgery,Brent,12000", "The Mill,Brent,9000", "Park Road,Camden,8000")
    assert found.tables == {}


def test_a_ward_of_a_hospital_is_a_team() -> None:
    found = csv("Borough,Ward,Bed days", "Brent,Avon,310", "Brent,Thames,290", "Camden,Avon,120")
    assert rows(found, "activity", "area", "team", "count") == [[BRENT, "Avon", 310], [BRENT, "Thames", 290], [CAMDEN, "Avon", 120]]


# Titles and footnotes


def test_a_word_within_a_longer_name_says_nothing_of_the_figures() -> None:
    found = csv(
        '"Table LA8: children looked after, 2014"',
        '"Coverage: Primary and Special schools, Pupil Referral Units"',
        ",Percentage with UPN,Number with SEN",
        "Camden,100,120",
        "Brent,98,140",
        "Barnet,97,130",
    )
    assert "activity" not in found.tables
    assert rows(found, "indicators", "measure", "value")[3:] == [
        ["Number with SEN", 120],
        ["Number with SEN", 140],
        ["Number with SEN", 130],
    ]


@pytest.mark.parametrize(
    "title", ["Referrals to CAMHS by borough", "Number of referrals, 2024", "Referral numbers by borough", "Referral by source"]
)
def test_a_title_that_names_what_is_counted_still_does(title: str) -> None:
    grid = sheet(f"{title}\n\nBorough | Number\nBrent | 1\nCamden | 2")
    context = context_of(layouts.find(grid)[0][0], grid, "data.csv")
    assert context.figure is not None
    assert context.figure.meaning == "activity.count"


@pytest.mark.parametrize(
    "note",
    [
        "1 Rates are per 100,000, age-standardised to the 2013 European Standard Population.",
        "Rates per 100,000 for 2019 are provisional",
        "Figures for females are per 100,000",
    ],
)
def test_a_footnote_says_neither_when_nor_of_whom(note: str) -> None:
    found = csv("Borough,Suicide rate", "Brent,7.1", "Camden,8.6", "", f'"{note}"')
    table = found.tables["indicators"]
    assert (set(table["period"]), set(table["sex"]), set(table["unit"])) == ({"not stated"}, {""}, {"per 100,000"})


@pytest.mark.parametrize(
    "title", ["Deaths, standardised to the 2013 European Standard Population", "Deaths (European Standard Population 2013)"]
)
def test_the_year_of_a_standard_population_is_no_period(title: str) -> None:
    found = csv(f'"{title}"', "Borough,Rate", "Brent,7.1", "Camden,8.6")
    assert set(found.tables["indicators"]["period"]) == {"not stated"}


# Groups of people, and their total


def test_a_column_of_groups_is_about_people_and_its_total_about_everyone() -> None:
    found = csv(
        "Geographical Description,ONS Area Code,ASCOF Measure Code,Disaggregation Level,Measure Type,Measure_Value",
        "Brent,E09000005,1F,Total,Numerator,20",
        "Brent,E09000005,1F,Total,Outcome,5.0",
        "Brent,E09000005,1F,Male,Numerator,12",
        "Brent,E09000005,1F,Male,Outcome,6.0",
        "Brent,E09000005,1F,65 and over,Numerator,3",
        "Brent,E09000005,1F,65 and over,Outcome,2.0",
    )
    assert rows(found, "indicators", "measure", "sex", "age_band", "value") == [
        ["1F, Numerator", "", "", 20], ["1F, Outcome", "", "", 5], ["1F, Numerator", "male", "", 12], ["1F, Outcome", "male", "", 6],
        ["1F, Numerator", "", "65+", 3], ["1F, Outcome", "", "65+", 2],
    ]  # fmt: skip
    assert found.comparators == {}


def test_a_total_over_a_measure_keeps_the_name_of_its_figures() -> None:
    found = csv("Borough,Phase,Pupils,Rate", "Brent,Total,500,5", "Brent,Primary,300,4", "Brent,Secondary,200,6")
    assert set(found.comparators["indicators"]["measure"]) == {"Pupils", "Rate"}


# Names of measures


def test_a_column_of_words_that_tells_rows_apart_is_the_measure() -> None:
    found = csv(
        "PSS EX1 Return for 2000-2001 Brent,,", "Item,Number of weeks,Where used", "row 57 (aged 65 and over),37464,B12", "row 59,4368,B12"
    )
    assert rows(found, "indicators", "area", "measure", "value") == [
        [BRENT, "row 57 (aged 65 and over), Number of weeks", 37464], [BRENT, "row 59, Number of weeks", 4368],
    ]  # fmt: skip


def test_a_heading_names_the_measure_before_the_file_does() -> None:
    found = csv("la_name,time_period,number,percentage", "Brent,2023,30,12.5", "Camden,2023,40,11.0", name="24_cla.csv")
    assert set(found.tables["indicators"]["measure"]) == {"Number", "Percentage"}


def test_the_files_name_and_the_heading_of_a_value_are_not_added_to_a_rows_own_measure() -> None:
    wide = csv("Offence,Borough,202401,202402", "With injury,Brent,5,6", "Without injury,Brent,7,8", name="crimes_wide.csv")
    assert set(wide.tables["indicators"]["measure"]) == {"With injury", "Without injury"}
    long = csv("Borough,Measure Type,Measure_Value", "Brent,Numerator,5", "Brent,Denominator,7")
    assert long.tables["indicators"]["measure"].tolist() == ["Numerator", "Denominator"]


@pytest.mark.parametrize("heading", ["Opportunity (£000s)", "Funding gap (£000s)", "Savings (£000s)"])
def test_money_that_could_be_had_is_no_investment(heading: str) -> None:
    found = csv(f"Borough,Period,{heading}", "Brent,2023/24,1150", "Camden,2023/24,480")
    assert "investment" not in found.tables
    assert rows(found, "indicators", "value", "unit") == [[1150000, "GBP"], [480000, "GBP"]]
