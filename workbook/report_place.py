"""Where a report stands on its sheet, wherever an analyst has moved it to.

Built, a report's title stands in row 1 and the header of its table in row 7, from column A on. Rows inserted above and columns inserted
before it move it; its table, the names on its header cells and the name of its head say where it is now. All other code counts rows and
columns as built: `Place.page` is the sheet seen that way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

import xlwings as xw

from workbook.column_keys import Corner, Names, corner_of, head_of, keys_of, read_names
from workbook.host_book import read_columns
from workbook.settings import Settings
from workbook.word_keys import words_of
from xladdin.registry import reports

#: row of the header of a report's table, and number of the lines above it
HEADER_ROW: Final = 7
HEAD_LINES: Final = 5
#: rows looked at for the header of a report that is no table any more and whose names are gone
_SEARCHED: Final = 60


class Extent(NamedTuple):
    """What the last refresh wrote, as built: from row and column 1 to these."""

    last: int
    width: int


@dataclass(frozen=True, slots=True)
class Place:
    """A report's sheet. `page` counts as built; `down` and `right` say how far the report was moved; rows of the sheet are `sheet`'s."""

    sheet: xw.Sheet
    report: str
    table: xw.main.Table | None
    down: int = 0
    right: int = 0
    width: int = 0  # columns of the table, of what was one
    bottom: int = 0  # its last row, as built; 0 where there is none
    totals: bool = False  # its last row is a totals row that the analyst switched on
    head: int = 1  # row of the sheet in which the title stands
    head_rows: int = HEAD_LINES  # more than its lines where rows were inserted between them
    keys: Mapping[str, Corner | None] = field(default_factory=dict)  # by key of a column: its header cell
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by key of a column: what its words mean
    extent: Extent | None = None

    @property
    def page(self) -> xw.Sheet:
        """The sheet, its rows and columns counted as built."""
        return shifted(self.sheet, self.down, self.right)

    @property
    def grown(self) -> bool:
        """Whether rows were inserted between the lines above the table."""
        return self.head_rows > HEAD_LINES

    @property
    def lines(self) -> int:
        """How many lines there is room for above the table."""
        return min(HEAD_LINES, self.down + HEADER_ROW - self.head)


def table_of(page: xw.Sheet, report: str) -> xw.main.Table | None:
    """Return the report's Excel table on its sheet."""
    name = f"rpt_{report}"
    return next((table for table in page.tables if table.name == name), None)


def report_sheets(book: xw.Book) -> dict[str, xw.Sheet]:
    """Return the sheet of each report: that which holds its table, by whatever name; where it is no table any more, that of its name."""
    pages = {page.name: page for page in book.sheets}
    found = {spec.sheet: key for key, spec in reports().items()}
    made = {found[name]: page for name, page in pages.items() if name in found}
    moved = [key for key in reports() if key not in made or table_of(made[key], key) is None]
    if moved:
        tables = {table.name: page for page in pages.values() for table in page.tables}
        made |= {key: tables[f"rpt_{key}"] for key in moved if f"rpt_{key}" in tables}
    return made


def sheet_of(book: xw.Book, report: str) -> xw.Sheet | None:
    """Return the sheet of one report; None where the workbook has none."""
    name = reports()[report].sheet
    page = next((page for page in book.sheets if page.name == name), None)
    if page is not None and table_of(page, report) is not None:
        return page
    return next((other for other in book.sheets if table_of(other, report) is not None), page)


def find_place(page: xw.Sheet, report: str, names: Names | None = None) -> Place:
    """Find where the report stands: by its table, else by the names of its columns, else by what the last refresh wrote."""
    names = read_names(page.book) if names is None else names
    keys = keys_of(names, report, page.name)
    table = table_of(page, report)
    old = extent_of(page, report)
    if table is not None:
        place = table.range
        top, left, width, bottom = place.row, place.column, place.columns.count, place.row + place.rows.count - 1
        if not table.show_headers:  # switched off, the header leaves its row blank
            top -= 1
    else:
        top, left, width, bottom = _was_table(page, report, keys, old)
    down, right = top - HEADER_ROW, left - 1
    head = head_of(names, report, page.name)
    extent = None if old is None else Extent(old.row + old.rows.count - 1 - down, old.column + old.columns.count - 1 - right)
    first = head.row if head else old.row if old is not None else max(down, 0) + 1
    return Place(
        page, report, table, down, right, width, max(bottom - down, 0), bool(table is not None and table.show_totals),
        min(first, top), head.rows if head else HEAD_LINES if top - first < HEADER_ROW else top - first - 1, keys,
        words_of(names, report), extent,
    )  # fmt: skip


