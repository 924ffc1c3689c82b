"""What was understood of a file, as values, as JSON and in words."""

from __future__ import annotations

import json

from mhequity.reading import read
from mhequity.reading.understanding import as_json, in_words, something_read, tidy_with_names, understandings

SPEND = "Borough,Service,Year,Spend\nBrent,CMHT,2023/24,120\nHarrow,CMHT,2024/25,90\nLondon,CMHT,2024/25,210\n"
STAFF = "Borough,Service,Year,Established WTE,In post WTE\nBrent,CMHT,2023/24,12,10.5\n"
WIDE = "Borough,Smoking prevalence (%) 2022/23,Smoking prevalence (%) 2023/24\nBrent,12.5,13\nHarrow,11,10.5\n"
LETTER = "Dear colleague\n\nPlease find our figures in the other file.\n"


def test_two_columns_of_figures_are_one_table() -> None:
    (found,) = understandings(read(STAFF.encode(), "staff.csv"))
    assert found.kind == "workforce"
    assert found.rows == 1
    assert found.columns["established_wte"] == "Established WTE"
    assert found.columns["in_post_wte"] == "In post WTE"
    assert found.measures == ("established_wte", "in_post_wte")


def test_headings_over_the_same_figure_are_joined() -> None:
    (found,) = understandings(read(WIDE.encode(), "wide.csv"))
    assert found.kind == "indicators"
    assert found.rows == 4
    assert found.measures == ("Smoking prevalence",)
    assert found.periods == ("2022/23", "2023/24")
    assert found.columns["value"] == "Smoking prevalence (%) 2022/23 | Smoking prevalence (%) 2023/24"


def test_a_wider_place_is_named_apart_from_the_areas() -> None:
    (found,) = understandings(read(SPEND.encode(), "spend.csv"))
    assert found.areas_matched == 2
    assert found.comparators == ("London",)
    assert found.areas_unmatched == ()
    assert found.periods == ("2023/24", "2024/25")


def test_the_same_values_stand_in_the_json() -> None:
    reading = read(SPEND.encode(), "spend.csv")
    told = json.loads(json.dumps(as_json(reading)))
    assert set(told) == {"file", "tables", "findings", "sheets_ignored"}
    assert told["tables"][0]["comparators"] == ["London"]
    assert len(told["findings"]) == len(reading.findings)
    assert set(told["findings"][0]) == {"severity", "kind", "sheet", "cell", "seen", "done", "advice"}
    assert [each["kind"] for each in told["findings"] if each["done"].startswith("Read as the table")] == ["read"]


def test_words_list_the_findings_by_what_became_of_them() -> None:
    told = in_words(read(SPEND.replace("Brent", "Brnt").encode(), "spend.csv"))
    assert told.startswith("spend.csv\n\nInvestment: ")
    assert "Brnt: did you mean Brent?" in told
    assert "kept apart: London" in told
    assert told.index("Left out: 1") < told.index("To know: ")


def test_a_letter_gives_no_table_and_says_so() -> None:
    reading = read(LETTER.encode(), "letter.txt")
    assert understandings(reading) == []
    assert not something_read(reading)
    assert "No table that the app knows" in in_words(reading)


def test_tidy_rows_have_the_name_beside_the_code() -> None:
    shown = tidy_with_names(read(SPEND.encode(), "spend.csv").tables["investment"])
    assert list(shown.columns[:2]) == ["area", "area_name"]
    assert shown["area_name"].tolist() == ["Brent", "Harrow"]
    assert "source" not in shown
