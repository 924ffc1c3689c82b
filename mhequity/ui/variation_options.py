"""The controls of the page on variation, and how its figures are written and coloured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from mhequity.analysis import investment, need, variation
from mhequity.analysis import variation_words as said
from mhequity.analysis.variation import HIGHER, LOWER, SHARE, SIMILAR, VALUE, Measure
from mhequity.charts import palette
from mhequity.scope import Scope
from mhequity.ui import scope_bar
from mhequity.workspace import Workspace

LEVELS = {"95%": 0.95, "99.8%": 0.998}
GREY, BLUE = "#8A94A0", "#4C7FAE"
GLYPHS = {LOWER: "▼", SIMILAR: "●", HIGHER: "▲"}


@dataclass(frozen=True)
class Options:
    """What the page's own controls are set to."""

    measure: Measure
    confidence: float
    per: str
    """What a count is divided by: one of :data:`mhequity.analysis.investment.PER`; for other measures their own denominators."""
    heads: need.NeedMeasure | None
    widened: bool
    why_not_widened: str

    @property
    def per_said(self) -> str:
        """What the measure is of, as the axis and the base say."""
        if self.measure.has_base:
            return "People whom the share is of (denominator)" if self.measure.kind == SHARE else "Denominator"
        return "Need-weighted people" if self.heads else "Residents"


def options(workspace: Workspace, scope: Scope) -> Options | None:
    """Draw the page's controls; None where two boroughs of the system have nothing in common for this year and service."""
    found = {measure.name: measure for measure in reversed(workspace.once(variation.measures, scope.whole))}
    names = list(reversed(found))
    if not names:
        return None
    first, second, third = st.columns([6, 3, 5], vertical_alignment="bottom")
    with first:
        measure = found.get(str(st.selectbox("Measure", names, key="measure", bind="query-params")), found[names[0]])
    if measure.kind == VALUE:
        return Options(measure, 0.95, investment.RESIDENT, None, False, "")
    with second:
        level = st.segmented_control(
            "Limits and intervals", list(LEVELS), default="95%", key="limits", bind="query-params", required=True,
            help="How sure to be before a borough is said to differ. Chance alone puts 1 in 20 boroughs outside limits of 95%, and 1 in 500 "
            "outside those of 99.8%.",
        )  # fmt: skip
    with third:
        per, heads = (investment.RESIDENT, None) if measure.has_base else _heads(workspace)
        frame = workspace.once(variation.by_borough, scope.whole, measure, heads)
        widened, why_not = _widened(frame, measure)
    return Options(measure, LEVELS.get(str(level), 0.95), per, heads, widened, why_not)


def _heads(workspace: Workspace) -> tuple[str, need.NeedMeasure | None]:
    """Let the visitor choose what a count is divided by."""
    per = st.segmented_control(
        "Per", investment.PER, default=investment.RESIDENT, key="heads", bind="query-params", required=True,
        help="Per resident says how much care there is. Per need-weighted person says how much there is for the need there is.",
    )  # fmt: skip
    return str(per), scope_bar.need_measure(workspace) if per == investment.WEIGHTED else None


def _widened(frame: pd.DataFrame, measure: Measure) -> tuple[bool, str]:
    """Offer limits widened for over-dispersion where there are units enough; else why not."""
    why_not = variation.why_no_funnel(frame, measure) or variation.spread_of(frame, measure).refused.replace("units", "boroughs")
    if why_not:
        return False, why_not
    on = st.toggle(
        "Widen limits for over-dispersion", key="overdispersion", bind="query-params",
        help="Boroughs often differ by more than chance for reasons that no service chose (who lives there, what is counted). Then almost all "
        "lie outside the limits of chance. Widened limits take that usual spread as given and leave out only those beyond it.",
    )  # fmt: skip
    return bool(on), ""


def with_interval(chosen: Options, row: Any) -> str:
    """A value with its interval, as a tooltip says it."""
    ends = said.range_of(chosen.measure, row.lower, row.upper)
    return said.written(chosen.measure, row.value) + (f" ({ends})" if ends else "")


def verdicts(measure: Measure, dark: bool) -> dict[str, str]:
    """Words for lower, similar and higher with their colours: orange is worse, blue better; neither where there is no judgement."""
    named = variation.words_for(measure)
    if not named:
        return {LOWER: palette.LILAC, SIMILAR: GREY, HIGHER: palette.TEAL}
    colours = {variation.WORSE: palette.ORANGE, variation.BETTER: palette.DARK.line if dark else palette.BLUE}
    return {named[LOWER]: colours[named[LOWER]], SIMILAR: GREY, named[HIGHER]: colours[named[HIGHER]]}


def keys(chosen: Options, dark: bool) -> list[tuple[str, str]]:
    """The legend: each verdict's colour with its shape and word."""
    given = zip(GLYPHS.values(), verdicts(chosen.measure, dark).items(), strict=True)
    return [(colour, f"{glyph} {word}") for glyph, (word, colour) in given]


def title(chosen: Options) -> str:
    """The measure with its unit."""
    measure = chosen.measure
    if measure.kind == SHARE:
        return measure.name
    return (
        f"{measure.name} per 1,000 {'need-weighted people' if chosen.heads else 'residents'}"
        if not measure.has_base
        else f"{measure.name} ({measure.unit})"
    )


def number_format(measure: Measure, values: pd.Series) -> str:
    """How an axis writes the measure's values: with as many decimals as tell its ticks apart."""
    across = float(values.max() - values.min()) if values.notna().any() else 1.0
    if measure.kind == SHARE:
        return ".1%" if across < 0.04 else ".0%"
    return ",.2~f" if across < 1 else ",.1~f" if across < 12 else ",.0f"
