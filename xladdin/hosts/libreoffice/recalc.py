"""Whole recalculation of a closed workbook: native formulas by LibreOffice, our functions by our own Python.

Our cells are calculated first and stand in LibreOffice's copy as their values, so that a formula that reads them sees what every
other host shows. LibreOffice only reads a draft; the workbook's file is written by the closed-file engine, cached values and nothing else.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import xlwings as xw

from xladdin.cells import ExcelError
from xladdin.hosts.file.address import Rect, column_name
from xladdin.hosts.file.recalc import Recalculated, recalculate
from xladdin.hosts.file.recalc.facts import Facts
from xladdin.hosts.file.recalc.lexer import tokens
from xladdin.hosts.file.recalc.results import write_results
from xladdin.hosts.file.recalc.scan import SheetFormulas
from xladdin.hosts.file.recalc.translate import Translator
from xladdin.hosts.libreoffice.engine import open_in_office
from xladdin.hosts.libreoffice.office import RunningOffice, find_office, running_office, watched
from xladdin.hosts.libreoffice.values import ERROR_RESULTS, serial
from xladdin.registry import functions

_UNKNOWN = 525  # LibreOffice's code of #NAME?
_LEFT = "LibreOffice does not know a function in it, or in a cell it depends on"

#: a formula that gives the same error value, so that an IFERROR sees it; any other is #NUM!
_SAME_ERROR = {"#N/A": "=NA()", "#DIV/0!": "=1/0", "#VALUE!": '="x"+1'}

Cells = dict[str, dict[tuple[int, int], Any]]


def recalculate_in_office(
    book: xw.Book, *, extension: Path | None = None, started: Callable[[RunningOffice], None] | None = None
) -> Recalculated:
    """Calculate every formula of an open workbook file and put the values into it; `book.save()` writes the file.

    `started` is told the process once it runs. Raises NoOffice, and OfficeGone when LibreOffice ends in the middle.
    """
    office = find_office()  # said before the work begins
    made = recalculate(book)
    facts = Facts(book.impl)
    formulas = {sheet: SheetFormulas(part) for sheet, part in facts.parts.items()}
    ours = _ours(facts, formulas, made)
    with tempfile.TemporaryDirectory(prefix="xladdin-recalc-") as folder:
        draft = Path(folder) / book.name
        with draft.open("wb") as out:
            book.impl.workbook.flush()
            book.impl.workbook.package.save_to(out)
        with running_office(extension, office=office) as running, watched():
            if started is not None:
                started(running)
            values, unknown = _calculate(open_in_office(draft, running), formulas, ours)
    return _write(facts, made, values, unknown)


def _ours(facts: Facts, formulas: dict[str, SheetFormulas], made: Recalculated) -> Cells:
    """Return the values of the cells with our functions that are right already."""
    translator = Translator(facts, functions())
    found: Cells = {}
    for sheet, cells in formulas.items():
        for index in cells.calling(translator.ours):
            if not translator.is_ours(tokens(cells.formula(index).text)):
                continue
            row, column = int(cells.rows[index]), int(cells.columns[index])
            if (sheet, f"{column_name(column)}{row}") in made.left_cells:
                continue
            rect = cells.areas.get(index, Rect(row, column, row, column))
            values = facts.parts[sheet].read(rect, dates=False)
            for (down, across), value in _numbered(values):
                found.setdefault(sheet, {})[rect.row + down, rect.column + across] = value
    return found


def _numbered(values: Any) -> list[tuple[tuple[int, int], Any]]:
    return [((down, across), value) for down, row in enumerate(values.tolist()) for across, value in enumerate(row)]


def _calculate(book: xw.Book, formulas: dict[str, SheetFormulas], ours: Cells) -> tuple[Cells, Cells]:
    """Return the values of the native formula cells, and the cells that LibreOffice cannot calculate."""
    document = book.impl.document
    document.enableAutomaticCalculation(False)
    for name, cells in ours.items():
        _put(book.impl.sheets(name), cells)
    document.calculateAll()
    values: Cells = {}
    unknown: Cells = {}
    for name, found in formulas.items():
        if not len(found):
            continue
        for spot in _unknown(book.impl.sheets(name)):
            unknown.setdefault(spot[0], {})[spot[1:]] = None
        rows, columns = found.cells_inside(Rect(1, 1, 1 << 20, 1 << 14))
        own = ours.get(name, {})
        wanted = [spot for spot in zip(rows.tolist(), columns.tolist(), strict=True) if spot not in own]
        if wanted:
            values[name] = _read(book.impl.sheets(name), wanted)
    return values, unknown


def _put(sheet: Any, cells: dict[tuple[int, int], Any]) -> None:
    """Put our values in place of our formulas; an error value stands as a formula that gives it."""
    for (row, column), value in cells.items():
        cell = sheet.x.getCellByPosition(column - 1, row - 1)
        if cell.getFormula().startswith("{"):
            cursor = sheet.x.createCursorByRange(cell)
            cursor.collapseToCurrentArray()
            cursor.clearContents(16)
        if isinstance(value, ExcelError):
            # our own error in a cell: a formula of the same error, which an IFERROR sees
            cell.setFormula(_SAME_ERROR.get(value, "=SQRT(-1)"))
        elif isinstance(value, str):
            cell.setString(value)
        elif value is None:
            cell.setString("")
        else:
            cell.setValue(float(value))


def _unknown(sheet: Any) -> list[tuple[str, int, int]]:
    """Return the cells of the book with #NAME? on this sheet and all that depend on them."""
    found: list[tuple[str, int, int]] = []
    for at in sheet.x.queryFormulaCells(ERROR_RESULTS).RangeAddresses:
        for row in range(at.StartRow, at.EndRow + 1):
            for column in range(at.StartColumn, at.EndColumn + 1):
                cell = sheet.x.getCellByPosition(column, row)
                if cell.getError() == _UNKNOWN:
                    found.append((sheet.name, row + 1, column + 1))
                    for area in cell.queryDependents(True).RangeAddresses:
                        name = sheet.book.sheet_at(area.Sheet).name
                        found += [
                            (name, below + 1, across + 1)
                            for below in range(area.StartRow, area.EndRow + 1)
                            for across in range(area.StartColumn, area.EndColumn + 1)
                        ]
    return found


