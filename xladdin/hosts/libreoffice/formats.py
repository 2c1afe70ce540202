"""How a range of a LibreOffice document looks: number format, colours, font, alignment, sizes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from xlwings import base_classes

from xladdin.hosts.file.font import color_of
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.libreoffice.office import load_uno
from xladdin.hosts.libreoffice.values import WHERE

if TYPE_CHECKING:
    from xladdin.hosts.libreoffice.sheet import Sheet

_AUTOMATIC: Final = -1
_PIXEL: Final = 2540 / 96  # hundredths of a millimetre
_DIGIT, _MARGIN = 7, 5  # pixels of a digit of Excel's standard font and of a cell's margins
_POINT: Final = 2540 / 72
_HORIZONTAL: Final = {"general": "STANDARD", "left": "LEFT", "center": "CENTER", "right": "RIGHT", "justify": "BLOCK", "fill": "REPEAT"}
_VERTICAL: Final = {"bottom": 0, "top": 1, "center": 2}  # com.sun.star.table.CellVertJustify2; 0 is the standard
#: LibreOffice writes [RED] where Excel writes [Red]
_COLOR_WORD: Final = re.compile(r"\[(?:RED|BLUE|GREEN|BLACK|WHITE|CYAN|MAGENTA|YELLOW)\]")
_BOLD: Final = 150.0
_PLAIN: Final = 100.0


def _number(color: Any) -> int:
    found = color_of(color)
    return _AUTOMATIC if found is None else found[0] << 16 | found[1] << 8 | found[2]


def _parts(number: int | None) -> tuple[int, int, int] | None:
    return None if number is None or number == _AUTOMATIC else (number >> 16 & 255, number >> 8 & 255, number & 255)


class Formats:
    """The formats of a range."""

    sheet: Sheet
    x: Any

    @property
    def number_format(self) -> str | None:
        """Number format, None when the cells differ."""
        book = self.sheet.book
        if self.x.getUniqueCellFormatRanges().Count > 1 and len({item.NumberFormat for item in self._alike()}) > 1:
            return None
        code = book.document.NumberFormats.getByKey(self.x.NumberFormat).FormatString
        return "General" if code == "Standard" else _COLOR_WORD.sub(lambda word: word[0].title(), code)

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.x.NumberFormat = self.sheet.book.format_key(value)

    def _alike(self) -> list[Any]:
        groups = self.x.getUniqueCellFormatRanges()
        return [groups.getByIndex(index).getByIndex(0) for index in range(groups.Count)]

    def show_as(self, code: str | None) -> None:
        """Give dates and truth values a format of their kind, unless the cells have one or hold text."""
        if code is None:
            return
        wanted = 4 if code == "BOOLEAN" else 6  # any format of a date or time
        for item in self._alike():
            kind = self.sheet.book.document.NumberFormats.getByKey(item.NumberFormat).Type
            if not kind & (1024 if wanted == 4 else wanted):
                self.x.NumberFormat = self.sheet.book.format_key(code)
                return

    @property
    def color(self) -> tuple[int, int, int] | None:
        """Background."""
        return _parts(self.x.CellBackColor)

    @color.setter
    def color(self, value: Any) -> None:
        self.x.CellBackColor = _number(value)

    @property
    def font(self) -> Font:
        """Font."""
        return Font(self.x)

    @property
    def wrap_text(self) -> bool | None:
        """Whether long texts break into lines."""
        return bool(self.x.IsTextWrapped)

    @wrap_text.setter
    def wrap_text(self, value: bool) -> None:
        self.x.IsTextWrapped = bool(value)

    @property
    def horizontal_alignment(self) -> str | None:
        """One of xlwings' names, such as "center"."""
        return next((name for name, native in _HORIZONTAL.items() if native == self.x.HoriJustify.value), None)

    @horizontal_alignment.setter
    def horizontal_alignment(self, value: str) -> None:
        self.x.HoriJustify = load_uno().Enum("com.sun.star.table.CellHoriJustify", _HORIZONTAL[value])

    @property
    def vertical_alignment(self) -> str | None:
        """One of "top", "center", "bottom"."""
        return {1: "top", 2: "center"}.get(self.x.VertJustify, "bottom")

    @vertical_alignment.setter
    def vertical_alignment(self, value: str) -> None:
        self.x.VertJustify = _VERTICAL[value]

    # ---- sizes

    @property
    def column_width(self) -> float:
        """Width in characters of Excel's standard font."""
        return float(round((self.x.Columns.getByIndex(0).Width / _PIXEL - _MARGIN) / _DIGIT, 2))

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.x.Columns.Width = round((value * _DIGIT + _MARGIN) * _PIXEL)

    @property
    def row_height(self) -> float:
        """Height in points."""
        return float(round(self.x.Rows.getByIndex(0).Height / _POINT, 2))

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.x.Rows.Height = round(value * _POINT)

    @property
    def row_hidden(self) -> bool:
        """Whether the first row is hidden."""
        return not self.x.Rows.getByIndex(0).IsVisible

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self.x.Rows.IsVisible = not value

    @property
    def column_hidden(self) -> bool:
        """Whether the first column is hidden."""
        return not self.x.Columns.getByIndex(0).IsVisible

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self.x.Columns.IsVisible = not value

    @property
    def width(self) -> float:
        """Width in points."""
        return float(self.x.Size.Width / _POINT)

    @property
    def height(self) -> float:
        """Height in points."""
        return float(self.x.Size.Height / _POINT)

    def autofit(self, axis: str | None = None) -> None:
        """Fit columns, rows or both to their contents."""
        if axis in (None, "c", "columns"):
            self.x.Columns.OptimalWidth = True
        if axis in (None, "r", "rows"):
            self.x.Rows.OptimalHeight = True


@complete(base_classes.Font, WHERE)
class Font:
    """The font of a range."""

    def __init__(self, x: Any) -> None:
        self.x = x

    @property
    def api(self) -> Any:
        """LibreOffice's own range."""
        return self.x

    @property
    def bold(self) -> bool:
        """Bold."""
        return bool(self.x.CharWeight >= _BOLD)

    @bold.setter
    def bold(self, value: bool) -> None:
        self.x.CharWeight = _BOLD if value else _PLAIN

    @property
    def italic(self) -> bool:
        """Italic."""
        return bool(self.x.CharPosture.value == "ITALIC")

    @italic.setter
    def italic(self, value: bool) -> None:
        self.x.CharPosture = load_uno().Enum("com.sun.star.awt.FontSlant", "ITALIC" if value else "NONE")

    @property
    def size(self) -> float:
        """Size in points."""
        return float(self.x.CharHeight)

    @size.setter
    def size(self, value: float) -> None:
        self.x.CharHeight = float(value)

    @property
    def name(self) -> str:
        """Name of the typeface."""
        return str(self.x.CharFontName)

    @name.setter
    def name(self, value: str) -> None:
        self.x.CharFontName = value

    @property
    def color(self) -> tuple[int, int, int] | None:
        """Colour; None for the automatic one."""
        return _parts(self.x.CharColor)

    @color.setter
    def color(self, value: Any) -> None:
        self.x.CharColor = _number(value)
