"""Calls laid out on a sheet, as an analyst would type them: arguments in cells of Data, formulas and their reasons on Out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.file.recalc_books import Array, write_book
from tests.hosts.arguments import Call
from xladdin.call import call, cell_value
from xladdin.cells import ExcelError
from xladdin.hosts.file.address import Rect, column_name

FORMULA_OF = {"#N/A": "NA()", "#DIV/0!": "1/0", "#VALUE!": '1+"x"', "#REF!": "#REF!", "#NUM!": "9E307*1000", "#NULL!": "#NULL!", "#NAME?": "#NAME?"}
WHY = "AZ"


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a call stands on Out: its first row and the size of its answer."""

    row: int
    height: int
    width: int


def expected(one: Call) -> list[list[Any]]:
    """What `xladdin call` answers, as rows of cells."""
    value = cell_value(call(one[0], *one[1]).value)
    return value if isinstance(value, list) else [[value]]


def reason(one: Call) -> str:
    """Why the first cell of the answer is as it is; empty when there is nothing to say."""
    return call(one[0], *one[1]).reasons.get((0, 0), "")


def write_calls(path: Path, calls: Sequence[Call]) -> list[Laid]:
    """Write one workbook with all calls."""
    data: dict[str, Any] = {}
    out: dict[str, Any] = {}
    laid: list[Laid] = []
    below, row = 1, 1
    for name, args in calls:
        references = []
        for arg in args:
            rows = arg if isinstance(arg, list) else [[arg]]
            rows = [one if isinstance(one, list) else [one] for one in rows]
            if arg is None:
                references.append("")
                continue
            for down, cells in enumerate(rows):
                for across, cell in enumerate(cells):
                    if cell is not None:
                        data[f"{column_name(across + 1)}{below + down}"] = f"={FORMULA_OF[cell]}" if isinstance(cell, ExcelError) else cell
            references.append(f"Data!{Rect(below, 1, below + len(rows) - 1, len(rows[0])).a1()}")
            below += len(rows) + 1
        shape = expected((name, args))
        place = Laid(row, len(shape), len(shape[0]))
        formula = f"={name}({','.join(references)})"
        area = f"A{row}:{column_name(place.width)}{row + place.height - 1}"
        out[f"A{row}"] = formula if place.height == place.width == 1 else Array.over(area, formula)
        out[f"{WHY}{row}"] = f"=CREDITWHY(A{row})"
        laid.append(place)
        row += place.height + 1
    write_book(path, {"Data": data, "Out": out})
    return laid
