"""Where is need going unmet?"""

import streamlit as st

from mhequity.ui import figures, small_areas_view, unmet_need_behind, unmet_need_groups_view, unmet_need_options, unmet_need_view, words
from mhequity.ui.pages import page

workspace, scope = page("Where is need going unmet?")
top = st.container()
options = unmet_need_options.options(workspace, scope)
if options is None:
    figures.nothing(f"No care is loaded for this view. {words.WHOLE_YEARS}", "activity")
    small_areas_view.section(workspace)
    st.stop()
frame = unmet_need_view.result(workspace, scope, options)
with top:
    figures.answer(unmet_need_behind.answer(workspace, scope, options, frame))
unmet_need_view.picture(workspace, scope, options, frame)
unmet_need_groups_view.section(workspace, scope, options)
small_areas_view.section(workspace)
