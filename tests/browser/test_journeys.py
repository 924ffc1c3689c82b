"""What people do in the app, in a real browser, from the first click to what they then see."""

from __future__ import annotations

import io
import json
import math
import re
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from openpyxl import Workbook, load_workbook
from PIL import Image
from playwright.sync_api import Locator, Page, TimeoutError, expect

from mhequity.charts import maps
from mhequity.export.tables import to_csv
from mhequity.paths import DATA
from tests.pages.driver import CODE, NASTY, NWL, book, care, frame, need

PAGES = {
    "": "stands out",
    "your_data": "loaded",
    "unmet_need": "unmet",
    "need_measures": "agree",
    "investment_and_activity": "money",
    "variation": "beyond chance",
    "progress": "2028/29",
}
BRENT = f"system={quote(NWL)}&borough=Brent"
Visit = Callable[..., Page]
CHIPS = ".st-key-chips button:visible"
"""Streamlit draws a button with help twice, one for pointers and one for touch, and hides either."""


def title(page: Page) -> Locator:
    return page.get_by_test_id("stMain").locator("h1").first


def settled(page: Page, seconds: float = 30) -> Page:
    """Wait until the app has drawn the page and its script rests."""
    expect(title(page)).to_be_visible(timeout=seconds * 1000)
    page.wait_for_function(
        """() => document.querySelector("[data-testid='stApp']")?.getAttribute("data-test-script-state") === "notRunning"
              && !document.querySelector("[data-testid='stSkeleton'], [data-testid='stSpinner'], [data-stale='true']")""",
        timeout=seconds * 1000,
    )
    return page


def after(page: Page, action: Callable[[], object]) -> Page:
    """Do something and wait until the run that it sets off has drawn the page; what changes nothing sets none off."""
    before = page.evaluate("window.runs")
    action()
    with suppress(TimeoutError):
        page.wait_for_function("before => window.runs > before", arg=before, timeout=1500)
    return settled(page)


def follow(page: Page, name: str) -> Page:
    """Go to another page through the navigation."""
    old = title(page).inner_text()
    after(page, page.get_by_test_id("stSidebarNavLink").filter(has_text=name).click)
    expect(title(page)).not_to_have_text(old)
    return settled(page)


def answer(page: Page) -> str:
    return page.locator(".st-key-answer").inner_text()


def place(page: Page) -> str:
    """Place, year and service in view, as the line below the title says."""
    return page.get_by_test_id("stMain").get_by_test_id("stCaptionContainer").first.inner_text()


def chips(page: Page) -> list[str]:
    return [text.split("✕")[0].strip() for text in page.locator(CHIPS).all_inner_texts()]


def map_drawn(page: Page) -> bytes:
    """Wait until the map shows its colours, which its canvas starts without, and rests; the picture of it."""
    box = page.get_by_test_id("stDeckGlJsonChart")
    expect(box.locator("canvas").first).to_be_visible(timeout=30_000)
    box.scroll_into_view_if_needed()
    end, last = time.monotonic() + 20, b""
    while time.monotonic() < end:
        now = box.screenshot()
        colours = Image.open(io.BytesIO(now)).convert("RGB").getcolors(1 << 20) or []
        if now == last and sum(count > 300 for count, _ in colours) >= 4:
            return now
        last = now
        page.wait_for_timeout(150)
    raise AssertionError("the map stays empty")


def place_on_map(page: Page, name: str, system: str) -> tuple[float, float]:
    """Where on the screen a borough's label point lies (Web Mercator, tiles of 512 pixels)."""
    shapes = json.loads((DATA / "boundaries" / "london_boroughs_small.json").read_text(encoding="utf-8"))
    view, (lon, lat) = maps.view_of(system), shapes[CODE[name]]["label"]
    tile = 512 * 2 ** view["zoom"]

    def north(latitude: float) -> float:
        return math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / (2 * math.pi) * tile

    box = page.get_by_test_id("stDeckGlJsonChart").bounding_box()
    assert box
    shown = box["width"] / maps.WIDTH
    across = maps.WIDTH / 2 + (lon - view["longitude"]) / 360 * tile
    down = maps.HEIGHT / 2 - (north(lat) - north(view["latitude"]))
    return box["x"] + across * shown, box["y"] + down * shown


