"""Cells of a workbook in any host, read and written: the only place that hands values to an engine.

Excel reads every text it is given as if somebody had typed it: "1-30" becomes a date, "007" a number, "#N/A" an error value, "=1+1" a
formula (Microsoft: Range.Value; xlwings#776). A cell with the text format takes it as it is, and so does any cell after an apostrophe,
which is not part of the value (Range.PrefixCharacter). A text therefore stays the text it is wherever it is written; an error value is
written as its code.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

import xlwings as xw

from xladdin.cells import ExcelError, rows_of
from xladdin.host_values import MAX_TEXT, HostValue, block_of, day_count, host_column
from xladdin.plain_text import writable

#: xlwings' engines of a running Excel
_EXCEL: Final = ("xlwings._xlwindows", "xlwings._xlmac")
#: Excel hands error values over COM as these numbers
_COM_ERRORS: Final = {
    -2146826288: "#NULL!", -2146826281: "#DIV/0!", -2146826273: "#VALUE!", -2146826265: "#REF!",
    -2146826259: "#NAME?", -2146826252: "#NUM!", -2146826246: "#N/A",
}  # fmt: skip
_TEXT: Final = "@"
_DATE: Final = "yyyy-mm-dd"
_FIRST_YEAR: Final = 1900


def put(place: xw.Range, values: Any) -> None:
    """Write values into a range: rows of its shape, or a single value for every cell. They stay what they are; nothing becomes a formula.

    Dates go by the workbook's own count of days; what is missing leaves the cell empty. A program that shows a date as a number where no
    format is set gets one. Raises BadRequest for a text longer than a cell, ValueError for rows of another shape.
    """
    height, width = place.shape
    rows = block_of(values, height, width)
    columns = list(zip(*rows, strict=True))
    if not in_excel(place):
        _put_text(place, [_known_dates(column) for column in columns])
        return
    dates = [number for number, column in enumerate(columns) if any(isinstance(cell, dt.date) for cell in column)]
    serial = day_count(date1904=bool(dates) and bool(place.sheet.book.api.Date1904))
    _put_text(place, [host_column(column, serial) for column in columns])
    for number in dates:
        one = _part(place, 0, height, number)
        if one.number_format == "General":
            one.number_format = _DATE


def in_excel(place: xw.Range) -> bool:
    """Tell whether a running Excel holds the cells, without asking it."""
    return type(place.impl).__module__ in _EXCEL


def stored(place: xw.Range) -> list[list[Any]]:
    """Read a range as rows of what its cells hold: in Excel whole numbers of days for dates, and every decimal of a currency."""
    if not in_excel(place) or type(place.impl).__module__ != _EXCEL[0]:
        return cells_of(place)
    return _rows(place.api.Value2, place)


def cells_of(place: xw.Range) -> list[list[Any]]:
    """Read a range as rows of cells, always two-dimensional."""
    return _rows(place.options("raw").value, place)


def _rows(value: Any, place: xw.Range) -> list[list[Any]]:
    rows = [plain_cells(row) for row in rows_of(value) or [[value]]]
    if len(rows) != place.shape[0]:  # one row came as a flat list
        return [[cell for row in rows for cell in row]]
    return rows


def plain_cells(cells: Sequence[Any]) -> list[Any]:
    """Turn what only Excel's own interface hands over into the cells of `xladdin.cells`: error numbers, and currencies.

    No number arrives as a whole number but the code of an error value; those that Excel added later (#SPILL!, #CALC! …) are #VALUE!.
    """
    kinds = set(map(type, cells))
    if str in kinds:
        try:
            "".join(cell for cell in cells if isinstance(cell, str)).encode()
        except UnicodeEncodeError:  # half an emoji
            cells = [writable(cell) if isinstance(cell, str) else cell for cell in cells]
    if int not in kinds and Decimal not in kinds:
        return list(cells)
    return [
        ExcelError(_COM_ERRORS.get(cell, "#VALUE!")) if type(cell) is int else float(cell) if isinstance(cell, Decimal) else cell
        for cell in cells
    ]  # fmt: skip


def number_formats(column: xw.Range) -> Iterator[tuple[int, int, str]]:
    """Yield the stretches of a column's cells, from row to row counted from 0, with their number format. A mixed stretch is halved."""
    found, height = column.number_format, column.shape[0]
    if found is not None or height == 1:
        yield 0, height, str(found)
        return
    middle = height // 2
    for start, end in ((0, middle), (middle, height)):
        for first, last, code in number_formats(_part(column, start, end, 0)):
            yield start + first, start + last, code


def _known_dates(column: Sequence[Any]) -> list[Any]:
    """Turn values into what an engine takes that knows dates itself; one that no cell can hold becomes a text."""

    def kept(value: dt.date) -> Any:
        return value if value.year >= _FIRST_YEAR else value.isoformat()

    return host_column(column, kept)


def _put_text(place: xw.Range, columns: Sequence[list[HostValue]]) -> None:
    """Write columns so that texts stay texts and errors errors."""
    height = place.shape[0]
    excel = in_excel(place)
    later: list[tuple[int, int, HostValue]] = []
    for number, column in enumerate(columns):
        doubtful = [row for row, cell in enumerate(column) if _doubtful(cell, excel=excel)]
        if not doubtful:
            continue
        first = doubtful[0]
        for start, end, code in number_formats(_part(place, first, doubtful[-1] + 1, number)):
            as_text = code == _TEXT
            for row in doubtful:
                if not first + start <= row < first + end:
                    continue
                cell = column[row]
                if isinstance(cell, ExcelError):
                    if as_text:
                        later.append((row, number, cell))
                    elif excel:
                        column[row] = str(cell)
                elif not as_text and len(str(cell)) < MAX_TEXT:
                    column[row] = f"'{cell}"
                elif not as_text:  # no room for the apostrophe
                    _part(place, row, row + 1, number).number_format = _TEXT
                elif excel and str(cell).startswith("'"):
                    later.append((row, number, cell))
    rows = [list(row) for row in zip(*columns, strict=True)]
    place.options("raw").value = rows or [[None]] * height
    for row, number, cell in later:
        _one_by_one(_part(place, row, row + 1, number), cell)


def _doubtful(cell: HostValue, *, excel: bool) -> bool:
    """Tell whether a cell's text format decides what becomes of a value."""
    if isinstance(cell, ExcelError):
        return True
    return isinstance(cell, str) and (excel or cell.startswith(("=", "'")))


def _one_by_one(cell: xw.Range, value: HostValue) -> None:
    """Write what the text format stands in the way of: an error value, and a text that begins with an apostrophe."""
    if isinstance(value, ExcelError):
        cell.number_format = "General"
        cell.options("raw").value = [[str(value) if in_excel(cell) else value]]
        cell.number_format = _TEXT
    elif cells_of(cell) != [[value]]:  # the apostrophe was taken for the mark of a text
        cell.options("raw").value = [[f"'{value}"]]


def _part(place: xw.Range, start: int, end: int, number: int) -> xw.Range:
    """Return a stretch of one column of a range, rows and column counted from 0."""
    top, left = place.row, place.column + number
    return place.sheet.range((top + start, left), (top + end - 1, left))
