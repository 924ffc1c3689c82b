"""Do the measures of need agree? Ranks side by side, who moves, how far measures agree, and weights in sight."""

from __future__ import annotations

import zlib
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from mhequity.analysis.need_measures import defaults, offered
from mhequity.workspace import published
from tests.pages.driver import (
    CODE,
    MADE_UP,
    NASTY,
    NCL,
    NWL,
    all_text,
    answer,
    bars,
    book,
    broken,
    button,
    choose,
    everything,
    frame,
    go,
    made_up_badges,
    marks_up,
    mode,
    plain,
    spec,
    table_behind,
    unfold,
    upload,
    visit,
)

PAGE = "need_measures"
NHS_ENGLAND, INDICES = "Mental-health need-weighted population", "Mental-health indicator (Indices of Deprivation 2025)"
AGREEMENT, WEIGHTS = {"part": "Agreement"}, {"part": "Your weights"}
NWL_BOROUGHS = ("Brent", "Ealing", "Hammersmith and Fulham", "Harrow", "Hillingdon", "Hounslow", "Kensington and Chelsea", "Westminster")


def weight(measure: str) -> str:
    return f"weight_{zlib.crc32(measure.encode()):08x}"


def scores(measure: str, values: list[float], boroughs: tuple[str, ...] = NWL_BOROUGHS, **more: Any) -> pd.DataFrame:
    """A measure of need of some boroughs."""
    about = {"period": "2024/25", "role": "need", "unit": "score", **more}
    return frame("indicators", area=[CODE[name] for name in boroughs], measure=measure, value=values, **about)


def own(*measures: pd.DataFrame, replace: bool = False, **query: Any) -> AppTest:
    """A visitor with measures of their own, in North West London; those that came with the app gone on request."""
    at = visit(system=NWL, **query)
    at = upload(at, ("mine.xlsx", book(indicators=pd.concat(measures, ignore_index=True))))
    if replace:
        at = mode(at).set_value("replace").run()
    return go(at, PAGE)


def moves_table(at: AppTest) -> pd.DataFrame:
    """The table behind the list of those who move, which stands below that list."""
    table_behind(at, "need measures moves")
    return at.table[1].value.map(plain)


def lines(at: AppTest) -> pd.DataFrame:
    """What the ranks draw: by borough and column ``rank``, ``said`` and ``kind``."""
    wide = bars(at)
    count = sum(name.startswith("rank") for name in wide)
    parts = [
        pd.DataFrame({"name": wide["name"], "x": x, "rank": wide[f"rank{x}"], "said": wide[f"said{x}"], "kind": wide["kind"]})
        for x in range(count)
    ]
    return pd.concat(parts).set_index(["name", "x"])


def ranges(at: AppTest) -> pd.DataFrame:
    return bars(at).set_index("name")


def open_part(at: AppTest, part: dict[str, str]) -> AppTest:
    at.session_state["part"] = part["part"]
    return at.run()


def test_it_opens_with_measures_that_speak_of_mental_health_and_names_who_moves_furthest() -> None:
    at = visit(PAGE)
    assert at.multiselect(key="need_measures").value == [measure.name for measure in defaults(published())]
    assert answer(at).startswith("Bromley is 2nd of 33 for need by one measure (")
    assert "22 of 33 boroughs in view move more than 8 places" in answer(at)


def test_every_borough_stands_in_every_column_at_its_rank() -> None:
    drawn = lines(visit(PAGE))
    assert len(drawn) == 33 * 4
    assert (drawn["rank"]["Brent", 0], drawn["rank"]["Brent", 1]) == (11, 27)


def test_ranks_are_taken_within_the_system_in_view() -> None:
    drawn = lines(visit(PAGE, system=NWL))
    assert len(drawn) == 8 * 4
    assert drawn["rank"].max() == 8


def test_a_chosen_borough_stands_out_and_the_others_are_faint() -> None:
    at = visit(PAGE, borough="Brent")
    assert answer(at).startswith("Brent is 11th of 33")
    kinds = lines(at)["kind"]
    assert kinds["Brent", 0] == "furthest"
    assert set(kinds.drop("Brent", level="name")) == {"other"}
    assert set(bars(at).dropna(subset="left")["name"]) == {"Brent"}


def test_columns_say_unit_and_period_of_each_measure() -> None:
    (said,) = [text for text in all_text(visit(PAGE)) if text.startswith("- **A**")]
    assert "**A** Mental-health need-weighted population: need index, weighted over registered people, England = 1, 2025/26" in said
    assert "share of people, 2019/20" in said


