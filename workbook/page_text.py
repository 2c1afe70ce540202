"""A sheet as lines of text: what `xladdin show` prints of a workbook as it stands, where no spreadsheet program is at hand.

A sheet has head lines, an Excel table and, in a report, its totals and smaller tables below; each table is a `Part`.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import xlwings as xw

from workbook.host_book import read_columns
from workbook.report_place import extent_of
from xladdin.errors import BadRequest
from xladdin.registry import reports

_WIDEST: Final = 150  # characters; a wider row is written one field a line
_BACK: Final = ("Control", "控制台")  # the link back to the sheet Control, in the first row of every sheet

Row = tuple[int, list[Any]]  # number on the sheet, cells


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a sheet: title, the sheet's number of each column, header, rows, and the totals below them; what is to be shown."""

    title: str
    numbers: list[int]
    header: list[str]
    rows: list[Row]
    totals: list[Row]
    columns: tuple[int, ...] = ()

    @property
    def shown(self) -> list[int]:
        """Places of the columns to show, in their order: those asked for, else all that have a header."""
        return [at for at in self.columns or range(len(self.header)) if self.header[at]]


def find_page(book: xw.Book, name: str) -> xw.Sheet:
    """Return the sheet of this name, or of the report of this key. Raises BadRequest that names the sheets."""
    wanted = name.strip().casefold()
    spec = reports().get(wanted)
    pages = {page.name.casefold(): page for page in book.sheets}
    found = pages.get(wanted) or (pages.get(spec.sheet.casefold()) if spec is not None else None)
    if found is not None:
        return found
    shown = ", ".join(page.name for page in book.sheets if "." not in page.name)
    raise BadRequest(f'{book.name} has no sheet "{name}"; it has {shown}')


def read_page(page: xw.Sheet) -> tuple[list[str], list[Part]]:
    """Read a sheet into its head lines and its parts."""
    report = next((key for key, spec in reports().items() if spec.sheet == page.name), None)
    place = (extent_of(page, report) if report else None) or page.used_range
    last, width = place.row + place.rows.count - 1, place.column + place.columns.count - 1
    table = next((table.range for table in page.tables), None)
    if table is None:
        numbers, rows = _read_cells(page, last, width)
        return [], _plain_tables(rows, numbers)
    first, end = table.row, table.row + table.rows.count - 1  # its header, its last row
    numbers, rows = _read_cells(page, max(last, end), max(width, table.column + table.columns.count - 1))
    left, right = (bisect_left(numbers, column) for column in (table.column, table.column + table.columns.count))
    head = [line for number, cells in rows.items() if number < first and (line := _line(cells))]
    inside = [(number, cells[left:right]) for number, cells in rows.items() if first < number <= end]
    totals: list[Row] = []
    below = end + 2  # a blank row parts the totals from the table
    while report and below in rows:
        totals.append((below, rows[below][left:right]))
        below += 1
    header = [cell_text(cell) for cell in rows.get(first, [None] * len(numbers))[left:right]]
    main = Part(head[0] if head else page.name, numbers[left:right], header, [row for row in inside if not _empty(row[1])], totals)
    rest = {number: cells for number, cells in rows.items() if number > below}
    return head, [main, *(_plain_tables(rest, numbers) if report else [])]


def _read_cells(page: xw.Sheet, last: int, width: int) -> tuple[list[int], dict[int, list[Any]]]:
    """Return the numbers of the columns that hold something, and by number the rows that do, with a cell for each of those columns.

    A cell far away from all others makes no room for what lies between.
    """
    sparse = getattr(page.impl, "read_filled", None)
    if sparse is not None:
        return sparse(last, width)  # type: ignore[no-any-return]
    rows = enumerate(zip(*read_columns(page, 1, 1, last, width), strict=True), start=1)
    return list(range(1, width + 1)), {number: list(row) for number, row in rows if not _empty(row)}


def _plain_tables(rows: Mapping[int, list[Any]], numbers: list[int]) -> list[Part]:
    """Find the tables that are plain cells: rows without a blank one between them, the title first, then the header."""
    parts: list[Part] = []
    group: list[Row] = []
    for number, row in [*rows.items(), (0, [])]:
        if group and number != group[-1][0] + 1:
            filled = [sum(not _blank(cell) for cell in cells) for _, cells in group[:3]]
            at = filled.index(max(filled))
            title = "   ".join(_line(cells) for _, cells in group[:at])
            parts.append(Part(title, numbers, [cell_text(cell) for cell in group[at][1]], group[at + 1 :], []))
            group = []
        group.append((number, row))
    return parts


def _line(row: Sequence[Any]) -> str:
    return "   ".join(re.sub(r"\s*\n\s*", " ", cell_text(cell)) for cell in row if not _blank(cell) and cell not in _BACK)


def _blank(cell: Any) -> bool:
    return cell is None or cell == ""


def _empty(row: Sequence[Any]) -> bool:
    return all(map(_blank, row))


