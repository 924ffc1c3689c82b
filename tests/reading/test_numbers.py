"""Numbers and marks as they come in real files."""

import math
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mhequity.reading.numbers import MISSING, NUMBER, SUPPRESSED, UNREADABLE, parse


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234", 1234.0),
        ("1 234 567", 1234567.0),
        ("£63,620 ", 63620.0),
        ("(1,200)", -1200.0),
        ("£(1,200)", -1200.0),
        ("(£1,200)", -1200.0),
        ("-£5", -5.0),
        ("£-5", -5.0),
        ("12.5%", 0.125),
        ("(5%)", -0.05),
        ("£1.2m", 1200000.0),
        ("1.1M", 1100000.0),
        ("3.5k", 3500.0),
        ("£1.2 million", 1200000.0),
        ("2bn", 2e9),
        ("1.5E+03", 1500.0),
        ("−7", -7.0),
        ("–7", -7.0),
        ("1\u00a0234", 1234.0),
        (".5", 0.5),
        ("+3", 3.0),
        ("35.036999999999999", 35.037),
        (0.1 + 0.2, 0.30000000000000004),
        (7, 7.0),
        ("0", 0.0),
    ],
)
def test_number_is_read_in_the_forms_people_use(written: object, value: float) -> None:
    found = parse(written)
    assert (found.state, found.value) == (NUMBER, value)


@pytest.mark.parametrize("mark", ["*", "<5", "< 5", "<7", "c", "C", "[c]", " * ", "≤5"])
def test_suppressed_count_is_never_a_number(mark: str) -> None:
    found = parse(mark)
    assert found.state == SUPPRESSED
    assert math.isnan(found.value)


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "  ",
        "-",
        "–",
        ".",
        "..",
        ":",
        "NA",
        "N/A",
        "NaN",
        "n/a",
        "x",
        "[x]",
        "z",
        "[z]",
        "#N/A",
        "#DIV/0!",
        None,
        float("nan"),
        "\u00a0",
    ],
)
def test_missing_is_never_zero(mark: object) -> None:
    found = parse(mark)
    assert found.state == MISSING
    assert math.isnan(found.value)


@pytest.mark.parametrize(
    "text",
    ["about 40", "1.234,56", "1,23", "12,34,567", "#REF!", "1-2", "-(5)", "--5", "5%%", "£5%", "inf", "1e999", "12 people", True,
     date(2024, 1, 1)],
)  # fmt: skip
def test_what_is_not_clearly_a_number_is_not_guessed(text: object) -> None:
    assert parse(text).state == UNREADABLE


WHOLE = st.integers(-(10**12), 10**12)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)


@given(WHOLE)
@settings(max_examples=150, deadline=None)
def test_thousands_pounds_and_brackets_are_read_back(number: int) -> None:
    assert parse(f"{number:,}").value == number
    assert parse(f"£{abs(number):,} ").value == abs(number)
    assert parse(f"({abs(number):,})").value == -abs(number)


@given(st.integers(-(10**6), 10**6))
@settings(max_examples=150, deadline=None)
def test_percent_k_and_m_are_exact(tenths: int) -> None:
    written = f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"
    assert parse(f"{written}%").value == tenths / 1000
    assert parse(f"{written}k").value == tenths * 100
    assert parse(f"{written}m").value == tenths * 100_000


@given(FLOATS)
@settings(max_examples=200, deadline=None)
def test_a_float_is_read_back_exactly_typed_or_printed(number: float) -> None:
    assert parse(number).value == number
    assert parse(repr(number)).value == number


@given(st.text(max_size=20))
@settings(max_examples=300, deadline=None)
def test_arbitrary_text_never_raises_and_only_numbers_have_a_value(text: str) -> None:
    found = parse(text)
    assert math.isfinite(found.value) == (found.state == NUMBER)


@pytest.mark.parametrize(
    ("written", "value"), [("6.5 (5.0-8.0)", 6.5), ("6.5 (5.0 to 8.0)", 6.5), ("12.5% [10.1%-15.0%]", 0.125), ("7 (5, 9)", 7.0)]
)
def test_an_interval_behind_a_figure_is_dropped_and_the_figure_kept(written: str, value: float) -> None:
    assert parse(written).state == "number"
    assert parse(written).value == pytest.approx(value)


@pytest.mark.parametrize(
    ("written", "value"),
    [("45 (12%)", 45), ("1,770 (8.5 %)", 1770), ("120*", 120), ("1,200²", 1200), ("120 (p)", 120), ("120 [r]", 120), ("130r", 130),
     ("12.5%*", 0.125), ("(120)", -120), ("(12%)", -0.12)],
)  # fmt: skip
def test_a_share_or_a_footnote_mark_behind_a_figure_is_no_part_of_it(written: str, value: float) -> None:
    assert parse(written).value == value


@pytest.mark.parametrize("written", ["<5 (12%)", "* (3%)", "<5*"])
def test_a_suppressed_count_with_its_share_stays_suppressed(written: str) -> None:
    assert parse(written).state == SUPPRESSED


@pytest.mark.parametrize("written", ["45 (12)", "c.500", "r", "²", "120 (planned)"])
def test_other_remarks_behind_a_figure_are_not_guessed(written: str) -> None:
    assert parse(written).state == UNREADABLE


@pytest.mark.parametrize("written", ["less than 5", "fewer than 10", "Suppressed", "under 5"])
def test_words_for_suppression_are_suppressed(written: str) -> None:
    assert parse(written).state == "suppressed"