def extent_of(page: xw.Sheet, report: str) -> xw.Range | None:
    """Return what the last refresh wrote on the sheet, from its first cell on."""
    name = f"extent_{report}"
    for names in (page.book.names, page.names):
        if names.contains(name):
            corner = corner_of(str(names[name].refers_to or ""))
            if corner is not None and corner.sheet.casefold() == page.name.casefold():
                return names[name].refers_to_range
    return None


def _was_table(page: xw.Sheet, report: str, keys: Mapping[str, Corner | None], old: xw.Range | None) -> tuple[int, int, int, int]:
    """Find header row, first column, width and last row of a report whose table was turned into plain cells."""
    corners = [corner for corner in keys.values() if corner is not None]
    if corners:
        top = Counter(corner.row for corner in corners).most_common(1)[0][0]
        left = min(corner.column for corner in corners)
        width = max(corner.column for corner in corners) - left + 1
        if old is not None:
            width = max(width, old.column + old.columns.count - left)
    else:
        top, left, width = _searched(page, report)
    if not width:
        return HEADER_ROW, 1, 0, 0
    used = page.used_range if old is None else old
    return top, left, width, max(used.row + used.rows.count - 1, top)


def _searched(page: xw.Sheet, report: str) -> tuple[int, int, int]:
    """Look for the row that holds most of the report's headers."""
    used = page.used_range
    last, width = min(used.row + used.rows.count - 1, _SEARCHED), used.column + used.columns.count - 1
    if width < 2:
        return HEADER_ROW, 1, 0
    labels = set(known_words(report))
    best, found = 0, (HEADER_ROW, 1, 0)
    for number, row in enumerate(zip(*read_columns(page, 1, 1, last, width), strict=True), start=1):
        places = [place for place, cell in enumerate(row, start=1) if str(cell or "").strip().casefold() in labels]
        if len(places) > max(best, 2):
            best, found = len(places), (number, places[0], width - places[0] + 1)
    return found


def known_words(report: str) -> dict[str, str]:
    """Return the keys of a report's columns by their headers in either language: for workbooks from before the keys stood in the file."""
    known: dict[str, str] = {}
    for language in ("en", "zh"):
        for column in reports()[report].columns(Settings.model_validate({"language": language})):
            known.setdefault(column.label.casefold(), column.key)
    return known


# ---- a sheet whose rows and columns are counted from elsewhere


def shifted(page: xw.Sheet, down: int, right: int) -> xw.Sheet:
    """Return the sheet with rows and columns counted as built; the sheet itself where nothing was moved."""
    return page if not down and not right else cast("xw.Sheet", _Shifted(page, down, right))


class _Shifted:
    """A sheet of which row 1 is another one; what it does not move it hands on."""

    def __init__(self, page: xw.Sheet, down: int, right: int) -> None:
        self._page, self._down, self._right = page, down, right

    def __getattr__(self, name: str) -> Any:
        return getattr(self._page, name)

    def range(self, first: Any, second: Any = None) -> xw.Range:
        """Return a range by its corners, as built."""
        if second is None:
            return self._page.range(self._at(first))
        return self._page.range(self._at(first), self._at(second))

    def _at(self, where: Any) -> Any:
        if not isinstance(where, tuple):
            return where
        row, column = where[0], where[1]
        return row + self._down, column + self._right

    @property
    def impl(self) -> Any:
        """The engine's own sheet, counted the same way."""
        return _ShiftedEngine(self._page.impl, self._down, self._right)


class _ShiftedEngine:
    """The fast ways into a sheet, where its engine has them."""

    def __init__(self, impl: Any, down: int, right: int) -> None:
        self._impl, self._down, self._right = impl, down, right

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._impl, name)  # raises AttributeError for a way the engine does not have
        if name in ("set_block", "style_index"):
            return lambda row, column, *more: method(row + self._down, column + self._right, *more)
        if name == "set_row_heights":
            return lambda row, heights: method(row + self._down, heights)
        if name == "read_block":
            down, right = self._down, self._right
            return lambda top, left, last, width: method(top + down, left + right, last + down, width + right)
        return method


def headers_of(place: Place) -> Sequence[Any]:
    """Return the header cells of the report's table, or of what was one."""
    if not place.width:
        return []
    top, left = place.down + HEADER_ROW, place.right + 1
    return [column[0] for column in read_columns(place.sheet, top, left, top, left + place.width - 1)]
