"""The sheet Data problems: every finding, linked, and no amount that is nowhere."""

from __future__ import annotations

import datetime as dt

from tests.ledgers import book_of, report_of, rows_of
from workbook.refresh import make_reports

D = dt.date


def test_what_is_left_out_of_the_reports_stands_beside_its_finding_and_adds_up():
    ledger = [
        {"document_no": "I1", "amount": 100},
        {"document_no": "I2", "amount": 30, "document_type": "proforma"},
        {"document_no": "I3", "amount": "many"},
        {"document_no": "I4", "amount": 7, "document_date": None, "currency": "USD"},
    ]
    sheet = report_of("data_problems", book_of(ledger), "2026-06-30")
    assert all(check.ok for check in sheet.invariants)
    assert {check.currency: (check.left, check.right) for check in sheet.invariants}["CNY"] == (1_300_000, 1_300_000)
    kinds = [row for row in rows_of(sheet) if row["amount"]]
    assert [(row["row"], row["amount"], row["currency"]) for row in kinds][:1] == [(3, "30.00", "CNY")]


def test_a_finding_links_to_its_cell():
    sheet = report_of("data_problems", book_of([{"document_no": "I1", "amount": "x"}]), "2026-06-30")
    row = rows_of(sheet)[0]
    assert (row["severity"], row["source"], row["row"], row["column"], row["link"]) == ("error", "Ledger", 2, "Amount", "Ledger!J2")


def test_errors_stand_before_warnings_and_notes():
    ledger = [{"document_no": "I1", "amount": -5}, {"document_no": "I2", "amount": "x"}]
    rows = rows_of(report_of("data_problems", book_of(ledger), "2026-06-30"))
    assert [row["severity"] for row in rows][:2] == ["error", "warning"]


def test_the_words_are_chinese_when_the_language_is():
    sheet = report_of("data_problems", book_of([{"document_no": "I1", "amount": "x"}], {"language": "zh"}), "2026-06-30")
    row = rows_of(sheet)[0]
    assert (row["severity"], row["source"], row["column"]) == ("错误", "应收账款明细", "金额")
    assert "金额" in row["message"]


def test_what_several_reports_find_wanting_is_told_once():
    book = book_of([{"document_no": "I1", "amount": 100, "due_date": "2026-06-01", "currency": "USD"}])
    made = make_reports(book, book.settings, D(2026, 6, 30))
    assert sum(bool(sheet.problems) for sheet in made.sheets.values()) > 3
    found = [row["message"] for row in rows_of(made.sheets["data_problems"])]
    assert [text for text in found if "USD/CNY" in text] == ["No exchange rate USD/CNY on 2026-06-30: USD is left out of totals in CNY."]
