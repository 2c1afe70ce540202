"""Sheets, as xlwings sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree
from xlwings import base_classes

from xladdin.errors import BadRequest
from xladdin.hosts.file import encode, xml
from xladdin.hosts.file.address import MAX_COLUMN, MAX_ROW, Rect, parse_rect
from xladdin.hosts.file.formats import height_attributes
from xladdin.hosts.file.names import Names, find_range
from xladdin.hosts.file.notes import sheet_notes
from xladdin.hosts.file.range import Range
from xladdin.hosts.file.tables import Tables
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xladdin.hosts.file.book import Book
    from xladdin.hosts.file.notes import Note
    from xladdin.hosts.file.sheetpart import SheetPart


@complete(base_classes.Sheet)
class Sheet:
    """One sheet. Beyond xlwings: `set_block` and `read_block`, the fast ways in and out of a large table."""

    book: Book

    def __init__(self, book: Book, part: SheetPart) -> None:
        self.book, self.part = book, part
        self._item: etree._Element | None = None

    @property
    def api(self) -> SheetPart:
        """The sheet's part of the file."""
        return self.part

    @property
    def item(self) -> etree._Element:
        """The sheet's entry in the workbook part."""
        workbook = self.book.workbook
        known = self._item  # looked for again after the sheet was deleted, or the file saved and so read anew
        if known is not None and known.getparent() is workbook.sheets_element:
            return known
        for item in workbook.sheet_items():
            if workbook.sheet_part(item) is self.part:
                self._item = item
                return item
        raise BadRequest("the sheet was deleted")

    @property
    def name(self) -> str:
        """Name on the tab."""
        return self.item.get("name") or ""

    @name.setter
    def name(self, value: str) -> None:
        if any(value.lower() == other.name.lower() and other is not self for other in self.book.sheets):
            raise BadRequest(f"there already is a sheet {value!r}")
        self.book.workbook.rename_sheet(self.item, value)

    @property
    def index(self) -> int:
        """Position among the sheets, from 1."""
        return list(self.book.sheets).index(self) + 1

    @property
    def names(self) -> Names:
        """The names that belong to this sheet only."""
        return Names(self.book, self)

    @property
    def visible(self) -> bool:
        """Whether the tab shows."""
        return self.item.get("state", "visible") == "visible"

    @visible.setter
    def visible(self, value: bool) -> None:
        if value:
            xml.drop(self.item, "state")
        elif sum(sheet.visible for sheet in self.book.sheets) == 1 and self.visible:
            raise BadRequest("a workbook needs at least one visible sheet")
        else:
            self.item.set("state", "hidden")
        self.book.workbook.store()

    # ---- ranges

    def range(self, first: Any, second: Any = None) -> Range:
        """Return a range by address, name, (row, column) or two of those as corners."""
        one = self._rect(first)
        if second is None:
            return one
        other = self._rect(second)
        a, b = one.rect, other.rect
        return Range(self, Rect(min(a.row, b.row), min(a.column, b.column), max(a.last_row, b.last_row), max(a.last_column, b.last_column)))

    def _rect(self, where: Any) -> Range:
        if isinstance(where, Range):
            return where
        if isinstance(where, str):
            rect = parse_rect(where)
            if rect is not None:
                return Range(self, rect)
            found = find_range(self.book, self, where)
            if found is None:
                raise BadRequest(f"{where!r} is neither an address nor a name or table of {self.book.name}")
            return found
        if 0 in where[:2]:
            raise IndexError("rows and columns are counted from 1; got 0")
        row, column, *size = where
        height, width = size or (1, 1)
        return Range(self, Rect(row, column, row + height - 1, column + width - 1))

    @property
    def cells(self) -> Range:
        """All cells."""
        return Range(self, Rect(1, 1, MAX_ROW, MAX_COLUMN))

    @property
    def used_range(self) -> Range:
        """The rectangle of cells with values or formats."""
        return Range(self, self.part.extent())

    def clear(self) -> None:
        """Empty all cells and take their formats."""
        self.part.clear(self.part.extent(), contents=True, formats=True)

    def clear_contents(self) -> None:
        """Empty all cells."""
        self.part.clear(self.part.extent(), contents=True, formats=False)

    def clear_formats(self) -> None:
        """Take all formats."""
        self.part.clear(self.part.extent(), contents=False, formats=True)

    # ---- fast blocks

    def set_block(self, row: int, column: int, columns: Sequence[Any], styles: Sequence[int | None] | None = None) -> None:
        """Write columns of data at once, each with one style index (None keeps each cell's own style).

        Takes lists, NumPy, pandas and Arrow columns of equal length. None and NaN are blanks. Texts are data: one that
        begins with = + - @ stays a text, also when somebody edits the cell later.
        """
        heights = {len(data) for data in columns}
        if len(heights) > 1:
            raise BadRequest(f"the columns of a block must have one length; got {sorted(heights)}")
        if not columns or heights == {0}:
            return
        rect = Rect(row, column, row + heights.pop() - 1, column + len(columns) - 1)
        date1904 = self.book.workbook.date1904
        encoded = [encode.column(data, entered=False, date1904=date1904) for data in columns]
        if styles is not None:
            self.part.set_styles(rect, styles)
        self.part.write(rect, encoded)

    def read_block(self, row: int, column: int, last_row: int, last_column: int) -> list[list[Any]]:
        """Return the columns of a rectangle as lists of float, str, bool, datetime, ExcelError or None."""
        columns: list[list[Any]] = self.part.read(Rect(row, column, last_row, last_column)).T.tolist()
        return columns

    def read_filled(self, last_row: int, last_column: int) -> tuple[list[int], dict[int, list[Any]]]:
        """Return the columns that hold something as far as a corner, by number, and the rows that do, with a cell for each of them."""
        return self.part.read_filled(last_row, last_column)

    def set_row_heights(self, row: int, heights: Sequence[float | None]) -> None:
        """Give the rows from one on their heights in points; None leaves a row as it is."""
        self.part.set_each_row(row, [None if points is None else height_attributes(points) for points in heights])

    def style_index(self, row: int, column: int) -> int:
        """Return the style index of a cell, to be used with `set_block`."""
        return self.part.style_at(row, column)

    # ---- the tab

    def activate(self) -> None:
        """Bring this tab to the front when the workbook is opened."""
        workbook = self.book.workbook
        position = str(workbook.sheet_items().index(self.item))
        views = workbook.root.find(m("bookViews"))
        view = None if views is None else views.find(m("workbookView"))
        if view is None or view.get("activeTab", "0") == position:
            return
        view.set("activeTab", position)
        workbook.store()
        for sheet in self.book.sheets:
            sheet.select_tab(selected=sheet is self)

    select = activate

    def select_tab(self, *, selected: bool) -> None:
        """Mark the tab as selected or not: with several selected, Excel would type into all of them at once."""
        if not selected and b'tabSelected="1"' not in self.book.workbook.package.head(self.part.part):
            return  # a large sheet is not unpacked for this
        shell = self.part.shell
        views = shell.element("sheetViews")
        for view in views if views is not None else ():
            if selected:
                view.set("tabSelected", "1")
            else:
                xml.drop(view, "tabSelected")
        shell.put("sheetViews", views)

    def delete(self) -> None:
        """Delete the sheet."""
        self.book.workbook.delete_sheet(self.item)

    def autofit(self, axis: str | None = None) -> None:
        """Fit column widths to the texts there are."""
        self.used_range.autofit(axis)

    @property
    def freeze_panes(self) -> FreezePanes:
        """Frozen rows and columns."""
        return FreezePanes(self)

    @property
    def show_gridlines(self) -> bool:
        """Whether the grid shows on screen."""
        views = self.part.shell.element("sheetViews")
        return views is None or not len(views) or views[0].get("showGridLines", "1") in ("1", "true")

    @show_gridlines.setter
    def show_gridlines(self, value: bool) -> None:
        view, views = _view(self)
        view.set("showGridLines", "1" if value else "0")
        self.part.shell.put("sheetViews", views)

    # ---- what stands on it

    @property
    def tables(self) -> Tables:
        """The tables of this sheet."""
        return Tables(self)

    @property
    def notes(self) -> Iterator[Note]:
        """The notes of this sheet."""
        return iter(sheet_notes(self))

    @property
    def page_setup(self) -> PageSetup:
        """The print area."""
        return PageSetup(self)

    @property
    def charts(self) -> Any:
        """Refuse: charts are kept, not edited."""
        raise NotImplementedError(_KEPT.format("charts"))

    @property
    def pictures(self) -> Any:
        """Refuse: pictures are kept, not edited."""
        raise NotImplementedError(_KEPT.format("pictures"))

    @property
    def shapes(self) -> Any:
        """Refuse: shapes are kept, not edited."""
        raise NotImplementedError(_KEPT.format("shapes"))

    @property
    def pivot_tables(self) -> Any:
        """Refuse: pivot tables are kept, not edited."""
        raise NotImplementedError(_KEPT.format("pivot tables"))

    @property
    def comments(self) -> Any:
        """Refuse: threaded comments are kept, not edited."""
        raise NotImplementedError(_KEPT.format("threaded comments"))


