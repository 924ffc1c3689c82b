"""Pockets of unmet need: high need, care that falls short beyond chance, and little money, together."""

from __future__ import annotations

import pandas as pd
import pytest

from mhequity.analysis import need, pockets, unmet_need, unmet_sentences
from mhequity.analysis.unit_costs import UnitCost
from mhequity.scope import Scope
from mhequity.workspace import made_up, published

BRENT, EALING, HARROW, HOUNSLOW = "E09000005", "E09000009", "E09000015", "E09000018"
ENGLAND = need.NeedMeasure("Weighted", "weighted people", "2025/26", "registered", True, "England")
NWL = Scope("NWL", year="2024/25")
NAN = float("nan")


def compared(*rows: tuple[str, float, float, str]) -> pd.DataFrame:
    """Area, need index, ratio of given to expected, verdict; care that has no ratio is suppressed."""
    frame = pd.DataFrame(rows, columns=["area", "need_index", "ratio", "verdict"]).assign(in_scope=True)
    return frame.assign(state=frame.ratio.isna().map({True: "suppressed", False: ""}), unmet=100.0)


def money(**spend: float | None) -> pd.DataFrame:
    """Pounds of areas that have 1,000 need-weighted people each."""
    paid = pd.Series(spend, dtype="float64")
    state = ["no data" if missing else "" for missing in paid.isna()]
    return pd.DataFrame({"area": paid.index, "spend": paid.to_numpy(), "weighted": 1000.0, "spend_state": state})


# 200,000 pounds for 2,000 weighted people: 100 each in the system.
PAID = money(**{BRENT: 80_000, EALING: 120_000})


def told(frame: pd.DataFrame, paid: pd.DataFrame = PAID) -> dict[str, str]:
    return pockets.pockets(frame, paid).set_index("area").pocket.to_dict()


def test_all_three_together_make_a_pocket() -> None:
    assert told(compared((BRENT, 1.3, 0.8, "lower"))) == {BRENT: "yes"}


@pytest.mark.parametrize(
    "row",
    [
        (BRENT, 1.0, 0.8, "lower"),
        (BRENT, 0.9, 0.8, "lower"),
        (BRENT, 1.3, 0.98, "similar"),
        (BRENT, 1.3, 1.2, "higher"),
        (EALING, 1.3, 0.8, "lower"),
    ],
    ids=["need as the reference", "less need", "short by chance", "more care", "more money"],
)
def test_one_that_fails_makes_none(row: tuple[str, float, float, str]) -> None:
    assert told(compared(row)) == {row[0]: "no"}


def test_spend_is_compared_per_need_weighted_person_with_all_who_report() -> None:
    found = pockets.pockets(compared((BRENT, 1.3, 0.8, "lower")), PAID)
    assert found.spend_per_weighted.tolist() == [80]
    assert pockets.system_spend(PAID) == 100


@pytest.mark.parametrize(
    ("row", "paid", "why"),
    [
        ((BRENT, 1.3, 0.8, "lower"), money(**{EALING: 1}), "money not loaded"),
        ((BRENT, 1.3, 0.8, "lower"), money(**{BRENT: None, EALING: 1}), "money not loaded"),
        ((BRENT, 1.3, NAN, ""), PAID, "care: suppressed"),
        ((BRENT, NAN, NAN, ""), PAID, "no need figure"),
    ],
)
def test_what_is_missing_leaves_it_open_and_says_why(row: tuple, paid: pd.DataFrame, why: str) -> None:
    found = pockets.pockets(compared(row), paid)
    assert (found.pocket.tolist(), found.pocket_why.tolist()) == (["cannot tell"], [why])


def test_a_condition_that_fails_settles_it_whatever_is_missing() -> None:
    assert told(compared((BRENT, 0.8, NAN, "")), money(**{EALING: 1})) == {BRENT: "no"}


def test_published_pockets_of_north_west_london() -> None:
    scope = Scope("NWL", year="2019/20")
    measure = next(each for each in need.measures(published()) if each.base == "registered")
    frame = unmet_need.equal_access_in(published(), scope, measure, "People who had all six health checks")
    found = pockets.in_system(published(), scope, measure, frame).set_index("area")
    # Brent's 58.0 million pounds (NHS dashboard 2019/20) for 733,065 weighted people are less a head than the eight boroughs' together.
    assert found.pocket[BRENT] == "yes"
    assert found.pocket[HARROW] == "no"
    assert found.spend_source[BRENT].split().count("mh_dashboard_spend") == 1


def sentence(frame: pd.DataFrame, paid: pd.DataFrame, measure: need.NeedMeasure = ENGLAND) -> str:
    return unmet_sentences.pockets_of(pockets.pockets(frame, paid), NWL, measure).replace("**", "")


def test_pockets_are_named_with_what_makes_them() -> None:
    frame = compared((BRENT, 1.3, 0.8, "lower"), (EALING, 1.2, 0.9, "lower"), (HARROW, 0.8, 1.2, "higher"))
    assert sentence(frame, money(**{BRENT: 80_000, EALING: 90_000, HARROW: 130_000})) == (
        "Two pockets of unmet need: Brent and Ealing. There, need is above England's, care is below what need calls for beyond chance (0.80 to 0.90 for "
        "each 1 expected), and spend per need-weighted person is below North West London's."
    )


