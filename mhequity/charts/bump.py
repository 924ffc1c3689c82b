"""Ranks side by side: a column for each measure, a line for each borough."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from typing import Literal

import altair as alt
import pandas as pd

from mhequity.charts import palette, vega

FURTHEST, FAR, NEAR, CHOSEN, OTHER = "furthest", "far", "near", "chosen", "other"
"""What a line stands for: one that moves furthest; one that moves far; one that does not; a borough looked at; another's."""
_DRAWN = (OTHER, NEAR, FAR, CHOSEN, FURTHEST)
"""From the back to the front."""
_WIDTHS = (((OTHER,), 1.0), ((NEAR, FAR), 1.8), ((CHOSEN, FURTHEST), 4.5))
"""How thick lines are, in pixels."""
PICK = "picked"
"""Name of the selection that a click on a point makes; its field is ``name``."""
COLUMNS = alt.Data(name="columns")
NARROW = "width < 640"
"""On a phone boroughs are named at the right only, by their short names, and columns are headed by their letters alone."""
_CHARACTERS = {2: 32, 3: 30, 4: 24, 5: 19, 6: 17, 7: 15, 8: 13}
_LINES = 5


def _look(dark: bool) -> dict[str, tuple[str, str, str]]:
    """Colour of the line, of its points and of the figures in them, by what it stands for."""
    if dark:
        strong, far, near = (
            (palette.DARK.line, palette.DARK.line, "#0B0C0C"),
            ("#4C7FAE", "#2E5273", "#F3F5F7"),
            ("#4A5661", "#2A353F", "#F3F5F7"),
        )
    else:
        strong, far, near = (palette.BLUE, palette.BLUE, "#FFFFFF"), ("#88AFD1", "#B8CFE4", "#0B0C0C"), ("#C3CCD4", "#E9EDF1", "#0B0C0C")
    return {FURTHEST: (palette.ORANGE, palette.ORANGE, "#0B0C0C"), CHOSEN: strong, FAR: far, NEAR: near, OTHER: (near[0], near[0], near[2])}


@lru_cache
def _form(columns: int, places: int, dark: bool) -> vega.Spec:
    ink, look = palette.ink(dark), _look(dark)
    headed = f"(!({NARROW}) && (width - 380) / {columns - 1} >= {_CHARACTERS[columns] * 7.5})"

    x, y = _places(columns, places, headed)

    def of(field: int) -> alt.Scale:
        return alt.Scale(domain=list(look), range=[each[field] for each in look.values()])

    base = alt.Chart()
    lines = [
        base.transform_filter(alt.FieldOneOfPredicate("kind", kinds))
        .mark_line(strokeJoin="round", strokeWidth=width, opacity=0.9)
        .encode(detail="name:N", color=alt.Color("kind:N", scale=of(0), legend=None))
        for kinds, width in _WIDTHS
    ]
    figures = base.transform_filter(f"datum.kind !== '{OTHER}' && isValid(datum.rank)").mark_text(fontSize=13, fontWeight=600, aria=False).encode(
        text="rank:Q", color=alt.Color("kind:N", scale=of(2), legend=None)
    )  # fmt: skip
    over = alt.selection_point(name="over", fields=["name"], on="pointerover", empty=False)
    followed = base.mark_line(strokeWidth=5, color=ink.text, aria=False).encode(
        detail="name:N", opacity=alt.condition(over, alt.value(0.9), alt.value(0))
    )
    layers = [*lines, followed, _points(over, of(1), ink), figures, *_names(columns, ink), *_headings(headed, ink)]
    chart = alt.layer(*layers, data=vega.ROWS).encode(x=x, y=y).resolve_scale(color="independent", fill="independent")
    ranked = [f"rank{column}" for column in range(columns)]
    # One row a borough is half the size of one row a point: the columns are unfolded where they are drawn.
    chart = chart.transform_fold(ranked, as_=["key", "rank"]).transform_calculate(x="+slice(datum.key, 4)").transform_calculate(
        said="datum['said' + datum.x]"
    ).transform_lookup(lookup="x", from_=alt.LookupData(data=COLUMNS, key="x", fields=["heading", "n"])).transform_calculate(
        at=f"isValid(datum.rank) ? (datum.rank - 0.5) * {places} / datum.n + 0.5 : null", place="datum.rank + ' of ' + datum.n"
    )  # fmt: skip
    return vega.form(chart.properties(height=_height(places)), dark)


def _places(columns: int, places: int, headed: str) -> tuple[alt.X, alt.Y]:
    """Where columns and ranks lie: names have their room at the sides, headings theirs above."""
    sides = [alt.expr(f"{NARROW} ? 16 : 190"), alt.expr(f"width - ({NARROW} ? 124 : 190)")]
    down = [alt.expr(f"{headed} ? 128 : 46"), alt.expr("height - 16")]
    across = alt.Scale(domain=[0, columns - 1], range=sides, nice=False, zero=False)
    ranks = alt.Scale(domain=[1, max(2, places)], range=down, nice=False, zero=False)
    return alt.X("x:Q", axis=None, scale=across), alt.Y("at:Q", axis=None, scale=ranks)


def _height(places: int) -> int:
    return 144 + round(min(40, max(23, 360 / max(1, places))) * max(1, places))


