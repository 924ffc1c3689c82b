"""What is said of differences between boroughs and between groups, computed from what is in view."""

from __future__ import annotations

import math

import pandas as pd

from mhequity import areas
from mhequity.analysis import variation
from mhequity.analysis.shortfall import Shortfall
from mhequity.analysis.variation import SHARE, VALUE, Measure
from mhequity.markdown import plain
from mhequity.scope import Scope, in_words

_MOST_DIGITS = 8
_TIMES = 1.05
"""The least that one figure is said to be so many times another: less would read as 1.0 times."""


def written(measure: Measure, value: float, digits: int | None = None) -> str:
    """A value of the measure with its unit: ``53.1%``, ``4.2 per 1,000``, ``33 days``."""
    if pd.isna(value):
        return "no data"
    if _in_percent(measure):
        return _signed(f"{value * 100:.{1 if digits is None else digits}f}%")
    number = _signed(f"{value:,.{_digits(value, measure.kind == VALUE) if digits is None else digits}f}")
    unit = measure.unit if measure.kind == VALUE or "per" in measure.unit else f"per {measure.per:,.0f}"
    return f"{number} {plain(unit)}".strip()


def number(measure: Measure, value: float) -> str:
    """A value without its unit, but for the percent sign: for the ends of an interval."""
    if _in_percent(measure) or pd.isna(value):
        return written(measure, value)
    return _signed(f"{value:,.{_digits(value, measure.kind == VALUE)}f}")


def _in_percent(measure: Measure) -> bool:
    """True for shares, also those that come without counts."""
    return measure.kind == SHARE or measure.unit == "share"


def _signed(text: str) -> str:
    return text.replace("-", "−")


def _digits(value: float, fine: bool = False) -> int:
    """Decimals that a value is known to: none for a whole number, two under 10, one under 100; as many as show two digits where ``fine``.

    Rates and shares of counts never are: to many decimals they would tell the count that stands rounded beside them.
    """
    if value == round(value):
        return 0
    if fine and abs(value) < 0.01:
        return min(1 - math.floor(math.log10(abs(value))), _MOST_DIGITS)
    return 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2


def range_of(measure: Measure, lower: float, upper: float) -> str:
    """``51.2% to 55.0%``; empty where there is no interval."""
    return "" if pd.isna(lower) or pd.isna(upper) else f"{number(measure, lower)} to {number(measure, upper)}"


def level(confidence: float) -> str:
    """``95%`` or ``99.8%``."""
    return f"{confidence * 100:g}%"


def about(people: float) -> str:
    """A number worked out, as roughly as it is known: to the nearest 10, and under 10 just so."""
    return "fewer than 10" if people < 9.5 else f"about {round(people, -1):,.0f}"


def answer(frame: pd.DataFrame, measure: Measure, scope: Scope, confidence: float, widened: bool = False, title: str = "") -> str:
    """How many boroughs in view differ from the system's figure by more than chance, and how far apart they are.

    Takes what :func:`mhequity.analysis.variation.compare` gives for the whole system, with ``in_scope``;
    ``widened`` where its verdicts go by limits widened for over-dispersion; ``title`` the measure with what it is divided by, where its
    name does not say.
    """
    name = f"*{plain(title or measure.name)}*"
    known = frame[frame.in_scope & frame["value"].notna()].sort_values("value", kind="stable")
    if known.empty:
        none = f"{scope.place} has no figure" if len(scope.boroughs) == 1 else f"no borough of {scope.place} has a figure"
        return f"{name}: {none} in {scope.year}."
    if measure.kind == VALUE:
        return _values(known, measure, scope)
    reporting, of = int(frame["value"].notna().sum()), len(frame)
    only = f" ({reporting} of its {of} boroughs report)" if reporting < of else ""
    middle = f"{scope.system_name}'s **{written(measure, variation.whole(frame, measure))}**{only}"
    if len(known) == 1:
        return f"{name}: {_one(known.iloc[0], measure, middle, scope, confidence, widened)}"
    words = variation.words_for(measure)
    sides = [(words.get(side, side), int((known.side == side).sum())) for side in (variation.HIGHER, variation.LOWER)]
    sides.sort(key=lambda each: each[0] == variation.WORSE)
    differ = sum(number for _, number in sides)
    said = " and ".join(f"**{number}** {word}" for word, number in sides if number)
    beyond = beyond_what(confidence, widened)
    opening = (
        f"**{differ} of {len(known)}** boroughs in view differ from {middle} {beyond}: {said}."
        if differ
        else f"none of the {len(known)} boroughs in view differs from {middle} {beyond}."
    )
    return f"{name}, {scope.year}: {opening} {apart(known, measure)}"


