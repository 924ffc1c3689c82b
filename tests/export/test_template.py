"""The template: what it tells, and that what it holds is read back without loss."""

import io
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from mhequity import areas, periods, tables
from mhequity.export.template import template
from mhequity.reading import read
from mhequity.reading.cells import ALL_PEOPLE, ERRORS

KINDS = [name for name in tables.names() if name != "contacts"]


def test_untouched_template_holds_no_data_and_says_so_for_each_sheet() -> None:
    found = read(template(), "template.xlsx")
    assert found.tables == {}
    assert found.rejected.empty
    assert {finding.done for finding in found.findings} == {"The template's made-up example was left out."}
    assert [finding.sheet for finding in found.findings] == [kind.title for kind in tables.CATALOGUE]


def test_template_has_a_sheet_for_each_table_asked_for() -> None:
    book = load_workbook(io.BytesIO(template(["activity", "waits"])))
    assert book.sheetnames == ["README", "Lists", "Activity", "Waits"]
    assert book["Lists"].sheet_state == "veryHidden"


def test_heading_says_what_it_holds_and_whether_it_is_required() -> None:
    sheet = load_workbook(io.BytesIO(template(["core_offer"])))["Core offer"]
    assert [cell.value for cell in sheet[1]][:4] == ["area", "service", "element", "status"]
    assert sheet["D1"].comment.text == "Required. How far it is in place. Allowed: full, partial, none, unknown."
    assert sheet["E1"].comment.text.startswith("Optional.")
    assert sheet["D1"].fill.start_color.rgb != sheet["E1"].fill.start_color.rgb
    assert sheet.freeze_panes == "A2"


def test_areas_and_choices_have_drop_down_lists() -> None:
    book = load_workbook(io.BytesIO(template(["core_offer"])))
    rules = {str(rule.sqref): rule for rule in book["Core offer"].data_validations.dataValidation}
    assert rules["A2:A5000"].formula1 == "Lists!$A$1:$A$38"
    assert rules["D2:D5000"].formula1 == "Lists!$B$1:$B$4"
    assert [cell.value for cell in book["Lists"]["B"]][:4] == ["full", "partial", "none", "unknown"]
    assert [cell.value for cell in book["Lists"]["A"]][32:] == ["Westminster", *(area.name for area in areas.systems())]


def test_readme_describes_every_column_of_every_table() -> None:
    sheet = load_workbook(io.BytesIO(template()))["README"]
    described = {row[1] for row in sheet.iter_rows(values_only=True)}
    assert all(column.name in described for kind in tables.CATALOGUE for column in kind.columns)


def test_example_row_typed_over_is_data() -> None:
    book = load_workbook(io.BytesIO(template(["population"])))
    book["Population"]["A2"] = "Camden"
    out = io.BytesIO()
    book.save(out)
    found = read(out.getvalue(), "template.xlsx")
    assert found.tables["population"][["area", "persons"]].values.tolist() == [["E09000007", 339816.0]]
    assert [finding.done for finding in found.findings] == ["Read as the table Population: 1 row."]


def test_example_row_deleted_with_its_note_left_behind_is_no_data() -> None:
    book = load_workbook(io.BytesIO(template(["places"])))
    book["Places"]["A2"] = book["Places"]["B2"] = None
    out = io.BytesIO()
    book.save(out)
    assert [finding.seen for finding in read(out.getvalue(), "t.xlsx").findings] == ["Headings without rows under them."]


def test_filled_sheet_shows_names_stars_and_empty_cells() -> None:
    frame = tables.conform(
        pd.DataFrame(
            {"area": ["E09000013"] * 2, "period": ["2023/24", "2024/25"], "persons": [float("nan")] * 2, "suppressed": ["persons", ""]}
        ),
        "population",
    )
    sheet = load_workbook(io.BytesIO(template(["population"], {"population": frame})))["Population"]
    assert [[cell.value for cell in row[:4]] for row in sheet["A2:D3"]] == [
        ["Hammersmith and Fulham", "2023/24", None, "*"],
        ["Hammersmith and Fulham", "2024/25", None, None],
    ]


