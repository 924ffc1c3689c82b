"""Trajectories and ambitions of a strategy, and the filters of its page."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from mhequity import areas, periods
from mhequity.analysis import progress
from mhequity.analysis.progress import TargetView
from mhequity.charts import trajectory, vega
from mhequity.scope import Scope
from mhequity.ui import figures, words
from mhequity.ui.figures import Shown
from mhequity.workspace import Workspace
from mhequity.workspace import reviews as published_reviews

FEW = 3
"""So many ambitions or fewer stand open."""
_COLOURS = {
    progress.ON: "green",
    progress.IMPROVING: "blue",
    progress.WORSENING: "red",
    progress.CANNOT_TELL: "gray",
    progress.NO_TARGET: "gray",
}
_ICONS = {
    progress.ON: ":material/check_circle:",
    progress.IMPROVING: ":material/trending_up:",
    progress.WORSENING: ":material/error:",
    progress.CANNOT_TELL: ":material/help:",
    progress.NO_TARGET: ":material/do_not_disturb_on:",
}


def filters(frame: pd.DataFrame) -> pd.DataFrame:
    """Draw the filters; the ambitions that pass them."""
    first, second, third = st.columns([6, 6, 4], vertical_alignment="bottom")
    themes = list(dict.fromkeys(frame.theme))
    present = [status for status in progress.STATUSES if status in set(frame.computed_status)]
    with first:
        chosen = st.pills("Theme", themes, selection_mode="multi", format_func=words.plain, key="theme", bind="query-params", wrap=True)
    with second:
        statuses = st.pills("What the data says", present, selection_mode="multi", key="says", bind="query-params", wrap=True)
    with third:
        text = st.text_input("Find words", key="find", bind="query-params", placeholder="such as crisis, housing, staff")
    keep = frame.theme.isin(chosen or themes) & frame.computed_status.isin(statuses or present)
    if text:
        everything = frame[["ambition", "plan", "status", "next_steps", "owner"]].agg(" ".join, axis=1)
        keep &= everything.str.contains(text.strip(), case=False, regex=False)
    return frame[keep]


def note_on_scope(scope: Scope, views: list[TargetView]) -> None:
    """Say plainly where the scope bar does not change this page."""
    places = {areas.name_of(view.area) for view in views if view.area}
    if places and (scope.system_name not in places or scope.boroughs):
        st.caption(
            f"The strategy's targets are for {' and '.join(sorted(places))} as a whole, so the system, borough, year and service chosen do not change this page."
        )


def trajectories(workspace: Workspace, views: list[TargetView]) -> None:
    """One trajectory a target, two beside each other."""
    columns = st.columns(2, gap="medium")
    for number, view in enumerate(views):
        with columns[number % 2], st.container(border=True):
            same = [each for each in views[:number] if (each.measure, each.area) == (view.measure, view.area)]
            _trajectory(workspace, view, number, f"{view.measure}, {areas.name_of(view.area)}{f' {len(same) + 1}' if same else ''}")


def _trajectory(workspace: Workspace, view: TargetView, number: int, name: str) -> None:
    st.subheader(f"{words.plain(view.measure)}, {areas.name_of(view.area)}", anchor=False)
    status_badge("Data says", view.status)
    st.markdown(
        f"{view.why} Target: **{words.plain(_write(view, view.target))}** by {view.target_period}; baseline {words.plain(_write(view, view.baseline))} in {view.baseline_period}."
    )
    rows = workspace.once(_rows, number)

    def spec(dark: bool = False, legend: bool = True) -> vega.Spec:
        number_format = ".0%" if view.unit == "share" else ",.0f"
        return trajectory.to_target(rows, title=_axis(view), number_format=number_format, legend=legend, dark=dark)

    figures.legend(_axis(view), trajectory.keys(figures.is_dark()))
    newest = view.series.iloc[-1] if len(view.series) else None
    latest = f"newest figure {_write(view, newest['value'])} ({newest.period})" if newest is not None else "no figures"
    st.vega_lite_chart(
        vega.compact(spec(figures.is_dark(), legend=False)),
        key=f"trajectory {name}",
        alt=f"{view.measure}: {latest}; target {_write(view, view.target)} by {view.target_period}.",
    )
    sources = workspace.named(view.sources)
    periods_shown = f"{view.series.period.iloc[0]} to {view.series.period.iloc[-1]}" if len(view.series) else "none"
    figures.caption(_axis(view).lower(), f"{areas.name_of(view.area)}, whole system", periods_shown, sources)
    columns = {
        "label": Shown("Period"), "what": Shown("What"), "value": Shown(f"Value ({view.unit})", lambda v: words.plain(_write(view, v))),
        "lower": Shown("95% range, low", lambda v: "" if pd.isna(v) else words.plain(_write(view, v))),
        "upper": Shown("95% range, high", lambda v: "" if pd.isna(v) else words.plain(_write(view, v))),
    }  # fmt: skip
    figures.behind(
        rows, columns, f"progress {name}", sources, {"Picture": spec}, f"{view.measure}, {areas.name_of(view.area)}: {view.status}"
    )


def _rows(workspace: Workspace, number: int) -> pd.DataFrame:
    """Measured points, the straight line and the projection of a target as one frame for the chart and the table."""
    view = workspace.once(progress.target_views)[number]
    measured = view.series[["time", "value", "period"]].rename(columns={"period": "label"}).assign(what=trajectory.MEASURED)
    line = view.path.assign(what=trajectory.LINE, label=[_ending(time) for time in view.path.time])
    ahead = view.projection.assign(what=trajectory.PROJECTION, label=[_ending(time) for time in view.projection.time])
    rows = pd.concat([measured, line, ahead], ignore_index=True).reindex(columns=["what", "time", "value", "lower", "upper", "label"])
    goal = (rows.what == trajectory.LINE) & (rows.time == view.path.time.iloc[-1])
    said = [_write(view, value) for value in rows["value"]]
    rows = rows.assign(goal=goal, said=said)
    rows.loc[goal, "said"] = f"Target {_write(view, view.target)}"
    # A financial year ends in March: shown at the whole year, 2024/25 stands at 2025.
    return rows.assign(time=rows.time - 0.25)


def _ending(time: float) -> str:
    return f"end of March {time - 0.25:.0f}" if abs(time - 0.25 - round(time - 0.25)) < 0.01 else f"{time:.1f}"


def _write(view: TargetView, value: float) -> str:
    return words.share(value) if view.unit == "share" else f"{words.number(value)} {view.unit}"


def _axis(view: TargetView) -> str:
    """What the vertical axis shows: a share (of whom, its name above says), or a count in how long."""
    if view.unit == "share":
        return "Share"
    kind = periods.parse(view.series.period.iloc[-1]) if len(view.series) else None
    return view.unit.capitalize() + {"quarter": " a quarter", "month": " a month", "year": " a year"}.get(kind.kind if kind else "", "")


def status_badge(who: str, status: str) -> None:
    """A status as a badge: words, an icon and a colour."""
    st.badge(f"{who}: {status}", icon=_ICONS.get(status, ":material/person:"), color=_COLOURS.get(status, "gray"))  # type: ignore[arg-type]


def ambitions(frame: pd.DataFrame) -> None:
    """The ambitions by theme, each a line with what its owner and the data say; open it for plan, status and next steps."""
    for theme, group in frame.groupby("theme", sort=False):
        st.subheader(words.plain(str(theme)), anchor=False)
        for row in group.itertuples():
            details = st.expander(
                _line(row), expanded=len(frame) <= FEW, on_change="rerun", key=f"ambition {row.ambition} {len(frame) <= FEW}"
            )
            if not details.open:
                continue
            with details:
                parts = zip(
                    st.columns(3), ("Planned", "Where it stands", "Next steps"), (row.plan, row.status, row.next_steps), strict=True
                )
                for column, heading, text in parts:
                    with column:
                        st.markdown(f"**{heading}**\n\n" + (_bullets(text) or "Nothing stated."))


def _line(row: Any) -> str:
    """Ambition, owner's rating and computed status in one line of Markdown."""
    status = f":{_COLOURS.get(row.computed_status, 'gray')}-badge[{_ICONS.get(row.computed_status, '')} Data says: {row.computed_status}]"
    clash = " :orange-badge[:material/warning: these two disagree]" if row.conflict else ""
    rating = row.stated_rating or "not rated"
    return f"**{words.plain(row.ambition)}**, by {row.due or 'no date'} :gray-badge[Owner says: {rating}] {status}{clash}"


