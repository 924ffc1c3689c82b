"""A user's own boundaries (GeoJSON) as polygons with codes, made lighter for drawing.

Whether a table fits them, :mod:`mhequity.reading.boundary_joins` says.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from mhequity.reading import outlines
from mhequity.reading.boundary_codes import OTHER, Coded, coded
from mhequity.reading.findings import BLOCKED, FIXED, NOTE, Finding, first_few, shown
from mhequity.reading.geojson import Features, Outline, Ring, read_features
from mhequity.reading.grids import Refused

DECIMALS = 5
"""Of a degree: about a metre."""
_METRES_PER_DEGREE = 111_195
"""Of latitude."""


@dataclass(frozen=True, eq=False)
class Boundaries:
    """Areas and their outlines."""

    file: str
    polygons: pd.DataFrame
    """``code``, ``name``, ``geometry``: one row an area, in the file's order; valid shapely polygons and multipolygons in degrees of
    longitude and latitude (WGS84)."""
    code_column: str
    """The property that the codes come from."""
    kind: str
    """``LSOA 2011``, ``LSOA 2021``, ``MSOA 2011``, ``MSOA 2021``, ``ward``, ``borough``, ``ICB`` or ``other``; ``LSOA`` and ``MSOA``
    where the year cannot be told."""
    bounds: tuple[float, float, float, float]
    """West, south, east and north, in degrees."""
    findings: tuple[Finding, ...]


def read_boundaries(data: bytes, name: str, code_column: str = "") -> Boundaries:
    """Read boundaries from a GeoJSON file, or a zip file with one in it.

    Parameters
    ----------
    data
        The file, at most 100 MB.
    name
        What to call it in findings.
    code_column
        The property with the areas' codes, where a person has said which; otherwise it is found.

    Returns
    -------
    Boundaries
        With at least one area. Features with the same code are one area; those without a code or an outline are left out, with a
        finding. Coordinates on the British National Grid, in Web Mercator or with latitude first are put right, and so are
        outlines that cross themselves.

    Raises
    ------
    Refused
        Where the file as a whole cannot be used: what was seen, and what to do. Nothing else is raised, whatever the file holds.
    """
    features = read_features(data, name)
    if not any(each and each.polygons for each in features.outlines):
        raise _nothing_drawn(features)
    of = coded(features.properties, name, code_column)
    parts, names = _grouped(features, of)
    if not parts:
        raise Refused(f"No feature has both an outline and a code in {shown(of.column)}.", "Check how the file was exported.")
    points, offsets = outlines.drawn(list(parts.values()))
    points, located = outlines.in_degrees(points, features.epsg, name)
    drawn = outlines.polygons(points, offsets)
    codes = np.array(list(parts), dtype=object)
    there = np.array([shape is not None for shape in drawn.shapes], dtype=bool)
    if not there.any():
        raise Refused("No area has an outline that can be drawn.", "Check the boundaries in a mapping program, and export them again.")
    frame = pd.DataFrame({"code": codes[there], "name": [names[code] for code in codes[there]]})
    frame["geometry"] = pd.Series(list(drawn.shapes[there]), dtype=object)
    findings = [
        _summary(of, len(frame), name),
        *features.findings,
        *of.findings,
        *located,
        *_about_features(features, of, name),
        *_about_shapes(drawn, codes, there, name),
    ]
    return Boundaries(name, frame, of.column, of.kind, _bounds(frame), tuple(findings))


def _nothing_drawn(features: Features) -> Refused:
    held = features.outlines
    if all(each and each.others for each in held):
        return Refused("The file holds points or lines, but no areas.", "Upload the boundaries of areas (polygons).")
    if not any(held):
        return Refused("None of the features has an outline.", "Export the layer again, with its geometry.")
    return Refused("No outline in the file can be read.", "Check the boundaries in a mapping program, and export them again.")


def _grouped(features: Features, of: Coded) -> tuple[dict[str, list[list[Ring]]], dict[str, str]]:
    """The polygons of each code, and its name, in the file's order."""
    parts: dict[str, list[list[Ring]]] = {}
    names: dict[str, str] = {}
    for code, name, outline in zip(of.codes, of.names, features.outlines, strict=True):
        if code and outline and outline.polygons:
            parts.setdefault(code, []).extend(outline.polygons)
            names.setdefault(code, name)
    return parts, names


def _bounds(frame: pd.DataFrame) -> tuple[float, float, float, float]:
    west, south, east, north = (float(end) for end in shapely.total_bounds(frame["geometry"].to_numpy()))
    return west, south, east, north


# What a person should know --------------------------------------------------------------------------------------------------


def _summary(of: Coded, number: int, file: str) -> Finding:
    what = "areas of a kind that is not known here" if of.kind == OTHER else f"areas ({of.kind})"
    return Finding(NOTE, file, kind="boundaries", done=f"Read as boundaries of {number:,} {what}, with codes from {shown(of.column)}.")


