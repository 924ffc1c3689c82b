"""Bringing files: what is understood and changed in place, adding in each mode, recipes, taking files away, and hostile content."""

from __future__ import annotations

import io
import re
from typing import Any

import pandas as pd
import pytest
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from mhequity.export.tables import to_csv
from mhequity.reading import from_json, to_json
from mhequity.workspace import KEEP_BOTH, KEEP_OLD, REPLACE, USE_NEW
from tests.pages.driver import (
    MADE_UP,
    NASTY,
    PAGES,
    add,
    all_text,
    answer,
    book,
    button,
    care,
    choose,
    control,
    drop,
    everything,
    frame,
    go,
    made_up_badges,
    marks_up,
    mode,
    on_map,
    picker,
    plain,
    sheets,
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
    """Everything that the page says of files."""
    return plain(" ".join(all_text(at)))


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
    at = mode(at).set_value(REPLACE).run()
    assert rows_of(at, "Activity") == 3
    at = mode(at).set_value(USE_NEW).run()
    assert rows_of(at, "Activity") == joined


def test_the_choice_to_replace_stays_when_the_page_is_left() -> None:
    at = mode(upload(visit(), ("mine.csv", GOOD))).set_value(REPLACE).run()
    at = go(go(at, "unmet_need"), "your_data")
    assert rows_of(at, "Activity") == 3
    assert mode(at).value == REPLACE


def test_replacing_leaves_other_care_out_of_the_next_page() -> None:
    at = mode(upload(visit(), ("mine.csv", GOOD))).set_value(REPLACE).run()
    assert go(at, "unmet_need").selectbox(key="care_share").options == ["People seen"]


def test_a_row_that_states_the_same_fact_takes_the_old_ones_place() -> None:
    first = upload(visit(), ("first.csv", GOOD))
    rows = rows_of(first, "Activity")
    at = upload(first, ("second.csv", (HEAD + "Brent,Street teams,2024/25,People seen,995\n").encode()))
    assert rows_of(at, "Activity") == rows
    assert "from 2 files" in answer(at)
    at = go(at, "unmet_need").selectbox(key="care_share").set_value("People seen").run()
    assert "995 " in on_map(at)["Brent"]["t"] + on_map(at)["Brent"].get("u", "")


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
    "a heading short": ("short.csv", b"service,period,measure,count\nStreet teams,2024/25,People seen,3\n"),
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
    assert [each for each in at.expander if "Left out" in each.label or "To know" in each.label], "a finding that says why"


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
    second = upload(visit(), ("mine.csv", GOOD.replace(b"130", b"995")))
    for at, count in ((first, "130"), (second, "995")):
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


# Review, then add


def saved(workbook: Workbook) -> bytes:
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def sheet(*rows: tuple[Any, ...], name: str = "Spend", hidden: tuple[tuple[Any, ...], ...] = ()) -> bytes:
    workbook = Workbook()
    page = workbook.active
    page.title = name
    for row in rows:
        page.append(row)
    if hidden:
        other = workbook.create_sheet("Old version")
        for row in hidden:
            other.append(row)
        other.sheet_state = "hidden"
    return saved(workbook)


HEADINGS = ("Borough", "Service", "Spend (£000s)", "Lead")
MESSY = sheet(
    ("Mental health spend, 2024/25",), (), HEADINGS, ("Brent", "Crisis line", 100, "AB"), ("Ealng", "Crisis line", 200, "CD"),
    ("Atlantis", "Crisis line", 5, "EF"), ("Total", "", 305, ""),
)  # fmt: skip


def spend(at: AppTest) -> dict[str, float]:
    """Money that the file which waits or was added gives, by area and service of the crisis line."""
    (read,) = [each.reading for each in at.session_state["_loaded"]]
    rows = read.tables.get("investment", pd.DataFrame({"area": [], "amount_gbp": []}))
    return dict(zip(rows.area, rows.amount_gbp, strict=True))


def money(at: AppTest, area: str = "E09000005", period: str = "2019/20") -> dict[str, float]:
    """Money that is loaded for an area and year, by service."""
    kept = at.session_state["_workspaces"]
    rows = list(kept.values())[-1].table("investment")
    rows = rows[(rows.area == area) & (rows.period == period)]
    return dict(zip(rows.service, rows.amount_gbp, strict=True))


def correct(at: AppTest, what: str = "A column", column: str = "") -> AppTest:
    at = control(at, "Change how it is read").set_value(what).run()
    return control(at, "Column").set_value(column).run() if column else at


def test_a_file_is_understood_in_a_sentence_and_waits() -> None:
    at = visit("your_data")
    before = at.table[-1].value
    at = drop(at, ("spend.xlsx", MESSY))
    assert "spend.xlsx: 1 table, 1 figure of 1 borough, 2024/25. 2 things need your attention." in told(at).replace("**", "")
    assert "1 file waits" in answer(at)
    assert at.table[-1].value.equals(before)
    at = add(at)
    assert "1 row of yours from 1 file" in answer(at)


def test_the_sheet_is_shown_as_it_stands_with_what_each_column_means() -> None:
    (shown,) = sheets(drop(visit(), ("spend.xlsx", MESSY)))
    for text in ("Mental health spend, 2024/25", "Money spent (£) · × 1,000", "Borough or NHS system", "Ealng", "Atlantis", ">305<"):
        assert text in shown
    assert '<tr class="headings"><th scope="row">3</th>' in shown
    assert 'class="blocked" title="No London borough' in shown


def test_a_proposed_area_counts_only_once_confirmed() -> None:
    at = drop(visit(), ("spend.xlsx", MESSY))
    assert "1 to confirm, 1 unknown" in told(at)
    assert spend(at) == {"E09000005": 100_000}
    chooser = next(each for each in at.selectbox if "Ealng" in each.label)
    assert chooser.value == "Ealing"
    at = next(each for each in at.button if each.label == "Confirm" and "Ealng" in each.key).click().run()
    assert spend(at) == {"E09000005": 100_000, "E09000009": 200_000}
    assert "1 thing needs your attention" in told(at).replace("**", "")


def test_an_unknown_area_is_chosen_or_left_out_and_the_choice_can_be_changed() -> None:
    at = drop(visit(), ("spend.xlsx", MESSY))
    key = next(each.key for each in at.selectbox if "Atlantis" in each.label)
    at = at.selectbox(key=key).set_value("Leave out").run()
    assert spend(at) == {"E09000005": 100_000}
    at = at.button(key=f"confirm {key}").click().run()
    assert "“Atlantis”: left out, as you chose" in told(at)
    assert "1 thing needs your attention" in told(at).replace("**", "")
    at = next(each for each in at.button if each.label == "Change").click().run()
    at = at.selectbox(key=key).set_value("Harrow").run()
    at = at.button(key=f"confirm {key}").click().run()
    assert spend(at) == {"E09000005": 100_000, "E09000015": 5_000}


def test_what_is_not_chosen_is_not_confirmed() -> None:
    at = drop(visit(), ("spend.xlsx", MESSY))
    at = button(at, "Confirm these 2 as shown").click().run()
    assert spend(at) == {"E09000005": 100_000, "E09000009": 200_000}


def test_a_columns_unit_is_changed_in_place_and_undone() -> None:
    at = correct(drop(visit(), ("spend.xlsx", MESSY)), column="C")
    assert control(at, "Its figures are in").value == "Thousands of pounds"
    at = control(at, "Its figures are in").set_value("Pounds").run()
    assert spend(at) == {"E09000005": 100}
    at = control(at, "Its figures are in").set_value("Millions of pounds").run()
    assert spend(at) == {"E09000005": 100_000_000}
    at = button(at, "Undo").click().run()
    assert spend(at) == {"E09000005": 100}
    assert control(at, "Its figures are in").value == "Pounds"
    at = button(at, "Start again").click().run()
    assert spend(at) == {"E09000005": 100_000}
    at = button(at, "Undo").click().run()
    assert spend(at) == {"E09000005": 100}


def test_the_unit_of_one_column_can_be_given_to_the_others_like_it() -> None:
    data = sheet(("Borough", "Service", "Spend 2023/24", "Spend 2024/25"), ("Brent", "Crisis line", 100, 200))
    at = correct(drop(visit(), ("spend.xlsx", data)), column="C")
    at = control(at, "Its figures are in").set_value("Thousands of pounds").run()
    at = button(at, "The same for D").click().run()
    (read,) = [each.reading for each in at.session_state["_loaded"]]
    assert read.tables["investment"].amount_gbp.tolist() == [100_000, 200_000]


def test_a_columns_meaning_is_changed_in_place() -> None:
    at = correct(drop(visit(), ("spend.xlsx", MESSY)), column="C")
    at = control(at, "It means").set_value("activity.count").run()
    at = control(at, "Measure of its figures").set_value("Calls answered").run()
    (read,) = [each.reading for each in at.session_state["_loaded"]]
    assert read.tables["activity"][["measure", "service"]].to_numpy().tolist() == [["Calls answered", "Crisis line"]]
    assert "investment" not in read.tables
    at = control(at, "It means").set_value("").run()
    assert "Nothing could be loaded from it" in told(at)
    assert "Not used" in sheets(at)[0]


def test_a_column_can_be_a_total_that_is_kept_apart() -> None:
    data = sheet(("Borough", "Service", "Crisis cost (£)", "All of it (£)"), ("Brent", "Teams", 10, 30))
    at = correct(drop(visit(), ("spend.xlsx", data)), column="D")
    before = sum(map(len, at.session_state["_loaded"][0].reading.tables.values()))
    at = control(at, "It is a total over other columns: keep it apart").check().run()
    read = at.session_state["_loaded"][0].reading
    assert sum(map(len, read.tables.values())) == before - 1
    assert read.comparators


def test_the_period_of_a_table_without_one_is_given_by_hand() -> None:
    data = sheet(HEADINGS, ("Brent", "Crisis line", 100, "AB"))
    at = correct(drop(visit(), ("spend.xlsx", data)), "The whole table")
    at = control(at, "Period of every row").set_value("soon").run()
    assert "Write a year (2024/25)" in told(at)
    assert control(at, "Period of every row").value == ""
    at = control(at, "Period of every row").set_value("FY24/25").run()
    assert control(at, "Period of every row").value == "2024/25"
    (read,) = [each.reading for each in at.session_state["_loaded"]]
    assert read.tables["investment"].period.tolist() == ["2024/25"]


def test_the_area_of_a_table_without_one_is_given_by_hand() -> None:
    data = sheet(("Service", "Year", "Contacts"), ("Crisis line", "2024/25", 7), ("Day centre", "2024/25", 9))
    at = drop(visit(), ("care.xlsx", data))
    assert "Nothing could be loaded from it" in told(at)
    at = correct(at, "The whole table")
    at = control(at, "All of it is about").set_value("Harrow").run()
    (read,) = [each.reading for each in at.session_state["_loaded"]]
    assert read.tables["activity"][["area", "count"]].to_numpy().tolist() == [["E09000015", 7], ["E09000015", 9]]


def test_dates_are_read_in_the_order_that_is_chosen() -> None:
    data = sheet(
        ("Borough", "Service", "Date", "Contacts"), ("Brent", "Crisis line", "03/04/2024", 7), ("Brent", "Crisis line", "05/04/2024", 9)
    )
    at = correct(drop(visit(), ("care.xlsx", data)), column="C")
    at = control(at, "03/04/2024 is").set_value(False).run()
    (read,) = [each.reading for each in at.session_state["_loaded"]]
    assert read.tables["activity"].period.tolist() == ["4 Mar 2024", "4 May 2024"]


def test_decimal_commas_are_chosen_by_hand_where_a_file_leaves_it_open() -> None:
    data = b"Borough;Service;Year;Contacts\nBrent;Crisis line;2024/25;1,500\n"
    at = correct(drop(visit(), ("care.csv", data)), column="D")
    assert control(at, "1,500 is").value is False
    at = control(at, "1,500 is").set_value(True).run()
    (read,) = [each.reading for each in at.session_state["_loaded"]]
    assert read.tables["activity"]["count"].tolist() == [1.5]


def test_a_quarter_beside_its_months_is_made_a_fact_by_hand() -> None:
    months = [("Brent", "Crisis line", period, contacts) for period, contacts in (("Apr 2024", 1), ("May 2024", 2), ("Jun 2024", 3))]
    data = sheet(("Borough", "Service", "Month", "Contacts"), *months, ("Brent", "Crisis line", "2024/25 Q1", 6))
    at = correct(drop(visit(), ("care.xlsx", data)), "The whole table")
    assert at.session_state["_loaded"][0].reading.tables["activity"]["count"].sum() == 6
    at = control(at, "A row that adds up others is a total").uncheck().run()
    assert at.session_state["_loaded"][0].reading.tables["activity"]["count"].sum() == 12


def test_lines_of_a_ledger_are_added_up_by_hand() -> None:
    lines = [("Brent", "Crisis line", "2024/25", centre, pounds) for centre, pounds in ((1001, 100), (1002, 20), (1003, 3))]
    data = sheet(("Borough", "Service", "Year", "Cost centre", "Spend (GBP)"), *lines)
    at = correct(drop(visit(), ("ledger.xlsx", data)), "The whole table")
    assert spend(at) == {"E09000005": 100}
    at = control(at, "Rows that state the same fact are parts of it: add them up").check().run()
    assert spend(at) == {"E09000005": 123}
    assert "3 rows" in told(at)
    at = control(at, "Rows that state the same fact are parts of it: add them up").uncheck().run()
    assert spend(at) == {"E09000005": 100}


def test_headings_and_the_last_row_are_moved_by_hand() -> None:
    at = correct(drop(visit(), ("spend.xlsx", MESSY)), "The whole table")
    assert [control(at, label).value for label in ("Headings from row", "Headings to row", "Last row of the table")] == [3, 3, 7]
    at = control(at, "Last row of the table").set_value(3).run()
    assert "begin at 4" in told(at)
    at = control(at, "Last row of the table").set_value(4).run()
    assert spend(at) == {"E09000005": 100_000}
    assert "Nothing needs your attention" in told(at)
    at = control(at, "Headings from row").set_value(2).run()
    assert not at.exception
    assert at.session_state["_loaded"][0].plan.tables[0].header_rows == (2, 3)
    assert spend(at) == {"E09000005": 100_000}


def test_a_table_that_is_not_used_gives_nothing_and_comes_back() -> None:
    at = drop(visit(), ("spend.xlsx", MESSY))
    at = control(at, "Use this table").uncheck().run()
    assert "Nothing could be loaded from it" in told(at)
    at = control(at, "Use this table").check().run()
    assert spend(at) == {"E09000005": 100_000}


def test_changing_what_was_added_changes_the_pages() -> None:
    at = correct(upload(visit(), ("spend.xlsx", MESSY)), column="C")
    assert money(at, period="2024/25") == {"Crisis line": 100_000}
    at = control(at, "Its figures are in").set_value("Pounds").run()
    assert money(at, period="2024/25") == {"Crisis line": 100}


# Adding in each mode


SAME = sheet(
    ("Borough", "Service", "Year", "Spend (£)"),
    ("Brent", "All mental-health services", "2019/20", 1000),
    ("Brent", "Crisis line", "2019/20", 50),
)


PUBLISHED_MONEY = 56_249_280.19
"""What NHS England published for Brent in 2019/20."""


@pytest.mark.parametrize(
    ("how", "wanted"),
    [
        (USE_NEW, {"All mental-health services": 1000, "Crisis line": 50}),
        (KEEP_OLD, {"All mental-health services": PUBLISHED_MONEY, "Crisis line": 50}),
        (REPLACE, {"All mental-health services": 1000, "Crisis line": 50}),
        (KEEP_BOTH, {"All mental-health services": PUBLISHED_MONEY, "All mental-health services (mine.xlsx)": 1000, "Crisis line": 50}),
    ],
)
def test_each_way_of_adding_keeps_what_it_says(how: str, wanted: dict[str, float]) -> None:
    at = drop(visit(), ("mine.xlsx", SAME))
    assert "1 new; 1 changed" in told(at)
    at = add(mode(at).set_value(how).run())
    assert money(at) == pytest.approx(wanted)
    assert (rows_of(at, "Investment") == 2) == (how == REPLACE)


def test_keeping_both_warns_that_totals_hold_both() -> None:
    at = mode(drop(visit(), ("mine.xlsx", SAME))).set_value(KEEP_BOTH).run()
    assert "Totals over all services then hold both" in " ".join(each.value for each in at.warning)


def test_what_would_go_is_said_before_a_table_is_replaced() -> None:
    at = mode(drop(visit(), ("mine.xlsx", SAME))).set_value(REPLACE).run()
    assert re.search(r"\*\*71 that are there now would go\*\*", told(at))


def test_figures_that_change_are_listed_old_and_new() -> None:
    at = drop(visit(), ("mine.xlsx", SAME))
    listed = next(each.value for each in at.table if "There now" in each.value.columns)
    assert listed["In this file"].tolist() == ["1,000"]
    assert listed["There now"].tolist() == ["56,249,280.19"]


def test_a_table_that_is_new_to_the_workspace_asks_for_no_mode() -> None:
    at = drop(
        visit(),
        ("mine.xlsx", book(workforce=frame("workforce", area=["E09000005"], service="Teams", period="2024/25", established_wte=[3.0]))),
    )
    assert not [each for each in at.radio if str(each.key).startswith("mode ")]


# Recipes


def test_a_recipe_is_recognised_when_the_layout_comes_again_with_new_columns() -> None:
    at = correct(drop(visit(), ("spend april.xlsx", MESSY)), column="C")
    at = control(at, "Its figures are in").set_value("Pounds").run()
    at = add(control(at, "Name of this layout").set_value("Monthly spend v3").run())
    again = sheet(("Mental health spend, 2025/26",), (), (*HEADINGS, "Comment"), ("Harrow", "Crisis line", 7, "AB", "late"))
    at = drop(at, ("spend may.xlsx", again))
    assert "Recognised: Monthly spend v3, 4 columns; 1 new column. New: Comment." in told(at)
    read = at.session_state["_loaded"][-1].reading
    assert read.tables["investment"][["area", "period", "amount_gbp"]].to_numpy().tolist() == [["E09000015", "2025/26", 7]]


def test_a_dropped_recipe_reads_what_waits_and_what_comes() -> None:
    at = correct(drop(visit(), ("spend.xlsx", MESSY)), column="C")
    at = control(at, "Its figures are in").set_value("Pounds").run()
    plan = at.session_state["_loaded"][0].plan
    text = to_json(plan).replace('"name": ""', '"name": "Monthly spend v3"', 1).encode()
    assert from_json(text).name == "Monthly spend v3"
    both = drop(visit(), ("recipe.json", text), ("spend.xlsx", MESSY))
    assert spend(both) == {"E09000005": 100}
    assert "Recognised: Monthly spend v3" in told(both)
    later = drop(visit(), ("spend.xlsx", MESSY), ("later.json", text))
    assert spend(later) == {"E09000005": 100}
    assert "Recipes of this session: 1" in told(later)
    gone = button(later, "Forget it").click().run()
    assert "Recipes of this session" not in told(gone)


@pytest.mark.parametrize("text", [b"{}", b'{"mhequity_recipe": 1}', b"{broken", b'{"mhequity_recipe": 1, "tables": [{"kind": "shoes"}]}'])
def test_a_bad_recipe_gives_a_plain_sentence(text: bytes) -> None:
    at = drop(visit(), ("recipe.json", text))
    assert not at.exception
    assert re.search(r"recipe\.json: .*recipe", " ".join(plain(each.value) for each in at.warning))
    assert "Nothing of yours is loaded yet" in told(at)


# Details of people and hidden sheets


PEOPLE = sheet(
    ("NHS number", "Borough", "Service", "Year", "Contacts"), ("943 476 5919", "Brent", "Crisis line", "2024/25", 3),
    ("987 654 4321", "Ealing", "Crisis line", "2024/25", 4), name="Caseload",
)  # fmt: skip


def test_details_of_people_stop_a_file_before_anything_is_kept() -> None:
    at = drop(visit(), ("caseload.xlsx", PEOPLE))
    said = " ".join(plain(each.value) for each in at.error)
    assert "stopped" in said
    assert "NHS number (column A of Caseload)" in said
    (entry,) = at.session_state["_loaded"]
    assert entry.data is None
    assert entry.reading.book.grids == ()
    assert not [each for each in at.button if each.label.startswith("Add")]


def test_a_person_can_go_on_without_those_columns() -> None:
    at = drop(visit(), ("caseload.xlsx", PEOPLE))
    at = button(at, "Go on without these columns").click().run()
    (entry,) = at.session_state["_loaded"]
    assert entry.reading.tables["activity"]["count"].tolist() == [3, 4]
    assert entry.data is None
    assert "943" not in " ".join(strip[0] for grid in entry.reading.book.grids for strip in grid.strips)
    assert "943" not in sheets(at)[0]
    at = add(at)
    assert "2 rows of yours" in answer(at)
    at = control(at, "Use this table").uncheck().run()
    at = control(at, "Use this table").check().run()
    assert "it was not read and not kept" in told(unfold(at))


def test_once_the_page_was_left_a_stopped_file_must_be_dropped_again() -> None:
    at = go(go(drop(visit(), ("caseload.xlsx", PEOPLE)), "unmet_need"), "your_data")
    assert not [each for each in at.button if "Go on" in each.label]
    assert "drop the file again" in told(at)


def test_hidden_sheets_are_named_and_read_on_request() -> None:
    hidden = (HEADINGS, ("Harrow", "Old line", 1, ""))
    data = sheet(("Mental health spend, 2024/25",), (), HEADINGS, ("Brent", "Crisis line", 100, "AB"), hidden=hidden)
    at = correct(drop(visit(), ("spend.xlsx", data)), column="C")
    at = control(at, "Its figures are in").set_value("Pounds").run()
    at = control(at, "Hidden sheets were not read. Read them too?").set_value(["Old version"]).run()
    at = button(at, "Read them").click().run()
    assert not at.exception
    assert spend(at) == {"E09000005": 100, "E09000015": 1000}


def test_a_hundred_sheets_are_drawn_one_by_one() -> None:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for at_ in range(30):
        page = workbook.create_sheet(f"Team {at_}")
        for row in (("Borough", "Year", "Contacts"), ("Brent", "2024/25", at_)):
            page.append(row)
    at = drop(visit(), ("teams.xlsx", saved(workbook)))
    assert len(sheets(at)) == 2
    assert len([each for each in at.expander if str(each.key).startswith("table ")]) == 30


def test_eighty_columns_stay_light() -> None:
    data = sheet(("Borough", *(f"Score {at} 2024/25" for at in range(80))), *(("Brent", *range(80)) for _ in range(2)))
    at = correct(drop(visit(), ("wide.xlsx", data)), column="BB")
    assert len(at.selectbox) < 12
    (shown,) = sheets(at)
    assert len(shown) < 60_000
    assert 'class="chosen"' in shown
    assert "and 50 columns more" in shown


def test_the_downloads_of_a_file_are_offered() -> None:
    at = drop(visit(), ("spend.xlsx", MESSY))
    labels = [each.label for each in at.get("download_button")]
    for wanted in (
        "Investment, tidy (CSV)",
        "Tidy tables (Excel)",
        "All findings (CSV)",
        "Your workbook, problem cells marked",
        "Recipe (JSON)",
    ):
        assert wanted in labels
    assert any("rows left out" in label for label in labels)
