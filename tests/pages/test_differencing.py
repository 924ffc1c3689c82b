"""What a small count would give away, were it somewhere: rates, shares, indices and counts that only it comes to, on every page and table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from tests.pages.driver import NWL, all_text, bars, choose, deck, everything, go, unfold, upload, visit

PLACES = {"Brent": 1, "Ealing": 2, "Harrow": 3, "Hillingdon": 4, "Hounslow": 5}
OUTCOME, RATE, LIST, REGISTER = "People seen in time, share", "Falls of patients", "Patients on the list", "Own register, share"
_NUMBER = re.compile(r"-?\d+(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?(?:e-?\d+)?")


def indicators() -> str:
    """Shares, rates and counts of five boroughs: in each measure one has a small count, or all but few of its people."""
    lines = ["area,period,measure,value,numerator,denominator,unit,better,role"]
    for place, n in PLACES.items():
        for quarter in (1, 2, 3, 4):
            below, above = 200 + 7 * n + quarter, 90 + 11 * n + 2 * quarter
            # Brent's first quarter is small, and all but 2 people were seen in time in Hounslow's third.
            above = 3 if (n, quarter) == (1, 1) else below - 2 if (n, quarter) == (5, 3) else above
            lines.append(f"{place},2024/25 Q{quarter},{OUTCOME},{above / below},{above},{below},share,higher,outcome")
        above, below = 2 if n == 2 else 60 + n, 4013 + 17 * n
        lines.append(f'{place},2024/25,{RATE},{above / below * 1000},{above},{below},"per 1,000",lower,outcome')
        lines.append(f"{place},2024/25,{LIST},{3 if n == 4 else 61 + n},,,patients,lower,outcome")
        above, below = 4 if n == 3 else 400 + 9 * n, 5011 + 13 * n
        lines.append(f"{place},2024/25,{REGISTER},{above / below},{above},{below},share,lower,need")
    return "\n".join(lines)


def population() -> str:
    """Residents by sex and by nested bands of age: few are of the oldest in Brent, and of the third group in Harrow."""
    lines = ["area,period,persons,age_band,sex"]
    for place, n in PLACES.items():
        old, third = 3 if n == 1 else 4000 + n, 2 if n == 3 else 700 + n
        ages = {"0 to 15": 50_000 + n, "16 to 64": 150_000 + n, "65 to 84": 30_000 + n, "85+": old, "65+": 30_000 + n + old}
        total = 230_000 + 3 * n + old
        sexes = {"female": 120_000, "male": total - 120_000 - third, "other": third}
        lines += [f"{place},2024/25,{total},,", *(f"{place},2024/25,{count},{age}," for age, count in ages.items())]
        lines += [f"{place},2024/25,{count},,{sex}" for sex, count in sexes.items()]
    return "\n".join(lines)


def activity() -> str:
    """People seen by two services, and by sex and age."""
    lines = ["area,service,period,measure,count,age_band,sex"]
    for place, n in PLACES.items():
        for service, every in (("Street teams", 3 if n == 2 else 410 + n), ("Home teams", 820 + n)):
            few = min(4, every) if n == 5 else every // 5
            rows = {",": every, ",female": every - few, ",male": 0, ",other": few}
            rows |= {"0 to 15,": 0, "16 to 64,": every - few, "65 to 84,": 0, "85+,": few}
            lines += [f"{place},{service},2024/25,People seen,{count},{group}" for group, count in rows.items()]
    return "\n".join(lines)


def investment() -> str:
    rows = [f"{place},{service},2024/25,{100_000 + n * 1234}" for place, n in PLACES.items() for service in ("Street teams", "Home teams")]
    return "\n".join(["area,service,period,amount_gbp", *rows])


def targets() -> str:
    head = "strategy,ambition,measure,area,baseline_period,baseline,target_period,target,better"
    shares = [f'Own,Be seen,"{OUTCOME}",{place},2024/25 Q1,0.5,2028/29,0.8,higher' for place in PLACES]
    return "\n".join([head, *shares, f"Own,Be seen,{LIST},Hillingdon,2024/25,3,2028/29,0,lower"])


def own(**scope: str) -> AppTest:
    made = {
        "indicators": indicators(),
        "population": population(),
        "activity": activity(),
        "investment": investment(),
        "targets": targets(),
    }
    files = [
        (f"{name}.csv", text.replace(f",{OUTCOME},", f',"{OUTCOME}",').replace(f",{REGISTER},", f',"{REGISTER}",').encode())
        for name, text in made.items()
    ]
    return choose(upload(visit(system=NWL), *files), **scope)


def numbers(at: AppTest) -> set[float]:
    """All figures that the browser gets: in words, tables, charts and on the map."""
    charts = [
        bars(at, number, each.name).to_csv() for number, chart in enumerate(at.get("vega_lite_chart")) for each in chart.proto.datasets
    ]
    maps = [str(deck(at))] if at.get("deck_gl_json_chart") else []
    return {float(found.replace(",", "")) for text in (*everything(unfold(at)), *charts, *maps) for found in _NUMBER.findall(text)}


def telling() -> Iterator[tuple[str, float]]:
    """What a figure with a small count behind it comes to."""
    yield "Brent's first quarter", 3 / 208
    yield "Hounslow's third quarter", 236 / 238
    yield "falls in Ealing", 2 / 4047 * 1000
    yield "the register in Harrow", 4 / 5050
    yield "need in Harrow", (4 / 5050) / ((409 + 418 + 4 + 436 + 445) / (5024 + 5037 + 5050 + 5063 + 5076))
    yield "Ealing's street teams per 1,000", 3 / (230_006 + 4002) * 1000
    yield "the oldest of Hounslow per 1,000", 8 / 4005 * 1000
    yield "people with a condition among Brent's oldest", 3 * 0.226


def options(at: AppTest) -> Iterator[AppTest]:
    """The page under each of its own controls' choices, one at a time."""
    yield at
    for key in ("outcome", "measure", "group_by", "group", "age", "question", "need"):
        held = [each for each in (*at.selectbox, *at.get("button_group"), *at.radio) if each.key == key]
        for option in held[0].options if held else ():
            control = next((each for each in (*at.selectbox, *at.get("button_group"), *at.radio) if each.key == key), None)
            if control is not None:
                at = control.set_value(option).run()
                yield at


