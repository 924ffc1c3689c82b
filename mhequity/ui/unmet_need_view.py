"""The map, the ranked bars and the controls of the page on unmet need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from mhequity import areas
from mhequity.analysis import need, unmet_need
from mhequity.charts import bars, maps, palette, vega
from mhequity.charts.map_picture import map_picture
from mhequity.scope import Scope
from mhequity.ui import figures, scope_bar, words
from mhequity.ui.figures import Shown
from mhequity.workspace import Source, Workspace

EQUAL_ACCESS, TREATMENT_GAP = "Equal access", "Treatment gap"
SHOW_CARE, SHOW_NEED = "Care", "Need"

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


@dataclass(frozen=True)
class Options:
    """What the page's own controls are set to."""

    equal_access: bool
    measure: need.NeedMeasure
    care: str
    age_band: str
    condition: str
    prevalence: tuple[float, float, float]
    """Central, low and high, 0 to 1."""
    map_shows_need: bool


def options(workspace: Workspace, scope: Scope) -> Options | None:
    """Draw the page's controls; None where no care is loaded for the scope."""
    care = workspace.once(unmet_need.care_measures, scope.whole)
    if not care:
        return None
    first, second, third = st.columns([5, 5, 5], vertical_alignment="bottom")
    with first:
        question = st.segmented_control(
            "Question", [EQUAL_ACCESS, TREATMENT_GAP], default=EQUAL_ACCESS, key="question", bind="query-params", required=True,
            help="Equal access for equal need asks whether care is shared out as need is. The treatment gap asks how many people with a condition "
            "are not seen at all. A borough can do well on one and badly on the other.",
        )  # fmt: skip
    equal = question == EQUAL_ACCESS
    with second:
        if not equal:
            care = [*[name for name in care if "depression" in name], *[name for name in care if "depression" not in name]]
        seen = st.selectbox("Care counted", care, key=f"care_{'share' if equal else 'gap'}", bind="query-params")
    with third:
        if equal:
            return Options(True, scope_bar.need_measure(workspace), str(seen), "", "", (0, 0, 0), _map_choice())
        return _gap_options(workspace, str(seen))


def _gap_options(workspace: Workspace, care: str) -> Options:
    with st.popover("Prevalence and age", width="stretch", icon=":material/tune:"):
        condition = st.text_input("Condition", "a common mental health condition", key="condition", bind="query-params")
        central = st.slider("People with it, %", 0.5, 40.0, unmet_need.PREVALENCE, 0.1, key="prevalence", bind="query-params")
        ends = st.slider(
            "Plausible range, %", 0.5, 40.0, (unmet_need.PREVALENCE_LOW, unmet_need.PREVALENCE_HIGH), 0.1, key="range", bind="query-params"
        )
        bands = workspace.once(unmet_need.age_bands)
        label = {"": "All ages"}
        band = st.selectbox(
            "Residents aged", sorted(bands, reverse=True), key="age", bind="query-params", format_func=lambda value: label.get(value, value)
        )
    low, high = min(ends[0], central), max(ends[1], central)
    return Options(False, workspace.once(need.measures)[0], care, str(band or ""), condition, (central / 100, low / 100, high / 100), False)


def _map_choice() -> bool:
    return st.session_state.get("map_shows") == SHOW_NEED


def result(workspace: Workspace, scope: Scope, chosen: Options) -> pd.DataFrame:
    """The boroughs' figures, with what map and bars show of each: ``name``, ``value``, ``bar``, ``lower``, ``upper``, ``verdict``,
    ``text``, ``more``. Worked out once for a system, whichever of its boroughs are looked at."""
    return scope.mark(workspace.once(_result, scope.whole, chosen))


def _result(workspace: Workspace, scope: Scope, chosen: Options) -> pd.DataFrame:
    if chosen.equal_access:
        frame = _equal_access(unmet_need.equal_access_in(workspace, scope, chosen.measure, chosen.care), chosen)
    else:
        frame = _treatment_gap(unmet_need.treatment_gap_in(workspace, scope, chosen.care, chosen.age_band, *chosen.prevalence))
    return frame.assign(name=frame.area.map(areas.name_of))


