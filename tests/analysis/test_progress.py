"""What the data says of a strategy's targets, beside what its owner says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity import tables
from mhequity.analysis import progress
from mhequity.workspace import Workspace, published

NWL = "E54000027"
BED_DAYS = "Inappropriate out-of-area bed days"
CHECKS = "People with severe mental illness who had all six health checks, share"


def measured(*values: float, start: float = 2020.25) -> pd.DataFrame:
    time = start + 0.25 * np.arange(len(values))
    return pd.DataFrame({"period": [f"point {i}" for i in range(1, len(values) + 1)], "time": time, "value": values})


# From 100 in 2020.25 to 0 in 2030.25: ten points a year, so 2.5 a quarter.
DOWN = progress.trajectory(2020.25, 100, 2030.25, 0)
UP = progress.trajectory(2020.25, 0, 2030.25, 100)
NOISE = [0.3, -0.2, 0.1, -0.3, 0.2, -0.1, 0.3, -0.2]


def lower(*values: float) -> str:
    return progress.computed_status(measured(*values), DOWN, 0, "lower")[0]


def higher(*values: float) -> str:
    return progress.computed_status(measured(*values), UP, 100, "higher")[0]


def test_met_target_is_on_trajectory() -> None:
    status, why = progress.computed_status(measured(100, 60, 0), DOWN, 0, "lower")
    assert (status, why) == ("on trajectory", "The target is met in the newest figure (point 3).")


def test_target_met_and_passed_is_on_trajectory() -> None:
    assert higher(0, 50, 110) == "on trajectory"


def test_figure_on_the_line_or_better_is_on_trajectory() -> None:
    # Half a year after the baseline the lines stand at 95 and 5.
    assert lower(100, 99, 95) == "on trajectory"
    assert lower(100, 99, 94) == "on trajectory"
    assert higher(0, 1, 5) == "on trajectory"


def test_figure_short_of_the_line_with_the_right_slope_is_improving() -> None:
    assert lower(*[120 - 2 * i + noise for i, noise in enumerate(NOISE)]) == "off trajectory, improving"
    assert higher(*[-20 + 2 * i + noise for i, noise in enumerate(NOISE)]) == "off trajectory, improving"


def test_figure_short_of_the_line_with_the_wrong_slope_is_not_improving() -> None:
    assert lower(*[120 + 2 * i + noise for i, noise in enumerate(NOISE)]) == "off trajectory, not improving"
    assert higher(*[-20 - 2 * i + noise for i, noise in enumerate(NOISE)]) == "off trajectory, not improving"


def test_slope_that_may_be_chance_is_not_improving() -> None:
    # Both slopes point the right way (a quarter's -0.9 and +0.9), far less than the figures jump about.
    assert lower(120, 90, 130, 85, 125, 95, 120, 97) == "off trajectory, not improving"
    assert higher(-20, 10, -30, 15, -25, 5, -20, 3) == "off trajectory, not improving"


def test_flat_series_off_the_line_is_not_improving() -> None:
    assert lower(*[120] * 8) == "off trajectory, not improving"


def test_only_the_last_eight_figures_decide_the_direction() -> None:
    rising_then_falling = [*range(60, 130, 10), 20, *[150 - 4 * i + noise for i, noise in enumerate(NOISE)]]
    assert lower(*rising_then_falling) == "off trajectory, improving"


def test_why_names_as_many_figures_as_there_are() -> None:
    why = progress.computed_status(measured(*[120 - i + noise for i, noise in enumerate(NOISE[:6])]), DOWN, 0, "lower")[1]
    assert "the last 6 figures improve" in why


def test_one_figure_since_the_baseline_cannot_tell() -> None:
    assert lower(100, 200) == "cannot tell"
    assert lower() == "cannot tell"


def test_off_the_line_with_too_few_for_a_direction_cannot_tell() -> None:
    assert lower(100, 100, 100, 100) == "cannot tell"


@pytest.mark.parametrize("path", [
    progress.trajectory(2020.25, float("nan"), 2030.25, 0),
    progress.trajectory(2020.25, 100, float("nan"), 0),
    progress.trajectory(float("nan"), 100, 2030.25, 0),
    progress.trajectory(2020.25, 100, 2020.25, 0),
    progress.trajectory(2020.25, 100, 2030.25, float("nan")),
], ids=["no baseline", "no due date", "no baseline date", "no time", "no target"])  # fmt: skip
def test_target_that_is_not_whole_is_neither_good_nor_bad(path: pd.DataFrame) -> None:
    status, _ = progress.computed_status(measured(*[120 + i for i in range(8)]), path, path["value"].iloc[-1], "lower")
    assert status == "cannot tell"


def test_trajectory_is_straight_with_a_point_a_year() -> None:
    path = progress.trajectory(2020.25, 100, 2022.75, 0)
    assert path.time.tolist() == [2020.25, 2021.25, 2022.25, 2022.75]
    assert path["value"].tolist() == [100, 60, 20, 0]


@pytest.mark.parametrize(("label", "year"), [
    ("2024/25", 2025 + 90 / 365),
    ("2019/20", 2020 + 91 / 366),
    ("2018/19 Q3", 2019.0),
    ("12 months to Dec 2023", 2024.0),
    ("Jun 2021", 2021 + 181 / 365),
])  # fmt: skip
def test_decimal_year_is_the_end_of_the_period(label: str, year: float) -> None:
    assert progress.decimal_year(label) == pytest.approx(year)


@pytest.mark.parametrize("label", ["not stated", "", "soon"])
def test_period_without_an_end_has_no_decimal_year(label: str) -> None:
    assert np.isnan(progress.decimal_year(label))


def test_projection_follows_the_line_to_the_due_date() -> None:
    ahead = progress.project(measured(10, 20, 30, 40, 50, 60), 2022.5, "people")
    # 40 a year from 60 at 2021.5.
    assert ahead.time.tolist() == [2021.5, 2022.0, 2022.5]
    assert ahead["value"].tolist() == pytest.approx([60, 80, 100])
    assert ahead.lower.tolist() == pytest.approx(ahead.upper.tolist(), abs=1e-6)


def test_projected_count_stops_at_0() -> None:
    ahead = progress.project(measured(60, 52, 38, 31, 19, 12), 2030.25, "people")
    assert ahead[["value", "lower", "upper"]].min().tolist() == [0, 0, 0]


def test_projected_share_stops_at_0_and_1() -> None:
    rising, falling = (progress.project(measured(*values), 2035.25, "share") for values in (
        (0.1, 0.22, 0.28, 0.41, 0.52, 0.58), (0.58, 0.52, 0.41, 0.28, 0.22, 0.1)))  # fmt: skip
    assert rising.iloc[-1][["value", "lower", "upper"]].tolist() == [1, 1, 1]
    assert falling.iloc[-1][["value", "lower", "upper"]].tolist() == [0, 0, 0]


def test_five_figures_are_too_few_to_project() -> None:
    ahead = progress.project(measured(1, 2, 3, 4, 5), 2030.25, "people")
    assert ahead.empty
    assert ahead.columns.tolist() == ["time", "value", "lower", "upper"]


@given(st.lists(st.floats(0, 1), min_size=6, max_size=16), st.floats(2025, 2040))
def test_projected_share_stays_a_share_within_its_range(values: list[float], until: float) -> None:
    ahead = progress.project(measured(*values), until, "share")
    assert ((ahead.lower <= ahead["value"] + 1e-12) & (ahead["value"] <= ahead.upper + 1e-12)).all()
    assert ahead[["value", "lower", "upper"]].stack().between(0, 1).all()
    assert ahead.time.iloc[-1] == until


def test_published_bed_days_of_north_west_london_by_year() -> None:
    found = progress.series(published(), BED_DAYS, NWL)
    by_year = found.groupby(found.period.str[:7])["value"].sum()
    # NHS Mental Health Dashboard, four quarters each.
    assert (by_year["2018/19"], by_year["2021/22"]) == (1835, 4505)


def test_published_health_checks_of_north_west_london() -> None:
    newest = progress.series(published(), CHECKS, NWL).iloc[-1]
    assert newest.period == "2023/24"
    assert newest["value"] == pytest.approx(22468 / 28075)
    assert round(newest["value"], 3) == 0.800


def test_published_targets_of_the_strategy() -> None:
    views = {view.measure: view for view in progress.target_views(published())}
    beds, checks = views[BED_DAYS], views[CHECKS]
    assert (beds.target, beds.target_period, beds.better, beds.baseline) == (0, "2028/29", "lower", 1835 / 4)
    assert beds.status == "off trajectory, not improving"
    assert (checks.target, checks.better) == (0.6, "higher")
    assert checks.status == "on trajectory"
    assert {"mh_dashboard_oap", "nwl_strategy_2025"} == set(beds.sources)


def test_published_strategy_is_judged_where_it_has_targets_only() -> None:
    frame = progress.ambitions(published())
    assert len(frame) == 10
    assert frame.computed_status.value_counts().to_dict() == {"no measure yet": 9, "off trajectory, not improving": 1}
    assert not frame.conflict.any()


def strategy(ratings: dict[str, str], targets: list[dict], values: dict[str, list[float]], **extra: object) -> Workspace:
    """Ambitions with their owners' ratings; targets; quarterly figures of each measure from 2020/21 Q1."""
    quarters = [f"{year}/{(year + 1) % 100} Q{number}" for year in (2020, 2021, 2022) for number in (1, 2, 3, 4)]
    shared = {"area": NWL, "unit": "people", **extra}
    indicators = [
        {**shared, "measure": measure, "period": quarter, "value": float(value)}
        for measure, series in values.items()
        for quarter, value in zip(quarters, series, strict=False)
    ]
    ambitions = [{"strategy": "S", "theme": "T", "ambition": name, "stated_rating": rating} for name, rating in ratings.items()]
    goals = [{"strategy": "S", "area": NWL, "baseline_period": "2019/20", "target_period": "2028/29", "better": "lower",
              "baseline": 100.0, "target": 0.0, **target} for target in targets]  # fmt: skip
    frames = {"ambitions": ambitions, "targets": goals, "indicators": indicators}
    return Workspace({name: tables.conform(pd.DataFrame(rows), name) for name, rows in frames.items() if rows}, {}, "literal")


