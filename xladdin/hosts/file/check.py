"""Faults of a workbook file that Excel repairs or refuses and that schema validators do not see.

Each fault is one sentence naming the part; an empty list means none was found. The checks read, and change nothing.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow.compute as pc

from xladdin.counted import counted
from xladdin.errors import NotAWorkbook
from xladdin.hosts.file import decode, formulas, scan, xml
from xladdin.hosts.file.address import column_name, parse_rect
from xladdin.hosts.file.package import CONTENT_TYPES_PART, Relationships, content_types
from xladdin.hosts.file.workbook import Workbook
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xladdin.hosts.file.address import Rect
    from xladdin.hosts.file.sheetpart import SheetPart

_BLOCK: Final = 32_768
_EXAMPLES: Final = 3
_SHEET_IN_FORMULA: Final = re.compile(
    r"""\[[^\]]*\]|"(?:[^"]|"")*"|'((?:[^']|'')+)'!|(?<![\w.'\]#])([A-Za-z_\u0080-\uffff][\w.\u0080-\uffff]*)!"""
)


def check_file(path: str | os.PathLike[str]) -> list[str]:
    """Return the faults found in a workbook file. Raises NotAWorkbook when it is none."""
    book = Workbook(Path(os.path.realpath(path)), even_if_open=True)
    try:
        return [*_package(book), *_sheets(book), *_names(book), *_tables(book), *_cells(book)]
    finally:
        book.close()


def _package(book: Workbook) -> Iterator[str]:
    """Relationships to missing parts, parts of no declared kind."""
    names = set(book.package.names())
    declared = content_types(book.package)
    for name in sorted(names):
        if name.endswith(".rels"):
            folder, _, file = name.rpartition("_rels/")
            source = folder + file.removesuffix(".rels")
            if source and source not in names:
                yield f"{name} describes relationships of the missing part {source}"
            for key, kind, target, external in Relationships(book.package, source):
                if not external and target.partition("#")[0] and target.partition("#")[0] not in names:
                    yield f"{source or 'the package'} refers to the missing part {target} ({kind}, {key})"
        elif name.endswith((".xml", ".vml")):
            try:
                xml.check(book.package.read(name), name)
            except NotAWorkbook as error:
                yield str(error)
        if name != CONTENT_TYPES_PART and not name.endswith("/") and not declared(name):
            yield f"the part {name} has no content type"
    has_macros = any(kind == "vbaProject" for _, kind, _, _ in book.relationships)
    if has_macros != ("macroEnabled" in declared(book.part)):
        yield f"the workbook {'has' if has_macros else 'has no'} VBA project, and its content type says otherwise"


def _sheets(book: Workbook) -> Iterator[str]:
    """Sheets: double ids and names, no visible one."""
    items = book.sheet_items()
    for what, values in (
        ("sheetId", [item.get("sheetId", "") for item in items]),
        ("name", [(item.get("name") or "").lower() for item in items]),
        ("part", [item.get(f"{{{xml.RELATIONSHIP}}}id", "") for item in items]),
    ):
        for value in _twice(values):
            yield f"two sheets have the {what} {value!r}"
    for item in items:
        name = item.get("name") or ""
        if not name or len(name) > 31 or any(sign in name for sign in "\\/?*[]:"):
            yield f"the sheet name {name!r} is not allowed"
    if items and not any(item.get("state", "visible") == "visible" for item in items):
        yield "no sheet is visible"


def _twice(values: list[str]) -> list[str]:
    return sorted({value for value in values if values.count(value) > 1})


def _names(book: Workbook) -> Iterator[str]:
    """Check the defined names: double ones, names of missing sheets, formulas that do not close."""
    sheets = {(item.get("name") or "").lower() for item in book.sheet_items()}
    seen: list[str] = []
    for item in book.defined_names():
        name, text, local = item.get("name") or "", item.text or "", item.get("localSheetId")
        seen.append(f"{local or ''}!{name.lower()}")
        if local is not None and xml.whole(local) >= len(sheets):
            yield f"the name {name} belongs to sheet number {local}, and there are {len(sheets)}"
        if not formulas.balanced(text):
            yield f"the name {name} has a formula that does not close: {text}"
        yield from (f"the name {name} means the missing sheet {sheet!r}" for sheet in _missing_sheets(text, sheets))
    yield from (f"the name {name.partition('!')[2]} is defined twice" for name in _twice(seen))


def _missing_sheets(formula: str, sheets: set[str]) -> list[str]:
    """List the sheets a formula names that do not exist; other workbooks' sheets ([1]Sheet1) and spans (Jan:Mar) are left out."""
    found = [(quoted or plain).replace("''", "'") for quoted, plain in _SHEET_IN_FORMULA.findall(formula) if quoted or plain]
    return sorted({name for name in found if name.lower() not in sheets and "[" not in name and ":" not in name})


