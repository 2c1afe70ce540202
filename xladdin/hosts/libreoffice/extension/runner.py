"""The Runner: a task on an open document, for a click and for scripts. Whatever happens, it answers with a line and never raises."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import Any

from xladdin.errors import CreditError

log = logging.getLogger("xladdin.libreoffice")


def execute(_context: Any, arguments: Any) -> str:
    """Serve the named values document and task (such as "aging"); answers the line that the task ends with, or what is wrong."""
    given = {one.Name: one.Value for one in arguments}
    return perform(given.get("task") or "all", given.get("document"))[1]


def perform(task: str, document: Any) -> tuple[bool, str]:
    """Run a task; answers whether it was done, and its line."""
    try:
        from xladdin.hosts.libreoffice.buttons import run  # noqa: PLC0415 - the reports and what they need take a second to load

        return True, run(task, document)
    except CreditError as error:
        return False, str(error)
    except Exception as error:
        log.exception("task %s failed", task)
        return False, f"{task} failed inside ({type(error).__name__}); the workbook is as it was. The log of the extension tells where."


def clicked(document: Any, task: str) -> None:
    """Run the task of a button; the line goes to the status bar, a failure into a message box."""
    done, line = perform(task, document)
    try:
        if not done:
            import_module("xladdin.hosts.libreoffice.buttons").tell(document, line, warning=True)
            return
        indicator = document.getCurrentController().getFrame().createStatusIndicator()
        indicator.start(line, 0)
        indicator.setText(line)
    except Exception:
        log.exception("a line could not be shown")

