"""One table (list object), as xlwings sees it: its place, its look, its size and all that follows its size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lxml import etree
from xlwings import base_classes

from xladdin.counted import counted
from xladdin.errors import BadRequest
from xladdin.hosts.file import follow, formulas, tableparts, tableswitches, xml
from xladdin.hosts.file.address import Rect
from xladdin.hosts.file.range import Range
from xladdin.hosts.file.tablecolumns import TableColumns
from xladdin.hosts.file.unsupported import complete
from xladdin.hosts.file.xml import m

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xladdin.hosts.file.sheet import Sheet

_STRIPES: Final = {
    "show_table_style_row_stripes": "showRowStripes", "show_table_style_column_stripes": "showColumnStripes",
    "show_table_style_first_column": "showFirstColumn", "show_table_style_last_column": "showLastColumn",
}  # fmt: skip


@complete(base_classes.Table)
class Table:
    """One table. Beyond xlwings: `replace_body`, which a refresh of a large report uses, and `calculated_formulas`."""

    def __init__(self, sheet: Sheet, part: str) -> None:
        self.sheet, self.part = sheet, part

    @property
    def _package(self) -> Any:
        return self.sheet.book.workbook.package

    @property
    def root(self) -> etree._Element:
        """The table's part, parsed; give it back with `store`."""
        return tableparts.load(self._package, self.part)

    def store(self, root: etree._Element) -> None:
        """Give the changed part back."""
        self._package.write(self.part, xml.serialise(root))

    @property
    def api(self) -> etree._Element:
        """The table's part, parsed."""
        return self.root

    @property
    def parent(self) -> Sheet:
        """The sheet it stands on."""
        return self.sheet

    @property
    def number(self) -> int:
        """Its id in the workbook."""
        return xml.whole(self.root.get("id"), 0)

    @property
    def name(self) -> str:
        """Its name."""
        root = self.root
        return root.get("displayName") or root.get("name") or ""

    @name.setter
    def name(self, value: str) -> None:
        raise NotImplementedError(
            f"renaming the table {self.name} would break the formulas that name it; rename it in Excel, or in the template"
        )

    display_name = name

    @property
    def rect(self) -> Rect:
        """Its place, header and totals included."""
        return tableparts.place(self.root, self.part)

    def _heads(self) -> tuple[int, int]:
        root = self.root
        return xml.whole(root.get("headerRowCount"), 1), xml.whole(root.get("totalsRowCount"), 0)

    def body_of(self, rect: Rect) -> Rect:
        """Return a place of this table without header and totals."""
        header, totals = self._heads()
        return rect._replace(row=rect.row + header, last_row=rect.last_row - totals)

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
        return Range(self.sheet, rect._replace(last_row=rect.row)) if self._heads()[0] else None

    @property
    def totals_row_range(self) -> Range | None:
        """The totals row."""
        rect = self.rect
        return Range(self.sheet, rect._replace(row=rect.last_row)) if self._heads()[1] else None

    @property
    def insert_row_range(self) -> Range | None:
        """The one blank row of an empty table."""
        return self.data_body_range if self.root.get("insertRow") in ("1", "true") else None

    @property
    def columns(self) -> TableColumns:
        """The columns."""
        return TableColumns(self)

    # ---- look

    @property
    def table_style(self) -> str | None:
        """Name of the style."""
        info = self.root.find(m("tableStyleInfo"))
        return None if info is None else info.get("name")

    @table_style.setter
    def table_style(self, value: str | None) -> None:
        root = self.root
        info = self._info(root)
        if value:
            info.set("name", value)
        else:
            xml.drop(info, "name")
        self.store(root)

    @staticmethod
    def _info(root: etree._Element) -> etree._Element:
        info = root.find(m("tableStyleInfo"))
        if info is None:
            info = etree.Element(m("tableStyleInfo"))
            extension = root.find(m("extLst"))
            root.insert(len(root) if extension is None else root.index(extension), info)
        return info

    @property
    def show_autofilter(self) -> bool:
        """Whether the header has filter buttons."""
        return self.root.find(m("autoFilter")) is not None

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        root = self.root
        found = root.find(m("autoFilter"))
        if value and found is None:
            header, totals = self._heads()
            if not header:
                raise BadRequest(f"the table {self.name} has no header row to put filter buttons on")
            rect = self.rect
            root.insert(0, etree.Element(m("autoFilter"), {"ref": rect._replace(last_row=rect.last_row - totals).a1()}))
        elif not value and found is not None:
            root.remove(found)
        self.store(root)

    @property
    def show_headers(self) -> bool:
        """Whether there is a header row."""
        return self._heads()[0] > 0

    @show_headers.setter
    def show_headers(self, value: bool) -> None:
        if value != self.show_headers:
            tableswitches.show_headers(self, shown=value)

    @property
    def show_totals(self) -> bool:
        """Whether there is a totals row."""
        return self._heads()[1] > 0

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        if value != self.show_totals:
            tableswitches.show_totals(self, shown=value)

    # ---- size

    def resize(self, range: Any) -> None:  # noqa: A002 - xlwings' name
        """Give the table another size; its first row stays. Cells keep their values, as in Excel; a totals row moves along."""
        self._resize(getattr(range, "impl", range).rect)

    def _resize(self, new: Rect) -> None:
        old = self.rect
        header, totals = self._heads()
        if new.row != old.row or not new.overlap(old):
            raise BadRequest(f"the table {self.name} at {old.a1()} keeps its first row and a column; it cannot become {new.a1()}")
        # a table has at least one row between header and totals, and Excel gives it one where there is none
        new = new._replace(last_row=max(new.last_row, new.row + header + totals))
        for other in self.sheet.tables:
            if other.part != self.part and other.rect.overlap(new):
                raise BadRequest(f"the table {self.name} cannot become {new.a1()}: the table {other.name} stands at {other.rect.a1()}")
        if new == old:
            return
        if totals and new.last_row != old.last_row:
            self.sheet.part.move_row(old.last_row, new.last_row, old.column, old.last_column)
        root = self.root
        root.set("ref", new.a1())
        if root.get("insertRow"):
            xml.drop(root, "insertRow")
        self._resize_columns(root, new)
        self._resize_filter(root, new, totals)
        self.store(root)
        follow.table_moved(self.sheet, follow.Change(old, self.body_of(old), new, self.body_of(new)))

    def _resize_columns(self, root: etree._Element, new: Rect) -> None:
        columns = tableparts.columns(root)
        for extra in list(columns)[new.width :]:
            columns.remove(extra)
        missing = new.width - len(columns)
        if missing:
            with_header = root.get("headerRowCount", "1") != "0"
            names = tableparts.headers(self.sheet.part, new) if with_header else [f"Column{n + 1}" for n in range(new.width)]
            highest = max((xml.whole(column.get("id"), 0) for column in columns), default=0)
            for number, name in enumerate(names[-missing:], highest + 1):
                etree.SubElement(columns, m("tableColumn"), {"id": str(number), "name": xml.escape_name(name)})
        columns.set("count", str(len(columns)))

    @staticmethod
    def _resize_filter(root: etree._Element, new: Rect, totals: int) -> None:
        area = new._replace(last_row=new.last_row - totals)
        automatic = root.find(m("autoFilter"))
        if automatic is not None:
            automatic.set("ref", area.a1())
            for column in automatic.findall(m("filterColumn")):
                if xml.whole(column.get("colId"), 0) >= new.width:
                    automatic.remove(column)
        for parent in (root, automatic):
            sort = parent.find(m("sortState")) if parent is not None else None
            if sort is not None and parent is not None:
                parent.remove(sort)  # the order it states is no longer the order of the rows

    def _refuse_overwriting(self, old: Rect, new: Rect) -> None:
        """Never write over what somebody put below the table."""
        below = new._replace(row=old.last_row + 1)
        if below.height > 0:
            for row, values in enumerate(self.sheet.part.read(below).tolist(), below.row):
                for column, value in enumerate(values, below.column):
                    if value is not None:
                        cell = Rect(row, column, row, column).a1()
                        raise BadRequest(
                            f"the table {self.name} cannot grow to {new.height:,} rows: {cell} below it on sheet "
                            f"{self.sheet.name} is not empty; move that elsewhere"
                        )

    def calculated_formulas(self) -> dict[str, str]:
        """Return the formula of each column that the table says is calculated, by the column's name."""
        columns = [(column, column.find(m("calculatedColumnFormula"))) for column in tableparts.columns(self.root)]
        return {
            xml.unescape_text(column.get("name") or ""): formulas.from_file(formula.text)
            for column, formula in columns
            if formula is not None and formula.text
        }

    def replace_body(self, columns: Sequence[Any], styles: Sequence[int | None] | None = None) -> None:
        """Replace all rows by columns of data: the table takes their number of rows, rows left over are emptied of everything.

        Without `styles` each column gets the style of its first row, the template row.
        """
        old = self.rect
        body = self.body_of(old)
        if len(columns) != old.width:
            raise BadRequest(f"the table {self.name} has {counted(old.width, 'column')}; got {len(columns)}")
        height = max(max((len(data) for data in columns), default=0), 1)
        chosen = list(styles) if styles is not None else [self.sheet.part.style_at(body.row, number) for number in _numbers(old)]
        header, totals = self._heads()
        new = old._replace(last_row=old.row + header + height + totals - 1)
        self._refuse_overwriting(old, new)
        self._resize(new)
        if body.height > height:
            first = body.row + height + (totals or 0)
            self.sheet.part.clear(Rect(first, old.column, old.last_row, old.last_column), contents=True, formats=True)
        if any(len(data) for data in columns):
            self.sheet.set_block(body.row, old.column, columns, chosen)
        else:
            self.sheet.part.clear(body._replace(last_row=body.row), contents=True, formats=False)


def _numbers(rect: Rect) -> Sequence[int]:
    return range(rect.column, rect.last_column + 1)


def _stripe(attribute: str) -> property:
    def get(table: Table) -> bool:
        info = table.root.find(m("tableStyleInfo"))
        return info is not None and info.get(attribute) in ("1", "true")

    def put(table: Table, value: bool) -> None:
        root = table.root
        table._info(root).set(attribute, "1" if value else "0")  # noqa: SLF001 - the four switches of this class
        table.store(root)

    return property(get, put)


for _name, _attribute in _STRIPES.items():
    setattr(Table, _name, _stripe(_attribute))
