"""The tables of a workbook as a host shows them, read and written through the public xlwings object model."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

import xlwings as xw

from workbook.carry import ARCHIVE_COLUMNS, Archived, Previous, read_previous
from workbook.host_book import read_columns
from workbook.host_cells import cells_of, put
from workbook.settings import Settings
from xladdin.cells import date_from_serial
from xladdin.errors import CellError
from xladdin.registry import reports

ARCHIVE = "Archive"
#: row of the header of a report's table
HEADER_ROW = 7
#: the smaller tables below a report are never wider
_BLOCK_WIDTH = 11


def table_of(page: xw.Sheet, report: str) -> xw.main.Table | None:
    """Return the report's Excel table on its sheet."""
    name = f"rpt_{report}"
    return next((table for table in page.tables if table.name == name), None)


def read_previous_table(page: xw.Sheet, report: str) -> Previous:
    """Read a report's table as it stands: our columns by key, the analyst's own by header."""
    place = _place_of(page, report)
    if place is None:
        return Previous()
    columns = read_columns(page, place.row, place.column, place.row + place.rows.count - 1, place.column + place.columns.count - 1)
    header = [column[0] for column in columns]
    known: dict[str, str] = {}
    for language in ("en", "zh"):
        for column in reports()[report].columns(Settings.model_validate({"language": language})):
            known[column.label.casefold()] = column.key
    for label in header:
        text = str(label or "").strip()
        if text and text.casefold() not in known and _is_ours(text, report):
            known[text.casefold()] = f"old:{text}"
    return _dated(read_previous(header, [column[1:] for column in columns], known), report)


def _place_of(page: xw.Sheet, report: str) -> xw.Range | None:
    """Return the range of the report's table; of what the last refresh wrote, where somebody turned the table into plain cells."""
    table = table_of(page, report)
    if table is not None:
        return table.range
    extent = extent_of(page, report)
    if extent is None or extent.rows.count <= HEADER_ROW:
        return None
    return page.range((HEADER_ROW, 1), (extent.rows.count, extent.columns.count))


def extent_of(page: xw.Sheet, report: str) -> xw.Range | None:
    """Return what the last refresh wrote on the sheet, from its first cell on."""
    name = next((name for name in page.book.names if name.name == f"extent_{report}"), None)
    return None if name is None else name.refers_to_range


def _is_ours(label: str, report: str) -> bool:
    """Recognise buckets of earlier limits and amounts in an earlier report currency, whose labels vary with the settings."""
    if report not in ("aging", "trends"):
        return False
    pattern = r"\d+-\d+ days|Over \d+ days|\d+-\d+天|\d+天以上|Outstanding in [A-Z]{3}|折合[A-Z]{3}"
    return re.fullmatch(pattern, label) is not None


def _dated(previous: Previous, report: str) -> Previous:
    """Turn serial numbers of date columns back into dates."""
    for column in reports()[report].columns(Settings()):
        if column.kind == "date" and column.key in previous.columns:
            cells = previous.columns[column.key]
            for index, cell in enumerate(cells):
                if isinstance(cell, (int, float)) and not isinstance(cell, bool):
                    try:
                        cells[index] = date_from_serial(cell)
                    except CellError:
                        continue
                elif isinstance(cell, dt.datetime):
                    cells[index] = cell.date()
    return previous


def stray_cells(page: xw.Sheet, report: str, extent: tuple[int, int]) -> list[tuple[str, Any]]:
    """Find cells the analyst wrote outside the table that this refresh would cover or clear."""
    found = _beside_totals(page, report)
    old = extent_of(page, report) or _place_of(page, report)
    if old is None:
        return found
    old_last, old_width = old.row + old.rows.count - 1, old.column + old.columns.count - 1
    if extent[0] <= old_last and extent[1] <= old_width:
        return found
    used = page.used_range
    last, width = used.row + used.rows.count - 1, used.column + used.columns.count - 1
    right_edge = min(width, extent[1])
    below = (old_last + 1, min(last, extent[0]), 1, right_edge)
    beside = (1, old_last, old_width + 1, right_edge)
    for top, bottom, left, right in (below, beside):
        if top > bottom or left > right:
            continue
        for row, values in enumerate(cells_of(page.range((top, left), (bottom, right))), start=top):
            for column, value in enumerate(values, start=left):
                if value not in (None, ""):
                    found.append((_address(page, row, column), value))
    return found


def _address(page: xw.Sheet, row: int, column: int) -> str:
    address: str = page.range((row, column)).get_address(row_absolute=False, column_absolute=False)
    return address


def _beside_totals(page: xw.Sheet, report: str) -> list[tuple[str, Any]]:
    """Find what the analyst wrote in their own columns below the table, beside totals and smaller tables, where a refresh clears."""
    table, extent = table_of(page, report), extent_of(page, report)
    if table is None or extent is None:
        return []
    last = table.range.row + table.range.rows.count - 1
    if extent.rows.count <= last:
        return []
    headers = [str(cell or "").strip().casefold() for cell in cells_of(table.header_row_range or table.range)[0]]
    ours = {
        column.label.casefold()
        for language in ("en", "zh")
        for column in reports()[report].columns(Settings.model_validate({"language": language}))
        if column.style != "input"
    }
    free = [number for number, header in enumerate(headers, start=1) if header not in ours and not _is_ours(headers[number - 1], report)]
    if not free:
        return []
    block = cells_of(page.range((last + 1, 1), (extent.rows.count, len(headers))))
    return [
        (_address(page, row, number), values[number - 1])
        for row, values in enumerate(block, start=last + 1)
        for number in free
        if number > _BLOCK_WIDTH and values[number - 1] not in (None, "")
    ]


def read_archive(book: xw.Book) -> list[Archived]:
    """Read the sheet Archive; empty where there is none."""
    table = _archive_table(book)
    if table is None:
        return []
    return [Archived(*row[: len(ARCHIVE_COLUMNS)]) for row in cells_of(table.range)[1:] if any(cell not in (None, "") for cell in row)]


def _archive_table(book: xw.Book) -> Any:
    page = next((page for page in book.sheets if page.name == ARCHIVE), None)
    return next((table for table in page.tables if table.name == ARCHIVE), None) if page is not None else None


def write_archive(book: xw.Book, entries: Sequence[Archived]) -> None:
    """Write the sheet Archive anew, making it where it is missing."""
    table = _archive_table(book)
    if table is None:
        page = book.sheets.add(ARCHIVE, after=book.sheets[-1])
        put(page.range((1, 1), (1, len(ARCHIVE_COLUMNS))), [list(ARCHIVE_COLUMNS)])
        table = page.tables.add(source=page.range((1, 1), (2, len(ARCHIVE_COLUMNS))), name=ARCHIVE, has_headers=True)
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
