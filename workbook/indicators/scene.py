"""What happened, as events of customers by number: payments, invoices, orders, disputes, promises, and balances on several days.

Payments, invoices and disputes come summed by customer, currency and span: a span lies in the same windows and months as each of its
days (`workbook.questions.spans`), so one event stands for all of them, on its last day. Amounts are in the report currency at the rates
of the day; a currency without a rate counts as 0 and is told in Data problems.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.questions.columns import coded, dates, flags, numbered, numbers, whole
from workbook.questions.paid import latest_payments, payments
from workbook.questions.spans import ends, window_looks
from workbook.questions.traded import disputes, sales
from workbook.reports.common import Exchange
from workbook.reports.default_rule import Defaults, defaults_of, with_default
from workbook.reports.exposure import Exposures
from workbook.reports.insurance_cover import Cover, covers
from workbook.reports.promise_register import BROKEN, RUNNING, gather, judge
from workbook.reports.rolling import Then, then_of
from workbook.reports.scores_limits import scored_file
from workbook.settings import Settings
from workbook.units import units_column

Numbers = NDArray[np.float64]
Dates = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Events:
    """Things that happened to customers: `who` is the customer's number, `number` how many, `worth` an amount in the report currency."""

    who: NDArray[np.int64]
    day: Dates
    number: Numbers
    worth: Numbers
    more: dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the indicators are worked out from."""

    as_of: np.datetime64
    count: int
    cover: Cover
    payments: Events  # more: sums of days late and of days to pay, counts, the last day
    latest: pa.Table  # each customer's last payments one by one, for their trend
    invoices: Events  # more: terms, the largest, the last day
    credits: Events
    orders: Events  # more: rest
    disputes: Events  # more: those open today and a month ago
    promises: Events  # more: broken, running
    looks: Dates
    then: Then
    holder: NDArray[np.int64]  # the customer's number of each row of `then`, -1 for one that has nothing to do with us any more
    rates: Numbers  # of each row of `then`
    file: dict[str, NDArray[Any]]
    score: Numbers
    chance: Numbers
    defaults: Defaults
    statement_rate: Numbers  # report currency for one of the statement items' currency; NaN where not known

    @property
    def found(self) -> Exposures:
        """Exposure and limits."""
        return self.cover.found


def scene_of(book: CreditBook, settings: Settings, as_of: dt.date) -> Scene:
    """Collect the events of all customers of the ledger, the orders and the sheet Customers."""
    cover = covers(book, settings, as_of)
    found = cover.found
    looks = window_looks(as_of)
    then = then_of(book, found.exchange, as_of, looks)
    place = pa.array(found.customers, pa.string())
    file, score, chance = scored_file(book, found, as_of)
    defaults = defaults_of(book, found, settings, as_of)
    chance = with_default(chance, defaults)
    file = file | _more_of_file(book, found)
    return Scene(
        np.datetime64(as_of, "D"),
        len(found.customers),
        cover,
        _payments(book, found, as_of),
        latest_payments(book, as_of),
        _sales(book, found, as_of, billed=True),
        _sales(book, found, as_of, billed=False),
        _orders(book.tables["orders"], place, found.exchange, as_of),
        _disputes(book, found, as_of),
        _promises(book, settings, place, found.exchange, as_of),
        np.array(looks, dtype="datetime64[D]"),
        then,
        numbered(then.table, "customer_id", found.customers),
        then.rates() / 10_000,
        file,
        score,
        chance,
        defaults,
        _statement_rate(book, cover, settings),
    )


def _more_of_file(book: CreditBook, found: Exposures) -> dict[str, NDArray[Any]]:
    """Return what the sheet Customers knows and no scorecard asks for."""
    table = book.tables["customers"]
    units, null = units_column(table["sales"])
    sales = np.append(np.where(null, np.nan, units / 10_000), np.nan)
    until = np.append(_days(table["limit_until"]), np.datetime64("NaT", "D"))
    return {"sales": sales[found.row_of], "limit_until": until[found.row_of]}


def _statement_rate(book: CreditBook, cover: Cover, settings: Settings) -> Numbers:
    """Return the rate of each customer's statement items; a blank currency is the report currency."""
    codes = [code or settings.report_currency for code in book.tables["customers"]["statement_currency"].to_pylist()]
    rates = {code: cover.found.exchange.rate(code) for code in set(codes)}
    return np.array([rates[code] or np.nan for code in codes] + [np.nan])[cover.found.row_of]


def _worth(units: NDArray[np.int64], currencies: Any, exchange: Exchange) -> Numbers:
    """Convert amounts of 1/10000 units into the report currency, as numbers."""
    encoded = pc.fill_null(currencies.cast(pa.string()), "").dictionary_encode()
    encoded = encoded.combine_chunks() if isinstance(encoded, pa.ChunkedArray) else encoded
    if not len(encoded):
        return np.zeros(0)
    rates = np.array([exchange.rate(code) or 0.0 for code in encoded.dictionary.to_pylist()])
    made: Numbers = units * rates[np.asarray(encoded.indices)] / 10_000
    return made


