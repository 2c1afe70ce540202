"""Values between Python and LibreOffice's cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Final

import numpy as np

from xladdin.cells import ExcelError
from xladdin.host_values import host_column
from xladdin.missing import is_missing

#: what a refusal of the engine ends with
WHERE: Final = "in LibreOffice through this engine; use the native object (.api) for that, or Excel"
EPOCH: Final = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - cells know no zones
DATE, LOGICAL = 2, 1024  # com.sun.star.util.NumberFormat
CONTENTS: Final = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: values, dates, texts, formulas
HARD_FORMATS: Final = 32 | 64 | 256  # formats, styles, formats of parts of a text
ERROR_RESULTS: Final = 4  # com.sun.star.sheet.FormulaResult
#: LibreOffice's error codes; what Excel has no word for is #VALUE!
_ERRORS: Final = {32767: "#N/A", 502: "#NUM!", 503: "#NUM!", 519: "#VALUE!", 521: "#NULL!", 524: "#REF!", 525: "#NAME?", 532: "#DIV/0!"}
_DAY: Final = 86_400_000_000


def error_of(code: int) -> ExcelError:
    """Name an error code as Excel does."""
    return ExcelError(_ERRORS.get(code, "#VALUE!"))


def serial(value: dt.date, epoch: dt.datetime = EPOCH) -> float:
    """Count a date's days from the document's day 0."""
    if isinstance(value, dt.datetime):
        past = value.replace(tzinfo=None) - epoch
        return past.days + (past.seconds + past.microseconds / 1e6) / 86400
    return float((value - epoch.date()).days)


def from_serial(value: Any, epoch: dt.datetime = EPOCH) -> Any:
    """Turn a number of a cell formatted as a date into one; anything else stays."""
    if type(value) is not float or not -693593 < value < 2958466 - (epoch - EPOCH).days:  # years 1 to 9999
        return value
    return epoch + dt.timedelta(microseconds=round(value * _DAY))


def logical(value: Any) -> Any:
    """Turn a number of a cell formatted as a truth value into one."""
    return bool(value) if type(value) is float and value in (0.0, 1.0) else value


def converter(format_type: int, epoch: dt.datetime = EPOCH) -> Callable[[Any], Any] | None:
    """Return how the numbers of cells with this kind of number format are read."""
    if format_type & DATE:
        return partial(from_serial, epoch=epoch)
    return logical if format_type & LOGICAL else None


def needed_format(values: Iterable[Any]) -> str | None:
    """Return the number format that a column needs so that its dates and truth values are seen as such."""
    kinds = {type(value) for value in values}
    moments = [value for value in values if isinstance(value, dt.datetime) and not is_missing(value)]
    if moments:
        days = all(value.time() == dt.time() for value in moments)
        return "yyyy-mm-dd" if days else "yyyy-mm-dd hh:mm:ss"
    if dt.date in kinds or np.datetime64 in kinds:
        return "yyyy-mm-dd"
    return "BOOLEAN" if bool in kinds or np.bool_ in kinds else None


def rows_from(columns: Sequence[Sequence[Any]], epoch: dt.datetime = EPOCH) -> tuple[tuple[Any, ...], ...]:
    """Turn columns into the rows that LibreOffice's cells take: floats and texts, "" for a blank. Dates count from the document's day 0."""
    count = partial(serial, epoch=epoch)
    return tuple(zip(*([_taken(cell) for cell in host_column(column, count)] for column in columns), strict=True))


def _taken(cell: Any) -> float | str:
    if isinstance(cell, str):
        return str(cell)  # an error value is a kind of text, which the bridge does not know
    return "" if cell is None else float(cell)
