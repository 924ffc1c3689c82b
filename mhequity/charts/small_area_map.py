"""A map of a visitor's own small areas: outlines as JSON once for each map that is brought, joined with the values of the moment.

A thousand areas and more have no room for names, so a name and its figure stand in the tooltip, and only hot and cold spots are
labelled.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
import shapely

from mhequity.charts import palette, vega
from mhequity.charts.maps import HEIGHT, WIDTH, BoroughDeck, Classes

AREAS, SPOTS, SPOT_NAMES = "small areas", "spots", "spot names"
"""Ids of the layers."""
HOT_LINE, COLD_LINE = ("#0B0C0C", "#FFFFFF"), ("#FFFFFF", "#0B0C0C")
"""Line and the wider one under it: hot spots are drawn dark on light, cold spots light on dark, so that they differ without colour."""
_STEPS_A_PIXEL = 4
_METRES_A_DEGREE = 111_195
_MOST_NAMED, _FEWEST_NAMED = 12, 3
"""Spots that are named at most, and how many areas each of them joins at least."""
_WIDEST_OFFSET = 3.0
"""Degrees up to which places may be given as steps from a corner, on a plane: beyond that it shows that the Earth is round."""


@dataclass(frozen=True, eq=False)
class Outlines:
    """The outlines of a map, ready to be joined with values."""

    parts: tuple[tuple[str, ...], ...]
    """For each area its polygons as JSON, in whole steps from the origin."""
    origin: tuple[float, float]
    """South-western corner, in degrees."""
    step: float
    """Degrees; 0 where places are in degrees themselves."""
    view: dict[str, float]

    @property
    def size(self) -> int:
        """Bytes of the outlines alone."""
        return sum(len(part) for parts in self.parts for part in parts)


def metres_a_pixel(bounds: tuple[float, float, float, float]) -> float:
    """How many metres a pixel of the whole map stands for: finer bends of an outline cannot be seen.

    Examples
    --------
    >>> round(metres_a_pixel((-0.5, 51.4, -0.1, 51.65)))
    50
    """
    return 156_543 / 2 * math.cos(math.radians((bounds[1] + bounds[3]) / 2)) / 2 ** _view(bounds)["zoom"]


def outlines(shapes: Sequence[Any]) -> Outlines:
    """The outlines of areas (shapely polygons and multipolygons in degrees), in their order, as small as can be."""
    found = np.array(list(shapes), dtype=object)
    bounds = tuple(float(end) for end in shapely.total_bounds(found))
    view = _view(bounds)  # type: ignore[arg-type]
    wide = max(bounds[2] - bounds[0], bounds[3] - bounds[1]) > _WIDEST_OFFSET
    origin, step = (bounds[0], bounds[1]), 0.0 if wide else 360 / 512 / 2 ** view["zoom"] / _STEPS_A_PIXEL
    parts = tuple(tuple(_part(part, origin, step) for part in shapely.get_parts(shape)) for shape in found)
    return Outlines(parts, origin, step, view)


def _part(polygon: Any, origin: tuple[float, float], step: float) -> str:
    """One polygon as deck.gl takes it: its points in a flat list; with holes, where each of them begins."""
    rings = [_steps(ring, origin, step) for ring in (polygon.exterior, *polygon.interiors)]
    rings = [rings[0], *(ring for ring in rings[1:] if len(ring) >= 6)]
    if len(rings) == 1:
        return _compact(rings[0])
    begins = np.cumsum([len(ring) for ring in rings[:-1]])
    return _compact({"positions": [each for ring in rings for each in ring], "holeIndices": begins.tolist()})


def _steps(ring: Any, origin: tuple[float, float], step: float) -> list[float]:
    """A ring's points without those that fall on the one before, and without the last, which is the first again."""
    points = shapely.get_coordinates(ring)
    if not step:
        return points[:-1].round(4).ravel().tolist()
    whole = ((points - origin) / step).round().astype(np.int64)
    apart = whole[np.r_[True, (np.diff(whole, axis=0) != 0).any(axis=1)]]
    kept = apart[:-1] if len(apart) > 1 and (apart[0] == apart[-1]).all() else apart
    return kept.ravel().tolist() if len(kept) >= 3 else whole[:-1].ravel().tolist()


