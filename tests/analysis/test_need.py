"""Need: published indices, weighted populations on their own base, and the population that belongs to a year."""

from __future__ import annotations

import pandas as pd
import pytest

from mhequity import tables
from mhequity.analysis import need
from mhequity.scope import Scope
from mhequity.workspace import Workspace, made_up, published

BRENT, EALING, HARROW = "E09000005", "E09000009", "E09000015"
ISLINGTON, KINGSTON, KENSINGTON, CITY = "E09000019", "E09000021", "E09000020", "E09000001"
NHS_ENGLAND = "Mental-health need-weighted population"
INDICES_2025 = "Mental-health indicator (Indices of Deprivation 2025)"
SMI_REGISTER = "GP register: people with severe mental illness, share"


def loaded(**frames: list[dict]) -> Workspace:
    return Workspace({name: tables.conform(pd.DataFrame(rows), name) for name, rows in frames.items()}, {}, "literal")


def measure(name: str) -> need.NeedMeasure:
    return next(found for found in need.measures(published()) if found.name == name)


def figures(name: str) -> pd.DataFrame:
    return need.weighted_population(published(), measure(name)).set_index("area")


def people(base: str, period: str = "", age_band: str = "") -> pd.DataFrame:
    return need.population(published(), base, period, age_band).set_index("area")


@pytest.mark.parametrize(("code", "index"), [(BRENT, 1.309), (ISLINGTON, 1.655), (KINGSTON, 0.747)])
def test_published_need_index_comes_out_of_weighted_and_registered_people(code: str, index: float) -> None:
    # NHS England's place tool for 2025/26 states 1.3088, 1.6546 and 0.7471.
    assert round(figures(NHS_ENGLAND).need_index[code], 3) == index


def test_brents_need_index_divides_by_registered_patients_and_never_by_residents() -> None:
    brent = figures(NHS_ENGLAND).loc[BRENT]
    assert (brent.persons, brent.weighted) == (560094, 733065)
    assert people("resident", "2021").persons[BRENT] == 339816


def test_north_west_londons_weighted_need_is_18_percent_above_england() -> None:
    boroughs = figures(NHS_ENGLAND).loc[list(Scope("NWL").codes)]
    assert boroughs.weighted.sum() / boroughs.persons.sum() == pytest.approx(1.183, abs=0.0005)


def test_measures_counted_where_people_live_weight_residents() -> None:
    assert measure(NHS_ENGLAND).base == "registered"
    assert {found.base for found in need.measures(published()) if found.name != NHS_ENGLAND} == {"resident"}
    assert figures(SMI_REGISTER).persons[BRENT] == 329771  # ONS, mid-2019


def test_scores_and_ranks_cannot_weight_a_population() -> None:
    can = {found.name: found.can_weight for found in need.measures(published())}
    assert not can[INDICES_2025]
    assert not can["Deprivation score (IMD 2025)"]
    assert can[NHS_ENGLAND]
    assert can[SMI_REGISTER]
    assert can[need.HEADS]


def register(area: str, people: float) -> dict[str, object]:
    """A row of a register: so many people of 1,000."""
    about = {"period": "2021", "measure": "Register", "unit": "share", "role": "need"}
    return {"area": area, "numerator": people, "denominator": 1000.0, **about}


def test_index_of_a_share_is_the_boroughs_share_over_all_of_londons() -> None:
    # Shares 30/1,000 and 10/1,000; together 40/2,000 = 2 %: indices 1.5 and 0.5.
    workspace = loaded(
        population=[{"area": BRENT, "period": "2021", "persons": 500.0}, {"area": EALING, "period": "2021", "persons": 800.0}],
        indicators=[
            register(BRENT, 30.0),
            register(EALING, 10.0),
        ],
    )
    measure = need.measures(workspace)[0]
    found = need.weighted_population(workspace, measure).set_index("area")
    assert found.need_index.to_dict() == {BRENT: 1.5, EALING: 0.5}
    assert found.weighted.to_dict() == {BRENT: 750.0, EALING: 400.0}


