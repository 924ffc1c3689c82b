"""Boroughs held against their system: what can be compared, figures worked by hand, limits and verdicts, and what is refused."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mhequity import tables
from mhequity.analysis import variation
from mhequity.analysis.variation import RATE, SHARE, VALUE, Measure
from mhequity.disclosure import UNDER_FIVE
from mhequity.scope import Scope
from mhequity.workspace import Workspace, made_up, published

BRENT, EALING, HARROW, HOUNSLOW, HILLINGDON, WESTMINSTER = (
    "E09000005", "E09000009", "E09000015", "E09000018", "E09000017", "E09000033",
)  # fmt: skip
FIVE = (BRENT, EALING, HARROW, HOUNSLOW, HILLINGDON)
YEAR = "2024/25"
NWL = Scope("NWL", year=YEAR)
IMPROVED = Measure("Improved", "indicators", SHARE, "share", "higher")
SEEN = Measure("People seen", "activity", RATE, "per 1,000", per=1000, has_base=False, column="count")


def workspace(**filled: list[dict[str, Any]]) -> Workspace:
    """A workspace of one visitor's literal rows."""
    conformed = {
        name: tables.conform(pd.DataFrame([{"source": "own", "period": YEAR, **row} for row in rows]), name)
        for name, rows in filled.items()
    }
    return Workspace(conformed, published().sources, "literal", policy=UNDER_FIVE)


def shares(*counts: tuple[str, float, float], **more: Any) -> Workspace:
    """Share of those who improved: area, numerator, denominator."""
    about = {"measure": "Improved", "service": "A", "unit": "share", "better": "higher", "role": "outcome", **more}
    return workspace(indicators=[{"area": area, "numerator": x, "denominator": n, "value": x / n, **about} for area, x, n in counts])


def rates(*counts: tuple[str, float, float]) -> Workspace:
    """People seen: area, count, residents."""
    seen = [{"area": area, "service": "A", "measure": "People seen", "count": count} for area, count, _ in counts]
    return workspace(activity=seen, population=[{"area": area, "persons": persons} for area, _, persons in counts])


def frame_of(held: Workspace, measure: Measure = IMPROVED, scope: Scope = NWL) -> pd.DataFrame:
    return variation.by_borough(held, scope, measure)


def compared(held: Workspace, measure: Measure = IMPROVED, confidence: float = 0.95) -> pd.DataFrame:
    return variation.compare(frame_of(held, measure), measure, confidence).set_index("area")


FOUR_AND_ONE = shares(*((area, 50, 100) for area in FIVE[:4]), (HILLINGDON, 68, 100))
"""All together 268 of 500, 53.6 %. For 100 people the standard error is 0.0499: limits of 95 % at 43.8 and 63.4, of 99.8 % at 38.2 and 69.0."""


def test_a_share_is_count_over_base_and_the_whole_is_all_counts_over_all_bases() -> None:
    frame = frame_of(shares((BRENT, 30, 100), (EALING, 90, 150)))
    assert frame.set_index("area")["value"][[BRENT, EALING]].tolist() == [0.3, 0.6]
    assert variation.whole(frame, IMPROVED) == pytest.approx(120 / 250)


def test_a_value_between_the_limits_of_95_and_998_is_better_at_the_first_and_similar_at_the_second() -> None:
    assert compared(FOUR_AND_ONE).verdict[HILLINGDON] == "better"
    assert compared(FOUR_AND_ONE, confidence=0.998).verdict[HILLINGDON] == "similar"
    assert compared(FOUR_AND_ONE).flag[HILLINGDON] == "high_95"


def test_others_within_the_limits_are_similar() -> None:
    assert set(compared(FOUR_AND_ONE).verdict[list(FIVE[:4])]) == {"similar"}


def test_the_interval_of_a_share_is_wilsons() -> None:
    row = compared(FOUR_AND_ONE).loc[BRENT]
    assert (round(row.lower, 4), round(row.upper, 4)) == (0.4038, 0.5962)


@pytest.mark.parametrize(("better", "word"), [("higher", "better"), ("lower", "worse"), ("neither", "higher")])
def test_the_word_follows_the_measures_polarity(better: str, word: str) -> None:
    measure = Measure("Improved", "indicators", SHARE, "share", better)
    assert compared(FOUR_AND_ONE, measure).verdict[HILLINGDON] == word


def test_a_borough_without_rows_has_no_data_and_no_verdict() -> None:
    row = compared(FOUR_AND_ONE).loc[WESTMINSTER]
    assert (row.state, row.verdict) == ("no data", "")
    assert pd.isna(row["value"])


def test_a_count_is_taken_per_1000_residents_with_byars_interval() -> None:
    row = compared(rates((BRENT, 65, 20_000), (EALING, 65, 20_000)), SEEN).loc[BRENT]
    # Byar's interval of 65 events is 50.163 to 82.849.
    assert [round(float(end), 3) for end in (row["value"], row.lower, row.upper)] == [3.25, 2.508, 4.142]


