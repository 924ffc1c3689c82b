"""Unmet need in depth: presets of prevalence, money, pockets, events, and groups of people."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.driver import (
    CODE,
    MADE_UP,
    NASTY,
    NWL,
    all_text,
    answer,
    bars,
    book,
    broken,
    care,
    control,
    deck,
    everything,
    frame,
    go,
    made_up_badges,
    marks_up,
    need,
    on_map,
    picker,
    plain,
    table_behind,
    unfold,
    upload,
    visit,
)

GAP = {"question": "Treatment gap"}
THREE = ("Brent", "Ealing", "Harrow")
PUBLISHED_GAP = {**GAP, "system": NWL}


# Prevalence and age ------------------------------------------------------------------------------------------------------


def test_a_survey_can_be_chosen_to_start_from() -> None:
    at = visit("unmet_need", **PUBLISHED_GAP)
    assert control(at, "Start from").options[:2] == ["22.6%: common conditions, 2023/4", "18.9%: common conditions, 2014"]
    at = control(at, "Start from").set_value("18.9%: common conditions, 2014").run()
    assert at.slider(key="prevalence").value == 18.9
    assert at.slider(key="range").value == (18.9, 22.6)
    assert "18.9% is from the Adult Psychiatric Morbidity Survey" in " ".join(all_text(at))


def test_registers_of_severe_illness_bring_their_condition_range_and_all_ages() -> None:
    at = visit("unmet_need", **PUBLISHED_GAP, age="16 to 74")
    at = control(at, "Start from").set_value("1.1%: severe illness on GP registers, 2019/20").run()
    assert at.slider(key="range").value == (0.7, 1.5)
    assert at.selectbox(key="age").value == ""
    assert "severe mental illness that a GP has recorded" in answer(at)


def test_own_figures_are_called_so() -> None:
    at = visit("unmet_need", **PUBLISHED_GAP, prevalence="30")
    assert control(at, "Start from").value == "Your own figures"
    assert "The share is your own." in " ".join(all_text(at))


def test_the_range_follows_a_changed_share_in_proportion() -> None:
    at = visit("unmet_need", **PUBLISHED_GAP)
    at = at.slider(key="prevalence").set_value(11.3).run()
    assert at.slider(key="range").value == (9.4, 11.3)
    before = bars(at)
    at = at.slider(key="prevalence").set_value(22.6).run()
    assert at.slider(key="range").value == (18.8, 22.6)
    assert (bars(at)["upper"] > before["upper"]).all()


def test_a_link_restores_share_range_and_age() -> None:
    first = visit("unmet_need", **PUBLISHED_GAP).slider(key="prevalence").set_value(30.0).run()
    first = first.slider(key="range").set_value((20.0, 35.0)).run().selectbox(key="age").set_value("18 and over").run()
    again = visit("unmet_need", **PUBLISHED_GAP, prevalence="30", range=["20", "35"], age="18 and over")
    assert (again.slider(key="prevalence").value, again.slider(key="range").value) == (30, (20, 35))
    assert again.selectbox(key="age").value == "18 and over"
    assert answer(again) == answer(first)


def test_ages_beside_the_surveys_are_told_in_the_base_and_what_they_do() -> None:
    at = visit("unmet_need", **PUBLISHED_GAP)
    assert any("residents aged 16 to 74 (the share is of people aged 16 to 64)" in each.value for each in at.caption)
    assert "the estimate is likely too high" in " ".join(all_text(at))


def test_the_surveys_own_age_is_taken_where_it_is_uploaded() -> None:
    people = frame("population", area=[CODE[name] for name in THREE], period="2024", persons=[1000, 2000, 3000], age_band="16 to 64")
    at = go(upload(visit(system=NWL, **GAP), ("mine.xlsx", book(activity=care(dict.fromkeys(THREE, 50)), population=people))), "unmet_need")
    at = at.selectbox(key="age").set_value("16 to 64").run()
    assert any("residents aged 16 to 64." in each.value for each in at.caption)
    assert "likely too high" not in " ".join(all_text(at))
    assert on_map(at)["Hounslow"]["t"] == "no data"
    assert table_behind(at, "treatment gap")["Estimated with the condition"]["Brent"] == "226"


def test_a_borough_without_residents_of_the_age_says_so() -> None:
    people = frame("population", area=[CODE["Brent"]], period="2024", persons=[1000], age_band="16 to 64")
    at = go(upload(visit(system=NWL, **GAP), ("mine.xlsx", book(activity=care(dict.fromkeys(THREE, 50)), population=people))), "unmet_need")
    at = at.selectbox(key="age").set_value("16 to 64").run()
    assert on_map(at)["Ealing"]["t"] == "no population figure"


def test_the_maps_choice_in_a_link_colours_the_map() -> None:
    fills = [{name: each["f"] for name, each in on_map(visit("unmet_need", map_shows=shows)).items()} for shows in ("Care", "Need")]
    assert fills[0] != fills[1]


# Money -------------------------------------------------------------------------------------------------------------------


def money(pounds: dict[str, float], service: str = "Street teams") -> pd.DataFrame:
    return frame("investment", area=[CODE[name] for name in pounds], service=service, period="2024/25", amount_gbp=list(pounds.values()))


def with_money(pounds: dict[str, float], service: str = "Street teams", **query: str) -> AppTest:
    """Brent, Ealing and Harrow with 130, 200 and 70 people where need calls for 200, 100 and 100."""
    filled = book(
        activity=care({"Brent": 70, "Ealing": 200, "Harrow": 130}), indicators=need({"Brent": 2000, "Ealing": 1000, "Harrow": 1000}),
        investment=money(pounds, service),
        population=frame("population", area=[CODE[name] for name in THREE], period="2024/25", base="registered", persons=[1000, 2000, 2000]),
    )  # fmt: skip
    return go(upload(visit(system=NWL, need="Weighted by hand", **query), ("mine.xlsx", filled)), "unmet_need")


ALL_PAID = {"Brent": 20_000, "Ealing": 60_000, "Harrow": 40_000}


def test_the_shortfall_is_told_in_money_at_the_systems_unit_cost() -> None:
    # 120,000 pounds for 400 people seen: 300 each. Brent's 130 short are 39,000.
    at = with_money(ALL_PAID)
    assert "At North West London's average of £300 a person that shortfall is about £39,000." in answer(at)
    shown = table_behind(at, "unmet need")
    assert list(shown.loc[list(THREE)]["Unmet as money (£, at £300 a person)"]) == ["£39,000", "−£30,000", "−£9,000"]
    assert "£120,000 of the services that report this care ÷ 400 counted, over the 3 boroughs that report both" in " ".join(all_text(at))


def test_money_of_other_services_prices_nothing_and_says_why() -> None:
    at = with_money(ALL_PAID, "Day centre")
    assert "£" not in answer(at)
    assert not [name for name in table_behind(at, "unmet need").columns if "as money" in name]
    assert "Not told in money: money is loaded for Day centre, and this care is of Street teams." in " ".join(all_text(at))


def test_published_spend_on_everything_prices_no_health_check() -> None:
    at = visit("unmet_need", system=NWL)
    assert "£" not in answer(at)
    assert "Not told in money: money is loaded for All mental-health services" in " ".join(all_text(at))


def test_the_treatment_gap_is_told_in_money() -> None:
    at = visit("unmet_need", figures=MADE_UP, system=NWL, **GAP)
    assert "To see them all at North West London's" in answer(at)
    assert [name for name in table_behind(at, "treatment gap").columns if name.startswith("Not seen, as money (£, at £")]


# Pockets -----------------------------------------------------------------------------------------------------------------


def test_a_pocket_is_named_outlined_told_in_the_tooltip_and_in_the_table() -> None:
    # Brent: index 2, 70 of 200, and 10 pounds a weighted person where the three together have 30.
    at = with_money(ALL_PAID)
    assert "One pocket of unmet need: Brent." in answer(at)
    assert "3 boroughs with money loaded" in answer(at)
    assert {name for name, each in on_map(at).items() if each.get("m")} == {"Brent"}
    assert on_map(at)["Brent"]["u"].endswith("pocket of unmet need")
    assert "Brent\n(pocket)" in {each["n"] for names in ("dark names", "light names") for each in deck(at)[names]}
    assert any("Thick outline: pocket of unmet need." in each.value for each in at.caption)
    shown = table_behind(at, "unmet need")["Pocket of unmet need"]
    assert list(shown[list(THREE)]) == ["yes", "no", "no"]


def test_without_money_it_cannot_be_said_and_nothing_is_outlined() -> None:
    at = with_money({"Ealing": 60_000})
    assert "it cannot be said (" in answer(at)
    assert "money not loaded" in answer(at)
    assert not [name for name, each in on_map(at).items() if each.get("m")]
    shown = table_behind(at, "unmet need")
    assert shown["Pocket of unmet need"]["Brent"] == "cannot tell (money not loaded)"
    assert shown["Spend per weighted person (£)"]["Brent"] == "no data"


def test_pockets_outside_the_view_are_not_outlined() -> None:
    at = visit("unmet_need", system=NWL, borough="Harrow")
    assert "Harrow is no pocket of unmet need" in answer(at)
    assert not [name for name, each in on_map(at).items() if each.get("m")]


def test_published_and_made_up_figures_have_pockets_to_show() -> None:
    assert "Three pockets of unmet need: Brent, Hammersmith and Fulham and Westminster." in answer(visit("unmet_need", system=NWL))
    assert "pocket" in answer(visit("unmet_need", figures=MADE_UP, system=NWL))


def test_the_treatment_gap_speaks_of_no_pockets() -> None:
    at = visit("unmet_need", **PUBLISHED_GAP)
    assert "pocket" not in answer(at)
    assert not [each for each in on_map(at).values() if each.get("m")]


# Events ------------------------------------------------------------------------------------------------------------------


def test_events_of_the_same_people_are_told_and_people_suggested() -> None:
    at = visit("unmet_need", figures=MADE_UP, system=NWL, care_share="Contacts attended")
    said = " ".join(plain(each.value) for each in at.caption)
    assert "“Contacts attended” counts events, and the same people come again: the intervals here are too narrow." in said
    assert "choose “People seen”" in said
    assert "the interval is too narrow" in " ".join(all_text(at))


def test_people_are_not_called_events() -> None:
    at = visit("unmet_need", figures=MADE_UP, system=NWL)
    assert "counts events" not in " ".join(each.value for each in at.caption)


# Groups ------------------------------------------------------------------------------------------------------------------


def grouped(by: str, seen: dict[str, float], residents: dict[str, float], **query: str) -> AppTest:
    """Brent alone, by group."""
    brent = CODE["Brent"]
    activity = frame("activity", area=[brent] * len(seen), service="Street teams", period="2024/25", measure="People seen",
                     count=list(seen.values()), **{by: list(seen)})  # fmt: skip
    everyone = care({"Brent": sum(seen.values()), "Ealing": 500})
    people = frame("population", area=[brent] * len(residents), period="2024", persons=list(residents.values()), **{by: list(residents)})
    filled = book(activity=pd.concat([everyone, activity], ignore_index=True), population=people)
    return go(upload(visit(system=NWL, **query), ("mine.xlsx", filled)), "unmet_need")


WOMEN_AND_MEN = ({"female": 500.0, "male": 300.0}, {"female": 20_000.0, "male": 20_000.0})


def group_bars(at: AppTest) -> pd.DataFrame:
    return bars(at, 1).set_index("name")


def test_care_by_sex_is_set_against_residents_of_the_same_sex() -> None:
    at = grouped("sex", *WOMEN_AND_MEN)
    assert group_bars(at)["value"].to_dict() == {"Female": 25, "Male": 15}
    assert group_bars(at)["verdict"].to_dict() == {"Female": "higher", "Male": "lower"}
    assert any("Male** (15.0). Residents count alike here, whatever their need" in each.value for each in at.markdown)
    at.session_state["table unmet need by group"] = True
    shown = at.run().table[0].value
    assert list(shown["Per 1,000 residents"]) == ["25.0", "15.0"]
    assert list(shown["Boroughs counted"]) == ["1", "1"]


def test_a_group_without_residents_is_named_and_left_out() -> None:
    at = grouped("ethnic_group", {"White": 500, "Asian": 300, "Not stated": 90}, {"White": 20_000, "Asian": 20_000, "Black": 5_000})
    assert set(group_bars(at).index) == {"White", "Asian"}
    assert any("care is given for Not stated (90); residents for Black" in each.value for each in at.caption)


def test_ages_with_other_ends_are_not_forced_together() -> None:
    at = grouped("age_band", {"18 to 64": 500, "65 and over": 300}, {"16 to 64": 20_000, "65+": 9_000})
    said = " ".join(each.value for each in at.info)
    assert "one alone cannot be compared" in said
    assert "care is given for 18 to 64 (500); residents for" in said
    assert len(at.get("vega_lite_chart")) == 1


def test_without_residents_by_group_a_template_is_offered() -> None:
    women_and_men, _ = WOMEN_AND_MEN
    at = grouped("sex", women_and_men, {})
    assert "is given by sex, but residents are not" in " ".join(each.value for each in at.info)
    assert any("Population" in each.label for each in at.get("download_button"))


@pytest.mark.parametrize("question", ["Equal access", "Treatment gap"])
@pytest.mark.parametrize("system", [NWL, "North Central London"])
@pytest.mark.parametrize(
    ("by", "named"),
    [
        ("Sex", ["Female", "Male"]),
        ("Age band", ["16 to 25", "26 to 39", "40 to 64", "65 and over"]),
        ("Ethnic group", ["Asian", "Black", "Mixed", "Other", "White"]),
        ("Deprivation", ["Fifth 1 (most deprived)", "Fifth 2", "Fifth 3", "Fifth 4", "Fifth 5 (least deprived)"]),
    ],
)
def test_the_made_up_example_compares_every_group_and_says_that_residents_are_made_up(
    question: str, system: str, by: str, named: list[str]
) -> None:
    at = visit("unmet_need", figures=MADE_UP, system=system, question=question, group=by)
    drawn = group_bars(at)
    assert list(drawn.index) == named
    assert drawn["value"].notna().all()
    told = next(each.value for each in at.caption if "**Base:** residents of each group" in each.value)
    assert "Made-up residents by group" in told
    assert "Census" not in told
    assert "residents 2021" in told
    left = [each.value for each in at.caption if each.value.startswith("Not compared")]
    assert left == (["Not compared: under 16. Residents are given for them, care is not."] if by == "Age band" else [])


def test_the_made_up_example_says_what_of_it_is_made_up() -> None:
    at = visit("unmet_need", figures=MADE_UP)
    assert any("Made-up example" in badge for badge in made_up_badges(at))
    (said,) = [each.value for each in at.caption if each.value.startswith("Invented: ")]
    assert "actions, sites and residents by group" in said
    assert "population" not in said
    mine = go(upload(visit(figures=MADE_UP), ("mine.xlsx", book(activity=care({"Brent": 130})))), "unmet_need")
    assert not [each for each in mine.caption if "residents by group" in each.value]


def test_own_care_by_group_is_never_set_against_made_up_residents() -> None:
    activity = pd.concat(
        [care({"Brent": count, "Ealing": count}).assign(sex=sex) for sex, count in {"": 800, "female": 500, "male": 300}.items()]
    )
    at = go(upload(visit(figures=MADE_UP, system=NWL), ("mine.xlsx", book(activity=activity))), "unmet_need")
    assert "is given by sex, but residents are not" in " ".join(each.value for each in at.info)


def test_made_up_ages_are_not_offered_as_residents_ages() -> None:
    at = visit("unmet_need", figures=MADE_UP, **PUBLISHED_GAP, age="65 and over")
    assert at.selectbox(key="age").options == visit("unmet_need", **PUBLISHED_GAP).selectbox(key="age").options
    assert at.selectbox(key="age").value == "16 to 74"


def test_care_that_is_not_given_by_group_says_so_and_names_what_is() -> None:
    at = visit("unmet_need", figures=MADE_UP, system=NWL, care_share="Contacts attended")
    said = " ".join(plain(each.value) for each in at.caption)
    assert "“Contacts attended” is not loaded by sex, age, ethnic group or deprivation" in said
    assert "“People seen” is" in said


def test_the_gap_by_group_takes_one_prevalence_for_all_and_says_so() -> None:
    # 22.6 % of 20,000 are 4,520: less 500 is 88.9 %, less 300 is 93.4 %.
    at = grouped("sex", *WOMEN_AND_MEN, **GAP)
    assert group_bars(at)["value"].to_dict() == pytest.approx({"Female": 0.889, "Male": 0.934}, abs=0.001)
    assert "22.6% is taken for every group" in " ".join(each.value for each in at.markdown)
    assert "Residents aged 16 to 74 are not loaded by sex: those of all ages are taken." in " ".join(each.value for each in at.markdown)


def test_a_group_can_be_given_a_prevalence_of_its_own_and_the_link_keeps_it() -> None:
    # 15 % of 20,000 are 3,000: less 300 is 90 %.
    at = grouped("sex", *WOMEN_AND_MEN, **GAP)
    before = group_bars(at)["value"]
    at = control(at, "Male, %").set_value(15.0).run()
    after = group_bars(at)["value"]
    assert (after["Female"], after["Male"]) == (before["Female"], pytest.approx(0.9))
    assert group_bars(grouped("sex", *WOMEN_AND_MEN, **GAP, sex_male="15"))["value"].equals(after)
    assert "but 1 with a prevalence of its own" in " ".join(each.value for each in at.markdown)


def test_a_hidden_group_is_no_bar_and_says_suppressed() -> None:
    at = grouped("sex", {"female": 500, "male": 3, "other": 200}, {"female": 20_000, "male": 20_000, "other": 9_000})
    assert group_bars(at)["state"]["Male"] == "suppressed"
    assert pd.isna(group_bars(at)["value"]["Male"])
    assert not [text for text in everything(unfold(at)) if broken(text)]


@pytest.mark.parametrize("name", NASTY)
def test_names_of_groups_stay_text(name: str) -> None:
    at = grouped("ethnic_group", {name: 500, "White": 300}, {name: 20_000, "White": 9_000})
    assert not at.exception
    assert not [text for text in everything(unfold(at)) if marks_up(text)]
    gap = picker(at, "question").set_value("Treatment gap").run()
    assert not gap.exception
    assert not [text for text in everything(gap) if marks_up(text)]


@pytest.mark.parametrize("query", [{"group": "Star sign"}, {"sex_male": "lots"}, {"age": "9 to 5"}, {"range": "5"}])
def test_links_that_make_no_sense_fall_back(query: dict[str, str]) -> None:
    at = grouped("sex", *WOMEN_AND_MEN, **GAP, **query)
    assert not at.exception
    assert group_bars(at)["value"].to_dict() == pytest.approx({"Female": 0.889, "Male": 0.934}, abs=0.001)


@pytest.mark.parametrize("figures", ["Published figures", MADE_UP])
@pytest.mark.parametrize("system", ["London", NWL, "South East London"])
@pytest.mark.parametrize("question", ["Equal access", "Treatment gap"])
def test_every_view_says_something_whole(figures: str, system: str, question: str) -> None:
    at = visit("unmet_need", figures=figures, system=system, question=question)
    assert not at.exception
    assert [text for text in all_text(at) if broken(text)] == []
