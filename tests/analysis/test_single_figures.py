"""Figures that stand for themselves: small ones are hidden, and what would tell them."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mhequity import tables
from mhequity.analysis import single_figures
from mhequity.disclosure import AS_PUBLISHED, UNDER_FIVE, Policy
from mhequity.workspace import Workspace, published

BRENT, EALING, NWL = "E09000005", "E09000009", "E54000027"


def held(*rows: dict[str, Any], source: str = "own", policy: Policy = UNDER_FIVE) -> Workspace:
    """Indicators of Brent in 2024/25, unless a row says otherwise."""
    usual = {"area": BRENT, "period": "2024/25", "measure": "People waiting", "source": source}
    frame = tables.conform(pd.DataFrame([usual | row for row in rows]), "indicators")
    return Workspace({"indicators": frame}, published().sources, "literal", policy=policy)


def quarters(*values: float, unit: str = "people") -> list[dict[str, Any]]:
    return [{"period": f"2024/25 Q{at}", "value": value, "unit": unit} for at, value in enumerate(values, start=1)]


def shares(*counts: tuple[float, float]) -> list[dict[str, Any]]:
    """Quarters of a share: above the line, below it."""
    return [
        {"period": f"2024/25 Q{at}", "value": above / below, "numerator": above, "denominator": below, "unit": "share"}
        for at, (above, below) in enumerate(counts, start=1)
    ]


def shown(workspace: Workspace) -> pd.DataFrame:
    return single_figures.one_by_one(workspace, workspace.table("indicators"))


def periods_shown(workspace: Workspace) -> list[str]:
    return [label.removeprefix("2024/25 ") for label in shown(workspace).period]


def test_a_small_quarter_takes_the_next_smallest_with_it_and_others_are_rounded() -> None:
    found = shown(held(*quarters(3, 21, 42, 53)))
    assert dict(zip(found.period, found["value"], strict=True)) == {"2024/25 Q3": 40, "2024/25 Q4": 55}


def test_a_published_series_and_one_that_counts_nobody_stay() -> None:
    source = next(iter(published().sources))
    assert shown(held(*quarters(3, 21, 42, 53), source=source))["value"].tolist() == [3, 21, 42, 53]
    assert shown(held(*quarters(3, 21, 42, 53, unit="days")))["value"].tolist() == [3, 21, 42, 53]
    assert shown(held(*quarters(3, 21, 42, 53), policy=AS_PUBLISHED))["value"].tolist() == [3, 21, 42, 53]


def test_a_share_is_withheld_with_a_small_count_of_those_it_leaves_out() -> None:
    # 97 of 100 is 3 who were not, and 50 of 100 in the next quarter would tell them beside a year's figure.
    assert periods_shown(held(*shares((97, 100), (50, 60), (40, 80), (45, 90)))) == ["Q3", "Q4"]


def test_the_next_smallest_quarter_of_a_share_is_hidden_as_that_of_a_count_is() -> None:
    assert periods_shown(held(*shares((3, 50), (20, 60), (30, 80), (40, 90)))) == ["Q3", "Q4"]


def test_a_count_in_any_words_is_a_count() -> None:
    for unit in ("Patients", "count", "persons", ""):
        assert shown(held({"value": 3, "unit": unit}, {"area": EALING, "value": 52, "unit": unit}))["value"].tolist() == [50]


def test_whole_numbers_that_count_nobody_stay() -> None:
    for measure in ("Median days waited", "Rank of need", "Mean score", "GP patients per session"):
        assert shown(held({"value": 3, "measure": measure}))["value"].tolist() == [3]
    assert shown(held({"value": 3, "measure": "Output"}, {"value": 7.5, "measure": "Output", "area": EALING}))["value"].tolist() == [3, 7.5]


def test_a_share_without_its_count_is_withheld_where_the_count_can_be_told() -> None:
    assert shown(held({"value": 0.03, "denominator": 100, "unit": "share"})).empty
    assert shown(held({"value": 20, "denominator": 150, "unit": "per 1,000"})).empty
    assert shown(held({"value": 0.5, "denominator": 100, "unit": "share", "suppressed": "numerator"})).empty
    assert len(shown(held({"value": 0.3, "denominator": 100, "unit": "share"}))) == 1


def test_a_rate_is_withheld_with_its_count() -> None:
    rate = {"numerator": 3, "denominator": 1500, "value": 2.0, "unit": "per 1,000"}
    assert shown(held(rate)).empty


def test_a_mean_of_few_people_is_withheld() -> None:
    assert shown(held({"numerator": 37, "denominator": 3, "value": 37 / 3, "unit": "days"})).empty


def test_months_and_quarters_of_the_same_year_tell_no_month() -> None:
    months = [
        {"period": f"{name} 2024", "value": float(count), "unit": "people"}
        for name, count in zip(
            ("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), (3, 40, 41, 5, 50, 51, 52, 53, 54), strict=True
        )
    ]
    found = shown(held(*months, *quarters(84, 106, 159, 300)))
    # July, the smallest of the year, would leave April to be told by the first quarter.
    assert {"Apr 2024", "May 2024"}.isdisjoint(found.period)


def test_a_borough_is_not_told_by_its_system() -> None:
    below = {"denominator": 400, "unit": "share"}
    rows = [
        {"area": BRENT, "numerator": 3, **below},
        {"area": EALING, "numerator": 60, **below},
        {"area": "E09000015", "numerator": 90, **below},
    ]
    found = shown(held({"area": NWL, "numerator": 153, "denominator": 1200, "unit": "share"}, *rows))
    assert found.area.tolist() == [NWL, "E09000015"]


def test_a_quarter_of_a_year_that_other_pages_hide_is_hidden() -> None:
    # Services A and B of a year: A is small, and B would tell it. B's quarters would tell B.
    a = [{**row, "service": "A"} for row in quarters(0, 0, 3, 0)]
    b = [{**row, "service": "B"} for row in quarters(12, 13, 14, 15)]
    c = [{**row, "service": "C"} for row in quarters(32, 33, 34, 35)]
    assert set(shown(held(*a, *b, *c)).service) == {"C"}


def test_half_a_year_beside_its_quarters_tells_no_quarter() -> None:
    half = [{"period": "Apr 2024 to Sep 2024", "value": 40, "unit": "people"}]
    assert shown(held(*half, *quarters(40, 50, 60, 70))).period.tolist()[0] == "Apr 2024 to Sep 2024"
    found = shown(held(*half, *quarters(3, 37, 60, 70)))
    hidden = {"2024/25 Q1", "2024/25 Q2", "Apr 2024 to Sep 2024"} - set(found.period)
    # Of the half and its quarters none is told by the other two.
    assert len(hidden) > 1
