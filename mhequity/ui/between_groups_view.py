"""The section on groups of people of the page on variation."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mhequity import areas
from mhequity.analysis import between_groups, shortfall, variation
from mhequity.analysis import variation_words as said
from mhequity.analysis.between_groups import Groups
from mhequity.analysis.variation import RATE, SHARE
from mhequity.charts import dots, vega
from mhequity.scope import Scope, in_words
from mhequity.statistics.groups import FEWEST
from mhequity.ui import figures, variation_options, words
from mhequity.ui.figures import Shown
from mhequity.ui.variation_options import Options
from mhequity.workspace import Workspace

ROW_HEIGHT = 40
"""Groups are few: their rows are higher than those of boroughs."""


def section(workspace: Workspace, scope: Scope, chosen: Options) -> None:
    """Groups side by side with intervals, how unequal they are, and what that comes to in people; or what to bring."""
    st.subheader("Between groups of people", anchor=False)
    offered = workspace.once(between_groups.groupings, scope.whole, chosen.measure)
    if not offered:
        figures.nothing(*workspace.once(between_groups.why_no_groups, scope.whole, chosen.measure))
        return
    by, form = _controls(offered)
    groups, rows, unequal = workspace.once(_result, scope, chosen, by, form)
    if unequal is None:
        st.info(f"Too few groups have a figure in {scope.place} to compare them. {_places(groups)}", icon=":material/info:")
        return
    dark = figures.is_dark()
    left, right = st.columns([3, 2], gap="medium")
    with left:
        heading = f"{variation_options.title(chosen)}, by {between_groups.BY[by].lower()}"
        figures.legend(f"{heading}. Line: all groups together", variation_options.keys(chosen, dark))
        st.vega_lite_chart(vega.compact(_dots(chosen, rows, dark)), key="groups", alt=_alt(heading, rows))
    with right, st.container(key="unequal"):
        st.markdown(_reading(scope, chosen, rows, unequal, by, form))
    _below(workspace, scope, chosen, groups, rows, by)


def _result(workspace: Workspace, scope: Scope, chosen: Options, by: str, form: str) -> tuple[Groups, pd.DataFrame, pd.DataFrame | None]:
    """Groups, their rows held against all together, and how unequal they are (None where fewer than two have a figure)."""
    groups = between_groups.by_group(workspace, scope, chosen.measure, by)
    rows = variation.compare(groups.rows, chosen.measure, chosen.confidence)
    rows = rows.assign(in_scope=True, said=[variation_options.with_interval(chosen, row) for row in rows.itertuples()])
    if by not in between_groups.IN_ORDER:
        rows = rows.sort_values("value", ascending=not chosen.measure.higher_is_better, kind="stable", na_position="last")
    if rows["value"].notna().sum() < FEWEST:
        return groups, rows, None
    return groups, rows, between_groups.measures_of_inequality(rows, chosen.measure, by, form, chosen.confidence)


def _controls(offered: list[str]) -> tuple[str, str]:
    """By which groups, and how the line through ordered ones is drawn."""
    first, second = st.columns(2, vertical_alignment="bottom")
    with first:
        names = [between_groups.BY[by] for by in offered]
        name = st.segmented_control("Group by", names, default=names[0], key="group_by", bind="query-params", required=True)
        by = offered[names.index(str(name))] if name in names else offered[0]
    if by not in between_groups.ORDERED:
        return by, between_groups.OHID
    with second:
        form = st.segmented_control(
            "Slope drawn as", between_groups.FORMS, default=between_groups.OHID, key="slope", bind="query-params", required=True,
            help="Two published ways to draw a line from the most to the least deprived. Their figures differ, so the form stands beside them.",
        )  # fmt: skip
    return by, str(form)


def _dots(chosen: Options, rows: pd.DataFrame, dark: bool = False, for_picture: bool = False) -> vega.Spec:
    return dots.dots(
        rows, row="Group", row_height=ROW_HEIGHT, title=variation_options.title(chosen), number_format=variation_options.number_format(chosen.measure, rows["value"]),
        middle=variation.whole(rows, chosen.measure), verdicts=variation_options.verdicts(chosen.measure, dark), legend=for_picture, dark=dark,
    )  # fmt: skip


def _alt(heading: str, rows: pd.DataFrame) -> str:
    known = rows[rows["value"].notna()]
    return (
        f"{heading}: "
        + "; ".join(f"{name}, {text}, {word}" for name, text, word in zip(known["name"], known.said, known.verdict, strict=True))
        + "."
    )


def _reading(scope: Scope, chosen: Options, rows: pd.DataFrame, unequal: pd.DataFrame, by: str, form: str) -> str:
    """What the groups' differences come to in people, and the figures of inequality with their intervals and how to read them."""
    lines = []
    names = shortfall.examples(rows, chosen.measure)
    found = shortfall.shortfall(rows, chosen.measure, names[0]) if names else None
    if found is not None:
        lines += [said.as_well_as(found, chosen.measure, f"every group in {scope.place}", "group"), ""]
    ordered = by in between_groups.ORDERED
    for row in unequal.itertuples(index=False):
        figure = said.of_inequality(chosen.measure, row, chosen.confidence)
        drawn = f" by {form}" if row.key in ("slope_index", "relative_index") else ""
        lines.append(f"- {row.name}{drawn}: {figure}: {said.how_to_read(row.key, chosen.measure, ordered)}.")
    if by == "age_band":
        lines.append("- No slope is drawn through ages: neither end is the disadvantaged one.")
    return "\n".join(lines)


def _places(groups: Groups) -> str:
    """Which boroughs the groups are of, and which were left out."""
    one = len(groups.boroughs) == 1
    of = (
        f"Groups are of {areas.name_of(groups.boroughs[0])}."
        if one
        else f"Groups are those of {len(groups.boroughs)} boroughs in view put together."
    )
    if not groups.boroughs:
        of = "No borough in view gives every group."
    left = (
        f" Left out, since a group is hidden or missing there: {in_words(areas.name_of(code) for code in groups.left_out)}."
        if groups.left_out
        else ""
    )
    return of + left


def _below(workspace: Workspace, scope: Scope, chosen: Options, groups: Groups, rows: pd.DataFrame, by: str) -> None:
    """Caption, table and downloads of the groups."""
    sources = workspace.named(groups.source.split())
    level = said.level(chosen.confidence)
    unit = "share" if chosen.measure.kind == SHARE else variation_options.title(chosen)
    base = (
        "people of each group" if chosen.measure.has_base else f"residents of each group ({between_groups.period_of_people(workspace, by)})"
    )
    figures.caption(f"{unit}, with {level} interval", f"{base}. {_places(groups)}".rstrip("."), scope.year, sources)

    def value(number: float) -> str:
        return said.number(chosen.measure, number)

    shown = rows.assign(compared=rows.verdict.where(rows.verdict != "", rows.state))
    columns = {
        "name": Shown(between_groups.BY[by]),
        "shown": Shown("Count" if chosen.measure.kind == RATE else "Number counted (numerator)", words.number, "state"),
        "base_shown": Shown("People of the group (denominator)", words.number, "state"),
        "value": Shown(variation_options.title(chosen), value, "state"),
        "lower": Shown(f"{level} interval, low", value, "state"),
        "upper": Shown(f"{level} interval, high", value, "state"),
        "compared": Shown("Compared with all groups"),
    }
    note = f"{variation_options.title(chosen)} by {between_groups.BY[by].lower()}; {scope.place}; {scope.year}"
    figures.behind(shown, columns, "variation between groups", sources, {"Dots": lambda: _dots(chosen, rows, for_picture=True)}, note)
