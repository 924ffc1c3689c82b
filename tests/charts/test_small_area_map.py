"""The map of small areas: every area drawn, small enough to send, spots outlined and named, nothing asked of the network."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest
from shapely.geometry import MultiPolygon, Polygon, box
from shapely.ops import unary_union

from mhequity.charts import maps, palette, vega
from mhequity.charts.small_area_map import AREAS, SPOT_NAMES, SPOTS, metres_a_pixel, outlines, small_area_map, small_area_picture

CLASSES = maps.Classes("Rate", (10.0, 20.0), ("#FDE7DB", "#F68B55", "#8A2E00"), ("under 10", "10 to 20", "20 and over"))
NONE = pd.DataFrame({"name": [], "hot": [], "areas": [], "first": [], "geometry": []})
SQUARES = [box(-0.3 + 0.01 * (at % 6), 51.5 + 0.01 * (at // 6), -0.29 + 0.01 * (at % 6), 51.51 + 0.01 * (at // 6)) for at in range(36)]


def figures(number: int = 36, **states: str) -> pd.DataFrame:
    """Areas at 5, 15 and 25 in turn, but for those with a state, which have no value."""
    state = [states.get(f"at{at}", "") for at in range(number)]
    value = [float("nan") if why else 5.0 + 10 * (at % 3) for at, why in enumerate(state)]
    names = [f"Square {at}" for at in range(number)]
    return pd.DataFrame({"name": names, "value": value, "state": state, "text": [why or "5.0 (4.0 to 6.0)" for why in state], "more": ""})


def spots() -> pd.DataFrame:
    """Four squares together that are hot, and four that are cold."""
    hot, cold = unary_union([SQUARES[at] for at in (0, 1, 6, 7)]), unary_union([SQUARES[at] for at in (28, 29, 34, 35)])
    return pd.DataFrame({"name": ["hot spot", "cold spot"], "hot": [True, False], "areas": 4, "first": "Square 0", "geometry": [hot, cold]})


def drawn(frame: pd.DataFrame, shapes: list[Any] = SQUARES, found: pd.DataFrame = NONE, dark: bool = False) -> dict[str, Any]:
    """The map's JSON, read strictly: NaN and Infinity are not JSON."""
    return json.loads(small_area_map(frame, outlines(shapes), CLASSES, found, dark).to_json(), parse_constant=pytest.fail)


def layer(deck: dict[str, Any], name: str) -> dict[str, Any]:
    return next(found for found in deck["layers"] if found["id"] == name)


def test_every_area_is_drawn_once_in_the_colour_of_its_class() -> None:
    rows = layer(drawn(figures()), AREAS)["data"]
    assert [row["n"] for row in rows] == [f"Square {at}" for at in range(36)]
    assert [row["f"] for row in rows[:3]] == [palette.rgb(colour) for colour in CLASSES.colours]


def test_outlines_are_whole_steps_from_the_corner_and_lead_back_to_where_they_were() -> None:
    outlined = outlines(SQUARES)
    layer_ = layer(drawn(figures()), AREAS)
    points = layer_["data"][7]["p"]
    assert all(isinstance(each, int) and each >= 0 for each in points)
    step = layer_["modelMatrix"][0]
    back = [(outlined.origin[at % 2] + each * step) for at, each in enumerate(points)]
    assert sorted({round(each, 3) for each in back[::2]}) == [-0.29, -0.28]
    assert sorted({round(each, 3) for each in back[1::2]}) == [51.51, 51.52]


def test_thirty_six_squares_take_a_few_kilobytes() -> None:
    sent = small_area_map(figures(), outlines(SQUARES), CLASSES, spots(), False).to_json()
    assert len(sent.encode()) < 6_000


def test_map_asks_no_one_for_tiles() -> None:
    deck = small_area_map(figures(), outlines(SQUARES), CLASSES, spots(), True)
    assert json.loads(deck.to_json())["mapStyle"] == "__MAP_STYLE__"
    assert "//" not in deck.to_json()
    assert deck.map_provider is None


