"""A map of London's boroughs for pydeck, small enough to send at every change.

Outlines are turned into JSON once for the life of the process; drawing a map joins them with the values of the moment.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd
import pydeck as pdk

from mhequity import areas
from mhequity.charts import palette
from mhequity.paths import DATA

BOROUGHS, SITES = "boroughs", "sites"
"""Ids of the layers that can be clicked."""
ORIGIN, STEP = (-0.1, 51.5), 1e-4
"""Outlines are sent as whole steps (degrees) from this longitude and latitude: about 10 metres."""
_TOOLTIP = {"fontSize": "16px", "lineHeight": "1.5", "background": "#0B0C0C", "color": "#FFFFFF", "whiteSpace": "nowrap"}
_SCALE = [STEP, 0, 0, 0, 0, STEP, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
WIDTH, HEIGHT = 740, 600
"""Size in pixels that a map is composed for; a narrower page shows it smaller (ui/style.css)."""
ATTRIBUTION = (
    "Contains National Statistics data © Crown copyright and database right (2015). "
    "Contains Ordnance Survey data © Crown copyright and database right (2015)."
)


@dataclass(frozen=True)
class Classes:
    """Classes that values are coloured by: the upper ends of all but the last, a colour and a label for each."""

    title: str
    ends: tuple[float, ...]
    colours: tuple[str, ...]
    labels: tuple[str, ...]

    def colour(self, value: float) -> str:
        return self.colours[sum(value >= end for end in self.ends)]


class BoroughDeck(pdk.Deck):
    """A deck whose JSON is at hand already: Streamlit asks a deck for that and its tooltip, and for nothing else.

    The parent is not set up, which would cost more than all else here. ``__MAP_STYLE__`` is what Streamlit's browser side knows as
    "no background": without it, it asks a tile server for one. The tooltip's ``{n}``, ``{t}`` and ``{u}`` are filled in by the
    browser, which escapes them.
    """

    def __init__(self, layers: Sequence[str], view: dict[str, float]) -> None:
        self._tooltip = {"html": "<b>{n}</b><br>{t}<br>{u}", "style": _TOOLTIP}
        self.map_provider = self.mapbox_key = None
        head = {"initialViewState": view, "mapStyle": "__MAP_STYLE__"}
        head["views"] = [{"@@type": "MapView", "controller": {"scrollZoom": False}}]  # type: ignore[list-item]
        self._json = f'{_compact(head)[:-1]},"layers":[{",".join(layers)}]}}'

    def to_json(self) -> str:
        return self._json


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


@lru_cache
def shapes() -> dict[str, dict[str, Any]]:
    """For each borough its ``rings`` (flat longitudes and latitudes) and the point for its ``label``."""
    with open(DATA / "boundaries" / "london_boroughs_small.json", encoding="utf-8") as file:
        return json.load(file)


@lru_cache
def _outlines() -> dict[str, list[str]]:
    """For each borough its rings as JSON: whole ten-thousandths of a degree from the origin, two thirds the size of degrees."""
    lon, lat = ORIGIN

    def steps(ring: list[float]) -> list[int]:
        return [round((value - (lat if at % 2 else lon)) / STEP) for at, value in enumerate(ring)]

    return {code: [_compact(steps(ring)) for ring in shape["rings"]] for code, shape in shapes().items()}


@lru_cache
def _bounds(codes: tuple[str, ...]) -> tuple[float, float, float, float]:
    """West, south, east and north ends of boroughs in degrees."""
    rings = [ring for code in codes for ring in shapes()[code]["rings"]]
    lon = [x for ring in rings for x in ring[::2]]
    lat = [y for ring in rings for y in ring[1::2]]
    return min(lon), min(lat), max(lon), max(lat)


@lru_cache
def view_of(system: str) -> dict[str, float]:
    """Centre and zoom that show a whole system (Web Mercator, tiles of 512 pixels)."""
    west, south, east, north = _bounds(tuple(area.code for area in areas.boroughs(system)))
    middle = (south + north) / 2
    across = WIDTH / 512 * 360 / (east - west)
    tall = HEIGHT / 512 * 360 * math.cos(math.radians(middle)) / (north - south)
    return {"longitude": round((west + east) / 2, 4), "latitude": round(middle, 4), "zoom": round(math.log2(min(across, tall)) - 0.08, 2)}


def borough_map(frame: pd.DataFrame, classes: Classes, system: str, dark: bool, sites: pd.DataFrame | None = None) -> BoroughDeck:
    """Boroughs coloured by class.

    Parameters
    ----------
    frame
        One row a borough: ``area``, ``value`` (missing is drawn grey), ``state`` (why a value is missing, else empty), ``text``
        and ``more`` (what the tooltip says in two lines below the name), ``in_scope`` (False: drawn faint). Where there is a column
        ``mark``, boroughs with text in it have a thick outline, and the text below their name.
    classes
        How values become colours.
    system
        What to zoom to.
    sites
        ``site``, ``kind``, ``latitude``, ``longitude``; or None.
    """
    rows: dict[bool, list[str]] = {False: [], True: []}
    names = []
    for row in frame.itertuples(index=False):
        area = areas.by_code()[row.area]
        known = pd.notna(row.value)
        fill = palette.rgb(classes.colour(row.value) if known else palette.SUPPRESSED if row.state == "suppressed" else palette.NO_DATA)
        mark = getattr(row, "mark", "")
        said = {"c": row.area, "f": [*fill, 255 if row.in_scope else 50], "n": area.name, "t": row.text, "u": row.more}
        about = _compact(said | ({"m": 1} if mark else {}))
        # What is drawn last lies on top, so that no neighbour covers half of a thick outline.
        rows[bool(mark)] += [f'{{"p":{ring},{about[1:]}' for ring in _outlines()[row.area]]
        if row.in_scope:
            below = mark if known else row.state
            label = f"{_wrapped(area.short_name)}\n({below})" if below else _wrapped(area.short_name)
            names.append((row.area, label, palette.is_dark(fill)))
    size = 15 if len(frame) > 13 else 17
    placed = _labels(names, system, size)
    layers = [
        _layer("PolygonLayer", BOROUGHS, "[" + ",".join([*rows[False], *rows[True]]) + "]", getPolygon="@@=p", positionFormat="XY", coordinateSystem="lnglat-offsets", coordinateOrigin=[*ORIGIN, 0], modelMatrix=_SCALE, getFillColor="@@=f",
               **_lines(bool(rows[True]), dark), pickable=True, autoHighlight=True,
               highlightColor=[255, 255, 255, 70], stroked=True, filled=True),
        _names("dark names", placed[False], size, [11, 12, 12], [255, 255, 255, 230]),
        _names("light names", placed[True], size, [255, 255, 255], [11, 12, 12, 200]),
    ]  # fmt: skip
    if sites is not None and len(sites):
        layers.append(_sites(sites))
    return BoroughDeck(layers, view_of(system))


def _lines(marked: bool, dark: bool) -> dict[str, Any]:
    """How outlines are drawn: thin in the page's colour, thick and black for what is marked."""
    thin = palette.rgb(palette.ink(dark).page)
    if not marked:
        return {"getLineColor": thin, "lineWidthMinPixels": 1.5}
    return {
        "getLineColor": f"@@=m?[11,12,12]:{_compact(thin)}",
        "getLineWidth": "@@=m?5:1.5",
        "lineWidthUnits": "pixels",
        "lineJointRounded": True,
    }


