"""The sheets of an old workbook (.xls), record by record: Microsoft's [MS-XLS], sections 2.1 and 2.4; of Excel 5 and 95 likewise."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from xladdin.cells import ExcelError
from xladdin.errors import BadRequest, NotAWorkbook
from xladdin.hosts.file import decode
from xladdin.hosts.file.styles import BUILT_IN, FAR_EAST_DATES, is_date_format
from xladdin.spreadsheets.cells import Collector, SheetCells
from xladdin.spreadsheets.compound_file import streams
from xladdin.spreadsheets.shown_digits import shower
from xladdin.spreadsheets.xlsb_file import ERRORS, rk_number

# record types, [MS-XLS] 2.3
_FORMULA, _EOF, _DATE_MODE, _PASSWORD, _CONTINUE, _CODE_PAGE = 0x06, 0x0A, 0x22, 0x2F, 0x3C, 0x42
_COLUMN, _SHEET, _MANY_RK, _RICH, _XF, _STRINGS, _SHARED = 0x7D, 0x85, 0xBD, 0xD6, 0xE0, 0xFC, 0xFD
_NUMBER, _TEXT, _BOOL_OR_ERROR, _STRING, _ROW, _RK, _FORMAT, _START = 0x203, 0x204, 0x205, 0x207, 0x208, 0x27E, 0x41E, 0x809
_FORMATS: Final = (_FORMAT, 0x1E)
_BIFF8: Final = 0x0600
_CODE_PAGES: Final = {
    1200: "utf-16-le",
    10000: "mac_roman", 10001: "shift_jis", 10007: "mac_cyrillic", 10029: "mac_latin2", 32768: "mac_roman", 32769: "cp1252",
}  # fmt: skip

Record = tuple[int, bytes]


class XlsFile:
    """An open source."""

    def __init__(self, path: Path) -> None:
        self._file = path.name
        data = path.read_bytes()
        if data[:4] == b"\xd0\xcf\x11\xe0":
            found = streams(data)
            if "EncryptedPackage" in found:
                raise BadRequest(f"{path.name} has a password; save it without one")
            stream = found.get("Workbook") or found.get("Book")
            if stream is None:
                raise NotAWorkbook("it holds no workbook")
            self._data = stream
        else:
            self._data = data
        self._encoding, self._wide, self._date1904 = "cp1252", True, False
        self._strings: list[str] = []
        self._places: dict[str, int] = {}
        self._sheets: dict[str, SheetCells] = {}
        self._dates: frozenset[int] = frozenset()
        self._shown: dict[int, Callable[[Any], Any]] = {}
        self._globals()

    def close(self) -> None:
        """Let go of the file."""

    @property
    def names(self) -> list[str]:
        """Names of the sheets."""
        return list(self._places)

    def has_cells(self, name: str) -> bool:
        """Tell whether a sheet holds anything."""
        return len(self.read(name).row) > 0

    def read(self, name: str) -> SheetCells:
        """Return a sheet's cells."""
        if name not in self._sheets:
            self._sheets[name] = self._read_sheet(name)
        return self._sheets[name]

    def _globals(self) -> None:
        """Read what all sheets share."""
        formats, styles = dict(BUILT_IN), []
        for kind, body in _records(self._data, 0):
            if kind == _START:
                self._wide = struct.unpack_from("<H", body)[0] == _BIFF8
            elif kind == _PASSWORD:
                raise BadRequest(f"{self._file} has a password; save it without one")
            elif kind == _CODE_PAGE:
                page = struct.unpack_from("<H", body)[0]
                self._encoding = _codec(page)
            elif kind == _DATE_MODE:
                self._date1904 = body[0] == 1
            elif kind == _SHEET and body[5] == 0:  # a worksheet; charts and macros are none
                self._places[self._short(body, 6)] = struct.unpack_from("<I", body)[0]
            elif kind in _FORMATS:
                formats[struct.unpack_from("<H", body)[0]] = self._long(body, 2) if self._wide else self._short(body, 2)
            elif kind == _XF:
                styles.append(struct.unpack_from("<H", body, 2)[0])
            elif kind == _STRINGS:
                self._strings = list(_shared(body))
        codes = [formats.get(number, "yyyy-mm-dd" if number in FAR_EAST_DATES else "General") for number in styles]
        self._dates = frozenset(index for index, code in enumerate(codes) if is_date_format(code))
        self._shown = {index: show for index, code in enumerate(codes) if (show := shower(code)) is not None}

    def _read_sheet(self, name: str) -> SheetCells:
        found, dates = Collector(self._file, name), []
        waiting: tuple[int, int] | None = None  # a formula whose text stands in the next record
        for kind, body in _records(self._data, self._places[name]):
            if kind == _STRING and waiting is not None:
                found.add(*waiting, self._long(body, 0))
                waiting = None
            elif kind == _ROW:
                if len(body) > 12 and body[12] & 0x20:  # fDyZero
                    found.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)
            elif kind == _COLUMN:
                first, last = struct.unpack_from("<HH", body)
                if body[8] & 1:
                    found.hidden_columns.append((first + 1, last + 1))
            elif kind in (_MANY_RK, _NUMBER, _RK, _FORMULA, _TEXT, _RICH, _SHARED, _BOOL_OR_ERROR):
                row, column, style = struct.unpack_from("<HHH", body)
                values = self._values(kind, body)
                if values is None:
                    waiting = (row + 1, column + 1)
                    continue
                for offset, (value, other) in enumerate(values):
                    count, look = len(found.row), style if other is None else other
                    found.add(row + 1, column + offset + 1, self._shown[look](value) if look in self._shown else value)
                    if type(value) is float and look in self._dates and len(found.row) > count:
                        dates.append(count)
        cells = found.cells()
        if dates:
            cells.value[dates] = decode.dates(cells.value[dates].astype(np.float64), date1904=self._date1904)
        return cells

    def _values(self, kind: int, body: bytes) -> list[tuple[Any, int | None]] | None:
        """Return the values of a record, each with its style where that is its own; None for a formula's text that follows."""
        if kind == _MANY_RK:
            pairs = [struct.unpack_from("<HI", body, at) for at in range(4, len(body) - 7, 6)]
            return [(rk_number(code), style) for style, code in pairs]
        if kind == _RK:
            return [(rk_number(struct.unpack_from("<I", body, 6)[0]), None)]
        if kind == _NUMBER:
            return [(float(struct.unpack_from("<d", body, 6)[0]), None)]
        if kind == _SHARED:
            index = struct.unpack_from("<I", body, 6)[0]
            return [(self._strings[index] if index < len(self._strings) else None, None)]
        if kind == _BOOL_OR_ERROR:
            return [(ExcelError(ERRORS.get(body[6], "#VALUE!")) if body[7] else bool(body[6]), None)]
        if kind == _FORMULA:
            if body[12:14] != b"\xff\xff":
                return [(float(struct.unpack_from("<d", body, 6)[0]), None)]
            if body[6] == 0:
                return None
            return [(bool(body[8]) if body[6] == 1 else ExcelError(ERRORS.get(body[8], "#VALUE!")) if body[6] == 2 else None, None)]
        return [(self._long(body, 6), None)]

    def _short(self, body: bytes, at: int) -> str:
        """Read a text with a length of one byte."""
        return self._read(body, at + 1, body[at])

    def _long(self, body: bytes, at: int) -> str:
        """Read a text with a length of two bytes."""
        return self._read(body, at + 2, struct.unpack_from("<H", body, at)[0])

    def _read(self, body: bytes, at: int, length: int) -> str:
        if not self._wide:
            return body[at : at + length].decode(self._encoding, "replace")
        if body[at] & 1:
            return body[at + 1 : at + 1 + 2 * length].decode("utf-16-le", "replace")
        return body[at + 1 : at + 1 + length].decode("latin-1")