def _points(over: alt.Parameter, fill: alt.Scale, ink: palette.Ink) -> alt.Chart:
    """A point for each rank. The line of the borough that the pointer is over is drawn strong; a click picks the borough."""
    said = [("name", "Borough"), ("heading", "Measure"), ("place", "Rank"), ("said", "Value")]
    return alt.Chart().mark_point(filled=True, opacity=1, shape="circle").encode(
        fill=alt.Fill("kind:N", scale=fill, legend=None),
        size=alt.condition(f"datum.kind === '{OTHER}'", alt.value(70), alt.value(400)),
        stroke=alt.condition(over, alt.value(ink.text), alt.value(ink.page)),
        strokeWidth=alt.condition(over, alt.value(3), alt.value(1)),
        tooltip=[alt.Tooltip(f"{field}:N", title=title) for field, title in said],
    ).add_params(alt.selection_point(name=PICK, fields=["name"]), over)  # fmt: skip


def _names(columns: int, ink: palette.Ink) -> list[alt.Chart]:
    """Names at both ends; on a phone short ones at the right."""
    sides: tuple[tuple[str, int, Literal["left", "right"], int, str], ...] = (
        ("left", 0, "right", -17, "''"), ("right", columns - 1, "left", 17, "datum.short"),
    )  # fmt: skip
    weights: tuple[tuple[str, Literal["bold", "normal"]], ...] = ((">=", "bold"), ("<", "normal"))
    return [
        alt.Chart(vega.ROWS).transform_filter(f"isValid(datum.{side}) && indexof(['{FURTHEST}', '{CHOSEN}'], datum.kind) {strong} 0").transform_calculate(x=str(at)).mark_text(
            align=align, dx=dx, fontSize=alt.expr(f"{NARROW} ? 13 : 15"), fontWeight=weight, color=ink.text, aria=False
        ).encode(y=alt.Y(f"{side}:Q"), text=alt.value(alt.expr(f"{NARROW} ? {narrow} : datum.name + (datum.{side}_level || '')")))
        for side, at, align, dx, narrow in sides for strong, weight in weights
    ]  # fmt: skip


def _headings(headed: str, ink: palette.Ink) -> list[alt.Chart]:
    base = alt.Chart(COLUMNS)
    letters = base.mark_text(fontSize=18, fontWeight=700, color=ink.text, baseline="top", aria=False).encode(
        y=alt.value(0), text="letter:N"
    )
    names = base.mark_text(fontSize=14, color=ink.text, baseline="top", lineBreak="\n", lineHeight=17, aria=False).encode(
        y=alt.value(24), text=alt.condition(headed, "lines:N", alt.value(""))
    )
    return [letters, names]


def ranks_side_by_side(rows: pd.DataFrame, columns: pd.DataFrame, *, dark: bool = False) -> vega.Spec:
    """Ranks of boroughs on several measures, 1 at the top.

    Parameters
    ----------
    rows
        One row a borough: ``name``, ``short`` (name), ``kind`` (what its line stands for: :data:`FURTHEST`, :data:`FAR`,
        :data:`NEAR`, :data:`CHOSEN`, or :data:`OTHER`, which is drawn faint and unnamed), and for each column, counted from 0,
        ``rank0`` (missing: no point there, and the line breaks) and ``said0`` (the value in words).
    columns
        One row a measure: ``letter``, ``heading`` (its name), ``n`` (how many boroughs it ranks). A column that ranks fewer is spread
        over the same height, so that half-way down is the middle one of each.
    """
    drawn = rows.assign(order=rows.kind.map({kind: number for number, kind in enumerate(_DRAWN)})).sort_values("order", kind="stable")
    last = len(columns) - 1
    ends = {side: end for side, rank in (("left", "rank0"), ("right", f"rank{last}")) for side, end in _beside(rows, side, rank).items()}
    drawn = drawn.assign(**ends).drop(columns="order")
    lines = [
        "\n".join(textwrap.wrap(heading, _CHARACTERS[len(columns)], max_lines=_LINES, placeholder=" …")) for heading in columns.heading
    ]
    headings = columns.assign(x=range(len(columns)), lines=lines)
    return vega.fill(_form(len(columns), len(rows), dark), rows=drawn, columns=headings)


def _beside(rows: pd.DataFrame, side: str, rank: str) -> dict[str, pd.Series]:
    """Where names stand beside a column: each borough's own place. Those that are level stand one below the other, with their rank."""
    order = rows[rows[rank].notna()].sort_values([rank, "name"]).index
    place = pd.Series(range(1, len(order) + 1), index=order, dtype=float)
    out = {side: ((place - 0.5) * len(rows) / max(1, len(order)) + 0.5).reindex(rows.index).where(rows.kind != OTHER)}
    level = rows[rank].duplicated(keep=False) & rows[rank].notna()
    if level.any():
        out[f"{side}_level"] = pd.Series(
            [f" ({value:.0f}=)" if shared else "" for value, shared in zip(rows[rank], level, strict=True)], index=rows.index
        )
    return out


def keys(kinds: list[str], dark: bool = False) -> list[str]:
    """The colour of each kind of line, for a legend beside the chart."""
    look = _look(dark)
    return [look[kind][0] for kind in kinds]
