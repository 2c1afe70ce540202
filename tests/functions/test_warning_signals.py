"""PAYTREND, PAYTRENDP, ORDERSWING and MANAGEMENTCHANGES."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.call import call

DAY = dt.date(2025, 1, 31)
DUE = [[DAY + dt.timedelta(days=30 * n)] for n in range(8)]


def paid(*late: int) -> list[list[Any]]:
    return [[due[0] + dt.timedelta(days=days)] for due, days in zip(DUE, late, strict=False)]


def test_steady_payments_have_no_trend() -> None:
    assert call("PAYTREND", DUE, paid(*[5] * 8), "2026-12-31").value == 0
    assert call("PAYTRENDP", DUE, paid(*[5] * 8), "2026-12-31").value == 1


def test_one_outlier_does_not_make_a_trend() -> None:
    assert abs(call("PAYTREND", DUE, paid(5, 6, 5, 6, 5, 90, 6, 5), "2026-12-31").value) < 0.5


def test_a_trend_is_days_per_month_and_certain_where_every_payment_is_later() -> None:
    assert call("PAYTREND", DUE, paid(0, 2, 4, 6, 8, 10, 12, 14), "2026-12-31").value == pytest.approx(2 * 365.25 / 12 / 30)
    assert call("PAYTRENDP", DUE, paid(0, 2, 4, 6, 8, 10, 12, 14), "2026-12-31").value < 0.001


@pytest.mark.parametrize(
    ("name", "args", "code", "message"),
    [
        ("PAYTREND", (DUE[:5], paid(*range(5)), "2026-12-31"), "#N/A", "a payment trend needs at least 6 payments; got 5"),
        ("PAYTREND", (DUE, [*paid(*range(5)), [None], [None], [""]], "2026-12-31"), "#N/A", "a payment trend needs at least 6 payments; got 5"),
        ("PAYTREND", (DUE, paid(*range(8)), "2025-03-20"), "#N/A", "a payment trend needs at least 6 payments; got 2"),
        ("PAYTRENDP", (DUE, paid(*range(7)), "2026-12-31"), "#VALUE!", "due_dates has 8 cells, paid_dates has 7; they must be alike"),
        ("PAYTREND", ([DUE[0]] * 7, paid(*[3] * 7)[:1] * 7, "2026-12-31"), "#N/A", "all payments were due on one day; that tells no trend"),
        ("ORDERSWING", ([[1]] * 6,), "#N/A", "an order swing needs the last month and at least 6 before it; got 6"),
        ("ORDERSWING", ([[0]] * 9,), "#N/A", "there were no orders in the months before the last; that tells no swing"),
        ("ORDERSWING", ([[1], [None]] * 9,), "#VALUE!", "monthly_orders is blank"),
    ],
)
def test_what_cannot_be_answered_says_why(name: str, args: tuple[Any, ...], code: str, message: str) -> None:
    answer = call(name, *args)
    assert (answer.value, answer.reason) == (code, message)


def test_only_the_twelve_months_before_the_last_count() -> None:
    trailing = [[100], [110], [90]] * 4
    assert call("ORDERSWING", [[10_000]] * 5 + trailing + [[200]]).value == call("ORDERSWING", [*trailing, [200]]).value > 4


def test_management_changes_count_from_the_day_after_to_the_day_itself() -> None:
    assert call("MANAGEMENTCHANGES", [["2025-07-31"], ["2025-08-01"], ["2026-07-31"], ["2026-08-01"], [None]], "2026-07-31").value == 2


@given(st.lists(st.integers(-10, 90), min_size=8, max_size=8), st.integers(-5, 5))
def test_a_shift_of_all_payments_is_no_trend_and_an_added_slope_adds_up(late: list[int], shift: int) -> None:
    base = call("PAYTREND", DUE, paid(*late), "2030-01-01").value
    assert call("PAYTREND", DUE, paid(*[days + shift for days in late]), "2030-01-01").value == pytest.approx(base)
    steeper = [days + 3 * index for index, days in enumerate(late)]
    assert call("PAYTREND", DUE, paid(*steeper), "2030-01-01").value == pytest.approx(base + 3 * 365.25 / 12 / 30)


@given(st.lists(st.integers(0, 40), min_size=6, max_size=8))
def test_slope_and_significance_are_those_of_scipy(late: list[int]) -> None:
    from scipy.stats import theilslopes

    months = [30 * n / (365.25 / 12) for n in range(len(late))]
    assert call("PAYTREND", DUE[: len(late)], paid(*late), "2030-01-01").value == pytest.approx(theilslopes(late, months).slope)
    assert 0 <= call("PAYTRENDP", DUE[: len(late)], paid(*late), "2030-01-01").value <= 1
