"""Which alerts of a workbook were not sent yet, and marking them when they were."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import xlwings as xw

from workbook.host_book import read_host_book
from workbook.host_cells import cells_of, put
from workbook.host_tables import read_previous_table
from workbook.reports.alerts import told, unsent
from xladdin.errors import BadRequest
from xladdin.registry import reports


def waiting_alerts(book: xw.Book) -> tuple[list[dict[str, Any]], list[int]]:
    """Return the alerts that were not sent, oldest first, and their rows in the table.

    Each has an `id`, which stays the same until it is sent, so that a receiver knows it again. Raises BadRequest where there is no list, or
    where none could be marked in it.
    """
    page = _page(book)
    _sent_column(page)
    language = read_host_book(book, {}).settings.language
    found, places = unsent(read_previous_table(page, "alerts").columns)
    pairs = sorted(zip(found, places, strict=True), key=lambda pair: (pair[0].raised_on, -pair[0].state, pair[0].customer))
    where = str(Path(book.fullname).resolve())  # two workbooks may have customers of the same number
    made = []
    for alert, _ in pairs:
        one = told(alert, language)
        key = [where, one["raised_on"], one["customer"], one["signal"], one["state"]]
        made.append({"id": hashlib.sha256("\0".join(key).encode()).hexdigest()[:24], **one})
    return made, [place for _, place in pairs]


def mark_sent(book: xw.Book, places: list[int], day: dt.date) -> None:
    """Write the day into the column Sent of these rows."""
    page = _page(book)
    table, column = _sent_column(page)
    top, left = table.range.row + 1, table.range.column
    for place in places:
        cell = page.range((top + place, left + column))
        put(cell, day)
        cell.number_format = "yyyy-mm-dd"


def _sent_column(page: xw.Sheet) -> tuple[Any, int]:
    """Return the table and which of its columns says when an alert was sent. Raises BadRequest where it has none."""
    table = next(one for one in page.tables if one.name == "rpt_alerts")
    header = [str(cell or "").casefold() for cell in cells_of(table.header_row_range or table.range)[0]]
    labels = [column.label for language in ("en", "zh") for column in _columns(language) if column.key == "sent_on"]
    for number, label in enumerate(header):
        if label in [one.casefold() for one in labels]:
            return table, number
    raise BadRequest(
        f"the table on the sheet {page.name} has no column {' or '.join(labels)}, so nobody could see what was sent: "
        "give the column its name back, or refresh the report (xladdin refresh --report alerts)"
    )


def _columns(language: str) -> Any:
    from workbook.settings import Settings  # noqa: PLC0415

    return reports()["alerts"].columns(Settings.model_validate({"language": language}))


def _page(book: xw.Book) -> xw.Sheet:
    sheet = reports()["alerts"].sheet
    page = next((one for one in book.sheets if one.name == sheet), None)
    if page is None or not any(table.name == "rpt_alerts" for table in page.tables):
        raise BadRequest(f"the workbook has no list of alerts; refresh the report {sheet} first (xladdin refresh --report alerts)")
    return page
