"""Turn the published figures in ``source/`` into tables of the catalogue, beside this script.

Run from the project's top folder: ``python -m data.facts.make``. The figures are carried over unchanged; what is computed here
(a share from its numerator and denominator) says so. Where each comes from, and what to mind, stands in ``sources.csv``.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from mhequity import areas, periods, tables

HERE = Path(__file__).resolve().parent
CHECKS_SERVICE = "Physical health checks, severe mental illness"

# A borough column -> what it is in the catalogue. Columns: name of measure, unit, better, role, period, source, numerator, denominator.
BOROUGH_MEASURES = [
    ("mh_weighted_population_2025_26", "Mental-health need-weighted population", "weighted people", "neither", "need", "2025/26", "nhse_place_tool"),
    ("imd_2025_score", "Deprivation score (IMD 2025)", "score", "lower", "need", "2025", "imd_2025"),
    ("iod_2025_mh_indicator", "Mental-health indicator (Indices of Deprivation 2025)", "score, England = 0", "lower", "need", "2025", "iod_mh_2025"),
    ("imd_2019_score", "Deprivation score (IMD 2019)", "score", "lower", "context", "2019", "imd_2019"),
    ("smi_excess_mortality_ratio_2014_15", "Excess deaths under 75 of people with severe mental illness",
     "indirectly standardised ratio, England = 100 scale", "lower", "outcome", "2014/15", "phe_mortality"),
    ("asc_mental_health_spend_18_64_gbp", "Social care spend on mental health, ages 18 to 64", "GBP", "neither", "context", "not stated", "asc_spend"),
]  # fmt: skip
REGISTERS = [
    ("smi", "GP register: people with severe mental illness, share"),
    ("depression", "GP register: people with depression (18 and over), share"),
]
# A published series -> what it is in the catalogue: name, unit, better, role, source, and whether a quarter stands for 12 months to its end.
SERIES = {
    "out_of_area_bed_days": ("Inappropriate out-of-area bed days", "bed days", "lower", "outcome", "mh_dashboard_oap"),
    "out_of_area_placements_started": (
        "Inappropriate out-of-area placements started",
        "placements",
        "lower",
        "outcome",
        "mh_dashboard_oap",
    ),
    "out_of_area_reported_cost": ("Reported cost of inappropriate out-of-area placements", "GBP", "lower", "context", "mh_dashboard_oap"),
    "followed_up_7_days": ("People followed up within 7 days of discharge, share", "share", "higher", "outcome", "mh_dashboard_followup"),
    "children_mh_spend": ("Children's mental-health spend", "GBP", "neither", "context", "mh_dashboard_children"),
    "children_two_contacts": ("Children with two contacts", "people", "higher", "context", "mh_dashboard_children"),
    "children_referred": ("Children referred", "people", "neither", "context", "mh_dashboard_children"),
    "children_mean_wait_days": ("Children's mean wait", "days", "lower", "context", "mh_dashboard_children"),
}
CHECKS_SHARE = "People with severe mental illness who had all six health checks, share"


def population(boroughs: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """Residents by the census and by mid-year estimates, and registered patients."""
    census = boroughs.assign(persons=boroughs.residents_2021, period="2021", base="resident", age_band="", source="census_2021")
    adults = census.assign(persons=boroughs.residents_16_74_2021, age_band="16 to 74")
    patients = census.assign(persons=boroughs.registered_patients_2025_26, period="2025/26", base="registered", source="nhse_place_tool")
    ages = {"residents": "", "residents_18plus": "18 and over"}
    estimates = published[published.measure.isin(ages)].rename(columns={"value": "persons"})
    estimates = estimates.assign(base="resident", age_band=estimates.measure.map(ages), source="ons_mid_year")
    return pd.concat([census, adults, patients, estimates])


def borough_measures(boroughs: pd.DataFrame) -> pd.DataFrame:
    """Need, context and outcome by borough; registers as shares of the list they were counted in."""
    parts = [
        boroughs.assign(measure=measure, value=boroughs[column], unit=unit, better=better, role=role, period=period, source=source)
        for column, measure, unit, better, role, period, source in BOROUGH_MEASURES
    ]
    for name, measure in REGISTERS:
        on_register = boroughs[f"{name}_register_2019_20" if name == "smi" else f"{name}_register_18plus_2019_20"]
        on_list = boroughs[f"{name}_list_2019_20" if name == "smi" else f"{name}_list_18plus_2019_20"]
        parts.append(
            boroughs.assign(
                measure=measure, value=on_register / on_list, numerator=on_register, denominator=on_list,
                unit="share", better="neither", role="need", period="2019/20", source="commons_qof_2019",
            )
        )  # fmt: skip
    return pd.concat(parts)


def series(published: pd.DataFrame) -> pd.DataFrame:
    """The NHS's published series by former commissioning group or system."""
    rows = published[published.measure.isin(SERIES)].copy()
    about = pd.DataFrame(SERIES, index=["measure", "unit", "better", "role", "source"]).T
    described = about.loc[rows["measure"]].set_index(rows.index)
    return rows.assign(**{name: described[name] for name in about.columns})


