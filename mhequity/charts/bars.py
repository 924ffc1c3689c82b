"""Ranked bars with intervals, one area a row."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import pandas as pd

from mhequity.charts import palette, vega

ROW_HEIGHT = 24


@lru_cache
def _form(
    title: str,
    legend: bool,
    number_format: str,
    reference: float | None,
    domain: tuple[str, ...],
    colours: tuple[str, ...],
    of: str,
    dark: bool,
) -> vega.Spec:
    ink = palette.ink(dark)
    start = reference or 0
    tip_format = number_format if number_format.endswith("%") else ".2f"
    base = alt.Chart()
    axis = alt.Axis(format=number_format, orient="top", tickCount=6)
    bars = base.mark_bar(size=15).encode(
        x=alt.X("value:Q", title=None, axis=axis, scale=alt.Scale(zero=reference is None, nice=True)),
        x2=alt.datum(start),
        color=alt.Color(
            "verdict:N", title=None, scale=alt.Scale(domain=list(domain), range=list(colours)), legend=alt.Legend() if legend else None
        ),
        opacity=alt.condition("datum.in_scope", alt.value(1.0), alt.value(0.3)),
    )
    halo = base.mark_rule(strokeWidth=5, color=ink.page, opacity=0.9).encode(x="lower:Q", x2="upper:Q")
    whiskers = base.mark_rule(strokeWidth=2, color=ink.text, opacity=0.85).encode(x="lower:Q", x2="upper:Q")
    why = base.transform_filter("!isValid(datum.value)").mark_text(align="left", dx=6, fontSize=14, color=ink.faint, fontStyle="italic")
    # What the layers share stands once: repeated in each it would be a third of what is sent.
    shared = alt.Chart().encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelFontSize=15, ticks=False, domain=False, labelPadding=6)),
        tooltip=[
            alt.Tooltip("name:N", title=of),
            alt.Tooltip("value:Q", title=title, format=tip_format),
            alt.Tooltip("lower:Q", title="Interval from", format=tip_format),
            alt.Tooltip("upper:Q", title="to", format=tip_format),
        ],
    )
    rows = alt.layer(bars, halo, whiskers, why.encode(x=alt.datum(start), text="state:N"), encoding=shared.encoding)
    layers: list[alt.Chart | alt.LayerChart | alt.FacetChart] = [rows]
    if reference is not None:
        layers.append(alt.Chart().mark_rule(strokeWidth=2, color=ink.text, aria=False).encode(x=alt.datum(reference)))
    return vega.form(alt.layer(*layers, data=vega.ROWS).properties(height=alt.Step(ROW_HEIGHT)), dark)


def ranked_bars(
    frame: pd.DataFrame,
    *,
    title: str,
    number_format: str,
    verdicts: dict[str, str],
    legend: bool = False,
    reference: float | None = None,
    lowest_first: bool = False,
    ranked: bool = True,
    of: str = "Borough",
    dark: bool = False,
) -> vega.Spec:
    """Bars with whiskers for their intervals, ranked; areas without a value stand at the end, saying why.

    Parameters
    ----------
    frame
        ``name``, ``value``, ``lower``, ``upper``, ``verdict``, ``state``, ``in_scope`` (False: drawn faint).
    title
        What the bars show, for the tooltip.
    verdicts
        Verdict to colour, in the legend's order.
    legend
        True draws one inside the chart, for pictures; on the page it is text beside it, which wraps on a phone.
    reference
        Where bars start, such as 1 for a ratio; None starts at 0.
    lowest_first
        True ranks from the lowest value up.
    ranked
        False keeps the order of the frame, for groups that have one of their own.
    of
        What a bar stands for, for the tooltip.
    """
    ordered = frame.sort_values("value", ascending=lowest_first, kind="stable", na_position="last") if ranked else frame
    columns = ["name", "value", "lower", "upper", "verdict", "state", "in_scope"]
    spec = _form(title, legend, number_format, reference, tuple(verdicts), tuple(verdicts.values()), of, dark)
    return vega.fill(spec, rows=ordered[columns])
