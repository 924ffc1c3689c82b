"""The made-up example by group: the groups of a row add up to everyone, and no count is impossible."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.example import groups
from mhequity import areas, tables
from mhequity.paths import DATA
from mhequity.workspace import published

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


def residents() -> pd.DataFrame:
    return tables.read_tidy(DATA / "example" / "population.csv", "population")


def census(age_band: str = "") -> pd.Series:
    rows = published().table("population")
    rows = rows[(rows.source == "census_2021") & (rows.age_band == age_band)]
    thirteen = [area.code for system in ("NWL", "NCL") for area in areas.boroughs(system)]
    return rows.set_index("area").persons[thirteen].sort_index()


@pytest.mark.parametrize("by", groups.GROUPS)
def test_residents_by_group_add_up_to_the_published_residents_of_each_borough(by: str) -> None:
    rows = residents()
    pd.testing.assert_series_equal(rows[rows[by] != ""].groupby("area").persons.sum(), census(), check_exact=True, check_names=False)


@pytest.mark.parametrize("by", groups.GROUPS)
def test_every_group_that_care_is_given_for_has_residents_in_every_borough(by: str) -> None:
    care, people = tables.read_tidy(DATA / "example" / "activity.csv", "activity"), residents()
    wanted = set(care[by]) - {""}
    of_each = people[people[by] != ""].groupby("area")[by].agg(set)
    assert len(of_each) == 13
    assert all(found == wanted | ({"under 16"} if by == "age_band" else set()) for found in of_each)


def test_residents_are_of_one_group_each_and_never_of_everyone() -> None:
    rows = residents()
    assert set((rows[list(tables.GROUPS)] != "").sum(axis=1)) == {1}
    assert set(rows.base) == {"resident"}
    assert set(rows.period) == {"2021"}


def test_ages_of_residents_leave_room_for_the_published_ones_of_16_to_74() -> None:
    ages = residents().query("age_band != ''").pivot(index="area", columns="age_band", values="persons")
    within = ages[["16 to 25", "26 to 39", "40 to 64"]].sum(axis=1)
    assert (within < census("16 to 74")).all()
    assert (within + ages["65 and over"] > census("16 to 74")).all()
    shares = ages.div(census(), axis=0)
    assert shares["under 16"].between(0.12, 0.24).all()
    assert shares["65 and over"].between(0.1, 0.18).all()


def test_residents_are_of_a_plausible_size_beside_the_people_seen() -> None:
    seen, people = example("activity", groups.SEEN), residents()
    for by in groups.GROUPS:
        rate = seen[seen[by] != ""].groupby(["area", by])["count"].sum() / people[people[by] != ""].groupby(["area", by]).persons.sum()
        assert rate.dropna().between(0.03, 0.3).all(), by


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
