"""The open items of a ledger on any day, past or present.

    ledger -> what existed by then -> settlements on the row -> payments, then credit notes, by reference -> items + unapplied

The ledger is an Ibis table, so the same rules run on the workbook's own rows and on a database. Amounts are whole 1/10000
of the currency unit (int64): sums are exact, in every engine.

* A document dated later does not exist yet; a settlement dated later has not happened.
* A reference settles the document of that number, of the same customer and currency. Payments go first, then credit notes;
  each fills the earliest open instalment. What exceeds the document stays as a negative row of its own.
* Whatever has no reference, or one that leads nowhere, is unapplied: outside the buckets, inside the total.
* A negative invoice is a credit note, a negative credit note or adjustment is a charge.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any, Final, cast

import duckdb
import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from functions.terms import due_date

SCALE: Final = 10_000
_NAME: Final = "ledger"
PAYMENTS: Final = ("payment", "advance")
_ZERO: Final = ibis.literal(0, "int64")

#: columns of the answer; `open` is negative for unapplied rows
COLUMNS: Final = (
    "row", "kind", "document_no", "document_type", "instalment", "customer_id", "currency", "document_date", "due_date", "amount",
    "settled", "paid", "credited", "open", "disputed", "dispute_reason", "promise_date", "promise_amount", "contract_no", "policy_no",
)  # fmt: skip

_NEEDED: Final = (
    "row", "document_no", "document_type", "customer_id", "reference", "currency", "instalment", "document_date", "due_date", "amount",
    "settled", "charge", "open0", "disputed0", "dispute_reason", "promise_date", "promise_amount", "contract_no", "policy_no",
)  # fmt: skip
_EMPTY: Final = {
    "instalment": "int64",
    "dispute_reason": "string",
    "promise_date": "date",
    "promise_amount": "int64",
    "contract_no": "string",
    "policy_no": "string",
}


def fill_due_dates(ledger: pa.Table) -> pa.Table:
    """Give every row a due date: its own, else the one its terms mean, else its document date."""
    missing = np.asarray(pc.is_null(ledger["due_date"]))
    if not missing.any():
        return ledger
    due = np.asarray(ledger["due_date"]).astype("datetime64[D]")
    documents = np.asarray(ledger["document_date"]).astype("datetime64[D]")
    due[missing] = documents[missing]
    worded = missing & np.asarray(pc.is_valid(ledger["terms"])) & ~np.isnat(documents)
    if worded.any():
        terms = np.asarray(ledger["terms"].filter(pa.array(worded)), dtype=object)
        answer = due_date(documents[worded], terms)
        values = cast("np.ndarray[Any, Any]", getattr(answer, "values", answer)).astype("datetime64[D]")
        for mask, _ in getattr(answer, "failures", ()):
            values[mask] = np.datetime64("NaT")
        due[worded] = np.where(np.isnat(values), documents[worded], values)
    index = ledger.schema.get_field_index("due_date")
    return ledger.set_column(index, "due_date", pa.array(due, pa.date32()))


def _units(column: ir.Value) -> ir.IntegerValue:
    return (column * SCALE).cast("int64")


def as_of_rows(ledger: ir.Table, as_of: dt.date) -> ir.Table:
    """Keep what existed on the day, and say what each row still is: `charge` (raises the debt) and `open0` after its own settlement."""
    day = ibis.date(as_of.isoformat())
    table = ledger.filter(ledger.usable & (ledger.document_date <= day))
    amount = _units(table.amount)
    kind = table.document_type
    charge = ((kind == "invoice") & (amount >= 0)) | (kind.isin(("credit note", "adjustment")) & (amount < 0))
    base = ibis.ifelse(charge | (kind == "invoice"), amount.abs(), amount)
    stated = _units(table.settled_amount)
    settled = ibis.cases(
        (table.settled_date <= day, stated.coalesce(base)),
        (table.settled_date.isnull() & stated.notnull(), stated),
        else_=ibis.literal(0, "int64"),
    ).cast("int64")
    disputed = ibis.ifelse(table.dispute_date.isnull() | (table.dispute_date <= day), _units(table.disputed_amount), 0)
    return table.mutate(
        customer_id=table.customer_id.fill_null(""),
        currency=table.currency.fill_null(""),
        document_no=table.document_no.fill_null(""),
        charge=charge,
        amount=base,
        settled=settled,
        disputed0=disputed.fill_null(0).cast("int64"),
        promise_amount=_units(table.promise_amount),
    ).mutate(open0=lambda t: t.amount - t.settled)


def open_items(ledger: ir.Table, as_of: dt.date) -> ir.Table:
    """Return one row per open item (`kind` "item") and per unapplied amount (`kind` "unapplied"), with the columns `COLUMNS`."""
    rows = as_of_rows(ledger, as_of)
    # most of a large ledger is settled on its own rows: they leave here, before anything is joined or sorted
    rows = rows.filter(~rows.charge | (rows.open0 != 0)).select(*_NEEDED)
    charges = rows.filter(rows.charge)
    reductions = rows.filter(~rows.charge)
    given = _given(reductions)
    items = _fill_instalments(charges.filter(charges.open0 > 0), given)
    kept = items.filter(items.open > 0).mutate(kind=ibis.literal("item"), disputed=ibis.least(items.disputed0, items.open))
    free = reductions.filter(reductions.reference.isnull() & (reductions.open0 != 0))
    too_much = charges.filter(charges.open0 < 0)  # settled above its amount: the rest is ours to give back
    own = [
        free.mutate(open=(-free.open0).cast("int64")),
        too_much.mutate(open=too_much.open0),
    ]
    unapplied = [
        table.mutate(kind=ibis.literal("unapplied"), paid=_ZERO, credited=_ZERO, disputed=_ZERO).select(*COLUMNS) for table in own
    ]
    return ibis.union(kept.select(*COLUMNS), *unapplied, _excess(given, items), distinct=False)


def _given(reductions: ir.Table) -> ir.Table:
    """Sum what payments and credit notes bring to each document they refer to."""
    table = reductions.filter(reductions.reference.notnull())
    pays = table.document_type.isin(PAYMENTS)
    return table.group_by(
        given_customer=table.customer_id, given_currency=table.currency, given_document=table.reference
    ).aggregate(
        payments=table.open0.sum(where=pays).fill_null(0).cast("int64"),
        credits=table.open0.sum(where=~pays).fill_null(0).cast("int64"),
        given_type=table.document_type.max(),
        given_on=table.document_date.max(),
        given_row=table.row.max(),
    )


def _fill_instalments(charges: ir.Table, given: ir.Table) -> ir.Table:
    """Let payments, then credit notes, fill the earliest open instalment of their document first."""
    same = [
        charges.customer_id == given.given_customer,
        charges.currency == given.given_currency,
        charges.document_no == given.given_document,
    ]
    items = charges.left_join(given, same)
    items = items.mutate(payments=items.payments.fill_null(0), credits=items.credits.fill_null(0))
    items = items.mutate(before=_sum_of_earlier(items.open0))
    items = items.mutate(paid=_filled(items.payments, items.before, items.open0))
    items = items.mutate(open1=items.open0 - items.paid)
    items = items.mutate(before1=_sum_of_earlier(items.open1))
    items = items.mutate(credited=_filled(items.credits, items.before1, items.open1))
    return items.mutate(open=(items.open1 - items.credited).cast("int64"))


def _sum_of_earlier(amount: ir.IntegerColumn) -> ir.IntegerValue:
    """Sum the instalments of the same document that fall due before this one."""
    earlier = ibis.window(
        group_by=["customer_id", "currency", "document_no"],
        order_by=[ibis.asc("instalment", nulls_first=True), "due_date", "row"],
        preceding=(None, 1),
    )
    return amount.sum().over(earlier).fill_null(0).cast("int64")


def _filled(available: ir.IntegerValue, before: ir.IntegerValue, amount: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.greatest(ibis.least(available - before, amount), _ZERO).cast("int64")


def _excess(given: ir.Table, items: ir.Table) -> ir.Table:
    """Return, as unapplied rows, what was given to a document beyond what it could take, or to one that is not there."""
    used = items.group_by(used_customer="customer_id", used_currency="currency", used_document="document_no").aggregate(
        used_paid=items.paid.sum().cast("int64"), used_credited=items.credited.sum().cast("int64")
    )
    same = [
        given.given_customer == used.used_customer,
        given.given_currency == used.used_currency,
        given.given_document == used.used_document,
    ]
    rest = given.left_join(used, same)
    left = rest.payments + rest.credits - rest.used_paid.fill_null(0) - rest.used_credited.fill_null(0)
    rest = rest.mutate(left=left.cast("int64"))
    rest = rest.filter(rest.left != 0)
    none = {key: ibis.null(kind) for key, kind in _EMPTY.items()}
    return rest.mutate(
        row=rest.given_row, kind=ibis.literal("unapplied"), document_no=rest.given_document, document_type=rest.given_type,
        customer_id=rest.given_customer, currency=rest.given_currency, document_date=rest.given_on, due_date=rest.given_on,
        amount=_ZERO, settled=_ZERO, paid=_ZERO, credited=_ZERO, disputed=_ZERO, open=(-rest.left).cast("int64"), **none,
    ).select(*COLUMNS)  # fmt: skip


def ledger_control(ledger: ir.Table, as_of: dt.date) -> ir.Table:
    """Sum the ledger by customer and currency without applying anything: what every report's outstanding must equal."""
    rows = as_of_rows(ledger, as_of)
    signed = ibis.ifelse(rows.charge, rows.open0, -rows.open0)
    return rows.group_by(["customer_id", "currency"]).aggregate(total=signed.sum().cast("int64"))


