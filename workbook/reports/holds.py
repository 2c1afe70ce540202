"""Whom to deliver nothing more on credit: every rule that holds a customer, with its numbers; exclusions and grace days from Settings.

The rules are those of ordinary credit management (Microsoft Dynamics 365 Finance, credit management, blocking rules: days overdue,
account status, terms of payment, credit limit expired, overdue amount, sales order, credit limit used), and the house rule that a
new customer passes three verifications first. A rule whose setting is 0 is off.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from workbook.book import CreditBook
from workbook.findings import Finding
from workbook.questions.columns import dates
from workbook.questions.today import longest_terms, oldest_late
from workbook.reports.common import Exchange
from workbook.reports.exposure import Exposures
from workbook.reports.register_words import say
from workbook.reports.verifications import Verified, open_words
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE
from workbook.units import units_column

#: a customer with one of these states gets no more goods on credit, whatever it owes
STOPPED: Final = ("hold", "insolvent", "written off")
#: the rules, in the order in which reasons are given; exclusions name them by these words
RULES: Final = ("status", "gate", "late", "overdue", "share", "limit", "expired", "order", "terms")
#: invoices of this many days back show which terms a customer gets now
RECENT: Final = 90
_MOST: Final = 1 << 52  # of 1/10000: larger than any amount of a ledger
_BETWEEN: Final = re.compile(r"[,;，；、\n]+")


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason to hold a customer: the rule and its words."""

    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Holds:
    """The reasons of each customer; what would have held one that is excluded; exclusions that name nothing."""

    reasons: list[list[Hold]]
    excluded: list[list[Hold]]
    problems: list[Finding]


def holds(book: CreditBook, found: Exposures, verified: Verified, new: NDArray[np.bool_], settings: Settings, as_of: dt.date) -> Holds:
    """Apply every rule to every customer."""
    table = book.tables["customers"]
    states = _texts(table, "status", found.row_of)
    late = _late(book, found, settings, as_of)
    orders = _largest_orders(book, found, as_of)
    terms = _terms(book, found, settings, as_of)
    expired = _expired(table, found, settings, as_of)
    free, problems = _exclusions(found, table, settings)
    reasons: list[list[Hold]] = []
    excluded: list[list[Hold]] = []
    for row, state in enumerate(states):
        made = [
            *_status(state, settings),
            *(_gate(verified, row, settings) if new[row] else []),
            *_overdue(found, row, int(late[row]), settings),
            *_limit(found, row, settings),
            *(expired[row]),
            *_order(orders[row], settings),
            *terms[row],
        ]
        skip = free[row]
        reasons.append([hold for hold in made if hold.rule not in skip])
        excluded.append([hold for hold in made if hold.rule in skip])
    return Holds(reasons, excluded, problems)


def _status(state: str, settings: Settings) -> list[Hold]:
    return [Hold("status", say(f"hold_{state}", settings.language))] if state in STOPPED else []


def _gate(verified: Verified, row: int, settings: Settings) -> list[Hold]:
    words = open_words(verified, row, settings)
    separator = "、" if settings.language == "zh" else ", "
    return [Hold("gate", say("hold_gate", settings.language, what=separator.join(words)))] if words else []


def _late(book: CreditBook, found: Exposures, settings: Settings, as_of: dt.date) -> NDArray[np.int64]:
    """Return the days past due of each customer's oldest item that is not disputed in full and not too small to matter."""
    smallest = {code: _least(found.exchange, code, round(settings.hold_smallest * MONEY_SCALE)) for code in found.ledger}
    late = oldest_late(book, as_of, smallest)
    oldest = np.zeros(len(found.customers), dtype=np.int64)
    rows = pc.index_in(late["customer_id"], pa.array(found.customers, pa.string()))
    oldest[np.asarray(rows, dtype=np.int64)] = (np.datetime64(as_of, "D") - dates(late, "oldest")).astype(np.int64)
    return oldest


def _least(exchange: Exchange, currency: str, worth: int) -> int:
    """Find the smallest amount of a currency that is worth so much after conversion; 0 where its rate is not known."""
    if worth <= 0 or exchange.rate(currency) is None:
        return 0
    below, enough = 0, _MOST
    while enough - below > 1:
        middle = (below + enough) // 2
        converted, _ = exchange.convert(np.array([middle]), np.array([currency], dtype=object))
        below, enough = (below, middle) if converted[0] >= worth else (middle, enough)
    return enough


def _overdue(found: Exposures, row: int, days: int, settings: Settings) -> list[Hold]:
    """Hold for days past due, for the amount overdue, and for its share of the limit."""
    language, made = settings.language, []
    if days > settings.hold_days + settings.hold_grace:
        texts = {"days": f"{days:,}", "limit": f"{settings.hold_days:,}", "grace": f"{settings.hold_grace:,}"}
        made.append(Hold("late", say("hold_late_grace" if settings.hold_grace else "hold_late", language, **texts)))
    overdue = int(found.overdue[row])
    if settings.hold_overdue_amount and overdue > settings.hold_overdue_amount * MONEY_SCALE:
        texts = {"amount": _amount(overdue, settings), "limit": f"{settings.hold_overdue_amount:,.0f}"}
        made.append(Hold("overdue", say("hold_overdue", language, **texts)))
    limit = found.effective[row]
    if settings.hold_overdue_share and np.isfinite(limit) and limit > 0 and overdue > settings.hold_overdue_share * limit:
        texts = {"share": f"{overdue / limit:.0%}", "limit": f"{settings.hold_overdue_share:.0%}"}
        made.append(Hold("share", say("hold_share", language, **texts)))
    return made


