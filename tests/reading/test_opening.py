"""Bytes to cells: every format, encoding and layout gives the same texts in the right places; hostile files give a sentence."""

import csv
import io
import struct
import zipfile
from datetime import date, datetime
from datetime import time as time_of_day

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from mhequity.reading import delimited
from mhequity.reading.grids import Grid, Refused
from mhequity.reading.opening import Opened, open_file
from mhequity.reading.workbooks import Unread, read_workbook
from tests.reading.broken_files import (
    GOOD,
    REFUSED,
    SHEET,
    changed_bytes,
    changed_pieces,
    saved,
    with_changed_bytes,
    with_changed_cells,
    with_part,
    workbook,
    zipped,
)


def outcome(data: bytes, name: str) -> Opened | str:
    """What was opened, or the sentence of the refusal: anything else is an error."""
    try:
        return open_file(data, name)
    except Refused as refused:
        return refused.seen if refused.advice else ""


def texts(grid: Grid) -> list[list[str]]:
    return [grid.row(row) for row in range(grid.height)]


def only(data: bytes, name: str = "file.xlsx", **options) -> Grid:
    opened = open_file(data, name, **options)
    (grid,) = opened.grids
    return grid


def sheet_of(rows: str, after: str = "", texts: str = "", styles: str = "") -> bytes:
    """A workbook of one sheet, Data, with these rows as XML."""
    data = workbook([1])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts: dict[str, bytes | str] = {name: archive.read(name) for name in archive.namelist()}
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    parts[SHEET] = f"<worksheet {space}><sheetData>{rows}</sheetData>{after}</worksheet>"
    parts["xl/sharedStrings.xml"] = f"<sst {space}>{texts}</sst>"
    if styles:
        parts["xl/styles.xml"] = f"<styleSheet {space}>{styles}</styleSheet>"
    links = parts["xl/_rels/workbook.xml.rels"].decode()  # type: ignore[union-attr]
    link = (
        '<Relationship Id="rIdTexts" Target="sharedStrings.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/>'
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        links if "sharedStrings" in links else links.replace("</Relationships>", link + "</Relationships>")
    )
    return zipped(parts)


# Workbooks: texts


def test_every_kind_of_cell_has_one_text() -> None:
    grid = only(
        workbook(
            ["text", "  around ", "012", 12, 12.0, 0.1 + 0.2, 99.99, -0.0, 1e-12, 12345678901.0, True, False, 1],
            [date(2024, 4, 1), datetime(2024, 4, 1, 13, 5), time_of_day(13, 5), None, "a\nb", "#REF!", "'=x"],
        )
    )
    assert texts(grid) == [
        ["text", "around", "012", "12", "12", "0.3", "99.99", "0", "1e-12", "12345678901", "TRUE", "FALSE", "1"],
        ["2024-04-01", "2024-04-01 13:05:00", "13:05:00", "", "a\nb", "#REF!", "'=x", "", "", "", "", "", ""],
    ]
    assert (grid.name, grid.top, grid.left, grid.file, grid.hidden) == ("Sheet", 1, 1, "", False)


@pytest.mark.parametrize(
    "shown_as",
    ['0.0,"k"', '#,##0,,"m"', "£#,##0.0,,\\m", "[$£-809]#,##0,K", '[>=1000000]0.0,,"m";[>=1000]0.0,"k";0', "#,##0,_);[Red](#,##0,)"],
)
def test_a_number_shown_in_thousands_is_read_as_it_is_stored(shown_as: str) -> None:
    book = Workbook()
    book.active.append([1234567.5])
    book.active["A1"].number_format = shown_as
    assert texts(only(saved(book))) == [["1234567.5"]]


def test_true_and_one_in_a_column_stay_apart() -> None:
    assert only(workbook([1], [True], [0], [False])).strips[0].texts == ["1", "TRUE", "0", "FALSE"]


def test_numbers_as_excel_writes_them_are_the_shortest_that_mean_the_same() -> None:
    rows = '<row r="1"><c r="A1"><v>99.989999999999995</v></c><c r="B1"><v>0.33333333333333331</v></c><c r="C1"><v>1E5</v></c></row>'
    assert texts(only(sheet_of(rows))) == [["99.99", "0.3333333333333333", "100000"]]


def test_moment_a_hair_before_midnight_is_the_next_day() -> None:
    styles = (
        '<numFmts count="1"><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd hh:mm"/></numFmts>'
        '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="165"/></cellXfs>'
    )
    rows = '<row r="1"><c r="A1" s="1"><v>45382.9999999999</v></c><c r="B1" s="1"><v>45383.545138889</v></c></row>'
    assert texts(only(sheet_of(rows, styles=styles))) == [["2024-04-01", "2024-04-01 13:05:00"]]


