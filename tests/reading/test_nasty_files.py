"""Files that are broken, locked, disguised or hostile: one plain sentence each, and never an exception."""

import io
import re
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from mhequity import tables
from mhequity.reading import read
from tests.reading import broken_files
from tests.reading.broken_files import (
    LOCKED,
    SHEET,
    changed_bytes,
    changed_pieces,
    saved,
    with_changed_bytes,
    with_changed_cells,
    with_part,
    workbook,
)

HEADINGS = ["area", "period", "persons"]
ROW = ["Brent", "2024/25", 7]


def population(*rows: list[object]) -> bytes:
    return workbook(HEADINGS, *rows, sheet="Population")


GOOD = population(ROW)
BOMB = with_part(GOOD, "docProps/app.xml", lambda _: b" " * 120_000_000)
FAR = with_part(
    GOOD, SHEET, lambda xml: xml.replace(b"</row></sheetData>", b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
)
NAMELESS_FAR = with_part(FAR, SHEET, lambda xml: xml.replace(b' r="XFD1048576"', b" r='XFD1048576'"))

REFUSED = [
    *broken_files.REFUSED,
    ("bomb.xlsx", BOMB, "Unpacked, the workbook would take 120 MB: far more than a table needs."),
    ("far.xlsx", FAR, "Sheet Population reaches down to row 1,048,576 and across 16,384 columns: too large to read."),
    ("far.xlsx", NAMELESS_FAR, "Sheet Population reaches down to row 1,048,576 and across 16,384 columns: too large to read."),
    ("program.csv", b"MZ\x00\x00\x01,2,3", "This is not a spreadsheet or a CSV file."),
    (
        "quote.csv",
        b'area,period,persons\nBrent,2024/25,"' + b"x" * 200_000,
        "Row 2 of the text file cannot be read: a quotation mark may be left open.",
    ),
]


@pytest.mark.parametrize(("name", "data", "sentence"), REFUSED, ids=[f"{name}-{at}" for at, (name, _, _) in enumerate(REFUSED)])
def test_file_that_cannot_be_read_gives_one_plain_sentence(name: str, data: bytes, sentence: str) -> None:
    found = read(data, name)
    assert found.tables == {}
    assert [(finding.severity, finding.file, finding.seen) for finding in found.findings] == [("blocked", name, sentence)]
    assert found.findings[0].advice


def test_file_over_the_limit_is_refused_before_it_is_read_whole() -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            assert 0 <= size <= 1_000_001
            return b"x" * size

    found = read(Endless(), "big.csv", limit_mb=1)  # type: ignore[arg-type]
    assert [finding.seen for finding in found.findings] == ["The file is larger than 1 MB."]


def test_locked_workbook_says_how_to_remove_the_password() -> None:
    assert "Encrypt with Password" in read(LOCKED, "locked.xlsx").findings[0].advice


def test_unexpected_trouble_is_one_plain_finding_and_is_logged(tmp_path, caplog) -> None:
    found = read(tmp_path / "not there.xlsx")
    assert [finding.seen for finding in found.findings] == ["The file could not be read."]
    assert "not there.xlsx" in caplog.text


def test_headings_alone_are_said_to_be_alone() -> None:
    found = read(population(), "population.xlsx")
    assert found.tables == {}
    assert [(finding.severity, finding.seen) for finding in found.findings] == [("note", "Headings without rows under them.")]


def test_formatting_far_out_does_not_make_a_sheet_too_large() -> None:
    def styled_far(xml: bytes) -> bytes:
        return xml.replace(b"</row></sheetData>", b'</row><row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>')

    assert read(with_part(GOOD, SHEET, styled_far), "population.xlsx").rows == {"population": 1}


def test_formulas_never_worked_out_are_the_only_finding_when_nothing_can_load() -> None:
    found = read(population(["Brent", "2024/25", "=3+4"], ["Camden", "2024/25", "=C2+1"]), "population.xlsx")
    assert found.tables == {}
    (finding,) = found.findings
    assert (finding.sheet, finding.cell, finding.seen) == ("Population", "C2", "2 formulas without a stored value")
    assert finding.advice == "Open it in Excel, save, upload again."


def test_formulas_never_worked_out_are_not_taken_for_missing_figures() -> None:
    found = read(population(["Brent", "2024/25", 7], ["Camden", "2024/25", "=C2+1"]), "population.xlsx")
    assert found.tables["population"]["area"].tolist() == ["E09000005"]
    assert found.rejected["row"].tolist() == [3]
    assert [finding.cell for finding in found.findings if finding.severity == "blocked"] == ["C3"]


def test_formulas_with_stored_values_are_read() -> None:
    def calculated(xml: bytes) -> bytes:
        return re.sub(rb"<f>(.*?)</f><v ?/>", rb"<f>\1</f><v>7</v>", xml)

    data = with_part(population(["Brent", "2024/25", "=3+4"]), SHEET, calculated)
    assert read(data, "population.xlsx").tables["population"]["persons"].tolist() == [7.0]


def test_hidden_sheet_is_named_and_not_read() -> None:
    book = Workbook()
    book.active.title = "Population"
    for row in (HEADINGS, ROW):
        book.active.append(row)
    hidden = book.create_sheet("Activity")
    hidden.append(["area", "service", "period", "measure", "count"])
    hidden.append(["Brent", "CMHT", "2024/25", "People seen", 5])
    hidden.sheet_state = "hidden"
    found = read(saved(book), "both.xlsx")
    assert found.rows == {"population": 1}
    assert [finding.sheet for finding in found.findings if finding.seen == "A hidden sheet"] == ["Activity"]


def test_date_cell_is_read_as_a_period() -> None:
    found = read(population(["Brent", datetime(2024, 4, 1), 7]), "population.xlsx")
    assert found.tables["population"]["period"].tolist() == ["Apr 2024"]


TEXT = "area,service,period,amount_gbp\nBrent,Café £5,2024/25,£120\nCamden,B,2024/25,7\n"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (TEXT.encode(), []),
        (TEXT.encode("utf-8-sig"), []),
        (TEXT.replace("\n", "\r\n").encode(), []),
        (TEXT.encode("utf-16"), ["Read as UTF-16 text."]),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), ["Read as UTF-16 text."]),
        (TEXT.encode("cp1252"), ["Read as Windows-1252 text."]),
        (TEXT.replace(",", ";").encode(), ["Read with semicolons between the columns."]),
        (TEXT.replace(",", "\t").encode(), ["Read with tabs between the columns."]),
        (TEXT.replace(",", "|").encode(), ["Read with bars (|) between the columns."]),
        (TEXT.replace("\n", "\r").encode(), ["Read with old Mac line ends."]),
        (TEXT.replace(",", ";").encode("cp1252"), ["Read as Windows-1252 text, with semicolons between the columns."]),
        (("sep=;\n" + TEXT.replace(",", ";")).encode(), ["Read with semicolons between the columns."]),
    ],
)  # fmt: skip
def test_text_file_is_read_whatever_its_encoding_separator_and_line_ends(data: bytes, told: list[str]) -> None:
    found = read(data, "investment.csv")
    assert found.tables["investment"]["service"].tolist() == ["Café £5", "B"]
    assert found.tables["investment"]["amount_gbp"].tolist() == [120.0, 7.0]
    assert [finding.done for finding in found.findings if finding.done.startswith("Read ") and not finding.sheet] == told


