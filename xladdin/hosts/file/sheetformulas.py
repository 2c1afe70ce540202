"""The formulas of a sheet: read cell by cell, and told apart from the shared ones they may only refer to.

Excel writes a formula that was filled down once, in the first cell, and lets the others refer to it by number (si).
Whoever overwrites that first cell takes the formula from all others, unless each is given its own before.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xladdin.hosts.file import formulas, xml
from xladdin.hosts.file.address import MAX_ROW, Rect, parse_rect
from xladdin.hosts.file.arrow import TEXT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xladdin.hosts.file.sheetpart import SheetPart

_FORMULA: Final = re.compile(r"<f\b([^>]*?)(?:/>|>(.*?)</f>)", re.DOTALL)
_INDEX: Final = re.compile(r'\bsi="(\d+)"')
_REF: Final = re.compile(r'\bref="([^"]+)"')


class Master(NamedTuple):
    """The cell that holds a shared formula, and the cells that may refer to it."""

    row: int
    column: int
    formula: str
    area: Rect


def read(sheet: SheetPart, rect: Rect) -> dict[tuple[int, int], str]:
    """Return the formulas of a rectangle by row and column, as Excel shows them."""
    out: dict[tuple[int, int], str] = {}
    masters: dict[str, Master] | None = None
    for row, column, found in _found(sheet, rect):
        text = xml.unescape_entities(found[2] or "")
        index = _shared_index(found[1])
        if not text and index is not None:
            if masters is None:
                masters = _masters(sheet)
            master = masters.get(index)
            text = formulas.shift(master.formula, row - master.row, column - master.column) if master else ""
        if text:
            out[row, column] = formulas.from_file(text)
    return out


def attributes(sheet: SheetPart, row: int, column: int) -> str:
    """Return the attributes of a cell's formula (t="array" ref="…"), an empty text without formula."""
    for _, _, found in _found(sheet, Rect(row, column, row, column)):
        return found[1]
    return ""


def unshare(sheet: SheetPart) -> None:
    """Give every cell of the sheet's shared formulas its own formula."""
    for index, master in _masters(sheet).items():
        for band, low, high in sheet.edit(master.area.row, master.area.last_row):
            for number in range(master.area.column, master.area.last_column + 1):
                column = sheet.rows.column(band, number)
                tails = column.arrow(low, high).to_pylist()
                for at, tail in enumerate(tails):
                    found = _FORMULA.search(tail or "")
                    if found and _shared_index(found[1]) == index:
                        own = formulas.shift(master.formula, band.first + low + at - master.row, number - master.column)
                        tails[at] = f"{tail[: found.start()]}<f>{xml.escape_text(own)}</f>{tail[found.end() :]}"
                column.put(low, high, pa.array(tails, TEXT))


def _found(sheet: SheetPart, rect: Rect) -> Iterator[tuple[int, int, re.Match[str]]]:
    """Yield row, column and formula element of each formula cell of a rectangle."""
    for cells in sheet.rows.cells(rect.row, rect.last_row):
        tails = cells.tails()
        has_formula = pc.match_substring(tails, "<f").to_numpy(zero_copy_only=False)
        chosen = np.flatnonzero(has_formula & (cells.column >= rect.column) & (cells.column <= rect.last_column))
        for index, tail in zip(chosen.tolist(), tails.take(pa.array(chosen)).to_pylist(), strict=True):
            found = _FORMULA.search(tail)
            if found:
                yield int(cells.row[index]), int(cells.column[index]), found


def _shared_index(attributes_of: str) -> str | None:
    index = _INDEX.search(attributes_of)
    return index[1] if index and 't="shared"' in attributes_of else None


def _masters(sheet: SheetPart) -> dict[str, Master]:
    """Find the cells that hold the sheet's shared formulas."""
    out: dict[str, Master] = {}
    for row, column, found in _found(sheet, Rect(1, 1, MAX_ROW, 16_384)):
        index, ref = _shared_index(found[1]), _REF.search(found[1])
        area = parse_rect(ref[1]) if ref else None
        if index is not None and area is not None and found[2]:
            out[index] = Master(row, column, xml.unescape_entities(found[2]), area)
    return out
