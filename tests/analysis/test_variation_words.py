"""Sentences on variation say what the figures say, and nothing leaks into them that is not a figure."""

from __future__ import annotations

import pandas as pd
import pytest

from mhequity.analysis import shortfall, variation
from mhequity.analysis import variation_words as words
from mhequity.analysis.variation import RATE, SHARE, VALUE, Measure
from mhequity.scope import Scope
from tests.analysis.test_variation import BRENT, EALING, FIVE, HILLINGDON, NWL, YEAR, frame_of, shares
from tests.pages.driver import NASTY, broken, marks_up

IMPROVED = Measure("Improved", "indicators", SHARE, "share", "higher")
SEEN = Measure("People seen", "activity", RATE, "per 1,000", per=1000, has_base=False)
DAYS = Measure("Mean wait", "indicators", VALUE, "days", "lower")


def answer(*counts: tuple[str, float, float], scope: Scope = NWL, measure: Measure = IMPROVED, widened: bool = False) -> str:
    frame = scope.mark(variation.compare(frame_of(shares(*counts)), measure))
    return words.answer(frame, measure, scope, 0.95, widened).replace("**", "")


ONE_AHEAD = (*((area, 50, 100) for area in FIVE[:4]), (HILLINGDON, 80, 100))


def test_the_answer_counts_who_differs_and_names_the_ends() -> None:
    said = answer(*ONE_AHEAD)
    differ = "*Improved*, 2024/25: 1 of 5 boroughs in view differ from North West London's 56.0% (5 of its 8 boroughs report) beyond chance"
    assert said.startswith(f"{differ} (95% limits): 1 better.")
    assert (
        "Highest is Hillingdon with 80.0% (71.1% to 86.7%), lowest Brent with 50.0% (40.4% to 59.6%): 30.0 percentage points apart, 1.6 times as high"
        in said
    )


def test_the_answer_says_where_none_differs() -> None:
    assert "none of the 5 boroughs in view differs from North West London's 50.0%" in answer(*((area, 50, 100) for area in FIVE))


@pytest.mark.parametrize(
    ("area", "said"), [(HILLINGDON, "better than North West London's 56.0%"), (BRENT, "in line with North West London's 56.0%")]
)
def test_one_borough_is_held_against_the_whole_system(area: str, said: str) -> None:
    assert said in answer(*ONE_AHEAD, scope=Scope("NWL", (area,), YEAR))


def test_widened_limits_are_named_in_the_answer() -> None:
    assert "beyond chance and the usual spread between boroughs (95% limits)" in answer(*ONE_AHEAD, widened=True)


def test_a_view_without_figures_says_so() -> None:
    said = answer((BRENT, 50, 100), (EALING, 50, 100), scope=Scope("NWL", (HILLINGDON,), YEAR))
    assert said == "*Improved*: Hillingdon has no figure in 2024/25."


@pytest.mark.parametrize("name", NASTY)
def test_a_measures_name_stays_text(name: str) -> None:
    measure = Measure(name, "indicators", SHARE, "share", "higher")
    frame = NWL.mark(variation.compare(frame_of(shares(*ONE_AHEAD)), measure))
    found = shortfall.Shortfall(name, 0.5, 100, (name,), 3, True)
    for said in (words.answer(frame, measure, NWL, 0.95), words.as_well_as(found, measure, "every group", "group")):
        assert not marks_up(said)


@pytest.mark.parametrize(
    ("measure", "value", "said"),
    [
        (IMPROVED, 0.5305, "53.0%"), (SEEN, 4.215, "4.21 per 1,000"), (SEEN, 42.15, "42.1 per 1,000"), (SEEN, 1234.5, "1,234 per 1,000"),
        (DAYS, 33, "33 days"), (IMPROVED, float("nan"), "no data"),
    ],
)  # fmt: skip
def test_values_are_written_with_their_unit(measure: Measure, value: float, said: str) -> None:
    assert words.written(measure, value) == said


@pytest.mark.parametrize(("people", "said"), [(1238.2, "about 1,240"), (12, "about 10"), (9, "fewer than 10")])
def test_people_worked_out_are_told_roughly(people: float, said: str) -> None:
    assert words.about(people) == said


def test_the_gap_in_people_names_the_example_and_where_half_sits() -> None:
    found = shortfall.Shortfall("Harrow", 0.54, 1238, ("Brent", "Ealing"), 6, True)
    said = words.as_well_as(
        found, Measure("People seen in time, share", "indicators", SHARE, "share", "higher"), "every borough", "borough"
    )
    assert said.replace("**", "") == (
        "If every borough did as well as Harrow (54.0%), there would be about 1,240 more people seen in time. "
        "Half of that sits in 2 boroughs: Brent and Ealing."
    )


