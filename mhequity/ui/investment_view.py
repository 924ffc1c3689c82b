"""The scatter of money against care, and the controls of its page."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from mhequity import areas
from mhequity.analysis import investment, need
from mhequity.charts import scatter, vega
from mhequity.scope import Scope
from mhequity.ui import figures, scope_bar, words
from mhequity.ui.figures import Shown
from mhequity.workspace import Workspace


@dataclass(frozen=True)
class Options:
    """What the page's own controls are set to."""

    per: str
    measure: need.NeedMeasure
    outcome: investment.Outcome


def options(workspace: Workspace, scope: Scope) -> Options | None:
    """Draw the page's controls; None where nothing can be set against money in this scope."""
    found = workspace.once(investment.outcomes, scope.whole)
    if not found:
        return None
    first, second, third = st.columns([4, 5, 5], vertical_alignment="bottom")
    with first:
        per = st.segmented_control(
            "Spend per", investment.PER, default=investment.RESIDENT, key="per", bind="query-params", required=True,
            help="Per resident says how much money there is. Per need-weighted person says how much there is for the need there is.",
        )  # fmt: skip
    with second:
        names = [outcome.name for outcome in found]
        chosen = st.selectbox("Measure of care", names, key="outcome", bind="query-params")
    with third:
        measure = scope_bar.need_measure(workspace)
    return Options(str(per), measure, found[names.index(chosen)] if chosen in names else found[0])


def write_outcome(outcome: investment.Outcome, value: float) -> str:
    """A value of the measure of care with its unit."""
    if outcome.is_share:
        return words.share(value)
    return f"{words.number(value, 1)} {words.plain(outcome.unit)}"


def picture(workspace: Workspace, scope: Scope, chosen: Options, frame: pd.DataFrame) -> None:
    """The scatter; which borough the link hangs on; caption, table, downloads and method."""
    both = investment.complete(frame)
    per_head, middle = investment.reference(frame)
    known = int((frame.spend_per_head.notna() & frame.outcome.notna()).sum())
    points = pd.DataFrame(
        {
            "area": both.area, "name": both.area.map(areas.name_of), "system": both.area.map(lambda code: areas.by_code()[code].system),
            "x": both.spend_per_head, "y": both.outcome, "lower": both.outcome_lower, "upper": both.outcome_upper,
            "x_said": [f"£{value:,.0f}" for value in both.spend_per_head], "y_said": [_said(chosen, row) for row in both.itertuples()],
        }
    )  # fmt: skip
    lines = pd.DataFrame(
        {
            "axis": ["x", "y"], "at": [per_head, middle],
            "text": [f"mean of {known} boroughs: £{per_head:,.0f}", f"median of {known} boroughs: {write_outcome(chosen.outcome, middle)}"],
        }
    )  # fmt: skip

    def spec(dark: bool = False) -> vega.Spec:
        y_format = ".0%" if chosen.outcome.is_share else ",.3~g"
        return scatter.money_and_care(
            points,
            lines,
            x_title=f"Spend per {chosen.per}, {scope.year} (£)",
            y_title=_with_unit(chosen.outcome),
            y_format=y_format,
            dark=dark,
        )

    figures.legend(_with_unit(chosen.outcome), [])
    key = f"scatter {scope_bar.map_round()}"
    sentence = f"Spend per {chosen.per} against {chosen.outcome.name} in {scope.year}: {len(points)} boroughs."
    st.vega_lite_chart(
        vega.compact(spec(figures.is_dark())), key=key, on_select=lambda: _clicked(key), selection_mode=scatter.PICK, alt=sentence
    )
    _what_moves_the_line(frame)
    sources = workspace.named(key for keys in both.source for key in keys.split())
    figures.caption(
        f"pounds per {chosen.per}; {chosen.outcome.unit} (whiskers: 95% interval)",
        "residents of the area" if chosen.per == investment.RESIDENT else f"{chosen.measure.name} ({chosen.measure.base} people)",
        scope.year, sources,
    )  # fmt: skip
    figures.behind(
        frame[frame.in_scope].assign(name=frame.area[frame.in_scope].map(areas.name_of)), _columns(chosen), "investment and activity",
        sources, {"Picture": spec}, f"{chosen.outcome.name}; {scope.place}; {scope.year}",
    )  # fmt: skip
    figures.how(
        "**Spend per head** is the money of the services in view over residents (the estimate nearest the middle of the year) or over the "
        "need-weighted population. **Link**: Spearman's rank correlation with a 95% interval (Fisher's z, Bonett and Wright's standard "
        "error); no p-values, since boroughs are not a sample. Each borough is left out in turn to see which one the link hangs on. "
        "**Fair share** is the reporting boroughs' money shared out by need-weighted population; **distance** is (spend − fair share) ÷ fair "
        "share, so plus is over. A link is not a cause.",
        sources,
    )


def _said(chosen: Options, row: object) -> str:
    value, low, high = row.outcome, row.outcome_lower, row.outcome_upper  # type: ignore[attr-defined]
    if pd.isna(low):
        return write_outcome(chosen.outcome, value)
    ends = f"{words.share(low)} to {words.share(high)}" if chosen.outcome.is_share else words.interval(low, high, 1)
    return f"{write_outcome(chosen.outcome, value)} ({ends})"


def _with_unit(outcome: investment.Outcome) -> str:
    """The measure's name with its unit, which a share's name holds already."""
    if outcome.is_share:
        return outcome.name
    return f"{outcome.name} per 1,000" if outcome.table == "activity" else f"{outcome.name} ({outcome.unit})"


def _clicked(key: str) -> None:
    picked = st.session_state[key].selection.get(scatter.PICK, [])
    scope_bar.narrow_to([thing["area"] for thing in picked])


def _what_moves_the_line(frame: pd.DataFrame) -> None:
    found, mover = investment.link(frame), investment.mover(frame)
    if mover is None:
        return
    st.markdown(
        f"Spearman's rho **{found.rho:.2f}** (95% interval {words.interval(found.lower, found.upper)}), n = **{found.n}**. "
        f"**{areas.name_of(mover.area)}** moves the line most: without it rho is **{mover.rho_without:.2f}**."
    )


def _columns(chosen: Options) -> dict[str, Shown]:
    out = chosen.outcome
    return {
        "name": Shown("Borough"),
        "spend": Shown("Spend (£)", words.number, "state"),
        "heads": Shown("Residents" if chosen.per == investment.RESIDENT else "Need-weighted population", words.number),
        "spend_per_head": Shown("Spend per head (£)", words.number, "state"),
        "outcome": Shown(_with_unit(out), lambda value: write_outcome(out, value), "outcome_state"),
        "outcome_lower": Shown("95% interval, low", lambda value: write_outcome(out, value), "outcome_state"),
        "outcome_upper": Shown("95% interval, high", lambda value: write_outcome(out, value), "outcome_state"),
        "need_index": Shown(f"Need index ({chosen.measure.reference} = 1)", lambda value: words.number(value, 2)),
        "fair_share": Shown("Fair share (£)", words.number, "state"),
        "distance": Shown("Distance from fair share", words.signed, "state"),
        "rho_without": Shown("Rho without this borough", lambda value: words.number(value, 2)),
    }
