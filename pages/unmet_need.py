"""Where is need going unmet?"""

import streamlit as st

from mhequity.analysis import sentences
from mhequity.ui import figures, unmet_need_view
from mhequity.ui.pages import page

workspace, scope = page("Where is need going unmet?")
top = st.container()
options = unmet_need_view.options(workspace, scope)
if options is None:
    figures.nothing("No care is loaded for this view.", "activity")
    st.stop()
frame = unmet_need_view.result(workspace, scope, options)
with top:
    if options.equal_access:
        figures.answer(sentences.equal_access(frame, scope))
    else:
        figures.answer(sentences.treatment_gap(frame, scope, options.condition))
unmet_need_view.picture(workspace, scope, options, frame)
