"""What have I loaded, what was understood, what needs my attention?"""

from mhequity.ui import your_data_view
from mhequity.ui.pages import page

workspace, scope = page("What is loaded, and what was understood?")
your_data_view.upload(workspace)
your_data_view.files()
your_data_view.loaded_tables(workspace)
your_data_view.small_counts()
your_data_view.templates(workspace)
