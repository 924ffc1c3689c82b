"""XmR charts: limits and rules by hand, what is held back from short and still series, and laws that every chart keeps."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.statistics import spc, spc_icons, spc_rules

NAN = float("nan")
LINES = ["mean", "lower_limit", "upper_limit"]
BETTER = st.sampled_from(["higher", "lower", "neither"])
SERIES = st.lists(st.integers(-50, 50), min_size=1, max_size=40)
GAPPY = st.lists(st.one_of(st.integers(-50, 50), st.just(NAN)), min_size=1, max_size=40)
OTHER_WAY = {"higher": "lower", "lower": "higher", "neither": "neither"}


def lines(values: list[float], **options) -> list[list[float]]:
    return spc.limits(values, **options)[LINES].to_numpy().tolist()


def in_turn(n: int) -> list[float]:
    """10, 12, 10, 12, ...: every range is 2. With n even the mean is 11 and the limits are 11 -+ 5.32."""
    return [10.0, 12.0] * (n // 2) + [10.0] * (n % 2)


# Limits


def test_limits_by_hand() -> None:
    # Mean 2, ranges 1 and 1: limits 2 -+ 2.66; close beyond two thirds of that, 1.773333.
    first = spc.limits([1, 2, 3]).iloc[0]
    assert first[[*LINES, "lower_close", "upper_close"]].tolist() == pytest.approx([2, -0.66, 4.66, 0.22666667, 3.77333333])


def test_moving_range_belongs_to_the_later_point() -> None:
    assert spc.moving_ranges([3, 1, 5]).tolist() == pytest.approx([NAN, 2, 4], nan_ok=True)


def test_gap_has_no_moving_range_on_either_side() -> None:
    # Ranges 2 (1 to 3) and 1 (5 to 6), mean 1.5; mean of the four points 3.75; 2.66 x 1.5 = 3.99. The gap's row has lines too.
    assert lines([1, 3, NAN, 5, 6]) == [pytest.approx([3.75, -0.24, 7.74])] * 5


def test_infinite_value_is_a_gap() -> None:
    assert lines([1, 3, math.inf, 5, 6]) == lines([1, 3, NAN, 5, 6])


def test_one_point_has_a_mean_and_no_limits() -> None:
    assert lines([7]) == [pytest.approx([7, NAN, NAN], nan_ok=True)]


def test_screening_leaves_out_a_range_of_over_3267_means_but_not_its_points() -> None:
    # Ranges 1, 1, 1, 1, 1, 9: mean 14/6 = 2.333, so 7.623 or more is left out; the mean of the rest is 1. The mean of the points stays 13/7.
    values = [0, 1, 0, 1, 0, 1, 10]
    assert lines(values, screen=True)[0] == pytest.approx([13 / 7, 13 / 7 - 2.66, 13 / 7 + 2.66])
    assert lines(values)[0] == pytest.approx([13 / 7, 13 / 7 - 2.66 * 14 / 6, 13 / 7 + 2.66 * 14 / 6])


def test_screening_is_done_once_only() -> None:
    # Ranges 0 eight times, 1, 10: mean 1.1; 10 >= 3.594 goes. Of the rest the mean is 1/9; 1 would go in a second round.
    assert spc.mean_moving_range([0] * 9 + [1, 11], screen=True) == pytest.approx(1 / 9)


def test_screening_keeps_ranges_that_are_all_zero() -> None:
    assert spc.mean_moving_range([5, 5, 5], screen=True) == 0


def test_screening_can_make_limits_fall_together_by_the_formula() -> None:
    # Ranges 0, 0, 0, 1: mean 0.25; 1 >= 0.81675 goes.
    assert lines([1, 1, 1, 1, 2], screen=True)[0] == pytest.approx([1.2, 1.2, 1.2])


def test_rebase_starts_afresh_and_no_range_spans_it() -> None:
    found = spc.limits([1, 2, 3, 10, 12], rebase_at=[3])
    assert found["phase"].tolist() == [1, 1, 1, 2, 2]
    assert found["moving_range"].tolist() == pytest.approx([NAN, 1, 1, NAN, 2], nan_ok=True)
    assert found[LINES].to_numpy().tolist() == [pytest.approx([2, -0.66, 4.66])] * 3 + [pytest.approx([11, 5.68, 16.32])] * 2


def test_rebase_named_twice_or_at_the_start_changes_nothing() -> None:
    assert spc.phase_numbers(4, [2, 2, 0]).tolist() == [1, 1, 2, 2]


@pytest.mark.parametrize("at", [-1, 5, 9])
def test_rebase_outside_the_series_is_a_mistake(at: int) -> None:
    with pytest.raises(ValueError, match="from 0 to 4"):
        spc.limits([1, 2, 3, 4, 5], rebase_at=[at])


def test_limits_fixed_after_three_points_that_are_there() -> None:
    # 1, gap, 3, 4: mean 8/3, one range of 1. The 100 after it changes nothing.
    assert lines([1, NAN, 3, 4, 100], fix_after=3) == [pytest.approx([8 / 3, 8 / 3 - 2.66, 8 / 3 + 2.66])] * 5


def test_limits_are_fixed_in_each_phase() -> None:
    assert (
        lines([1, 3, 9, 10, 14, 50], rebase_at=[3], fix_after=2)
        == [pytest.approx([2, -3.32, 7.32])] * 3 + [pytest.approx([12, 1.36, 22.64])] * 3
    )


def test_limits_fixed_after_no_point_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="1 point or more"):
        spc.limits([1, 2], fix_after=0)


def test_table_is_no_series() -> None:
    with pytest.raises(ValueError, match="dimensions"):
        spc.limits([[1, 2], [3, 4]])


# Rules


@pytest.mark.parametrize(
    ("side", "ends"),
    [
        ([1] * 8 + [-1], [0] * 6 + [1, 1, 0]),
        ([-1] * 7, [0] * 6 + [1]),
        ([1, 1, 1, 0, 1, 1, 1, 1], [0] * 8),
        ([0] * 7, [0] * 7),
        ([1] * 6, [0] * 6),
        ([], []),
    ],
)
def test_seven_on_one_side_are_flagged_at_the_seventh(side: list[int], ends: list[int]) -> None:
    assert spc_rules.seven_one_side(side).tolist() == ends


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        ([1, 2, 3, 4, 5, 6, 7, 8], [0] * 6 + [1, 1]),
        ([7, 6, 5, 4, 3, 2, 1], [0] * 6 + [-1]),
        ([1, 2, 3, 3, 4, 5, 6], [0] * 7),
        ([1, 2, 3, 4, 5, 6], [0] * 6),
        ([], []),
    ],
)
def test_trend_is_flagged_at_the_seventh_with_its_direction(values: list[int], ends: list[int]) -> None:
    assert spc_rules.seven_trend(values).tolist() == ends


def test_all_points_of_a_run_are_part_of_it() -> None:
    assert spc_rules.part_of_seven([0] * 7 + [1, 0]).tolist() == [0] + [1] * 7 + [0]


def test_peak_between_two_runs_belongs_to_the_later_one() -> None:
    values = [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1]
    assert spc_rules.part_of_seven(spc_rules.seven_trend(values)).tolist() == [1] * 6 + [-1] * 7


def test_last_point_of_a_rise_stays_rising_when_a_fall_starts_level_with_it() -> None:
    values = [1, 2, 3, 4, 5, 6, 7, 7, 6, 5, 4, 3, 2, 1]
    rule, direction = spc_rules.special_causes(values, [0] * 14, [0] * 14, [0] * 14)
    assert set(rule) == {spc_rules.TREND}
    assert direction.tolist() == [1] * 7 + [-1] * 7


@pytest.mark.parametrize(
    ("close", "side", "window", "points"),
    [
        ([0, 1, 1], [1, 1, 1], [1, 1, 1], [0, 1, 1]),
        ([1, 0, 1, 0], [-1] * 4, [1, 1, 1, 0], [1, 0, 1, 0]),
        ([1, 0, 0, 1], [1] * 4, [0] * 4, [0] * 4),
        ([1, 1, 0], [1, -1, 1], [0] * 3, [0] * 3),
        ([1, 1, 0], [1, 1, 0], [0] * 3, [0] * 3),
        ([1, 1], [1, 1], [0, 0], [0, 0]),
    ],
)
def test_two_of_three_near_a_limit(close: list[int], side: list[int], window: list[int], points: list[int]) -> None:
    assert spc_rules.two_in_three_window(close, side).tolist() == window
    assert spc_rules.two_in_three(close, side).tolist() == points


def test_flags_of_unlike_length_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="one length"):
        spc_rules.two_in_three_window([1, 1, 0], [1, 1])


def test_rules_in_their_precedence() -> None:
    # All seven rise on one side, so each meets two rules at least; the last two are close, the fourth is outside.
    outside, close = [0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 0, 0, 1, 1]
    rule, direction = spc_rules.special_causes([1, 2, 3, 4, 5, 6, 7], [-1] * 7, outside, close)
    assert rule.tolist() == [spc_rules.TREND] * 3 + [spc_rules.OUTSIDE] + [spc_rules.TREND] * 3
    # The trend rises though its points lie low; the one outside is low.
    assert direction.tolist() == [1, 1, 1, -1, 1, 1, 1]
    # The same without the trend: two of three comes before seven on one side.
    rule, direction = spc_rules.special_causes([1, 2, 1, 2, 1, 2, 1], [-1] * 7, [0] * 7, close)
    assert rule.tolist() == [spc_rules.ONE_SIDE] * 5 + [spc_rules.TWO_OF_THREE] * 2
    assert direction.tolist() == [-1] * 7


@pytest.mark.parametrize(
    ("better", "words"),
    [
        ("higher", ["improvement", "concern", "common cause"]),
        ("lower", ["concern", "improvement", "common cause"]),
        ("neither", ["neutral high", "neutral low", "common cause"]),
    ],
)
def test_point_types_by_what_is_better(better: spc_rules.Better, words: list[str]) -> None:
    assert spc_rules.point_types(["trend of seven", "outside limits", ""], [1, -1, 0], better).tolist() == words


def test_unknown_word_for_better_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="'higher', 'lower' or 'neither'"):
        spc.chart([1, 2], better="up")


def test_point_outside_is_not_also_close() -> None:
    # Fixed on 0, 2, 0, 2: mean 1, limits 1 -+ 5.32, close from 1 + 3.546667 = 4.546667 to 6.32.
    found = spc_rules.judge(spc.limits([0, 2, 0, 2, 4.5, 4.6, 6.3, 6.4], fix_after=4), "higher")
    assert found["close"].tolist() == [False] * 5 + [True, True, False]
    assert found["outside"].tolist() == [False] * 7 + [True]


def test_rounding_error_puts_no_point_beside_the_mean() -> None:
    # In floating point three times 0.1, divided by three, is 0.10000000000000002.
    found = spc_rules.judge(spc.limits([0.1] * 3), "higher")
    assert found["mean"].iloc[0] != 0.1
    assert found["side"].tolist() == [0] * 3
    assert not found["outside"].any()


def test_run_goes_on_over_a_gap() -> None:
    # Mean 85/16 = 5.3125: the 10 before the gap's neighbours and the sixes and sevens are eight in a row above it.
    values = [0, 10, 0, 10, 0, 10, 0, 10, 6, 7, 6, NAN, 7, 6, 7, 6, 0]
    found = spc_rules.judge(spc.limits(values), "higher")
    assert found["rule"].tolist() == [""] * 7 + [spc_rules.ONE_SIDE] * 4 + [""] + [spc_rules.ONE_SIDE] * 4 + [""]
    assert found["point_type"].tolist()[10:13] == ["improvement", "missing", "improvement"]


def test_run_ends_at_a_rebase() -> None:
    found = spc_rules.judge(spc.limits([1, 2, 3, 4, 5, 6, 7], rebase_at=[3]), "higher")
    assert found["rule"].tolist() == [""] * 7


def test_run_within_a_later_phase_counts() -> None:
    # Around 4 with ranges of 1 the limits are 1.34 and 6.66, so the ends of the trend are outside.
    found = spc_rules.judge(spc.limits([9, 9, 1, 2, 3, 4, 5, 6, 7], rebase_at=[2]), "higher")
    assert found["rule"].tolist() == ["", "", spc_rules.OUTSIDE, *[spc_rules.TREND] * 5, spc_rules.OUTSIDE]


# Icons


@pytest.mark.parametrize(
    ("lower", "upper", "target", "better", "kind"),
    [
        (5, 7, 4, "higher", "pass"),
        (5, 7, 8, "higher", "fail"),
        (5, 7, 4, "lower", "fail"),
        (5, 7, 8, "lower", "pass"),
        (5, 7, 6, "lower", "inconsistent"),
        (5, 7, 7, "higher", "inconsistent"),
        (5, 7, 4, "neither", "none"),
        (5, 7, None, "higher", "none"),
        (5, 7, NAN, "higher", "none"),
        (NAN, NAN, 4, "higher", "none"),
    ],
)
def test_assurance(lower: float, upper: float, target: float | None, better: spc_rules.Better, kind: str) -> None:
    assert spc_icons.assurance(lower, upper, target, better) == kind
    assert spc_icons.assurance_icon(lower, upper, target, better).kind == kind


def test_assurance_has_direction_and_words() -> None:
    below = spc_icons.assurance_icon(5, 7, 8, "lower")
    assert (below.direction, below.words) == (
        "low",
        "The process limits lie wholly below the target: expect it to be met each time unless the process changes.",
    )
    above = spc_icons.assurance_icon(5, 7, 4, "lower")
    assert (above.direction, above.words) == (
        "high",
        "The process limits lie wholly above the target: expect it to be missed each time unless the process changes.",
    )
    assert spc_icons.assurance_icon(5, 7, 6, "higher").direction == ""


@pytest.mark.parametrize(
    ("limits", "target", "better", "words"),
    [
        ((5, 7), None, "higher", "No target is set."),
        ((5, 7), 4, "neither", "Neither higher nor lower is better, so a target is neither met nor missed."),
        ((NAN, NAN), 4, "higher", "There are no limits to set against the target."),
    ],
)
def test_no_assurance_says_why(limits: tuple[float, float], target: float | None, better: spc_rules.Better, words: str) -> None:
    assert spc_icons.assurance_icon(*limits, target, better) == spc_icons.Icon("none", "", words)


def test_variation_icon_speaks_of_the_latest_point_that_is_there() -> None:
    # 10 and 12 in turn, then 30: limits stay within about 2 to 22, so it is outside.
    found = spc.chart([*in_turn(16), 30, NAN], better="lower")
    assert found.variation == spc_icons.Icon("concern", "high", "Special cause, concerning: higher values (outside limits).")
    calm = spc.chart([*in_turn(16), 30, 10], better="lower")
    assert calm.variation.kind == "common cause"


def test_variation_icon_of_no_points() -> None:
    assert spc_icons.variation_icon(spc_rules.judge(spc.limits([NAN, NAN]), "higher")).kind == "none"


# What a chart holds back


def test_eleven_points_have_no_limits() -> None:
    found = spc.chart(in_turn(11), better="higher", target=1)
    assert found.status == "too few points"
    assert found.points[["lower_limit", "upper_limit", "lower_close", "upper_close"]].isna().all(axis=None)
    assert found.points["mean"].tolist() == pytest.approx([120 / 11] * 11)
    assert set(found.points["point_type"]) == {"not judged"}
    assert found.variation == found.assurance == spc_icons.Icon("none", "", "Too few points for limits: 11 points of the 12 needed.")


def test_twelve_points_have_trial_limits_and_no_icon() -> None:
    found = spc.chart(in_turn(12), better="higher", target=1)
    assert found.status == "trial limits"
    assert found.points["upper_limit"].tolist() == pytest.approx([16.32] * 12)
    assert set(found.points["point_type"]) == {"common cause"}
    assert found.variation == found.assurance == spc_icons.Icon("none", "", "Trial limits: 12 points of the 15 that an icon needs.")


def test_fifteen_points_have_limits_and_icons() -> None:
    found = spc.chart(in_turn(15), better="higher", target=1)
    assert (found.status, found.variation.kind, found.assurance.kind) == ("limits", "common cause", "pass")


def test_missing_points_do_not_count() -> None:
    assert spc.chart([NAN, *in_turn(14)]).status == "trial limits"


def test_points_without_a_neighbour_give_no_limits() -> None:
    found = spc.chart([1, NAN, 2, NAN] * 8)
    assert found.status == "too few points"
    assert found.variation.words == "Too few neighbouring points for limits: 12 are needed in the stretch that they come from."


def test_series_that_never_moves_has_too_little_variation_and_no_breach() -> None:
    found = spc.chart([0.1] * 20, better="higher", target=0.05)
    assert found.status == "too little variation"
    assert not found.points["outside"].any()
    assert found.points["upper_limit"].isna().all()
    assert found.assurance.kind == "none"
    assert found.variation.words.startswith("Too little variation")


def test_limits_that_screening_collapses_draw_no_breach() -> None:
    # One step among twenty points: its range of 1 is over 3.267 x 1/19 and goes, all others are 0.
    values = [1] * 19 + [2]
    assert spc_rules.judge(spc.limits(values, screen=True), "higher")["outside"].all()
    found = spc.chart(values, better="higher", screen=True)
    assert found.status == "too little variation"
    assert not found.points["outside"].any()
    assert set(found.points["point_type"]) == {"not judged"}


def test_short_phase_after_a_rebase_has_no_limits_while_the_one_before_keeps_its() -> None:
    found = spc.chart([*in_turn(16), 20, 21, NAN], better="higher", rebase_at=[16])
    assert found.phases["status"].tolist() == ["limits", "too few points"]
    assert found.phases[["phase", "first", "last", "n"]].to_numpy().tolist() == [[1, 0, 15, 16], [2, 16, 18, 2]]
    assert found.points["upper_limit"].notna().tolist() == [True] * 16 + [False] * 3
    assert found.points["point_type"].tolist()[15:] == ["common cause", "not judged", "not judged", "missing"]
    assert found.variation.kind == "none"


def test_limits_fixed_on_too_few_points_are_held_back() -> None:
    assert spc.chart(in_turn(20), fix_after=11).status == "too few points"
    assert spc.chart(in_turn(20), fix_after=12).status == "limits"


def test_no_points_at_all() -> None:
    found = spc.chart([])
    assert (len(found.points), len(found.phases), found.status) == (0, 0, "too few points")
    assert found.variation.words == "Too few points for limits: 0 points of the 12 needed."


# Laws


@given(GAPPY, st.integers(-1000, 1000), st.booleans())
def test_adding_a_constant_shifts_limits_by_it(values: list[float], constant: int, screen: bool) -> None:
    moved = spc.limits(np.array(values) + constant, screen=screen)
    assert moved[LINES].to_numpy() == pytest.approx(spc.limits(values, screen=screen)[LINES].to_numpy() + constant, nan_ok=True, abs=1e-9)


@given(SERIES, st.data())
def test_rebase_never_changes_limits_before_its_phase_nor_do_later_points(values: list[float], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(values) - 1))
    second = data.draw(st.integers(first, len(values) - 1))
    once, twice = lines(values, rebase_at=[first]), lines(values, rebase_at=[first, second])
    np.testing.assert_array_equal(np.array(once)[:first], np.array(twice)[:first])
    if first:
        np.testing.assert_array_equal(np.array(once)[:first], np.array(lines(values[:first])))


@given(SERIES, SERIES, st.integers(1, 40))
def test_points_after_the_fixed_ones_never_change_limits(values: list[float], later: list[float], n: int) -> None:
    fixed = min(n, len(values))
    before, after = lines(values, fix_after=fixed), lines(values + later, fix_after=fixed)
    np.testing.assert_array_equal(before, after[: len(before)])


@given(GAPPY, BETTER, st.booleans())
def test_flipping_signs_and_direction_mirrors_point_types(values: list[float], better: spc_rules.Better, screen: bool) -> None:
    there, mirrored = (
        spc.chart(np.array(values) * sign, better=way, target=sign * 5, screen=screen)
        for sign, way in ((1, better), (-1, OTHER_WAY[better]))
    )
    swap = {"neutral high": "neutral low", "neutral low": "neutral high"}
    assert mirrored.points["point_type"].tolist() == [swap.get(words, words) for words in there.points["point_type"]]
    assert mirrored.points["rule"].tolist() == there.points["rule"].tolist()
    assert (mirrored.variation.kind, mirrored.assurance.kind) == (there.variation.kind, there.assurance.kind)


@given(GAPPY, BETTER, st.booleans())
def test_too_few_points_give_no_icon(values: list[float], better: spc_rules.Better, screen: bool) -> None:
    found = spc.chart(values, better=better, target=0, screen=screen)
    if np.isfinite(values).sum() < 15:
        assert (found.variation.kind, found.assurance.kind) == ("none", "none")
    if np.isfinite(values).sum() < 12:
        assert set(found.points["point_type"]) <= {"not judged", "missing"}


@given(GAPPY, BETTER)
def test_limits_hold_the_mean_between_them_and_a_run_is_never_shorter_than_its_rule(values: list[float], better: spc_rules.Better) -> None:
    points = spc.chart(values, better=better).points.dropna(subset=["value", "upper_limit"])
    assert (points["lower_limit"] < points["lower_close"]).all()
    assert (points["lower_close"] < points["mean"]).all()
    assert (points["mean"] < points["upper_close"]).all()
    assert (points["upper_close"] < points["upper_limit"]).all()
    assert (points["point_type"] == "common cause").tolist() == (points["rule"] == "").tolist()
    # A point outside may name another rule's run, so runs are counted by side alone.
    for at in np.flatnonzero(points["rule"] == spc_rules.ONE_SIDE):
        same = (points["side"] == points["side"].iloc[at]).to_numpy()
        before, after = int(np.argmin(same[at::-1])) or at + 1, int(np.argmin(same[at:])) or len(same) - at
        assert before + after - 1 >= 7
