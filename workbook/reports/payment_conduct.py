"""How customers paid, from the ledger alone: what a scorecard asks about conduct.

A payment counts for the document it refers to; an invoice settled on its own row counts by its settlement date.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.reports.common import Ints
from workbook.units import units_column

MONTHS: Final = 12
#: fewer payments than this say nothing about a habit
FEWEST: Final = 3


def conduct(book: CreditBook, customers: list[str], as_of: dt.date) -> dict[str, NDArray[Any]]:
    """Return, per customer, `average_days_late` (of payments in the last 12 months, paid early counts as 0) and `dispute_count`.

    Missing (NaN) where fewer than three payments are known; disputes are those open on the day.
    """
    ledger = book.tables["ledger"]
    ledger = ledger.filter(pc.fill_null(ledger["usable"], fill_value=False)) if ledger.num_rows else ledger
    place = pa.array(customers, pa.string())
    count = len(customers)
    who, paid, due = _payments(ledger)
    start = np.datetime64(as_of, "D") - np.timedelta64(365, "D")
    take = (paid > start) & (paid <= np.datetime64(as_of, "D")) & ~np.isnat(due)
    rows = pc.index_in(who.filter(pa.array(take)), place)
    late = np.maximum((paid[take] - due[take]).astype(np.int64), 0)
    at = np.asarray(rows.fill_null(count))
    number = np.bincount(at, minlength=count + 1)[:count]
    total = np.bincount(at, weights=late, minlength=count + 1)[:count]
    average = np.where(number >= FEWEST, total / np.maximum(number, 1), np.nan)
    begun = pc.fill_null(pc.less_equal(ledger["dispute_date"], as_of), fill_value=True)
    disputed = pc.and_(pc.greater(pc.fill_null(ledger["disputed_amount"], 0), 0), begun)
    open_ = pc.and_(disputed, pc.is_null(ledger["settled_date"]))
    found = np.asarray(pc.index_in(ledger["customer_id"].filter(open_), place).fill_null(count))
    return {"average_days_late": average, "dispute_count": np.bincount(found, minlength=count + 1)[:count].astype(np.float64)}


@dataclass(frozen=True, slots=True)
class Settlements:
    """Every settled invoice and every payment with a reference: whose, when paid, when due, of which day, how much."""

    who: pa.Array
    paid: NDArray[np.datetime64]
    due: NDArray[np.datetime64]
    made: NDArray[np.datetime64]  # day of the document
    amount: Ints  # in 1/10000 of its currency
    currency: pa.Array


def settlements(ledger: pa.Table) -> Settlements:
    """Return what was paid for which document, from a ledger's usable rows."""
    kinds = ledger["document_type"]
    own = ledger.filter(pc.and_(pc.equal(kinds, "invoice"), pc.is_valid(ledger["settled_date"])))
    pays = ledger.filter(pc.and_(pc.is_in(kinds, value_set=pa.array(["payment", "advance"])), pc.is_valid(ledger["reference"])))
    invoices = ledger.filter(pc.equal(kinds, "invoice")).select(["customer_id", "document_no", "due_date", "document_date"])
    first = invoices.group_by(["customer_id", "document_no"]).aggregate([("due_date", "min"), ("document_date", "min")])
    joined = pays.select(["customer_id", "reference", "document_date", "amount", "currency"]).join(
        first, keys=["customer_id", "reference"], right_keys=["customer_id", "document_no"], join_type="inner"
    )
    own_amount, _ = units_column(pc.coalesce(own["settled_amount"], own["amount"]))
    amount, _ = units_column(joined["amount"])
    return Settlements(
        pa.concat_arrays([_one(own["customer_id"]), _one(joined["customer_id"])]),
        _dates(own["settled_date"], joined["document_date"]),
        _dates(own["due_date"], joined["due_date_min"]),
        _dates(own["document_date"], joined["document_date_min"]),
        np.concatenate([own_amount, amount]),
        pa.concat_arrays([_one(own["currency"]), _one(joined["currency"])]),
    )


def _payments(ledger: pa.Table) -> tuple[pa.Array, NDArray[np.datetime64], NDArray[np.datetime64]]:
    """Return customer, day paid and day due of every settled invoice or payment with a reference."""
    made = settlements(ledger)
    return made.who, made.paid, made.due


def _one(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays([chunk.cast(pa.string()) for chunk in column.chunks]) if column.num_chunks else pa.array([], pa.string())


def _dates(*columns: pa.ChunkedArray) -> NDArray[np.datetime64]:
    return np.concatenate([np.asarray(column.to_numpy(zero_copy_only=False), dtype="datetime64[D]") for column in columns])
