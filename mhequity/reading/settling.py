"""Columns of figures held against each other: units and scales, shares, totals beside their parts, one column for each fact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mhequity import areas, periods
from mhequity.reading import numbers, period_forms, wording
from mhequity.reading.figuring import ACTUAL, INDICATOR, MONEY_BUT_NOT_SPEND, OTHER_MONEY, sentence
from mhequity.reading.grids import NUMBER
from mhequity.reading.plans import FIGURES, OUTSIDE, UNUSED, ColumnPlan
from mhequity.reading.profiles import Profile
from mhequity.reading.surroundings import Context

_REST = re.compile(r"(?:any )?other(?: ethnic group| groups?)?|not (?:stated|known|recorded)|unknown|missing|mixed|refused", re.IGNORECASE)
_SAYS_AGE = re.compile(r"\b(?:age[ds]?|years?|yrs|under|over|child\w*|adults?)\b", re.IGNORECASE)
_WEEKS_OR_AGES = "weeks waited or ages: the sheet does not say which"
_TOTAL_OF = re.compile(r"total\b", re.IGNORECASE)


def _place_in(text: str) -> areas.Match:
    """What a heading, or one of its rows, may spell: a place elsewhere, or one close to an area of London."""
    found = [areas.match(part) for part in text.split(wording.BETWEEN) if part]
    return next((each for each in found if each.elsewhere or each.proposals), areas.Match(text))


def across_places(plans: Sequence[ColumnPlan], columns: Sequence[Profile], context: Context) -> list[ColumnPlan]:
    """Where places stand across, a heading that is none known is a spelling to confirm, and one outside London is not used."""
    figures = [at for at, each in enumerate(plans) if each.meaning in FIGURES]
    across = {at for at in figures if "area" in plans[at].labels or plans[at].labels.get("comparator", "") in ("London", "England")}
    spelled = {at: _place_in(columns[at].heading.text) for at in figures if at not in across}
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
    of_rows = any(each.meaning == "unit" for each in plans)
    for each, profile in zip((_band_of_wait(each, context) for each in plans), columns, strict=True):
        if each.meaning in FIGURES:
            money = each.meaning.endswith("_gbp") or each.unit == "GBP"
            scale = context.heading.scale if each.scale == 1 and money and context.heading.unit == "GBP" else each.scale
            unit = each.unit or (
                "GBP"
                if money
                else context.heading.unit
                if each.meaning == INDICATOR and context.heading.unit != "GBP" and not of_rows
                else ""
            )
            told = replace(each, unit=unit, scale=scale)
            # A unit that stands in each row is no whole column's.
            settled.append(told if of_rows and not unit else _share(told, profile))
        else:
            settled.append(each)
    settled = _as_sisters_write(settled)
    settled = _period_totals(_groups_across(_actual_only(settled, columns), columns))
    return _one_each(_with_parts(settled, columns), columns)


def _band_of_wait(each: ColumnPlan, context: Context) -> ColumnPlan:
    """A heading such as 5-12 over people who wait: weeks waited more often than ages, so it is kept as it is written."""
    band = each.labels.get("age_band", "")
    if each.meaning != "waits.waiting" or not band or _SAYS_AGE.search(f"{each.heading} {context.title}"):
        return each
    labels = {key: value for key, value in each.labels.items() if key != "age_band"}
    measure = f"People waiting, {each.heading}"
    return replace(each, meaning=INDICATOR, labels={**labels, "measure": measure}, unit="people", confidence=0.7, why=_WEEKS_OR_AGES)


def _actual_only(plans: Sequence[ColumnPlan], columns: Sequence[Profile]) -> list[ColumnPlan]:
    """Budgets and plans beside actual money are figures of their own name, never spend."""
    money = [at for at, each in enumerate(plans) if each.meaning == "investment.amount_gbp"]
    other = [
        at
        for at in money
        if "comparator" not in plans[at].labels
        and OTHER_MONEY.search(columns[at].heading.text)
        and not re.search(r"actual|outturn", columns[at].title, re.IGNORECASE)
    ]
    if not other or len(other) == len(money):
        return list(plans)
    settled = list(plans)
    for at in other:
        labels = {key: value for key, value in plans[at].labels.items() if key != "service"}
        settled[at] = replace(
            plans[at],
            meaning=INDICATOR,
            unit="GBP",
            labels={**labels, "measure": sentence(columns[at].heading.text)},
            why=MONEY_BUT_NOT_SPEND,
        )
    return settled


def _as_sisters_write(plans: Sequence[ColumnPlan]) -> list[ColumnPlan]:
    """Headings such as 2009-11, 2010-12 and 2011-13: together they tell whether months or periods of several years are meant."""
    written = period_forms.of_headings(plans)
    forms = period_forms.decide([*written.values(), *(each.labels.get("period", "") for each in plans)])
    settled = list(plans)
    for at, text in written.items():
        if found := period_forms.read(text, forms):
            settled[at] = replace(plans[at], labels={**plans[at].labels, "period": found.label})
    return settled


def _groups_across(plans: Sequence[ColumnPlan], columns: Sequence[Profile]) -> list[ColumnPlan]:
    """Beside columns of ethnic or age groups, ``Other`` and ``Not stated`` are groups too."""
    settled = list(plans)
    for name in ("ethnic_group", "age_band"):
        named = [each for each in plans if name in each.labels and each.meaning in FIGURES]
        if len(named) < 2:
            continue
        for at, (each, profile) in enumerate(zip(plans, columns, strict=True)):
            if each.meaning in FIGURES and name not in each.labels and _REST.fullmatch(profile.heading.text):
                kept = {key: value for key, value in named[0].labels.items() if key in ("measure", "period", "sex")}
                settled[at] = replace(
                    each, meaning=named[0].meaning, labels={**kept, name: profile.heading.text}, unit=named[0].unit, scale=named[0].scale
                )
    return settled


def _period_totals(plans: Sequence[ColumnPlan]) -> list[ColumnPlan]:
    """A quarter beside each of its months, or a year beside its quarters, is their total: kept apart, so that nothing counts twice."""
    settled = list(plans)
    for at, each in enumerate(plans):
        whole = periods.parse(each.labels.get("period", ""))
        if (
            each.meaning not in FIGURES
            or whole is None
            or whole.kind not in ("quarter", "year")
            or whole.start is None
            or whole.end is None
        ):
            continue
        rest = {key: value for key, value in each.labels.items() if key != "period"}
        beside = [periods.parse(other.labels["period"]) for other in plans if other.meaning == each.meaning and "period" in other.labels
                  and {key: value for key, value in other.labels.items() if key != "period"} == rest]  # fmt: skip
        inside = {period.label: period.days for period in beside if period and period.label != whole.label and period.start and period.end
                  and whole.start <= period.start and period.end <= whole.end and period.kind in ("month", "quarter")}  # fmt: skip
        finest = {label: days for label, days in inside.items() if days == min(inside.values()) or days < 32}
        if inside and sum(finest.values()) == whole.days:
            settled[at] = replace(each, labels={**rest, "comparator": f"{whole.label} total"}, why="the total of the periods beside it")
    return settled


def _with_parts(plans: Sequence[ColumnPlan], columns: Sequence[Profile]) -> list[ColumnPlan]:
    """A column called total is one only beside columns that it could add up."""
    settled = []
    for each, profile in zip(plans, columns, strict=True):
        total = each.labels.get("comparator", "")
        parts = [other for other in plans if other.meaning == each.meaning and "comparator" not in other.labels]
        if total and not parts and areas.match(total).comparator in ("", "Total"):
            labels = {key: value for key, value in each.labels.items() if key != "comparator"}
            if each.meaning == INDICATOR:
                labels.setdefault("measure", sentence(profile.heading.text or total))
            each = replace(each, labels=labels)
        elif not total and _TOTAL_OF.match(profile.heading.text) and each.meaning.endswith("_gbp") and _served(each, plans) > 1:
            each = replace(each, labels={**each.labels, "comparator": profile.heading.text})
        settled.append(each)
    return settled


def _served(each: ColumnPlan, plans: Sequence[ColumnPlan]) -> int:
    """How many columns state the same figure for services of their own."""
    return sum(other.meaning == each.meaning and "service" in other.labels and "comparator" not in other.labels for other in plans)


_SHOWN_AS_PERCENT = "the spreadsheet shows these cells as percentages: 1.12 is 112%"


def _share(each: ColumnPlan, profile: Profile) -> ColumnPlan:
    """Whether a column of percentages holds 12.5 or 0.125: decided once, from the cells' format or else from the whole column."""
    if profile.percents and 2 * profile.percents >= profile.strip.number_of(NUMBER):
        if each.meaning == "actions.done_percent":
            return replace(each, scale=100.0, why=_SHOWN_AS_PERCENT)
        if each.meaning == INDICATOR and each.unit in ("", "share"):
            return replace(each, unit="share", scale=1.0, why=_SHOWN_AS_PERCENT)
    found = profile.strip.numbers
    percent = int(profile.strip.counts[found.form == numbers.FORMS.index(numbers.PERCENT)].sum())
    plain = found.value[profile.strip.held & ~np.isnan(found.value) & (found.form == 0)]
    if (
        each.meaning == INDICATOR
        and not each.unit
        and (2 * percent > profile.strip.number_of(NUMBER) or (percent and len(plain) and np.abs(plain).max() > 1))
    ):
        # 12% and 9 in one column: the others are percentages without their sign.
        return replace(each, unit="share", scale=0.01 if len(plain) and np.abs(plain).max() > 1 else 1.0)
    if each.unit != "share" or not each.meaning.startswith("indicators."):
        return each
    held = found.value[profile.strip.held & ~np.isnan(found.value) & (found.form == 0)]
    if not len(held) or np.abs(held).max() > 1 + 1e-9:
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
        measure = sentence(columns[other].heading.text or columns[other].title) or f"Column {columns[other].column}"
        settled[other] = replace(
            settled[other], meaning=INDICATOR, labels={**settled[other].labels, "measure": measure}, why="another column states this fact"
        )
    return settled


def _rank(each: ColumnPlan) -> tuple[bool, float]:
    return bool(ACTUAL.search(each.heading)), each.confidence
