"""Small ledgers written down in a test: rows as dicts, what is left out taken from the defaults."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from workbook.book import CreditBook, RawTable, read_book
from workbook.refresh import make_reports
from workbook.sheet import Sheet
from workbook.tables import TABLES

DAY = dt.date(2026, 1, 1)
DEFAULTS: dict[str, dict[str, Any]] = {
    "ledger": {"customer_id": "C1", "currency": "CNY", "document_type": "invoice", "document_date": DAY},
}


def raw(table: str, rows: Sequence[Mapping[str, Any]]) -> RawTable:
    """Lay rows out as a sheet's table: first data row 2."""
    keys = [field.key for field in TABLES[table].fields]
    filled = [{**DEFAULTS.get(table, {}), **row} for row in rows]
    return RawTable(keys, [[row.get(key) for row in filled] for key in keys], 2)


def book_of(ledger: Sequence[Mapping[str, Any]], settings: Mapping[str, Any] | None = None, **tables: Sequence[Mapping[str, Any]]) -> CreditBook:
    """Make a book of a ledger and other tables; every customer exists unless customers are given."""
    tables.setdefault("customers", [{"customer_id": name} for name in dict.fromkeys(row.get("customer_id", "C1") for row in ledger) if name])
    cells = {"ledger": raw("ledger", ledger), **{key: raw(key, rows) for key, rows in tables.items()}}
    return read_book(cells, settings or {})


def report_of(key: str, book: CreditBook, as_of: dt.date | str) -> Sheet:
    """Make one report."""
    day = dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    return make_reports(book, book.settings, day, [key]).sheets[key]


def rows_of(sheet: Sheet) -> list[dict[str, Any]]:
    """A report's rows as programs get them: amounts as decimal strings."""
    from workbook.sheet import as_json

    rows: list[dict[str, Any]] = as_json(sheet)["rows"]
    return rows
