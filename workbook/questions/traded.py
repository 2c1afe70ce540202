"""What was sold, credited and disputed by customer and span, and which customers the ledger knows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pyarrow as pa

from workbook.book import CreditBook
from workbook.due_dates import WITHOUT
from workbook.open_items import in_units
from workbook.questions.ask import Ask
from workbook.questions.asking import asked_of
from workbook.questions.exact import counted, summed, times
from workbook.questions.spans import BACK, named, span_of
from workbook.questions.worth import rated, rounded
from workbook.reports.common import Exchange
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")


def sold_by_span(ask: Ask) -> ir.Table:
    """Sum invoices and credit notes by customer, currency, span of the document date, and which of both they are.

    `worth` is in the report currency, each document rounded.
    """
    rows = ask.ledger
    rows = rows.filter(rows.usable & (rows.document_date <= ask.on("day")) & rows.document_type.isin(["invoice", "credit note"]))
    rows = rated(ask, rows.mutate(amount=in_units(rows.amount.abs())))
    rows = rows.mutate(
        worth=rounded(rows.amount, rows.rate, rows.rate_scale), span=span_of(ask, rows.document_date),
        billed=rows.document_type == "invoice",
        terms=rows.due_date.coalesce(rows.document_date).delta(rows.document_date, unit="day"),
        dated=rows.due_date < ibis.date(WITHOUT.isoformat()),
    )
    return rows.group_by(["customer_id", "currency", "span", "billed"]).aggregate(
        number=rows.count().cast("int64"), amount=summed(rows.amount), worth=summed(rows.worth), most=rows.amount.max(),
        terms=times(rows.amount, rows.terms, rows.dated), last=rows.document_date.max(),
    )  # fmt: skip


def disputed_by_span(ask: Ask) -> ir.Table:
    """Sum the documents in dispute by customer, currency and the span in which the dispute began: all, and those open on two days."""
    rows, day = ask.ledger, ask.on("day")
    rows = rows.filter(rows.usable & (rows.document_date <= day) & (rows.disputed_amount > 0))
    rows = rows.mutate(
        began=rows.dispute_date.coalesce(rows.document_date), amount=in_units(rows.disputed_amount),
        open=(rows.settled_date.isnull() | (rows.settled_date > day)),
    )
    rows = rows.filter(rows.began <= day)
    rows = rows.mutate(
        span=span_of(ask, rows.began),
        open_then=(rows.began <= ask.on("then")) & (rows.open | (rows.settled_date > ask.on("then"))),
    )
    return rows.group_by(["customer_id", "currency", "span"]).aggregate(
        number=rows.count().cast("int64"), amount=summed(rows.amount),
        open=counted(rows.open), open_amount=summed(rows.amount, rows.open), first=rows.began.min(where=rows.open),
        open_then=counted(rows.open_then), open_then_amount=summed(rows.amount, rows.open_then),
        first_then=rows.began.min(where=rows.open_then),
    )  # fmt: skip


def customers(ask: Ask) -> ir.Table:
    """Name every customer of the ledger, also of rows that reports leave out."""
    return ask.ledger.select("customer_id").distinct()


def sales(book: CreditBook, exchange: Exchange, as_of: dt.date) -> pa.Table:
    """Return invoices and credit notes until the day by customer, currency, span and kind."""
    return asked_of(book, as_of).once(sold_by_span, ["customer_id", "currency", "span", "billed"], named(as_of), exchange)


def disputes(book: CreditBook, as_of: dt.date) -> pa.Table:
    """Return the disputes until the day by customer, currency and the span in which they began; `then` is a month before."""
    days = {**named(as_of), "then": as_of - dt.timedelta(days=BACK)}
    return asked_of(book, as_of).once(disputed_by_span, ["customer_id", "currency", "span"], days)


def known_customers(book: CreditBook, as_of: dt.date) -> list[str | None]:
    """Name every customer of the ledger."""
    made: list[str | None] = asked_of(book, as_of).once(customers, ["customer_id"])["customer_id"].to_pylist()
    return made
