"""Ranges, as xlwings sees them: values, formulas, moves and formats of a rectangle of cells."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
from xlwings import base_classes, expansion

from xladdin.cells import ExcelError
from xladdin.errors import BadRequest
from xladdin.hosts.file import dynamic, encode, formulas, links
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect, column_name, quote_sheet
from xladdin.hosts.file.arrow import TEXT
from xladdin.hosts.file.font import Font, color_of
from xladdin.hosts.file.notes import sheet_notes
from xladdin.hosts.file.unsupported import complete

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xladdin.hosts.file.names import Name
    from xladdin.hosts.file.notes import Note
    from xladdin.hosts.file.sheet import Sheet
    from xladdin.hosts.file.sheetpart import SheetPart
    from xladdin.hosts.file.tables import Table

_STEP: Final = 1024
_HORIZONTAL: Final = {
    "general": None, "left": "left", "center": "center", "right": "right", "fill": "fill", "justify": "justify",
    "center_across_selection": "centerContinuous", "distributed": "distributed",
}  # fmt: skip
_WIDEST: Final = 80.0


@complete(base_classes.Range)
class Range:
    """A rectangle of cells of one sheet."""

    max_cells_per_read = None
    max_cells_per_write = None

    sheet: Sheet
    options: dict[str, Any]

    def __init__(self, sheet: Sheet, rect: Rect) -> None:
        self.sheet, self.rect = sheet, rect
        self.options = {}

    @property
    def api(self) -> SheetPart | None:
        """The sheet's part of the file; None for an empty range, into which xlwings then writes nothing."""
        return self.sheet.part if len(self) else None

    @property
    def _part(self) -> SheetPart:
        return self.sheet.part

    @property
    def row(self) -> int:
        """First row."""
        return self.rect.row

    @property
    def column(self) -> int:
        """First column."""
        return self.rect.column

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return max(self.rect.height, 0), max(self.rect.width, 0)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:  # noqa: D102 - xlwings looks an item up by calling
        if column is None:
            index = row - 1
            row, column = index // self.shape[1] + 1, index % self.shape[1] + 1
        top, left = self.rect.row + row - 1, self.rect.column + column - 1
        if top < 1 or left < 1:
            raise IndexError(f"{self.address} has no cell {row} rows down and {column} columns right: it would lie outside the sheet")
        return Range(self.sheet, Rect(top, left, top, left))

    @property
    def address(self) -> str:
        """Absolute address without the sheet."""
        return self.rect.a1(absolute=True)

    @property
    def reference(self) -> str:
        """Absolute address with the sheet, as a formula needs it."""
        return f"{quote_sheet(self.sheet.name)}!{self.address}"

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        """Return the address as asked, with book and sheet when `external`."""
        c, r = "$" if col_absolute else "", "$" if row_absolute else ""
        corners = [(self.rect.row, self.rect.column), (self.rect.last_row, self.rect.last_column)]
        text = ":".join(f"{c}{column_name(b)}{r}{a}" for a, b in (corners if len(self) > 1 else corners[:1]))
        if not external:
            return text
        name = f"[{self.sheet.book.name}]{self.sheet.name}"
        plain = quote_sheet(self.sheet.name) == self.sheet.name and re.fullmatch(r"[\w.]+", self.sheet.book.name)
        return f"{name}!{text}" if plain else "'" + name.replace("'", "''") + f"'!{text}"

    # ---- values

    def _clipped(self) -> Rect:
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
        found = self._part.read(self._clipped())
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
        rect = self._clipped()
        found = self._part.formulas(rect)
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
        return self._part.formulas(Rect(self.row, self.column, self.row, self.column)).get((self.row, self.column))

    @formula_array.setter
    def formula_array(self, value: str) -> None:
        text = encode.formula_tail(value).replace("<f>", f'<f t="array" ref="{self.rect.a1()}">', 1)
        self._part.write(self.rect, [encode.Encoded(pa.nulls(self.shape[0], TEXT))] * self.shape[1])
        self._part.write(Rect(self.row, self.column, self.row, self.column), [encode.Encoded(pa.array([text], TEXT))])

    @property
    def has_array(self) -> bool:
        """Whether the first cell holds an array formula."""
        return 't="array"' in (self._part.formula_attributes(self.row, self.column) or "")

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
        step = {"down": (1, 0), "up": (-1, 0), "right": (0, 1), "left": (0, -1)}[direction]
        row, column = self.row, self.column
        used = self._part.extent()
        edge = {"down": MAX_ROW, "up": 1, "right": MAX_COLUMN, "left": 1}[direction]
        at = row if step[0] else column
        last_used = {"down": used.last_row, "up": 1, "right": used.last_column, "left": 1}[direction]
        line = _Line(self._part, row, column, along_rows=bool(step[0]), limit=max(last_used, at) if sum(step) > 0 else max(at, 1))
        move = sum(step)
        if at == edge:
            return self(1, 1)
        if line.filled(at) and line.filled(at + move):
            while at != edge and line.filled(at + move):
                at += move
        else:
            at += move
            while at != edge and not line.filled(at):
                at = edge if (move > 0 and at >= last_used) else at + move
        rect = Rect(at, column, at, column) if step[0] else Rect(row, at, row, at)
        return Range(self.sheet, rect)

    def expand(self, mode: str = "table") -> Any:
        """Grow as far as neighbours are filled."""
        import xlwings as xw  # noqa: PLC0415 - xlwings' main module is imported by its users, not by an engine's import

        return expansion.expanders[mode].expand(xw.Range(impl=self)).impl

    @property
    def current_region(self) -> Range:
        """The block of filled cells around the first one, up to blank rows and columns."""
        used = self._part.extent()
        filled = np.frompyfunc(lambda value: value is not None and value != "", 1, 1)(self._part.read(used)).astype(np.bool_)
        top, left = self.row - used.row, self.column - used.column
        bottom, right = top, left
        grown = True
        while grown:
            grown = False
            a, b = max(top - 1, 0), max(left - 1, 0)
            around = filled[a : bottom + 2, b : right + 2]
            rows, columns = np.flatnonzero(around.any(axis=1)) + a, np.flatnonzero(around.any(axis=0)) + b
            if len(rows):
                new = (min(top, rows[0]), min(left, columns[0]), max(bottom, rows[-1]), max(right, columns[-1]))
                grown = new != (top, left, bottom, right)
                top, left, bottom, right = (int(edge) for edge in new)
        return Range(self.sheet, Rect(top + used.row, left + used.column, bottom + used.row, right + used.column))

    # ---- formats

    def _one(self, read: Callable[[int], Any]) -> Any:
        """Return what all cells share, None when they differ, as Excel does."""
        found = {read(style) for style in self._part.styles(self.rect)}
        return found.pop() if len(found) == 1 else None

    @property
    def number_format(self) -> str | None:
        """Number format."""
        return self._one(self.sheet.book.workbook.styles.number_format)  # type: ignore[no-any-return]

    @number_format.setter
    def number_format(self, value: str) -> None:
        styles = self.sheet.book.workbook.styles
        self._part.restyle(self.rect, lambda style: styles.with_number_format(style, value))

    @property
    def color(self) -> tuple[int, int, int] | None:
        """Background."""
        return self._one(self.sheet.book.workbook.styles.fill_color)  # type: ignore[no-any-return]

    @color.setter
    def color(self, value: Any) -> None:
        styles, color = self.sheet.book.workbook.styles, color_of(value)
        self._part.restyle(self.rect, lambda style: styles.with_fill(style, color))

    @property
    def font(self) -> Font:
        """Font."""
        return Font(self)

    @property
    def wrap_text(self) -> bool | None:
        """Whether long texts break into lines."""
        styles = self.sheet.book.workbook.styles
        return self._one(lambda style: styles.alignment(style, "wrapText") in ("1", "true"))  # type: ignore[no-any-return]

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self._align("wrapText", "1" if value else None)

    @property
    def horizontal_alignment(self) -> str | None:
        """One of xlwings' names, such as "center"."""
        styles = self.sheet.book.workbook.styles
        names = {value: key for key, value in _HORIZONTAL.items()}
        return self._one(lambda style: names.get(styles.alignment(style, "horizontal"), "general"))  # type: ignore[no-any-return]

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self._align("horizontal", _HORIZONTAL[value])

    @property
    def vertical_alignment(self) -> str | None:
        """One of "top", "center", "bottom", "justify", "distributed"."""
        styles = self.sheet.book.workbook.styles
        return self._one(lambda style: styles.alignment(style, "vertical") or "bottom")  # type: ignore[no-any-return]

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self._align("vertical", value)

    def _align(self, name: str, value: str | None) -> None:
        styles = self.sheet.book.workbook.styles
        self._part.restyle(self.rect, lambda style: styles.with_alignment(style, name, value))

    # ---- sizes

    def _some_rows(self) -> Iterable[int]:
        """List the rows, as far as asking each is worth while."""
        return range(self.rect.row, min(self.rect.last_row, self.rect.row + _STEP) + 1)

    def _some_columns(self) -> Iterable[int]:
        return range(self.rect.column, min(self.rect.last_column, self.rect.column + _STEP) + 1)

    @property
    def column_width(self) -> float | None:
        """Width in characters, None when the columns differ."""
        found = {self._part.columns.width(number) for number in self._some_columns()}
        return found.pop() if len(found) == 1 else None

    @column_width.setter
    def column_width(self, value: float) -> None:
        self._part.columns.set_width(self.rect.column, self.rect.last_column, value)

    @property
    def row_height(self) -> float | None:
        """Height in points, None when the rows differ."""
        found = {self._part.row_height(row) for row in self._some_rows()}
        return found.pop() if len(found) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        self._part.set_rows(self.rect.row, self.rect.last_row, {"ht": f"{value:g}", "customHeight": "1"})

    @property
    def row_hidden(self) -> bool | None:
        """Whether the rows are hidden, None when they differ."""
        found = {self._part.row_hidden(row) for row in self._some_rows()}
        return found.pop() if len(found) == 1 else None

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self._part.set_rows(self.rect.row, self.rect.last_row, {"hidden": "1" if value else None})

    @property
    def column_hidden(self) -> bool | None:
        """Whether the columns are hidden, None when they differ."""
        columns = self._part.columns
        found = {columns.hidden(number) for number in self._some_columns()}
        return found.pop() if len(found) == 1 else None

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self._part.columns.hide(self.rect.column, self.rect.last_column, hidden=value)

    def autofit(self, axis: str | None = None) -> None:
        """Fit column widths to the texts; row heights are Excel's business when it opens the workbook."""
        if axis in ("r", "rows"):
            return
        rect = self._clipped()
        values = self._part.read(rect)
        for index in range(rect.width):
            longest = max((_shown_length(value) for value in values[:, index]), default=0)
            if longest:
                number = rect.column + index
                self._part.columns.set_width(number, number, min(longest + 1.5, _WIDEST))

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

    @property
    def table(self) -> Table | None:
        """The table the range lies in."""
        return next((table for table in self.sheet.tables if table.rect.overlap(self.rect)), None)

    @property
    def name(self) -> Name | None:
        """The defined name that means exactly this range."""
        return next((name for name in self.sheet.book.names if name.refers_to == "=" + self.reference), None)

    @name.setter
    def name(self, value: str) -> None:
        names = self.sheet.book.names
        if names.contains(value):
            names(value).refers_to = "=" + self.reference
        else:
            names.add(value, "=" + self.reference)

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


class _Line:
    """The cells of one row or column, read in growing pieces, since most ends are near."""

    def __init__(self, part: SheetPart, row: int, column: int, *, along_rows: bool, limit: int) -> None:
        self._part, self._row, self._column, self._along_rows, self._limit = part, row, column, along_rows, limit
        self._known: dict[int, bool] = {}
        self._step = 64

    def filled(self, at: int) -> bool:
        """Tell whether a cell holds anything."""
        if not 1 <= at <= self._limit:
            return False
        if at not in self._known:
            first, last = max(at - self._step, 1), min(at + self._step, self._limit)
            self._step = min(self._step * 4, 65_536)
            rect = Rect(first, self._column, last, self._column) if self._along_rows else Rect(self._row, first, self._row, last)
            values = self._part.read(rect).ravel().tolist()
            self._known.update((first + index, value is not None and value != "") for index, value in enumerate(values))
        return self._known[at]


def _constant(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    return str(value)


def _shown_length(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, float):
        return len(f"{value:,.2f}" if value != int(value) else f"{value:,.0f}")
    if isinstance(value, dt.datetime):
        return 10 if value.time() == dt.time() else 19
    return max(len(line) for line in str(value).split("\n"))
