"""Residents by group as they may be shown."""

from __future__ import annotations

from typing import Any

import pandas as pd

from mhequity import tables
from mhequity.analysis import need, residents
from mhequity.disclosure import AS_PUBLISHED, UNDER_FIVE, Policy
from mhequity.workspace import Workspace, published

BRENT = "E09000005"


def held(*rows: tuple[float | None, dict[str, str]], source: str = "own", policy: Policy = UNDER_FIVE, **marks: Any) -> Workspace:
    """Persons of Brent by group."""
    frame = pd.DataFrame(
        [{"area": BRENT, "period": "2024/25", "persons": persons, "source": source, **marks, **group} for persons, group in rows]
    )
    return Workspace({"population": tables.conform(frame, "population")}, published().sources, "literal", policy=policy)


def shown(workspace: Workspace) -> list[float | None]:
    return [None if pd.isna(each) else each for each in residents.population(workspace).persons]


def test_a_small_group_takes_the_next_smallest_with_it_and_both_are_marked() -> None:
    held_here = held((1000, {}), (3, {"sex": "other"}), (480, {"sex": "male"}), (517, {"sex": "female"}))
    assert shown(held_here) == [1000, None, None, 517]
    assert residents.population(held_here).suppressed.tolist() == ["", "persons", "persons", ""]


def test_a_band_of_age_is_not_told_by_a_wider_one() -> None:
    ages = [(1000, ""), (300, "0 to 15"), (600, "16 to 64"), (97, "65 to 84"), (3, "85+"), (100, "65+")]
    assert shown(held(*((persons, {"age_band": age}) for persons, age in ages))) == [1000, 300, 600, None, None, 100]


def test_groups_inside_a_band_of_age_are_a_table_too() -> None:
    adults = {"age_band": "16 to 64"}
    assert shown(held((600, adults), (2, {**adults, "sex": "other"}), (290, {**adults, "sex": "male"}), (308, {**adults, "sex": "female"}))) == [
        600, None, None, 308,
    ]  # fmt: skip


def test_a_group_that_its_publisher_hid_stays_hidden() -> None:
    rows = ((1000, {}), (None, {"sex": "other", "suppressed": "persons"}), (480, {"sex": "male"}), (517, {"sex": "female"}))
    assert shown(held(*rows)) == [1000, None, None, 517]


def test_published_residents_and_those_said_to_be_public_stay() -> None:
    rows = ((1000, {}), (3, {"sex": "other"}), (480, {"sex": "male"}), (517, {"sex": "female"}))
    assert shown(held(*rows, source=next(iter(published().sources)))) == [1000, 3, 480, 517]
    assert shown(held(*rows, policy=AS_PUBLISHED)) == [1000, 3, 480, 517]


def test_a_small_band_of_age_is_no_base_of_anything() -> None:
    held_here = held((1000, {}), (3, {"age_band": "85+"}), (997, {"age_band": "0 to 84"}))
    assert need.population(held_here, "resident", "", "85+").empty
    assert need.population(held_here, "resident").persons.tolist() == [1000]
