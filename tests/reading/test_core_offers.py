"""A core offer is understood as people lay it out, its words as the four statuses; a word that is not known is never guessed."""

from __future__ import annotations

import pytest

from mhequity.reading import Reading, read
from mhequity.reading.findings import BLOCKED, FIXED, NOTE
from mhequity.reading.planning import plan_sheet
from mhequity.reading.statuses import status_of
from tests.reading.sheets import sheet
from tests.reading.zoo import book

BRENT, HARROW, EALING, BARNET = "E09000005", "E09000015", "E09000009", "E09000003"


def of(text: str, merged: list[str] | None = None, name: str = "Core offer") -> Reading:
    """A workbook's only sheet, written as lines of cells parted by ``|``."""
    rows = [[cell.strip() or None for cell in line.split("|")] for line in text.strip("\n").split("\n")]
    return read(book((name, rows), merged={name: merged} if merged else {}), "core_offer.xlsx")


def facts(found: Reading, *columns: str) -> list[tuple[str, ...]]:
    frame = found.tables["core_offer"]
    return sorted(frame[list(columns)].itertuples(index=False, name=None))


def test_boroughs_across_and_elements_down() -> None:
    found = of("Core offer by borough\nService element | Brent | Harrow\n24/7 crisis line | Yes | Partial\nCrisis cafe | No | Yes")
    assert facts(found, "area", "service", "element", "status") == [
        (BRENT, "Not stated", "24/7 crisis line", "full"),
        (BRENT, "Not stated", "Crisis cafe", "none"),
        (HARROW, "Not stated", "24/7 crisis line", "partial"),
        (HARROW, "Not stated", "Crisis cafe", "full"),
    ]


_REPORT = """
Community mental health core offer, March 2025
Y = in place, P = partial, N = not in place
 | North West London | | North Central London
Element | Brent | Harrow | Barnet
Crisis | | |
24/7 crisis line | Y | P | N
Crisis cafe | N | Y |
Talking therapies | | |
Self-referral | Y | Y | Y

Notes: as at March 2025, by the boroughs' own account
"""


def test_systems_merged_over_boroughs_section_rows_titles_and_notes() -> None:
    found = of(_REPORT, ["B3:C3"])
    assert facts(found, "area", "service", "element", "status") == [
        (BARNET, "Crisis", "24/7 crisis line", "none"),
        (BARNET, "Crisis", "Crisis cafe", "unknown"),
        (BARNET, "Talking therapies", "Self-referral", "full"),
        (BRENT, "Crisis", "24/7 crisis line", "full"),
        (BRENT, "Crisis", "Crisis cafe", "none"),
        (BRENT, "Talking therapies", "Self-referral", "full"),
        (HARROW, "Crisis", "24/7 crisis line", "partial"),
        (HARROW, "Crisis", "Crisis cafe", "full"),
        (HARROW, "Talking therapies", "Self-referral", "full"),
    ]


def test_each_word_is_said_with_what_it_was_taken_for() -> None:
    told = [(each.cell, each.done) for each in of(_REPORT, ["B3:C3"]).findings if each.severity == FIXED]
    assert told == [("B6", "Words were read as a status: Y as full (5), N as none (2), P as partial (1), blank as unknown (1).")]


def test_a_service_written_once_over_its_elements() -> None:
    text = "Core offer\nService | Element | Brent | Harrow\nCrisis | Line | Full | Partial\n | Cafe | None | Full\nCommunity | Key worker | Full | None\n | Care plan | Partial | Full"
    assert facts(of(text, ["A3:A4", "A5:A6"]), "service", "element", "status")[:3] == [
        ("Community", "Care plan", "full"),
        ("Community", "Care plan", "partial"),
        ("Community", "Key worker", "full"),
    ]


def test_blank_rows_between_services_do_not_cut_the_table() -> None:
    text = "Element | Brent | Harrow\nCrisis\nLine | ✓ | ✗\nCafe | ✓ | ✓\n\nCommunity\nKey worker | ✗ | –\nCare plan | ✓ | ✓\n\nKey:\n✓ | In place\n✗ | Not in place"
    found = of(text)
    assert facts(found, "area", "service", "element", "status")[4:] == [
        (HARROW, "Community", "Care plan", "full"),
        (HARROW, "Community", "Key worker", "unknown"),
        (HARROW, "Crisis", "Cafe", "full"),
        (HARROW, "Crisis", "Line", "none"),
    ]


def test_numbers_and_descriptions_beside_the_elements_and_counts_under_them_are_no_answers() -> None:
    text = """
Core offer self-assessment
Ref | Element | What it means | Brent | Harrow
1 | Line | Somebody answers day and night | In place | In development
2 | Cafe | A cafe that is open in the evening | Not in place | Unknown
 | Number in place | | 1 | 0
"""
    found = of(text)
    assert facts(found, "element", "status") == [("Cafe", "none"), ("Cafe", "unknown"), ("Line", "full"), ("Line", "partial")]
    assert [(each.cell, each.seen) for each in found.findings if each.severity == BLOCKED] == [("D5", "1"), ("E5", "0")]


