"""What have I loaded, what was understood, what needs my attention?"""

from mhequity.analysis import sentences
from mhequity.ui import figures, your_data_view
from mhequity.ui.pages import page

workspace, scope = page("What is loaded, and what was understood?")
figures.answer(sentences.loaded(workspace))
your_data_view.upload()
your_data_view.files()
your_data_view.loaded_tables(workspace)
your_data_view.templates(workspace)
