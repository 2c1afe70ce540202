"""How balances rolled from bucket to bucket: the ledger as it stood every thirty days back, and the loss rates that follow.

Buckets are thirty days long and are looked at every thirty days, so that an item of 1-30 days is in 31-60 at the next look unless it was
settled. The last look counts 91-120 days only: what is older was there before and did not roll.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.provision import lost, rolled
from workbook.book import CreditBook
from workbook.questions.balances import BUCKETS, PARTS, balances
from workbook.questions.columns import coded, texts, whole
from workbook.questions.spans import rolling_looks
from workbook.questions.today import LIMITS
from workbook.reports.common import Exchange, Ints, Mask
from xladdin.errors import CellError

Numbers = NDArray[np.float64]
#: IFRS 9 illustrative example 12, company M: current, 1-30, 31-60, 61-90, more than 90 days
EXAMPLE_RATES: Final = (0.003, 0.016, 0.036, 0.066, 0.106)


@dataclass(frozen=True, slots=True)
class Rates:
    """Loss rates of the buckets, and how they were found; `rolls` is None with `why` where history does not tell."""

    loss: Numbers
    rolls: Numbers | None
    why: str = ""


def loss_rates_of(book: CreditBook, as_of: dt.date, exchange: Exchange, without: list[str], loss_given_default: float) -> Rates:
    """Find the loss rates of the buckets from the ledger's own last year, at today's exchange rates, without some customers."""
    then = balances_by_look(book, as_of, exchange, without)
    try:
        rolls = rolled(then)
    except CellError as error:
        return Rates(np.array(EXAMPLE_RATES), None, str(error))
    return Rates(lost(rolls, loss_given_default), rolls)


def balances_by_look(book: CreditBook, as_of: dt.date, exchange: Exchange, without: list[str]) -> Numbers:
    """Return the balances of items by look (oldest first) and bucket: not due, 1-30, 31-60, 61-90, 91-120 days."""
    then = then_of(book, exchange, as_of, rolling_looks(as_of))
    left_out = pc.is_in(then.table["customer_id"], value_set=pa.array(without, pa.string()))
    mine = ~np.asarray(left_out.to_numpy(zero_copy_only=False), dtype=np.bool_)
    made = [then.by_look(key, mine) for key in BUCKETS[: len(LIMITS) + 2]]
    return np.maximum(np.stack(made, axis=1), 0.0)


@dataclass(frozen=True, slots=True)
class Then:
    """Balances of several days by customer and currency; `look` is the number of the day."""

    table: pa.Table
    look: Ints
    count: int  # of days
    exchange: Exchange

    def units(self, keys: Sequence[str]) -> Ints:
        """Return whole amounts in each row's currency, summed over some columns."""
        return np.asarray(sum((whole(self.table, key) for key in keys), np.zeros(self.table.num_rows, dtype=np.int64)))

    def rates(self) -> Numbers:
        """Return the rate of each row's currency; 0 where it is not known."""
        codes, rows = coded(self.table, "currency")
        return np.array([self.exchange.rate(code) or 0.0 for code in codes], dtype=np.float64)[rows] if codes else np.zeros(0)

    def by_look(self, key: str, chosen: Mask) -> Numbers:
        """Sum by day in the report currency, not rounded: exactly by currency first, so that the order of the ledger does not matter."""
        codes, rows = coded(self.table, "currency")
        total = np.zeros((self.count, max(len(codes), 1)), dtype=np.int64)
        np.add.at(total, (self.look, rows), np.where(chosen, whole(self.table, key), 0))
        rates = np.array([self.exchange.rate(code) or 0.0 for code in codes] or [0.0], dtype=np.float64)
        made: Numbers = (total * rates).sum(axis=1)
        return made

    def worth_by_look(self) -> dict[str, Ints]:
        """Sum by day and part in the report currency, cents and all as the other reports show them."""
        parts = np.stack([whole(self.table, f"worth_{key}") for key in PARTS], axis=1)
        codes = texts(self.table, "currency")
        missed = self.exchange.convert(self.units(PARTS), codes)[0] - parts.sum(axis=1)
        # to the largest item, as `workbook.reports.worth` has it
        parts[np.arange(len(parts)), whole(self.table, "largest_bucket")] += missed
        total = np.zeros((self.count, len(PARTS)), dtype=np.int64)
        np.add.at(total, self.look, parts)
        return {key: total[:, number] for number, key in enumerate(PARTS)}


def then_of(book: CreditBook, exchange: Exchange, as_of: dt.date, looks: Sequence[dt.date]) -> Then:
    """Return the ledger as it stood on several days until the day."""
    parts = balances(book, exchange, as_of, looks)
    look = np.repeat(np.arange(len(looks)), [part.num_rows for part in parts])
    return Then(pa.concat_tables(parts), look, len(looks), exchange)
