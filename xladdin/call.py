"""One call of a credit function with cells, as every host makes it.

    cells -> convert (per-argument policy) -> the vectorised function -> value | error value, each with its reason

A single call and a column go the same way, so they cannot differ: a single call is a column of one row.
"""

from __future__ import annotations

import datetime as dt
import logging
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from typing import Any, Final

import numpy as np

from xladdin.cells import ExcelError, describe, rows_of, serial_from_date
from xladdin.convert import Column, one_cell, read_block, read_cell_default, read_column, read_range, read_scalar, tame
from xladdin.counted import counted
from xladdin.errors import BadRequest, CellError, InvalidValue, OutOfRange
from xladdin.registry import REQUIRED, Arg, Function, Rows, functions

log = logging.getLogger(__name__)

_FIRST_DAY: Final = np.datetime64("1900-01-01", "D")
_LAST_DAY: Final = np.datetime64("9999-12-31", "D")
#: letters of a reason; what is longer nobody reads in a cell
LONGEST_REASON: Final = 1_000
_AS_IT_IS: Final = {float, int, bool, str, ExcelError}  # what a cell takes without a change


@dataclass(slots=True)
class Answer:
    """What a cell gets: a value (or rows of values), and by (row, column) the reason of each error or remark."""

    value: Any
    reasons: dict[tuple[int, int], str] = field(default_factory=dict)

    @property
    def reason(self) -> str | None:
        """The reason of the first cell that has one."""
        return next(iter(self.reasons.values()), None)


@lru_cache(maxsize=1)
def _table() -> dict[str, Function]:
    return functions()


def find(name: str) -> Function:
    """Return the description of a function by its cell name, in any case. Raises BadRequest for an unknown one."""
    spec = _table().get(name.strip().upper())
    if spec is None:
        near = [known for known in _table() if known.startswith(name.strip().upper()[:4])]
        hint = f"; did you mean {', '.join(near)}?" if near else "; `xladdin functions` lists them"
        raise BadRequest(f"there is no function {name}{hint}")
    return spec


def call(name: str, /, *args: Any, **named: Any) -> Answer:
    """Call a function with cells: numbers, texts, dates, booleans, None, ExcelError, and lists of rows for ranges.

    Never raises for what a cell holds: the answer then is an error value with a reason.
    """
    return invoke(find(name), args, named)


def invoke(spec: Function, args: Sequence[Any], named: Mapping[str, Any] | None = None) -> Answer:
    """Call a described function with cells; see `call`."""
    try:
        cells = _bind(spec, args, named or {})
    except CellError as error:
        return _failed(error)
    if any(isinstance(cell, (list, tuple)) for cell in cells):  # a range: not worth remembering
        return _invoke(spec, cells)
    try:
        return _remembered(spec.name, tuple((type(cell), cell) for cell in cells))
    except TypeError:  # something else that has no hash
        return _invoke(spec, cells)


@lru_cache(maxsize=65_536)
def _remembered(name: str, key: tuple[tuple[type, Any], ...]) -> Answer:
    """Answer a call of single cells once: the functions are pure, and a sheet asks the same thing thousands of times."""
    return _invoke(_table()[name], [cell for _, cell in key])


def _failed(error: CellError) -> Answer:
    return Answer(ExcelError(error.code), {(0, 0): _said(error)})


def _said(reason: object) -> str:
    """Write a reason as a cell shows it: of what it quotes, a text may be as long as a cell, and half a pair of UTF-16."""
    text = str(reason).encode(errors="replace").decode()
    return text if len(text) <= LONGEST_REASON else f"{text[:LONGEST_REASON]}…"


def _invoke(spec: Function, cells: Sequence[Any]) -> Answer:
    try:
        # a product beyond the largest number is infinite, and what is made of that may be none: `_unfit` and `_out` answer #NUM! for
        # both, so numpy need not warn on the error stream of a spreadsheet, where nobody reads it
        with np.errstate(over="ignore", invalid="ignore"):
            return _answer(spec, cells)
    except CellError as error:
        return _failed(error)
    except OverflowError:  # a whole number of hundreds of digits, which a script can hand over
        return _failed(OutOfRange(f"{spec.name}: a number is larger than any cell can hold"))
    except Exception:  # a defect of ours must reach the cell as an error with a reason, never as a wrong number
        log.exception("%s failed", spec.name)
        return Answer(ExcelError("#VALUE!"), {(0, 0): f"{spec.name} failed inside; please report this call"})


