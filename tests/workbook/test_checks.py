"""What holds between rows and tables, each with its message; and no money gets lost on the way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of
from workbook.currencies import decimals, known_currencies
from xladdin.cells import ExcelError

DAY = dt.date(2026, 1, 31)
A1 = {"document_no": "A1", "amount": 100.0, "document_date": DAY, "due_date": dt.date(2026, 3, 2)}
P1 = {"document_no": "P1", "document_type": "payment", "amount": 60.0, "document_date": DAY}


def told(ledger, **tables):
    """Return (row, column, severity, message) of every finding."""
    return [(f.row, f.column, f.severity, f.message) for f in book_of(ledger, **tables).findings]


CASES = {
    "a duplicate key": (
        [A1, A1],
        [(3, "document_no", "error", "Document no. A1, Type invoice stands in row 2 already.")],
    ),
    "a duplicate key with a blank and a zero instalment": (
        [A1, {**A1, "instalment": 0}],
        [(3, "document_no", "error", "Document no. A1, Type invoice, Instalment 0 stands in row 2 already.")],
    ),
    "instalments are different keys": ([{**A1, "instalment": 1}, {**A1, "instalment": 2}], []),
    "the same number for another type": ([A1, {**P1, "document_no": "A1"}], []),
    "a due date before the document date": (
        [{**A1, "due_date": dt.date(2026, 1, 30)}],
        [(2, "due_date", "warning", "The due date 2026-01-30 is before the document date 2026-01-31.")],
    ),
    "a settlement before the document date": (
        [{**A1, "settled_date": dt.date(2026, 1, 30)}],
        [(2, "settled_date", "warning", "Settled on 2026-01-30, before the document date 2026-01-31.")],
    ),
    "a promise before the document date": (
        [{**A1, "promise_date": dt.date(2026, 1, 30)}],
        [(2, "promise_date", "warning", "The promise date 2026-01-30 is before the document date 2026-01-31.")],
    ),
    "a currency that does not exist": (
        [{**A1, "currency": "XYZ"}],
        [(2, "currency", "error", 'There is no currency "XYZ".')],
    ),
    "an everyday name of a currency": (
        [{**A1, "currency": "rmb"}],
        [(2, "currency", "note", '"rmb" was read as CNY.')],
    ),
    "a currency in small letters": ([{**A1, "currency": "usd"}], []),
    "a settlement above the amount": (
        [{**A1, "settled_amount": 100.01}],
        [(2, "settled_amount", "error", "Settled 100.01 is above the amount 100.00.")],
    ),
    "a settlement of exactly the amount": ([{**A1, "settled_amount": 100.0}], []),
    "a negative settlement": (
        [{**A1, "settled_amount": -5.0}],
        [(2, "settled_amount", "warning", "Settled -5.00 is negative.")],
    ),
    "a settled date alone means in full": ([{**A1, "settled_date": DAY}], []),
    "a dispute above the amount": (
        [{**A1, "disputed_amount": 100.5}],
        [(2, "disputed_amount", "warning", "Disputed 100.50 is above the amount 100.00.")],
    ),
    "a negative invoice": (
        [{**A1, "amount": -100.0}],
        [(2, "amount", "warning", "A negative invoice (-100.00) was read as a credit note.")],
    ),
    "a negative payment": (
        [{**P1, "amount": -60.0}],
        [(2, "amount", "warning", "A negative payment (-60.00) raises the debt.")],
    ),
    "a negative adjustment is meant": ([{**P1, "document_type": "adjustment", "amount": -6.0, "due_date": DAY}], []),
    "no due date and no terms": (
        [{**A1, "due_date": None}],
        [(2, "due_date", "warning", "No due date and no terms; the document date counts as due date.")],
    ),
    "no due date, and terms not understood": (
        [{**A1, "due_date": None, "terms": "NAA8"}],
        [(2, "terms", "warning", 'No due date, and the terms "NAA8" are not understood: CNY 100.00 is without due date and counts as not due. Type the due date.')],
    ),
    "terms not understood beside a due date": ([{**A1, "terms": "NAA8"}], []),
    "no due date but terms": ([{**A1, "due_date": None, "terms": "NET 30"}], []),
    "no document date but a due date": (
        [{**A1, "document_date": None}],
        [(2, "document_date", "warning", "No document date; the due date 2026-03-02 counts as document date.")],
    ),
    "neither document date nor due date": (
        [{**A1, "document_date": None, "due_date": None}],
        [(2, "document_date", "error", "Document date is blank.")],
    ),
    "an unknown document type": (
        [{**A1, "document_type": "bill"}],
        [(2, "document_type", "error", 'Type must be one of invoice, credit note, payment, advance, adjustment; got "bill".')],
    ),
    "blank required cells": (
        [{**A1, "document_no": None, "amount": None, "currency": " "}],
        [
            (2, "document_no", "error", "Document no. is blank."),
            (2, "currency", "error", "Currency is blank."),
            (2, "amount", "error", "Amount is blank."),
        ],
    ),
    "more decimals than the currency has": (
        [{**A1, "amount": 100.5, "currency": "JPY"}],
        [(2, "amount", "warning", "Amount 100.50 has more decimals than JPY has (0).")],
    ),
    "three decimals of a dinar": ([{**A1, "amount": 100.125, "currency": "KWD"}], []),
    "a reference to nothing": (
        [A1, {**P1, "reference": "A9"}],
        [(3, "reference", "warning", 'The settled document "A9" is not in the ledger; this payment counts as unapplied.')],
    ),
    "a reference to a payment": (
        [A1, P1, {**P1, "document_no": "P2", "reference": "P1"}],
        [(4, "reference", "warning", 'The settled document "P1" is no invoice that reports can use; this payment counts as unapplied.')],
    ),
    "a reference to an invoice that cannot be used": (
        [{**A1, "amount": None}, {**P1, "reference": "A1"}],
        [
            (2, "amount", "error", "Amount is blank."),
            (3, "reference", "warning", 'The settled document "A1" is no invoice that reports can use; this payment counts as unapplied.'),
        ],
    ),
    "a reference in another currency": (
        [A1, {**P1, "reference": "A1", "currency": "USD"}],
        [(3, "reference", "warning", 'The settled document "A1" is in another currency; this payment counts as unapplied.')],
    ),
    "a reference to another customer's document": (
        [A1, {**P1, "reference": "A1", "customer_id": "C2"}],
        [(3, "reference", "warning", "The settled document \"A1\" is another customer's; this payment counts as unapplied.")],
    ),
    "payments above the invoice": (
        [A1, {**P1, "reference": "A1"}, {**P1, "document_no": "P2", "reference": "A1", "amount": 40.5}],
        [(4, "reference", "warning", 'What settles the document "A1" comes to 100.50, above its amount 100.00; the excess is 0.50.')],
    ),
    "payments of exactly the invoice, in instalments": (
        [{**A1, "instalment": 1}, {**A1, "instalment": 2}, {**P1, "reference": "A1", "amount": 200.0}],
        [],
    ),
    "an error value": (
        [{**A1, "amount": ExcelError("#DIV/0!")}],
        [(2, "amount", "error", "Amount holds the error #DIV/0!; correct the formula.")],
    ),
    "a formula as a name": ([{**A1, "customer_id": "=HYPERLINK(1)"}], []),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_a_doubtful_ledger_is_told_with_one_sentence(name):
    ledger, expected = CASES[name]
    assert told(ledger) == expected


@pytest.mark.parametrize("name", list(CASES))
def test_the_same_is_told_in_chinese(name):
    ledger, expected = CASES[name]
    findings = book_of(ledger, {"language": "zh"}).findings
    assert [(f.row, f.column, f.severity) for f in findings] == [one[:3] for one in expected]
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in f.message) for f in findings)


def test_a_customer_that_is_not_there_is_told_once_with_its_rows():
    findings = told([A1, {**A1, "document_no": "A2", "customer_id": "C9"}, {**A1, "document_no": "A3", "customer_id": "C9"}], customers=[{"customer_id": "C1"}])
    assert findings == [(3, "customer_id", "warning", 'Customer "C9" is not on the sheet Customers (2 rows).')]


def test_references_into_an_empty_table_are_one_note():
    assert told([{**A1, "contract_no": "K1"}, {**A1, "document_no": "A2", "contract_no": "K2"}]) == [
        (0, "contract_no", "note", "Contract is filled in 2 rows, but the table Contracts is empty.")
    ]


def test_a_duplicate_customer_and_a_group_that_is_no_customer_are_told():
    assert told([A1], customers=[{"customer_id": "C1"}, {"customer_id": "C1"}, {"customer_id": "C2", "group_id": "G"}]) == [
        (3, "customer_id", "error", "Customer C1 stands in row 2 already."),
        (4, "group_id", "warning", 'Group "G" is not on the sheet Customers (1 row).'),
    ]


# ---- what reports may use


@pytest.mark.parametrize(
    ("change", "usable", "amount", "currency"),
    [
        ({}, True, "", ""),
        ({"amount": "12"}, False, "", "CNY"),
        ({"amount": None}, False, "", "CNY"),
        ({"document_type": "bill"}, False, "100.00", "CNY"),
        ({"currency": None}, False, "100.00", ""),
        ({"currency": "XYZ"}, True, "", ""),
        ({"document_date": "31/02/2026", "due_date": None}, False, "100.00", "CNY"),
        ({"document_date": None}, True, "", ""),
        ({"due_date": "31/02/2026"}, True, "", ""),
        ({"document_no": None}, True, "", ""),
        ({"customer_id": None}, True, "", ""),
    ],
)
def test_a_row_is_left_out_only_when_its_amount_type_currency_or_date_is_unknown(change, usable, amount, currency):
    book = book_of([{**A1, **change}])
    assert book.table("ledger")["usable"].to_pylist() == [usable]
    assert [(f.amount, f.currency) for f in book.findings if f.amount or (f.severity == "error" and not usable)][:1] == ([] if usable else [(amount, currency)])


def test_assumptions_stand_in_the_ledger_so_that_reports_make_none():
    book = book_of([
        {**A1, "document_date": None},
        {**A1, "document_no": "A2", "due_date": None, "terms": "NET 30"},
        {**A1, "document_no": "A3", "due_date": None},
        {**A1, "document_no": "A4", "amount": -7.0, "disputed_amount": -1.0, "due_date": None},
        {**A1, "document_no": "A5", "currency": "人民币"},
    ])  # fmt: skip
    rows = book.table("ledger").select(["document_type", "document_date", "due_date", "currency", "amount", "disputed_amount"]).to_pylist()
    assert rows[0]["document_date"] == dt.date(2026, 3, 2)
    assert rows[1]["due_date"] == dt.date(2026, 3, 2)
    assert rows[2]["due_date"] == DAY
    assert rows[3] == {"document_type": "credit note", "document_date": DAY, "due_date": None, "currency": "CNY", "amount": Decimal(7), "disputed_amount": Decimal(1)}
    assert rows[4]["currency"] == "CNY"


def test_rows_without_a_currency_column_are_left_out_as_one_sum():
    from tests.ledgers import raw
    from workbook.book import RawTable, read_book

    cells = raw("ledger", [A1, {**A1, "document_no": "A2"}])
    at = cells.header.index("currency")
    without = RawTable([*cells.header[:at], *cells.header[at + 1 :]], [*cells.columns[:at], *cells.columns[at + 1 :]], 2)
    book = read_book({"ledger": without}, {})
    assert [(f.row, f.message, f.amount) for f in book.findings if f.severity == "error"] == [
        (0, "The table Ledger has no column Currency.", ""),
        (0, "2 rows are left out of the reports: Currency.", "200.00"),
    ]


def test_a_column_whose_name_ends_in_a_full_stop_ends_the_sentence():
    from tests.ledgers import raw
    from workbook.book import RawTable, read_book

    cells = raw("ledger", [A1])
    at = cells.header.index("document_no")
    without = RawTable([*cells.header[:at], *cells.header[at + 1 :]], [*cells.columns[:at], *cells.columns[at + 1 :]], 2)
    said = [one.message for one in read_book({"ledger": without}, {}).findings]
    assert "The table Ledger has no column Document no." in said


def test_amounts_too_large_to_be_summed_are_left_out_with_a_sentence():
    book = book_of([{**A1, "document_no": f"A{n}", "amount": 9e13} for n in range(8)] + [{**A1, "document_no": "B"}])
    assert book.table("ledger")["usable"].to_pylist().count(True) == 6
    assert {f.message for f in book.findings} == {"The amount 90000000000000.00 is too large to be summed; is it in the right unit?"}
    assert sum(Decimal(f.amount) for f in book.findings) == 3 * Decimal("9e13")


_CELL = st.sampled_from
_LEDGERS = st.lists(
    st.fixed_dictionaries({
        "document_no": _CELL(["A1", "A2", "A3", None, 7.0]),
        "document_type": _CELL(["invoice", "credit note", "payment", "发票", "bill", None, ExcelError("#N/A")]),
        "customer_id": _CELL(["C1", "C2", None]),
        "reference": _CELL([None, "A1", "A2", "Z"]),
        "instalment": _CELL([None, 1.0, 2.0, "x"]),
        "document_date": _CELL([46000.0, None, "2026-01-31", "31/02/2026", dt.date(2026, 1, 1)]),
        "due_date": _CELL([46030.0, None, "x"]),
        "terms": _CELL([None, "NET 30", "??"]),
        "currency": _CELL(["CNY", "usd", "RMB", "XYZ", None]),
        "amount": st.one_of(st.integers(0, 10**9).map(lambda cents: cents / 100), _CELL([None, "1,000", float("nan"), 1e15, True])),
        "settled_amount": _CELL([None, 5.0, 1e10]),
    }),
    max_size=12,
)  # fmt: skip


@settings(max_examples=300)
@given(_LEDGERS)
def test_usable_rows_and_findings_together_hold_all_the_money_that_can_be_read(ledger):
    book = book_of(ledger)
    table = book.table("ledger")
    readable = sum(Decimal(str(row["amount"])) for row in ledger if type(row["amount"]) is float and row["amount"] < 1e14)
    used = sum((row["amount"] for row in table.to_pylist() if row["usable"]), Decimal(0))
    left_out = sum((Decimal(f.amount) for f in book.findings if f.amount), Decimal(0))
    assert used + left_out == readable


def test_currencies_have_the_decimals_of_iso_4217():
    assert [decimals(code) for code in ("CNY", "JPY", "KWD", "CLF")] == [2, 0, 3, 4]
    assert {"CNY", "USD", "EUR"} <= known_currencies()
    assert "XXX" not in known_currencies()


def contracts_under(*laws, customer="C1"):
    return [{"contract_no": f"K{number}", "customer_id": customer, "governing_law": law} for number, law in enumerate(laws, 1)]


def test_a_contract_under_a_law_without_a_known_limitation_is_told_with_its_customer_and_what_to_do():
    found = told([A1], customers=[{"customer_id": "C1"}], contracts=contracts_under("DE", "cn", None, "hk", "DE", "CN-INTL"))
    assert found == [
        (
            2, "governing_law", "warning",
            'Under the law "DE" of K1, K5 (C1) no limitation is known here, so no report dates it: ask counsel for the day. Known are CN, CN-INTL, HK, UK.',
        ),
    ]  # fmt: skip


def test_of_many_contracts_of_one_customer_and_law_the_first_are_named():
    found = told([A1], customers=[{"customer_id": "C1"}], contracts=contracts_under(*["法国"] * 7))
    assert [(row, "K1, K2, K3, K4, K5 … (C1)" in message) for row, _, _, message in found] == [(2, True)]


def test_the_unknown_limitation_is_said_in_chinese_too():
    book = book_of([A1], {"language": "zh"}, customers=[{"customer_id": "C1"}], contracts=contracts_under("法国法"))
    assert [one.message for one in book.findings] == ["K1（C1）适用法律“法国法”的诉讼时效未知，报表不列示：请咨询律师确定截止日。已知：CN, CN-INTL, HK, UK。"]
