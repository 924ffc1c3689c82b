"""Personal data in an uploaded table is seen, wherever it hides; published figures, names of services and prose pass."""

import csv
import random
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mhequity.reading.grids import strip_of
from mhequity.reading.personal import Personal, scan

ROOT = Path(__file__).resolve().parents[2]


def seen(heading: str, *cells: str, kind: str = "") -> list[tuple[str, int, int]]:
    """What is seen in one column: what, how many cells, the first row."""
    return [(each.what, each.count, each.first_row) for each in scan([heading], [strip_of(cells)], kind)]


def table(columns: dict[str, list[str]], kind: str = "") -> list[tuple[int, str, int, int]]:
    found = scan(list(columns), [strip_of(cells) for cells in columns.values()], kind)
    return [(each.at, each.what, each.count, each.first_row) for each in found]


def with_check_digit(nine: str) -> str | None:
    """The NHS number that nine digits begin, if there is one [NHS Data Dictionary: NHS NUMBER]."""
    check = 11 - sum(int(digit) * weight for digit, weight in zip(nine, range(10, 1, -1), strict=True)) % 11
    return None if check == 10 else nine + str(check % 11)


nine_digits = st.text("0123456789", min_size=9, max_size=9)
nhs_numbers = nine_digits.map(with_check_digit).filter(lambda number: number is not None and len(set(number)) > 1)
no_nhs_numbers = st.text("0123456789", min_size=10, max_size=10).filter(lambda number: with_check_digit(number[:9]) != number)


# NHS numbers


@given(
    nhs_numbers,
    st.sampled_from(
        ["{0}{1}{2}", "{0} {1} {2}", "{0}-{1}-{2}", "{0}\u00a0{1}\u00a0{2}", "'{0}{1}{2}", "seen today ({0} {1} {2}), letter sent"]
    ),
)
@example("9434765919", "{0} {1} {2}")
def test_a_valid_nhs_number_is_always_found(number: str, form: str) -> None:
    assert ("NHS numbers", 1, 1) in seen("ref", "", form.format(number[:3], number[3:6], number[6:]), "A12")


@given(st.lists(no_nhs_numbers, min_size=1, max_size=30))
def test_ten_digits_that_fail_the_check_are_never_nhs_numbers(numbers: list[str]) -> None:
    assert "NHS numbers" not in [what for what, _, _ in seen("ref", *numbers)]


@given(st.lists(nhs_numbers, min_size=3, max_size=30, unique=True))
def test_nhs_numbers_are_found_under_a_heading_of_figures(numbers: list[str]) -> None:
    assert seen("amount", *numbers) == [("NHS numbers", len(numbers), 0)]


def test_nhs_numbers_are_counted_in_cells_with_the_first_row() -> None:
    assert scan(["area", "id"], [strip_of(["Brent"] * 4), strip_of(["", "4010232137", "9434765919", "4010232137"])]) == [
        Personal(at=1, what="NHS numbers", count=3, first_row=1)
    ]


def test_under_its_own_heading_a_mistyped_nhs_number_counts_too() -> None:
    assert seen("NHS Number", "9434765910", "943 476 5919", "not known") == [("NHS numbers", 2, 0)]


def test_an_nhs_number_as_a_number_with_a_decimal_is_found() -> None:
    assert seen("id", "9434765919.0", "4010232137.0") == [("NHS numbers", 2, 0)]


@pytest.mark.parametrize(
    "text", ["NHS no: 9434765919", "NHS9434765919", "nhs number 943-476-5919.", "Re 943 476 5919, seen", "9434765919; 4010232137"]
)
def test_an_nhs_number_inside_text_is_found(text: str) -> None:
    assert seen("comment", "none", text) == [("NHS numbers", 1, 1)]


@pytest.mark.parametrize("text", [
    "0.9434765919", "£9434765919", "9,434,765,919", "ISBN 9434765919", "https://example.org/9434765919", "REF9434765919", "94347659190", "+44 943 476 5919", "9434765919%",
    "9999999999", "943476 5919",
])  # fmt: skip
def test_other_uses_of_such_digits_pass(text: str) -> None:
    assert seen("x", text) == []


