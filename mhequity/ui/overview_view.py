"""The findings of the front page as cards, each with a way to the view that shows it."""

from __future__ import annotations

import html

import streamlit as st

from mhequity.analysis.overview import Insight
from mhequity.ui import words
from mhequity.ui.pages import FILES
from mhequity.workspace import Workspace

_LINKS = {
    "unmet_need": "See unmet need",
    "need_measures": "See need measures",
    "investment": "See investment and activity",
    "progress": "See progress",
    "your_data": "See your data",
}


def cards(workspace: Workspace, insights: list[Insight]) -> None:
    """Three cards a row on a screen, one below the other on a phone."""
    for start in range(0, len(insights), 3):
        for column, insight in zip(st.columns(3, gap="medium"), insights[start : start + 3], strict=False):
            with column, st.container(border=True, height="stretch"):
                _card(workspace, insight)


def _card(workspace: Workspace, insight: Insight) -> None:
    sources = workspace.named(insight.sources)
    st.subheader(insight.heading, anchor=False)
    st.html(f'<div class="figure">{html.escape(insight.figure)}</div>')
    if any(source.made_up for source in sources):
        st.badge("Made-up figures", icon=":material/science:", color="orange")
    st.markdown(insight.sentence)
    if insight.basis:
        publishers = "; ".join(dict.fromkeys(words.plain(source.publisher) for source in sources))
        st.caption(
            f"{words.plain(insight.basis[0].upper() + insight.basis[1:])}. Source: {publishers}; titles and what to mind are on the page."
        )
    st.page_link(FILES[insight.page], label=_LINKS[insight.page], icon=":material/arrow_forward:")
