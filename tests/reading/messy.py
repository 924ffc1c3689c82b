"""Messy files whose truth is known: a small tidy table is drawn first, then a layout that people use, then the bytes.

:func:`messy_files` is the strategy. What the file holds, what should be left out and what stands beside as comparison is
worked out from the tidy table, never from the file.
"""

from __future__ import annotations

import csv
import io
import random
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise, product
from typing import Any

import pandas as pd
from hypothesis import strategies as st
from openpyxl import Workbook

from mhequity import areas, periods, tables
from mhequity.reading import numbers

Cell = int | float | str | date | None
SUPPRESSED, MISSING = "suppressed", "missing"
BOROUGH, COMPARATOR, STRANGER = "borough", "comparator", "stranger"
AREA, SERVICE, PERIOD, FIGURE = "area", "service", "period", "figure"

SERVICES = (
    "Community mental health team", "Crisis resolution and home treatment", "Early intervention in psychosis", "Memory service",
    "Talking therapies", "Perinatal", "CAMHS", "Liaison psychiatry", "@Home team",
)  # fmt: skip
ODD_SPELLINGS = {
    "Hammersmith and Fulham": ("H&F", "LBHF", "Hammersmith & Fulham"),
    "Kensington and Chelsea": ("K&C", "RBKC", "Kensington & Chelsea", "Royal Borough of Kensington and Chelsea"),
    "Barking and Dagenham": ("Barking & Dagenham", "LBBD"),
    "Richmond upon Thames": ("Richmond", "Richmond-upon-Thames"),
    "Kingston upon Thames": ("Kingston", "Kingston Upon Thames"),
    "Westminster": ("City of Westminster", "Westminster, City of"),
    "City of London": ("CITY OF LONDON",),
}
MISSPELT = ("Hounslw", "Islngton", "Waltham Forrest", "Tower Hamlet", "Brentt", "Hamersmith and Fulham")
ELSEWHERE = ("Hertfordshire", "Kent", "Surrey")
LABEL_HEADINGS = {
    AREA: ("Borough", "Area", "Local authority", "area", "London borough"),
    SERVICE: ("Service", "Service line", "Service name", "service"),
    PERIOD: ("Period", "period"),
    FIGURE: ("Measure", "Metric", "measure"),
}
PERIOD_HEADINGS = {"year": ("Year", "Financial year"), "quarter": ("Quarter",), "month": ("Month",)}
OPENINGS = ("Example Integrated Care System", "Planning team: draft for comment", "OFFICIAL")
NOTES = ("Source: finance and activity systems of the trusts.", "Note: figures are provisional.", "Notes: 1. Excludes inpatient beds.")


@dataclass(frozen=True)
class Place:
    """What one row or column of areas says, and what it stands for."""

    written: str
    meant: str
    """GSS code of a borough, name of a comparator, empty for a stranger."""
    role: str
    code: str = ""
    """What stands in the column of codes, where there is one."""


@dataclass(frozen=True)
class Figure:
    """One measure: where it belongs, how it is headed, and the range of what is written under it."""

    column: str
    """``investment.amount_gbp``."""
    name: str
    unit: str = ""
    scale: float = 1.0
    top: int = 20_000
    places: int = 0
    bottom: int = 0
    sign: str = ""
    """Written after each figure: ``%``."""

    @property
    def table(self) -> str:
        return self.column.split(".")[0]

    def headed(self, period: str = "", with_unit: bool = True) -> str:
        return " ".join(part for part in (self.name, period, self.unit if with_unit else "") if part)


MONEY = tuple(
    Figure("investment.amount_gbp", name, unit, scale, top, dp, bottom)
    for name, (unit, scale, top, dp, bottom) in product(
        ("Spend", "Investment", "Amount", "Expenditure"),
        (("(£)", 1.0, 4_000_000, 0, -20_000), ("(£000s)", 1000.0, 9000, 0, -200), ("£k", 1000.0, 9000, 1, 0), ("£m", 1e6, 40, 2, 0)),
    )
)
COUNTS = tuple(Figure("activity.count", name) for name in ("Contacts", "Referrals"))
PEOPLE = tuple(Figure("population.persons", name, top=400_000) for name in ("Population", "Persons", "Resident population"))
STAFF = tuple(
    (Figure("workforce.established_wte", one, top=200, places=1), Figure("workforce.in_post_wte", two, top=200, places=1))
    for one, two in (
        ("Established WTE", "In post WTE"),
        ("Establishment (WTE)", "In post (WTE)"),
        ("WTE establishment", "WTE in post"),
        ("established_wte", "in_post_wte"),
    )
)
MEASURES = (
    Figure("indicators.value", "Smoking prevalence", "(%)", 0.01, 98, 1, 2),
    Figure("indicators.value", "Unemployment rate", "(%)", 0.01, 98, 1, 2),
    Figure("indicators.value", "Suicide rate", "(per 100,000)", 1.0, 40, 1, 2),
    Figure("indicators.value", "Life expectancy at birth", "(years)", 1.0, 90, 1, 60),
    Figure("indicators.value", "Wellbeing score", "", 1.0, 90, 1, 2),
    Figure("indicators.value", "People in settled accommodation", "", 0.01, 98, 1, 2, "%"),
)