def _view(bounds: tuple[float, float, float, float]) -> dict[str, float]:
    """Centre and zoom that show everything (Web Mercator, tiles of 512 pixels)."""
    west, south, east, north = bounds
    middle = (south + north) / 2
    across = WIDTH / 512 * 360 / max(east - west, 1e-4)
    tall = HEIGHT / 512 * 360 * math.cos(math.radians(middle)) / max(north - south, 1e-4)
    zoom = min(math.log2(min(across, tall)) - 0.08, 17.0)
    return {"longitude": round((west + east) / 2, 4), "latitude": round(middle, 4), "zoom": round(zoom, 2)}


def small_area_map(frame: pd.DataFrame, outlined: Outlines, classes: Classes, spots: pd.DataFrame, dark: bool) -> BoroughDeck:
    """Small areas coloured by class, hot and cold spots outlined and named.

    Parameters
    ----------
    frame
        One row an area in the order of the outlines: ``name``, ``value`` (missing is drawn grey), ``state`` (``suppressed`` has a grey of
        its own), ``text`` and ``more`` (what the tooltip says in two lines below the name).
    outlined
        From :func:`outlines`.
    classes
        How values become colours.
    spots
        One row a hot or cold spot, the largest first: ``name`` (``hot spot`` or ``cold spot``), ``hot``, ``areas`` (how many it joins),
        ``geometry`` (all of them as one shape).
    """
    greys = {state: palette.rgb(_grey(state)) for state in frame["state"].unique()}
    colours = {colour: palette.rgb(colour) for colour in classes.colours}
    rows = []
    for value, state, name, text, more, parts in zip(
        frame["value"], frame["state"], frame["name"], frame["text"], frame["more"], outlined.parts, strict=True
    ):
        fill = greys[state] if value != value else colours[classes.colour(value)]
        about = _compact({"f": fill, "n": name, "t": text, "u": more})[1:]
        rows += [f'{{"p":{part},{about}' for part in parts]
    border = palette.ink(dark).page
    layers = [
        _layer("PolygonLayer", AREAS, "[" + ",".join(rows) + "]", outlined, getPolygon="@@=p", positionFormat="XY", getFillColor="@@=f",
               getLineColor=[*palette.rgb(border), 150], lineWidthMinPixels=0.6, lineWidthMaxPixels=1.5, pickable=True, autoHighlight=True,
               highlightColor=[255, 190, 0, 160], stroked=True, filled=True),
        *_spot_layers(spots, outlined),
    ]  # fmt: skip
    return BoroughDeck(layers, outlined.view)


def _grey(state: str) -> str:
    return palette.SUPPRESSED if state == "suppressed" else palette.NO_DATA


def _spot_layers(spots: pd.DataFrame, outlined: Outlines) -> list[str]:
    """A line round each spot, on a wider one of the opposite brightness, and the name of the largest few."""
    if spots.empty:
        return []
    lines = [
        {"p": ring, "h": int(hot)} for hot, shape in zip(spots["hot"], spots["geometry"], strict=True) for ring in _closed(shape, outlined)
    ]
    (hot, under_hot), (cold, under_cold) = ([_compact(palette.rgb(each)) for each in pair] for pair in (HOT_LINE, COLD_LINE))
    drawn = {"getPath": "@@=p", "positionFormat": "XY", "widthUnits": "pixels", "jointRounded": True, "capRounded": True}
    return [
        _layer("PathLayer", f"{SPOTS} under", _compact(lines), outlined, getColor=f"@@=h?{under_hot}:{under_cold}", getWidth=6.5, **drawn),
        _layer("PathLayer", SPOTS, _compact(lines), outlined, getColor=f"@@=h?{hot}:{cold}", getWidth=3, **drawn),
        _names(_placed(spots, outlined.view["zoom"])),
    ]


def _closed(shape: Any, outlined: Outlines) -> list[list[float]]:
    """The rings of a shape as lines that end where they begin."""
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return [[*steps, *steps[:2]] for ring in rings if len(steps := _steps(ring, outlined.origin, outlined.step)) >= 6]


