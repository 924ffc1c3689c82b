"""A visitor's map and table put together, and kept for the session: a rerun that changes nothing works nothing out again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import streamlit as st

from mhequity.analysis.small_areas import RATE, SmallAreas, clusters, small_areas
from mhequity.charts import small_area_map
from mhequity.disclosure import Policy
from mhequity.reading import area_tables
from mhequity.reading.boundaries import Boundaries, simplified
from mhequity.reading.boundary_joins import Joined, join
from mhequity.statistics.spatial import Neighbours, queen_neighbours
from mhequity.ui.small_areas_files import Held
from mhequity.ui.small_areas_options import Chosen

MOST_DRAWN = 10_000
"""Areas that are drawn at once; more take a browser too long."""
_TOUCHING = 1e-5
"""Degrees, a metre, that borders may be apart and count as shared: files often round each outline by itself."""
_KEPT, _MOST_KEPT = "_small_areas_results", 6
Result = TypeVar("Result")


@dataclass(frozen=True, eq=False)
class Ready:
    """A map as it is drawn, whatever its figures."""

    shapes: list[Any]
    """Outlines without bends that cannot be seen, in degrees."""
    outlined: small_area_map.Outlines
    neighbours: Neighbours


@dataclass(frozen=True, eq=False)
class Found:
    """Everything about a map and a table."""

    joined: Joined
    ready: Ready
    areas: SmallAreas
    places: pd.DataFrame
    """Hot and cold spots, as :func:`mhequity.analysis.small_areas.clusters` gives them."""


def once(key: tuple[Any, ...], work: Callable[[], Result]) -> Result:
    """What was worked out for this key in this session, else what ``work`` gives; the last few are kept."""
    kept: dict[Any, Any] = st.session_state.setdefault(_KEPT, {})
    if key not in kept:
        while len(kept) >= _MOST_KEPT:
            del kept[next(iter(kept))]
        kept[key] = work()
    return kept[key]


def forget() -> None:
    """Let go of all that was worked out: the files that it came from are gone."""
    st.session_state.pop(_KEPT, None)


def joined(held: Held, chosen: Chosen) -> Joined:
    """The table's rows beside the map's areas."""
    assert held.map is not None
    return once(("joined", held.map_id, held.table_id, chosen), lambda: _join(held.map, held, chosen))  # type: ignore[arg-type]


def _join(boundaries: Boundaries, held: Held, chosen: Chosen) -> Joined:
    table = held.tables[chosen.at]
    rows = area_tables.kept_rows(table, dict(chosen.narrowed))
    frame = _columns(table, chosen)[rows]
    return join(boundaries, frame, chosen.code)


def _columns(table: area_tables.AreaTable, chosen: Chosen) -> pd.DataFrame:
    """The table's codes and figures as the analysis takes them."""
    held = {chosen.code: table.texts(chosen.code)}
    for name, column in (("figure", chosen.figure), *((("base", chosen.base),) if chosen.how == RATE else ())):
        read = table.figures(column)
        held |= {name: read["value"], f"{name}_state": read["state"]}
    return pd.DataFrame(held)


def found(held: Held, chosen: Chosen, policy: Policy, only_matched: bool) -> Found:
    """The areas with their figures, hot spots and outlines."""
    return once(("found", held.map_id, held.table_id, chosen, policy, only_matched), lambda: _find(held, chosen, policy, only_matched))


def _find(held: Held, chosen: Chosen, policy: Policy, only_matched: bool) -> Found:
    assert held.map is not None
    together = joined(held, chosen)
    drawn = together.frame["matched"].to_numpy() if only_matched else np.ones(len(together.frame), dtype=bool)
    ready = once(("ready", held.map_id, drawn.tobytes()), lambda: _prepare(_part(held.map, drawn)))  # type: ignore[arg-type]
    areas = small_areas(together.frame[drawn].reset_index(drop=True), ready.neighbours, policy, chosen.how, chosen.per)
    return Found(together, ready, areas, clusters(areas.frame, ready.shapes, ready.neighbours))


def _part(boundaries: Boundaries, drawn: np.ndarray) -> Boundaries:
    kept = boundaries.polygons[drawn].reset_index(drop=True)
    ends = np.array([shape.bounds for shape in kept["geometry"]])
    bounds = (*ends[:, :2].min(axis=0).tolist(), *ends[:, 2:].max(axis=0).tolist())
    return replace(boundaries, polygons=kept, bounds=bounds)


def _prepare(boundaries: Boundaries) -> Ready:
    """Neighbours come from the outlines as they are, what is drawn from outlines without bends that no one sees."""
    neighbours = queen_neighbours(boundaries.polygons["geometry"].tolist(), _TOUCHING)
    shapes = simplified(boundaries, small_area_map.metres_a_pixel(boundaries.bounds)).polygons["geometry"].tolist()
    return Ready(shapes, small_area_map.outlines(shapes), neighbours)
