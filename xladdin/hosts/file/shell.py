"""Everything of a sheet's XML around its rows, as a list of its top-level elements.

Each element stays the bytes it was until it is set anew, so changing a merged range leaves an x14 extension list alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lxml import etree

from xladdin.errors import NotAWorkbook
from xladdin.hosts.file import xml

if TYPE_CHECKING:
    from collections.abc import Callable

#: the order in which the schema wants the children of <worksheet> (ECMA-376 part 1, 18.3.1.99)
ORDER: Final = """
    sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter
    sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions
    pageMargins pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing
    legacyDrawing legacyDrawingHF drawingHF picture oleObjects controls webPublishItems tableParts extLst
""".split()  # noqa: SIM905 - an order is read best as a text

_TAG: Final = re.compile(
    rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(/?)((?:[\w.-]+:)?[\w.-]+)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*?)(/?)>",
    re.DOTALL,
)
_ROWS: Final = re.compile(rb"<sheetData\b[^>]*?(/?)>")
_NAMESPACE: Final = re.compile(rb'xmlns(?::([\w.-]+))?\s*=\s*(?:"([^"]*)"|\'([^\']*)\')')


@dataclass
class _Element:
    name: str
    content: bytes


class Shell:
    """The elements of one sheet part before and after its rows."""

    def __init__(self, data: bytes, part: str) -> None:
        rows = _ROWS.search(data)
        if rows is None:
            raise NotAWorkbook(f"the part {part} of the workbook is no worksheet: it has no rows element")
        self.rows_begin = rows.end()
        if rows[1]:
            self.rows_end = self.rows_begin
            after = rows.end()
        else:
            self.rows_end = data.rfind(b"</sheetData>")
            if self.rows_end < 0:
                raise NotAWorkbook(f"the part {part} of the workbook is damaged: its rows do not end")
            after = self.rows_end + len(b"</sheetData>")
        self._open_rows = b"<sheetData>" if rows[1] else rows[0]
        self.closed_rows = rows[0] if rows[1] else None
        self._head, before = _split_head(data[: rows.start()], part)
        tail_end = data.rfind(b"</worksheet")
        self._foot = data[tail_end:]
        self._elements = [*_split(before, part), _Element("sheetData", b""), *_split(data[after:tail_end], part)]
        root = data[:tail_end][_root_start(data) : len(self._head)]
        self._namespaces = {(prefix or b"").decode(): (a or b).decode() for prefix, a, b in _NAMESPACE.findall(root)}
        self.changed = False

    def get(self, name: str) -> bytes | None:
        """Return the first element of a name as bytes."""
        return next((item.content for item in self._elements if item.name == name), None)

    def element(self, name: str) -> etree._Element | None:
        """Return the first element of a name, parsed; give it back with `put` when it was changed."""
        content = self.get(name)
        return None if content is None else self._parse(content)

    def put(self, name: str, element: etree._Element | None) -> None:
        """Set, add or (with None) remove the first element of a name."""
        content = None if element is None else self._bytes(element)
        for index, item in enumerate(self._elements):
            if item.name == name:
                if content is None:
                    del self._elements[index]
                    self.changed = True
                elif content != item.content:
                    item.content = content
                    self.changed = True
                return
        if content is not None:
            self._elements.insert(self._place(name), _Element(name, content))
            self.changed = True

    def put_bytes(self, name: str, content: bytes) -> None:
        """Set the first element of a name to some bytes, if there is such an element."""
        for item in self._elements:
            if item.name == name and item.content != content:
                item.content = content
                self.changed = True
                return

    def rewrite(self, change: Callable[[bytes], bytes], *names: str) -> None:
        """Edit the bytes of all elements of some names."""
        for item in self._elements:
            if item.name in names:
                content = change(item.content)
                if content != item.content:
                    item.content = content
                    self.changed = True

    def before(self) -> bytes:
        """Return the bytes up to the first row."""
        at = [item.name for item in self._elements].index("sheetData")
        return self._head + b"".join(item.content for item in self._elements[:at]) + self._open_rows

    def after(self) -> bytes:
        """Return the bytes behind the last row."""
        at = [item.name for item in self._elements].index("sheetData")
        return b"</sheetData>" + b"".join(item.content for item in self._elements[at + 1 :]) + self._foot

    def new(self, name: str) -> etree._Element:
        """Make an empty element that knows the sheet's namespaces."""
        return xml.new_root(name, r=xml.RELATIONSHIP)

    def _place(self, name: str) -> int:
        rank = ORDER.index(name)
        place = 0
        for index, item in enumerate(self._elements):
            if item.name in ORDER and ORDER.index(item.name) < rank:
                place = index + 1
        return place

    def _parse(self, content: bytes) -> etree._Element:
        declared = "".join(
            f' xmlns:{prefix}="{uri}"' if prefix else f' xmlns="{uri}"' for prefix, uri in {**self._namespaces, "": xml.MAIN}.items()
        )
        root = xml.parse(f"<x{declared}>".encode() + content + b"</x>", "sheet")
        return root[0]

    def _bytes(self, element: etree._Element) -> bytes:
        """Serialise without the namespaces the sheet's own root declares."""
        text = etree.tostring(element, encoding="UTF-8", with_tail=False)
        text = text.removeprefix(b"<?xml version='1.0' encoding='UTF-8'?>\n")
        end = text.index(b">")
        opening = text[:end]
        for found in _NAMESPACE.finditer(text[:end]):
            prefix, uri = (found[1] or b"").decode(), (found[2] or found[3] or b"").decode()
            if self._namespaces.get(prefix) == uri:
                opening = opening.replace(b" " + found[0], b"")
        return opening + text[end:]


def _root_start(data: bytes) -> int:
    for tag in _TAG.finditer(data):
        if tag[2]:
            return tag.start()
    return 0


def _split_head(data: bytes, part: str) -> tuple[bytes, bytes]:
    """Split into everything through the root's opening tag, and what comes after."""
    for tag in _TAG.finditer(data):
        if tag[2]:
            return data[: tag.end()], data[tag.end() :]
    raise NotAWorkbook(f"the part {part} of the workbook is damaged: it has no root element")


def _split(data: bytes, part: str) -> list[_Element]:
    """Split sibling elements. What stands between them (line ends, comments) stays with the element before."""
    out: list[_Element] = []
    depth, start, name = 0, 0, ""
    for tag in _TAG.finditer(data):
        if tag[2] is None:
            continue
        if not depth and not tag[1]:
            if tag.start() > start:
                out.append(_Element("", data[start : tag.start()]))
            start, name = tag.start(), tag[2].decode()
        depth += -1 if tag[1] else (0 if tag[4] else 1)
        if depth < 0:
            raise NotAWorkbook(f"the part {part} of the workbook is damaged: an element ends that never began")
        if not depth:
            out.append(_Element(name, data[start : tag.end()]))
            start = tag.end()
    if depth:
        raise NotAWorkbook(f"the part {part} of the workbook is damaged: the element {name} does not end")
    if start < len(data):
        out.append(_Element("", data[start:]))
    return out