def test_a_rate_beyond_chance_is_higher_where_no_way_is_better() -> None:
    found = compared(rates(*((area, 100, 10_000) for area in FIVE[:4]), (HILLINGDON, 200, 10_000)), SEEN)
    # All together 600 of 50,000: 12 per 1,000, so 120 are expected of each. 100 has an interval up to 121.6; 200 one from 173.2.
    assert found.verdict.loc[list(FIVE)].tolist() == ["similar"] * 4 + ["higher"]


def test_a_small_count_is_hidden_with_its_share_and_is_no_part_of_the_whole() -> None:
    frame = frame_of(shares((BRENT, 3, 100), (EALING, 40, 100), (HARROW, 60, 100)))
    row = frame.set_index("area").loc[BRENT]
    assert row.state == "suppressed"
    assert row[["count", "shown", "base", "value"]].isna().all()
    assert variation.whole(frame, IMPROVED) == 0.5


def test_a_count_is_shown_rounded_and_its_share_comes_from_the_count_itself() -> None:
    row = frame_of(shares((BRENT, 42, 101), (EALING, 40, 100))).set_index("area").loc[BRENT]
    assert (row.shown, row.base_shown) == (40, 100)
    assert row["value"] == pytest.approx(42 / 101)


def test_a_suppressed_and_a_missing_count_stay_what_they_are() -> None:
    held = shares((BRENT, 50, 100), (EALING, 50, 100), (HARROW, 50, 100))
    rows = held.table("indicators").copy()
    rows.loc[0, ["numerator", "value"]] = float("nan")
    rows.loc[0, "suppressed"] = "numerator"
    rows.loc[1, ["numerator", "value"]] = float("nan")
    found = frame_of(Workspace({"indicators": rows}, held.sources, "holes", policy=UNDER_FIVE)).set_index("area")
    assert found.state[[BRENT, EALING, HARROW]].tolist() == ["suppressed", "missing", ""]


def test_more_above_the_line_than_below_is_no_share() -> None:
    found = frame_of(shares((BRENT, 120, 100), (EALING, 50, 100))).set_index("area")
    assert found.state[BRENT] == "count above its base"
    assert found["value"][[BRENT, EALING]].tolist()[1] == 0.5


def test_one_borough_above_its_base_does_not_make_the_others_shares_figures_without_counts() -> None:
    held = shares((BRENT, 120, 100), (EALING, 50, 100), unit="share")
    assert [found.kind for found in variation.measures(held, NWL)] == [SHARE]


def test_a_base_of_0_gives_no_rate_and_says_so() -> None:
    assert frame_of(rates((BRENT, 50, 0), (EALING, 50, 100)), SEEN).set_index("area").state[BRENT] == "base is 0"


def test_a_borough_without_residents_has_no_rate() -> None:
    held = workspace(
        activity=[{"area": area, "service": "A", "measure": "People seen", "count": 50} for area in (BRENT, EALING)],
        population=[{"area": BRENT, "persons": 1000}],
    )
    assert frame_of(held, SEEN).set_index("area").state[[BRENT, EALING]].tolist() == ["", "missing"]


def test_a_funnel_takes_five_boroughs() -> None:
    assert variation.why_no_funnel(frame_of(FOUR_AND_ONE), IMPROVED) == ""
    four = shares(*((area, 50, 100) for area in FIVE[:4]))
    assert "at least 5 boroughs with figures, and 4 have" in variation.why_no_funnel(frame_of(four), IMPROVED)


def test_limits_are_symmetric_round_the_whole_and_narrow_as_the_base_grows() -> None:
    frame = frame_of(shares((BRENT, 50, 100), (EALING, 500, 1000), (HARROW, 50, 100), (HOUNSLOW, 50, 100), (HILLINGDON, 50, 100)))
    at = variation.limits(frame, IMPROVED)
    assert (at.upper_95 - 0.5).round(9).equals((0.5 - at.lower_95).round(9))
    assert (at.upper_998 - at.lower_998).is_monotonic_decreasing
    assert at.base.iloc[0] < 100
    assert at.base.iloc[-1] > 1000


def test_limits_of_a_share_are_those_of_the_funnel_formula() -> None:
    at = variation.limits(frame_of(FOUR_AND_ONE), IMPROVED).iloc[0]
    assert at.upper_95 == pytest.approx(0.536 + 1.959964 * (0.536 * 0.464 / at.base) ** 0.5)


def test_over_dispersion_is_refused_below_ten_boroughs() -> None:
    assert "only with 10 units or more; there are 5" in variation.spread_of(frame_of(FOUR_AND_ONE), IMPROVED).refused


def test_widened_limits_take_in_what_chance_alone_would_not() -> None:
    london, measure = Scope(year="2019/20"), variation.measures(published(), Scope(year="2019/20"))[0]
    frame = variation.by_borough(published(), london, measure)
    spread = variation.spread_of(frame, measure)
    assert spread.refused == ""
    plain, wide = variation.compare(frame, measure), variation.compare(frame, measure, spread=spread)
    assert (plain.verdict == "similar").sum() == 1
    assert wide.set_index("area").verdict[["E09000008", "E09000012"]].tolist() == ["worse", "better"]  # Croydon and Hackney
    assert (wide.verdict == "similar").sum() == 29
    assert (variation.limits(frame, measure, spread).upper_998 > variation.limits(frame, measure).upper_998).all()


