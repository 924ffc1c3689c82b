"""Figures that other people's software gives for the same inputs: those copied beside this file, and those of a folder of reference
cases where one lies beside the checkout."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.reference import adapters

HERE = Path(__file__).resolve().parent
BESIDE = HERE.parents[2] / "shared" / "oracles"
METHODS: dict[str, dict[str, Any]] = json.loads((HERE / "methods.json").read_text(encoding="utf-8"))
"""How each method's cases are laid out (a row, or a group of rows, is one case) and the relative and absolute tolerance of each column: a
value passes by either."""
COPIED = sorted(HERE.glob("*.csv"))
FILES = [*COPIED, *sorted(path for path in BESIDE.glob("*.csv") if path.stem.split("_", 1)[1] in METHODS)]
CASES_COPIED = {
    "byars_ci": 7, "crude_rate": 50, "dsr": 12, "exact_poisson_ci": 8, "funnelplotr_limits": 134, "funnelplotr_overdispersion": 6,
    "inequality_measures": 124, "isr": 12, "proportion": 18, "spatial_autocorrelation": 1, "wilson_ci": 16, "xmr_spc": 22,
}  # fmt: skip
Row = dict[str, str]


def method_of(path: Path) -> str:
    return path.stem if path.stem in METHODS else path.stem.split("_", 1)[1]


def cases(path: Path) -> dict[str, list[Row]]:
    """The rows of each case."""
    found: dict[str, list[Row]] = {}
    with open(path, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["case_id"], []).append(row)
    return found


def value(text: str) -> float | str | None:
    """A number where the cell is one, None where it is blank."""
    if text == "":
        return None
    try:
        return float(text)
    except ValueError:
        return text


def columns(rows: Sequence[Row], prefix: str) -> dict[str, list[Any]]:
    """The columns with that prefix, without it."""
    return {name.removeprefix(prefix): [value(row[name]) for row in rows] for name in rows[0] if name.startswith(prefix)}


def first(held: Mapping[str, list[Any]]) -> dict[str, Any]:
    return {name: each[0] for name, each in held.items()}


def is_same(got: Any, wanted: float | str | None, relative: float, absolute: float) -> bool:
    if wanted is None or got is None or (isinstance(got, float) and math.isnan(got)):
        return wanted is None and (got is None or math.isnan(got))
    if isinstance(wanted, str):
        return (";".join(str(int(each)) for each in got) if isinstance(got, (list, tuple)) else str(got)) == wanted
    return math.isclose(float(got), wanted, rel_tol=relative, abs_tol=absolute)


def misses(path: Path, method: Callable[..., Mapping[str, Any]] | None = None) -> list[str]:
    """Every figure of the file that does not come out."""
    name = method_of(path)
    layout, ours = METHODS[name], method or getattr(adapters, name)
    grouped, found = layout["mode"] == "group", []
    for case, rows in cases(path).items():
        inputs = columns(rows, "in_")
        got = ours(inputs if grouped else first(inputs), first(columns(rows, "par_")))
        for column, wanted in columns(rows, "exp_").items():
            relative, absolute = layout["tolerance"].get(f"exp_{column}", layout["tolerance"]["default"])
            blank_counts = f"exp_{column}" in layout.get("blank_is_expected", ())
            tested = [at for at, each in enumerate(wanted) if each is not None or blank_counts]
            if not tested:
                continue
            held = got[column]
            listed = list(held) if grouped and not isinstance(held, str) and hasattr(held, "__len__") else [held] * len(wanted)
            assert len(listed) == len(wanted), f"{case} {column}: {len(listed)} values for {len(wanted)} rows"
            found += [
                f"{case} {column} row {at}: {listed[at]} instead of {wanted[at]}"
                for at in tested
                if not is_same(listed[at], wanted[at], relative, absolute)
            ]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_case_of_the_file_comes_out(path: Path) -> None:
    assert misses(path) == []


@pytest.mark.parametrize("path", COPIED, ids=lambda path: path.stem)
def test_copied_cases_are_all_there(path: Path) -> None:
    held = cases(path)
    assert len(held) == CASES_COPIED[path.stem]
    assert all(any(each is not None for wanted in columns(rows, "exp_").values() for each in wanted) for rows in held.values())


def test_every_method_has_its_function() -> None:
    assert set(METHODS) == set(adapters.__all__)
    assert set(CASES_COPIED) == {path.stem for path in COPIED}


@pytest.mark.parametrize("path", COPIED, ids=lambda path: path.stem)
def test_a_wrong_figure_would_be_a_miss(path: Path) -> None:
    right = getattr(adapters, path.stem)

    def wrong(inputs: Any, params: Any) -> dict[str, Any]:
        return {name: _spoilt(each) for name, each in right(inputs, params).items()}

    assert misses(path, wrong)


def _spoilt(figure: Any) -> Any:
    if hasattr(figure, "__len__") and not isinstance(figure, str):
        return [_spoilt(each) for each in figure]
    return figure * 1.001 + 0.001 if isinstance(figure, float) else figure
