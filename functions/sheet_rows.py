"""Rows of a sheet that a function takes as a table: the sheets Holidays and Rates, header or not, blank rows allowed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from xladdin.cells import describe, is_blank, parse_iso_date, read_date
from xladdin.errors import CellError, InvalidValue, OutOfRange

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Table = tuple[tuple[Any, ...], ...]


def number_of(cell: Any, where: str) -> float:
    """Read a number of a table. Raises InvalidValue for a text, a date or TRUE, OutOfRange for one that is not finite."""
    if isinstance(cell, bool) or not isinstance(cell, (int, float)):
        raise InvalidValue(f"{where} must be a number; got {cell if isinstance(cell, str) else describe(cell)}")
    if not math.isfinite(cell):
        raise OutOfRange(f"{where} is not a finite number")
    return float(cell)


def as_table(rows: Sequence[Sequence[Any]] | None) -> Table:
    """Make a table that can be remembered by its contents: what was read from it once need not be read again."""
    return () if rows is None else tuple(map(tuple, rows))


def dated_rows(table: Table, name: str, date_column: int) -> Iterator[tuple[str, np.datetime64, tuple[Any, ...]]]:
    """Give each filled row: where it stands ("holidays, row 3"), its date, its cells.

    A first row without a date is the header. Raises InvalidValue or OutOfRange naming the row for any other cell that is no date.
    """
    for number, row in enumerate(table, start=1):
        if all(map(is_blank, row)):
            continue
        where = f"{name}, row {number}"
        cell = row[date_column] if date_column < len(row) else None
        if number == 1 and isinstance(cell, str) and parse_iso_date(cell) is None:
            continue
        try:
            day = read_date(cell, "date")
        except CellError as error:
            raise type(error)(f"{where}: {error}") from None
        yield where, np.datetime64(day, "D"), row
