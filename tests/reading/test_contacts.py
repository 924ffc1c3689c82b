"""Contacts: counted on arrival, and nothing about one person kept."""

import io

from openpyxl import Workbook

from mhequity.reading import findings_frame, read

HEAD = "date,area,service,provider,team,attended,wait_days,segment"


def reading(*lines: str):
    return read("\n".join([HEAD, *lines]).encode(), "contacts.csv")


def test_contacts_become_counts_by_month_and_are_not_kept() -> None:
    found = reading(
        "03/04/2024,Brent,CMHT,P,North,yes,,",
        "20/04/2024,Brent,CMHT,P,North,yes,,",
        "21/04/2024,Brent,CMHT,P,North,no,,",
        "02/05/2024,Brent,CMHT,P,North,,,",
    )
    assert list(found.tables) == ["activity"]
    assert found.tables["activity"][["area", "service", "provider", "team", "period", "measure", "count"]].values.tolist() == [
        ["E09000005", "CMHT", "P", "North", "Apr 2024", "Contacts attended", 2.0],
        ["E09000005", "CMHT", "P", "North", "Apr 2024", "Contacts not attended", 1.0],
        ["E09000005", "CMHT", "P", "North", "May 2024", "Contacts, attendance not stated", 1.0],
    ]


def test_waits_are_the_middle_and_the_wait_nine_in_ten_did_not_exceed() -> None:
    found = reading(*(f"03/04/2024,Brent,CMHT,,,yes,{days}," for days in range(1, 11)), "03/04/2024,Brent,CMHT,,,no,500,")
    waits = found.tables["waits"]
    assert waits[["period", "seen", "median_days", "p90_days", "definition"]].values.tolist() == [
        ["Apr 2024", 10.0, 5.5, 9.0, "local median"]
    ]


def test_blocked_contact_is_listed_by_row_and_reason_without_its_values() -> None:
    found = reading("03/04/2024,Jane Doe,CMHT,,,yes,,Secret segment")
    assert found.tables == {}
    assert found.rejected.columns.tolist() == ["file", "sheet", "row", "reason"]
    assert found.rejected["row"].tolist() == [2]
    told = findings_frame(found.findings).to_string() + found.rejected.to_string()
    assert "Jane" not in told
    assert "Secret" not in told


def test_counts_do_not_double_what_the_activity_sheet_states() -> None:
    book = Workbook()
    book.active.title = "Activity"
    for row in (["area", "service", "period", "measure", "count"], ["Brent", "CMHT", "Apr 2024", "Contacts attended", 7]):
        book.active.append(row)
    contacts = book.create_sheet("Contacts")
    for row in (["date", "area", "service", "attended"], ["3 Apr 2024", "Brent", "CMHT", "yes"]):
        contacts.append(row)
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue())
    assert found.tables["activity"]["count"].tolist() == [7.0]
    assert any("Upload one of the two only" in finding.advice for finding in found.findings)
