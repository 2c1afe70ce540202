"""A formula of a cell, read from LibreOffice's own tokens: constants, references and calls.

Whatever else a formula holds (operators, names, the spreadsheet's own functions) cannot be read here: CannotRead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from xladdin.cells import serial_from_date
from xladdin.errors import CreditError
from xladdin.hosts.libreoffice.extension.names import ADDIN


class CannotRead(CreditError):
    """The formula holds something that is not read here."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, an array of them, or an argument left out (None)."""

    value: Any


@dataclass(frozen=True, slots=True)
class Place:
    """A cell or a range of cells."""

    cells: Any
    single: bool


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A call of one of our functions."""

    name: str
    args: tuple[Node, ...]


Node = Constant | Place | Call

#: com.sun.star.sheet.FormulaMapGroupSpecialOffset
_SPECIAL: Final = {"push": 0, "external": 3, "missing": 6, "spaces": 8, "matrix": 9}
_COLUMN_GONE, _ROW_GONE, _SHEET_GONE = 0x2, 0x8, 0x20  # com.sun.star.sheet.ReferenceFlags
_COLUMN_MOVES, _ROW_MOVES, _SHEET_MOVES = 0x1, 0x4, 0x10


def read_formula(cell: Any) -> tuple[Node, tuple[int, int]]:
    """Read a cell's formula; answers its outermost part and the row and column of the cell within its array formula."""
    document = cell.getSpreadsheet().getDrawPage().getForms().getParent()
    here = cell.getCellAddress()
    at = (0, 0)
    tokens = cell.getTokens()
    if cell.getFormula().startswith("{"):
        cursor = cell.getSpreadsheet().createCursorByRange(cell)
        cursor.collapseToCurrentArray()
        area = cursor.getRangeAddress()
        at = (here.Row - area.StartRow, here.Column - area.StartColumn)
        tokens = cursor.getArrayTokens()
        here.Row, here.Column = area.StartRow, area.StartColumn
    codes = _codes(_Key(document))
    reader = _Reader([one for one in tokens if one.OpCode != codes["spaces"]], codes, document, here)
    node = reader.node()
    if reader.position != len(reader.tokens):
        raise CannotRead("the formula is more than one call")
    return node, at


class _Key:
    """Any document will do to ask for LibreOffice's codes, so all are one key."""

    def __init__(self, document: Any) -> None:
        self.document = document

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key)


@lru_cache(maxsize=1)
def _codes(key: _Key) -> dict[str, int]:
    """Ask LibreOffice for its codes of the tokens; they differ between versions."""
    mapper = key.document.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
    special = mapper.getAvailableMappings(0, 0)
    codes = {name: special[offset].Token.OpCode for name, offset in _SPECIAL.items()}
    words = ("(", ")", ";", "TRUE", "FALSE", "DATE")
    return codes | {word: token.OpCode for word, token in zip(words, mapper.getMappings(words, 0), strict=True)}


class _Reader:
    """The tokens of one formula, read from left to right."""

    def __init__(self, tokens: Sequence[Any], codes: dict[str, int], document: Any, here: Any) -> None:
        self.tokens, self.codes, self.document, self.here = tokens, codes, document, here
        self.position = 0

    def _next(self) -> Any:
        if self.position >= len(self.tokens):
            raise CannotRead("the formula ends early")
        self.position += 1
        return self.tokens[self.position - 1]

    def _sees(self, word: str) -> bool:
        return self.position < len(self.tokens) and self.tokens[self.position].OpCode == self.codes[word]

    def node(self) -> Node:
        """Read the next constant, reference or call."""
        token = self._next()
        if token.OpCode == self.codes["push"]:
            return self._value(token.Data)
        if token.OpCode == self.codes["missing"]:
            return Constant(None)
        if token.OpCode == self.codes["external"] and str(token.Data).startswith(f"{ADDIN}."):
            return Call(str(token.Data).removeprefix(f"{ADDIN}."), self._arguments())
        for word in ("TRUE", "FALSE"):
            if token.OpCode == self.codes[word]:
                self._arguments()
                return Constant(float(word == "TRUE"))
        if token.OpCode == self.codes["DATE"]:
            return _date(self._arguments())
        raise CannotRead("the formula holds more than calls, constants and references")

    def _arguments(self) -> tuple[Node, ...]:
        if not self._sees("("):
            raise CannotRead("a call without arguments")
        self.position += 1
        found: list[Node] = []
        while not self._sees(")"):
            if found:
                if not self._sees(";"):
                    raise CannotRead("an argument is calculated")
                self.position += 1
            found.append(self.node())
        self.position += 1
        return tuple(found)

    def _value(self, data: Any) -> Node:
        if isinstance(data, (float, int)):
            return Constant(float(data))
        if isinstance(data, str):
            return Constant(data)
        if isinstance(data, tuple):
            return Constant([list(row) for row in data])
        if hasattr(data, "Reference1"):
            return self._place(data.Reference1, data.Reference2)
        if hasattr(data, "RelativeRow"):
            return self._place(data, data)
        raise CannotRead("a reference of another kind")

    def _place(self, first: Any, last: Any) -> Place:
        (sheet, top, left), (other, bottom, right) = self._cell(first), self._cell(last)
        if sheet != other:
            raise CannotRead("a range over several sheets")
        cells = self.document.Sheets.getByIndex(sheet).getCellRangeByPosition(left, top, right, bottom)
        return Place(cells, first is last)

    def _cell(self, one: Any) -> tuple[int, int, int]:
        if one.Flags & (_COLUMN_GONE | _ROW_GONE | _SHEET_GONE):
            raise CannotRead("a reference to something deleted")
        column = one.RelativeColumn + self.here.Column if one.Flags & _COLUMN_MOVES else one.Column
        row = one.RelativeRow + self.here.Row if one.Flags & _ROW_MOVES else one.Row
        sheet = one.RelativeSheet + self.here.Sheet if one.Flags & _SHEET_MOVES else one.Sheet
        return sheet, row, column


def _date(args: tuple[Node, ...]) -> Constant:
    parts = [int(arg.value) for arg in args if isinstance(arg, Constant) and isinstance(arg.value, float)]
    try:
        return Constant(float(serial_from_date(dt.date(*parts))))
    except (TypeError, ValueError):
        raise CannotRead("a date that is calculated") from None
