"""The demo's ledger: eighteen months of invoices, instalments, payments, credit notes, advances and adjustments.

Amounts are whole cents until they are written. Each customer pays late by a log-normal number of days of its own kind; the
customers that get worse pay a little later every month, and buy by fits and starts in the last half-year.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from workbook.demo.customers import HABITS, TERMS, Customer
from workbook.schema import LEDGER

MONTHS: Final = 18
REASONS: Final = ("quality", "quantity", "price", "delivery", "documents")
SWINGS: Final = (0.3, 2.4, 0.2, 2.8, 0.25, 3.0)  # orders of the last six months against the usual
METHODS: Final = ("T/T", "T/T", "T/T", "O/A", "L/C", "D/P")


@dataclass
class Writer:
    """Rows of the ledger as they are made, and running document numbers."""

    as_of: dt.date
    rows: list[dict[str, Any]] = field(default_factory=list)
    _last: dict[str, int] = field(default_factory=dict)

    def number(self, prefix: str, day: dt.date) -> str:
        """Return the next document number of a kind, such as INV25-00017."""
        key = f"{prefix}{day.year % 100}"
        self._last[key] = self._last.get(key, 0) + 1
        return f"{key}-{self._last[key]:05d}"

    def add(self, kind: str, number: str, one: Customer, day: dt.date, cents: int, **other: Any) -> dict[str, Any]:
        """Add a row and return it."""
        row = {
            "document_no": number, "document_type": kind, "customer_id": one.number, "document_date": day, "currency": one.currency,
            "amount": cents / 100, **other,
        }  # fmt: skip
        self.rows.append(row)
        return row


def month_start(as_of: dt.date, back: int) -> dt.date:
    """Return the first day of the month that lies `back` months before that of the as-of date."""
    months = as_of.year * 12 + as_of.month - 1 - back
    return dt.date(months // 12, months % 12 + 1, 1)


def activity(one: Customer, back: int) -> float:
    """Return how much a customer buys in a month against the usual: those that get worse swing in the last six months."""
    return SWINGS[5 - back] if one.worsening and back < 6 else 1.0


def make_ledger(
    draw: np.random.Generator, customers: list[Customer], contracts: dict[str, str], policies: dict[str, str], as_of: dt.date
) -> Writer:
    """Make the documents of all customers, in the order of their dates. `contracts` and `policies` are numbers by customer."""
    writer = Writer(as_of)
    for back in range(MONTHS - 1, -1, -1):
        start = month_start(as_of, back)
        days = (month_start(as_of, back - 1) - start).days
        for one in customers:
            swing = activity(one, back)
            count = int(max(1, draw.poisson(one.rate))) if one.worsening else int(draw.poisson(one.rate))
            for _ in range(count):
                day = start + dt.timedelta(days=int(draw.integers(days)))
                if day <= as_of:
                    cents = int(one.size * swing * float(np.exp(draw.normal(0.0, 0.45))))
                    _invoice(draw, writer, one, day, max(cents, 5_000), contracts, policies)
            _extras(draw, writer, one, start, as_of)
    _renumber(writer.rows)
    return writer


def _renumber(rows: list[dict[str, Any]]) -> None:
    """Sort by date and number each kind of document in that order, instalments of one invoice alike."""
    rows.sort(key=lambda row: row["document_date"])
    numbers: dict[str, str] = {}
    last: dict[str, int] = {}
    for row in rows:
        old = row["document_no"]
        if old not in numbers:
            series = old.split("-")[0]
            last[series] = last.get(series, 0) + 1
            numbers[old] = f"{series}-{last[series]:05d}"
    for row in rows:
        row["document_no"] = numbers[row["document_no"]]
        if row.get("reference"):
            row["reference"] = numbers[row["reference"]]


def ledger_table(rows: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """Turn rows into the columns of the sheet Ledger."""
    return {field.key: [row.get(field.key) for row in rows] for field in LEDGER.fields}


def _invoice(
    draw: np.random.Generator, writer: Writer, one: Customer, day: dt.date, cents: int, contracts: dict[str, str], policies: dict[str, str],
) -> None:  # fmt: skip
    """Make an invoice, in instalments for some customers, and what the customer did about it."""
    number = writer.number("INV", day)
    common = {
        "terms": one.terms,
        "payment_method": METHODS[draw.integers(len(METHODS))],
        "contract_no": contracts.get(one.number),
        "policy_no": policies.get(one.number) if one.insured else None,
        "retention_of_title": bool(draw.random() < 0.3) if one.country == "CN" else None,
    }
    if one.instalments and cents > 2_000_000:
        part = cents // 3
        parts: list[tuple[int | None, int, int]] = [(1, part, 30), (2, part, 60), (3, cents - 2 * part, 90)]
        common["terms"] = None
    else:
        parts = [(None, cents, _credit_days(one, day))]
    for instalment, amount, days in parts:
        due = day + dt.timedelta(days=days)
        row = writer.add("invoice", number, one, day, amount, instalment=instalment, due_date=due, **common)
        _settle(draw, writer, one, row, due, amount)


def _credit_days(one: Customer, day: dt.date) -> int:
    """Return the days of credit of the customer's terms."""
    if one.terms == "EOM+60":
        following = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
        return (following - dt.timedelta(days=1) - day).days + 60
    return dict(TERMS)[one.terms]