def test_a_column_of_ten_digit_ids_passes_though_one_in_eleven_passes_the_check() -> None:
    rng = random.Random(7)
    assert seen("pathway id", *[str(rng.randrange(10**9, 10**10)) for _ in range(5000)]) == []
    assert seen("pathway id", *[str(1_700_000_000 + at) for at in range(5000)]) == []


def test_sums_of_ten_digits_pass() -> None:
    assert seen("Allocation (£)", "4010232137", "4100000000") == []
    assert seen("Brent", "12", "9434765919", "250.5", "1,200") == []
    assert seen("2024/25", "4010232137") == []


def test_only_texts_that_a_row_still_holds_count() -> None:
    strip = strip_of(["9434765919", "12", "13"])
    assert scan(["ref"], [strip.take(np.array([1, 2]))]) == []


# Dates of birth


@pytest.mark.parametrize("heading", ["DOB", "D.O.B.", "Date of birth", "Birth date", "PersonBirthDate", "patient_dob"])
@pytest.mark.parametrize("day", ["1980-02-01", "01/02/1980", "1 Feb 1980", "01-Feb-1980", "1/2/80"])
def test_dates_under_a_heading_of_birth_are_seen(heading: str, day: str) -> None:
    assert seen(heading, "", day) == [("dates of birth", 1, 1)]


def births(count: int) -> list[str]:
    rng = random.Random(3)
    return [(date(1940, 1, 1) + timedelta(days=rng.randrange(60 * 365))).strftime("%d/%m/%Y") for _ in range(count)]


def test_dates_that_spread_like_births_are_seen_without_a_heading() -> None:
    columns = {"d1": births(40), "seen": ["05/06/2024"] * 40}
    assert table(columns) == [(0, "dates of birth", 40, 0)]


def test_shares_of_complete_birth_dates_pass() -> None:
    assert seen("Date of birth complete", "98%", "97.5%") == []


def test_periods_over_thirty_years_pass() -> None:
    months = [f"{year}-{month:02d}-01" for year in range(1990, 2024) for month in range(1, 13)]
    ends = [f"31/03/{year}" for year in range(1990, 2024)]
    days = [(date(1990, 1, 1) + timedelta(days=step)).isoformat() for step in range(0, 12_000)]
    weeks = [(date(1990, 1, 1) + timedelta(days=step)).isoformat() for step in range(0, 12_000, 7)]
    shuffled = random.Random(1).sample(weeks, len(weeks))
    assert [seen("", *column) for column in (months, ends, days, weeks, shuffled, months * 5)] == [[]] * 6


def test_when_sites_opened_passes() -> None:
    assert seen("Opened", *births(40)) == []
    assert seen("d", *births(40), kind="sites") == []


# Names of people


@pytest.mark.parametrize(("heading", "names"), [
    ("Patient name", ["Jane Smith"]), ("Surname", ["O'Neill", "WHITE", "Green"]), ("Forename", ["chidi"]), ("First Name", ["Xin", "Amélie"]), ("last_name", ["Hill"]),
    ("Client", ["Jane Smith", "Chidi Okafor"]), ("Service user", ["Smith, Jane", "Patel, R"]), ("Name", ["Jane Smith", "Mohammed Ali"]),
    ("Name", ["Xin Zhao", "Oyinkan Braithwaite", "Ewa Nowak"]), ("", ["Jane Smith", "Mohammed Ali", "David Jones"]), ("who", ["Mr J Smith", "Mrs Ali", "Ms Jones"]),
    ("Employee name", ["Jane Smith"]),
])  # fmt: skip
def test_names_of_people_are_seen(heading: str, names: list[str]) -> None:
    assert seen(heading, *names) == [("names of people", len(names), 0)]


