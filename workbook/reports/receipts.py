"""Expected receipts: open items cut into what is promised, disputed, lost or expected, each part placed in a week.

What a customer owes in one currency with one due date is one part; a promise is one of its own. The parts and the unapplied amounts
add up to the ledger.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.due_dates import shown
from workbook.questions.balances import open_then
from workbook.questions.columns import coded, dates, flags, numbered, texts, whole
from workbook.questions.paid import paid_since, payments_late
from workbook.questions.spans import forecast_look
from workbook.questions.today import open_by_due_date, promised_items
from workbook.reports.common import Ints
from workbook.reports.default_rule import gone
from workbook.reports.exposure import Exposures, exposures
from workbook.reports.lateness import NONE, History, days_late, history_of
from workbook.reports.promise_register import RUNNING, gather, judge
from workbook.reports.worth import part_worth
from workbook.settings import Settings

Dates = NDArray[np.datetime64]
WEEKS: Final = 13  # a quarter
#: places after the weeks
LATER, UNKNOWN, DISPUTED, INSOLVENT, UNAPPLIED = range(WEEKS, WEEKS + 5)
PLACES: Final = WEEKS + 5
#: columns of `place` and `day`: by half of the payments, by a quarter (early), by three quarters (cautious)
SHARES: Final = (0.5, 0.25, 0.75)
EXPECTED, EARLY, CAUTIOUS = range(3)


@dataclass(frozen=True, slots=True)
class Promised:
    """What is promised on items, and for when; `free` and `rest`: what is not disputed of each, and its worth."""

    customers: NDArray[Any]
    currency: NDArray[Any]
    documents: NDArray[Any]
    instalments: list[int | None]
    due: Dates
    free: Ints
    rest: Ints
    units: Ints
    worth: Ints
    day: Dates


@dataclass(frozen=True, slots=True)
class Receipts:
    """Parts of open items: whose, in which currency, due when, how much (1/10000), placed where and on which day for each of SHARES."""

    found: Exposures
    history: History
    promises: Promised
    who: Ints
    currency: NDArray[Any]
    due: Dates
    units: Ints
    number: Ints  # of items
    worth: Ints  # in 1/10000 of the report currency: the parts of an item add up to what it is worth on the other reports
    place: Ints  # parts x 3
    day: Dates  # parts x 3; NaT where no day is expected
    basis: Ints  # of lateness: own history, all customers', none
    promised: NDArray[np.bool_]


_last: list[Any] = []  # the newest answer: the forecast and the stress test ask for the same


def receipts_of(book: CreditBook, settings: Settings, as_of: dt.date) -> Receipts:
    """Work out when the open items will be paid; the newest answer is kept."""
    if not (_last and _last[0] is book.tables and _last[1:3] == [settings, as_of]):
        _last[:] = [book.tables, settings, as_of, _receipts(book, settings, as_of)]
    made: Receipts = _last[3]
    return made


def late_history(book: CreditBook, customers: list[str], as_of: dt.date, key: str = "now") -> History:
    """Collect how late the payments of the year to the day were; with `then` as key, those of the year to the day of the test."""
    paid = payments_late(book, as_of, forecast_look(as_of))
    who, number = numbered(paid, "customer_id", customers), whole(paid, key)
    keep = (who >= 0) & (number > 0)
    return history_of(who[keep], whole(paid, "late")[keep], number[keep])


def _receipts(book: CreditBook, settings: Settings, as_of: dt.date) -> Receipts:
    found = exposures(book, settings, as_of)
    history = late_history(book, found.customers, as_of)
    broke = gone(book, found)
    promises = _promised(book, settings, found, broke, as_of)
    items = open_by_due_date(book, found.exchange, as_of)
    who, applied = numbered(items, "customer_id", found.customers), flags(items, "item")
    currency, due = texts(items, "currency"), dates(items, "due")
    place = {key: number for number, key in enumerate(found.customers)}
    theirs = np.array([place[key] for key in promises.customers.tolist()], dtype=np.int64)
    free, rest, number = _less(items, who, promises, theirs)
    state = np.where(~applied, UNAPPLIED, np.where(broke[who], INSOLVENT, -1)) if len(who) else who
    disputed, contested, disputed_number = (whole(items, key) * applied for key in ("disputed", "contested", "disputed_number"))
    plain, against = np.flatnonzero(number), np.flatnonzero(disputed_number)
    ones = np.ones(len(theirs), dtype=np.int64)
    parts = [
        (who[plain], currency[plain], due[plain], free[plain], rest[plain], number[plain], state[plain], False),
        (theirs, promises.currency, promises.due, promises.units, promises.worth, ones, -ones, True),
        (
            who[against], currency[against], due[against], disputed[against], contested[against], disputed_number[against],
            np.where(broke[who[against]], INSOLVENT, DISPUTED), False,
        ),
    ]  # fmt: skip
    whose, codes, dues, units, worth, number, kind = (np.concatenate([part[column] for part in parts]) for column in range(7))
    is_promised = np.concatenate([np.full(len(part[0]), part[7]) for part in parts])
    promised_on = np.full(len(whose), np.datetime64("NaT", "D"))
    promised_on[is_promised] = promises.day
    day, basis = expected_days(history, whose, dues, promised_on, as_of)
    day[(kind >= 0) | (np.isnat(shown(dues)) & ~is_promised)] = np.datetime64("NaT", "D")
    put = np.where(np.isnat(day), np.where(kind >= 0, kind, UNKNOWN)[:, None], place_of(day, np.datetime64(as_of, "D")))
    return Receipts(found, history, promises, whose, codes, dues, units, number, worth, put, day, basis, is_promised)


def expected_days(history: History, who: Ints, due: Dates, promised_on: Dates, as_of: dt.date) -> tuple[Dates, Ints]:
    """Return for each part and share the day on which it is expected, NaT where nothing tells, and what the last one is based on."""
    today = np.datetime64(as_of, "D")
    made = np.full((len(who), len(SHARES)), np.datetime64("NaT", "D"))
    basis = np.full(len(who), NONE)
    promised = ~np.isnat(promised_on)
    for column, share in enumerate(SHARES):
        days, basis = days_late(history, who, (today - due).astype(np.int64), share)
        by_habit = np.where(basis == NONE, np.datetime64("NaT", "D"), due + days)
        made[:, column] = np.where(promised, np.maximum(promised_on, today + 1), by_habit)
    return made, basis


def place_of(days: Dates, today: np.datetime64) -> Ints:
    """Return the number of the week a day lies in, 0 for the seven days from tomorrow; LATER after the last."""
    weeks = (days - today - np.timedelta64(1, "D")).astype(np.int64) // 7
    return np.clip(weeks, 0, LATER)


def _less(items: pa.Table, who: Ints, promises: Promised, theirs: Ints) -> tuple[Ints, Ints, Ints]:
    """Take what is promised out of the sums by customer, currency and due date: amount, worth, and how many items still have a rest."""
    free, rest, number = (whole(items, key).copy() for key in ("free", "rest", "number"))
    if not len(theirs):
        return free, rest, number
    codes, rows = coded(items, "currency")
    due = dates(items, "due").astype(np.int64)
    own = np.array([codes.index(code) for code in promises.currency.tolist()], dtype=np.int64)

    def key(whose: Ints, code: Ints, day: Ints) -> Ints:
        return ((whose * len(codes) + code) << 24) + day + (1 << 23)

    keys = np.where(flags(items, "item"), key(who, rows, due), -1)
    order = np.argsort(keys, kind="stable")
    at = order[np.searchsorted(keys[order], key(theirs, own, promises.due.astype(np.int64)))]
    np.subtract.at(free, at, promises.units)
    np.subtract.at(rest, at, promises.worth)
    np.subtract.at(number, at, ((promises.free == promises.units) & (promises.rest == promises.worth)).astype(np.int64))
    return free, rest, number


def _promised(book: CreditBook, settings: Settings, found: Exposures, broke: NDArray[np.bool_], as_of: dt.date) -> Promised:
    """Return what is promised on items, where the promise still runs and the customer is not insolvent."""
    made, _ = gather(book, settings, as_of)
    judged = judge(made, settings, as_of)
    running = np.flatnonzero((judged.state == RUNNING) & made.current)
    items = promised_items(book, found.exchange, as_of, made.documents[running].tolist())
    customers, currency, documents = (texts(items, key) for key in ("customer_id", "currency", "document_no"))
    parts = items["instalment"].to_pylist()
    place: dict[tuple[Any, ...], int] = {}
    for row, key in enumerate(zip(customers.tolist(), currency.tolist(), documents.tolist(), parts, strict=True)):
        place.setdefault(key, row)
    names = zip(*(column[running].tolist() for column in (made.customers, made.currencies, made.documents, made.instalments)), strict=True)
    left = {place.get(key, -1): at for key, at in zip(names, running.tolist(), strict=True)}  # of two promises on one item the later stands
    rows = np.array([row for row in left if row >= 0], dtype=np.int64)
    at = np.array([left[row] for row in rows.tolist()], dtype=np.int64)
    opened, worth = whole(items, "open")[rows], whole(items, "worth")[rows]
    free, rest = opened - whole(items, "disputed")[rows], worth - whole(items, "contested")[rows]
    units = np.clip(np.maximum(made.promised[at] - judged.paid[at], 0), 0, np.maximum(free, 0))
    promised = np.minimum(part_worth(found.exchange, units, opened, worth, currency[rows]), np.maximum(rest, 0))
    gone = {customer for customer, one in zip(found.customers, broke.tolist(), strict=True) if one}
    keep = (units > 0) & np.array([customer not in gone for customer in customers[rows].tolist()], dtype=np.bool_)
    rows, at = rows[keep], at[keep]
    return Promised(
        customers[rows], currency[rows], documents[rows], [parts[row] for row in rows.tolist()], dates(items, "due")[rows],
        free[keep], rest[keep], units[keep], promised[keep], made.days[at],
    )  # fmt: skip


def by_place(made: Receipts, column: int, chosen: NDArray[np.bool_] | None = None) -> Ints:
    """Sum the parts, or some of them, by place in the report currency."""
    total = np.zeros(PLACES, dtype=np.int64)
    mine = slice(None) if chosen is None else chosen
    np.add.at(total, made.place[mine, column], made.worth[mine])
    return total


def last_weeks(book: CreditBook, settings: Settings, as_of: dt.date) -> tuple[float, float]:
    """Return what a forecast four weeks ago would have expected until today, and what came of the documents of then.

    In 1/10000 of the report currency. Nothing that was learned later goes into the forecast but today's exchange rates.
    """
    start = forecast_look(as_of)
    found = exposures(book, settings, as_of)
    history = late_history(book, found.customers, as_of, "then")
    then = open_then(book, as_of, start)
    today, due = np.datetime64(start, "D"), dates(then, "due_date")
    who = numbered(then, "customer_id", found.customers)
    days, basis = days_late(history, who, (today - due).astype(np.int64), SHARES[EXPECTED])
    comes = (basis != NONE) & (due + days <= np.datetime64(as_of, "D"))

    def worth(table: pa.Table, key: str, chosen: Any) -> float:
        codes, rows = coded(table, "currency")
        units = np.zeros(len(codes), dtype=np.int64)
        np.add.at(units, rows[chosen], whole(table, key)[chosen])
        return float(sum(amount * (found.exchange.rate(code) or 0.0) for code, amount in zip(codes, units.tolist(), strict=True)))

    return worth(then, "open", comes), worth(paid_since(book, as_of, start), "amount", slice(None))
