"""Crude rates and proportions: worked figures, what cannot be known, and laws that every interval keeps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.statistics.rates import crude_rate, proportion

NAN = float("nan")
Z_3 = 0.9973002039367398
"""The confidence at which z is 3, so that intervals can be worked by hand."""

COUNTS = st.integers(0, 50_000)
BASES = st.integers(1, 5_000_000)
CONFIDENCES = st.sampled_from([0.95, 0.998])
MULTIPLIERS = st.sampled_from([1, 100, 1000, 100_000])


def test_rate_and_byars_interval_by_hand() -> None:
    # 10 events in 200 people are 50 per 1,000. Byar's with z = 3: 10 (1 - 1/90 - 1/sqrt 10)^3 and 11 (1 - 1/99 + 1/sqrt 11)^3 events.
    rate = crude_rate(10, 200, 1000, Z_3)
    assert float(rate.value) == 50
    assert float(rate.lower) == pytest.approx(5 * 10 * (1 - 1 / 90 - 10**-0.5) ** 3, rel=1e-9)
    assert float(rate.upper) == pytest.approx(5 * 11 * (1 - 1 / 99 + 11**-0.5) ** 3, rel=1e-9)


def test_rate_of_no_event_reaches_up_to_the_exact_end() -> None:
    # P(0 | m) = exp(-m) = 0.025: m = 3.6888794541 events.
    rate = crude_rate(0, 500, 1000)
    assert (float(rate.value), float(rate.lower)) == (0, 0)
    assert float(rate.upper) == pytest.approx(2 * 3.6888794541, rel=1e-9)


def test_interval_is_exact_below_ten_events_and_byars_from_ten() -> None:
    assert crude_rate([0, 9, 9.5, 10, 500], 1000).method.tolist() == ["exact", "exact", "exact", "byars", "byars"]


def test_more_events_than_people_are_a_rate() -> None:
    assert float(crude_rate(250, 200, 100).value) == 125


def test_proportion_by_hand() -> None:
    # z = 3, 2 of 4: (4 + 9 -+ 3 sqrt(9 + 4)) / (2 (4 + 9)) = (13 -+ 10.8166538) / 26, in per cent.
    share = proportion(2, 4, 100, Z_3)
    assert float(share.value) == 50
    assert float(share.lower) == pytest.approx(100 * (13 - 3 * 13**0.5) / 26, rel=1e-9)
    assert float(share.upper) == pytest.approx(100 * (13 + 3 * 13**0.5) / 26, rel=1e-9)


def test_none_and_all_reach_the_ends_of_the_scale() -> None:
    share = proportion([0, 8], [8, 8], 100)
    assert share.lower[0] == 0
    assert share.upper[1] == 100


@pytest.mark.parametrize(("x", "n"), [(NAN, 10), (5, NAN), (5, 0), (0, 0), (-1, 10), (5, -10), (float("inf"), 10), (5, float("inf"))])
def test_what_cannot_be_known_is_missing_in_every_part(x: float, n: float) -> None:
    rate, share = crude_rate([x, 20], [n, 1000]), proportion([x, 20], [n, 1000])
    for figures in (rate.value, rate.lower, rate.upper, share.value, share.lower, share.upper):
        assert np.isnan(figures).tolist() == [True, False]
    assert rate.method.tolist() == ["", "byars"]


def test_more_than_the_whole_is_no_proportion() -> None:
    share = proportion(11, 10)
    assert np.isnan([share.value, share.lower, share.upper]).all()


def test_no_areas_have_no_rates() -> None:
    assert crude_rate([], []).value.tolist() == []
    assert proportion([], []).upper.tolist() == []


@pytest.mark.parametrize("method", [crude_rate, proportion])
def test_columns_of_different_lengths_are_told_by_name(method: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match=r"numerator \(3,\), denominator \(2,\)"):
        method([1, 2, 3], [10, 20])


@given(COUNTS, BASES, MULTIPLIERS, CONFIDENCES)
def test_interval_of_a_rate_holds_the_rate(x: int, n: int, multiplier: float, confidence: float) -> None:
    rate = crude_rate(x, n, multiplier, confidence)
    assert 0 <= rate.lower <= rate.value < rate.upper


@given(COUNTS, COUNTS, MULTIPLIERS, CONFIDENCES)
def test_interval_of_a_proportion_holds_it_within_the_scale(x: int, others: int, multiplier: float, confidence: float) -> None:
    share = proportion(x, x + others + 1, multiplier, confidence)
    assert 0 <= share.lower <= share.value < share.upper <= multiplier


@given(st.integers(1, 10_000), BASES)
def test_998_interval_lies_round_the_95_one(x: int, n: int) -> None:
    for inner, outer in ((crude_rate(x, n), crude_rate(x, n, confidence=0.998)), (proportion(x, x + n), proportion(x, x + n, 100, 0.998))):
        assert outer.lower < inner.lower
        assert inner.upper < outer.upper


@given(st.integers(1, 10_000), BASES)
def test_four_times_the_people_at_the_same_rate_are_known_better(x: int, n: int) -> None:
    rate, share = crude_rate([x, 4 * x], [n, 4 * n]), proportion([x, 4 * x], [x + n, 4 * (x + n)])
    for estimate in (rate, share):
        width = estimate.upper - estimate.lower
        assert width[1] < width[0]


@given(COUNTS, BASES)
def test_multiplier_only_changes_the_unit(x: int, n: int) -> None:
    small, large = crude_rate(x, n, 1), crude_rate(x, n, 100_000)
    for part in ("value", "lower", "upper"):
        assert float(getattr(large, part)) == pytest.approx(100_000 * float(getattr(small, part)), rel=1e-12)
