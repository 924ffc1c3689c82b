"""Small areas on the page Unmet need: a visitor's own map and table, what fits, small counts, hot spots, and hostile files."""

from __future__ import annotations

import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from mhequity.disclosure import AS_PUBLISHED
from tests.pages.driver import MADE_UP, NASTY, all_text, broken, button, control, everything, go, marks_up, plain, visit
from tests.pages.squares import codes, seen, squares, table


def section(**query: Any) -> AppTest:
    """The page with the section open."""
    at = visit("unmet_need", **query)
    at.session_state["small_areas"] = True
    return at.run()


def bring(at: AppTest, side: str, data: bytes, name: str) -> AppTest:
    """Drop a file into one of the two boxes."""
    box = next(each for each in at.file_uploader if str(each.key).startswith(f"small {side}"))
    return box.set_value((name, data, "application/octet-stream")).run()


def both(at: AppTest, drawn: bytes, figures: bytes, name: str = "mine.csv") -> AppTest:
    return bring(bring(at, "map", drawn, "squares.geojson"), "table", figures, name)


def said(at: AppTest) -> str:
    """Everything that the page says, as it is read."""
    return plain(" ".join(all_text(at))).replace("**", "")


def areas_on_map(at: AppTest) -> dict[str, dict[str, Any]]:
    """The map's areas by name; empty where there is no map of small areas."""
    maps = [json.loads(each.proto.json) for each in at.get("deck_gl_json_chart")]
    return {row["n"]: row for deck in maps for layer in deck["layers"] if layer["id"] == "small areas" for row in layer["data"]}


def beside(at: AppTest) -> Any:
    return at.table[-1].value.map(plain).rename(index=plain, columns=plain)


def test_closed_section_draws_nothing() -> None:
    at = visit("unmet_need")
    assert not at.exception
    assert not at.file_uploader
    assert "Small areas: bring your own map" in [each.label for each in at.expander]


def test_empty_section_says_what_to_bring_and_where_maps_are_published() -> None:
    at = section()
    assert not at.exception
    assert "Open Geography portal" in said(at)
    assert "Office for National Statistics" in said(at)
    assert any("Template" in each.label for each in at.get("download_button"))
    assert not areas_on_map(at)


def test_map_alone_asks_for_the_table_with_a_template_of_its_codes() -> None:
    at = bring(section(), "map", squares(), "squares.geojson")
    assert "squares.geojson: 36 areas (LSOA" in said(at)
    assert "Now bring the table" in said(at)
    assert any("codes of these 36 areas" in each.label for each in at.get("download_button"))


def test_map_and_table_are_joined_drawn_and_told() -> None:
    at = both(section(), squares(), table())
    assert not at.exception
    assert "36 areas of the map have a row in the table" in said(at)
    assert "People seen: 30 for every 1,000 in all areas together" in said(at)
    assert "6 areas are hot spots (around Square 7)" in said(at)
    assert areas_on_map(at)["Square 0"]["t"].startswith("60 (45.8 to 77.2)") or areas_on_map(at)["Square 0"]["t"].startswith(
        "60 (46 to 77)"
    )
    assert areas_on_map(at)["Square 7"]["u"] == "higher than all areas; hot spot"
    assert "Unit: People seen for every 1,000 of Population, with 95% interval" in said(at)
    assert "Source: mine.csv (your table); squares.geojson (your map)" in said(at)


def test_table_beside_the_map_can_be_ordered_and_searched() -> None:
    at = both(section(), squares(), table())
    assert "hot spot" in " ".join(beside(at).iloc[0])
    at = control(at, "Order").set_value("Lowest first").run()
    assert beside(at).iloc[0, 0].startswith("19 ")
    at = control(at, "Find an area by name or code").input("square 35").run()
    assert list(beside(at).index) == ["Square 35 · E01000535"]
    at = control(at, "Find an area by name or code").input("nowhere").run()
    assert "No area has this in its name or code" in said(at)


