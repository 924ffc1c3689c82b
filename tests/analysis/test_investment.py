"""Money against need and care: published figures, fair shares, and what cannot be set against money."""

from __future__ import annotations

from types import MappingProxyType

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity import areas, tables
from mhequity.analysis import investment, need
from mhequity.analysis.fair_shares import distance_from_target, fair_share
from mhequity.scope import Scope
from mhequity.workspace import Workspace, made_up, published

BRENT, EALING, HARROW, HOUNSLOW = "E09000005", "E09000009", "E09000015", "E09000018"
HILLINGDON, KENSINGTON, BARNET = "E09000017", "E09000020", "E09000003"
CHECKS = "People with severe mental illness who had all six health checks, share"
YEAR = "2019/20"


def nhs_england(workspace: Workspace) -> need.NeedMeasure:
    return next(measure for measure in need.measures(workspace) if measure.base == "registered")


def outcome(name: str, workspace: Workspace, scope: Scope) -> investment.Outcome:
    return next(found for found in investment.outcomes(workspace, scope) if found.name == name)


def checks(scope: Scope) -> pd.DataFrame:
    workspace = published()
    wanted = outcome(CHECKS, workspace, scope)
    return investment.spend_and_care(workspace, scope, investment.RESIDENT, nhs_england(workspace), wanted).set_index("area")


LONDON = checks(Scope(year=YEAR))
NWL = checks(Scope("NWL", year=YEAR))


def with_table(name: str, rows: list[dict], workspace: Workspace | None = None) -> Workspace:
    """The published workspace with one table replaced by literal rows."""
    base = workspace or published()
    return Workspace(MappingProxyType({**base.tables, name: tables.conform(pd.DataFrame(rows), name)}), base.sources, f"literal {name}")


def money(rows: list[dict], per: str = investment.RESIDENT) -> pd.DataFrame:
    workspace = with_table("investment", [{"service": "CMHT", "period": YEAR, **row} for row in rows])
    return investment.spend(workspace, Scope("NWL", year=YEAR), per, nhs_england(workspace)).set_index("area")


@pytest.mark.parametrize(("code", "pounds"), [(HILLINGDON, 136), (KENSINGTON, 351)])
def test_published_spend_a_resident(code: str, pounds: int) -> None:
    # Lowest and highest of the 15 published; Kensington and Chelsea carries the West London group.
    assert round(LONDON.spend_per_head[code]) == pounds
    assert LONDON.spend_per_head.agg(["min", "max"]).round().isin([136, 351]).all()


def test_spend_is_published_for_15_boroughs_and_no_others_are_filled_in() -> None:
    assert LONDON.spend.notna().sum() == 15
    assert LONDON.state[BARNET] == "no data"
    assert LONDON.loc[BARNET, ["spend", "spend_per_head", "fair_share", "distance"]].isna().all()


def test_spend_and_health_checks_are_only_weakly_linked() -> None:
    found = investment.link(LONDON.reset_index())
    assert (round(found.rho, 2), found.n) == (0.31, 15)
    assert found.lower < 0 < found.upper


def test_lowest_and_highest_share_of_health_checks_in_north_west_london() -> None:
    shares = NWL.outcome.sort_values()
    assert [areas.name_of(code) for code in (shares.index[0], shares.index[-1])] == ["Harrow", "Hounslow"]
    assert (round(shares.iloc[0], 3), round(shares.iloc[-1], 3)) == (0.211, 0.647)
    assert (NWL.outcome_lower < NWL.outcome).all()
    assert (NWL.outcome < NWL.outcome_upper).all()


def test_fair_shares_add_up_to_what_the_reporting_boroughs_spent() -> None:
    assert LONDON.fair_share.sum() == pytest.approx(LONDON.spend.sum())
    assert NWL.fair_share.sum() == pytest.approx(455_444_257.10)


def test_spend_is_divided_by_residents_or_by_need_weighted_people() -> None:
    workspace, scope = published(), Scope("NWL", year=YEAR)
    resident, weighted = (
        investment.spend(workspace, scope, per, nhs_england(workspace)).set_index("area").loc[BRENT] for per in investment.PER
    )
    assert (resident.heads, weighted.heads) == (329771, 733065)
    assert weighted.spend_per_head == pytest.approx(56249280.19 / 733065)
    assert set(resident.source.split()) == {"nhse_place_tool", "ons_mid_year", "mh_dashboard_spend"}


def test_distance_is_positive_over_the_fair_share_and_negative_under_it() -> None:
    assert distance_from_target(pd.Series([120.0, 75.0]), pd.Series([100.0, 100.0])).tolist() == pytest.approx([0.2, -0.25])