GOOD, BAD = [90, 80, 70, 60, 50, 40, 30, 20], [100, 110, 120, 130, 140, 150, 160, 170]


@pytest.mark.parametrize(("rating", "series", "conflict"), [
    ("green", BAD, True), ("green", GOOD, False), ("green", [], False), ("red", GOOD, True), ("red", BAD, False), ("red", [], False),
    ("amber", BAD, False), ("not rated", BAD, False), ("", GOOD, False),
])  # fmt: skip
def test_owners_word_and_data_disagree_only_where_one_is_good_and_the_other_bad(rating: str, series: list[float], conflict: bool) -> None:
    workspace = strategy({"A": rating}, [{"ambition": "A", "measure": "M"}], {"M": series})
    assert progress.ambitions(workspace).conflict.tolist() == [conflict]


def test_ambition_without_a_target_has_no_status_of_its_own() -> None:
    frame = progress.ambitions(strategy({"A": "green", "B": "red"}, [{"ambition": "A", "measure": "M"}], {"M": GOOD}))
    assert frame.computed_status.tolist() == ["on trajectory", "no measure yet"]


@pytest.mark.parametrize(("other", "status"), [
    ({"Other": BAD}, "off trajectory, not improving"),
    ({}, "cannot tell"),
], ids=["one off", "one without data"])  # fmt: skip
def test_ambition_is_only_as_good_as_its_worst_target(other: dict[str, list[float]], status: str) -> None:
    targets = [{"ambition": "A", "measure": "M"}, {"ambition": "A", "measure": "Other"}]
    assert progress.ambitions(strategy({"A": "green"}, targets, {"M": GOOD, **other})).computed_status.tolist() == [status]


