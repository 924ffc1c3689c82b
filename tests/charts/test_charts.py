"""Maps and charts: complete, valid, small, legible, and drawn without asking anyone on the network."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mhequity import areas
from mhequity.charts import bars, maps, palette, scatter, trajectory, vega

CLASSES = maps.Classes("Ratio", (0.8, 1.25), ("#F46A25", "#F1F1EE", "#12436D"), ("under 0.8", "0.8 to 1.25", "1.25 and over"))
BRENT, BROMLEY, CITY, CROYDON = "E09000005", "E09000006", "E09000001", "E09000008"
NO_DATA, SUPPRESSED = palette.rgb(palette.NO_DATA), palette.rgb(palette.SUPPRESSED)


def values(system: str = "London", **states: str) -> pd.DataFrame:
    """Every borough of a system at 1.5, but for those with a state, which have no value."""
    codes = [area.code for area in areas.boroughs(system)]
    state = [states.get(code, "") for code in codes]
    text = "1.50 for each 1 expected (1.45 to 1.55)"
    return pd.DataFrame(
        {
            "area": codes, "value": [float("nan") if why else 1.5 for why in state], "state": state, "text": [why or text for why in state],
            "more": "1,234 given, 823 expected; need index 1.31", "in_scope": True,
        }
    )  # fmt: skip


def drawn(frame: pd.DataFrame, system: str = "London", sites: pd.DataFrame | None = None) -> dict[str, Any]:
    """The map's JSON, read strictly: NaN and Infinity are not JSON."""
    return json.loads(maps.borough_map(frame, CLASSES, system, False, sites).to_json(), parse_constant=pytest.fail)


def layer(deck: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return next(found["data"] for found in deck["layers"] if found["id"] == name)


def labels(deck: dict[str, Any]) -> list[dict[str, Any]]:
    return layer(deck, "dark names") + layer(deck, "light names")


def test_map_of_london_draws_33_boroughs_with_name_colour_and_outline() -> None:
    shapes = layer(drawn(values()), maps.BOROUGHS)
    assert {shape["c"] for shape in shapes} == {area.code for area in areas.boroughs()}
    assert {shape["n"] for shape in shapes} == {area.name for area in areas.boroughs()}
    assert {tuple(shape["f"][:3]) for shape in shapes} == {(18, 67, 109)}
    assert all(len(shape["p"]) >= 8 and len(shape["p"]) % 2 == 0 for shape in shapes)


def test_map_of_london_is_small_enough_to_send_at_every_change() -> None:
    sent = maps.borough_map(values(**{CITY: "no data"}), CLASSES, "London", False).to_json()
    assert len(sent.encode()) < 24_000


@pytest.mark.parametrize("dark", [False, True])
def test_map_asks_no_one_for_tiles(dark: bool) -> None:
    deck = maps.borough_map(values(), CLASSES, "London", dark)
    sent = deck.to_json()
    assert json.loads(sent)["mapStyle"] == "__MAP_STYLE__"
    assert "http" not in sent
    assert "//" not in sent
    assert deck.map_provider is None


def test_outlines_are_the_same_whatever_the_values() -> None:
    one, other = (layer(drawn(frame), maps.BOROUGHS) for frame in (values(), values(**{BRENT: "suppressed"})))
    assert [shape["p"] for shape in one] == [shape["p"] for shape in other]


@pytest.mark.parametrize(("state", "grey"), [("no data", NO_DATA), ("missing", NO_DATA), ("suppressed", SUPPRESSED)])
def test_borough_without_a_value_is_grey_and_labelled_with_why(state: str, grey: list[int]) -> None:
    deck = drawn(values(**{BROMLEY: state}))
    shapes = [shape for shape in layer(deck, maps.BOROUGHS) if shape["c"] == BROMLEY]
    assert {tuple(shape["f"][:3]) for shape in shapes} == {tuple(grey)}
    assert {shape["t"] for shape in shapes} == {state}
    assert f"Bromley\n({state})" in [label["n"] for label in labels(deck)]


def test_suppressed_and_no_data_are_two_greys() -> None:
    assert NO_DATA != SUPPRESSED


def test_borough_out_of_view_is_fainter_and_not_labelled() -> None:
    frame = values("NWL")
    deck = drawn(frame.assign(in_scope=frame.area == BRENT), "NWL")
    opacity = {shape["c"]: shape["f"][3] for shape in layer(deck, maps.BOROUGHS)}
    assert opacity.pop(BRENT) > max(opacity.values())
    assert [label["n"] for label in labels(deck)] == ["Brent"]


def test_marked_borough_has_a_thick_outline_on_top_and_its_mark_below_its_name() -> None:
    frame = values("NWL")
    deck = drawn(frame.assign(mark=(frame.area == BRENT).map({True: "pocket", False: ""})), "NWL")
    drawn_last = layer(deck, maps.BOROUGHS)[-1]
    assert (drawn_last["c"], drawn_last["m"]) == (BRENT, 1)
    assert [shape["c"] for shape in layer(deck, maps.BOROUGHS) if "m" in shape] == [BRENT]
    assert "Brent\n(pocket)" in [label["n"] for label in labels(deck)]
    assert next(each for each in deck["layers"] if each["id"] == maps.BOROUGHS)["getLineWidth"] == "@@=m?5:1.5"


def test_map_without_marks_is_as_it_was() -> None:
    frame = values("NWL")
    assert drawn(frame.assign(mark=""), "NWL") == drawn(frame, "NWL")


@pytest.mark.parametrize(("value", "colour"), [(0.79, "#F46A25"), (0.8, "#F1F1EE"), (1.24, "#F1F1EE"), (1.25, "#12436D"), (99, "#12436D")])
def test_class_starts_at_its_lower_end(value: float, colour: str) -> None:
    assert CLASSES.colour(value) == colour


def boxes(deck: dict[str, Any], size: int) -> list[tuple[float, float, float, float]]:
    """Boxes of the labels in pixels: half the text's size a letter wide, 1.1 of it a line high."""
    scale = 512 / 360 * 2 ** deck["initialViewState"]["zoom"]
    out = []
    for label in labels(deck):
        lines = label["n"].split("\n")
        x, y = label["x"][0] * scale, label["x"][1] * scale / np.cos(np.radians(51.5))
        wide, tall = max(map(len, lines)) * size * 0.5, len(lines) * size * 1.1
        out.append((x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2))
    return out


def overlaps(found: list[tuple[float, float, float, float]]) -> int:
    pairs = ((a, b) for i, a in enumerate(found) for b in found[:i])
    return sum(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3] for a, b in pairs)