def _about_features(features: Features, of: Coded, file: str) -> list[Finding]:
    """What was left out or put right before anything was drawn."""
    rows = list(zip(of.codes, of.names, features.outlines, strict=True))
    told = []

    def tell(severity: str, found: Sequence[str], seen: str, done: str, advice: str = "") -> None:
        if found:
            told.append(Finding(severity, file, kind="boundaries", seen=f"{seen}: {_some(found)}", done=done, advice=advice))

    uncoded = [name or f"feature {at + 1:,}" for at, (code, name, _) in enumerate(rows) if not code]
    tell(BLOCKED, uncoded, "No code", "These features were left out.", f"Give each a code in {shown(of.column)}.")
    export = "Check them in a mapping program, and export them again."
    tell(BLOCKED, [code for code, _, drawn in rows if code and drawn is None], "No outline", "These areas are not on the map.", export)
    points = [code for code, _, drawn in rows if code and _is(drawn, others=True, empty=True)]
    tell(NOTE, points, "Points or lines, no areas", "These features were left out.")
    tell(NOTE, [code for code, _, drawn in rows if code and _is(drawn, others=True, empty=False)], "Points or lines beside an area",
         "Only the areas are drawn.")  # fmt: skip
    unreadable = [code for code, _, drawn in rows if code and drawn and drawn.unreadable]
    tell(BLOCKED, unreadable, "Outlines of which a part cannot be read", "That part is not on the map.", export)
    gaps = [code for code, _, drawn in rows if code and drawn and drawn.lost_points]
    tell(FIXED, gaps, "Points without coordinates", "Left out: the outlines were drawn without these points.", "Look at these outlines.")
    if any(drawn and drawn.heights for *_, drawn in rows):
        told.append(Finding(NOTE, file, kind="boundaries", seen="Heights beside longitude and latitude", done="The heights were not read."))
    coded_twice = pd.Series([code for code, _, drawn in rows if code and drawn and drawn.polygons], dtype=object)
    tell(FIXED, list(coded_twice[coded_twice.duplicated()].unique()), "More than one feature with the same code",
         "Drawn as one area.", "Check that these codes are right.")  # fmt: skip
    return told


def _is(outline: Outline | None, others: bool, empty: bool) -> bool:
    return outline is not None and bool(outline.others) == others and (not outline.polygons) == empty


def _about_shapes(drawn: outlines.Drawn, codes: NDArray[np.object_], there: NDArray[np.bool_], file: str) -> list[Finding]:
    """What was left out, mended or is far away once the outlines were drawn."""
    told = []
    for mask, severity, seen, done, advice in (
        (drawn.mended & there, FIXED, "Outlines that cross or touch themselves", "Mended.", "Look at these outlines on the map."),
        (drawn.tangled, BLOCKED, "Outlines whose lines cross so often that they cannot be mended", "Left out.", "Export them again."),
        (drawn.off_the_globe, BLOCKED, "Coordinates that are no place on Earth", "Left out.", "Export them again."),
        (~there & ~drawn.tangled & ~drawn.off_the_globe, BLOCKED, "Outlines that enclose nothing", "Left out.", "Export them again."),
    ):
        if mask.any():
            told.append(Finding(severity, file, kind="boundaries", seen=f"{seen}: {_some(codes[mask])}", done=done, advice=advice))
    far = outlines.far_from_london(drawn.shapes[there])
    if far.any():
        seen = f"Far from London, {far.sum():,} of {len(far):,} areas: {_some(codes[there][far])}"
        advice = "Nothing, if they are meant to be there; else check the coordinates, or delete these areas and upload again."
        told.append(Finding(NOTE, file, kind="boundaries", seen=seen, done="They were kept.", advice=advice))
    return told


def _some(found: Sequence[str] | NDArray[np.object_]) -> str:
    return first_few([shown(str(each))[:40] for each in found])


# For drawing ----------------------------------------------------------------------------------------------------------------


def simplified(boundaries: Boundaries, tolerance_m: float = 20.0) -> Boundaries:
    """The same areas with fewer points, for drawing: borders that two areas share stay shared, and no area is lost.

    Parameters
    ----------
    boundaries
        As read.
    tolerance_m
        How much may change, in metres: bends smaller than a square of about this side are straightened. 0 rounds only.

    Returns
    -------
    Boundaries
        With coordinates rounded to 5 decimals (a metre), but for areas of which nothing would be left. Where areas overlap in the
        file, they may also do so here.
    """
    degrees = boundaries.polygons["geometry"].to_numpy()
    middle = math.radians((boundaries.bounds[1] + boundaries.bounds[3]) / 2)
    metres = np.array([_METRES_PER_DEGREE * max(math.cos(middle), 1e-6), _METRES_PER_DEGREE])
    simpler = degrees
    if tolerance_m > 0:
        simpler = shapely.transform(shapely.coverage_simplify(shapely.transform(degrees, lambda xy: xy * metres), tolerance_m), lambda xy: xy / metres)  # fmt: skip
    rounded = shapely.transform(simpler, lambda xy: xy.round(DECIMALS))
    # Rounding may lay one side of a narrow strip on the other, or leave nothing of an area of a few metres.
    bad = ~shapely.is_valid(rounded)
    rounded[bad] = [outlines.areal(shape) for shape in shapely.make_valid(rounded[bad], method="structure", keep_collapsed=False)]
    lost = np.array([shape is None or shape.is_empty or shape.area == 0 for shape in rounded], dtype=bool)
    rounded[lost] = degrees[lost]
    frame = boundaries.polygons.assign(geometry=pd.Series(list(rounded), index=boundaries.polygons.index, dtype=object))
    return replace(boundaries, polygons=frame, bounds=_bounds(frame))


def as_geojson(boundaries: Boundaries) -> str:
    """The areas as compact GeoJSON, each with ``code`` and ``name``.

    Outer rings run clockwise, as Vega needs them; deck.gl draws either way round.
    """
    shapes = shapely.to_geojson(shapely.orient_polygons(boundaries.polygons["geometry"].to_numpy(), exterior_cw=True))
    named = zip(boundaries.polygons["code"], boundaries.polygons["name"], shapes, strict=True)
    features = (
        f'{{"type":"Feature","properties":{json.dumps({"code": code, "name": name}, separators=(",", ":"))},"geometry":{shape}}}'
        for code, name, shape in named
    )
    return f'{{"type":"FeatureCollection","features":[{",".join(features)}]}}'