def test_cells_of_a_csv_are_counted_as_a_spreadsheet_does() -> None:
    data = b'area,period,persons\n\n"Brent","2024/25","7"\n"Cam\nden",2024/25,7\nBrentt,2024/25,7\n'
    assert read(data, "population.csv").rejected["row"].tolist() == [4, 5]


def test_csv_named_like_a_workbook_is_read_as_csv_with_a_note() -> None:
    found = read(b"area,period,persons\nBrent,2024/25,7\n", "population.xlsx")
    assert found.rows == {"population": 1}
    assert [finding.done for finding in found.findings if not finding.sheet] == ["Read as CSV."]


def test_workbook_named_like_a_csv_is_read_as_a_workbook() -> None:
    assert read(GOOD, "population.csv").rows == {"population": 1}


def sane(data: bytes, name: str) -> None:
    found = read(data, name)
    assert found.findings
    assert "contacts" not in found.tables
    for table, frame in found.tables.items():
        assert list(frame.columns) == list(tables.empty(table).columns)
    assert not any("could not be read" in finding.seen for finding in found.findings), found.findings


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "population.csv"]))
@settings(max_examples=150, deadline=None)
def test_arbitrary_bytes_give_findings_and_never_raise(data: bytes, name: str) -> None:
    sane(data, name)


@given(st.text(alphabet='abc,;\t|"\n\r=-*<5£é\u00a00123456789/%', max_size=200))
@settings(max_examples=150, deadline=None)
def test_arbitrary_rows_under_good_headings_are_loaded_or_listed(text: str) -> None:
    sane(("area,period,persons\nBrent,2024/25,1\n" + text).encode(), "population.csv")


@given(changed_bytes, st.integers(0, 10**6))
@settings(max_examples=100, deadline=None)
def test_workbook_with_changed_or_lost_bytes_never_raises(changes: list[tuple[int, int]], cut: int) -> None:
    data = with_changed_bytes(GOOD, changes)
    sane(data, "population.xlsx")
    sane(data[: cut % len(data)] or b"x", "population.xlsx")


@given(changed_pieces)
@settings(max_examples=100, deadline=None)
def test_workbook_with_changed_cells_xml_never_raises(changes: list[tuple[int, bytes]]) -> None:
    sane(with_changed_cells(GOOD, changes), "population.xlsx")
