"""The few documents that a register needs whole, with all that was paid and credited for them: a small ledger of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from workbook.book import CreditBook
from workbook.questions.ask import Ask, Question
from workbook.questions.asking import asked_of
from workbook.schema import LEDGER
from workbook.units import MONEY
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

_ORDER: Final = ["row", "document_date", "document_no", "instalment", "due_date", "amount"]


_COLUMNS: Final = (*(one.key for one in LEDGER.fields), "row", "usable")


def _named(ask: Ask, wanted: ir.Table) -> ir.Table:
    rows = ask.ledger
    rows = rows.filter(rows.usable)
    mine = rows.document_no.fill_null("").isin(wanted.named_document) | rows.reference.isin(wanted.named_document)
    return rows.filter(mine).select(*_COLUMNS)


def with_promises(ask: Ask) -> ir.Table:
    """Return the documents with a promise, and those that are named."""
    rows = ask.ledger
    promised = rows.filter(rows.usable & rows.promise_date.notnull()).select(named_document=rows.document_no.fill_null(""))
    return _named(ask, ibis.union(promised, ask.table("named"), distinct=True))


def by_name(ask: Ask) -> ir.Table:
    """Return the documents that are named."""
    return _named(ask, ask.table("named"))


def of_customer(ask: Ask) -> ir.Table:
    """Return every document of the customer in the small table `wanted`."""
    rows = ask.ledger
    return rows.filter(rows.customer_id.isin(ask.table("wanted").wanted_customer)).select(*_COLUMNS)


def promised_documents(book: CreditBook, as_of: dt.date, named: Iterable[str]) -> pa.Table:
    """Return the part of the ledger that promises need: documents with one, and others by their numbers."""
    return _by_numbers(book, as_of, with_promises, named)


def named_documents(book: CreditBook, as_of: dt.date, named: Iterable[str]) -> pa.Table:
    """Return the part of the ledger that holds some documents, by their numbers."""
    return _by_numbers(book, as_of, by_name, named)


def documents_of(book: CreditBook, as_of: dt.date, customer: str) -> pa.Table:
    """Return the part of the ledger that holds a customer's documents."""
    return _brought(book, as_of, of_customer, "wanted", pa.table({"wanted_customer": pa.array([customer], pa.string())}))


def _by_numbers(book: CreditBook, as_of: dt.date, question: Question, named: Iterable[str]) -> pa.Table:
    return _brought(book, as_of, question, "named", pa.table({"named_document": pa.array(sorted(set(named)), pa.string())}))


def _brought(book: CreditBook, as_of: dt.date, question: Question, name: str, wanted: pa.Table) -> pa.Table:
    asked = asked_of(book, as_of)
    key = (question, tuple(wanted.column(0).to_pylist()))
    if key not in asked.answers:
        found = asked.answer(question, _ORDER, small={name: wanted}, few="documents of a customer, or with promises or plans")
        if not book.small:
            # not every engine numbers its rows; the registers find documents by them
            found = found.set_column(found.schema.get_field_index("row"), "row", pa.array(np.arange(found.num_rows, dtype=np.int64)))
        for index, field in enumerate(LEDGER.fields):
            if field.kind == "amount":
                found = found.set_column(index, field.key, found[field.key].cast(MONEY))
        asked.answers[key] = found
    made: pa.Table = asked.answers[key]
    return made
