"""The workbook's own tables as a host shows them -> a `CreditBook`, through the public xlwings object model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import xlwings as xw

from workbook.book import CreditBook, RawTable, read_book
from workbook.headers import plain
from workbook.host_cells import plain_cells
from workbook.schema import LEDGER
from workbook.settings import read_settings
from workbook.tables import TABLES
from xladdin.cells import rows_of
from xladdin.errors import NotAWorkbook

SETTINGS: Final = "Settings"
#: what cannot be done without a folder
NEEDS: Final = {
    "letters": {"en": "the letters are written into a folder beside it", "zh": "函件写入工作簿所在的文件夹"},
    "recalculate": {"en": "its file is calculated", "zh": "须计算其文件"},
}
_NO_FOLDER: Final = {
    "en": "{workbook} has no folder on this computer (it was never saved, or lies on SharePoint or OneDrive without a synced copy), and "
    "{what}: save it, or a copy, in a folder of this computer and press the button there; nothing was written",
    "zh": "{workbook} 在本机没有所在文件夹（尚未保存，或位于 SharePoint、OneDrive 而未同步到本机），"
    "而{what}：请将工作簿或其副本保存到本机文件夹后再点按钮；未写入任何内容",
}


def find_table(book: xw.Book, name: str) -> xw.main.Table | None:
    """Return the Excel table of this name, on whatever sheet it stands."""
    wanted = name.casefold()
    for sheet in book.sheets:
        for table in sheet.tables:
            if table.name.casefold() == wanted:
                return table
    return None


def need_table(book: xw.Book, name: str) -> xw.main.Table:
    """Return the Excel table of this name. Raises NotAWorkbook when there is none."""
    table = find_table(book, name)
    if table is None:
        raise NotAWorkbook(f"{book.name} has no table {name}: it was not made by `xladdin build`, or the table was deleted or renamed")
    return table


def read_raw_table(table: xw.main.Table) -> RawTable:
    """Read the cells of an Excel table, column by column; a totals row is not data."""
    place = table.range
    sheet, top, left = place.sheet, place.row, place.column
    bottom, right = top + place.rows.count - 1, left + place.columns.count - 1
    if table.show_totals:
        bottom -= 1
    header = read_columns(sheet, top, left, top, right)
    columns = read_columns(sheet, top + 1, left, bottom, right) if bottom > top else [[] for _ in header]
    return RawTable([column[0] for column in header], columns, top + 1)


def read_columns(sheet: xw.Sheet, top: int, left: int, bottom: int, right: int) -> list[list[Any]]:
    """Read a rectangle as columns of cells; an engine that can hand over columns is asked for them."""
    block = getattr(sheet.impl, "read_block", None)
    if block is not None:
        return [plain_cells(column) for column in block(top, left, bottom, right)]
    value = sheet.range((top, left), (bottom, right)).options("raw").value
    rows = rows_of(value) or [[value]]
    if len(rows) != bottom - top + 1:  # one row came as a flat list
        rows = [[cell for row in rows for cell in row]]
    return [plain_cells(column) for column in zip(*rows, strict=True)]


def read_settings_cells(book: xw.Book) -> dict[str, Any]:
    """Read the table Settings as key -> cell. Raises NotAWorkbook when it is not there or has lost its columns."""
    raw = read_raw_table(need_table(book, SETTINGS))
    header = [plain(text) for text in raw.header]
    if "key" not in header or "value" not in header:
        raise NotAWorkbook(f"the table {SETTINGS} of {book.name} needs the columns Key and Value; it has {', '.join(map(str, raw.header))}")
    keys, values = raw.columns[header.index("key")], raw.columns[header.index("value")]
    return {str(key): value for key, value in zip(keys, values, strict=True) if plain(key)}


def read_host_book(book: xw.Book, overrides: Mapping[str, Any] | None = None) -> CreditBook:
    """Read every table of a workbook; `overrides` replace settings of the sheet. Raises NotAWorkbook or BadRequest."""
    read_settings(overrides or {})  # a wrong override is named as such, before it meets the sheet's own
    need_table(book, LEDGER.name)
    settings = read_settings_cells(book) | dict(overrides or {})
    found = {table.name.casefold(): table for sheet in book.sheets for table in sheet.tables}
    raw = {table.key: read_raw_table(found[table.name.casefold()]) for table in TABLES.values() if table.name.casefold() in found}
    return replace(read_book(raw, settings), folder=folder_of(book), name=str(book.name))


def place_of(book: xw.Book) -> Path | None:
    """Return the path of a workbook's file; None where it was never saved, or lies at an address of which this computer has no copy.

    On OneDrive and SharePoint Excel gives an address; xlwings looks for the synced copy and raises whatever it meets where there is none.
    """
    try:
        place = str(book.fullname)
    except Exception:  # noqa: BLE001 - xlwings' own error, a name never assigned, an error of COM
        return None
    return Path(place) if Path(place).is_absolute() and "://" not in place else None


def folder_of(book: xw.Book) -> Path | None:
    """Return the folder a workbook lies in; None where its file has no path (see `place_of`)."""
    place = place_of(book)
    return None if place is None else place.parent


def without_folder(book: xw.Book, what: str) -> str:
    """Say that a workbook has no folder on this computer, in its own language; `what` is a key of `NEEDS`."""
    language = read_settings(read_settings_cells(book)).language
    return _NO_FOLDER[language].format(workbook=book.name, what=NEEDS[what][language])
