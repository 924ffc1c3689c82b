"""Census tables: numbers and shares side by side, Nomis files, and the rows of all residents."""

from __future__ import annotations

import pytest

from mhequity.reading import Reading, read
from tests.reading.zoo import book

BRENT, HARROW = "E09000005", "E09000015"
_TABLE = [
    ["Ethnic group", "Brent", None, "Harrow", None],
    [None, "number", "%", "number", "%"],
    ["Total: All usual residents", 339816, 100, 261203, 100],
    ["Asian, Asian British or Asian Welsh", 111000, 32.7, 118000, 45.2],
    ["White", 117000, 34.6, 95000, 36.5],
]
_NOMIS = [
    ["TS021 - Ethnic group"], ["ONS Crown Copyright Reserved [from Nomis on 3 March 2025]"], [],
    ["Population", "All usual residents"], ["Units", "Persons"], ["Date", "2021"], [],
]  # fmt: skip
_NOTE = [[], ["In order to protect against disclosure of personal information, records have been swapped."]]


def of(rows: list[list], merged: list[str] | None = None) -> Reading:
    return read(book(("Data", rows), merged={"Data": merged} if merged else {}), "census.xlsx")


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        pytest.param([["Ethnic group, 2021"], *_TABLE], None, id="as typed"),
        pytest.param([["Ethnic group, 2021"], *_TABLE], ["B2:C2", "D2:E2"], id="boroughs merged"),
        pytest.param([*_NOMIS, *_TABLE, *_NOTE], None, id="as Nomis writes it"),
        pytest.param([*_NOMIS, *_TABLE, *_NOTE], ["B8:C8", "D8:E8"], id="as Nomis writes it, merged"),
    ],
)
def test_numbers_are_people_and_percentages_are_shares(rows: list[list], merged: list[str] | None) -> None:
    found = of(rows, merged)
    people, shares = found.tables["population"], found.tables["indicators"]
    assert people[["area", "period", "ethnic_group", "persons"]].to_numpy().tolist() == [
        [BRENT, "2021", "", 339816], [BRENT, "2021", "Asian, Asian British or Asian Welsh", 111000], [BRENT, "2021", "White", 117000],
        [HARROW, "2021", "", 261203], [HARROW, "2021", "Asian, Asian British or Asian Welsh", 118000], [HARROW, "2021", "White", 95000],
    ]  # fmt: skip
    assert shares["value"].tolist() == [1, 0.327, 0.346, 1, 0.452, 0.365]
    assert (shares["unit"].unique().tolist(), shares["measure"].nunique()) == (["share"], 1)
    assert "Brent" not in shares["measure"].iat[0]


def test_numbers_and_percentages_of_what_is_no_group_of_people_are_indicators() -> None:
    rows = [
        ["Economic activity, census 2021"], ["Economic activity", "Brent", None, "Harrow", None], [None, "Number", "Percent", "Number", "Percent"],
        ["Unemployed", 11000, 3.7, 8000, 4.2], ["Retired", 17000, 14.6, 25000, 16.5],
    ]  # fmt: skip
    found = of(rows, ["B2:C2", "D2:E2"])
    assert list(found.tables) == ["indicators"]
    brent = found.tables["indicators"].query("area == @BRENT")
    assert brent[["measure", "value", "unit"]].to_numpy().tolist() == [
        ["Unemployed, Economic activity, census 2021", 11000, "count"], ["Retired, Economic activity, census 2021", 17000, "count"],
        ["Unemployed, Economic activity, census 2021 (%)", 0.037, "share"], ["Retired, Economic activity, census 2021 (%)", 0.146, "share"],
    ]  # fmt: skip


def test_number_and_percent_under_sexes_are_one_measure_in_two_units() -> None:
    rows = [
        ["People with a diagnosis, 2023/24"], ["Borough", "Male", None, "Female", None], [None, "Number", "%", "Number", "%"],
        ["Brent", 110, 3.7, 80, 4.2], ["Harrow", 170, 14.6, 250, 16.5],
    ]  # fmt: skip
    frame = of(rows, ["B2:C2", "D2:E2"]).tables["indicators"]
    assert frame.query("area == @BRENT")[["sex", "value", "unit"]].to_numpy().tolist() == [
        ["male", 110, "count"], ["male", 0.037, "share"], ["female", 80, "count"], ["female", 0.042, "share"],
    ]  # fmt: skip


def test_residents_of_some_ages_only_are_not_everyone() -> None:
    rows = [
        ["Ethnic group", "Brent", None],
        [None, "number", "%"],
        ["All usual residents aged 16 and over", 270000, 100],
        ["White", 90000, 33.3],
    ]
    groups = {group for frame in of([["Ethnic group, 2021"], *rows]).tables.values() for group in frame["ethnic_group"]}
    assert "" not in groups


def csv(*lines: str) -> Reading:
    return read("\n".join(lines).encode(), "nomis.csv")


def test_a_nomis_file_by_age_is_residents_by_age_and_everyone() -> None:
    found = csv(
        "DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,C2021_AGE_6_NAME,MEASURES_NAME,OBS_VALUE",
        "2021,Brent,E09000005,Total,Value,339816",
        "2021,Brent,E09000005,Aged 15 years and under,Value,70000",
        "2021,Harrow,E09000015,Total,Value,261200",
        "2021,Harrow,E09000015,Aged 15 years and under,Value,52000",
    )
    assert found.tables["population"][["area", "base", "age_band", "persons"]].to_numpy().tolist() == [
        [BRENT, "resident", "", 339816], [BRENT, "resident", "0-15", 70000],
        [HARROW, "resident", "", 261200], [HARROW, "resident", "0-15", 52000],
    ]  # fmt: skip


def test_a_nomis_file_of_something_else_by_age_is_no_population() -> None:
    found = csv(
        "DATE,GEOGRAPHY_NAME,GEOGRAPHY_CODE,C2021_HEALTH_6_NAME,C2021_AGE_6_NAME,MEASURES_NAME,OBS_VALUE",
        "2021,Brent,E09000005,Good health,Aged 65 years and over,Value,20000",
        "2021,Brent,E09000005,Bad health,Aged 65 years and over,Value,7000",
    )
    assert "population" not in found.tables
    assert found.tables["indicators"]["value"].tolist() == [20000, 7000]
