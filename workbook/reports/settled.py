"""What was open on a document on a day of its own: the ledger's rules, asked for many documents and days at once.

Each pair of document and day becomes an account of its own in a small ledger that holds only what existed by that day, so the
one rule of open items answers all pairs in one go.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook.open_items import read_open_items
from workbook.reports.common import Ints

_ACCOUNT: Final = ["customer", "currency", "document"]


def open_on(ledger: pa.Table, rows: NDArray[np.int64], days: NDArray[np.datetime64]) -> Ints:
    """Return what was open, in 1/10000 units, on ledger rows (by their number on the sheet), each at the end of a day of its own."""
    if not len(rows):
        return np.zeros(0, dtype=np.int64)
    usable = ledger.filter(ledger["usable"])
    accounts = _accounts(usable)
    number = np.asarray(usable["row"].to_numpy(), dtype=np.int64)
    place = np.searchsorted(number, rows)
    known = (place < len(number)) & (number[np.minimum(place, len(number) - 1)] == rows)
    asked = accounts.take(pa.array(np.where(known, place, 0))).append_column("day", pa.array(days.astype("datetime64[D]"), pa.date32()))
    distinct = asked.group_by([*_ACCOUNT, "day"]).aggregate([])
    distinct = distinct.append_column("pair", pa.array(np.arange(distinct.num_rows).astype(str)))
    table = _copies(usable, accounts, distinct)
    answer, _ = read_open_items(table, max(days.astype("datetime64[D]").tolist()))
    answer = answer.filter(pc.equal(answer["kind"], "item"))
    places = zip(answer["customer_id"].to_pylist(), answer["row"].to_pylist(), strict=True)
    found = dict(zip(places, answer["open"].to_pylist(), strict=True))
    pairs = {tuple(one[key] for key in (*_ACCOUNT, "day")): one["pair"] for one in distinct.to_pylist()}
    keys = zip(*(asked[key].to_pylist() for key in (*_ACCOUNT, "day")), strict=True)
    return np.array(
        [found.get((pairs[key], row), 0) if has else 0 for key, row, has in zip(keys, rows.tolist(), known.tolist(), strict=True)],
        dtype=np.int64,
    )


def _accounts(ledger: pa.Table) -> pa.Table:
    """Return customer, currency and document of every row as texts."""
    return pa.table({
        name: pc.fill_null(ledger[key].cast(pa.string()), "")
        for name, key in zip(_ACCOUNT, ("customer_id", "currency", "document_no"), strict=True)
    })


def _copies(ledger: pa.Table, accounts: pa.Table, pairs: pa.Table) -> pa.Table:
    """Copy each pair's rows, its document and what refers to it, as they stood on its day; the pair's number is the customer."""
    index = pa.array(np.arange(ledger.num_rows))
    own = accounts.append_column("index", index)
    named = own.set_column(2, "document", pc.fill_null(ledger["reference"].cast(pa.string()), "")).filter(pc.is_valid(ledger["reference"]))
    found = [pairs.join(side, keys=_ACCOUNT, join_type="inner").select(["pair", "day", "index"]) for side in (own, named)]
    both = pa.concat_tables(found).group_by(["pair", "day", "index"]).aggregate([])
    table = ledger.take(both["index"])
    table = table.set_column(table.schema.get_field_index("customer_id"), "customer_id", both["pair"])
    return as_it_stood(table, both["day"]).sort_by("row")


def as_it_stood(ledger: pa.Table, day: Any) -> pa.Table:
    """Return the rows that existed by a day (one for all, or one for each row) as they stood then: what was settled later is open."""
    later = pc.fill_null(pc.greater(ledger["settled_date"], day), fill_value=False)
    for key in ("settled_date", "settled_amount"):
        column = ledger[key]
        ledger = ledger.set_column(ledger.schema.get_field_index(key), key, pc.if_else(later, pa.scalar(None, column.type), column))
    return ledger.filter(pc.less_equal(ledger["document_date"], day))
