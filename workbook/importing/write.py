"""Write rows into one of the analyst's tables through the public xlwings object model.

Texts keep the text format, so that "007" and "1-30" stay what they are and "=1+1" is no formula. Columns that are not written
(the analyst's own, or calculated ones) keep their cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlwings as xw

from workbook.headers import match_header
from workbook.host_book import need_table, read_columns
from workbook.host_cells import put
from workbook.schema import Table
from xladdin.counted import counted
from xladdin.errors import BadRequest

FORMATS: Final = {
    "text": "@", "choice": "@", "flag": "@", "date": "yyyy-mm-dd", "amount": "#,##0.00;[Red]-#,##0.00", "number": "General", "integer": "0",
    "rate": "0.00%",
}  # fmt: skip
LAST_ROW: Final = 1_048_576
_CELL_REFERENCE: Final = re.compile(r"\$?[A-Z]{1,3}\$?\d+(?![\w(])")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a table stands: its sheet, its header's row, its columns, and how many of its rows hold something."""

    sheet: xw.Sheet
    top: int
    left: int
    right: int
    bottom: int
    filled: int
    header: list[str]


def write_table(book: xw.Book, table: Table, columns: Mapping[str, Sequence[Any]], *, replace: bool = False) -> int:
    """Write cells, by field key or by the header of a column on the sheet; returns the row of the first one.

    Rows go below those there are, or, with `replace`, in their place. Raises BadRequest when a column is missing, the sheet
    is too short, or cells below the table would be overwritten.
    """
    xl_table = need_table(book, table.name)
    if xl_table.show_totals:
        raise BadRequest(f"the table {table.name} has a totals row; switch it off before importing (Table Design, Total Row)")
    place = _place(xl_table)
    numbers = _column_numbers(table, place, columns)
    rows = max((len(cells) for cells in columns.values()), default=0)
    first = place.top + 1 + (0 if replace else place.filled)
    last = first + rows - 1
    if last > LAST_ROW:
        where = f"below row {first - 1} of the sheet {place.sheet.name}"
        raise BadRequest(f"{counted(rows, 'row does', 'rows do')} not fit {where}: a sheet ends at row {LAST_ROW:,}")
    _refuse_overwriting(place, table, last)
    formulas = _formulas(place, numbers)
    kinds = {number: _kind(table, name) for name, number in numbers.items()}
    bottom = max(last, place.top + 1)
    if bottom != place.bottom:
        xl_table.resize(place.sheet.range((place.top, place.left), (bottom, place.right)))
    if replace and place.bottom > last:
        start = max(last + 1, place.top + 1)
        place.sheet.range((start, place.left), (place.bottom, place.right)).clear_contents()
    if rows:
        by_number = {number: list(columns[name]) for name, number in numbers.items() if number not in formulas}
        _write_cells(place, first, last, by_number, kinds)
        for number, formula in formulas.items():
            place.sheet.range((place.top + 1, number), (last, number)).formula = formula
    return first


def _place(xl_table: xw.main.Table) -> _Place:
    area = xl_table.range
    sheet, top, left = area.sheet, area.row, area.column
    bottom, right = top + area.rows.count - 1, left + area.columns.count - 1
    header = [str(cell[0] or "") for cell in read_columns(sheet, top, left, top, right)]
    filled = 0
    if bottom > top:
        for column in read_columns(sheet, top + 1, left, bottom, right):
            filled = max(filled, next((n for n in range(len(column), 0, -1) if column[n - 1] not in (None, "")), 0))
    return _Place(sheet, top, left, right, bottom, filled, header)


def _column_numbers(table: Table, place: _Place, columns: Mapping[str, Sequence[Any]]) -> dict[str, int]:
    """Return the sheet's column of each field key or header."""
    found, others = match_header(table, place.header)
    numbers = {key: place.left + index for key, index in found.items()}
    numbers |= {place.header[index]: place.left + index for index in others if place.header[index]}
    missing = [name for name in columns if name not in numbers]
    if missing:
        where = f"the table {table.name} on the sheet {place.sheet.name}"
        raise BadRequest(f"{where} has no column {', '.join(missing)}; add it, or do not import it")
    return {name: numbers[name] for name in columns}


def _kind(table: Table, name: str) -> str:
    return next((field.kind for field in table.fields if field.key == name), "")


def _refuse_overwriting(place: _Place, table: Table, last: int) -> None:
    """Refuse to grow over what stands below the table."""
    if last <= place.bottom:
        return
    used = place.sheet.used_range
    end = min(last, used.row + used.rows.count - 1)
    if end <= place.bottom:
        return
    for offset, column in enumerate(read_columns(place.sheet, place.bottom + 1, place.left, end, place.right)):
        for row, cell in enumerate(column, start=place.bottom + 1):
            if cell not in (None, ""):
                address = place.sheet.range((row, place.left + offset)).get_address(row_absolute=False, column_absolute=False)
                where = f"{place.sheet.name}!{address}"
                raise BadRequest(f"the table {table.name} would grow over {where}, which is not empty; move what stands there")


def _formulas(place: _Place, numbers: Mapping[str, int]) -> dict[int, str]:
    """Return the formulas of calculated columns that are not ours: they go on into new rows, where they do not count cells.

    A formula with a cell's address cannot simply be repeated; such a column keeps what it has.
    """
    written = set(numbers.values())
    answer = {}
    for number in range(place.left, place.right + 1):
        formula = place.sheet.range((place.top + 1, number)).formula
        if isinstance(formula, str) and formula.startswith("=") and not _CELL_REFERENCE.search(formula):
            header = place.header[number - place.left]
            if number not in written or header in numbers:
                answer[number] = formula
    return answer


def _write_cells(place: _Place, first: int, last: int, columns: Mapping[int, list[Any]], kinds: Mapping[int, str]) -> None:
    sheet, model = place.sheet, place.top + 1
    for number in columns:  # the table's first row shows the form of all others
        if kinds[number]:
            sheet.range((model, number)).number_format = FORMATS[kinds[number]]
    block = getattr(sheet.impl, "set_block", None)
    for run in _runs(sorted(columns)):
        cells = [columns[number] for number in run]
        if block is not None:
            styles = [sheet.impl.style_index(model, number) for number in run]
            block(first, run[0], cells, styles)
            continue
        for number in run:
            if kinds[number]:
                sheet.range((first, number), (last, number)).number_format = FORMATS[kinds[number]]
        put(sheet.range((first, run[0]), (last, run[-1])), [list(row) for row in zip(*cells, strict=True)])


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Part column numbers into runs without gaps."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
