"""The workbook that comes back is the person's own, with marks: nothing else in it changes."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import load_workbook as read_workbook

from mhequity.export.annotated import MOST_CELLS, annotated
from mhequity.export.marked_cells import contrast
from mhequity.export.marks import COLOURS, LIST_SHEET, MOST_MARKED, Mark, marks_of
from mhequity.reading import read
from mhequity.reading.findings import BLOCKED, FIXED, NOTE
from mhequity.reading.grids import grid_of
from tests.reading.broken_files import saved


def opened(data: bytes, **how: bool) -> Workbook:
    return load_workbook(io.BytesIO(data), **how)


def spend() -> Workbook:
    """A sheet as people make them."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Spend"
    sheet.merge_cells("A1:C1")
    sheet["A1"] = "Spend by borough"
    for row in (
        ["Borough", "From", "Amount"],
        ["Brent", date(2024, 4, 1), 1250000.5],
        ["Ealing", date(2024, 4, 1), "abt 3m"],
        ["Total", None, "=SUM(C3:C4)"],
    ):
        sheet.append(row)
    sheet["C3"].number_format = "£#,##0.00"
    sheet["B3"].number_format = "dd mmm yyyy"
    sheet["A2"].font = Font(bold=True, color="FFFFFF")
    sheet["A2"].fill = PatternFill("solid", start_color="12436D")
    sheet["B4"].comment = Comment("From the ledger", "Ann")
    sheet.column_dimensions["A"].width = 33
    sheet.row_dimensions[2].height = 40
    sheet.freeze_panes = "A3"
    sheet.sheet_properties.tabColor = "FF0000"
    sheet.add_data_validation(DataValidation("list", '"a,b"', sqref="D3:D9"))
    book.create_sheet("Notes")["A1"] = "=made up"
    book["Notes"]["A1"].data_type = "s"
    return book


