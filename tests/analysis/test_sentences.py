"""The sentence that answers each page's question."""

from __future__ import annotations

import re
from datetime import datetime

import pandas as pd
import pytest

from mhequity import tables
from mhequity.analysis import investment, need, progress, sentences, unmet_need
from mhequity.scope import Scope
from mhequity.workspace import Upload, Workspace, made_up, published, with_uploads

BRENT, EALING, HARROW, HILLINGDON, HOUNSLOW = "E09000005", "E09000009", "E09000015", "E09000017", "E09000018"
SCOPES = [
    Scope(year="2019/20"),
    Scope("NWL", year="2019/20"),
    Scope("NWL", (BRENT,), "2019/20"),
    Scope("NWL", (BRENT, EALING, HARROW), "2019/20"),
    Scope("SEL", year="2019/20"),
    Scope("NWL", year="2024/25"),
    Scope("NWL", (BRENT,), "2024/25"),
    Scope(year="1999/00"),
    Scope("NWL", year="2019/20", service="A service without data"),
]
NO_NUMBER = re.compile(r"\b(nan|None|inf|NaT)\b")
EVERYTHING = [published(), made_up()]


def measure(workspace: Workspace) -> need.NeedMeasure:
    return next(found for found in need.measures(workspace) if found.can_weight)


def answers(workspace: Workspace, scope: Scope) -> list[str]:
    """Every page's sentence for the scope, for every measure of care."""
    found = []
    for care in unmet_need.care_measures(workspace, Scope(scope.system)):
        found.append(sentences.equal_access(unmet_need.equal_access_in(workspace, scope, measure(workspace), care), scope))
        gap = unmet_need.treatment_gap_in(workspace, scope, care, "16 to 74", 0.226, 0.189, 0.226)
        found.append(sentences.treatment_gap(gap, scope, "a common mental health condition"))
    for outcome in investment.outcomes(workspace, scope):
        frame = investment.spend_and_care(workspace, scope, investment.RESIDENT, measure(workspace), outcome)
        found.append(sentences.money_and_care(frame, scope, investment.RESIDENT, outcome.name))
    return found


@pytest.mark.parametrize("workspace", EVERYTHING, ids=["published", "made up"])
@pytest.mark.parametrize("scope", SCOPES, ids=str)
def test_every_answer_is_a_sentence_without_a_number_that_is_none(workspace: Workspace, scope: Scope) -> None:
    found = answers(workspace, scope)
    assert found
    assert all(sentence.endswith((".", ".)", ").")) for sentence in found)
    assert [sentence for sentence in found if NO_NUMBER.search(sentence)] == []


