"""PREPAYCHECK, PENALTYCHECK and LEGALREVIEWNEEDED."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call
from xladdin.cells import ExcelError

AMOUNTS = st.one_of(st.none(), st.integers(0, 10**6))
RATES = st.one_of(st.none(), st.just(0), st.floats(0, 0.01))


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param((30, 100), "ok", id="the floor itself"),
        pytest.param((0.3, 1), "ok", id="a share of 1"),
        pytest.param((33.3, 111), "ok", id="the floor itself, where 0.3 x 111 is a little more than 33.3"),
        pytest.param((29.99, 100), "below floor", id="just below"),
        pytest.param((0, 100), "below floor", id="nothing prepaid"),
        pytest.param((None, 100), "missing", id="nothing agreed"),
        pytest.param((30, None), "missing", id="no value"),
        pytest.param((30, 0), "missing", id="a value of 0 is none"),
        pytest.param((20, 100, 0.2), "ok", id="another floor"),
        pytest.param((20, 100, 0.3, "zh"), "低于下限", id="in Chinese"),
    ],
)
def test_prepayment(args: tuple[Any, ...], expected: str) -> None:
    assert call("PREPAYCHECK", *args).value == expected


def test_more_prepaid_than_the_contract_is_worth_is_remarked() -> None:
    answer = call("PREPAYCHECK", 120, 100)
    assert (answer.value, answer.reason) == ("ok", "more is prepaid than the contract is worth")


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        pytest.param((0.0005,), "ok", id="State Council Order 802: 0.05% a day"),
        pytest.param((0.0005, "CN", 0.03), "ok", id="0.05% a day stays ok with the LPR known"),
        pytest.param((0.00051,), "above cap", id="just above 0.05%"),
        pytest.param((0.003,), "above cap", id="0.3% a day"),
        pytest.param((0.0006, "CN", 0.06), "ok", id="4 x 6% is 0.0658% a day, more than 0.05%"),
        pytest.param((0.12 / 365, "CN-4LPR", 0.03), "ok", id="4 x LPR itself"),
        pytest.param((0.0005, "CN-4LPR", 0.03), "above cap", id="0.05% is above 4 x 3% / 365"),
        pytest.param((0.0585 / 365, "CN-30", 0.03), "ok", id="130% of 1.5 x LPR itself"),
        pytest.param((0.0002, "CN-30", 0.03), "above cap", id="above 130% of 1.5 x LPR"),
        pytest.param((0.001, "CN", None, 0.001), "ok", id="a cap of your own"),
        pytest.param((None,), "missing", id="blank"),
        pytest.param((0,), "missing", id="a penalty of 0 is none"),
        pytest.param((0.003, "CN", None, None, "zh"), "超过上限", id="in Chinese"),
    ],
)
def test_penalty(args: tuple[Any, ...], expected: str) -> None:
    assert call("PENALTYCHECK", *args).value == expected


def test_a_penalty_says_its_cap_and_when_the_loss_needs_proof() -> None:
    assert call("PENALTYCHECK", 0.003).reason == "0.3000% a day is above the cap of 0.0500%"
    assert call("PENALTYCHECK", 0.0005, "CN", 0.03).reason == "above 0.0160% a day, 130% of the loss at 1.5 x LPR: keep proof of the loss"
    assert call("PENALTYCHECK", 0.01).reason.endswith("1.00% a day: is a percentage typed as a fraction?")


@pytest.mark.parametrize(
    ("args", "code", "message"),
    [
        ((0.0003, "CN-4LPR"), "#N/A", "law CN-4LPR needs lpr, the one-year loan prime rate"),
        ((-0.1,), "#NUM!", "daily_rate must be at least 0; got -0.1"),
        ((0.1, "US"), "#VALUE!", 'law must be one of CN, CN-4LPR, CN-30; got the text "US"'),
        ((ExcelError("#REF!"),), "#REF!", "daily_rate holds the error #REF!"),
    ],
)
def test_a_penalty_that_cannot_be_checked_says_why(args: tuple[Any, ...], code: str, message: str) -> None:
    answer = call("PENALTYCHECK", *args)
    assert (answer.value, answer.reason) == (code, message)


@pytest.mark.parametrize(
    ("value", "cross_border", "expected"),
    [(999.99, False, False), (1000, False, True), (1, True, True), (1, "yes", True), (0, None, False)],
)
def test_legal_review(value: float, cross_border: Any, expected: bool) -> None:
    assert call("LEGALREVIEWNEEDED", value, cross_border, 1000).value is expected


def test_a_contract_without_a_value_cannot_be_judged() -> None:
    assert call("LEGALREVIEWNEEDED", None, False, 1000).reason == "value is blank"
    assert call("LEGALREVIEWNEEDED", 5, False, None).reason == "threshold is blank"


@given(columns(prepaid=cells(AMOUNTS), contract_value=cells(AMOUNTS)))
def test_a_column_of_prepayments_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("PREPAYCHECK", rows)


@given(columns(daily_rate=cells(RATES), lpr=cells(st.one_of(st.none(), st.floats(0, 0.06)))), st.sampled_from(["CN", "CN-4LPR", "CN-30"]))
def test_a_column_of_penalties_is_answered_as_each_cell(rows: list[dict[str, Any]], law: str) -> None:
    assert_column_equals_single_cells("PENALTYCHECK", rows, law=law)


@given(columns(value=cells(st.integers(0, 2000)), cross_border=cells(st.booleans())))
def test_a_column_of_reviews_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("LEGALREVIEWNEEDED", rows, threshold=1000)


def test_p13_a_small_creditor_s_agreed_rate_may_not_be_below_the_loan_prime_rate() -> None:
    """L15: State Council Order 802, art. 17."""
    answer = call("PENALTYCHECK", 0.00002, "CN", 0.03, small_creditor=True)
    assert answer.value == "below floor"
    assert "Order 802 art. 17" in answer.reason
    assert call("PENALTYCHECK", 0.00002, "CN", 0.03).value == "ok"
    assert call("PENALTYCHECK", 0.03 / 365, "CN", 0.03, small_creditor=True).value == "ok"
