"""Bringing files: what loads, what is left out and why, adding against replacing, taking files away, and hostile content."""

from __future__ import annotations

import re

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mhequity.export.tables import to_csv
from tests.pages.driver import (
    MADE_UP,
    NASTY,
    PAGES,
    all_text,
    answer,
    book,
    button,
    care,
    choose,
    everything,
    file_selectbox,
    frame,
    go,
    made_up_badges,
    marks_up,
    on_map,
    picker,
    plain,
    unfold,
    upload,
    visit,
)

HEAD = "area,service,period,measure,count\n"
THREE = (
    "Brent,Street teams,2024/25,People seen,130\nEaling,Street teams,2024/25,People seen,200\nHarrow,Street teams,2024/25,People seen,70\n"
)
GOOD = (HEAD + THREE).encode()
GOOD_AND_BAD = (HEAD + THREE + "Atlantis,Street teams,2024/25,People seen,5\nBrent,Street teams,whenever,People seen,5\n").encode()


def rows_of(at: AppTest, table: str) -> int:
    """How many rows of a table the page says are loaded; 0 where it is not named."""
    shown = at.table[-1].value
    return int(shown["Rows"][table].replace(",", "")) if table in shown.index else 0


def told(at: AppTest) -> str:
    """Everything that the page says of files: text and tables of findings."""
    tables = " ".join(" ".join(each.value.astype(str).to_numpy().ravel()) for each in at.table[:-1])
    return plain(" ".join(all_text(at)) + " " + tables)


def test_without_files_it_says_that_the_example_is_in_view() -> None:
    at = visit("your_data")
    assert "example" in answer(at)
    assert rows_of(at, "Activity") > 100
    assert not at.button


def test_a_good_file_is_counted_and_named() -> None:
    at = upload(visit(), ("mine.csv", GOOD))
    assert not at.exception
    assert "3 rows of yours from 1 file" in answer(at)
    assert "mine.csv" in told(at)
    assert "Activity: 3 rows" in told(at)


def test_rows_of_a_file_join_the_published_ones() -> None:
    at = visit("your_data")
    before = rows_of(at, "Activity")
    at = upload(at, ("mine.csv", GOOD))
    assert rows_of(at, "Activity") == before + 3


def test_replacing_lets_only_the_files_rows_stand_and_adding_brings_the_others_back() -> None:
    at = upload(visit(), ("mine.csv", GOOD))
    joined = rows_of(at, "Activity")
    at = file_selectbox(at).set_value("Replace the table").run()
    assert rows_of(at, "Activity") == 3
    at = file_selectbox(at).set_value("Add to what is there").run()
    assert rows_of(at, "Activity") == joined


def test_the_choice_to_replace_stays_when_the_page_is_left() -> None:
    at = file_selectbox(upload(visit(), ("mine.csv", GOOD))).set_value("Replace the table").run()
    at = go(go(at, "unmet_need"), "your_data")
    assert rows_of(at, "Activity") == 3
    assert file_selectbox(at).value == "Replace the table"


def test_replacing_leaves_other_care_out_of_the_next_page() -> None:
    at = file_selectbox(upload(visit(), ("mine.csv", GOOD))).set_value("Replace the table").run()
    assert go(at, "unmet_need").selectbox(key="care_share").options == ["People seen"]


def test_a_row_that_states_the_same_fact_takes_the_old_ones_place() -> None:
    first = upload(visit(), ("first.csv", GOOD))
    rows = rows_of(first, "Activity")
    at = upload(first, ("second.csv", (HEAD + "Brent,Street teams,2024/25,People seen,999\n").encode()))
    assert rows_of(at, "Activity") == rows
    assert "from 2 files" in answer(at)
    at = go(at, "unmet_need").selectbox(key="care_share").set_value("People seen").run()
    assert "999 " in on_map(at)["Brent"]["t"] + on_map(at)["Brent"].get("u", "")


def test_made_up_rows_give_way_to_a_persons_own() -> None:
    at = upload(visit(figures=MADE_UP), ("mine.csv", GOOD))
    assert rows_of(at, "Activity") == 3
    at = go(at, "unmet_need")
    assert at.selectbox(key="care_share").options == ["People seen"]
    assert not [each for each in made_up_badges(at) if "Made-up figures" in each]


def test_the_years_of_a_file_come_first() -> None:
    at = upload(visit(), ("mine.csv", GOOD.replace(b"2024/25", b"2025/26")))
    assert "2025/26" in at.caption[0].value
    assert "2025/26" in go(at, "unmet_need").caption[0].value


def test_services_of_a_file_can_be_chosen() -> None:
    at = upload(visit(), ("mine.csv", GOOD))
    assert "Street teams" in at.selectbox(key="service").options
    at = choose(go(at, "unmet_need"), service="Street teams")
    assert "130" in on_map(at)["Brent"]["t"] + on_map(at)["Brent"].get("u", "")


