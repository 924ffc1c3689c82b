"""How much do services differ between boroughs, beyond chance? Funnel, ranked dots, groups, their controls, and what is refused."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.driver import (
    CODE,
    MADE_UP,
    NASTY,
    NCL,
    NWL,
    SWL,
    all_text,
    answer,
    bars,
    book,
    broken,
    care,
    choose,
    everything,
    frame,
    go,
    made_up_badges,
    marks_up,
    picker,
    plain,
    spec,
    table_behind,
    unfold,
    upload,
    visit,
)

PAGE = "variation"
CHECKS = "People with severe mental illness who had all six health checks, share"
IMPROVED = "People whose outcome score improved, share"
FIVE = ("Brent", "Ealing", "Harrow", "Hounslow", "Hillingdon")
BOROUGHS, GROUPS = "variation between boroughs", "variation between groups"
VIEWS: dict[str, dict[str, Any]] = {
    "London": {},
    "one system": {"system": NWL},
    "five boroughs": {"system": NCL},
    "a system that made-up figures leave out": {"system": SWL},
    "one borough": {"system": NWL, "borough": "Brent"},
    "two boroughs": {"borough": ["Brent", "City of London"]},
    "a borough that reports nothing": {"borough": "City of London"},
    "a year of little": {"year": "2017/18"},
    "a service": {"service": "Talking therapies"},
    "a small service by ethnic group": {"service": "Early intervention in psychosis", "group_by": "Ethnic group"},
    "no such choice": {
        "measure": "Luck",
        "limits": "12%",
        "group_by": "Star sign",
        "slope": "downhill",
        "example": "Atlantis",
        "overdispersion": "perhaps",
    },
}


def shown(at: AppTest, name: str = BOROUGHS) -> pd.DataFrame:
    """The table behind a picture; the page may show two."""
    key = f"table {name}"
    at.session_state[key] = True
    at = at.run()
    tables_ = [each.value.map(plain).rename(index=plain, columns=plain) for each in at.table]
    heading = "In view" if name == BOROUGHS else "Compared with all groups"
    return next(each for each in tables_ if heading in each.columns)


def improved(counts: dict[str, tuple[float, float]], group: str = "", column: str = "sex") -> pd.DataFrame:
    """Rows of a share: borough to numerator and denominator."""
    return frame(
        "indicators", area=[CODE[name] for name in counts], service="Street teams", period="2024/25", measure="Recovered",
        numerator=[x for x, _ in counts.values()], denominator=[n for _, n in counts.values()], value=[x / n for x, n in counts.values()],
        unit="share", better="higher", role="outcome", **{column: group},
    )  # fmt: skip


def by_hand(*indicators: pd.DataFrame, **more: pd.DataFrame) -> AppTest:
    """A visitor with their own figures on the page, for North West London."""
    activity = more.pop("activity", care(dict.fromkeys(FIVE, 100.0)))
    filled = {"activity": activity, **more, **({"indicators": pd.concat(indicators)} if indicators else {})}
    return choose(go(upload(visit(), ("mine.xlsx", book(**filled))), PAGE), system=NWL)


FOUR_AND_ONE = {**dict.fromkeys(FIVE[:4], (50.0, 100.0)), "Hillingdon": (68.0, 100.0)}
"""268 of 500 together: 53.6 %. Limits for 100 people are 43.8 to 63.4 at 95 % and 38.2 to 69.0 at 99.8 %."""


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("figures", ["Published figures", MADE_UP])
def test_it_answers_in_every_view(figures: str, view: str) -> None:
    at = unfold(visit(PAGE, figures=figures, **VIEWS[view]))
    assert [each.message for each in at.exception] == []
    assert at.title[0].value == "How much do services differ between boroughs, beyond chance?"
    assert len(answer(at).split()) > 5
    assert [text for text in all_text(at) if broken(text)] == []
    assert bool(made_up_badges(at)) == (figures == MADE_UP)


def test_every_published_measure_gives_an_answer() -> None:
    at = visit(PAGE)
    for name in at.selectbox(key="measure").options:
        at = at.selectbox(key="measure").set_value(name).run()
        assert not at.exception
        assert name in plain(answer(at))


def test_the_funnel_shows_boroughs_in_both_and_their_limits() -> None:
    at = visit(PAGE)
    points, limits = bars(at), bars(at, name="limits")
    assert len(points) == 31
    assert set(points.verdict) == {"better", "similar", "worse"}
    assert (limits.lower_998 < limits.lower_95).all()
    assert (limits.upper_95 < limits.upper_998).all()


def test_dots_have_intervals_are_ranked_and_say_the_same_as_funnel_and_table() -> None:
    at = visit(PAGE, system=NWL)
    dots, points, table = bars(at, 1), bars(at).set_index("name"), shown(at)
    assert dots.value.is_monotonic_decreasing
    assert ((dots.lower < dots.value) & (dots.value < dots.upper)).all()
    for row in dots.itertuples():
        assert points.verdict[row.name] == row.verdict == table["Compared with the system"][row.name]
        assert table[CHECKS][row.name] == f"{row.value * 100:.1f}%"


def test_words_list_every_borough_of_the_view_once() -> None:
    at = visit(PAGE)
    (listed,) = [each.value for each in at.markdown if each.value.startswith("- ▲ **Better**")]
    counted = [int(number) for number in re.findall(r"\*\* \((\d+)\)", listed)]
    assert sum(counted) == 33
    assert "**No data** (2): Bexley and City of London" in listed


def test_figures_by_hand_are_better_at_95_and_similar_at_998() -> None:
    at = by_hand(improved(FOUR_AND_ONE))
    assert at.selectbox(key="measure").value == "Recovered"
    assert shown(at)["Compared with the system"]["Hillingdon"] == "better"
    assert "53.6%" in answer(at)
    at = picker(at, "limits").set_value("99.8%").run()
    assert shown(at)["Compared with the system"]["Hillingdon"] == "similar"
    assert "none of the 5 boroughs" in answer(at)
    assert "99.8% interval, low" in shown(at).columns


def test_the_gap_in_people_by_hand() -> None:
    """As well as Hillingdon (68 of 100), four boroughs of 100 people lack 18 each: 72, half of which two hold."""
    said = [plain(each.value).replace("**", "") for each in by_hand(improved(FOUR_AND_ONE)).markdown]
    assert any(
        "as well as Hillingdon (68.0%), there would be about 70 more counted under “Recovered”. Half of that sits in 2 boroughs" in text
        for text in said
    )


def test_another_example_changes_the_gap_in_people() -> None:
    at = visit(PAGE)
    before = [each.value for each in at.markdown]
    at = at.selectbox(key="example").set_value("Camden").run()
    assert [text for text in before if "**Hackney** (74.5%), there would be" in text]
    assert [each.value for each in at.markdown if "**Camden** (60.0%), there would be" in each.value]


def test_fewer_than_five_boroughs_have_words_but_no_funnel_and_the_reason() -> None:
    at = by_hand(improved({name: FOUR_AND_ONE[name] for name in ("Brent", "Ealing", "Hillingdon")}))
    assert any("No funnel: it takes at least 5 boroughs with figures, and 3 have" in each.value for each in at.info)
    assert "lower_998" not in spec(at)
    assert list(bars(at)["name"]) == ["Hillingdon", "Brent", "Ealing"]
    assert any("**Better** (1): Hillingdon" in each.value for each in at.markdown)


def test_a_measure_without_counts_is_neither_ranked_nor_drawn() -> None:
    at = visit(PAGE, measure="Children's mean wait")
    assert any("without the counts above and below the line" in each.value for each in at.info)
    assert not at.get("vega_lite_chart")
    table = at.table[0].value
    assert list(table.index) == sorted(table.index)


def test_over_dispersion_is_offered_with_ten_boroughs_and_refused_with_fewer() -> None:
    at = visit(PAGE)
    narrow = bars(at, name="limits")
    at = at.toggle(key="overdispersion").set_value(True).run()
    assert (bars(at, name="limits").upper_998 > narrow.upper_998).all()
    assert "usual spread" in answer(at)
    at = choose(at, system=NWL)
    assert [each.key for each in at.toggle] == []
    assert any("only with 10 boroughs or more; there are 8" in each.value for each in at.caption)


def test_a_count_is_per_resident_or_per_need_weighted_person() -> None:
    at = visit(PAGE, figures=MADE_UP, measure="People seen")
    before = bars(at, 1).set_index("name").value
    at = picker(at, "heads").set_value("need-weighted person").run()
    assert (bars(at, 1).set_index("name").value != before.reindex(bars(at, 1)["name"])).all()
    assert any("need-weighted population" in each.value for each in at.caption)


def test_a_count_without_a_better_way_is_lower_similar_or_higher() -> None:
    at = visit(PAGE, figures=MADE_UP, measure="People seen")
    assert set(bars(at, 1).verdict) <= {"lower", "similar", "higher"}
    assert "better" not in answer(at)


def test_boroughs_in_view_are_highlighted_and_the_whole_system_stays_the_yardstick() -> None:
    whole, narrowed = visit(PAGE, system=NWL), visit(PAGE, system=NWL, borough="Brent")
    for number in (0, 1):
        drawn = bars(narrowed, number).set_index("name")
        assert set(drawn.index[drawn.in_scope]) == {"Brent"}
        assert drawn.value.sort_index().equals(bars(whole, number).set_index("name").value.sort_index())
    assert "Brent had" in answer(narrowed)


def test_controls_in_the_link_are_followed() -> None:
    link = {"measure": IMPROVED, "limits": "99.8%", "group_by": "Age", "overdispersion": "true", "example": "Ealing"}
    at = visit(PAGE, figures=MADE_UP, **link)
    assert (picker(at, "limits").value, picker(at, "group_by").value, at.toggle(key="overdispersion").value) == ("99.8%", "Age", True)
    assert at.selectbox(key="example").value == "Ealing"
    assert list(bars(at, 2)["name"]) == ["16 to 25", "26 to 39", "40 to 64", "65 and over"]


def test_deprivation_has_a_slope_whose_form_is_named_and_can_be_changed() -> None:
    at = visit(PAGE, figures=MADE_UP, group_by="Deprivation")
    said = " ".join(each.value for each in at.markdown)
    assert "Slope index of inequality by OHID, straight line: **+" in said
    at = picker(at, "slope").set_value("WHO HEAT, logit curve").run()
    other = " ".join(each.value for each in at.markdown)
    assert "Slope index of inequality by WHO HEAT, logit curve: **+" in other
    assert bars(at, 2)["name"].iloc[0] == "Fifth 1 (most deprived)"


@pytest.mark.parametrize("by", ["Ethnic group", "Age", "Sex"])
def test_other_groups_have_no_slope(by: str) -> None:
    at = visit(PAGE, figures=MADE_UP, group_by=by)
    said = " ".join(each.value for each in at.markdown if each.value.startswith("If every group"))
    assert "Difference" in said
    assert "lope index" not in said
    drawn = bars(at, 2)
    assert ((drawn.lower < drawn.value) & (drawn.value < drawn.upper)).all()


def test_without_groups_the_page_says_what_to_bring() -> None:
    at = visit(PAGE)
    (told,) = [each.value for each in at.info]
    assert "by group, with sex, age_band, ethnic_group or deprivation_quintile filled in" in told
    assert any(each.label == "Template for Indicators (Excel)" for each in at.get("download_button"))


def test_a_count_by_group_without_people_by_group_asks_for_population() -> None:
    seen = [care(dict.fromkeys(FIVE, number)).assign(sex=sex) for sex, number in (("", 100.0), ("female", 60.0), ("male", 40.0))]
    at = go(upload(visit(), ("mine.xlsx", book(activity=pd.concat(seen, ignore_index=True)))), PAGE)
    assert any("people of each group" in each.value and "**Population**" in each.value for each in at.info)


def test_a_count_by_group_is_divided_by_residents_of_the_group_and_made_up_ones_say_so() -> None:
    at = visit(PAGE, figures=MADE_UP, system=NWL, measure="People seen", group_by="Sex")
    assert set(bars(at, 2)["name"]) == {"Female", "Male"}
    told = [each.value for each in at.caption if "**Unit:**" in each.value][-1]
    assert "Made-up residents by group" in told


def test_groups_by_hand() -> None:
    at = by_hand(
        improved(FOUR_AND_ONE), improved(dict.fromkeys(FIVE, (30.0, 60.0)), "female"), improved(dict.fromkeys(FIVE, (25.0, 40.0)), "male")
    )  # fmt: skip
    table = shown(at, GROUPS)
    assert table["Recovered"].to_dict() == {"Male": "62.5%", "Female": "50.0%"}
    assert table["People of the group (denominator)"].to_dict() == {"Male": "200", "Female": "300"}


def test_a_small_count_is_hidden_in_pictures_and_tables_and_named_so() -> None:
    at = by_hand(improved({**FOUR_AND_ONE, "Westminster": (3.0, 100.0)}))
    assert shown(at)["Number counted (numerator)"]["Westminster"] == "suppressed"
    assert shown(at)["Recovered"]["Westminster"] == "suppressed"
    drawn = bars(at, 1).set_index("name")
    assert pd.isna(drawn.value["Westminster"])
    assert drawn.state["Westminster"] == "suppressed"
    assert "Westminster" not in set(bars(at)["name"])
    assert any("**Suppressed** (1): Westminster" in each.value for each in at.markdown)


def test_a_group_with_a_small_count_is_in_no_picture() -> None:
    at = by_hand(
        improved(FOUR_AND_ONE), improved(dict.fromkeys(FIVE, (40.0, 60.0)), "female"),
        improved({**dict.fromkeys(FIVE[1:], (25.0, 40.0)), "Brent": (3.0, 40.0)}, "male"),
    )  # fmt: skip
    assert any("Left out, since a group is hidden or missing there" in plain(each.value) and "Brent" in each.value for each in at.caption)
    assert shown(at, GROUPS)["People of the group (denominator)"].to_dict() == {"Female": "240", "Male": "160"}


def test_points_stand_at_rounded_bases() -> None:
    at = by_hand(improved({name: (x, n + 1) for name, (x, n) in FOUR_AND_ONE.items()}))
    assert set(bars(at).base) == {100.0}


@pytest.mark.parametrize("name", NASTY)
def test_names_in_a_file_stay_text(name: str) -> None:
    rows = [improved(FOUR_AND_ONE), improved(dict.fromkeys(FIVE, (30.0, 60.0)), name, "ethnic_group"),
            improved(dict.fromkeys(FIVE, (25.0, 40.0)), "White", "ethnic_group")]  # fmt: skip
    at = by_hand(*(each.assign(measure=f"Recovered {name}") for each in rows))
    at = unfold(at)
    assert not at.exception
    assert "Recovered" in answer(at)
    assert [text for text in everything(at) if marks_up(text)] == []


def test_a_view_without_measures_says_what_to_upload() -> None:
    at = visit(PAGE, figures=MADE_UP, system=SWL)
    assert "No measure is loaded" in at.info[0].value
    assert "upload the table **Indicators**" in at.info[0].value


def test_everything_can_be_downloaded_and_nothing_breaks() -> None:
    at = visit(PAGE, figures=MADE_UP)
    assert {each.key.rsplit(".", 1)[-1] for each in at.get("download_button")} == {"csv", "xlsx", "png", "svg"}
    for each in at.get("download_button"):
        assert not each.click().run().exception


def test_pictures_have_words_for_those_who_do_not_see_them() -> None:
    at = visit(PAGE, figures=MADE_UP)
    funnel, dots, groups = (each.proto.alt for each in at.get("vega_lite_chart"))
    assert funnel.startswith("Funnel plot. ")
    assert "lowest Enfield" in dots
    assert "Fifth 1 (most deprived)" in groups


def test_unit_base_period_and_source_stand_beside_every_picture() -> None:
    at = visit(PAGE, figures=MADE_UP)
    told = [each.value for each in at.caption if "**Unit:**" in each.value]
    assert len(told) == 2
    assert all("**Base:**" in text and "2024/25" in text and "Made-up service figures" in text for text in told)


def test_no_address_elsewhere_is_asked_for() -> None:
    at = visit(PAGE, figures=MADE_UP)
    for number in range(3):
        assert spec(at, number).count("http") == spec(at, number).count("https://vega.github.io/schema/")


def test_the_page_says_how_it_was_worked_out_by_the_methods_names() -> None:
    at = visit(PAGE, figures=MADE_UP, overdispersion="true")
    said = " ".join(each.value for each in at.markdown)
    for name in ("Wilson's score", "Spiegelhalter", "DerSimonian and Laird", "FunnelPlotR", "PHEindicatormethods", "healthequal"):
        assert name in said


def test_the_table_without_an_expander_opened_is_not_sent() -> None:
    assert not visit(PAGE).table
    assert len(table_behind(visit(PAGE), BOROUGHS)) == 33
