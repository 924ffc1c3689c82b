"""A plan for each table of a sheet: what its columns mean, told from headings, contents and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from mhequity import areas, periods
from mhequity.reading import layouts, levels, matching, numbers, wording
from mhequity.reading.cells import TOTALS
from mhequity.reading.grids import BLANK, TEXT, Grid
from mhequity.reading.layouts import Block
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import FIGURES, LABELS, LEVEL, UNUSED, ColumnPlan, TablePlan
from mhequity.reading.profiles import Profile, names_period, profiles
from mhequity.reading.recognising import EVERYONE
from mhequity.reading.wording import Heading
from mhequity.tables import CATALOGUE, TableKind, kind

SURE = 0.8
"""A heading is taken for a column of the catalogue from this confidence on; below it is only offered."""

INDICATOR = "indicators.value"
NOT_STATED = "Not stated"
_NO_FIGURE = re.compile(
    r"\b(?:code|id|ref|reference|number of record|row|sort(?:able)?|postcode|phone|order|lower ci|upper ci|confidence|ods|lower limit|upper limit)\b|^(?:no|#|index|sr no)$",
    re.IGNORECASE,
)
_ACTUAL = re.compile(r"\b(?:actual|actuals|outturn|spend|spent|expenditure|value|amount|total)\b", re.IGNORECASE)
_OTHER_MONEY = re.compile(
    r"\b(?:plan|planned|budget|variance|forecast|target|per|change|difference|average|mean|unit|price|salary|pay|income)\b", re.IGNORECASE
)


_VAGUE = {"number", "numbers", "count", "value", "values", "figure", "figures", "no", "n"}
"""Headings that leave it to the title to say what is counted."""
_TITLED = {"activity": "service", "workforce": "staff_group"}
"""What a heading names that no column is called by, where the title says what the figures are: "Contacts by service"."""


@dataclass(frozen=True)
class Context:
    """What stands around a table: its titles, the sheet's name, the file's."""

    heading: Heading
    figure: Candidate | None
    """What a title says the figures are, as in "Spend by borough"."""
    title: str


def plan_sheet(grid: Grid, file: str) -> tuple[list[TablePlan], list[str]]:
    """A plan for each table of a sheet, and the sheet's texts that belong to none."""
    blocks, loose = layouts.find(grid)
    planned = [(block, plan_block(grid, block, file, blocks[0].above if block is not blocks[0] else ())) for block in blocks]
    # Headings without rows are worth a word only where they are the template's.
    return [plan for block, plan in planned if plan.exact or block.first <= block.last], loose


def plan_block(grid: Grid, block: Block, file: str, shared: Sequence[str] = ()) -> TablePlan:
    """The plan for one table. What cannot be told is left unused, never guessed."""
    columns = profiles(grid, block)
    exact = _exact(grid, columns)
    if exact:
        return replace(_table(grid, block, exact[0], exact[1]), exact=True)
    context = context_of(block, grid, file, shared)
    chosen = _labels(columns)
    sections = _sections(block, columns)
    counted = _counts_care(columns, chosen)
    plans = [
        _figure(each, context, chosen, counted) if each.at not in chosen and _holds_figures(each) else _label(each, chosen)
        for each in columns
    ]
    plans = _settle(_across_places(plans, columns, context), columns, context)
    table = _kind(plans)
    plans = [replace(each, meaning=_within(each.meaning, table)) for each in plans]
    labels = _context_labels(context, plans)
    found = _table(grid, block, table, plans)
    found = replace(found, labels=labels, sections=_meaning_of_sections(sections, found), fill_down=_fill_down(grid, block, columns, plans))
    return _qualified(found, columns)


def _table(grid: Grid, block: Block, table: TableKind, plans: Sequence[ColumnPlan]) -> TablePlan:
    return TablePlan(
        table.name, grid.name, tuple(grid.top + row for row in block.header), grid.top + block.first, grid.top + block.last, tuple(plans),
        grid.file, " · ".join(block.above), block.below,
    )  # fmt: skip


# The template's own headings ---------------------------------------------------------------------------------------------


