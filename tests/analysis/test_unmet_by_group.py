"""Unmet need by group: care and residents under the same label, and nothing forced."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mhequity import tables
from mhequity.analysis import unmet_by_group
from mhequity.analysis import unmet_group_sentences as sentences
from mhequity.scope import Scope
from mhequity.workspace import Workspace

BRENT, EALING, HARROW = "E09000005", "E09000009", "E09000015"
YEAR, SEEN = "2024/25", "People seen"
NWL = Scope("NWL", year=YEAR)
Rows = list[tuple[str, str, float]]


def workspace(by: str, care: Rows, people: Rows, **about_people: Any) -> Workspace:
    """Rows of area, group and count; of area, group and residents."""
    seen = pd.DataFrame(care, columns=["area", by, "count"]).assign(service="A", period=YEAR, measure=SEEN, source="own")
    residents = pd.DataFrame(people, columns=["area", by, "persons"]).assign(**{"period": "2024", "source": "census", **about_people})
    return Workspace({"activity": tables.conform(seen, "activity"), "population": tables.conform(residents, "population")}, {}, "literal")


def rates(held: Workspace, by: str, scope: Scope = NWL) -> pd.DataFrame:
    return unmet_by_group.rate_by_group(unmet_by_group.grouped(held, scope.whole, SEEN, by), scope).set_index("group")


SEX = workspace(
    "sex",
    [(BRENT, "female", 200), (BRENT, "male", 100), (EALING, "female", 300), (EALING, "male", 200)],
    [(BRENT, "female", 10_000), (BRENT, "male", 10_000), (EALING, "female", 10_000), (EALING, "male", 10_000)],
)


def test_rate_of_a_group_is_its_care_over_its_own_residents() -> None:
    # Women 500 of 20,000: 25 per 1,000; men 300 of 20,000: 15; the system 800 of 40,000: 20.
    found = rates(SEX, "sex")
    assert found.rate.to_dict() == {"female": 25, "male": 15}
    assert found.system.to_dict() == {"female": 20, "male": 20}
    assert found.verdict.to_dict() == {"female": "higher", "male": "lower"}


def test_interval_of_a_rate_is_byars() -> None:
    # 65 events: 50.1631877 to 82.8491385 (PHEindicatormethods' own test data), of 1,000 residents.
    held = workspace("sex", [(BRENT, "female", 65), (BRENT, "male", 65)], [(BRENT, "female", 1000), (BRENT, "male", 1000)])
    found = rates(held, "sex").loc["female"]
    assert (found.lower, found.upper, found.verdict) == (pytest.approx(50.1631877105), pytest.approx(82.8491385459), "similar")


def test_boroughs_in_view_are_compared_with_the_whole_system() -> None:
    found = rates(SEX, "sex", Scope("NWL", (BRENT,), YEAR))
    assert found.rate.to_dict() == {"female": 20, "male": 10}
    assert found.system.to_dict() == {"female": 20, "male": 20}
    assert found.boroughs.to_dict() == {"female": 1, "male": 1}


AGES = workspace(
    "age_band",
    [(BRENT, "18 to 64", 600), (BRENT, "65 and over", 100), (BRENT, "not known", 50)],
    [(BRENT, "16 to 64", 60_000), (BRENT, "65+", 10_000), (BRENT, "0 to 15", 20_000)],
)


def test_labels_that_do_not_match_are_named_and_never_forced() -> None:
    found = unmet_by_group.grouped(AGES, NWL, SEEN, "age_band")
    assert found.care_only == ("18 to 64", "not known")
    assert found.people_only == ("0 to 15", "16 to 64")
    assert found.comparable == 1
    assert rates(AGES, "age_band").rate.to_dict() == {"65 and over": 10}


def test_what_is_left_out_is_said_with_its_count() -> None:
    found = unmet_by_group.grouped(AGES, NWL, SEEN, "age_band")
    assert sentences.not_compared(unmet_by_group.left_out(found, NWL), found.people_only, "age_band") == (
        "Not compared, since care and residents do not have the same label: care is given for 18 to 64 (600) and not known (50); "
        "residents for 0 to 15 and 16 to 64."
    )
    assert sentences.not_compared({}, (), "age_band") == ""


def test_what_is_left_out_on_one_side_alone_is_said_of_that_side() -> None:
    assert sentences.not_compared({}, ("under 16",), "age_band") == "Not compared: under 16. Residents are given for them, care is not."
    assert sentences.not_compared({"4": 50.0}, (), "deprivation_quintile") == (
        "Not compared: Fifth 4 (50). Care is given for them, residents are not."
    )


def test_residents_of_ages_that_are_compared_already_are_not_called_left_out() -> None:
    # 16 to 74 shares ages with both bands compared, and its source shows nowhere; 0 to 15 with neither.
    held = workspace("age_band", [(BRENT, "16 to 64", 600), (BRENT, "65 and over", 100)],
                     [(BRENT, "16 to 64", 60_000), (BRENT, "65+", 10_000), (BRENT, "16 to 74", 65_000), (BRENT, "0 to 15", 20_000)])  # fmt: skip
    people = held.table("population")
    people = people.assign(source=people.source.mask(people.age_band == "16 to 74", "other census"))
    found = unmet_by_group.grouped(Workspace({**held.tables, "population": people}, {}, "literal"), NWL, SEEN, "age_band")
    assert (found.care_only, found.people_only, found.sources) == ((), ("0 to 15",), ("own", "census"))


def test_ages_and_fifths_are_named_in_full_in_sentences() -> None:
    ages = workspace("age_band", [(BRENT, "16 to 64", 600), (BRENT, "65 and over", 300)],
                     [(BRENT, "16 to 64", 60_000), (BRENT, "65 and over", 10_000)])  # fmt: skip
    frame = unmet_by_group.rate_by_group(unmet_by_group.grouped(ages, NWL, SEEN, "age_band"), NWL)
    assert "**people aged 16 to 64** (10.0)" in sentences.rates(frame, NWL, "age_band")
    fifths = workspace("deprivation_quintile", [(BRENT, "1", 600), (BRENT, "4", 300)], [(BRENT, "1", 10_000), (BRENT, "4", 10_000)])
    frame = unmet_by_group.rate_by_group(unmet_by_group.grouped(fifths, NWL, SEEN, "deprivation_quintile"), NWL)
    assert "**fifth 4** (30.0)" in sentences.rates(frame, NWL, "deprivation_quintile")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("16-64", "16 to 64", True),
        ("65+", "65 and over", True),
        ("White", "white ", True),
        ("Asian", "Asian British", False),
        ("1", "2", False),
        ("1", "1", True),
    ],
)
def test_spelling_does_not_matter_and_meaning_does(one: str, other: str, same: bool) -> None:
    assert (unmet_by_group.same_label(one) == unmet_by_group.same_label(other)) is same


def test_a_hidden_count_takes_its_residents_with_it() -> None:
    # Brent's 3 men are hidden, and her women with them, or the 3 could be told from a total. Ealing alone is counted.
    held = workspace(
        "sex", [(BRENT, "", 203), (BRENT, "female", 200), (BRENT, "male", 3), (EALING, "female", 300), (EALING, "male", 200)],
        [(BRENT, "female", 9_000), (BRENT, "male", 9_000), (EALING, "female", 10_000), (EALING, "male", 10_000)],
    )  # fmt: skip
    found = rates(held, "sex")
    assert found.rate.to_dict() == {"female": 30, "male": 20}
    assert found[["boroughs", "of"]].to_numpy().tolist() == [[1, 2], [1, 2]]
    alone = rates(held, "sex", Scope("NWL", (BRENT,), YEAR))
    assert alone.rate.isna().all()
    assert set(alone.state) == {"suppressed"}


def test_counts_are_rounded_and_rates_are_not() -> None:
    held = workspace("sex", [(BRENT, "female", 201), (BRENT, "male", 101)], [(BRENT, "female", 10_000), (BRENT, "male", 10_000)])
    found = rates(held, "sex").loc["female"]
    assert (found.shown, found.rate) == (200, pytest.approx(20.1))


def test_residents_nearest_to_the_year_are_taken() -> None:
    rows = [(BRENT, "female", 1000, "2011"), (BRENT, "female", 2000, "2021"), (BRENT, "female", 9000, "mid-2024")]
    people = pd.DataFrame(rows, columns=["area", "sex", "persons", "period"]).assign(source="x")
    held = Workspace({"population": tables.conform(people, "population")}, {}, "literal")
    assert unmet_by_group.residents(held, NWL, "sex").persons.tolist() == [9000]
    assert unmet_by_group.residents(held, Scope("NWL", year="2020/21"), "sex").persons.tolist() == [2000]


def test_residents_of_the_age_in_view_are_taken_where_they_are_given_by_group() -> None:
    rows = [(BRENT, "female", "", 1000), (BRENT, "female", "16 to 64", 600), (BRENT, "male", "16 to 64", 500)]
    people = pd.DataFrame(rows, columns=["area", "sex", "age_band", "persons"]).assign(period="2024", source="x")
    held = Workspace({**SEX.tables, "population": tables.conform(people, "population")}, {}, "literal")
    found = unmet_by_group.grouped(held, NWL, SEEN, "sex", "16 to 64")
    assert (found.age_band, found.cells.persons.dropna().tolist()) == ("16 to 64", [600, 500])
    other = unmet_by_group.grouped(held, NWL, SEEN, "sex", "18 to 64")
    assert (other.age_band, other.cells.persons.dropna().tolist()) == ("", [1000])


def test_groups_that_residents_have_too_are_offered_first() -> None:
    care = SEX.table("activity").assign(age_band="")
    ages = AGES.table("activity")
    held = Workspace({"activity": pd.concat([care, ages]), "population": SEX.table("population")}, {}, "literal")
    assert unmet_by_group.groupings(held, NWL, SEEN) == ["sex", "age_band"]
    assert unmet_by_group.measures_with_groups(held, NWL) == [SEEN]


def gaps(own: dict[str, float]) -> pd.DataFrame:
    found = unmet_by_group.grouped(SEX, NWL, SEEN, "sex")
    return unmet_by_group.gap_by_group(found, NWL, (0.2, 0.16, 0.24), own).set_index("group")


def test_the_gap_of_each_group_with_one_prevalence_for_all() -> None:
    # 20 % of 20,000 is 4,000 of either sex: less 500 women seen is 3,500 (87.5 %), less 300 men 3,700 (92.5 %).
    found = gaps({})
    assert found.estimated.to_dict() == {"female": 4000, "male": 4000}
    assert found.gap.to_dict() == {"female": 3500, "male": 3700}
    assert found.gap_share.to_dict() == {"female": 0.875, "male": 0.925}


def test_a_group_may_have_a_prevalence_of_its_own_with_a_range_as_wide_in_proportion() -> None:
    # 10 % of men, 8 to 12 %: 2,000 less 300 seen; Byar's of 300 ends at 267.0 and 335.9.
    found = gaps({"male": 0.1}).loc["male"]
    assert (found.prevalence, found.estimated, found.gap) == (0.1, 2000, 1700)
    assert (found.gap_lower, found.gap_upper) == (pytest.approx(1600 - 335.934, abs=0.01), pytest.approx(2400 - 267.006, abs=0.01))
    assert gaps({"male": 0.1}).loc["female"].equals(gaps({}).loc["female"])


def test_ages_stand_from_the_youngest_and_other_groups_by_name() -> None:
    assert unmet_by_group.in_order(["65+", "under 18", "not known", "18 to 64"]) == ("under 18", "18 to 64", "65+", "not known")
    assert unmet_by_group.in_order(["White", "Asian"]) == ("Asian", "White")


def test_the_sentence_names_groups_below_the_system() -> None:
    found = unmet_by_group.rate_by_group(unmet_by_group.grouped(SEX, NWL, SEEN, "sex"), NWL)
    assert sentences.rates(found, NWL, "sex") == (
        "In North West London in 2024/25 this group got less care per 1,000 of its residents than all of them together (20.0), beyond chance: "
        "**Male** (15.0)."
    )


def test_the_sentence_on_gaps_says_whether_the_order_is_certain() -> None:
    found = unmet_by_group.grouped(SEX, NWL, SEEN, "sex")
    said = sentences.gaps(unmet_by_group.gap_by_group(found, NWL, (0.2, 0.19, 0.21), {}), NWL, "sex")
    assert said == (
        "In North West London the treatment gap is widest for **Male** (92% not seen) and narrowest for **Female** (88% not seen); their plausible ranges do "
        "not meet."
    )
    wide = sentences.gaps(unmet_by_group.gap_by_group(found, NWL, (0.2, 0.05, 0.4), {}), NWL, "sex")
    assert wide.endswith("their plausible ranges meet, so that the order is not certain.")


def test_where_more_are_seen_than_estimated_it_is_said_in_words() -> None:
    # 1 % of 20,000 are 200: 500 women and 300 men were seen. At 2 % 400 are estimated, and 300 men are 25 % short of them.
    found = unmet_by_group.grouped(SEX, NWL, SEEN, "sex")
    said = sentences.gaps(unmet_by_group.gap_by_group(found, NWL, (0.02, 0.02, 0.02), {}), NWL, "sex")
    assert "**Male** (25% not seen) and narrowest for **Female** (more people seen than estimated to have the condition)" in said


def test_one_group_alone_is_told_without_an_order() -> None:
    found = unmet_by_group.grouped(AGES, NWL, SEEN, "age_band")
    said = sentences.gaps(unmet_by_group.gap_by_group(found, NWL, (0.2, 0.19, 0.21), {}), NWL, "age_band")
    assert said == "In North West London the treatment gap is known for **people aged 65 and over** alone (95% not seen)."


def test_no_figures_in_view_are_told() -> None:
    found = unmet_by_group.grouped(SEX, NWL, SEEN, "sex")
    away = Scope("NWL", (HARROW,), YEAR)
    assert "No group's care can be told for Harrow" in sentences.rates(unmet_by_group.rate_by_group(found, away), away, "sex")


def test_groups_are_named_as_people_say_them() -> None:
    assert sentences.group_name("deprivation_quintile", "1") == "Fifth 1 (most deprived)"
    assert sentences.group_name("deprivation_quintile", "4") == "Fifth 4"
    assert sentences.group_name("sex", "female") == "Female"
    assert sentences.group_name("ethnic_group", "Black African") == "Black African"
