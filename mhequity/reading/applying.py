"""A plan applied to a sheet: tidy frames, totals kept apart, what was left out and why."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from mhequity import areas, periods, tables
from mhequity.reading import cells, levels, numbers, wording
from mhequity.reading.cells import COMPARATOR, ELSEWHERE, MISSING, OK, TOTAL, Options, Understood
from mhequity.reading.grids import BLANK, TEXT, Grid, Strip, address, column_number, strip_of
from mhequity.reading.plans import FIGURES, GROUP, LEVEL, REMARK, SPECIAL, ColumnPlan, TablePlan
from mhequity.reading.profiles import repeats_headings
from mhequity.tables import Column, TableKind, kind

PRIVATE = "contacts"
"""The table whose rows are about one person each: what its cells hold is not repeated in findings."""
NOT_STATED = {"service": "Not stated", "period": periods.NOT_STATED, "theme": "Not stated"}
"""What stands for a label that a table requires and the sheet does not give."""
_WIDER = ("London", "Inner London", "Outer London", "England", "England and Wales", "United Kingdom")
_MANY_ROWS = 50_000
MOST_FACTS = 6_000_000
_EXPLICIT = r"(?i)\d\s?(?:k|m|bn|thousand|million|billion)\)?$"
_BLOCKED, _OK, _MISSING, _SUPPRESSED = range(4)


@dataclass(frozen=True, eq=False)
class Labelled:
    """A column of labels: each distinct text's meaning, and which of them each row holds."""

    texts: list[str]
    meanings: list[Understood]
    codes: np.ndarray
    column: Column
    letters: str

    @cached_property
    def states(self) -> np.ndarray:
        """Each row's state: int8, positions in :data:`cells.STATES`."""
        of_text = np.array([cells.STATES.index(meaning.state) for meaning in self.meanings], dtype=np.int8)
        return np.asarray(of_text[self.codes]) if len(of_text) else np.zeros(0, dtype=np.int8)

    def where(self, *states: str) -> np.ndarray:
        """True for each row in one of the states."""
        return np.isin(self.states, [cells.STATES.index(state) for state in states])

    def values(self, rows: np.ndarray, keep: Sequence[str] = (OK,)) -> pa.Array:
        """The meaning's value in each of these rows; empty for states other than those to keep."""
        held = pa.array([meaning.value if meaning.state in keep else "" for meaning in self.meanings], pa.large_string())
        return held.take(pa.array(self.codes[rows])) if len(held) else pa.array([], pa.large_string())


@dataclass(frozen=True, eq=False)
class Figures:
    """A column of figures: value and state of each distinct text, and which of them each row holds."""

    plan: ColumnPlan
    column: Column
    strip: Strip
    value: np.ndarray
    state: np.ndarray

    @property
    def values(self) -> np.ndarray:
        return np.asarray(self.value[self.strip.codes])

    def where(self, state: int) -> np.ndarray:
        return np.asarray((self.state == state)[self.strip.codes])


@dataclass(frozen=True)
class Slot:
    """Figure columns that state facts of one table with the same labels: together they are one row of it a row."""

    table: TableKind
    labels: Mapping[str, str]
    figures: tuple[Figures, ...]

    @property
    def unknown_area(self) -> str:
        """The heading's spelling of a place, where it is not known which is meant."""
        place = self.labels.get("area", "")
        return place if place and place not in areas.by_code() else ""

    @property
    def comparator(self) -> str:
        """The total or wider place that the columns are about; empty for the others."""
        return self.labels.get("comparator", "")


@dataclass(frozen=True, eq=False)
class LeftOut:
    """Rows, or single cells of them, that were not used: the rows are positions in the body."""

    reason: str
    rows: np.ndarray
    column: str = ""
    """Letters of the one column that was left out; empty where the whole row was."""
    at: str = ""
    """Letters of the column that holds the reason."""
    apart: bool = False
    """True for totals and wider places, which are kept apart: nothing is wrong with them."""


