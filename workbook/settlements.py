"""When what lowered an item came: each payment and credit note of an open item, or of one that was paid late, with its day.

How much of what came belongs to an item is what the open items say; which days those amounts have follows from the order in which a
document is filled: its payments by date, its instalments by due date.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.stretches import Reductions
from workbook.book import CreditBook
from workbook.questions.given import given, late_paid
from workbook.reports.common import Items, group

Ints = NDArray[np.int64]
_ACCOUNT: Final = ("customer_id", "currency", "document_no")


@dataclass(frozen=True, slots=True)
class PaidLate:
    """Instalments of invoices that are paid in full, the last of it after the due date; `came` says when."""

    items: Items
    came: Reductions
    paid_on: NDArray[np.datetime64]


def reductions_of(book: CreditBook, items: Items, as_of: dt.date) -> Reductions:
    """Return what came in on open items by the day, by their rows; sums to what the open items call settled, paid and credited."""
    settled, paid, credited = items.money("settled"), items.money("paid"), items.money("credited")
    parts = [_on_their_rows(items, settled)]
    lowered = np.flatnonzero((paid > 0) | (credited > 0))
    if len(lowered):
        names = items.texts("document_no")
        came = given(book, as_of, set(names[lowered].tolist()))
        mine = Items(items.table.take(pa.array(lowered)), {})
        for price, wanted in ((False, paid), (True, credited)):
            events = came.filter(came["price"] if price else pc.invert(came["price"]))
            groups, event_groups = _accounts(mine, events)
            order = _filling(mine, groups)
            taken, amounts = _netted(events, event_groups)
            need = wanted[lowered][order]
            # what came beyond that filled instalments which are not open any more: they were filled first
            count = int(max(groups.max(initial=-1), event_groups.max(initial=-1))) + 1
            total, asked = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
            np.add.at(total, event_groups[taken], amounts)
            np.add.at(asked, groups[order], need)
            before = np.maximum(total - asked, 0)
            of_event, of_item, amount = match_in_order(event_groups[taken], amounts, groups[order], need, before)
            days = np.asarray(events["day"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")[taken]
            parts.append(Reductions(lowered[order[of_item]], days[of_event], amount, np.full(len(amount), price)))
    return joined(parts)


def of_cash(everything: Items) -> Reductions:
    """Return what unapplied amounts settle of the oldest items of their account, by the rows of `everything`, each on its own day."""
    _, account = group(everything.texts("customer_id"), everything.texts("currency"))
    opened, applied = everything.money("open"), everything.applied
    sides = []
    for side, dates in ((applied, everything.dates("due_date")), (~applied & (opened < 0), everything.dates("document_date"))):
        order = np.flatnonzero(side)[np.lexsort((dates[side], account[side]))]
        sides.append(order)
    items, cash = sides
    of_cash_, of_item, amount = match_in_order(account[cash], np.abs(opened[cash]), account[items], opened[items])
    days = everything.dates("document_date")[cash]
    return Reductions(items[of_item], days[of_cash_], amount, np.zeros(len(amount), dtype=np.bool_))


def paid_late(book: CreditBook, as_of: dt.date) -> PaidLate:
    """Return what was paid in full by the day, but later than due. Raises TooMany where a ledger elsewhere has more than are brought."""
    charges = Items(late_paid(book, as_of), {})
    came = given(book, as_of, set(charges.texts("document_no").tolist()))
    groups, event_groups = _accounts(charges, came)
    order = _filling(charges, groups)
    amounts = charges.money("amount")
    settled = np.minimum(charges.money("settled"), amounts)
    parts, left = [_on_their_rows(charges, settled)], np.maximum(amounts - settled, 0)
    price = np.asarray(came["price"].to_numpy(zero_copy_only=False), dtype=np.bool_)
    days = np.asarray(came["day"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    for kind in (False, True):
        rows = np.flatnonzero(price == kind)
        taken, given_ = _netted(came.take(pa.array(rows)), event_groups[rows])
        taken = rows[taken]
        of_event, of_item, amount = match_in_order(event_groups[taken], given_, groups[order], left[order])
        parts.append(Reductions(order[of_item], days[taken[of_event]], amount, np.full(len(amount), kind)))
        np.subtract.at(left, order[of_item], amount)
    everything = joined(parts)
    last = charges.dates("due_date").copy()
    np.maximum.at(last, everything.item, everything.day)
    late = (left == 0) & (amounts > 0) & (last > charges.dates("due_date"))
    return PaidLate(charges.take(late), chosen(everything, late), last[late])


def match_in_order(
    groups: Ints, amounts: Ints, wanting: Ints, wanted: Ints, skip: Ints | None = None
) -> tuple[Ints, Ints, Ints]:
    """Let amounts fill what is wanted, group by group, each in its order: (row of the amount, row of the want, how much).

    `groups`, `wanting`: the group of each row; `skip`: by group, what of the amounts goes elsewhere before. Nothing is below 0.
    """
    first, start, end = _laid(groups, amounts, None)
    second, begin, stop = _laid(wanting, wanted, skip)
    at = np.concatenate([start, end, begin, stop])
    of = np.concatenate([groups[first], groups[first], wanting[second], wanting[second]])
    opens = np.zeros((2, len(at)), dtype=np.int64)
    opens[0, : len(start)] = 1
    opens[1, 2 * len(start) : 2 * len(start) + len(begin)] = 1
    order = np.lexsort((at, of))
    at, of = at[order], of[order]
    one, other = (np.cumsum(opens[side][order]) - 1 for side in (0, 1))  # the last of each that has begun
    length = np.r_[np.diff(at), 0]
    inside = (length > 0) & np.r_[of[1:] == of[:-1], np.zeros(min(len(of), 1), dtype=np.bool_)] & (one >= 0) & (other >= 0)
    rows = np.flatnonzero(inside)
    a, b = one[rows], other[rows]
    here = of[rows]
    if len(rows):
        fits = (groups[first][a] == here) & (wanting[second][b] == here) & (at[rows] < end[a]) & (at[rows] < stop[b])
        rows, a, b = rows[fits], a[fits], b[fits]
    return first[a], second[b], length[rows]


def _laid(groups: Ints, amounts: Ints, skip: Ints | None) -> tuple[Ints, Ints, Ints]:
    """Lay amounts of a group one after the other: their rows, where each begins and ends."""
    rows: Ints = np.flatnonzero(amounts > 0).astype(np.int64)
    rows = rows[np.argsort(groups[rows], kind="stable")]
    mine, size = groups[rows], amounts[rows]
    running = np.cumsum(size) - size
    starts = np.r_[True, mine[1:] != mine[:-1]] if len(mine) else np.zeros(0, dtype=np.bool_)
    base = running[starts][np.cumsum(starts) - 1] if len(mine) else running
    begin: Ints = running - base
    if skip is not None:
        begin = begin + skip[mine]
    return rows, begin, begin + size


def joined(parts: list[Reductions]) -> Reductions:
    """Put reductions of the same items together."""
    return Reductions(
        np.concatenate([one.item for one in parts]), np.concatenate([one.day for one in parts]),
        np.concatenate([one.amount for one in parts]), np.concatenate([one.price for one in parts]),
    )  # fmt: skip


def chosen(came: Reductions, keep: NDArray[np.bool_]) -> Reductions:
    """Keep what came in on some items, by their rows among those that are kept."""
    mine = keep[came.item]
    rows = np.cumsum(keep) - 1
    return Reductions(rows[came.item[mine]], came.day[mine], came.amount[mine], came.price[mine])


def _on_their_rows(items: Items, settled: Ints) -> Reductions:
    """Return what is settled on the items' own rows: on its day, else when the item was due."""
    rows = np.flatnonzero(settled > 0)
    day, due = items.dates("settled_date")[rows], items.dates("due_date")[rows]
    return Reductions(rows, np.where(np.isnat(day), due, day), settled[rows], np.zeros(len(rows), dtype=np.bool_))


