"""What a map of small areas shows, in a sentence."""

from __future__ import annotations

import pandas as pd

from mhequity.analysis.small_areas import COUNT, HIGHER, LOWER, RATE, SmallAreas
from mhequity.markdown import plain
from mhequity.scope import in_words

_BY_CHANCE = 0.05


def answer(found: SmallAreas, places: pd.DataFrame, figure: str, per: float) -> str:
    """How many areas differ from all areas together, and where high and low figures lie together.

    Takes the areas, their places (:func:`mhequity.analysis.small_areas.clusters`) and what the figure is called.
    """
    known = found.frame[found.frame["value"].notna()]
    if known.empty:
        return f"No area of the map has a figure for **{plain(figure)}** that can be shown."
    return f"{_levels(found, known, figure, per)}{_spots(found, places)}"


def _levels(found: SmallAreas, known: pd.DataFrame, figure: str, per: float) -> str:
    low, high = known.loc[known["value"].idxmin()], known.loc[known["value"].idxmax()]
    if found.how == RATE and pd.notna(found.whole):
        above, below = int((known["verdict"] == HIGHER).sum()), int((known["verdict"] == LOWER).sum())
        chance = round(_BY_CHANCE * len(known))
        return (
            f"**{plain(figure)}**: **{_short(found.whole)}** for every {per:,.0f} in all areas together. Beyond chance it is higher in **{above:,}** and "
            f"lower in **{below:,}** of {len(known):,} areas; about {chance:,} would stand out by chance alone."
        )
    ends = f"from **{_short(low['value'])}** ({plain(low['name'])}) to **{_short(high['value'])}** ({plain(high['name'])})"
    what = f"{plain(figure)} for every {per:,.0f}" if found.how == RATE else plain(figure)
    more = f", **{found.whole_count:,.0f}** in all" if found.how == COUNT and pd.notna(found.whole_count) else ""
    return f"**{what}** runs {ends} over {len(known):,} areas{more}."


def _spots(found: SmallAreas, places: pd.DataFrame) -> str:
    if found.refused:
        return ""
    said = [_of_kind(places[places["hot"] == hot], kind) for hot, kind in ((True, "hot"), (False, "cold"))]
    if not any(said):
        return " High and low figures lie no more together than chance would have them: there is no hot or cold spot."
    return f" {in_words(each for each in said if each)}."


def _of_kind(places: pd.DataFrame, kind: str) -> str:
    """``**34** areas in 3 places are hot spots, most of them around Brent 026A``."""
    if places.empty:
        return ""
    areas, first = int(places["areas"].sum()), places.iloc[0]
    where = (
        f"around {plain(first['first'])}" if len(places) == 1 else f"in {len(places)} places, the largest around {plain(first['first'])}"
    )
    return f"**{areas:,}** area{' is a' if areas == 1 else 's are'} **{kind} spot{'' if areas == 1 else 's'}** ({where})"


def _short(value: float) -> str:
    """A figure with three digits, or all before the point."""
    size = abs(value)
    digits = 0 if size >= 100 or value == int(value) else 1 if size >= 10 else 2
    return f"{value:,.{digits}f}".replace("-", "−")
