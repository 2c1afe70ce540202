"""What happens when LibreOffice opens a workbook: formulas with our functions and the workbook's buttons are bound.

LibreOffice reads a function of an extension in an .xlsx or .xlsm as an unknown name (#NAME?); entering the same formula again binds it.
"""

from __future__ import annotations

import logging
import re
from functools import lru_cache
from typing import Any

from xladdin.hosts.libreoffice.extension.click import bind_buttons
from xladdin.registry import functions

log = logging.getLogger("xladdin.libreoffice")
FORMULA = 16  # com.sun.star.sheet.CellFlags.FORMULA


def execute(_context: Any, arguments: Any) -> None:
    """Serve the event onDocumentAdded; what fails is logged and never stops the opening."""
    try:
        environment = next((one.Value for one in arguments if one.Name == "Environment"), ())
        document = next((one.Value for one in environment if one.Name == "Model"), None)
        if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            return
        formulas = bind_formulas(document)
        buttons = bind_buttons(document)
        if formulas or buttons:
            log.info("opened a workbook: %d formulas and %d buttons bound", formulas, buttons)
    except Exception:
        log.exception("a workbook was opened, but its formulas or buttons could not all be bound")


@lru_cache(maxsize=1)
def _ours() -> re.Pattern[str]:
    """Find a call of ours, or a text or quoted sheet name to step over; a call that is bound already carries the extension's name."""
    names = "|".join(sorted(functions(), key=len, reverse=True))
    return re.compile(rf"""("(?:[^"]|"")*"|'(?:[^']|'')*')|(?<![\w.])(?:_xll\.|_xlfn\.|_xludf\.)?({names})\(""", re.IGNORECASE)


def rewritten(formula: str) -> str | None:
    """Return the formula to enter again, or None when no unbound call of ours is in it."""
    found = False

    def name(match: re.Match[str]) -> str:
        nonlocal found
        if match[1] is not None:
            return match[1]
        found = True
        return f"{match[2].upper()}("

    changed = _ours().sub(name, formula)
    return changed if found else None


def bind_formulas(document: Any) -> int:
    """Enter formulas with unbound calls of ours again; answers how many."""
    count = 0
    automatic = document.isAutomaticCalculationEnabled()
    modified = document.isModified()
    document.addActionLock()
    document.lockControllers()
    document.enableAutomaticCalculation(False)
    try:
        for index in range(document.Sheets.Count):
            sheet = document.Sheets.getByIndex(index)
            if sheet.isProtected():  # nothing can be entered there
                log.warning("sheet %d is protected: its formulas with our functions stay unbound", index + 1)
                continue
            for area in sheet.queryContentCells(FORMULA).getRangeAddresses():
                count += _bind_area(sheet, area)
    finally:
        document.enableAutomaticCalculation(automatic)
        document.unlockControllers()
        document.removeActionLock()
        if not modified:
            document.setModified(False)
    return count


def _bind_area(sheet: Any, area: Any) -> int:
    formulas = sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow).getFormulaArray()
    count = 0
    arrays: set[str] = set()
    for x in range(len(formulas[0])):
        column, run = area.StartColumn + x, []
        for y, row in enumerate(formulas):
            text = row[x]
            wanted = rewritten(text)
            if wanted is not None and text[0] == "{":
                count += _bind_array(sheet, column, area.StartRow + y, wanted[1:-1], arrays)
            elif wanted is not None:
                run.append(wanted)
                continue
            count += _enter(sheet, column, area.StartRow + y, run)
            run = []
        count += _enter(sheet, column, area.EndRow + 1, run)
    return count


def _enter(sheet: Any, column: int, end: int, run: list[str]) -> int:
    """Enter a run of formulas that ends above row `end`, all at once: one by one is ten times slower."""
    if run:
        sheet.getCellRangeByPosition(column, end - len(run), column, end - 1).setFormulaArray(tuple((text,) for text in run))
    return len(run)


def _bind_array(sheet: Any, column: int, row: int, formula: str, done: set[str]) -> int:
    cursor = sheet.createCursorByRange(sheet.getCellByPosition(column, row))
    cursor.collapseToCurrentArray()
    if cursor.AbsoluteName in done:
        return 0
    done.add(cursor.AbsoluteName)
    cursor.setArrayFormula(formula)
    return 1
