"""The documents of one cell of Aging: what a customer's amount in a bucket is made of."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from functions.aging import bucket_labels
from workbook.book import CreditBook
from workbook.labels import word
from workbook.reports.aging import UNAPPLIED, WITHOUT_DUE, buckets
from workbook.reports.common import Items, items_of
from workbook.settings import Settings
from xladdin.errors import BadRequest


def documents_of_cell(
    book: CreditBook, settings: Settings, as_of: dt.date, customer: str, currency: str, bucket: str | None = None
) -> pa.Table:
    """Return the open items of a customer in a currency, of one bucket where it is named; `open` adds up to the cell.

    Raises BadRequest for a bucket that the report has not, and where unapplied amounts settle by age: then a cell has no documents.
    """
    if settings.unapplied == "oldest first":
        raise BadRequest("unapplied cash settles the oldest items, so an amount is no list of documents: change the setting Unapplied cash")
    if book.large is not None:
        items = Items(book.large.documents_of(as_of, customer, currency), {})
    else:
        table = items_of(book, as_of).table
        items = Items(table.filter(pc.and_(pc.equal(table["customer_id"], customer), pc.equal(table["currency"], currency))), {})
    if not items.table.num_rows:
        raise BadRequest(f"{customer} has nothing open in {currency} on {as_of}")
    if bucket is None:
        return items.table
    return items.take(np.asarray(buckets(items, settings, as_of) == _number(bucket, settings), dtype=np.bool_)).table


def _number(bucket: str, settings: Settings) -> int:
    """Return the number of a bucket by its label in English or Chinese, or by its key in the JSON of the report."""
    names = {"unapplied": UNAPPLIED, "without_due": WITHOUT_DUE, "not_due": 0}
    for language in ("en", "zh"):
        names[word("unapplied", language).casefold()] = UNAPPLIED
        names[word("without_due", language).casefold()] = WITHOUT_DUE
        for number, label in enumerate(bucket_labels(settings.limits, language)):
            names[label.casefold()] = names[label.casefold().removesuffix(" days")] = number  # 31-60 is enough
            names[f"bucket_{number}"] = number
    found = names.get(bucket.strip().casefold())
    if found is None:
        labels = ", ".join(bucket_labels(settings.limits, "en"))
        raise BadRequest(f"there is no bucket {bucket}; there are {labels}, unapplied and without due date")
    return found
