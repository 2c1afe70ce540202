"""What was paid and credited on documents, amount by amount with its day; and the documents that were paid late."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from workbook.book import CreditBook
from workbook.open_items import PAYMENTS, as_of_rows
from workbook.questions.ask import Ask
from workbook.questions.asking import asked_of
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

_ACCOUNT: Final = ("customer_id", "currency", "document_no")
_CHARGE: Final = (*_ACCOUNT, "instalment", "document_date", "due_date", "amount", "settled", "settled_date", "open0", "contract_no", "row")


def given_to(ask: Ask) -> ir.Table:
    """Return what refers to the documents named in the small table `named`; `price` where it lowers the price, as credit notes do."""
    rows = as_of_rows(ask.ledger, ask.on("day"))
    rows = rows.filter(~rows.charge & rows.reference.isin(ask.table("named").named_document))
    return rows.select(
        "customer_id", "currency", document_no=rows.reference, day=rows.document_date, amount=rows.open0,
        price=~rows.document_type.isin(PAYMENTS),
    )  # fmt: skip


def paid_late(ask: Ask) -> ir.Table:
    """Return every instalment of each invoice on which something came after a due date of its own."""
    rows = as_of_rows(ask.ledger, ask.on("day"))
    invoices = rows.filter(rows.charge & (rows.document_type == "invoice"))
    given = rows.filter(~rows.charge & rows.reference.notnull())
    last = given.group_by(given_customer=given.customer_id, given_currency=given.currency, given_document=given.reference).aggregate(
        last=given.document_date.max()
    )
    same = [
        invoices.customer_id == last.given_customer, invoices.currency == last.given_currency, invoices.document_no == last.given_document,
    ]  # fmt: skip
    both = invoices.left_join(last, same)
    late = both.filter((both.last > both.due_date) | (both.settled_date > both.due_date)).select(*_ACCOUNT).distinct()
    return invoices.semi_join(late, list(_ACCOUNT)).select(*_CHARGE)


def given(book: CreditBook, as_of: dt.date, documents: Iterable[str]) -> pa.Table:
    """Return what was paid and credited on documents by the day, the earliest first; amounts in 1/10000, a reversal below 0."""
    named = pa.table({"named_document": pa.array(sorted(set(documents)), pa.string())})
    by = ["customer_id", "currency", "document_no", "day", "price", "amount"]
    return asked_of(book, as_of).answer(given_to, by, small={"named": named}, few="payments of the items past due")


def late_paid(book: CreditBook, as_of: dt.date) -> pa.Table:
    """Return the instalments of invoices that were paid late; some of them may be open, or were paid in time."""
    by = ["customer_id", "currency", "document_no", "due_date", "instalment", "row"]
    return asked_of(book, as_of).answer(paid_late, by, few="invoices that were paid late")
