"""Colours: the UK civil service's analysis palette, and what stands for what.

No meaning rests on colour alone: every coloured thing also carries a word, a position or a pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

BLUE, TEAL, PLUM, ORANGE, LILAC = "#12436D", "#28A197", "#801650", "#F46A25", "#A285D1"
NO_DATA, SUPPRESSED = "#D4D8DC", "#A9B0B7"

# Blue: more than the reference. Orange: less. The middle is for what cannot be told from it.
DIVERGING = ("#A03A00", "#F46A25", "#F9B99A", "#F1F1EE", "#A9C3DC", "#4C7FAE", "#12436D")
SEQUENTIAL = ("#E4EDF5", "#B8CFE4", "#88AFD1", "#4C7FAE", "#12436D")
ORANGES = ("#FDE7DB", "#F9B99A", "#F68B55", "#D4511A", "#8A2E00")


@dataclass(frozen=True)
class Ink:
    """Colours of what is written and drawn round the data, for a light or a dark page."""

    text: str
    faint: str
    grid: str
    page: str
    line: str


LIGHT = Ink(text="#0B0C0C", faint="#4A545E", grid="#DDE2E7", page="#FFFFFF", line="#12436D")
DARK = Ink(text="#F3F5F7", faint="#B9C3CC", grid="#33404B", page="#10181F", line="#7FB8E8")


def ink(dark: bool) -> Ink:
    return DARK if dark else LIGHT


def rgb(colour: str) -> list[int]:
    """``#12436D`` to ``[18, 67, 109]``."""
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def is_dark(fill: Sequence[int]) -> bool:
    """True where white text reads better than black on a colour (relative luminance under 0.18)."""
    red, green, blue = ((value / 255) ** 2.2 for value in fill[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.18