def cell_text(cell: Any, number_format: str = "") -> str:
    """Write a cell as its sheet shows it: dates, amounts and percentages by the format of the cell."""
    if _blank(cell):
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, (int, float)):
        shown = re.match(r"(#,##)?0(?:\.(0+))?(%)?", number_format)
        if shown is None:
            return f"{cell:.10g}"
        places, thousands = len(shown[2] or ""), "," if shown[1] else ""
        return f"{cell * 100:.{places}f}%" if shown[3] else f"{cell:{thousands}.{places}f}"
    return str(cell)


def pick(parts: Sequence[Part], title: str | None, words: Sequence[str], columns: Sequence[str]) -> list[Part]:
    """Return the parts with the rows that hold all words and the columns named. Raises BadRequest for what is not there."""
    if title is not None:
        found = [part for part in parts if part.title.casefold().startswith(title.strip().casefold())]
        if not found:
            raise BadRequest(f'the sheet has no part "{title}"; it has {"; ".join(part.title for part in parts if part.title)}')
        parts = found
    if words:
        parts = [replace(part, rows=_holding(part.rows, words), totals=_holding(part.totals, words)) for part in parts]
        parts = [part for part in parts if part.rows or part.totals]
        if not parts:
            raise BadRequest(f"no row of the sheet holds {' and '.join(words)}")
    known = {label.casefold(): label for part in parts for label in part.header if label}
    wanted = [column.strip().casefold() for column in columns]
    for key, column in zip(wanted, columns, strict=True):
        if key not in known:
            raise BadRequest(f'the sheet has no column "{column.strip()}"; it has {", ".join(known.values())}')
    if not wanted:
        return list(parts)
    places = [{label.casefold(): at for at, label in enumerate(part.header)} for part in parts]
    chosen = [tuple(place[key] for key in wanted if key in place) for place in places]
    return [replace(part, columns=columns) for part, columns in zip(parts, chosen, strict=True) if columns]


def _holding(rows: Sequence[Row], words: Sequence[str]) -> list[Row]:
    wanted = [word.strip().casefold() for word in words]
    return [row for row in rows if all(any(word in cell_text(cell).casefold() for cell in row[1]) for word in wanted)]


def lines_of(page: xw.Sheet, parts: Sequence[Part], top: int) -> list[str]:
    """Write parts as lines: a table each, or one field a line where a row is too wide; no more than `top` rows and the totals."""
    lines: list[str] = []
    for part in parts:
        rows, body = [*part.rows[:top], *part.totals], min(top, len(part.rows))
        used = [at for at in part.shown if any(not _blank(row[at]) for _, row in rows)]
        cells = [[cell_text(row[at], _format(page, number, part.numbers[at], row[at])) for at in used] for number, row in rows]
        numbers = [all(isinstance(row[at], (int, float)) or _blank(row[at]) for _, row in rows) for at in used]
        table = _table([part.header[at] for at in used or part.shown], cells, numbers)
        more = [[f"… and {len(part.rows) - top:,} more; --top {len(part.rows)} shows all"]] if len(part.rows) > top else []
        lines += [*([""] if lines else []), *([part.title] if part.title else [])]
        lines += [line for block in [*table[: body + 1], *more, *table[body + 1 :]] for line in block]
    return lines


def _format(page: xw.Sheet, row: int, column: int, cell: Any) -> str:
    numeric = isinstance(cell, (int, float)) and not isinstance(cell, bool)
    return str(page.range((row, column)).number_format or "") if numeric else ""


def _table(header: list[str], rows: list[list[str]], numbers: list[bool]) -> list[list[str]]:
    """Lay a table out: the lines of its header, then those of each row."""
    table = [[" ".join(cell.split()) for cell in row] for row in [header, *rows]]
    if not rows:
        return [["  ".join(filter(None, table[0]))]]
    widths = [max(_width(row[at]) for row in table) for at in range(len(header))]
    if sum(widths) + 2 * len(widths) <= _WIDEST:
        return [["  ".join(_padded(cell, widths[at], right=numbers[at]) for at, cell in enumerate(row)).rstrip()] for row in table]
    name = max(map(_width, table[0]))
    fields = [[f"{_padded(label, name)}  {cell}" for label, cell in zip(table[0], row, strict=True) if cell] for row in table[1:]]
    return [[], *([*([""] if number else []), *lines] for number, lines in enumerate(fields))]


def _width(text: str) -> int:
    """Count the places a text takes on a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _padded(text: str, width: int, *, right: bool = False) -> str:
    space = " " * (width - _width(text))
    return space + text if right else text + space


def data_of(page: xw.Sheet, head: Sequence[str], parts: Sequence[Part]) -> dict[str, Any]:
    """Return what was picked for a program: each row as column -> value."""
    return {
        "sheet": page.name,
        "head": list(head),
        "parts": [{"title": part.title, "rows": [_as_dict(part, row) for _, row in [*part.rows, *part.totals]]} for part in parts],
    }


def _as_dict(part: Part, row: Sequence[Any]) -> dict[str, Any]:
    cells = {part.header[at]: row[at] for at in part.shown}
    return {label: cell_text(cell) if isinstance(cell, dt.date) else None if _blank(cell) else cell for label, cell in cells.items()}
