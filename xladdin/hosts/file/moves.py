"""Where Ctrl and an arrow key lead, and the block of cells around one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect

if TYPE_CHECKING:
    from xladdin.hosts.file.sheetpart import SheetPart

_DIRECTIONS: Final = {"down": (True, 1), "up": (True, -1), "right": (False, 1), "left": (False, -1)}


def end(part: SheetPart, row: int, column: int, direction: str) -> Rect:
    """Return the cell that Ctrl and an arrow key go to."""
    along_rows, move = _DIRECTIONS[direction]
    used = part.extent()
    at = row if along_rows else column
    last_used = used.last_row if along_rows else used.last_column
    edge = 1 if move < 0 else MAX_ROW if along_rows else MAX_COLUMN
    line = _Line(part, row, column, along_rows=along_rows, limit=max(last_used, at))
    if at != edge:
        if line.filled(at) and line.filled(at + move):
            while at != edge and line.filled(at + move):
                at += move
        else:
            at += move
            while at != edge and not line.filled(at):
                at = edge if move > 0 and at >= last_used else at + move
    return Rect(at, column, at, column) if along_rows else Rect(row, at, row, at)


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
            self._known.update((first + index, _holds(value)) for index, value in enumerate(values))
        return self._known[at]


def _holds(value: object) -> bool:
    return value is not None and value != ""


def region(part: SheetPart, row: int, column: int) -> Rect:
    """Return the block of filled cells around one, up to blank rows and columns."""
    used = part.extent()
    filled = np.array([[_holds(value) for value in line] for line in part.read(used).tolist()], np.bool_)
    top, left = row - used.row, column - used.column
    if not (0 <= top < filled.shape[0] and 0 <= left < filled.shape[1]):
        return Rect(row, column, row, column)
    found = (top, left, top, left)
    while True:
        top, left, bottom, right = found
        a, b = max(top - 1, 0), max(left - 1, 0)
        around = filled[a : bottom + 2, b : right + 2]
        rows, columns = np.flatnonzero(around.any(axis=1)) + a, np.flatnonzero(around.any(axis=0)) + b
        if not len(rows):
            break
        found = (min(top, int(rows[0])), min(left, int(columns[0])), max(bottom, int(rows[-1])), max(right, int(columns[-1])))
        if found == (top, left, bottom, right):
            break
    return Rect(found[0] + used.row, found[1] + used.column, found[2] + used.row, found[3] + used.column)
