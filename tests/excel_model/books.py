"""Workbooks of the model: tables, names, the application, and filling them from a closed file."""

from __future__ import annotations

import datetime as dt
import re
import warnings
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from tests.excel_model.moves import quoted, renamed
from tests.excel_model.ranges import CALLS, PLAIN, Base, Range, Sheet, refuse
from tests.excel_model.variants import ComError, Error
from xladdin.hosts.file.address import Rect, parse_rect


class Collection(Base):
    """Items by number from 1 or by name."""

    def __init__(self, items: list[Any]):
        self.items = items

    Count = property(lambda self: len(self.items))

    def Item(self, key):  # noqa: N802 - Excel's name
        if isinstance(key, int):
            if not 1 <= key <= len(self.items):
                raise ComError(said="Subscript out of range")
            return self.items[key - 1]
        for one in self.items:
            if one.name.lower() == key.lower():
                return one
        raise ComError(said="Subscript out of range")

    __call__ = Item

    def __iter__(self):
        return iter(list(self.items))


class Table(Base):
    """A ListObject."""

    def __init__(self, sheet: Sheet, name: str, rect: Rect):
        self.sheet, self.name, self.rect = sheet, name, rect
        self.totals, self.filter = False, True  # a new table has the buttons of its filter (Microsoft: ListObject.ShowAutoFilter)
        self.filtered: set[int] = set()  # rows that the filter hides
        self.unseen: list[Any] | None = None  # the headers, while they are switched off

    Name = property(lambda self: self.name, lambda self, value: setattr(self, "name", value))
    DisplayName = Name
    Parent = property(lambda self: self.sheet)
    Range = property(lambda self: Range(self.sheet, self.rect))

    @property
    def HeaderRowRange(self):  # noqa: N802 - Excel's name
        return None if self.unseen is not None else Range(self.sheet, self.rect._replace(last_row=self.rect.row))

    @property
    def DataBodyRange(self):  # noqa: N802 - Excel's name
        return Range(self.sheet, self.rect._replace(row=self.rect.row + (self.unseen is None), last_row=self.rect.last_row - self.totals))

    def _show_totals(self, value: bool) -> None:
        """The row below becomes the totals row, and goes with it; where something stands there, Excel would make room."""
        self.sheet.guard()
        row = self.rect.last_row + (0 if self.totals else 1)
        line = [(row, column) for column in range(self.rect.column, self.rect.last_column + 1)]
        if value and not self.totals:
            assert not any(place in self.sheet.cells for place in line), "cells below a table that make room are not modelled"
            self.sheet.keep(line[0], "Total", None)
        elif not value and self.totals:
            for place in line:
                self.sheet.keep(place, None, None)
        self.rect = self.rect._replace(last_row=self.rect.last_row + value - self.totals)
        self.totals = value

    ShowTotals = property(lambda self: self.totals, _show_totals)

    def _show_headers(self, value: bool) -> None:
        """Switched off, the headers leave their row blank; Excel knows them on (Microsoft: ListObject.ShowHeaders)."""
        self.sheet.guard()
        if value == (self.unseen is None):
            return
        texts = self.unseen or self.headers()
        top = self.rect.row - value
        for number, text in enumerate(texts):
            self.sheet.keep((top, self.rect.column + number), text if value else None, None)
        self.unseen, self.rect = None if value else texts, self.rect._replace(row=self.rect.row + (-1 if value else 1))

    ShowHeaders = property(lambda self: self.unseen is None, _show_headers)

    def _show_filter(self, value: bool) -> None:
        """Without its buttons a filter hides nothing (Microsoft: "Clear or remove a filter"); with them anew, nothing yet."""
        self.sheet.guard()
        if not value:
            self.filtered = set()
        self.filter = value

    ShowAutoFilter = property(lambda self: self.filter, _show_filter)

    def Resize(self, place):  # noqa: N802 - Excel's name
        """The header stays in its row, and the new table overlaps the old one (Microsoft: ListObject.Resize)."""
        self.sheet.guard()
        new = place.rect
        if new.row != self.rect.row or not new.overlap(self.rect) or new.height < 2 or any(one.overlap(new) for one in self.sheet.merged):
            raise refuse(f"Resize method of ListObject class failed: {self.rect.a1()} to {new.a1()}")
        for other in self.sheet.tables:
            if other is not self and other.rect.overlap(new):
                raise refuse("A table can't overlap another table.")
        self.rect = new
        for column in range(new.column, new.last_column + 1):
            self.check_header(new.row, column)

    def Unlist(self):  # noqa: N802 - Excel's name
        self.sheet.guard()
        self.sheet.tables.remove(self)

    def check_header(self, row: int, column: int) -> None:
        """A header is a text, and no other column's; Excel would write one of its own ("Column1") in its place."""
        if self.unseen is not None or row != self.rect.row or not self.rect.column <= column <= self.rect.last_column:
            return
        value = self.sheet.cells.get((row, column))
        if value is not None and not isinstance(value, str):
            self.sheet.book.faults.append(f"{self.name}: the header {value!r} is no text")

    def headers(self) -> list[Any]:
        if self.unseen is not None:
            return self.unseen
        return [self.sheet.cells.get((self.rect.row, column)) for column in range(self.rect.column, self.rect.last_column + 1)]


