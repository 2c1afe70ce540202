"""A block of cells with a header row -> named columns, for functions that take `headers` and `values`.

The columns may stand in any order and under English or Chinese names; a column nobody asked for is never looked at.
Only what is unusual is read cell by cell, so a block of a hundred thousand rows is read in the time of a few passes.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import numpy as np

from xladdin.cells import describe, is_blank, parse_iso_date, read_date
from xladdin.counted import counted
from xladdin.errors import CellError, InvalidValue, OutOfRange

Kind = Literal["number", "date", "flag"]
Columns = dict[str, np.ndarray]

_FIRST_DAY: Final = 61  # a number from here on (1900-03-01) is a day, not a flag
_WORDS: Final = {"true": 1.0, "false": 0.0, "yes": 1.0, "no": 0.0, "是": 1.0, "否": 0.0}
_BLANK: Final = {"number": math.nan, "date": np.datetime64("NaT", "D"), "flag": math.nan}


def plain_name(header: str) -> str:
    """Write a header as a key: "Current assets (CNY)" -> "current_assets"; Chinese characters stay."""
    bare = re.sub(r"[(（\[【].*", "", header).strip().casefold()
    return re.sub(r"[^\w]+", "_", bare).strip("_")


def read_rows(
    headers: Sequence[str], rows: Sequence[Sequence[Any]], wanted: Mapping[str, tuple[str, Kind]]
) -> tuple[Columns, dict[int, CellError]]:
    """Return the wanted columns by key and, by row, why a row cannot be read.

    `wanted` maps a plain header to (key, kind). Numbers and flags become float64 (flags 1 and 0, a date counts as 1), dates
    datetime64[D]; blanks NaN or NaT. Raises InvalidValue when the block is not as wide as the headers, or two headers mean one key.
    """
    width = len(headers)
    for row in rows:
        if len(row) != width:
            raise InvalidValue(f"values has {counted(len(row), 'column')}, headers has {width}; they must be alike")
    columns: Columns = {}
    errors: dict[int, CellError] = {}
    origin: dict[str, str] = {}
    for position, header in enumerate(headers):
        found = wanted.get(plain_name(header))
        if found is None:
            continue
        key, kind = found
        if key in columns:
            raise InvalidValue(f"headers: {origin[key]} and {header} both stand for {key}")
        origin[key] = header
        columns[key] = _column(header, kind, [row[position] for row in rows], errors)
    return columns, errors


def _column(header: str, kind: Kind, cells: list[Any], errors: dict[int, CellError]) -> np.ndarray:
    types = set(map(type, cells))
    if kind == "number" and types <= {float, int}:
        numbers = np.array(cells, dtype=np.float64)
        if np.isfinite(numbers).all():
            return numbers
    values = np.full(len(cells), _BLANK[kind], dtype="datetime64[D]" if kind == "date" else np.float64)
    seen: dict[Any, Any] = {}
    for index, cell in enumerate(cells):
        if is_blank(cell):
            continue
        key = (type(cell), cell)
        if key not in seen:
            try:
                seen[key] = _READ[kind](header, cell)
            except CellError as error:
                seen[key] = error
        value = seen[key]
        if isinstance(value, CellError):
            errors.setdefault(index, value)
        else:
            values[index] = value
    return values


def _number(header: str, cell: Any) -> float:
    if isinstance(cell, bool):
        return float(cell)
    if not isinstance(cell, (int, float)):
        raise InvalidValue(f"{header} must be a number; got {describe(cell)}")
    if not math.isfinite(cell):
        raise OutOfRange(f"{header} is not a finite number")
    return float(cell)


def _date(header: str, cell: Any) -> np.datetime64:
    return np.datetime64(read_date(cell, header), "D")


def _flag(header: str, cell: Any) -> float:
    """Read yes or no; the day something was done means yes."""
    if isinstance(cell, (dt.datetime, dt.date)):
        return 1.0
    if isinstance(cell, str):
        word = cell.strip().casefold()
        if word in _WORDS:
            return _WORDS[word]
        if parse_iso_date(word) is not None:
            return 1.0
    elif isinstance(cell, (bool, int, float)) and (cell in (0, 1) or cell >= _FIRST_DAY):
        return 1.0 if cell else 0.0
    raise InvalidValue(f"{header} must be TRUE, FALSE or the day of the check; got {describe(cell)}")


_READ: Final = {"number": _number, "date": _date, "flag": _flag}