def _exact(grid: Grid, columns: Sequence[Profile]) -> tuple[TableKind, list[ColumnPlan]] | None:
    """The kind whose own column names the headings are, as in the template: by the sheet's name, or with all that it requires."""
    titles = [each.parts[0] if len(each.parts) == 1 else "" for each in columns]
    found = [(each, locate(titles, each)) for each in CATALOGUE]
    filled = sum(map(bool, titles))
    for table, names in found:
        if (
            wording.simple(grid.name) in (table.name.replace("_", ""), wording.simple(table.title))
            and 2 * len(names) >= filled
            and _says_enough(table, names)
        ):
            return table, _exact_plans(columns, table, names)
    whole = [
        (table, names)
        for table, names in found
        if set(table.required) <= set(names.values()) and 2 * len(names) >= filled and _says_enough(table, names)
    ]
    if not whole:
        return None
    table, names = max(whole, key=lambda each: (len(each[1]), -len(each[0].columns)))
    return table, _exact_plans(columns, table, names)


def _says_enough(table: TableKind, names: Mapping[int, str]) -> bool:
    """True where a figure of the table is among the headings, or the table is one of words."""
    held = set(names.values())
    return bool(held & set(table.numbers)) or (
        not set(table.required) & set(table.numbers) and set(table.required) <= held and table.name != "indicators"
    )


def locate(titles: Sequence[str], table: TableKind) -> dict[int, str]:
    """Position of each heading that is a column's own name to that name; a name counts once."""
    known = {wording.simple(name): name for name in table.names}
    found: dict[int, str] = {}
    for at, title in enumerate(titles):
        name = known.get(wording.simple(re.sub(r"\([^)]*\)|\[[^\]]*\]", " ", title))) or known.get(wording.simple(title))
        if name and name not in found.values():
            found[at] = name
    return found


def _exact_plans(columns: Sequence[Profile], table: TableKind, names: Mapping[int, str]) -> list[ColumnPlan]:
    plans = []
    for at, each in enumerate(columns):
        name = names.get(at, "")
        meaning = f"{table.name}.{name}" if name and table.column(name).is_number else name
        plans.append(ColumnPlan(each.column, each.title, meaning))
    return plans


# Labels ------------------------------------------------------------------------------------------------------------------


def _labels(columns: Sequence[Profile]) -> dict[int, Candidate]:
    """Position of each column that says what a row is about, to what it says."""
    chosen: dict[int, Candidate] = {}
    place = _area_column(columns)
    if place is not None:
        chosen[place.at] = Candidate("area", 1.0, {}, "names boroughs" if place.boroughs else "names places")
        for each in columns:
            if each.at != place.at and each.boroughs and each.areas > 0.5 and _says_the_same(each, place):
                chosen[each.at] = Candidate("area", 1.0, {}, "names the same places")
    level = next((each for each in columns if each.at not in chosen and _is_level(each)), None)
    if level is not None:
        chosen[level.at] = Candidate(LEVEL, 1.0, {}, "says what each row is about")
    for each in _period_columns([each for each in columns if each.at not in chosen]):
        chosen[each.at] = Candidate("period", 1.0, {}, "holds periods")
    taken = {"area", "period", "date"} if any(found.meaning == "period" for found in chosen.values()) else {"area"}
    for each in sorted(
        (each for each in columns if each.at not in chosen),
        key=lambda each: (-_best(each, LABELS).confidence, wording.simple(each.title) not in LABELS),
    ):
        found = _best(each, LABELS)
        if found.confidence >= SURE and found.meaning not in taken and _fits(each, found.meaning):
            chosen[each.at] = found
            taken.add(found.meaning)
    return chosen


def _is_level(each: Profile) -> bool:
    """True for a column of kinds of place, such as ``Area type`` with ``England`` and ``Region``."""
    named = re.search(
        r"\b(?:area|geography|org\w*|group|level) ?(?:type|level)\b|^(?:level|breakdown)\b", each.title.replace("_", " "), re.IGNORECASE
    )
    return bool(named) and each.distinct <= 100 and any(levels.is_place(text) for text in each.sample)


def _best(each: Profile, among: Iterable[str]) -> Candidate:
    """The closest meaning of a column's heading among some; one of no confidence where there is none."""
    return _closest((each.heading.text, each.title), each.heading.unit, among)


def _closest(texts: Sequence[str], unit: str, among: Iterable[str]) -> Candidate:
    allowed = set(among)
    found = [c for text in dict.fromkeys(texts) for c in matching.candidates(text, unit) if c.meaning in allowed]
    return max(found, key=lambda c: c.confidence, default=Candidate(UNUSED, 0.0))


