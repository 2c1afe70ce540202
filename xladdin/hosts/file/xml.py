"""Reading and writing the XML of workbook parts.

A workbook comes from anywhere: its XML is parsed without entities, without DTDs and without the network. Parts are
compared and edited by local names in the main namespace; what we do not know stays as it is.
"""

from __future__ import annotations

import codecs
import math
import re
import sys
from typing import Any, Final, cast

from lxml import etree

from xladdin.errors import NotAWorkbook
from xladdin.plain_text import writable

MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIP: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATIONSHIP: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
CONTENT_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
STRICT_MAIN: Final = b"http://purl.oclc.org/ooxml/spreadsheetml/main"

Element = etree._Element  # noqa: SLF001 - lxml's stubs name no public class

LARGEST_TREE: Final = 64 << 20  # of a part that is parsed as a whole; sheets and shared texts are read without a tree
_PIECE: Final = 1 << 20
_DAMAGED: Final = "the part {} of the workbook is damaged: {}"
_OWN_TYPE: Final = "the part {} of the workbook brings a document type of its own, which no spreadsheet program writes"
HEADER: Final = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_ROOT: Final = re.compile(rb"<(?![?!])(?:([A-Za-z_][\w.-]*):)?([A-Za-z_][\w.-]*)")
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LOOKS_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ENTITY: Final = re.compile(r"&(?:#(\d+)|#[xX]([0-9A-Fa-f]+)|(amp|lt|gt|quot|apos));")
_WHOLE: Final = re.compile(r"[+-]?\d{1,10}\Z", re.ASCII)
_SURROGATES, _SURROGATES_END = 0xD800, 0xDFFF
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}


def m(name: str) -> str:
    """Qualify a name with the main namespace, as lxml wants it."""
    return f"{{{MAIN}}}{name}"


class _Nothing:
    """Takes in what a parser finds, and keeps nothing of it."""

    def __init__(self) -> None:
        self.has_type = False

    def doctype(self, *_: Any) -> None:
        """Note that the part brings a document type of its own."""
        self.has_type = True

    def close(self) -> None:
        """End."""


def check(data: bytes, part: str) -> None:
    """Look whether a part is well-formed, without making a tree of it, which takes ten times its size. Raises as `parse` does."""
    seen = _Nothing()
    parser = etree.XMLParser(
        target=cast("Any", seen), resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True
    )  # fmt: skip
    try:
        for at in range(0, len(data), _PIECE):
            parser.feed(data[at : at + _PIECE])
            if seen.has_type:
                raise NotAWorkbook(_OWN_TYPE.format(part))
        parser.close()
    except etree.XMLSyntaxError as error:
        raise NotAWorkbook(_DAMAGED.format(part, " ".join(str(error.msg).split()))) from None


def parse(data: bytes, part: str) -> etree._Element:
    """Parse one part. Raises NotAWorkbook naming the part when it is not well-formed, huge, or brings a DTD."""
    if len(data) > LARGEST_TREE:
        raise NotAWorkbook(f"the part {part} of the workbook has {len(data) >> 20:,} MB, more than any program writes: it is not read")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise NotAWorkbook(_DAMAGED.format(part, " ".join(str(error.msg).split()))) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotAWorkbook(_OWN_TYPE.format(part))
    return root


def whole(text: str | None, default: int = 0) -> int:
    """Read a whole number of an attribute. Raises NotAWorkbook for anything else, or one that no part of a workbook reaches."""
    if text is None:
        return default
    if not _WHOLE.match(text):
        raise NotAWorkbook(f"the workbook is damaged: {text[:20]!r} stands where a whole number belongs")
    return int(text)


def real(text: str | None, default: float) -> float:
    """Read a number of an attribute; a damaged one is the default, since only sizes and colours are such numbers."""
    try:
        value = float(text) if text is not None else default
    except ValueError:
        return default
    return value if math.isfinite(value) else default


def drop(element: Element, attribute: str) -> None:
    """Take an attribute away, if it is there."""
    if attribute in element.attrib:
        del element.attrib[attribute]


def new_root(name: str, namespace: str = MAIN, **prefixes: str) -> Element:
    """Make the root of a new part, or an element to be put into one, with its namespace as the default one."""
    nsmap: dict[Any, str] = {None: namespace, **prefixes}
    return etree.Element(f"{{{namespace}}}{name}", nsmap=nsmap)


def serialise(root: etree._Element) -> bytes:
    """Write a part with the header Excel writes."""
    return HEADER + etree.tostring(root, encoding="UTF-8")


def normalise(data: bytes, part: str) -> bytes:
    """Return the part in UTF-8 with the main namespace as default one, which the fast byte-wise code relies on.

    Excel, LibreOffice and XlsxWriter write it that way; a few writers prefix each tag (<x:row>). A raw '<' never stands
    in XML text, so taking the prefix off each tag is a safe edit of the bytes.
    """
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        text = data.decode("utf-16", "replace")
        data = re.sub(r"^\ufeff?<\?xml[^>]*\?>", "", text).encode()
    data = data.removeprefix(b"\xef\xbb\xbf")
    if STRICT_MAIN in data[:4096]:
        raise NotAWorkbook('the workbook is saved as "Strict Open XML": save it as an ordinary Excel workbook first')
    head = data[:4096]
    if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
        raise NotAWorkbook(_OWN_TYPE.format(part))
    root = _ROOT.search(data)
    if root is None:
        raise NotAWorkbook(f"the part {part} of the workbook is damaged: it holds no XML")
    if not data.isascii():
        _refuse_other_text(data, part)
    if root[1]:
        prefix = root[1]
        data = re.sub(rb"(</?)" + prefix + rb":", rb"\1", data)
        data = data.replace(b"xmlns:" + prefix + b"=", b"xmlns=", 1)
    return data


def _refuse_other_text(data: bytes, part: str) -> None:
    """Refuse what is no UTF-8, looked at piece by piece."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for at in range(0, len(data), _PIECE):
            decoder.decode(data[at : at + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise NotAWorkbook(_DAMAGED.format(part, f"it is no text in UTF-8 ({error.reason})")) from None


def escape_text(text: str) -> str:
    """Write a cell text for XML: markup escaped, characters XML cannot hold as _xHHHH_, as Excel does."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    text = _ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "_x000D_")


def escape_name(text: str) -> str:
    """Write a column name of a table as its part holds it: line ends and odd characters as _xHHHH_; lxml escapes the markup."""
    text = _LOOKS_ESCAPED.sub("_x005F_", text)
    return re.sub("[\x00-\x1f\ufffe\uffff]", lambda found: f"_x{ord(found[0]):04X}_", text)


def escape_attribute(text: str) -> str:
    """Write a text between double quotes."""
    text = _ILLEGAL.sub("", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("\n", "&#10;")


def unescape_entities(text: str) -> str:
    """Read the entities XML itself knows."""
    if "&" not in text:
        return text

    def read(found: re.Match[str]) -> str:
        if found[3]:
            return _NAMED[found[3]]
        code = int(found[1][:8]) if found[1] else int(found[2][:8], 16)
        return chr(code) if code < _SURROGATES or _SURROGATES_END < code <= sys.maxunicode else "\ufffd"

    return _ENTITY.sub(read, text)


def unescape_text(text: str) -> str:
    """Read a cell text back from XML: entities, line ends and _xHHHH_."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unescape_entities(text)
    if "_x" in text:
        text = writable(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
    return text
