"""How customers paid: every settled invoice and every payment with a reference, summed by customer and span, or by days late.

A payment counts for the document it refers to, an invoice settled on its own row by its settlement date. A document dated later
than the day does not exist yet.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from workbook.book import CreditBook
from workbook.due_dates import WITHOUT
from workbook.open_items import PAYMENTS, in_units
from workbook.questions.ask import Ask
from workbook.questions.asking import asked_of
from workbook.questions.exact import counted, summed, times
from workbook.questions.spans import BACK, named, span_of
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

#: payments a trend is taken from: sixty are 1,770 pairs a customer
LATEST: Final = 60
YEAR: Final = 365


def settlements(ask: Ask) -> ir.Table:
    """Return what was paid until the day: whose, when paid, when due, of which day, how much (1/10000 of its currency), days late."""
    ledger = ask.ledger
    day = ask.on("day")
    rows = ledger.filter(ledger.usable & (ledger.document_date <= day))
    invoices = rows.filter(rows.document_type == "invoice")
    own = invoices.filter(invoices.settled_date <= day)
    own = own.select(
        "customer_id", "currency", amount=own.settled_amount.coalesce(own.amount), paid=own.settled_date, due=own.due_date,
        made=own.document_date,
    )  # fmt: skip
    pays = rows.filter(rows.document_type.isin(PAYMENTS) & rows.reference.notnull())
    pays = pays.select("customer_id", "currency", "amount", "reference", paid="document_date")
    asked = pays.select(asked_customer="customer_id", asked_document="reference").distinct()
    named = invoices.inner_join(asked, [invoices.customer_id == asked.asked_customer, invoices.document_no == asked.asked_document])
    first = named.group_by(["asked_customer", "asked_document"]).aggregate(due=named.due_date.min(), made=named.document_date.min())
    joined = pays.inner_join(first, [pays.customer_id == first.asked_customer, pays.reference == first.asked_document])
    made = ibis.union(own, joined.select(*own.columns), distinct=False)
    made = made.filter(made.due.notnull() & (made.due < ibis.date(WITHOUT.isoformat())))
    return made.mutate(amount=in_units(made.amount), late=made.paid.delta(made.due, unit="day"))


def paid_by_span(ask: Ask) -> ir.Table:
    """Sum the payments by customer, currency and span."""
    made = ask.kept(settlements)
    made = made.filter(made.customer_id.notnull())
    behind = ibis.greatest(made.late, 0)
    made = made.mutate(span=span_of(ask, made.paid), behind=behind, taken=made.paid.delta(made.made, unit="day"))
    return made.group_by(["customer_id", "currency", "span"]).aggregate(
        number=made.count().cast("int64"),
        amount=summed(made.amount),
        late=summed(made.late),
        behind=summed(made.behind),
        square=summed(made.late * made.late),
        most=made.behind.max().cast("int64"),
        over_0=counted(made.late > 0),
        over_30=counted(made.late > 30),
        over_60=counted(made.late > 60),
        behind_amount=times(made.amount, made.behind),
        late_amount=summed(made.amount, made.late > 0),
        taken=summed(made.taken),
        last=made.paid.max(),
    )


def late_days(ask: Ask) -> ir.Table:
    """Count the payments of the year to the day (`now`) and of the year to an earlier day (`then`) by customer and days late."""
    made = ask.kept(settlements)
    now = made.paid > ask.on("since")
    then = (made.paid > ask.on("since_then")) & (made.paid <= ask.on("then"))
    made = made.filter(made.customer_id.notnull() & (now | then))
    now = made.paid > ask.on("since")
    then = (made.paid > ask.on("since_then")) & (made.paid <= ask.on("then"))
    return made.group_by(["customer_id", "late"]).aggregate(now=counted(now), then=counted(then))


def latest(ask: Ask) -> ir.Table:
    """Return each customer's last payments by due date, of the year to the day (`now`) and of the year to an earlier day (`then`)."""
    made = ask.kept(settlements)
    made = made.filter(made.customer_id.notnull() & (made.paid > ask.on("since_then")))
    made = made.mutate(
        now=made.paid > ask.on("since"), then=made.paid <= ask.on("then"),
    )
    order = [ibis.desc("due"), ibis.desc("paid")]
    ranked = made.mutate(
        now=made.now & (ibis.row_number().over(group_by=["customer_id", "now"], order_by=order) < LATEST),
        then=made.then & (ibis.row_number().over(group_by=["customer_id", "then"], order_by=order) < LATEST),
    )
    ranked = ranked.filter(ranked.now | ranked.then)
    return ranked.select("customer_id", "due", "late", "now", "then")


def came_in(ask: Ask) -> ir.Table:
    """Sum by currency what was paid after an earlier day, for documents that were there on it."""
    made = ask.kept(settlements)
    made = made.filter((made.paid > ask.on("then")) & (made.made <= ask.on("then")))
    return made.group_by("currency").aggregate(amount=summed(made.amount))


def payments(book: CreditBook, as_of: dt.date) -> pa.Table:
    """Return the payments until the day by customer, currency and span."""
    return asked_of(book, as_of).once(paid_by_span, ["customer_id", "currency", "span"], named(as_of))


def payments_late(book: CreditBook, as_of: dt.date, then: dt.date) -> pa.Table:
    """Return the payments of the years to the day and to an earlier one by customer and days late."""
    days = {"since": as_of - dt.timedelta(days=YEAR), "then": then, "since_then": then - dt.timedelta(days=YEAR)}
    return asked_of(book, as_of).answer(late_days, ["customer_id", "late"], days)


def latest_payments(book: CreditBook, as_of: dt.date) -> pa.Table:
    """Return each customer's last payments of the years to the day and to a month before."""
    then = as_of - dt.timedelta(days=BACK)
    days = {"since": as_of - dt.timedelta(days=YEAR), "then": then, "since_then": then - dt.timedelta(days=YEAR)}
    return asked_of(book, as_of).once(latest, ["customer_id", "due", "late"], days)


def paid_since(book: CreditBook, as_of: dt.date, then: dt.date) -> pa.Table:
    """Return by currency what came in after an earlier day for the documents of then."""
    return asked_of(book, as_of).answer(came_in, ["currency"], {"then": then})
