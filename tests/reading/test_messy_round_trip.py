"""Whatever layout a tidy table is given, reading gives the tidy table back: nothing lost, nothing added, nothing guessed.

``MESSY_CASES=10000 pytest tests/reading/test_messy_round_trip.py`` draws other cases each time, and that many. With
``MESSY_SIMPLE=1`` beside it a failing file is made as simple as it can be.
"""

import csv
import io
import os
from collections import Counter

import pandas as pd
from hypothesis import HealthCheck, given, settings
from openpyxl import load_workbook
from pandas.testing import assert_frame_equal

from mhequity import areas, tables
from mhequity.reading import read
from tests.reading.messy import BOROUGH, COMPARATOR, SUPPRESSED, Messy, Story, all_numbers, choices, facts, messy_files, story_of

CASES = int(os.environ.get("MESSY_CASES", "300"))
FILES = messy_files(simple="MESSY_SIMPLE" in os.environ)
SLOW_IS_FINE = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
many = settings(max_examples=CASES, deadline=None, derandomize="MESSY_CASES" not in os.environ, suppress_health_check=SLOW_IS_FINE)
some = settings(many, max_examples=max(CASES // 3, 1))


@many
@given(FILES)
def test_a_messy_file_is_read_as_the_tidy_table_it_was_made_from(messy: Messy) -> None:
    found, true = facts(read(messy.data, messy.name).tables), facts(messy.truth)
    lost, added = (sorted(each.elements(), key=str) for each in (true - found, found - true))
    assert [*lost, *added] == [], "\n".join(["", *(f"lost  {one}" for one in lost[:4]), *(f"added {one}" for one in added[:4])])


@some
@given(FILES)
def test_figures_left_out_are_listed_and_no_figure_is_both_read_and_listed(messy: Messy) -> None:
    """Totals and wider places may be listed too: they are not in the tables."""
    rejected = read(messy.data, messy.name).rejected
    listed = all_numbers(_texts(rejected))
    assert messy.left_out - listed == Counter()
    assert listed - messy.left_out - messy.beside == Counter()
    assert (rejected["reason"] != "").all()


@some
@given(FILES)
def test_what_is_read_and_what_is_left_out_add_up_to_the_file(messy: Messy) -> None:
    held = all_numbers(cell for sheet in messy.sheets for row in sheet.rows for cell in row) - messy.beside
    reading = read(messy.data, messy.name)
    figures = sum(int(frame[column].notna().sum()) for name, frame in reading.tables.items() for column in tables.kind(name).numbers)
    assert figures + sum((all_numbers(_texts(reading.rejected)) - messy.beside).values()) == held.total()


@some
@given(FILES)
def test_totals_and_wider_places_stand_beside_the_tables(messy: Messy) -> None:
    beside = facts(read(messy.data, messy.name).comparators)
    assert sorted((facts(messy.comparators) - beside).items(), key=str)[:5] == []


@some
@given(FILES)
def test_a_suppressed_or_missing_cell_is_never_a_number(messy: Messy) -> None:
    found = read(messy.data, messy.name).tables
    for name, frame in found.items():
        for column in tables.kind(name).numbers:
            assert frame.loc[tables.is_suppressed(frame, column), column].isna().all(), (name, column)
    suppressed = {(fact[:2], fact[3:]) for fact in facts(messy.truth) if fact[2] == SUPPRESSED}
    assert [fact for fact in facts(found) if fact[2] != SUPPRESSED and (fact[:2], fact[3:]) in suppressed] == []


@some
@given(FILES)
def test_reading_twice_gives_the_same(messy: Messy) -> None:
    one, two = read(messy.data, messy.name), read(messy.data, messy.name)
    assert list(one.tables) == list(two.tables)
    for name in one.tables:
        assert_frame_equal(one.tables[name], two.tables[name])
    assert (one.findings, one.plan) == (two.findings, two.plan)
    assert_frame_equal(one.rejected, two.rejected)


@some
@given(FILES)
def test_the_generator_writes_what_it_says(messy: Messy) -> None:
    """The bytes, opened by other programs, hold the cells; and the figures of the truth are among them."""
    wanted = [[[_said(cell) for cell in row] for row in sheet.rows] for sheet in messy.sheets]
    held = _opened(messy)
    assert [_trimmed(sheet) for sheet in held] == [_trimmed(sheet) for sheet in wanted]
    shown = all_numbers(cell for sheet in held for row in sheet for cell in row)
    stated = [fact for fact in facts(messy.truth).elements() if fact[2] != SUPPRESSED]
    assert shown.total() == len(stated) + messy.left_out.total() + messy.beside.total()


@some
@given(choices().map(story_of))
def test_the_generator_spells_boroughs_in_known_ways_only(story: Story) -> None:
    for place in story.places:
        found = areas.match(place.written)
        assert (found.area.code if found.area else "") == (place.meant if place.role == BOROUGH else ""), place
        assert found.comparator == (place.meant if place.role == COMPARATOR else ""), place


def test_facts_count_a_figure_once_and_a_missing_one_not_at_all() -> None:
    frame = tables.conform(
        pd.DataFrame(
            {"area": ["E09000005"] * 2, "period": ["2024/25"] * 2, "seen": [7.0, float("nan")], "suppressed": ["", "median_days"]}
        ),
        "waits",
    )
    labels = (("area", "E09000005"), ("period", "2024/25"))
    assert facts({"waits": frame}) == Counter({("waits", "seen", 7.0, *labels): 1, ("waits", "median_days", "suppressed", *labels): 1})


def _texts(rejected: pd.DataFrame) -> list[str]:
    """The source's cells in the rows that were left out."""
    listed = rejected.drop(columns=["file", "sheet", "row", "reason"])
    return [cell for column in listed for cell in listed[column] if isinstance(cell, str)]


def _opened(messy: Messy) -> list[list[list[str]]]:
    if messy.name.endswith("xlsx"):
        book = load_workbook(io.BytesIO(messy.data))
        return [[[_said(cell) for cell in row] for row in page.iter_rows(values_only=True)] for page in book]
    text = messy.data.decode(messy.layout.encoding)
    return [[[_said(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=messy.layout.delimiter)]]


def _said(cell: object) -> str:
    """Text that is the same for 2 and 2.0, and for a day with and without its midnight."""
    return "" if cell is None else str(cell).removesuffix(" 00:00:00").removesuffix(".0")


def _trimmed(sheet: list[list[str]]) -> list[list[str]]:
    """Without the blank cells at the end of each row and the blank rows at the end of the sheet."""
    rows = [row[: 1 + max((at for at, cell in enumerate(row) if cell), default=-1)] for row in sheet]
    return rows[: 1 + max((at for at, row in enumerate(rows) if row), default=-1)]
