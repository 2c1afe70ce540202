"""The documents of a cell add up to the cell; Escalation of a ledger too large to list totals all of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from functions.aging import bucket_labels
from tests.large.sources import SOURCES, demo_book
from workbook.large.attach import with_ledger
from workbook.large.drill import documents_of_cell
from workbook.refresh import make_reports
from workbook.reports import common
from xladdin.errors import BadRequest

DAY = dt.date(2026, 6, 30)


@pytest.mark.parametrize("kind", ["sheet", "parquet"])
def test_the_documents_of_every_cell_add_up_to_it(kind, tmp_path):
    book = demo_book()
    sheet = make_reports(book, book.settings, DAY, ["aging"]).sheets["aging"]
    keys = ["not_due", "bucket_1", "bucket_2", "bucket_3", "bucket_4", "bucket_5", "unapplied", "without_due"]
    labels = [*bucket_labels(book.settings.limits, "en"), "unapplied", "Without due date"]

    def check(whole):
        for row in range(0, sheet.rows, 9):
            for key, label in zip(keys, labels, strict=True):
                found = documents_of_cell(whole, book.settings, DAY, sheet.data["customer_id"][row], sheet.data["currency"][row], label)
                assert sum(found["open"].to_pylist()) == sheet.data[key][row]

    if kind == "sheet":
        check(book)
    else:
        with SOURCES[kind](book, tmp_path) as ledger:
            changed = replace(book, settings=book.settings.model_copy(update={"ledger": ledger}))
            with with_ledger(changed, said=True) as whole:
                check(whole)


def test_a_bucket_may_be_named_without_the_word_days():
    book = demo_book()
    short, long = (documents_of_cell(book, book.settings, DAY, "C0118", "USD", label) for label in ("31-60", "31-60 days"))
    assert short.equals(long)
    assert short.num_rows


def test_a_bucket_that_is_not_there_is_said():
    book = demo_book()
    aging = make_reports(book, book.settings, DAY, ["aging"]).sheets["aging"]
    customer, currency = aging.data["customer_id"][0], aging.data["currency"][0]
    with pytest.raises(BadRequest, match="there is no bucket 1-7; there are"):
        documents_of_cell(book, book.settings, DAY, customer, currency, "1-7")
    with pytest.raises(BadRequest, match="C-none has nothing open in CNY"):
        documents_of_cell(book, book.settings, DAY, "C-none", "CNY")


def test_escalation_of_too_many_items_lists_the_largest_and_totals_all(tmp_path, monkeypatch):
    book = demo_book()
    plain = make_reports(book, book.settings, DAY, ["escalation"]).sheets["escalation"]
    monkeypatch.setattr(common, "MOST_LATE", 10)
    with SOURCES["parquet"](book, tmp_path) as ledger:
        settings = book.settings.model_copy(update={"ledger": ledger, "ledger_rows": 10})
        with with_ledger(replace(book, settings=settings), said=True) as whole:
            short = make_reports(whole, settings, DAY, ["escalation"]).sheets["escalation"]
    for code, total in plain.total_keys.items():
        assert {key: total[key] for key in ("open_amount", "disputed")} == {key: short.total_keys[code][key] for key in ("open_amount", "disputed")}
    assert all(check.ok for check in short.invariants)
    assert short.invariants
    assert sorted(short.data["open_amount"])[-5:] == sorted(plain.data["open_amount"])[-5:] or len(set(plain.data["currency"])) > 1
    assert "overdue items are listed" in short.notes[-1]
