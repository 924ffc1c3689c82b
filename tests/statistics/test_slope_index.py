"""Slope and relative index of inequality in OHID's and HEAT's forms: worked by hand, and the laws they keep."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.statistics.slope_index import SlopeIndex, slope_index, standard_error_from_limits
from mhequity.statistics.slope_index_heat import heat_linear, heat_logit

NAN = float("nan")
Z = 1.959963984540054

# Shares 1/4, 1/2, 1/4; mean 32.5; ranks 0.125, 0.5, 0.875 with variance 0.0703125. Slope 2.8125 / 0.0703125 = 40, from 12.5 to 52.5.
VALUES, PEOPLE = [20, 30, 50], [100, 200, 100]
RANKS = np.array([0.125, 0.5, 0.875])

ROWS = st.lists(st.tuples(st.floats(0.01, 0.99), st.integers(1, 10_000)), min_size=3, max_size=12)
FORMS = [
    lambda values, people: slope_index(values, people),
    lambda values, people: slope_index(values, people, value_type="rate", transform=True),
    lambda values, people: slope_index(values, people, value_type="proportion", transform=True),
    heat_linear,
]


def parts(found: SlopeIndex) -> list[float]:
    return [found.sii, found.sii_lower, found.sii_upper, found.rii, found.rii_lower, found.rii_upper, found.intercept]


def test_line_by_hand() -> None:
    found = slope_index(VALUES, PEOPLE)
    assert (found.sii, found.rii, found.intercept) == pytest.approx((40, 52.5 / 12.5, 12.5))
    assert (found.form, found.n) == ("ohid_linear", 3)


def test_line_through_the_logs_of_a_rate_ends_where_the_curve_does() -> None:
    # Rates exp(2 rank): from 1 to e^2.
    found = slope_index(np.exp(2 * RANKS), PEOPLE, value_type="rate", transform=True)
    assert (found.sii, found.rii, found.intercept) == pytest.approx((math.e**2 - 1, math.e**2, 1))
    assert found.form == "ohid_log"


def test_line_through_the_logits_of_a_proportion_ends_where_the_curve_does() -> None:
    # Logits from -log 4 to log 4: from 0.2 to 0.8.
    found = slope_index(1 / (1 + np.exp(math.log(4) * (1 - 2 * RANKS))), PEOPLE, value_type="proportion", transform=True)
    assert (found.sii, found.rii, found.intercept) == pytest.approx((0.6, 4, 0.2))
    assert found.form == "ohid_logit"


def test_simulated_interval_of_a_line_is_the_one_by_formula() -> None:
    # The slope weighs the ends by 0.25 x 0.375 / 0.0703125 = 4/3 each: its standard error is 2 x 4/3 x sqrt 2 = 3.771236.
    found = slope_index(VALUES, PEOPLE, standard_errors=[2, 2, 2])
    assert found.sii_lower == pytest.approx(40 - Z * 3.771236, abs=0.1)
    assert found.sii_upper == pytest.approx(40 + Z * 3.771236, abs=0.1)
    assert found.rii_lower < found.rii < found.rii_upper


def test_interval_is_the_same_every_time_and_wider_at_998() -> None:
    inner, again, outer = (slope_index(VALUES, PEOPLE, standard_errors=[2, 2, 2], confidence=sure) for sure in (0.95, 0.95, 0.998))
    assert inner == again
    assert outer.sii_lower < inner.sii_lower < inner.sii_upper < outer.sii_upper


def test_limits_serve_for_standard_errors() -> None:
    errors = np.array([0.1, 0.2, 0.1])
    for value_type, there, back in (
        ("normal", np.array, np.array),
        ("rate", np.log, np.exp),
        ("proportion", lambda p: np.log(p / (1 - p)), lambda x: 1 / (1 + np.exp(-x))),
    ):
        values = np.array([0.2, 0.3, 0.5])
        ends = [back(there(values) + side * Z * errors) for side in (-1, 1)]
        assert standard_error_from_limits(*ends, value_type) == pytest.approx(errors)
        by_limits = slope_index(values, PEOPLE, lower=ends[0], upper=ends[1], value_type=value_type)
        assert parts(by_limits) == pytest.approx(
            parts(slope_index(values, PEOPLE, standard_errors=errors, value_type=value_type)), nan_ok=True
        )


def test_multiplier_changes_the_unit_and_a_negative_one_the_side() -> None:
    once, points, other = (slope_index(VALUES, PEOPLE, standard_errors=[2, 2, 2], multiplier=by) for by in (1, 100, -1))
    assert (points.sii, points.rii, points.intercept) == pytest.approx((4000, 4.2, 12.5))
    assert (other.sii, other.sii_lower, other.sii_upper) == pytest.approx((-40, -once.sii_upper, -once.sii_lower))
    assert (other.rii, other.rii_lower, other.rii_upper) == pytest.approx((1 / 4.2, 1 / once.rii_upper, 1 / once.rii_lower))


def test_heat_linear_by_hand() -> None:
    # The groups lie off the line by 2.5, -2.5, 2.5: 2 x (0.25 x 0.375 x 2.5)^2 / 0.0703125^2 x 3 / (3 - 2) = 66.6667.
    found = heat_linear(VALUES, PEOPLE)
    assert (found.sii, found.rii) == pytest.approx((40, 4.2))
    assert (found.sii_lower, found.sii_upper) == pytest.approx((40 - Z * (200 / 3) ** 0.5, 40 + Z * (200 / 3) ** 0.5))
    assert found.rii_lower * found.rii_upper == pytest.approx(4.2**2)


def test_heat_linear_rounds_people_up() -> None:
    assert heat_linear(VALUES, [99.2, 199.5, 99.9]) == heat_linear(VALUES, PEOPLE)


def test_heat_logit_by_hand() -> None:
    # 2, 5 and 8 of 10 at ranks 1/6, 1/2, 5/6 lie on a curve whose logit rises by log 64: from 1/9 to 8/9.
    found = heat_logit([20, 50, 80], [10, 10, 10])
    assert (found.sii, found.rii, found.intercept) == pytest.approx((700 / 9, 8, 100 / 9))
    assert (found.sii_lower, found.sii_upper) == pytest.approx((700 / 9, 700 / 9), abs=1e-4)


def test_heat_logit_is_not_the_line() -> None:
    assert heat_logit(VALUES, PEOPLE).sii != pytest.approx(slope_index(VALUES, PEOPLE).sii, rel=0.01)


def test_heat_logit_works_on_whole_people() -> None:
    # A third of 10, 11 and 12 people is 3, 4 and 4 people: equal groups, and yet a slope.
    assert heat_logit([100 / 3] * 3, [10, 11, 12]).sii > 1
    assert heat_logit([100 / 3] * 3, [30, 300, 3000]).sii == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("level", [0, 50, 100])
def test_heat_logit_of_equal_groups_is_flat(level: int) -> None:
    found = heat_logit([level] * 4, [10, 20, 30, 40])
    assert found.sii == 0
    assert found.rii == pytest.approx(1.0 if level else NAN, nan_ok=True)


def test_heat_logit_of_nobody_here_and_everybody_there_is_missing() -> None:
    assert np.isnan(parts(heat_logit([0, 0, 100, 100], [10, 10, 10, 10]))).all()


@given(st.floats(0.01, 0.99), st.lists(st.integers(1, 10_000), min_size=3, max_size=12))
def test_equal_groups_have_slope_0_and_ratio_1(value: float, people: list[int]) -> None:
    for form in FORMS:
        found = form([value] * len(people), people)
        assert found.sii == pytest.approx(0, abs=1e-9)
        assert found.rii == pytest.approx(1, abs=1e-7)


@given(ROWS)
def test_turning_the_order_round_turns_the_slope_and_the_ratio_round(rows: list[tuple[float, int]]) -> None:
    values, people = map(list, zip(*rows, strict=True))
    for form in FORMS:
        there, back = form(values, people), form(values[::-1], people[::-1])
        assert back.sii == pytest.approx(-there.sii, abs=1e-9)
        if there.rii > 1e-3 and back.rii > 1e-3:
            assert back.rii == pytest.approx(1 / there.rii, rel=1e-5)


@given(ROWS, st.floats(-100, 100))
def test_lifting_every_group_leaves_the_slope(rows: list[tuple[float, int]], by: float) -> None:
    values, people = zip(*rows, strict=True)
    assert slope_index(np.add(values, by), people).sii == pytest.approx(slope_index(values, people).sii, abs=1e-8)


@given(st.floats(-10, 10), st.floats(-10, 10), st.lists(st.integers(1, 10_000), min_size=3, max_size=12))
def test_groups_on_a_line_give_back_the_line(start: float, slope: float, people: list[int]) -> None:
    shares = np.array(people) / sum(people)
    found = slope_index(start + slope * (np.cumsum(shares) - shares / 2), people)
    assert (found.sii, found.intercept) == pytest.approx((slope, start), abs=1e-6)


def test_order_puts_rows_right() -> None:
    assert slope_index([50, 20, 30], [100, 100, 200], order=[5, 1, 3], standard_errors=[4, 3, 2]) == slope_index(
        VALUES, PEOPLE, standard_errors=[3, 2, 4]
    )


def test_group_without_value_or_people_is_left_out() -> None:
    found = slope_index([20, NAN, 30, 50, 70], [100, 40, 200, 100, 0], standard_errors=[2, 2, 2, 2, 2])
    assert found == slope_index(VALUES, PEOPLE, standard_errors=[2, 2, 2])


@pytest.mark.parametrize("values", [[], [1], [1, 2], [NAN, 1, 2]], ids=["none", "one", "two", "two left"])
@pytest.mark.filterwarnings("error")
def test_fewer_than_three_groups_have_no_slope(values: list[float]) -> None:
    for form in (*FORMS, heat_logit):
        assert np.isnan(parts(form(values, [10] * len(values)))).all()


@pytest.mark.filterwarnings("error")
def test_rate_of_nobody_has_a_line_but_no_interval_and_no_curve() -> None:
    straight = slope_index([0, 1, 2], PEOPLE, standard_errors=[1, 1, 1], value_type="rate")
    assert straight.sii > 0
    assert math.isnan(straight.sii_lower)
    assert np.isnan(parts(slope_index([0, 1, 2], PEOPLE, standard_errors=[1, 1, 1], value_type="rate", transform=True))).all()


@pytest.mark.filterwarnings("error")
def test_ratio_to_a_line_that_starts_below_0_is_missing() -> None:
    found = slope_index([0, 0, 50], PEOPLE, standard_errors=[1, 1, 1])
    assert found.intercept < 0
    assert found.sii_lower < found.sii < found.sii_upper
    assert np.isnan([found.rii, found.rii_lower, found.rii_upper]).all()


@pytest.mark.filterwarnings("error")
def test_draws_that_reach_below_0_leave_the_ratio_without_an_upper_end() -> None:
    found = slope_index([10, 20, 30], [100, 100, 100], standard_errors=[10, 10, 10])
    assert found.rii > 1
    assert found.rii_lower > 0
    assert math.isnan(found.rii_upper)


def test_value_outside_the_scale_leaves_the_logit_form_missing() -> None:
    assert math.isnan(heat_logit([20, 30, 150], PEOPLE).sii)
    assert heat_logit([20, 30, 150], PEOPLE, scale=1000).sii > 0


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="populations has the shape"):
        slope_index(VALUES, [1, 2])
    with pytest.raises(ValueError, match="lower has the shape"):
        slope_index(VALUES, PEOPLE, lower=[1], upper=VALUES)
    with pytest.raises(ValueError, match="multiplier is 0"):
        slope_index(VALUES, PEOPLE, multiplier=0)
    with pytest.raises(ValueError, match="no value type 'count'"):
        slope_index(VALUES, PEOPLE, value_type="count")  # type: ignore[arg-type]