def test_choosing_measures_changes_columns_and_answer() -> None:
    at = visit(PAGE)
    at = at.multiselect(key="need_measures").set_value([INDICES, NHS_ENGLAND]).run()
    assert lines(at)["rank"]["Brent", 0] == 27
    assert len(lines(at)) == 33 * 2
    assert "Bexley" in answer(at)


@pytest.mark.parametrize("measure", [each.name for each in offered(published())])
def test_every_measure_can_be_compared(measure: str) -> None:
    at = visit(PAGE, need_measures=[measure, NHS_ENGLAND if measure != NHS_ENGLAND else INDICES])
    assert not at.exception
    assert [text for text in all_text(at) if broken(text)] == []


def test_a_borough_without_a_figure_has_no_point_and_is_named() -> None:
    deaths = "Excess deaths under 75 of people with severe mental illness"
    at = visit(PAGE, need_measures=[NHS_ENGLAND, deaths])
    assert pd.isna(lines(at)["rank"]["City of London", 1])
    assert any("no point for** City of London (missing)" in text and "loaded as outcome, not as need" in text for text in all_text(at))
    assert table_behind(at, "need measures")[f"B rank: {deaths}"]["City of London"] == "missing"


def test_one_measure_alone_is_not_compared() -> None:
    at = visit(PAGE)
    at = at.multiselect(key="need_measures").set_value([INDICES]).run()
    assert not at.exception
    assert "Choose two measures or more" in answer(at)
    assert not at.get("vega_lite_chart")


def test_the_slider_decides_who_counts_as_moving() -> None:
    at = visit(PAGE)
    few = at.slider(key="places_of_33").set_value(27).run()
    assert "3 of 33 boroughs in view move more than 27 places" in answer(few)
    assert list(few.table[0].value.index) == ["Bromley", "Havering", "Westminster"]
    assert set(lines(few)["kind"]) == {"furthest", "near"}


def test_each_size_of_system_begins_with_a_quarter_of_its_boroughs() -> None:
    at = visit(PAGE)
    assert at.slider(key="places_of_33").value == 8
    at = choose(at, system=NWL)
    assert at.slider(key="places_of_8").value == 2
    at = choose(at, system=NCL)
    assert at.slider(key="places_of_5").value == 1


def test_those_who_move_are_listed_with_both_measures() -> None:
    first = visit(PAGE).table[0].value.map(plain).loc["Bromley"]
    assert list(first) == [
        "28", "**2** of 33 on **D** GP register: people with depression (18 and over), share", f"**30** of 33 on **A** {NHS_ENGLAND}",
    ]  # fmt: skip


def test_the_table_of_moves_has_every_borough_in_view() -> None:
    assert len(moves_table(visit(PAGE))) == 33
    assert list(moves_table(visit(PAGE, borough=["Brent", "Barnet"])).index) == ["Brent", "Barnet"]


def test_agreement_is_told_with_interval_and_number() -> None:
    at = visit(PAGE, **AGREEMENT)
    cells = bars(at).set_index(["across", "down"])
    assert len(cells) == 6
    assert (cells["said"][0, 2], cells["n"][0, 2]) == ("0.89", 33)
    assert any("agree strongly: rho 0.89, 0.76 to 0.95, n = 33." in text for text in all_text(at))
    shown = table_behind(at, "need measures agreement")
    assert "0.89" in set(shown["Spearman's rho"])
    assert not [text for text in all_text(at) if "p =" in text or "p-value " in text]


def test_weights_are_equal_at_first_and_in_sight() -> None:
    at = visit(PAGE, **WEIGHTS)
    assert any("Your weights: **A** 25%, **B** 25%, **C** 25%, **D** 25%. By **the weights you chose**" in text for text in all_text(at))
    assert button(at, "Make all weights equal").disabled


def test_another_weight_changes_ranks_and_one_click_takes_it_back() -> None:
    at = visit(PAGE, **WEIGHTS)
    before = ranges(at)["rank"]
    at = at.slider(key=weight(NHS_ENGLAND)).set_value(0).run()
    assert not ranges(at)["rank"].sort_index().equals(before.sort_index())
    assert any("**A** 0%, **B** 33%" in text for text in all_text(at))
    at = button(at, "Make all weights equal").click().run()
    assert ranges(at)["rank"].equals(before)


