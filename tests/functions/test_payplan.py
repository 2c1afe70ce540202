"""PAYPLAN: parts that add up to the cent, calendar months, interest on what is owed, the insurer's extension."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xladdin.call import call

D = dt.date


def plan(*args, **named):
    return call("PAYPLAN", *args, **named).value


def column(table, number):
    return [row[number] for row in table]


def test_the_parts_add_up_to_the_cent_and_the_balance_ends_at_0():
    table = plan(1000, 7, D(2026, 1, 15))
    assert sum(Decimal(str(one)) for one in column(table, 2)) == 1000
    assert column(table, 2) == [142.86, 142.85, 142.86, 142.86, 142.86, 142.85, 142.86]
    assert table[-1][4] == 0


def test_months_are_counted_from_the_first_date_and_clamped_to_the_months_end():
    assert column(plan(4, 4, D(2027, 10, 31)), 1) == [D(2027, 10, 31), D(2027, 11, 30), D(2027, 12, 31), D(2028, 1, 31)]


@pytest.mark.parametrize(
    ("every", "second"),
    [
        ("1M", D(2026, 2, 28)), ("2W", D(2026, 2, 14)), ("14D", D(2026, 2, 14)), ("1q", D(2026, 4, 30)), ("1 year", D(2027, 1, 31)),
        ("10天", D(2026, 2, 10)), ("1个月", D(2026, 2, 28)), ("2周", D(2026, 2, 14)), ("1季度", D(2026, 4, 30)),
    ],
)  # fmt: skip
def test_the_interval_is_read_in_both_languages(every, second):
    assert plan(2, 2, D(2026, 1, 31), every)[1][1] == second


def test_interest_runs_on_what_is_still_owed_for_the_actual_days():
    table = plan(3000, 3, D(2026, 2, 1), "1M", 0.0365)
    assert column(table, 3) == [9.3, 5.6, 3.1]  # 3,000 x 31 days, 2,000 x 28, 1,000 x 31, a ten-thousandth a day


def test_an_instalment_after_the_extension_is_flagged_and_one_on_its_last_day_is_not():
    assert column(plan(3, 3, D(2026, 1, 1), extension_until=D(2026, 2, 1)), 5) == [False, False, True]
    assert column(plan(3, 3, D(2026, 1, 1)), 5) == [False, False, False]


def test_the_smallest_unit_is_that_of_the_currency():
    assert column(plan(100, 3, D(2026, 1, 1), currency="JPY"), 2) == [33, 34, 33]
    assert column(plan(1, 3, D(2026, 1, 1), currency="KWD"), 2) == [0.333, 0.334, 0.333]


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        ((0, 3, D(2026, 1, 1)), "amount must be above 0; got 0"),
        ((-5, 3, D(2026, 1, 1)), "amount must be at least 0; got -5"),
        ((5, 0, D(2026, 1, 1)), "instalments must be at least 1; got 0"),
        ((5, 601, D(2026, 1, 1)), "instalments must be at most 600; got 601"),
        ((5, 2.5, D(2026, 1, 1)), "instalments must be a whole number; got 2.5"),
        ((5, 2, D(2026, 1, 1), "monthly"), 'every must be like 1M, 2W, 14D or 1Q; got "monthly"'),
        ((5, 2, D(2026, 1, 1), "0M"), 'every must be like 1M, 2W, 14D or 1Q; got "0M"'),
        ((5, 600, D(2026, 1, 1), "50Y"), "the plan leaves the dates that a cell can hold, 1900-01-01 to 9999-12-31"),
        ((5, 2, D(2026, 1, 1), "1M", 1.5), "rate must be at most 1; got 1.5"),
        ((5, 2, D(2026, 1, 1), "1M", 0, None, "ZZZ"), 'currency "ZZZ" is not known; it must be a code of ISO 4217 such as CNY, USD or EUR'),
    ],
)  # fmt: skip
def test_what_makes_no_plan_is_an_error_with_its_reason(args, reason):
    assert call("PAYPLAN", *args).reason == reason


@given(st.integers(1, 10**9), st.integers(1, 120), st.dates(D(2000, 1, 1), D(2040, 1, 1)), st.sampled_from(["1M", "2W", "3D", "1Q"]), st.floats(0, 0.5))
def test_any_plan_adds_up_falls_and_follows_its_dates(cents, count, first, every, rate):
    table = plan(cents / 100, count, first, every, rate)
    parts = [round(one * 100) for one in column(table, 2)]
    assert sum(parts) == cents
    assert max(parts) - min(parts) <= 1
    assert column(table, 1) == sorted(set(column(table, 1)))
    assert [round(one * 100) for one in column(table, 4)] == [cents - sum(parts[: number + 1]) for number in range(count)]
    assert all(one >= 0 for one in column(table, 3))
