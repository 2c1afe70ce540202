"""Documents dated after the day of the reports: in none of them, and told with their amounts."""

from __future__ import annotations

import datetime as dt

import pyarrow.parquet as pq
import pytest

from tests.large.sources import documents
from tests.ledgers import book_of, report_of, rows_of
from workbook.large.attach import with_ledger
from workbook.refresh import make_reports

D = dt.date
DAY = D(2026, 6, 30)


def invoice(number, day, amount=5000, **more):
    return {"document_no": f"I{number}", "amount": amount, "document_date": day, "due_date": day + dt.timedelta(30), **more}


def told(book, day=DAY):
    return [(one.row, one.column, one.severity, one.message) for one in make_reports(book, book.settings, day, ["aging"]).book.findings if "ahead" in one.message or "after" in one.message]


@pytest.mark.parametrize(("day", "days"), [(D(2062, 1, 5), "12,973"), (D(2569, 1, 5), "198,151"), (D(2027, 1, 5), "189")])
def test_p10_a_document_dated_ahead_is_a_warning_with_its_amount(day, days):
    book = book_of([invoice(1, D(2026, 1, 5)), invoice(2, day)])
    assert told(book) == [
        (
            3, "document_date", "warning",
            f"The document is dated {day}, {days} days after 2026-06-30: CNY 5000.00 is in no report before that day. Is the year right?",
        )
    ]  # fmt: skip
    assert rows_of(report_of("aging", book, DAY))[0]["outstanding"] == "5000.00"
    problems = rows_of(make_reports(book, book.settings, DAY).sheets["data_problems"])
    assert any(str(day) in row["message"] for row in problems)


def test_p10_payments_settlements_and_orders_dated_ahead_are_told_too():
    ledger = [
        invoice(1, D(2026, 1, 5), settled_date=D(2062, 2, 1)),
        {"document_no": "P1", "document_type": "payment", "amount": 70, "document_date": D(2062, 1, 5), "reference": "I1"},
    ]
    orders = [{"order_no": "O1", "customer_id": "C1", "order_date": D(2062, 1, 1), "currency": "USD", "amount": 9}]
    found = told(book_of(ledger, orders=orders))
    assert [(row, column, severity) for row, column, severity, _ in found] == [
        (2, "settled_date", "warning"), (3, "document_date", "warning"), (2, "order_date", "warning"),
    ]  # fmt: skip
    assert "the item of CNY 5000.00 counts as open until that day" in found[0][3]
    assert "USD 9.00" in found[2][3]


def test_p10_documents_of_the_days_after_the_reports_day_are_one_note_by_currency():
    ledger = [invoice(1, D(2026, 7, 1)), invoice(2, D(2026, 7, 15)), invoice(3, D(2026, 7, 2), currency="USD"), invoice(4, D(2026, 6, 30))]
    assert [(severity, message) for _, _, severity, message in told(book_of(ledger))] == [
        ("note", "2 rows have a Document date from 2026-07-01 to 2026-07-15, after 2026-06-30: CNY 10000.00 counts only from that day on."),
        ("note", "1 row has a Document date from 2026-07-02 to 2026-07-02, after 2026-06-30: USD 5000.00 counts only from that day on."),
    ]
    assert told(book_of(ledger), D(2026, 7, 15)) == []


def test_p10_very_many_are_one_warning_and_the_chinese_has_its_words():
    many = [invoice(number, D(2062, 1, 5), 1) for number in range(60)]
    found = told(book_of(many))
    assert [(row, severity) for row, _, severity, _ in found] == [(0, "warning")]
    assert "60 rows have" in found[0][3]
    assert "CNY 60.00" in found[0][3]
    book = book_of(many[:1], {"language": "zh"})
    made = [one.message for one in make_reports(book, book.settings, DAY, ["aging"]).book.findings]
    assert any("单据日期 2062-01-05" in text for text in made)


def test_p10_a_ledger_that_lies_elsewhere_tells_them_too(tmp_path):
    book = book_of([invoice(1, D(2026, 1, 5)), invoice(2, D(2062, 1, 5)), invoice(3, D(2026, 7, 5), 8, currency="USD")])
    pq.write_table(documents(book), tmp_path / "ledger.parquet")
    from dataclasses import replace

    book = replace(book, settings=book.settings.model_copy(update={"ledger": str(tmp_path / "ledger.parquet")}))
    with with_ledger(book, said=True) as whole:
        found = told(whole)
        assert [(severity, "CNY 5000.00" in message, "2062-01-05" in message) for _, _, severity, message in found] == [
            ("warning", True, True), ("note", False, False),
        ]  # fmt: skip
        assert told(whole, D(2026, 5, 31))[1][3].endswith("after 2026-05-31: USD 8.00 counts only from that day on.")


def test_p10_the_import_tells_them_before_anything_is_written(tmp_path):
    from typer.testing import CliRunner

    from workbook.build import build_workbook
    from xladdin.cli import app

    build_workbook(tmp_path / "w.xlsm")
    head = "document_no,customer_id,document_date,due_date,currency,amount,document_type\n"
    (tmp_path / "l.csv").write_text(head + "I1,C1,2026-01-05,2026-02-04,CNY,100,invoice\nI2,C1,2062-01-05,2062-02-04,CNY,5000,invoice\n")
    said = CliRunner().invoke(app, ["import", str(tmp_path / "w.xlsm"), str(tmp_path / "l.csv"), "--table", "Ledger", "--preview"])
    assert not any("not understood" in line for line in said.output.splitlines())
    (tmp_path / "t.csv").write_text("document_no,customer_id,document_date,terms,currency,amount,document_type\nI1,C1,2026-01-05,D/A 90,CNY,100,invoice\n")
    terms = CliRunner().invoke(app, ["import", str(tmp_path / "w.xlsm"), str(tmp_path / "t.csv"), "--table", "Ledger", "--preview"])
    assert 'row 2: No due date, and the terms "D/A 90" are not understood: CNY 100.00 is without due date' in terms.output
    line = next(line for line in said.output.splitlines() if "2062-01-05" in line and "Is the year right?" in line)
    assert "row 3:" in line
    assert "CNY 5000.00" in line
