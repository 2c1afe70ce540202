"""Sheets and ranges of the model."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.excel_model.entry import entered, shown_by
from tests.excel_model.moves import move_lines, renamed
from tests.excel_model.variants import MEMBER_NOT_FOUND, ComError, Currency, Error, fault_of, from_cell, to_variant
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect, column_name, parse_rect

LONGEST = 32_767
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
#: looks of a cell that nobody formatted; a white ground is "no fill"
PLAIN = {"NumberFormat": "General", "Fill": None, "Bold": False, "Ink": 0, "HorizontalAlignment": 1, "WrapText": False}


#: how often each member was asked for, while somebody counts: over COM each is a call of another process
CALLS: Counter[str] = Counter()


class Base:
    """An object of Excel: a property it has not raises what COM raises, and every value put into one crosses as a VARIANT."""

    def __getattribute__(self, name: str) -> Any:
        if name[0] in _CAPITALS:
            CALLS[name] += 1
        return object.__getattribute__(self, name)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name[:1].islower():
            raise AttributeError(name)
        raise ComError(MEMBER_NOT_FOUND, f"Member not found: {type(self).__name__}.{name}")

    def __setattr__(self, name: str, value: Any) -> None:
        if name[:1].isupper():
            CALLS[name] += 1
            known = getattr(type(self), name, None)
            if not isinstance(known, property) or known.fset is None:
                raise ComError(MEMBER_NOT_FOUND, f"Member not found: {type(self).__name__}.{name}")
            known.fset(self, to_variant(value))
        else:
            object.__setattr__(self, name, value)


def refuse(said: str) -> ComError:
    """Excel's answer to what it cannot do."""
    return ComError(said=said)


class Sheet(Base):
    """A worksheet."""

    def __init__(self, book: Any, name: str):
        self.book, self.name = book, name
        self.cells: dict[tuple[int, int], Any] = {}
        self.formulas: dict[tuple[int, int], str] = {}
        self.results: dict[tuple[int, int, str], Any] = {}  # what a formula showed when the file was read
        self.looks: dict[tuple[int, int], dict[str, Any]] = {}
        self.heights: dict[int, float] = {}
        self.widths: dict[int, float] = {}
        self.tables: list[Any] = []
        self.hidden: set[int] = set()  # rows hidden by hand
        self.merged: list[Rect] = []
        self.protected = False

    def _rename(self, value: str) -> None:
        """Names that refer to the sheet follow it."""
        for name in self.book.names:
            name.refers = renamed(name.refers, self.name, value)
        self.name = value

    Name = property(lambda self: self.name, _rename)
    Parent = property(lambda self: self.book)
    Index = property(lambda self: self.book.sheets.index(self) + 1)
    ProtectContents = property(lambda self: self.protected)  # Microsoft: Worksheet.ProtectContents, "True if the contents ... are protected"

    def Protect(self, Password=None):  # noqa: N802, N803 - Excel's names
        self.protected = True

    def Unprotect(self, Password=None):  # noqa: N802, N803 - Excel's names
        self.protected = False

    @property
    def Names(self):  # noqa: N802 - Excel's name
        """The names of the sheet's own scope (Microsoft: Worksheet.Names)."""
        from tests.excel_model.books import Names

        return Names(self.book, self)

    def guard(self) -> None:
        """Every cell is locked until somebody unlocks it, and nothing of a locked cell changes, its look neither (Microsoft: Worksheet.Protect)."""
        if self.protected:
            raise refuse("The cell or chart you're trying to change is on a protected sheet.")

    def Cells(self, row, column):  # noqa: N802 - Excel's name
        return Range(self, Rect(row, column, row, column))

    def Range(self, first, second=None):  # noqa: N802 - Excel's name
        if isinstance(first, str):
            return Range(self, parse_rect(first.replace("$", "")))
        if second is None:
            return first
        a, b = first.rect, second.rect
        return Range(self, Rect(min(a.row, b.row), min(a.column, b.column), max(a.last_row, b.last_row), max(a.last_column, b.last_column)))

    @property
    def UsedRange(self):  # noqa: N802 - Excel's name
        """All cells with contents or formats (Microsoft: Worksheet.UsedRange)."""
        used = [*self.cells, *self.looks] or [(1, 1)]
        rows, columns = [place[0] for place in used], [place[1] for place in used]
        return Range(self, Rect(min(rows), min(columns), max(rows), max(columns)))

    @property
    def ListObjects(self):  # noqa: N802 - Excel's name
        from tests.excel_model.books import Tables

        return Tables(self)

    def look(self, row: int, column: int, name: str) -> Any:
        return self.looks.get((row, column), PLAIN)[name]

    def enter(self, row: int, column: int, value: Any) -> None:
        """Put one value into a cell, as `Range.Value` does."""
        place = (row, column)
        self.guard()
        fault = fault_of(value)
        if fault:
            self.book.faults.append(f"{self.name}!{column_name(column)}{row}: {fault}")
        if isinstance(value, str) and len(value) > LONGEST:  # Microsoft: Excel specifications and limits
            raise refuse(f"a text of {len(value)} characters")
        number_format, formula = self.look(row, column, "NumberFormat"), None
        if number_format == "@":  # numbers and truth values become texts too (Microsoft: "Format numbers as text")
            if isinstance(value, bool):
                value = str(value).upper()
            elif isinstance(value, float):
                self.book.faults.append(f"{self.name}!{column_name(column)}{row}: the number {value:g} became a text, as the cell has the text format")
                value = f"{value:.15g}"
        elif isinstance(value, str):
            value, formula, new = entered(value)
            if new and number_format == "General":
                self.paint(row, column, "NumberFormat", new)
        if hasattr(value, "year"):
            value, new = self.book.serial(value), "yyyy-mm-dd"
            if number_format == "General":
                self.paint(row, column, "NumberFormat", new)
        if value == "" or (isinstance(value, float) and not -1e308 < value < 1.7e308):
            value = None if value == "" else 65535.0
        self.keep(place, float(value) if isinstance(value, Currency) else value, formula)
        for table in self.tables:
            table.check_header(row, column)

    def keep(self, place: tuple[int, int], value: Any, formula: str | None) -> None:
        self.guard()
        self.formulas.pop(place, None)
        if formula is not None:
            self.formulas[place] = formula
        if value is None:
            self.cells.pop(place, None)
        else:
            self.cells[place] = value

    def paint(self, row: int, column: int, name: str, value: Any) -> None:
        self.guard()
        self.looks.setdefault((row, column), dict(PLAIN))[name] = value


