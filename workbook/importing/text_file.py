"""A text file (CSV) as a source: its encoding, its delimiter, its rows, and the number of each row as an editor shows it."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.csv

from workbook.importing.encodings import ENCODINGS, find_encoding
from workbook.importing.source import MOST_COLUMNS, Ints, Source, clean_header, refuse_length
from xladdin.counted import counted
from xladdin.errors import BadRequest

DELIMITERS: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SAMPLE_LINES: Final = 200
_SAMPLE: Final = 1 << 20  # characters
_EVEN: Final = 0.9  # share of the first rows that a delimiter splits alike
_LINE_END: Final = re.compile(r"\r\n|\r|\n")
_LONE_CR: Final = re.compile(r"\r(?!\n)")
#: what Excel itself takes as a first line that names the delimiter
_SEP: Final = re.compile(r'"?sep=(.)"?[ \t,;|]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)


def read_text(path: Path, _sheet: str, header_row: int, encoding: str, delimiter: str) -> Source:
    """Read a text file. Raises BadRequest when encoding or delimiter cannot be told without a guess."""
    name, data = path.name, path.read_bytes()
    encoding = encoding or find_encoding(name, data)
    try:
        text = data.decode(encoding)
    except (UnicodeError, LookupError):
        raise BadRequest(f"{name} is not text in the encoding {encoding}; try --encoding with one of {', '.join(ENCODINGS)}") from None
    del data
    if "\x00" in text:
        raise BadRequest(f"{name} is neither text nor an Excel or Parquet file")
    text = text.removeprefix("\ufeff")
    text, skipped, said = _named_delimiter(text, header_row)
    if not text.strip():
        raise BadRequest(f"{name} has no row {header_row}")
    delimiter = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter) or said or _delimiter(name, text)
    if len(delimiter) != 1:
        raise BadRequest(f"{name}: the delimiter must be one character; got {delimiter!r}")
    text = _LONE_CR.sub("\n", text)  # Excel for the Mac ends lines so
    columns, starts, bad = _columns(name, text, delimiter)
    lines = starts + skipped + 1
    if bad:
        raise BadRequest(_uneven(name, bad, lines, header_row + skipped))
    header = [clean_header(column[0].as_py()) for column in columns]
    detected = {"format": "CSV", "encoding": encoding, "delimiter": DELIMITERS.get(delimiter, delimiter)}
    return Source(name, header, [column.slice(1) for column in columns], lines[1:], detected)


def _uneven(name: str, bad: list[Any], lines: Ints, header_row: int) -> str:
    """Say which rows are wider or narrower than the header, and what to do about titles above and headings between the rows."""
    first = bad[0]
    where = f"row {int(lines[first.number - 1])}" if first.number and first.number <= len(lines) else "a row"
    told = (
        f"{name}: {where} has {counted(first.actual_columns, 'column')} where the header has {first.expected_columns} "
        f"({counted(len(bad), 'such row')}): {' '.join(first.text.split())[:60]}"
    )
    if first.text.lstrip().startswith("|"):
        return f"{told}; it is a list as SAP prints it, not a table: save the list there as a spreadsheet, or as text with tabs"
    if first.actual_columns > first.expected_columns and first.actual_columns > 1 and where != "a row":
        return f"{told}; if row {header_row} is a title, give the row of the column names with --header-row {where.removeprefix('row ')}"
    if all(row.actual_columns < row.expected_columns for row in bad):
        return f"{told}; headings of groups and footers are no documents: take them out, or export the list without groups and totals"
    return told


def _named_delimiter(text: str, header_row: int) -> tuple[str, int, str]:
    """Return the text from the header's row on, the number of lines before it, and the delimiter that its first line names."""
    found = _SEP.match(text[:200])
    said = found[1] if found else ""
    skip = header_row - 1
    if found and header_row == 1:
        skip = 1
    at = 0
    for _ in range(skip):
        end = _LINE_END.search(text, at)
        if end is None:
            return "", skip, said
        at = end.end()
    return text[at:], skip, said


def _columns(name: str, text: str, delimiter: str) -> tuple[list[pa.Array], Ints, list[Any]]:
    """Return the columns with their header, the line on which each row begins (from 0), and the rows of another width.

    The lines of rows of another width are among the lines.
    """
    lead = text.lstrip("\r\n")
    end = _LINE_END.search(lead)
    marks = lead.count(delimiter, 0, end.start() if end else len(lead))
    if marks >= MOST_COLUMNS:
        raise BadRequest(f"{name}: the first row has {marks + 1:,} columns, a sheet has {MOST_COLUMNS:,}")
    try:
        width = len(next(row for row in csv.reader(io.StringIO(lead, newline=""), delimiter=delimiter) if row))
    except csv.Error as error:
        raise BadRequest(f"{name} is not a readable CSV file: {error}") from None
    bad: list[Any] = []

    def ragged(row: Any) -> str:
        bad.append(row)
        return "skip"

    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(text.encode("utf-8", "surrogatepass")),
            pyarrow.csv.ReadOptions(autogenerate_column_names=True, use_threads=False, block_size=1 << 24),
            pyarrow.csv.ParseOptions(delimiter=delimiter, newlines_in_values=True, invalid_row_handler=ragged),
            pyarrow.csv.ConvertOptions(
                column_types={f"f{index}": pa.string() for index in range(width)},
                strings_can_be_null=False, quoted_strings_can_be_null=False,
            ),
        )  # fmt: skip
    except pa.ArrowException as error:
        if "straddl" in str(error):
            raise BadRequest(f"{name} holds a cell of more than 16 MB; a quote that is opened and not closed may be the reason") from None
        raise BadRequest(f"{name} is not a readable CSV file: {str(error).splitlines()[0]}") from None
    refuse_length(name, table.num_rows)
    columns = [column.combine_chunks() for column in table.columns]
    return columns, _lines(text, delimiter, table.num_rows + len(bad)), bad


def _lines(text: str, delimiter: str, count: int) -> Ints:
    """Return the line on which each row begins, from 0. Blank lines are no rows; a line end between quotes ends none."""
    data = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    begins = np.concatenate(([0], ends + 1))
    stops = np.append(ends, len(data))
    length = stops - begins
    length -= (length > 0) & (data[np.maximum(stops - 1, 0)] == ord("\r"))
    if '"' in text:
        quotes = np.cumsum(data == ord('"'), dtype=np.int32)
        before = np.where(begins > 0, quotes[begins - 1], 0)
        found = np.flatnonzero((length > 0) & (before % 2 == 0))
    else:
        found = np.flatnonzero(length > 0)
    if len(found) == count:
        return found.astype(np.int64)
    return _lines_one_by_one(text, delimiter, count)


def _lines_one_by_one(text: str, delimiter: str, count: int) -> Ints:
    """Find the lines where a quote stands inside a cell that is not quoted."""
    reader, starts, at = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [], 0
    try:
        for row in reader:
            if row:
                starts.append(at)
            at = reader.line_num
    except csv.Error:
        pass
    return np.array(starts if len(starts) == count else range(count), np.int64)


def _delimiter(name: str, text: str) -> str:
    """Return the delimiter that splits the header and the first rows into one number of columns, more than one."""
    sample = [line for line in _LINE_END.split(text[:_SAMPLE])[:_SAMPLE_LINES] if line.strip()]
    counts: dict[str, int] = {}
    for mark in DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(sample, delimiter=mark) if row]
        except csv.Error:
            continue  # a cell longer than any sheet's
        if widths and widths[0] > 1:
            even = sum(width == widths[0] for width in widths) / len(widths)
            if even > _EVEN:
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
