"""Quantile groups: borders, ties, blanks, and when there are none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.statistics.quantiles import quantile_groups

NAN = float("nan")
VALUES = st.lists(st.integers(-50, 50), min_size=10, max_size=60)
DISTINCT = st.lists(st.integers(-500, 500), min_size=10, max_size=60, unique=True)


def test_areas_that_do_not_divide_evenly() -> None:
    # floor(r x 5 / 7) for r = 0 to 6: 0, 0, 1, 2, 2, 3, 4.
    assert quantile_groups([1, 2, 3, 4, 5, 6, 7], 5).group.tolist() == [1, 1, 2, 3, 3, 4, 5]


def test_highest_first_counts_from_the_other_end() -> None:
    assert quantile_groups([1, 2, 3, 4, 5, 6, 7], 5, highest_first=True).group.tolist() == [5, 4, 3, 3, 2, 1, 1]


def test_same_values_stay_together_in_the_group_of_the_first() -> None:
    # Ranks 1, 2, 2, 2, 5, 6 from the lowest; 1, 2, 3, 3, 3, 6 from the highest.
    assert quantile_groups([1, 4, 4, 4, 8, 9], 3).group.tolist() == [1, 1, 1, 1, 3, 3]
    assert quantile_groups([1, 4, 4, 4, 8, 9], 3, highest_first=True).group.tolist() == [3, 2, 2, 2, 1, 1]


def test_area_without_a_value_has_no_group_and_does_not_count() -> None:
    found = quantile_groups([3, NAN, 1, 2, NAN], 3)
    assert np.isnan(found.group).tolist() == [False, True, False, False, True]
    assert found.group[[0, 2, 3]].tolist() == [3, 1, 2]
    assert found.refused == ""


def test_fewer_areas_than_groups_are_refused_with_the_reason() -> None:
    found = quantile_groups([3, 1, NAN, 2], 4)
    assert np.isnan(found.group).all()
    assert found.refused == "3 areas have a value: too few for 4 groups."
    assert quantile_groups([3], 5).refused == "1 area has a value: too few for 5 groups."
    assert quantile_groups([], 5).group.tolist() == []


def test_as_many_areas_as_groups_are_one_in_each() -> None:
    assert quantile_groups([30, 10, 20], 3).group.tolist() == [3, 1, 2]


@pytest.mark.parametrize("groups", [0, -1, 2.5])
def test_number_of_groups_is_whole_and_at_least_one(groups: float) -> None:
    with pytest.raises(ValueError, match="whole number"):
        quantile_groups([1, 2, 3], groups)  # type: ignore[arg-type]


@given(DISTINCT, st.integers(1, 10))
def test_groups_of_distinct_values_differ_in_number_by_one_at_most(values: list[int], groups: int) -> None:
    sizes = np.bincount(quantile_groups(values, groups).group.astype(int), minlength=groups + 1)[1:]
    assert sizes.sum() == len(values)
    assert sizes.max() - sizes.min() <= 1


@given(VALUES, st.integers(1, 10), st.booleans())
def test_groups_follow_the_values(values: list[int], groups: int, highest_first: bool) -> None:
    found = quantile_groups(values, groups, highest_first=highest_first).group
    in_order = found[np.argsort(np.array(values) * (-1 if highest_first else 1), kind="stable")]
    assert in_order[0] == 1
    assert (np.diff(in_order) >= 0).all()
    assert ((found >= 1) & (found <= groups)).all()
    for value in set(values):
        assert len(set(found[np.array(values) == value])) == 1


@given(VALUES, st.integers(1, 10), st.booleans())
def test_highest_first_is_lowest_first_of_the_values_turned_round(values: list[int], groups: int, highest_first: bool) -> None:
    there = quantile_groups(values, groups, highest_first=highest_first).group
    turned = quantile_groups([-value for value in values], groups, highest_first=not highest_first).group
    assert there.tolist() == turned.tolist()