@dataclass(frozen=True)
class Story:
    """The tidy table, before anyone lays it out. ``cells`` holds what is written: a number, ``suppressed`` or ``missing``."""

    places: tuple[Place, ...]
    services: tuple[str, ...]
    periods: tuple[periods.Period, ...]
    figures: tuple[Figure, ...]
    cells: Mapping[tuple[int, int, int, int], float | str]

    def frames(self, role: str) -> dict[str, pd.DataFrame]:
        """Tidy frames of the rows whose place has that role; figures that are missing are not in them."""
        rows: dict[tuple[str, ...], dict[str, Any]] = {}
        for (p, s, t, f), cell in self.cells.items():
            place, figure = self.places[p], self.figures[f]
            if place.role != role or cell == MISSING:
                continue
            measure = figure.name if figure.column in ("activity.count", "indicators.value") else ""
            labels = {"area": place.meant, "service": self.services[s], "period": self.periods[t].label, "measure": measure}
            row = rows.setdefault((figure.table, *labels.values()), {**labels, "suppressed": []})
            if figure.column == "indicators.value":
                row["unit"] = "share" if figure.scale == 0.01 else ""
            column = figure.column.split(".")[1]
            if cell == SUPPRESSED:
                row["suppressed"].append(column)
            else:
                row[column] = float(cell) * figure.scale
        table = self.figures[0].table
        listed = [{**row, "suppressed": " ".join(row["suppressed"])} for row in rows.values()]
        return {table: tables.conform(pd.DataFrame(listed), table)} if listed else {}

    def written(self, role: str) -> Counter[float]:
        """The numbers that stand beside places of that role, as a cell's text alone says them."""
        cells = [(self.figures[key[3]], cell) for key, cell in self.cells.items() if self.places[key[0]].role == role]
        return Counter(rounded(cell * 0.01 if figure.sign else cell) for figure, cell in cells if not isinstance(cell, str))


@dataclass(frozen=True)
class Layout:
    """Where each of area, service, period and measure stands, and how things are written."""

    across: tuple[str, ...]
    rows: tuple[str, ...]
    period_in: str
    """``rows``, ``across``, ``title``, ``heading``, ``sheets``, ``stacked`` or ``beside``."""
    figure_in: str
    """``heading``, ``rows``, ``top`` (a merged cell above), ``joined`` (one heading with the period) or ``title``."""
    file: str = "xlsx"
    delimiter: str = ","
    encoding: str = "utf-8"
    sections: bool = False
    codes: bool = False
    """Code and name in two columns."""
    fill_down: str = ""
    """``merged`` or ``blank``: the first label is written once for all its rows."""
    titles: tuple[str, ...] = ()
    unit_line: bool = False
    notes: tuple[str, ...] = ()
    blank_rows: int = 0
    blank_columns: int = 0
    gap: int = 1
    total_row: bool = False
    total_column: str = ""
    header_again: bool = False
    tall_labels: bool = False
    """Under a heading of two rows, the labels' headings are merged over both."""
    comment: bool = False
    numbers: str = "plain"
    """``plain``, ``text`` (1,234), ``pound`` (£1,234) or ``mixed``."""
    suppressed: str = "*"
    missing: str = ".."
    headings: Mapping[str, str] | None = None
    period_style: int = 0


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: list[list[Cell]]
    merged: list[tuple[int, int, int, int]]
    """First row, first column, last row, last column, from 0."""


@dataclass(frozen=True)
class Messy:
    """A messy file and what a person would take from it."""

    name: str
    data: bytes
    truth: dict[str, pd.DataFrame]
    comparators: dict[str, pd.DataFrame]
    """Rows of wider places that stand in the file with all their labels."""
    left_out: Counter[float]
    """Numbers beside places that nobody knows, as they are written."""
    beside: Counter[float]
    """Numbers of totals and wider places, as they are written."""
    sheets: tuple[Sheet, ...]
    layout: Layout

    def __repr__(self) -> str:
        """The file as a person sees it, so that a failing case can be understood."""
        lines = [f"{self.name} ({self.layout.encoding}, {self.layout.delimiter!r})" if "xlsx" not in self.name else self.name]
        for sheet in self.sheets:
            lines += [f"--- {sheet.name}, merged {sheet.merged}"]
            lines += [f"{at:>3} " + " | ".join("" if cell is None else str(cell) for cell in row) for at, row in enumerate(sheet.rows, 1)]
        return "\n".join(lines)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002
        """What hypothesis prints of a failing case."""
        printer.text(f"\n{self!r}\n")


