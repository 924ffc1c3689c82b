"""Points of outlines to polygons in degrees of longitude and latitude: found out where they are, turned round, mended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from mhequity.reading.findings import FIXED, Finding
from mhequity.reading.geojson import Ring
from mhequity.reading.grids import Refused

DEGREES, NATIONAL_GRID, WEB_MERCATOR = 4326, 27700, 3857
"""EPSG numbers of coordinate systems."""
LONDON = (-0.62, 51.2, 0.45, 51.8)
"""West, south, east and north of London and a little around it, in degrees."""
MOST_CROSSINGS = 20_000
"""Crossings of one area's lines up to which it is mended. That takes half a second for so many."""
MENDING_SECONDS = 8
"""After so long no further area of a file is mended."""

_BOXES = {DEGREES: (-9.0, 49.0, 2.5, 61.5), NATIONAL_GRID: (0, 0, 800_000, 1_400_000), WEB_MERCATOR: (-1.2e6, 6.2e6, 4e5, 8.8e6)}
_LONDON_BOXES = {DEGREES: LONDON, NATIONAL_GRID: (495_000, 150_000, 570_000, 205_000), WEB_MERCATOR: (-70_000, 6.65e6, 51_000, 6.77e6)}
_NAMES = {DEGREES: "degrees", NATIONAL_GRID: "British National Grid (EPSG:27700)", WEB_MERCATOR: "Web Mercator (EPSG:3857)"}

Box = tuple[float, float, float, float]
Points = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Drawn:
    """Polygons in degrees, one an area, and which of them were changed."""

    shapes: NDArray[np.object_]
    """Valid polygons and multipolygons; None where nothing could be drawn."""
    mended: NDArray[np.bool_]
    tangled: NDArray[np.bool_]
    """Left out: their lines cross too often to be mended."""
    off_the_globe: NDArray[np.bool_]
    """Left out: coordinates that are no place on Earth."""


def drawn(outlines: Sequence[list[list[Ring]]]) -> tuple[Points, tuple[NDArray[np.int64], ...]]:
    """All points of all areas in one array, and where rings, polygons and areas begin in it."""
    rings = [ring for polygons in outlines for polygon in polygons for ring in polygon]
    sizes = [
        [len(ring) for ring in rings],
        [len(polygon) for polygons in outlines for polygon in polygons],
        [len(each) for each in outlines],
    ]
    offsets = tuple(np.concatenate([[0], np.cumsum(each, dtype=np.int64)]).astype(np.int64) for each in sizes)
    return np.concatenate(rings), offsets


def in_degrees(points: Points, stated: int | None, file: str) -> tuple[Points, list[Finding]]:
    """The points as longitude and latitude (WGS84), whatever system they were in.

    Which system it is, the size of the coordinates says; what the file states counts where it fits them.

    Raises
    ------
    Refused
        Where the coordinates are of no system known here.
    """
    middle = np.median(points, axis=0)
    system = _system(middle, stated)
    turned = _turned(middle, system)
    if turned:
        points = points[:, ::-1]
    told = []
    if turned:
        seen = "Latitude before longitude" if system == DEGREES else "Northing before easting"
        told.append(
            Finding(FIXED, file, kind="boundaries", seen=seen, done="The two were swapped, as GeoJSON has the longitude (easting) first.")
        )
    if system != DEGREES:
        points = _transformed(points, system)
        near = " That is exact to about 5 metres." if system == NATIONAL_GRID else ""
        name = _NAMES.get(system, f"the system EPSG:{system}")
        told.append(
            Finding(
                FIXED, file, kind="boundaries", seen=f"Coordinates in {name}", done=f"Converted to longitude and latitude (WGS84).{near}"
            )
        )
    elif stated not in (None, DEGREES, 4258):
        told.append(
            Finding(
                FIXED,
                file,
                kind="boundaries",
                seen=f"The file says its coordinates are EPSG:{stated}, but they are degrees",
                done="Read as degrees.",
            )
        )
    return points, told


def _system(middle: Points, stated: int | None) -> int:
    if np.abs(middle).max() <= 180:
        return DEGREES
    if stated not in (None, DEGREES) and stated is not None and _lands_in_britain(middle, stated):
        return stated
    for system in (NATIONAL_GRID, WEB_MERCATOR):
        if _within(middle, _BOXES[system]) or _within(middle[::-1], _BOXES[system]):
            return system
    where = f"{middle[0]:,.0f}, {middle[1]:,.0f}"
    advice = "Export it again with longitude and latitude (WGS84, EPSG:4326)."
    raise Refused(f"The coordinates (about {where}) are neither longitude and latitude nor on the British National Grid.", advice)