def _lateness(draw: np.random.Generator, one: Customer, day: dt.date, as_of: dt.date) -> int:
    """Return the days after the due date on which the customer pays."""
    _, median, spread, shift = HABITS[one.habit]
    days = median * float(np.exp(draw.normal(0.0, spread))) - shift
    if one.worsening:
        elapsed = MONTHS - (as_of.year * 12 + as_of.month - day.year * 12 - day.month)
        days = 4.5 * elapsed + float(draw.normal(0.0, 5.0))
    return int(days)


def _settle(draw: np.random.Generator, writer: Writer, one: Customer, row: dict[str, Any], due: dt.date, cents: int) -> None:
    """Let the customer claim, pay in full, in parts or not at all; what lies after the as-of date has not happened."""
    day: dt.date = row["document_date"]
    left = cents
    if draw.random() < 0.05:
        noted = day + dt.timedelta(days=int(draw.integers(8, 35)))
        if noted <= writer.as_of:
            credit = int(cents * float(draw.uniform(0.03, 0.15)))
            writer.add("credit note", writer.number("CN", noted), one, noted, credit, reference=row["document_no"])
            left -= credit
    paid_on = max(due + dt.timedelta(days=_lateness(draw, one, day, writer.as_of)), day + dt.timedelta(days=1))
    if paid_on > writer.as_of:
        _unpaid(draw, row, due, left, writer.as_of)
        return
    if one.settles_on_row and row.get("instalment") is None:
        row["settled_date"] = paid_on
        if left < cents or draw.random() < 0.3:
            row["settled_amount"] = left / 100
        return
    if draw.random() < 0.07:  # in two parts, of which the second may still be missing
        part = int(left * float(draw.uniform(0.3, 0.7)))
        writer.add("payment", writer.number("RC", paid_on), one, paid_on, part, reference=row["document_no"])
        left -= part
        paid_on += dt.timedelta(days=int(draw.integers(10, 60)))
        if paid_on > writer.as_of:
            return
    elif draw.random() < 0.04 and left > 10_000:  # the bank kept its charges
        charges = int(draw.integers(1_500, 6_000))
        writer.add("adjustment", writer.number("ADJ", paid_on), one, paid_on, charges, reference=row["document_no"])
        left -= charges
    writer.add("payment", writer.number("RC", paid_on), one, paid_on, left, reference=row["document_no"])


def _unpaid(draw: np.random.Generator, row: dict[str, Any], due: dt.date, cents: int, as_of: dt.date) -> None:
    """Give some open invoices a dispute, some overdue ones a promise."""
    if draw.random() < 0.17:
        raised = row["document_date"] + dt.timedelta(days=int(draw.integers(5, 40)))
        if raised <= as_of:
            share = 1.0 if draw.random() < 0.4 else float(draw.uniform(0.1, 0.6))
            row.update(disputed_amount=int(cents * share) / 100, dispute_reason=REASONS[draw.integers(len(REASONS))], dispute_date=raised)
    if due < as_of and draw.random() < 0.4:
        promised = as_of + dt.timedelta(days=int(draw.integers(-12, 25)))
        row.update(promise_date=promised, promise_amount=None if draw.random() < 0.6 else int(cents * 0.5) / 100)


def _extras(draw: np.random.Generator, writer: Writer, one: Customer, start: dt.date, as_of: dt.date) -> None:
    """Add what belongs to no invoice: money on account, advances, bonuses; old money on account has long been applied."""
    day = start + dt.timedelta(days=int(draw.integers(28)))
    if day > as_of:
        return
    age = (as_of - day).days
    chance = draw.random()
    if age < 150 and chance < 0.022:
        writer.add("payment", writer.number("RC", day), one, day, int(one.size * float(draw.uniform(0.1, 0.5))))
    elif age < 150 and chance < 0.034:
        writer.add("advance", writer.number("ADV", day), one, day, int(one.size * float(draw.uniform(0.2, 0.6))))
    elif age < 200 and chance < 0.046:
        writer.add("credit note", writer.number("CN", day), one, day, int(one.size * float(draw.uniform(0.02, 0.08))))
