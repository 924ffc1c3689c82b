"""The funnel, the ranked dots and the controls of the page on variation."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import streamlit as st

from mhequity import areas
from mhequity.analysis import care_kinds, shortfall, totals, variation
from mhequity.analysis import variation_words as said
from mhequity.analysis.variation import RATE, SHARE, SIMILAR, VALUE
from mhequity.charts import dots, funnel, palette, vega
from mhequity.scope import ALL_SERVICES, Scope, in_words
from mhequity.statistics.overdispersion import Overdispersion
from mhequity.ui import figures, scope_bar, words
from mhequity.ui.figures import Shown
from mhequity.ui.variation_options import GLYPHS, Options, keys, number_format, title, verdicts, with_interval
from mhequity.workspace import Source, Workspace

NAME, BY_NAME = "variation between boroughs", "figures by borough"


def result(workspace: Workspace, scope: Scope, chosen: Options) -> pd.DataFrame:
    """Boroughs held against the system's figure, once for a system: columns of :func:`mhequity.analysis.variation.compare`, ``name``,
    ``said`` (value and interval), ``in_scope``."""
    return scope.mark(workspace.once(_result, scope.whole, chosen))


def _result(workspace: Workspace, scope: Scope, chosen: Options) -> pd.DataFrame:
    frame = workspace.once(variation.by_borough, scope, chosen.measure, chosen.heads)
    spread = _spread(frame, chosen)
    frame = variation.compare(frame, chosen.measure, chosen.confidence, spread)
    return frame.assign(name=frame.area.map(areas.name_of), said=[with_interval(chosen, row) for row in frame.itertuples()])


def _spread(frame: pd.DataFrame, chosen: Options) -> Overdispersion | None:
    return variation.spread_of(frame, chosen.measure) if chosen.widened else None


def picture(workspace: Workspace, scope: Scope, chosen: Options, frame: pd.DataFrame) -> None:
    """Funnel and verdicts in words beside the ranked dots; caption, table and downloads below."""
    sources = sources_of(workspace, frame)
    note = f"{title(chosen)}; {scope.place}; {scope.year}"
    shown = frame.assign(
        in_view=frame.in_scope.map({True: "yes", False: "no"}), compared=frame.verdict.where(frame.verdict != "", frame.state)
    )
    why_not = variation.why_no_funnel(frame, chosen.measure)
    if chosen.measure.kind == VALUE:
        st.info(why_not, icon=":material/info:")
        figures.caption(chosen.measure.unit or "as published", "as published", scope.year, sources)
        # The table is all there is to see, so it stands open from the start.
        st.session_state.setdefault(f"table {BY_NAME}", True)
        by_name = shown.sort_values(["in_scope", "name"], ascending=[False, True], kind="stable")
        figures.behind(by_name, columns(chosen), BY_NAME, sources, note=note)
        return
    left, right = st.columns([3, 2], gap="medium")
    dark = figures.is_dark()
    with left:
        figures.legend(title(chosen), [*keys(chosen, dark), *_bands(chosen, scope, frame, dark)] if not why_not else keys(chosen, dark))
        if why_not:
            st.info(why_not, icon=":material/info:")
        else:
            _funnel_chart(chosen, scope, frame, dark)
        _in_words(chosen, frame)
    with right:
        figures.legend(f"Ranked, with {said.level(chosen.confidence)} intervals; line: {scope.system_name}", [])
        st.vega_lite_chart(vega.compact(ranked(chosen, frame, dark=dark)), key="ranked", alt=alt_text(chosen, frame))
    unit = f"{'share' if chosen.measure.kind == SHARE else title(chosen)}, with {said.level(chosen.confidence)} interval"
    figures.caption(unit, f"{_base(chosen)}, in {scope.system_name}'s boroughs that report", scope.year, sources)
    pictures = {} if why_not else {"Funnel": lambda: funnel_spec(chosen, scope, frame, for_picture=True)}
    pictures["Ranked dots"] = lambda: ranked(chosen, frame, for_picture=True)
    ordered = shown.sort_values(["in_scope", "value"], ascending=[False, not chosen.measure.higher_is_better], kind="stable")
    figures.behind(ordered, columns(chosen), NAME, sources, pictures, note)


def sources_of(workspace: Workspace, frame: pd.DataFrame) -> tuple[Source, ...]:
    return workspace.named(key for keys in frame.source for key in keys.split())


def _base(chosen: Options) -> str:
    if chosen.measure.has_base:
        return "the people whom the share is of" if chosen.measure.kind == SHARE else "the denominators that come with it"
    return f"{chosen.heads.name} ({chosen.heads.base} people)" if chosen.heads else "residents of all ages"


def _bands(chosen: Options, scope: Scope, frame: pd.DataFrame, dark: bool) -> list[tuple[str, str]]:
    """What line and bands are, in colours near to those that their tints make."""
    inner, outer = ("#3F6481", "#274357") if dark else ("#AEC0CF", "#D9E1E8")
    widened = "limits widened for over-dispersion" if chosen.widened else "limits of chance"
    line = f"line: {scope.system_name}, {said.written(chosen.measure, variation.whole(frame, chosen.measure))}"
    return [(palette.ink(dark).text, line), (inner, f"inner band, dashed: 95% {widened}"), (outer, "outer band: 99.8%")]


def _funnel_chart(chosen: Options, scope: Scope, frame: pd.DataFrame, dark: bool) -> None:
    key = f"funnel {scope_bar.map_round()}"
    st.vega_lite_chart(
        vega.compact(funnel_spec(chosen, scope, frame, dark=dark)), key=key, on_select=lambda: _clicked(key), selection_mode=funnel.PICK,
        alt=f"Funnel plot. {alt_text(chosen, frame)}",
    )  # fmt: skip
    st.caption("Each point is a borough: the further right, the more people its figure rests on. Click a point to narrow the view to it.")


def _clicked(key: str) -> None:
    picked = st.session_state[key].selection.get(funnel.PICK, [])
    scope_bar.narrow_to([thing["area"] for thing in picked])


def funnel_spec(chosen: Options, scope: Scope, frame: pd.DataFrame, dark: bool = False, for_picture: bool = False) -> vega.Spec:
    """The funnel of the boroughs that have a figure, those outside the limits named first; for a picture with line and bands in words."""
    measure, known = chosen.measure, frame[frame["value"].notna()]
    at = variation.limits(frame, measure, _spread(frame, chosen))
    middle = variation.whole(frame, measure)
    first = known.assign(outside=known.side != SIMILAR, far=(known["value"] - middle).abs()).sort_values(
        ["outside", "far"], ascending=False
    )
    spec = funnel.funnel(
        first.assign(base=first.base_shown), at, domain=_domain(known, at), middle=middle,
        x_title=chosen.per_said, y_title=title(chosen), y_format=number_format(measure, known["value"]),
        verdicts=verdicts(measure, dark), legend=for_picture, dark=dark,
    )  # fmt: skip
    if not for_picture:
        return spec
    return {**spec, "description": _described(label for _, label in _bands(chosen, scope, frame, dark))}


def _described(lines: Iterable[str]) -> str:
    """What line and bands are, for pictures."""
    text = "; ".join(lines)
    return f"{text[:1].upper()}{text[1:]}."


def _domain(known: pd.DataFrame, at: pd.DataFrame) -> tuple[float, float, float, float]:
    """Ends of the axes: all points, and limits as wide as they are for a borough of middling size; steeper ones run out of the picture."""
    typical = at.iloc[(at.base - known.base.median()).abs().argmin()]
    low, high = min(known["value"].min(), typical.lower_998), max(known["value"].max(), typical.upper_998)
    room = (high - low) * 0.08
    return float(at.base.iloc[0]), float(at.base.iloc[-1]), float(max(low - room, 0)), float(high + room)


def ranked(chosen: Options, frame: pd.DataFrame, dark: bool = False, for_picture: bool = False) -> vega.Spec:
    """Dots with intervals, the best figure (or the highest) first; boroughs without any data are named beside it, not drawn."""
    rows = frame[frame.state != totals.NO_DATA]
    rows = rows.sort_values("value", ascending=not chosen.measure.higher_is_better, kind="stable", na_position="last")
    middle = variation.whole(frame, chosen.measure)
    spec = dots.dots(
        rows, row="Borough", title=title(chosen), number_format=number_format(chosen.measure, frame["value"]), middle=middle,
        verdicts=verdicts(chosen.measure, dark), legend=for_picture, dark=dark,
    )  # fmt: skip
    line = f"Line: all boroughs together, {said.written(chosen.measure, middle)}. Whiskers: {said.level(chosen.confidence)} interval."
    return {**spec, "description": line} if for_picture else spec


def alt_text(chosen: Options, frame: pd.DataFrame) -> str:
    """The picture for those who do not see it: how many stand where, and the ends."""
    known = frame[frame.in_scope & frame["value"].notna()].sort_values("value")
    if known.empty:
        return f"{title(chosen)}: no figures in view."
    counted = ", ".join(f"{int((known.verdict == word).sum())} {word}" for word in verdicts(chosen.measure, False))
    low, high = known.iloc[0], known.iloc[-1]
    return f"{title(chosen)}, {len(known)} boroughs: {counted}; lowest {low['name']}, {low.said}; highest {high['name']}, {high.said}."


def _in_words(chosen: Options, frame: pd.DataFrame) -> None:
    """Better, similar, worse as lists of names."""
    seen = frame[frame.in_scope]
    lines = []
    listed = list(zip(GLYPHS.values(), verdicts(chosen.measure, False), strict=True))
    for glyph, word in listed if chosen.measure.better == "lower" else reversed(listed):
        names = seen["name"][seen.verdict == word]
        lines.append(f"- {glyph} **{word.capitalize()}** ({len(names)}): {in_words(names) or 'none'}")
    for state, rows in seen[seen["value"].isna()].groupby("state"):
        lines.append(f"- **{str(state).capitalize()}** ({len(rows)}): {in_words(rows['name'])}")
    st.markdown("\n".join(lines))
    notes = [said.by_chance(frame, chosen.confidence)] if not chosen.widened else []
    if chosen.why_not_widened and not variation.why_no_funnel(frame, chosen.measure):
        notes.append(chosen.why_not_widened)
    if chosen.measure.kind == RATE and care_kinds.counts_events(chosen.measure.name):
        notes.append(
            f"{words.plain(f'“{chosen.measure.name}”')} counts events, and the same people come again: chance alone spreads boroughs wider "
            "than these limits, so fewer of them differ beyond chance than are shown."
        )
    if notes:
        st.caption(" ".join(notes))


def people(scope: Scope, chosen: Options, frame: pd.DataFrame) -> None:
    """What the gap comes to in people, against a borough that the visitor may choose."""
    if chosen.measure.kind == VALUE:
        return
    alone = areas.name_of(scope.boroughs[0]) if len(scope.boroughs) == 1 else ""
    names = [name for name in shortfall.examples(frame, chosen.measure) if name != alone]
    if not names or (alone and frame.loc[frame.in_scope, "value"].isna().all()):
        return
    st.subheader("What the gap comes to", anchor=False)
    left, right = st.columns([2, 5], vertical_alignment="center")
    with left:
        example = st.selectbox(
            "As well as" if chosen.measure.better != "neither" else "As high as", names, key="example", bind="query-params",
            help=f"First stands the {'best' if chosen.measure.better != 'neither' else 'highest'} figure that lies beyond chance. A borough with fewer "
            "than 10 events is not offered.",
        )  # fmt: skip
    found = shortfall.shortfall(frame, chosen.measure, str(example), frame.in_scope)
    everyone = f"**{alone}**" if alone else "every borough" if not scope.boroughs else "each borough in view"
    with right, st.container(key="shortfall"):
        if found is not None:
            st.markdown(said.as_well_as(found, chosen.measure, everyone, "" if alone else "borough"))
            st.caption("An arithmetic of the difference, not a forecast: boroughs differ in who lives there and in what is recorded.")


def columns(chosen: Options) -> dict[str, Shown]:
    """The table behind the pictures."""
    measure = chosen.measure

    def value(number: float) -> str:
        return said.number(measure, number)

    if measure.kind == VALUE:
        return {"name": Shown("Borough"), "in_view": Shown("In view"), "value": Shown(title(chosen), value, "state")}
    level = said.level(chosen.confidence)
    return {
        "name": Shown("Borough"),
        "in_view": Shown("In view"),
        "shown": Shown("Count" if measure.kind == RATE else "Number counted (numerator)", words.number, "state"),
        "base_shown": Shown(chosen.per_said, words.number, "state"),
        "value": Shown(title(chosen), value, "state"),
        "lower": Shown(f"{level} interval, low", value, "state"),
        "upper": Shown(f"{level} interval, high", value, "state"),
        "compared": Shown("Compared with the system"),
    }


def method(workspace: Workspace, scope: Scope, chosen: Options, frame: pd.DataFrame) -> None:
    """How the page's figures were worked out."""
    if chosen.measure.kind == VALUE:
        figures.how("The figures are shown as they came, in order of name.", sources_of(workspace, frame))
        return
    figures.how(_how(chosen, _spread(frame, chosen)), sources_of(workspace, frame), (*_notes(scope), *_NOTES))


