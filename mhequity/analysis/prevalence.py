"""Published shares of people who have a condition, to start an estimate from."""

from __future__ import annotations

from dataclasses import dataclass

from mhequity.analysis import counts
from mhequity.scope import Scope
from mhequity.workspace import Workspace

LEAST, MOST = 0.1, 40.0
"""Per cent that can be chosen."""
REGISTER = "GP register: people with severe mental illness, share"


@dataclass(frozen=True)
class Prevalence:
    """A published share of people with a condition, in per cent, with the range that it may lie in and the age it speaks of."""

    name: str
    condition: str
    central: float
    low: float
    high: float
    age_band: str
    """Whom the share speaks of; empty for all ages."""
    said: str
    """Where it comes from and what the range is, in a sentence."""


_SURVEY = "Adult Psychiatric Morbidity Survey, common mental health conditions in the past week, people aged 16 to 64 in England"
COMMON = "a common mental health condition"
SURVEY_2023 = Prevalence(
    "22.6%: common conditions, 2023/4", COMMON, 22.6, 18.9, 22.6, "16 to 64",
    f"22.6% is from the {_SURVEY}, 2023/4. The low end of the range is the same survey's 18.9% of 2014.",
)  # fmt: skip
SURVEY_2014 = Prevalence(
    "18.9%: common conditions, 2014", COMMON, 18.9, 18.9, 22.6, "16 to 64",
    f"18.9% is from the {_SURVEY}, 2014. The high end of the range is the same survey's 22.6% of 2023/4.",
)  # fmt: skip


def presets(workspace: Workspace) -> list[Prevalence]:
    """Published shares that the estimate can start from; the first is the default.

    The share of people on GPs' registers of severe mental illness comes from the loaded indicators: London's, with the lowest and
    the highest borough as its range.
    """
    found = [SURVEY_2023, SURVEY_2014]
    rows = workspace.table("indicators")
    rows = rows[(rows.measure == REGISTER) & workspace.is_published(rows.source)]
    if rows.empty:
        return found
    year = str(rows.period.iloc[-1])
    on, of = (counts.by_borough(workspace, Scope(year=year), "indicators", REGISTER, name).total for name in ("numerator", "denominator"))
    both = on.notna() & of.notna()
    if not both.any():
        return found
    shares = 100 * on[both] / of[both]
    central, low, high = (round(float(value), 1) for value in (100 * on[both].sum() / of[both].sum(), shares.min(), shares.max()))
    said = (
        f"{central}% of London's patients were on a GP's register of severe mental illness in {year}; the range is from the lowest to the "
        "highest borough. A register holds those whom a GP has recorded, so people with the condition whom no GP knows of are left out."
    )
    name, condition = f"{central}%: severe illness on GP registers, {year}", "a severe mental illness that a GP has recorded"
    return [*found, Prevalence(name, condition, central, low, high, "", said)]


def chosen(known: list[Prevalence], central: float, low: float, high: float) -> Prevalence | None:
    """The published share that figures in per cent are, or None where they are a person's own."""
    same = (each for each in known if (each.central, each.low, each.high) == (round(central, 1), round(low, 1), round(high, 1)))
    return next(same, None)


def scaled(ends: tuple[float, float], before: float, now: float) -> tuple[float, float]:
    """The range that goes with a changed share: as wide in proportion as it was, in steps of 0.1 within what can be chosen.

    Examples
    --------
    >>> scaled((18.9, 22.6), 22.6, 11.3)
    (9.4, 11.3)
    """
    low, high = (min(max(round(end * now / before, 1), LEAST), MOST) for end in ends)
    return low, high
