"""Headings as publishers set them: numbers for ages and months, blank rows and columns between, titles right above. No figure is real."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mhequity.reading import Reading, carry_out, read
from mhequity.reading.findings import BLOCKED
from mhequity.reading.layouts import Block, find
from tests.reading.sheets import sheet

BRENT, CAMDEN, WESTMINSTER = "E09000005", "E09000007", "E09000033"


def facts(text: str, table: str, *columns: str) -> list[tuple[object, ...]]:
    """The facts of a text file, by area."""
    return facts_of(read(text.encode(), "file.csv"), table, *columns)


def facts_of(found: Reading, table: str, *columns: str) -> list[tuple[object, ...]]:
    frame = found.tables[table].sort_values("area", kind="stable")
    return list(frame[["area", *columns]].itertuples(index=False, name=None))


def only(text: str) -> Block:
    (block,), _ = find(sheet(text))
    return block


def test_single_years_of_age_over_the_columns_are_groups_of_residents() -> None:
    text = "Mid-2022 population by single year of age\nCode,Name,Geography,All ages,0,1,2,90+\nE09000005,Brent,Borough,300,10,20,30,40\n"
    assert facts(text, "population", "age_band", "persons", "period") == [
        (BRENT, band, persons, "mid-2022") for band, persons in (("", 300.0), ("0", 10.0), ("1", 20.0), ("2", 30.0), ("90+", 40.0))
    ]


@pytest.mark.parametrize(("headings", "periods"), [
    ("202401,202402,202403", ["Jan 2024", "Feb 2024", "Mar 2024"]),
    ("202122,202223,202324", ["2021/22", "2022/23", "2023/24"]),
    ("201011,201112,201213", ["2010/11", "2011/12", "2012/13"]),
    ("202311,202312,202401", ["Nov 2023", "Dec 2023", "Jan 2024"]),
])  # fmt: skip
def test_six_digits_over_the_columns_are_months_or_years(headings: str, periods: list[str]) -> None:
    text = f"Contacts\nBorough,{headings}\nBrent,6,5,11\nCamden,7,8,9\n"
    assert facts(text, "activity", "period", "count")[:3] == [
        (BRENT, period, count) for period, count in zip(periods, (6.0, 5.0, 11.0), strict=True)
    ]


@pytest.mark.parametrize("headings", ["3,1,2", "0,1,3", "10,20,30", "199,200,201"])
def test_other_numbers_over_the_columns_are_no_ages(headings: str) -> None:
    assert all(
        "age_band" not in each.labels for each in read(f"Borough,{headings}\nBrent,6,5,11\n".encode(), "a.csv").plan.tables[0].columns
    )


def test_a_blank_row_under_the_headings_and_none_over_the_areas() -> None:
    text = '"Children looked after, 2014",,\n,,\n,Number looked after,Number with SEN\n,,\nCamden,120,45\nBrent,140,50\n'
    assert facts(text, "indicators", "measure", "value", "period") == [
        (BRENT, "Number looked after", 140.0, "2014"), (BRENT, "Number with SEN", 50.0, "2014"),
        (CAMDEN, "Number looked after", 120.0, "2014"), (CAMDEN, "Number with SEN", 45.0, "2014"),
    ]  # fmt: skip


def test_blank_columns_between_headings_that_a_blank_row_parts_from_their_figures() -> None:
    text = "Code | Area | Males ||| Females |\n|| 2018 | 2019 || 2018 | 2019\n\nE09000005 | Brent | 79 | 80 || 83 | 84\n\n| England | 78 | 79 || 82 | 83"
    block = only(text)
    assert (block.header, block.first, block.last, block.left, block.right) == ((0, 1), 3, 5, 0, 6)


def test_a_title_right_above_the_headings_is_none_of_them() -> None:
    block = only("Table 1: Rates by area ||\nArea Code | Area Name | Rate\n\nE09000005 | Brent | 7.1")
    assert (block.header, block.above) == ((1,), ("Table 1: Rates by area",))


def test_a_row_that_numbers_the_columns_leaves_the_headings_above_it() -> None:
    text = "| Adults || Older people |\n| 1 | 2 | 1 | 2\nBorough | Staff | Running costs | Staff | Running costs\nBrent | 1 | 2 | 3 | 4"
    assert only(text).header == (0, 2)


def test_a_first_row_of_marks_is_a_row_of_the_table() -> None:
    text = "Claimant count\n\nlocal authority,mnemonic,Number,Rate\nCity of London,E09000001,!,!\nBrent,E09000005,3100,3.1\n"
    found = read(text.encode(), "claimants 2024.csv")
    assert found.tables["indicators"]["area"].tolist() == ["E09000001", BRENT, "E09000001", BRENT]
    assert not [each for each in found.findings if each.severity == BLOCKED]


def test_columns_without_headings_keep_their_figures_apart() -> None:
    found = read(b"Brent,1,2,3\nCamden,5,6,7\nWestminster,9,10,11\n", "three.csv")
    assert [row[1:] for row in facts_of(found, "indicators", "measure", "value")][:3] == [
        ("Three", 1.0),
        ("Column C", 2.0),
        ("Column D", 3.0),
    ]


def test_a_column_that_a_person_makes_state_what_another_states_is_named() -> None:
    found = read(b"Borough,Year,Contacts,Visits,Calls\nBrent,2024/25,1,2,3\n", "twice.csv")
    (table,) = found.plan.tables
    same = [replace(each, meaning="activity.count", labels={}) if each.column in "CD" else each for each in table.columns]
    changed = carry_out(found.book, replace(found.plan, tables=(replace(table, columns=tuple(same)),)))
    (told,) = [each for each in changed.findings if each.kind == "repeats"]
    assert (told.severity, told.cell, told.seen) == (BLOCKED, "D1", "Visits")
    assert told.done == "Another column states the same: this one was left out."


def test_a_year_above_a_heading_is_no_part_of_its_name() -> None:
    text = ",2023/24,,2024/25,\nBorough,Contacts,DNA%,Contacts,DNA%\nBrent,556,5.5,542,6.5\n"
    assert facts(text, "indicators", "measure", "period", "value") == [
        (BRENT, "DNA rate", "2023/24", 0.055),
        (BRENT, "DNA rate", "2024/25", 0.065),
    ]


@pytest.mark.parametrize("odd", ["²", "①", "٣"])
def test_signs_that_are_digits_but_no_numbers_are_read_as_they_stand(odd: str) -> None:
    text = f"Borough,Month,{odd},Contacts\n{odd},{odd},{odd},{odd}\nBrent,{odd},{odd},5\n{odd},{odd},2024,6\n"
    found = read(text.encode(), "odd.csv")
    assert not [each for each in found.findings if "could not be read" in each.done + each.seen]
    assert found.applied
