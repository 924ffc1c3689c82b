"""Sheets as a test writes them down: one line a row, cells parted by ``|``."""

from __future__ import annotations

from dataclasses import replace

from mhequity.reading.grids import Grid, grid_of


def sheet(text: str, name: str = "Sheet1", top: int = 1, left: int = 1, merged: tuple[tuple[int, int, int, int], ...] = ()) -> Grid:
    """A sheet from lines such as ``Borough | Spend``; an empty line between others is a blank row."""
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip().split("\n")]
    return replace(grid_of(rows, name, top, left), merged=merged)
