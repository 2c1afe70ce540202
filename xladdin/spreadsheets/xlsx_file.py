"""The sheets of an .xlsx or .xlsm source, through the reader of closed workbooks: errors, formulas and hidden rows are told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from xladdin.hosts.file import decode, scan, xml
from xladdin.hosts.file.address import MAX_ROW
from xladdin.hosts.file.sheetpart import SheetPart
from xladdin.hosts.file.workbook import Workbook
from xladdin.spreadsheets.cells import MOST_CELLS, Place, SheetCells, refuse_size
from xladdin.spreadsheets.shown_digits import shower

_HIDDEN: Final = re.compile(rb'<row\b[^>]*\shidden=["\'](?:1|true)["\'][^>]*>')
_NUMBER: Final = re.compile(rb'\sr=["\'](\d+)["\']')
_FORMULA: Final = re.compile(rb"<f\b[^>]*>(.*?)</f>", re.DOTALL)


class XlsxFile:
    """An open source."""

    def __init__(self, path: Path) -> None:
        self._book = Workbook(path, even_if_open=True)
        self._file = path.name
        parts = {item.get("name") or "": self._book.sheet_part(item) for item in self._book.sheet_items() if self._is_sheet(item)}
        self._parts: dict[str, SheetPart] = parts
        calc = self._book.root.find(xml.m("calcPr"))
        self._stale = calc is not None and calc.get("fullCalcOnLoad") in ("1", "true")  # a program wrote it, and calculated nothing

    def _is_sheet(self, item: Any) -> bool:
        target = self._book.relationships.target(item.get(f"{{{xml.RELATIONSHIP}}}id", ""))
        kinds = {part: kind for _, kind, part, _ in self._book.relationships}
        return target is not None and kinds.get(target) == "worksheet"

    def close(self) -> None:
        """Let go of the file."""
        self._book.close()

    @property
    def names(self) -> list[str]:
        """Names of the sheets."""
        return list(self._parts)

    def has_cells(self, name: str) -> bool:
        """Tell whether a sheet holds anything."""
        return any(self._pieces(self._parts[name]))

    def read(self, name: str) -> SheetCells:
        """Read a sheet's cells."""
        part = self._parts[name]
        rows, columns, values = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0, np.object_)]
        unvalued: dict[Place, str] = {}
        count = stale = 0
        for cells, value, filled in self._pieces(part, unvalued):
            count += int(filled.sum())
            if count > MOST_CELLS:
                refuse_size(self._file, name)
            self._show(cells, value, filled)
            rows.append(cells.row[filled])
            columns.append(cells.column[filled])
            values.append(value[filled])
        if self._stale and part.has_formulas:
            stale = part.rows.data.count(b"<f", part.rows.begin, part.rows.end) - len(unvalued)
        return SheetCells(
            name, np.concatenate(rows), np.concatenate(columns), np.concatenate(values), unvalued, max(stale, 0),
            self._hidden_rows(part), part.columns.hidden_runs(),
        )  # fmt: skip

    def _pieces(self, part: SheetPart, unvalued: dict[Place, str] | None = None) -> Iterator[tuple[scan.Cells, Any, Any]]:
        book = self._book
        for cells in part.rows.cells(1, MAX_ROW):
            value = decode.values(cells, book.shared_strings, book.date_styles, date1904=book.date1904)
            filled = np.array([one is not None and one != "" for one in value.tolist()], np.bool_)
            blank = ~filled & (cells.tail_end - cells.tail_start > len("><f/>"))
            if unvalued is not None and blank.any():
                unvalued.update(self._unvalued(cells, np.flatnonzero(blank).tolist()))
            if filled.any() or unvalued is not None:
                yield cells, value, filled

    def _unvalued(self, cells: scan.Cells, places: list[int]) -> Iterator[tuple[Place, str]]:
        """Find formulas without a value. A formula may give an empty text, which counts as one where Excel calculated it."""
        for at in places:
            tail = cells.odd.get(at) or cells.data[cells.tail_start[at] : cells.tail_end[at]]
            if b"<f" not in tail:
                continue
            found = _FORMULA.search(tail)
            text = xml.unescape_text(found[1].decode("utf-8", "replace")) if found else ""
            if cells.kind[at] == scan.STRING and (not self._stale or '""' in text):
                continue
            yield (int(cells.row[at]), int(cells.column[at])), f"={text}" if text else "="

    def _show(self, cells: scan.Cells, value: Any, filled: Any) -> None:
        """Write whole numbers with the zeros in front that their format shows: a customer's number is what a person sees."""
        numeric = filled & (cells.kind == scan.NUMBER)
        for style in np.flatnonzero(np.bincount(cells.style[numeric])).tolist():
            show = shower(self._book.styles.number_format(style)) if style < len(self._book.styles) else None
            if show is not None:
                chosen = np.flatnonzero(numeric & (cells.style == style))
                value[chosen] = [show(one) for one in value[chosen].tolist()]

    @staticmethod
    def _hidden_rows(part: SheetPart) -> frozenset[int]:
        rows = part.rows
        found = _HIDDEN.finditer(rows.data, rows.begin, rows.end)
        return frozenset(int(number[1]) for row in found if (number := _NUMBER.search(row[0])))
