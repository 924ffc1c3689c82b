"""Funnel limits, flags and over-dispersion under the names that reference cases use for their inputs and outputs."""

from __future__ import annotations

from typing import Any

from mhequity.statistics import funnel, overdispersion

Case = dict[str, Any]


def funnel_limits_proportion(inputs: Case, params: Case) -> Case:
    found = funnel.proportion_limits(inputs["population"], params["average"], params["multiplier"])
    return _named(found, "{side}_{level}")


def funnel_limits_ratio(inputs: Case, params: Case) -> Case:  # noqa: ARG001
    points = funnel.ratio_limit_points(inputs["observed"], 100)
    return _named(points.size, "{side}_{level}_expected") | _named(points.value, "{side}_{level}_ratio")


def funnel_limits_rate(inputs: Case, params: Case) -> Case:
    points = funnel.rate_limit_points(inputs["events"], params["average_rate_per_100000"], 100_000, params["years"])
    return _named(points.size, "{side}_{level}_pop_per_year") | _named(points.value, "{side}_{level}")


def funnel_flag_proportion(inputs: Case, params: Case) -> Case:
    return {"flag": str(funnel.proportion_flags(inputs["numerator"], inputs["denominator"], params["average"]))}


def funnel_flag_ratio(inputs: Case, params: Case) -> Case:  # noqa: ARG001
    return {"flag": str(funnel.ratio_flags(inputs["observed"], inputs["expected"]))}


def funnel_flag_rate(inputs: Case, params: Case) -> Case:
    flag = funnel.rate_flags(
        inputs["count"],
        inputs["rate"],
        params["average_rate_per_multiplier"],
        params["multiplier"],
        population=inputs["population"],
        standardised=bool(params["is_dsr"]),
    )
    return {"flag": str(flag)}


def funnelplotr_limits(inputs: Case, params: Case) -> Case:
    tau2 = params["tau2"] if params["adjusted"] else None
    found = overdispersion.limits(inputs["denominator"], _kind(params), params["target"], tau2, as_funnelplotr=True)
    return _named(found, "{short}{level}")


def funnelplotr_overdispersion(inputs: Case, params: Case) -> Case:
    kind, n = _kind(params), inputs["denominator"]
    found = overdispersion.overdispersion(inputs["numerator"], n, kind, params["trim_by"])
    before = overdispersion.limits(n, kind, found.target, as_funnelplotr=True)
    after = overdispersion.limits(n, kind, found.target, found.tau2, as_funnelplotr=True)
    figures = {"target": found.target, "z": found.z.tolist(), "phi": found.phi, "tau2": found.tau2}
    return figures | _named(before, "{short}{level}") | _named(after, "od{short}{level}")


def _kind(params: Case) -> overdispersion.Kind:
    if params["data_type"] == "SR":
        return "ratio_log" if params["sr_method"] == "SHMI" else "ratio_root"
    return "proportion" if params["data_type"] == "PR" else "rate"


def _named(limits: funnel.Limits, pattern: str) -> Case:
    return {
        pattern.format(side=side, short=short, level=level): getattr(limits, f"{side}_{level}").tolist()
        for side, short in (("lower", "ll"), ("upper", "ul"))
        for level in ("95", "998")
    }