def _placed(spots: pd.DataFrame, zoom: float) -> list[dict[str, Any]]:
    """Names of the largest spots with their places, leaving out those that would cover a larger one's."""
    across = 512 / 360 * 2**zoom
    boxes: list[tuple[float, float, float, float]] = []
    names = []
    for name, areas, shape in zip(spots["name"][:_MOST_NAMED], spots["areas"], spots["geometry"], strict=False):
        lon, lat = _inside(shape)
        x, y = lon * across, lat * across / math.cos(math.radians(lat))
        text = f"{name}: {areas} areas"
        box = (x - len(text) * 4.5, y - 10, x + len(text) * 4.5, y + 10)
        if areas >= _FEWEST_NAMED and not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in boxes):
            boxes.append(box)
            names.append({"n": text, "x": [round(lon, 4), round(lat, 4)]})
    return names


def _inside(shape: Any) -> list[float]:
    """A point within a shape's largest part, for its name."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    point = largest.point_on_surface()
    return [point.x, point.y]


def _names(names: list[dict[str, Any]]) -> str:
    """Names on a light ground of their own: they lie on any colour."""
    return _layer("TextLayer", SPOT_NAMES, _compact(names), None, getText="@@=n", getPosition="@@=x", getSize=15, getColor=[11, 12, 12],
                  background=True, getBackgroundColor=[255, 255, 255, 225], backgroundPadding=[5, 2], fontWeight=700, characterSet="auto",
                  fontFamily="sans-serif")  # fmt: skip


def _layer(kind: str, name: str, data: str, outlined: Outlines | None, **options: Any) -> str:
    """One layer as JSON; ``data`` is JSON already, its places in steps of the outlines where there are some."""
    if outlined and outlined.step:
        scale = [outlined.step, 0, 0, 0, 0, outlined.step, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
        options = {"coordinateSystem": "lnglat-offsets", "coordinateOrigin": [*outlined.origin, 0], "modelMatrix": scale, **options}
    return f'{_compact({"@@type": kind, "id": name, **options})[:-1]},"data":{data}}}'


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


# For papers and slides ---------------------------------------------------------------------------------------------------------


def small_area_picture(frame: pd.DataFrame, shapes: Sequence[Any], classes: Classes, spots: pd.DataFrame) -> vega.Spec:
    """The same map as a form that is drawn without a browser; ``shapes`` are the areas' outlines in the order of the rows."""
    named = [state if value != value else classes.labels[classes.colours.index(classes.colour(value))]
             for value, state in zip(frame["value"], frame["state"], strict=True)]  # fmt: skip
    states = [state for state in dict.fromkeys(frame["state"][frame["value"].isna()]) if state]
    scale = alt.Scale(domain=[*classes.labels, *states], range=[*classes.colours, *map(_grey, states)])
    colour = alt.Color("properties.of:N", title=classes.title, scale=scale, legend=alt.Legend(orient="right", titleLimit=500))
    ground = alt.Chart(alt.Data(values=_features(shapes, named))).mark_geoshape(stroke="white", strokeWidth=0.4).encode(color=colour)
    lines = []
    for hot, (line, under) in ((True, HOT_LINE), (False, COLD_LINE)):
        some = spots[spots["hot"] == hot]
        if len(some):
            of = alt.Chart(alt.Data(values=_features(some["geometry"].tolist(), some["name"].tolist())))
            lines += [of.mark_geoshape(filled=False, stroke=colour, strokeWidth=width) for colour, width in ((under, 5), (line, 2.5))]
    zoom = _view(tuple(shapely.total_bounds(np.array(list(shapes), dtype=object))))["zoom"]
    place = [{"lon": each["x"][0], "lat": each["x"][1], "name": each["n"]} for each in _placed(spots, zoom)]
    where = {"longitude": "lon:Q", "latitude": "lat:Q", "text": "name:N"}
    labels = alt.Chart(alt.Data(values=place))
    texts = [labels.mark_text(fontSize=13, fontWeight=700, stroke="white", strokeWidth=4).encode(**where),
             labels.mark_text(fontSize=13, fontWeight=700).encode(**where)] if place else []  # fmt: skip
    return vega.form(alt.layer(ground, *lines, *texts).project("mercator").properties(height=760), dark=False)


def _features(shapes: Sequence[Any], named: Sequence[str]) -> list[dict[str, Any]]:
    """GeoJSON features; outer rings run clockwise, as Vega needs them."""
    drawn = shapely.to_geojson(shapely.orient_polygons(np.array(list(shapes), dtype=object), exterior_cw=True))
    return [{"type": "Feature", "properties": {"of": of}, "geometry": json.loads(each)} for of, each in zip(named, drawn, strict=True)]
