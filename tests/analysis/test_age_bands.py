"""Age bands as people write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.analysis import age_bands


@pytest.mark.parametrize(
    ("written", "ends"),
    [
        ("16 to 64", (16, 64)), ("16-64", (16, 64)), ("16–64 years", (16, 64)), ("Aged 16 to 64", (16, 64)), ("18 and over", (18, math.inf)),
        ("65+", (65, math.inf)), ("under 18", (0, 17)), ("", (0, math.inf)), ("  ", (0, math.inf)), ("adults", None), ("64 to 16", None),
    ],
)  # fmt: skip
def test_a_band_begins_and_ends_where_it_says(written: str, ends: tuple[float, float] | None) -> None:
    assert age_bands.ends(written) == ends


def test_the_nearest_band_to_a_survey_stands_first_and_text_last() -> None:
    # 16 to 64 against 16 to 74: 10 years; 18 to 64: 2; 18 and over (to 100): 2 + 36; all ages: 16 + 36.
    bands = ["", "adults", "16 to 74", "18 and over", "18 to 64"]
    assert age_bands.nearest_first(bands, "16 to 64") == ["18 to 64", "16 to 74", "18 and over", "", "adults"]
    assert [age_bands.distance(band, "16 to 64") for band in bands] == [52, math.inf, 10, 38, 2]


def test_a_wider_band_holds_a_narrower_one() -> None:
    assert age_bands.holds("16 to 74", "16 to 64")
    assert age_bands.holds("", "16 to 64")
    assert not age_bands.holds("18 and over", "16 to 64")
    assert not age_bands.holds("adults", "16 to 64")


def test_a_band_is_said_in_words() -> None:
    assert (age_bands.in_words("16 to 64"), age_bands.in_words("")) == ("aged 16 to 64", "of all ages")


@given(st.integers(0, 99), st.integers(0, 99), st.integers(0, 99), st.integers(0, 99))
def test_distance_is_the_same_both_ways(a: int, b: int, c: int, d: int) -> None:
    one, other = f"{min(a, b)} to {max(a, b)}", f"{min(c, d)}-{max(c, d)}"
    assert age_bands.distance(one, other) == age_bands.distance(other, one)
    assert age_bands.distance(one, one) == 0
