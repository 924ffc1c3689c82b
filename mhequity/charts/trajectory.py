"""A measure's way to its target: what was measured, the straight line to the target, and where the recent figures lead."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import pandas as pd

from mhequity.charts import palette, vega

HEIGHT = 340
MEASURED, LINE, PROJECTION = "Measured", "Straight line from baseline to target", "If the last two years went on, with 95% range"


@lru_cache
def _form(title: str, number_format: str, top: float, legend: bool, dark: bool) -> vega.Spec:
    ink = palette.ink(dark)
    x = alt.X("time:Q", title="Financial year ending", axis=alt.Axis(format="d", tickMinStep=1), scale=alt.Scale(nice=False, padding=15))
    y = alt.Y("value:Q", title=None, axis=alt.Axis(format=number_format), scale=alt.Scale(domain=[0, top], nice=False))
    domain, colours = [MEASURED, LINE, PROJECTION], [ink.line, ink.faint, palette.ORANGE]
    color = alt.Color(
        "what:N",
        title=None,
        scale=alt.Scale(domain=domain, range=colours),
        legend=alt.Legend(columns=1, orient="bottom") if legend else None,
    )
    tooltip = [alt.Tooltip("what:N", title="Line"), alt.Tooltip("label:N", title="Period"), alt.Tooltip("said:N", title=title)]
    base = alt.Chart(vega.ROWS)
    band = base.transform_filter(f"datum.what === '{PROJECTION}'").mark_area(opacity=0.18, clip=True, color=palette.ORANGE).encode(
        x=x, y=alt.Y("lower:Q", title=None), y2="upper:Q"
    )  # fmt: skip
    lines = base.mark_line(strokeWidth=2.5, clip=True).encode(
        x=x, y=y, color=color,
        strokeDash=alt.StrokeDash("what:N", legend=None, scale=alt.Scale(domain=domain, range=[[1, 0], [7, 5], [2, 3]])),
    )  # fmt: skip
    points = base.transform_filter(f"datum.what === '{MEASURED}'").mark_point(filled=True, size=60, opacity=1).encode(
        x=x, y=y, color=color, tooltip=tooltip
    )  # fmt: skip
    goal = base.transform_filter("datum.goal").mark_point(shape="diamond", size=220, filled=True, opacity=1, color=ink.text).encode(
        x=x, y=y, tooltip=tooltip
    )  # fmt: skip
    name = base.transform_filter("datum.goal").mark_text(
        align="right", baseline="bottom", dx=-6, dy=-16, fontSize=15, fontWeight=600, color=ink.text
    )
    return vega.form(alt.layer(band, lines, points, goal, name.encode(x=x, y=y, text="said:N")).properties(height=HEIGHT), dark)


def to_target(rows: pd.DataFrame, *, title: str, number_format: str, legend: bool = False, dark: bool = False) -> vega.Spec:
    """Draw a target's way.

    Parameters
    ----------
    rows
        ``what`` (measured, line or projection), ``time`` (decimal year of the period's end, April counted as the year's end),
        ``value``, ``lower``, ``upper``, ``label`` (period), ``said`` (figure in words), ``goal`` (True on the target's own row).
    legend
        True draws one inside the chart, for pictures.
    """
    return vega.fill(_form(title, number_format, _top(rows), legend, dark), rows=rows)


def keys(dark: bool = False) -> list[tuple[str, str]]:
    """Colour and label of each line, for a legend beside the chart."""
    ink = palette.ink(dark)
    return [(ink.line, MEASURED), (ink.faint, LINE), (palette.ORANGE, PROJECTION)]


def _top(rows: pd.DataFrame) -> float:
    """Where the vertical axis ends: half as high again as what was measured, so that a wide range does not flatten the rest."""
    known = rows["value"][rows.what != PROJECTION]
    highest = float(known.max()) if len(known) else 1.0
    return 1.0 if highest <= 1 else float(f"{highest * 1.5:.1g}")
