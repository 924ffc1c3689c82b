"""axe-core over every page: nothing serious of our own making."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.test_journeys import PAGES, Visit, settled

STREAMLITS_OWN = {
    # A navigation in sections is drawn as <ul><div><li>: Streamlit's own markup, which st.navigation cannot change.
    "list": "[data-testid='stSidebarNav']",
    "listitem": "[data-testid='stSidebarNav']",
    # The frame round st.table scrolls sideways where a table is wider than the page, and takes no tabindex.
    "scrollable-region-focusable": "[data-testid='stTable']",
}
"""Rules that Streamlit's own elements break and no code here can mend, and where alone that is let pass."""


def grave(page: Page) -> list[str]:
    """Serious and critical violations of WCAG 2.2 A and AA that are ours: rule, element and what is wrong."""
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": tags}, "resultTypes": ["violations"]}).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]}: {node['failureSummary']}"
        for each in found
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
        if not _streamlits_own(page, each["id"], node["target"][0])
    ]


def _streamlits_own(page: Page, rule: str, target: str) -> bool:
    where = STREAMLITS_OWN.get(rule)
    return bool(where) and bool(page.evaluate("([at, where]) => !!document.querySelector(at)?.closest(where)", [target, where]))


@pytest.mark.parametrize("path", PAGES)
def test_nothing_serious_stands_in_anyones_way(server: str, visitor: Visit, path: str) -> None:
    assert grave(settled(visitor(server, path))) == []


def test_a_narrowed_and_made_up_view_has_nothing_serious_either(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "unmet_need?figures=Made-up%20example&borough=Brent&borough=Ealing"))
    for number, table in enumerate(page.get_by_text("The table behind this").all()):
        table.click()
        page.get_by_test_id("stTable").nth(number).wait_for()
    assert grave(settled(page)) == []


CONTRAST = """element => {
  const parts = text => { const all = text.match(/[\\d.]+/g).map(Number); return [...all.slice(0, 3), all[3] ?? 1]; };
  const over = (top, below) => below.map((value, at) => at < 3 ? top[at] * top[3] + value * (1 - top[3]) : 1);
  const light = colour => {
    const [r, g, b] = colour.map(value => value / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const layers = [];
  for (let at = element; at; at = at.parentElement) layers.unshift(parts(getComputedStyle(at).backgroundColor));
  const behind = layers.reduce((below, top) => over(top, below), [255, 255, 255, 1]);
  const a = light(over(parts(getComputedStyle(element).color), behind)), b = light(behind);
  return [(Math.max(a, b) + .05) / (Math.min(a, b) + .05), b];
}"""
"""Contrast of an element's text with what lies behind it, see-through layers included, and how light that is (0 to 1)."""


@pytest.mark.parametrize("path", PAGES)
def test_in_the_dark_text_can_be_read(server: str, visitor: Visit, path: str) -> None:
    page = settled(visitor(server, path, dark=True))
    assert page.get_by_test_id("stException").count() == 0
    for where in ("h1", ".st-key-answer p", "[data-testid='stSidebar'] label p", "[data-testid='stSidebarNavLink'] span"):
        contrast, background = page.locator(where).first.evaluate(CONTRAST)
        assert background < 0.2, f"{where} stands on a light background"
        assert contrast >= 4.5, where
    assert grave(page) == []
