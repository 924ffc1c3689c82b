"""A straight line through a series: worked by hand, and against numpy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.statistics import trend

NAN = float("nan")
TIME, VALUE = [0, 1, 2, 3, 4, 5], [0, 2, 1, 3, 2, 4]
# Means 2.5 and 2; sum of squares of time 17.5, of products 11: slope 22/35, intercept 3/7. Residuals squared sum to
# 10 - 11^2 / 17.5 = 3.085714, so s = sqrt(3.085714 / 4) = 0.878310. t(0.975, 4) = 2.776445 (any printed table: 2.776).
SLOPE, INTERCEPT, SD, T4 = 22 / 35, 3 / 7, (27 / 35) ** 0.5, 2.7764451052


def test_line_by_hand() -> None:
    line = trend.fit(TIME, VALUE)
    assert line is not None
    assert line.slope == pytest.approx(SLOPE, abs=1e-12)
    assert line.intercept == pytest.approx(INTERCEPT, abs=1e-12)
    assert line.residual_sd == pytest.approx(SD, abs=1e-12)
    assert (line.mean_time, line.spread_time, line.n) == (2.5, 17.5, 6)


def test_interval_of_the_slope_by_hand() -> None:
    # 0.628571 -+ 2.776445 x 0.878310 / sqrt(17.5) = 0.628571 -+ 0.582932.
    line = trend.fit(TIME, VALUE)
    assert line is not None
    assert line.slope_lower == pytest.approx(0.045639, abs=1e-6)
    assert line.slope_upper == pytest.approx(1.211503, abs=1e-6)


def test_prediction_interval_by_hand() -> None:
    # At 8.5: 40.5 / 7 = 5.771429; width sqrt(1 + 1/6 + 36 / 17.5) = 1.795497; margin 2.776445 x 0.878310 x 1.795497 = 4.378462.
    line = trend.fit(TIME, VALUE)
    assert line is not None
    value, lower, upper = line.at(8.5)
    assert float(value) == pytest.approx(INTERCEPT + 8.5 * SLOPE, abs=1e-12)
    assert float(upper) == pytest.approx(float(value) + T4 * SD * (1 + 1 / 6 + 36 / 17.5) ** 0.5, abs=1e-8)
    assert float(value) - float(lower) == pytest.approx(float(upper) - float(value), abs=1e-12)


def test_prediction_is_surest_in_the_middle_of_the_series() -> None:
    line = trend.fit(TIME, VALUE)
    assert line is not None
    _, lower, upper = line.at([2.5, 5, 8])
    width = upper - lower
    assert width[0] < width[1] < width[2]


def test_prediction_interval_is_wider_at_998() -> None:
    line = trend.fit(TIME, VALUE)
    assert line is not None
    (_, low, high), (_, lower, higher) = line.at(6, 0.95), line.at(6, 0.998)
    assert lower < low < high < higher


def test_perfect_line_has_no_width() -> None:
    line = trend.fit([2019, 2020, 2021, 2022, 2023, 2024], [5, 7, 9, 11, 13, 15])
    assert line is not None
    assert [float(end) for end in line.at(2030)] == pytest.approx([27, 27, 27], abs=1e-6)


def test_flat_series_has_a_flat_line_with_no_width() -> None:
    line = trend.fit([1, 2, 3, 4, 5, 6], [7, 7, 7, 7, 7, 7])
    assert line is not None
    assert (line.slope, line.slope_lower, line.slope_upper) == (0, 0, 0)
    assert [float(end) for end in line.at(9)] == [7, 7, 7]


def test_five_points_are_too_few() -> None:
    assert trend.fit([1, 2, 3, 4, 5], [1, 2, 3, 4, 5]) is None


def test_missing_pairs_are_left_out_before_counting() -> None:
    assert trend.fit([*TIME, 6, NAN], [*VALUE, NAN, 9]) == trend.fit(TIME, VALUE)
    assert trend.fit([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, NAN]) is None


def test_points_at_one_time_have_no_line() -> None:
    assert trend.fit([2020] * 6, [1, 2, 3, 4, 5, 6]) is None


@given(st.lists(st.integers(-1000, 1000), min_size=6, max_size=20))
def test_line_is_numpys(values: list[int]) -> None:
    time = np.arange(len(values))
    line = trend.fit(time, values)
    assert line is not None
    assert [line.slope, line.intercept] == pytest.approx(np.polyfit(time, values, 1).tolist(), abs=1e-6)
    assert line.slope_lower <= line.slope <= line.slope_upper


@given(st.lists(st.integers(-1000, 1000), min_size=6, max_size=20))
def test_order_of_the_points_does_not_matter(values: list[int]) -> None:
    time = np.arange(len(values))
    there, back = trend.fit(time, values), trend.fit(time[::-1], values[::-1])
    assert there is not None
    assert back is not None
    assert [there.slope, there.residual_sd] == pytest.approx([back.slope, back.residual_sd], abs=1e-6)
