"""The xlwings engine "file": xlwings' object model over a closed workbook, with no spreadsheet program.

xlwings asks an engine for apps, books, sheets and ranges, and does the conversion of values itself. There is one app,
which is this process; its books are the files opened with `open_book`.
"""

from __future__ import annotations

import datetime as dt
import os
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import xlwings as xw
from xlwings import base_classes

from xladdin.cells import ExcelError
from xladdin.errors import BadRequest
from xladdin.hosts.file.book import Book
from xladdin.hosts.file.unsupported import complete
from xladdin.missing import is_missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME: Final = "file"


class Engine:
    """What xlwings calls for everything that is the same for all books."""

    name = NAME
    type = "desktop"  # the kind of engine that fills a scalar into a whole range itself

    def __init__(self) -> None:
        self.apps = Apps(self)

    @staticmethod
    def prepare_xl_data_element(value: Any, options: Any) -> Any:  # noqa: ARG004 - xlwings' signature
        """Turn one value into what `Range.raw_value` takes."""
        if type(value) in (float, str, int, bool, dt.datetime, dt.date, ExcelError) or value is None:
            return value
        if isinstance(value, np.generic):
            value = value.item() if not isinstance(value, (np.datetime64, np.timedelta64)) else value
        return None if is_missing(value) else value

    @staticmethod
    def clean_value_data(
        data: Any, datetime_builder: Callable[..., Any], empty_as: Any, number_builder: Callable[[float], Any] | None, err_to_str: bool
    ) -> list[list[Any]]:
        """Turn what `Range.raw_value` gave into what the user asked for."""
        build_date = None if datetime_builder is dt.datetime else datetime_builder

        def clean(value: Any) -> Any:
            kind = type(value)
            if kind is float:
                return number_builder(value) if number_builder else value
            if value is None or (kind is str and not value):
                return empty_as
            if kind is ExcelError:
                return str(value) if err_to_str else None
            if kind is dt.datetime and build_date:
                return build_date(
                    year=value.year, month=value.month, day=value.day, hour=value.hour, minute=value.minute, second=value.second,
                    microsecond=value.microsecond, tzinfo=None,
                )  # fmt: skip
            return value

        return [[clean(value) for value in row] for row in data]


@complete(base_classes.Apps)
class Apps:
    """The one app there is."""

    def __init__(self, engine: Engine) -> None:
        self.app = App(engine)

    def keys(self) -> list[int]:
        """List the process ids."""
        return [self.app.pid]

    def add(self, spec: Any = None, add_book: Any = None, xl: Any = None, visible: Any = None) -> App:  # noqa: ARG002
        """Return the one app; there is nothing to start."""
        return self.app

    def __iter__(self) -> Iterator[App]:
        return iter([self.app])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        return self.app

    @staticmethod
    def cleanup() -> None:
        """Do nothing: no process can be left over."""


@complete(base_classes.App)
class App:
    """This process. The switches of a live program (screen updating, alerts, events) can be set and change nothing."""

    engine: Engine
    books: Books
    version = "16.0"  # what xlwings compares with
    visible = False
    screen_updating = True
    display_alerts = False
    enable_events = True
    interactive = False
    status_bar: Any = None
    cut_copy_mode = False
    calculation = "manual"
    selection = None
    hwnd = 0
    path = ""
    startup_path = ""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.books = Books(self)

    @property
    def api(self) -> App:
        """There is no native object below this one."""
        return self

    @property
    def pid(self) -> int:
        """Process id."""
        return os.getpid()

    def activate(self, steal_focus: bool = False) -> None:
        """Do nothing: there is no window."""

    def calculate(self) -> None:
        """Refuse: this engine keeps formulas, it does not calculate them."""
        raise NotImplementedError("a closed workbook is not calculated by this engine; Excel calculates it on opening")

    def run(self, macro: str, args: Any) -> None:
        """Refuse: VBA needs Excel."""
        raise NotImplementedError(f"the macro {macro} needs Excel: a closed workbook runs no VBA")

    def quit(self) -> None:
        """Close all books without saving."""
        for book in list(self.books):
            book.close()

    def kill(self) -> None:
        """Close all books without saving."""
        self.quit()


@complete(base_classes.Books)
class Books:
    """The open files, the active one last. A book nobody holds any more is gone from here too."""

    app: App

    def __init__(self, app: App) -> None:
        self.app = app
        self._books: list[weakref.ref[Book]] = []

    @property
    def api(self) -> Books:
        """There is no native object below this one."""
        return self

    def _open_books(self) -> list[Book]:
        return [book for reference in self._books if (book := reference()) is not None]

    @property
    def active(self) -> Book:
        """The book opened or activated last."""
        books = self._open_books()
        if not books:
            raise BadRequest("no workbook is open: open one with open_book(path)")
        return books[-1]

    def __call__(self, name_or_index: int | str) -> Book:  # noqa: D102 - xlwings looks an item up by calling
        books = self._open_books()
        if isinstance(name_or_index, int):
            return books[name_or_index - 1]
        for book in reversed(books):
            if book.name.lower() == name_or_index.lower():
                return book
        raise KeyError(name_or_index)

    def __contains__(self, name: object) -> bool:
        return any(book.name == name for book in self._open_books())

    def __len__(self) -> int:
        return len(self._open_books())

    def __iter__(self) -> Iterator[Book]:
        return iter(self._open_books())

    def add(self) -> Book:
        """Refuse: new workbooks come from XlsxWriter."""
        raise NotImplementedError("this engine edits workbooks that exist; make a new one with XlsxWriter and open it")

    def open(self, fullname: str, *_: Any, **__: Any) -> Book:
        """Open a file."""
        book = Book(self.app, Path(fullname))
        self.activate(book)
        return book

    def forget(self, book: Book) -> None:
        """Take a closed book off the list."""
        self._books = [reference for reference in self._books if reference() not in (None, book)]

    def activate(self, book: Book) -> None:
        """Make a book the active one."""
        self.forget(book)
        self._books.append(weakref.ref(book))


ENGINE: Final = Engine()


def register() -> xw.Engine:
    """Make the engine known to xlwings, once."""
    if NAME not in [engine.name for engine in xw.engines]:
        xw.engines.add(xw.Engine(impl=ENGINE))
    return xw.engines[NAME]
