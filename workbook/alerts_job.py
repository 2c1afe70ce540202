"""Which alerts of a workbook were not sent yet, and marking them when they were."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import Any

import xlwings as xw

from workbook.host_book import read_host_book
from workbook.host_cells import put
from workbook.previous import columns_of, read_previous_table
from workbook.report_place import HEADER_ROW, find_place, headers_of, sheet_of
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
    top, column = _sent_column(page)
    for place in places:
        cell = page.range((top + place, column))
        put(cell, day)
        cell.number_format = "yyyy-mm-dd"


def _sent_column(page: xw.Sheet) -> tuple[int, int]:
    """Return the first row of the list and the column that says when an alert was sent. Raises BadRequest where it has none."""
    stands = find_place(page, "alerts")
    found = {key: number for number, key in columns_of(stands, headers_of(stands)).items()}
    if "sent_on" not in found:
        raise BadRequest(
            "the list of alerts has lost its column Sent, so nobody could see what was sent; "
            "refresh the report first (xladdin refresh --report alerts)"
        )
    return stands.down + HEADER_ROW + 1, stands.right + 1 + found["sent_on"]


def _page(book: xw.Book) -> xw.Sheet:
    page = sheet_of(book, "alerts")
    if page is None or not find_place(page, "alerts").bottom:
        sheet = reports()["alerts"].sheet
        raise BadRequest(f"the workbook has no list of alerts; refresh the report {sheet} first (xladdin refresh --report alerts)")
    return page