def test_fair_share_by_hand() -> None:
    assert fair_share(pd.Series([3.0, 1.0]), 200.0).tolist() == [150, 50]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=33), st.integers(1, 10**10))
def test_fair_shares_always_add_up_to_the_budget(weights: list[int], budget: int) -> None:
    assert fair_share(pd.Series(weights, dtype="float64"), float(budget)).sum() == pytest.approx(budget)


def test_suppressed_money_stays_suppressed() -> None:
    found = money([
        {"area": BRENT, "amount_gbp": 100.0},
        {"area": BRENT, "service": "Crisis", "amount_gbp": float("nan"), "suppressed": "amount_gbp"},
        {"area": EALING, "amount_gbp": 300.0},
    ])  # fmt: skip
    assert found.state[[BRENT, EALING, HARROW]].tolist() == ["suppressed", "", "no data"]
    assert found.loc[BRENT, ["spend", "spend_per_head", "fair_share", "distance"]].isna().all()
    assert found.fair_share[EALING] == 300


def test_no_spend_is_a_figure_and_shares_in_the_budget() -> None:
    found = money([{"area": BRENT, "amount_gbp": 0.0}, {"area": EALING, "amount_gbp": 300.0}])
    assert (found.spend_per_head[BRENT], found.distance[BRENT]) == (0, -1)
    assert found.fair_share[BRENT] > 0


def test_recurrent_and_one_off_money_are_added() -> None:
    found = money(
        [{"area": BRENT, "amount_gbp": 100.0, "funding": "recurrent"}, {"area": BRENT, "amount_gbp": 30.0, "funding": "non-recurrent"}]
    )
    assert found.spend[BRENT] == 130


def test_money_of_the_service_in_view_alone() -> None:
    workspace = with_table("investment", [
        {"area": BRENT, "service": "CMHT", "period": YEAR, "amount_gbp": 100.0},
        {"area": BRENT, "service": "Crisis", "period": YEAR, "amount_gbp": 30.0},
    ])  # fmt: skip
    found = investment.spend(workspace, Scope("NWL", year=YEAR, service="Crisis"), investment.RESIDENT, nhs_england(workspace))
    assert found.set_index("area").spend[BRENT] == 30


def test_borough_without_known_need_takes_no_part_in_fair_shares() -> None:
    indicators = published().table("indicators")
    weights = indicators.assign(value=indicators["value"].mask((indicators.area == HARROW) & (indicators.unit == "weighted people")))
    base = Workspace({**published().tables, "indicators": weights}, published().sources, "no need for Harrow")
    workspace = with_table("investment", [{"area": code, "service": "CMHT", "period": YEAR, "amount_gbp": 100.0}
                                          for code in (BRENT, EALING, HARROW)], base)  # fmt: skip
    found = investment.spend(workspace, Scope("NWL", year=YEAR), investment.RESIDENT, nhs_england(workspace)).set_index("area")
    assert found.fair_share[[BRENT, EALING]].sum() == pytest.approx(200)
    assert pd.isna(found.fair_share[HARROW])


@pytest.mark.parametrize("workspace", [published(), made_up()], ids=["published", "made up"])
@pytest.mark.parametrize("system", ["London", "NWL", "NCL"])
@pytest.mark.parametrize("year", [YEAR, "2024/25"])
def test_outcomes_are_shares_or_per_1000_and_never_bare_counts(workspace: Workspace, system: str, year: str) -> None:
    assert {found.unit.split()[-1] for found in investment.outcomes(workspace, Scope(system, year=year))} <= {"share", "1,000"}


def test_published_outcomes_put_shares_first() -> None:
    found = investment.outcomes(published(), Scope("NWL", year=YEAR))
    assert found[0] == investment.Outcome(CHECKS, "share", "indicators", "higher")
    assert [one.unit for one in found[1:3]] == ["bed days per 1,000", "placements per 1,000"]


def test_year_without_data_offers_no_outcome() -> None:
    assert investment.outcomes(published(), Scope("NWL", year="1999/00")) == []


def test_outcome_of_two_boroughs_is_too_few_to_offer() -> None:
    rows = [{"area": code, "service": "CMHT", "period": YEAR, "measure": "Contacts", "count": 5.0} for code in (BRENT, EALING, HARROW)]
    scope = Scope("NWL", year=YEAR)
    assert "Contacts" in [one.name for one in investment.outcomes(with_table("activity", rows), scope)]
    assert "Contacts" not in [one.name for one in investment.outcomes(with_table("activity", rows[:2]), scope)]


def indicators(unit: str, figures: list[dict], periods: tuple[str, ...] = (YEAR,)) -> Workspace:
    rows = [
        {"period": period, "measure": "Care", "unit": unit, "role": "outcome", "better": "higher", **figure}
        for period in periods
        for figure in figures
    ]
    return with_table("indicators", [*published().table("indicators").query("role == 'need'").to_dict("records"), *rows])


