"""Cell values <-> Python values."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.cells import (
    ERROR_CODES,
    UNIX_EPOCH_SERIAL,
    ExcelError,
    date_from_serial,
    describe,
    is_blank,
    parse_iso_date,
    read_date,
    rows_of,
    serial_from_date,
)
from xladdin.errors import InvalidValue, OutOfRange


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (1, dt.date(1900, 1, 1)),
        (59, dt.date(1900, 2, 28)),
        (61, dt.date(1900, 3, 1)),
        (25_569, dt.date(1970, 1, 1)),
        (46_022, dt.date(2025, 12, 31)),
        (46_022.999, dt.date(2025, 12, 31)),
        (2_958_465, dt.date(9999, 12, 31)),
    ],
)
def test_a_serial_number_is_a_day_of_the_1900_system(serial: float, day: dt.date) -> None:
    assert date_from_serial(serial) == day
    assert serial_from_date(day) == int(serial)


def test_serial_60_is_a_day_that_never_was() -> None:
    with pytest.raises(OutOfRange, match="serial number 60 is 1900-02-29, a day that never was"):
        date_from_serial(60)


@pytest.mark.parametrize("serial", [0, 0.5, -1, 2_958_466, float("nan"), float("inf")])
def test_serial_numbers_outside_the_1900_system_are_no_dates(serial: float) -> None:
    with pytest.raises(OutOfRange, match=r"is not a date: serial numbers of dates run from 1 \(1900-01-01\) to 2958465 \(9999-12-31\)"):
        date_from_serial(serial)


def test_no_cell_can_hold_a_date_before_1900() -> None:
    with pytest.raises(OutOfRange, match=r"1899-12-31 is before 1900-01-01, the first date a cell can hold"):
        serial_from_date(dt.date(1899, 12, 31))


@given(st.dates(dt.date(1900, 1, 1)))
def test_dates_go_to_serial_numbers_and_back(day: dt.date) -> None:
    assert date_from_serial(serial_from_date(day)) == day


def test_numpy_counts_from_the_epoch() -> None:
    assert serial_from_date(dt.date(1970, 1, 1)) == UNIX_EPOCH_SERIAL
    assert np.datetime64(dt.date(1970, 1, 1)).astype(int) == 0


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-01-31", dt.date(2026, 1, 31)),
        (" 2026-01-31 ", dt.date(2026, 1, 31)),
        ("2026-01-31T00:00:00", dt.date(2026, 1, 31)),
        ("2026-01-31 00:00", dt.date(2026, 1, 31)),
        ("2026-02-30", None),
        ("31/01/2026", None),
        ("2026-1-31", None),
        ("", None),
    ],
)
def test_only_iso_dates_are_read_from_text(text: str, day: dt.date | None) -> None:
    assert parse_iso_date(text) == day


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        (True, "due must be a date; got TRUE"),
        (None, "due must be a date; got a blank"),
        ("01/02/2026", 'due must be a date or a text like 2026-01-31; got the text "01/02/2026"'),
    ],
)
def test_what_is_no_date_is_named_with_the_argument(cell: object, message: str) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_date(cell, "due")
    assert str(caught.value) == message


def test_a_date_and_time_is_its_day() -> None:
    assert read_date(dt.datetime(2026, 1, 31, 23, 59), "due") == dt.date(2026, 1, 31)
    assert read_date(46_053.9, "due") == dt.date(2026, 1, 31)
    with pytest.raises(OutOfRange, match=r"^due: 0 is not a date"):
        read_date(0, "due")


@pytest.mark.parametrize("code", ERROR_CODES)
def test_an_error_value_equals_its_code_and_is_told_from_text_by_its_class(code: str) -> None:
    assert ExcelError(code) == code
    assert isinstance(ExcelError(code), ExcelError)
    assert not isinstance(code, ExcelError)
    assert repr(ExcelError(code)) == f"ExcelError('{code}')"


def test_only_seven_codes_are_error_values() -> None:
    with pytest.raises(ValueError, match=r"an error value is one of #NULL!, .*; got '#WRONG!'"):
        ExcelError("#WRONG!")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "a blank"),
        (ExcelError("#N/A"), "the error #N/A"),
        (True, "TRUE"),
        (False, "FALSE"),
        ("abc", 'the text "abc"'),
        ("x" * 41, 'the text "' + "x" * 39 + '…"'),
        (0.1, "0.1"),
        (1e20, "1e+20"),
        (dt.date(2026, 1, 31), "2026-01-31"),
        ([1], "a list"),
    ],
)
def test_a_message_says_shortly_what_a_cell_holds(value: object, text: str) -> None:
    assert describe(value) == text


def test_blank_is_nothing_or_a_text_of_no_characters() -> None:
    assert is_blank(None)
    assert is_blank("")
    assert not any(map(is_blank, (0, False, " ", 0.0, ExcelError("#N/A"))))


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (1, None),
        ("text", None),
        ([], []),
        ([1, 2], [[1], [2]]),
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        (((1, 2),), [(1, 2)]),
        ([1, [2]], [[1], [2]]),
    ],
)
def test_a_range_is_a_list_of_rows_and_a_flat_list_is_one_column(value: object, rows: object) -> None:
    assert rows_of(value) == rows


@pytest.mark.parametrize("value", [[[1, 2], [3]], [1, [2, 3]], [[[1]], [[2]]]])
def test_a_range_with_uneven_rows_or_lists_for_cells_is_refused(value: object) -> None:
    with pytest.raises(InvalidValue, match="due must be a block"):
        rows_of(value, "due")
