"""What is too wide or too many is read in part and says so; recipes and details of people go through the whole way."""

import io
import zipfile
from dataclasses import replace

import pytest
from openpyxl import Workbook

from mhequity.reading import carry_out, from_json, open_book, read, to_json, understand
from mhequity.reading.books import MOST_COLUMNS
from mhequity.reading.planning import MOST_TABLES
from tests.reading.messy import saved


def test_columns_beyond_the_most_are_not_read_and_the_first_of_them_is_named() -> None:
    book = open_book((",".join(f"c{i}" for i in range(MOST_COLUMNS + 5)) + "\n").encode(), "wide.csv")
    assert book.grids[0].width == MOST_COLUMNS
    (told,) = [finding for finding in book.findings if finding.severity == "blocked"]
    assert (told.cell, told.seen) == ("EWW1", "4,005 columns")


def test_tables_beyond_the_most_are_not_read_and_it_is_said() -> None:
    text = "\n\n".join(f"Table {i}\nBorough,Contacts 2024/25\nBrent,{i}" for i in range(MOST_TABLES + 3))
    found = read(text.encode(), "many.csv")
    assert len(found.plan.tables) == MOST_TABLES
    assert [f.done for f in found.findings if "tables on one sheet" in f.seen] == [f"Only the first {MOST_TABLES} were read."]


SPEND = b"Mental health spend (GBP 000s)\n\nBorough,Service,2023/24\nBrent,CMHT,10\nHamersmith,CMHT,20\n"


def test_a_changed_plan_is_carried_out_and_saved_as_a_recipe_that_reads_the_next_file() -> None:
    book = open_book(SPEND, "spend.csv")
    first = understand(book)
    assert first.tables["investment"]["amount_gbp"].tolist() == [10_000]
    table = replace(first.plan.tables[0], areas={"Hamersmith": "E09000013"})
    changed = carry_out(book, replace(first.plan, tables=(table,), name="Spend"))
    assert changed.tables["investment"]["amount_gbp"].tolist() == [10_000, 20_000]
    again = read(SPEND.replace(b"2023/24", b"2024/25"), "next.csv", recipes=[from_json(to_json(changed.plan))])
    assert again.tables["investment"][["area", "period", "amount_gbp"]].to_numpy().tolist() == [
        ["E09000005", "2024/25", 10_000],
        ["E09000013", "2024/25", 20_000],
    ]
    assert any(finding.done == "Recognised: Spend, 3 columns." for finding in again.findings)


def test_the_same_file_read_twice_gives_the_same_tables() -> None:
    one, two = read(SPEND, "spend.csv"), read(SPEND, "spend.csv")
    assert one.plan == two.plan
    assert one.findings == two.findings
    assert {name: frame.to_csv() for name, frame in one.tables.items()} == {name: frame.to_csv() for name, frame in two.tables.items()}


def test_what_was_stopped_for_details_of_people_keeps_no_cell() -> None:
    found = read(b"Borough,Service,Period,Contacts,NHS number\nBrent,CMHT,2024/25,1,943 476 5919\n", "people.csv")
    assert (found.tables, found.book.grids, found.plan.tables) == ({}, (), ())
    assert "943" not in str(found.findings)
    without = read(b"Borough,Service,Period,Contacts,NHS number\nBrent,CMHT,2024/25,1,943 476 5919\n", "people.csv", without_personal=True)
    assert without.tables["activity"]["count"].tolist() == [1]
    assert "943" not in str(without.findings) + without.rejected.to_csv()


@pytest.mark.parametrize("written_oddly", [False, True], ids=["as Excel writes", "with a comment among the rows"])
def test_hidden_rows_and_columns_of_a_visible_sheet_are_read_and_told(written_oddly: bool) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (("Borough", "Service", "Year", "Contacts"), *((name, "CMHT", "2024/25", 5) for name in ("Brent", "Ealing", "Harrow"))):
        sheet.append(row)
    for number in (3, 4, 9):
        sheet.row_dimensions[number].hidden = True
    for letter in ("C", "G"):
        sheet.column_dimensions[letter].hidden = True
    found = read(saved(book) if not written_oddly else commented(saved(book)), "a.xlsx")
    assert found.rows == {"activity": 3}
    (told,) = [each for each in found.findings if each.kind == "hidden"]
    assert (told.cell, told.seen) == ("A3", "2 hidden rows (3, 4) and 1 hidden column (C)")
    assert told.done == "Read like the others."


