"""The mapped ledger made ready for the reports: the assumptions of `workbook.ledger`, as expressions of the engine.

Codes of currencies in capitals and everyday names as codes, a negative invoice as a credit note, a document without a date on its
due date, an invoice without a due date on the one of its terms, with no terms on its document date; `usable` as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from workbook.currencies import ALIASES
from workbook.due_dates import WITHOUT, by_terms
from workbook.large.engine import Engine, table_of
from workbook.large.mapped import Mapped
from workbook.large.signs import sign_of, turned
from workbook.open_items import PAYMENTS
from workbook.written import Lazily

if TYPE_CHECKING:
    import ibis
    import ibis.expr.types as ir
else:
    ibis = Lazily("ibis")

_MANY: Final = 1_000
_TERMS_DUE: Final = "terms_due"
_DUE: Final = pa.schema({"terms_day": pa.date32(), "terms_text": pa.string(), "worked_due": pa.date32()})
_AMOUNTS: Final = ("amount", "settled_amount", "disputed_amount", "promise_amount")


@dataclass(frozen=True)
class Assumptions:
    """What the source asks for: whether currencies need reading, whether an amount is negative, and the due dates that terms mean."""

    read_currencies: bool
    negative: bool
    due_dates: bool  # they are in the engine as `terms_due`
    debt: bool = False  # the sign of an amount is that of the debt
    own_rows: bool = False  # credit notes settle nothing: they stay rows of their own


def assumptions(engine: Engine, found: Mapped) -> Assumptions:
    """Look at a ledger's distinct currencies and terms, and for negative amounts."""
    asked = engine.ask([found.key, "currencies"], lambda: found.table().select("currency").distinct().limit(_MANY))
    codes = asked["currency"].to_pylist()
    # written as codes throughout: a hundred million rows need not be looked at one by one
    plain = len(codes) < _MANY and all(code is None or (code == code.upper() and code not in ALIASES) for code in codes)
    negative = bool(engine.ask([found.key, "negative"], lambda: _negative(found)).num_rows)
    debt = sign_of(engine, found, negative=negative) == "debt"
    return Assumptions(not plain, negative, _worked(engine, found), debt=debt)


def _negative(found: Mapped) -> ir.Table:
    amount = found.source[found.names["amount"]] if "amount" in found.names else found.table().amount
    amount = amount if amount.type().is_numeric() else found.fields["amount"]
    return found.source.filter(amount < 0).select(found=ibis.literal(1)).limit(1)  # files know their smallest amount unread


def finished(table: ir.Table, made: Assumptions) -> ir.Table:
    """Apply every assumption. Columns that tell a problem (`bad_…`) stay."""
    currency = table.currency
    if made.read_currencies:
        upper = table.currency.upper()
        currency = ibis.cases(*((upper == name, code) for name, code in ALIASES.items()), else_=upper)
    table = table.mutate(currency=currency, document_date=table.document_date.coalesce(table.due_date), turned=ibis.literal(False))
    if made.debt:
        table = turned(table, _AMOUNTS)
    if made.negative:
        credit = ((table.document_type == "invoice") & (table.amount < 0)).fill_null(False)
        changed: dict[str, Any] = {name: ibis.ifelse(credit, table[name].abs(), table[name]).cast("decimal(18, 4)") for name in _AMOUNTS}
        kind = ibis.ifelse(credit, ibis.literal("credit note"), table.document_type)
        table = table.mutate(turned=credit, document_type=kind, **changed)
    if made.own_rows:
        table = table.mutate(reference=(table.document_type == "credit note").ifelse(ibis.null("string"), table.reference))
    if made.due_dates:
        worked = table_of(_DUE, _TERMS_DUE)
        joined = table.left_join(worked, [table.document_date == worked.terms_day, table.terms == worked.terms_text])
        worked_due = ibis.ifelse(joined.document_type.isin(PAYMENTS), ibis.null("date"), joined.worked_due)
        table = joined.mutate(due_date=joined.due_date.coalesce(worked_due)).drop("terms_day", "terms_text", "worked_due")
    assumed = table.due_date.isnull() & (table.document_type == "invoice")
    without = (table.due_date == ibis.date(WITHOUT.isoformat())).fill_null(False)
    table = table.mutate(assumed_due=assumed, without_due=without, due_date=table.due_date.coalesce(table.document_date))
    usable = table.amount.notnull() & table.document_type.notnull() & table.currency.notnull() & table.document_date.notnull()
    return table.mutate(usable=usable)


def _without_due_date(found: Mapped) -> ir.Table:
    table = found.table()
    table = table.mutate(document_date=table.document_date.coalesce(table.due_date))
    without = table.filter(table.due_date.isnull() & table.terms.notnull() & table.document_date.notnull())
    return without.select(terms_day="document_date", terms_text="terms").distinct()


def _worked(engine: Engine, found: Mapped) -> bool:
    """Work out each distinct pair of day and terms once, by the rule of =DUEDATE(), where due dates are missing; tell whether any are."""
    pairs = engine.ask([found.key, "terms"], lambda: _without_due_date(found))
    if not pairs.num_rows:
        return False
    days = np.asarray(pairs["terms_day"].to_numpy(zero_copy_only=False)).astype("datetime64[D]")
    texts = pairs["terms_text"].to_pylist()
    due = by_terms(days, texts)
    engine.bring(_TERMS_DUE, pairs.append_column("worked_due", pa.array(due, pa.date32())).cast(_DUE))
    return True
