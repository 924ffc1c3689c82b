"""The scope bar: every page in every view, the link, the chips, and switching between the two examples."""

from __future__ import annotations

import re
from functools import lru_cache

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.driver import (
    MADE_UP,
    NCL,
    NWL,
    PAGES,
    PUBLISHED,
    SWL,
    all_text,
    answer,
    broken,
    button,
    choose,
    go,
    in_view,
    made_up_badges,
    unfold,
    visit,
)

VIEWS = {
    PUBLISHED: {
        "London": {},
        "one system": {"system": NWL},
        "a system without borough spend": {"system": NCL},
        "one borough": {"system": NWL, "borough": "Brent"},
        "two boroughs": {"borough": ["Brent", "City of London"]},
        "the borough that reports nothing": {"borough": "City of London"},
        "a year with money alone": {"year": "2017/18"},
        "a service without care": {"service": "All mental-health services"},
        "a service without money": {"service": "General practice"},
    },
    MADE_UP: {
        "London": {},
        "one system": {"system": NCL},
        "a system with nothing made up": {"system": SWL},
        "one borough": {"system": NWL, "borough": "Brent"},
        "a borough with nothing made up": {"borough": "Croydon"},
        "another year": {"year": "2022/23"},
        "a service that counts no contacts": {"service": "Acute inpatient care"},
        "another service": {"service": "Talking therapies", "system": NWL},
    },
}
CASES = [pytest.param(figures, name, id=f"{figures}-{name}") for figures, views in VIEWS.items() for name in views]


@lru_cache
def looked_at(page: str, figures: str, view: str) -> AppTest:
    """A page in a view with everything on it unfolded: drawn once, read by several tests."""
    return unfold(visit(page, figures=figures, **VIEWS[figures][view]))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("figures", "view"), CASES)
def test_every_page_answers_in_every_view(page: str, figures: str, view: str) -> None:
    at = looked_at(page, figures, view)
    assert [each.message for each in at.exception] == []
    assert at.title[0].value.endswith("?")
    assert len(answer(at).split()) > 5
    assert [text for text in all_text(at) if broken(text)] == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("figures", "view"), CASES)
def test_made_up_figures_are_badged_and_published_ones_never(page: str, figures: str, view: str) -> None:
    assert bool(made_up_badges(looked_at(page, figures, view))) == (figures == MADE_UP)


@pytest.mark.parametrize("page", PAGES)
def test_each_page_says_which_year_and_place_it_shows(page: str) -> None:
    at = visit(page, system=NWL, year="2018/19", borough="Brent")
    assert "Brent" in at.caption[0].value
    assert "2018/19" in at.caption[0].value


@pytest.mark.parametrize(("figures", "year"), [(PUBLISHED, "2019/20"), (MADE_UP, "2024/25")])
@pytest.mark.parametrize("page", ["unmet_need", "investment_and_activity"])
def test_the_best_covered_year_is_named_where_no_year_is_chosen(page: str, figures: str, year: str) -> None:
    at = visit(page, figures=figures)
    assert year in at.caption[0].value
    assert year in answer(at)


def test_a_service_in_view_is_named() -> None:
    assert "Talking therapies" in visit("unmet_need", figures=MADE_UP, service="Talking therapies").caption[0].value


def test_choosing_a_system_offers_its_boroughs_and_moves_the_map() -> None:
    at = choose(visit("unmet_need"), system=NWL)
    assert set(at.multiselect(key="borough").options) == in_view(at)
    assert len(in_view(at)) == 8


def test_choosing_boroughs_narrows_the_view() -> None:
    at = choose(visit("unmet_need"), borough=["Brent", "Ealing"])
    assert in_view(at) == {"Brent", "Ealing"}


def test_choosing_another_system_forgets_boroughs_of_the_last_one() -> None:
    at = choose(visit("unmet_need"), system=NWL, borough=["Brent"])
    at = choose(at, system=NCL)
    assert at.multiselect(key="borough").value == []
    assert in_view(at) == {"Barnet", "Camden", "Enfield", "Haringey", "Islington"}


def test_choosing_a_year_changes_the_figures() -> None:
    at = visit("unmet_need")
    before = answer(at)
    at = choose(at, year="2020/21")
    assert answer(at) != before
    assert "2020/21" in answer(at)


def test_choosing_a_service_changes_the_figures() -> None:
    at = visit("unmet_need", figures=MADE_UP)
    before = answer(at)
    assert answer(choose(at, service="Talking therapies")) != before