def beyond_what(confidence: float, widened: bool) -> str:
    """What a difference is more than, and by which limits."""
    return f"beyond {'chance and the usual spread between boroughs' if widened else 'chance'} ({level(confidence)} limits)"


def _values(known: pd.DataFrame, measure: Measure, scope: Scope) -> str:
    if len(known) == 1:
        row = known.iloc[0]
        return f"*{plain(measure.name)}*: {areas.name_of(row.area)} had **{written(measure, row['value'])}** in {scope.year}. Chance cannot be told: no counts are given."
    low, high = known["value"].iloc[[0, -1]]
    return (
        f"*{plain(measure.name)}*, {scope.year}: the {len(known)} boroughs in view ran from **{written(measure, low)}** to "
        f"**{written(measure, high)}**. How much of that is chance cannot be told: this measure comes without the counts behind it."
    )


def _one(row: pd.Series, measure: Measure, middle: str, scope: Scope, confidence: float, widened: bool) -> str:
    told = (
        f"in line with {middle}, not different {beyond_what(confidence, widened)}"
        if row.side in (variation.SIMILAR, "")
        else f"**{row.verdict}** than {middle}, {beyond_what(confidence, widened)}"
    )
    ends = range_of(measure, row.lower, row.upper)
    return f"**{areas.name_of(row.area)}** had **{written(measure, row['value'])}** ({level(confidence)} interval {ends}) in {scope.year}: {told}."


def apart(known: pd.DataFrame, measure: Measure) -> str:
    """The highest and the lowest with their intervals, and how far apart they are: difference and ratio.

    ``known``: ``area``, ``value``, ``lower``, ``upper``, from the lowest up.
    """
    low, high = known.iloc[0], known.iloc[-1]
    if written(measure, low["value"]) == written(measure, high["value"]):
        return f"{'Both' if len(known) == 2 else f'All {len(known)}'} have {written(measure, low['value'])}."
    gap = (high["value"] - low["value"]) * (100 if measure.kind == SHARE else 1)
    unit = "percentage points" if measure.kind == SHARE else "" if measure.kind == VALUE else measure.unit
    ratio = high["value"] / low["value"] if low["value"] > 0 else 0
    times = f", {_times(ratio)} as high" if ratio >= _TIMES else ""
    ends = [
        f"**{areas.name_of(row.area)}** with {written(measure, row['value'])} ({range_of(measure, row.lower, row.upper)})"
        for row in (high, low)
    ]
    return f"Highest is {ends[0]}, lowest {ends[1]}: {gap:,.{1 if measure.kind == SHARE else _digits(gap)}f} {plain(unit)} apart{times}."


def _times(ratio: float) -> str:
    """``2.4 times``, ``16 times``; from 100 on ``about 350 times``: the lower figure rests on few."""
    if ratio < 100:
        return f"{ratio:,.{0 if ratio >= 10 else 1}f} times"
    return f"about {round(ratio, 1 - math.floor(math.log10(ratio))):,.0f} times"


