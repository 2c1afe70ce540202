"""Formulas that spill: what makes Excel take a formula as a dynamic array, in the file.

The text alone does not tell. The cell carries an array formula and a number (cm) that leads through xl/metadata.xml to
a property "dynamic array". Without it Excel shows {=SORT(A1:A9)} in one cell only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from lxml import etree

from xladdin.hosts.file import encode, xml
from xladdin.hosts.file.package import set_content_type
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from xladdin.hosts.file.workbook import Workbook

_PART: Final = "xl/metadata.xml"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheetMetadata+xml"
_XDA: Final = "http://schemas.microsoft.com/office/spreadsheetml/2017/dynamicarray"
_URI: Final = "{bdbb8cdc-fa1e-496e-a857-3c3f30c029c3}"
_SPILLING: Final = frozenset(
    """
    ANCHORARRAY BYCOL BYROW CHOOSECOLS CHOOSEROWS DROP EXPAND FILTER FREQUENCY GROUPBY HSTACK MAKEARRAY MAP MMULT PIVOTBY RANDARRAY
    REGEXEXTRACT SCAN SEQUENCE SORT SORTBY TAKE TEXTSPLIT TOCOL TOROW TRANSPOSE TRIMRANGE UNIQUE VSTACK WRAPCOLS WRAPROWS
    """.split()  # noqa: SIM905 - a long list is read best as a text
)
_CALL: Final = re.compile(r'"(?:[^"]|"")*"|([A-Za-z][A-Za-z0-9.]*)\(')


def spills(formula: str) -> bool:
    """Tell whether a formula calls a function that answers with many cells."""
    return any(name.upper() in _SPILLING for name in _CALL.findall(formula))


def tail(workbook: Workbook, formula: str, address: str) -> str:
    """Encode a formula that may spill from a cell; Excel finds out on opening how far."""
    plain = encode.formula_tail(formula).replace("<f>", f'<f t="array" ref="{address}">', 1)
    return f' cm="{_metadata_index(workbook)}"{plain}'


def _metadata_index(workbook: Workbook) -> int:
    """Return the number that means "dynamic array" in this workbook, adding the metadata part when there is none."""
    package = workbook.package
    found = workbook.relationships.of_type("sheetMetadata")
    if found:
        part = found[0][1]
        root = xml.parse(xml.normalise(package.read(part), part), part)
        known = _known_index(root)
        if known is not None:
            return known
    else:
        part, root = _PART, xml.new_root("metadata", xda=_XDA)
        set_content_type(package, part, _TYPE)
        workbook.relationships.add("sheetMetadata", part)
    types = _group(root, "metadataTypes", 0)
    flags = "copy pasteAll pasteValues merge splitFirst rowColShift clearFormats clearComments assign coerce".split()  # noqa: SIM905
    etree.SubElement(
        types, m("metadataType"), {"name": "XLDAPR", "minSupportedVersion": "120000", **dict.fromkeys(flags, "1"), "cellMeta": "1"}
    )
    future = etree.Element(m("futureMetadata"), {"name": "XLDAPR", "count": "1"})
    root.insert(root.index(types) + 1, future)
    extensions = etree.SubElement(etree.SubElement(future, m("bk")), m("extLst"))
    extension = etree.SubElement(extensions, m("ext"), {"uri": _URI})
    etree.SubElement(extension, f"{{{_XDA}}}dynamicArrayProperties", {"fDynamic": "1", "fCollapsed": "0"}, nsmap={"xda": _XDA})
    cells = _group(root, "cellMetadata", root.index(future) + 1)
    etree.SubElement(etree.SubElement(cells, m("bk")), m("rc"), {"t": str(len(types)), "v": "0"})
    for group in (types, cells):
        group.set("count", str(len(group)))
    package.write(part, xml.serialise(root))
    return len(cells)


def _group(root: etree._Element, name: str, position: int) -> etree._Element:
    group = root.find(m(name))
    if group is None:
        group = etree.Element(m(name))
        root.insert(position, group)
    return group


def _known_index(root: etree._Element) -> int | None:
    types = [item.get("name") for item in root.iterfind(f"{m('metadataTypes')}/{m('metadataType')}")]
    for index, block in enumerate(root.iterfind(f"{m('cellMetadata')}/{m('bk')}"), 1):
        record = block.find(m("rc"))
        if record is not None and types[int(record.get("t", "1")) - 1] == "XLDAPR":
            return index
    return None
