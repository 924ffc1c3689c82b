"""How much do services differ between boroughs, beyond chance?"""

import streamlit as st

from mhequity.analysis import variation_words
from mhequity.ui import between_groups_view, figures, variation_options, variation_view, words
from mhequity.ui.pages import page

workspace, scope = page("How much do services differ between boroughs, beyond chance?")
top = st.container()
options = variation_options.options(workspace, scope)
if options is None:
    figures.nothing(f"No measure is loaded for two or more boroughs of this view. {words.WHOLE_YEARS}", "indicators")
    st.stop()
frame = variation_view.result(workspace, scope, options)
with top:
    named = variation_options.title(options)
    figures.answer(variation_words.answer(frame, options.measure, scope, options.confidence, options.widened, named))
variation_view.picture(workspace, scope, options, frame)
variation_view.people(scope, options, frame)
between_groups_view.section(workspace, scope, options)
variation_view.method(workspace, scope, options, frame)
