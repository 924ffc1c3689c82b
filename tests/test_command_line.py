"""``python -m mhequity``: what it prints, what it writes, its exit codes, and that nothing makes it show a traceback."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from mhequity.__main__ import main

ROOT = Path(__file__).resolve().parents[1]
SPEND = """Borough,Service,Year,Spend (£000s)
Brent,Talking therapies,2023/24,120
Harrow,Talking therapies,2023/24,<5
Hounslw,Talking therapies,2023/24,90
Hertfordshire,Talking therapies,2023/24,80
Total,Talking therapies,2023/24,295
"""
GOOD = "Borough,Service,Year,Spend\nBrent,Talking therapies,2023/24,120\nHarrow,Talking therapies,2023/24,90\n"
PEOPLE = "NHS number,Borough,Service,Year,Spend\n9434765919,Brent,CMHT,2023/24,120\n9434765870,Harrow,CMHT,2023/24,150\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written(folder: Path, text: str, name: str = "spend.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def run(*arguments: object, folder: Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    """The command in a process of its own, as a person starts it."""
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), **variables}
    line = [sys.executable, "-m", "mhequity", *map(str, arguments)]
    done = subprocess.run(line, cwd=folder, env=surroundings, capture_output=True, timeout=120, check=False)
    assert b"Traceback" not in done.stderr
    return done


def understood(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    main(["read", *map(str, arguments), "--json"])
    return json.loads(capsys.readouterr().out)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# What is understood ------------------------------------------------------------------------------------------------------


def test_json_says_how_each_table_was_understood(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = understood(capsys, written(folder, SPEND))
    assert told["file"] == "spend.csv"
    assert told["tables"] == [
        {
            "kind": "investment",
            "sheet": "spend",
            "header_rows": [1],
            "first_row": 2,
            "last_row": 6,
            "rows": 2,
            "columns": {"area": "Borough", "service": "Service", "period": "Year", "amount_gbp": "Spend (£000s)"},
            "measures": ["amount_gbp"],
            "area_column": "Borough",
            "areas_matched": 2,
            "areas_proposed": {"Hounslw": "Hounslow"},
            "areas_unmatched": ["Hertfordshire"],
            "comparators": ["Total"],
            "periods": ["2023/24"],
        }
    ]
    assert told["sheets_ignored"] == []
    (blocked,) = [each for each in told["findings"] if each["severity"] == "blocked"]
    assert set(blocked) == {"severity", "kind", "sheet", "cell", "seen", "done", "advice"}
    assert (blocked["sheet"], blocked["cell"], blocked["seen"]) == ("spend", "A4", "Hounslw")


def test_words_name_the_table_its_columns_and_what_was_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(written(folder, SPEND))]) == 0
    out = capsys.readouterr().out
    assert "Investment: 2 facts (sheet spend, rows 2 to 6, headings in row 1)" in out
    assert "amount_gbp: Spend (£000s)" in out
    assert "Hounslw: did you mean Hounslow?" in out
    assert "Left out: 1" in out


def test_several_files_give_a_list_in_their_order(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = written(folder, SPEND, "b.csv"), written(folder, GOOD, "a.csv")
    assert [each["file"] for each in understood(capsys, *files)] == ["b.csv", "a.csv"]


def test_files_of_a_zip_are_named_with_their_sheets(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with zipfile.ZipFile(folder / "both.zip", "w") as archive:
        archive.writestr("one.csv", GOOD)
        archive.writestr("two.csv", GOOD.replace("2023/24", "2024/25"))
    told = understood(capsys, folder / "both.zip")
    assert [(each["sheet"], each["periods"]) for each in told["tables"]] == [("one.csv/one", ["2023/24"]), ("two.csv/two", ["2024/25"])]


def test_a_hidden_sheet_is_read_when_it_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = Workbook()
    for sheet, borough in ((book.active, "Brent"), (book.create_sheet("Not for now"), "Harrow")):
        sheet.append(["Borough", "Service", "Year", "Spend"])
        sheet.append([borough, "CMHT", "2023/24", 5])
    book["Not for now"].sheet_state = "hidden"
    book.save(folder / "book.xlsx")
    assert understood(capsys, "book.xlsx")["sheets_ignored"] == ["Not for now"]
    told = understood(capsys, "book.xlsx", "--sheet", "Not for now")
    assert [each["sheet"] for each in told["tables"]] == ["Not for now"]
    assert told["sheets_ignored"] == ["Sheet"]


def test_details_of_people_stop_a_file_until_it_is_read_without_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(written(folder, PEOPLE, "people.csv"))
    assert main(["read", path, "--json"]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out)["tables"] == []
    assert "9434765919" not in told.out + told.err
    assert "--without-personal" in told.err
    assert main(["read", path, "--without-personal", "--tidy", "tidy"]) == 0
    assert "9434765919" not in capsys.readouterr().out
    assert [row["amount_gbp"] for row in rows(folder / "tidy" / "investment.csv")] == ["120.0", "150.0"]


# What is written ---------------------------------------------------------------------------------------------------------


def test_tidy_tables_name_areas_by_code_and_name(folder: Path) -> None:
    assert main(["read", str(written(folder, SPEND)), "--tidy", "out/tidy"]) == 0
    first, second = rows(folder / "out" / "tidy" / "investment.csv")
    assert (first["area"], first["area_name"], first["amount_gbp"], first["suppressed"]) == ("E09000005", "Brent", "120000.0", "")
    assert (second["area"], second["area_name"], second["amount_gbp"], second["suppressed"]) == ("E09000015", "Harrow", "", "amount_gbp")
    (total,) = rows(folder / "out" / "tidy" / "investment totals.csv")
    assert (total["area"], total["amount_gbp"]) == ("Total", "295000.0")


def test_tidy_tables_never_take_the_place_of_the_file_that_is_read(folder: Path) -> None:
    path = written(folder, GOOD, "investment.csv")
    assert main(["read", str(path), "--tidy", str(folder)]) == 0
    assert path.read_text(encoding="utf-8") == GOOD
    assert len(rows(folder / "investment (2).csv")) == 2


def test_tidy_tables_of_files_with_one_name_stand_side_by_side(folder: Path) -> None:
    (folder / "old").mkdir()
    files = written(folder, GOOD), written(folder / "old", GOOD)
    assert main(["read", *map(str, files), "--tidy", "tidy"]) == 0
    assert sorted(each.name for each in (folder / "tidy").iterdir()) == ["spend - investment (2).csv", "spend - investment.csv"]


def test_a_saved_recipe_reads_the_next_file_of_its_layout(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", str(written(folder, SPEND)), "--save-recipe", "Monthly spend.json"]) == 0
    capsys.readouterr()
    told = understood(capsys, written(folder, SPEND.replace("2023/24", "2024/25"), "next.csv"), "--recipe", "Monthly spend.json")
    assert "Recognised: Monthly spend, 4 columns." in [each["done"] for each in told["findings"]]
    assert told["tables"][0]["periods"] == ["2024/25"]


def test_a_recipe_never_takes_the_place_of_the_file_that_is_read(folder: Path) -> None:
    path = written(folder, GOOD)
    assert main(["read", str(path), "--save-recipe", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == GOOD


def test_a_recipe_is_saved_from_one_file_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(written(folder, GOOD))
    assert main(["read", path, path, "--save-recipe", "both.json"]) == 2
    assert capsys.readouterr().err == "A recipe is saved from one file: name one file with --save-recipe.\n"
    assert not (folder / "both.json").exists()


def test_the_template_has_the_sheets_that_were_asked_for(folder: Path) -> None:
    assert main(["template", "waits", "investment", "waits", "--out", "t.xlsx"]) == 0
    assert load_workbook(folder / "t.xlsx").sheetnames == ["README", "Lists", "Waits", "Investment"]


def test_the_template_is_never_written_over_one_that_is_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mhequity template.xlsx").write_text("filled in")
    assert main(["template"]) == 2
    assert (folder / "mhequity template.xlsx").read_text() == "filled in"
    assert "is there already" in capsys.readouterr().err


# Check -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("text", "code"), [(GOOD, 0), (SPEND, 1), (PEOPLE, 2), ("", 2)])
def test_check_tells_by_its_exit_code_whether_anything_needs_attention(folder: Path, text: str, code: int) -> None:
    assert main(["check", str(written(folder, text))]) == code


def test_check_lists_only_what_was_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(written(folder, SPEND))])
    first, *others = capsys.readouterr().out.splitlines()
    assert first == "spend.csv: 2 facts read, 1 to put right"
    assert [line.split(" No London")[0] for line in others] == ["  spend A4: “Hounslw”"]


# What goes wrong ---------------------------------------------------------------------------------------------------------


def test_one_file_that_is_missing_keeps_no_other_from_being_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "missing.csv", str(written(folder, GOOD)), "--json"]) == 0
    told = capsys.readouterr()
    missing, there = json.loads(told.out)
    assert [each["seen"] for each in missing["findings"]] == ["There is no such file."]
    assert there["tables"][0]["rows"] == 2
    assert told.err == "missing.csv: nothing was read. There is no such file.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["read", "missing.csv"], "There is no such file."),
        (["check", "missing.csv"], "There is no such file."),
        (["read", "."], "This is a folder."),
        (["read", "noise.xlsx"], "The workbook is damaged or only part of it arrived."),
        (["read", "spend.csv", "--sheet", "Nowhere"], "There is no sheet of this name."),
        (["read", "spend.csv", "--recipe", "broken.json"], "The recipe is damaged or not a recipe of this app."),
        (["read", "spend.csv", "--recipe", "noise.xlsx"], "The recipe is damaged or not a recipe of this app."),
        (["read", "spend.csv", "--recipe", "missing.json"], "missing.json: No such file or directory."),
        (["read", "spend.csv", "--save-recipe", "nowhere/recipe.json"], "No such file or directory."),
        (["read", "spend.csv", "--tidy", "spend.csv"], "File exists."),
        (["template", "nonsense"], "No such table: nonsense. There are: population,"),
        (["template", "--out", "nowhere/t.xlsx"], "No such file or directory."),
    ],
    ids=" ".join,
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], sentence: str
) -> None:
    written(folder, GOOD)
    written(folder, '{"mhequity_recipe": 1, "tables": [{', "broken.json")
    (folder / "noise.xlsx").write_bytes(b"PK\x03\x04" + bytes(range(256)) * 4)
    assert main(arguments) == 2
    told = capsys.readouterr()
    assert sentence in told.out + told.err


def test_without_a_command_it_says_how_to_use_it(folder: Path) -> None:
    done = run(folder=folder)
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: python -m mhequity")
    assert not done.stdout


@pytest.mark.parametrize("name", ['a\'b "c" $(d) %e%.csv', "-dash.csv", "Größe £.csv", "two\nlines.csv"])
def test_odd_file_names_are_read(folder: Path, name: str) -> None:
    written(folder, GOOD, name)
    done = run("read", "--json", "--", name, folder=folder)
    assert done.returncode == 0
    assert json.loads(done.stdout)["file"] == name.replace("\n", "\ufffd")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_a_terminal_of_any_encoding_shows_the_words_and_pure_json(folder: Path, encoding: str) -> None:
    written(folder, SPEND.replace("Talking", "Tälking 語"))
    assert run("read", "spend.csv", folder=folder, PYTHONIOENCODING=encoding).returncode == 0
    done = run("read", "spend.csv", "--json", folder=folder, PYTHONIOENCODING=encoding)
    assert json.loads(done.stdout.decode(encoding))["tables"][0]["columns"]["amount_gbp"] == "Spend (£000s)"
    assert done.stderr == b""


@pytest.mark.parametrize("arguments", [["read"], ["read", "--json"], ["check"]], ids=" ".join)
def test_a_reader_that_leaves_early_is_no_error(folder: Path, arguments: list[str]) -> None:
    # More than a pipe holds, so that the reader is gone before all is written.
    written(folder, "".join([SPEND, *(f"Hounslw {at},Talking therapies,2023/24,{at}\n" for at in range(3000))]))
    files = ["spend.csv"] * 25
    line = [sys.executable, "-m", "mhequity", *arguments, *files]
    process = subprocess.Popen(
        line, cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stderr
    process.stdout.read(1)
    process.stdout.close()
    told = process.stderr.read()
    assert process.wait(timeout=120) in (0, 1)
    assert told == b""


def test_a_file_that_is_wrong_in_every_row_gives_a_short_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = "".join(f"Brent,Service {at},2022/23,{at}\n" for at in range(3000))
    bad = "".join(f"Brent,Service {at},2023/24,{at} or so\n" for at in range(2000))
    assert main(["check", str(written(folder, "Borough,Service,Year,Spend\n" + good + bad))]) == 1
    assert len(capsys.readouterr().out.splitlines()) < 100
