"""The ledger as it stood on days past: its open items and unapplied amounts on each of them.

Most documents stand alone: nothing refers to them, and their own row says until when they were open. Only those that payments and
credit notes refer to go through the rule of open items again, copied to each look; a copy's look leads its number, so that one go
answers all looks. A row goes only to the looks at which it can count: a document settled on its own row to those before, one that
payments and credit notes met exactly to those before the last of them.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from workbook.open_items import PAYMENTS, applied, as_of_rows, open_items, steps
from workbook.questions.ask import Ask
from workbook.questions.exact import counted, summed
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")  # what was asked before needs no expression

_EVER: Final = dt.date(9999, 12, 31)  # rows of a look are as they stood: nothing lies ahead of them
_PLAIN: Final = ("amount", "settled_date", "settled_amount", "promise_amount")
DIGITS: Final = 3


def items_then(ask: Ask) -> ir.Table:
    """Return the open items and unapplied amounts of each look: customer_id, currency, kind, due_date, open, look."""
    looks = ask.table("looks")
    copied = _as_they_stood(ask.kept(tangled), looks)
    # a single document with nothing negative among what was given to it needs no order of instalments
    once = applied(steps(copied.filter(~copied.several), _EVER), None)
    several = open_items(copied.filter(copied.several), _EVER)
    made = [
        items.select("customer_id", "currency", "kind", "due_date", "open", look=items.document_no.substr(0, DIGITS))
        for items in (once, several)
    ]
    return ibis.union(_alone_then(ask.kept(alone), looks), *made, distinct=False)


def stood_rows(ask: Ask) -> ir.Table:
    """Count the rows that the looks go through."""
    several = [kept.aggregate(rows=kept.count()) for kept in (ask.kept(alone), ask.kept(tangled))]
    both = ibis.union(*several, distinct=False)
    return both.aggregate(rows=both.rows.sum().cast("int64"))


def _rows(ask: Ask) -> ir.Table:
    """Return the ledger's rows until the day, as they stand on it: `settled_on` where settled, `last` the day of what happened last."""
    ledger = ask.ledger
    rows = as_of_rows(ledger.mutate(**{f"plain_{name}": ledger[name] for name in _PLAIN}), ask.on("day"))
    settled_on = ibis.ifelse(rows.settled_date <= ask.on("day"), rows.settled_date, ibis.null("date"))
    return rows.mutate(settled_on=settled_on, last=ibis.greatest(rows.document_date, settled_on.coalesce(rows.document_date)))


def references(ask: Ask) -> ir.Table:
    """Name what payments and credit notes refer to."""
    rows = _rows(ask)
    paying = rows.filter(~rows.charge & rows.reference.notnull())
    return paying.select(of_customer=paying.customer_id, of_currency=paying.currency, of_document=paying.reference).distinct()


def referred(ask: Ask) -> ir.Table:
    """Name the documents that payments and credit notes refer to, also those that are not there.

    `met_on`: the day after which nothing happened to one that was met exactly. `several`: it has several charges, or something negative
    was given to it.
    """
    rows = _rows(ask)
    rows = rows.filter(rows.charge | rows.reference.notnull())
    rows = rows.mutate(account=ibis.ifelse(rows.charge, rows.document_no, rows.reference), pays=rows.document_type.isin(PAYMENTS))
    asked = ask.kept(references)
    same = [rows.customer_id == asked.of_customer, rows.currency == asked.of_currency, rows.account == asked.of_document]
    rows = rows.semi_join(asked, same)
    charge, pays, credits_ = rows.charge, ~rows.charge & rows.pays, ~rows.charge & ~rows.pays
    both = rows.group_by(met_customer=rows.customer_id, met_currency=rows.currency, met_document=rows.account).aggregate(
        charges=counted(charge), owed=summed(rows.open0, charge), least=rows.open0.min(where=charge), paid=summed(rows.open0, pays),
        credited=summed(rows.open0, credits_), least_given=ibis.least(rows.open0, rows.amount).min(where=~charge),
        met_on=rows["last"].max(),
    )  # fmt: skip
    whole = (both.charges > 0) & (both.least >= 0) & (both.paid >= 0) & (both.credited >= 0) & (both.paid + both.credited == both.owed)
    return both.select(
        "met_customer", "met_currency", "met_document", met_on=ibis.ifelse(whole, both.met_on, ibis.null("date")),
        several=(both.charges > 1) | (both.least_given < 0),
    )  # fmt: skip


