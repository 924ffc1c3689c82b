"""Standardised rates: worked figures, what is withheld or missing, and what standardising to oneself gives."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.statistics.rates import crude_rate
from mhequity.statistics.standardised import (
    directly_standardised_rate,
    directly_standardised_rate_of_repeat_events,
    indirectly_standardised_rate,
    indirectly_standardised_ratio,
)

NAN = float("nan")
Z_3 = 0.9973002039367398
STANDARD = Path(__file__).resolve().parents[2] / "data" / "facts" / "european_standard_population_2013.csv"


@st.composite
def bands(draw: st.DrawFn, fewest: int = 10) -> tuple[list[int], list[int]]:
    """Counts and populations of some bands, with at least so many events together."""
    n = draw(st.integers(1, 8))
    counts = draw(st.lists(st.integers(0, 500), min_size=n, max_size=n).filter(lambda held: sum(held) >= fewest))
    return counts, draw(st.lists(st.integers(1, 50_000), min_size=n, max_size=n))


def test_direct_rate_by_hand() -> None:
    # Rates 0.1 and 0.05, weights 1 and 3: (0.1 + 0.15) / 4 = 0.0625. Variance (10 / 100^2 + 9 x 20 / 400^2) / 16 = 0.0001328125.
    # Byar's for 30 events with z = 3: 30 (1 - 1/270 - 1/sqrt 30)^3 and 31 (1 - 1/279 + 1/sqrt 31)^3.
    found = directly_standardised_rate([10, 20], [100, 400], [1, 3], 1000, Z_3)
    scale = (0.0001328125 / 30) ** 0.5
    assert float(found.events) == 30
    assert float(found.value) == pytest.approx(62.5, rel=1e-12)
    assert float(found.lower) == pytest.approx(62.5 + 1000 * scale * (30 * (1 - 1 / 270 - 30**-0.5) ** 3 - 30), rel=1e-9)
    assert float(found.upper) == pytest.approx(62.5 + 1000 * scale * (31 * (1 - 1 / 279 + 31**-0.5) ** 3 - 30), rel=1e-9)


def test_variance_of_repeat_events_by_hand() -> None:
    # 10 persons once and 5 twice among 100: 20 events, rate 0.2. Variance (10 + 4 x 5) / 100^2 = 0.003; 20 independent events: 0.002.
    found = directly_standardised_rate_of_repeat_events([[10], [5]], [100], [1], 100, Z_3)
    scale = (0.003 / 20) ** 0.5
    assert (float(found.events), float(found.value)) == (20, pytest.approx(20))
    assert float(found.lower) == pytest.approx(20 + 100 * scale * (20 * (1 - 1 / 180 - 20**-0.5) ** 3 - 20), rel=1e-9)


def test_nine_events_are_withheld_and_ten_are_not() -> None:
    found = directly_standardised_rate([[4, 5], [4, 6]], [100, 100], [1, 1])
    assert found.events.tolist() == [9, 10]
    assert found.withheld.tolist() == [True, False]
    for figures in (found.value, found.lower, found.upper):
        assert np.isnan(figures).tolist() == [True, False]


def test_events_not_persons_decide_what_is_withheld() -> None:
    found = directly_standardised_rate_of_repeat_events([[2], [4]], [100], [1])
    assert float(found.events) == 10
    assert not found.withheld


def test_missing_count_makes_the_rate_missing_and_not_withheld() -> None:
    found = directly_standardised_rate([20, NAN], [100, 100], [1, 1])
    assert np.isnan([found.value, found.lower, found.upper, found.events]).all()
    assert not found.withheld


def test_blank_is_no_event_only_where_that_is_said() -> None:
    blank = directly_standardised_rate([20, NAN], [100, 100], [1, 1], blank_is_zero=True)
    assert float(blank.value) == float(directly_standardised_rate([20, 0], [100, 100], [1, 1]).value)
    assert float(indirectly_standardised_ratio([20, NAN], [9, 9], [1, NAN], [9, 9], blank_is_zero=True).expected) == 1


def test_band_with_nobody_makes_the_rate_missing_unless_it_has_no_weight() -> None:
    assert np.isnan(directly_standardised_rate([20, 0], [100, 0], [1, 1]).value)
    assert float(directly_standardised_rate([20, 0], [100, 0], [1, 0], 100).value) == pytest.approx(20)


@pytest.mark.parametrize(
    ("count", "population", "standard"), [([20, -1], [9, 9], [1, 1]), ([20, 1], [9, -9], [1, 1]), ([20, 1], [9, 9], [0, 0]), ([], [], [])]
)
def test_nothing_comes_of_what_cannot_be(count: list[float], population: list[float], standard: list[float]) -> None:
    assert np.isnan(directly_standardised_rate(count, population, standard).value)
    assert np.isnan(indirectly_standardised_ratio(count, population, standard, population).value)


def test_indirect_ratio_by_hand() -> None:
    # Reference rates 0.05 and 0.1: expected 100 x 0.05 + 200 x 0.1 = 25; 20 observed are 80 %. Byar's with z = 3 for 20 events, over 25.
    found = indirectly_standardised_ratio([12, 8], [100, 200], [20, 30], [400, 300], 100, Z_3)
    assert (float(found.observed), float(found.expected), float(found.value)) == (20, pytest.approx(25), pytest.approx(80))
    assert float(found.lower) == pytest.approx(100 * 20 * (1 - 1 / 180 - 20**-0.5) ** 3 / 25, rel=1e-9)
    assert float(found.upper) == pytest.approx(100 * 21 * (1 - 1 / 189 + 21**-0.5) ** 3 / 25, rel=1e-9)


def test_indirect_rate_is_the_ratio_times_the_references_crude_rate() -> None:
    # The reference has 50 events among 700 people: 0.8 x 50 / 700.
    assert float(indirectly_standardised_rate([12, 8], [100, 200], [20, 30], [400, 300], 1000).value) == pytest.approx(800 * 50 / 700)


def test_few_observed_events_have_the_exact_interval() -> None:
    # None observed: the upper end is -log 0.025 = 3.6888794541 events over 4 expected.
    found = indirectly_standardised_ratio([0, 0], [10, 10], [2, 2], [10, 10], 1)
    assert (float(found.value), float(found.lower)) == (0, 0)
    assert float(found.upper) == pytest.approx(3.6888794541 / 4, rel=1e-9)


def test_band_where_the_area_has_nobody_expects_nothing() -> None:
    assert float(indirectly_standardised_ratio([5, 0], [10, 0], [2, 0], [10, 0], 1).expected) == 2
    assert np.isnan(indirectly_standardised_ratio([5, 0], [10, 10], [2, 0], [10, 0], 1).value)


def test_columns_with_different_bands_are_told_by_name() -> None:
    with pytest.raises(ValueError, match="count 2, population 3"):
        indirectly_standardised_ratio([1, 2], [1, 2, 3], [1, 2, 3], [1, 2, 3])
    with pytest.raises(ValueError, match="standard_population 1"):
        directly_standardised_rate([1, 2], [1, 2], [5])
    with pytest.raises(ValueError, match="at least one column"):
        directly_standardised_rate_of_repeat_events([], [1, 2], [5, 5])


def test_european_standard_population_is_of_100_000() -> None:
    with open(STANDARD, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["age_band"] for row in rows] == [*(f"{age}-{age + 4}" for age in range(0, 90, 5)), "90+"]
    assert sum(int(row["persons"]) for row in rows) == 100_000
    assert [int(rows[i]["persons"]) for i in (0, 10, -1)] == [5000, 7000, 1000]


@given(bands())
def test_standard_of_its_own_people_gives_the_crude_rate(area: tuple[list[int], list[int]]) -> None:
    count, population = area
    found = directly_standardised_rate(count, population, population, 1000)
    crude = crude_rate(sum(count), sum(population), 1000)
    for part in ("value", "lower", "upper"):
        assert float(getattr(found, part)) == pytest.approx(float(getattr(crude, part)), rel=1e-9)


@given(bands(1), st.sampled_from([1, 100]))
def test_reference_held_against_itself_is_the_references_value(area: tuple[list[int], list[int]], reference: float) -> None:
    found = indirectly_standardised_ratio(*area, *area, reference)
    assert float(found.value) == pytest.approx(reference, rel=1e-9)
    assert found.lower < reference < found.upper
    rate = indirectly_standardised_rate(*area, *area, 1000)
    assert float(rate.value) == pytest.approx(1000 * sum(area[0]) / sum(area[1]), rel=1e-9)


@given(bands(), st.data())
def test_interval_holds_the_rate_and_the_scale_of_the_standard_changes_nothing(
    area: tuple[list[int], list[int]], data: st.DataObject
) -> None:
    standard = data.draw(st.lists(st.integers(1, 9000), min_size=len(area[0]), max_size=len(area[0])))
    found = directly_standardised_rate(*area, standard)
    assert found.lower < found.value < found.upper
    tenfold = directly_standardised_rate(*area, [10 * weight for weight in standard])
    assert float(tenfold.upper) == pytest.approx(float(found.upper), rel=1e-9)


@given(bands())
def test_four_times_the_people_at_the_same_rates_are_known_better(area: tuple[list[int], list[int]]) -> None:
    count, population = (np.array(column) for column in area)
    one, four = directly_standardised_rate(count, population, population), directly_standardised_rate(4 * count, 4 * population, population)
    assert float(four.value) == pytest.approx(float(one.value), rel=1e-9)
    assert four.upper - four.lower < one.upper - one.lower


@given(bands())
def test_events_all_of_different_people_have_the_usual_interval_and_repeated_ones_a_wider(area: tuple[list[int], list[int]]) -> None:
    count, population = area
    usual = directly_standardised_rate(count, population, population)
    none = [0] * len(count)
    once = directly_standardised_rate_of_repeat_events([count, none], population, population)
    assert float(once.upper) == pytest.approx(float(usual.upper), rel=1e-12)
    twice = directly_standardised_rate_of_repeat_events([none, count], population, population)
    as_if_once = directly_standardised_rate([2 * x for x in count], population, population)
    assert float(twice.value) == pytest.approx(float(as_if_once.value), rel=1e-12)
    assert twice.upper - twice.value > as_if_once.upper - as_if_once.value
