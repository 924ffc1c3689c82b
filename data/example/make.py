"""Make up service figures to try the app with. Run from the project's top folder: ``python -m data.example.make``.

Everything here is invented, with a fixed seed, for the 13 boroughs of North West and North Central London. What is not invented is the
size of things: totals, caseloads and waits are of the order that the two systems have reported, and the patterns are the ones that their
reviews found: money and need that do not line up, activity only loosely tied to money, outcomes that differ. No service is described.
Residents are invented by group only: each way the groups add up to the published residents of the borough.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from data.example import groups
from mhequity import areas, tables
from mhequity.paths import DATA

HERE = Path(__file__).resolve().parent
SEED = 20252029
SOURCE, RESIDENTS = "made_up_services", "made_up_residents"
YEARS = ("2022/23", "2023/24", "2024/25")

# How far a borough's money stands from its share by need: the reviews found high need with little money, and the reverse.
MONEY_TILT = {
    "Brent": 0.78, "Ealing": 0.92, "Hammersmith and Fulham": 1.08, "Harrow": 0.95, "Hillingdon": 0.90, "Hounslow": 0.97,
    "Kensington and Chelsea": 1.32, "Westminster": 1.18, "Barnet": 1.02, "Camden": 1.28, "Enfield": 0.74, "Haringey": 0.93,
    "Islington": 1.06,
}  # fmt: skip
ACTIVITY_FOLLOWS_MONEY = 0.5
"""Power of the tilt that reaches the number of people seen: 0 would be no link with money, 1 a straight one."""
RAMP = dict(zip(YEARS, (0.55, 0.87, 0.95), strict=True))
"""How the new teams' contacts grow: from about 1,200 a week to over 2,000."""
TEAMS = {"Ealing": "EAL", "Hammersmith and Fulham": "HAF", "Hounslow": "HOU"}
"""Boroughs whose community care is given by three integrated network teams each: nine in all."""


@dataclass(frozen=True)
class Service:
    """An invented service: yearly money per need-weighted person, people seen per 1,000, and how it works."""

    name: str
    gbp_per_head: float
    seen_per_1000: float
    contacts_each: float
    days: float
    staff_per_million: float


SERVICES = (
    Service("Acute inpatient care", 72, 2.1, 0, 2, 11.0),
    Service("Community mental health team", 38, 9.5, 11, 33, 15.0),
    Service("Crisis alternatives", 6, 3.2, 2, 1, 13.0),
    Service("Crisis resolution and home treatment", 17, 4.0, 8, 1, 15.0),
    Service("Early intervention in psychosis", 9, 0.9, 24, 12, 14.0),
    Service("Older adults' community team", 19, 5.1, 7, 35, 14.0),
    Service("Physical health checks, severe mental illness", 2, 6.4, 1, 20, 12.0),
    Service("Talking therapies", 14, 21.0, 6, 24, 15.5),
)
CORE_OFFER = ("Crisis house within reach", "One front door, day and night", "Psychological therapies for severe mental illness",
              "Peer support workers in every team", "Physical health check and follow-up", "Employment advice")  # fmt: skip


def boroughs() -> pd.DataFrame:
    """The 13 boroughs with their published centre and need-weighted population, and the tilt of their money."""
    facts = pd.read_csv(DATA / "facts" / "source" / "london_boroughs.csv").set_index("area_name")
    names = [area.name for system in ("NWL", "NCL") for area in areas.boroughs(system)]
    frame = facts.loc[names, ["area_code", "icb", "latitude", "longitude", "mh_weighted_population_2025_26"]]
    frame.columns = ["area", "system", "latitude", "longitude", "weighted"]
    return frame.assign(tilt=pd.Series(MONEY_TILT)).reset_index(names="name")


