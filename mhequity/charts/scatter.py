"""Money against care, one point a borough."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from mhequity.charts import palette, vega

HEIGHT = 560
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
WIDE_ENOUGH = "width < 420 ? 0 : 1"
"""Names need room: on a phone they would lie on top of each other, and the tooltip and the table have them."""
PICK = "picked"
"""Name of the selection that a click on a point makes; its field is ``area``."""


@lru_cache
def _form(x_title: str, x_format: str, y_title: str, y_format: str, systems: tuple[str, ...], dark: bool) -> vega.Spec:
    ink = palette.ink(dark)
    colours = [palette.BLUE if not dark else palette.DARK.line, palette.ORANGE, palette.TEAL, palette.PLUM, palette.LILAC]
    pick = alt.selection_point(name=PICK, fields=["area"])
    x = alt.X("x:Q", title=x_title, axis=alt.Axis(format=x_format, tickCount=8), scale=alt.Scale(zero=False, nice=True, padding=30))
    y = alt.Y(
        "y:Q",
        title=None,
        axis=alt.Axis(format=y_format, tickCount=8),
        scale=alt.Scale(zero=False, nice=True, padding=20),
    )
    legend = alt.Legend(title="NHS system", orient="bottom") if len(systems) > 1 else None
    base = alt.Chart(vega.ROWS)
    rules = base.mark_rule(strokeWidth=2, opacity=0.9).encode(
        x="x:Q", y=alt.Y("lower:Q", title=None), y2="upper:Q", color=alt.value(ink.faint)
    )
    points = base.mark_point(filled=True, size=190, opacity=1, stroke=ink.page, strokeWidth=1).encode(
        x=x, y=y,
        color=alt.Color("system:N", scale=alt.Scale(domain=list(systems), range=colours[: len(systems)]), legend=legend),
        shape=alt.Shape("system:N", scale=alt.Scale(domain=list(systems), range=list(SHAPES[: len(systems)])), legend=legend),
        tooltip=[alt.Tooltip("name:N", title="Borough"), alt.Tooltip("x_said:N", title=x_title), alt.Tooltip("y_said:N", title=y_title)],
    ).add_params(pick)  # fmt: skip
    labels = []
    for place, (align, baseline, dx, dy) in PLACES.items():
        mark = base.transform_filter(f"datum.place === '{place}'").mark_text(
            align=align, baseline=baseline, dx=dx, dy=dy, fontSize=15, color=ink.text, opacity=alt.expr(WIDE_ENOUGH)
        )
        labels.append(mark.encode(x="x:Q", y="y:Q", text="name:N"))
    lines = alt.Data(name="lines")
    dash: dict[str, Any] = {"strokeDash": [6, 5], "color": ink.faint, "strokeWidth": 1.5}
    at = alt.Chart(lines)
    down = at.transform_filter("datum.axis === 'x'").mark_rule(**dash).encode(x="at:Q")
    across = at.transform_filter("datum.axis === 'y'").mark_rule(**dash).encode(y="at:Q")
    said: dict[str, Any] = {"fontSize": 14, "color": ink.faint, "fontStyle": "italic"}
    top = (
        at.transform_filter("datum.axis === 'x'")
        .mark_text(align="left", baseline="top", dx=5, **said)
        .encode(x="at:Q", y=alt.value(2), text="text:N")
    )
    side = at.transform_filter("datum.axis === 'y'").mark_text(align="right", baseline="bottom", dy=-4, **said).encode(
        x=alt.value("width"), y="at:Q", text="text:N"
    )  # fmt: skip
    return vega.form(alt.layer(down, across, rules, points, *labels, top, side).properties(height=HEIGHT), dark)


PLACES: dict[str, tuple[Any, Any, int, int]] = {
    "right": ("left", "middle", 11, 0),
    "left": ("right", "middle", -11, 0),
    "above": ("center", "bottom", 0, -11),
    "below": ("center", "top", 0, 11),
}
"""Where a label can stand beside its point: alignment, baseline and shift in pixels."""


def place_labels(
    x: Sequence[float],
    y: Sequence[float],
    names: Sequence[str],
    levels: Sequence[float] = (),
    uprights: Sequence[float] = (),
    width: int = 900,
    height: int = HEIGHT,
) -> list[str]:
    """For each point the first of right, left, above, below where its name covers no other point, name or reference line.

    Where every place is taken the name is left out (empty text): the tooltip and the table have it.
    """
    across, up = _pixels([*x, *uprights], width), _pixels([*y, *levels], height)
    boxes = [(px - 8, py - 8, px + 8, py + 8) for px, py in zip(across, up, strict=False)]
    boxes += [(0, level - 2, width, level + 2) for level in up[len(names) :]]
    boxes += [(upright - 2, 0, upright + 2, height) for upright in across[len(names) :]]
    chosen = []
    for i, name in enumerate(names):
        for place in PLACES:
            box = _box(place, across[i], up[i], 7.6 * len(name), 16)
            free = not any(j != i and _overlap(box, other) for j, other in enumerate(boxes))
            if free and box[0] > -20 and box[2] < width + 20:
                boxes.append(box)
                chosen.append(place)
                break
        else:
            chosen.append("")
    return chosen


def _pixels(values: Sequence[float], length: int) -> np.ndarray:
    array = np.asarray(values, dtype=float)
    span = np.ptp(array) if len(array) else 0
    return np.full(len(array), length / 2) if span == 0 else 30 + (array - array.min()) / span * (length - 60)


def _box(place: str, x: float, y: float, wide: float, tall: float) -> tuple[float, float, float, float]:
    left = {"right": x + 11, "left": x - 11 - wide}.get(place, x - wide / 2)
    low = {"above": y + 11, "below": y - 11 - tall}.get(place, y - tall / 2)
    return (left, low, left + wide, low + tall)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def money_and_care(
    frame: pd.DataFrame,
    lines: pd.DataFrame,
    *,
    x_title: str,
    y_title: str,
    y_format: str,
    x_format: str = ",.0f",
    dark: bool = False,
) -> vega.Spec:
    """Points with labels, whiskers and reference lines.

    Parameters
    ----------
    frame
        ``area``, ``name``, ``system``, ``x``, ``y``, ``lower``, ``upper`` (missing draws no whisker), ``x_said``, ``y_said``.
    lines
        ``axis`` (x or y), ``at``, ``text``: the reference lines.
    """
    levels, uprights = (lines["at"][lines.axis == axis].tolist() for axis in ("y", "x"))
    placed = frame.assign(place=place_labels(frame.x.tolist(), frame.y.tolist(), frame["name"].tolist(), levels, uprights))
    spec = _form(x_title, x_format, y_title, y_format, tuple(sorted(frame.system.unique())), dark)
    return vega.fill(spec, rows=placed, lines=lines)
