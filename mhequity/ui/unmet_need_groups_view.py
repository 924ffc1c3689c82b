"""Unmet need by group of people, below the map of the boroughs."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd
import streamlit as st

from mhequity.analysis import age_bands, prevalence, unmet_by_group, unmet_need
from mhequity.analysis import unmet_group_sentences as sentences
from mhequity.analysis.unmet_by_group import Grouped
from mhequity.charts import bars, palette, vega
from mhequity.scope import Scope
from mhequity.ui import figures, words
from mhequity.ui.figures import Shown
from mhequity.ui.unmet_need_behind import gap_columns
from mhequity.ui.unmet_need_options import Options
from mhequity.workspace import Workspace

_VERDICTS = {unmet_need.LOWER: palette.ORANGE, unmet_need.SIMILAR: "#8A94A0", unmet_need.HIGHER: "#4C7FAE"}
_RATE, _GAP = "Care per 1,000 residents of the group", "Share of people estimated to have the condition who were not seen"


def section(workspace: Workspace, scope: Scope, chosen: Options) -> None:
    """A heading, which groups, a sentence, bars, what was left out, caption, table and method."""
    st.subheader("Which groups of people go without?", anchor=False)
    by = _by(workspace, scope, chosen)
    if not by:
        return
    found = workspace.once(unmet_by_group.grouped, scope.whole, chosen.care, by, chosen.age_band)
    if found.comparable < (2 if chosen.equal_access else 1):
        figures.nothing(_cannot(chosen, scope, by, found), "population")
        return
    if chosen.equal_access:
        frame = unmet_by_group.rate_by_group(found, scope)
        st.markdown(f"{sentences.rates(frame, scope, by)} {sentences.ALIKE}")
    else:
        own = _own(found, by, chosen)
        frame = unmet_by_group.gap_by_group(found, scope, chosen.prevalence, own)
        st.markdown(f"{sentences.gaps(frame, scope, by)} {_estimate(found, by, chosen, own)}")
    _picture(workspace, scope, chosen, found, frame.assign(name=[sentences.group_name(by, group) for group in frame.group]), by)


def _by(workspace: Workspace, scope: Scope, chosen: Options) -> str:
    """The column of groups that the visitor looks at; empty where the care is given by none."""
    offered = workspace.once(unmet_by_group.groupings, scope.whole, chosen.care)
    if not offered:
        others = workspace.once(unmet_by_group.measures_with_groups, scope.whole)
        instead = f" {words.plain(f'“{others[0]}”')} is: choose it above." if others else " Groups are columns of the table Activity."
        st.caption(f"{words.plain(f'“{chosen.care}”')} is not loaded by sex, age, ethnic group or deprivation for {scope.year}.{instead}")
        return ""
    names = {sentences.NAMES[name]: name for name in offered}
    by = st.segmented_control("By", list(names), default=next(iter(names)), key="group", bind="query-params", required=True)
    return names.get(str(by), offered[0])


def _cannot(chosen: Options, scope: Scope, by: str, found: Grouped) -> str:
    """Why no group can be compared."""
    about = sentences.NAMES[by].lower()
    care = words.plain(f"“{chosen.care}”")
    if not found.people_only:
        return (
            f"{care} is given by {about}, but residents are not, so it cannot be told who goes without. Population needs rows by {about}."
        )
    if found.comparable:
        return f"Only one group has both care and residents, and one alone cannot be compared. {_left_out(found, scope, by)}"
    return f"{care} and residents are both given by {about}, but not for the same groups. {_left_out(found, scope, by)}"


def _left_out(found: Grouped, scope: Scope, by: str) -> str:
    return sentences.not_compared(unmet_by_group.left_out(found, scope), found.people_only, by)


def _own(found: Grouped, by: str, chosen: Options) -> dict[str, float]:
    """Prevalence of each group that the visitor typed, 0 to 1; groups left empty have the one of the whole page."""
    groups = unmet_by_group.in_order(set(found.cells.group) - set(found.care_only))
    own = {}
    with st.popover("Prevalence of each group", icon=":material/tune:"):
        st.caption("Left empty, a group has the prevalence chosen above. Its range is as wide in proportion as the one above.")
        for group, key in zip(groups, _keys(by, groups), strict=True):
            typed = st.number_input(
                f"{words.plain(sentences.group_name(by, group))}, %", prevalence.LEAST, 100.0, None, 0.1, "%.1f", key=key, bind="query-params",
                placeholder=f"{100 * chosen.prevalence[0]:.1f}",
            )  # fmt: skip
            if typed:
                own[group] = typed / 100
    return own


def _estimate(found: Grouped, by: str, chosen: Options, own: dict[str, float]) -> str:
    """What the estimates of the groups rest on."""
    share = f"{100 * chosen.prevalence[0]:.1f}%"
    said = f"{share} is taken for every group" + (
        f" but {len(own)} with a prevalence of its own." if own else ", though need differs between them."
    )
    if by == unmet_by_group.AGE or found.age_band == chosen.age_band:
        return said
    about = sentences.NAMES[by].lower()
    return f"{said} Residents {age_bands.in_words(chosen.age_band)} are not loaded by {about}: those {age_bands.in_words(found.age_band)} are taken."


def _keys(by: str, groups: Iterable[str]) -> list[str]:
    """A name for each group's control that is safe in a link and the same wherever the link is opened."""
    bare = [f"{by}_{re.sub(r'[^a-z0-9]+', '_', group.casefold()).strip('_')[:30]}" for group in groups]
    return [key if bare.count(key) == 1 else f"{key}_{at}" for at, key in enumerate(bare)]