@dataclass(eq=False)
class Applied:
    """What one table of a sheet gave."""

    plan: TablePlan
    grid: Grid
    rows: np.ndarray
    """Positions within the grid of the rows under the headings that hold anything."""
    labels: dict[str, Labelled] = field(default_factory=dict)
    slots: list[Slot] = field(default_factory=list)
    facts: list[tuple[Slot, pd.DataFrame]] = field(default_factory=list)
    """Tidy frames; the index is the sheet's row number."""
    totals: list[tuple[Slot, pd.DataFrame]] = field(default_factory=list)
    """The same for rows and columns of totals and wider places."""
    left_out: list[LeftOut] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    good: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """True for each row whose labels can be used."""
    meant: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """True for each row that is meant as a fact of an area in London, usable or not."""
    apart: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    """True for each row that is a total or a wider place."""
    examples: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """Rows that are the template's own made-up example."""
    aside: dict[str, int] = field(default_factory=dict)
    """Levels that are no kind of place, and how many rows were left out for each."""

    def cell(self, row: int, letters: str) -> str:
        """Where a row of the body and a column stand in the sheet."""
        return f"{letters}{self.grid.top + int(self.rows[row])}"

    @property
    def row_numbers(self) -> np.ndarray:
        return self.rows + self.grid.top


def apply(grid: Grid, plan: TablePlan) -> Applied:
    """Take the facts out of a sheet as a plan says."""
    table = kind(plan.kind)
    plan = _inside(plan, grid)
    applied = Applied(plan, grid, _body_rows(grid, plan))
    strips = {each.column: grid.strips[column_number(each.column) - grid.left].take(applied.rows) for each in plan.columns}
    if plan.exact:
        _without_example(applied, strips, table)
    _keep_places(applied, strips)
    section = _sections(applied, strips)
    for letters in plan.fill_down:
        if letters in strips:
            strips[letters] = _filled_down(strips[letters])
    _suppress(plan, strips)
    applied.labels.update(_labels(applied, strips, table, section))
    applied.slots += _slots(plan, strips, table)
    _judge_rows(applied)
    _build(applied)
    return applied


def _inside(plan: TablePlan, grid: Grid) -> TablePlan:
    """The plan without columns that the sheet does not have."""
    columns = tuple(each for each in plan.columns if 0 <= column_number(each.column) - grid.left < grid.width)
    return plan if len(columns) == len(plan.columns) else replace(plan, columns=columns)


# Rows --------------------------------------------------------------------------------------------------------------------


def _body_rows(grid: Grid, plan: TablePlan) -> np.ndarray:
    """The rows under the headings that hold anything in the plan's columns, without the headings said again."""
    first, last = max(0, plan.first_row - grid.top), min(grid.height - 1, plan.last_row - grid.top)
    rows = np.arange(first, last + 1)
    used = [column_number(each.column) - grid.left for each in plan.columns]
    blank = (
        np.logical_and.reduce([grid.strips[at].blank[first : last + 1] for at in used]) if used and len(rows) else np.ones(len(rows), bool)
    )
    # A formula never worked out leaves its row looking blank, but the row is there.
    for row, column in grid.uncalculated:
        if first <= row - grid.top <= last and column - grid.left in used:
            blank[row - grid.top - first] = False
    header = [row - grid.top for row in plan.header_rows]
    return rows[~blank & ~repeats_headings(grid, header, used, rows)]


def _without_example(applied: Applied, strips: dict[str, Strip], table: TableKind) -> None:
    """Leave out rows that are the template's made-up example, cell for cell."""
    same = np.ones(len(applied.rows), dtype=bool)
    for each in applied.plan.columns:
        name = each.meaning.split(".")[-1]
        if name not in table.names:
            continue
        strip, example = strips[each.column], table.column(name).example
        if table.column(name).is_number:
            held = strip.numbers.value == example
        else:
            held = pc.equal(strip.values, str(example)).to_numpy(zero_copy_only=False)
        same &= held[strip.codes]
    applied.examples = applied.rows[same]
    if same.any():
        _drop(applied, strips, ~same)


