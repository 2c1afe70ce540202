"""What each customer may cost us: open items, orders not yet invoiced, less what was prepaid, against its own and its group's limit.

All amounts in the report currency, in 1/10000 units; a currency without a rate is left out and said.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from functions.limits import effective_limits
from workbook.book import CreditBook
from workbook.questions.columns import dates, texts, whole
from workbook.questions.today import open_accounts
from workbook.reports.common import Exchange, Ints, control_of, group, sums
from workbook.settings import Settings
from workbook.units import units_column


@dataclass(frozen=True)
class Exposures:
    """One row per customer: of the sheet Customers first, then those only the ledger or the orders know."""

    customers: list[str]
    row_of: NDArray[np.int64]  # row in the table Customers, -1 where it has none
    outstanding: Ints  # open items less unapplied
    orders: Ints  # not yet invoiced
    oldest: NDArray[np.int64]  # days past due of the oldest open item, undisputed in full; 0 where nothing is overdue
    overdue: Ints  # of items late and not disputed in full, less their disputed parts
    limit: NDArray[np.float64]  # own, NaN = none set
    group_limit: NDArray[np.float64]
    effective: NDArray[np.float64]
    group_exposure: Ints
    heads: list[str]
    grouped: NDArray[np.bool_]  # in a group with others
    by_currency: dict[str, int]  # outstanding before conversion
    ledger: dict[str, int]  # the same by the ledger's own sums
    exchange: Exchange

    @cached_property  # asked for once per customer by some
    def exposure(self) -> Ints:
        """Open items and orders, less what was paid in advance; never below zero for a single customer."""
        exposure: Ints = np.maximum(self.outstanding + self.orders, 0)
        return exposure

    @cached_property
    def headroom(self) -> NDArray[np.float64]:
        """What may still be sold on credit: the smaller room of the customer and its group; NaN without a limit."""
        own = self.effective - self.exposure
        return np.fmin(own, self.group_limit - self.group_exposure)


_last: list[Any] = []  # the newest book asked for: several reports of one run ask for the same one


def exposures(book: CreditBook, settings: Settings, as_of: dt.date) -> Exposures:
    """Work out exposure and limits of every customer; the newest answer is kept."""
    if not (_last and _last[0] is book.tables and _last[1:3] == [settings, as_of]):
        _last[:] = [book.tables, settings, as_of, _exposures(book, settings, as_of)]
    found: Exposures = _last[3]
    return found


def _exposures(book: CreditBook, settings: Settings, as_of: dt.date) -> Exposures:
    exchange = Exchange(book, settings, as_of)
    accounts, control = open_accounts(book, exchange, as_of), control_of(book, as_of)
    table, orders = book.tables["customers"], book.tables["orders"]
    listed = [key or "" for key in table["customer_id"].to_pylist()]
    asked = [key or "" for key in orders["customer_id"].to_pylist()]
    customers, currencies = texts(accounts, "customer_id"), texts(accounts, "currency")
    known = list(dict.fromkeys([*listed, *customers.tolist(), *asked]))
    place = {key: number for number, key in enumerate(known)}
    rows = {key: number for number, key in reversed(list(enumerate(listed)))}
    count = len(known)

    who = np.array([place[key] for key in customers.tolist()], dtype=np.int64)
    outstanding = sums(who, whole(accounts, "worth"), count)
    (codes,), rows_of = group(currencies)
    by_currency = dict(zip(codes.tolist(), sums(rows_of, whole(accounts, "open"), len(codes)).tolist(), strict=True))
    for code in codes.tolist():
        exchange.rate(code)  # one that is missing is told
    since = dates(accounts, "oldest")
    days = np.where(np.isnat(since), 0, (np.datetime64(as_of, "D") - since).astype(np.int64))
    oldest = np.zeros(count, dtype=np.int64)
    np.maximum.at(oldest, who, days)
    overdue = sums(who, whole(accounts, "overdue"), count)
    wanted, _ = converted(*_orders(orders, as_of), place, exchange)
    ledger: dict[str, int] = {}
    for (_, currency), amount in control.items():
        ledger[currency] = ledger.get(currency, 0) + amount

    row_of = np.array([rows.get(key, -1) for key in known], dtype=np.int64)
    limit = _limits(table, row_of)
    heads = [(table["group_id"][row].as_py() or key) if row >= 0 else key for key, row in zip(known, row_of.tolist(), strict=True)]
    member = np.array([place.get(head, number) for number, head in enumerate(heads)], dtype=np.int64)
    group_limit = limit[member]
    total = sums(member, np.maximum(outstanding + wanted, 0), count)[member]
    alone = np.arange(count)
    grouped = (member != alone) | np.isin(alone, member[member != alone])
    group_limit = np.where(grouped, group_limit, np.nan)
    no = np.zeros(count, dtype=np.bool_)
    # 0 is "no credit" for a customer on its own; inside a group a blank or 0 inherits the group's limit (functions.md, as Dynamics does)
    effective = np.where(grouped, effective_limits(limit, group_limit, no, no), limit)
    return Exposures(
        known, row_of, outstanding, wanted, oldest, overdue, limit, group_limit, effective, total, heads, grouped, by_currency, ledger,
        exchange,
    )


def converted(
    customers: NDArray[Any], currencies: NDArray[Any], amounts: Ints, place: dict[str, int], exchange: Exchange
) -> tuple[Ints, dict[str, int]]:
    """Sum amounts by customer and currency exactly, then convert; also the sums by currency."""
    total = np.zeros(len(place), dtype=np.int64)
    if not len(customers):
        return total, {}
    (names, codes), rows = group(customers, currencies)
    by_pair = sums(rows, amounts, len(names))
    converted, _ = exchange.convert(by_pair, codes)
    np.add.at(total, [place[name] for name in names], converted)
    by_currency: dict[str, int] = {}
    for code, amount in zip(codes.tolist(), by_pair.tolist(), strict=True):
        by_currency[code] = by_currency.get(code, 0) + amount
    return total, by_currency


def _orders(orders: pa.Table, as_of: dt.date) -> tuple[NDArray[Any], NDArray[Any], Ints]:
    """Return what was ordered by the day and is not invoiced yet."""
    ordered, no_amount = units_column(orders["amount"])
    invoiced, _ = units_column(orders["invoiced_amount"])
    days = np.asarray(orders["order_date"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    rest = np.maximum(ordered - invoiced, 0)
    take = ~no_amount & (rest > 0) & ~(days > np.datetime64(as_of, "D"))
    texts = [np.array([value or "" for value in orders[key].to_pylist()], dtype=object)[take] for key in ("customer_id", "currency")]
    return texts[0], texts[1], rest[take]


def _limits(table: pa.Table, row_of: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the credit limits in 1/10000 of the report currency, NaN where none is set."""
    units, null = units_column(table["credit_limit"])
    values = np.append(np.where(null, np.nan, units.astype(np.float64)), np.nan)  # -1, a customer without a row, takes the last
    return values[row_of]
