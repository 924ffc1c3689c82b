"""Intervals of counts and proportions: figures from elsewhere, and laws that every interval keeps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from mhequity.statistics import intervals

COUNTS = st.integers(0, 100_000)
EVENTS = st.integers(1, 100_000)
CONFIDENCES = st.sampled_from([0.95, 0.998])


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 100_000))
    return draw(st.integers(0, n)), n


def test_wilson_by_hand() -> None:
    # z = 2 (confidence 0.9545): 2 of 4 gives (4 + 4 -+ 2 sqrt(4 + 4)) / (2 (4 + 4)) = (8 -+ 5.65685) / 16.
    lower, upper = intervals.wilson(2, 4, 0.9544997361036416)
    assert float(lower) == pytest.approx(0.1464466, abs=1e-7)
    assert float(upper) == pytest.approx(0.8535534, abs=1e-7)


def test_byars_by_hand() -> None:
    # z = 3 (confidence 0.9973): 9 events give 9 (1 - 1/81 - 3/9)^3 and 10 (1 - 1/90 + 3 / (3 sqrt 10))^3.
    lower, upper = intervals.byars(9, 0.9973002039367398)
    assert float(lower) == pytest.approx(9 * (53 / 81) ** 3, rel=1e-9)
    assert float(upper) == pytest.approx(10 * 1.3051166549**3, rel=1e-8)


def test_no_event_has_an_exact_upper_end_of_minus_log_of_the_tail() -> None:
    # P(0 | m) = exp(-m) = 0.025, so m = 3.6889 (the "rule of three", two-sided).
    lower, upper = intervals.exact_poisson(0)
    assert float(lower) == 0
    assert float(upper) == pytest.approx(3.6888794541, abs=1e-9)


def test_count_below_ten_has_the_exact_interval_and_from_ten_byars() -> None:
    lower, upper = intervals.poisson([9, 10])
    assert lower.tolist() == [float(intervals.exact_poisson(9)[0]), float(intervals.byars(10)[0])]
    assert upper.tolist() == [float(intervals.exact_poisson(9)[1]), float(intervals.byars(10)[1])]


def test_one_event_at_998_has_no_negative_lower_end_by_byars() -> None:
    # The formula alone gives (1 - 1/9 - 3.0902/3)^3 = -0.0028 events.
    assert float(intervals.byars(1, 0.998)[0]) == 0


def test_none_of_a_group_and_all_of_it_reach_0_and_1_exactly() -> None:
    lower, upper = intervals.wilson([0, 8], [8, 8])
    assert lower[0] == 0
    assert upper[1] == 1


def test_share_of_nobody_is_missing() -> None:
    assert np.isnan(intervals.wilson(0, 0)).all()


@pytest.mark.parametrize("method", [intervals.byars, intervals.exact_poisson, intervals.poisson])
def test_missing_count_has_missing_ends_and_leaves_others_alone(method) -> None:
    lower, upper = method([float("nan"), 20])
    assert np.isnan([lower[0], upper[0]]).all()
    assert [lower[1], upper[1]] == [float(end) for end in method(20)]


@pytest.mark.parametrize(("x", "n"), [(float("nan"), 10), (5, float("nan")), (0, float("nan"))])
def test_missing_part_of_a_share_has_missing_ends(x: float, n: float) -> None:
    assert np.isnan(intervals.wilson(x, n)).all()


@given(EVENTS, CONFIDENCES)
def test_count_lies_within_its_intervals(x: int, confidence: float) -> None:
    for method in (intervals.byars, intervals.exact_poisson, intervals.poisson):
        lower, upper = method(x, confidence)
        assert 0 <= lower < x < upper


@given(shares(), CONFIDENCES)
def test_wilson_lies_from_0_to_1_round_the_share(share: tuple[int, int], confidence: float) -> None:
    lower, upper = intervals.wilson(*share, confidence)
    assert 0 <= lower <= share[0] / share[1] <= upper <= 1
    assert lower < upper


@given(EVENTS)
def test_998_interval_of_a_count_is_wider(x: int) -> None:
    for method in (intervals.byars, intervals.exact_poisson):
        (inner_low, inner_high), (outer_low, outer_high) = method(x, 0.95), method(x, 0.998)
        assert outer_low < inner_low
        assert inner_high < outer_high


@given(shares())
def test_998_interval_of_a_share_is_wider(share: tuple[int, int]) -> None:
    (inner_low, inner_high), (outer_low, outer_high) = intervals.wilson(*share, 0.95), intervals.wilson(*share, 0.998)
    assert outer_low <= inner_low
    assert inner_high <= outer_high
    assert outer_high - outer_low > inner_high - inner_low


@given(EVENTS)
def test_relative_width_shrinks_as_events_grow(x: int) -> None:
    for method in (intervals.byars, intervals.exact_poisson):
        lower, upper = method([x, 2 * x])
        width = (upper - lower) / [x, 2 * x]
        assert width[1] < width[0]


@given(shares())
def test_share_of_four_times_as_many_people_is_known_better(share: tuple[int, int]) -> None:
    x, n = share
    lower, upper = intervals.wilson([x, 4 * x], [n, 4 * n])
    assert upper[1] - lower[1] < upper[0] - lower[0]


@given(shares())
def test_interval_of_those_without_mirrors_that_of_those_with(share: tuple[int, int]) -> None:
    x, n = share
    lower, upper = intervals.wilson(x, n)
    other_lower, other_upper = intervals.wilson(n - x, n)
    assert float(lower) == pytest.approx(1 - float(other_upper), abs=1e-12)
    assert float(upper) == pytest.approx(1 - float(other_lower), abs=1e-12)


@given(st.lists(COUNTS, min_size=1, max_size=5), CONFIDENCES)
def test_arrays_give_what_single_counts_give(xs: list[int], confidence: float) -> None:
    for method in (intervals.byars, intervals.exact_poisson, intervals.poisson):
        lower, upper = method(xs, confidence)
        singles = [method(x, confidence) for x in xs]
        assert lower.tolist() == pytest.approx([float(low) for low, _ in singles], rel=1e-12, abs=1e-15)
        assert upper.tolist() == pytest.approx([float(high) for _, high in singles], rel=1e-12, abs=1e-15)


@given(st.lists(shares(), min_size=1, max_size=5), CONFIDENCES)
def test_arrays_give_what_single_shares_give(both: list[tuple[int, int]], confidence: float) -> None:
    lower, upper = intervals.wilson([x for x, _ in both], [n for _, n in both], confidence)
    singles = [intervals.wilson(x, n, confidence) for x, n in both]
    assert lower.tolist() == pytest.approx([float(low) for low, _ in singles], rel=1e-12, abs=1e-15)
    assert upper.tolist() == pytest.approx([float(high) for _, high in singles], rel=1e-12, abs=1e-15)


@given(st.integers(50, 100_000), CONFIDENCES)
def test_byars_and_exact_agree_within_2_percent_from_50_events(x: int, confidence: float) -> None:
    for near, exact in zip(intervals.byars(x, confidence), intervals.exact_poisson(x, confidence), strict=True):
        assert float(near) == pytest.approx(float(exact), rel=0.02)


@given(COUNTS, COUNTS)
def test_more_events_have_higher_ends(x: int, y: int) -> None:
    assume(x < y)
    for method in (intervals.byars, intervals.exact_poisson):
        (low, high), (next_low, next_high) = method(x), method(y)
        assert low < next_low
        assert high < next_high