_KEPT = (
    "{} of a closed workbook are kept as they are and follow their cells' values, but cannot be listed or changed by this engine; "
    "put them into the template workbook, or open the workbook in Excel or LibreOffice"
)


def _view(sheet: Sheet) -> tuple[etree._Element, etree._Element]:
    """Return the sheet's first view, made when it has none, and the element of all its views."""
    views = sheet.part.shell.element("sheetViews")
    if views is None:
        views = sheet.part.shell.new("sheetViews")
    view = views.find(m("sheetView"))
    if view is None:
        view = etree.SubElement(views, m("sheetView"), {"workbookViewId": "0"})
    return view, views


@complete(base_classes.FreezePanes)
class FreezePanes:
    """Rows above and columns left of a cell that do not scroll."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    def freeze_at(self, frozen_range: str) -> None:
        """Freeze a range that begins at A1, or whole rows or columns from the first on."""
        rect = parse_rect(frozen_range)
        if rect is None:
            raise BadRequest(f"{frozen_range!r} is no address")
        rows = 0 if rect.height == MAX_ROW else rect.last_row
        columns = 0 if rect.width == MAX_COLUMN else rect.last_column
        view, views = _view(self.sheet)
        for old in [*view.findall(m("pane")), *view.findall(m("selection"))]:
            view.remove(old)
        top_left = Rect(rows + 1, columns + 1, rows + 1, columns + 1).a1()
        name = "bottomRight" if rows and columns else "bottomLeft" if rows else "topRight"
        pane = etree.Element(m("pane"))
        if columns:
            pane.set("xSplit", str(columns))
        if rows:
            pane.set("ySplit", str(rows))
        for key, value in (("topLeftCell", top_left), ("activePane", name), ("state", "frozen")):
            pane.set(key, value)
        view.insert(0, pane)
        view.insert(1, etree.Element(m("selection"), {"pane": name}))
        self.sheet.part.shell.put("sheetViews", views)

    def unfreeze(self) -> None:
        """Let everything scroll."""
        view, views = _view(self.sheet)
        for old in [*view.findall(m("pane")), *view.findall(m("selection"))]:
            view.remove(old)
        self.sheet.part.shell.put("sheetViews", views)


@complete(base_classes.PageSetup)
class PageSetup:
    """How the sheet prints; xlwings knows the print area."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @property
    def api(self) -> SheetPart:
        """The sheet's part of the file."""
        return self.sheet.part

    @property
    def print_area(self) -> str | None:
        """The address that prints, None for all."""
        names = self.sheet.names
        return names("_xlnm.Print_Area").refers_to_range.address if names.contains("_xlnm.Print_Area") else None

    @print_area.setter
    def print_area(self, value: str | None) -> None:
        names = self.sheet.names
        if names.contains("_xlnm.Print_Area"):
            names("_xlnm.Print_Area").delete()
        if value is not None:
            names.add("_xlnm.Print_Area", "=" + self.sheet.range(value).reference)