def _area_column(columns: Sequence[Profile]) -> Profile | None:
    """The column that names the rows' places: by what it holds, and by its heading where it holds little that is known."""

    def score(each: Profile) -> float:
        named = _best(each, ["area"]).confidence
        held = each.areas if each.boroughs or named >= SURE else each.areas / 2
        return held + named / 2 + (each.boroughs > 1) - each.are_codes / 4

    likely = [each for each in columns if (each.areas >= 0.5 or _best(each, ["area"]).confidence >= SURE) and not _is_figure_column(each)]
    best = max(likely, key=score, default=None)
    return best if best is not None and score(best) >= 0.6 else None


def _is_figure_column(each: Profile) -> bool:
    return each.numbers > 0.8 and each.boroughs == 0


def _says_the_same(each: Profile, place: Profile) -> bool:
    """True where two columns name the same places in most rows, such as a code and a name."""
    pairs = np.unique(np.column_stack([each.strip.codes, place.strip.codes])[:20_000], axis=0)[:400]
    both = [(areas.match(each.strip.values[int(a)].as_py()), areas.match(place.strip.values[int(b)].as_py())) for a, b in pairs]
    known = [(a.area, b.area) for a, b in both if a.area and b.area]
    return bool(known) and sum(a == b for a, b in known) * 2 > len(known)


def _period_columns(columns: Sequence[Profile]) -> list[Profile]:
    """The columns that say when: one, or a start and an end, or a year and a part of it."""
    found = [each for each in columns if each.periods >= 0.6 and _when(each) >= (SURE if each.numbers > 0.5 else 0.5)]
    found = found or [each for each in columns if each.periods >= 0.9 and each.numbers < 0.5 and each.distinct > 1][:1]
    if not found:
        return [each for each in columns if _when(each) >= SURE and each.numbers > 0.9 and _are_serials(each)][:1]
    starts = [each for each in found if re.search(r"\b(?:start|from|begin\w*)\b", each.title.replace("_", " "), re.IGNORECASE)]
    ends = [each for each in found if re.search(r"\b(?:end|ending|to|until)\b", each.title.replace("_", " "), re.IGNORECASE)]
    if starts and ends:
        return [starts[0], ends[0]]
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
    return _best(each, ["period", "date"]).confidence


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
                or TOTALS.search(text)
                or text.casefold() in ("persons", "all", "both")
            )
        )
        return held > 0.5
    if column.kind == "period":
        return each.periods > 0.6
    return each.numbers < 0.9 or meaning in ("age_band", "measure", "team") or (each.distinct <= 30 and each.heading.unit == "")


def _label(each: Profile, chosen: Mapping[int, Candidate]) -> ColumnPlan:
    found = chosen.get(each.at, Candidate(UNUSED, 0.0))
    day_first = True
    if found.meaning in ("period", "date") or (found.meaning and each.periods > 0.6):
        day_first, _ = periods.decide_day_first(each.sample)
    return ColumnPlan(
        each.column, each.title, found.meaning, day_first=day_first, confidence=found.confidence if found.meaning else 0.0, why=found.why
    )


# Figures -----------------------------------------------------------------------------------------------------------------


def _holds_figures(each: Profile) -> bool:
    if _NO_FIGURE.search(each.heading.text.replace("_", " ")):
        return False
    named = bool(each.heading.unit or each.heading.labels) or _best(each, FIGURES).confidence >= SURE
    return each.numbers >= 0.5 or ((each.all_marks or each.numbers > 0) and named)


