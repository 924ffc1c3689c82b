"""Every file of the zoo is understood as a person would understand it."""

import re

import pandas as pd
import pytest

from mhequity import areas, tables
from mhequity.reading import BLOCKED, FIXED, NOTE, Reading, read
from mhequity.reading.findings import KINDS
from tests.reading import zoo
from tests.reading.zoo import Exhibit, Fact

ALL = [pytest.param(build(), id=build.__name__) for build in zoo.EXHIBITS]
every = pytest.mark.parametrize("exhibit", ALL)


def having(attribute: str):
    """The exhibits that state this."""
    return pytest.mark.parametrize("exhibit", [each for each in ALL if getattr(each.values[0], attribute)])


def reading_of(exhibit: Exhibit) -> Reading:
    return read(exhibit.data, exhibit.name, **exhibit.read_with)


@every
def test_the_tables_in_it_are_found(exhibit: Exhibit) -> None:
    found = set(reading_of(exhibit).tables)
    assert exhibit.kinds <= found <= exhibit.kinds | exhibit.may


@having("headers")
def test_headings_are_found_where_they_stand(exhibit: Exhibit) -> None:
    used = [table for table in reading_of(exhibit).plan.tables if table.used]
    assert sorted((table.sheet, table.header_rows) for table in used) == sorted(exhibit.headers)


@having("facts")
def test_each_figure_is_read_with_all_that_it_is_about(exhibit: Exhibit) -> None:
    held = reading_of(exhibit).tables
    wrong = [(wanted, found) for wanted in exhibit.facts if (found := figures(held, wanted)) != [wanted.value]]
    assert wrong == []


@having("sums")
def test_no_figure_is_lost_and_no_total_is_counted(exhibit: Exhibit) -> None:
    held = reading_of(exhibit).tables
    found = {}
    for name in exhibit.sums:
        table, column = name.split(".")
        values = held[table][column].dropna() if table in held else pd.Series(dtype=float)
        found[name] = (len(values), round(float(values.sum()), 6))
    assert found == dict(exhibit.sums)


@having("comparators")
def test_totals_and_wider_places_stand_beside_the_tables(exhibit: Exhibit) -> None:
    named = {area for frame in reading_of(exhibit).comparators.values() for area in frame["area"]}
    assert set(exhibit.comparators) <= named


@having("left_out")
def test_what_is_left_out_is_listed(exhibit: Exhibit) -> None:
    listed = " ".join(str(cell) for row in reading_of(exhibit).rejected.to_dict("records") for cell in row.values())
    assert [text for text in exhibit.left_out if text not in listed] == []


@pytest.mark.parametrize("exhibit", [each for each in ALL if each.values[0].rejected_rows is not None])
def test_exactly_the_rows_that_are_not_understood_are_left_out(exhibit: Exhibit) -> None:
    assert tuple(sorted(set(reading_of(exhibit).rejected["row"]))) == exhibit.rejected_rows


@having("said")
def test_what_a_person_should_know_is_said_in_one_finding(exhibit: Exhibit) -> None:
    said = [plain(f"{found.sheet} {found.seen} {found.done} {found.advice}") for found in reading_of(exhibit).findings]
    assert [words for words in exhibit.said if not any(all(plain(word) in text for word in words) for text in said)] == []


@every
def test_every_area_is_a_place_of_london_and_no_fact_stands_twice(exhibit: Exhibit) -> None:
    for name, frame in reading_of(exhibit).tables.items():
        assert set(frame["area"]) <= set(areas.by_code())
        keys = [tuple(row) for row in frame[tables.kind(name).key].to_numpy()]
        assert len(keys) == len(set(keys)), name


@every
def test_frames_are_tidy(exhibit: Exhibit) -> None:
    reading = reading_of(exhibit)
    for name, frame in [*reading.tables.items(), *reading.comparators.items()]:
        assert list(frame.columns[: len(tables.kind(name).names)]) == tables.kind(name).names
        for column in tables.kind(name).numbers:
            assert frame[column].dtype == "float64"
            assert frame.loc[tables.is_suppressed(frame, column), column].isna().all()


@every
def test_findings_say_what_was_seen_and_what_was_done(exhibit: Exhibit) -> None:
    for found in reading_of(exhibit).findings:
        assert found.severity in (BLOCKED, FIXED, NOTE)
        assert found.kind in KINDS
        assert found.kind != "other"
        assert found.seen + found.done
        assert not re.search(
            r"Traceback|Error\b.*line \d|object at 0x|<class|\bnan\b|[=:,(] ?None\b", f"{found.seen} {found.done} {found.advice}"
        ), found


def test_personal_data_stop_the_file_with_one_finding_that_names_the_column() -> None:
    reading = reading_of(zoo.personal_data())
    assert reading.tables == {}
    assert reading.comparators == {}
    assert reading.rejected.empty
    stopped = [found for found in reading.findings if found.severity == BLOCKED]
    assert len(stopped) == 1
    assert "NHS number" in stopped[0].seen + stopped[0].done


def test_personal_data_are_nowhere_in_what_is_read_without_them() -> None:
    reading = reading_of(zoo.personal_data_set_aside())
    held = [frame.to_csv() for frame in (*reading.tables.values(), *reading.comparators.values(), reading.rejected)]
    assert not any("999" in text or "Made Up" in text for text in (*held, str(reading.findings)))


def test_a_practice_never_passes_for_its_system() -> None:
    for frame in reading_of(zoo.qof_by_practice()).tables.values():
        named = [frame[column] for column in ("provider", "team") if column in frame]
        assert named, "a table that cannot name a practice holds none"
        assert all("".join(names) for names in zip(*named, strict=True))


def test_a_share_keeps_its_unit_and_a_rate_does_not_become_one() -> None:
    frame = reading_of(zoo.gla_profile()).tables["indicators"]
    units = frame.drop_duplicates("measure").set_index("measure")["unit"]
    shares = sorted(measure for measure, unit in units.items() if unit == "share")
    assert [plain(measure) for measure in shares] == ["childhood obesity prevalence", "employment rate", "unemployment rate"]


def figures(held: dict[str, pd.DataFrame], wanted: Fact) -> list[float | str | None]:
    """What the tables hold under these labels."""
    columns = ["activity.count", "indicators.value"] if wanted.column == zoo.ANY else [wanted.column]
    found: list[float | str | None] = []
    for table, column in (name.split(".") for name in columns):
        for row in held[table].to_dict("records") if table in held else []:
            if all(same(label, text, str(row.get(label, ""))) for label, text in wanted.labels.items()):
                suppressed = column in row["suppressed"].split()
                found.append("suppressed" if suppressed else None if pd.isna(row[column]) else round(row[column], 9))
    return found


def same(label: str, wanted: str, found: str) -> bool:
    if label == "measure":
        return set(words(wanted)) <= set(words(found))
    if label == "age_band":
        return wanted == found.replace(" to ", "-").replace("–", "-")
    return wanted == found


def words(text: str) -> list[str]:
    """``Count_ReferralsReceived`` to count, referrals, received."""
    return [word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", text)]


def plain(text: str) -> str:
    return text.casefold().replace(",", "").replace("£", "").replace("_", " ").strip()
