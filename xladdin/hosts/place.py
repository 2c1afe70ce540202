"""What every engine's range is: a rectangle of a sheet with an address, whatever program holds the cells."""

from __future__ import annotations

import re
from typing import Any, Self

from xlwings import expansion

from xladdin.hosts.file.address import Rect, column_name, quote_sheet


class Place:
    """A rectangle of cells of one sheet."""

    sheet: Any
    rect: Rect

    def __init__(self, sheet: Any, rect: Rect) -> None:
        self.sheet, self.rect = sheet, rect
        self.options: dict[str, Any] = {}

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

    def __call__(self, row: int, column: int | None = None) -> Self:  # noqa: D102 - xlwings looks an item up by calling
        if column is None:
            index = row - 1
            row, column = index // self.shape[1] + 1, index % self.shape[1] + 1
        top, left = self.rect.row + row - 1, self.rect.column + column - 1
        if top < 1 or left < 1:
            raise IndexError(f"{self.address} has no cell {row} rows down and {column} columns right: it would lie outside the sheet")
        return type(self)(self.sheet, Rect(top, left, top, left))

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

    def expand(self, mode: str = "table") -> Any:
        """Grow as far as neighbours are filled."""
        import xlwings as xw  # noqa: PLC0415 - xlwings' main module is imported by its users, not by an engine's import

        return expansion.expanders[mode].expand(xw.Range(impl=self)).impl

    @property
    def name(self) -> Any:
        """The defined name that means exactly this range."""
        return next((name for name in self.sheet.book.names if name.refers_to == "=" + self.reference), None)

    @name.setter
    def name(self, value: str) -> None:
        names = self.sheet.book.names
        if names.contains(value):
            names(value).refers_to = "=" + self.reference
        else:
            names.add(value, "=" + self.reference)

    @property
    def table(self) -> Any:
        """The table the range lies in."""
        return next((table for table in self.sheet.tables if table.rect.overlap(self.rect)), None)
