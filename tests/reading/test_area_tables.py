"""Tables of small areas: codes, figures, bases and several rows an area are found by what the columns hold."""

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from mhequity.reading import area_tables
from mhequity.reading.area_tables import AreaTable, read_area_tables
from mhequity.reading.grids import Refused
from tests.pages.squares import codes, table

PLAIN = b"LSOA code,Name,People seen,Population\nE01000500,Barnet 001A,12,1500\nE01000501,Barnet 001B,<5,1600\nE01000502,Barnet 001C,..,1700\nE01000503,Barnet 001D,soon,1800\n"
LONG = (
    "LSOA,Period,Measure,Value\n" + "".join(f"{code},{year},{what},{at}\n" for at, code in enumerate(codes(5)) for year in ("2022/23", "2023/24") for what in ("Contacts", "Referrals"))
).encode()  # fmt: skip


def only(data: bytes, name: str = "mine.csv") -> AreaTable:
    (found,) = read_area_tables(data, name)
    return found


def refusal(data: bytes, name: str = "mine.csv") -> str:
    with pytest.raises(Refused) as raised:
        read_area_tables(data, name)
    return f"{raised.value.seen} {raised.value.advice}"


def test_codes_figure_and_base_are_proposed() -> None:
    found = only(PLAIN)
    assert area_tables.code_column(found) == "LSOA code"
    assert area_tables.figure_columns(found) == ["People seen", "Population"]
    assert area_tables.base_column(found, "People seen") == "Population"
    assert area_tables.base_column(found, "Population") == ""


def test_suppressed_missing_and_unreadable_figures_say_so() -> None:
    read = only(PLAIN).figures("People seen")
    assert read["value"].tolist()[:1] == [12]
    assert read["value"].isna().tolist() == [False, True, True, True]
    assert read["state"].tolist() == ["", "suppressed", "missing", "not a number"]


def test_titles_totals_and_notes_round_a_table_are_told_from_it() -> None:
    data = (
        b"People seen by LSOA 2024/25\n\nLSOA11CD,seen,pop\n"
        + b"".join(f"{code},20,1500\n".encode() for code in codes(9))
        + b"Source: mine\n"
    )
    found = only(data)
    assert found.rows == 9
    assert area_tables.period_of(found, "seen") == "2024/25"


def test_codes_of_the_map_show_which_column_is_meant() -> None:
    data = b"E01,ward,figure\nE01000500,N1,5\nE01000501,N2,6\nE01000502,N3,7\n"
    assert area_tables.code_column(only(data)) == "E01"
    assert area_tables.code_column(only(data), ["n1", "N2"]) == "ward"


def test_of_two_columns_of_codes_the_finer_is_proposed() -> None:
    data = b"MSOA,LSOA,figure\n" + b"".join(f"E02000001,{code},5\n".encode() for code in codes(6))
    assert area_tables.code_column(only(data)) == "LSOA"


@pytest.mark.parametrize(
    ("heading", "cells", "counted"),
    [
        ("Contacts", ("5", "0", "12"), True),
        ("IMD decile", ("5", "1", "10"), False),
        ("Rate per 1,000", ("5", "6", "12"), False),
        ("Seen", ("5.5", "6", "12"), False),
        ("Change", ("-5", "6", "12"), False),
        ("Seen", ("5%", "6%", "12%"), False),
    ],
)
def test_whole_numbers_without_a_word_of_scores_look_counted(heading: str, cells: tuple[str, ...], counted: bool) -> None:
    rows = "\n".join(f'{code},"{cell}"' for code, cell in zip(codes(3), cells, strict=True))
    found = only(f'code,"{heading}"\n{rows}\n'.encode())
    assert area_tables.looks_counted(found, heading) is counted


def test_percentages_are_read_per_hundred() -> None:
    found = only(b"code,Share\nE01000500,12.5%\nE01000501,50%\nE01000502,7%\n")
    assert found.figures("Share")["value"].tolist() == [12.5, 50, 7]


def test_years_are_no_figures() -> None:
    found = only(b"code,Year,Seen\n" + b"".join(f"{code},2023,{at}\n".encode() for at, code in enumerate(codes(4))))
    assert area_tables.figure_columns(found) == ["Seen"]


def test_several_rows_an_area_are_narrowed_to_the_latest_period_and_one_measure() -> None:
    found = only(LONG)
    column, choices = area_tables.narrowing(found, "LSOA", {})
    assert column in ("Period", "Measure")
    first = {column: choices[0]}
    other, more = area_tables.narrowing(found, "LSOA", first)
    chosen = first | {other: more[0]}
    assert chosen == {"Period": "2023/24", "Measure": "Contacts"}
    assert area_tables.narrowing(found, "LSOA", chosen) == ("", ())
    assert int(area_tables.kept_rows(found, chosen).sum()) == 5


def test_one_row_an_area_needs_no_choice() -> None:
    assert area_tables.narrowing(only(PLAIN), "LSOA code", {}) == ("", ())


def test_columns_of_one_heading_are_told_apart() -> None:
    found = only(b"code,seen,seen\n" + b"".join(f"{code},5,6\n".encode() for code in codes(4)))
    assert list(found.columns) == ["code", "seen (column B)", "seen (column C)"]


def test_table_with_the_most_codes_comes_first() -> None:
    book = Workbook()
    book.active.title = "Notes"
    for row in (("what", "how many"), ("rows", 12), ("columns", 3)):
        book.active.append(row)
    sheet = book.create_sheet("Figures")
    sheet.append(("LSOA", "Seen"))
    for code in codes(5):
        sheet.append((code, 7))
    out = io.BytesIO()
    book.save(out)
    assert read_area_tables(out.getvalue(), "mine.xlsx")[0].sheet == "Figures"


def test_details_of_people_stop_the_file() -> None:
    said = refusal(b"LSOA,NHS number,Seen\nE01000500,943 476 5919,5\nE01000501,401-023-2137,6\n")
    assert "details of people: NHS number (NHS numbers)" in said
    assert "Delete these columns" in said


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"%PDF-1.7 x", "PDF"),
        (b"some words only\n", "No table"),
        (b"a,b\nx,y\nz,w\n", "No table"),
        (b"PK\x03\x04nothing", ""),
    ],
)
def test_files_that_cannot_be_used_are_refused_in_words(data: bytes, words: str) -> None:
    assert words in refusal(data)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_whatever_bytes_come_it_reads_or_refuses(data: bytes) -> None:
    with suppress(Refused):
        assert read_area_tables(data, "mine.csv")


def test_made_up_squares_are_read() -> None:
    assert only(table()).rows == 36
