"""Amounts of ten billion and more, as invoices in VND and IDR have them: exact up to fourteen digits, a finding beyond, nobody else held up."""

from __future__ import annotations

import datetime as dt
import random

import numpy as np
import pytest

from tests.ledgers import book_of, raw, report_of, rows_of
from tests.workbook.test_reports_agree import Draw
from workbook.book import read_book
from workbook.open_items import read_open_items
from workbook.refresh import make_reports

D = dt.date
DAY = D(2026, 6, 30)
OTHER = {"document_no": "I2", "customer_id": "C2", "amount": 50, "due_date": D(2026, 2, 1)}
RATES = [{"table": "VND/CNY", "date": D(2024, 1, 1), "rate": 0.00028}, {"table": "IDR/CNY", "date": D(2024, 1, 1), "rate": 0.00045}]


def large(amount, currency="VND", **more):
    return {"document_no": "I1", "amount": amount, "currency": currency, "due_date": D(2026, 2, 1), **more}


def outstanding(book):
    return {(row["customer_id"], row["currency"]): row["outstanding"] for row in rows_of(report_of("aging", book, DAY))}


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (9_999_999_999.9999, "9999999999.9999"), (1e10, "10000000000.00"), (10_000_000_000.01, "10000000000.01"),
        (123_456_789_012.34, "123456789012.34"), (99_999_999_999_999.98, "99999999999999.98"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["invoice", "credit note", "payment"])
def test_p24_amounts_of_ten_billion_and_more_are_exact_in_every_report(amount, text, kind):
    book = book_of([large(amount, document_type=kind), OTHER], rates=RATES)
    sign = "" if kind == "invoice" else "-"
    assert outstanding(book) == {("C1", "VND"): sign + text, ("C2", "CNY"): "50.00"}
    made = make_reports(book, book.settings, DAY, ["escalation", "scores_limits", "provision", "cash_forecast", "liquidity", "dashboard"])
    assert all(one.left == one.right for sheet in made.sheets.values() for one in sheet.invariants)


def test_p24_settled_disputed_and_promised_parts_are_exact_too():
    book = book_of([large(5e13, settled_amount=1e13 + 0.25, settled_date=D(2026, 3, 1), disputed_amount=2e13, promise_amount=1e10)])
    items, control = read_open_items(book.tables["ledger"], DAY)
    found = items.to_pylist()[0]
    assert (found["open"], found["disputed"], found["promise_amount"]) == (39_999_999_999_999_7500, 2 * 10**17, 10**14)
    assert control == {("C1", "VND"): 39_999_999_999_999_7500}


@pytest.mark.parametrize("amount", [1e14, 1e15, 1e300, -1e14])
def test_p24_an_amount_beyond_fourteen_digits_is_a_finding_and_holds_up_nobody(amount):
    book = book_of([large(amount), OTHER], rates=RATES)
    assert outstanding(book) == {("C2", "CNY"): "50.00"}
    told = [one for one in book.findings if one.column == "amount"]
    assert [(one.row, one.severity) for one in told] == [(2, "error")]
    assert "more than 14 digits" in told[0].message


def test_p24_each_currency_is_summed_by_itself():
    many = [{**large(9e13, document_no=f"{currency}{number}"), "currency": currency} for currency in ("VND", "IDR") for number in range(4)]
    book = book_of([*many, OTHER], rates=RATES)
    assert outstanding(book) == {("C1", "VND"): "360000000000000.00", ("C1", "IDR"): "360000000000000.00", ("C2", "CNY"): "50.00"}
    assert not [one for one in book.findings if one.severity == "error"]


def test_p24_of_what_cannot_be_summed_the_largest_is_left_out_and_told_with_its_amount():
    book = book_of([*(large(9e13 + number, document_no=f"V{number}") for number in range(6)), OTHER], rates=RATES)
    assert outstanding(book) == {("C1", "VND"): "450000000000010.00", ("C2", "CNY"): "50.00"}
    told = [one for one in book.findings if one.severity == "error"]
    assert [(one.row, one.amount, one.currency) for one in told] == [(7, "90000000000005.00", "VND")]


def test_p24_a_currency_that_is_too_much_in_the_report_currency_is_left_out_of_it_and_said():
    rates = [{"table": "USD/VND", "date": D(2024, 1, 1), "rate": 25_000}, {"table": "EUR/VND", "date": D(2024, 1, 1), "rate": 27_000}]
    ledger = [large(1e12, "USD"), large(1000, "EUR", document_no="E1", customer_id="C3")]
    book = book_of(ledger, {"report_currency": "VND"}, rates=rates)
    sheet = report_of("scores_limits", book, DAY)
    assert {row["customer_id"]: row["outstanding"] for row in rows_of(sheet)} == {"C1": "0.00", "C3": "27000000.00"}
    assert any("The amounts in USD come to more in VND than can be summed exactly" in one.message for one in sheet.problems)
    assert outstanding(book)["C1", "USD"] == "1000000000000.00"


@pytest.mark.parametrize("seed", range(4))
def test_p24_any_ledger_with_large_amounts_adds_up(seed):
    draw, chance = Draw(seed), random.Random(seed)
    tables = draw.tables()
    for row in tables["ledger"]:
        if chance.random() < 0.2:
            row["amount"] = chance.choice([1e10, 9.999e13, 99_999_999_999_999.98, 1e12, -5e13])
        for key in ("settled_amount", "disputed_amount", "promise_amount"):
            if row.get(key) and chance.random() < 0.3:
                row[key] = chance.choice([1e10, 9.9e13])
        if chance.random() < 0.3:
            row["currency"] = chance.choice(["VND", "IDR"])
    for row in tables["orders"]:
        row["amount"] = 9.9e13 if chance.random() < 0.3 else row["amount"]
    for row in tables["customers"]:
        row |= {key: 9.9e13 for key in ("credit_limit", "insured_limit") if chance.random() < 0.3}
    tables["rates"] += RATES
    currency = ("CNY", "VND", "USD", "JPY")[seed]
    book = read_book({key: raw(key, found) for key, found in tables.items()}, {"report_currency": currency, "simulated_years": 200})
    made = make_reports(book, book.settings, draw.today)
    for key, sheet in made.sheets.items():
        assert all(one.left == one.right for one in sheet.invariants), key
        for values in sheet.data.values():
            if isinstance(values, np.ndarray) and values.dtype == np.int64 and len(values):
                assert np.abs(values.astype(np.float64)).max() < 2.0**62, key
