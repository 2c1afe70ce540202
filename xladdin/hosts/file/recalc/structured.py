"""References to tables (Ledger[Amount], Ledger[[#This Row],[Due date]]) as the rectangles they mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from xladdin.hosts.file.address import Rect

_WHOLE: Final = re.compile(r"((?:[^\W\d][\w.\\]*)?)\[(.*)\]\Z", re.DOTALL)
_PART: Final = re.compile(r"\[((?:[^\[\]']|'.)*)\]|([,:@])|\s+|([^\[\],:@]+)", re.DOTALL)
_ESCAPE: Final = re.compile(r"'(.)", re.DOTALL)
_ITEMS: Final = ("#all", "#data", "#headers", "#totals", "#this row")


@dataclass(frozen=True, slots=True)
class TableArea:
    """Where a table lies."""

    name: str
    sheet: str
    rect: Rect
    headers: tuple[str, ...]
    header_rows: int
    totals_rows: int


class NoSuchPart(Exception):
    """A reference names a table, column or row that is not there; its text says which."""


def table_name(text: str) -> str:
    """Return the table's name before the brackets, empty where the formula stands in the table itself."""
    found = _WHOLE.match(text)
    return found[1] if found else ""


def locate(table: TableArea, text: str, row: int) -> Rect:
    """Return the cells that a reference in `row` means. Raises NoSuchPart."""
    found = _WHOLE.match(text)
    inner = found[2].strip() if found else ""
    items, columns = _parts(table, inner)
    first, last = columns
    top, bottom = _rows(table, items, row)
    if bottom < top:
        raise NoSuchPart(f"the table {table.name} has no such rows")
    return Rect(top, table.rect.column + first, bottom, table.rect.column + last)


def _parts(table: TableArea, inner: str) -> tuple[set[str], tuple[int, int]]:
    """Read what stands between the brackets: items such as #Headers, and the first and last column."""
    items: set[str] = set()
    columns: list[int] = []
    spanning = False
    pieces = list(_PART.finditer(inner)) if inner.startswith(("[", "@")) else []
    if inner and not pieces:
        return _single(table, inner)
    for piece in pieces:
        if piece[2] == "@":
            items.add("#this row")
        elif piece[2] == ":":
            spanning = True
        elif piece[1] is not None or piece[3]:
            word = piece[1] if piece[1] is not None else piece[3]
            if word.strip().lower() in _ITEMS:
                items.add(word.strip().lower())
            else:
                columns.append(_column(table, word))
    if len(columns) > 2 or (len(columns) == 2 and not spanning):
        raise NoSuchPart(f"the reference to the table {table.name} names several separate columns")
    return items, (min(columns), max(columns)) if columns else (0, table.rect.width - 1)


def _single(table: TableArea, word: str) -> tuple[set[str], tuple[int, int]]:
    if word.lower() in _ITEMS:
        return {word.lower()}, (0, table.rect.width - 1)
    column = _column(table, word)
    return set(), (column, column)


def _column(table: TableArea, word: str) -> int:
    name = _ESCAPE.sub(r"\1", word)
    for index, header in enumerate(table.headers):
        if header.lower() == name.lower():
            return index
    raise NoSuchPart(f"the table {table.name} has no column {name}")


def _rows(table: TableArea, items: set[str], row: int) -> tuple[int, int]:
    rect = table.rect
    body = (rect.row + table.header_rows, rect.last_row - table.totals_rows)
    if "#this row" in items:
        if not body[0] <= row <= body[1]:
            raise NoSuchPart(f"row {row} is no row of the table {table.name}")
        return row, row
    if "#all" in items:
        return rect.row, rect.last_row
    top = rect.row if "#headers" in items else body[0] if not items or "#data" in items else body[1] + 1
    bottom = rect.last_row if "#totals" in items else body[1] if not items or "#data" in items else body[0] - 1
    return top, bottom