@pytest.mark.parametrize(
    ("state", "grey"), [("no data", palette.NO_DATA), ("missing", palette.NO_DATA), ("suppressed", palette.SUPPRESSED)]
)
def test_area_without_a_value_is_grey_and_its_tooltip_says_why(state: str, grey: str) -> None:
    row = layer(drawn(figures(at4=state)), AREAS)["data"][4]
    assert row["f"] == palette.rgb(grey)
    assert row["t"] == state


def test_area_of_two_parts_is_drawn_twice_under_one_name() -> None:
    shapes = [MultiPolygon([SQUARES[0], SQUARES[2]]), SQUARES[4]]
    rows = layer(drawn(figures(2), shapes), AREAS)["data"]
    assert [row["n"] for row in rows] == ["Square 0", "Square 0", "Square 1"]


def test_hole_stays_a_hole() -> None:
    ring = Polygon(box(-0.3, 51.5, -0.2, 51.6).exterior.coords, [box(-0.28, 51.52, -0.22, 51.58).exterior.coords])
    row = layer(drawn(figures(1), [ring]), AREAS)["data"][0]
    assert len(row["p"]["positions"]) == 16
    assert row["p"]["holeIndices"] == [8]


def test_hot_and_cold_spots_are_outlined_differently_and_named() -> None:
    deck = drawn(figures(), found=spots())
    lines = layer(deck, SPOTS)["data"]
    assert [line["h"] for line in lines] == [1, 0]
    assert all(line["p"][:2] == line["p"][-2:] for line in lines)
    assert layer(deck, SPOTS)["getColor"] != layer(deck, f"{SPOTS} under")["getColor"]
    assert [name["n"] for name in layer(deck, SPOT_NAMES)["data"]] == ["hot spot: 4 areas", "cold spot: 4 areas"]


def test_spot_of_one_or_two_areas_has_a_line_and_no_name() -> None:
    few = spots().assign(areas=[2, 1])
    deck = drawn(figures(), found=few)
    assert len(layer(deck, SPOTS)["data"]) == 2
    assert layer(deck, SPOT_NAMES)["data"] == []


def test_without_spots_there_is_one_layer() -> None:
    assert [each["id"] for each in drawn(figures())["layers"]] == [AREAS]


def test_map_of_half_a_continent_is_drawn_in_degrees() -> None:
    shapes = [box(-5, 50, -4, 51), box(1, 55, 2, 56)]
    found = layer(drawn(figures(2), shapes), AREAS)
    assert "modelMatrix" not in found
    assert found["data"][0]["p"][:2] in ([-4.0, 50.0], [-5.0, 50.0])


def test_view_shows_the_whole_map() -> None:
    view = outlines(SQUARES).view
    across = maps.WIDTH / 512 * 360 / 2 ** view["zoom"]
    assert view["longitude"] == pytest.approx(-0.27)
    assert view["latitude"] == pytest.approx(51.53)
    assert across > 0.06


def test_pixel_of_a_map_of_six_squares_is_some_metres() -> None:
    assert 5 < metres_a_pixel((-0.3, 51.5, -0.24, 51.56)) < 15


def test_names_are_text_whatever_they_hold() -> None:
    frame = figures().assign(name=['"},{"x":1', *[f"Square {at}" for at in range(1, 36)]])
    assert layer(drawn(frame), AREAS)["data"][0]["n"] == '"},{"x":1'


def test_picture_has_every_area_the_spots_and_a_legend_with_greys() -> None:
    spec = small_area_picture(figures(at4="suppressed"), SQUARES, CLASSES, spots())
    text = json.dumps(spec)
    assert text.count('"type": "Polygon"') == 36 + 4
    assert "suppressed" in text
    assert "hot spot: 4 areas" in text


def test_picture_is_drawn_without_a_browser() -> None:
    picture = vega.picture(small_area_picture(figures(), SQUARES, CLASSES, spots()), "Rate", "svg", "Source: mine.")
    assert b"<svg" in picture
    assert b"20 and over" in picture
