"""The largest receipts that are expected, document by document."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.questions.columns import dates, numbered, texts, whole
from workbook.questions.today import largest_open
from workbook.reports.common import Ints
from workbook.reports.default_rule import gone as without_payment
from workbook.reports.lateness import latest_known
from workbook.reports.receipts import Dates, Receipts, expected_days


@dataclass(frozen=True, slots=True)
class Largest:
    """Parts of single documents, the largest first."""

    customers: NDArray[Any]
    documents: NDArray[Any]
    due: Dates
    worth: Ints
    day: Dates
    basis: Ints
    promised: NDArray[np.bool_]


def largest_receipts(book: CreditBook, made: Receipts, as_of: dt.date, count: int) -> Largest:
    """Return the largest parts: the rest of items, and what is promised on them."""
    found, promises = made.found, made.promises
    names = zip(promises.customers, promises.currency, promises.documents, promises.instalments, promises.due.tolist(), strict=True)
    under = dict(zip(names, promises.worth.tolist(), strict=True))
    known = latest_known(made.history)
    # an item under a promise is smaller than it looks: so many more are fetched
    wanted = count if not under else count + (1 << (len(under) - 1).bit_length())
    gone = [customer for customer, one in zip(found.customers, without_payment(book, found).tolist(), strict=True) if one]
    since = as_of - dt.timedelta(days=known) if known is not None else dt.date.max
    items = largest_open(book, found.exchange, as_of, wanted, since, gone)
    customers, currency, documents = (texts(items, key) for key in ("customer_id", "currency", "document_no"))
    due = dates(items, "due")
    keys = zip(customers, currency, documents, items["instalment"].to_pylist(), due.tolist(), strict=True)
    rest = whole(items, "rest") - np.array([under.get(key, 0) for key in keys], dtype=np.int64)
    who = numbered(items, "customer_id", found.customers)
    place = {key: number for number, key in enumerate(found.customers)}
    theirs = np.array([place[key] for key in promises.customers.tolist()], dtype=np.int64)
    both = [
        np.concatenate(pair)
        for pair in (
            (who, theirs), (customers, promises.customers), (documents, promises.documents), (due, promises.due), (rest, promises.worth),
            (np.full(len(who), np.datetime64("NaT", "D")), promises.day),
        )
    ]  # fmt: skip
    whose, customers, documents, due, worth, promised_on = both
    day, basis = expected_days(made.history, whose, due, promised_on, as_of)
    rows = np.flatnonzero((worth > 0) & ~np.isnat(day[:, 0]))
    rows = rows[np.lexsort((documents[rows].astype(str), -worth[rows]))][:count]
    return Largest(customers[rows], documents[rows], due[rows], worth[rows], day[rows], basis[rows], ~np.isnat(promised_on[rows]))
