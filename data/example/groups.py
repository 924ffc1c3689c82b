"""Made-up figures by sex, ethnic group, age band and deprivation, for the newest year of the made-up example.

They share out what :mod:`data.example.make` made for everyone: in each of the four ways the groups of a row add up to it exactly. Built in
are gaps of the kind that reviews report: people of some groups, and of more deprived areas, do less well. Nothing here is measured.

Residents by group are made up too, to set that care against. How many residents a borough has, and how many of them are 16 to 74, is
published; how they are shared out is not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mhequity import tables

SEED = 20_242_025
YEAR = "2024/25"
SEEN, IMPROVED = "People seen", "People whose outcome score improved, share"

# A group's share of the people, and how its chance of doing well compares with everyone's.
GROUPS: dict[str, dict[str, tuple[float, float]]] = {
    "sex": {"female": (0.56, 1.02), "male": (0.44, 0.97)},
    "ethnic_group": {
        "White": (0.45, 1.05), "Asian": (0.24, 0.94), "Black": (0.16, 0.89), "Mixed": (0.08, 0.99), "Other": (0.07, 0.97),
    },
    "age_band": {"16 to 25": (0.18, 0.92), "26 to 39": (0.3, 1.0), "40 to 64": (0.37, 1.02), "65 and over": (0.15, 1.06)},
    "deprivation_quintile": {"1": (0.26, 0.88), "2": (0.24, 0.96), "3": (0.21, 1.02), "4": (0.16, 1.07), "5": (0.13, 1.13)},
}  # fmt: skip
RESIDENTS: dict[str, tuple[dict[str, float], float]] = {
    "sex": ({"female": 0.51, "male": 0.49}, 0.02),
    "ethnic_group": ({"White": 0.47, "Asian": 0.28, "Black": 0.13, "Mixed": 0.06, "Other": 0.06}, 0.2),
    "deprivation_quintile": ({"1": 0.22, "2": 0.23, "3": 0.22, "4": 0.18, "5": 0.15}, 0.25),
}
"""A group's share of the residents, and how far it may be from that in a borough, in proportion."""
CHILDREN, OLDEST = "under 16", "65 and over"
OUTSIDE = {CHILDREN: 0.76, OLDEST: 0.24}
"""Shares of the residents who are not 16 to 74."""
INSIDE = {"16 to 25": 0.165, "26 to 39": 0.315, "40 to 64": 0.41, OLDEST: 0.11}
"""Shares of the residents who are 16 to 74."""
AGE_SPREAD = 0.08
CENSUS, SURVEYED = "2021", "16 to 74"
"""Period of the published residents, and the only age that they are published for."""
OLDER = {"40 to 64": (0.06, 0.97), "65 and over": (0.94, 1.0)}
"""Age bands of the service for older adults."""


def shared_out(total: int, weights: np.ndarray, most: np.ndarray | None = None) -> np.ndarray:
    """A whole number shared out by weights in whole numbers that add up to it, none above its ``most``: largest remainders first."""
    room = np.full(len(weights), total) if most is None else most
    parts = np.minimum(np.floor(weights / weights.sum() * total).astype(int), room)
    order = np.argsort(-(weights / weights.sum() * total - parts), kind="stable")
    while parts.sum() < total <= room.sum():
        for place in order:
            parts[place] += min(total - parts.sum(), 1, room[place] - parts[place])
    return parts


def _of_service(service: str, by: str) -> dict[str, tuple[float, float]]:
    return OLDER if by == "age_band" and service.startswith("Older") else GROUPS[by]


def _uneven(shares: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shares as they differ from one borough to the next, none far from where it was."""
    return shares * rng.uniform(0.8, 1.25, len(shares))


def activity(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """People seen by group: for each borough and service the groups of one kind add up to its people, teams together."""
    whole = tables.everyone(rows)
    whole = whole[(whole.measure == SEEN) & (whole.period == YEAR)]
    out = []
    for (area, service, provider), people in whole.groupby(["area", "service", "provider"], sort=True)["count"].sum().items():
        about = {"area": area, "service": service, "provider": provider, "period": YEAR, "measure": SEEN}
        for by in GROUPS:
            groups = _of_service(str(service), by)
            parts = shared_out(int(people), _uneven(np.array([share for share, _ in groups.values()]), rng))
            out += [{**about, by: group, "count": float(part)} for group, part in zip(groups, parts, strict=True)]
    return pd.DataFrame(out)


def indicators(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """People who improved and people measured by group, which add up to those of everyone."""
    whole = tables.everyone(rows)
    whole = whole[(whole.measure == IMPROVED) & (whole.period == YEAR)].sort_values(["area", "service"])
    out = []
    for row in whole.itertuples():
        about = {name: getattr(row, name) for name in ("area", "service", "provider", "period", "measure", "unit", "better", "role")}
        for by in GROUPS:
            groups = _of_service(row.service, by)
            shares, chances = np.array(list(groups.values())).T
            measured = shared_out(int(row.denominator), _uneven(shares, rng))
            improved = shared_out(int(row.numerator), measured * chances * rng.uniform(0.97, 1.03, len(groups)), measured)
            out += [
                {**about, by: group, "value": round(float(above / below), 4), "numerator": float(above), "denominator": float(below)}
                for group, above, below in zip(groups, improved, measured, strict=True)
            ]
    return pd.DataFrame(out)


def residents(published: pd.DataFrame, areas: list[str], rng: np.random.Generator) -> pd.DataFrame:
    """Residents by group of each of these boroughs, which add up to its published residents; ages keep to those of 16 to 74."""
    census = published[(published.period == CENSUS) & (published.base == "resident")]
    whole, surveyed = (census[census.age_band == age].set_index("area").persons.astype(int) for age in ("", SURVEYED))
    out = []
    for area in areas:
        about = {"area": area, "period": CENSUS, "base": "resident"}
        parts = {by: _shares(whole[area], shares, spread, rng) for by, (shares, spread) in RESIDENTS.items()}
        outside = _shares(whole[area] - surveyed[area], OUTSIDE, AGE_SPREAD, rng)
        inside = _shares(surveyed[area], INSIDE, AGE_SPREAD, rng)
        parts["age_band"] = {age: outside.get(age, 0) + inside.get(age, 0) for age in (CHILDREN, *INSIDE)}
        out += [{**about, by: group, "persons": float(count)} for by, counts in parts.items() for group, count in counts.items()]
    return pd.DataFrame(out)


def _shares(total: int, shares: dict[str, float], spread: float, rng: np.random.Generator) -> dict[str, int]:
    """A whole number shared out between groups, each share up to ``spread`` more or less in proportion than it is."""
    weights = np.array(list(shares.values())) * rng.uniform(1 - spread, 1 + spread, len(shares))
    return dict(zip(shares, shared_out(int(total), weights).tolist(), strict=True))


def with_groups(made: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The tables with rows by group for the newest year; rows by group of that year that were there give way."""
    rng = np.random.default_rng(SEED)
    seen, shares = made["activity"], made["indicators"]
    older = seen[(seen.period != YEAR) | seen.index.isin(tables.everyone(seen).index)]
    by_group = {"activity": (older, activity(seen, rng)), "indicators": (shares, indicators(shares, rng))}
    joined = {name: pd.concat([rows, tables.conform(more.assign(source=rows.source.iloc[0]), name)], ignore_index=True)
              for name, (rows, more) in by_group.items()}  # fmt: skip
    return {**made, **joined}
