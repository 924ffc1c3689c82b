"""Values of codes, against plain indexing; the first row of each code; work on columns in order."""

from __future__ import annotations

import numpy as np
import pytest

from mhequity.coded import first_rows, side_by_side, spread


@pytest.mark.parametrize("values", [np.array([True, False, True]), np.array([1.5, np.nan, -2.0]), np.array([3, 0, 7], dtype=np.int8)])
@pytest.mark.parametrize("width", [np.int8, np.int32])
def test_each_row_has_its_codes_value(values: np.ndarray, width: type) -> None:
    codes = np.array([2, 2, 0, 1, 0], dtype=width)
    found = spread(values, codes)
    assert found.dtype == values.dtype
    np.testing.assert_array_equal(found, values[codes])


def test_no_rows_have_no_values() -> None:
    assert spread(np.zeros(0), np.zeros(0, dtype=np.int32)).tolist() == []


@pytest.mark.parametrize("number", [0, 1, 5, 49_999, 50_000, 50_001, 120_000])
def test_the_first_row_of_each_code(number: int) -> None:
    codes = np.random.default_rng(number).integers(0, 40, number).astype(np.int32)
    held = codes.tolist()
    assert first_rows(codes, 41).tolist() == [held.index(code) if code in held else -1 for code in range(41)]


@pytest.mark.parametrize("rows", [10, 1_000_000])
def test_columns_stay_in_order(rows: int) -> None:
    assert side_by_side(lambda column: column * 2, [3, 1, 2], rows) == [6, 2, 4]


def test_what_goes_wrong_in_one_column_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda column: 1 // column, [1, 0], 1_000_000)