@pytest.mark.parametrize("page", ["overview", "unmet_need", "need_measures", "investment_and_activity", "variation", "progress"])
@pytest.mark.parametrize("service", ["All services", "Street teams"])
def test_no_figure_that_only_a_small_count_comes_to_reaches_the_browser(page: str, service: str) -> None:
    for at in options(go(own(service=service), page)):
        assert not at.exception
        got = numbers(at)
        for what, value in telling():
            assert not [each for each in got if abs(each - value) <= 2e-6 * value], f"{what} on {page}: {value}"


@pytest.mark.parametrize(("measure", "place"), [(LIST, "Hillingdon"), (RATE, "Ealing")])
def test_a_small_count_under_any_unit_is_suppressed_between_boroughs(measure: str, place: str) -> None:
    at = go(own(), "variation")
    at = at.selectbox(key="measure").set_value(measure).run()
    unfold(at)
    row = at.table[0].value.loc[place]
    assert (row == "suppressed").any(), row.to_dict()


def test_a_small_baseline_of_a_target_is_not_said() -> None:
    text = " ".join(all_text(go(own(), "progress")))
    assert "3 patients" not in text
    assert "The baseline rests on a small count, which is hidden." in text


def test_targets_of_the_same_measure_in_several_areas_stand_side_by_side() -> None:
    at = go(own(), "progress")
    assert not at.exception
    headings = {each.value for each in at.subheader}
    assert {f"{OUTCOME}, {place}" for place in PLACES} <= headings
