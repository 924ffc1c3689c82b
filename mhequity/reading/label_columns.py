"""Columns of labels, each distinct text understood once; several columns that say the same kind of thing as one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from mhequity import periods, tables
from mhequity.coded import side_by_side
from mhequity.reading import cells, parts_of_years, period_forms
from mhequity.reading.applied import Applied, Labelled
from mhequity.reading.bodies import held_texts
from mhequity.reading.cells import COMPARATOR, ELSEWHERE, MISSING, OK, Options, Understood
from mhequity.reading.grids import Strip
from mhequity.reading.group_columns import are_tenths, of_tenths
from mhequity.reading.own_figures import TOTAL_OF_ALL, named_by_level, with_own_figures
from mhequity.reading.plans import FIGURES, SMALL, SPECIAL, ColumnPlan, TablePlan
from mhequity.reading.row_groups import groups_of
from mhequity.reading.small_places import kept_apart
from mhequity.reading.wider_places import WIDER, is_country, narrowest
from mhequity.tables import Column, TableKind

_WEEKS = re.compile(r"\bw/?c\b|\bweek (?:commencing|beginning|starting)\b|(?P<end>\bw/?e\b|\bweek end(?:ing|ed)?\b)", re.IGNORECASE)


def labels_of(applied: Applied, strips: Mapping[str, Strip], table: TableKind, section: Strip | None) -> dict[str, Labelled]:
    """What each row is about: one entry for each label that a column, or the headings inside the table, give."""
    plan, found = applied.plan, dict[str, Labelled]()
    columns = [each for each in plan.columns if each.meaning and each.meaning not in (*FIGURES, *SPECIAL) and not each.answers]
    wanted = {name: [each for each in columns if each.meaning == name] for name in dict.fromkeys(each.meaning for each in columns)}

    def understood(each: ColumnPlan) -> Labelled:
        year = plan.labels.get("period", "") if each.meaning == "period" and len(wanted["period"]) == 1 else ""
        strip = strips[each.column]
        return _labelled(strip, _column_of(each.meaning, table), _options(plan, strips, each, each.meaning), each.column, year)

    held = side_by_side(understood, columns, len(applied.rows))
    parts = {each.column: labelled for each, labelled in zip(columns, held, strict=True)}
    for name, same in wanted.items():
        own = [each for each in same if each.why != WIDER] or same
        found[name] = _joined([parts[each.column] for each in own], own) if len(own) > 1 else parts[own[0].column]
        # A region is named before the country that it is part of.
        for each in sorted((each for each in same if each not in own), key=lambda each: is_country(each.heading)):
            found[name] = narrowest(found[name], parts[each.column])
    for labelled in groups_of(plan, strips, lambda name: _column_of(name, table)):
        name = labelled.column.name
        found[name] = _with_group(found[name], labelled) if name in found else labelled
    if "area" in found:
        found["area"] = named_by_level(found["area"], plan, strips)
    if small := next((each for each in plan.columns if each.meaning == SMALL), None):
        held_in = _labelled(strips[small.column], _column_of("place", table), Options(exact=True), small.column)
        found["place"] = kept_apart(plan, held_in, small.heading)
    if section is not None and plan.sections and plan.sections not in found:
        column = _column_of(plan.sections, table)
        options = Options(areas=plan.areas, exact=plan.exact)
        found[plan.sections] = _labelled(section, column, options, plan.columns[0].column)
    return with_own_figures(found, table)


def _with_group(whole: Labelled, part: Labelled) -> Labelled:
    keys, codes = np.unique(whole.codes.astype(np.int64) * len(part.texts) + part.codes, return_inverse=True)
    pairs = [(int(key) // len(part.texts), int(key) % len(part.texts)) for key in keys]
    meanings = [_pair(whole, part, a, b, ColumnPlan("", "")) for a, b in pairs]
    return Labelled([whole.texts[a] for a, _ in pairs], meanings, codes.astype(np.int32), whole.column, whole.letters)


def _column_of(name: str, table: TableKind) -> Column:
    if name in table.names:
        return table.column(name)
    return next(each.column(name) for each in tables.CATALOGUE if name in each.names)


def _options(plan: TablePlan, strips: Mapping[str, Strip], each: ColumnPlan, name: str) -> Options:
    months, forms = False, period_forms.ALONE
    if name == "period":
        held = [text for text in held_texts(strips[each.column])[0] if text and not cells.TOTALS.search(text)]
        forms = period_forms.decide(held[:2000], period_forms.around(each, plan.columns, lambda other: strips[other.column]))
        held = [text for text in held[:2000] if cells.is_day(text, each.day_first)]
        typed = all(re.match(r"\d{4}-\d\d-\d\d", text) for text in held)
        months = (
            bool(held)
            and (typed or (len(held) > 1 and not plan.exact))
            and all(cells.is_first_of_month(text, each.day_first) for text in held)
        )
    return Options(each.day_first, months, _weeks(each.heading), forms, plan.areas, plan.systems_are_totals, plan.exact)


def _weeks(heading: str) -> str:
    """Whether the days under a heading begin or end a week: ``w/c``, ``w/e`` or nothing."""
    found = _WEEKS.search(heading.replace("_", " "))
    return "" if not found else "w/e" if found["end"] else "w/c"


def _labelled(strip: Strip, column: Column, options: Options, letters: str, year: str = "") -> Labelled:
    """``year`` is the one that months without a year are of."""
    texts, codes = held_texts(strip)
    if column.name == "deprivation_quintile" and are_tenths(texts):
        return Labelled(texts, [of_tenths(text) for text in texts], codes, column, letters)
    meanings = [
        cells.combined_period(year, text, options.day_first)
        if year and cells.is_part_of(text, year)
        else cells.understand(text, column, options)
        for text in texts
    ]
    return Labelled(texts, meanings, codes, column, letters)


def _joined(parts: Sequence[Labelled], wanted: Sequence[ColumnPlan]) -> Labelled:
    """Several columns that say the same kind of thing, as one: code and name, start and end, measure and its part."""
    whole = parts[0]
    for part, plan in zip(parts[1:], wanted[1:], strict=True):
        keys = whole.codes.astype(np.int64) * len(part.texts) + part.codes
        unique, codes = np.unique(keys, return_inverse=True)
        pairs = [(int(key) // len(part.texts), int(key) % len(part.texts)) for key in unique]
        meanings = [_pair(whole, part, a, b, plan) for a, b in pairs]
        told = _name_of_place if whole.column.kind == "area" else _told
        texts = [told(whole.texts[a], part.texts[b]) for a, b in pairs]
        whole = Labelled(texts, meanings, codes.astype(np.int32), whole.column, whole.letters)
    return whole


def _told(first: str, second: str) -> str:
    """Two texts as one; a publisher's number follows the name that it belongs to."""
    if not first or not second or first == second:
        return first or second
    for number, name in ((first, second), (second, first)):
        if " " not in number and any(map(str.isdigit, number)) and len(number) < 12 and " " in name:
            return f"{name} ({number})"
    return f"{first}, {second}"


