"""Figures whose unit stands in a column beside them: those of rows that say percent are kept as shares, as under a heading that does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from mhequity.reading import cells, numbers
from mhequity.reading.applied import KNOWN, Applied, Figures, Labelled
from mhequity.reading.cells import OK

_SCALED = "Percentages, read as shares: 12.5 in such a row is 12.5%, kept as 0.125."
_SHARES = "Read as shares: no figure of these rows is above 1, so these are taken for shares: 0.12 is 12%."


def keep_as_shares(applied: Applied) -> None:
    """The figures of an indicator in rows whose unit is ``%`` or ``Percentage``, as shares from 0 to 1.

    Whether 12.5 or 0.125 is written is decided once for all these rows, as for a column headed ``%``. Other rows stay as they are,
    and so does what is written with its own sign: 12.5%. A change may be above 1 or below 0.
    """
    units = applied.labels.get("unit")
    held = [figures for slot in applied.slots for figures in slot.figures if _is_plain_value(figures)]
    if units is None or not held:
        return
    of_text = np.array([each.state == OK and cells.is_percent(text) for text, each in zip(units.texts, units.meanings, strict=True)])
    if not of_text.any():
        return
    rows = of_text[units.codes]
    scaled = any(_most(figures, rows) > 1 + 1e-9 for figures in held)
    applied.labels["unit"] = _said(units, of_text, _SCALED if scaled else _SHARES)
    if scaled:
        applied.slots[:] = [
            replace(slot, figures=tuple(_shared(each, rows) if _is_plain_value(each) else each for each in slot.figures))
            for slot in applied.slots
        ]


def _is_plain_value(figures: Figures) -> bool:
    """True for a column of indicators' values whose own heading does not say percent."""
    return figures.plan.meaning == "indicators.value" and figures.plan.unit != "share" and figures.plan.scale == 1


def _said(units: Labelled, of_text: np.ndarray, done: str) -> Labelled:
    meanings = [replace(each, done=done) if says else each for each, says in zip(units.meanings, of_text, strict=True)]
    return replace(units, meanings=meanings)


def _plain(figures: Figures) -> np.ndarray:
    """True for each distinct text that is a number without a % sign."""
    return np.asarray((figures.state == KNOWN) & (figures.strip.numbers.form != numbers.FORMS.index(numbers.PERCENT)))


def _most(figures: Figures, rows: np.ndarray) -> float:
    """The largest of the figures in these rows, whatever its sign; 0 where there is none."""
    codes = np.unique(figures.strip.codes[rows])
    codes = codes[_plain(figures)[codes]]
    return float(np.abs(figures.value[codes]).max()) if len(codes) else 0.0


def _shared(figures: Figures, rows: np.ndarray) -> Figures:
    """A hundredth of the plain numbers in these rows. A text that stands in other rows too is one of its own in these."""
    strip, count = figures.strip, len(figures.value)
    codes = np.where(rows & _plain(figures)[strip.codes], strip.codes + count, strip.codes).astype(strip.codes.dtype)
    value = np.concatenate([figures.value, np.round(figures.value / 100, 12)])
    twice = replace(strip, values=pa.concat_arrays([strip.values, strip.values]), codes=codes)
    return replace(figures, strip=twice, value=value, state=np.concatenate([figures.state, figures.state]))
