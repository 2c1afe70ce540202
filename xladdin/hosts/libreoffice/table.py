"""Tables, which LibreOffice keeps as named database ranges.

An Excel table arrives as a database range of its name with header, filter buttons and totals row; its style is not kept, so the
formats of a report come from its template row.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from xladdin.errors import BadRequest
from xladdin.hosts.file.address import Rect, parse_rect
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.libreoffice.range import Range
from xladdin.hosts.libreoffice.values import WHERE

if TYPE_CHECKING:
    from xladdin.hosts.libreoffice.book import Book
    from xladdin.hosts.libreoffice.sheet import Sheet


def find_table(book: Book, name: str) -> Table | None:
    """Return a table of the book by name, in any case."""
    ranges = book.document.DatabaseRanges
    for known in ranges.ElementNames:
        if known.lower() == name.lower():
            return Table(book.sheet_at(ranges.getByName(known).DataArea.Sheet), known)
    return None


@complete(base_classes.Tables, WHERE)
class Tables:
    """The tables of a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def api(self) -> Any:
        """LibreOffice's own collection, of the whole document."""
        return self.sheet.book.document.DatabaseRanges

    def _all(self) -> list[Table]:
        number, ranges = self.sheet.index - 1, self.api
        names = self.sheet.book.table_sheets()
        return [Table(self.sheet, name) for name in ranges.ElementNames if names[name] == number]

    def __iter__(self) -> Iterator[Table]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __call__(self, key: int | str) -> Table:  # noqa: D102 - xlwings looks an item up by calling
        tables = self._all()
        if isinstance(key, int):
            return tables[key - 1]
        for table in tables:
            if table.name.lower() == key.lower():
                return table
        raise KeyError(key)

    def __contains__(self, name: object) -> bool:
        return any(table.name == name for table in self._all())

    def add(
        self,
        source_type: Any = None,
        source: Any = None,
        link_source: Any = None,
        has_headers: bool = True,
        destination: Any = None,
        table_style_name: str | None = None,  # noqa: ARG002 - LibreOffice 7.4 has no table styles in Calc
        name: str | None = None,
    ) -> Table:
        """Make a table of a range whose first row holds the headers."""
        if source_type is not None or link_source is not None or destination is not None or not has_headers:
            raise BadRequest("a table in LibreOffice is made of a range with a header row: source and has_headers=True")
        rect: Rect = source.impl.rect
        taken = {known.lower() for known in self.api.ElementNames}
        name = name or next(f"Table{number}" for number in range(1, len(taken) + 2) if f"table{number}" not in taken)
        if name.lower() in taken or parse_rect(name) is not None:
            raise BadRequest(f"a table's name is no cell address and not used yet; got {name!r}")
        place = rect._replace(last_row=max(rect.last_row, rect.row + 1))
        try:
            self.api.addNewByName(name, self.sheet.area(place).x.RangeAddress)
        except Exception as error:
            raise BadRequest(f"a table's name is made of letters, digits and _; got {name!r}") from error
        made = self.api.getByName(name)
        made.ContainsHeader = made.AutoFilter = True
        return Table(self.sheet, name)


@complete(base_classes.Table, WHERE)
class Table:
    """One table."""

    def __init__(self, sheet: Sheet, name: str) -> None:
        self.sheet, self._name = sheet, name

    @property
    def api(self) -> Any:
        """LibreOffice's own database range."""
        return self.sheet.book.document.DatabaseRanges.getByName(self._name)

    @property
    def parent(self) -> Sheet:
        """The sheet it stands on."""
        return self.sheet

    @property
    def name(self) -> str:
        """Its name."""
        return self._name

    @name.setter
    def name(self, value: str) -> None:
        self.api.Name = value
        self._name = value

    display_name = name

    @property
    def rect(self) -> Rect:
        """Its place, header and totals included."""
        at = self.api.DataArea
        return Rect(at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1)

    def body_of(self, rect: Rect) -> Rect:
        """Return a place of this table without header and totals."""
        return rect._replace(row=rect.row + int(self.show_headers), last_row=rect.last_row - int(self.show_totals))

    @property
    def show_headers(self) -> bool:
        """Whether there is a header row."""
        return bool(self.api.ContainsHeader)

    @property
    def show_totals(self) -> bool:
        """Whether there is a totals row."""
        return bool(self.api.TotalsRow)

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        if value == self.show_totals:
            return
        if value:
            raise NotImplementedError(f"the totals row of the table {self.name} is switched on in the program, since cells move with it")
        rect = self.rect
        Range(self.sheet, rect._replace(row=rect.last_row)).clear_contents()
        native = self.api
        native.TotalsRow = False
        native.DataArea = Range(self.sheet, rect._replace(last_row=rect.last_row - 1)).x.RangeAddress

    @property
    def show_autofilter(self) -> bool:
        """Whether the header has filter buttons."""
        return bool(self.api.AutoFilter)

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        native = self.api
        if not value:  # without buttons nothing is filtered any more, as in Excel
            chosen = native.getFilterDescriptor()
            if chosen.getFilterFields():
                chosen.setFilterFields(())
                native.refresh()
        native.AutoFilter = bool(value)

    @property
    def range(self) -> Range:
        """All cells."""
        return Range(self.sheet, self.rect)

    @property
    def data_body_range(self) -> Range | None:
        """The rows between header and totals."""
        body = self.body_of(self.rect)
        return Range(self.sheet, body) if body.height > 0 else None

    @property
    def header_row_range(self) -> Range | None:
        """The header row."""
        rect = self.rect
        return Range(self.sheet, rect._replace(last_row=rect.row)) if self.show_headers else None

    @property
    def totals_row_range(self) -> Range | None:
        """The totals row."""
        rect = self.rect
        return Range(self.sheet, rect._replace(row=rect.last_row)) if self.show_totals else None

    def part(self, inner: str) -> Range | None:
        """Return what stands in Table[…]: a column, #All, #Data, #Headers, #Totals."""
        parts = {
            "": self.data_body_range, "#all": self.range, "#data": self.data_body_range,
            "#headers": self.header_row_range, "#totals": self.totals_row_range,
        }  # fmt: skip
        if inner.lower() in parts:
            return parts[inner.lower()]
        header, body = self.header_row_range, self.data_body_range
        labels = [] if header is None else [str(column[0] or "").lower() for column in header.read_columns()]
        if body is None or inner.lower() not in labels:
            return None
        return body.in_column(body.column + labels.index(inner.lower()))

    def resize(self, range: Any) -> None:  # noqa: A002 - xlwings' name
        """Give the table another size; its first row stays. Cells keep their values."""
        new, old = getattr(range, "impl", range).rect, self.rect
        if new.row != old.row or not new.overlap(old):
            raise BadRequest(f"the table {self.name} at {old.a1()} keeps its first row and a column; it cannot become {new.a1()}")
        for other in self.sheet.tables:
            if other.name != self.name and other.rect.overlap(new):
                raise BadRequest(f"the table {self.name} cannot become {new.a1()}: the table {other.name} stands at {other.rect.a1()}")
        native = self.api
        filtered = native.AutoFilter
        native.AutoFilter = False  # the buttons belong to cells, and go with the old place
        native.DataArea = Range(self.sheet, new).x.RangeAddress
        native.AutoFilter = filtered