def picture(workspace: Workspace, scope: Scope, chosen: Options, frame: pd.DataFrame) -> None:
    """Map and bars side by side; caption, table, downloads and method below."""
    classes = _NEED if chosen.map_shows_need else _RATIO if chosen.equal_access else _GAP
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
        st.vega_lite_chart(_bars(frame, chosen), key="bars", alt=_alt(frame, classes))
    name = "unmet need" if chosen.equal_access else "treatment gap"
    if chosen.equal_access:
        unit = "people or contacts given for each 1 expected if the system's care followed need, with 95% interval"
        base = f"{chosen.measure.name} of {scope.system_name}'s boroughs that report; {chosen.measure.base} people"
    else:
        unit = "share of people estimated to have the condition who were not seen, with plausible range"
        base = f"residents aged {chosen.age_band}" if chosen.age_band else "residents of all ages"
    figures.caption(
        unit, base, f"care {scope.year}; need {chosen.measure.period or 'as published'}" if chosen.equal_access else scope.year, sources
    )
    note = f"{chosen.care}; {scope.place}; {scope.year}"
    shown = frame.assign(in_view=frame.in_scope.map({True: "yes", False: "no"})).sort_values("in_scope", ascending=False, kind="stable")
    title = f"{(_RATIO if chosen.equal_access else _GAP).title}: {note}"
    pictures = {"Map": lambda: map_picture(frame, classes), "Bars": lambda: _bars(frame, chosen, for_picture=True)}
    figures.behind(shown, _columns(chosen), name, sources, pictures, title)
    _method(chosen, sources)


def _equal_access(frame: pd.DataFrame, chosen: Options) -> pd.DataFrame:
    text = [
        f"{words.number(row.ratio, 2)} of expected ({words.interval(row.lower, row.upper)})" if pd.notna(row.ratio) else row.state
        for row in frame.itertuples()
    ]
    more = [_given(row) + f"need {words.number(row.need_index, 2)}" for row in frame.itertuples()]
    return frame.assign(value=frame.need_index if chosen.map_shows_need else frame.ratio, bar=frame.ratio, text=text, more=more)


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
    return frame.assign(value=frame.gap_share, bar=frame.gap_share, **ends, verdict="not seen", text=text, more=more)


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
    st.caption(f"Click a borough to narrow the view to it; click beside it to widen again.{dots} {maps.ATTRIBUTION}")


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


def _columns(chosen: Options) -> dict[str, Shown]:
    if chosen.equal_access:
        return {
            "name": Shown("Borough"),
            "in_view": Shown("In view"),
            "need_index": Shown(f"Need index ({chosen.measure.reference} = 1)", lambda v: words.number(v, 2)),
            "weighted": Shown("Need-weighted population", words.number),
            "observed": Shown("Care given", words.number, "state"),
            "expected": Shown("Expected from need", words.number, "state"),
            "unmet": Shown("Unmet (expected − given)", words.number, "state"),
            "unmet_per_1000": Shown("Unmet per 1,000 weighted people", lambda v: words.number(v, 2), "state"),
            "ratio": Shown("Given for each 1 expected", lambda v: words.number(v, 2), "state"),
            "lower": Shown("95% interval, low", lambda v: words.number(v, 2), "state"),
            "upper": Shown("95% interval, high", lambda v: words.number(v, 2), "state"),
            "verdict": Shown("Compared with need"),
        }
    return {
        "name": Shown("Borough"),
        "in_view": Shown("In view"),
        "persons": Shown(f"Residents aged {chosen.age_band or 'any'}", words.number),
        "estimated": Shown("Estimated with the condition", words.number),
        "seen": Shown("People seen", words.number, "state"),
        "gap": Shown("Not seen", words.number, "state"),
        "gap_lower": Shown("Plausible range, low", words.number, "state"),
        "gap_upper": Shown("Plausible range, high", words.number, "state"),
        "gap_share": Shown("Not seen, share of estimate", words.share, "state"),
    }


def _method(chosen: Options, sources: tuple[Source, ...]) -> None:
    if chosen.equal_access:
        figures.how(
            "**Expected** care is the system's total, shared out by need-weighted population: total × WPᵢ ÷ ΣWP, over the boroughs that "
            "report. **Unmet** is expected minus given; minus means more than expected. The interval of given ÷ expected is Byar's from 10 "
            "events and exact Poisson below. A borough is called lower or higher only where the interval leaves 1 out. This asks whether "
            "care is shared fairly, not whether there is enough of it. No need measure is neutral: change it and see who moves.",
            sources,
            ("A count that its publisher suppressed stays suppressed, and so does a total that holds one.",),
        )
        return
    central, low, high = (f"{100 * value:.1f}%" for value in chosen.prevalence)
    figures.how(
        f"**Estimated** people are residents × {central}. **Not seen** is estimated minus seen. The range takes prevalence from {low} to "
        f"{high} and the 95% interval of the count (Byar's). The default, 22.6%, is the share of people aged 16 to 64 in England with a "
        "common mental health condition in the past week (Adult Psychiatric Morbidity Survey 2023/4; 18.9% in 2014). In 2023/4, 47.7% of "
        "people with symptoms were in treatment (2014: 39.4%).",
        sources,
        (
            "The survey's age band is 16 to 64. The nearest published here is 16 to 74, so the estimate is likely too high.",
            "One prevalence for every borough hides that need differs between them.",
            "A GP register counts diagnosed people, treated or not, and for depression those aged 18 and over.",
        ),
    )