def test_target_without_data_does_not_hide_one_that_is_off() -> None:
    targets = [{"ambition": "A", "measure": "M"}, {"ambition": "A", "measure": "Nothing"}]
    frame = progress.ambitions(strategy({"A": "green"}, targets, {"M": BAD}))
    assert frame.computed_status.tolist() == ["off trajectory, not improving"]
    assert frame.conflict.tolist() == [True]


def test_figures_of_one_group_are_no_part_of_everyones_series() -> None:
    assert progress.series(strategy({}, [], {"M": GOOD}, sex="female"), "M", NWL).empty


def test_figure_without_a_period_is_left_out() -> None:
    workspace = strategy({}, [], {"M": GOOD})
    rows = pd.DataFrame([{"area": NWL, "measure": "M", "period": "not stated", "value": 5.0, "unit": "people"}])
    both = pd.concat([workspace.table("indicators"), tables.conform(rows, "indicators")], ignore_index=True)
    assert progress.series(Workspace({"indicators": both}, {}, "more"), "M", NWL)["value"].tolist() == GOOD


@pytest.mark.parametrize(
    "gap", [{"baseline_period": "not stated"}, {"target_period": "not stated"}, {"baseline": float("nan")}, {"target": float("nan")}]
)
def test_target_with_a_gap_is_shown_and_cannot_tell(gap: dict) -> None:
    view = progress.target_views(strategy({"A": "green"}, [{"ambition": "A", "measure": "M", **gap}], {"M": GOOD}))[0]
    assert view.status == "cannot tell"
    assert len(view.series) == 8


def test_target_without_any_figures_is_shown_and_cannot_tell() -> None:
    view = progress.target_views(strategy({"A": "green"}, [{"ambition": "A", "measure": "M"}], {}))[0]
    assert (view.status, view.unit) == ("cannot tell", "")
    assert view.series.empty
    assert view.projection.empty