def test_boroughs_without_money_are_told_apart() -> None:
    frame = compared((BRENT, 1.3, 0.8, "lower"), (EALING, 1.2, 1.2, "higher"), (HOUNSLOW, 1.2, 0.9, "lower"))
    said = sentence(frame, PAID)
    assert said.startswith("One pocket of unmet need: Brent.")
    assert "below that of North West London's 2 boroughs with money loaded" in said
    assert said.endswith("For Hounslow it cannot be said (money not loaded).")


def test_no_pocket_is_said_so() -> None:
    frame = compared((BRENT, 1.3, 1.2, "higher"), (EALING, 1.2, 0.8, "lower"))
    assert sentence(frame, PAID).startswith("No pocket of unmet need among the 2 boroughs in view: in none of them do need above England's")


def test_without_any_money_it_cannot_be_said_and_why() -> None:
    frame = compared((BRENT, 1.3, 0.8, "lower"), (EALING, 1.2, 0.8, "lower"))
    assert sentence(frame, money(**{BRENT: None})) == "Whether there are pockets of unmet need cannot be said: money not loaded."


def test_one_borough_is_told_which_condition_fails() -> None:
    frame = compared((EALING, 1.2, 0.98, "similar"), (BRENT, 1.3, 0.8, "lower"), (HARROW, 1.1, 0.8, "lower"))
    assert sentence(frame.assign(in_scope=frame.area == EALING), PAID) == (
        "Ealing is no pocket of unmet need: its care is not below what need calls for beyond chance and its spend per need-weighted person is "
        "not below that of North West London's 2 boroughs with money loaded."
    )
    assert sentence(compared((BRENT, 1.2, 0.8, "lower")), PAID).startswith("Brent is a pocket of unmet need: need is above England's")


def test_a_measure_that_gives_all_the_same_need_knows_no_pockets() -> None:
    everyone = need.NeedMeasure(need.HEADS, "people", "", "resident", True, "London")
    assert "gives every resident the same need" in sentence(compared((BRENT, 1.0, 0.8, "lower")), PAID, everyone)


@pytest.mark.parametrize("workspace", [published(), made_up()], ids=["published", "made up"])
@pytest.mark.parametrize(
    "scope", [Scope(year="2019/20"), Scope("NWL", year="2024/25"), Scope("SEL", year="2019/20"), Scope(year="1999/00")], ids=str
)
def test_every_scope_and_measure_gives_a_sentence(workspace, scope: Scope) -> None:
    for measure in [each for each in need.measures(workspace) if each.can_weight]:
        frame = unmet_need.equal_access_in(workspace, scope, measure, "People seen")
        said = unmet_sentences.pockets_of(pockets.in_system(workspace, scope, measure, frame), scope, measure)
        assert said.endswith(".")
        assert "nan" not in said


COST = UnitCost(310.0, 620_000.0, 2000.0, (BRENT, EALING))


def test_the_shortfall_in_money_is_that_of_boroughs_behind_beyond_chance() -> None:
    # 1,600 and 2,300 contacts short at 310 pounds each: 1,209,000. The 500 of a borough that is not behind beyond chance are left out.
    frame = compared((BRENT, 1.3, 0.8, "lower"), (EALING, 1.2, 0.9, "lower"), (HARROW, 0.8, 0.99, "similar")).assign(
        unmet=[1600.0, 2300.0, 500.0]
    )
    said = unmet_sentences.in_money(frame, NWL, COST, "Contacts attended")
    assert said == "At North West London's average of £310 a contact that shortfall is **about £1.2m**."


def test_nothing_is_said_in_money_where_nothing_falls_short_or_no_cost_is_known() -> None:
    behind, level = compared((BRENT, 1.3, 0.8, "lower")), compared((BRENT, 1.3, 1.0, "similar"))
    assert unmet_sentences.in_money(level, NWL, COST, "Contacts") == ""
    assert unmet_sentences.in_money(behind, NWL, UnitCost(NAN, why="no money"), "Contacts") == ""


def test_the_treatment_gap_is_told_in_money_only_where_people_are_counted() -> None:
    frame = pd.DataFrame({"area": [BRENT], "gap": [1000.0], "in_scope": True})
    assert "about £310,000" in unmet_sentences.gap_in_money(frame, NWL, COST, "People seen")
    assert unmet_sentences.gap_in_money(frame, NWL, COST, "Contacts") == ""


@pytest.mark.parametrize(
    ("value", "said"), [(1_209_000, "£1.2m"), (12_400_000, "£12m"), (310_400, "£310,000"), (1_550_000_000, "£1.6bn"), (9_940, "£9,900")]
)
def test_estimates_in_money_are_rounded(value: float, said: str) -> None:
    assert unmet_sentences.pounds(value) == said