def with_results(data: bytes, results: dict[str, bytes]) -> bytes:
    """The workbook as a spreadsheet program saves it: with each formula's last result."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                for formula, result in results.items():
                    kind, value = (b"", result) if result[:1].isdigit() else (b' t="str"', result)
                    before, after = content.split(b"<f>" + formula.encode() + b"</f><v />")
                    content = before[:-1] + kind + b"><f>" + formula.encode() + b"</f><v>" + value + b"</v>" + after
            target.writestr(name, content)
    return out.getvalue()


def look(sheet: Worksheet, marked: set[str]) -> dict[str, tuple]:
    """Everything about the cells that are not marked."""
    return {
        cell.coordinate: (cell.value, cell.data_type, cell.number_format, *(repr(style) for style in (cell.font, cell.fill, cell.border, cell.alignment)), cell.comment and cell.comment.text)
        for row in sheet.iter_rows() for cell in row if cell.coordinate not in marked
    }  # fmt: skip


MARKS = [
    Mark("Spend", "C4", BLOCKED, "“abt 3m” is no number. Write digits."), Mark("Spend", "A2", NOTE, "Taken as the area."),
    Mark("Spend", "B4", FIXED, "Read as 2024/25."), Mark("Spend", "C4", NOTE, "=1+1 is said here too."),
]  # fmt: skip


def test_marked_cells_are_coloured_and_commented() -> None:
    sheet = opened(annotated(saved(spend()), MARKS))["Spend"]
    assert {cell: sheet[cell].fill.start_color.rgb[-6:] for cell in ("C4", "A2", "B4")} == {
        "C4": COLOURS[BLOCKED],
        "A2": COLOURS[NOTE],
        "B4": COLOURS[FIXED],
    }
    assert sheet["C4"].comment.text == "Left out: “abt 3m” is no number. Write digits.\nGood to know: =1+1 is said here too."
    assert sheet["B4"].comment.text == "From the ledger\n\nPut right: Read as 2024/25."
    assert sheet["B4"].comment.author == "Ann"


def test_everything_else_stays() -> None:
    before, after = spend(), opened(annotated(saved(spend()), MARKS))
    assert after.sheetnames == ["Spend", "Notes", LIST_SHEET]
    was, now = opened(saved(before))["Spend"], after["Spend"]
    assert look(now, {"C4", "A2", "B4"}) == look(was, {"C4", "A2", "B4"})
    assert [(cell, now[cell].value) for cell in ("C4", "A2", "B4")] == [("C4", "abt 3m"), ("A2", "Borough"), ("B4", datetime(2024, 4, 1))]
    assert now["C5"].value == "=SUM(C3:C4)"
    assert (now.column_dimensions["A"].width, now.row_dimensions[2].height, now.freeze_panes) == (33, 40, "A3")
    assert [str(each) for each in now.merged_cells.ranges] == ["A1:C1"]
    assert now.sheet_properties.tabColor.rgb == "00FF0000"
    assert now.data_validations.dataValidation[0].formula1 == '"a,b"'
    assert (after["Notes"]["A1"].value, after["Notes"]["A1"].data_type) == ("=made up", "s")


def test_a_reader_finds_the_same_values_again() -> None:
    book = spend()
    book["Spend"]["D5"] = "=A3&A4"
    data = with_results(saved(book), {"SUM(C3:C4)": b"1250000.5", "A3&amp;A4": b"Brent &amp; Ealing"})
    was, now = (read_workbook(io.BytesIO(each)) for each in (data, annotated(data, MARKS)))
    assert [now.get_sheet_by_name(name).to_python() for name in was.sheet_names] == [
        was.get_sheet_by_name(name).to_python() for name in was.sheet_names
    ]
    assert was.get_sheet_by_name("Spend").to_python()[4][2:] == [1250000.5, "Brent & Ealing"]
    assert opened(annotated(data, MARKS))["Spend"]["D5"].value == "=A3&A4"


def test_a_formula_without_a_result_stays_without() -> None:
    assert opened(annotated(saved(spend()), MARKS), data_only=True)["Spend"]["C5"].value is None


def test_text_in_several_fonts_and_tables_stay() -> None:
    book = Workbook()
    rows = [["area", "note"], ["Brent", CellRichText("partly ", TextBlock(InlineFont(b=True), "bold"))]]
    for row in rows:
        book.active.append(row)
    book.active.add_table(Table(displayName="T1", ref="A1:B2"))
    sheet = opened(annotated(saved(book), [Mark("Sheet", "A2", NOTE, "Seen.")]), rich_text=True)["Sheet"]
    assert [str(part) for part in sheet["B2"].value] == ["partly ", "bold"]
    assert list(sheet.tables) == ["T1"]


def test_white_text_turns_black_where_the_new_colour_is_light_and_other_text_stays() -> None:
    sheet = opened(annotated(saved(spend()), MARKS))["Spend"]
    assert (sheet["A2"].font.color.rgb, sheet["A2"].font.bold) == ("FF000000", True)
    assert repr(sheet["C4"].font) == repr(opened(saved(spend()))["Spend"]["C4"].font)


@pytest.mark.parametrize("colour", COLOURS.values())
def test_black_text_is_readable_on_every_colour(colour: str) -> None:
    assert contrast("000000", colour) > 13
    assert round(contrast("000000", "FFFFFF")) == 21


def test_a_mark_inside_merged_cells_stands_at_the_first_of_them() -> None:
    sheet = opened(annotated(saved(spend()), [Mark("Spend", "C1", NOTE, "A title.")]))["Spend"]
    assert sheet["A1"].comment.text == "Good to know: A title."
    assert sheet["A1"].value == "Spend by borough"


def test_a_note_on_a_whole_sheet_stands_at_its_first_cell_uncoloured() -> None:
    sheet = opened(annotated(saved(spend()), [Mark("Notes", "", BLOCKED, "No table here.")]))["Notes"]
    assert sheet["A1"].comment.text == "Left out: No table here."
    assert sheet["A1"].fill.fill_type is None


def test_long_comments_get_room() -> None:
    data = annotated(saved(spend()), [Mark("Notes", "A1", NOTE, "Short."), Mark("Notes", "A2", NOTE, "A long sentence. " * 20)])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        drawing = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".vml")).decode()
    assert "height:42px" in drawing
    assert "height:186px" in drawing


# The list


def listed(data: bytes) -> list[tuple]:
    return [tuple(cell.value for cell in row) for row in opened(data)[LIST_SHEET].iter_rows(min_row=8, max_col=4)]


def test_the_last_sheet_lists_what_was_found_with_a_legend() -> None:
    data = annotated(saved(spend()), MARKS)
    assert listed(data) == [
        ("Spend", "C4", "Left out", "“abt 3m” is no number. Write digits."),
        ("Spend", "A2", "Good to know", "Taken as the area."),
        ("Spend", "B4", "Put right", "Read as 2024/25."),
        ("Spend", "C4", "Good to know", "=1+1 is said here too."),
    ]
    sheet = opened(data)[LIST_SHEET]
    assert [sheet.cell(row, 1).value for row in range(1, 6)] == [
        LIST_SHEET,
        "Left out",
        "Put right",
        "Good to know",
        "Each links to its cell.",
    ]
    assert [sheet.cell(row, 1).fill.start_color.rgb[-6:] for row in range(2, 5)] == list(COLOURS.values())


def test_cells_in_the_list_link_to_the_cell_within_the_workbook() -> None:
    book = Workbook()
    book.active.title = "Ann's spend"
    sheet = opened(annotated(saved(book), [Mark("Ann's spend", "B7", NOTE, "Seen.")]))[LIST_SHEET]
    assert (sheet["B8"].hyperlink.location, sheet["B8"].hyperlink.target) == ("'Ann''s spend'!B7", None)


def test_notes_that_look_like_formulas_are_text() -> None:
    data = annotated(saved(Workbook()), [Mark("=cmd", "@A1", NOTE, text) for text in ("=1+1", "+1", "-1", "@x")])
    sheet = opened(data)[LIST_SHEET]
    assert [(cell.value, cell.data_type) for row in sheet["A8:D8"] for cell in row] == [
        ("=cmd", "s"),
        ("@A1", "s"),
        ("Good to know", "s"),
        ("=1+1", "s"),
    ]
    assert [sheet.cell(row, 4).data_type for row in range(8, 12)] == ["s"] * 4


def test_marks_without_a_place_are_listed_only() -> None:
    marks = [
        Mark("Gone", "A1", NOTE, "a"),
        Mark("Sheet", "B2:C3", NOTE, "b"),
        Mark("Sheet", "ZZZ9", NOTE, "c"),
        Mark("", "", NOTE, "d"),
        Mark("Sheet", "A9999999", NOTE, "e"),
    ]
    data = annotated(saved(Workbook()), marks)
    assert [row[:2] for row in listed(data)] == [
        ("Gone", "A1"),
        ("Sheet", "B2:C3"),
        ("Sheet", "ZZZ9"),
        (None, "whole file"),
        ("Sheet", "A9999999"),
    ]
    assert opened(data)[LIST_SHEET]["A5"].value == "Each links to its cell. 5 could not be placed in a sheet and are only listed."
    assert opened(data)["Sheet"].dimensions == "A1:A1"


def test_a_workbook_that_comes_a_second_time_gets_a_second_list() -> None:
    once = annotated(saved(spend()), MARKS)
    assert opened(annotated(once, MARKS)).sheetnames == ["Spend", "Notes", LIST_SHEET, "What was found (2)"]


def test_the_gravest_findings_are_marked_where_there_are_too_many() -> None:
    marks = [Mark("Sheet", f"A{row}", NOTE, "Seen.") for row in range(1, MOST_MARKED + 1)] + [Mark("Sheet", "B1", BLOCKED, "No number.")]
    book = opened(annotated(saved(Workbook()), marks))
    assert book["Sheet"]["B1"].comment.text == "Left out: No number."
    assert book["Sheet"][f"A{MOST_MARKED}"].comment is None
    assert book[LIST_SHEET]["A5"].value == "The 20,000 gravest of 20,001 findings are listed and marked; the others are not."
    assert book[LIST_SHEET].max_row == MOST_MARKED + 7


def test_characters_that_a_workbook_cannot_hold_are_dropped() -> None:
    sheet = opened(annotated(saved(Workbook()), [Mark("Sheet", "A1", NOTE, "a\x00b\x1fc")]))["Sheet"]
    assert sheet["A1"].comment.text == "Good to know: abc"


# Macros


def with_macros(data: bytes) -> bytes:
    """The workbook with a macro part, as a spreadsheet program writes one."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"spreadsheetml.sheet.main+xml", b"x").replace(
                    b"application/vnd.openxmlformats-officedocument.x", b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
                )
                content = content.replace(
                    b"</Types>", b'<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
                )
            if name == "xl/_rels/workbook.xml.rels":
                content = content.replace(
                    b"</Relationships>",
                    b'<Relationship Id="rId99" Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject" Target="vbaProject.bin"/></Relationships>',
                )
            target.writestr(name, content)
        target.writestr("xl/vbaProject.bin", b"macros")
    return out.getvalue()


