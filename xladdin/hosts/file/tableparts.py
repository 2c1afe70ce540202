"""The parts of tables: which there are on a sheet, and their columns kept in step with the header cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from xladdin.errors import NotAWorkbook
from xladdin.hosts.file import encode, xml
from xladdin.hosts.file.address import Rect, parse_rect
from xladdin.hosts.file.package import Relationships
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from xladdin.hosts.file.package import Package
    from xladdin.hosts.file.sheetpart import SheetPart


def of_sheet(part: SheetPart) -> list[str]:
    """List the table parts of a sheet."""
    return [target for _, target in Relationships(part.workbook.package, part.part).of_type("table")]


def load(package: Package, part: str) -> etree._Element:
    """Parse a table's part."""
    return xml.parse(xml.normalise(package.read(part), part), part)


def place(root: etree._Element, part: str) -> Rect:
    """Return where a table stands, header and totals included."""
    rect = parse_rect(root.get("ref", ""))
    if rect is None:
        raise NotAWorkbook(f"the table {root.get('displayName')} has no place: its part {part} is damaged")
    return rect


def columns(root: etree._Element) -> etree._Element:
    """Return a table's <tableColumns>."""
    found = root.find(m("tableColumns"))
    if found is None:
        raise NotAWorkbook(f"the table {root.get('displayName')} has no columns: its part is damaged")
    return found


def headers(sheet: SheetPart, rect: Rect) -> list[str]:
    """Return a table's headers, and write back the cells that Excel would change too: blank ones, double ones, no texts."""
    found = sheet.read(rect._replace(last_row=rect.row))[0].tolist()
    names: list[str] = []
    for index, value in enumerate(found):
        text = f"{value:.15g}" if isinstance(value, float) else "" if value is None else str(value)
        base = text or f"Column{index + 1}"
        name, number = base, 1
        while name.lower() in (other.lower() for other in names):
            number += 1
            name = f"{base}{number}"
        names.append(name)
        if type(value) is not str or name != value:
            cell = Rect(rect.row, rect.column + index, rect.row, rect.column + index)
            sheet.write(cell, [encode.column([name], entered=False, date1904=False)])
    return names


def follow_headers(sheet: SheetPart) -> None:
    """Give the columns of a sheet's tables the names that stand in their header cells, as Excel does on typing."""
    package = sheet.workbook.package
    for part in of_sheet(sheet):
        root = load(package, part)
        rect = place(root, part)
        if root.get("headerRowCount", "1") == "0":
            continue
        changed = False
        for column, name in zip(columns(root), headers(sheet, rect), strict=False):
            if xml.unescape_text(column.get("name") or "") != name:
                column.set("name", xml.escape_name(name))
                changed = True
        if changed:
            package.write(part, xml.serialise(root))