@pytest.mark.parametrize(
    ("system", "size", "fewest"), [("London", 15, 20), ("NWL", 17, 8), ("NCL", 17, 5), ("NEL", 17, 6), ("SEL", 17, 6), ("SWL", 17, 6)]
)
def test_labels_do_not_cover_each_other(system: str, size: int, fewest: int) -> None:
    deck = drawn(values(system), system)
    assert overlaps(boxes(deck, size)) == 0
    assert len(labels(deck)) >= fewest


def test_labels_do_not_cover_each_other_when_they_say_no_data() -> None:
    deck = drawn(values(**{area.code: "no data" for area in areas.boroughs()}))
    assert overlaps(boxes(deck, 15)) == 0
    assert len(labels(deck)) >= 15


def test_names_read_light_on_dark_fills_and_dark_on_light_ones() -> None:
    assert palette.is_dark([18, 67, 109])
    assert not palette.is_dark([241, 241, 238])


@pytest.mark.parametrize("name", ["<img src=x onerror=alert(1)>", 'A "quoted" hub', "back\\slash", "</script>", "]}],", "Zoë’s\nhub"])
def test_no_name_of_a_site_can_break_the_map(name: str) -> None:
    sites = pd.DataFrame({"site": [name], "kind": [name], "latitude": [51.55], "longitude": [-0.27]})
    found = layer(drawn(values(), sites=sites), maps.SITES)
    assert [(site["n"], site["t"], site["x"]) for site in found] == [(name, name, [-0.27, 51.55])]


def test_map_without_sites_has_no_layer_for_them() -> None:
    ids = [found["id"] for found in drawn(values(), sites=pd.DataFrame(columns=["site", "kind", "latitude", "longitude"]))["layers"]]
    assert maps.SITES not in ids


