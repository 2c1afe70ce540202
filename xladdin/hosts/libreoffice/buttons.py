"""What a button of the workbook runs in LibreOffice: the same refresh as in Excel and on a closed file, on the open document.

A refresh is one step of the document's undo list. When it fails midway the step is taken back, and the screen is released on every path.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from xladdin.errors import BadRequest
from xladdin.jobs import refresh_open


def run(task: str, document: Any) -> str:
    """Run a report by its key, or "all", "recalculate", "undo"; answers the closing line. A failure leaves the document as it was."""
    if document is None:
        raise BadRequest("no workbook is open")
    if task == "recalculate":
        document.calculateAll()
        return "recalculated"
    if task == "undo":
        return _undo(document)
    if task == "check":
        raise BadRequest("save and close the workbook, then run: xladdin check")
    book = import_module("xladdin.hosts.libreoffice.engine").book_of(document)
    with one_step(document, f"Credit: {task}"):
        return refresh_open(book, None if task == "all" else [task], lambda step: _status(document, step))


@contextmanager
def one_step(document: Any, title: str) -> Iterator[None]:
    """Make all changes one step to undo, with the screen held; an exception takes the step back and goes on."""
    manager = document.getUndoManager()
    automatic = document.isAutomaticCalculationEnabled()
    document.lockControllers()
    manager.enterUndoContext(title)
    failed = True
    try:
        yield
        failed = False
    finally:
        _leave(manager)
        if failed and manager.isUndoPossible() and manager.getCurrentUndoActionTitle() == title:
            manager.undo()
            manager.clearRedo()
        document.enableAutomaticCalculation(automatic)
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


def _undo(document: Any) -> str:
    manager = document.getUndoManager()
    if not manager.isUndoPossible() or not manager.getCurrentUndoActionTitle().startswith("Credit: "):
        raise BadRequest("the last change of this workbook was no refresh; use Edit, Undo")
    manager.undo()
    return "the last refresh is undone"


def _status(document: Any, text: str) -> None:
    controller = document.getCurrentController()
    if controller is not None:
        indicator = controller.getFrame().createStatusIndicator()
        indicator.start(text, 0)
