"""Excel as a host, with everything real but Excel: the workbook's VBA in an interpreter, xlwings' library, the COM server in Windows' Python."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter._objects import method
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAArray, VBAErrorValue, VBAInt

from tests.hosts.arguments import Call
from tests.hosts.hosts import Shown
from tests.vba_machine import Server, excel
from tests.windows.bridge import Bridge, connected, marks
from xladdin.call import find
from xladdin.cells import ExcelError
from xladdin.hosts.excel.server import COM_ERRORS, SCRIPT

CODES = {number: ExcelError(code) for code, number in COM_ERRORS.items()}


class ComServer(Server):
    """The object that VBA calls: hands over to the server under Wine, as Excel would over COM."""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.bridge = bridge
        self.died = 0

    @method
    def CallUDF(self, script: object, name: object, args: object, book: object, caller: object) -> object:  # noqa: N802 - COM's name
        assert script == SCRIPT
        if self.died:  # the library starts a new one, and knows no other object
            self.bridge.start(more=f" {self.died}")
        answer = self.bridge.ask(str(name), *map(to_com, args.items))
        if "error" in answer:
            self.died += 1
            raise VBARuntimeError(-2147023174, answer["error"])
        return from_com(answer["value"])


def to_com(value: Any) -> Any:
    """Write a value of VBA as the client in Windows reads it."""
    if isinstance(value, VBAArray):
        if value.dimensions == 1:
            return {"list": [to_com(one) for one in value.items]}
        (top, bottom), (left, right) = value.bounds
        return [[to_com(value.get([row, column])) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
    if isinstance(value, VBAErrorValue):
        return {"e": value.number}
    if value is EMPTY:
        return None
    assert value is not MISSING, "VBA hands over Empty for what was left out"
    return value


def from_com(value: Any) -> Any:
    """Make a value of VBA of what came back; the interpreter has no Null, and the server must not send any."""
    if isinstance(value, dict):
        if "list" in value:
            return VBAArray([(value["from"], value["from"] + len(value["list"]) - 1)], items=[from_com(one) for one in value["list"]])
        if "rows" in value:
            rows, (top, left) = value["rows"], value["from"]
            items = [from_com(row[column]) for column in range(len(rows[0])) for row in rows]
            return VBAArray([(top, top + len(rows) - 1), (left, left + len(rows[0]) - 1)], items=items)
        return VBAInt(value["i"], "Long")
    return EMPTY if value is None else value


def given(value: Any) -> Any:
    """An argument as `Value2` of its cells gives it to VBA."""
    if isinstance(value, list):
        rows = [row if isinstance(row, list) else [row] for row in value]
        if len(rows) == len(rows[0]) == 1:
            return given(rows[0][0])
        items = [given(row[column]) for column in range(len(rows[0])) for row in rows]
        return VBAArray([(1, len(rows)), (1, len(rows[0]))], items=items)
    if isinstance(value, ExcelError):
        return VBAErrorValue(COM_ERRORS[value])
    if value is None:
        return EMPTY
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def seen(value: Any) -> Any:
    """What a cell then shows."""
    if isinstance(value, VBAErrorValue):
        return CODES[value.number]
    return "" if value is EMPTY else value


class ExcelHost:
    """Excel for Windows without Excel."""

    name = "excel"
    title = "Excel (COM under Wine)"
    marks = marks
    no_workbooks = "Wine runs the server that Excel's cells ask, but no Excel: the buttons of an open workbook are in the list to check by hand"

    def start(self, folder: Path) -> None:
        self._patch = pytest.MonkeyPatch()
        self._connected = connected()
        self.bridge = self._connected.__enter__()
        self.app, _ = excel(self._patch)
        self.app.run("Tell", "server", ComServer(self.bridge))

    def stop(self) -> None:
        self._connected.__exit__(None, None, None)
        self._patch.undo()

    def show(self, calls: Sequence[Call], folder: Path) -> list[Shown]:
        return [self._show(one) for one in calls]

    def _show(self, one: Call) -> Shown:
        """Answer one call in the cell C3 and below, then ask that cell why."""
        name, args = one
        run = self.app.interpreter.run
        cell = run("Cell", ["C3"])
        self.app.application.caller = cell
        needed = sum(arg.required for arg in find(name).args)  # a formula that leaves out more is not taken by Excel
        value = run(name, [given(arg) for arg in [*args, *[None] * (needed - len(args))]])
        if isinstance(value, VBAArray):
            (top, bottom), (left, right) = value.bounds
            rows = [[value.get([row, column]) for column in range(left, right + 1)] for row in range(top, bottom + 1)]
        else:
            rows = [[value]]
        self.app.sheet().set_value("C3", rows[0][0])
        self.app.application.caller = run("Cell", ["D3"])
        return Shown([[seen(cell) for cell in row] for row in rows], run("CREDITWHY", [cell]))