@pytest.mark.parametrize("system", ["London", "NWL", "NCL", "NEL", "SEL", "SWL"])
def test_view_shows_the_whole_system(system: str) -> None:
    view = maps.view_of(system)
    pixels = 512 / 360 * 2 ** view["zoom"]
    west, south, east, north = maps._bounds(tuple(area.code for area in areas.boroughs(system)))
    assert (east - west) * pixels <= maps.WIDTH
    assert (north - south) * pixels / np.cos(np.radians(view["latitude"])) <= maps.HEIGHT
    assert west < view["longitude"] < east
    assert south < view["latitude"] < north


BARS = pd.DataFrame(
    {
        "name": ["Brent", "Harrow", "Ealing", "Kensington and Chelsea"], "value": [0.5, float("nan"), 1.4, 0.9],
        "lower": [0.4, float("nan"), 1.2, 0.8], "upper": [0.6, float("nan"), 1.6, 1.0], "verdict": ["lower", "", "higher", "similar"],
        "state": ["", "suppressed", "", ""], "said": ["0.50", "suppressed", "1.40", "0.90"], "in_scope": True,
    }
)  # fmt: skip
VERDICTS = {"lower": palette.ORANGE, "similar": "#8A94A0", "higher": "#4C7FAE"}


def ranked(**options: Any) -> vega.Spec:
    return bars.ranked_bars(BARS, title="Care for each 1 expected", number_format=".1f", verdicts=VERDICTS, **options)


def names(spec: vega.Spec) -> list[str]:
    return [row["name"] for row in spec["datasets"]["rows"]]


def test_bars_are_ranked_and_areas_without_a_value_come_last() -> None:
    assert names(ranked()) == ["Ealing", "Kensington and Chelsea", "Brent", "Harrow"]
    assert names(ranked(lowest_first=True)) == ["Brent", "Kensington and Chelsea", "Ealing", "Harrow"]


def test_bars_of_groups_keep_their_order_and_say_what_they_are() -> None:
    spec = ranked(ranked=False, of="Group")
    assert names(spec) == ["Brent", "Harrow", "Ealing", "Kensington and Chelsea"]
    assert '"title": "Group"' in json.dumps(spec)


def test_what_is_sent_holds_the_same_rows_in_less_room() -> None:
    full = ranked()
    sent = vega.compact(full)
    rows = pa.ipc.open_stream(sent["datasets"]["rows"]).read_all().to_pylist()
    assert [row["name"] for row in rows] == names(full)
    assert [row["value"] for row in rows] == [pytest.approx(row["value"]) if row["value"] else None for row in full["datasets"]["rows"]]
    assert {name: part for name, part in sent.items() if name != "datasets"} == {
        name: part for name, part in full.items() if name != "datasets"
    }


def test_missing_value_stays_missing_and_says_why() -> None:
    harrow = ranked()["datasets"]["rows"][-1]
    assert pd.isna([harrow["value"], harrow["lower"], harrow["upper"]]).all()
    assert harrow["state"] == "suppressed"


def scattered() -> vega.Spec:
    points = pd.DataFrame(
        {
            "area": [BRENT, CROYDON], "name": ["Brent", "Croydon"], "system": ["NWL", "SWL"], "x": [170.6, 351.0], "y": [0.29, 0.59],
            "lower": [0.28, float("nan")], "upper": [0.31, float("nan")], "x_said": ["£171", "£351"], "y_said": ["29%", "59%"],
        }
    )  # fmt: skip
    lines = pd.DataFrame({"axis": ["x", "y"], "at": [216.5, 0.5], "text": ["mean £216", "median 50%"]})
    return scatter.money_and_care(points, lines, x_title="Spend", y_title="Checks", y_format=".0%")


def to_target() -> vega.Spec:
    rows = pd.DataFrame(
        {
            "what": [trajectory.MEASURED, trajectory.LINE, trajectory.PROJECTION], "time": [2020.0, 2028.0, 2029.0], "value": [1835.0, 0.0, 3954.0],
            "lower": [float("nan"), float("nan"), 0.0], "upper": [float("nan"), float("nan"), 10393.0], "label": ["2019/20", "2027/28", "2028/29"],
            "said": ["1,835 bed days", "Target 0 bed days", "3,954 bed days"], "goal": [False, True, False],
        }
    )  # fmt: skip
    return trajectory.to_target(rows, title="Bed days a quarter", number_format=",.0f", legend=True)


CHARTS = [
    (ranked(reference=1.0, legend=True), ["Brent", "Ealing", "Kensington and Chelsea", "suppressed", "similar"]),
    (scattered(), ["Brent", "Croydon", "mean £216", "median 50%"]),
    (to_target(), ["Target 0 bed days", "Straight line from baseline to target"]),
]