def commented(data: bytes) -> bytes:
    """The same workbook with a comment among its first sheet's rows, which the fast reading does not know."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"</row>", b"</row><!-- -->", 1) if name.endswith("sheet1.xml") else content)
    return out.getvalue()


@pytest.mark.parametrize(("form", "unit"), [("0.0%", "share"), ("General", ""), ('0.0" %"', "")])
def test_cells_shown_as_percentages_are_shares_whatever_their_size(form: str, unit: str) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in (("Borough", "Year", "Of plan"), ("Brent", "2024/25", 1.748), ("Ealing", "2024/25", 0.87), ("Harrow", "2024/25", 1.02)):
        sheet.append(row)
    for row in (2, 3, 4):
        sheet.cell(row, 3).number_format = form
    frame = read(saved(book), "plan.xlsx").tables["indicators"]
    assert frame["value"].tolist() == [1.748, 0.87, 1.02]
    assert frame["unit"].tolist() == [unit] * 3


@pytest.mark.parametrize("headings", ["ICB,Borough", "Borough,ICB"])
def test_a_row_that_names_its_system_and_its_borough_is_about_the_borough(headings: str) -> None:
    rows = (("NWL", "Brent", 5), ("NWL", "Harrow", 6), ("NCL", "Barnet", 3))
    lines = [f"{icb},{borough},{count}" if headings.startswith("ICB") else f"{borough},{icb},{count}" for icb, borough, count in rows]
    frame = read("\n".join([f"{headings},Contacts 2024/25", *lines]).encode(), "contacts.csv").tables["activity"]
    assert list(zip(frame["area"], frame["count"], strict=True)) == [("E09000005", 5), ("E09000015", 6), ("E09000003", 3)]


@pytest.mark.parametrize(("heading", "days", "weeks"), [
    ("Week ending", ("2025-04-06", "2025-04-13"), ["2025-W14", "2025-W15"]),
    ("w/c", ("2025-04-07", "2025-04-14"), ["2025-W15", "2025-W16"]),
    ("Week commencing", ("07/04/2025", "14/04/2025"), ["2025-W15", "2025-W16"]),
    ("Day", ("2025-04-07", "2025-04-14"), ["7 Apr 2025", "14 Apr 2025"]),
    ("w/e", ("2025-04-07", "2025-04-14"), ["7 Apr 2025", "14 Apr 2025"]),
], ids=["Sundays", "Mondays", "Mondays by number", "days", "weeks that end on a Monday"])  # fmt: skip
def test_days_that_begin_or_end_a_week_are_its_week(heading: str, days: tuple[str, str], weeks: list[str]) -> None:
    text = f"{heading},Borough,Referrals\n" + "\n".join(f"{day},Brent,{at}" for at, day in enumerate(days))
    assert read(text.encode(), "weeks.csv").tables["activity"]["period"].tolist() == weeks


def test_a_day_that_is_shown_as_it_was_read_is_worth_no_sentence() -> None:
    found = read(b"Date,Borough,Referrals\n2025-04-09,Brent,1\n", "days.csv")
    assert found.tables["activity"]["period"].tolist() == ["9 Apr 2025"]
    assert not [each for each in found.findings if each.kind == "spellings"]


@pytest.mark.parametrize(("written", "kept"), [
    ("ReQoL-10", "ReQoL-10"), ("mHoNOS", "mHoNOS"), ("DIALOG", "DIALOG"), ("ReferralsReceived", "Referrals received"),
    ("Count_ReferralsReceived", "Count referrals received"), ("PHQ-9", "PHQ-9"),
])  # fmt: skip
def test_names_of_scales_stay_as_they_are_written(written: str, kept: str) -> None:
    text = f"Borough,Year,Measure,Value\nBrent,2024/25,{written},7\nEaling,2024/25,{written},8\n"
    assert set(read(text.encode(), "scores.csv").tables["indicators"]["measure"]) == {kept}
