"""What a cell of LibreOffice calls: its values -> the call that every host makes -> its values.

Equal calls are answered from memory: the functions are pure, and a sheet asks the same thing thousands of times.
LibreOffice hands over an empty single cell as the number 0. Where a 0 can be no answer (dates, texts, lists of numbers, ranges) it is
read as the blank it was; a number or a boolean stays 0.
"""

from __future__ import annotations

import logging
import struct
from collections.abc import Callable, Iterator
from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from xladdin.call import cell_value, invoke
from xladdin.cells import ExcelError
from xladdin.hosts.libreoffice.extension.matrix import matrix
from xladdin.registry import Arg, Function, functions

#: Calc's own codes of the seven error values; a NaN that carries one is shown as that error
CALC_CODES: Final = {"#NULL!": 521, "#DIV/0!": 532, "#VALUE!": 519, "#REF!": 524, "#NAME?": 525, "#NUM!": 503, "#N/A": 32767}
ERRORS: Final[dict[str, float]] = {
    code: struct.unpack("<d", struct.pack("<Q", 0x7FF8000000000000 | number))[0] for code, number in CALC_CODES.items()
}
REMEMBERED: Final = 131_072  # calls of a function; a sheet of 100,000 formulas recalculates from memory
REMEMBERED_CELLS: Final = 500_000  # cells of the ranges of these calls

log = logging.getLogger("xladdin.libreoffice")


def methods() -> Iterator[tuple[str, Any]]:
    """Yield a method for every function, by its name in cells."""
    for name, spec in functions().items():
        asks_about_cells = any(arg.kind == "reference" for arg in spec.args)
        yield name, _about_cells(spec) if asks_about_cells else _of_values(spec)


def _of_values(spec: Function) -> Any:
    """Answer calls from memory. A hit runs no Python frame, which here would cost a mapping of memory each time (Python 3.11 and later)."""
    cells = 0

    @lru_cache(maxsize=REMEMBERED)
    def answer(*args: Any) -> Any:
        nonlocal cells
        cells += sum(len(arg) * len(arg[0]) for arg in args if type(arg) is tuple and arg)
        if cells > REMEMBERED_CELLS:
            cells = 0
            answer.cache_clear()
        try:
            return outgoing(invoke(spec, given_cells(spec, args)).value)
        except Exception:  # the bridge would lose the message
            log.exception("%s failed", spec.name)
            return ERRORS["#VALUE!"]

    return staticmethod(answer)


def _about_cells(spec: Function) -> Callable[..., Any]:
    why = import_module("xladdin.hosts.libreoffice.extension.why")

    def method(_self: Any, *args: Any) -> Any:
        try:
            return answer(args)
        except Exception:
            log.exception("%s failed", spec.name)
            return ERRORS["#VALUE!"]

    def answer(args: tuple[Any, ...]) -> Any:
        given = [why.referred(arg, value) if arg.kind == "reference" else value for arg, value in zip(spec.args, args, strict=False)]
        return outgoing(invoke(spec, given).value)

    return method


def given_cells(spec: Function, args: tuple[Any, ...]) -> list[Any]:
    """Turn what LibreOffice hands over into cells."""
    return [_cell(arg, value) for arg, value in zip(spec.args, args, strict=False)]


def _cell(arg: Arg, value: Any) -> Any:
    if value == 0.0 and (arg.shape == "range" or arg.kind in ("date", "text", "numbers")):
        return None
    return value


def outgoing(value: Any) -> Any:
    """Turn an answer into what LibreOffice takes: a number, a text, or a matrix of them."""
    plain = cell_value(value)
    if isinstance(plain, list):
        rows = plain if plain and isinstance(plain[0], list) else [plain]
        return matrix(tuple(tuple(_one(cell) for cell in row) for row in rows))
    return _one(plain)


def _one(cell: Any) -> float | str:
    if isinstance(cell, ExcelError):
        return ERRORS[str(cell)]
    return cell if isinstance(cell, str) else float(cell)
