"""A column of cells -> a typed Arrow column, by the kind of its field.

One pass over the cells' types says which of them Arrow can take as they are; the odd ones (a date written as text, an error
value, a number in a text column) are turned into plain cells singly, or become a problem and leave the cell null.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook.problems import text_of
from workbook.schema import CHOICES_ZH, Field, FieldKind
from workbook.sheet import money_text
from workbook.units import LARGEST, MONEY, decimal_column, units_of_floats
from xladdin.cells import LAST_SERIAL, UNIX_EPOCH_SERIAL, ExcelError, date_from_serial, parse_iso_date, serial_from_date
from xladdin.errors import OutOfRange
from xladdin.plain_text import writable

ARROW_TYPES: Final[dict[FieldKind, pa.DataType]] = {
    "text": pa.string(), "choice": pa.string(), "date": pa.date32(), "amount": MONEY,
    "number": pa.float64(), "rate": pa.float64(), "integer": pa.int64(), "flag": pa.bool_(),
}
FLAGS: Final = {
    "true": True, "yes": True, "y": True, "x": True, "1": True, "是": True, "有": True, "√": True,
    "false": False, "no": False, "n": False, "0": False, "否": False, "无": False,
}
_PLAIN: Final[dict[FieldKind, frozenset[type]]] = {
    "text": frozenset((str, type(None))),
    "choice": frozenset((str, type(None))),
    "flag": frozenset((bool, type(None))),
    **dict.fromkeys(("date", "amount", "number", "rate", "integer"), frozenset((float, int, type(None)))),
}
_DAY_SHAPE: Final = re.compile(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})\Z")
_EXACT_INTEGER: Final = 2.0**53

_DATES: Final = frozenset((dt.datetime, type(None)))

#: how a problem is told: index in the column, code of the message, the cell, other placeholders
Note = Callable[..., None]


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """The typed column, and which of its cells were empty (a cell that could not be read is null, but not empty)."""

    values: pa.Array
    blank: np.ndarray


def read_column(field: Field, cells: Sequence[Any], note: Note) -> ReadColumn:
    """Read a column of cells; what cannot be read is told to `note` and left null."""
    listed: list[Any] = cells.tolist() if isinstance(cells, np.ndarray) else list(cells)
    unreadable: list[int] = []

    def tell(index: int, code: str, cell: Any, **values: Any) -> None:
        unreadable.append(index)
        note(index, code, cell, **values)

    plain_types = _PLAIN[field.kind]
    if field.kind == "date":
        listed = _serials(listed)
    if not plain_types.issuperset(map(type, listed)):
        listed = _odd_cells(field, listed, plain_types, tell)
    values = _VECTORS[field.kind](field, listed, tell)
    blank = np.asarray(values.is_null().to_numpy(zero_copy_only=False), dtype=np.bool_).copy()
    blank[unreadable] = False
    return ReadColumn(values, blank)


def _serials(cells: list[Any]) -> list[Any]:
    """Turn a column of nothing but dates and blanks into serial numbers at once; leave any other as it is."""
    if dt.datetime not in set(map(type, cells)) or not _DATES.issuperset(map(type, cells)):
        return cells
    seconds = pa.array(cells, pa.timestamp("s"))
    null = np.asarray(seconds.is_null())
    days = np.asarray(seconds.cast(pa.int64()).fill_null(0)) // 86_400 + UNIX_EPOCH_SERIAL
    if (days[~null] < 61).any():  # around the quirk of 1900 each is looked at singly
        return cells
    serials = days.astype(np.float64).astype(object)
    serials[null] = None
    return list(serials.tolist())


def _odd_cells(field: Field, cells: list[Any], plain_types: frozenset[type], tell: Note) -> list[Any]:
    """Replace what is not plain; equal cells are looked at once."""
    cells = list(cells)
    read = _ODD[field.kind]
    seen: dict[Any, tuple[Any, str, dict[str, str]]] = {}
    for index, cell in enumerate(cells):
        if type(cell) in plain_types:
            continue
        key = (type(cell), cell)
        if key not in seen:
            seen[key] = (None, "error_cell", {}) if isinstance(cell, ExcelError) else read(field, cell)
        cells[index], code, values = seen[key]
        if code:
            tell(index, code, cell, **values)
    return cells


def _odd_text(_: Field, cell: Any) -> tuple[Any, str, dict[str, str]]:
    return (str(cell) if isinstance(cell, str) else text_of(cell)), "", {}


def _odd_number(field: Field, cell: Any) -> tuple[Any, str, dict[str, str]]:
    if isinstance(cell, str):
        text = cell.strip()
        return (None, "text_in_number", {"hint": "0.05" if field.kind == "rate" else "1234.5"}) if text else (None, "", {})
    if isinstance(cell, (bool, np.bool_)):
        return None, "truth_in_number", {}
    if isinstance(cell, dt.date):
        return None, "date_in_number", {}
    return float(cell), "", {}


def _odd_date(_: Field, cell: Any) -> tuple[Any, str, dict[str, str]]:
    if isinstance(cell, (dt.datetime, dt.date)):
        day = cell.date() if isinstance(cell, dt.datetime) else cell
        try:
            return float(serial_from_date(day)), "", {}
        except OutOfRange:
            return None, "date_out_of_range", {}
    if isinstance(cell, (np.floating, np.integer)):
        return float(cell), "", {}
    text = str(cell).strip()
    if not text:
        return None, "", {}
    day_read = parse_iso_date(text)
    if day_read is None:
        return None, "no_such_day" if _impossible_day(text) else "not_a_date", {}
    try:
        return float(serial_from_date(day_read)), "date_as_text", {"read": day_read.isoformat()}
    except OutOfRange:
        return None, "date_out_of_range", {}


def _impossible_day(text: str) -> bool:
    """Tell whether a text has the shape of a date, yet names no day in any order of its parts."""
    match = _DAY_SHAPE.match(text)
    if match is None:
        return False
    one, two, three = (int(part) for part in match.groups())
    orders = [(one, two, three)] if len(match[1]) == 4 else [(three, two, one), (three, one, two)]
    for year, month, day in orders:
        try:
            dt.date(year, month, day)
        except ValueError:
            continue
        return False
    return True


def _odd_flag(_: Field, cell: Any) -> tuple[Any, str, dict[str, str]]:
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell), "", {}
    text = text_of(cell).strip().casefold()
    if not text:
        return None, "", {}
    return (FLAGS[text], "", {}) if text in FLAGS else (None, "not_a_flag", {})


def _text(_: Field, cells: list[Any], __: Note) -> pa.Array:
    try:
        texts = pa.array(cells, pa.string())
    except UnicodeEncodeError:  # half an emoji
        texts = pa.array([None if cell is None else writable(cell) for cell in cells], pa.string())
    trimmed = pc.utf8_trim_whitespace(texts)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _choice(field: Field, cells: list[Any], tell: Note) -> pa.Array:
    words = {choice.casefold(): choice for choice in field.choices}
    words |= {CHOICES_ZH[choice].casefold(): choice for choice in field.choices if choice in CHOICES_ZH}
    coded = _text(field, cells, tell).dictionary_encode()
    keys = [words.get(" ".join(text.split()).casefold()) for text in coded.dictionary.to_pylist()]
    values = pa.array(keys, pa.string()).take(coded.indices)
    unknown = np.asarray(pc.and_(pc.is_valid(coded.indices), pc.is_null(values)))
    for index in np.flatnonzero(unknown).tolist():
        tell(index, "unknown_choice", cells[index])
    return values


def _floats(cells: list[Any], tell: Note) -> tuple[np.ndarray, np.ndarray]:
    """Return finite floats (0 where null) and the null mask."""
    try:
        column = pa.array(cells, pa.float64())
    except pa.ArrowInvalid:  # an integer beyond 2**53
        column = pa.array([None if cell is None else float(cell) for cell in cells], pa.float64())
    null = np.asarray(column.is_null().to_numpy(zero_copy_only=False), dtype=np.bool_).copy()
    numbers = np.where(null, 0.0, column.to_numpy(zero_copy_only=False))
    for index in np.flatnonzero(~np.isfinite(numbers)).tolist():
        tell(index, "not_finite", "NaN" if numbers[index] != numbers[index] else "infinity" if numbers[index] > 0 else "-infinity")
        null[index], numbers[index] = True, 0.0
    return numbers, null


def _number(_: Field, cells: list[Any], tell: Note) -> pa.Array:
    numbers, null = _within(cells, tell)
    return pa.array(numbers, mask=null)


def _within(cells: list[Any], tell: Note) -> tuple[np.ndarray, np.ndarray]:
    """Return finite floats that can be reckoned with, as amounts and rates of them are, and the null mask."""
    numbers, null = _floats(cells, tell)
    for index in np.flatnonzero(np.abs(numbers) >= LARGEST).tolist():
        tell(index, "too_large", float(numbers[index]))
        null[index], numbers[index] = True, 0.0
    return numbers, null


def _integer(_: Field, cells: list[Any], tell: Note) -> pa.Array:
    numbers, null = _floats(cells, tell)
    for index in np.flatnonzero((numbers != np.floor(numbers)) | (np.abs(numbers) > _EXACT_INTEGER)).tolist():
        tell(index, "not_whole", float(numbers[index]))
        null[index], numbers[index] = True, 0.0
    return pa.array(numbers.astype(np.int64), mask=null)


def _amount(_: Field, cells: list[Any], tell: Note) -> pa.Array:
    numbers, null = _within(cells, tell)
    units, rounded = units_of_floats(numbers)
    for index in rounded.tolist():
        tell(index, "rounded", cells[index], rounded=money_text(int(units[index])))
    return decimal_column(units, null)


def _date(_: Field, cells: list[Any], tell: Note) -> pa.Array:
    serials, null = _floats(cells, tell)
    days = np.zeros(len(serials), dtype=np.int32)
    usual = (serials >= 61) & (serials < LAST_SERIAL + 1)  # below 61 the quirk of 1900 matters
    days[usual] = np.floor(serials[usual]).astype(np.int32) - UNIX_EPOCH_SERIAL
    for index in np.flatnonzero(~usual & ~null).tolist():
        try:
            days[index] = (date_from_serial(float(serials[index])) - dt.date(1970, 1, 1)).days
        except OutOfRange:
            tell(index, "date_out_of_range", float(serials[index]))
            null[index] = True
    return pa.array(days, mask=null).view(pa.date32())


def _flag(_: Field, cells: list[Any], __: Note) -> pa.Array:
    return pa.array(cells, pa.bool_())


_VECTORS: Final[dict[FieldKind, Callable[[Field, list[Any], Note], pa.Array]]] = {
    "text": _text, "choice": _choice, "flag": _flag, "date": _date, "amount": _amount,
    "number": _number, "rate": _number, "integer": _integer,
}
_ODD: Final[dict[FieldKind, Callable[[Field, Any], tuple[Any, str, dict[str, str]]]]] = {
    "text": _odd_text, "choice": _odd_text, "flag": _odd_flag, "date": _odd_date, "amount": _odd_number,
    "number": _odd_number, "rate": _odd_number, "integer": _odd_number,
}
