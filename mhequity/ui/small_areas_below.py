"""What stands below a map of small areas: unit, base and sources, downloads, and how it was worked out."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import streamlit as st

from mhequity.analysis.small_areas import COUNT, RATE, SmallAreas
from mhequity.charts import vega
from mhequity.charts.maps import Classes
from mhequity.charts.small_area_map import small_area_picture
from mhequity.disclosure import Policy
from mhequity.export.tables import to_csv, to_excel
from mhequity.ui import figures, words
from mhequity.ui.small_areas_files import Held
from mhequity.ui.small_areas_options import Chosen
from mhequity.ui.small_areas_results import Found
from mhequity.workspace import Source

_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def below(held: Held, chosen: Chosen, found: Found, drawn: pd.DataFrame, classes: Classes, policy: Policy) -> None:
    """All of it; ``drawn`` are the areas as the map has them."""
    sources = _sources(held, chosen)
    interval = ", with 95% interval" if chosen.how == RATE else ""
    figures.caption(f"{chosen.unit}{interval}", _base(found.areas, chosen), chosen.period or "as in your table", sources)
    _downloads(found, drawn, classes, chosen, sources, policy)
    _method(found.areas, chosen, sources, policy)


def _sources(held: Held, chosen: Chosen) -> list[Source]:
    assert held.map is not None
    now = datetime.now()
    table = f"{held.table_file} ({', '.join(f'{name}: {text}' for name, text in chosen.narrowed)})" if chosen.narrowed else held.table_file
    return [Source("table", table, "your table", chosen.period, uploaded_at=now), Source("map", held.map.file, "your map", uploaded_at=now)]


def _base(areas: SmallAreas, chosen: Chosen) -> str:
    if chosen.how != RATE:
        return "the areas of your map"
    if pd.isna(areas.whole):
        return f"{chosen.base}; the rate of all areas together is not shown, because it would tell a small count"
    return f"{chosen.base}; all areas together {words.number(areas.whole, 2)} ({words.number(areas.whole_count)} of {words.number(areas.whole_base)})"


def _downloads(found: Found, drawn: pd.DataFrame, classes: Classes, chosen: Chosen, sources: list[Source], policy: Policy) -> None:
    title = f"{chosen.unit}{f'; {chosen.period}' if chosen.period else ''}"
    credit = "Source: " + "; ".join(f"{source.title} ({source.publisher})" for source in sources) + "."
    notes = [title, policy.sentence if chosen.how in (RATE, COUNT) else "", credit]

    def picture(kind: str) -> bytes:
        return vega.picture(small_area_picture(drawn, found.ready.shapes, classes, found.places), title, kind, credit)

    kinds = (
        ("Table (CSV)", "csv", "text/csv", lambda: to_csv(_for_download(found.areas, chosen))),
        (
            "Table (Excel)",
            "xlsx",
            _EXCEL,
            lambda: to_excel({"Figures": _for_download(found.areas, chosen)}, [each for each in notes if each]),
        ),
        ("Map (PNG)", "png", "image/png", lambda: picture("png")),
        ("Map (SVG)", "svg", "image/svg+xml", lambda: picture("svg")),
    )
    with st.container(horizontal=True, key="downloads small areas", gap="small"):
        for label, ending, media, make in kinds:
            st.download_button(label, make, f"small areas.{ending}", media, on_click="ignore", type="tertiary", icon=":material/download:",
                               key=f"small download {ending}")  # fmt: skip


def _for_download(areas: SmallAreas, chosen: Chosen) -> pd.DataFrame:
    """Every area with its own numbers; why one is missing in a column beside it."""
    headings = {"code": "Code", "name": "Name"}
    if chosen.how == RATE:
        headings |= {"count": f"{chosen.figure} (rounded)", "base": f"{chosen.base} (rounded)", "value": chosen.unit, "lower": "95% interval, low",
                     "upper": "95% interval, high", "verdict": "Compared with all areas"}  # fmt: skip
    else:
        headings |= {"value": f"{chosen.figure} (rounded)" if chosen.how == COUNT else chosen.figure}
    headings |= {"state": "Why missing"}
    if not areas.refused:
        headings |= {"spot": "Hot or cold spot", "z": "z of Gi*", "p_adjusted": "p, adjusted for false discovery"}
    return pd.DataFrame({heading: areas.frame[column] for column, heading in headings.items()})


def _method(areas: SmallAreas, chosen: Chosen, sources: list[Source], policy: Policy) -> None:
    rate = (
        f"An area's **rate** is {words.plain(chosen.figure)} ÷ {words.plain(chosen.base)} × {chosen.per:,}; its 95% interval is Byar's from 10 events and "
        "exact Poisson below. It is called higher or lower only where the interval leaves out the rate of all areas of the map together (sum ÷ sum). "
        "Of many areas about 1 in 20 would stand out by chance alone. "
    )
    spots = (
        "**Hot and cold spots** are areas that lie, with their neighbours, in a neighbourhood that is higher or lower than chance would make it: Getis and "
        "Ord's Gi*, areas that share a border or a corner, two-sided p from the normal distribution, and Benjamini and Hochberg's control of false "
        "discoveries at 5%. They are not looked for below 30 areas, or where more than a fifth have no figure. A spot is a question, not an answer: "
        "it may show need, access, or how care is recorded."
    )
    colours = "Each colour holds about as many areas. "
    notes = ["What is hidden or missing is grey, and part of no rate and of no hot spot."] if areas.frame["value"].isna().any() else []
    if chosen.how in (RATE, COUNT):
        notes += [
            f"{policy.sentence} A rate is withheld with its count, and so is the next smallest count where a hidden one could be told."
        ]
    if chosen.narrowed and policy.hidden_to:
        notes += [
            "Small counts are hidden among the rows in view. Who sees other rows of the same areas too, such as all people and then men, may work one out."
        ]
    figures.how((rate if chosen.how == RATE else "") + colours + spots, sources, notes)
