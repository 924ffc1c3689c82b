"""A column as the checks for details of people look at it: its distinct texts, as bytes and by pattern."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mhequity.reading.grids import Strip

TEXT_TABLES = ("ambitions", "actions", "targets", "core_offer")
"""Tables of prose, which may speak of the people who are responsible."""
PLACES = ("sites", "places")
"""Tables in which names are those of places."""
SAMPLE = 1000
_ODD_SPACES = {"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2011": "-", "\u2013": "-"}


def plain(heading: str) -> str:
    """Lower case, words apart: ``PersonBirthDate`` and ``person_birth_date`` to ``person birth date``."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return " ".join(re.sub(r"[^0-9a-z£%]+", " ", apart.casefold().replace("'", "")).split())


@dataclass(frozen=True, eq=False)
class Column:
    """A column with what several of the checks need. All work is on the distinct texts."""

    at: int
    heading: str
    strip: Strip

    @cached_property
    def used(self) -> np.ndarray:
        """True for each distinct text that a row holds."""
        return self.strip.held

    @cached_property
    def sample(self) -> list[str]:
        """Up to a thousand of the distinct texts, from all parts of the column."""
        at = np.flatnonzero(self.used)
        chosen = at[np.linspace(0, len(at) - 1, min(len(at), SAMPLE)).astype(np.int64)]
        return [str(text) for text in self.strip.values.take(pa.array(chosen)).to_pylist() if text]

    def share(self, fits: Callable[[str], object]) -> float:
        """Share of the sample that fits."""
        return sum(1 for text in self.sample if fits(text)) / len(self.sample) if self.sample else 0.0

    @cached_property
    def values(self) -> pa.Array:
        """The distinct texts, odd spaces and hyphens made plain."""
        values = self.strip.values
        if (_bytes(values)[0] > 127).any():
            for odd, usual in _ODD_SPACES.items():
                values = pc.replace_substring(values, odd, usual)
        return values

    @cached_property
    def bytes(self) -> tuple[np.ndarray, np.ndarray]:
        return _bytes(self.values)

    @cached_property
    def lengths(self) -> np.ndarray:
        """Bytes of each distinct text."""
        return np.diff(self.bytes[1])

    @cached_property
    def letters(self) -> bool:
        """False for a column of numbers (1e-05 too), days and marks only; one or two passes over the bytes, which cost next to nothing."""
        raw = self.bytes[0]
        high = (raw & np.uint8(0x40)) != 0
        return bool(high.any() and (high & (raw | np.uint8(0x20) != 0x65)).any())

    @cached_property
    def digits(self) -> np.ndarray:
        """True for each byte that is a digit."""
        return (self.bytes[0] - np.uint8(48)) < 10

    @cached_property
    def number_starts(self) -> np.ndarray:
        """True for each byte with no digit before it in the same text; in columns without letters no decimal point either."""
        raw, offsets = self.bytes
        free = np.ones(len(raw), dtype=bool)
        np.logical_not(self.digits[:-1], out=free[1:])
        if not self.letters:
            free[1:] &= raw[:-1] != 46
        free[offsets[:-1][offsets[:-1] < len(raw)]] = True
        return free

    def within(self, positions: np.ndarray, length: int) -> tuple[np.ndarray, np.ndarray]:
        """The positions whose ``length`` bytes lie within one text, and the texts that they lie in."""
        offsets = self.bytes[1]
        if len(positions) == len(offsets) - 1 and (positions == offsets[:-1]).all():
            texts = np.arange(len(positions))
        else:
            texts = np.searchsorted(offsets, positions, side="right") - 1
        inside = positions + length <= offsets[texts + 1]
        return (positions, texts) if inside.all() else (positions[inside], texts[inside])

    def texts(self, at: np.ndarray) -> list[str]:
        return [str(text) for text in self.values.take(pa.array(at)).to_pylist()]

    def marked(self, at: np.ndarray | Sequence[int]) -> np.ndarray:
        """True for the distinct texts at these positions."""
        hits = np.zeros(len(self.strip.values), dtype=bool)
        hits[np.asarray(at, dtype=np.int64)] = True
        return hits

    def like(self, pattern: str, among: np.ndarray | None = None) -> np.ndarray:
        """True for the distinct texts that hold the pattern; only those ``among`` are looked at."""
        if among is None:
            return np.asarray(pc.match_substring_regex(self.values, pattern).to_numpy(zero_copy_only=False))
        at = np.flatnonzero(among)
        fits = pc.match_substring_regex(self.values.take(pa.array(at)), pattern).to_numpy(zero_copy_only=False)
        return self.marked(at[fits])


def _bytes(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """All texts as one run of bytes, and where each begins (and the last ends)."""
    width = np.int64 if pa.types.is_large_string(values.type) else np.int32
    _, starts, content = values.buffers()
    offsets = np.frombuffer(starts, width)[values.offset : values.offset + len(values) + 1]
    raw = np.frombuffer(content, np.uint8) if content else np.zeros(0, np.uint8)
    return raw[offsets[0] : offsets[-1]], offsets - offsets[0]


def is_figure(text: str) -> bool:
    """True for a number as people write it: with commas, a pound sign, brackets, a power or a percent sign."""
    return re.fullmatch(r"[-+(]?£?[\d,.]+(?:e[-+]?\d+)?\)?%?", text, re.ASCII | re.IGNORECASE) is not None
