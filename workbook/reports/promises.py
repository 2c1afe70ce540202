"""Promises: what customers promised to pay and when, whether they did, and which deadlines end before the day they named.

A promise stands in the ledger or is typed into the list Escalation. Once seen it stays in the register for a year, with what was
open when it was noted, so that a promise that moved from week to week shows as one kept, one broken and one replaced.
What is paid after that and by the promise date and its days of grace counts for it; a credit note counts as paid. A promise found
for the first time counts payments from the due date on, as the ledger does not say on which day it was given.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.due_dates import shown
from workbook.reports.clocks import clocks_before
from workbook.reports.common import Exchange, Ints, Items, amount_text, as_of_words, customer_names, group, sums
from workbook.reports.promise_register import BROKEN, KEPT, REPLACED, RUNNING, STATES, WITHDRAWN, Promises, gather, items_under, judge
from workbook.reports.register_columns import register_columns
from workbook.reports.register_words import say
from workbook.settings import Settings
from workbook.sheet import Block, Column, ColumnKind, Invariant, Sheet
from xladdin.registry import report

_WIDTHS: Final[dict[str, tuple[ColumnKind, int]]] = {
    "document_no": ("text", 15), "instalment": ("integer", 6), "promise_date": ("date", 12), "customer_id": ("text", 12),
    "name": ("text", 30), "currency": ("text", 10), "due_date": ("date", 12),
    "promise_state": ("text", 12), "promise_days": ("integer", 11),
    "promised_amount": ("amount", 15), "paid_in_time": ("amount", 15), "promise_missing": ("amount", 15), "open_amount": ("amount", 15),
    "broken_before": ("integer", 12), "beyond_clocks": ("text", 44), "noted_on": ("date", 12), "open_then": ("amount", 15),
}  # fmt: skip
_ORDER: Final = (BROKEN, RUNNING, REPLACED, WITHDRAWN, KEPT)


def columns(settings: Settings) -> tuple[Column, ...]:
    """Return the columns of the register; the last ones belong to the analyst."""
    return register_columns(_WIDTHS, settings.language, ("document_no", "instalment"), ("promise_state", "promised_amount"))


@report(
    key="promises",
    sheet="Promises",
    label="Promises",
    label_zh="付款承诺",
    help="Promises to pay: running, kept or broken, promised against paid, and the deadlines that end before the promise date.",
    help_zh="付款承诺：进行中、已兑现或未兑现，承诺与实付，以及承诺日前届满的期限。",
    columns=columns,
    order=11,
)
def make(book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """List the promises of the last twelve months, broken ones first."""
    language, today = settings.language, np.datetime64(as_of, "D")
    promises, odd = gather(book, settings, as_of)
    judged = judge(promises, settings, as_of)
    customers, currencies = promises.customers, promises.currencies
    late = (today - promises.days).astype(np.int64)
    items = items_under(book, promises, as_of)
    broken = _broken_before(promises, judged.state)
    data: dict[str, Any] = {
        "document_no": promises.documents,
        "instalment": promises.instalments,
        "promise_date": promises.days,
        "customer_id": customers,
        "name": np.asarray(customer_names(book, customers, language), dtype=object),
        "currency": currencies,
        "due_date": shown(promises.due),
        "promise_state": np.array([say(f"promise_{state}", language) for state in judged.state], dtype=object),
        "promise_days": np.array(
            [int(day) if state in (RUNNING, BROKEN) else None for day, state in zip(late, judged.state, strict=True)], dtype=object
        ),
        "promised_amount": promises.promised,
        "paid_in_time": judged.paid,
        "promise_missing": judged.missing,
        "open_amount": judged.open,
        "broken_before": np.array([int(count) or None for count in broken], dtype=object),
        "beyond_clocks": _beyond(book, promises, judged.state, items, settings),
        "noted_on": promises.noted,
        "open_then": promises.open_then,
    }
    rank = np.array([_ORDER.index(state) for state in judged.state], dtype=np.int64)
    rank[(judged.state == BROKEN) & (judged.open == 0)] = _ORDER.index(WITHDRAWN)  # paid since: nothing is left to be done
    order = np.lexsort((data["document_no"].astype(str), -promises.promised, promises.days, rank))
    data = {key: values[order] for key, values in data.items()}
    states = judged.state[order]
    exchange = Exchange(book, settings, as_of)
    totals = _totals(data, settings)
    facts = _facts(data, states, exchange, settings)
    return Sheet(
        report="promises",
        name="Promises",
        title=say("promises_title", language),
        subtitle=as_of_words(settings, as_of, len(states), "unit_promises"),
        columns=columns(settings),
        data=data,
        key_columns=("document_no", "instalment", "promise_date"),
        totals=list(totals.values()),
        total_keys=totals,
        codes={"promise_state": states.tolist()},
        facts=facts,
        notes=[*_not_understood(odd, language), *(finding.message for finding in exchange.problems)],
        invariants=_invariants(promises, judged.open, items, settings),
        blocks=[_by_customer(data, states, settings)] if len(states) else [],
        problems=exchange.problems,
    )


def _broken_before(promises: Promises, state: NDArray[np.object_]) -> Ints:
    """Count, beside each promise, the broken promises of its customer in the register."""
    if not len(state):
        return np.zeros(0, dtype=np.int64)
    (names,), rows = group(promises.customers)
    return np.bincount(rows[state == BROKEN], minlength=len(names))[rows]


def _beyond(book: CreditBook, promises: Promises, state: NDArray[np.object_], items: Items, settings: Settings) -> NDArray[np.object_]:
    """Name the deadlines that end before the day of a promise that still matters: one running or broken."""
    made = np.full(len(state), "", dtype=object)
    place = {row: number for number, row in enumerate(items.table["row"].to_pylist())}
    at = np.array([place.get(row, -1) for row in promises.rows.tolist()], dtype=np.int64)
    matters = np.flatnonzero((at >= 0) & np.isin(state.astype(str), (RUNNING, BROKEN)))
    if len(matters):
        mine = Items(items.table.take(at[matters]), items.control)
        made[matters] = clocks_before(book, mine, promises.days[matters], settings)
    return made


def _not_understood(odd: list[Any], language: str) -> list[str]:
    """Say which cells of Escalation hold no promise; its own refresh lists them among the data problems."""
    return [say("promise_not_understood", language, value=str(cell)[:40]) for cell in dict.fromkeys(odd)]


def _totals(data: dict[str, Any], settings: Settings) -> dict[str, dict[str, Any]]:
    totals: dict[str, dict[str, Any]] = {}
    for currency in sorted(set(data["currency"].tolist())):
        mine = data["currency"] == currency
        totals[currency] = {
            "document_no": say("total", settings.language, currency=currency),
            "currency": currency,
            **{key: int(data[key][mine].sum()) for key in ("promised_amount", "paid_in_time", "promise_missing")},
        }
    return totals


def _facts(data: dict[str, Any], states: NDArray[np.object_], exchange: Exchange, settings: Settings) -> list[tuple[str, str]]:
    language, facts = settings.language, []
    converted, _ = exchange.convert(data["promised_amount"], data["currency"])
    for state in (BROKEN, RUNNING, KEPT):
        mine = states == state
        text = f"{int(mine.sum()):,} · {amount_text(int(converted[mine].sum()), settings.report_currency)}"
        facts.append((say(f"promise_{state}", language).capitalize(), text))
    return facts


def _invariants(promises: Promises, opened: Ints, items: Items, settings: Settings) -> list[Invariant]:
    """Check what is open under the promises, worked out day by day, against the open items of the day, each document once."""
    by_row = dict(zip(items.table["row"].to_pylist(), zip(items.money("open").tolist(), items.applied.tolist(), strict=True), strict=True))
    mine: dict[str, int] = {}
    ledger: dict[str, int] = {}
    seen: set[int] = set()
    for row, currency, amount in zip(promises.rows.tolist(), promises.currencies.tolist(), opened.tolist(), strict=True):
        if row >= 0 and row not in seen:
            seen.add(row)
            mine[currency] = mine.get(currency, 0) + amount
            here, applied = by_row.get(row, (0, True))
            ledger[currency] = ledger.get(currency, 0) + (here if applied else 0)
    return [Invariant(say("check_promises", settings.language), currency, mine[currency], ledger[currency]) for currency in sorted(mine)]


def _by_customer(data: dict[str, Any], states: NDArray[np.object_], settings: Settings) -> Block:
    """Sum the register by customer and currency: whose word can be relied on."""
    language = settings.language
    (customers, currencies), rows = group(data["customer_id"], data["currency"])
    count = len(customers)
    promised = {state: sums(rows[states == state], data["promised_amount"][states == state], count) for state in STATES}
    ended = promised[KEPT] + promised[BROKEN]
    share = np.where(ended > 0, promised[KEPT] / np.maximum(ended, 1), np.nan)
    names = dict(zip(data["customer_id"].tolist(), data["name"].tolist(), strict=True))
    order = np.lexsort((customers.astype(str), -promised[RUNNING], -promised[BROKEN]))
    number = np.bincount(rows, minlength=count)
    return Block(
        say("promises_by_customer", language),
        (
            Column("customer_id", say("customer_id", language), "text", 15, "key"),
            Column("items", say("items", language), "integer"),
            Column("share", say("promises_kept_share", language), "rate"),
            Column("currency", say("currency", language), "text"),
            Column("name", say("name", language), "text", 30),
            *(Column(f"blank{index}", "", "text") for index in range(4)),
            *(Column(state, say(f"promise_{state}", language), "amount") for state in (BROKEN, RUNNING, KEPT)),
        ),
        {
            "customer_id": customers[order],
            "items": number[order],
            "share": [None if np.isnan(one) else float(one) for one in share[order]],
            "currency": currencies[order],
            "name": [names[customer] for customer in customers[order]],
            **{f"blank{index}": [""] * count for index in range(4)},
            **{state: promised[state][order] for state in (BROKEN, RUNNING, KEPT)},
        },
    )
