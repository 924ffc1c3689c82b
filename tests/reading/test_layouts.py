"""Tables are found on a sheet however they stand: stacked, side by side, under titles, above notes, around blank rows."""

from __future__ import annotations

import pytest

from mhequity.reading.layouts import Block, find
from tests.reading.sheets import sheet


def blocks(text: str, merged: tuple[tuple[int, int, int, int], ...] = ()) -> list[Block]:
    return find(sheet(text, merged=merged))[0]


def test_a_table_is_its_headings_and_the_rows_under_them() -> None:
    assert blocks("""
Borough | Spend
Brent   | 100
Ealing  | 200
""") == [Block(header=(0,), first=1, last=2, left=0, right=1)]  # fmt: skip


def test_titles_above_and_notes_below_are_no_part_of_the_table() -> None:
    assert blocks("""
Spend by borough 2024/25
Figures in pounds

Borough | Spend | Contacts
Brent   | 100   | 5
Ealing  | 200   | 6

Source: finance team
""") == [Block((3,), 4, 5, 0, 2, ("Spend by borough 2024/25", "Figures in pounds"), ("Source: finance team",))]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "where"),
    [
        pytest.param("Title\nBorough | Spend\nBrent | 100", ("Title",), id="no blank row between"),
        pytest.param("Title\n\n\nBorough | Spend\nBrent | 100", ("Title",), id="blank rows between"),
        pytest.param(
            "date | 2020\narea | London\n\nBorough | Persons | Female | Male\nBrent | 10 | 6 | 4\nEaling | 20 | 9 | 11",
            ("date: 2020", "area: London"),
            id="a list of what holds for all figures",
        ),
        pytest.param("Period: | 2024/25 |\nBorough | Spend | Contacts\nBrent | 100 | 3", ("Period: 2024/25",), id="a name and what it is"),
    ],
)
def test_what_stands_above_the_headings_is_a_title(text: str, where: tuple[str, ...]) -> None:
    assert [block.above for block in blocks(text)] == [where]


@pytest.mark.parametrize("note", ["Source: finance team", "* provisional", "Notes: some figures are late"])
def test_a_note_right_under_the_last_row_is_no_row(note: str) -> None:
    (block,) = blocks(f"Borough | Spend\nBrent | 100\n{note} |")
    assert (block.last, block.below) == (1, (note,))


def test_a_total_at_the_end_is_a_row() -> None:
    (block,) = blocks("Borough | Spend\nBrent | 100\nEaling | 200\nLondon | 300")
    assert block.last == 3


@pytest.mark.parametrize(
    ("text", "merged", "header"),
    [
        pytest.param("Borough | 2022 | 2023 | 2024\nBrent | 100 | 110 | 120", (), (0,), id="years in a row"),
        pytest.param("| 2023/24 || 2024/25 |\nBorough | Spend | Contacts | Spend | Contacts\nBrent | 100 | 1 | 110 | 2",
                     ((1, 2, 1, 3), (1, 4, 1, 5)), (0, 1), id="years over headings, merged"),
        pytest.param("| 2023/24 || 2024/25 |\nBorough | Spend | Contacts | Spend | Contacts\nBrent | 100 | 1 | 110 | 2",
                     (), (0, 1), id="years over headings, not merged"),
        pytest.param("Spend of all |||\nBorough | Spend | Contacts | Staff\nBrent | 100 | 1 | 2", ((1, 1, 1, 4),), (1,),
                     id="a title merged over the whole table"),
        pytest.param("Borough | Spend\nBrent | *\nEaling | 200", (), (0,), id="the first figure suppressed"),
        pytest.param("Action | Owner | Due\nPublish waits | Head of performance | May 2025", (), (0,), id="a table of words"),
    ],
)  # fmt: skip
def test_headings_are_the_rows_that_name_the_columns(text: str, merged: tuple[tuple[int, int, int, int], ...], header: tuple) -> None:
    assert [block.header for block in blocks(text, merged)] == [header]