def click_until(page: Page, x: float, y: float, done: Callable[[], bool], seconds: float = 6) -> None:
    """Click a canvas as a person does: stop over it, press shortly, wait for what follows."""
    page.mouse.move(x, y)
    page.wait_for_timeout(800)
    page.mouse.click(x, y, delay=60)
    end = time.monotonic() + seconds
    while time.monotonic() < end and not done():
        page.wait_for_timeout(100)


def drop(page: Page, name: str, data: bytes) -> None:
    """Drop a file on the page Your data, where it waits for review."""
    removals = page.get_by_role("button", name="Remove this file")
    before = removals.count()
    page.locator("input[type='file']").set_input_files({"name": name, "mimeType": "application/octet-stream", "buffer": data})
    expect(removals).to_have_count(before + 1, timeout=20_000)
    settled(page)


def upload(page: Page, name: str, data: bytes) -> None:
    """Drop a file and add it as it was understood."""
    drop(page, name, data)
    after(page, page.get_by_role("button", name="Add to workspace").click)
    expect(page.get_by_text("of this file count on every page").first).to_be_visible()


def pick(page: Page, label: str, option: str) -> None:
    """Choose from a selectbox of the page."""
    box = page.get_by_test_id("stSelectbox").filter(has=page.get_by_text(label, exact=True)).locator("input")
    box.click()
    box.fill(option)
    after(page, page.get_by_role("option", name=option, exact=True).click)


def cell(page: Page, row: str, heading: str) -> str:
    """A cell of the table behind the picture, which is opened if it is not."""
    if not page.get_by_test_id("stTable").count():
        page.get_by_text("The table behind this").click()
    table = page.get_by_test_id("stTable").first
    expect(table).to_be_visible()
    headings = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    line = table.locator("tbody tr").filter(has=page.locator("th, td", has_text=re.compile(f"^{re.escape(row)}$")))
    return line.locator("th, td").nth(headings.index(heading)).inner_text().strip()


def test_a_filled_template_changes_the_map_and_shows_the_ratios_worked_out_by_hand(server: str, visitor: Visit) -> None:
    """Of 400 people, 1,000, 2,000 and 1,000 weighted people call for 100, 200 and 100: 130, 200 and 70 are 1.30, 1.00 and 0.70."""
    page = settled(visitor(server, "unmet_need"))
    before = map_drawn(page)
    follow(page, "Your data")
    filled = book(
        activity=care({"Brent": 130, "Ealing": 200, "Harrow": 70}), indicators=need({"Brent": 1000, "Ealing": 2000, "Harrow": 1000})
    )
    upload(page, "mine.xlsx", filled)
    assert "6 rows of yours" in answer(page)
    follow(page, "Unmet need")
    pick(page, "Care counted", "People seen")
    pick(page, "Need measured by", "Weighted by hand")
    assert "2024/25" in answer(page)
    assert [cell(page, name, "Given for each 1 expected") for name in ("Brent", "Ealing", "Harrow")] == ["1.30", "1.00", "0.70"]
    assert [cell(page, name, "Expected from need") for name in ("Brent", "Ealing", "Harrow")] == ["100", "200", "100"]
    assert map_drawn(page) != before