def care(workspace: Workspace) -> pd.DataFrame:
    scope = Scope("NWL", year=YEAR)
    heads = pd.DataFrame({"area": [BRENT, EALING, HARROW], "heads": [1000.0, 2000.0, 4000.0]})
    return investment.care(workspace, scope, outcome("Care", workspace, scope), heads)


def test_count_is_given_per_1000_with_its_own_interval() -> None:
    # 65 events by Byar's: 50.1631877 to 82.8491385 (PHEindicatormethods' test data).
    found = care(indicators("people", [{"area": BRENT, "value": 65.0}, {"area": EALING, "value": 60.0}, {"area": HARROW, "value": 0.0}]))
    assert found.outcome.to_dict() == {BRENT: 65, EALING: 30, HARROW: 0}
    assert (found.outcome_lower[BRENT], found.outcome_upper[BRENT]) == pytest.approx((50.1631877105, 82.8491385459))


def test_share_is_pooled_from_its_counts_over_the_quarters() -> None:
    quarters = tuple(f"{YEAR} Q{number}" for number in (1, 2, 3, 4))
    figures = [{"area": code, "value": 0.5, "numerator": 10.0, "denominator": 20.0} for code in (BRENT, EALING, HARROW)]
    found = care(indicators("share", figures, quarters))
    # Wilson's interval of 40 in 80: 0.392974 to 0.607026, (80 + 3.841459 -+ 1.959964 sqrt(3.841459 + 80)) / (2 x 83.841459).
    assert found.outcome[BRENT] == 0.5
    assert (found.outcome_lower[BRENT], found.outcome_upper[BRENT]) == pytest.approx((0.392974, 0.607026), abs=1e-6)


def test_shares_without_counts_are_not_averaged_over_the_quarters() -> None:
    quarters = tuple(f"{YEAR} Q{number}" for number in (1, 2, 3, 4))
    workspace = indicators("share", [{"area": code, "value": 0.5} for code in (BRENT, EALING, HARROW)], quarters)
    assert "Care" not in [one.name for one in investment.outcomes(workspace, Scope("NWL", year=YEAR))]


def test_rate_with_counts_keeps_its_value_and_is_not_taken_for_a_share() -> None:
    figures = [{"area": code, "value": 4.5, "numerator": 45.0, "denominator": 10000.0} for code in (BRENT, EALING, HARROW)]
    found = care(indicators("per 1,000", figures))
    assert found.outcome.tolist() == [4.5, 4.5, 4.5]
    assert found.outcome_lower.isna().all()


def test_suppressed_share_says_so() -> None:
    figures = [{"area": code, "value": 0.5, "numerator": 10.0, "denominator": 20.0} for code in (BRENT, EALING)]
    hidden = {"area": HARROW, "value": float("nan"), "numerator": float("nan"), "denominator": 20.0, "suppressed": "value numerator"}
    found = care(indicators("share", [*figures, hidden]))
    assert found.outcome_state.to_dict() == {BRENT: "", EALING: "", HARROW: "suppressed"}
    assert found.loc[HARROW, ["outcome", "outcome_lower", "outcome_upper"]].isna().all()


def test_hounslow_moves_the_link_most() -> None:
    without = investment.leave_each_out(NWL.reset_index())
    mover = investment.mover(without)
    assert mover is not None
    assert areas.name_of(mover.area) == "Hounslow"
    assert mover.rho_without == pytest.approx(0.678571, abs=1e-6)  # 1 - 6 x 18 / (7 x 48): the other seven's ranks differ by 18 squared


def test_no_borough_moves_a_link_that_cannot_be_told() -> None:
    frame = investment.leave_each_out(checks(Scope("NWL", (BRENT, EALING, HARROW), YEAR)).reset_index())
    assert investment.mover(frame) is None
    assert investment.link(frame).n == 3


def test_reference_is_the_systems_money_over_its_heads_and_the_middle_outcome() -> None:
    per_head, middle = investment.reference(NWL.reset_index())
    assert per_head == pytest.approx(455_444_257.10 / 2_103_719)  # residents, mid-2019
    assert middle == pytest.approx(sorted(NWL.outcome)[3] / 2 + sorted(NWL.outcome)[4] / 2)


def test_narrowing_to_boroughs_changes_no_boroughs_figures() -> None:
    narrow = checks(Scope("NWL", (BRENT, HOUNSLOW), YEAR))
    pd.testing.assert_frame_equal(narrow.drop(columns="in_scope"), NWL.drop(columns="in_scope"))
    assert narrow.index[narrow.in_scope].tolist() == [BRENT, HOUNSLOW]