def test_removing_a_file_brings_back_what_was_there() -> None:
    at = visit("your_data")
    before = rows_of(at, "Activity")
    at = button(upload(at, ("mine.csv", GOOD)), "Remove").click().run()
    assert rows_of(at, "Activity") == before
    assert not at.button
    assert at.selectbox(key="service").value == "All services"


def test_removing_one_of_two_files_keeps_the_other() -> None:
    at = upload(visit(), ("mine.csv", GOOD), ("other.csv", GOOD.replace(b"Street", b"Park")))
    assert "6 rows" in answer(at)
    at = next(each for each in at.button if "Remove" in each.label).click().run()
    assert "3 rows of yours from 1 file" in answer(at)


def test_a_service_or_year_that_went_with_its_file_is_no_longer_in_view() -> None:
    at = upload(visit(), ("mine.csv", GOOD.replace(b"2024/25", b"2031/32")))
    at = choose(at, year="2031/32", service="Street teams")
    at = button(at, "Remove").click().run()
    assert not at.exception
    assert "2031/32" not in at.caption[0].value
    assert "Street teams" not in at.caption[0].value


def test_going_back_to_the_example_forgets_every_file() -> None:
    at = visit("your_data")
    before = at.table[-1].value
    at = upload(at, ("mine.csv", GOOD), ("other.csv", GOOD.replace(b"Street", b"Park")))
    at = button(at, "Go back to the example").click().run()
    assert at.table[-1].value.equals(before)
    assert answer(at) == answer(visit("your_data"))


def test_files_stay_when_the_page_is_left_and_are_not_read_twice() -> None:
    at = upload(visit(), ("mine.csv", GOOD))
    for page in PAGES:
        at = go(at, page)
        assert not at.exception
    at = go(at, "your_data")
    assert "3 rows of yours from 1 file" in answer(at)


def test_a_removed_file_that_still_hangs_in_the_uploader_does_not_come_back() -> None:
    at = upload(visit(), ("mine.csv", GOOD))
    at = button(at, "Remove").click().run()
    at = at.run()
    assert "example" in answer(at)
    assert not at.button


def test_good_rows_load_and_bad_rows_are_listed_with_their_cell_and_reason() -> None:
    at = upload(visit(), ("mine.csv", GOOD_AND_BAD))
    assert "3 rows of yours" in answer(at)
    said = told(at)
    assert "Atlantis" in said
    assert "whenever" in said
    assert re.search(r"\bA5\b", said), "the cell of Atlantis"
    assert any("2 rows left out" in each.label for each in at.get("download_button"))
    assert any("Left out" in each.label and each.proto.expanded for each in at.expander)


BAD_FILES = {
    "a PDF": ("paper.csv", b"%PDF-1.7 not a table"),
    "an empty file": ("empty.csv", b""),
    "noise": ("noise.xlsx", bytes(range(256)) * 20),
    "a broken workbook": ("broken.xlsx", b"PK\x03\x04 and then nothing"),
    "other headings": ("other.csv", b"colour,shape\nred,round\n"),
    "a heading short": ("short.csv", b"area,service,period,count\nBrent,Street teams,2024/25,3\n"),
    "headings alone": ("headings.csv", HEAD.encode()),
}


