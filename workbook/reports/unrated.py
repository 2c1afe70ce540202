"""Reports of a ledger of which nothing can be converted: an amount of 0 in the report currency would be a false statement."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any, Final

from workbook.book import CreditBook
from workbook.labels import word
from workbook.reports.common import Exchange, amount_text, control_of
from workbook.settings import Settings
from workbook.sheet import Sheet, listed

_SHARE: Final = re.compile(r" ?[(（][\d.,]+ ?%[)）]")
#: amounts that do not come from the ledger: a limit of 0 is one that was typed
_OWN: Final = "limit"


def unrated_pairs(book: CreditBook, settings: Settings, as_of: dt.date) -> list[str]:
    """Name the rates that are missing where no currency of the ledger has one; empty where any amount can be converted."""
    codes = sorted({code for (_, code), amount in control_of(book, as_of).items() if amount})
    exchange = Exchange(book, settings, as_of)
    if not codes or any(exchange.known_rate(code) is not None for code in codes):
        return []
    return [f"{code or '?'}/{settings.report_currency}" for code in codes]


def missing_rates(book: CreditBook, settings: Settings, as_of: dt.date) -> str:
    """Say which rates are missing where nothing of the ledger can be converted; empty where anything can."""
    pairs = unrated_pairs(book, settings, as_of)
    return word("no_rate", settings.language, pairs=", ".join(pairs)) if pairs else ""


def with_missing_rates(sheet: Sheet, book: CreditBook, settings: Settings, as_of: dt.date) -> Sheet:
    """Say which rate is missing in the place of each amount of 0 in the headline, where nothing of the ledger could be converted.

    Zeros in columns of the report currency become blanks: nothing is known of those amounts.
    """
    reason = missing_rates(book, settings, as_of)
    if not reason:
        return sheet
    nothing = amount_text(0, settings.report_currency)
    facts = [(label, _told(text, nothing, reason)) for label, text in sheet.facts]
    converted = _converted(sheet)
    data = {key: _blanked(listed(values)) if key in converted else values for key, values in sheet.data.items()}
    totals = [
        {key: None if key in converted | _amounts_of(row, sheet, settings) and value == 0 else value for key, value in row.items()}
        for row in sheet.totals
    ]
    return replace(sheet, facts=facts, data=data, totals=totals)


def _told(text: str, nothing: str, reason: str) -> str:
    """Put the reason in the place of the amounts of a headline; its count stays, a range of amounts and a share of nothing do not."""
    if text.count(nothing) > 1:
        return reason
    return _SHARE.sub("", text).replace(nothing, reason) if nothing in text else text


def _converted(sheet: Sheet) -> set[str]:
    """Name the columns that hold amounts of the ledger in the report currency."""
    amounts = {column.key for column in sheet.columns if column.kind == "amount" and _OWN not in column.key}
    if any(column.key == "currency" for column in sheet.columns):
        return {key for key in amounts if key.endswith("_report")}
    return amounts


def _amounts_of(row: dict[str, Any], sheet: Sheet, settings: Settings) -> set[str]:
    """Name all amounts of a total in the report currency."""
    if row.get("currency") != settings.report_currency:
        return set()
    return {column.key for column in sheet.columns if column.kind == "amount" and _OWN not in column.key}


def _blanked(values: list[Any]) -> list[Any]:
    return [None if value == 0 else value for value in values]
