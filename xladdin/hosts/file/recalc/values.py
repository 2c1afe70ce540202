"""The values that formulas read: only the rows and columns they refer to are taken out of the sheets."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from xladdin.host_values import serial_number
from xladdin.hosts.file.address import Rect
from xladdin.hosts.file.calculator import Block, Spot

if TYPE_CHECKING:
    from xladdin.hosts.file.recalc.facts import Facts
    from xladdin.hosts.file.recalc.plan import Plan

_GAP: Final = 256  # rows between two references beyond which they are read separately
_CHUNK: Final = 20_000


def needed_blocks(facts: Facts, plan: Plan) -> list[Block]:
    """Return the values of all cells that references read and no formula gives."""
    rects: dict[str, list[Rect]] = {}
    for sheet, rect in plan.references:
        inside = rect.overlap(facts.extent(sheet))
        if inside is not None:
            rects.setdefault(sheet, []).append(inside)
    return [block for sheet, wanted in rects.items() for rect in _runs(wanted) for block in _blocks(facts, plan, sheet, rect)]


def _runs(rects: list[Rect]) -> list[Rect]:
    """Join rectangles whose rows lie close together."""
    joined: list[Rect] = []
    for rect in sorted(rects):
        if joined and rect.row <= joined[-1].last_row + _GAP:
            last = joined[-1]
            joined[-1] = Rect(
                last.row, min(last.column, rect.column), max(last.last_row, rect.last_row), max(last.last_column, rect.last_column)
            )
        else:
            joined.append(rect)
    return joined


def _blocks(facts: Facts, plan: Plan, sheet: str, rect: Rect) -> list[Block]:
    values = facts.parts[sheet].read(rect, dates=False)
    rows, columns = plan.formulas[sheet].cells_inside(rect)
    values[rows - rect.row, columns - rect.column] = None  # a formula gives these
    cells: list[list[Any]] = values.tolist()
    for row in cells:
        for index, cell in enumerate(row):
            if isinstance(cell, dt.datetime):
                row[index] = serial_number(cell)
    return [Block(Spot(sheet, rect.row + start, rect.column), cells[start : start + _CHUNK]) for start in range(0, len(cells), _CHUNK)]
