"""The published figures that come with the project: made anew they are the same, each has its source, and totals are the publisher's."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from data.facts import make
from mhequity import areas, periods, tables
from mhequity.paths import DATA
from mhequity.workspace import published, read_sources

NAMES = ["population", "indicators", "investment", "activity"]
BOROUGHS = {area.code for area in areas.boroughs()}
ICBS = {area.code for area in areas.systems()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("facts")
    make.main(out)
    return out


@pytest.mark.parametrize("name", NAMES)
def test_tables_made_anew_are_the_ones_that_come_with_the_project(made: Path, name: str) -> None:
    assert (made / f"{name}.csv").read_bytes() == (DATA / "facts" / f"{name}.csv").read_bytes()


def test_nothing_else_is_made(made: Path) -> None:
    assert sorted(path.stem for path in made.iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_has_a_source_that_is_described(name: str) -> None:
    assert set(published().table(name)["source"]) <= set(read_sources(DATA / "facts" / "sources.csv"))


def test_every_source_is_used_has_a_licence_and_is_not_made_up() -> None:
    used = {source for name in NAMES for source in published().table(name)["source"]}
    for key, source in read_sources(DATA / "facts" / "sources.csv").items():
        assert key in used
        assert source.title
        assert source.publisher
        assert source.licence in ("Open Government Licence v3", "Open Parliament Licence")
        assert not source.made_up


@pytest.mark.parametrize("name", NAMES)
def test_areas_are_londons_boroughs_and_systems_and_periods_can_be_read(name: str) -> None:
    frame = published().table(name)
    assert set(frame.area) <= BOROUGHS | ICBS
    assert all(periods.parse(label) is not None for label in frame.period.unique())
    assert all(periods.parse(label).label == label for label in frame.period.unique())  # type: ignore[union-attr]


@pytest.mark.parametrize("name", NAMES)
def test_no_fact_is_stated_twice(name: str) -> None:
    assert not published().table(name).duplicated(tables.kind(name).key).any()


def residents(period: str = "2021", base: str = "resident", age_band: str = "") -> pd.Series:
    frame = published().table("population")
    return frame[(frame.period == period) & (frame.base == base) & (frame.age_band == age_band)].set_index("area").persons


def test_census_residents_of_london_add_up_to_the_published_8_799_800() -> None:
    # ONS, Census 2021 first results: London 8,799,800 (rounded to 100). Boroughs of TS009 add up to 8,799,697: ONS perturbs a
    # table's cells against disclosure, so their sums differ a little from the total.
    census = residents()
    assert set(census.index) == BOROUGHS
    assert census.sum() == 8_799_697
    assert abs(census.sum() - 8_799_800) <= 200


def test_registered_patients_are_more_than_residents_in_every_borough() -> None:
    patients = residents("2025/26", "registered")
    assert set(patients.index) == BOROUGHS
    assert patients["E09000005"] == 560094
    assert (patients > residents()).all()


def test_people_of_an_age_are_fewer_than_all() -> None:
    assert (residents(age_band="16 to 74") < residents()).all()
    adults = residents("mid-2019", age_band="18 and over")
    assert (adults < residents("mid-2019")[adults.index]).all()


def test_spend_is_there_for_15_boroughs_and_the_systems_each_on_its_own_rows() -> None:
    frame = published().table("investment")
    latest = frame[frame.period == "2019/20"]
    assert latest.area.isin(BOROUGHS).sum() == 15
    assert set(latest.area) & ICBS


def test_a_systems_row_is_never_part_of_its_boroughs_sum() -> None:
    # NHS Mental Health Dashboard, 2019/20: eight boroughs of North West London add up to £455,444,257.10.
    frame = published().table("investment")
    latest = frame[(frame.period == "2019/20") & frame.area.isin([area.code for area in areas.boroughs("NWL")])]
    assert len(latest) == 8
    assert latest.amount_gbp.sum() == pytest.approx(455_444_257.10)


def test_shares_are_their_numerators_over_their_denominators() -> None:
    frame = published().table("indicators")
    counted = frame[frame.numerator.notna() & frame.denominator.notna()]
    assert len(counted) > 300
    pd.testing.assert_series_equal(counted["value"], counted.numerator / counted.denominator, check_names=False)
    assert counted["value"].between(0, 1).all()


def test_health_checks_of_a_quarter_cover_the_twelve_months_to_its_end() -> None:
    # NHS England publishes "Q4 2023/24": the 12 months to March 2024, which is the financial year.
    frame = published().table("activity")
    checks = frame[(frame.area == "E54000027") & (frame.measure == "People who had all six health checks")]
    assert checks.set_index("period")["count"]["2023/24"] == 22468
    assert "12 months to Dec 2023" in set(checks.period)
    assert not checks.period.str.contains("Q").any()


def test_the_city_has_no_mortality_ratio_and_it_is_missing_rather_than_0() -> None:
    frame = published().table("indicators")
    city = frame[(frame.area == "E09000001") & frame.measure.str.startswith("Excess deaths")]
    assert city["value"].isna().all()
    assert (city.suppressed == "").all()
