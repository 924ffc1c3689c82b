"""NHS numbers: ten digits that pass their check more often than chance gives, or that are said to be NHS numbers."""

from __future__ import annotations

import math
import re

import numpy as np

from mhequity.reading.people.columns import SAMPLE, Column, is_figure

_NHS_HEADING = re.compile(r"\bnhs ?(?:no|num|number|nbr)s?\b")
_FIGURES_HEADING = re.compile(
    r"£|\b(?:gbp|amounts?|spend|spending|spent|budgets?|costs?|allocations?|funding|investments?|income|expenditure|money"
    r"|prices?|populations?|persons|totals?|sum)\b"
    r"|\b(?:19|20)\d\d\b"
)  # fmt: skip
_NHS_BEFORE = re.compile(r"nhs\W{0,3}(?:no|num|number|nbr)?\W{0,4}$", re.IGNORECASE)
_OTHER_BEFORE = re.compile(r"(?:isbn[\s:-]*(?:10)?[\s:-]*|\+\s?44\s?|\b0044\s?|https?://\S*)$", re.IGNORECASE)
_NOT_BEFORE = np.frombuffer(b".,$/+_-\xa3\xac#ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", np.uint8)
_NOT_AFTER = np.frombuffer(b"0123456789%ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_", np.uint8)
_GAPS = np.frombuffer(b" -", np.uint8)
_PLAIN_LENGTH, _SPACED_LENGTH = 10, 12
_MANY = 20_000


def find(column: Column) -> np.ndarray | None:
    """Distinct texts that are or hold NHS numbers, if the column does."""
    if not len(column.lengths) or column.lengths.max() < _PLAIN_LENGTH:
        return None
    positions = _ten_digits(column)
    said = _NHS_HEADING.search(column.heading) is not None
    hits = column.marked([])
    for length, starts in positions.items():
        if (
            not said
            and not column.letters
            and len(starts) > _MANY
            and _checked(column, starts[:: len(starts) // SAMPLE], length).mean() < 0.15
        ):
            continue  # ids of another kind
        starts, texts = column.within(starts, length)
        valid = _checked(column, starts, length)
        sure, stands = _context(column, starts, texts, length, valid)
        whole = column.lengths[texts] <= length + 2
        if said:
            hits[texts[whole | valid]] = True
            continue
        hits[texts[sure & valid]] = True
        for alone in (True, False):
            chosen = stands & (whole == alone)
            figures = alone and length == _PLAIN_LENGTH and _holds_figures(column)
            if _more_than_chance(int((valid & chosen).sum()), int(chosen.sum()), figures):
                hits[texts[valid & chosen]] = True
    return hits & column.used


def _ten_digits(column: Column) -> dict[int, np.ndarray]:
    """Where ten digits begin, together or written 3-3-4, by the length that they take."""
    digits, raw = column.digits, column.bytes[0]
    width = len(raw) - _PLAIN_LENGTH + 1
    fits = column.number_starts[:width] & digits[:width]
    for place in (5, 2, 8, 1, 4, 6, 9):  # digits either way
        fits &= digits[place : place + width]
    starts = np.flatnonzero(fits)
    together = digits[starts + 3] & digits[starts + 7]
    spaced = starts[np.isin(raw[starts + 3], _GAPS) & np.isin(raw[starts + 7], _GAPS) & (starts + _SPACED_LENGTH <= len(raw))]
    return {_PLAIN_LENGTH: starts[together], _SPACED_LENGTH: spaced[digits[spaced + 10] & digits[spaced + 11]]}


def _checked(column: Column, starts: np.ndarray, length: int) -> np.ndarray:
    """True where ten digits pass the modulus-11 check; ten times the same digit is a placeholder [NHS Data Dictionary, NHS NUMBER]."""
    raw = column.bytes[0]
    places = range(_PLAIN_LENGTH) if length == _PLAIN_LENGTH else (0, 1, 2, 4, 5, 6, 8, 9, 10, 11)
    total, same = np.zeros(len(starts), np.uint16), np.ones(len(starts), dtype=bool)
    first = raw[starts]
    for weight, place in zip(range(10, 0, -1), places, strict=True):
        digit = raw[starts + place]
        same &= digit == first
        total += (digit - np.uint8(48)) * np.uint16(weight)
    return np.asarray((total % 11 == 0) & ~same)


def _context(column: Column, starts: np.ndarray, texts: np.ndarray, length: int, valid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What stands around ten digits: True where it says NHS number; True where they stand by themselves."""
    raw, offsets = column.bytes
    begins, ends = offsets[texts], offsets[texts + 1]
    last = len(raw) - 1
    before = np.where(starts > begins, raw[np.maximum(starts - 1, 0)], 0)
    after = np.where(starts + length < ends, raw[np.minimum(starts + length, last)], 0)
    then = np.where(starts + length + 1 < ends, raw[np.minimum(starts + length + 1, last)], 0)
    stands = ~np.isin(before, _NOT_BEFORE) & ~np.isin(after, _NOT_AFTER)
    # 943.0 is a whole number as some programs write it; other digits after a point or comma make it a figure.
    nought = (after == 46) & (then == 48) & (starts + length + 2 == ends)
    stands &= ~(np.isin(after, np.frombuffer(b".,-", np.uint8)) & (then >= 48) & (then <= 57)) | nought
    sure, longer = np.zeros(len(starts), dtype=bool), (after >= 48) & (after <= 57)
    inside = np.flatnonzero(valid & (starts > begins))
    for at, text in zip(inside.tolist(), column.texts(texts[inside]), strict=True):
        left = text.encode()[: int(starts[at] - begins[at])].decode()[-40:]
        sure[at] = _NHS_BEFORE.search(left) is not None
        stands[at] &= _OTHER_BEFORE.search(left) is None
    return sure & ~longer, stands


def _holds_figures(column: Column) -> bool:
    """True for a column of sums, populations or other figures, in which ten digits are just a large one."""
    if _FIGURES_HEADING.search(column.heading):
        return True
    others = [text for text in column.sample if not re.fullmatch(r"'?[0-9]{10}(?:\.0)?", text)]
    return len(others) * 2 > len(column.sample) and sum(map(is_figure, others)) * 2 >= len(others)


def _more_than_chance(passed: int, of: int, figures: bool) -> bool:
    """True where more of the numbers pass the check than one in eleven does by chance (Chernoff's bound, 1 in 1,000)."""
    if not passed:
        return False
    share, chance = passed / of, 1 / 11
    if share >= 0.5 and not figures:
        return True
    rest = (of - passed) * math.log((1 - share) / (1 - chance)) if passed < of else 0.0
    return share >= 0.2 and passed * math.log(share / chance) + rest > math.log(1000)
