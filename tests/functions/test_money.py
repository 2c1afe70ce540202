"""Rounding of money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from functions.money import COMPUTED, currency_digits, minor_units, round_half_up, round_money
from xladdin.errors import InvalidValue


@pytest.mark.parametrize(("value", "expected"), [(2.675, 2.68), (1.005, 1.01), (0.285, 0.29), (-2.675, -2.68), (0.005, 0.01), (0.0049, 0.0)])
def test_the_half_is_that_of_the_number_as_it_is_written(value: float, expected: float) -> None:
    assert round_half_up(np.array([value])).tolist() == [expected]


@given(st.decimals(-10**10, 10**10, places=4).map(float), st.integers(0, 3))
@example(8.5, 0)
@example(1e9 + 0.005, 2)
def test_rounding_equals_decimal_for_written_amounts(value: float, digits: int) -> None:
    assert round_half_up(np.array([value]), digits)[0] == _by_decimal(value, digits)


@given(st.floats(-1e9, 1e9), st.integers(0, 3))
@example(1.0049999999999999, 2)
@example(0.49999999999999994, 0)
@example(0.29, 2)
def test_rounding_equals_decimal_for_any_float(value: float, digits: int) -> None:
    assert round_half_up(np.array([value]), digits)[0] == _by_decimal(value, digits)


def _by_decimal(value: float, digits: int) -> float:
    return float(Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def test_huge_numbers_pass_unchanged() -> None:
    assert round_half_up(np.array([1e300, 2.0**53, -1e18])).tolist() == [1e300, 2.0**53, -1e18]


def test_a_missing_amount_stays_missing_and_zero_is_never_negative() -> None:
    rounded = round_half_up(np.array([np.nan, -0.001]))
    assert np.isnan(rounded[0])
    assert str(rounded[1]) == "0.0"


def test_a_computed_amount_a_rounding_error_below_the_half_is_the_half() -> None:
    below = np.nextafter(1.005, 0)
    assert round_half_up(np.array([below])).tolist() == [1.0]
    assert round_half_up(np.array([below]), 2, COMPUTED).tolist() == [1.01]
    assert round_money(np.array([1.1 * 1.1 * 0.5 * 1000 / 1000])).tolist() == [0.61]  # 0.605 exactly, 0.6050000000000001 in floats


@pytest.mark.parametrize(("currency", "digits"), [("CNY", 2), ("JPY", 0), ("KWD", 3), ("usd", 2), (" EUR ", 2), ("RMB", 2), ("CNH", 2), ("", 2)])
def test_minor_units_of_currencies(currency: str, digits: int) -> None:
    assert minor_units(currency) == digits


def test_each_row_is_rounded_in_its_own_currency() -> None:
    assert round_money(np.array([1.2345, 1.5, 1.2345]), np.array(["KWD", "JPY", ""], dtype=object)).tolist() == [1.235, 2.0, 1.23]


def test_an_unknown_currency_is_named() -> None:
    with pytest.raises(InvalidValue, match=r'currency "XQQ" is not known; it must be a code of ISO 4217 such as CNY, USD or EUR'):
        minor_units("XQQ")
    digits, errors = currency_digits(np.array(["JPY", "XQQ"], dtype=object))
    assert digits.tolist() == [0, 2]
    assert list(errors) == ["XQQ"]
