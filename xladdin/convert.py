"""Cells -> the arrays and values that a function receives, one argument at a time, by the policy of its description.

A column of a hundred thousand cells is read by the types it holds, not cell by cell: one pass over the types says whether
numpy can take it as it is, and only what is unusual (blanks, texts, error values) is looked at singly.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import sys
from dataclasses import dataclass, field
from itertools import chain
from types import NoneType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from xladdin.cells import LAST_SERIAL, UNIX_EPOCH_SERIAL, ExcelError, Referred, describe, is_blank, read_date
from xladdin.errors import CellError, InvalidValue, OutOfRange, PropagatedError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xladdin.registry import Arg

_BOOLEANS: Final = {"true": True, "false": False, "yes": True, "no": False, "是": True, "否": False}
_NUMBER_LIST: Final = re.compile(r"[,;，；、\s]+")
_MISSING: Final = {
    "number": math.nan,
    "integer": math.nan,
    "date": np.datetime64("NaT", "D"),
    "text": "",
    "boolean": False,
    "any": None,
    "reference": None,
}
_DTYPES: Final[dict[str, Any]] = {
    "number": np.float64,
    "integer": np.float64,
    "date": "datetime64[D]",
    "text": object,
    "boolean": np.bool_,
    "any": object,
    "reference": object,
}


@dataclass(slots=True)
class Column:
    """An argument read for every row, and the rows that could not be read."""

    values: np.ndarray
    errors: dict[int, CellError] = field(default_factory=dict)
    blank: np.ndarray | None = None  # rows whose answer is to be blank


def read_cell(arg: Arg, cell: Any) -> Any:
    """Read one cell. Returns None for a blank that may be missing; raises CellError naming the argument."""
    if isinstance(cell, ExcelError):
        if arg.errors == "accept":
            return cell
        raise PropagatedError(str(cell), f"{arg.name} holds the error {cell}")
    if is_blank(cell):
        if arg.blank_policy == "error":
            raise InvalidValue(f"{arg.name} is blank")
        return arg.default if arg.blank_policy == "default" else None
    value = _READERS[arg.kind](arg, cell)
    if arg.kind in ("number", "integer"):
        _check_bounds(arg, value)
    return value


def read_column(arg: Arg, cells: list[Any]) -> Column:
    """Read a flat list of cells into a column of the argument's type."""
    types = set(map(type, cells))
    if types <= {float, int} and arg.kind in ("number", "date"):
        column = _plain_numbers(arg, cells)
        if column is not None:
            return column
    if types == {str} and arg.kind == "text" and not arg.choices and "" not in cells:
        return Column(_objects(cells))
    return _mixed(arg, cells)


def read_scalar(arg: Arg, cell: Any) -> Any:
    """Read a single cell for a scalar argument: as `read_cell`, with dates as datetime64[D]."""
    value = read_cell(arg, cell)
    return np.datetime64(value, "D") if isinstance(value, dt.date) else value


#: what a cell can hold, and what stands for it in a program
_CELLS: Final = frozenset({float, int, bool, str, NoneType, ExcelError, dt.date, dt.datetime, Referred})
_LARGEST: Final = int(sys.float_info.max)


def one_cell(arg: Arg, cell: Any) -> Any:
    """Return a cell as functions can take it: a whole number that no cell holds is infinite, and so refused as a number.

    Raises InvalidValue for what is no cell at all: a time of day, a complex number, bytes.
    """
    if isinstance(cell, (list, tuple)) or type(cell) in _CELLS - {int}:
        return cell
    if isinstance(cell, int):
        return cell if abs(cell) <= _LARGEST else math.inf if cell > 0 else -math.inf
    if isinstance(cell, (float, str, np.generic, dt.date, Referred)):
        return cell
    raise InvalidValue(f"{arg.name} holds {describe(cell)}, which no cell can hold")