def _picture(workspace: Workspace, scope: Scope, chosen: Options, found: Grouped, frame: pd.DataFrame, by: str) -> None:
    sources = workspace.named(found.sources)
    title = _RATE if chosen.equal_access else _GAP

    def spec(for_picture: bool = False) -> vega.Spec:
        return _bars(frame, chosen, for_picture)

    if chosen.equal_access:
        said = {unmet_need.LOWER: "less than the system", unmet_need.SIMILAR: "similar", unmet_need.HIGHER: "more than the system"}
        keys = [(colour, said[verdict]) for verdict, colour in _VERDICTS.items()]
        figures.legend(
            f"{title}, with 95% interval; the line is all these groups of {scope.system_name}, {words.number(frame.system.iloc[0], 1)}",
            keys,
        )
    else:
        figures.legend(f"{title}, with plausible range", [])
    st.vega_lite_chart(vega.compact(spec()), key="group_bars", alt=_alt(frame, title))
    if left := _left_out(found, scope, by):
        st.caption(left)
    figures.caption(*_units(found, frame, chosen, scope, by), sources)
    name = "unmet need by group" if chosen.equal_access else "treatment gap by group"
    note = f"{title} by {sentences.NAMES[by].lower()}: {chosen.care}; {scope.place}; {scope.year}"
    figures.behind(frame, _columns(chosen, by), name, sources, {"Group bars": lambda: spec(True)}, note)
    _method(chosen, sources)


def _bars(frame: pd.DataFrame, chosen: Options, for_picture: bool) -> vega.Spec:
    dark = figures.is_dark() and not for_picture
    rows = frame.assign(in_scope=True)
    if chosen.equal_access:
        system = round(float(frame.system.iloc[0]), 2)
        return bars.ranked_bars(rows.assign(value=frame.rate), title=_RATE, number_format=",.1f", verdicts=_VERDICTS, legend=for_picture,
                                reference=system, ranked=False, of="Group", dark=dark)  # fmt: skip
    rows = rows.assign(value=frame.gap_share, lower=frame.share_lower, upper=frame.share_upper, verdict="not seen")
    return bars.ranked_bars(
        rows, title=_GAP, number_format=".0%", verdicts={"not seen": palette.ORANGE}, ranked=False, of="Group", dark=dark
    )


def _alt(frame: pd.DataFrame, title: str) -> str:
    column, write = ("rate", lambda v: words.number(v, 1)) if "rate" in frame else ("gap_share", words.share)
    known = frame[frame[column].notna()]
    said = "; ".join(f"{row['name']} {write(row[column])}" for _, row in known.iterrows())
    return f"{title}: {said or 'no figures in view'}."


def _units(found: Grouped, frame: pd.DataFrame, chosen: Options, scope: Scope, by: str) -> tuple[str, str, str]:
    """Unit, base and period."""
    when = " and ".join(words.plain(period) for period in found.periods)
    age = "" if by == unmet_by_group.AGE else f", {age_bands.in_words(found.age_band)}"
    base = f"residents of each group{age}, in the boroughs of {scope.place} that give both"
    if (frame.boroughs < frame.of).any():
        base += "; some give not every group, see the table"
    unit = "people or contacts per 1,000 residents of the group, with 95% interval" if chosen.equal_access else (
        "share of people estimated to have the condition who were not seen, with plausible range"
    )  # fmt: skip
    return unit, base, f"care {scope.year}; residents {when}"


def _columns(chosen: Options, by: str) -> dict[str, Shown]:
    one = lambda value: words.number(value, 1)  # noqa: E731
    first = {"name": Shown(sentences.NAMES[by]), "persons": Shown("Residents", words.number, "state")}
    last = {"boroughs": Shown("Boroughs counted", words.number), "of": Shown("Boroughs that have the group", words.number)}
    if chosen.equal_access:
        return first | {
            "shown": Shown("Care given", words.number, "state"),
            "rate": Shown("Per 1,000 residents", one, "state"),
            "lower": Shown("95% interval, low", one, "state"),
            "upper": Shown("95% interval, high", one, "state"),
            "system": Shown("The system's rate", one),
            "verdict": Shown("Compared with the system"),
        } | last  # fmt: skip
    return first | {
        "prevalence": Shown("Prevalence", lambda value: words.share(value, 1)),
        **gap_columns(),
    } | last  # fmt: skip


def _method(chosen: Options, sources: Iterable[object]) -> None:
    labels = "Groups are compared only where care and residents have the same label; none is split or merged to make it fit."
    if chosen.equal_access:
        figures.how(
            "**Rate** is care ÷ residents of the group × 1,000, over the boroughs in view that give both. Its 95% interval is Byar's from 10 events "
            "and exact Poisson below. **The system's rate** takes together all groups that can be compared, in all boroughs of the system that "
            "give them. This sets care against numbers, not against need, which differs between groups: a group at the system's rate may still go "
            "without.",
            sources,  # type: ignore[arg-type]
            (
                labels,
                "Care of people whose group is not known is in no group, so that where much of it is not known every rate is too low.",
            ),
        )
        return
    figures.how(
        "**Estimated** people are residents of the group × prevalence; **not seen** is estimated minus seen. The prevalence is the same for every "
        "group unless one is typed for it: then its range is as wide in proportion. The range also takes in the 95% interval of the count (Byar's).",
        sources,  # type: ignore[arg-type]
        (labels, "Conditions are not equally common in every group. With one prevalence for all, a gap between groups may be one of need."),
    )
