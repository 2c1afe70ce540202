"""Expected receipts: open items cut into what is promised, disputed, lost or expected, each part placed in a week.

The parts of all items and the unapplied amounts add up to the ledger.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.reports.common import Ints, Items
from workbook.reports.exposure import Exposures, exposures
from workbook.reports.lateness import NONE, History, days_late, history_of
from workbook.reports.payment_conduct import settlements
from workbook.reports.promise_register import RUNNING, gather, judge
from workbook.reports.rolling import items_by_look
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
HISTORY_DAYS: Final = 365
PLAIN, PROMISE = 0, 1


@dataclass(frozen=True, slots=True)
class Receipts:
    """Parts of open items: whose, in which currency, how much (1/10000), where placed and on which day for each of SHARES."""

    found: Exposures
    items: Items
    row: Ints  # of `items`
    who: Ints
    currency: NDArray[np.object_]
    units: Ints
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


def late_history(ledger: pa.Table, customers: list[str], as_of: dt.date) -> History:
    """Collect how late the payments of the last year were, up to a day."""
    made = settlements(ledger.filter(pc.fill_null(ledger["usable"], fill_value=False)))
    today = np.datetime64(as_of, "D")
    who = np.asarray(pc.fill_null(pc.index_in(made.who, pa.array(customers, pa.string())), -1), dtype=np.int64)
    keep = (who >= 0) & ~np.isnat(made.due) & (made.paid <= today) & (made.paid > today - np.timedelta64(HISTORY_DAYS, "D"))
    return history_of(who[keep], (made.paid[keep] - made.due[keep]).astype(np.int64))


def _receipts(book: CreditBook, settings: Settings, as_of: dt.date) -> Receipts:
    found = exposures(book, settings, as_of)
    items, who = found.items, found.who
    history = late_history(book.tables["ledger"], found.customers, as_of)
    today = np.datetime64(as_of, "D")
    opened, applied = items.money("open"), items.applied
    disputed = np.where(applied, np.minimum(items.money("disputed"), np.maximum(opened, 0)), 0)
    promised, promised_on = _promised(book, settings, items, as_of)
    status = np.append(np.array([text or "" for text in book.tables["customers"]["status"].to_pylist()], dtype=object), "")
    broke = (status[found.row_of] == "insolvent")[who] if len(who) else np.zeros(0, dtype=np.bool_)
    promised = np.where(applied & ~broke, np.clip(promised, 0, np.maximum(opened - disputed, 0)), 0)
    rest = opened - disputed - promised
    promised_worth = part_worth(found.exchange, promised, opened, found.worth, items.texts("currency"))
    promised_worth = np.minimum(promised_worth, np.maximum(found.worth - found.contested, 0))
    rest_worth = found.worth - found.contested - promised_worth

    rows, units, worths, kinds, promises = [], [], [], [], []
    for amount, worth, kind, is_promise in (
        (rest, rest_worth, None, False), (promised, promised_worth, None, True), (disputed, found.contested, DISPUTED, False),
    ):  # fmt: skip
        mine = np.flatnonzero((amount != 0) | (worth != 0))
        rows.append(mine)
        units.append(amount[mine])
        worths.append(worth[mine])
        kinds.append(np.where(~applied[mine], UNAPPLIED, np.where(broke[mine], INSOLVENT, -1 if kind is None else kind)))
        promises.append(np.full(len(mine), is_promise))
    row, kind_of, is_promised = np.concatenate(rows), np.concatenate(kinds), np.concatenate(promises)
    due = items.dates("due_date")[row]
    # an item without a due date is taken as due on its document's day
    due = np.where(np.isnat(due), items.dates("document_date")[row], due)
    behind = np.where(np.isnat(due), 0, (today - due).astype(np.int64))
    day = np.full((len(row), len(SHARES)), np.datetime64("NaT", "D"))
    put = np.repeat(kind_of[:, None], len(SHARES), axis=1)
    open_ = kind_of < 0
    basis = np.full(len(row), NONE)
    for column, share in enumerate(SHARES):
        days, basis = days_late(history, who[row], behind, share)
        expected = np.where(is_promised, np.maximum(promised_on[row], today + 1), due + days)
        known = is_promised | (basis != NONE)
        day[:, column] = np.where(open_ & known, expected, np.datetime64("NaT", "D"))
        put[:, column] = np.where(open_, np.where(known, place_of(expected, today), UNKNOWN), put[:, column])
    currency, amounts = items.texts("currency")[row], np.concatenate(units)
    return Receipts(found, items, row, who[row], currency, amounts, np.concatenate(worths), put, day, basis, is_promised)


def place_of(days: Dates, today: np.datetime64) -> Ints:
    """Return the number of the week a day lies in, 0 for the seven days from tomorrow; LATER after the last."""
    weeks = (days - today - np.timedelta64(1, "D")).astype(np.int64) // 7
    return np.clip(weeks, 0, LATER)


def _promised(book: CreditBook, settings: Settings, items: Items, as_of: dt.date) -> tuple[Ints, Dates]:
    """Return what is promised on each item and for when, where the promise still runs."""
    amount = np.zeros(items.table.num_rows, dtype=np.int64)
    day = np.full(items.table.num_rows, np.datetime64("NaT", "D"))
    made, _ = gather(book, settings, as_of)
    if not len(made.rows) or not len(amount):
        return amount, day
    judged = judge(book, made, settings, as_of)
    running = (judged.state == RUNNING) & made.current
    numbers = np.asarray(items.table["row"].fill_null(-1).to_numpy(), dtype=np.int64)
    own = np.flatnonzero(items.applied)
    place = dict(zip(numbers[own].tolist(), own.tolist(), strict=True))
    for at in np.flatnonzero(running).tolist():
        row = place.get(int(made.rows[at]))
        if row is not None:
            amount[row] = max(int(made.promised[at]) - int(judged.paid[at]), 0)
            day[row] = made.days[at]
    return amount, day


def by_place(made: Receipts, column: int, chosen: NDArray[np.bool_] | None = None) -> Ints:
    """Sum the parts, or some of them, by place in the report currency."""
    total = np.zeros(PLACES, dtype=np.int64)
    mine = slice(None) if chosen is None else chosen
    np.add.at(total, made.place[mine, column], made.worth[mine])
    return total


def last_weeks(book: CreditBook, settings: Settings, as_of: dt.date, weeks: int) -> tuple[float, float]:
    """Return what a forecast some weeks ago would have expected until today, and what came of the documents of then.

    In 1/10000 of the report currency. Nothing that was learned later goes into the forecast but today's exchange rates.
    """
    start = as_of - dt.timedelta(days=7 * weeks)
    found, ledger = exposures(book, settings, as_of), book.tables["ledger"]
    history = late_history(ledger, found.customers, start)
    then = items_by_look(ledger, [start])
    then = then.take(then.applied & ~np.isnat(then.due))
    place = {key: number for number, key in enumerate(found.customers)}
    who = np.array([place.get(key, 0) for key in then.customers.tolist()], dtype=np.int64)
    today = np.datetime64(start, "D")
    days, basis = days_late(history, who, (today - then.due).astype(np.int64), SHARES[EXPECTED])
    comes = (basis != NONE) & (then.due + days <= np.datetime64(as_of, "D"))
    expected = float(then.worth(found.exchange)[comes].sum())
    paid = settlements(ledger.filter(pc.fill_null(ledger["usable"], fill_value=False)))
    mine = (paid.paid > today) & (paid.paid <= np.datetime64(as_of, "D")) & (paid.made <= today)
    codes = np.asarray(pc.fill_null(paid.currency.filter(pa.array(mine)), "").to_pylist(), dtype=object)
    rates = {code: found.exchange.rate(code) or 0.0 for code in set(codes.tolist())}
    came = float((paid.amount[mine] * np.array([rates[code] for code in codes.tolist()])).sum()) if mine.any() else 0.0
    return expected, came
