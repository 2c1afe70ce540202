"""Open items: instalments, payments, credit notes, past dates."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.ledgers import book_of, report_of, rows_of
from workbook.open_items import read_open_items

D = dt.date


def instalments(*parts, number="I1"):
    return [
        {"document_no": number, "instalment": index, "amount": amount, "due_date": D(2026, 1, 1) + dt.timedelta(30 * index)}
        for index, amount in enumerate(parts, start=1)
    ]


def items_of(ledger, as_of=D(2026, 1, 15)):
    items, _ = read_open_items(book_of(ledger).tables["ledger"], as_of)
    return [
        (row["kind"], row["document_no"], row["amount"] / 1e4, row["paid"] / 1e4, row["credited"] / 1e4, row["open"] / 1e4)
        for row in items.to_pylist()
    ]


def opens(ledger, as_of=D(2026, 1, 15)):
    return [row[5] for row in items_of(ledger, as_of)]


def payment(amount, reference="I1", number="P1", **more):
    return {"document_no": number, "document_type": "payment", "reference": reference, "amount": amount, **more}


def credit(amount, reference=None, number="N1", **more):
    return {"document_no": number, "document_type": "credit note", "reference": reference, "amount": amount, **more}


def test_a1_an_invoice_in_three_instalments_is_three_rows():
    assert opens(instalments(30, 50, 20)) == [30, 50, 20]


def test_a2_a_payment_clears_the_first_instalment_and_part_of_the_second():
    rows = items_of([*instalments(30, 50, 20), payment(40)])
    assert rows == [("item", "I1", 50, 10, 0, 40), ("item", "I1", 20, 0, 0, 20)]


def test_a3_a_free_standing_credit_note_is_a_row_of_its_own():
    rows = items_of([*instalments(30, 50, 20), payment(40), credit(100)])
    assert [row[5] for row in rows] == [40, 20, -100]
    assert rows[-1][:2] == ("unapplied", "N1")


def test_a4_a_payment_of_part_of_the_first_instalment():
    assert [row[2:4] + row[5:] for row in items_of([*instalments(60, 100, 40), payment(40)])] == [(60, 40, 20), (100, 0, 100), (40, 0, 40)]


def test_a5_a_credit_note_against_the_invoice_goes_on_where_the_payment_ended():
    rows = items_of([*instalments(60, 100, 40), payment(40), credit(100, "I1")])
    assert [(row[2], row[4], row[5]) for row in rows] == [(100, 80, 20), (40, 0, 40)]


def test_payments_go_before_credit_notes_whatever_their_order_on_the_sheet():
    rows = items_of([credit(100, "I1"), payment(40), *instalments(60, 100, 40)])
    assert [(row[3], row[4], row[5]) for row in rows] == [(0, 80, 20), (0, 0, 40)]


def test_a6_one_cent_stays_visible():
    assert opens([{"document_no": "I1", "amount": 100, "due_date": D(2026, 2, 1)}, payment(99.99)]) == [0.01]


def test_a7_an_unallocated_advance_is_shown_apart():
    invoice = [{"document_no": "I1", "amount": 200, "due_date": D(2026, 2, 1)}]
    advance = [{"document_no": "A1", "document_type": "advance", "amount": 50}]
    assert sum(opens(invoice)) == 200
    assert opens(invoice + advance) == [200, -50]
    assert sum(opens([*invoice, *advance, payment(125)])) == 25


def test_a8_a_prepayment_without_invoice_is_unapplied():
    rows = items_of([{"document_no": "A1", "document_type": "advance", "amount": 1000}])
    assert [(row[0], row[5]) for row in rows] == [("unapplied", -1000)]


def test_what_exceeds_a_document_is_a_negative_row():
    rows = items_of([{"document_no": "I1", "amount": 100}, payment(130)])
    assert [(row[0], row[1], row[5]) for row in rows] == [("unapplied", "I1", -30)]


def test_a_reference_to_nothing_stays_unapplied():
    assert items_of([payment(40, "NOWHERE")])[0][5] == -40


def test_a_reference_to_another_customers_document_does_not_settle_it():
    rows = items_of([{"document_no": "I1", "amount": 100}, payment(40, customer_id="C2")])
    assert sorted(row[5] for row in rows) == [-40, 100]


def test_settled_on_the_row_counts_from_its_day():
    ledger = [{"document_no": "I1", "amount": 100, "settled_date": D(2026, 2, 10)}]
    assert opens(ledger, D(2026, 2, 9)) == [100]
    assert opens(ledger, D(2026, 2, 10)) == []


def test_settled_in_part_on_the_row():
    assert opens([{"document_no": "I1", "amount": 100, "settled_amount": 60, "settled_date": D(2026, 1, 10)}]) == [40]


def test_documents_and_payments_dated_later_are_not_there_yet():
    ledger = [{"document_no": "I1", "amount": 100}, payment(40, document_date=D(2026, 3, 1))]
    assert opens(ledger, D(2025, 12, 31)) == []
    assert opens(ledger, D(2026, 2, 28)) == [100]
    assert opens(ledger, D(2026, 3, 1)) == [60]


def test_a_negative_invoice_is_a_credit_note_and_a_negative_adjustment_a_charge():
    assert opens([{"document_no": "I1", "amount": -30}]) == [-30]
    assert opens([{"document_no": "J1", "document_type": "adjustment", "amount": -30}]) == [30]
    assert opens([{"document_no": "I1", "amount": 100}, {"document_no": "J1", "document_type": "adjustment", "reference": "I1", "amount": 30}]) == [70]


def test_a_negative_payment_takes_back_what_was_paid():
    assert opens([{"document_no": "I1", "amount": 100}, payment(100), payment(-100, number="P2")]) == [100]


def test_a_missing_due_date_follows_the_terms_else_the_document_date():
    ledger = [{"document_no": "I1", "amount": 1, "terms": "NET 30"}, {"document_no": "I2", "amount": 1}]
    items, _ = read_open_items(book_of(ledger).tables["ledger"], D(2026, 1, 15))
    assert items["due_date"].to_pylist() == [D(2026, 1, 31), D(2026, 1, 1)]


def test_an_empty_ledger_has_no_items():
    assert opens([]) == []


@pytest.mark.parametrize("mode", ["own column", "by date", "oldest first"])
def test_every_way_to_show_unapplied_cash_keeps_the_total(mode):
    ledger = [
        {"document_no": "I1", "amount": 100, "due_date": D(2026, 2, 1)},
        {"document_no": "I2", "amount": 50, "due_date": D(2026, 3, 1)},
        {"document_no": "A1", "document_type": "advance", "amount": 120},
    ]
    row = rows_of(report_of("aging", book_of(ledger, {"unapplied": mode}), "2026-04-15"))[0]
    assert Decimal(row["outstanding"]) == 30
    expected = {"own column": ("-120.00", "50.00"), "by date": ("0.00", "50.00"), "oldest first": ("0.00", "30.00")}
    assert (row["unapplied"], row["bucket_2"]) == expected[mode]


def test_a_refund_without_reference_settles_nothing_when_unapplied_cash_settles_the_oldest():
    rows = [
        {"document_no": "I", "amount": 100, "due_date": D(2026, 2, 1)},
        {"document_no": "P", "document_type": "payment", "amount": 30},
        {"document_no": "R", "document_type": "payment", "amount": -50},
    ]  # fmt: skip
    sheet = report_of("aging", book_of(rows, {"unapplied": "oldest first"}), D(2026, 6, 30))
    assert all(check.ok for check in sheet.invariants)
    assert [(row["bucket_4"], row["unapplied"], row["outstanding"]) for row in rows_of(sheet)] == [("70.00", "50.00", "120.00")]


@pytest.mark.parametrize(("way", "opened", "apart"), [("on their invoice", ["40.00"], "0.00"), ("own row", ["100.00"], "-60.00")])
def test_a_credit_note_with_a_reference_reduces_its_invoice_or_is_always_its_own_row(way, opened, apart):
    ledger = [{"document_no": "I1", "amount": 100, "due_date": D(2026, 2, 1)}, credit(60, "I1")]
    book = book_of(ledger, {"credit_notes": way, "interest_rule": 0})
    assert [row["open_amount"] for row in rows_of(report_of("escalation", book, "2026-06-30"))] == opened
    row = rows_of(report_of("aging", book, "2026-06-30"))[0]
    assert (row["unapplied"], row["outstanding"]) == (apart, "40.00")


def test_credit_notes_of_their_own_row_overpay_nothing():
    ledger = [{"document_no": "I1", "amount": 100, "due_date": D(2026, 2, 1)}, credit(130, "I1")]
    assert [finding.message for finding in book_of(ledger).findings] == [
        'What settles the document "I1" comes to 130.00, above its amount 100.00; the excess is 30.00.'
    ]
    assert book_of(ledger, {"credit_notes": "own row"}).findings == []


def test_p11_payments_fill_the_instalment_due_first_whatever_its_number():
    parts = [
        {"document_no": "I1", "instalment": 1, "amount": 100, "due_date": D(2026, 9, 30)},
        {"document_no": "I1", "instalment": 2, "amount": 100, "due_date": D(2026, 3, 31)},
        {"document_no": "I1", "instalment": None, "amount": 100, "due_date": D(2026, 6, 30)},
    ]
    items, _ = read_open_items(book_of([*parts, payment(150)]).tables["ledger"], D(2026, 1, 15))
    assert {row["due_date"]: row["open"] / 1e4 for row in items.to_pylist()} == {D(2026, 6, 30): 50, D(2026, 9, 30): 100}


def test_p11_of_instalments_due_on_one_day_the_lowest_number_is_filled_first():
    parts = [{"document_no": "I1", "instalment": number, "amount": 100, "due_date": D(2026, 3, 31)} for number in (3, 1, 2)]
    items, _ = read_open_items(book_of([*parts, payment(150)]).tables["ledger"], D(2026, 1, 15))
    assert {row["instalment"]: row["open"] / 1e4 for row in items.to_pylist()} == {2: 50, 3: 100}


UNKNOWN = ("60 days after B/L date", "D/A 90", "D/P", "L/C at sight", "0001", "whenever")


@pytest.mark.parametrize("terms", UNKNOWN)
def test_p23_what_has_terms_that_are_not_understood_is_without_due_date_and_never_late(terms):
    book = book_of([{"document_no": "I1", "amount": 100, "document_date": D(2024, 1, 1), "terms": terms}])
    row = rows_of(report_of("aging", book, D(2026, 1, 15)))[0]
    assert [row[key] for key in ("not_due", "without_due", "overdue", "outstanding")] == ["0.00", "100.00", "0.00", "100.00"]
    assert not rows_of(report_of("escalation", book, D(2026, 1, 15)))
    told = [one.message for one in book.findings if one.column == "terms"]
    assert len(told) == 1
    assert terms in told[0]
    assert "CNY 100.00 is without due date and counts as not due" in told[0]


def test_p23_what_is_without_due_date_has_a_blank_and_no_week_in_which_it_is_expected():
    paid = [
        {"document_no": f"O{number}", "amount": 10, "document_date": D(2025, 6, 1), "due_date": D(2025, 7, 1), "settled_date": D(2025, 7, 20)}
        for number in range(12)
    ]
    book = book_of([*paid, {"document_no": "I1", "amount": 100, "document_date": D(2025, 12, 1), "terms": "D/A 90", "disputed_amount": 40}])
    forecast = {row["period"]: row["expected"] for row in rows_of(report_of("cash_forecast", book, D(2026, 1, 15)))}
    assert {period: amount for period, amount in forecast.items() if amount not in (None, "0.00")} == {
        "No history tells": "60.00", "Disputed": "40.00",
    }  # fmt: skip
    assert rows_of(report_of("disputes", book, D(2026, 1, 15)))[0]["due_date"] is None


def test_p23_what_is_without_due_date_has_a_column_of_its_own_that_adds_up_and_a_headline():
    documents = [
        {"document_no": "I1", "amount": 100, "document_date": D(2025, 12, 1), "terms": "D/A 90"},
        {"document_no": "I2", "amount": 30, "document_date": D(2025, 12, 1), "due_date": D(2026, 1, 1)},
        {"document_no": "P1", "amount": 7, "document_date": D(2026, 1, 2), "document_type": "payment"},
    ]
    for language, label in (("en", "Without due date"), ("zh", "无到期日")):
        sheet = report_of("aging", book_of(documents, {"language": language}), D(2026, 1, 15))
        assert {column.key: column.label for column in sheet.columns}["without_due"] == label
        row = rows_of(sheet)[0]
        assert [row[key] for key in ("not_due", "bucket_1", "unapplied", "without_due", "outstanding")] == ["0.00", "30.00", "-7.00", "100.00", "123.00"]
        assert all(check.ok for check in sheet.invariants)
        assert (label, "CNY 100.00 (81%)") in sheet.facts
        assert sheet.totals[-1]["without_due"] == 1_000_000
    by_document = rows_of(report_of("aging", book_of(documents, {"aging_basis": "document date"}), D(2026, 1, 15)))[0]
    assert (by_document["without_due"], by_document["bucket_2"]) == ("0.00", "130.00"), "its own date is known"
    dated = report_of("aging", book_of(documents[1:]), D(2026, 1, 15))
    assert rows_of(dated)[0]["without_due"] == "0.00"
    assert "Without due date" not in [label for label, _ in dated.facts]


def test_p23_an_invoice_without_terms_falls_due_on_its_own_date_as_before():
    assert items_of([{"document_no": "I1", "amount": 100}])[0][5] == 100
    assert rows_of(report_of("aging", book_of([{"document_no": "I1", "amount": 100}]), D(2026, 1, 15)))[0]["overdue"] == "100.00"
