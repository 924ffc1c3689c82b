"""What people do on the page on unmet need, in a real browser."""

from __future__ import annotations

import io
import re
from urllib.parse import quote, unquote_plus

import pandas as pd
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.test_journeys import Visit, after, answer, follow, map_drawn, settled, upload
from tests.pages.driver import CODE, NWL, book, care, frame

GAP = f"unmet_need?system={quote(NWL)}&question=Treatment%20gap"


def ends(page: Page) -> tuple[int, int]:
    """The plausible range that the answer states."""
    found = re.search(r"plausible range ([\d,]+) to ([\d,]+)", answer(page))
    assert found
    low, high = (int(number.replace(",", "")) for number in found.groups())
    return low, high


def test_a_changed_share_takes_its_range_along_and_the_link_restores_both(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, GAP))
    before = ends(page)
    page.get_by_role("button", name="Prevalence and age").click()
    share = page.get_by_role("slider", name="People with it, %")
    expect(share).to_be_visible()
    share.focus()
    after(page, lambda: share.press("Home"))
    for _ in range(3):
        after(page, lambda: share.press("PageUp"))
    low, high = ends(page)
    assert low < before[0]
    assert high < before[1]
    link = unquote_plus(page.url)
    assert "prevalence=" in link
    assert "range=" in link
    again = settled(visitor(server, page.url.removeprefix(server + "/")))
    assert answer(again) == answer(page)


def test_a_survey_is_one_choice_away(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, GAP))
    page.get_by_role("button", name="Prevalence and age").click()
    page.get_by_role("combobox", name="Start from").click()
    after(page, page.get_by_role("option", name="18.9%").click)
    expect(page.get_by_role("slider", name="People with it, %")).to_have_value("18.9")
    assert "prevalence=18.9" in page.url


def by_sex() -> bytes:
    """People seen in Brent by sex, with residents: 25 and 15 per 1,000."""
    brent = CODE["Brent"]
    groups = frame(
        "activity",
        area=[brent] * 2,
        service="Street teams",
        period="2024/25",
        measure="People seen",
        count=[500, 300],
        sex=["female", "male"],
    )
    everyone = care({"Brent": 800, "Ealing": 500})
    people = frame("population", area=[brent] * 2, period="2024", persons=[20_000, 20_000], sex=["female", "male"])
    return book(activity=pd.concat([everyone, groups], ignore_index=True), population=people)


def test_groups_are_compared_and_can_have_a_prevalence_of_their_own(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, f"your_data?system={quote(NWL)}"))
    upload(page, "by sex.xlsx", by_sex())
    follow(page, "Unmet need")
    main = page.get_by_test_id("stMain")
    expect(main.get_by_role("heading", name="Which groups of people go without?")).to_be_visible()
    expect(main.get_by_text("Male (15.0)")).to_be_visible()
    after(page, main.get_by_role("radio", name="Treatment gap").click)
    expect(main.get_by_text("22.6% is taken for every group")).to_be_visible()
    main.get_by_role("button", name="Prevalence of each group").click()
    field = page.get_by_role("spinbutton", name="Male, %", exact=True)
    field.fill("15")
    after(page, lambda: field.press("Enter"))
    expect(main.get_by_text("but 1 with a prevalence of its own")).to_be_visible()
    assert "sex_male=15" in page.url


def black(picture: bytes) -> int:
    """Black pixels of a picture."""
    colours = Image.open(io.BytesIO(picture)).convert("RGB").getcolors(1 << 20) or []
    return sum(count for count, colour in colours if max(colour) < 40)  # type: ignore[arg-type, type-var]


def test_pockets_are_named_at_the_top_and_outlined_on_the_map(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, f"unmet_need?system={quote(NWL)}"))
    assert "Three pockets of unmet need: Brent, Hammersmith and Fulham and Westminster." in answer(page)
    expect(page.get_by_text("Thick outline: pocket of unmet need.")).to_be_visible()
    outlined = black(map_drawn(page))
    narrowed = settled(visitor(server, f"unmet_need?system={quote(NWL)}&borough=Harrow"))
    assert "Harrow is no pocket of unmet need" in answer(narrowed)
    assert outlined > black(map_drawn(narrowed)) + 2000


def test_nothing_of_it_scrolls_sideways_on_a_phone(server: str, visitor: Visit) -> None:
    for path in (f"unmet_need?system={quote(NWL)}", GAP):
        page = settled(visitor(server, path, "phone"))
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
