"""Defined names of a LibreOffice document, as xlwings sees them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from xladdin.errors import BadRequest
from xladdin.hosts.file.address import Rect, quote_sheet, split_reference
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.libreoffice import spelling
from xladdin.hosts.libreoffice.office import load_uno
from xladdin.hosts.libreoffice.values import WHERE

if TYPE_CHECKING:
    from xladdin.hosts.libreoffice.book import Book
    from xladdin.hosts.libreoffice.range import Range
    from xladdin.hosts.libreoffice.sheet import Sheet


@complete(base_classes.Names, WHERE)
class Names:
    """The names of a book (all of them), or those that belong to one sheet."""

    def __init__(self, book: Book, sheet: Sheet | None) -> None:
        self.book, self.sheet = book, sheet

    @property
    def api(self) -> Any:
        """LibreOffice's own collection."""
        return (self.sheet.x if self.sheet else self.book.document).NamedRanges

    def _all(self) -> list[Name]:
        scopes: list[Sheet | None] = [None, *self.book.sheets] if self.sheet is None else [self.sheet]
        found = []
        for sheet in scopes:
            native = (sheet.x if sheet else self.book.document).NamedRanges
            found += [Name(self.book, sheet, bare) for bare in native.ElementNames]
        return found

    def __iter__(self) -> Iterator[Name]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def snapshot(self) -> list[tuple[str, Name]]:
        """List names with their objects."""
        return [(name.name, name) for name in self._all()]

    def _find(self, key: str) -> Name | None:
        if "!" not in key and self.api.hasByName(key):  # asked in one go; the scopes are gone through only for the others
            return Name(self.book, self.sheet, key)
        own = [name for name in self._all() if key.lower() in (name.name.lower(), name.bare.lower())]
        own.sort(key=lambda name: (name.name.lower() != key.lower(), name.sheet is not None))
        return own[0] if own else None

    def __call__(self, key: int | str) -> Name:  # noqa: D102 - xlwings looks an item up by calling
        if isinstance(key, int):
            return self._all()[key - 1]
        found = self._find(key)
        if found is None:
            raise KeyError(key)
        return found

    def contains(self, key: int | str) -> bool:
        """Tell whether there is such a name."""
        return 1 <= key <= len(self) if isinstance(key, int) else self._find(key) is not None

    def add(self, name: str, refers_to: str) -> Name:
        """Add a name; "Sheet1!Total" or a sheet's own collection make one that belongs to a sheet."""
        owner, mark, bare = name.rpartition("!")
        sheet = self.book.sheets(owner.strip("'").replace("''", "'")) if mark else self.sheet
        native = (sheet.x if sheet else self.book.document).NamedRanges
        if native.hasByName(bare):
            raise BadRequest(f"there already is a name {bare!r}")
        here = load_uno().createUnoStruct("com.sun.star.table.CellAddress")
        try:
            native.addNewByName(bare, "0", here, 0)
        except Exception as error:
            raise BadRequest(f"a name is made of letters, digits, _ and . and is no cell address; got {bare!r}") from error
        made = Name(self.book, sheet, bare)
        made.refers_to = refers_to
        return made


@complete(base_classes.Name, WHERE)
class Name:
    """One defined name."""

    def __init__(self, book: Book, sheet: Sheet | None, bare: str) -> None:
        self.book, self.sheet, self.bare = book, sheet, bare

    @property
    def api(self) -> Any:
        """LibreOffice's own object."""
        return (self.sheet.x if self.sheet else self.book.document).NamedRanges.getByName(self.bare)

    @property
    def name(self) -> str:
        """The name, with the sheet it belongs to."""
        return self.bare if self.sheet is None else f"{quote_sheet(self.sheet.name)}!{self.bare}"

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = self.bare = value.rpartition("!")[2]

    @property
    def refers_to(self) -> str:
        """What it stands for, with an equal sign."""
        cells = self.api.ReferredCells
        if cells is not None:
            return f"={self.refers_to_range.reference}"
        here = load_uno().createUnoStruct("com.sun.star.table.CellAddress")
        return "=" + spelling.excel(self.book.parser.printFormula(self.api.getTokens(), here))

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        reference = split_reference(value)
        if reference is not None and reference[0] in self.book.sheets:
            sheet = self.book.sheets(reference[0]).name.replace("'", "''")
            self.api.Content = f"$'{sheet}'.{reference[1].a1(absolute=True)}"
            return
        here = load_uno().createUnoStruct("com.sun.star.table.CellAddress")
        self.api.setTokens(spelling.tokens(self.book.parser, value, here))

    @property
    def refers_to_range(self) -> Range:
        """The range it stands for. Raises BadRequest when it is a constant or a formula."""
        cells = self.api.ReferredCells
        if cells is None or not hasattr(cells, "RangeAddress"):
            raise BadRequest(f"the name {self.name} is no range: {self.api.Content}")
        at = cells.RangeAddress
        return self.book.sheet_at(at.Sheet).area(Rect(at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1))

    def delete(self) -> None:
        """Delete the name."""
        (self.sheet.x if self.sheet else self.book.document).NamedRanges.removeByName(self.bare)