def _how(chosen: Options, spread: Overdispersion | None) -> str:
    """Limits, intervals and verdicts, by the names of their methods."""
    share = chosen.measure.kind == SHARE
    intervals = "Wilson's score method" if share else "Byar's method from 10 events and the exact Poisson method below"
    limits = "turn Wilson's interval round (Spiegelhalter 2005)" if share else "are exact Poisson limits round the system's rate"
    widened = "Limits can be **widened for over-dispersion** with 10 boroughs or more; fewer make the spread a guess."
    if spread is not None:
        widened = (
            f"**Widened for over-dispersion**: on the scale of the {'arcsine of the square root' if share else 'logarithm'}, boroughs' distances "
            "from the system's figure are drawn in at the outer tenths; what spread is left beyond chance (τ², by DerSimonian and Laird's method of "
            f"moments) is added to each borough's variance, as FunnelPlotR does. Here φ = {spread.phi:.1f} and τ² = {spread.tau2:.4f}."
        )
    return (
        "**The system's figure** is all its boroughs' counts over all their bases; boroughs without a figure are part of neither. **Limits** of 95% and "
        f"99.8% {limits}; **intervals** are by {intervals}, as in OHID's Fingertips. A borough is called better, worse, lower or higher only where "
        f"it lies outside the chosen limit. {widened}"
    )


_NOTES = (
    "The gap in people: each borough's shortfall from the example times its base, added up. Who does better is not set against it.",
    "Between groups: OHID's slope index is a straight line, weighted by people, through the groups, its interval simulated (PHEindicatormethods "
    "2.1.0). WHO HEAT's default is a logit curve (healthequal 1.0.1). They differ by more than rounding. Difference, ratio and index of "
    "disparity are WHO HEAT's.",
    "Contacts and bed days come in clusters: a few people have many. Chance alone then spreads them more than these limits and intervals "
    "allow, so widen the limits before reading much into them.",
    "Rates are not adjusted for age, sex or deprivation. Dividing by need-weighted people adjusts for need as that measure sees it.",
    "Where the highest and the lowest are picked from many, some of their distance is luck.",
)


def _notes(scope: Scope) -> tuple[str, ...]:
    if scope.service != ALL_SERVICES:
        return ()
    return (
        "All services are put together: a borough with more of one service than others differs for that reason too, and a person whom two services count is counted twice. Choose a service to compare like with like.",
    )
