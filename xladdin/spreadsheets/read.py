"""Reads one sheet of a spreadsheet: which kind of file it is, which of its sheets is meant, and its cells."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any, Final, Protocol

from xladdin.errors import BadRequest, NotAWorkbook, Refused
from xladdin.hosts.file.package import guard_size
from xladdin.spreadsheets.cells import SheetCells
from xladdin.spreadsheets.ods_file import OdsFile
from xladdin.spreadsheets.xls_file import XlsFile
from xladdin.spreadsheets.xlsb_file import XlsbFile
from xladdin.spreadsheets.xlsx_file import XlsxFile

_ZIP: Final = b"PK\x03\x04"


class _File(Protocol):
    @property
    def names(self) -> list[str]: ...
    def has_cells(self, name: str) -> bool: ...
    def read(self, name: str) -> SheetCells: ...
    def close(self) -> None: ...


def read_sheet(path: Path, sheet: str = "") -> SheetCells:
    """Read the one sheet with data, or the one named. Raises BadRequest for a damaged file, and where several sheets hold data."""
    name = path.name
    try:
        file = _open(path)
        try:
            chosen = _choose(file, name, sheet)
            return file.read(chosen)
        finally:
            file.close()
    except NotAWorkbook as error:
        raise BadRequest(f"{name} is not a readable Excel file (it may be encrypted or damaged): {error}") from None
    except (Refused, OSError, MemoryError):
        raise
    except Exception as error:  # noqa: BLE001 - a damaged file fails in as many ways as there are bytes in it
        why = str(error).strip().splitlines()[:1]
        raise BadRequest(
            f"{name} is not a readable Excel file (it may be encrypted or damaged): {why[0] if why else type(error).__name__}"
        ) from None


def _open(path: Path) -> _File:
    with path.open("rb") as file:
        start = file.read(4)
    if start != _ZIP:
        return XlsFile(path)
    with zipfile.ZipFile(path) as parts:
        guard_size(parts.infolist())
        names = set(parts.namelist())
    if "content.xml" in names:
        return OdsFile(path)
    if any(one.endswith("workbook.bin") for one in names):
        return XlsbFile(path)
    return XlsxFile(path)


def _choose(file: Any, name: str, sheet: str) -> str:
    if sheet:
        if sheet not in file.names:
            raise BadRequest(f"{name} has no sheet {sheet}; there are {', '.join(file.names)}")
        if not file.has_cells(sheet):
            raise BadRequest(f"{name}: the sheet {sheet} is empty")
        return sheet
    filled = [one for one in file.names if file.has_cells(one)]
    if not filled:
        raise BadRequest(f"{name} has no data")
    if len(filled) > 1:
        raise BadRequest(f"{name} has several sheets with data: {', '.join(filled)}; choose one with --sheet")
    return str(filled[0])