def _bind(spec: Function, args: Sequence[Any], named: Mapping[str, Any]) -> list[Any]:
    if len(args) > len(spec.args):
        raise InvalidValue(f"{spec.name} takes at most {len(spec.args)} arguments; got {len(args)}")
    known = {arg.name for arg in spec.args}
    for name in named:
        if name not in known:
            raise InvalidValue(f"{spec.name} has no argument {name}; it takes {', '.join(a.name for a in spec.args)}")
    for arg, _ in zip(spec.args, args, strict=False):
        if arg.name in named:
            raise InvalidValue(f"{spec.name}: {arg.name} is given twice")
    cells = list(args) + [named.get(arg.name) for arg in spec.args[len(args) :]]
    for index, arg in enumerate(spec.args):
        if index >= len(args) and arg.name not in named and arg.required and arg.blank_policy == "error":
            raise InvalidValue(f"{spec.name} needs {arg.name}: {arg.text}")
    return [_plain(cell) for cell in cells]


def _plain(cell: Any) -> Any:
    """Accept numpy and pandas containers and a single-cell range as what they stand for."""
    if isinstance(cell, np.generic):
        return cell.item() if not isinstance(cell, np.datetime64) else cell.astype("datetime64[D]").item()
    if hasattr(cell, "tolist"):
        if getattr(getattr(cell, "dtype", None), "kind", "") == "M":  # nanoseconds would come out as whole numbers
            cell = np.asarray(cell).astype("datetime64[D]")
        cell = cell.tolist()
    if isinstance(cell, (list, tuple)) and len(cell) == 1 and isinstance(cell[0], (list, tuple)) and len(cell[0]) == 1:
        return cell[0][0]
    return cell


def _answer(spec: Function, cells: Sequence[Any]) -> Answer:
    """Read the arguments, call the function, and give the answer the shape of the arguments."""
    cells = [one_cell(arg, cell) for arg, cell in zip(spec.args, cells, strict=True)]
    ranges = [tame(arg, rows_of(cell, arg.name)) for arg, cell in zip(spec.args, cells, strict=True)]
    shape = _common_shape(spec, ranges)
    count = 1 if shape is None else shape[0] * shape[1]
    values: list[Any] = []
    columns: list[Column] = []
    for arg, cell, rows in zip(spec.args, cells, ranges, strict=True):
        if arg.shape == "column":
            column = _column(arg, cell, rows, count)
            columns.append(column)
            values.append(column.values)
        elif arg.shape == "rows":
            column = _broadcast(read_block(arg, rows if rows is not None else [[cell]]), count)
            columns.append(column)
            values.append(list(column.values))
        elif arg.shape == "range":
            values.append(_range(arg, cell, rows))
        else:
            if rows is not None:
                raise InvalidValue(f"{arg.name} must be a single cell; got a range of {counted(len(rows), 'row')}")
            values.append(read_scalar(arg, cell))
    made = spec.python(*values)
    if not spec.vectorised:
        return _single(spec, made)
    return _column_answer(spec, made, columns, shape)


def _common_shape(spec: Function, ranges: Sequence[list[Sequence[Any]] | None]) -> tuple[int, int] | None:
    """Return the shape all columns of a call share, or None when every one is a single cell (or a single row of `rows`)."""
    shape: tuple[int, int] | None = None
    first = ""
    for arg, rows in zip(spec.args, ranges, strict=True):
        if rows is None or arg.shape not in ("column", "rows"):
            continue
        if not rows or not rows[0]:
            raise InvalidValue(f"{arg.name} is an empty range")
        mine = (len(rows), 1 if arg.shape == "rows" else len(rows[0]))
        if mine == (1, 1):
            continue
        if shape is not None and mine != shape:
            raise InvalidValue(f"{arg.name} has {mine[0]} x {mine[1]} cells, {first} has {shape[0]} x {shape[1]}; they must be alike")
        shape, first = mine, first or arg.name
    return shape


def _column(arg: Arg, cell: Any, rows: list[Sequence[Any]] | None, count: int) -> Column:
    if rows is not None and (len(rows) > 1 or len(rows[0]) > 1):
        return read_column(arg, list(chain.from_iterable(rows)))
    one = read_column(arg, [cell if rows is None else rows[0][0]])
    return _broadcast(one, count)


def _broadcast(one: Column, count: int) -> Column:
    """Repeat a column of one row, so that a single cell goes with a column."""
    if count == 1 or len(one.values) != 1:
        return one
    blank = None if one.blank is None else np.full(count, one.blank[0])
    return Column(np.repeat(one.values, count), dict.fromkeys(range(count), one.errors[0]) if one.errors else {}, blank)


def _range(arg: Arg, cell: Any, rows: list[Sequence[Any]] | None) -> Any:
    if rows is not None and not (rows and rows[0]):
        raise InvalidValue(f"{arg.name} is an empty range")
    if cell is None and rows is None and arg.default is not REQUIRED:
        return read_cell_default(arg) if arg.kind == "numbers" else arg.default
    return read_range(arg, rows, cell)