def tame(arg: Arg, rows: list[Sequence[Any]] | None) -> list[Sequence[Any]] | None:
    """Do the same for every cell of a range; one that holds nothing odd comes back as it is."""
    if rows is None:
        return None
    kinds = set(map(type, chain.from_iterable(rows)))
    large = int in kinds and any(type(cell) is int and abs(cell) > _LARGEST for row in rows for cell in row)
    return [[one_cell(arg, cell) for cell in row] for row in rows] if large or kinds - _CELLS else rows


def read_range(arg: Arg, rows: Sequence[Sequence[Any]] | None, cell: Any) -> Any:
    """Read a range (or a single cell) for an argument of shape `range`."""
    if arg.kind == "numbers":
        return _numbers(arg, rows, cell)
    if rows is None:
        if is_blank(cell) and arg.blank_policy == "default":
            return arg.default
        rows = [[cell]]
    if arg.kind == "any":
        _propagate(arg, rows)
        return [list(row) for row in rows]
    column = read_column(arg, list(chain.from_iterable(rows)))
    for error in column.errors.values():
        raise error
    return column.values if column.blank is None else column.values[~column.blank]


def read_block(arg: Arg, rows: Sequence[Sequence[Any]]) -> Column:
    """Read a block whose rows are the items; a row that holds an error value fails alone."""
    values = np.empty(len(rows), dtype=object)
    values[:] = [list(row) for row in rows]
    column = Column(values)
    if arg.errors == "propagate":
        for index, row in enumerate(rows):
            for cell in row:
                if isinstance(cell, ExcelError):
                    column.errors[index] = PropagatedError(str(cell), f"{arg.name} holds the error {cell}")
                    break
    return column


def _objects(cells: list[Any]) -> np.ndarray:
    values = np.empty(len(cells), dtype=object)
    values[:] = cells
    return values


def _plain_numbers(arg: Arg, cells: list[Any]) -> Column | None:
    """Take a column of nothing but numbers at once; None when some of them need a message of their own."""
    numbers = np.array(cells, dtype=np.float64)
    if not np.isfinite(numbers).all():
        return None
    if arg.kind == "date":
        if numbers.size and (numbers.min() < 61 or numbers.max() >= LAST_SERIAL + 1):  # below 61 the quirk of 1900 matters
            return None
        return Column((np.floor(numbers).astype(np.int64) - UNIX_EPOCH_SERIAL).astype("datetime64[D]"))
    low, high = arg.minimum, arg.maximum
    if numbers.size and ((low is not None and numbers.min() < low) or (high is not None and numbers.max() > high)):
        return None
    return Column(numbers)


def _mixed(arg: Arg, cells: list[Any]) -> Column:
    """Read cell by cell, remembering which rows failed; equal cells are read once."""
    values = np.full(len(cells), _MISSING[arg.kind], dtype=_DTYPES[arg.kind])
    column = Column(values)
    blank = np.zeros(len(cells), dtype=np.bool_)
    seen: dict[Any, Any] = {}
    for index, cell in enumerate(cells):
        key = (type(cell), cell)
        if key not in seen:
            try:
                seen[key] = read_cell(arg, cell)
            except CellError as error:
                seen[key] = error
        value = seen[key]
        if isinstance(value, CellError):
            column.errors[index] = value
        elif value is not None:
            values[index] = value
        elif arg.blank_policy == "blank":
            blank[index] = True
    if blank.any():
        column.blank = blank
    return column


def _numbers(arg: Arg, rows: Sequence[Sequence[Any]] | None, cell: Any) -> Any:
    """Read a list of numbers: a text like "30,60,90", one number, or a range of numbers."""
    if rows is None:
        if is_blank(cell):
            read_cell(arg, cell)  # raises where the list is required
            return read_cell_default(arg)
        if isinstance(cell, ExcelError):
            raise PropagatedError(str(cell), f"{arg.name} holds the error {cell}")
        if isinstance(cell, str):
            return _number_text(arg, cell)
        rows = [[cell]]
    _propagate(arg, rows)
    cells = [one for row in rows for one in row if not is_blank(one)]
    if not cells:
        raise InvalidValue(f"{arg.name} is an empty range")
    return [_number(arg, one) for one in cells]


