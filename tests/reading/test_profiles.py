"""What a column holds: how much of it is numbers, areas and periods, and which headings stand over it."""

from __future__ import annotations

import pytest

from mhequity.reading.layouts import find
from mhequity.reading.profiles import Profile, heading_parts, names_period, names_place, profiles, repeats_headings
from tests.reading.sheets import sheet


def columns(text: str, merged: tuple[tuple[int, int, int, int], ...] = ()) -> list[Profile]:
    grid = sheet(text, merged=merged)
    return profiles(grid, find(grid)[0][0])


def column(*cells: str) -> Profile:
    """The last column of a table whose other columns are ids."""
    return columns("Ref | Size | Held\n" + "\n".join(f"row {at} | {at} | {cell}" for at, cell in enumerate(cells)))[-1]


@pytest.mark.parametrize(
    ("cells", "share"),
    [
        (("1", "2.5", "£3"), 1.0),
        (("1", "*", "..", "<5"), 1.0),
        (("1", "", "", "2"), 1.0),
        (("1", "about 2"), 0.5),
        (("*", ".."), 0.0),
        (("red", "blue"), 0.0),
        (("", ""), 0.0),
    ],
)
def test_marks_count_as_numbers_beside_a_number_and_blanks_count_as_nothing(cells: tuple[str, ...], share: float) -> None:
    assert column(*cells).numbers == share


@pytest.mark.parametrize(("cells", "only_marks"), [(("*", "..", ""), True), (("*", "0"), False), (("", ""), False)])
def test_a_column_of_marks_alone_is_known_as_such(cells: tuple[str, ...], only_marks: bool) -> None:
    assert column(*cells).all_marks is only_marks


def test_shares_are_of_distinct_texts() -> None:
    assert column("Brent", "Brent", "Brent", "teapot").areas == 0.5


def test_totals_count_as_places_and_not_as_boroughs() -> None:
    found = column("Brent", "London", "Leeds")
    assert (found.areas, found.boroughs) == (1.0, 1)


def test_a_total_among_periods_does_not_count() -> None:
    assert column("2023/24", "2024/25", "Total").periods == 1.0


def test_distinct_texts_are_counted_without_blanks() -> None:
    assert column("a", "b", "", "a").distinct == 2


@pytest.mark.parametrize(("cells", "codes"), [(("E09000005", "E09000009"), True), (("Brent", "Ealing"), False)])
def test_places_given_by_code_are_known_as_such(cells: tuple[str, ...], codes: bool) -> None:
    assert column(*cells).are_codes is codes


@pytest.mark.parametrize("text", ["Brent", "brent council", "E09000005", "E01000001", "London", "Leeds", "Brnet", "Total"])
def test_areas_totals_places_elsewhere_and_close_spellings_name_a_place(text: str) -> None:
    assert names_place(text)


@pytest.mark.parametrize("text", ["teapot", "", "2024/25", "12"])
def test_other_words_and_numbers_name_no_place(text: str) -> None:
    assert not names_place(text)


@pytest.mark.parametrize("text", ["2024/25", "Apr 2024", "13/02/2024", "02/13/2024", "2024", "2024/25 Q1"])
def test_years_months_and_days_either_way_round_name_a_period(text: str) -> None:
    assert names_period(text)


@pytest.mark.parametrize("text", ["100", "1850", "2999", "12", "Brent", ""])
def test_a_number_is_a_year_only_in_our_time(text: str) -> None:
    assert not names_period(text)


# Headings


def test_a_merged_heading_counts_for_every_column_under_it() -> None:
    found = columns("| 2023/24 || 2024/25 |\nBorough | Spend | Staff | Spend | Staff\nBrent | 1 | 2 | 3 | 4", ((1, 2, 1, 3), (1, 4, 1, 5)))
    assert [each.parts for each in found] == [
        ("Borough",), ("2023/24", "Spend"), ("2023/24", "Staff"), ("2024/25", "Spend"), ("2024/25", "Staff"),
    ]  # fmt: skip


def test_without_merged_cells_a_heading_counts_until_the_next_one() -> None:
    found = columns("| 2023/24 || 2024/25 |\nBorough | Spend | Staff | Spend | Staff\nBrent | 1 | 2 | 3 | 4")
    assert [each.title for each in found][1:] == ["2023/24 / Spend", "2023/24 / Staff", "2024/25 / Spend", "2024/25 / Staff"]


def test_the_same_text_in_two_rows_of_headings_counts_once() -> None:
    grid = sheet("| Spend | 2023/24\nBorough | Spend | Staff\nBrent | 1 | 2")
    (block, *_) = find(grid)[0]
    assert heading_parts(grid, block)[1] == ("Spend",)


def test_headings_said_again_further_down_are_no_rows() -> None:
    found = columns("Borough | Spend | Staff\nBrent | 1 | 2\nBorough | Spend | Staff\nEaling | 3 | 4")
    assert found[0].sample == ["Brent", "Ealing"]


def test_a_row_repeats_the_headings_only_where_all_of_them_are_the_same() -> None:
    grid = sheet("Borough | Spend\nBorough | 1\nBorough | Spend")
    assert repeats_headings(grid, (0,), [0, 1], range(1, 3)).tolist() == [False, True]


def test_columns_without_a_heading_or_a_cell_are_left_out() -> None:
    assert [each.column for each in columns("Borough || Spend\nBrent || 1\nEaling || 2")] == ["A", "C"]


def test_letters_count_from_where_the_sheet_begins() -> None:
    grid = sheet("Borough | Spend\nBrent | 1", left=27)
    assert [each.column for each in profiles(grid, find(grid)[0][0])] == ["AA", "AB"]