def _bullets(text: str) -> str:
    return "\n".join(f"- {words.plain(item.strip())}" for item in text.split(";") if item.strip())


def table(workspace: Workspace, frame: pd.DataFrame) -> None:
    """The ambitions as a table with downloads, and how the status is computed."""
    sources = workspace.sources_of(frame)
    names = {"theme": "Theme", "ambition": "Ambition", "plan": "Planned", "status": "Where it stands", "next_steps": "Next steps",
             "owner": "Owner", "due": "Due", "stated_rating": "Owner's rating", "computed_status": "What the data says"}  # fmt: skip
    figures.behind(frame, {column: Shown(heading) for column, heading in names.items()}, "ambitions", sources)
    figures.how(
        "**Straight line**: from the baseline to the target, unless a path is given. **On trajectory**: the newest figure is as good as the "
        "line at its time, or the target is met. Otherwise the last eight figures (two years of quarters) decide: **improving** where their "
        "least-squares slope points the right way beyond chance (95%), **not improving** where it does not. **Cannot tell**: fewer than two "
        "figures since the baseline, or too few for a direction. The orange range is the 95% prediction interval of that line. No data is "
        "never good news or bad news.",
        sources,
        ("The owner's words are restated from the paper; its own ratings are shown where it gives any.",),
    )


def actions(workspace: Workspace) -> None:
    """Agreed actions, where any are loaded."""
    frame = workspace.table("actions")
    if frame.empty:
        return
    st.subheader("Agreed actions", anchor=False)
    columns = {
        "action": Shown("Action"), "owner": Shown("Owner"), "due": Shown("Due"),
        "done_percent": Shown("Done (%)", words.number), "status": Shown("Status"),
    }  # fmt: skip
    sources = workspace.sources_of(frame)
    if any(source.made_up for source in sources):
        st.badge("Made-up figures", icon=":material/science:", color="orange")
    st.table(figures.readable(frame, columns), border="horizontal")


def reviews(workspace: Workspace) -> None:
    """What earlier reviews found and what was promised, restated, a group each."""
    st.subheader("What reviews found and strategies promised", anchor=False)
    for group, lines in published_reviews().groupby("group", sort=False):
        details = st.expander(words.plain(str(group)), on_change="rerun", key=f"review {group}")
        if not details.open:
            continue
        with details:
            st.markdown("\n".join(f"- {words.plain(text)}" for text in lines.text))
            sources = "; ".join(words.plain(f"{source.title} ({source.publisher})") for source in workspace.named(lines.source))
            st.caption(f"**Source:** {sources}. Restated in our own words.")
