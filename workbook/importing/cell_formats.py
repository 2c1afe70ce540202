"""What the number formats of a workbook's cells show that their values do not hold: leading zeros, and per cent.

0000000000 shows 100042 as 0000100042, and 0% shows 0.5 as 50%. Only these formats are looked for, and only a sheet whose workbook has
one of them is read a second time.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from lxml import etree

from workbook.importing.columns import rows_in_file
from workbook.importing.source import Source

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT: Final = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION: Final = ("{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id", "{http://purl.oclc.org/ooxml/officeDocument/relationships}id")
_BUILT_IN: Final = {9: "0%", 10: "0.00%"}
_TOKEN: Final = re.compile(r'"([^"]*)"|\\(.)|(0)|([-/ ()])')
_CELL: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})\Z")
_LARGEST: Final = 1e15


def as_shown(source: Source, path: Path) -> Source:
    """Return a source of Excel in which numbers with leading zeros or per cent are the texts that Excel shows; any other as it is."""
    if source.detected.get("format") != "Excel":
        return source
    found: dict[int, dict[int, tuple[float, str]]] = {}
    places = {row: place for place, row in enumerate(rows_in_file(source).tolist())}
    try:
        with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as package:
            for column, row, value, code in _special_cells(package, source.detected.get("sheet", "")):
                if row in places:
                    found.setdefault(column, {})[places[row]] = (value, code)
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, etree.LxmlError):
        return source  # an older format, or a package that only the reader of cells understands
    columns = list(source.columns)
    for cells in found.values():
        for index, column in enumerate(columns):
            if isinstance(column, list) and all(_same(column[place], value) for place, (value, _) in cells.items()):
                texts = list(column)
                for place, (value, code) in cells.items():
                    texts[place] = shown(value, code)
                columns[index] = texts
                break
    return replace(source, columns=columns)


def shown(value: float, code: str) -> Any:
    """Write a number as one of these formats shows it; the number itself where it does not fit."""
    if _percent(code):
        return f"{value * 100:.10g} %"
    section = code.split(";", maxsplit=1)[0]
    if value < 0 or value != int(value) or value >= _LARGEST:
        return value
    zeros = len(re.findall("0", re.sub(r'"[^"]*"|\\.', "", section)))
    digits = f"{int(value):0{zeros}d}"
    ahead, text, used = len(digits) - zeros, "", 0
    for match in _TOKEN.finditer(section):
        literal = match[1] if match[1] is not None else match[2] or match[4]
        if literal is not None:
            text += literal
            continue
        take = 1 + (ahead if not used else 0)  # what has no place of its own stands before the first
        text += digits[used : used + take]
        used += take
    return text


def _same(cell: Any, value: float) -> bool:
    return isinstance(cell, (int, float)) and not isinstance(cell, bool) and float(cell) == value


def _percent(code: str) -> bool:
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


def _zeros(code: str) -> bool:
    """Tell whether a format is nothing but zeros and fixed characters: it shows a code, not an amount."""
    section = re.sub(r"^\[[^\]]*\]", "", code.split(";", maxsplit=1)[0])
    rest = _TOKEN.sub("", section)
    return not rest and len(re.findall("0", re.sub(r'"[^"]*"|\\.', "", section))) > 1


def _special_cells(package: zipfile.ZipFile, sheet: str) -> Iterator[tuple[int, int, float, str]]:
    """Yield column, row, number and format of the sheet's cells whose format shows zeros or per cent."""
    styles = _special_styles(package)
    if not styles:
        return
    with package.open(_part_of(package, sheet)) as part:
        # plain attributes and one child are read; entities and networks are not
        for _, cell in etree.iterparse(part, tag=(f"{_MAIN}c", f"{_STRICT}c"), resolve_entities=False, no_network=True):
            code = styles.get(cell.get("s", "0"))
            place = _CELL.match(cell.get("r", ""))
            if code and place and cell.get("t", "n") == "n":
                text = next((child.text for child in cell if etree.QName(child).localname == "v"), None)
                if text:
                    yield _number_of(place[1]), int(place[2]), float(text), code
            parent = cell.getparent()
            cell.clear()
            if parent is not None and parent.getprevious() is not None:
                del parent.getparent()[0]


def _special_styles(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the styles of cells, by their number as it is written, with these formats."""
    root = _parse(package, "xl/styles.xml")
    codes = dict(_BUILT_IN)
    codes |= {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in root.iter("{*}numFmt")}
    cells = next(root.iter("{*}cellXfs"), None)
    styles = enumerate(cells.findall("{*}xf")) if cells is not None else ()
    named = {str(number): codes.get(int(style.get("numFmtId", "0")), "") for number, style in styles}
    return {number: code for number, code in named.items() if code and (_percent(code) or _zeros(code))}


def _part_of(package: zipfile.ZipFile, sheet: str) -> str:
    relations = {one.get("Id"): one.get("Target", "") for one in _parse(package, "xl/_rels/workbook.xml.rels")}
    for one in _parse(package, "xl/workbook.xml").iter("{*}sheet"):
        if one.get("name") == sheet:
            target = relations[next(value for value in map(one.get, _RELATION) if value)]
            return target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
    raise KeyError(sheet)


def _parse(package: zipfile.ZipFile, name: str) -> etree._Element:
    return etree.fromstring(package.read(name), etree.XMLParser(resolve_entities=False, no_network=True))


def _number_of(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