def _single(spec: Function, made: Any) -> Answer:
    if spec.result == "array":
        rows = [[_out(one) for one in row] for row in made]
        return Answer(rows)
    if isinstance(made, Rows):
        return _column_answer(spec, made, [], None)
    return Answer(_out(made))


def _column_answer(spec: Function, made: Any, columns: Sequence[Column], shape: tuple[int, int] | None) -> Answer:
    answered = made if isinstance(made, Rows) else Rows(np.asarray(made))
    values = out_list(answered.values)
    reasons: dict[int, str] = {}
    width = 1 if shape is None else shape[1]

    def fail(index: int, error: CellError) -> None:
        if index not in failed:
            failed.add(index)
            values[index] = ExcelError(error.code)
            reasons[index] = _said(error)

    failed: set[int] = set()
    for column in columns:  # what could not be read comes before what the rule says
        for index, error in column.errors.items():
            fail(index, error)
    for column in columns:
        if column.blank is not None:
            for index in np.flatnonzero(column.blank).tolist():
                if index not in failed:
                    failed.add(index)
                    values[index] = "" if spec.result != "array" else [""]
    for mask, failure in answered.failures:
        for index in np.flatnonzero(mask).tolist():
            if index not in failed:
                fail(index, failure if isinstance(failure, CellError) else failure(index))
    for index, error in _unfit(answered.values).items():
        fail(index, error)
    for mask, remark in answered.remarks:
        for index in np.flatnonzero(mask).tolist():
            if index not in failed:
                text = _said(remark if isinstance(remark, str) else remark(index))
                reasons[index] = f"{reasons[index]}; {text}" if index in reasons else text
    if spec.result == "array":
        wide = max((len(row) for row in values if isinstance(row, list)), default=1)
        block = [row + [""] * (wide - len(row)) if isinstance(row, list) else [row] * wide for row in values]
        return Answer(block, {(index, 0): text for index, text in reasons.items()})
    if shape is None:
        return Answer(values[0], {(0, 0): reasons[0]} if reasons else {})
    block = [[value] for value in values] if width == 1 else [values[start : start + width] for start in range(0, len(values), width)]
    return Answer(block, {divmod(index, width): text for index, text in reasons.items()})


def out_list(values: np.ndarray) -> list[Any]:
    """Turn an array of answers into cells: date objects, a missing date is blank. `_unfit` tells what no cell can hold."""
    if values.dtype.kind == "M":
        days: list[Any] = values.astype("datetime64[D]").tolist()
        return days
    plain: list[Any] = values.tolist()
    if values.dtype.kind in "iubf" or set(map(type, plain)) <= {str}:
        return plain
    return [value if isinstance(value, float) else _out(value) for value in plain]


def _unfit(values: np.ndarray) -> dict[int, CellError]:
    """Find the answers that no cell can hold: numbers that are not finite, dates outside 1900 to 9999."""
    if values.dtype.kind == "M":
        days = values.astype("datetime64[D]")
        unfit: dict[int, CellError] = {
            index: OutOfRange("the result lies after 9999-12-31, the last date a cell can hold")
            for index in np.flatnonzero(days > _LAST_DAY).tolist()
        }
        for index in np.flatnonzero(days < _FIRST_DAY).tolist():
            unfit[index] = OutOfRange("the result lies before 1900-01-01, the first date a cell can hold")
        return unfit
    if values.dtype.kind == "f":
        wrong = np.flatnonzero(~np.isfinite(values)).tolist() if not np.isfinite(values).all() else []
    elif values.dtype.kind == "O" and float in set(map(type, values.tolist())):
        wrong = [index for index, value in enumerate(values.tolist()) if isinstance(value, float) and not math.isfinite(value)]
    else:
        wrong = []
    return {index: OutOfRange("the result is not a finite number") for index in wrong}


def _out(value: Any) -> Any:
    """Make one cell of an answer: no numpy, no NaN."""
    if isinstance(value, np.datetime64):
        return value.astype("datetime64[D]").item()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        raise OutOfRange("the result is not a finite number")
    if isinstance(value, list):
        return [_out(one) for one in value]
    if value is None or isinstance(value, (bool, int, float, str, dt.date)):
        return value
    raise InvalidValue(f"a cell cannot hold {describe(value)}")


def cell_value(value: Any) -> Any:
    """Turn an answer's value into what a spreadsheet stores: dates as serial numbers, a missing answer as an empty text."""
    if isinstance(value, list):
        if value and type(value[0]) is list and set(map(type, chain.from_iterable(value))) <= _AS_IT_IS:
            return value
        return [cell_value(one) for one in value]
    if isinstance(value, dt.date):
        return serial_from_date(value)
    return "" if value is None else value