def read_cell_default(arg: Arg) -> Any:
    """Return the default of a list of numbers as a list."""
    return _number_text(arg, arg.default) if isinstance(arg.default, str) else arg.default


def _number_text(arg: Arg, text: str) -> list[float]:
    parts = [part for part in _NUMBER_LIST.split(text.strip()) if part]
    try:
        numbers = [float(part) for part in parts]
    except ValueError:
        raise InvalidValue(f'{arg.name} must be numbers like "30,60,90"; got {describe(text)}') from None
    if not numbers or not all(map(math.isfinite, numbers)):
        raise InvalidValue(f'{arg.name} must be numbers like "30,60,90"; got {describe(text)}')
    return numbers


def _propagate(arg: Arg, rows: Sequence[Sequence[Any]]) -> None:
    if arg.errors == "accept":
        return
    for row in rows:
        for cell in row:
            if isinstance(cell, ExcelError):
                raise PropagatedError(str(cell), f"{arg.name} holds the error {cell}")


def _number(arg: Arg, cell: Any) -> float:
    if isinstance(cell, (bool, str)) or not isinstance(cell, (int, float, np.number)):
        raise InvalidValue(f"{arg.name} must be a number; got {describe(cell)}")
    number = float(cell)
    if not math.isfinite(number):
        raise OutOfRange(f"{arg.name} is not a finite number")
    return number


def _check_bounds(arg: Arg, number: float) -> None:
    if arg.minimum is not None and number < arg.minimum:
        raise OutOfRange(f"{arg.name} must be at least {arg.minimum:g}; got {number:.15g}")
    if arg.maximum is not None and number > arg.maximum:
        raise OutOfRange(f"{arg.name} must be at most {arg.maximum:g}; got {number:.15g}")


def _integer(arg: Arg, cell: Any) -> int:
    number = _number(arg, cell)
    if number != int(number):
        raise InvalidValue(f"{arg.name} must be a whole number; got {number:.15g}")
    return int(number)


def _text(arg: Arg, cell: Any) -> str:
    if isinstance(cell, bool):
        raise InvalidValue(f"{arg.name} must be a text; got {describe(cell)}")
    if isinstance(cell, (int, float)):
        cell = f"{cell:.15g}"  # a customer number typed as a number is still that customer
    text = str(cell)
    if arg.choices:
        for choice in arg.choices:
            if choice.casefold() == text.strip().casefold():
                return choice
        raise InvalidValue(f"{arg.name} must be one of {', '.join(arg.choices)}; got {describe(text)}")
    return text


def _boolean(arg: Arg, cell: Any) -> bool:
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell)
    if isinstance(cell, str) and cell.strip().casefold() in _BOOLEANS:
        return _BOOLEANS[cell.strip().casefold()]
    if isinstance(cell, (int, float)) and cell in (0, 1):
        return bool(cell)
    raise InvalidValue(f"{arg.name} must be TRUE or FALSE; got {describe(cell)}")


def _date(arg: Arg, cell: Any) -> dt.date:
    return read_date(cell, arg.name)


def _reference(_arg: Arg, cell: Any) -> Referred:
    return cell if isinstance(cell, Referred) else Referred(cell)


def _any(arg: Arg, cell: Any) -> Any:
    if isinstance(cell, float) and not math.isfinite(cell):
        raise OutOfRange(f"{arg.name} is not a finite number")
    return cell


_READERS: Final = {
    "number": _number,
    "integer": _integer,
    "text": _text,
    "boolean": _boolean,
    "date": _date,
    "any": _any,
    "reference": _reference,
    "numbers": _number,
}