def test_published_shares_of_all_six_checks_are_those_of_the_source() -> None:
    # NHS England, 12 months to March 2020: Hackney 3,050 of 4,094 (read off the published table in data/facts/source).
    measure = variation.measures(published(), Scope(year="2019/20"))[0]
    frame = variation.by_borough(published(), Scope(year="2019/20"), measure).set_index("area")
    hackney = frame.loc["E09000012"]
    assert (hackney["count"], hackney.base) == tuple(published_counts("E09000012"))
    assert int(frame["value"].notna().sum()) == 31


def published_counts(area: str) -> tuple[float, float]:
    rows = published().table("activity")
    rows = rows[(rows.area == area) & (rows.period == "2019/20")].set_index("measure")["count"]
    return float(rows["People who had all six health checks"]), float(rows["People on the severe mental illness register"])


def test_what_is_offered_of_the_published_figures_starts_with_shares_of_services_and_ends_with_need() -> None:
    found = variation.measures(published(), Scope(year="2019/20"))
    assert found[0].name == "People with severe mental illness who had all six health checks, share"
    assert [measure.kind for measure in found if measure.name == "Children's mean wait"] == [VALUE]
    assert not [measure for measure in found if "spend" in measure.name or "cost" in measure.name or "Deprivation" in measure.name]
    places = [measure.name.startswith("GP register") for measure in found]
    assert places.index(True) > places.index(False)


def test_a_measure_of_one_borough_is_not_offered() -> None:
    assert variation.measures(shares((BRENT, 50, 100)), NWL) == []


@pytest.mark.parametrize(
    ("times", "unit", "kind", "per"), [(1, "share", SHARE, 1), (1000, "per 1,000", RATE, 1000), (100_000, "per 100,000", RATE, 100_000)]
)
def test_the_kind_is_told_by_what_the_counts_make_of_the_value(times: float, unit: str, kind: str, per: float) -> None:
    rows = [
        {"area": area, "measure": "M", "numerator": 5, "denominator": 100, "value": 0.05 * times, "unit": unit, "role": "outcome"}
        for area in (BRENT, EALING)
    ]
    (measure,) = variation.measures(workspace(indicators=rows), NWL)
    assert (measure.kind, measure.per) == (kind, per)


def test_a_mean_with_its_numerator_is_no_rate() -> None:
    rows = [
        {"area": area, "measure": "Mean wait", "numerator": 3000, "denominator": 100, "value": 30, "unit": "days", "role": "access"}
        for area in (BRENT, EALING)
    ]
    (measure,) = variation.measures(workspace(indicators=rows), NWL)
    assert measure.kind == VALUE


def test_a_figure_without_counts_has_neither_funnel_nor_verdict() -> None:
    rows = [
        {"area": area, "measure": "Score", "value": value, "unit": "points", "role": "outcome"} for area, value in ((BRENT, 3), (EALING, 4))
    ]
    held = workspace(indicators=rows)
    (measure,) = variation.measures(held, NWL)
    found = variation.compare(frame_of(held, measure), measure)
    assert "without the counts" in variation.why_no_funnel(found, measure)
    assert set(found.verdict) == {""}
    assert found.lower.isna().all()


def test_service_in_view_narrows_what_is_counted() -> None:
    held = workspace(
        indicators=[
            {"area": area, "service": service, "measure": "Improved", "numerator": x, "denominator": 100, "value": x / 100, "unit": "share", "role": "outcome"}
            for area in (BRENT, EALING) for service, x in (("A", 20), ("B", 60))
        ]
    )  # fmt: skip
    assert frame_of(held).set_index("area")["value"][BRENT] == 0.4
    assert frame_of(held, scope=Scope("NWL", year=YEAR, service="A")).set_index("area")["value"][BRENT] == 0.2


@pytest.mark.parametrize(
    ("name", "unit", "said"),
    [
        ("People seen, share", "share", "people seen"),
        ("Inappropriate out-of-area bed days", "bed days per 1,000", "inappropriate out-of-area bed days"),
        ("Recovered", "share", "counted under “Recovered”"),
    ],
)
def test_what_is_counted_is_named_so_that_a_number_can_stand_before_it(name: str, unit: str, said: str) -> None:
    assert Measure(name, "indicators", SHARE, unit).counted == said


def test_the_made_up_example_offers_shares_and_counts() -> None:
    kinds = {measure.name: measure.kind for measure in variation.measures(made_up(), Scope(year=YEAR))}
    assert kinds == {
        "People whose outcome score improved, share": SHARE, "People who rate their care good or very good, share": SHARE,
        "People seen": RATE, "Contacts attended": RATE, "Contacts not attended": RATE,
    }  # fmt: skip
