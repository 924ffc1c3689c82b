"""Files in the template's shape: what is loaded, what is put right, what is left out, and where it is said."""

import io
from datetime import datetime

import pandas as pd
from openpyxl import Workbook

from mhequity.reading import Finding, findings_frame, read


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def workbook(**sheets: list[list[object]]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def only(reading, severity: str) -> list[Finding]:
    return [finding for finding in reading.findings if finding.severity == severity]


def test_good_csv_is_read_into_a_tidy_frame_with_one_note() -> None:
    found = read(csv("area,service,period,measure,count", "Brent,CMHT,2024/25,People seen,120"), "activity.csv")
    frame = found.tables["activity"]
    assert frame[["area", "service", "period", "measure", "count", "suppressed", "source"]].to_dict("records") == [
        {
            "area": "E09000005",
            "service": "CMHT",
            "period": "2024/25",
            "measure": "People seen",
            "count": 120.0,
            "suppressed": "",
            "source": "",
        }
    ]
    assert [finding.done for finding in found.findings] == ["Read as the table Activity: 1 row."]
    assert found.rows == {"activity": 1}
    assert found.rejected.empty


def test_headings_match_whatever_their_order_case_spaces_and_units() -> None:
    found = read(csv("Amount (£),PERIOD,Service Name,service,Area", "5,2024/25,ignored,CMHT,Brent"), "money.csv")
    assert found.tables["investment"]["amount_gbp"].tolist() == [5.0]
    assert [(finding.cell, finding.seen) for finding in only(found, "note") if "no such columns" in finding.done] == [
        ("C1", "Service Name")
    ]
    with_unit = read(csv("area,period,Persons (number)", "Brent,2024/25,7"), "x.csv")
    assert with_unit.tables["population"]["persons"].tolist() == [7.0]


def test_headings_stand_in_the_first_row_that_is_not_empty() -> None:
    found = read(
        workbook(Population=[[], [], [None, "area", "period", "persons"], [None, "Brent", "mid-2024", 7], [None, "Brentt", "mid-2024", 7]])
    )
    assert found.rows == {"population": 1}
    assert [(finding.sheet, finding.cell) for finding in only(found, "blocked")] == [("Population", "B5")]
    assert found.rejected["row"].tolist() == [5]


def test_suppressed_count_is_marked_and_never_a_number() -> None:
    found = read(csv("area,service,period,seen,waiting", "Brent,CMHT,2024/25,<5,*", "Camden,CMHT,2024/25,0,3"), "waits.csv")
    frame = found.tables["waits"]
    assert frame["suppressed"].tolist() == ["seen waiting", ""]
    assert frame["seen"].isna().tolist() == [True, False]
    assert frame["seen"].tolist()[1] == 0.0
    assert [(finding.cell, finding.seen, finding.done) for finding in only(found, "note") if "suppressed" in finding.done] == [
        ("D2", "<5", "1 row of seen suppressed: kept as suppressed, never as a number."),
        ("E2", "*", "1 row of waiting suppressed: kept as suppressed, never as a number."),
    ]


def test_missing_figure_stays_missing_and_is_counted_once() -> None:
    found = read(csv("area,period,persons", "Brent,2024/25,", "Camden,2024/25,..", "Barnet,2024/25,4"), "population.csv")
    assert found.tables["population"]["persons"].isna().tolist() == [True, True, False]
    assert found.tables["population"]["suppressed"].tolist() == ["", "", ""]
    assert [finding.done for finding in only(found, "note") if "missing" in finding.done] == [
        "2 rows of persons without a figure: kept as missing, never as 0."
    ]


def test_blank_key_cell_blocks_the_row_and_the_others_load() -> None:
    found = read(csv("area,period,persons", ",2024/25,4", "Camden,2024/25,5"), "population.csv")
    assert found.rows == {"population": 1}
    assert [(finding.cell, finding.done) for finding in only(found, "blocked")] == [("A2", "area is empty. 1 row left out.")]


def test_all_problems_of_a_row_are_told_and_its_cells_are_kept_for_download() -> None:
    found = read(csv("area,period,persons,remark", "Brentt,spring,-4,hello"), "population.csv")
    assert [finding.cell for finding in only(found, "blocked")] == ["A2", "B2", "C2"]
    rejected = found.rejected.iloc[0]
    assert rejected[["file", "sheet", "row", "area", "period", "persons", "remark"]].tolist() == [
        "population.csv",
        "population",
        2,
        "Brentt",
        "spring",
        "-4",
        "hello",
    ]
    assert "Did you mean Brent?" in rejected["reason"]
    assert "below zero" in rejected["reason"]


def test_number_that_cannot_be_read_blocks_the_row_with_advice() -> None:
    found = read(csv("area,period,persons", "Brent,2024/25,about 40"), "population.csv")
    (blocked,) = only(found, "blocked")
    assert (blocked.cell, blocked.seen, blocked.done) == ("C2", "about 40", "This is not a number. 1 row left out.")
    assert blocked.advice.startswith("Write digits only")


def test_percent_is_read_as_a_share_and_said() -> None:
    found = read(csv("area,period,measure,value", "Brent,2024/25,Follow-up,12.5%", "Camden,2024/25,Follow-up,80%"), "indicators.csv")
    assert found.tables["indicators"]["value"].tolist() == [0.125, 0.8]
    (fixed,) = only(found, "fixed")
    assert (fixed.cell, fixed.seen, fixed.done) == ("D2", "12.5%", "Read as 0.125. 2 rows of value written with a % sign.")


def test_percent_in_a_column_of_percent_keeps_its_figure_and_in_counts_is_blocked() -> None:
    assert read(csv("action,done_percent", "Publish,40%"), "actions.csv").tables["actions"]["done_percent"].tolist() == [40.0]
    assert read(csv("area,period,persons", "Brent,2024/25,40%"), "population.csv").tables == {}


def test_money_in_words_is_read_and_negative_money_is_allowed() -> None:
    lines = ["area,service,period,amount_gbp", "Brent,A,2024/25,£1.2m", 'Brent,B,2024/25,"(1,200)"', "Brent,C,2024/25,3.5k"]
    assert read(csv(*lines), "investment.csv").tables["investment"]["amount_gbp"].tolist() == [1200000.0, -1200.0, 3500.0]


def test_each_spelling_of_an_area_is_told_once_with_first_cell_and_rows() -> None:
    found = read(csv("area,period,persons", "H&F,2022/23,1", "H&F,2023/24,1", "LB Brent,2024/25,1"), "population.csv")
    assert found.tables["population"]["area"].tolist() == ["E09000013", "E09000013", "E09000005"]
    assert [(finding.cell, finding.seen, finding.done) for finding in only(found, "fixed")] == [
        ("A2", "H&F", "Read as Hammersmith and Fulham. 2 rows in all."),
        ("A4", "LB Brent", "Read as Brent. 1 row in all."),
    ]


def test_total_row_is_kept_apart_and_never_summed_in() -> None:
    found = read(csv("area,period,persons", "Brent,2024/25,1", "London,2024/25,33", "Total,,"), "population.csv")
    assert found.tables["population"]["area"].tolist() == ["E09000005"]
    assert only(found, "blocked") == []
    assert found.rejected["row"].tolist() == [3, 4]
    assert "total or a wider place" in found.rejected["reason"][0]
    assert found.rejected["persons"].tolist() == ["33", ""]


def test_provider_is_not_taken_for_the_borough_in_its_name() -> None:
    found = read(csv("area,period,persons", "Barnet Hospital,2024/25,1"), "population.csv")
    (blocked,) = only(found, "blocked")
    assert blocked.done == "This names an organisation, not an area. 1 row left out."


def test_icb_and_small_area_codes_are_areas() -> None:
    found = read(csv("area,period,persons", "QRV,2024/25,1", "E01000001,2024/25,2", "e02000001,2024/25,3"), "population.csv")
    assert found.tables["population"]["area"].tolist() == ["E54000027", "E01000001", "E02000001"]


def test_period_is_stored_the_nhs_way_and_each_spelling_told_once() -> None:
    rows: list[list[object]] = [
        ["area", "period", "persons"],
        ["Brent", "2024-25", 1],
        ["Camden", "2024-25", 1],
        ["Brent", datetime(2024, 4, 1), 2],
    ]
    found = read(workbook(Population=rows))
    assert found.tables["population"]["period"].tolist() == ["2024/25", "2024/25", "Apr 2024"]
    assert [(finding.cell, finding.seen, finding.done) for finding in only(found, "fixed")] == [
        ("B2", "2024-25", "Read as 2024/25. 2 rows in all."),
        ("B4", "1 Apr 2024", "Read as Apr 2024. 1 row in all."),
    ]


def test_choice_is_matched_whatever_its_case_else_the_allowed_values_are_told() -> None:
    found = read(csv("area,service,element,status", "Brent,A,B,FULL", "Brent,A,C,mostly"), "core_offer.csv")
    assert found.tables["core_offer"]["status"].tolist() == ["full"]
    assert [finding.advice for finding in only(found, "blocked")] == ["Write one of: full, partial, none, unknown."]


def test_none_is_a_status_and_not_a_missing_mark() -> None:
    assert read(csv("area,service,element,status", "Brent,A,B,none"), "x.csv").tables["core_offer"]["status"].tolist() == ["none"]


def test_fact_stated_twice_is_kept_once_and_the_repeat_names_the_first() -> None:
    found = read(csv("area,period,persons", "Hammersmith and Fulham,2024/25,1", "Camden,2024/25,2", "H&F,24/25,3"), "population.csv")
    assert found.tables["population"]["persons"].tolist() == [1.0, 2.0]
    assert found.rejected[["row", "reason"]].values.tolist() == [[4, "States the same fact as row 2."]]
    assert [(finding.cell, finding.done) for finding in only(found, "blocked")] == [
        ("A4", "States the same fact as row 2: 3 here, 1 there. The first was kept.")
    ]


def test_fact_repeated_in_another_sheet_names_that_sheet() -> None:
    rows: list[list[object]] = [["area", "period", "persons"], ["Brent", "2024/25", 1]]
    found = read(workbook(Population=rows, More=rows))
    assert found.rows == {"population": 1}
    assert found.rejected["reason"].tolist() == ["States the same fact as row 2 of sheet Population."]


def test_residents_said_and_unsaid_are_the_same_fact() -> None:
    found = read(csv("area,period,base,persons", "Brent,2024/25,,1", "Brent,2024/25,resident,1", "Brent,2024/25,registered,1"), "p.csv")
    assert found.tables["population"]["base"].tolist() == ["", "registered"]


def test_several_tables_and_an_unrelated_sheet_are_told_apart() -> None:
    found = read(
        workbook(
            Staff=[["area", "service", "period", "established_wte", "in_post_wte"], ["Brent", "CMHT", "2024/25", 10, 9.5]],
            Population=[["area", "period", "persons"], ["Brent", "2024/25", 7]],
            Canteen=[["dish", "price"], ["soup", 3]],
        )
    )
    assert found.rows == {"population": 1, "workforce": 1}
    (left,) = [finding for finding in found.findings if finding.sheet == "Canteen"]
    assert left.done == "No column names a borough or NHS system, and no title does. The table was left out."


def test_sheet_named_after_a_table_is_read_and_says_what_nothing_tells() -> None:
    found = read(workbook(Activity=[["area", "number"], ["Brent", 3]]))
    (row,) = found.tables["activity"].to_dict("records")
    assert (row["area"], row["count"], row["service"], row["period"]) == ("E09000005", 3.0, "Not stated", "not stated")
    assert {finding.seen for finding in only(found, "note")} >= {"No service", "No period"}


def test_repeated_heading_uses_the_first_and_says_so() -> None:
    found = read(csv("area,period,persons,Persons", "Brent,2024/25,1,2"), "population.csv")
    assert found.tables["population"]["persons"].tolist() == [1.0]
    assert [(finding.cell, finding.seen) for finding in only(found, "blocked")] == [("D1", "Persons")]


def test_values_under_no_heading_are_told() -> None:
    found = read(csv("area,period,persons,", "Brent,2024/25,1,oops"), "population.csv")
    assert [finding.cell for finding in found.findings if finding.done.startswith("Values without a heading")] == ["D2"]


def test_many_different_bad_cells_stay_a_short_list_and_all_are_in_rejected() -> None:
    found = read(csv("area,period,persons", *(f"Brent,2024/25,about {n}" for n in range(300))), "population.csv")
    blocked = only(found, "blocked")
    assert len(blocked) == 21
    assert blocked[-1].seen == "280 more such cells in persons"
    assert len(found.rejected) == 300


def test_age_band_that_excel_made_a_date_is_not_believed() -> None:
    rows: list[list[object]] = [["area", "period", "persons", "age_band"], ["Brent", "2024/25", 1, datetime(2014, 10, 1)]]
    found = read(workbook(Population=rows))
    assert found.tables == {}
    assert [(finding.cell, finding.seen) for finding in only(found, "blocked")] == [("D2", "1 Oct 2014")]


def test_excel_errors_are_missing_or_block_the_row() -> None:
    rows: list[list[object]] = [
        ["area", "period", "persons"],
        ["Brent", "2024/25", "#N/A"],
        ["Camden", "2024/25", "#REF!"],
        ["Barnet", "2024/25", "#DIV/0!"],
    ]
    found = read(workbook(Population=rows))
    assert found.tables["population"]["area"].tolist() == ["E09000005", "E09000003"]
    assert found.tables["population"]["persons"].isna().all()
    assert [(finding.cell, finding.seen) for finding in only(found, "blocked")] == [("C3", "#REF!")]


def test_name_comes_from_the_path_or_the_file_object(tmp_path) -> None:
    path = tmp_path / "population.csv"
    path.write_bytes(csv("area,period,persons", "Brent,2024/25,1"))
    assert read(path).file == "population.csv"
    assert read(str(path)).rows == {"population": 1}
    with path.open("rb") as file:
        assert read(file).file == "population.csv"


def test_findings_as_a_frame_have_their_columns_even_when_there_are_none() -> None:
    columns = ["severity", "file", "sheet", "cell", "seen", "done", "advice", "kind"]
    assert findings_frame([]).columns.tolist() == columns
    frame = findings_frame([Finding("note", "a.csv", cell="B2", kind="units")])
    pd.testing.assert_frame_equal(frame, pd.DataFrame([["note", "a.csv", "", "B2", "", "", "", "units"]], columns=columns, dtype="str"))
