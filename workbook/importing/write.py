"""Write rows into one of the analyst's tables through the public xlwings object model.

Texts keep the text format, so that "007" and "1-30" stay what they are and "=1+1" is no formula. Columns that are not written
(the analyst's own) keep their cells; calculated ones go on into new rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlwings as xw

from workbook.headers import match_header
from workbook.host_book import counts_from_1904, need_table, read_columns
from workbook.host_cells import put
from workbook.importing.own_columns import Formula, calculated_formula, carried, may_be_calculated, read_cells, write_formulas
from workbook.schema import Table
from xladdin.cells import FROM_1904, date_from_serial
from xladdin.counted import counted
from xladdin.errors import BadRequest

FORMATS: Final = {
    "text": "@", "choice": "@", "flag": "@", "date": "yyyy-mm-dd", "amount": "#,##0.00;[Red]-#,##0.00", "number": "General", "integer": "0",
    "rate": "0.00%",
}  # fmt: skip
LAST_ROW: Final = 1_048_576


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


def write_table(
    book: xw.Book, table: Table, columns: Mapping[str, Sequence[Any]], *, replace: bool = False, origin: Sequence[int] | None = None,
    filled: Collection[str] | None = None,
) -> int:
    """Write cells, by field key or by the header of a column on the sheet; returns the row of the first one.

    Rows go below those there are, or, with `replace`, in their place; then `origin` says from which place among the rows before each
    one comes (-1: none), and `filled` which of the columns are not what these held. Raises BadRequest when a column is missing, the sheet
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
    given = {numbers[name] for name in (columns if filled is None else filled)}
    own = _own_columns(xl_table, place, given, rows, origin if replace else None, replace=replace)
    kinds = {number: _kind(table, name) for name, number in numbers.items()}
    bottom = max(last, place.top + 1)
    if bottom != place.bottom:
        xl_table.resize(place.sheet.range((place.top, place.left), (bottom, place.right)))
    if replace and place.bottom > last:
        start = max(last + 1, place.top + 1)
        place.sheet.range((start, place.left), (place.bottom, place.right)).clear_contents()
    if rows:
        by_number = {number: list(columns[name]) for name, number in numbers.items()}
        if counts_from_1904(book):
            by_number = {number: _from_1904(cells) if kinds[number] == "date" else cells for number, cells in by_number.items()}
        by_number |= {number: [None if isinstance(cell, Formula) else cell for cell in cells] for number, cells in own.items()}
        _write_cells(place, first, last, by_number, {number: kinds.get(number, "") for number in by_number})
        for number, cells in own.items():
            write_formulas(place.sheet, first, number, cells)
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


def _own_columns(
    xl_table: xw.main.Table, place: _Place, given: Collection[int], rows: int, origin: Sequence[int] | None, *, replace: bool,
) -> dict[int, list[Any]]:
    """Return the cells of columns that hold formulas and that the import does not fill, for the rows that are written."""
    answer: dict[int, list[Any]] = {}
    if not rows:
        return answer
    for number in range(place.left, place.right + 1):
        if number in given:
            continue
        name = place.header[number - place.left]
        if origin is None and not may_be_calculated(xl_table, name, place.sheet.range((place.top + 1, number)).formula):
            continue  # most columns: their cells need not be read
        cells = read_cells(place.sheet, place.top + 1, place.top + place.filled, number)
        formula = calculated_formula(xl_table, name, cells)
        if origin is not None and (formula is not None or any(isinstance(cell, Formula) for cell in cells)):
            answer[number] = carried(cells, origin, formula)
        elif formula is not None:
            before = 0 if replace else place.filled
            answer[number] = carried((), [-1] * (before + rows), formula)[before:]
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


def _from_1904(cells: Sequence[Any]) -> list[Any]:
    """Turn numbers of dates into those of a workbook that counts from 1904. Raises BadRequest for an earlier date, which it cannot hold."""
    early = next((cell for cell in cells if type(cell) is float and cell < FROM_1904), None)
    if early is not None:
        raise BadRequest(
            f"the workbook counts days from 1904 and cannot hold {date_from_serial(early).isoformat()}: switch that off in Excel "
            "(File, Options, Advanced, Use 1904 date system), or leave the row out of the file"
        )
    return [cell - FROM_1904 if type(cell) is float else cell for cell in cells]


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Part column numbers into runs without gaps."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
