"""What kind of thing a row is about is told from the level that a published file gives it."""

from __future__ import annotations

import pytest

from mhequity.reading.levels import OTHER, group_of, is_everyone, is_place


@pytest.mark.parametrize(
    "level",
    ["", "England", "ICB", "Sub ICB - GP practice or residence", "SubICB", "CCG", "Region", "Commissioning Region", "LAD/UA", "Local Authority",
     "UTLA", "Counties & UAs", "Districts & UAs", "CASSR", "England; Age Band", "Borough", "all_ccgs", "  icb  "],
)  # fmt: skip
def test_kinds_of_place_are_places(level: str) -> None:
    assert is_place(level)


@pytest.mark.parametrize("level", ["Provider", "Trust", "GP", "Provider; Age Group", "Care setting", "Team type", "Age band", "Ethnicity"])
def test_organisations_and_groups_of_people_are_no_places(level: str) -> None:
    assert not is_place(level)


@pytest.mark.parametrize(
    ("level", "column"),
    [
        ("England; Age Band", "age_band"),
        ("ICB - Age group", "age_band"),
        ("England; Gender", "sex"),
        ("ICB | Sex", "sex"),
        ("England: Ethnicity (Higher)", "ethnic_group"),
        ("England; IMD Quintiles", "deprivation_quintile"),
        ("England; Accommodation status", OTHER),
        ("England", OTHER),
        ("", OTHER),
    ],
)
def test_the_second_part_of_a_level_says_which_group_of_people(level: str, column: str) -> None:
    assert group_of(level) == column


@pytest.mark.parametrize("word", ["engagement", "packages", "management stage"])
def test_a_word_that_holds_age_is_not_age(word: str) -> None:
    assert group_of(f"England; {word}") == OTHER


@pytest.mark.parametrize("text", ["", "NONE", "All", "total", "N/A", "-", " none "])
def test_these_words_stand_for_everyone(text: str) -> None:
    assert is_everyone(text)


@pytest.mark.parametrize("text", ["18 to 24", "Female", "Unknown", "Not stated", "0"])
def test_a_group_unknown_is_not_everyone(text: str) -> None:
    assert not is_everyone(text)
