"""Rank correlation: known values, its interval, and which pair it hangs on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mhequity.statistics.correlation import leave_one_out, spearman

NAN = float("nan")


def test_rho_without_ties_by_hand() -> None:
    # Ranks differ by 1 six times: rho = 1 - 6 x 6 / (6 x 35) = 0.828571.
    assert spearman([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5]).rho == pytest.approx(1 - 36 / 210, abs=1e-12)


def test_rho_with_ties_is_the_correlation_of_mean_ranks() -> None:
    # Ranks 1, 2.5, 2.5, 4, 5 and 2, 1, 3.5, 3.5, 5: products of deviations sum to 7.25, squares to 9.5 and 9.5; scipy.stats.spearmanr agrees.
    assert spearman([1, 2, 2, 4, 5], [2, 1, 3, 3, 5]).rho == pytest.approx(7.25 / 9.5, abs=1e-12)


def test_interval_by_hand() -> None:
    # rho = 29/35, n = 6: z = atanh(0.828571) = 1.183562; se = sqrt((1 + 0.686531 / 2) / 3) = 0.669145;
    # ends tanh(1.183562 -+ 1.959964 x 0.669145) = tanh(-0.127938), tanh(2.495062).
    found = spearman([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5])
    assert found.lower == pytest.approx(-0.127245, abs=1e-6)
    assert found.upper == pytest.approx(0.986482, abs=1e-6)
    assert found.n == 6


def test_interval_is_wider_at_998() -> None:
    inner, outer = (spearman([1, 2, 3, 4, 5, 6], [2, 1, 4, 3, 6, 5], confidence) for confidence in (0.95, 0.998))
    assert outer.lower < inner.lower < inner.upper < outer.upper


@pytest.mark.parametrize(("y", "rho"), [([10, 20, 30, 1000], 1), ([4, 3, 2, 1], -1)])
def test_perfect_order_is_1_or_minus_1_with_no_width(y: list[float], rho: int) -> None:
    found = spearman([1, 2, 3, 4], y)
    assert (found.rho, found.lower, found.upper) == (rho, rho, rho)


def test_three_pairs_are_too_few() -> None:
    found = spearman([1, 2, 3], [3, 1, 2])
    assert math.isnan(found.rho)
    assert math.isnan(found.lower)
    assert found.n == 3


def test_pair_with_a_missing_value_is_left_out() -> None:
    with_gaps = spearman([1, 2, 3, 4, 5, NAN, 7], [2, 1, 4, 3, 5, 6, NAN])
    assert with_gaps == spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5])
    assert with_gaps.n == 5


def test_values_all_alike_have_no_correlation_to_tell() -> None:
    assert math.isnan(spearman([1, 1, 1, 1, 1], [1, 2, 3, 4, 5]).rho)


def test_each_pair_left_out_in_turn() -> None:
    # Without the last pair the order is perfect; without any other the ranks are 1, 2, 3, 4 against 2, 3, 4, 1: rho = 1 - 6 x 12 / 60 = -0.2.
    without = leave_one_out([1, 2, 3, 4, 5], [2, 3, 4, 5, 1])
    assert without.tolist() == pytest.approx([-0.2, -0.2, -0.2, -0.2, 1.0])


def test_missing_pair_has_no_correlation_without_it() -> None:
    without = leave_one_out([1, 2, NAN, 3, 4, 5], [2, 3, 9, 4, 5, 1])
    assert math.isnan(without[2])
    assert np.delete(without, 2).tolist() == pytest.approx([-0.2, -0.2, -0.2, -0.2, 1.0])


def test_nothing_is_left_out_of_too_few_pairs() -> None:
    assert np.isnan(leave_one_out([1, 2, 3, 4], [1, 2, 4, 3])).all()


PAIRS = st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=4, max_size=20)


@given(PAIRS.filter(lambda pairs: all(len({pair[i] for pair in pairs}) > 1 for i in (0, 1))))
def test_rho_is_scipys_and_lies_in_its_interval(pairs: list[tuple[int, int]]) -> None:
    x, y = zip(*pairs, strict=True)
    found = spearman(x, y)
    assert found.rho == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-9)
    assert -1 <= found.lower <= found.rho <= found.upper <= 1


@given(PAIRS.filter(lambda pairs: all(len({pair[i] for pair in pairs}) > 1 for i in (0, 1))))
def test_rho_depends_on_order_alone(pairs: list[tuple[int, int]]) -> None:
    x, y = (np.array(values) for values in zip(*pairs, strict=True))
    assert spearman(x**3, 2.0**y).rho == pytest.approx(spearman(x, y).rho, abs=1e-12)