def _lands_in_britain(middle: Points, system: int) -> bool:
    from pyproj.exceptions import ProjError

    try:
        return any(_within(_transformed(each[None, :], system)[0], _BOXES[DEGREES]) for each in (middle, middle[::-1]))
    except ProjError:
        return False


def _turned(middle: Points, system: int) -> bool:
    """True where x and y must be swapped to lie in London, or else in Britain."""
    if system not in _BOXES:
        return not _within(_transformed(middle[None, :], system)[0], _BOXES[DEGREES])
    for box in (_LONDON_BOXES[system], _BOXES[system]):
        if _within(middle, box):
            return False
        if _within(middle[::-1], box):
            return True
    return False


def _within(point: Points, box: Box) -> bool:
    return bool(box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3])


def _transformed(points: Points, system: int) -> Points:
    from pyproj import Transformer

    longitude, latitude = Transformer.from_crs(system, DEGREES, always_xy=True).transform(points[:, 0], points[:, 1])
    return np.column_stack([longitude, latitude])


def polygons(points: Points, offsets: tuple[NDArray[np.int64], ...]) -> Drawn:
    """Valid polygons from points in degrees; ``offsets`` as :func:`drawn` gives them."""
    sane = np.isfinite(points).all(axis=1) & (np.abs(points[:, 0]) <= 180) & (np.abs(points[:, 1]) <= 90)
    shapes = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, np.where(sane[:, None], points, 0.0), offsets)
    area_of_point = np.repeat(np.arange(len(shapes)), shapely.get_num_coordinates(shapes))
    off = np.zeros(len(shapes), dtype=bool)
    off[area_of_point[~sane]] = True
    shapes[off] = None
    broken = ~(shapely.is_valid(shapes) | off)
    mended, tangled = _mend(shapes, broken)
    shapes[~off & ~tangled] = [_single(shape) for shape in shapes[~off & ~tangled]]
    return Drawn(shapes, mended, tangled, off)


def _mend(shapes: NDArray[np.object_], broken: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mend broken shapes in place, those with the fewest points first; which were, and which were too tangled and are now None."""
    mended, tangled = np.zeros((2, len(shapes)), dtype=bool)
    until = time.monotonic() + MENDING_SECONDS
    for at in sorted(np.flatnonzero(broken), key=lambda at: int(shapely.get_num_coordinates(shapes[at]))):
        if time.monotonic() < until and _crossings(shapes[at]) <= MOST_CROSSINGS:
            shapes[at] = areal(shapely.make_valid(shapes[at], method="structure", keep_collapsed=False))
            mended[at] = True
        else:
            shapes[at], tangled[at] = None, True
    return mended, tangled


def _crossings(shape: shapely.Geometry) -> float:
    """About how often a shape's lines cross each other, from a sample of them."""
    points, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(shape)), return_index=True)
    same = ring[1:] == ring[:-1]
    lines = shapely.linestrings(np.stack([points[:-1][same], points[1:][same]], axis=1))
    tree = shapely.STRtree(lines)
    crossings = 0.0
    for size in (10, 200):
        sample = lines[:: -(-len(lines) // size)]
        met = len(tree.query(sample, predicate="intersects")[0])
        # Each line meets itself and the two beside it without crossing anything.
        crossings = (met / len(sample) - 3) * len(lines) / 2
        if crossings > 10 * MOST_CROSSINGS:
            break
    return crossings


def areal(shape: shapely.Geometry) -> shapely.Geometry | None:
    """The polygons of whatever mending gave; None where nothing has an area."""
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon" and part.area > 0]
    return shapely.multipolygons(parts) if parts else None


def _single(shape: shapely.Geometry | None) -> shapely.Geometry | None:
    """A polygon where there is one part, nothing where there is none."""
    if shape is None or shape.is_empty or shape.area == 0:
        return None
    return shape.geoms[0] if len(shape.geoms) == 1 else shape


def far_from_london(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    """True for shapes no part of whose bounding box comes near London."""
    west, south, east, north = shapely.bounds(shapes).T
    return np.asarray((east < LONDON[0]) | (west > LONDON[2]) | (north < LONDON[1]) | (south > LONDON[3]))
