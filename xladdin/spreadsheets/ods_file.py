"""The sheets of an OpenDocument source (.ods), row by row: OASIS OpenDocument 1.3, part 3, chapters 9 and 19."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from lxml import etree

from xladdin.cells import ERROR_CODES, ExcelError, parse_iso_date
from xladdin.errors import BadRequest
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW
from xladdin.spreadsheets.cells import Collector, SheetCells

_OFFICE: Final = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC: Final = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_LOEXT: Final = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}"
_CELLS: Final = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_WATCHED: Final = (*_CELLS, _TABLE + "table-row", _TABLE + "table-column", _TABLE + "table")
_HIDDEN: Final = ("collapse", "filter")
_TIME: Final = re.compile(r"PT(\d+)H(\d+)M(\d+(?:\.\d+)?)S\Z")
#: what LibreOffice shows for errors that Excel has a word for
_ERRORS: Final = {
    "Err:502": "#NUM!", "Err:503": "#NUM!", "Err:519": "#VALUE!", "Err:524": "#REF!", "Err:525": "#NAME?", "Err:532": "#DIV/0!",
}  # fmt: skip


class OdsFile:
    """An open source."""

    def __init__(self, path: Path) -> None:
        self._file = path.name
        self._zip = zipfile.ZipFile(path)
        try:
            self._refuse_password()
            self._sheets: dict[str, SheetCells] = {}
            for sheet in self._read():
                self._sheets.setdefault(sheet.name, sheet)
        except BaseException:
            self._zip.close()
            raise

    def _refuse_password(self) -> None:
        manifest = "META-INF/manifest.xml"
        if manifest in self._zip.namelist() and b"encryption-data" in self._zip.read(manifest):
            raise BadRequest(f"{self._file} has a password; save it without one")

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()

    @property
    def names(self) -> list[str]:
        """Names of the sheets."""
        return list(self._sheets)

    def has_cells(self, name: str) -> bool:
        """Tell whether a sheet holds anything."""
        return len(self._sheets[name].row) > 0 or bool(self._sheets[name].unvalued)

    def read(self, name: str) -> SheetCells:
        """Return a sheet's cells."""
        return self._sheets[name]

    def _read(self) -> Iterator[SheetCells]:
        with self._zip.open("content.xml") as part:
            events = etree.iterparse(part, ("start", "end"), tag=_WATCHED, resolve_entities=False, no_network=True, load_dtd=False)
            found: Collector | None = None
            row = column = depth = 0
            pending: list[tuple[int, int, Any, str]] = []
            for event, item in events:
                if event == "start":
                    if item.tag == _TABLE + "table":
                        depth += 1
                        if depth == 1:
                            found, row, column = Collector(self._file, item.get(_TABLE + "name", "")), 1, 1
                    elif item.tag == _TABLE + "table-row":
                        column, pending = 1, []
                    continue
                if found is None or depth > 1:  # a table inside a cell
                    depth -= item.tag == _TABLE + "table"
                elif item.tag in _CELLS:
                    times = _repeated(item, "columns")
                    formula = str(item.get(_TABLE + "formula") or "")
                    value = _value(item)
                    if value is not None or formula:
                        pending.append((column, min(times, MAX_COLUMN), value, formula))
                    column += times
                elif item.tag == _TABLE + "table-column":
                    times = _repeated(item, "columns")
                    if item.get(_TABLE + "visibility") in _HIDDEN:
                        found.hidden_columns.append((column, column + times - 1))
                    column += times
                elif item.tag == _TABLE + "table-row":
                    times = _repeated(item, "rows")
                    _put(found, row, min(times, MAX_ROW) if pending else 0, pending, hidden=item.get(_TABLE + "visibility") in _HIDDEN)
                    row += times
                    column = 1
                else:
                    depth = 0
                    yield found.cells()
                    found = None
                if event == "end" and item.tag != _TABLE + "table-column":
                    item.clear()
                    while item.getprevious() is not None and item.getparent() is not None:
                        del item.getparent()[0]


def _repeated(item: Any, what: str) -> int:
    times = str(item.get(f"{_TABLE}number-{what}-repeated") or "1")
    return int(times) if times.isdecimal() and len(times) < 10 else 1


def _put(found: Collector, row: int, times: int, pending: list[tuple[int, int, Any, str]], *, hidden: bool) -> None:
    for at in range(row, row + times):
        for column, across, value, formula in pending:
            for place in range(column, column + across):
                if value is None:
                    found.unvalued[at, place] = formula.removeprefix("of:").removeprefix("msoxl:")
                found.add(at, place, value)
        if hidden:
            found.hidden_rows.add(at)


def _value(item: Any) -> Any:
    """Return what a cell holds: an error as such, a date as a date, a text with its line ends."""
    kind = item.get(_OFFICE + "value-type")
    text = "\n".join(_paragraph(one) for one in item.iterchildren(_TEXT + "p", _TEXT + "h"))
    if item.get(_CALC + "value-type") == "error" or item.get(_LOEXT + "value-type") == "error" or text in ERROR_CODES:
        return ExcelError(text if text in ERROR_CODES else _ERRORS.get(text, "#VALUE!"))
    if kind in ("float", "percentage", "currency"):
        try:
            return float(item.get(_OFFICE + "value", ""))
        except ValueError:
            return text or None
    if kind == "date":
        return _date(item.get(_OFFICE + "date-value", "")) or text or None
    if kind == "boolean":
        return item.get(_OFFICE + "boolean-value") == "true"
    if kind == "time":
        found = _TIME.match(item.get(_OFFICE + "time-value", ""))
        return (int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3])) / 86_400 if found else text or None
    if kind == "string" and item.get(_OFFICE + "string-value") is not None:
        return item.get(_OFFICE + "string-value") or text or None
    return text or None


def _date(text: str) -> dt.datetime | None:
    day = parse_iso_date(text[:10])
    if day is None:
        return None
    try:
        return dt.datetime.fromisoformat(text[:26]).replace(tzinfo=None)
    except ValueError:
        return dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a cell's date has no zone


def _paragraph(item: Any) -> str:
    """Return a paragraph's text: runs, spaces, tabs and line ends; no notes."""
    out = [item.text or ""]
    for child in item:
        if child.tag == _TEXT + "s":
            times = child.get(_TEXT + "c", "1")
            out.append(" " * min(int(times) if times.isdecimal() and len(times) < 6 else 1, 32_767))
        elif child.tag in (_TEXT + "tab", _TEXT + "line-break"):
            out.append("\t" if child.tag == _TEXT + "tab" else "\n")
        elif isinstance(child.tag, str) and child.tag != _OFFICE + "annotation":
            out.append(_paragraph(child))
        out.append(child.tail or "")
    return "".join(out)
