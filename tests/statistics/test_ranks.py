"""Ranks on several measures: by hand, with ties and gaps, and how weights move them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mhequity.statistics import ranks

NAN = float("nan")
FOUR = pd.DataFrame({"need": [4, 3, 2, 1], "access": [1, 4, 3, 2]}, index=["A", "B", "C", "D"])
"""Mean 2.5 and standard deviation sqrt(1.25) = 1.118034 on both: z-scores are 1.341641, 0.447214 and their negatives."""

GAP = pd.DataFrame({"need": [4, 3, 2, 1], "access": [1, NAN, 3, 2]}, index=["A", "B", "C", "D"])


def test_highest_value_ranks_first_and_level_units_share_the_best_place() -> None:
    found = ranks.ranks(pd.DataFrame({"need": [5, 9, 5, 1]}))
    assert found["need"].tolist() == [2, 1, 2, 4]


def test_missing_value_has_no_rank_and_takes_no_place() -> None:
    assert ranks.ranks(GAP)["access"].tolist() == pytest.approx([3, NAN, 1, 2], nan_ok=True)
    assert ranks.ranks(pd.DataFrame({"need": [1, math.inf]}))["need"].tolist() == pytest.approx([1, NAN], nan_ok=True)


def test_movers_move_more_than_k_places() -> None:
    # Ranks on need 1, 2, 3, 4 and on access 4, 1, 2, 3: A moves three places, the others one.
    found = ranks.movers(ranks.ranks(FOUR), 1)
    assert found.to_dict("records") == [{"unit": "A", "highest_on": "need", "lowest_on": "access", "highest": 1, "lowest": 4, "places": 3}]
    assert ranks.movers(ranks.ranks(FOUR), 3).empty


def test_movers_come_furthest_first_then_in_their_order() -> None:
    found = ranks.movers(ranks.ranks(FOUR), 0)
    assert found["unit"].tolist() == ["A", "B", "C", "D"]
    assert ranks.movers(ranks.ranks(FOUR.iloc[::-1]), 0)["unit"].tolist() == ["A", "D", "C", "B"]


def test_unit_with_one_rank_or_none_does_not_move() -> None:
    places = pd.DataFrame({"need": [1, 2, NAN], "access": [NAN, 1, NAN]}, index=["A", "B", "C"])
    assert ranks.movers(places, 0)["unit"].tolist() == ["B"]


def test_negative_number_of_places_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        ranks.movers(ranks.ranks(FOUR), -1)


def test_pairs_with_rho_interval_and_n() -> None:
    # Ranks of a and b differ by 1 six times: rho = 1 - 36 / 210; interval worked in test_correlation. c is b reversed and lacks one.
    measures = pd.DataFrame({"a": [1, 2, 3, 4, 5, 6], "b": [2, 1, 4, 3, 6, 5], "c": [-2, -1, -4, -3, -6, NAN]})
    found = ranks.pairwise_spearman(measures)
    assert found[["measure_a", "measure_b", "n"]].to_numpy().tolist() == [["a", "b", 6], ["a", "c", 5], ["b", "c", 5]]
    assert found.loc[0, ["rho", "lower", "upper"]].tolist() == pytest.approx([0.828571, -0.127245, 0.986482], abs=1e-6)
    assert found["rho"].tolist()[1:] == pytest.approx([-0.8, -1])


def test_z_scores_divide_by_n() -> None:
    assert ranks.z_scores(FOUR)["need"].tolist() == pytest.approx([1.341641, 0.447214, -0.447214, -1.341641], abs=1e-6)


def test_z_scores_are_over_the_units_that_have_the_measure() -> None:
    # 1, 3, 2: mean 2, standard deviation sqrt(2/3) = 0.816497.
    assert ranks.z_scores(GAP)["access"].tolist() == pytest.approx([-1.224745, NAN, 1.224745, 0], abs=1e-6, nan_ok=True)


@pytest.mark.parametrize("values", [[0.1, 0.1, 0.1], [7, NAN, NAN], [NAN, NAN, NAN]])
def test_measure_without_spread_has_no_z_scores(values: list[float]) -> None:
    assert ranks.z_scores(pd.DataFrame({"need": values})).isna().all(axis=None)


def test_weights_are_shares_of_their_sum() -> None:
    assert ranks.normalised({"need": 3, "access": 1}, FOUR).to_dict() == {"need": 0.75, "access": 0.25}
    assert ranks.normalised({"access": 5}, FOUR).to_dict() == {"need": 0, "access": 1}


def test_weighted_by_hand() -> None:
    # A: 0.75 x 1.341641 - 0.25 x 1.341641; B: 0.75 x 0.447214 + 0.25 x 1.341641; C: -0.5 x 0.447214; D: -0.75 x 1.341641 - 0.25 x 0.447214.
    found = ranks.weighted(FOUR, {"need": 3, "access": 1})
    assert found.to_dict() == pytest.approx({"A": 0.670820, "B": 0.670820, "C": -0.223607, "D": -1.118034}, abs=1e-6)
    assert found["A"] == found["B"], "level by hand, so level to the last digit"


def test_unit_that_lacks_a_weighted_measure_has_no_score() -> None:
    assert ranks.weighted(GAP, {"need": 1, "access": 1}).isna().to_dict() == {"A": False, "B": True, "C": False, "D": False}


def test_missing_measure_of_no_weight_does_no_harm() -> None:
    assert ranks.weighted(GAP, {"need": 2, "access": 0})["B"] == pytest.approx(0.447214, abs=1e-6)


@pytest.mark.parametrize("weights", [{}, {"need": 0, "access": 0}])
def test_no_weight_at_all_gives_no_score(weights: dict[str, float]) -> None:
    assert ranks.weighted(FOUR, weights).isna().all()


@pytest.mark.parametrize(
    ("weights", "said"), [({"needs": 1}, "not there: needs"), ({"need": -1}, "0 or more"), ({"need": NAN}, "0 or more")]
)
def test_weights_that_make_no_sense_are_a_mistake(weights: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ranks.weighted(FOUR, weights)


def test_names_that_are_not_unique_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="two columns"):
        ranks.ranks(pd.DataFrame([[1, 2]], columns=["need", "need"]))
    with pytest.raises(ValueError, match="two rows"):
        ranks.ranks(pd.DataFrame({"need": [1, 2]}, index=["A", "A"]))


def test_each_measure_alone_and_all_but_each_are_tried() -> None:
    assert ranks.weightings({"a": 2, "b": 1, "c": 1, "d": 0}) == {
        "stated weights": {"a": 2, "b": 1, "c": 1, "d": 0},
        "a alone": {"a": 1},
        "b alone": {"b": 1},
        "c alone": {"c": 1},
        "without a": {"b": 1, "c": 1},
        "without b": {"a": 2, "c": 1},
        "without c": {"a": 2, "b": 1},
    }


def test_one_measure_leaves_nothing_to_vary() -> None:
    assert list(ranks.weightings({"a": 2, "b": 0})) == ["stated weights"]


def test_range_of_ranks_by_hand() -> None:
    # Stated (scores above): A and B level first, C third, D fourth. Need alone 1, 2, 3, 4; access alone 4, 1, 2, 3; leaving one out is the other alone.
    found = ranks.rank_range(FOUR, {"need": 3, "access": 1})
    assert found[["unit", "rank", "highest", "lowest"]].to_numpy().tolist() == [
        ["A", 1, 1, 4],
        ["B", 1, 1, 2],
        ["C", 3, 2, 3],
        ["D", 4, 3, 4],
    ]
    assert found["highest_under"].tolist() == ["stated weights", "stated weights", "access alone", "access alone"]
    assert found["lowest_under"].tolist() == ["access alone", "need alone", "stated weights", "stated weights"]


def test_range_without_weights_weighs_all_alike() -> None:
    pd.testing.assert_frame_equal(ranks.rank_range(FOUR), ranks.rank_range(FOUR, {"need": 5, "access": 5}))


def test_unit_with_a_gap_is_ranked_under_no_weighting_and_takes_no_place() -> None:
    found = ranks.rank_range(GAP)
    assert found.loc[1, ["rank", "highest", "lowest"]].isna().all()
    assert found.loc[1, "highest_under"] == found.loc[1, "lowest_under"] == ""
    # Need alone: A, C, D are first, second and third of three.
    assert ranks.ranks_by_weighting(GAP, {"need": 1, "access": 1})["need alone"].tolist() == pytest.approx([1, NAN, 2, 3], nan_ok=True)


@pytest.mark.parametrize("frame", [FOUR.iloc[:0], FOUR[[]], FOUR.iloc[:1], FOUR.iloc[:0][[]], FOUR * NAN])
def test_nothing_to_rank_gives_missing_ranks_and_no_error(frame: pd.DataFrame) -> None:
    assert ranks.ranks(frame).shape == frame.shape
    assert ranks.movers(ranks.ranks(frame), 0).empty
    assert ranks.pairwise_spearman(frame)["rho"].isna().all()
    assert ranks.rank_range(frame)["unit"].tolist() == frame.index.tolist()
    assert ranks.rank_range(frame)["rank"].isna().all()


VALUES = st.lists(st.tuples(*[st.integers(-20, 20)] * 3), min_size=2, max_size=12)


@given(VALUES, st.tuples(*[st.integers(0, 9)] * 3))
def test_rank_lies_in_its_range_and_scale_of_weights_does_not_matter(
    rows: list[tuple[int, int, int]], given_weights: tuple[int, ...]
) -> None:
    measures = pd.DataFrame(rows, columns=["a", "b", "c"])
    weights = dict(zip("abc", given_weights, strict=True))
    found = ranks.rank_range(measures, weights).dropna(subset="rank")
    assert (found["highest"] <= found["rank"]).all()
    assert (found["rank"] <= found["lowest"]).all()
    tenfold = {name: 10 * weight for name, weight in weights.items()}
    pd.testing.assert_series_equal(ranks.weighted(measures, weights), ranks.weighted(measures, tenfold))


@given(VALUES)
def test_turning_all_measures_round_turns_scores_round(rows: list[tuple[int, int, int]]) -> None:
    measures = pd.DataFrame(rows, columns=["a", "b", "c"])
    weights = {"a": 1, "b": 2, "c": 3}
    np.testing.assert_allclose(ranks.weighted(-measures, weights), -ranks.weighted(measures, weights), atol=1e-9)
