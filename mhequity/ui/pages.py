"""Which pages there are, and how each begins."""

from __future__ import annotations

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from mhequity import tables
from mhequity.markdown import plain
from mhequity.scope import ALL_SERVICES, Scope, in_words
from mhequity.ui import scope_bar, session
from mhequity.workspace import COUNTS, MADE_UP, Workspace

TITLE = "Mental health equity"
FILES = {
    "overview": "pages/overview.py",
    "your_data": "pages/your_data.py",
    "unmet_need": "pages/unmet_need.py",
    "need_measures": "pages/need_measures.py",
    "investment": "pages/investment_and_activity.py",
    "variation": "pages/variation.py",
    "progress": "pages/progress.py",
}


def _made_up(workspace: Workspace) -> list[str]:
    """What is made up: titles of the tables that hold made-up rows, but for population, where only the groups are."""
    made_up = [table for table in tables.CATALOGUE if workspace.is_made_up(table.name)]
    names = [table.title.lower() for table in made_up if table.name != "population"]
    return names + ["residents by group"] * (len(names) < len(made_up))


def _small_counts(workspace: Workspace) -> str:
    """What is done with small counts, as it stands on every page."""
    own = any(not workspace.is_published(workspace.table(name)[tables.SOURCE]).all() for name in COUNTS)
    return workspace.policy.sentence if own else "Counts are shown as they were published."


def set_up() -> None:
    """Title and icon of the browser's tab. Without an icon of its own here the page's would be used, and fetched from elsewhere."""
    st.set_page_config(page_title=TITLE, page_icon="🧭", layout="wide")


def navigation() -> StreamlitPage:
    """Register the pages, in the order of a workshop."""
    return st.navigation(
        {
            "Start": [
                st.Page(FILES["overview"], title="Overview", icon=":material/lightbulb:", default=True),
                st.Page(FILES["your_data"], title="Your data", icon=":material/upload_file:"),
            ],
            "Need": [
                st.Page(FILES["unmet_need"], title="Unmet need", icon=":material/map:"),
                st.Page(FILES["need_measures"], title="Need measures", icon=":material/compare_arrows:"),
            ],
            "Money and care": [
                st.Page(FILES["investment"], title="Investment and activity", icon=":material/scatter_plot:"),
                st.Page(FILES["variation"], title="Variation", icon=":material/filter_alt:"),
            ],
            "Strategy": [st.Page(FILES["progress"], title="Progress", icon=":material/flag:")],
        }
    )


def page(question: str) -> tuple[Workspace, Scope]:
    """The first call of every page: its question, and what is in view.

    On a server that was just started, a link straight to a page runs that page's file without ``app.py``. Then the pages are
    registered here and the run starts again through ``app.py``.
    """
    if not st.session_state.pop("_in_app", False):
        set_up()
        navigation()
        st.rerun()
    workspace, scope = session.workspace(), scope_bar.current()
    st.title(question, anchor=False)
    service = "" if scope.service == ALL_SERVICES else f" · {plain(scope.service)}"
    st.caption(f"{scope.place} · {scope.year or 'no year'}{service} · {workspace.once(_small_counts)}")
    if st.session_state.get("figures") == MADE_UP:
        invented = in_words(workspace.once(_made_up))
        st.badge("Made-up example", icon=":material/science:", color="orange")
        st.caption(f"Invented: {invented}. Need and numbers of residents are published.")
    scope_bar.chips()
    return workspace, scope
