"""Labels that the table of a figure has no column for: they stay in the name of its measure, so that no two figures share it.

A vacancy beside the staff of a group is an indicator, and indicators know no staff groups: ``Vacancies, Nursing``.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

from mhequity.reading.applied import Applied, Labelled, Slot

_OF_OTHERS = ("staff_group", "funding", "definition", "segment", "element")
"""Labels that only some tables have, and that tell their facts apart."""


def homeless_labels(applied: Applied, slot: Slot) -> list[Labelled]:
    """Columns of words that tell facts of other tables apart and have no place in this figure's."""
    if "measure" not in slot.table.names:
        return []
    return [applied.labels[name] for name in _OF_OTHERS if name in applied.labels and name not in (*slot.table.names, *slot.labels)]


def joined(measure: pa.DictionaryArray, endings: Sequence[pa.DictionaryArray]) -> pa.DictionaryArray:
    """Each row's measure with what stands behind it; a blank ending leaves it as it is."""
    whole = measure.cast(pa.string())
    for each in endings:
        text = each.cast(pa.string())
        whole = pc.if_else(pc.equal(text, ""), whole, pc.binary_join_element_wise(whole, text, ", "))
    return whole.dictionary_encode()
