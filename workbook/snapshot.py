"""What a refresh may change in an open workbook, kept before it and put back: Undo in a program that forgets its own undo list.

Kept are the sheets of the reports asked for, the sheet Archive, the table Status and the cells behind charts: their cells, the extent
of their tables, the defined names, and the look of the rows below a table. Everything else is not touched, so that what was typed
elsewhere after the refresh stays.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import xlwings as xw

from workbook.column_keys import EXTENT, KEPT, hide, names_of
from workbook.host_cells import number_formats, put, stored
from workbook.host_tables import ARCHIVE, HEADER_ROW, written_sheets
from workbook.refresh import chosen
from workbook.report_place import report_sheets
from workbook.report_state import refuse_protected
from xladdin.cells import rows_of

_LOOK: Final = ("color", "bold", "ink")
#: rows below a table whose look is kept: totals and the smaller tables
_TAIL: Final = 200


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a sheet as it stood: the cells from `top` and `left` on, with formulas as texts that begin with "="."""

    name: str
    top: int
    left: int
    values: list[list[Any]]
    formulas: dict[tuple[int, int], str]
    tables: dict[str, str] = field(default_factory=dict)
    looks: list[tuple[int, int, list[dict[str, Any]]]] = field(default_factory=list)  # from row to row: the look of each column
    formats: list[tuple[int, int, int, str]] = field(default_factory=list)  # from row to row of a column: its number format
    below: int = HEADER_ROW + 1  # the first row below the header of a report's table


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The pages, and the defined names that say where reports stand and which of their columns is which."""

    pages: list[Page]
    names: dict[str, str]


def take(book: xw.Book, keys: Sequence[str] | None) -> Snapshot:
    """Keep what a refresh of these reports may change. Raises BadRequest where one of its sheets is protected: it could not be put back."""
    wanted = chosen(keys)
    sheets, places = {page.name: page for page in book.sheets}, report_sheets(book)
    refuse_protected(written_sheets(book, [places[key] for key in wanted if key in places]))
    names = dict(names_of(book))
    pages = [_whole(places[key]) for key in wanted if key in places]
    pages += [_part(place) for place in _beside(names, sheets, list(wanted))]
    return Snapshot(pages, {text: name.refers_to or "" for text, name in names.items() if _ours(text)})


def _ours(name: str) -> bool:
    """Tell whether a refresh writes the name: of the workbook, or of a sheet where somebody gave it that scope."""
    return name.rpartition("!")[2].startswith(KEPT)


def put_back(book: xw.Book, kept: Snapshot) -> None:
    """Make the pages what they were; a sheet that is gone is left out. Raises BadRequest, before it writes, where one is protected."""
    sheets = {page.name: page for page in book.sheets}
    refuse_protected(sheets[name] for name in dict.fromkeys(page.name for page in kept.pages) if name in sheets)
    for page in kept.pages:
        if page.name in sheets:
            _restore(sheets[page.name], page)
    there = dict(names_of(book))
    for text, name in there.items():
        was = kept.names.get(text)
        if was is None and _ours(text):
            name.delete()
        elif was and name.refers_to != was:
            name.refers_to = was
    for text, was in kept.names.items():  # names of columns that the refresh no longer had
        if was and text not in there and "!" not in text:
            made = book.names.add(text, was)
            if not text.startswith(EXTENT):
                hide(made)


def _beside(names: dict[str, xw.main.Name], sheets: dict[str, xw.Sheet], keys: list[str]) -> Iterator[xw.Range]:
    """Name the other places that a refresh writes to."""
    for page in sheets.values():
        for table in page.tables:
            if table.name in (ARCHIVE, "Status"):
                yield table.range
    for text, name in names.items():
        if any(text == f"chart_{key}" or text.startswith(f"chart_{key}_") for key in keys):
            yield name.refers_to_range


def _whole(page: xw.Sheet) -> Page:
    used = page.used_range
    last, width = used.row + used.rows.count - 1, used.column + used.columns.count - 1
    tables = {table.name: table.range.get_address(False, False) for table in page.tables}
    bottom = max((table.range.row + table.range.rows.count - 1 for table in page.tables), default=HEADER_ROW)
    below, left = _first_cell(page)
    looks = [(below - 1, below - 1, _looks(page, below - 1, width))]
    if bottom >= below:
        looks.append((below, bottom, _looks(page, below, width)))
    first, shown = bottom + 1, None
    for row in range(bottom + 1, min(last, bottom + _TAIL) + 1):  # rows that begin alike look alike
        cell = page.range((row, left))
        now = (cell.color, cell.font.bold, cell.value is None)
        if row > first and now != shown:
            looks.append((first, row - 1, _looks(page, first, width)))
            first = row
        shown = now
    if last > bottom:
        looks.append((first, max(first, min(last, bottom + _TAIL)), _looks(page, first, width)))
    formats = [
        (below - 1 + start, below + end - 2, column, code)
        for column in range(1, width + 1) if last >= below
        for start, end, code in number_formats(page.range((below - 1, column), (last, column)))
    ]  # fmt: skip
    return replace(_cells(page.range((1, 1), (last, width)), tables, looks), formats=formats, below=below)


def _first_cell(page: xw.Sheet) -> tuple[int, int]:
    """Return row and column of the first cell below the header of the sheet's table, wherever inserted rows and columns moved it."""
    places = [(table.range.row + bool(table.show_headers), table.range.column) for table in page.tables]
    return min(places, default=(HEADER_ROW + 1, 1))


