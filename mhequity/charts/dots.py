"""Dots with intervals against a reference, one borough or group a row."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import pandas as pd

from mhequity.charts import palette, vega
from mhequity.charts.funnel import SHAPES

ROW_HEIGHT = 25
"""Height of a row in pixels where there are many."""


@lru_cache
def _form(
    row: str,
    row_height: int,
    title: str,
    number_format: str,
    middle: float,
    verdicts: tuple[str, ...],
    colours: tuple[str, ...],
    legend: bool,
    dark: bool,
) -> vega.Spec:
    ink = palette.ink(dark)
    tip = ".1%" if number_format.endswith("%") else ",.2f"
    y = alt.Y(
        "name:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelFontSize=15, ticks=False, domain=False, labelPadding=6, grid=True, labelOverlap=False, labelFlush=False),
    )
    x = alt.X(
        "value:Q",
        title=None,
        axis=alt.Axis(format=number_format, orient="top", tickCount=5),
        scale=alt.Scale(zero=False, nice=True, padding=12),
    )
    key = alt.Legend(title=None) if legend else None
    faint = alt.condition("datum.in_scope", alt.value(1.0), alt.value(0.3))
    base = alt.Chart(vega.ROWS).encode(y=y)
    line = alt.Chart().mark_rule(strokeWidth=2, color=ink.text, aria=False).encode(x=alt.datum(middle))
    whiskers = base.mark_rule(strokeWidth=2, color=ink.text).encode(x=alt.X("lower:Q", title=None), x2="upper:Q", opacity=faint)
    dots = base.mark_point(filled=True, size=170, stroke=ink.page, strokeWidth=1).encode(
        x=x, opacity=faint,
        color=alt.Color("verdict:N", scale=alt.Scale(domain=list(verdicts), range=list(colours)), legend=key),
        shape=alt.Shape("verdict:N", scale=alt.Scale(domain=list(verdicts), range=list(SHAPES)), legend=key),
        tooltip=[
            alt.Tooltip("name:N", title=row), alt.Tooltip("value:Q", title=title, format=tip), alt.Tooltip("lower:Q", title="Interval from", format=tip),
            alt.Tooltip("upper:Q", title="to", format=tip), alt.Tooltip("verdict:N", title="Compared"),
        ],
    )  # fmt: skip
    why = base.transform_filter("!isValid(datum.value)").mark_text(align="left", fontSize=14, color=ink.faint, fontStyle="italic")
    layers = [line, dots, whiskers, why.encode(x=alt.value(8), text="state:N")]
    return vega.form(alt.layer(*layers, data=vega.ROWS).properties(height=alt.Step(row_height)), dark)


def dots(
    frame: pd.DataFrame,
    *,
    row: str,
    title: str,
    number_format: str,
    middle: float,
    verdicts: dict[str, str],
    row_height: int = ROW_HEIGHT,
    legend: bool = False,
    dark: bool = False,
) -> vega.Spec:
    """Dots with whiskers for their intervals, in the frame's order, and a line for the reference.

    Parameters
    ----------
    frame
        ``name``, ``value``, ``lower``, ``upper``, ``verdict``, ``state`` (why there is no value), ``in_scope``
        (False: drawn faint).
    row, title
        What a row is (``Borough``) and what the dots show, for the tooltip.
    middle
        Where the reference line stands.
    verdicts
        The words for lower, similar and higher, in this order, each with its colour.
    legend
        True draws one inside the chart, for pictures; on the page it is text beside it.
    """
    spec = _form(row, row_height, title, number_format, middle, tuple(verdicts), tuple(verdicts.values()), legend, dark)
    return vega.fill(spec, rows=frame[["name", "value", "lower", "upper", "verdict", "state", "in_scope"]])
