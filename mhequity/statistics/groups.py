"""Groups of people held side by side: what every measure of inequality between them starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]

FEWEST = 2
"""Fewest groups between which there can be inequality."""


@dataclass(frozen=True)
class Estimate:
    """A figure and the ends of its interval; missing (nan) where it cannot be worked out."""

    value: float
    lower: float = np.nan
    upper: float = np.nan


MISSING = Estimate(np.nan)


@dataclass(frozen=True)
class Choices:
    """What is chosen for a measure of inequality, apart from the groups themselves.

    Parameters
    ----------
    higher_is_better
        True for coverage or recovery, say; False for waits or deaths.
    scale
        What the indicator would be if it held for everybody: 1 for a proportion, 100 for a percentage, 1,000 for a rate per 1,000.
    option
        The form of a measure that has several; none otherwise.
    confidence
        0.95 or 0.998, say.
    """

    higher_is_better: bool = True
    scale: float = 100.0
    option: str = ""
    confidence: float = 0.95

    @property
    def z(self) -> float:
        """The standard normal deviate of the confidence: 1.96 for 95 %."""
        return float(stats.norm.ppf((1 + self.confidence) / 2))


@dataclass(frozen=True, eq=False)
class Groups:
    """Two groups or more, from the most disadvantaged to the most advantaged where they have an order.

    Made by :func:`gather`, which leaves out what cannot count. ``populations`` and ``standard_errors`` are missing (nan)
    throughout where they were not given, and so is every figure that needs them.
    """

    values: Floats
    populations: Floats
    standard_errors: Floats
    ordered: bool
    reference: int | None

    @property
    def n(self) -> int:
        """How many groups."""
        return len(self.values)

    @property
    def shares(self) -> Floats:
        """Each group's share of all people, from 0 to 1."""
        return self.populations / self.populations.sum()

    @property
    def mean(self) -> float:
        """The value of all groups together: their mean weighted by population."""
        return float(self.shares @ self.values)

    @property
    def ranks(self) -> Floats:
        """Where the middle person of each group stands among all people, from 0 (most disadvantaged) to 1."""
        return np.cumsum(self.shares) - self.shares / 2

    def place_of(self, which: Literal["best", "worst"], higher_is_better: bool) -> int:
        """The position of the best or the worst value; among equals the first is the best and the last the worst."""
        upward = self.values if higher_is_better else -self.values
        return int(np.argmax(upward)) if which == "best" else self.n - 1 - int(np.argmin(upward[::-1]))


def column(numbers: ArrayLike | None, length: int, name: str) -> Floats:
    """Numbers as a column of that length, all missing where none are given.

    Raises
    ------
    ValueError
        Where there are more or fewer numbers than groups.
    """
    if numbers is None:
        return np.full(length, np.nan)
    found = np.asarray(numbers, dtype=float)
    if found.shape != (length,):
        raise ValueError(f"There are {length} values but {name} has the shape {found.shape}: one number for each group is needed.")
    return found


def gather(
    values: ArrayLike,
    populations: ArrayLike | None = None,
    standard_errors: ArrayLike | None = None,
    order: ArrayLike | None = None,
    reference: ArrayLike | None = None,
) -> Groups | None:
    """Put groups side by side, leaving out those that cannot count; None where fewer than two are left.

    Parameters
    ----------
    values
        The indicator in each group. A group whose value is missing is left out.
    populations
        People in each group. Where given, a group with none, fewer than none or a missing number is left out.
    standard_errors
        Of the values, in their unit. A negative one counts as missing; a missing one leaves the group in.
    order
        Numbers that put the groups in order, the most disadvantaged first; a group without one is left out, and groups
        with the same number stay as they came. Not given: the groups have no order.
    reference
        1 (or True) for the one group that others are compared with, 0 or missing elsewhere.

    Raises
    ------
    ValueError
        Where the columns differ in length, or more than one group is the reference.
    """
    found = np.asarray(values, dtype=float)
    if found.ndim != 1:
        raise ValueError(f"The values have the shape {found.shape}: one number for each group is needed.")
    length = len(found)
    people, errors = column(populations, length, "populations"), column(standard_errors, length, "standard_errors")
    places, marks = column(order, length, "order"), column(reference, length, "reference")
    if (marks == 1).sum() > 1:
        raise ValueError("More than one group is marked as the reference: mark one.")
    kept = np.isfinite(found)
    if populations is not None:
        kept &= np.isfinite(people) & (people > 0)
    if order is not None:
        kept &= np.isfinite(places)
    rows = np.flatnonzero(kept)
    if len(rows) < FEWEST:
        return None
    if order is not None:
        rows = rows[np.argsort(places[rows], kind="stable")]
    errors = np.where(errors >= 0, errors, np.nan)
    marked = np.flatnonzero(marks[rows] == 1)
    return Groups(found[rows], people[rows], errors[rows], order is not None, int(marked[0]) if len(marked) else None)


def around(value: float, standard_error: float, choices: Choices) -> Estimate:
    """A figure with the normal interval of its standard error: value -+ z x standard error."""
    return Estimate(float(value), float(value - choices.z * standard_error), float(value + choices.z * standard_error))
