"""What the page on measures of need says in words, computed from what is in view."""

from __future__ import annotations

import pandas as pd

from mhequity import areas
from mhequity.markdown import plain
from mhequity.scope import Scope, in_words
from mhequity.statistics import correlation

_STRENGTHS = ((0.2, "hardly"), (0.4, "weakly"), (0.6, "moderately"), (2.0, "strongly"))


def ordinal(rank: float) -> str:
    """``1st``, ``2nd``, ``11th``, ``23rd``."""
    n = int(rank)
    ending = "th" if 10 <= n % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def moved(moves: pd.DataFrame, scope: Scope, most: int) -> str:
    """Who moves furthest between the measures, and how many move more than ``most`` places.

    ``moves`` is what :func:`mhequity.analysis.need_measures.moves` gives, with ``in_scope``.
    """
    known = moves[moves.places.notna()]
    seen = known[known.in_scope]
    if seen.empty:
        which = f"{scope.place} has no figures" if len(scope.boroughs) == 1 else f"No borough of {scope.place} has figures"
        return f"{which} on two of these measures that tell boroughs apart, so they cannot be compared."
    furthest = seen.loc[seen.places.idxmax()]
    if furthest.places == 0:
        return f"Every borough in view stands in the same place by all of these measures ({len(seen)} of {scope.place})."
    told = (
        f"**{areas.name_of(furthest.area)}** is **{ordinal(furthest.highest)} of {furthest.n:.0f}** for need by one measure "
        f"({plain(furthest.highest_on)}) and **{ordinal(furthest.lowest)}** by another ({plain(furthest.lowest_on)})"
    )
    far = int((seen.places > most).sum())
    if len(seen) == 1:
        others = int((known.places > most).sum())
        return f"{told}: **{_places(furthest.places)}** apart. Of {scope.system_name}'s {len(known)} boroughs that can be compared **{others}** {_move(others)} more than {_places(most)}."
    return f"{told}; **{far or 'none'} of {len(seen)}** boroughs in view {_move(far)} more than **{_places(most)}** between measures."


def _places(number: float) -> str:
    return f"{number:.0f} place{'' if number == 1 else 's'}"


def _move(number: int) -> str:
    return "moves" if number == 1 else "move"


def movers(moves: pd.DataFrame, most: int) -> str:
    """How many boroughs in view move more than ``most`` places, and who they are."""
    far = moves[moves.in_scope & (moves.places > most)].sort_values("places", ascending=False, kind="stable")
    if far.empty:
        return f"No borough in view moves more than {_places(most)} between any two of these measures."
    names = [f"**{areas.name_of(row.area)}** ({row.places:.0f})" for row in far.head(3).itertuples()]
    number = f"{len(far)} {'borough' if len(far) == 1 else 'boroughs'}"
    return f"{number} in view {_move(len(far))} more than {_places(most)}. Furthest: {in_words(names)}."


def agree(row: pd.Series) -> str:
    """Two measures and how far they agree: a row of :func:`mhequity.analysis.need_measures.agreement`.

    Sizes of rho in words: under 0.2 hardly, 0.4 weakly, 0.6 moderately, else strongly.
    """
    pair = f"**{plain(row.measure_a)}** and **{plain(row.measure_b)}**"
    if pd.isna(row.rho):
        reason = "too few to compare" if row.n < correlation.FEWEST else "all level on one of them"
        return f"{pair}: {row.n} boroughs have both, {reason}."
    word = next(word for end, word in _STRENGTHS if abs(row.rho) < end)
    said = (
        f"agree {word}"
        if row.rho > 0 and word != "hardly"
        else "hardly agree"
        if word == "hardly"
        else f"rank boroughs {word} the other way round"
    )
    doubt = "; no agreement at all cannot be ruled out" if row.lower < 0 < row.upper else ""
    figures = f"rho {row.rho:.2f}, {row.lower:.2f} to {row.upper:.2f}, n = {row.n}".replace("-", "−")
    return f"{pair} {said}: {figures}{doubt}."


def closest_and_furthest(pairs: pd.DataFrame) -> list[str]:
    """The two measures that agree best, and the two that agree least."""
    known = pairs[pairs.rho.notna()].sort_values("rho", ascending=False, kind="stable")
    chosen = known if len(known) < 2 else known.iloc[[0, -1]]
    return [agree(row) for _, row in (chosen if len(known) else pairs.head(1)).iterrows()]


def combined(frame: pd.DataFrame, scope: Scope, most: int) -> str:
    """Where the chosen weights put the boroughs in view, and how far that hangs on them.

    ``frame`` is what :func:`mhequity.analysis.need_measures.weighted` gives, with ``in_scope``.
    """
    ranked = frame[frame["rank"].notna()]
    seen = ranked[ranked.in_scope].sort_values("rank", kind="stable")
    if seen.empty:
        return f"No borough of {scope.place} has a figure on every measure that you gave weight, so none can be ranked by them."
    first = seen.iloc[0]
    told = f"By **the weights you chose**, **{areas.name_of(first.area)}** comes **{ordinal(first['rank'])} of {len(ranked)}**; {_between(first)}."
    if len(seen) == 1:
        return told
    far = int(((seen.lowest - seen.highest) > most).sum())
    return f"{told} For **{far or 'none'} of {len(seen)}** boroughs in view that range is wider than {_places(most)}{': there the weights decide' if far else ''}."


def _between(row: pd.Series) -> str:
    """How far a rank goes when the measures are weighed otherwise."""
    if row.highest == row.lowest:
        return "any one measure alone, or all but any one, would put it there too"
    return f"any one measure alone, or all but any one, would put it between **{ordinal(row.highest)}** and **{ordinal(row.lowest)}**"


def unranked(compared: pd.DataFrame, used: list[str], codes: tuple[str, ...]) -> str:
    """Which measures with weight keep boroughs of those ``codes`` from a combined rank; empty where none does.

    ``compared`` is what :func:`mhequity.analysis.need_measures.compared` gives, ``used`` the measures with weight.
    """
    rows = compared[compared.measure.isin(used) & compared.area.isin(codes)]
    lacking = rows[rows.more_need.isna()]
    if lacking.empty:
        return ""
    count = lacking.area.nunique()
    names = in_words(f"{plain(str(name))} ({number} without)" for name, number in lacking.groupby("measure", sort=False).size().items())
    who = "borough in view has no rank, as it lacks" if count == 1 else "boroughs in view have no rank, as they lack"
    return f"{count} {who} a figure on a measure with weight: {names}. Nothing is filled in; without weight a measure keeps no one out."