def compared(*rows: tuple[str, float, float, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["area", "ratio", "unmet", "verdict"]).assign(in_scope=True)


def test_boroughs_behind_their_need_are_named_worst_first() -> None:
    frame = compared((EALING, 0.8, 100, "lower"), (BRENT, 0.5, 1500, "lower"), (HARROW, 1.4, -900, "higher"))
    assert sentences.equal_access(frame, Scope("NWL", year="2019/20")) == (
        "In **2 of 3** boroughs in view people got less care than their borough's need would call for, beyond chance: "
        "**1,600** fewer in 2019/20. "
        "Furthest behind: **Brent and Ealing** (Brent: 0.50 for each 1 expected)."
    )


def test_more_than_three_behind_are_counted() -> None:
    rows = [(code, 0.5 + i / 10, 10, "lower") for i, code in enumerate((BRENT, EALING, HARROW, HILLINGDON, HOUNSLOW))]
    assert "**Brent, Ealing, Harrow and 2 more**" in sentences.equal_access(compared(*rows), Scope("NWL", year="2019/20"))


def test_no_borough_behind_beyond_chance() -> None:
    assert sentences.equal_access(compared((BRENT, 0.95, 3, "similar"), (EALING, 1.05, -3, "similar")), Scope("NWL", year="2019/20")) == (
        "In 2019/20 people in none of the 2 boroughs in view that report got less care than their borough's need would call for, beyond chance."
    )


def test_one_borough_behind_is_set_against_its_system() -> None:
    frame = compared((BRENT, 0.5, 1500, "lower"), (EALING, 1.5, -1500, "higher")).assign(in_scope=[True, False])
    assert sentences.equal_access(frame, Scope("NWL", (BRENT,), "2019/20"), "Contacts") == (
        "People in **Brent** got **0.50** of the care (“Contacts”) that need there would call for if North West London's care followed need: "
        "**1,500** fewer in 2019/20."
    )


def test_a_borough_that_alone_reports_is_compared_with_nothing() -> None:
    """Its own figure is the whole system's, so that it would always be in line with need."""
    said = sentences.equal_access(compared((BRENT, 1.0, 0, "similar")), Scope("NWL", year="2019/20"), "Contacts")
    assert said == "Brent alone reports care (“Contacts”) in North West London in 2019/20, so there is nothing to compare it with."


def test_care_that_is_nowhere_counted_is_not_called_unreported() -> None:
    frame = compared((BRENT, float("nan"), float("nan"), ""), (EALING, float("nan"), float("nan"), "")).assign(state=unmet_need.NO_CARE)
    assert sentences.equal_access(frame, Scope("NWL", year="2019/20")).startswith("The count of care is 0 for North West London in 2019/20")


def test_the_answer_names_what_was_counted_and_how_sure_the_furthest_is() -> None:
    frame = compared((EALING, 1.2, -100, "higher"), (BRENT, 0.99, 100, "lower")).assign(lower=[1.1, 0.98], upper=[1.3, 0.9971])
    said = sentences.equal_access(frame, Scope("NWL", year="2019/20"), "People seen")
    assert "got less care (“People seen”) than" in said
    assert "(Brent: 0.99 for each 1 expected, 95% interval 0.98 to 0.997)" in said


def test_an_estimate_is_told_to_three_figures_and_never_as_all() -> None:
    frame = gaps((BRENT, 834_899, 834_891))
    said = sentences.treatment_gap(frame, Scope("NWL", (BRENT,), "2019/20"), "depression", "Contacts")
    assert "An estimated **835,000** people" in said
    assert "**more than 99%**" in said
    assert said.endswith("Counted as seen in 2019/20: “Contacts”.")


def test_borough_out_of_view_is_not_spoken_of() -> None:
    frame = compared((BRENT, 0.5, 1500, "lower"), (EALING, 1.5, -1500, "higher")).assign(in_scope=[False, True])
    assert "Brent" not in sentences.equal_access(frame, Scope("NWL", (EALING,), "2019/20"))


def gaps(*rows: tuple[str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["area", "estimated", "gap"]).assign(in_scope=True)
    return frame.assign(gap_share=frame.gap / frame.estimated, gap_lower=frame.gap - 50, gap_upper=frame.gap + 70)


def test_treatment_gap_is_added_up_over_the_boroughs_in_view() -> None:
    assert sentences.treatment_gap(gaps((BRENT, 1000, 600), (EALING, 1000, 900)), Scope("NWL", year="2019/20"), "depression") == (
        "An estimated **1,500** people in the 2 boroughs in view that report have depression and are not known to be seen for it, **75%** of "
        "those estimated to have it (plausible range 1,400 to 1,640). The gap is widest in **Ealing** (90%)."
    )


def test_treatment_gap_of_one_borough_names_it() -> None:
    sentence = sentences.treatment_gap(gaps((BRENT, 1000, 600)), Scope("NWL", (BRENT,), "2019/20"), "depression")
    assert sentence.startswith("An estimated **600** people in Brent have depression")
    assert "widest" not in sentence


def spending(pounds: list[float], outcomes: list[float]) -> pd.DataFrame:
    codes = [BRENT, EALING, HARROW, HILLINGDON, HOUNSLOW][: len(pounds)]
    return pd.DataFrame({"area": codes, "spend_per_head": pounds, "outcome": outcomes, "in_scope": True})


def test_money_and_care_in_step() -> None:
    assert sentences.money_and_care(
        spending([100, 120, 140, 160], [0.2, 0.3, 0.4, 0.5]), Scope("NWL", year="2019/20"), "resident", "Recovery"
    ) == (
        "Spend ran from **£100** per resident in Brent to **£160** in Hillingdon in 2019/20, and it is **strongly linked** to the measure of care, *Recovery* "
        "(Spearman's rho **1.00**, n = 4)."
    )


@pytest.mark.parametrize(("frame", "ending"), [
    (spending([100, 120, 140], [0.2, 0.3, 0.4]), "3 boroughs are too few to say whether care follows money."),
    (spending([100, 120, 140, 160, 180], [0.5] * 5), "5 boroughs are too much alike to say whether care follows money."),
], ids=["too few", "all alike"])  # fmt: skip
def test_link_that_cannot_be_told_says_why(frame: pd.DataFrame, ending: str) -> None:
    assert sentences.money_and_care(frame, Scope("NWL", year="2019/20"), "resident", "Recovery").endswith(ending)


@pytest.mark.parametrize(("rho", "words"), [
    (0.19, "not linked"), (-0.19, "not linked"), (0.2, "only weakly linked"), (0.31, "only weakly linked"), (0.4, "moderately linked"),
    (0.6, "strongly linked"), (-0.45, "moderately linked the other way round"), (-1, "strongly linked the other way round"),
])  # fmt: skip
def test_strength_of_a_link_in_words(rho: float, words: str) -> None:
    assert sentences.strength(rho) == words


@pytest.mark.parametrize("year", ["1999/00", "2019/20"])
def test_nothing_reported_is_said_and_not_counted(year: str) -> None:
    scope = Scope("NWL", (BRENT,), year)
    nothing = compared((BRENT, float("nan"), float("nan"), ""))
    assert sentences.equal_access(nothing, scope) == f"No care is reported for Brent in {year}, so unmet need cannot be told."
    assert sentences.treatment_gap(gaps((BRENT, 100, float("nan"))), scope, "it").startswith(
        f"No people seen are reported for Brent in {year}"
    )
    said = sentences.money_and_care(spending([float("nan")], [0.2]), scope, "resident", "Recovery")
    assert said == f"Money and care are not both loaded for Brent in {year}."


def test_progress_of_the_published_strategy() -> None:
    workspace = published()
    said = sentences.progress(progress.ambitions(workspace), progress.target_views(workspace))
    assert said.startswith("**1 of 10** ambitions has a measure with a target to judge by.")
    assert "**inappropriate out-of-area bed days**: off trajectory, not improving" in said
    assert said.endswith("The other 9 rest on their owners' word.")
    assert NO_NUMBER.search(said) is None


def test_no_strategy_is_said() -> None:
    assert sentences.progress(progress.ambitions(Workspace({}, {}, "empty")), []) == "No strategy is loaded."


def test_loaded_counts_a_persons_rows_and_files() -> None:
    rows = tables.conform(pd.DataFrame({"area": [BRENT, EALING], "period": "2024/25", "persons": [1.0, 2.0]}), "population")
    one = Upload("people.csv", datetime(2026, 1, 5, 9, 30), {"population": rows}, digest="a")
    assert sentences.loaded(published()).startswith("You are looking at the example.")
    assert sentences.loaded(with_uploads(published(), [one])).startswith("**2** rows of yours from **1** file lie over")
    assert sentences.loaded(with_uploads(published(), [one, one])).startswith("**4** rows of yours from **2** files lie over")
