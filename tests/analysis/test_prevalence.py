"""Published shares to start an estimate from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.analysis import prevalence
from mhequity.workspace import Workspace, published


def test_the_survey_of_2023_is_the_default() -> None:
    first = prevalence.presets(published())[0]
    assert (first.central, first.low, first.high, first.age_band) == (22.6, 18.9, 22.6, "16 to 64")


def test_the_survey_of_2014_is_the_low_end() -> None:
    second = prevalence.presets(published())[1]
    assert (second.central, second.low, second.high, second.age_band) == (18.9, 18.9, 22.6, "16 to 64")


def test_registers_give_london_with_its_lowest_and_highest_borough() -> None:
    # House of Commons Library, QOF 2019/20: 111,728 of 10,249,814 patients; boroughs from 0.72 to 1.48 %.
    third = prevalence.presets(published())[2]
    assert (third.central, third.low, third.high, third.age_band) == (1.1, 0.7, 1.5, "")
    assert "2019/20" in third.said


def test_without_the_register_there_is_no_share_of_severe_illness() -> None:
    assert len(prevalence.presets(Workspace({}, {}, "empty"))) == 2


def test_figures_are_known_as_the_survey_they_are_and_others_as_a_persons_own() -> None:
    known = prevalence.presets(published())
    assert prevalence.chosen(known, 18.9, 18.9, 22.6) is known[1]
    assert prevalence.chosen(known, 22.6, 18.9, 22.600000001) is known[0]
    assert prevalence.chosen(known, 22.6, 10.0, 22.6) is None


@pytest.mark.parametrize(
    ("before", "now", "ends"), [(22.6, 11.3, (9.4, 11.3)), (22.6, 22.6, (18.9, 22.6)), (22.6, 40.0, (33.5, 40.0)), (22.6, 0.1, (0.1, 0.1))]
)
def test_the_range_follows_a_changed_share(before: float, now: float, ends: tuple[float, float]) -> None:
    assert prevalence.scaled((18.9, 22.6), before, now) == ends


@given(*[st.floats(prevalence.LEAST, prevalence.MOST)] * 4)
def test_a_scaled_range_stays_in_order_and_in_bounds(a: float, b: float, before: float, now: float) -> None:
    low, high = prevalence.scaled((min(a, b), max(a, b)), before, now)
    assert prevalence.LEAST <= low <= high <= prevalence.MOST