def test_days_counted_from_1904_are_read_so() -> None:
    book = Workbook()
    book.epoch = datetime(1904, 1, 1)
    book.active.append([date(2024, 4, 1)])
    assert texts(only(saved(book))) == [["2024-04-01"]]


def test_error_cells_keep_their_name() -> None:
    rows = (
        '<row r="2"><c r="B2" t="e"><v>#REF!</v></c><c r="C2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="D2" t="inlineStr"><is><t>a t="e" b</t></is></c></row>'
    )
    grid = only(sheet_of(rows))
    assert texts(grid) == [["#REF!", "#DIV/0!", 'a t="e" b']]
    assert grid.address(0, 0) == "B2"


def test_shared_texts_are_read_with_runs_entities_and_without_phonetic_marks() -> None:
    shared = (
        "<si><t>plain</t></si><si/><si><t></t></si><si><r><t>two</t></r><r><rPr><b/></rPr><t xml:space='preserve'> runs</t></r></si>"
        "<si><t>R&amp;D &#163;</t></si><si><t>東</t><rPh sb='0' eb='1'><t>ひがし</t></rPh></si>"
    )
    rows = "".join(f'<row r="{at + 1}"><c r="A{at + 1}" t="s"><v>{at}</v></c></row>' for at in range(6))
    assert texts(only(sheet_of(rows, texts=shared))) == [["plain"], [""], [""], ["two runs"], ["R&D £"], ["東"]]


def test_shared_texts_with_prefixes_are_read() -> None:
    data = with_part(
        sheet_of('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', texts="<si><t>x</t></si>"),
        "xl/sharedStrings.xml",
        lambda _: (
            b'<x:sst xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:si><x:t>yes &amp; no</x:t></x:si></x:sst>'
        ),
    )
    assert texts(only(data)) == [["yes & no"]]


def test_reference_to_a_shared_text_that_is_not_there_is_damage() -> None:
    with pytest.raises(Refused, match="damaged"):
        open_file(sheet_of('<row r="1"><c r="A1" t="s"><v>9</v></c></row>', texts="<si><t>x</t></si>"), "a.xlsx")


def test_long_text_is_kept_whole() -> None:
    assert only(workbook(["x" * 32_767])).text(0, 0) == "x" * 32_767


# Workbooks: places


def test_position_of_cells_that_do_not_begin_at_the_top_left() -> None:
    book = Workbook()
    book.active["C5"] = "x"
    book.active["E7"] = "y"
    grid = only(saved(book))
    assert (grid.address(0, 0), grid.text(0, 0), grid.address(2, 2), grid.text(2, 2)) == ("C5", "x", "E7", "y")


def test_merged_cells_are_told_by_place() -> None:
    book = Workbook()
    book.active["B2"] = "wide"
    book.active.merge_cells("B2:D3")
    assert only(saved(book)).merged == ((2, 2, 3, 4),)


def test_large_sheet_read_in_pieces_is_whole_and_in_order() -> None:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    for row in range(60_000):
        sheet.append([f"name {row % 7}", row, row / 4, None if row % 2 else "even"])
    grid = only(saved(book))
    assert (grid.height, grid.width) == (60_000, 4)
    assert grid.strips[0].texts == [f"name {at}" for at in range(7)]
    assert [grid.strips[1][row] for row in (0, 1, 30_000, 59_999)] == ["0", "1", "30000", "59999"]
    assert grid.row(59_998) == ["name 1", "59998", "14999.5", "even"]


def test_one_cell_at_the_last_row_does_not_cost_a_sheet() -> None:
    book = Workbook()
    book.active["B2"] = "x"
    book.active["C1048576"] = "stray"
    grid = only(saved(book))
    assert (grid.height, grid.address(0, 0), grid.text(0, 0)) == (1_048_575, "B2", "x")
    assert (grid.address(1_048_574, 1), grid.text(1_048_574, 1)) == ("C1048576", "stray")


def test_all_columns_of_a_sheet_are_read() -> None:
    grid = only(workbook([f"c{at}" for at in range(16_384)], list(range(16_384))))
    assert (grid.width, grid.address(1, 16_383), grid.text(1, 16_383)) == (16_384, "XFD2", "16383")


@pytest.mark.parametrize("place", ["r='XFD1048576'", 'r="XFD1048576"', 's="0" r="XFD1048576"'])
def test_sheet_that_would_take_all_memory_is_left_out(place: str) -> None:
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c {place}><v>1</v></c></row>'
    with pytest.raises(Refused, match="reaches down to row 1,048,576 and across 16,384 columns: too large to read"):
        open_file(sheet_of(rows), "far.xlsx")


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1048576"><v>1</v></c><c r="XFD1"><v>1</v></c></row>',
        '<row r="5"><c r="B5"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="ZZZZ1"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
    ],
)
def test_cells_outside_any_sheet_or_out_of_order_are_damage(rows: str) -> None:
    with pytest.raises(Refused, match=r"damaged|too large"):
        open_file(sheet_of(rows), "odd.xlsx")