def facts(rng: np.random.Generator) -> dict[str, list[dict[str, object]]]:
    """Rows of every table, by borough, service and year."""
    out: dict[str, list[dict[str, object]]] = {name: [] for name in ("investment", "activity", "workforce", "waits", "indicators")}
    for borough in boroughs().itertuples(index=False):
        provider = f"Provider {'A' if borough.system == 'NWL' else 'B'} (made up)"
        for service in SERVICES:
            reach, effort = rng.lognormal(0, 0.22), rng.lognormal(0, 0.12)
            recovery = float(np.clip(rng.normal(0.5, 0.07), 0.3, 0.7))
            vacancy = float(rng.uniform(0.08, 0.22))
            for number, year in enumerate(YEARS):
                about = {"area": borough.area, "service": service.name, "provider": provider, "period": year}
                growth = 1 + 0.035 * number + rng.normal(0, 0.01)
                money = round(borough.weighted * service.gbp_per_head * borough.tilt * effort * growth, -3)
                people = (
                    borough.weighted / 1000 * service.seen_per_1000 * reach * borough.tilt**ACTIVITY_FOLLOWS_MONEY * (1 + 0.03 * number)
                )
                _money(out, about, money)
                _care(out, about, borough.name, service, people, rng)
                _staff(out, about, service, money, vacancy - 0.015 * number, rng)
                _waits(out, about, service, people, number, rng)
                _outcomes(out, about, people, recovery + 0.01 * number, rng)
    return out


def _money(out: dict, about: dict, money: float) -> None:
    one_off = round(money * 0.04, -3)
    out["investment"].append({**about, "funding": "recurrent", "amount_gbp": money - one_off})
    out["investment"].append({**about, "funding": "non-recurrent", "amount_gbp": one_off})


def _care(out: dict, about: dict, borough: str, service: Service, people: float, rng: np.random.Generator) -> None:
    """People seen, contacts, and people seen by sex for one service, where small counts are suppressed, one is missing, one is 0."""
    teams = (
        [f"Integrated network team {TEAMS[borough]} {n}" for n in (1, 2, 3)]
        if service.name.startswith("Community") and borough in TEAMS
        else [""]
    )
    shares = rng.dirichlet(np.full(len(teams), 40))
    for team, share in zip(teams, shares, strict=True):
        out["activity"].append({**about, "team": team, "measure": "People seen", "count": round(people * share)})
        if service.contacts_each:
            contacts = people * share * service.contacts_each * rng.normal(1, 0.05) * (RAMP[about["period"]] if team else 1)
            out["activity"].append({**about, "team": team, "measure": "Contacts attended", "count": round(contacts)})
            out["activity"].append(
                {**about, "team": team, "measure": "Contacts not attended", "count": round(contacts * rng.uniform(0.08, 0.16))}
            )
    if service.name.startswith("Early intervention"):
        for group, part in (("White", 0.46), ("Black", 0.27), ("Asian", 0.2), ("Mixed", 0.06), ("Other", 0.008)):
            count = float(rng.poisson(people * part))
            row = {**about, "measure": "People seen", "ethnic_group": group, "count": count}
            if 0 < count < 5:
                row |= {"count": np.nan, "suppressed": "count"}
            if group == "Mixed" and borough == "Harrow" and about["period"] == "2022/23":
                row["count"] = np.nan
            out["activity"].append(row)


def _staff(out: dict, about: dict, service: Service, money: float, vacancy: float, rng: np.random.Generator) -> None:
    posts = money / 1e6 * service.staff_per_million
    groups = (("Nursing", 0.45), ("Psychology and therapies", 0.25), ("Medical", 0.1), ("Support and peer workers", 0.2))
    for group, share in groups:
        established = round(posts * share, 1)
        filled = established * (1 - float(np.clip(vacancy + rng.normal(0, 0.02), 0.02, 0.3)))
        out["workforce"].append({**about, "staff_group": group, "established_wte": established, "in_post_wte": round(filled, 1)})


def _waits(out: dict, about: dict, service: Service, people: float, number: int, rng: np.random.Generator) -> None:
    if service.days <= 2:
        return
    median = round(service.days * rng.lognormal(0.06 * (1 - number), 0.12), 1)
    seen = round(people * 0.35)
    within = round(seen * float(np.clip(1.1 - median / 60 + rng.normal(0, 0.04), 0.1, 0.97)))
    out["waits"].append(
        {**about, "seen": seen, "within_target": within, "median_days": median, "p90_days": round(median * 2.3, 1),
         "waiting": round(seen * median / 365 * 1.2), "target_days": 28, "definition": "local median"}
    )  # fmt: skip


