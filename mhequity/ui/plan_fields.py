"""Fields that show what a plan says at the moment, whoever changed it, and hand back what a person put in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

import streamlit as st

from mhequity import areas, periods
from mhequity.ui import session

AREAS = tuple(area.name for area in (*areas.boroughs(), *areas.systems()))
"""Names of the areas to choose from."""
CODES = MappingProxyType({area.name: area.code for area in areas.all_areas()})
_NO_AREA = "Not stated"


def controlled(key: str, value: Any) -> str:
    """A widget's key, its value set to what the plan says. What the person did was put into the plan before this run."""
    st.session_state[key] = value
    return key


def key_of(what: str, place: tuple[str, int, str]) -> str:
    return f"{what} {place[0]} {place[1]} {place[2]}"


def text_field(label: str, key: str, value: str, then: Callable[..., None], args: tuple[Any, ...]) -> None:
    """A text of a person's; why it was not taken stands below."""
    st.text_input(label, key=controlled(key, value), on_change=then, args=args, max_chars=200)
    if refused := session.said(key):
        st.caption(f":red[{refused}]")


def area_field(label: str, key: str, code: str, then: Callable[..., None], args: tuple[Any, ...]) -> None:
    name = areas.name_of(code) if code in areas.by_code() else _NO_AREA
    st.selectbox(label, [_NO_AREA, *AREAS], key=controlled(key, name), on_change=then, args=args)


def with_label(labels: Mapping[str, str], name: str, value: str) -> dict[str, str]:
    return {key: held for key, held in {**labels, name: value}.items() if held}


def as_label(key: str, name: str) -> str | None:
    """What was typed, as a plan holds it; None, with the reason left beside the field, where it is no such label."""
    typed = " ".join(str(st.session_state[key]).split())
    if name != "period" or not typed:
        return typed
    found = periods.parse(typed)
    if found is None:
        session.say(key, "Write a year (2024/25), a quarter (2024/25 Q1), a month (Apr 2024) or a day (14 Jan 2025).")
        return None
    return found.label
