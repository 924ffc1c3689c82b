"""The boundary files: complete, valid, and with borders that both neighbours share."""

from __future__ import annotations

import json
from functools import cache
from itertools import combinations, pairwise

import pytest
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon, shape

from mhequity.areas import boroughs
from mhequity.paths import DATA

BOTH = ("full", "small")
CODES = sorted(area.code for area in boroughs())


@cache
def collection() -> dict:
    return json.loads((DATA / "boundaries" / "london_boroughs.geojson").read_text(encoding="utf-8"))


@cache
def drawing() -> dict:
    return json.loads((DATA / "boundaries" / "london_boroughs_small.json").read_text(encoding="utf-8"))


def points(flat: list[float]) -> list[tuple[float, float]]:
    return list(zip(flat[::2], flat[1::2], strict=True))


@cache
def shapes(which: str) -> dict:
    if which == "full":
        return {feature["properties"]["code"]: shape(feature["geometry"]) for feature in collection()["features"]}
    return {code: MultiPolygon([Polygon(points(ring)) for ring in entry["rings"]]) for code, entry in drawing().items()}


def polygons(which: str) -> list[Polygon]:
    return [part for borough in shapes(which).values() for part in getattr(borough, "geoms", [borough])]


def segments(borough: object) -> set[frozenset]:
    """Sides of all rings, as pairs of vertices without direction."""
    parts = getattr(borough, "geoms", [borough])
    return {frozenset(side) for part in parts for side in pairwise(part.exterior.coords)}


def neighbours(which: str) -> set[tuple[str, str]]:
    """Pairs whose borders run together for some length, whether or not their vertices agree."""
    known = shapes(which)
    return {(a, b) for a, b in combinations(known, 2) if known[a].intersection(known[b]).length > 0}


@pytest.mark.parametrize("which", BOTH)
def test_each_borough_is_there_once_in_code_order(which: str) -> None:
    assert list(shapes(which)) == CODES
    assert len(collection()["features"]) == len(CODES) == 33


def test_features_carry_the_code_name_and_system_of_the_catalogue() -> None:
    expected = {area.code: {"code": area.code, "name": area.name, "system": area.system} for area in boroughs()}
    assert {feature["properties"]["code"]: feature["properties"] for feature in collection()["features"]} == expected


@pytest.mark.parametrize("which", BOTH)
def test_every_polygon_is_valid_and_has_no_hole(which: str) -> None:
    assert [part for part in polygons(which) if not part.is_valid or len(part.interiors)] == []
    assert all(borough.is_valid for borough in shapes(which).values())


@pytest.mark.parametrize("which", BOTH)
def test_sixty_eight_pairs_share_a_border(which: str) -> None:
    assert len(neighbours(which)) == 68


def test_simplifying_keeps_every_pair_of_neighbours() -> None:
    assert neighbours("small") == neighbours("full")


@pytest.mark.parametrize("which", BOTH)
def test_neighbours_share_the_very_same_sides(which: str) -> None:
    known = shapes(which)
    for a, b in neighbours(which):
        common = segments(known[a]) & segments(known[b])
        length = sum(Point(min(side)).distance(Point(max(side))) for side in common)
        assert length == pytest.approx(known[a].intersection(known[b]).length, abs=1e-12), (a, b)


@pytest.mark.parametrize("which", BOTH)
def test_boroughs_neither_overlap_nor_leave_a_gap(which: str) -> None:
    whole = shapely.union_all(list(shapes(which).values()))
    assert whole.area == pytest.approx(sum(borough.area for borough in shapes(which).values()), abs=1e-9)
    assert whole.geom_type == "Polygon"
    assert len(whole.interiors) == 0


def test_outer_rings_run_anticlockwise_in_geojson_and_clockwise_for_drawing() -> None:
    assert all(part.exterior.is_ccw for part in polygons("full"))
    assert not any(part.exterior.is_ccw for part in polygons("small"))


def test_every_ring_is_closed() -> None:
    rings = [ring for entry in drawing().values() for ring in entry["rings"]]
    assert all(ring[:2] == ring[-2:] for ring in rings)


def test_the_drawing_is_small() -> None:
    vertices = sum(len(part.exterior.coords) - 1 for part in polygons("small"))
    assert 500 < vertices < 1100


def test_the_drawing_keeps_each_boroughs_size() -> None:
    """A borough may lose or gain a twentieth of itself at most."""
    full, small = shapes("full"), shapes("small")
    assert {
        code: round(small[code].area / full[code].area, 3) for code in CODES if abs(small[code].area / full[code].area - 1) > 0.05
    } == {}


def test_labels_stand_inside_their_borough() -> None:
    for code, entry in drawing().items():
        label = Point(entry["label"])
        assert shapes("small")[code].contains(label), code
        assert shapes("full")[code].contains(label), code
