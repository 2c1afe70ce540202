"""How balances rolled from bucket to bucket: the ledger as it stood every thirty days back, and the loss rates that follow.

Buckets are thirty days long and are looked at every thirty days, so that an item of 1-30 days is in 31-60 at the next look unless it was
settled. The last look counts 91-120 days only: what is older was there before and did not roll.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.aging import days_overdue, index_of_days
from functions.provision import lost, rolled
from workbook.open_items import read_open_items
from workbook.reports.common import Exchange, Ints, Mask
from workbook.reports.settled import as_it_stood
from workbook.reports.worth import worths
from xladdin.errors import CellError

#: 90 days past due is default unless shown otherwise (IFRS 9 B5.5.37)
LIMITS: Final = (30, 60, 90)
LOOKS: Final = 12  # transitions: a year
STEP: Final = 30
_MARK: Final = "\x1f"  # a unit separator: no customer's number holds one
#: IFRS 9 illustrative example 12, company M: current, 1-30, 31-60, 61-90, more than 90 days
EXAMPLE_RATES: Final = (0.003, 0.016, 0.036, 0.066, 0.106)


@dataclass(frozen=True, slots=True)
class Rates:
    """Loss rates of the buckets, and how they were found; `rolls` is None with `why` where history does not tell."""

    loss: NDArray[np.float64]
    rolls: NDArray[np.float64] | None
    why: str = ""


def loss_rates_of(ledger: pa.Table, as_of: dt.date, exchange: Exchange, without: list[str], loss_given_default: float) -> Rates:
    """Find the loss rates of the buckets from the ledger's own last year, at today's exchange rates, without some customers."""
    balances = balances_by_look(ledger, as_of, exchange, without)
    try:
        rolls = rolled(balances)
    except CellError as error:
        return Rates(np.array(EXAMPLE_RATES), None, str(error))
    return Rates(lost(rolls, loss_given_default), rolls)


def balances_by_look(ledger: pa.Table, as_of: dt.date, exchange: Exchange, without: list[str]) -> NDArray[np.float64]:
    """Return the balances of items by look (oldest first) and bucket: not due, 1-30, 31-60, 61-90, 91-120 days."""
    if without:
        ledger = ledger.filter(pc.invert(pc.is_in(pc.fill_null(ledger["customer_id"], ""), value_set=pa.array(without, pa.string()))))
    looks = [as_of - dt.timedelta(days=STEP * number) for number in range(LOOKS, -1, -1)]
    balances = np.zeros((len(looks), len(LIMITS) + 2))
    then = items_by_look(ledger, looks)
    items = then.take(then.applied)
    bucket = index_of_days(days_overdue(items.due, np.array(looks, dtype="datetime64[D]")[items.look]), (*LIMITS, LIMITS[-1] + STEP))
    amounts = items.worth(exchange)
    young = bucket < balances.shape[1]
    np.add.at(balances, (items.look[young], bucket[young]), amounts[young])
    return np.maximum(balances, 0.0)


@dataclass(frozen=True, slots=True)
class Then:
    """Open items and unapplied amounts of several days as columns; `look` is the number of the day, `opened` in 1/10000 units."""

    look: NDArray[np.int64]
    customers: NDArray[np.object_]
    currencies: NDArray[np.object_]
    due: NDArray[np.datetime64]
    opened: Ints
    applied: Mask

    def take(self, mask: Mask) -> Then:
        """Keep some rows."""
        return Then(*(getattr(self, one.name)[mask] for one in fields(self)))

    def exact_worth(self, exchange: Exchange) -> Ints:
        """Return the amounts in the report currency as the other reports show them, cents and all."""
        return worths(exchange, self.opened, self.due, self.currencies, self.look, self.customers)

    def worth(self, exchange: Exchange) -> NDArray[np.float64]:
        """Return the amounts in the report currency, not rounded; 0 where its rate is not known."""
        codes, rows = np.unique(self.currencies.astype(str), return_inverse=True)
        rates = np.array([exchange.rate(code) or 0.0 for code in codes.tolist()], dtype=np.float64)
        worth: NDArray[np.float64] = self.opened * rates[rows]
        return worth


def items_by_look(ledger: pa.Table, looks: list[dt.date]) -> Then:
    """Ask for the open items of several days, rising. Each day is an account of its own in one ledger: one question answers all."""
    usable = ledger.filter(ledger["usable"])
    parts = [usable.slice(0, 0)]
    for number, day in enumerate(looks):
        then = as_it_stood(usable, pa.scalar(day, pa.date32()))
        customers = pc.fill_null(then["customer_id"].cast(pa.string()), "")
        marked = pc.binary_join_element_wise(pa.scalar(str(number)), customers, _MARK)
        parts.append(then.set_column(then.schema.get_field_index("customer_id"), "customer_id", marked.cast(then["customer_id"].type)))
    items, _ = read_open_items(pa.concat_tables(parts), looks[-1])
    named = pc.split_pattern(items["customer_id"], _MARK, max_splits=1)
    look, customers = (pc.list_element(named, number).to_pylist() if items.num_rows else [] for number in (0, 1))
    return Then(
        np.asarray(look, dtype=object).astype(np.int64),
        np.asarray(customers, dtype=object),
        np.asarray(items["currency"].fill_null("").to_pylist(), dtype=object),
        np.asarray(items["due_date"].to_numpy(zero_copy_only=False), dtype="datetime64[D]"),
        np.asarray(items["open"].fill_null(0).to_numpy(), dtype=np.int64),
        np.asarray(pc.equal(items["kind"], "item").to_numpy(zero_copy_only=False), dtype=np.bool_),
    )
