"""Funnel limits and flags: worked figures, where both agree, and how limits run as groups grow."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from mhequity.statistics import funnel

NAN = float("nan")
Z_95, Z_998 = 1.959963985, 3.090232306


def ends(limits: funnel.Limits) -> list[float]:
    return [float(limits.lower_998), float(limits.lower_95), float(limits.upper_95), float(limits.upper_998)]


def test_proportion_limits_by_hand() -> None:
    # sqrt(0.5 x 0.5 / 100) = 0.05, in per cent 5.
    assert ends(funnel.proportion_limits(100, 0.5)) == pytest.approx([50 - 5 * Z_998, 50 - 5 * Z_95, 50 + 5 * Z_95, 50 + 5 * Z_998])


def test_proportion_limits_keep_within_the_scale() -> None:
    # sqrt(0.8 x 0.2 / 1) = 0.4: 0.8 -+ 0.784 and 0.8 -+ 1.236.
    assert ends(funnel.proportion_limits(1, 0.8, 1)) == pytest.approx([0, 0.8 - 0.4 * Z_95, 1, 1])


def test_point_of_one_event_on_each_ratio_limit() -> None:
    # On the upper limit P(X >= 1 | m) = 0.025, so m = -log 0.975; at 99.8 % -log 0.999. On the lower P(X <= 1 | m) = 0.025.
    points = funnel.ratio_limit_points(1, 1)
    assert float(points.size.upper_95) == pytest.approx(-math.log(0.975), rel=1e-9)
    assert float(points.size.upper_998) == pytest.approx(-math.log(0.999), rel=1e-9)
    m = float(points.size.lower_95)
    assert math.exp(-m) * (1 + m) == pytest.approx(0.025, rel=1e-9)
    assert float(points.value.lower_95) == pytest.approx(1 / m, rel=1e-12)


def test_points_of_a_rate_are_those_of_the_ratio_in_people() -> None:
    # At 50 per 100,000 a year over 3 years, m events are expected among m x 100,000 / 50 / 3 people; observed over expected times 50.
    ratio, rate = funnel.ratio_limit_points(7, 1), funnel.rate_limit_points(7, 50, 100_000, 3)
    assert float(rate.size.upper_95) == pytest.approx(float(ratio.size.upper_95) * 2000 / 3, rel=1e-12)
    assert float(rate.value.upper_95) == pytest.approx(float(ratio.value.upper_95) * 50, rel=1e-12)


def test_no_count_is_low_where_so_few_are_expected() -> None:
    # P(0 | m) = exp(-m) is above 0.025 up to m = 3.6889.
    limits = funnel.ratio_limits([3.68, 3.70])
    assert limits.lower_95[0] == 0
    assert limits.lower_95[1] > 0
    assert funnel.ratio_flags([0, 0], [3.68, 3.70]).tolist() == ["none", "low_95"]


def test_flags_of_no_event_by_hand() -> None:
    # exp(-m) falls below 0.001 at m = 6.9078.
    assert funnel.ratio_flags(0, [3, 4, 6.9, 6.92]).tolist() == ["none", "low_95", "low_95", "low_998"]


def test_flags_of_one_event_by_hand() -> None:
    # -log 0.975 = 0.025318, -log 0.999 = 0.0010005.
    assert funnel.ratio_flags(1, [1, 0.026, 0.025, 0.0011, 0.0009]).tolist() == ["none", "none", "high_95", "high_95", "high_998"]


def test_flags_of_proportions_by_hand() -> None:
    # Limits of 100 people around 0.5: 34.5, 40.2, 59.8, 65.5.
    found = funnel.proportion_flags([34, 35, 40, 41, 59, 60, 65, 66], 100, 0.5)
    assert found.tolist() == ["low_998", "low_95", "low_95", "none", "none", "high_95", "high_95", "high_998"]


def test_rate_is_flagged_by_the_denominator_that_it_implies() -> None:
    # 20 events at 10 per 1,000 are of 2,000 people; at an average of 20 per 1,000, 40 were expected.
    assert str(funnel.rate_flags(20, 10, 20, 1000)) == str(funnel.ratio_flags(20, 40)) == "low_998"


def test_rate_of_no_event_needs_the_population() -> None:
    assert str(funnel.rate_flags(0, 0, 5, 1000, population=1000)) == "low_95"
    assert str(funnel.rate_flags(0, 0, 5, 1000)) == "not_applicable"


def test_standardised_rate_of_fewer_than_ten_events_is_not_flagged() -> None:
    assert funnel.rate_flags([9, 10], 90, 10, 1000, standardised=True).tolist() == ["not_applicable", "high_998"]
    assert str(funnel.rate_flags(9, 90, 10, 1000)) == "high_998"


@pytest.mark.parametrize(("x", "n"), [(NAN, 5), (5, NAN), (5, 0), (-1, 5), (5, -5), (float("inf"), 5), (5, float("inf"))])
def test_what_cannot_be_known_has_no_flag(x: float, n: float) -> None:
    assert str(funnel.ratio_flags(x, n)) == "not_applicable"
    assert str(funnel.proportion_flags(x, n, 0.5)) == "not_applicable"
    assert str(funnel.rate_flags(x, n, 1)) == "not_applicable"


@pytest.mark.parametrize("size", [NAN, 0, -1, float("inf")])
def test_what_cannot_be_known_has_no_limits(size: float) -> None:
    for limits in (funnel.proportion_limits(size, 0.5), funnel.ratio_limits(size), funnel.rate_limits(size, 10)):
        assert np.isnan(ends(limits)).all()
    assert np.isnan(ends(funnel.ratio_limit_points(size if size != 0 else NAN).value)).all()
    assert np.isnan(ends(funnel.rate_limits(100, size if size != float("inf") else NAN))).all()


def test_more_than_the_whole_and_an_impossible_average_are_not_flagged() -> None:
    assert str(funnel.proportion_flags(6, 5, 0.5)) == "not_applicable"
    assert str(funnel.proportion_flags(3, 5, 1.5)) == "not_applicable"


def test_value_on_a_limit_is_within_it() -> None:
    limits = funnel.Limits(*(np.array(end) for end in (2.0, 4.0, 1.0, 5.0)))
    found = funnel.value_flags([0.5, 1, 1.5, 2, 3, 4, 4.5, 5, 6, NAN], limits)
    assert found.tolist() == ["low_998", "low_95", "low_95", "none", "none", "none", "high_95", "high_95", "high_998", "not_applicable"]


def test_no_areas_have_no_flags() -> None:
    assert funnel.ratio_flags([], []).tolist() == []
    assert funnel.proportion_limits([], 0.5).lower_95.tolist() == []


def test_columns_of_different_lengths_are_told_by_name() -> None:
    with pytest.raises(ValueError, match="observed"):
        funnel.ratio_flags([1, 2, 3], [1, 2])


EVENTS = st.integers(1, 100_000)
AVERAGES = st.floats(0.02, 0.98)


@given(EVENTS)
def test_limits_at_the_size_of_a_point_are_the_point(x: int) -> None:
    points = funnel.ratio_limit_points(x)
    for end in ("lower_95", "upper_95", "lower_998", "upper_998"):
        there = funnel.ratio_limits(getattr(points.size, end))
        assert float(getattr(there, end)) == pytest.approx(float(getattr(points.value, end)), rel=1e-9)


@given(st.floats(0.01, 1e6), AVERAGES)
def test_limits_are_ordered_round_the_average(size: float, average: float) -> None:
    for limits, middle in (
        (funnel.proportion_limits(size, average, 1), average),
        (funnel.ratio_limits(size), 100),
        (funnel.rate_limits(size, average, 1), average),
    ):
        lowest, low, high, highest = ends(limits)
        assert 0 <= lowest <= low < middle < high <= highest


@given(st.integers(1, 100_000), AVERAGES)
def test_limits_draw_in_as_groups_grow(size: int, average: float) -> None:
    for limits in (
        funnel.proportion_limits([size, 2 * size], average),
        funnel.ratio_limits([size, 2 * size]),
        funnel.rate_limits([size, 2 * size], average, 1),
    ):
        assert limits.lower_95[0] <= limits.lower_95[1]
        assert limits.upper_95[0] >= limits.upper_95[1]
        assert limits.upper_998[0] - limits.lower_998[0] >= limits.upper_998[1] - limits.lower_998[1]


@given(AVERAGES)
def test_limits_of_a_vast_group_meet_at_the_average(average: float) -> None:
    for limits in (funnel.proportion_limits(1e10, average, 1), funnel.rate_limits(1e10, average, 1)):
        assert ends(limits) == pytest.approx([average] * 4, rel=1e-3)
    assert ends(funnel.ratio_limits(1e10)) == pytest.approx([100] * 4, rel=1e-3)


@given(st.integers(0, 3000), st.integers(1, 3000), AVERAGES)
def test_flag_of_a_proportion_is_the_limit_that_it_lies_beyond(x: int, others: int, average: float) -> None:
    n = x + others
    flag = str(funnel.proportion_flags(x, n, average))
    assert flag == str(funnel.value_flags(x / n, funnel.proportion_limits(n, average, 1)))


@given(st.integers(0, 9), st.floats(0.001, 50))
def test_flag_of_few_events_says_how_unlikely_they_are(x: int, expected: float) -> None:
    low, high = stats.poisson.cdf(x, expected), stats.poisson.sf(x - 1, expected)
    assume(min(abs(tail - edge) for tail in (low, high) for edge in (0.025, 0.001)) > 1e-9)
    side, tail = ("low", low) if low < high else ("high", high)
    flag = "none" if tail > 0.025 else f"{side}_95" if tail > 0.001 else f"{side}_998"
    assert str(funnel.ratio_flags(x, expected)) == flag


@given(st.integers(1, 5000), st.floats(0.01, 5000))
def test_flags_of_a_ratio_and_its_rate_agree(x: int, expected: float) -> None:
    # 1 per 1,000 on average, so the people are a thousand times the events expected.
    rate = x / (expected * 1000) * 1000
    assert str(funnel.rate_flags(x, rate, 1, 1000)) == str(funnel.ratio_flags(x, expected))
