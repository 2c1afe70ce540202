"""Books and their sheets in LibreOffice, as xlwings sees them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from xlwings import base_classes

from xladdin.errors import BadRequest
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.libreoffice.names import Names
from xladdin.hosts.libreoffice.office import load_uno, properties
from xladdin.hosts.libreoffice.sheet import Sheet
from xladdin.hosts.libreoffice.values import WHERE

_FILTERS: Final = {".ods": "calc8", ".xlsx": "Calc MS Excel 2007 XML", ".csv": "Text - txt - csv (StarCalc)"}
_EXCEL_GRAMMAR: Final = 1  # com.sun.star.sheet.AddressConvention.XL_A1


@complete(base_classes.Book, WHERE)
class Book:
    """One open document."""

    app: Any
    sheets: Sheets

    def __init__(self, app: Any, document: Any) -> None:
        self.app, self.document = app, document
        self.sheets = Sheets(self)
        self._keys: dict[str, int] = {}
        self._parser: Any = None
        self._epoch: dt.datetime | None = None
        self.english = load_uno().createUnoStruct("com.sun.star.lang.Locale")
        self.english.Language, self.english.Country = "en", "US"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Book) and bool(self.document == other.document)

    __hash__ = None  # type: ignore[assignment]

    @property
    def api(self) -> Any:
        """LibreOffice's own document."""
        return self.document

    @property
    def parser(self) -> Any:
        """LibreOffice's parser, for formulas as Excel writes them."""
        if self._parser is None:
            self._parser = self.document.createInstance("com.sun.star.sheet.FormulaParser")
            self._parser.CompileEnglish, self._parser.FormulaConvention = True, _EXCEL_GRAMMAR
        return self._parser

    @property
    def epoch(self) -> dt.datetime:
        """The day 0 of the document's dates: 1899-12-30, in workbooks that count from 1904 that year's first day."""
        if self._epoch is None:
            day = self.document.NullDate
            self._epoch = dt.datetime(day.Year, day.Month, day.Day)  # noqa: DTZ001 - cells know no zones
        return self._epoch

    def format_key(self, code: str) -> int:
        """Return LibreOffice's key of a number format, added where it is new."""
        if code not in self._keys:
            formats = self.document.NumberFormats
            key = formats.queryKey(code, self.english, False)
            self._keys[code] = key if key != -1 else formats.addNew(code, self.english)
        return self._keys[code]

    @property
    def name(self) -> str:
        """File name."""
        return Path(self.fullname).name

    @property
    def fullname(self) -> str:
        """Path of the file; the title of a document never saved."""
        url = self.document.URL
        return load_uno().fileUrlToSystemPath(url) if url.startswith("file:") else self.document.Title or "Untitled"

    @property
    def names(self) -> Names:
        """The defined names of the book and its sheets."""
        return Names(self, None)

    def sheet_at(self, index: int) -> Sheet:
        """Return a sheet by its position from 0."""
        return Sheet(self, self.document.Sheets.getByIndex(index))

    def table_sheets(self) -> dict[str, int]:
        """Return on which sheet, counted from 0, each table stands."""
        ranges = self.document.DatabaseRanges
        return {name: ranges.getByName(name).DataArea.Sheet for name in ranges.ElementNames}

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save as .ods or .xlsx. Refuses .xlsm, of which LibreOffice would drop the ribbon and the buttons."""
        if password is not None:
            raise BadRequest("set a password in LibreOffice's own dialog: File, Save As")
        target = Path(path or self.fullname).absolute()
        if target.suffix.lower() not in _FILTERS:
            raise BadRequest(
                f"LibreOffice does not save {target.name} here: an .xlsm would lose its ribbon, code and buttons; "
                "save as .ods or .xlsx, or change the closed file (xladdin refresh)"
            )
        self.document.storeAsURL(target.as_uri(), properties(FilterName=_FILTERS[target.suffix.lower()]))

    def close(self) -> None:
        """Close without saving."""
        self.document.close(True)

    def activate(self, *_: Any) -> None:
        """Make this the active book."""
        self.app.books.front = self

    def to_pdf(self, path: str, quality: str | None = None) -> None:  # noqa: ARG002 - xlwings' signature
        """Print all sheets into a PDF."""
        self.document.storeToURL(Path(path).absolute().as_uri(), properties(FilterName="calc_pdf_Export"))


@complete(base_classes.Sheets, WHERE)
class Sheets:
    """The tabs, in their order."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @property
    def api(self) -> Any:
        """LibreOffice's own collection."""
        return self.book.document.Sheets

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator[Sheet]:
        return iter([self.book.sheet_at(index) for index in range(len(self))])

    def __contains__(self, key: object) -> bool:
        return str(key).lower() in (name.lower() for name in self.api.ElementNames)

    def __call__(self, key: int | str) -> Sheet:  # noqa: D102 - xlwings looks an item up by calling
        if isinstance(key, int):
            if not 1 <= key <= len(self):
                raise KeyError(key)
            return self.book.sheet_at(key - 1)
        for name in self.api.ElementNames:
            if name.lower() == key.lower():
                return Sheet(self.book, self.api.getByName(name))
        raise KeyError(key)

    @property
    def active(self) -> Sheet:
        """The tab in front."""
        window = self.book.document.CurrentController
        return Sheet(self.book, window.ActiveSheet) if window is not None else self(1)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Add an empty sheet."""
        place = before.index - 1 if before else after.index if after else len(self)
        name = name or next(f"Sheet{number}" for number in range(len(self) + 1, 10_000) if f"Sheet{number}" not in self)
        if name in self:
            raise BadRequest(f"there already is a sheet {name!r}")
        self.api.insertNewByName(name, place)
        return Sheet(self.book, self.api.getByName(name))