def test_switching_figures_goes_back_to_the_best_year_and_every_service() -> None:
    at = choose(visit("unmet_need"), year="2018/19", service="General practice")
    at = choose(at, figures=MADE_UP)
    assert at.selectbox(key="year").value == visit("unmet_need").selectbox(key="year").value
    assert at.selectbox(key="service").value == "All services"
    assert "2024/25" in at.caption[0].value
    assert not at.exception


def test_switching_figures_back_and_forth_shows_the_first_view_again() -> None:
    at = visit("unmet_need")
    before = answer(at)
    at = choose(at, figures=MADE_UP)
    assert made_up_badges(at)
    at = choose(at, figures=PUBLISHED)
    assert answer(at) == before
    assert not made_up_badges(at)


def test_the_scope_stays_when_the_page_changes() -> None:
    at = choose(visit("unmet_need"), system=NWL, borough=["Brent"], year="2018/19")
    for page in PAGES:
        at = go(at, page)
        assert (at.selectbox(key="system").value, at.multiselect(key="borough").value) == (NWL, ["Brent"])
        assert "2018/19" in at.caption[0].value


def test_the_strategy_page_says_that_the_scope_does_not_change_it() -> None:
    at = visit("progress", system=NCL)
    assert any("do not change this page" in each.value and "North West London" in each.value for each in at.caption)
    assert answer(at) == answer(visit("progress", system=NWL, borough="Brent", year="2018/19"))


def test_every_scope_value_of_a_link_is_followed() -> None:
    at = visit("unmet_need", figures=MADE_UP, system=NWL, borough=["Brent", "Ealing"], year="2022/23", service="Talking therapies")
    assert at.radio(key="figures").value == MADE_UP
    assert at.selectbox(key="system").value == NWL
    assert at.multiselect(key="borough").value == ["Brent", "Ealing"]
    assert at.selectbox(key="year").value == "2022/23"
    assert at.selectbox(key="service").value == "Talking therapies"
    assert in_view(at) == {"Brent", "Ealing"}


@pytest.mark.parametrize("place", visit().selectbox(key="system").options)
def test_every_system_can_be_linked_to_by_the_name_in_the_control(place: str) -> None:
    at = visit("unmet_need", system=place)
    assert at.selectbox(key="system").value == place
    assert place in at.caption[0].value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("figures", "Invented"),
        ("system", "Atlantis"),
        ("borough", "Atlantis"),
        ("year", "1900/01"),
        ("year", "<script>alert(1)</script>"),
        ("service", "Astrology"),
        ("borough", ""),
        ("junk", "1"),
    ],
)
@pytest.mark.parametrize("page", ["unmet_need", "investment_and_activity"])
def test_a_value_that_does_not_exist_falls_back(page: str, key: str, value: str) -> None:
    at = visit(page, **{key: value})
    assert not at.exception
    assert answer(at) == answer(visit(page))


def test_a_borough_outside_the_systems_of_the_link_is_left_out() -> None:
    at = visit("unmet_need", system=NCL, borough="Brent")
    assert not at.exception
    assert at.multiselect(key="borough").value == []


def test_each_narrowing_has_a_chip_that_removes_it() -> None:
    at = choose(visit("unmet_need"), borough=["Brent", "Ealing"])
    at = button(at, "Brent").click().run()
    assert at.multiselect(key="borough").value == ["Ealing"]
    assert in_view(at) == {"Ealing"}
    at = button(at, "Ealing").click().run()
    assert at.multiselect(key="borough").value == []
    assert len(in_view(at)) == 33
    assert [each.label for each in at.button] == []


def test_one_chip_widens_to_all() -> None:
    at = choose(visit("unmet_need"), borough=["Brent", "Ealing", "Barnet"])
    at = button(at, "all").click().run()
    assert at.multiselect(key="borough").value == []


@pytest.mark.parametrize("page", PAGES)
def test_chips_stand_on_every_page(page: str) -> None:
    assert button(visit(page, borough="Brent"), "Brent")


def test_a_cleared_control_falls_back_to_everything() -> None:
    at = choose(visit("unmet_need", borough="Brent"), borough=[])
    assert len(in_view(at)) == 33


def test_two_visitors_do_not_share_their_scope() -> None:
    first, second = visit("unmet_need"), visit("unmet_need")
    choose(first, borough=["Brent"])
    assert len(in_view(second.run())) == 33


def test_no_page_shows_a_link_to_elsewhere() -> None:
    for page in PAGES:
        at = visit(page, figures=MADE_UP)
        assert [text for text in all_text(at) if re.search(r"\]\(\s*\w+:|<a |<img", text)] == []