def test_borough_without_a_numerator_does_not_lower_londons_share() -> None:
    rows = [
        register(BRENT, 30.0),
        register(EALING, 10.0),
        {"area": HARROW, "period": "2021", "measure": "Register", "denominator": 9000.0, "unit": "share", "role": "need"},
    ]
    workspace = loaded(population=[{"area": row["area"], "period": "2021", "persons": 500.0} for row in rows], indicators=rows)
    found = need.weighted_population(workspace, need.measures(workspace)[0]).set_index("area")
    assert found.need_index[[BRENT, EALING]].tolist() == [1.5, 0.5]
    assert pd.isna(found.need_index[HARROW])


def test_everyone_alike_has_index_1_and_weighs_as_much_as_it_has_residents() -> None:
    found = figures(need.HEADS)
    assert set(found.need_index) == {1.0}
    assert (found.weighted == found.persons).all()
    assert len(found) == 33


def test_need_index_by_hand() -> None:
    # 1,200 weighted of 1,000 people, where the reference has 1.5 weighted a head: 0.8.
    assert need.need_index(pd.Series([1200.0]), pd.Series([1000.0]), 1.5).tolist() == pytest.approx([0.8])


def test_2019_20_takes_the_mid_2019_estimate() -> None:
    found = people("resident", "2019/20")
    assert found.period[BRENT] == "mid-2019"
    assert found.persons[BRENT] == 329771
    assert found.persons[KENSINGTON] == 227412  # the former West London group, wider than the borough


def test_borough_without_an_estimate_takes_the_census() -> None:
    assert people("resident", "2019/20").loc[CITY, "period"] == "2021"
    assert people("resident", "2019/20").loc[CITY, "persons"] == 8584


@pytest.mark.parametrize("year", ["2021/22", "2024/25", "2030/31", "", "not stated"])
def test_later_year_or_none_takes_the_census(year: str) -> None:
    found = people("resident", year)
    assert set(found.period) == {"2021"}
    assert found.persons[BRENT] == 339816


def test_2020_21_takes_mid_2020_where_there_is_one() -> None:
    assert people("resident", "2020/21").period[[BRENT, CITY]].tolist() == ["mid-2020", "2021"]


def test_age_band_is_its_own_population() -> None:
    # Census 2021, table TS009: 257,493 residents of Brent aged 16 to 74.
    assert people("resident", "2021", "16 to 74").persons[BRENT] == 257493
    assert people("resident", "2021", "under 5").empty


def test_no_base_stated_means_residents_and_groups_are_never_summed() -> None:
    workspace = loaded(
        population=[
            {"area": BRENT, "period": "2021", "persons": 100.0},
            {"area": BRENT, "period": "2021", "persons": 60.0, "sex": "female"},
            {"area": EALING, "period": "2021", "persons": 60.0, "sex": "female"},
            {"area": EALING, "period": "2021", "persons": 40.0, "sex": "male"},
        ]
    )
    assert need.population(workspace, "resident")[["area", "persons"]].to_numpy().tolist() == [[BRENT, 100.0]]
    assert need.population(workspace, "registered").empty


def test_without_need_measures_every_resident_counts_alike() -> None:
    assert [found.name for found in need.measures(loaded())] == [need.HEADS]


@pytest.mark.parametrize("base", ["resident", "registered"])
@pytest.mark.parametrize("period", ["", "2019/20", "2021", "2024/25"])
@pytest.mark.parametrize("age_band", ["", "16 to 74", "18 and over"])
def test_made_up_residents_by_group_stand_in_for_no_published_figure(base: str, period: str, age_band: str) -> None:
    pd.testing.assert_frame_equal(need.population(made_up(), base, period, age_band), need.population(published(), base, period, age_band))


def test_need_is_the_same_in_both_examples() -> None:
    assert need.measures(made_up()) == need.measures(published())
    for found in need.measures(published()):
        if found.can_weight:
            pd.testing.assert_frame_equal(need.weighted_population(made_up(), found), need.weighted_population(published(), found))


def test_made_up_residents_of_an_age_say_that_they_are() -> None:
    found = need.population(made_up(), "resident", "2024/25", "65 and over")
    assert [source.made_up for source in made_up().sources_of(found)] == [True]