def _keep_places(applied: Applied, strips: dict[str, Strip]) -> None:
    """Take out rows about organisations, where a column says what each row is about."""
    for each in applied.plan.columns:
        if each.meaning != LEVEL:
            continue
        strip = strips[each.column]
        texts, codes = _held(strip)
        places = np.array([levels.is_place(text) for text in texts], dtype=bool)
        keep = places[codes] if len(texts) else np.ones(0, dtype=bool)
        for text in (text for text, place in zip(texts, places, strict=True) if not place):
            rows = applied.rows[codes == texts.index(text)]
            applied.left_out.append(LeftOut(f"{each.heading}: {text} is no kind of place.", rows, at=each.column, apart=True))
            applied.aside[text] = len(rows)
        if not keep.all():
            _drop(applied, strips, keep)


def _suppress(plan: TablePlan, strips: dict[str, Strip]) -> None:
    """Blank figures are suppressed where a remark beside them says so."""
    for each in (each for each in plan.columns if each.meaning == REMARK):
        spoken = pc.match_substring_regex(strips[each.column].values, r"(?i)suppress|disclos").to_numpy(zero_copy_only=False)
        where = spoken[strips[each.column].codes]
        for figures in (other for other in plan.columns if other.meaning in FIGURES and where.any()):
            strip = strips[figures.column]
            marked = pa.concat_arrays([strip.values, pa.array(["*"], strip.values.type)])
            strips[figures.column] = Strip(marked, np.where(where & strip.blank, np.int32(len(strip.values)), strip.codes))


def _sections(applied: Applied, strips: Mapping[str, Strip]) -> Strip | None:
    """Headings inside the table: their rows are taken out, and the text counts for the rows under them."""
    plan = applied.plan
    if len(plan.columns) < 2:
        return None
    first = strips[plan.columns[0].column]
    others = np.logical_and.reduce([strips[each.column].blank for each in plan.columns[1:]])
    alone = (first.looks == TEXT) & others
    for row, column in applied.grid.uncalculated:
        alone &= ~((applied.row_numbers == row) & (column != 0))
    if not alone.any():
        return None
    if not plan.sections:
        place = plan.columns[0].meaning == "area"
        lines = np.array([alone[i] and not (place and _names_area(first[i])) for i in range(len(alone))]) if place else alone
        if lines.any() and any(each.meaning in FIGURES for each in plan.columns):
            applied.left_out.append(LeftOut("A line of words without figures.", applied.rows[lines], at=plan.columns[0].column, apart=True))
            _drop(applied, strips, ~lines)
        return None
    totals = np.array([bool(cells.TOTALS.search(text)) for text in first.texts])[first.codes]
    heading = alone & ~totals
    applied.sections += list(dict.fromkeys(first[int(i)] for i in np.flatnonzero(heading)))
    last = np.maximum.accumulate(np.where(heading, np.arange(len(heading)), -1))
    values = [*first.texts, ""]
    codes = np.where(last >= 0, first.codes[np.maximum(last, 0)], len(values) - 1)
    _drop(applied, strips, ~heading)
    return strip_of(pa.array(values).take(pa.array(codes[~heading]))) if len(values) else None


def _names_area(text: str) -> bool:
    found = areas.match(text)
    return bool(found.area or found.comparator or found.proposals or found.elsewhere)


def _drop(applied: Applied, strips: Mapping[str, Strip], keep: np.ndarray) -> None:
    applied.rows = applied.rows[keep]
    for letters in list(strips):
        strips[letters] = strips[letters].take(np.flatnonzero(keep))  # type: ignore[index]


def _filled_down(strip: Strip) -> Strip:
    blank = strip.looks == BLANK
    last = np.maximum.accumulate(np.where(~blank, np.arange(len(blank)), 0))
    return Strip(strip.values, strip.codes[last])


# Labels ------------------------------------------------------------------------------------------------------------------


