"""Stress: the largest customers default, the insurer pays after its waiting period, and the cash lasts so many weeks."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from tests.workbook.test_cash_forecast import history, item

D = dt.date
DAY = D(2026, 6, 30)
POLICY = {"policy_no": "P1", "cover": 0.9, "valid_from": D(2026, 1, 1), "valid_until": D(2026, 12, 31), "waiting_days": 28, "currency": "CNY"}
LEDGER = [
    *history("C1", [0] * 8), *history("C2", [0] * 8),
    item("A", D(2026, 7, 3), 1000, policy_no="P1"), item("B", D(2026, 7, 20), 500, customer="C2"),
]  # fmt: skip
CUSTOMERS = [{"customer_id": "C1", "name": "Big", "insured_limit": 2000}, {"customer_id": "C2", "name": "Small"}]
MONEY = {"own_cash": 300, "weekly_costs": 100}


def stress_of(ledger, given=None, **tables):
    tables.setdefault("customers", CUSTOMERS)
    sheet = report_of("stress", book_of(ledger, given or {}, **tables), DAY)
    assert all(check.ok for check in sheet.invariants), sheet.invariants
    return sheet, rows_of(sheet)


def test_the_cash_of_each_case_is_followed_week_by_week():
    _, (base, one, two) = stress_of(LEDGER, MONEY, policies=[POLICY])
    assert (base["lost"], base["who_fails"]) == ("0.00", "nobody")
    assert base["cash_4"] == "1400.00", "300 + 1000 + 500 - 4 x 100"
    assert base["cash_13"] == "500.00"
    assert base["runway"] == pytest.approx(18)
    assert (one["lost"], one["insured_part"], one["net_loss"], one["pays_after"]) == ("1000.00", "900.00", "100.00", 28)
    assert one["who_fails"] == "Big"
    assert one["missing_receipts"] == "1000.00"
    assert one["cash_4"] == "1300.00", "the insurer's 900 come on day 28"
    assert (two["lost"], two["who_fails"]) == ("1500.00", "those above and Small")


def test_cash_that_runs_out_says_in_which_week():
    _, rows = stress_of([*history("C1", [0] * 8), item("A", D(2026, 7, 3), 1000)], {"own_cash": 250, "weekly_costs": 100})
    alone = rows[1]
    assert alone["runway"] == pytest.approx(2.5)
    assert alone["runs_out"] == str(DAY + dt.timedelta(days=17))
    assert alone["runway_lost"] == pytest.approx(rows[0]["runway"] - 2.5)


def test_without_weekly_costs_losses_stand_and_the_cash_is_left_blank_with_what_to_fill():
    sheet, rows = stress_of(LEDGER, policies=[POLICY])
    assert rows[1]["lost"] == "1000.00"
    assert rows[1]["runway"] is None
    assert "Weekly costs" in sheet.notes[0]


def test_an_empty_ledger_and_chinese_work():
    _, rows = stress_of([], MONEY)
    assert rows == []
    _, rows = stress_of(LEDGER, MONEY | {"language": "zh"})
    assert rows[0]["who_fails"] == "无"


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 14), st.integers(1, 9000), st.integers(-90, 90)), min_size=1, max_size=20), st.integers(0, 5000), st.integers(1, 500))
def test_the_more_default_the_less_is_left(items, cash, costs):
    ledger = [item(f"D{n}", DAY + dt.timedelta(days=days), amount, customer=f"C{who}") for n, (who, amount, days) in enumerate(items)]
    ledger += history("C1", [20] * 8)
    _, rows = stress_of(ledger, {"own_cash": cash, "weekly_costs": costs}, customers=[{"customer_id": f"C{n}"} for n in range(1, 15)])
    for before, after in pairwise(rows):
        assert float(after["lost"]) >= float(before["lost"])
        assert float(after["cash_13"]) <= float(before["cash_13"])
        assert after["runway"] <= before["runway"] + 1e-9
