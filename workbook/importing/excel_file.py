"""A spreadsheet as a source: the cells of its sheet as the columns below the header's row, and what a person does not see of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workbook.importing.source import Ints, Source, clean_header
from xladdin.counted import counted
from xladdin.errors import BadRequest
from xladdin.spreadsheets.cells import SheetCells
from xladdin.spreadsheets.read import read_sheet

_NAMED: Final = 5


def read_excel(path: Path, sheet: str, header_row: int, _encoding: str, _delimiter: str) -> Source:
    """Read the one sheet with data, or the one named. Raises BadRequest for a damaged file, and where several sheets hold data."""
    return source_of(path.name, read_sheet(path, sheet), header_row)


def source_of(file: str, cells: SheetCells, header_row: int) -> Source:
    """Make the columns below the header's row. Raises BadRequest where the sheet does not reach it."""
    last = max(int(cells.row.max(initial=0)), max((row for row, _ in cells.unvalued), default=0))
    if last < header_row:
        raise BadRequest(f"{file}: the sheet {cells.name} has {counted(last, 'row')}, no row {header_row}")
    top = cells.row == header_row
    names = {int(column): clean_header(value) for column, value in zip(cells.column[top], cells.value[top], strict=True)}
    header = [names.get(column, "") for column in range(1, max(names, default=0) + 1)]
    named = np.array([column for column, name in names.items() if name], np.int64)
    below = cells.row > header_row
    inside = below & np.isin(cells.column, named)
    without = {place: formula for place, formula in cells.unvalued.items() if place[0] > header_row and names.get(place[1])}
    numbers = np.union1d(cells.row[inside], np.array([row for row, _ in without], np.int64)).astype(np.int64)
    columns: list[Any] = []
    for number in range(1, len(header) + 1):
        column = np.full(len(numbers), None, np.object_)
        chosen = inside & (cells.column == number) if header[number - 1] else np.zeros(0, np.bool_)
        if chosen.any():
            column[np.searchsorted(numbers, cells.row[chosen])] = cells.value[chosen]
        columns.append(column.tolist() if header[number - 1] else [])
    unvalued: dict[int, dict[int, str]] = {}
    for (row, number), formula in without.items():
        unvalued.setdefault(number - 1, {})[int(np.searchsorted(numbers, row))] = formula
    first = next((index for index, name in enumerate(header) if name), 0)
    if header and first:  # the length of the source is that of its first column
        columns[0] = [None] * len(numbers)
    told = tuple(_told(cells, names, numbers, below & ~inside))
    return Source(file, header, columns, numbers, {"format": "Excel", "sheet": cells.name}, told, unvalued)


def _told(cells: SheetCells, names: Mapping[int, str], numbers: Ints, outside: npt.NDArray[np.bool_]) -> list[str]:
    """Say what a reader of the file does not see, or would not expect."""
    lines = []
    hidden = sum(int(number) in cells.hidden_rows for number in numbers)
    if hidden:
        verb = "is" if hidden == 1 else "are"
        lines.append(f"{hidden:,} of {counted(len(numbers), 'row')} {verb} hidden in the file; hidden rows are read like the others")
    columns = [name for number, name in names.items() if name and any(low <= number <= high for low, high in cells.hidden_columns)]
    if columns:
        more = " …" if len(columns) > _NAMED else ""
        verb = "is" if len(columns) == 1 else "are"
        said = counted(len(columns), "column")
        lines.append(f"{said} {verb} hidden in the file and read like the others: {', '.join(columns[:_NAMED])}{more}")
    count = int(outside.sum())
    if count:
        at = int(np.flatnonzero(outside)[-1])
        where = cells.address(at)
        stand = counted(count, "cell stands", "cells stand")
        lines.append(f"not read: {stand} in columns without a name in the header's row, the last in {where}")
    if cells.uncalculated:
        hold = counted(cells.uncalculated, "formula holds a value", "formulas hold values")
        lines.append(f"{hold} that a program stored without calculating; open the file in Excel and save it to be sure of them")
    return lines
