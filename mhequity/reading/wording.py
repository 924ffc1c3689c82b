"""What a heading or a title says in people's own words: its period, unit, group of people and area, and what is left.

Nothing is lost: what is not understood for sure stays in the text. Whole parts of a heading (``Female``, ``16-24``, ``Brent``)
become labels; the same words inside a longer name (``Female employment rate``) stay in it, because they tell measures apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mhequity import areas, periods
from mhequity.periods import Period
from mhequity.reading import period_forms
from mhequity.reading.recognising import (
    EVERYONE,
    PART_AT_END,
    PART_OF_YEAR,
    QUINTILE,
    UNIT_WORDS,
    clean,
    group,
    place,
    take_period,
    take_unit,
    tidy,
    together,
)

BETWEEN = " / "
"""What stands between the parts of a heading in its text."""


@dataclass(frozen=True)
class Heading:
    """A heading in its parts."""

    text: str
    """What is left once units, periods, groups and areas are taken out."""
    unit: str = ""
    """``GBP``, ``share``, ``people``, ``count``, ``days``, ``weeks``, ``months``, ``years``, ``hours``, ``minutes``, ``WTE``, ``score``, ``rank``,
    ``per 1,000`` and the like; empty where nothing says."""
    scale: float = 1.0
    """What figures are multiplied by: 1,000 for ``£000s``. 1 for ``%``, whose figures may come either way."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """``period``, ``area`` (a code), ``comparator``, ``sex``, ``age_band``, ``deprivation_quintile``, ``ethnic_group``."""


@dataclass(frozen=True)
class _Piece:
    """One part of a heading, understood on its own."""

    text: str = ""
    unit: str = ""
    scale: float = 1.0
    labels: Mapping[str, str] = field(default_factory=dict)
    period: Period | None = None
    period_words: str = ""
    """How the period was written, to be put back where two parts contradict each other."""
    everyone: str = ""
    """Words such as ``All ages``, which label nothing and count as text only where nothing else does."""


def simple(heading: str) -> str:
    """A heading without case, spaces, punctuation and units in brackets: ``Median days (days)`` to ``mediandays``."""
    return _letters(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", heading)) or _letters(heading)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold().replace("£", "gbp"))


# --- whole headings --------------------------------------------------------------------------------------------------

_SPLIT = re.compile(r"\s+[-–|/]\s+|\s*[:;|]\s+|,\s+|\s*[(\[]([^)\]]*)[)\]]\s*")
_NAMES_A_GROUP = {
    "age": "age_band", "age group": "age_band", "age band": "age_band", "sex": "sex", "gender": "sex", "quintile": "deprivation_quintile",
    "imd quintile": "deprivation_quintile", "deprivation quintile": "deprivation_quintile", "ethnicity": "ethnic_group",
    "ethnic group": "ethnic_group", "area": "area", "borough": "area", "local authority": "area", "period": "period", "month": "period",
    "year": "period", "financial year": "period", "quarter": "period",
}  # fmt: skip


def _understand_part(part: str, around: str) -> _Piece:
    """One row of a heading on its own; ``around`` is the rest of the heading."""
    text = tidy(part)
    if EVERYONE.fullmatch(text):
        return _Piece(everyone=text)
    if labels := group(text, around):
        return _Piece(labels=labels)
    if joined := period_forms.alone(text):
        return _Piece(period=joined, period_words=text)
    text, unit, scale = take_unit(text)
    if labels := place(text) if text else {}:
        return _Piece("", unit, scale, labels)
    text, period, words = take_period(text)
    piece = _Piece(text, unit, scale, {}, period, words)
    if EVERYONE.fullmatch(text):
        return replace(piece, text="", everyone=text)
    labels = {**group(text, around), **place(text)} if text else {}
    return replace(piece, text="", labels=labels) if labels else _without_segments(piece, around)


def _names_places(text: str) -> bool:
    """Whether more areas, or an organisation, are named: in ``Barnet, Enfield and Haringey`` no one borough is meant."""
    found = areas.match(text)
    return bool(found.provider or found.proposals or found.area)


def _without_segments(piece: _Piece, around: str) -> _Piece:
    """A one-row heading such as ``Contacts - Female`` or ``Population (18-64)``: segments that are wholly a group become labels."""
    segments = [segment.strip() for segment in _SPLIT.split(piece.text) if segment and segment.strip()]
    if len(segments) < 2 or QUINTILE.fullmatch(piece.text):
        return piece
    text, labels = piece.text, dict(piece.labels)
    for segment in segments:
        rest = piece.text.replace(segment, " ")
        found = group(segment, f"{around} {rest}") or ({} if _names_places(rest) else place(segment))
        clash = any(labels.get(name, value) != value for name, value in found.items())
        if (found and not clash) or EVERYONE.fullmatch(segment):
            shorter = clean(re.sub(rf"(?<!\w){re.escape(segment)}(?!\w)", " ", text, count=1))
            text, labels = (shorter, {**labels, **found}) if shorter else (text, labels)
    return replace(piece, text=text, labels=labels)


def understand(parts: Sequence[str]) -> Heading:
    """The parts of one column's heading, which may stand in several rows.

    Parameters
    ----------
    parts
        The heading's rows, top to bottom; blank ones are passed over.

    Returns
    -------
    Heading
        Where two rows contradict each other (two years, two areas) the words of both stay in the text and label nothing.

    Examples
    --------
    >>> understand(["2023/24", "Q1", "Spend (£000s)"])
    Heading(text='Spend', unit='GBP', scale=1000.0, labels={'period': '2023/24 Q1'})
    >>> understand(["Female employment rate (%) (2015)"])
    Heading(text='Female employment rate', unit='share', scale=1.0, labels={'period': '2015'})
    """
    rows = list(dict.fromkeys(row for row in map(tidy, parts) if row))
    pieces = [_understand_part(row, " ".join(other for other in rows if other != row)) for row in rows]
    pieces, period = _join_periods(pieces)
    said: dict[str, set[str]] = {}
    for name, value in (item for piece in pieces for item in piece.labels.items()):
        said.setdefault(name, set()).add(value)
    labels = {name: next(iter(values)) for name, values in said.items() if len(values) == 1}
    labels = ({"period": period.label} if period else {}) | labels
    texts = [piece.text if set(piece.labels) <= set(labels) else row for piece, row in zip(pieces, rows, strict=True)]
    left = [text for text in dict.fromkeys(texts) if text and _NAMES_A_GROUP.get(text.casefold()) not in labels]
    unit, scale = _join_units(pieces)
    everyone = next((piece.everyone for piece in pieces if piece.everyone), "")
    if not left and everyone and (not labels or everyone.casefold() in ("persons", "people")):
        left = [everyone]
    if not left and not labels and unit in UNIT_WORDS and unit != "share":
        left = [rows[-1]]  # "Days" and "WTE" are the name where nothing else is; "£000s" and "%" are only ever units
    return Heading(BETWEEN.join(left), unit, scale, labels)


def _join_units(pieces: Sequence[_Piece]) -> tuple[str, float]:
    """The unit and scale of the lowest row that has one."""
    unit = next((piece.unit for piece in reversed(pieces) if piece.unit), "")
    holders = [piece for piece in pieces if piece.unit in ("", unit) and (piece.unit or piece.scale != 1.0)]
    return unit, next((piece.scale for piece in reversed(holders) if piece.scale != 1.0), 1.0)


def _join_periods(pieces: list[_Piece]) -> tuple[list[_Piece], Period | None]:
    """The one period that the rows give together: a year over ``Q1`` or ``Apr`` is that quarter or month of it."""
    dated = [piece.period for piece in pieces if piece.period]
    period = together(dated)
    if dated and period is None:
        return [replace(piece, text=clean(f"{piece.text} {piece.period_words}")) for piece in pieces], None
    within = [(piece, found) for piece in pieces if (found := PART_OF_YEAR.fullmatch(piece.text) or PART_AT_END.search(piece.text))]
    if period is None or len(within) != 1 or period.kind not in ("year", "calendar year"):
        return pieces, period
    holder, words = within[0]
    part = next(filter(None, (words[0], *words.groups()))).strip()
    if finer := periods.in_year(part, period):
        rest = clean(holder.text[: words.start()] + " " + holder.text[words.end() :])
        return [replace(piece, text=rest) if piece is holder else piece for piece in pieces], finer
    if not re.match(r"q", part, re.I):
        return pieces, period
    # The first quarter of 2024 may be the calendar's or the NHS's, so the year alone would be wrong.
    return [replace(piece, text=clean(f"{piece.text} {piece.period_words}")) for piece in pieces], None


# --- titles ----------------------------------------------------------------------------------------------------------

_ABOUT_THE_FILE = re.compile(
    r"\b(?:published|publication|extracted|updated|printed|produced|created|run (?:on|date)|version|last (?:saved|refreshed)|next release|"
    r"released|crown copyright|source)\b",
    re.I,
)
_PLAIN_NAMES = re.compile(r"(?:sheet|data|table|tab|export|report|results|book)?\s*\d*|.*\.(?:xlsx?|xlsm|xlsb|csv|tsv|txt|ods|zip)", re.I)
_FIGURES_IN = re.compile(r"(?:all )?(?:figures|values|amounts|numbers|units?|costs)?:?(?: are)?(?: shown| stated| given)?(?: in)?", re.I)
_ENDING = re.compile(r"\.(?:xlsx?|xlsm|xlsb|csv|tsv|txt|ods|zip)$", re.I)


def context(texts: Sequence[str]) -> Heading:
    """What titles above a table, the sheet's name and the file's name say of every figure, nearest to the table first.

    Returns
    -------
    Heading
        ``text`` is the first title without its period, unit and groups. A label is given only where the texts agree: two
        different years, or two boroughs, give none. Lines about the file itself (published, extracted, source) give no period.

    Examples
    --------
    >>> context(["Mental health spend by borough, 2023/24 (£000s)", "Sheet1"])
    Heading(text='Mental health spend by borough', unit='GBP', scale=1000.0, labels={'period': '2023/24'})
    """
    pieces = [_understand_title(text) for text in texts if tidy(text)]
    pieces, period = _join_periods(pieces)
    unit, scale = next(((piece.unit, piece.scale) for piece in pieces if piece.unit or piece.scale != 1.0), ("", 1.0))
    labels = {"period": period.label} if period else {}
    for name in ("sex", "age_band", "deprivation_quintile", "ethnic_group", "comparator"):
        said = {piece.labels[name] for piece in pieces if name in piece.labels}
        labels |= {name: said.pop()} if len(said) == 1 else {}
    area = _one_area({piece.labels["area"] for piece in pieces if "area" in piece.labels})
    titles = [piece.text for piece in pieces if piece.text and not _PLAIN_NAMES.fullmatch(piece.text)]
    return Heading(titles[0] if titles else "", unit, scale, labels | ({"area": area} if area else {}))


def _understand_title(text: str) -> _Piece:
    """One title. Areas and years count wherever they stand in it."""
    line = tidy(_ENDING.sub("", text.strip()))
    if _ABOUT_THE_FILE.search(line):
        return _Piece(line)
    if labels := {**group(line, ""), **place(line)}:
        return _Piece(labels=labels)
    rest, unit, scale = take_unit(line)
    # A number or share that a title happens to name is not the unit of every column under it.
    unit, rest = (unit, rest) if unit in ("GBP", "WTE") or unit.startswith("per ") or re.search(r"[(\[]\s*%\s*[)\]]", line) else ("", line)
    rest, period, words = take_period(rest, anywhere=True)
    rest = "" if _FIGURES_IN.fullmatch(rest) else rest
    piece = _without_segments(_Piece(rest, unit, scale, {}, period, words), "")
    area = piece.labels.get("area") or _named_area(rest)
    return replace(
        piece, text="" if _ENDING.search(text.strip()) else piece.text, labels={**piece.labels, **({"area": area} if area else {})}
    )


def _named_area(line: str) -> str:
    """Code of the one area that a title names by its full name; nothing where it names several or an organisation."""
    if areas.match(line).provider:
        return ""
    words = f" {areas.normalise(line)} "
    named = [
        area
        for area in areas.all_areas()
        if f" {areas.normalise(area.name)} " in words or (area.level == "icb" and f" {area.system.casefold()} " in words)
    ]
    return _one_area({area.code for area in named})


def _one_area(codes: set[str]) -> str:
    """The one area, or the one borough of the one system named beside it."""
    named = [areas.by_code()[code] for code in sorted(codes)]
    inner = [area for area in named if area.level == "borough"]
    if len(named) == 1 or (len(inner) == 1 and {area.system for area in named} == {inner[0].system}):
        return (inner or named)[0].code
    return ""
