"""What a gap comes to in people, and who holds it: worked by hand, and the laws it keeps."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.statistics.gap import people_if_all_did_as_well, share_of_gap, units_holding_half

NAN = float("nan")

UNITS = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 1000)), min_size=1, max_size=8)


def test_people_by_hand() -> None:
    # Up to 50 %: 10 % of 1,000, 20 % of 200, and nothing of the one that already does better.
    assert people_if_all_did_as_well([40, 30, 60], [1000, 200, 500], 50, per=100).tolist() == pytest.approx([100, 40, 0])


def test_fewer_people_where_lower_is_better() -> None:
    # Down to 5 per 1,000: 3 and 0 per 1,000 fewer.
    found = people_if_all_did_as_well([8, 2], [20_000, 10_000], 5, per=1000, higher_is_better=False)
    assert found.tolist() == pytest.approx([60, 0])


def test_every_unit_may_have_a_reference_of_its_own() -> None:
    assert people_if_all_did_as_well([0.4, 0.4], [100, 100], [0.5, 0.3]).tolist() == pytest.approx([10, 0])


def test_shares_by_hand() -> None:
    # Short by 100, 40 and 0, of 140.
    assert share_of_gap([40, 30, 60], [1000, 200, 500], 50).tolist() == pytest.approx([100 / 140, 40 / 140, 0])


def test_units_holding_half_by_hand() -> None:
    # Short by 30, 10, 25, 15, 20, of 100: 30 and 25 are the first to make half.
    assert units_holding_half([70, 90, 75, 85, 80], [100] * 5, 100) == [0, 2]
    assert units_holding_half([70, 90, 75, 85, 80], [100] * 5, 100, share=0.3) == [0]
    assert units_holding_half([70, 90, 75, 85, 80], [100] * 5, 100, share=1) == [0, 2, 4, 3, 1]


def test_exactly_half_is_half() -> None:
    assert units_holding_half([0.9, 0.7, 0.8, 0.8, 0.9, 0.9], [10] * 6, 1) == [1, 2]  # 0.3 + 0.2 of 1.0
    assert units_holding_half([5, 5], [10, 10], 9) == [0]


def test_missing_unit_stays_missing_and_out_of_the_total() -> None:
    assert people_if_all_did_as_well([NAN, 40], [100, 100], 50, per=100).tolist() == pytest.approx([NAN, 10], nan_ok=True)
    assert share_of_gap([NAN, 40, 30], [100, 100, NAN], 50).tolist() == pytest.approx([NAN, 1, NAN], nan_ok=True)
    assert units_holding_half([NAN, 40, 45], [100, 100, 100], 50) == [1]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("values", "bases"), [([], []), ([60, 70], [10, 10]), ([NAN], [10]), ([10], [0]), ([10], [-5]), ([np.inf], [5])], ids=str
)
def test_where_nobody_falls_short_nobody_holds_the_gap(values: list[float], bases: list[float]) -> None:
    assert np.isnan(share_of_gap(values, bases, 50)).all()
    assert units_holding_half(values, bases, 50) == []


def test_one_unit_holds_all_of_it() -> None:
    assert share_of_gap([10], [5], 50).tolist() == [1]
    assert units_holding_half([10], [5], 50) == [0]


def test_wrong_calls_say_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="differ in length"):
        people_if_all_did_as_well([1, 2], [1], 3)
    with pytest.raises(ValueError, match="differ in length"):
        people_if_all_did_as_well([1, 2], [1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="above 0"):
        people_if_all_did_as_well([1], [1], 3, per=0)
    with pytest.raises(ValueError, match="at most 1"):
        units_holding_half([1], [1], 3, share=0)


@given(UNITS, st.integers(0, 100), st.booleans())
def test_nobody_is_counted_below_0_and_shares_make_a_whole(units: list[tuple[int, int]], best: int, higher: bool) -> None:
    values, bases = zip(*units, strict=True)
    people = people_if_all_did_as_well(values, bases, best, per=100, higher_is_better=higher)
    assert (people >= 0).all()
    shares = share_of_gap(values, bases, best, higher_is_better=higher)
    assert np.isnan(shares).all() if people.sum() == 0 else shares.sum() == pytest.approx(1)


@given(UNITS, st.integers(0, 100))
def test_no_fewer_units_hold_half(units: list[tuple[int, int]], best: int) -> None:
    values, bases = zip(*units, strict=True)
    chosen = units_holding_half(values, bases, best)
    if not chosen:
        return
    shares = share_of_gap(values, bases, best)
    assert shares[chosen].sum() >= 0.5 - 1e-9
    assert all(sum(fewer) < 0.5 + 1e-9 for fewer in combinations(shares, len(chosen) - 1))


@given(UNITS, st.integers(0, 100))
def test_moving_to_the_reference_closes_the_gap(units: list[tuple[int, int]], best: int) -> None:
    values, bases = zip(*units, strict=True)
    assert people_if_all_did_as_well(np.maximum(values, best), bases, best).sum() == 0
