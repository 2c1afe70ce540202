"""A VBA interpreter with the workbook's own modules and a server behind them: Excel's place in the tests, where there is no Excel.

The modules run as they stand in the workbook. What the interpreter has not is added here: the calling cell and a few members of
Application; and xlwings' library, whose place is taken by `Server`, which hands plain values to the same `answer` as under COM.
"""

from __future__ import annotations

from typing import Any

import pyopenvba.apps.excel as machine
from pyopenvba.apps.excel import Workbook
from pyopenvba.exceptions import VBARuntimeError
from pyopenvba.interpreter._objects import MemberSpec, VBAObject, member, method, setter
from pyopenvba.interpreter._values import EMPTY, MISSING, VBAArray, VBAErrorValue, VBAInt

from workbook.build.functions_module import function_modules
from workbook.build.project import buttons_module, is_class
from xladdin.hosts.excel.server import SCRIPT, answer
from xladdin.registry import functions, reports

#: in the place of xlwings' library, of Windows and of the settings file: what our class declares or reads
LIBRARY = """
Public the_server As Object
Public looked_up As Long
Public started As Long
Public stopped As Long
Public last_command As String
Public missing_library As Boolean
Public cannot_start As Boolean
Public Function SettingOf(key As String) As String
    looked_up = looked_up + 1
    If key = "INTERPRETER_WIN" Then SettingOf = "C:\\Py thon\\pythonw.exe"
    If key = "PYTHONPATH" Then SettingOf = "C:\\it's here"
End Function
Public Function LoadLibrary(path As String) As Long
    If Not missing_library Then LoadLibrary = 1
End Function
Public Function XLPyDLLActivateAuto(ByRef Result As Variant, Optional ByVal Config As String = "", Optional ByVal mode As Long = 1) As Long
    last_command = Config
    If mode = -1 Then
        stopped = stopped + 1
    ElseIf cannot_start Then
        Result = "Could not activate Python COM server"
        XLPyDLLActivateAuto = 1
    Else
        started = started + 1
        Set Result = the_server
    End If
End Function
Public Sub Tell(name As String, value As Variant)
    If name = "server" Then Set the_server = value
    If name = "missing" Then missing_library = value
    If name = "cannot" Then cannot_start = value
End Sub
Public Function Told(name As String) As Variant
    Told = Array(looked_up, started, stopped, last_command)
End Function
"""


#: what tests ask of the modules
PROBE = """
Public Function Cell(address As String) As Object
    Set Cell = Range(address)
End Function
Public Function AskedOf(given As Variant) As Variant
    AskedOf = Credit.Asked(given)
End Function
"""


class Server(VBAObject):
    """What VBA sees of our Python."""

    vba_type_name = "Object"

    def __init__(self) -> None:
        self.calls: list[tuple[str, list[Any]]] = []
        self.tasks: list[tuple[str, Any]] = []
        self.dead = 0
        self.broken: Exception | None = None

    def _alive(self) -> None:
        if self.dead:
            self.dead -= 1
            raise VBARuntimeError(-2147023174, "The RPC server is unavailable.")

    @method
    def CallUDF(self, script: object, name: object, args: object, book: object, caller: object) -> object:  # noqa: N802 - COM's name
        self._alive()
        assert script == SCRIPT
        given = [com_value(one) for one in args.items]
        self.calls.append((str(name), given))
        return variant(answer(str(name), given))

    @method
    def Ready(self) -> object:  # noqa: N802 - COM's name
        self._alive()
        return True

    @method
    def RunTask(self, task: object, book: object) -> object:  # noqa: N802 - COM's name
        self._alive()
        if self.broken:
            raise self.broken
        self.tasks.append((str(task), book))
        return True

    @method
    def NewWorkbook(self, path: object) -> object:  # noqa: N802 - COM's name
        self.tasks.append(("new", path))
        return False