def test_formatting_far_out_does_not_make_a_sheet_too_large() -> None:
    rows = '<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert texts(only(sheet_of(rows))) == [["7"]]


@pytest.mark.parametrize(
    "rows",
    [
        '<x:row r="2"><x:c r="B2" t="s"><x:v>0</x:v></x:c><x:c r="C2"><x:v>7</x:v></x:c></x:row>',
        "<row r='2'><c r='B2' t='s'><v>0</v></c><c r='C2'><v>7</v></c></row>",
        '<row/><row><c/><c t="s"><v>0</v></c><c><v>7</v></c></row>',
        '<row r="2"><c t="s" r="B2"><v>0</v></c><c\nr="C2"><v><![CDATA[7]]></v></c><!-- <c r="Z9"> --></row>',
        '<row spans="1:3" r="2"><c r="B2" t="s"><v>0</v></c><c r="C2"><v>7</v></c></row>',
    ],
)
def test_rows_written_in_an_unusual_way_are_the_same_rows(rows: str) -> None:
    data = sheet_of(rows, texts="<si><t>shared</t></si>")
    if "<x:" in rows:
        data = with_part(data, SHEET, lambda xml: xml.replace(b"<worksheet xmlns=", b"<worksheet xmlns:x=").replace(b"sheetData", b"x:sheetData").replace(b"worksheet", b"x:worksheet", 1).replace(b"</worksheet", b"</x:worksheet"))  # fmt: skip
    grid = only(data)
    assert texts(grid) == [["shared", "7"]]
    assert grid.address(0, 0) == "B2"


# Workbooks: formulas, hidden and other sheets


def test_formulas_never_worked_out_are_told_by_place() -> None:
    grid = only(workbook(["persons"], ["=3+4"], [5], ["=A2+1"]))
    assert texts(grid) == [["persons"], [""], ["5"], [""]][: grid.height]
    assert grid.uncalculated == ((2, 1), (4, 1))


def test_formulas_with_stored_values_are_read() -> None:
    rows = '<row r="1"><c r="A1"><f>3+4</f><v>7</v></c><c r="B1" t="str"><f>""</f><v></v></c><c r="C1"><f t="shared" si="0"/><v>8</v></c></row>'
    grid = only(sheet_of(rows))
    assert grid.row(0)[0] == "7"
    assert grid.text(0, 2) == "8"
    assert grid.uncalculated == ()


def test_sheet_of_nothing_but_formulas_without_values_is_left_out() -> None:
    book = Workbook()
    book.active.append(["=1+1"])
    book.create_sheet("Good").append(["x"])
    opened = open_file(saved(book), "a.xlsx")
    assert [grid.name for grid in opened.grids] == ["Good"]
    assert opened.ignored == ["Sheet"]
    (finding,) = opened.findings
    assert (finding.severity, finding.cell, finding.seen) == ("blocked", "A1", "1 formulas without a stored value")


def mixed_book() -> bytes:
    book = Workbook()
    book.active.title = "Data"
    book.active.append(["x"])
    for name, state in (("Secret", "hidden"), ("Deep", "veryHidden"), ("README", "visible"), ("Lists", "hidden")):
        sheet = book.create_sheet(name)
        sheet.append([name])
        sheet.sheet_state = state
    book.create_sheet("Nothing")
    book.create_chartsheet("Chart")
    return saved(book)


def test_hidden_empty_and_chart_sheets_are_told_and_the_templates_are_not() -> None:
    opened = open_file(mixed_book(), "a.xlsx")
    assert [grid.name for grid in opened.grids] == ["Data"]
    assert opened.ignored == ["Secret", "Deep", "README", "Lists", "Nothing", "Chart"]
    assert [(finding.severity, finding.sheet, finding.seen) for finding in opened.findings] == [
        ("note", "Secret", "A hidden sheet"),
        ("note", "Deep", "A hidden sheet"),
        ("note", "Nothing", "An empty sheet"),
        ("note", "Chart", "A sheet without cells, such as a chart"),
    ]


def test_sheets_that_are_asked_for_are_read_also_when_hidden() -> None:
    opened = open_file(mixed_book(), "a.xlsx", sheets=["Deep", "README", "Absent"])
    assert [(grid.name, grid.hidden, grid.text(0, 0)) for grid in opened.grids] == [("Deep", True, "Deep"), ("README", False, "README")]
    assert [(finding.sheet, finding.seen) for finding in opened.findings] == [("Absent", "There is no sheet of this name.")]
    assert opened.ignored == ["Data", "Secret", "Lists", "Nothing", "Chart"]


