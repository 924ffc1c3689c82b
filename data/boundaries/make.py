"""Make the two boundary files of London's boroughs from a published topology.

The topology is ``data/londonBoroughs.json`` of the package vega-datasets, version 3.2.1 (the package is under the
BSD-3-Clause licence, the boundaries in it under the Open Government Licence v3). From the root of the project::

    npm pack vega-datasets@3.2.1
    tar -xzf vega-datasets-3.2.1.tgz package/data/londonBoroughs.json
    python -m data.boundaries.make package/data/londonBoroughs.json

Written beside this script: ``london_boroughs.geojson`` (every vertex, for measuring and for other tools) and
``london_boroughs_small.json`` (fewer vertices, for drawing). Needs shapely, which the app itself does not.
"""

from __future__ import annotations

import json
import sys
from itertools import chain
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import MultiPolygon, Polygon, mapping
from shapely.ops import polylabel

from mhequity.areas import boroughs

HERE = Path(__file__).resolve().parent
DECIMALS = 6
"""About 10 cm: far finer than the source's own grid of 5 m, so that rounding moves no vertex onto another."""
SMALL_DECIMALS = 4
"""About 10 m: less than a pixel when all of London fills a screen."""
SMALL_VERTICES = 730
"""Fewer, and rounding lays one bank of the Thames over the other at Greenwich; ``simplify`` refuses that."""
DEGREE_RATIO = 0.622
"""A degree of longitude over a degree of latitude, in metres, at London's latitude."""

Points = list[tuple[float, float]]


def decode_arcs(topology: dict[str, Any]) -> list[Points]:
    """The topology's arcs in degrees. Rounding here, where a border is stored once, keeps it the same on both sides."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((round(x * scale_x + move_x, DECIMALS), round(y * scale_y + move_y, DECIMALS)))
        arcs.append(arc)
    return arcs


def ring(indices: list[int], arcs: list[Points]) -> Points:
    """A ring from its arcs; a negative index is an arc walked backwards."""
    pieces = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return list(chain(pieces[0], *(piece[1:] for piece in pieces[1:])))


def mend(points: Points) -> Polygon | None:
    """A valid polygon without holes, or None for a ring that encloses nothing.

    Where a narrow river was simplified its two banks may cross, which leaves a loop that counts as inside twice. It is
    land, and no borough has another inside it, so only the outer ring is kept.
    """
    polygon = Polygon(points)
    if polygon.area == 0:
        return None
    if not polygon.is_valid:
        polygon = Polygon(polygon.buffer(0).exterior)
        polygon = shapely.transform(polygon, lambda xy: xy.round(DECIMALS))
    return polygon


def read_boroughs(path: Path) -> dict[str, Polygon | MultiPolygon]:
    """GSS code to shape, in code order. Two boroughs have a second part across a creek."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    arcs = decode_arcs(topology)
    codes = {area.name: area.code for area in boroughs()}
    shapes = {}
    for geometry in topology["objects"]["boroughs"]["geometries"]:
        parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        polygons = [polygon for (outer,) in parts if (polygon := mend(ring(outer, arcs)))]
        polygons.sort(key=lambda polygon: -polygon.area)
        shapes[codes[geometry["id"]]] = polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)
    return dict(sorted(shapes.items()))


def parts_of(shape: Polygon | MultiPolygon) -> list[Polygon]:
    """The polygons of a shape, largest first."""
    return sorted(getattr(shape, "geoms", [shape]), key=lambda polygon: -polygon.area)


def count_vertices(shapes: dict[str, Any]) -> int:
    """Vertices of all polygons, the closing one of each ring not counted."""
    return sum(len(part.exterior.coords) - 1 for shape in shapes.values() for part in parts_of(shape))


def simplify(shapes: dict[str, Any]) -> dict[str, Any]:
    """The same boroughs with fewer vertices, borders still shared: the finest with at most ``SMALL_VERTICES``."""
    low, high = 0.0, 0.02
    for _ in range(30):
        middle = (low + high) / 2
        simpler = dict(zip(shapes, shapely.coverage_simplify(list(shapes.values()), middle), strict=True))
        low, high = (middle, high) if count_vertices(simpler) > SMALL_VERTICES else (low, middle)
    simpler = shapely.coverage_simplify(list(shapes.values()), high)
    rounded = shapely.transform(simpler, lambda xy: xy.round(SMALL_DECIMALS))
    if not shapely.coverage_is_valid(rounded):
        raise ValueError(f"With {SMALL_VERTICES} vertices, rounding makes boroughs overlap. Allow more.")
    return dict(zip(shapes, rounded, strict=True))


def label_point(shape: Any) -> list[float]:
    """Where a label has most room: the centre of the largest circle that fits into the largest part."""
    in_proportion = shapely.transform(parts_of(shape)[0], lambda xy: xy * [DEGREE_RATIO, 1])
    point = polylabel(in_proportion, tolerance=0.0005)
    return [round(point.x / DEGREE_RATIO, SMALL_DECIMALS), round(point.y, SMALL_DECIMALS)]


def as_feature(code: str, shape: Any) -> dict[str, Any]:
    """A GeoJSON feature (RFC 7946: outer rings run anticlockwise)."""
    area = next(area for area in boroughs() if area.code == code)
    return {
        "type": "Feature",
        "properties": {"code": code, "name": area.name, "system": area.system},
        "geometry": mapping(shapely.orient_polygons(shape)),
    }


def as_drawing(shape: Any) -> dict[str, Any]:
    """Flat outer rings, largest part first, clockwise as the drawing library needs them, and a label's place."""
    clockwise = shapely.orient_polygons(shape, exterior_cw=True)
    rings = [list(chain.from_iterable(part.exterior.coords)) for part in parts_of(clockwise)]
    return {"rings": rings, "label": label_point(shape)}


def main(topology: Path, folder: Path = HERE) -> None:
    """Read the topology and write both files."""
    shapes = read_boroughs(topology)
    collection = {"type": "FeatureCollection", "features": [as_feature(code, shape) for code, shape in shapes.items()]}
    small = simplify(shapes)
    drawing = {code: as_drawing(shape) for code, shape in small.items()}
    for name, content in (("london_boroughs.geojson", collection), ("london_boroughs_small.json", drawing)):
        text = json.dumps(content, separators=(",", ":")) + "\n"
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    print(f"{count_vertices(shapes)} vertices in full, {count_vertices(small)} for drawing")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
