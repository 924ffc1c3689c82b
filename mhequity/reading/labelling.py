"""Which columns say what a row is about: the area, the period, the service and so on."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from mhequity import areas, periods
from mhequity.reading import choices, levels, matching, parts_of_years, statuses, wording
from mhequity.reading.cells import TOTALS, is_sex_code
from mhequity.reading.companions import CODES, companions, education_numbers, pairs_of
from mhequity.reading.group_columns import names_groups
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import GROUP, LABELS, LEVEL, REMARK, SMALL, UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile, names_place
from mhequity.reading.recognising import NOT_KNOWN
from mhequity.reading.small_places import small_place
from mhequity.reading.wider_places import WIDER, is_wider, wider_columns
from mhequity.tables import CATALOGUE

_PRACTICE = re.compile(r"[A-HJ-NPVWY]\d{5}")
_SAYS_NOTHING = re.compile(r"value|number|count|obs_value", re.IGNORECASE)
"""What stands in a column of measures where there is only one."""
_REMARK = re.compile(r"obs status name|value note|(?:reason for )?suppression(?: reason| flag| note)?", re.IGNORECASE)
SURE = 0.8
"""A heading is taken for a column of the catalogue from this confidence on; below it is only offered."""


def row_labels(columns: Sequence[Profile], sections: Sequence[str] = ()) -> dict[int, Candidate]:
    """Position of each column that says what a row is about, to what it says."""
    chosen: dict[int, Candidate] = {}
    headed = set(sections)
    named = [text for text in columns[0].sample if areas.match(text).area] if columns else []
    # Boroughs that only ever stand alone in a row are headings of the rows under them, not those rows' own column.
    over = bool(named) and set(named) <= headed and columns[0].distinct > len(headed)
    level = next((each for each in columns if _is_level(each)), None)
    # Of rows about places and about organisations, the former say which column names the places.
    about = _about_places(columns[1:] if over else columns, level)
    practices = _practices(about)
    place = practices or _area_column(about)
    if place is not None and practices is None:
        chosen[place.at] = Candidate("area", 1.0, {}, "names boroughs" if place.boroughs else "names places")
        for each in about:
            if each.at != place.at and each.boroughs and each.areas > min(0.5, 0.9 * place.areas) and _says_the_same(each, place):
                chosen[each.at] = Candidate("area", 1.0, {}, "names the same places")
        for each in wider_columns(about, place, level):
            chosen[each.at] = Candidate("area", 1.0, {}, WIDER)
    if practices is not None:
        chosen[practices.at] = Candidate("area", 1.0, {}, "names GP practices")
    if level is not None and level.at not in chosen:
        chosen[level.at] = Candidate(LEVEL, 1.0, {}, "says what each row is about")
    beside = companions(columns)
    free = [each for each in columns if each.at not in chosen]
    for each in _period_columns([each for each in free if each.at not in beside]) or _period_columns(free):
        chosen[each.at] = Candidate("period", 1.0, {}, "holds periods")
    if (small := small_place(columns, place)) is not None and small.at not in chosen:
        chosen[small.at] = Candidate(SMALL, 1.0, {}, "names places smaller than a borough")
    _set_aside(columns, {*beside, *(education_numbers(about, place) if place is not None else ())}, chosen)
    _by_heading([each for each in columns if each.at not in chosen and each.at not in beside], chosen)
    group = next((each for each in columns if each.at not in chosen and each.at not in beside and names_groups(each)), None)
    if group is not None:
        chosen[group.at] = Candidate(GROUP, 1.0, {}, "names groups of people")
        kinds = next((each for each in columns if each.at not in chosen and levels.say_kinds(each.sample)), None)
        if kinds is not None:
            chosen[kinds.at] = Candidate(LEVEL, 1.0, {}, "says which kind of group each row is about")
    return chosen


def _set_aside(columns: Sequence[Profile], codes: Collection[int], chosen: dict[int, Candidate]) -> None:
    """Numbers that are codes of what another column names count nothing; remarks say why a figure is missing."""
    for each in columns:
        if each.at not in chosen and each.at in codes and each.numbers >= 0.5:
            chosen[each.at] = Candidate(UNUSED, 0.0, {}, CODES)
        if each.at not in chosen and _REMARK.fullmatch(each.title.replace("_", " ")) and each.numbers < 0.5:
            chosen[each.at] = Candidate(REMARK, 1.0, {}, "says why a figure is missing")


def _by_heading(columns: Sequence[Profile], chosen: dict[int, Candidate]) -> None:
    """Choose the columns whose headings name a label, the surest first, each label once."""
    taken = {"area", "period", "date"} if any(found.meaning == "period" for found in chosen.values()) else {"area"}
    for each in sorted(
        columns,
        key=lambda each: (-best_match(each, LABELS).confidence, wording.simple(each.title) not in LABELS),
    ):
        found = best_match(each, LABELS)
        if found.meaning == "measure" and each.distinct == 1 and each.share(_IS_RATE.search) > 0.8:
            # A column called measure that holds "Rate per 100,000" says the unit; what is measured stands beside it.
            found = replace(found, meaning="unit")
        if found.meaning == "measure" and each.distinct == 1 and each.share(_SAYS_NOTHING.fullmatch):
            continue
        if found.confidence >= SURE and found.meaning not in taken and _fits(each, found.meaning):
            chosen[each.at] = found
            taken.add(found.meaning)


def _is_level(each: Profile) -> bool:
    """True for a column of kinds of place, such as ``Area type`` with ``England`` and ``Region``."""
    named = re.search(
        r"\b(?:area|geograph(?:y|ic|ical)|org\w*|group|level) ?(?:type|level)\b|^(?:level|breakdown|geography|area_?type)\b",
        each.title.replace("_", " "),
        re.IGNORECASE,
    )
    if not named or each.distinct > 100 or not any(levels.is_place(text) for text in each.sample):
        return False
    return not each.boroughs and (bool(re.search(r"type|level|breakdown", each.title, re.IGNORECASE)) or each.areas <= 0.5)


def _about_places(columns: Sequence[Profile], level: Profile | None) -> list[Profile]:
    """The columns with the rows alone whose level is a kind of place; all rows where nothing says the level."""
    if level is None:
        return list(columns)
    places = np.array([levels.is_place(text) for text in level.strip.texts], dtype=bool)[level.strip.codes]
    rows = np.flatnonzero(places)
    return [replace(each, strip=each.strip.take(rows)) for each in columns if each.at != level.at]


def _practices(columns: Sequence[Profile]) -> Profile | None:
    """The column of GP practices' codes, where no column names boroughs: an NHS system beside a practice is not what its row is about."""
    if any(each.boroughs and each.share(_is_borough) > 0.3 for each in columns):
        return None
    return next((each for each in columns if each.distinct and each.share(_PRACTICE.fullmatch) > 0.8), None)


