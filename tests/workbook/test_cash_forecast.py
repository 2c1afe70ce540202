"""Cash forecast: items come when the customer's own history says, given how late they already are; all places are the ledger."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from workbook.reports.lateness import ALL, NONE, OWN, days_late, history_of
from workbook.reports.receipts import EXPECTED, last_weeks, receipts_of

D = dt.date
DAY = D(2026, 6, 30)
ALL_SHARES = ("expected", "early", "cautious")


def history(customer, lates, start=D(2025, 12, 1)):
    """Invoices that were due on one day and paid so many days late."""
    return [
        {"document_no": f"{customer}-{n}", "customer_id": customer, "amount": 100, "document_date": start, "due_date": start + dt.timedelta(days=n),
         "settled_date": start + dt.timedelta(days=n + late)}
        for n, late in enumerate(lates)
    ]  # fmt: skip


def item(number, due, amount=1000, customer="C1", **more):
    return {"document_no": number, "customer_id": customer, "amount": amount, "document_date": D(2026, 5, 1), "due_date": due, **more}


def forecast_of(ledger, given=None, **tables):
    sheet = report_of("cash_forecast", book_of(ledger, given or {}, **tables), DAY)
    assert all(check.ok for check in sheet.invariants), sheet.invariants
    return sheet, {row["period"]: row for row in rows_of(sheet)}


def test_an_item_comes_when_half_of_the_own_payments_had_come():
    sheet, rows = forecast_of([*history("C1", [2, 4, 6, 8, 10, 12, 14, 16]), item("A", D(2026, 7, 10))])
    assert rows["Week 3"]["expected"] == "1000.00", "due 10 July, eight days late: 18 July, 18 days on"
    assert rows["Week 2"]["early"] == "1000.00", "four days late: 14 July"
    assert rows["Week 4"]["cautious"] == "1000.00", "12 days late: 22 July"
    assert sheet.blocks[1].data["expected_on"].astype(object).tolist() == [D(2026, 7, 18)]
    assert sheet.blocks[1].data["basis"] == ["own history"]


def test_what_is_already_late_is_judged_by_the_payments_that_were_later_still():
    lates = [0, 0, 0, 0, 40, 44, 48, 52, 56, 60]
    _, rows = forecast_of([*history("C1", lates), item("A", D(2026, 6, 1))])  # 29 days late
    assert rows["Week 3"]["expected"] == "1000.00", "48 days late: 19 July"


def test_a_customer_with_a_short_history_is_judged_by_all_and_nothing_is_invented_where_nothing_is_known():
    ledger = [*history("C2", [10] * 8), item("A", D(2026, 7, 1)), item("B", D(2026, 3, 1), 50)]
    sheet, rows = forecast_of(ledger)
    assert rows["Week 2"]["expected"] == "1000.00", "11 July"
    assert rows["No history tells"]["expected"] == "50.00"
    assert sheet.blocks[1].data["basis"] == ["all customers"]


def test_promises_disputes_insolvent_customers_and_unapplied_cash_have_their_places():
    ledger = [
        *history("C1", [5] * 8), *history("C3", [5] * 8),
        item("A", D(2026, 7, 1), promise_date=D(2026, 8, 3), promise_amount=600),
        item("B", D(2026, 7, 1), disputed_amount=300),
        item("C", D(2026, 7, 1), customer="C3"),
        {"document_no": "P", "customer_id": "C1", "document_type": "payment", "amount": 70, "document_date": D(2026, 6, 1)},
    ]  # fmt: skip
    sheet, rows = forecast_of(ledger, customers=[{"customer_id": "C1"}, {"customer_id": "C3", "status": "insolvent"}])
    assert (rows["Week 5"]["expected"], rows["Week 5"]["promised_part"]) == ("600.00", "600.00")
    assert rows["Week 1"]["expected"] == "1100.00", "6 July: 400 not promised and 700 not disputed"
    assert rows["Disputed"]["expected"] == "300.00"
    assert rows["Insolvent customers"]["expected"] == "1000.00"
    assert rows["Unapplied cash"]["expected"] == "-70.00"
    assert sheet.totals[0]["expected"] == 29_300_000
    assert sheet.chart[0] == ("Week 1", 1100.0)


def test_a_forecast_of_four_weeks_ago_is_held_against_what_came():
    ledger = [
        *history("C1", [0] * 8), item("A", D(2026, 6, 10), settled_date=D(2026, 6, 12)), item("B", D(2026, 6, 20)),
    ]  # fmt: skip
    book = book_of(ledger)
    expected, came = last_weeks(book, book.settings, DAY)
    assert (expected / 10_000, came / 10_000) == (2000, 1000)


def test_an_empty_ledger_and_chinese_work():
    _, rows = forecast_of([])
    assert rows == {}
    _, rows = forecast_of([*history("C1", [5] * 8), item("A", D(2026, 7, 1))], {"language": "zh"})
    assert rows["第1周"]["expected"] == "1000.00"
    assert "更晚" in rows


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-60, 400)), max_size=60), st.integers(0, 3), st.integers(-100, 300), st.sampled_from([0.25, 0.5, 0.75, 1.0]))
def test_days_late_are_the_quantile_of_what_was_later_still(past, who, behind, share):
    customers, lates = (np.array([one[at] for one in past], dtype=np.int64) for at in (0, 1))
    made, basis = days_late(history_of(customers, lates), np.array([who]), np.array([behind]), share)
    own = sorted(late for customer, late in past if customer == who and late > behind)
    every = sorted(late for _, late in past if late > behind)
    for mine, kind in ((own, OWN), (every, ALL)):
        if len(mine) >= 6:
            assert basis[0] == kind
            assert made[0] == mine[int(np.ceil(share * len(mine) - 1e-9)) - 1]
            assert sum(late <= made[0] for late in mine) / len(mine) >= share
            return
    assert basis[0] == NONE


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["C1", "C2"]), st.integers(1, 300), st.integers(-40, 120), st.booleans(), st.sampled_from(["CNY", "USD", "GBP"]), st.integers(0, 900)),
        max_size=25,
    )
)  # fmt: skip
def test_the_places_of_every_ledger_add_up_to_it(rows):
    ledger = [
        {"document_no": f"D{n}", "customer_id": who, "amount": 500 + n, "currency": money, "document_date": DAY - dt.timedelta(days=age),
         "due_date": DAY - dt.timedelta(days=age - 30), "disputed_amount": disputed or None,
         **({"settled_date": DAY - dt.timedelta(days=age - 30 - late)} if paid else {})}
        for n, (who, age, late, paid, money, disputed) in enumerate(rows)
    ]  # fmt: skip
    book = book_of(ledger, rates=[{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7}])
    sheet = report_of("cash_forecast", book, DAY)
    assert all(check.ok for check in sheet.invariants)
    if sheet.totals:
        assert len({sheet.totals[0][key] for key in ALL_SHARES}) == 1, "early or late, it is the same money"
        expected, early, late = (np.cumsum(np.asarray(sheet.data[key])[:13]) for key in ("expected", "early", "cautious"))
        if all(float(amount) >= 0 for amount in sheet.data["expected"]):
            assert (early >= expected).all()
            assert (expected >= late).all()
        made = receipts_of(book, book.settings, DAY)
        assert (made.day[:, EXPECTED][~np.isnat(made.day[:, EXPECTED])] > np.datetime64(DAY)).all(), "nothing is expected in the past"


def test_a_forecast_covers_most_of_what_comes_at_its_shares():
    draw = np.random.default_rng(7)
    past, future = draw.gamma(3, 8, 4000).astype(np.int64), draw.gamma(3, 8, 4000).astype(np.int64)
    made = history_of(np.zeros(4000, dtype=np.int64), past)
    for behind in (-30, 0, 20):
        later = future[future > behind]
        for share in (0.25, 0.5, 0.75):
            days, _ = days_late(made, np.zeros(1, dtype=np.int64), np.array([behind]), share)
            assert (later <= days[0]).mean() == pytest.approx(share, abs=0.05)
