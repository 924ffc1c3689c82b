"""Which property of a boundary file holds the areas' codes and names, and what kind of areas they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mhequity import areas
from mhequity.reading.findings import FIXED, NOTE, Finding, shown
from mhequity.reading.grids import Refused

LSOA, MSOA, WARD, BOROUGH, ICB, OTHER = "LSOA", "MSOA", "ward", "borough", "ICB", "other"
"""Kinds of areas. Those of the census end with its year where it can be told: ``LSOA 2021``."""
LAST_OF_2011 = {LSOA: "E01033768", MSOA: "E02006934"}
"""England's highest codes of the 2011 census. Those made for the 2021 census follow on from them."""

_GSS = re.compile(r"[EWSNK]\d{8}", re.IGNORECASE)
_KINDS = {"E01": LSOA, "W01": LSOA, "E02": MSOA, "W02": MSOA, "E05": WARD, "W05": WARD, "E06": BOROUGH, "E07": BOROUGH, "E08": BOROUGH,
          "E09": BOROUGH, "W06": BOROUGH, "E54": ICB}  # fmt: skip
_CODE_NAME = re.compile(r"(code|cd|gss)$", re.IGNORECASE)
_YEAR = re.compile(r"(?:soa\W{0,3}_?(?:20)?|(?<!\d)20)(11|21)(?!\d)", re.IGNORECASE)
_SURELY_2011 = 300
"""So many census areas of London or more without a single new code can hardly be those of 2021, of which one in 17 is new."""


@dataclass(frozen=True)
class Coded:
    """Each feature's code and name, empty where it has none."""

    column: str
    codes: tuple[str, ...]
    names: tuple[str, ...]
    kind: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class _Column:
    name: str
    texts: tuple[str, ...]
    filled: int = field(init=False)
    distinct: int = field(init=False)

    def __post_init__(self) -> None:
        held = [text for text in self.texts if text]
        object.__setattr__(self, "filled", len(held))
        object.__setattr__(self, "distinct", len({text.upper() for text in held}))

    @property
    def apart(self) -> float:
        """1 where no two features share a text."""
        return self.distinct / self.filled


def coded(properties: Sequence[Mapping[str, Any]], file: str, code_column: str = "") -> Coded:
    """Find the column of codes: the one that looks like government (GSS) codes and tells the areas apart.

    Parameters
    ----------
    properties
        Each feature's properties.
    file
        The file's name, for findings and as a hint of the census year.
    code_column
        The column to use, where a person has said which.

    Raises
    ------
    Refused
        Where no column will do; the columns there are, are named.
    """
    columns = _columns(properties)
    chosen, told = _chosen(columns, file, code_column)
    codes, done = _as_codes(chosen, file)
    names = _names(columns, chosen, codes)
    kind, seen = kind_of([code for code in codes if code], chosen.name, file)
    if seen:
        told.append(
            Finding(NOTE, file, kind="boundaries", seen=seen, done=f"Read as {kind}.", advice="Check the year where the file comes from.")
        )
    return Coded(chosen.name, codes, names, kind, (*told, *done))


def _columns(properties: Sequence[Mapping[str, Any]]) -> list[_Column]:
    """Columns that at least half of the features have."""
    held = Counter(name for each in properties for name in each)
    common = [name for name, count in held.items() if 2 * count >= len(properties)]
    columns = [_Column(name, tuple(_text(each.get(name)) for each in properties)) for name in common]
    return [column for column in columns if 2 * column.filled >= len(properties)]


def _text(value: object) -> str:
    if isinstance(value, str):
        return " ".join(value[:200].split())
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return ""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


def _chosen(columns: Sequence[_Column], file: str, code_column: str) -> tuple[_Column, list[Finding]]:
    if code_column:
        named = next((column for column in columns if column.name == code_column), None)
        if named is None:
            raise Refused(f"The features have no property {shown(code_column)}.", f"They have {_listed(columns)}. Choose one of these.")
        return named, []
    official = [column for column in columns if _share(column, _GSS) >= 0.8 and column.apart >= 0.5]
    if official:
        # The most distinct is the finest; of two censuses' codes side by side the later is what the outlines are most likely of.
        best = max(official, key=lambda column: (round(column.apart, 2), _year(column.name)))
        return best, _also([column for column in official if column is not best], best, file)
    named_codes = [column for column in columns if _CODE_NAME.search(column.name) and column.apart >= 0.9]
    places = [column for column in columns if _names_places(column)]
    for column in (*places, *named_codes):
        return column, []
    seen = "The features have no property with codes that tell the areas apart."
    raise Refused(seen, f"They have {_listed(columns)}. Add one with each area's code, such as LSOA21CD with codes like E01000471.")


