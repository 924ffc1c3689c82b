"""What columns of numbers mean: told from their headings, from the title, and from what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mhequity import periods
from mhequity.periods import Period
from mhequity.reading import matching, wording
from mhequity.reading.cells import TOTALS
from mhequity.reading.census import counts_residents, of_residents
from mhequity.reading.labelling import SURE, best_match, closest
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import FIGURES, UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile
from mhequity.reading.recognising import EVERYONE, PART_OF_YEAR
from mhequity.reading.surroundings import Context
from mhequity.reading.titles import INDICATOR, OTHER_FIGURE, no_spend, unit_of

_NO_FIGURE = re.compile(
    r"\b(?:code|id|ref|reference|number of record|record (?:offset|count)|urn|type ?code|row|sort(?:able)?|postcode|phone|order|lower ci|upper ci|confidence|ods|lower limit|upper limit)\b|^(?:no|#|index|sr no)$",
    re.IGNORECASE,
)
_LEDGER_NUMBER = re.compile(
    r"(?:cost cent(?:re|er)|subjective|nominal|gl|account|invoice|journal|voucher|batch|po|purchase order)(?: (?:no|num|number|#))?"
    r"|(?:supplier|vendor|contract|project|transaction|document|line|order|cost cent(?:re|er)|account) (?:no|num|number|#)",
    re.IGNORECASE,
)
"""Headings of numbers that name a line of a ledger and count nothing."""
ACTUAL = re.compile(r"\b(?:actual|actuals|outturn|spend|spent|expenditure|value|amount|total)\b", re.IGNORECASE)
OTHER_MONEY = re.compile(
    r"\b(?:ytd|year to date|annual|cumulative|plan|planned|budget|variance|forecast|target|per|change|difference|average|mean|unit|price|salary|pay|income)\b",
    re.IGNORECASE,
)
MONEY_BUT_NOT_SPEND = "money that is not spend"
_SPENT = re.compile(r"\b(?:spend|spending|expenditure)\b", re.IGNORECASE)
_NEVER_SPEND = re.compile(
    r"\b(?:fot|forecast|outlook|variance|var|full year|year end|annual budget|remaining|under ?spend|over ?spend|efficiency|savings?|opportunit(?:y|ies)|gaps?)\b",
    re.IGNORECASE,
)
_CARE = re.compile(
    r"contact|referr|seen\b|wait|treat|admi|discharg|detain|service|caseload|attend|access|employ|accommodat|using|diagnos|suicide|death",
    re.IGNORECASE,
)
_BY_SERVICE = re.compile(
    r"\b(?:by|per|each)\b.*\b(?:service|team|pathway|programme|staff group|profession|role|band)s?\b|\bservices\b", re.IGNORECASE
)
_NEEDS = {
    "targets": {"strategy", "ambition"}, "actions": {"action"}, "core_offer": {"element", "status"}, "sites": {"site"}, "contacts": {"attended", "segment"},
}  # fmt: skip
"""Tables that figures belong to only where one of these labels stands beside them."""
_PRACTICE = re.compile(r"\b(?:practice|surgery|gp (?:code|name)|pcn)\b", re.IGNORECASE)
_PIVOT_TOTAL = re.compile(r"(?:grand )?total (?=(?:sum|count|average|max|min) of )", re.IGNORECASE)
_VAGUE = {"number", "numbers", "count", "value", "values", "figure", "figures", "no", "n"}
"""Headings that leave it to the title to say what is counted."""
_TITLED = {"activity": "service", "workforce": "staff_group"}
"""What a heading names that no column is called by, where the title says what the figures are: "Contacts by service"."""


def holds_figures(each: Profile) -> bool:
    text = each.heading.text.replace("_", " ").rstrip(".").strip()
    if _NO_FIGURE.search(text) or _LEDGER_NUMBER.fullmatch(text):
        return False
    best = best_match(each, FIGURES).confidence
    if each.numbers >= 0.5 or ((each.all_marks or each.numbers > 0) and (each.heading.unit or each.heading.labels or best >= SURE)):
        return True
    # A column of figures by its heading alone, whose cells cannot be read: each of them is worth a word.
    return best >= 0.95 and each.filled > 0 and each.share(lambda text: text[:1].isdigit()) > 0.6 and each.periods < 0.5


def figure_plan(each: Profile, context: Context, chosen: Mapping[int, Candidate], counted: bool) -> ColumnPlan:
    """What a column of numbers means: by its heading; by the table's title where the heading names only a period or a place."""
    heading = each.heading
    labels = dict(heading.labels)
    text = heading.text
    year = periods.parse(labels.get("period", "") or context.year or context.heading.labels.get("period", ""))
    if year and text:
        text = _part_of_year(text, year, labels)
    when = periods.parse(labels.get("period", ""))
    if when and when.kind == "day" and when.start and when.start.day == 1:
        labels["period"] = periods.month(when.start.year, when.start.month).label
    if EVERYONE.fullmatch(text) and not (text.casefold() in ("persons", "people") and best_match(each, FIGURES).confidence >= SURE):
        text = ""
    if TOTALS.search(text.strip()) and not best_match(each, FIGURES).confidence >= 0.95:
        labels.setdefault("comparator", text.strip())
        text = ""
    if found_total := _PIVOT_TOTAL.match(text):
        labels.setdefault("comparator", "Total")
        text = text[found_total.end() :]
    counts = _fractions(each) < 0.1
    if (
        text.casefold() in _VAGUE
        and context.figure
        and heading.unit in ("", "count")
        and (counts or not context.figure.meaning.endswith("count"))
    ):
        text = ""
    unit, scale = heading.unit, heading.scale
    if unit in ("WTE", "people", "GBP", "count") and re.search(r"\bper\b", text):
        unit = f"{unit} per {text.split(' per ')[-1]}" if unit == "GBP" and " per " in text else ""
    measured = any(found.meaning == "measure" for found in chosen.values())
    if not text and counted and counts:
        return ColumnPlan(each.column, each.title, "activity.count", labels, unit, scale, True, 0.9, "the measures are counts of care")
    if wording.BETWEEN in text and not measured:
        text = _split_heading(text, labels, chosen)
    allowed = possible(chosen)
    # A period above it is no part of a figure's name.
    whole = each.parts[-1] if len(each.parts) == 2 and periods.parse(each.parts[0]) else each.title
    asked = (text, whole) if text == heading.text else (text,)
    found = closest(asked, unit, allowed) if text else Candidate(UNUSED, 0.0)
    found = _checked(found, each, text, context, labels)
    if text and found.confidence < SURE:
        found = _by_context(text, unit, context, measured, "service" in {label.meaning for label in chosen.values()}, labels)
    elif not text:
        found = _of_title(each, unit, context, labels)
        unit = unit or (unit_of(context.title, context.heading.unit) if found.why == OTHER_FIGURE else "")
    if found.why == MONEY_BUT_NOT_SPEND:
        unit = unit or "GBP"
    if unit == "rank" and found.meaning == INDICATOR:
        # Whether the first is the best or the worst, a rank does not say.
        labels["better"] = "neither"
    labels |= {key: value for key, value in found.labels.items() if key not in labels and not (key == "measure" and measured)}
    if found.meaning == INDICATOR and text and not measured and "measure" not in labels:
        labels["measure"] = sentence(text)
    if found.meaning in (INDICATOR, "activity.count") and not text and not measured and "measure" not in labels and context.title:
        labels["measure"] = sentence((_spelled(each) if context.named_by_file else "") or context.title)
    if PART_OF_YEAR.fullmatch(labels.get("service", "")) and found.meaning == "activity.count":
        # A quarter whose year nobody says is no service, but it tells its figures from the next quarter's.
        labels["measure"] = ", ".join(filter(None, (labels.get("measure"), labels.pop("service"))))
    return ColumnPlan(each.column, each.title, found.meaning, labels, unit, scale, True, found.confidence, found.why)


