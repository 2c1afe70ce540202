"""How a range looks: number format, colour, font, alignment, sizes of its columns and rows."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from xladdin.hosts.file.font import Font, color_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from xladdin.hosts.file.address import Rect
    from xladdin.hosts.file.sheet import Sheet
    from xladdin.hosts.file.sheetpart import SheetPart

_HORIZONTAL: Final = {
    "general": None, "left": "left", "center": "center", "right": "right", "fill": "fill", "justify": "justify",
    "center_across_selection": "centerContinuous", "distributed": "distributed",
}  # fmt: skip
_WIDEST: Final = 80.0
_ASKED: Final = 1024  # rows or columns looked at to tell whether all have one size


def height_attributes(points: float) -> dict[str, str | None]:
    """Return what a row of a height of its own says of itself."""
    return {"ht": f"{points:g}", "customHeight": "1"}


class Formats:
    """The formats of a range; what its cells do not share is None, as in Excel."""

    sheet: Sheet
    rect: Rect

    @property
    def _part(self) -> SheetPart:
        return self.sheet.part

    def clipped(self) -> Rect:
        """Return the rectangle as far as the sheet is used, for whole columns and rows."""
        raise NotImplementedError

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
        return range(self.rect.row, min(self.rect.last_row, self.rect.row + _ASKED) + 1)

    def _some_columns(self) -> Iterable[int]:
        return range(self.rect.column, min(self.rect.last_column, self.rect.column + _ASKED) + 1)

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
        self._part.set_rows(self.rect.row, self.clipped().last_row, height_attributes(value))

    @property
    def row_hidden(self) -> bool | None:
        """Whether the rows are hidden, None when they differ."""
        found = {self._part.row_hidden(row) for row in self._some_rows()}
        return found.pop() if len(found) == 1 else None

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        rows = range(self.rect.row, self.clipped().last_row + 1)
        if value:
            self._part.set_rows(rows[0], rows[-1], {"hidden": "1"})
            return
        for row in [row for row in rows if self._part.row_hidden(row)]:  # the others are left as they are
            self._part.set_rows(row, row, {"hidden": None})

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
        rect = self.clipped()
        values = self._part.read(rect)
        for index in range(rect.width):
            longest = max((_shown_length(value) for value in values[:, index]), default=0)
            if longest:
                number = rect.column + index
                self._part.columns.set_width(number, number, min(longest + 1.5, _WIDEST))


def _shown_length(value: Any) -> int:
    if value is None:
        return 0
    if isinstance(value, float):
        return len(f"{value:,.2f}" if value != int(value) else f"{value:,.0f}")
    if isinstance(value, dt.datetime):
        return 10 if value.time() == dt.time() else 19
    return max(len(line) for line in str(value).split("\n"))
