"""Personal data in a table that someone uploads: seen from headings and contents, so that it is stopped before anything is kept.

What can be told from contents, and what cannot:

- NHS numbers carry a check digit that one in eleven other ten-digit numbers also passes. So a column counts as holding them where clearly
  more pass than chance gives, where at least half pass and nothing says that it holds sums or populations, or where heading or text says
  "NHS number". One NHS number among many ten-digit numbers of another kind cannot be told from them.
- Names are told by the heading, or by their shape together with common forenames. One person's name among names of services is not found.
- Notes are found where they speak of one person ("she reports", "pt attended", "Mr K"), not where they say little ("letter sent").
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mhequity.areas import all_areas
from mhequity.reading.grids import Strip

NHS_NUMBERS, BIRTH_DATES, NAMES = "NHS numbers", "dates of birth", "names of people"
POSTCODES, EMAILS, PHONES, NOTES = "full postcodes beside names", "email addresses", "phone numbers", "notes about people"

_TEXT_TABLES = ("ambitions", "actions", "targets", "core_offer")
_PLACES = ("sites", "places")
_SAMPLE = 1000
_ODD_SPACES = {"\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u2011": "-", "\u2013": "-"}


@dataclass(frozen=True)
class Personal:
    """Personal data seen in one column."""

    at: int
    """Position of the column."""
    what: str
    """In words, such as ``NHS numbers`` or ``names of people``."""
    count: int
    """Number of cells that look so."""
    first_row: int
    """Row of the first of them, counted from 0."""


def scan(headings: Sequence[str], strips: Sequence[Strip], kind: str = "") -> list[Personal]:
    """Personal data in a table's body.

    Parameters
    ----------
    headings
        One a column; may be empty.
    strips
        The columns' body rows, without headings, titles and notes.
    kind
        The catalogue's table that the rows are taken for, or empty. ``contacts`` is record level. Phone numbers are expected of
        ``sites``; tables of prose (``ambitions``, ``actions`` ...) may speak of the people who are responsible.

    Returns
    -------
    list of Personal
        By column; empty where nothing was seen. One column can hold several kinds.

    Examples
    --------
    >>> from mhequity.reading.grids import strip_of
    >>> scan(["ref"], [strip_of(["943 476 5919", "401-023-2137"])])
    [Personal(at=0, what='NHS numbers', count=2, first_row=0)]
    """
    columns = [
        _Column(at, _plain(heading), strip) for at, (heading, strip) in enumerate(zip(headings, strips, strict=True)) if len(strip.codes)
    ]
    days = {column.at: _days(column) for column in columns}
    latest = max((int(dates[column.used].max()) for column in columns if (dates := days[column.at]) is not None), default=_NO_DAY)
    found: list[Personal | None] = []
    for column in columns:
        found += [
            column.found(NHS_NUMBERS, _nhs_numbers(column)),
            column.found(BIRTH_DATES, _birth_dates(column, days[column.at], latest, kind)),
            column.found(NAMES, _names(column, kind)),
            column.found(EMAILS, _emails(column)),
            column.found(PHONES, _phones(column) if kind != "sites" else None),
            column.found(NOTES, _notes(column, kind)),
        ]
    if any(each and each.what == NAMES for each in found):
        found += [column.found(POSTCODES, _postcodes(column)) for column in columns]
    return sorted((each for each in found if each), key=lambda each: each.at)


def _plain(heading: str) -> str:
    """Lower case, words apart: ``PersonBirthDate`` and ``person_birth_date`` to ``person birth date``."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", heading)
    return " ".join(re.sub(r"[^0-9a-z£%]+", " ", apart.casefold().replace("'", "")).split())


@dataclass(frozen=True, eq=False)
class _Column:
    """A column with what several of the checks need. All work is on the distinct texts."""

    at: int
    heading: str
    strip: Strip

    @cached_property
    def used(self) -> np.ndarray:
        """True for each distinct text that a row holds."""
        used = np.zeros(len(self.strip.values), dtype=bool)
        used[self.strip.codes] = True
        return used

    @cached_property
    def sample(self) -> list[str]:
        """Up to a thousand of the distinct texts, from all parts of the column."""
        at = np.flatnonzero(self.used)
        chosen = at[np.linspace(0, len(at) - 1, min(len(at), _SAMPLE)).astype(np.int64)]
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

    def found(self, what: str, hits: np.ndarray | None) -> Personal | None:
        """What the rows hold of the distinct texts that were hit."""
        if hits is None or not hits.any():
            return None
        rows = hits[self.strip.codes]
        count = int(rows.sum())
        return Personal(self.at, what, count, int(rows.argmax())) if count else None


