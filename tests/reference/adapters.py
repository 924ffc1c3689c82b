"""Our own functions under the names that reference cases use for their inputs and outputs."""

from __future__ import annotations

from mhequity.statistics import intervals

Figures = dict[str, float]


def byars_ci(inputs: Figures, params: Figures) -> Figures:
    lower, upper = intervals.byars(inputs["x"], params["confidence"])
    return {"lower": float(lower), "upper": float(upper)}


def exact_poisson_ci(inputs: Figures, params: Figures) -> Figures:
    lower, upper = intervals.exact_poisson(inputs["x"], params["confidence"])
    return {"lower": float(lower), "upper": float(upper)}


def wilson_ci(inputs: Figures, params: Figures) -> Figures:
    lower, upper = intervals.wilson(inputs["x"], inputs["n"], params["confidence"])
    return {"lower": float(lower), "upper": float(upper)}
