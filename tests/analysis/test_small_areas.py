"""Small areas: rates by hand on literal squares, small counts hidden with what would tell them, hot spots where they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from mhequity.analysis import small_area_sentences
from mhequity.analysis.small_areas import COUNT, RATE, VALUE, SmallAreas, class_ends, clusters, small_areas
from mhequity.disclosure import AS_PUBLISHED, UNDER_FIVE, Policy
from mhequity.statistics.spatial import queen_neighbours

NAN = float("nan")
ROW = ((1,), (0, 2), (1, 3), (2,))
"""Four squares in a row."""


def joined(figure: list[float], base: list[float] | None = None, **columns: Any) -> pd.DataFrame:
    """Areas of a map that are all in the table, unless the columns say otherwise."""
    known = {"figure_state": ["" if value == value else "missing" for value in figure]}
    if base is not None:
        known |= {"base": base, "base_state": ["" if value == value else "missing" for value in base]}
    codes = [f"A{at}" for at in range(len(figure))]
    return pd.DataFrame(
        {"code": codes, "name": [f"Square {at}" for at in range(len(figure))], "matched": True, "figure": figure} | known | columns
    )


def of(frame: pd.DataFrame, how: str = RATE, policy: Policy = UNDER_FIVE, neighbours: Any = ROW) -> SmallAreas:
    return small_areas(frame, neighbours, policy, how)


def test_rate_is_count_over_base_for_every_thousand_with_byars_interval() -> None:
    found = of(joined([10, 20, 40, 50], [1000, 2000, 1000, 2000]))
    assert found.frame["value"].tolist() == [10, 10, 40, 25]
    # 10 (1 - 1/90 - 1.96/(3 root 10))^3 and 11 (1 - 1/99 + 1.96/(3 root 11))^3, over 1,000 people.
    assert found.frame["lower"][0] == pytest.approx(4.787, abs=0.001)
    assert found.frame["upper"][0] == pytest.approx(18.392, abs=0.001)


def test_areas_are_compared_with_all_of_them_together() -> None:
    found = of(joined([10, 20, 40, 50], [1000, 2000, 1000, 2000]))
    assert (found.whole, found.whole_count, found.whole_base) == (20, 120, 6000)
    assert found.frame["verdict"].tolist() == ["lower", "lower", "higher", "similar"]


def test_small_count_is_hidden_with_the_next_smallest_and_rates_go_with_their_counts() -> None:
    found = of(joined([3, 12, 41, 50], [1000, 1000, 1000, 1000]))
    assert found.frame["state"].tolist() == ["suppressed", "suppressed", "", ""]
    assert found.frame["value"].isna().tolist() == [True, True, False, False]
    assert found.frame["lower"].isna().tolist() == [True, True, False, False]
    assert found.frame["count"].tolist()[2:] == [40, 50]
    assert found.frame["verdict"].tolist()[:2] == ["", ""]
    assert found.hidden == 2
    # The total holds all four: by it and what is shown, 15 are left for the two, which tells neither.
    assert found.whole == pytest.approx(106 / 4)
    assert found.whole_count == 105


def test_total_that_would_tell_a_small_count_is_withheld_and_so_is_the_comparison() -> None:
    found = of(joined([3, NAN, 0, NAN], [1000, 1000, 1000, 1000]))
    assert np.isnan([found.whole, found.whole_count, found.whole_base]).all()
    assert found.frame["verdict"].tolist() == ["", "", "", ""]
    assert found.frame["value"].tolist()[2] == 0


def test_nothing_is_hidden_where_the_visitor_says_so() -> None:
    found = of(joined([3, 12, 41, 50], [1000, 1000, 1000, 1000]), policy=AS_PUBLISHED)
    assert found.frame["count"].tolist() == [3, 12, 41, 50]
    assert found.hidden == 0


def test_small_base_is_hidden_with_its_rate() -> None:
    found = of(joined([0, 12, 41, 50], [4, 900, 1000, 1000]))
    assert found.frame["state"].tolist() == ["suppressed", "suppressed", "", ""]
    assert found.frame["base"].isna().tolist() == [True, True, False, False]


def test_rate_is_hidden_where_all_but_few_of_the_base_are_counted() -> None:
    # 997 of 1,000 leaves 3, which the next smallest rest, 100, would tell beside the total.
    found = of(joined([997, 900, 500, 400], [1000, 1000, 1000, 1000]))
    assert found.frame["state"].tolist() == ["suppressed", "suppressed", "", ""]


def test_missing_suppressed_no_row_no_base_and_several_rows_are_kept_apart() -> None:
    frame = joined(
        [NAN, NAN, NAN, NAN, 20, 30, -5, 0],
        [100, 100, NAN, NAN, NAN, 0, 100, 100],
        figure_state=["missing", "suppressed", None, None, "", "", "", ""],
        matched=[True, True, False, True, True, True, True, True],
    )
    found = of(frame, neighbours=((),) * 8)
    states = ["missing", "suppressed", "no data", "several rows", "no base figure", "no base figure", "below zero", ""]
    assert found.frame["state"].tolist() == states
    assert found.frame["value"].isna().tolist() == [True] * 7 + [False]
    assert found.frame["value"].tolist()[7] == 0


def test_small_count_without_a_base_is_hidden_too() -> None:
    found = of(joined([2, 20, 30, 40], [NAN, 1000, 1000, 1000]))
    assert found.frame["state"].tolist() == ["suppressed", "", "", ""]
    assert np.isnan(found.frame["count"][0])
    assert found.whole_count == 90


def test_count_by_itself_is_rounded_and_has_no_interval() -> None:
    found = of(joined([12, 18, 41, 50]), COUNT)
    assert found.frame["value"].tolist() == [10, 20, 40, 50]
    assert found.frame["lower"].isna().all()
    assert found.whole_count == 120


def test_score_is_shown_as_it_stands() -> None:
    found = of(joined([1.25, 2.5, -3.0, NAN]), VALUE)
    assert found.frame["value"].tolist()[:3] == [1.25, 2.5, -3.0]
    assert found.frame["state"].tolist() == ["", "", "", "missing"]
    assert found.hidden == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=4, max_size=4))
def test_no_small_count_is_ever_shown_nor_left_by_the_total(counts: list[int]) -> None:
    found = of(joined([float(each) for each in counts], [1000.0] * 4))
    shown = found.frame["value"].notna().to_numpy()
    small = np.array([0 < each < 5 for each in counts])
    assert not (shown & small).any()
    if not np.isnan(found.whole):
        left = found.whole * 4 - found.frame["value"][shown].sum()
        hidden = int((~shown).sum())
        assert hidden == 0 or (hidden > 1 and round(left) - (hidden - 1) > 4)


# Hot spots -------------------------------------------------------------------------------------------------------------------


SIX = [box(at % 6, at // 6, at % 6 + 1, at // 6 + 1) for at in range(36)]
TOUCH = queen_neighbours(SIX)


def six_by_six() -> pd.DataFrame:
    """36 squares of 1,000 people with 19 to 21 seen, but for nine in a corner with 60."""
    counts = [60.0 if at % 6 < 3 and at // 6 < 3 else 19.0 + at % 3 for at in range(36)]
    return joined(counts, [1000.0] * 36)


def test_high_corner_is_one_hot_place() -> None:
    found = of(six_by_six(), neighbours=TOUCH)
    places = clusters(found.frame, SIX, TOUCH)
    assert found.refused == ""
    hot = set(found.frame.index[found.frame["spot"] == "hot spot"])
    assert {0, 1, 6, 7} <= hot <= {0, 1, 2, 3, 6, 7, 8, 9, 12, 13, 14, 15, 18, 19, 20, 21}
    assert places["name"].tolist() == ["hot spot"]
    assert places["areas"][0] == len(hot)
    assert places["geometry"][0].area == len(hot)


def test_hot_spots_are_refused_below_thirty_areas() -> None:
    found = of(joined([10, 20, 40, 50], [1000, 2000, 1000, 2000]))
    assert "at least 30 areas" in found.refused
    assert set(found.frame["spot"]) == {""}
    assert clusters(found.frame, SIX[:4], ROW).empty


def test_hot_spots_of_counts_warn_that_they_are_counts() -> None:
    found = of(six_by_six(), COUNT, neighbours=TOUCH)
    assert any("counts" in each for each in found.warnings)


def test_hidden_counts_are_no_part_of_hot_spots_and_too_many_refuse_them() -> None:
    frame = six_by_six()
    frame["figure"] = [2.0 if at > 25 else value for at, value in enumerate(frame["figure"])]
    found = of(frame, neighbours=TOUCH)
    assert found.hidden == 10
    assert found.refused == "Hot spots need at least 30 areas with a figure; there are 26."


# Classes and words -----------------------------------------------------------------------------------------------------------


def test_classes_hold_about_as_many_areas_each() -> None:
    assert class_ends(pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])) == (2.8, 4.6, 6.4, 8.2)


def test_same_figures_everywhere_make_one_class() -> None:
    assert class_ends(pd.Series([3.0, 3, 3])) == ()
    assert class_ends(pd.Series([], dtype=float)) == ()


def test_figures_that_differ_little_still_make_classes() -> None:
    ends = class_ends(pd.Series([1000.1, 1000.2, 1000.3, 1000.4, 1000.5]))
    assert ends == tuple(sorted(set(ends)))
    assert all(1000.1 < end <= 1000.5 for end in ends)


@given(st.lists(st.floats(-1e6, 1e6, allow_nan=False), max_size=40))
def test_ends_of_classes_rise_within_the_figures(values: list[float]) -> None:
    ends = class_ends(pd.Series(values, dtype=float))
    assert list(ends) == sorted(set(ends))
    assert len(ends) <= 4
    assert all(min(values) < end <= max(values) for end in ends)


def test_answer_names_level_areas_beyond_chance_and_hot_places() -> None:
    found = of(six_by_six(), neighbours=TOUCH)
    said = small_area_sentences.answer(found, clusters(found.frame, SIX, TOUCH), "People seen", 1000)
    assert "**People seen**: **30** for every 1,000 in all areas together" in said
    # Byar's upper end of 19 is 29.7, of 20 it is 30.9: nine squares outside the corner have 19.
    assert "higher in **9** and lower in **9** of 36 areas; about 2 would stand out by chance alone" in said
    assert said.endswith(" **6** areas are **hot spots** (around Square 7).")


def test_answer_says_so_where_nothing_can_be_shown() -> None:
    found = of(joined([3, NAN, NAN, NAN], [1000, 1000, 1000, 1000]))
    said = small_area_sentences.answer(found, clusters(found.frame, SIX[:4], ROW), "*Seen*", 1000)
    assert said == "No area of the map has a figure for **\\*Seen\\*** that can be shown."


def test_answer_of_a_score_gives_lowest_and_highest() -> None:
    found = of(joined([1.25, 2.5, -3.0, NAN]), VALUE)
    said = small_area_sentences.answer(found, clusters(found.frame, SIX[:4], ROW), "Score", 1000)
    assert said == "**Score** runs from **−3** (Square 2) to **2.50** (Square 1) over 3 areas."
