"""What columns of numbers mean: told from their headings, from the title, and from what stands beside them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from mhequity import areas, periods
from mhequity.reading import matching, numbers, wording
from mhequity.reading.cells import TOTALS
from mhequity.reading.labelling import SURE, best_match, closest
from mhequity.reading.matching import Candidate
from mhequity.reading.plans import FIGURES, OUTSIDE, UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile
from mhequity.reading.recognising import EVERYONE
from mhequity.reading.surroundings import Context

INDICATOR = "indicators.value"
_NO_FIGURE = re.compile(
    r"\b(?:code|id|ref|reference|number of record|row|sort(?:able)?|postcode|phone|order|lower ci|upper ci|confidence|ods|lower limit|upper limit)\b|^(?:no|#|index|sr no)$",
    re.IGNORECASE,
)
_ACTUAL = re.compile(r"\b(?:actual|actuals|outturn|spend|spent|expenditure|value|amount|total)\b", re.IGNORECASE)
_OTHER_MONEY = re.compile(
    r"\b(?:plan|planned|budget|variance|forecast|target|per|change|difference|average|mean|unit|price|salary|pay|income)\b", re.IGNORECASE
)
MONEY_BUT_NOT_SPEND = "money that is not spend"
_SPENT = re.compile(r"\b(?:spend|spending|expenditure)\b", re.IGNORECASE)
_TOTAL_OF = re.compile(r"total\b", re.IGNORECASE)
_VAGUE = {"number", "numbers", "count", "value", "values", "figure", "figures", "no", "n"}
"""Headings that leave it to the title to say what is counted."""
_TITLED = {"activity": "service", "workforce": "staff_group"}
"""What a heading names that no column is called by, where the title says what the figures are: "Contacts by service"."""


def holds_figures(each: Profile) -> bool:
    if _NO_FIGURE.search(each.heading.text.replace("_", " ")):
        return False
    named = bool(each.heading.unit or each.heading.labels) or best_match(each, FIGURES).confidence >= SURE
    return each.numbers >= 0.5 or ((each.all_marks or each.numbers > 0) and named)


def figure_plan(each: Profile, context: Context, chosen: Mapping[int, Candidate], counted: bool) -> ColumnPlan:
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
    if EVERYONE.fullmatch(text) and not (text.casefold() in ("persons", "people") and best_match(each, FIGURES).confidence >= SURE):
        text = ""
    if TOTALS.search(text.strip()) and not best_match(each, FIGURES).confidence >= 0.95:
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
        closest((text, each.title), unit, FIGURES)
        if text == heading.text
        else closest((text,), unit, FIGURES)
        if text
        else Candidate(UNUSED, 0.0)
    )
    if text and found.confidence < SURE:
        found = _by_context(text, unit, context, measured, labels)
    elif not text:
        found = context.figure or Candidate(INDICATOR, 0.6)
    if found.why == MONEY_BUT_NOT_SPEND:
        unit = unit or "GBP"
    labels |= {key: value for key, value in found.labels.items() if key not in labels and not (key == "measure" and measured)}
    if found.meaning == INDICATOR and text and not measured and "measure" not in labels:
        labels["measure"] = _sentence(text)
    if found.meaning in (INDICATOR, "activity.count") and not text and not measured and "measure" not in labels and context.title:
        labels["measure"] = _sentence(context.title)
    return ColumnPlan(each.column, each.title, found.meaning, labels, unit, scale, True, found.confidence, found.why)


def _split_heading(text: str, labels: dict[str, str], chosen: Mapping[int, Candidate]) -> str:
    """Of headings over several rows, the one that names a figure; the others name the service, where no column does."""
    parts = text.split(wording.BETWEEN)
    sure = [part for part in parts if closest((part,), "", FIGURES).confidence >= SURE]
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
    money = (
        (unit or context.heading.unit) == "GBP"
        or bool(_SPENT.search(text))
        or (context.figure is not None and context.figure.meaning == "investment.amount_gbp")
    )
    if money and unit in ("", "GBP") and not re.search(r"%|\bper\b|\brate\b|\bwte\b|\bcontacts\b", text, re.IGNORECASE):
        if not _OTHER_MONEY.search(text):
            if not _ACTUAL.fullmatch(text):
                labels.setdefault("service", _sentence(text))
            return Candidate("investment.amount_gbp", 0.75, {}, "money under this heading")
        return Candidate(INDICATOR, 0.75, {} if measured else {"measure": _sentence(text)}, MONEY_BUT_NOT_SPEND)
    table = context.figure.meaning.split(".")[0] if context.figure else ""
    if context.figure and table in _TITLED and unit in ("", "count") and not measured:
        return Candidate(context.figure.meaning, 0.75, {**context.figure.labels, _TITLED[table]: _sentence(text)}, "named by the title")
    return Candidate(INDICATOR, 0.75, {} if measured else {"measure": _sentence(text)}, "numbers by area that the app has no name for")


def across_places(plans: Sequence[ColumnPlan], columns: Sequence[Profile], context: Context) -> list[ColumnPlan]:
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
        settled[at] = replace(plans[at], meaning=UNUSED, labels={}, why=OUTSIDE)
    for at in unsure:
        said = {key: value for key, value in columns[at].heading.labels.items() if key != "area"}
        beside = next((plans[other].labels for other in figures if other in across), {})
        kept = {key: value for key, value in beside.items() if key == "measure"}
        settled[at] = replace(plans[at], meaning=meaning, labels={**kept, **said, "area": spelled[at].seen}, why="a spelling to confirm")
    return settled


def settle(plans: Sequence[ColumnPlan], columns: Sequence[Profile], context: Context) -> list[ColumnPlan]:
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
        elif not total and _TOTAL_OF.match(profile.heading.text) and each.meaning.endswith("_gbp") and _served(each, plans) > 1:
            each = replace(each, labels={**each.labels, "comparator": profile.heading.text})
        settled.append(each)
    return settled


def _served(each: ColumnPlan, plans: Sequence[ColumnPlan]) -> int:
    """How many columns state the same figure for services of their own."""
    return sum(other.meaning == each.meaning and "service" in other.labels and "comparator" not in other.labels for other in plans)


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


def counts_care(columns: Sequence[Profile], chosen: Mapping[int, Candidate]) -> bool:
    """True where a column of measures names contacts, referrals and the like."""
    named = next((each for each in columns if each.at in chosen and chosen[each.at].meaning == "measure"), None)

    def counts(text: str) -> bool:
        return any(c.meaning == "activity.count" and c.confidence >= SURE for c in matching.candidates(text)[:1])

    return named is not None and named.share(counts) > 0.5