def _bytes(values: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """All texts as one run of bytes, and where each begins (and the last ends)."""
    width = np.int64 if pa.types.is_large_string(values.type) else np.int32
    _, starts, content = values.buffers()
    offsets = np.frombuffer(starts, width)[values.offset : values.offset + len(values) + 1]
    raw = np.frombuffer(content, np.uint8) if content else np.zeros(0, np.uint8)
    return raw[offsets[0] : offsets[-1]], offsets - offsets[0]


def _numeric(text: str) -> bool:
    return re.fullmatch(r"[-+(]?£?[\d,.]+(?:e[-+]?\d+)?\)?%?", text, re.ASCII | re.IGNORECASE) is not None


# NHS numbers

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


def _nhs_numbers(column: _Column) -> np.ndarray | None:
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
            and _checked(column, starts[:: len(starts) // _SAMPLE], length).mean() < 0.15
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


def _ten_digits(column: _Column) -> dict[int, np.ndarray]:
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


def _checked(column: _Column, starts: np.ndarray, length: int) -> np.ndarray:
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


def _context(column: _Column, starts: np.ndarray, texts: np.ndarray, length: int, valid: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
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


def _holds_figures(column: _Column) -> bool:
    """True for a column of sums, populations or other figures, in which ten digits are just a large one."""
    if _FIGURES_HEADING.search(column.heading):
        return True
    others = [text for text in column.sample if not re.fullmatch(r"'?[0-9]{10}(?:\.0)?", text)]
    return len(others) * 2 > len(column.sample) and sum(map(_numeric, others)) * 2 >= len(others)


def _more_than_chance(passed: int, of: int, figures: bool) -> bool:
    """True where more of the numbers pass the check than one in eleven does by chance (Chernoff's bound, 1 in 1,000)."""
    if not passed:
        return False
    share, chance = passed / of, 1 / 11
    if share >= 0.5 and not figures:
        return True
    rest = (of - passed) * math.log((1 - share) / (1 - chance)) if passed < of else 0.0
    return share >= 0.2 and passed * math.log(share / chance) + rest > math.log(1000)


# Dates of birth

_BIRTH = re.compile(r"\b(?:dob|d o b|dates? of birth|birth ?dates?|birthdays?|born)\b")
_NO_BIRTH = re.compile(
    r"\b(?:open|clos|start|end|period|report|establish|publi|built|regist|effective|commission|inspect|updat|census|found"
    r"|launch|contract|review|due"
    r"|from|to$|accredit|valid|refer|contact|seen|admi|discharg|appoint|month|week|quarter|year)"
)  # fmt: skip
_DATE_FORMS = tuple(
    (re.compile(pattern, re.ASCII), form)
    for pattern, form in (
        (r"\d{4}-\d\d-\d\d(?:[ T]00:00(?::00)?)?", "%Y-%m-%d"),
        (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"),
        (r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y"),
        (r"\d{1,2}\.\d{1,2}\.\d{4}", "%d.%m.%Y"),
        (r"\d{1,2}-[A-Za-z]{3}-\d{4}", "%d-%b-%Y"),
        (r"\d{1,2} [A-Za-z]{3} \d{4}", "%d %b %Y"),
        (r"\d{1,2} [A-Za-z]{4,9} \d{4}", "%d %B %Y"),
        (r"\d{1,2}/\d{1,2}/\d\d", "%d/%m/%y"),
    )
)
_A_YEAR = 365.25
_FEW_DATES = 8


def _days(column: _Column) -> np.ndarray | None:
    """Each distinct text as a day since 1970 (a very early one where it is none), if the column is one of dates."""
    counts = [(sum(1 for text in column.sample[:100] if pattern.fullmatch(text)), form) for pattern, form in _DATE_FORMS]
    most, form = max(counts, key=lambda each: each[0])
    wanted = 1 if _BIRTH.search(column.heading) else max(1, 0.6 * len(column.sample[:100]))
    if most < wanted:
        return None
    texts = pc.utf8_slice_codeunits(column.values, 0, 10) if form == "%Y-%m-%d" else column.values
    moments = pc.strptime(texts, format=form, unit="s", error_is_null=True)
    return np.asarray(pc.fill_null(pc.cast(moments, pa.int64()), _NO_DAY * 86400).to_numpy(zero_copy_only=False)) // 86400


_NO_DAY = -1_000_000


def _birth_dates(column: _Column, days: np.ndarray | None, latest: int, kind: str) -> np.ndarray | None:
    """Distinct texts that are dates of birth, by the heading or, failing that, by how they spread."""
    if days is None:
        return None
    dates = (days > _NO_DAY) & column.used
    if _BIRTH.search(column.heading):
        return np.asarray(dates)
    if kind in (*_TEXT_TABLES, *_PLACES) or _NO_BIRTH.search(column.heading) or int(dates.sum()) < _FEW_DATES:
        return None
    return np.asarray(dates) if _spread_like_births(days[dates], days[column.strip.codes], latest) else None


def _spread_like_births(distinct: np.ndarray, by_row: np.ndarray, latest: int) -> bool:
    """Mostly over 14 years old, over more than 20 years, on all days of month and week, and in no order: not a series of periods."""
    by_row = by_row[by_row > _NO_DAY]
    if (by_row < latest - 14 * _A_YEAR).mean() <= 0.5 or distinct.max() - distinct.min() <= 20 * _A_YEAR:
        return False
    days = distinct.astype("datetime64[D]")
    first = days == days.astype("datetime64[M]").astype("datetime64[D]")
    last = (days + 1) == (days + 1).astype("datetime64[M]").astype("datetime64[D]")
    if (first | last).mean() >= 0.5 or len(np.unique(distinct % 7)) < 3:
        return False
    steps = np.diff(by_row)
    ups, downs = int((steps > 0).sum()), int((steps < 0).sum())
    return 0.15 <= ups / max(ups + downs, 1) <= 0.85


# Names of people

_PERSON = (
    r"(?:patient|client|service user|person|child|resident|su|pt|yp|young person|carer|next of kin|nok|staff|staff member"
    r"|employee|clinician|practitioner|key ?worker|care co ?ordinator|psychiatrist|consultant)s?"
)
_NAME_HEADING = re.compile(
    rf"\b(?:surnames?|forenames?|(?:first|last|given|family|middle|maiden|christian|preferred|full) ?names?"
    rf"|{_PERSON} (?:full )?names?|names? of (?:the )?{_PERSON})\b"
)
_SURELY_NAME_HEADING = re.compile(
    r"\b(?:surnames?|forenames?|(?:first|last|given|family|middle|maiden|christian) ?names?|(?:patient|service user"
    r"|young person|yp)s? (?:full )?names?)\b"
)
_PERSON_HEADING = re.compile(r"(?:the )?(?:patient|client|service user|person|child|resident|su|yp|young person)s?")
_ROLE_HEADING = re.compile(
    r"\b(?:owners?|leads?|responsib\w*|accountab\w*|managers?|directors?|contact|authors?|publishers?|sources?|sro|chair"
    r"|commissioners?|officers?|assigned|holder"
    r"|sites?|wards?|teams?|services?(?! users?\b)|providers?|places?|areas?|boroughs?|practices?|hospitals?|trusts?"
    r"|organi[sz]ations?|localit\w*|neighbourhoods?|town|district|region"
    r"|county|country|pcn|ccg|icb|lsoa|msoa|lad|measures?|indicators?|group|ethnic\w*|gp|school|council|building|street|address)\b"
)  # fmt: skip
_WORD = r"[A-ZÀ-Þ][A-Za-zÀ-ÿ'’]*(?:-[A-Za-zÀ-ÿ'’]+)*\.?"
_TITLE = r"(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof)\.?"
_FULL_NAME = (
    rf"^(?:{_TITLE} )?(?:{_WORD}, ?(?:{_TITLE} )?{_WORD}(?: {_WORD})?|{_WORD}(?: (?:{_WORD}|de|van|von|der|bin|al|el|la|du|dos)){{1,3}})$"
)
_IS_FULL_NAME = re.compile(_FULL_NAME)
_IS_NAME = re.compile(rf"(?:{_TITLE} )?[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ'’.,-]*(?: [A-Za-zÀ-ÿ'’.,-]+){{0,3}}")
_SAID_PERSON = re.compile(r"^(?:Mr|Mrs|Ms|Miss)\.? ")
_NOT_PEOPLE_TEXT = """
    nhs trust foundation icb icbs ccg pcn council borough city county london england wales scotland britain uk community communities
    hospital hospitals centre center clinic clinics surgery practice practices medical health healthcare mental care team teams service
    services unit units ward wards hub hubs house lodge court hall college school church university institute academy road street avenue
    lane way close hill park green wood forest common gate cross bridge town village valley vale heath field fields market square gardens
    garden place point row mews terrace station north south east west northern southern eastern western central inner outer upper lower
    greater great little new old the and of for in at to st saint district area areas region locality neighbourhood network partnership
    partners partner group groups alliance federation association society charity limited ltd plc cic llp company provider providers
    organisation support project programme crisis cafe acute inpatient outpatient adult adults older young people person children child
    adolescent camhs iapt talking therapies therapy psychology psychiatry psychiatric nursing nurse nurses doctor doctors social worker
    workers manager director head lead officer chief white black asian british african caribbean indian chinese bangladeshi pakistani
    mixed other any background unknown not known stated total male female men women all none yes no na primary secondary early
    intervention liaison home treatment rehabilitation recovery perinatal eating disorders learning disability autism adhd dementia memory
    depression anxiety psychosis bipolar disorder self harm low high medium very good poor amber red started progress january february
    march april june july august september october november december monday tuesday wednesday thursday friday saturday sunday spend budget
    rate number count percentage emergency admissions index score rank population staff band bands level tier phase stage type category
"""
_NOT_PEOPLE = frozenset(_NOT_PEOPLE_TEXT.split())
_FORENAMES_TEXT = """
    aaron abdul abdullah abigail adam adebayo ade adrian agnes ahmed aisha alan albert alex alexander alexandra ali alice alison amanda
    amara amelia amina amir amit amy ana anastasia andrea andrew angela anita ann anna anne annette anthony antonio anwar arjun arthur
    asha ashley ayesha barbara beatrice ben benjamin bernard beth betty beverley bilal blessing brenda brian bridget carl carlos carol
    caroline catherine charles charlie charlotte chidi chinedu chloe chris christine christopher claire clare colin craig cynthia daniel
    danielle david dawn debbie deborah denise dennis derek diana diane dipak donald donna dorothy douglas duncan edward eileen elaine
    eleanor elena elizabeth ella ellen emily emma emmanuel eric esther ethan eva evelyn farah fatima fatou fiona frances francis frank
    fred freya gareth gary gavin gemma geoffrey george georgia gerald gillian giulia glenn gloria gordon grace graham greta hannah
    harpreet harry hassan hazel heather helen henry hilary holly howard hugh hussain ian ibrahim imran ines irene isaac isabella isla
    ismail ivan jack jackie jacob jacqueline jade jake james jamie jan jane janet janice jasmine jason javier jayesh jean jeffrey jenna
    jennifer jeremy jessica jill jim joan joanna joanne joe joel john johnson jonathan jordan jose joseph joshua joy joyce juan judith
    julia julian julie june justin kamal karen karl kate katherine kathleen katie kayleigh keith kelly kenneth kerry kevin khadija kim
    kimberley kofi krishna kumar kwame lakshmi lara laura lauren lawrence leah lee leila leo leon leonard lesley lewis liam lily linda
    lisa louis louise lucy luis luke lydia lynn lynne maggie malcolm marcus margaret maria marian marie marilyn mark martha martin mary
    maryam matthew maureen max megan mehmet melanie melissa michael michelle mike mohamed mohammad mohammed molly monica muhammad mustafa
    nadia nancy naomi natalie natasha nathan neil ngozi nicholas nicola nigel nina noah noor norma olga oliver olivia olu oluwaseun omar
    oscar pamela patel patricia patrick paul paula pauline peter philip philippa phoebe phyllis piotr priya rachel rahul rajesh ralph ravi
    ray raymond rebecca richard rita robert robin roger ronald rosa rose rosemary ross roy russell ruth ryan saeed sally sam samantha
    samira samuel sandra sanjay sara sarah scott sean shabnam shannon sharon sheila shirley simon sofia sonia sophia sophie stacey stanley
    stefan stella stephanie stephen steve steven stuart sunil sunita susan suzanne sylvia tahir tamara tanya tariq teresa terence thomas
    tim timothy tina toby tom tomasz tony tracey tracy trevor tunde tyler ursula usman valerie vanessa vera veronica victor victoria vijay
    vikram vincent violet wayne wendy william winston xin yasmin yusuf yvonne zahra zainab zara zoe zofia
"""
_FORENAMES = frozenset(_FORENAMES_TEXT.split())


@lru_cache(maxsize=1)
def _area_words() -> frozenset[str]:
    """Words of the names of boroughs and ICBs."""
    return frozenset(word for area in all_areas() for word in re.findall(r"[a-z]{3,}", area.name.casefold()))


def _words(text: str) -> list[str]:
    return re.findall(r"[a-zà-ÿ]+", text.casefold())


def _of_no_person(text: str) -> bool:
    """True for a text with a word of services, organisations, areas or groups."""
    words = _words(text)
    return any(word in _NOT_PEOPLE or word in _area_words() for word in words) or "&" in text


def _names(column: _Column, kind: str) -> np.ndarray | None:
    """Distinct texts that are names of people, if the column holds them."""
    if not column.letters or not column.sample:
        return None
    if _NAME_HEADING.search(column.heading):
        sure = _SURELY_NAME_HEADING.search(column.heading) is not None  # even White, Green or Hill
        if column.share(lambda text: _IS_NAME.fullmatch(text) and (sure or not _of_no_person(text))) < 0.5:
            return None
        return column.like(r"^[^0-9]*\pL[^0-9]*$") & column.used
    if kind in (*_TEXT_TABLES, *_PLACES) or not _full_names(column):
        return None
    return column.like(_FULL_NAME) & column.used


def _full_names(column: _Column) -> bool:
    """True where the contents look like ``Jane Smith``; the less the heading says of people, the more the forenames must."""
    if _ROLE_HEADING.search(column.heading):
        return False
    size = len(column.sample)
    shaped = [text for text in column.sample if _IS_FULL_NAME.fullmatch(text)]
    clean = [text for text in shaped if not _of_no_person(text)]
    of_people = _PERSON_HEADING.fullmatch(column.heading) is not None
    known = sum(1 for text in (shaped if of_people else clean) if _has_forename(text)) / size
    if of_people:
        return len(clean) >= 0.6 * size or known >= 0.3
    if column.heading in ("name", "names", "individual", "individuals"):
        return (len(clean) >= 0.5 * size and known >= 0.3) or len(clean) >= max(3, 0.8 * size)
    return len(clean) >= max(3, 0.7 * size) and known >= (0.3 if column.heading == "" else 0.5)


def _has_forename(text: str) -> bool:
    return _SAID_PERSON.match(text) is not None or any(word in _FORENAMES for word in _words(text))


# Postcodes, emails, phone numbers

_POSTCODE = r"(?i)(?:^|[^0-9a-z])(?:[a-z]{1,2}[0-9][0-9a-z]?) ?[0-9][abd-hjlnp-uw-z]{2}(?:$|[^0-9a-z])"
_EMAIL = re.compile(r"(?<![\w.%+'-])([\w.%+'-]{1,64})@([\w-]+(?:\.[\w-]+)+)")
_SHARED_MAILBOX = re.compile(
    r"info|enquir|admin|contact|reception|referral|team|service|office|support|help|press|data|stat|analy|feedback|comms|hub"
    r"|spa\b|duty|crisis|camhs|iapt|talking|mail|digital|publi",
    re.IGNORECASE,
)  # fmt: skip
_INSTITUTION = re.compile(r"(?:nhs\.net|nhs\.uk|gov\.uk|ac\.uk|org|org\.uk)$", re.IGNORECASE)
_GAP = "[ -]?"
_PHONE = (
    r"(?:^|[^0-9][.,]|[^0-9A-Za-z.,£_-])(?:(?:\+|00)44[ -]?(?:\(0\)[ -]?)?\(?|\(?0)(?:"
    + "|".join((
        rf"7[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}", rf"7[0-9]{{3}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}{_GAP}[0-9]{{2}}", rf"7[0-9]{{2}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}",
        rf"2[03489]\)?{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}", rf"20[378]\)?{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}",
        rf"1[0-9]{{3}}\)?{_GAP}[0-9]{{3}}{_GAP}[0-9]{{3}}", rf"1(?:1[0-9]|[0-9]1)\)?{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}",
    ))
    + r")(?:$|[^0-9A-Za-z%])"
)  # fmt: skip
_PHONE_HEADING = re.compile(r"\b(?:tele?phones?|tel|phones?|mobiles?|landline|contact (?:no|number))\b")
_SHORTEST_PHONE = 10
_AFTER_NOUGHT = np.isin(np.arange(256), np.frombuffer(b"0127", np.uint8))
_IN_PHONE = np.isin(np.arange(256), np.frombuffer(b"0123456789 -()", np.uint8))


def _postcodes(column: _Column) -> np.ndarray | None:
    return column.like(_POSTCODE) & column.used if column.letters else None


def _emails(column: _Column) -> np.ndarray | None:
    """Distinct texts with an address that is not an institution's shared mailbox."""
    signs = np.flatnonzero(column.bytes[0] == 64)
    if not len(signs):
        return None
    at = np.unique(column.within(signs, 1)[1])
    return (
        column.marked([place for place, text in zip(at.tolist(), column.texts(at), strict=True) if _personal_address(text)]) & column.used
    )


def _personal_address(text: str) -> bool:
    return any(not (_SHARED_MAILBOX.search(who) and _INSTITUTION.search(where)) for who, where in _EMAIL.findall(text))


def _phones(column: _Column) -> np.ndarray | None:
    """Distinct texts with a mobile or landline number of the UK. Numbers that anyone may ring (03, 08) are not people's."""
    if not len(column.lengths) or column.lengths.max() < _SHORTEST_PHONE:
        return None
    texts = _phone_like(column)
    if not len(texts):
        return None
    hits = column.like(_PHONE, among=column.marked(texts)) & column.used
    figures = not _PHONE_HEADING.search(column.heading) and hits.sum() * 2 < column.used.sum() and column.share(_numeric) >= 0.5
    return hits & ~column.like(r"^[0-9]+$", among=hits) if figures else hits


def _phone_like(column: _Column) -> np.ndarray:
    """Texts where a 0 or 44 begins ten characters of a phone number: a quick look before the exact one."""
    raw = column.bytes[0]
    size = len(raw) - _SHORTEST_PHONE + 1
    starts = np.flatnonzero((raw[:size] & np.uint8(0xFB) == 48) & column.number_starts[:size])  # 0 or 4
    first, second = raw[starts], raw[starts + 1]
    starts = starts[np.where(first == 48, _AFTER_NOUGHT[second], second == 52)]
    for step in (5, 8, 2, 3, 4, 6, 7, 9):  # days and times fail at the fifth or eighth
        starts = starts[_IN_PHONE[raw[starts + step]]]
    starts = starts[(raw[starts + 1] != 48) | (raw[starts + 2] == 52)]  # 00 only in 0044
    return column.within(starts, _SHORTEST_PHONE)[1]


# Notes about people

_SHORTEST_NOTE = 15
_NOTE_HEADING = re.compile(r"\b(?:notes?|comments?|free ?text|narratives?|remarks?|observations?|case|summary|details)\b")
_METHOD_HEADING = re.compile(
    r"\b(?:sources?|definitions?|methods?|methodology|publishers?|licen[cs]e|url|link|measures?|indicators?|rationale|metadata)\b"
)
_ONE_PERSON = r"(?:patient|client|service user|young person|resident|su|yp|pt)"
_TOLD = (
    r"(?:reports?|reported|states?|stated|says?|said|den(?:y|ies|ied)|disclosed|express(?:es|ed)|feels?|felt|appear(?:s|ed)"
    r"|presented|presents|rang|phoned|telephoned|dna(?:'?d)?|lives|declined|remains|struggles|wants|wishes|unable|requested"
    r"|complain(?:s|ed)|cried|slept|sounded|seemed)"
)
_DONE = (
    r"(?:is|was|has|had|attended|attends|seen|did|does|called|referred|admitted|discharged|engaged|engages|cancelled|agreed|continues|not)"
)
_GATE = (
    rf"(?i)\b(?:he|she|his|hers?|him|pt|mr|mrs|ms|miss|y/?o|yrs? old|years?[ -]old|{_ONE_PERSON} (?:{_TOLD}|{_DONE})"
    rf"|[a-z]\.?[a-z]\.? (?:{_TOLD}|attended|was (?:seen|admitted|discharged|referred|reviewed)))\b"
)
_PRONOUN = re.compile(r"(?<!or )(?<!/)(?<!\))\b(?:he|she)\b(?!\s*/|\s+or\b)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<!or )(?<!/)\b(?:his|her|him|himself|herself)\b(?!\s*/|\s+or\b|\s+majesty)", re.IGNORECASE)
_PT = re.compile(rf"\bpt\.?\s+(?:{_TOLD}|{_DONE})\b", re.IGNORECASE)
_SUBJECT = re.compile(
    rf"(?:\b(?P<before>[a-z]+)\s+)?(?:\b(?P<article>the|an?|this|our)\s+)?\b{_ONE_PERSON}\s+(?:(?P<told>{_TOLD})|{_DONE})\b", re.IGNORECASE
)
_GENERAL_TEXT = "each every any a an one no when where if that once until after before which whether unless while in of per number because"
_GENERAL = frozenset(_GENERAL_TEXT.split())
_CALLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+[A-Z]")
_AGED = re.compile(
    r"\b\d{1,2}[\s-]?(?:y/?o|yrs?[\s-]old|years?[\s-]old)\s+(?:\w+\s+)?(?:male|female|man|woman|boy|girl|lady|gentleman"
    r"|patient|pt|client)\b",
    re.IGNORECASE,
)
_INITIALS = re.compile(
    rf"(?:^|[.;,:]\s*|\b(?:and|with|saw|seen)\s+)(?P<who>[A-Z]\.?[A-Z]\.?)\s+(?:{_TOLD}|attended|was (?:seen|admitted"
    rf"|discharged|referred|reviewed))\b"
)
_OFFICES_TEXT = "GP MH PC UK EU LA HR IT NW NE SE SW LB HM PM QI CQ AE ED OT SW DH NE WL EL NL SL PH VC PT"
_OFFICES = frozenset(_OFFICES_TEXT.split())
_CLINICAL = re.compile(
    r"low mood|suicid|self[- ]?harm|overdose|medicat|paranoi|tearful|agitat|anxious|halluc|voices|complian|risk to (?:self"
    r"|others)|side[- ]effect|mental state|alcohol|cannabis|safeguard"
    r"|section \d|sertraline|olanzapine|clozapine|lithium|distress|sleep|appetite|self[- ]neglect|mother|father|\bmum\b"
    r"|\bdad\b|husband|wife|partner|sister|brother|flat|benefits",
    re.IGNORECASE,
)  # fmt: skip
_ENOUGH = 2


def _notes(column: _Column, kind: str) -> np.ndarray | None:
    """Distinct texts that speak of one person."""
    if not column.letters or column.lengths.max() < _SHORTEST_NOTE or _METHOD_HEADING.search(column.heading):
        return None
    long = column.used & (column.lengths >= _SHORTEST_NOTE)
    if not long.any() or not _has_prose(column):
        return None
    at = np.flatnonzero(column.like(_GATE, among=long))
    enough = _ENOUGH
    if kind in _TEXT_TABLES:
        enough += 1  # "she will report in May" speaks of whoever is responsible
    elif kind == "contacts" and _NOTE_HEADING.search(column.heading):
        enough -= 1  # every row is about one person
    hits = column.marked([])
    for start in range(0, len(at), _SAMPLE):
        part = at[start : start + _SAMPLE]
        hits[part] = [_of_one_person(text) >= enough for text in column.texts(part)]
        if hits.sum() >= _SAMPLE:
            hits[at[start + _SAMPLE :]] = True  # so many that the rest is taken to be like them, unread
            break
    return hits


def _has_prose(column: _Column) -> bool:
    """False for codes, days and short labels: no text of the column has two spaces."""
    spaces = np.flatnonzero(column.bytes[0] == 32)
    if len(spaces) > len(column.lengths):
        return True
    texts = column.within(spaces, 1)[1]
    return bool((texts[1:] == texts[:-1]).any())


def _of_one_person(text: str) -> int:
    """How much a text speaks of one person: 2 for a sign that general prose hardly ever has, 1 for a weaker one."""
    strong = sum(2 for pattern in (_PRONOUN, _PT, _CALLED, _AGED) if pattern.search(text))
    strong += 2 * any(found["who"].replace(".", "") not in _OFFICES for found in _INITIALS.finditer(text))
    subjects = [found for found in _SUBJECT.finditer(text) if not _general(found)]
    told = 2 * any(found["told"] for found in subjects)
    weak = int(bool(subjects) and not told) + int(_POSSESSIVE.search(text) is not None)
    signs = strong + told + weak
    return signs + int(signs > 0 and _CLINICAL.search(text) is not None)


def _general(found: re.Match[str]) -> bool:
    """True for any patient rather than this one: ``each patient is``, ``when the patient attended``."""
    return (found["before"] or "").casefold() in _GENERAL or (found["article"] or "").casefold() in ("a", "an")
