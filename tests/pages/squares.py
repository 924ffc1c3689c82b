"""A made-up map of small areas: squares of a chessboard near London, with codes like those of LSOAs, and tables for it. Nothing here asserts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

SIDE, WEST, SOUTH = 0.01, -0.3, 51.5


def codes(number: int = 36, first: int = 500) -> list[str]:
    return [f"E0100{first + at:04d}" for at in range(number)]


def squares(across: int = 6, listed: Sequence[str] | None = None, names: Sequence[str] | None = None) -> bytes:
    """GeoJSON of squares, row by row from the south-west."""
    listed = codes(across * across) if listed is None else listed
    features = [_square(at % across, at // across, code, names[at] if names else f"Square {at}") for at, code in enumerate(listed)]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _square(column: int, row: int, code: str, name: str) -> dict[str, Any]:
    west, south = round(WEST + column * SIDE, 5), round(SOUTH + row * SIDE, 5)
    east, north = round(west + SIDE, 5), round(south + SIDE, 5)
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Feature", "properties": {"LSOA11CD": code, "LSOA11NM": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}


def seen(across: int = 6, corner: int = 60) -> list[int]:
    """People seen in each square: ``corner`` in the nine in the south-west, 19 to 21 elsewhere."""
    return [corner if at % across < 3 and at // across < 3 else 19 + at % 3 for at in range(across * across)]


def table(
    counts: Sequence[object] | None = None, listed: Sequence[str] | None = None, heading: str = "LSOA code,People seen,Population"
) -> bytes:
    """A CSV of codes, people seen, and 1,000 people in each."""
    counts = seen() if counts is None else counts
    listed = codes(len(counts)) if listed is None else listed
    return "\n".join([heading, *(f"{code},{count},1000" for code, count in zip(listed, counts, strict=True))]).encode()
