"""Are we getting where we said we would by 2028/29?"""

import streamlit as st

from mhequity.analysis import progress, sentences
from mhequity.ui import figures, progress_view
from mhequity.ui.pages import page

workspace, scope = page("Are we getting where we said we would by 2028/29?")
views = workspace.once(progress.target_views)
ambitions = workspace.once(progress.ambitions)
if ambitions.empty:
    figures.nothing("No strategy is loaded.", "ambitions")
    st.stop()
figures.answer(sentences.progress(ambitions, views))
progress_view.note_on_scope(scope, views)
progress_view.trajectories(workspace, views)
shown = progress_view.filters(ambitions)
if shown.empty:
    st.info("No ambition fits these filters. Take one off to see more.", icon=":material/filter_alt_off:")
progress_view.ambitions(shown)
progress_view.table(workspace, shown)
progress_view.actions(workspace)
progress_view.reviews(workspace)
