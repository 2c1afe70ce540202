"""The real Windows engine of xlwings on any system: only the modules of pywin32 below it are the model's, and only while it is imported."""

from __future__ import annotations

import ctypes
import importlib
import sys
import types
from functools import cache
from pathlib import Path
from typing import Any
from unittest import mock

from tests.excel_model.books import Book, load
from tests.excel_model.variants import ComError, TimeType, Zone


def _module(name: str, **members: Any) -> types.ModuleType:
    made = types.ModuleType(name)
    made.__dict__.update(members)
    return made


class _Dispatch:
    pass


ALERTS: list[str] = []


def _message_box(_window: int, text: str, *_: Any) -> int:
    ALERTS.append(text)
    return 1


@cache
def engine() -> types.ModuleType:
    """Import xlwings._xlwindows."""
    client = _module("win32com.client", CDispatch=_Dispatch, CoClassBaseClass=_Dispatch, DispatchBaseClass=_Dispatch, Dispatch=lambda one: one, DispatchEx=lambda one: one)
    modules = {
        "pywintypes": _module("pywintypes", com_error=ComError, TimeType=TimeType, IID=str, error=OSError, Time=lambda one: one),
        "pythoncom": _module("pythoncom", ole_error=ComError, com_error=ComError, CoInitialize=lambda: None, Empty=None, __file__="none"),
        "win32api": _module("win32api", MessageBox=_message_box),
        "win32con": _module("win32con", MB_OK=0, MB_OKCANCEL=1, MB_YESNO=4, MB_YESNOCANCEL=3, MB_ICONINFORMATION=64, MB_ICONWARNING=48),
        "win32gui": _module("win32gui"),
        "win32process": _module("win32process", GetWindowThreadProcessId=lambda window: (1, window)),
        "win32timezone": _module("win32timezone", TimeZoneInfo=Zone),
        "win32com": _module("win32com", client=client),
        "win32com.client": client,
    }
    windows = {name: mock.MagicMock() for name in ("oledll", "windll")}
    before = set(sys.modules)
    with mock.patch.dict(sys.modules, modules), mock.patch.multiple(ctypes, create=True, PyDLL=mock.MagicMock(), **windows):
        made = importlib.import_module("xlwings._xlwindows")
        kept = {name: sys.modules[name] for name in set(sys.modules) - before - set(modules)}
    sys.modules.update(kept)
    return made


def as_book(model: Book) -> Any:
    """Give a workbook of the model as xlwings' book."""
    import xlwings as xw

    return xw.Book(impl=engine().Book(xl=model))


def open_model(path: Path) -> tuple[Any, Book]:
    """Open a closed workbook in the model: as xlwings sees it, and the model itself."""
    model = load(path)
    return as_book(model), model
