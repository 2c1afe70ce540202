"""A workbook that counts its days from 1904, as an old Excel for the Mac made them: dates are the days meant (point 6)."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.file.test_bare_rows import edited
from tests.workbook.test_import_workbook import csv_file, read, run
from workbook.build import build_workbook
from workbook.host_book import counts_from_1904
from xladdin.errors import BadRequest
from xladdin.hosts.file import open_book

ROW = "I1,invoice,C1,CNY,2026-01-05,2026-02-04,100\n"


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "Credit.xlsm"
    build_workbook(made)
    return edited(made, "xl/workbook.xml", lambda text: text.replace("<workbookPr ", '<workbookPr date1904="1" ', 1))


def days(path):
    ledger = read(path).tables["ledger"]
    return ledger["document_date"].to_pylist(), ledger["due_date"].to_pylist()


def test_p06_imported_dates_are_the_days_of_the_file(path):
    run(path, csv_file(path, ROW), add_customers=True)
    book = open_book(path)
    assert counts_from_1904(book)
    assert book.sheets["Ledger"].tables["Ledger"].data_body_range.options("raw").value[0].count(dt.datetime(2026, 1, 5)) == 1
    book.close()
    assert days(path) == ([dt.date(2026, 1, 5)], [dt.date(2026, 2, 4)])


def test_p06_replaced_rows_keep_the_dates_an_analyst_typed(path):
    run(path, csv_file(path, ROW), add_customers=True)
    book = open_book(path)
    table = book.sheets["Ledger"].tables["Ledger"]
    column = table.header_row_range.value.index("Promise date")
    table.data_body_range[0, column].value = dt.datetime(2026, 3, 1)
    book.save()
    book.close()
    run(path, csv_file(path, ROW), mode="replace")
    assert read(path).tables["ledger"]["promise_date"].to_pylist() == [dt.date(2026, 3, 1)]
    assert days(path)[0] == [dt.date(2026, 1, 5)]


def test_p06_a_number_that_shows_no_date_counts_from_1904_too(path):
    run(path, csv_file(path, ROW), add_customers=True)
    book = open_book(path)
    table = book.sheets["Ledger"].tables["Ledger"]
    column = table.header_row_range.value.index("Due date")
    table.data_body_range[0, column].number_format = "General"
    book.save()
    book.close()
    assert days(path) == ([dt.date(2026, 1, 5)], [dt.date(2026, 2, 4)])


def test_p06_a_day_before_1904_is_refused_and_nothing_is_written(path):
    before = path.read_bytes()
    with pytest.raises(BadRequest, match="counts days from 1904 and cannot hold 1903-12-31"):
        run(path, csv_file(path, ROW.replace("2026-01-05", "1903-12-31")), add_customers=True)
    assert path.read_bytes() == before
