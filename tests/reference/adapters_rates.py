"""Rates, standardised rates and quantiles under the names that reference cases use for their inputs and outputs."""

from __future__ import annotations

from typing import Any

from mhequity.statistics import quantiles, rates, standardised

Case = dict[str, Any]


def crude_rate(inputs: Case, params: Case) -> Case:
    inner, outer = (
        rates.crude_rate(inputs["numerator"], inputs["denominator"], params["multiplier"], confidence) for confidence in (0.95, 0.998)
    )
    return _figures(inner, outer) | {"method": str(inner.method)}


def proportion(inputs: Case, params: Case) -> Case:
    return _figures(
        *(rates.proportion(inputs["numerator"], inputs["denominator"], params["multiplier"], confidence) for confidence in (0.95, 0.998))
    )


def dsr(inputs: Case, params: Case) -> Case:
    """A blank count is no events to the peer."""
    return _direct(
        *(
            standardised.directly_standardised_rate(
                inputs["count"],
                inputs["population"],
                inputs["standard_population"],
                params["multiplier"],
                confidence,
                blank_is_zero=True,
            )
            for confidence in (0.95, 0.998)
        )
    )


def dsr_repeat_events(inputs: Case, params: Case) -> Case:
    persons_with = [inputs[f"persons_with_{n}_event{'s' if n > 1 else ''}"] for n in (1, 2, 3, 4)]
    return _direct(
        *(
            standardised.directly_standardised_rate_of_repeat_events(
                persons_with,
                inputs["population"],
                inputs["standard_population"],
                params["multiplier"],
                confidence,
                blank_is_zero=True,
            )
            for confidence in (0.95, 0.998)
        )
    )


def isr(inputs: Case, params: Case) -> Case:
    inner, outer = (
        standardised.indirectly_standardised_ratio(
            inputs["count"],
            inputs["population"],
            inputs["ref_count"],
            inputs["ref_population"],
            params["refvalue"],
            confidence,
            blank_is_zero=True,
        )
        for confidence in (0.95, 0.998)
    )
    return _figures(inner, outer) | {"observed": float(inner.observed), "expected": float(inner.expected)}


def quantile(inputs: Case, params: Case) -> Case:
    found = quantiles.quantile_groups(inputs["value"], int(params["nquantiles"]), highest_first=bool(params["invert"]))
    return {"quantile": found.group.tolist()}


def _direct(inner: standardised.DirectlyStandardised, outer: standardised.DirectlyStandardised) -> Case:
    return _figures(inner, outer) | {"total_count": float(inner.events), "suppressed": int(inner.withheld)}


def _figures(inner: Any, outer: Any) -> Case:
    """What every result holds, at 95 % and at 99.8 %."""
    return {
        "value": float(inner.value),
        "lower95": float(inner.lower),
        "upper95": float(inner.upper),
        "lower998": float(outer.lower),
        "upper998": float(outer.upper),
    }
