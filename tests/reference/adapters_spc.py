"""The XmR chart's functions under the names that reference cases use for their inputs and outputs."""

from __future__ import annotations

from typing import Any

from mhequity.statistics import spc, spc_icons, spc_rules

Case = dict[str, Any]
BETTER: dict[str, spc_rules.Better] = {"increase": "higher", "decrease": "lower", "neutral": "neither"}
TYPES = {
    ("", 0): "Common Cause",
    (spc_rules.OUTSIDE, 1): "Above UCL",
    (spc_rules.OUTSIDE, -1): "Below LCL",
    (spc_rules.TREND, 1): "7 Point Trend (Increasing)",
    (spc_rules.TREND, -1): "7 Point Trend (Decreasing)",
    (spc_rules.TWO_OF_THREE, 1): "2 in 3 Above CL",
    (spc_rules.TWO_OF_THREE, -1): "2 in 3 Below CL",
    (spc_rules.ONE_SIDE, 1): "7 Points Above CL",
    (spc_rules.ONE_SIDE, -1): "7 Points Below CL",
}


def listed(text: object) -> list[float]:
    """``1;0;1`` as numbers; a blank is none."""
    return [] if text is None else [float(part) for part in str(text).split(";")]


def point_type(words: str) -> str:
    name = words.replace(" ", "_")
    return name if name == "common_cause" else f"special_cause_{name}"


def xmr_spc(inputs: Case, params: Case) -> Case:
    better = BETTER[params["improvement_direction"]]
    rebase_at = [int(row) - 1 for row in listed(params["rebase_at"])]
    fix_after = None if params["fix_after_n"] is None else int(params["fix_after_n"])
    values = [float("nan") if value is None else value for value in inputs["y"]]
    points = spc_rules.judge(spc.limits(values, rebase_at, fix_after, bool(params["screen_outliers"])), better)
    last, variation = points.iloc[-1], spc_icons.variation_icon(points)
    return {
        "mean": points["mean"].tolist(),
        "lpl": points["lower_limit"].tolist(),
        "upl": points["upper_limit"].tolist(),
        "outside_limits": points["outside"].tolist(),
        "close_to_limits": points["close"].tolist(),
        "relative_to_mean": points["side"].tolist(),
        "special_cause_type": [TYPES[key] for key in zip(points["rule"], points["direction"], strict=True)],
        "point_type": [point_type(words) for words in points["point_type"]],
        "variation_icon": "_".join(filter(None, [variation.kind.replace(" ", "_"), variation.direction])),
        "assurance_icon": spc_icons.assurance(last["lower_limit"], last["upper_limit"], params["target"], better),
    }


def spc_rule_vectors(inputs: Case, params: Case) -> Case:
    series, side = listed(inputs["series"]), listed(inputs["relative_to_mean"])
    rules = {
        "seven_one_side_at_7th": lambda: spc_rules.seven_one_side(series),
        "seven_trend_at_7th": lambda: spc_rules.seven_trend(series),
        "two_in_three_window": lambda: spc_rules.two_in_three_window(series, side),
        "two_in_three_point": lambda: spc_rules.two_in_three(series, side),
    }
    return {"flags": rules[params["rule"]]().tolist()}


def spc_assurance(inputs: Case, params: Case) -> Case:
    return {"assurance": spc_icons.assurance(inputs["lpl"], inputs["upl"], params["target"], BETTER[params["improvement_direction"]])}
