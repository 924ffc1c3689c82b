"""Sums: missing, suppressed and zero stay apart, and no day counts twice."""

from __future__ import annotations

import pandas as pd

from mhequity import tables
from mhequity.analysis import totals

BRENT, EALING = "E09000005", "E09000009"
QUARTERS = [f"2019/20 Q{number}" for number in (1, 2, 3, 4)]
MONTHS = ["Apr 2019", "May 2019", "Jun 2019", "Jul 2019", "Aug 2019", "Sep 2019", "Oct 2019", "Nov 2019", "Dec 2019",
          "Jan 2020", "Feb 2020", "Mar 2020"]  # fmt: skip


def activity(*rows: tuple[str, str, float | None], **same: str) -> pd.DataFrame:
    """Rows of area, period, count; a count of None is suppressed."""
    frame = pd.DataFrame(rows, columns=["area", "period", "count"])
    frame = frame.assign(service="CMHT", measure="Contacts", suppressed=["count" if count is None else "" for _, _, count in rows])
    return tables.conform(frame.astype({"count": "float64"}).assign(**same), "activity")


def total(rows: pd.DataFrame) -> tuple[list, list[str]]:
    found = totals.by_area(rows, "count")
    return [None if pd.isna(value) else value for value in found.total], found.state.tolist()


def of_2019(rows: pd.DataFrame) -> list[str]:
    return totals.of_year(rows, "2019/20").period.tolist()


def test_suppressed_part_makes_the_total_suppressed() -> None:
    assert total(activity((BRENT, QUARTERS[0], 40), (BRENT, QUARTERS[1], None))) == ([None], ["suppressed"])


def test_missing_part_makes_the_total_missing() -> None:
    assert total(activity((BRENT, QUARTERS[0], 40), (BRENT, QUARTERS[1], float("nan")))) == ([None], ["missing"])


def test_suppressed_says_more_than_missing() -> None:
    assert total(activity((BRENT, QUARTERS[0], float("nan")), (BRENT, QUARTERS[1], None)))[1] == ["suppressed"]


def test_zero_is_a_figure() -> None:
    assert total(activity((BRENT, QUARTERS[0], 0), (BRENT, QUARTERS[1], 0))) == ([0], [""])


def test_one_areas_gap_does_not_touch_anothers_total() -> None:
    assert total(activity((BRENT, "2019/20", None), (EALING, QUARTERS[0], 3), (EALING, QUARTERS[1], 4))) == ([None, 7], ["suppressed", ""])


def test_another_columns_suppression_does_not_hide_this_one() -> None:
    waits = tables.conform(
        pd.DataFrame(
            {"area": [BRENT], "period": ["2019/20"], "seen": [90.0], "within_target": [float("nan")], "suppressed": ["within_target"]}
        ),
        "waits",
    )
    assert totals.by_area(waits, "seen").total.tolist() == [90]
    assert totals.by_area(waits, "within_target").state.tolist() == ["suppressed"]


def test_sum_of_nothing_is_nothing() -> None:
    assert totals.by_area(tables.empty("activity"), "count").empty


def test_year_itself_is_preferred_over_its_quarters() -> None:
    assert of_2019(activity((BRENT, "2019/20", 100), *((BRENT, quarter, 20) for quarter in QUARTERS))) == ["2019/20"]


def test_suppressed_year_is_not_rebuilt_from_its_quarters() -> None:
    rows = activity((BRENT, "2019/20", None), *((BRENT, quarter, 20) for quarter in QUARTERS))
    assert total(totals.of_year(rows, "2019/20")) == ([None], ["suppressed"])


def test_four_quarters_make_a_year() -> None:
    rows = activity(*((BRENT, quarter, 20) for quarter in QUARTERS))
    assert total(totals.of_year(rows, "2019/20")) == ([80], [""])


def test_three_quarters_do_not() -> None:
    assert of_2019(activity(*((BRENT, quarter, 20) for quarter in QUARTERS[:3]))) == []


def test_four_quarters_of_two_years_do_not() -> None:
    assert of_2019(activity(*((BRENT, quarter, 20) for quarter in [*QUARTERS[1:], "2020/21 Q1"]))) == []


def test_twelve_months_make_a_year() -> None:
    rows = activity(*((BRENT, month, 5) for month in MONTHS))
    assert total(totals.of_year(rows, "2019/20")) == ([60], [""])


def test_eleven_months_do_not() -> None:
    assert of_2019(activity(*((BRENT, month, 5) for month in MONTHS[1:]))) == []


def test_quarters_are_preferred_over_months_and_never_added_to_them() -> None:
    rows = activity(*((BRENT, quarter, 20) for quarter in QUARTERS), *((BRENT, month, 5) for month in MONTHS))
    assert of_2019(rows) == QUARTERS


def test_months_stand_in_where_the_quarters_are_not_complete() -> None:
    rows = activity(*((BRENT, quarter, 20) for quarter in QUARTERS[:3]), *((BRENT, month, 5) for month in MONTHS))
    assert of_2019(rows) == MONTHS


def test_each_series_chooses_for_itself() -> None:
    rows = activity(
        (BRENT, "2019/20", 100), *((BRENT, quarter, 20) for quarter in QUARTERS), *((EALING, quarter, 30) for quarter in QUARTERS)
    )
    assert total(totals.of_year(rows, "2019/20")) == ([100, 120], ["", ""])


def test_twelve_months_to_december_are_not_the_financial_year() -> None:
    assert of_2019(activity((BRENT, "12 months to Dec 2019", 100))) == []


def test_weeks_days_and_other_years_are_left_out() -> None:
    assert of_2019(activity((BRENT, "2019-W20", 1), (BRENT, "1 May 2019", 1), (BRENT, "2018/19", 1), (BRENT, "2019", 1))) == []


def test_services_of_a_year_are_each_a_series() -> None:
    rows = pd.concat([activity((BRENT, "2019/20", 10), service="CMHT"), activity((BRENT, "2019/20", 5), service="Crisis")])
    assert total(totals.of_year(rows, "2019/20")) == ([15], [""])


def test_a_year_of_an_empty_table_is_empty() -> None:
    assert of_2019(tables.empty("activity")) == []


def test_quarters_of_a_team_beside_a_year_that_names_none_are_not_added_to_it() -> None:
    year = activity((BRENT, "2019/20", 100))
    quarters = activity(*((BRENT, quarter, 20) for quarter in QUARTERS), team="East")
    assert of_2019(pd.concat([year, quarters], ignore_index=True)) == ["2019/20"]


def test_quarters_of_all_teams_beside_years_of_single_ones_are_not_added_to_them() -> None:
    years = activity((BRENT, "2019/20", 60), team="East")
    quarters = activity(*((BRENT, quarter, 20) for quarter in QUARTERS))
    assert of_2019(pd.concat([years, quarters], ignore_index=True)) == ["2019/20"]


def test_one_teams_year_and_another_teams_quarters_are_both_counted() -> None:
    years = activity((BRENT, "2019/20", 60), team="East")
    quarters = activity(*((BRENT, quarter, 20) for quarter in QUARTERS), team="West")
    assert totals.by_area(totals.of_year(pd.concat([years, quarters], ignore_index=True), "2019/20"), "count").total.tolist() == [140]


def test_each_group_makes_a_year_of_its_own() -> None:
    rows = pd.concat([activity((BRENT, "2019/20", 60), sex="Female"), activity(*((BRENT, q, 5) for q in QUARTERS), sex="Male")])
    assert of_2019(rows.reset_index(drop=True)) == ["2019/20", *QUARTERS]