def test_sheet_too_large_does_not_keep_the_others_from_being_read() -> None:
    book = Workbook()
    book.active.title = "Far"
    book.active["A1"], book.active["XFD1048576"] = 1, 1
    book.create_sheet("Good").append(["x"])
    opened = open_file(saved(book), "a.xlsx")
    assert [grid.name for grid in opened.grids] == ["Good"]
    assert [(finding.severity, finding.sheet, finding.done) for finding in opened.findings] == [
        ("blocked", "Far", "The sheet was left out.")
    ]


def test_macros_are_not_looked_at() -> None:
    data = with_part(workbook(["x"]), "docProps/app.xml", lambda xml: xml)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert texts(only(zipped({**parts, "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + bytes(100)}), "macro.xlsm")) == [["x"]]


value = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda x: float(f"{x:.12g}")),
    st.sampled_from(["x", " y ", "Café", "007", "1e5", "a\nb", "<&>", "TRUE", "#N/A", "12.0"]),
)


@given(st.lists(st.lists(value, min_size=1, max_size=5), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_is_written_in_a_workbook_is_what_is_read(rows: list[list[object]]) -> None:
    def expected(cell: object) -> str:
        if isinstance(cell, bool):
            return "TRUE" if cell else "FALSE"
        if isinstance(cell, float):
            return "0" if cell == 0 else repr(cell).removesuffix(".0")
        return "" if cell is None else str(cell).strip()

    opened = open_file(workbook(["start"], *rows), "a.xlsx")
    (grid,) = opened.grids
    for at, row in enumerate(rows):
        assert [grid.text(at + 1, column) for column in range(len(row))] == [expected(cell) for cell in row]


# Other formats

ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)


def ods(tables: str) -> bytes:
    hidden = '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
    content = (
        f"<office:document-content {ODS}><office:automatic-styles>{hidden}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    return zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def ods_cell(kind: str, shown: str, more: str = "") -> str:
    return f'<table:table-cell office:value-type="{kind}" {more}><text:p>{shown}</text:p></table:table-cell>'


def test_opendocument_cells_are_the_same_texts() -> None:
    row = "".join(
        [
            ods_cell("string", "a<text:s text:c='3'/>b<text:line-break/>c"),
            ods_cell("float", "2", 'office:value="1.5"'),
            ods_cell("percentage", "12.5%", 'office:value="0.125"'),
            ods_cell("date", "1 Apr", 'office:date-value="2024-04-01"'),
            ods_cell("date", "1 Apr", 'office:date-value="2024-04-01T13:05:00"'),
            ods_cell("time", "1", 'office:time-value="PT13H05M00S"'),
            ods_cell("boolean", "TRUE", 'office:boolean-value="true"'),
            ods_cell("string", "#REF!", 'calcext:value-type="error" office:string-value=""'),
            "<table:table-cell office:value-type='string'><office:annotation><text:p>a note</text:p></office:annotation>"
            "<text:p>x</text:p><text:p>y</text:p></table:table-cell>",
        ]
    )
    grid = only(
        ods(
            f'<table:table table:name="S"><table:table-row table:number-rows-repeated="2"><table:table-cell/></table:table-row>'
            f'<table:table-row><table:table-cell table:number-columns-repeated="2"/>{row}</table:table-row></table:table>'
        )
    )
    assert texts(grid)[-1][-9:] == [
        "a   b\nc", "1.5", "0.125", "2024-04-01", "2024-04-01 13:05:00", "13:05:00", "TRUE", "#REF!", "x\ny",
    ]  # fmt: skip
    assert grid.address(grid.height - 1, grid.width - 9) == "C3"


def test_opendocument_repeats_merges_formulas_and_hidden_sheets() -> None:
    opened = open_file(
        ods(
            '<table:table table:name="S"><table:table-row table:number-rows-repeated="3">' + ods_cell("string", "r")
            + '<table:table-cell table:number-columns-repeated="2"/>' + ods_cell("string", "q") + "</table:table-row><table:table-row>"
            + ods_cell("string", "m", 'table:number-columns-spanned="2" table:number-rows-spanned="1"')
            + '<table:covered-table-cell/><table:table-cell table:formula="of:=1+1"/></table:table-row>'
            '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
            '</table:table><table:table table:name="H" table:style-name="ta2"><table:table-row>' + ods_cell("string", "h")
            + "</table:table-row></table:table>"
        ),
        "a.ods",
    )  # fmt: skip
    (grid,) = opened.grids
    assert texts(grid) == [["r", "", "", "q"], ["r", "", "", "q"], ["r", "", "", "q"], ["m", "", "", ""]]
    assert (grid.merged, grid.uncalculated) == (((4, 1, 4, 2),), ((4, 3),))
    assert (opened.ignored, [finding.seen for finding in opened.findings]) == (["H"], ["A hidden sheet"])


def test_opendocument_that_repeats_a_cell_a_billion_times_is_refused() -> None:
    for rows, columns in ((1_048_576, 16_384), (999_999_999, 1), (1, 999_999_999), (1_000_000, 39)):
        row = (
            f'<table:table-row table:number-rows-repeated="{rows}">'
            + ods_cell("string", "x", f'table:number-columns-repeated="{columns}"')
            + "</table:table-row>"
        )
        with pytest.raises(Refused, match=r"too large to read|too many cells"):
            open_file(ods(f'<table:table table:name="S">{row}</table:table>'), "a.ods")


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff(sheets: dict[str, bytes], shared: list[str], more: bytes = b"") -> bytes:
    """The workbook stream of an .xls file: these sheets, each as the records of its cells, and shared texts."""
    start = struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0)
    sst = struct.pack("<II", len(shared), len(shared)) + b"".join(
        struct.pack("<HB", len(each), 0) + each.encode("latin-1") for each in shared
    )
    names = [struct.pack("<BB", len(name), 0) + name.encode() for name in sheets]
    ahead = len(record(0x0809, start)) + len(more) + sum(len(record(0x85, bytes(6) + name)) for name in names)
    ahead += len(record(0xFC, sst)) + len(record(0x0A, b""))
    books, cells = b"", b""
    for name, held in zip(names, sheets.values(), strict=True):
        books += record(0x85, struct.pack("<IH", ahead + len(cells), 0) + name)
        cells += record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0)) + held + record(0x0A, b"")
    return record(0x0809, start) + more + books + record(0xFC, sst) + record(0x0A, b"") + cells


def ole(stream: bytes) -> bytes:
    """An old Office file with one stream, Workbook: header, table of sectors, folder, then the stream."""
    stream += bytes(max(4096, -len(stream) % 512 + len(stream)) - len(stream))
    count = len(stream) // 512
    tables = -(-(count + 2) // 128)
    tables = -(-(count + 1 + tables) // 128)
    first = tables + 1
    table = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + [*range(first + 1, first + count), 0xFFFFFFFE]
    table += [0xFFFFFFFF] * (tables * 128 - len(table))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", *range(tables), *[0xFFFFFFFF] * (109 - tables))

    def entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
        coded = name.encode("utf-16-le")
        links = struct.pack("<BBIII", kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return (
            coded.ljust(64, b"\0") + struct.pack("<H", len(coded) + 2 if coded else 0) + links + bytes(36) + struct.pack("<IQ", start, size)
        )

    folder = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry("Workbook", 2, first, len(stream), 0xFFFFFFFF) + bytes(256)
    return head + struct.pack(f"<{len(table)}I", *table) + folder + stream


def xls_cells() -> bytes:
    return (
        record(0xFD, struct.pack("<HHHI", 1, 1, 0, 0))
        + record(0x203, struct.pack("<HHHd", 1, 2, 0, 12.0))
        + record(0x203, struct.pack("<HHHd", 2, 2, 0, 99.99))
        + record(0x205, struct.pack("<HHHBB", 2, 1, 0, 1, 0))
        + record(0x205, struct.pack("<HHHBB", 3, 1, 0, 23, 1))
        + record(0x06, struct.pack("<HHH", 3, 2, 0) + bytes([2, 0, 7, 0, 0, 0, 255, 255]) + bytes(8))
    )


def test_old_workbook_is_read() -> None:
    opened = open_file(ole(biff({"Old": xls_cells(), "Blank": b""}, ["Caf\xe9", "unused"])), "a.xls")
    (grid,) = opened.grids
    assert (grid.name, grid.address(0, 0)) == ("Old", "B2")
    assert texts(grid) == [["Café", "12"], ["TRUE", "99.99"], ["#REF!", "#DIV/0!"]]
    assert opened.ignored == ["Blank"]


def test_old_workbook_with_two_far_cells_or_a_flood_of_shared_text_is_refused() -> None:
    far = record(0x203, struct.pack("<HHHd", 0, 0, 0, 1.0)) + record(0x203, struct.pack("<HHHd", 65535, 255, 0, 1.0))
    flood = b"".join(record(0xFD, struct.pack("<HHHI", row, 0, 0, 0)) for row in range(60_000))
    with pytest.raises(Refused, match="reaches down to row 65,536 and across 256 columns: too large"):
        open_file(ole(biff({"A": far, "B": far}, [])), "a.xls")
    with pytest.raises(Refused, match="more text than can be read"):
        open_file(ole(biff({"A": flood}, ["x" * 8000])), "a.xls")


def test_old_workbook_with_a_password_says_so() -> None:
    with pytest.raises(Refused, match="password"):
        open_file(ole(biff({"A": xls_cells()}, ["x"], more=record(0x2F, bytes(54)))), "a.xls")


def test_half_an_old_workbook_is_damaged() -> None:
    data = ole(biff({"A": xls_cells() * 500}, ["x"]))
    for cut in (600, 1500, len(data) // 2):
        assert outcome(data[:cut], "a.xls")


def record12(kind: int, body: bytes) -> bytes:
    coded = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(body)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 127 else 0)])
        length >>= 7
        if not length:
            return coded + size + body


def xlsb(cells: bytes, shared: list[str]) -> bytes:
    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = (
        f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.bin"/>'
        f'<Relationship Id="rId2" Type="{office}/sharedStrings" Target="sharedStrings.bin"/></Relationships>'
    )
    sheet = record12(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Binary"))
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
            "xl/_rels/workbook.bin.rels": links,
            "xl/workbook.bin": record12(131, b"") + record12(143, b"") + sheet + record12(144, b"") + record12(132, b""),
            "xl/sharedStrings.bin": record12(159, struct.pack("<II", len(shared), len(shared)))
            + b"".join(record12(19, b"\0" + wide(each)) for each in shared)
            + record12(160, b""),
            "xl/worksheets/sheet1.bin": record12(129, b"") + record12(148, struct.pack("<IIII", 0, 10, 0, 10))
            + record12(145, b"") + cells + record12(146, b"") + record12(130, b""),
        }
    )  # fmt: skip


def row12(row: int, *cells: bytes) -> bytes:
    return record12(0, struct.pack("<I", row) + bytes(13)) + b"".join(cells)


def test_binary_workbook_is_read() -> None:
    cells = row12(1, record12(7, struct.pack("<III", 1, 0, 0)), record12(5, struct.pack("<IId", 2, 0, 12.5)))
    cells += row12(2, record12(3, struct.pack("<IIB", 1, 0, 42)), record12(4, struct.pack("<IIB", 2, 0, 1)))
    grid = only(xlsb(cells, ["shared"]), "a.xlsb")
    assert (grid.name, grid.address(0, 0)) == ("Binary", "B2")
    assert texts(grid) == [["shared", "12.5"], ["#N/A", "TRUE"]]


def test_binary_workbook_with_two_far_cells_is_refused() -> None:
    cells = row12(0, record12(5, struct.pack("<IId", 0, 0, 1.0))) + row12(1_048_575, record12(5, struct.pack("<IId", 16_383, 0, 1.0)))
    with pytest.raises(Refused, match="reaches down to row 1,048,576 and across 16,384 columns: too large"):
        open_file(xlsb(cells, []), "a.xlsb")


# Text

TEXT = "area,service,amount\nBrent,Café £5,£120\nCamden,B,7\n"
CELLS = [["area", "service", "amount"], ["Brent", "Café £5", "£120"], ["Camden", "B", "7"]]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (TEXT.encode(), []),
        (TEXT.encode("utf-8-sig"), []),
        (TEXT.replace("\n", "\r\n").encode(), []),
        (TEXT.replace("\n", "\r\n", 1).encode(), []),
        (TEXT.encode("utf-16"), ["Read as UTF-16 text."]),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), ["Read as UTF-16 text."]),
        (TEXT.encode("utf-16-le"), ["Read as UTF-16 text."]),
        (TEXT.encode("utf-16-be"), ["Read as UTF-16 text."]),
        (TEXT.encode("cp1252"), ["Read as Windows-1252 text."]),
        ("area,service,amount\nBrent,Café £5,".encode() + "£120\nCamden,B,7\n".encode("cp1252"), ["Read as a mixture of UTF-8 and Windows-1252 text."]),
        (TEXT.replace(",", ";").encode(), ["Read with semicolons between the columns."]),
        (TEXT.replace(",", "\t").encode(), ["Read with tabs between the columns."]),
        (TEXT.replace(",", "|").encode(), ["Read with bars (|) between the columns."]),
        (TEXT.replace("\n", "\r").encode(), ["Read with old Mac line ends."]),
        (TEXT.replace(",", ";").encode("cp1252"), ["Read as Windows-1252 text, with semicolons between the columns."]),
    ],
)  # fmt: skip
def test_text_is_read_whatever_its_encoding_separator_and_line_ends(data: bytes, told: list[str]) -> None:
    opened = open_file(data, "investment.csv")
    assert texts(opened.grids[0]) == CELLS
    assert opened.grids[0].name == "investment"
    assert [finding.done for finding in opened.findings] == told


