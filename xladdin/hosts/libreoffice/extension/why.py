"""The reason of a cell, for CREDITWHY: asked anew from the cell's own formula, so it can never be a stale one.

LibreOffice hands over the cell itself. Its formula is read, and the call in it is made again with the values that stand in the sheet
now; what was kept from an earlier calculation is never shown. A reason is only told when it fits the error that the cell shows.
Arguments may be constants, cells, ranges, and calls of ours; of a formula that calculates an argument otherwise, and of a call inside
IF and its like, only what an error value means is told.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from xladdin.call import Answer, cell_value, invoke
from xladdin.cells import ExcelError, Referred
from xladdin.hosts.libreoffice.extension.formula import Call, CannotRead, Constant, Node, Place, read_formula
from xladdin.hosts.libreoffice.extension.serve import CALC_CODES, given_cells
from xladdin.registry import Arg, Function, functions

log = logging.getLogger("xladdin.libreoffice")
_NOT_CALLED = 504  # Calc's own answer when a range holds an error value: the function is not asked
_CODES = {number: code for code, number in CALC_CODES.items()} | {504: "#VALUE!", 502: "#VALUE!", 508: "#NAME?", 511: "#VALUE!"}


def referred(arg: Arg, cells: Any) -> Any:
    """Turn a range handed over by LibreOffice into cells with their reasons."""
    if not hasattr(cells, "getCellByPosition"):
        return None if cells == 0.0 and arg.blank_policy == "missing" else cells
    address = cells.getRangeAddress()
    rows = [
        [_referred(cells.getCellByPosition(x, y)) for x in range(address.EndColumn - address.StartColumn + 1)]
        for y in range(address.EndRow - address.StartRow + 1)
    ]
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else rows


def _referred(cell: Any) -> Referred:
    value = value_of(cell)
    try:
        return Referred(value, _reason(cell, value))
    except CannotRead:
        return Referred(value)
    except Exception:  # a formula of a kind never met: what the error value means is still told
        log.exception("a formula could not be read for its reason")
        return Referred(value)


def value_of(cell: Any) -> Any:
    """Return what a cell holds, as LibreOffice hands it to a function."""
    code = cell.getError()
    if code:
        return ExcelError(_CODES.get(code, "#VALUE!"))
    kind = cell.getType().value
    if kind == "EMPTY":
        return None
    if kind == "FORMULA":
        return cell.getString() if cell.FormulaResultType2 == 2 else cell.getValue()
    return cell.getValue() if kind == "VALUE" else cell.getString()


def _reason(cell: Any, value: Any) -> str | None:
    """Tell why a cell holds an error, or what was remarked about its value."""
    if cell.getType().value != "FORMULA":
        return None
    table = functions()
    node, (row, column) = read_formula(cell)
    if not isinstance(node, Call) or node.name not in table:
        return None
    for call, answer in _answers(node, table):
        text = _text_at(answer, row, column) if call is node else answer.reason
        found = _at(answer.value, row, column) if call is node else answer.value
        if text and (_fits(found, value) or (isinstance(found, ExcelError) and cell.getError() == _NOT_CALLED)):
            return text
    return None


def _fits(answered: Any, value: Any) -> bool:
    """Tell whether an answer explains a cell: the same error, or both none."""
    if isinstance(value, ExcelError) or isinstance(answered, ExcelError):
        return isinstance(answered, ExcelError) and answered == value
    return True


def _answers(node: Call, table: dict[str, Function]) -> list[tuple[Call, Answer]]:
    """Return the calls of a formula with their answers, the innermost first: it knows what was wrong first."""
    order: list[tuple[Call, Answer]] = []

    def answer(call: Call) -> Answer:
        spec = table.get(call.name)
        if spec is None:
            raise CannotRead("not a function of ours")
        args = tuple(_argument(arg, part, answer) for arg, part in zip(spec.args, call.args, strict=False))
        found = invoke(spec, given_cells(spec, args))
        order.append((call, found))
        return found

    answer(node)
    return order


def _argument(arg: Arg, part: Node, answer: Callable[[Call], Answer]) -> Any:
    if isinstance(part, Constant):
        return part.value
    if isinstance(part, Call):
        return cell_value(answer(part).value)
    return _values(arg, part)


def _values(arg: Arg, place: Place) -> Any:
    """Read the cells of a reference as LibreOffice hands them over: an empty single cell is 0, in a range it is an empty text."""
    cells = place.cells
    if arg.kind == "reference":
        return referred(arg, cells)
    if place.single:
        value = value_of(cells.getCellByPosition(0, 0))
        return 0.0 if value is None else value
    rows = [list(row) for row in cells.getDataArray()]
    if any(one is None for row in rows for one in row):  # an error value
        rows = [
            [value_of(cells.getCellByPosition(x, y)) if one is None else one for x, one in enumerate(row)] for y, row in enumerate(rows)
        ]
    return rows


def _at(value: Any, row: int, column: int) -> Any:
    if not isinstance(value, list):
        return value
    line = value[0] if len(value) == 1 else value[row] if row < len(value) else []
    if not isinstance(line, list):
        return line
    return line[0] if len(line) == 1 else line[column] if column < len(line) else None


def _text_at(answer: Answer, row: int, column: int) -> str | None:
    if not isinstance(answer.value, list):
        return answer.reason
    at = (0 if len(answer.value) == 1 else row, column)
    return answer.reasons.get(at) or answer.reasons.get((at[0], 0))
