"""Tables to download: complete, and safe to open in a spreadsheet."""

import io

import pandas as pd
from openpyxl import load_workbook

from mhequity.export.tables import to_csv, to_excel
from mhequity.reading import read


def test_csv_is_utf8_with_a_mark_that_excel_needs() -> None:
    assert to_csv(pd.DataFrame({"sum": ["£5"], "n": [1]})) == b"\xef\xbb\xbfsum,n\n\xc2\xa35,1\n"


def test_text_like_a_formula_does_not_run_in_a_csv() -> None:
    frame = pd.DataFrame({"=head": ["=1", "+1", "-1", "@a", "\tx", "fine"]})
    assert to_csv(frame).decode("utf-8-sig").splitlines() == ["'=head", "'=1", "'+1", "'-1", "'@a", "'\tx", "fine"]


def test_negative_numbers_stay_numbers_and_missing_stays_empty() -> None:
    frame = pd.DataFrame({"change": [-2.5, float("nan")], "text": ["-2", None]})
    assert to_csv(frame).decode("utf-8-sig") == "change,text\n-2.5,'-2\n,\n"


def test_csv_export_is_read_back_without_its_apostrophes() -> None:
    frame = pd.DataFrame({"place": ["=North", "-South"], "area": ["Brent", "Camden"]})
    assert read(to_csv(frame), "places.csv").tables["places"]["place"].tolist() == ["=North", "-South"]


def test_rejected_rows_can_be_downloaded_corrected_and_read_again() -> None:
    rejected = read(b"area,period,persons\nBrentt,2024/25,-\n", "population.csv").rejected
    corrected = to_csv(rejected.replace("Brentt", "Brent"))
    assert read(corrected, "population.csv").rows == {"population": 1}


def test_workbook_has_a_sheet_a_frame_and_notes_last() -> None:
    book = load_workbook(io.BytesIO(to_excel({"By borough": pd.DataFrame({"area": ["Brent"], "n": [3]})}, ["Source: made up", "=note"])))
    assert book.sheetnames == ["By borough", "Notes"]
    sheet = book["By borough"]
    assert [[cell.value for cell in row] for row in sheet.rows] == [["area", "n"], ["Brent", 3]]
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in book["Notes"]["A"]] == ["Source: made up", "=note"]
    assert book["Notes"]["A2"].data_type == "s"


def test_text_like_a_formula_is_text_in_a_workbook() -> None:
    book = load_workbook(io.BytesIO(to_excel({"T": pd.DataFrame({"a": ["=1+1", "@x", "-5"]})})))
    assert [(cell.value, cell.data_type) for cell in book["T"]["A"][1:]] == [("=1+1", "s"), ("@x", "s"), ("-5", "s")]


def test_workbook_keeps_every_digit_dates_and_gaps() -> None:
    frame = pd.DataFrame({"x": [0.1 + 0.2, float("nan")], "when": pd.to_datetime(["2024-04-01", None]), "ok": [True, False]})
    rows = list(load_workbook(io.BytesIO(to_excel({"T": frame})))["T"].iter_rows(min_row=2, values_only=True))
    assert rows[0][0] == 0.30000000000000004
    assert str(rows[0][1]) == "2024-04-01 00:00:00"
    assert rows[1] == (None, None, False)


def test_sheet_names_are_ones_that_excel_accepts() -> None:
    frame = pd.DataFrame({"a": [1]})
    names = load_workbook(io.BytesIO(to_excel({"Waits: 2024/25?": frame, "x" * 40: frame, "X" * 40: frame}))).sheetnames
    assert names == ["Waits  2024 25", "x" * 31, "X" * 27 + " (2)"]


def test_characters_that_no_workbook_can_hold_are_dropped() -> None:
    book = load_workbook(io.BytesIO(to_excel({"T": pd.DataFrame({"a": ["be\x00ll\x07"]})})))
    assert book["T"]["A2"].value == "bell"


def test_nothing_to_export_is_still_a_file() -> None:
    assert load_workbook(io.BytesIO(to_excel({}))).sheetnames == ["Notes"]
    assert to_csv(pd.DataFrame()) == b"\xef\xbb\xbf"
