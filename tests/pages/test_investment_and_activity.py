"""Does money follow need, and does care follow money? The scatter and its controls."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.driver import (
    CODE,
    MADE_UP,
    NCL,
    all_text,
    answer,
    bars,
    book,
    broken,
    care,
    frame,
    go,
    need,
    picker,
    spec,
    table_behind,
    upload,
    visit,
)

PAGE = "investment_and_activity"
TABLE = "investment and activity"
NAMES = ["Brent", "Ealing", "Harrow"]


def by_hand() -> AppTest:
    """Three boroughs of 1,000, 2,000 and 1,000 residents and weighted people, GBP 100,000, 100,000 and 200,000, and 50, 80 and 90 seen.

    Spend per resident is 100, 50 and 200; people seen per 1,000 are 50, 40 and 90. Fair shares of 400,000 are 100,000, 200,000 and
    100,000, so distances are 0, -50% and +100%. Ranks agree in full: rho is 1.
    """
    codes, people = [CODE[name] for name in NAMES], [1000, 2000, 1000]
    filled = book(
        population=frame("population", area=codes, period="2024/25", base="resident", persons=people),
        investment=frame("investment", area=codes, service="Street teams", period="2024/25", amount_gbp=[100_000, 100_000, 200_000]),
        activity=care({"Brent": 50, "Ealing": 80, "Harrow": 90}),
        indicators=need(dict(zip(NAMES, people, strict=True))),
    )
    at = go(upload(visit(), ("mine.xlsx", filled)), PAGE)
    at = at.selectbox(key="outcome").set_value("People seen").run()
    return at.selectbox(key="need").set_value("Weighted by hand").run()


def test_the_scatter_shows_the_15_boroughs_with_published_spend() -> None:
    at = visit(PAGE)
    assert len(bars(at)) == 15
    assert "n = 15" in answer(at)


def test_reference_lines_say_what_they_are_with_their_figure() -> None:
    lines = bars(visit(PAGE), name="lines")
    assert list(lines["axis"]) == ["x", "y"]
    mean, median = lines["text"]
    assert "mean" in mean.lower()
    assert f"£{lines['at'][0]:,.0f}" in mean
    assert "median" in median.lower()
    assert f"{lines['at'][1]:.0%}" in median


def test_spend_per_need_weighted_person_moves_points() -> None:
    at = visit(PAGE)
    before = bars(at)
    at = picker(at, "per").set_value("need-weighted person").run()
    assert not bars(at)["x"].equals(before["x"])
    assert "need-weighted person" in answer(at)
    assert "need-weighted person" in spec(at)


@pytest.mark.parametrize("figures", ["Published figures", MADE_UP])
def test_every_measure_of_care_gives_an_answer(figures: str) -> None:
    at = visit(PAGE, figures=figures)
    seen = set()
    for name in at.selectbox(key="outcome").options:
        at = at.selectbox(key="outcome").set_value(name).run()
        assert not at.exception
        assert [text for text in all_text(at) if broken(text)] == []
        seen.add(answer(at) + spec(at))
    assert len(seen) == len(at.selectbox(key="outcome").options) > 1


def test_the_need_measure_moves_fair_shares() -> None:
    at = visit(PAGE)
    before = table_behind(at, TABLE)["Fair share (£)"]
    at = at.selectbox(key="need").set_value("Residents, everyone alike").run()
    after = table_behind(at, TABLE)["Fair share (£)"]
    assert not after.equals(before)


def test_the_borough_that_moves_the_line_is_named() -> None:
    at = visit(PAGE)
    assert any("Hounslow" in each.value and "without it rho is" in each.value for each in at.markdown)


def test_narrowing_shows_only_the_boroughs_in_view() -> None:
    at = visit(PAGE, borough=["Brent", "Ealing", "Harrow"])
    assert set(bars(at)["name"]) == {"Brent", "Ealing", "Harrow"}


def test_one_borough_shows_no_link() -> None:
    at = visit(PAGE, borough="Brent")
    assert "One borough shows no link" in answer(at)
    assert not at.exception


def test_two_boroughs_are_too_few_for_a_link() -> None:
    at = visit(PAGE, borough=["Brent", "Ealing"])
    assert "too few" in answer(at)


def test_a_system_without_spend_offers_the_template_that_would_fill_the_page() -> None:
    at = visit(PAGE, system=NCL)
    assert any("Investment" in each.value for each in at.info)
    assert [each.proto.page for each in at.get("page_link")] == ["your_data"]
    assert any("Template" in each.label for each in at.get("download_button"))


def test_controls_in_the_link_are_followed() -> None:
    at = visit(PAGE, figures=MADE_UP, per="need-weighted person", outcome="People seen", need="Residents, everyone alike")
    assert picker(at, "per").value == "need-weighted person"
    assert at.selectbox(key="outcome").value == "People seen"
    assert at.selectbox(key="need").value == "Residents, everyone alike"


@pytest.mark.parametrize("query", [{"per": "cat"}, {"outcome": "Luck"}, {"need": "Luck"}])
def test_controls_that_do_not_exist_in_the_link_fall_back(query: dict) -> None:
    at = visit(PAGE, **query)
    assert not at.exception
    assert answer(at) == answer(visit(PAGE))


def test_points_can_be_picked_by_borough() -> None:
    at = visit(PAGE)
    assert list(at.get("vega_lite_chart")[0].proto.selection_mode) == ["picked"]
    assert set(bars(at)["area"]) <= set(CODE.values())


def test_the_table_behind_has_every_borough_of_the_scatter_and_says_why_others_are_not() -> None:
    at = visit(PAGE)
    shown = table_behind(at, TABLE)
    assert set(bars(at)["name"]) <= set(shown.index)
    assert not shown.map(broken).any(axis=None)
    assert shown["Spend (£)"]["Barnet"] == "no data"


def test_an_upload_shows_the_figures_worked_out_by_hand() -> None:
    at = by_hand()
    shown = table_behind(at, TABLE).loc[NAMES]
    assert list(shown["Spend per head (£)"]) == ["100", "50", "200"]
    assert list(shown["People seen per 1,000"].str.split().str[0]) == ["50.0", "40.0", "90.0"]
    assert list(shown["Fair share (£)"]) == ["100,000", "200,000", "100,000"]
    assert list(shown["Distance from fair share"]) == ["+0%", "−50%", "+100%"]
    assert "£50 per resident in Ealing to £200 in Harrow" in answer(at)


def test_an_upload_names_its_file_and_carries_no_made_up_badge() -> None:
    at = by_hand()
    assert any("mine.xlsx" in each.value for each in at.caption)
    assert not [each.value for each in at.markdown if "Made-up" in each.value]


def test_table_and_pictures_can_be_downloaded() -> None:
    at = visit(PAGE)
    assert {each.key.rsplit(".", 1)[-1] for each in at.get("download_button")} == {"csv", "xlsx", "png", "svg"}
    for each in at.get("download_button"):
        assert not each.click().run().exception
