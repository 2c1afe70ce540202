"""FXCONVERT and PAYMENTRISK."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import DATES, assert_column_equals_single_cells, cells, columns
from xladdin.call import call

RATES = [["table", "date", "rate"], ["LPR1Y", "2026-01-20", 0.03], ["USD/CNY", "2026-01-01", 7.0], ["USD/CNY", "2026-02-01", 7.2], ["CNY/JPY", "2026-01-15", 20]]


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ((100, "USD", "CNY", "2026-01-31"), 700),
        ((100, "USD", "CNY", "2026-02-01"), 720),
        ((72, "CNY", "USD", "2026-02-01"), 10),
        ((100, "CNY", "CNY", "1999-01-01"), 100),
        ((1.03, "cny", "jpy", "2026-03-01"), 21),
        ((-100, "USD", "CNY", "2026-03-01"), -720),
    ],
)
def test_an_amount_is_converted_at_the_rate_in_force(args: tuple[Any, ...], expected: float) -> None:
    assert call("FXCONVERT", *args, RATES).value == expected


def test_of_a_pair_and_its_reverse_the_newer_one_counts() -> None:
    both = [["USD/CNY", "2026-01-01", 7], ["CNY/USD", "2026-02-01", 0.125]]
    assert call("FXCONVERT", 1, "USD", "CNY", "2026-01-31", both).value == 7
    assert call("FXCONVERT", 1, "USD", "CNY", "2026-02-01", both).value == 8


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ((1, "USD", "CNY", "2025-12-31", RATES), "#N/A", "rates: no USD/CNY on 2025-12-31; add it to the sheet Rates"),
        ((1, "USD", "JPY", "2026-03-01", RATES), "#N/A", "rates: no USD/JPY on 2026-03-01; add it to the sheet Rates"),
        ((1, "USD", "CNY", "2026-03-01", [["USD/CNY", "2026-01-01", 0]]), "#NUM!", "rates, row 1: rate must be above 0; got 0"),
        ((1, "USD", "CNY", "2026-03-01", [["USD/CNY", "2026-01-01", "x"]]), "#VALUE!", 'rates, row 1: rate must be a number; got the text "x"'),
    ],
)
def test_without_a_rate_the_pair_and_the_day_are_named(args: tuple[Any, ...], code: str, message: str) -> None:
    answer = call("FXCONVERT", *args)
    assert (answer.value, answer.reason) == (code, message)


@given(columns(amount=cells(st.floats(-1e6, 1e6)), from_currency=st.sampled_from(["USD", "CNY", "EUR"]), to_currency=st.sampled_from(["CNY", "JPY", "XQQ"]), date=cells(DATES)))
def test_a_column_of_amounts_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("FXCONVERT", rows, rates=RATES)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("cash in advance", "D", "D"), 0),
        (("confirmed L/C",), 1),
        (("L/C",), 2),
        (("信用证", "BB"), 3),
        (("D/P",), 3),
        (("D/A",), 4),
        (("open account",), 5),
        (("open account", "", "", True), 4),
        (("open account", "", "CCC"), 5),
        (("D/A", "", "", False, "direct"), 5),
        (("confirmed L/C", "", "", True), 1),
        (("confirmed L/C", "", "", False, "air"), 1),
    ],
)
def test_the_ladder_of_payment_methods(args: tuple[Any, ...], expected: int) -> None:
    assert call("PAYMENTRISK", *args).value == expected


def test_an_unknown_method_is_told_the_known_ones() -> None:
    answer = call("PAYMENTRISK", "barter")
    assert (answer.value, answer.reason) == ("#VALUE!", 'method must be one of cash in advance, confirmed L/C, L/C, D/P, D/A, open account; got the text "barter"')


@given(columns(method=cells(st.sampled_from(["L/C", "D/P", "open account", "预付款"])), bank_grade=st.sampled_from(["", "A", "B", "Q"]), country_grade=st.sampled_from([None, "AA", "C"]), insured=st.booleans()))
def test_a_column_of_methods_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("PAYMENTRISK", rows)
