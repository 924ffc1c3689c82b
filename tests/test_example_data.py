"""What comes with the app: the made-up example and the strategy are whole, and the made-up one can be made again."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from shapely.geometry import Point, shape

from data.example import make
from mhequity import areas, periods, tables
from mhequity.paths import DATA

NAMES = ("investment", "activity", "workforce", "waits", "indicators", "core_offer", "sites", "actions", "population")
SOURCES = {name: make.RESIDENTS if name == "population" else make.SOURCE for name in NAMES}


def example(name: str) -> pd.DataFrame:
    return tables.read_tidy(DATA / "example" / f"{name}.csv", name)


def strategy(name: str) -> pd.DataFrame:
    return tables.read_tidy(DATA / "strategy" / f"{name}.csv", name)


def test_every_example_table_is_checked_here() -> None:
    assert {path.stem for path in (DATA / "example").glob("*.csv")} == {*NAMES, "sources"}


def test_the_committed_example_is_what_its_script_makes(tmp_path: Path) -> None:
    make.main(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {f"{name}.csv" for name in NAMES}
    different = [name for name in NAMES if (tmp_path / f"{name}.csv").read_bytes() != (DATA / "example" / f"{name}.csv").read_bytes()]
    assert different == []


@pytest.mark.parametrize("name", NAMES)
def test_every_area_is_a_borough_of_north_west_or_north_central_london(name: str) -> None:
    thirteen = {area.code for system in ("NWL", "NCL") for area in areas.boroughs(system)}
    assert len(thirteen) == 13
    frame = example(name)
    if name == "actions":
        assert set(frame.area) == {""}
    else:
        assert set(frame.area) == thirteen


@pytest.mark.parametrize("name", NAMES)
def test_every_period_can_be_read(name: str) -> None:
    columns = [column.name for column in tables.kind(name).columns if column.kind == "period"]
    frame = example(name)
    unread = {label for column in columns for label in frame[column] if label and periods.parse(label) is None}
    assert unread == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_fact_is_stated_twice(name: str) -> None:
    assert not example(name).duplicated(tables.kind(name).key).any()


@pytest.mark.parametrize("name", NAMES)
def test_every_row_says_that_it_is_made_up(name: str) -> None:
    assert set(example(name).source) == {SOURCES[name]}
    with open(DATA / "example" / "sources.csv", encoding="utf-8", newline="") as file:
        assert {row["key"]: row["made_up"] for row in csv.DictReader(file)} == dict.fromkeys(SOURCES.values(), "yes")


@pytest.mark.parametrize("name", NAMES)
def test_required_columns_are_filled_and_choices_allowed(name: str) -> None:
    frame = example(name)
    for column in tables.kind(name).columns:
        if column.required and not column.is_number:
            assert (frame[column.name] != "").all(), column.name
        if column.allowed:
            assert set(frame[column.name]) <= {*column.allowed, ""}, column.name


def test_activity_holds_suppressed_missing_and_zero_counts() -> None:
    frame = example("activity")
    suppressed = tables.is_suppressed(frame, "count")
    assert suppressed.any()
    assert frame["count"][suppressed].isna().all()
    assert (frame["count"].isna() & ~suppressed).any()
    assert (frame["count"] == 0).any()


def test_no_small_count_is_left_unsuppressed_where_counts_are_suppressed() -> None:
    frame = example("activity")
    grouped = frame[frame.ethnic_group != ""]
    assert not grouped["count"].between(1, 4).any()


@pytest.mark.parametrize("name", ["investment", "activity", "workforce", "waits", "core_offer"])
def test_no_figure_is_negative(name: str) -> None:
    numbers = example(name)[tables.kind(name).numbers]
    assert not (numbers < 0).any(axis=None)


def test_posts_are_not_overfilled_and_no_more_are_seen_in_time_than_are_seen() -> None:
    staff, waits = example("workforce"), example("waits")
    assert (staff.in_post_wte <= staff.established_wte).all()
    assert (waits.within_target <= waits.seen).all()


def test_every_site_lies_in_its_borough() -> None:
    outlines = json.loads((DATA / "boundaries" / "london_boroughs.geojson").read_text(encoding="utf-8"))
    codes = {area.code for area in areas.boroughs()}
    polygons = {
        next(value for value in feature["properties"].values() if value in codes): shape(feature["geometry"])
        for feature in outlines["features"]
    }
    outside = [row.site for row in example("sites").itertuples() if not polygons[row.area].contains(Point(row.longitude, row.latitude))]
    assert outside == []


def test_the_strategy_has_three_themes_and_ten_ambitions_each_told_in_full() -> None:
    frame = strategy("ambitions")
    assert frame.theme.nunique() == 3
    assert frame.ambition.nunique() == len(frame) == 10
    for column in ("plan", "status", "next_steps"):
        assert (frame[column].str.len() > 10).all(), column


def test_every_target_belongs_to_an_ambition_of_its_strategy_and_has_figures() -> None:
    targets, ambitions = strategy("targets"), strategy("ambitions")
    assert len(targets) > 0
    known = set(zip(ambitions.strategy, ambitions.ambition, strict=True))
    assert set(zip(targets.strategy, targets.ambition, strict=True)) <= known
    facts = tables.read_tidy(DATA / "facts" / "indicators.csv", "indicators")
    for target in targets.itertuples():
        assert ((facts.measure == target.measure) & (facts.area == target.area)).any(), target.measure


def test_every_source_of_the_strategy_is_described() -> None:
    with open(DATA / "strategy" / "sources.csv", encoding="utf-8", newline="") as file:
        described = {row["key"] for row in csv.DictReader(file)}
    assert set(strategy("ambitions").source) | set(strategy("targets").source) <= described
