"""The front door: page set-up, navigation and the scope bar that every page shares."""

import gc
from pathlib import Path

import streamlit as st

from mhequity import workspace
from mhequity.ui import scope_bar
from mhequity.ui.pages import navigation, set_up


@st.cache_resource(show_spinner="Opening the figures")
def start_up() -> None:
    """Read the examples once, while whoever comes first waits, not each of a room at once.

    What is there then lives as long as the server, so it is kept out of later garbage collections.
    """
    for name in workspace.EXAMPLES:
        workspace.example(name)
    gc.collect()
    gc.freeze()


set_up()
st.session_state["_in_app"] = True
start_up()
page = navigation()
st.html(Path(__file__).parent / "mhequity" / "ui" / "style.css")
with st.sidebar:
    scope_bar.scope_bar()
page.run()
