"""Where is need going unmet? The map, the bars, the two questions and their controls."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.driver import (
    MADE_UP,
    NWL,
    all_text,
    answer,
    bars,
    book,
    broken,
    care,
    choose,
    deck,
    go,
    marks_up,
    need,
    on_map,
    picker,
    spec,
    table_behind,
    upload,
    visit,
)

GAP = {"question": "Treatment gap"}


def by_hand() -> AppTest:
    """A visitor with 400 people seen in three boroughs that have 1,000, 2,000 and 1,000 need-weighted people.

    Expected is 400 x WP / 4,000: 100, 200 and 100. Given for each 1 expected: 130/100 = 1.30, 200/200 = 1.00, 70/100 = 0.70.
    """
    filled = book(
        activity=care({"Brent": 130, "Ealing": 200, "Harrow": 70}), indicators=need({"Brent": 1000, "Ealing": 2000, "Harrow": 1000})
    )
    at = go(upload(visit(), ("mine.xlsx", filled)), "unmet_need")
    at = at.selectbox(key="care_share").set_value("People seen").run()
    return at.selectbox(key="need").set_value("Weighted by hand").run()


def test_the_map_draws_all_33_boroughs_with_figures_in_their_tooltips() -> None:
    at = visit("unmet_need")
    assert len(on_map(at)) == 33
    assert "0.49" in on_map(at)["Brent"]["t"]
    assert on_map(at)["City of London"]["t"].startswith("no data")


def test_a_borough_without_figures_is_grey_and_named_so() -> None:
    at = visit("unmet_need")
    assert on_map(at)["City of London"]["f"][:3] == [212, 216, 220]
    assert any("no data" in each.proto.body for each in at.get("html"))


def test_bars_and_table_say_the_same_as_the_map() -> None:
    at = visit("unmet_need", system=NWL)
    drawn = bars(at).set_index("name")
    shown = table_behind(at, "unmet need")
    assert set(shown.index) == set(drawn.index) == set(on_map(at))
    for name in drawn.index:
        assert shown["Given for each 1 expected"][name] == f"{drawn['value'][name]:.2f}"
        assert f"{drawn['value'][name]:.2f}" in on_map(at)[name]["t"]


def test_bars_are_ranked_from_furthest_behind() -> None:
    values = bars(visit("unmet_need"))["value"].dropna()
    assert values.is_monotonic_increasing
    assert len(values) == 31


def test_a_missing_value_is_told_as_no_data_in_the_table() -> None:
    shown = table_behind(visit("unmet_need"), "unmet need")
    assert shown["Care given"]["City of London"] == "no data"
    assert not shown.map(broken).any(axis=None)


def test_counting_other_care_changes_figures() -> None:
    at = visit("unmet_need")
    before, drawn = answer(at), bars(at)
    at = at.selectbox(key="care_share").set_value("People on the severe mental illness register").run()
    assert answer(at) != before
    assert not bars(at).equals(drawn)


def test_another_need_measure_changes_figures_and_is_named() -> None:
    at = visit("unmet_need")
    before = answer(at)
    at = at.selectbox(key="need").set_value("Residents, everyone alike").run()
    assert answer(at) != before
    assert any("Residents, everyone alike" in each.value for each in at.caption)


@pytest.mark.parametrize("name", visit("unmet_need").selectbox(key="need").options)
def test_every_need_measure_gives_an_answer(name: str) -> None:
    at = visit("unmet_need").selectbox(key="need").set_value(name).run()
    assert not at.exception
    assert [text for text in all_text(at) if broken(text)] == []


def test_the_map_shows_need_on_request_while_bars_keep_showing_care() -> None:
    at = visit("unmet_need")
    colours, drawn = {name: each["f"] for name, each in on_map(at).items()}, bars(at)
    at = picker(at, "map_shows").set_value("Need").run()
    assert {name: each["f"] for name, each in on_map(at).items()} != colours
    assert bars(at).equals(drawn)
    assert picker(at, "map_shows").value == "Need"


def test_the_treatment_gap_counts_people_not_seen() -> None:
    at = picker(visit("unmet_need"), "question").set_value("Treatment gap").run()
    assert "are not known to be seen" in answer(at)
    shown = table_behind(at, "treatment gap")
    residents = float(shown.filter(like="Residents").loc["Brent"].iloc[0].replace(",", ""))
    assert float(shown["Estimated with the condition"]["Brent"].replace(",", "")) == pytest.approx(residents * 0.226, abs=1)


def test_prevalence_moves_the_gap() -> None:
    at = visit("unmet_need", **GAP)
    before = bars(at)
    at = at.slider(key="prevalence").set_value(30.0).run()
    assert (bars(at).set_index("name")["value"] > before.set_index("name")["value"]).all()
    assert "30.0%" in " ".join(each.value for each in at.markdown)


def test_the_range_moves_whiskers_only() -> None:
    at = visit("unmet_need", **GAP)
    before = bars(at)
    at = at.slider(key="range").set_value((10.0, 40.0)).run()
    assert bars(at)["value"].equals(before["value"])
    assert (bars(at)["lower"] < before["lower"]).all()
    assert (bars(at)["upper"] > before["upper"]).all()


def test_a_range_that_leaves_prevalence_out_is_widened_to_it() -> None:
    at = visit("unmet_need", **GAP)
    at = at.slider(key="range").set_value((1.0, 2.0)).run()
    assert not at.exception
    drawn = bars(at)
    assert (drawn["lower"] <= drawn["value"]).all()
    assert (drawn["upper"] >= drawn["value"]).all()


def test_the_condition_is_named_as_it_was_typed() -> None:
    at = visit("unmet_need", **GAP).text_input(key="condition").set_value("psychosis").run()
    assert "psychosis" in answer(at)


def test_a_condition_cannot_put_a_link_or_picture_on_the_page() -> None:
    at = visit("unmet_need", **GAP, condition="![x](http://evil.example/x.png) [y](http://evil.example) $x^2$ <script>")
    assert not at.exception
    assert "evil" in answer(at)
    assert not marks_up(answer(at))


def test_the_age_band_changes_who_is_counted() -> None:
    at = visit("unmet_need", **GAP)
    before = answer(at)
    at = at.selectbox(key="age").set_value("").run()
    assert answer(at) != before
    assert any("all ages" in each.value for each in at.caption)


def test_the_treatment_gap_counts_other_care_on_request() -> None:
    at = visit("unmet_need", **GAP)
    before = answer(at)
    at = at.selectbox(key="care_gap").set_value("People on the severe mental illness register").run()
    assert answer(at) != before


def test_controls_in_the_link_are_followed() -> None:
    at = visit("unmet_need", **GAP, prevalence="30", condition="low mood")
    assert at.slider(key="prevalence").value == 30
    assert "low mood" in answer(at)
    assert picker(visit("unmet_need", map_shows="Need"), "map_shows").value == "Need"


@pytest.mark.parametrize(
    "query",
    [{"question": "Horoscope"}, {"need": "Luck"}, {"care_share": "Tea"}, {"prevalence": "many"}, {"prevalence": "-4"}, {"map_shows": "1"}],
)
def test_controls_that_do_not_exist_in_the_link_fall_back(query: dict) -> None:
    at = visit("unmet_need", **query)
    assert not at.exception
    assert answer(at) == answer(visit("unmet_need"))


def test_one_borough_is_still_compared_with_its_whole_system() -> None:
    whole = bars(visit("unmet_need", system=NWL)).set_index("name")["value"]["Brent"]
    alone = bars(visit("unmet_need", system=NWL, borough="Brent")).set_index("name")["value"]["Brent"]
    assert alone == whole


@pytest.mark.parametrize("name", ["Brent", "Ealing", "Hounslow"])
def test_the_answer_for_one_borough_names_it(name: str) -> None:
    said = answer(visit("unmet_need", system=NWL, borough=name))
    assert name in said
    assert "1 boroughs" not in said


def test_made_up_sites_are_dots_of_the_view_and_published_figures_have_none() -> None:
    assert "sites" not in deck(visit("unmet_need"))
    at = visit("unmet_need", figures=MADE_UP, borough="Brent")
    assert {each["n"].split()[0] for each in deck(at)["sites"]} == {"Brent"}


def test_the_picture_has_words_for_those_who_do_not_see_it() -> None:
    at = visit("unmet_need")
    assert "lowest Croydon" in at.get("deck_gl_json_chart")[0].proto.alt
    assert "lowest Croydon" in at.get("vega_lite_chart")[0].proto.alt


def test_no_address_elsewhere_is_asked_for_by_map_or_chart() -> None:
    at = visit("unmet_need")
    assert "http" not in at.get("deck_gl_json_chart")[0].proto.json
    assert spec(at).count("http") == spec(at).count("https://vega.github.io/schema/")


def test_table_and_pictures_can_be_downloaded() -> None:
    at = visit("unmet_need")
    assert {each.key.rsplit(".", 1)[-1] for each in at.get("download_button")} == {"csv", "xlsx", "png", "svg"}
    for each in at.get("download_button"):
        assert not each.click().run().exception


def test_an_uploaded_template_shows_the_ratios_worked_out_by_hand() -> None:
    at = by_hand()
    shown = table_behind(at, "unmet need")
    three = shown.loc[["Brent", "Ealing", "Harrow"]]
    assert list(three["Expected from need"]) == ["100", "200", "100"]
    assert list(three["Unmet (expected − given)"]) == ["−30", "0", "30"]
    assert list(three["Given for each 1 expected"]) == ["1.30", "1.00", "0.70"]
    assert list(three["Compared with need"]) == ["higher", "similar", "lower"]
    assert "1 of 3" in answer(at)
    assert "30" in answer(at)


def test_an_uploaded_template_colours_the_map() -> None:
    """1.30 is more than 1.25, 1.00 is between 0.95 and 1.05, 0.70 is less than 0.8: three classes, so three colours."""
    at = by_hand()
    colours = {name: tuple(each["f"][:3]) for name, each in on_map(at).items() if name in ("Brent", "Ealing", "Harrow")}
    assert len(set(colours.values())) == 3
    assert {name: on_map(at)[name]["t"].split()[0] for name in colours} == {"Brent": "1.30", "Ealing": "1.00", "Harrow": "0.70"}


def test_boroughs_that_an_uploaded_need_measure_leaves_out_stay_on_the_map_without_data() -> None:
    at = by_hand()
    assert len(on_map(at)) == 33
    assert on_map(at)["Barnet"]["t"].startswith("no data")


def test_uploaded_figures_name_the_persons_own_file_as_source() -> None:
    assert any("mine.xlsx" in each.value and "Source:" in each.value for each in by_hand().caption)


def test_after_an_upload_the_page_opens_on_the_uploaded_care() -> None:
    at = go(upload(visit(), ("mine.xlsx", book(activity=care({"Brent": 130, "Ealing": 200, "Harrow": 70})))), "unmet_need")
    assert at.selectbox(key="care_share").value == "People seen"
    assert "2024/25" in answer(at)
    assert "cannot be told" not in answer(at)


def test_own_care_over_the_made_up_example_is_not_called_invented() -> None:
    at = go(upload(visit(figures=MADE_UP), ("mine.xlsx", book(activity=care({"Brent": 130, "Ealing": 200, "Harrow": 70})))), "unmet_need")
    assert not [each.value for each in at.markdown if "-badge[" in each.value and "care" in each.value and "invented" in each.value]


def test_a_suppressed_count_stays_suppressed_on_map_bars_and_table() -> None:
    rows = b"area,service,period,measure,count\nBrent,Street teams,2024/25,People seen,<5\nEaling,Street teams,2024/25,People seen,90\n"
    at = go(upload(visit(), ("mine.csv", rows)), "unmet_need")
    at = at.selectbox(key="care_share").set_value("People seen").run()
    assert on_map(at)["Brent"]["t"].startswith("suppressed")
    assert on_map(at)["Brent"]["f"][:3] == [0xA9, 0xB0, 0xB7]
    assert table_behind(at, "unmet need")["Care given"]["Brent"] == "suppressed"


def test_a_year_chosen_without_care_says_so() -> None:
    at = choose(visit("unmet_need"), year="2017/18")
    assert "2017/18" in at.caption[0].value
    assert "No care" in answer(at)
