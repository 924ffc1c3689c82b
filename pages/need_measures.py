"""Do the measures of need agree?"""

import streamlit as st

from mhequity.analysis import need_measure_sentences, need_measures
from mhequity.ui import figures, need_agreement_view, need_measures_view, need_weights_view
from mhequity.ui.pages import page

workspace, scope = page("Do the measures of need agree?")
top = st.container()
if len(workspace.once(need_measures.offered)) < need_measures.FEWEST:
    figures.nothing("Fewer than two measures of need are loaded, so there is nothing to compare.", "indicators")
    st.stop()
options = need_measures_view.options(workspace, scope)
if len(options.chosen) < need_measures.FEWEST:
    st.info("Choose two measures or more to set them side by side.", icon=":material/checklist:")
    st.stop()
frame = workspace.once(need_measures.compared, scope.system_codes, options.chosen)
moves = scope.mark(workspace.once(need_measures.moves_in, scope.system_codes, options.chosen))
with top:
    figures.answer(need_measure_sentences.moved(moves, scope, options.most))
ranks, agreement, weights = need_measures_view.parts()
with ranks:
    if ranks.open:
        need_measures_view.side_by_side(workspace, scope, options, frame, moves)
        need_measures_view.who_moves(workspace, scope, options, moves)
with agreement:
    if agreement.open:
        need_agreement_view.agree(workspace, scope, options)
with weights:
    need_weights_view.weighting(workspace, scope, options, drawn=bool(weights.open))
need_measures_view.how(workspace, frame)
