"""Mistakes as they come in every export, put into the demo on purpose: the sheet Data problems must name each of them."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

#: what is wrong, in the order in which `spoil` does it
MISTAKES: Final = (
    "an invoice without due date and terms",
    "terms that nobody can read, and no due date",
    "an invoice of an unknown customer",
    "a negative invoice",
    "a payment that settles a document that does not exist",
    "a payment larger than its invoice",
    "an amount typed as text",
    "a date that does not exist",
    "a date typed as text",
    "a document number used twice",
    "a type that is no document type",
    "an everyday name of a currency",
    "a blank amount",
    "a due date before the document date",
)


def spoil(ledger: dict[str, list[Any]], as_of: dt.date) -> None:
    """Put the mistakes in: new rows at the end of the ledger."""
    day = as_of - dt.timedelta(days=100)
    due = day + dt.timedelta(days=30)
    wrong: list[dict[str, Any]] = [
        {"document_no": "X-001"},
        {"document_no": "X-002", "terms": "as agreed with Mr Li"},
        {"document_no": "X-003", "customer_id": "C9999", "due_date": due},
        {"document_no": "X-004", "amount": -1_830.5, "due_date": due},
        {"document_no": "X-005", "document_type": "payment", "reference": "INV19-99999"},
        {"document_no": "X-006", "due_date": due},
        {"document_no": "X-106", "document_type": "payment", "reference": "X-006", "amount": 9_000.0},
        {"document_no": "X-007", "amount": "12.500,00 EUR approx", "due_date": due},
        {"document_no": "X-008", "due_date": "2026-02-30"},
        {"document_no": "X-009", "document_date": day.isoformat(), "due_date": due},
        {"document_no": "X-010", "due_date": due},
        {"document_no": "X-010", "due_date": due},
        {"document_no": "X-011", "document_type": "proforma", "due_date": due},
        {"document_no": "X-012", "currency": "RMB", "due_date": due},
        {"document_no": "X-013", "amount": None, "due_date": due},
        {"document_no": "X-014", "due_date": day - dt.timedelta(days=20)},
    ]
    usual = {"document_type": "invoice", "customer_id": "C0010", "document_date": day, "currency": "CNY", "amount": 8_400.0}
    for row in wrong:
        whole = usual | row
        for key, values in ledger.items():
            values.append(whole.get(key))
