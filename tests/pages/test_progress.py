"""Are we getting where we said we would by 2028/29? Trajectories, ambitions and their filters."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from mhequity.workspace import published
from tests.pages.driver import (
    MADE_UP,
    all_text,
    answer,
    bars,
    book,
    frame,
    go,
    picker,
    plain,
    table_behind,
    upload,
    visit,
)

THEMES = 3


def shown_ambitions(at: AppTest, *others: str) -> list[str]:
    """Ambitions of the strategy, and others, that the page names in bold."""
    text = "\n".join(plain(each) for each in all_text(at))
    return [name for name in (*published().table("ambitions").ambition, *others) if f"**{name}**" in text]


def test_it_shows_three_themes_with_ten_ambitions() -> None:
    at = visit("progress")
    assert len(picker(at, "theme").options) == THEMES
    assert len(shown_ambitions(at)) == 10
    assert "10" in answer(at)


def test_each_ambition_says_what_was_planned_where_it_stands_and_what_comes_next() -> None:
    at = visit("progress")
    for folded in [each for each in at.expander if (each.key or "").startswith("ambition ")]:
        at.session_state[folded.key] = True
    text = " ".join(all_text(at.run()))
    assert text.count("**Planned**") == text.count("**Where it stands**") == text.count("**Next steps**") == 10


def test_what_the_owner_says_stands_beside_what_the_data_says() -> None:
    text = " ".join(all_text(visit("progress")))
    assert text.count("Owner says: ") == 10
    assert text.count("Data says: ") == 12, "one for each ambition and one for each of two targets"


def test_each_target_has_a_trajectory_with_line_and_measured_points() -> None:
    at = visit("progress")
    assert len(at.get("vega_lite_chart")) == 2
    for number in range(2):
        rows = bars(at, number)
        assert rows.goal.sum() == 1
        assert (rows.what == "Measured").sum() >= 8
        assert at.get("vega_lite_chart")[number].proto.alt


def test_a_theme_narrows_the_ambitions() -> None:
    at = visit("progress")
    one = picker(at, "theme").options[0]
    at = picker(at, "theme").set_value([one]).run()
    assert 0 < len(shown_ambitions(at)) < 10
    assert [plain(each.value) for each in at.subheader if plain(each.value) in picker(at, "theme").options] == [one]


def test_two_themes_show_both() -> None:
    at = visit("progress")
    options = picker(at, "theme").options
    counts = []
    for chosen in ([options[0]], [options[1]], options[:2]):
        at = picker(at, "theme").set_value(chosen).run()
        counts.append(len(shown_ambitions(at)))
    assert counts[0] + counts[1] == counts[2]


def test_what_the_data_says_narrows_the_ambitions() -> None:
    at = visit("progress")
    at = picker(at, "says").set_value(["no measure yet"]).run()
    assert len(shown_ambitions(at)) == 9


def test_words_narrow_the_ambitions_whatever_their_case() -> None:
    at = visit("progress").text_input(key="find").set_value(" CRISIS ").run()
    assert 0 < len(shown_ambitions(at)) < 10
    small = visit("progress").text_input(key="find").set_value("crisis").run()
    assert shown_ambitions(at) == shown_ambitions(small)


@pytest.mark.parametrize("text", ["(", "[a-z]+", "\\", "£$€", "'; drop table", "<script>"])
def test_any_text_can_be_looked_for(text: str) -> None:
    at = visit("progress").text_input(key="find").set_value(text).run()
    assert not at.exception


def test_filters_that_fit_nothing_say_so() -> None:
    at = visit("progress").text_input(key="find").set_value("zebra").run()
    assert shown_ambitions(at) == []
    assert any("No ambition" in each.value for each in at.info)


def test_the_answer_and_trajectories_do_not_move_with_the_filters() -> None:
    at = visit("progress")
    before = answer(at)
    at = at.text_input(key="find").set_value("zebra").run()
    assert answer(at) == before
    assert len(at.get("vega_lite_chart")) == 2


def test_filters_in_the_link_are_followed() -> None:
    theme = picker(visit("progress"), "theme").options[1]
    at = visit("progress", theme=theme, find="support")
    assert picker(at, "theme").value == [theme]
    assert at.text_input(key="find").value == "support"


@pytest.mark.parametrize("query", [{"theme": "Nothing"}, {"says": "all is well"}])
def test_filters_that_do_not_exist_in_the_link_fall_back(query: dict) -> None:
    at = visit("progress", **query)
    assert not at.exception
    assert len(shown_ambitions(at)) == 10


def test_the_tables_behind_open() -> None:
    at = visit("progress")
    names = [each.key.removeprefix("table ") for each in at.expander if each.key and each.key.startswith("table ")]
    assert len(names) == 3
    for name in names:
        shown = table_behind(visit("progress"), name)
        assert len(shown) >= 10


def test_made_up_actions_are_shown_and_badged_and_published_has_none() -> None:
    def listed(at: AppTest) -> bool:
        return any("Agreed actions" in each.value for each in at.subheader)

    assert not listed(visit("progress"))
    at = visit("progress", figures=MADE_UP)
    assert listed(at)
    assert [each.value for each in at.markdown if "Made-up figures" in each.value]
    assert len(at.table[0].value) == 6


def test_an_uploaded_strategy_replaces_nothing_but_is_judged_by_its_own_target() -> None:
    """From 100 at the end of 2022/23 to 0 by 2026/27 the line stands at 50 at the end of 2024/25: 40 is as good or better."""
    filled = book(
        ambitions=frame("ambitions", strategy=["Ours"], theme="Fewer", ambition="Fewer far away", stated_rating="red", due="2026/27"),
        targets=frame(
            "targets", strategy=["Ours"], ambition="Fewer far away", measure="Far away", area="E09000005", baseline_period="2022/23",
            baseline=[100.0], target_period="2026/27", target=[0.0], better="lower",
        ),
        indicators=frame(
            "indicators", area="E09000005", period=["2022/23", "2023/24", "2024/25"], measure="Far away", value=[100.0, 70.0, 40.0],
            unit="people", better="lower", role="outcome",
        ),
    )  # fmt: skip
    at = go(upload(visit(), ("ours.xlsx", filled)), "progress")
    assert not at.exception
    assert len(shown_ambitions(at, "Fewer far away")) == 11
    assert "2 of 11" in answer(at)
    assert "far away: on trajectory" in answer(at)
    assert "In 1 the owner's rating and the data disagree" in answer(at)
    assert any("-badge[" in text and "two disagree" in text.lower() for text in all_text(at))
