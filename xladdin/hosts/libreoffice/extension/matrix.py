"""A matrix as the answer of a function that answers single values as well.

LibreOffice's bridge cannot return a typed matrix from a Python method that may return anything. A *volatile result* can hold one: the
object returned tells its value to Calc as soon as Calc listens. Calc keeps such an object as long as the document is open, so equal
calls get the same one and a recalculation adds nothing.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

Rows = tuple[tuple[float | str, ...], ...]


def matrix(rows: Rows) -> Any:
    """Return the object that stands for these rows."""
    return _kinds()(rows)


@lru_cache(maxsize=1)
def _kinds() -> Any:
    uno: Any = import_module("uno")
    unohelper: Any = import_module("unohelper")

    def init(self: Any, rows: Rows) -> None:
        self.rows = rows

    def add(self: Any, listener: Any) -> None:
        event = uno.createUnoStruct("com.sun.star.sheet.ResultEvent")
        event.Value = uno.Any("[][]any", self.rows)
        listener.modified(event)

    members = {"__init__": init, "addResultListener": add, "removeResultListener": lambda _self, _listener: None}
    return type("Matrix", (unohelper.Base, uno.getClass("com.sun.star.sheet.XVolatileResult")), members)