def all_numbers(cells: Iterable[object]) -> Counter[float]:
    """The cells that hold a number, as their text alone says it."""
    read = (numbers.parse(cell) for cell in cells)
    return Counter(rounded(one.value) for one in read if one.state == numbers.NUMBER)


def rounded(number: float) -> float:
    return float(f"{number:.9g}")


def facts(frames: Mapping[str, pd.DataFrame]) -> Counter[tuple[Any, ...]]:
    """Each figure with all that it is about; a missing figure is no fact. Residents are what an empty ``base`` means."""
    found: Counter[tuple[Any, ...]] = Counter()
    for table, frame in frames.items():
        kind = tables.kind(table)
        for row in frame.to_dict("records"):
            about = tuple((key, row[key]) for key in kind.key if row[key] and (key, row[key]) != ("base", "resident"))
            share = ("share",) if row.get("unit") == "share" else ()
            for column in kind.numbers:
                if column in row["suppressed"].split():
                    found[(table, column, SUPPRESSED, *about)] += 1
                elif not pd.isna(row[column]):
                    found[(table, column, rounded(row[column]), *about, *share)] += 1
    return found


# --- the tidy table ---------------------------------------------------------------------------------------------------


class Choice:
    """Chooses evenly among options from one seed, so that a few hundred cases show many layouts.

    A choice that is not open takes its first option, the plainest.
    """

    def __init__(self, seed: int, opened: int) -> None:
        self.seed, self.opened = seed, opened

    def random(self, name: str) -> random.Random:
        return random.Random(f"{self.seed} {name}")

    def of(self, name: str, options: Sequence[Any]) -> Any:
        is_open = self.opened >> zlib.crc32(name.encode()) % CHOICES & 1
        return self.random(name).choice(options) if is_open else options[0]

    def some(self, name: str, options: Sequence[Any], counts: Sequence[int]) -> tuple[Any, ...]:
        """Different options, their number one of ``counts``."""
        return tuple(self.random(name).sample(options, self.of(f"how many {name}", counts)))


CHOICES = 48
RARELY = (False, False, False, True)


BITS = st.integers(0, 2**24 - 1)
"""Up to this size hypothesis draws all numbers alike."""


def choices() -> st.SearchStrategy[Choice]:
    """All choices open: the most different files, but a failing one is not made simpler."""
    return BITS.map(lambda seed: Choice(seed, -1))


def simple_choices() -> st.SearchStrategy[Choice]:
    """Half of the choices open, and hypothesis closes more in a failing case: fewer layouts, but the failing one is simple."""
    return st.builds(lambda seed, low, high: Choice(seed, high << 24 | low), BITS, BITS, BITS)


def story_of(choice: Choice) -> Story:
    """A tidy table of 2 to 12 boroughs, 1 to 3 services, 1 to 4 periods, one or two measures."""
    kind = choice.of("kind", ("investment", "activity", "workforce", "population", "indicators"))
    has_services = kind in ("investment", "activity", "workforce")
    figures = {
        "investment": tuple((one,) for one in MONEY),
        "activity": (COUNTS[:1], COUNTS[1:], COUNTS),
        "workforce": STAFF,
        "population": tuple((one,) for one in PEOPLE),
        "indicators": (choice.some("measures", MEASURES, (1, 2)),),
    }[kind]
    return _filled(
        _places(choice, kind),
        choice.some("services", SERVICES, (1, 2, 2, 3)) if has_services else ("",),
        _span(choice),
        choice.of("figures", figures),
        choice.random("cells"),
    )


def _span(choice: Choice) -> tuple[periods.Period, ...]:
    """1 to 4 years, quarters or months in a row."""
    year, count = choice.of("year", range(2015, 2025)), choice.of("how many periods", (1, 2, 3, 4))
    return {
        "years": tuple(periods.financial_year(year + n) for n in range(count)),
        "quarters": tuple(periods.quarter(year, n + 1) for n in range(count)),
        "months": tuple(periods.month(year, n + 4) for n in range(count)),
    }[choice.of("span", ("years", "years", "quarters", "months"))]


