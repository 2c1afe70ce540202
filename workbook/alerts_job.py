"""Which alerts of a workbook were not sent yet, and marking them when they were."""

from __future__ import annotations

import datetime as dt
from typing import Any

import xlwings as xw

from workbook.host_book import read_host_book
from workbook.host_cells import cells_of, put
from workbook.host_tables import read_previous_table
from workbook.reports.alerts import told, unsent
from xladdin.errors import BadRequest
from xladdin.registry import reports


def waiting_alerts(book: xw.Book) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the alerts that were not sent, oldest first, and their rows in the table. Raises BadRequest where there is no list."""
    page = _page(book)
    language = read_host_book(book, {}).settings.language
    found, places = unsent(read_previous_table(page, "alerts").columns)
    pairs = sorted(zip(found, places, strict=True), key=lambda pair: (pair[0].raised_on, -pair[0].state, pair[0].customer))
    return [told(alert, language) for alert, _ in pairs], [place for _, place in pairs]


def mark_sent(book: xw.Book, places: list[int], day: dt.date) -> None:
    """Write the day into the column Sent of these rows."""
    page = _page(book)
    table = next(one for one in page.tables if one.name == "rpt_alerts")
    header = [str(cell or "").casefold() for cell in cells_of(table.header_row_range or table.range)[0]]
    labels = {column.label.casefold() for language in ("en", "zh") for column in _columns(language) if column.key == "sent_on"}
    column = next(number for number, label in enumerate(header) if label in labels)
    top, left = table.range.row + 1, table.range.column
    for place in places:
        cell = page.range((top + place, left + column))
        put(cell, day)
        cell.number_format = "yyyy-mm-dd"


def _columns(language: str) -> Any:
    from workbook.settings import Settings  # noqa: PLC0415

    return reports()["alerts"].columns(Settings.model_validate({"language": language}))


def _page(book: xw.Book) -> xw.Sheet:
    sheet = reports()["alerts"].sheet
    page = next((one for one in book.sheets if one.name == sheet), None)
    if page is None or not any(table.name == "rpt_alerts" for table in page.tables):
        raise BadRequest(f"the workbook has no list of alerts; refresh the report {sheet} first (xladdin refresh --report alerts)")
    return page