def _figure(each: Profile, context: Context, chosen: Mapping[int, Candidate], counted: bool) -> ColumnPlan:
    """What a column of numbers means: by its heading; by the table's title where the heading names only a period or a place."""
    heading = each.heading
    labels = dict(heading.labels)
    text = heading.text
    year = periods.parse(labels.get("period", "") or context.heading.labels.get("period", ""))
    if year and text and (part := periods.in_year(text, year)):
        labels["period"], text = part.label, ""
    when = periods.parse(labels.get("period", ""))
    if when and when.kind == "day" and when.start and when.start.day == 1:
        labels["period"] = periods.month(when.start.year, when.start.month).label
    if EVERYONE.fullmatch(text) and not (text.casefold() in ("persons", "people") and _best(each, FIGURES).confidence >= SURE):
        text = ""
    if TOTALS.search(text.strip()) and not _best(each, FIGURES).confidence >= 0.95:
        labels.setdefault("comparator", text.strip())
        text = ""
    if text.casefold() in _VAGUE and context.figure and heading.unit in ("", "count"):
        text = ""
    unit, scale = heading.unit, heading.scale
    measured = any(found.meaning == "measure" for found in chosen.values())
    if not text and counted:
        return ColumnPlan(each.column, each.title, "activity.count", labels, unit, scale, True, 0.9, "the measures are counts of care")
    if wording.BETWEEN in text and not measured:
        text = _split_heading(text, labels, chosen)
    found = (
        _closest((text, each.title), unit, FIGURES)
        if text == heading.text
        else _closest((text,), unit, FIGURES)
        if text
        else Candidate(UNUSED, 0.0)
    )
    if text and found.confidence < SURE:
        found = _by_context(text, unit, context, measured, labels)
    elif not text:
        found = context.figure or Candidate(INDICATOR, 0.6)
    labels |= {key: value for key, value in found.labels.items() if key not in labels and not (key == "measure" and measured)}
    if found.meaning == INDICATOR and text and not measured and "measure" not in labels:
        labels["measure"] = _sentence(text)
    if found.meaning in (INDICATOR, "activity.count") and not text and not measured and "measure" not in labels and context.title:
        labels["measure"] = _sentence(context.title)
    return ColumnPlan(each.column, each.title, found.meaning, labels, unit, scale, True, found.confidence, found.why)


def _split_heading(text: str, labels: dict[str, str], chosen: Mapping[int, Candidate]) -> str:
    """Of headings over several rows, the one that names a figure; the others name the service, where no column does."""
    parts = text.split(wording.BETWEEN)
    sure = [part for part in parts if _closest((part,), "", FIGURES).confidence >= SURE]
    if "service" in {found.meaning for found in chosen.values()} or len(sure) != 1:
        return text
    others = [part for part in parts if part != sure[0]]
    key = "comparator" if all(TOTALS.search(part) for part in others) else "service"
    labels.setdefault(key, _sentence(", ".join(others)))
    return sure[0]


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _by_context(text: str, unit: str, context: Context, measured: bool, labels: dict[str, str]) -> Candidate:
    """A heading that no column of the catalogue is called by."""
    money = (unit or context.heading.unit) == "GBP" or (context.figure is not None and context.figure.meaning == "investment.amount_gbp")
    if money and unit in ("", "GBP") and not re.search(r"%|\bper\b|\brate\b|\bwte\b|\bcontacts\b", text, re.IGNORECASE):
        if not _OTHER_MONEY.search(text):
            if not _ACTUAL.search(text):
                labels.setdefault("service", _sentence(text))
            return Candidate("investment.amount_gbp", 0.75, {}, "money under this heading")
        return Candidate(INDICATOR, 0.75, {} if measured else {"measure": _sentence(text)}, "money that is not spend")
    table = context.figure.meaning.split(".")[0] if context.figure else ""
    if context.figure and table in _TITLED and unit in ("", "count") and not measured:
        return Candidate(context.figure.meaning, 0.75, {**context.figure.labels, _TITLED[table]: _sentence(text)}, "named by the title")
    return Candidate(INDICATOR, 0.75, {} if measured else {"measure": _sentence(text)}, "numbers by area that the app has no name for")


def _across_places(plans: Sequence[ColumnPlan], columns: Sequence[Profile], context: Context) -> list[ColumnPlan]:
    """Where places stand across, a heading that is none known is a spelling to confirm, and one outside London is not used."""
    figures = [at for at, each in enumerate(plans) if each.meaning in FIGURES]
    across = {at for at in figures if "area" in plans[at].labels or plans[at].labels.get("comparator", "") in ("London", "England")}
    spelled = {
        at: areas.match(part)
        for at in figures
        if at not in across
        for part in reversed(columns[at].heading.text.split(wording.BETWEEN))
        if part
    }
    outside = {at for at, found in spelled.items() if found.elsewhere}
    unsure = {at for at, found in spelled.items() if found.proposals}
    if 2 * len(across | outside | unsure) <= len(figures) or any(each.meaning == "area" for each in plans):
        return list(plans)
    meaning = next((plans[at].meaning for at in figures if at in across), context.figure.meaning if context.figure else INDICATOR)
    settled = list(plans)
    for at in outside:
        settled[at] = replace(plans[at], meaning=UNUSED, labels={}, why="a place outside London")
    for at in unsure:
        said = {key: value for key, value in columns[at].heading.labels.items() if key != "area"}
        beside = next((plans[other].labels for other in figures if other in across), {})
        kept = {key: value for key, value in beside.items() if key == "measure"}
        settled[at] = replace(plans[at], meaning=meaning, labels={**kept, **said, "area": spelled[at].seen}, why="a spelling to confirm")
    return settled


