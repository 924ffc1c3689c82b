"""The map as a picture for papers and slides: what the browser draws, drawn without one."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from mhequity import areas
from mhequity.charts import palette, vega
from mhequity.charts.maps import ATTRIBUTION, Classes, shapes

HEIGHT = 760


def map_picture(frame: pd.DataFrame, classes: Classes) -> vega.Spec:
    """Boroughs coloured by class, with names and a legend.

    Parameters
    ----------
    frame
        As :func:`mhequity.charts.maps.borough_map` takes it: ``area``, ``value``, ``state``, ``in_scope``, ``mark`` where there is one.
    """
    features = sorted((_feature(row, classes) for row in frame.itertuples()), key=lambda feature: feature["properties"]["marked"])
    states = [state for state in dict.fromkeys(frame.state) if state]
    domain = [*classes.labels, *states]
    greys = [palette.SUPPRESSED if state == "suppressed" else palette.NO_DATA for state in states]
    colour = alt.Color(
        "properties.of:N", title=classes.title, scale=alt.Scale(domain=domain, range=[*classes.colours, *greys]),
        legend=alt.Legend(orient="right", titleLimit=400),
    )  # fmt: skip
    ground = alt.Chart(alt.Data(values=features)).mark_geoshape(strokeJoin="round").encode(
        color=colour, opacity=alt.condition("datum.properties.in_scope", alt.value(1), alt.value(0.25)),
        stroke=alt.condition("datum.properties.marked", alt.value("black"), alt.value("white")),
        strokeWidth=alt.condition("datum.properties.marked", alt.value(4), alt.value(1.5)),
    )  # fmt: skip
    names = alt.Data(values=[_label(row, classes) for row in frame.itertuples() if row.in_scope])
    where = {"longitude": "lon:Q", "latitude": "lat:Q", "text": "name:N"}
    text = [
        alt.Chart(names).transform_filter(f"datum.light === {str(light).lower()}").mark_text(fontSize=13, fontWeight=600, lineBreak="\n", color=ink).encode(**where)
        for light, ink in ((True, "white"), (False, "black"))
    ]  # fmt: skip
    return vega.form(alt.layer(ground, *text).project("mercator").properties(height=HEIGHT, description=ATTRIBUTION), dark=False)


def _class(value: float, state: str, classes: Classes) -> str:
    return state if pd.isna(value) else classes.labels[classes.colours.index(classes.colour(value))]


def _feature(row: Any, classes: Classes) -> dict[str, Any]:
    rings = [[[ring[at : at + 2] for at in range(0, len(ring), 2)]] for ring in shapes()[row.area]["rings"]]
    of, marked = _class(row.value, row.state, classes), bool(getattr(row, "mark", ""))
    properties = {"of": of, "in_scope": bool(row.in_scope), "marked": marked}
    return {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": rings}, "properties": properties}


def _label(row: Any, classes: Classes) -> dict[str, Any]:
    lon, lat = shapes()[row.area]["label"]
    light = pd.notna(row.value) and palette.is_dark(palette.rgb(classes.colour(row.value)))
    name = areas.by_code()[row.area].short_name + (f"\n({row.mark})" if getattr(row, "mark", "") else "")
    return {"lon": lon, "lat": lat, "name": name, "light": bool(light)}