def test_small_counts_are_hidden_everywhere_until_the_visitor_shows_them() -> None:
    counts: list[object] = [*seen()]
    counts[20], counts[21] = 3, 17
    at = both(section(), squares(), table(counts))
    hidden = [name for name, row in areas_on_map(at).items() if row["t"] == "suppressed"]
    assert hidden == ["Square 20", "Square 21"]
    assert "counts from 1 to 4 are hidden" in said(at)
    at = go(at, "your_data").radio(key="choose_policy").set_value(AS_PUBLISHED.name).run()
    at = go(at, "unmet_need")
    assert areas_on_map(at)["Square 20"]["t"].startswith("3 (")


def test_missing_suppressed_and_no_data_are_kept_apart() -> None:
    counts: list[object] = [*seen()]
    counts[30], counts[31] = "*", ".."
    at = both(section(), squares(), b"\n".join(line for line in table(counts).split(b"\n") if b"E01000532" not in line))
    states = {name: row["t"] for name, row in areas_on_map(at).items() if not row["t"][0].isdigit()}
    assert states == {"Square 30": "suppressed", "Square 31": "missing", "Square 32": "no data"}
    legends = " ".join(each.proto.body for each in at.get("html"))
    assert all(f"{state}: 1" in legends for state in ("suppressed", "missing", "no data"))


def test_codes_that_do_not_fit_are_named_on_both_sides() -> None:
    listed = [*codes(34), "E01000900", "E01000901"]
    at = both(section(), squares(), table(listed=listed))
    assert "2 areas of the table not on the map: E01000900, E01000901" in said(at)
    assert "2 areas of the map not in the table: E01000534, E01000535" in said(at)
    at = control(at, "Leave the 2 areas that are not in the table off the map").check().run()
    assert len(areas_on_map(at)) == 34


def test_codes_of_2021_on_a_map_of_2011_say_what_to_do() -> None:
    listed = [*codes(30), *(f"E0103{4000 + at}" for at in range(6))]
    at = both(section(), squares(), table(listed=listed, heading="LSOA21CD,People seen,Population"))
    assert "The table uses codes of LSOAs of 2021, the map of LSOAs of 2011" in said(at)
    assert "Upload boundaries of LSOAs of 2021" in said(at)
    assert "First codes in the table alone: E01034000" in said(at)


def test_codes_of_another_kind_draw_no_map_and_say_why() -> None:
    at = both(section(), squares(), table(listed=[f"E020000{at:02d}" for at in range(36)]))
    assert not at.exception
    assert "no code is in both" in said(at)
    assert not areas_on_map(at)


def test_hot_spots_are_refused_in_words_below_thirty_areas() -> None:
    at = both(section(), squares(5), table(seen(5), codes(25)))
    assert "Hot spots need at least 30 areas with a figure; there are 25." in said(at)
    assert len(areas_on_map(at)) == 25
    assert "Hot and cold spots first" not in control(at, "Order").options


def test_count_by_itself_warns_that_many_people_make_many_counts() -> None:
    at = both(section(), squares(), table())
    at = control(at, "The figure is").set_value("count").run()
    assert "The figures are counts" in said(at)
    assert areas_on_map(at)["Square 0"]["t"] == "60"


def test_score_is_taken_as_it_stands() -> None:
    rows = "\n".join(["code,Need score", *(f"{code},{at / 4}" for at, code in enumerate(codes()))]).encode()
    at = both(section(), squares(), rows)
    assert control(at, "The figure is").value == "value"
    assert areas_on_map(at)["Square 3"]["t"] == "0.75"
    assert "are hidden" not in said(at).split("Where within the boroughs?")[-1].split("Need score")[-1]


def test_counts_that_are_called_a_score_get_a_warning() -> None:
    at = both(section(), squares(), table())
    assert "may be counts" not in said(at)
    assert "may be counts" in said(control(at, "The figure is").set_value("value").run())


def test_several_periods_ask_which_one_counts_and_take_the_latest() -> None:
    rows = "\n".join(
        ["code,Year,Seen", *(f"{code},{year},{20 if year == '2023/24' else 50}" for code in codes() for year in ("2022/23", "2023/24"))]
    )
    at = both(section(), squares(), rows.encode())
    assert control(at, "Year").value == "2023/24"
    assert areas_on_map(at)["Square 3"]["t"] == "20"
    at = control(at, "Year").set_value("2022/23").run()
    assert areas_on_map(at)["Square 3"]["t"] == "50"
    assert "Period: 2022/23" in said(at)