def _limit(found: Exposures, row: int, settings: Settings) -> list[Hold]:
    room = found.headroom[row]
    if room < 0:
        return [Hold("limit", say("hold_over", settings.language, amount=_amount(-room, settings)))]
    if found.exposure[row] > 0 and found.effective[row] == 0:
        return [Hold("limit", say("hold_none", settings.language))]
    return []


def _expired(table: pa.Table, found: Exposures, settings: Settings, as_of: dt.date) -> list[list[Hold]]:
    """Hold customers whose limit ran out, with the days of grace."""
    until = np.asarray(table["limit_until"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    ends = np.append(until, np.datetime64("NaT", "D"))[found.row_of]
    over = np.asarray((ends + np.timedelta64(settings.hold_grace, "D")) < np.datetime64(as_of, "D"))
    pairs = zip(ends.tolist(), over.tolist(), strict=True)
    return [[Hold("expired", say("hold_expired", settings.language, date=end))] if gone else [] for end, gone in pairs]


def _largest_orders(book: CreditBook, found: Exposures, as_of: dt.date) -> list[tuple[str, int]]:
    """Return each customer's largest order not invoiced yet, in the report currency."""
    orders = book.tables["orders"]
    ordered, blank = units_column(orders["amount"])
    invoiced, _ = units_column(orders["invoiced_amount"])
    days = np.asarray(orders["order_date"].to_numpy(zero_copy_only=False), dtype="datetime64[D]")
    take = ~blank & (ordered > invoiced) & ~(days > np.datetime64(as_of, "D"))
    currencies = np.array([text or "" for text in orders["currency"].to_pylist()], dtype=object)
    worth, _ = found.exchange.convert(np.maximum(ordered - invoiced, 0), currencies)
    largest: dict[str, tuple[int, str]] = {}
    customers, numbers = orders["customer_id"].to_pylist(), orders["order_no"].to_pylist()
    for row in np.flatnonzero(take).tolist():
        largest[customers[row]] = max(largest.get(customers[row], (0, "")), (int(worth[row]), numbers[row] or ""))
    return [(number, amount) for amount, number in (largest.get(customer, (0, "")) for customer in found.customers)]


def _order(order: tuple[str, int], settings: Settings) -> list[Hold]:
    number, amount = order
    if not settings.hold_order_amount or amount <= settings.hold_order_amount * MONEY_SCALE:
        return []
    texts = {"order": number, "amount": _amount(amount, settings), "limit": f"{settings.hold_order_amount:,.0f}"}
    return [Hold("order", say("hold_order", settings.language, **texts))]


def _terms(book: CreditBook, found: Exposures, settings: Settings, as_of: dt.date) -> list[list[Hold]]:
    """Hold customers whose newest invoices have longer terms than the contract they refer to; instalments have dates of their own."""
    agreed = {row["contract_no"]: row["credit_days"] for row in book.tables["contracts"].to_pylist() if row["credit_days"] is not None}
    worst: dict[str, tuple[int, int, str]] = {}
    given = longest_terms(book, as_of, RECENT)
    for customer, number, longest in zip(*(given[key].to_pylist() for key in ("customer_id", "contract_no", "days")), strict=True):
        days = agreed.get(number)
        if days is not None and longest > days + settings.hold_terms_days:
            worst[customer] = max(worst.get(customer, (0, 0, "")), (longest, int(days), number))
    held = {
        name: [Hold("terms", say("hold_terms", settings.language, days=given_, agreed=agreed_, contract=number))]
        for name, (given_, agreed_, number) in worst.items()
    }
    return [held.get(name, []) for name in found.customers]


def _exclusions(found: Exposures, table: pa.Table, settings: Settings) -> tuple[list[frozenset[str]], list[Finding]]:
    """Read the exclusions: a customer or segment, alone or after a rule and a colon; answers the rules that pass each customer by."""
    segments = _texts(table, "segment", found.row_of)
    places: dict[str, list[int]] = {}
    for row, (customer, segment) in enumerate(zip(found.customers, segments, strict=True)):
        for name in {customer.casefold(), segment.casefold()} - {""}:
            places.setdefault(name, []).append(row)
    free: list[set[str]] = [set() for _ in found.customers]
    problems: list[Finding] = []
    for text in filter(None, (part.strip() for part in _BETWEEN.split(settings.hold_excluded))):
        rule, colon, name = text.partition(":")
        name = (name if colon else rule).strip()
        # an insolvent or stopped customer is held whatever the exclusions say, unless the rule itself is named
        rules = (rule.strip().casefold(),) if colon else tuple(one for one in RULES if one != "status")
        rows = places.get(name.casefold(), [])
        if not rows or not set(rules) <= set(RULES):
            message = say("hold_excludes_nothing", settings.language, text=text, rules=", ".join(RULES))
            problems.append(Finding("settings", 0, "hold_excluded", message, text, "warning"))
            continue
        for row in rows:
            free[row].update(rules)
    return [frozenset(one) for one in free], problems


def hold_counts(found: Exposures, made: Sequence[Sequence[Hold]]) -> dict[str, tuple[int, int]]:
    """Count, by rule, the customers it holds and their exposure."""
    counts: dict[str, tuple[int, int]] = {}
    for exposure, reasons in zip(found.exposure.tolist(), made, strict=True):
        for rule in {hold.rule for hold in reasons}:
            number, amount = counts.get(rule, (0, 0))
            counts[rule] = (number + 1, amount + exposure)
    return {rule: counts[rule] for rule in RULES if rule in counts}


def _amount(units: Any, settings: Settings) -> str:
    return f"{units / MONEY_SCALE:,.0f} {settings.report_currency}"


def _texts(table: pa.Table, key: str, row_of: NDArray[np.int64]) -> list[str]:
    values = table[key].to_pylist()
    return [(values[row] or "") if row >= 0 else "" for row in row_of.tolist()]