def _is_borough(text: str) -> bool:
    found = areas.match(text).area
    return found is not None and found.level == "borough"


def best_match(each: Profile, among: Iterable[str]) -> Candidate:
    """The closest meaning of a column's heading among some; one of no confidence where there is none."""
    return closest((each.heading.text, each.title), each.heading.unit, among)


def closest(texts: Sequence[str], unit: str, among: Iterable[str]) -> Candidate:
    allowed = set(among)
    found = [c for text in dict.fromkeys(texts) for c in matching.candidates(text, unit) if c.meaning in allowed]
    return max(found, key=lambda c: c.confidence, default=Candidate(UNUSED, 0.0))


def _area_column(columns: Sequence[Profile]) -> Profile | None:
    """The column that names the rows' places: by what it holds, and by its heading where it holds little that is known."""

    def score(each: Profile) -> float:
        named = best_match(each, ["area"]).confidence
        held = each.areas if each.boroughs or named >= SURE else each.areas / 2
        return held + named / 2 + (each.boroughs > 1) + 2 * (each.small_areas > 0.8) - each.are_codes / 4

    likely = [
        each
        for each in columns
        if (each.areas >= 0.5 or best_match(each, ["area"]).confidence >= SURE or _of_organisations(each)) and not _is_figure_column(each)
    ]
    if any(each.boroughs for each in likely):
        # Every row may name its region and its country too.
        likely = [each for each in likely if each.boroughs or not is_wider(each.title)]
    if any(each.names_boroughs for each in likely):
        # A row that names its borough and its NHS system is about the borough.
        likely = [each for each in likely if each.names_boroughs or not each.boroughs]
    best = max(likely, key=score, default=None)
    return best if best is not None and score(best) >= 0.45 else None


def _of_organisations(each: Profile) -> bool:
    """True for a column of NHS systems and boroughs among trusts and councils."""
    return each.boroughs > 0 and each.share(lambda text: names_place(text) or areas.match(text).provider) > 0.8