class Tables(Collection):
    """`Worksheet.ListObjects`."""

    def __init__(self, sheet: Sheet):
        super().__init__(sheet.tables)
        self.sheet = sheet

    def Add(self, SourceType=None, Source=None, LinkSource=None, XlListObjectHasHeaders=None, Destination=None, TableStyleName=None):  # noqa: N802, N803
        if any(table.rect.overlap(Source.rect) for table in self.items):
            raise refuse("A table can't overlap another table.")
        made = Table(self.sheet, f"Table{len(self.items) + 1}", Source.rect)
        self.items.append(made)
        return made


class Name(Base):
    """A defined name, of the workbook or of a sheet."""

    def __init__(self, book: Any, name: str, refers: str, sheet: Any = None):
        self.book, self.bare, self.sheet, self.visible = book, name, sheet, True
        self.refers = renamed(refers)

    #: of a sheet's own name, with the sheet (Microsoft: Name.Name; Names.Add: "Sheet1!name")
    name = property(lambda self: self.bare if self.sheet is None else f"{quoted(self.sheet.name)}!{self.bare}")
    Name = property(lambda self: self.name)
    Parent = property(lambda self: self.book if self.sheet is None else self.sheet)
    Visible = property(lambda self: self.visible, lambda self, value: setattr(self, "visible", bool(value)))

    def _refer(self, text: str) -> None:
        """A text in a formula has at most 255 characters (Microsoft: Excel specifications and limits)."""
        if not text.startswith("=") or any(len(part) > 257 for part in re.findall(r'"(?:[^"]|"")*"', text)):
            raise refuse(f"a name cannot refer to {text:.40}")
        self.refers = renamed(text)

    RefersTo = property(lambda self: self.refers, _refer)

    @property
    def RefersToRange(self):  # noqa: N802 - Excel's name
        match = re.fullmatch(r"='?((?:[^'!]|'')+)'?!(\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)", self.refers)
        if match is None:
            raise refuse("the name refers to no range")
        sheet = self.book.Worksheets.Item(match[1].replace("''", "'"))
        return Range(sheet, parse_rect(match[2].replace("$", "")))

    def Delete(self):  # noqa: N802 - Excel's name
        self.book.names.remove(self)


class Names(Collection):
    """`Workbook.Names`, "including all worksheet-specific names" (Microsoft), and `Worksheet.Names`, only those."""

    def __init__(self, book: Any, sheet: Any = None):
        super().__init__([one for one in book.names if sheet is None or one.sheet is sheet])
        self.book, self.sheet = book, sheet

    def Item(self, key):  # noqa: N802 - Excel's name
        CALLS["Item"] += 1
        if isinstance(key, str) and self.sheet is not None:
            key = f"{quoted(self.sheet.name)}!{key}"
        return super().Item(key)

    __call__ = Item

    def Add(self, name, refers):  # noqa: N802 - Excel's name
        """A name that is there gets the new reference (Microsoft: Names.Add)."""
        if not re.fullmatch(r"[A-Za-z_\\\u0080-\uffff][\w.\\?]{0,254}", name) or re.fullmatch(r"[A-Za-z]{1,3}\d+|[RrCc]", name):
            raise refuse(f"The name that you entered is not valid: {name}")
        made = next((one for one in self.book.names if one.bare.lower() == name.lower() and one.sheet is self.sheet), None)
        new = made or Name(self.book, name, "=0", self.sheet)
        new.RefersTo = refers
        if made is None:
            self.book.names.append(new)
        return new