def _accounts(items: Items, events: pa.Table) -> tuple[Ints, Ints]:
    """Give each document a number, in the same way for items and for what refers to them."""
    came = Items(events, {})
    _, codes = group(*(np.concatenate([items.texts(key), came.texts(key)]) for key in _ACCOUNT))
    return codes[: items.table.num_rows], codes[items.table.num_rows :]


def _filling(items: Items, groups: Ints) -> Ints:
    """Order instalments as payments fill them: by due date, then number."""
    parts = np.asarray(items.table["instalment"].fill_null(-1).to_numpy(), dtype=np.int64)
    rows = np.asarray(items.table["row"].fill_null(0).to_numpy(), dtype=np.int64)
    order: Ints = np.lexsort((rows, parts, items.dates("due_date"), groups))
    return order


def _netted(events: pa.Table, groups: Ints) -> tuple[Ints, Ints]:
    """Take reversals (amounts below 0) back from the latest amount before them, or from those that follow: (rows, amounts)."""
    amounts = np.asarray(events["amount"].to_numpy(), dtype=np.int64).copy()
    for code in np.unique(groups[amounts < 0]).tolist():
        rows = np.flatnonzero(groups == code)
        for row, left in zip(rows.tolist(), _without_reversals(amounts[rows].tolist()), strict=True):
            amounts[row] = left
    kept = np.flatnonzero(amounts > 0)
    return kept, amounts[kept]


def _without_reversals(amounts: list[int]) -> list[int]:
    """Return what is left of each amount, in their order."""
    left: list[int] = [0] * len(amounts)
    stack: list[int] = []
    owed = 0
    for row, amount in enumerate(amounts):
        owed -= min(amount, 0)
        if amount > 0:
            left[row] = amount
            stack.append(row)
        while owed and stack:
            last = stack[-1]
            taken = min(owed, left[last])
            left[last] -= taken
            owed -= taken
            if not left[last]:
                stack.pop()
    return left