def _name_of_place(first: str, second: str) -> str:
    named = [text for text in (first, second) if text and not any(map(str.isdigit, text))]
    return named[0] if named else first or second


def _period_of(first: str, meant: str, second: str, plan: ColumnPlan) -> Understood:
    """A start and an end, or a year (``first``, which means ``meant``) and a quarter or month of it, perhaps as a plain number."""
    year = periods.parse(first, plan.day_first) or periods.parse(meant)
    if year is not None and year.kind in ("year", "calendar year") and (part := parts_of_years.named(second, plan.heading, year)) != second:
        return cells.combined_period(year.label, part, plan.day_first)
    return cells.combined_period(first, second, plan.day_first)


def _pair(whole: Labelled, part: Labelled, a: int, b: int, plan: ColumnPlan) -> Understood:
    one, two = whole.meanings[a], part.meanings[b]
    if not part.texts[b] or not whole.texts[a]:
        return two if not whole.texts[a] and part.texts[b] else one
    if whole.column.kind == "area":
        return _agreed(one, two, whole.texts[a], part.texts[b])
    if whole.column.kind == "period":
        return _period_of(whole.texts[a], one.value, part.texts[b], plan)
    if one.state != OK or two.state not in (OK, MISSING) or whole.column.kind == "choice":
        return one if one.state not in (OK, MISSING) or two.state == MISSING else two
    return Understood(OK, _told(one.value, two.value))


def _agreed(one: Understood, two: Understood, first: str, second: str) -> Understood:
    """The area that a code and a name give together; rows where they name different areas cannot be used."""
    if one.state == two.state == OK and one.value != two.value:
        return _at_odds(first, second, "Put the code or the name right, and upload again.")
    if {one.state, two.state} == {OK, COMPARATOR}:
        return _at_odds(first, second, "Put one of them right, and upload again.")
    if one.state == two.state == COMPARATOR:
        # A code "All" beside the name England is England, not a total of the rows shown.
        return two if one.value in TOTAL_OF_ALL else one
    for state in (COMPARATOR, OK, ELSEWHERE):
        for each in (one, two):
            if each.state == state:
                return each
    return one if one.proposals or two.state == MISSING else two


def _at_odds(first: str, second: str, advice: str) -> Understood:
    return Understood(cells.BLOCKED, done=f"{first} and {second} name different areas.", advice=advice, kind="areas")