def test_all_weight_on_one_measure_gives_its_ranking() -> None:
    at = visit(PAGE, **WEIGHTS, need_measures=[NHS_ENGLAND, INDICES], **{weight(NHS_ENGLAND): "10", weight(INDICES): "0"})
    assert ranges(at)["rank"]["Brent"] == 11
    assert (ranges(at)["highest"] == ranges(at)["lowest"]).all()


def test_the_range_runs_over_each_measure_alone() -> None:
    drawn = ranges(visit(PAGE, **WEIGHTS, need_measures=[NHS_ENGLAND, INDICES]))
    assert (drawn["highest"]["Brent"], drawn["lowest"]["Brent"]) == (11, 27)
    assert drawn["best"]["Brent"] == "11, by A alone"


def test_without_any_weight_the_page_asks_for_some() -> None:
    at = visit(PAGE, **WEIGHTS, need_measures=[NHS_ENGLAND, INDICES], **{weight(NHS_ENGLAND): "0", weight(INDICES): "0"})
    assert not at.exception
    assert any("Every weight is 0" in each.value for each in at.info)


def test_the_weights_stand_in_the_table_that_is_taken_away() -> None:
    at = visit(PAGE, **WEIGHTS, need_measures=[NHS_ENGLAND, INDICES], **{weight(NHS_ENGLAND): "6", weight(INDICES): "2"})
    assert f"Rank by your weights (75% {NHS_ENGLAND}, 25% {INDICES})" in table_behind(at, "need measures weighted").columns


def test_controls_in_the_link_are_followed() -> None:
    at = visit(PAGE, need_measures=[INDICES, NHS_ENGLAND], places_of_33="3", **{weight(INDICES): "9"})
    assert at.multiselect(key="need_measures").value == [INDICES, NHS_ENGLAND]
    assert at.slider(key=weight(INDICES)).value == 9
    assert "more than 3 places" in answer(at)


@pytest.mark.parametrize(
    "query", [{"places_of_33": "99"}, {"need_measures": "no such measure"}, {weight(INDICES): "-4"}, {"need_measures": [INDICES] * 12}]
)
def test_nonsense_in_the_link_does_no_harm(query: dict[str, Any]) -> None:
    at = visit(PAGE, **query)
    assert not at.exception
    assert [text for text in all_text(at) if broken(text)] == []


@pytest.mark.parametrize("part", [{}, AGREEMENT, WEIGHTS])
@pytest.mark.parametrize("figures", ["Published figures", MADE_UP])
@pytest.mark.parametrize("system", ["London", NWL, NCL])
def test_every_scope_gives_an_answer(figures: str, system: str, part: dict[str, str]) -> None:
    at = visit(PAGE, figures=figures, system=system, **part)
    assert not at.exception
    assert "boroughs in view move" in answer(at) or "boroughs in view moves" in answer(at)
    assert [text for text in all_text(at) if broken(text)] == []


def test_published_need_is_not_called_made_up_in_the_made_up_example() -> None:
    assert [badge for badge in made_up_badges(visit(PAGE, figures=MADE_UP)) if "Made-up figures" in badge] == []


@pytest.mark.parametrize("part", [{}, AGREEMENT, WEIGHTS])
def test_table_and_pictures_can_be_downloaded(part: dict[str, str]) -> None:
    at = visit(PAGE, **part)
    assert {each.key.rsplit(".", 1)[-1] for each in at.get("download_button")} == {"csv", "xlsx", "png", "svg"}
    for each in at.get("download_button"):
        assert not each.click().run().exception


def test_an_own_measure_is_compared_and_turned_where_more_of_it_is_better() -> None:
    at = own(scores("Wellbeing", [8, 7, 6, 5, 4, 3, 2, 1], better="higher"))
    assert "Wellbeing" in at.multiselect(key="need_measures").value
    assert any("Wellbeing: score, 2024/25; turned, as more of it means less need" in text for text in all_text(at))
    assert (lines(at)["rank"]["Brent", 4], lines(at)["rank"]["Westminster", 4]) == (8, 1)
    assert any("mine.xlsx" in each.value for each in at.caption)


