"""The switches of a table for its header and its totals row, where no other cells have to move for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from xladdin.errors import BadRequest
from xladdin.hosts.file import tableparts, xml

if TYPE_CHECKING:
    from xladdin.hosts.file.table import Table

_TOTALS: Final = ("totalsRowFunction", "totalsRowLabel", "totalsRowDxfId", "totalsRowCellStyle")


def show_headers(table: Table, *, shown: bool) -> None:
    """Show the header row again: its cells are the blank ones above the rows, the names those the table kept."""
    if not shown:
        raise NotImplementedError(f"the header row of the table {table.name} is hidden in Excel, since cells move with it")
    root, rect = table.root, table.rect
    if rect.row == 1:
        raise BadRequest(f"there is no row above the table {table.name} for its header")
    head = rect._replace(row=rect.row - 1, last_row=rect.row - 1)
    if any(value not in (None, "") for value in table.sheet.part.read(head).ravel().tolist()):
        raise BadRequest(f"the cells above the table {table.name} are not blank, so its header row has no place")
    xml.drop(root, "headerRowCount")
    root.set("ref", rect._replace(row=rect.row - 1).a1())
    table.store(root)
    names = [xml.unescape_text(column.get("name") or "") for column in tableparts.columns(root)]
    table.sheet.set_block(head.row, head.column, [[name] for name in names])


def show_totals(table: Table, *, shown: bool) -> None:
    """Take the totals row off: its cells are emptied, as Excel does."""
    if shown:
        raise NotImplementedError(f"the totals row of the table {table.name} is shown in Excel, since cells move with it")
    root, rect = table.root, table.rect
    xml.drop(root, "totalsRowCount")
    root.set("totalsRowShown", "0")
    root.set("ref", rect._replace(last_row=rect.last_row - 1).a1())
    for column in tableparts.columns(root):
        for name in _TOTALS:
            xml.drop(column, name)
        for child in [child for child in column if str(child.tag).endswith("}totalsRowFormula")]:
            column.remove(child)
    table.store(root)
    table.sheet.part.clear(rect._replace(row=rect.last_row), contents=True, formats=False)
