"""A visitor brings a map and a table of small areas, in a real browser."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.test_accessibility import grave
from tests.browser.test_journeys import after, settled
from tests.pages.squares import squares, table

Visit = Callable[..., Page]


def open_section(page: Page) -> Page:
    label = settled(page).get_by_text("Small areas: bring your own map", exact=True)
    label.scroll_into_view_if_needed()
    after(page, label.click)
    expect(page.get_by_text("1. The map")).to_be_visible()
    return page


def bring(page: Page, box: int, name: str, data: bytes, then: str) -> None:
    """Drop a file into the first or the second box, and wait for what the page says of it."""
    place = page.get_by_test_id("stFileUploader").nth(box).locator("input[type='file']")
    place.set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    expect(page.get_by_text(then).first).to_be_visible(timeout=30_000)
    settled(page)


def map_colours(page: Page) -> int:
    """How many colours fill more than a few hundred pixels of the map, once it is drawn."""
    box = page.locator(".st-key-small_area_map [data-testid='stDeckGlJsonChart']")
    box.scroll_into_view_if_needed()
    expect(box.locator("canvas").first).to_be_visible(timeout=30_000)
    found = 0
    for _ in range(60):
        colours = Image.open(io.BytesIO(box.screenshot())).convert("RGB").getcolors(1 << 20) or []
        found = sum(count > 300 for count, _ in colours)
        if found >= 4:
            break
        page.wait_for_timeout(150)
    return found


def test_a_map_and_a_table_become_rates_hot_spots_and_a_table_to_take_away(server: str, visitor: Visit, tmp_path: Path) -> None:
    page = open_section(visitor(server, "unmet_need"))
    expect(page.get_by_text("Open Geography portal")).to_be_visible()
    bring(page, 0, "squares.geojson", squares(), "36 areas (LSOA")
    bring(page, 1, "mine.csv", table(), "36 areas of the map have a row in the table.")
    expect(page.locator(".st-key-small_area_answer")).to_contain_text("6 areas are hot spots (around Square 7)")
    assert map_colours(page) >= 4
    expect(page.get_by_text("hot spot: high figures lie together")).to_be_visible()
    expect(page.get_by_role("cell", name="higher than all areas; hot spot").first).to_be_visible()
    with page.expect_download() as download:
        page.locator(".st-key-small-download-csv button").click()
    download.value.save_as(tmp_path / "areas.csv")
    rows = list(csv.DictReader((tmp_path / "areas.csv").open(encoding="utf-8-sig")))
    assert len(rows) == 36
    assert rows[7]["Hot or cold spot"] == "hot spot"


def test_a_bad_map_gets_a_sentence_and_the_good_one_stays(server: str, visitor: Visit) -> None:
    page = open_section(visitor(server, "unmet_need"))
    bring(page, 0, "bad.geojson", b"this is no map", "bad.geojson could not be used")
    expect(page.get_by_text("The file is not JSON")).to_be_visible()
    after(page, page.get_by_role("button", name="Remove bad.geojson").click)
    expect(page.get_by_text("could not be used")).to_have_count(0)
    bring(page, 0, "squares.geojson", squares(), "36 areas (LSOA")


@pytest.mark.parametrize("size", ["projector", "phone"])
def test_the_section_fits_the_screen(server: str, visitor: Visit, size: str) -> None:
    page = open_section(visitor(server, "unmet_need", size=size))
    bring(page, 0, "squares.geojson", squares(), "36 areas (LSOA")
    bring(page, 1, "mine.csv", table(), "36 areas of the map have a row in the table.")
    assert map_colours(page) >= 4
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    chart = page.locator(".st-key-small_area_map [data-testid='stDeckGlJsonChart']").bounding_box()
    assert chart
    assert chart["x"] + chart["width"] <= page.viewport_size["width"]  # type: ignore[index]


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_serious_stands_in_anyones_way(server: str, visitor: Visit, dark: bool) -> None:
    page = open_section(visitor(server, "unmet_need", dark=dark))
    assert grave(page) == []
    bring(page, 0, "squares.geojson", squares(), "36 areas (LSOA")
    bring(page, 1, "mine.csv", table(), "36 areas of the map have a row in the table.")
    assert grave(page) == []
