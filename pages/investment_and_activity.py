"""Does money follow need, and does activity follow money?"""

import streamlit as st

from mhequity.analysis import investment, sentences
from mhequity.ui import figures, investment_view
from mhequity.ui.pages import page

workspace, scope = page("Does money follow need, and does care follow money?")
top = st.container()
options = investment_view.options(workspace, scope)
if options is None:
    figures.nothing("No measure of care is loaded for three or more boroughs of this view.", "activity")
    st.stop()
frame = workspace.once(investment.spend_and_care, scope.whole, options.per, options.measure, options.outcome)
frame = investment.leave_each_out(scope.mark(frame))
with top:
    figures.answer(sentences.money_and_care(frame, scope, options.per, options.outcome.name))
if investment.complete(frame).empty:
    figures.nothing("No borough in view has both money and this measure of care for this year.", "investment")
    st.stop()
investment_view.picture(workspace, scope, options, frame)
