"""EARLYWARNING and WARNINGREASONS."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call

HEADERS = ["payment_trend", "payment_trend_sample", "order_swing", "management_changes"]
SHEET = [["Signal", "Watch from", "Alarm from", "Smallest sample"], ["payment trend, days later a month", 1, 2, 6], ["limit use", 0.5, None, None]]


@pytest.mark.parametrize(
    ("row", "level"),
    [
        ([1.49, 6, 0, 0], 0), ([1.5, 6, 0, 0], 1), ([3, 6, 0, 0], 2), ([3, 5, 0, 0], 0), ([3, None, 0, 0], 2),
        ([0, 6, -2.5, 0], 1), ([0, 6, 4, 0], 2), ([None, None, None, 1], 1), ([None, None, None, 2], 2), ([-9, 6, 0, 0], 0),
    ],
)  # fmt: skip
def test_a_signal_that_reaches_its_threshold_with_observations_enough_sets_the_level(row: list[Any], level: int) -> None:
    assert call("EARLYWARNING", [HEADERS], [row]).value == level


def test_the_sheet_of_signals_replaces_the_thresholds() -> None:
    assert call("EARLYWARNING", [["payment_trend", "limit_use"]], [[1.2, 0.1]], SHEET).value == 1
    assert call("EARLYWARNING", [["payment_trend", "limit_use"]], [[0, 9]], SHEET).value == 1
    assert call("EARLYWARNING", [["cover"]], [[0.1]], [["cover", 0.5, 0.2, "down", None]]).value == 2


def test_reasons_name_alarms_first_with_value_and_threshold() -> None:
    answer = call("WARNINGREASONS", [HEADERS], [[3.5, 9, 2.6, 0]])
    assert answer.value == "alarm: days later a month 3.5 (3); watch: order swing 2.6 (2.5)"
    assert call("WARNINGREASONS", [HEADERS], [[0, 9, 0, 0]]).value == ""


def test_what_cannot_be_answered_says_why() -> None:
    assert call("EARLYWARNING", [HEADERS], [[None] * 4]).reason == "no signal has a value and observations enough"
    assert call("EARLYWARNING", [HEADERS], [["x", 1, 1, 1]]).reason == 'payment_trend must be a number; got the text "x"'
    assert "headers name no signal" in str(call("EARLYWARNING", [["a", "b"]], [[1, 2]]).reason)
    assert call("EARLYWARNING", [HEADERS], [[1] * 4], [["x", 1, 2, "sideways"]]).reason == "signals, row 1: the direction must be up, down or both; got sideways"


@given(columns(values=st.tuples(*[cells(st.floats(-9, 9))] * 4).map(list)))
def test_a_column_equals_single_rows(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("EARLYWARNING", rows, headers=[HEADERS])
    assert_column_equals_single_cells("WARNINGREASONS", rows, headers=[HEADERS])
