"""How values cross from Python to Excel and back: pywin32's conversions (com/win32com/src/oleargs.cpp, PyCom_VariantFromPyObject).

Each was seen with pywin32 312 in a Windows Python under Wine.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np

#: scodes of Excel's error values, 0x800A0000 + XlCVError (Microsoft: "Cell Error Values"); the later ones by their numbers in CVErr
ERRORS = {"#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042, "#SPILL!": 2045, "#CALC!": 2050}
REFUSED = -2146827284  # 0x800A03EC, "Application-defined or object-defined error"
MEMBER_NOT_FOUND = -2147352573


class ComError(Exception):
    """pywintypes.com_error."""

    def __init__(self, hresult: int = -2147352567, text: str = "Exception occurred.", said: str = "", scode: int = REFUSED):
        super().__init__(hresult, text, (0, "Microsoft Excel", said, None, 0, scode), None)
        self.hresult, self.strerror, self.excepinfo, self.argerror = hresult, text, self.args[2], None


class TimeType(dt.datetime):
    """pywintypes' time: a datetime with a zone."""


class Zone(dt.tzinfo):
    """win32timezone's UTC."""

    @classmethod
    def utc(cls):
        return cls()

    def utcoffset(self, when):
        return dt.timedelta(0)

    def dst(self, when):
        return dt.timedelta(0)

    def tzname(self, when):
        return "GMT"


class Error(str):
    """An error value in a cell of the model."""


class Currency(float):
    """A VT_CY on its way into a cell."""


def to_variant(value: Any) -> Any:
    """What pywin32 makes of a value; raises what it raises."""
    if isinstance(value, (list, tuple)):
        return [to_variant(one) for one in value]
    if isinstance(value, dt.datetime):
        return dt.datetime(value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
    if isinstance(value, dt.date):
        raise TypeError("must be a pywintypes time object (got datetime.date)")
    if isinstance(value, (np.datetime64, np.timedelta64)):
        raise TypeError(f"float() argument must be a string or a real number, not {type(value.item()).__name__!r}")
    if isinstance(value, Decimal):
        return Currency(value)
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and not isinstance(value, np.generic):
        if not -(2**63) <= value < 2**64:
            raise OverflowError("int too big to convert")
        return float(value)
    if hasattr(value, "__float__"):
        return float(value)
    raise TypeError(f"Objects of type '{type(value).__name__}' can not be converted to a COM VARIANT")


def from_cell(value: Any, number_format: str, *, date1904: bool, plain: bool) -> Any:
    """What Python gets of a cell: `Range.Value`, or with `plain` `Range.Value2`, which knows neither dates nor currencies.

    An error value arrives as a whole number (xlwings#61), a date as pywintypes' time, a currency as a Decimal of four places.
    """
    if isinstance(value, Error):
        return ERRORS[value] + 0x800A0000 - (1 << 32)
    if type(value) is float and not plain:
        if is_date(number_format) and 0 <= value < 2_958_466:
            start = dt.datetime(1904, 1, 1) if date1904 else dt.datetime(1899, 12, 30 if value >= 61 else 31)
            moment = start + dt.timedelta(days=value)
            return TimeType(moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second, moment.microsecond, tzinfo=Zone())
        if any(sign in number_format for sign in "$€£¥￥"):
            return Decimal(str(round(value, 4)))
    return value


def is_date(number_format: str) -> bool:
    """Whether a number format shows dates or times."""
    outside = "".join(part for index, part in enumerate(number_format.split('"')) if index % 2 == 0).lower()
    while "[" in outside and "]" in outside:
        outside = outside[: outside.index("[")] + outside[outside.index("]") + 1 :]
    return outside not in ("general", "@") and any(letter in outside for letter in "ymdhs")


def fault_of(value: Any) -> str:
    """Say what Excel makes of a value that it takes and shows as something else; empty where nothing is wrong."""
    if isinstance(value, Currency):
        return f"{float(value)} was sent as a currency, which keeps four decimals"
    if isinstance(value, float) and not math.isfinite(value):  # xlwings#15, xlwings#1116: "Excel prints a 65535 instead"
        return f"{value} is shown as 65535"
    return ""