def _places(choice: Choice, kind: str) -> tuple[Place, ...]:
    """Boroughs as people write them, then perhaps wider places, a stranger, or a misspelling."""
    chosen = choice.some("boroughs", areas.boroughs(), (2, 3, 4, 6, 8, 12))
    style = choice.of("spelling", ("name", "name", "upper", "LB", "code", "odd", "code and name", "mixed"))
    each = choice.random("each spelling")
    found = [
        Place(
            _spelt(area, each.choice(("name", "upper", "LB", "code", "odd")) if style == "mixed" else style), area.code, BOROUGH, area.code
        )
        for area in chosen
    ]
    wider = [("London", "London", "E12000007"), ("England", "England", "E92000001")]
    wider += [] if kind == "indicators" else [("Total", "Total", "")]
    found += [Place(name, meant, COMPARATOR, code) for name, meant, code in choice.some("wider places", wider, (0, 0, 1, 2))]
    stranger = choice.of("stranger", (*[None] * 15, *MISSPELT, *ELSEWHERE))
    return (*found, Place(stranger, "", STRANGER)) if stranger else tuple(found)


def _spelt(area: areas.Area, style: str) -> str:
    if style == "odd" or (area.name == "City of London" and style == "LB"):
        return ODD_SPELLINGS.get(area.name, (f"London Borough of {area.name}",))[0]
    return {"upper": area.name.upper(), "LB": f"LB {area.name}", "code": area.code, "code and name": f"{area.code} {area.name}"}.get(
        style, area.name
    )


def _filled(where: tuple[Place, ...], services: tuple[str, ...], when: tuple[periods.Period, ...], figures: tuple[Figure, ...],
            chance: random.Random) -> Story:  # fmt: skip
    """Numbers for all; every other cell may be suppressed or missing, so that a column never lacks numbers altogether."""
    cells: dict[tuple[int, int, int, int], float | str] = {}
    for s, t, f in product(range(len(services)), range(len(when)), range(len(figures))):
        figure, total = figures[f], 0.0
        for p, place in enumerate(where):
            cell: float | str = _drawn(figure, chance)
            if place.role == BOROUGH and (p + s + t + f) % 2 and chance.random() < 0.2:
                cell = chance.choice([MISSING] if figure.table == "investment" else [SUPPRESSED, MISSING])
            elif place.role == COMPARATOR and place.written != "England" and figure.table != "indicators":
                cell = round(total, figure.places)
            if place.written == "England" and figure.table != "indicators":
                cell = round(total + float(cell), figure.places)
            cells[p, s, t, f] = cell
            total += cell if place.role == BOROUGH and not isinstance(cell, str) else 0
    return Story(where, services, when, figures, cells)


def _drawn(figure: Figure, chance: random.Random) -> float:
    if figure.bottom <= 0 and chance.random() < 0.05:
        return 0.0
    number = (
        chance.uniform(figure.bottom, figure.top) if chance.random() < 0.5 else chance.uniform(max(figure.bottom, 2), figure.top / 20 + 3)
    )
    return round(number, figure.places)


# --- the layout -------------------------------------------------------------------------------------------------------


def _ways_across(story: Story) -> list[tuple[str, ...]]:
    """What can stand across, as people do it with such a table."""
    table, several, services = story.figures[0].table, len(story.figures) > 1, len(story.services) > 1
    ways: list[tuple[str, ...]] = [(FIGURE,), (FIGURE,), (PERIOD, FIGURE), (FIGURE, PERIOD)]
    if services and (several or table == "workforce"):
        ways += [(SERVICE, FIGURE)]
    if table == "workforce":
        ways += [(AREA, FIGURE)]
    elif not several or _may_be_listed(story):
        ways += [(PERIOD,), (PERIOD,), (AREA,)]
    if services and not several:
        ways += [(SERVICE,), (SERVICE, PERIOD), (PERIOD, SERVICE)]
    return ways


def _may_be_listed(story: Story) -> bool:
    """Measures may stand in a column of their own where one unit, stated nowhere, is right for all of them."""
    return story.figures[0].table in ("activity", "indicators") and all(each.scale == 1 for each in story.figures)


def layout_of(story: Story, choice: Choice) -> Layout:
    """A layout in which the file says all that the tidy table does."""
    file = choice.of("file", ("xlsx", "xlsx", "csv"))
    across = choice.of("across", _ways_across(story))
    figure_in = choice.of("figure", _ways_to_name(story, across))
    if figure_in == "rows":
        across = tuple(each for each in across if each != FIGURE)
    period_in = "across" if PERIOD in across else choice.of("period", _places_for_period(story, across, figure_in, file))
    rows = [each for each in (AREA, SERVICE) if each not in across and (each == AREA or story.services != ("",))]
    sections = len(story.services) > 1 and SERVICE not in across and AREA not in across and choice.of("sections", RARELY)
    if sections:
        rows.remove(SERVICE)
    rows += [PERIOD] if period_in == "rows" else []
    rows += [FIGURE] if figure_in == "rows" else []
    if not rows:  # boroughs across and nothing else to tell the rows apart
        rows, period_in = [PERIOD], "rows"
    elif not sections and choice.of("order", RARELY):
        choice.random("rows").shuffle(rows)
    plain = Layout(across, tuple(rows), period_in, figure_in, file, sections=sections)
    return _dressed(story, plain, choice)


