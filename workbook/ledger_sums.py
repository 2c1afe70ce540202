"""What still fits the exact integers in which reports add: 1/10000 units below 2^62, that is 461 trillion of a currency.

Each currency is summed by itself; only the report currency adds them up, and there a currency that comes to too much is left out and said
(`workbook.reports.common.Exchange`).
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from workbook.checks import rows_of
from workbook.problems import Problems
from workbook.schema import LEDGER
from workbook.sheet import money_text
from workbook.units import units_column

#: half of what an int64 holds, as an open amount is one amount less another
MOST: Final = 2.0**62
_AMOUNTS: Final = ("amount", "settled_amount", "disputed_amount", "promise_amount")
Sizes = np.ndarray


def sizes(ledger: pa.Table, usable: np.ndarray) -> Sizes:
    """Return how large the largest amount of each usable row is, or what it leaves open, in 1/10000 units; 0 for other rows."""
    amount, settled = (units_column(ledger[name])[0].astype(np.float64) for name in _AMOUNTS[:2])
    made = np.abs(amount - settled)
    for name in _AMOUNTS:
        made = np.maximum(made, np.abs(units_column(ledger[name])[0].astype(np.float64)))
    return np.where(usable, made, 0.0)


def summable(ledger: pa.Table, usable: np.ndarray, problems: Problems) -> np.ndarray:
    """Leave out the largest amounts of a currency until the sum of the others fits."""
    size = sizes(ledger, usable)
    if float(size.sum()) < MOST:
        return usable
    usable, rows = usable.copy(), rows_of(ledger)
    units, _ = units_column(ledger["amount"])
    codes = np.asarray(ledger["currency"].combine_chunks().dictionary_encode().indices.fill_null(-1))
    total = {code: float(size[codes == code].sum()) for code in np.unique(codes[usable]).tolist()}
    for index in np.argsort(-size, kind="stable").tolist():
        code = int(codes[index])
        if not usable[index] or total[code] < MOST:
            if max(total.values()) < MOST:
                break
            continue
        problems.add("total_too_large", LEDGER.name, int(rows[index]), "amount", money_text(int(units[index])))
        usable[index] = False
        total[code] -= float(size[index])
    return usable


def totals(ledger: pa.Table, orders: pa.Table) -> dict[str, float]:
    """Sum by currency the sizes of all documents and of the orders, in 1/10000 units: no sum of any report is larger."""
    made: dict[str, float] = {}
    ordered = np.abs(units_column(orders["amount"])[0].astype(np.float64)) if orders.num_rows else np.zeros(0)
    parts = [(ledger["currency"], sizes(ledger, np.asarray(ledger["usable"]))), (orders["currency"], ordered)]
    for column, size in parts:
        coded = column.combine_chunks().dictionary_encode()
        codes = np.asarray(coded.indices.fill_null(len(coded.dictionary)))
        sums = np.bincount(codes, weights=size, minlength=len(coded.dictionary) + 1)
        for code, amount in zip(coded.dictionary.to_pylist(), sums.tolist(), strict=False):
            made[code] = made.get(code, 0.0) + amount
    return made