def test_excels_hint_line_says_the_separator_and_counts_as_a_line() -> None:
    opened = open_file(("sep=;\r\n" + TEXT.replace(",", ";")).encode(), "a.csv")
    assert texts(opened.grids[0]) == CELLS
    assert opened.grids[0].address(0, 0) == "A2"


def test_titles_blank_lines_notes_and_ragged_rows_stay_in_their_place() -> None:
    data = b'Spend by area\nExtract, 2024\n\na,b,c\n1,2,3\n"Brent, all\nof it",2,3\n4,5\n6,7,8,9\n\nSource: "somewhere"\n'
    assert texts(only(data, "a.csv")) == [
        ["Spend by area", "", "", ""], ["Extract", "2024", "", ""], ["", "", "", ""], ["a", "b", "c", ""], ["1", "2", "3", ""],
        ["Brent, all\nof it", "2", "3", ""], ["4", "5", "", ""], ["6", "7", "8", "9"], ["", "", "", ""], ['Source: "somewhere"', "", "", ""],
    ]  # fmt: skip


def test_distinct_texts_are_in_order_of_first_appearance() -> None:
    assert only(b"title\na,b\nc,d\na,z\nnote\n", "a.csv").strips[0].texts == ["title", "a", "c", "note"]


def test_missing_marks_and_numbers_stay_as_they_are_written() -> None:
    data = b'a,b\nNA,012\n,1.50\nnull,""\nN/A,1e5\n#N/A,TRUE\n'
    assert texts(only(data, "a.csv")) == [["a", "b"], ["NA", "012"], ["", "1.50"], ["null", ""], ["N/A", "1e5"], ["#N/A", "TRUE"]]