def alone(ask: Ask) -> ir.Table:
    """Return the charges that nothing refers to, and what refers to nothing; `until`: the day from which a row counts no more."""
    rows = _rows(ask)
    ours = ask.kept(referred)
    # in one pass: two branches would make an engine lay down the whole ledger between them
    rows = rows.mutate(own=ibis.ifelse(rows.charge, rows.document_no, ibis.null("string")))
    rows = rows.filter(rows.charge | rows.reference.isnull())
    same = [rows.customer_id == ours.met_customer, rows.currency == ours.met_currency, rows.own == ours.met_document]
    columns = ("customer_id", "currency", "charge", "document_date", "due_date", "amount", "open0", "settled_on")
    both = rows.anti_join(ours, same).select(*columns)
    over = both.open0 == 0  # settled on its own row, or of nothing
    both = both.filter(~(over & both.settled_on.isnull()))
    return both.mutate(until=ibis.ifelse(over, both.settled_on, ibis.null("date")))


def tangled(ask: Ask) -> ir.Table:
    """Return the ledger's rows that refer to a document, and those of the documents referred to, with `until` and `several`."""
    rows = _rows(ask)
    rows = rows.mutate(account=ibis.ifelse(rows.charge, rows.document_no, rows.reference))
    ours = ask.kept(referred)
    same = [rows.customer_id == ours.met_customer, rows.currency == ours.met_currency, rows.account == ours.met_document]
    rows = rows.inner_join(ours, same)
    over = rows.charge & (rows.open0 == 0)
    rows = rows.filter(~(over & rows.settled_on.isnull()))
    until = ibis.ifelse(over, ibis.ifelse(rows.met_on < rows.settled_on, rows.met_on, rows.settled_on), rows.met_on)
    columns = [name for name in ask.ledger.columns if name not in _PLAIN]
    return rows.mutate(until=until).select(*columns, "until", "several", **{name: rows[f"plain_{name}"] for name in _PLAIN})


def _at(rows: ir.Table, looks: ir.Table) -> ir.Table:
    """Copy the rows to each look at which they can count."""
    there = (looks.look_day >= rows.document_date) & (rows.until.isnull() | (looks.look_day < rows.until))
    return rows.join(looks, there)


def _alone_then(rows: ir.Table, looks: ir.Table) -> ir.Table:
    """Return what of rows that stand alone was open at each look: all of it before it was settled, then what its own row leaves."""
    then = _at(rows, looks)
    left: Any = ibis.ifelse(then.settled_on > then.look_day, then.amount, then.open0)
    then = then.mutate(open=ibis.ifelse(then.charge, left, -left).cast("int64"))
    then = then.filter(then.open != 0)
    kind = ibis.ifelse(then.charge & (then.open > 0), ibis.literal("item"), ibis.literal("unapplied"))
    return then.select("customer_id", "currency", "due_date", "open", "look", kind=kind).select(
        "customer_id", "currency", "kind", "due_date", "open", "look"
    )


def _as_they_stood(rows: ir.Table, looks: ir.Table) -> ir.Table:
    """Copy the rows to each look as they stood then."""
    then = _at(rows, looks)
    later = then.settled_date > then.look_day
    return then.mutate(
        document_no=then.look + then.document_no,
        reference=then.look + then.reference,
        settled_date=ibis.ifelse(later, ibis.null("date"), then.settled_date),
        settled_amount=ibis.ifelse(later, ibis.null(then.settled_amount.type()), then.settled_amount),
    ).drop("look", "look_day", "until")
