"""The made-up service figures and the strategy: complete, in the catalogue's shape, and honest about what they are."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pandas as pd
import pytest
from shapely.geometry import Point, shape

from mhequity import areas, periods, tables
from mhequity.paths import DATA

MADE_UP = "made_up_services"
TABLES = ("investment", "activity", "workforce", "waits", "indicators", "core_offer", "sites", "actions")
SHIPPED = [*(("example", name) for name in TABLES), ("strategy", "ambitions"), ("strategy", "targets")]
IDS = [f"{folder}/{name}" for folder, name in SHIPPED]
THIRTEEN = {area.code for system in ("NWL", "NCL") for area in areas.boroughs(system)}


def example(name: str) -> pd.DataFrame:
    return tables.read_tidy(DATA / "example" / f"{name}.csv", name)


def strategy(name: str) -> pd.DataFrame:
    return tables.read_tidy(DATA / "strategy" / f"{name}.csv", name)


def as_text(folder: str, name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / folder / f"{name}.csv", dtype="str", keep_default_na=False)


def test_making_the_figures_again_gives_the_same_files(tmp_path: Path) -> None:
    runpy.run_path(str(DATA / "example" / "make.py"))["main"](tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == sorted(TABLES)
    changed = [name for name in TABLES if (tmp_path / f"{name}.csv").read_bytes() != (DATA / "example" / f"{name}.csv").read_bytes()]
    assert changed == []


@pytest.mark.parametrize(("folder", "name"), SHIPPED, ids=IDS)
def test_file_has_the_catalogues_columns_in_order(folder: str, name: str) -> None:
    assert list(as_text(folder, name)) == [*tables.kind(name).names, tables.SUPPRESSED, tables.SOURCE]


@pytest.mark.parametrize(("folder", "name"), SHIPPED, ids=IDS)
def test_reading_a_file_loses_no_value(folder: str, name: str) -> None:
    written, read = as_text(folder, name), tables.read_tidy(DATA / folder / f"{name}.csv", name)
    for column in tables.kind(name).columns:
        held = read[column.name].notna() if column.is_number else read[column.name] != ""
        assert held.tolist() == (written[column.name] != "").tolist(), column.name


@pytest.mark.parametrize(("folder", "name"), SHIPPED, ids=IDS)
def test_required_text_is_filled_in(folder: str, name: str) -> None:
    kind, written = tables.kind(name), as_text(folder, name)
    assert [column for column in kind.required if not kind.column(column).is_number and (written[column] == "").any()] == []


@pytest.mark.parametrize(("folder", "name"), SHIPPED, ids=IDS)
def test_required_number_is_empty_only_in_activity(folder: str, name: str) -> None:
    kind, written = tables.kind(name), as_text(folder, name)
    empty = [column for column in kind.required if kind.column(column).is_number and (written[column] == "").any()]
    assert empty == (["count"] if name == "activity" else [])


@pytest.mark.parametrize(("folder", "name"), SHIPPED, ids=IDS)
def test_choices_are_among_the_allowed(folder: str, name: str) -> None:
    written = as_text(folder, name)
    for column in tables.kind(name).columns:
        if column.allowed:
            assert set(written[column.name]) <= {*column.allowed, ""}, column.name


@pytest.mark.parametrize(("folder", "name"), SHIPPED, ids=IDS)
def test_no_fact_is_stated_twice(folder: str, name: str) -> None:
    assert not as_text(folder, name).duplicated(tables.kind(name).key).any()


@pytest.mark.parametrize(("folder", "name"), SHIPPED, ids=IDS)
def test_every_period_can_be_read(folder: str, name: str) -> None:
    written = as_text(folder, name)
    labels = {label for column in tables.kind(name).columns if column.kind == "period" for label in written[column.name]} - {""}
    assert [label for label in labels if (period := periods.parse(label)) is None or period.label != label] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_that_it_is_made_up(name: str) -> None:
    assert set(example(name)["source"]) == {MADE_UP}


def test_the_one_source_is_marked_as_made_up() -> None:
    sources = as_text("example", "sources")
    assert sources[["key", "made_up"]].values.tolist() == [[MADE_UP, "yes"]]


@pytest.mark.parametrize("name", [name for name in TABLES if name != "actions"])
def test_every_area_is_a_borough_of_the_two_systems_and_none_is_left_out(name: str) -> None:
    assert set(example(name)["area"]) == THIRTEEN


def test_names_of_sites_providers_and_actions_say_that_they_are_made_up() -> None:
    named = [example("sites")["site"], example("actions")["action"], *(example(name)["provider"] for name in TABLES[:5])]
    assert all(name.endswith("(made up)") for names in named for name in names.unique())


def test_activity_shows_suppressed_missing_and_zero_apart() -> None:
    activity = example("activity")
    suppressed, empty = tables.is_suppressed(activity, "count"), activity["count"].isna()
    assert (suppressed & ~empty).sum() == 0
    assert suppressed.sum() > 1
    assert (empty & ~suppressed).sum() == 1
    assert (activity["count"] == 0).sum() >= 1


def test_counts_are_whole() -> None:
    counts = example("activity")["count"].dropna()
    assert (counts == counts.round()).all()


def test_nine_teams_work_in_three_boroughs_and_their_contacts_pass_2000_a_week() -> None:
    activity = example("activity")
    teams = activity[(activity.team != "") & (activity.measure == "Contacts attended")]
    assert teams.groupby("area").team.nunique().tolist() == [3, 3, 3]
    weekly = teams.groupby("period")["count"].sum() / 52
    assert weekly["2022/23"] == pytest.approx(1200, rel=0.1)
    assert weekly["2023/24"] > 2000


def test_people_seen_follow_money_only_loosely() -> None:
    """Rank correlation over the 13 boroughs in 2024/25, both per need-weighted person."""
    weighted = pd.read_csv(DATA / "facts" / "source" / "london_boroughs.csv").set_index("area_code").mh_weighted_population_2025_26
    money, care = example("investment"), tables.everyone(example("activity"))
    money = money[money.period == "2024/25"].groupby("area").amount_gbp.sum() / weighted
    care = care[(care.period == "2024/25") & (care.measure == "People seen")].groupby("area")["count"].sum() / weighted
    assert 0.2 < money.dropna().rank().corr(care.dropna().rank()) < 0.6


def test_brent_and_enfield_have_less_money_for_their_need_than_camden_and_kensington() -> None:
    weighted = pd.read_csv(DATA / "facts" / "source" / "london_boroughs.csv").set_index("area_name")
    totals = example("investment").groupby("area").amount_gbp.sum()
    per_head = totals.reindex(weighted.area_code).set_axis(weighted.index) / weighted.mh_weighted_population_2025_26
    assert per_head[["Brent", "Enfield"]].max() < 0.75 * per_head[["Camden", "Kensington and Chelsea"]].min()


def test_sites_lie_inside_their_borough() -> None:
    features = json.loads((DATA / "boundaries" / "london_boroughs.geojson").read_text(encoding="utf-8"))["features"]
    shapes = {feature["properties"]["code"]: shape(feature["geometry"]) for feature in features}
    outside = [site.site for site in example("sites").itertuples() if not shapes[site.area].contains(Point(site.longitude, site.latitude))]
    assert outside == []


def test_strategy_has_three_themes_and_ten_ambitions_each_with_plan_status_and_next_steps() -> None:
    ambitions = strategy("ambitions")
    assert ambitions.theme.nunique() == 3
    assert ambitions.ambition.nunique() == len(ambitions) == 10
    assert (ambitions[["plan", "status", "next_steps"]] != "").all(axis=None)


def test_strategy_keeps_the_facts_of_the_paper() -> None:
    told = " ".join(strategy("ambitions")[["plan", "status", "next_steps"]].agg(" ".join, axis=1))
    facts = ("Brent and Hammersmith and Fulham", "ADHD", "Complex Care Board", "highest in England", "December 2025", "St Charles",
             "Additional Roles Reimbursement Scheme", "dementia", "Integrated Neighbourhood Teams", "Westminster")  # fmt: skip
    assert [fact for fact in facts if fact not in told] == []


def test_every_target_belongs_to_an_ambition_of_its_strategy() -> None:
    known = set(strategy("ambitions")[["strategy", "ambition"]].itertuples(index=False, name=None))
    assert set(strategy("targets")[["strategy", "ambition"]].itertuples(index=False, name=None)) <= known


def test_targets_start_from_the_published_figures() -> None:
    targets = strategy("targets").set_index("measure")
    assert targets.baseline["Inappropriate out-of-area bed days"] == (390 + 300 + 410 + 735) / 4
    checks = targets.loc["People with severe mental illness who had all six health checks, share"]
    assert checks.baseline == pytest.approx(11810 / 27567, abs=1e-6)
    assert (checks.target, checks.source) == (0.6, "smi_check_standard")


def test_nine_steps_are_nine_and_steps_are_numbered_without_a_gap() -> None:
    steps = as_text("strategy", "steps")
    assert (steps.group == "King's Fund nine steps").sum() == 9
    for group, rows in steps.groupby("group"):
        assert rows["order"].astype(int).tolist() == list(range(1, len(rows) + 1)), group


def test_every_row_of_the_strategy_names_a_listed_source() -> None:
    listed = set(as_text("strategy", "sources").key)
    named = {key for name in ("ambitions", "targets", "steps") for key in as_text("strategy", name).source}
    assert named == listed
