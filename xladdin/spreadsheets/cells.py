"""The cells of one sheet of a file that is only read, whatever kind of file it is.

Only cells that hold something are kept, so a stray one in the last row and column of a sheet costs a row and a column, not a sheet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from xladdin.errors import BadRequest
from xladdin.hosts.file.address import column_name

#: cells of one sheet; a million rows of 16 columns. Each takes about 80 bytes while it is read
MOST_CELLS: Final = 1 << 24

Place = tuple[int, int]
Ints = npt.NDArray[np.int64]


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

    def address(self, at: int) -> str:
        """Return the address of one of the cells."""
        return f"{column_name(int(self.column[at]))}{self.row[at]}"


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