def _settle(plans: Sequence[ColumnPlan], columns: Sequence[Profile], context: Context) -> list[ColumnPlan]:
    """Units and scales that the title gives, shares told from what the columns hold, and one column for each fact."""
    settled = []
    for each, profile in zip(plans, columns, strict=True):
        if each.meaning in FIGURES:
            money = each.meaning.endswith("_gbp") or each.unit == "GBP"
            scale = context.heading.scale if each.scale == 1 and money and context.heading.unit == "GBP" else each.scale
            unit = each.unit or (
                "GBP" if money else context.heading.unit if each.meaning == INDICATOR and context.heading.unit != "GBP" else ""
            )
            settled.append(_share(replace(each, unit=unit, scale=scale), profile))
        else:
            settled.append(each)
    return _one_each(_with_parts(settled, columns), columns)


def _with_parts(plans: Sequence[ColumnPlan], columns: Sequence[Profile]) -> list[ColumnPlan]:
    """A column called total is one only beside columns that it could add up."""
    settled = []
    for each, profile in zip(plans, columns, strict=True):
        total = each.labels.get("comparator", "")
        parts = [other for other in plans if other.meaning == each.meaning and "comparator" not in other.labels]
        if total and not parts and areas.match(total).comparator in ("", "Total"):
            labels = {key: value for key, value in each.labels.items() if key != "comparator"}
            if each.meaning == INDICATOR:
                labels.setdefault("measure", _sentence(profile.heading.text or total))
            each = replace(each, labels=labels)
        settled.append(each)
    return settled


def _share(each: ColumnPlan, profile: Profile) -> ColumnPlan:
    """Whether a column of percentages holds 12.5 or 0.125: decided once, from the whole column."""
    found = profile.strip.numbers
    percent = int(profile.counts[found.form == numbers.FORMS.index(numbers.PERCENT)].sum())
    if each.meaning == INDICATOR and not each.unit and 2 * percent > profile.filled:
        return replace(each, unit="share")
    if each.unit != "share":
        return each
    held = found.value[(profile.counts > 0) & ~np.isnan(found.value) & (found.form == 0)]
    if not len(held) or np.abs(held).max() > 1.5:
        return replace(each, scale=0.01)
    why = "" if "share" in each.heading.casefold() else "no figure is above 1, so these are taken for shares: 0.12 is 12%"
    return replace(each, scale=1.0, why=why or each.why)


def _one_each(plans: Sequence[ColumnPlan], columns: Sequence[Profile]) -> list[ColumnPlan]:
    """Two columns that state the same fact: the surer or the actual one stands, the other becomes an indicator of its own name."""
    slots: dict[tuple[object, ...], int] = {}
    settled = list(plans)
    for at, each in enumerate(plans):
        if each.meaning not in FIGURES:
            continue
        slot = (each.meaning, *sorted(each.labels.items()))
        if slot not in slots:
            slots[slot] = at
            continue
        first = slots[slot]
        if "comparator" in each.labels:
            settled[at] = replace(
                each, labels={**each.labels, "comparator": f"{each.heading or each.labels['comparator']} ({each.column})"}
            )
            continue
        better = at if _rank(settled[at]) > _rank(settled[first]) else first
        other = first if better == at else at
        slots[slot] = better
        measure = _sentence(columns[other].heading.text or columns[other].title)
        settled[other] = replace(
            settled[other], meaning=INDICATOR, labels={**settled[other].labels, "measure": measure}, why="another column states this fact"
        )
    return settled


def _rank(each: ColumnPlan) -> tuple[bool, float]:
    return bool(_ACTUAL.search(each.heading)), each.confidence


# Around the table --------------------------------------------------------------------------------------------------------


