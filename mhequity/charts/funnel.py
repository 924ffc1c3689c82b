"""Funnel: each unit's value by its size, inside the limits that chance alone would leave it in."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from mhequity.charts import palette, vega
from mhequity.charts.scatter import PLACES, WIDE_ENOUGH, place_labels

HEIGHT = 560
WIDTH = 620
"""Width that names are placed for: a funnel stands beside another chart."""
PICK = "picked"
"""Name of the selection that a click on a point makes; its field is ``area``."""
SHAPES = ("triangle-down", "circle", "triangle-up")
"""Lower, similar, higher: a triangle points to the side on which a value lies."""


@lru_cache
def _form(
    x_title: str, y_title: str, y_format: str, domain: tuple[float, ...], middle: float, verdicts: tuple[str, ...],
    colours: tuple[str, ...], legend: bool, dark: bool,
) -> vega.Spec:  # fmt: skip
    ink = palette.ink(dark)
    pick = alt.selection_point(name=PICK, fields=["area"])
    x = alt.X(
        "base:Q", title=x_title, axis=alt.Axis(format="~s", tickCount=6), scale=alt.Scale(domain=list(domain[:2]), zero=False, nice=False)
    )
    y = alt.Y(
        "value:Q", title=None, axis=alt.Axis(format=y_format, tickCount=7), scale=alt.Scale(domain=list(domain[2:]), zero=False, nice=False)
    )
    at = alt.Chart(alt.Data(name="limits"))
    bands = [
        at.mark_errorband(
            color=ink.line, opacity=opacity, clip=True, borders={"color": ink.faint, "opacity": 1, "strokeWidth": 1.2, "strokeDash": dash}
        ).encode(x="base:Q", y=alt.Y(f"lower_{name}:Q", title=None), y2=f"upper_{name}:Q", tooltip=alt.value(None))
        for name, opacity, dash in (("998", 0.16, [1, 0]), ("95", 0.2, [5, 4]))
    ]
    middle_line = alt.Chart().mark_rule(strokeWidth=2, color=ink.text, aria=False).encode(y=alt.datum(middle))
    points = _points(x, y, x_title, y_title, y_format, verdicts, colours, legend, ink, pick)
    return vega.form(alt.layer(*bands, middle_line, *points, data=vega.ROWS).properties(height=HEIGHT), dark)


def _points(
    x: alt.X, y: alt.Y, x_title: str, y_title: str, y_format: str, verdicts: tuple[str, ...], colours: tuple[str, ...], legend: bool, ink: palette.Ink,
    pick: alt.Parameter,
) -> list[alt.Chart]:  # fmt: skip
    """Points whose colour and shape say the same, and the names beside them where there is room."""
    key = alt.Legend(title=None) if legend else None
    tip = ".1%" if y_format.endswith("%") else ",.2f"
    base = alt.Chart(vega.ROWS)
    faint = alt.condition("datum.in_scope", alt.value(1.0), alt.value(0.3))
    points = base.mark_point(filled=True, size=170, stroke=ink.page, strokeWidth=1).encode(
        x=x, y=y, opacity=faint,
        color=alt.Color("verdict:N", scale=alt.Scale(domain=list(verdicts), range=list(colours)), legend=key),
        shape=alt.Shape("verdict:N", scale=alt.Scale(domain=list(verdicts), range=list(SHAPES)), legend=key),
        tooltip=[
            alt.Tooltip("name:N", title="Borough"), alt.Tooltip("value:Q", title=y_title, format=tip), alt.Tooltip("base:Q", title=x_title, format=",.0f"),
            alt.Tooltip("verdict:N", title="Compared"),
        ],
    ).add_params(pick)  # fmt: skip
    beside: dict[str, Any] = {side: alt.expr(_by_place(at)) for at, side in enumerate(("align", "baseline", "dx", "dy"))}
    labels = base.transform_filter("datum.place").mark_text(fontSize=14, color=ink.text, opacity=alt.expr(WIDE_ENOUGH), **beside)
    return [points, labels.encode(x="base:Q", y="value:Q", text="name:N")]


def _by_place(part: int) -> str:
    """Where a name stands beside its point, as an expression on the row's ``place``: one layer of names instead of four."""
    given = {place: where[part] for place, where in PLACES.items()}
    return f"{json.dumps(given)}[datum.place]"


def funnel(
    frame: pd.DataFrame,
    limits: pd.DataFrame,
    *,
    domain: tuple[float, float, float, float],
    middle: float,
    x_title: str,
    y_title: str,
    y_format: str,
    verdicts: dict[str, str],
    legend: bool = False,
    dark: bool = False,
) -> vega.Spec:
    """A funnel plot; limits of 99.8 % and, inside them, of 95 % are bands.

    Parameters
    ----------
    frame
        ``area``, ``name``, ``base``, ``value``, ``verdict``, ``in_scope`` (False: drawn faint, without its name). Names are placed in the frame's order, so those that must not go missing come first.
    limits
        ``base``, ``lower_95``, ``upper_95``, ``lower_998``, ``upper_998``.
    domain
        Ends of the axes: base from, to, value from, to.
    middle
        The value that the funnel stands around.
    verdicts
        The words for lower, similar and higher, in this order, each with its colour.
    """
    named = frame[frame.in_scope]
    points = named.base.tolist(), named["value"].tolist(), named["name"].tolist()
    places = place_labels(*points, [*domain[2:], middle], domain[:2], WIDTH, HEIGHT)
    rows = frame.assign(place=pd.Series(places, index=named.index, dtype="str").reindex(frame.index).fillna(""))
    columns = ["area", "name", "base", "value", "verdict", "in_scope", "place"]
    spec = _form(x_title, y_title, y_format, domain, middle, tuple(verdicts), tuple(verdicts.values()), legend, dark)
    return vega.fill(spec, rows=rows[columns], limits=limits)
