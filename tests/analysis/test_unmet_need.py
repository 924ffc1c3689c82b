"""Unmet need: equal access for equal need, and the treatment gap, by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity import tables
from mhequity.analysis import need, unmet_need
from mhequity.scope import Scope
from mhequity.workspace import Workspace, published

SEEN = "People who had all six health checks"
BRENT = "E09000005"


def weighted(**people: float) -> pd.DataFrame:
    return pd.DataFrame({"area": list(people), "persons": 1000.0, "weighted": list(people.values()), "need_index": 1.0})


def observed(states: dict[str, str] | None = None, **counts: float | None) -> pd.DataFrame:
    states = states or {}
    total = pd.Series(counts, dtype="float64")
    return pd.DataFrame({"total": total, "state": [states.get(area, "") for area in counts]}, index=list(counts))


def compared(people: pd.DataFrame, counts: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    return unmet_need.equal_access(counts, people, confidence).set_index("area")


# 600 people seen where need is 3,000, 2,000 and 1,000: 300, 200 and 100 are expected.
THREE = compared(weighted(a=3000, b=2000, c=1000), observed(a=240, b=210, c=150))


def test_care_is_expected_in_proportion_to_need() -> None:
    assert THREE.expected.to_dict() == {"a": 300, "b": 200, "c": 100}


def test_unmet_need_keeps_its_sign() -> None:
    assert THREE.unmet.to_dict() == {"a": 60, "b": -10, "c": -50}
    assert THREE.unmet_per_1000.to_dict() == {"a": 20, "b": -5, "c": -50}


def test_ratio_is_observed_over_expected() -> None:
    assert THREE.ratio.to_dict() == pytest.approx({"a": 0.8, "b": 1.05, "c": 1.5})


def test_verdict_is_given_only_where_the_interval_leaves_1_out() -> None:
    assert THREE.verdict.to_dict() == {"a": "lower", "b": "similar", "c": "higher"}
    assert THREE.upper["a"] < 1 < THREE.lower["c"]
    assert THREE.lower["b"] < 1 < THREE.upper["b"]


def test_interval_of_a_large_count_is_byars() -> None:
    # 65 events by Byar's: 50.1631877 to 82.8491385 (PHEindicatormethods' own test data); expected 50 each.
    found = compared(weighted(a=1, b=1), observed(a=65, b=35)).loc["a"]
    assert (found.lower, found.upper) == pytest.approx((50.1631877105 / 50, 82.8491385459 / 50), rel=1e-9)


def test_interval_of_a_small_count_is_exact() -> None:
    # 9 events: 4.1153731 to 17.0848035 (base R, poisson.test); expected 7.5 each.
    found = compared(weighted(a=1, b=1), observed(a=9, b=6)).loc["a"]
    assert (found.lower, found.upper) == pytest.approx((4.11537309738 / 7.5, 17.0848034514 / 7.5), rel=1e-9)


def test_wider_confidence_takes_a_verdict_back() -> None:
    people, counts = weighted(a=1, b=1), observed(a=80, b=120)
    assert compared(people, counts, 0.95).verdict.tolist() == ["lower", "similar"]
    assert compared(people, counts, 0.998).verdict.tolist() == ["similar", "similar"]


def test_area_that_reports_none_at_all_has_a_ratio_of_0() -> None:
    found = compared(weighted(a=1, b=1), observed(a=0, b=100)).loc["a"]
    assert (found.ratio, found.unmet, found.lower, found.verdict) == (0, 50, 0, "lower")


def test_area_without_a_report_does_not_change_what_others_are_expected_to_give() -> None:
    alone = compared(weighted(a=3000, b=2000), observed(a=240, b=210))
    beside = compared(weighted(a=3000, b=2000, c=9000), observed(a=240, b=210))
    assert beside.expected[["a", "b"]].tolist() == alone.expected.tolist() == [270, 180]


@pytest.mark.parametrize(("counts", "state"), [
    (observed(a=10, b=20), "no data"),
    (observed({"c": "suppressed"}, a=10, b=20, c=None), "suppressed"),
    (observed({"c": "missing"}, a=10, b=20, c=None), "missing"),
])  # fmt: skip
def test_area_without_a_figure_says_why_and_has_no_verdict(counts: pd.DataFrame, state: str) -> None:
    found = compared(weighted(a=1, b=1, c=1), counts).loc["c"]
    assert (found.state, found.verdict) == (state, "")
    assert found[["observed", "expected", "unmet", "ratio", "lower", "upper", "unmet_per_1000"]].isna().all()


def test_area_whose_need_is_unknown_does_not_swell_what_others_are_expected_to_give() -> None:
    found = compared(weighted(a=3000, b=2000, c=float("nan")), observed(a=240, b=210, c=700))
    assert found.expected[["a", "b"]].tolist() == [270, 180]
    assert pd.isna(found.ratio["c"])
    assert found.verdict["c"] == ""


@st.composite
def places(draw: st.DrawFn) -> tuple[pd.DataFrame, pd.DataFrame]:
    n = draw(st.integers(2, 8))
    names = [f"area {i}" for i in range(n)]
    people = weighted(**dict(zip(names, draw(st.lists(st.integers(1, 10**6), min_size=n, max_size=n)), strict=True)))
    some = draw(st.lists(st.one_of(st.none(), st.integers(0, 10**5)), min_size=n, max_size=n).filter(any))
    return people, observed(**dict(zip(names, some, strict=True)))


@given(places())
def test_expected_adds_up_to_what_was_given(case: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    found = compared(*case)
    assert found.expected.sum() == pytest.approx(case[1].total.sum())
    assert found.unmet.sum() == pytest.approx(0, abs=1e-6 * max(1, case[1].total.sum()))


@given(places(), st.floats(0.001, 1000))
def test_scaling_every_weight_changes_nothing(case: tuple[pd.DataFrame, pd.DataFrame], factor: float) -> None:
    people, counts = case
    scaled = compared(people.assign(weighted=people.weighted * factor), counts)
    columns = ["expected", "unmet", "ratio", "lower", "upper"]
    pd.testing.assert_frame_equal(scaled[columns], compared(people, counts)[columns], rtol=1e-9, atol=1e-6)


def nhs_england() -> need.NeedMeasure:
    return next(measure for measure in need.measures(published()) if measure.base == "registered")


def test_whole_system_is_the_yardstick_when_boroughs_are_narrowed() -> None:
    whole = unmet_need.equal_access_in(published(), Scope("NWL", year="2019/20"), nhs_england(), SEEN)
    narrow = unmet_need.equal_access_in(published(), Scope("NWL", (BRENT,), "2019/20"), nhs_england(), SEEN)
    pd.testing.assert_frame_equal(whole.drop(columns="in_scope"), narrow.drop(columns="in_scope"))
    assert whole.in_scope.all()
    assert narrow[narrow.in_scope].area.tolist() == [BRENT]


def test_another_system_is_another_yardstick() -> None:
    brent = [
        unmet_need.equal_access_in(published(), Scope(system, year="2019/20"), nhs_england(), SEEN).set_index("area").ratio[BRENT]
        for system in ("NWL", "London")
    ]
    assert brent[0] != brent[1]


def test_published_checks_of_brent_fall_short_of_its_need() -> None:
    frame = unmet_need.equal_access_in(published(), Scope("NWL", year="2019/20"), nhs_england(), SEEN)
    brent = frame.set_index("area").loc[BRENT]
    assert brent.verdict == "lower"
    assert brent.expected == pytest.approx(frame.observed.sum() * 733065 / frame.weighted.sum())
    assert set(brent.source.split()) == {"nhse_place_tool", "smi_checks"}


def test_year_without_data_has_no_figures_and_says_no_data() -> None:
    frame = unmet_need.equal_access_in(published(), Scope("NWL", year="1999/00"), nhs_england(), SEEN)
    assert frame.state.tolist() == ["no data"] * 8
    assert frame.ratio.isna().all()


def gap(persons: float, seen: pd.DataFrame) -> pd.Series:
    people = pd.DataFrame({"area": ["a"], "persons": [persons]})
    return unmet_need.treatment_gap(people, seen, 0.2, 0.15, 0.25).iloc[0]


def test_treatment_gap_by_hand() -> None:
    # 20 % of 1,000 is 200; 65 seen leave 135 (67.5 %). Byar's interval of 65: 50.1631877 to 82.8491385; prevalence 15 to 25 %:
    # from 150 - 82.849 = 67.151 (44.8 % of 150) to 250 - 50.163 = 199.837 (79.9 % of 250).
    found = gap(1000, observed(a=65))
    assert (found.estimated, found.gap, found.gap_share) == (200, 135, 0.675)
    assert (found.gap_lower, found.gap_upper) == pytest.approx((67.1508614541, 199.8368122895), rel=1e-9)
    assert (found.share_lower, found.share_upper) == pytest.approx((0.447672410, 0.799347249), rel=1e-8)


def test_more_people_seen_than_estimated_is_a_negative_gap() -> None:
    assert gap(1000, observed(a=300)).gap == -100


def test_suppressed_count_leaves_the_gap_unknown() -> None:
    found = gap(1000, observed({"a": "suppressed"}, a=None))
    assert (found.state, found.estimated) == ("suppressed", 200)
    assert pd.isna([found.gap, found.gap_lower, found.gap_upper, found.gap_share]).all()


def test_treatment_gap_counts_residents_of_the_age_band() -> None:
    frame = unmet_need.treatment_gap_in(
        published(), Scope("NWL", (BRENT,), "2019/20"), "People on the depression register (18 and over)", "16 to 74", 0.226, 0.189, 0.226
    ).set_index("area")
    # Census 2021: 257,493 residents aged 16 to 74; register 2019/20: 22,539 (House of Commons Library).
    assert frame.estimated[BRENT] == pytest.approx(257493 * 0.226)
    assert frame.gap[BRENT] == pytest.approx(257493 * 0.226 - 22539)
    assert frame[frame.in_scope].index.tolist() == [BRENT]


def test_age_bands_stand_nearest_to_the_survey_first_and_those_that_a_borough_lacks_last() -> None:
    # 16 to 64 is not loaded. 18 and over is known for every borough of NWL, and for 32 of London's 33.
    assert unmet_need.age_bands(published(), Scope("NWL")) == ["16 to 74", "18 and over", ""]
    assert unmet_need.age_bands(published(), Scope()) == ["16 to 74", "", "18 and over"]


def test_the_surveys_own_age_band_stands_first_where_it_is_loaded() -> None:
    rows = [{"area": BRENT, "period": "2021", "persons": 9.0, "age_band": band} for band in ("", "16 to 74", "18 to 64", "16 to 64")]
    rows.append({"area": BRENT, "period": "2021", "persons": 4.0, "age_band": "15 to 64", "sex": "female"})
    workspace = Workspace({"population": tables.conform(pd.DataFrame(rows), "population")}, {}, "literal")
    assert unmet_need.age_bands(workspace, Scope("NWL")) == ["16 to 64", "18 to 64", "16 to 74", ""]


def test_area_without_residents_of_the_age_says_so() -> None:
    people = pd.DataFrame({"area": ["a"], "persons": [float("nan")]})
    found = unmet_need.treatment_gap(people, observed(a=65), 0.2, 0.15, 0.25).iloc[0]
    assert found.state == "no population figure"
    assert pd.isna(found.gap)


def test_each_area_may_have_a_prevalence_of_its_own() -> None:
    people = pd.DataFrame({"area": ["a", "b"], "persons": [1000.0, 1000.0]})
    share = pd.Series([0.1, 0.2])
    assert unmet_need.treatment_gap(people, observed(a=50, b=50), share, share, share).gap.tolist() == [50, 150]


def test_care_measures_are_those_of_the_service_and_system_in_view() -> None:
    rows = [
        {"area": BRENT, "service": "CMHT", "period": "2019/20", "measure": "Contacts", "count": 5.0},
        {"area": BRENT, "service": "Crisis", "period": "2019/20", "measure": "Calls", "count": 5.0},
        {"area": BRENT, "service": "Crisis", "period": "2019/20", "measure": "Calls by women", "count": 5.0, "sex": "female"},
        {"area": "E09000007", "service": "Crisis", "period": "2019/20", "measure": "Visits", "count": 5.0},
    ]
    workspace = Workspace({"activity": tables.conform(pd.DataFrame(rows), "activity")}, {}, "literal")
    assert unmet_need.care_measures(workspace, Scope("NWL")) == ["Contacts", "Calls"]
    assert unmet_need.care_measures(workspace, Scope("NWL", service="Crisis")) == ["Calls"]


def test_where_no_care_is_counted_anywhere_nothing_is_expected_and_no_end_is_endless() -> None:
    found = compared(weighted(a=1000, b=2000), observed(a=0, b=0))
    assert found.state.tolist() == [unmet_need.NO_CARE] * 2
    assert found[["expected", "ratio", "lower", "upper"]].isna().all(axis=None)
