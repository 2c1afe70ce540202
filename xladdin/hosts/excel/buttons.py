"""What a button of the workbook runs in Excel: the same refresh as on a closed file, in the open book.

Excel's screen is left alone while cells are written and put back on every path; what goes wrong is a message that says what to do.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import xlwings as xw

from xladdin.errors import CreditError
from xladdin.jobs import refresh_open

#: tasks that a workbook open in Excel leaves to the command line
CLOSED_ONLY: Final = {
    "recalculate": "Save and close the workbook, then run: xladdin recalc",
    "undo": "Close the workbook, then run: xladdin undo",
    "check": "Save and close the workbook, then run: xladdin check",
}


def run(task: str, book: Any = None) -> str:
    """Run a report by its key, or "all"; answers the line that the status bar keeps."""
    book = book if book is not None else xw.Book.caller()
    app = book.app
    if task in CLOSED_ONLY:
        app.alert(f"{CLOSED_ONLY[task]} {book.name}", title="Credit")
        return CLOSED_ONLY[task]
    updating = app.screen_updating
    try:
        app.screen_updating = False
        line = refresh_open(book, None if task == "all" else [task], lambda step: _status(app, step))
    except CreditError as error:
        app.screen_updating = updating
        app.alert(str(error), title="Credit")
        return str(error)
    finally:
        app.screen_updating = updating
    _status(app, f"{dt.datetime.now():%H:%M} {line}")  # noqa: DTZ005 - the user's clock
    return line


def _status(app: Any, text: str) -> None:
    app.status_bar = text
