"""The map and the ranked bars of the page on unmet need."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from mhequity import areas
from mhequity.analysis import pockets, sentences, unit_costs, unmet_need
from mhequity.charts import bars, maps, palette, vega
from mhequity.charts.map_picture import map_picture
from mhequity.scope import Scope
from mhequity.ui import figures, scope_bar, unmet_need_behind, words
from mhequity.ui.unmet_need_options import SHOW_CARE, SHOW_NEED, Options
from mhequity.workspace import Workspace

_VERDICTS = {unmet_need.LOWER: palette.ORANGE, unmet_need.SIMILAR: "#8A94A0", unmet_need.HIGHER: "#4C7FAE"}
_RATIO = maps.Classes(
    "Care given for each 1 expected from need",
    (0.6, 0.8, 0.95, 1.05, 1.25, 1.67),
    palette.DIVERGING,
    ("under 0.6", "0.6 to 0.8", "0.8 to 0.95", "0.95 to 1.05", "1.05 to 1.25", "1.25 to 1.67", "1.67 and over"),
)
_NEED = maps.Classes(
    "Need per head, reference = 1",
    (0.8, 1.0, 1.2, 1.4),
    palette.SEQUENTIAL,
    ("under 0.8", "0.8 to 1.0", "1.0 to 1.2", "1.2 to 1.4", "1.4 and over"),
)
_GAP = maps.Classes(
    "Estimated people with the condition who were not seen",
    (0.3, 0.45, 0.6, 0.75),
    palette.ORANGES,
    ("under 30%", "30 to 45%", "45 to 60%", "60 to 75%", "75% and over"),
)


def result(workspace: Workspace, scope: Scope, chosen: Options) -> pd.DataFrame:
    """The boroughs' figures, with what map and bars show of each: ``name``, ``value``, ``bar``, ``lower``, ``upper``, ``verdict``,
    ``text``, ``more``. Worked out once for a system, whichever of its boroughs are looked at."""
    return scope.mark(workspace.once(_result, scope.whole, chosen))


def _result(workspace: Workspace, scope: Scope, chosen: Options) -> pd.DataFrame:
    cost = workspace.once(unit_costs.unit_cost, scope, chosen.care)
    if chosen.equal_access:
        found = unmet_need.equal_access_in(workspace, scope, chosen.measure, chosen.care)
        frame = _equal_access(pockets.in_system(workspace, scope, chosen.measure, found), chosen)
    else:
        frame = _treatment_gap(unmet_need.treatment_gap_in(workspace, scope, chosen.care, chosen.age_band, *chosen.prevalence))
    short = frame.unmet if chosen.equal_access else frame.gap
    return frame.assign(name=frame.area.map(areas.name_of), unmet_gbp=short * cost.gbp)


def picture(workspace: Workspace, scope: Scope, chosen: Options, frame: pd.DataFrame) -> None:
    """Map and bars side by side; caption, table, downloads and method below."""
    classes = _NEED if chosen.map_shows_need else _RATIO if chosen.equal_access else _GAP
    frame = frame.assign(mark=(frame.in_scope & (frame.pocket == pockets.YES)).map({True: "pocket", False: ""}))
    sites = workspace.table("sites")
    sources = workspace.named(key for keys in frame.source for key in keys.split())
    left, right = st.columns(2, gap="medium")
    with left:
        _map(frame, classes, scope, sites)
        if chosen.equal_access:
            st.segmented_control(
                "Map shows", [SHOW_CARE, SHOW_NEED], default=SHOW_CARE, key="map_shows", bind="query-params", required=True
            )
    with right:
        _bars_legend(chosen)
        st.vega_lite_chart(vega.compact(_bars(frame, chosen)), key="bars", alt=_alt(frame, classes))
    cost = workspace.once(unit_costs.unit_cost, scope.whole, chosen.care)
    figures.caption(*unmet_need_behind.units(scope, chosen), sources)
    note = f"{chosen.care}; {scope.place}; {scope.year}"
    shown = frame.assign(in_view=frame.in_scope.map({True: "yes", False: "no"})).sort_values("in_scope", ascending=False, kind="stable")
    title = f"{(_RATIO if chosen.equal_access else _GAP).title}: {note}"
    pictures = {"Map": lambda: map_picture(frame, classes), "Bars": lambda: _bars(frame, chosen, for_picture=True)}
    name = "unmet need" if chosen.equal_access else "treatment gap"
    figures.behind(shown, unmet_need_behind.columns(chosen, cost), name, sources, pictures, title)
    unmet_need_behind.method(chosen, cost, scope, sources)


def _equal_access(frame: pd.DataFrame, chosen: Options) -> pd.DataFrame:
    text = [
        f"{sentences.ratio(row.ratio)} of expected ({sentences.ratio(row.lower)} to {sentences.ratio(row.upper)})"
        if pd.notna(row.ratio)
        else row.state
        for row in frame.itertuples()
    ]
    pocket = frame.pocket == pockets.YES
    more = [
        _given(row) + f"need {words.number(row.need_index, 2)}{'; pocket of unmet need' if marked else ''}"
        for row, marked in zip(frame.itertuples(), pocket, strict=True)
    ]
    said = frame.pocket.where(frame.pocket_why == "", frame.pocket + " (" + frame.pocket_why + ")")
    value = frame.need_index if chosen.map_shows_need else frame.ratio
    return frame.assign(
        value=value, bar=frame.ratio, text=text, more=more, pocket_said=said, source=frame.source + " " + frame.spend_source
    )


def _given(row: Any) -> str:
    return f"{words.number(row.observed)} of {words.number(row.expected)}, " if pd.notna(row.ratio) else ""


def _treatment_gap(frame: pd.DataFrame) -> pd.DataFrame:
    text = [
        f"{words.share(row.gap_share)} not seen ({words.share(row.share_lower)} to {words.share(row.share_upper)})"
        if pd.notna(row.gap_share)
        else row.state
        for row in frame.itertuples()
    ]
    more = [
        f"about {words.number(row.gap)} of {words.number(row.estimated)} estimated" if row.state == "" else "" for row in frame.itertuples()
    ]
    ends = {"lower": frame.share_lower, "upper": frame.share_upper}
    return frame.assign(value=frame.gap_share, bar=frame.gap_share, **ends, verdict="not seen", text=text, more=more, pocket="")


def _map(frame: pd.DataFrame, classes: maps.Classes, scope: Scope, sites: pd.DataFrame) -> None:
    figures.legend(classes.title, _keys(classes, frame))
    near = sites[sites.area.isin(scope.codes)] if len(sites) else None
    deck = maps.borough_map(frame, classes, scope.system, figures.is_dark(), near)
    key = f"map {scope_bar.map_round()}"
    with st.container(key="map_frame"):
        st.pydeck_chart(
            deck, height=maps.HEIGHT, key=key, on_select=lambda: _clicked(key), selection_mode="single-object", alt=_alt(frame, classes)
        )
    dots = " Dots: service sites." if near is not None and len(near) else ""
    outline = " Thick outline: pocket of unmet need." if (frame.mark != "").any() else ""
    st.caption(f"Click a borough to narrow the view to it; click beside it to widen again.{outline}{dots} {maps.ATTRIBUTION}")


def _clicked(key: str) -> None:
    """A click on the map narrows the scope to the borough, a click beside it widens the scope again."""
    picked = st.session_state[key].selection.objects.get(maps.BOROUGHS, [])
    scope_bar.narrow_to([thing["c"] for thing in picked])


def _keys(classes: maps.Classes, frame: pd.DataFrame) -> list[tuple[str, str]]:
    states = sorted({state for state in frame.state[frame.value.isna()] if state})
    greys = [(palette.SUPPRESSED if state == "suppressed" else palette.NO_DATA, state) for state in states]
    return [*zip(classes.colours, classes.labels, strict=True), *greys]


def _bars_legend(chosen: Options) -> None:
    if chosen.equal_access:
        said = {unmet_need.LOWER: "lower than need", unmet_need.SIMILAR: "similar to need", unmet_need.HIGHER: "higher than need"}
        figures.legend(f"{_RATIO.title}, with 95% interval", [(colour, said[verdict]) for verdict, colour in _VERDICTS.items()])
    else:
        figures.legend(f"{_GAP.title}, with plausible range", [])


def _bars(frame: pd.DataFrame, chosen: Options, for_picture: bool = False) -> vega.Spec:
    rows = frame.assign(value=frame.bar)
    dark = figures.is_dark() and not for_picture
    if chosen.equal_access:
        return bars.ranked_bars(rows, title=_RATIO.title, number_format=".2~f", verdicts=_VERDICTS, legend=for_picture, reference=1,
                                lowest_first=True, dark=dark)  # fmt: skip
    return bars.ranked_bars(rows, title=_GAP.title, number_format=".0%", verdicts={"not seen": palette.ORANGE}, dark=dark)


def _alt(frame: pd.DataFrame, classes: maps.Classes) -> str:
    known = frame[frame.in_scope & frame.value.notna()]
    if known.empty:
        return f"{classes.title}: no figures in view."
    low, high = known.loc[known.value.idxmin()], known.loc[known.value.idxmax()]
    return f"{classes.title}, {len(known)} boroughs: lowest {low['name']}, {low.text}; highest {high['name']}, {high.text}."
