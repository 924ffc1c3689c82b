"""Rows that add up other rows though no word says so are kept apart and checked; equality by chance is not taken for a total."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from mhequity import areas
from mhequity.reading import Reading, carry_out, read


def of(*lines: str, name: str = "figures.csv") -> Reading:
    return read("\n".join(lines).encode(), name)


def facts(found: Reading, table: str, *columns: str) -> list[list[object]]:
    return found.tables[table][list(columns)].to_numpy().tolist()


def apart(found: Reading, table: str, column: str) -> list[str]:
    return found.comparators[table][column].tolist() if table in found.comparators else []


def wrong_totals(found: Reading) -> list[tuple[str, str]]:
    return [(each.cell, each.done) for each in found.findings if each.done.startswith("The total says")]


# Periods

MONTHS = ("Apr 2024,Brent,1", "May 2024,Brent,2", "Jun 2024,Brent,3", "Jul 2024,Brent,4")


@pytest.mark.parametrize("at", [0, 1, 3, 4])
def test_a_quarter_beside_its_months_is_their_total_wherever_it_stands(at: int) -> None:
    rows = [*MONTHS[:at], "Q1 2024/25,Brent,6", *MONTHS[at:]]
    found = of("Month,Borough,Contacts", *rows)
    assert facts(found, "activity", "period", "count") == [["Apr 2024", 1], ["May 2024", 2], ["Jun 2024", 3], ["Jul 2024", 4]]
    assert apart(found, "activity", "period") == ["2024/25 Q1 total"]
    assert wrong_totals(found) == []


def test_it_is_said_with_the_way_to_change_it() -> None:
    found = of("Month,Borough,Contacts", *MONTHS, "2024/25 Q1,Brent,6")
    (told,) = [each for each in found.findings if each.cell == "A6"]
    assert told.done == "2024/25 Q1 is the total of the months beside it, not a fact to add up. Kept apart. 1 row left out."
    assert told.advice == "Switch off “A row that adds up others is a total” here if that is wrong."


def test_a_quarter_that_its_months_do_not_make_is_told() -> None:
    found = of("Month,Borough,Contacts", *MONTHS, "2024/25 Q1,Brent,7")
    assert wrong_totals(found) == [("C6", "The total says 7; the rows that it adds up make 6.")]


def test_a_quarter_without_all_its_months_stays_a_fact() -> None:
    found = of("Month,Borough,Contacts", *MONTHS, "2024/25 Q1,Brent,6", "Apr 2024,Ealing,5", "2024/25 Q1,Ealing,9")
    assert facts(found, "activity", "area", "period")[-2:] == [["E09000009", "Apr 2024"], ["E09000009", "2024/25 Q1"]]


def test_a_year_beside_its_quarters_is_their_total() -> None:
    rows = [f"2024/25 Q{quarter},Brent,{quarter}" for quarter in (1, 2, 3, 4)]
    found = of("Period,Borough,Contacts", *rows, "2024/25,Brent,10")
    assert apart(found, "activity", "period") == ["2024/25 total"]


def test_rates_of_a_quarter_are_no_sums() -> None:
    found = of("Month,Borough,DNA rate", "Apr 2024,Brent,1%", "May 2024,Brent,2%", "Jun 2024,Brent,3%", "2024/25 Q1,Brent,2%")
    assert len(found.tables["indicators"]) == 4


@pytest.mark.parametrize("rows", [("2024/25,{},Brent,{}", "Year,Month,Borough,Contacts"), ("{},Brent,{}", "Month,Borough,Contacts")])
def test_months_without_a_year_are_of_the_year_beside_them_or_in_the_title(rows: tuple[str, str]) -> None:
    body = [rows[0].format(*cells) for cells in (("Apr", 1), ("May", 2), ("Jun", 3), ("Q1", 6), ("Jul", 4))]
    found = of(*([] if "Year" in rows[1] else ["Contacts by month 2024/25", ""]), rows[1], *body)
    assert facts(found, "activity", "period", "count") == [["Apr 2024", 1], ["May 2024", 2], ["Jun 2024", 3], ["Jul 2024", 4]]
    assert apart(found, "activity", "period") == ["2024/25 Q1 total"]


def test_it_is_said_which_year_months_were_taken_to_be_of() -> None:
    found = of("Month,Brent,Ealing", "Apr,1,2", "May,2,2", name="Contacts 2024-25.csv")
    done = "Months and quarters without a year were read as those of 2024/25: the title or name says so."
    assert [each.seen for each in found.findings if each.done == done] == ["Contacts 2024-25"]


# Services

SPEND = ("Service,2023/24 £,2024/25 £", "Adult,1234567,1300001", "CMHT,1000000,1000000", "Crisis,234567,300001",
         "Children,300300,400400", "CAMHS,300000,400000", "Home,300,400", "Other,7,9", "Total,1534874,1700410")  # fmt: skip
LEAVES = ["CMHT", "Crisis", "CAMHS", "Home", "Other"]


def test_services_above_their_parts_are_totals() -> None:
    found = of(*SPEND, name="Brent spend.csv")
    assert found.tables["investment"]["service"].unique().tolist() == LEAVES
    assert set(apart(found, "investment", "service")) == {"Adult", "Children", "Total"}
    assert wrong_totals(found) == []


def test_services_below_their_parts_are_totals() -> None:
    heading, adult, cmht, crisis, children, camhs, home, *rest = SPEND
    found = of(heading, cmht, crisis, adult, camhs, home, children, *rest, name="Brent spend.csv")
    assert found.tables["investment"]["service"].unique().tolist() == LEAVES
    assert wrong_totals(found) == []


def test_leading_spaces_make_no_difference() -> None:
    indented = [f"  {line}" if line.split(",")[0] in ("CMHT", "Crisis", "CAMHS", "Home") else line for line in SPEND]
    assert of(*indented, name="Brent spend.csv").tables["investment"]["service"].unique().tolist() == LEAVES


@pytest.mark.parametrize(("indent", "left"), [("   ", ["CMHT", "EIP", "Other"]), ("", ["Adult", "CMHT", "EIP", "Other"])])
def test_parts_that_are_indented_need_no_other_proof(indent: str, left: list[str]) -> None:
    found = of("Service,2024/25 £", "Adult,12", f"{indent}CMHT,7", f"{indent}EIP,5", "Other,3", name="Brent spend.csv")
    assert found.tables["investment"]["service"].tolist() == left


def test_parts_that_have_parts_are_totals_too() -> None:
    found = of("Service,2023/24 £,2024/25 £", "All care,1534867,1700401", *SPEND[1:7], name="Brent spend.csv")
    assert found.tables["investment"]["service"].unique().tolist() == LEAVES[:-1]


def test_one_service_alone_needs_three_parts_and_two_columns() -> None:
    two = of("Service,2024/25 £", "Adult,1234567", "CMHT,1000000", "Crisis,234567", "Other,55", name="Brent spend.csv")
    assert "Adult" in set(two.tables["investment"]["service"])
    three = of(
        "Service,2023/24 £,2024/25 £", "Adult,1234567,1300001", "CMHT,1000000,1000000", "Crisis,200000,250000", "EIP,34567,50001",
        "Other,99,98", name="Brent spend.csv",
    )  # fmt: skip
    assert three.tables["investment"]["service"].unique().tolist() == ["CMHT", "Crisis", "EIP", "Other"]


def of_boroughs(*figures: tuple[str, str, str]) -> Reading:
    names = ("Brent", "Ealing", "Camden", "Harrow")
    rows = [f"{name},{service},{figure},2024/25" for name, each in zip(names, figures, strict=False)
            for service, figure in zip(("Community", "CMHT", "EIP", "Inpatient"), (*each, "4400"), strict=True)]  # fmt: skip
    return of("Borough,Service,Contacts,Period", *rows)


def test_the_same_service_in_several_boroughs_is_its_parts_total() -> None:
    found = of_boroughs(("1234", "1000", "234"), ("2468", "2001", "467"), ("999", "333", "666"))
    assert found.tables["activity"]["service"].unique().tolist() == ["CMHT", "EIP", "Inpatient"]


def test_where_a_part_is_hidden_or_wrong_it_is_a_total_all_the_same() -> None:
    found = of_boroughs(("1234", "1000", "234"), ("2468", "2001", "467"), ("999", "*", "666"), ("1000", "400", "500"))
    assert found.tables["activity"]["service"].unique().tolist() == ["CMHT", "EIP", "Inpatient"]
    assert wrong_totals(found) == [("C14", "The total says 1,000; the rows that it adds up make 900.")]


@pytest.mark.parametrize("figures", [("12", "7", "5"), ("300", "100", "200")])
def test_small_or_round_figures_of_one_borough_prove_nothing(figures: tuple[str, str, str]) -> None:
    assert len(of_boroughs(figures).tables["activity"]) == 4


def test_a_measure_is_never_the_total_of_others() -> None:
    rows = [f"{name},{measure},{figure},2024/25" for name in ("Brent", "Ealing", "Camden")
            for measure, figure in (("Referrals", 1234), ("Accepted", 1000), ("Rejected", 234))]  # fmt: skip
    assert len(of("Borough,Measure,Contacts,Period", *rows).tables["activity"]) == 9


def test_a_person_can_say_that_every_row_is_a_fact() -> None:
    found = of(*SPEND, name="Brent spend.csv")
    plan = replace(found.plan, tables=tuple(replace(table, sums_are_totals=False) for table in found.plan.tables))
    assert set(carry_out(found.book, plan).tables["investment"]["service"]) >= {"Adult", "Children"}


@pytest.mark.parametrize("seed", range(30))
def test_figures_by_chance_give_no_totals(seed: int) -> None:
    chance = random.Random(seed)
    most, step = chance.choice([9, 30, 1000, 5_000_000]), chance.choice([1, 10, 1000])
    rows = [
        f"{area.name},{service}," + ",".join(str(round(chance.random() ** 2 * most / step) * step) for _ in range(2))
        for area in areas.boroughs()[: chance.choice([1, 5, 33])]
        for service in ("CMHT", "Crisis", "EIP", "CAMHS", "Perinatal", "Liaison", "Rehab", "Forensic")
    ]
    assert of("Borough,Service,2023/24,2024/25", *rows, name="spend.csv").comparators == {}
