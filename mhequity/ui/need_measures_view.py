"""Ranks side by side, who moves, and how far measures agree: the controls and pictures of the page on measures of need."""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.elements.lib.mutable_tab_container import TabContainer

from mhequity import areas
from mhequity.analysis import need_measure_sentences, need_measures
from mhequity.analysis.need_measures import Measure
from mhequity.charts import bump, vega
from mhequity.scope import Scope
from mhequity.ui import figures, scope_bar, words
from mhequity.ui.figures import Shown
from mhequity.workspace import Source, Workspace

FURTHEST = 5
"""At most so many of the boroughs that move far stand out when no borough is chosen: more could not be followed by eye."""


LISTED = 10
"""So many of those that move are listed on the page; the table behind has all."""


@dataclass(frozen=True)
class Options:
    """What the page's own controls are set to."""

    chosen: tuple[Measure, ...]
    most: int
    """Places that a borough may move without standing out."""

    def letter(self, name: str) -> str:
        """The letter that stands for a measure on this page."""
        return string.ascii_uppercase[[measure.name for measure in self.chosen].index(name)]

    @property
    def names(self) -> str:
        """The measures, each after its letter: what a picture that is taken away says of its letters."""
        return "; ".join(f"{self.letter(measure.name)} {measure.name}" for measure in self.chosen)

    @property
    def periods(self) -> str:
        """The period of each measure, after its letter."""
        return "; ".join(f"{self.letter(measure.name)} {measure.period or 'not stated'}" for measure in self.chosen)


