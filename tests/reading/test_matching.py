"""Heading words to the catalogue's columns: sure where the words are known, silent where they are not."""

import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mhequity.paths import DATA
from mhequity.reading.matching import LEAST, candidates
from mhequity.reading.plans import FIGURES, LABELS


@pytest.mark.parametrize("meaning", [*LABELS, *FIGURES])
def test_catalogues_own_name_is_certain(meaning: str) -> None:
    assert candidates(meaning)[0].confidence == 1.0
    assert meaning in [found.meaning for found in candidates(meaning)]


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [
        ("Borough", "area"), ("Local Authority", "area"), ("LA", "area"), ("Council", "area"), ("lad19nm", "area"), ("Area_name", "area"),
        ("AreaCode", "area"), ("ICB", "area"), ("Place of residence", "area"), ("Team type", "service"), ("Pathway", "service"),
        ("Cost centre description", "service"), ("Trust", "provider"), ("Organisation", "provider"), ("Financial Year", "period"), ("FY", "period"),
        ("Month", "period"), ("REPORTING_PERIOD_START", "period"), ("Spend", "investment.amount_gbp"), ("Expenditure", "investment.amount_gbp"),
        ("Outturn", "investment.amount_gbp"), ("Contract value", "investment.amount_gbp"), ("Establishment", "workforce.established_wte"),
        ("Budgeted FTE", "workforce.established_wte"), ("Staff in post", "workforce.in_post_wte"), ("Actual WTE", "workforce.in_post_wte"),
        ("Median wait", "waits.median_days"), ("90th percentile wait", "waits.p90_days"), ("Number waiting", "waits.waiting"),
        ("Waiting list", "waits.waiting"), ("Within 28 days", "waits.within_target"), ("Population", "population.persons"),
        ("List size", "population.persons"), ("Mid-year estimate", "population.persons"), ("MEASURE_VALUE", "indicators.value"),
        ("Indicator name", "measure"), ("Gender", "sex"), ("Ethnicity", "ethnic_group"), ("IMD quintile", "deprivation_quintile"),
        ("RAG", "stated_rating"), ("Lead", "owner"), ("Next step", "next_steps"), ("Neighbourhood", "place"), ("Long", "sites.longitude"),
    ],
)  # fmt: skip
def test_known_phrase_is_certain(heading: str, meaning: str) -> None:
    best = candidates(heading)[0]
    assert (best.meaning, best.confidence) == (meaning, 1.0)


@pytest.mark.parametrize(
    ("heading", "measure"),
    [
        ("Contacts", "Contacts"),
        ("No. of contacts", "Contacts"),
        ("Total number of referrals", "Referrals"),
        ("Attended contacts", "Contacts attended"),
        ("DNAs", "Contacts not attended"),
        ("OBDs", "Bed days"),
        ("Patients seen", "People seen"),
        ("Caseload", "Caseload"),
    ],
)
def test_activity_comes_with_a_tidy_measure(heading: str, measure: str) -> None:
    best = candidates(heading)[0]
    assert (best.meaning, best.labels) == ("activity.count", {"measure": measure})


@pytest.mark.parametrize(
    "heading", ["Vacancy rate", "Average wait", "Mean wait", "Cost per contact", "% spend", "DNA rate", "Spend per head"]
)
def test_measure_made_of_other_measures_is_an_indicator_and_not_one_of_them(heading: str) -> None:
    assert {found.meaning for found in candidates(heading)} == {"indicators.value"}
    assert candidates(heading)[0].confidence < 1.0


@pytest.mark.parametrize(
    "heading", ["Rank", "Change", "Variance", "Total", "Notes", "Lower CI", "NHS number", "Overspend", "foo bar", "Very good health", ""]
)
def test_what_is_no_column_or_unknown_is_not_offered(heading: str) -> None:
    assert candidates(heading) == ()


@pytest.mark.parametrize(
    ("heading", "meaning"),
    [("Borogh", "area"), ("Finacial year", "period"), ("Servcie", "service"), ("Expnditure", "investment.amount_gbp")],
)
def test_slip_of_the_pen_is_offered_less_surely(heading: str, meaning: str) -> None:
    best = candidates(heading)[0]
    assert best.meaning == meaning
    assert LEAST <= best.confidence < 0.95
    assert best.why.startswith("close to ")


@pytest.mark.parametrize(
    ("heading", "unit", "meaning"),
    [
        ("Actual", "GBP", "investment.amount_gbp"),
        ("", "GBP", "investment.amount_gbp"),
        ("Community services", "GBP", "investment.amount_gbp"),
        ("Nursing", "WTE", "workforce.in_post_wte"),
        ("Spend", "share", "indicators.value"),
        ("within 28 days", "share", "indicators.value"),
        ("Median wait", "weeks", "indicators.value"),
        ("Crime rates", "per 1,000", "indicators.value"),
        ("Cost per contact", "GBP", "indicators.value"),
    ],
)
def test_unit_decides_where_words_do_not(heading: str, unit: str, meaning: str) -> None:
    assert candidates(heading, unit)[0].meaning == meaning


def test_unit_that_fits_raises_the_confidence() -> None:
    assert candidates("Actual")[0].confidence < candidates("Actual", "GBP")[0].confidence == 1.0


def test_heading_under_a_wider_one_is_known_by_its_last_part() -> None:
    best = candidates("CMHT / Contacts")[0]
    assert (best.meaning, best.confidence, best.labels) == ("activity.count", 0.9, {"measure": "Contacts"})


def test_every_synonym_means_a_column_and_is_found() -> None:
    with open(DATA / "headings" / "synonyms.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["meaning"] for row in rows} <= {"", *LABELS, *FIGURES}
    for row in rows:
        offered = [found.meaning for found in candidates(row["phrase"])]
        assert row["meaning"] in offered if row["meaning"] else offered == []


@given(st.text(max_size=80), st.sampled_from(["", "GBP", "share", "WTE", "days", "per 1,000"]))
@settings(max_examples=300, deadline=None)
def test_arbitrary_headings_give_at_most_five_candidates_best_first(text: str, unit: str) -> None:
    found = candidates(text, unit)
    confidences = [each.confidence for each in found]
    assert len(found) <= 5
    assert confidences == sorted(confidences, reverse=True)
    assert all(LEAST <= each <= 1.0 for each in confidences)
