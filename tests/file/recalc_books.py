"""Small workbooks for tests of recalculation, written cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from xladdin.hosts.file import open_book
from xladdin.hosts.file.recalc import Recalculated, recalculate

NOW = dt.datetime(2026, 6, 30, 15, 0)


class Array(str):
    """A formula entered as an array formula; `area` is what it fills, `dynamic` that it spills."""

    area = ""
    dynamic = False

    @classmethod
    def over(cls, area: str, formula: str, *, dynamic: bool = False) -> Array:
        made = cls(formula)
        made.area, made.dynamic = area, dynamic
        return made


def write_book(path: Path, sheets: Mapping[str, Mapping[str, Any]], *, tables: Mapping[str, Any] | None = None, names: Mapping[str, str] | None = None) -> Path:
    """Write sheets of cells; formulas get the cached value 0, which no test expects."""
    with xlsxwriter.Workbook(path) as book:
        made = {name: book.add_worksheet(name) for name in sheets}
        for name, cells in sheets.items():
            for address, value in cells.items():
                if isinstance(value, Array):
                    write = made[name].write_dynamic_array_formula if value.dynamic else made[name].write_array_formula
                    write(value.area, str(value), None, 0)
                elif isinstance(value, str) and value.startswith("="):
                    made[name].write_formula(address, value, None, 0)
                elif isinstance(value, dt.date):
                    made[name].write_datetime(address, dt.datetime.combine(value, dt.time()), book.add_format({"num_format": "yyyy-mm-dd"}))
                elif value is not None:
                    made[name].write(address, value)
        for table, (sheet, area, columns) in (tables or {}).items():
            made[sheet].add_table(area, {"name": table, "columns": [{"header": header} for header in columns]})
        for name, refers_to in (names or {}).items():
            book.define_name(name, refers_to)
    return path


def recalculated(path: Path, **options: Any) -> tuple[Recalculated, dict[str, Any]]:
    """Recalculate and save a workbook; return what was said and the raw values of its cells as Sheet!A1."""
    book = open_book(path)
    try:
        made = recalculate(book, now=NOW, **options)
        book.save()
    finally:
        book.close()
    return made, values_of(path)


def values_of(path: Path) -> dict[str, Any]:
    """Read all values with openpyxl, a reader that is not ours."""
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    return {f"{sheet.title}!{cell.coordinate}": cell.value for sheet in book for row in sheet for cell in row}
