"""Error values of a source on their way into a table: they stay what they are, and are told as they are on a sheet, never blanks.

A text file saved from a spreadsheet holds them as texts, in the language of the spreadsheet.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbook.importing.columns import Converted, convert
from workbook.importing.source import Source
from workbook.problems import Problems
from workbook.schema import Field, Table
from xladdin.cells import ERROR_CODES, ExcelError

#: what Excel in German, French, Spanish and Portuguese writes for its errors; newer ones of the English Excel count as #VALUE!
_WORDS: Final[Mapping[str, ExcelError]] = {code: ExcelError(code) for code in ERROR_CODES} | {
    word: ExcelError(code)
    for code, words in {
        "#N/A": ("#NV", "#N/D"), "#REF!": ("#BEZUG!", "#¡REF!"), "#VALUE!": ("#WERT!", "#VALEUR!", "#¡VALOR!", "#VALOR!"),
        "#NUM!": ("#ZAHL!", "#NOMBRE!", "#¡NUM!", "#NÚM!"), "#NAME?": ("#NOM?", "#¿NOMBRE?", "#NOME?"), "#NULL!": ("#NUL!", "#NULO!"),
        "#DIV/0!": ("#¡DIV/0!",),
    }.items() for word in words
}  # fmt: skip
_NEWER: Final = frozenset(
    ("#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!", "#UNKNOWN!", "#CONNECT!", "#GETTING_DATA", "#BUSY!", "#PYTHON!", "#EXTERNAL!")
)
_ALL: Final = pa.array([*_WORDS, *_NEWER])


def convert_with_errors(field: Field, name: str, column: Any, date_format: str, number_format: str) -> Converted:
    """Convert a source column as `columns.convert` does; error values come out as error values."""
    column, errors = _apart(column)
    converted = convert(field, name, column, date_format, number_format)
    if errors:
        cells = list(converted.cells)
        for place, error in errors.items():
            cells[place] = error
        return Converted(cells, converted.read_as)
    return converted


def _apart(column: Any) -> tuple[Any, dict[int, ExcelError]]:
    """Take the error values out of a column; what stays has blanks in their places."""
    if isinstance(column, (pa.Array, pa.ChunkedArray)):
        if not (pa.types.is_string(column.type) or pa.types.is_large_string(column.type)):
            return column, {}
        if not pc.any(pc.starts_with(pc.utf8_ltrim_whitespace(column), "#"), min_count=0).as_py():
            return column, {}
        wrong = pc.is_in(pc.utf8_trim_whitespace(column), value_set=_ALL.cast(column.type)).fill_null(fill_value=False)
        if not pc.any(wrong, min_count=0).as_py():
            return column, {}
        places = np.flatnonzero(np.asarray(wrong)).tolist()
        errors = {place: error for place in places if (error := _error(column[place].as_py())) is not None}
        return pc.if_else(wrong, pa.scalar(None, column.type), column), errors
    if str not in set(map(type, column)):
        return column, {}
    found = {place: error for place, cell in enumerate(column) if isinstance(cell, str) and cell[:1] == "#" and (error := _error(cell))}
    if not found:
        return column, {}
    return [None if place in found else cell for place, cell in enumerate(column)], found


def _error(text: str) -> ExcelError | None:
    text = text.strip()
    return _WORDS.get(text) or (ExcelError("#VALUE!") if text in _NEWER else None)


def tell_unvalued(table: Table, source: Source, places: Mapping[str, int], rows: np.ndarray, problems: Problems) -> None:
    """Tell the formulas that the file holds without a value, in the rows that are taken."""
    wanted = {int(row) for row in rows}
    for key, index in places.items():
        for place, formula in sorted(source.unvalued.get(index, {}).items()):
            if place in wanted:
                problems.add("formula_without_value", table.name, int(source.numbers[place]), key, formula)
