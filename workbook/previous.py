"""A report as it stands before a refresh: which of its columns is which, what it holds, and what an analyst wrote around it.

Columns are known by the names on their header cells (workbook.column_keys), whatever stands in those cells. Only a workbook from before
the keys is read by its words.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import xlwings as xw

from workbook.carry import Previous, read_previous
from workbook.column_keys import READ_BACK, Names, unique_headers
from workbook.findings import Finding
from workbook.host_book import read_columns
from workbook.host_cells import cells_of
from workbook.labels import word
from workbook.report_place import HEADER_ROW, Extent, Place, find_place, headers_of, known_words
from workbook.settings import Settings
from workbook.word_keys import with_codes
from xladdin.cells import date_from_serial, rows_of
from xladdin.errors import CellError
from xladdin.registry import reports

#: the smaller tables below a report are never wider
_BLOCK_WIDTH: Final = 11
_NUMBERS: Final = ("amount", "integer", "number", "rate")


def read_previous_table(page: xw.Sheet, report: str, names: Names | None = None) -> Previous:
    """Read a report's table as it stands: our columns by key, the analyst's own by header."""
    return read_place(find_place(page, report, names))


def read_place(place: Place) -> Previous:
    """Read what stands at a report's place. Its keys tell which column is which; what they do not name is the analyst's own."""
    if not place.width or place.bottom < HEADER_ROW:
        return Previous(missing=_missing(place, {}, whole=False))
    last = place.bottom - place.totals + place.down
    top, left = HEADER_ROW + place.down, 1 + place.right
    columns = read_columns(place.sheet, top, left, last, left + place.width - 1)
    header = [column[0] for column in columns]
    body = [column[1:] for column in columns]
    found = columns_of(place, header, body)
    filled = any(value not in (None, "") for column in body for value in column)
    titles = [str(label or "").strip() or f"Column {number}" for number, label in enumerate(header, start=1)]
    previous = read_previous(unique_headers(titles), body, found)
    previous = _dated(Previous(previous.columns, previous.added, _missing(place, found, whole=filled)), place.report)
    return replace(previous, columns=with_codes(previous.columns, place.words), words=place.words)


def columns_of(place: Place, header: Sequence[Any], body: Sequence[Sequence[Any]] = ()) -> dict[int, str]:
    """Say which columns of the table (from 0) are ours: by the keys in the file; by words where it has none yet."""
    left = 1 + place.right
    named = {
        corner.column - left: key
        for key, corner in place.keys.items()
        if corner is not None and 0 <= corner.column - left < len(header)
    }
    worded = _by_words(place.report, header)
    if not place.keys:
        return worded
    if body and _moved_past_the_names(place.report, named, worded, body):
        return worded
    known = _known_keys(place.report)
    return {number: key if key in known else f"old:{key}" for number, key in named.items()}


def _known_keys(report: str) -> dict[str, str]:
    return {column.key: column.kind for column in reports()[report].columns(Settings())}


def _by_words(report: str, header: Sequence[Any]) -> dict[int, str]:
    """Find our columns by their headers in either language, the first of each; old buckets and currencies among them."""
    known = known_words(report)
    found: dict[int, str] = {}
    for number, label in enumerate(header):
        text = str(label or "").strip()
        key = known.get(text.casefold()) or (f"old:{text}" if text and _was_ours(text, report) else None)
        if key is not None and key not in found.values():
            found[number] = key
    return found


def _was_ours(label: str, report: str) -> bool:
    """Recognise buckets of earlier limits and amounts in an earlier report currency, whose labels vary with the settings."""
    if report not in ("aging", "trends"):
        return False
    pattern = r"\d+-\d+ days|Over \d+ days|\d+-\d+天|\d+天以上|Outstanding in [A-Z]{3}|折合[A-Z]{3}"
    return re.fullmatch(pattern, label) is not None


def _moved_past_the_names(report: str, named: Mapping[int, str], worded: Mapping[int, str], body: Sequence[Sequence[Any]]) -> bool:
    """Tell whether a program moved the cells and left the names behind: what stands under the names is of other kinds, under the words not.

    Spreadsheet programs take the names along; some that write files do not. Words alone prove nothing: captions can be changed at will.
    """
    if not any(named.get(number, key) != key for number, key in worded.items()):
        return False
    kinds = _known_keys(report)
    return _strangers(worded, kinds, body) < _strangers(named, kinds, body)


def _strangers(places: Mapping[int, str], kinds: Mapping[str, str], body: Sequence[Sequence[Any]]) -> int:
    """Count cells that their column cannot hold."""
    return sum(
        not _may_hold(kinds[key], cell)
        for number, key in places.items()
        if key in kinds
        for cell in body[number]
        if cell not in (None, "")
    )


def _may_hold(kind: str, cell: Any) -> bool:
    number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    if kind == "date":
        return number or isinstance(cell, dt.date)
    return number if kind in _NUMBERS else isinstance(cell, str)


def _missing(place: Place, found: Mapping[int, str], *, whole: bool) -> tuple[str, ...]:
    """Name the columns that a refresh reads back and does not find, where there was a report before."""
    if not whole and not any(corner is None for corner in place.keys.values()):
        return ()
    named = (column.key for column in reports()[place.report].columns(Settings()) if column.style == "key")
    needed = dict.fromkeys((*named, *READ_BACK.get(place.report, ())))
    return tuple(key for key in needed if key not in found.values())


def tell_missing(report: str, missing: Sequence[str], settings: Settings) -> list[Finding]:
    """Say which columns a refresh wanted to read back from a report and did not find."""
    labels = {column.key: column.label for column in reports()[report].columns(settings)}
    sheet, language = reports()[report].sheet, settings.language
    return [
        Finding(sheet, 0, labels.get(key, key), word("column_gone", language, column=labels.get(key, key), sheet=sheet), "", "warning")
        for key in missing
    ]


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


# ---- what was written around it


def stray_cells(place: Place, extent: tuple[int, int]) -> list[tuple[str, Any]]:
    """Find cells the analyst wrote outside the table that this refresh would cover or clear: their addresses and values."""
    found = [*_in_head(place), *_in_totals_row(place), *_between(place), *_beside_totals(place)]
    old = place.extent or (Extent(place.bottom, place.width) if place.bottom else None)
    if old is None or (extent[0] <= old.last and extent[1] <= old.width):
        return found
    used = place.sheet.used_range
    last, width = used.row + used.rows.count - 1 - place.down, used.column + used.columns.count - 1 - place.right
    right_edge = min(width, extent[1])
    below = (old.last + 1, min(last, extent[0]), 1, right_edge)
    beside = (HEADER_ROW, min(place.bottom, old.last), max(old.width, place.width) + 1, right_edge)  # not the table's own columns
    beside_totals = (place.bottom + 1, old.last, old.width + 1, right_edge)
    for top, bottom, left, right in (below, beside, beside_totals):
        if top <= bottom and left <= right:
            found += _written(place, top, bottom, left, right)
    return found


def _written(place: Place, top: int, bottom: int, left: int, right: int) -> list[tuple[str, Any]]:
    rows = cells_of(place.page.range((top, left), (bottom, right)))
    return [
        (_address(place, row, column), value)
        for row, values in enumerate(rows, start=top)
        for column, value in enumerate(values, start=left)
        if value not in (None, "")
    ]


def _address(place: Place, row: int, column: int) -> str:
    address: str = place.page.range((row, column)).get_address(row_absolute=False, column_absolute=False)
    return address


def _in_head(place: Place) -> list[tuple[str, Any]]:
    """Return the lines above the table with what was written between them, once, where rows were inserted there."""
    return _written(place, place.head - place.down, place.head + place.head_rows - 1 - place.down, 1, 1) if place.grown else []


def _in_totals_row(place: Place) -> list[tuple[str, Any]]:
    """Find what was typed into a totals row that the analyst switched on: the formulas and the word in front of them are Excel's."""
    if not place.totals:
        return []
    formulas = place.page.range((place.bottom, 1), (place.bottom, place.width)).formula
    written = list((rows_of(formulas) or [[formulas]])[0])
    found = _written(place, place.bottom, place.bottom, 2, place.width) if place.width > 1 else []
    calculated = {_address(place, place.bottom, number) for number, text in enumerate(written, start=1) if str(text or "").startswith("=")}
    return [(address, value) for address, value in found if address not in calculated]


def _between(place: Place) -> list[tuple[str, Any]]:
    """Find what was written into the blank row that parts the table from its totals."""
    if place.extent is None or not place.bottom or place.extent.last <= place.bottom:
        return []
    return _written(place, place.bottom + 1, place.bottom + 1, 1, max(place.width, place.extent.width))


def _beside_totals(place: Place) -> list[tuple[str, Any]]:
    """Find what the analyst wrote in their own columns below the table, beside totals and smaller tables, where a refresh clears."""
    if place.table is None or place.extent is None or place.extent.last <= place.bottom + 1:
        return []
    inputs = {column.key for column in reports()[place.report].columns(Settings()) if column.style == "input"}
    ours = {number for number, key in columns_of(place, headers_of(place)).items() if key not in inputs}
    free = [number for number in range(1, place.width + 1) if number - 1 not in ours and number > _BLOCK_WIDTH]
    return [cell for number in free for cell in _written(place, place.bottom + 2, place.extent.last, number, number)]
