"""Measures of need in a real browser: pick measures, weigh them, see ranks change, take the table away."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_accessibility import grave
from tests.browser.test_journeys import Visit, after, answer, chips, follow, settled

NHS_ENGLAND, INDICES = "Mental-health need-weighted population", "Mental-health indicator (Indices of Deprivation 2025)"
TWO = f"need_measures={quote(NHS_ENGLAND)}&need_measures={quote(INDICES)}"


def weights(page: Page) -> Locator:
    """The sliders of the weights, in the order of the measures."""
    return page.get_by_test_id("stSlider").filter(has_text="Weight of").get_by_role("slider")


def first_ranked(page: Page) -> str:
    """The borough that the chosen weights put first, as the sentence beside them says."""
    said = page.get_by_text("the weights you chose").first.locator("xpath=ancestor::p").inner_text()
    return said.split("By the weights you chose, ")[1].split(" comes ")[0]


def drawn(page: Page, number: int) -> Locator:
    """A chart, once it is drawn."""
    chart = page.get_by_test_id("stVegaLiteChart").nth(number)
    chart.scroll_into_view_if_needed()
    expect(chart.locator("canvas, svg").first).to_be_visible(timeout=30_000)
    return chart


def test_a_visitor_picks_measures_weighs_them_and_takes_the_table_away(server: str, visitor: Visit, tmp_path: Path) -> None:
    page = settled(visitor(server))
    follow(page, "Need measures")
    assert "Bromley" in answer(page)
    drawn(page, 0)
    picker = page.get_by_test_id("stMultiSelect").filter(has_text="Measures to compare")
    after(page, picker.get_by_role("button", name="Clear all").click)
    expect(page.get_by_text("Choose two measures or more")).to_be_visible()
    for name in (NHS_ENGLAND, INDICES):
        picker.get_by_role("combobox").click()
        after(page, page.get_by_role("option", name=name).click)
    page.keyboard.press("Escape")
    settled(page)
    assert "Bexley" in answer(page)
    assert quote(NHS_ENGLAND).replace("%20", "+") in page.url
    after(page, page.get_by_role("tab", name="Your weights").click)
    before = first_ranked(page)
    expect(weights(page)).to_have_count(2)
    weights(page).nth(0).focus()
    for _ in range(5):
        after(page, lambda: page.keyboard.press("ArrowLeft"))
    assert first_ranked(page) == "Hackney"
    assert before == "Islington"
    assert "=0" in page.url.split("weight_")[1]
    after(page, page.get_by_role("button", name="Make all weights equal").click)
    assert first_ranked(page) == before
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (CSV)").last.click()
    download.value.save_as(tmp_path / "weighted.csv")
    table = pd.read_csv(tmp_path / "weighted.csv")
    assert len(table) == 33
    assert f"Rank by your weights (50% {NHS_ENGLAND}, 50% {INDICES})" in table.columns
    assert table.iloc[0]["Borough"] == before


def test_a_link_opens_the_same_measures_and_weights(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, f"need_measures?{TWO}&part=Your%20weights"))
    weights(page).nth(0).focus()
    after(page, lambda: page.keyboard.press("End"))
    other = settled(visitor(server, page.url.split("/", 3)[3]))
    assert weights(other).nth(0).input_value() == "10"
    assert first_ranked(other) == first_ranked(page)


def test_a_click_on_a_point_narrows_the_view_to_its_borough(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, f"need_measures?{TWO}&system=North%20West%20London"))
    box = drawn(page, 0).bounding_box()
    assert box
    page.wait_for_timeout(800)
    # The first column lies 190 pixels from the left; of 8 boroughs the first stands 128 pixels from the top: Kensington and Chelsea.
    page.mouse.move(box["x"] + 190, box["y"] + 128)
    page.wait_for_timeout(400)
    after(page, lambda: page.mouse.click(box["x"] + 190, box["y"] + 128, delay=60))
    page.wait_for_timeout(500)
    assert chips(settled(page)) == ["Kensington and Chelsea"]


@pytest.mark.parametrize("part", ["Ranks", "Agreement", "Your weights"])
@pytest.mark.parametrize("size", ["projector", "laptop", "phone"])
def test_every_part_fits_every_screen(server: str, visitor: Visit, size: str, part: str) -> None:
    page = settled(visitor(server, f"need_measures?part={quote(part)}", size))
    drawn(page, 0)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.parametrize("part", ["Ranks", "Agreement", "Your weights"])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_serious_stands_in_anyones_way(server: str, visitor: Visit, part: str, dark: bool) -> None:
    page = settled(visitor(server, f"need_measures?part={quote(part)}", dark=dark))
    drawn(page, 0)
    assert grave(page) == []
