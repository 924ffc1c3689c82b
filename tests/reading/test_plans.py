"""A plan saved as text comes back as it was; a text that is no recipe is refused in one plain sentence, whatever it holds."""

from __future__ import annotations

import json
import re
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity import tables
from mhequity.reading.plans import LABELS, MEANINGS, UNUSED, VERSION, ColumnPlan, Plan, TablePlan, from_json, to_json

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.dictionaries(TEXTS, TEXTS, max_size=3)
LABELLED = st.fixed_dictionaries({}, optional={
    "service": TEXTS, "measure": TEXTS, "comparator": TEXTS, "area": TEXTS, "period": st.sampled_from(["2024/25", "Apr 2024"]),
    "sex": st.sampled_from(["female", "male", ""]),
})  # fmt: skip
ROWS = st.integers(0, 2_000_000)
COLUMNS = st.builds(
    ColumnPlan,
    column=TEXTS, heading=TEXTS, meaning=st.sampled_from((UNUSED, *MEANINGS)), labels=LABELLED, unit=TEXTS,
    scale=st.floats(1e-6, 1e9), day_first=st.booleans(), confidence=st.floats(0, 1), why=TEXTS,
    decimal_comma=st.booleans(),
)  # fmt: skip
TABLES = st.builds(
    TablePlan,
    kind=st.sampled_from(tables.names()), sheet=TEXTS, header_rows=st.lists(ROWS, max_size=3).map(tuple), first_row=ROWS, last_row=ROWS,
    columns=st.lists(COLUMNS, max_size=4).map(tuple), file=TEXTS, title=TEXTS, notes=st.lists(TEXTS, max_size=2).map(tuple),
    labels=LABELLED, areas=NAMES, fill_down=st.lists(TEXTS, max_size=2).map(tuple), sections=st.sampled_from((UNUSED, *LABELS)),
    systems_are_totals=st.booleans(), sums_are_totals=st.booleans(), repeats_add_up=st.booleans(), exact=st.booleans(), layout=TEXTS, used=st.booleans(),
)  # fmt: skip
PLANS = st.builds(Plan, tables=st.lists(TABLES, max_size=3).map(tuple), name=TEXTS)

SPEND = Plan((TablePlan("investment", "Spend", (1,), 2, 3, (ColumnPlan("A", "Borough", "area"), ColumnPlan("B", "2024/25 (£000s)",
        "investment.amount_gbp", {"period": "2024/25"}, "GBP", 1000.0)), fill_down=("A",)),), "Monthly spend")  # fmt: skip

DAMAGED = "The recipe is damaged or not a recipe of this app."


@given(PLANS)
def test_a_plan_saved_as_text_comes_back_as_it_was(plan: Plan) -> None:
    assert from_json(to_json(plan)) == plan


@given(PLANS)
def test_a_plan_saved_as_bytes_comes_back_as_it_was(plan: Plan) -> None:
    assert from_json(to_json(plan).encode()) == plan


def test_what_holds_its_default_is_left_out_of_the_text() -> None:
    assert json.loads(to_json(SPEND)) == {
        "mhequity_recipe": 1,
        "name": "Monthly spend",
        "tables": [
            {
                "kind": "investment", "sheet": "Spend", "header_rows": [1], "first_row": 2, "last_row": 3, "fill_down": ["A"],
                "columns": [
                    {"column": "A", "heading": "Borough", "meaning": "area"},
                    {"column": "B", "heading": "2024/25 (£000s)", "meaning": "investment.amount_gbp", "labels": {"period": "2024/25"},
                     "unit": "GBP", "scale": 1000.0},
                ],
            }
        ],
    }  # fmt: skip


def test_letters_outside_english_can_be_read_in_the_text() -> None:
    assert "£000s" in to_json(SPEND)


def changed(**table: object) -> str:
    """The recipe above with something of its table changed."""
    held = json.loads(to_json(SPEND))
    held["tables"][0] |= table
    return json.dumps(held)