def by_chance(frame: pd.DataFrame, confidence: float) -> str:
    """How many would lie outside the limits if nothing but chance set boroughs apart."""
    n = int(frame["value"].notna().sum())
    expected = n * (1 - confidence)
    told = "fewer than 1" if expected < 0.95 else f"about {expected:.0f}"
    return f"If nothing but chance set them apart, {told} of {n} boroughs would lie outside the {level(confidence)} limits."


def as_well_as(found: Shortfall, measure: Measure, everyone: str, one: str) -> str:
    """``If every borough did as well as Harrow ..., there would be about 1,240 more people seen``, and where half of that sits.

    Parameters
    ----------
    everyone, one
        What falls short, of which one is the example: ``every borough in view`` and ``borough``. Where it is a single borough: its name,
        and nothing.
    """
    did = "did as well as" if measure.better != "neither" else "had as high a figure as"
    more = "more" if measure.higher_is_better else "fewer"
    opening = f"If {everyone} {did} **{plain(found.example)}** ({written(measure, found.value)}), there would be **{about(found.count)}** {more} {plain(measure.counted)}."
    if not found.holders:
        none = f"No {one} in view falls" if one else f"{everyone} does not fall"
        return f"{none} short of **{plain(found.example)}** ({written(measure, found.value)})."
    half = ""
    if found.behind > 2:
        sits = f"1 {one}" if len(found.holders) == 1 else f"{len(found.holders)} {one}s"
        half = f" Half of that sits in **{sits}**: {in_words(plain(name) for name in found.holders)}."
    doubt = "" if found.beyond_chance else f" Mind: {plain(found.example)} does not stand out beyond chance itself."
    no_judgement = (
        " This measure does not say whether more is better: it only puts the difference in numbers." if measure.better == "neither" else ""
    )
    return opening + half + doubt + no_judgement


def of_inequality(measure: Measure, row: pd.Series, confidence: float) -> str:
    """A figure of inequality with its unit and interval: ``+15.3 points (95% interval +14.5 to +16.1)``.

    ``row``: of :func:`mhequity.analysis.between_groups.measures_of_inequality`.
    """
    if pd.isna(row.value):
        return "**not defined** for these groups"
    value, low, high = (_of_unit(measure, row.unit, part) for part in (row.value, row.lower, row.upper))
    unit = "%" if row.unit == "%" else "" if row.unit == "no unit" else " points" if measure.kind == SHARE else f" {plain(measure.unit)}"
    ends = f"{level(confidence)} interval {low} to {high}" if pd.notna(row.lower) and pd.notna(row.upper) else "no interval"
    return f"**{value}{unit}** ({ends})"


def _of_unit(measure: Measure, unit: str, value: float) -> str:
    if unit == "no unit":
        return f"{value:.2f}"
    if unit == "%":
        return f"{value:.1f}"
    return (f"{value * 100:+.1f}" if measure.kind == SHARE else f"{value:+,.{_digits(value)}f}").replace("-", "−")


def how_to_read(key: str, measure: Measure, ordered: bool) -> str:
    """What a figure of inequality holds against what, in a few words."""
    if key == "slope_index":
        return "from the most to the least deprived end of the people counted, along a line through all fifths; 0 is no slope"
    if key == "relative_index":
        return "the least deprived end over the most deprived end, along that line; 1 is no slope"
    if key == "index_of_disparity_weighted":
        return "how far people's groups lie from all together on average, in % of the figure; 0% is no difference"
    if ordered:
        first, second = ("least", "most") if measure.higher_is_better else ("most", "least")
        first, second = f"{first} deprived fifth", f"{second} deprived fifth"
    else:
        first, second = ("highest group", "lowest group") if measure.better == "neither" else ("best group", "worst group")
    luck = "" if ordered else "; picked out of several, so partly luck"
    return f"{first} over {second}; 1 is no difference{luck}" if key == "ratio" else f"{first} less {second}; 0 is no difference{luck}"
