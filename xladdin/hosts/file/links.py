"""Hyperlinks and merged ranges: the two lists a sheet keeps beside its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

from xladdin.errors import BadRequest
from xladdin.hosts.file.address import Rect, parse_rect
from xladdin.hosts.file.package import Relationships
from xladdin.hosts.file.xml import RELATIONSHIP, m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xladdin.hosts.file.range import Range
    from xladdin.hosts.file.sheet import Sheet


def merged(sheet: Sheet) -> list[Rect]:
    """List the merged ranges of a sheet."""
    cells = sheet.part.shell.element("mergeCells")
    found = [parse_rect(item.get("ref", "")) for item in cells if isinstance(item.tag, str)] if cells is not None else []
    return [rect for rect in found if rect is not None]


def merge(cells: Range, parts: Sequence[Rect]) -> None:
    """Merge some rectangles, each keeping its first value."""
    known = merged(cells.sheet)
    if any(part.overlap(rect) and not part.contains(rect) for part in parts for rect in known):
        raise BadRequest(f"{cells.address} cuts through a range that is merged already: unmerge that first")
    kept = [rect for rect in known if not any(part.contains(rect) for part in parts)]
    for part in parts:
        for rest in (
            Rect(part.row, part.column + 1, part.row, part.last_column),
            Rect(part.row + 1, part.column, part.last_row, part.last_column),
        ):
            if rest.height > 0 and rest.width > 0:
                cells.sheet.part.clear(rest, contents=True, formats=False)
    _store_merged(cells.sheet, [*kept, *(part for part in parts if part.height * part.width > 1)])


def unmerge(cells: Range) -> None:
    """Take apart the merged ranges that touch a range."""
    _store_merged(cells.sheet, [rect for rect in merged(cells.sheet) if not rect.overlap(cells.rect)])


def _store_merged(sheet: Sheet, rects: Sequence[Rect]) -> None:
    shell = sheet.part.shell
    if not rects:
        shell.put("mergeCells", None)
        return
    element = shell.new("mergeCells")
    element.set("count", str(len(rects)))
    for rect in rects:
        etree.SubElement(element, m("mergeCell"), {"ref": rect.a1()})
    shell.put("mergeCells", element)


def get(cells: Range) -> str:
    """Return the address a cell's link leads to."""
    links = cells.sheet.part.shell.element("hyperlinks")
    relationships = Relationships(cells.sheet.book.workbook.package, cells.sheet.part.part)
    corner = Rect(cells.row, cells.column, cells.row, cells.column)
    for link in links if links is not None else ():
        rect = parse_rect(link.get("ref", ""))
        if rect is not None and rect.contains(corner):
            target = relationships.target(link.get(f"{{{RELATIONSHIP}}}id", "")) or ""
            location = link.get("location")
            return f"{target}#{location}" if location else target
    raise BadRequest(f"{cells.address} holds no hyperlink")


def add(cells: Range, address: str, text: str | None, tip: str | None) -> None:
    """Put a link on a range: to the web, to a file, or with #Sheet!A1 inside the workbook."""
    part = cells.sheet.part
    shell = part.shell
    links = shell.element("hyperlinks")
    if links is None:
        links = shell.new("hyperlinks")
    reference = cells.rect.a1()
    for old in [link for link in links if link.get("ref") == reference]:
        links.remove(old)
    link = etree.SubElement(links, m("hyperlink"), {"ref": reference})
    target, _, location = address.partition("#")
    if target:
        relationships = Relationships(cells.sheet.book.workbook.package, part.part)
        link.set(f"{{{RELATIONSHIP}}}id", relationships.add("hyperlink", target, external=True))
    if location:
        link.set("location", location)
    if tip:
        link.set("tooltip", tip[:255])
    if text:
        link.set("display", text)
        cells(1, 1).raw_value = text if text[:1] not in ("=", "'") else "'" + text
    shell.put("hyperlinks", links)
    styles = cells.sheet.book.workbook.styles
    part.restyle(cells.rect, styles.with_link)
