"""How customers paid, from the ledger alone: what a scorecard asks about conduct."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.questions.columns import numbered, whole
from workbook.questions.paid import YEAR, payments
from workbook.questions.spans import ends
from workbook.questions.traded import disputes

#: fewer payments than this say nothing about a habit
FEWEST: Final = 3


def conduct(book: CreditBook, customers: list[str], as_of: dt.date) -> dict[str, NDArray[Any]]:
    """Return, per customer, `average_days_late` (of payments in the last 12 months, paid early counts as 0) and `dispute_count`.

    Missing (NaN) where fewer than three payments are known; disputes are those open on the day.
    """
    count = len(customers)
    paid, contested = payments(book, as_of), disputes(book, as_of)
    year = ends(as_of, whole(paid, "span")) > np.datetime64(as_of, "D") - np.timedelta64(YEAR, "D")
    at = numbered(paid, "customer_id", customers)
    number, total = (np.bincount(at + 1, np.where(year, whole(paid, key), 0), count + 1)[1:] for key in ("number", "behind"))
    average = np.where(number >= FEWEST, total / np.maximum(number, 1), np.nan)
    began = numbered(contested, "customer_id", customers)
    return {"average_days_late": average, "dispute_count": np.bincount(began + 1, whole(contested, "open"), count + 1)[1:]}