def test_other_multiplier_is_used_throughout() -> None:
    at = both(section(), squares(), table())
    at = control(at, "For every").set_value("100").run()
    assert areas_on_map(at)["Square 0"]["t"].startswith("6")
    assert "3 for every 100 in all areas together" in said(at)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"this is no map", "The file is not JSON"),
        (b'{"type":"FeatureCollection","features":[]}', "holds no features"),
        (b'{"type":"Topology","objects":{},"arcs":[]}', "TopoJSON"),
        (b"", "empty"),
        (b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"a":1},"geometry":{"type":"Point","coordinates":[0,51]}}]}', "points or lines"),
    ],
)  # fmt: skip
def test_map_that_cannot_be_used_gets_its_sentence(data: bytes, words: str) -> None:
    at = bring(section(), "map", data, "bad.geojson")
    assert not at.exception
    assert any(words in plain(each.value) for each in at.error)
    assert not areas_on_map(at)


def test_bad_file_leaves_what_was_there() -> None:
    at = both(section(), squares(), table())
    at = bring(at, "map", b"no map", "bad.geojson")
    assert any("bad.geojson could not be used" in plain(each.value).replace("**", "") for each in at.error)
    assert len(areas_on_map(at)) == 36


def test_table_with_details_of_people_is_stopped_and_not_kept() -> None:
    at = bring(section(), "map", squares(), "squares.geojson")
    at = bring(at, "table", b"code,NHS number,Seen\nE01000500,943 476 5919,5\nE01000501,401-023-2137,6\n", "people.csv")
    assert any("details of people" in each.value for each in at.error)
    assert not at.session_state["_small_areas"].tables
    assert "943" not in said(at)


def test_removing_the_map_can_be_undone() -> None:
    at = both(section(), squares(), table())
    at = button(at, "Remove the map").click().run()
    assert not areas_on_map(at)
    assert "mine.csv: 36 rows" in said(at)
    at = button(at, "Bring back what was removed").click().run()
    assert len(areas_on_map(at)) == 36
    at = button(at, "Remove the table").click().run()
    assert not areas_on_map(at)


def test_files_and_choices_are_still_there_when_the_page_was_left() -> None:
    at = both(section(), squares(), table())
    at = control(at, "For every").set_value("100").run()
    at = go(go(at, "overview"), "unmet_need")
    assert not at.exception
    assert len(areas_on_map(at)) == 36
    assert control(at, "For every").value == "100"


def test_another_visitor_sees_nothing_of_it() -> None:
    both(section(), squares(), table())
    assert not areas_on_map(section())


def test_other_property_of_the_map_can_hold_the_codes() -> None:
    at = both(section(), squares(names=[f"P{at:02d}" for at in range(36)]), table(listed=[f"P{at:02d}" for at in range(36)]))
    assert "no code is in both" in said(at)
    at = control(at, "Its codes are in").set_value("LSOA11NM").run()
    assert len(areas_on_map(at)) == 36


@pytest.mark.parametrize("name", NASTY)
def test_names_from_files_stay_text(name: str) -> None:
    heading = f'LSOA code,"{name.replace(chr(34), "")}",Population'
    at = both(
        section(), squares(names=[name, *(f"Square {at}" for at in range(1, 36))]), table(heading=heading), f"{name.replace('/', '-')}.csv"
    )
    assert not at.exception
    assert not [text for text in everything(at) if marks_up(text)]
    assert not [text for text in everything(at) if broken(text)]
    assert name in areas_on_map(at)
    legends = [each.proto.body for each in at.get("html") if 'class="legend"' in each.proto.body]
    assert not [text for text in legends if "<script" in text]


def test_made_up_example_has_the_section_too() -> None:
    at = both(section(figures=MADE_UP), squares(), table())
    assert not at.exception
    assert len(areas_on_map(at)) == 36
