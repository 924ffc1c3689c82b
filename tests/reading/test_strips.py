"""A column of cells: what is known of its distinct texts, for all rows and for some of them."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from mhequity.reading.grids import BLANK, MARK, NUMBER, TEXT, strip_of

CELLS = st.lists(st.sampled_from(["", "Team", "12", "1,5", "*", "  Team ", "n/a", "0"]), max_size=60)


def look(text: str) -> int:
    """What these cells look like, by hand."""
    return {"": BLANK, "Team": TEXT, "*": MARK, "n/a": MARK}.get(text, NUMBER)


@given(CELLS, st.data())
def test_what_is_known_of_some_rows_is_what_they_hold(cells: list[str], data: st.DataObject) -> None:
    start, stop = sorted(data.draw(st.tuples(*[st.integers(0, len(cells))] * 2)))
    whole = strip_of(cells)
    assert data.draw(st.booleans()) or whole.counts.sum() == len(cells)
    for rows in (np.arange(start, stop), np.arange(len(cells))[::2], np.arange(start, stop)):
        held = [cells[row].strip() for row in rows]
        strip = whole.take(rows)
        assert [strip[at] for at in range(len(rows))] == held
        assert {text for text, there in zip(strip.texts, strip.held, strict=True) if there} == set(held)
        assert dict(zip(strip.texts, strip.counts.tolist(), strict=True)) == {text: held.count(text) for text in whole.texts}
        assert [strip.number_of(kind) for kind in range(4)] == [sum(look(text) == kind for text in held) for kind in range(4)]
        assert strip.full == ("" not in held)
        assert strip.blank.tolist() == [not text for text in held]
        assert strip.looks.tolist() == [look(text) for text in held]