def test_macros_stay_and_the_file_stays_one_with_macros() -> None:
    data = annotated(with_macros(saved(spend())), MARKS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("xl/vbaProject.bin") == b"macros"
        assert b"sheet.macroEnabled.main+xml" in archive.read("[Content_Types].xml")
    sheet = opened(data, keep_vba=True)["Spend"]
    assert sheet["B4"].comment.text == "From the ledger\n\nPut right: Read as 2024/25."
    assert sheet["C5"].value == "=SUM(C3:C4)"


# Files that are no workbook


def test_another_file_is_built_anew_from_its_text() -> None:
    grid = grid_of(
        [["area", "code", "amount", "note"], ["Brent", "007", "1250000.5", "=1+1"], ["Ealing", "", "-3", "-"]], "spend", top=3, left=2
    )
    book = opened(annotated(b"area,code\n", [Mark("spend", "D5", BLOCKED, "Negative.")], [grid]))
    sheet = book["spend"]
    assert [[cell.value for cell in row] for row in sheet["B3:E5"]] == [
        ["area", "code", "amount", "note"],
        ["Brent", "007", 1250000.5, "=1+1"],
        ["Ealing", None, -3, "-"],
    ]
    assert (sheet["E4"].data_type, sheet["C4"].data_type, sheet["D4"].data_type) == ("s", "s", "n")
    assert sheet["D5"].comment.text == "Left out: Negative."
    assert book.sheetnames == ["spend", LIST_SHEET]


@pytest.mark.parametrize(
    "text",
    ["007", "1.50", "1.0", "-0", "1e5", "12345678901234567890", "0.1234567890123456789", "1,200", "£5", "TRUE", "2024-04-01", "1_0", "٣"],
)
def test_text_that_no_number_gives_back_stays_text(text: str) -> None:
    cell = opened(annotated(b"", [], [grid_of([[text]], "S")]))["S"]["A1"]
    assert (cell.value, cell.data_type) == (text, "s")


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("-12", -12), ("0.1", 0.1), ("1250000.55", 1250000.55), ("123456789012345", 123456789012345)]
)
def test_plain_numbers_become_numbers(text: str, number: float) -> None:
    assert opened(annotated(b"", [], [grid_of([[text]], "S")]))["S"]["A1"].value == number


