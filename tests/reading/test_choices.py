"""Words for what the catalogue allows: attendance, how far an action has come, ratings."""

import csv

import pytest

from mhequity.paths import DATA
from mhequity.reading.choices import choice_of, said
from mhequity.tables import CATALOGUE, kind


@pytest.mark.parametrize(
    ("word", "value"),
    [("DNA", "no"), ("5 - Attended", "yes"), ("Cancelled by Trust", "no"), ("NO_SHOW", "no"), ("Arrived", "yes")],
)
def test_words_of_attendance_are_known_whatever_their_case_and_code(word: str, value: str) -> None:
    found = said(word, "attended")
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize("word", ["", "maybe", "Discharged", "3"])
def test_other_words_are_not_guessed(word: str) -> None:
    assert said(word, "attended") is None


def test_a_status_of_actions_is_none_of_the_core_offer() -> None:
    found = choice_of("On track", kind("actions").column("status"))
    assert found is not None
    assert found.value == "in progress"
    assert choice_of("On track", kind("core_offer").column("status")) is None


def test_every_word_means_a_value_that_a_column_of_its_name_allows() -> None:
    allowed = {(column.name, value) for table in CATALOGUE for column in table.columns for value in column.allowed}
    with open(DATA / "headings" / "choices.csv", encoding="utf-8", newline="") as file:
        assert [row for row in csv.DictReader(file) if (row["column"], row["value"]) not in allowed] == []
