"""A source column -> the cells of one of our columns: texts, numbers, serial numbers of dates. What cannot be read stays as text.

Unreadable cells are written as they are: the workbook then shows them, and the reader of the workbook tells them as findings.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook.importing.date_formats import read_dates
from workbook.importing.number_formats import currency_in, read_numbers
from workbook.importing.source import Source
from workbook.importing.spoilt import clean, is_identifier, refuse_lost_digits
from workbook.schema import Field
from xladdin.cells import serial_from_date
from xladdin.counted import counted
from xladdin.errors import BadRequest, OutOfRange

_AS_THEY_ARE: Final = frozenset((float, bool, dt.date, dt.datetime, type(None)))
_AROUND: Final = frozenset("='`")
_WHOLE_AS_DECIMAL: Final = re.compile(r"\d+\.0+\Z")
#: what is taken off, refused or left off in a text: marks of spreadsheets in front, 1E+11, 12.0, control characters
_TO_LOOK_AT: Final = r"^[='`]|[eE]\+\d|\.0+$|[\x00-\x1f]"
_PLAIN_NUMBER: Final = r"^-?\d+(?:\.\d+)?$"
_POINT_FOR_SURE: Final = r"\.(?:\d{1,2}|\d{4,})$"
_THREE_DECIMALS: Final = r"\.\d{3}$"


@dataclass(frozen=True, slots=True)
class Converted:
    """Cells, and how they were read, in words for the preview (blank where there was nothing to find out)."""

    cells: list[Any]
    read_as: str = ""


def convert(field: Field, name: str, column: Any, date_format: str, number_format: str) -> Converted:
    """Convert one source column to cells. Raises BadRequest where its format is not clear."""
    if field.kind in ("text", "choice", "flag"):
        return _texts(field, name, column)
    if field.kind == "date":
        return _dates(name, cells_of(column), date_format)
    fast = None if number_format else _plain_numbers(column)
    return fast or _numbers(field, name, cells_of(column), number_format)


def cells_of(column: Any, *, code: bool = True) -> list[Any]:
    """Return cells: blanks as None, numbers as floats, texts without what stands around them; `code` says they are no names."""
    if isinstance(column, list):
        kinds = set(map(type, column))
        if kinds <= _AS_THEY_ARE:
            return column
        if kinds <= {str, type(None)}:
            column = pa.array(column, pa.string())
    if isinstance(column, (pa.Array, pa.ChunkedArray)):
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            coded = pc.utf8_trim_whitespace(column).dictionary_encode()
            coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
            distinct = [_cell(text, code) for text in coded.dictionary.to_pylist()]
            return [None if index is None else distinct[index] for index in coded.indices.to_pylist()]
        column = column.to_pylist()
    return [_cell(cell, code) for cell in column]


def _as_texts(column: Any) -> Any:
    """Return a column as Arrow's texts where it holds nothing else, else None."""
    if isinstance(column, (pa.Array, pa.ChunkedArray)):
        return column if pa.types.is_string(column.type) else None
    return pa.array(column, pa.string()) if set(map(type, column)) <= {str, type(None)} else None


def distinct_cells(column: Any) -> set[Any]:
    """Return the different cells of a column, as `cells_of` gives them, blanks left out."""
    values = column.unique() if isinstance(column, (pa.Array, pa.ChunkedArray)) else set(column)
    return {cell for cell in cells_of(values if isinstance(values, (pa.Array, pa.ChunkedArray)) else list(values)) if cell is not None}


def _cell(cell: Any, code: bool = True) -> Any:
    if isinstance(cell, str):
        return (cell.strip() if cell.isascii() and cell.lstrip()[:1] not in _AROUND else clean(cell, code=code)) or None
    if cell is None or isinstance(cell, (bool, dt.date)):  # a datetime is a date too
        return cell
    if isinstance(cell, (int, float, Decimal)):
        return float(cell)
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return str(cell)


def _texts(field: Field, name: str, column: Any) -> Converted:
    """Write numbers of documents and customers as texts; 1930571429.0 in every row is a number that a program made a decimal of."""
    code = field.kind != "text" or is_identifier(field)
    plain = _plain_texts(column)
    if plain is not None:
        return plain
    if isinstance(column, (pa.Array, pa.ChunkedArray)) and pa.types.is_integer(column.type):
        column = pc.cast(column, pa.string())  # a float would lose the last digits of long ones
    cells = cells_of(column, code=code)
    texts = [_text(cell) for cell in cells]
    if field.kind == "text":
        if code:
            refuse_lost_digits(name, texts, cells)
        filled = [text for text in texts if text is not None]
        if filled and any(isinstance(cell, str) for cell in cells) and all(map(_WHOLE_AS_DECIMAL.match, filled)):
            return Converted([None if text is None else text.partition(".")[0] for text in texts], "whole numbers, .0 left off")
    return Converted(texts, _cleaned(column, cells))


