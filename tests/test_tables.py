"""The catalogue and the tidy frames made from it."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from mhequity import tables
from mhequity.reading import numbers
from mhequity.reading.cells import BLOCKED, understand


def test_every_example_value_is_one_that_its_column_accepts() -> None:
    for kind in tables.CATALOGUE:
        for column in kind.columns:
            example = str(column.example)
            good = (
                numbers.parse(example).state == numbers.NUMBER
                if column.is_number
                else not example or understand(example, column).state != BLOCKED
            )
            assert good, (kind.name, column.name)


def test_every_choice_column_lists_its_values() -> None:
    assert all(bool(column.allowed) == (column.kind == "choice") for kind in tables.CATALOGUE for column in kind.columns)


def test_every_table_has_key_columns_that_are_not_numbers() -> None:
    for kind in tables.CATALOGUE:
        assert kind.key
        assert not set(kind.key) & set(kind.numbers)


def test_unknown_table_is_a_programmers_mistake() -> None:
    with pytest.raises(KeyError):
        tables.kind("nothing")


def test_conform_adds_missing_columns_empty_and_drops_others() -> None:
    frame = tables.conform(pd.DataFrame({"count": [3], "area": ["E09000005"], "colour": ["red"]}), "activity")
    assert list(frame.columns) == [*tables.kind("activity").names, "suppressed", "source"]
    assert frame.loc[0, "area"] == "E09000005"
    assert frame.loc[0, "service"] == ""
    assert frame.loc[0, "count"] == 3.0


def test_empty_frame_has_the_columns_and_no_rows() -> None:
    assert tables.empty("waits").shape == (0, len(tables.kind("waits").names) + 2)


def test_suppressed_marks_are_read_by_whole_column_name() -> None:
    frame = tables.conform(pd.DataFrame({"suppressed": ["seen", "seen waiting", "", "waiting"]}), "waits")
    assert tables.is_suppressed(frame, "seen").tolist() == [True, True, False, False]
    assert tables.is_suppressed(frame, "wait").tolist() == [False, False, False, False]


def test_rows_about_everyone_are_those_without_a_group() -> None:
    frame = tables.conform(pd.DataFrame({"persons": [10.0, 4.0], "sex": ["", "female"]}), "population")
    assert tables.everyone(frame)["persons"].tolist() == [10.0]


def test_tidy_frame_written_as_csv_is_read_back(tmp_path) -> None:
    frame = tables.conform(pd.DataFrame({"area": ["E09000005"], "persons": [1.5], "suppressed": [""]}), "population")
    frame.to_csv(tmp_path / "population.csv", index=False)
    pd.testing.assert_frame_equal(tables.read_tidy(tmp_path / "population.csv", "population"), frame)


def dictionary(*texts: str) -> pa.DictionaryArray:
    return pa.array(texts, pa.string()).dictionary_encode()


def test_texts_read_become_categories_in_alphabetical_order() -> None:
    frame = tables.from_arrow(pa.table({"service": dictionary("wait", "", "crisis", "wait"), "count": [1.0, None, 0.0, 2.0]}))
    assert frame["service"].tolist() == ["wait", "", "crisis", "wait"]
    assert frame["service"].cat.categories.tolist() == ["", "crisis", "wait"]
    assert frame.sort_values("service", kind="stable")["service"].tolist() == ["", "crisis", "wait", "wait"]
    assert frame["count"].isna().tolist() == [False, True, False, False]


def test_parts_with_other_texts_are_put_together() -> None:
    parts = [pa.table({"team": dictionary("b", "c")}), pa.table({"team": dictionary("a", "c", "b")})]
    assert tables.from_arrow(pa.concat_tables(parts))["team"].tolist() == ["b", "c", "a", "c", "b"]


@pytest.mark.parametrize("number", [1, 2, 127, 128, 129, 300, 40_000])
def test_every_text_of_many_stays_its_own(number: int) -> None:
    texts = [f"Team {at}" for at in range(number)]
    assert tables.from_arrow(pa.table({"team": dictionary(*texts)}))["team"].tolist() == texts


@pytest.mark.parametrize("as_read", [False, True])
def test_rows_state_the_same_fact_where_all_keys_are_the_same(as_read: bool) -> None:
    frame = tables.conform(
        pd.DataFrame({
            "area": ["E09000005", "E09000005", "E09000009", "E09000005", "E09000005"],
            "base": ["resident", "", "", "registered", ""],
            "sex": ["", "", "", "", "female"],
            "persons": [1.0, 2.0, 3.0, 4.0, 5.0],
        }), "population",
    )  # fmt: skip
    frame = frame.astype(dict.fromkeys(["area", "base", "sex"], "category")) if as_read else frame
    first, second, *others = tables.fact_numbers(frame, "population")
    assert first == second
    assert len({first, *others}) == 4


def test_so_many_keys_that_their_product_is_no_number_are_still_told_apart() -> None:
    chance = np.random.default_rng(1)
    names = [*tables.kind("activity").key]
    frame = tables.conform(pd.DataFrame({name: chance.integers(0, 150, 3_000).astype(str) for name in names}), "activity")
    frame = pd.concat([frame, frame.iloc[[7]]], ignore_index=True)
    expected = frame.groupby(names, sort=False).ngroup().to_numpy()
    found = tables.fact_numbers(frame, "activity")
    assert pd.Series(found).factorize()[0].tolist() == expected.tolist()


def test_categories_become_strings_again() -> None:
    read = pd.DataFrame({"place": pd.Categorical(["b", None, "a"]), "area": pd.Categorical(["", "E09000005", ""])}, index=[4, 2, 9])
    frame = tables.conform(read, "places")
    assert frame["place"].tolist() == ["b", "", "a"]
    assert frame["area"].tolist() == ["", "E09000005", ""]
    assert frame.index.tolist() == [4, 2, 9]
    assert {str(frame[name].dtype) for name in frame} == {"str"}
