"""Everything that a person is told about a few small sheets: exactly these sentences, in this order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from mhequity.reading.applying import apply
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, count_rows, shown
from mhequity.reading.plans import ColumnPlan, TablePlan
from mhequity.reading.telling import findings_of
from tests.reading.sheets import sheet

AREA, SERVICE, PERSONS = (
    ColumnPlan("A", "Borough", "area"),
    ColumnPlan("B", "Service", "service"),
    ColumnPlan("B", "Persons", "population.persons"),
)
CHANGE_UNIT, SAY_IT = "Change the unit here if that is wrong.", "Change it here if that is wrong."
DIGITS = "Write digits only, such as 1234.5. Leave the cell empty for missing; write * for suppressed."
YEAR = (NOTE, "", "People in 2024", "The period of every row is 2024: the title or name says so.", SAY_IT)


def told(text: str, columns: Sequence[ColumnPlan], kind: str = "population", **plan: object) -> list[tuple[str, str, str, str, str]]:
    """Severity, cell, what was seen, what was done, what to do."""
    grid = sheet(text)
    plan = {"labels": {"period": "2024"}, "title": "People in 2024", **plan}
    applied = apply(grid, TablePlan(kind, "Sheet1", (1,), 2, grid.height, tuple(columns), **plan))  # type: ignore[arg-type]
    return [(found.severity, found.cell, found.seen, found.done, found.advice) for found in findings_of(applied, "people.csv")]


def test_of_a_plain_table_only_what_the_title_gave_is_told() -> None:
    assert told("Borough | Persons\nBrent | 1\nEaling | 2", [AREA, PERSONS]) == [YEAR]


def test_every_area_that_is_not_taken_as_written_is_told() -> None:
    text = "Borough | Persons\nBrent | 1\nLondon | 9\nLeeds | 3\nBrnt | 4\n | 5\nLB Ealing | 6\nLeeds | 7"
    assert told(text, [AREA, PERSONS]) == [
        YEAR,
        (NOTE, "A3", "London", "London is a total or a wider place, not an area to add up. Kept apart. 1 row left out.", ""),
        (NOTE, "A4", "Leeds", "Outside London. 2 rows left out.", ""),
        (BLOCKED, "A5", "Brnt", "No London borough or ICB is known by this. 1 row left out.",
         "Did you mean Brent? Confirm or choose the area here, or write its name or code and upload again."),
        (BLOCKED, "A6", "", "area is empty. 1 row left out.", "Fill it in: Borough or ICB: its name in any usual spelling, or its GSS or NHS code."),
        (FIXED, "A7", "LB Ealing", "Read as Ealing. 1 row in all.", ""),
    ]  # fmt: skip


def test_every_figure_that_is_not_a_plain_number_is_told() -> None:
    text = "Borough | Persons\nBrent | *\nEaling | ..\nHarrow | soon\nCamden | 1.5k\nBarnet | -5\nHounslow | 2024-04-01"
    assert told(text, [AREA, PERSONS]) == [
        YEAR,
        (BLOCKED, "B4", "soon", "This is not a number. 1 row left out.", DIGITS),
        (BLOCKED, "B6", "-5", "persons cannot be below zero. 1 row left out.", "Correct the figure, or empty the cell."),
        (BLOCKED, "B7", "1 Apr 2024", "This is not a number. 1 row left out.",
         "A date stands where a number belongs. Format the cell as a number, type it again and upload."),
        (FIXED, "B5", "1.5k", "Read as 1,500. 1 row of persons written with £, brackets, k or m.", ""),
        (NOTE, "B2", "*", "1 row of persons suppressed: kept as suppressed, never as a number.", ""),
        (NOTE, "B3", "..", "1 row of persons without a figure: kept as missing, never as 0.", ""),
    ]  # fmt: skip


def test_what_was_decided_for_a_whole_column_is_told() -> None:
    text = "Borough | Service | Spend (£000s) | Rate (%) | Colour | Persons | persons |\nBrent | CMHT | 1 | 12.5 | red | 2 | 3 | x"
    columns = [
        AREA, SERVICE,
        ColumnPlan("C", "Spend (£000s)", "investment.amount_gbp", {}, "GBP", 1000.0, confidence=0.85, why="known as spend"),
        ColumnPlan("D", "Rate (%)", "indicators.value", {"measure": "Rate"}, "share", 0.01),
        ColumnPlan("E", "Colour"), ColumnPlan("F", "Persons", "population.persons"), ColumnPlan("G", "persons"), ColumnPlan("H", ""),
    ]  # fmt: skip
    assert told(text, columns, "investment") == [
        (BLOCKED, "G1", "persons", "The heading is there twice; the first column was used.", "Delete or rename one of the two columns."),
        (NOTE, "E1", "Colour", "The table Investment has no such columns: not used.",
         "Nothing, unless one of them is a heading spelled in another way: then say what it means."),
        (NOTE, "H2", "", "Values without a heading: not used.", "Give the column a heading."),
        (FIXED, "C1", "Spend (£000s)", "Figures under this heading were multiplied by 1,000, to be in pounds.", CHANGE_UNIT),
        (NOTE, "C1", "Spend (£000s)", "Taken for investment: amount_gbp (85% sure, known as spend).", "Change what the column means here if that is wrong."),
        (FIXED, "D1", "Rate (%)", "Percentages, read as shares: 12.5 under this heading is 12.5%.", CHANGE_UNIT),
        YEAR,
    ]  # fmt: skip


def test_what_headings_and_blanks_were_taken_for_is_told() -> None:
    text = "Borough | Spend\nAdult |\nBrent | 1\n| 2"
    columns = [AREA, ColumnPlan("B", "Spend", "investment.amount_gbp")]
    assert told(text, columns, "investment", sections="service", fill_down=("A",)) == [
        YEAR,
        (NOTE, "", "Adult", "Headings inside the table were read as the service of the rows under them.", "Change what they mean here if that is wrong."),
        (FIXED, "A1", "Borough", "Blank cells under a name were read as that name.", ""),
    ]  # fmt: skip


def test_what_nothing_says_is_told() -> None:
    text, columns = "Borough | Spend\nBrent | 1", [AREA, ColumnPlan("B", "Spend", "investment.amount_gbp")]
    assert told(text, columns, "investment", labels={}) == [
        (NOTE, "", "No service", "Nothing says which service the figures are of: kept as “Not stated”.", "Say here which service the table is about."),
        (NOTE, "", "No period", "Nothing says which period the figures are of: kept as “not stated”.", "Say here which period the table is about."),
    ]  # fmt: skip


def test_a_table_that_says_nothing_of_areas_is_left_out_with_one_sentence() -> None:
    assert told("Service | Persons\nCMHT | 1", [ColumnPlan("A", "Service", "service"), PERSONS]) == [
        (BLOCKED, "A1", "Service, Persons", "No column names a borough or NHS system, and no title does. The table was left out.",
         "Say which column holds the areas, or which area the whole table is about."),
    ]  # fmt: skip


def test_a_table_that_lacks_what_its_kind_requires_is_left_out_with_one_sentence() -> None:
    columns = [AREA, SERVICE, ColumnPlan("C", "Status", "status")]
    assert told("Borough | Service | Status\nBrent | CMHT | full", columns, "core_offer") == [
        (BLOCKED, "A1", "Borough, Service, Status",
         "This is closest to the table Core offer, but it lacks: element. The table was left out.",
         "Say which column holds each of these, or add them (the template has them) and upload again."),
    ]  # fmt: skip


def test_formulas_without_a_value_are_told_in_one_sentence() -> None:
    grid = replace(sheet("Borough | Persons\nBrent |\nEaling |\nHarrow | 3"), uncalculated=((2, 2), (3, 2)))
    applied = apply(grid, TablePlan("population", "Sheet1", (1,), 2, 4, (AREA, PERSONS), labels={"period": "2024"}, title="People in 2024"))
    assert [(found.severity, found.cell, found.seen, found.done, found.advice) for found in findings_of(applied, "people.csv")] == [
        (BLOCKED, "B2", "2 formulas without a stored value", "2 rows left out.", "Open it in Excel, save, upload again."),
        YEAR,
    ]  # fmt: skip


def test_headings_without_rows_are_told_in_one_sentence() -> None:
    grid = sheet("Borough | Persons")
    applied = apply(grid, TablePlan("population", "Sheet1", (1,), 2, 1, (AREA, PERSONS)))
    (found,) = findings_of(applied, "people.csv")
    assert (found.severity, found.seen, found.done) == (NOTE, "Headings without rows under them.", "Nothing to read.")


@pytest.mark.parametrize(
    ("days", "day_first", "said"),
    [
        (("03/04/2024", "05/06/2024"), True, "Dates in this column were read day first, as in the UK."),
        (("03/13/2024", "05/06/2024"), False, "Dates in this column were read month first, as in the US because no other order fits all of them."),
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_is_told_where_it_could_be_another(days: tuple[str, str], day_first: bool, said: str) -> None:
    columns = [AREA, ColumnPlan("B", "Day", "period", day_first=day_first), ColumnPlan("C", "Persons", "population.persons")]
    found = told(f"Borough | Day | Persons\nBrent | {days[0]} | 1\nEaling | {days[1]} | 2", columns, labels={})
    assert found[0] == (NOTE, "B1", days[0], said, "Change the order of day and month here if that is wrong.")


def test_days_that_can_be_read_in_one_order_only_are_not_worth_a_sentence() -> None:
    columns = [AREA, ColumnPlan("B", "Day", "period"), ColumnPlan("C", "Persons", "population.persons")]
    found = told("Borough | Day | Persons\nBrent | 13/04/2024 | 1", columns, labels={})
    assert [done for _, _, _, done, _ in found] == ["Read as 13 Apr 2024. 1 row in all."]


def test_a_total_without_a_place_is_not_asked_for_one() -> None:
    columns = [AREA, SERVICE, ColumnPlan("C", "Spend", "investment.amount_gbp")]
    rows = "Brent | CMHT | 1\n | Total CMHT | 1\n | Crisis | 2\nAtlantis | Total | 3"
    found = told(f"Borough | Service | Spend\n{rows}", columns, "investment")
    assert [each[1:4] for each in found if each[0] == BLOCKED] == [
        ("A4", "", "area is empty. 1 row left out."),
        ("A5", "Atlantis", "No London borough or ICB is known by this. 1 row left out."),
    ]


def test_many_periods_written_in_one_way_are_told_in_one_sentence() -> None:
    columns = [AREA, ColumnPlan("B", "Month", "period"), ColumnPlan("C", "Persons", "population.persons")]
    rows = "\n".join(f"Brent | 2024-{month:02d} | {month}" for month in (4, 4, 5, 6, 7, 13, 8, 9))
    found = told(f"Borough | Month | Persons\n{rows}", columns, labels={})
    examples = "2024-04 as Apr 2024, 2024-05 as May 2024, 2024-06 as Jun 2024, 2024-07 as Jul 2024 and so on"
    assert (FIXED, "B2", "6 ways of writing period", f"Periods were read in one form: {examples}. 7 rows in all.", "") in found
    assert [each[:3] for each in found if each[0] == BLOCKED] == [(BLOCKED, "B7", "2024-13")]


def test_beyond_twenty_problems_of_a_column_the_rest_are_counted() -> None:
    rows = "\n".join(f"Teapot {letter} | 1" for letter in "abcdefghijklmnopqrstuvw")
    found = told(f"Borough | Persons\n{rows}\nBrent | 1", [AREA, PERSONS])
    assert len(found) == 1 + 20 + 1
    assert found[-1] == (BLOCKED, "A22", "3 more such cells in area", "3 rows left out.", "Download the rows left out to see each.")


def test_cells_of_a_table_about_single_people_are_not_repeated() -> None:
    columns = [ColumnPlan("A", "Date", "date"), ColumnPlan("B", "Borough", "area"), ColumnPlan("C", "Service", "service"),
               ColumnPlan("D", "Minutes", "contacts.minutes")]  # fmt: skip
    found = told(
        "Date | Borough | Service | Minutes\n14 Jan 2025 | Teapot | CMHT | 5\n15 Jan 2025 | Brent | CMHT | soon",
        columns,
        "contacts",
        labels={},
    )
    assert [seen for _, _, seen, _, _ in found] == ["Not shown: each row is about one person."] * 2


@pytest.mark.parametrize(("number", "words"), [(0, "0 rows"), (1, "1 row"), (1200, "1,200 rows")])
def test_rows_are_counted_in_words(number: int, words: str) -> None:
    assert count_rows(number) == words


@pytest.mark.parametrize(("text", "as_shown"), [("2024-04-01", "1 Apr 2024"), ("2024-13-01", "2024-13-01"), ("x" * 200, "x" * 100)])
def test_cells_are_shown_as_a_person_would_write_them(text: str, as_shown: str) -> None:
    assert shown(text) == as_shown
