"""Months and quarters as plain numbers beside their year."""

from __future__ import annotations

import pytest

from mhequity import periods
from mhequity.reading import read
from mhequity.reading.parts_of_years import are_parts, named


@pytest.mark.parametrize(("headings", "rows", "wanted"), [
    ("fin_year,fin_month", ("202425,1", "202425,12"), ["Apr 2024", "Mar 2025"]),
    ("Year,Month", ("2024,4", "2024,12"), ["Apr 2024", "Dec 2024"]),
    ("Financial Year,Month No", ("2024/25,1", "2024/25,2"), ["Apr 2024", "May 2024"]),
    ("FY,Qtr", ("24/25,1", "24/25,4"), ["2024/25 Q1", "2024/25 Q4"]),
    ("Fin Year,Month", ("2024/25,Apr", "2024/25,Jan"), ["Apr 2024", "Jan 2025"]),
])  # fmt: skip
def test_a_number_beside_its_year_is_a_month_or_quarter_of_it(headings: str, rows: tuple[str, str], wanted: list[str]) -> None:
    text = f"{headings},Borough,Contacts\n" + "\n".join(f"{row},Brent,{at}" for at, row in enumerate(rows))
    found = read(text.encode(), "contacts.csv")
    assert {name: len(frame) for name, frame in found.tables.items()} == {"activity": 2}
    assert found.tables["activity"]["period"].tolist() == wanted


def test_only_a_heading_that_says_so_makes_numbers_months() -> None:
    assert are_parts("Month No.", ["1", "12"])
    assert not are_parts("Months waited", ["1", "12"])
    assert not are_parts("Month", ["0", "13"])
    assert not are_parts("Quarter", ["5"])
    assert not are_parts("Month", [])


def test_a_month_of_a_financial_year_counts_from_april() -> None:
    assert [named(text, "Month", periods.financial_year(2024)) for text in ("1", "12", "Apr")] == ["M1", "M12", "Apr"]
    assert named("4", "Month", periods.calendar_year(2024)) == "Apr"
    assert named("2", "Quarter", periods.financial_year(2024)) == "Q2"