def test_the_apostrophe_of_our_own_exports_is_taken_off() -> None:
    assert texts(only(b"a,b\n'=1+1,'-\n'quoted',it's\n", "a.csv")) == [["a", "b"], ["=1+1", "-"], ["'quoted'", "it's"]]


def test_one_column_is_a_table_too() -> None:
    assert texts(only(b"area\nBrent\nCamden\n", "a.csv")) == [["area"], ["Brent"], ["Camden"]]


def test_long_cells_are_kept() -> None:
    assert only(b"a,b\n" + b"x" * 40_000 + b",1\n", "a.csv").text(1, 0) == "x" * 40_000


def test_quotation_mark_left_open_is_told_with_its_row() -> None:
    with pytest.raises(Refused, match="Row 2 of the text file cannot be read: a quotation mark may be left open"):
        open_file(b'a,b,c\nBrent,2,"' + b"x" * 200_000, "a.csv")
    with pytest.raises(Refused, match="Row 3 of the text file cannot be read: a quotation mark may be left open"):
        open_file(b'a,b,c\nBrent,2,3\nCamden,2,"3\nEaling,2,3\nHarrow,2,3\n', "a.csv")


@pytest.mark.parametrize("data", [b"MZ\x00\x00\x01,2,3", TEXT.encode() + b"\0" * 20, TEXT.encode("utf-32")])
def test_text_with_zero_bytes_is_no_table(data: bytes) -> None:
    with pytest.raises(Refused, match="This is not a spreadsheet or a CSV file"):
        open_file(data, "a.csv")


