"""What a button of the workbook runs in LibreOffice: the same refresh as in Excel and on a closed file, on the open document.

A refresh is one step of the document's undo list. When it fails midway the step is taken back, and the screen is released on every path.

LibreOffice 7.4 does not empty the cells again that were empty before many were written at once; so it is remembered which cells held
something, and what is left over after a step was taken back is cleared.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from typing import Any, Final

from xladdin.errors import BadRequest
from xladdin.jobs.papers import letters_open
from xladdin.jobs.workbooks import check_open, refresh_open

STEP: Final = "Credit: "
TITLE: Final = "Credit"
_CONTENTS: Final = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: values, dates, texts, formulas
_KEPT: Final = 20

_number = count(1)
_filled: dict[str, dict[str, Any]] = {}  # by step and sheet: the areas that held something before


def run(task: str, document: Any) -> str:
    """Run a report by its key, or "all", "letters", "recalculate", "undo"; answers the closing line.

    A failure leaves the document as it was.
    """
    if document is None:
        raise BadRequest("no workbook is open")
    if task == "recalculate":
        document.calculateAll()
        return "recalculated"
    if task == "undo":
        return _undo(document)
    book = import_module("xladdin.hosts.libreoffice.engine").book_of(document)
    if task == "check":
        return _check(book)
    if task == "letters":
        return letters_open(book)
    with one_step(document, f"{STEP}{task} ({next(_number)})"):
        return refresh_open(book, None if task == "all" else [task], lambda step: _status(document, step))


def _check(book: Any) -> str:
    """Answer the closing line; what is wrong is shown in a box of its own, as far as a screen holds it."""
    lines = check_open(book).lines
    if len(lines) > 1:
        tell(book.impl.document, "\n".join([*lines[:20], *(["…"] if len(lines) > 21 else []), lines[-1]]))
    return lines[-1]


def tell(document: Any, text: str, *, warning: bool = False) -> None:
    """Show a message box in the document's window; a document without one has nobody to tell."""
    controller = document.getCurrentController()
    window = None if controller is None else controller.getFrame().getContainerWindow()
    if window is not None and window.isVisible():
        kind = import_module("uno").Enum("com.sun.star.awt.MessageBoxType", "WARNINGBOX" if warning else "INFOBOX")
        window.getToolkit().createMessageBox(window, kind, 1, TITLE, text).execute()


@contextmanager
def one_step(document: Any, title: str) -> Iterator[None]:
    """Make all changes one step to undo, with the screen held; an exception takes the step back and goes on."""
    manager = document.getUndoManager()
    automatic, heights = document.isAutomaticCalculationEnabled(), document.IsAdjustHeightEnabled
    document.lockControllers()
    document.IsAdjustHeightEnabled = False  # a report sets the heights it needs; fitting every row to every cell takes longer than writing
    _filled[title] = {sheet.Name: sheet.queryContentCells(_CONTENTS).getRangeAddresses() for sheet in _sheets(document)}
    for old in list(_filled)[:-_KEPT]:
        del _filled[old]
    manager.enterUndoContext(title)
    failed = True
    try:
        yield
        failed = False
    finally:
        _leave(manager)
        if failed and manager.isUndoPossible() and manager.getCurrentUndoActionTitle() == title:
            _take_back(document)
        document.enableAutomaticCalculation(automatic)
        document.IsAdjustHeightEnabled = heights
        while document.hasControllersLocked():
            document.unlockControllers()


def _leave(manager: Any) -> None:
    """Close the step, and any that a failure left open inside it."""
    exception = import_module("uno").getClass("com.sun.star.util.InvalidStateException")
    try:
        while True:
            manager.leaveUndoContext()
    except exception:
        return


def _take_back(document: Any) -> None:
    manager = document.getUndoManager()
    filled = _filled.pop(manager.getCurrentUndoActionTitle(), None)
    manager.undo()
    manager.clearRedo()
    if filled is None:
        return
    manager.lock()  # clearing what is left over is no step of its own
    try:
        for sheet in _sheets(document):
            left = sheet.queryContentCells(_CONTENTS)
            before = filled.get(sheet.Name, ())
            if before and left.getCount():
                left.removeRangeAddresses(before)
            for area in left.getRangeAddresses():
                sheet.getCellRangeByPosition(area.StartColumn, area.StartRow, area.EndColumn, area.EndRow).clearContents(_CONTENTS)
    finally:
        manager.unlock()


def _sheets(document: Any) -> list[Any]:
    return [document.Sheets.getByIndex(index) for index in range(document.Sheets.Count)]


def _undo(document: Any) -> str:
    manager = document.getUndoManager()
    if not manager.isUndoPossible() or not manager.getCurrentUndoActionTitle().startswith(STEP):
        raise BadRequest("the last change of this workbook was no refresh; use Edit, Undo")
    _take_back(document)
    return "the last refresh is undone"


def _status(document: Any, text: str) -> None:
    controller = document.getCurrentController()
    if controller is not None:
        indicator = controller.getFrame().createStatusIndicator()
        indicator.start(text, 0)
