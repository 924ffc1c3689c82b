"""Odd figures that people bring: no view of them breaks, leaks a number that is none, or draws an empty picture without a word."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.driver import CODE, NWL, answer, book, care, everything, frame, go, marks_up, plain, unfold, upload, visit

PAGES = ("overview", "unmet_need", "need_measures", "variation")
EIGHT = (
    "Brent", "Ealing", "Hammersmith and Fulham", "Harrow", "Hillingdon", "Hounslow", "Kensington and Chelsea", "Westminster",
)  # fmt: skip
LEAKED = re.compile(r"\b(nan|NaN|None|NaT|inf|<NA>)\b|\de[+-]\d")
LONG = ("**Bold** <b onclick=x>measure</b> [link](http://evil.example) " + "a very long name " * 10)[:200]


def figures(measure: str = "Own figure", **columns: Any) -> pd.DataFrame:
    """A measure of the first boroughs of North West London, as many as the longest column has values."""
    rows = max(len(values) for values in columns.values() if isinstance(values, list))
    about = {"period": "2024/25", "measure": measure, "role": "outcome", **columns}
    return frame("indicators", area=[CODE[name] for name in EIGHT[:rows]], **about)


ODD: dict[str, dict[str, pd.DataFrame]] = {
    "days, of which fewer are better": {"indicators": figures(value=list(range(20, 28)), unit="days", better="lower")},
    "a share above 1": {"indicators": figures(value=[0.8 + i / 10 for i in range(8)], unit="share", better="higher")},
    "counts above their base": {"indicators": figures(numerator=[80 + 10 * i for i in range(8)], denominator=[100] * 8, unit="share")},
    "a rate without counts": {"indicators": figures(value=[5.1 + 1.7 * i for i in range(8)], unit="per 100,000", better="lower")},
    "three of eight boroughs": {"indicators": figures(numerator=[40, 50, 60], denominator=[200] * 3, unit="share", better="higher")},
    "one borough": {"indicators": figures(numerator=[40], denominator=[200], unit="share"), "activity": care({"Brent": 300})},
    "below 0": {"indicators": figures(value=[i - 3.2 for i in range(8)], unit="points", better="higher")},
    "bases of 0": {"indicators": figures(numerator=[0, 0, 20, 30, 25, 20, 20, 20], denominator=[0, 0, 60, 60, 60, 60, 60, 60], unit="share")},
    "all 0": {"indicators": figures(numerator=[0] * 8, denominator=[60] * 8, unit="share"), "activity": care(dict.fromkeys(EIGHT, 0))},
    "need that is the same everywhere": {"indicators": figures(numerator=[30] * 8, denominator=[60] * 8, unit="share", role="need")},
    "a long name with marks in it": {
        "indicators": figures(LONG, numerator=list(range(20, 28)), denominator=[100] * 8, unit="share", role="need"),
        "activity": care({name: 100 + 20 * i for i, name in enumerate(EIGHT)}, measure=LONG),
    },
    "quarters": {
        "activity": pd.concat([care({name: 100 + i for i, name in enumerate(EIGHT)}, period=f"2024/25 Q{q}") for q in range(1, 5)])
    },
    "half a year": {"activity": pd.concat([care(dict.fromkeys(EIGHT, 100), period=f"2024/25 Q{q}") for q in (1, 2)])},
    "very small": {"indicators": figures(value=[i / 100_000 for i in range(1, 9)], unit="per head", better="lower")},
    "very large": {"indicators": figures(value=[1.5e9 * i for i in range(1, 9)], unit="points"), "activity": care({name: 10.0 ** (6 + i) for i, name in enumerate(EIGHT)})},
}  # fmt: skip


def own_measure(at: AppTest) -> AppTest:
    """Choose the visitor's own measure, where the page offers one."""
    for box in at.selectbox:
        own = [name for name in box.options if plain(str(name)) in ("Own figure", LONG)]
        if box.key == "measure" and own:
            return box.set_value(own[0]).run()
    return at


def emptied(at: AppTest) -> list[str]:
    """Data of charts without a row."""
    sets = [each for chart in at.get("vega_lite_chart") for each in chart.proto.datasets]
    return [each.name for each in sets if pa.ipc.open_stream(each.data.data).read_pandas().empty]


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_odd_figures_break_no_page(odd: dict[str, pd.DataFrame]) -> None:
    at = upload(visit("your_data", system=NWL), ("mine.xlsx", book(**odd)))
    for page in PAGES:
        at = unfold(own_measure(go(at, page)))
        assert not at.exception
        assert answer(at)
        said = everything(at)
        assert [text for text in said if LEAKED.search(text)] == []
        assert not any(marks_up(text) for text in said)
        assert emptied(at) == []


def test_a_borough_that_counts_more_than_its_base_is_named_and_the_others_are_compared() -> None:
    at = upload(visit("your_data", system=NWL), ("mine.xlsx", book(**ODD["counts above their base"])))
    at = own_measure(go(at, "variation"))
    assert "3 of its 8 boroughs report" in answer(at)
    assert any("**Count above its base** (5)" in each.value for each in at.markdown)


def test_a_borough_alone_is_told_so_and_no_pocket_is_looked_for() -> None:
    at = go(upload(visit("your_data", system=NWL), ("mine.xlsx", book(**ODD["one borough"]))), "unmet_need")
    assert answer(at) == "Brent alone reports care (“People seen”) in North West London in 2024/25, so there is nothing to compare it with."


def test_half_a_year_is_told_not_to_make_a_year() -> None:
    at = go(upload(visit("your_data", system=NWL), ("mine.xlsx", book(**ODD["half a year"]))), "variation")
    assert "Quarters and months count once all four, or all twelve, of the year are there." in answer(at)


def test_events_are_not_told_as_people_beyond_chance_without_a_word() -> None:
    at = visit("variation", measure="Inappropriate out-of-area bed days")
    assert any("counts events, and the same people come again" in each.value for each in at.caption)
    assert answer(at).startswith("*Inappropriate out-of-area bed days per 1,000 residents*, 2019/20: ")


def test_one_borough_is_set_against_another_by_its_name() -> None:
    at = visit("variation", system=NWL, borough="Brent")
    assert any(each.value.startswith("If **Brent** did as well as **Hounslow**") for each in at.markdown)
    assert "Brent" not in at.selectbox(key="example").options
