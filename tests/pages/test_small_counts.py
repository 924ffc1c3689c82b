"""Small counts of people are hidden on every page and in everything that leaves it, unless the visitor says that they are public."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from mhequity.disclosure import AS_PUBLISHED, UNDER_EIGHT, UNDER_FIVE
from tests.pages.driver import MADE_UP, NWL, PAGES, all_text, bars, choose, deck, everything, go, table_behind, unfold, upload, visit

HEAD = "area,service,period,measure,count\n"
ROWS = (
    "Brent,Street teams,2024/25,People seen,3\nBrent,Home teams,2024/25,People seen,613\nBrent,Crisis line,2024/25,People seen,1237\n"
    "Ealing,Street teams,2024/25,People seen,471\nEaling,Home teams,2024/25,People seen,829\nHarrow,Street teams,2024/25,People seen,7\n"
)
OWN = (HEAD + ROWS).encode()
POLICY = "choose_policy"


def text(at: AppTest) -> str:
    return " ".join(all_text(at))


def sent(at: AppTest) -> str:
    """All that the browser gets: words, tables, what charts draw, the map."""
    charts = [bars(at, number).to_csv() for number in range(len(at.get("vega_lite_chart")))]
    maps = [str(deck(at))] if at.get("deck_gl_json_chart") else []
    return " ".join([*everything(unfold(at)), *charts, *maps])


def care_table(at: AppTest) -> dict[str, str]:
    """What the table of unmet need says of care given, by borough."""
    return table_behind(at, "unmet need")["Care given"].to_dict()


def own(policy: str = UNDER_FIVE.name, **scope: str) -> AppTest:
    at = upload(visit(system=NWL), ("own.csv", OWN))
    if policy != UNDER_FIVE.name:
        at = at.radio(key=POLICY).set_value(policy).run()
    at = go(choose(at, **scope) if scope else at, "unmet_need")
    return at.selectbox(key="care_share").set_value("People seen").run()


def test_published_figures_say_that_they_are_as_published() -> None:
    for page in PAGES:
        assert "Counts are shown as they were published." in text(visit(page))


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_what_is_hidden(page: str) -> None:
    assert UNDER_FIVE.sentence in text(visit(page, figures=MADE_UP))


def test_counts_are_rounded_and_small_ones_hidden() -> None:
    given = care_table(own(service="Street teams"))
    assert (given["Brent"], given["Ealing"], given["Harrow"]) == ("suppressed", "470", "5")


def test_the_next_smallest_is_hidden_beside_a_small_one_but_not_the_total() -> None:
    assert care_table(own(service="Home teams"))["Brent"] == "suppressed"
    assert care_table(own(service="Crisis line"))["Brent"] == "1,235"
    assert care_table(own())["Brent"] == "1,855"


def test_the_other_policy_hides_up_to_seven() -> None:
    assert care_table(own(UNDER_EIGHT.name, service="Street teams"))["Harrow"] == "suppressed"


def test_figures_that_are_public_can_be_shown_as_they_are_and_it_is_said() -> None:
    at = own(AS_PUBLISHED.name, service="Street teams")
    assert care_table(at)["Brent"] == "3"
    assert AS_PUBLISHED.sentence in text(at)
    assert "Small counts are shown" in text(go(at, "your_data"))


def test_the_choice_stays_from_page_to_page() -> None:
    at = own(UNDER_EIGHT.name)
    for page in ("overview", "investment_and_activity", "your_data"):
        at = go(at, page)
        assert UNDER_EIGHT.sentence in text(at)
    assert at.radio(key=POLICY).value == UNDER_EIGHT.name


@pytest.mark.parametrize("page", [page for page in PAGES if page != "your_data"])
@pytest.mark.parametrize("service", ["All services", "Street teams", "Home teams", "Crisis line"])
def test_no_true_count_reaches_the_browser(page: str, service: str) -> None:
    at = own(service=service)
    got = sent(go(at, page) if page != "unmet_need" else at)
    for count in ("613", "1237", "1853", "471", "829"):
        written = f"{int(count):,}"
        assert not re.search(rf"(?<![\d.,])(?:{count}|{re.escape(written)})(?:\.0)?(?![\d,]|\.\d)", got), f"{count} on {page} for {service}"