@pytest.mark.parametrize(("heading", "names"), [
    ("Name", ["Tower Hamlets", "Waltham Forest", "Kensington and Chelsea"]), ("Name", ["Maudsley Hospital", "Rose Lodge", "Jane Atkinson Health Centre"]), ("Name", ["Milton Keynes"]),
    ("Name", ["Hartlepool", "Redcar and Cleveland", "Milton Keynes"]), ("Client", ["Brent Council", "Barnet Council"]), ("Client name", ["Ealing Council"]), ("Patient", ["120", "130"]),
    ("Client group", ["Older People", "Young Adults"]), ("Patients", ["1,234", "*"]), ("Owner", ["Jane Smith", "David Jones", "Mohammed Ali"]),
    ("Owner", ["Director of mental health", "Head of performance"]), ("Ward", ["Mary Seacole", "Jane Austen", "Rosa Parks"]), ("Provider", ["West London NHS Trust"]),
    ("Ethnic group", ["White British", "Black African", "Asian Indian"]), ("First name", ["12", "13"]), ("", ["Open access", "Early Help", "Dual Diagnosis"]),
])  # fmt: skip
def test_names_of_places_services_and_roles_pass(heading: str, names: list[str]) -> None:
    assert seen(heading, *names) == []


def test_names_of_sites_pass() -> None:
    assert table({"name": ["Mary Seacole", "Rosa Parks", "Jane Austen"], "postcode": ["NW10 4QX", "W1A 1AA", "E1 6AN"]}, kind="sites") == []


# Postcodes, emails, phone numbers


def test_full_postcodes_are_seen_beside_names_only() -> None:
    postcodes = ["NW10 4QX", "w1a1aa", ""]
    assert table({"Name": ["Jane Smith", "David Jones", "Priya Shah"], "pc": postcodes}) == [
        (0, "names of people", 3, 0),
        (1, "full postcodes beside names", 2, 0),
    ]
    assert table({"Practice": ["Abbey Surgery", "Park Clinic", "Hill Practice"], "pc": postcodes}) == []


def test_codes_beside_names_are_no_postcodes() -> None:
    assert [
        at for at, *_ in table({"Name": ["Jane Smith", "David Jones"], "area": ["E09000005", "E54000027"], "lsoa": ["E01000001", "QRV"]})
    ] == [0]


@pytest.mark.parametrize("text", ["jane.smith@nhs.net", "jbloggs@gmail.com", "write to j@example.com today"])
def test_email_addresses_are_seen(text: str) -> None:
    assert seen("x", "-", text) == [("email addresses", 1, 1)]


def test_shared_mailboxes_of_institutions_and_handles_pass() -> None:
    assert seen("contact", "england.mhdata@nhs.net", "statistics@ons.gov.uk", "info@example.org.uk", "@NHSEngland", "5 @ 20") == []


@pytest.mark.parametrize("text", [
    "07911 123456", "07911123456", "0791 112 3456", "+447911123456", "+44 (0)20 7946 0958", "0044 7911 123456", "(020) 7946 0958",
    "020 7946 0958", "020 8123 4567", "01632 960123", "0161 496 0123", "ring 07700 900123 after 5", "Tel.02079460958",
])  # fmt: skip
def test_phone_numbers_are_seen(text: str) -> None:
    assert seen("x", text) == [("phone numbers", 1, 0)]


@pytest.mark.parametrize("text", [
    "0300 123 3393", "0800 028 8000", "111", "999", "2081234567", "7911123456", "0.07911123456", "01-02-2024 12:00", "2024-07-01 13:05:00", "07-2024 12-2025", "00000012345",
    "E01000001", "0207946095812345", "1 023 456 789", "01/04/2024 - 31/03/2025",
])  # fmt: skip
def test_helplines_figures_and_times_are_no_phone_numbers(text: str) -> None:
    assert seen("x", text) == []


def test_phone_numbers_in_a_column_of_figures_and_of_sites_pass() -> None:
    assert seen("value", "02081234567", "12", "14", "900") == []
    assert seen("phone", "020 7946 0958", kind="sites") == []
    assert seen("phone", "02079460958", "12", "14") == [("phone numbers", 1, 0)]


