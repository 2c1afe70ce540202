"""INSURANCECLOCK and RECOVERYSHARE."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.functions.shapes import DATES, assert_column_equals_single_cells, cells, columns
from xladdin.call import call

D = dt.date
HEADERS = [["notice_days", "max_extension_days", "collections_days", "waiting_days", "claim_until_days", "counted_from", "days_kind"]]
FROM_DUE = [[60, 60, 90, 180, 365, "due date", "calendar"]]
FROM_EXTENSION = [[30, 90, 60, 150, 300, "extension end", "calendar"]]
WORKING = [[14, 60, 7, None, None, None, "working"]]
AMOUNTS = st.floats(0, 1e6)


@pytest.mark.parametrize(
    ("event", "policy", "expected"),
    [
        ("overdue notice", FROM_DUE, D(2026, 3, 2)),
        ("maximum extension", FROM_DUE, D(2026, 3, 2)),
        ("collections", FROM_DUE, D(2026, 4, 1)),
        ("waiting period end", FROM_DUE, D(2026, 6, 30)),
        ("claim from", FROM_DUE, D(2026, 7, 1)),
        ("claim until", FROM_DUE, D(2027, 1, 1)),
        ("overdue notice", FROM_EXTENSION, D(2026, 5, 1)),
        ("maximum extension", FROM_EXTENSION, D(2026, 4, 1)),
        ("collections", WORKING, D(2026, 1, 12)),
        ("maximum extension", WORKING, D(2026, 3, 2)),
    ],
)
def test_a_clock_runs_as_the_policy_says(event: str, policy: list[list[Any]], expected: dt.date) -> None:
    assert call("INSURANCECLOCK", D(2026, 1, 1), event, HEADERS, policy).value == expected


def test_months_and_the_headers_of_the_sheet_are_read() -> None:
    assert call("INSURANCECLOCK", D(2026, 1, 31), "overdue notice", [["notice_months"]], [[1]]).value == D(2026, 2, 28)
    chinese = [["最长展期", "逾期通知天数", "起算点", "天数类型"]], [[10, 5, "展期届满", "自然日"]]
    assert call("INSURANCECLOCK", D(2026, 1, 1), "overdue notice", *chinese).value == D(2026, 1, 16)
    english = [["Longest extension", "Overdue notice", "Counted from", "Days"]], [[10, 5, "extension end", "calendar"]]
    assert call("INSURANCECLOCK", D(2026, 1, 1), "overdue notice", *english).value == D(2026, 1, 16)


@pytest.mark.parametrize(
    ("headers", "values", "code", "message"),
    [
        (HEADERS, [[None, 60, 90, 180, 365, "due date", "calendar"]], "#N/A", "the policy has no notice_days; fill it in on the sheet Policies"),
        ([["notice_days", "counted_from"]], [[30, "extension end"]], "#N/A", "the policy has no max_extension_days; fill it in on the sheet Policies"),
        ([["notice_days"]], [[-1]], "#NUM!", "notice_days must be 0 to 10000; got -1"),
        ([["notice_days"]], [["x"]], "#VALUE!", 'notice_days must be a whole number; got the text "x"'),
        ([["notice_days"]], [[1], [2]], "#VALUE!", "policy_values must be the one row of a policy; got 2 rows"),
        ([["notice_days", "days_kind"]], [[1, "lunar"]], "#VALUE!", 'days_kind must be calendar or working; got the text "lunar"'),
        ([["notice_days"]], [[1, 2]], "#VALUE!", "policy_values has 2 columns, policy_headers has 1; they must be alike"),
    ],
)
def test_a_policy_without_clocks_says_what_to_fill_in(headers: Any, values: Any, code: str, message: str) -> None:
    answer = call("INSURANCECLOCK", D(2026, 1, 1), "overdue notice", headers, values)
    assert (answer.value, answer.reason) == (code, message)


def test_working_days_of_a_year_without_a_calendar_are_unknown() -> None:
    answer = call("INSURANCECLOCK", D(2026, 12, 30), "overdue notice", HEADERS, WORKING)
    assert answer.value == "#N/A"
    assert "calendar unknown" in (answer.reason or "")


@given(columns(due=cells(DATES)), st.sampled_from(["overdue notice", "claim from", "maximum extension"]), st.sampled_from([FROM_DUE, FROM_EXTENSION, WORKING]))
def test_a_column_of_due_dates_is_answered_as_each_cell(rows: list[dict[str, Any]], event: str, policy: list[list[Any]]) -> None:
    assert_column_equals_single_cells("INSURANCECLOCK", rows, event=event, policy_headers=HEADERS, policy_values=policy)


@pytest.mark.parametrize(
    ("args", "expected"),
    [((100_000, 800_000, 500_000), 56_250), ((100, 100, 100), 90), ((100, 100, None), 0), ((50, 0, 10), 0), ((0, 100, 100), 0), ((100, 100, 200, 0.8), 80)],
)
def test_recoveries_are_shared_as_the_debt_was_borne(args: tuple[Any, ...], expected: float) -> None:
    assert call("RECOVERYSHARE", *args).value == expected


def test_more_recovered_than_owed_is_remarked() -> None:
    assert call("RECOVERYSHARE", 200, 100, 100).reason == "more is recovered than the debt"


@given(columns(recovered=cells(AMOUNTS), debt=cells(AMOUNTS), limit=cells(st.one_of(st.none(), AMOUNTS)), cover=st.floats(0, 1)))
def test_a_column_of_recoveries_is_answered_as_each_cell(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("RECOVERYSHARE", rows)