def _part(place: xw.Range) -> Page:
    """Keep a table or a block of cells; a table may have grown by the time it is put back."""
    tables = {table.name: table.range.get_address(False, False) for table in place.sheet.tables if table.range.address == place.address}
    return _cells(place, tables, [])


def _cells(place: xw.Range, tables: dict[str, str], looks: list[tuple[int, int, list[dict[str, Any]]]]) -> Page:
    values = stored(place)
    written = place.formula
    rows = rows_of(written) or [[written]]
    if len(rows) != len(values):  # one row came as a flat list
        rows = [[cell for row in rows for cell in row]]
    formulas = {
        (number, column): text
        for number, row in enumerate(rows)
        for column, text in enumerate(row)
        if isinstance(text, str) and text.startswith("=") and text != values[number][column]
    }
    return Page(place.sheet.name, place.row, place.column, [list(row) for row in values], formulas, tables, looks)


def _looks(page: xw.Sheet, row: int, width: int) -> list[dict[str, Any]]:
    cells = [page.range((row, column)) for column in range(1, width + 1)]
    return [dict(zip(_LOOK, (cell.color, cell.font.bold, cell.font.color), strict=True)) for cell in cells]


def _restore(sheet: xw.Sheet, page: Page) -> None:
    height, width = len(page.values), len(page.values[0])
    whole = bool(page.looks)
    last, right = page.top + height - 1, page.left + width - 1
    for table in sheet.tables:
        if table.name in page.tables:
            last = max(last, table.range.row + table.range.rows.count - 1)
    if whole:
        used = sheet.used_range
        last, right = max(last, used.row + used.rows.count - 1), max(right, used.column + used.columns.count - 1)
    below = page.below if whole else page.top + bool(page.tables)
    if last >= below:
        area = sheet.range((below, page.left), (last, right))
        area.clear_contents()  # not the headers: Excel would write its own into an empty one
        if whole:
            area = sheet.range((below - 1, page.left), (last, right))
            area.color = None
            area.font.bold = False
            area.font.color = (0, 0, 0)
    for table in sheet.tables:
        address = page.tables.get(table.name)
        if address is not None and table.range.get_address(False, False) != address:
            table.resize(sheet.range(address))
    for first, end, looks in page.looks:
        for column, look in enumerate(looks, start=1):
            _dress(sheet.range((first, column), (end, column)), look)
    for first, end, column, code in page.formats:
        sheet.range((first, column), (end, column)).number_format = code
    put(sheet.range((page.top, page.left), (page.top + height - 1, page.left + width - 1)), _plain(page))
    for column, top, texts in _runs(page.formulas):
        first, side = page.top + top, page.left + column
        sheet.range((first, side), (first + len(texts) - 1, side)).formula = [[text] for text in texts]


def _plain(page: Page) -> list[list[Any]]:
    """Return the values, with nothing where a formula follows."""
    formulas = page.formulas
    return [[None if (row, column) in formulas else cell for column, cell in enumerate(cells)] for row, cells in enumerate(page.values)]


def _runs(formulas: dict[tuple[int, int], str]) -> Iterator[tuple[int, int, list[str]]]:
    """Yield formulas that stand below each other together: column, first row, texts."""
    run: list[str] = []
    start = before = (0, 0)
    for row, column in sorted(formulas, key=lambda place: (place[1], place[0])):
        if run and (column, row - 1) != (before[1], before[0]):
            yield start[1], start[0], run
            run = []
        if not run:
            start = (row, column)
        run.append(formulas[row, column])
        before = (row, column)
    if run:
        yield start[1], start[0], run


def _dress(place: xw.Range, look: dict[str, Any]) -> None:
    if look["color"] is not None:
        place.color = look["color"]
    if look["bold"]:
        place.font.bold = True
    if look["ink"] is not None:
        place.font.color = look["ink"]
