"""Figures that are parts or totals of others are never counted twice, and what is not spend or residents is not taken for it."""

import pytest

from mhequity.reading import Reading, read


def of(*lines: str) -> Reading:
    return read("\n".join(lines).encode(), "figures.csv")


def test_a_quarter_beside_its_months_is_their_total_and_kept_apart() -> None:
    found = of("Borough,Contacts Apr 2024,Contacts May 2024,Contacts Jun 2024,Contacts 2024/25 Q1", "Brent,1,2,3,6", "Harrow,4,5,6,15")
    assert found.tables["activity"]["count"].sum() == 21
    assert set(found.comparators["activity"]["period"]) == {"2024/25 Q1 total"}


def test_a_quarter_that_its_months_do_not_make_is_told_with_both_figures() -> None:
    found = of("Borough,Contacts Apr 2024,Contacts May 2024,Contacts Jun 2024,Contacts 2024/25 Q1", "Brent,1,2,3,7")
    told = [finding for finding in found.findings if "add up" in finding.done or "adds up" in finding.done]
    assert [(finding.cell, finding.done) for finding in told] == [("E2", "The total says 7; the columns that it adds up make 6.")]


def test_a_quarter_without_all_its_months_stays_a_fact() -> None:
    found = of("Borough,Contacts Apr 2024,Contacts 2024/25 Q1", "Brent,1,7")
    assert sorted(found.tables["activity"]["period"]) == ["2024/25 Q1", "Apr 2024"]


@pytest.mark.parametrize("other", ["FOT", "Forecast", "Variance", "Annual budget"])
def test_money_that_is_not_spent_is_never_spend(other: str) -> None:
    found = of(f"Borough,Service,2024/25 actual £,2024/25 {other} £", "Brent,CMHT,110,120", "Harrow,CMHT,210,220")
    assert found.tables["investment"]["amount_gbp"].tolist() == [110, 210]
    assert found.tables["indicators"][["value", "unit"]].to_numpy().tolist() == [[120, "GBP"], [220, "GBP"]]


def test_registered_patients_and_residents_are_two_bases() -> None:
    found = of("Borough,Registered patients,Resident population,Period", "Brent,560094,339816,2024")
    people = found.tables["population"].set_index("base")["persons"]
    assert people.to_dict() == {"registered": 560094, "resident": 339816}


def test_rates_by_sex_are_no_population() -> None:
    found = of("Area code,Area,Male,Female,Persons,Period", "E09000005,Brent,10.5,4.2,7.3,2024", "E09000015,Harrow,9.5,3.2,6.3,2024")
    assert "population" not in found.tables


def test_patients_of_a_practice_are_not_the_people_of_its_borough() -> None:
    found = of("Practice code,Practice name,Borough,Registered patients,Period", "E84003,The Surgery,Brent,12000,2024")
    assert "population" not in found.tables


@pytest.mark.parametrize("figure", ["nil", "TBC", "1-4", "<5"])
def test_a_row_that_begins_with_a_borough_is_never_a_heading(figure: str) -> None:
    found = of("Borough,Period,Contacts", f"Brent,2024/25,{figure}", "Harrow,2024/25,7", "Ealing,2024/25,9")
    assert found.plan.tables[0].header_rows == (1,)
    assert found.tables["activity"]["age_band"].tolist() == [""] * len(found.tables["activity"])


def test_a_target_beside_a_measure_does_not_make_a_table_of_targets() -> None:
    found = of("Borough,Year,DNA rate,Target", "Brent,2023/24,12%,10%", "Harrow,2023/24,9%,10%")
    assert found.tables["indicators"]["value"].tolist() == [0.12, 0.09, 0.1, 0.1]
