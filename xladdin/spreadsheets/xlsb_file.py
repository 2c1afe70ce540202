"""The sheets of a binary workbook (.xlsb), record by record: Microsoft's [MS-XLSB], sections 2.1.4 and 2.4."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from xladdin.cells import ExcelError
from xladdin.errors import NotAWorkbook
from xladdin.hosts.file import decode
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW
from xladdin.hosts.file.package import Package, Relationships
from xladdin.hosts.file.styles import BUILT_IN, FAR_EAST_DATES, is_date_format
from xladdin.spreadsheets.cells import Collector, SheetCells
from xladdin.spreadsheets.shown_digits import shower

# record types, [MS-XLSB] 2.3
_ROW, _BLANK, _RK, _ERROR, _BOOL, _REAL, _TEXT, _SHARED = 0, 1, 2, 3, 4, 5, 6, 7
_FORMULA_TEXT, _FORMULA_NUMBER, _FORMULA_BOOL, _FORMULA_ERROR = 8, 9, 10, 11
_STRING_ITEM, _FORMAT, _XF, _COLUMN, _RICH_TEXT = 19, 44, 47, 60, 62
_PROPERTIES, _SHEET, _BEGIN_XFS, _END_XFS = 153, 156, 617, 618
#: error values, [MS-XLSB] 2.5.97.2 (BErr)
ERRORS: Final = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


class XlsbFile:
    """An open source."""

    def __init__(self, path: Path) -> None:
        self._file = path.name
        self._package = Package(path)
        try:
            found = Relationships(self._package, "").of_type("officeDocument") if "_rels/.rels" in self._package else []
            part = found[0][1] if found else "xl/workbook.bin"
            related = Relationships(self._package, part)
            self._date1904 = False
            self._parts: dict[str, str] = {}
            for kind, body in _records(self._package.read(part)):
                if kind == _PROPERTIES:
                    self._date1904 = bool(body[0] & 1)
                elif kind == _SHEET:
                    key, at = _text(body, 8)
                    name, _ = _text(body, at)
                    target = related.target(key)
                    if target is not None and target in self._package and "/worksheets/" in f"/{target}":
                        self._parts[name] = target
            self._strings = self._shared(related)
            codes = self._formats(related)
            self._dates = frozenset(index for index, code in enumerate(codes) if is_date_format(code))
            self._shown = {index: show for index, code in enumerate(codes) if (show := shower(code)) is not None}
        except BaseException:
            self._package.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._package.close()

    @property
    def names(self) -> list[str]:
        """Names of the sheets."""
        return list(self._parts)

    def has_cells(self, name: str) -> bool:
        """Tell whether a sheet holds anything."""
        return any(kind in range(_RK, _FORMULA_ERROR + 1) for kind, _ in _records(self._package.read(self._parts[name])))

    def read(self, name: str) -> SheetCells:
        """Read a sheet's cells."""
        found = Collector(self._file, name)
        row = 0
        dates: list[int] = []
        for kind, body in _records(self._package.read(self._parts[name])):
            if kind == _ROW:
                row = struct.unpack_from("<I", body)[0] + 1
                if row > MAX_ROW:
                    raise NotAWorkbook("a row lies beyond the end of a sheet")
                if len(body) > 11 and body[11] & 0x10:  # fDyZero
                    found.hidden_rows.add(row)
            elif _RK <= kind <= _FORMULA_ERROR:
                column, style = struct.unpack_from("<II", body)
                if column >= MAX_COLUMN:
                    raise NotAWorkbook("a cell lies beyond the end of a row")
                value = self._value(kind, body)
                count, style = len(found.row), style & 0xFFFFFF
                found.add(row, column + 1, self._shown[style](value) if style in self._shown else value)
                if type(value) is float and style in self._dates and len(found.row) > count:
                    dates.append(count)
            elif kind == _COLUMN:
                first, last = struct.unpack_from("<II", body)
                if len(body) > 16 and body[16] & 1:
                    found.hidden_columns.append((first + 1, last + 1))
        cells = found.cells()
        if dates:
            cells.value[dates] = decode.dates(cells.value[dates].astype(np.float64), date1904=self._date1904)
        return cells

    def _value(self, kind: int, body: memoryview) -> Any:
        if kind == _RK:
            return rk_number(struct.unpack_from("<I", body, 8)[0])
        if kind in (_REAL, _FORMULA_NUMBER):
            return float(struct.unpack_from("<d", body, 8)[0])
        if kind in (_ERROR, _FORMULA_ERROR):
            return ExcelError(ERRORS.get(body[8], "#VALUE!"))
        if kind in (_BOOL, _FORMULA_BOOL):
            return bool(body[8])
        if kind == _SHARED:
            index = struct.unpack_from("<I", body, 8)[0]
            return self._strings[index] if index < len(self._strings) else None
        return _text(body, 8)[0]

    def _shared(self, related: Relationships) -> list[str]:
        parts = related.of_type("sharedStrings")
        if not parts or parts[0][1] not in self._package:
            return []
        return [_text(body, 1)[0] for kind, body in _records(self._package.read(parts[0][1])) if kind == _STRING_ITEM]

    def _formats(self, related: Relationships) -> list[str]:
        """Return the number format of each style."""
        parts = related.of_type("styles")
        if not parts or parts[0][1] not in self._package:
            return []
        formats, inside, codes = dict(BUILT_IN), False, []
        for kind, body in _records(self._package.read(parts[0][1])):
            if kind == _FORMAT:
                formats[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
            elif kind in (_BEGIN_XFS, _END_XFS):
                inside = kind == _BEGIN_XFS
            elif kind == _XF and inside:
                number = struct.unpack_from("<H", body, 2)[0]
                codes.append(formats.get(number, "yyyy-mm-dd" if number in FAR_EAST_DATES else "General"))
        return codes


def rk_number(code: int) -> float:
    """Read a number of 30 bits: a whole one or the upper part of a double, perhaps in hundredths ([MS-XLSB] 2.5.122)."""
    if code & 2:
        number = float((code >> 2) - (1 << 30 if code & 0x80000000 else 0))
    else:
        number = float(struct.unpack("<d", struct.pack("<Q", (code & 0xFFFFFFFC) << 32))[0])
    return number / 100 if code & 1 else number


def _records(data: bytes) -> Iterator[tuple[int, memoryview]]:
    """Yield the type and content of each record ([MS-XLSB] 2.1.4). Raises NotAWorkbook where one is cut off."""
    view, at, end = memoryview(data), 0, len(data)
    while at < end:
        kind = data[at]
        at += 1
        if kind & 0x80 and at < end:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = 0
        for shift in (0, 7, 14, 21):
            if at >= end:
                raise NotAWorkbook("a record is cut off")
            size |= (data[at] & 0x7F) << shift
            at += 1
            if not data[at - 1] & 0x80:
                break
        if at + size > end:
            raise NotAWorkbook("a record is cut off")
        yield kind, view[at : at + size]
        at += size


def _text(body: memoryview, at: int) -> tuple[str, int]:
    """Read a text with its length before it; also the place behind it."""
    length = struct.unpack_from("<I", body, at)[0]
    if length == 0xFFFFFFFF:
        return "", at + 4
    end = at + 4 + 2 * length
    if end > len(body):
        raise NotAWorkbook("a text is cut off")
    return bytes(body[at + 4 : end]).decode("utf-16-le", "replace"), end