@pytest.mark.parametrize(("name", "data"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_cannot_be_used_gives_a_plain_sentence_and_changes_nothing(name: str, data: bytes) -> None:
    at = visit("your_data")
    before = at.table[-1].value
    at = upload(at, (name, data))
    assert not at.exception
    assert "Nothing could be loaded from it" in told(at)
    assert at.table[-1].value.equals(before)
    assert "Traceback" not in told(at)
    assert len(at.table) > 1, "a finding that says why"


def test_after_a_file_that_gave_nothing_the_example_is_said_to_be_in_view() -> None:
    at = upload(visit(), ("paper.csv", b"%PDF-1.7 not a table"))
    assert "0 rows of yours" not in answer(at)


def test_a_bad_file_does_not_stop_a_good_one_beside_it() -> None:
    at = upload(visit(), ("paper.csv", b"%PDF-1.7"), ("mine.csv", GOOD))
    assert "3 rows of yours" in answer(at)


def test_a_filled_template_of_what_is_loaded_reads_back_without_problems() -> None:
    at = upload(visit(), ("mine.xlsx", book(activity=care({"Brent": 130, "Ealing": 200}))))
    assert "2 rows of yours" in answer(at)
    assert not [each.label for each in at.expander if "Left out" in each.label or "Put right" in each.label]


def test_two_visitors_never_see_each_others_files() -> None:
    first, second = visit("your_data"), visit("your_data")
    first = upload(first, ("secret.csv", GOOD.replace(b"Street", b"Secret")))
    for page in PAGES:
        second = go(second, page)
        assert "secret" not in " ".join(all_text(second)).lower()
        assert "Secret teams" not in second.selectbox(key="service").options
    assert answer(go(second, "your_data")) == answer(visit("your_data"))
    assert "Secret teams" in first.selectbox(key="service").options


def test_a_second_visitors_file_of_the_same_name_is_their_own() -> None:
    first = upload(visit(), ("mine.csv", GOOD))
    second = upload(visit(), ("mine.csv", GOOD.replace(b"130", b"999")))
    for at, count in ((first, "130"), (second, "999")):
        at = go(at, "unmet_need").selectbox(key="care_share").set_value("People seen").run()
        assert count in on_map(at)["Brent"]["t"] + on_map(at)["Brent"].get("u", "")


def hostile() -> bytes:
    """A CSV whose services and measures hold Markdown, HTML and formulas."""
    names = list(NASTY)
    rows = frame("activity", area="E09000005", period="2024/25", service=names, measure=names, count=range(10, 10 + len(names)))
    return to_csv(rows[["area", "service", "period", "measure", "count"]]).replace(b"'=", b"=")


def hostile_book(name: str) -> bytes:
    """A workbook with one hostile name wherever a table takes text."""
    codes = ["E09000005", "E09000009", "E09000015"]
    where = {"area": codes, "period": "2024/25"}
    return book(
        activity=frame("activity", service=name, provider=name, team=name, measure=name, count=[30, 20, 40], **where),
        investment=frame("investment", service=name, provider=name, amount_gbp=[3e5, 2e5, 4e5], **where),
        population=frame("population", base="resident", persons=[1000, 2000, 1000], **where),
        indicators=pd.concat([
            frame("indicators", measure=name, value=[1000, 2000, 1500], unit="weighted people", role="need", **where),
            frame("indicators", measure=name + "!", value=[0.3, 0.2, 0.4], unit=name, role="outcome", provider=name, **where),
        ]),
        ambitions=frame("ambitions", strategy=[name], theme=name, ambition=name, plan=name, status=name, next_steps=name, owner=name),
        targets=frame("targets", strategy=[name], ambition=name, measure=name + "!", area="E09000005", baseline_period="2022/23",
                      baseline=[1.0], target_period="2026/27", target=[0.0], better="lower"),
        actions=frame("actions", strategy=[name], action=name, owner=name),
        sites=frame("sites", site=[name], kind=name, area="E09000005", latitude=[51.55], longitude=[-0.28]),
    )  # fmt: skip


def test_a_hostile_csv_is_read_as_text() -> None:
    at = upload(visit(), ("![f](http://evil.example/x.png).csv", hostile()))
    assert not at.exception
    assert "6 rows of yours" in answer(at)
    assert [text for text in everything(at) if marks_up(text)] == []


@pytest.mark.parametrize("name", NASTY)
@pytest.mark.parametrize("page", PAGES)
def test_names_from_a_file_are_text_on_every_page(page: str, name: str) -> None:
    at = upload(visit(), ("mine.xlsx", hostile_book(name)))
    at = go(at, page)
    for key in ("care_share", "need", "outcome"):
        listed = [each for each in at.selectbox if each.key == key]
        wanted = [option for each in listed for option in each.options if option.startswith(name)]
        if wanted:
            at = listed[0].set_value(wanted[0]).run()
    at = unfold(at)
    assert not at.exception
    assert [text for text in everything(at) if marks_up(text)] == []


@pytest.mark.parametrize("name", NASTY)
def test_a_service_with_a_hostile_name_is_text_where_it_is_in_view(name: str) -> None:
    at = choose(upload(visit(), ("mine.csv", hostile())), service=name)
    for page in PAGES:
        at = go(at, page)
        assert not at.exception
        assert [text for text in everything(at) if marks_up(text)] == []


def test_findings_about_hostile_cells_are_text() -> None:
    rows = (
        HEAD
        + "![x](http://evil.example/x.png),Street teams,2024/25,People seen,5\n<script>alert(1)</script>,Street teams,2024/25,$x^2$,5\n"
    )
    at = upload(visit(), ("mine.csv", (rows + THREE).encode()))
    assert any("evil" in text for text in everything(at))
    assert [text for text in everything(at) if marks_up(text)] == []


def test_pills_choose_what_the_template_holds() -> None:
    at = visit("your_data")
    at = picker(at, "template_tables").set_value(["activity", "waits"]).run()
    label = next(each.label for each in at.get("download_button") if each.key == "template")
    assert "Activity" in label
    assert "Waits" in label
    assert "Investment" not in label


def test_the_guide_to_columns_opens_with_every_table() -> None:
    at = visit("your_data")
    closed = len(at.table)
    at.session_state["columns_help"] = True
    at.run()
    assert len(at.table) == closed + 13


def test_every_download_can_be_asked_for() -> None:
    at = upload(visit(), ("mine.csv", GOOD_AND_BAD))
    assert len(at.get("download_button")) >= 4
    for each in at.get("download_button"):
        assert not each.click().run().exception
