"""Ranges of a LibreOffice document, as xlwings sees them: values, formulas and moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from xlwings import base_classes

from xladdin.cells import ExcelError
from xladdin.errors import BadRequest
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.libreoffice import spelling
from xladdin.hosts.libreoffice.formats import Formats
from xladdin.hosts.libreoffice.office import load_uno
from xladdin.hosts.libreoffice.values import CONTENTS, ERROR_RESULTS, HARD_FORMATS, WHERE, converter, error_of, needed_format, rows_from
from xladdin.hosts.place import Place

if TYPE_CHECKING:
    from xladdin.hosts.libreoffice.sheet import Sheet

_LARGE: Final = 100_000
_FEW: Final = 200
_TEXT_FORMAT: Final = 256  # com.sun.star.util.NumberFormat.TEXT


@complete(base_classes.Range, WHERE)
class Range(Formats, Place):
    """A rectangle of cells of one sheet."""

    max_cells_per_read = None
    max_cells_per_write = None

    sheet: Sheet
    options: dict[str, Any]

    @property
    def x(self) -> Any:
        """LibreOffice's own range."""
        r = self.rect
        return self.sheet.x.getCellRangeByPosition(r.column - 1, r.row - 1, r.last_column - 1, r.last_row - 1)

    @property
    def api(self) -> Any:
        """LibreOffice's own range; None for an empty range, into which xlwings then writes nothing."""
        return self.x if len(self) else None

    def in_column(self, number: int) -> Range:
        """Return the part of the range in one column."""
        return Range(self.sheet, self.rect._replace(column=number, last_column=number))

    def _cell(self, row: int, column: int) -> Any:
        return self.sheet.x.getCellByPosition(column - 1, row - 1)

    def clipped(self) -> Range:
        """Whole columns and rows are read as far as the sheet is used."""
        if len(self) < _LARGE:
            return self
        used = self.sheet.used_range.rect
        r = self.rect
        last_row, last_column = max(r.row, min(r.last_row, used.last_row)), max(r.column, min(r.last_column, used.last_column))
        return Range(self.sheet, Rect(r.row, r.column, last_row, last_column))

    # ---- values

    def read_columns(self) -> list[list[Any]]:
        """Return the columns as lists of float, str, bool, datetime, ExcelError or None."""
        place = self.clipped()
        x, r = place.x, place.rect
        rows = x.getDataArray()
        columns = [[None if cell == "" else cell for cell in column] for column in zip(*rows, strict=True)]
        formats = self.sheet.book.document.NumberFormats
        groups = x.getUniqueCellFormatRanges()
        for index in range(groups.Count):
            group = groups.getByIndex(index)
            read = converter(formats.getByKey(group.getByIndex(0).NumberFormat).Type, self.sheet.book.epoch)
            for at in group.RangeAddresses if read else ():
                first, last = at.StartRow + 1 - r.row, at.EndRow + 2 - r.row
                for column in columns[at.StartColumn + 1 - r.column : at.EndColumn + 2 - r.column]:
                    column[first:last] = map(read, column[first:last])  # type: ignore[arg-type]
        if any(None in row for row in rows):
            for at in x.queryFormulaCells(ERROR_RESULTS).RangeAddresses:
                for row in range(at.StartRow + 1, at.EndRow + 2):
                    for column_number in range(at.StartColumn + 1, at.EndColumn + 2):
                        columns[column_number - r.column][row - r.row] = error_of(self._cell(row, column_number).getError())
        return columns

    @property
    def raw_value(self) -> Any:
        """The value of a single cell, else a list of rows."""
        if not len(self):
            return None
        columns = self.read_columns()
        return columns[0][0] if len(self) == 1 else [list(row) for row in zip(*columns, strict=True)]

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        if not isinstance(value, (list, tuple)):
            if _is_formula(value) and not self._holds_text():
                self.formula = value
                return
            rows: Any = [[value] * self.shape[1]] * self.shape[0]
        else:
            rows = value if value and isinstance(value[0], (list, tuple)) else [value]
        height, width = len(rows), len(rows[0])
        target = self
        if len(self) == 1 and (height, width) != (1, 1):
            target = Range(self.sheet, Rect(self.row, self.column, self.row + height - 1, self.column + width - 1))
        elif self.shape != (height, width):
            raise BadRequest(f"{self.address} has {self.shape[0]} x {self.shape[1]} cells; got {height} x {width} values")
        columns = list(zip(*rows, strict=True))
        put_data(target.x, rows_from(columns, self.sheet.book.epoch))
        for number, column in enumerate(columns, target.column):
            target.in_column(number).show_as(needed_format(column))
            for row, cell in enumerate(column, target.row):
                if not isinstance(cell, str) or cell[:1] not in ("=", "'", "#"):
                    continue
                one = Range(self.sheet, Rect(row, number, row, number))
                if isinstance(cell, ExcelError):
                    self._cell(row, number).setFormula(f"={cell}")
                elif one._holds_text():
                    continue
                elif _is_formula(cell):
                    one.formula = cell
                elif cell[0] == "'":  # which marks a text and is not part of it
                    self._cell(row, number).setString(cell[1:])

    def _holds_text(self) -> bool:
        """Whether the first cell has the text format, where Excel takes '=A1' as a text."""
        kind = self.sheet.book.document.NumberFormats.getByKey(self._cell(self.row, self.column).NumberFormat).Type
        return bool(kind & _TEXT_FORMAT)

    # ---- formulas

    @property
    def formula(self) -> Any:
        """The formula of a single cell, else rows of them; a cell without one gives its constant as text."""
        place = self.clipped()
        rows = tuple(
            tuple(self._written(text, row, column) for column, text in enumerate(line, place.column))
            for row, line in enumerate(place.x.getFormulaArray(), place.row)
        )
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        if not isinstance(value, (list, tuple)):
            if not _is_formula(value):
                self.raw_value = value
                return
            self._enter(self.row, self.column, value)
            if len(self) > 1:
                self._fill_from_first()
            return
        rows = value if value and isinstance(value[0], (list, tuple)) else [value]
        if all(spelling.is_simple(cell) or not cell for line in rows for cell in line if isinstance(cell, str)):
            spelled = tuple(tuple(spelling.native(cell) if cell else "" for cell in line) for line in rows)
            target = Rect(self.row, self.column, self.row + len(rows) - 1, self.column + len(rows[0]) - 1)
            Range(self.sheet, target).x.setFormulaArray(spelled)
            return
        for row, line in enumerate(rows, self.row):
            for column, cell in enumerate(line, self.column):
                Range(self.sheet, Rect(row, column, row, column)).formula = cell

    def _written(self, text: str, row: int, column: int) -> str:
        if text[:1] not in ("=", "{"):
            return text.removeprefix("'")
        return spelling.to_excel(self.sheet.book.parser, self._cell(row, column)) or text

    def _enter(self, row: int, column: int, formula: str) -> None:
        cell = self._cell(row, column)
        cell.setTokens(spelling.tokens(self.sheet.book.parser, formula, cell.CellAddress))

    def _fill_from_first(self) -> None:
        direction = "com.sun.star.sheet.FillDirection"
        if self.shape[0] > 1:
            self.in_column(self.column).x.fillAuto(load_uno().Enum(direction, "TO_BOTTOM"), 1)
        if self.shape[1] > 1:
            self.x.fillAuto(load_uno().Enum(direction, "TO_RIGHT"), 1)

    formula2 = formula

    @property
    def formula_array(self) -> str | None:
        """The array formula of the first cell, None when it has none."""
        return self._written("=", self.row, self.column) if self.has_array else None

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        at = self._cell(self.row, self.column).CellAddress
        self.x.setArrayTokens(spelling.tokens(self.sheet.book.parser, value, at))

    @property
    def has_array(self) -> bool:
        """Whether the first cell holds an array formula."""
        return str(self._cell(self.row, self.column).getFormula()).startswith("{")

    # ---- emptying, inserting, deleting

    def clear(self) -> None:
        """Empty the cells and take their formats."""
        self.x.clearContents(CONTENTS | HARD_FORMATS)

    def clear_contents(self) -> None:
        """Empty the cells."""
        self.x.clearContents(CONTENTS)

    def clear_formats(self) -> None:
        """Take the formats."""
        self.x.clearContents(HARD_FORMATS)

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:  # noqa: ARG002 - xlwings' signature
        """Insert cells; those here move down or right."""
        mode = "RIGHT" if shift == "right" else "DOWN"
        self.sheet.x.insertCells(self.x.RangeAddress, load_uno().Enum("com.sun.star.sheet.CellInsertMode", mode))

    def delete(self, shift: str | None = None) -> None:
        """Delete cells; those below or to the right move in."""
        mode = "LEFT" if shift == "left" else "UP"
        self.sheet.x.removeRange(self.x.RangeAddress, load_uno().Enum("com.sun.star.sheet.CellDeleteMode", mode))

    def merge(self, across: bool = False) -> None:
        """Merge the range, or each of its rows."""
        for row in range(self.row, self.rect.last_row + 1) if across else (self.row,):
            part = self.rect._replace(row=row, last_row=row) if across else self.rect
            Range(self.sheet, part).x.merge(True)

    @property
    def merge_cells(self) -> bool:
        """Whether any cell of the range is merged."""
        return bool(self.x.getIsMerged())

    def unmerge(self) -> None:
        """Take merged areas apart."""
        self.x.merge(False)

    # ---- moves

    def end(self, direction: str) -> Range:
        """Go where Ctrl and an arrow key go."""
        r, used = self.rect, self.sheet.used_range.rect
        down = direction in ("down", "up")
        last = max(used.last_row, r.row) if down else max(used.last_column, r.column)
        line = Rect(1, r.column, last, r.column) if down else Rect(r.row, 1, r.row, last)
        rows = Range(self.sheet, line).x.getDataArray()
        filled = [row[0] != "" for row in rows] if down else [cell != "" for cell in rows[0]]
        step = 1 if direction in ("down", "right") else -1
        at = _stop(filled, (r.row if down else r.column) - 1, step, MAX_ROW if down else MAX_COLUMN) + 1
        return Range(self.sheet, Rect(at, r.column, at, r.column) if down else Rect(r.row, at, r.row, at))

    @property
    def current_region(self) -> Range:
        """The block of filled cells around the first one."""
        cursor = self.sheet.x.createCursorByRange(self.x)
        cursor.collapseToCurrentRegion()
        at = cursor.RangeAddress
        return Range(self.sheet, Rect(at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1))

    def select(self) -> None:
        """Select the range in the window, where the document has one."""
        window = self.sheet.book.document.CurrentController
        if window is not None:
            window.select(self.x)


def put_data(x: Any, rows: tuple[tuple[Any, ...], ...]) -> None:
    """Put values into a range of LibreOffice's. Whole blocks go past its undo list, single cells do not, so few cells go one by one."""
    if len(rows) * len(rows[0]) > _FEW:
        x.setDataArray(rows)
        return
    x.clearContents(CONTENTS)
    for down, row in enumerate(rows):
        for across, value in enumerate(row):
            if value != "":
                cell = x.getCellByPosition(across, down)
                if isinstance(value, str):
                    cell.setString(value)
                else:
                    cell.setValue(value)


def _is_formula(value: Any) -> bool:
    return type(value) is str and value[:1] == "=" and len(value) > 1


def _stop(filled: list[bool], start: int, step: int, limit: int) -> int:
    def full(index: int) -> bool:
        return 0 <= index < len(filled) and filled[index]

    at = start
    if full(at) and full(at + step):
        while full(at + step):
            at += step
        return at
    at += step
    while 0 <= at < len(filled) and not full(at):
        at += step
    return at if full(at) else limit - 1 if step > 0 else 0
