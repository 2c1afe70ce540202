"""The cells of one sheet of a source, whatever kind of file it stands in, and the rows and columns that are made of them.

Only cells that hold something are kept, so a stray one in the last row and column of a sheet costs a row and a column, not a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from workbook.importing.source import Ints, Source, clean_header
from xladdin.counted import counted
from xladdin.errors import BadRequest
from xladdin.hosts.file.address import column_name

#: cells of one sheet; a million rows of 16 columns. Each takes about 80 bytes while it is read
MOST_CELLS: Final = 1 << 24
_NAMED: Final = 5

Place = tuple[int, int]


@dataclass(slots=True)
class SheetCells:
    """The cells of a sheet that hold something: rows and columns counted from 1, and their values.

    `unvalued` are formulas without a value by place; `uncalculated` counts formulas whose value a program wrote without calculating it.
    """

    name: str
    row: Ints
    column: Ints
    value: npt.NDArray[np.object_]
    unvalued: Mapping[Place, str] = field(default_factory=dict)
    uncalculated: int = 0
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: Sequence[tuple[int, int]] = ()


class Collector:
    """Gathers the cells of a sheet one by one."""

    def __init__(self, file: str, sheet: str) -> None:
        self._file, self._sheet = file, sheet
        self.row: list[int] = []
        self.column: list[int] = []
        self.value: list[Any] = []
        self.unvalued: dict[Place, str] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: list[tuple[int, int]] = []

    def add(self, row: int, column: int, value: Any) -> None:
        """Add a cell. Raises BadRequest beyond what is read of one sheet."""
        if value is None or value == "":
            return
        if len(self.row) >= MOST_CELLS:
            refuse_size(self._file, self._sheet)
        self.row.append(row)
        self.column.append(column)
        self.value.append(value)

    def cells(self) -> SheetCells:
        """Return what was gathered."""
        value = np.empty(len(self.value), np.object_)
        value[:] = self.value
        return SheetCells(
            self._sheet, np.array(self.row, np.int64), np.array(self.column, np.int64), value, self.unvalued, 0,
            frozenset(self.hidden_rows), self.hidden_columns,
        )  # fmt: skip


def refuse_size(file: str, sheet: str) -> None:
    """Refuse a sheet of more cells than are read."""
    raise BadRequest(f"{file}: the sheet {sheet} holds more than {MOST_CELLS:,} cells; save the table as .csv or Parquet")


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
        where = f"{column_name(int(cells.column[at]))}{cells.row[at]}"
        stand = counted(count, "cell stands", "cells stand")
        lines.append(f"not read: {stand} in columns without a name in the header's row, the last in {where}")
    if cells.uncalculated:
        hold = counted(cells.uncalculated, "formula holds a value", "formulas hold values")
        lines.append(f"{hold} that a program stored without calculating; open the file in Excel and save it to be sure of them")
    return lines
