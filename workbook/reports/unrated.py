"""Headlines of a ledger of which nothing can be converted: an amount of 0 in the report currency would be a false statement."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from workbook.book import CreditBook
from workbook.labels import word
from workbook.reports.common import Exchange, amount_text, control_of
from workbook.settings import Settings
from workbook.sheet import Sheet


def unrated_pairs(book: CreditBook, settings: Settings, as_of: dt.date) -> list[str]:
    """Name the rates that are missing where no currency of the ledger has one; empty where any amount can be converted."""
    codes = sorted({code for (_, code), amount in control_of(book, as_of).items() if amount})
    exchange = Exchange(book, settings, as_of)
    if not codes or any(exchange.known_rate(code) is not None for code in codes):
        return []
    return [f"{code or '?'}/{settings.report_currency}" for code in codes]


def with_missing_rates(sheet: Sheet, book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Say beside each amount of 0 in the headline which rate is missing, where nothing of the ledger could be converted."""
    nothing = amount_text(0, settings.report_currency)
    if not any(nothing in text for _, text in sheet.facts):
        return sheet
    pairs = unrated_pairs(book, settings, as_of)
    if not pairs:
        return sheet
    reason = word("no_rate", settings.language, pairs=", ".join(pairs))
    return replace(sheet, facts=[(label, f"{text} ({reason})" if nothing in text else text) for label, text in sheet.facts])