def _labels(applied: Applied, strips: Mapping[str, Strip], table: TableKind, section: Strip | None) -> dict[str, Labelled]:
    """What each row is about: one entry for each label that a column, or the headings inside the table, give."""
    plan, found = applied.plan, {}
    names = dict.fromkeys(each.meaning for each in plan.columns if each.meaning and each.meaning not in (*FIGURES, *SPECIAL))
    for name in names:
        wanted = [each for each in plan.columns if each.meaning == name]
        column = _column_of(name, table)
        parts = [_labelled(strips[each.column], column, _options(plan, strips[each.column], each, name), each.column) for each in wanted]
        found[name] = parts[0] if len(parts) == 1 else _joined(parts, wanted)
    for name, labelled in _groups(plan, strips, table).items():
        found[name] = _with_group(found[name], labelled) if name in found else labelled
    if section is not None and plan.sections and plan.sections not in found:
        column = _column_of(plan.sections, table)
        options = Options(areas=plan.areas, exact=plan.exact)
        found[plan.sections] = _labelled(section, column, options, plan.columns[0].column)
    return found


def _groups(plan: TablePlan, strips: Mapping[str, Strip], table: TableKind) -> dict[str, Labelled]:
    """The groups of people that a column names, filed under age, sex and so on as the level beside it says."""
    level = next((each for each in plan.columns if each.meaning == LEVEL), None)
    group = next((each for each in plan.columns if each.meaning == GROUP), None)
    if group is None:
        return {}
    texts, codes = _held(strips[group.column])
    kinds, kind_codes = _held(strips[level.column]) if level is not None else ([""], np.zeros(len(codes), dtype=np.int32))
    keys, rows = np.unique(codes.astype(np.int64) * len(kinds) + kind_codes, return_inverse=True)
    pairs = [(texts[int(key) // len(kinds)], levels.group_of(kinds[int(key) % len(kinds)])) for key in keys]
    found = {}
    for name in dict.fromkeys(about for text, about in pairs if not levels.is_everyone(text)):
        column = _column_of("measure" if name == levels.OTHER else name, table)
        mine = [
            cells.understand(text, column) if about == name and not levels.is_everyone(text) else Understood(MISSING)
            for text, about in pairs
        ]
        found[column.name] = Labelled([text for text, _ in pairs], mine, rows.astype(np.int32), column, group.column)
    return found


def _with_group(whole: Labelled, part: Labelled) -> Labelled:
    keys, codes = np.unique(whole.codes.astype(np.int64) * len(part.texts) + part.codes, return_inverse=True)
    pairs = [(int(key) // len(part.texts), int(key) % len(part.texts)) for key in keys]
    meanings = [_pair(whole, part, a, b, True) for a, b in pairs]
    return Labelled([whole.texts[a] for a, _ in pairs], meanings, codes.astype(np.int32), whole.column, whole.letters)


def _column_of(name: str, table: TableKind) -> Column:
    if name in table.names:
        return table.column(name)
    return next(each.column(name) for each in tables.CATALOGUE if name in each.names)


def _options(plan: TablePlan, strip: Strip, each: ColumnPlan, name: str) -> Options:
    months = False
    if name == "period":
        held = [text for text in _held(strip)[0] if text and not cells.TOTALS.search(text)]
        held = [text for text in held[:2000] if cells.is_day(text, each.day_first)]
        typed = all(re.match(r"\d{4}-\d\d-\d\d", text) for text in held)
        months = (
            bool(held)
            and (typed or (len(held) > 1 and not plan.exact))
            and all(cells.is_first_of_month(text, each.day_first) for text in held)
        )
    return Options(each.day_first, months, plan.areas, plan.systems_are_totals, plan.exact)


def _held(strip: Strip) -> tuple[list[str], np.ndarray]:
    """The distinct texts that any row holds, and each row's position among them."""
    counts = np.bincount(strip.codes, minlength=len(strip.values))
    held = np.flatnonzero(counts)
    if len(held) == len(counts):
        return strip.texts, strip.codes
    again = np.zeros(len(counts), dtype=np.int32)
    again[held] = np.arange(len(held), dtype=np.int32)
    return [str(text) for text in strip.values.take(pa.array(held)).to_pylist()], again[strip.codes]


def _labelled(strip: Strip, column: Column, options: Options, letters: str) -> Labelled:
    texts, codes = _held(strip)
    return Labelled(texts, [cells.understand(text, column, options) for text in texts], codes, column, letters)


def _joined(parts: Sequence[Labelled], wanted: Sequence[ColumnPlan]) -> Labelled:
    """Several columns that say the same kind of thing, as one: code and name, start and end, measure and its part."""
    whole = parts[0]
    for part, plan in zip(parts[1:], wanted[1:], strict=True):
        keys = whole.codes.astype(np.int64) * len(part.texts) + part.codes
        unique, codes = np.unique(keys, return_inverse=True)
        pairs = [(int(key) // len(part.texts), int(key) % len(part.texts)) for key in unique]
        meanings = [_pair(whole, part, a, b, plan.day_first) for a, b in pairs]
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


def _pair(whole: Labelled, part: Labelled, a: int, b: int, day_first: bool) -> Understood:
    one, two = whole.meanings[a], part.meanings[b]
    if whole.column.kind == "area":
        return _agreed(one, two, whole.texts[a], part.texts[b])
    if whole.column.kind == "period":
        return cells.combined_period(whole.texts[a], part.texts[b], day_first)
    if one.state != OK or two.state not in (OK, MISSING) or whole.column.kind == "choice":
        return one if one.state not in (OK, MISSING) or two.state == MISSING else two
    return Understood(OK, _told(one.value, two.value))


def _agreed(one: Understood, two: Understood, first: str, second: str) -> Understood:
    """The area that a code and a name give together; rows where they name different areas cannot be used."""
    if one.state == two.state == OK and one.value != two.value:
        done = f"{first} and {second} name different areas."
        return Understood(cells.BLOCKED, done=done, advice="Put the code or the name right, and upload again.")
    if {one.state, two.state} == {OK, COMPARATOR}:
        return Understood(
            cells.BLOCKED, done=f"{first} and {second} name different areas.", advice="Put one of them right, and upload again."
        )
    for state in (COMPARATOR, OK, ELSEWHERE):
        for each in (one, two):
            if each.state == state:
                return each
    return one if one.proposals or two.state == MISSING else two


# Figures -----------------------------------------------------------------------------------------------------------------


def _slots(plan: TablePlan, strips: Mapping[str, Strip], table: TableKind) -> list[Slot]:
    """Figure columns by the facts that they state."""
    grouped: dict[tuple[str, tuple[tuple[str, str], ...]], list[ColumnPlan]] = {}
    for each in plan.columns:
        if each.meaning in FIGURES:
            key = (each.meaning.split(".")[0], tuple(sorted(_confirmed(each.labels, plan.areas).items())))
            held = grouped.setdefault(key, [])
            if each.meaning not in [other.meaning for other in held]:
                held.append(each)
    if not any(name == table.name for name, _ in grouped) and not set(table.required) & set(table.numbers):
        grouped[table.name, ()] = []
    return [
        Slot(kind(name), dict(labels), tuple(_figures(strips[each.column], each, kind(name)) for each in held))
        for (name, labels), held in grouped.items()
    ]


def _confirmed(labels: Mapping[str, str], known: Mapping[str, str]) -> dict[str, str]:
    """A heading's labels with the area that a person gave its spelling."""
    place = labels.get("area", "")
    return {**labels, "area": known.get(place, place)} if place else dict(labels)


def _figures(strip: Strip, plan: ColumnPlan, table: TableKind) -> Figures:
    """Each distinct text of a column of figures in the catalogue's unit."""
    column, found = table.column(plan.meaning.split(".")[1]), strip.numbers
    value, percent = found.value.copy(), found.form == numbers.FORMS.index(numbers.PERCENT)
    if plan.scale != 1:
        written = found.form == numbers.FORMS.index(numbers.WRITTEN)
        explicit = pc.match_substring_regex(strip.values, _EXPLICIT).to_numpy(zero_copy_only=False) if written.any() else written
        scaled = value * plan.scale
        # 37.8 x 0.01 in floats is 0.37799999999999995: twelve places are more than any sheet states.
        value = np.where(percent | explicit, value, np.round(scaled, 12) if plan.scale < 1 else scaled)
    if column.unit == "%":
        value = np.where(percent, np.round(value * 100, 12), value)
    state = np.select(
        [found.state == numbers.STATES.index(numbers.NUMBER), found.state == numbers.STATES.index(numbers.MISSING),
         found.state == numbers.STATES.index(numbers.SUPPRESSED)],
        [_OK, _MISSING, _SUPPRESSED], _BLOCKED,
    )  # fmt: skip
    known = state == _OK
    if column.unit != "%" and column.kind not in ("number", "share"):
        state[percent & known] = _BLOCKED
    if column.kind in ("count", "share"):
        state[known & (value < 0)] = _BLOCKED
    if column.kind == "share":
        state[known & (value > 1)] = _BLOCKED
    return Figures(plan, column, strip, np.where(state == _OK, value, np.nan), state.astype(np.int8))


def why_blocked(text: str, column: Column) -> tuple[str, str]:
    """Why a text is no figure of a column, and what to do."""
    number = numbers.parse(text)
    if number.state != numbers.NUMBER:
        return "This is not a number.", _advice_for_number(text)
    if number.form == numbers.PERCENT and column.kind not in ("number", "share"):
        return f"{column.name} is not a share.", "Write the figure itself, without %."
    if number.value < 0:
        return f"{column.name} cannot be below zero.", "Correct the figure, or empty the cell."
    return f"{column.name} is a share, from 0 to 1.", "Write 12.5% as 0.125, or with its % sign."


def _advice_for_number(text: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d.*", text):
        return "A date stands where a number belongs. Format the cell as a number, type it again and upload."
    if text.startswith("#"):
        return "Put the formula that gives this error right, save and upload again."
    return "Write digits only, such as 1234.5. Leave the cell empty for missing; write * for suppressed."


# Rows that can be used ---------------------------------------------------------------------------------------------------


def _judge_rows(applied: Applied) -> None:
    """Which rows can be used, which are totals kept apart, and why the others are left out."""
    count = len(applied.rows)
    bad, apart = np.zeros(count, dtype=bool), np.zeros(count, dtype=bool)
    used = {each.column: each for each in applied.plan.columns if each.meaning}
    for row, column in applied.grid.uncalculated:
        letters = address(1, column)[:-1]
        at = np.flatnonzero(applied.row_numbers == row)
        if len(at) and letters in used:
            alone = used[letters].meaning in FIGURES and len(applied.slots) > 1
            applied.left_out.append(
                LeftOut("A formula in this row has no stored value.", applied.rows[at], letters if alone else "", letters)
            )
            bad[at] |= not alone
    for name, labelled in applied.labels.items():
        totals = labelled.where(COMPARATOR, TOTAL) & ~bad
        if totals.any():
            _note_rows(applied, labelled, totals, name)
            apart |= totals
    for name, labelled in applied.labels.items():
        for states in ((ELSEWHERE,), (cells.BLOCKED,)):
            found = labelled.where(*states) & ~apart & (~bad if states == (ELSEWHERE,) else True)
            if found.any():
                _note_rows(applied, labelled, found, name)
                bad |= found
    outside = np.logical_or.reduce([labelled.where(ELSEWHERE) for labelled in applied.labels.values()]) if applied.labels else bad
    applied.good, applied.apart, applied.meant = ~bad & ~apart, apart & ~bad, ~apart & ~outside


def _note_rows(applied: Applied, labelled: Labelled, which: np.ndarray, name: str) -> None:
    """Write down why rows are left out: one entry for each distinct text."""
    held = np.flatnonzero(which)
    codes = labelled.codes[held]
    order = np.argsort(codes, kind="stable")
    edges = np.flatnonzero(np.diff(codes[order])) + 1
    for part in np.split(held[order], edges):
        meaning = labelled.meanings[int(labelled.codes[part[0]])]
        reason = f"{name}: {meaning.done} {meaning.advice}".strip()
        apart = meaning.state in (COMPARATOR, TOTAL, ELSEWHERE)
        applied.left_out.append(LeftOut(reason, applied.rows[part], at=labelled.letters, apart=apart))


# Frames ------------------------------------------------------------------------------------------------------------------


def _build(applied: Applied) -> None:
    """The tidy frames of every slot, and their totals."""
    alone = len(applied.slots) == 1
    for slot in applied.slots[: max(1, MOST_FACTS // max(1, len(applied.rows)))]:
        use, refused = _usable(applied, slot, alone)
        for figures in slot.figures if refused.any() else ():
            _note_cells(applied, figures, refused & applied.meant & figures.where(_BLOCKED), alone)
        rows = np.flatnonzero(applied.good & use)
        lacks = lacking(applied, slot)
        if slot.unknown_area or lacks:
            for figures in slot.figures:
                shown = rows[figures.strip.looks[rows] != BLANK]
                reason = f"area: {slot.unknown_area} is not known. Confirm or choose the area of this column."
                reason = reason if slot.unknown_area else f"Nothing says the {', '.join(lacks)} of this column."
                applied.left_out.append(LeftOut(reason, applied.rows[shown], figures.plan.column, figures.plan.column))
            continue
        if slot.comparator:
            applied.totals.append((slot, _frame(applied, slot, rows)))
            for figures in slot.figures:
                reason = f"{slot.comparator}: a total or a wider place, kept apart."
                shown = rows[figures.strip.looks[rows] != BLANK]
                applied.left_out.append(LeftOut(reason, applied.rows[shown], figures.plan.column, figures.plan.column, apart=True))
            continue
        applied.facts.append((slot, _frame(applied, slot, rows)))
        if applied.apart.any():
            applied.totals.append((slot, _frame(applied, slot, np.flatnonzero(applied.apart & use))))


def _usable(applied: Applied, slot: Slot, alone: bool) -> tuple[np.ndarray, np.ndarray]:
    """Rows whose figures can be used, and rows where one cannot be read."""
    refused = np.zeros(len(applied.rows), dtype=bool)
    empty = np.ones(len(applied.rows), dtype=bool)
    for figures in slot.figures:
        refused |= figures.where(_BLOCKED)
        empty &= figures.strip.blank
    # A blank cell among several columns of figures states nothing; in the only one it is a missing figure.
    return ~refused & (~empty if not alone and slot.figures else True), refused


def _note_cells(applied: Applied, figures: Figures, which: np.ndarray, alone: bool) -> None:
    for code in np.unique(figures.strip.codes[which]):
        rows = np.flatnonzero(which & (figures.strip.codes == code))
        done, advice = why_blocked(str(figures.strip.values[int(code)].as_py()), figures.column)
        reason = f"{figures.column.name}: {done} {advice}"
        applied.left_out.append(LeftOut(reason, applied.rows[rows], "" if alone else figures.plan.column, figures.plan.column))


def _frame(applied: Applied, slot: Slot, rows: np.ndarray) -> pd.DataFrame:
    """Tidy rows of one slot; in rows of totals the area is the total's name."""
    blank = _constant("", len(rows))

    def held(column: Column) -> object:
        if not column.is_number:
            return _as_series(_texts(applied, slot, column, rows, blank))
        figures = next((each for each in slot.figures if each.column.name == column.name), None)
        return figures.values[rows] if figures is not None else np.full(len(rows), np.nan)

    columns = slot.table.columns
    if len(rows) > _MANY_ROWS:
        # Taking texts out of a dictionary leaves Python's lock, so that columns are filled side by side.
        with ThreadPoolExecutor(4) as pool:
            parts = list(pool.map(held, columns))
    else:
        parts = [held(column) for column in columns]
    out = dict(zip([column.name for column in columns], parts, strict=True))
    out[tables.SUPPRESSED] = _as_series(_marks(slot, rows))
    out[tables.SOURCE] = _as_series(blank)
    return pd.DataFrame(out, index=pd.Index(applied.row_numbers[rows]), copy=False)


def _texts(applied: Applied, slot: Slot, column: Column, rows: np.ndarray, blank: pa.Array) -> pa.Array:
    """What a label says in these rows: the column's own heading first, then the row's cell, then what holds for the table."""
    name = column.name
    own = slot.labels.get(name, "")
    if slot.comparator and name == _total_over(applied, slot):
        return _constant(slot.comparator, len(rows))
    labelled = applied.labels.get(name)
    if labelled is not None and own and name == "measure":
        values = labelled.values(rows)
        return pc.binary_join_element_wise(values, _constant(own, len(rows)), pa.scalar(", ", pa.large_string())) if len(rows) else values
    if own:
        return _constant(own, len(rows))
    if labelled is not None:
        return labelled.values(rows, keep=(OK, COMPARATOR, TOTAL))
    default = _default(applied, slot, column)
    return _constant(default, len(rows)) if default else blank


def _total_over(applied: Applied, slot: Slot) -> str:
    """The label that a column of totals adds up over: the one that its neighbours' headings name."""
    if "area" not in applied.labels and "area" not in applied.plan.labels and areas.match(slot.comparator).comparator in _WIDER:
        return "area"
    others = [each for each in applied.slots if each.table is slot.table and not each.comparator]
    for name in ("area", "period", "service", "team", "measure", "sex", "age_band"):
        if name not in slot.labels and any(name in each.labels for each in others):
            return name
    return "service" if "service" in slot.table.names else "measure"


def _default(applied: Applied, slot: Slot, column: Column) -> str:
    held = applied.plan.labels.get(column.name, "")
    if held or not slot.figures:
        return held
    if column.name == "unit" and slot.table.name == "indicators":
        return next((each.plan.unit for each in slot.figures if each.plan.unit), "")
    if column.name == "measure" and column.required:
        named = next((each for each in slot.figures if each.column.name in ("value", "count")), slot.figures[0]).plan.heading
        return wording.understand(named.split(" / ")).text or named or applied.plan.title or applied.plan.sheet
    return NOT_STATED.get(column.name, "") if column.required else ""


def _marks(slot: Slot, rows: np.ndarray) -> pa.Array:
    """Names of the columns that are suppressed in each row."""
    code = np.zeros(len(rows), dtype=np.int32)
    for bit, figures in enumerate(slot.figures):
        code |= figures.where(_SUPPRESSED)[rows].astype(np.int32) << bit
    if not code.any():
        return _constant("", len(rows))
    kept, again = np.unique(code, return_inverse=True)
    names = [" ".join(each.column.name for bit, each in enumerate(slot.figures) if value >> bit & 1) for value in kept]
    return pa.array(names, pa.large_string()).take(pa.array(again))


def _constant(text: str, count: int) -> pa.Array:
    return pa.repeat(pa.scalar(text, pa.large_string()), count)


def _as_series(values: pa.Array) -> object:
    return pd.array(values, dtype="str")


def required_but_absent(applied: Applied) -> dict[str, list[str]]:
    """For each table of which no column of figures can be used: the labels that it requires and that nothing gives."""
    absent: dict[str, list[list[str]]] = {}
    for slot in applied.slots:
        absent.setdefault(slot.table.name, []).append(lacking(applied, slot))
    return {name: min(lacks, key=len) for name, lacks in absent.items() if all(lacks)}


def lacking(applied: Applied, slot: Slot) -> list[str]:
    """The labels that a table requires and that nothing gives for some figures, but for those with a stated default."""
    given = {*applied.labels, *applied.plan.labels, *slot.labels, *NOT_STATED}
    if slot.comparator and _total_over(applied, slot) == "area":
        given.add("area")
    if slot.figures:
        given.add("measure")
    return [column.name for column in slot.table.columns if column.required and not column.is_number and column.name not in given]


def fact_keys(applied: Applied, slot: Slot, rows: np.ndarray) -> np.ndarray:
    """A whole number for each of these rows that is the same for rows that state the same fact, told from the labels' codes."""
    keys = np.zeros(len(rows), dtype=np.int64)
    most = 1
    for column in slot.table.columns:
        labelled = applied.labels.get(column.name) if column.key and (column.name not in slot.labels or column.name == "measure") else None
        if labelled is None:
            continue
        values = ["resident" if column.name == "base" and not meaning.value else meaning.value for meaning in labelled.meanings]
        places = {value: at for at, value in enumerate(dict.fromkeys(values))}
        if len(places) < 2:
            continue
        if most > np.iinfo(np.int64).max // len(places) - 1:
            keys = np.unique(keys, return_inverse=True)[1].astype(np.int64)
            most = len(rows)
        keys = keys * len(places) + np.array([places[value] for value in values], dtype=np.int64)[labelled.codes[rows]]
        most *= len(places)
    return keys
