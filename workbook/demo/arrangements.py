"""The demo's arrangements with customers who paid late: promises that were kept or broken."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np

PROMISES: Final = 30  # of invoices paid since
_RECENT: Final = 240  # days


def add_promises(draw: np.random.Generator, ledger: dict[str, list[Any]], as_of: dt.date) -> None:
    """Give some invoices that were paid late the promise that came before: most kept, some broken."""
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
    for place in sorted(draw.choice(len(late), min(PROMISES, len(late)), replace=False).tolist()):
        row, day = late[place]
        early = int(draw.integers(5, 11)) if draw.random() < 0.3 else -int(draw.integers(0, 6))
        ledger["promise_date"][row] = day - dt.timedelta(days=early)
