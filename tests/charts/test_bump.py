"""Ranks side by side, agreement and ranges of ranks: every borough where it stands, gaps left open, nothing asked of the network."""

from __future__ import annotations

import json
import re
from typing import Any

import pandas as pd
import pytest

from mhequity.charts import agreement, bump, rank_ranges, vega


def rows(ranks: list[list[float | None]], kinds: list[str] | None = None) -> pd.DataFrame:
    """Ranks of boroughs (rows) in columns."""
    frame = pd.DataFrame(
        {"name": [f"Borough {unit}" for unit in range(len(ranks))], "short": [f"B{unit}" for unit in range(len(ranks))],
         "kind": kinds or [bump.NEAR] * len(ranks)}
    )  # fmt: skip
    for x, column in enumerate(zip(*ranks, strict=True)):
        frame = frame.assign(**{f"rank{x}": pd.Series(column, dtype=float), f"said{x}": "1.2"})
    return frame


def columns(number: int = 2, ranked: int = 3) -> pd.DataFrame:
    return pd.DataFrame({"letter": list("ABCDEFGH")[:number], "heading": [f"Measure {x}" for x in range(number)], "n": ranked})


def drawn(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return bump.ranks_side_by_side(frame, columns())["datasets"]["rows"]


def points(frame: pd.DataFrame, headings: pd.DataFrame | None = None) -> list[tuple[float, float]]:
    """Where the points are drawn, in pixels from the left and from the top of what is drawn."""
    svg = vega.picture(bump.ranks_side_by_side(frame, columns() if headings is None else headings), "A title", "svg").decode()
    found = re.findall(r'aria-roledescription="point" transform="translate\(([\d.]+),([\d.]+)\)"', svg)
    return sorted((float(x), float(y)) for x, y in found)


THREE: list[list[float | None]] = [[1, 3], [2, 1], [3, 2]]


def test_each_borough_has_a_point_in_every_column_evenly_spaced() -> None:
    found = points(rows(THREE))
    assert len(found) == 6
    first = [y for x, y in found if x == found[0][0]]
    assert first[1] - first[0] == pytest.approx(first[2] - first[1])


def test_a_borough_without_a_rank_has_no_point_and_no_name_there() -> None:
    frame = rows([[1, None], [2, 1], [3, 2]])
    assert len(points(frame)) == 5
    assert [(each["left"], each["right"]) for each in drawn(frame)] == [(1, None), (2, 1.25), (3, 2.75)]


def test_a_column_of_fewer_boroughs_is_spread_over_the_same_height() -> None:
    # One of one stands in the middle of three.
    found = points(rows([[1, 1], [2, None], [3, None]]), columns().assign(n=[3, 1]))
    left, right = found[:3], found[3:]
    assert [y for _, y in right] == pytest.approx([left[1][1]])


def test_boroughs_are_named_at_both_ends_and_the_others_are_not() -> None:
    ends = {each["name"]: (each["left"], each["right"]) for each in drawn(rows(THREE, [bump.FURTHEST, bump.NEAR, bump.OTHER]))}
    assert ends == {"Borough 0": (1, 3), "Borough 1": (2, 1), "Borough 2": (None, None)}


def test_names_of_level_boroughs_do_not_cover_each_other() -> None:
    frame = rows([[1, 1], [1, 2], [3, 3]])
    assert sorted(each["left"] for each in drawn(frame)) == [1, 2, 3]
    assert [each["left_level"] for each in drawn(frame)] == [" (1=)", " (1=)", ""]
    assert "Borough 1 (1=)" in vega.picture(bump.ranks_side_by_side(frame, columns()), "A title", "svg").decode()


def test_what_stands_out_is_drawn_last() -> None:
    kinds = [each["kind"] for each in drawn(rows(THREE, [bump.FURTHEST, bump.OTHER, bump.FAR]))]
    assert kinds == [bump.OTHER, bump.FAR, bump.FURTHEST]


def test_long_names_of_measures_are_wrapped_and_end_somewhere() -> None:
    spec = bump.ranks_side_by_side(rows(THREE), columns().assign(heading="word " * 100))
    assert all(each["lines"].count("\n") <= 4 and each["lines"].endswith("…") for each in spec["datasets"]["columns"])


def test_every_kind_of_line_has_a_colour_of_its_own_in_the_legend() -> None:
    for dark in (False, True):
        assert len(set(bump.keys([bump.FURTHEST, bump.FAR, bump.NEAR], dark))) == 3
        assert len(set(bump.keys([bump.FURTHEST, bump.CHOSEN, bump.OTHER], dark))) == 3


PAIRS = pd.DataFrame(
    {"across": [0, 0, 1], "down": [1, 2, 2], "first": "One", "second": "Two", "rho": [0.9, -0.7, None], "said": ["0.90", "−0.70", "–"],
     "interval": "0.1 to 0.9", "n": 33}
)  # fmt: skip
MEASURES = pd.DataFrame({"letter": ["A", "B", "C"], "heading": ["One", "Two", "A longer name that takes more than a line"]})
RANGES = pd.DataFrame(
    {"name": ["Brent", "Ealing", "City"], "rank": [2.0, 1.0, None], "highest": [1.0, 1.0, None], "lowest": [3.0, 1.0, None], "state": ["", "", "no data"],
     "in_scope": [True, False, True], "place": "", "best": "", "worst": ""}
)  # fmt: skip


def test_every_two_measures_have_a_cell_below_the_diagonal() -> None:
    spec = agreement.triangle(PAIRS, MEASURES)
    assert {(each["across"], each["down"]) for each in spec["datasets"]["rows"]} == {(0, 1), (0, 2), (1, 2)}
    assert [each["letter"] for each in spec["datasets"]["across"]] == ["A", "B"]
    assert [each["letter"] for each in spec["datasets"]["down"]] == ["B", "C"]
    assert len(agreement.LABELS) == len(agreement.EDGES) + 1


def test_ranges_are_ranked_and_a_borough_without_a_rank_stands_last() -> None:
    spec = rank_ranges.rank_ranges(RANGES, places=3)
    assert [each["name"] for each in spec["datasets"]["rows"]] == ["Ealing", "Brent", "City"]
    assert spec["datasets"]["rows"][2]["rank"] is None


SPECS = {
    "ranks": lambda dark: bump.ranks_side_by_side(rows(THREE), columns(), dark=dark),
    "agreement": lambda dark: agreement.triangle(PAIRS, MEASURES, dark=dark),
    "ranges": lambda dark: rank_ranges.rank_ranges(RANGES, places=3, dark=dark),
}


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("dark", [False, True])
def test_specs_are_json_without_endless_numbers_and_name_no_other_host(name: str, dark: bool) -> None:
    text = json.dumps(SPECS[name](dark), allow_nan=False)
    assert text.count("http") == text.count("https://vega.github.io/schema/")


@pytest.mark.parametrize("name", SPECS)
def test_pictures_are_drawn_with_their_names_in_them(name: str) -> None:
    svg = vega.picture(SPECS[name](False), "A title", "svg").decode()
    assert svg.startswith("<svg")
    for said in {"ranks": ("Borough 0", "Measure 1"), "agreement": ("0.90", "Two"), "ranges": ("Brent", "no data")}[name]:
        assert said in svg


@pytest.mark.parametrize("number", range(2, 9))
def test_two_to_eight_columns_are_drawn(number: int) -> None:
    frame = rows([[1] * number, [2] * number])
    svg = vega.picture(bump.ranks_side_by_side(frame, columns(number, 2)), "A title", "svg").decode()
    assert svg.count("Borough 1") >= 2
