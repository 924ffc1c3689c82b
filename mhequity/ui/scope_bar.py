"""The scope bar: what every page looks at. It is part of the link, so that a copied link opens the same view."""

from __future__ import annotations

import streamlit as st

from mhequity import areas
from mhequity.analysis import need
from mhequity.scope import ALL_SERVICES, Scope
from mhequity.ui import session
from mhequity.workspace import EXAMPLES, Workspace, best_covered_year, years

BEST_YEAR = "Best covered year"
_SYSTEMS = {areas.system_name(system): system for system in (areas.LONDON, *areas.SYSTEMS)}
"""Name of each system, as it stands in the control and in the link, to its short name."""


def scope_bar() -> None:
    """Draw the controls. They are made once for all pages, in ``app.py``: made on each page they would lose a link's values."""
    st.radio(
        "Figures", EXAMPLES, key="figures", bind="query-params", on_change=_start_over,
        help="Published figures are real. The made-up example holds invented money, staff and care by service, and residents by group, to try "
        "every page with.",
    )  # fmt: skip
    workspace = session.workspace()
    st.selectbox("System", list(_SYSTEMS), key="system", bind="query-params", on_change=_forget_boroughs)
    system = _system()
    names = [area.name for area in areas.boroughs(system)]
    st.multiselect("Boroughs", names, key="borough", bind="query-params", placeholder=f"All {len(names)}", on_change=_new_map)
    known = list(workspace.once(years, tuple(area.code for area in areas.boroughs(system))))
    st.selectbox(
        "Financial year", [BEST_YEAR, *reversed(known)], key="year", bind="query-params",
        help="The best covered year is the one with figures from the most boroughs; your own uploads come first.",
    )  # fmt: skip
    st.selectbox("Service", [ALL_SERVICES, *workspace.once(services)], key="service", bind="query-params")


def services(workspace: Workspace) -> list[str]:
    """Services of the money and activity tables, in order of name."""
    found = set(workspace.table("investment").service) | set(workspace.table("activity").service)
    return sorted(found - {""})


def need_measure(workspace: Workspace) -> need.NeedMeasure:
    """Let the visitor choose which need measure weights the population; those that can only rank are not offered."""
    by_name = {measure.name: measure for measure in workspace.once(need.measures) if measure.can_weight}
    chosen = st.selectbox(
        "Need measured by", list(by_name), key="need", bind="query-params",
        help="Measures of need disagree, and none is neutral: change it and see who moves.",
    )  # fmt: skip
    return by_name.get(str(chosen), next(iter(by_name.values())))


def current() -> Scope:
    """The scope that the controls are set to."""
    state = st.session_state
    workspace = session.workspace()
    system = _system()
    by_name = {area.name: area.code for area in areas.boroughs(system)}
    boroughs = tuple(by_name[name] for name in state.get("borough") or [] if name in by_name)
    chosen = state.get("year") or BEST_YEAR
    year = best_covered_year(workspace) if chosen == BEST_YEAR else chosen
    return Scope(system, boroughs, year, state.get("service") or ALL_SERVICES)


def narrow_to(codes: list[str]) -> None:
    """Narrow the scope to these boroughs: what a click on a map or chart does. Call from a callback."""
    st.session_state["borough"] = [areas.name_of(code) for code in codes]


def chips() -> None:
    """A button for each borough that the view is narrowed to, which widens it again."""
    chosen = st.session_state.get("borough") or []
    if not chosen:
        return
    with st.container(horizontal=True, gap="small", key="chips"):
        for name in chosen:
            st.button(f"{name} ✕", key=f"chip {name}", on_click=_drop, args=(name,), help=f"Stop narrowing to {name}")
        if len(chosen) > 1:
            st.button("Show all ✕", key="chip all", on_click=_forget_boroughs)


def map_round() -> int:
    """Changes when a map must forget what was clicked on it."""
    return int(st.session_state.get("_map_round", 0))


def _drop(name: str) -> None:
    st.session_state["borough"] = [other for other in st.session_state.get("borough", []) if other != name]
    _new_map()


def _forget_boroughs() -> None:
    st.session_state["borough"] = []
    _new_map()


def _start_over() -> None:
    """Years and services differ between the two examples."""
    st.session_state["year"] = BEST_YEAR
    st.session_state["service"] = ALL_SERVICES


def _new_map() -> None:
    st.session_state["_map_round"] = map_round() + 1


def _system() -> str:
    return _SYSTEMS.get(st.session_state.get("system", ""), areas.LONDON)
