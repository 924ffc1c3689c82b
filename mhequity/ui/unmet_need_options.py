"""The controls of the page on unmet need."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from mhequity.analysis import age_bands, care_kinds, need, prevalence, unmet_need
from mhequity.analysis.prevalence import Prevalence
from mhequity.scope import Scope
from mhequity.ui import scope_bar, words
from mhequity.workspace import Workspace

EQUAL_ACCESS, TREATMENT_GAP = "Equal access", "Treatment gap"
SHOW_CARE, SHOW_NEED = "Care", "Need"
_OWN = "Your own figures"


@dataclass(frozen=True)
class Options:
    """What the page's own controls are set to."""

    equal_access: bool
    measure: need.NeedMeasure
    care: str
    age_band: str
    condition: str
    prevalence: tuple[float, float, float]
    """Central, low and high, 0 to 1."""
    map_shows_need: bool
    survey: Prevalence | None = None
    """The published share that prevalence and range are; None for a person's own figures."""

    @property
    def asked_others(self) -> bool:
        """True where the survey asked people of other ages than the residents that are counted."""
        return self.survey is not None and age_bands.distance(self.age_band, self.survey.age_band) != 0


def options(workspace: Workspace, scope: Scope) -> Options | None:
    """Draw the page's controls; None where no care is loaded for the scope."""
    care = workspace.once(unmet_need.care_measures, scope.whole)
    if not care:
        return None
    first, second, third = st.columns([5, 5, 5], vertical_alignment="bottom")
    with first:
        question = st.segmented_control(
            "Question", [EQUAL_ACCESS, TREATMENT_GAP], default=EQUAL_ACCESS, key="question", bind="query-params", required=True,
            help="Equal access for equal need asks whether care is shared out as need is. The treatment gap asks how many people with a condition "
            "are not seen at all. A borough can do well on one and badly on the other.",
        )  # fmt: skip
    equal = question == EQUAL_ACCESS
    with second:
        if not equal:
            care = [*[name for name in care if "depression" in name], *[name for name in care if "depression" not in name]]
        seen = str(st.selectbox("Care counted", care, key=f"care_{'share' if equal else 'gap'}", bind="query-params"))
    with third:
        if equal:
            chosen = Options(True, scope_bar.need_measure(workspace), seen, "", "", (0, 0, 0), _map_choice())
        else:
            chosen = _gap_options(workspace, scope, seen)
    _count_people(seen, care, equal)
    return chosen


def _count_people(seen: str, care: list[str], equal: bool) -> None:
    """Where events are counted, say so, and name what counts people."""
    if care_kinds.counts_people(seen) or care_kinds.one(seen) == "one counted":
        return
    better = [words.plain(f"“{measure}”") for measure in care_kinds.of_people(care)]
    instead = f" To count people once each, choose {' or '.join(better[:2])} above." if better else ""
    so = "the intervals here are too narrow" if equal else "taken as people, they make the gap look smaller than it is"
    st.caption(f"{words.plain(f'“{seen}”')} counts events, and the same people come again: {so}.{instead}")


def _gap_options(workspace: Workspace, scope: Scope, care: str) -> Options:
    known = workspace.once(prevalence.presets)
    bands = workspace.once(unmet_need.age_bands, scope.whole)
    with st.popover("Prevalence and age", width="stretch", icon=":material/tune:"):
        start = st.container()
        condition = st.text_input("Condition", prevalence.COMMON, key="condition", bind="query-params")
        central = st.slider(
            "People with it, %", prevalence.LEAST, prevalence.MOST, known[0].central, 0.1, "%.1f", key="prevalence", bind="query-params",
            on_change=_range_follows,
        )  # fmt: skip
        ends = st.slider(
            "Plausible range, %", prevalence.LEAST, prevalence.MOST, (known[0].low, known[0].high), 0.1, "%.1f", key="range", bind="query-params",
            help="The range follows when the share above is changed, and can then be set by itself.",
        )  # fmt: skip
        band = str(st.selectbox("Residents aged", bands, key="age", bind="query-params", format_func=lambda each: each or "All ages") or "")
        low, high = min(ends[0], central), max(ends[1], central)
        survey = prevalence.chosen(known, central, low, high)
        st.session_state["_prevalence"] = central
        with start:
            _start_from(known, survey, bands)
    figures = (central / 100, low / 100, high / 100)
    return Options(False, workspace.once(need.measures)[0], care, band, condition, figures, False, survey)


def _start_from(known: list[Prevalence], survey: Prevalence | None, bands: list[str]) -> None:
    """Choose a published share to start from. It always names what the figures below it are, so it is not part of the link."""
    st.session_state["_survey"] = survey.name if survey else _OWN
    names = [each.name for each in known]
    st.selectbox("Start from", names if survey else [*names, _OWN], key="_survey", on_change=_start, args=(known, bands))


def _start(known: list[Prevalence], bands: list[str]) -> None:
    survey = next((each for each in known if each.name == st.session_state["_survey"]), None)
    if survey is None:
        return
    st.session_state["condition"], st.session_state["prevalence"] = survey.condition, survey.central
    st.session_state["range"] = (survey.low, survey.high)
    if bands:
        st.session_state["age"] = survey.age_band if survey.age_band in bands else bands[0]


def _range_follows() -> None:
    """The range stays as wide in proportion when prevalence is changed."""
    state = st.session_state
    state["range"] = prevalence.scaled(state["range"], state.get("_prevalence", prevalence.SURVEY_2023.central), state["prevalence"])


def _map_choice() -> bool:
    """True where the map shows need. Its control stands below the map, so that on the first run of a link it is not made yet."""
    return (st.session_state.get("map_shows") or st.query_params.get("map_shows")) == SHOW_NEED
