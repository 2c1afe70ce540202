"""The tables of a workbook as a host shows them, read and written through the public xlwings object model."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import xlwings as xw

from workbook.carry import ARCHIVE_COLUMNS, Archived
from workbook.host_cells import cells_of, put
from workbook.previous import read_previous_table
from workbook.report_place import HEADER_ROW, table_of

__all__ = [
    "ARCHIVE", "HEADER_ROW", "cells_of", "read_archive", "read_previous_table", "table_of", "write_archive", "write_status",
    "written_sheets",
]  # fmt: skip

ARCHIVE = "Archive"


def read_archive(book: xw.Book) -> list[Archived]:
    """Read the sheet Archive; empty where there is none."""
    place = _archive_place(book)
    if place is None:
        return []
    header, *rows = cells_of(place)
    names = [str(cell or "").strip().casefold() for cell in header]
    wanted = [name.casefold() for name in ARCHIVE_COLUMNS]
    at = [names.index(name) for name in wanted] if set(wanted) <= set(names) else list(range(len(wanted)))
    filled = [row for row in rows if any(cell not in (None, "") for cell in row)]
    cells: list[list[Any]] = [[row[number] if number < len(row) else None for number in at] for row in filled]
    words = ("report", "key", "column", "name")
    return [entry._replace(**{name: _word(getattr(entry, name)) for name in words}) for entry in (Archived(*row) for row in cells)]


def _word(cell: Any) -> str:
    """Read a cell that names something: somebody may have written anything over it, and Excel makes a number of 1001."""
    return "" if cell is None else f"{cell:.15g}" if type(cell) is float else str(cell)


def _archive_table(book: xw.Book) -> xw.main.Table | None:
    """Find the table Archive, on whatever sheet it stands."""
    return next((table for page in book.sheets for table in page.tables if table.name == ARCHIVE), None)


def _archive_place(book: xw.Book) -> xw.Range | None:
    """Return header and rows of the archive, also where somebody turned its table into plain cells."""
    table = _archive_table(book)
    if table is not None:
        area = table.range
        last = area.row + area.rows.count - 1 - bool(table.show_totals)
        return area.sheet.range((area.row, area.column), (last, area.column + area.columns.count - 1))
    page = next((page for page in book.sheets if page.name == ARCHIVE), None)
    used = page.used_range if page is not None else None
    if page is None or used is None:
        return None
    last, width = used.row + used.rows.count - 1, used.column + used.columns.count - 1
    rows = cells_of(page.range((1, 1), (last, max(width, 2))))
    wanted = {name.casefold() for name in ARCHIVE_COLUMNS}
    for number, row in enumerate(rows, start=1):
        places = [place for place, cell in enumerate(row, start=1) if str(cell or "").strip().casefold() in wanted]
        if len(places) == len(wanted):
            return page.range((number, places[0]), (last, places[-1]))
    return None


def write_archive(book: xw.Book, entries: Sequence[Archived]) -> None:
    """Write the sheet Archive anew, making it where it is missing."""
    table = _archive_table(book)
    if table is None:
        table = _new_archive(book)
    if table.show_totals:
        table.show_totals = False
    page = table.range.sheet
    top, left = table.range.row, table.range.column
    old_last = top + table.range.rows.count - 1
    width = len(ARCHIVE_COLUMNS)
    page.range((top + 1, left), (old_last, left + width - 1)).clear_contents()
    last = top + max(len(entries), 1)
    table.resize(page.range((top, left), (last, left + width - 1)))
    if entries:
        page.range((top + 1, left), (last, left + 2)).number_format = "@"
        page.range((top + 1, left + 4), (last, left + 4)).number_format = "yyyy-mm-dd"
        put(page.range((top + 1, left), (last, left + width - 1)), [list(entry) for entry in entries])


def _new_archive(book: xw.Book) -> xw.main.Table:
    """Make the table Archive, on the sheet of that name where there is one: of the cells that were it, or below what stands there."""
    page = next((page for page in book.sheets if page.name == ARCHIVE), None)
    was, width = _archive_place(book), len(ARCHIVE_COLUMNS)
    if page is None:
        page = book.sheets.add(ARCHIVE, after=book.sheets[-1])
        top, left = 1, 1
    elif was is not None:
        return page.tables.add(source=was, name=ARCHIVE, has_headers=True)
    else:
        used = page.used_range
        top, left = used.row + used.rows.count + 1, 1
    put(page.range((top, left), (top, left + width - 1)), [list(ARCHIVE_COLUMNS)])
    return page.tables.add(source=page.range((top, left), (top + 1, left + width - 1)), name=ARCHIVE, has_headers=True)


def written_sheets(book: xw.Book, pages: Sequence[xw.Sheet]) -> list[xw.Sheet]:
    """Name the sheets that a refresh of these reports may write to: their own, the archive, and that of the table Status."""
    others = [page for page in book.sheets if any(table.name in (ARCHIVE, "Status") for table in page.tables)]
    return [*pages, *(page for page in others if all(page.name != one.name for one in pages))]


def write_status(book: xw.Book, sheets: dict[str, Any], as_of: dt.date, findings: Sequence[Any]) -> None:
    """Note on the sheet Control what was refreshed: rows, findings, sums that do not agree, the day."""
    table = next((table for page in book.sheets for table in page.tables if table.name == "Status"), None)
    if table is None:
        return
    rows = cells_of(table.range)
    header = [str(cell or "").strip().casefold() for cell in rows[0]]
    if not {"key", "rows", "findings", "unreconciled", "refreshed"} <= set(header):
        return
    errors = sum(finding.severity != "note" for finding in findings)
    for number, row in enumerate(rows[1:], start=table.range.row + 1):
        sheet = sheets.get(str(row[header.index("key")] or ""))
        if sheet is None:
            continue
        count = errors if sheet.report == "data_problems" else len(sheet.problems)
        wrong = sum(not check.ok for check in sheet.invariants)
        for label, value in (("rows", sheet.rows), ("findings", count), ("unreconciled", wrong), ("refreshed", as_of)):
            put(table.range.sheet.range((number, table.range.column + header.index(label))), value)