def test_too_many_rows_or_columns_are_refused() -> None:
    with pytest.raises(Refused, match="more than 1,048,576 rows or 16,384 columns"):
        open_file(b"a,b\n" * 1_048_577, "a.csv")
    with pytest.raises(Refused, match="more than 1,048,576 rows or 16,384 columns"):
        open_file(b"a\n" * 1_048_577, "a.csv")
    with pytest.raises(Refused, match="more than 1,048,576 rows or 16,384 columns"):
        open_file(b"," * 3_000_000, "a.csv")
    assert only(b"a,b\n" * 1_048_576, "a.csv").height == 1_048_576


def row_by_row(data: bytes) -> list[list[str]]:
    text = delimited._Text(data, "", ",", 0)
    return texts(delimited._row_by_row(text, "a"))


pieces = st.sampled_from(["a", "b", "1", " ", ",", ",", ",", "\n", "\n", '"', '""', '","', "\r\n", "\r", "é", "'=", ";"])


@given(st.lists(pieces, max_size=60).map("".join))
@settings(max_examples=600, deadline=None)
def test_both_ways_of_reading_text_give_the_same_cells(body: str) -> None:
    data = ("x,y,z\n1,2,3\n" + body).encode()
    fast = delimited._regular(delimited._Text(data, "", ",", 0), "a")
    assume(fast is not None)
    assert texts(fast) == row_by_row(data)


@given(st.lists(st.lists(st.text(alphabet='ab,"\n\r é=', max_size=6), min_size=3, max_size=3), min_size=1, max_size=20))
@settings(max_examples=200, deadline=None)
def test_rows_written_as_csv_are_read_back(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["x", "y", "z"], *rows])
    assert texts(only(out.getvalue().encode(), "a.csv")) == [["x", "y", "z"], *[[cell.strip() for cell in row] for row in rows]]


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.xlsx", "a.xls"]))
@settings(max_examples=300, deadline=None)
def test_arbitrary_bytes_are_cells_or_a_refusal(data: bytes, name: str) -> None:
    assert outcome(data, name)


