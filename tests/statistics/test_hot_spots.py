"""Hot spots: found where they are, hardly ever where there are none, and refused with the reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import Point

from mhequity.statistics import spatial
from mhequity.statistics.hot_spots import hot_spots
from tests.statistics.squares import lattice

NAN = float("nan")


SIX = lattice(6)
figures = st.lists(st.integers(-1000, 1000), min_size=36, max_size=36)


def corner_and_corner() -> np.ndarray:
    """Ten by ten areas with a few per cent of scatter, high in one corner and low in the opposite one."""
    values = np.random.default_rng(7).normal(100, 3, 100).reshape(10, 10)
    values[:3, :3] += 30
    values[-3:, -3:] -= 30
    return values.ravel()


def test_high_corner_is_hot_and_low_corner_cold() -> None:
    found = hot_spots(corner_and_corner(), lattice(10))
    label = found.areas["label"].to_numpy().reshape(10, 10)
    assert found.refused == ""
    assert set(label[:2, :2].ravel()) == {"hot spot"}
    assert set(label[-2:, -2:].ravel()) == {"cold spot"}
    assert set(label[:3, -4:].ravel()) == {"not beyond chance"}
    assert (found.n, found.warnings) == (100, ())
    assert list(found.areas.columns) == ["z", "p", "p_adjusted", "significant", "label"]


def test_negative_figures_do_not_turn_hot_into_cold() -> None:
    there, below = hot_spots(corner_and_corner(), lattice(10)), hot_spots(corner_and_corner() - 500, lattice(10))
    assert there.areas["label"].tolist() == below.areas["label"].tolist()


def test_scatter_alone_has_hardly_ever_a_spot() -> None:
    # Controlled at 5 %, about one map in twenty without any pattern shows a spot.
    random = np.random.default_rng(11)
    maps = [hot_spots(random.normal(size=100), lattice(10)) for _ in range(60)]
    assert sum(found.areas["significant"].any() for found in maps) <= 8


def test_uncontrolled_p_would_call_more_than_the_adjusted_one() -> None:
    random = np.random.default_rng(1)
    maps = [hot_spots(random.normal(size=100), lattice(10)).areas for _ in range(10)]
    assert sum((found["p"] <= 0.05).sum() for found in maps) > 20
    assert sum(found["significant"].sum() for found in maps) <= 5
    assert all((found["p_adjusted"] >= found["p"]).all() for found in maps)


def test_order_of_the_areas_does_not_matter() -> None:
    order = np.random.default_rng(2).permutation(100)
    place = np.argsort(order)
    mixed = [[int(place[other]) for other in lattice(10)[at]] for at in order]
    there = hot_spots(corner_and_corner(), lattice(10)).areas
    other = hot_spots(corner_and_corner()[order], mixed).areas
    assert other["label"].tolist() == there["label"].to_numpy()[order].tolist()


@pytest.mark.parametrize(
    ("values", "neighbours", "reason"),
    [
        (range(25), lattice(5), "Hot spots need at least 30 areas with a figure; there are 25."),
        ([], (), "Hot spots need at least 30 areas with a figure; there are 0."),
        ([4.0] * 36, SIX, "All 36 areas have the same figure, so that none stands out."),
        (
            [NAN] * 25 + list(range(75)),
            lattice(10),
            "25 of 100 areas have no figure. Hot spots are looked for where at most a fifth have none.",
        ),
        (range(36), ((),) * 36, "No area borders another, so that there are no neighbourhoods to compare."),
    ],
)
def test_refused_with_the_reason(values: list[float], neighbours: spatial.Neighbours, reason: str) -> None:
    found = hot_spots(values, neighbours)
    assert found.refused == reason
    assert (found.n, found.warnings) == (0, ())
    assert len(found.areas) == len(neighbours)
    assert found.areas["z"].isna().all()
    assert not found.areas["significant"].any()
    assert set(found.areas["label"]) <= {"not tested"}


def test_islands_missing_figures_and_counts_are_warned_about() -> None:
    values = np.append(corner_and_corner(), 90.0)
    values[55] = NAN
    found = hot_spots(values, (*lattice(10), ()), values_are_counts=True)
    assert found.warnings == (
        "1 area has no figure: left out, and the neighbours were judged without.",
        "1 area has no neighbour with a figure: not tested.",
        "The figures are counts, which are high where many people live: hot spots may show no more than that. Use a rate.",
    )
    assert found.areas["label"].iloc[[55, 100]].tolist() == ["not tested", "not tested"]
    assert found.n == 99


def test_a_few_figures_far_from_all_others_are_warned_about() -> None:
    values = np.ones(36)
    values[0] = 1000
    found = hot_spots(values, SIX)
    assert found.warnings == (
        "A few areas have figures far from all others, so that p is rough and too many areas may be called hot or cold.",
    )


@settings(max_examples=50, deadline=None)
@given(figures, st.sampled_from([0.01, 0.05, 0.2]))
def test_every_label_follows_from_z_and_adjusted_p(values: list[int], rate: float) -> None:
    found = hot_spots(values, SIX, false_discovery_rate=rate).areas
    called = found["p_adjusted"] <= rate
    assert found["significant"].tolist() == called.tolist()
    assert (found.loc[called, "label"] == np.where(found.loc[called, "z"] > 0, "hot spot", "cold spot")).all()
    assert not found.loc[~called, "label"].isin(["hot spot", "cold spot"]).any()


def test_outlines_lead_to_hot_spots() -> None:
    discs = [Point(at % 6, at // 6).buffer(0.5, quad_segs=16) for at in range(36)]
    values = [10.0 if at % 6 < 2 and at // 6 < 3 else at % 3 for at in range(36)]
    found = hot_spots(values, spatial.queen_neighbours(discs, gap=0.01))
    assert found.areas["label"].iloc[0] == "hot spot"