def _events(customers: Any, place: pa.Array, day: Dates, worth: Numbers, **more: NDArray[Any]) -> Events:
    """Make events, with the customers numbered; what has no known customer or no day is left out."""
    rows = np.asarray(pc.fill_null(pc.index_in(customers.cast(pa.string()), place), -1), dtype=np.int64)
    keep = (rows >= 0) & ~np.isnat(day)
    return Events(rows[keep], day[keep], np.ones(int(keep.sum())), worth[keep], {key: values[keep] for key, values in more.items()})


def _days(column: Any) -> Dates:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype="datetime64[D]")


def _summed(table: pa.Table, found: Exposures, as_of: dt.date, plain: Sequence[str], amounts: Sequence[str], days: Sequence[str]) -> Events:
    """Take an answer by customer, currency and span as events; `amounts` are converted."""
    who = numbered(table, "customer_id", found.customers)
    table, who = table.filter(pa.array(who >= 0)), who[who >= 0]
    codes, rows = coded(table, "currency")
    rates = np.array([found.exchange.rate(code) or 0.0 for code in codes])[rows] / 10_000 if codes else np.zeros(0)
    more: dict[str, NDArray[Any]] = {key: numbers(table, key) for key in plain}
    more |= {key: numbers(table, key) * rates for key in amounts}
    more |= {key: dates(table, key) for key in days}
    number, worth = numbers(table, "number"), numbers(table, "amount") * rates
    return Events(who, ends(as_of, whole(table, "span")), number, worth, more)


def _payments(book: CreditBook, found: Exposures, as_of: dt.date) -> Events:
    plain = ("late", "behind", "square", "most", "over_0", "over_30", "over_60", "taken")
    return _summed(payments(book, as_of), found, as_of, plain, ("behind_amount", "late_amount"), ("last",))


def _sales(book: CreditBook, found: Exposures, as_of: dt.date, *, billed: bool) -> Events:
    sold = sales(book, found.exchange, as_of)
    sold = sold.filter(pa.array(flags(sold, "billed") == billed))
    return _summed(sold, found, as_of, (), ("most", "terms"), ("last",))


def _disputes(book: CreditBook, found: Exposures, as_of: dt.date) -> Events:
    """Documents in dispute: by the day it began, else the document's."""
    plain, amounts = ("open", "open_then"), ("open_amount", "open_then_amount")
    return _summed(disputes(book, as_of), found, as_of, plain, amounts, ("first", "first_then"))


def _orders(orders: pa.Table, place: pa.Array, exchange: Exchange, as_of: dt.date) -> Events:
    orders = orders.filter(pc.fill_null(pc.less_equal(orders["order_date"], as_of), fill_value=False))
    units, _ = units_column(orders["amount"])
    invoiced, _ = units_column(orders["invoiced_amount"])
    rest = _worth(np.maximum(units - invoiced, 0), orders["currency"], exchange)
    return _events(orders["customer_id"], place, _days(orders["order_date"]), _worth(units, orders["currency"], exchange), rest=rest)


def _promises(book: CreditBook, settings: Settings, place: pa.Array, exchange: Exchange, as_of: dt.date) -> Events:
    """Promises of the register, by the day they fall due."""
    made, _ = gather(book, settings, as_of)
    judged = judge(made, settings, as_of)
    worth = _worth(made.promised, pa.array(made.currencies, pa.string()), exchange)
    customers = pa.array(made.customers, pa.string())
    return _events(
        customers, place, made.days.astype("datetime64[D]"), worth, broken=judged.state == BROKEN, running=judged.state == RUNNING
    )


def inside(events: Events, until: np.datetime64, window: int, shift: int = 0) -> NDArray[np.bool_]:
    """Tell which events lie in the last `window` days up to a day, or in so many such windows before."""
    start, end = (until - np.timedelta64(window * number, "D") for number in (shift + 1, shift))
    mask: NDArray[np.bool_] = (events.day > start) & (events.day <= end)
    return mask


def number_of(events: Events, mask: NDArray[np.bool_], count: int) -> Numbers:
    """Count some of the events by customer."""
    return total_of(events.who[mask], events.number[mask], count)


def total_of(who: NDArray[np.int64], amounts: Numbers, count: int) -> Numbers:
    """Sum amounts by customer."""
    return np.bincount(who, weights=amounts, minlength=count).astype(np.float64)


def largest_of(who: NDArray[np.int64], values: Numbers, count: int) -> Numbers:
    """Find the largest value by customer; NaN where there is none."""
    made = np.full(count, np.nan)
    np.fmax.at(made, who, values)
    return made


def ratio(top: Numbers, bottom: Numbers) -> Numbers:
    """Divide; NaN unless the bottom is above zero."""
    made: Numbers = np.divide(top, bottom, out=np.full(len(top), np.nan), where=bottom > 0)
    return made


def sampled(columns: dict[str, Numbers], suffix: str, sample: Numbers, keys: Sequence[str]) -> dict[str, Numbers]:
    """Name columns by their window and give them their number of observations."""
    made = {f"{key}{suffix}": columns[key] for key in keys}
    return made | {f"{key}{suffix}_sample": sample for key in keys}