class Sheets(Collection):
    """`Workbook.Worksheets`."""

    def __init__(self, book: Any):
        super().__init__(book.sheets)
        self.book = book

    def Add(self, Before=None, After=None, Count=None, Type=None):  # noqa: N802, N803 - Excel's names
        made = Sheet(self.book, f"Sheet{len(self.items) + 1}")
        self.items.insert(self.items.index(After) + 1 if After is not None else self.items.index(Before) if Before is not None else 0, made)
        return made


class Application(Base):
    """Excel itself."""

    def __init__(self):
        self.state = {"ScreenUpdating": True, "StatusBar": False, "DisplayAlerts": True, "Interactive": True}
        self.steps: list[str] = []
        self.alerts: list[str] = []

    def _set(self, name, value):
        if name == "StatusBar" and value:
            self.steps.append(value)
        self.state[name] = value

    ScreenUpdating = property(lambda self: self.state["ScreenUpdating"], lambda self, value: self._set("ScreenUpdating", value))
    StatusBar = property(lambda self: self.state["StatusBar"], lambda self, value: self._set("StatusBar", value))
    Hwnd = property(id)


class Book(Base):
    """A workbook. `faults`: what Excel takes without a word and shows as something else."""

    def __init__(self, path: str):
        self.path = path
        self.sheets: list[Sheet] = []
        self.names: list[Name] = []
        self.app = Application()
        self.date1904 = False
        self.faults: list[str] = []

    Name = property(lambda self: re.split(r"[\\/]", self.path)[-1])
    FullName = property(lambda self: self.path)
    Path = property(lambda self: re.split(r"[\\/][^\\/]*$", self.path)[0] if re.search(r"[\\/]", self.path) else "")
    Application = property(lambda self: self.app)
    Date1904 = property(lambda self: self.date1904)
    Worksheets = property(Sheets)
    Names = property(Names)

    def serial(self, moment: dt.datetime) -> float:
        start = dt.datetime(1904, 1, 1) if self.date1904 else dt.datetime(1899, 12, 30)
        return (moment - start) / dt.timedelta(days=1)

    def end(self) -> list[str]:
        """What is wrong with the workbook as it stands: faults, and tables whose headers are blank or twice the same."""
        found = list(self.faults)
        for sheet in self.sheets:
            for table in sheet.tables:
                headers = table.headers()
                if None in headers or len({str(text).lower() for text in headers}) < len(headers):
                    found.append(f"{table.name}: Excel would rename headers of {headers}")
        return found


def load(path: Path, before: tuple[Path, Book] | None = None) -> Book:
    """Fill the model from a closed workbook, through openpyxl, an independent reader.

    `before`: an earlier state of the file and the model of it, whose sheets stand for those with the same bytes.
    """
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    known = {} if before is None else {sheet.name: sheet for sheet in before[1].sheets}
    same = set() if before is None else _same_parts(path, before[0])
    shown, pages = _read(path, same, data_only=True)
    written, _ = _read(path, same, data_only=False)
    book = Book(str(path))
    book.date1904 = shown.epoch == CALENDAR_MAC_1904
    looks: dict[Any, dict[str, Any]] = {}
    for name, as_before in pages:
        if as_before:
            book.sheets.append(known[name])
            continue
        page, formulas = shown[name], written[name]
        sheet = Sheet(book, name)
        book.sheets.append(sheet)
        for row, sources in zip(page.iter_rows(), formulas.iter_rows(), strict=True):
            for cell, source in zip(row, sources, strict=True):
                _fill(sheet, cell, source, looks)
        for number, size in page.row_dimensions.items():
            if size.height is not None:
                sheet.heights[number] = size.height
            if size.hidden:
                sheet.hidden.add(number)
        sheet.merged = [parse_rect(one.coord) for one in page.merged_cells.ranges]
        sheet.protected = bool(page.protection.sheet)
        sheet.tables += [_table(sheet, one) for one in page.tables.values()]
        book.names += [_name(book, one, sheet) for one in page.defined_names.values()]
    book.names += [_name(book, one, None) for one in shown.defined_names.values()]
    return book


