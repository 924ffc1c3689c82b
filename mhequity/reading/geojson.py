"""A GeoJSON file's bytes to its features, within bounds: each outline becomes arrays of points as soon as it is read.

A file of 100 MB takes about two seconds and twice its size in memory. Larger ones are refused, and so are those with so many tiny
values that they would take far more.
"""

from __future__ import annotations

import json
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mhequity.reading.archives import archive_of
from mhequity.reading.findings import FIXED, NOTE, Finding, shown
from mhequity.reading.grids import Refused

LIMIT_MB = 100
MOST = {"points": (b"[", 4_000_000), "objects": (b"{", 1_000_000), "values": (b",", 10_000_000)}
"""How often these may stand in one file: their number decides how much memory reading takes."""
Ring = NDArray[np.float64]
"""Points of a closed line: rows of x and y, the last as the first."""

_SMALLER = (
    "Delete what lies outside London, or take a more generalised version (the Office for National Statistics calls them BGC and BSC)."
)
_EXPORT = (
    "Save the boundaries as GeoJSON (in QGIS: Export, Save Features As, GeoJSON; on a data portal: Download, GeoJSON) and upload that."
)
_OTHER_FILES = {
    b"SQLite format": "This is a database file (GeoPackage, perhaps).",
    b"%PDF": "This is a PDF file.",
    b"<?xml": "This is an XML file (KML or GML, perhaps).",
    b"<kml": "This is a KML file.",
    b"<!doctype": "This is a web page.",
    b"<html": "This is a web page.",
    b"\x00\x00\x27\x0a": "This is one part of a shapefile.",
}
_SHAPES = {"Polygon": 1, "MultiPolygon": 1, "Point": 0, "MultiPoint": 0, "LineString": 0, "MultiLineString": 0, "GeometryCollection": 2}
_SURROGATES = re.compile(r"(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})|\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
"""Letters written in two halves, and halves alone, which are no letters."""
_EPSG = re.compile(r"EPSG\W+(?:[\d.]*:)?(\d{4,6})\b", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Outline:
    """What one feature draws: polygons, each an outer ring and its holes, and what was met on the way."""

    polygons: list[list[Ring]] = field(default_factory=list)
    others: str = ""
    """``Point``, ``LineString`` ... where it draws something else (too)."""
    unreadable: bool = False
    """Some of its coordinates are no numbers, or a ring has fewer than three points."""
    lost_points: int = 0
    """Points without both numbers, which were left out."""
    heights: bool = False


@dataclass(frozen=True, eq=False)
class Features:
    """What a GeoJSON file holds."""

    properties: Sequence[Mapping[str, Any]]
    outlines: Sequence[Outline | None]
    """One a feature; None where it has no geometry."""
    epsg: int | None
    """The system of its coordinates that the file names."""
    findings: tuple[Finding, ...]


def read_features(data: bytes, file: str) -> Features:
    """The features of a GeoJSON file, or of a zip file with one in it.

    Raises
    ------
    Refused
        Where there are none: the file is something else, broken, empty or too large.
    """
    told: list[Finding] = []
    _within_limit(len(data))
    if data.startswith(b"PK"):
        data, member = _unzipped(data)
        told.append(Finding(NOTE, file, kind="boundaries", seen="A zip file", done=f"{shown(member)} in it was read."))
    text = _text_of(data, file, told)
    whole = _parsed(text)
    listed = _features_of(whole)
    properties, outlines = [], []
    for each in listed:
        if not isinstance(each, dict):
            continue
        own = each.get("properties")
        named = {"id": each["id"]} if isinstance(each.get("id"), str) else {}
        properties.append({**named, **own} if isinstance(own, dict) else named)
        drawn = each.get("geometry")
        # A geometry of a kind that GeoJSON does not know is there, but cannot be drawn.
        outlines.append(drawn if isinstance(drawn, Outline) else Outline(unreadable=True) if drawn else None)
    if not properties:
        raise Refused("The file holds no features.", "Check that the layer was not empty, or filtered, when it was exported.")
    return Features(properties, outlines, _epsg(whole), tuple(told))


def _within_limit(size: int) -> None:
    if size > LIMIT_MB * 1_000_000:
        raise Refused(f"The file is larger than {LIMIT_MB} MB ({size / 1e6:,.0f} MB).", _SMALLER)


def _unzipped(data: bytes) -> tuple[bytes, str]:
    """The one GeoJSON file in a zip file, and its name."""
    try:
        with archive_of(data) as archive:
            names = [each for each in archive.namelist() if "__MACOSX" not in each]
            wanted = [each for each in names if each.casefold().endswith((".geojson", ".json"))]
            if not wanted and any(each.casefold().endswith(".shp") for each in names):
                raise Refused("This is a shapefile.", _EXPORT)
            if len(wanted) != 1:
                held = "no GeoJSON file" if not wanted else f"{len(wanted)} GeoJSON files"
                raise Refused(f"The zip file holds {held}.", "Unpack it and upload one .geojson file.")
            with archive.open(wanted[0]) as member:
                unpacked = member.read(LIMIT_MB * 1_000_000 + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, RuntimeError, NotImplementedError):
        raise Refused("The zip file is damaged, or protected with a password.", "Unpack it and upload the .geojson file.") from None
    _within_limit(len(unpacked))
    return unpacked, wanted[0]


def _text_of(data: bytes, file: str, told: list[Finding]) -> str:
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, what in _OTHER_FILES.items():
        if start.startswith(mark.lower()):
            raise Refused(what, _EXPORT)
    if not data[:1000].strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe") and not data.strip(b"\0 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise Refused("The file is empty.", "Check that it was saved, and upload it again.")
    for what, (mark, most) in MOST.items():
        if data.count(mark) > most:
            raise Refused(f"The file holds more than {most:,} {what}.", _SMALLER)
    try:
        return data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError:
        told.append(
            Finding(
                FIXED, file, kind="boundaries", seen="Letters that are not in UTF-8", done="They were read as Windows letters (cp1252)."
            )
        )
        return data.decode("cp1252", "replace")


def _parsed(text: str) -> Any:
    """The JSON, with every geometry as an :class:`Outline`."""
    if "\\ud" in text or "\\uD" in text:
        text = _SURROGATES.sub(lambda found: found[1] or "\\ufffd", text)
    try:
        return json.loads(text, object_hook=_outlined)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) - 1 or error.msg.startswith("Unterminated"):
            raise Refused("The file breaks off: only part of it arrived.", "Download or export it again, and upload it again.") from None
        if error.msg == "Extra data" and isinstance(_first(text), dict):
            raise Refused("The file holds one feature a line (GeoJSON Lines).", _EXPORT) from None
        where = f"line {error.lineno:,}, character {error.colno:,}"
        raise Refused(f"The file is not JSON, which GeoJSON is: it cannot be read from {where} on.", _EXPORT) from None
    except RecursionError:
        raise Refused("The file has lists within lists beyond any depth that a map needs.", _EXPORT) from None
    except ValueError:
        raise Refused("The file holds a number with thousands of digits.", _EXPORT) from None


def _first(text: str) -> Any:
    """The first of several JSON values."""
    return json.JSONDecoder().raw_decode(text.lstrip())[0]


def _features_of(whole: Any) -> list[Any]:
    """The list of features, whichever way the file wraps it."""
    if isinstance(whole, Outline):
        return [{"geometry": whole}]
    if isinstance(whole, list) and any(isinstance(each, dict) and each.get("type") == "Feature" for each in whole):
        return whole
    if not isinstance(whole, dict):
        raise Refused("The file is JSON, but not GeoJSON: it holds no list of features.", _EXPORT)
    if whole.get("type") == "Feature":
        return [whole]
    if whole.get("type") == "Topology":
        raise Refused("This is TopoJSON, in which shared borders are stored once.", "Convert it: in QGIS open it, then Export as GeoJSON.")
    features = whole.get("features")
    if isinstance(features, list) and any(isinstance(each, dict) and "attributes" in each for each in features[:10]):
        raise Refused("This is Esri JSON, not GeoJSON.", "Choose GeoJSON where you downloaded it (f=geojson in place of f=json).")
    if not isinstance(features, list):
        held = ", ".join(shown(str(each)) for each in list(whole)[:8]) or "nothing"
        raise Refused(f"The file is JSON, but not GeoJSON: it holds {held} and no features.", _EXPORT)
    return features


def _epsg(whole: Any) -> int | None:
    """The number of the coordinates' system, where the file names one."""
    crs = whole.get("crs") if isinstance(whole, dict) else None
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = str(properties.get("name") or properties.get("code") or "")[:200] if isinstance(properties, dict) else ""
    found = _EPSG.search(name)
    if found:
        return int(found[1])
    if re.search(r"British.?National.?Grid|OSGB", name, re.IGNORECASE):
        return 27700
    return 4326 if "CRS84" in name.upper() else None


def _outlined(held: dict[str, Any]) -> Any:
    """What the parser calls with every object that it has read: a geometry becomes an outline, all else stays."""
    kind = held.get("type")
    if not isinstance(kind, str) or kind not in _SHAPES:
        return held
    if kind == "GeometryCollection":
        return _together(held.get("geometries")) if "geometries" in held else held
    if "coordinates" not in held:
        return held
    coordinates = held["coordinates"]
    if not _SHAPES[kind]:
        return Outline(others=kind)
    if not coordinates:
        return None
    try:
        return _polygons([coordinates] if kind == "Polygon" else coordinates)
    except (TypeError, ValueError, OverflowError, IndexError, KeyError):
        return Outline(unreadable=True)


def _together(parts: Any) -> Outline:
    drawn = [each for each in parts if isinstance(each, Outline)] if isinstance(parts, list) else []
    return Outline(
        [polygon for each in drawn for polygon in each.polygons],
        next((each.others for each in drawn if each.others), ""),
        any(each.unreadable for each in drawn),
        sum(each.lost_points for each in drawn),
        any(each.heights for each in drawn),
    )


def _polygons(listed: list[list[list[list[float]]]]) -> Outline:
    """Polygons from nested lists of coordinates. A hole that is no ring is left out alone, an outer ring with its polygon."""
    polygons, lost, heights, unreadable = [], 0, False, False
    for rings in listed:
        kept: list[Ring] = []
        for at, ring in enumerate(rings):
            points = _points(ring)
            heights |= points.shape[1] > 2
            known = np.isfinite(points[:, :2]).all(axis=1)
            lost += int((~known).sum())
            points = points[known, :2]
            if len(points) and (points[0] != points[-1]).any():
                points = np.vstack([points, points[:1]])
            if len(points) >= 4:
                kept.append(points)
                continue
            unreadable = True
            if at == 0:
                break
        if kept:
            polygons.append(kept)
    return Outline(polygons, unreadable=unreadable, lost_points=lost, heights=heights)


def _points(ring: list[list[float]]) -> Ring:
    try:
        points = np.array(ring, dtype=np.float64)
    except ValueError:
        # Some points have a height and some have not.
        points = np.array([point[:2] for point in ring], dtype=np.float64)
    if points.ndim != 2 or points.shape[1] < 2:
        raise ValueError("A ring is a list of points with two numbers each.")
    return points