def context_of(block: Block, grid: Grid, file: str, shared: Sequence[str] = ()) -> Context:
    """What the titles, the sheet's name, the titles of the sheet's first table and the file's name say, the nearest first."""
    name = re.sub(r"\.\w{1,5}$", "", grid.file or file).replace("_", " ")
    sheet = "" if re.fullmatch(r"(?:sheet|table|data)\s*\d*", grid.name.strip(), re.IGNORECASE) or grid.name in (file, name) else grid.name
    notes = [text for text in block.below if re.search(r"£|GBP|000|per cent|%", text)]
    tiers = [tier for tier in (list(block.above), notes, [sheet], list(shared), [name]) if any(tier)]
    figure = next((found for tier in tiers for text in tier if text and (found := _mentioned(text))), None)
    return Context(_nearest([wording.context(tier) for tier in tiers]), figure, " · ".join(block.above) or sheet or name)


def _nearest(headings: Sequence[Heading]) -> Heading:
    """What several say, where the first that says something of a label or a unit counts."""
    labels: dict[str, str] = {}
    for heading in headings:
        labels = {**heading.labels, **labels}
    unit = next((heading for heading in headings if heading.unit or heading.scale != 1), Heading(""))
    return Heading(headings[0].text if headings else "", unit.unit, unit.scale, labels)


