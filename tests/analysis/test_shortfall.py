"""What a difference comes to in people, and where half of it sits."""

from __future__ import annotations

import pandas as pd

from mhequity.analysis import shortfall
from mhequity.analysis.variation import RATE, SHARE, Measure

SHARES = Measure("Improved", "indicators", SHARE, "share", "higher")


def frame(*rows: tuple[str, float, float, str]) -> pd.DataFrame:
    """Name, count, base, side."""
    found = pd.DataFrame(rows, columns=["name", "count", "base", "side"])
    return found.assign(value=found["count"] / found.base)


FIVE = frame(
    ("A", 50, 100, "similar"), ("B", 40, 100, "lower"), ("C", 50, 100, "similar"), ("D", 20, 100, "lower"), ("E", 80, 100, "higher")
)  # fmt: skip
"""As well as E (80 %): A lacks 30, B 40, C 30, D 60, together 160. D and B hold 100 of them, D alone 60."""


def test_people_short_of_the_example_add_up_and_half_sits_with_the_largest() -> None:
    found = shortfall.shortfall(FIVE, SHARES, "E")
    assert found is not None
    assert round(found.count, 9) == 160
    assert found.holders == ("D", "B")
    assert (found.behind, found.beyond_chance) == (4, True)


def test_who_does_better_is_not_set_against_who_does_worse() -> None:
    found = shortfall.shortfall(FIVE, SHARES, "A")
    assert found is not None
    assert round(found.count, 9) == 40
    assert not found.beyond_chance


def test_where_lower_is_better_the_count_is_of_fewer() -> None:
    lower = Measure("Waited too long", "indicators", SHARE, "share", "lower")
    found = shortfall.shortfall(FIVE, lower, "D")
    assert found is not None
    assert round(found.count, 9) == 30 + 20 + 30 + 60
    assert found.holders[0] == "E"


def test_only_those_in_view_are_counted_but_the_example_may_lie_outside() -> None:
    found = shortfall.shortfall(FIVE, SHARES, "E", FIVE["name"].isin(["A", "B"]))
    assert found is not None
    assert round(found.count, 9) == 70


def test_a_rate_is_for_each_so_many_people() -> None:
    rows = frame(("A", 50, 10_000, "similar"), ("B", 80, 10_000, "higher")).assign(value=[5.0, 8.0])
    found = shortfall.shortfall(rows, Measure("Seen", "activity", RATE, "per 1,000", per=1000, has_base=False), "B")
    assert found is not None
    assert round(found.count, 9) == 30


def test_examples_better_beyond_chance_come_first_and_few_events_are_none() -> None:
    rows = frame(("lucky", 9, 10, "similar"), ("good", 70, 100, "higher"), ("best", 90, 120, "similar"), ("all", 100, 100, "higher"))
    # "lucky" has 1 person who did not improve, "all" has none: a share that nobody misses is no example either.
    assert shortfall.examples(rows, SHARES) == ["good", "best"]


def test_an_example_without_a_figure_gives_nothing() -> None:
    assert shortfall.shortfall(FIVE, SHARES, "nobody") is None
    assert shortfall.shortfall(FIVE.assign(value=float("nan")), SHARES, "A") is None


def test_where_nobody_falls_short_nobody_holds_the_gap() -> None:
    found = shortfall.shortfall(FIVE, SHARES, "E", FIVE["name"] == "E")
    assert found is not None
    assert (found.count, found.holders, found.behind) == (0, (), 0)
