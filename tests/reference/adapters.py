"""Our own functions under the names that reference cases use for their inputs and outputs."""

from __future__ import annotations

from mhequity.statistics import intervals
from tests.reference.adapters_funnels import (
    funnel_flag_proportion,
    funnel_flag_rate,
    funnel_flag_ratio,
    funnel_limits_proportion,
    funnel_limits_rate,
    funnel_limits_ratio,
    funnelplotr_limits,
    funnelplotr_overdispersion,
)
from tests.reference.adapters_inequality import inequality_measures, sii_rii
from tests.reference.adapters_rates import crude_rate, dsr, dsr_repeat_events, isr, proportion, quantile
from tests.reference.adapters_spatial import spatial_autocorrelation
from tests.reference.adapters_spc import spc_assurance, spc_rule_vectors, xmr_spc

__all__ = [
    "byars_ci",
    "crude_rate",
    "dsr",
    "dsr_repeat_events",
    "exact_poisson_ci",
    "funnel_flag_proportion",
    "funnel_flag_rate",
    "funnel_flag_ratio",
    "funnel_limits_proportion",
    "funnel_limits_rate",
    "funnel_limits_ratio",
    "funnelplotr_limits",
    "funnelplotr_overdispersion",
    "inequality_measures",
    "isr",
    "proportion",
    "quantile",
    "sii_rii",
    "spatial_autocorrelation",
    "spc_assurance",
    "spc_rule_vectors",
    "wilson_ci",
    "xmr_spc",
]

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