def test_boroughs_down_and_elements_across_under_merged_services() -> None:
    text = "Core offer\n | Crisis | | Community |\nBorough | 24/7 line | Crisis cafe | Key worker | Care plan\nBrent | Full | None | Partial | Full\nHarrow | Partial | Full | Full | None"
    assert facts(of(text, ["B2:C2", "D2:E2"]), "area", "service", "element", "status") == [
        (BRENT, "Community", "Care plan", "full"),
        (BRENT, "Community", "Key worker", "partial"),
        (BRENT, "Crisis", "24/7 line", "full"),
        (BRENT, "Crisis", "Crisis cafe", "none"),
        (HARROW, "Community", "Care plan", "none"),
        (HARROW, "Community", "Key worker", "full"),
        (HARROW, "Crisis", "24/7 line", "partial"),
        (HARROW, "Crisis", "Crisis cafe", "full"),
    ]


@pytest.mark.parametrize("heading", ["Status", "In place?", "RAG", "Self-assessment"])
def test_one_element_a_row(heading: str) -> None:
    text = f"Borough | Service | Element | {heading} | Comments\nBrent | Crisis | Line | Yes | All good\nHarrow | Crisis | Line | Partial | Not at night\nHarrow | Crisis | Cafe | who knows |"
    found = of(text)
    assert facts(found, "area", "service", "element", "status") == [
        (BRENT, "Crisis", "Line", "full"),
        (HARROW, "Crisis", "Line", "partial"),
    ]
    assert found.rejected["Element"].tolist() == ["Cafe"]


def test_the_staff_that_is_missing_stands_beside_each_answer() -> None:
    text = " | Brent | | Harrow |\nElement | Status | Gap WTE | Status | Gap WTE\nLine | Yes | 0 | Partial | 2.5\nCafe | No | 4 | Yes | 0"
    frame = of(text, ["B1:C1", "D1:E1"]).tables["core_offer"]
    assert frame[["area", "element", "status", "gap_wte"]].to_numpy().tolist() == [
        [BRENT, "Line", "full", 0], [BRENT, "Cafe", "none", 4], [HARROW, "Line", "partial", 2.5], [HARROW, "Cafe", "full", 0],
    ]  # fmt: skip


def test_a_word_that_is_not_known_is_left_out_and_listed() -> None:
    found = of("Element | Brent | Harrow\nLine | Yes | mostly\nCafe | No | Yes\nPeer support | n/a | Yes")
    assert [(each.cell, each.seen, each.done) for each in found.findings if each.severity == BLOCKED] == [
        ("B4", "n/a", "This is no status that the app knows. 1 cell left out."),
        ("C2", "mostly", "This is no status that the app knows. 1 cell left out."),
    ]
    assert facts(found, "area", "element") == [(BRENT, "Cafe"), (BRENT, "Line"), (HARROW, "Cafe"), (HARROW, "Peer support")]
    assert found.rejected[["row", "Brent", "Harrow"]].to_numpy().tolist() == [[2, "", "mostly"], [4, "n/a", ""]]


def test_colours_are_said_to_be_doubtful() -> None:
    found = of("Core offer\nElement | Brent | Harrow\nLine | Green | Amber\nCafe | Red | Green")
    assert [each.done for each in found.findings if each.severity == NOTE and "colour" in each.done] == [
        "Read Green as full, Red as none, Amber as partial, but a colour may rate how sure a plan is and not how much is in place."
    ]


def test_a_misspelt_borough_across_is_asked_about() -> None:
    found = of("Element | Brent | Hillingdn\nLine | Yes | Partial\nCafe | No | Yes")
    assert [(each.seen, each.done) for each in found.findings if each.severity == BLOCKED] == [
        ("Hillingdn", "No London borough or ICB is known by this. Its column is left out: 2 rows.")
    ]
    assert facts(found, "area", "status") == [(BRENT, "full"), (BRENT, "none")]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Borough | Service | Recurrent? | Signed off? | Spend\nBrent | CMHT | Yes | No | 10\nHarrow | CMHT | No | Yes | 20", id="beside figures"),
        pytest.param("Borough | Full | Partial | None\nBrent | 3 | 2 | 1\nHarrow | 4 | 1 | 1", id="words as headings"),
        pytest.param("Borough | Lead agreed | Plan sent\nBrent | Yes | No\nHarrow | No | Yes", id="two questions of any kind"),
        pytest.param("Action | Brent agreed | Due\nPublish waits | Yes | May 2025\nRecruit | No | June 2025", id="actions"),
    ],
)  # fmt: skip
def test_yes_and_no_in_other_tables_are_no_core_offer(text: str) -> None:
    (plan,), _ = plan_sheet(sheet(text), "data.xlsx")
    assert plan.kind != "core_offer"


@pytest.mark.parametrize(
    ("word", "status"),
    [("YES", "full"), ("Y ", "full"), ("in place [1]", "full"), ("Not-in-place", "none"), ("✔️", "full"), ("Partially met", "partial"), ("TBC", "unknown"), ("P (pilot)", "partial")],
)  # fmt: skip
def test_words_are_known_whatever_their_case_and_notes(word: str, status: str) -> None:
    found = status_of(word)
    assert found is not None
    assert found.status == status


@pytest.mark.parametrize("word", ["mostly", "Yes, from April", "No (planned)", "Yes (not yet)", "Y (2026)", "n/a", "3", ""])
def test_other_words_are_not_guessed(word: str) -> None:
    assert status_of(word) is None
