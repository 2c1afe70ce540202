"""Defined names, as xlwings sees them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from xlwings import base_classes

from xladdin.errors import BadRequest
from xladdin.hosts.file import formulas, xml
from xladdin.hosts.file.address import parse_rect, quote_sheet, split_reference
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xladdin.hosts.file.book import Book
    from xladdin.hosts.file.range import Range
    from xladdin.hosts.file.sheet import Sheet

_BUILT_IN: Final = "_xlnm."
_LEGAL: Final = re.compile(r"(?:_xlnm\.)?[^\W\d]?[\w.\\?]*\Z")


@complete(base_classes.Names)
class Names:
    """The names of a book (all of them), or those that belong to one sheet."""

    def __init__(self, book: Book, sheet: Sheet | None) -> None:
        self.book, self.sheet = book, sheet

    @property
    def api(self) -> Names:
        """There is no native object below this one."""
        return self

    def _elements(self) -> list[etree._Element]:
        found = self.book.workbook.defined_names()
        if self.sheet is None:
            return found
        position = str(self.book.workbook.sheet_items().index(self.sheet.item))
        return [item for item in found if item.get("localSheetId") == position]

    def __iter__(self) -> Iterator[Name]:
        return (Name(self, item) for item in self._elements())

    def __len__(self) -> int:
        return len(self._elements())

    def snapshot(self) -> list[tuple[str, Name]]:
        """List names with their objects."""
        return [(name.name, name) for name in self]

    def _find(self, key: str) -> Name | None:
        wanted, bare = key.lower(), key.rpartition("!")[2].lower()
        alike = [Name(self, item) for item in self._elements() if (item.get("name") or "").lower() == bare]
        own = [name for name in alike if wanted in (name.name.lower(), bare)]
        own.sort(key=lambda name: (name.name.lower() != key.lower(), name.local))
        return own[0] if own else None

    def __call__(self, key: int | str) -> Name:  # noqa: D102 - xlwings looks an item up by calling
        if isinstance(key, int):
            return list(self)[key - 1]
        found = self._find(key)
        if found is None:
            raise KeyError(key)
        return found

    def contains(self, key: int | str) -> bool:
        """Tell whether there is such a name."""
        return 1 <= key <= len(self) if isinstance(key, int) else self._find(key) is not None

    def add(self, name: str, refers_to: str) -> Name:
        """Add a name; "Sheet1!Total" or a sheet's own collection make one that belongs to a sheet."""
        sheet = self.sheet
        owner, mark, bare = name.rpartition("!")
        if mark:
            sheet, name = self.book.sheets(owner.strip("'").replace("''", "'")), bare
        if not name or not _LEGAL.match(name) or name[0].isdigit() or parse_rect(name) is not None:
            raise BadRequest(f"a name is made of letters, digits, _ and . and is no cell address; got {name!r}")
        scope = Names(self.book, sheet)
        if any(other.bare.lower() == name.lower() and other.local == (sheet is not None) for other in scope):
            raise BadRequest(f"there already is a name {name!r}")
        parent = self.book.workbook.names_element()
        item = etree.SubElement(parent, m("definedName"), {"name": name})
        if sheet is not None:
            item.set("localSheetId", str(self.book.workbook.sheet_items().index(sheet.item)))
        item.text = formulas.to_file(refers_to)
        parent[:] = sorted(parent, key=lambda one: (one.get("name", "").lower(), xml.whole(one.get("localSheetId"), -1)))
        self.book.workbook.store()
        return Name(scope, item)


@complete(base_classes.Name)
class Name:
    """One defined name."""

    def __init__(self, names: Names, item: etree._Element) -> None:
        self.names, self.item = names, item

    @property
    def api(self) -> etree._Element:
        """The entry in the workbook part."""
        return self.item

    @property
    def bare(self) -> str:
        """The name without its sheet."""
        return self.item.get("name") or ""

    @property
    def local(self) -> bool:
        """Whether it belongs to one sheet."""
        return self.item.get("localSheetId") is not None

    @property
    def name(self) -> str:
        """The name, with the sheet it belongs to."""
        local = self.item.get("localSheetId")
        if local is None:
            return self.bare
        items = self.names.book.workbook.sheet_items()
        sheet = items[xml.whole(local)].get("name", "") if xml.whole(local) < len(items) else ""
        return f"{quote_sheet(sheet)}!{self.bare}"

    @name.setter
    def name(self, value: str) -> None:
        self.item.set("name", value.rpartition("!")[2])
        self.names.book.workbook.store()

    @property
    def hidden(self) -> bool:
        """Whether programs keep it out of their list of names."""
        return self.item.get("hidden") in ("1", "true")

    @hidden.setter
    def hidden(self, value: bool) -> None:
        if value:
            self.item.set("hidden", "1")
        else:
            xml.drop(self.item, "hidden")
        self.names.book.workbook.store()

    @property
    def refers_to(self) -> str:
        """What it stands for, with an equal sign."""
        return formulas.from_file(self.item.text or "")

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.item.text = formulas.to_file(value)
        self.names.book.workbook.store()

    @property
    def refers_to_range(self) -> Range:
        """The range it stands for. Raises BadRequest when it is a constant, a formula or names a missing sheet."""
        found = split_reference(self.refers_to)
        if found is not None and found[0] in self.names.book.sheets:
            return self.names.book.sheets(found[0]).range(found[1].a1())
        raise BadRequest(f"the name {self.name} is no range: {self.refers_to}")

    def delete(self) -> None:
        """Delete the name."""
        self.names.book.workbook.names_element().remove(self.item)
        self.names.book.workbook.store()


def find_range(book: Book, sheet: Sheet, text: str) -> Range | None:
    """Find what a text means as a range: Sheet1!A1, a name of the sheet or the book, a table, or Table[Column]."""
    reference = split_reference(text)
    if reference is not None and reference[0] in book.sheets:
        return book.sheets(reference[0]).range(reference[1].a1())
    for names in (sheet.names, book.names):
        if names.contains(text):
            return names(text).refers_to_range
    return _table_range(book, text)


def _table_range(book: Book, text: str) -> Range | None:
    name, _, inner = text.partition("[")
    inner = inner.removesuffix("]")
    for owner in book.sheets:
        for table in owner.tables:
            if table.name.lower() == name.lower():
                return _part_of_table(table, inner)
    return None


def _part_of_table(table: Any, inner: str) -> Range | None:
    parts: dict[str, Range | None] = {
        "": table.data_body_range,
        "#all": table.range,
        "#data": table.data_body_range,
        "#headers": table.header_row_range,
        "#totals": table.totals_row_range,
    }
    if inner.lower() in parts:
        return parts[inner.lower()]
    column = next((column for column in table.columns if column.name.lower() == inner.lower()), None)
    return None if column is None else column.data_body_range
