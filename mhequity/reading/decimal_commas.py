"""Figures with a decimal comma (1.234,5), told from what a column and its neighbours hold, once for the whole column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow.compute as pc

from mhequity.reading import numbers
from mhequity.reading.grids import NUMBER, Strip
from mhequity.reading.profiles import Profile

SEMICOLON = ";"
"""What programs put between columns where the comma is taken for the decimals."""
_COMMA, _NUMBER = numbers.FORMS.index(numbers.COMMA), numbers.STATES.index(numbers.NUMBER)
_FEW = 4
"""A single figure such as 3,50, or one among more than so many such as 1,500, may be a slip, unless the file's separator speaks for it."""


@dataclass(frozen=True)
class Example:
    """A text that means one number with a decimal point and another, or none, with a decimal comma."""

    text: str
    british: float
    """NaN where it is no number in the British way."""
    continental: float


@dataclass(frozen=True)
class _Evidence:
    """How many rows speak for either way of writing."""

    comma: int
    """Rows that are numbers with a decimal comma only: ``12,5``, ``1.234,5``."""
    point: int
    """Rows that are numbers in the British way only: ``12.5``, ``1,234,567``."""
    either: int
    """Rows that are different numbers in each: ``1,500``."""


def as_written(columns: Sequence[Profile], separator: str) -> list[Profile]:
    """The columns of a table, those whose figures have a decimal comma marked as such.

    A column decides for itself where it can; where it cannot, it is written as the columns beside it are. Nothing is taken for
    continental against a figure that can only be British.
    """
    spoken = [at for at, each in enumerate(columns) if each.numbers >= 0.5 and _speaks(each.strip)]
    found = {at: _evidence(columns[at].strip) for at in spoken}
    decided = {at for at, held in found.items() if not held.point and (separator == SEMICOLON or _enough(held))}
    if not decided:
        return list(columns)
    found |= {at: _evidence(each.strip) for at, each in enumerate(columns) if at not in found and each.numbers >= 0.5}
    if not any(held.point for held in found.values()):
        decided |= {at for at, held in found.items() if held.either and (separator or _has_comma(columns[at].strip))}
    return [replace(each, strip=each.strip.with_decimal_comma()) if at in decided else each for at, each in enumerate(columns)]


def _enough(held: _Evidence) -> bool:
    return held.comma > 1 and _FEW * held.comma >= held.either


def example_of(strip: Strip) -> Example | None:
    """The first figure of a column that would be another number, or none, if it were written in the other way.

    None where no figure would, or where one that can only be British shows how the others are meant.
    """
    british, continental, held = _both(strip)
    if not strip.decimal_comma and (held & (british.state == _NUMBER) & (continental.state != _NUMBER)).any():
        return None
    differ = held & (continental.state == _NUMBER) & (continental.value != british.value)
    if not strip.decimal_comma:
        differ &= british.state == _NUMBER
    at = np.flatnonzero(differ)
    if not len(at):
        return None
    first = int(at[0])
    return Example(str(strip.values[first].as_py()), float(british.value[first]), float(continental.value[first]))


def could_be(strip: Strip, separator: str) -> bool:
    """True where a column may be written with decimal commas: any in a text file, one of texts with commas in a workbook."""
    return bool(separator) or _has_comma(strip)


def _speaks(strip: Strip) -> bool:
    return bool(((strip.numbers.form == _COMMA) & strip.held).any())


def _has_comma(strip: Strip) -> bool:
    figures = pc.match_substring(strip.values, ",").to_numpy(zero_copy_only=False) & (strip.kinds == NUMBER)
    return bool((figures & strip.held).any())


def _evidence(strip: Strip) -> _Evidence:
    british, continental, held = _both(strip)
    one, other = held & (british.state == _NUMBER), held & (continental.state == _NUMBER)
    counts = strip.counts
    return _Evidence(
        int(counts[other & ~one].sum()),
        int(counts[one & ~other].sum()),
        int(counts[one & other & (british.value != continental.value)].sum()),
    )


def _both(strip: Strip) -> tuple[numbers.Numbers, numbers.Numbers, np.ndarray]:
    """Each distinct text read in the British and the continental way, and whether any row holds it."""
    here, there = strip.numbers, numbers.parse_all(strip.values, not strip.decimal_comma)
    british, continental = (there, here) if strip.decimal_comma else (here, there)
    return british, continental, strip.held
