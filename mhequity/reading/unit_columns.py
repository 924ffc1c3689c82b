"""Figures whose unit stands in a column beside them: those of rows that say percent are kept as shares, as under a heading that does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from mhequity.reading import cells, numbers
from mhequity.reading.applied import KNOWN, Applied, Figures, Labelled
from mhequity.reading.cells import MISSING, OK, Understood
from mhequity.tables import kind

_SAYS_PERCENT = re.compile(
    r"^(?:percentage|percent|per cent|%|proportion)(?! points?\b)\b|\b(?:percentage|percent|per cent|proportion)$|%\)?$|^% ", re.IGNORECASE
)
_SCALED = "Percentages, read as shares: 12.5 in such a row is 12.5%, kept as 0.125."
_SHARES = "Read as shares: no figure of these rows is above 1, so these are taken for shares: 0.12 is 12%."


def keep_as_shares(applied: Applied) -> None:
    """The figures of an indicator in rows whose unit is ``%`` or ``Percentage``, as shares from 0 to 1.

    Whether 12.5 or 0.125 is written is decided once for all these rows, as for a column headed ``%``. Other rows stay as they are,
    and so does what is written with its own sign: 12.5%. A change may be above 1 or below 0.
    """
    units = applied.labels.get("unit")
    held = [figures for slot in applied.slots for figures in slot.figures if _is_plain_value(figures)]
    if units is None:
        _by_measure(applied, held)
        return
    if not held:
        return
    of_text = np.array([each.state == OK and cells.is_percent(text) for text, each in zip(units.texts, units.meanings, strict=True)])
    if not of_text.any():
        return
    rows = of_text[units.codes]
    scaled = any(_most(figures, rows) > 1 + 1e-9 for figures in held)
    applied.labels["unit"] = _said(units, of_text, _SCALED if scaled else _SHARES)
    if scaled:
        _share_rows(applied, rows)


def _by_measure(applied: Applied, held: Sequence[Figures]) -> None:
    """The same in a table of many measures without a column of units, for those whose names say percent, each decided by itself."""
    measures = applied.labels.get("measure")
    if measures is None or len(held) != 1 or held[0].plan.unit or "unit" in applied.plan.labels:
        return
    named = [at for at, each in enumerate(measures.meanings) if each.state == OK and _SAYS_PERCENT.search(each.value.replace("_", " "))]
    rows_of = {at: measures.codes == at for at in named}
    large = {at for at, rows in rows_of.items() if _most(held[0], rows) > 1 + 1e-9}
    meanings = [
        Understood(OK, "share", done=_SCALED if at in large else _SHARES, kind="units") if at in rows_of else Understood(MISSING)
        for at in range(len(measures.texts))
    ]
    if named:
        unit = kind("indicators").column("unit")
        applied.labels["unit"] = Labelled(measures.texts, meanings, measures.codes, unit, measures.letters)
    if large:
        _share_rows(applied, np.logical_or.reduce([rows_of[at] for at in large]))


def _share_rows(applied: Applied, rows: np.ndarray) -> None:
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
