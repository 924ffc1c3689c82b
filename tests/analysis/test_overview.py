"""The five findings of the front page: always five, always in words, never a number that is none."""

from __future__ import annotations

import re
from types import MappingProxyType

import pandas as pd
import pytest

from mhequity import tables
from mhequity.analysis import overview
from mhequity.scope import Scope
from mhequity.workspace import Workspace, made_up, published

BRENT, EALING, HARROW, CITY = "E09000005", "E09000009", "E09000015", "E09000001"
SCOPES = [
    Scope(year="2019/20"),
    Scope("NWL", year="2019/20"),
    Scope("NWL", (BRENT,), "2019/20"),
    Scope("NWL", (BRENT, EALING), "2019/20"),
    Scope("SEL", year="2019/20"),
    Scope("London", (CITY,), "2019/20"),
    Scope("NWL", year="2024/25"),
    Scope(year="1999/00"),
    Scope(),
    Scope(year="2019/20", service="A service without data"),
]
NO_NUMBER = re.compile(r"\b(nan|None|inf|NaT)\b")


def texts(found: list[overview.Insight]) -> str:
    return " ".join(f"{insight.figure} {insight.heading} {insight.sentence} {insight.basis}" for insight in found)


@pytest.mark.parametrize("workspace", [published(), made_up()], ids=["published", "made up"])
@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_five_findings_in_words_whatever_is_in_view(workspace: Workspace, scope: Scope) -> None:
    found = overview.insights(workspace, scope)
    assert len(found) == 5
    assert NO_NUMBER.search(texts(found)) is None
    assert all(insight.figure and insight.heading and insight.sentence.endswith(".") for insight in found)
    assert [insight.page for insight in found] == ["need_measures", "unmet_need", "investment", "investment", "progress"]


@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_every_figure_names_known_sources(scope: Scope) -> None:
    for insight in overview.insights(published(), scope):
        assert set(insight.sources) <= set(published().sources)
        assert bool(insight.sources) == (insight.figure != "–")


def test_findings_of_london_in_2019_20() -> None:
    need, unmet, money, link, strategy = overview.insights(published(), Scope(year="2019/20"))
    assert "of 33 boroughs" in need.sentence
    assert "People in **Croydon** got 0.30 of this care for each 1 expected from need there" in unmet.sentence
    # Kensington and Chelsea £79,825,625.84 / 338,139 = £236; Brent £56,249,280.19 / 733,065 = £77.
    assert money.figure == "3.1×"
    assert "£236" in money.sentence
    assert "£77" in money.sentence
    assert "**0.31**" in link.sentence
    assert "n = 15" in link.sentence
    assert "of the 15 boroughs in view with money loaded" in money.sentence
    assert strategy.figure == "1 of 2"


def test_findings_of_nothing_say_so_five_times() -> None:
    found = overview.insights(Workspace({}, {}, "empty"), Scope(year="2019/20"))
    assert [insight.figure for insight in found] == ["–"] * 5
    assert NO_NUMBER.search(texts(found)) is None
    assert overview.summary(found, Scope(year="2019/20")).startswith("London: 0 of 5 figures can be given")


def test_borough_that_spends_nothing_gives_no_endless_ratio() -> None:
    rows = [{"area": code, "service": "CMHT", "period": "2019/20", "amount_gbp": pounds} for code, pounds in ((BRENT, 0.0), (EALING, 5e6))]
    base = published()
    workspace = Workspace(
        MappingProxyType({**base.tables, "investment": tables.conform(pd.DataFrame(rows), "investment")}), base.sources, "nothing spent"
    )
    money = overview.insights(workspace, Scope("NWL", year="2019/20"))[2]
    assert money.figure == "£0 to £9"  # Ealing: 5,000,000 / 553,761 need-weighted people
    assert NO_NUMBER.search(money.sentence) is None


def test_one_borough_has_no_range_of_spend_and_no_link() -> None:
    found = overview.insights(published(), Scope("NWL", (BRENT,), "2019/20"))
    assert found[2].figure == "–"
    assert found[3].figure == "–"
    assert "Brent had £77 for each need-weighted person in 2019/20" in found[2].sentence
    assert "It falls short beyond chance." in found[1].sentence
    assert "1 borough in view has both" in found[3].sentence


def test_summary_counts_what_can_be_told() -> None:
    scope = Scope(year="2019/20")
    assert overview.summary(overview.insights(published(), scope), scope).startswith("London: need, care, money and progress")
    early = Scope(year="1999/00")
    assert overview.summary(overview.insights(published(), early), early).startswith("London: 2 of 5 figures")
