"""Drive the app without a browser and read what its pages say. Nothing here asserts."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from streamlit.testing.v1 import AppTest

from mhequity import areas, tables
from mhequity.export.template import template

APP = Path(__file__).resolve().parents[2] / "app.py"
PAGES = ("overview", "your_data", "unmet_need", "need_measures", "investment_and_activity", "variation", "progress")
PUBLISHED, MADE_UP = "Published figures", "Made-up example"
NWL, NCL, SWL = "North West London", "North Central London", "South West London"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CODE = {area.name: area.code for area in areas.boroughs()}


def visit(page: str = "overview", **query: str | list[str]) -> AppTest:
    """A new visitor who opens a page with these values in the link."""
    at = AppTest.from_file(APP, default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = [value] if isinstance(value, str) else value
    at.run()
    return at if page == "overview" else go(at, page)


def go(at: AppTest, page: str) -> AppTest:
    return at.switch_page(f"pages/{page}.py").run()


def choose(at: AppTest, **scope: Any) -> AppTest:
    """Set controls of the scope bar, one run each, as a person would."""
    for key, value in scope.items():
        kind = {"figures": at.radio, "borough": at.multiselect}.get(key, at.selectbox)
        at = kind(key=key).set_value(value).run()
    return at


def button(at: AppTest, words: str) -> Any:
    """The only button whose label holds these words."""
    found = [each for each in at.button if words in each.label]
    assert len(found) == 1, f"{len(found)} buttons with {words!r}: {[each.label for each in at.button]}"
    return found[0]


def picker(at: AppTest, key: str) -> Any:
    """Segmented control or pills of that key."""
    return next(each for each in at.get("button_group") if each.key == key)


def answer(at: AppTest) -> str:
    """The page's answer sentence, without the marks for bold; where there is nothing to show, what the page says of that."""
    try:
        said = at.get_by_key("answer").markdown
    except KeyError:
        said = at.info
    return " ".join(each.value for each in said).replace("**", "")


def badges(at: AppTest) -> list[str]:
    """Badges on the page, but for those of the strategy's ratings."""
    return [each.value for each in at.markdown if "-badge[" in each.value]


def made_up_badges(at: AppTest) -> list[str]:
    return [badge for badge in badges(at) if "made-up" in badge.lower()]


def bars(at: AppTest, number: int = 0, name: str = "rows") -> pd.DataFrame:
    """The rows that a chart draws."""
    data = {each.name: each.data.data for each in at.get("vega_lite_chart")[number].proto.datasets}
    return pa.ipc.open_stream(data[name]).read_pandas()


def spec(at: AppTest, number: int = 0) -> str:
    return str(at.get("vega_lite_chart")[number].proto.spec)


def deck(at: AppTest) -> dict[str, list[dict[str, Any]]]:
    """What the map draws, by layer."""
    drawn = json.loads(at.get("deck_gl_json_chart")[0].proto.json)
    return {layer["id"]: layer["data"] for layer in drawn["layers"]}


def on_map(at: AppTest) -> dict[str, dict[str, Any]]:
    """Boroughs of the map by name: ``f`` is the fill, ``t`` what the tooltip says."""
    return {each["n"]: each for each in deck(at)["boroughs"]}


def in_view(at: AppTest) -> set[str]:
    """Boroughs that the map shows in full colour."""
    return {name for name, each in on_map(at).items() if each["f"][3] > 200}


def table_behind(at: AppTest, name: str) -> pd.DataFrame:
    """Open the table behind a picture and read it, as it looks on the page. Everything in it is text."""
    at.session_state[f"table {name}"] = True
    at.run()
    shown = at.table[0].value.map(plain)
    return shown.rename(index=plain, columns=plain)


def unfold(at: AppTest) -> AppTest:
    """Open everything that is folded away and only drawn when asked for."""
    for key in [each.key for each in at.expander if each.key]:
        at.session_state[key] = True
    return at.run()


