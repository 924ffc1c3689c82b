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
        ("Q1 24-25", "2024/25 Q1"),
        ("2024-25 Q1 ", "2024/25 Q1"),
        ("Apr24", "Apr 2024"),
        ("Apr '24", "Apr 2024"),
        ("FY 2024/25", "2024/25"),
        ("2024_25", "2024/25"),
        ("Apr 2024 to Mar 2025", "2024/25"),
        ("April 2024 - March 2025", "2024/25"),
        ("01/04/2024 - 31/03/2025", "2024/25"),
        ("July to September 2024", "2024/25 Q2"),
        ("Jan-Dec 2019", "2019"),
        ("Feb 2019 to Jan 2020", "12 months to Jan 2020"),
        ("year ended 31 March 2024", "2023/24"),
        ("Week ending 07/04/2024", "2024-W14"),
        ("w/c 01/04/2024", "2024-W14"),
        ("2024-04-01 00:00:00", "1 Apr 2024"),
        ("2024-04-01 13:05:00", "1 Apr 2024"),
        ("1 April 2024", "1 Apr 2024"),
        ("M1 2024/25", "Apr 2024"),
        ("2024/25 Month 12", "Mar 2025"),
    ],
)
def test_period_is_read_as_the_nhs_writes_it(written: object, label: str) -> None:
    found = periods.parse(written)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    "text",
    [
        "2024 Q1",
        "2024/26",
        "31/02/2024",
        "2024-W60",
        "January 0000",
        "9999-W52",
        "31/12/9999",
        date(9999, 12, 31),
        "spring",
        "",
        "13/2024",
        "2023/24 to 2024/25",
        "24-Apr",
        "Q1",
        "Apr",
        "YTD",
        "Week ending 05/04/2024",
        "2024/25 YTD",
        "1 to 2",
        "a" * 9999,
    ],
)
def test_what_is_no_period_or_could_be_two_is_not_guessed(text: object) -> None:
    assert periods.parse(text) is None


def test_dates_are_read_day_first() -> None:
    found = periods.parse("03/04/2024")
    assert found is not None
    assert found.start == date(2024, 4, 3)


def test_dates_are_read_month_first_where_a_column_is_written_so() -> None:
    found = periods.parse("03/04/2024", day_first=False)
    assert found is not None
    assert found.label == "4 Mar 2024"


@pytest.mark.parametrize(
    ("texts", "decision"),
    [
        (["13/04/2024", "unknown"], (True, False)),
        (["04/13/2024", "01/02/2024"], (False, False)),
        (["01/02/2024", "05/06/24 10:30"], (True, True)),
        (["13/04/2024", "04/13/2024"], (True, True)),
        (["04/04/2024"], (True, False)),
        (["Apr 2024", "2024-04-13"], (True, False)),
        ([], (True, False)),
    ],
)
def test_order_of_day_and_month_is_decided_by_the_whole_column(texts: list[str], decision: tuple[bool, bool]) -> None:
    assert periods.decide_day_first(texts) == decision


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (date(2024, 4, 1), date(2025, 3, 31), "2024/25"),
        (date(2025, 1, 1), date(2025, 3, 31), "2024/25 Q4"),
        (date(2024, 2, 1), date(2024, 2, 29), "Feb 2024"),
        (date(2024, 1, 1), date(2024, 12, 31), "2024"),
        (date(2019, 7, 1), date(2020, 6, 30), "12 months to Jun 2020"),
        (date(2024, 4, 1), date(2024, 4, 7), "2024-W14"),
        (date(2024, 4, 3), date(2024, 4, 3), "3 Apr 2024"),
    ],
)
def test_two_days_bound_the_period_they_span(start: date, end: date, label: str) -> None:
    found = periods.between(start, end)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize(
    ("start", "end"), [(date(2024, 4, 1), date(2024, 4, 10)), (date(2024, 4, 2), date(2025, 3, 31)), (date(2023, 5, 1), date(2024, 7, 31))]
)
def test_days_that_bound_no_usual_period_are_none(start: date, end: date) -> None:
    assert periods.between(start, end) is None


@pytest.mark.parametrize(
    ("part", "label"), [("Q1", "2024/25 Q1"), ("Apr", "Apr 2024"), ("March", "Mar 2025"), ("M1", "Apr 2024"), ("Month 12", "Mar 2025")]
)
def test_part_of_a_financial_year_is_found_in_it(part: str, label: str) -> None:
    found = periods.in_year(part, periods.financial_year(2024))
    assert found is not None
    assert found.label == label


def test_first_quarter_of_a_calendar_year_could_be_two_and_is_not_guessed() -> None:
    assert periods.in_year("Q1", periods.calendar_year(2024)) is None
    assert periods.in_year("Apr", periods.calendar_year(2024)) == periods.month(2024, 4)
    assert periods.in_year("Contacts", periods.financial_year(2024)) is None


def test_spreadsheet_serial_is_a_day_and_a_small_number_is_not() -> None:
    assert periods.of_serial(45383) == date(2024, 4, 1)
    assert periods.of_serial(45383.54) == date(2024, 4, 1)
    assert periods.of_serial(2024) is None


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


@given(
    st.one_of(
        YEARS.map(periods.financial_year),
        YEARS.map(periods.calendar_year),
        st.builds(periods.quarter, YEARS, st.integers(1, 4)),
        st.builds(periods.month, YEARS, MONTHS),
        st.builds(periods.rolling_year, YEARS, MONTHS.filter(lambda month: month != 12)),
    )
)
@settings(max_examples=200, deadline=None)
def test_first_and_last_day_give_the_period_back(period) -> None:
    assert periods.between(period.start, period.end) == period


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


@pytest.mark.parametrize(("text", "label", "kind"), [
    ("Apr - Sep 2024", "Apr 2024 to Sep 2024", "months"),
    ("2024-05-01 to 2024-07-31", "May 2024 to Jul 2024", "months"),
    ("2024-25 (to M9)", "Apr 2024 to Dec 2024", "months"),
    ("2024/25 to month 11", "Apr 2024 to Feb 2025", "months"),
    ("2024/25 to M3", "2024/25 Q1", "quarter"),
    ("2024/25 up to period 12", "2024/25", "year"),
    ("2024/25 to M1", "Apr 2024", "month"),
])  # fmt: skip
def test_some_months_are_a_period_of_their_own_and_no_year(text: str, label: str, kind: str) -> None:
    found = periods.parse(text)
    assert found is not None
    assert (found.label, found.kind) == (label, kind)
    assert periods.parse(label) == found
