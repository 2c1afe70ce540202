"""Escalation of a ledger too large to list: the largest items on the sheet, totals and figures over all of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from workbook.book import CreditBook
from workbook.labels import word
from workbook.reports.common import Exchange, amount_text, as_of_words
from workbook.settings import Settings
from workbook.sheet import Invariant, Sheet


def of_all(sheet: Sheet, sums: pa.Table, book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Put the totals of all late items under a list of the largest. Interest and the customers' summary cover the list."""
    language, currency = settings.language, settings.report_currency
    rows = sums.to_pylist()
    totals: dict[str, dict[str, Any]] = {}
    for row in rows:
        total = totals.setdefault(row["currency"], {
            "document_no": word("total", language, currency=row["currency"]), "currency": row["currency"], "open_amount": 0, "disputed": 0,
        })
        total["open_amount"] += row["open"]
        total["disputed"] += row["disputed"]
    exchange = Exchange(book, settings, as_of)

    def figure(mine: list[dict[str, Any]]) -> str:
        amounts = np.array([row["open"] for row in mine], dtype=np.int64)
        codes = np.array([row["currency"] for row in mine], dtype=object)
        worth = int(exchange.convert(amounts, codes)[0].sum()) if mine else 0
        return f"{sum(row['items'] for row in mine):,} · {amount_text(worth, currency)}"

    facts = [
        (word("fact_level", language, level=level), figure([row for row in rows if row["level"] == level and not row["contested"]]))
        for level in (3, 2, 1)
    ]
    facts.append((word("fact_held", language), figure([row for row in rows if row["contested"]])))
    count = sum(row["items"] for row in rows)
    buckets = _late_in_aging(book, settings, as_of, exchange)
    name = word("check_overdue", language)
    checks = [Invariant(name, code, total["open_amount"], buckets.get(code, 0)) for code, total in sorted(totals.items())]
    return replace(
        sheet,
        subtitle=as_of_words(settings, as_of, count, "unit_overdue"),
        totals=[totals[code] for code in sorted(totals)],
        total_keys={code: totals[code] for code in sorted(totals)},
        facts=facts,
        notes=[*sheet.notes, word("largest_shown", language, shown=f"{sheet.rows:,}", rows=f"{count:,}")],
        invariants=checks,
    )


def _late_in_aging(book: CreditBook, settings: Settings, as_of: dt.date, exchange: Exchange) -> dict[str, int]:
    """Sum the overdue buckets of an aging by due date, by currency."""
    from workbook.large.sums import by_bucket  # noqa: PLC0415 - the sheet's own ledger needs no engine

    table = by_bucket(book.large, settings.model_copy(update={"aging_basis": "due date"}), as_of, exchange)
    late: dict[str, int] = {}
    for kind, code, due, amount in zip(*(table[key].to_pylist() for key in ("kind", "currency", "due_date", "open")), strict=True):
        if kind == "item" and due < as_of:
            late[code] = late.get(code, 0) + amount
    return late