def twelve_months(published: pd.DataFrame) -> pd.DataFrame:
    """Health checks: published by quarter, each covering the 12 months to its end, so that is the period they get."""
    rows = published[published.measure.isin(["smi_register", "smi_all_six_checks_12m"])]
    wide = rows.pivot(index=["area", "period"], columns="measure", values="value").reset_index()
    ends = [periods.parse(label).end for label in wide.period]  # type: ignore[union-attr]
    return wide.assign(period=[periods.rolling_year(end.year, end.month).label for end in ends], source="smi_checks")


def check_share(checks: pd.DataFrame) -> pd.DataFrame:
    """Share of people on the register who had all six checks, computed here from the two published counts."""
    return checks.assign(
        measure=CHECKS_SHARE, service=CHECKS_SERVICE, numerator=checks.smi_all_six_checks_12m, denominator=checks.smi_register,
        value=checks.smi_all_six_checks_12m / checks.smi_register, unit="share", better="higher", role="access",
    )  # fmt: skip


def activity(boroughs: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """People who had all six checks, and people whom GPs know to have depression."""
    depression = boroughs.assign(
        service="General practice", measure="People on the depression register (18 and over)", period="2019/20",
        count=boroughs.depression_register_18plus_2019_20, source="commons_qof_2019",
    )  # fmt: skip
    seen = checks.assign(service=CHECKS_SERVICE, measure="People who had all six health checks", count=checks.smi_all_six_checks_12m)
    register = checks.assign(service=CHECKS_SERVICE, measure="People on the severe mental illness register", count=checks.smi_register)
    return pd.concat([seen, register, depression])


def main(out: Path = HERE) -> None:
    """Write the tables into ``out``."""
    boroughs = pd.read_csv(HERE / "source" / "london_boroughs.csv").rename(columns={"area_code": "area"})
    published = pd.read_csv(HERE / "source" / "london_nhs_published.csv").rename(columns={"area_code": "area"})
    published["period"] = [periods.parse(label).label for label in published.period]  # type: ignore[union-attr]
    checks = twelve_months(published)
    spend = published[published.measure == "total_mental_health_spend"].rename(columns={"value": "amount_gbp"})
    made = {
        "population": population(boroughs, published),
        "indicators": pd.concat([borough_measures(boroughs), series(published), check_share(checks)]),
        "investment": spend.assign(service="All mental-health services", source="mh_dashboard_spend"),
        "activity": activity(boroughs, checks),
    }
    for name, frame in made.items():
        tidy = tables.conform(frame.reset_index(drop=True), name)
        assert not tidy.duplicated(tables.kind(name).key).any(), name
        assert set(tidy.area) <= set(areas.by_code()), name
        tidy.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    main()