def test_own_measures_worked_out_by_hand() -> None:
    """Ranks on One: 1 to 8 in the order of names; on Two: the other way round. Brent moves from 1 to 8; rho is -1; equal weights level all."""
    at = own(scores("One", [8, 7, 6, 5, 4, 3, 2, 1]), scores("Two", [1, 2, 3, 4, 5, 6, 7, 8]), replace=True)
    assert "Brent is 1st of 8 for need by one measure (One) and 8th by another (Two)" in answer(at)
    assert "6 of 8 boroughs in view move more than 2 places" in answer(at)
    at = open_part(at, AGREEMENT)
    assert list(bars(at)["said"]) == ["−1.00"]
    at = open_part(at, WEIGHTS)
    assert set(ranges(at)["rank"]) == {1}
    at = at.slider(key=weight("One")).set_value(10).run()
    assert next(iter(ranges(at).index)) == "Brent"


def test_a_measure_of_few_boroughs_keeps_the_others_from_a_combined_rank_and_says_so() -> None:
    at = open_part(own(scores("Ours", [3, 2, 1], ("Brent", "Ealing", "Harrow"))), WEIGHTS)
    assert any(
        "5 boroughs in view have no rank, as they lack a figure on a measure with weight: Ours (5 without)." in each.value
        for each in at.caption
    )
    at = at.slider(key=weight("Ours")).set_value(0).run()
    assert ranges(at)["rank"].notna().all()


def test_an_own_share_of_few_people_is_hidden_and_has_no_point() -> None:
    shares = scores("Share", [0.003, *[0.05] * 7], unit="share", numerator=[3.0, *[50.0] * 7], denominator=[1000.0] * 8)
    at = own(shares)
    at = at.multiselect(key="need_measures").set_value([NHS_ENGLAND, "Share"]).run()
    assert pd.isna(lines(at)["rank"]["Brent", 1])
    assert lines(at)["said"]["Brent", 1] == "suppressed"
    assert table_behind(at, "need measures")["B rank: Share"]["Brent"] == "suppressed"
    assert not [text for text in everything(at) if "0.3%" in text]


def test_a_count_given_as_need_is_not_offered_and_named() -> None:
    at = own(scores("People in distress", [90.0] * 8, unit="people"))
    assert "People in distress" not in at.multiselect(key="need_measures").options
    assert any("People in distress" in text for text in all_text(at))


def test_a_measure_that_is_the_same_everywhere_does_not_break_the_page() -> None:
    at = own(scores("Flat", [5.0] * 8), scores("One", [8, 7, 6, 5, 4, 3, 2, 1]), replace=True)
    assert not at.exception
    at = open_part(at, AGREEMENT)
    assert any("all level on one of them" in text for text in all_text(at))
    at = open_part(at, WEIGHTS)
    assert any("same everywhere" in each.value and "Flat" in each.value for each in at.caption)
    assert [text for text in all_text(at) if broken(text)] == []


def test_without_two_measures_of_need_the_page_says_what_to_bring() -> None:
    at = own(scores("One", [8, 7, 6, 5, 4, 3, 2, 1]), replace=True)
    assert "Fewer than two measures of need" in answer(at)
    assert any("Template for Indicators" in each.label for each in at.get("download_button"))


def test_names_from_a_file_stay_text() -> None:
    at = own(*[scores(f"{name} {number}", [float(number + at) for at in range(8)], unit=name) for number, name in enumerate(NASTY[:4])])
    at = (
        at.multiselect(key="need_measures")
        .set_value([each for each in at.multiselect(key="need_measures").options if each[0] in "<![$"])
        .run()
    )
    assert not at.exception
    assert len(lines(at)) == 8 * 4
    for part in ({"part": "Ranks"}, AGREEMENT, WEIGHTS):
        at = unfold(open_part(at, part))
        assert not at.exception
        assert [text for text in everything(at) + [each.label for each in at.slider] if marks_up(text)] == []


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"part": "Ranks"}, "Bromley moves furthest: 28 places"), (AGREEMENT, "Rank correlation of every two of 4 measures"),
        (WEIGHTS, "Hackney 1 of 33, range 1 to 4"),
    ],
)  # fmt: skip
def test_pictures_have_words_for_those_who_do_not_see_them_and_ask_no_one(part: dict[str, str], said: str) -> None:
    at = visit(PAGE, **part)
    (chart,) = at.get("vega_lite_chart")
    assert said in chart.proto.alt
    assert spec(at).count("http") == spec(at).count("https://vega.github.io/schema/")


def test_weights_are_kept_while_another_part_is_open() -> None:
    at = visit(PAGE, **WEIGHTS)
    at = at.slider(key=weight(INDICES)).set_value(9).run()
    at = open_part(open_part(at, AGREEMENT), WEIGHTS)
    assert at.slider(key=weight(INDICES)).value == 9
