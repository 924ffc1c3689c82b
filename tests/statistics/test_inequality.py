"""Measures of inequality between groups: worked by hand, the laws they keep, and what leaves them missing."""

from __future__ import annotations

import math
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.statistics.inequality import MEASURES, Measure, inequality, measure_of

NAN = float("nan")
Z = 1.959963984540054

# Three groups in order. Shares 1/4, 1/2, 1/4; mean 5 + 15 + 12.5 = 32.5; ranks 0.125, 0.5, 0.875.
VALUES, PEOPLE, ORDER, ERRORS = [20, 30, 50], [100, 200, 100], [1, 2, 3], [3, 2, 4]

FIGURES = st.integers(1, 99)
CROWDS = st.integers(1, 10_000)
ROWS = st.lists(st.tuples(FIGURES, CROWDS), min_size=3, max_size=12)
# A curve on counts rounded to whole people keeps these laws only where rounding does nothing; see test_slope_index.py.
PLAIN = [(one, option) for one in MEASURES for option in one.options if option != "heat_logit"]
WEIGHTED = [(one, option) for one, option in PLAIN if one.weighted and "slope" not in one.reading]


def figure(key: str, **given: object) -> float:
    order = ORDER if measure_of(key).needs_order else None
    return inequality(key, VALUES, PEOPLE, ERRORS, **({"order": order} | given)).value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("key", "worked"),
    [
        ("difference", 50 - 20),
        ("ratio", 50 / 20),
        # 0.25 x 12.5^2 + 0.5 x 2.5^2 + 0.25 x 17.5^2 = 39.0625 + 3.125 + 76.5625.
        ("between_group_variance", 118.75),
        ("between_group_standard_deviation", 118.75**0.5),
        ("coefficient_of_variation", 100 * 118.75**0.5 / 32.5),
        ("mean_difference_from_best", (30 + 20 + 0) / 3),
        ("mean_difference_from_best_weighted", 7.5 + 10 + 0),
        ("mean_difference_from_mean", (12.5 + 2.5 + 17.5) / 3),
        ("mean_difference_from_mean_weighted", 3.125 + 1.25 + 4.375),
        ("index_of_disparity", 100 * (12.5 + 2.5 + 17.5) / 3 / 32.5),
        ("index_of_disparity_weighted", 100 * 8.75 / 32.5),
        # r = 8/13, 12/13, 20/13: -0.074694 - 0.036943 + 0.165686 = 0.054049.
        ("theil_index", 54.0494),
        # 0.25 x 0.485508 + 0.5 x 0.080043 - 0.25 x 0.430783 = 0.0537026.
        ("mean_log_deviation", 53.7026),
        ("population_attributable_risk", 50 - 32.5),
        ("population_attributable_fraction", 100 * 17.5 / 32.5),
        # 0.25 x -0.75 x 20 + 0 + 0.25 x 0.75 x 50.
        ("absolute_concentration_index", 5.625),
        ("relative_concentration_index", 5.625 / 32.5),
        # Slope 2.8125 / 0.0703125 = 40 around 32.5: from 12.5 to 52.5.
        ("slope_index", 40),
        ("relative_index", 52.5 / 12.5),
    ],
)
def test_figure_by_hand(key: str, worked: float) -> None:
    assert figure(key) == pytest.approx(worked, rel=2e-6)


def test_concentration_of_a_percentage_by_hand() -> None:
    # Wagstaff 5.625 x 100 / (67.5 x 32.5); Erreygers 4 x 5.625 / 100.
    assert figure("relative_concentration_index", option="wagstaff") == pytest.approx(562.5 / 2193.75, rel=1e-12)
    assert figure("relative_concentration_index", option="erreygers") == pytest.approx(0.225, rel=1e-12)


def test_difference_from_a_reference_by_hand() -> None:
    assert figure("mean_difference_from_reference", reference=[1, 0, 0]) == pytest.approx((0 + 10 + 30) / 3)
    assert figure("mean_difference_from_reference_weighted", reference=[1, 0, 0]) == pytest.approx(0 + 5 + 7.5)
    assert figure("difference", reference=[0, 1, 0]) == 30 - 20
    assert figure("ratio", reference=[0, 1, 0]) == 30 / 20


def test_interval_of_a_difference_by_hand() -> None:
    found = inequality("difference", VALUES, standard_errors=ERRORS, order=ORDER)  # sqrt(3^2 + 4^2) = 5.
    assert (found.lower, found.upper) == pytest.approx((30 - 5 * Z, 30 + 5 * Z))


def test_interval_of_a_ratio_by_hand() -> None:
    found = inequality("ratio", VALUES, standard_errors=ERRORS, order=ORDER)  # sqrt(0.15^2 + 0.08^2) = 0.17.
    assert (found.lower, found.upper) == pytest.approx((2.5 / math.exp(0.17 * Z), 2.5 * math.exp(0.17 * Z)))


