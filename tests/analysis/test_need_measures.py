"""Measures of need side by side: ranks, moves, agreement and weights worked out by hand; nothing filled in, nothing small told."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType

import pandas as pd
import pytest

from mhequity import areas, tables
from mhequity.analysis import need_measures, totals
from mhequity.analysis.need_measures import Measure
from mhequity.scope import Scope
from mhequity.workspace import Source, Workspace, made_up, published

BRENT, EALING, HARROW, CAMDEN = "E09000005", "E09000009", "E09000015", "E09000007"
FOUR = (BRENT, EALING, HARROW, CAMDEN)
NHS_ENGLAND = "Mental-health need-weighted population"
INDICES = "Mental-health indicator (Indices of Deprivation 2025)"
DEATHS = "Excess deaths under 75 of people with severe mental illness"


def row(area: str, measure: str, value: float | None, **more: object) -> dict[str, object]:
    return {
        "area": area,
        "measure": measure,
        "value": value,
        "period": "2024/25",
        "role": "need",
        "unit": "score",
        "source": "mine",
        **more,
    }


def loaded(rows: list[dict[str, object]], population: list[dict[str, object]] | None = None) -> Workspace:
    frames = {"indicators": tables.conform(pd.DataFrame(rows), "indicators")}
    if population:
        frames["population"] = tables.conform(pd.DataFrame(population), "population")
    sources = {"mine": Source("mine", "mine.xlsx", uploaded_at=datetime(2025, 1, 1)), "theirs": Source("theirs", "A publication")}
    return Workspace(MappingProxyType(frames), MappingProxyType(sources), "literal")


def scores(**by_measure: list[float | None]) -> list[dict[str, object]]:
    """Scores of Brent, Ealing, Harrow and Camden on each measure."""
    return [
        row(area, name, value, source="theirs")
        for name, values in by_measure.items()
        for area, value in zip(FOUR, values, strict=True)
        if value is not None
    ]


def compared(workspace: Workspace, codes: tuple[str, ...] = FOUR) -> pd.DataFrame:
    return need_measures.compared(workspace, codes, tuple(need_measures.offered(workspace)))


def of(frame: pd.DataFrame, measure: str, column: str = "rank") -> dict[str, float]:
    rows = frame[frame.measure == measure]
    return dict(zip(rows.area, rows[column], strict=True))


THREE = scores(One=[40, 30, 20, 10], Two=[10, 40, 20, 30], Three=[30, 20, 10, 40])
"""Ranks: One 1 2 3 4; Two 4 1 3 2; Three 2 3 4 1 (Brent, Ealing, Harrow, Camden)."""


# Which measures are offered ------------------------------------------------------------------------------------------------


def test_published_measures_of_need_come_first_and_those_of_mental_health_before_others() -> None:
    names = [measure.name for measure in need_measures.offered(published())]
    assert names[0] == NHS_ENGLAND
    assert names[4:] == ["Deprivation score (IMD 2025)", DEATHS, "Deprivation score (IMD 2019)"]


def test_counts_money_and_days_rank_no_one() -> None:
    offered = {measure.name for measure in need_measures.offered(made_up())}
    assert not offered & {"Social care spend on mental health, ages 18 to 64", "Children's mean wait", "Inappropriate out-of-area bed days"}


def test_a_need_given_as_a_count_is_left_out_and_named() -> None:
    workspace = loaded([row(BRENT, "People in distress", 900, unit="people"), row(BRENT, "Score", 1)])
    assert [measure.name for measure in need_measures.offered(workspace)] == ["Score"]
    assert need_measures.left_out(workspace) == ["People in distress"]


def test_outcomes_are_offered_only_where_a_high_value_is_stated_to_be_bad() -> None:
    rows = [row(BRENT, name, 1, role="outcome", better=better) for name, better in (("Bad", "lower"), ("Good", "higher"), ("Unsaid", ""))]
    assert [measure.name for measure in need_measures.offered(loaded(rows))] == ["Bad"]


def test_measures_of_one_service_or_one_group_are_not_the_boroughs() -> None:
    rows = [
        row(BRENT, "Of a team", 1, team="North"),
        row(BRENT, "Of a service", 1, service="Crisis"),
        row(BRENT, "Of the young", 1, age_band="0 to 17"),
    ]
    assert need_measures.offered(loaded(rows)) == []


def test_a_measure_without_any_value_is_not_offered() -> None:
    assert need_measures.offered(loaded([row(BRENT, "Empty", None)])) == []


def test_the_page_opens_with_what_speaks_of_mental_health() -> None:
    names = [measure.name for measure in need_measures.defaults(published())]
    assert len(names) == 4
    assert not [name for name in names if name.startswith(("Deprivation", "Excess"))]


def test_a_visitors_own_measure_of_need_is_among_the_first_shown_whatever_its_name() -> None:
    workspace = loaded([*scores(Depression=[1, 2, 3, 4], Hardship=[1, 2, 3, 4]), row(BRENT, "Our own", 3)])
    assert [(measure.name, measure.own) for measure in need_measures.defaults(workspace)] == [("Depression", False), ("Our own", True)]


def test_own_measures_are_not_pushed_out_by_published_ones() -> None:
    own = [row(BRENT, f"Own {number}", 3) for number in range(5)]
    names = [measure.name for measure in need_measures.defaults(loaded([*scores(Depression=[1, 2, 3, 4], Anxiety=[1, 2, 3, 4]), *own]))]
    assert names == ["Depression", "Own 0", "Own 1", "Own 2", "Own 3", "Own 4"]


def test_two_are_shown_even_where_none_speaks_of_mental_health() -> None:
    workspace = loaded(scores(Hardship=[1, 2, 3, 4], Crowding=[1, 2, 3, 4], Noise=[1, 2, 3, 4]))
    assert len(need_measures.defaults(workspace)) == 2


# Values and ranks ----------------------------------------------------------------------------------------------------------


def test_ranks_are_taken_within_the_system_in_view() -> None:
    whole, two = compared(loaded(THREE)), compared(loaded(THREE), (BRENT, HARROW))
    assert of(whole, "Two") == {BRENT: 4, EALING: 1, HARROW: 3, CAMDEN: 2}
    assert of(two, "Two") == {BRENT: 2, HARROW: 1}


def test_brents_rank_of_33_depends_on_the_measure() -> None:
    mine = need_measures.compared(published(), Scope().system_codes, tuple(need_measures.offered(published())))
    assert of(mine, NHS_ENGLAND)[BRENT] == 11
    assert of(mine, INDICES)[BRENT] == 27
    assert [areas.name_of(code) for code, rank in of(mine, NHS_ENGLAND).items() if rank == 1] == ["Islington"]


def test_a_measure_of_which_more_is_less_need_is_turned() -> None:
    workspace = loaded([row(BRENT, "Wellbeing", 9, better="higher"), row(EALING, "Wellbeing", 2, better="higher")])
    (measure,) = need_measures.offered(workspace)
    assert measure.turned
    assert of(compared(workspace), "Wellbeing")[EALING] == 1
    assert of(compared(workspace), "Wellbeing", "value")[EALING] == 2


def test_a_weighted_population_is_compared_per_registered_person() -> None:
    # 1,200 / 1,000 = 1.2; 2,000 / 4,000 = 0.5.
    people = [
        {"area": area, "period": "2024/25", "base": "registered", "persons": heads, "source": "mine"}
        for area, heads in ((BRENT, 1000), (EALING, 4000))
    ]
    rows = [row(area, "Weighted", value, unit="weighted people") for area, value in ((BRENT, 1200), (EALING, 2000))]
    frame = compared(loaded(rows, people))
    assert of(frame, "Weighted", "value")[BRENT] == pytest.approx(1.2)
    assert of(frame, "Weighted", "value")[EALING] == pytest.approx(0.5)


def test_a_borough_without_a_figure_has_no_rank_and_says_why() -> None:
    rows = [row(BRENT, "Score", 5), row(EALING, "Score", None), {**row(HARROW, "Score", None), "suppressed": "value"}]
    frame = compared(loaded(rows))
    assert of(frame, "Score", "state") == {BRENT: "", EALING: totals.MISSING, HARROW: totals.SUPPRESSED, CAMDEN: totals.NO_DATA}
    assert frame["rank"].notna().sum() == 1
    assert set(frame.n) == {1}


def test_level_boroughs_share_the_better_place() -> None:
    frame = compared(loaded(scores(Score=[5, 5, 3, 1])))
    assert of(frame, "Score") == {BRENT: 1, EALING: 1, HARROW: 3, CAMDEN: 4}


@pytest.mark.parametrize(("source", "state"), [("mine", totals.SUPPRESSED), ("theirs", "")])
def test_an_own_share_of_few_people_is_hidden_and_a_published_one_is_not(source: str, state: str) -> None:
    counted = [(BRENT, 3.0), (EALING, 50.0), (HARROW, 80.0)]
    rows = [
        row(area, "Share", people / 1000, numerator=people, denominator=1000.0, unit="share", source=source) for area, people in counted
    ]
    frame = compared(loaded(rows))
    assert of(frame, "Share", "state")[BRENT] == state
    assert pd.isna(of(frame, "Share")[BRENT]) == bool(state)
    assert of(frame, "Share", "value")[EALING] == pytest.approx(0.05)


def test_the_period_with_figures_of_the_most_boroughs_is_shown() -> None:
    rows = [*(row(area, "Score", 1, period="2022/23") for area in FOUR), row(BRENT, "Score", 9)]
    (measure,) = need_measures.offered(loaded(rows))
    assert measure.period == "2022/23"


# Who moves -----------------------------------------------------------------------------------------------------------------


def test_moves_name_the_two_measures_that_are_furthest_apart() -> None:
    moves = need_measures.moves(compared(loaded(THREE))).set_index("area")
    assert list(moves.places) == [3, 2, 1, 3]
    assert tuple(moves.loc[BRENT, ["highest_on", "highest", "lowest_on", "lowest", "n"]]) == ("One", 1, "Two", 4, 4)
    assert tuple(moves.loc[CAMDEN, ["highest_on", "highest", "lowest_on", "lowest"]]) == ("Three", 1, "One", 4)


def test_two_measures_are_compared_over_the_boroughs_that_have_both() -> None:
    # Of the two that have both, Brent is first on either: no move, though it is 3rd of 4 on the first and 1st of 2 on the second.
    moves = need_measures.moves(compared(loaded(scores(All=[2, 1, 3, 4], Some=[9, 8, None, None])))).set_index("area")
    assert tuple(moves.places.fillna(-1)) == (0, 0, -1, -1)
    assert moves.highest_on[BRENT] == ""


def test_a_borough_with_one_measure_has_no_move() -> None:
    moves = need_measures.moves(compared(loaded(scores(One=[1, 2, 3, 4], Two=[4, 3, 2, None])))).set_index("area")
    assert pd.isna(moves.places[CAMDEN])


# How far measures agree ----------------------------------------------------------------------------------------------------


def test_agreement_of_every_two_measures() -> None:
    # One against Two: differences of rank -3, 1, 0, 2; rho = 1 - 6 x 14 / (4 x 15) = -0.4. One against Three: -1, -1, -1, 3: 1 - 6 x 12 / 60 = -0.2.
    # Two against Three: 2, -2, -1, 1: 1 - 6 x 10 / 60 = 0.
    found = need_measures.agreement(compared(loaded(THREE)))
    assert list(zip(found.measure_a, found.measure_b, strict=True)) == [("One", "Two"), ("One", "Three"), ("Two", "Three")]
    assert list(found.rho) == pytest.approx([-0.4, -0.2, 0])
    assert set(found.n) == {4}
    assert ((found.lower < found.rho) & (found.rho < found.upper)).all()


# Weights -------------------------------------------------------------------------------------------------------------------


def test_equal_weights_rank_by_the_mean_of_z_scores_and_tell_their_range() -> None:
    # Evenly spaced scores: z = 1.34, 0.45, -0.45, -1.34 by rank. Sums: Brent 1.34 - 1.34 + 0.45 = 0.45; Ealing 0.45 + 1.34 - 0.45 = 1.34;
    # Harrow -0.45 - 0.45 - 1.34 = -2.24; Camden -1.34 + 0.45 + 1.34 = 0.45.
    found = need_measures.weighted(compared(loaded(THREE)), [5, 5, 5]).set_index("area")
    assert tuple(found["rank"]) == (2, 1, 4, 2)
    assert found.score[EALING] == pytest.approx(1.3416 / 3, abs=1e-4)
    assert (found.highest[BRENT], found.highest_under[BRENT]) == (1, "One alone")
    assert (found.lowest[BRENT], found.lowest_under[BRENT]) == (4, "Two alone")


def test_only_the_ratio_of_weights_counts() -> None:
    frame = compared(loaded(THREE))
    pd.testing.assert_frame_equal(need_measures.weighted(frame, [1, 2, 0]), need_measures.weighted(frame, [5, 10, 0]))


def test_all_weight_on_one_measure_gives_its_own_ranking() -> None:
    found = need_measures.weighted(compared(loaded(THREE)), [0, 1, 0]).set_index("area")
    assert tuple(found["rank"]) == (4, 1, 3, 2)
    assert (found.highest == found.lowest).all()


def test_a_borough_that_lacks_a_measure_with_weight_has_no_rank_and_says_why() -> None:
    frame = compared(loaded(scores(One=[1, 2, 3, 4], Two=[4, 3, 2, None])))
    with_it, without = (need_measures.weighted(frame, weights).set_index("area") for weights in ([1, 1], [1, 0]))
    assert pd.isna(with_it["rank"][CAMDEN])
    assert with_it.state[CAMDEN] == totals.NO_DATA
    assert without["rank"][CAMDEN] == 1
    assert without.state[CAMDEN] == ""


def test_a_measure_that_is_the_same_everywhere_weighs_nothing() -> None:
    frame = compared(loaded(scores(One=[4, 3, 2, 1], Flat=[5, 5, 5, 5])))
    assert need_measures.same_everywhere(frame) == ["Flat"]
    assert tuple(need_measures.weighted(frame, [1, 9]).set_index("area")["rank"]) == (1, 2, 3, 4)


def test_without_any_weight_no_one_is_ranked() -> None:
    found = need_measures.weighted(compared(loaded(THREE)), [0, 0, 0])
    assert found["rank"].isna().all()
    assert set(found.state) == {"no weight"}


def test_the_same_is_worked_out_for_a_system_of_the_workspace() -> None:
    workspace = loaded(THREE)
    chosen: tuple[Measure, ...] = tuple(need_measures.offered(workspace))
    frame = compared(workspace)
    pd.testing.assert_frame_equal(need_measures.moves_in(workspace, FOUR, chosen), need_measures.moves(frame))
    pd.testing.assert_frame_equal(need_measures.agreement_in(workspace, FOUR, chosen), need_measures.agreement(frame))
    pd.testing.assert_frame_equal(need_measures.weighted_in(workspace, FOUR, chosen, (1, 1, 2)), need_measures.weighted(frame, (1, 1, 2)))


def test_no_one_moves_to_a_measure_on_which_all_are_level() -> None:
    """All stand 1st on it, so that the last on any other would move furthest."""
    found = need_measures.moves(compared(loaded(scores(One=[4, 3, 2, 1], Two=[4, 3, 1, 2], Flat=[5, 5, 5, 5])))).set_index("area")
    assert found.places.tolist() == [0, 0, 1, 1]
    alone = need_measures.moves(compared(loaded(scores(One=[4, 3, 2, 1], Flat=[5, 5, 5, 5]))))
    assert alone.places.isna().all()
