"""The COM server that Excel's function module asks, started by xlwings' DLL with the class id to serve.

`CallUDF(script, name, args, workbook, caller)` with the script of this module goes straight to `xladdin.call`: plain cells in, an
array of two out: the value, and its reasons (Empty, or an array of rows: row, column, reason). Numbers leave as floats; a whole number
(a Long in VBA) is the COM code of an error value, because pywin32 sends every VT_ERROR as "missing"; VBA makes it
`CVErr(code And &HFFFF)`. Dates are serial numbers.
Everything else is xlwings' own server, imported when first asked for, so that a cell never waits for pandas.
"""

from __future__ import annotations

import datetime as dt
import gc
import importlib
import logging
import threading
from collections.abc import Sequence
from decimal import Decimal
from itertools import chain
from typing import Any, Final

log = logging.getLogger(__name__)

SCRIPT: Final = "xladdin.hosts.excel.server"
#: how COM carries Excel's error values (Excel's XlCVError, as an SCODE 0x800A0000 + number)
COM_ERRORS: Final = {
    "#NULL!": 2000, "#DIV/0!": 2007, "#VALUE!": 2015, "#REF!": 2023, "#NAME?": 2029, "#NUM!": 2036, "#N/A": 2042,
}  # fmt: skip
_FIRST: Final = 0x800A0000 - (1 << 32)
_MISSING: Final = -2147352572  # DISP_E_PARAMNOTFOUND: an optional argument left out
_PLAIN: Final = {float, str, bool, type(None)}
_STOCK: Final = (
    "Module", "Tuple", "TupleFromArray", "Dict", "DictFromArray", "List", "ListFromArray", "Obj", "Str", "Var", "Call", "GetItem",
    "SetItem", "DelItem", "Contains", "GetAttr", "SetAttr", "DelAttr", "HasAttr", "Eval", "Exec", "ShowConsole", "Builtin", "Len", "Bool",
)  # fmt: skip


def answer(name: str, args: Sequence[Any]) -> list[Any]:
    """Call a function with what COM brought; answers the value and the rows (row, column, reason). Never raises."""
    from xladdin.call import cell_value, find, invoke  # noqa: PLC0415 - the server answers before numpy is read
    from xladdin.cells import ExcelError  # noqa: PLC0415 - the server answers before numpy is read
    from xladdin.errors import BadRequest  # noqa: PLC0415 - the server answers before numpy is read

    def given(index: int, value: Any) -> Any:
        if index < len(spec.args) and spec.args[index].kind == "reference":
            return _asked(value)
        return _in(value)

    def out(value: Any) -> Any:
        if isinstance(value, list):
            if value and type(value[0]) is list:
                kinds = set(map(type, chain.from_iterable(value)))
                if kinds <= _PLAIN or kinds == {int}:
                    return [list(map(float, row)) for row in value] if kinds == {int} else value
            return [out(one) for one in value]
        if isinstance(value, ExcelError):
            return _FIRST + COM_ERRORS[value]
        return float(value) if type(value) is int else value

    try:
        spec = find(str(name))
    except BadRequest as error:
        return [(_FIRST + COM_ERRORS["#NAME?"]), [[0, 0, str(error)]]]
    try:
        made = invoke(spec, [given(index, one) for index, one in enumerate(args)])
        return _apart(out(cell_value(made.value)), [[row, column, text] for (row, column), text in made.reasons.items()])
    except Exception as error:  # noqa: BLE001 - a COM failure would reach the cell without a reason
        log.error("%s failed: %s", spec.name, type(error).__name__)  # noqa: TRY400 - a traceback could carry cells
        return [(_FIRST + COM_ERRORS["#VALUE!"]), [[0, 0, f"{spec.name} could not read this call; please report it"]]]


def _apart(value: Any, reasons: list[list[Any]]) -> list[Any]:
    """Put the value and its reasons side by side; two arrays with as many rows would leave as a single array of more dimensions."""
    if isinstance(value, list) and len(value) == len(reasons):
        reasons = [*reasons, [-1, -1, ""]]  # the reason of no cell
    return [value, reasons or None]


def _in(value: Any) -> Any:
    """Read one argument; COM errors arrive as whole numbers, all of Excel's numbers as floats."""
    if not isinstance(value, tuple):
        return _cell(value)
    rows = value if set(map(type, value)) == {tuple} else tuple(one if isinstance(one, tuple) else (one,) for one in value)
    if set(map(type, chain.from_iterable(rows))) <= _PLAIN:
        return rows
    return tuple(tuple(map(_cell, row)) for row in rows)


