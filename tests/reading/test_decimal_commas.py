"""Figures with a decimal comma are told once for a whole column, said, and never decided against what a column itself shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mhequity.reading import Reading, carry_out, numbers, read
from mhequity.reading.delimited import separator_of
from mhequity.reading.plans import from_json, to_json
from tests.reading.zoo import book

ADVICE = "Change how its figures are written here if that is wrong."


def of(*lines: str, name: str = "rates.csv") -> Reading:
    return read("\n".join(lines).encode(), name)


def values(found: Reading, table: str = "indicators", column: str = "value") -> list[float]:
    return found.tables[table][column].tolist()


def said(found: Reading) -> list[tuple[str, str, str, str]]:
    return [(each.severity, each.cell, each.seen, each.done) for each in found.findings if each.advice == ADVICE]


@pytest.mark.parametrize(
    ("cells", "read_as"),
    [
        (("12,5", "3,75"), [12.5, 3.75]),
        (("1.234,5", "7"), [1234.5, 7.0]),
        (("1.234.567,8", "0,125"), [1234567.8, 0.125]),
        (("1,2345", "1,500"), [1.2345, 1.5]),
        (("1 234,5", "-3,5"), [1234.5, -3.5]),
        (("12,5%", "3,75%"), [0.125, 0.0375]),
    ],
)
def test_a_column_that_shows_decimal_commas_is_read_with_them(cells: tuple[str, str], read_as: list[float]) -> None:
    found = of("Borough;Happiness;Period", f"Brent;{cells[0]};2024", f"Ealing;{cells[1]};2024")
    assert values(found) == read_as
    assert [column.decimal_comma for column in found.plan.tables[0].columns] == [False, True, False]


def test_it_is_said_once_for_the_column() -> None:
    found = of("Borough;Happiness;Period", "Brent;12,5;2024", "Ealing;3,75;2024")
    assert said(found) == [("fixed", "B1", "12,5", "Figures in this column were read with a decimal comma: this is 12.5.")]


def test_suppressed_and_missing_figures_stay_so() -> None:
    found = of("Borough;Happiness;Period", "Brent;12,5;2024", "Ealing;<5;2024", "Harrow;..;2024")
    assert found.tables["indicators"][["value", "suppressed"]].fillna(-1).to_numpy().tolist() == [[12.5, ""], [-1, "value"], [-1, ""]]


def test_a_column_that_cannot_tell_is_written_as_the_column_beside_it() -> None:
    """1.500 beside 12,5 is fifteen hundred."""
    found = of("Borough;Happiness;Contacts;Period", "Brent;12,5;1.500;2024", "Ealing;3,75;987;2024")
    assert values(found, "activity", "count") == [1500.0, 987.0]
    assert [cell for _, cell, _, _ in said(found)] == ["B1", "C1"]


def test_thousands_in_a_file_with_semicolons_are_read_as_in_the_uk_and_said_to_be() -> None:
    found = of("Borough;Contacts;Period", "Brent;1,500;2024", "Ealing;2,750;2024")
    assert values(found, "activity", "count") == [1500.0, 2750.0]
    done = "Figures in this column were read as in the UK: this is 1,500. With a decimal comma it is 1.5."
    assert said(found) == [("note", "B1", "1,500", done)]


@pytest.mark.parametrize("proof", ["12.5", "1,234,567", "1,234.5"])
def test_a_figure_that_can_only_be_british_settles_its_column(proof: str) -> None:
    found = of("Borough;Happiness;Period", "Brent;1,500;2024", f"Ealing;{proof};2024")
    assert values(found)[0] == 1500.0
    assert said(found) == []


def test_a_column_that_contradicts_itself_is_not_guessed() -> None:
    found = of("Borough;Happiness;Period", "Brent;12,5;2024", "Ealing;12.5;2024")
    assert values(found) == [12.5]
    assert [(each.cell, each.seen) for each in found.findings if each.severity == "blocked"] == [("B2", "12,5")]


def test_one_slip_among_thousands_is_no_decimal_comma() -> None:
    rows = [f'{name},"{figure}",2024' for name, figure in zip(
        ("Brent", "Ealing", "Harrow", "Camden", "Barnet", "Enfield"), ("1,500", "2,100", "3,50", "4,700", "1,250", "6,400"), strict=True
    )]  # fmt: skip
    found = of("Borough,Contacts,Period", *rows)
    assert values(found, "activity", "count") == [1500.0, 2100.0, 4700.0, 1250.0, 6400.0]
    assert [each.seen for each in found.findings if each.severity == "blocked"] == ["3,50"]


def test_text_cells_of_a_workbook_are_read_in_the_same_way() -> None:
    data = book(("Rates", [["Borough", "Happiness", "Period"], ["Brent", "12,5", "2024"], ["Ealing", "3,75", "2024"]]))
    assert values(read(data, "rates.xlsx")) == [12.5, 3.75]


def test_numbers_of_a_workbook_are_never_taken_for_thousands_with_points() -> None:
    rows = [["Borough", "Happiness", "Loneliness", "Period"], ["Brent", "12,5", 1.234, "2024"], ["Ealing", "3,75", 2.125, "2024"]]
    found = read(book(("Rates", rows)), "rates.xlsx").tables["indicators"]
    assert found.loc[found["measure"] == "Loneliness", "value"].tolist() == [1.234, 2.125]


def test_a_person_can_choose_the_other_way() -> None:
    found = of("Borough;Contacts;Period", "Brent;1,500;2024", "Ealing;2,750;2024")
    (table,) = found.plan.tables
    columns = tuple(replace(each, decimal_comma=each.column == "B") for each in table.columns)
    changed = replace(found.plan, tables=(replace(table, columns=columns),))
    assert values(carry_out(found.book, changed), "activity", "count") == [1.5, 2.75]
    assert from_json(to_json(changed)) == changed


def test_a_recipe_keeps_the_choice_for_the_next_file() -> None:
    found = of("Borough;Contacts;Period", "Brent;1,500;2024", "Ealing;2,750;2024")
    (table,) = found.plan.tables
    columns = tuple(replace(each, decimal_comma=each.column == "B") for each in table.columns)
    recipe = replace(found.plan, tables=(replace(table, columns=columns),), name="Monthly")
    again = read(b"Borough;Contacts;Period\nBrent;1,750;2025", "next.csv", recipes=[recipe])
    assert again.tables["activity"]["count"].tolist() == [1.75]


def test_a_recipe_does_not_turn_a_workbooks_numbers_into_thousands() -> None:
    found = of("Borough;Happiness;Period", "Brent;1,5;2024", "Ealing;2,75;2024")
    recipe = replace(found.plan, name="Monthly")
    data = book(("Rates", [["Borough", "Happiness", "Period"], ["Brent", 1.234, "2025"]]))
    assert values(read(data, "next.xlsx", recipes=[recipe])) == [1.234]


@pytest.mark.parametrize(
    "text",
    [
        "Rates by borough, 2024/25\n\nBorough;Rate\nBrent;12,5\nEaling;3,75\n",
        "Brent;12,5\nEaling;3,75\n",
        "Borough;2023/24;2024/25\nBrent;12,5;13,5\nEaling;3,75;4,25\n",
    ],
)
def test_decimal_commas_are_no_separators(text: str) -> None:
    assert separator_of(text) == ";"


def test_commas_between_numbers_stay_separators() -> None:
    assert separator_of("Borough,2023/24,2024/25\nBrent,12,13\nEaling,3,4; and more\n") == ","


@pytest.mark.parametrize(
    ("text", "state", "form"),
    [
        ("12,5", "unreadable", "comma"),
        ("1.234,5", "unreadable", "comma"),
        ("1.234.567", "unreadable", "comma"),
        ("0,125", "unreadable", "comma"),
        ("1,500", "number", "plain"),
        ("01.02.2024", "unreadable", "plain"),
        ("1, 2 and 3", "unreadable", "plain"),
    ],
)
def test_what_would_be_a_number_with_a_decimal_comma_is_known(text: str, state: str, form: str) -> None:
    found = numbers.parse(text)
    assert (found.state, found.form) == (state, form)


def test_a_single_comma_in_a_file_with_commas_is_not_guessed() -> None:
    found = of("Borough,Happiness,Period", "Brent,7,2024", 'Ealing,"1,23",2024', "Harrow,9,2024")
    assert values(found) == [7.0, 9.0]