def _outcomes(out: dict, about: dict, people: float, recovery: float, rng: np.random.Generator) -> None:
    measured = max(20, round(people * 0.6))
    better = int(rng.binomial(measured, float(np.clip(recovery, 0.05, 0.95))))
    out["indicators"].append(
        {**about, "measure": "People whose outcome score improved, share", "value": better / measured, "numerator": better,
         "denominator": measured, "unit": "share", "better": "higher", "role": "outcome"}
    )  # fmt: skip
    asked = max(15, round(people * 0.15))
    good = int(rng.binomial(asked, float(np.clip(rng.normal(0.78, 0.05), 0.5, 0.95))))
    out["indicators"].append(
        {**about, "measure": "People who rate their care good or very good, share", "value": good / asked, "numerator": good,
         "denominator": asked, "unit": "share", "better": "higher", "role": "experience"}
    )  # fmt: skip


def core_offer(rng: np.random.Generator) -> list[dict[str, object]]:
    """How far each element of an invented core offer is in place."""
    rows = []
    for borough in boroughs().itertuples(index=False):
        for element in CORE_OFFER:
            status = str(rng.choice(["full", "partial", "none", "unknown"], p=[0.38, 0.36, 0.2, 0.06]))
            gap = {"full": 0.0, "partial": float(rng.uniform(1, 5)), "none": float(rng.uniform(4, 12)), "unknown": np.nan}[status]
            rows.append(
                {"area": borough.area, "service": "Community mental health team", "element": element, "status": status, "gap_wte": round(gap, 1),
                 "gap_gbp": round(gap * 62_000, -3), "months_to_implement": np.nan if np.isnan(gap) else round(gap * 2.2)}
            )  # fmt: skip
    return rows


def sites(rng: np.random.Generator) -> list[dict[str, object]]:
    """Two or three invented sites near the middle of each borough."""
    rows = []
    for borough in boroughs().itertuples(index=False):
        for letter, kind in zip("ABC", ("Community hub", "Crisis cafe", "Inpatient unit")[: int(rng.integers(2, 4))], strict=False):
            latitude = round(borough.latitude + rng.uniform(-0.004, 0.004), 5)
            place = {"latitude": latitude, "longitude": round(borough.longitude + rng.uniform(-0.006, 0.006), 5)}
            rows.append({"site": f"{borough.name} {kind.lower()} {letter} (made up)", "kind": kind, "area": borough.area, **place})
    return rows


def actions() -> list[dict[str, object]]:
    """Invented actions for the strategy."""
    strategy = pd.read_csv(DATA / "strategy" / "ambitions.csv").strategy.iloc[0]
    listed = (
        ("Publish waits by team every quarter", "Head of performance", "2025/26 Q2", 100, "done"),
        ("Name the groups with the widest gap in access, by borough", "Public health lead", "2025/26 Q3", 70, "in progress"),
        ("Agree the common crisis offer", "Director of mental health", "2025/26 Q4", 40, "in progress"),
        ("Recruit peer workers for every integrated network team", "Workforce lead", "2026/27 Q1", 25, "in progress"),
        ("Review every out-of-area placement over 30 days", "Complex care lead", "2025/26 Q3", 55, "in progress"),
        ("Open a second crisis house", "Estates lead", "2026/27 Q4", 0, "not started"),
    )
    names = ("action", "owner", "due", "done_percent", "status")
    return [{"strategy": strategy, **dict(zip(names, (f"{row[0]} (made up)", *row[1:]), strict=True))} for row in listed]


def residents() -> pd.DataFrame:
    """Residents by group of the 13 boroughs, drawn by themselves so that no other figure moves with them."""
    published = tables.read_tidy(DATA / "facts" / "population.csv", "population")
    return groups.residents(published, list(boroughs().area), np.random.default_rng(groups.SEED)).assign(source=RESIDENTS)


def main(out: Path = HERE) -> None:
    rng = np.random.default_rng(SEED)
    made = {**facts(rng), "core_offer": core_offer(rng), "sites": sites(rng), "actions": actions()}
    tidied = {name: tables.conform(pd.DataFrame(rows).assign(source=SOURCE), name) for name, rows in made.items()}
    tidied["population"] = tables.conform(residents(), "population")
    for name, tidy in groups.with_groups(tidied).items():
        assert not tidy.duplicated(tables.kind(name).key).any(), name
        tidy.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
