"""What was understood of a file, in the words of the page."""

from mhequity.reading import Finding
from mhequity.reading.findings import KINDS
from mhequity.ui.reading_words import KIND_TITLES, attention, kinds_of


def test_every_kind_of_finding_has_a_title_of_its_own() -> None:
    assert set(KIND_TITLES) == set(KINDS)
    assert len(set(KIND_TITLES.values())) == len(KINDS)


def test_findings_stand_under_their_kind_the_most_frequent_first_and_each_once() -> None:
    unit, first, second = (
        Finding("fixed", "a.csv", cell=cell, kind=kind) for cell, kind in (("B1", "units"), ("A2", "areas"), ("A3", "areas"))
    )
    assert kinds_of([unit, first, second, first]) == {"Places not known": [first, second], "Units": [unit]}


def test_places_that_a_person_left_out_need_no_attention_but_totals_that_do_not_add_up_do() -> None:
    unknown, chosen = Finding("blocked", "a.csv", cell="A2", kind="areas"), Finding("blocked", "a.csv", cell="B1", kind="areas chosen")
    total, wrong_total = Finding("note", "a.csv", cell="A9", kind="totals"), Finding("note", "a.csv", cell="B9", kind="sums")
    assert attention([unknown, chosen, total, wrong_total]) == [unknown, wrong_total]
