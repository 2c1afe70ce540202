"""What a cell of a running spreadsheet program takes: the one function that turns Python's values into it.

A program takes a float, a text, a truth value, an error value or nothing. Excel's interface refuses a `datetime.date`, shows 65535 for a
number that is none (NaN), keeps four decimals of a `Decimal` (it becomes a currency) and knows neither numpy's scalars nor whole numbers
of more than 64 bits; so nothing but those five kinds is ever handed over. A closed file's engine follows the same rules by columns
(`xladdin.hosts.file.encode`); tests/hosts/test_values.py holds the hosts together.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np

from xladdin.cells import FROM_1904, ExcelError
from xladdin.errors import BadRequest
from xladdin.missing import is_missing

MAX_TEXT: Final = 32_767  # characters of a cell (Microsoft: Excel specifications and limits)
_EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a cell's date has no time zone
_QUIRK: Final = 60  # 1900-02-29, a day that only spreadsheets know: serials up to it count from a day later
_PLAIN: Final = frozenset({float, str, bool, type(None)})

HostValue = float | str | bool | ExcelError | None


def serial_number(value: dt.date, *, date1904: bool = False) -> float:
    """Turn a date or a date with time into a workbook's serial number. Raises BadRequest before 1900, which no cell can hold."""
    moment = value.replace(tzinfo=None) if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day)  # noqa: DTZ001
    days = (moment - _EPOCH) / dt.timedelta(days=1)
    if days < 0 or 1 <= days < 2:  # 1899-12-30 is what a time of day is read as
        raise BadRequest(f"{value.isoformat()} is before 1900-01-01, the first date a cell can hold")
    if 1 <= days < _QUIRK + 1:
        days -= 1
    return days - FROM_1904 if date1904 else days


def day_count(*, date1904: bool) -> Callable[[dt.date], HostValue]:
    """Return how dates become serial numbers in a workbook; a day that its cells cannot show is written as a text."""

    def serial(value: dt.date) -> HostValue:
        try:
            made = serial_number(value, date1904=date1904)
        except BadRequest:
            return value.isoformat()
        return made if made >= 0 else value.isoformat()

    return serial


def host_value(value: Any, serial: Callable[[dt.date], HostValue]) -> HostValue:
    """Turn one value into what a cell takes; `serial` counts the days of a date as the workbook does.

    What is missing (None, NaN, NaT, pandas' NA, an empty text) is None, what is too large for a number is #NUM!.
    Raises BadRequest for a text longer than a cell and for what is no value of a cell.
    """
    kind = type(value)
    if kind is float:
        return _number(value)
    if value is None or kind is bool or isinstance(value, ExcelError):
        return value  # type: ignore[no-any-return]
    if isinstance(value, str):
        return _text(str(value))
    if is_missing(value):
        return None
    if isinstance(value, np.datetime64):
        return serial(value.astype("datetime64[us]").item())
    if isinstance(value, np.timedelta64):
        value = value.astype("timedelta64[us]").item()
    elif isinstance(value, np.generic):
        return host_value(value.item(), serial)
    if isinstance(value, dt.date):
        return serial(value)
    if isinstance(value, dt.time):
        return (value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6) / 86400
    if isinstance(value, dt.timedelta):
        return value / dt.timedelta(days=1)
    if isinstance(value, Decimal):
        return None if value.is_nan() else _number(float(value))
    if isinstance(value, numbers.Real):
        try:
            return _number(float(value))
        except OverflowError:  # a whole number of more than 308 digits
            return ExcelError("#NUM!")
    raise BadRequest(f"a cell cannot hold {type(value).__name__}: {value!r:.60}")


def host_column(values: Iterable[Any], serial: Callable[[dt.date], HostValue]) -> list[HostValue]:
    """Turn a column into what cells take."""
    cells = list(values)
    kinds = set(map(type, cells))
    if kinds <= _PLAIN and float not in kinds:
        if str not in kinds:
            return cells
    elif kinds <= {float, type(None)}:
        array = np.array(cells, np.float64)  # None becomes NaN
        if np.isfinite(array).all():
            return cells
    return [host_value(cell, serial) for cell in cells]


def block_of(rows: Any, height: int, width: int) -> Sequence[Sequence[Any]]:
    """Return values as rows of a block: a single value fills it. Raises ValueError where they are of another shape."""
    if not isinstance(rows, (list, tuple)):
        return [[rows] * width] * height
    if len(rows) != height or any(not isinstance(row, (list, tuple)) or len(row) != width for row in rows):
        raise ValueError(f"a block of {height} x {width} cells takes as many values, row by row")
    return rows


def _number(value: float) -> float | ExcelError | None:
    if math.isfinite(value):
        return value
    return None if math.isnan(value) else ExcelError("#NUM!")


def _text(value: str) -> str | None:
    if len(value) > MAX_TEXT:
        raise BadRequest(f"a cell holds at most {MAX_TEXT:,} characters; got {len(value):,}, beginning with {value[:30]!r}")
    return value or None
