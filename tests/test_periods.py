"""Periods: every way the NHS writes one, in order of time."""

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mhequity import periods


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("2024/25", "2024/25"),
        ("2024-25", "2024/25"),
        ("2024/2025", "2024/25"),
        ("24/25", "2024/25"),
        ("FY25", "2024/25"),
        ("1999/00", "1999/00"),
        ("Q1 2024/25", "2024/25 Q1"),
        ("2024/25 Q4", "2024/25 Q4"),
        ("April 2024", "Apr 2024"),
        ("Apr-24", "Apr 2024"),
        ("04/2024", "Apr 2024"),
        ("2024-04", "Apr 2024"),
        ("01/04/2024", "1 Apr 2024"),
        ("2024-04-01", "1 Apr 2024"),
        ("14th January 2025", "14 Jan 2025"),
        ("2024-W05", "2024-W05"),
        ("12 months to December 2019", "12 months to Dec 2019"),
        ("year ending March 2020", "2019/20"),
        ("mid-2019", "mid-2019"),
        ("2021", "2021"),
        (2021.0, "2021"),
        (datetime(2024, 4, 1), "Apr 2024"),
        (date(2024, 4, 2), "2 Apr 2024"),
        ("Not stated", "not stated"),
    ],
)
def test_period_is_read_as_the_nhs_writes_it(written: object, label: str) -> None:
    found = periods.parse(written)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    "text",
    ["2024 Q1", "2024/26", "31/02/2024", "2024-W60", "January 0000", "9999-W52", "31/12/9999", date(9999, 12, 31), "spring", "", "13/2024"],
)
def test_what_is_no_period_or_could_be_two_is_not_guessed(text: object) -> None:
    assert periods.parse(text) is None


def test_dates_are_read_day_first() -> None:
    found = periods.parse("03/04/2024")
    assert found is not None
    assert found.start == date(2024, 4, 3)


def test_quarter_four_ends_in_the_second_year() -> None:
    assert periods.quarter(2024, 4).end == date(2025, 3, 31)


YEARS = st.integers(1970, 2069)
MONTHS = st.integers(1, 12)
PERIODS = st.one_of(
    YEARS.map(periods.financial_year),
    st.builds(periods.quarter, YEARS, st.integers(1, 4)),
    st.builds(periods.month, YEARS, MONTHS),
    st.builds(periods.rolling_year, YEARS, MONTHS),
    st.dates(date(1970, 1, 1), date(2069, 12, 31)).map(periods.day),
    st.builds(lambda year, week: periods.parse(f"{year}-W{week:02d}"), YEARS, st.integers(1, 52)),
    YEARS.map(lambda year: periods.parse(f"mid-{year}")),
    YEARS.map(lambda year: periods.parse(str(year))),
)


@given(PERIODS)
@settings(max_examples=200, deadline=None)
def test_a_printed_period_is_read_back_as_itself(period) -> None:
    assert periods.parse(period.label) == period


@given(PERIODS, PERIODS)
@settings(max_examples=200, deadline=None)
def test_order_agrees_with_the_dates(one, other) -> None:
    if one.end < other.end:
        assert periods.order(one.label) < periods.order(other.label)
        assert periods.sort([other.label, one.label]) == [one.label, other.label]


@given(st.one_of(st.text(max_size=30), st.from_regex(r"(jan|12 months to mar|q1|fy|mid-)? ?[0-9]{1,4}[/ -]?[0-9]{0,4}", fullmatch=True)))
@settings(max_examples=300, deadline=None)
def test_arbitrary_text_never_raises_and_gives_a_period_or_none(text: str) -> None:
    found = periods.parse(text)
    assert found is None or periods.parse(found.label) == found