def _of_title(each: Profile, unit: str, context: Context, labels: dict[str, str]) -> Candidate:
    """What the title says a column's figures are; never of figures whose own unit is another, such as ``%`` beside money."""
    found = context.figure or Candidate(INDICATOR, 0.6)
    beside = found.meaning == "investment.amount_gbp" and unit not in ("", "GBP")
    if (found.meaning == INDICATOR and context.heading.unit != "GBP") or not (
        beside or unit in ("share", "rank", "score") or unit.startswith(("per ", "GBP per"))
    ):
        return found
    if name := context.heading.text:
        labels.setdefault("measure", sentence(f"{name}: {each.title}"))
    else:
        labels.setdefault("measure", sentence(each.title))
    return Candidate(INDICATOR, 0.75, {}, "a unit of its own, which is not the title's")


def _spelled(each: Profile) -> str:
    """The part of a heading that is no more than a unit in words, such as ``percentage``; empty for signs."""
    parts = [" ".join(part.replace("_", " ").split()) for part in each.parts]
    units = [part for part in parts if re.fullmatch(r"[^\W\d_]{4,}", part) and wording.understand([part]).unit]
    return units[-1] if units else ""


def with_columns(context: Context, columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> Context:
    """The surroundings with what the columns together say: whether any figure is named, and whether rows are about practices."""
    figures = [each for each in columns if each.at not in chosen and holds_figures(each) and each.heading.text]
    known = any(best_match(each, FIGURES).confidence >= SURE for each in figures)
    places = any(_PRACTICE.search(each.title.replace("_", " ")) and each.filled for each in columns)
    context = of_residents(context, columns, chosen)
    return replace(context, none_known=not known, of_practices=places, of_residents=counts_residents(columns, chosen))


def possible(chosen: Mapping[int, Candidate]) -> list[str]:
    """Figures of the tables that this one can be: a target or an action is one only beside the strategy or action it is of."""
    held = {found.meaning for found in chosen.values()}
    barred = [table for table, needs in _NEEDS.items() if not held & needs]
    return [figure for figure in FIGURES if figure.split(".")[0] not in barred]


def _part_of_year(text: str, year: Period, labels: dict[str, str]) -> str:
    """What is left of a heading once the quarter or month that it names is taken as the figures' period, the finest of them."""
    parts = [(part, periods.in_year(part, year)) for part in text.split(wording.BETWEEN)]
    named = [period for _, period in parts if period]
    if named:
        labels["period"] = min(named, key=lambda period: period.days).label
    return wording.BETWEEN.join(part for part, period in parts if not period)


def _checked(found: Candidate, each: Profile, text: str, context: Context, labels: dict[str, str]) -> Candidate:
    """A match of words, held against what the column holds and what the title says."""
    if found.meaning == "investment.amount_gbp" and _NEVER_SPEND.search(text):
        return Candidate(INDICATOR, 0.75, {"measure": sentence(text)}, MONEY_BUT_NOT_SPEND)
    vague_money = found.meaning == "investment.amount_gbp" and found.confidence < 0.9 and each.heading.unit != "GBP"
    if (
        vague_money
        and context.heading.unit != "GBP"
        and (context.figure is None or context.figure.meaning != found.meaning)
        and context.title
    ):
        return Candidate(INDICATOR, 0.75, {"measure": sentence(f"{context.title}: {text}")}, "named by the title")
    if context.of_residents and found.meaning == INDICATOR and re.fullmatch(r"obs value", text, re.IGNORECASE):
        labels.setdefault("base", "resident")
        return Candidate("population.persons", 0.9, {}, "observations of residents by group")
    if found.meaning != "population.persons":
        return found
    if context.of_practices:
        return Candidate(INDICATOR, 0.75, {"measure": sentence(text)}, "people of practices or small areas, not of the whole area")
    if re.search(r"registered|list size|\bgp\b|patient", text, re.IGNORECASE):
        labels.setdefault("base", "registered")
    elif re.search(r"resident", text, re.IGNORECASE):
        labels.setdefault("base", "resident")
    rate = re.search(r"\brates?\b|\bper \d|%|average|mean|score", context.title, re.IGNORECASE)
    vague = re.fullmatch(r"(?:number of |no\.? of )?(?:people|persons|patients|clients|individuals|adults)", text, re.IGNORECASE)
    if (vague and (rate or _CARE.search(context.title))) or (rate and vague) or _fractions(each) > 0.2:
        return Candidate(INDICATOR, 0.75, {"measure": sentence(context.title if vague else text)}, "named by the title")
    return found


def _fractions(each: Profile) -> float:
    """Share of the distinct figures that are no whole numbers."""
    value = each.strip.numbers.value[each.strip.held]
    value = value[~np.isnan(value)]
    return float((np.abs(value - np.round(value)) > 1e-9).mean()) if len(value) else 0.0


def _split_heading(text: str, labels: dict[str, str], chosen: Mapping[int, Candidate]) -> str:
    """Of headings over several rows, the one that names a figure; the others name the service, where no column does."""
    parts = text.split(wording.BETWEEN)
    sure = [part for part in parts if closest((part,), "", FIGURES).confidence >= SURE]
    if "service" in {found.meaning for found in chosen.values()} or len(sure) != 1:
        return text
    others = [part for part in parts if part != sure[0]]
    key = "comparator" if all(TOTALS.search(part) for part in others) else "service"
    labels.setdefault(key, sentence(", ".join(others)))
    return sure[0]


def sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _by_context(text: str, unit: str, context: Context, measured: bool, served: bool, labels: dict[str, str]) -> Candidate:
    """A heading that no column of the catalogue is called by."""
    money = (
        (unit or context.heading.unit) == "GBP"
        or bool(_SPENT.search(text))
        or (context.figure is not None and context.figure.meaning == "investment.amount_gbp")
    )
    named = context.figure is not None and context.figure.why == OTHER_FIGURE and context.none_known and not measured
    if named and unit in ("", "count") and (not money or no_spend(context.title)):
        return Candidate(INDICATOR, 0.75, {"measure": sentence(f"{context.heading.text or context.title}: {text}")}, OTHER_FIGURE)
    if money and unit in ("", "GBP") and not re.search(r"%|\bper\b|\brate\b|\bwte\b|\bcontacts\b", text, re.IGNORECASE):
        funding = text.casefold().replace(" ", "-")
        if funding in ("recurrent", "non-recurrent", "nonrecurrent"):
            labels["funding"] = "recurrent" if funding == "recurrent" else "non-recurrent"
            return Candidate("investment.amount_gbp", 0.9, {}, "the kind of funding")
        if served and not ACTUAL.fullmatch(text):
            return Candidate(INDICATOR, 0.75, {} if measured else {"measure": sentence(text)}, MONEY_BUT_NOT_SPEND)
        if not OTHER_MONEY.search(text) and not _NEVER_SPEND.search(text):
            if not ACTUAL.fullmatch(text):
                labels.setdefault("service", sentence(text))
            return Candidate("investment.amount_gbp", 0.75, {}, "money under this heading")
        return Candidate(INDICATOR, 0.75, {} if measured else {"measure": sentence(text)}, MONEY_BUT_NOT_SPEND)
    table = context.figure.meaning.split(".")[0] if context.figure else ""
    if (
        context.figure
        and table in _TITLED
        and (_BY_SERVICE.search(context.title) or context.none_known)
        and not OTHER_MONEY.search(text)
        and unit in ("", "count")
        and not measured
    ):
        return Candidate(context.figure.meaning, 0.75, {**context.figure.labels, _TITLED[table]: sentence(text)}, "named by the title")
    return Candidate(INDICATOR, 0.75, {} if measured else {"measure": sentence(text)}, "numbers by area that the app has no name for")


def counts_care(columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> bool:
    """True where a column of measures names contacts, referrals and the like."""
    named = next((each for each in columns if each.at in chosen and chosen[each.at].meaning == "measure"), None)

    def counts(text: str) -> bool:
        return any(c.meaning == "activity.count" and c.confidence >= SURE for c in matching.candidates(text)[:1])

    return named is not None and named.share(counts) > 0.5