# Notes about people


@pytest.mark.parametrize("text", [
    "She reports low mood and poor sleep", "Pt seen at home, denies thoughts of self-harm", "Mr K attended late", "Patient reported hearing voices", "The client was tearful, his mother attended",
    "JS attended with her mother", "45 year old male referred by GP", "Client feels anxious about leaving the flat", "Discharged. He is moving to Leeds", "Seen with J.S. reports better sleep",
])  # fmt: skip
@pytest.mark.parametrize("heading", ["Notes", "", "Column7"])
def test_notes_about_a_person_are_seen(text: str, heading: str) -> None:
    assert seen(heading, "", "routine", text) == [("notes about people", 1, 2)]


@pytest.mark.parametrize("text", [
    "Patients will be seen sooner", "Each patient has a care plan and his or her carer is heard", "The patient is at the centre of care", "He/she should be offered a choice", "Her Majesty's Prison",
    "People who rate their care good or very good, share", "Number of referrals where the patient was seen within 4 weeks", "Clock stops when the patient attended a second contact",
    "A patient is counted once", "Figures rounded to the nearest 5; GP reported activity", "People aged 65 years old and over", "Patients reported longer waits, the paper says",
    "Source: NHS England, MHSDS; excludes patients discharged to a GP", "Estimate by the provider, not validated", "Every resident knows how to find mental health support, in a crisis and day to day",
    "A service user was asked to join the board", "1 WTE post vacant since May; agency staff cover",
])  # fmt: skip
def test_prose_about_services_passes(text: str) -> None:
    assert [seen(heading, text, "-") for heading in ("Notes", "Next steps", "")] == [[]] * 3


def test_prose_of_a_strategy_may_speak_of_whoever_is_responsible() -> None:
    assert seen("Status", "She will report to the board in May", kind="ambitions") == []
    assert seen("Status", "Pt reports low mood, his mother attended", kind="ambitions") == [("notes about people", 1, 0)]


def test_definitions_and_sources_may_speak_of_the_patient() -> None:
    assert seen("Definition", "The patient was admitted and has a history of self-harm") == []


# What is published


def columns_of(path: Path) -> tuple[list[str], list[list[str]]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    heading, *rows = csv.reader(text.splitlines())
    return heading, [[row[at] if at < len(row) else "" for row in rows] for at in range(len(heading))]


@pytest.mark.parametrize("path", sorted((ROOT / "data").rglob("*.csv")), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_nothing_is_seen_in_published_files(path: Path) -> None:
    headings, columns = columns_of(path)
    strips = [strip_of(cells) for cells in columns]
    assert scan(headings, strips) == []
    assert scan([""] * len(headings), strips) == []


def test_rows_of_the_mental_health_services_data_set_pass() -> None:
    assert table({
        "REPORTING_PERIOD_START": ["01/07/2024", "01/07/2024"], "BREAKDOWN": ["Sub ICB - Provider", "England"], "PRIMARY_LEVEL": ["A3A8R", "England"],
        "PRIMARY_LEVEL_DESCRIPTION": ["NHS NORTH EAST LONDON ICB - A3A8R", "England"], "SECONDARY_LEVEL": ["RWK", "NONE"],
        "SECONDARY_LEVEL_DESCRIPTION": ["EAST LONDON NHS FOUNDATION TRUST", "NONE"], "MEASURE_ID": ["MRS01", "MRS01a"],
        "MEASURE_NAME": ["Number of CMH referral-spells receiving a full clock stop in the RP"] * 2, "MEASURE_VALUE": ["1148", "*"],
    }) == []  # fmt: skip


def test_an_empty_table_and_blank_columns_hold_nothing() -> None:
    assert scan([], []) == []
    assert scan(["NHS number", "DOB", "Name"], [strip_of([])] * 3) == []
    assert scan(["NHS number", "DOB", "Name"], [strip_of(["", ""])] * 3) == []
