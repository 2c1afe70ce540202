"""Books and their sheets, as xlwings sees them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from xladdin.errors import BadRequest
from xladdin.hosts.file import xml
from xladdin.hosts.file.names import Names
from xladdin.hosts.file.sheet import Sheet
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.file.workbook import Workbook
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Iterator


@complete(base_classes.Book)
class Book:
    """One open file."""

    app: Any
    sheets: Sheets

    def __init__(self, app: Any, path: Path) -> None:
        self.app = app
        self.workbook = Workbook(path)
        self.sheets = Sheets(self)

    @property
    def api(self) -> Workbook:
        """The workbook file below."""
        return self.workbook

    @property
    def name(self) -> str:
        """File name."""
        return self.workbook.path.name

    @property
    def fullname(self) -> str:
        """Path of the file."""
        return str(self.workbook.path)

    @property
    def date1904(self) -> bool:
        """Whether dates count from 1904, as in workbooks of an old Excel for the Mac."""
        return self.workbook.date1904

    @property
    def names(self) -> Names:
        """The defined names of the book and its sheets."""
        return Names(self, None)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save in place, or under another path, which the book then is."""
        if password is not None:
            raise BadRequest("a closed workbook cannot be saved with a password: set it in Excel")
        self.workbook.save(None if path is None else Path(path).resolve())

    def close(self) -> None:
        """Close without saving."""
        self.workbook.close()
        self.app.books.forget(self)

    def activate(self) -> None:
        """Make this the active book."""
        self.app.books.activate(self)

    def to_pdf(self, path: str, quality: str | None = None) -> None:
        """Refuse: pages are made by a spreadsheet program."""
        raise NotImplementedError("a closed workbook is not printed by this engine; use Excel or LibreOffice to make a PDF")


@complete(base_classes.Sheets)
class Sheets:
    """The tabs, in their order. Chart sheets are tabs without cells and are left out."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self._known: dict[str, Sheet] = {}

    @property
    def api(self) -> Sheets:
        """There is no native object below this one."""
        return self

    def _all(self) -> list[Sheet]:
        sheets = []
        for item in self.book.workbook.sheet_items():
            part = self.book.workbook.sheet_part(item)
            if "/chartsheets/" in part.part or "/dialogsheets/" in part.part:
                continue
            sheet = self._known.get(part.part)
            if sheet is None:
                sheet = self._known[part.part] = Sheet(self.book, part)
            sheets.append(sheet)
        return sheets

    @property
    def active(self) -> Sheet:
        """The tab in front."""
        view = self.book.workbook.root.find(f"{m('bookViews')}/{m('workbookView')}")
        position = xml.whole(view.get("activeTab"), 0) if view is not None else 0
        items = self.book.workbook.sheet_items()
        part = self.book.workbook.sheet_part(items[min(position, len(items) - 1)]).part
        return next((sheet for sheet in self._all() if sheet.part.part == part), self._all()[0])

    def __call__(self, name_or_index: int | str) -> Sheet:  # noqa: D102 - xlwings looks an item up by calling
        sheets = self._all()
        if isinstance(name_or_index, int):
            return sheets[name_or_index - 1]
        for sheet in sheets:
            if sheet.name.lower() == name_or_index.lower():
                return sheet
        raise KeyError(name_or_index)

    def __contains__(self, name: object) -> bool:
        return any(sheet.name == name for sheet in self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __iter__(self) -> Iterator[Sheet]:
        return iter(self._all())

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Add an empty sheet and make it the active one; without a place it comes before the active one, as in Excel."""
        taken = {sheet.name.lower() for sheet in self._all()}
        if name is None:
            name = next(f"Sheet{n}" for n in range(1, len(taken) + 2) if f"sheet{n}" not in taken)
        check_sheet_name(name)
        items = self.book.workbook.sheet_items()
        position = items.index((before or self.active).item) if after is None else items.index(after.item) + 1
        item = self.book.workbook.add_sheet(name, position)
        part = self.book.workbook.sheet_part(item)
        sheet = self._known[part.part] = Sheet(self.book, part)
        sheet.activate()
        return sheet


def check_sheet_name(name: str) -> None:
    """Refuse a name Excel would not open."""
    if not name or len(name) > 31 or any(sign in name for sign in "\\/?*[]:") or name[0] == "'" or name[-1] == "'":
        raise BadRequest(f"a sheet name has 1 to 31 characters without \\ / ? * [ ] : and no ' at its ends; got {name!r}")
