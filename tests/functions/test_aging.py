"""Days past due and aging buckets."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.aging import bucket_labels
from tests.functions.shapes import DATES, assert_column_equals_single_cells, cells, columns
from xladdin.call import call

DUE = "2026-01-01"


def day(late: int) -> dt.date:
    return dt.date(2026, 1, 1) + dt.timedelta(late)


A13 = [(0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (120, 4), (121, 5)]


@pytest.mark.parametrize(("late", "index"), [pytest.param(*case, id=f"A13 {case[0]} days") for case in A13])
def test_a_limit_belongs_to_the_bucket_it_ends(late: int, index: int) -> None:
    assert call("DAYSOVERDUE", DUE, day(late)).value == late
    assert call("AGINGINDEX", DUE, day(late), "30,60,90,120").value == index
    assert call("AGINGBUCKET", DUE, day(late), "30,60,90,120").value == bucket_labels([30, 60, 90, 120])[index]


def test_a9_a_due_date_after_the_day_asked_for_is_not_due() -> None:
    assert call("AGINGBUCKET", "2026-05-01", "2025-12-30", "30,60,90,120").value == "Not due"
    assert call("DAYSOVERDUE", "2026-05-01", "2025-12-30").value == -122


def test_a10_what_is_later_than_the_last_limit_stands_in_the_last_bucket() -> None:
    assert call("AGINGBUCKET", DUE, day(121), "30,60,90,120").value == "Over 120 days"
    assert call("AGINGBUCKET", DUE, day(121), "30,60,90,120", "zh").value == "120天以上"


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        pytest.param([[""], [None]], "limits is an empty range", id="A11 no limits"),
        pytest.param("0,30", "limits must rise and be above 0; got 0, 30", id="A11 limit 0"),
        pytest.param([[-1], [30]], "limits must rise and be above 0; got -1, 30", id="A11 limit -1"),
        pytest.param("30,30", "limits must rise and be above 0; got 30, 30", id="limits that do not rise"),
        pytest.param("30.5,60", "limits must be whole days; got 30.5, 60", id="half days"),
        pytest.param("a few", 'limits must be numbers like "30,60,90"; got the text "a few"', id="words"),
        pytest.param([["30"], ["60"]], 'limits must be a number; got the text "30"', id="a text in a range"),
    ],
)
@pytest.mark.parametrize("name", ["AGINGINDEX", "AGINGBUCKET"])
def test_bad_limits_are_refused_with_a_message(name: str, limits: object, reason: str) -> None:
    answer = call(name, DUE, day(5), limits)
    assert (answer.value, answer.reason) == ("#VALUE!", reason)


def test_limits_are_a_text_a_number_or_a_range_of_numbers() -> None:
    for limits in ("30,60", "30;60", "30，60", " 30 60 ", [[30], [60]], [[30, 60]], [[30], [None], [60]]):
        assert call("AGINGBUCKET", DUE, day(61), limits).value == "Over 60 days"
    assert call("AGINGBUCKET", DUE, day(61), 30).value == "Over 30 days"


def test_labels_are_no_dates() -> None:
    assert bucket_labels([30, 60]) == ["Not due", "1-30 days", "31-60 days", "Over 60 days"]
    assert bucket_labels([30, 60], "zh") == ["未到期", "1-30天", "31-60天", "60天以上"]


def test_grace_moves_the_due_date() -> None:
    assert call("DAYSOVERDUE", DUE, day(5), 3).value == 2
    assert call("DAYSOVERDUE", DUE, day(5), -1).reason == "grace must be at least 0; got -1"
    assert call("DAYSOVERDUE", DUE, day(5), 1.5).reason == "grace must be a whole number; got 1.5"


LIMITS = st.sampled_from(["30,60,90,180", "1", "7,14"])


@given(columns(due=cells(DATES)), st.integers(0, 5))
def test_days_of_a_column_equal_single_cells(rows: list[dict[str, object]], grace: int) -> None:
    assert_column_equals_single_cells("DAYSOVERDUE", rows, as_of="2026-03-02", grace=grace)


@given(columns(due=cells(DATES)), LIMITS)
def test_indices_of_a_column_equal_single_cells(rows: list[dict[str, object]], limits: str) -> None:
    assert_column_equals_single_cells("AGINGINDEX", rows, as_of="2026-03-02", limits=limits)


@given(columns(due=cells(DATES)), LIMITS, st.sampled_from(["en", "zh"]))
def test_buckets_of_a_column_equal_single_cells(rows: list[dict[str, object]], limits: str, language: str) -> None:
    assert_column_equals_single_cells("AGINGBUCKET", rows, as_of="2026-03-02", limits=limits, language=language)
