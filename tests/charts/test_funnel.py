"""The funnel and the ranked dots: complete, legible, never by colour alone, valid Vega-Lite, and small."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

from mhequity.charts import dots, funnel, vega

VERDICTS = {"worse": "#F46A25", "similar": "#8A94A0", "better": "#12436D"}
POINTS = pd.DataFrame(
    {
        "area": ["E09000005", "E09000009", "E09000015"], "name": ["Brent", "Ealing", "Harrow"], "base": [100.0, 400.0, 900.0],
        "value": [0.7, 0.5, 0.2], "verdict": ["better", "similar", "worse"], "in_scope": [True, True, False],
    }
)  # fmt: skip
LIMITS = pd.DataFrame(
    {"base": [90.0, 1000.0], "lower_95": [0.4, 0.47], "upper_95": [0.6, 0.53], "lower_998": [0.3, 0.45], "upper_998": [0.7, 0.55]}
)
ROWS = pd.DataFrame(
    {
        "name": ["Brent", "Ealing", "Harrow"], "value": [0.7, 0.5, float("nan")], "lower": [0.6, 0.45, float("nan")],
        "upper": [0.8, 0.55, float("nan")], "verdict": ["better", "similar", ""], "state": ["", "", "suppressed"], "in_scope": [True, False, True],
    }
)  # fmt: skip


def drawn(**more: Any) -> vega.Spec:
    about = {
        "domain": (90, 1000, 0.1, 0.8),
        "middle": 0.5,
        "x_title": "People",
        "y_title": "Improved",
        "y_format": ".0%",
        "verdicts": VERDICTS,
    }
    return funnel.funnel(POINTS, LIMITS, **{**about, **more})


def ranked(**more: Any) -> vega.Spec:
    return dots.dots(ROWS, **{"row": "Borough", "title": "Improved", "number_format": ".0%", "middle": 0.5, "verdicts": VERDICTS, **more})


def marks(spec: vega.Spec, kind: str) -> list[dict[str, Any]]:
    return [layer for layer in spec["layer"] if layer["mark"]["type"] == kind]


@pytest.mark.parametrize("make", [drawn, ranked])
@pytest.mark.parametrize("dark", [False, True])
def test_it_is_a_chart_that_can_be_drawn_without_a_browser(make: Any, dark: bool) -> None:
    spec = make(dark=dark)
    assert json.loads(json.dumps(spec, allow_nan=False)) == spec
    assert vega.picture(spec, "Title", "svg").startswith(b"<svg")


@pytest.mark.parametrize("make", [drawn, ranked])
def test_a_verdict_has_a_colour_and_a_shape(make: Any) -> None:
    (points,) = marks(make(), "point")
    for channel, given in (("color", tuple(VERDICTS.values())), ("shape", ("triangle-down", "circle", "triangle-up"))):
        scale = points["encoding"][channel]["scale"]
        assert (tuple(scale["domain"]), tuple(scale["range"])) == (tuple(VERDICTS), given)


def test_limits_of_998_and_95_are_bands_with_borders_that_differ() -> None:
    bands = marks(drawn(), "errorband")
    assert [(band["encoding"]["y"]["field"], band["encoding"]["y2"]["field"]) for band in bands] == [
        ("lower_998", "upper_998"), ("lower_95", "upper_95"),
    ]  # fmt: skip
    assert bands[0]["mark"]["borders"]["strokeDash"] != bands[1]["mark"]["borders"]["strokeDash"]


def test_the_line_stands_at_the_systems_figure() -> None:
    for spec in (drawn(), ranked()):
        (line,) = [
            layer for layer in marks(spec, "rule") if "datum" in layer["encoding"].get("y", {}) or "datum" in layer["encoding"].get("x", {})
        ]
        assert (line["encoding"].get("y") or line["encoding"]["x"])["datum"] == 0.5


def test_boroughs_in_view_are_named_and_others_are_not() -> None:
    rows = {row["name"]: row for row in drawn()["datasets"]["rows"]}
    assert rows["Brent"]["place"] in ("left", "right", "above", "below")
    assert rows["Harrow"]["place"] == ""


def test_a_click_gives_the_borough() -> None:
    (pick,) = drawn()["params"]
    assert (pick["name"], pick["select"]["fields"]) == (funnel.PICK, ["area"])


def test_every_dot_has_its_interval_and_a_missing_one_its_reason() -> None:
    spec = ranked()
    (whisker,) = [layer for layer in marks(spec, "rule") if "x2" in layer["encoding"]]
    assert (whisker["encoding"]["x"]["field"], whisker["encoding"]["x2"]["field"]) == ("lower", "upper")
    (why,) = marks(spec, "text")
    assert why["encoding"]["text"]["field"] == "state"
    assert b"suppressed" in vega.picture(spec, "Title", "svg")


def test_dots_keep_the_order_they_are_given_in_and_no_name_is_dropped() -> None:
    svg = vega.picture(ranked(), "Title", "svg").decode()
    assert svg.index(">Brent<") < svg.index(">Ealing<") < svg.index(">Harrow<")


def test_a_legend_is_drawn_in_pictures_only() -> None:
    assert b">worse<" not in vega.picture(drawn(), "Title", "svg")
    assert b">worse<" in vega.picture(drawn(legend=True), "Title", "svg")