@pytest.mark.parametrize(("spec", "texts"), CHARTS, ids=["bars", "scatter", "trajectory"])
def test_chart_is_drawn_offline_with_the_names_in_it(spec: vega.Spec, texts: list[str]) -> None:
    svg = vega.picture(spec, "What it shows", "svg").decode()
    written = " ".join(re.findall(r"<text[^>]*>([^<]+)</text>", svg))
    assert [text for text in [*texts, "What it shows"] if text not in written] == []
    assert "NaN" not in svg


@pytest.mark.parametrize(("spec", "texts"), CHARTS, ids=["bars", "scatter", "trajectory"])
def test_chart_carries_its_rows_and_loads_nothing(spec: vega.Spec, texts: list[str]) -> None:
    text = json.dumps(spec, ensure_ascii=False)
    assert '"url"' not in text
    assert all(name in text for name in texts)


def test_chart_is_drawn_as_a_picture_for_slides() -> None:
    assert vega.picture(ranked(), "Care", "png")[:8] == b"\x89PNG\r\n\x1a\n"


def test_filling_a_form_leaves_the_form_as_it_was() -> None:
    first = ranked()
    second = bars.ranked_bars(BARS.head(1), title="Care for each 1 expected", number_format=".1f", verdicts=VERDICTS)
    assert (names(first), names(second)) == (["Ealing", "Kensington and Chelsea", "Brent", "Harrow"], ["Brent"])


def test_light_and_dark_pages_get_their_own_ink() -> None:
    assert palette.LIGHT.faint in json.dumps(ranked())
    assert palette.DARK.faint in json.dumps(ranked(dark=True))


def label_boxes(x: list[float], y: list[float], written: list[str], chosen: list[str]) -> list[tuple[float, float, float, float]]:
    """Where the names stand, in a chart of 900 by 560 with 30 pixels round the points: 7.6 pixels a letter, 16 high."""
    across = [30 + (value - min(x)) / (max(x) - min(x)) * 840 for value in x]
    up = [30 + (value - min(y)) / (max(y) - min(y)) * 500 for value in y]
    out = []
    for px, py, name, place in zip(across, up, written, chosen, strict=True):
        wide = 7.6 * len(name)
        if place in ("right", "left"):
            left = px + 11 if place == "right" else px - 11 - wide
            out.append((left, py - 8, left + wide, py + 8))
        elif place:
            low = py + 11 if place == "above" else py - 27
            out.append((px - wide / 2, low, px + wide / 2, low + 16))
    return out


NAMES = [area.name for area in areas.boroughs()][:15]


def test_15_spread_points_are_all_named_and_no_name_covers_another() -> None:
    x, y = [float(136 + 15 * (7 * i % 15)) for i in range(15)], [0.2 + 0.03 * i for i in range(15)]
    chosen = scatter.place_labels(x, y, NAMES)
    assert all(chosen)
    assert overlaps(label_boxes(x, y, NAMES, chosen)) == 0


SPOTS = st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=15, max_size=15).filter(
    lambda spots: all(len({spot[i] for spot in spots}) > 1 for i in (0, 1))
)


@given(SPOTS)
@settings(max_examples=50)
def test_no_name_ever_covers_another_however_points_lie(spots: list[tuple[int, int]]) -> None:
    x, y = [float(spot[0]) for spot in spots], [float(spot[1]) for spot in spots]
    assert overlaps(label_boxes(x, y, NAMES, scatter.place_labels(x, y, NAMES))) == 0


def test_name_that_would_lie_on_a_reference_line_moves() -> None:
    x, y = [0.0, 50.0, 100.0], [0.0, 50.0, 100.0]
    assert scatter.place_labels(x, y, ["a", "Brent", "c"])[1] == "right"
    assert scatter.place_labels(x, y, ["a", "Brent", "c"], uprights=[53.0])[1] == "left"


def test_point_in_a_crowd_goes_without_a_name_rather_than_over_another() -> None:
    chosen = scatter.place_labels([0.0, *[50.0] * 9, 100.0], [0.0, *[50.0] * 9, 100.0], ["Westminster"] * 11)
    assert chosen[1:10] == ["right", "left", "above", "below", "", "", "", "", ""]