def _table(sheet: Sheet, one: Any) -> Table:
    made = Table(sheet, one.name, parse_rect(one.ref))
    made.totals, made.filter = bool(one.totalsRowCount), one.autoFilter is not None
    if made.filter and any(column.filters or column.customFilters for column in one.autoFilter.filterColumn):
        made.filtered, sheet.hidden = sheet.hidden, set()
    return made


def _name(book: Book, one: Any, sheet: Sheet | None) -> Name:
    made = Name(book, one.name, f"={one.attr_text}", sheet)
    made.visible = not one.hidden
    return made


def _same_parts(path: Path, before: Path) -> set[str]:
    """Name the sheets' parts that two files have alike, with the tables that belong to them."""
    with ZipFile(path) as new, ZipFile(before) as old:
        alike = {name for name in set(new.namelist()) & set(old.namelist()) if new.read(name) == old.read(name)}
        found = set()
        for name in alike:
            if name.startswith("xl/worksheets/sheet"):
                relations = f"xl/worksheets/_rels/{name.rpartition('/')[2]}.rels"
                tables = re.findall(r"\.\./(tables/[^\"]+)", new.read(relations).decode()) if relations in new.namelist() else []
                if all(f"xl/{table}" in alike for table in tables):
                    found.add(name)
        return found


def _read(path: Path, same: set[str], *, data_only: bool) -> tuple[Any, list[tuple[str, bool]]]:
    """Read a workbook without the sheets of some parts; answers it, and of all sheets the name and whether it was left out."""
    from openpyxl.reader.excel import ExcelReader

    pages: list[tuple[str, bool]] = []

    class Reader(ExcelReader):
        def read_worksheets(self) -> None:
            found = list(self.parser.find_sheets())
            pages.extend((sheet.name, relation.target.lstrip("/") in same) for sheet, relation in found)
            self.parser.find_sheets = lambda: (pair for pair in found if pair[1].target.lstrip("/") not in same)
            super().read_worksheets()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        reader = Reader(path, data_only=data_only)
        reader.read()
    return reader.wb, pages


def _fill(sheet: Sheet, cell: Any, source: Any, looks: dict[Any, dict[str, Any]]) -> None:
    place = (cell.row, cell.column)
    if cell.has_style:
        key = tuple(cell._style)
        if key not in looks:
            looks[key] = {
                "NumberFormat": cell.number_format,
                "Fill": _bgr(cell.fill.fgColor) if cell.fill.fill_type == "solid" else None,
                "Bold": bool(cell.font.bold),
                "Ink": _bgr(cell.font.color) or 0,
                "HorizontalAlignment": {"left": -4131, "center": -4108, "right": -4152}.get(cell.alignment.horizontal, 1),
                "WrapText": bool(cell.alignment.wrap_text),
            }
        if looks[key] != PLAIN:
            sheet.looks[place] = dict(looks[key])
    value = cell.value
    if isinstance(value, dt.timedelta):
        value = value / dt.timedelta(days=1)
    if isinstance(value, dt.time):
        value = (value.hour * 3600 + value.minute * 60 + value.second) / 86400
    if isinstance(value, dt.date):
        value = sheet.book.serial(value if isinstance(value, dt.datetime) else dt.datetime(value.year, value.month, value.day))
    if cell.data_type == "e":
        value = Error(value)
    elif type(value) is int:
        value = float(value)
    formula = None
    if source.data_type == "f":
        formula = source.value if isinstance(source.value, str) else f"{source.value.text}"
        formula = formula if formula.startswith("=") else f"={formula}"
        value = "" if value is None else value
        sheet.results[*place, formula] = value
    if value is not None:
        sheet.cells[place] = value
    if formula is not None:
        sheet.formulas[place] = formula


def _bgr(color: Any) -> int | None:
    """A colour as Excel counts it: blue, green, red."""
    if color is None or not isinstance(color.rgb, str):
        return None
    red, green, blue = (int(color.rgb[-6:][index : index + 2], 16) for index in (0, 2, 4))
    return red | green << 8 | blue << 16