def with_column(**column: object) -> str:
    held = json.loads(to_json(SPEND))
    held["tables"][0]["columns"][0] |= column
    return json.dumps(held)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("", DAMAGED, id="nothing"),
        pytest.param("{", DAMAGED, id="cut short"),
        pytest.param(b"\xff\xfe\x00", DAMAGED, id="not text"),
        pytest.param("[]", "This is not a recipe of this app.", id="a list"),
        pytest.param('{"name": "x"}', "This is not a recipe of this app.", id="other settings"),
        pytest.param('{"mhequity_recipe": 2, "tables": []}', "This is not a recipe of this app.", id="another version"),
        pytest.param('{"mhequity_recipe": 1}', DAMAGED, id="no tables"),
        pytest.param('{"mhequity_recipe": 1, "tables": 5}', DAMAGED, id="tables that are none"),
        pytest.param('{"mhequity_recipe": 1, "tables": [[]]}', DAMAGED, id="a table that is none"),
        pytest.param(changed(first_row="2"), DAMAGED, id="a row that is no number"),
        pytest.param(changed(first_row=True), DAMAGED, id="a row that is yes or no"),
        pytest.param(changed(header_rows=[1.5]), DAMAGED, id="half a row"),
        pytest.param(changed(columns=None), DAMAGED, id="no columns"),
        pytest.param(changed(labels={"period": 5}), DAMAGED, id="a label that is no text"),
        pytest.param(changed(notes="one"), DAMAGED, id="notes that are no list"),
        pytest.param(changed(kind="spend"), "The recipe names a table that the app does not know: spend.", id="an unknown table"),
        pytest.param(with_column(scale="1000"), DAMAGED, id="a scale that is no number"),
        pytest.param(with_column(meaning="money"), "The recipe gives column A a meaning that the app does not know: money.",
                     id="an unknown meaning"),
        pytest.param("[" * 100_000, DAMAGED, id="nested too deep"),
    ],
)  # fmt: skip
def test_a_damaged_recipe_is_refused_in_one_sentence(text: str | bytes, said: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        from_json(text)


def test_keys_that_are_not_known_are_passed_over() -> None:
    assert from_json(changed(colour="red")) == SPEND


def test_a_whole_number_for_a_scale_is_taken() -> None:
    assert from_json(with_column(scale=1000)).tables[0].columns[0].scale == 1000.0


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=10,
)
KEYS = st.sampled_from([each.name for each in fields(TablePlan)])


def outcome(text: str | bytes) -> str:
    """``read``, or why it is refused; anything else that is raised is a defect."""
    try:
        from_json(text)
    except ValueError as refused:
        return str(refused) if type(refused) is ValueError else repr(refused)
    return "read"


SAID = re.compile(rf"read|{re.escape(DAMAGED)}|This is not a recipe of this app\.|The recipe (?:names|gives|multiplies|says) .*", re.DOTALL)


@given(JSON)
def test_any_json_is_no_recipe(held: object) -> None:
    assert outcome(json.dumps(held)) == "This is not a recipe of this app."


@given(st.dictionaries(KEYS, JSON), JSON)
def test_any_json_in_the_place_of_a_table_is_read_or_refused(table: dict, column: object) -> None:
    text = json.dumps({"mhequity_recipe": VERSION, "tables": [{"columns": [column], **table}]})
    assert SAID.fullmatch(outcome(text))


@given(KEYS, JSON)
def test_any_json_in_the_place_of_one_value_is_read_or_refused(key: str, value: object) -> None:
    assert SAID.fullmatch(outcome(changed(**{key: value})))


@given(st.sampled_from([each.name for each in fields(ColumnPlan)]), JSON)
def test_any_json_in_the_place_of_one_value_of_a_column_is_read_or_refused(key: str, value: object) -> None:
    assert SAID.fullmatch(outcome(with_column(**{key: value})))


@given(st.binary(max_size=30))
def test_bytes_that_are_no_text_are_refused(held: bytes) -> None:
    assert outcome(held) in (DAMAGED, "This is not a recipe of this app.")


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (TablePlan("investment", "Spend", (3,), 4, 9, (ColumnPlan("C", "Borough", "area"),)), "Spend!C3"),
        (TablePlan("investment", "Spend", (3, 4), 5, 9, (ColumnPlan("A", "Borough", "area"),), "april.csv"), "april.csv/Spend!A3"),
        (TablePlan("investment", "Spend", (), 2, 9, ()), "Spend!A2"),
    ],
)
def test_a_tables_key_says_where_it_begins(table: TablePlan, key: str) -> None:
    assert table.key == key
