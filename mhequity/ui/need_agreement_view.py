"""How far measures of need agree: the triangle of rank correlations, the closest and the furthest in words."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from mhequity.analysis import need_measure_sentences, need_measures
from mhequity.charts import agreement, palette, vega
from mhequity.scope import Scope
from mhequity.ui import figures, words
from mhequity.ui.figures import Shown
from mhequity.ui.need_measures_view import Options, sources_of
from mhequity.workspace import Workspace


def agree(workspace: Workspace, scope: Scope, chosen: Options) -> None:
    """Rank correlation of every two measures: a triangle, the closest and the furthest in words, the table."""
    found = workspace.once(need_measures.agreement_in, scope.system_codes, chosen.chosen)
    rows, headings = _cells(chosen, found), _headings(chosen)

    def spec(dark: bool = False) -> vega.Spec:
        return agreement.triangle(rows, headings, dark=dark)

    left, right = st.columns([3, 2], gap="medium")
    with left:
        figures.legend(
            "How far two measures rank boroughs alike, −1 to 1 (Spearman's rho)", zip(palette.DIVERGING, agreement.LABELS, strict=True)
        )
        st.vega_lite_chart(
            spec(figures.is_dark()),
            key="agreement",
            alt=f"Rank correlation of every two of {len(headings)} measures; the figures are in the table.",
        )
    with right:
        st.markdown("\n".join(f"- {sentence}" for sentence in need_measure_sentences.closest_and_furthest(found)))
        st.markdown(
            "1 means that both rank all boroughs alike, 0 that there is no link, −1 that one ranks them the other way round. After rho stands its 95% "
            "interval; n is how many boroughs have both. There are no p-values: boroughs are not a sample."
        )
        st.markdown(f"{words.plain(chosen.names)}.")
    sources = sources_of(workspace, workspace.once(need_measures.compared, scope.system_codes, chosen.chosen))
    figures.caption(
        "Spearman's rank correlation, −1 to 1", f"{scope.system_name}'s boroughs that have both measures", chosen.periods, sources
    )
    note = f"Spearman's rank correlation of measures of need. {chosen.names}. Boroughs of {scope.system_name}"
    figures.behind(rows, _columns(), "need measures agreement", sources, {"Agreement": spec}, note)


def _cells(chosen: Options, found: pd.DataFrame) -> pd.DataFrame:
    at = {measure.name: number for number, measure in enumerate(chosen.chosen)}
    return found.assign(
        across=found.measure_a.map(at), down=found.measure_b.map(at), first=found.measure_a, second=found.measure_b,
        said=["–" if pd.isna(rho) else words.number(rho, 2) for rho in found.rho],
        interval=[words.interval(row.lower, row.upper) or "none" for row in found.itertuples()],
        why=["too few, or all level" if pd.isna(rho) else "" for rho in found.rho],
    )  # fmt: skip


def _headings(chosen: Options) -> pd.DataFrame:
    names = [measure.name for measure in chosen.chosen]
    return pd.DataFrame({"letter": [chosen.letter(name) for name in names], "heading": names})


def _columns() -> dict[str, Shown]:
    def two(value: float) -> str:
        return words.number(value, 2)

    return {
        "measure_a": Shown("Measure"), "measure_b": Shown("and"), "rho": Shown("Spearman's rho", two, "why"),
        "lower": Shown("95% interval, low", two, "why"), "upper": Shown("95% interval, high", two, "why"), "n": Shown("Boroughs with both (n)", words.number),
    }  # fmt: skip
