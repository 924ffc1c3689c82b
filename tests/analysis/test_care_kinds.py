"""People, each once, or events of the same people."""

from __future__ import annotations

import pytest

from mhequity.analysis import care_kinds


@pytest.mark.parametrize(
    ("measure", "people", "one"),
    [
        ("People seen", True, "a person"), ("Patients with two contacts", True, "a person"), ("Number of persons", True, "a person"),
        ("Contacts attended", False, "a contact"), ("Contacts with people in crisis", False, "a contact"), ("Bed days", False, "a bed day"),
        ("Occupied bed-days", False, "a bed day"), ("Appointments", False, "an appointment"), ("Referrals received", False, "a referral"),
        ("Admissions", False, "an admission"), ("Output", False, "one counted"),
    ],
)  # fmt: skip
def test_the_name_of_a_measure_tells_what_is_counted(measure: str, people: bool, one: str) -> None:
    assert (care_kinds.counts_people(measure), care_kinds.one(measure)) == (people, one)


def test_measures_of_people_are_picked_out() -> None:
    assert care_kinds.of_people(["Contacts", "People seen", "Bed days"]) == ["People seen"]


def test_a_name_that_tells_neither_counts_no_events() -> None:
    assert [care_kinds.counts_events(name) for name in ("Bed days", "People seen", "Output")] == [True, False, False]