class Side(Base):
    """`Range.Rows` and `Range.Columns`: ranges that count and fit only one way."""

    def __init__(self, place: Any, rows: bool):
        self.place, self.rows = place, rows

    Count = property(lambda self: self.place.rect.height if self.rows else self.place.rect.width)

    def AutoFit(self):  # noqa: N802 - Excel's name
        """Only whole rows of a range are fitted (Microsoft: Range.AutoFit)."""
        if self.rows:
            for row in range(self.place.rect.row, self.place.rect.last_row + 1):
                self.place.sheet.heights.pop(row, None)


class Lines(Base):
    """`Range.EntireRow` and `Range.EntireColumn`."""

    def __init__(self, sheet: Sheet, first: int, last: int, rows: bool):
        self.sheet, self.first, self.last, self.rows = sheet, first, last, rows

    Count = property(lambda self: self.last - self.first + 1)
    Rows = property(lambda self: self)

    def Item(self, number):  # noqa: N802 - Excel's name
        line = self.first + number - 1
        return Lines(self.sheet, line, line, self.rows)

    def _hidden(self) -> bool | None:
        """A filter hides rows too."""
        gone = self.sheet.hidden.union(*(table.filtered for table in self.sheet.tables))
        found = {line in gone for line in range(self.first, self.last + 1)}
        return found.pop() if len(found) == 1 else None

    def _hide(self, value: bool) -> None:
        assert self.rows, "only rows are modelled"
        self.sheet.guard()
        lines = set(range(self.first, self.last + 1))
        self.sheet.hidden = self.sheet.hidden | lines if value else self.sheet.hidden - lines
        for table in self.sheet.tables:
            table.filtered -= lines

    Hidden = property(_hidden, _hide)

    def Insert(self, Shift=None, CopyOrigin=None):  # noqa: N802, N803 - Excel's names
        self.sheet.guard()
        move_lines(self.sheet, self.first, self.Count, rows=self.rows)

    def Delete(self, Shift=None):  # noqa: N802, N803 - Excel's names
        self.sheet.guard()
        move_lines(self.sheet, self.first, -self.Count, rows=self.rows)