@given(changed_bytes, st.integers(1, 10**6))
@settings(max_examples=150, deadline=None)
def test_workbook_with_changed_or_lost_bytes_is_cells_or_a_refusal(changes: list[tuple[int, int]], cut: int) -> None:
    data = with_changed_bytes(GOOD, changes)
    for each in (data, data[: cut % len(data)]):
        assert outcome(each, "a.xlsx")


@given(changed_pieces)
@settings(max_examples=150, deadline=None)
def test_workbook_with_changed_cells_is_cells_or_a_refusal(changes: list[tuple[int, bytes]]) -> None:
    assert outcome(with_changed_cells(GOOD, changes), "a.xlsx")


# Zip files of several files, and files that are something else


def test_zip_file_gives_each_files_cells_under_its_name() -> None:
    data = zipped(
        {"one/data.csv": TEXT, "two.xlsx": GOOD, "__MACOSX/._two.xlsx": b"x", ".DS_Store": b"x", "folder/": b"", "bad.xlsx": b"PK\x03\x04", "notes.pdf": b"%PDF-1.7"}
    )  # fmt: skip
    opened = open_file(data, "all.zip")
    assert [(grid.file, grid.name) for grid in opened.grids] == [("one/data.csv", "data"), ("two.xlsx", "Sheet")]
    assert texts(opened.grids[0]) == CELLS
    assert [(finding.severity, finding.file, finding.seen) for finding in opened.findings] == [
        ("blocked", "all.zip/bad.xlsx", "The workbook is damaged or only part of it arrived."),
        ("note", "all.zip/notes.pdf", "This is a PDF file."),
    ]
    assert opened.ignored == ["bad.xlsx", "notes.pdf"]


def test_zip_file_within_a_zip_file_is_left_out() -> None:
    opened = open_file(zipped({"a.csv": TEXT, "b.zip": zipped({"c.csv": TEXT})}), "all.zip")
    assert [grid.file for grid in opened.grids] == ["a.csv"]
    assert [finding.seen for finding in opened.findings] == ["This is a zip file within a zip file."]


def test_sheets_of_a_zip_file_are_asked_for_by_member() -> None:
    opened = open_file(zipped({"a.xlsx": mixed_book(), "b.csv": TEXT}), "all.zip", sheets=["a.xlsx/Secret", "b"])
    assert [(grid.file, grid.name) for grid in opened.grids] == [("a.xlsx", "Secret"), ("b.csv", "b")]
    assert opened.findings == []
    assert "a.xlsx/Data" in opened.ignored


def test_bombs_within_a_zip_file_are_left_out_and_the_others_read() -> None:
    bomb = zipped({"docProps/app.xml": b" " * 120_000_000, "xl/workbook.xml": b"<a/>"})
    opened = open_file(zipped({"bomb.xlsx": bomb, "a.csv": TEXT}), "all.zip")
    assert [grid.file for grid in opened.grids] == ["a.csv"]
    assert [finding.seen for finding in opened.findings] == ["Unpacked, the workbook would take 120 MB: far more than a table needs."]


def test_understated_sizes_do_not_let_a_bomb_through() -> None:
    data = with_part(GOOD, SHEET, lambda xml: xml.replace(b"</sheetData>", b" " * 5_000_000 + b"</sheetData>"))
    at = data.rindex(SHEET.encode(), 0, data.rindex(b"PK\x05\x06")) - 46
    assert data[at : at + 4] == b"PK\x01\x02"
    with pytest.raises(Refused, match="damaged"):
        open_file(data[: at + 24] + struct.pack("<I", 1000) + data[at + 28 :], "a.xlsx")


@pytest.mark.parametrize(("name", "data", "sentence"), REFUSED, ids=[f"{name}-{at}" for at, (name, _, _) in enumerate(REFUSED)])
def test_file_that_cannot_be_read_gives_one_plain_sentence(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(Refused) as refused:
        open_file(data, name)
    assert refused.value.seen == sentence
    assert refused.value.advice


def test_text_named_like_a_workbook_is_read_with_a_note() -> None:
    opened = open_file(TEXT.replace(",", "\t").encode(), "export.xls")
    assert texts(opened.grids[0]) == CELLS
    assert [(finding.seen, finding.done) for finding in opened.findings] == [
        ("", "Read with tabs between the columns."),
        ("Plain text named like an Excel workbook", "Read as CSV."),
    ]


def test_workbook_named_like_text_is_read_as_a_workbook() -> None:
    assert texts(only(GOOD, "a.csv")) == [["a", "b"], ["1", "x"]]


def test_many_cells_that_share_one_long_text_take_its_memory_once() -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 100_001))
    (grid,) = read_workbook(sheet_of(rows, texts=f"<si><t>{'x' * 32_000}</t></si>"), lambda *_: True)
    assert not isinstance(grid, Unread)
    assert (grid.height, len(grid.strips[0].values)) == (100_000, 1)
