"""The xlwings engine "libreoffice": xlwings' object model over documents of LibreOffice Calc, in its own process or over a pipe.

    book = book_of(document)          # inside LibreOffice, or with a document loaded over the pipe
    book.sheets["Aging"]["A5"].value = frame
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import xlwings as xw
from xlwings import base_classes

from xladdin.errors import BadRequest
from xladdin.hosts.file.engine import Engine as FileEngine
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.libreoffice.book import Book
from xladdin.hosts.libreoffice.office import RunningOffice, gone, watched
from xladdin.hosts.libreoffice.values import WHERE

NAME: Final = "libreoffice"


class Engine:
    """What xlwings calls for everything that is the same for all books."""

    name = NAME
    type = "desktop"
    prepare_xl_data_element = staticmethod(FileEngine.prepare_xl_data_element)
    clean_value_data = staticmethod(FileEngine.clean_value_data)

    def __init__(self) -> None:
        self.apps = Apps(self)


@complete(base_classes.Apps, WHERE)
class Apps:
    """The one app there is: the LibreOffice whose documents were given to `book_of`."""

    def __init__(self, engine: Engine) -> None:
        self.app = App(engine)

    def keys(self) -> list[int]:
        """List the process ids."""
        return [self.app.pid]

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:  # noqa: ARG002
        """Return the one app; `running_office` starts a LibreOffice."""
        return self.app

    def __iter__(self) -> Iterator[App]:
        return iter([self.app])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        return self.app

    @staticmethod
    def cleanup() -> None:
        """Do nothing: `running_office` ends what it started."""


@complete(base_classes.App, WHERE)
class App:
    """LibreOffice, as its open books show it; the switches act on the active book."""

    engine: Engine
    books: Books
    version = "16.0"  # what xlwings compares with
    visible = True
    display_alerts = False
    enable_events = True
    interactive = True
    cut_copy_mode = False
    path = ""
    startup_path = ""
    hwnd = 0

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.books = Books(self)
        self._locked: Any = None
        self._status: Any = None

    @property
    def api(self) -> Any:
        """The active document."""
        return self.books.active.document

    @property
    def pid(self) -> int:
        """Process id."""
        return os.getpid()

    @property
    def screen_updating(self) -> bool:
        """Whether windows show changes at once; off, the document also keeps quiet until it is switched on again."""
        return self._locked is None

    @screen_updating.setter
    def screen_updating(self, value: bool) -> None:
        if not value and self._locked is None:
            document = self.books.active.document
            document.lockControllers()
            document.addActionLock()
            self._locked = document
        elif value and self._locked is not None:
            document, self._locked = self._locked, None
            document.removeActionLock()
            document.unlockControllers()

    @property
    def status_bar(self) -> Any:
        """The text in the status bar, False for LibreOffice's own."""
        return self._status or False

    @status_bar.setter
    def status_bar(self, value: Any) -> None:
        self._status = value
        window = self.books.active.document.CurrentController
        if window is not None and window.Frame is not None:
            indicator = window.Frame.createStatusIndicator()
            if value:
                indicator.start(str(value), 0)
            else:
                indicator.end()

    @property
    def calculation(self) -> str:
        """Either "automatic" or "manual"."""
        return "automatic" if self.books.active.document.isAutomaticCalculationEnabled() else "manual"

    @calculation.setter
    def calculation(self, value: str) -> None:
        self.books.active.document.enableAutomaticCalculation(value == "automatic")

    def calculate(self) -> None:
        """Calculate every formula of the active book anew."""
        self.books.active.document.calculateAll()

    def alert(self, prompt: str, title: str, buttons: str | None, mode: str | None, callback: Any) -> str:  # noqa: ARG002 - xlwings' signature
        """Show a message in a box of the document's window. Raises BadRequest where there is no window."""
        window = self.books.active.document.CurrentController
        if window is None or not window.Frame.ContainerWindow.isVisible():
            raise BadRequest(f"there is no window to show this in: {prompt}")
        parent = window.Frame.ContainerWindow
        box = parent.Toolkit.createMessageBox(parent, _box(mode), 1, title or "Credit", prompt)
        box.execute()
        return "ok"

    def activate(self, steal_focus: bool = False) -> None:
        """Do nothing: windows belong to the user."""

    def quit(self) -> None:
        """Refuse: LibreOffice is the user's, or is ended by `running_office`."""
        raise NotImplementedError("App.quit is not available in LibreOffice through this engine: leave running_office, or close it by hand")

    def kill(self) -> None:
        """Refuse, as `quit` does."""
        self.quit()


def _box(mode: str | None) -> Any:
    from xladdin.hosts.libreoffice.office import load_uno  # noqa: PLC0415

    return load_uno().Enum("com.sun.star.awt.MessageBoxType", "ERRORBOX" if mode == "critical" else "INFOBOX")


@complete(base_classes.Books, WHERE)
class Books:
    """The documents given to `book_of` that are still open, the one given or activated last in front."""

    app: App
    front: Book | None = None

    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def api(self) -> Books:
        """There is no native object for the books of this engine."""
        return self

    @property
    def active(self) -> Book:
        """The book given or activated last."""
        if self.front is None:
            raise BadRequest("no document of LibreOffice is open here: give one to book_of(document)")
        return self.front

    def __iter__(self) -> Iterator[Book]:
        return iter([] if self.front is None else [self.front])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __call__(self, name_or_index: int | str) -> Book:  # noqa: D102 - xlwings looks an item up by calling
        for number, book in enumerate(self, 1):
            if name_or_index in (number, book.name):
                return book
        raise KeyError(name_or_index)

    def __contains__(self, name: object) -> bool:
        return any(book.name == name for book in self)


ENGINE: Final = Engine()


def register() -> xw.Engine:
    """Make the engine known to xlwings, once."""
    if NAME not in [engine.name for engine in xw.engines]:
        xw.engines.add(xw.Engine(impl=ENGINE))
    return xw.engines[NAME]


def book_of(document: Any) -> xw.Book:
    """Return an open document as a book of xlwings."""
    if document is None or not document.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
        raise BadRequest("this document is no spreadsheet: open the credit workbook in LibreOffice Calc")
    register()
    book = Book(ENGINE.apps.app, document)
    book.activate()
    return xw.Book(impl=book)


def open_in_office(path: Path, office: RunningOffice) -> xw.Book:
    """Open a workbook hidden in a LibreOffice of ours."""
    return book_of(office.load(path))


@contextmanager
def caller(document: Any) -> Iterator[xw.Book]:
    """Make `xw.Book.caller()` this document's book for as long as a button's code runs, the screen still until it is done."""
    book = book_of(document)
    before = getattr(xw.Book, "_mock_caller", None)
    book.set_mock_caller()
    try:
        with quiet(document):
            yield book
    finally:
        setattr(xw.Book, "_mock_caller", before)  # noqa: B010 - xlwings has a setter and no way back


@contextmanager
def quiet(document: Any) -> Iterator[None]:
    """Show and calculate nothing until all is written; everything is as before afterwards, also when something fails."""
    with watched():
        automatic = document.isAutomaticCalculationEnabled()
        document.lockControllers()
        document.addActionLock()
        document.enableAutomaticCalculation(False)
        try:
            yield
        except Exception as error:
            if _closed(document):
                raise gone() from error
            raise
        finally:
            with suppress(Exception):  # a document that is gone has nothing to restore
                document.enableAutomaticCalculation(automatic)
                document.removeActionLock()
                document.unlockControllers()


def _closed(document: Any) -> bool:
    try:
        return document.Sheets is None
    except Exception:  # noqa: BLE001 - whatever a document that is gone answers
        return True
