"""The columns of a table, as xlwings sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xladdin.hosts.file import xml
from xladdin.hosts.file.range import Range
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xladdin.hosts.file.address import Rect
    from xladdin.hosts.file.table import Table


class TableColumns:
    """The columns of a table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    @property
    def api(self) -> TableColumns:
        """There is no native object below this one."""
        return self

    def __iter__(self) -> Iterator[TableColumn]:
        names = [column.get("name") or "" for column in self._table.root.iterfind(f"{m('tableColumns')}/{m('tableColumn')}")]
        return iter([TableColumn(self._table, xml.unescape_text(name), index) for index, name in enumerate(names, 1)])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __call__(self, key: int | str) -> TableColumn:  # noqa: D102 - xlwings looks an item up by calling
        for column in self:
            if column.index == key or (isinstance(key, str) and column.name.lower() == key.lower()):
                return column
        raise KeyError(key)

    def __contains__(self, name: object) -> bool:
        return any(column.name == name for column in self)


class TableColumn:
    """One column of a table."""

    def __init__(self, table: Table, name: str, index: int) -> None:
        self._table, self.name, self.index = table, name, index

    def _of(self, rect: Rect) -> Range:
        number = rect.column + self.index - 1
        return Range(self._table.sheet, rect._replace(column=number, last_column=number))

    @property
    def range(self) -> Range:
        """Its cells with header and totals."""
        return self._of(self._table.rect)

    @property
    def data_body_range(self) -> Range | None:
        """Its cells without header and totals."""
        body = self._table.body_of(self._table.rect)
        return self._of(body) if body.height > 0 else None
