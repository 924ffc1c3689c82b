"""The made-up example by group: the groups of a row add up to everyone, and no count is impossible."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.example import groups
from mhequity import tables
from mhequity.paths import DATA

KEYS = ["area", "service"]


def example(name: str, measure: str) -> pd.DataFrame:
    rows = tables.read_tidy(DATA / "example" / f"{name}.csv", name)
    return rows[(rows.measure == measure) & (rows.period == groups.YEAR)]


@pytest.mark.parametrize("by", groups.GROUPS)
@pytest.mark.parametrize(
    ("table", "measure", "column"),
    [("activity", groups.SEEN, "count"), ("indicators", groups.IMPROVED, "numerator"), ("indicators", groups.IMPROVED, "denominator")],
)
def test_the_groups_add_up_to_everyone_for_each_borough_and_service(by: str, table: str, measure: str, column: str) -> None:
    rows = example(table, measure)
    everyone = tables.everyone(rows).groupby(KEYS)[column].sum()
    of_groups = rows[rows[by] != ""].groupby(KEYS)[column].sum()
    pd.testing.assert_series_equal(of_groups, everyone, check_exact=True)


def test_nobody_improved_who_was_not_measured() -> None:
    rows = example("indicators", groups.IMPROVED)
    assert (rows.numerator <= rows.denominator).all()
    assert (rows.denominator > 0).all()


def test_no_row_speaks_of_two_groups_at_once() -> None:
    for name, measure in (("activity", groups.SEEN), ("indicators", groups.IMPROVED)):
        assert (example(name, measure)[list(tables.GROUPS)] != "").sum(axis=1).max() == 1


@given(st.integers(0, 5000), st.lists(st.floats(0.01, 1), min_size=2, max_size=6))
def test_what_is_shared_out_adds_up_and_keeps_to_its_shares(total: int, weights: list[float]) -> None:
    share = np.array(weights) / sum(weights) * total
    parts = groups.shared_out(total, np.array(weights))
    assert parts.sum() == total
    assert (np.abs(parts - share) <= 1).all()


@given(st.lists(st.tuples(st.integers(0, 50), st.floats(0.01, 1)), min_size=2, max_size=6), st.floats(0, 1))
def test_no_part_is_above_its_most(parts: list[tuple[int, float]], filled: float) -> None:
    most = np.array([room for room, _ in parts])
    total = int(most.sum() * filled)
    found = groups.shared_out(total, np.array([weight for _, weight in parts]), most)
    assert found.sum() == total
    assert (found <= most).all()
    assert (found >= 0).all()