def test_a_mark_of_a_file_without_sheets_finds_its_only_sheet() -> None:
    assert opened(annotated(b"", [Mark("", "A1", NOTE, "Seen.")], [grid_of([["x"]], "S")]))["S"]["A1"].comment.text == "Good to know: Seen."


def test_names_that_a_workbook_does_not_allow_are_changed_and_marks_still_find_them() -> None:
    grids = [grid_of([["x"]], "a/b:2024"), grid_of([["y"]], "A b 2024")]
    book = opened(annotated(b"", [Mark("a/b:2024", "A1", NOTE, "Seen.")], grids))
    assert book.sheetnames == ["a b 2024", "A b 2024 (2)", LIST_SHEET]
    assert book["a b 2024"]["A1"].comment.text == "Good to know: Seen."


def test_a_damaged_workbook_is_built_anew() -> None:
    damaged = saved(spend())[:-300]
    assert opened(annotated(damaged, [], [grid_of([["x"]], "S")])).sheetnames == ["S", LIST_SHEET]


def test_what_cannot_be_opened_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="could not be opened as a workbook"):
        annotated(b"nothing", [])


def test_too_many_cells_are_refused_before_the_work_starts() -> None:
    grid = grid_of([["x"] * 1000] * (MOST_CELLS // 1000 + 1), "S")
    with pytest.raises(ValueError, match="more than 500,000 cells"):
        annotated(b"", [], [grid])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(Workbook()))) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(name, b"<c r='A1'/>" * (MOST_CELLS + 1) if name == "xl/worksheets/sheet1.xml" else source.read(name))
    with pytest.raises(ValueError, match="more than 500,000 cells"):
        annotated(out.getvalue(), [], [grid_of([["x"]], "S")])


def messy() -> Workbook:
    """Two rows of a place that is not known, a total, and one figure that cannot be read."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Spend"
    for row in (
        ["Borough", "Service", "Year", "Spend (£)"],
        ["Brent", "Crisis line", "2024/25", 100],
        ["Atlantis", "Crisis line", "2024/25", 5],
        ["Atlantis", "Day centre", "2024/25", 6],
        ["Harrow", "Crisis line", "2024/25", "tbc"],
        ["Total", "", "2024/25", 111],
    ):
        sheet.append(row)
    return book


def test_marks_of_a_reading_name_every_row_that_was_left_out() -> None:
    marks = marks_of(read(saved(messy()), "spend.xlsx"))
    blocked = {mark.cell: mark.note for mark in marks if mark.severity == BLOCKED}
    assert set(blocked) == {"A3", "A4", "D5"}
    assert blocked["A3"].startswith("No London borough or ICB is known by this. 2 rows left out.")
    assert blocked["A4"].startswith("area: No London borough or ICB is known by this.")
    assert blocked["D5"].startswith("This is not a number.")
    assert {mark.cell for mark in marks if mark.severity == NOTE and mark.cell.endswith("6")} >= {"A6"}


def test_a_persons_workbook_comes_back_with_what_was_found_on_it() -> None:
    data = saved(messy())
    back = opened(annotated(data, marks_of(read(data, "spend.xlsx"))))["Spend"]
    assert back["A4"].fill.start_color.rgb.endswith(COLOURS[BLOCKED])
    assert "No London borough" in back["A4"].comment.text
    assert back["D2"].value == 100
    assert back["D2"].comment is None


def test_marks_of_a_file_that_could_not_be_read_speak_of_the_whole_file() -> None:
    (mark,) = marks_of(read(b"%PDF-1.7", "paper.csv"))
    assert (mark.sheet, mark.cell, mark.severity) == ("", "", BLOCKED)
    assert "PDF" in mark.note
