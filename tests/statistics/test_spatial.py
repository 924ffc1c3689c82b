"""Neighbours, Moran's I and Getis-Ord: worked by hand, and laws that they keep."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Polygon, box

from mhequity.statistics import spatial
from tests.statistics.squares import lattice

NAN = float("nan")
ROW = ((1,), (0, 2), (1, 3), (2,))
"""Four areas in a row."""


SIX = lattice(6)
figures = st.lists(st.integers(-1000, 1000), min_size=36, max_size=36)


# Neighbours ----------------------------------------------------------------------------------------------------------------


def test_squares_that_share_a_border_or_a_corner_are_neighbours() -> None:
    squares = [box(at % 6, at // 6, at % 6 + 1, at // 6 + 1) for at in range(36)]
    assert spatial.queen_neighbours(squares) == SIX


def test_border_with_a_corner_on_one_side_only_is_still_shared() -> None:
    long = Polygon([(0, 0), (1, 0), (1, 3), (0, 3)])
    short = Polygon([(1, 1), (2, 1), (2, 2), (1, 2)])
    assert spatial.queen_neighbours([long, short]) == ((1,), (0,))


def test_gap_between_borders_that_do_not_meet_is_closed_where_asked() -> None:
    squares = [box(0, 0, 1, 1), box(1.01, 0, 2, 1)]
    assert spatial.queen_neighbours(squares) == ((), ())
    assert spatial.queen_neighbours(squares, gap=0.02) == ((1,), (0,))


def test_overlapping_polygons_are_neighbours() -> None:
    assert spatial.queen_neighbours([box(0, 0, 2, 1), box(1, 0, 3, 1)]) == ((1,), (0,))


def test_either_part_of_an_area_may_touch() -> None:
    both = MultiPolygon([box(0, 0, 1, 1), box(5, 0, 6, 1)])
    assert spatial.queen_neighbours([both, box(6, 0, 7, 1)]) == ((1,), (0,))


def test_area_without_an_outline_has_no_neighbour() -> None:
    assert spatial.queen_neighbours([box(0, 0, 1, 1), None, Polygon(), box(1, 0, 2, 1)]) == ((3,), (), (), (0,))
    assert spatial.queen_neighbours([]) == ()
    assert spatial.queen_neighbours([box(0, 0, 1, 1)]) == ((),)


# Moran ---------------------------------------------------------------------------------------------------------------------


def test_moran_by_hand() -> None:
    # z = -1.5, -0.5, 0.5, 1.5; sum z^2 = 5; the six links give 2 (0.75 - 0.25 + 0.75) = 2.5; I = 4/6 x 2.5/5 = 1/3.
    # S0 = 6, S1 = 12, S2 = 4 + 16 + 16 + 4 = 40: variance (16 x 12 - 4 x 40 + 3 x 36) / (15 x 36) - 1/9 = 4/27.
    found = spatial.moran([1, 2, 3, 4], ROW, row_standardised=False)
    assert found.i == pytest.approx(1 / 3, abs=1e-12)
    assert found.expected == pytest.approx(-1 / 3, abs=1e-12)
    assert found.variance_normal == pytest.approx(4 / 27, abs=1e-12)
    assert found.z_normal == pytest.approx(3**0.5, abs=1e-12)
    assert found.p_normal == pytest.approx(0.0832645, abs=1e-7)
    assert found.n == 4


def test_row_standardised_moran_by_hand() -> None:
    # Means of the neighbours' z: -0.5, -0.5, 0.5, 0.5; products with z sum to 2; I = 4/4 x 2/5.
    assert spatial.moran([1, 2, 3, 4], ROW).i == pytest.approx(0.4, abs=1e-12)


def test_local_moran_by_hand() -> None:
    # (n - 1) z lag / sum z^2 = 3 x 1.5 x 0.5 / 5 at both ends, 3 x 0.5 x 0.5 / 5 between.
    found = spatial.local_moran([1, 2, 3, 4], ROW, permutations=99)
    assert found.i.tolist() == pytest.approx([0.45, 0.15, 0.15, 0.45], abs=1e-12)
    assert found.quadrant == ("LL", "LL", "HH", "HH")


def test_high_area_among_low_ones_is_told_from_low_among_high() -> None:
    values = [0] * 18 + [9] * 18
    values[7], values[28] = 9, 0
    found = spatial.local_moran(values, SIX, permutations=99)
    assert (found.quadrant[7], found.quadrant[28]) == ("HL", "LH")
    assert found.i[7] < 0
    assert found.i[28] < 0


def test_p_of_local_moran_on_four_areas_is_the_share_of_all_orders() -> None:
    # The last area's neighbour is equally often 1, 2 or 3, that is z = -1.5, -0.5 or 0.5. It has 0.5: one in three is as high,
    # three in three as low. So the nearer tail is 1/3 and p is 2/3.
    found = spatial.local_moran([1, 2, 3, 4], ROW, permutations=9_999)
    assert found.p_directed[3] == pytest.approx(1 / 3, abs=0.02)
    assert found.p[3] == pytest.approx(2 / 3, abs=0.04)


def test_area_with_the_mean_itself_has_p_of_1() -> None:
    found = spatial.local_moran(range(1, 10), lattice(3), permutations=999)
    assert found.i[4] == pytest.approx(0, abs=1e-12)
    assert (found.p[4], found.p_directed[4]) == (1, 1)


def test_same_seed_gives_the_same_p_and_leaves_the_shared_generator_alone() -> None:
    values = np.arange(36) % 7
    np.random.seed(3)
    first = spatial.local_moran(values, SIX, permutations=199, seed=5)
    after = np.random.random()
    np.random.seed(3)
    assert after == np.random.random()
    assert first.p.tolist() == spatial.local_moran(values, SIX, permutations=199, seed=5).p.tolist()
    assert first.p.tolist() != spatial.local_moran(values, SIX, permutations=199, seed=6).p.tolist()


# Getis and Ord -------------------------------------------------------------------------------------------------------------


def test_getis_ord_by_hand() -> None:
    # Last area, Gi*: members 3 + 4 = 7, mean 2.5, sd sqrt 1.25: (7 - 5) / sqrt(1.25 x (4 x 2 - 4) / 3) = 1.5492.
    assert spatial.getis_ord([1, 2, 3, 4], ROW)[3] == pytest.approx(2 / (1.25 * 4 / 3) ** 0.5, abs=1e-12)
    # G: neighbour 3, the others 1, 2, 3 have mean 2 and variance 2/3: (3 - 2) / sqrt(2/3 x (3 - 1) / 2) = 1.2247.
    assert spatial.getis_ord([1, 2, 3, 4], ROW, star=False)[3] == pytest.approx(1.5**0.5, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(figures, st.integers(-(10**6), 10**6), st.sampled_from([1e-3, 1, 60]))
def test_getis_ord_does_not_depend_on_where_zero_lies_or_on_the_unit(values: list[int], shift: int, unit: float) -> None:
    y = np.array(values, dtype=float)
    for star in (True, False):
        z = spatial.getis_ord(y, SIX, star)
        assert np.allclose(spatial.getis_ord((y + shift) * unit, SIX, star), z, atol=1e-6, equal_nan=True)
        assert np.allclose(spatial.getis_ord(-y, SIX, star), -z, atol=1e-6, equal_nan=True)


@settings(max_examples=50, deadline=None)
@given(figures)
def test_getis_ord_is_the_formula(values: list[int]) -> None:
    y, n = np.array(values, dtype=float), 36
    z = spatial.getis_ord(y, SIX)
    for at, each in enumerate(SIX):
        w = len(each) + 1
        if np.ptp(y):
            wanted = (y[[at, *each]].sum() - w * y.mean()) / (y.std() * np.sqrt((n * w - w**2) / (n - 1)))
            assert z[at] == pytest.approx(wanted, abs=1e-8)


# Without figures -----------------------------------------------------------------------------------------------------------


def test_area_without_a_figure_is_left_out_with_its_links() -> None:
    five = ((1, 4), (0, 2), (1, 3), (2,), (0,))
    z = spatial.getis_ord([1, 2, 3, 4, NAN], five)
    assert z[:4].tolist() == spatial.getis_ord([1, 2, 3, 4], ROW).tolist()
    assert np.isnan(z[4])
    assert spatial.moran([1, 2, 3, 4, NAN], five) == spatial.moran([1, 2, 3, 4], ROW)


def test_area_without_a_neighbour_has_no_local_figure() -> None:
    islands = (*ROW, ())
    found = spatial.local_moran([1, 2, 3, 4, 5], islands, permutations=9)
    assert np.isnan([found.i[4], found.p[4], spatial.getis_ord([1, 2, 3, 4, 5], islands)[4]]).all()
    assert found.quadrant[4] == ""


@pytest.mark.parametrize(
    ("values", "neighbours"),
    [
        ([], ()),
        ([1], ((),)),
        ([1, 2], ((1,), (0,))),
        ([5, 5, 5, 5], ROW),
        ([0, 0, 0, 0], ROW),
        ([NAN] * 4, ROW),
        ([float("inf"), 1, NAN, 2], ROW),
        ([1, 2, 3, 4], ((), (), (), ())),
        ([0, 0, 0, 1], ROW),
        ([1, 2, 3, 4], ((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2))),
        ([1e308, -1e308, 0, 5], ROW),
        ([1e-320, 0, 0, 3e-320], ROW),
    ],
)
def test_nothing_to_work_with_is_missing_without_a_warning(values: list[float], neighbours: spatial.Neighbours) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for row_standardised in (True, False):
            assert spatial.moran(values, neighbours, row_standardised).n == np.isfinite(values).sum()
        local = spatial.local_moran(values, neighbours, permutations=9)
        for each in (spatial.getis_ord(values, neighbours), spatial.getis_ord(values, neighbours, star=False), local.i, local.p):
            assert len(each) == len(values)
            assert not np.isinf(each).any()


def test_where_every_area_borders_every_other_there_is_no_pattern_to_test() -> None:
    # I is then always -1 / (n - 1), whatever the figures.
    found = spatial.moran([1, 2, 3, 5], ((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2)))
    assert found.i == pytest.approx(-1 / 3)
    assert np.isnan([found.z_normal, found.p_normal, found.z_random]).all()
    assert np.isnan(spatial.getis_ord([1, 2, 3, 5], ((1, 2, 3), (0, 2, 3), (0, 1, 3), (0, 1, 2)))).all()


@pytest.mark.parametrize("neighbours", [((1,), (0,)), ((1,), (0,), (3,)), ((1,), (0,), (2,)), ((-1,), (0,), (1,))])
def test_lists_of_neighbours_that_do_not_fit_are_a_mistake(neighbours: spatial.Neighbours) -> None:
    with pytest.raises(ValueError, match="neighbour"):
        spatial.moran([1, 2, 3], neighbours)


# False discovery -----------------------------------------------------------------------------------------------------------


def test_adjusted_p_by_hand() -> None:
    # Sorted 0.01, 0.02, 0.03, 0.5 times 4 / rank: 0.04, 0.04, 0.04, 0.5.
    assert spatial.false_discovery_adjusted([0.03, 0.5, 0.01, 0.02]).tolist() == pytest.approx([0.04, 0.5, 0.04, 0.04])


def test_missing_p_stays_missing_and_does_not_count() -> None:
    adjusted = spatial.false_discovery_adjusted([0.03, NAN, 0.01])
    assert adjusted[[0, 2]].tolist() == pytest.approx([0.03, 0.02])
    assert np.isnan(adjusted[1])
    assert np.isnan(spatial.false_discovery_adjusted([NAN])).all()
    assert len(spatial.false_discovery_adjusted([])) == 0