def _asked(value: Any) -> Any:
    """Read cells that a function asks about: (their values, their reasons), of the same shape."""
    from xladdin.cells import Referred  # noqa: PLC0415 - the server answers before numpy is read

    values, reasons = value if isinstance(value, tuple) and len(value) == 2 else (value, None)
    if not isinstance(values, tuple):
        return Referred(_cell(values), reasons)
    values = tuple(row if isinstance(row, tuple) else (row,) for row in values)
    alike = isinstance(reasons, tuple) and [len(row) if isinstance(row, tuple) else -1 for row in reasons] == list(map(len, values))
    told: Any = reasons if alike else tuple((None,) * len(row) for row in values)
    return tuple(tuple(map(Referred, map(_cell, row), texts)) for row, texts in zip(values, told, strict=True))


def _cell(value: Any) -> Any:
    from xladdin.cells import ExcelError  # noqa: PLC0415 - the server answers before numpy is read

    if type(value) in _PLAIN or isinstance(value, dt.date):
        return value
    if value == _MISSING:
        return None
    if isinstance(value, Decimal):  # Currency, from a macro; cells hand over Double
        return float(value)
    # Excel's newer errors (#SPILL!, #CALC!, #BUSY! …) have codes of their own; no number arrives as a whole number
    return ExcelError(next((code for code, number in COM_ERRORS.items() if _FIRST + number == value), "#VALUE!"))


def _empty() -> Any:
    """Return what VBA sees as Empty; None would arrive as Null."""
    return importlib.import_module("pythoncom").Empty


class Server:
    """What Excel talks to: our functions directly, the rest through xlwings' own object."""

    _public_methods_: Final = [*_STOCK, "CallUDF", "Ready", "RunTask", "NewWorkbook"]

    def __getattr__(self, name: str) -> Any:
        if name not in _STOCK:
            raise AttributeError(name)
        return getattr(_stock(), name)

    def CallUDF(self, script: str, name: str, args: Sequence[Any], workbook: Any = None, caller: Any = None) -> Any:  # noqa: N802 - COM's name
        """Answer a cell; a function of another script goes to xlwings."""
        if script == SCRIPT:
            value, reasons = answer(name, args if isinstance(args, (tuple, list)) else ())
            return [value, _empty() if reasons is None else reasons]
        return _stock().CallUDF(script, name, args, workbook, caller)

    def Ready(self) -> bool:  # noqa: N802 - COM's name
        """Tell that the process is alive."""
        return True

    def RunTask(self, task: str, workbook: Any) -> bool:  # noqa: N802 - COM's name
        """Run what a button asks for on a workbook open in Excel; messages are shown from here."""
        xw = importlib.import_module("xlwings")
        dispatch = importlib.import_module("win32com.client").Dispatch(workbook)
        book = xw.Book(impl=importlib.import_module("xlwings._xlwindows").Book(xl=dispatch))
        importlib.import_module("xladdin.hosts.excel.buttons").run(str(task), book)
        return True

    def NewWorkbook(self, path: str) -> bool:  # noqa: N802 - COM's name
        """Build an empty credit workbook; tell whether it is there."""
        return bool(importlib.import_module("xladdin.hosts.excel.buttons").new_workbook(str(path)))


def _stock() -> Any:
    return importlib.import_module("xlwings.com_server").XLPython()


def _warm_up() -> None:
    try:
        importlib.import_module("xladdin.call").find("DAYSOVERDUE")
        gc.collect()
        gc.freeze()  # modules and tables stay; a column's hundred thousand cells would have them searched again and again
        gc.set_threshold(100_000, 20, 20)
    except Exception:  # the first call then says what is wrong
        log.exception("warm-up failed")


def serve(clsid: str) -> None:
    """Serve the class until Excel, or whoever started it, lets go."""
    pythoncom, pywintypes, win32api, win32event = map(importlib.import_module, ("pythoncom", "pywintypes", "win32api", "win32event"))
    policy: Any = importlib.import_module("win32com.server.policy")
    util = importlib.import_module("win32com.server.util")
    served = pywintypes.IID(clsid)
    default: Any = policy.DefaultPolicy

    class Policy(default):  # type: ignore[misc]
        def _CreateInstance_(self, asked: Any, interface: Any) -> Any:  # noqa: N802 - pywin32's name
            return util.wrap(Server(), interface) if asked == served else default._CreateInstance_(self, asked, interface)

    policy.DefaultPolicy = Policy
    flags = pythoncom.REGCLS_MULTIPLEUSE | pythoncom.REGCLS_SUSPENDED
    registered = pythoncom.CoRegisterClassObject(served, pythoncom.MakePyFactory(served), pythoncom.CLSCTX_LOCAL_SERVER, flags)
    pythoncom.EnableQuitMessage(win32api.GetCurrentThreadId())
    pythoncom.CoResumeClassObjects()
    threading.Thread(target=_warm_up, daemon=True).start()
    while win32event.MsgWaitForMultipleObjects((), 0, win32event.INFINITE, win32event.QS_ALLEVENTS) == win32event.WAIT_OBJECT_0:
        if pythoncom.PumpWaitingMessages():
            break
    pythoncom.CoRevokeClassObject(registered)
    pythoncom.CoUninitialize()