def messy(year: str, seen: dict[str, int | str]) -> bytes:
    """A return as people send it: titles, headings over two rows with merged cells, a note, a total."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "Return"
    sheet.append([f"Street teams: monthly return, {year}"])
    sheet.append(["Figures as signed off by the board"])
    sheet.append([])
    sheet.append(["Borough", "Service", "Care", None, "Money"])
    sheet.append([None, None, "People seen", "Contacts", "Spend (£000s)"])
    sheet.merge_cells("C4:D4")
    sheet.merge_cells("A4:A5")
    for name, people in seen.items():
        sheet.append([name, "Street teams", people, 900, 250])
    people = sum(each for each in seen.values() if isinstance(each, int))
    sheet.append(["Total", None, people, 900 * len(seen), 250 * len(seen)])
    sheet.append([])
    sheet.append(["Source: trust data team"])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def test_a_messy_file_is_corrected_added_and_recognised_the_next_time(server: str, visitor: Visit) -> None:
    """Of 400 people, 1,000, 2,000 and 1,000 weighted people call for 100, 200 and 100: 130, 200 and 70 are 1.30, 1.00 and 0.70."""
    page = settled(visitor(server, "unmet_need"))
    before = map_drawn(page)
    follow(page, "Your data")
    upload(page, "need.xlsx", book(indicators=need({"Brent": 1000, "Ealing": 2000, "Harrow": 1000})))
    drop(page, "return april.xlsx", messy("2024/25", {"Brent": 130, "Ealng": 200, "Harrow": 70}))
    expect(page.get_by_text("2 boroughs, 2024/25. 1 thing needs your attention.")).to_be_visible()
    expect(page.get_by_text("“Ealng” is close to Ealing")).to_be_visible()
    after(page, page.get_by_role("button", name="Confirm", exact=True).click)
    expect(page.get_by_text("9 figures of 3 boroughs, 2024/25. Nothing needs your attention.")).to_be_visible()
    name = page.get_by_role("textbox", name="Name of this layout").first
    name.fill("Monthly return v3")
    after(page, lambda: name.press("Enter"))
    after(page, page.get_by_role("button", name="Add to workspace").click)
    follow(page, "Unmet need")
    pick(page, "Care counted", "People seen")
    pick(page, "Need measured by", "Weighted by hand")
    assert [cell(page, place, "Given for each 1 expected") for place in ("Brent", "Ealing", "Harrow")] == ["1.30", "1.00", "0.70"]
    assert map_drawn(page) != before
    follow(page, "Your data")
    drop(page, "return may.xlsx", messy("2025/26", {"Brent": 131, "Ealng": 201, "Harrow": 71}))
    expect(page.get_by_text("Recognised: Monthly return v3, 5 columns.").first).to_be_visible()
    expect(page.get_by_text("3 boroughs, 2025/26. Nothing needs your attention.")).to_be_visible()


def test_changes_are_made_and_taken_back_with_the_keyboard_alone(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "your_data"))
    drop(page, "return.xlsx", messy("2024/25", {"Brent": 130, "Ealng": 200}))
    confirm = page.get_by_role("button", name="Confirm", exact=True)
    confirm.focus()
    after(page, lambda: page.keyboard.press("Enter"))
    expect(page.get_by_text("Nothing needs your attention")).to_be_visible()
    page.get_by_role("button", name="Undo the last change").focus()
    after(page, lambda: page.keyboard.press("Enter"))
    expect(page.get_by_text("1 thing needs your attention")).to_be_visible()
    preview = page.get_by_role("region", name="The first rows of sheet Return")
    preview.focus()
    expect(preview).to_be_focused()


@pytest.mark.parametrize("size", ["projector", "laptop", "phone"])
def test_a_file_under_review_fits_every_screen(server: str, visitor: Visit, size: str) -> None:
    page = settled(visitor(server, "your_data", size))
    drop(page, "return.xlsx", messy("2024/25", {"Brent": 130, "Ealng": 200, "Harrow": "tbc"}))
    after(page, page.get_by_text("A column", exact=True).click)
    assert page.get_by_test_id("stException").count() == 0
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate(SCROLLS_SIDEWAYS) == []


def test_a_persons_workbook_comes_back_with_problem_cells_marked(server: str, visitor: Visit, tmp_path: Path) -> None:
    page = settled(visitor(server, "your_data"))
    drop(page, "return.xlsx", messy("2024/25", {"Brent": 130, "Ealng": 200, "Harrow": "tbc"}))
    marked = load_workbook(saved(page, "Your workbook, problem cells marked", tmp_path))["Return"]
    assert "No London borough" in marked["A7"].comment.text
    assert "not a number" in marked["C8"].comment.text
    assert marked["C6"].value == 130
    tidy = saved(page, "Investment, tidy (CSV)", tmp_path).read_bytes().decode("utf-8-sig").splitlines()
    assert tidy[1].startswith("E09000005,Brent,Street teams,,2024/25,250000")
    assert "Ealng" in saved(page, "All findings (CSV)", tmp_path).read_bytes().decode("utf-8-sig")
    assert "Ealng" in saved(page, "left out or kept apart (CSV)", tmp_path).read_bytes().decode("utf-8-sig")
    assert json.loads(saved(page, "Recipe (JSON)", tmp_path).read_text(encoding="utf-8"))["name"] == "return"


@pytest.mark.parametrize(
    ("path", "says"),
    [
        (f"unmet_need?{BRENT}", "Brent"),
        (f"investment_and_activity?{BRENT}&borough=Ealing&year=2018/19", "2018/19"),
        (f"progress?{BRENT}&find=crisis", "Brent"),
    ],
)
def test_a_copied_link_is_the_first_thing_a_new_server_is_asked_for(cold_server: str, visitor: Visit, path: str, says: str) -> None:
    page = settled(visitor(cold_server, path))
    before = place(page)
    assert says in before
    expect(page.locator(CHIPS).filter(has_text="Brent")).to_be_visible()
    name = path.split("?")[0]
    follow(page, "Overview")
    expect(page.locator(CHIPS).filter(has_text="Brent")).to_be_visible()
    follow(page, {"unmet_need": "Unmet need", "investment_and_activity": "Investment", "progress": "Progress"}[name])
    assert place(page) == before
    assert "borough=Brent" in page.url
    assert page.get_by_test_id("stException").count() == 0


def test_the_address_after_choosing_shows_the_same_view_to_someone_else(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "unmet_need"))
    pick(page, "System", NWL)
    pick(page, "Need measured by", "Residents, everyone alike")
    expect(page).to_have_url(re.compile("system=.*need=|need=.*system="))
    other = settled(visitor(server, page.url.removeprefix(f"{server}/"), locale="en-GB"))
    assert answer(other) == answer(page)
    assert other.url == page.url


def test_a_click_on_a_borough_narrows_the_view_and_its_chip_widens_it_again(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, f"unmet_need?system={quote(NWL)}"))
    map_drawn(page)
    whole = answer(page)
    click_until(page, *place_on_map(page, "Ealing", "NWL"), lambda: chips(page) == ["Ealing"])
    assert chips(page) == ["Ealing"]
    expect(page).to_have_url(re.compile("borough=Ealing"))
    settled(page)
    assert "Ealing" in place(page)
    assert answer(page) != whole
    after(page, page.locator(CHIPS).click)
    expect(page.locator(".st-key-chips")).to_have_count(0)
    assert answer(page) == whole


def test_a_click_on_a_point_of_the_scatter_narrows_the_view(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "investment_and_activity"))
    point = page.locator("[data-testid='stVegaLiteChart'] path[aria-label*='Borough: Ealing']")
    expect(point).to_be_visible()
    point.scroll_into_view_if_needed()
    after(page, point.click)
    expect(page.locator(CHIPS)).to_have_text(re.compile("Ealing"))
    assert "Ealing" in place(page)
    after(page, page.locator(CHIPS).click)
    expect(page.locator(".st-key-chips")).to_have_count(0)


SCROLLS_SIDEWAYS = """() => ["stApp", "stAppViewContainer", "stMain", "stSidebarContent"].filter(name => {
  const part = document.querySelector(`[data-testid='${name}']`);
  return part && ["auto", "scroll"].includes(getComputedStyle(part).overflowX) && part.scrollWidth > part.clientWidth + 1;
})"""
"""Parts of the page, which scroll on their own, that a person could push sideways."""


@pytest.mark.parametrize("size", ["projector", "laptop", "phone"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_fits_every_screen(server: str, visitor: Visit, path: str, size: str) -> None:
    page = settled(visitor(server, path, size))
    assert page.get_by_test_id("stException").count() == 0
    assert PAGES[path] in title(page).inner_text().lower()
    assert page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.evaluate(SCROLLS_SIDEWAYS) == []


def test_on_a_phone_the_scope_can_be_reached_and_used(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "unmet_need", "phone", has_touch=True, is_mobile=True))
    system = page.get_by_test_id("stSelectbox").filter(has_text="System")
    if not system.is_visible():
        page.get_by_test_id("stExpandSidebarButton").click()
    system.scroll_into_view_if_needed()
    expect(system).to_be_in_viewport()
    pick(page, "System", NWL)
    expect(page.get_by_test_id("stCaptionContainer").filter(has_text=NWL).first).to_be_attached()


def test_charts_follow_the_dark(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "unmet_need", dark=True))
    label = page.locator("[data-testid='stVegaLiteChart'] .role-axis-label text").first
    expect(label).to_be_visible()
    red, green, blue = (int(part) for part in re.findall(r"\d+", label.evaluate("e => getComputedStyle(e).fill"))[:3])
    assert min(red, green, blue) > 150


def test_tab_reaches_the_navigation_and_every_control_of_the_scope(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "unmet_need"))
    where = """() => {
      const at = document.activeElement;
      return [at.closest("[data-testid='stSidebarNavLink']")?.innerText, at.closest("[class*='st-key-']")?.className.match(/st-key-(\\S+)/)?.[1]];
    }"""
    reached: set[str] = set()
    wanted = {"figures", "system", "borough", "year", "service", "need", "map_shows"}
    for _ in range(60):
        page.keyboard.press("Tab")
        reached |= {each for each in page.evaluate(where) if each}
        if wanted <= reached:
            break
    assert wanted <= reached
    assert any("Progress" in each for each in reached)


def test_enter_on_the_navigation_opens_the_page(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "unmet_need"))
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Progress").focus()
    page.keyboard.press("Enter")
    expect(title(page)).to_contain_text("2028/29")
    settled(page)


def saved(page: Page, name: str, folder: Path) -> Path:
    with page.expect_download(timeout=30_000) as coming:
        page.get_by_role("button", name=name).first.click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


@pytest.mark.parametrize(
    ("path", "heading", "pictures"),
    [
        ("unmet_need", "Borough,", ("Map", "Bars")),
        ("investment_and_activity", "Borough,", ("Picture",)),
        ("progress", "Period,What,Value", ("Picture",)),
    ],
)
def test_table_and_pictures_download_and_open(
    server: str, visitor: Visit, tmp_path: Path, path: str, heading: str, pictures: tuple[str, ...]
) -> None:
    page = settled(visitor(server, path))
    table = saved(page, "Table (CSV)", tmp_path)
    assert table.suffix == ".csv"
    lines = table.read_bytes().decode("utf-8-sig").splitlines()
    assert lines[0].startswith(heading)
    assert len(lines) > 8
    assert saved(page, "Table (Excel)", tmp_path).read_bytes().startswith(b"PK\x03\x04")
    for picture in pictures:
        assert saved(page, f"{picture} (PNG)", tmp_path).read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
        assert "<svg" in saved(page, f"{picture} (SVG)", tmp_path).read_text(encoding="utf-8")[:500]


def test_the_template_downloads_as_a_workbook(server: str, visitor: Visit, tmp_path: Path) -> None:
    page = settled(visitor(server, "your_data"))
    file = saved(page, "Empty template", tmp_path)
    assert file.suffix == ".xlsx"
    assert file.read_bytes().startswith(b"PK\x03\x04")


def test_a_file_full_of_markup_puts_no_link_picture_or_script_on_any_page(server: str, visitor: Visit) -> None:
    page = settled(visitor(server, "your_data"))
    names = [*NASTY, "see http://evil.example/now", "www.evil.example"]
    rows = frame("activity", area="E09000005", period="2024/25", service=names, measure=names, count=range(10, 10 + len(names)))
    upload(page, "![f](http://evil.example/f.png).csv", to_csv(rows[["area", "service", "period", "measure", "count"]]))
    bad = page.locator("a[href*='evil'], img[src*='evil'], [data-testid='stMain'] script, .katex")
    assert bad.count() == 0, "Your data"
    for name in ("Unmet need", "Investment", "Progress", "Overview"):
        follow(page, name)
        assert bad.count() == 0, name
    for service in ("![x](http://evil.example/x.png)", "see http://evil.example/now"):
        pick(page, "Service", service)
        assert bad.count() == 0, service


def test_a_link_cannot_put_a_picture_of_someone_elses_on_the_page(server: str, visitor: Visit) -> None:
    condition = quote("![x](http://evil.example/x.png) http://evil.example")
    page = settled(visitor(server, f"unmet_need?question=Treatment%20gap&condition={condition}"))
    assert page.locator("a[href*='evil'], img[src*='evil']").count() == 0


def test_two_visitors_do_not_see_each_others_files(server: str, visitor: Visit) -> None:
    one, two = (settled(visitor(server, "your_data", locale="en-GB")) for _ in range(2))
    upload(one, "mine.csv", to_csv(care({"Brent": 5})[["area", "service", "period", "measure", "count"]]))
    two.reload()
    settled(two)
    assert two.get_by_role("button", name="Remove this file").count() == 0
    assert "example" in answer(two)
