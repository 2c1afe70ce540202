"""Liquidity: the ledger as it stood at month ends, the DSO family as the functions say it, and sums that agree with other reports."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from workbook.questions.spans import month_ends
from xladdin.call import call

D = dt.date
DAY = D(2026, 6, 15)
LEDGER = [
    {"document_no": "A", "customer_id": "C1", "amount": 300, "document_date": D(2026, 4, 20), "due_date": D(2026, 5, 20), "settled_date": D(2026, 6, 10)},
    {"document_no": "B", "customer_id": "C1", "amount": 500, "document_date": D(2026, 5, 10), "due_date": D(2026, 6, 20)},
    {"document_no": "C", "customer_id": "C2", "amount": 200, "document_date": D(2026, 6, 1), "due_date": D(2026, 6, 5)},
    {"document_no": "N", "customer_id": "C2", "document_type": "credit note", "amount": 50, "reference": "C", "document_date": D(2026, 6, 3)},
    {"document_no": "P", "customer_id": "C2", "document_type": "payment", "amount": 30, "document_date": D(2026, 6, 4)},
]  # fmt: skip


def liquidity_of(ledger, given=None, **tables):
    tables.setdefault("customers", [{"customer_id": "C1"}, {"customer_id": "C2"}])
    sheet = report_of("liquidity", book_of(ledger, given or {}, **tables), DAY)
    assert all(check.ok for check in sheet.invariants), sheet.invariants
    return sheet, {row["look"]: row for row in rows_of(sheet)}


def test_month_ends_come_before_the_day_in_their_order():
    assert month_ends(D(2026, 3, 31), 3) == [D(2025, 12, 31), D(2026, 1, 31), D(2026, 2, 28)]
    assert month_ends(D(2024, 3, 1), 1) == [D(2024, 2, 29)]


def test_each_row_shows_the_ledger_as_it_stood():
    _, rows = liquidity_of(LEDGER)
    assert len(rows) == 13
    today, may, april = rows["2026-06-15"], rows["2026-05-31"], rows["2026-04-30"]
    assert (today["receivables"], today["not_due"], today["overdue_part"]) == ("620.00", "500.00", "150.00"), "150 less 30 unapplied"
    assert (may["receivables"], may["not_due"], may["overdue_part"]) == ("800.00", "500.00", "300.00")
    assert (april["receivables"], april["not_due"], april["overdue_part"]) == ("300.00", "300.00", "0.00")
    assert [row["month_sales"] for row in (today, may, april)] == ["150.00", "500.00", "300.00"]


def test_days_and_index_are_those_of_the_functions():
    _, rows = liquidity_of(LEDGER)
    today = rows["2026-06-15"]
    sold, days = 150 + 500 + 300, (DAY - D(2026, 3, 31)).days
    assert today["dso"] == pytest.approx(call("DSO", 620, sold, days).value)
    assert today["best_dso"] == pytest.approx(call("BESTDSO", 500, sold, days).value)
    assert today["add"] == pytest.approx(call("AVGDAYSDELINQUENT", 620, 500, sold, days).value)
    assert today["count_back"] == pytest.approx(call("DSOCOUNTBACK", 620, [[150], [500], [300]], [[15], [31], [30]]).value)
    assert today["cei"] == pytest.approx(call("CEI", 800, 150, 620, 500).value)


def test_a_month_without_sales_has_no_days():
    _, rows = liquidity_of([LEDGER[1] | {"document_date": D(2025, 1, 1)}])
    assert rows["2026-06-15"]["dso"] is None


def test_the_cash_ratio_is_shown_when_our_cash_is_known_and_insurance_raises_it():
    ledger = [{"document_no": "A", "customer_id": "C1", "amount": 1000, "document_date": D(2026, 1, 1), "due_date": D(2026, 2, 1), "policy_no": "P"}]
    policy = {"policy_no": "P", "cover": 0.9, "valid_from": D(2020, 1, 1), "valid_until": D(2030, 1, 1)}
    given = {"own_cash": 300, "own_liabilities": 1000}
    sheet, _ = liquidity_of(ledger, given, customers=[{"customer_id": "C1", "insured_limit": 1000}], policies=[policy])
    assert ("Cash ratio before / after insurance", "0.30 / 1.20") in sheet.facts
    assert not any("Cash ratio" in label for label, _ in liquidity_of(ledger)[0].facts)


def test_an_empty_ledger_makes_an_empty_report_and_chinese_is_spoken():
    assert liquidity_of([])[1] == {}
    assert liquidity_of(LEDGER, {"language": "zh"})[0].title == "应收账款流动性"


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["invoice", "payment", "credit note", "advance"]), st.sampled_from(["C1", "C2"]), st.sampled_from(["CNY", "USD", "JPY"]),
                          st.integers(1, 9_999_999), st.integers(-300, 500)), max_size=12))  # fmt: skip
def test_receivables_are_the_outstanding_of_scores_and_limits_for_any_ledger(rows):
    ledger = [
        {"document_no": f"D{number}", "document_type": kind, "customer_id": customer, "currency": currency, "amount": cents / 100,
         "document_date": DAY - dt.timedelta(days=max(age, 0)), "due_date": DAY - dt.timedelta(days=age // 2)}
        for number, (kind, customer, currency, cents, age) in enumerate(rows)
    ]  # fmt: skip
    rates = [{"table": pair, "date": D(2026, 1, 1), "rate": rate} for pair, rate in (("USD/CNY", 7.1234), ("JPY/CNY", 0.0467))]
    liquidity_of(ledger, rates=rates)
