"""How balances rolled from bucket to bucket: the ledger as it stood every thirty days back, and the loss rates that follow.

Buckets are thirty days long and are looked at every thirty days, so that an item of 1-30 days is in 31-60 at the next look unless it was
settled. The last look counts 91-120 days only: what is older was there before and did not roll.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.aging import days_overdue, index_of_days
from functions.provision import lost, rolled
from workbook.open_items import read_open_items
from workbook.reports.common import Exchange, group
from workbook.reports.settled import as_it_stood
from xladdin.errors import CellError

#: 90 days past due is default unless shown otherwise (IFRS 9 B5.5.37)
LIMITS: Final = (30, 60, 90)
LOOKS: Final = 12  # transitions: a year
STEP: Final = 30
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
    usable = ledger.filter(ledger["usable"])
    if without:
        usable = usable.filter(pc.invert(pc.is_in(pc.fill_null(usable["customer_id"], ""), value_set=pa.array(without, pa.string()))))
    looks = [as_of - dt.timedelta(days=STEP * number) for number in range(LOOKS, -1, -1)]
    balances = np.zeros((len(looks), len(LIMITS) + 2))
    if not usable.num_rows:
        return balances
    # each look is an account of its own in one ledger, so that one question answers all: asking thirteen times takes longer
    parts = []
    for number, day in enumerate(looks):
        then = as_it_stood(usable, pa.scalar(day, pa.date32()))
        marked = pc.binary_join_element_wise(pa.scalar(str(number)), pc.fill_null(then["customer_id"].cast(pa.string()), ""), "\x1f")
        parts.append(then.set_column(then.schema.get_field_index("customer_id"), "customer_id", marked.cast(then["customer_id"].type)))
    items, _ = read_open_items(pa.concat_tables(parts), as_of)
    items = items.filter(pc.equal(items["kind"], "item"))
    if not items.num_rows:
        return balances
    look = np.array(pc.list_element(pc.split_pattern(items["customer_id"], "\x1f"), 0).cast(pa.int64()))
    due = np.asarray(items["due_date"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    days = days_overdue(due, np.array(looks, dtype="datetime64[D]")[look])
    bucket = index_of_days(days, (*LIMITS, LIMITS[-1] + STEP))
    (codes,), rows = group(np.asarray(items["currency"].fill_null("").to_pylist(), dtype=object))
    rates = np.array([exchange.rate(code) or 0.0 for code in codes.tolist()])
    amounts = np.asarray(items["open"].fill_null(0).to_numpy(), dtype=np.float64) * rates[rows]
    young = bucket < balances.shape[1]
    np.add.at(balances, (look[young], bucket[young]), amounts[young])
    return np.maximum(balances, 0.0)
