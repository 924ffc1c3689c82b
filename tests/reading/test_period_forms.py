"""Texts that could be two periods are told apart by their sisters, once for all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.reading.period_forms import MONTHS, YEARS, PeriodForms, alone, decide, may_be_month, otherwise, read


@pytest.mark.parametrize(
    ("texts", "heading", "ranges", "in_doubt"),
    [
        (["2009-11", "2010-12", "2011-13"], "Period", YEARS, False),
        (["2008-10", "2009-11"], "Period", YEARS, False),
        (["2008-10", "2009-11"], "Month", MONTHS, False),
        (["2005-07", "2008-10", "2011-13"], "Period", YEARS, False),
        (["1999-01", "2000-02"], "Period", YEARS, False),
        (["2010-12", "2021 to 2023"], "Period", YEARS, False),
        (["2009-10", "2009-11", "2009-12"], "Period", MONTHS, False),
        (["2001-01", "2001-02"], "Period", MONTHS, False),
        (["2010-12"], "Period", MONTHS, True),
        (["2023-12"], "Period", MONTHS, False),
        (["2010-11", "2011-12"], "Period", "", False),
        (["2024/25", "2025/26"], "Period", "", False),
        (["Apr 2024"], "Period", "", False),
    ],
)
def test_a_year_and_two_digits(texts: list[str], heading: str, ranges: str, in_doubt: bool) -> None:
    assert decide(texts, heading) == PeriodForms(ranges, "", in_doubt)


@pytest.mark.parametrize(
    ("texts", "heading", "joined", "in_doubt"),
    [
        (["202122", "202223"], "time_period", YEARS, False),
        (["199900", "200001"], "time_period", YEARS, False),
        (["202404", "202405"], "time_period", MONTHS, False),
        (["201011", "201112"], "Month", MONTHS, False),
        (["201011"], "academic_year", YEARS, False),
        (["201011"], "time_period", MONTHS, True),
        (["202404", "202425"], "time_period", "", False),
        (["202413"], "time_period", "", False),
    ],
)
def test_six_digits(texts: list[str], heading: str, joined: str, in_doubt: bool) -> None:
    assert decide(texts, heading) == PeriodForms("", joined, in_doubt)


@pytest.mark.parametrize(
    ("text", "forms", "label"),
    [
        ("2010-12", PeriodForms(YEARS), "2010 to 2012"),
        ("2010-12", PeriodForms(MONTHS), "Dec 2010"),
        ("1999-01", PeriodForms(YEARS), "1999 to 2001"),
        ("2010-11", PeriodForms(YEARS), "2010/11"),
        ("202223", PeriodForms("", YEARS), "2022/23"),
        ("202404", PeriodForms("", MONTHS), "Apr 2024"),
    ],
)
def test_a_text_is_read_as_decided(text: str, forms: PeriodForms, label: str) -> None:
    found = read(text, forms)
    assert found is not None
    assert found.label == label


@pytest.mark.parametrize("text", ["Apr 2024", "2011-13", "2021", ""])
def test_other_texts_and_impossible_months_are_left_to_what_they_read_as_alone(text: str) -> None:
    assert read(text, PeriodForms(MONTHS, MONTHS)) is None


def test_six_digits_alone_are_a_period_only_where_they_can_be_one() -> None:
    assert [found.label if (found := alone(text)) else "" for text in ("202404", "202324", "202345", "190000", "2024")] == [
        "Apr 2024", "2023/24", "", "", "",
    ]  # fmt: skip


def test_what_may_be_a_month_and_what_else_it_may_be() -> None:
    assert [may_be_month(text) for text in ("2010-12", "2010-11", "201011", "2011-13")] == [True, False, True, False]
    assert [otherwise(text) for text in ("2010-12", "201011", "2021")] == ["2010 to 2012", "2010/11", ""]


@given(st.integers(1950, 2090), st.integers(2, 9), st.integers(2, 12))
def test_a_rolling_series_is_never_months(first: int, length: int, count: int) -> None:
    texts = [f"{year}-{(year + length) % 100:02d}" for year in range(first, first + count)]
    assert decide(texts).ranges in (YEARS, "")