def _tables(book: Workbook) -> Iterator[str]:
    """Tables: names, columns against width, headers against cells, overlaps."""
    seen: list[str] = []
    ids: list[str] = []
    defined = {(item.get("name") or "").lower() for item in book.defined_names()}
    for item in book.sheet_items():
        sheet = book.sheet_part(item)
        places: list[tuple[str, Rect]] = []
        for _, part in Relationships(book.package, sheet.part).of_type("table"):
            if part not in book.package:
                continue
            root = xml.parse(xml.normalise(book.package.read(part), part), part)
            name = root.get("displayName") or ""
            seen.append(name.lower())
            ids.append(root.get("id") or "")
            if not name or not re.fullmatch(r"[^\W\d][\w.\\]*", name) or parse_rect(name):
                yield f"the table name {name!r} is not allowed: letters, digits and _, beginning with a letter"
            if name.lower() in defined:
                yield f"the table {name} has the name of a defined name"
            rect = parse_rect(root.get("ref") or "")
            if rect is None:
                yield f"the table {name} has no place"
                continue
            yield from (f"the tables {name} and {other} overlap" for other, place in places if place.overlap(rect))
            places.append((name, rect))
            yield from _table_columns(sheet, name, rect, root)
    yield from (f"two tables have the name {name!r}" for name in _twice(seen))
    yield from (f"two tables have the id {key}" for key in _twice(ids))


def _table_columns(sheet: SheetPart, name: str, rect: Rect, root: xml.Element) -> Iterator[str]:
    columns = root.find(m("tableColumns"))
    headers = [] if columns is None else [xml.unescape_text(column.get("name") or "") for column in columns]
    stated = xml.whole(columns.get("count"), len(headers)) if columns is not None else 0
    if stated != len(headers):
        yield f"the table {name} states {counted(stated, 'column')} and lists {len(headers)}"
    if len(headers) != rect.width:
        yield f"the table {name} at {rect.a1()} is {counted(rect.width, 'column')} wide and lists {len(headers)}"
    yield from (f"the table {name} has two columns {header!r}" for header in _twice([header.lower() for header in headers]))
    totals, header_rows = xml.whole(root.get("totalsRowCount"), 0), xml.whole(root.get("headerRowCount"), 1)
    automatic = root.find(m("autoFilter"))
    if automatic is not None and parse_rect(automatic.get("ref") or "") != rect._replace(last_row=rect.last_row - totals):
        yield f"the filter of the table {name} covers {automatic.get('ref')} and the table is at {rect.a1()}"
    if rect.height < header_rows + totals + 1:
        yield f"the table {name} at {rect.a1()} has no row below its header"
    if header_rows:
        cells = sheet.read(rect._replace(last_row=rect.row))[0].tolist()
        for header, cell in zip(headers, cells, strict=False):
            text = f"{cell:.15g}" if isinstance(cell, float) else cell
            if text != header:
                yield f"the table {name} calls a column {header!r} where the cell says {cell!r}"


def _cells(book: Workbook) -> Iterator[str]:
    """Cells: order, style and text indices, formulas."""
    sheets = {(item.get("name") or "").lower() for item in book.sheet_items()}
    for item in book.sheet_items():
        name, sheet = item.get("name") or "", book.sheet_part(item)
        if "/worksheets/" not in f"/{sheet.part}":
            continue
        try:
            faults = list(_cells_of(book, sheet, sheets))
        except NotAWorkbook as error:
            faults = [str(error)]
        yield from (f"sheet {name}: {fault}" for fault in faults[:20])


def _cells_of(book: Workbook, sheet: SheetPart, sheets: set[str]) -> Iterator[str]:
    rows = sheet.rows
    for low in range(0, len(rows.rows.numbers), _BLOCK):
        cells = scan.scan(rows.data, rows.rows, low, min(low + _BLOCK, len(rows.rows.numbers)))
        key = cells.row * 16_384 + cells.column
        yield from _named(cells, np.flatnonzero(np.diff(key) <= 0) + 1, "stands out of order or twice")
        yield from _named(cells, np.flatnonzero(cells.style >= len(book.styles)), f"has a style beyond the {len(book.styles)} there are")
        shared = np.flatnonzero(cells.kind == scan.SHARED)
        index = decode.numbers(scan.spans(cells.data, cells.value_start[shared], cells.value_end[shared]))
        wrong = ~((index >= 0) & (index < len(book.shared_strings)))
        yield from _named(cells, shared[wrong], f"has a text beyond the {len(book.shared_strings)} shared ones")
        tails = cells.tails()
        with_formula = pc.match_substring(tails, "<f").to_numpy(zero_copy_only=False)
        for at in np.flatnonzero(with_formula).tolist():
            found = re.search(r"<f(?:\s[^>]*)?>(.*?)</f>", tails[at].as_py(), re.DOTALL)
            text = xml.unescape_entities(found[1]) if found else ""
            if not formulas.balanced(text):
                yield f"cell {_address(cells, at)} has a formula that does not close: {text}"
            yield from (f"cell {_address(cells, at)} names the missing sheet {other!r}" for other in _missing_sheets(text, sheets))


def _address(cells: scan.Cells, at: int) -> str:
    return f"{column_name(int(cells.column[at]))}{cells.row[at]}"


def _named(cells: scan.Cells, wrong: scan.Ints, what: str) -> Iterator[str]:
    """Name the first few cells with a fault."""
    yield from (f"cell {_address(cells, at)} {what}" for at in wrong[:_EXAMPLES].tolist())
    if len(wrong) > _EXAMPLES:
        yield f"{counted(len(wrong) - _EXAMPLES, 'more cell')}: each {what}"
