"""Read a source file into columns, as they stand in it: CSV, XLSX (or older Excel), Parquet, told apart by their first bytes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet
from python_calamine import CalamineError, CalamineWorkbook

from xladdin.counted import counted
from xladdin.errors import BadRequest

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODINGS: Final = ("utf-8-sig", "utf-8", "utf-16", "gb18030", "cp1252")
_HIGH: Final = re.compile(rb"[\x80-\xff]+")
_SAMPLE_LINES: Final = 200
_CLEAR: Final = 0.9  # share of the bytes above ASCII that must speak for an encoding


@dataclass(frozen=True, slots=True)
class Source:
    """A file's columns. `columns` are Arrow texts (CSV), Arrow values (Parquet) or lists of cells (XLSX)."""

    name: str
    header: list[str]
    columns: list[Any]
    first_row: int
    detected: dict[str, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Number of data rows."""
        return len(self.columns[0]) if self.columns else 0


def read_source(
    path: Path, *, sheet: str = "", header_row: int = 1, encoding: str = "", delimiter: str = "",
) -> Source:
    """Read a file. Raises BadRequest when it cannot be read without a guess, naming the option that decides."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadRequest(f"{path.name} cannot be read: {error.strerror or error}") from None
    if not data.strip():
        raise BadRequest(f"{path.name} is empty")
    if data[:4] == b"PAR1":
        source = _parquet(path.name, data)
    elif data[:4] in (b"PK\x03\x04", b"\xd0\xcf\x11\xe0"):
        source = _excel(path.name, data, sheet, header_row)
    else:
        source = _csv(path.name, data, header_row, encoding, delimiter)
    named = [index for index, name in enumerate(source.header) if name]
    if not named:
        raise BadRequest(f"{path.name}: row {header_row} holds no column names; give the header's row with --header-row")
    return Source(
        source.name, [source.header[i] for i in named], [source.columns[i] for i in named], source.first_row, source.detected,
    )


def _parquet(name: str, data: bytes) -> Source:
    try:
        table = pyarrow.parquet.read_table(pa.BufferReader(data))
    except (pa.ArrowInvalid, OSError) as error:
        raise BadRequest(f"{name} is not a readable Parquet file: {error}") from None
    return Source(name, list(table.column_names), [column.combine_chunks() for column in table.columns], 1, {"format": "Parquet"})


def _excel(name: str, data: bytes, sheet: str, header_row: int) -> Source:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
        if sheet and sheet not in names:
            raise BadRequest(f"{name} has no sheet {sheet}; there are {', '.join(names)}")
        chosen = [sheet] if sheet else names
        filled = {one: rows for one in chosen if any(map(_any_cell, rows := book.get_sheet_by_name(one).to_python(skip_empty_area=False)))}
    except CalamineError as error:
        raise BadRequest(f"{name} is not a readable Excel file (it may be encrypted or damaged): {error}") from None
    if not filled:
        raise BadRequest(f"{name} has no data" if not sheet else f"{name}: the sheet {sheet} is empty")
    if len(filled) > 1:
        raise BadRequest(f"{name} has several sheets with data: {', '.join(filled)}; choose one with --sheet")
    (found, rows), = filled.items()
    if len(rows) < header_row:
        raise BadRequest(f"{name}: the sheet {found} has {counted(len(rows), 'row')}, no row {header_row}")
    header = [_header(cell) for cell in rows[header_row - 1]]
    body = rows[header_row:]
    columns = [list(column) for column in zip(*body, strict=True)] if body else [[] for _ in header]
    return Source(name, header, columns, header_row + 1, {"format": "Excel", "sheet": found})


def _any_cell(row: Sequence[Any]) -> bool:
    return any(cell not in ("", None) for cell in row)


def _header(cell: Any) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _csv(name: str, data: bytes, header_row: int, encoding: str, delimiter: str) -> Source:
    encoding = encoding or _encoding(name, data)
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        raise BadRequest(f"{name} is not text in the encoding {encoding}; try --encoding with one of {', '.join(ENCODINGS)}") from None
    if "\x00" in text:
        raise BadRequest(f"{name} is neither text nor an Excel or Parquet file")
    text = text.removeprefix("\ufeff")
    if header_row > 1:
        text = "".join(text.splitlines(keepends=True)[header_row - 1 :])
    if not text.strip():
        raise BadRequest(f"{name} has no row {header_row}")
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter) or _delimiter(name, text)
    if len(delimiter) != 1:
        raise BadRequest(f"{name}: the delimiter must be one character; got {delimiter!r}")
    width = len(next(csv.reader(io.StringIO(text), delimiter=delimiter)))
    bad: list[Any] = []

    def ragged(row: Any) -> str:
        bad.append(row)
        return "skip"

    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(text.encode()),
            pyarrow.csv.ReadOptions(autogenerate_column_names=True, use_threads=False, block_size=1 << 24),
            pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=ragged),
            pyarrow.csv.ConvertOptions(
                column_types={f"f{index}": pa.string() for index in range(width)},
                strings_can_be_null=False, quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        raise BadRequest(f"{name} is not a readable CSV file: {error}") from None
    if bad:
        first = bad[0]
        where = f"row {first.number + header_row - 1}" if first.number else "a row"
        raise BadRequest(
            f"{name}: {where} has {counted(first.actual_columns, 'column')} where the header has {first.expected_columns} "
            f"({counted(len(bad), 'such row')}): {first.text[:60]}"
        )
    columns = [column.combine_chunks() for column in table.columns]
    header = [_header(column[0].as_py()) for column in columns]
    detected = {"format": "CSV", "encoding": encoding, "delimiter": DELIMITERS.get(delimiter, delimiter)}
    return Source(name, header, [column.slice(1) for column in columns], header_row + 1, detected)


def _encoding(name: str, data: bytes) -> str:
    """Return the encoding that the bytes speak for. Raises BadRequest when none or two of them are likely."""
    if data[:3] == b"\xef\xbb\xbf":
        return "utf-8-sig"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if _decodes(data, "utf-8"):
        return "utf-8"
    # Chinese text is pairs of high bytes, nearly all of them in GB 2312; in Western text accents stand alone between ASCII letters.
    runs = _HIGH.findall(data)
    pairs = sum(len(run) % 2 == 0 and _decodes(run, "gb2312") for run in runs) / len(runs)
    alone = sum(len(run) == 1 for run in runs) / len(runs)
    if pairs >= _CLEAR and _decodes(data, "gb18030"):
        return "gb18030"
    if alone >= _CLEAR and _decodes(data, "cp1252"):
        return "cp1252"
    raise BadRequest(f"{name}: the encoding of the text is not clear; say it with --encoding, one of {', '.join(ENCODINGS)}")


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _delimiter(name: str, text: str) -> str:
    """Return the delimiter that splits the header and the first rows into one number of columns, more than one."""
    sample = text.splitlines()[:_SAMPLE_LINES]
    counts: dict[str, int] = {}
    for mark in DELIMITERS:
        widths = [len(row) for row in csv.reader(sample, delimiter=mark) if row]
        if widths and widths[0] > 1:
            even = sum(width == widths[0] for width in widths) / len(widths)
            if even > _CLEAR:
                counts[mark] = widths[0]
    if not counts:
        seen = [mark for mark in DELIMITERS if mark in sample[0]]
        if seen:
            return max(seen, key=sample[0].count)  # uneven rows are told when they are read
        return ","  # one column
    best = [mark for mark, count in counts.items() if count == max(counts.values())]
    if len(best) > 1:
        raise BadRequest(f"{name}: columns may be parted by {' or '.join(DELIMITERS[mark] for mark in best)}; say it with --delimiter")
    return best[0]
