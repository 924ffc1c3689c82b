"""Headings and titles in people's own words: parted into what they say, and nothing lost."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mhequity.reading.wording import Heading, context, simple, understand


@pytest.mark.parametrize(
    ("parts", "heading"),
    [
        (["Spend 24/25 (GBP)"], Heading("Spend", "GBP", 1.0, {"period": "2024/25"})),
        (["Spend 2024-25 £000"], Heading("Spend", "GBP", 1000.0, {"period": "2024/25"})),
        (["Spend\n2024/25\n(£'000)"], Heading("Spend", "GBP", 1000.0, {"period": "2024/25"})),
        (["Spend (£ million)"], Heading("Spend", "GBP", 1e6)),
        (["GBP 000s"], Heading("", "GBP", 1000.0)),
        (["(£k)"], Heading("", "GBP", 1000.0)),
        (["Population (thousands)"], Heading("Population", "", 1000.0)),
        (["£ per head"], Heading("£ per head", "GBP")),
        (["Cost per contact (£)"], Heading("Cost per contact", "GBP")),
        (["%"], Heading("", "share")),
        (["% within 28 days"], Heading("% within 28 days", "share")),
        (["Employment_rate_(%)_(2015)"], Heading("Employment rate", "share", 1.0, {"period": "2015"})),
        (["Homes_Owned_outright,_(2014)_%"], Heading("Homes Owned outright", "share", 1.0, {"period": "2014"})),
        (["Rate per 1,000"], Heading("Rate", "per 1,000")),
        (["per 100,000"], Heading("", "per 100,000")),
        (["Rate (per 100k)"], Heading("Rate", "per 100,000")),
        (["Referrals per 1,000 registered patients"], Heading("Referrals per 1,000 registered patients", "per 1,000")),
        (["Median wait (days)"], Heading("Median wait", "days")),
        (["Median wait", "Days"], Heading("Median wait", "days")),
        (["Bed days"], Heading("Bed days")),
        (["No. of contacts"], Heading("No. of contacts")),
        (["Number of people"], Heading("Number of people", "people")),
        (["WTE in post"], Heading("WTE in post", "WTE")),
        (["WTE"], Heading("WTE", "WTE")),
        (["Nursing", "WTE"], Heading("Nursing", "WTE")),
    ],
)
def test_unit_and_scale_are_taken_from_a_heading(parts: list[str], heading: Heading) -> None:
    assert understand(parts) == heading


@pytest.mark.parametrize(
    ("parts", "text", "period"),
    [
        (["Apr-24"], "", "Apr 2024"),
        (["April 2024"], "", "Apr 2024"),
        (["2024/25 Q1"], "", "2024/25 Q1"),
        (["FY25"], "", "2024/25"),
        (["mid-2019"], "", "mid-2019"),
        (["2019"], "", "2019"),
        (["2019/20 actual"], "actual", "2019/20"),
        (["Average_Age,_2017"], "Average Age", "2017"),
        (["Contacts 01/04/2024 to 31/03/2025"], "Contacts", "2024/25"),
        (["Number of cars (2011 Census)"], "Number of cars (Census)", "2011"),
        (["Largest_migrant_population_arrived_during_2015/16"], "Largest migrant population arrived", "2015/16"),
        (["2024/25", "Q1"], "", "2024/25 Q1"),
        (["2024/25", "Apr"], "", "Apr 2024"),
        (["2024/25", "Apr-24"], "", "Apr 2024"),
        (["Mar", "2024"], "", "Mar 2024"),
        (["2024/25", "Q1 Spend"], "Spend", "2024/25 Q1"),
        (["2024/25", "YTD"], "YTD", "2024/25"),
        (["2021 to 2023 Rate"], "Rate", "2021 to 2023"),
        (["Rate 2021-23"], "Rate", "2021 to 2023"),
        (["202404"], "", "Apr 2024"),
        (["202324"], "", "2023/24"),
    ],
)
def test_period_is_taken_from_a_heading(parts: list[str], text: str, period: str) -> None:
    assert understand(parts) == Heading(text, labels={"period": period})


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["YTD"], "YTD"),
        (["Q1"], "Q1"),
        (["2050"], "2050"),
        (["1234"], "1234"),
        (["Turnout_at_2014_local_elections"], "Turnout at 2014 local elections"),
        (["Survival rates (started in 2013)"], "Survival rates (started in 2013)"),
        (["Spend (2019/20 prices)"], "Spend (2019/20 prices)"),
        (["Change since 2019"], "Change since 2019"),
        (["Change 2011 to 2021"], "Change 2011 to 2021"),
        (["202413"], "202413"),
        (["Volunteers (2010/11 to 2012/13)"], "Volunteers (2010/11 to 2012/13)"),
        (["Spend 16-17"], "Spend 16-17"),
        (["2024", "Q1"], "2024 / Q1"),
        (["2023/24", "2024/25"], "2023/24 / 2024/25"),
    ],
)
def test_what_may_be_no_period_or_two_stays_in_the_text(parts: list[str], text: str) -> None:
    assert understand(parts) == Heading(text)


@pytest.mark.parametrize(
    ("parts", "heading"),
    [
        (["16-24", "Very good health"], Heading("Very good health", labels={"age_band": "16-24"})),
        (["Female", "65+"], Heading("", labels={"sex": "female", "age_band": "65+"})),
        (["Female 65+"], Heading("", labels={"sex": "female", "age_band": "65+"})),
        (["Age 0"], Heading("", labels={"age_band": "0"})),
        (["Aged 90+"], Heading("", labels={"age_band": "90+"})),
        (["under 18"], Heading("", labels={"age_band": "under 18"})),
        (["65 and over"], Heading("", labels={"age_band": "65+"})),
        (["Aged 4 years and under"], Heading("", labels={"age_band": "0-4"})),
        (["Aged 15 years or younger"], Heading("", labels={"age_band": "0-15"})),
        (["Aged under 1 year"], Heading("", labels={"age_band": "0"})),
        (["Aged 85 years and over"], Heading("", labels={"age_band": "85+"})),
        (["Age 16 and over"], Heading("", labels={"age_band": "16+"})),
        (["Age", "16-17"], Heading("", labels={"age_band": "16-17"})),
        (["Sex", "M"], Heading("", labels={"sex": "male"})),
        (["Men"], Heading("", labels={"sex": "male"})),
        (["Quintile 1 (most deprived)"], Heading("", labels={"deprivation_quintile": "1"})),
        (["IMD quintile", "3"], Heading("", labels={"deprivation_quintile": "3"})),
        (["Asian or Asian British"], Heading("", labels={"ethnic_group": "Asian or Asian British"})),
        (["Contacts - Female"], Heading("Contacts", labels={"sex": "female"})),
        (["Population (18-64)"], Heading("Population", labels={"age_band": "18-64"})),
    ],
)
def test_part_that_is_wholly_a_group_becomes_a_label(parts: list[str], heading: Heading) -> None:
    assert understand(parts) == heading


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        (["Female employment rate"], "Female employment rate"),
        (["People aged 17+ with diabetes"], "People aged 17+ with diabetes"),
        (["Waiting", "0-4 weeks"], "Waiting / 0-4 weeks"),
        (["Children", "Contacts"], "Children / Contacts"),
        (["16-17"], "16-17"),
        (["<5"], "<5"),
        (["7"], "7"),
        (["Quintile 5 (most deprived)"], "Quintile 5 (most deprived)"),
        (["Brent", "Ealing"], "Brent / Ealing"),
        (["Barnet, Enfield and Haringey"], "Barnet, Enfield and Haringey"),
        (["Mean"], "Mean"),
        (["South East"], "South East"),
    ],
)
def test_group_or_place_inside_a_longer_name_or_in_doubt_stays_in_the_text(parts: list[str], text: str) -> None:
    assert understand(parts) == Heading(text)


@pytest.mark.parametrize(
    ("parts", "text"),
    [(["All Ages"], "All Ages"), (["Persons"], "Persons"), (["Contacts", "All people"], "Contacts"), (["Contacts", "Persons"], "Contacts")],
)
def test_everyone_is_no_group(parts: list[str], text: str) -> None:
    assert understand(parts) == Heading(text)


@pytest.mark.parametrize(
    ("parts", "heading"),
    [
        (["Brent"], Heading("", labels={"area": "E09000005"})),
        (["LB Ealing"], Heading("", labels={"area": "E09000009"})),
        (["E09000005"], Heading("", labels={"area": "E09000005"})),
        (["Westminster, City of"], Heading("", labels={"area": "E09000033"})),
        (["London"], Heading("", labels={"comparator": "London"})),
        (["Total (£)"], Heading("", "GBP", labels={"comparator": "Total"})),
        (["NWL total"], Heading("", labels={"comparator": "North West London"})),
        (["Brent", "2023/24", "£"], Heading("", "GBP", labels={"area": "E09000005", "period": "2023/24"})),
    ],
)
def test_area_or_total_as_a_heading_becomes_a_label(parts: list[str], heading: Heading) -> None:
    assert understand(parts) == heading


@pytest.mark.parametrize(
    ("titles", "heading"),
    [
        (
            ["Mental health spend by borough, 2023/24 (£000s)", "Sheet1"],
            Heading("Mental health spend by borough", "GBP", 1000.0, {"period": "2023/24"}),
        ),
        (["Brent: community team activity 2024/25"], Heading("community team activity", labels={"period": "2024/25", "area": "E09000005"})),
        (["Contacts by team", "Q1", "2024/25"], Heading("Contacts by team", labels={"period": "2024/25 Q1"})),
        (["NWL spend", "Brent", "spend_2024-25_v3.xlsx"], Heading("NWL spend", labels={"period": "2024/25", "area": "E09000005"})),
        (["Figures are in thousands of pounds"], Heading("", "GBP", 1000.0)),
        (["General health", "Female"], Heading("General health", labels={"sex": "female"})),
        (["Census 2021 population by borough"], Heading("Census population by borough", labels={"period": "2021"})),
    ],
)
def test_titles_say_what_holds_for_every_figure(titles: list[str], heading: Heading) -> None:
    assert context(titles) == heading


@pytest.mark.parametrize(
    "titles",
    [
        ["Spend 2023/24", "Investment 2024-25.xlsx"],
        ["Spend in Brent", "Ealing"],
        ["Central and North West London NHS FT"],
        ["Barnet, Enfield and Haringey spend"],
        ["ONS Crown Copyright Reserved [from Nomis on 22 November 2021]"],
    ],
)
def test_titles_that_contradict_each_other_or_are_about_the_file_label_nothing(titles: list[str]) -> None:
    assert context(titles).labels == {}


def test_simple_drops_case_punctuation_and_units_in_brackets() -> None:
    assert simple("Median days (days)") == simple("median_days") == "mediandays"
    assert simple("(£)") == "gbp"


WORDS = st.lists(
    st.sampled_from(["Contacts", "attended", "Referrals", "seen", "Admissions", "team", "North"]), min_size=1, max_size=4, unique=True
)
EXTRAS = st.sampled_from(["", " 2024/25", " (£000s)", " (%)", " - Female", " (18-64)", " Apr-24", ", 2019", " (days)"])


@given(WORDS, EXTRAS)
@settings(max_examples=200, deadline=None)
def test_words_of_the_name_are_never_lost(words: list[str], extra: str) -> None:
    assert understand([" ".join(words) + extra]).text == " ".join(words)


@given(st.lists(st.text(max_size=60), max_size=4))
@settings(max_examples=300, deadline=None)
def test_arbitrary_headings_and_titles_never_raise_and_keep_their_words(parts: list[str]) -> None:
    found, said = understand(parts), context(parts)
    assert found.text == found.text.strip()
    assert said.scale in (1.0, 1e3, 1e6, 1e9)
    held = found.text or found.labels or found.unit or found.scale != 1.0
    assert held or not re.search(r"[^\W_]", " ".join(parts))
