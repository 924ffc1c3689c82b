"""Patients registered with GP practices: systems' lists are populations, practices are no areas; areas among organisations."""

from __future__ import annotations

import pytest

from mhequity.reading import Reading, read
from tests.reading.zoo import book

NWL, NCL, BRENT = "E54000027", "E54000028", "E09000005"


def csv(*lines: str) -> Reading:
    return read("\n".join(lines).encode(), "gp-reg-pat-prac.csv")


def test_lists_of_systems_are_registered_population_at_the_extract_date() -> None:
    found = csv(
        "PUBLICATION,EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,POSTCODE,SEX,AGE_GROUP_5,NUMBER_OF_PATIENTS",
        "GP_PRAC_PAT_LIST,01APR2024,Comm Region,Y56,E40000003,,ALL,ALL,10800000",
        "GP_PRAC_PAT_LIST,01APR2024,ICB,QRV,E54000027,,ALL,ALL,2850000",
        "GP_PRAC_PAT_LIST,01APR2024,ICB,QMJ,E54000028,,FEMALE,15_19,45000",
        "GP_PRAC_PAT_LIST,01APR2024,ICB,QOC,E54000011,,ALL,ALL,500000",
        "GP_PRAC_PAT_LIST,01APR2024,PCN,U12345,,,ALL,ALL,50000",
        "GP_PRAC_PAT_LIST,01APR2024,GP,E84003,,HA3 7LT,ALL,ALL,12000",
    )
    frame = found.tables["population"]
    assert frame[["area", "period", "base", "persons", "age_band", "sex"]].to_numpy().tolist() == [
        [NWL, "1 Apr 2024", "registered", 2850000, "", ""], [NCL, "1 Apr 2024", "registered", 45000, "15-19", "female"],
    ]  # fmt: skip
    assert found.comparators["population"][["area", "persons"]].to_numpy().tolist() == [["London", 10800000]]


def test_a_sub_icb_is_the_system_and_its_list_counts_once() -> None:
    found = csv(
        "EXTRACT_DATE,ORG_TYPE,ORG_CODE,ONS_CODE,SEX,AGE,NUMBER_OF_PATIENTS",
        "01APR2024,ICB,QRV,E54000027,ALL,ALL,2850000",
        "01APR2024,SUB_ICB_LOCATION,W2U3Z,E38000256,ALL,ALL,2850000",
    )
    assert found.tables["population"]["persons"].tolist() == [2850000]


def test_rows_of_practices_are_left_out_with_one_clear_sentence() -> None:
    found = csv(
        "PUBLICATION,EXTRACT_DATE,TYPE,SUB_ICB_LOCATION_CODE,ONS_SUB_ICB_LOCATION_CODE,CODE,POSTCODE,SEX,AGE,NUMBER_OF_PATIENTS",
        "GP_PRAC_PAT_LIST,01APR2024,GP,W2U3Z,E38000256,E84003,HA3 7LT,ALL,ALL,12000",
        "GP_PRAC_PAT_LIST,01APR2024,GP,W2U3Z,E38000256,E84004,HA3 8LT,ALL,ALL,8000",
    )
    assert found.tables == {}
    told = [(each.seen, each.done) for each in found.findings if "practice" in each.done]
    assert told == [
        ("E84003, E84004", "A GP practice or network, whose patients live in several boroughs: no figure of an area. 2 rows left out.")
    ]
    assert len(found.rejected) == 2


def test_the_map_of_practices_holds_no_figures() -> None:
    found = csv(
        "PUBLICATION,EXTRACT_DATE,PRACTICE_CODE,PRACTICE_NAME,PRACTICE_POSTCODE,SUB_ICB_LOCATION_CODE,ICB_CODE,ICB_NAME",
        "GP_PRAC_PAT_LIST,01APR2024,E84003,THE SURGERY,HA3 7LT,W2U3Z,QRV,NHS NORTH WEST LONDON INTEGRATED CARE BOARD",
        "GP_PRAC_PAT_LIST,01APR2024,E84004,OTHER SURGERY,HA3 8LT,W2U3Z,QRV,NHS NORTH WEST LONDON INTEGRATED CARE BOARD",
    )
    assert (found.tables, found.comparators) == ({}, {})


def test_practices_beside_a_column_of_boroughs_are_figures_of_boroughs_but_not_their_population() -> None:
    found = csv(
        "Practice code,Practice name,Borough,Sub ICB,Number of patients,Period",
        "E84003,The Surgery,Brent,W2U3Z,12000,2024",
        "E84004,Other Surgery,Harrow,W2U3Z,8000,2024",
    )
    assert "population" not in found.tables
    assert found.tables["indicators"][["area", "value"]].to_numpy().tolist() == [[BRENT, 12000], ["E09000015", 8000]]


def test_a_column_that_says_the_level_parts_systems_from_providers() -> None:
    rows = [
        ["Out of area placements, published June 2024"],
        ["Period start", "Period end", "Geography", "Code", "Name", "Question", "Value"],
        ["01/01/2024", "31/03/2024", "ICB", "QRV", "NHS North West London Integrated Care Board", "OAP bed days", "1,250"],
        ["01/01/2024", "31/03/2024", "Provider", "RV3", "Central and North West London NHS FT", "OAP bed days", "900"],
        ["01/01/2024", "31/03/2024", "Provider", "RKL", "West London NHS Trust", "OAP bed days", "350"],
    ]
    found = read(book(("OAPs", rows)), "oaps.xlsx")
    assert found.tables["activity"][["area", "period", "count"]].to_numpy().tolist() == [[NWL, "2023/24 Q4", 1250]]
    assert found.rejected["Code"].tolist() == ["RV3", "RKL"]


@pytest.mark.parametrize("headings", [["Org code", "Org name"], ["Code", "Name"]])
def test_systems_among_more_providers_are_found_without_a_level(headings: list[str]) -> None:
    rows = [
        [*headings, "Bed days 2023/24"],
        ["QRV", "NHS North West London Integrated Care Board", 1250],
        ["QMJ", "NHS North Central London Integrated Care Board", 1050],
        ["RV3", "Central and North West London NHS FT", 900],
        ["RKL", "West London NHS Trust", 800],
        ["RRP", "Barnet, Enfield and Haringey Mental Health NHS Trust", 700],
    ]
    found = read(book(("OAPs", rows)), "oaps.xlsx")
    assert found.tables["activity"][["area", "count"]].to_numpy().tolist() == [[NWL, 1250], [NCL, 1050]]
    assert len(found.rejected) == 3
