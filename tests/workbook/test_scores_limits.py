"""Scores and limits: exposure against limits, alone and in a group, and the reasons to hold."""

from __future__ import annotations

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of, report_of, rows_of
from workbook.settings import Settings
from xladdin.call import call

D = dt.date
DAY = D(2026, 6, 30)


def rows(book):
    return {row["customer_id"]: row for row in rows_of(report_of("scores_limits", book, DAY))}


def test_exposure_is_open_items_and_orders_less_what_was_prepaid():
    book = book_of(
        [{"document_no": "1", "amount": 1000}, {"document_no": "2", "document_type": "advance", "amount": 300}],
        customers=[{"customer_id": "C1", "credit_limit": 900}],
        orders=[{"order_no": "A", "customer_id": "C1", "order_date": DAY, "currency": "CNY", "amount": 500, "invoiced_amount": 200}],
    )
    row = rows(book)["C1"]
    assert (row["outstanding"], row["orders_open"], row["exposure"]) == ("700.00", "300.00", "1000.00")
    assert row["headroom"] == "-100.00"
    assert "over the limit by 100 CNY" in row["hold"]


def test_an_order_of_tomorrow_is_no_exposure_yet():
    orders = [{"order_no": "A", "customer_id": "C1", "order_date": DAY + dt.timedelta(1), "currency": "CNY", "amount": 500}]
    assert rows(book_of([], customers=[{"customer_id": "C1"}], orders=orders))["C1"]["exposure"] == "0.00"


def test_a_group_shares_the_limit_of_its_head():
    book = book_of(
        [{"document_no": "1", "customer_id": "A", "amount": 600}, {"document_no": "2", "customer_id": "B", "amount": 700}],
        customers=[{"customer_id": "A", "credit_limit": 1000}, {"customer_id": "B", "group_id": "A"}, {"customer_id": "X", "credit_limit": 5}],
    )
    found = rows(book)
    assert found["B"]["effective_limit"] == "1000.00"
    assert found["A"]["group_exposure"] == found["B"]["group_exposure"] == "1300.00"
    assert found["A"]["headroom"] == found["B"]["headroom"] == "-300.00"
    assert found["X"]["group_exposure"] is None


def test_a_limit_of_nothing_is_no_credit_and_a_blank_one_is_no_limit():
    book = book_of(
        [{"document_no": name, "customer_id": name, "due_date": DAY, "amount": 10} for name in "AB"],
        customers=[{"customer_id": "A", "credit_limit": 0}, {"customer_id": "B"}],
    )
    found = rows(book)
    assert found["A"]["hold"]
    assert found["B"]["hold"] == ""
    assert found["B"]["headroom"] is None


def test_a_customer_late_beyond_the_limit_is_held_with_the_days_but_not_for_a_disputed_item():
    late = {"document_no": "1", "due_date": DAY - dt.timedelta(61), "amount": 10}
    assert rows(book_of([late]))["C1"]["hold"] == "61 days past due, more than 60"
    assert rows(book_of([late], {"hold_days": 61}))["C1"]["hold"] == ""
    assert rows(book_of([late | {"disputed_amount": 10, "dispute_date": DAY}]))["C1"]["hold"] == ""


def test_the_state_of_a_customer_holds_it():
    found = rows(book_of([], customers=[{"customer_id": name, "status": state, "first_trade": D(2020, 1, 1)} for name, state in (("A", "insolvent"), ("B", "watch"))]))
    assert found["A"]["hold"] == "insolvent"
    assert found["B"]["hold"] == ""


def test_the_score_is_the_one_of_the_function():
    file = {"first_trade": D(2020, 1, 1), "last_review": D(2026, 6, 1), "current_assets": 300, "current_liabilities": 100, "litigation_count": 2}
    book = book_of([], customers=[{"customer_id": "A", **file}])
    row = rows(book)["A"]
    names = [*file, "register_verified", "statements_verified", "reputation_verified", "dispute_count"]
    values = [*(value.isoformat() if isinstance(value, dt.date) else value for value in file.values()), None, None, None, 0]
    assert row["score"] == round(call("CREDITSCORE", names, [values], None, DAY).value, 1)
    assert row["grade"] == call("CREDITGRADE", row["score"]).value
    assert row["not_verified"] == "register, statements, reputation"
    assert row["next_review"] == "2026-09-01"


def test_days_late_come_from_the_payments_of_a_year():
    ledger = []
    for number, late in enumerate((10, 20, 30)):
        due = D(2026, 2, 1) + dt.timedelta(number)
        ledger.append({"document_no": f"I{number}", "document_date": D(2026, 1, 1), "due_date": due, "amount": 10})
        ledger.append({"document_no": f"P{number}", "document_type": "payment", "document_date": due + dt.timedelta(late), "amount": 10, "reference": f"I{number}"})
    row = rows(book_of(ledger, {"score_reasons": 20}))["C1"]
    assert "paid 20 days late on average" in row["reasons"]


def test_a_customer_only_the_ledger_knows_is_there_without_a_score():
    row = rows(book_of([{"document_no": "1", "customer_id": "Z", "amount": 5, "due_date": D(2030, 1, 1)}], customers=[{"customer_id": "A"}]))["Z"]
    assert row["score"] is None
    assert row["outstanding"] == "5.00"
    assert row["reasons"] == "not on the sheet Customers"


def test_a_scorecard_that_cannot_be_read_is_told_and_the_default_taken():
    sheet = report_of("scores_limits", book_of([], customers=[{"customer_id": "A"}], scorecard=[{"factor": "x", "from": 5, "to": 1, "points": 3}]), DAY)
    assert sheet.problems
    assert "default scorecard" in sheet.problems[0].message


def test_the_words_are_chinese_where_asked():
    book = book_of([{"document_no": "1", "due_date": DAY - dt.timedelta(90), "amount": 10}], {"language": "zh"})
    assert rows(book)["C1"]["hold"] == "逾期 90 天，超过 60 天"


def test_the_defaults_are_the_documented_ones():
    assert (Settings().hold_days, Settings().score_reasons) == (60, 3)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from(["CNY", "USD"]), st.sampled_from(["invoice", "payment", "credit note"]), st.integers(1, 99_999)), max_size=30))
def test_outstanding_adds_up_to_the_ledger_to_the_cent(documents):
    ledger = [
        {"document_no": str(number), "customer_id": who, "currency": currency, "document_type": kind, "amount": cents / 100}
        for number, (who, currency, kind, cents) in enumerate(documents)
    ]
    sheet = report_of("scores_limits", book_of(ledger, rates=[{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7}]), DAY)
    assert all(check.ok for check in sheet.invariants)
    assert {check.currency for check in sheet.invariants} == {currency for _, currency, _, _ in documents}