def _wrapped(name: str) -> str:
    """A long name over two lines: ``Waltham Forest`` has no room on one."""
    first, _, rest = name.partition(" ")
    return f"{first}\n{rest}" if rest and len(name) > 9 else name


def _names(layer: str, labels: list[dict[str, Any]], size: int, ink: list[int], halo: list[int]) -> str:
    return _layer("TextLayer", layer, _compact(labels), getText="@@=n", getPosition="@@=x", getSize=size, getColor=ink, outlineColor=halo,
                  outlineWidth=3, fontWeight=600, fontSettings={"sdf": True, "buffer": 8, "radius": 14}, characterSet="auto",
                  fontFamily="sans-serif")  # fmt: skip


def _labels(names: Sequence[tuple[str, str, bool]], system: str, size: int) -> dict[bool, list[dict[str, Any]]]:
    """Names at their boroughs' label points, for light and for dark text, leaving out those that would cover one placed before.

    Names stand in the order of how much room their borough gives them; every borough is named in the tooltip all the same.
    """
    scale = 512 / 360 * 2 ** view_of(system)["zoom"]
    stretch = 1 / math.cos(math.radians(51.5))
    boxes: list[tuple[float, float, float, float]] = []
    out: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for code, name, light in sorted(names, key=lambda entry: -_room(entry[0])):
        lon, lat = shapes()[code]["label"]
        lines = name.split("\n")
        half, tall = max(map(len, lines)) * size * 0.25, len(lines) * size * 0.55
        for shift in (0.0, -0.7, 0.7, -1.2, 1.2):
            x, y = lon * scale, lat * scale * stretch + shift * size
            box = (x - half, y - tall, x + half, y + tall)
            if not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in boxes):
                boxes.append(box)
                out[light].append({"n": name, "x": [lon, round(y / scale / stretch, 4)]})
                break
    return out


def _room(code: str) -> float:
    """Area of a borough's bounding box in square degrees."""
    west, south, east, north = _bounds((code,))
    return (east - west) * (north - south)


def _sites(sites: pd.DataFrame) -> str:
    """Dots for the sites whose place is known."""
    placed = sites.dropna(subset=["latitude", "longitude"])
    points = [{"x": [row.longitude, row.latitude], "n": row.site, "t": row.kind, "u": ""} for row in placed.itertuples()]
    return _layer("ScatterplotLayer", SITES, _compact(points), getPosition="@@=x", radiusUnits="pixels", getRadius=6,
                  getFillColor=palette.rgb(palette.PLUM), getLineColor=[255, 255, 255], lineWidthMinPixels=1.5, stroked=True, pickable=True)  # fmt: skip


def _layer(kind: str, name: str, data: str, **options: Any) -> str:
    """One layer as JSON; ``data`` is JSON already."""
    return f'{_compact({"@@type": kind, "id": name, **options})[:-1]},"data":{data}}}'
