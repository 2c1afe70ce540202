"""The demo's arrangements with customers who paid late: promises that were kept or broken."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np

from workbook.host_cells import put
from workbook.labels import word
from workbook.tables import PLANS

_RECENT: Final = 240  # days


def add_promises(draw: np.random.Generator, ledger: dict[str, list[Any]], as_of: dt.date, most: int) -> None:
    """Give some invoices that were paid late the promise that came before: most of them kept, some broken."""
    paid = {
        number: day
        for number, day, kind in zip(ledger["reference"], ledger["document_date"], ledger["document_type"], strict=True)
        if kind == "payment" and number
    }
    late: list[tuple[int, dt.date]] = []
    for row, (kind, number, due) in enumerate(zip(ledger["document_type"], ledger["document_no"], ledger["due_date"], strict=True)):
        day = ledger["settled_date"][row] or paid.get(number)
        whole = ledger["instalment"][row] is None and ledger["promise_date"][row] is None
        if kind == "invoice" and whole and day and due and (day - due).days > 12 and (as_of - day).days < _RECENT:
            late.append((row, day))
    for place in sorted(draw.choice(len(late), min(most, len(late)), replace=False).tolist()):
        row, day = late[place]
        early = int(draw.integers(5, 11)) if draw.random() < 0.3 else -int(draw.integers(0, 6))
        ledger["promise_date"][row] = day - dt.timedelta(days=early)


def make_plans(draw: np.random.Generator, ledger: dict[str, list[Any]], as_of: dt.date, count: int) -> dict[str, list[Any]]:
    """Write the sheet Plans: instalments agreed with customers who paid a first part late, or owe the whole."""
    paid: dict[str, list[tuple[dt.date, float]]] = {}
    for kind, number, day, amount in zip(*(ledger[key] for key in ("document_type", "reference", "document_date", "amount")), strict=True):
        if kind in ("payment", "credit note", "adjustment") and number:
            paid.setdefault(number, []).append((day, amount))
    parts, whole = [], []
    for row, (kind, number, due) in enumerate(zip(ledger["document_type"], ledger["document_no"], ledger["due_date"], strict=True)):
        simple = kind == "invoice" and ledger["instalment"][row] is None and ledger["settled_date"][row] is None
        if not simple or due is None or ledger["disputed_amount"][row]:
            continue
        past = paid.get(number, [])
        if len(past) == 1 and past[0][0] > due and ledger["amount"][row] - past[0][1] > 1_000:
            parts.append((row, past[0]))
        elif not past and (as_of - due).days > 25:
            whole.append((row, None))
    table: dict[str, list[Any]] = {field.key: [] for field in PLANS.fields}
    chosen = []
    for group, most in ((parts, count // 100), (whole, count // 75)):
        chosen += [group[place] for place in sorted(draw.choice(len(group), min(most, len(group)), replace=False))]
    for number, (row, first) in enumerate(chosen, start=1):
        agreed = first[0] - dt.timedelta(days=7) if first else as_of - dt.timedelta(days=int(draw.integers(5, 40)))
        amounts = [round(first[1], 2)] if first else []
        left = round(ledger["amount"][row] - sum(amounts), 2)
        part = round(left / 3, 2)
        amounts += [part, part, round(left - 2 * part, 2)]
        for index, amount in enumerate(amounts):
            day = (first[0] if first else agreed + dt.timedelta(days=12)) + dt.timedelta(days=2 + 30 * index)
            values = (
                f"P{as_of.year % 100}-{number:03d}", ledger["customer_id"][row], ledger["document_no"][row], agreed, index + 1, day,
                ledger["currency"][row], amount, round(amount * 0.005 * (index + 1), 2), None if index else "agreed by e-mail (invented)",
            )  # fmt: skip
            for key, value in zip(table, values, strict=True):
                table[key].append(value)
    return table


def date_first_trade(customers: dict[str, list[Any]], ledger: dict[str, list[Any]], as_of: dt.date) -> None:
    """Let customers whose first invoice is younger than half a year have begun to trade with it, and those without one not yet."""
    first: dict[str, dt.date] = {}
    for customer, kind, day in zip(ledger["customer_id"], ledger["document_type"], ledger["document_date"], strict=True):
        if kind == "invoice":
            first[customer] = min(first.get(customer, day), day)
    for row, customer in enumerate(customers["customer_id"]):
        if customer not in first:
            customers["first_trade"][row] = None
        elif (as_of - first[customer]).days < 180:
            customers["first_trade"][row] = first[customer]


def report_overdue(ledger: dict[str, list[Any]], policies: dict[str, list[Any]], as_of: dt.date) -> None:
    """Let invoices whose notice to the insurer fell due be reported: most in time, a few late, some forgotten."""
    columns = (policies[key] for key in ("policy_no", "notice_days", "max_extension_days", "counted_from"))
    notice = {number: days + (more if start == "extension end" else 0) for number, days, more, start in zip(*columns, strict=True)}
    fields = (ledger[key] for key in ("document_type", "policy_no", "due_date", "document_no"))
    for row, (kind, policy, due, number) in enumerate(zip(*fields, strict=True)):
        if kind != "invoice" or policy is None or due is None:
            continue
        place = int(number[-5:])
        day = due + dt.timedelta(days=notice[policy] + (12 if place % 9 == 0 else -place % 15))
        if day <= as_of and place % 4:
            ledger["reported_on"][row] = day


def carry_out(page: Any) -> None:
    """Type into *Level done* of the escalation list that each item's level was carried out, as the firm's clerks did."""
    place = page.tables["rpt_escalation"].range
    labels = [str(text) for text in page.range((place.row, place.column), (place.row, place.column + place.columns.count - 1)).value]
    level, done = (place.column + labels.index(word(key, "en")) for key in ("level", "level_done"))
    first, last = place.row + 1, place.row + place.rows.count - 1
    values = page.range((first, level), (last, level)).options(ndim=1).value
    put(page.range((first, done), (last, done)), [[value or None] for value in values])
