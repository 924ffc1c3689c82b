"""Small counts are hidden, and cannot be worked out from what is shown."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mhequity import disclosure
from mhequity.disclosure import AS_PUBLISHED, UNDER_EIGHT, UNDER_FIVE, Policy, Sum
from tests.differencing import ranges


def a_sum(total: int, *parts: int) -> Sum:
    return Sum(total, np.array(parts))


def test_counts_of_one_to_four_are_small_and_nought_is_not() -> None:
    assert disclosure.is_small([0, 1, 4, 5, np.nan], UNDER_FIVE).tolist() == [False, True, True, False, False]
    assert disclosure.is_small([7, 8], UNDER_EIGHT).tolist() == [True, False]
    assert not disclosure.is_small([1], AS_PUBLISHED).any()


def test_counts_are_rounded_to_the_nearest_five_halves_up() -> None:
    got = disclosure.rounded([0, 5, 7, 7.5, 8, 1237, np.nan], UNDER_FIVE)
    assert got[:-1].tolist() == [0, 5, 5, 10, 10, 1235]
    assert np.isnan(got[-1])
    assert disclosure.rounded([3, 1237], AS_PUBLISHED).tolist() == [3, 1237]


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        # 103 less 100 would tell the 3: the 100 is hidden too.
        ([103, 3, 100], [False, True, True]),
        # The smallest that is enough: 143 - 100 leaves 43 for two.
        ([143, 3, 40, 100], [False, True, True, False]),
        # Nought stays, and hides nothing: the total goes instead.
        ([3, 3, 0], [True, True, False]),
        # 2 = 1 + 1 would tell both parts.
        ([2, 1, 1], [True, True, True]),
        # 106 less 100 leaves 6 for two: each may be 1 to 5, so more than small.
        ([106, 3, 3, 100], [False, True, True, False]),
        # 104 less 100 leaves 4 for two, so each is small for certain: the 100 goes too.
        ([104, 2, 2, 100], [False, True, True, True]),
        ([300, 100, 200], [False, False, False]),
        # A part that is not given hides the other as well as a hidden one does.
        ([np.nan, 3, np.nan, 90], [False, True, False, False]),
    ],
)
def test_what_is_hidden_beside_a_small_part(counts: list[float], wanted: list[bool]) -> None:
    assert disclosure.hidden(counts, [a_sum(0, *range(1, len(counts)))], UNDER_FIVE).tolist() == wanted


def test_published_cells_are_never_hidden() -> None:
    counts, sums = [103, 3, 100], [a_sum(0, 1, 2)]
    assert not disclosure.hidden(counts, sums, UNDER_FIVE, [True, True, True]).any()
    # What is public cannot hide the small one, so the total has to.
    assert disclosure.hidden(counts, sums, UNDER_FIVE, [False, False, True]).tolist() == [True, True, False]


def test_what_is_public_and_tells_a_small_part_anyway_hides_no_more_than_it_must() -> None:
    # A public total of 3 tells its only part; the other sum, which shares the part, is left as it is but for the next smallest.
    hidden = disclosure.hidden(
        [3, 3, 0, 60, 20, 37], [a_sum(0, 1, 2), a_sum(3, 1, 4, 5)], UNDER_FIVE, [True, False, False, False, False, False]
    )
    assert hidden.tolist() == [False, True, False, False, True, False]


def test_a_part_that_its_publisher_hid_is_not_told_by_the_others() -> None:
    hidden = disclosure.hidden([103, np.nan, 60, 40], [a_sum(0, 1, 2, 3)], UNDER_FIVE, withheld=[False, True, False, False])
    assert hidden.tolist() == [False, True, False, True]


def test_sums_together_hide_further_off_where_nothing_near_is_left() -> None:
    # All, two services; each with three groups. The 1 in the last row can only be kept by hiding what other rows show.
    counts = [14, 6, 3, 5, 7, 0, 3, 4, 1, 1, 0, 0, 6, 5, 0, 1]
    at = np.arange(16).reshape(4, 4)
    sums = [Sum(int(row[0]), row[1:]) for row in at] + [Sum(int(column[0]), column[1:]) for column in at.T]
    hidden = disclosure.hidden(counts, sums, UNDER_FIVE)
    for cell in np.flatnonzero(disclosure.is_small(counts, UNDER_FIVE)):
        least, most = ranges(np.array(counts, dtype=float), hidden, sums, int(cell))
        assert most - least >= 1
        assert most > 4


def test_no_policy_hides_nothing() -> None:
    assert not disclosure.hidden([3, 1, 2], [a_sum(0, 1, 2)], AS_PUBLISHED).any()


def test_a_cell_in_two_sums_is_safe_in_both() -> None:
    # Rows: all, a, b; columns: all, x, y. The 2 at (a, x) takes three more with it, one in each row and column.
    counts = [60, 30, 30, 22, 2, 20, 38, 28, 10]
    sums = [a_sum(0, 1, 2), a_sum(3, 4, 5), a_sum(6, 7, 8), a_sum(0, 3, 6), a_sum(1, 4, 7), a_sum(2, 5, 8)]
    hidden = disclosure.hidden(counts, sums, UNDER_FIVE).reshape(3, 3)
    assert hidden[1:, 1:].all()
    assert not hidden[0].any()
    assert not hidden[:, 0].any()


def test_an_own_breakdown_that_does_not_add_up_is_no_error() -> None:
    assert disclosure.hidden([50, 3, 10, 20], [a_sum(0, 1, 2, 3)], UNDER_FIVE)[1]


@st.composite
def two_way(draw: st.DrawFn) -> tuple[np.ndarray, list[Sum]]:
    """A table with its totals, flat: services down, groups across, the whole first."""
    down, across = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    inside = draw(st.lists(st.integers(0, 12) | st.integers(0, 300), min_size=down * across, max_size=down * across))
    table = np.zeros((down + 1, across + 1))
    table[1:, 1:] = np.array(inside).reshape(down, across)
    table[0, 1:], table[1:, 0] = table[1:, 1:].sum(0), table[1:, 1:].sum(1)
    table[0, 0] = table[1:, 1:].sum()
    at = np.arange(table.size).reshape(table.shape)
    sums = [Sum(int(at[row, 0]), at[row, 1:]) for row in range(down + 1)] + [Sum(int(at[0, one]), at[1:, one]) for one in range(across + 1)]
    return table.ravel(), sums


@settings(deadline=None)
@given(two_way(), st.sampled_from([UNDER_FIVE, UNDER_EIGHT]))
def test_no_small_count_can_be_worked_out_from_a_table_and_its_totals(table: tuple[np.ndarray, list[Sum]], policy: Policy) -> None:
    counts, sums = table
    hidden = disclosure.hidden(counts, sums, policy)
    small = disclosure.is_small(counts, policy)
    assert hidden[small].all()
    assert not hidden[counts == 0].any()
    for cell in np.flatnonzero(small):
        least, most = ranges(counts, hidden, sums, int(cell))
        if counts[0] > policy.hidden_to + np.count_nonzero(counts):
            assert most > policy.hidden_to
        assert most - least >= 1
