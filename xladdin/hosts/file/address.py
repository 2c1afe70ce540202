"""Cell addresses: the A1 notation of files and formulas against row and column numbers counted from 1."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

MAX_ROW: Final = 1_048_576
MAX_COLUMN: Final = 16_384

_CORNER: Final = re.compile(r"\$?([A-Za-z]{1,3})?\$?([0-9]{1,7})?\Z")
_PLAIN_SHEET: Final = re.compile(r"[A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*\Z")
_LIKE_A_CELL: Final = re.compile(r"([A-Za-z]{1,3}[0-9]{1,7}|[Rr][0-9]*([Cc][0-9]*)?|[Cc][0-9]*)\Z")


class Rect(NamedTuple):
    """A rectangle of cells, both corners included. Empty when `last` lies before `first` (xlwings slices make those)."""

    row: int
    column: int
    last_row: int
    last_column: int

    @property
    def height(self) -> int:
        """Number of rows."""
        return self.last_row - self.row + 1

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.last_column - self.column + 1

    def overlap(self, other: Rect) -> Rect | None:
        """Return the cells that both rectangles hold, None when there are none."""
        both = Rect(
            max(self.row, other.row),
            max(self.column, other.column),
            min(self.last_row, other.last_row),
            min(self.last_column, other.last_column),
        )
        return both if both.height > 0 and both.width > 0 else None

    def contains(self, other: Rect) -> bool:
        """Tell whether every cell of `other` lies inside."""
        return self.overlap(other) == other

    def a1(self, *, absolute: bool = False) -> str:
        """Write as A1:B2, a single cell as A1, whole columns as A:B and whole rows as 1:2."""
        d = "$" if absolute else ""
        if (self.row, self.last_row) == (1, MAX_ROW):
            return f"{d}{column_name(self.column)}:{d}{column_name(self.last_column)}"
        if (self.column, self.last_column) == (1, MAX_COLUMN):
            return f"{d}{self.row}:{d}{self.last_row}"
        first = f"{d}{column_name(self.column)}{d}{self.row}"
        if self.height == 1 and self.width == 1:
            return first
        return f"{first}:{d}{column_name(self.last_column)}{d}{self.last_row}"


@lru_cache(maxsize=MAX_COLUMN)
def column_name(number: int) -> str:
    """Turn 1 into A, 28 into AB."""
    name = ""
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(65 + digit) + name
    return name


@lru_cache(maxsize=MAX_COLUMN)
def column_number(name: str) -> int:
    """Turn A into 1, AB into 28."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def parse_rect(text: str) -> Rect | None:
    """Read A1, A1:B2, A:C or 3:5, with or without dollar signs; None when the text is no such address."""
    corners = text.split(":")
    if len(corners) > 2:
        return None
    parts = [_CORNER.match(corner) for corner in corners]
    if any(part is None or not part[0] for part in parts):
        return None
    found = [(part[1], part[2]) for part in parts if part is not None]
    letters, digits = [a for a, _ in found if a], [int(b) for _, b in found if b]
    if len(letters) not in (0, len(found)) or len(digits) not in (0, len(found)):
        return None
    if len(found) == 1 and (not letters or not digits):
        return None
    columns = sorted(column_number(a) for a in letters) or [1, MAX_COLUMN]
    rows = sorted(digits) or [1, MAX_ROW]
    if rows[0] < 1 or rows[-1] > MAX_ROW or columns[-1] > MAX_COLUMN:
        return None
    return Rect(rows[0], columns[0], rows[-1], columns[-1])


def quote_sheet(name: str) -> str:
    """Write a sheet name as formulas need it: 'Data problems', Control."""
    if _PLAIN_SHEET.match(name) and not _LIKE_A_CELL.match(name) and name.upper() not in ("TRUE", "FALSE"):
        return name
    return "'" + name.replace("'", "''") + "'"


def split_reference(text: str) -> tuple[str, Rect] | None:
    """Read Sheet1!$A$1:$B$2 as sheet and rectangle; None for a constant, a formula or a reference to several areas."""
    text = text.lstrip("=").strip()
    if text.startswith("'"):
        end = text.find("'!")
        while end > 0 and text[:end].count("'") % 2 == 0:  # the quote belongs to a doubled one inside the name
            end = text.find("'!", end + 1)
        if end < 0:
            return None
        sheet, address = text[1:end].replace("''", "'"), text[end + 2 :]
    else:
        sheet, mark, address = text.rpartition("!")
        if not mark or not _PLAIN_SHEET.match(sheet):
            return None
    rect = parse_rect(address)
    return None if rect is None else (sheet, rect)
