"""A weighting of the measures of need that the visitor chooses, with the weights in sight and what hangs on them."""

from __future__ import annotations

import zlib

import pandas as pd
import streamlit as st

from mhequity import areas
from mhequity.analysis import need_measure_sentences, need_measures
from mhequity.analysis.need_measures import Measure
from mhequity.charts import rank_ranges, vega
from mhequity.scope import Scope
from mhequity.ui import figures, words
from mhequity.ui.figures import Shown
from mhequity.ui.need_measures_view import Options, sources_of
from mhequity.workspace import Workspace

EQUAL, MOST = 5, 10


def weighting(workspace: Workspace, scope: Scope, chosen: Options, drawn: bool) -> None:
    """The weights, the ranks that they give, and the range of those over other weights.

    Where it is not ``drawn`` the sliders stand alone, unseen: they keep the weights, and keep them in the link.
    """
    st.markdown("No score is right. **You choose the weights**: they are equal until you do, and they stand beside every result of them.")
    left, right = st.columns([2, 3], gap="large")
    with left:
        weights = _sliders(chosen)
    if not drawn:
        return
    if not sum(weights):
        right.info("Every weight is 0. Give at least one measure some weight.", icon=":material/balance:")
        return
    compared = workspace.once(need_measures.compared, scope.system_codes, chosen.chosen)
    rows = scope.mark(workspace.once(_in_words, scope.system_codes, chosen, weights))
    shares = _shares(chosen, weights, need_measures.same_everywhere(compared))

    def spec(dark: bool = False) -> vega.Spec:
        return rank_ranges.rank_ranges(rows, places=len(rows), dark=dark)

    with right:
        _said(scope, chosen, compared, rows, shares)
        st.vega_lite_chart(spec(figures.is_dark()), key="rank_ranges", alt=_alt(rows))
    sources = sources_of(workspace, compared)
    ranked = f"{int(rows['rank'].notna().sum())} of {scope.system_name}'s {len(rows)} boroughs"
    figures.caption(
        "rank by the weighted mean of z-scores, 1 = most need", f"{ranked}, those with a figure on every measure that has weight",
        chosen.periods, sources,
    )  # fmt: skip
    stated = ", ".join(f"{share:.0%} {name}" for name, share in shares.items())
    figures.behind(
        rows.sort_values(["in_scope", "rank"], ascending=[False, True], kind="stable"), _columns(stated), "need measures weighted", sources,
        {"Weighted ranks": spec}, f"Rank of need by weights that the user chose ({stated}), and its range over other weights; {scope.place}",
    )  # fmt: skip


def _key(measure: Measure) -> str:
    """The name of a measure's weight in the link."""
    return f"weight_{zlib.crc32(measure.name.encode('utf-8', 'replace')):08x}"


def _sliders(chosen: Options) -> tuple[int, ...]:
    labels = [(f"Weight of **{chosen.letter(measure.name)}** {words.plain(measure.name)}", _key(measure)) for measure in chosen.chosen]
    weights = tuple(int(st.slider(label, 0, MOST, EQUAL, key=key, bind="query-params")) for label, key in labels)
    st.button(
        "Make all weights equal", on_click=_reset, args=(chosen,), icon=":material/balance:", disabled=set(weights) == {EQUAL}, key="equal"
    )
    return weights


def _reset(chosen: Options) -> None:
    for measure in chosen.chosen:
        st.session_state[_key(measure)] = EQUAL


def _shares(chosen: Options, weights: tuple[int, ...], flat: list[str]) -> dict[str, float]:
    """Each measure's weight as a share of all; none for those that cannot be weighed."""
    used = {measure.name: 0 if measure.name in flat else weight for measure, weight in zip(chosen.chosen, weights, strict=True)}
    return {name: weight / (sum(used.values()) or 1) for name, weight in used.items()}


def _in_words(workspace: Workspace, codes: tuple[str, ...], chosen: Options, weights: tuple[int, ...]) -> pd.DataFrame:
    """Where the weights rank each borough, with what the chart says of it; measures go by their letters there."""
    frame = workspace.once(need_measures.weighted_in, codes, chosen.chosen, weights)
    ranked = int(frame["rank"].notna().sum())
    return frame.assign(
        name=frame.area.map(areas.name_of),
        place=["no rank" if pd.isna(rank) else f"{rank:.0f} of {ranked}" for rank in frame["rank"]],
        best=[_under(chosen, *row) for row in zip(frame.highest, frame.highest_under, strict=True)],
        worst=[_under(chosen, *row) for row in zip(frame.lowest, frame.lowest_under, strict=True)],
    )


def _under(chosen: Options, rank: float, weighting: str) -> str:
    """``11, by A alone``; ``11, without A``; empty without a rank."""
    if not weighting:
        return ""
    for measure in chosen.chosen:
        for told, short in ((f"{measure.name} alone", "by {} alone"), (f"without {measure.name}", "without {}")):
            if weighting == told:
                return f"{rank:.0f}, {short.format(chosen.letter(measure.name))}"
    return f"{rank:.0f}, by {weighting}"


def _said(scope: Scope, chosen: Options, compared: pd.DataFrame, rows: pd.DataFrame, shares: dict[str, float]) -> None:
    """The weights, where they put the boroughs in view, and what the picture's colours stand for."""
    said = ", ".join(f"**{chosen.letter(name)}** {share:.0%}" for name, share in shares.items())
    st.markdown(f"Your weights: {said}. {need_measure_sentences.combined(rows, scope, chosen.most)}")
    used = [name for name, share in shares.items() if share]
    if kept_out := need_measure_sentences.unranked(compared, used, scope.codes):
        st.caption(kept_out)
    if flat := need_measures.same_everywhere(compared):
        st.caption(f"Without weight, as it is the same everywhere or known of one borough only: {words.plain('; '.join(flat))}.")
    dot, bar = rank_ranges.colours(figures.is_dark())
    keys = [(dot, "dot: by the weights you chose"), (bar, "bar: from best to worst, each measure alone and all but each")]
    figures.legend("Rank of need by your weights, 1 = most need", keys)


def _alt(rows: pd.DataFrame) -> str:
    known = rows[rows.in_scope & rows["rank"].notna()].sort_values("rank", kind="stable").head(3)
    if known.empty:
        return "No borough in view can be ranked by these weights."
    listed = [
        f"{name} {place}, range {highest:.0f} to {lowest:.0f}"
        for name, place, highest, lowest in zip(known["name"], known.place, known.highest, known.lowest, strict=True)
    ]
    return f"Ranks by the weights that were chosen, most need first: {'; '.join(listed)}."


def _columns(stated: str) -> dict[str, Shown]:
    return {
        "name": Shown("Borough"), "rank": Shown(f"Rank by your weights ({stated})", words.number, "state"),
        "highest": Shown("Best rank by other weights", words.number, "state"), "highest_under": Shown("Best by"),
        "lowest": Shown("Worst rank by other weights", words.number, "state"), "lowest_under": Shown("Worst by"),
        "score": Shown("Weighted mean of z-scores", lambda value: words.number(value, 2), "state"),
    }  # fmt: skip