def test_a_table_may_begin_without_headings() -> None:
    assert blocks("Brent | 100\nEaling | 200") == [Block((), 0, 1, 0, 1)]


def test_headings_that_a_blank_row_parts_from_their_figures_are_its_headings() -> None:
    assert blocks("Borough | Spend | Contacts\n\nBrent | 100 | 3\nEaling | 100 | 3") == [Block((0,), 2, 3, 0, 2)]


def test_a_blank_row_inside_a_table_does_not_part_it() -> None:
    assert blocks("Borough | Spend\nBrent | 100\n\nEaling | 200") == [Block((0,), 1, 3, 0, 1)]


def test_headings_inside_a_table_do_not_part_it() -> None:
    assert blocks("Borough | Spend\nAdult services |\nBrent | 100\nOlder people |\nBrent | 200") == [Block((0,), 1, 4, 0, 1)]


def test_tables_under_each_other_are_parted_by_a_blank_row_and_new_headings() -> None:
    assert blocks("""
Borough | Spend
Brent   | 100
Ealing  | 200

Team    | Contacts
North   | 5
South   | 6
""") == [Block((0,), 1, 2, 0, 1), Block((4,), 5, 6, 0, 1)]  # fmt: skip


def test_new_headings_begin_a_table_even_without_a_blank_row() -> None:
    assert blocks("""
Borough | Spend       | Contacts
Brent   | 100         | 1
Ealing  | 200         | 2
Team    | People seen | Waiting
North   | 3           | 5
South   | 4           | 6
""") == [Block((0,), 1, 2, 0, 2), Block((3,), 4, 5, 0, 2)]  # fmt: skip


def test_the_same_headings_again_begin_no_new_table() -> None:
    assert blocks("""
Borough | Spend | Contacts
Brent   | 100   | 1
Borough | Spend | Contacts
Ealing  | 200   | 2
""") == [Block((0,), 1, 3, 0, 2)]  # fmt: skip


def test_tables_side_by_side_are_parted_by_a_blank_column() -> None:
    assert blocks("""
Borough | Spend || Team  | Contacts
Brent   | 100   || North | 5
Ealing  | 200   || South | 6
""") == [Block((0,), 1, 2, 0, 1), Block((0,), 1, 2, 3, 4)]  # fmt: skip


def test_a_blank_column_before_more_figures_does_not_part_a_table() -> None:
    assert blocks("Borough | Spend || Contacts\nBrent | 100 || 5\nEaling | 200 || 6") == [Block((0,), 1, 2, 0, 3)]


def test_tables_side_by_side_share_the_title_over_the_first() -> None:
    found = blocks("""
Spend and contacts 2024/25 ||||

Borough | Spend || Team  | Contacts
Brent   | 100   || North | 5
""")
    assert [block.above for block in found] == [("Spend and contacts 2024/25",)] * 2


@pytest.mark.parametrize("text", ["", "These are notes\nabout nothing"])
def test_words_alone_are_no_table(text: str) -> None:
    assert find(sheet(text)) == ([], [line for line in text.split("\n") if line])


def test_where_the_sheet_begins_makes_no_difference_to_positions() -> None:
    text = "Borough | Spend\nBrent | 100"
    assert find(sheet(text, top=7, left=3)) == find(sheet(text))


def test_a_long_sheet_is_read_to_its_last_row() -> None:
    rows = "\n".join(f"Brent | {number}" for number in range(25_000))
    assert blocks(f"Borough | Spend\n{rows}") == [Block((0,), 1, 25_000, 0, 1)]


def test_a_second_table_in_the_middle_of_a_long_sheet_is_found() -> None:
    rows = "\n".join(f"Brent | {number} | 1" for number in range(12_500))
    (first, second) = blocks(f"Borough | Spend | Contacts\n{rows}\nTeam | People seen | Waiting\n{rows}")
    assert (first.last, second.header, second.last) == (12_500, (12_501,), 25_001)
