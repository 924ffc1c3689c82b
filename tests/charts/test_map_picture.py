"""The map as a picture says what the map on the page says."""

from __future__ import annotations

import pandas as pd

from mhequity import areas
from mhequity.charts import palette, vega
from mhequity.charts.map_picture import map_picture
from mhequity.charts.maps import ATTRIBUTION, Classes

CLASSES = Classes("Care", (1.0,), (palette.ORANGE, palette.BLUE), ("under 1", "1 and over"))


def frame() -> pd.DataFrame:
    """London, all at 2 but for Brent at 0.5, Camden suppressed and Barnet without data."""
    codes = [area.code for area in areas.boroughs()]
    rows = pd.DataFrame({"area": codes, "value": 2.0, "state": "", "in_scope": True}).set_index("area")
    rows.loc["E09000005", "value"] = 0.5
    rows.loc["E09000007", ["value", "state"]] = [float("nan"), "suppressed"]
    rows.loc["E09000003", ["value", "state"]] = [float("nan"), "no data"]
    return rows.reset_index()


def classes_drawn() -> list[str]:
    ground = map_picture(frame(), CLASSES)["layer"][0]
    return [feature["properties"]["of"] for feature in ground["data"]["values"]]


def test_each_borough_is_in_the_class_of_its_value() -> None:
    drawn = classes_drawn()
    assert len(drawn) == 33
    assert drawn.count("under 1") == 1
    assert drawn.count("1 and over") == 30


def test_suppressed_and_no_data_are_two_classes_of_their_own() -> None:
    drawn = classes_drawn()
    assert drawn.count("suppressed") == drawn.count("no data") == 1


def test_a_marked_borough_is_outlined_on_top_and_says_its_mark() -> None:
    drawn = map_picture(frame().assign(mark=lambda rows: (rows.area == "E09000005").map({True: "pocket", False: ""})), CLASSES)
    marked = [feature["properties"]["marked"] for feature in drawn["layer"][0]["data"]["values"]]
    assert marked == [False] * 32 + [True]
    assert "(pocket)" in vega.picture(drawn, "Care", "svg").decode()


def test_the_picture_names_boroughs_classes_source_and_whose_outlines_they_are() -> None:
    svg = vega.picture(map_picture(frame(), CLASSES), "Care in London", "svg", "Source: a register.").decode()
    for text in ("Care in London", "Source: a register.", "Brent", "Kingston", "1 and over", "suppressed", ATTRIBUTION[:40]):
        assert text in svg
