"""Our measures of inequality under the names that reference cases use for their inputs and outputs."""

from __future__ import annotations

from typing import Any

from mhequity.statistics.inequality import inequality
from mhequity.statistics.slope_index import slope_index

Columns = dict[str, list[Any]]
Figures = dict[str, Any]

ABBREVIATIONS = {"covar": "COV"}
OPTIONS = {"wagstaff": "wagstaff", "erreygers": "erreygers", "logit": "heat_logit", "linear": "heat_linear"}


def given(column: list[Any]) -> list[Any] | None:
    """The column, or none where all of it is blank."""
    return None if all(cell is None for cell in column) else column


def sii_rii(inputs: Columns, params: Figures) -> Figures:
    found = slope_index(
        inputs["value"],
        inputs["population"],
        order=inputs["quantile"],
        standard_errors=given(inputs["se"]),
        lower=given(inputs["lower95"]),
        upper=given(inputs["upper95"]),
        value_type=params["value_type"],
        transform=bool(params["transform"]),
        multiplier=params["multiplier"],
        confidence=params["confidence"],
    )
    return {name: getattr(found, name) for name in ("sii", "rii", "intercept", "sii_lower", "sii_upper", "rii_lower", "rii_upper")}


def inequality_measures(inputs: Columns, params: Figures) -> Figures:
    found = inequality(
        ABBREVIATIONS.get(params["measure"], params["measure"].upper()),
        inputs["estimate"],
        given(inputs["population"]),
        given(inputs["se"]),
        order=given(inputs["order"]) if params["ordered"] else None,
        reference=given(inputs["reference"]),
        higher_is_better=bool(params["favourable"]),
        option=OPTIONS.get(params["option"]),
        scale=params["scale"],
    )
    return {"estimate": found.value, "lower95": found.lower, "upper95": found.upper}
