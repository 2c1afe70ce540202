"""What a button of the workbook runs in Excel: the same refresh as on a closed file, in the open book.

Excel clears its own undo list when a program writes; so what a refresh may change is kept before it, and put back by Undo, when it fails
midway, and when Esc is pressed. What goes wrong is a message that says what to do; the macro that called gives Excel back its state.
"""

from __future__ import annotations

import ctypes
import datetime as dt
import logging
import sys
from pathlib import Path
from typing import Any, Final

import xlwings as xw

from xladdin.errors import CreditError
from xladdin.jobs.make import build_empty
from xladdin.jobs.papers import letters_open
from xladdin.jobs.workbooks import check_open, find_place, keep_open, place_open, put_back_open, recalc_file, refresh_open

log = logging.getLogger(__name__)

TITLE: Final = "Credit"
_ESCAPE: Final = 0x1B
_kept: dict[tuple[Any, str], Any] = {}  # by workbook: what the last refresh may have changed


class Cancelled(CreditError):
    """Somebody pressed Esc."""


def run(task: str, book: Any = None) -> str:
    """Run a report by its key, or "all", "undo", "check", "letters", "recalculate"; answers the line that the status bar keeps.

    Raises nothing: what is wrong is shown as a message, and the workbook then stands as before.
    """
    book = book if book is not None else xw.Book.caller()
    app = book.app
    updating = app.screen_updating
    try:
        app.screen_updating = False
        line = _TASKS[task](book) if task in _TASKS else _refresh(book, None if task == "all" else [task])
    except CreditError as error:
        app.screen_updating = updating
        return _tell(app, str(error))
    except Exception as error:
        log.exception("the button %s failed", task)
        app.screen_updating = updating
        return _tell(app, f"{task} failed inside ({type(error).__name__}); the workbook is as it was before. Please report this.")
    finally:
        app.screen_updating = updating
    _status(app, f"{dt.datetime.now():%H:%M} {line}")  # noqa: DTZ005 - the user's clock
    return line


def new_workbook(path: str) -> bool:
    """Build an empty credit workbook; a message when it cannot be made."""
    try:
        build_empty(Path(path), "en", force=True)  # Excel has asked whether to replace it
    except CreditError as error:
        _tell(xw.apps.active, str(error))
        return False
    return True


def _refresh(book: Any, keys: list[str] | None) -> str:
    app = book.app
    pressed_escape()  # what was pressed before does not count

    def step(text: str) -> None:
        _status(app, text)
        if pressed_escape():
            raise Cancelled("stopped with Esc; the workbook is as it was before")

    kept = keep_open(book, keys)
    try:
        line = refresh_open(book, keys, step)
    except BaseException:
        _status(app, "…")
        put_back_open(book, kept)
        raise
    _kept[_key(book)] = kept
    return line


def _key(book: Any) -> tuple[Any, str]:
    """Name an open workbook: several Excels may share this Python, and each has its own Book1."""
    return getattr(book.app, "pid", None), str(find_place(book) or book.name)


def _undo(book: Any) -> str:
    kept = _kept.get(_key(book))
    if kept is None:
        raise CreditError("there is no refresh to undo: none was made since Excel's Python was started, or it is undone already")
    put_back_open(book, kept)
    del _kept[_key(book)]  # not before: where a sheet is protected by now, Undo comes again
    return "the last refresh is undone"


def _check(book: Any) -> str:
    done = check_open(book)
    if len(done.lines) > 1:
        _tell(book.app, "\n".join([*done.lines[:20], *(["…"] if len(done.lines) > 21 else []), done.lines[-1]]))
    return done.lines[-1]


def _letters(book: Any) -> str:
    return _tell(book.app, letters_open(book))


def _recalculate(book: Any) -> str:
    """Calculate the functions in the file and open it again: the way on a Mac, where cells cannot call Python."""
    app, path = book.app, place_open(book)
    book.save()
    book.close()
    try:
        line = recalc_file(path).lines[0]
    finally:
        app.books.open(str(path))
    return line


_TASKS: Final = {"undo": _undo, "check": _check, "letters": _letters, "recalculate": _recalculate}


def pressed_escape() -> bool:
    """Tell whether Esc was pressed since the last time this was asked; Excel itself is busy and cannot."""
    if sys.platform != "win32":
        return False
    return bool(ctypes.windll.user32.GetAsyncKeyState(_ESCAPE) & 0x8001)


def _tell(app: Any, text: str) -> str:
    _status(app, False)
    app.alert(text, title=TITLE)
    return text


def _status(app: Any, text: str | bool) -> None:
    app.status_bar = text