def test_an_example_that_may_be_chance_is_told_as_such_and_lower_is_fewer() -> None:
    found = shortfall.Shortfall("Harrow", 0.1, 50, ("Brent",), 1, False)
    said = words.as_well_as(found, Measure("People who waited, share", "indicators", SHARE, "share", "lower"), "every borough", "borough")
    assert "fewer people who waited" in said
    assert "Harrow does not stand out beyond chance itself" in said
    assert "Half" not in said


def test_where_nobody_falls_short_that_is_said() -> None:
    said = words.as_well_as(shortfall.Shortfall("Harrow", 0.5, 0, (), 0, True), IMPROVED, "every borough", "borough")
    assert said.startswith("No borough in view falls short of")


def test_what_chance_alone_would_do() -> None:
    frame = pd.DataFrame({"value": [1.0] * 31})
    assert "about 2 of 31 boroughs would lie outside the 95% limits" in words.by_chance(frame, 0.95)
    assert "fewer than 1 of 31" in words.by_chance(frame, 0.998)


def test_figures_of_inequality_have_unit_and_interval() -> None:
    row = pd.Series({"key": "slope_index", "unit": "the indicator's unit", "value": 0.153, "lower": -0.01, "upper": 0.161})
    assert words.of_inequality(IMPROVED, row, 0.95) == "**+15.3 points** (95% interval −1.0 to +16.1)"
    ratio = pd.Series({"key": "ratio", "unit": "no unit", "value": 1.281, "lower": float("nan"), "upper": float("nan")})
    assert words.of_inequality(IMPROVED, ratio, 0.95) == "**1.28** (no interval)"
    assert not broken(words.of_inequality(IMPROVED, ratio.replace(1.281, float("nan")), 0.95))


@pytest.mark.parametrize("key", ["slope_index", "relative_index", "difference", "ratio", "index_of_disparity_weighted"])
@pytest.mark.parametrize("ordered", [True, False])
def test_every_figure_says_what_no_inequality_is(key: str, ordered: bool) -> None:
    assert "is no" in words.how_to_read(key, IMPROVED, ordered)


def test_difference_names_the_fifth_that_comes_first() -> None:
    assert words.how_to_read("difference", IMPROVED, True).startswith("least deprived fifth less most deprived fifth")
    assert words.how_to_read("difference", DAYS, True).startswith("most deprived fifth less least deprived fifth")
    assert words.how_to_read("ratio", SEEN, False).startswith("highest group over lowest group")


@pytest.mark.parametrize(
    ("measure", "value", "said"),
    [
        (Measure("Change", "indicators", VALUE, "points"), -3.2, "−3.20 points"),
        (Measure("Coverage", "indicators", VALUE, "share"), 1.5, "150.0%"),
        (Measure("Rare", "indicators", VALUE, "per head"), 0.00001, "0.000010 per head"),
    ],
    ids=["below 0", "a share without counts", "very small"],
)
def test_odd_figures_are_written_as_people_read_them(measure: Measure, value: float, said: str) -> None:
    assert words.written(measure, value) == said


def test_boroughs_that_are_level_have_no_highest_and_no_ratio() -> None:
    said = answer(*((area, 0, 100) for area in FIVE))
    assert "All 5 have 0.0%." in said
    assert "Highest" not in said


def test_a_ratio_over_next_to_nothing_is_rounded() -> None:
    known = (
        variation.compare(frame_of(shares((BRENT, 10, 10_000), (EALING, 3470, 10_000))), IMPROVED)
        .dropna(subset="value")
        .sort_values("value")
    )
    assert "about 350 times as high" in words.apart(known, IMPROVED)


def test_a_rate_says_what_it_is_a_rate_of() -> None:
    frame = NWL.mark(variation.compare(frame_of(shares(*ONE_AHEAD)), IMPROVED))
    assert words.answer(frame, IMPROVED, NWL, 0.95, title="Improved per 1,000 residents").startswith(
        "*Improved per 1,000 residents*, 2024/25: "
    )


def test_more_is_not_called_better_where_a_measure_does_not_say_so() -> None:
    frame = variation.compare(frame_of(shares(*ONE_AHEAD)), SEEN).assign(name=lambda rows: rows.area)
    for measure, told in ((Measure("Registered", "indicators", SHARE, "share"), True), (IMPROVED, False)):
        found = shortfall.shortfall(frame, measure, HILLINGDON)
        assert found is not None
        assert ("does not say whether more is better" in words.as_well_as(found, measure, "every borough", "borough")) is told


def test_one_borough_that_does_not_fall_short() -> None:
    frame = variation.compare(frame_of(shares(*ONE_AHEAD)), IMPROVED).assign(name=lambda rows: rows.area)
    found = shortfall.shortfall(frame, IMPROVED, BRENT, frame.area == HILLINGDON)
    assert found is not None
    assert words.as_well_as(found, IMPROVED, "**Hillingdon**", "").startswith("**Hillingdon** does not fall short of")
