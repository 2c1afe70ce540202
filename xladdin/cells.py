"""Cell values <-> Python values.

A spreadsheet cell holds a number, a text, a boolean, an error value or nothing. A date is a number: the day count of the
1900 system, in which 1900-02-29 exists although it never did (serial 60), so serials below 60 and above it count from
different days. Times are the fraction of the day; credit rules count days, so the fraction is cut off.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final, Self

from xladdin.errors import InvalidValue, OutOfRange

ERROR_CODES: Final = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")
ISO_DATE: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?\Z")

_BEFORE_QUIRK: Final = dt.date(1899, 12, 31).toordinal()
_AFTER_QUIRK: Final = dt.date(1899, 12, 30).toordinal()
_QUIRK: Final = 60  # 1900-02-29, kept by Excel for Lotus 1-2-3's sake
LAST_SERIAL: Final = 2_958_465  # 9999-12-31

#: days that a report can be made for: it looks a year back, and deadlines and calendars years ahead, and all of them are dates of cells
FIRST_REPORT_DAY: Final = dt.date(1950, 1, 1)
LAST_REPORT_DAY: Final = dt.date(2199, 12, 31)

#: days by which a workbook that counts from 1904 counts less: 1904-01-01 is 0 there, 1462 elsewhere
FROM_1904: Final = 1462
#: days between 1970-01-01, where numpy's datetime64[D] counts from, and serial 0 of dates after the quirk
UNIX_EPOCH_SERIAL: Final = dt.date(1970, 1, 1).toordinal() - _AFTER_QUIRK

type_name: Final = {bool: "a boolean", int: "a number", float: "a number", str: "a text", type(None): "a blank"}


class ExcelError(str):
    """One of the seven error values; equal to its code as text, yet told apart from text by its class."""

    __slots__ = ()

    def __new__(cls, code: str) -> Self:
        """Accept only the seven codes."""
        if code not in ERROR_CODES:
            raise ValueError(f"an error value is one of {', '.join(ERROR_CODES)}; got {code!r}")
        return super().__new__(cls, code)

    def __repr__(self) -> str:
        return f"ExcelError({str(self)!r})"


@dataclass(frozen=True, slots=True)
class Referred:
    """A cell that a function is asked about, not only its value: what a host hands over for an argument of kind `reference`."""

    value: Any
    reason: str | None = None  # why it is an error, or what one of our functions remarked about it


#: what a host hands over or takes back: None is a blank cell
Cell = float | int | str | bool | ExcelError | dt.date | None


def date_from_serial(serial: float) -> dt.date:
    """Turn a day count of the 1900 system into a date. Raises OutOfRange before 1900-01-01, after 9999 and on 1900-02-29."""
    if not math.isfinite(serial) or serial < 1 or serial >= LAST_SERIAL + 1:
        raise OutOfRange(f"{serial:g} is not a date: serial numbers of dates run from 1 (1900-01-01) to {LAST_SERIAL} (9999-12-31)")
    day = int(serial)
    if day == _QUIRK:
        raise OutOfRange("serial number 60 is 1900-02-29, a day that never was")
    return dt.date.fromordinal(day + (_BEFORE_QUIRK if day < _QUIRK else _AFTER_QUIRK))


def serial_from_date(day: dt.date) -> int:
    """Turn a date into its day count of the 1900 system. Raises OutOfRange for dates before 1900, which no cell can hold."""
    serial = day.toordinal() - _AFTER_QUIRK
    if serial <= _QUIRK:
        serial = day.toordinal() - _BEFORE_QUIRK
    if serial < 1:
        raise OutOfRange(f"{day.isoformat()} is before 1900-01-01, the first date a cell can hold")
    return serial


def parse_iso_date(text: str) -> dt.date | None:
    """Read 2026-01-31 (a midnight may follow); None when the text has another form or names a day that never was."""
    match = ISO_DATE.match(text.strip())
    if match is None:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def read_date(value: Any, name: str) -> dt.date:
    """Read one cell as a date: a serial number, an ISO text or a date object. Raises InvalidValue or OutOfRange naming the argument."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, bool) or value is None:
        raise InvalidValue(f"{name} must be a date; got {describe(value)}")
    if isinstance(value, str):
        day = parse_iso_date(value)
        if day is None:
            raise InvalidValue(f"{name} must be a date or a text like 2026-01-31; got {describe(value)}")
        return day
    if not hasattr(value, "__float__"):  # a time of day, a length of time
        raise InvalidValue(f"{name} must be a date; got {describe(value)}")
    try:
        return date_from_serial(float(value))
    except OutOfRange as error:
        raise OutOfRange(f"{name}: {error}") from None


def describe(value: Any) -> str:
    """Say what a cell holds, for a message: short, and never more than the first 40 characters of a text."""
    if value is None:
        return "a blank"
    if isinstance(value, ExcelError):
        return f"the error {value}"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return f'the text "{value if len(value) <= 40 else value[:39] + "…"}"'
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, (int, float)):
        return f"{value:.15g}"
    return f"a {type(value).__name__}"


def shown_digits(number: float) -> float:
    """Return a number as a cell shows it at most: to fifteen digits, so that 2.1689999999999996 is 2.169."""
    return float(f"{number:.15g}")


def is_blank(value: Any) -> bool:
    """Tell whether a cell counts as empty: nothing, or a text of no characters (what a formula's "" leaves)."""
    return value is None or value == ""


def rows_of(value: Any, name: str = "a range") -> list[Sequence[Any]] | None:
    """Return a range as a list of its rows as they came, or None when the value is a single cell. A flat list is one column.

    Raises InvalidValue for rows of unlike length and for lists in place of cells.
    """
    if not isinstance(value, (list, tuple)):
        return None
    kinds = set(map(type, value))
    if not kinds & {list, tuple}:
        return [[cell] for cell in value]
    rows = list(value) if kinds <= {list, tuple} else [row if isinstance(row, (list, tuple)) else [row] for row in value]
    if len(set(map(len, rows))) > 1 or set(map(type, chain.from_iterable(rows))) & {list, tuple}:
        raise InvalidValue(f"{name} must be a block: all rows as long as the first, a single value in each cell")
    return rows


def read_number(cell: Any, where: str) -> float | None:
    """Read a number in a block, None for a blank. Raises InvalidValue for a text, a truth, a date, or what no cell can hold."""
    if is_blank(cell):
        return None
    if isinstance(cell, (bool, str)) or not isinstance(cell, (int, float)):
        raise InvalidValue(f"{where} must be a number; got {describe(cell)}")
    try:
        number = float(cell)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise InvalidValue(f"{where} must be a number that a cell can hold; got {describe(cell)}")
    return number