def options(workspace: Workspace, scope: Scope) -> Options:
    """Draw the page's controls."""
    offered = {measure.name: measure for measure in workspace.once(need_measures.offered)}
    first, second = st.columns([10, 4], vertical_alignment="bottom", gap="medium")
    with first:
        names = st.multiselect(
            "Measures to compare", list(offered), default=[measure.name for measure in workspace.once(need_measures.defaults)],
            key="need_measures", bind="query-params", max_selections=need_measures.MOST,
            help="Measures of need come first, then outcomes and context of which a high value is bad. Their order is the order of the columns.",
        )  # fmt: skip
    boroughs = len(scope.system_codes)
    with second:
        most = st.slider(
            "Moves if its ranks differ by more than", 1, boroughs - 1, max(1, boroughs // 4), key=f"places_of_{boroughs}", bind="query-params",
            format="%d places", help="A borough counts as moving where its ranks on two measures are further apart than this. A quarter of the boroughs to begin with.",
        )  # fmt: skip
    return Options(tuple(offered[name] for name in names if name in offered), int(most))


def parts() -> Sequence[TabContainer]:
    """The parts of the page, of which one is open at a time: ranks, agreement, weights. Only the open one is worked out and sent."""
    return st.tabs(["Ranks", "Agreement", "Your weights"], key="part", on_change="rerun", bind="query-params")


def side_by_side(workspace: Workspace, scope: Scope, chosen: Options, frame: pd.DataFrame, moved: pd.DataFrame) -> None:
    """The ranks as columns and lines; what each column is; caption, table and downloads."""
    kinds = _kinds(scope, chosen, moved)
    wide = workspace.once(_wide, scope.system_codes, chosen)
    drawn = ["name", "short", "kind", *(f"{name}{number}" for number in range(len(chosen.chosen)) for name in ("rank", "said"))]
    rows, columns = wide.assign(kind=wide.area.map(kinds))[drawn], _columns(chosen, frame)

    def spec(dark: bool = False) -> vega.Spec:
        return bump.ranks_side_by_side(rows, columns, dark=dark)

    _legend(chosen, kinds)
    key = f"ranks {scope_bar.map_round()}"
    st.vega_lite_chart(
        spec(figures.is_dark()), key=key, on_select=lambda: _clicked(key), selection_mode=bump.PICK, alt=_alt(scope, chosen, moved)
    )
    _what_columns_are(workspace, chosen, frame)
    sources = sources_of(workspace, frame)
    figures.caption(
        "rank, 1 = most need", f"{scope.system_name}'s boroughs that have a figure on the measure; the year and service in view do not bear on it",
        chosen.periods, sources,
    )  # fmt: skip
    figures.behind(
        _table(scope, wide), _table_columns(chosen), "need measures", sources, {"Ranks": spec},
        f"Rank of need, 1 = most need; bold: {_bold(scope, chosen)}. {chosen.names}. {scope.place}",
    )  # fmt: skip


def _kinds(scope: Scope, chosen: Options, moved: pd.DataFrame) -> dict[str, str]:
    """What each borough's line stands for. Where boroughs are chosen they stand out; else those that move furthest do."""
    far = moved[moved.places > chosen.most].sort_values("places", ascending=False, kind="stable")
    if scope.boroughs:
        stand_out = {area: bump.FURTHEST if area in set(far.area) else bump.CHOSEN for area in scope.codes}
        return {area: stand_out.get(area, bump.OTHER) for area in moved.area}
    furthest = set(far.area.head(min(FURTHEST, max(2, len(moved) // 4))))
    return {area: bump.FURTHEST if area in furthest else bump.FAR if area in set(far.area) else bump.NEAR for area in moved.area}


def _wide(workspace: Workspace, codes: tuple[str, ...], chosen: Options) -> pd.DataFrame:
    """A row a borough: for each measure, counted from 0, its value, rank, the value in words and why it is missing."""
    frame = workspace.once(need_measures.compared, codes, chosen.chosen)
    known = areas.by_code()
    out: dict[str, object] = {
        "area": list(codes), "name": [areas.name_of(code) for code in codes], "short": [known[code].short_name for code in codes],
    }  # fmt: skip
    for number, measure in enumerate(chosen.chosen):
        rows = frame[frame.measure == measure.name].set_index("area").loc[list(codes)]
        said = [write(measure, value) if state == "" else state for value, state in zip(rows["value"], rows.state, strict=True)]
        out |= {f"value{number}": rows["value"].to_numpy(), f"rank{number}": rows["rank"].to_numpy(), f"said{number}": said}
        out[_why_missing(measure, chosen)] = rows.state.to_numpy()
    return pd.DataFrame(out)


def _why_missing(measure: Measure, chosen: Options) -> str:
    """Name of the column that says why a measure has no value; it stands in downloads."""
    return f"why {chosen.letter(measure.name)} is missing"


def _columns(chosen: Options, frame: pd.DataFrame) -> pd.DataFrame:
    names = [measure.name for measure in chosen.chosen]
    ranked = frame.groupby("measure", sort=False)["n"].first()
    return pd.DataFrame({"letter": [chosen.letter(name) for name in names], "heading": names, "n": [int(ranked[name]) for name in names]})


def _legend(chosen: Options, kinds: dict[str, str]) -> None:
    places = f"{chosen.most} place{'' if chosen.most == 1 else 's'}"
    labels = {
        bump.FURTHEST: f"moves more than {places}"
        + (" (the furthest, thick and bold)" if bump.FAR in kinds.values() else " (thick and bold)"),
        bump.FAR: f"also moves more than {places}",
        bump.CHOSEN: f"chosen, moves {places} or fewer (thick and bold)",
        bump.NEAR: f"moves {places} or fewer",
        bump.OTHER: "other boroughs",
    }
    present = [kind for kind in labels if kind in kinds.values()]
    colours = bump.keys(present, figures.is_dark())
    figures.legend("Rank of need on each measure, 1 = most need", list(zip(colours, [labels[kind] for kind in present], strict=True)))


def _bold(scope: Scope, chosen: Options) -> str:
    """Who stands out in a picture that is taken away."""
    return "the boroughs chosen" if scope.boroughs else f"those that move furthest, more than {chosen.most} places"


def _clicked(key: str) -> None:
    """A click on a borough's point narrows the scope to it, a click beside it widens the scope again."""
    picked = st.session_state[key].selection.get(bump.PICK, [])
    by_name = {area.name: area.code for area in areas.boroughs()}
    scope_bar.narrow_to([by_name[thing["name"]] for thing in picked])


def _alt(scope: Scope, chosen: Options, moved: pd.DataFrame) -> str:
    seen = moved[scope.mark(moved).in_scope & moved.places.notna()]
    told = f"Ranks of {scope.system_name}'s boroughs on {len(chosen.chosen)} measures of need, 1 = most need."
    if seen.empty:
        return told
    row = seen.loc[seen.places.idxmax()]
    return f"{told} {areas.name_of(row.area)} moves furthest: {row.places:.0f} places, between {row.highest_on or 'no'} and {row.lowest_on or 'no'}."


def _what_columns_are(workspace: Workspace, chosen: Options, frame: pd.DataFrame) -> None:
    """Letter, name, unit, period and coverage of each column, and who has no point in it."""
    lines = []
    for measure in chosen.chosen:
        rows = frame[frame.measure == measure.name]
        without = [f"{areas.name_of(row.area)} ({row.state})" for row in rows[rows["rank"].isna()].itertuples()]
        gap = f"; **no point for** {', '.join(without[:4])}{f' and {len(without) - 4} more' if len(without) > 4 else ''}" if without else ""
        way = "; turned, as more of it means less need" if measure.turned else ""
        kind = "" if measure.role == "need" else f"; loaded as {words.plain(measure.role)}, not as need"
        invented = " :orange-badge[Made-up figures]" if any(each.made_up for each in sources_of(workspace, rows)) else ""
        lines.append(
            f"- **{chosen.letter(measure.name)}** {words.plain(measure.name)}: {words.plain(unit(measure))}, {words.plain(measure.period or 'period not stated')}"
            f"{way}{kind}{gap}{invented}"
        )
    st.markdown("\n".join(lines))


def sources_of(workspace: Workspace, rows: pd.DataFrame) -> tuple[Source, ...]:
    """The sources of what is compared."""
    return workspace.named(key for keys in rows.source for key in keys.split())


def unit(measure: Measure) -> str:
    """Unit of a measure as it is shown."""
    if measure.is_index:
        return "need index, weighted over registered people, England = 1"
    return {"share": "share of people", "": "unit not stated"}.get(measure.unit, measure.unit)


def write(measure: Measure, value: float) -> str:
    """A value of a measure as it is read."""
    if measure.unit == "share":
        return words.share(value, 1)
    return words.number(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 10 else 2)


def _table(scope: Scope, wide: pd.DataFrame) -> pd.DataFrame:
    """The boroughs in view first."""
    marked = scope.mark(wide)
    return marked.assign(in_view=marked.in_scope.map({True: "yes", False: "no"})).sort_values("in_scope", ascending=False, kind="stable")


def _table_columns(chosen: Options) -> dict[str, Shown]:
    out = {"name": Shown("Borough"), "in_view": Shown("In view")}
    for number, measure in enumerate(chosen.chosen):
        letter, state = chosen.letter(measure.name), _why_missing(measure, chosen)
        out[f"rank{number}"] = Shown(f"{letter} rank: {measure.name}", words.number, state)
        out[f"value{number}"] = Shown(f"{letter} value ({unit(measure)}, {measure.period})", partial(write, measure), state)
    return out


def who_moves(workspace: Workspace, scope: Scope, chosen: Options, moved: pd.DataFrame) -> None:
    """The boroughs in view that move more places than asked for, and between which measures."""
    st.subheader(f"Who moves more than {chosen.most} place{'' if chosen.most == 1 else 's'}", anchor=False)
    st.markdown(need_measure_sentences.movers(moved, chosen.most))
    listed = moved[moved.in_scope].assign(name=moved.area.map(areas.name_of))
    listed = listed.sort_values("places", ascending=False, kind="stable", na_position="last")
    far = listed[listed.places > chosen.most].head(LISTED)
    if len(far):
        st.table(_movers_table(chosen, far), border="horizontal")
    columns = {
        "name": Shown("Borough"), "places": Shown("Places apart", words.number), "highest": Shown("Highest rank", words.number),
        "highest_on": Shown("Highest on"), "lowest": Shown("Lowest rank", words.number), "lowest_on": Shown("Lowest on"),
        "n": Shown("Boroughs with both", words.number),
    }  # fmt: skip
    sources = sources_of(workspace, workspace.once(need_measures.compared, scope.system_codes, chosen.chosen))
    base = f"{scope.system_name}'s boroughs that have both measures"
    figures.caption("places between a borough's highest and its lowest rank", base, chosen.periods, sources)
    figures.behind(listed, columns, "need measures moves", sources, note=f"How far ranks of need differ between measures; {scope.place}")


def _movers_table(chosen: Options, far: pd.DataFrame) -> pd.DataFrame:
    """Those that move, in so few columns that a phone has room for them."""

    def on(rank: float, n: float, name: str) -> str:
        return f"**{rank:.0f}** of {n:.0f} on **{chosen.letter(name)}** {words.plain(name)}"

    rows = far.assign(
        best=[on(row.highest, row.n, row.highest_on) for row in far.itertuples()],
        worst=[on(row.lowest, row.n, row.lowest_on) for row in far.itertuples()],
    )
    return rows[["name", "places", "best", "worst"]].assign(places=rows.places.map(words.number)).rename(
        columns={"name": "Borough", "places": "Places apart", "best": "Highest", "worst": "Lowest"}
    ).set_index("Borough")  # fmt: skip


def how(workspace: Workspace, frame: pd.DataFrame) -> None:
    """How ranks, moves, correlations and weights are worked out, and what is left out."""
    notes = [
        "Measures of recorded use, such as registers, under-read communities whom services do not reach. No measure is neutral.",
        "A rank hides how large a difference is: two boroughs may be places apart and nearly level. The values are in the table.",
        "Ranks come without intervals. In a small borough, such as the City of London, a few people move a share, and with it the rank.",
    ]
    if out := workspace.once(need_measures.left_out):
        notes.append(
            f"Not offered, as counts, money and days rank boroughs by size or by what they are given: {words.plain('; '.join(out))}."
        )
    figures.how(
        "**Rank**: 1 is the borough with most need among those of the system that have a figure; boroughs that are level share the better place. A "
        "need-weighted population is compared per registered person (need index). Where more of a measure means less need, it is turned. **Places "
        "apart**: the largest difference of a borough's ranks between two measures, both taken among the boroughs that have both. **Rho**: Spearman's "
        "rank correlation; its interval is Fisher's z with Bonett and Wright's standard error. **Your weights**: each measure is turned into standard "
        "deviations from the system's mean (z-scores, divided by n), averaged with the weights you chose, and ranked. The range runs over your weights, each measure "
        "alone, and all but each in turn. A borough that lacks a measure with weight has no combined rank: nothing is filled in.",
        sources_of(workspace, frame), notes,
    )  # fmt: skip
