"""Numbers as people write them, and the marks that stand for a missing or a suppressed one (domain notes, section 2)."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

NAN = float("nan")

NUMBER, MISSING, SUPPRESSED, UNREADABLE = "number", "missing", "suppressed", "unreadable"
PLAIN, PERCENT, WRITTEN, COMMA, NOTED = "plain", "percent", "written", "comma", "noted"

_SUPPRESSED = {"*", "c", "[c]", "suppressed", "redacted"}
_BELOW = re.compile(r"(?:<|≤|<=|less than|fewer than|under|below)\s?\d+")
_MISSING = {"", "-", "–", "—", ".", "..", ":", "!", "na", "n/a", "nan", "x", "[x]", "z", "[z]", "#n/a", "#div/0!", "null", "none"}
_MINUS = str.maketrans(dict.fromkeys("−‒–﹣－", "-"))
_SWAP = str.maketrans(".,", ",.")
_INTERVAL = re.compile(r"(?<=[\d%])\s?[(\[]\s?-?[\d.]+\s?%?\s?(?:-|to|,)\s?-?[\d.]+\s?%?\s?[)\]]$")
"""The interval that a publisher writes behind a figure: ``6.5 (5.0-8.0)``."""
SHARE_BEHIND = r"[\d*c\]]\s?[(\[]\s?\d{1,3}(?:\.\d+)?\s?%\s?[)\]]$"
"""A figure's share of its total, written behind it: ``45 (12%)``."""
NOTE_BEHIND = (
    r"[\d%)]\s?(?:\*{1,3}|[¹²³⁰⁴-⁹†‡§]+|\((?:p|r|e|prov|provisional|rev|revised|est|estimated?)\)|\[(?:p|r|e|(?:note )?\d{1,2})\])$|\dr$"
)
"""A mark that sends the reader to a footnote, or says that a figure is provisional or revised: ``120*``, ``1,200²``, ``120 (p)``."""
_SHARE_BEHIND = re.compile(SHARE_BEHIND)
_NOTE_BEHIND = re.compile(NOTE_BEHIND)
_DIGITS = r"(?:[1-9]\d{0,2}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d*)?|\.\d+"
_NUMBER = re.compile(
    rf"(?P<sign>[-+]?)\s?(?P<pound>£?)\s?(?P<inner>[-+]?)(?P<digits>{_DIGITS})(?P<power>e[-+]?\d{{1,3}})?"
    r"\s?(?P<scale>k|m|bn|thousand|million|billion|%|)",
    re.ASCII,
)
_SCALES = {"": 0, "k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9, "%": -2}


@dataclass(frozen=True)
class Number:
    """A cell of a column of numbers: what it holds (``state``), its value, and how it was written (``form``)."""

    state: str
    """``number``, ``missing``, ``suppressed`` or ``unreadable``; all but the first have no value (NaN)."""
    value: float = NAN
    form: str = PLAIN
    """``plain``, ``percent`` (a share written as 12.5%), ``written`` (with £, brackets, k, m ...), ``noted`` (a plain number with its
    share or a footnote's mark behind it), or, of what is unreadable, ``comma`` where it would be a number with a decimal comma
    (``12,5``)."""


def is_missing_mark(text: str) -> bool:
    """True for blank and for the marks that publishers use for "no figure"."""
    return text.strip().casefold() in _MISSING


def parse(cell: object) -> Number:
    """Read one cell of a column of numbers.

    Parameters
    ----------
    cell
        A number as a workbook stores it, text, or anything else a cell can hold.

    Returns
    -------
    Number
        Never zero for a missing or suppressed cell. A date or TRUE/FALSE is no number.

    Examples
    --------
    >>> parse("£1.2m").value, parse("(1,200)").value, parse("12.5%").value
    (1200000.0, -1200.0, 0.125)
    >>> parse("<5").state, parse("..").state, parse("about 40").state
    ('suppressed', 'missing', 'unreadable')
    >>> parse("45 (12%)").value, parse("120*").value, parse("(120)").value, parse("<5 (12%)").state
    (45.0, 120.0, -120.0, 'suppressed')
    """
    if cell is None:
        return Number(MISSING)
    if isinstance(cell, bool):
        return Number(UNREADABLE)
    if isinstance(cell, (int, float)):
        return _stored(cell)
    return _parse_text(cell) if isinstance(cell, str) else Number(UNREADABLE)


def _stored(cell: int | float) -> Number:
    """A typed number; one too large for a float is unreadable."""
    try:
        value = float(cell)
    except OverflowError:
        return Number(UNREADABLE)
    if math.isnan(value):
        return Number(MISSING)
    return Number(NUMBER, value) if math.isfinite(value) else Number(UNREADABLE)


def _parse_text(cell: str) -> Number:
    text = " ".join(cell.split()).casefold()
    if text in _MISSING:
        return Number(MISSING)
    whole, text = text, _without_notes(text)
    if text in _SUPPRESSED or _BELOW.fullmatch(text):
        return Number(SUPPRESSED)
    number = _number(text)
    if text != whole:
        return Number(number.state, number.value, NOTED) if number.form == PLAIN and number.state == NUMBER else number
    # Only what cannot be read in the British way can show that a column is written in the continental one.
    if number.state == UNREADABLE and ("," in text or text.count(".") > 1) and _number(swapped(text)).state == NUMBER:
        return Number(UNREADABLE, form=COMMA)
    return number


def _without_notes(text: str) -> str:
    """The text without a share or a footnote's mark behind its figure."""
    for pattern in (_NOTE_BEHIND, _SHARE_BEHIND):
        if found := pattern.search(text):
            text = text[: found.start() + 1].rstrip()
    return text


def swapped(text: str) -> str:
    """``1.234,5`` as ``1,234.5``, and the other way round."""
    return text.translate(_SWAP)


def _number(whole: str) -> Number:
    whole = whole.translate(_MINUS)
    text = _INTERVAL.sub("", whole)
    bracketed = re.fullmatch(r"(£?)\s?\((.+)\)", text)
    found = _NUMBER.fullmatch(bracketed[1] + bracketed[2].strip() if bracketed else text)
    number = _from_parts(found, bracketed is not None) if found else Number(UNREADABLE)
    return number if text == whole or number.form != PLAIN else Number(number.state, number.value, WRITTEN)


def _from_parts(found: re.Match[str], bracketed: bool) -> Number:
    signs = found["sign"] + found["inner"]
    share = found["scale"] == "%"
    # A sign on both sides of the pound, a minus inside accounting brackets, or a share in pounds: no telling what is meant.
    if len(signs) > 1 or (bracketed and signs) or (share and found["pound"]):
        return Number(UNREADABLE)
    # Decimal, because 1.1 * 1_000_000 in floats is 1100000.0000000001.
    digits = re.sub(r"[, ]", "", found["digits"])
    value = float(Decimal(f"{digits}{found['power'] or ''}").scaleb(_SCALES[found["scale"]]))
    if not math.isfinite(value):
        return Number(UNREADABLE)
    if bracketed or signs == "-":
        value = -value
    written = bracketed or found["pound"] or found["scale"]
    return Number(NUMBER, value, PERCENT if share else WRITTEN if written else PLAIN)


STATES = (MISSING, SUPPRESSED, UNREADABLE, NUMBER)
FORMS = (PLAIN, PERCENT, WRITTEN, COMMA, NOTED)
_PLAIN = r"^-?\d{1,17}(?:\.\d{1,20})?(?:[eE][-+]?\d{1,2})?$"
# Only texts that begin like a number and are made of its signs, or are short enough for a mark, are worth a closer look.
_WORTH = r"^[\s(+\-−‒–﹣－£<≤.\d][\s\d.,£()\[\]%+\-−‒–﹣－<≤=a-zA-Z*†‡§¹²³⁰⁴-⁹]{0,40}$|^.{0,7}$|^(?i:less|fewer|under|below|suppressed|redacted)[\s\w]{0,12}$"


@dataclass(frozen=True, eq=False)
class Numbers:
    """Many texts read as numbers: arrays of the same length as the texts."""

    value: np.ndarray
    """float64; NaN where there is no number."""
    state: np.ndarray
    """int8, positions in :data:`STATES`."""
    form: np.ndarray
    """int8, positions in :data:`FORMS`."""


def parse_all(texts: pa.Array, decimal_comma: bool = False) -> Numbers:
    """Read each text as :func:`parse` does; plain numbers all at once. With ``decimal_comma`` 1.234,5 is 1234.5."""
    if decimal_comma:
        texts = _all_swapped(texts)
    value = np.full(len(texts), NAN)
    state = np.full(len(texts), STATES.index(UNREADABLE), dtype=np.int8)
    form = np.zeros(len(texts), dtype=np.int8)
    plain = pc.match_substring_regex(texts, _PLAIN)
    at = plain.to_numpy(zero_copy_only=False)
    value[at] = pc.cast(texts.filter(plain), pa.float64()).to_numpy()
    state[at] = STATES.index(NUMBER)
    if not at.all():
        closer = pc.and_not(pc.match_substring_regex(texts, _WORTH), plain)
        for i, text in zip(np.flatnonzero(closer.to_numpy(zero_copy_only=False)), texts.filter(closer).to_pylist(), strict=True):
            number = _parse_text(text)
            value[i], state[i], form[i] = number.value, STATES.index(number.state), FORMS.index(number.form)
    return Numbers(value, state, form)


def _all_swapped(texts: pa.Array) -> pa.Array:
    """Points for commas and commas for points, in texts with a digit: a point alone is a mark."""
    held = pc.replace_substring(pc.replace_substring(texts, ".", "\0"), ",", ".")
    return pc.if_else(pc.match_substring_regex(texts, r"\d"), pc.replace_substring(held, "\0", ","), texts)
