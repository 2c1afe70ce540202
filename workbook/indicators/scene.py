"""What happened, as events of customers by number: payments, invoices, orders, disputes, promises, and balances on several days.

Amounts are in the report currency at the rates of the day; a currency without a rate counts as 0 and is told in Data problems.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.indicators.metrics import WINDOWS
from workbook.reports.common import Exchange
from workbook.reports.exposure import Exposures
from workbook.reports.insurance_cover import Cover, covers
from workbook.reports.payment_conduct import settlements
from workbook.reports.promise_register import BROKEN, RUNNING, gather, judge
from workbook.reports.rolling import Then, items_by_look
from workbook.reports.scores_limits import scored_file, with_failed
from workbook.settings import Settings
from workbook.units import units_column

Numbers = NDArray[np.float64]
Dates = NDArray[np.datetime64]
#: the change of an indicator is that over so many days
BACK: Final = 30


@dataclass(frozen=True, slots=True)
class Events:
    """Things that happened to customers: `who` is the customer's number, `worth` an amount in the report currency."""

    who: NDArray[np.int64]
    day: Dates
    worth: Numbers
    more: dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the indicators are worked out from."""

    as_of: np.datetime64
    count: int
    cover: Cover
    payments: Events  # more: due, made
    invoices: Events  # more: due
    credits: Events
    orders: Events  # more: rest
    disputes: Events  # more: open_until
    promises: Events  # more: broken, running
    looks: Dates
    then: Then
    holder: NDArray[np.int64]  # the customer's number of each row of `then`
    worth: Numbers  # of each row of `then`
    file: dict[str, NDArray[Any]]
    score: Numbers
    chance: Numbers
    statement_rate: Numbers  # report currency for one of the statement items' currency; NaN where not known

    @property
    def found(self) -> Exposures:
        """Exposure and limits."""
        return self.cover.found


def looks_of(as_of: dt.date) -> list[dt.date]:
    """Return the days whose balances are needed, rising: today and a month ago, each with all windows before it."""
    return sorted({as_of - dt.timedelta(days=start + back) for start in (0, BACK) for back in (0, *WINDOWS)})


def scene_of(book: CreditBook, settings: Settings, as_of: dt.date) -> Scene:
    """Collect the events of all customers of the ledger, the orders and the sheet Customers."""
    cover = covers(book, settings, as_of)
    found = cover.found
    ledger = book.tables["ledger"]
    ledger = ledger.filter(pc.fill_null(ledger["usable"], fill_value=False))
    ledger = ledger.filter(pc.fill_null(pc.less_equal(ledger["document_date"], as_of), fill_value=False))
    place = pa.array(found.customers, pa.string())
    looks = looks_of(as_of)
    then = items_by_look(book.tables["ledger"], looks)
    file, score, chance = scored_file(book, found, as_of)
    chance = with_failed(chance, book, found)
    file = file | _more_of_file(book, found)
    return Scene(
        np.datetime64(as_of, "D"),
        len(found.customers),
        cover,
        _payments(ledger, place, found.exchange),
        _documents(ledger.filter(pc.equal(ledger["document_type"], "invoice")), place, found.exchange),
        _documents(ledger.filter(pc.equal(ledger["document_type"], "credit note")), place, found.exchange),
        _orders(book.tables["orders"], place, found.exchange, as_of),
        _disputes(ledger, place, found.exchange, as_of),
        _promises(book, settings, place, found.exchange, as_of),
        np.array(looks, dtype="datetime64[D]"),
        then,
        np.asarray(pc.index_in(pa.array(then.customers, pa.string()), place), dtype=np.int64),
        then.worth(found.exchange) / 10_000,
        file,
        score,
        chance,
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
    return Events(rows[keep], day[keep], worth[keep], {key: values[keep] for key, values in more.items()})


def _days(column: Any) -> Dates:
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype="datetime64[D]")


def _payments(ledger: pa.Table, place: pa.Array, exchange: Exchange) -> Events:
    made = settlements(ledger)
    events = _events(made.who, place, made.paid, _worth(made.amount, made.currency, exchange), due=made.due, made=made.made)
    dated = ~np.isnat(events.more["due"])
    order = np.flatnonzero(dated)[np.argsort(events.more["due"][dated], kind="stable")]
    return Events(events.who[order], events.day[order], events.worth[order], {key: values[order] for key, values in events.more.items()})


def _documents(rows: pa.Table, place: pa.Array, exchange: Exchange) -> Events:
    units, _ = units_column(rows["amount"])
    worth = np.abs(_worth(units, rows["currency"], exchange))
    return _events(rows["customer_id"], place, _days(rows["document_date"]), worth, due=_days(rows["due_date"]))


def _orders(orders: pa.Table, place: pa.Array, exchange: Exchange, as_of: dt.date) -> Events:
    orders = orders.filter(pc.fill_null(pc.less_equal(orders["order_date"], as_of), fill_value=False))
    units, _ = units_column(orders["amount"])
    invoiced, _ = units_column(orders["invoiced_amount"])
    rest = _worth(np.maximum(units - invoiced, 0), orders["currency"], exchange)
    return _events(orders["customer_id"], place, _days(orders["order_date"]), _worth(units, orders["currency"], exchange), rest=rest)


def _disputes(ledger: pa.Table, place: pa.Array, exchange: Exchange, as_of: dt.date) -> Events:
    """Documents in dispute: by the day it began, else the document's."""
    rows = ledger.filter(pc.greater(pc.fill_null(ledger["disputed_amount"], 0), 0))
    units, _ = units_column(rows["disputed_amount"])
    began = pc.coalesce(rows["dispute_date"], rows["document_date"])
    settled = pc.fill_null(pc.less_equal(rows["settled_date"], as_of), fill_value=False)
    ended = pc.if_else(settled, rows["settled_date"], pa.scalar(dt.date(9999, 12, 31)))
    return _events(rows["customer_id"], place, _days(began), _worth(units, rows["currency"], exchange), open_until=_days(ended))


def _promises(book: CreditBook, settings: Settings, place: pa.Array, exchange: Exchange, as_of: dt.date) -> Events:
    """Promises of the register, by the day they fall due."""
    made, _ = gather(book, settings, as_of)
    judged = judge(book, made, settings, as_of)
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


def number_of(who: NDArray[np.int64], count: int) -> Numbers:
    """Count events by customer."""
    return np.bincount(who, minlength=count).astype(np.float64)


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
