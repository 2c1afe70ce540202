"""The open items of a ledger on any day, past or present.

    ledger -> what existed by then -> settlements on the row -> payments, then credit notes, by reference -> items + unapplied

The ledger is an Ibis table, so the same rules run on the workbook's own rows and on a database. Amounts are whole 1/10000
of the currency unit (int64): sums are exact, in every engine.

* A document dated later does not exist yet; a settlement dated later has not happened.
* A reference settles the document of that number, of the same customer and currency. Payments go first, then credit notes;
  each fills the instalment due first, of one day the lowest number. What exceeds the document stays as a negative row of its own.
* Whatever has no reference, or one that leads nowhere, is unapplied: outside the buckets, inside the total.
* A negative invoice is a credit note, a negative credit note or adjustment is a charge.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook.due_dates import by_terms
from workbook.written import SOME_DAY, Lazily, on_day, recall, schema_of, schema_text

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")  # a sheet's ledger is mostly asked what was asked before

SCALE: Final = 10_000
#: amounts up to here stay within 18 digits when they are multiplied by SCALE
_NARROW: Final = 10**10 - 1
_NAME: Final = "ledger"
PAYMENTS: Final = ("payment", "advance")
#: in the order of the alphabet, as numbers are compared more quickly than texts
_KINDS: Final = ("adjustment", "advance", "credit note", "invoice", "payment")
Keep = Callable[[str, "ir.Table"], "ir.Table"]

#: columns of the answer; `open` is negative for unapplied rows
COLUMNS: Final = (
    "row", "kind", "document_no", "document_type", "instalment", "customer_id", "currency", "document_date", "due_date", "amount",
    "settled", "paid", "credited", "open", "disputed", "dispute_date", "dispute_reason", "promise_date", "promise_amount", "contract_no",
    "policy_no", "reported_on", "settled_date", "last_demand",
)  # fmt: skip

_CHARGE: Final = (
    "row", "document_no", "document_type", "customer_id", "currency", "instalment", "document_date", "due_date", "amount", "settled",
    "open0", "disputed0", "dispute_date", "dispute_reason", "promise_date", "promise_amount", "contract_no", "policy_no", "reported_on",
    "settled_date", "last_demand",
)  # fmt: skip
_SETTLED: Final = ("settled", "open0")
_EMPTY: Final = {
    "instalment": "int64",
    "dispute_date": "date",
    "dispute_reason": "string",
    "promise_date": "date",
    "promise_amount": "int64",
    "contract_no": "string",
    "policy_no": "string",
    "reported_on": "date",
    "settled_date": "date",
    "last_demand": "date",
}


def fill_due_dates(ledger: pa.Table) -> pa.Table:
    """Give every row a due date: its own, else the one its terms mean, else its document date.

    What may raise the debt and has terms that are not understood is without due date (`workbook.due_dates`); a payment falls due never.
    """
    missing = np.asarray(pc.is_null(ledger["due_date"]))
    if not missing.any():
        return ledger
    due = np.asarray(ledger["due_date"]).astype("datetime64[D]")
    documents = np.asarray(ledger["document_date"]).astype("datetime64[D]")
    due[missing] = documents[missing]
    paying = np.asarray(pc.fill_null(pc.is_in(ledger["document_type"], pa.array(PAYMENTS)), fill_value=False))
    worded = missing & np.asarray(pc.is_valid(ledger["terms"])) & ~np.isnat(documents) & ~paying
    if worded.any():
        due[worded] = by_terms(documents[worded], ledger["terms"].filter(pa.array(worded)).to_pylist())
    index = ledger.schema.get_field_index("due_date")
    return ledger.set_column(index, "due_date", pa.array(due, pa.date32()))


def _nil() -> ir.IntegerScalar:
    return ibis.literal(0, "int64")


def in_units(column: ir.Value) -> ir.IntegerValue:
    """Return a decimal amount in whole 1/10000 units.

    A decimal of 18 digits times 10,000 leaves its type from 10^10 on. Wider ones are fifty times slower in DuckDB, so only what needs them
    takes them.
    """
    near = column.between(-_NARROW, _NARROW)
    return ibis.ifelse(near, (column * SCALE).cast("int64"), (column.cast("decimal(23, 4)") * SCALE).cast("int64"))


def as_of_rows(ledger: ir.Table, as_of: dt.date | ir.DateValue, *, negative: bool = True) -> ir.Table:
    """Keep what existed on the day, and say what each row still is: `charge` (raises the debt) and `open0` after its own settlement.

    `negative`: whether any amount may be negative; a large ledger knows, and without them a charge is an invoice.
    """
    day = ibis.date(as_of.isoformat()) if isinstance(as_of, dt.date) else as_of
    table = ledger.filter(ledger.usable & (ledger.document_date <= day))
    amount = in_units(table.amount)
    kind = table.document_type
    charge, base = kind == "invoice", amount
    if negative:
        charge = ((kind == "invoice") & (amount >= 0)) | (kind.isin(("credit note", "adjustment")) & (amount < 0))
        base = ibis.ifelse(charge | (kind == "invoice"), amount.abs(), amount)
    stated = in_units(table.settled_amount)
    settled = ibis.cases(
        (table.settled_date <= day, stated.coalesce(base)),
        (table.settled_date.isnull() & stated.notnull(), stated),
        else_=ibis.literal(0, "int64"),
    ).cast("int64")
    disputed = ibis.ifelse(table.dispute_date.isnull() | (table.dispute_date <= day), in_units(table.disputed_amount), 0)
    return table.mutate(
        customer_id=table.customer_id.fill_null(""),
        currency=table.currency.fill_null(""),
        document_no=table.document_no.fill_null(""),
        charge=charge,
        amount=base,
        settled=settled,
        disputed0=disputed.fill_null(0).cast("int64"),
        promise_amount=in_units(table.promise_amount),
    ).mutate(open0=lambda t: t.amount - t.settled)


def _as_is(_name: str, table: ir.Table) -> ir.Table:
    return table


@dataclass(frozen=True)
class Steps:
    """What may matter on a day, before anything is applied.

    `charges` that are not settled on their own rows, what is `given` to each document, and what is `free` of a reference.
    """

    charges: ir.Table
    given: ir.Table
    free: ir.Table


@dataclass(frozen=True)
class Known:
    """What is known of a ledger before it is read, so that less is looked at and kept.

    `negative`: an amount may be negative; without one a charge is an invoice. `partly`: a row may say how much of it is settled; without
    that it is settled in full or not at all. `charging`: the ledger's rows of which `may_charge` is true, where somebody has them.
    """

    negative: bool = True
    partly: bool = True
    charging: ir.Table | None = None


def steps(ledger: ir.Table, as_of: dt.date | ir.DateValue, keep: Keep = _as_is, known: Known = Known()) -> Steps:
    """Part the ledger. Most of a large one is settled on its own rows: those leave here, before anything is joined or sorted."""
    rows = as_of_rows(ledger, as_of, negative=known.negative)
    reductions = rows.filter(~rows.charge)
    given = keep("given", _given(reductions))
    free = keep("free", reductions.filter(reductions.reference.isnull() & (reductions.open0 != 0)).select(*_CHARGE))
    rows = rows if known.charging is None else as_of_rows(known.charging, as_of, negative=known.negative)
    same: dict[str, ir.Value] = {} if known.negative else {"document_type": ibis.literal("invoice")}
    rows = rows.filter(rows.charge & (rows.open0 != 0))
    charges = keep("charges", rows.select(*(name for name in _CHARGE if name not in same and (known.partly or name not in _SETTLED))))
    if not known.partly:
        same |= {"settled": _nil(), "open0": charges.amount}
    return Steps(charges.mutate(**same).select(*_CHARGE), given, free)


def may_charge(fields: Mapping[str, ir.Value], as_of: dt.date, known: Known) -> ir.BooleanValue:
    """Tell, from typed columns alone, which rows may be charges of `steps`: not invoices settled in full on their own row by the day."""
    settled = fields["settled_date"]
    open_ = settled.isnull() | (settled > ibis.date(as_of.isoformat()))
    if known.partly:
        open_ |= fields["settled_amount"].notnull()
    if known.negative:
        open_ |= (fields["document_type"] != "invoice") | (fields["amount"] < 0)
    return open_.fill_null(True)


def open_items(ledger: ir.Table, as_of: dt.date | ir.DateValue) -> ir.Table:
    """Return one row per open item (`kind` "item") and per unapplied amount (`kind` "unapplied"), with the columns `COLUMNS`."""
    parts = steps(ledger, as_of)
    return applied(parts, several_charges(parts))


def several_charges(parts: Steps) -> ir.Table:
    """Return the numbers (`document_no`) of documents that need the general way.

    Instalments share a number; only they need their order, which is dear. A document whose payments were reversed may be open and have
    something left at once. Documents of other accounts with the same number may be among them: the general way is right for all.
    """
    charges = parts.charges.filter(parts.charges.open0 > 0)
    shared = charges.group_by("document_no").having(lambda t: t.count() > 1).aggregate().select("document_no")
    given = parts.given
    reversed_ = given.filter((given.payments < 0) | (given.credits < 0)).select(document_no="given_document")
    return ibis.union(shared, reversed_, distinct=True)


def applied(parts: Steps, several: ir.Table | None) -> ir.Table:
    """Apply what is given to the charges: the open items and the unapplied amounts.

    `several`: as `several_charges` says; None where it is empty.
    """
    given, charges, free = parts.given, parts.charges.filter(parts.charges.open0 > 0), parts.free
    too_much = parts.charges.filter(parts.charges.open0 < 0)  # settled above its amount: the rest is ours to give back
    own = [free.mutate(open=(-free.open0).cast("int64")), too_much.mutate(open=too_much.open0)]
    made = [table.mutate(kind=ibis.literal("unapplied"), paid=_nil(), credited=_nil(), disputed=_nil()).select(*COLUMNS) for table in own]
    if several is None:
        return ibis.union(_matched(charges, given), *made, distinct=False)
    shared = _fill_instalments(charges.semi_join(several, "document_no"), given)
    rest = given.semi_join(several, given.given_document == several.document_no)
    one = _matched(charges.anti_join(several, "document_no"), given.anti_join(several, given.given_document == several.document_no))
    return ibis.union(one, _items(shared), *made, _unapplied(_excess(rest, shared)), distinct=False)


def _given(reductions: ir.Table) -> ir.Table:
    """Sum what payments and credit notes bring to each document they refer to."""
    table = reductions.filter(reductions.reference.notnull())
    pays = table.document_type.isin(PAYMENTS)
    return table.group_by(
        given_customer=table.customer_id, given_currency=table.currency, given_document=table.reference
    ).aggregate(
        payments=_sum(table.open0, pays),
        credits=_sum(table.open0, ~pays),
        given_type=ibis.cases(*((table.document_type == kind, place) for place, kind in enumerate(_KINDS))).max(),
        given_on=table.document_date.max(),
        given_row=table.row.max(),
    )


def _sum(amounts: ir.IntegerColumn, where: ir.BooleanValue | None = None) -> ir.IntegerValue:
    """Sum whole amounts into int64: Ibis takes the sum for one, DuckDB makes it twice as wide and slower for all that follows."""
    return amounts.sum(where=where).fill_null(0).cast("decimal(38, 0)").cast("int64")


def _same_document(charges: ir.Table, given: ir.Table) -> list[ir.BooleanValue]:
    return [
        charges.document_no == given.given_document,
        charges.customer_id == given.given_customer,
        charges.currency == given.given_currency,
    ]


def _matched(charges: ir.Table, given: ir.Table) -> ir.Table:
    """Bring each document of one charge and what was given to it together; either may be missing.

    Nothing given is negative here, so that a document is open, or something of what was given is left, or neither.
    """
    both = charges.outer_join(given, _same_document(charges, given))
    amount, payments, credited = (both[key].fill_null(0) for key in ("open0", "payments", "credits"))
    both = both.mutate(paid=_filled(payments, _nil(), amount), total=payments + credited)
    both = both.mutate(open1=amount - both.paid)
    both = both.mutate(credited=_filled(credited, _nil(), both.open1))
    both = both.mutate(open=(both.open1 - both.credited).cast("int64"), left=(both.total - both.paid - both.credited).cast("int64"))
    both = both.filter((both.open != 0) | (both.left != 0))
    item = both.open > 0
    made = {key: ibis.ifelse(item, both[key], value) for key, value in _left_over(both).items() if key in _CHARGE}
    return both.mutate(
        **made, kind=ibis.ifelse(item, ibis.literal("item"), ibis.literal("unapplied")),
        paid=ibis.ifelse(item, both.paid, _nil()), credited=ibis.ifelse(item, both.credited, _nil()),
        open=ibis.ifelse(item, both.open, -both.left).cast("int64"),
        disputed=ibis.ifelse(item, ibis.least(both.disputed0, both.open), _nil()),
    ).select(*COLUMNS)  # fmt: skip


def _items(filled: ir.Table) -> ir.Table:
    """Return what is still open of filled charges."""
    kept = filled.filter(filled.open > 0)
    return kept.mutate(kind=ibis.literal("item"), disputed=ibis.least(kept.disputed0, kept.open)).select(*COLUMNS)


def _fill_instalments(charges: ir.Table, given: ir.Table) -> ir.Table:
    """Let payments, then credit notes, fill the instalment of their document that falls due first; of one day, the lowest number."""
    items = charges.left_join(given, _same_document(charges, given))
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
        order_by=["due_date", ibis.asc("instalment", nulls_first=True), "row"],
        preceding=(None, 1),
    )
    return amount.sum().over(earlier).fill_null(0).cast("decimal(38, 0)").cast("int64")


def _filled(available: ir.IntegerValue, before: ir.IntegerValue, amount: ir.IntegerValue) -> ir.IntegerValue:
    return ibis.greatest(ibis.least(available - before, amount), _nil()).cast("int64")


def _excess(given: ir.Table, items: ir.Table) -> ir.Table:
    """Tell what was given to a document of several charges beyond what they could take: `left`."""
    used = items.group_by("document_no", "customer_id", "currency").aggregate(
        used_paid=_sum(items.paid), used_credited=_sum(items.credited)
    )
    rest = given.left_join(used, _same_document(used, given))
    left = rest.payments + rest.credits - rest.used_paid.fill_null(0) - rest.used_credited.fill_null(0)
    return rest.mutate(left=left.cast("int64"))


def _unapplied(rest: ir.Table) -> ir.Table:
    """Return, as unapplied rows, what is left of what was given to a document, or to one that is not there."""
    rest = rest.filter(rest.left != 0)
    return rest.mutate(
        **_left_over(rest), kind=ibis.literal("unapplied"), paid=_nil(), credited=_nil(), disputed=_nil(), open=(-rest.left).cast("int64")
    ).select(*COLUMNS)


def _left_over(rest: ir.Table) -> dict[str, ir.Value]:
    """Say what a row of something left over holds: the latest of what was given, to which document."""
    none = {key: ibis.null(kind) for key, kind in _EMPTY.items()}
    kind = ibis.cases(*((rest.given_type == place, name) for place, name in enumerate(_KINDS)))
    return {
        "row": rest.given_row, "document_no": rest.given_document, "document_type": kind, "customer_id": rest.given_customer,
        "currency": rest.given_currency, "document_date": rest.given_on, "due_date": rest.given_on, "amount": _nil(), "settled": _nil(),
        **none,
    }  # fmt: skip


def control_of(parts: Steps) -> ir.Table:
    """Sum a ledger by customer and currency without applying anything: what every report's outstanding must equal.

    Accounts of which everything is settled are left out.
    """
    charges, given, free = parts.charges, parts.given, parts.free
    account = ["customer_id", "currency"]
    signed = [
        charges.group_by(account).aggregate(total=_sum(charges.open0)),
        free.group_by(account).aggregate(total=-_sum(free.open0)),
        given.group_by(customer_id=given.given_customer, currency=given.given_currency).aggregate(
            total=-_sum(given.payments + given.credits)
        ),
    ]
    both = ibis.union(*signed, distinct=False)
    return both.group_by(account).aggregate(total=_sum(both.total))


def read_open_items(ledger: pa.Table, as_of: dt.date) -> tuple[pa.Table, dict[tuple[str, str], int]]:
    """Return the open items of the workbook's own ledger, and the ledger's own total by (customer, currency)."""
    table = fill_due_dates(ledger)
    (items_sql, items_schema), (control_sql, control_schema) = _compiled(table.schema)
    items_sql, control_sql = on_day(items_sql, as_of), on_day(control_sql, as_of)
    with duckdb.connect() as connection:
        connection.register(_NAME, table)
        items = connection.sql(items_sql).to_arrow_table().cast(items_schema)
        control = connection.sql(control_sql).to_arrow_table().cast(control_schema)
    accounts = zip(control["customer_id"].to_pylist(), control["currency"].to_pylist(), strict=True)
    return items, dict(zip(accounts, control["total"].to_pylist(), strict=True))


@lru_cache(maxsize=64)
def _compiled(schema: pa.Schema) -> tuple[tuple[str, pa.Schema], tuple[str, pa.Schema]]:
    """Write both questions in SQL, for a day that is put in later: Ibis takes half a second for it, DuckDB less for the answer."""

    def write() -> list[list[str]]:
        table = ibis.table(ibis.Schema.from_pyarrow(schema), name=_NAME)
        asked = (open_items(table, SOME_DAY).order_by("row"), control_of(steps(table, SOME_DAY)))
        return [[str(ibis.to_sql(one, dialect="duckdb")), schema_text(one.schema().to_pyarrow())] for one in asked]

    first, second = ((sql, schema_of(text)) for sql, text in recall(["open items", schema_text(schema)], write))
    return first, second
