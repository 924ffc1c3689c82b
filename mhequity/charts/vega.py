"""What all Altair charts share: a form that is built once and filled with rows at every change, and pictures of it."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt
import pandas as pd
import pyarrow as pa
import vl_convert as vlc

from mhequity.charts import palette

Spec = dict[str, Any]
ROWS = alt.Data(name="rows")
"""The data that a form is built on; :func:`fill` puts the rows in."""


def form(chart: alt.TopLevelMixin, dark: bool) -> Spec:
    """A chart as a Vega-Lite form, with axis text that can be read on a light or a dark page.

    Building a chart costs some 30 ms whatever its data, so callers keep the form and fill it.
    """
    ink = palette.ink(dark)
    styled = chart.configure_axis(
        labelColor=ink.faint, titleColor=ink.text, labelFontSize=15, titleFontSize=15, titleFontWeight=600, gridColor=ink.grid,
        domainColor=ink.faint, tickColor=ink.faint, labelLimit=260, titlePadding=10,
    ).configure_legend(
        labelColor=ink.text, titleColor=ink.text, labelFontSize=15, titleFontSize=15, orient="top", symbolSize=140, labelLimit=320
    ).configure_view(stroke=None)  # fmt: skip
    return styled.to_dict(validate=False)


def fill(spec: Spec, **datasets: pd.DataFrame) -> Spec:
    """The form with rows in its named data: ``fill(form, rows=frame)``. Missing values become null."""
    records = {name: _records(frame) for name, frame in datasets.items()}
    return {**spec, "datasets": records}


def compact(spec: Spec) -> Spec:
    """The filled form as small as a page can send it: its rows as an Arrow stream, numbers in 32 bits (seven digits, as in the rows)."""
    return {**spec, "datasets": {name: _stream(rows) for name, rows in spec["datasets"].items()}}


def _stream(rows: list[dict[str, Any]]) -> bytes:
    table = pa.Table.from_pylist(rows)
    short = pa.schema([(field.name, pa.float32() if field.type in (pa.float64(), pa.null()) else field.type) for field in table.schema])
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, short) as stream:
        stream.write_table(table.cast(short))
    return sink.getvalue().to_pybytes()


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for Vega: seven digits are more than a screen shows, and missing is null."""
    columns = {name: _short(frame[name]) if frame[name].dtype.kind == "f" else frame[name].tolist() for name in frame.columns}
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _short(values: pd.Series) -> list[float | None]:
    return [None if number != number else float(f"{number:.7g}") for number in values.tolist()]


def picture(spec: Spec, title: str, kind: str, source: str = "", width: int = 1000) -> bytes:
    """The filled form as a picture, drawn without a browser and without the network.

    Parameters
    ----------
    title
        Stands above the picture: on the page it is text beside the chart.
    kind
        ``png`` (at twice the size, for slides) or ``svg``.
    source
        Stands below the title in small type, with the form's own ``description`` where it has one.
    """
    small = [line for part in (source, spec.get("description", "")) for line in textwrap.wrap(part, 150)]
    heading = {
        "text": textwrap.wrap(title, 100),
        "subtitle": small,
        "anchor": "start",
        "fontSize": 18,
        "subtitleFontSize": 12,
        "offset": 16,
    }
    white = {**spec, "background": "white", "width": width, "padding": 20, "title": heading}
    if kind == "svg":
        return vlc.vegalite_to_svg(white, allowed_base_urls=[]).encode()
    return vlc.vegalite_to_png(white, scale=2, allowed_base_urls=[])