def _is_figure_column(each: Profile) -> bool:
    return each.numbers > 0.8 and each.boroughs == 0


def _says_the_same(each: Profile, place: Profile) -> bool:
    """True where two columns name the same places in most rows, such as a code and a name."""
    pairs = pairs_of(each.strip, place.strip)[:400]
    both = [(areas.match(each.strip.values[int(a)].as_py()), areas.match(place.strip.values[int(b)].as_py())) for a, b in pairs]
    known = [(a.area, b.area) for a, b in both if a.area and b.area]
    return bool(known) and sum(a == b for a, b in known) * 2 > len(known)


_IS_RATE = re.compile(r"\bper\b|%|\bpercent", re.IGNORECASE)
_STARTS = re.compile(r"\b(?:start|from|begin\w*)\b", re.IGNORECASE)
_ENDS = re.compile(r"\b(?:end|ending|to|until)\b", re.IGNORECASE)


def _period_columns(columns: Sequence[Profile]) -> list[Profile]:
    """The columns that say when: one, or a start and an end, or a year and a part of it."""
    found = [each for each in columns if each.periods >= 0.6 and _when(each) >= (SURE if each.numbers > 0.5 else 0.5)]
    dated = [each for each in columns if each.periods >= 0.6 and each.numbers < 0.5]
    starts, ends = (
        [each for each in dated if _STARTS.search(each.title.replace("_", " "))],
        [each for each in dated if _ENDS.search(each.title.replace("_", " "))],
    )
    if starts and ends:
        return [starts[0], ends[0]]
    found = found or [each for each in columns if each.periods >= 0.9 and each.numbers < 0.5 and each.distinct > 1][:1]
    found = found or [
        each for each in columns if _when(each) >= SURE and each.numbers > 0.9 and (_are_serials(each) or each.share(_is_double_year) > 0.9)
    ]
    if not found:
        return []
    years = [each for each in found if each.share(_is_year) > 0.8]
    parts = [each for each in columns if each not in years and each.share(_is_part_of_year) > 0.8]
    parts = parts or [each for each in columns if each not in years and parts_of_years.are_parts(each.title, each.sample)]
    if years and parts:
        return [years[0], parts[0]]
    return [max(found, key=lambda each: (_when(each), each.periods, -each.at))]


def _when(each: Profile) -> float:
    return best_match(each, ["period", "date"]).confidence


def _is_part_of_year(text: str) -> bool:
    return periods.in_year(text, periods.financial_year(2024)) is not None


def _is_year(text: str) -> bool:
    found = periods.parse(text) if len(text) < 8 else None
    return _is_double_year(text) or (found is not None and found.kind in ("year", "calendar year"))


def _is_double_year(text: str) -> bool:
    """True for 202324, as the Department for Education writes the year from 2023 to 2024."""
    return bool(re.fullmatch(r"(?:19|20)\d{4}", text)) and (int(text[2:4]) + 1) % 100 == int(text[4:])


def _are_serials(each: Profile) -> bool:
    return each.share(lambda text: text.isdecimal() and 30_000 <= int(text) <= 60_000) > 0.9


def _fits(each: Profile, meaning: str) -> bool:
    """True where a column holds what a label of that meaning can be."""
    column = next(table.column(meaning) for table in CATALOGUE if meaning in table.names)
    if column.kind == "choice":
        allowed = {wording.simple(value) for value in column.allowed}
        held = each.share(
            lambda text: (
                wording.simple(text) in allowed
                or meaning in wording.understand([text]).labels
                or (meaning == "status" and statuses.status_of(text))
                or choices.said(text, meaning)
                or TOTALS.search(text)
                or text.casefold() in ("persons", "all", "both")
                or (meaning == "sex" and (is_sex_code(text, each.title) or text.casefold() in NOT_KNOWN))
            )
        )
        return held > 0.5
    if column.kind == "period":
        return each.periods > 0.6
    return each.numbers < 0.5 or meaning == "age_band"


def label_plan(each: Profile, chosen: Mapping[int, Candidate]) -> ColumnPlan:
    found = chosen.get(each.at, Candidate(UNUSED, 0.0))
    day_first = True
    if found.meaning in ("period", "date") or (found.meaning and each.periods > 0.6):
        day_first, _ = periods.decide_day_first(each.sample)
    return ColumnPlan(
        each.column, each.title, found.meaning, day_first=day_first, confidence=found.confidence if found.meaning else 0.0, why=found.why
    )
