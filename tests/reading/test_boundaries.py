"""A user's own boundaries: what is read, what is put right, and what is refused, each with a plain sentence."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from shapely.geometry import mapping, shape

from mhequity.reading import geojson, outlines
from mhequity.reading.boundaries import Boundaries, as_geojson, read_boundaries, simplified
from mhequity.reading.boundary_codes import kind_of
from mhequity.reading.boundary_joins import Joined, join
from mhequity.reading.findings import BLOCKED, FIXED, NOTE
from mhequity.reading.grids import Refused

BESIDE = Path(__file__).resolve().parents[3] / "shared" / "boundaries"
OWN = Path(__file__).resolve().parents[2] / "data" / "boundaries" / "london_boroughs.geojson"
BOWTIE = [[-0.1, 51.5], [-0.09, 51.51], [-0.09, 51.5], [-0.1, 51.51], [-0.1, 51.5]]


def ring(west: float = -0.1, south: float = 51.5, size: float = 0.01) -> list[list[float]]:
    return [[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]


def area(code: object, at: int = 0, geometry: object = "square", **properties: object) -> dict[str, Any]:
    """A feature; squares stand in a row from west to east, each touching the next."""
    drawn = {"type": "Polygon", "coordinates": [ring(-0.1 + at * 0.01)]} if geometry == "square" else geometry
    return {"type": "Feature", "properties": {"LSOA21CD": code, **properties}, "geometry": drawn}


def polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def file_of(*features: Any, **more: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": list(features), **more}).encode()


def moved(features: list[Any], system: int, swap: bool = False) -> list[Any]:
    """The features in another system of coordinates."""
    change = Transformer.from_crs(4326, system, always_xy=True)

    def there(xy: np.ndarray) -> np.ndarray:
        out = np.column_stack(change.transform(xy[:, 0], xy[:, 1]))
        return out[:, ::-1] if swap else out

    return [{**each, "geometry": mapping(shapely.transform(shape(each["geometry"]), there))} for each in features]


def said(found: Boundaries | Joined, severity: str) -> list[str]:
    return [f"{each.seen} -> {each.done}" for each in found.findings if each.severity == severity]


def refusal(data: bytes, name: str = "map.geojson", **more: str) -> Refused:
    with pytest.raises(Refused) as caught:
        read_boundaries(data, name, **more)
    well_said(caught.value)
    return caught.value


def well_said(refused: Refused) -> None:
    assert refused.seen.endswith(".")
    assert refused.advice.endswith(".")


TWO = [area("E01000471", 0, LSOA21NM="Brent 026A"), area("E01035001", 1, LSOA21NM="Brent 029F")]


# What is read --------------------------------------------------------------------------------------------------------------


def test_codes_names_outlines_kind_and_extent_are_read() -> None:
    found = read_boundaries(file_of(*TWO), "map.geojson")
    assert found.polygons[["code", "name"]].to_numpy().tolist() == [["E01000471", "Brent 026A"], ["E01035001", "Brent 029F"]]
    assert found.polygons["geometry"].iloc[0].equals(shapely.Polygon(ring()))
    assert (found.code_column, found.kind, found.file) == ("LSOA21CD", "LSOA 2021", "map.geojson")
    assert found.bounds == pytest.approx((-0.1, 51.5, -0.08, 51.51))
    assert said(found, NOTE) == [" -> Read as boundaries of 2 areas (LSOA 2021), with codes from LSOA21CD."]
    assert len(found.findings) == 1


def test_multipolygons_holes_and_collections_keep_all_their_parts() -> None:
    hole = polygon(ring(), ring(-0.098, 51.502, 0.002))
    two = {"type": "MultiPolygon", "coordinates": [[ring(0.0)], [ring(0.02)]]}
    both = {"type": "GeometryCollection", "geometries": [polygon(ring(0.1)), {"type": "Point", "coordinates": [0, 51]}]}
    found = read_boundaries(
        file_of(area("E01000001", geometry=hole), area("E01000002", geometry=two), area("E01000003", geometry=both)), "m"
    )
    shapes = found.polygons["geometry"].to_list()
    assert [each.geom_type for each in shapes] == ["Polygon", "MultiPolygon", "Polygon"]
    assert shapes[0].area == pytest.approx(0.01**2 - 0.002**2)
    assert shapes[1].area == pytest.approx(2 * 0.01**2)
    assert "Points or lines beside an area: E01000003 -> Only the areas are drawn." in said(found, NOTE)


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + file_of(*TWO),
        file_of(*TWO).decode().encode("utf-16"),
        b"\n\n  " + file_of(*TWO),
        json.dumps(TWO).encode(),
        json.dumps({"features": TWO}).encode(),
    ],
    ids=["byte-order mark", "UTF-16", "blank lines", "bare list", "no type"],
)
def test_other_ways_of_writing_the_same_are_read(data: bytes) -> None:
    assert read_boundaries(data, "map.geojson").polygons["code"].tolist() == ["E01000471", "E01035001"]


def test_single_feature_is_a_map_of_one_area() -> None:
    assert len(read_boundaries(json.dumps(TWO[0]).encode(), "one.json").polygons) == 1


def test_windows_letters_are_read_and_said() -> None:
    data = file_of(area("E01000471", LSOA21NM="X")).replace(b'"X"', b'"Caf\xe9"')
    found = read_boundaries(data, "m")
    assert found.polygons["name"].tolist() == ["Café"]
    assert said(found, FIXED) == ["Letters that are not in UTF-8 -> They were read as Windows letters (cp1252)."]


def test_half_letters_do_no_harm() -> None:
    found = read_boundaries(file_of(area("E01000471", LSOA21NM="X\ud83d", **{"\udc00": "\ud83d\ude00"})), "m")
    assert found.polygons["name"].tolist() == ["X\ufffd"]


def test_zip_file_with_one_map_in_it_is_opened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("folder/map.geojson", file_of(*TWO))
        archive.writestr("__MACOSX/folder/._map.geojson", b"x")
        archive.writestr("licence.txt", b"x")
    found = read_boundaries(out.getvalue(), "map.zip")
    assert len(found.polygons) == 2
    assert "A zip file -> folder/map.geojson in it was read." in said(found, NOTE)


def test_heights_are_dropped_and_said() -> None:
    tall = [[x, y, 30.5] for x, y in ring()]
    found = read_boundaries(file_of(area("E01000471", geometry=polygon([*tall[:2], *ring()[2:]]))), "m")
    assert not found.polygons["geometry"].iloc[0].has_z
    found = read_boundaries(file_of(area("E01000471", geometry=polygon(tall))), "m")
    assert said(found, NOTE)[-1] == "Heights beside longitude and latitude -> The heights were not read."


# Codes and kinds -----------------------------------------------------------------------------------------------------------


def test_column_whose_codes_tell_areas_apart_is_taken_and_the_others_said() -> None:
    features = [area(f"E01000{at:03}", at, FID=at, LAD22CD="E09000005", LAD22NM="Brent") for at in range(5)]
    found = read_boundaries(file_of(*features), "m")
    assert (found.code_column, found.kind) == ("LSOA21CD", "LSOA 2021")
    features = [area(f"E01000{at:03}", at, MSOA21CD=f"E02000{at // 2:03}") for at in range(5)]
    found = read_boundaries(file_of(*features), "m")
    assert found.code_column == "LSOA21CD"
    assert (
        said(found, NOTE)[1] == "2 properties with codes: LSOA21CD, MSOA21CD -> LSOA21CD was taken, with 5 different codes in 5 features."
    )


def test_of_two_censuses_side_by_side_the_later_is_taken_and_said() -> None:
    found = read_boundaries(file_of(*[area(f"E01000{at:03}", at, LSOA11CD=f"E01000{at:03}") for at in range(3)]), "m")
    assert found.code_column == "LSOA21CD"
    assert any("LSOA11CD" in each for each in said(found, NOTE))


def test_column_that_a_person_chose_is_taken() -> None:
    features = [area(f"E01000{at:03}", at, patch=f"Patch {at}") for at in range(3)]
    assert read_boundaries(file_of(*features), "m", "patch").polygons["code"].tolist() == ["Patch 0", "Patch 1", "Patch 2"]
    assert "LSOA21CD, patch" in refusal(file_of(*features), code_column="other").advice


def test_file_without_codes_is_refused_naming_what_it_has() -> None:
    features = [{**area(""), "properties": {"FID": at, "shape_area": 3.5, "colour": "red"}} for at in range(3)]
    refused = refusal(file_of(*features))
    assert refused.seen == "The features have no property with codes that tell the areas apart."
    assert refused.advice.startswith("They have FID, shape_area, colour. Add one")


def test_codes_that_many_features_share_do_not_merge_them() -> None:
    wards = [{**area("", at), "properties": {"lad_code": "E09000005", "ward": f"Ward {at}"}} for at in range(20)]
    assert "no property with codes" in refusal(file_of(*wards)).seen


def test_names_of_boroughs_stand_for_their_codes() -> None:
    features = [{**area("", at), "properties": {"Borough": name}} for at, name in enumerate(("LB Brent", "H&F", "City of Westminster"))]
    found = read_boundaries(file_of(*features), "m")
    assert found.polygons["code"].tolist() == ["E09000005", "E09000013", "E09000033"]
    assert found.kind == "borough"
    assert said(found, FIXED) == ["No codes, but names in Borough -> The areas' codes were taken from their names."]


def test_codes_of_ones_own_are_codes_too() -> None:
    features = [{**area("", at), "properties": {"patch_code": f"P{at}", "patch_name": f"Patch {at}"}} for at in range(3)]
    found = read_boundaries(file_of(*features), "m")
    assert found.polygons[["code", "name"]].to_numpy().tolist() == [["P0", "Patch 0"], ["P1", "Patch 1"], ["P2", "Patch 2"]]
    assert found.kind == "other"


def test_codes_may_be_small_letters_with_spaces_or_stand_beside_the_properties() -> None:
    assert read_boundaries(file_of(area(" e01000471 ")), "m").polygons["code"].tolist() == ["E01000471"]
    beside = {**area(""), "properties": None, "id": "E09000005"}
    found = read_boundaries(file_of(beside), "m")
    assert found.polygons[["code", "name"]].to_numpy().tolist() == [["E09000005", "Brent"]]


@pytest.mark.parametrize(
    ("codes", "column", "file", "kind"),
    [
        (["E01000471"], "LSOA11CD", "", "LSOA 2011"),
        (["E01000471"], "lsoa21cd", "", "LSOA 2021"),
        (["E01000471"], "LSOA_2011_Code", "", "LSOA 2011"),
        (["E01000471"], "code", "nwl_lsoa11.geojson", "LSOA 2011"),
        (["E01000471"], "code", "LSOA_Dec_2021_Boundaries_BGC.geojson", "LSOA 2021"),
        (["E01000471"], "code", "map 11 March.geojson", "LSOA"),
        (["E01033768"], "code", "", "LSOA"),
        (["E01033769"], "code", "", "LSOA 2021"),
        (["E02000093"], "MSOA11CD", "", "MSOA 2011"),
        (["E02006934"], "code", "", "MSOA"),
        (["E02006935"], "code", "", "MSOA 2021"),
        ([f"E01{at:06}" for at in range(1, 301)], "code", "", "LSOA 2011"),
        (["E05013496"], "WD24CD", "", "ward"),
        (["E09000005"], "lad22cd", "", "borough"),
        (["E54000027"], "ICB23CD", "", "ICB"),
        (["E00000001"], "OA21CD", "", "other"),
        (["E09000005", "E01000471"], "code", "", "other"),
        ([], "code", "", "other"),
    ],
)
def test_kind_of_areas(codes: list[str], column: str, file: str, kind: str) -> None:
    assert kind_of(codes, column, file)[0] == kind


def test_one_slip_of_the_pen_makes_no_new_census() -> None:
    assert kind_of([*(f"E01{at:06}" for at in range(1, 400)), "E01099999"], "code")[0] == "LSOA 2011"


def test_column_that_speaks_of_2011_over_codes_of_2021_is_pointed_out() -> None:
    found = read_boundaries(file_of({**area(""), "properties": {"LSOA11CD": "E01035001"}}), "m")
    assert found.kind == "LSOA 2021"
    assert "LSOA11CD speaks of 2011, but some of its codes were made for 2021 -> Read as LSOA 2021." in said(found, NOTE)


# What is put right ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stated", [{}, {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}}])
def test_national_grid_becomes_longitude_and_latitude(stated: dict[str, object]) -> None:
    found = read_boundaries(file_of(*moved(TWO, 27700), **stated), "m")
    assert found.bounds == pytest.approx((-0.1, 51.5, -0.08, 51.51), abs=1e-6)
    assert said(found, FIXED) == [
        "Coordinates in British National Grid (EPSG:27700) -> Converted to longitude and latitude (WGS84). That is exact to about 5 metres."
    ]


def test_national_grid_at_a_known_place() -> None:
    # Ordnance Survey's worked example, the water tower at Caister: 651409.903, 313177.270 is 52 39 28.72 N, 1 42 57.79 E.
    place, told = outlines.in_degrees(np.array([[651409.903, 313177.270]]), 27700, "m")
    assert place[0].tolist() == pytest.approx([1.716053, 52.657978], abs=1e-4)
    assert len(told) == 1


def test_web_mercator_and_a_system_that_only_the_file_can_tell_are_converted() -> None:
    found = read_boundaries(file_of(*moved(TWO, 3857)), "m")
    assert found.bounds == pytest.approx((-0.1, 51.5, -0.08, 51.51), abs=1e-6)
    assert "Web Mercator" in said(found, FIXED)[0]
    stated = {"crs": {"type": "name", "properties": {"name": "EPSG:32630"}}}
    found = read_boundaries(file_of(*moved(TWO, 32630), **stated), "m")
    assert found.bounds == pytest.approx((-0.1, 51.5, -0.08, 51.51), abs=1e-6)


@pytest.mark.parametrize("system", [4326, 27700, 3857])
def test_latitude_before_longitude_is_swapped_and_said(system: int) -> None:
    found = read_boundaries(file_of(*moved(TWO, system, swap=True)), "m")
    assert found.bounds == pytest.approx((-0.1, 51.5, -0.08, 51.51), abs=1e-6)
    assert any("The two were swapped" in each for each in said(found, FIXED))


def test_degrees_under_a_wrong_label_are_read_as_degrees() -> None:
    stated = {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::27700"}}}
    found = read_boundaries(file_of(*TWO, **stated), "m")
    assert found.bounds == pytest.approx((-0.1, 51.5, -0.08, 51.51))
    assert said(found, FIXED) == ["The file says its coordinates are EPSG:27700, but they are degrees -> Read as degrees."]


@pytest.mark.parametrize("label", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "", 7])
def test_usual_labels_need_no_word(label: object) -> None:
    found = read_boundaries(file_of(*TWO, crs={"type": "name", "properties": {"name": label}}), "m")
    assert said(found, FIXED) == []


def test_coordinates_of_no_known_system_are_refused() -> None:
    refused = refusal(file_of(area("E01000471", geometry=polygon(ring(3_600_000, 3_200_000, 100)))))
    assert refused.seen.startswith("The coordinates (about 3,600,")


def test_outline_that_crosses_itself_is_mended_and_named() -> None:
    found = read_boundaries(file_of(TWO[0], area("E01000002", geometry=polygon(BOWTIE))), "m")
    assert shapely.is_valid(found.polygons["geometry"].to_numpy()).all()
    # Two triangles, each a quarter of the square that the bow tie spans.
    assert found.polygons["geometry"].iloc[1].area == pytest.approx(0.01 * 0.01 / 2)
    assert said(found, FIXED) == ["Outlines that cross or touch themselves: E01000002 -> Mended."]


def test_features_with_the_same_code_are_one_area() -> None:
    found = read_boundaries(file_of(area("E01000001", 0), area("E01000002", 5), area("E01000001", 1), area("E01000001", 9)), "m")
    assert found.polygons["code"].tolist() == ["E01000001", "E01000002"]
    assert found.polygons["geometry"].iloc[0].area == pytest.approx(3 * 0.01**2)
    assert "More than one feature with the same code: E01000001 -> Drawn as one area." in said(found, FIXED)


def test_points_without_coordinates_are_left_out_of_the_outline() -> None:
    gaps = polygon([ring()[0], [float("nan"), 51.5], [None, None], *ring()[1:]])
    found = read_boundaries(file_of(area("E01000471", geometry=gaps)), "m")
    assert found.polygons["geometry"].iloc[0].equals(shapely.Polygon(ring()))
    assert said(found, FIXED) == ["Points without coordinates: E01000471 -> Left out: the outlines were drawn without these points."]


def test_ring_left_open_is_closed() -> None:
    assert read_boundaries(file_of(area("E01000471", geometry=polygon(ring()[:-1]))), "m").polygons["geometry"].iloc[0].is_valid


# What is left out ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("feature", "severity", "sentence"),
    [
        (area("E01000009", geometry=None), BLOCKED, "No outline: E01000009 -> These areas are not on the map."),
        (area("E01000009", geometry=polygon()), BLOCKED, "No outline: E01000009 -> These areas are not on the map."),
        (area(None, 4, LSOA21NM="Somewhere"), BLOCKED, "No code: Somewhere -> These features were left out."),
        (area(None, 4), BLOCKED, "No code: feature 3 -> These features were left out."),
        (
            area("E01000009", geometry={"type": "Point", "coordinates": [-0.1, 51.5]}),
            NOTE,
            "Points or lines, no areas: E01000009 -> These features were left out.",
        ),
        (
            area("E01000009", geometry={"type": "LineString", "coordinates": ring()}),
            NOTE,
            "Points or lines, no areas: E01000009 -> These features were left out.",
        ),
        (
            area("E01000009", geometry=polygon([["a", "b"]])),
            BLOCKED,
            "Outlines of which a part cannot be read: E01000009 -> That part is not on the map.",
        ),
        (
            area("E01000009", geometry={"type": "Curve", "coordinates": ring()}),
            BLOCKED,
            "Outlines of which a part cannot be read: E01000009 -> That part is not on the map.",
        ),
        (area("E01000009", geometry=polygon([[0, 51], [0.1, 51], [0.2, 51], [0, 51]])), BLOCKED, "Outlines that enclose nothing: E01000009 -> Left out."),
        (area("E01000009", geometry=polygon(ring(400, 51))), BLOCKED, "Coordinates that are no place on Earth: E01000009 -> Left out."),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_left_out_and_named(feature: dict[str, Any], severity: str, sentence: str) -> None:
    found = read_boundaries(file_of(*TWO, feature), "m")
    assert found.polygons["code"].tolist() == ["E01000471", "E01035001"]
    assert sentence in said(found, severity)


def test_areas_far_from_london_are_kept_and_said() -> None:
    found = read_boundaries(file_of(*TWO, area("E01000009", geometry=polygon(ring(-2.2, 53.5)))), "m")
    assert len(found.polygons) == 3
    assert said(found, NOTE)[-1] == "Far from London, 1 of 3 areas: E01000009 -> They were kept."
    found = read_boundaries(file_of(area("E01000009", geometry=polygon(ring(-2.2, 53.5)))), "m")
    assert said(found, NOTE)[-1] == "Far from London, 1 of 1 areas: E01000009 -> They were kept."


def test_outline_too_tangled_to_be_mended_is_left_out_soon() -> None:
    points = np.random.default_rng(1).random((3_000, 2)) * 0.1 + [-0.1, 51.4]
    found = read_boundaries(file_of(*TWO, area("E01000009", geometry=polygon(points.tolist()))), "m")
    assert found.polygons["code"].tolist() == ["E01000471", "E01035001"]
    assert any("cannot be mended: E01000009" in each for each in said(found, BLOCKED))


# What is refused -----------------------------------------------------------------------------------------------------------


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return out.getvalue()


REFUSED = [
    (b"", "The file is empty."),
    (b" \r\n ", "The file is empty."),
    (b"code,name\nE01000471,Brent", "The file is not JSON, which GeoJSON is: it cannot be read from line 1, character 1 on."),
    (b"<!DOCTYPE html><html>", "This is a web page."),
    (b'<?xml version="1.0"?><kml>', "This is an XML file (KML or GML, perhaps)."),
    (b"SQLite format 3\0", "This is a database file (GeoPackage, perhaps)."),
    (file_of(*TWO)[:-40], "The file breaks off: only part of it arrived."),
    (file_of(*TWO)[:150], "The file breaks off: only part of it arrived."),
    (b"\n".join(json.dumps(each).encode() for each in TWO), "The file holds one feature a line (GeoJSON Lines)."),
    (b"[1, 2, 3]", "The file is JSON, but not GeoJSON: it holds no list of features."),
    (b"null", "The file is JSON, but not GeoJSON: it holds no list of features."),
    (b'{"rows": [], "total": 3}', "The file is JSON, but not GeoJSON: it holds rows, total and no features."),
    (b"{}", "The file is JSON, but not GeoJSON: it holds nothing and no features."),
    (b'{"type":"Topology","objects":{},"arcs":[]}', "This is TopoJSON, in which shared borders are stored once."),
    (b'{"features":[{"attributes":{"LSOA21CD":"E01000471"},"geometry":{"rings":[]}}]}', "This is Esri JSON, not GeoJSON."),
    (file_of(), "The file holds no features."),
    (file_of(1, "two", None), "The file holds no features."),
    (file_of(area("E01000471", geometry=None)), "None of the features has an outline."),
    (file_of(area("E01000471", geometry={"type": "Point", "coordinates": [0, 51]})), "The file holds points or lines, but no areas."),
    (file_of(area("E01000471", geometry=polygon([[0, 51], [0, 52]]))), "No outline in the file can be read."),
    (json.dumps(polygon(ring())).encode(), "The features have no property with codes that tell the areas apart."),
    (b'{"features":' + b"[" * 100_000, "The file has lists within lists beyond any depth that a map needs."),
    (b'{"a":' * 100_000, "The file has lists within lists beyond any depth that a map needs."),
    (file_of(area("E01000471")).replace(b"51.5", b"9" * 5_000), "The file holds a number with thousands of digits."),
    (zipped(a_txt=b"x"), "The zip file holds no GeoJSON file."),
    (zipped(a_shp=b"x", a_dbf=b"x"), "This is a shapefile."),
    (zipped(a_geojson=b"{}", b_geojson=b"{}"), "The zip file holds 2 GeoJSON files."),
    (zipped(a_geojson=file_of(*TWO))[:-60], "The zip file is damaged, or protected with a password."),
]


@pytest.mark.parametrize(("data", "sentence"), REFUSED, ids=[str(at) for at in range(len(REFUSED))])
def test_file_that_cannot_be_used_is_refused_with_one_plain_sentence(data: bytes, sentence: str) -> None:
    assert refusal(data).seen == sentence


def test_deep_lists_that_can_just_be_parsed_do_no_harm() -> None:
    deep = b'{"type":"Polygon","coordinates":' + b"[" * 500 + b"]" * 500 + b"}"
    assert (
        refusal(b'{"features":[{"properties":{"code":"E01000471"},"geometry":' + deep + b"}]}").seen
        == "No outline in the file can be read."
    )


def test_file_over_the_limit_is_refused_before_it_is_read() -> None:
    refused = refusal(b" " * (geojson.LIMIT_MB * 1_000_000 + 1))
    assert refused.seen == "The file is larger than 100 MB (100 MB)."
    assert "generalised" in refused.advice


def test_file_of_millions_of_tiny_values_is_refused_before_it_is_read() -> None:
    assert refusal(b'{"features":[' + b"[]," * 4_000_001).seen == "The file holds more than 4,000,000 points."
    assert refusal(b'{"features":[' + b"{}," * 1_000_001).seen == "The file holds more than 1,000,000 objects."
    assert refusal(b'{"features":[' + b"1," * 10_000_001).seen == "The file holds more than 10,000,000 values."


def test_small_zip_file_of_a_huge_map_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("map.geojson", b" " * 101_000_000)
    assert refusal(out.getvalue()).seen == "The file is larger than 100 MB (100 MB)."


# Drawing -------------------------------------------------------------------------------------------------------------------


def wavy() -> Boundaries:
    """Two areas whose shared border wiggles by a few metres."""
    border = [[0.00002 * (at % 2), 51.5 + at * 0.0005] for at in range(21)]
    west = [*border, [-0.01, border[-1][1]], [-0.01, 51.5], border[0]]
    east = [*border, [0.01, border[-1][1]], [0.01, 51.5], border[0]]
    return read_boundaries(file_of(area("E01000001", geometry=polygon(west)), area("E01000002", geometry=polygon(east))), "m")


def test_simplified_areas_have_fewer_points_and_still_share_their_border() -> None:
    full, light = wavy(), simplified(wavy(), 50)
    one, other = light.polygons["geometry"]
    assert shapely.get_num_coordinates([one, other]).sum() < shapely.get_num_coordinates(full.polygons["geometry"].to_numpy()).sum() / 3
    assert shapely.coverage_is_valid([one, other])
    assert one.intersection(other).length == pytest.approx(0.01, rel=0.01)
    assert light.polygons["code"].tolist() == full.polygons["code"].tolist()


def test_simplified_coordinates_have_five_decimals() -> None:
    a_little_off = polygon(ring(-0.1000004, 51.5000004))
    light = simplified(read_boundaries(file_of(area("E01000471", geometry=a_little_off)), "m"), 0)
    coordinates = shapely.get_coordinates(light.polygons["geometry"].to_numpy())
    assert (coordinates == coordinates.round(5)).all()


def test_tiny_area_is_not_lost() -> None:
    tiny = area("E01000009", geometry=polygon(ring(0.0000012, 51.5000012, 0.000001)))
    light = simplified(read_boundaries(file_of(*TWO, tiny), "m"), 100)
    assert light.polygons["code"].tolist() == ["E01000471", "E01035001", "E01000009"]
    assert (shapely.area(light.polygons["geometry"].to_numpy()) > 0).all()


def test_overlapping_areas_can_be_simplified() -> None:
    overlapping = [area(f"E0100000{at}", geometry=polygon(ring(-0.1 + at * 0.004))) for at in range(5)]
    light = simplified(read_boundaries(file_of(*overlapping), "m"), 100)
    assert shapely.is_valid(light.polygons["geometry"].to_numpy()).all()
    assert len(light.polygons) == 5


def test_written_geojson_is_compact_clockwise_and_reads_back() -> None:
    found = simplified(read_boundaries(file_of(*TWO), "m"), 0)
    text = as_geojson(found)
    assert " " not in text.replace("Brent 02", "Brent02")
    first = json.loads(text)["features"][0]
    assert first["properties"] == {"code": "E01000471", "name": "Brent 026A"}
    assert not shapely.is_ccw(shapely.LinearRing(first["geometry"]["coordinates"][0]))
    again = read_boundaries(text.encode(), "again")
    assert again.polygons[["code", "name"]].equals(found.polygons[["code", "name"]])
    assert shapely.equals(again.polygons["geometry"].to_numpy(), found.polygons["geometry"].to_numpy()).all()


def test_outlines_of_the_boroughs_are_read_and_made_light() -> None:
    found = read_boundaries(OWN.read_bytes(), OWN.name)
    assert (len(found.polygons), found.kind, len(found.findings)) == (33, "borough", 1)
    light = simplified(found, 100)
    assert shapely.coverage_is_valid(light.polygons["geometry"].to_numpy())
    assert light.bounds == pytest.approx(found.bounds, abs=0.01)


@pytest.mark.parametrize("path", sorted(BESIDE.glob("*.geojson")) or [OWN], ids=lambda path: path.name)
def test_real_boundaries_are_read_without_a_complaint_and_stay_a_coverage(path: Path) -> None:
    found = read_boundaries(path.read_bytes(), path.name)
    assert {each.severity for each in found.findings} == {NOTE}
    light = simplified(found, 100)
    shapes = light.polygons["geometry"].to_numpy()
    assert len(light.polygons) == len(found.polygons)
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)


# Joining -------------------------------------------------------------------------------------------------------------------


def lsoas(*codes: str, column: str = "LSOA21CD") -> Boundaries:
    return read_boundaries(file_of(*[{**area("", at), "properties": {column: code}} for at, code in enumerate(codes)]), "map")


def test_rows_stand_beside_their_areas() -> None:
    table = pd.DataFrame({"lsoa": [" e01000002", "E01000001"], "rate": [2.5, 1.5], "name": ["B", "A"]})
    found = join(lsoas("E01000001", "E01000002"), table, "lsoa")
    assert found.frame.columns.tolist() == ["code", "name", "geometry", "matched", "rate", "name_table"]
    assert found.frame[["code", "matched", "rate", "name_table"]].to_numpy().tolist() == [
        ["E01000001", True, 1.5, "A"],
        ["E01000002", True, 2.5, "B"],
    ]
    assert (found.matched, found.only_in_table, found.only_on_map, found.repeated) == (2, (), (), ())
    assert said(found, NOTE) == [" -> 2 areas of the map have a row in the table."]
    assert len(found.findings) == 1


def test_areas_on_one_side_only_are_counted_and_named() -> None:
    table = pd.DataFrame({"code": ["E01000002", "E01000003", None], "rate": [2.5, 3.5, 4.5]})
    found = join(lsoas("E01000001", "E01000002"), table, "code")
    assert (found.matched, found.only_in_table, found.only_on_map) == (1, ("E01000003",), ("E01000001",))
    assert np.isnan(found.frame["rate"].iloc[0])
    assert said(found, BLOCKED) == [
        "Rows of the table without a code in code: 1 -> They are not on the map.",
        "1 area of the table not on the map: E01000003 -> Their figures are not on the map.",
    ]
    assert said(found, NOTE)[-1] == "1 area of the map not in the table: E01000001 -> They are drawn without a figure."


def test_several_rows_of_an_area_are_never_chosen_from() -> None:
    table = pd.DataFrame({"code": ["E01000001", "E01000001", "E01000002"], "rate": [1.0, 2.0, 3.0]})
    found = join(lsoas("E01000001", "E01000002"), table, "code")
    assert found.repeated == ("E01000001",)
    assert found.frame["rate"].isna().tolist() == [True, False]
    assert said(found, BLOCKED) == ["More than one row of the table for the same area: E01000001 -> These areas have no figure on the map."]


def test_codes_of_2011_on_a_map_of_2021_are_never_mapped_silently() -> None:
    # An area that was split in 2021 has a code that the map of 2021 has not, and its parts have new ones.
    table = pd.DataFrame({"LSOA11CD": ["E01000471", "E01000475"], "rate": [1.0, 2.0]})
    found = join(lsoas("E01000471", "E01035001", "E01035002"), table, "LSOA11CD")
    assert (found.kind, found.other_census, found.matched) == ("LSOA 2011", True, 1)
    assert said(found, BLOCKED) == [
        "The table uses codes of LSOAs of 2011, the map of LSOAs of 2021: 1 area of the table not on the map, 2 areas of the map not in "
        "the table -> Only areas that are in both have figures: 1."
    ]
    assert found.findings[-1].advice.startswith("Upload boundaries of LSOAs of 2011, or convert the table")
    assert found.frame["rate"].isna().tolist() == [False, True, True]


def test_codes_of_2021_on_a_map_of_2011_are_recognised_by_the_codes_alone() -> None:
    table = pd.DataFrame({"code": ["E01000471", "E01035001"], "rate": [1.0, 2.0]})
    found = join(lsoas("E01000471", "E01000475", column="LSOA11CD"), table, "code")
    assert found.other_census
    assert "The table uses codes of LSOAs of 2021, the map of LSOAs of 2011" in said(found, BLOCKED)[0]


def test_where_the_census_cannot_be_told_the_possibility_is_said() -> None:
    found = join(lsoas("E01000471", "E01035001"), pd.DataFrame({"code": ["E01000471", "E01000475"]}), "code")
    assert not found.other_census
    assert "another census" in found.findings[-2].advice


def test_table_of_another_level_is_said_to_be_one() -> None:
    found = join(lsoas("E01000471", "E01035001"), pd.DataFrame({"code": ["E09000005"], "rate": [1.0]}), "code")
    assert found.matched == 0
    assert said(found, BLOCKED) == [
        "The table holds codes of boroughs, the map of LSOAs of 2021: no code is in both -> Nothing of the table is on the map."
    ]
    assert found.frame["rate"].isna().all()


def test_empty_table_joins_nothing_and_a_missing_column_is_a_mistake() -> None:
    assert join(lsoas("E01000471"), pd.DataFrame({"code": [], "rate": []}), "code").matched == 0
    with pytest.raises(ValueError, match="no column lsoa"):
        join(lsoas("E01000471"), pd.DataFrame({"code": []}), "lsoa")


@given(st.lists(st.integers(1, 30), unique=True, min_size=1), st.lists(st.integers(1, 30), unique=True))
def test_every_code_is_on_both_sides_or_on_one(on_map: list[int], in_table: list[int]) -> None:
    found = join(lsoas(*(f"E01{at:06}" for at in on_map)), pd.DataFrame({"code": [f"E01{at:06}" for at in in_table]}), "code")
    assert found.matched + len(found.only_on_map) == len(on_map) == len(found.frame)
    assert found.matched + len(found.only_in_table) == len(in_table)


# Damaged files -------------------------------------------------------------------------------------------------------------

SEEDS = [
    file_of(*TWO),
    file_of(area("E01000001", geometry=polygon(BOWTIE)), area("E01000002", geometry=None), *moved(TWO, 27700)),
    file_of(*moved(TWO, 3857), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}),
    file_of(area("E01000003", geometry={"type": "GeometryCollection", "geometries": [polygon(ring(), ring(-0.098, 51.502, 0.002))]})),
    OWN.read_bytes()[:6_000] + b"]]]}}]}",
    zipped(a_geojson=file_of(*TWO)),
]
PIECES = [b"null", b"NaN", b"-Infinity", b"1e999", b'""', b"[", b"]", b"{", b"}", b",", b'"', b"[[[[]]]]", b"true", b"-", b"99999999999999999999",
          b'"\\ud800"', b"\xff", b"\x00", b'{"type":"Polygon","coordinates":[[]]}', b'"type":"MultiPolygon"', b'"coordinates":5', b'"E01000001"']  # fmt: skip


def mutated(data: bytes, draw: st.DataObject) -> bytes:
    made = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 6))):
        at, length = draw.draw(st.integers(0, len(made))), draw.draw(st.integers(0, 30))
        way = draw.draw(st.sampled_from(("flip", "lose", "double", "replace", "replace", "value", "value", "end")))
        if way == "flip" and at < len(made):
            made[at] ^= 1 << draw.draw(st.integers(0, 7))
        elif way == "lose":
            del made[at : at + length]
        elif way == "double":
            made[at:at] = made[at : at + length]
        elif way == "replace":
            made[at : at + length] = draw.draw(st.sampled_from(PIECES))
        elif way == "value":
            # One number or text for another, so that the file stays JSON.
            tokens = [found.span() for found in re.finditer(rb'-?\d+\.?\d*(?:e-?\d+)?|"[^"]*"|null', bytes(made))]
            if tokens:
                start, end = draw.draw(st.sampled_from(tokens))
                made[start:end] = draw.draw(st.sampled_from(PIECES))
        elif way == "end" and draw.draw(st.booleans()):
            del made[at:]
    return bytes(made)


@settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(SEEDS), st.data())
def test_damaged_files_are_refused_or_read_and_nothing_else(data: bytes, draw: st.DataObject) -> None:
    try:
        found = read_boundaries(mutated(data, draw), "damaged.geojson")
    except Refused as refused:
        well_said(refused)
        return
    shapes = found.polygons["geometry"].to_numpy()
    assert shapely.is_valid(shapes).all()
    assert (shapely.area(shapes) > 0).all()
    assert found.polygons["code"].is_unique
    assert (found.polygons["code"] != "").all()
    assert np.isfinite(found.bounds).all()
    light = simplified(found, 30)
    assert light.polygons["code"].tolist() == found.polygons["code"].tolist()
    json.loads(as_geojson(light))
    join(found, found.polygons[["code"]], "code")


@given(st.binary(max_size=300))
def test_random_bytes_are_refused(data: bytes) -> None:
    refusal(data)
