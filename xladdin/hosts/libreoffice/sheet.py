"""One sheet of a LibreOffice document, as xlwings sees it, and whole blocks of its cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from xladdin.cells import ExcelError
from xladdin.errors import BadRequest
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect, parse_rect, split_reference
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.libreoffice.names import Names
from xladdin.hosts.libreoffice.office import load_uno
from xladdin.hosts.libreoffice.range import Range, put_data
from xladdin.hosts.libreoffice.table import Tables, find_table
from xladdin.hosts.libreoffice.values import CONTENTS, HARD_FORMATS, WHERE, needed_format, rows_from

if TYPE_CHECKING:
    from xladdin.hosts.libreoffice.book import Book


@complete(base_classes.Sheet, WHERE)
class Sheet:
    """One sheet. Beyond xlwings: `set_block`, `read_block` and `style_index`, which the renderer of reports uses."""

    book: Book

    def __init__(self, book: Book, x: Any) -> None:
        self.book, self.x = book, x

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sheet) and bool(self.x == other.x)

    __hash__ = None  # type: ignore[assignment]

    @property
    def api(self) -> Any:
        """LibreOffice's own sheet."""
        return self.x

    @property
    def name(self) -> str:
        """Name on the tab."""
        return str(self.x.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.x.Name = value

    @property
    def index(self) -> int:
        """Position among the sheets, from 1."""
        return int(self.x.RangeAddress.Sheet) + 1

    @property
    def names(self) -> Names:
        """The names that belong to this sheet only."""
        return Names(self.book, self)

    @property
    def visible(self) -> bool:
        """Whether the tab shows."""
        return bool(self.x.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.x.IsVisible = bool(value)

    @property
    def protected(self) -> bool:
        """Whether the sheet's cells cannot be changed."""
        return bool(self.x.isProtected())

    # ---- ranges

    def area(self, rect: Rect) -> Range:
        """Return the range of a rectangle."""
        return Range(self, rect)

    def range(self, first: Any, second: Any = None) -> Range:
        """Return a range by address, name, table, (row, column) or two of those as corners."""
        one = self._range(first)
        if second is None:
            return one
        a, b = one.rect, self._range(second).rect
        return Range(self, Rect(min(a.row, b.row), min(a.column, b.column), max(a.last_row, b.last_row), max(a.last_column, b.last_column)))

    def _range(self, where: Any) -> Range:
        if isinstance(where, Range):
            return where
        if isinstance(where, str):
            rect = parse_rect(where)
            return Range(self, rect) if rect is not None else self._named(where)
        if 0 in where[:2]:
            raise IndexError("rows and columns are counted from 1; got 0")
        row, column, *size = where
        height, width = size or (1, 1)
        return Range(self, Rect(row, column, row + height - 1, column + width - 1))

    def _named(self, text: str) -> Range:
        reference = split_reference(text)
        if reference is not None and reference[0] in self.book.sheets:
            return self.book.sheets(reference[0]).area(reference[1])
        for names in (self.names, self.book.names):
            if names.contains(text):
                return names(text).refers_to_range
        table = find_table(self.book, text.partition("[")[0])
        place = None if table is None else table.part(text.partition("[")[2].removesuffix("]"))
        if place is None:
            raise BadRequest(f"{text!r} is neither an address nor a name or table of {self.book.name}")
        return place

    @property
    def cells(self) -> Range:
        """All cells."""
        return Range(self, Rect(1, 1, MAX_ROW, MAX_COLUMN))

    @property
    def used_range(self) -> Range:
        """The rectangle of cells with values or formats."""
        cursor = self.x.createCursor()
        cursor.gotoEndOfUsedArea(False)
        at = cursor.RangeAddress
        return Range(self, Rect(1, 1, at.EndRow + 1, at.EndColumn + 1))

    def clear(self) -> None:
        """Empty all cells and take their formats."""
        self.x.clearContents(CONTENTS | HARD_FORMATS)

    def clear_contents(self) -> None:
        """Empty all cells."""
        self.x.clearContents(CONTENTS)

    def clear_formats(self) -> None:
        """Take all formats."""
        self.x.clearContents(HARD_FORMATS)

    def autofit(self, axis: str | None = None) -> None:
        """Fit columns and rows to their contents."""
        self.used_range.autofit(axis)

    # ---- fast blocks

    def set_block(self, row: int, column: int, columns: Sequence[Any], styles: Sequence[int | None] | None = None) -> None:
        """Write columns of data at once, each with the formats of one cell (see `style_index`). Texts are data, never formulas."""
        heights = {len(data) for data in columns}
        if len(heights) > 1:
            raise BadRequest(f"the columns of a block must have one length; got {sorted(heights)}")
        if not columns or heights == {0}:
            return
        place = self.area(Rect(row, column, row + heights.pop() - 1, column + len(columns) - 1))
        if styles is not None:
            self._spread(place.rect, styles)
        rows = rows_from(columns, self.book.epoch)
        if styles is None or len(rows) == 1:
            put_data(place.x, rows)
        else:  # undoing the spread of the first row empties the rows below, whatever was put there
            put_data(self.area(place.rect._replace(last_row=row)).x, rows[:1])
            self.area(place.rect._replace(row=row + 1)).x.setDataArray(rows[1:])
        for number, data in enumerate(columns, column):
            if styles is None:
                place.in_column(number).show_as(needed_format(data))
            for below, cell in enumerate(data):
                if isinstance(cell, ExcelError):
                    self.x.getCellByPosition(number - 1, row + below - 1).setFormula(f"={cell}")

    def _spread(self, rect: Rect, styles: Sequence[int | None]) -> None:
        """Give every row the formats, conditions and validity of the template cells: LibreOffice fills them down."""
        first = self.area(rect._replace(last_row=rect.row))
        first.clear_contents()
        address = load_uno().createUnoStruct("com.sun.star.table.CellAddress")
        address.Sheet, address.Row = self.index - 1, rect.row - 1
        for column, style in enumerate(styles, rect.column):
            own = self.style_index(rect.row, column)
            if style is not None and style != own:
                address.Column = column - 1
                source = Rect(style // MAX_COLUMN, style % MAX_COLUMN + 1, style // MAX_COLUMN, style % MAX_COLUMN + 1)
                self.x.copyRange(address, self.area(source).x.RangeAddress)
        if rect.height > 1:
            self.area(rect).x.fillAuto(load_uno().Enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM"), 1)

    def read_block(self, row: int, column: int, last_row: int, last_column: int) -> list[list[Any]]:
        """Return the columns of a rectangle as lists of float, str, bool, datetime, ExcelError or None."""
        return self.area(Rect(row, column, last_row, last_column)).read_columns()

    def style_index(self, row: int, column: int) -> int:
        """Return a number that stands for the formats of a cell, to be used with `set_block` while that cell keeps them."""
        return row * MAX_COLUMN + column - 1

    # ---- the tab

    def activate(self) -> None:
        """Bring this tab to the front."""
        window = self.book.document.CurrentController
        if window is not None:
            window.setActiveSheet(self.x)

    select = activate

    def delete(self) -> None:
        """Delete the sheet."""
        self.book.document.Sheets.removeByName(self.name)

    @property
    def tables(self) -> Tables:
        """The tables of this sheet."""
        return Tables(self)
