"""Dates of birth: by their heading or, failing that, by how they spread."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from mhequity.reading.people.columns import PLACES, TEXT_TABLES, Column

NO_DAY = -1_000_000
"""The day that stands for a text that is none."""
_BIRTH = re.compile(r"\b(?:dob|d o b|dates? of birth|birth ?dates?|birthdays?|born)\b")
_NO_BIRTH = re.compile(
    r"\b(?:open|clos|start|end|period|report|establish|publi|built|regist|effective|commission|inspect|updat|census|found"
    r"|launch|contract|review|due"
    r"|from|to$|accredit|valid|refer|contact|seen|admi|discharg|appoint|month|week|quarter|year)"
)  # fmt: skip
_DATE_FORMS = tuple(
    (re.compile(pattern, re.ASCII), form)
    for pattern, form in (
        (r"\d{4}-\d\d-\d\d(?:[ T]00:00(?::00)?)?", "%Y-%m-%d"),
        (r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"),
        (r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y"),
        (r"\d{1,2}\.\d{1,2}\.\d{4}", "%d.%m.%Y"),
        (r"\d{1,2}-[A-Za-z]{3}-\d{4}", "%d-%b-%Y"),
        (r"\d{1,2} [A-Za-z]{3} \d{4}", "%d %b %Y"),
        (r"\d{1,2} [A-Za-z]{4,9} \d{4}", "%d %B %Y"),
        (r"\d{1,2}/\d{1,2}/\d\d", "%d/%m/%y"),
    )
)
_A_YEAR = 365.25
_FEW_DATES = 8


def days_of(column: Column) -> np.ndarray | None:
    """Each distinct text as a day since 1970 (a very early one where it is none), if the column is one of dates."""
    counts = [(sum(1 for text in column.sample[:100] if pattern.fullmatch(text)), form) for pattern, form in _DATE_FORMS]
    most, form = max(counts, key=lambda each: each[0])
    wanted = 1 if _BIRTH.search(column.heading) else max(1, 0.6 * len(column.sample[:100]))
    if most < wanted:
        return None
    texts = pc.utf8_slice_codeunits(column.values, 0, 10) if form == "%Y-%m-%d" else column.values
    moments = pc.strptime(texts, format=form, unit="s", error_is_null=True)
    return np.asarray(pc.fill_null(pc.cast(moments, pa.int64()), NO_DAY * 86400).to_numpy(zero_copy_only=False)) // 86400


def find(column: Column, days: np.ndarray | None, latest: int, kind: str) -> np.ndarray | None:
    """Distinct texts that are dates of birth, by the heading or, failing that, by how they spread."""
    if days is None:
        return None
    dates = (days > NO_DAY) & column.used
    if _BIRTH.search(column.heading):
        return np.asarray(dates)
    if kind in (*TEXT_TABLES, *PLACES) or _NO_BIRTH.search(column.heading) or int(dates.sum()) < _FEW_DATES:
        return None
    return np.asarray(dates) if _spread_like_births(days[dates], days[column.strip.codes], latest) else None


def _spread_like_births(distinct: np.ndarray, by_row: np.ndarray, latest: int) -> bool:
    """Mostly over 14 years old, over more than 20 years, on all days of month and week, and in no order: not a series of periods."""
    by_row = by_row[by_row > NO_DAY]
    if (by_row < latest - 14 * _A_YEAR).mean() <= 0.5 or distinct.max() - distinct.min() <= 20 * _A_YEAR:
        return False
    days = distinct.astype("datetime64[D]")
    first = days == days.astype("datetime64[M]").astype("datetime64[D]")
    last = (days + 1) == (days + 1).astype("datetime64[M]").astype("datetime64[D]")
    if (first | last).mean() >= 0.5 or len(np.unique(distinct % 7)) < 3:
        return False
    steps = np.diff(by_row)
    ups, downs = int((steps > 0).sum()), int((steps < 0).sum())
    return 0.15 <= ups / max(ups + downs, 1) <= 0.85