def _plain_texts(column: Any) -> Converted | None:
    """Read a column of texts in which nothing is to be cleaned, refused or left off at once; None where something may be."""
    column = _as_texts(column)
    if column is None:
        return None
    trimmed = pc.utf8_trim_whitespace(column)
    if not pc.all(pc.string_is_ascii(trimmed), min_count=0).as_py():
        return None
    if pc.any(pc.match_substring_regex(trimmed, _TO_LOOK_AT), min_count=0).as_py():
        return None
    return Converted(pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed).to_pylist())


def _cleaned(column: Any, cells: list[Any]) -> str:
    """Say how many texts were freed of something a reader does not see; spaces around them are not worth a word."""
    raw = column.to_pylist() if isinstance(column, (pa.Array, pa.ChunkedArray)) else column
    count = sum(isinstance(old, str) and old.strip() != (new or "") for old, new in zip(raw, cells, strict=True))
    return f"invisible characters, quotes or apostrophes of a spreadsheet taken off in {counted(count, 'row')}" if count else ""


def _text(cell: Any) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return f"{cell:.15g}" if abs(cell) < 1e15 else f"{cell:.0f}"
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return str(cell.isoformat(" ") if isinstance(cell, dt.datetime) else cell)


def _dates(name: str, cells: list[Any], asked: str) -> Converted:
    """Read texts and numbers in the column's one format; real dates are taken as they are."""
    kinds = set(map(type, cells)) - {type(None)}
    if kinds and kinds <= {dt.date, dt.datetime}:
        days = {cell: _serial(cell, cell.isoformat()) for cell in set(cells) if cell is not None}
        return Converted([None if cell is None else days[cell] for cell in cells], "dates")
    texts = [cell if isinstance(cell, str) else f"{cell:.15g}" if type(cell) is float else None for cell in cells]
    found = read_dates(name, (text for text in texts if text is not None), asked)
    serials: dict[Any, Any] = {None: None}
    for text, day in found.dates.items():
        serials[text] = text if day is None else _serial(day, text)
    answer = [
        _serial(cell, cell.isoformat()) if isinstance(cell, dt.date) else serials[text] if text is not None else _text(cell)
        for cell, text in zip(cells, texts, strict=True)
    ]
    natives = any(isinstance(cell, dt.date) for cell in cells)
    return Converted(answer, " or ".join(filter(None, (found.name, "dates" if natives else ""))))


def _serial(day: dt.date, text: str) -> float | str:
    try:
        return float(serial_from_date(day.date() if isinstance(day, dt.datetime) else day))
    except OutOfRange:
        return text


def _plain_numbers(column: Any) -> Converted | None:
    """Read a column of texts like 1234.56 at once; None where a mark could mean two things or something else stands there."""
    if not isinstance(column, (pa.Array, pa.ChunkedArray)) or not pa.types.is_string(column.type):
        return None
    trimmed = pc.utf8_trim_whitespace(column)
    filled = pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)
    if not pc.all(pc.match_substring_regex(filled, _PLAIN_NUMBER), min_count=0).as_py():
        return None
    sure = pc.any(pc.match_substring_regex(filled, _POINT_FOR_SURE), min_count=0).as_py()
    if not sure and pc.any(pc.match_substring_regex(filled, _THREE_DECIMALS), min_count=0).as_py():
        return None
    return Converted(filled.cast(pa.float64()).to_pylist(), "1,234.56" if sure else "whole numbers")


def _numbers(field: Field, name: str, cells: list[Any], asked: str) -> Converted:
    if field.kind == "amount":
        found = sorted({currency_in(cell) for cell in set(cells) if isinstance(cell, str)} - {""})
        if len(found) > 1:
            raise BadRequest(f'column "{name}" holds amounts of several currencies: {", ".join(found)}; give them a column of their own')
    read = read_numbers(name, (cell for cell in cells if isinstance(cell, str)), asked, percent=field.kind in ("rate", "number"))
    answer: list[Any] = []
    for cell in cells:
        if isinstance(cell, str):
            number = read.numbers[cell]
            answer.append(cell if number is None else number)
        elif isinstance(cell, float):
            answer.append(cell if math.isfinite(cell) else str(cell))
        else:
            answer.append(None if cell is None else _text(cell))
    return Converted(answer, read.name if read.numbers else "")


def rows_in_file(source: Source) -> np.ndarray:
    """Return the number that each row of data has in its file."""
    return source.numbers


def filled(cells: Sequence[Any]) -> int:
    """Count the cells that are not blank."""
    return sum(cell is not None for cell in cells)