def all_text(at: AppTest) -> list[str]:
    """Every text that the page would render as Markdown."""
    kinds = (at.markdown, at.caption, at.title, at.subheader, at.info, at.success, at.warning, at.error)
    return [each.value for kind in kinds for each in kind] + [each.label for each in at.expander]


NASTY = ("<script>alert(1)</script>", "![x](http://evil.example/x.png)", "[y](http://evil.example)", "$x^2$", "=1+1", ":red[no] **bold**")
"""Names that a file may hold, and that must stay text."""


def marks_up(text: str) -> bool:
    """True where text of a file would put a link, a picture, HTML, a formula or a colour on the page."""
    bare = re.sub(r"\\.", "", text)
    return bool(re.search(r"\]\(|<script|\$x\^2\$|:red\[|https?://", bare))


def everything(at: AppTest) -> list[str]:
    """All text that would be rendered as Markdown, with the cells and headings of tables and the labels of pills and buttons."""
    cells = [str(cell) for table in at.table for cell in (*table.value.to_numpy().ravel(), *table.value.columns, *table.value.index)]
    pills = [option for each in at.get("button_group") for option in each.options]
    return all_text(at) + cells + pills + [each.label for each in (*at.button, *at.get("download_button"))]


def plain(text: str) -> str:
    """Markdown's escapes taken off."""
    return html.unescape(re.sub(r"\\([^\w\s])", r"\1", text))


def broken(text: str) -> bool:
    """True where a missing value leaked into a sentence."""
    return bool(re.search(r"\b(nan|NaN|None|NaT|NaN%|inf|<NA>)\b", text))


def frame(table: str, **columns: Any) -> pd.DataFrame:
    return tables.conform(pd.DataFrame(columns), table)


def care(counts: dict[str, float], service: str = "Street teams", measure: str = "People seen", period: str = "2024/25") -> pd.DataFrame:
    """An activity table of one measure."""
    return frame(
        "activity", area=[CODE[name] for name in counts], service=service, period=period, measure=measure, count=list(counts.values())
    )


def need(people: dict[str, float], measure: str = "Weighted by hand") -> pd.DataFrame:
    """A need measure that gives each borough its weighted people."""
    return frame(
        "indicators", area=[CODE[name] for name in people], period="2024/25", measure=measure, value=list(people.values()),
        unit="weighted people", role="need",
    )  # fmt: skip


def book(**filled: pd.DataFrame) -> bytes:
    """A filled template."""
    return template([], filled)


def drop(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Drop files on the page Your data, where they wait for review."""
    go(at, "your_data")
    kinds = {"xlsx": XLSX, "csv": "text/csv"}
    given = [(name, data, kinds.get(name.rsplit(".", 1)[-1], "application/octet-stream")) for name, data in files]
    return at.file_uploader(key="uploader").set_value(given).run()


def add(at: AppTest) -> AppTest:
    """Add every file that waits, in the order in which they came."""
    while waiting := [each for each in at.button if each.label.startswith("Add to workspace")]:
        at = waiting[-1].click().run()
    return at


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    """Drop files on the page Your data and add them as they were understood."""
    return add(drop(at, *files))


def mode(at: AppTest) -> Any:
    """What becomes of figures that are there already; the newest file's choice comes first."""
    return next(each for each in at.radio if str(each.key).startswith("mode "))


def control(at: AppTest, label: str) -> Any:
    """The only control of the page's middle with this label, of whatever kind."""
    kinds = (at.selectbox, at.text_input, at.number_input, at.radio, at.checkbox, at.multiselect, at.get("button_group"))
    found = [each for kind in kinds for each in kind if each.label == label]
    assert len(found) == 1, f"{len(found)} controls {label!r}: {[each.label for kind in kinds for each in kind]}"
    return found[0]


def sheets(at: AppTest) -> list[str]:
    """HTML of the previews of sheets."""
    return [each.proto.body for each in at.get("html") if 'class="sheet"' in each.proto.body]