def test_interval_of_the_variance_by_hand() -> None:
    # Errors of 2: 4 x 4 x (3.125^2 + 1.25^2 + 4.375^2) = 487.5, and 2 x 16 x 0.203125 = 6.5; together 494.
    found = inequality("between_group_variance", VALUES, PEOPLE, [2, 2, 2])
    assert (found.lower, found.upper) == pytest.approx((118.75 - Z * 494**0.5, 118.75 + Z * 494**0.5))
    root = inequality("between_group_standard_deviation", VALUES, PEOPLE, [2, 2, 2])
    assert (root.lower, root.upper) == pytest.approx((found.lower**0.5, found.upper**0.5))


def test_interval_of_a_concentration_index_by_hand() -> None:
    # Off the line by 0.3515625 each: 0.1235962 / 0.0703125 = 1.7578125, with one degree of freedom.
    found = inequality("absolute_concentration_index", VALUES, PEOPLE, order=ORDER)
    assert (found.lower, found.upper) == pytest.approx((5.625 - Z * 1.7578125**0.5, 5.625 + Z * 1.7578125**0.5))


def test_interval_of_what_all_would_gain_by_hand() -> None:
    # a, b, c, d = 80, 220, 50, 50: 50 x 400 x (1,400,000 + 550,000) / (130^3 x 100^3) = 0.01775148; times 32.5^2 it is 18.75.
    risk = inequality("population_attributable_risk", VALUES, PEOPLE)
    assert (risk.lower, risk.upper) == pytest.approx((17.5 - Z * 18.75**0.5, 17.5 + Z * 18.75**0.5))
    fraction = inequality("population_attributable_fraction", VALUES, PEOPLE)
    assert (fraction.lower, fraction.upper) == pytest.approx((100 * risk.lower / 32.5, 100 * risk.upper / 32.5))


def test_interval_of_the_theil_index_and_mean_log_deviation_are_times_1000_like_the_figure() -> None:
    # Errors of 0, 0, 4. Theil: 4 x 0.25 / 32.5 x (0.430783 - 0.054049) = 0.011592. MLD: 4 x 0.25 / 32.5 x (1 - 0.65) = 0.010769.
    theil, deviation = (inequality(key, VALUES, PEOPLE, [0, 0, 4]) for key in ("theil_index", "mean_log_deviation"))
    assert theil.upper - theil.value == pytest.approx(11.592 * Z, rel=1e-4)
    assert deviation.upper - deviation.value == pytest.approx(10.7692 * Z, rel=1e-4)


def test_lower_is_better_turns_the_comparison_round() -> None:
    assert figure("difference", order=ORDER, higher_is_better=False) == 20 - 50
    assert figure("difference", higher_is_better=False) == 20 - 50
    assert figure("ratio", higher_is_better=False) == 20 / 50
    assert figure("mean_difference_from_best", higher_is_better=False) == pytest.approx((0 + 10 + 30) / 3)
    assert figure("population_attributable_risk", higher_is_better=False) == 20 - 32.5


def test_reference_is_compared_with_the_worst_group_whichever_way_is_better() -> None:
    # Waits of 20, 30 and 50 days, the reference being the best: not "no difference".
    assert figure("difference", higher_is_better=False, reference=[1, 0, 0]) == 20 - 50
    assert figure("ratio", higher_is_better=False, reference=[1, 0, 0]) == 20 / 50


def test_nothing_is_gained_where_the_most_advantaged_do_worse_than_the_mean() -> None:
    assert inequality("population_attributable_risk", [50, 30, 20], PEOPLE, order=ORDER).value == 0
    assert inequality("population_attributable_risk", [50, 30, 20], PEOPLE).value == 17.5


def test_rows_may_come_in_any_order() -> None:
    one = inequality("slope_index", VALUES, PEOPLE, ERRORS, order=ORDER)
    assert inequality("slope_index", [50, 20, 30], [100, 100, 200], [4, 3, 2], order=[3, 1, 2]) == one


@given(FIGURES, st.lists(CROWDS, min_size=3, max_size=12))
def test_equal_groups_show_no_inequality_by_any_measure(value: int, people: list[int]) -> None:
    n = len(people)
    for one, option in PLAIN:
        found = inequality(
            one.key, [value] * n, people, order=range(n) if one.needs_order else None, reference=[1] + [0] * (n - 1), option=option
        )
        assert found.value == pytest.approx(one.even, abs=1e-5), one.key


@given(ROWS)
def test_turning_the_order_round_turns_the_sign_of_the_concentration_indices(rows: list[tuple[int, int]]) -> None:
    values, people = zip(*rows, strict=True)
    there = range(len(rows))
    for key, option in [("ACI", ""), ("RCI", ""), ("RCI", "wagstaff"), ("RCI", "erreygers")]:
        one = inequality(key, values, people, order=there, option=option)
        other = inequality(key, values, people, order=[-place for place in there], option=option)
        assert other.value == pytest.approx(-one.value, abs=1e-9)
        assert (other.lower, other.upper) == pytest.approx((-one.upper, -one.lower), abs=1e-7)