def test_text_like_a_formula_is_a_text_cell_and_is_read_back() -> None:
    evil = ["=1+1", "+44 20", "-x", "@SUM(A1)", '=HYPERLINK("http://x","y")', "_x0041_", "two\nlines", "'quoted"]
    frame = tables.conform(pd.DataFrame({"place": evil, "area": ["E09000005"] * len(evil)}), "places")
    data = template(["places"], {"places": frame})
    sheet = load_workbook(io.BytesIO(data))["Places"]
    assert {cell.data_type for row in sheet["A2:A9"] for cell in row} == {"s"}
    pd.testing.assert_frame_equal(tables.conform(read(data, "t.xlsx").tables["places"], "places"), frame)


WORDS = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1, max_size=12)
    .map(lambda text: text.strip() or "x")
    .filter(lambda text: text not in ERRORS)
)
"""Texts that a person may type. One that reads like an error of Excel's is taken for that error."""
CODES = st.sampled_from([area.code for area in areas.all_areas()] + ["E01000001", "E02000001"])
LABELS = st.one_of(
    st.integers(1990, 2040).map(lambda year: periods.financial_year(year).label),
    st.builds(lambda year, number: periods.quarter(year, number).label, st.integers(1990, 2040), st.integers(1, 4)),
    st.builds(lambda year, number: periods.month(year, number).label, st.integers(1990, 2040), st.integers(1, 12)),
    st.dates(date(1970, 1, 1), date(2069, 12, 31)).map(lambda day: periods.day(day).label),
)
ANY = st.floats(allow_nan=False, allow_infinity=False)


def cell_of(column: tables.Column) -> st.SearchStrategy:
    """A value of that column, or a missing or suppressed one where it may be."""
    if column.kind == "number" or column.kind == "money":
        return st.one_of(ANY, st.just(float("nan")), st.just("*"))
    if column.is_number:
        return st.one_of(st.floats(0, 1e12), st.just(float("nan")), st.just("*"))
    words = WORDS.filter(lambda text: text.casefold() not in ALL_PEOPLE) if column.name in tables.GROUPS else WORDS
    values = {"area": CODES, "period": LABELS, "choice": st.sampled_from(column.allowed or ("",)), "text": words}[column.kind]
    return values if column.required else st.one_of(st.just(""), values)


def frames(name: str) -> st.SearchStrategy:
    kind = tables.kind(name)
    rows = st.lists(st.fixed_dictionaries({column.name: cell_of(column) for column in kind.columns}), min_size=1, max_size=5)

    def tidy(rows: list[dict]) -> pd.DataFrame:
        marked = [
            {key: float("nan") if key in kind.numbers and value == "*" else value for key, value in row.items()}
            | {"suppressed": " ".join(key for key in kind.numbers if row[key] == "*")}
            for row in rows
        ]
        frame = tables.conform(pd.DataFrame(marked), name)
        keys = frame[kind.key].assign(base=frame["base"].replace("", "resident")) if "base" in frame else frame[kind.key]
        return frame[~keys.duplicated()].reset_index(drop=True)

    return rows.map(tidy)


@pytest.mark.parametrize("name", KINDS)
@given(data=st.data())
@settings(max_examples=12, deadline=None)
def test_filled_template_is_read_back_exactly(name: str, data) -> None:
    frame = data.draw(frames(name))
    found = read(template([name], {name: frame}), "filled.xlsx")
    pd.testing.assert_frame_equal(tables.conform(found.tables[name], name), frame, check_exact=True)
    assert found.rejected.empty


def test_all_tables_together_are_read_back() -> None:
    filled = {
        kind.name: tables.conform(pd.DataFrame([{c.name: "E09000007" if c.kind == "area" else c.example for c in kind.columns}]), kind.name)
        for kind in tables.CATALOGUE
        if kind.name in KINDS and any(c.kind == "area" for c in kind.columns)
    }
    found = read(template(None, filled), "filled.xlsx")
    assert list(found.tables) == list(filled)
    for name, frame in filled.items():
        pd.testing.assert_frame_equal(tables.conform(found.tables[name], name), frame, check_exact=True)
