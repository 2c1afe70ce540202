"""The promises themselves: gathered from the ledger, the list Escalation and the register as it stood; and how each ended."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.open_items import fill_due_dates, read_open_items
from workbook.questions.documents import promised_documents
from workbook.reports.common import Ints, Items, items_of
from workbook.reports.register_words import REGISTER_WORDS
from workbook.reports.settled import open_on
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE
from workbook.units import units_column
from workbook.word_keys import states_of

Dates = NDArray[np.datetime64]
Item = tuple[str, int | None]  # document and instalment
Key = tuple[str, int | None, dt.date]
RUNNING, KEPT, BROKEN, REPLACED, WITHDRAWN = STATES = ("running", "kept", "broken", "replaced", "withdrawn")
#: a promise leaves the register a year after its day (house rule: the habit of the last twelve months)
KEPT_DAYS: Final = 365
#: for registers from before the keys stood in the file
_STATE_OF: Final = {text: state for state in STATES for text in REGISTER_WORDS[f"promise_{state}"]}


@dataclass(frozen=True, slots=True)
class Promises:
    """One row per promise; money in 1/10000 units. `rows` are rows of the ledger, -1 where the document is no longer there."""

    rows: NDArray[np.int64]
    documents: NDArray[np.object_]
    instalments: NDArray[np.object_]
    customers: NDArray[np.object_]
    currencies: NDArray[np.object_]
    due: Dates
    days: Dates
    promised: Ints
    open_then: Ints
    noted: Dates
    current: NDArray[np.bool_]  # stands in the ledger or on Escalation today
    before: NDArray[np.object_]  # state in the register as it stood
    ledger: pa.Table  # the part of the ledger that holds their documents


@dataclass(frozen=True, slots=True)
class Judged:
    """How each promise stands on the day."""

    state: NDArray[np.object_]
    paid: Ints  # from the day it was noted to its own day and grace
    missing: Ints
    open: Ints  # on the day


@dataclass(frozen=True, slots=True)
class _Noted:
    """What the register holds of a promise: promised, open when noted, day noted, state."""

    promised: int | None
    open_then: int | None
    noted: dt.date | None
    state: str = ""
    current: bool = True


_NEW: Final = _Noted(None, None, None)


def gather(book: CreditBook, settings: Settings, as_of: dt.date) -> tuple[Promises, list[Any]]:
    """Collect the promises of the last year; also the cells of Escalation that should hold a promise and do not."""
    typed, odd = _typed(book)
    noted = _noted(book, as_of)
    whole = promised_documents(book, as_of, [*(key[0] for key in typed), *(key[0] for key in noted)])
    ledger = fill_due_dates(_invoices(whole, as_of))
    place = {
        (number, part): row
        for row, (number, part) in reversed(
            list(enumerate(zip(_texts(ledger["document_no"]), ledger["instalment"].to_pylist(), strict=True)))
        )
    }
    current = _promised(ledger, place, typed)
    every: dict[Key, _Noted] = {key: one for key, one in noted.items() if key not in current}
    for key, amount in current.items():
        old = noted.get(key, _NEW)
        every[key] = _Noted(amount, old.open_then, old.noted, old.state)
    # a promise that ended over a year ago has said what it has to say, unless it is the one that stands today
    oldest = as_of - dt.timedelta(days=KEPT_DAYS + settings.promise_grace)
    keys = [key for key in every if key[2] >= oldest or every[key].current]
    found = np.array([place.get(key[:2], -1) for key in keys], dtype=np.int64)
    keep = found >= 0  # a document taken out of the ledger takes its promises along: what was typed beside them goes to the archive
    keys, found = [key for key, one in zip(keys, keep.tolist(), strict=True) if one], found[keep]
    mine = ledger.take(found)
    days = np.array([key[2] for key in keys], dtype="datetime64[D]")
    due = np.asarray(mine["due_date"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    rows = np.asarray(mine["row"].to_numpy(), dtype=np.int64)
    ones = [every[key] for key in keys]
    # for a promise not seen before: what was open on the due date, or on the promise's own day where that came first
    made_on = np.asarray(mine["document_date"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    first = np.minimum(np.maximum(np.minimum(due, days), made_on), np.datetime64(as_of, "D"))
    open_then = _filled([one.open_then for one in ones], open_on(whole, rows, first))
    promised = _filled([one.promised for one in ones], open_then)
    return Promises(
        rows,
        np.array([key[0] for key in keys], dtype=object),
        np.array([key[1] for key in keys], dtype=object),
        np.array(_texts(mine["customer_id"]), dtype=object),
        np.array(_texts(mine["currency"]), dtype=object),
        due,
        days,
        promised,
        open_then,
        np.array([one.noted or as_of for one in ones], dtype="datetime64[D]"),
        np.array([one.current for one in ones], dtype=np.bool_),
        np.array([one.state for one in ones], dtype=object),
        whole,
    ), odd


def items_under(book: CreditBook, promises: Promises, as_of: dt.date) -> Items:
    """Return open items of a day, those under the promises among them."""
    return items_of(book, as_of) if book.small else Items(*read_open_items(promises.ledger, as_of))


def judge(promises: Promises, settings: Settings, as_of: dt.date) -> Judged:
    """Say of each promise whether it runs, was kept, broken, replaced by another or withdrawn, and what was paid for it in time."""
    today, ledger = np.datetime64(as_of, "D"), promises.ledger
    until = promises.days + np.timedelta64(settings.promise_grace, "D")
    days = np.concatenate([np.minimum(until, today), np.full(len(until), today)])
    at_end, opened = np.split(open_on(ledger, np.tile(promises.rows, 2), days), 2)
    paid = np.maximum(promises.open_then - at_end, 0)
    kept = (paid >= promises.promised) | (at_end == 0)
    over = until < today
    followed = _followed(promises, until)
    gone = ~promises.current  # one that is gone from where it stood while it ran was taken back, unless another followed
    state = np.select([kept, followed & gone, over, gone], [KEPT, REPLACED, BROKEN, WITHDRAWN], RUNNING).astype(object)
    past = ~promises.current & np.isin(promises.before.astype(str), (REPLACED, WITHDRAWN)) & ~kept
    state[past] = promises.before[past]
    missing = np.where(kept, 0, np.minimum(np.maximum(promises.promised - paid, 0), at_end))
    return Judged(state, paid, missing, opened)


def _followed(promises: Promises, until: Dates) -> NDArray[np.bool_]:
    """Tell which promises gave way, before their time was over, to another for the same item."""
    newest = dict(zip(promises.rows[promises.current].tolist(), promises.noted[promises.current], strict=True))
    never = np.datetime64("9999-12-31", "D")
    return np.array([newest.get(row, never) <= end for row, end in zip(promises.rows.tolist(), until, strict=True)], dtype=np.bool_)


def _invoices(ledger: pa.Table, as_of: dt.date) -> pa.Table:
    """Keep the rows that can be owed: usable, dated by the day, no payments."""
    usable = ledger.filter(ledger["usable"])
    there = pc.and_(pc.less_equal(usable["document_date"], as_of), pc.is_in(usable["document_type"], pa.array(["invoice", "adjustment"])))
    return usable.filter(there)


def _texts(column: Any) -> list[str]:
    return [str(value or "") for value in column.to_pylist()]


def _promised(ledger: pa.Table, place: dict[Item, int], typed: dict[Item, Any]) -> dict[Key, int | None]:
    """Return the promises that stand today, by document, instalment and day: what is typed on Escalation goes before the ledger."""
    days = ledger["promise_date"].to_pylist()
    units, none = units_column(ledger["promise_amount"])
    numbers, parts = _texts(ledger["document_no"]), ledger["instalment"].to_pylist()
    rows = [
        row
        for row in np.flatnonzero(np.asarray(pc.is_valid(ledger["promise_date"]))).tolist()
        if (numbers[row], parts[row]) not in typed
    ]
    made: dict[Key, int | None] = {(numbers[row], parts[row], days[row]): None if none[row] else int(units[row]) for row in rows}
    return made | {(*key, day): amount for key, (day, amount) in typed.items() if key in place}


def _typed(book: CreditBook) -> tuple[dict[Item, tuple[dt.date, int | None]], list[Any]]:
    """Read the promises typed on Escalation; cells that are no dates are returned to be told."""
    before = book.previous.get("escalation", {})
    made: dict[Item, tuple[dt.date, int | None]] = {}
    odd: list[Any] = []
    columns = [before.get(key) for key in ("document_no", "instalment", "promise_date")]
    if any(column is None for column in columns):
        return made, odd
    amounts = before.get("promise_amount") or [None] * len(columns[0] or [])
    for number, part, day, amount in zip(*(column or [] for column in columns), amounts, strict=True):
        if isinstance(day, dt.date):
            made[str(number), _part(part)] = (day, _units(amount))
        elif day not in (None, ""):
            odd.append(day)
    return made, odd


def _noted(book: CreditBook, as_of: dt.date) -> dict[Key, _Noted]:
    """Read the register as it stood; what was noted after the day does not exist yet."""
    before = book.previous.get("promises", {})
    names = ("document_no", "instalment", "promise_date", "promised_amount", "open_then", "noted_on", "promise_state")
    if any(name not in before for name in names):
        return {}
    made: dict[Key, _Noted] = {}
    states = states_of(before, "promise_state", _STATE_OF, dict(zip(STATES, STATES, strict=True)))
    for number, part, day, promised, opened, noted, said in zip(*(before[name] for name in names[:-1]), states, strict=True):
        if number and isinstance(day, dt.date) and isinstance(noted, dt.date) and noted <= as_of:
            made[str(number), _part(part), day] = _Noted(_units(promised), _units(opened), noted, said or "", current=False)
    return made


def _filled(values: list[int | None], other: Ints) -> Ints:
    """Take the other value where one is missing."""
    return np.array([start if value is None else value for value, start in zip(values, other.tolist(), strict=True)], dtype=np.int64)


def _part(cell: Any) -> int | None:
    return int(cell) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else None


def _units(cell: Any) -> int | None:
    return round(cell * MONEY_SCALE) if isinstance(cell, (int, float)) and not isinstance(cell, bool) else None
