"""Groups of people side by side: which are offered, what is put together, what is hidden, and how unequal they are."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from mhequity.analysis import between_groups, variation
from mhequity.analysis.between_groups import HEAT, OHID
from mhequity.analysis.variation import RATE, SHARE, Measure
from mhequity.scope import Scope
from mhequity.workspace import made_up, published
from tests.analysis.test_variation import BRENT, EALING, HARROW, NWL, SEEN, YEAR, workspace

IMPROVED = Measure("Improved", "indicators", SHARE, "share", "higher")


def by(column: str, *rows: tuple[str, str, float, float]) -> list[dict[str, Any]]:
    """Rows of area, group (empty: everyone), numerator, denominator."""
    about = {"measure": "Improved", "service": "A", "unit": "share", "better": "higher", "role": "outcome"}
    return [{"area": area, column: group, "numerator": x, "denominator": n, "value": x / n, **about} for area, group, x, n in rows]


SEXES = by("sex", (BRENT, "", 90, 200), (BRENT, "female", 60, 120), (BRENT, "male", 30, 80),
           (EALING, "", 110, 200), (EALING, "female", 60, 80), (EALING, "male", 50, 120))  # fmt: skip


def test_groups_of_several_boroughs_are_put_together_by_their_counts() -> None:
    found = between_groups.by_group(workspace(indicators=SEXES), NWL, IMPROVED, "sex")
    rows = found.rows.set_index("name")
    assert rows["value"].to_dict() == {"Female": 120 / 200, "Male": 80 / 200}
    assert set(found.boroughs) == {BRENT, EALING}
    assert found.left_out == ()


def test_boroughs_in_view_narrow_the_groups() -> None:
    scope = Scope("NWL", (BRENT,), YEAR)
    rows = between_groups.by_group(workspace(indicators=SEXES), scope, IMPROVED, "sex").rows.set_index("name")
    assert rows["value"].to_dict() == {"Female": 0.5, "Male": 30 / 80}


def test_a_borough_with_a_hidden_group_is_left_out_of_all_groups() -> None:
    few = by("sex", (HARROW, "", 43, 100), (HARROW, "female", 40, 60), (HARROW, "male", 3, 40))
    found = between_groups.by_group(workspace(indicators=[*SEXES, *few]), NWL, IMPROVED, "sex")
    assert found.left_out == (HARROW,)
    assert found.rows.set_index("name").base.to_dict() == {"Female": 200, "Male": 200}


def test_a_group_that_few_boroughs_give_is_left_out_with_its_reason() -> None:
    few = by("sex", (BRENT, "other", 3, 20))
    rows = between_groups.by_group(workspace(indicators=[*SEXES, *few]), NWL, IMPROVED, "sex").rows.set_index("name")
    assert pd.isna(rows["value"]["Other"])
    assert rows.state["Other"] == "suppressed"


def test_no_hidden_count_can_be_told_from_the_groups_and_everyone() -> None:
    """In Harrow 3 men are hidden; so are the women, since 43 less 40 is 3."""
    few = by("sex", (HARROW, "", 43, 100), (HARROW, "female", 40, 60), (HARROW, "male", 3, 40))
    found = between_groups.by_group(workspace(indicators=few), Scope("NWL", (HARROW,), YEAR), IMPROVED, "sex")
    assert found.rows["value"].isna().all()
    assert found.rows.shown.isna().all()
    assert found.boroughs == ()


def test_groups_are_offered_where_they_are_given() -> None:
    held = workspace(indicators=SEXES)
    assert between_groups.groupings(held, NWL, IMPROVED) == ["sex"]
    everyone = workspace(indicators=[row for row in SEXES if row["sex"] == ""])
    assert between_groups.groupings(everyone, NWL, IMPROVED) == []
    assert "everyone together only" in between_groups.why_no_groups(everyone, NWL, IMPROVED)[0]


def counted(people: bool) -> Any:
    activity = [
        {"area": area, "service": "A", "measure": "People seen", "sex": sex, "count": count}
        for area, sex, count in ((BRENT, "", 90), (BRENT, "female", 60), (BRENT, "male", 30))
    ]
    population = [{"area": BRENT, "persons": 10_000}]
    groups = [{"area": BRENT, "persons": 5_000, "sex": sex} for sex in ("female", "male")]
    return workspace(activity=activity, population=[*population, *(groups if people else [])])


def test_a_count_by_group_is_divided_by_the_people_of_the_group() -> None:
    held = counted(people=True)
    assert between_groups.groupings(held, NWL, SEEN) == ["sex"]
    rows = between_groups.by_group(held, NWL, SEEN, "sex").rows.set_index("name")
    assert rows["value"].to_dict() == {"Female": 12, "Male": 6}


def test_a_count_by_group_without_people_by_group_asks_for_them() -> None:
    held = counted(people=False)
    assert between_groups.groupings(held, NWL, SEEN) == []
    sentence, table = between_groups.why_no_groups(held, NWL, SEEN)
    assert "people of each group" in sentence
    assert table == "population"


def fifths(*values: float, base: float = 1000, measure: Measure = IMPROVED) -> pd.DataFrame:
    """Groups of the same size from the most deprived on, held against all together."""
    rows = pd.DataFrame(
        {"name": [str(at + 1) for at in range(len(values))], "place": range(1, len(values) + 1), "base": base, "value": values}
    )
    return variation.compare(rows.assign(count=rows["value"] * base / measure.per), measure)


def figures(rows: pd.DataFrame, by: str = "deprivation_quintile", form: str = OHID, measure: Measure = IMPROVED) -> pd.DataFrame:
    return between_groups.measures_of_inequality(rows, measure, by, form).set_index("key")


def test_the_slope_through_equal_fifths_is_the_line_by_hand() -> None:
    # Fifths stand at ranks 0.1 to 0.9; values 0.1 to 0.5 lie on a line from 0.05 to 0.55: slope 0.5, ratio of its ends 11.
    found = figures(fifths(0.1, 0.2, 0.3, 0.4, 0.5))
    assert found["value"]["slope_index"] == pytest.approx(0.5)
    assert found["value"]["relative_index"] == pytest.approx(11)
    assert found["value"][["difference", "ratio"]].tolist() == pytest.approx([0.4, 5])
    assert found.lower["slope_index"] < 0.5 < found.upper["slope_index"]


def test_the_logit_form_of_who_gives_another_slope() -> None:
    rows = fifths(0.1, 0.2, 0.3, 0.4, 0.5)
    assert figures(rows, form=HEAT)["value"]["slope_index"] != pytest.approx(0.5, abs=0.005)


def test_equal_fifths_have_no_slope() -> None:
    found = figures(fifths(*[0.3] * 5))
    assert found["value"][["slope_index", "difference"]].tolist() == pytest.approx([0, 0], abs=1e-12)
    assert found.lower["slope_index"] < 0 < found.upper["slope_index"]


@pytest.mark.parametrize("column", ["age_band", "ethnic_group", "sex"])
def test_no_slope_is_drawn_through_groups_without_a_disadvantaged_end(column: str) -> None:
    assert list(figures(fifths(0.2, 0.6, 0.4), column).index) == ["difference", "ratio", "index_of_disparity_weighted"]


def test_unordered_groups_are_compared_best_with_worst() -> None:
    found = figures(fifths(0.2, 0.6, 0.4), "ethnic_group")
    # All together 0.4; the three lie 0.2, 0.2 and 0 from it: a mean of 0.1333, a third of 0.4.
    assert found["value"].tolist() == pytest.approx([0.4, 3, 100 / 3])
    assert pd.isna(found.lower["index_of_disparity_weighted"])


def test_where_lower_is_better_the_most_deprived_come_first() -> None:
    lower = Measure("Waited", "indicators", SHARE, "share", "lower")
    assert figures(fifths(0.5, 0.4, 0.3, 0.2, 0.1, measure=lower), measure=lower)["value"]["difference"] == pytest.approx(0.4)


def test_a_rate_beyond_its_scale_has_no_logit_slope() -> None:
    contacts = Measure("Contacts", "activity", RATE, "per 1,000", per=1000, has_base=False)
    rows = fifths(1500, 1400, 1300, 1200, 1100, measure=contacts)
    assert pd.isna(figures(rows, form=HEAT, measure=contacts)["value"]["slope_index"])
    assert figures(rows, measure=contacts)["value"]["slope_index"] == pytest.approx(-500)


@pytest.mark.parametrize(
    ("labels", "ordered"),
    [
        (["65 and over", "16 to 25", "26 to 64"], ["16 to 25", "26 to 64", "65 and over"]),
        (["18-64", "Under 18", "65+"], ["Under 18", "18-64", "65+"]),
        (["not known", "18 to 64"], ["18 to 64", "not known"]),
    ],
)
def test_ages_stand_in_their_order(labels: list[str], ordered: list[str]) -> None:
    assert sorted(labels, key=between_groups.place) == ordered


def test_the_made_up_example_has_groups_of_all_four_kinds_for_its_first_measure() -> None:
    scope = Scope(year=YEAR)
    measure = variation.measures(made_up(), scope)[0]
    assert between_groups.groupings(made_up(), scope, measure) == ["deprivation_quintile", "ethnic_group", "age_band", "sex"]
    for column in between_groups.BY:
        found = between_groups.by_group(made_up(), scope, measure, column)
        assert len(found.boroughs) == 13
        assert found.rows["value"].notna().all()


def test_published_figures_have_no_groups() -> None:
    scope = Scope(year="2019/20")
    assert [between_groups.groupings(published(), scope, measure) for measure in variation.measures(published(), scope)] == [[]] * 11