def _mentioned(text: str) -> Candidate | None:
    """The figure that a title names among other words: the longest run of its words that is a known heading."""
    words = re.findall(r"[^\W_]+(?:['-][^\W_]+)*|£|%", text)[:30]
    for size in range(min(5, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            found = [c for c in matching.candidates(" ".join(words[at : at + size])) if c.meaning in FIGURES and c.confidence >= 0.99]
            if found:
                return found[0]
    named = [table for table in CATALOGUE if {table.name, table.title.casefold()} & {word.casefold() for word in words}]
    alone = [f"{table.name}.{table.numbers[0]}" for table in named if len(table.numbers) == 1]
    return Candidate(alone[0], 0.9, {}, "named by the title") if alone else None


def _context_labels(context: Context, plans: Sequence[ColumnPlan]) -> dict[str, str]:
    """What the surroundings say of every row, where no column does."""
    said = {each.meaning for each in plans} | {name for each in plans for name in each.labels}
    labels = {key: value for key, value in context.heading.labels.items() if key in LABELS and key not in said}
    if "date" in said:
        labels.pop("period", None)
    return labels


def _counts_care(columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> bool:
    """True where a column of measures names contacts, referrals and the like."""
    named = next((each for each in columns if each.at in chosen and chosen[each.at].meaning == "measure"), None)

    def counts(text: str) -> bool:
        return any(c.meaning == "activity.count" and c.confidence >= SURE for c in matching.candidates(text)[:1])

    return named is not None and named.share(counts) > 0.5


def _sections(block: Block, columns: Sequence[Profile]) -> list[str]:
    """The texts that stand alone in a row of the table: headings of the rows under them."""
    if len(columns) < 2 or block.last - block.first > 200_000:
        return []
    first = columns[0].strip
    others = sum((each.strip.looks != BLANK).astype(np.int16) for each in columns[1:])
    alone = np.flatnonzero((first.looks == TEXT) & (others == 0))
    return [first[int(row)] for row in alone[:200]]


def _meaning_of_sections(sections: Sequence[str], plan: TablePlan) -> str:
    """What headings inside a table name. Places only where no column does, so that a row without figures stays a row."""
    if not sections:
        return UNUSED
    known = {each.meaning for each in plan.columns} | {name for each in plan.columns for name in each.labels}
    named = [text for text in sections if not TOTALS.search(text)] or list(sections)

    def most(holds: object) -> bool:
        return sum(bool(holds(text)) for text in named) * 2 > len(named)  # type: ignore[operator]

    if most(lambda text: areas.match(text).area):
        return UNUSED if "area" in known else "area"
    if most(names_period) and "period" not in known:
        return "period"
    for name in ("service", "team", "provider", "measure"):
        if name in kind(plan.kind).names and name not in known:
            return name
    return UNUSED


def _fill_down(grid: Grid, block: Block, columns: Sequence[Profile], plans: Sequence[ColumnPlan]) -> tuple[str, ...]:
    """Columns whose blank cells stand for the one above: merged cells, or names written once a group."""
    found = []
    for each, plan in zip(columns, plans, strict=True):
        if plan.meaning not in LABELS or plan.meaning == UNUSED:
            continue
        inside = [
            r2 - r for r, c, r2, _ in grid.merged if c - grid.left == each.at and r2 > r and block.first <= r - grid.top <= block.last
        ]
        if inside or _written_once(
            each, [other for other in columns if other is not each and other.at in _label_positions(columns, plans)]
        ):
            found.append(plan.column)
    return tuple(found)


def _label_positions(columns: Sequence[Profile], plans: Sequence[ColumnPlan]) -> set[int]:
    return {each.at for each, plan in zip(columns, plans, strict=True) if plan.meaning in LABELS and plan.meaning != UNUSED}


def _written_once(each: Profile, others: Sequence[Profile]) -> bool:
    """True where a name stands at the head of a group and every row of the group has a different label in another column."""
    blank = each.strip.looks == BLANK
    if not blank.any() or blank[0] or len(blank) > 200_000 or 2 * blank.sum() < (~blank).sum() or each.filled < 2:
        return False
    rows = [other.strip.looks != BLANK for other in others]
    whole = [other.strip.codes for other, filled in zip(others, rows, strict=True) if filled[blank].all()]
    if not whole:
        return False
    pairs = np.column_stack([np.cumsum(~blank), *whole])
    return len(np.unique(pairs, axis=0)) == len(pairs)


# The kind of table -------------------------------------------------------------------------------------------------------


def _kind(plans: Sequence[ColumnPlan]) -> TableKind:
    """The table of the catalogue that most figures belong to; of words alone, the one whose required columns are there."""
    counts: dict[str, int] = {}
    for each in plans:
        if each.meaning in FIGURES:
            name = each.meaning.split(".")[0]
            counts[name] = counts.get(name, 0) + 1
    held = {each.meaning.split(".")[-1] for each in plans} - {UNUSED}
    whole = [
        table
        for table in CATALOGUE
        if not counts.get(table.name) and set(table.required) <= held and table.name not in ("population", "indicators")
    ]
    if whole and (not counts or set(counts) == {"indicators"}):
        return max(whole, key=lambda table: len(set(table.names) & held))
    if counts:
        return kind(max(counts, key=lambda name: (counts[name], name != "indicators")))
    words = [
        table
        for table in CATALOGUE
        if not table.numbers or table.name in ("core_offer", "actions", "targets", "ambitions", "places", "sites")
    ]
    best = max(words, key=lambda table: len(set(table.required) & held) / len(table.required))
    return best if set(best.required) & held - {"area"} else kind("indicators")


def _within(meaning: str, table: TableKind) -> str:
    """``date`` for ``period`` where the table's own column is called so, and the other way round."""
    if meaning in ("period", "date") and meaning not in table.names:
        other = "date" if meaning == "period" else "period"
        return other if other in table.names else UNUSED
    return meaning


def _qualified(plan: TablePlan, columns: Sequence[Profile]) -> TablePlan:
    """Rows that would state the same fact are told apart by a column of words that is not used yet, if one does."""
    labels = [profile for profile, each in zip(columns, plan.columns, strict=True) if each.meaning in LABELS and each.meaning]
    spare = [at for at, (profile, each) in enumerate(zip(columns, plan.columns, strict=True))
             if not each.meaning and 2 <= profile.distinct <= 2000 and profile.numbers < 0.5 and profile.areas < 0.5]  # fmt: skip
    target = next((name for name in ("measure", "service") if name in kind(plan.kind).names and kind(plan.kind).column(name).key), UNUSED)
    if not spare or not target or not labels or not any(each.meaning in FIGURES for each in plan.columns):
        return plan
    repeated = _repeats([each.strip.codes for each in labels])
    chosen: list[int] = []
    while repeated and spare:
        after = {at: _repeats([each.strip.codes for each in (*labels, *(columns[i] for i in chosen), columns[at])]) for at in spare}
        best = min(after, key=lambda at: (after[at], at))
        if after[best] >= repeated:
            break
        repeated = after[best]
        chosen.append(best)
        spare.remove(best)
    why = "tells rows apart that would state the same fact"
    changed = [replace(each, meaning=target, confidence=0.7, why=why) if at in chosen else each for at, each in enumerate(plan.columns)]
    return replace(plan, columns=tuple(changed))


def _repeats(codes: Sequence[np.ndarray]) -> int:
    """How many rows hold the same codes as an earlier one."""
    sampled = np.column_stack([each[:50_000] for each in codes])
    return len(sampled) - len(np.unique(sampled, axis=0))
