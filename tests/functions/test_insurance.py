"""PREMIUM, PREMIUMRANGE, INDEMNITY, RETAINEDLOSS and UNINSURED."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call
from xladdin.cells import ExcelError

AMOUNTS = st.one_of(st.decimals(0, 10**6, places=2).map(float), st.integers(0, 10**6))
MAYBE = st.one_of(st.none(), AMOUNTS)
CODES = st.sampled_from([None, "CNY", "JPY", "KWD", "XQQ"])


@pytest.mark.parametrize(
    ("args", "named", "expected"),
    [
        pytest.param((20_250_000, 0.003), {}, 60_750, id="C8 the low rate"),
        pytest.param((20_250_000, 0.012), {}, 243_000, id="C8 the high rate"),
        pytest.param((1_000, 0.005), {"minimum": 2_000}, 2_000, id="at least the minimum"),
        pytest.param((1_000_000, 0.005), {"loading": 0.1}, 5_500, id="a loading of 10%"),
        pytest.param((1_000_000, 0.005), {"loading": -0.1}, 4_500, id="a discount of 10%"),
        pytest.param((1_000, 0.005), {"minimum": 2_000, "loading": 0.1, "tax": 0.06}, 2_120, id="tax comes on the minimum"),
        pytest.param((12_345, 0.005), {"currency": "JPY"}, 62, id="yen: 61.725"),
        pytest.param((201, 0.005), {}, 1.01, id="half-up: 1.005"),
    ],
)
def test_premium(args: tuple[float, float], named: dict[str, Any], expected: float) -> None:
    assert call("PREMIUM", *args, **named).value == expected


@pytest.mark.parametrize(("rate", "basis", "remarked"), [(0.003, "insured", False), (0.012, "insured", False), (0.0029, "insured", True), (0.02, "insured", True), (0.02, "turnover", False)])
def test_a_rate_outside_the_range_is_computed_with_a_remark(rate: float, basis: str, remarked: bool) -> None:
    answer = call("PREMIUM", 1_000_000, rate, basis)
    assert answer.value == pytest.approx(1_000_000 * rate)
    assert (answer.reason == f"rate {rate:g} is outside 0.3-1.2% of the insured amount") is remarked


def test_without_a_rate_the_range_is_pointed_to() -> None:
    answer = call("PREMIUM", 1_000)
    assert (answer.value, answer.reason) == ("#N/A", "rate is not given; PREMIUMRANGE shows the premium at 0.3% and 1.2%")


def test_the_range_of_premiums_stands_side_by_side() -> None:
    assert call("PREMIUMRANGE", 20_250_000).value == [[60_750, 243_000]]  # C8
    assert call("PREMIUMRANGE", [[20_250_000], [1_000]]).value == [[60_750, 243_000], [3, 12]]


@pytest.mark.parametrize(
    ("args", "named", "expected"),
    [
        pytest.param((950_000, 1_000_000, 0.9), {}, 855_000, id="C6 insurer: within the limit"),
        pytest.param((800_000, 500_000, 0.9), {}, 450_000, id="C6 insurer: above the limit"),
        pytest.param((50_000, 1_000_000, 0.9, 5_000), {}, 40_500, id="C7 broker: deductible first"),
        pytest.param((50_000, 1_000_000, 0.9, 5_000, "cover first"), {}, 40_000, id="C7 broker: cover first"),
        pytest.param((4_000, 1_000_000, 0.9, 5_000), {}, 0, id="the deductible is more than the loss"),
        pytest.param((4_000, 1_000_000, 0.9, 5_000, "cover first"), {}, 0, id="never negative"),
        pytest.param((10_000, 1_000_000), {"minimum_retention": 3_000}, 7_000, id="at least 3,000 stay"),
        pytest.param((100_000, 1_000_000), {"minimum_retention": 3_000}, 90_000, id="the tenth is more than 3,000"),
        pytest.param((999, 1_000_000), {"threshold": 1_000}, 0, id="below the threshold"),
        pytest.param((1_000, 1_000_000), {"threshold": 1_000}, 900, id="the threshold itself is insured in full"),
        pytest.param((100_000, 1_000_000), {"first_loss_left": 30_000}, 60_000, id="aggregate first loss"),
        pytest.param((100_000, 1_000_000), {"annual_cap": 50_000}, 50_000, id="yearly maximum"),
        pytest.param((100_000, 1_000_000), {"annual_cap": 0}, 0, id="yearly maximum used up"),
        pytest.param((100_000, 0), {}, 0, id="a limit of 0"),
        pytest.param((0.05, 1), {}, 0.05, id="half-up: 0.045"),
        pytest.param((1_005, 2_000), {"currency": "JPY"}, 905, id="yen: 904.5"),
    ],
)
def test_indemnity_and_what_stays(args: tuple[Any, ...], named: dict[str, Any], expected: float) -> None:
    assert call("INDEMNITY", *args, **named).value == expected
    assert call("RETAINEDLOSS", *args, **named).value == pytest.approx(args[0] - expected, abs=1e-9)


def test_without_a_limit_nothing_is_insured_and_a_remark_says_so() -> None:
    answer = call("INDEMNITY", 100, None)
    assert (answer.value, answer.reason) == (0, "limit is blank: nothing is insured")
    assert call("UNINSURED", 100, None).value == 100


def test_a_cover_above_90_percent_is_computed_with_a_remark() -> None:
    answer = call("INDEMNITY", 100, 100, 0.95)
    assert (answer.value, answer.reason) == (95, "cover 0.95 is above the usual 90%")


@pytest.mark.parametrize(
    ("args", "expected"),
    [((950_000, 1_000_000), 95_000), ((800_000, 500_000), 350_000), ((100, 0), 100), ((-100, 500), 0), ((100, 100, 1), 0)],
)
def test_uninsured(args: tuple[float, ...], expected: float) -> None:
    assert call("UNINSURED", *args).value == expected


@pytest.mark.parametrize(
    ("name", "args", "named", "code", "message"),
    [
        ("INDEMNITY", (-1, 5), {}, "#NUM!", "loss must be at least 0; got -1"),
        ("INDEMNITY", (None, 5), {}, "#VALUE!", "loss is blank"),
        ("INDEMNITY", (1, 5, 1.2), {}, "#NUM!", "cover must be at most 1; got 1.2"),
        ("INDEMNITY", (1, 5), {"order": "none"}, "#VALUE!", 'order must be one of deductible first, cover first; got the text "none"'),
        ("PREMIUM", (1, 0.005), {"basis": "x"}, "#VALUE!", 'basis must be one of insured, turnover; got the text "x"'),
        ("PREMIUM", (1, 0.005), {"currency": "XQQ"}, "#VALUE!", 'currency "XQQ" is not known; it must be a code of ISO 4217 such as CNY, USD or EUR'),
        ("PREMIUMRANGE", (1, "XQQ"), {}, "#VALUE!", 'currency "XQQ" is not known; it must be a code of ISO 4217 such as CNY, USD or EUR'),
        ("RETAINEDLOSS", (ExcelError("#DIV/0!"), 5), {}, "#DIV/0!", "loss holds the error #DIV/0!"),
        ("UNINSURED", (1, 5), {"currency": "XQQ"}, "#VALUE!", 'currency "XQQ" is not known; it must be a code of ISO 4217 such as CNY, USD or EUR'),
    ],
)
def test_what_cannot_be_answered_says_why(name: str, args: tuple[Any, ...], named: dict[str, Any], code: str, message: str) -> None:
    answer = call(name, *args, **named)
    value = answer.value[0][0] if isinstance(answer.value, list) else answer.value
    assert (value, answer.reason) == (code, message)


@given(columns(amount=cells(AMOUNTS), rate=cells(st.one_of(st.none(), st.floats(0, 0.02))), minimum=MAYBE, currency=CODES))
def test_a_column_of_premiums_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("PREMIUM", rows, loading=0.1, tax=0.06)


@given(columns(amount=cells(AMOUNTS), currency=CODES))
def test_a_column_of_ranges_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    """A row of answers per cell, so columns go in standing only."""
    answer = call("PREMIUMRANGE", [[row["amount"]] for row in rows], [[row["currency"]] for row in rows])
    for index, row in enumerate(rows):
        alone = call("PREMIUMRANGE", **row)
        assert (answer.value[index][:1], answer.reasons.get((index, 0))) == (alone.value[0][:1], alone.reason)


LOSS = {"loss": cells(AMOUNTS), "limit": cells(MAYBE), "cover": st.floats(0, 1), "deductible": MAYBE, "minimum_retention": MAYBE, "first_loss_left": MAYBE, "annual_cap": cells(MAYBE), "currency": CODES}


@given(columns(**LOSS), st.sampled_from(["deductible first", "cover first"]))
def test_a_column_of_losses_is_answered_as_each_cell(rows: list[dict[str, Any]], order: str) -> None:
    assert_column_equals_single_cells("INDEMNITY", rows, order=order)
    assert_column_equals_single_cells("RETAINEDLOSS", rows, order=order)


@given(columns(**{**LOSS, "loss": AMOUNTS, "limit": MAYBE, "annual_cap": MAYBE, "currency": st.just("CNY")}))
def test_the_indemnity_is_within_the_loss_the_limit_and_the_cap_and_adds_up_with_what_stays(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        paid, kept = call("INDEMNITY", **row).value, call("RETAINEDLOSS", **row).value
        ceiling = min(row["loss"], row["limit"] or 0, row["loss"] if row["annual_cap"] is None else row["annual_cap"])
        assert 0 <= paid <= ceiling + 0.005
        assert paid + kept == pytest.approx(row["loss"], abs=1e-6)


@given(columns(balance=cells(st.floats(-1e6, 1e6)), limit=cells(MAYBE), cover=st.floats(0, 1), currency=CODES))
def test_a_column_of_uninsured_parts_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("UNINSURED", rows)