@given(ROWS, st.integers(0, 11))
def test_splitting_a_group_in_two_halves_changes_no_weighted_measure(rows: list[tuple[int, int]], which: int) -> None:
    which %= len(rows)
    value, people = rows[which]
    split = [*rows[:which], (value, people / 2), (value, people / 2), *rows[which + 1 :]]
    for one, option in WEIGHTED:
        whole, halves = (
            inequality(
                one.key,
                *zip(*some, strict=True),
                order=range(len(some)) if one.needs_order else None,
                reference=[1] + [0] * (len(some) - 1),
                option=option,
            )
            for some in (rows, split)
        )
        assert halves.value == pytest.approx(whole.value, rel=1e-9, abs=1e-6), one.key


@given(ROWS)
def test_doubling_every_value_doubles_absolute_measures_and_leaves_relative_ones(rows: list[tuple[int, int]]) -> None:
    values, people = zip(*rows, strict=True)
    for one, option in PLAIN:
        order = range(len(rows)) if one.needs_order else None
        marked = [0] * (len(rows) - 1) + [1]
        once, twice = (inequality(one.key, np.multiply(values, by), people, order=order, reference=marked, option=option) for by in (1, 2))
        times = {"absolute": 4 if "squared" in one.unit else 2, "relative": 1}[one.kind]
        if option not in ("wagstaff", "erreygers"):  # These two are of a percentage, whose ends stay.
            assert twice.value == pytest.approx(times * once.value, rel=1e-9, abs=1e-6, nan_ok=True), one.key


@given(ROWS)
def test_no_weighted_measure_depends_on_the_unit_of_people(rows: list[tuple[int, int]]) -> None:
    values, people = zip(*rows, strict=True)
    for one, option in WEIGHTED:
        order = range(len(rows)) if one.needs_order else None
        marked = [1] + [0] * (len(rows) - 1)
        thousands, heads = (
            inequality(one.key, values, np.multiply(people, by), order=order, reference=marked, option=option) for by in (1, 1000)
        )
        assert heads.value == pytest.approx(thousands.value, rel=1e-9, abs=1e-6)


@pytest.mark.parametrize("one", MEASURES, ids=lambda one: one.key)
@pytest.mark.parametrize("values", [[], [5], [NAN, 5, NAN]], ids=["none", "one", "one left"])
@pytest.mark.filterwarnings("error")
def test_fewer_than_two_groups_have_no_inequality(one: Measure, values: list[float]) -> None:
    found = inequality(one.key, values, [10] * len(values), order=range(len(values)) if one.needs_order else None)
    assert np.isnan([found.value, found.lower, found.upper]).all()
    assert found.n == np.isfinite(values).sum()


@pytest.mark.parametrize("one", MEASURES, ids=lambda one: one.key)
@pytest.mark.parametrize("values", [[0, 0, 0], [0, 100, 0], [-3, 2, 10], [1e300, 1e-300, 5], [50, 150, 20]], ids=str)
@pytest.mark.filterwarnings("error")
def test_odd_values_give_a_figure_or_none_and_no_warning(one: Measure, values: list[float]) -> None:
    for option in one.options:
        order = ORDER if one.needs_order else None
        found = inequality(one.key, values, [10, 20, 5], [1, 1e6, 1], order=order, reference=[0, 1, 0], option=option)
        assert not np.isinf([found.value, found.lower, found.upper]).any()


def test_group_without_value_or_people_is_left_out() -> None:
    with_gaps = inequality("theil_index", [20, 30, NAN, 50, 90, 95], [100, 200, 70, 100, 0, NAN])
    assert with_gaps.value == figure("theil_index")
    assert with_gaps.n == 3


def test_measure_without_what_it_needs_is_missing() -> None:
    assert math.isnan(inequality("theil_index", VALUES).value)
    assert math.isnan(inequality("mean_difference_from_reference", VALUES).value)
    assert inequality("mean_difference_from_best", VALUES).value == pytest.approx(50 / 3)


def test_missing_standard_errors_leave_the_figure_without_an_interval() -> None:
    found = inequality("difference", VALUES, PEOPLE, [NAN, 1, -1], order=ORDER)
    assert found.value == 30
    assert np.isnan([found.lower, found.upper]).all()


def test_ratio_to_nobody_is_missing() -> None:
    assert math.isnan(inequality("ratio", [0, 10, 20]).value)


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="no measure of inequality 'gini'"):
        inequality("gini", VALUES)
    with pytest.raises(ValueError, match="is for ordered groups"):
        inequality("slope_index", VALUES, PEOPLE)
    with pytest.raises(ValueError, match="no option 'logit'; it has ohid_linear, heat_linear, heat_logit"):
        inequality("slope_index", VALUES, PEOPLE, order=ORDER, option="logit")
    with pytest.raises(ValueError, match="3 values but populations has the shape"):
        inequality("theil_index", VALUES, [1, 2])
    with pytest.raises(ValueError, match="More than one group"):
        inequality("difference", VALUES, reference=[1, 1, 0])


def test_every_measure_says_how_to_read_it() -> None:
    assert len(MEASURES) == 21
    assert len({one.key for one in MEASURES} | {one.abbreviation for one in MEASURES}) == 42
    for one in MEASURES:
        assert one.reading.endswith(".")
        assert str(one.even) in one.reading


def test_the_list_of_measures_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        MEASURES[0].name = "Gap"  # type: ignore[misc]
