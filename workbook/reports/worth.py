"""What open items are worth in the report currency: rounded once for all reports, so that a figure is the same on each of them.

An account (a customer in one currency) is converted as one sum. Its items are converted one by one, and the few cents by which
they miss the account go to its largest item (of equal ones the one due first). So items add up to accounts, and accounts to the total,
whatever they are grouped by.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbook.reports.common import Exchange, Ints, Items, group, sums


def worths(
    exchange: Exchange, opened: Ints, due: NDArray[np.datetime64], currencies: NDArray[Any], *account: NDArray[Any], number: Any = None
) -> Ints:
    """Convert each item; `account` are the columns that, with the currency, name its account. 0 where no rate is known.

    `number` (of the document) decides between items of one amount due on one day.
    """
    if not len(opened):
        return np.zeros(0, dtype=np.int64)
    worth, _ = exchange.convert(opened, currencies)
    (*_, codes), rows = group(*account, currencies)
    count = len(codes)
    whole, _ = exchange.convert(sums(rows, opened, count), codes)
    missed = whole - sums(rows, worth, count)
    if missed.any():
        order = np.lexsort((*(() if number is None else (number.astype(str),)), due, -opened, rows))  # whatever order they came in
        first = order[np.r_[True, rows[order][1:] != rows[order][:-1]]]
        worth[first] += missed[rows[first]]
    return worth


def items_worth(items: Items, exchange: Exchange) -> tuple[Ints, Ints]:
    """Convert open items and unapplied amounts: what each is worth, and what its disputed part is worth."""
    if "worth" in items.table.column_names:  # an engine converted them already, item by item, and these are sums
        return _sums_worth(items, exchange)
    opened, currencies = items.money("open"), items.texts("currency")
    worth = worths(
        exchange, opened, items.dates("due_date"), currencies, items.texts("customer_id"), number=items.texts("document_no")
    )
    return worth, part_worth(exchange, items.money("disputed"), opened, worth, currencies)


def _sums_worth(items: Items, exchange: Exchange) -> tuple[Ints, Ints]:
    """Give the cents that an account's items miss to the sum with the largest of them. Columns: `LargeLedger.by_bucket`."""
    worth, contested, low = items.money("worth").copy(), items.money("contested").copy(), items.money("low")
    (customers, currencies), rows = group(items.texts("customer_id"), items.texts("currency"))
    count = len(customers)
    whole, _ = exchange.convert(sums(rows, items.money("open"), count), currencies)
    missed = whole - sums(rows, worth, count)
    order = np.lexsort((-low, -items.money("most"), rows))
    first = order[np.r_[True, rows[order][1:] != rows[order][:-1]]] if count else order
    worth[first] += missed[rows[first]]
    contested[first] += np.where(low[first] % 2 == 1, missed[rows[first]], 0)
    return worth, contested


def part_worth(exchange: Exchange, part: Ints, opened: Ints, worth: Ints, currencies: NDArray[Any]) -> Ints:
    """Convert a part of each item, such as what is disputed: the whole of an item is worth what the item is, a part never more."""
    made, _ = exchange.convert(part, currencies)
    return np.where(part == opened, worth, np.where(part > 0, np.clip(made, 0, np.maximum(worth, 0)), 0))
