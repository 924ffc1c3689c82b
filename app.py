"""The front door: page set-up, navigation and the scope bar that every page shares."""

import gc
from pathlib import Path

import streamlit as st

from mhequity.ui import scope_bar
from mhequity.ui.pages import navigation, set_up

set_up()
st.session_state["_in_app"] = True


@st.cache_resource(show_spinner=False)
def freeze_what_starts_up() -> None:
    """Keep modules and published figures out of later garbage collections: they live as long as the server."""
    gc.collect()
    gc.freeze()


page = navigation()
st.html(Path(__file__).parent / "mhequity" / "ui" / "style.css")
with st.sidebar:
    scope_bar.scope_bar()
freeze_what_starts_up()
page.run()
