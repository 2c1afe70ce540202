"""Ranges, as xlwings sees them: values, formulas, moves and formats of a rectangle of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from xlwings import base_classes

from xladdin.cells import ExcelError
from xladdin.errors import BadRequest
from xladdin.hosts.file import dynamic, encode, formulas, links, moves, sheetformulas
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect
from xladdin.hosts.file.arrow import TEXT
from xladdin.hosts.file.formats import Formats
from xladdin.hosts.file.notes import sheet_notes
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable

    from xladdin.hosts.file.notes import Note
    from xladdin.hosts.file.sheet import Sheet
    from xladdin.hosts.file.sheetpart import SheetPart

_STEP: Final = 1024


@complete(base_classes.Range)
class Range(Formats, Place):
    """A rectangle of cells of one sheet."""

    max_cells_per_read = None
    max_cells_per_write = None

    sheet: Sheet
    options: dict[str, Any]

    @property
    def api(self) -> SheetPart | None:
        """The sheet's part of the file; None for an empty range, into which xlwings then writes nothing."""
        return self.sheet.part if len(self) else None

    # ---- values

    def clipped(self) -> Rect:
        """Whole columns and rows are read as far as the sheet is used."""
        if len(self) < _STEP * MAX_COLUMN and self.shape[0] < MAX_ROW:
            return self.rect
        used = self._part.extent()
        last_row = max(min(self.rect.last_row, used.last_row), self.rect.row)
        last_column = max(min(self.rect.last_column, used.last_column), self.rect.column)
        return Rect(self.rect.row, self.rect.column, last_row, last_column)

    @property
    def raw_value(self) -> Any:
        """The value of a single cell, else a list of rows: float, str, bool, datetime, ExcelError or None."""
        if not len(self):
            return None
        found = self._part.read(self.clipped())
        return found[0, 0] if len(self) == 1 else found.tolist()

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        if not isinstance(value, (list, tuple)):
            self._fill(value)
            return
        rows = value if value and isinstance(value[0], (list, tuple)) else [value]
        height, width = len(rows), len(rows[0])
        target = self.rect
        if len(self) == 1:
            target = Rect(target.row, target.column, target.row + height - 1, target.column + width - 1)
        elif self.shape != (height, width):
            raise BadRequest(f"{self.address} has {self.shape[0]} x {self.shape[1]} cells; got {height} x {width} values")
        as_text = self._text_cells(target)
        columns = [
            encode.column(column, entered=True, date1904=self.sheet.book.workbook.date1904, as_text=as_text(index))
            for index, column in enumerate(zip(*rows, strict=True))
        ]
        self._part.write(target, columns)

    def _text_cells(self, target: Rect) -> Callable[[int], Any]:
        """Return for a column which cells have the text format, where Excel takes '=A1' as a text."""
        mask = self.sheet.book.workbook.styles.text_mask()
        if not mask.any():
            return lambda _: None

        def of_column(index: int) -> Any:
            column = target.column + index
            rect = Rect(target.row, column, target.last_row, column)
            found = self._part.styles(rect)
            if not any(mask[style] for style in found):
                return None
            if all(mask[style] for style in found):
                return np.ones(target.height, np.bool_)
            return np.array([mask[self._part.style_at(row, column)] for row in range(target.row, target.last_row + 1)])

        return of_column

    def _fill(self, value: Any) -> None:
        """Write one value into every cell; a formula's references move along, as in Excel."""
        if isinstance(value, str) and not isinstance(value, ExcelError) and value[:1] == "=" and len(value) > 1:
            self._fill_formula(value)
            return
        date1904 = self.sheet.book.workbook.date1904
        one = encode.column([value], entered=True, date1904=date1904)
        rows = np.zeros(self.shape[0], np.int64)
        tails = one.tails.take(pa.array(rows))
        wants = None if one.wants is None else one.wants[rows]
        quoted = None if one.quoted is None else one.quoted[rows]
        self._part.write(self.rect, [encode.Encoded(tails, wants, quoted)] * self.shape[1])

    def _fill_formula(self, formula: str) -> None:
        as_text = self._text_cells(self.rect)
        columns = []
        for index in range(self.shape[1]):
            texts = [formulas.shift(formula, row, index) for row in range(self.shape[0])]
            columns.append(encode.column(texts, entered=True, date1904=False, as_text=as_text(index)))
        self._part.write(self.rect, columns)

    @property
    def formula(self) -> Any:
        """The formula of a single cell, else rows of them; a cell without one gives its constant as text."""
        rect = self.clipped()
        found = sheetformulas.read(self._part, rect)
        constants = self._part.read(rect, dates=False)
        rows = tuple(
            tuple(found.get((row, column)) or _constant(value) for column, value in enumerate(line, rect.column))
            for row, line in enumerate(constants, rect.row)
        )
        return rows[0][0] if len(self) == 1 else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value

    @property
    def formula2(self) -> Any:
        """The formulas; one that spills is written as a dynamic array."""
        return self.formula

    @formula2.setter
    def formula2(self, value: Any) -> None:
        if isinstance(value, str) and value[:1] == "=" and dynamic.spills(value):
            for row in range(self.rect.row, self.rect.last_row + 1):
                for column in range(self.rect.column, self.rect.last_column + 1):
                    cell = Rect(row, column, row, column)
                    text = formulas.shift(value, row - self.row, column - self.column)
                    tail = dynamic.tail(self.sheet.book.workbook, text, cell.a1())
                    self._part.write(cell, [encode.Encoded(pa.array([tail], TEXT))])
        else:
            self.raw_value = value

    @property
    def formula_array(self) -> str | None:
        """The array formula of the first cell, None when it has none."""
        if not self.has_array:
            return None
        return sheetformulas.read(self._part, Rect(self.row, self.column, self.row, self.column)).get((self.row, self.column))

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        text = encode.formula_tail(value).replace("<f>", f'<f t="array" ref="{self.rect.a1()}">', 1)
        self._part.write(self.rect, [encode.Encoded(pa.nulls(self.shape[0], TEXT))] * self.shape[1])
        self._part.write(Rect(self.row, self.column, self.row, self.column), [encode.Encoded(pa.array([text], TEXT))])

    @property
    def has_array(self) -> bool:
        """Whether the first cell holds an array formula."""
        return 't="array"' in sheetformulas.attributes(self._part, self.row, self.column)

    def clear(self) -> None:
        """Empty the cells and take their formats."""
        self._part.clear(self.rect, contents=True, formats=True)

    def clear_contents(self) -> None:
        """Empty the cells."""
        self._part.clear(self.rect, contents=True, formats=False)

    def clear_formats(self) -> None:
        """Take the formats."""
        self._part.clear(self.rect, contents=False, formats=True)

    # ---- moves

    def end(self, direction: str) -> Range:
        """Go where Ctrl and an arrow key go."""
        return Range(self.sheet, moves.end(self._part, self.row, self.column, direction))

    @property
    def current_region(self) -> Range:
        """The block of filled cells around the first one, up to blank rows and columns."""
        return Range(self.sheet, moves.region(self._part, self.row, self.column))

    # ---- what else a cell may carry

    @property
    def hyperlink(self) -> str:
        """Address of the cell's link."""
        return links.get(self)

    def add_hyperlink(self, address: str, text_to_display: str | None = None, screen_tip: str | None = None) -> None:
        """Put a link on the cell, shown blue and underlined."""
        links.add(self, address, text_to_display, screen_tip)

    @property
    def note(self) -> Note | None:
        """The note on the first cell, None without one."""
        return next((note for note in sheet_notes(self.sheet) if note.rect == (self.row, self.column, self.row, self.column)), None)

    @property
    def merge_area(self) -> Range:
        """The merged range around the first cell, or that cell."""
        cell = Rect(self.row, self.column, self.row, self.column)
        return Range(self.sheet, next((rect for rect in links.merged(self.sheet) if rect.contains(cell)), cell))

    @property
    def merge_cells(self) -> bool:
        """Whether any cell of the range is merged."""
        return any(rect.overlap(self.rect) for rect in links.merged(self.sheet))

    def merge(self, across: bool = False) -> None:
        """Merge the range, or each of its rows; all values but the first are lost, as in Excel."""
        rows = range(self.rect.row, self.rect.last_row + 1)
        parts = [Rect(row, self.rect.column, row, self.rect.last_column) for row in rows] if across else [self.rect]
        links.merge(self, parts)

    def unmerge(self) -> None:
        """Take the range's merged areas apart."""
        links.unmerge(self)

    def select(self) -> None:
        """Bring the sheet to the front; a closed workbook has no selection to make."""
        self.sheet.activate()

    def insert(self, shift: str | None = None, copy_origin: str | None = None) -> None:
        """Refuse: see the text."""
        raise NotImplementedError(_NO_SHIFT.format("inserting"))

    def delete(self, shift: str | None = None) -> None:
        """Refuse: see the text."""
        raise NotImplementedError(_NO_SHIFT.format("deleting"))


_NO_SHIFT: Final = (
    "{} cells would move formulas, tables and charts all over the workbook, which this engine does not follow; "
    "write the values anew (Range.value), clear() the rest and Table.resize() the table"
)


def _constant(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)
