"""Read a source file into columns, as they stand in it: a text, a spreadsheet or Parquet, told apart by their first bytes.

A file comes from anywhere: what is larger than any sheet is refused before room is made for it, and a damaged one in one sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from workbook.importing.excel_file import read_excel
from workbook.importing.parquet_file import read_parquet
from workbook.importing.source import MOST_BYTES, Source, refuse_length
from workbook.importing.text_file import read_text
from xladdin.errors import BadRequest

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PARQUET: Final = b"PAR1"
_BIFF: Final = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")  # a .xls without its container, as some programs write it
_PAGE: Final = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|table|meta|style|div)\b", re.IGNORECASE | re.DOTALL)
_XML: Final = re.compile(rb"\s*<(?:\?xml|Workbook\b|ss:Workbook\b)", re.IGNORECASE)
_SPREADSHEET_XML: Final = b"urn:schemas-microsoft-com:office:spreadsheet"
#: what else is handed over under the name of a table, by its first bytes
_OTHERS: Final = {
    b"%PDF": "a PDF", b"\x1f\x8b": "a compressed file (gzip)", b"7z\xbc\xaf": "a compressed file (7z)", b"Rar!": "a compressed file (RAR)",
    b"{\\rtf": "a text of Word (RTF)", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture", b"SQLite": "a database (SQLite)",
    b"ORC": "an ORC file", b"Obj\x01": "an Avro file", b"ARROW1": "an Arrow file", b"PK\x05\x06": "an empty zip file",
}  # fmt: skip


def read_source(
    path: Path, *, sheet: str = "", header_row: int = 1, encoding: str = "", delimiter: str = "",
) -> Source:
    """Read a file. Raises BadRequest when it cannot be read without a guess, naming the option that decides."""
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise BadRequest(
                f"{path.name} has {size / 2**20:,.0f} MB; no more than {MOST_BYTES >> 20:,} MB are imported into a sheet. "
                "Leave the file where it is and name it in the setting Ledger, as docs/large-ledgers.md tells"
            )
        with path.open("rb") as file:
            start = file.read(4096)
        read = _reader(path, start)
        source = read(path, sheet, header_row, encoding, delimiter)
    except OSError as error:
        raise BadRequest(f"{path.name} cannot be read: {error.strerror or error}") from None
    except MemoryError:
        raise BadRequest(f"{path.name} needs more memory than there is: take a part of it, or save it as Parquet") from None
    named = [index for index, name in enumerate(source.header) if name]
    if not named:
        raise BadRequest(f"{path.name}: row {header_row} holds no column names; give the header's row with --header-row")
    refuse_length(path.name, source.rows)
    return replace(
        source, header=[source.header[i] for i in named], columns=[source.columns[i] for i in named],
        unvalued={new: source.unvalued[old] for new, old in enumerate(named) if old in source.unvalued},
    )  # fmt: skip


def _reader(path: Path, start: bytes) -> Callable[[Path, str, int, str, str], Source]:
    """Return what reads a file that begins so. Raises BadRequest for what is no table, saying what it is."""
    if not start.strip() and path.stat().st_size <= len(start):
        raise BadRequest(f"{path.name} is empty")
    if start[:4] == _PARQUET:
        return read_parquet
    if start[:4] == _ZIP or start[:8] == _OLE or start[:4] == _OLE[:4] or _BIFF.match(start):
        return read_excel
    what = next((words for mark, words in _OTHERS.items() if start.startswith(mark)), "")
    if what:
        raise BadRequest(f"{path.name} is {what}, not a table; save the table as .xlsx or .csv")
    bare = _bare(start)
    if _PAGE.match(bare) or _XML.match(bare):
        page = "an Excel file in XML (2003)" if _SPREADSHEET_XML in start.replace(b"\x00", b"") else "a web page (HTML) or XML"
        raise BadRequest(f"{path.name} is {page}, whatever its name says; open it in Excel and save it as .xlsx")
    return read_text


def _bare(start: bytes) -> bytes:
    """Take what encodings put before and between the letters of a page away."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        start = start.removeprefix(mark)
    return start.replace(b"\x00", b"")
