"""The page on variation in a real browser: from the navigation to the funnel, a borough and the table on one's own disk."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.test_accessibility import grave
from tests.browser.test_journeys import Visit, after, answer, chips, follow, settled, title

QUESTION = "How much do services differ between boroughs, beyond chance?"


def points(page: Page) -> Locator:
    """Points of the funnel, the first chart of the page."""
    return page.get_by_test_id("stVegaLiteChart").first.locator("svg .mark-symbol path")


def choose_measure(page: Page, name: str) -> None:
    page.get_by_test_id("stSelectbox").filter(has_text="Measure").locator("input").click()
    after(page, page.get_by_role("option", name=name, exact=True).click)


def test_from_the_navigation_to_a_borough_and_its_table(server: str, visitor: Visit) -> None:
    page = settled(visitor(server))
    follow(page, "Variation")
    expect(title(page)).to_have_text(QUESTION)
    before = answer(page)
    choose_measure(page, "People who had all six health checks")
    assert answer(page) != before
    expect(points(page)).to_have_count(31)

    after(page, page.get_by_role("radio", name="99.8%").click)
    assert "99.8% limits" in answer(page)
    assert "limits=99.8%25" in page.url

    after(page, points(page).first.click)
    (borough,) = chips(page)
    assert borough in answer(page)
    expect(points(page)).to_have_count(31)

    with page.expect_download() as caught:
        page.get_by_role("button", name="Table (CSV)").first.click()
    rows = list(csv.DictReader(io.StringIO(Path(caught.value.path()).read_text(encoding="utf-8-sig"))))
    assert len(rows) == 33
    assert [row["Borough"] for row in rows if row["In view"] == "yes"] == [borough]
    assert grave(page) == []


@pytest.mark.parametrize("size", ["projector", "laptop", "phone"])
@pytest.mark.parametrize("dark", [False, True])
def test_it_fits_every_screen_and_nothing_serious_stands_in_the_way(server: str, visitor: Visit, size: str, dark: bool) -> None:
    page = settled(visitor(server, "variation?figures=Made-up%20example", size, dark))
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(3)
    expect(points(page)).to_have_count(13)
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1")
    assert page.get_by_test_id("stException").count() == 0
    assert grave(page) == []


def test_groups_are_chosen_with_the_keyboard(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "variation?figures=Made-up%20example"))
    expect(page.get_by_text("Slope index of inequality by OHID, straight line")).to_be_visible()
    page.get_by_role("radio", name="Deprivation").focus()
    page.keyboard.press("ArrowRight")
    after(page, lambda: page.keyboard.press("Enter"))
    expect(page.get_by_text("Slope index of inequality")).to_have_count(0)
    assert "group_by=Ethnic" in page.url
