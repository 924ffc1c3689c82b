"""Workbooks as NHS staff send them: contact records, KPI returns with targets, parts of totals, staff groups, action logs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import pytest

from mhequity.reading import Reading, read
from tests.reading.zoo import BRENT, EALING, HARROW, book

Row = Sequence[Any]


def sheet(*rows: Row, name: str = "d") -> Reading:
    return read(book((name, rows)), "return.xlsx")


def facts(found: Reading, table: str, *columns: str) -> list[tuple[Any, ...]]:
    frame = found.tables[table]
    return [tuple(row) for row in frame[list(columns)].astype(object).to_numpy().tolist()]


def said(found: Reading, words: str) -> list[str]:
    return [f"{each.seen}: {each.done}" for each in found.findings if words in each.done]


# --- contact records ---------------------------------------------------------------------------------------------------


def contacts(heading: str, *words: str, head: Row = ("Duration (mins)", "Age at contact")) -> Reading:
    rows = [[1000 + at, f"{at + 1:02}/04/2025", "Brent", "T1", word, 30 + at, 40] for at, word in enumerate(words)]
    return sheet(["Client ID", "Contact Date", "Borough", "Team", heading, *head], *rows)


def test_attended_or_dna_makes_contacts_and_nothing_about_one_person_is_kept() -> None:
    found = contacts("Attended Or DNA", "Attended", "DNA", "DNA", "Attended", "Attended")
    assert list(found.tables) == ["activity"]
    assert facts(found, "activity", "area", "team", "period", "measure", "count") == [
        (BRENT, "T1", "Apr 2025", "Contacts attended", 3.0),
        (BRENT, "T1", "Apr 2025", "Contacts not attended", 2.0),
    ]


@pytest.mark.parametrize(
    ("word", "measure"),
    [
        ("Attended", "Contacts attended"),
        ("Arrived", "Contacts attended"),
        ("5 - Seen", "Contacts attended"),
        ("Did not attend", "Contacts not attended"),
        ("No-show", "Contacts not attended"),
        ("UTA", "Contacts not attended"),
        ("Cancelled", "Contacts not attended"),
        ("Cancelled by Patient", "Contacts not attended"),
        ("Cancelled by provider", "Contacts not attended"),
    ],
)
def test_a_word_of_attendance_is_yes_or_no(word: str, measure: str) -> None:
    found = contacts("Appointment Outcome", "Attended", "DNA", word)
    counts = dict(facts(found, "activity", "measure", "count"))
    assert counts == {"Contacts attended": 1.0, "Contacts not attended": 1.0} | {measure: 2.0}


def test_cancelled_is_said_to_be_counted_as_not_attended() -> None:
    found = contacts("Attended", "Attended", "Cancelled", "DNA")
    assert said(found, "cancelled") == ["Cancelled: Read as no: a cancelled contact is counted as not attended. 1 row in all."]


def test_a_word_of_attendance_that_is_not_known_keeps_the_contact() -> None:
    found = contacts("Attended Or DNA", "Attended", "DNA", "Elsewhere")
    assert dict(facts(found, "activity", "measure", "count")) == {
        "Contacts attended": 1.0, "Contacts not attended": 1.0, "Contacts, attendance not stated": 1.0,
    }  # fmt: skip
    assert said(found, "Left empty") == [
        "Not shown: each row is about one person.: attended does not know this value. Left empty under attended. 1 row kept without it."
    ]


def test_rows_of_one_person_each_are_contacts_even_where_nothing_says_who_attended() -> None:
    rows = [[1000 + at, f"{at + 1:02}/04/2025", "Brent", "T1", 30 + at, 40] for at in range(4)]
    found = sheet(["Client ID", "Contact Date", "Borough", "Team", "Duration (mins)", "Age at contact"], *rows)
    assert facts(found, "activity", "measure", "count") == [("Contacts, attendance not stated", 4.0)]


def test_yes_under_dna_is_never_taken_for_attendance() -> None:
    rows = [[f"0{at}/04/2025", "Brent", "CMHT", flag, 30] for at, flag in ((1, "Y"), (2, "N"), (3, "N"))]
    found = sheet(["Appointment date", "Borough", "Service", "DNA flag", "Cost"], *rows)
    assert facts(found, "activity", "measure", "count") == [("Contacts, attendance not stated", 3.0)]
    assert said(found, "who did not come")[0].startswith("DNA flag:")


def test_times_of_appointments_are_days() -> None:
    rows = [[datetime(2025, 4, at + 1, 9, 30), "Brent", "CMHT", word] for at, word in enumerate(("Attended", "DNA", "Attended"))]
    found = sheet(["Appointment date", "Borough", "Service", "Outcome"], *rows)
    assert dict(facts(found, "activity", "measure", "count")) == {"Contacts attended": 2.0, "Contacts not attended": 1.0}


def test_counts_by_day_and_attendance_are_no_contacts() -> None:
    rows = [[f"0{day}/04/2025", "Brent", word, 10 + day] for day in (1, 2) for word in ("Attended", "DNA")]
    found = sheet(["Date", "Borough", "Attendance", "Contacts"], *rows)
    assert found.plan.tables[0].kind != "contacts"
    assert facts(found, "activity", "period", "measure", "count") == [
        ("1 Apr 2025", "Attended, Contacts", 11.0),
        ("1 Apr 2025", "DNA, Contacts", 11.0),
        ("2 Apr 2025", "Attended, Contacts", 12.0),
        ("2 Apr 2025", "DNA, Contacts", 12.0),
    ]


# --- parts of the row or column before them ------------------------------------------------------------------------------


def test_rows_of_which_are_kept_apart_and_the_total_is_right() -> None:
    found = sheet(
        ["MH spend 2024/25 £k"],
        ["Service", "Brent", "Harrow"],
        ["Adult community", 100, 200],
        ["  of which ARRS", 10, 20],
        ["o/w crisis", 5, 6],
        ["Adult inpatient", 50, 60],
        ["incl. agency", 1, 2],
        ["Total", 150, 260],
    )
    assert facts(found, "investment", "area", "service", "amount_gbp") == [
        (BRENT, "Adult community", 100_000.0),
        (BRENT, "Adult inpatient", 50_000.0),
        (HARROW, "Adult community", 200_000.0),
        (HARROW, "Adult inpatient", 60_000.0),
    ]
    assert [line.split(":")[0] for line in said(found, "A part of a row before it")] == ["of which ARRS", "o/w crisis", "incl. agency"]
    assert said(found, "The total says") == []


def test_a_total_that_is_wrong_is_still_told_beside_parts() -> None:
    found = sheet(
        ["MH spend 2024/25 £k"],
        ["Service", "Brent", "Harrow"],
        ["Adult community", 100, 200],
        ["of which ARRS", 10, 20],
        ["Adult inpatient", 50, 60],
        ["Total", 999, 260],
    )
    assert said(found, "The total says") == ["999: The total says 999,000; the rows that it adds up make 150,000."]


def test_columns_of_which_are_not_counted_in() -> None:
    found = sheet(
        ["MH spend 2024/25 (£000s)"],
        ["Borough", "Adult community", "of which crisis", "Inpatient"],
        ["Brent", 100, 20, 50],
        ["Harrow", 100, 20, 50],
    )
    assert {service for (service,) in facts(found, "investment", "service")} == {"Adult community", "Inpatient"}
    assert said(found, "Parts of a column before them")[0].startswith("of which crisis:")


# --- targets -----------------------------------------------------------------------------------------------------------


def test_target_beside_quarters_is_no_figure_of_the_kpi() -> None:
    found = sheet(
        ["KPIs 2025/26"],
        ["Borough", "KPI", "Target", "Q1", "Q2", "RAG"],
        ["Brent", "SMI health checks", 500, 583, 305, "G"],
        ["Harrow", "SMI health checks", 500, 743, 445, "A"],
    )
    assert facts(found, "indicators", "area", "period", "measure", "value") == [
        (BRENT, "2025/26 Q1", "SMI health checks", 583.0),
        (HARROW, "2025/26 Q1", "SMI health checks", 743.0),
        (BRENT, "2025/26 Q2", "SMI health checks", 305.0),
        (HARROW, "2025/26 Q2", "SMI health checks", 445.0),
    ]
    assert said(found, "Targets beside the figures")[0].startswith("Target:")
    assert said(found, "has no such columns")[0].startswith("RAG:")


def test_target_beside_months_of_referrals_is_none_of_them() -> None:
    found = sheet(["Referrals 2025/26"], ["Borough", "Target", "Apr", "May"], ["Brent", 500, 539, 239], ["Harrow", 500, 58, 108])
    assert list(found.tables) == ["activity"]
    assert facts(found, "activity", "area", "period", "count") == [
        (BRENT, "Apr 2025", 539.0), (HARROW, "Apr 2025", 58.0), (BRENT, "May 2025", 239.0), (HARROW, "May 2025", 108.0),
    ]  # fmt: skip


@pytest.mark.parametrize("heading", ["Measure", "Type", None])
def test_rows_marked_target_are_kept_apart(heading: str | None) -> None:
    found = sheet(
        ["KPIs 2025/26"],
        ["Borough", "KPI", heading, "Q1", "Q2"],
        ["Brent", "SMI checks", "Target", 104, 200],
        ["Brent", "SMI checks", "Actual", 174, 257],
        ["Harrow", "SMI checks", "Target", 694, 258],
        ["Harrow", "SMI checks", "Actual", 32, 516],
    )
    assert facts(found, "indicators", "area", "period", "measure", "value") == [
        (BRENT, "2025/26 Q1", "SMI checks", 174.0),
        (HARROW, "2025/26 Q1", "SMI checks", 32.0),
        (BRENT, "2025/26 Q2", "SMI checks", 257.0),
        (HARROW, "2025/26 Q2", "SMI checks", 516.0),
    ]
    assert said(found, "kept apart: 2 rows") != []


def test_a_name_written_over_its_target_holds_for_the_actual_row() -> None:
    found = sheet(
        ["MH Scorecard 2025/26"],
        ["Borough", "KPI", None, "Q1"],
        ["Camden", "TT access", "Target", 2893],
        [None, None, "Actual", 1535],
        ["Camden", "CYP contacts", "Target", 1958],
        [None, None, "Actual", 2345],
    )
    assert facts(found, "indicators", "area", "measure", "value") == [
        ("E09000007", "TT access", 1535.0),
        ("E09000007", "CYP contacts", 2345.0),
    ]


def test_target_actual_and_rag_under_each_borough_are_no_core_offer() -> None:
    found = sheet(
        ["KPIs Q2 2025/26"],
        ["Indicator", "Brent", None, None, "Harrow", None, None],
        [None, "Target", "Actual", "RAG", "Target", "Actual", "RAG"],
        ["SMI checks", 100, 90, "A", 200, 210, "G"],
        ["Dementia diagnoses", 50, 60, "G", 70, 65, "A"],
    )
    assert list(found.tables) == ["indicators"]
    assert facts(found, "indicators", "area", "measure", "value") == [
        (BRENT, "SMI checks", 90.0), (BRENT, "Dementia diagnoses", 60.0), (HARROW, "SMI checks", 210.0), (HARROW, "Dementia diagnoses", 65.0),
    ]  # fmt: skip
    assert said(found, "Targets beside the figures")[0].startswith("Brent / Target, Harrow / Target:")
    assert said(found, "has no such columns")[0].startswith("Brent / RAG, Harrow / RAG:")


# --- labels that a table has no column for -------------------------------------------------------------------------------


def test_vacancies_keep_the_name_of_their_staff_group() -> None:
    found = sheet(
        ["Workforce 31/12/2024"],
        ["Borough", "Team", "Staff Group", "Budgeted WTE", "Contracted WTE", "Vacancy WTE"],
        ["Brent", "T1", "Nursing", 10, 8, 1],
        ["Brent", "T1", "Medical", 10, 8, 2],
    )
    assert facts(found, "indicators", "measure", "value") == [("Vacancies, Nursing", 1.0), ("Vacancies, Medical", 2.0)]
    assert facts(found, "workforce", "staff_group", "in_post_wte") == [("Nursing", 8.0), ("Medical", 8.0)]
    assert said(found, "States the same fact") == []


# --- the core offer and pivots -------------------------------------------------------------------------------------------


def test_a_borough_that_only_pilots_is_read_and_its_remark_told() -> None:
    found = sheet(
        ["Domain", "Element", "Brent", "Hounslow", "Harrow"],
        ["Crisis", "Crisis house", "Y", None, "P"],
        ["Crisis", "Safe haven", "N", "P (pilot)", "Y"],
        ["Crisis", "Line", "N", "P (pilot)", "Y"],
    )
    hounslow = [
        (element, status) for area, element, status in facts(found, "core_offer", "area", "element", "status") if area == "E09000018"
    ]
    assert hounslow == [("Crisis house", "unknown"), ("Safe haven", "partial"), ("Line", "partial")]
    assert said(found, "the remark in brackets was not used") == [
        "P (pilot): Read P (pilot) as partial, but the remark in brackets was not used."
    ]


def test_a_borough_of_words_that_are_not_known_is_told_cell_by_cell() -> None:
    found = sheet(
        ["Element", "Brent", "Hounslow", "Harrow"], ["Crisis house", "Y", "see plan", "P"], ["Safe haven", "N", "see plan", "Y"], ["Line", "N", "see plan", "Y"]
    )  # fmt: skip
    assert len(facts(found, "core_offer", "area")) == 6
    assert said(found, "no status that the app knows") == ["see plan: This is no status that the app knows. 3 cells left out."]


def test_a_borough_holds_for_blank_cells_down_to_its_total() -> None:
    found = sheet(
        ["Borough", "Team", "Contacts 2024/25"],
        ["Brent", "T1", 152], [None, "T2", 776], ["Brent Total", None, 928],
        ["Harrow", "T1", 427], [None, "T2", 420], ["Harrow Total", None, 847],
        ["Grand Total", None, 1775],
    )  # fmt: skip
    assert facts(found, "activity", "area", "team", "count") == [
        (BRENT, "T1", 152.0), (BRENT, "T2", 776.0), (HARROW, "T1", 427.0), (HARROW, "T2", 420.0),
    ]  # fmt: skip


# --- actions, sites, strategies ------------------------------------------------------------------------------------------

APRIL, SEPTEMBER = datetime(2025, 4, 1), datetime(2025, 9, 30)


def test_actions_keep_their_dates_and_a_due_date_to_be_confirmed_loses_no_row() -> None:
    found = sheet(
        ["Action", "Borough", "Lead", "Start date", "Due date", "% complete", "Status"],
        ["Recruit", "Brent", "JS", APRIL, SEPTEMBER, 0.4, "In progress"],
        ["Publish", "Harrow", "AB", APRIL, "TBC", 0, "Not started"],
        ["Review", "All boroughs", "AB", APRIL, SEPTEMBER, 1, "Complete"],
    )
    assert facts(found, "actions", "action", "area", "start", "due", "done_percent", "status") == [
        ("Recruit", BRENT, "1 Apr 2025", "30 Sep 2025", 40.0, "in progress"),
        ("Publish", HARROW, "1 Apr 2025", "", 0.0, "not started"),
        ("Review", "", "1 Apr 2025", "30 Sep 2025", 100.0, "done"),
    ]
    assert said(found, "Left empty under due")[0].startswith("TBC:")
    assert said(found, "kept without an area")[0].startswith("All boroughs:")


@pytest.mark.parametrize(
    ("word", "status"),
    [("Completed", "done"), ("On track", "in progress"), ("On-track", "in progress"), ("Delayed", "in progress"), ("Off track", "in progress"),
     ("Overdue", "in progress"), ("Not started", "not started"), ("see minutes", "")],
)  # fmt: skip
def test_a_status_of_an_action_is_read_as_people_write_it(word: str, status: str) -> None:
    found = sheet(
        ["Action", "Borough", "Due date", "Status"], ["Recruit", "Brent", SEPTEMBER, "In progress"], ["Publish", "Harrow", SEPTEMBER, word], ["Plan", "Ealing", SEPTEMBER, "Complete"]
    )  # fmt: skip
    assert facts(found, "actions", "area", "status") == [(BRENT, "in progress"), (HARROW, status), (EALING, "done")]


def test_type_is_the_kind_of_a_site() -> None:
    found = sheet(["Site name", "Type", "Borough", "Lat", "Long"], ["A", "Hub", "Brent", 51.5, -0.2], ["B", "Ward", "Harrow", 51.6, -0.3])
    assert facts(found, "sites", "site", "kind", "area") == [("A", "Hub", BRENT), ("B", "Ward", HARROW)]


def test_the_title_names_the_strategy_of_a_tracker() -> None:
    found = sheet(
        ["Adult MH Strategy 2025-28 – progress tracker"],
        ["Theme", "Ambition", "Plan", "Status", "Next steps", "Owner", "Due", "RAG"],
        ["Crisis", "No placements far away", "x", "y", "z", "JS", "Mar-27", "A"],
        ["Community", "Four weeks", "x", "y", "z", "JS", "TBC", "G"],
    )
    assert facts(found, "ambitions", "strategy", "ambition", "due", "stated_rating") == [
        ("Adult MH Strategy 2025-28", "No placements far away", "Mar 2027", "amber"),
        ("Adult MH Strategy 2025-28", "Four weeks", "", "green"),
    ]


# --- figures with more in their cell ---------------------------------------------------------------------------------------


def one_column(*cells: object) -> Reading:
    places = ("Brent", "Harrow", "Ealing", "Barnet", "Camden")
    return sheet(["Borough", "Contacts 2024/25"], *([place, cell] for place, cell in zip(places, cells, strict=False)))


def test_a_share_behind_a_count_is_told_once_for_the_column() -> None:
    found = one_column("45 (12%)", "1,770 (88%)", "<5 (1%)", 7)
    assert facts(found, "activity", "count", "suppressed")[:2] == [(45.0, ""), (1770.0, "")]
    assert facts(found, "activity", "suppressed")[2] == ("count",)
    assert said(found, "its share in brackets") == [
        "45 (12%): Read as 45. 3 rows of count with its share in brackets behind the figure, which was not used."
    ]


def test_footnote_marks_behind_figures_are_told_once_for_the_column() -> None:
    found = one_column("120*", "1,200²", "120 (p)", "(120)", 50)
    assert [count for (count,) in facts(found, "activity", "count")] == [120.0, 1200.0, 120.0, 50.0]
    assert said(found, "a footnote's mark") == [
        "120*: Read as 120. 3 rows of count with a footnote's mark behind the figure, which was not used."
    ]
    assert said(found, "cannot be below zero") == ["(120): count cannot be below zero. 1 row left out."]


def test_a_star_behind_a_figure_is_told_where_a_star_alone_suppresses() -> None:
    found = one_column("12*", "*", 50)
    assert facts(found, "activity", "suppressed") == [("",), ("count",), ("",)]
    (finding,) = [each for each in found.findings if "footnote's mark" in each.done]
    assert finding.advice == "Check that no star behind a figure hides it: * alone was read as suppressed in this column."


def test_counts_with_shares_are_no_shares_though_the_title_says_percent() -> None:
    found = sheet(["Caseload by ethnicity, 31 Mar 2025: n (%)"], ["Borough", "White", "Black"], ["Brent", "271 (15%)", "386 (21%)"])
    assert facts(found, "activity", "ethnic_group", "count") == [("White", 271.0), ("Black", 386.0)]