def _ways_to_name(story: Story, across: tuple[str, ...]) -> list[str]:
    listed = ["rows"] if _may_be_listed(story) and across in ((FIGURE,), (PERIOD,), (AREA,)) else []
    if FIGURE in across:
        return ["heading", *listed, *(["joined"] if PERIOD in across else [])]
    if len(story.figures) > 1:
        return listed
    titled = [] if story.figures[0].table == "indicators" else ["title"]
    return [*listed, *(["top"] if len(across) == 1 else []), *titled, *(["joined"] if across == (PERIOD,) else [])]


def _places_for_period(story: Story, across: tuple[str, ...], figure_in: str, file: str) -> list[str]:
    if len(story.periods) > 1:
        return ["rows", "rows", "stacked", *(["sheets", "beside"] if file == "xlsx" else [])]
    return ["rows", "title", *(["heading"] if figure_in == "top" or across == (FIGURE,) else [])]


def _dressed(story: Story, plain: Layout, choice: Choice) -> Layout:
    """The same layout with what people put above, below, beside and inside a table."""
    money, adds_up = story.figures[0].table == "investment", story.figures[0].table != "indicators"
    boroughs_only = all(place.role == BOROUGH for place in story.places)
    single = plain.period_in not in ("sheets", "stacked", "beside")
    delimiter = choice.of("delimiter", (",", ",", ";", "\t")) if plain.file == "csv" else ","
    first = {AREA: story.places, SERVICE: story.services, PERIOD: story.periods, FIGURE: story.figures}[plain.rows[0]]
    codes = AREA in plain.rows and choice.of("codes", RARELY)
    can_fill = len(plain.rows) > 1 and len(first) > 1 and not plain.sections and not codes
    flat = len(plain.across) == 1 and plain.figure_in in ("title", "rows") and adds_up and FIGURE not in plain.across
    # A stranger's total, or a second column called Total, would make it unclear what is left out.
    unclear = {place.role if AREA not in plain.across else place.meant for place in story.places}
    flat = flat and not unclear & {STRANGER, "Total"}
    texts = {**LABEL_HEADINGS, PERIOD: LABEL_HEADINGS[PERIOD] + PERIOD_HEADINGS[story.periods[0].kind]}
    return replace(
        plain,
        delimiter=delimiter,
        encoding=choice.of("encoding", ("utf-8-sig", "cp1252", "utf-16", "utf-8")) if plain.file == "csv" else "",
        codes=codes,
        fill_down=choice.of("fill", ("", "blank", "merged")) if can_fill else "",
        titles=choice.some("titles", OPENINGS, (0, 0, 1, 2)),
        unit_line=money and story.figures[0].scale > 1 and choice.of("unit", RARELY),
        notes=choice.some("notes", NOTES, (0, 0, 1, 2)),
        blank_rows=choice.of("rows above", (0, 1, 2)),
        blank_columns=choice.of("columns before", (0, 0, 1)),
        gap=choice.of("gap", (0, 1)),
        total_row=adds_up and boroughs_only and not plain.sections and choice.of("total row", (False, True)),
        total_column=choice.of(
            "total column", ("", "Total", "YTD" if PERIOD in plain.across and story.periods[0].kind == "month" else "Grand total")
        )
        if flat
        else "",
        header_again=single and choice.of("header again", RARELY),
        tall_labels=choice.of("tall labels", (False, True)),
        comment=choice.of("comment", RARELY),
        numbers="plain" if delimiter == ";" else choice.of("numbers", ("plain", "text", "mixed", "pound" if money else "text")),
        suppressed=choice.of("suppressed", ("*", "<5", "c", "[c]")),
        # A place's name with nothing beside it looks like a heading: blank only where another label stands beside it.
        missing=choice.of("missing", ("-", "..", "n/a", "" if len(plain.rows) > 1 and not plain.sections else "N/A")),
        headings={dim: choice.of(dim, several) for dim, several in texts.items()},
        period_style=choice.of("period style", (0, 1, 2, 3)),
    )


# --- the sheets -------------------------------------------------------------------------------------------------------


def _period_text(period: periods.Period, layout: Layout, as_date: bool = False) -> Cell:
    """The period as someone writes it; a workbook's months may be true dates where the cell holds nothing else."""
    assert period.start is not None
    year, style = period.start.year - (period.start.month < 4), layout.period_style
    if period.kind == "year":
        return (f"{year}/{(year + 1) % 100:02d}", f"{year}-{(year + 1) % 100:02d}", f"{year}/{year + 1}", f"FY{(year + 1) % 100:02d}")[
            style
        ]
    if period.kind == "quarter":
        span, number = f"{year}/{(year + 1) % 100:02d}", period.label[-1]
        return (f"{span} Q{number}", f"Q{number} {span}", f"Q{number} {span.replace('/', '-')}", f"Quarter {number} {span}")[style]
    if as_date and layout.file == "xlsx" and style == 3:
        return period.start
    return (period.label, f"{period.start:%b-%y}", f"{period.start:%B %Y}", period.label)[style]


