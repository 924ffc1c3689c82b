"""The catalogue and the tidy frames made from it."""

import pandas as pd
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