def com_value(value: Any) -> Any:
    """What COM makes of a Variant for Python: arrays are tuples, errors whole numbers, an argument left out DISP_E_PARAMNOTFOUND."""
    if isinstance(value, VBAArray):
        if value.dimensions == 1:
            return tuple(com_value(one) for one in value.items)
        (top, bottom), (left, right) = value.bounds
        return tuple(tuple(com_value(value.get([row, column])) for column in range(left, right + 1)) for row in range(top, bottom + 1))
    if isinstance(value, VBAErrorValue):
        return value.number + 0x800A0000 - (1 << 32)
    if value is MISSING:
        return -2147352572
    if value is EMPTY:
        return None
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def variant(value: Any) -> Any:
    """What pywin32 makes of an answer: a list of lists is an array of two dimensions, both from 0."""
    if value is None:
        return EMPTY
    if type(value) is int:
        return VBAInt(value, "Long")
    if not isinstance(value, list):
        return value
    if value and all(isinstance(row, list) for row in value) and len({len(row) for row in value}) == 1:
        height, width = len(value), len(value[0])
        items = [variant(value[row][column]) for column in range(width) for row in range(height)]
        return VBAArray([(0, height - 1), (0, width - 1)], items=items)
    return VBAArray([(0, len(value) - 1)], items=[variant(one) for one in value])


class Application(machine.Application):
    """The interpreter's Excel, with the members that our modules use beside."""

    def __init__(self) -> None:
        super().__init__()
        self.caller: object = VBAErrorValue(2023)
        self.cursor = -4143
        self.registered: list[dict[str, Any]] = []
        self.recalculated = 0

    @member
    def Caller(self) -> object:  # noqa: N802 - Excel's name
        return self.caller

    @member
    def Cursor(self) -> object:  # noqa: N802 - Excel's name
        return VBAInt(self.cursor, "Long")

    @setter("Cursor")
    def _set_cursor(self, value: object) -> None:
        self.cursor = int(value)

    @method
    def International(self, index: object = None) -> object:  # noqa: N802 - Excel's name
        return VBAInt(86, "Long")

    @method
    def CalculateFull(self) -> object:  # noqa: N802 - Excel's name
        self.recalculated += 1
        return EMPTY

    @method
    def MacroOptions(self, Macro: object = None, Description: object = None, Category: object = None, ArgumentDescriptions: object = None) -> object:  # noqa: N802, N803 - Excel's names
        self.registered.append({"name": Macro, "help": Description, "category": Category, "texts": ArgumentDescriptions})
        return EMPTY


def for_interpreter(source: str) -> str:
    """Leave out what needs Windows: the interpreter loads no library and opens no file; `LIBRARY` stands for them."""
    source = source[source.index("Attribute VB_Name") :]
    source = "\n".join(line for line in source.splitlines() if " Declare " not in line)
    start = source.index("Private Function Setting(")
    end = source.index("End Function", start)
    return f"{source[:start]}Private Function Setting(ByVal key As String) As String\n    Setting = SettingOf(key)\n{source[end:]}"


def excel(monkeypatch: Any) -> tuple[machine.ExcelApplication, Server]:
    """Start the interpreter with our modules, an empty workbook and a server."""
    monkeypatch.setattr(machine, "Application", Application)
    more = {name.lower(): MemberSpec(name, "property", lambda _book: False) for name in ("Date1904", "IsAddin")}
    monkeypatch.setattr(Workbook, "_vba_members", {**Workbook._vba_members, **more})
    app = machine.ExcelApplication()
    app.add_workbook()
    app.add_module(LIBRARY, name="Library")
    for name, source in function_modules(functions()).items():
        if is_class(source):
            app.add_module(for_interpreter(source), name=name, kind="class")
        else:
            app.add_module(source, name=name)
    app.add_module(buttons_module(reports()), name="CreditButtons")
    app.add_module(PROBE, name="Probe")
    server = Server()
    app.run("Tell", "server", server)
    return app, server
