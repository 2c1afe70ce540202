"""What formulas may refer to: the sheets, tables and names of a workbook."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from xladdin.hosts.file import formulas
from xladdin.hosts.file.recalc.structured import TableArea
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from xladdin.hosts.file.address import Rect
    from xladdin.hosts.file.sheetpart import SheetPart

_BUILT_IN: Final = "_xlnm."


class Facts:
    """Read once for a recalculation; nothing is read before a formula asks."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.parts: dict[str, SheetPart] = {sheet.name: sheet.part for sheet in book.sheets}
        self._canonical = {name.lower(): name for name in self.parts}
        self._extents: dict[str, Rect] = {}

    def sheet(self, name: str) -> str | None:
        """Return a sheet's name as its tab shows it, None for no such sheet."""
        return self._canonical.get(name.lower())

    def sheets_between(self, first: str, last: str) -> list[str]:
        """Return the sheets from one to another, in the order of the tabs; none when one of them is missing."""
        names = list(self.parts)
        ends = [self.sheet(first), self.sheet(last)]
        if None in ends:
            return []
        low, high = sorted(names.index(end) for end in ends if end is not None)
        return names[low : high + 1]

    def extent(self, sheet: str) -> Rect:
        """Return the used range of a sheet."""
        if sheet not in self._extents:
            self._extents[sheet] = self.parts[sheet].extent()
        return self._extents[sheet]

    @cached_property
    def tables(self) -> dict[str, TableArea]:
        """The tables by name in small letters."""
        found = {}
        for sheet in self.book.sheets:
            for table in sheet.tables:
                root = table.root
                area = TableArea(
                    table.name,
                    sheet.name,
                    table.rect,
                    tuple(column.get("name", "") for column in root.iter(m("tableColumn"))),
                    int(root.get("headerRowCount", "1")),
                    int(root.get("totalsRowCount", "0")),
                )
                found[table.name.lower()] = area
        return found

    def table_at(self, sheet: str, row: int, column: int) -> TableArea | None:
        """Return the table a cell stands in."""
        for table in self.tables.values():
            rect = table.rect
            if table.sheet == sheet and rect.row <= row <= rect.last_row and rect.column <= column <= rect.last_column:
                return table
        return None

    @cached_property
    def _names(self) -> dict[tuple[str, str], str]:
        items = [item.get("name", "") for item in self.book.workbook.sheet_items()]
        found: dict[tuple[str, str], str] = {}
        for name in self.book.workbook.defined_names():
            local = name.get("localSheetId")
            owner = "" if local is None else items[int(local)].lower() if int(local) < len(items) else None
            bare = name.get("name", "").lower()
            if owner is not None and not bare.startswith(_BUILT_IN):
                found[owner, bare] = formulas.from_file(name.text or "").removeprefix("=")
        return found

    def name(self, sheet: str, name: str) -> str | None:
        """Return what a name stands for on a sheet, without equal sign; the sheet's own names come first."""
        return self._names.get((sheet.lower(), name.lower()), self._names.get(("", name.lower())))
