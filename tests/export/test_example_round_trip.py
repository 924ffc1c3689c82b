"""A template filled with everything the app starts with comes back exactly: the promise that nothing is lost or invented."""

from __future__ import annotations

import pandas as pd
import pytest

from mhequity import tables
from mhequity.export.template import template
from mhequity.reading import BLOCKED, read
from mhequity.workspace import Workspace, made_up, published


@pytest.mark.parametrize("workspace", [published(), made_up()], ids=["published", "made up"])
def test_a_template_filled_from_the_example_reads_back_exactly(workspace: Workspace) -> None:
    filled = {name: workspace.table(name) for name in tables.names() if len(workspace.table(name))}
    found = read(template(list(filled), filled), "filled.xlsx")
    assert [finding for finding in found.findings if finding.severity == BLOCKED] == []
    assert len(found.rejected) == 0
    assert set(found.tables) == set(filled)
    for name, frame in filled.items():
        pd.testing.assert_frame_equal(
            tables.conform(found.tables[name], name).drop(columns="source"),
            frame.drop(columns="source").reset_index(drop=True),
            check_exact=True,
        )
