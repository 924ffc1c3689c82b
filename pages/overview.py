"""What stands out here?"""

from mhequity.analysis import overview
from mhequity.ui import figures, overview_view
from mhequity.ui.pages import page

workspace, scope = page("What stands out here?")
found = overview.insights(workspace, scope)
figures.answer(overview.summary(found, scope))
overview_view.cards(workspace, found)
