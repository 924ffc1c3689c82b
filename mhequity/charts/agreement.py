"""How far measures agree, two by two: a triangle of rank correlations, coloured from opposite to alike."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from mhequity.charts import palette, vega

CELL = 62
EDGES = (-0.6, -0.4, -0.2, 0.2, 0.4, 0.6)
"""Where one colour ends and the next begins."""
LABELS = ("−1 to −0.6", "−0.6 to −0.4", "−0.4 to −0.2", "−0.2 to 0.2", "0.2 to 0.4", "0.4 to 0.6", "0.6 to 1")
_NARROW = "width < 480"
_WIDE, _LINES = 30, 3


@lru_cache
def _form(measures: int, dark: bool) -> vega.Spec:
    ink = palette.ink(dark)
    left = f"({_NARROW} ? 34 : 270)"
    ends = [alt.expr(left), alt.expr(f"min(width, {left} + {150 * (measures - 1)})")]
    across_scale = alt.Scale(domain=list(range(measures - 1)), range=ends, paddingInner=0.04)
    down_scale = alt.Scale(domain=list(range(1, measures)), range=[30, 30 + CELL * (measures - 1)], paddingInner=0.06)
    of_rho = alt.Color("rho:Q", scale=alt.Scale(type="threshold", domain=list(EDGES), range=list(palette.DIVERGING)), legend=None)
    said = [("first:N", "Measure"), ("second:N", "and"), ("said:N", "rho"), ("interval:N", "95% interval"), ("n:Q", "Boroughs (n)")]
    base = alt.Chart(vega.ROWS).encode(
        x=alt.X("across:O", axis=None, scale=across_scale), y=alt.Y("down:O", axis=None, scale=down_scale),
        tooltip=[alt.Tooltip(field, title=title) for field, title in said],
    )  # fmt: skip
    cells = base.mark_rect(stroke=ink.faint, strokeWidth=0.5).encode(
        color=alt.condition("isValid(datum.rho)", of_rho, alt.value(palette.NO_DATA))
    )
    text = base.mark_text(fontSize=18, fontWeight=700, aria=False).encode(
        text="said:N", color=alt.condition(f"abs(datum.rho) >= {EDGES[-1]}", alt.value("#FFFFFF"), alt.value("#0B0C0C"))
    )
    letter: dict[str, Any] = {"fontSize": 16, "fontWeight": 700, "color": ink.text, "aria": False}
    across = alt.Chart(alt.Data(name="across")).mark_text(baseline="top", **letter).encode(
        x=alt.X("at:O", axis=None, scale=across_scale), y=alt.value(4), text="letter:N"
    )  # fmt: skip
    down = alt.Chart(alt.Data(name="down")).encode(y=alt.Y("at:O", axis=None, scale=down_scale))
    letters = down.mark_text(align="left", **letter).encode(x=alt.value(4), text="letter:N")
    names = [
        down.transform_filter(f"datum.count === {count}")
        .mark_text(fontSize=14, color=ink.text, align="left", lineBreak="\n", lineHeight=17, dy=-8.5 * (count - 1), aria=False)
        .encode(x=alt.value(32), text=alt.condition(_NARROW, alt.value(""), "lines:N"))
        for count in range(1, _LINES + 1)
    ]
    return vega.form(alt.layer(cells, text, across, letters, *names).properties(height=34 + CELL * (measures - 1)), dark)


def triangle(pairs: pd.DataFrame, measures: pd.DataFrame, *, dark: bool = False) -> vega.Spec:
    """Every two measures as a cell with their correlation in it.

    Parameters
    ----------
    pairs
        ``across`` and ``down`` (places of the two measures, from 0; across is the earlier), ``first`` and ``second`` (their
        names), ``rho`` (missing is grey), ``said`` (rho in words), ``interval``, ``n``.
    measures
        ``letter``, ``heading`` (name), in order.
    """
    at = measures.assign(at=range(len(measures)))
    wrapped = [textwrap.wrap(name, _WIDE, max_lines=_LINES, placeholder=" …") for name in at.heading]
    names = at.assign(lines=["\n".join(lines) for lines in wrapped], count=[len(lines) for lines in wrapped])
    rows = pairs[["across", "down", "first", "second", "rho", "said", "interval", "n"]]
    across, down = at.iloc[:-1][["at", "letter"]], names.iloc[1:][["at", "letter", "lines", "count"]]
    return vega.fill(_form(len(measures), dark), rows=rows, across=across, down=down)
