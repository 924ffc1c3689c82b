"""What is loaded: examples that never mix, uploads that replace or add, and years to choose from."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pandas as pd
import pytest

from mhequity import tables
from mhequity.changes import compare, effects
from mhequity.scope import Scope
from mhequity.workspace import (
    KEEP_BOTH,
    KEEP_OLD,
    MADE_UP,
    PUBLISHED,
    REPLACE,
    USE_NEW,
    Upload,
    Workspace,
    best_covered_year,
    example,
    made_up,
    published,
    with_uploads,
    years,
)

BRENT, EALING, CITY = "E09000005", "E09000009", "E09000001"
WHEN = datetime(2026, 1, 5, 9, 30)


def investment(*rows: tuple[str, str, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["area", "period", "amount_gbp"]).assign(service="All mental-health services")
    return tables.conform(frame, "investment")


def upload(*rows: tuple[str, str, float], mode: str = USE_NEW, digest: str = "a", file: str = "money.xlsx") -> Upload:
    return Upload(file, WHEN, {"investment": investment(*rows)}, mode, digest)


def amounts(workspace: Workspace, area: str = BRENT) -> dict[str, float]:
    rows = workspace.table("investment")
    rows = rows[rows.area == area]
    return dict(zip(rows.period, rows.amount_gbp, strict=True))


def test_upload_that_replaces_stands_alone() -> None:
    loaded = with_uploads(published(), [upload((BRENT, "2024/25", 5.0), mode=REPLACE)])
    assert len(loaded.table("investment")) == 1
    assert amounts(loaded) == {"2024/25": 5.0}


def test_replacing_one_table_leaves_the_others() -> None:
    loaded = with_uploads(published(), [upload((BRENT, "2024/25", 5.0), mode=REPLACE)])
    assert loaded.table("population") is published().table("population")


def test_upload_that_adds_joins_what_is_there() -> None:
    loaded = with_uploads(published(), [upload((BRENT, "2024/25", 5.0))])
    assert len(loaded.table("investment")) == len(published().table("investment")) + 1
    assert amounts(loaded) == {**amounts(published()), "2024/25": 5.0}


def test_row_that_states_the_same_fact_takes_the_old_ones_place() -> None:
    loaded = with_uploads(published(), [upload((BRENT, "2019/20", 5.0))])
    assert len(loaded.table("investment")) == len(published().table("investment"))
    assert amounts(loaded) == {**amounts(published()), "2019/20": 5.0}


def test_no_base_stated_is_the_same_fact_as_residents() -> None:
    mine = tables.conform(pd.DataFrame({"area": [BRENT], "period": ["2021"], "persons": [340000.0]}), "population")
    old = published().table("population")
    found = compare(old, mine, "population")
    assert (found.new, found.overlap) == (0, 1)
    loaded = with_uploads(published(), [Upload("people.csv", WHEN, {"population": mine}, digest="a")]).table("population")
    assert len(loaded) == len(old)
    everyone = loaded[(loaded.area == BRENT) & (loaded.period == "2021") & (loaded.age_band == "")]
    assert everyone.persons.tolist() == [340000]


@pytest.mark.parametrize("mode", [USE_NEW, KEEP_OLD, REPLACE, KEEP_BOTH])
def test_made_up_rows_give_way_to_a_persons_own(mode: str) -> None:
    loaded = with_uploads(made_up(), [upload((BRENT, "2024/25", 5.0), mode=mode)])
    assert amounts(loaded) == {"2024/25": 5.0}
    assert len(loaded.table("investment")) == 1
    assert not loaded.is_made_up("investment")
    assert loaded.is_made_up("activity")


def test_made_up_indicators_give_way_and_published_ones_stay() -> None:
    mine = tables.conform(pd.DataFrame({"area": [BRENT], "period": ["2024/25"], "measure": ["Mine"], "value": [1.0]}), "indicators")
    loaded = with_uploads(made_up(), [Upload("mine.csv", WHEN, {"indicators": mine}, digest="a")])
    assert not loaded.is_made_up("indicators")
    assert len(loaded.table("indicators")) == len(published().table("indicators")) + 1


def test_two_uploads_count_in_the_order_they_came() -> None:
    first, second = upload((BRENT, "2019/20", 1.0), (EALING, "2019/20", 2.0)), upload((BRENT, "2019/20", 3.0), digest="b")
    forth, back = with_uploads(published(), [first, second]), with_uploads(published(), [second, first])
    assert (amounts(forth)["2019/20"], amounts(back)["2019/20"]) == (3, 1)
    assert amounts(forth, EALING)["2019/20"] == 2


def test_upload_that_replaces_takes_an_earlier_uploads_place_too() -> None:
    loaded = with_uploads(published(), [upload((BRENT, "2019/20", 1.0)), upload((EALING, "2019/20", 2.0), mode=REPLACE, digest="b")])
    assert (amounts(loaded), amounts(loaded, EALING)) == ({}, {"2019/20": 2.0})


def test_uploads_leave_the_workspace_they_were_added_to_as_it_was() -> None:
    before = published().table("investment").copy()
    with_uploads(published(), [upload((BRENT, "2019/20", 5.0))])
    pd.testing.assert_frame_equal(published().table("investment"), before)


def test_version_differs_with_content_mode_order_and_example() -> None:
    one, other = upload((BRENT, "2019/20", 1.0)), upload((BRENT, "2019/20", 2.0), digest="b")
    cases = [
        published(),
        made_up(),
        with_uploads(published(), [one]),
        with_uploads(made_up(), [one]),
        with_uploads(published(), [other]),
        with_uploads(published(), [upload((BRENT, "2019/20", 1.0), mode=REPLACE)]),
        with_uploads(published(), [one, other]),
        with_uploads(published(), [other, one]),
    ]
    assert len({case.version for case in cases}) == len(cases)


def test_same_uploads_give_the_same_version() -> None:
    assert (
        with_uploads(published(), [upload((BRENT, "2019/20", 1.0))]).version
        == with_uploads(published(), [upload((BRENT, "2019/20", 1.0))]).version
    )
    assert with_uploads(published(), []).version == published().version


OLD = investment((BRENT, "2019/20", 1.0), (EALING, "2019/20", 2.0), (BRENT, "2020/21", 3.0))
NEW = investment((BRENT, "2019/20", 5.0), (EALING, "2019/20", 2.0), (CITY, "2024/25", 7.0))


def joined(mode: str) -> dict[tuple[str, str, str], float]:
    """What OLD and NEW are together: service, area and period to the amount."""
    start = Workspace({"investment": OLD}, {}, "literal")
    rows = with_uploads(start, [Upload("money.xlsx", WHEN, {"investment": NEW}, mode, "a")]).table("investment")
    short = rows.service.str.replace("All mental-health services", "all", regex=False)
    found = {
        (service, area, period): amount
        for service, area, period, amount in zip(short, rows.area, rows.period, rows.amount_gbp, strict=True)
    }
    assert len(found) == len(rows)
    return found


@pytest.mark.parametrize(
    ("mode", "wanted"),
    [
        (USE_NEW, {("all", BRENT, "2019/20"): 5, ("all", EALING, "2019/20"): 2, ("all", BRENT, "2020/21"): 3, ("all", CITY, "2024/25"): 7}),
        (KEEP_OLD, {("all", BRENT, "2019/20"): 1, ("all", EALING, "2019/20"): 2, ("all", BRENT, "2020/21"): 3, ("all", CITY, "2024/25"): 7}),
        (REPLACE, {("all", BRENT, "2019/20"): 5, ("all", EALING, "2019/20"): 2, ("all", CITY, "2024/25"): 7}),
        (
            KEEP_BOTH,
            {
                ("all", BRENT, "2019/20"): 1, ("all", EALING, "2019/20"): 2, ("all", BRENT, "2020/21"): 3, ("all", CITY, "2024/25"): 7,
                ("all (money.xlsx)", BRENT, "2019/20"): 5, ("all (money.xlsx)", EALING, "2019/20"): 2,
            },
        ),
    ],
)  # fmt: skip
def test_each_mode_keeps_what_it_says(mode: str, wanted: dict[tuple[str, str, str], float]) -> None:
    assert joined(mode) == wanted


def test_both_kept_carry_the_files_name_in_the_measure_where_a_table_has_one() -> None:
    rows = tables.conform(
        pd.DataFrame({"area": [BRENT], "service": ["Teams"], "period": ["2024/25"], "measure": ["Seen"], "count": [1.0]}), "activity"
    )
    start = Workspace({"activity": rows}, {}, "literal")
    both = with_uploads(start, [Upload("b.csv", WHEN, {"activity": rows}, KEEP_BOTH, "b")]).table("activity")
    assert both.measure.tolist() == ["Seen", "Seen (b.csv)"]
    assert both.service.tolist() == ["Teams", "Teams"]


def test_keeping_both_twice_does_not_count_the_same_file_twice() -> None:
    twice = [Upload("money.xlsx", WHEN, {"investment": NEW}, KEEP_BOTH, digest) for digest in ("a", "b")]
    once = with_uploads(Workspace({"investment": OLD}, {}, "literal"), twice[:1]).table("investment")
    assert len(with_uploads(Workspace({"investment": OLD}, {}, "literal"), twice).table("investment")) == len(once) + 1


def test_a_table_without_names_cannot_keep_both_and_takes_the_new() -> None:
    rows = tables.conform(pd.DataFrame({"area": [BRENT], "period": ["2021"], "persons": [10.0]}), "population")
    both = with_uploads(
        Workspace({"population": rows}, {}, "literal"), [Upload("b.csv", WHEN, {"population": rows.assign(persons=12.0)}, KEEP_BOTH, "b")]
    )
    assert both.table("population").persons.tolist() == [12]


def test_compare_counts_new_changed_same_and_what_would_go() -> None:
    found = compare(OLD, NEW, "investment")
    assert (found.new, found.changed, found.same, found.others) == (1, 1, 1, 1)
    assert found.areas == (CITY,)
    assert found.periods == ("2024/25",)
    assert found.figures[["area", "period", "column", "old", "new"]].to_numpy().tolist() == [[BRENT, "2019/20", "amount_gbp", "1", "5"]]


def test_compare_tells_suppressed_missing_and_zero_apart() -> None:
    old = tables.conform(investment((BRENT, "1", 0.0), (BRENT, "2", float("nan")), (BRENT, "3", float("nan"))), "investment")
    new = old.assign(amount_gbp=[float("nan"), float("nan"), 0.0], suppressed=["amount_gbp", "amount_gbp", ""])
    found = compare(old, new, "investment")
    assert found.changed == 3
    assert found.figures[["old", "new"]].to_numpy().tolist() == [["0", "suppressed"], ["missing", "suppressed"], ["missing", "0"]]


def test_compare_lists_changed_words_too() -> None:
    def offer(status: str) -> pd.DataFrame:
        return tables.conform(
            pd.DataFrame({"area": [BRENT], "service": ["Teams"], "element": ["Crisis house"], "status": [status]}), "core_offer"
        )

    found = compare(offer("none"), offer("full"), "core_offer")
    assert found.figures[["column", "old", "new"]].to_numpy().tolist() == [["status", "none", "full"]]


def test_effects_do_not_count_made_up_rows_as_there() -> None:
    found = effects(made_up(), upload((BRENT, "2024/25", 5.0)))["investment"]
    assert (found.new, found.overlap, found.others) == (1, 0, 0)


def test_changed_figures_are_listed_up_to_twenty() -> None:
    many = investment(*((BRENT, str(2000 + at), float(at)) for at in range(50)))
    found = compare(many, many.assign(amount_gbp=many.amount_gbp + 1), "investment")
    assert found.changed == 50
    assert len(found.figures) == 20


def test_a_million_rows_are_compared_and_joined() -> None:
    count = 1_000_000
    areas_ = pd.Series([BRENT, EALING, CITY, "E09000002"]).sample(count, replace=True, random_state=1).reset_index(drop=True)
    big = tables.conform(
        pd.DataFrame({"area": areas_, "period": "2024/25", "service": pd.Series(range(count)).astype("str"), "amount_gbp": 1.0}),
        "investment",
    )
    found = compare(big, big, "investment")
    joined = with_uploads(Workspace({"investment": big}, {}, "literal"), [Upload("b.csv", WHEN, {"investment": big}, USE_NEW, "b")])
    assert (found.new, found.changed, found.same, found.others) == (0, 0, count, 0)
    assert len(joined.table("investment")) == count


def test_uploaded_rows_name_their_file_and_when_it_came() -> None:
    loaded = with_uploads(published(), [upload((BRENT, "2024/25", 5.0)), upload((EALING, "2024/25", 6.0), digest="b", file="more.csv")])
    rows = loaded.table("investment")
    found = loaded.sources_of(rows[rows.period == "2024/25"])
    assert [(source.key, source.title, source.period) for source in found] == [
        ("upload-1", "money.xlsx", "05 Jan 2026, 09:30"),
        ("upload-2", "more.csv", "05 Jan 2026, 09:30"),
    ]
    assert all(source.uploaded_at == WHEN and not source.made_up for source in found)


def test_sources_of_rows_come_in_order_once_each_and_unknown_keys_are_passed_over() -> None:
    workspace = published()
    frame = pd.DataFrame({"source": ["smi_checks", "census_2021", "smi_checks", "who knows"]})
    assert [source.key for source in workspace.sources_of(frame)] == ["smi_checks", "census_2021"]
    assert workspace.sources_of(pd.DataFrame({"area": [BRENT]})) == ()
    assert [source.publisher for source in workspace.named(["census_2021"])] == ["Office for National Statistics"]


@pytest.mark.parametrize("workspace", [published(), made_up()], ids=["published", "made up"])
def test_every_row_has_a_source_that_is_known(workspace: Workspace) -> None:
    for name in workspace.tables:
        assert set(workspace.table(name)["source"]) <= set(workspace.sources), name


@pytest.mark.parametrize("workspace", [published(), made_up()], ids=["published", "made up"])
@pytest.mark.parametrize("name", ["investment", "activity", "workforce", "waits"])
def test_published_and_made_up_never_meet_in_one_table(workspace: Workspace, name: str) -> None:
    assert len({source.made_up for source in workspace.sources_of(workspace.table(name))}) <= 1


def test_published_example_holds_nothing_made_up() -> None:
    assert not any(published().is_made_up(name) for name in published().tables)


def test_made_up_example_has_made_up_services_beside_published_need() -> None:
    assert all(made_up().is_made_up(name) for name in ("investment", "activity", "workforce", "waits", "sites"))
    assert not any(made_up().is_made_up(name) for name in ("ambitions", "targets"))


def test_residents_of_everyone_are_published_and_made_up_ones_are_of_one_group_each() -> None:
    people = made_up().table("population")
    real = made_up().real(people)
    pd.testing.assert_frame_equal(real, published().table("population"))
    invented = people.drop(real.index)
    assert len(invented) == 13 * (2 + 5 + 5 + 5)
    assert tables.everyone(invented).empty
    assert set(invented.source) == {"made_up_residents"}
    assert years(made_up()) == years(_without_residents_by_group())


def _without_residents_by_group() -> Workspace:
    return Workspace({**made_up().tables, "population": published().table("population")}, made_up().sources, "without")


CARE = tables.conform(
    pd.DataFrame({"area": [BRENT], "service": ["A"], "period": ["2024/25"], "measure": ["Seen"], "count": [9.0]}), "activity"
)
PEOPLE = tables.conform(pd.DataFrame({"area": [BRENT], "period": ["2024"], "persons": [340000.0], "base": ["resident"]}), "population")
WAITS = tables.conform(pd.DataFrame({"area": [BRENT], "service": ["A"], "period": ["2024/25"], "seen": [9.0]}), "waits")


@pytest.mark.parametrize("mode", [USE_NEW, KEEP_OLD, KEEP_BOTH])
@pytest.mark.parametrize(("table", "mine"), [("population", PEOPLE), ("activity", CARE), ("waits", WAITS)])
def test_made_up_residents_give_way_to_own_residents_and_to_own_care(table: str, mine: pd.DataFrame, mode: str) -> None:
    loaded = with_uploads(made_up(), [Upload("mine.csv", WHEN, {table: mine}, mode, "a")])
    assert not loaded.is_made_up("population")
    kept = loaded.table("population")
    assert len(kept) == len(published().table("population")) + (table == "population")
    assert made_up().is_made_up("population")


def test_made_up_residents_stay_beside_made_up_care() -> None:
    loaded = with_uploads(made_up(), [upload((BRENT, "2024/25", 5.0))])
    assert loaded.is_made_up("population")
    assert loaded.is_made_up("activity")


@pytest.mark.parametrize("name", ["population", "indicators", "investment", "activity"])
def test_no_fact_is_stated_twice_in_an_example(name: str) -> None:
    for workspace in (published(), made_up()):
        assert not workspace.table(name).duplicated(tables.kind(name).key).any()


def test_example_is_found_by_its_name() -> None:
    assert example(PUBLISHED) is published()
    assert example(MADE_UP) is made_up()


def test_table_that_is_not_loaded_is_empty_and_has_its_columns() -> None:
    frame = published().table("waits")
    assert frame.empty
    assert frame.columns.tolist() == tables.empty("waits").columns.tolist()


def test_best_covered_year_of_the_published_figures_is_2019_20() -> None:
    assert best_covered_year(published()) == "2019/20"
    assert best_covered_year(published(), Scope("NWL").codes) == "2019/20"


def test_best_covered_year_of_equals_is_the_latest() -> None:
    rows = investment((BRENT, "2022/23", 1.0), (BRENT, "2023/24", 1.0), (BRENT, "2021/22", 1.0))
    assert best_covered_year(Workspace({"investment": rows}, {}, "literal")) == "2023/24"


def test_years_count_borough_series_in_order_and_not_rows() -> None:
    rows = investment(
        (BRENT, "2023/24", 1.0),
        (BRENT, "2022/23 Q1", 1.0),
        (BRENT, "2022/23 Q2", 1.0),
        (EALING, "2022/23", 1.0),
        ("E54000027", "2022/23", 1.0),
    )
    assert list(years(Workspace({"investment": rows}, {}, "literal")).items()) == [("2022/23", 2), ("2023/24", 1)]


def test_nothing_loaded_has_no_years() -> None:
    empty = Workspace({}, {}, "empty")
    assert years(empty) == {}
    assert best_covered_year(empty) == ""


def test_years_of_a_persons_uploads_come_first() -> None:
    loaded = with_uploads(published(), [upload((BRENT, "2024/25", 5.0))])
    assert years(loaded) == {"2024/25": 1}
    assert best_covered_year(loaded) == "2024/25"


def test_uploads_of_other_boroughs_do_not_hide_the_examples_years() -> None:
    loaded = with_uploads(published(), [upload((CITY, "2024/25", 5.0))])
    assert best_covered_year(loaded, Scope("NWL").codes) == "2019/20"


def test_a_result_is_worked_out_once_and_belongs_to_its_workspace() -> None:
    calls = []

    def rows(workspace: Workspace, name: str) -> int:
        calls.append(name)
        return len(workspace.table(name))

    first = Workspace({"investment": investment((BRENT, "2024/25", 5.0))}, {}, "one")
    second = with_uploads(first, [upload((EALING, "2024/25", 6.0))])
    assert [first.once(rows, "investment"), first.once(rows, "investment"), first.once(rows, "waits")] == [1, 1, 0]
    assert calls == ["investment", "waits"]
    assert second.once(rows, "investment") == 2


def test_a_room_asking_the_same_at_once_has_it_worked_out_once() -> None:
    workspace = Workspace({}, {}, "room")
    calls: list[str] = []

    def slow(_: Workspace, name: str) -> str:
        calls.append(name)
        time.sleep(0.05)
        return name.upper()

    with ThreadPoolExecutor(8) as room:
        answers = list(room.map(lambda _: workspace.once(slow, "need"), range(8)))
    assert answers == ["NEED"] * 8
    assert calls == ["need"]


def test_the_years_of_a_persons_own_indicators_can_be_chosen() -> None:
    rows = tables.conform(pd.DataFrame([{"area": BRENT, "period": "2026/27", "measure": "Wellbeing", "value": 5.0}]), "indicators")
    mine = with_uploads(published(), [Upload("a.csv", WHEN, {"indicators": rows}, USE_NEW, "a")])
    assert years(mine) == {"2026/27": 1}
    assert "2026/27" not in years(published())


def test_made_up_and_own_figures_are_known_apart() -> None:
    invented = next(key for key, source in made_up().sources.items() if source.made_up)
    mine = with_uploads(made_up(), [Upload("a.csv", WHEN, {"investment": NEW}, USE_NEW, "a")])
    assert mine.mixes(["upload-1", invented])
    assert not mine.mixes(["upload-1"])
    assert not mine.mixes([invented, next(iter(published().sources))])
