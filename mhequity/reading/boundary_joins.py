"""Whether a table's areas are those of a map: which are on both, which on one only, and whether they are of one census."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from mhequity.reading.boundaries import Boundaries
from mhequity.reading.boundary_codes import LAST_OF_2011, OTHER, kind_of
from mhequity.reading.findings import BLOCKED, NOTE, Finding, first_few, shown


@dataclass(frozen=True, eq=False)
class Joined:
    """A table on a map, and what did not fit."""

    frame: pd.DataFrame
    """One row an area of the map: ``code``, ``name``, ``geometry``, ``matched``, then the table's columns, missing where the table has
    no row of that area. A column of the table with a name taken here ends with ``_table``."""
    matched: int
    """Areas that are on the map and in the table."""
    only_in_table: tuple[str, ...]
    """Codes of the table that are not on the map."""
    only_on_map: tuple[str, ...]
    """Codes of the map without a row in the table."""
    repeated: tuple[str, ...]
    """Codes with several rows in the table. They are shown without figures, since nothing says which row is meant."""
    kind: str
    """What kind of areas the table's codes are of, as in :class:`~mhequity.reading.boundaries.Boundaries`."""
    other_census: bool
    """The table's codes and the map's are of different censuses (2011 and 2021)."""
    findings: tuple[Finding, ...]


def join(boundaries: Boundaries, frame: pd.DataFrame, code_column: str) -> Joined:
    """Put a table's rows beside the areas of a map with the same code.

    Parameters
    ----------
    boundaries
        The map.
    frame
        The table: one row an area.
    code_column
        Its column of codes. Letters may be small and spaces around; rows without a code are left out, with a finding.

    Returns
    -------
    Joined
        A census area whose code is in both 2011 and 2021 is the same area; where the two censuses are mixed, only such areas get
        figures, and a finding says how many others there are.

    Raises
    ------
    ValueError
        Where the table has no such column.
    """
    if code_column not in frame:
        raise ValueError(f"The table has no column {code_column}.")
    codes = frame[code_column].astype("str").str.strip().str.upper().where(frame[code_column].notna(), "")
    given = codes[codes != ""]
    spelled = {code.upper(): code for code in boundaries.polygons["code"]}
    repeated = tuple(given[given.duplicated() & given.isin(spelled)].unique())
    usable = given[given.isin(spelled) & ~given.isin(repeated)]
    taken = {name: f"{name}_table" for name in ("code", "name", "geometry", "matched")}
    table = frame.loc[usable.index].drop(columns=code_column).rename(columns=taken).assign(code=usable.map(spelled))
    shapes = boundaries.polygons[["code", "name", "geometry"]]
    shapes = shapes.assign(matched=shapes["code"].str.upper().isin(set(given)))
    only_in_table = tuple(code for code in given.unique() if code not in spelled)
    only_on_map = tuple(shapes.loc[~shapes["matched"], "code"])
    kind = kind_of(list(given.unique()), code_column)[0]
    mixed = _other_census(kind, boundaries.kind)
    matched = int(shapes["matched"].sum())
    told = [
        *_unusable(boundaries.file, code_column, len(codes) - len(given), repeated),
        *_misfits(boundaries, kind, matched, only_in_table, only_on_map, mixed),
    ]
    return Joined(shapes.merge(table, on="code", how="left"), matched, only_in_table, only_on_map, repeated, kind, mixed, tuple(told))


def _other_census(table_kind: str, map_kind: str) -> bool:
    """True where both are census areas of one level, of years that are known and differ."""
    (level, _, year), (map_level, _, map_year) = table_kind.partition(" "), map_kind.partition(" ")
    return level == map_level and bool(year and map_year) and year != map_year


def _unusable(file: str, column: str, blank: int, repeated: Sequence[str]) -> list[Finding]:
    told = []
    if blank:
        told.append(Finding(BLOCKED, file, kind="boundaries", seen=f"Rows of the table without a code in {shown(column)}: {blank:,}", done="They are not on the map.",
                            advice="Fill in the codes."))  # fmt: skip
    if repeated:
        advice = "Narrow the table to one period and one measure, so that each area has one row."
        told.append(Finding(BLOCKED, file, kind="boundaries", seen=f"More than one row of the table for the same area: {_some(repeated)}",
                            done="These areas have no figure on the map.", advice=advice))  # fmt: skip
    return told


def _misfits(
    boundaries: Boundaries, kind: str, matched: int, only_in_table: Sequence[str], only_on_map: Sequence[str], mixed: bool
) -> list[Finding]:
    """Which areas are on both sides, which on one, and what to do about it."""
    file, table_kind, map_kind = boundaries.file, _spoken(kind), _spoken(boundaries.kind)
    if not matched:
        seen = f"The table holds codes of {table_kind}, the map of {map_kind}: no code is in both"
        advice = (
            f"Upload boundaries of {table_kind}." if kind != boundaries.kind and kind != OTHER else "Check which column holds the codes."
        )
        return [Finding(BLOCKED, file, kind="boundaries", seen=seen, done="Nothing of the table is on the map.", advice=advice)]
    told = []
    if mixed:
        told.append(_two_censuses(file, table_kind, map_kind, matched, only_in_table, only_on_map))
    elif only_in_table:
        advice = "Add their outlines, or check the codes."
        if kind in LAST_OF_2011 or boundaries.kind in LAST_OF_2011:
            advice += " They may be of another census (2011 or 2021) than the map."
        seen = f"{_areas(len(only_in_table))} of the table not on the map: {_some(only_in_table)}"
        told.append(Finding(BLOCKED, file, kind="boundaries", seen=seen, done="Their figures are not on the map.", advice=advice))
    if only_on_map and not mixed:
        seen = f"{_areas(len(only_on_map))} of the map not in the table: {_some(only_on_map)}"
        told.append(Finding(NOTE, file, kind="boundaries", seen=seen, done="They are drawn without a figure."))
    done = f"{_areas(matched)} of the map have a row in the table." if matched > 1 else "1 area of the map has a row in the table."
    return [Finding(NOTE, file, kind="boundaries", done=done), *told]


def _two_censuses(
    file: str, table_kind: str, map_kind: str, matched: int, only_in_table: Sequence[str], only_on_map: Sequence[str]
) -> Finding:
    seen = (
        f"The table uses codes of {table_kind}, the map of {map_kind}: {_areas(len(only_in_table))} of the table not on the map, "
        f"{_areas(len(only_on_map))} of the map not in the table"
    )
    done = f"Only areas that are in both have figures: {matched:,}."
    advice = (
        f"Upload boundaries of {table_kind}, or convert the table with the lookup from 2011 to 2021 of the Office for National Statistics."
    )
    return Finding(BLOCKED if only_in_table else NOTE, file, kind="boundaries", seen=seen, done=done, advice=advice)


def _spoken(kind: str) -> str:
    """``LSOA 2021`` as ``LSOAs of 2021``."""
    level, _, year = kind.partition(" ")
    plural = "areas of another kind" if level == OTHER else f"{level}s"
    return f"{plural} of {year}" if year else plural


def _areas(number: int) -> str:
    return f"{number:,} area{'' if number == 1 else 's'}"


def _some(found: Sequence[str]) -> str:
    return first_few([shown(code)[:40] for code in found])
