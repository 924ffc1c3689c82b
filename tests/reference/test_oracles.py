"""Figures that other people's software gives for the same inputs: those copied beside this file, and those of a folder of reference
cases where one lies beside the checkout."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest

from tests.reference import adapters

HERE = Path(__file__).resolve().parent
BESIDE = HERE.parents[2] / "shared" / "oracles"
# Relative and absolute tolerance; a value passes by either.
TOLERANCE = {"byars_ci": (1e-6, 1e-6), "exact_poisson_ci": (1e-6, 1e-6), "wilson_ci": (1e-6, 1e-8)}
COPIED = [HERE / f"{method}.csv" for method in TOLERANCE]
FILES = COPIED + [path for method in TOLERANCE for path in sorted(BESIDE.glob(f"*_{method}.csv"))]
CASES_COPIED = {"byars_ci": 7, "exact_poisson_ci": 8, "wilson_ci": 16}


def method_of(path: Path) -> str:
    return next(method for method in TOLERANCE if path.stem.endswith(method))


def cases(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def numbers(row: dict[str, str], prefix: str) -> dict[str, float]:
    """The columns with that prefix, without it; blank cells left out."""
    return {name.removeprefix(prefix): float(text) for name, text in row.items() if name.startswith(prefix) and text}


def misses(path: Path) -> list[str]:
    method = method_of(path)
    relative, absolute = TOLERANCE[method]
    found = []
    for row in cases(path):
        got = getattr(adapters, method)(numbers(row, "in_"), numbers(row, "par_"))
        for end, wanted in numbers(row, "exp_").items():
            if not math.isclose(got[end], wanted, rel_tol=relative, abs_tol=absolute):
                found.append(f"{row['case_id']} {end}: {got[end]} instead of {wanted}")
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_case_of_the_file_comes_out(path: Path) -> None:
    assert misses(path) == []


@pytest.mark.parametrize("method", TOLERANCE)
def test_copied_cases_are_all_there(method: str) -> None:
    rows = cases(HERE / f"{method}.csv")
    assert len(rows) == CASES_COPIED[method]
    assert all(numbers(row, "exp_") for row in rows)


def test_a_wrong_figure_would_be_a_miss(tmp_path: Path) -> None:
    wrong = tmp_path / "wilson_ci.csv"
    wrong.write_text("case_id,src,in_x,in_n,par_confidence,exp_lower,exp_upper\none,,65,100,0.95,0.5525,0.736357517569\n")
    assert [miss.split(":")[0] for miss in misses(wrong)] == ["one lower"]
