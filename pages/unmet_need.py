"""Where is need going unmet?"""

import streamlit as st

from mhequity.analysis import sentences, unmet_need
from mhequity.ui import figures, unmet_need_view
from mhequity.ui.pages import page

workspace, scope = page("Where is need going unmet?")
top = st.container()
options = unmet_need_view.options(workspace, scope)
if options is None:
    figures.nothing("No care is loaded for this view.", "activity")
    st.stop()
if options.equal_access:
    frame = scope.mark(workspace.once(unmet_need.equal_access_in, scope.whole, options.measure, options.care))
    sentence = sentences.equal_access(frame, scope)
else:
    frame = scope.mark(workspace.once(unmet_need.treatment_gap_in, scope.whole, options.care, options.age_band, *options.prevalence))
    sentence = sentences.treatment_gap(frame, scope, options.condition)
with top:
    figures.answer(sentence)
unmet_need_view.picture(workspace, scope, options, frame)