def _codec(page: int) -> str:
    name = _CODE_PAGES.get(page, f"cp{page}")
    try:
        b"".decode(name)
    except LookupError:
        return "cp1252"
    return name


def _records(data: bytes, at: int) -> Iterator[Record]:
    """Yield the records from a place to the end of its part. Raises NotAWorkbook where one is cut off, or none begins."""
    if data[at : at + 2] != b"\x09\x08":
        raise NotAWorkbook("a sheet is not where it should be" if at else "it was written by a version of Excel before 5, or is damaged")
    depth = 0
    while at + 4 <= len(data):
        kind, size = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + size]
        if len(body) < size:
            raise NotAWorkbook("a record is cut off")
        at += 4 + size
        if kind == _START:
            depth += 1  # a chart inside a sheet is a part of its own
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        if depth == 1 or kind == _START:
            if kind == _STRINGS:
                body = data[at - size - 4 :]  # with all that continue it
            yield kind, body
    raise NotAWorkbook("its end is missing")


def _shared(rest: bytes) -> Iterator[str]:
    """Read the table of shared texts, which goes on in further records ([MS-XLS] 2.4.265, 2.5.293)."""
    pieces, at = [], 0
    while at + 4 <= len(rest):
        kind, size = struct.unpack_from("<HH", rest, at)
        if at and kind != _CONTINUE:
            break
        pieces.append(rest[at + 4 : at + 4 + size])
        at += 4 + size
    reader = _Pieces(pieces)
    reader.take(4)
    (count,) = struct.unpack("<I", reader.take(4))
    for _ in range(count):
        if reader.done:
            return
        yield reader.text()


class _Pieces:
    """A table that is spread over records: characters go on after a byte that says anew how wide they are."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces, self._piece, self._at = pieces, 0, 0

    @property
    def done(self) -> bool:
        """Tell whether everything is read."""
        while self._piece < len(self._pieces) and self._at >= len(self._pieces[self._piece]):
            self._piece, self._at = self._piece + 1, 0
        return self._piece >= len(self._pieces)

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        out = b""
        while len(out) < count:
            if self.done:
                raise NotAWorkbook("the table of texts is cut off")
            piece = self._pieces[self._piece][self._at : self._at + count - len(out)]
            self._at += len(piece)
            out += piece
        return out

    def text(self) -> str:
        """Return the next text; its formats and phonetic hints are passed over."""
        (left,) = struct.unpack("<H", self.take(2))
        flags = self.take(1)[0]
        runs = struct.unpack("<H", self.take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self.take(4))[0] if flags & 4 else 0
        out = []
        while left:
            if self.done:
                raise NotAWorkbook("the table of texts is cut off")
            if self._at == 0 and self._piece:
                flags = self.take(1)[0]
            width = 1 + (flags & 1)
            here = min(left, (len(self._pieces[self._piece]) - self._at) // width)
            if not here:
                raise NotAWorkbook("the table of texts is damaged")
            piece = self.take(here * width)
            out.append(piece.decode("utf-16-le" if width == 2 else "latin-1", "replace"))
            left -= here
        self._skip(4 * runs + extra)
        return "".join(out)

    def _skip(self, count: int) -> None:
        while count and not self.done:
            step = min(count, len(self._pieces[self._piece]) - self._at)
            self._at += step
            count -= step