def _also(others: Sequence[_Column], best: _Column, file: str) -> list[Finding]:
    if not others:
        return []
    seen = f"{len(others) + 1} properties with codes: {shown(best.name)}, {_listed(others)}"
    apart = f"{best.distinct:,} different codes in {best.filled:,} features"
    return [
        Finding(
            NOTE,
            file,
            kind="boundaries",
            seen=seen,
            done=f"{shown(best.name)} was taken, with {apart}.",
            advice="If another is meant, choose it.",
        )
    ]


def _listed(columns: Sequence[_Column]) -> str:
    names = [shown(column.name)[:60] for column in columns]
    return (", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")) or "none"


def _share(column: _Column, pattern: re.Pattern[str]) -> float:
    return sum(bool(pattern.fullmatch(text)) for text in column.texts) / column.filled


def _year(name: str) -> int:
    found = re.findall(r"\d\d(?!\d)", name)
    return int(found[-1]) if found else 0


def _names_places(column: _Column) -> bool:
    """True where the texts are names, or NHS codes, of boroughs or of NHS systems."""
    held = {text for text in column.texts if text}
    return len(held) <= 60 and column.apart >= 0.5 and sum(areas.match(text).area is not None for text in held) >= 0.9 * len(held)


def _as_codes(column: _Column, file: str) -> tuple[tuple[str, ...], list[Finding]]:
    if not _share(column, _GSS) and _names_places(column):
        found = [areas.match(text).area for text in column.texts]
        done = "The areas' codes were taken from their names."
        return tuple(area.code if area else "" for area in found), [Finding(FIXED, file, kind="boundaries", seen=f"No codes, but names in {shown(column.name)}", done=done)]  # fmt: skip
    return tuple(text.upper() if _GSS.fullmatch(text) else text for text in column.texts), []


def _names(columns: Sequence[_Column], chosen: _Column, codes: Sequence[str]) -> tuple[str, ...]:
    """Each area's name: from the column named like that of the codes, else from one named like a name, else the code."""
    by_name = {column.name.casefold(): column for column in reversed(columns)}
    wanted = chosen.name.casefold()
    guesses = [re.sub("cd$", "nm", wanted), wanted.replace("code", "name"), "name", "nm", "area_name", "label"]
    found = next((by_name[guess] for guess in guesses if guess in by_name and guess != wanted), None)
    if found is None:
        found = next((column for column in columns if re.search(r"(nm|name)$", column.name, re.IGNORECASE)), None)
    texts = found.texts if found else ("",) * len(codes)
    known = areas.by_code()
    return tuple(text or (known[code].name if code in known else code) for text, code in zip(texts, codes, strict=True))


def kind_of(codes: Sequence[str], column: str = "", file: str = "") -> tuple[str, str]:
    """What kind of areas the codes are of, and why where that was judged from little; the second is empty where it is sure.

    The year of a census area comes from the codes where some are newer than 2011, else from the column's name, else from there
    being so many areas that some would be new, else from the file's name; without any of these no year is given.

    Examples
    --------
    >>> kind_of(["E01000471", "E01035000"])
    ('LSOA 2021', '')
    >>> kind_of(["E09000005"])
    ('borough', '')
    >>> kind_of(["E02000093"])
    ('MSOA', '')
    """
    kinds = Counter(_KINDS.get(code[:3].upper(), OTHER) for code in codes if _GSS.fullmatch(code))
    kind = next((kind for kind, count in kinds.items() if 10 * count >= 9 * len(codes)), OTHER)
    if kind not in LAST_OF_2011:
        return kind, ""
    by_column, by_file = _YEAR.search(column), _YEAR.search(file)
    if of_2021(codes, kind):
        seen = f"{shown(column)} speaks of 2011, but some of its codes were made for 2021"
        return f"{kind} 2021", seen if by_column and by_column[1] == "11" else ""
    if by_column:
        return f"{kind} 20{by_column[1]}", ""
    if len(codes) >= _SURELY_2011:
        seen = f"{len(codes):,} areas, of which none has a code made for 2021"
        return f"{kind} 2011", "" if by_file and by_file[1] == "11" else seen
    return (f"{kind} 20{by_file[1]}", "") if by_file else (kind, "")


def of_2021(codes: Sequence[str], kind: str) -> bool:
    """True where England's codes hold some that were made for the census of 2021: 1 in 100, so that no slip of the pen counts."""
    new = sum(code[0] == "E" and code.upper() > LAST_OF_2011[kind] for code in codes if code)
    return new > 0 and 100 * new >= len(codes)