class Fill(Base):
    """`Range.Interior`."""

    def __init__(self, place: Any):
        self.place = place

    ColorIndex = property(lambda self: -4142 if self.place.look("Fill") is None else 1, lambda self, value: self._index(value))
    Color = property(lambda self: self.place.look("Fill") or 0xFFFFFF, lambda self, value: self.place.paint("Fill", int(value)))

    def _index(self, value):
        assert value == -4142, "only 'no fill' is modelled"
        self.place.paint("Fill", None)


class Font(Base):
    """`Range.Font`."""

    def __init__(self, place: Any):
        self.place = place

    Bold = property(lambda self: self.place.look("Bold"), lambda self, value: self.place.paint("Bold", bool(value)))
    Color = property(lambda self: self.place.look("Ink"), lambda self, value: self.place.paint("Ink", int(value)))


class Range(Base):
    """A range of cells. A property whose cells differ is None (Microsoft: Range.NumberFormat "returns Null")."""

    def __init__(self, sheet: Sheet, rect: Rect):
        if rect.row < 1 or rect.column < 1 or rect.last_row > MAX_ROW or rect.last_column > MAX_COLUMN:
            raise refuse("outside the sheet")
        self.sheet, self.rect = sheet, rect

    def places(self) -> Iterator[tuple[int, int]]:
        r = self.rect
        return ((row, column) for row in range(r.row, r.last_row + 1) for column in range(r.column, r.last_column + 1))

    def look(self, name: str) -> Any:
        found = {self.sheet.look(row, column, name) for row, column in self.places()}
        return found.pop() if len(found) == 1 else None

    def paint(self, name: str, value: Any) -> None:
        for row, column in self.places():
            self.sheet.paint(row, column, name, value)

    Worksheet = property(lambda self: self.sheet)
    Application = property(lambda self: self.sheet.book.app)
    Row = property(lambda self: self.rect.row)
    Column = property(lambda self: self.rect.column)
    Rows = property(lambda self: Side(self, True))
    Columns = property(lambda self: Side(self, False))
    EntireRow = property(lambda self: Lines(self.sheet, self.rect.row, self.rect.last_row, True))
    EntireColumn = property(lambda self: Lines(self.sheet, self.rect.column, self.rect.last_column, False))
    Count = property(lambda self: self.rect.height * self.rect.width)
    Interior = property(Fill)
    Font = property(Font)
    Address = property(lambda self: self.rect.a1(absolute=True))
    NumberFormat = property(lambda self: self.look("NumberFormat"), lambda self, value: self.paint("NumberFormat", value))
    HorizontalAlignment = property(lambda self: self.look("HorizontalAlignment"), lambda self, value: self.paint("HorizontalAlignment", int(value)))
    WrapText = property(lambda self: self.look("WrapText"), lambda self, value: self.paint("WrapText", bool(value)))
    HasArray = property(lambda self: False)
    ListObject = property(lambda self: next((table for table in self.sheet.tables if table.rect.overlap(self.rect)), None))

    def __call__(self, row: int, column: int | None = None) -> Any:
        if column is None:
            row, column = (row - 1) // self.rect.width + 1, (row - 1) % self.rect.width + 1
        top, left = self.rect.row + row - 1, self.rect.column + column - 1
        return Range(self.sheet, Rect(top, left, top, left))

    Cells = __call__

    def GetAddress(self, row_absolute, column_absolute, style, external):  # noqa: N802 - Excel's name
        assert not external
        text = self.rect.a1(absolute=True)
        return re.sub(r"\$([A-Z]+)\$(\d+)", lambda m: f"{'$' if column_absolute else ''}{m[1]}{'$' if row_absolute else ''}{m[2]}", text)

    # ---- values

    def _block(self, read: Any) -> Any:
        r = self.rect
        rows = tuple(tuple(read(row, column) for column in range(r.column, r.last_column + 1)) for row in range(r.row, r.last_row + 1))
        return rows[0][0] if (r.height, r.width) == (1, 1) else rows

    def _read(self, *, plain: bool) -> Any:
        def one(row: int, column: int) -> Any:
            number_format = self.sheet.look(row, column, "NumberFormat")
            return from_cell(self.sheet.cells.get((row, column)), number_format, date1904=self.sheet.book.date1904, plain=plain)

        return self._block(one)

    def _write(self, value: Any) -> None:
        height, width = self.rect.height, self.rect.width
        if isinstance(value, list):
            rows = value if value and isinstance(value[0], list) else [value]
            if not value or any(not isinstance(row, list) or len(row) != len(rows[0]) for row in rows):
                raise refuse("an array with rows of different length")
            if (len(rows), len(rows[0])) != (height, width):  # a smaller one leaves #N/A, a larger one is cut, both silently
                self.sheet.book.faults.append(f"{self.sheet.name}!{self.Address}: got {len(rows)} x {len(rows[0])} values")
            rows = [[row[j] if j < len(row) else Error("#N/A") for j in range(width)] for row in rows]
            rows = [rows[i] if i < len(rows) else [Error("#N/A")] * width for i in range(height)]
        else:
            rows = [[value] * width] * height
        for (row, column), one in zip(self.places(), (cell for line in rows for cell in line), strict=True):
            self.sheet.enter(row, column, one)

    Value = property(lambda self: self._read(plain=False), _write)
    Value2 = property(lambda self: self._read(plain=True), _write)

    def _formula(self) -> Any:
        def one(row: int, column: int) -> str:
            value = self.sheet.cells.get((row, column))
            known = self.sheet.formulas.get((row, column))
            return known or ("" if value is None else str(value).upper() if isinstance(value, bool) else f"{value:.15g}" if isinstance(value, float) else str(value))

        return self._block(one)

    def _set_formula(self, value: Any) -> None:
        """A formula in a cell with the text format is a text (Microsoft: "Fix formulas that are not calculating")."""
        rows = value if isinstance(value, list) else [[value] * self.rect.width] * self.rect.height
        for (row, column), text in zip(self.places(), (cell for line in rows for cell in line), strict=True):
            if not isinstance(text, str) or not text.startswith("=") or self.sheet.look(row, column, "NumberFormat") == "@":
                self.sheet.enter(row, column, text)
            else:
                result = self.sheet.results.get((row, column, text))
                self.sheet.keep((row, column), shown_by(text) if result is None else result, text)

    Formula = property(_formula, _set_formula)
    Formula2 = Formula

    def ClearContents(self):  # noqa: N802 - Excel's name
        for place in self.places():
            self.sheet.keep(place, None, None)
            for table in self.sheet.tables:
                table.check_header(*place)

    def Clear(self):  # noqa: N802 - Excel's name
        self.ClearContents()
        for place in self.places():
            self.sheet.looks.pop(place, None)

    # ---- merged cells

    def _merged(self) -> bool | None:
        """None where only some cells are merged (Microsoft: Range.MergeCells; a mixed property is Null)."""
        over = [both for one in self.sheet.merged if (both := one.overlap(self.rect)) is not None]
        return False if not over else True if sum(both.height * both.width for both in over) == self.Count else None

    MergeCells = property(_merged)

    def Merge(self, Across=None):  # noqa: N802, N803 - Excel's names
        """Only what the upper left cell holds stays (Microsoft: "Merge and unmerge cells"); a table has no merged cells."""
        self.sheet.guard()
        if any(table.rect.overlap(self.rect) for table in self.sheet.tables):
            raise refuse("Merge method of Range class failed")
        for place in list(self.places())[1:]:
            self.sheet.keep(place, None, None)
        self.sheet.merged = [one for one in self.sheet.merged if not one.overlap(self.rect)] + [self.rect]

    def UnMerge(self):  # noqa: N802 - Excel's name
        self.sheet.guard()
        self.sheet.merged = [one for one in self.sheet.merged if not one.overlap(self.rect)]

    # ---- rows and columns

    def _heights(self) -> float | None:
        found = {self.sheet.heights.get(row, 15.0) for row in range(self.rect.row, self.rect.last_row + 1)}
        return found.pop() if len(found) == 1 else None

    def _set_height(self, value: float) -> None:
        if not 0 <= value <= 409.5:  # Microsoft: Excel specifications and limits, row height
            raise refuse("Unable to set the RowHeight property of the Range class")
        self.sheet.guard()
        for row in range(self.rect.row, self.rect.last_row + 1):
            self.sheet.heights[row] = value

    RowHeight = property(_heights, _set_height)

    def _set_width(self, value: float) -> None:
        if not 0 <= value <= 255:  # Microsoft: Excel specifications and limits, column width
            raise refuse("Unable to set the ColumnWidth property of the Range class")
        self.sheet.guard()
        for column in range(self.rect.column, self.rect.last_column + 1):
            self.sheet.widths[column] = value

    ColumnWidth = property(lambda self: self.sheet.widths.get(self.rect.column, 8.43), _set_width)