def _read(sheet: Any, wanted: list[tuple[int, int]]) -> dict[tuple[int, int], Any]:
    top, left = min(row for row, _ in wanted), min(column for _, column in wanted)
    bottom, right = max(row for row, _ in wanted), max(column for _, column in wanted)
    columns = sheet.read_block(top, left, bottom, right)
    found = {}
    for row, column in wanted:
        value = columns[column - left][row - top]
        if value is None:
            value = ""
        found[row, column] = serial(value, sheet.book.epoch) if isinstance(value, dt.datetime) else value
    return found


def _write(facts: Facts, made: Recalculated, values: Cells, unknown: Cells) -> Recalculated:
    for sheet, cells in values.items():
        left = unknown.get(sheet, {})
        good = {spot: value for spot, value in cells.items() if spot not in left}
        made.changed += write_results(facts.parts[sheet], good)
        made.calculated += len(good)
        made.left -= len(good)
        for (row, column), value in good.items():
            where = (sheet, f"{column_name(column)}{row}")
            if made.left_cells.pop(where, None):
                made.ours_left -= 1
                made.reasons.pop(where, None)
            if isinstance(value, ExcelError):
                made.errors += 1
                made.error_cells[where] = str(value)
                made.reasons[where] = f"the formula itself gives {value}"
        for row, column in left.keys() & cells.keys():
            where = (sheet, f"{column_name(column)}{row}")
            if where not in made.left_cells:
                made.ours_left += 1  # left with a reason
            made.left_cells[where] = made.reasons[where] = _LEFT
    made.left = max(made.left, 0)
    return made
