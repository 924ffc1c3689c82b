"""The number 0 in a column of sexes: not known in the NHS, everyone in tables of the census. What the figures add up to tells."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mhequity.reading.applied import KNOWN, Applied, Figures, Labelled
from mhequity.reading.cells import OK

_EVERYONE = "Read as everyone: the figures of 1 and 2 add up to these."


def settle_zero(applied: Applied) -> None:
    """Rows whose sex is 0 are about everyone where their figures are, over the table, the sum of those of 1 and 2."""
    sexes = applied.labels.get("sex")
    if sexes is None or not {"0", "1", "2"} <= set(sexes.texts):
        return
    counts = [figures for slot in applied.slots for figures in slot.figures if figures.column.kind in ("count", "number")]
    if any(_adds_up(figures, sexes) for figures in counts):
        meanings = [
            replace(each, state=OK, value="", done=_EVERYONE) if text == "0" else each
            for text, each in zip(sexes.texts, sexes.meanings, strict=True)
        ]
        applied.labels["sex"] = replace(sexes, meanings=meanings)


def _adds_up(figures: Figures, sexes: Labelled) -> bool:
    """True where all these figures are known and those of 0, which are not nothing, are the sum of those of 1 and 2."""
    total, one, two = ((sexes.codes == sexes.texts.index(code)) for code in ("0", "1", "2"))
    if not figures.where(KNOWN)[total | one | two].all():
        return False
    value = figures.values
    whole, parts = float(value[total].sum()), float(value[one].sum() + value[two].sum())
    return whole > 0 and bool(np.isclose(whole, parts, rtol=1e-6, atol=0.5 if whole > 50 else 1e-9))
