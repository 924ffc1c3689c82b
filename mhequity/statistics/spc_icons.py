"""The two icons beside an XmR chart: what the latest point says of variation, and what the limits say of a target."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from mhequity.statistics.spc_rules import Better, sign_of


@dataclass(frozen=True)
class Icon:
    """One icon: what it says, in which direction, and in words.

    ``kind`` of a variation icon: common cause, improvement, concern, neutral, none; of an assurance icon: pass, fail,
    inconsistent, none. ``direction`` of a variation icon: high or low, where the latest point lies or a trend goes; of an
    assurance icon: high where all limits lie above the target, low where they lie below. Empty where there is none to tell.
    """

    kind: str
    direction: str
    words: str


def assurance(lower: float, upper: float, target: float | None, better: Better) -> str:
    """Whether a process with these limits can be relied on to meet a target.

    Parameters
    ----------
    lower, upper
        Process limits, in the measure's unit.
    target
        In the same unit; None or nan where there is none.
    better
        Which values are better: higher, lower, neither.

    Returns
    -------
    str
        "pass" where the whole width between the limits is on the good side of the target, "fail" where it is on the other,
        "inconsistent" where the target lies between the limits or on one, "none" without a target, without limits, or where neither
        direction is better. (NHSRplotthedots says inconsistent where limits are missing; what is not known is not said here.)
    """
    good = sign_of(better)
    if good == 0 or target is None or not all(map(math.isfinite, (lower, upper, target))):
        return "none"
    if lower <= target <= upper:
        return "inconsistent"
    return "pass" if (lower > target) == (good == 1) else "fail"


def assurance_icon(lower: float, upper: float, target: float | None, better: Better) -> Icon:
    """:func:`assurance` with its direction and words."""
    kind = assurance(lower, upper, target, better)
    if kind == "none" or target is None:
        return Icon("none", "", _why_no_assurance(target, better))
    if kind == "inconsistent":
        return Icon(kind, "", "The target lies within the process limits: it is met at some times and missed at others by chance alone.")
    direction = "high" if lower > target else "low"
    place = "above" if direction == "high" else "below"
    outcome = "met" if kind == "pass" else "missed"
    words = f"The process limits lie wholly {place} the target: expect it to be {outcome} each time unless the process changes."
    return Icon(kind, direction, words)


def _why_no_assurance(target: float | None, better: Better) -> str:
    if target is None or not math.isfinite(target):
        return "No target is set."
    if better == "neither":
        return "Neither higher nor lower is better, so a target is neither met nor missed."
    return "There are no limits to set against the target."


def variation_icon(judged: pd.DataFrame) -> Icon:
    """What the latest point that is there says of variation.

    Parameters
    ----------
    judged
        Points in time order with point_type, rule and direction (:func:`mhequity.statistics.spc_rules.judge`).
    """
    there = judged[judged["point_type"] != "missing"]
    if there.empty:
        return Icon("none", "", "There are no points.")
    point_type, rule, way = (there[name].iloc[-1] for name in ("point_type", "rule", "direction"))
    if point_type == "common cause":
        return Icon("common cause", "", "Common cause: the latest point is within what this process gives by chance.")
    kind, direction = point_type.split()[0], "high" if way > 0 else "low"
    nature = {"improvement": "improving", "concern": "concerning"}.get(kind, "neither better nor worse")
    values = "higher values" if direction == "high" else "lower values"
    return Icon(kind, direction, f"Special cause, {nature}: {values} ({rule}).")
