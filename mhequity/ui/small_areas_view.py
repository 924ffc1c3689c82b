"""Small areas on a visitor's own map: what fits, the map, the table beside it, hot spots, and how it was worked out."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd
import streamlit as st

from mhequity.analysis import small_area_sentences
from mhequity.analysis.small_areas import COUNT, HIGHER, LOWER, RATE, SIMILAR, VALUE, SmallAreas
from mhequity.charts import palette
from mhequity.charts.maps import HEIGHT, Classes
from mhequity.charts.small_area_map import small_area_map
from mhequity.disclosure import Policy
from mhequity.reading import BLOCKED
from mhequity.reading.boundary_joins import Joined
from mhequity.statistics.hot_spots import COLD, HOT
from mhequity.ui import figures, small_areas_below, small_areas_files, small_areas_options, small_areas_results, words
from mhequity.ui.figures import Shown
from mhequity.ui.small_areas_files import Held
from mhequity.ui.small_areas_options import Chosen
from mhequity.ui.small_areas_results import MOST_DRAWN, Found
from mhequity.workspace import Workspace

_EXPANDER = "small_areas"
_SHADES = {1: (2,), 2: (1, 3), 3: (0, 2, 4), 4: (0, 1, 3, 4), 5: (0, 1, 2, 3, 4)}
_COMPARED = {HIGHER: "higher than all areas", SIMILAR: "", LOWER: "lower than all areas", "": ""}
_ORDERS = ("Hot and cold spots first", "Highest first", "Lowest first", "By name")
_A_PAGE = 10
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def section(workspace: Workspace) -> None:
    """The section, drawn only where it is opened; open by itself where files were brought before."""
    st.subheader("Where within the boroughs?", anchor=False)
    held = small_areas_files.held()
    there = held.map is not None or bool(held.tables)
    box = st.expander("Small areas: bring your own map", expanded=there, icon=":material/grid_on:", on_change="rerun", key=_EXPANDER)
    if not box.open:
        return
    with box:
        small_areas_files.drop_here()
        held = small_areas_files.held()
        if held.map is None or not held.tables:
            small_areas_results.forget()
            small_areas_files.what_to_bring()
            return
        chosen = small_areas_options.options(held)
        if chosen is not None:
            _put_together(workspace, held, chosen)


def _put_together(workspace: Workspace, held: Held, chosen: Chosen) -> None:
    with st.spinner("Putting map and table together"):
        joined = small_areas_results.joined(held, chosen)
    _what_fits(joined)
    if not joined.matched:
        return
    only = _only_matched(len(joined.only_on_map), joined.matched)
    if (joined.matched if only else len(joined.frame)) > MOST_DRAWN:
        st.warning(f"More than {MOST_DRAWN:,} areas are too many to draw at once. Keep those you need in the table, and drop it again.")
        return
    with st.spinner("Working out rates, and looking for hot spots"):
        found = small_areas_results.found(held, chosen, workspace.policy, only)
    with st.container(key="small_area_answer"):
        st.markdown(small_area_sentences.answer(found.areas, found.places, chosen.figure, chosen.per))
    if chosen.how != VALUE:
        st.caption(f"Your counts: {workspace.policy.sentence[:1].lower()}{workspace.policy.sentence[1:]}")
    _picture(held, chosen, found, workspace.policy, only)


def _what_fits(joined: Joined) -> None:
    """Which areas are on both sides, and which on one."""
    told = joined.findings
    if len(told) == 1 and told[0].severity != BLOCKED:
        st.markdown(f":material/join: {words.plain(told[0].done)}")
        return
    with st.container(border=True):
        st.markdown("**What fits, and what does not**")
        small_areas_files.lines(told)
        if joined.other_census or not joined.matched:
            table, drawn = (", ".join(codes[:5]) for codes in (joined.only_in_table, joined.only_on_map))
            st.caption(words.plain(f"First codes in the table alone: {table or 'none'}. On the map alone: {drawn or 'none'}."))


def _only_matched(others: int, matched: int) -> bool:
    """Whether areas that the table does not have are left off the map; asked where there are any."""
    if not others:
        return False
    most = others > matched or others + matched > MOST_DRAWN
    return st.checkbox(f"Leave the {others:,} areas that are not in the table off the map", most, key=f"small only {others} {matched}")


# The picture -----------------------------------------------------------------------------------------------------------------


def _picture(held: Held, chosen: Chosen, found: Found, policy: Policy, only: bool) -> None:
    classes = _classes(found.areas, chosen)
    key = (held.map_id, held.table_id, chosen, policy, only)
    drawn = small_areas_results.once(("words", *key), lambda: _with_words(found.areas, chosen))
    left, right = st.columns(2, gap="medium")
    with left:
        figures.legend(classes.title, _keys(found.areas, classes))
        _spot_legend(found.areas)
        dark = figures.is_dark()
        deck = small_areas_results.once(
            ("deck", *key, dark), lambda: small_area_map(drawn, found.ready.outlined, classes, found.places, dark)
        )
        with st.container(key="small_area_map"):
            st.pydeck_chart(deck, height=HEIGHT, key="small_deck", alt=_alt(found.areas, classes))
        st.caption("Point at an area for its name and figure. The table beside the map has every area.")
    with right:
        _said_of_spots(found.areas)
        _beside(drawn, found.areas, chosen)
    small_areas_below.below(held, chosen, found, drawn, classes, policy)


def _classes(areas: SmallAreas, chosen: Chosen) -> Classes:
    """Classes of about as many areas each, from light to dark; in oranges, from which grey is told more easily than from blues."""
    ends = areas.ends
    colours = tuple(palette.ORANGES[at] for at in _SHADES[len(ends) + 1])
    said = [f"{end:,.6g}".replace("-", "−") for end in ends]
    between = [f"{low} to {high}" for low, high in pairwise(said)]
    labels = (f"under {said[0]}", *between, f"{said[-1]} and over") if ends else ("all the same",)
    return Classes(chosen.unit, ends, colours, labels)


def _keys(areas: SmallAreas, classes: Classes) -> list[tuple[str, str]]:
    missing = areas.frame["state"][areas.frame["value"].isna()]
    greys = [
        (palette.SUPPRESSED if state == "suppressed" else palette.NO_DATA, f"{state}: {number:,}")
        for state, number in missing.value_counts().items()
    ]
    return [*zip(classes.colours, classes.labels, strict=True), *greys]


def _spot_legend(areas: SmallAreas) -> None:
    spots = set(areas.frame["spot"])
    said = {HOT: ("hot", "hot spot: high figures lie together"), COLD: ("cold", "cold spot: low figures lie together")}
    marks = "".join(f'<span><i class="{style}"></i>{label}</span>' for spot, (style, label) in said.items() if spot in spots)
    if marks:
        st.html(f'<div class="legend spots">{marks}</div>')


def _with_words(areas: SmallAreas, chosen: Chosen) -> pd.DataFrame:
    """The areas with what tooltip and table say of each: ``text`` and ``more``."""
    frame = areas.frame
    digits = _digits(frame["value"])
    text, more = [], []
    for row in frame.itertuples(index=False):
        value = words.number(row.value, digits)
        between = f" ({words.interval(row.lower, row.upper, digits)})" if chosen.how == RATE else ""
        text.append(f"{value}{between}" if pd.notna(row.value) else row.state)
        said = (_COMPARED[row.verdict], row.spot if row.spot in (HOT, COLD) else "")
        more.append("; ".join(each for each in said if each))
    return frame.assign(text=text, more=more)


def _digits(values: pd.Series) -> int:
    """Places behind the point that tell figures apart: none for whole numbers, fewer for large ones."""
    known = values.dropna()
    if known.empty or (known == known.round()).all():
        return 0
    middle = float(known.abs().median())
    return 0 if middle >= 1000 else 1 if middle >= 10 else 2 if middle >= 0.1 else 4


def _alt(areas: SmallAreas, classes: Classes) -> str:
    known = areas.frame[areas.frame["value"].notna()]
    if known.empty:
        return f"{classes.title}: no figures that can be shown."
    low, high = known.loc[known["value"].idxmin()], known.loc[known["value"].idxmax()]
    spots = areas.frame["spot"].value_counts()
    told = f" {spots.get(HOT, 0)} areas are hot spots, {spots.get(COLD, 0)} cold spots." if not areas.refused else ""
    return (
        f"Map of {classes.title}, {len(known)} areas: lowest {low['name']}, {words.number(low['value'], 2)}; highest {high['name']}, "
        f"{words.number(high['value'], 2)}.{told} The table beside it has every area."
    )


def _said_of_spots(areas: SmallAreas) -> None:
    """Why hot spots were not looked for, or what to mind about those that were found."""
    if areas.refused:
        hidden = f" Of them {areas.hidden:,} are hidden because their counts are small." if areas.hidden else ""
        st.info(f"**No hot spots.** {words.plain(areas.refused)}{hidden}", icon=":material/block:")
    elif areas.warnings:
        st.markdown(f":material/warning: **Mind of the hot spots:** {' '.join(map(words.plain, areas.warnings))}")


# The table beside the map ----------------------------------------------------------------------------------------------------


def _beside(drawn: pd.DataFrame, areas: SmallAreas, chosen: Chosen) -> None:
    """Every area, a page at a time: a map has no keyboard, this has."""
    first, second = st.columns(2, vertical_alignment="bottom")
    with first:
        order = st.selectbox("Order", _ORDERS if not areas.refused else _ORDERS[1:], key=f"small order {bool(areas.refused)}")
    with second:
        wanted = st.text_input("Find an area by name or code", key="small find").strip()
    rows = _ordered(drawn, str(order))
    if wanted:
        rows = rows[(rows["name"] + " " + rows["code"]).str.contains(wanted, case=False, regex=False)]
    pages = max(1, -(-len(rows) // _A_PAGE))
    page = st.session_state.get(f"small page {order} {wanted} {pages}", 1) if pages > 1 else 1
    shown = {"area": Shown("Area"), "text": Shown(_heading(chosen))}
    shown |= {"more": Shown("What stands out")} if chosen.how == RATE or not areas.refused else {}
    some = rows.iloc[(page - 1) * _A_PAGE : page * _A_PAGE]
    area = some["name"].where(some["name"] == some["code"], some["name"] + " · " + some["code"])
    some = some.assign(area=area)
    if some.empty:
        st.caption("No area has this in its name or code.")
    else:
        st.table(figures.readable(some, shown), border="horizontal")
    if pages > 1:
        st.pagination(pages, key=f"small page {order} {wanted} {pages}")


def _heading(chosen: Chosen) -> str:
    return f"For every {chosen.per:,} (95% interval)" if chosen.how == RATE else "Count" if chosen.how == COUNT else "Figure"


def _ordered(drawn: pd.DataFrame, order: str) -> pd.DataFrame:
    if order == "By name":
        return drawn.sort_values("name", kind="stable")
    by_value = drawn.sort_values("value", ascending=order == "Lowest first", kind="stable", na_position="last")
    if order != _ORDERS[0]:
        return by_value
    rank = drawn["spot"].map({HOT: 0, COLD: 1}).fillna(2)
    return drawn.assign(rank=rank, size=-drawn["z"].abs()).sort_values(["rank", "size"], kind="stable", na_position="last")
