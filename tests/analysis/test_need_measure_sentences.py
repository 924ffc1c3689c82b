"""What the page on measures of need says, word by word."""

from __future__ import annotations

import pandas as pd
import pytest

from mhequity.analysis import need_measure_sentences as sentences
from mhequity.scope import Scope

BRENT, EALING, HARROW = "E09000005", "E09000009", "E09000015"
COLUMNS = ["area", "highest_on", "highest", "lowest_on", "lowest", "places", "n"]
MOVES = pd.DataFrame(
    [(BRENT, "Index", 11, "Register", 27, 16, 33), (EALING, "Index", 2, "Register", 3, 1, 33), (HARROW, "", None, "", None, None, None)],
    columns=COLUMNS,
)
NWL = Scope("NWL")


def pair(rho: float, lower: float, upper: float, n: int = 33) -> pd.Series:
    return pd.Series({"measure_a": "Index", "measure_b": "Register", "rho": rho, "lower": lower, "upper": upper, "n": n})


@pytest.mark.parametrize(
    ("rank", "words"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (21, "21st"), (33, "33rd")]
)
def test_rank_in_words(rank: int, words: str) -> None:
    assert sentences.ordinal(rank) == words


def test_the_borough_that_moves_furthest_and_how_many_move() -> None:
    assert sentences.moved(NWL.mark(MOVES), NWL, 8) == (
        "**Brent** is **11th of 33** for need by one measure (Index) and **27th** by another (Register); **1 of 2** boroughs in view moves "
        "more than **8 places** between measures."
    )


def test_a_single_borough_stands_beside_its_system() -> None:
    scope = Scope("NWL", (EALING,))
    assert sentences.moved(scope.mark(MOVES), scope, 8) == (
        "**Ealing** is **2nd of 33** for need by one measure (Index) and **3rd** by another (Register): **1 place** apart. Of North West London's "
        "2 boroughs that can be compared **1** moves more than 8 places."
    )


def test_no_borough_that_can_be_compared() -> None:
    scope = Scope("NWL", (HARROW,))
    assert (
        sentences.moved(scope.mark(MOVES), scope, 8)
        == "Harrow has no figures on two of these measures that tell boroughs apart, so they cannot be compared."
    )


def test_boroughs_that_stand_alike() -> None:
    alike = NWL.mark(MOVES.iloc[[0]].assign(places=0.0, highest=None, lowest=None))
    assert "stands in the same place" in sentences.moved(alike, NWL, 8)


def test_who_moves() -> None:
    assert sentences.movers(NWL.mark(MOVES), 8) == "1 borough in view moves more than 8 places. Furthest: **Brent** (16)."
    assert sentences.movers(NWL.mark(MOVES), 20) == "No borough in view moves more than 20 places between any two of these measures."


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (pair(0.31, 0.02, 0.55), "**Index** and **Register** agree weakly: rho 0.31, 0.02 to 0.55, n = 33."),
        (pair(0.71, 0.5, 0.85), "**Index** and **Register** agree strongly: rho 0.71, 0.50 to 0.85, n = 33."),
        (pair(0.1, -0.2, 0.4), "**Index** and **Register** hardly agree: rho 0.10, −0.20 to 0.40, n = 33; no agreement at all cannot be ruled out."),
        (pair(-0.5, -0.7, -0.2), "**Index** and **Register** rank boroughs moderately the other way round: rho −0.50, −0.70 to −0.20, n = 33."),
        (pair(float("nan"), float("nan"), float("nan"), 3), "**Index** and **Register**: 3 boroughs have both, too few to compare."),
        (pair(float("nan"), float("nan"), float("nan"), 8), "**Index** and **Register**: 8 boroughs have both, all level on one of them."),
    ],
)  # fmt: skip
def test_two_measures_agree_in_words(row: pd.Series, said: str) -> None:
    assert sentences.agree(row) == said


def test_the_closest_and_the_furthest_are_told() -> None:
    found = sentences.closest_and_furthest(pd.DataFrame([pair(0.3, 0.1, 0.5), pair(-0.7, -0.8, -0.5), pair(0.9, 0.8, 0.95)]))
    assert ["0.90" in found[0], "−0.70" in found[1], len(found)] == [True, True, 2]
    assert len(sentences.closest_and_furthest(pd.DataFrame([pair(0.3, 0.1, 0.5)]))) == 1
    assert "too few" in sentences.closest_and_furthest(pd.DataFrame([pair(float("nan"), float("nan"), float("nan"), 2)]))[0]


def weighted(*rows: tuple[str, float | None, float | None, float | None]) -> pd.DataFrame:
    return NWL.mark(pd.DataFrame(rows, columns=["area", "rank", "highest", "lowest"]))


def test_the_result_of_weights_says_that_they_were_chosen_and_what_hangs_on_them() -> None:
    frame = weighted((BRENT, 2, 1, 8), (EALING, 1, 1, 3), (HARROW, None, None, None))
    assert sentences.combined(frame, NWL, 2) == (
        "By **the weights you chose**, **Ealing** comes **1st of 2**; any one measure alone, or all but any one, would put it between **1st** and "
        "**3rd**. For **1 of 2** boroughs in view that range is wider than 2 places: there the weights decide."
    )


def test_a_rank_that_no_weight_moves() -> None:
    assert "would put it there too" in sentences.combined(weighted((BRENT, 1, 1, 1)), NWL, 2)


def test_no_borough_that_the_weights_can_rank() -> None:
    assert "none can be ranked" in sentences.combined(weighted((HARROW, None, None, None)), NWL, 2)


def test_measures_that_keep_boroughs_out_are_named() -> None:
    rows = pd.DataFrame({"measure": ["Index", "Index", "Own", "Own"], "area": [BRENT, EALING] * 2, "more_need": [1.0, 2.0, 3.0, None]})
    assert sentences.unranked(rows, ["Index"], NWL.codes) == ""
    assert sentences.unranked(rows, ["Index", "Own"], (BRENT,)) == ""
    assert sentences.unranked(rows, ["Index", "Own"], NWL.codes).startswith(
        "1 borough in view has no rank, as it lacks a figure on a measure with weight: Own (1 without)."
    )