def _number(value: float | str, figure: Figure, layout: Layout, at: int) -> Cell:
    if value == SUPPRESSED:
        return layout.suppressed
    if isinstance(value, str):
        return layout.missing or None
    if figure.sign:
        return f"{value:.{figure.places}f}{figure.sign}"
    if layout.numbers == "plain" or (layout.numbers == "mixed" and at % 2):
        return int(value) if figure.places == 0 else float(value)
    text = f"{'£' if layout.numbers == 'pound' else ''}{abs(value):,.{figure.places}f}"
    return f"({text})" if value < 0 else text


class _Table:
    """One table on its way to cells: headings, body, merged cells, all relative to its own corner."""

    def __init__(self, story: Story, layout: Layout, block: int | None) -> None:
        self.story, self.layout, self.block = story, layout, block
        self.sizes = {AREA: len(story.places), SERVICE: len(story.services), PERIOD: len(story.periods), FIGURE: len(story.figures)}
        self.across = list(product(*(range(self.sizes[dim]) for dim in layout.across)))
        self.labels = sum(2 if dim == AREA and layout.codes else 1 for dim in layout.rows)
        self.merged: list[tuple[int, int, int, int]] = []
        self.heads = self._heads()
        self.rows = self.heads + self._body()

    def _text(self, dim: str, at: int) -> Cell:
        if dim == AREA:
            place = self.story.places[at]
            # Beside a column of codes stand names.
            return areas.name_of(place.code) if self.layout.codes and place.written.startswith(place.code or "no code") else place.written
        if dim == SERVICE:
            return self.story.services[at]
        if dim == FIGURE:
            return self.story.figures[at].headed(with_unit=not self.layout.unit_line and FIGURE not in self.layout.rows)
        return _period_text(self.story.periods[at], self.layout, as_date=True)

    def _heads(self) -> list[list[Cell]]:
        layout, story, texts = self.layout, self.story, self.layout.headings or {}
        labels: list[Cell] = []
        for dim in layout.rows:
            labels += ["Area code", "Area name"] if dim == AREA and layout.codes else [texts[dim]]
        period = str(_period_text(story.periods[0], layout)) if layout.period_in == "heading" else ""
        named = story.figures[0].headed(period, not layout.unit_line)
        top: list[Cell] = []
        if layout.figure_in == "joined":
            leaf: list[Cell] = [self._joined(dict(zip(layout.across, at, strict=True))) for at in self.across]
        elif not layout.across:
            leaf = ["Count" if story.figures[0].table == "activity" else "Value"]
        elif layout.across == (FIGURE,):
            leaf = [figure.headed(period, not layout.unit_line) for figure in story.figures]
        else:
            leaf = [self._text(layout.across[-1], at[-1]) for at in self.across]
            if layout.figure_in == "top":
                top = [named] + [None] * (len(leaf) - 1)
            elif len(layout.across) == 2:
                top = [self._text(layout.across[0], at[0]) if at[1] == 0 else None for at in self.across]
        extra: list[Cell] = ([layout.total_column] if layout.total_column else []) + (["Comments"] if layout.comment else [])
        below: list[list[Cell]] = [[*labels, *leaf, *extra]]
        if not top:
            return below
        self._merge_top(top)
        if layout.tall_labels:
            self.merged += [(0, at, 1, at) for at in range(self.labels)]
            return [[*labels, *top, *[None] * len(extra)], [*[None] * self.labels, *leaf, *extra]]
        return [[*[None] * self.labels, *top, *[None] * len(extra)], *below]

    def _joined(self, at: dict[str, int]) -> str:
        period = str(_period_text(self.story.periods[at[PERIOD]], self.layout))
        return self.story.figures[at.get(FIGURE, 0)].headed(period, not self.layout.unit_line)

    def _merge_top(self, top: list[Cell]) -> None:
        starts = [at for at, text in enumerate(top) if text is not None] + [len(top)]
        self.merged += [(0, self.labels + a, 0, self.labels + b - 1) for a, b in pairwise(starts) if b - a > 1]

    def _body(self) -> list[list[Cell]]:
        groups: list[int | None] = list(range(self.sizes[SERVICE])) if self.layout.sections else [None]
        body: list[list[Cell]] = []
        for section in groups:
            body += [[self.story.services[section]]] if section is not None else []
            body += self._rows(section, len(self.heads) + len(body))
        if self.layout.header_again and len(self.heads) == 1 and len(body) > 3 and not self.layout.fill_down:
            body.insert(len(body) // 2, list(self.heads[0]))
        return body + ([self._total_row()] if self.layout.total_row else [])

    def _rows(self, section: int | None, start: int) -> list[list[Cell]]:
        layout, rows, previous, began = self.layout, [], None, start
        for n, at in enumerate(product(*(range(self.sizes[dim]) for dim in layout.rows))):
            fixed = {AREA: 0, SERVICE: section or 0, PERIOD: self.block or 0, FIGURE: 0} | dict(zip(layout.rows, at, strict=True))
            labels: list[Cell] = []
            for dim in layout.rows:
                labels += [self.story.places[fixed[AREA]].code or None] if dim == AREA and layout.codes else []
                labels += [self._text(dim, fixed[dim])]
            if layout.fill_down and at[0] == previous:
                labels[0] = None
            elif layout.fill_down:
                self._merge_down(began, start + n - 1)
                began, previous = start + n, at[0]
            rows.append([*labels, *self._figures(fixed, n), *(["As reported"] if layout.comment else [])])
        self._merge_down(began, start + len(rows) - 1)
        return rows

    def _merge_down(self, first: int, last: int) -> None:
        if self.layout.fill_down == "merged" and last > first:
            self.merged.append((first, 0, last, 0))

    def _figures(self, fixed: dict[str, int], n: int) -> list[Cell]:
        keys = [self._key(fixed, at) for at in self.across]
        cells = [_number(self.story.cells[key], self.story.figures[key[3]], self.layout, n) for key in keys]
        return [*cells, self._sum(keys, n)] if self.layout.total_column else cells

    def _key(self, fixed: dict[str, int], at: tuple[int, ...]) -> tuple[int, int, int, int]:
        where = fixed | dict(zip(self.layout.across, at, strict=True))
        return where[AREA], where[SERVICE], where[PERIOD], where[FIGURE]

    def _sum(self, keys: list[tuple[int, int, int, int]], n: int) -> Cell:
        """The sum of the numbers; a total of areas does not count London again, and nothing but suppressed cells has no total."""
        shown = [(self.story.cells[key], self.story.places[key[0]].role) for key in keys]
        wanted = [cell for cell, role in shown if not isinstance(cell, str) and (AREA not in self.layout.across or role != COMPARATOR)]
        figure = self.story.figures[keys[0][3]]
        return _number(round(sum(wanted), figure.places) if wanted else SUPPRESSED, figure, self.layout, n)

    def _total_row(self) -> list[Cell]:
        down = list(product(*(range(self.sizes[dim]) for dim in self.layout.rows)))
        fixed = [{AREA: 0, SERVICE: 0, PERIOD: self.block or 0, FIGURE: 0} | dict(zip(self.layout.rows, at, strict=True)) for at in down]
        sums = [self._sum([self._key(each, at) for each in fixed], 1) for at in self.across]
        whole = [self._sum([self._key(each, at) for each in fixed for at in self.across], 1)] if self.layout.total_column else []
        return ["Total", *[None] * (self.labels - 1), *sums, *whole]


def _title(story: Story, layout: Layout, period: periods.Period | None) -> str:
    """``Spend by borough and service (£000s), 2024/25``, or the period alone where the headings say the rest."""
    figure = story.figures[0]
    text = str(_period_text(period, layout)) if period else ""
    if layout.figure_in != "title" and period and layout.period_in in ("stacked", "beside"):
        return text
    whole = {"activity": "Activity", "workforce": "Workforce", "indicators": "Health and wellbeing"}
    what = figure.name if layout.figure_in == "title" else whole.get(figure.table, figure.name)
    unit = f" {figure.unit}" if layout.figure_in == "title" and figure.unit and not layout.unit_line else ""
    return f"{what} by borough{' and service' if story.services != ('',) else ''}{unit}{', ' + text if text else ''}"


def sheets_of(story: Story, layout: Layout) -> tuple[Sheet, ...]:
    """The cells of each sheet."""
    lines = [*layout.titles, *([f"All figures in {story.figures[0].unit.strip('()')}"] if layout.unit_line else [])]
    blocks = range(len(story.periods))
    if layout.period_in == "sheets":
        titles = [*([_title(story, layout, None)] if layout.figure_in == "title" or layout.titles else []), *lines]
        names = [str(_period_text(period, layout)).replace("/", "-") for period in story.periods]
        return tuple(_sheet(names[at], layout, titles, [[_Table(story, layout, at)]], [[""]]) for at in blocks)
    if layout.period_in in ("stacked", "beside"):
        made = [_Table(story, layout, at) for at in blocks]
        titles = [_title(story, layout, period) for period in story.periods]
        stacked = layout.period_in == "stacked"
        return (_sheet("Data", layout, lines, [[one] for one in made] if stacked else [made],
                       [[one] for one in titles] if stacked else [titles]),)  # fmt: skip
    period = story.periods[0] if layout.period_in == "title" else None
    stated = [_title(story, layout, period)] if period or layout.figure_in == "title" or layout.titles else []
    return (_sheet("Data", layout, [*stated, *lines], [[_Table(story, layout, None)]], [[""]]),)


def _sheet(name: str, layout: Layout, lines: list[str], bands: list[list[_Table]], titles: list[list[str]]) -> Sheet:
    """Bands of tables below each other; tables of one band side by side with a blank column between."""
    rows: list[list[Cell]] = [[] for _ in range(layout.blank_rows)] + [[line] for line in lines]
    rows += [[]] if lines else []
    merged: list[tuple[int, int, int, int]] = []
    for n, (band, above) in enumerate(zip(bands, titles, strict=True)):
        rows += [[]] if n else []
        if any(above):
            widths = [len(table.heads[-1]) for table in band]
            rows.append([cell for text, width in zip(above, widths, strict=True) for cell in (text, *[None] * width)])
        left = 0
        top = len(rows)
        rows += [[] for _ in range(max(len(table.rows) for table in band))]
        for table in band:
            for at, row in enumerate(table.rows):
                rows[top + at] += [None] * (left - len(rows[top + at])) + row
            merged += [(top + r, left + c, top + r2, left + c2) for r, c, r2, c2 in table.merged]
            left += len(table.heads[-1]) + 1
    rows += [[] for _ in range(layout.gap)] + [[note] for note in layout.notes]
    side = layout.blank_columns
    return Sheet(name, [[None] * side + row if row else [] for row in rows], [(r, c + side, r2, c2 + side) for r, c, r2, c2 in merged])


# --- the bytes --------------------------------------------------------------------------------------------------------


def packed(parts: Mapping[str, bytes]) -> bytes:
    """A zip file that is the same at every time of day."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def saved(book: Workbook) -> bytes:
    """The workbook's bytes, without the time of saving in them: a failing case must fail again."""
    out = io.BytesIO()
    book.save(out)
    parts = unpacked(out.getvalue())
    parts["docProps/core.xml"] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]{8}Z", b"2025-01-01T00:00:00Z", parts["docProps/core.xml"])
    return packed(parts)


