"""The tables of a sheet, as xlwings sees them: found by name, and made of a range."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from xlwings import base_classes

from xladdin.errors import BadRequest
from xladdin.hosts.file import tableparts, xml
from xladdin.hosts.file.address import Rect, parse_rect
from xladdin.hosts.file.package import Relationships, new_part_name, set_content_type
from xladdin.hosts.file.table import Table
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xladdin.hosts.file.sheet import Sheet

_TABLE_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"
_LEGAL: Final = re.compile(r"[^\W\d][\w.\\]*\Z")


@complete(base_classes.Tables)
class Tables:
    """The tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def api(self) -> Tables:
        """There is no native object below this one."""
        return self

    def __iter__(self) -> Iterator[Table]:
        return iter([Table(self.sheet, part) for part in tableparts.of_sheet(self.sheet.part)])

    def __len__(self) -> int:
        return len(list(iter(self)))

    def __call__(self, key: int | str) -> Table:  # noqa: D102 - xlwings looks an item up by calling
        tables = list(self)
        if isinstance(key, int):
            return tables[key - 1]
        for table in tables:
            if table.name.lower() == key.lower():
                return table
        raise KeyError(key)

    def __contains__(self, name: object) -> bool:
        return any(table.name == name for table in self)

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: bool = True,
        destination: Any = None,
        table_style_name: str | None = "TableStyleMedium2",
        name: str | None = None,
    ) -> Table:
        """Make a table of a range whose first row holds the headers."""
        if source_type is not None or link_source is not None or destination is not None:
            raise BadRequest("a table on a closed workbook is made of a range: source_type, link_source and destination have no meaning")
        rect: Rect = source.impl.rect
        if not has_headers:
            raise NotImplementedError(
                "a table without a header row would move the cells below; write a header row and use has_headers=True"
            )
        taken = {table.name.lower() for sheet in self.sheet.book.sheets for table in sheet.tables}
        taken |= {defined.bare.lower() for defined in self.sheet.book.names}
        if name is None:
            name = next(f"Table{n}" for n in range(1, len(taken) + 2) if f"table{n}" not in taken)
        if not _LEGAL.match(name) or parse_rect(name) is not None or name.lower() in {*taken, "r", "c"}:
            raise BadRequest(f"a table's name is made of letters, digits and _, is no cell address and not used yet; got {name!r}")
        if any(table.rect.overlap(rect) for table in self):
            raise BadRequest(f"{rect.a1()} already holds a table, and two may not overlap")
        if rect.height == 1:
            rect = rect._replace(last_row=rect.row + 1)  # a table has at least one row below its header
        return self._make(rect, name, table_style_name)

    def _make(self, rect: Rect, name: str, style: str | None) -> Table:
        workbook = self.sheet.book.workbook
        used = [table.number for sheet in self.sheet.book.sheets for table in sheet.tables]
        part = new_part_name(workbook.package, "xl/tables/table{}.xml")
        number = str(max(used, default=0) + 1)
        root = xml.new_root("table")
        for key, value in (("id", number), ("name", name), ("displayName", name), ("ref", rect.a1()), ("totalsRowShown", "0")):
            root.set(key, value)
        etree.SubElement(root, m("autoFilter"), {"ref": rect.a1()})
        columns = etree.SubElement(root, m("tableColumns"), {"count": str(rect.width)})
        for index, header in enumerate(tableparts.headers(self.sheet.part, rect), 1):
            etree.SubElement(columns, m("tableColumn"), {"id": str(index), "name": xml.escape_name(header)})
        info = {"showFirstColumn": "0", "showLastColumn": "0", "showRowStripes": "1", "showColumnStripes": "0"}
        etree.SubElement(root, m("tableStyleInfo"), {"name": style, **info} if style else info)
        workbook.package.write(part, xml.serialise(root))
        set_content_type(workbook.package, part, _TABLE_TYPE)
        key = Relationships(workbook.package, self.sheet.part.part).add("table", part)
        shell = self.sheet.part.shell
        parts = shell.element("tableParts")
        if parts is None:
            parts = shell.new("tableParts")
        etree.SubElement(parts, m("tablePart"), {f"{{{xml.RELATIONSHIP}}}id": key})
        parts.set("count", str(len(parts)))
        shell.put("tableParts", parts)
        return Table(self.sheet, part)
