"""Which columns say what a row is about: the area, the period, the service and so on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from mhequity import areas, periods
from mhequity.reading import levels, matching, statuses, wording
from mhequity.reading.cells import TOTALS
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import LABELS, LEVEL, UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile, names_place
from mhequity.tables import CATALOGUE

_PRACTICE = re.compile(r"[A-HJ-NPVWY]\d{5}")
_SAYS_NOTHING = re.compile(r"value|number|count|obs_value", re.IGNORECASE)
"""What stands in a column of measures where there is only one."""
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
    if practices is not None:
        chosen[practices.at] = Candidate("area", 1.0, {}, "names GP practices")
    if level is not None and level.at not in chosen:
        chosen[level.at] = Candidate(LEVEL, 1.0, {}, "says what each row is about")
    for each in _period_columns([each for each in columns if each.at not in chosen]):
        chosen[each.at] = Candidate("period", 1.0, {}, "holds periods")
    taken = {"area", "period", "date"} if any(found.meaning == "period" for found in chosen.values()) else {"area"}
    for each in sorted(
        (each for each in columns if each.at not in chosen),
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
    return chosen


def _is_level(each: Profile) -> bool:
    """True for a column of kinds of place, such as ``Area type`` with ``England`` and ``Region``."""
    named = re.search(
        r"\b(?:area|geography|org\w*|group|level) ?(?:type|level)\b|^(?:level|breakdown|geography|area_?type)\b",
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
    best = max(likely, key=score, default=None)
    return best if best is not None and score(best) >= 0.45 else None


def _of_organisations(each: Profile) -> bool:
    """True for a column of NHS systems and boroughs among trusts and councils."""
    return each.boroughs > 0 and each.share(lambda text: names_place(text) or areas.match(text).provider) > 0.8


def _is_figure_column(each: Profile) -> bool:
    return each.numbers > 0.8 and each.boroughs == 0


def _says_the_same(each: Profile, place: Profile) -> bool:
    """True where two columns name the same places in most rows, such as a code and a name."""
    pairs = np.unique(np.column_stack([each.strip.codes, place.strip.codes])[:20_000], axis=0)[:400]
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
    if not found:
        return [each for each in columns if _when(each) >= SURE and each.numbers > 0.9 and _are_serials(each)][:1]
    years = [
        each
        for each in found
        if each.share(lambda text: len(text) < 8 and (found := periods.parse(text)) and found.kind in ("year", "calendar year")) > 0.8
    ]
    parts = [each for each in columns if each not in years and each.share(_is_part_of_year) > 0.8]
    if years and parts:
        return [years[0], parts[0]]
    return [max(found, key=lambda each: (_when(each), each.periods, -each.at))]


def _when(each: Profile) -> float:
    return best_match(each, ["period", "date"]).confidence


def _is_part_of_year(text: str) -> bool:
    return periods.in_year(text, periods.financial_year(2024)) is not None


def _are_serials(each: Profile) -> bool:
    return each.share(lambda text: text.isdigit() and 30_000 <= int(text) <= 60_000) > 0.9


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
                or TOTALS.search(text)
                or text.casefold() in ("persons", "all", "both")
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
