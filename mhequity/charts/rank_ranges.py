"""Ranks with the range that they hang on: a bar from the best to the worst, a dot for the one that was chosen."""

from __future__ import annotations

from functools import lru_cache

import altair as alt
import pandas as pd

from mhequity.charts import palette, vega

ROW_HEIGHT = 26


def colours(dark: bool = False) -> tuple[str, str]:
    """Of the dots and of the bars, for a legend beside the chart."""
    return (palette.DARK.line, "#4A6480") if dark else (palette.BLUE, "#A9C3DC")


@lru_cache
def _form(places: int, dark: bool) -> vega.Spec:
    ink = palette.ink(dark)
    dot, bar = colours(dark)
    faint = alt.condition("datum.in_scope", alt.value(1.0), alt.value(0.35))
    said = [("name", "Borough"), ("place", "Rank by your weights"), ("best", "Best rank"), ("worst", "Worst rank")]
    x = alt.X(
        "rank:Q",
        title=None,
        scale=alt.Scale(domain=[0.5, max(2, places) + 0.5], nice=False, zero=False),
        axis=alt.Axis(orient="top", tickMinStep=1, format="d"),
    )
    base = alt.Chart(vega.ROWS).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelFontSize=15, ticks=False, domain=False, labelPadding=6)),
        opacity=faint, tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in said],
    )  # fmt: skip
    bars = base.mark_bar(size=10, cornerRadius=5, color=bar).encode(x=alt.X("highest:Q", title=None), x2="lowest:Q")
    dots = base.mark_point(filled=True, size=190, stroke=ink.page, strokeWidth=1.5, color=dot).encode(x=x)
    why = base.transform_filter("!isValid(datum.rank)").mark_text(align="left", dx=6, fontSize=14, color=ink.faint, fontStyle="italic").encode(
        x=alt.value(0), text="state:N"
    )  # fmt: skip
    return vega.form(alt.layer(bars, dots, why).properties(height=alt.Step(ROW_HEIGHT)), dark)


def rank_ranges(frame: pd.DataFrame, *, places: int, dark: bool = False) -> vega.Spec:
    """One row an area, the highest rank first; areas without a rank stand at the end, saying why.

    Parameters
    ----------
    frame
        ``name``, ``rank``, ``highest``, ``lowest``, ``state``, ``in_scope`` (False: drawn faint), and in words for the tooltip
        ``place``, ``best``, ``worst``.
    places
        How many areas there are.
    """
    columns = ["name", "rank", "highest", "lowest", "state", "in_scope", "place", "best", "worst"]
    return vega.fill(_form(places, dark), rows=frame.sort_values("rank", kind="stable", na_position="last")[columns])
