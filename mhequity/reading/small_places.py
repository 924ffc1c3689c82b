"""Rows about places smaller than a borough: wards, neighbourhoods and practices beside the borough that they lie in.

What is true of a ward is no fact of its borough. Such rows are left out, unless a person says that they are parts of one figure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from mhequity import areas
from mhequity.reading import cells
from mhequity.reading.applied import Labelled
from mhequity.reading.cells import ELSEWHERE, MISSING, OK, TOTAL, Understood
from mhequity.reading.plans import FIGURES, TablePlan
from mhequity.reading.profiles import Profile
from mhequity.tables import kind

_SMALL = re.compile(
    r"(?:electoral )?wards?(?: (?:20)?\d\d)?(?: names?| codes?| nm| cd)?|(?:[lm]soa|(?:lower|middle)(?: layer)? super output area)s?(?: (?:20)?\d\d)?"
    r"(?: names?| codes?| nm| cd)?|neighbourhoods?(?: names?)?|wd\d\d(?:nm|cd)",
    re.IGNORECASE,
)
_PRACTICE = re.compile(r"(?:gp )?(?:practice|surgery)(?: names?| codes?)?|gp(?: names?| codes?)|pcn(?: names?| codes?)?", re.IGNORECASE)
_OF_A_HOSPITAL = re.compile(
    r"\b(?:beds?|bed days?|obds?|occup\w+|admi\w+|discharg\w+|length of stay|los|inpatients?|detain\w*|detention\w*|restrain\w*|seclusion|trust|provider|"
    r"hospital|site|team|staff\w*|wte|fte|nurs\w+|shifts?|fill rate|budget\w*|cost cent(?:re|er)|establishment)\b",
    re.IGNORECASE,
)
"""Words beside ``Ward`` by which it is a ward of a hospital."""
_COUNTED = ("people", "GBP", "WTE")


def small_place(columns: Sequence[Profile], place: Profile | None) -> Profile | None:
    """The column that names places smaller than a borough; None for wards of a hospital, and where no row is about one.

    Parameters
    ----------
    place
        The column that names the boroughs, where one does.
    """
    others = [
        each for each in columns if (place is None or each.at != place.at) and each.filled and not each.boroughs and each.numbers < 0.5
    ]
    found = [each for each in others if _SMALL.fullmatch(_plain(each))]
    if any("ward" in _plain(each).casefold() for each in found) and any(
        _OF_A_HOSPITAL.search(each.title.replace("_", " ")) for each in columns
    ):
        return None
    if not any(each.numbers > 0.5 and not _names_no_figure(each) for each in columns):
        return None
    # One practice for each borough may be a list of practices, of which nothing says that they are its parts.
    several = place is not None and place.distinct > 0
    found = found or [each for each in others if several and place and _PRACTICE.fullmatch(_plain(each)) and each.distinct > place.distinct]
    return min(found, key=lambda each: (bool(re.search(r"\b(?:code|cd)s?$|cd$", _plain(each), re.IGNORECASE)), each.at), default=None)


def _plain(each: Profile) -> str:
    return " ".join(each.title.replace("_", " ").split())


def _names_no_figure(each: Profile) -> bool:
    return bool(re.search(r"\b(?:code|id|ref|order)\b", _plain(each), re.IGNORECASE))


def kept_apart(plan: TablePlan, small: Labelled, heading: str) -> Labelled:
    """What rows are about, where a column names places smaller than a borough.

    A row that names none of them, or their total, is about the borough. The others are left out; where a person has the rows of one
    fact added up it is the other way round, and the total is kept apart.
    """
    summed = plan.repeats_add_up and _adds_up(plan)
    return replace(small, meanings=[_meaning(text, heading, summed, _adds_up(plan)) for text in small.texts])


def _meaning(text: str, heading: str, summed: bool, could_be: bool) -> Understood:
    if not text.strip():
        return Understood(MISSING)
    if cells.TOTALS.search(text) or text.casefold() in cells.ALL_PEOPLE or areas.match(text).comparator:
        done = f"This is a total over {heading}, not a fact to add up. Kept apart."
        return Understood(TOTAL, text, done, kind="totals") if summed else Understood(MISSING)
    if summed:
        return Understood(OK, text)
    done = (
        f"Each row is about a place smaller than a borough, as the column {heading} says. The app compares boroughs and systems; "
        "small areas have their own place on the page Unmet need."
    )
    if could_be:
        done += " If the rows are parts of their borough's figure, say here that they are added up."
    return Understood(ELSEWHERE, done=done, kind="repeats" if could_be else "organisations")


def _adds_up(plan: TablePlan) -> bool:
    """True where all figures of a table are counts, money or staff."""
    figures = [each for each in plan.columns if each.meaning in FIGURES]

    def counts(meaning: str, unit: str) -> bool:
        table, name = meaning.split(".")
        column = kind(table).column(name)
        return unit in _COUNTED if meaning == "indicators.value" else column.unit in _COUNTED or meaning == "activity.count"

    return bool(figures) and all(counts(each.meaning, each.unit) for each in figures)
