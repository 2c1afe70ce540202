"""Large ledgers for the benchmarks: invented invoices with payments, written straight into a built workbook."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np

AS_OF = dt.date(2026, 6, 30)


def ledger(documents: int, seed: int = 1) -> dict[str, list[object]]:
    """Return the columns of a ledger: four invoices of five are paid, in two currencies, a thousand documents a customer at most."""
    draw = np.random.default_rng(seed)
    invoices = documents * 5 // 9
    payments = documents - invoices
    made = np.datetime64("2025-01-01") + draw.integers(0, 500, invoices)
    due = made + draw.choice([30, 45, 60, 90], invoices)
    customer = [f"C{number:05}" for number in draw.integers(0, max(10, documents // 20), invoices).tolist()]
    currency = np.where(draw.random(invoices) < 0.7, "CNY", "USD").tolist()
    cents = draw.integers(10_000, 50_000_000, invoices)
    numbers = [f"INV-{number:07}" for number in range(invoices)]
    paid = draw.permutation(invoices)[:payments]
    paid_on = np.minimum(due[paid] + draw.integers(-10, 60, payments), np.datetime64(AS_OF))

    def both(first: list[object], second: list[object]) -> list[object]:
        return [*first, *second]

    return {
        "document_no": both(numbers, [f"PAY-{number:07}" for number in range(payments)]),
        "document_type": both(["invoice"] * invoices, ["payment"] * payments),
        "customer_id": both(customer, [customer[index] for index in paid.tolist()]),
        "reference": both([None] * invoices, [numbers[index] for index in paid.tolist()]),
        "document_date": both(made.tolist(), paid_on.tolist()),
        "due_date": both(due.tolist(), [None] * payments),
        "currency": both(currency, [currency[index] for index in paid.tolist()]),
        "amount": both((cents / 100).tolist(), (cents[paid] / 100).tolist()),
    }


def workbook(path: Path, documents: int) -> Path:
    """Build a workbook with a ledger of that many documents."""
    from workbook.build import build_workbook

    data = ledger(documents)
    customers = sorted(set(data["customer_id"]))  # type: ignore[type-var]
    tables = {
        "ledger": data,
        "customers": {"customer_id": customers, "name": [f"Customer {name}" for name in customers]},
        "rates": {"table": ["USD/CNY"], "date": [dt.date(2026, 1, 1)], "rate": [7.1]},
    }
    build_workbook(path, data=tables, settings={"as_of": AS_OF, "interest_rule": "CN-SME"})
    return path
