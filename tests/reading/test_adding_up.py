"""Lines of a ledger: rows that state the same fact, kept once or added up as a person says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mhequity.reading import Reading, read
from mhequity.reading.files import carry_out
from mhequity.reading.findings import BLOCKED, NOTE
from mhequity.reading.plans import from_json, to_json

BRENT, EALING = "E09000005", "E09000009"
LEDGER = """Borough,Service,Month,Cost centre,Amount (£)
Brent,CMHT,Apr 2024,1001,10
Brent,CMHT,Apr 2024,1002,20
Ealing,CMHT,Apr 2024,1001,5
Ealing,CMHT,Apr 2024,1002,*
Brent,Crisis,Apr 2024,1001,
Brent,Crisis,Apr 2024,1002,4
Brent,CMHT,May 2024,1001,7
"""


def added_up(text: str) -> Reading:
    """A text file read with its repeats added up."""
    found = read(text.encode(), "ledger.csv")
    return carry_out(found.book, replace(found.plan, tables=tuple(replace(each, repeats_add_up=True) for each in found.plan.tables)))


def money(found: Reading) -> list[tuple[str, str, str, float, str]]:
    frame = found.tables["investment"]
    return list(frame[["area", "service", "period", "amount_gbp", "suppressed"]].fillna(-1).itertuples(index=False, name=None))


def test_lines_of_a_ledger_add_up_to_their_fact_in_the_place_of_the_first() -> None:
    assert money(added_up(LEDGER)) == [
        (BRENT, "CMHT", "Apr 2024", 30.0, ""),
        (EALING, "CMHT", "Apr 2024", -1.0, "amount_gbp"),
        (BRENT, "Crisis", "Apr 2024", -1.0, ""),
        (BRENT, "CMHT", "May 2024", 7.0, ""),
    ]


def test_it_is_said_how_many_rows_became_how_many_facts_and_nothing_is_left_out() -> None:
    found = added_up(LEDGER)
    (told,) = [each for each in found.findings if each.kind == "repeats"]
    assert (told.severity, told.seen) == (NOTE, "7 rows")
    assert told.done == "Added up to 4 facts: rows that state the same fact are parts of it."
    assert not len(found.rejected)


def test_unless_a_person_says_so_the_first_is_kept_and_what_differs_is_named() -> None:
    found = read(LEDGER.encode(), "ledger.csv")
    assert money(found)[0] == (BRENT, "CMHT", "Apr 2024", 10.0, "")
    told = next(each for each in found.findings if each.kind == "repeats")
    assert (told.severity, told.cell) == (BLOCKED, "A3")
    assert told.done == "States the same fact as row 2: 20 here, 10 there. The rows differ in Cost centre, not used. The first was kept."
    assert told.advice.endswith("If they are parts of one figure, such as lines of a ledger, have them added up here.")
    assert len(found.rejected) == 3


@pytest.mark.parametrize("heading", ["Recovery rate (%)", "Median wait (days)"])
def test_rates_and_middle_waits_are_never_added_up(heading: str) -> None:
    text = f"Borough,Service,Year,Ref,{heading}\nBrent,CMHT,2024/25,1,40\nBrent,CMHT,2024/25,2,50\n"
    found = added_up(text)
    assert [len(frame) for frame in found.tables.values()] == [1]
    assert any(each.severity == BLOCKED and each.kind == "repeats" for each in found.findings)
    assert "have them added up" not in " ".join(each.advice for each in found.findings)


def test_a_column_stated_by_two_figures_adds_up_each() -> None:
    text = "Borough,Service,Month,Ref,Established WTE,In post WTE\nBrent,CMHT,Apr 2024,1,2,1.5\nBrent,CMHT,Apr 2024,2,3,*\n"
    frame = added_up(text).tables["workforce"]
    assert frame[["established_wte", "suppressed"]].to_numpy().tolist() == [[5.0, "in_post_wte"]]
    assert frame["in_post_wte"].isna().all()


def test_a_recipe_keeps_what_a_person_said_of_repeats() -> None:
    found = added_up(LEDGER)
    recipe = from_json(to_json(replace(found.plan, name="Ledger")))
    again = read(LEDGER.replace("Apr", "Jun").encode(), "june.csv", recipes=[recipe])
    assert money(again)[0] == (BRENT, "CMHT", "Jun 2024", 30.0, "")


@pytest.mark.parametrize("heading", ["Cost centre", "Account no.", "Invoice number", "GL", "Supplier No", "PO number"])
def test_numbers_that_name_a_line_of_a_ledger_are_no_figures(heading: str) -> None:
    assert set(read(LEDGER.replace("Cost centre", heading).encode(), "ledger.csv").tables) == {"investment"}


@pytest.mark.parametrize("heading", ["Number of invoices", "Accounts", "Contract (£)"])
def test_numbers_that_count_or_cost_stay_figures(heading: str) -> None:
    text = f"Borough,Service,Month,{heading}\nBrent,CMHT,Apr 2024,1001\n"
    assert sum(map(len, read(text.encode(), "ledger.csv").tables.values())) == 1