def workbook_bytes(sheets: tuple[Sheet, ...]) -> bytes:
    book = Workbook()
    book.remove(book.active)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        for r, row in enumerate(sheet.rows, 1):
            for c, cell in enumerate(row, 1):
                if cell is not None:
                    written = page.cell(r, c, cell)
                    if isinstance(cell, date):
                        written.number_format = "mmm-yy"
        for r, c, r2, c2 in sheet.merged:
            page.merge_cells(start_row=r + 1, start_column=c + 1, end_row=r2 + 1, end_column=c2 + 1)
    return saved(book)


def delimited_bytes(sheet: Sheet, delimiter: str, encoding: str) -> bytes:
    """All rows equally long, as a spreadsheet program saves them."""
    width = max(len(row) for row in sheet.rows)
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows([*row, *[None] * (width - len(row))] for row in sheet.rows)
    return out.getvalue().encode(encoding)


def messy_files(simple: bool = False) -> st.SearchStrategy[Messy]:
    """Files of any layout with their truth; ``simple`` to find the simplest that fails."""
    return (simple_choices() if simple else choices()).map(messy_file)


def messy_file(choice: Choice) -> Messy:
    """The file that these choices make."""
    story = story_of(choice)
    layout = layout_of(story, choice)
    if AREA in layout.across:  # a column under a name that is nothing like a borough's could be anything
        story = _without(story, ELSEWHERE)
    sheets = sheets_of(story, layout)
    workbook = layout.file == "xlsx"
    data = workbook_bytes(sheets) if workbook else delimited_bytes(sheets[0], layout.delimiter, layout.encoding)
    name = "figures.xlsx" if workbook else "figures.tsv" if layout.delimiter == "\t" else "figures.csv"
    beside = story.frames(COMPARATOR) if AREA in layout.rows else {}
    left_out = story.written(STRANGER)
    totals = all_numbers(cell for sheet in sheets for row in sheet.rows for cell in row) - story.written(BOROUGH) - left_out
    return Messy(name, data, story.frames(BOROUGH), beside, left_out, totals, sheets, layout)


def _without(story: Story, names: tuple[str, ...]) -> Story:
    kept = tuple(place for place in story.places if place.written not in names)  # strangers stand last
    return replace(story, places=kept, cells={key: cell for key, cell in story.cells.items() if key[0] < len(kept)})
