"""The front page: five findings, each with a figure, a sentence, where it comes from and a way to the view behind it."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.driver import (
    MADE_UP,
    NCL,
    NWL,
    PUBLISHED,
    answer,
    badges,
    book,
    care,
    choose,
    go,
    upload,
    visit,
)


def headline_figures(at: AppTest) -> list[str]:
    bodies = [each.proto.body for each in at.get("html")]
    return [re.sub(r"<[^>]+>", "", body) for body in bodies if 'class="figure"' in body]


def test_it_opens_first_and_asks_what_stands_out() -> None:
    at = visit()
    assert "stands out" in at.title[0].value
    assert "London" in answer(at)


def test_it_shows_five_findings_each_with_a_way_to_the_view_behind() -> None:
    at = visit()
    assert len(headline_figures(at)) == 5
    links = [each.proto.page for each in at.get("page_link")]
    assert links == ["need_measures", "unmet_need", "investment_and_activity", "investment_and_activity", "progress"]


def test_every_finding_names_its_unit_and_source() -> None:
    at = visit()
    sourced = [each.value for each in at.caption if "Source:" in each.value]
    assert len(sourced) == 5
    assert all(each.split("Source:")[1].split(";")[0].strip() for each in sourced)


def test_a_finding_without_figures_says_what_is_missing() -> None:
    at = visit(system=NCL)
    assert "3 of 5" in answer(at)
    assert any("not loaded" in each.value or "No " in each.value for each in at.markdown)


def test_findings_follow_the_scope() -> None:
    at = visit()
    before = headline_figures(at)
    at = choose(at, system=NWL)
    assert "North West London" in answer(at)
    assert headline_figures(at) != before


def test_cards_on_made_up_money_and_care_are_badged_and_those_on_published_need_are_not() -> None:
    at = visit(figures=MADE_UP)
    cards = [column.markdown for column in at.columns if column.markdown]
    badged = [[each.value for each in card if "Made-up figures" in each.value] for card in cards]
    assert [bool(each) for each in badged] == [False, True, True, True, False]


def test_published_cards_carry_no_badge() -> None:
    assert badges(visit(figures=PUBLISHED)) == []


@pytest.mark.parametrize("target", ["need_measures", "unmet_need", "investment_and_activity", "progress"])
def test_following_a_card_keeps_the_scope(target: str) -> None:
    at = go(visit(system=NWL, borough="Brent"), target)
    assert at.multiselect(key="borough").value == ["Brent"]


def test_an_upload_changes_the_finding_on_care() -> None:
    """Brent gives 10 of 310: far below what its need calls for."""
    at = upload(visit(), ("mine.xlsx", book(activity=care({"Brent": 10, "Ealing": 200, "Harrow": 100}))))
    at = choose(go(at, "overview"), service="Street teams")
    assert any("Brent" in each.value and "of this care for each 1 expected from need there" in each.value for each in at.markdown)