def read_open_items(ledger: pa.Table, as_of: dt.date) -> tuple[pa.Table, dict[tuple[str, str], int]]:
    """Return the open items of the workbook's own ledger, and the ledger's own total by (customer, currency)."""
    table = fill_due_dates(ledger)
    (items_sql, items_schema), (control_sql, control_schema) = _compiled(table.schema, as_of)
    with duckdb.connect() as connection:
        connection.register(_NAME, table)
        items = connection.sql(items_sql).to_arrow_table().cast(items_schema)
        control = connection.sql(control_sql).to_arrow_table().cast(control_schema)
    accounts = zip(control["customer_id"].to_pylist(), control["currency"].to_pylist(), strict=True)
    return items, dict(zip(accounts, control["total"].to_pylist(), strict=True))


@lru_cache(maxsize=64)
def _compiled(schema: pa.Schema, as_of: dt.date) -> tuple[tuple[str, pa.Schema], tuple[str, pa.Schema]]:
    """Write both questions in SQL: Ibis takes half a second for it, longer than DuckDB for the answer, and a button is pressed often."""
    table = ibis.table(ibis.Schema.from_pyarrow(schema), name=_NAME)
    asked = (open_items(table, as_of).order_by("row"), ledger_control(table, as_of))
    first, second = ((str(ibis.to_sql(one, dialect="duckdb")), one.schema().to_pyarrow()) for one in asked)
    return first, second
