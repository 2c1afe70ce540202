"""ECL, ROLLRATES, LOSSRATES, CEI, ARTURNOVER, CASHRATIO, TOPSHARE and TRUEDSO."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call

AMOUNTS = st.floats(0, 1e6)
COMPANY_M = ([[15e6, 7.5e6, 4e6, 2.5e6, 1e6]], [[0.003, 0.016, 0.036, 0.066, 0.106]])


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        pytest.param("ECL", COMPANY_M, 580_000, id="D6 company M"),
        pytest.param("ECL", (*COMPANY_M, 0.1), 638_000, id="rates a tenth higher"),
        pytest.param("ECL", ([[100]], [[0.8]], 1), 100, id="no more than everything is lost"),
        pytest.param("CEI", (100, 200, 120, 120), 100, id="everything due was collected"),
        pytest.param("CEI", (100, 600, 120, 90, 3), 180 / 2.1, id="monthly average of three"),
        pytest.param("ARTURNOVER", (1200, 200), 6, id="six times"),
        pytest.param("CASHRATIO", (300, 1000), 0.3, id="without claims"),
        pytest.param("CASHRATIO", (300, 1000, 200), 0.5, id="with claims"),
        pytest.param("TOPSHARE", ([[20], [30], [None], [50]], 1), 0.5, id="the largest"),
        pytest.param("TOPSHARE", ([[20], [30]], 9), 1, id="more than there are"),
        pytest.param("TRUEDSO", ([[100]], [["2026-01-01"]], "2026-01-01"), 0, id="written today"),
    ],
)
def test_a_ratio_or_a_loss(name: str, args: tuple[Any, ...], expected: float) -> None:
    assert call(name, *args).value == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "args", "code", "message"),
    [
        ("ECL", ([[1, 2]], [[0.1]]), "#VALUE!", "loss_rates has 1 cell, balances has 2; they must be alike"),
        ("ROLLRATES", ([[1, 2]],), "#VALUE!", "bucket_balances_by_month must have at least two months (rows) and two buckets (columns)"),
        ("ROLLRATES", ([[0, 2], [0, 1]],), "#N/A", "bucket 1 was empty in every month; nothing tells how it rolls"),
        ("LOSSRATES", ([[1, -2], [0, 1]],), "#NUM!", "bucket_balances_by_month, row 1, column 2 must be at least 0; got -2"),
        ("CEI", (0, 100, 100, 100), "#DIV/0!", "nothing was collectable: ending_current is all there was"),
        ("ARTURNOVER", (1, 0), "#DIV/0!", "average_receivables is 0"),
        ("CASHRATIO", (1, 0), "#DIV/0!", "current_liabilities is 0"),
        ("TOPSHARE", ([[0]], 1), "#DIV/0!", "amounts sum to 0"),
        ("TRUEDSO", ([[1]], [["2026-02-01"]], "2026-01-01"), "#N/A", "an invoice is dated after as_of; leave it out"),
    ],
)
def test_what_cannot_be_answered_says_why(name: str, args: tuple[Any, ...], code: str, message: str) -> None:
    answer = call(name, *args)
    assert (answer.value, answer.reason) == (code, message)


@given(columns(beginning=cells(AMOUNTS), credit_sales=cells(AMOUNTS), ending=cells(AMOUNTS), ending_current=cells(AMOUNTS)))
def test_a_column_of_collection_indices_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("CEI", rows)


@given(columns(credit_sales=cells(AMOUNTS), average_receivables=cells(AMOUNTS)))
def test_a_column_of_turnovers_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("ARTURNOVER", rows)


@given(columns(cash=cells(AMOUNTS), current_liabilities=cells(AMOUNTS), claims_receivable=cells(AMOUNTS)))
def test_a_column_of_cash_ratios_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("CASHRATIO", rows)


@given(st.lists(st.lists(st.floats(0.01, 1e6), min_size=4, max_size=4), min_size=2, max_size=8), st.floats(0, 1))
def test_loss_rates_never_fall_from_bucket_to_bucket(months: list[list[float]], given_default: float) -> None:
    rates = call("LOSSRATES", months, given_default).value[0]
    assert rates == sorted(rates)
    assert rates[-1] == given_default
